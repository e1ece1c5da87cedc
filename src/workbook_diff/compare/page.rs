//! Changes as a part of a web page.

use super::words::{Piece, pieces};
use super::{Change, Changes, Verdict};
use crate::nouns::page::{escaped, table};

pub(super) fn body(changes: &Changes, before_name: &str, after_name: &str) -> String {
    let mut out = format!(
        "<h2>{} → {}</h2>\n<p>{}</p>\n",
        escaped(before_name),
        escaped(after_name),
        changes.sentence()
    );
    for of_sheet in changes.changes.chunk_by(|a, b| a.sheet == b.sheet) {
        let sheet = &of_sheet[0].sheet;
        let name = if sheet.is_empty() { "The whole workbook" } else { sheet };
        let rows: String = of_sheet.iter().map(row).collect();
        out += &table("changes", name, &["Kind", "Where", "What", "Before", "After"], &rows);
    }
    out
}

fn row(change: &Change) -> String {
    let class = match change.verdict {
        Verdict::Figures => "poor",
        Verdict::Wording => "fair",
        Verdict::Formatting => "information",
    };
    let about = if change.about.is_empty() {
        String::new()
    } else {
        format!("<br>{}", escaped(&change.about))
    };
    let (before, after) = sides(change);
    format!(
        "<tr><td class=\"{class}\">{}</td><th scope=\"row\">{}{about}</th><td>{}</td><td>{before}</td><td>{after}</td></tr>\n",
        change.verdict.words(),
        escaped(&change.place),
        escaped(&change.what),
    )
}

/// Each side with its own words marked.
fn sides(change: &Change) -> (String, String) {
    let whole = |text: &Option<String>| {
        text.as_ref().map_or_else(String::new, |text| escaped(text).replace('\n', "<br>"))
    };
    let told = change
        .before
        .as_deref()
        .zip(change.after.as_deref())
        .and_then(|(old, new)| pieces(old, new));
    let Some(pieces) = told else {
        return (whole(&change.before), whole(&change.after));
    };
    let side = |gone: bool| {
        let words = pieces.iter().filter_map(|piece| match piece {
            Piece::Same(text) => Some(escaped(text).into_owned()),
            Piece::Gone(text) => gone.then(|| format!("<del>{}</del>", escaped(text))),
            Piece::New(text) => (!gone).then(|| format!("<ins>{}</ins>", escaped(text))),
            Piece::Skipped => Some("…".to_owned()),
        });
        words.collect::<Vec<_>>().join(" ").replace('¶', "<br>")
    };
    (side(true), side(false))
}
