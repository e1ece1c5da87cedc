//! What rules say of records, told in words that fit them better, such as how each was counted.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{CellAddress, Place, Problem, Problems, Severity};

/// Better words for what a rule says of a record.
#[derive(Debug)]
pub struct Rewording {
    /// The sheet on which it stands.
    pub sheet: Place,
    /// The cells in which a rule may speak of it; of several records, the first of which one speaks
    /// is told.
    pub records: Vec<Vec<CellAddress>>,
    /// Cells that are told beside it.
    pub beside: Vec<CellAddress>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Problems {
    /// Tells of records in better words. All at once: a list that was pasted in twice has as many
    /// of them as rows.
    pub fn reword(&mut self, rewordings: Vec<Rewording>) {
        if rewordings.is_empty() {
            return;
        }
        let mut rules = RuleCells::default();
        for (at, problem) in self.found.iter().enumerate().filter(|(_, p)| is_of_rule(p)) {
            rules.add(at, problem.cells());
        }
        // Of each problem, all but its cells: it may have very many.
        let mut bare: HashMap<usize, Problem> = HashMap::new();
        for Rewording { sheet, records, beside, message, hint } in rewordings {
            let is_there = |at: usize| self.found[at].place.same_sheet(&sheet);
            let Some((at, cells)) = records.iter().find_map(|own| rules.take(own, is_there)) else {
                continue;
            };
            let own = bare.entry(at).or_insert_with(|| without_cells(&self.found[at]));
            let on_other_rows = |cell: &CellAddress| !cells.iter().any(|own| own.row == cell.row);
            let beside = beside.into_iter().filter(on_other_rows).collect();
            let told = Problem { message, hint: Some(hint), beside, ..own.of_cells(&cells) };
            if rules.counts.get(&at) == Some(&0) {
                // Nothing joins what is told of no cell any more.
                self.found[at].place.cell = None;
                self.found[at].more.clear();
            }
            let told = self.join(told);
            rules.add(told, cells.into_iter());
        }
        for at in rules.parted.iter().rev() {
            let left = rules.left_of(*at, &self.found[*at]);
            match left.is_empty() {
                true => drop(self.found.remove(*at)),
                false => self.found[*at] = self.found[*at].of_cells(&left),
            }
        }
    }
}

fn is_of_rule(problem: &Problem) -> bool {
    problem.rule.is_some() && problem.severity == Severity::Error
}

/// The problem of its first cell alone, and none beside it.
fn without_cells(problem: &Problem) -> Problem {
    let first: Vec<CellAddress> = problem.cells().take(1).collect();
    Problem { beside: Vec::new(), ..problem.of_cells(&first) }
}

/// The cells in which problems that were found tell of a rule.
#[derive(Default)]
struct RuleCells {
    /// By the row: each problem that speaks of it, by where it stands, and its cells there.
    rows: HashMap<u32, Vec<(usize, Vec<CellAddress>)>>,
    /// How many cells each problem has.
    counts: HashMap<usize, usize>,
    /// Problems from which cells were taken.
    parted: BTreeSet<usize>,
}

impl RuleCells {
    fn add(&mut self, at: usize, cells: impl Iterator<Item = CellAddress>) {
        for cell in cells {
            *self.counts.entry(at).or_default() += 1;
            let row = self.rows.entry(cell.row).or_default();
            match row.iter_mut().find(|(known, _)| *known == at) {
                Some((_, cells)) => cells.push(cell),
                None => row.push((at, vec![cell])),
            }
        }
    }

    /// Takes the cells of a record's row from the first problem that tells of one of its own.
    fn take(
        &mut self,
        own: &[CellAddress],
        is_there: impl Fn(usize) -> bool,
    ) -> Option<(usize, Vec<CellAddress>)> {
        let row = self.rows.get_mut(&own.first()?.row)?;
        let first = row.iter().enumerate().filter(|(_, (at, cells))| {
            is_there(*at) && own.iter().any(|cell| cells.contains(cell))
        });
        let (nth, _) = first.min_by_key(|(_, (at, _))| *at)?;
        let (at, cells) = row.remove(nth);
        self.parted.insert(at);
        *self.counts.entry(at).or_default() -= cells.len();
        Some((at, cells))
    }

    /// The cells that a problem still has, each once, in its order.
    fn left_of(&self, at: usize, problem: &Problem) -> Vec<CellAddress> {
        let mut told = HashSet::new();
        problem.cells().filter(|cell| self.has(at, *cell) && told.insert(*cell)).collect()
    }

    fn has(&self, at: usize, cell: CellAddress) -> bool {
        let row = self.rows.get(&cell.row).into_iter().flatten();
        row.filter(|(of, _)| *of == at).any(|(_, cells)| cells.contains(&cell))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: u32) -> CellAddress {
        CellAddress::new(row, 1)
    }

    fn better(rows: &[u32], beside: &[u32], message: &str) -> Rewording {
        Rewording {
            sheet: Place::sheet("q.xlsx", 0, "S"),
            records: rows.iter().map(|row| vec![cell(*row)]).collect(),
            beside: beside.iter().map(|row| cell(*row)).collect(),
            message: message.to_string(),
            hint: "mend it".to_string(),
        }
    }

    /// What is told: the words, the rows, and those beside them.
    fn told(problems: &Problems) -> Vec<String> {
        problems.iter().map(shown).collect()
    }

    fn shown(problem: &Problem) -> String {
        let cells: Vec<CellAddress> = problem.cells().collect();
        format!("{} {} {}", problem.message, rows(&cells), rows(&problem.beside))
    }

    fn rows(cells: &[CellAddress]) -> String {
        cells.iter().map(|cell| cell.row.to_string()).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn rows_that_fit_better_words_are_told_in_them_once() {
        let mut problems = Problems::default();
        for row in 1..=5 {
            let place = Place::sheet("q.xlsx", 0, "S").at(row, 1);
            let rule = Some("142".to_string());
            problems.add(Problem { rule, ..Problem::error(place, "it is wrong") });
        }
        problems.reword(vec![
            better(&[9, 2], &[2, 9], "twice"),
            better(&[3, 2], &[3, 2], "twice"),
            better(&[2, 4], &[2, 4], "open"),
            better(&[8], &[], "nothing"),
        ]);
        assert_eq!(told(&problems), ["it is wrong 1,4,5 ", "twice 3 9,2", "open 2 4"]);
        problems.reword([1, 4, 5].map(|row| better(&[row], &[], "open")).into());
        assert_eq!(told(&problems), ["twice 3 9,2", "open 2,1,4,5 4"]);
        problems.reword(vec![better(&[3], &[], "twice"), better(&[3], &[1], "twice")]);
        assert_eq!(told(&problems), ["open 2,1,4,5 4", "twice 3 1"]);
    }
}
