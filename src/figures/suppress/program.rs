//! How large a sum can be, given what is known of others: linear programming by the simplex method,
//! small and dense.
//!
//! It is our own because the audit asks thousands of questions of one program and takes facts back
//! between them, where a kept crate (microlp) begins each question from nothing; and because the
//! facts that bound a sum decide what is hidden besides, so that which of several equally good ones
//! are found may not change with a crate's version. The attackers among the tests, who look for
//! what this has overlooked, reckon with microlp.
//!
//! The unknowns are zero or more. What is known is put in once; then one sum after another is asked
//! about, each from where the last one ended.

/// Below this a number is noise.
const NOISE: f64 = 1e-7;
/// Steps along the steepest way; after that the slow but sure one is taken, which cannot go in a
/// circle.
const STEEP_STEPS: usize = 2_000;

/// What is known of a sum of unknowns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known {
    /// It is this.
    Is(f64),
    /// It is this or more.
    AtLeast(f64),
    /// It is this or less.
    AtMost(f64),
}

/// What is known: of the sum of some unknowns, less that of others.
#[derive(Debug, Clone, Copy)]
pub struct Fact<'a> {
    /// What is added up.
    pub sum: &'a [usize],
    /// What is taken away; of most facts nothing.
    pub less: &'a [usize],
    /// What it comes to, which is never below 0.
    pub known: Known,
}

/// What the largest value of a sum is.
#[derive(Debug, Clone, PartialEq)]
pub enum Most {
    /// As large as was asked for, or without end.
    Enough,
    /// Not that large: by these of the facts, by their numbers.
    Bound(Vec<usize>),
}

/// Facts about sums of unknowns, in a form that answers questions.
#[derive(Debug, Clone)]
pub struct Program {
    /// A row for each fact: coefficients of the unknowns, of one slack for each fact, and the right
    /// side.
    rows: Vec<Vec<f64>>,
    /// The unknown that each row is solved for; a number beyond the columns where it is solved for
    /// none, as the row says nothing that others do not.
    basis: Vec<usize>,
    /// How many unknowns there are; slacks come behind them.
    unknowns: usize,
    /// Which slacks may be other than 0: those of facts that are no equations.
    open: Vec<bool>,
    /// What each fact is known to come to, or to be bounded by.
    sides: Vec<f64>,
}

impl Program {
    /// Takes the facts. Gives nothing where they contradict each other.
    pub fn new(unknowns: usize, facts: &[Fact]) -> Option<Program> {
        let width = unknowns + facts.len() + 1;
        let mut rows = Vec::with_capacity(facts.len());
        let (mut open, mut sides) = (Vec::new(), Vec::new());
        for (number, fact) in facts.iter().enumerate() {
            let mut row = vec![0.0; width];
            fact.sum.iter().for_each(|unknown| row[*unknown] += 1.0);
            fact.less.iter().for_each(|unknown| row[*unknown] -= 1.0);
            let (side, sign, is_open) = match fact.known {
                Known::Is(n) => (n, -1.0, false),
                Known::AtLeast(n) => (n, -1.0, true),
                Known::AtMost(n) => (n, 1.0, true),
            };
            row[unknowns + number] = sign;
            row[width - 1] = side;
            rows.push(row);
            open.push(is_open);
            sides.push(side);
        }
        // Each row is solved for something that must come to nothing.
        let basis = (width..width + facts.len()).collect();
        let mut program = Program { rows, basis, unknowns, open, sides };
        let mut cost = vec![0.0; width];
        for row in &program.rows {
            cost.iter_mut().zip(row).for_each(|(c, cell)| *c += cell);
        }
        program.climb(cost, f64::INFINITY);
        let left = (0..facts.len()).filter(|row| program.is_empty(*row)).map(|r| program.side(r));
        if left.sum::<f64>() > 1e-5 {
            return None;
        }
        for row in 0..facts.len() {
            if program.is_empty(row)
                && let Some(column) = (0..width - 1)
                    .find(|c| program.may_enter(*c) && program.rows[row][*c].abs() > 1e-6)
            {
                program.pivot(row, column, &mut []);
            }
        }
        Some(program)
    }

    /// Whether the sum of some unknowns, less that of others, times a factor, can be as large as
    /// `enough`.
    pub fn most(&mut self, sum: &[usize], less: &[usize], by: f64, enough: f64) -> Most {
        let mut cost = vec![0.0; self.width()];
        sum.iter().for_each(|unknown| cost[*unknown] += by);
        less.iter().for_each(|unknown| cost[*unknown] -= by);
        let factors = cost.clone();
        for (row, basic) in self.rows.iter().zip(&self.basis) {
            let by = factors.get(*basic).copied().unwrap_or(0.0);
            if by != 0.0 {
                cost.iter_mut().zip(row).for_each(|(c, cell)| *c -= by * cell);
            }
        }
        match self.climb(cost, enough) {
            None => Most::Enough,
            Some(reduced) => Most::Bound(
                (0..self.rows.len())
                    .filter(|fact| reduced[self.unknowns + fact].abs() > 1e-6)
                    .collect(),
            ),
        }
    }

    /// How far a row lets a slack come down, where it has it; a row that is solved for nothing is
    /// solved for it before all others.
    fn room(&self, row: usize, slack: usize) -> Option<f64> {
        match self.rows[row][slack] {
            cell if self.is_empty(row) && cell.abs() > NOISE => Some(-1.0),
            cell if cell < -NOISE => Some(self.side(row).max(0.0) / -cell),
            _ => None,
        }
    }

    /// Takes back that a sum is so much, which was an equation: it is only known to be at least
    /// something less. What is true now stays true, so that nothing has to be solved anew.
    pub fn relax(&mut self, fact: usize, least: f64) {
        let slack = self.unknowns + fact;
        let by = self.sides[fact] - least;
        (self.open[fact], self.sides[fact]) = (true, least);
        let last = self.width() - 1;
        // With the slack at `by` all is as it was. It is brought down as far as the others allow.
        let rooms = (0..self.rows.len()).filter_map(|row| Some((self.room(row, slack)?, row)));
        let least = rooms.min_by(|a, b| a.0.total_cmp(&b.0));
        for row in &mut self.rows {
            row[last] += by * row[slack];
        }
        if let Some((_, row)) = least.filter(|(room, _)| *room < by) {
            self.pivot(row, slack, &mut []);
        }
    }

    fn width(&self) -> usize {
        self.unknowns + self.rows.len() + 1
    }

    fn side(&self, row: usize) -> f64 {
        self.rows[row][self.rows[row].len() - 1]
    }

    /// Whether a row is solved for nothing.
    fn is_empty(&self, row: usize) -> bool {
        self.basis[row] >= self.width()
    }

    fn may_enter(&self, column: usize) -> bool {
        column < self.unknowns || self.open[column - self.unknowns]
    }

    /// Climbs until it is high enough (then it gives nothing) or cannot climb on: then it gives
    /// what every column would still bring, by which the facts that stand in the way are known.
    fn climb(&mut self, mut reduced: Vec<f64>, enough: f64) -> Option<Vec<f64>> {
        let last = self.width() - 1;
        let mut steps = 0;
        loop {
            // The last cell holds what has been reached, with the other sign.
            if -reduced[last] >= enough - 1e-6 {
                return None;
            }
            let mut gains = (0..last).filter(|c| reduced[*c] > NOISE && self.may_enter(*c));
            let column = if steps < STEEP_STEPS {
                gains.max_by(|a, b| reduced[*a].total_cmp(&reduced[*b]))
            } else {
                gains.next()
            };
            let Some(column) = column else { return Some(reduced) };
            let steps_of = (0..self.rows.len()).filter(|row| self.rows[*row][column] > NOISE);
            let row = steps_of.min_by(|a, b| {
                let ratio = |row: usize| self.side(row) / self.rows[row][column];
                ratio(*a).total_cmp(&ratio(*b)).then(self.basis[*a].cmp(&self.basis[*b]))
            });
            // Nothing holds it back.
            let row = row?;
            self.pivot(row, column, &mut reduced);
            steps += 1;
        }
    }

    /// Solves a row for an unknown.
    fn pivot(&mut self, row: usize, column: usize, reduced: &mut [f64]) {
        let by = self.rows[row][column];
        self.rows[row].iter_mut().for_each(|cell| *cell /= by);
        let pivot = std::mem::take(&mut self.rows[row]);
        // Few cells of a row are filled: most facts are of a few unknowns.
        let filled: Vec<usize> = (0..pivot.len()).filter(|at| pivot[*at] != 0.0).collect();
        let others = self.rows.iter_mut().map(Vec::as_mut_slice).chain([reduced]);
        for other in others {
            let times = other.get(column).copied().unwrap_or(0.0);
            if times.abs() > 1e-12 {
                filled.iter().for_each(|at| other[*at] -= times * pivot[*at]);
                other[column] = 0.0;
            }
        }
        self.rows[row] = pivot;
        self.basis[row] = column;
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    /// A number below `n`, the same in every run.
    fn below(n: u64, seed: &mut u64) -> u64 {
        *seed =
            seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) % n
    }

    fn value(sum: &[usize], truth: &[f64]) -> f64 {
        sum.iter().map(|part| truth[*part]).sum()
    }

    /// Sums that are true: of the first so many only what is least.
    fn facts<'s>(sums: &'s [Vec<usize>], truth: &[f64], least: usize) -> Vec<Fact<'s>> {
        let each = sums.iter().enumerate();
        let facts = each.map(|(at, sum)| match value(sum, truth) {
            value if at < least => Fact { sum, less: &[], known: Known::AtLeast(value.min(1.0)) },
            value => Fact { sum, less: &[], known: Known::Is(value) },
        });
        facts.collect()
    }

    /// What is taken back step by step allows as much as what was never known.
    #[test]
    fn what_is_taken_back_was_never_known() {
        let mut seed = 7u64;
        for round in 0..2_000 {
            let unknowns = 2 + below(6, &mut seed) as usize;
            let truth: Vec<f64> = (0..unknowns).map(|_| below(4, &mut seed) as f64).collect();
            let mut sums: Vec<Vec<usize>> = Vec::new();
            for _ in 0..2 + below(7, &mut seed) {
                sums.push((0..unknowns).filter(|_| below(2, &mut seed) == 0).collect());
            }
            sums.retain(|sum| !sum.is_empty());
            let all = facts(&sums, &truth, 0);
            let mut step_by_step = Program::new(unknowns, &all).expect("it is true");
            for (taken, sum) in sums.iter().enumerate() {
                step_by_step.relax(taken, value(sum, &truth).min(1.0));
                let left = facts(&sums, &truth, taken + 1);
                let mut at_once = Program::new(unknowns, &left).expect("it is true");
                for asked in &sums {
                    for by in [1.0, -1.0] {
                        let enough = by * value(asked, &truth) + 1.0;
                        let found = [&mut step_by_step, &mut at_once]
                            .map(|program| program.most(asked, &[], by, enough) == Most::Enough);
                        assert_eq!(found[0], found[1], "{round}: {sums:?} of {truth:?}, {asked:?}");
                    }
                }
            }
        }
    }
}
