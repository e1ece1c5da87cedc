//! The finished appendix as plain data: sheets, rows, cells, named styles, page set-up.
//!
//! Every edition is written from this and from nothing else, so none can show what another does
//! not.

use std::borrow::Cow;

use crate::nouns::area::Area;
use crate::nouns::figure::Symbol;
use crate::nouns::house::HouseStyle;
use crate::nouns::period::{Day, Period};
use crate::nouns::seal::Origin;
use crate::nouns::show::Show;
use crate::nouns::unit::Unit;

pub use crate::nouns::style::{Style, Tone};

/// A finished report.
#[derive(Debug, Clone)]
pub struct Report {
    /// What the file says of itself.
    pub properties: Properties,
    /// Its sheets, in tab order.
    pub sheets: Vec<Sheet>,
    /// How the council's papers look.
    pub house: HouseStyle,
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
    /// What made it; none of what is no report of figures.
    pub origin: Option<Origin>,
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
    /// The row of the headings of its own columns.
    pub head: Option<u32>,
    /// What is said of commentary that stands below its figure: the heading that it would have.
    pub below: Option<String>,
    /// Charts that lie on it.
    pub charts: Vec<Chart>,
    /// How it prints.
    pub page: Page,
    /// Whether it is the sheet of notes and definitions.
    pub notes: bool,
    /// The same as a table, where it is set in columns of small print: editions that are not
    /// printed have that.
    pub in_a_table: Option<Box<Sheet>>,
}

impl Sheet {
    /// What editions that are not printed are made from.
    pub fn unprinted(&self) -> &Sheet {
        self.in_a_table.as_deref().unwrap_or(self)
    }
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is in its table.
    pub kind: RowKind,
    /// Height in points.
    pub height: f64,
    /// Its cells, from left to right; a merged cell stands where it begins.
    pub cells: Vec<Cell>,
    /// How many of the first of them stand at the left of a chart's table: they are read before it.
    pub aside: usize,
}

/// What a row is: editions that are not printed pages are made from this, not from looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RowKind {
    /// A text that belongs to no table: title, subtitle, purpose, description.
    Text,
    /// A text that explains a sign of the printed page.
    Sign,
    /// Headings over several of the headings below. Editions that are not printed pages do without:
    /// each heading below says what it is.
    Over,
    /// The headings of a table that begins here.
    Head,
    /// A heading across a table, or over what follows.
    Section,
    /// An indicator's row, under the headings of the sheet's columns; its figures are in this unit.
    Indicator(Unit),
    /// Cells, under headings where they stand under them cell for cell.
    Cells,
    /// The same of a chart, whose figures are in this unit.
    Point(Unit),
    /// An area's name and a paragraph about it.
    Narrative,
    /// Commentary on the indicator in the row above, across the table.
    Commentary,
    /// What the row above had no room for.
    Continued,
    /// A little room.
    Spacer,
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
    /// What it is made of.
    pub made_of: MadeOf,
}

/// What a cell is made of: `explain` follows it back, and no edition shows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum MadeOf {
    /// Words of the layout, or of the program.
    #[default]
    Words,
    /// The heading of a column that shows this of every indicator.
    Heading(Show),
    /// What the return says of an area of the service.
    Narrative(String),
    /// Something of an indicator.
    Indicator {
        /// Its code.
        code: String,
        /// The code of the one that stands in brackets behind it.
        beside: Option<String>,
        /// What of it.
        show: Show,
        /// Whose figure, and of which period, where one stands there.
        figure: Option<(Area, Period)>,
    },
    /// What the sheet of notes says of an indicator under one of its headings.
    Notes {
        /// Its code.
        code: String,
        /// The heading.
        heading: &'static str,
    },
    /// What a column of the notes says of indicators, by their codes.
    Definitions(Vec<String>),
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing.
    Blank,
    /// Text.
    Text(String),
    /// Text with some words in bold.
    Rich(Vec<Run>),
    /// A number, rounded to what is printed.
    Number {
        /// The number; percentages from 0 to 100.
        value: f64,
        /// The same as it is printed, for editions that are text.
        printed: String,
        /// How it is printed.
        format: NumberFormat,
    },
    /// No figure: why, and how it is worded.
    Gap {
        /// Why.
        symbol: Symbol,
        /// What is printed.
        wording: String,
    },
    /// Several things in one cell, such as `651 (92.2)` or `70% (2021/22) [r]`.
    Several {
        /// How they are printed together.
        printed: String,
        /// Each for itself.
        parts: Vec<(Part, Content)>,
    },
}

/// What a thing is that stands in a cell with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The first and chief one.
    First,
    /// The rate or percentage that goes with a number.
    Beside,
    /// The end of a range.
    End,
    /// How many there are where the first is a rank.
    OutOf,
    /// The change as a share of what it was.
    Share,
    /// The year, where the heading says another or none.
    Year,
    /// Provisional or revised.
    Mark,
}

impl Content {
    /// A text, or nothing where it is empty.
    pub fn text(text: &str) -> Content {
        if text.is_empty() { Content::Blank } else { Content::Text(text.to_string()) }
    }

    /// A text as managers type it, with its bold words.
    pub fn typed(text: &str) -> Content {
        let runs = Run::typed(text);
        match runs.iter().any(|run| run.bold) {
            true => Content::Rich(runs),
            false if text.is_empty() => Content::Blank,
            false => Content::Text(text.to_string()),
        }
    }

    /// With how many decimals it is printed, where it is a number.
    pub fn decimals(&self) -> Option<u8> {
        match self {
            Content::Number { format, .. } => Some(format.decimals()),
            _ => None,
        }
    }

    /// The number that it is, or that stands first in it: what a chart draws.
    pub fn number(&self) -> Option<f64> {
        match self {
            Content::Number { value, .. } => Some(*value),
            Content::Several { parts, .. } => parts.first().and_then(|(_, first)| first.number()),
            _ => None,
        }
    }

    /// A number and the mark behind it, where there is nothing else: a spreadsheet can print the
    /// mark and keep the number.
    pub fn number_and_mark(&self) -> Option<(f64, NumberFormat, &str)> {
        let Content::Several { parts, .. } = self else { return None };
        match &parts[..] {
            [
                (Part::First, Content::Number { value, format, .. }),
                (Part::Mark, Content::Text(mark)),
            ] => Some((*value, *format, mark)),
            _ => None,
        }
    }

    /// What the reader sees.
    pub fn printed(&self) -> Cow<'_, str> {
        match self {
            Content::Blank => "".into(),
            Content::Text(text) => text.into(),
            Content::Rich(runs) => {
                runs.iter().map(|run| run.text.as_str()).collect::<String>().into()
            }
            Content::Number { printed, .. } | Content::Several { printed, .. } => printed.into(),
            Content::Gap { wording, .. } => wording.into(),
        }
    }
}

/// A stretch of text in one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Whether it is bold; in a bold style everything is.
    pub bold: bool,
}

impl Run {
    /// A text as managers type it, of which words between two pairs of stars are bold: `**78%** of
    /// them`. Stars that stand alone are stars.
    pub fn typed(text: &str) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let mut rest = text;
        while let Some((before, bold, after)) = first_bold(rest) {
            runs.extend(
                [(before, false), (bold, true)]
                    .map(|(text, bold)| Run { text: text.to_string(), bold }),
            );
            rest = after;
        }
        runs.push(Run { text: rest.to_string(), bold: false });
        runs.retain(|run| !run.text.is_empty());
        runs
    }
}

/// The first words between two pairs of stars on one line, with what stands before and behind.
fn first_bold(text: &str) -> Option<(&str, &str, &str)> {
    const STARS: &str = "**";
    let mut from = 0;
    loop {
        let at = from + text[from..].find(STARS)?;
        let inside = &text[at + STARS.len()..];
        let end = inside.find(STARS)?;
        let bold = &inside[..end];
        let stands = !bold.is_empty() && bold.trim() == bold && !bold.contains('\n');
        if stands {
            return Some((&text[..at], bold, &inside[end + STARS.len()..]));
        }
        from = at + STARS.len();
    }
}

/// How a number is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberFormat {
    /// With thousands separators and so many decimals.
    Plain(u8),
    /// With a percent sign and so many decimals.
    Percent(u8),
    /// With a pound sign, thousands separators and so many decimals.
    Pounds(u8),
}

impl NumberFormat {
    /// So many decimals.
    pub fn decimals(self) -> u8 {
        let (NumberFormat::Plain(decimals)
        | NumberFormat::Percent(decimals)
        | NumberFormat::Pounds(decimals)) = self;
        decimals
    }
}

/// A chart of figures that stand in the cells of its sheet, so that nothing can be seen only in it.
#[derive(Debug, Clone)]
pub struct Chart {
    /// The row in which its upper left corner lies, from 0.
    pub row: u32,
    /// The column.
    pub column: u16,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Lines or bars.
    pub kind: ChartKind,
    /// What it is called.
    pub title: String,
    /// Whether that stands over it.
    pub titled: bool,
    /// The chart in a sentence or two, for those who do not see it.
    pub alt: String,
    /// What its figures are.
    pub unit: String,
    /// How its figures are printed.
    pub format: NumberFormat,
    /// First and last row of the cells that it draws.
    pub rows: (u32, u32),
    /// The column of the names of its points.
    pub names: u16,
    /// The names of its points under those of their years, where there are many; else each is named
    /// as in the table.
    pub under_years: Vec<(String, String)>,
    /// What is drawn.
    pub series: Vec<Series>,
}

/// Lines or bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// A line for each series.
    Lines,
    /// An upright bar for each point of each series; levels are lines.
    Columns,
    /// A bar across for each point of each series.
    Bars,
}

/// What a chart draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Where its figures are.
    pub of: Of,
    /// How it looks.
    pub look: SeriesLook,
}

/// Where the figures of a series are.
#[derive(Debug, Clone, PartialEq)]
pub enum Of {
    /// In a column of the chart's table: its name stands in the row above the chart's first.
    Column(u16),
    /// The same at every point: in no column, said in words below the table.
    Level(Level),
}

/// A level across a chart: a target, the end of a range, a mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// What a key calls it; the two ends of a range have one name.
    pub name: String,
    /// What stands at the line's end: `Upper limit`.
    pub label: String,
    /// The figure.
    pub at: Content,
}

/// How a series looks: different in colour, and without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesLook {
    /// The council.
    Own,
    /// The average of its statistical neighbours.
    Neighbours,
    /// Its region.
    Region,
    /// England.
    England,
    /// Another council, the first to stand beside it, the second and so on.
    Other(usize),
    /// What is aimed at.
    Target,
    /// The end of the range that is near enough, or of normal variation.
    Limit,
    /// The mean of all figures.
    Mean,
}

impl SeriesLook {
    /// Whether it is of a level, which is a line in every chart.
    pub fn is_level(self) -> bool {
        matches!(self, SeriesLook::Target | SeriesLook::Limit | SeriesLook::Mean)
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
    /// The first and the last of the rows that are repeated on every page, from 0.
    pub repeated: Option<(u32, u32)>,
    /// The rows that begin a page, the first among them: no heading stands alone at a page's foot.
    pub starts: Vec<u32>,
    /// By how much it shrinks to be one page wide; 1 where it does not.
    pub scale: f64,
}
