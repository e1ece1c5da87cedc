//! Disclosure control: the only place where a [`Figure`](crate::nouns::figure::Figure) becomes a
//! [`Shown`].
//!
//! A rule hides small counts of people. The audit then asks what a reader could still work out from
//! everything that the run shows, and hides more until nothing can be.

mod audit;
mod program;
mod shown;
#[cfg(test)]
mod tests;
mod ties;

pub use crate::definitions::Rule;
pub use shown::{Shown, ShownFigures};

use crate::figures::all::Figures;
use crate::nouns::figure::{FigureValue, Origin};
use crate::nouns::unit::Unit;

/// What cannot be made safe, whatever this run hides: the indicators that a reader could work out.
#[derive(Debug)]
pub struct Unsafe {
    /// Their codes.
    pub indicators: Vec<String>,
}

/// Applies a rule to all figures of a run at once, for what ties them together by arithmetic.
pub fn apply(rule: Rule, figures: Figures) -> Result<ShownFigures, Unsafe> {
    let hidden = match rule.small() {
        None => vec![false; figures.figures.len()],
        Some(_) => audit::hide(&rule, &figures)?,
    };
    Ok(show(rule, figures, &hidden))
}

/// Why a rule hides a figure.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// It tells of few people itself.
    Small,
    /// A script works it out of these, and one of them is hidden.
    Derived(Vec<String>),
    /// Were it shown, a reader could narrow these down.
    Protects(Vec<String>),
}

/// Why the rule hides the figure at this position; nothing where it does not.
pub fn why_hidden(rule: &Rule, figures: &Figures, at: usize) -> Option<Why> {
    rule.small()?;
    let hidden = audit::hide(rule, figures).ok()?;
    hidden[at].then(|| audit::why(rule, figures, &hidden, at))
}

/// Indicators that are shown although nobody can say how many they count: percentages and rates
/// that were typed without their numbers.
pub fn unchecked<'a>(rule: &Rule, figures: &'a Figures) -> Vec<&'a str> {
    let typed = figures.figures.iter().filter(|figure| {
        let indicator = &figures.indicators[&figure.indicator];
        rule.small().is_some()
            && shown::is_controlled(figure, indicator)
            && figure.period == figures.period
            && figure.origin == Origin::Typed
            && figure.numerator.is_none()
            && matches!(figure.value, FigureValue::Number(_))
            && indicator.unit != Unit::Number
    });
    typed.map(|figure| figure.indicator.as_str()).collect()
}

/// The same with small counts alone hidden and nothing for their protection. This is no disclosure
/// control: it lets tests see that the rest of it is needed.
#[doc(hidden)]
pub fn apply_without_protection(rule: Rule, figures: Figures) -> ShownFigures {
    let hidden = audit::small(&rule, &figures);
    show(rule, figures, &hidden)
}

fn show(rule: Rule, figures: Figures, hidden: &[bool]) -> ShownFigures {
    let all = figures.figures.iter().zip(hidden);
    let shown = all.map(|(figure, hidden)| {
        Shown::of(figure, &figures.indicators[&figure.indicator], &rule, *hidden)
    });
    let shown = shown.collect();
    ShownFigures::new(rule, figures, shown)
}
