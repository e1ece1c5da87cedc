//! A column while it is filled: what each cell means, given what the column holds.

use std::collections::HashMap;

use super::faults::Fault;
use super::left_out::push;
use super::quarters;
use crate::definitions::{Column, ColumnType, Scalar, plain};
use crate::intake::read::{Cell, Sheet, Value};
use crate::intake::returns::records::{BLANK_TEXT, ColumnData};
use crate::nouns::dates::{self, NoDate};
use crate::nouns::numbers::{self, plain_number};
use crate::nouns::period::{Period, month_number};
use crate::nouns::words::looks_like;

/// Excel keeps fifteen digits: a longer number is not the one that was typed.
const MOST_WHOLE: f64 = 1e15;

pub(super) type FastMap<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// A column while it is filled.
pub(super) struct Filling<'a> {
    /// The list's name in scripts.
    pub(super) list: &'a str,
    pub(super) column: &'a Column,
    pub(super) data: ColumnData,
    pub(super) read: FastMap<u32, Read>,
    pub(super) year: &'a str,
    /// The return's period.
    pub(super) period: &'a Period,
    pub(super) typed: bool,
    /// A record cannot be used where this column cannot be read.
    pub(super) critical: bool,
}

/// What a text cell turned out to be, remembered: a column has few different texts.
#[derive(Clone, Copy)]
pub(super) struct Read {
    pub(super) value: Parsed,
    pub(super) fault: Option<Fault>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Parsed {
    Blank,
    Text(u32),
    Number(f64),
    Day(i32),
    Unreadable,
}

impl Filling<'_> {
    /// What a cell of the column holds.
    pub(super) fn parse(&mut self, sheet: &Sheet, cell: &Cell) -> Read {
        let fault = |fault| Read { value: Parsed::Unreadable, fault: Some(fault) };
        let fine = |value| Read { value, fault: None };
        match sheet.value(cell) {
            Value::Text(text) => {
                let id = cell.text_id().expect("a text has a number");
                if let Some(read) = self.read.get(&id) {
                    return *read;
                }
                let read = self.parse_text(text);
                self.read.insert(id, read);
                read
            }
            Value::Number(n) => match &self.column.kind {
                ColumnType::Date => match day_of_number(n) {
                    Some(read) => read,
                    None => fault(Fault::NotADate(NoDate::NotWritten)),
                },
                ColumnType::Number { .. } => self.bounded(n, None),
                ColumnType::Percentage if cell.is_percent() => {
                    fine(Parsed::Number(crate::nouns::numbers::round_noise(n * 100.0)))
                }
                ColumnType::Percentage => fine(Parsed::Number(n)),
                ColumnType::Id if n.abs() >= MOST_WHOLE => fault(Fault::Shortened),
                _ if n.fract() == 0.0 && n.abs() < MOST_WHOLE => self.parse_whole(n as i64),
                _ => self.parse_plain(&plain_number(n), None),
            },
            Value::Date(day) => match &self.column.kind {
                ColumnType::Date => fine(Parsed::Day(day.0)),
                ColumnType::Text => fine(Parsed::Text(self.text(&day.iso()))),
                ColumnType::Id | ColumnType::Codes(_) | ColumnType::Quarter => {
                    fault(Fault::BecameDate)
                }
                ColumnType::Number { .. } | ColumnType::Percentage => fault(Fault::Unreadable),
            },
            Value::Bool(b) => match &self.column.kind {
                ColumnType::Date => fault(Fault::NotADate(NoDate::NotWritten)),
                ColumnType::Number { .. } | ColumnType::Percentage => {
                    fine(Parsed::Number(f64::from(u8::from(b))))
                }
                // TRUE and FALSE in a column of flags are 1 and 0.
                _ => self.parse_plain(if b { "1" } else { "0" }, None),
            },
            Value::Error(_) => fault(Fault::ErrorValue),
            Value::Uncalculated => fault(Fault::Uncalculated),
            Value::NoText => fault(Fault::NoText),
            Value::TooLong => fault(Fault::TooLong),
            Value::NotADate(_) => match &self.column.kind {
                ColumnType::Date => fault(Fault::NotADate(NoDate::NotWritten)),
                ColumnType::Number { .. } | ColumnType::Percentage => fault(Fault::Unreadable),
                _ => fault(Fault::BecameDate),
            },
        }
    }

    fn parse_text(&mut self, text: &str) -> Read {
        let plain = numbers::trimmed(text);
        if plain.is_empty() {
            return Read { value: Parsed::Blank, fault: None };
        }
        let spaces = (plain.len() != text.len() && self.typed).then_some(Fault::StraySpaces);
        let as_text = |fault| if self.typed { Some(fault) } else { None };
        match &self.column.kind {
            ColumnType::Date => match dates::read(&plain) {
                Ok(written) => {
                    Read { value: Parsed::Day(written.day.0), fault: as_text(Fault::DateAsText) }
                }
                // A list of texts alone may hold what Excel showed as a plain number.
                Err(why) => day_of_digits(&plain).unwrap_or(Read {
                    value: Parsed::Unreadable,
                    fault: Some(Fault::NotADate(why)),
                }),
            },
            ColumnType::Number { .. } => match numbers::typed(&plain) {
                Some(n) => self.bounded(n, as_text(Fault::NumberAsText)),
                None if self.column.other_unit(&plain).is_some() => {
                    Read { value: Parsed::Unreadable, fault: Some(Fault::OtherUnit) }
                }
                None => Read { value: Parsed::Unreadable, fault: Some(Fault::Unreadable) },
            },
            ColumnType::Percentage => {
                match numbers::typed_percent(&plain).or_else(|| numbers::typed(&plain)) {
                    Some(n) => Read { value: Parsed::Number(n), fault: None },
                    None => Read { value: Parsed::Unreadable, fault: Some(Fault::Unreadable) },
                }
            }
            _ => self.parse_plain(&plain, spaces),
        }
    }

    /// A whole number in a column of texts, such as a child's number: written out without asking
    /// for memory, since national lists have them by the hundred thousand.
    fn parse_whole(&mut self, n: i64) -> Read {
        let mut digits = [0u8; 20];
        let mut at = digits.len();
        let mut rest = n.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if n < 0 {
            at -= 1;
            digits[at] = b'-';
        }
        let text = std::str::from_utf8(&digits[at..]).expect("digits are ASCII");
        match &self.column.kind {
            ColumnType::Id => Read { value: Parsed::Text(self.text(text)), fault: None },
            _ => self.parse_plain(text, None),
        }
    }

    /// A text or code, whatever kind of cell it came from.
    fn parse_plain(&mut self, text: &str, fault: Option<Fault>) -> Read {
        match &self.column.kind {
            ColumnType::Text if self.column.is_unknown_text(text) => {
                Read { value: Parsed::Blank, fault }
            }
            ColumnType::Text => {
                let fault = self.word_fault(text).or(fault);
                Read { value: Parsed::Text(self.text(text)), fault }
            }
            ColumnType::Quarter => self.parse_quarter(text, fault),
            ColumnType::Codes(codes) => {
                let known = self.column.words.get(&plain(text));
                let code = known.cloned().unwrap_or_else(|| text.to_uppercase());
                let (code, fault) = match (codes.contains_key(&code), without_point_zero(&code)) {
                    (false, Some(whole)) if codes.contains_key(whole) => {
                        (whole.to_string(), Some(Fault::PointZero))
                    }
                    _ => (code, fault),
                };
                let fault = match codes.get(&code) {
                    None => Some(Fault::UnknownCode),
                    Some(known) if !known.in_use(self.year) => Some(Fault::CodeOutOfUse),
                    Some(_) => fault,
                };
                Read { value: Parsed::Text(self.text(&code)), fault }
            }
            _ => self.parse_id(text, fault),
        }
    }

    /// An identifier, and what Excel or another program may have made of it on its way.
    fn parse_id(&mut self, text: &str, fault: Option<Fault>) -> Read {
        let lost = |fault| Read { value: Parsed::Unreadable, fault: Some(fault) };
        if is_shortened(text) {
            return lost(Fault::Shortened);
        }
        if dates::day(text).is_some() || is_short_date(text) {
            return lost(Fault::BecameDate);
        }
        if let Some(whole) = without_point_zero(text) {
            return Read { value: Parsed::Text(self.text(whole)), fault: Some(Fault::PointZero) };
        }
        Read { value: Parsed::Text(self.text(&text.to_uppercase())), fault }
    }

    fn parse_quarter(&mut self, text: &str, fault: Option<Fault>) -> Read {
        match quarters::read(text, self.period) {
            Some(quarters) if quarters.inside => {
                Read { value: Parsed::Text(self.text(&quarters.label)), fault }
            }
            Some(_) => Read { value: Parsed::Unreadable, fault: Some(Fault::QuarterOutside) },
            None => Read { value: Parsed::Unreadable, fault: Some(Fault::NotAQuarter) },
        }
    }

    /// What is wrong with a word of a column of which some are counted.
    fn word_fault(&self, text: &str) -> Option<Fault> {
        let words = &self.column.counted;
        let lower = text.to_lowercase();
        let says = |word: &String| begins_or_ends(&lower, &word.to_lowercase());
        if words.is_empty() || words.iter().any(says) {
            return None;
        }
        let near = words.iter().position(|word| looks_like(text, word)).map(Fault::NearWord);
        near.or((!self.column.others).then_some(Fault::OtherWord))
    }

    fn bounded(&self, n: f64, fault: Option<Fault>) -> Read {
        let ColumnType::Number { min, max, whole } = &self.column.kind else {
            return Read { value: Parsed::Number(n), fault };
        };
        if self.column.unknown.contains(&Scalar::Number(n)) {
            return Read { value: Parsed::Blank, fault };
        }
        let outside = min.is_some_and(|min| n < min) || max.is_some_and(|max| n > max);
        if outside || (*whole && n.fract() != 0.0) {
            return Read { value: Parsed::Unreadable, fault: Some(Fault::OutOfBounds) };
        }
        Read { value: Parsed::Number(n), fault }
    }

    fn text(&mut self, text: &str) -> u32 {
        let ColumnData::Text { texts, .. } = &mut self.data else { return BLANK_TEXT };
        match texts.get_index_of(text) {
            Some(id) => id as u32,
            None => texts.insert_full(text.into()).0 as u32,
        }
    }

    /// Adds a record's value.
    pub(super) fn push(&mut self, value: Parsed) {
        push(&mut self.data, value);
    }
}

/// The day that a plain number of a column of dates says: as Excel counts days, or year first.
fn day_of_number(n: f64) -> Option<Read> {
    if n.fract() != 0.0 {
        return None;
    }
    if (20_000.0..80_000.0).contains(&n) {
        let day = Parsed::Day(n as i32 - 25_569);
        return Some(Read { value: day, fault: Some(Fault::DateAsNumber) });
    }
    let day = dates::of_digits(&plain_number(n))?;
    Some(Read { value: Parsed::Day(day.0), fault: Some(Fault::DateAsDigits) })
}

/// The same of digits that are held as text.
fn day_of_digits(text: &str) -> Option<Read> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).and_then(day_of_number)
}

/// `1000` of `1000.0`.
fn without_point_zero(text: &str) -> Option<&str> {
    let (whole, zeros) = text.split_once('.')?;
    let digits = |part: &str, of: fn(u8) -> bool| !part.is_empty() && part.bytes().all(of);
    let fits = digits(whole, |b| b.is_ascii_digit()) && digits(zeros, |b| b == b'0');
    fits.then_some(whole)
}

/// Whether a text is a number in scientific notation, such as `1.23457E+11`.
fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = exponent.strip_prefix('+').unwrap_or_default();
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && mantissa.parse::<f64>().is_ok()
}

/// Whether a text begins or ends with a word.
fn begins_or_ends(text: &str, word: &str) -> bool {
    text.starts_with(word) || text.ends_with(word)
}

/// Whether a text is a month's name as Excel shortens it: `Jan`.
fn is_short_month(text: &str) -> bool {
    let mut letters = text.chars();
    text.len() == 3
        && letters.next().is_some_and(char::is_uppercase)
        && letters.all(char::is_lowercase)
        && month_number(text).is_some()
}

/// Whether a text is a date as Excel shows one without a year or a day: `03-Jan`, `Jan-03`. In
/// capitals it may be somebody's own identifier.
fn is_short_date(text: &str) -> bool {
    let Some((first, second)) = text.split_once('-') else { return false };
    let is_number =
        |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    (is_number(first) && is_short_month(second)) || (is_short_month(first) && is_number(second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_make_of_identifiers_is_known() {
        for (text, whole) in [("1000.0", Some("1000")), ("1000.00", Some("1000"))] {
            assert_eq!(without_point_zero(text), whole, "{text}");
        }
        for text in ["1000", "1000.5", "A.0", ".0", "1000."] {
            assert_eq!(without_point_zero(text), None, "{text}");
        }
        assert!(is_shortened("1.23457E+11") && is_shortened("2E+05") && is_shortened("1.2e+15"));
        for text in ["E11", "1E5", "12E+", "A1E+3", "1-11"] {
            assert!(!is_shortened(text), "{text}");
        }
        assert!(is_short_date("03-Jan") && is_short_date("Jan-03"));
        for text in ["JAN-03", "03-JAN", "1-11", "Jan", "Jan-2026-1", "Kim-03"] {
            assert!(!is_short_date(text), "{text}");
        }
    }
}
