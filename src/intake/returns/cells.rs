//! What a text means once its column is known: numbers, percentages, what no eye can see.

/// Takes off spaces of every kind at both ends, and marks that no eye can see anywhere.
pub fn trimmed(text: &str) -> std::borrow::Cow<'_, str> {
    let invisible = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}');
    if text.contains(invisible) {
        return text.replace(invisible, "").trim().to_string().into();
    }
    text.trim().into()
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
