//! Problems told together.

use super::*;

#[test]
fn the_same_fault_in_a_column_is_one_problem() {
    let sheet = Place::sheet("q2.xlsx", 0, "Episodes");
    let mut problems = Problems::default();
    for row in [4, 9, 2] {
        problems.add(Problem::warning(sheet.at(row, 1), "date held as text").column("DECOM"));
    }
    problems.add(Problem::warning(sheet.at(3, 2), "date held as text").column("DEC"));
    problems.sort();
    let counts: Vec<_> = problems.iter().map(Problem::count).collect();
    assert_eq!(counts, [1, 3]);
}
