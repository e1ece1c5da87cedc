//! What a sheet's name tells: that it is Excel's copy of another, or that it holds another period
//! than the return's. Such sheets are told, and never win over the sheet that is meant.

use crate::intake::read::Sheet;
use crate::nouns::period::{Day, Period, month_number};
use crate::nouns::problem::Problem;

/// The sheet that this one is a copy of by its name: `Episodes (2)`, `Copy of Episodes`.
fn original<'s>(sheet: &Sheet, all: &[&'s Sheet]) -> Option<&'s Sheet> {
    let name = copied_name(&sheet.name)?;
    let mut others = all.iter().filter(|other| are_together(sheet, other));
    others.find(|other| other.name.trim().eq_ignore_ascii_case(name)).copied()
}

/// Whether two sheets stand side by side: in one workbook, or as CSV files.
pub fn are_together(one: &Sheet, other: &Sheet) -> bool {
    one.place.file == other.place.file || (!one.typed && !other.typed)
}

/// What is said of a sheet that is of another period by its name, where there is no other.
pub fn used_all_the_same(sheet: &Sheet, other: &str) -> Problem {
    let message = format!("the sheet's name says {other}; it was read as the return's period");
    Problem::warning(sheet.place.clone(), message)
        .hint("name it after the return's period, or leave the period out of its name")
}

/// The name that a copy was made from, as Excel, Windows and macOS name copies.
fn copied_name(name: &str) -> Option<&str> {
    let name = name.trim();
    let lower = name.to_lowercase();
    if lower.starts_with("copy of ") {
        return name.get("copy of ".len()..).map(str::trim);
    }
    for ending in [" - copy", " copy"] {
        if lower.ends_with(ending) {
            return name.get(..name.len() - ending.len()).map(str::trim);
        }
    }
    let (before, number) = name.strip_suffix(')')?.rsplit_once('(')?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| before.trim()).filter(|before| !before.is_empty())
}

/// What is said of a sheet that is a copy of another; it is left out.
pub fn copy(sheet: &Sheet, all: &[&Sheet]) -> Option<Problem> {
    let original = original(sheet, all)?;
    let place = sheet.place.clone();
    let name = &original.name;
    Some(if sheet.holds_the_same(original) {
        Problem::note(place, format!("the sheet is a copy of {name}, so it was left out"))
    } else {
        Problem::warning(
            place,
            format!("the sheet is a copy of {name} and not the same, so it was left out"),
        )
        .hint("delete it; if it belongs to the return, give it a name of its own")
    })
}

/// What a name says of a time.
#[derive(Debug, Default, PartialEq)]
struct Said {
    /// First and last quarter.
    quarters: Option<(i32, i32)>,
    /// The year that it begins in, of 2025/26.
    year: Option<i16>,
    /// A year of four digits alone: it may begin or end in it.
    bare_year: Option<i16>,
    month: Option<i8>,
    /// `last quarter`, `previous`.
    earlier: bool,
}

impl Said {
    fn by(name: &str) -> Said {
        let lower = name.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let mut said = Said::default();
        let mut at = 0;
        while at < words.len() {
            let next = words.get(at + 1).copied().unwrap_or_default();
            at += 1;
            match words[at - 1] {
                "quarter" | "qtr" | "q" if quarter(next).is_some() => {
                    said.add_quarter(quarter(next));
                    at += 1;
                }
                "last" | "previous" | "prev" | "prior"
                    if ["", "quarter", "qtr", "q", "year", "return", "period", "month"]
                        .contains(&next) =>
                {
                    said.earlier = true;
                    at += 1;
                }
                word if word.strip_prefix('q').and_then(quarter).is_some() => {
                    said.add_quarter(word.strip_prefix('q').and_then(quarter))
                }
                word if years(word, next).is_some() => {
                    said.year = years(word, next);
                    at += 1;
                }
                word if year_of_six(word).is_some() => said.year = year_of_six(word),
                word if four_digits(word).is_some() => said.bare_year = four_digits(word),
                word if word.len() >= 3 && month_number(word).is_some() => {
                    said.month = month_number(word);
                    // `Jun 26`.
                    if let (2, Ok(year)) = (next.len(), next.parse::<i16>()) {
                        said.bare_year = Some(2000 + year);
                        at += 1;
                    }
                }
                _ => {}
            }
        }
        said
    }

    fn add_quarter(&mut self, number: Option<i32>) {
        let Some(number) = number else { return };
        let first = self.quarters.map_or(number, |(first, _)| first.min(number));
        let last = self.quarters.map_or(number, |(_, last)| last.max(number));
        self.quarters = Some((first, last));
    }

    /// The periods that may be meant, of which a return of `period` is told.
    fn periods(&self, period: &Period) -> Vec<Period> {
        let month_of_year = period.year_month;
        let own_year = period.year_start().date().year();
        let years: Vec<i16> = match (self.year, self.bare_year) {
            (Some(year), _) => vec![year],
            (None, Some(year)) => vec![year, year - 1],
            (None, None) => vec![own_year],
        };
        if let Some(month) = self.month {
            let ends = |year: i16| year_until(year, month, month_of_year);
            let calendar: Vec<i16> = match (self.year, self.bare_year) {
                (None, Some(year)) => vec![year],
                _ => years.iter().map(|y| y + i16::from(month < month_of_year)).collect(),
            };
            return calendar.into_iter().filter_map(ends).collect();
        }
        let whole = years.into_iter().filter_map(|year| Period::year(year, month_of_year));
        match self.quarters {
            None if self.year.is_none() && self.bare_year.is_none() => Vec::new(),
            None => whole.collect(),
            Some((first, last)) => whole
                .map(|year| {
                    let start = year.start.plus_months((first - 1) * 3);
                    let end = year.start.plus_months(last * 3).plus_days(-1);
                    Period::new(start, end, month_of_year)
                })
                .collect(),
        }
    }
}

fn quarter(word: &str) -> Option<i32> {
    word.parse().ok().filter(|n| (1..=4).contains(n) && word.len() == 1)
}

fn four_digits(word: &str) -> Option<i16> {
    word.parse().ok().filter(|year| (1990..=2100).contains(year) && word.len() == 4)
}

/// The first year of `2025`, `26` or `25`, `26`.
fn years(word: &str, next: &str) -> Option<i16> {
    let short = |text: &str| text.parse::<i16>().ok().filter(|_| text.len() == 2);
    let first = four_digits(word).or_else(|| short(word).map(|year| 2000 + year))?;
    let second = four_digits(next).or_else(|| short(next).map(|year| first / 100 * 100 + year))?;
    let follows = second == first + 1 || (first % 100 == 99 && second % 100 == 0);
    follows.then_some(first)
}

/// The first year of `202526`.
fn year_of_six(word: &str) -> Option<i16> {
    let (first, second) = (word.len() == 6).then(|| word.split_at_checked(4)).flatten()?;
    years(first, second)
}

/// What another period a sheet is of by its name, in words; none where it may be the return's.
/// A sheet that stands for a whole period ends with it; rows of lists may be of any time within.
pub fn other_period(name: &str, period: &Period, within: bool) -> Option<String> {
    let said = Said::by(name);
    if said.earlier {
        return Some("an earlier period".to_string());
    }
    let periods = said.periods(period);
    let first = periods.first()?;
    (!periods.iter().any(|other| fits(other, period, within))).then(|| first.label())
}

/// Whether a sheet of another period may be a part of a return: the periods end together, one holds
/// the other, or some of the rows are of the return's year.
fn fits(other: &Period, period: &Period, within: bool) -> bool {
    let ends_with_it = other.end == period.end;
    let whole_year = other.start <= period.start && other.end >= period.end;
    let overlaps = other.start <= period.end && other.end >= period.year_start();
    ends_with_it || whole_year || (within && overlaps)
}

/// The year that a month ends in, as far as to the last day of that month.
fn year_until(year: i16, month: i8, month_of_year: i8) -> Option<Period> {
    let first = Day::from_ymd(year, month, 1)?;
    let end = first.plus_months(1).plus_days(-1);
    Some(Period::new(end, end, month_of_year).year_to_date())
}

/// The last day that a name speaks of, to put several returns in their order.
pub fn latest(name: &str, period: &Period) -> Option<Day> {
    Said::by(name).periods(period).iter().map(|p| p.end).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_with_its_last_day_and_begins_with_its_year() {
        let days = |period: Period| (period.start.iso(), period.end.iso());
        let leap = year_until(2028, 2, 4).map(days);
        assert_eq!(leap, Some(("2027-04-01".to_string(), "2028-02-29".to_string())));
        let first = year_until(2026, 4, 4).map(days);
        assert_eq!(first, Some(("2026-04-01".to_string(), "2026-04-30".to_string())));
    }

    #[test]
    fn copies_are_known_by_their_names() {
        for (name, original) in [
            ("Episodes (2)", Some("Episodes")),
            ("Episodes(12)", Some("Episodes")),
            ("Copy of Episodes", Some("Episodes")),
            ("episodes - Copy", Some("episodes")),
            ("Episodes", None),
            ("Episodes (Q2)", None),
            ("(2)", None),
        ] {
            assert_eq!(copied_name(name), original, "{name}");
        }
    }

    #[test]
    fn a_tab_of_another_period_is_known_by_its_name() {
        let period = Period::parse("30/09/2026", 4).expect("a period");
        for (name, other) in [
            ("Figures", None),
            ("Q2", None),
            ("Q1/Q2", None),
            ("Figures 2026-27", None),
            ("Sep 2026", None),
            ("2026", None),
            ("Q1", Some("2026/27 Q1")),
            ("Quarter 1", Some("2026/27 Q1")),
            ("Figures Q2 2025-26", Some("2025/26 Q2")),
            ("2025/26", Some("2025/26")),
            ("June 2026", Some("2026/27 Q1")),
            ("Jun 26", Some("2026/27 Q1")),
            ("June", Some("2026/27 Q1")),
            ("202526 figures", Some("2025/26")),
            ("Last quarter", Some("an earlier period")),
            ("Previous", Some("an earlier period")),
            ("Last updated by", None),
            ("Form 12", None),
        ] {
            assert_eq!(other_period(name, &period, false).as_deref(), other, "{name}");
        }
        assert_eq!(years("1998", "99"), Some(1998), "a year's second half is in its century");
        assert_eq!(other_period("Exits Q1", &period, true), None);
        assert!(other_period("Exits Q4", &period, true).is_some());
    }
}
