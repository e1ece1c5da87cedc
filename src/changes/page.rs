//! Changes as a part of a web page.

use super::words::{Piece, pieces};
use super::{Change, Changes, Verdict};
use crate::page::escaped;

pub(super) fn body(changes: &Changes, before_name: &str, after_name: &str) -> String {
    let mut out =
        format!("<h2>{} → {}</h2>\n<p>{}</p>\n", escaped(before_name), escaped(after_name), changes.sentence());
    for of_sheet in changes.changes.chunk_by(|a, b| a.sheet == b.sheet) {
        let sheet = &of_sheet[0].sheet;
        let name = if sheet.is_empty() { "The whole workbook".into() } else { escaped(sheet) };
        out += &format!(
            "<div class=\"wide\"><table class=\"changes\">\n<caption>{name}</caption>\n<thead><tr><th scope=\"col\">Kind</th>\
             <th scope=\"col\">Where</th><th scope=\"col\">What</th><th scope=\"col\">Before</th>\
             <th scope=\"col\">After</th></tr></thead>\n<tbody>\n"
        );
        for change in of_sheet {
            out += &row(change);
        }
        out += "</tbody></table></div>\n";
    }
    out
}

fn row(change: &Change) -> String {
    let class = match change.verdict {
        Verdict::Figures => "poor",
        Verdict::Wording => "fair",
        Verdict::Formatting => "information",
    };
    let about = if change.about.is_empty() { String::new() } else { format!("<br>{}", escaped(&change.about)) };
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
    let whole =
        |text: &Option<String>| text.as_ref().map_or_else(String::new, |text| escaped(text).replace('\n', "<br>"));
    let told = change.before.as_deref().zip(change.after.as_deref()).and_then(|(old, new)| pieces(old, new));
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
