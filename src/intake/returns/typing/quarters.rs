//! Quarters as people write them: `Q3`, `Quarter 3`, `Qtr 3 2026/27`, `Q1 to Q3`, `Oct-Dec`.

use crate::nouns::period::{Period, month_number};

/// Quarters that were read.
#[derive(Debug, PartialEq, Eq)]
pub struct Quarters {
    /// As they are written everywhere: `Q3`, `Q1/Q2`, `Q1-Q3`.
    pub label: String,
    /// Whether they lie in the year of the return, and end with its period or before.
    pub inside: bool,
}

/// The quarters that a text says, in the year that the period ends in unless it names another.
pub fn read(text: &str, period: &Period) -> Option<Quarters> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut numbers: Vec<i32> = Vec::new();
    let mut months: Vec<i8> = Vec::new();
    let mut year: Option<i16> = None;
    let mut at = 0;
    while at < words.len() {
        let word = words[at];
        at += 1;
        let bare = ["quarter", "qtr", "q"].iter().find_map(|name| word.strip_prefix(name));
        let number = bare.unwrap_or(word).parse::<i32>();
        match number {
            _ if ["q", "quarter", "quarters", "qtr", "qtrs", "to", "and"].contains(&word) => {}
            Ok(number @ 1..=4) => numbers.push(number),
            _ => match (month_number(word), year_of(word, words.get(at).copied())) {
                (Some(month), _) => months.push(month),
                (None, Some((first, used))) => {
                    year = Some(first);
                    at += used;
                }
                (None, None) => return None,
            },
        }
    }
    let by_number = numbers.first().copied().zip(numbers.last().copied());
    let by_month = match (months.first(), months.last()) {
        (Some(first), Some(last)) => Some(quarters_of_months(*first, *last, period.year_month)?),
        _ => None,
    };
    // `Q2 (Jul-Sep)` says the same twice, or contradicts itself.
    let (first, last) = match (by_number, by_month) {
        (Some(number), Some(month)) => (number == month).then_some(number)?,
        (number, month) => number.or(month)?,
    };
    if last < first {
        return None;
    }
    let own = Period::new(period.year_start(), period.year_end(), period.year_month);
    let year = year.map_or(Some(own), |year| Period::year(year, period.year_month))?;
    let end = year.start.plus_months(last * 3).plus_days(-1);
    let label = match last - first {
        0 => format!("Q{first}"),
        1 => format!("Q{first}/Q{last}"),
        _ => format!("Q{first}-Q{last}"),
    };
    Some(Quarters { label, inside: year.start == own.start && end <= period.end })
}

/// The first year of `2026/27` or `202627`, and how many further words it took.
fn year_of(word: &str, next: Option<&str>) -> Option<(i16, usize)> {
    let (first, second, used) = match (word.len(), next) {
        (6, _) => (word.get(..4)?, word.get(4..)?, 0),
        (_, Some(next)) => (word, next, 1),
        _ => return None,
    };
    let first: i16 = first.parse().ok().filter(|year| (1990..=2200).contains(year))?;
    let second: i16 = second.parse().ok()?;
    ((first + 1) % 100 == second % 100).then_some((first, used))
}

/// The quarters from a month to another, where they begin and end with quarters.
fn quarters_of_months(first: i8, last: i8, year_month: i8) -> Option<(i32, i32)> {
    let of_year = |month: i8| i32::from((month - year_month).rem_euclid(12));
    let (first, last) = (of_year(first), of_year(last));
    (first % 3 == 0 && last % 3 == 2).then_some((first / 3 + 1, last / 3 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_read_in_any_spelling() {
        let period = Period::parse("2026/27 Q1-Q3", 4).expect("a period");
        for (text, label) in [
            ("Q3", "Q3"),
            ("q3", "Q3"),
            ("3", "Q3"),
            ("Quarter 3", "Q3"),
            ("Qtr3", "Q3"),
            ("Q 3", "Q3"),
            ("Q3 2026/27", "Q3"),
            ("2026-27 Q3", "Q3"),
            ("Oct-Dec", "Q3"),
            ("Q3 (Oct-Dec)", "Q3"),
            ("October to December", "Q3"),
            ("Q1-Q3", "Q1-Q3"),
            ("Q1 to Q3", "Q1-Q3"),
            ("Q1-3", "Q1-Q3"),
            ("April - December", "Q1-Q3"),
            ("Q1/Q2", "Q1/Q2"),
            ("Q1 & Q2", "Q1/Q2"),
            ("Quarters 1 and 2", "Q1/Q2"),
        ] {
            let label = label.to_string();
            assert_eq!(read(text, &period), Some(Quarters { label, inside: true }), "{text}");
        }
        for text in ["Q4", "Q1-Q4", "Q3 2025/26", "Jan-Mar", "202526 Q1"] {
            assert_eq!(read(text, &period).map(|q| q.inside), Some(false), "{text}");
        }
        for text in ["", "Q5", "soon", "June", "Q3-Q1", "2026/27", "May-Jul", "Q2 (Oct-Dec)"] {
            assert_eq!(read(text, &period), None, "{text}");
        }
    }
}
