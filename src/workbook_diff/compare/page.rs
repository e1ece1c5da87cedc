//! Changes as a part of a web page.

use maud::{Markup, html};

use super::pieces::{Piece, pieces};
use super::{Change, Changes, Verdict};
use crate::nouns::page::{lines, table};

pub(super) fn body(changes: &Changes, before_name: &str, after_name: &str) -> Markup {
    html! {
        h2 { (before_name) " → " (after_name) }
        p { (changes.sentence()) } "\n"
        @for of_sheet in changes.changes.chunk_by(|a, b| a.sheet == b.sheet) {
            (table(
                "changes",
                match of_sheet[0].sheet.as_str() { "" => "The whole workbook", name => name },
                &["Kind", "Where", "What", "Before", "After"],
                &html! { @for change in of_sheet { (row(change)) } },
            ))
        }
    }
}

fn row(change: &Change) -> Markup {
    let class = match change.verdict {
        Verdict::Figures => "poor",
        Verdict::Wording => "fair",
        Verdict::Formatting => "information",
    };
    let (before, after) = sides(change);
    html! {
        tr {
            td class=(class) { (change.verdict.words()) }
            th scope="row" {
                (change.place)
                @if !change.about.is_empty() { br; (change.about) }
            }
            td { (change.what) }
            td { (before) }
            td { (after) }
        }
        "\n"
    }
}

/// Each side with its own words marked.
fn sides(change: &Change) -> (Markup, Markup) {
    let both = change.before.as_deref().zip(change.after.as_deref());
    match both.and_then(|(old, new)| pieces(old, new)) {
        Some(pieces) => (side(&pieces, true), side(&pieces, false)),
        None => (whole(change.before.as_deref()), whole(change.after.as_deref())),
    }
}

fn whole(text: Option<&str>) -> Markup {
    lines(text.unwrap_or_default())
}

/// The words of one side: those that are gone are before, those that are new are after.
fn side(pieces: &[Piece], before: bool) -> Markup {
    let shown = pieces.iter().filter(|piece| match piece {
        Piece::Gone(_) => before,
        Piece::New(_) => !before,
        Piece::Same(_) | Piece::Skipped => true,
    });
    html! {
        @for (at, piece) in shown.enumerate() {
            @if at > 0 { " " }
            @match piece {
                Piece::Same(text) => { (paragraphs(text)) },
                Piece::Gone(text) => { del { (paragraphs(text)) } },
                Piece::New(text) => { ins { (paragraphs(text)) } },
                Piece::Skipped => { "…" },
            }
        }
    }
}

/// A line break is held as its sign while words are compared.
fn paragraphs(text: &str) -> Markup {
    lines(&text.replace('¶', "\n"))
}
