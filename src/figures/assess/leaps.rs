//! Percentages that went further than what they measure does: a column under another one's heading,
//! or a list that is another year's, makes a figure that looks right beside nothing but the one
//! before.

use super::travel::compared;
use crate::figures::suppress::{Shown, ShownFigures};
use crate::nouns::comparator::Comparator;
use crate::nouns::figure::Origin;
use crate::nouns::place::Place;
use crate::nouns::problem::{Problem, Problems};
use crate::nouns::unit::Unit;

/// A change of so many percentage points is to be looked at, where the percentage is of so many.
const FAR: f64 = 30.0;
const LEAST: f64 = 30.0;

/// What is to be looked at, both figures as they are printed.
pub fn leaps(shown: &ShownFigures, file: &Place) -> Problems {
    let mut problems = Problems::default();
    let whole = shown.indicators.values().filter(|i| i.part_of.is_none() && i.crossed.is_none());
    let percentages = whole.filter(|i| i.unit == Unit::Percentage);
    for indicator in percentages {
        let from = |comparator| compared(shown, &indicator.code, comparator);
        let before =
            from(Comparator::PreviousQuarter).or_else(|| from(Comparator::PreviousOutturn));
        let Some((now, then)) = before.filter(|(now, then)| is_leap(now, then)) else { continue };
        let (title, when) = (&indicator.title, then.period().label());
        let message = format!("{title} is {}, and was {} in {when}", now.text(), then.text());
        problems.add(Problem::warning(file.clone(), message).hint(
            "if that is right, leave it; if not, look for a column under another one's heading",
        ));
    }
    problems
}

fn is_leap(now: &Shown, then: &Shown) -> bool {
    let many = now.denominator().is_some_and(|of| of >= LEAST);
    let far = match (now.value(), then.value()) {
        (Some(now), Some(then)) => (now - then).abs() >= FAR,
        _ => false,
    };
    now.origin() == Origin::Calculated && many && far
}
