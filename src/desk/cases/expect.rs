//! A figure that should come of a case, and what came.

use std::ops::Range;

use crate::figures::suppress::Shown;
use crate::nouns::numbers::in_full;

/// What a case expects in one place.
#[derive(Debug, Clone, PartialEq)]
pub enum Want<T> {
    /// Just this, as it is printed.
    Text(T),
    /// This number.
    Number(f64),
    /// That there is nothing.
    Nothing,
}

/// A figure that should come of a case.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The indicator's code.
    pub code: String,
    /// The line of the file that says it.
    pub line: u32,
    /// What it should be, and where the file says it.
    pub value: Option<(Want<String>, Range<usize>)>,
    /// How many, likewise.
    pub numerator: Option<(f64, Range<usize>)>,
    /// Out of how many, likewise.
    pub denominator: Option<(f64, Range<usize>)>,
    /// Where the file says all three between braces, if it does.
    pub braces: Option<Range<usize>>,
}

/// What came, as the appendix may show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// As printed.
    pub printed: String,
    /// The number as printed; none of a gap.
    pub number: Option<String>,
    /// How many, where that may be told.
    pub numerator: Option<f64>,
    /// Out of how many, likewise.
    pub denominator: Option<f64>,
}

impl Found {
    /// Of a figure.
    pub fn of(shown: &Shown) -> Found {
        Found {
            printed: shown.text(),
            number: shown.printed_number(),
            numerator: shown.numerator(),
            denominator: shown.denominator(),
        }
    }

    /// `50.0% (1 of 2)`.
    pub fn words(&self) -> String {
        match (self.numerator, self.denominator) {
            (Some(n), Some(d)) => format!("{} ({} of {})", self.printed, in_full(n), in_full(d)),
            _ => self.printed.clone(),
        }
    }
}

/// Whether as many came as were expected, where the case expects a number.
fn is_as_many(want: Option<&(f64, Range<usize>)>, found: Option<f64>) -> bool {
    want.is_none_or(|(n, _)| found.is_some_and(|found| (found - n).abs() < 1e-9))
}

impl Expected {
    /// One of which nothing is said yet.
    pub(super) fn of(code: &str, line: u32) -> Expected {
        Expected {
            code: code.to_string(),
            line,
            value: None,
            numerator: None,
            denominator: None,
            braces: None,
        }
    }

    /// Whether this came.
    pub fn holds(&self, found: Option<&Found>) -> bool {
        let Some(found) = found else {
            return self.value.as_ref().is_some_and(|(want, _)| *want == Want::Nothing);
        };
        let value = self.value.as_ref().is_none_or(|(want, _)| match want {
            Want::Text(text) => *text == found.printed,
            Want::Number(n) => {
                found.number.as_ref().is_some_and(|printed| printed.parse() == Ok(*n))
            }
            Want::Nothing => false,
        });
        value
            && is_as_many(self.numerator.as_ref(), found.numerator)
            && is_as_many(self.denominator.as_ref(), found.denominator)
    }

    /// `50.0% (1 of 2)`; `no figure`.
    pub fn words(&self) -> String {
        let value = match &self.value {
            Some((Want::Text(text), _)) => text.clone(),
            Some((Want::Number(n), _)) => in_full(*n),
            Some((Want::Nothing, _)) => return "no figure".to_string(),
            None => String::new(),
        };
        let parts = match (&self.numerator, &self.denominator) {
            (Some((n, _)), Some((d, _))) => format!("({} of {})", in_full(*n), in_full(*d)),
            (Some((n, _)), None) => format!("(numerator {})", in_full(*n)),
            (None, Some((d, _))) => format!("(denominator {})", in_full(*d)),
            (None, None) => String::new(),
        };
        format!("{value} {parts}").trim().to_string()
    }

    /// What must be written into the file, and where, for it to expect what came.
    pub fn edits(&self, found: Option<&Found>) -> Vec<(Range<usize>, String)> {
        let printed = found.map_or("false".to_string(), |found| toml_text(&found.printed));
        let told = |n: &Option<f64>| n.is_some();
        let parts = [
            (&self.numerator, found.and_then(|found| found.numerator)),
            (&self.denominator, found.and_then(|found| found.denominator)),
        ];
        // Where it may not be told any more how many there are, the figure alone is left to expect.
        let gone = parts.iter().any(|(want, found)| want.is_some() && !told(found));
        if let (true, Some(braces)) = (gone, &self.braces) {
            return vec![(braces.clone(), printed)];
        }
        let value = self.value.as_ref().map(|(want, span)| {
            let number = found
                .and_then(|found| found.number.clone())
                .filter(|_| matches!(want, Want::Number(_)));
            (span.clone(), number.unwrap_or(printed))
        });
        let counts = parts
            .into_iter()
            .filter_map(|(want, found)| Some((want.as_ref()?.1.clone(), format!("{}", found?))));
        value.into_iter().chain(counts).collect()
    }
}

/// A text as TOML writes it.
pub fn toml_text(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(printed: &str, counts: Option<(f64, f64)>) -> Found {
        let number = printed.trim_end_matches('%').replace(',', "");
        Found {
            printed: printed.to_string(),
            number: number.parse::<f64>().is_ok().then_some(number),
            numerator: counts.map(|(n, _)| n),
            denominator: counts.map(|(_, d)| d),
        }
    }

    fn expecting(value: Want<String>) -> Expected {
        Expected { value: Some((value, 0..0)), ..Expected::of("ha_pct", 1) }
    }

    #[test]
    fn a_figure_is_expected_as_printed_or_as_a_number() {
        let half = found("50.0%", Some((1.0, 2.0)));
        assert!(expecting(Want::Text("50.0%".to_string())).holds(Some(&half)));
        assert!(!expecting(Want::Text("50%".to_string())).holds(Some(&half)));
        assert!(expecting(Want::Number(50.0)).holds(Some(&half)));
        assert!(expecting(Want::Number(1234.0)).holds(Some(&found("1,234", None))));
        assert!(!expecting(Want::Number(0.0)).holds(Some(&found("Suppressed", None))));
        assert!(!expecting(Want::Number(0.0)).holds(None));
        assert!(
            expecting(Want::Nothing).holds(None) && !expecting(Want::Nothing).holds(Some(&half))
        );
    }

    #[test]
    fn a_numerator_that_may_not_be_told_is_no_numerator() {
        let mut expected = expecting(Want::Text("50.0%".to_string()));
        expected.numerator = Some((1.0, 20..21));
        assert!(expected.holds(Some(&found("50.0%", Some((1.0, 2.0))))));
        assert!(!expected.holds(Some(&found("50.0%", Some((2.0, 4.0))))));
        assert!(!expected.holds(Some(&found("50.0%", None))));
        expected.braces = Some(0..30);
        let suppressed = found("Suppressed", None);
        assert_eq!(expected.edits(Some(&suppressed)), [(0..30, "\"Suppressed\"".to_string())]);
        assert_eq!(expected.edits(None), [(0..30, "false".to_string())]);
    }

    #[test]
    fn texts_are_written_so_that_toml_reads_them_back() {
        let text = "a \"b\" \\ c\nd\u{7}–";
        let table: toml::Table = format!("x = {}", toml_text(text)).parse().expect("TOML");
        assert_eq!(table["x"].as_str(), Some(text));
    }
}
