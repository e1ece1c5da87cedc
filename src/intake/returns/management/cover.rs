//! The Cover: labels and what they say, and the period that they make.

use super::{CoverEntry, Management};
use crate::intake::read::{Sheet, Value};
use crate::intake::returns::find::normalised;
use crate::intake::returns::typing::quarters;
use crate::nouns::dates;
use crate::nouns::numbers;
use crate::nouns::period::{Period, month_number};
use crate::nouns::problem::{Problem, Problems};

impl Management {
    /// The period that the Cover is for: its dates first, else its year and quarter; none where it
    /// says neither.
    pub fn period(
        &self,
        year_month: i8,
        problems: &mut Problems,
    ) -> Result<Option<Period>, Problem> {
        let named = self.named_period(year_month, problems);
        let end = match self.period_end() {
            Some(entry) => match entry.day {
                Some(day) => Some(day),
                None => {
                    return Err(Problem::error(
                        entry.place.clone(),
                        "the period's end is not a date",
                    )
                    .hint("write it as DD/MM/YYYY; nothing else can be checked until then"));
                }
            },
            None => None,
        };
        let Some(end) = end else { return Ok(named) };
        let mut period = Period::new(end, end, year_month).year_to_date();
        if let Some(start) = self.cover("Period start").and_then(|entry| entry.day) {
            if start > end {
                let place = self.cover("Period start").map(|e| e.place.clone()).unwrap_or_default();
                return Err(Problem::error(place, "the period starts after it ends")
                    .hint("correct Period start or Period end"));
            }
            if start.plus_months(12) <= end {
                let place = self.cover("Period start").map(|e| e.place.clone()).unwrap_or_default();
                problems.add(
                    Problem::error(place, "the period is longer than a year")
                        .hint("correct Period start or Period end: what it counts is of no year"),
                );
            }
            period.start = start;
        } else if let Some(named) = named {
            period.start = named.start;
        }
        if let Some(named) = named
            && named.end != period.end
        {
            let place = self
                .cover("Month")
                .or_else(|| self.cover("Quarter"))
                .or_else(|| self.cover("Reporting year"))
                .map(|e| e.place.clone())
                .unwrap_or_default();
            problems.add(
                Problem::warning(
                    place,
                    "the year, quarter or month does not end on the day of Period end",
                )
                .hint(format!("the return was read as up to {}", period.end.long())),
            );
        }
        Ok(Some(period))
    }

    fn period_end(&self) -> Option<&CoverEntry> {
        self.cover("Period end").or_else(|| self.cover("As at date"))
    }

    fn named_period(&self, year_month: i8, problems: &mut Problems) -> Option<Period> {
        if let Some(month) = self.cover("Month") {
            let named = self.named_month(month, year_month);
            if named.is_none() {
                problems.add(
                    Problem::warning(month.place.clone(), "the month cannot be read")
                        .hint("write it as September 2026"),
                );
            }
            return named;
        }
        let year = self.cover("Reporting year").or_else(|| self.cover("Period"))?;
        let Some(whole) = Period::parse(&year.text, year_month) else {
            problems.add(
                Problem::warning(year.place.clone(), "the reporting year cannot be read")
                    .hint("write it as 2026/27"),
            );
            return None;
        };
        let Some(quarter) = self.cover("Quarter").filter(|entry| !says_year(&entry.text)) else {
            return Some(whole);
        };
        let named = quarters::read(&quarter.text, &whole).filter(|quarters| quarters.inside);
        let named = named.map(|quarters| format!("{} {}", whole.year_label(), quarters.label));
        let named = named.and_then(|named| Period::parse(&named, year_month));
        if named.is_none() {
            problems.add(
                Problem::warning(
                    quarter.place.clone(),
                    "the quarter cannot be read, or is not of the reporting year",
                )
                .hint("write it as Q2 or Q1/Q2"),
            );
            // A day says more than a year whose quarter is unknown.
            return self.period_end().is_none().then_some(whole);
        }
        named
    }

    /// The month of `September 2026`, of the date that Excel makes of it, or of `September` beside
    /// a reporting year.
    fn named_month(&self, entry: &CoverEntry, year_month: i8) -> Option<Period> {
        if let Some(day) = entry.day {
            return Some(Period::new(day, day, year_month).month());
        }
        let named = Period::parse(&entry.text, year_month).filter(Period::is_month);
        named.or_else(|| {
            let year = Period::parse(self.cover_text("Reporting year")?, year_month)?;
            let number = month_number(&entry.text)?;
            let months = (0..12).map(|month| year.start.plus_months(month));
            let first = months.into_iter().find(|first| first.date().month() == number)?;
            Some(Period::new(first, first, year_month).month())
        })
    }

    /// Reads a Cover. One that is named so beats sheets of other names.
    pub(super) fn take_cover(&mut self, sheet: &Sheet, problems: &mut Problems) {
        for (row, cells) in sheet.rows() {
            let Some((label, value)) = cells.split_first() else { continue };
            let (Value::Text(key), Some(value)) = (sheet.value(label), value.first()) else {
                continue;
            };
            let place = sheet.place.at(row, value.col);
            let (text, number, day) = match sheet.value(value) {
                Value::Date(day) => (day.long(), None, Some(day)),
                Value::Number(n) => (sheet.shown(value), Some(n), None),
                Value::Text(text) => {
                    (numbers::trimmed(text).into_owned(), numbers::typed(text), dates::day(text))
                }
                Value::Bool(_) => (sheet.shown(value), None, None),
                Value::Error(_)
                | Value::Uncalculated
                | Value::NotADate(_)
                | Value::TooLong
                | Value::NoText => {
                    problems.add(
                        Problem::error(place, "the Cover's value cannot be used")
                            .hint("type the value itself"),
                    );
                    continue;
                }
            };
            let key = numbers::trimmed(key).trim_end_matches(':').to_string();
            let entry = CoverEntry { key: key.clone(), text, number, day, place: place.clone() };
            // Several managers may each send a Cover that says the same.
            let named = |name: &str| name.trim().eq_ignore_ascii_case("cover");
            let earlier = self.cover.get(&normalised(&key));
            let other = earlier.filter(|earlier| earlier.text != entry.text);
            let stays = other.is_some_and(|earlier| {
                earlier.place.sheet.as_deref().is_some_and(named) && !named(&sheet.name)
            });
            if let Some(other) = other {
                let used = if stays { &other.place } else { &place };
                let message =
                    format!("the Cover says this twice; what stands at {} was used", used.within());
                problems.add(Problem::warning(place.clone(), message).hint("take one away"));
            }
            if !stays {
                self.cover.insert(normalised(&key), entry);
            }
        }
    }
}

/// Whether what stands where a quarter could means the whole year: `Annual`, `Full year`, nothing.
/// Longer words may name a quarter beside it, as `Year to date, Q2` does.
fn says_year(quarter: &str) -> bool {
    const WHOLE: [&str; 6] = ["", "annual", "year", "full year", "whole year", "year end"];
    WHOLE.contains(&quarter.to_lowercase().replace('-', " ").as_str())
}

/// Two columns of labels and values, of which a Cover has some.
pub(super) fn is_cover(sheet: &Sheet) -> bool {
    const LABELS: [&str; 9] = [
        "AUTHORITY",
        "REPORTINGYEAR",
        "QUARTER",
        "MONTH",
        "PERIODSTART",
        "PERIODEND",
        "COMMITTEE",
        "RETURN",
        "POPULATIONUNDER18",
    ];
    let labels = sheet.rows().filter_map(|(_, cells)| match sheet.value(cells.first()?) {
        Value::Text(text) => Some(normalised(text)),
        _ => None,
    });
    let known = labels.filter(|l| LABELS.contains(&l.as_str())).count();
    known >= 2 || (known == 1 && sheet.name.trim().eq_ignore_ascii_case("cover"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nouns::period::Day;
    use crate::nouns::problem::Place;

    fn cover(entries: &[(&str, &str)]) -> Management {
        let mut management = Management::default();
        for (key, text) in entries {
            let entry = CoverEntry {
                key: (*key).to_string(),
                text: (*text).to_string(),
                number: None,
                day: Day::parse(text),
                place: Place::default(),
            };
            management.cover.insert(normalised(key), entry);
        }
        management
    }

    #[test]
    fn a_month_is_a_period_however_it_is_written() {
        for (entries, says) in [
            (&[("Month", "September 2026")][..], Some("September 2026")),
            (&[("Month", "Sep 2026")], Some("September 2026")),
            // Excel's date of `Sep 2026`.
            (&[("Month", "1 September 2026")], Some("September 2026")),
            (&[("Month", "Feb"), ("Reporting year", "2027/28")], Some("February 2028")),
            (&[("Month", "April"), ("Reporting year", "2027/28")], Some("April 2027")),
            (&[("Period", "December 2026")], Some("December 2026")),
            (&[("Month", "June 2026"), ("Period end", "30 June 2026")], Some("June 2026")),
            (&[("Month", "September")], None),
            (&[("Month", "Q2"), ("Reporting year", "2027/28")], None),
        ] {
            let mut problems = Problems::default();
            let period = cover(entries).period(4, &mut problems).expect("days are days");
            assert_eq!(period.map(|p| p.label()).as_deref(), says, "{entries:?}");
            assert_eq!(problems.iter().count(), usize::from(says.is_none()), "{entries:?}");
        }
        for (quarter, says, told) in [
            ("Qtr 2", Some("2026/27 Q2"), 0),
            ("Jul-Sep", Some("2026/27 Q2"), 0),
            ("Q2 (July to September)", Some("2026/27 Q2"), 0),
            ("Q2 2026/27", Some("2026/27 Q2"), 0),
            ("Q1 & Q2", Some("2026/27 Q1/Q2"), 0),
            ("Full year", Some("2026/27"), 0),
            ("Year to date, Q2", Some("2026/27"), 1),
            ("Q2 2025/26", Some("2026/27"), 1),
            ("Second", Some("2026/27"), 1),
        ] {
            let mut problems = Problems::default();
            let named = cover(&[("Reporting year", "2026/27"), ("Quarter", quarter)]);
            let period = named.period(4, &mut problems).expect("days are days");
            assert_eq!(period.map(|p| p.label()).as_deref(), says, "{quarter}");
            assert_eq!(problems.iter().count(), told, "{quarter}");
        }
        let mut problems = Problems::default();
        let long = cover(&[("Period start", "1 April 2025"), ("Period end", "30 September 2026")]);
        long.period(4, &mut problems).expect("days are days");
        assert_eq!(problems.iter().count(), 1);
        let mut problems = Problems::default();
        let year = cover(&[("Period start", "1 April 2025"), ("Period end", "31 March 2026")]);
        year.period(4, &mut problems).expect("days are days");
        assert_eq!(problems.iter().count(), 0);
        let mut problems = Problems::default();
        let two = cover(&[("Month", "May 2026"), ("Period end", "30 June 2026")]);
        assert_eq!(
            two.period(4, &mut problems).expect("a day").map(|p| p.end.iso()).as_deref(),
            Some("2026-06-30")
        );
        assert_eq!(problems.iter().count(), 1);
    }
}
