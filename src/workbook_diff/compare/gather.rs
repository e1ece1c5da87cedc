//! What was found, and telling together what is alike: six hundred cells that got another fill are
//! one change.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::refs::{Axis, Side, column_name};
use super::{Change, Verdict};
use crate::nouns::words::stretches;
use crate::workbook_diff::text::span;

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spot {
    /// Something of the whole sheet, or a place that the file names.
    Place(String),
    Line(Axis, u32),
    /// A row or column that is there on one side only.
    Gone(Axis, u32, Side),
    /// Row, column and address.
    Cell(u32, u32, String),
}

impl Spot {
    /// What is of the whole sheet, then columns, then row by row.
    fn place_from_top(&self) -> (u32, u32) {
        match self {
            Spot::Place(_) => (0, 0),
            Spot::Line(Axis::Columns, column) | Spot::Gone(Axis::Columns, column, _) => {
                (0, *column)
            }
            Spot::Line(Axis::Rows, row) | Spot::Gone(Axis::Rows, row, _) => (*row, 0),
            Spot::Cell(row, column, _) => (*row, *column),
        }
    }
}

/// One thing found.
pub(super) struct Found {
    verdict: Verdict,
    spot: Spot,
    what: String,
    before: Option<String>,
    after: Option<String>,
    /// What the row is about.
    pub about: String,
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

/// What found things must share to be told as one change.
#[derive(PartialEq, Eq, Hash)]
struct Alike {
    verdict: Verdict,
    what: String,
    before: Option<String>,
    after: Option<String>,
    /// Cells go with cells, rows with rows; what has a meaning of its own is alone.
    kind: String,
}

/// Whether something is told in words, and not in figures alone.
fn has_words(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.contains(char::is_alphabetic))
}

/// The changes of a sheet: the gravest first, then from top to bottom.
pub(super) fn gathered(sheet: &str, mut found: Vec<Found>) -> Vec<Change> {
    found.sort_by_key(|one| (one.verdict, one.spot.place_from_top()));
    let mut groups: IndexMap<Alike, (Vec<Spot>, String)> = IndexMap::new();
    for Found { verdict, spot, what, before, after, about } in found {
        let kind = match &spot {
            Spot::Place(place) => place.clone(),
            // Each figure is told by itself; the same words in thirty cells are told once.
            Spot::Cell(..)
                if verdict == Verdict::Formatting
                    || (has_words(before.as_deref()) && has_words(after.as_deref())) =>
            {
                "cells".to_owned()
            }
            Spot::Line(axis, _) | Spot::Gone(axis, ..) if verdict == Verdict::Formatting => {
                format!("{axis:?}")
            }
            spot => format!("{spot:?}"),
        };
        let group = groups.entry(Alike { verdict, what, before, after, kind }).or_default();
        group.0.push(spot);
        group.1 = about;
    }
    let told = groups.into_iter().map(|(alike, (spots, about))| {
        let Alike { verdict, what, before, after, .. } = alike;
        let about = if spots.len() == 1 { about } else { String::new() };
        Change {
            verdict,
            sheet: sheet.to_owned(),
            place: place(&spots),
            about,
            what,
            before,
            after,
        }
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
        let runs: Vec<String> =
            stretches(lines).into_iter().map(|(a, b)| span(name(a), name(b))).collect();
        let many = runs.len() > 1 || runs[0].contains(':');
        return format!("{label}{} {}", if many { "s" } else { "" }, runs.join(", "));
    }
    rectangles(&cells).join(", ")
}

/// Equal stretches of neighbouring rows are one rectangle.
fn rectangles(cells: &BTreeMap<u32, BTreeSet<u32>>) -> Vec<String> {
    // Those still open at the row above: columns, and the row they began in.
    let mut open: Vec<((u32, u32), u32)> = Vec::new();
    let mut done: Vec<(u32, u32, u32, u32)> = Vec::new();
    let mut above = 0;
    for (row, columns) in cells {
        let here = stretches(columns.iter().copied());
        let (kept, closed): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|(columns, _)| above + 1 == *row && here.contains(columns));
        done.extend(closed.into_iter().map(|((left, right), top)| (top, left, above, right)));
        open = here
            .iter()
            .map(|columns| {
                *kept.iter().find(|known| known.0 == *columns).unwrap_or(&(*columns, *row))
            })
            .collect();
        above = *row;
    }
    done.extend(open.into_iter().map(|((left, right), top)| (top, left, above, right)));
    done.sort_unstable();
    let cell = |row: u32, column: u32| format!("{}{row}", column_name(column));
    done.into_iter()
        .map(|(top, left, bottom, right)| span(cell(top, left), cell(bottom, right)))
        .collect()
}
