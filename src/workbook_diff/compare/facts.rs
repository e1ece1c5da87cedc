//! Everything that is not a cell: properties, print set-up, merges, rules, charts, names.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::Verdict;
use super::align::in_order;
use super::cells::text_verdict;
use super::gather::{Found, Spot};
use super::read::{Book, Fact, Sheet};
use super::refs::{Grid, Side, settled};

/// What a program writes anew whenever the file is saved, and where the reader last was: nobody's
/// change.
const OF_SAVING: [&str; 5] =
    ["property modified", "property last-author", "selection", "scrolled to", "opens on sheet"];

/// What lies in a row and goes with it.
const OF_ROWS: [&str; 5] =
    ["merged cells", "page break after", "conditional format", "validation", "ignored error"];

/// What the whole workbook says of itself.
pub(super) fn workbook(before: &Book, after: &Book, grids: &[Grid], found: &mut Vec<Found>) {
    compare(&before.facts, &after.facts, None, grids, found);
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
        let told = |sheet: &Sheet| Some(sheet.name.clone());
        let spot = Spot::Place("sheet".into());
        found.push(Found::new(Verdict::Wording, spot, "sheet's name", told(before), told(after)));
    }
    compare(&before.facts, &after.facts, Some(grid), grids, found);
}

/// Sheets that stand in another order.
pub(super) fn order(before: &Book, after: &Book, pairs: &[(usize, usize)], found: &mut Vec<Found>) {
    let mut sorted: Vec<_> = pairs.iter().map(|pair| (*pair, 1)).collect();
    sorted.sort_unstable();
    if in_order(&sorted).len() < pairs.len() {
        let told = |book: &Book| {
            Some(book.sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>().join(", "))
        };
        let spot = Spot::Place("workbook".into());
        found.push(Found::new(
            Verdict::Formatting,
            spot,
            "order of sheets",
            told(before),
            told(after),
        ));
    }
}

/// A fact in the newer coordinates.
struct Settled<'a> {
    fact: &'a Fact,
    place: String,
    text: String,
}

fn settle<'a>(
    facts: &'a [Fact],
    side: Side,
    grid: Option<&Grid>,
    all: &[Grid],
) -> Vec<Settled<'a>> {
    let of_saving = |fact: &&Fact| !OF_SAVING.contains(&fact.what.as_str());
    let with_row = |fact: &&Fact| {
        OF_ROWS.contains(&fact.what.as_str())
            && grid.is_some_and(|grid| grid.is_gone(side, &fact.place))
    };
    let facts = facts.iter().filter(of_saving).filter(|fact| !with_row(fact));
    facts
        .map(|fact| {
            // Only these name places in what they say.
            let places = fact.what.starts_with("name ")
                || ["conditional format", "validation", "sparkline", "link", "chart"]
                    .contains(&fact.what.as_str());
            let text =
                if places { settled(&fact.text, side, grid, all) } else { fact.text.clone() };
            Settled { fact, place: settled(&fact.place, side, grid, all), text }
        })
        .collect()
}

fn compare(
    before: &[Fact],
    after: &[Fact],
    grid: Option<&Grid>,
    all: &[Grid],
    found: &mut Vec<Found>,
) {
    let mut old = settle(before, Side::Before, grid, all);
    let mut new = settle(after, Side::After, grid, all);
    // From the surest to the least sure way to know a thing again: by its place and what it says,
    // by one of the two.
    for (by_place, by_text) in [(true, true), (true, false), (false, true), (false, false)] {
        let key = |one: &Settled| {
            // Of merges and breaks there is nothing but the place: two places are two merges.
            let of_place = matches!(one.fact.what.as_str(), "merged cells" | "page break after");
            (by_place || !of_place).then(|| {
                let part = |is: bool, part: &str| if is { part.to_owned() } else { String::new() };
                (one.fact.what.clone(), part(by_place, &one.place), part(by_text, &one.text))
            })
        };
        let mut known: HashMap<_, VecDeque<usize>> = HashMap::new();
        for (index, one) in new.iter().enumerate() {
            key(one).into_iter().for_each(|key| known.entry(key).or_default().push_back(index));
        }
        let mut taken = vec![false; new.len()];
        old.retain(|one| {
            let other = key(one).and_then(|key| known.get_mut(&key)?.pop_front());
            let Some(other) = other else { return true };
            changed(one, &new[other], found);
            taken[other] = true;
            false
        });
        let mut taken = taken.into_iter();
        new.retain(|_| !taken.next().unwrap_or(false));
    }
    for one in old {
        let is = usual(&one.fact.what).map(str::to_owned);
        found.push(Found::new(
            alone(one.fact),
            spot(one.fact),
            what(&one.fact.what),
            Some(says(one.fact)),
            is,
        ));
    }
    for one in new {
        let was = usual(&one.fact.what).map(str::to_owned);
        found.push(Found::new(
            alone(one.fact),
            spot(one.fact),
            what(&one.fact.what),
            was,
            Some(says(one.fact)),
        ));
    }
}

/// What is printed on each page.
const HEADERS: [&str; 6] =
    ["header", "footer", "even header", "even footer", "first header", "first footer"];

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

/// The kind of a thing that has a name of its own.
fn what(what: &str) -> &str {
    match what.split_once(' ') {
        Some(("table", _)) => "table",
        Some(("name", _)) => "defined name",
        Some(("property", name)) => name,
        Some(("page", _)) => "page break",
        _ => what,
    }
}

fn spot(fact: &Fact) -> Spot {
    Spot::Place(match fact.what.split_once(' ') {
        Some(("table", name)) => format!("{name} {}", fact.place),
        Some(("name", name)) => name.to_owned(),
        Some(("property", _)) => "properties".to_owned(),
        Some(("page", _)) => {
            let line = fact.place.split(':').next().unwrap_or_default();
            let rows = line.starts_with(|c: char| c.is_ascii_digit());
            format!("after {} {line}", if rows { "row" } else { "column" })
        }
        _ if fact.place.is_empty()
            || matches!(fact.what.as_str(), "print area" | "print titles" | "frozen panes") =>
        {
            "sheet".to_owned()
        }
        _ => fact.place.clone(),
    })
}

/// What the fact says; what has only a place says that it is there.
fn says(fact: &Fact) -> String {
    if fact.what == "page break after" {
        "there".to_owned()
    } else if !fact.text.is_empty() {
        super::read::unquoted(&fact.text).unwrap_or_else(|| fact.text.clone())
    } else if fact.place.is_empty() {
        "there".to_owned()
    } else {
        fact.place.clone()
    }
}

fn changed(old: &Settled, new: &Settled, found: &mut Vec<Found>) {
    let kind = what(&new.fact.what);
    if old.place != new.place {
        // Where both are written alike and yet differ, the older one in the newer sheet's rows.
        let told = |one: &Settled| {
            let alike = old.fact.place == new.fact.place;
            Some(if alike {
                one.place.replace("gone:", "removed ")
            } else {
                one.fact.place.clone()
            })
        };
        let label = if kind == "print area" || kind == "print titles" || kind == "frozen panes" {
            kind.to_owned()
        } else {
            format!("{kind}: place")
        };
        found.push(Found::new(Verdict::Formatting, spot(new.fact), &label, told(old), told(new)));
    }
    if old.text == new.text {
        return;
    }
    if DRAWN.contains(&kind) {
        aspects(old, new, found);
    } else {
        let verdict = told_verdict(&new.fact.what, &old.text, &new.text);
        let printed = HEADERS.contains(&kind) && verdict != Verdict::Formatting;
        let told = |fact: &Fact| Some(if printed { without_codes(&fact.text) } else { says(fact) });
        found.push(Found::new(verdict, spot(new.fact), kind, told(old.fact), told(new.fact)));
    }
}

/// What is drawn over the cells, told aspect by aspect.
const DRAWN: [&str; 5] = ["chart", "image", "shape", "object", "connector"];

fn aspects(old: &Settled, new: &Settled, found: &mut Vec<Found>) {
    let kind = &new.fact.what;
    let (settled_old, settled_new) = (parted(&old.text), parted(&new.text));
    let (was, is) = (parted(&old.fact.text), parted(&new.fact.text));
    let names: BTreeSet<&String> = settled_old.keys().chain(settled_new.keys()).collect();
    for name in names {
        let text = |parts: &BTreeMap<String, String>| parts.get(name).cloned().unwrap_or_default();
        let (before, after) = (text(&settled_old), text(&settled_new));
        if before != after {
            let label = if name.is_empty() { kind.clone() } else { format!("{kind}: {name}") };
            let told = |parts| Some(text(parts)).filter(|text| !text.is_empty()).map(plain);
            found.push(Found::new(
                told_verdict(kind, &before, &after),
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
    super::read::unquoted(&text).unwrap_or(text)
}

/// `column clustered title "A" legend right series(…) series(…) alt "B"` by its labels; the kind
/// has none.
fn parted(text: &str) -> BTreeMap<String, String> {
    const LABELS: [(&str, &str); 9] = [
        ("title ", "title"),
        ("legend ", "legend"),
        ("no-legend", "legend"),
        ("blanks ", "gaps"),
        ("x-axis ", "x axis"),
        ("y-axis ", "y axis"),
        ("alt-title ", "alternative title"),
        ("alt ", "alternative text"),
        ("series(", "series"),
    ];
    let mut parts: BTreeMap<String, String> = BTreeMap::new();
    let (mut label, mut series, mut depth) = (String::new(), 0, 0);
    let mut rest = text;
    let mut starts = true;
    while let Some(letter) = rest.chars().next() {
        // An axis has a title of its own.
        let titled = rest.starts_with("title ") && label.ends_with("axis");
        let found = LABELS
            .iter()
            .find(|(word, _)| starts && depth == 0 && !titled && rest.starts_with(word));
        if let Some((word, name)) = found {
            series += usize::from(*name == "series");
            label = if *name == "series" { format!("series {series}") } else { (*name).to_owned() };
            let value = if *word == "no-legend" { "none" } else { "" };
            parts.entry(label.clone()).or_default().push_str(value);
            depth += usize::from(word.ends_with('('));
            (rest, starts) = (&rest[word.len()..], false);
            continue;
        }
        let length = match letter {
            '"' => super::read::quote_end(rest).unwrap_or(rest.len()),
            letter => letter.len_utf8(),
        };
        depth = match letter {
            '(' => depth + 1,
            ')' => depth.saturating_sub(1),
            _ => depth,
        };
        parts.entry(label.clone()).or_default().push_str(&rest[..length]);
        starts = letter == ' ';
        rest = &rest[length..];
    }
    for (name, text) in &mut parts {
        let told = text.trim();
        *text =
            if name.starts_with("series") { told.trim_end_matches(')') } else { told }.to_owned();
    }
    parts
}

/// What it weighs that a fact is there or not.
fn alone(fact: &Fact) -> Verdict {
    match fact.what.as_str() {
        "dates count from 1904" => Verdict::Figures,
        "property created" => Verdict::Formatting,
        "chart" | "image" | "shape" | "link" | "note" => Verdict::Wording,
        what if HEADERS.contains(&what) => Verdict::Wording,
        what if what.starts_with("property ") => Verdict::Wording,
        _ => Verdict::Formatting,
    }
}

fn told_verdict(what: &str, old: &str, new: &str) -> Verdict {
    match what {
        "property created" => Verdict::Formatting,
        what if HEADERS.contains(&what) => {
            let (old, new) = (without_codes(old), without_codes(new));
            if old == new { Verdict::Formatting } else { text_verdict(&old, &new) }
        }
        "image" | "link" => Verdict::Wording,
        what if what.starts_with("property ") || matches!(what, "note" | "shape") => {
            text_verdict(old, new)
        }
        _ => {
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
            let length = super::read::quote_end(&rest[at..]).unwrap_or(rest.len() - at);
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
