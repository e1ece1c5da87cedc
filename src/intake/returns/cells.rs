//! What a cell means once its column is known. Nothing is guessed in silence: text that is no date
//! is a fault, 13/25/2026 is not turned round, a two-digit year is not completed.

use crate::nouns::period::{Day, YEARS, month_number};

/// Takes off spaces of every kind at both ends, and marks that no eye can see anywhere.
pub fn trimmed(text: &str) -> std::borrow::Cow<'_, str> {
    let invisible = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}');
    if text.contains(invisible) {
        return text.replace(invisible, "").trim().to_string().into();
    }
    text.trim().into()
}

/// A day as people in the UK write it: day first, or the ISO form; month names; a time behind it is
/// left off.
pub fn date(text: &str) -> Option<Day> {
    let text = text.trim();
    // A time follows a blank or the ISO form's T.
    let day = match text.split_once(['T', ' ']) {
        Some((day, time))
            if time.trim().starts_with(|c: char| c.is_ascii_digit()) && time.contains(':') =>
        {
            day
        }
        _ => text,
    };
    let parts: Vec<&str> = day.split(['/', '-', '.', ' ']).filter(|p| !p.is_empty()).collect();
    let [first, month, last] = parts[..] else { return None };
    let number =
        |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<i16>().ok()).flatten();
    let month = match number(month) {
        Some(month) => i8::try_from(month).ok()?,
        None => month_number(month)?,
    };
    let (year, day) = match (first.len(), last.len()) {
        (1 | 2, 4) => (number(last)?, number(first)?),
        (4, 1 | 2) => (number(first)?, number(last)?),
        _ => return None,
    };
    // Nobody in a return was born before 1900; a year such as 0206 is a slip of the hand.
    YEARS.contains(&year).then(|| Day::from_ymd(year, month, i8::try_from(day).ok()?)).flatten()
}

/// A number as typed: thousands separators and a pound sign are taken off.
pub fn number(text: &str) -> Option<f64> {
    let text = trimmed(text);
    let plain: String = text
        .trim_start_matches('£')
        .chars()
        .filter(|c| !matches!(c, ',' | ' ' | '\u{a0}'))
        .collect();
    let ordinary =
        plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    let grouped = text.contains(',');
    if grouped && !well_grouped(&text) {
        return None;
    }
    plain.parse::<f64>().ok().filter(|n| ordinary && n.is_finite())
}

/// `1,234` and `12,345.5`, but not `1,5`.
fn well_grouped(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default().trim_start_matches(['£', '-', ' ']);
    (1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3)
}

/// A percentage with its sign: `80.8%` is 80.8.
pub fn percent(text: &str) -> Option<f64> {
    number(trimmed(text).strip_suffix('%')?)
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
        ] {
            assert_eq!(date(text).map(Day::iso).as_deref(), Some(iso), "{text}");
        }
        for text in [
            "13/25/2026",
            "06/13/2017",
            "31/06/2017",
            "01/06/17",
            "1 2 3 2017",
            "yesterday",
            "",
            "01/06/0206",
            "2017",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_as_typed() {
        assert_eq!(number(" 1,234.5 "), Some(1234.5));
        assert_eq!(number("£2,000"), Some(2000.0));
        assert_eq!(number("\u{a0}15"), Some(15.0));
        for text in ["1,5", "12,34", "1.2.3", "inf", "nan", "0x10", "", "n/a", "5 or 6"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(percent("80.8 %"), Some(80.8));
        assert_eq!(percent("80.8"), None);
    }
}
