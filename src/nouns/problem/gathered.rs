//! Problems gathered: the same fault of a column once, in order, and what is told together.

use std::collections::HashSet;

use super::{CellAddress, Kind, Place, Problem, Severity};
use crate::nouns::moved::effect;

/// Everything that was found, gathered.
#[derive(Debug, Default, Clone)]
pub struct Problems {
    pub(super) found: Vec<Problem>,
}

impl Problems {
    /// Adds a problem, joined to an earlier one where it is the same fault in the same column.
    pub fn add(&mut self, problem: Problem) {
        self.join(problem);
    }

    /// Adds a problem, and gives where it stands now.
    pub(super) fn join(&mut self, problem: Problem) -> usize {
        let same = match problem.place.cell {
            // A script that is asked twice fails twice in the same words.
            None => self.found.iter().position(|known| known.is_told_again_by(&problem)),
            // Faults of one column arrive close together: looking back a little finds their first.
            Some(_) => {
                let from = self.found.len().saturating_sub(64);
                let near = self.found[from..].iter().rposition(|known| known.same_fault(&problem));
                near.map(|at| from + at)
            }
        };
        let Some(at) = same else {
            self.found.push(problem);
            return self.found.len() - 1;
        };
        let first = &mut self.found[at];
        if first.place.cell != problem.place.cell || !first.more.is_empty() {
            first.more.extend(problem.place.cell.into_iter().chain(problem.more));
            first.beside.extend(problem.beside);
        }
        at
    }

    /// Whether a fault of a row is told that may move an indicator.
    pub fn tell_of_row(&self, place: &Place, indicator: &str) -> bool {
        self.found.iter().any(|p| p.is_of_row(place) && p.may_move(indicator))
    }

    /// Adds what a rule says of rows. In columns that it holds against what they should be, the
    /// reader may have told of a cell already: that is the same fault. It gets the rule's number,
    /// keeps the words that say what is wrong with the cell, and is not told again.
    pub fn add_of_rule(&mut self, mut problem: Problem, columns: &[u16]) {
        let mut left: HashSet<CellAddress> = problem.cells().collect();
        let mut parted = Vec::new();
        let sheet = &problem.place;
        for known in self.found.iter_mut().filter(|known| known.is_of_reading(sheet)) {
            let is_its = |cell: &CellAddress| columns.contains(&cell.col) && left.contains(cell);
            let (these, others): (Vec<_>, Vec<_>) = known.cells().partition(is_its);
            if these.is_empty() {
                continue;
            }
            if !others.is_empty() {
                parted.push(known.of_cells(&others));
            }
            let rows: HashSet<u32> = these.iter().map(|cell| cell.row).collect();
            left.retain(|cell| !rows.contains(&cell.row));
            let own = known.of_cells(&these);
            *known = Problem { rule: problem.rule.clone(), moves: problem.moves.clone(), ..own };
        }
        self.found.extend(parted);
        if !left.is_empty() {
            let cells: Vec<CellAddress> = problem.cells().filter(|c| left.contains(c)).collect();
            problem = problem.of_cells(&cells);
            self.add(problem);
        }
    }

    /// Adds a problem, where there is one.
    pub fn add_any(&mut self, problem: Option<Problem>) {
        problem.into_iter().for_each(|problem| self.add(problem));
    }

    /// What went well; what did not is added.
    pub fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.add(problem)).ok()
    }

    /// Adds all of another sink's problems.
    pub fn extend(&mut self, other: Problems) {
        self.found.extend(other.found);
    }

    /// Sorts by file, sheet, row and column; stable, so that equal places keep the order they were
    /// found in.
    pub fn sort(&mut self) {
        for problem in &mut self.found {
            problem.more.sort_unstable();
            // Two checks of one rule may find the same.
            problem.more.dedup();
            problem.more.retain(|cell| problem.place.cell != Some(*cell));
            problem.beside.sort_unstable();
        }
        self.found.sort_by(|a, b| a.place.cmp(&b.place));
    }

    /// Those of a kind, and the others, each in their order.
    pub fn parted(&self, wanted: impl Fn(&Problem) -> bool) -> (Problems, Problems) {
        let (these, others) = self.found.iter().cloned().partition(wanted);
        (Problems { found: these }, Problems { found: others })
    }

    /// All of them, to add to what is known of each.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Problem> {
        self.found.iter_mut()
    }

    /// Those that move figures, or may: those first that do most to them.
    pub fn by_effect(&self) -> Vec<&Problem> {
        let moving = |p: &&Problem| !p.moves.is_empty() && p.severity != Severity::Note;
        let mut ranked: Vec<&Problem> = self.found.iter().filter(moving).collect();
        let less = |p: &Problem| (p.severity, std::cmp::Reverse((p.moves.len(), p.count())));
        ranked.sort_by(|a, b| {
            effect(&b.moves).total_cmp(&effect(&a.moves)).then_with(|| less(a).cmp(&less(b)))
        });
        ranked
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.found.iter()
    }

    /// Whether anything was found that ought to be mended.
    pub fn any(&self) -> bool {
        self.found.iter().any(|p| p.severity != Severity::Note)
    }

    /// The worst kind, for the exit code: none where nothing is to be mended.
    pub fn worst(&self) -> Option<Kind> {
        let counts = self.found.iter().filter(|p| p.severity != Severity::Note);
        counts.map(Problem::kind_of_exit).max()
    }

    /// How many of a severity, the same fault in several columns of a sheet once.
    pub fn count(&self, severity: Severity) -> usize {
        told_together(self.found.iter().filter(|p| p.severity == severity)).len()
    }
}

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
