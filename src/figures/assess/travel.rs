//! Direction of travel and change: the council's figure beside an earlier one of its own, both as
//! printed, so that the reader can check every word by hand.

use std::cmp::Ordering;
use std::fmt;

use super::chance::{Chance, chance};
use super::{Direction, part_of_a_year, tidy};
use crate::definitions::{Better, Indicator};
use crate::figures::suppress::{Shown, ShownFigures};
use crate::nouns::comparator::Comparator;
use crate::nouns::numbers::{grouped, in_pounds, in_words, rounded};
use crate::nouns::period::Period;
use crate::nouns::unit::Unit;

/// Two figures as printed, at the coarser of their decimals.
pub(super) struct Travel {
    pub(super) now: f64,
    pub(super) then: f64,
    decimals: u8,
    unit: Unit,
}

/// The figures of now and then, where both may be told and mean the same.
pub(super) fn travel(shown: &ShownFigures, code: &str, from: Comparator) -> Option<Travel> {
    let (now, then) = compared(shown, code, from)?;
    Travel::between(now, then)
}

/// The figures themselves.
pub(super) fn compared<'s>(
    shown: &'s ShownFigures,
    code: &str,
    from: Comparator,
) -> Option<(&'s Shown, &'s Shown)> {
    if !from.is_own() {
        return None;
    }
    let (now, then) = (shown.own(code)?, shown.comparator(code, from)?);
    // Half a year is held against the same half of another.
    if part_of_a_year(shown, code) && then.period().end != shown.period.same_period_last_year().end
    {
        return None;
    }
    means_the_same(&shown.indicators[code], now, then).then_some((now, then))
}

/// Whether neither or both of the two are from before the indicator came to mean what it means.
pub(super) fn means_the_same(indicator: &Indicator, now: &Shown, then: &Shown) -> bool {
    let Some(label) = &indicator.defined_since else { return true };
    // What is no period with this council's years was one with the usual: the scripts were loaded
    // by that.
    let years = [now.period().year_month, 4, 1];
    let Some(since) = years.into_iter().find_map(|month| Period::parse(label, month)) else {
        return true;
    };
    (now.period().end < since.start) == (then.period().end < since.start)
}

/// The figures of now and of a comparator of the council's own, both as printed.
pub fn now_and_then(shown: &ShownFigures, code: &str, from: Comparator) -> Option<(f64, f64)> {
    travel(shown, code, from).map(|travel| (travel.now, travel.then))
}

/// Which way the council's figure went since a comparator of its own, such as `previous_outturn`.
pub fn direction(shown: &ShownFigures, code: &str, from: Comparator) -> Option<Direction> {
    let Travel { now, then, .. } = travel(shown, code, from)?;
    Some(match (now.total_cmp(&then), shown.indicators[code].better) {
        (Ordering::Equal, _) => Direction::NoChange,
        (Ordering::Greater, Better::Higher) | (Ordering::Less, Better::Lower) => {
            Direction::Improving
        }
        (Ordering::Less, Better::Higher) | (Ordering::Greater, Better::Lower) => {
            Direction::Worsening
        }
        (Ordering::Greater, Better::Neither) => Direction::Up,
        (Ordering::Less, Better::Neither) => Direction::Down,
    })
}

/// The same as the appendix prints it, with what chance would do: an arrow is quiet where the
/// change is within normal variation.
pub fn direction_in_words(shown: &ShownFigures, code: &str, from: Comparator) -> Option<String> {
    let direction = direction(shown, code, from)?;
    Some(match (direction, chance(shown, code, from)) {
        (Direction::NoChange, _) | (_, None) => direction.words().to_string(),
        (_, Some(Chance::Within)) => Chance::Within.words().to_string(),
        (_, Some(Chance::More)) => format!("{}, more than chance", direction.words()),
    })
}

/// A change in figures, as it is printed: `−7 (1.1%)`, `+2.1 pp`, `No change`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// By how much.
    pub by: String,
    /// What share of the earlier figure that is, where a share means something.
    pub share: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.share {
            Some(share) => write!(f, "{} ({share})", self.by),
            None => f.write_str(&self.by),
        }
    }
}

/// The change since a comparator.
pub fn change(shown: &ShownFigures, code: &str, from: Comparator) -> Option<Change> {
    Some(travel(shown, code, from)?.in_figures())
}

/// The change of another area's figure, such as `england`: from the year before to its latest.
pub fn change_of(shown: &ShownFigures, code: &str, whose: Comparator) -> Option<Change> {
    let now = shown.comparator(code, whose).filter(|now| now.dated())?;
    let then = shown.at(code, now.area(), &now.period().previous_year())?;
    if !means_the_same(&shown.indicators[code], now, then) {
        return None;
    }
    Some(Travel::between(now, then)?.in_figures())
}

/// The same in words: `a decrease of seven (1.1%)`, `an increase of 2.1 percentage points`, `no
/// change`.
pub fn change_in_words(shown: &ShownFigures, code: &str, from: Comparator) -> Option<String> {
    let travel = travel(shown, code, from)?;
    let Some(size) = travel.size() else { return Some("no change".to_string()) };
    let size = if travel.unit == Unit::Number { in_words(&size) } else { size };
    let word = if travel.now < travel.then { "a decrease" } else { "an increase" };
    Some(match (travel.unit, travel.per_cent()) {
        (Unit::Percentage, _) if size == "1" => format!("{word} of 1 percentage point"),
        (Unit::Percentage, _) => format!("{word} of {size} percentage points"),
        (_, Some(share)) => format!("{word} of {size} ({share}%)"),
        (_, None) => format!("{word} of {size}"),
    })
}

impl Travel {
    pub(super) fn between(now: &Shown, then: &Shown) -> Option<Travel> {
        let decimals = now.decimals().min(then.decimals());
        let printed = |figure: &Shown| rounded(figure.value()?, decimals).parse().ok();
        Some(Travel { now: printed(now)?, then: printed(then)?, decimals, unit: now.unit() })
    }

    fn in_figures(&self) -> Change {
        let Some(size) = self.size() else {
            return Change { by: "No change".to_string(), share: None };
        };
        // The true minus sign is as wide as the plus.
        let sign = if self.now < self.then { '\u{2212}' } else { '+' };
        match self.unit {
            Unit::Percentage => Change { by: format!("{sign}{size} pp"), share: None },
            _ => {
                let share = self.per_cent().map(|share| format!("{share}%"));
                Change { by: format!("{sign}{size}"), share }
            }
        }
    }

    /// How large the change is; nothing where there is none.
    fn size(&self) -> Option<String> {
        let size = rounded((self.now - self.then).abs(), self.decimals);
        (self.now != self.then).then(|| match self.unit {
            Unit::Pounds => in_pounds(&size),
            _ => grouped(&size),
        })
    }

    /// The change as a share of what it began with: small ones with a decimal. Of an average, as of
    /// a base of nothing or less, a share would mean nothing.
    fn per_cent(&self) -> Option<String> {
        if matches!(self.unit, Unit::Percentage | Unit::Average | Unit::Median) || self.then <= 0.0
        {
            return None;
        }
        let share = tidy((self.now - self.then).abs() * 100.0 / self.then);
        Some(grouped(&rounded(share, if share < 5.0 { 1 } else { 0 })))
    }
}
