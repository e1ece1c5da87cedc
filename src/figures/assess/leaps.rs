//! Percentages and rates that went further than what they measure does: a column under another
//! one's heading, a list that is another year's, or a population with a digit too many makes a
//! figure that looks right beside nothing but the one before.

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

/// A rate of so many people that is so many times the one before, or so small a part of it, is to
/// be looked at. What counts on from April is a quarter of a year's after three months.
const TIMES: f64 = 6.0;

/// What is to be looked at, both figures as they are printed.
pub fn leaps(shown: &ShownFigures, file: &Place) -> Problems {
    let mut problems = Problems::default();
    let whole = shown.indicators.values().filter(|i| i.part_of.is_none() && i.crossed.is_none());
    for indicator in whole {
        let from = |comparator| compared(shown, &indicator.code, comparator);
        let before =
            from(Comparator::PreviousQuarter).or_else(|| from(Comparator::PreviousOutturn));
        let Some((now, then)) = before else { continue };
        let Some(hint) = leap(now, then) else { continue };
        let (title, when) = (&indicator.title, then.period().label());
        let message = format!("{title} is {}, and was {} in {when}", now.text(), then.text());
        problems.add(Problem::warning(file.clone(), message).hint(hint));
    }
    problems
}

/// What to look at where a figure is a leap from the one before.
fn leap(now: &Shown, then: &Shown) -> Option<&'static str> {
    let (is, was) = (now.value()?, then.value()?);
    let many = |of: Option<f64>| of.is_some_and(|of| of >= LEAST);
    if now.origin() != Origin::Calculated {
        return None;
    }
    match now.unit() {
        Unit::Percentage => (many(now.denominator()) && (is - was).abs() >= FAR).then_some(
            "if that is right, leave it; if not, look for a column under another one's heading",
        ),
        Unit::Rate(_) => (many(now.numerator()) && was > 0.0 && is_far(is / was)).then_some(
            "if that is right, leave it; if not, look at the population that it is worked out from",
        ),
        _ => None,
    }
}

fn is_far(times: f64) -> bool {
    times >= TIMES || times <= 1.0 / TIMES
}
