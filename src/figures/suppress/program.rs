//! How large a sum can be, given what is known of others: linear programming by the simplex method,
//! small and dense.
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
#[derive(Debug)]
pub struct Program {
    /// A row for each fact: coefficients of the unknowns, of slacks, of one artificial unknown for
    /// each fact, and the right side.
    rows: Vec<Vec<f64>>,
    /// The unknown that each row is solved for.
    basis: Vec<usize>,
    /// Where artificial unknowns begin.
    artificial: usize,
}

impl Program {
    /// Takes the facts. Gives nothing where they contradict each other.
    pub fn new(unknowns: usize, facts: &[Fact]) -> Option<Program> {
        let slacks = facts.iter().filter(|fact| !matches!(fact.known, Known::Is(_))).count();
        let artificial = unknowns + slacks;
        let width = artificial + facts.len() + 1;
        let mut slack = unknowns;
        let mut rows = Vec::with_capacity(facts.len());
        for (number, fact) in facts.iter().enumerate() {
            let mut row = vec![0.0; width];
            fact.sum.iter().for_each(|unknown| row[*unknown] += 1.0);
            fact.less.iter().for_each(|unknown| row[*unknown] -= 1.0);
            let (side, sign) = match fact.known {
                Known::Is(n) => (n, 0.0),
                Known::AtLeast(n) => (n, -1.0),
                Known::AtMost(n) => (n, 1.0),
            };
            if sign != 0.0 {
                row[slack] = sign;
                slack += 1;
            }
            row[artificial + number] = 1.0;
            row[width - 1] = side;
            rows.push(row);
        }
        let basis = (artificial..artificial + facts.len()).collect();
        let mut program = Program { rows, basis, artificial };
        // First the artificial unknowns are brought to nothing.
        let cost: Vec<f64> =
            (0..width - 1).map(|c| if c < artificial { 0.0 } else { -1.0 }).collect();
        program.climb(&cost, f64::INFINITY);
        let left: f64 = (0..facts.len())
            .filter(|r| program.basis[*r] >= artificial)
            .map(|r| program.side(r))
            .sum();
        if left > 1e-5 {
            return None;
        }
        for row in 0..facts.len() {
            if program.basis[row] >= artificial
                && let Some(column) = (0..artificial).find(|c| program.rows[row][*c].abs() > 1e-6)
            {
                program.pivot(row, column, &mut []);
            }
        }
        Some(program)
    }

    /// Whether the sum of these unknowns, times a factor, can be as large as `enough`.
    pub fn most(&mut self, terms: &[usize], by: f64, enough: f64) -> Most {
        let mut cost = vec![0.0; self.width() - 1];
        terms.iter().for_each(|unknown| cost[*unknown] = by);
        match self.climb(&cost, enough) {
            None => Most::Enough,
            Some(reduced) => Most::Bound(
                (0..self.rows.len())
                    .filter(|row| reduced[self.artificial + row].abs() > 1e-6)
                    .collect(),
            ),
        }
    }

    fn width(&self) -> usize {
        self.artificial + self.rows.len() + 1
    }

    fn side(&self, row: usize) -> f64 {
        self.rows[row][self.width() - 1]
    }

    /// Climbs until it is high enough (then it gives nothing) or cannot climb on: then it gives
    /// what every column would still bring, by which the facts that stand in the way are known.
    fn climb(&mut self, cost: &[f64], enough: f64) -> Option<Vec<f64>> {
        let mut reduced: Vec<f64> = cost.iter().copied().chain([0.0]).collect();
        for (row, basic) in self.rows.iter().zip(&self.basis) {
            let by = cost[*basic];
            if by != 0.0 {
                reduced.iter_mut().zip(row).for_each(|(r, cell)| *r -= by * cell);
            }
        }
        let last = self.width() - 1;
        let mut steps = 0;
        loop {
            // The last cell holds what has been reached, with the other sign.
            if -reduced[last] >= enough - 1e-6 {
                return None;
            }
            let mut gains = (0..self.artificial).filter(|c| reduced[*c] > NOISE);
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
        let others = self.rows.iter_mut().map(Vec::as_mut_slice).chain([reduced]);
        for other in others {
            let times = other.get(column).copied().unwrap_or(0.0);
            if times.abs() > 1e-12 {
                other.iter_mut().zip(&pivot).for_each(|(cell, p)| *cell -= times * p);
                other[column] = 0.0;
            }
        }
        self.rows[row] = pivot;
        self.basis[row] = column;
    }
}
