//! The trail as a web page, to show a colleague: words first, then the rows. Private, and it says
//! so.

use std::fmt::Write as _;

use serde_json::Value;

use super::records::ranges;
use super::{CellTrail, Line, Trail};
use crate::figures::suppress::Rule;
use crate::nouns::page::{self, escaped, whole_page};
use crate::nouns::words::{capital, several};

/// A page of a cell, where one was asked for, and of figures.
pub fn page(cell: Option<&CellTrail>, trails: &[Trail], rule: &Rule, show_values: bool) -> String {
    let title = match (cell, trails) {
        (Some(cell), _) => format!("What stands in {}", cell.place()),
        (None, [only]) => format!("Where {} comes from", only.code()),
        (None, _) => "Where figures come from".to_string(),
    };
    let mut body = format!(
        "<header>\n<p class=\"title\">Private: not for publication</p>\n<p>This page is for the officer's own desk. It says \
         which rows of the return count, and may show figures that the report hides.</p>\n<h1>{}</h1>\n</header>\n<main>\n",
        escaped(&title)
    );
    if let Some(cell) = cell {
        let _ = writeln!(
            body,
            "<p class=\"title\">{}</p>",
            escaped(&cell.printed).replace('\n', "<br>")
        );
        table(&mut body, &format!("The cell {}", cell.place()), &cell.lines);
    }
    for trail in trails {
        let _ = writeln!(body, "<section>\n<h2>{}</h2>", escaped(&trail.heading()));
        table(&mut body, "How it comes about", &trail.lines(rule));
        if let Some(counted) = trail.records() {
            let selections = std::iter::once(("Numerator", &counted.numerator));
            for (what, selection) in
                selections.chain(counted.denominator.iter().map(|d| ("Denominator", d)))
            {
                let list = trail.desk.list(&selection.list);
                let records_of = several(selection.records.len(), "record");
                let caption = format!("{what}: {records_of} of {}", list.title);
                if show_values {
                    records(&mut body, &caption, &trail.records_json(selection, true));
                } else {
                    let rows = trail.rows_by_sheet(selection).into_iter();
                    let rows = rows
                        .map(|(sheet, rows)| Line::of(&format!("{sheet}, rows"), ranges(&rows)));
                    let looked_at = trail.looked_at(list, selection);
                    let lines: Vec<Line> =
                        rows.chain(looked_at.map(|c| Line::of("looked at", c))).collect();
                    table(&mut body, &caption, &lines);
                }
            }
        }
        body.push_str("</section>\n");
    }
    body.push_str("</main>\n");
    whole_page(&title, &[("robots", "noindex")], &body)
}

/// Lines as rows of label and text; what belongs to a line, or has no label, stands below it in the
/// same cell.
fn table(body: &mut String, caption: &str, lines: &[Line]) {
    let mut rows = String::new();
    let mut open = false;
    for line in lines {
        if open && (line.depth > 0 || line.label.is_empty()) {
            let _ = write!(rows, "<p>{}</p>", escaped(&line.said()));
            continue;
        }
        if open {
            rows.push_str("</td></tr>\n");
        }
        let label = if line.label.is_empty() { "figure" } else { &line.label };
        let _ = write!(
            rows,
            "<tr><th scope=\"row\">{}</th><td><p>{}</p>",
            escaped(&heading(label)),
            escaped(&line.text)
        );
        open = true;
    }
    if open {
        rows.push_str("</td></tr>\n");
    }
    body.push_str(&page::table("", caption, &[], &rows));
}

/// A label with a capital first letter; a file's name and an indicator's code keep theirs.
fn heading(label: &str) -> String {
    let first = label.split([' ', ',']).next().unwrap_or_default();
    if first.contains(['.', '_']) { label.to_string() } else { capital(label) }
}

/// A row for each record: where it stands, and its cells with what they hold.
fn records(body: &mut String, caption: &str, records: &Value) {
    let records: &[Value] = records.as_array().map_or(&[], Vec::as_slice);
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in records.iter().filter_map(|row| row["cells"].as_object()).flatten() {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let mut rows = String::new();
    for row in records {
        let text = |name: &str| {
            row[name].as_str().map_or(String::new(), |text| escaped(text).into_owned())
        };
        let _ = write!(
            rows,
            "<tr><td>{}</td><td>{}</td><th scope=\"row\">{}</th>",
            text("file"),
            text("sheet"),
            row["row"]
        );
        for column in &columns {
            let cell = &row["cells"][*column];
            let said = match (cell["cell"].as_str(), cell["value"].as_str()) {
                (Some(address), Some(value)) => format!("{value} ({address})"),
                (Some(address), None) => format!("blank ({address})"),
                _ => String::new(),
            };
            let _ = write!(rows, "<td>{}</td>", escaped(&said));
        }
        rows.push_str("</tr>\n");
    }
    let headings = [&["File", "Sheet", "Row"], columns.as_slice()].concat();
    body.push_str(&page::table("", caption, &headings, &rows));
}
