//! The sheets that managers type: Cover, Figures and Commentary.

mod bounds;
mod commentary;
mod cover;
mod figures;
pub use figures::{FORECAST, TARGET};

use std::borrow::Cow;

use indexmap::IndexMap;

use super::find::normalised;
use super::seen;
use crate::definitions::Declarations;
use crate::intake::read::{Cell, Sheet, Value};
use crate::nouns::figure::Symbol;
use crate::nouns::numbers;
use crate::nouns::period::Day;
use crate::nouns::problem::{Place, Problem, Problems};
use crate::nouns::unit::Unit;

/// What the Cover says of one thing.
#[derive(Debug, Clone)]
pub struct CoverEntry {
    /// The label as typed.
    pub key: String,
    /// The value as a person reads it; dates as `30 September 2026`.
    pub text: String,
    /// The value as a number, where it is one.
    pub number: Option<f64>,
    /// The value as a day, where it is one.
    pub day: Option<Day>,
    /// The value's cell.
    pub place: Place,
}

/// What stands where a number could stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum TypedValue {
    /// Nothing.
    #[default]
    Blank,
    /// A number: percentages from 0 to 100.
    Number(f64),
    /// A gap with its own wording, such as `Not collected nationally.`
    Wording(String),
    /// A gap by one of the Government's data symbols, such as `[c]`.
    Symbol(Symbol),
}

impl TypedValue {
    /// The number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            TypedValue::Number(n) => Some(*n),
            _ => None,
        }
    }
}

/// A row of the Figures sheet.
#[derive(Debug, Clone)]
pub struct TypedFigure {
    /// The indicator as typed.
    pub indicator: String,
    /// The title as typed.
    pub title: Option<String>,
    /// The unit as typed.
    pub unit: Option<Unit>,
    /// The numbers of the row by column: `value`, `numerator`, `previous_outturn` and so on, or the
    /// period that a column is headed by, such as `August 2026`.
    pub values: IndexMap<String, (TypedValue, Place)>,
    /// The note.
    pub note: Option<String>,
    /// Who has looked at what the check of titles and rates says, and lets it stand.
    pub checked: Option<String>,
    /// The row's first cell.
    pub place: Place,
}

impl TypedFigure {
    /// A number of the row, or the wording that stands there.
    pub fn value(&self, name: &str) -> TypedValue {
        self.values.get(name).map(|(v, _)| v.clone()).unwrap_or_default()
    }
}

/// A row of the Commentary sheet.
#[derive(Debug, Clone)]
pub struct TypedCommentary {
    /// The indicator or area as typed.
    pub about: String,
    /// The text; line breaks part paragraphs. Empty in a row that confirms a draft.
    pub text: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// The figure as it was when this was written or confirmed.
    pub figure: Option<String>,
    /// Who has looked at what the check says, and lets it stand.
    pub checked: Option<String>,
    /// The row's cell.
    pub place: Place,
    /// The cell of the text.
    pub said_at: Place,
}

/// The three sheets.
#[derive(Debug, Default, Clone)]
pub struct Management {
    /// Cover entries by their normalised label.
    pub cover: IndexMap<String, CoverEntry>,
    /// Figures in the sheet's order.
    pub figures: Vec<TypedFigure>,
    /// Commentary in the sheet's order.
    pub commentary: Vec<TypedCommentary>,
}

impl Management {
    /// A Cover entry by its label, whatever its case and spaces.
    pub fn cover(&self, key: &str) -> Option<&CoverEntry> {
        self.cover.get(&normalised(key))
    }

    /// The Cover's text for a label.
    pub fn cover_text(&self, key: &str) -> Option<&str> {
        self.cover(key).map(|entry| entry.text.as_str())
    }

    /// The sheet of the Cover, where there is one that says anything.
    pub fn cover_place(&self) -> Option<Place> {
        let place = &self.cover.values().next()?.place;
        Some(Place::sheet(&place.file, place.sheet_index, place.sheet.as_deref()?))
    }

    /// Reads a sheet of managers.
    pub fn take(
        &mut self,
        sheet: &Sheet,
        typed: &TypedSheet,
        declared: &Declarations,
        problems: &mut Problems,
    ) {
        match typed {
            TypedSheet::Cover => self.take_cover(sheet, problems),
            TypedSheet::Figures(row, heads) => {
                let sheet = as_seen(sheet, *row, heads, &["Indicator"], problems);
                self.take_figures(&sheet, *row, heads, declared, problems)
            }
            TypedSheet::Commentary(row, heads) => {
                let sheet = as_seen(sheet, *row, heads, &commentary::ABOUT, problems);
                self.take_commentary(&sheet, *row, heads, problems)
            }
        }
    }
}

/// The sheet as whoever opens it sees it: what each row is about may be merged over several.
fn as_seen<'s>(
    sheet: &'s Sheet,
    header_row: u32,
    heads: &Heads,
    about: &[&str],
    problems: &mut Problems,
) -> Cow<'s, Sheet> {
    seen::tell_hidden_rows(sheet, header_row + 1, problems);
    let columns: Vec<u16> =
        about.iter().filter_map(|name| heads.get(&normalised(name)).copied()).collect();
    seen::unmerged(sheet, header_row + 1, &columns, problems)
}

/// Which of the three a sheet is, and where its headings stand.
#[derive(Debug)]
pub enum TypedSheet {
    /// Labels and values.
    Cover,
    /// A row for each indicator.
    Figures(u32, Heads),
    /// A row for each text.
    Commentary(u32, Heads),
}

impl TypedSheet {
    /// Which of the three the sheet is, if it is one.
    pub fn of(sheet: &Sheet) -> Option<TypedSheet> {
        if let Some((row, heads)) = header(
            sheet,
            &["Indicator"],
            &["Value", "Numerator", "Previous out-turn", "Statistical neighbours", "Target"],
        ) {
            return Some(TypedSheet::Figures(row, heads));
        }
        if let Some((row, heads)) = header(
            sheet,
            &["Commentary"],
            &["Indicator or area", "Indicator", "Area", "Area / Indicator"],
        ) {
            return Some(TypedSheet::Commentary(row, heads));
        }
        cover::is_cover(sheet).then_some(TypedSheet::Cover)
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            TypedSheet::Cover => "Cover",
            TypedSheet::Figures(..) => "Figures",
            TypedSheet::Commentary(..) => "Commentary",
        }
    }
}

/// A sheet's headings, normalised, and their columns.
type Heads = IndexMap<String, u16>;

/// The row with one of the needed and one of the other headings.
fn header(sheet: &Sheet, needed: &[&str], other: &[&str]) -> Option<(u32, Heads)> {
    sheet.rows().take(50).find_map(|(row, cells)| {
        let heads: Heads = cells
            .iter()
            .filter_map(|cell| match sheet.value(cell) {
                Value::Text(text) => Some((normalised(text), cell.col)),
                _ => None,
            })
            .collect();
        let has = |names: &[&str]| names.iter().any(|n| heads.contains_key(&normalised(n)));
        (has(needed) && has(other)).then_some((row, heads))
    })
}

/// The text under the first heading that the sheet has, and its column.
fn text_of(sheet: &Sheet, cells: &[Cell], heads: &Heads, names: &[&str]) -> Option<(String, u16)> {
    let col = names.iter().find_map(|n| heads.get(&normalised(n)))?;
    let cell = cells.iter().find(|c| c.col == *col)?;
    let text = match sheet.value(cell) {
        Value::Text(text) => numbers::trimmed(text).replace("\r\n", "\n").replace('\r', "\n"),
        Value::Error(_) | Value::Uncalculated | Value::TooLong | Value::NoText => return None,
        _ => sheet.shown(cell),
    };
    (!text.is_empty()).then_some((text, *col))
}

/// Tells of cells under these headings that hold no text that could be used.
fn tell_unusable(
    sheet: &Sheet,
    row: u32,
    cells: &[Cell],
    heads: &Heads,
    names: &[&str],
    problems: &mut Problems,
) {
    for name in names {
        let col = heads.get(&normalised(name));
        let Some(cell) = col.and_then(|col| cells.iter().find(|cell| cell.col == *col)) else {
            continue;
        };
        let (what, hint) = match sheet.value(cell) {
            Value::Error(_) => {
                ("the cell holds an Excel error", "mend its formula, or type the text")
            }
            Value::Uncalculated => (
                "the cell holds a formula that was never calculated",
                "open the workbook in Excel and save it, so that the values are stored",
            ),
            Value::NoText => (
                "the cell says it holds a text, and has none",
                "type the text, or clear the cell in Excel where it is blank",
            ),
            Value::TooLong => (
                "the text is longer than a cell can hold",
                "a cell holds 32,767 characters at most; shorten the text",
            ),
            _ => continue,
        };
        let problem =
            Problem::error(sheet.place.at(row, cell.col), format!("{what}; it was not used"));
        problems.add(problem.column(*name).hint(hint));
    }
}
