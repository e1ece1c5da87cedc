//! An area's figures beside those of the councils that it is made of, which publish their own: who
//! takes the others' off the area's must not find what one of them hid.

use indexmap::IndexMap;

use super::{ShownFigures, Unsafe, audit, show, shown};
use crate::definitions::{Indicator, Relation, Rule, Term};
use crate::figures::all::Figures;
use crate::nouns::area::AreaCode;
use crate::nouns::figure::Figure;

/// Applies a rule to the figures of an area. Its councils are taken to have published what the same
/// rule lets each of them show by itself.
pub fn apply_beside(
    rule: Rule,
    mut area: Figures,
    councils: Vec<(AreaCode, Figures)>,
) -> Result<ShownFigures, Unsafe> {
    if rule.small().is_none() {
        return super::apply(rule, area);
    }
    let all = councils.len();
    let own = (area.figures.len(), area.indicators.len(), area.relations.len());
    let mut typed: IndexMap<String, Vec<String>> = IndexMap::new();
    for (code, council) in councils {
        for (name, figure) in known_of(&rule, code, council)? {
            if figure.basis.is_none() {
                typed.entry(figure.indicator.clone()).or_default().push(name.clone());
            }
            let of_area = &area.indicators[&figure.indicator];
            let same_as = of_area.same_as.iter().map(|other| named(other, code)).collect();
            let indicator = Indicator { code: name.clone(), same_as, ..of_area.clone() };
            area.indicators.insert(name.clone(), indicator);
            area.figures.push(Figure { indicator: name, ..figure });
        }
        let relations: Vec<Relation> =
            area.relations[..own.2].iter().map(|relation| of_council(relation, code)).collect();
        area.relations.extend(relations);
    }
    // What is counted from records is tied by them; what managers typed is tied by adding up.
    for (indicator, names) in typed.into_iter().filter(|(_, names)| names.len() == all) {
        let term = |indicator: &String| Term { indicator: indicator.clone(), when: None };
        area.relations.push(Relation {
            name: format!("{indicator} of all councils"),
            sum: names.iter().map(term).collect(),
            equals: vec![term(&indicator)],
            place: area.indicators[&indicator].place.clone(),
        });
    }
    let found = audit::hide(&rule, &area)?;
    area.figures.truncate(own.0);
    area.indicators.truncate(own.1);
    area.relations.truncate(own.2);
    let mut shown = show(rule, area, &found.figures[..own.0]);
    shown.given_away = found.given_away;
    Ok(shown)
}

/// What a council called a figure of its own.
fn named(indicator: &str, code: AreaCode) -> String {
    format!("{indicator}@{}", code.as_str())
}

fn of_council(relation: &Relation, code: AreaCode) -> Relation {
    let mut own = relation.clone();
    for term in own.sum.iter_mut().chain(&mut own.equals) {
        term.indicator = named(&term.indicator, code);
    }
    own
}

/// A council's figures as readers know them: what it shows is printed, what it hides for being
/// small is a secret, and what it hides for its protection is known to nobody.
fn known_of(
    rule: &Rule,
    code: AreaCode,
    council: Figures,
) -> Result<Vec<(String, Figure)>, Unsafe> {
    let hidden = audit::hide(rule, &council)?.figures;
    let small = audit::small(rule, &council);
    let figures = council.figures.into_iter().zip(hidden.into_iter().zip(small));
    let known = figures.filter(|(figure, (hidden, small))| {
        shown::is_controlled(figure, &council.indicators[&figure.indicator]) && (!hidden || *small)
    });
    Ok(known
        .map(|(mut figure, (hidden, _))| {
            // A rounded number does not tell what it was made of.
            figure.background.printed_before = !hidden && rule.round.is_none();
            (named(&figure.indicator, code), figure)
        })
        .collect())
}
