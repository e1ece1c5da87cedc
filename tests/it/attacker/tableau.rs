//! What an attacker knows, and what it comes to: the simplex method by the textbook, that the
//! program's own is held against.

/// What the attacker knows of a count: the kinds of children in it, and between what it lies.
pub struct Fact {
    pub kinds: Vec<bool>,
    pub least: f64,
    pub most: f64,
}

/// Unknowns of zero or more that keep to equations; by the textbook, with Bland's rule.
#[derive(Clone)]
pub struct Tableau {
    rows: Vec<Vec<f64>>,
    basis: Vec<usize>,
    unknowns: usize,
}

impl Tableau {
    pub fn of(kinds: usize, facts: &[Fact]) -> Tableau {
        // A count between two numbers is the lower one and something more, which with something
        // else is the distance.
        let between: Vec<usize> =
            (0..facts.len()).filter(|index| facts[*index].least < facts[*index].most).collect();
        let unknowns = kinds + 2 * between.len();
        let mut equations: Vec<(Vec<f64>, f64)> = Vec::new();
        for fact in facts {
            let mut row: Vec<f64> =
                fact.kinds.iter().map(|inside| f64::from(u8::from(*inside))).collect();
            row.resize(unknowns, 0.0);
            equations.push((row, fact.least));
        }
        for (at, index) in between.iter().enumerate() {
            let (more, rest) = (kinds + 2 * at, kinds + 2 * at + 1);
            equations[*index].0[more] = -1.0;
            let mut row = vec![0.0; unknowns];
            (row[more], row[rest]) = (1.0, 1.0);
            equations.push((row, facts[*index].most - facts[*index].least));
        }
        let count = equations.len();
        let rows = equations.into_iter().enumerate().map(|(index, (mut row, value))| {
            row.extend((0..count).map(|i| f64::from(u8::from(i == index))));
            row.push(value);
            row
        });
        let basis = (unknowns..unknowns + count).collect();
        let mut tableau = Tableau { rows: rows.collect(), basis, unknowns };
        let width = unknowns + count;
        let first: Vec<f64> = (0..width).map(|c| if c < unknowns { 0.0 } else { -1.0 }).collect();
        assert!(tableau.climb(&first, width).abs() < 1e-5, "what is published contradicts itself");
        for row in 0..tableau.rows.len() {
            let left = (0..unknowns).find(|c| tableau.rows[row][*c].abs() > 1e-7);
            if let Some(column) = left.filter(|_| tableau.basis[row] >= unknowns) {
                tableau.turn(row, column);
            }
        }
        tableau
    }

    pub fn largest(&self, factors: &[f64]) -> f64 {
        let mut tableau = self.clone();
        let mut cost = factors.to_vec();
        cost.resize(self.unknowns + self.rows.len(), 0.0);
        tableau.climb(&cost, self.unknowns)
    }

    pub fn climb(&mut self, cost: &[f64], columns: usize) -> f64 {
        loop {
            let gain = |column: usize| {
                let lost: f64 =
                    self.rows.iter().zip(&self.basis).map(|(row, b)| cost[*b] * row[column]).sum();
                cost[column] - lost
            };
            let Some(column) = (0..columns).find(|column| gain(*column) > 1e-9) else { break };
            let mut best: Option<(f64, usize)> = None;
            for (index, row) in self.rows.iter().enumerate().filter(|(_, row)| row[column] > 1e-9) {
                let ratio = row.last().expect("a right side") / row[column];
                let better = best.is_none_or(|(least, at)| {
                    ratio < least - 1e-12
                        || (ratio <= least + 1e-12 && self.basis[index] < self.basis[at])
                });
                if better {
                    best = Some((ratio, index));
                }
            }
            let Some((_, row)) = best else { return f64::INFINITY };
            self.turn(row, column);
        }
        self.rows
            .iter()
            .zip(&self.basis)
            .map(|(row, b)| cost[*b] * row.last().expect("a right side"))
            .sum()
    }

    pub fn turn(&mut self, row: usize, column: usize) {
        let by = self.rows[row][column];
        let solved: Vec<f64> = self.rows[row].iter().map(|cell| cell / by).collect();
        for (index, other) in self.rows.iter_mut().enumerate() {
            let times = other[column];
            if index != row && times != 0.0 {
                other.iter_mut().zip(&solved).for_each(|(cell, s)| *cell -= times * s);
            }
        }
        self.rows[row] = solved;
        self.basis[row] = column;
    }
}
