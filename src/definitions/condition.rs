//! Conditions: what a record must be to count, as data that can be run fast and told in words.

use std::fmt;

use super::Function;
use crate::nouns::numbers::plain_number;
use crate::nouns::period::{Day, Period};
use crate::nouns::words::several;

/// A day that is known once the period is: `"period_end"`, or so many months away from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Where to start from.
    pub from: Point,
    /// Months to add; the day of the month is kept, or its last taken.
    pub months: i32,
    /// Days to add after that.
    pub days: i32,
}

/// Named days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// The period's first day.
    PeriodStart,
    /// The period's last day.
    PeriodEnd,
    /// The first day of the year that the period's end lies in.
    YearStart,
    /// The last day of that year.
    YearEnd,
    /// A day of the calendar, the same in every period.
    Fixed(Day),
}

impl Point {
    /// Every named day, by the name that scripts use.
    pub const NAMES: [(&'static str, Point); 4] = [
        ("period_start", Point::PeriodStart),
        ("period_end", Point::PeriodEnd),
        ("year_start", Point::YearStart),
        ("year_end", Point::YearEnd),
    ];
}

impl Moment {
    /// The day in question for a period.
    pub fn day(&self, period: &Period) -> Day {
        let from = match self.from {
            Point::PeriodStart => period.start,
            Point::PeriodEnd => period.end,
            Point::YearStart => period.year_start(),
            Point::YearEnd => period.year_end(),
            Point::Fixed(day) => day,
        };
        from.plus_months(self.months).plus_days(self.days)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.from {
            Point::PeriodStart => f.write_str("the period's start"),
            Point::PeriodEnd => f.write_str("the period's end"),
            Point::YearStart => f.write_str("the start of the year"),
            Point::YearEnd => f.write_str("the end of the year"),
            Point::Fixed(day) => f.write_str(&day.long()),
        }?;
        f.write_str(&moved(self.months, self.days))
    }
}

impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.how {
            Versus::Before { included: false } => "before ",
            Versus::Before { included: true } => "on or before ",
            Versus::After { included: false } => "after ",
            Versus::After { included: true } => "on or after ",
            Versus::Same => "the same as ",
            Versus::Differs => "not the same as ",
            Versus::Listed => "one of those listed in ",
        })?;
        f.write_str(&self.column)?;
        f.write_str(&moved(self.months, self.days))
    }
}

/// A stretch of days that is known once the period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The period itself.
    Period,
    /// The quarter that ends (or would end) with the period.
    Quarter,
    /// The month that ends (or would end) with the period.
    Month,
    /// From the year's first day to the period's end.
    YearToDate,
    /// The whole year, days to come included.
    Year,
    /// So many months that end with the period's end: they begin so many months before the day
    /// after it, so that whole months stay whole whatever their length.
    LastMonths(i32),
}

impl Window {
    /// The window that a name such as `last_12_months` means.
    pub fn named(name: &str) -> Option<Window> {
        Some(match name {
            "period" => Window::Period,
            "quarter" => Window::Quarter,
            "month" => Window::Month,
            "year_to_date" => Window::YearToDate,
            "year" => Window::Year,
            _ => Window::LastMonths(
                name.strip_prefix("last_")?
                    .strip_suffix("_months")?
                    .parse()
                    .ok()
                    .filter(|n| (1..=600).contains(n))?,
            ),
        })
    }

    /// First and last day for a period, both included.
    pub fn days(&self, period: &Period) -> (Day, Day) {
        match self {
            Window::Period => (period.start, period.end),
            Window::Quarter => (period.quarter_start(), period.end),
            Window::Month => (period.month_start(), period.end),
            Window::YearToDate => (period.year_start(), period.end),
            Window::Year => (period.year_start(), period.year_end()),
            Window::LastMonths(n) => (period.end.plus_days(1).plus_months(-n), period.end),
        }
    }
}

/// A window, moved so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// What is moved.
    pub window: Window,
    /// Months to move it by, negative for earlier ones.
    pub months: i32,
    /// Days to move it by after that.
    pub days: i32,
}

impl Stretch {
    /// First and last day for a period, both included. A stretch of whole months stays one: its
    /// last day moves as the day behind it does.
    pub fn days(&self, period: &Period) -> (Day, Day) {
        let (first, last) = self.window.days(period);
        let last = last.plus_days(1).plus_months(self.months).plus_days(self.days - 1);
        (first.plus_months(self.months).plus_days(self.days), last)
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.window, moved(self.months, self.days))
    }
}

/// ` less 3 months`: how far a day or a stretch of days is moved.
fn moved(months: i32, days: i32) -> String {
    let side = |n: i32| if n < 0 { "less" } else { "plus" };
    let mut words = String::new();
    if months != 0 {
        let count = several(months.unsigned_abs() as usize, "month");
        words.push_str(&format!(" {} {count}", side(months)));
    }
    if days != 0 {
        let count = several(days.unsigned_abs() as usize, "day");
        words.push_str(&format!(" {} {count}", side(days)));
    }
    words
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Window::Period => f.write_str("the period"),
            Window::Quarter => f.write_str("the quarter"),
            Window::Month => f.write_str("the month"),
            Window::YearToDate => f.write_str("the year to date"),
            Window::Year => f.write_str("the year"),
            Window::LastMonths(n) => write!(f, "the last {n} months"),
        }
    }
}

/// A value to compare with, as a script writes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// A code or other text: compared without regard to case in code columns.
    Text(String),
    /// A number.
    Number(f64),
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Text(text) => f.write_str(text),
            Scalar::Number(n) => f.write_str(&plain_number(*n)),
        }
    }
}

/// What one field of a record must be. A blank field matches only where it says so.
#[derive(Debug, Clone)]
pub enum Matcher {
    /// Equal to a value.
    Is(Scalar),
    /// Blank.
    Blank,
    /// Not blank.
    Filled,
    /// At least one of these.
    OneOf(Vec<Matcher>),
    /// None of these; a blank is none of them.
    NoneOf(Vec<Matcher>),
    /// Between two numbers, each with whether it is itself included; open where there is none.
    Range {
        /// Lower bound.
        low: Option<(f64, bool)>,
        /// Upper bound.
        high: Option<(f64, bool)>,
    },
    /// A text that begins so.
    StartsWith(String),
    /// A text that ends so.
    EndsWith(String),
    /// A day on or before (or before) a moment.
    UpTo(Moment, bool),
    /// A day on or after (or after) a moment.
    From(Moment, bool),
    /// A day inside a window.
    Within(Stretch),
    /// A day of birth that makes somebody so old, in completed years, at a moment.
    Aged {
        /// Youngest age.
        from: i32,
        /// Oldest age, still included.
        to: i32,
        /// When.
        at: Moment,
    },
    /// The name is a list or a population: at least one linked record keeps these conditions.
    Linked(Box<Conditions>),
    /// The same, but no linked record may keep them.
    NoLinked(Box<Conditions>),
    /// All of these.
    AllOf(Vec<Matcher>),
    /// As another column says: `rap.before "DEC"`, `rap.same_as "before.LS"`.
    Beside(Beside),
    /// The same value stands on more than one record of the list.
    Repeated,
    /// Something stands there that the reader could not take for what the column holds.
    Refused,
}

/// A field held against another column, of the same record or one that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// How the field must stand to it.
    pub how: Versus,
    /// The other column: `DEC`, or whose it is and its name, `child.DOB`.
    pub column: String,
    /// Months to add to the other day; the day of the month is kept, or its last taken.
    pub months: i32,
    /// Days to add after that.
    pub days: i32,
}

/// How a field stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versus {
    /// Earlier; included: or the same day.
    Before {
        /// Whether the same day will do.
        included: bool,
    },
    /// Later; included: or the same day.
    After {
        /// Whether the same day will do.
        included: bool,
    },
    /// Equal; two blanks are.
    Same,
    /// Not equal; two blanks are, a blank and a value are not.
    Differs,
    /// One of several codes that stand in the other, parted by commas.
    Listed,
}

impl Versus {
    /// Whether it is asked of days alone.
    pub fn of_days(self) -> bool {
        matches!(self, Versus::Before { .. } | Versus::After { .. })
    }
}

/// What a record must be: every field, every alternative, every function must hold.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// Fields, linked lists or linked populations by name.
    pub fields: Vec<(String, Matcher)>,
    /// Further conditions that must all hold.
    pub all: Vec<Conditions>,
    /// Groups of alternatives: of each group one must hold.
    pub either: Vec<Vec<Conditions>>,
    /// A script's function that must say true.
    pub function: Option<Function>,
}

impl Conditions {
    /// How many conditions they hold, all levels together.
    pub fn size(&self) -> usize {
        let fields: usize = self.fields.iter().map(|(_, matcher)| 1 + matcher.size()).sum();
        let inner = self.all.iter().chain(self.either.iter().flatten());
        1 + fields + inner.map(Conditions::size).sum::<usize>()
    }

    /// Whether every record keeps them.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
            && self.all.is_empty()
            && self.either.is_empty()
            && self.function.is_none()
    }
}

fn join(f: &mut fmt::Formatter<'_>, parts: &[String], with: &str) -> fmt::Result {
    f.write_str(&parts.join(with))
}

/// Alternatives, those inside others too: values, and whatever else in words.
fn flat(these: &[Matcher]) -> (Vec<String>, Vec<&Matcher>) {
    let (mut values, mut others) = (Vec::new(), Vec::new());
    for one in these {
        match one {
            Matcher::Is(value) => values.push(value.to_string()),
            Matcher::OneOf(inner) => {
                let (more, rest) = flat(inner);
                values.extend(more);
                others.extend(rest);
            }
            other => others.push(other),
        }
    }
    (values, others)
}

/// A thing that a field may be, as a part of a sentence.
enum Said {
    /// `one of A, B` behind an "is".
    OneOf(String),
    /// `A`, `blank`, `at least 3` behind an "is".
    Is(String),
    /// `begins with C`: a verb of its own.
    Does(String),
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Said::OneOf(these) => write!(f, "is one of {these}"),
            Said::Is(what) => write!(f, "is {what}"),
            Said::Does(what) => f.write_str(what),
        }
    }
}

/// `is one of A, B`, `begins with C`: the values together, what else there is behind them.
fn alternatives(these: &[Matcher]) -> Vec<Said> {
    let (values, others) = flat(these);
    let together = match values.as_slice() {
        [] => None,
        [only] => Some(Said::Is(only.clone())),
        several => Some(Said::OneOf(several.join(", "))),
    };
    let others = others.into_iter().map(|other| match other.what_it_is() {
        Some(what) => Said::Is(what),
        None => Said::Does(other.to_string()),
    });
    together.into_iter().chain(others).collect()
}

/// `is none of A, B`, `is neither A nor blank`, `neither is A nor begins with C`.
fn none_of(f: &mut fmt::Formatter<'_>, these: &[Matcher]) -> fmt::Result {
    let said = alternatives(these);
    match said.as_slice() {
        [Said::OneOf(these)] => write!(f, "is none of {these}"),
        [Said::Is(what)] => write!(f, "is not {what}"),
        [Said::Does(what)] => write!(f, "is not one that {what}"),
        many => {
            let bare = many.iter().map(|one| match one {
                Said::OneOf(these) => Some(format!("one of {these}")),
                Said::Is(what) => Some(what.clone()),
                Said::Does(_) => None,
            });
            match bare.collect::<Option<Vec<String>>>() {
                Some(bare) => write!(f, "is neither {}", bare.join(" nor ")),
                None => {
                    let whole: Vec<String> = many.iter().map(Said::to_string).collect();
                    write!(f, "neither {}", whole.join(" nor "))
                }
            }
        }
    }
}

/// `at least 3` and `less than 5`.
fn range(low: Option<(f64, bool)>, high: Option<(f64, bool)>) -> Vec<String> {
    let low = low.map(|(n, included)| {
        format!("{} {}", if included { "at least" } else { "more than" }, plain_number(n))
    });
    let high = high.map(|(n, included)| {
        format!("{} {}", if included { "at most" } else { "less than" }, plain_number(n))
    });
    low.into_iter().chain(high).collect()
}

impl Matcher {
    /// What stands behind an "is" where it is told: `blank`, `at least 3`, `before the period's
    /// end`.
    fn what_it_is(&self) -> Option<String> {
        let or_on = |included: bool| if included { "on or " } else { "" };
        match self {
            Matcher::Is(value) => Some(value.to_string()),
            Matcher::Blank => Some("blank".to_string()),
            Matcher::Filled => Some("filled in".to_string()),
            Matcher::Range { low, high } => Some(range(*low, *high).join(" and ")),
            Matcher::UpTo(moment, included) => Some(format!("{}before {moment}", or_on(*included))),
            Matcher::From(moment, included) => Some(format!("{}after {moment}", or_on(*included))),
            Matcher::Beside(beside) => Some(beside.to_string()),
            Matcher::OneOf(_)
            | Matcher::NoneOf(_)
            | Matcher::AllOf(_)
            | Matcher::StartsWith(_)
            | Matcher::EndsWith(_)
            | Matcher::Within(_)
            | Matcher::Aged { .. }
            | Matcher::Linked(_)
            | Matcher::NoLinked(_)
            | Matcher::Repeated
            | Matcher::Refused => None,
        }
    }
}

impl Matcher {
    /// How many conditions it holds beside itself.
    fn size(&self) -> usize {
        match self {
            Matcher::Linked(inner) | Matcher::NoLinked(inner) => inner.size(),
            Matcher::OneOf(these) | Matcher::NoneOf(these) | Matcher::AllOf(these) => these.len(),
            _ => 0,
        }
    }

    /// Whether it asks for cells that hold something else than they should.
    pub fn asks_what_is_refused(&self) -> bool {
        match self {
            Matcher::Refused => true,
            Matcher::OneOf(these) => these.iter().any(Matcher::asks_what_is_refused),
            _ => false,
        }
    }

    /// Whether it asks for blank cells.
    pub fn asks_what_is_blank(&self) -> bool {
        match self {
            Matcher::Blank => true,
            Matcher::OneOf(these) => these.iter().any(Matcher::asks_what_is_blank),
            _ => false,
        }
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(what) = self.what_it_is() {
            return write!(f, "is {what}");
        }
        match self {
            Matcher::OneOf(these) => {
                let said: Vec<String> = alternatives(these).iter().map(Said::to_string).collect();
                join(f, &said, ", or ")
            }
            Matcher::NoneOf(these) => none_of(f, these),
            Matcher::StartsWith(text) => write!(f, "begins with {text}"),
            Matcher::EndsWith(text) => write!(f, "ends with {text}"),
            Matcher::Within(window) => write!(f, "lies in {window}"),
            Matcher::Aged { from, to, at } if from == to => {
                write!(f, "makes an age of {from} at {at}")
            }
            Matcher::Aged { from, to, at } => write!(f, "makes an age of {from} to {to} at {at}"),
            Matcher::Linked(conditions) => write!(f, "has a record of which {conditions}"),
            Matcher::NoLinked(conditions) => write!(f, "has no record of which {conditions}"),
            Matcher::AllOf(these) => {
                join(f, &these.iter().map(ToString::to_string).collect::<Vec<_>>(), " and ")
            }
            Matcher::Is(_)
            | Matcher::Blank
            | Matcher::Filled
            | Matcher::Range { .. }
            | Matcher::UpTo(..)
            | Matcher::From(..)
            | Matcher::Beside(_) => Ok(()),
            Matcher::Repeated => f.write_str("stands on another record too"),
            Matcher::Refused => f.write_str("cannot be read as what the column holds"),
        }
    }
}

impl fmt::Display for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> =
            self.fields.iter().map(|(name, m)| format!("{name} {m}")).collect();
        parts.extend(self.all.iter().map(ToString::to_string));
        for group in &self.either {
            let group: Vec<_> = group.iter().map(|c| format!("({c})")).collect();
            parts.push(format!("either {}", group.join(" or ")));
        }
        if self.function.is_some() {
            parts.push("the script's function says true".to_string());
        }
        if parts.is_empty() {
            parts.push("any record".to_string());
        }
        join(f, &parts, " and ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Months differ in length: a stretch of whole months begins on a first and ends on a last day.
    #[test]
    fn stretches_of_whole_months_stay_whole() {
        for (label, window, months, expected) in [
            ("2026/27 Q2", "quarter", 0, "2026-07-01 2026-09-30"),
            ("2026/27 Q1", "quarter", -3, "2026-01-01 2026-03-31"),
            ("2026/27 Q2", "quarter", -3, "2026-04-01 2026-06-30"),
            ("2026/27 Q2", "last_6_months", 0, "2026-04-01 2026-09-30"),
            ("2026/27 Q1", "last_3_months", 0, "2026-04-01 2026-06-30"),
            ("2026/27 Q2", "last_12_months", -12, "2024-10-01 2025-09-30"),
            ("28 February 2025", "last_12_months", 0, "2024-03-01 2025-02-28"),
        ] {
            let period = Period::parse(label, 4).expect("a period");
            let stretch = Stretch { window: Window::named(window).expect("one"), months, days: 0 };
            let (first, last) = stretch.days(&period);
            let days = format!("{} {}", first.iso(), last.iso());
            assert_eq!(days, expected, "{label} {window} {months}");
        }
    }
}
