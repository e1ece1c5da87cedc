//! What a number on the Figures sheet can be: each column and unit has its bounds, so that a slip
//! of the hand is no figure.

use super::TypedValue;
use crate::intake::read::{Cell, Sheet, Value};
use crate::nouns::figure::Symbol;
use crate::nouns::numbers::{self, decimals_of, round_noise};
use crate::nouns::problem::{Place, Problem};
use crate::nouns::unit::Unit;

/// A column of numbers, in a row of one unit.
#[derive(Clone, Copy)]
pub(super) struct NumberColumn<'n> {
    /// What scripts call it, or the period that it is headed by.
    pub name: &'n str,
    /// The row's unit.
    pub unit: Option<Unit>,
    /// How many decimals the row's indicator has.
    pub decimals: u8,
}

/// What a cell of a column of numbers holds.
pub(super) enum Typed {
    /// What it says.
    Value(TypedValue),
    /// A number from 0 to 1 among percentages: the whole column decides.
    Ambiguous(f64),
}

impl NumberColumn<'_> {
    /// Counts of people or things, whatever the indicator's unit.
    fn is_count(self) -> bool {
        matches!(self.name, "numerator" | "denominator")
    }

    fn is_tolerance(self) -> bool {
        self.name.starts_with("tolerance")
    }

    /// The council's own: the averages of others need not be whole.
    fn is_own(self) -> bool {
        let others = ["statistical_neighbours", "region", "england", "target"];
        !self.is_count() && !self.is_tolerance() && !others.contains(&self.name)
    }

    /// Counts stand beside percentages: only values are in the indicator's unit.
    fn is_percentage(self) -> bool {
        self.unit == Some(Unit::Percentage) && !self.is_count() && !self.is_tolerance()
    }

    /// A number that can stand in the column.
    fn bounded(self, n: f64) -> Result<Typed, &'static str> {
        let averaged = matches!(self.unit, Some(Unit::Average | Unit::Median));
        let wrong = match self.unit {
            // A difference may lie on either side.
            _ if self.is_tolerance() => None,
            _ if self.is_count() && self.name == "denominator" && n < 0.0 => {
                Some("a count is below 0")
            }
            _ if self.is_count() && n < 0.0 && !averaged => Some("a count is below 0"),
            // The sum that an average is made of need not be whole.
            _ if self.is_count() && decimals_of(n) > 0 && !averaged => {
                Some("a count is not a whole number")
            }
            _ if self.is_count() => None,
            Some(Unit::Percentage) if n > 100.0 => Some("a percentage is over 100"),
            Some(Unit::Percentage) if n < 0.0 => Some("a percentage is below 0"),
            Some(Unit::Rate(_)) if n < 0.0 => Some("a rate is below 0"),
            Some(Unit::Number) if n < 0.0 => Some("a number is below 0"),
            Some(Unit::Number) if self.is_own() && decimals_of(n) > self.decimals => {
                Some("this is not a whole number")
            }
            _ => None,
        };
        match wrong {
            Some(wrong) => Err(wrong),
            None => Ok(Typed::Value(TypedValue::Number(n))),
        }
    }
}

/// What a cell of the Figures sheet says.
pub(super) fn typed(
    sheet: &Sheet,
    cell: &Cell,
    column: NumberColumn,
) -> Result<Typed, &'static str> {
    // Nothing is nothing, whichever way it is written.
    let doubtful = |n: f64| column.is_percentage() && n > 0.0 && n <= 1.0;
    match sheet.value(cell) {
        Value::Number(n) if cell.is_percent() => column.bounded(round_noise(n * 100.0)),
        Value::Number(n) if doubtful(n) => Ok(Typed::Ambiguous(n)),
        Value::Number(n) => column.bounded(n),
        Value::Text(text) => {
            let plain = numbers::trimmed(text);
            match (numbers::typed_percent(&plain), numbers::typed(&plain)) {
                (Some(n), _) => column.bounded(n),
                (_, Some(n)) if doubtful(n) => Ok(Typed::Ambiguous(n)),
                (_, Some(n)) => column.bounded(n),
                _ => Ok(Typed::Value(match Symbol::written(&plain) {
                    Some(symbol) => TypedValue::Symbol(symbol),
                    None => TypedValue::Wording(plain.into_owned()),
                })),
            }
        }
        Value::Date(_) | Value::NotADate(_) => Err("this is a date, not a number"),
        Value::Bool(_) => Err("this is TRUE or FALSE, not a number"),
        Value::Error(_) => Err("the cell holds an Excel error"),
        Value::Uncalculated => Err("the cell holds a formula that was never calculated"),
        Value::NoText => Err("the cell says it holds a text, and has none"),
        Value::TooLong => Err("the text is longer than a cell can hold"),
    }
}

/// Words that stand in for a figure and say nothing of why there is none.
const PLACEHOLDERS: [&str; 4] = ["none", "pending", "awaited", "unknown"];

/// Words where a number could stand that say nothing, or may be a number misspelt.
pub(super) fn doubtful_wording(wording: &str, place: &Place, heading: &str) -> Option<Problem> {
    let lower = wording.trim().to_lowercase();
    // No reason is so short: the letter O, `N/K`, `yes`.
    let letters = lower.chars().filter(|letter| letter.is_alphabetic()).count();
    let says_nothing = PLACEHOLDERS.contains(&lower.as_str()) || letters < 4;
    let (message, hint) = if wording.contains(char::is_numeric) {
        (
            "this is text with digits in it, not a number; it is shown word for word",
            "type the number alone, or words without digits: \"Not collected.\"",
        )
    } else if says_nothing {
        (
            "this is no figure, nor why there is none; it is shown as typed",
            "type the figure, or why there is none; a blank cell shows a dash",
        )
    } else {
        return None;
    };
    let problem = Problem::warning(place.clone(), message).column(heading).hint(hint);
    Some(problem.value(wording))
}
