//! How the council's figure stands beside those of other places. Which is the better one is not
//! said.

use std::cmp::Ordering;

use super::{part_of_a_year, tidy};
use crate::figures::suppress::{Shown, ShownFigures};
use crate::nouns::comparator::Comparator;
use crate::nouns::unit::Unit;

/// How the council's figure stands beside comparators of other areas, as printed: `Above all
/// three`, `Between`; in line with those no more than `within` away.
pub fn comparison(
    shown: &ShownFigures,
    code: &str,
    with: &[Comparator],
    within: Option<f64>,
) -> Option<String> {
    let own = shown.own(code)?;
    // A larger place has more children: their numbers say nothing beside each other.
    if own.unit() == Unit::Number || part_of_a_year(shown, code) {
        return None;
    }
    let printed = |figure: &Shown| figure.printed_number()?.parse::<f64>().ok();
    let value = printed(own)?;
    let mut names = Vec::new();
    let (mut above, mut level, mut below) = (0, 0, 0);
    for other in with.iter().filter(|one| !one.is_own()) {
        let Some(theirs) = shown.comparator(code, *other).and_then(printed) else { continue };
        names.push(other.area().in_a_sentence().to_string());
        let level_with = within.is_some_and(|within| near(value, theirs, within));
        match value.total_cmp(&theirs) {
            _ if level_with => level += 1,
            Ordering::Greater => above += 1,
            Ordering::Equal => level += 1,
            Ordering::Less => below += 1,
        }
    }
    let all = match &names[..] {
        [] => return None,
        [only] => only.clone(),
        [_, _] => "both".to_string(),
        [_, _, _] => "all three".to_string(),
        [_, _, _, _] => "all four".to_string(),
        many => format!("all {}", many.len()),
    };
    Some(match (above, level, below) {
        (_, 0, 0) => format!("Above {all}"),
        (0, 0, _) => format!("Below {all}"),
        (0, 1, 0) => format!("In line with {all}"),
        (0, _, 0) => "In line".to_string(),
        (_, _, 0) => "In line or above".to_string(),
        (0, _, _) => "In line or below".to_string(),
        _ => "Between".to_string(),
    })
}

/// The same of one place, as a sentence has it: `above England (52%)`; `in line with` it where no
/// more than `within` lies between the two, in the unit of the indicator.
pub fn against(
    shown: &ShownFigures,
    code: &str,
    other: Comparator,
    within: Option<f64>,
) -> Option<String> {
    let words = comparison(shown, code, &[other], None)?;
    let theirs = shown.comparator(code, other)?;
    let (own, value) =
        (shown.own(code)?.printed_number()?.parse().ok()?, theirs.printed_number()?.parse().ok()?);
    let area = theirs.area();
    let place = area.in_a_sentence();
    let text = theirs.text();
    if within.is_some_and(|within| near(own, value, within)) {
        return Some(format!("in line with {place} ({text})"));
    }
    let mut words = words.chars();
    let first = words.next()?.to_lowercase();
    Some(format!("{first}{} ({text})", words.as_str()))
}

/// Whether no more than `within` lies between two figures.
pub fn near(own: f64, theirs: f64, within: f64) -> bool {
    tidy((own - theirs).abs()) <= within
}
