//! A workbook as a reader sees it, as plain data. [`super::describe`] makes one of a file,
//! `text` writes it as the text that snapshots keep and reads that back, and
//! [`super::compare`] takes two of them.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

/// A workbook.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Book {
    /// What is of the whole workbook: properties, defined names.
    pub facts: Vec<Fact>,
    /// Its sheets, in order.
    pub sheets: Vec<Sheet>,
    /// What cells look like that say nothing of it.
    pub default: Rc<Look>,
}

/// A sheet.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// What can be said of it besides rows, columns and cells: print set-up, merges, rules, charts.
    pub facts: Vec<Fact>,
    /// Columns of which something is said.
    pub columns: Vec<Stretch<Line>>,
    /// Rows of which something is said.
    pub rows: Vec<Stretch<Line>>,
    /// Cells, row by row: the row's number, and neighbours in it that are alike.
    pub cells: Vec<(u32, Stretch<Cell>)>,
}

/// Neighbours of which the same is said: rows, columns, or empty cells of a row. All count from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch<T> {
    /// The first of them.
    pub first: u32,
    /// The last of them.
    pub last: u32,
    /// What is said of each.
    pub each: T,
}

impl<T: PartialEq> Stretch<T> {
    /// Adds to the last stretch where the same is said, else begins another.
    pub(super) fn add(stretches: &mut Vec<Stretch<T>>, first: u32, last: u32, each: T) {
        match stretches.last_mut() {
            Some(known) if known.last + 1 == first && known.each == each => known.last = last,
            _ => stretches.push(Stretch { first, last, each }),
        }
    }
}

/// One thing that is so, such as `orientation landscape` or a chart.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about: `orientation`, `merged cells`, `chart`.
    pub what: &'static str,
    /// The name of a property, a defined name or a table; empty for all else.
    pub name: String,
    /// The cells that it is about, if any.
    pub place: String,
    /// All the rest in words, with texts in quotation marks.
    pub text: String,
    /// Of what is drawn over the cells, the rest in parts instead.
    pub parts: Vec<Part>,
}

impl Fact {
    /// What it is about, where it is, what it says.
    pub(super) fn new(
        what: &'static str,
        place: impl Into<String>,
        text: impl Into<String>,
    ) -> Fact {
        Fact { what, place: place.into(), text: text.into(), ..Fact::default() }
    }

    /// The same of something that has a name.
    pub(super) fn named(self, name: impl Into<String>) -> Fact {
        Fact { name: name.into(), ..self }
    }
}

/// One part of a drawn thing: a chart's title, one of its series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `title`, `series`; empty for its kind.
    pub label: &'static str,
    /// What it says.
    pub says: String,
}

/// A row or column.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its height or width, where it has one of its own.
    pub size: Option<String>,
    /// Whether it is hidden.
    pub hidden: bool,
    /// How deep it is grouped.
    pub level: Option<String>,
    /// Whether the group below it is closed.
    pub collapsed: bool,
    /// How its empty cells look.
    pub style: Style,
}

/// How a cell looks, and how it shows a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// Font, fill, border, alignment.
    pub look: Rc<Look>,
    /// The number format; `General` where there is none.
    pub format: Rc<str>,
}

impl Style {
    /// A look without a number format.
    pub(super) fn plain(look: &Rc<Look>) -> Style {
        Style { look: look.clone(), format: GENERAL.into() }
    }
}

impl Default for Style {
    fn default() -> Style {
        Style::plain(&Rc::default())
    }
}

/// The number format of cells that have none.
pub(super) const GENERAL: &str = "General";

/// A cell.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Cell {
    /// How it looks.
    pub style: Style,
    /// Its formula, if it has one.
    pub formula: Option<Formula>,
    /// What it shows.
    pub value: Value,
}

/// What a cell shows.
#[derive(Debug, Default, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Blank,
    /// The text; of one whose parts may look otherwise the same with marks, as the text form
    /// writes it between its quotation marks.
    Text(String, Option<String>),
    /// The number and, where the cell shows it so, the date.
    Number(f64, Option<String>),
    /// `TRUE`, `#N/A`.
    Word(String),
}

/// A formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// One that stands in its cell alone.
    Plain(String),
    /// One that fills a range.
    Array(String, String),
    /// The results of a what-if table over a range.
    DataTable(String),
    /// The first of a group that was filled from it: its text, the group and its range.
    SharedFrom(String, String, String),
    /// Any other of the group.
    Shared(String),
}

impl Formula {
    /// As it is compared: the number of a shared formula's group and how far it reaches are the
    /// file's affair.
    pub(super) fn unshared(&self) -> String {
        match self {
            Formula::SharedFrom(text, ..) => format!("={text}"),
            Formula::Shared(_) => "=(as in the cell that it is filled from)".to_owned(),
            own => own.to_string(),
        }
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Formula::Plain(text) => write!(out, "={text}"),
            Formula::Array(text, over) => write!(out, "{{={text}}} over {over}"),
            Formula::DataTable(over) => write!(out, "data table over {over}"),
            Formula::SharedFrom(text, group, over) => {
                write!(out, "={text} (shared formula {group} over {over})")
            }
            Formula::Shared(group) => write!(out, "=(shared formula {group})"),
        }
    }
}

/// How a cell looks, aspect by aspect: `fill`, `bottom border`, `bold`. What is usual is not said;
/// what a style leaves to the workbook's default is filled in.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash)]
pub struct Look(pub BTreeMap<String, String>);

impl Look {
    pub(super) fn set(&mut self, aspect: impl Into<String>, says: impl Into<String>) {
        self.0.insert(aspect.into(), says.into());
    }

    pub(super) fn says(&self, aspect: &str) -> Option<&str> {
        self.0.get(aspect).map(String::as_str)
    }
}
