//! Days as people in the UK write them: day first, or the ISO form; where the month has its name,
//! it may stand first. Months and days are never turned round, and a year of two digits is not
//! completed: what is no date says why.

use super::period::{Day, YEARS, month_name, month_number};

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDate {
    /// It is one only with the month before the day.
    MonthFirst,
    /// The month has fewer days.
    ShortMonth {
        /// Its number.
        month: i8,
        /// Of which year.
        year: i16,
    },
    /// No month has the number, and no other order helps.
    NoMonth,
    /// The year has two digits.
    ShortYear,
    /// The year is not one that a date of a return can have.
    FarYear,
    /// It is not written as a date.
    NotWritten,
}

impl NoDate {
    /// What is wrong, behind `no such date: `.
    pub fn words(self) -> String {
        match self {
            NoDate::MonthFirst => "the month stands before the day".to_string(),
            NoDate::ShortMonth { month: 2, year } => {
                let days = if Day::from_ymd(year, 2, 29).is_some() { 29 } else { 28 };
                format!("February {year} has {days} days")
            }
            NoDate::ShortMonth { month, .. } => {
                let days = if matches!(month, 4 | 6 | 9 | 11) { 30 } else { 31 };
                format!("{} has {days} days", month_name(month))
            }
            NoDate::NoMonth => "there is no such month".to_string(),
            NoDate::ShortYear => "the year has two digits".to_string(),
            NoDate::FarYear => "the year is not 1900 to 2200".to_string(),
            NoDate::NotWritten => "it is not written as a date".to_string(),
        }
    }
}

/// A date that was read, and whether it could be another one with the month first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The day.
    pub day: Day,
    /// Whether day and month could change places: both are numbers of 12 or less, and differ.
    pub either_way: bool,
}

/// The day that a text says; a time behind it is left off.
pub fn day(text: &str) -> Option<Day> {
    read(text).ok().map(|written| written.day)
}

/// The day that a text says, or why it says none.
pub fn read(text: &str) -> Result<Written, NoDate> {
    let mut parts: Vec<&str> =
        without_time(text.trim()).split(is_between).filter(|part| !part.is_empty()).collect();
    if parts.len() == 4 && is_weekday(parts[0]) {
        parts.remove(0);
    }
    if let [month, day, _] = parts[..]
        && month_number(month).is_some()
    {
        parts[..2].copy_from_slice(&[day, month]);
    }
    let [first, middle, last] = parts[..] else { return Err(NoDate::NotWritten) };
    let by_name = month_number(middle);
    let month = by_name.map(i16::from).or(number(middle)).ok_or(NoDate::NotWritten)?;
    let first = if by_name.is_some() { cardinal(first) } else { first };
    let (year, day, iso) = match (first.len(), last.len()) {
        (1 | 2, 4) => (number(last), number(first), false),
        (4, 1 | 2) => (number(first), number(last), true),
        (1 | 2, 2) if number(first).and(number(last)).is_some() => return Err(NoDate::ShortYear),
        _ => return Err(NoDate::NotWritten),
    };
    let (Some(year), Some(day)) = (year, day) else { return Err(NoDate::NotWritten) };
    // Nobody in a return was born before 1900; a year such as 0206 is a slip of the hand.
    if !YEARS.contains(&year) {
        return Err(NoDate::FarYear);
    }
    let swaps = by_name.is_none() && !iso;
    let made = i8::try_from(month).ok().zip(i8::try_from(day).ok());
    let made = made.and_then(|(month, day)| Day::from_ymd(year, month, day));
    match made {
        Some(found) => Ok(Written { day: found, either_way: swaps && day <= 12 && day != month }),
        None if (1..=12).contains(&month) && day > 0 => {
            Err(NoDate::ShortMonth { month: month as i8, year })
        }
        None if swaps && (1..=12).contains(&day) && (13..=31).contains(&month) => {
            Err(NoDate::MonthFirst)
        }
        None => Err(NoDate::NoMonth),
    }
}

/// The day that eight digits say, year first: `20260401`. A column must be known to hold dates
/// before its numbers are taken for them.
pub fn of_digits(text: &str) -> Option<Day> {
    if text.len() != 8 {
        return None;
    }
    let (year, month, day) =
        (number(text.get(..4)?)?, number(text.get(4..6)?)?, number(text.get(6..)?)?);
    Day::from_ymd(year, month as i8, day as i8).filter(|_| YEARS.contains(&year))
}

/// What stands between the parts of a date, or before it as the mark of a text.
fn is_between(letter: char) -> bool {
    matches!(letter, '/' | '-' | '.' | ' ' | ',' | '\'' | '\u{2010}'..='\u{2013}')
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = word.to_lowercase();
    word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(&word))
}

/// `1st` as `1`.
fn cardinal(day: &str) -> &str {
    let bare = day.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    match &day[bare.len()..] {
        "st" | "nd" | "rd" | "th" => bare,
        _ => day,
    }
}

/// A time follows a blank or the ISO form's T.
fn without_time(text: &str) -> &str {
    match text.split_once(['T', ' ']) {
        Some((day, time))
            if time.trim().starts_with(|c: char| c.is_ascii_digit()) && time.contains(':') =>
        {
            day
        }
        _ => text,
    }
}

fn number(text: &str) -> Option<i16> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_day_first_and_never_turned_round() {
        for (text, iso) in [
            ("01/06/2017", "2017-06-01"),
            (" 1/6/2017 ", "2017-06-01"),
            ("2017-06-01", "2017-06-01"),
            ("2017-06-01T00:00:00", "2017-06-01"),
            ("01/06/2017 00:00:00", "2017-06-01"),
            ("1.6.2017", "2017-06-01"),
            ("1 June 2017", "2017-06-01"),
            ("01-Jun-2017", "2017-06-01"),
            ("'01/06/2017", "2017-06-01"),
            ("01\u{2011}06\u{2011}2017", "2017-06-01"),
            ("Thursday, 01 June 2017", "2017-06-01"),
            ("Thu 1st June 2017", "2017-06-01"),
            ("Jun 01, 2017", "2017-06-01"),
            ("June 1st, 2017", "2017-06-01"),
        ] {
            assert_eq!(day(text).map(Day::iso).as_deref(), Some(iso), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_says_why() {
        for (text, why) in [
            ("13/25/2026", "there is no such month"),
            ("06/13/2017", "the month stands before the day"),
            ("31/06/2017", "June has 30 days"),
            ("32/01/2017", "January has 31 days"),
            ("29/02/2025", "February 2025 has 28 days"),
            ("2025-13-01", "there is no such month"),
            ("01/06/17", "the year has two digits"),
            ("01/06/0206", "the year is not 1900 to 2200"),
            ("1 2 3 2017", "it is not written as a date"),
            ("yesterday", "it is not written as a date"),
            ("", "it is not written as a date"),
            ("2017", "it is not written as a date"),
            ("20170601", "it is not written as a date"),
            ("Other, 01 June 2017", "it is not written as a date"),
            ("1xx June 2017", "it is not written as a date"),
            ("Jun 31, 2017", "June has 30 days"),
        ] {
            assert_eq!(read(text).map_err(NoDate::words), Err(why.to_string()), "{text}");
        }
    }

    #[test]
    fn eight_digits_are_a_date_year_first_alone() {
        assert_eq!(of_digits("20170601").map(Day::iso).as_deref(), Some("2017-06-01"));
        for text in
            ["01062017", "20171301", "20170631", "201706011", "2017060", "2017o601", "2017é01"]
        {
            assert_eq!(of_digits(text), None, "{text}");
        }
    }

    #[test]
    fn only_numbers_that_can_change_places_are_in_doubt() {
        for (text, doubt) in [
            ("01/06/2017", true),
            ("06/06/2017", false),
            ("13/06/2017", false),
            ("1 June 2017", false),
            ("June 1, 2017", false),
            ("2017-06-01", false),
        ] {
            assert_eq!(read(text).map(|w| w.either_way), Ok(doubt), "{text}");
        }
    }
}
