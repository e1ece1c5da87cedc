//! What the catalogue says of an indicator, as pieces that a page and a text put in their own form.

use super::Entry;
use crate::definitions::{Breakdown, By, Published};
use crate::nouns::numbers::plain_number;
use crate::nouns::unit::Unit;
use crate::nouns::words::capital;

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// A name or line of a script.
    Code(String),
    /// A name that leads to a place of the catalogue.
    Link(String, String),
}

/// Something that is said of an indicator: a label, and lines.
pub type Fact = (&'static str, Vec<Vec<Piece>>);

/// The place of an indicator, population or list in the catalogue.
pub fn anchor(kind: &str, name: &str) -> String {
    format!("{kind}-{name}")
}

fn text(text: impl Into<String>) -> Piece {
    Piece::Text(text.into())
}

fn code(text: impl Into<String>) -> Piece {
    Piece::Code(text.into())
}

fn link(kind: &str, name: &str) -> Piece {
    Piece::Link(name.to_string(), anchor(kind, name))
}

/// Names, each leading to its place, with commas between.
pub fn links<'a>(kind: &str, names: impl Iterator<Item = &'a str>) -> Vec<Piece> {
    let mut all = Vec::new();
    for name in names {
        if !all.is_empty() {
            all.push(text(", "));
        }
        all.push(link(kind, name));
    }
    all
}

/// Adds what is said in one line, where anything is.
fn line(label: &'static str, says: Option<String>, facts: &mut Vec<Fact>) {
    facts.extend(says.map(|says| (label, vec![vec![text(says)]])));
}

/// Everything that is said of an indicator but title, code and definition.
pub fn of(entry: &Entry) -> Vec<Fact> {
    let i = entry.indicator;
    let mut facts: Vec<Fact> = Vec::new();
    let better = match i.better.words() {
        "High" => "higher is better",
        "Low" => "lower is better",
        _ => "for information: neither way is better",
    };
    facts.push(("Unit", vec![vec![text(format!("{}, {}; {better}", i.unit, i.rounding()))]]));
    line("Source", Some(i.source.clone()).filter(|source| !source.is_empty()), &mut facts);
    let counting =
        i.counting().into_iter().map(|c| vec![text(format!("{}: {}", capital(&c.what), c.says))]);
    facts.push(("How it is counted", counting.collect()));
    if !entry.populations.is_empty() {
        facts.push((
            "Populations",
            vec![links("population", entry.populations.iter().map(|p| p.name.as_str()))],
        ));
    }
    if !entry.lists.is_empty() {
        facts.push(("Lists of the return", vec![links("list", entry.lists.iter().copied())]));
    }
    facts.extend(i.breakdown.as_ref().map(|breakdown| ("Broken down", vec![parts(breakdown)])));
    line("Target", i.target.map(|target| held_against(entry, target)), &mut facts);
    if let Some(t) = i.thresholds {
        let band =
            |(from, to): (f64, f64)| format!("{} to {}", plain_number(from), plain_number(to));
        let says = format!("green {}, amber {}, red {}", band(t.green), band(t.amber), band(t.red));
        line("Thresholds", Some(says), &mut facts);
    }
    if let Some(policy) = entry.policy {
        facts.push((
            "Status policy",
            vec![vec![code(&policy.name), text(format!(": {}", policy.description))]],
        ));
    }
    facts.extend(i.rate_of.as_ref().map(|of| ("Rate of", vec![vec![link("indicator", of)]])));
    if !i.same_as.is_empty() {
        facts.push(("Same as", vec![links("indicator", i.same_as.iter().map(String::as_str))]));
    }
    let since = i.defined_since.as_ref();
    line(
        "Defined since",
        since.map(|since| format!("{since}; earlier figures are not compared with later ones")),
        &mut facts,
    );
    if i.whole_year {
        let says =
            "counts on from the year's first day: part of a year is not held against a whole one";
        line("Time", Some(says.to_string()), &mut facts);
    }
    let published: Vec<Vec<Piece>> = i.published.iter().map(release).collect();
    if published.is_empty() {
        let says = "not published by DfE; only with what the return's Figures sheet or earlier \
                    reports give";
        line("Compared with", Some(says.to_string()), &mut facts);
    } else {
        let says = "statistical neighbours, region and England, and its own earlier figures";
        line("Compared with", Some(says.to_string()), &mut facts);
        facts.push(("Published by DfE", published));
    }
    let people = match i.people {
        true => "counts people: small numbers are hidden where the report's rule says so",
        false => "counts nobody in particular: disclosure control leaves it alone",
    };
    line("Disclosure", Some(people.to_string()), &mut facts);
    facts.extend(
        entry
            .drafted_at
            .as_ref()
            .map(|at| ("Commentary", vec![vec![text("drafted at "), code(at)]])),
    );
    let layouts =
        if entry.layouts.is_empty() { "none".to_string() } else { entry.layouts.join(", ") };
    line("Shown by layouts", Some(layouts), &mut facts);
    line("Also called", Some(i.also.join(", ")).filter(|also| !also.is_empty()), &mut facts);
    facts.push(("Declared at", vec![vec![code(i.place.to_string())]]));
    facts
}

/// The target, and how near is near enough.
fn held_against(entry: &Entry, target: f64) -> String {
    let i = entry.indicator;
    let mut says = match i.unit {
        Unit::Percentage => format!("{}%", plain_number(target)),
        _ => plain_number(target),
    };
    if let Some(t) = i.tolerance {
        says.push_str(&format!(
            "; near enough: {} short of it to {} beyond",
            plain_number(t.low),
            plain_number(t.high)
        ));
    }
    if let Some(floor) = i.floor {
        says.push_str(&format!("; the least that is accepted: {}", plain_number(floor)));
    }
    says
}

fn parts(breakdown: &Breakdown) -> Vec<Piece> {
    let mut pieces = match &breakdown.by {
        By::Column(column) => vec![text("by the column "), code(column)],
        By::Groups(_) => vec![text(format!("into {}", breakdown.by))],
    };
    match &breakdown.across {
        Some(By::Column(column)) => pieces.extend([text(", each by the column "), code(column)]),
        Some(groups) => pieces.push(text(format!(", each into {groups}"))),
        None => {}
    }
    if breakdown.running {
        pieces.push(text(", each with the running total up to it"));
    }
    pieces
}

/// Where a release has it.
fn release(published: &Published) -> Vec<Piece> {
    let mut pieces = vec![
        text(match &published.release {
            Some(release) => format!("release {release}: column "),
            None => "any release: column ".to_string(),
        }),
        code(&published.value),
        text(" of "),
        code(&published.file),
    ];
    for (at, (column, texts)) in published.conditions.iter().enumerate() {
        pieces.push(text(if at == 0 { ", rows in which " } else { " and " }));
        pieces.push(code(column));
        pieces.push(text(format!(" is {}", texts.join(" or "))));
    }
    if published.optional {
        pieces.push(text("; not in every folder of a release"));
    }
    pieces
}
