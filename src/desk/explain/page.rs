//! The trail as a web page, to show a colleague: words first, then the rows. Private, and it says
//! so.

use maud::{Markup, html};
use serde_json::Value;

use super::records::{Rows, ranges};
use super::{CellTrail, CheckTrail, Chosen, Explained, Line, Trail};
use crate::figures::suppress::Rule;
use crate::nouns::figure::Selection;
use crate::nouns::page::{self, lines, whole_page};
use crate::nouns::words::capital;

/// A page of a cell, where one was asked for, and of figures and checks.
pub fn page(
    cell: Option<&CellTrail>,
    explained: &[Explained],
    rule: &Rule,
    show_values: bool,
) -> String {
    let title = match (cell, explained) {
        (Some(cell), _) => format!("What stands in {}", cell.place()),
        (None, [Explained::Check(only)]) => format!("What {} finds", only.name()),
        (None, [only]) => format!("Where {} comes from", only.code()),
        (None, _) => "Where figures come from".to_string(),
    };
    let body = html! {
        @if let Some(cell) = cell {
            p class="title" { (lines(&cell.printed)) } "\n"
            (table(&format!("The cell {}", cell.place()), &cell.lines))
        }
        @for one in explained {
            @match one {
                Explained::Figure(trail) => (section(trail, rule, show_values)),
                Explained::Check(trail) => (of_check(trail, show_values)),
            }
        }
    };
    private(&title, &body)
}

/// A page of a population.
pub fn page_of_population(chosen: &Chosen, show_values: bool) -> String {
    let body = html! {
        section {
            h2 { (chosen.heading()) } "\n"
            (table("How it is chosen", &chosen.lines()))
            (table_of("Records", &chosen.rows(), show_values))
        }
        "\n"
    };
    private(&format!("Who is in {}", chosen.name()), &body)
}

/// A page that says that it is private.
fn private(title: &str, body: &Markup) -> String {
    let body = html! {
        header {
            p class="title" { "Private: not for publication" }
            p {
                "This page is for the officer's own desk. It says which rows of the return count, \
                 and may show figures that the report hides."
            }
            h1 { (title) }
        }
        "\n"
        main { (body) }
        "\n"
    };
    whole_page(title, &[("robots", "noindex")], &body)
}

/// A figure: how it comes about, then its records.
fn section(trail: &Trail, rule: &Rule, show_values: bool) -> Markup {
    let counted = trail.records();
    html! {
        section {
            h2 { (trail.heading()) } "\n"
            (table("How it comes about", &trail.lines(rule)))
            @if let Some(counted) = counted {
                (selected(trail, "Numerator", &counted.numerator, show_values))
                @if let Some(denominator) = &counted.denominator {
                    (selected(trail, "Denominator", denominator, show_values))
                }
            }
        }
        "\n"
    }
}

fn selected(trail: &Trail, what: &str, selection: &Selection, show_values: bool) -> Markup {
    table_of(what, &trail.rows(selection), show_values)
}

/// A check: what it says, then the records that it finds with the cells that it points at.
fn of_check(trail: &CheckTrail, show_values: bool) -> Markup {
    html! {
        section {
            h2 { (trail.heading()) } "\n"
            (table("What it says", &trail.lines()))
            @for (rows, pointed) in trail.found() { (found(&rows, &pointed, show_values)) }
        }
        "\n"
    }
}

fn found(rows: &Rows, pointed: &[usize], show_values: bool) -> Markup {
    if show_values {
        return table_of("Found", rows, true);
    }
    let mut told = Vec::new();
    for (sheet, columns) in rows.cells_by_sheet(pointed) {
        told.push(Line::of(&sheet, ""));
        told.extend(columns.into_iter().map(|line| Line { depth: 1, ..line }));
    }
    told.extend(rows.looked_at().map(|columns| Line::of("looked at", columns)));
    table(&format!("Found: {}", rows.said()), &told)
}

/// Where records stand, or what stands in them.
fn table_of(what: &str, rows: &Rows, show_values: bool) -> Markup {
    let caption = format!("{what}: {}", rows.said());
    if show_values {
        return records(&caption, &rows.to_json(true));
    }
    let lines = rows.by_sheet().into_iter();
    let lines = lines.map(|(sheet, rows)| Line::of(&format!("{sheet}, rows"), ranges(&rows)));
    let looked_at = rows.looked_at().map(|c| Line::of("looked at", c));
    table(&caption, &lines.chain(looked_at).collect::<Vec<Line>>())
}

/// Lines as rows of label and text; what belongs to a line, or has no label, stands below it in the
/// same cell.
fn table(caption: &str, lines: &[Line]) -> Markup {
    let below = |line: &Line| line.depth > 0 || line.label.is_empty();
    let mut rows: Vec<&[Line]> = Vec::new();
    let mut from = 0;
    for at in 1..=lines.len() {
        if lines.get(at).is_none_or(|line| !below(line)) && at > from {
            rows.push(&lines[from..at]);
            from = at;
        }
    }
    let rows = html! {
        @for row in rows {
            tr {
                th scope="row" { (heading(&row[0].label)) }
                td {
                    p { (row[0].text) }
                    @for line in &row[1..] { p { (line.said()) } }
                }
            }
            "\n"
        }
    };
    page::table("", caption, &[], &rows)
}

/// A label with a capital first letter; a file's name and an indicator's code keep theirs. What has
/// none is a figure.
fn heading(label: &str) -> String {
    if label.is_empty() {
        return "Figure".to_string();
    }
    let first = label.split([' ', ',']).next().unwrap_or_default();
    if first.contains(['.', '_']) { label.to_string() } else { capital(label) }
}

/// A row for each record: where it stands, and its cells with what they hold.
fn records(caption: &str, records: &Value) -> Markup {
    let records: &[Value] = records.as_array().map_or(&[], Vec::as_slice);
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in records.iter().filter_map(|row| row["cells"].as_object()).flatten() {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let rows = html! {
        @for row in records {
            tr {
                td { (row["file"].as_str().unwrap_or_default()) }
                td { (row["sheet"].as_str().unwrap_or_default()) }
                th scope="row" { (row["row"]) }
                @for column in &columns { td { (in_cell(&row["cells"][*column])) } }
            }
            "\n"
        }
    };
    let headings = [&["File", "Sheet", "Row"], columns.as_slice()].concat();
    page::table("", caption, &headings, &rows)
}

fn in_cell(cell: &Value) -> String {
    match (cell["cell"].as_str(), cell["value"].as_str()) {
        (Some(address), Some(value)) => format!("{value} ({address})"),
        (Some(address), None) => format!("blank ({address})"),
        _ => String::new(),
    }
}
