//! Everything that is not a cell: properties, print set-up, merges, rules, charts, names.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::Verdict;
use super::align::in_order;
use super::by_place::{Book, Sheet};
use super::cells::text_verdict;
use super::gather::{Found, Spot};
use super::refs::{Grid, Side, settled};
use crate::workbook_diff::book::{Fact, Part};
use crate::workbook_diff::text::{HEADERS, part_words, quote_end, unquoted};

/// Where the reader last was: nobody's change.
const OF_READING: [&str; 3] = ["selection", "scrolled to", "opens on sheet"];

/// Properties that a program writes anew whenever the file is saved: nobody's change either.
const OF_SAVING: [&str; 2] = ["modified", "last-author"];

/// What lies in a row and goes with it.
const OF_ROWS: [&str; 5] =
    ["merged cells", "page break after", "conditional format", "validation", "ignored error"];

/// What the whole workbook says of itself.
pub(super) fn workbook(before: &Book, after: &Book, grids: &[Grid], found: &mut Vec<Found>) {
    compare(before.facts, after.facts, None, grids, found);
}

/// What can be said of a sheet besides its cells.
pub(super) fn sheet(
    before: &Sheet,
    after: &Sheet,
    grid: &Grid,
    grids: &[Grid],
    found: &mut Vec<Found>,
) {
    if before.name != after.name {
        let told = |sheet: &Sheet| Some(sheet.name.to_owned());
        let spot = Spot::Place("sheet".into());
        found.push(Found::new(Verdict::Wording, spot, "sheet's name", told(before), told(after)));
    }
    compare(before.facts, after.facts, Some(grid), grids, found);
}

/// The names of a book's sheets, in its order.
fn sheet_names(book: &Book) -> String {
    book.sheets.iter().map(|sheet| sheet.name).collect::<Vec<_>>().join(", ")
}

/// Sheets that stand in another order.
pub(super) fn order(before: &Book, after: &Book, pairs: &[(usize, usize)], found: &mut Vec<Found>) {
    let mut sorted: Vec<_> = pairs.iter().map(|pair| (*pair, 1)).collect();
    sorted.sort_unstable();
    if in_order(&sorted).len() < pairs.len() {
        let spot = Spot::Place("workbook".into());
        found.push(Found::new(
            Verdict::Formatting,
            spot,
            "order of sheets",
            Some(sheet_names(before)),
            Some(sheet_names(after)),
        ));
    }
}

/// A fact in the newer coordinates.
struct Settled<'a> {
    fact: &'a Fact,
    place: String,
    text: String,
    parts: Vec<Part>,
}

impl Settled<'_> {
    /// The place as it is told: as it is written, or, where both are written alike, in the newer
    /// coordinates.
    fn told_place(&self, alike: bool) -> String {
        match alike {
            true => self.place.replace("gone:", "removed "),
            false => self.fact.place.clone(),
        }
    }
}

/// Facts that name places in what they say.
const NAMES_PLACES: [&str; 6] =
    ["name", "conditional format", "validation", "sparkline", "link", "chart"];

/// Which side facts are of, and where the rows and columns of their sheet and of all others stand
/// now.
#[derive(Clone, Copy)]
struct Standpoint<'a> {
    side: Side,
    grid: Option<&'a Grid>,
    all: &'a [Grid],
}

impl Standpoint<'_> {
    /// The facts of a sheet or book that say something, but for those that went with their row.
    fn settle<'f>(&self, facts: &'f [Fact]) -> Vec<Settled<'f>> {
        let facts = facts.iter().filter(|fact| !of_nobody(fact) && !self.went_with_row(fact));
        facts.map(|fact| self.fact(fact)).collect()
    }

    /// Whether a fact is of rows or columns that the other side does not have.
    fn went_with_row(&self, fact: &Fact) -> bool {
        let is_gone = |grid: &Grid| grid.is_gone(self.side, &fact.place);
        OF_ROWS.contains(&fact.what) && self.grid.is_some_and(is_gone)
    }

    fn fact<'f>(&self, fact: &'f Fact) -> Settled<'f> {
        let part = |part: &Part| Part { says: self.says(fact, &part.says), ..part.clone() };
        let parts: Vec<Part> = fact.parts.iter().map(part).collect();
        let text = match parts.is_empty() {
            true => self.says(fact, &fact.text),
            false => part_words(&parts),
        };
        Settled { fact, place: self.settled(&fact.place), text, parts }
    }

    /// What a fact says, with the places in it where they are now.
    fn says(&self, fact: &Fact, text: &str) -> String {
        match NAMES_PLACES.contains(&fact.what) {
            true => self.settled(text),
            false => text.to_owned(),
        }
    }

    fn settled(&self, text: &str) -> String {
        settled(text, self.side, self.grid, self.all)
    }
}

/// What changes by reading and saving alone.
fn of_nobody(fact: &Fact) -> bool {
    OF_READING.contains(&fact.what)
        || (fact.what == "property" && OF_SAVING.contains(&fact.name.as_str()))
}

/// What a thing is known again by: what it is, its name, its place, what it says.
fn key<'s>(one: &Settled<'s>, (by_place, by_text): (bool, bool)) -> Option<[Cow<'s, str>; 4]> {
    // Of merges and breaks there is nothing but the place: two places are two merges.
    let of_place = matches!(one.fact.what, "merged cells" | "page break after");
    let place = if by_place { one.place.clone() } else { String::new() };
    let text = if by_text { one.text.clone() } else { String::new() };
    let (what, name) = (one.fact.what.into(), one.fact.name.as_str().into());
    (by_place || !of_place).then(|| [what, name, place.into(), text.into()])
}

fn compare(
    before: &[Fact],
    after: &[Fact],
    grid: Option<&Grid>,
    all: &[Grid],
    found: &mut Vec<Found>,
) {
    let mut old = Standpoint { side: Side::Before, grid, all }.settle(before);
    let mut new = Standpoint { side: Side::After, grid, all }.settle(after);
    // From the surest to the least sure way to know a thing again: by its place and what it says,
    // by one of the two.
    for (by_place, by_text) in [(true, true), (true, false), (false, true), (false, false)] {
        let by = (by_place, by_text);
        let mut known: HashMap<_, VecDeque<usize>> = HashMap::new();
        for (index, one) in new.iter().enumerate() {
            key(one, by).into_iter().for_each(|key| known.entry(key).or_default().push_back(index));
        }
        let mut taken = vec![false; new.len()];
        old.retain(|one| {
            let other = key(one, by).and_then(|key| known.get_mut(&key)?.pop_front());
            let Some(other) = other else { return true };
            changed(one, &new[other], found);
            taken[other] = true;
            false
        });
        let mut taken = taken.into_iter();
        new.retain(|_| !taken.next().unwrap_or(false));
    }
    for one in old {
        let is = usual(one.fact.what).map(str::to_owned);
        found.push(Found::new(
            alone(one.fact),
            spot(one.fact),
            what(one.fact),
            Some(says(one.fact)),
            is,
        ));
    }
    for one in new {
        let was = usual(one.fact.what).map(str::to_owned);
        found.push(Found::new(
            alone(one.fact),
            spot(one.fact),
            what(one.fact),
            was,
            Some(says(one.fact)),
        ));
    }
}

/// What there is where nothing is said.
fn usual(what: &str) -> Option<&'static str> {
    match what {
        "orientation" => Some("portrait"),
        "visibility" => Some("visible"),
        "zoom" | "print scale" => Some("100"),
        "margins" | "usual row height" | "usual column width" | "paper" => Some("as usual"),
        "grid lines" | "headings" | "zeros" => Some("on"),
        "protection" | "formulas" => Some("off"),
        "view" => Some("normal"),
        _ => None,
    }
}

/// What a reader calls it; a property goes by its name.
fn what(fact: &Fact) -> &str {
    match fact.what {
        "name" => "defined name",
        "property" => &fact.name,
        "page break after" => "page break",
        what => what,
    }
}

fn spot(fact: &Fact) -> Spot {
    Spot::Place(match fact.what {
        "table" => format!("{} {}", fact.name, fact.place),
        "name" => fact.name.clone(),
        "property" => "properties".to_owned(),
        "page break after" => {
            let line = fact.place.split(':').next().unwrap_or_default();
            let rows = line.starts_with(|c: char| c.is_ascii_digit());
            format!("after {} {line}", if rows { "row" } else { "column" })
        }
        "print area" | "print titles" | "frozen panes" => "sheet".to_owned(),
        _ if fact.place.is_empty() => "sheet".to_owned(),
        _ => fact.place.clone(),
    })
}

/// What the fact says; what has only a place says that it is there.
fn says(fact: &Fact) -> String {
    let words = fact.words();
    if fact.what == "page break after" {
        "there".to_owned()
    } else if !words.is_empty() {
        plain(words)
    } else if fact.place.is_empty() {
        "there".to_owned()
    } else {
        fact.place.clone()
    }
}

fn changed(old: &Settled, new: &Settled, found: &mut Vec<Found>) {
    let kind = what(new.fact);
    if old.place != new.place {
        // Where both are written alike and yet differ, the older one in the newer sheet's rows.
        let alike = old.fact.place == new.fact.place;
        let (was, is) = (Some(old.told_place(alike)), Some(new.told_place(alike)));
        let label = if kind == "print area" || kind == "print titles" || kind == "frozen panes" {
            kind.to_owned()
        } else {
            format!("{kind}: place")
        };
        found.push(Found::new(Verdict::Formatting, spot(new.fact), &label, was, is));
    }
    if old.text == new.text {
        return;
    }
    if DRAWN.contains(&kind) {
        aspects(old, new, found);
    } else {
        let verdict = told_verdict(new.fact, &old.text, &new.text);
        let printed = HEADERS.contains(&kind) && verdict != Verdict::Formatting;
        let told = |fact: &Fact| Some(if printed { without_codes(&fact.text) } else { says(fact) });
        found.push(Found::new(verdict, spot(new.fact), kind, told(old.fact), told(new.fact)));
    }
}

/// What is drawn over the cells, told aspect by aspect.
const DRAWN: [&str; 5] = ["chart", "image", "shape", "object", "connector"];

fn aspects(old: &Settled, new: &Settled, found: &mut Vec<Found>) {
    let kind = new.fact.what;
    let (settled_old, settled_new) = (labelled(&old.parts), labelled(&new.parts));
    let (was, is) = (labelled(&old.fact.parts), labelled(&new.fact.parts));
    let names: BTreeSet<&String> = settled_old.keys().chain(settled_new.keys()).collect();
    for name in names {
        let text = |parts: &BTreeMap<String, String>| parts.get(name).cloned().unwrap_or_default();
        let (before, after) = (text(&settled_old), text(&settled_new));
        if before != after {
            let label = if name.is_empty() { kind.to_owned() } else { format!("{kind}: {name}") };
            let told = |parts| Some(text(parts)).filter(|text| !text.is_empty()).map(plain);
            found.push(Found::new(
                told_verdict(new.fact, &before, &after),
                spot(new.fact),
                &label,
                told(&was),
                told(&is),
            ));
        }
    }
}

/// A text without the quotation marks it may stand in.
fn plain(text: String) -> String {
    unquoted(&text).unwrap_or(text)
}

/// What is drawn by what its parts are called; a chart's series are numbered, and two axes of one
/// kind are told together.
fn labelled(parts: &[Part]) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut series = 0;
    for part in parts {
        let label = match part.label {
            "series" => {
                series += 1;
                format!("series {series}")
            }
            label => label.to_owned(),
        };
        let says = found.entry(label).or_default();
        let gap = if says.is_empty() { "" } else { " " };
        says.extend([gap, &part.says]);
    }
    found
}

/// What it weighs that a fact is there or not.
fn alone(fact: &Fact) -> Verdict {
    match fact.what {
        "dates count from 1904" => Verdict::Figures,
        "property" if fact.name == "created" => Verdict::Formatting,
        "property" | "chart" | "image" | "shape" | "link" | "note" => Verdict::Wording,
        what if HEADERS.contains(&what) => Verdict::Wording,
        _ => Verdict::Formatting,
    }
}

fn told_verdict(fact: &Fact, old: &str, new: &str) -> Verdict {
    match fact.what {
        "property" if fact.name == "created" => Verdict::Formatting,
        what if HEADERS.contains(&what) => {
            let (old, new) = (without_codes(old), without_codes(new));
            if old == new { Verdict::Formatting } else { text_verdict(&old, &new) }
        }
        "image" | "link" => Verdict::Wording,
        "property" | "note" | "shape" => text_verdict(old, new),
        what => {
            let ((old_texts, old_data), (new_texts, new_data)) =
                (texts_and_data(old), texts_and_data(new));
            match what {
                "chart" | "sparkline" if old_data != new_data => Verdict::Figures,
                _ if old_texts == new_texts => Verdict::Formatting,
                _ => text_verdict(&old_texts.join(" "), &new_texts.join(" ")),
            }
        }
    }
}

/// The texts between quotation marks, and what a chart's series draw.
fn texts_and_data(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut texts, mut data) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '=']) {
        if rest.as_bytes()[at] == b'"' {
            let length = quote_end(&rest[at..]).unwrap_or(rest.len() - at);
            texts.push(&rest[at..at + length]);
            rest = &rest[at + length..];
        } else {
            let drawn = ["values", "x", "y", "size"]
                .iter()
                .any(|label| rest[..at].rsplit([' ', '(']).next() == Some(label));
            let value = &rest[at + 1..];
            if drawn {
                data.push(value.split([' ', ')']).next().unwrap_or_default());
            }
            rest = value;
        }
    }
    (texts, data)
}

/// A header without its codes for fonts, sizes and colours: `&L&"Arial,Bold"&12Derby` is `Derby`.
fn without_codes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let length = match rest.chars().next() {
            Some('"') => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            Some('K') => rest.len().min(7),
            Some(c) if c.is_ascii_digit() => {
                rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len()
            }
            // Page numbers, the date and the file's name are part of what is printed.
            Some(c @ ('P' | 'N' | 'D' | 'T' | 'F' | 'A' | 'Z' | '&')) => {
                out.extend(['&', c]);
                1
            }
            Some(c) => {
                out.push(' ');
                c.len_utf8()
            }
            None => 0,
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    (out + rest).trim().to_owned()
}
