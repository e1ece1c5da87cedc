//! Conditions compiled to tests over columns: each different text is looked at once, days and
//! numbers are compared as numbers.

use std::collections::HashSet;
use std::rc::Rc;

use super::Stop;
use crate::definitions::{Conditions, Function, Matcher, Scalar, Versus};
use crate::intake::returns::{BLANK_DAY, BLANK_TEXT, ColumnData, Texts};
use crate::nouns::period::{Day, Period};

/// A record while it is tested, and the records that led to it through links.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The record.
    pub record: usize,
    /// The one whose conditions led here.
    pub outer: Option<&'a At<'a>>,
}

/// Asks a script's function about a record of a list.
pub type Ask<'a> = &'a dyn Fn(Function, &str, usize) -> Result<bool, Stop>;

/// A test that a record passes or not.
pub enum Test<'r> {
    /// A text column: for each different text, whether it passes.
    Text { ids: &'r [u32], passes: Vec<bool>, blank: bool },
    /// A number column.
    Number { numbers: &'r [f64], passes: Pass },
    /// A day column.
    Day { days: &'r [i32], passes: Pass },
    /// A column held against another one.
    Beside { column: &'r ColumnData, other: Other<'r>, how: Versus },
    /// Whether it is one of these records.
    These(HashSet<u32>),
    /// How many linked records there are.
    Count { keys: Keys<'r>, counts: Rc<Vec<u32>>, low: f64, high: f64 },
    /// Whether a linked record passes, where that hangs on this record.
    Linked { keys: Keys<'r>, by_key: Rc<ByKey>, inner: Box<Test<'r>>, wanted: bool },
    /// Whether a neighbour is there and passes.
    Neighbour { neighbours: Rc<Vec<u32>>, inner: Option<Box<Test<'r>>>, wanted: bool },
    /// All must pass.
    All(Vec<Test<'r>>),
    /// One must pass.
    Any(Vec<Test<'r>>),
    /// It must not pass.
    Not(Box<Test<'r>>),
    /// A script's function decides.
    Function { function: Function, list: String },
}

/// The column that another is held against.
pub struct Other<'r> {
    /// Whose it is.
    pub whose: Reach<'r>,
    /// The column.
    pub column: &'r ColumnData,
    /// Months to add to its days.
    pub months: i32,
    /// Days to add after that.
    pub days: i32,
}

/// How the other record is reached.
pub enum Reach<'r> {
    /// So many links further out: 0 is the record itself.
    Outer(usize),
    /// Beside it.
    Neighbour(Rc<Vec<u32>>),
    /// By the same key.
    Only { keys: Keys<'r>, records: Rc<Vec<u32>> },
}

/// The number of the key by which each record leads to another list.
#[derive(Clone)]
pub enum Keys<'r> {
    /// Its own, which both lists share.
    Own(&'r [u32]),
    /// One that stands in a column, of a reference list.
    InColumn(Rc<Vec<u32>>),
}

impl Keys<'_> {
    /// That of a record; a number that no list has where there is none.
    pub fn of(&self, record: usize) -> u32 {
        match self {
            Keys::Own(keys) => keys[record],
            Keys::InColumn(keys) => keys[record],
        }
    }
}

/// No record: where there is no neighbour, or none of the key.
pub const NOBODY: u32 = u32::MAX;

/// Records by their key.
pub struct ByKey {
    starts: Vec<u32>,
    records: Vec<u32>,
}

impl ByKey {
    /// Puts records in order of their keys, those of one key as they come.
    pub fn new(records: &[u32], keys: &[u32], key_count: usize) -> ByKey {
        let mut starts = vec![0u32; key_count + 1];
        for record in records {
            starts[keys[*record as usize] as usize + 1] += 1;
        }
        for key in 0..key_count {
            starts[key + 1] += starts[key];
        }
        let mut next = starts.clone();
        let mut sorted = vec![0; records.len()];
        for record in records {
            let at = &mut next[keys[*record as usize] as usize];
            sorted[*at as usize] = *record;
            *at += 1;
        }
        ByKey { starts, records: sorted }
    }

    /// Those of a key.
    pub fn of(&self, key: u32) -> &[u32] {
        let key = key as usize;
        if key + 1 >= self.starts.len() {
            return &[];
        }
        &self.records[self.starts[key] as usize..self.starts[key + 1] as usize]
    }
}

impl Other<'_> {
    fn record(&self, at: &At) -> Option<usize> {
        let there = |record: u32| (record != NOBODY).then_some(record as usize);
        match &self.whose {
            Reach::Outer(levels) => {
                let mut from = at;
                for _ in 0..*levels {
                    from = from.outer.expect("names of outer records are checked when compiled");
                }
                Some(from.record)
            }
            Reach::Neighbour(neighbours) => there(neighbours[at.record]),
            Reach::Only { keys, records } => {
                records.get(keys.of(at.record) as usize).copied().and_then(there)
            }
        }
    }

    fn day(&self, at: &At) -> Option<i32> {
        let ColumnData::Day(days) = self.column else { return None };
        let day = days[self.record(at)?];
        if day == BLANK_DAY {
            return None;
        }
        let moved = if self.months == 0 { Day(day) } else { Day(day).plus_months(self.months) };
        Some(moved.plus_days(self.days).0)
    }

    /// Whether it equals a field; two blanks are equal.
    fn equals(&self, column: &ColumnData, at: &At) -> bool {
        let mine = value_of(column, at.record);
        if matches!(self.column, ColumnData::Day(_)) {
            return mine == self.day(at).map_or(Value::Blank, |day| Value::Number(f64::from(day)));
        }
        let theirs = self.record(at).map_or(Value::Blank, |record| value_of(self.column, record));
        match (mine, theirs) {
            (Value::Text(mine), Value::Text(theirs)) => same_text(mine, theirs),
            (mine, theirs) => mine == theirs,
        }
    }

    /// Whether a field is one of the codes that stand in it.
    fn lists(&self, column: &ColumnData, at: &At) -> bool {
        let theirs = self.record(at).map(|record| value_of(self.column, record));
        let (Value::Text(mine), Some(Value::Text(theirs))) = (value_of(column, at.record), theirs)
        else {
            return false;
        };
        theirs.split([',', ';']).any(|one| same_text(mine, one))
    }
}

/// Whether two texts are the same but for case and spaces: `tn14 6dx` is `TN146DX`.
fn same_text(one: &str, other: &str) -> bool {
    let spaced = |text: &str| text.contains(char::is_whitespace);
    if !spaced(one) && !spaced(other) {
        return one.eq_ignore_ascii_case(other);
    }
    letters(one).eq(letters(other))
}

/// A text's letters in capitals, without spaces.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase)
}

/// A field to compare: days are numbers.
#[derive(PartialEq)]
enum Value<'r> {
    Blank,
    Text(&'r str),
    Number(f64),
}

fn value_of(column: &ColumnData, record: usize) -> Value<'_> {
    match column {
        ColumnData::Absent => Value::Blank,
        ColumnData::Text { ids, texts } => match ids[record] {
            BLANK_TEXT => Value::Blank,
            id => Value::Text(&texts[id as usize]),
        },
        ColumnData::Number(numbers) if numbers[record].is_nan() => Value::Blank,
        ColumnData::Number(numbers) => Value::Number(numbers[record]),
        ColumnData::Day(days) if days[record] == BLANK_DAY => Value::Blank,
        ColumnData::Day(days) => Value::Number(f64::from(days[record])),
    }
}

fn stands(how: Versus, column: &ColumnData, other: &Other, at: &At) -> bool {
    match how {
        Versus::Same => other.equals(column, at),
        Versus::Differs => !other.equals(column, at),
        Versus::Listed => other.lists(column, at),
        Versus::Before { included } | Versus::After { included } => {
            let ColumnData::Day(days) = column else { return false };
            let mine = days[at.record];
            let Some(theirs) = other.day(at).filter(|_| mine != BLANK_DAY) else { return false };
            let later = matches!(how, Versus::After { .. });
            (included && mine == theirs) || (if later { mine > theirs } else { mine < theirs })
        }
    }
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
            Matcher::StartsWith(_)
            | Matcher::EndsWith(_)
            | Matcher::Linked(_)
            | Matcher::NoLinked(_)
            | Matcher::AllOf(_)
            | Matcher::Beside(_)
            | Matcher::Repeated
            | Matcher::Refused => Pass::Never,
        }
    }
}

/// The first and last day of birth that make an age of `from` to `to` at a day.
fn births(from: i32, to: i32, at: Day) -> (Day, Day) {
    (last_birth(to + 1, at).plus_days(1), last_birth(from, at))
}

/// The last day of birth that makes an age at a day. A few days around the same day years ago hold
/// it; 29 February is why it is searched for.
fn last_birth(age: i32, at: Day) -> Day {
    let near = at.plus_months(-12 * age);
    let mut around = (-3..=3).rev().map(|days| near.plus_days(days));
    around.find(|birth| at.age_from(*birth) >= age).unwrap_or(near)
}

impl<'r> Test<'r> {
    /// A test of one column.
    pub fn column(column: &'r ColumnData, matcher: &Matcher, period: &Period) -> Test<'r> {
        match column {
            ColumnData::Text { ids, texts } => {
                let passes = texts_that_hold(matcher, texts);
                Test::Text { ids, passes, blank: text_holds(matcher, None) }
            }
            ColumnData::Number(numbers) => {
                Test::Number { numbers, passes: Pass::of(matcher, period) }
            }
            ColumnData::Day(days) => Test::Day { days, passes: Pass::of(matcher, period) },
            ColumnData::Absent => Test::Any(Vec::new()),
        }
    }

    /// How dear it is to ask a record, for asking what is cheap first: a column of its own, what
    /// was counted before, records that it leads to, a script.
    pub fn cost(&self) -> u8 {
        let dearest = |tests: &[Test]| tests.iter().map(Test::cost).max().unwrap_or_default();
        match self {
            Test::Text { .. } | Test::Number { .. } | Test::Day { .. } => 0,
            Test::These(_) | Test::Count { .. } => 1,
            Test::Beside { .. } | Test::Neighbour { .. } => 2,
            Test::Linked { .. } => 3,
            Test::All(tests) | Test::Any(tests) => dearest(tests),
            Test::Not(test) => test.cost(),
            Test::Function { .. } => 4,
        }
    }

    /// Those of some records that pass, in their order. Of several tests each is asked of those
    /// alone that passed the one before, so that one column is gone through at a time.
    pub fn kept(&self, mut records: Vec<u32>, ask: Ask) -> Result<Vec<u32>, Stop> {
        match self {
            Test::Text { ids, passes, blank } => records.retain(|record| {
                let id = ids[*record as usize];
                if id == BLANK_TEXT { *blank } else { passes[id as usize] }
            }),
            Test::Number { numbers, passes } => records.retain(|record| {
                let n = numbers[*record as usize];
                passes.holds((!n.is_nan()).then_some(n))
            }),
            Test::Day { days, passes } => records.retain(|record| {
                let day = days[*record as usize];
                passes.holds((day != BLANK_DAY).then_some(f64::from(day)))
            }),
            Test::All(tests) => {
                for test in tests {
                    records = test.kept(records, ask)?;
                }
            }
            other => {
                let mut kept = Vec::new();
                for record in records {
                    if other.holds(&At { record: record as usize, outer: None }, ask)? {
                        kept.push(record);
                    }
                }
                return Ok(kept);
            }
        }
        Ok(records)
    }

    /// Whether a record passes.
    pub fn holds(&self, at: &At, ask: Ask) -> Result<bool, Stop> {
        let record = at.record;
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
            Test::Beside { column, other, how } => stands(*how, column, other, at),
            Test::These(these) => these.contains(&(record as u32)),
            Test::Count { keys, counts, low, high } => {
                let n = counts.get(keys.of(record) as usize).map_or(0.0, |n| f64::from(*n));
                *low <= n && n <= *high
            }
            Test::Linked { keys, by_key, inner, wanted } => {
                let mut found = false;
                for linked in by_key.of(keys.of(record)) {
                    found = inner.holds(&At { record: *linked as usize, outer: Some(at) }, ask)?;
                    if found {
                        break;
                    }
                }
                found == *wanted
            }
            Test::Neighbour { neighbours, inner, wanted } => {
                let found = match (neighbours[record], inner) {
                    (NOBODY, _) => false,
                    (_, None) => true,
                    (other, Some(inner)) => {
                        inner.holds(&At { record: other as usize, outer: Some(at) }, ask)?
                    }
                };
                found == *wanted
            }
            Test::All(tests) => {
                for test in tests {
                    if !test.holds(at, ask)? {
                        return Ok(false);
                    }
                }
                true
            }
            Test::Any(tests) => {
                for test in tests {
                    if test.holds(at, ask)? {
                        return Ok(true);
                    }
                }
                false
            }
            Test::Not(test) => !test.holds(at, ask)?,
            Test::Function { function, list } => ask(*function, list, record)?,
        })
    }
}

/// For each text of a column whether it matches one of these.
fn texts_that_hold_any(these: &[Matcher], texts: &Texts) -> Vec<bool> {
    let mut found = vec![false; texts.len()];
    for matcher in these {
        let holds = texts_that_hold(matcher, texts);
        found.iter_mut().zip(holds).for_each(|(found, holds)| *found |= holds);
    }
    found
}

/// For each text of a column whether it matches: what is looked for is got ready once.
fn texts_that_hold(matcher: &Matcher, texts: &Texts) -> Vec<bool> {
    match matcher {
        Matcher::Blank => vec![false; texts.len()],
        Matcher::Filled => vec![true; texts.len()],
        Matcher::OneOf(these) => texts_that_hold_any(these, texts),
        Matcher::NoneOf(these) => {
            texts_that_hold_any(these, texts).into_iter().map(|found| !found).collect()
        }
        Matcher::Is(scalar) => {
            let wanted = scalar.to_string();
            texts.iter().map(|text| text.eq_ignore_ascii_case(&wanted)).collect()
        }
        other => texts.iter().map(|text| text_holds(other, Some(text))).collect(),
    }
}

/// Whether a text (or a blank) matches. Codes are held in upper case; text is compared without
/// regard to it.
fn text_holds(matcher: &Matcher, text: Option<&str>) -> bool {
    match matcher {
        Matcher::Blank => text.is_none(),
        Matcher::Filled => text.is_some(),
        Matcher::OneOf(these) => these.iter().any(|m| text_holds(m, text)),
        Matcher::NoneOf(these) => !these.iter().any(|m| text_holds(m, text)),
        Matcher::Is(scalar) => text.is_some_and(|t| t.eq_ignore_ascii_case(&scalar.to_string())),
        Matcher::StartsWith(start) => {
            text.is_some_and(|t| t.to_uppercase().starts_with(&start.to_uppercase()))
        }
        Matcher::EndsWith(end) => {
            text.is_some_and(|t| t.to_uppercase().ends_with(&end.to_uppercase()))
        }
        Matcher::Range { .. } => {
            let number = text.and_then(|t| t.parse().ok());
            number.is_some_and(|n| Pass::of(matcher, &NO_PERIOD).holds(Some(n)))
        }
        // Days, and what takes a test of its own: no text is any of these.
        Matcher::UpTo(..)
        | Matcher::From(..)
        | Matcher::Within(_)
        | Matcher::Aged { .. }
        | Matcher::Linked(_)
        | Matcher::NoLinked(_)
        | Matcher::AllOf(_)
        | Matcher::Beside(_)
        | Matcher::Repeated
        | Matcher::Refused => false,
    }
}

/// Ranges of numbers ask for no day.
const NO_PERIOD: Period = Period { start: Day(0), end: Day(0), year_month: 1 };

/// A matcher on a linked list: the conditions on its records, and how many must keep them.
pub fn as_count(matcher: &Matcher) -> (Option<&Conditions>, f64, f64) {
    match matcher {
        Matcher::Linked(conditions) => (Some(conditions), 1.0, f64::INFINITY),
        Matcher::NoLinked(conditions) => (Some(conditions), 0.0, 0.0),
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
