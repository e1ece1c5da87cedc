//! What the accessible edition begins with, and how wide and how aligned its columns are, whatever
//! the form of its file.

use super::tables::Plain;
use crate::nouns::report::{Content, Report};

/// Widths in characters: of figures and short words, of names, of texts, of the cover.
const NARROW: f64 = 16.0;
const MIDDLE: f64 = 32.0;
const WIDE: f64 = 60.0;
pub const COVER: f64 = 80.0;
/// A text of more letters would be taller than a row can be in a column of the usual width.
const LONG_TEXT: usize = 1200;
/// The size of a sheet's title, in points.
pub const TITLE_SIZE: f64 = 16.0;

/// What the cover says under the title: headings and texts.
pub fn cover_lines(report: &Report) -> Vec<(&'static str, String)> {
    let p = &report.properties;
    let committee = report.sheets.first().map_or("", |sheet| sheet.page.header_right.as_str());
    let mut lines = vec![
        ("Published by", p.author.clone()),
        ("About", p.subject.clone()),
        ("For", committee.to_string()),
        ("Data as at", p.created.long()),
        (
            "This edition",
            "This is the accessible edition: it has the figures and texts of the committee's \
             appendix, in one table a worksheet, and can be read with a screen reader."
                .to_string(),
        ),
    ];
    lines.retain(|(_, text)| !text.is_empty());
    lines
}

/// The list of worksheets: what each is called and what it holds.
pub fn contents_sheet(sheets: &[Plain]) -> Plain {
    let text = |text: &str| Content::Text(text.to_string());
    Plain {
        name: "Contents".to_string(),
        lines: vec!["Contents".to_string(), "This worksheet contains one table.".to_string()],
        holds: String::new(),
        head: ["Worksheet", "What it holds"].map(ToString::to_string).to_vec(),
        rows: sheets.iter().map(|sheet| vec![text(&sheet.name), text(&sheet.holds)]).collect(),
    }
}

/// How wide a column is, in characters.
pub fn width<'c>(heading: &str, column: impl Iterator<Item = &'c Content>) -> f64 {
    let longest = column.map(|content| content.printed().chars().count()).max().unwrap_or(0);
    // A heading's longest word has to fit as well.
    let word = heading.split(' ').map(str::len).max().unwrap_or(0);
    match longest.max(word) {
        0..=14 => NARROW,
        15..=80 => MIDDLE,
        81..=LONG_TEXT => WIDE,
        _ => 2.0 * WIDE,
    }
}

/// Whether it is a number, or a text that is one, such as a change: `−7`.
pub fn is_number(content: &Content) -> bool {
    let of_number =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '−' | '.' | ',' | '%' | ' ' | 'p');
    match content {
        Content::Number { .. } => true,
        other => other.printed().starts_with(['+', '−']) && other.printed().chars().all(of_number),
    }
}

/// A name for a table: letters, digits and underscores.
pub fn table_name(sheet: &str) -> String {
    let parts: Vec<&str> =
        sheet.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    format!("{}{}", if parts.len() == 1 { "Table_" } else { "" }, parts.join("_"))
}
