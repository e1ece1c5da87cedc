//! How to read statuses and directions: lines for the notes sheet.

use indexmap::IndexMap;

use super::chance::{Chance, assurance, chance, variation};
use super::{Assurance, Direction};
use crate::definitions::{Outcome, Policy, PolicyKind};
use crate::figures::suppress::ShownFigures;
use crate::nouns::comparator::Comparator;

/// The policies by which these indicators are judged, a line each, and what all statuses have in
/// common. Nothing where none of them has anything to be held against.
pub fn policies_used(shown: &ShownFigures, codes: &[String]) -> Vec<String> {
    let mut used: IndexMap<&str, (&Policy, Vec<&str>)> = IndexMap::new();
    for indicator in codes.iter().filter_map(|code| shown.indicators.get(code)) {
        let aimed = indicator.target.is_some() || indicator.thresholds.is_some();
        if let Some(policy) = shown.policies.of(indicator).filter(|_| aimed) {
            used.entry(&policy.name).or_insert((policy, Vec::new())).1.push(&indicator.code);
        }
    }
    let several = used.len() > 1;
    let mut lines: Vec<String> = Vec::new();
    for (policy, codes) in used.values() {
        let of = if several { format!(" of {}", codes.join(", ")) } else { String::new() };
        let version = policy.version.as_ref().map_or(String::new(), |v| format!(", version {v}"));
        let name = match policy.title == policy.name {
            true => format!("policy \"{}\"{version}", policy.name),
            false => format!("{} (policy \"{}\"{version})", policy.title, policy.name),
        };
        lines.push(format!("Status{of}: {name}. {}{}", policy.description, parameters(policy)));
    }
    if let Some((policy, _)) = used.values().next() {
        lines.push(format!(
            "Statuses go by figures before rounding. \"{}\" is for information, not a judgement; \
             \"{}\" stands where there is no figure, or none that may be shown.",
            policy.words(Outcome::NoTarget),
            policy.words(Outcome::NoData),
        ));
    }
    lines
}

fn parameters(policy: &Policy) -> String {
    match policy.kind {
        PolicyKind::Band { exceeded: false } => {
            format!(
                " What is better than the upper tolerance is \"{}\" too.",
                policy.words(Outcome::Achieved)
            )
        }
        PolicyKind::Relative { within } => format!(" The share is {within}% of the target."),
        _ => String::new(),
    }
}

/// What directions since these comparators, such as `previous_outturn`, say. Nothing where there
/// are none.
pub fn directions_used(shown: &ShownFigures, since: &[Comparator]) -> Option<String> {
    let mut bases: Vec<String> = Vec::new();
    for period in since.iter().map(|from| from.when(&shown.period)) {
        if !bases.contains(&period.label()) {
            bases.push(period.label());
        }
    }
    if bases.is_empty() {
        return None;
    }
    let words = |direction: Direction| format!("\"{}\"", direction.words());
    Some(format!(
        "Direction: {} and {} tell of performance, not of the number: where a low figure is good, \
         one that falls is improving. {} and {} make no judgement. Figures are compared as \
         printed, with those of {}. Nothing is said where one of the two is missing or may not be \
         shown, or where the definition has changed between them.",
        words(Direction::Improving),
        words(Direction::Worsening),
        words(Direction::Up),
        words(Direction::Down),
        bases.join(" or "),
    ))
}

/// How it is found whether a change is more than chance would do. Nothing where nothing is said of
/// it.
pub fn chance_used(shown: &ShownFigures, codes: &[String], since: &[Comparator]) -> Option<String> {
    let told = |code: &String| since.iter().any(|from| chance(shown, code, *from).is_some());
    codes.iter().any(told).then(|| {
        format!(
            "More than chance? \"{}\": chance alone may have done it. Where there are twelve \
             figures or more, a change is more than that if it is larger than 3.27 times the mean \
             of earlier changes over the same time (the limit of moving ranges of an XmR chart); \
             else if the 97% interval of the difference leaves 0 out (Wilson's, of numerators and \
             denominators; of two counts, of their shares). Nothing is said where neither is \
             known. Of a hundred changes by chance, five at most are taken for more.",
            Chance::Within.words(),
        )
    })
}

/// What is meant by targets that are likely to be met.
pub fn assurance_used(shown: &ShownFigures, codes: &[String]) -> Option<String> {
    codes.iter().any(|code| assurance(shown, code).is_some()).then(|| {
        format!(
            "Assurance: \"{}\" and \"{}\" stand where what chance does to the figure leaves it on \
             one side of what has to be reached: the limits of its history (XmR) where there are \
             twelve figures or more, else the 97% interval of the figure. Else it is \"{}\".",
            Assurance::Met.words(),
            Assurance::Missed.words(),
            Assurance::Open.words(),
        )
    })
}

/// How figures are read by statistical process control.
pub fn variation_used(shown: &ShownFigures, codes: &[String]) -> Option<String> {
    codes.iter().any(|code| variation(shown, code).is_some()).then(|| {
        "Variation (statistical process control, of twelve figures or more): limits lie 2.66 mean \
         moving ranges from the mean. Special cause, which is more than chance: the latest figure \
         lies outside the limits, or is one of seven or more on one side of the mean, of seven or \
         more in a row that rise or fall, or of two of three close to the same limit. Improving \
         and concerning go by what good performance is. Everything else is common cause."
            .to_string()
    })
}
