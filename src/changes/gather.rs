//! What was found, and telling together what is alike: six hundred cells that got another fill are one change.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::refs::{Axis, Side, column_name};
use super::{Change, Verdict};

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Spot {
    /// Something of the whole sheet, or a place that the file names.
    Place(String),
    Line(Axis, u32),
    /// A row or column that is there on one side only.
    Gone(Axis, u32, Side),
    /// Row, column and address.
    Cell(u32, u32, String),
}

/// One thing found.
pub(super) struct Found {
    verdict: Verdict,
    spot: Spot,
    what: String,
    before: Option<String>,
    after: Option<String>,
    about: String,
}

impl Found {
    pub(super) fn new(
        verdict: Verdict,
        spot: Spot,
        what: &str,
        before: Option<String>,
        after: Option<String>,
    ) -> Found {
        Found { verdict, spot, what: what.to_owned(), before, after, about: String::new() }
    }

    /// What the row is about.
    pub(super) fn about(mut self, about: String) -> Found {
        self.about = about;
        self
    }
}

/// The changes of a sheet: the gravest first, then from top to bottom.
pub(super) fn gathered(sheet: &str, mut found: Vec<Found>) -> Vec<Change> {
    found.sort_by(|a, b| (a.verdict, &a.spot).cmp(&(b.verdict, &b.spot)));
    let mut groups: IndexMap<(Verdict, String, Option<String>, Option<String>, String), Vec<Spot>> = IndexMap::new();
    for one in found {
        // Figures and words are told one by one: each has its own meaning.
        let kind = match &one.spot {
            _ if one.verdict != Verdict::Formatting => format!("{:?}", one.spot),
            Spot::Place(place) => format!("place {place}"),
            Spot::Line(axis, _) | Spot::Gone(axis, ..) => format!("{axis:?}"),
            Spot::Cell(..) => "cells".to_owned(),
        };
        let about = if one.verdict == Verdict::Formatting { String::new() } else { one.about.clone() };
        let key = (one.verdict, one.what, one.before, one.after, format!("{kind}\u{0}{about}"));
        groups.entry(key).or_default().push(one.spot);
    }
    let told = groups.into_iter().map(|((verdict, what, before, after, key), spots)| {
        let about = key.split_once('\u{0}').map_or("", |(_, about)| about).to_owned();
        Change { verdict, sheet: sheet.to_owned(), place: place(&spots), about, what, before, after }
    });
    told.collect()
}

/// All the places of one change in as few ranges as may be.
fn place(spots: &[Spot]) -> String {
    let mut cells: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut lines: Vec<u32> = Vec::new();
    let mut label = "";
    for spot in spots {
        match spot {
            Spot::Place(place) => return place.clone(),
            Spot::Cell(row, column, _) => drop(cells.entry(*row).or_default().insert(*column)),
            Spot::Line(axis, line) | Spot::Gone(axis, line, _) => {
                label = if *axis == Axis::Rows { "row" } else { "column" };
                lines.push(*line);
            }
        }
    }
    if !lines.is_empty() {
        lines.sort_unstable();
        let name = |line: u32| if label == "row" { line.to_string() } else { column_name(line) };
        let runs: Vec<String> = runs(lines.into_iter()).into_iter().map(|(a, b)| span(name(a), name(b))).collect();
        let many = runs.len() > 1 || runs[0].contains(':');
        return format!("{label}{} {}", if many { "s" } else { "" }, runs.join(", "));
    }
    rectangles(&cells).join(", ")
}

/// Stretches of neighbours.
fn runs(numbers: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 >= number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

/// Equal stretches of neighbouring rows are one rectangle.
fn rectangles(cells: &BTreeMap<u32, BTreeSet<u32>>) -> Vec<String> {
    // Those still open at the row above: columns, and the row they began in.
    let mut open: Vec<((u32, u32), u32)> = Vec::new();
    let mut done: Vec<(u32, u32, u32, u32)> = Vec::new();
    let mut above = 0;
    for (row, columns) in cells {
        let here = runs(columns.iter().copied());
        let (kept, closed): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|(columns, _)| above + 1 == *row && here.contains(columns));
        done.extend(closed.into_iter().map(|((left, right), top)| (top, left, above, right)));
        open = here
            .iter()
            .map(|columns| *kept.iter().find(|known| known.0 == *columns).unwrap_or(&(*columns, *row)))
            .collect();
        above = *row;
    }
    done.extend(open.into_iter().map(|((left, right), top)| (top, left, above, right)));
    done.sort_unstable();
    let cell = |row: u32, column: u32| format!("{}{row}", column_name(column));
    done.into_iter().map(|(top, left, bottom, right)| span(cell(top, left), cell(bottom, right))).collect()
}

fn span(first: String, last: String) -> String {
    if first == last { first } else { format!("{first}:{last}") }
}
