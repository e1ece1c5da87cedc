//! The empty return that service managers fill in, as plain data: sheets, cells, and what each cell
//! takes. It is made from the same declarations that read it back, so that what is filled in is
//! what is understood.

mod codes;
mod commentary;
mod cover;
mod figures;
mod guidance;
mod lists;

use std::collections::HashMap;

use crate::definitions::{Declarations, Indicator, List};
use crate::intake::project::Authority;
use crate::intake::returns::Management;
use crate::nouns::period::{Day, Period};
use crate::nouns::problem::MOST_ROWS;
use crate::nouns::report::{NumberFormat, Properties, Style};
use crate::nouns::words::cut;
use crate::papers::layout::metrics;

/// An empty return.
#[derive(Debug)]
pub struct Blank {
    /// What the file says of itself.
    pub properties: Properties,
    /// Its sheets, in tab order.
    pub sheets: Vec<Tab>,
}

/// A sheet.
#[derive(Debug, Default)]
pub struct Tab {
    /// The tab's name.
    pub name: String,
    /// Its columns, from the left.
    pub columns: Vec<Column>,
    /// Its rows, without gaps.
    pub rows: Vec<Line>,
    /// How many rows from the top stay in sight; the last of them is repeated on every printed
    /// page.
    pub frozen: u32,
    /// How many columns from the left stay in sight.
    pub frozen_columns: u16,
    /// Rows below that are made ready for records; the columns take more, down to the sheet's end.
    pub ready: u32,
    /// What cells take.
    pub rules: Vec<Rule>,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// In characters of Arial 10.
    pub width: f64,
    /// What is filled in below the headings, down to the sheet's end.
    pub open: Option<Fill>,
}

/// A row.
#[derive(Debug)]
pub struct Line {
    /// Height in points.
    pub height: f64,
    /// Its cells, from left to right; a merged cell stands where it begins.
    pub cells: Vec<Cell>,
}

/// A cell, over one column or several.
#[derive(Debug)]
pub struct Cell {
    /// First column, from 0.
    pub column: u16,
    /// How many columns it covers.
    pub span: u16,
    /// How it looks, and whether it can be changed.
    pub look: CellLook,
    /// What it says.
    pub content: Content,
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CellLook {
    /// Locked, in a style of the appendix.
    Fixed(Style),
    /// Open: yellow, with a border.
    Open(Fill),
}

/// What is typed in a cell, which decides its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fill {
    /// Words, over several lines if need be.
    Words,
    /// A code or a name, kept as it is typed, with leading zeros.
    Name,
    /// A number, shown so. Without this, Excel takes the 80.8 of a percentage for 8,080%.
    Figure(NumberFormat),
    /// Any number.
    Number,
    /// A day.
    Day,
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing.
    Blank,
    /// Text.
    Text(String),
    /// A number; percentages from 0 to 100.
    Number(f64, NumberFormat),
    /// A day.
    Day(Day),
}

/// What cells of a column take, and what is said to whoever fills them in.
#[derive(Debug)]
pub struct Rule {
    /// First and last row, from 0.
    pub rows: (u32, u32),
    /// The column.
    pub column: u16,
    /// What they take.
    pub takes: Takes,
    /// Above the help.
    pub title: String,
    /// Shown where the cell is chosen.
    pub help: String,
    /// Shown where something else is typed.
    pub refusal: String,
}

/// What a cell takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Takes {
    /// Anything: there is only help.
    Anything,
    /// One of the texts in the first column of these rows of the sheet of codes.
    Codes(u32, u32),
    /// The same as an offer: other texts are taken too.
    Offer(u32, u32),
    /// A day between two.
    Day(Day, Day),
    /// A whole number from the first to the second.
    Whole(f64, f64),
    /// A number from the first to the second.
    Number(f64, f64),
}

/// The last row of an Excel sheet, from 0.
pub const LAST_ROW: u32 = MOST_ROWS - 1;
/// The sheet that says what codes mean.
pub const CODES: &str = "Codes";
/// Numbers without bounds: Excel wants some.
const ANY: (f64, f64) = (-1e12, 1e12);
/// The longest title and the longest text that Excel shows beside a cell.
const LONGEST_TITLE: usize = 32;
const LONGEST_HELP: usize = 255;
/// Excel's own limit for a row, in points.
const TALLEST: f64 = 409.5;

/// What is asked for.
#[derive(Debug)]
pub struct Asked<'a> {
    /// Everything that scripts declare.
    pub declared: &'a Declarations,
    /// The figures to be typed, with the titles and targets that the council's last return gave
    /// them.
    pub figures: Vec<&'a Indicator>,
    /// The lists to be filled in.
    pub lists: Vec<&'a List>,
    /// For when.
    pub period: Option<Period>,
    /// Who reports.
    pub authority: &'a Authority,
    /// What the last return's Cover said that may still hold.
    pub cover: &'a Management,
    /// By when it is to be sent back, in words.
    pub by: Option<&'a str>,
    /// What earlier reports say.
    pub earlier: &'a Earlier,
}

/// The figures of the quarter and of the year before, by code; none where a report printed that
/// there is none, or that it may not be told.
#[derive(Debug, Default)]
pub struct Earlier {
    /// Of the quarter before, or of the month before where a month is reported.
    pub before: HashMap<String, Option<f64>>,
    /// Of the year before.
    pub year: HashMap<String, Option<f64>>,
}

impl Earlier {
    /// Of the council's own figures, each with its code, its period and its value. A report on half
    /// a year tells the second quarter's figures.
    pub fn of<'k>(
        known: impl Iterator<Item = (&'k str, Period, Option<f64>)>,
        period: &Period,
    ) -> Earlier {
        let (before, year) = (before(period), period.previous_year());
        let to_date = if period.is_month() { before } else { before.year_to_date() };
        let (mut earlier, mut half) = (Earlier::default(), HashMap::new());
        for (code, when, value) in known {
            for (wanted, values) in
                [(year, &mut earlier.year), (before, &mut earlier.before), (to_date, &mut half)]
            {
                if when == wanted {
                    values.insert(code.to_string(), value);
                }
            }
        }
        half.extend(earlier.before);
        Earlier { before: half, ..earlier }
    }
}

/// The period of the last report like this one: a month's is the month before.
fn before(period: &Period) -> Period {
    if period.is_month() { period.previous_month() } else { period.previous_quarter() }
}

/// The whole empty return.
pub fn blank(asked: &Asked) -> Blank {
    let codes = codes::Codes::of(asked);
    let mut sheets = vec![cover::tab(asked)];
    if !asked.figures.is_empty() {
        sheets.push(figures::tab(asked));
    }
    sheets.push(commentary::tab(asked, &codes));
    for list in &asked.lists {
        let tab = lists::tab(asked, list, &codes, name_for(&list.title, &sheets));
        sheets.push(tab);
    }
    sheets.insert(0, guidance::tab(asked, &sheets));
    sheets.push(codes.tab());
    let when = asked.period.map(|period| period.label());
    let title = match &when {
        Some(when) => format!("Return for {when}, to be filled in"),
        None => "Return, to be filled in".to_string(),
    };
    let properties = Properties {
        title,
        author: asked.authority.name.clone().unwrap_or_default(),
        subject: "Performance".to_string(),
        keywords: when.unwrap_or_default(),
        // Without a period there is no day to go by, and today's would make every file another.
        created: asked.period.map_or(Day(0), |period| period.end),
        origin: None,
    };
    Blank { properties, sheets }
}

/// A list's title as a tab can have it: 31 characters, none that Excel forbids, no name twice.
fn name_for(title: &str, sheets: &[Tab]) -> String {
    let allowed = title.replace(|c: char| c.is_control() || "[]:*?/\\'".contains(c), " ");
    let allowed = allowed.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = cut(&allowed, 31);
    let numbered = (2..).map(|n| format!("{} {n}", cut(&allowed, 28).trim_end()));
    std::iter::once(name)
        .chain(numbered)
        .find(|name| !name.is_empty() && !is_taken(name, sheets))
        .expect("numbers have no end")
}

/// Whether a sheet is called so, or one that is put beside them will be.
fn is_taken(name: &str, sheets: &[Tab]) -> bool {
    let reserved = [guidance::NAME, CODES, "History"].into_iter();
    let mut names = reserved.chain(sheets.iter().map(|sheet| sheet.name.as_str()));
    names.any(|other| other.eq_ignore_ascii_case(name))
}

impl Tab {
    fn new(name: &str, widths: &[f64]) -> Tab {
        let columns = widths.iter().map(|&width| Column { width, open: None }).collect();
        Tab { name: name.to_string(), columns, ..Tab::default() }
    }

    /// Adds a row that is as tall as its longest text, and at least so many points.
    fn add(&mut self, least: f64, cells: Vec<Cell>) {
        let heights = cells.iter().map(|cell| self.height_of(cell));
        let height = heights.fold(least, f64::max).min(TALLEST);
        self.rows.push(Line { height, cells });
    }

    /// How tall a cell's text is, in points.
    fn height_of(&self, cell: &Cell) -> f64 {
        let Content::Text(text) = &cell.content else { return 0.0 };
        let style = if let CellLook::Fixed(style) = cell.look { style } else { Style::Text };
        let over = &self.columns[usize::from(cell.column)..][..usize::from(cell.span)];
        let widths: Vec<f64> = over.iter().map(|column| column.width).collect();
        let lines = metrics::lines(text, style, metrics::usable_pixels(&widths, style));
        metrics::height(lines, style)
    }

    /// Adds the headings of columns, which stay in sight from here up.
    fn add_headings(&mut self, headings: &[&str]) {
        let cells = (0..)
            .zip(headings)
            .map(|(column, heading)| fixed(column, Style::HeadText, heading))
            .collect();
        self.add(20.0, cells);
        self.frozen = self.rows.len() as u32;
    }

    /// Adds a text across the whole sheet.
    fn add_across(&mut self, style: Style, text: &str) {
        let span = self.columns.len() as u16;
        self.add(15.0, vec![Cell { span, ..fixed(0, style, text) }]);
    }

    /// The row that is added next.
    fn next(&self) -> u32 {
        self.rows.len() as u32
    }
}

/// A locked cell with a text.
fn fixed(column: u16, style: Style, text: &str) -> Cell {
    let content = if text.is_empty() { Content::Blank } else { Content::Text(text.to_string()) };
    Cell { column, span: 1, look: CellLook::Fixed(style), content }
}

/// An empty cell to fill in.
fn open(column: u16, fill: Fill) -> Cell {
    Cell { column, span: 1, look: CellLook::Open(fill), content: Content::Blank }
}

impl Rule {
    fn new(
        rows: (u32, u32),
        column: u16,
        takes: Takes,
        title: &str,
        help: &str,
        refusal: &str,
    ) -> Rule {
        Rule {
            rows,
            column,
            takes,
            title: cut(title, LONGEST_TITLE),
            help: cut(help.trim(), LONGEST_HELP),
            refusal: cut(refusal, LONGEST_HELP),
        }
    }
}

/// Days that a return can hold: what is due may lie years ahead, such as an 18th birthday.
fn days(asked: &Asked) -> Takes {
    let first = Day::from_ymd(1900, 1, 1).expect("a day of the calendar");
    let last = asked.period.map_or_else(
        || Day::from_ymd(2100, 12, 31).expect("a day of the calendar"),
        |period| period.year_end().plus_months(20 * 12),
    );
    Takes::Day(first, last)
}

/// A day as it is typed: the period's last, where there is one.
fn example_day(asked: &Asked) -> String {
    let usual = || Day::from_ymd(2026, 3, 31).expect("a day of the calendar");
    let date = asked.period.map_or_else(usual, |period| period.end).date();
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}
