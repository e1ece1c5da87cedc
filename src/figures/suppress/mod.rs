//! Disclosure control: the only place where a [`Figure`] becomes a
//! [`Shown`].
//!
//! A rule hides small counts of people. The audit then asks what a reader could still work out from
//! everything that the run shows, and hides more until nothing can be.

mod apart;
mod audit;
mod beside;
mod flows;
mod program;
mod secrets;
mod shown;
#[cfg(test)]
mod tests;
mod ties;
mod told;

use indexmap::IndexMap;

pub use crate::definitions::Rule;
pub use beside::apply_beside;
pub use shown::{Shown, ShownFigures};

use crate::figures::all::Figures;
use crate::intake::project::SETTINGS;
use crate::nouns::figure::{Figure, FigureValue, Origin};
use crate::nouns::period::Day;
use crate::nouns::problem::{Place, Problem, Problems};
use crate::nouns::unit::Unit;
use crate::nouns::words::{WIDEST_MESSAGE, as_many_as_fit};

/// What cannot be made safe, whatever this run hides: the indicators that a reader could work out.
#[derive(Debug)]
pub struct Unsafe {
    /// Their codes.
    pub indicators: Vec<String>,
}

/// A small number that nothing can hide any more, as earlier reports told it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GivenAway {
    /// The last day of its period, then the period in words.
    pub when: (Day, String),
    /// Whether they printed it; else it is worked out from what they printed.
    pub printed: bool,
    /// Whose count or percentage it is.
    pub indicator: String,
}

impl GivenAway {
    fn of(figure: &Figure, printed: bool) -> GivenAway {
        let when = (figure.period.end, figure.period.label());
        GivenAway { when, printed, indicator: figure.indicator.clone() }
    }
}

/// What whoever makes the report must be told that it cannot protect.
pub fn told_of(shown: &ShownFigures) -> Problems {
    let mut problems = Problems::default();
    let mut given: IndexMap<(&str, bool), Vec<&str>> = IndexMap::new();
    for one in &shown.given_away {
        let title = shown.indicators.get(&one.indicator).map_or(&one.indicator, |i| &i.title);
        given.entry((&one.when.1, one.printed)).or_default().push(title);
    }
    for ((when, printed), titles) in given {
        let what = match printed {
            true => format!("small numbers of {when} were printed before:"),
            false => {
                format!("suppressed numbers of {when} can be worked out from earlier reports:")
            }
        };
        let room = (2 * WIDEST_MESSAGE).saturating_sub(what.len() + 1);
        let message = format!("{what} {}", as_many_as_fit(&titles, room));
        problems.add(
            Problem::warning(Place::file(SETTINGS), message)
                .hint("nothing that this report hides can take that back"),
        );
    }
    problems
}

/// Applies a rule to all figures of a run at once, for what ties them together by arithmetic.
pub fn apply(rule: Rule, figures: Figures) -> Result<ShownFigures, Unsafe> {
    if rule.small().is_none() {
        let nothing = vec![false; figures.figures.len()];
        return Ok(show(rule, figures, &nothing));
    }
    let found = audit::hide(&rule, &figures)?;
    let mut shown = show(rule, figures, &found.figures);
    shown.given_away = found.given_away;
    Ok(shown)
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
    let hidden = audit::hide(rule, figures).ok()?.figures;
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
