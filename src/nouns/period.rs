//! Days, periods and the windows of time that indicators speak of.
//!
//! A council's year is its financial year (1 April to 31 March unless `rapporteur.toml` says
//! otherwise). A [`Period`] is what one run reports on; everything else, such as the year to date
//! or the twelve months that end with it, follows from its last day.

use jiff::civil::Date;
use serde::Serialize;

/// A day, as days since 1 January 1970: dates of records are compared by the million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

const EPOCH: Date = jiff::civil::date(1970, 1, 1);
/// No day that is worked with lies outside the years 1000 to 4000: whatever a script adds, the
/// calendar holds.
const BOUNDS: (i32, i32) = (-354_285, 741_442);
/// The years that a day of a return can lie in; others are slips of the hand.
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

impl Day {
    /// The day of a calendar date.
    pub fn from_date(date: Date) -> Self {
        let days = date.since(EPOCH).expect("a date is always some days from another");
        Day(days.get_days())
    }

    /// Year, month, day; none for a date that does not exist, such as 31 June.
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Day::from_date)
    }

    /// The day that `14 October 1991` or `1991-10-14` names.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let day = match words[..] {
            [only] => only.parse::<Date>().ok().map(Day::from_date),
            [_, _, _] => month_end(&words),
            _ => None,
        };
        day.filter(|day| YEARS.contains(&day.date().year()))
    }

    /// The calendar date.
    pub fn date(self) -> Date {
        let span = jiff::Span::new().days(self.0);
        EPOCH.checked_add(span).expect("days are made from dates, so they lie in the calendar")
    }

    /// A number of months later (or earlier, where negative), on the same day of the month or on
    /// the month's last day where it has none. No day lies beyond the calendar.
    ///
    /// ```
    /// use rapporteur::nouns::period::Day;
    ///
    /// let day = Day::from_ymd(2024, 3, 31).expect("a day");
    /// assert_eq!(day.plus_months(-1).iso(), "2024-02-29");
    /// assert_eq!(day.plus_months(12).iso(), "2025-03-31");
    /// ```
    pub fn plus_months(self, months: i32) -> Self {
        let span = jiff::Span::new().try_months(months);
        let moved = span.and_then(|span| self.date().checked_add(span));
        moved.map_or(Day(i32::MAX * months.signum()), Day::from_date).plus_days(0)
    }

    /// A number of days later.
    pub fn plus_days(self, days: i32) -> Self {
        Day(self.0.saturating_add(days).clamp(BOUNDS.0, BOUNDS.1))
    }

    /// Whole years from `birth` to this day.
    ///
    /// ```
    /// use rapporteur::nouns::period::Day;
    ///
    /// let birth = Day::from_ymd(2010, 9, 30).expect("a day");
    /// assert_eq!(Day::from_ymd(2026, 9, 29).expect("a day").age_from(birth), 15);
    /// assert_eq!(Day::from_ymd(2026, 9, 30).expect("a day").age_from(birth), 16);
    /// ```
    pub fn age_from(self, birth: Day) -> i32 {
        let (at, born) = (self.date(), birth.date());
        let had_birthday = (at.month(), at.day()) >= (born.month(), born.day());
        i32::from(at.year()) - i32::from(born.year()) - i32::from(!had_birthday)
    }

    /// `2026-09-30`.
    pub fn iso(self) -> String {
        self.date().to_string()
    }

    /// `30 September 2026`.
    pub fn long(self) -> String {
        let date = self.date();
        format!("{} {} {}", date.day(), MONTHS[date.month() as usize - 1], date.year())
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.iso())
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A month's number from its name or its first three letters.
pub fn month_number(name: &str) -> Option<i8> {
    let name = name.to_lowercase();
    let found = MONTHS.iter().position(|m| {
        let month = m.to_lowercase();
        name == month
            || (name.len() == 3 && month.starts_with(&name))
            || (name == "sept" && month == "september")
    });
    found.map(|i| i as i8 + 1)
}

/// A month's name from its number.
pub fn month_name(month: i8) -> &'static str {
    MONTHS[usize::try_from(month).unwrap_or(1).clamp(1, 12) - 1]
}

/// What a run reports on: first and last day, both included, and the month the council's year
/// begins in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// First day.
    pub start: Day,
    /// Last day: the as-at date of snapshots.
    pub end: Day,
    /// The month whose first day begins a year: 4 for April.
    pub year_month: i8,
}

impl Period {
    /// The period from `start` to `end`, both included.
    pub fn new(start: Day, end: Day, year_month: i8) -> Self {
        Period { start, end, year_month }
    }

    /// The year that begins in `year`.
    pub fn year(year: i16, year_month: i8) -> Option<Self> {
        let start = Day::from_ymd(year, year_month, 1)?;
        Some(Period::new(start, start.plus_months(12).plus_days(-1), year_month))
    }

    /// First day of the year that the period's end lies in.
    pub fn year_start(&self) -> Day {
        let end = self.end.date();
        let year = if end.month() >= self.year_month { end.year() } else { end.year() - 1 };
        Day::from_ymd(year, self.year_month, 1).expect("the first of a month exists")
    }

    /// Last day of the year that the period's end lies in.
    pub fn year_end(&self) -> Day {
        self.year_start().plus_months(12).plus_days(-1)
    }

    /// First day of the quarter that the period's end lies in.
    pub fn quarter_start(&self) -> Day {
        let months = months_between(self.year_start(), self.end);
        self.year_start().plus_months(months / 3 * 3)
    }

    /// First day of the month that the period's end lies in.
    pub fn month_start(&self) -> Day {
        Day::from_date(self.end.date().first_of_month())
    }

    /// The whole month that the period's end lies in.
    pub fn month(&self) -> Period {
        let end = Day::from_date(self.end.date().last_of_month());
        Period { start: self.month_start(), end, ..*self }
    }

    /// Whether it is a whole year.
    pub fn is_year(&self) -> bool {
        self.start == self.year_start() && self.end == self.year_end()
    }

    /// Whether it is a whole month.
    pub fn is_month(&self) -> bool {
        *self == self.month()
    }

    /// The month before the one that the period's end lies in.
    pub fn previous_month(&self) -> Period {
        Period { end: self.month_start().plus_days(-1), ..*self }.month()
    }

    /// From the year's first day to the period's last.
    pub fn year_to_date(&self) -> Period {
        Period { start: self.year_start(), ..*self }
    }

    /// The whole year before the one that the period lies in.
    pub fn previous_year(&self) -> Period {
        let start = self.year_start().plus_months(-12);
        Period { start, end: self.year_start().plus_days(-1), ..*self }
    }

    /// The whole year after the one that the period lies in.
    pub fn next_year(&self) -> Period {
        let start = self.year_start().plus_months(12);
        Period { start, end: start.plus_months(12).plus_days(-1), ..*self }
    }

    /// The quarter that the period's end lies in, up to its last day.
    pub fn latest_quarter(&self) -> Period {
        Period { start: self.quarter_start(), ..*self }
    }

    /// The quarter before the one that the period's end lies in.
    pub fn previous_quarter(&self) -> Period {
        let start = self.quarter_start().plus_months(-3);
        Period { start, end: self.quarter_start().plus_days(-1), ..*self }
    }

    /// The period of the next report: the month after a month; else the next quarter, again from
    /// the year's first day where this one is.
    pub fn next(&self) -> Period {
        if self.is_month() {
            return Period { end: self.end.plus_days(1), ..*self }.month();
        }
        let end = self.end.plus_days(1).plus_months(3).plus_days(-1);
        let next = Period::new(end, end, self.year_month);
        let start =
            if self.start == self.year_start() { next.year_start() } else { next.quarter_start() };
        Period { start, ..next }
    }

    /// The same days a year earlier.
    pub fn same_period_last_year(&self) -> Period {
        // The last day of a month stays one: 29 February becomes 28, 28 February before a leap day
        // 29.
        let next_day = self.end.plus_days(1).plus_months(-12);
        Period { start: self.start.plus_months(-12), end: next_day.plus_days(-1), ..*self }
    }

    /// `2026/27`, or `2026` where years begin in January.
    pub fn year_label(&self) -> String {
        let year = self.year_start().date().year();
        if self.year_month == 1 {
            year.to_string()
        } else {
            format!("{year}/{:02}", (year + 1) % 100)
        }
    }

    /// `26/27`.
    pub fn short_year_label(&self) -> String {
        let label = self.year_label();
        label.get(2..).unwrap_or(&label).to_string()
    }

    /// `Q1/Q2`, `Q3`, `Q1-Q3`; nothing for a whole year or for odd days.
    pub fn quarter_label(&self) -> Option<String> {
        let first = self.quarter_number(self.start, true)?;
        let last = self.quarter_number(self.end, false)?;
        if self.start < self.year_start() || (first, last) == (1, 4) {
            return None;
        }
        Some(match last - first {
            0 => format!("Q{first}"),
            1 => format!("Q{first}/Q{last}"),
            _ => format!("Q{first}-Q{last}"),
        })
    }

    /// Which quarter begins (or ends) on the day, if one does.
    fn quarter_number(&self, day: Day, begins: bool) -> Option<i32> {
        let first = if begins { day } else { day.plus_days(1) };
        let year_start = if begins { self.year_start() } else { self.year_start().plus_months(3) };
        let months = months_between(year_start, first);
        (first.date().day() == 1 && months % 3 == 0).then_some(months / 3 + 1)
    }

    /// `2026/27`, `2026/27 Q1/Q2`, `September 2026`, or the two days where none fits.
    pub fn label(&self) -> String {
        if self.is_year() {
            return self.year_label();
        }
        match self.quarter_label() {
            Some(quarters) => format!("{} {quarters}", self.year_label()),
            None if self.is_month() => self.end_month(),
            None => format!("{} to {}", self.start.long(), self.end.long()),
        }
    }

    /// Its name under the name of its year, for axes with many periods: `Q2` under `2026/27`, `Sep`
    /// under `2026`, `Year` under `2026/27`.
    pub fn label_in_year(&self) -> (String, String) {
        match self.quarter_label() {
            _ if self.is_year() => (self.year_label(), "Year".to_string()),
            None if self.is_month() => {
                let end = self.end.date();
                (end.year().to_string(), month_name(end.month())[..3].to_string())
            }
            None => (self.year_label(), self.end.long()),
            Some(quarters) => (self.year_label(), quarters),
        }
    }

    /// `September 2026`: the month that it ends in.
    pub fn end_month(&self) -> String {
        let end = self.end.date();
        format!("{} {}", month_name(end.month()), end.year())
    }

    /// Reads `2026/27`, `2026/27 Q2`, `Q2 2019/20`, `2017/18 Q1/Q2`, `16/17`; the month of
    /// `March 2023` or `Mar 2023`; the year up to the day of `30/09/2026`, `2026-09-30` or
    /// `30 September 2026`.
    ///
    /// ```
    /// use rapporteur::nouns::period::Period;
    ///
    /// let quarter = Period::parse("2026/27 Q2", 4).expect("a quarter");
    /// assert_eq!(quarter.start.iso(), "2026-07-01");
    /// assert_eq!(quarter.end.iso(), "2026-09-30");
    /// assert_eq!(quarter.year_to_date().label(), "2026/27 Q1/Q2");
    /// assert_eq!(quarter.previous_quarter().label(), "2026/27 Q1");
    /// assert_eq!(Period::parse("2026/28", 4), None);
    /// ```
    pub fn parse(text: &str, year_month: i8) -> Option<Period> {
        let lower = text.trim().to_lowercase().replace(['–', '—'], "-").replace("provisional", "");
        if let Some(end) = super::dates::day(&lower) {
            return Some(Period::new(Day(0), end, year_month).year_to_date());
        }
        let words: Vec<&str> = lower.split_whitespace().collect();
        if let Some(end) = month_end(&words).filter(|d| YEARS.contains(&d.date().year())) {
            let period = Period::new(end, end, year_month);
            return Some(if words.len() == 2 { period.month() } else { period.year_to_date() });
        }
        let (quarters, years): (Vec<&str>, Vec<&str>) = words
            .into_iter()
            .filter(|w| *w != "quarter")
            .partition(|w| w.starts_with('q') || w.len() == 1);
        let [year] = years[..] else { return None };
        let year = first_year(year, year_month).filter(|y| YEARS.contains(y))?;
        let year = Period::year(year, year_month)?;
        if quarters.is_empty() {
            return Some(year);
        }
        let quarters =
            quarters.iter().flat_map(|w| w.split(['/', '-', '+', '&'])).filter(|w| !w.is_empty());
        let ends = quarters.take(2).map(quarter_number).collect::<Option<Vec<i32>>>()?;
        let (first, last) = (*ends.first()?, *ends.last()?);
        let end = year.start.plus_months(last * 3).plus_days(-1);
        (last >= first)
            .then(|| Period::new(year.start.plus_months((first - 1) * 3), end, year_month))
    }
}

/// Whole months from one first of a month to a later day.
fn months_between(from: Day, to: Day) -> i32 {
    let (from, to) = (from.date(), to.date());
    (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
        - i32::from(from.month())
}

/// The year that `2026/27`, `2026-27`, `2026/2027`, `26/27` or `2026` begins in.
fn first_year(text: &str, year_month: i8) -> Option<i16> {
    let parts: Vec<&str> = text.split(['/', '-']).collect();
    match parts[..] {
        [first, second] => {
            let (first, second) = (year_number(first)?, year_number(second)?);
            (second == first + 1).then_some(first)
        }
        // A bare year is one only where years are calendar years: `2023` of 2022/23 would be a
        // guess.
        [only] if year_month == 1 => year_number(only),
        _ => None,
    }
}

/// The year that `2026` or `26` is: of two digits, one of this century.
fn year_number(text: &str) -> Option<i16> {
    match text.len() {
        2 => text.parse::<i16>().ok().map(|year| year + 2000),
        4 => text.parse().ok(),
        _ => None,
    }
}

/// Which quarter of a year `q2` or `2` is.
fn quarter_number(word: &str) -> Option<i32> {
    word.trim_start_matches('q').parse().ok().filter(|n| (1..=4).contains(n))
}

/// The last day that `march 2023` or `30 september 2026` names.
fn month_end(words: &[&str]) -> Option<Day> {
    match words {
        [month, year] => {
            let first =
                Day::from_ymd(year.parse().ok().filter(|y| *y >= 1900)?, month_number(month)?, 1)?;
            Some(first.plus_months(1).plus_days(-1))
        }
        [day, month, year] => {
            Day::from_ymd(year.parse().ok()?, month_number(month)?, day.parse().ok()?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        Period::parse(text, 4).unwrap_or_else(|| panic!("{text} is a period"))
    }

    #[test]
    fn no_move_leaves_the_calendar() {
        let day = Day::from_ymd(2026, 9, 30).expect("a day");
        let moved = [i32::MIN, -144_000, 144_000, i32::MAX].map(|n| day.plus_months(n).0);
        assert_eq!(moved, [BOUNDS.0, BOUNDS.0, BOUNDS.1, BOUNDS.1]);
    }

    #[test]
    fn a_quarter_begins_with_the_first_of_its_three_months() {
        for (text, begins) in [
            ("April 2026", "2026-04-01"),
            ("June 2026", "2026-04-01"),
            ("July 2026", "2026-07-01"),
            ("2026/27 Q1/Q2", "2026-07-01"),
            ("December 2026", "2026-10-01"),
            ("2026/27", "2027-01-01"),
        ] {
            assert_eq!(period(text).quarter_start().iso(), begins, "{text}");
        }
    }

    #[test]
    fn labels_are_read_and_written() {
        for (text, start, end, label) in [
            ("2026/27", "2026-04-01", "2027-03-31", "2026/27"),
            ("16/17", "2016-04-01", "2017-03-31", "2016/17"),
            ("1999/00", "1999-04-01", "2000-03-31", "1999/00"),
            ("2022/23 provisional", "2022-04-01", "2023-03-31", "2022/23"),
            ("2017/18 Q1/Q2", "2017-04-01", "2017-09-30", "2017/18 Q1/Q2"),
            ("Q2 2019/20", "2019-07-01", "2019-09-30", "2019/20 Q2"),
            ("2026-27 Q4", "2027-01-01", "2027-03-31", "2026/27 Q4"),
            ("2026/27 Q1-Q3", "2026-04-01", "2026-12-31", "2026/27 Q1-Q3"),
            ("2026/27 quarter 1", "2026-04-01", "2026-06-30", "2026/27 Q1"),
            ("March 2023", "2023-03-01", "2023-03-31", "March 2023"),
            ("feb 2024", "2024-02-01", "2024-02-29", "February 2024"),
            ("Sept 2026", "2026-09-01", "2026-09-30", "September 2026"),
            ("2026-09-30", "2026-04-01", "2026-09-30", "2026/27 Q1/Q2"),
            ("30/09/2026", "2026-04-01", "2026-09-30", "2026/27 Q1/Q2"),
            ("30 September 2026", "2026-04-01", "2026-09-30", "2026/27 Q1/Q2"),
            ("5 May 2026", "2026-04-01", "2026-05-05", "1 April 2026 to 5 May 2026"),
        ] {
            let period = period(text);
            assert_eq!(
                (period.start.iso(), period.end.iso()),
                (start.into(), end.into()),
                "{text}"
            );
            assert_eq!(period.label(), label, "{text}");
        }
        for text in
            ["", "Q2", "2026/28", "2026", "Q5 2026/27", "2026/27 Q3/Q1", "soon", "31 June 2026"]
        {
            assert_eq!(Period::parse(text, 4), None, "{text}");
        }
    }

    #[test]
    fn a_period_under_its_year() {
        for (text, year, name) in [
            ("2026/27 Q2", "2026/27", "Q2"),
            ("2026/27", "2026/27", "Year"),
            ("September 2026", "2026", "Sep"),
            ("5 May 2026", "2026/27", "5 May 2026"),
        ] {
            assert_eq!(period(text).label_in_year(), (year.to_string(), name.to_string()));
        }
    }

    #[test]
    fn neighbours_of_a_period() {
        let q2 = period("2026/27 Q2");
        assert_eq!(q2.year_to_date().label(), "2026/27 Q1/Q2");
        assert_eq!(q2.previous_year().label(), "2025/26");
        assert_eq!(q2.previous_quarter().label(), "2026/27 Q1");
        assert_eq!(q2.same_period_last_year().label(), "2025/26 Q2");
        assert_eq!(period("2026/27 Q1").previous_quarter().label(), "2025/26 Q4");
        assert_eq!(period("2026/27").previous_year().short_year_label(), "25/26");
    }

    /// Every day of five years: quarters tile the year, and labels lead back to their period.
    #[test]
    fn every_day_lies_in_its_year_and_quarter() {
        for year_month in [1, 4, 9] {
            let first = Day::from_ymd(2023, 1, 1).unwrap();
            for days in 0..1827 {
                let end = first.plus_days(days);
                let period = Period::new(end, end, year_month);
                assert!(
                    period.year_start() <= period.quarter_start() && period.quarter_start() <= end
                );
                assert!(end <= period.year_end());
                assert_eq!(period.year_start().plus_months(12), period.year_end().plus_days(1));
                let ytd = period.year_to_date();
                if ytd.quarter_label().is_some() || ytd.label() == ytd.year_label() {
                    assert_eq!(
                        Period::parse(&ytd.label(), year_month),
                        Some(ytd),
                        "{}",
                        ytd.label()
                    );
                }
            }
        }
    }

    /// Every day of nine years, a leap year among them that ends a century's rule: months tile the
    /// calendar, last days stay last days, twelve steps back are a year, labels lead back.
    #[test]
    fn every_day_lies_in_its_month() {
        for (year_month, from) in [(1, 1896), (4, 1996), (9, 2022)] {
            let first = Day::from_ymd(from, 1, 1).unwrap();
            for days in 0..3287 {
                let day = first.plus_days(days);
                let month = Period::new(day, day, year_month).month();
                assert!(month.start <= day && day <= month.end && month.is_month());
                assert_eq!((month.start.date().day(), month.end.plus_days(1).date().day()), (1, 1));
                let before = month.previous_month();
                assert!(before.is_month());
                assert_eq!((before.end.plus_days(1), before.next()), (month.start, month));
                let a_year_back = (0..12).fold(month, |month, _| month.previous_month());
                assert_eq!(a_year_back, month.same_period_last_year());
                let in_a_quarter = (0..3).fold(month, |month, _| month.previous_month()).end;
                assert_eq!(
                    in_a_quarter,
                    Day(month.end.plus_days(1).0).plus_months(-3).plus_days(-1)
                );
                if YEARS.contains(&month.end.date().year()) {
                    assert_eq!(Period::parse(&month.label(), year_month), Some(month));
                }
            }
        }
    }

    #[test]
    fn a_month_before_the_end_of_a_month_is_the_end_of_one() {
        for (end, before) in [
            ("2026-03-31", "2026-02-28"),
            ("2024-03-31", "2024-02-29"),
            ("2026-02-28", "2026-01-31"),
            ("2024-02-29", "2024-01-31"),
            ("2026-04-30", "2026-03-31"),
            ("2026-09-30", "2026-08-31"),
            ("2026-01-31", "2025-12-31"),
        ] {
            let day = Day::parse(end).unwrap();
            let month = Period::new(day, day, 4).month();
            assert_eq!(month.end, day, "{end}");
            assert_eq!(month.previous_month().end.iso(), before, "{end}");
        }
        // Of a quarter it is the month before its last.
        assert_eq!(period("2026/27 Q2").previous_month().label(), "August 2026");
        assert_eq!(period("2026/27 Q2").month().label(), "September 2026");
        assert_eq!(period("September 2026").year_to_date().label(), "2026/27 Q1/Q2");
        assert_eq!(period("September 2026").previous_quarter().label(), "2026/27 Q1");
    }

    #[test]
    fn ages_are_in_completed_years() {
        let born = Day::from_ymd(2012, 2, 29).unwrap();
        let at = |y, m, d| Day::from_ymd(y, m, d).unwrap().age_from(born);
        assert_eq!(
            (at(2026, 2, 28), at(2026, 3, 1), at(2028, 2, 28), at(2028, 2, 29)),
            (13, 14, 15, 16)
        );
    }

    #[test]
    fn months_keep_the_day_or_take_the_last() {
        let day = |y, m, d| Day::from_ymd(y, m, d).unwrap();
        assert_eq!(day(2024, 3, 31).plus_months(-1), day(2024, 2, 29));
        assert_eq!(day(2026, 9, 30).plus_months(-30), day(2024, 3, 30));
        assert_eq!(day(2024, 2, 29).plus_months(-12), day(2023, 2, 28));
    }
}
