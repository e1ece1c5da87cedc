//! A workbook as the text that snapshots keep, and that text back as a workbook.
//!
//! The text follows what a person sees, not how the file stores it: styles are numbered by first
//! use, and everything stands in sheet order, a cell a line. So a diff of two texts shows only what
//! changed for the reader.

mod heading;
mod looks;
mod parts;
mod print;
mod quotes;
mod read;

pub(super) use heading::frozen;
pub(super) use looks::in_words;
pub(super) use parts::part_words;
pub(super) use print::format_in_brackets;
pub(super) use quotes::{escaped, is_marked, plain, quote_end, quoted, unquoted};

use crate::nouns::problem::{self, CellAddress};

/// What is printed on each page.
pub(super) const HEADERS: [&str; 6] =
    ["header", "footer", "even header", "even footer", "first header", "first footer"];

/// `A1:B2`, or `A1` where both ends are one.
pub(super) fn span(first: String, last: String) -> String {
    if first == last { first } else { format!("{first}:{last}") }
}

/// Column and row of an address such as `AB12`, both from 1 as the file counts them.
pub(super) fn cell_place(place: &str) -> Option<(u32, u32)> {
    CellAddress::parse(place).map(|cell| (u32::from(cell.col) + 1, cell.row + 1))
}

/// `AB` for 28.
pub(super) fn column_name(column: u32) -> String {
    problem::column_letters(column.saturating_sub(1) as u16)
}

/// 28 for `AB`.
pub(super) fn column_number(letters: &str) -> Option<u32> {
    problem::column_named(letters).map(|column| u32::from(column) + 1)
}

/// The shortest text that reads back as the same number.
pub(super) fn number_text(value: f64) -> String {
    if value == 0.0 || (1e-6..1e16).contains(&value.abs()) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}
