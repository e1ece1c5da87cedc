//! The finished appendix as plain data: sheets, rows, cells, named styles, page set-up.
//!
//! Every edition is written from this and from nothing else, so none can show what another does not.

use crate::period::Day;

/// A finished report.
#[derive(Debug, Clone)]
pub struct Report {
    /// What the file says of itself.
    pub properties: Properties,
    /// Its sheets, in tab order.
    pub sheets: Vec<Sheet>,
}

/// What the file says of itself.
#[derive(Debug, Clone)]
pub struct Properties {
    /// The first sheet's title.
    pub title: String,
    /// The council.
    pub author: String,
    /// What the report is about.
    pub subject: String,
    /// Words to find it by.
    pub keywords: String,
    /// The reporting date, which stands for the day of writing: the same input gives the same file.
    pub created: Day,
}

/// A sheet.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The tab's name.
    pub name: String,
    /// Widths of the columns, in characters of Arial 10.
    pub columns: Vec<f64>,
    /// Its rows, without gaps.
    pub rows: Vec<Row>,
    /// How it prints.
    pub page: Page,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Height in points.
    pub height: f64,
    /// Its cells, from left to right; a merged cell stands where it begins.
    pub cells: Vec<Cell>,
}

/// A cell, over one column or several.
#[derive(Debug, Clone)]
pub struct Cell {
    /// First column, from 0.
    pub column: u16,
    /// How many columns it covers.
    pub span: u16,
    /// How it looks.
    pub style: Style,
    /// What it says.
    pub content: Content,
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing.
    Blank,
    /// Text.
    Text(String),
    /// A number, rounded to what is printed.
    Number {
        /// The number; percentages from 0 to 100.
        value: f64,
        /// The same as it is printed, for editions that are text.
        printed: String,
        /// How it is printed.
        format: NumberFormat,
    },
}

impl Content {
    /// What the reader sees.
    pub fn printed(&self) -> &str {
        match self {
            Content::Blank => "",
            Content::Text(text) => text,
            Content::Number { printed, .. } => printed,
        }
    }
}

/// How a number is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberFormat {
    /// With thousands separators and so many decimals.
    Plain(u8),
    /// With a percent sign and so many decimals.
    Percent(u8),
}

/// Named styles: what they look like is the writers' business, how wide their letters are the layout's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// The report's title.
    Title,
    /// The line under it.
    Subtitle,
    /// The sentence that says what the report is for.
    Purpose,
    /// A heading over names and text.
    HeadText,
    /// A heading over figures.
    HeadFigure,
    /// A heading across the table.
    Section,
    /// An indicator's name.
    Name,
    /// An area's name beside its narrative.
    Area,
    /// A figure.
    Figure,
    /// Commentary, narrative, notes.
    Text,
}

impl Style {
    /// Size in points, and whether bold.
    pub fn font(self) -> (f64, bool) {
        match self {
            Style::Title => (14.0, true),
            Style::Subtitle => (12.0, true),
            Style::Purpose | Style::Figure | Style::Text => (10.0, false),
            Style::HeadText | Style::HeadFigure | Style::Section | Style::Name | Style::Area => (10.0, true),
        }
    }
}

/// How a sheet prints: A4 landscape, one page wide.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Bold, at the top left.
    pub header_left: String,
    /// At the top right.
    pub header_right: String,
    /// At the bottom left; the page number stands at the bottom right.
    pub footer_left: String,
    /// The row that is repeated on every page, from 0.
    pub repeat_row: Option<u32>,
    /// Rows before which a page ends, so that no heading stands alone at a page's foot.
    pub breaks: Vec<u32>,
}
