//! Whether a change is more than chance would do, and whether a target is met whatever chance does.
//!
//! Where there are twelve figures or more, by their history; else by the interval in which the
//! difference lies, of the numerators and denominators that are shown. Children who are counted
//! both times make chance smaller than the interval reckons, never larger: so what is said to be
//! more than chance still is.

use super::series::Series;
use super::travel::compared;
use super::xmr::{LEAST_POINTS, Limits, RANGE_LIMIT, Side};
use super::{limits, part_of_a_year, tidy};
use crate::definitions::{Better, Indicator};
use crate::figures::suppress::{Shown, ShownFigures};
use crate::nouns::comparator::Comparator;
use crate::nouns::period::Period;
use crate::nouns::unit::Unit;

/// Of a hundred changes that are nothing but chance, three lie beyond so many standard deviations.
/// Between whole numbers of children a few more do: with three, five in a hundred are never passed.
const DEVIATIONS: f64 = 2.17;
/// A change is held against the history where there are so many earlier changes over the same
/// time.
const LEAST_CHANGES: usize = 7;

/// Whether a change is more than chance would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chance {
    /// It is.
    More,
    /// Chance alone may have done it.
    Within,
}

impl Chance {
    /// As the appendix prints it.
    pub fn words(self) -> &'static str {
        match self {
            Chance::More => "More than chance",
            Chance::Within => "Within normal variation",
        }
    }
}

/// What chance does to a figure that is held against its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// The target is met, whatever chance does.
    Met,
    /// It is missed, whatever chance does.
    Missed,
    /// Chance decides.
    Open,
}

impl Assurance {
    /// As the appendix prints it.
    pub fn words(self) -> &'static str {
        match self {
            Assurance::Met => "Likely to be met",
            Assurance::Missed => "Likely to be missed",
            Assurance::Open => "Met or missed by chance",
        }
    }
}

/// The periods of that history, the oldest first.
pub fn series_periods(shown: &ShownFigures, code: &str) -> Vec<Period> {
    let series = Series::of(shown, code, LEAST_POINTS);
    series.map_or(Vec::new(), |series| series.points.iter().map(|p| *p.period()).collect())
}

/// How the latest figure lies among those before it, by the rules of an XmR chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variation {
    /// More than chance, in the good direction.
    Improving,
    /// More than chance, in the bad one.
    Concerning,
    /// More than chance, of a measure that is for information: up.
    Up,
    /// The same: down.
    Down,
    /// As chance has it.
    Common,
}

impl Variation {
    /// What the icons of NHS boards say, in words.
    pub fn words(self) -> &'static str {
        match self {
            Variation::Improving => "Special cause: improving",
            Variation::Concerning => "Special cause: concerning",
            Variation::Up => "Special cause: up (no judgement)",
            Variation::Down => "Special cause: down (no judgement)",
            Variation::Common => "Common cause: no significant change",
        }
    }
}

/// Whether the change since a comparator of the council's own is more than chance would do. Nothing
/// where the settings say nothing of it, or where neither history nor counts are known.
pub fn chance(shown: &ShownFigures, code: &str, from: Comparator) -> Option<Chance> {
    let indicator = shown.indicators.get(code)?;
    if !shown.policies.tell_chance(indicator) {
        return None;
    }
    let (now, then) = compared(shown, code, from)?;
    let more = by_history(shown, code, now, then).or_else(|| by_counts(indicator, now, then))?;
    Some(if more { Chance::More } else { Chance::Within })
}

/// Whether the change is larger than such changes have been: beyond the limit of moving ranges.
fn by_history(shown: &ShownFigures, code: &str, now: &Shown, then: &Shown) -> Option<bool> {
    let series = Series::of(shown, code, LEAST_POINTS)?;
    let values = series.values();
    // The year's figure may stand for that of its last quarter.
    let from = series.points.iter().position(|point| point.period().end == then.period().end)?;
    let apart = values.len() - 1 - from;
    let change = (now.value()? - then.value()?).abs();
    let all: Vec<f64> =
        (apart..values.len()).map(|at| (values[at] - values[at - apart]).abs()).collect();
    let (_, earlier) = all.split_last()?;
    if values.len() < LEAST_POINTS || earlier.len() < LEAST_CHANGES {
        return None;
    }
    let usual = earlier.iter().sum::<f64>() / earlier.len() as f64;
    Some(tidy(change - RANGE_LIMIT * usual) > 0.0)
}

/// Whether the interval of the difference leaves 0 out.
fn by_counts(indicator: &Indicator, now: &Shown, then: &Shown) -> Option<bool> {
    match indicator.unit {
        Unit::Percentage | Unit::Rate(_) => {
            let (now, then) = (Proportion::of(now)?, Proportion::of(then)?);
            Some(now.differs_from(&then))
        }
        // Two counts of people: of all of both, chance gives each time about a half.
        Unit::Number if indicator.people => {
            let (now, then) = (whole(now.value()?)?, whole(then.value()?)?);
            let halves = Proportion { part: now, all: now + then };
            let (lower, upper) = halves.interval()?;
            Some(lower > 0.5 || upper < 0.5)
        }
        Unit::Number | Unit::Average | Unit::Median | Unit::Pounds => None,
    }
}

/// Whether a target is met by variation alone.
pub fn assurance(shown: &ShownFigures, code: &str) -> Option<Assurance> {
    let indicator = shown.indicators.get(code)?;
    if !shown.policies.tell_chance(indicator) || part_of_a_year(shown, code) {
        return None;
    }
    let least = limits::least(shown, code)?;
    let now = shown.own(code)?;
    let (lower, upper) = match process_limits(shown, code) {
        Some(limits) => (limits.lower, limits.upper),
        None => likely(indicator, now)?,
    };
    let (worst, best) = match indicator.better {
        Better::Higher => (lower - least, upper - least),
        Better::Lower => (least - upper, least - lower),
        Better::Neither => return None,
    };
    Some(match (tidy(worst) >= 0.0, tidy(best) >= 0.0) {
        (true, _) => Assurance::Met,
        (false, false) => Assurance::Missed,
        (false, true) => Assurance::Open,
    })
}

/// Between which values a figure of so many children lies by chance, in its unit.
fn likely(indicator: &Indicator, now: &Shown) -> Option<(f64, f64)> {
    match indicator.unit {
        Unit::Percentage | Unit::Rate(_) => {
            let (lower, upper) = Proportion::of(now)?.interval()?;
            let scale = indicator.unit.scale();
            Some((lower * scale, upper * scale))
        }
        // Counts are spread about as wide as the root of what is expected.
        Unit::Number if indicator.people => {
            let n = whole(now.value()?)?;
            let (half, z) = (DEVIATIONS * DEVIATIONS / 2.0, DEVIATIONS);
            let reach = z * (n + half / 2.0).sqrt();
            Some((n + half - reach, n + half + reach))
        }
        Unit::Number | Unit::Average | Unit::Median | Unit::Pounds => None,
    }
}

/// The limits of an indicator's history, where there is enough of it.
pub fn process_limits(shown: &ShownFigures, code: &str) -> Option<Limits> {
    Limits::of(&Series::of(shown, code, LEAST_POINTS)?.values())
}

/// How the latest figure lies among those before it; nothing of fewer than twelve.
pub fn variation(shown: &ShownFigures, code: &str) -> Option<Variation> {
    let values = Series::of(shown, code, LEAST_POINTS)?.values();
    let signals = Limits::of(&values)?.signals(&values);
    let Some((_, side)) = signals.last()? else { return Some(Variation::Common) };
    Some(match (side, shown.indicators[code].better) {
        (Side::High, Better::Higher) | (Side::Low, Better::Lower) => Variation::Improving,
        (Side::High, Better::Lower) | (Side::Low, Better::Higher) => Variation::Concerning,
        (Side::High, Better::Neither) => Variation::Up,
        (Side::Low, Better::Neither) => Variation::Down,
    })
}

/// So many of all.
#[derive(Debug, Clone, Copy)]
pub struct Proportion {
    part: f64,
    all: f64,
}

impl Proportion {
    /// Of whole numbers, the part no larger than all.
    pub fn new(part: f64, all: f64) -> Option<Proportion> {
        let (part, all) = (whole(part)?, whole(all)?);
        (all > 0.0 && part <= all).then_some(Proportion { part, all })
    }

    fn of(shown: &Shown) -> Option<Proportion> {
        shown.value()?;
        Proportion::new(shown.numerator()?, shown.denominator()?)
    }

    fn share(&self) -> f64 {
        self.part / self.all
    }

    /// Wilson's interval.
    pub fn interval(&self) -> Option<(f64, f64)> {
        if self.all == 0.0 {
            return None;
        }
        let (p, n, z) = (self.share(), self.all, DEVIATIONS);
        let whole = 1.0 + z * z / n;
        let middle = (p + z * z / (2.0 * n)) / whole;
        let reach = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / whole;
        Some(((middle - reach).max(0.0), (middle + reach).min(1.0)))
    }

    /// Whether the interval of the difference leaves 0 out: Newcombe's, of the two of Wilson.
    pub fn differs_from(&self, other: &Proportion) -> bool {
        let (Some(own), Some(others)) = (self.interval(), other.interval()) else { return false };
        let (p, q) = (self.share(), other.share());
        let below = ((p - own.0).powi(2) + (others.1 - q).powi(2)).sqrt();
        let above = ((own.1 - p).powi(2) + (q - others.0).powi(2)).sqrt();
        p - q - below > 0.0 || p - q + above < 0.0
    }
}

/// A number of people.
fn whole(n: f64) -> Option<f64> {
    (n >= 0.0 && n.fract() == 0.0).then_some(n)
}
