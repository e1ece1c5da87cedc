//! Statistical process control: the limits of an XmR chart, and the four rules by which NHS boards
//! read it.
//!
//! Figures that follow each other differ by chance. The mean size of the step from one to the next
//! tells by how much; what lies further from the mean of all, or keeps to one side of it, is more
//! than that.

use super::tidy;

/// So many figures make limits.
pub const LEAST_POINTS: usize = 12;
/// So many figures on one side of the mean are a shift; so many each above the last a trend.
pub const RUN: usize = 7;
/// Limits lie so many mean moving ranges from the mean: three standard deviations, of which a
/// moving range of two has 1.128.
const LIMIT: f64 = 2.66;
/// A moving range above so many means of them is more than chance.
pub const RANGE_LIMIT: f64 = 3.267;
/// Close to a limit is what lies in the outer third of the way there.
const CLOSE: f64 = 2.0 / 3.0;

/// Between which values figures lie by chance alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The mean of the figures.
    pub mean: f64,
    /// The lower process limit.
    pub lower: f64,
    /// The upper one.
    pub upper: f64,
}

/// On which side of the mean a signal lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Above it, or rising.
    High,
    /// Below it, or falling.
    Low,
}

impl Side {
    /// Whether a value lies on this side of a line, and not on it.
    fn is_beyond(self, value: f64, line: f64) -> bool {
        // The mean of equal figures may differ from them by the noise of binary fractions.
        let beyond = tidy(value - line);
        match self {
            Side::High => beyond > 0.0,
            Side::Low => beyond < 0.0,
        }
    }
}

/// By which rule a figure is more than chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// It lies outside the limits.
    Outside,
    /// It is one of seven or more on the same side of the mean.
    Shift,
    /// It is one of seven or more of which each lies above the last, or each below.
    Trend,
    /// It is one of two of three in a row that lie close to the same limit.
    CloseToLimit,
}

impl Rule {
    /// The rules in words.
    pub fn words(self) -> &'static str {
        match self {
            Rule::Outside => "outside the limits",
            Rule::Shift => "seven or more on one side of the mean",
            Rule::Trend => "seven or more in a row rising or falling",
            Rule::CloseToLimit => "two of three close to a limit",
        }
    }
}

/// The mean of the sizes of the steps; nothing of fewer than two figures.
fn mean_range(values: &[f64]) -> Option<f64> {
    let steps = values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    (values.len() > 1).then(|| steps.sum::<f64>() / (values.len() - 1) as f64)
}

impl Limits {
    /// The limits of these figures, of which there must be twelve or more.
    pub fn of(values: &[f64]) -> Option<Limits> {
        if values.len() < LEAST_POINTS {
            return None;
        }
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let reach = LIMIT * mean_range(values)?;
        Some(Limits { mean, lower: mean - reach, upper: mean + reach })
    }

    /// What makes each figure more than chance: the first rule that it keeps, and the side.
    pub fn signals(&self, values: &[f64]) -> Vec<Option<(Rule, Side)>> {
        let mut found: Vec<Option<(Rule, Side)>> = vec![None; values.len()];
        for (rule, side) in [Rule::Outside, Rule::Shift, Rule::Trend, Rule::CloseToLimit]
            .into_iter()
            .flat_map(|rule| [(rule, Side::High), (rule, Side::Low)])
        {
            for (found, kept) in found.iter_mut().zip(self.keeping(values, rule, side)) {
                if kept && found.is_none() {
                    *found = Some((rule, side));
                }
            }
        }
        found
    }

    /// Which figures keep a rule on a side.
    fn keeping(&self, values: &[f64], rule: Rule, side: Side) -> Vec<bool> {
        let beyond = |value: f64, line: f64| side.is_beyond(value, line);
        let limit = if side == Side::High { self.upper } else { self.lower };
        match rule {
            Rule::Outside => values.iter().map(|value| beyond(*value, limit)).collect(),
            Rule::Shift => {
                let on_side: Vec<bool> = values.iter().map(|v| beyond(*v, self.mean)).collect();
                in_runs(&on_side, RUN)
            }
            Rule::Trend => {
                // Seven figures are six steps, and the figure before the first step is one of them.
                let steps: Vec<bool> = values.windows(2).map(|w| beyond(w[1], w[0])).collect();
                let steps = in_runs(&steps, RUN - 1);
                let step =
                    |at: Option<usize>| at.and_then(|at| steps.get(at)).copied() == Some(true);
                (0..values.len()).map(|at| step(at.checked_sub(1)) || step(Some(at))).collect()
            }
            Rule::CloseToLimit => {
                let line = self.mean + (limit - self.mean) * CLOSE;
                let close: Vec<bool> = values.iter().map(|value| beyond(*value, line)).collect();
                let mut kept = vec![false; values.len()];
                for from in 0..values.len().saturating_sub(2) {
                    let three = from..from + 3;
                    if close[three.clone()].iter().filter(|close| **close).count() >= 2 {
                        three.filter(|at| close[*at]).for_each(|at| kept[at] = true);
                    }
                }
                kept
            }
        }
    }
}

/// Which of these stand in a row of so many or more.
fn in_runs(holds: &[bool], least: usize) -> Vec<bool> {
    let mut kept = vec![false; holds.len()];
    let mut from = 0;
    for at in 0..=holds.len() {
        if at < holds.len() && holds[at] {
            continue;
        }
        if at - from >= least {
            kept[from..at].fill(true);
        }
        from = at + 1;
    }
    kept
}
