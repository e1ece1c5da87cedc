//! Which problems are told together.

use super::Problem;

/// Problems as they are told: those that [say the same](Problem::says_the_same) together, where the
/// first of them stood.
pub fn told_together<'p>(problems: impl IntoIterator<Item = &'p Problem>) -> Vec<Vec<&'p Problem>> {
    let mut told: Vec<Vec<&Problem>> = Vec::new();
    for problem in problems {
        match told.iter_mut().find(|same| same[0].says_the_same(problem)) {
            Some(same) => same.push(problem),
            None => told.push(vec![problem]),
        }
    }
    told
}
