//! Conditions compiled to tests over columns: each different text is looked at once, days and
//! numbers are compared as numbers.

use std::rc::Rc;

use super::Stop;
use crate::definitions::{Conditions, Function, Matcher, Scalar};
use crate::intake::returns::{BLANK_DAY, BLANK_TEXT, ColumnData};
use crate::nouns::period::{Day, Period};

/// A test that a record passes or not.
pub enum Test<'r> {
    /// A text column: for each different text, whether it passes.
    Text { ids: &'r [u32], passes: Vec<bool>, blank: bool },
    /// A number column.
    Number { numbers: &'r [f64], passes: Pass },
    /// A day column.
    Day { days: &'r [i32], passes: Pass },
    /// How many linked records there are.
    Count { keys: &'r [u32], counts: Rc<Vec<u32>>, low: f64, high: f64 },
    /// All must pass.
    All(Vec<Test<'r>>),
    /// One must pass.
    Any(Vec<Test<'r>>),
    /// A script's function decides.
    Function(Function),
}

/// What a number (or a day, as its number) must be. A blank is none.
pub enum Pass {
    Blank,
    Filled,
    Between { low: f64, low_in: bool, high: f64, high_in: bool },
    Any(Vec<Pass>),
    None(Vec<Pass>),
    Never,
}

impl Pass {
    fn holds(&self, value: Option<f64>) -> bool {
        match (self, value) {
            (Pass::Blank, value) => value.is_none(),
            (Pass::Filled, value) => value.is_some(),
            (Pass::Any(these), value) => these.iter().any(|p| p.holds(value)),
            (Pass::None(these), value) => !these.iter().any(|p| p.holds(value)),
            (Pass::Between { low, low_in, high, high_in }, Some(v)) => {
                (v > *low || (*low_in && v == *low)) && (v < *high || (*high_in && v == *high))
            }
            (Pass::Between { .. }, None) | (Pass::Never, _) => false,
        }
    }

    fn from_to(low: f64, high: f64) -> Pass {
        Pass::Between { low, low_in: true, high, high_in: true }
    }

    fn of(matcher: &Matcher, period: &Period) -> Pass {
        let each = |these: &[Matcher]| these.iter().map(|m| Pass::of(m, period)).collect();
        let open = f64::INFINITY;
        match matcher {
            Matcher::Is(Scalar::Number(n)) => Pass::from_to(*n, *n),
            Matcher::Is(Scalar::Text(text)) => {
                text.parse().map_or(Pass::Never, |n| Pass::from_to(n, n))
            }
            Matcher::Blank => Pass::Blank,
            Matcher::Filled => Pass::Filled,
            Matcher::OneOf(these) => Pass::Any(each(these)),
            Matcher::NoneOf(these) => Pass::None(each(these)),
            Matcher::Range { low, high } => {
                let (low, low_in) = low.unwrap_or((-open, true));
                let (high, high_in) = high.unwrap_or((open, true));
                Pass::Between { low, low_in, high, high_in }
            }
            Matcher::UpTo(moment, included) => Pass::Between {
                low: -open,
                low_in: true,
                high: f64::from(moment.day(period).0),
                high_in: *included,
            },
            Matcher::From(moment, included) => Pass::Between {
                low: f64::from(moment.day(period).0),
                low_in: *included,
                high: open,
                high_in: true,
            },
            Matcher::Within(window) => {
                let (first, last) = window.days(period);
                Pass::from_to(f64::from(first.0), f64::from(last.0))
            }
            Matcher::Aged { from, to, at } => {
                let (first, last) = births(*from, *to, at.day(period));
                Pass::from_to(f64::from(first.0), f64::from(last.0))
            }
            Matcher::StartsWith(_) | Matcher::EndsWith(_) | Matcher::Linked(_) => Pass::Never,
        }
    }
}

/// The first and last day of birth that make an age of `from` to `to` at a day.
fn births(from: i32, to: i32, at: Day) -> (Day, Day) {
    // A few days around the same day years ago hold the edge; 29 February is why it is searched
    // for.
    let edge = |age: i32| {
        let near = at.plus_months(-12 * age);
        (-3..=3)
            .rev()
            .map(|d| near.plus_days(d))
            .find(|birth| at.age_from(*birth) >= age)
            .unwrap_or(near)
    };
    (edge(to + 1).plus_days(1), edge(from))
}

impl<'r> Test<'r> {
    /// A test of one column.
    pub fn column(column: &'r ColumnData, matcher: &Matcher, period: &Period) -> Test<'r> {
        match column {
            ColumnData::Text { ids, texts } => {
                let passes = texts.iter().map(|text| text_holds(matcher, Some(text))).collect();
                Test::Text { ids, passes, blank: text_holds(matcher, None) }
            }
            ColumnData::Number(numbers) => {
                Test::Number { numbers, passes: Pass::of(matcher, period) }
            }
            ColumnData::Day(days) => Test::Day { days, passes: Pass::of(matcher, period) },
            ColumnData::Absent => Test::Any(Vec::new()),
        }
    }

    /// Whether a record passes.
    pub fn holds(
        &self,
        record: usize,
        ask: &dyn Fn(Function, usize) -> Result<bool, Stop>,
    ) -> Result<bool, Stop> {
        Ok(match self {
            Test::Text { ids, passes, blank } => match ids[record] {
                BLANK_TEXT => *blank,
                id => passes[id as usize],
            },
            Test::Number { numbers, passes } => {
                let n = numbers[record];
                passes.holds((!n.is_nan()).then_some(n))
            }
            Test::Day { days, passes } => {
                let day = days[record];
                passes.holds((day != BLANK_DAY).then_some(f64::from(day)))
            }
            Test::Count { keys, counts, low, high } => {
                let n = counts.get(keys[record] as usize).map_or(0.0, |n| f64::from(*n));
                *low <= n && n <= *high
            }
            Test::All(tests) => {
                for test in tests {
                    if !test.holds(record, ask)? {
                        return Ok(false);
                    }
                }
                true
            }
            Test::Any(tests) => {
                for test in tests {
                    if test.holds(record, ask)? {
                        return Ok(true);
                    }
                }
                false
            }
            Test::Function(function) => ask(*function, record)?,
        })
    }
}

/// Whether a text (or a blank) matches. Codes are held in upper case; text is compared without
/// regard to it.
fn text_holds(matcher: &Matcher, text: Option<&str>) -> bool {
    match (matcher, text) {
        (Matcher::Blank, text) => text.is_none(),
        (Matcher::Filled, text) => text.is_some(),
        (Matcher::OneOf(these), text) => these.iter().any(|m| text_holds(m, text)),
        (Matcher::NoneOf(these), text) => !these.iter().any(|m| text_holds(m, text)),
        (Matcher::Is(scalar), Some(text)) => text.eq_ignore_ascii_case(&scalar.to_string()),
        (Matcher::StartsWith(start), Some(text)) => {
            text.to_uppercase().starts_with(&start.to_uppercase())
        }
        (Matcher::EndsWith(end), Some(text)) => text.to_uppercase().ends_with(&end.to_uppercase()),
        (Matcher::Range { .. }, Some(text)) => {
            text.parse().is_ok_and(|n| Pass::of(matcher, &NO_PERIOD).holds(Some(n)))
        }
        _ => false,
    }
}

/// Ranges of numbers ask for no day.
const NO_PERIOD: Period = Period { start: Day(0), end: Day(0), year_month: 1 };

/// A matcher on a linked list: the conditions on its records, and how many must keep them.
pub fn as_count(matcher: &Matcher) -> (Option<&Conditions>, f64, f64) {
    match matcher {
        Matcher::Linked(conditions) => (Some(conditions), 1.0, f64::INFINITY),
        Matcher::Is(Scalar::Number(n)) => (None, *n, *n),
        Matcher::Range { low, high } => {
            // Counts are whole: more than 2 is at least 3.
            let low =
                low.map_or(0.0, |(n, included)| if included { n.ceil() } else { n.floor() + 1.0 });
            let high =
                high.map_or(
                    f64::INFINITY,
                    |(n, included)| if included { n.floor() } else { n.ceil() - 1.0 },
                );
            (None, low, high)
        }
        Matcher::Blank => (None, 0.0, 0.0),
        _ => (None, 1.0, f64::INFINITY),
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    /// Every day of birth over four years gives the same answer by the window as by counting years.
    #[test]
    fn ages_by_window_are_ages_by_counting() {
        for at in [(2026, 9, 30), (2024, 2, 29), (2025, 2, 28), (2026, 3, 1)] {
            let at = Day::from_ymd(at.0, at.1, at.2).unwrap();
            for (from, to) in [(0, 0), (5, 16), (10, 10), (17, 18)] {
                let (first, last) = births(from, to, at);
                for back in 0..(to + 2) * 366 {
                    let birth = at.plus_days(-back);
                    let age = at.age_from(birth);
                    let inside = first <= birth && birth <= last;
                    assert_eq!(
                        inside,
                        (from..=to).contains(&age),
                        "born {} at {}",
                        birth.iso(),
                        at.iso()
                    );
                }
            }
        }
    }
}
