//! A sheet as it was found: cells in rows, before anybody knows what they mean.
//!
//! National returns have millions of cells, so a cell is sixteen bytes and texts are kept once a
//! sheet.

use std::sync::Arc;

use indexmap::IndexSet;

use super::book::Texts;
use super::number_format::{Looks, Words};
use crate::nouns::numbers::{plain_number, round_noise};
use crate::nouns::period::Day;
use crate::nouns::problem::{MOST_COLUMNS, MOST_ROWS, Place, Problem};

/// What a cell holds. Gaps of different kinds stay different: a blank is not an error value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Text as typed, spaces and all.
    Text(&'a str),
    /// A number, or a formula's last calculated one.
    Number(f64),
    /// A real date of the workbook (the time of day, where there is one, is left off).
    Date(Day),
    /// TRUE or FALSE.
    Bool(bool),
    /// `#N/A` and its kin.
    Error(&'a str),
    /// A formula that was never calculated: written by a program and not opened in Excel since.
    Uncalculated,
    /// A number that the workbook shows as a date but that is none, such as 29 February 1900 or a
    /// time.
    NotADate(f64),
    /// A text that is longer than a cell can hold.
    TooLong,
    /// What says that it is a text, and holds none: whether one was lost, nobody can tell.
    NoText,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Text,
    Number,
    Percent,
    Date,
    Bool,
    Error,
    Uncalculated,
    NotADate,
    TooLong,
    NoText,
    /// A text that all sheets of the workbook share.
    Shared,
}

/// One cell of a row.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    bits: u64,
    /// Column, from 0.
    pub col: u16,
    tag: Tag,
}

impl Cell {
    /// Whether the workbook shows the number as a percentage: 0.808 as 80.8%.
    pub fn is_percent(&self) -> bool {
        self.tag == Tag::Percent
    }

    /// The text's number in the sheet, where it is a text: equal texts have equal numbers.
    pub fn text_id(&self) -> Option<u32> {
        match self.tag {
            Tag::Text => Some(2 * self.bits as u32 + 1),
            Tag::Shared => Some(2 * self.bits as u32),
            _ => None,
        }
    }
}

/// A sheet of a workbook, or a whole CSV file.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Where it is.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// Hidden from whoever opens the workbook.
    pub hidden: bool,
    /// Whether dates can be told from numbers: not in a CSV file, where everything is text.
    pub typed: bool,
    /// Whether it was typed for a test, under the name of its list: columns may be left out without
    /// a word.
    pub excerpt: bool,
    rows: Vec<(u32, u32)>,
    cells: Vec<Cell>,
    texts: IndexSet<Box<str>, foldhash::fast::FixedState>,
    text_bytes: usize,
    /// The texts that all sheets of the workbook share.
    shared: Arc<Texts>,
    hidden_rows: Vec<u32>,
    merged: Vec<Merged>,
    worded: Vec<Worded>,
}

/// Words that the formats of a column's numbers show beside them.
#[derive(Debug, Clone, Copy)]
pub struct Worded {
    /// The column.
    pub col: u16,
    /// The row of the first such number, from 0.
    pub row: u32,
    /// The words.
    pub words: Words,
}

/// Cells that were merged into one: all but the first are blank, and show what it holds.
#[derive(Debug, Clone, Copy)]
pub struct Merged {
    /// The row of the first, from 0.
    pub first_row: u32,
    /// The row of the last.
    pub last_row: u32,
    /// The column of the first.
    pub col: u16,
}

/// A column's merged cells, while its rows are gone through.
struct Filling<'m> {
    merged: &'m [Merged],
    next: usize,
    cell: Option<Cell>,
}

impl Filling<'_> {
    /// The cell that stands for those merged with it in a row that has none of its own.
    fn at(&mut self, row: u32, own: Option<Cell>) -> Option<Cell> {
        while self.merged.get(self.next).is_some_and(|merged| merged.first_row <= row) {
            self.next += 1;
            self.cell = None;
        }
        let merged = self.merged[..self.next].last()?;
        if merged.first_row == row {
            self.cell = own;
        }
        self.cell.filter(|_| row <= merged.last_row)
    }
}

/// Nobody shows the numbers of a sheet with more words than these.
const MOST_WORDED: usize = 64;

/// A cell may hold so many characters: Excel's own limit.
pub const LONGEST_TEXT: usize = 32_767;

impl Sheet {
    /// An empty sheet.
    pub fn new(place: Place, name: impl Into<String>) -> Self {
        Sheet {
            place,
            name: name.into(),
            hidden: false,
            typed: true,
            excerpt: false,
            rows: Vec::new(),
            cells: Vec::new(),
            texts: IndexSet::default(),
            text_bytes: 0,
            shared: Arc::default(),
            hidden_rows: Vec::new(),
            merged: Vec::new(),
            worded: Vec::new(),
        }
    }

    /// How many cells are filled.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// How many bytes its texts take, equal ones once.
    pub fn text_bytes(&self) -> usize {
        self.text_bytes
    }

    /// Whether nothing is filled.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Adds a cell; rows come in rising order, and columns within a row. Damage otherwise: a row
    /// out of its place would be read as another row's.
    pub fn push(&mut self, row: u32, col: u32, value: Value, percent: bool) -> Result<(), Problem> {
        let column = self.begin_cell(row, col)?;
        let (tag, bits) = match value {
            Value::Text(text) if is_too_long(text) => (Tag::TooLong, 0),
            Value::Text(text) => (Tag::Text, u64::from(self.text_number(text))),
            Value::Number(n) if !n.is_finite() => {
                return Err(damaged(self.place.at(row, column), "a number is not one"));
            }
            Value::Number(n) => (if percent { Tag::Percent } else { Tag::Number }, n.to_bits()),
            Value::Date(day) => (Tag::Date, day.0 as u32 as u64),
            Value::Bool(b) => (Tag::Bool, u64::from(b)),
            Value::Error(text) => (Tag::Error, u64::from(self.text_number(text))),
            Value::Uncalculated => (Tag::Uncalculated, 0),
            Value::NotADate(n) => (Tag::NotADate, n.to_bits()),
            Value::TooLong => (Tag::TooLong, 0),
            Value::NoText => (Tag::NoText, 0),
        };
        self.cells.push(Cell { bits, col: column, tag });
        Ok(())
    }

    /// Adds a cell that holds a number, as its format shows it.
    pub fn push_number(
        &mut self,
        row: u32,
        col: u32,
        number: f64,
        looks: Looks,
        from_1904: bool,
    ) -> Result<(), Problem> {
        let value = looks.of_number(number, from_1904);
        self.push(row, col, value, looks == Looks::Percent)?;
        if let (Looks::Worded(words), Some(cell)) = (looks, self.last_cell()) {
            let known = |worded: &Worded| worded.col == cell.col && worded.words == words;
            if self.worded.len() < MOST_WORDED && !self.worded.iter().any(known) {
                self.worded.push(Worded { col: cell.col, row, words });
            }
        }
        Ok(())
    }

    /// The words that formats show beside the numbers of a column, in order of their rows.
    pub fn worded(&self, col: u16) -> impl Iterator<Item = &Worded> {
        self.worded.iter().filter(move |worded| worded.col == col)
    }

    /// Says which texts the sheets of the workbook share, before any cell is added.
    pub fn share(&mut self, texts: Arc<Texts>) {
        self.shared = texts;
    }

    /// Adds a cell that holds a shared text; none where it is blank. Says how many bytes the text
    /// has, where there is such a text.
    pub fn push_shared(
        &mut self,
        row: u32,
        col: u32,
        number: usize,
    ) -> Result<Option<usize>, Problem> {
        let Some(text) = self.shared.get(number) else { return Ok(None) };
        let bytes = text.len();
        let (blank, too_long) = (is_blank(text), is_too_long(text));
        if !blank {
            let col = self.begin_cell(row, col)?;
            let tag = if too_long { Tag::TooLong } else { Tag::Shared };
            self.cells.push(Cell { bits: number as u64, col, tag });
        }
        Ok(Some(bytes))
    }

    /// Says that cells are merged, from the first row and column to the last.
    pub fn merge(&mut self, first: (u32, u16), last: (u32, u16)) {
        if first.0 < last.0 {
            self.merged.push(Merged { first_row: first.0, last_row: last.0, col: first.1 });
        }
    }

    /// The cells that are merged over several rows.
    pub fn merged(&self) -> &[Merged] {
        &self.merged
    }

    /// The same sheet with these merged cells in each of their rows that holds anything.
    pub fn filled_down(&self, mut merged: Vec<Merged>) -> Sheet {
        merged.sort_by_key(|merged| (merged.col, merged.first_row));
        let mut columns: Vec<Filling> = merged
            .chunk_by(|one, other| one.col == other.col)
            .map(|of_column| Filling { merged: of_column, next: 0, cell: None })
            .collect();
        let mut filled = self.clone();
        filled.rows.clear();
        filled.cells.clear();
        for (row, cells) in self.rows() {
            filled.rows.push((row, filled.cells.len() as u32));
            let mut rest = cells;
            for column in &mut columns {
                let col = column.merged[0].col;
                let (left, right) = rest.split_at(rest.partition_point(|cell| cell.col < col));
                filled.cells.extend_from_slice(left);
                rest = right;
                let own = rest.first().filter(|cell| cell.col == col).copied();
                let cell = column.at(row, own);
                if own.is_none() {
                    filled.cells.extend(cell);
                }
            }
            filled.cells.extend_from_slice(rest);
        }
        filled
    }

    /// Says that a row is hidden, by a filter or by hand.
    pub fn hide_row(&mut self, row: u32) {
        self.hidden_rows.push(row);
    }

    /// The rows that hold something and are hidden, in rising order.
    pub fn hidden_rows(&self) -> &[u32] {
        &self.hidden_rows
    }

    /// Adds a cell that holds the same as another of the sheet.
    pub fn push_copy(&mut self, row: u32, col: u32, cell: Cell) -> Result<Cell, Problem> {
        let col = self.begin_cell(row, col)?;
        let cell = Cell { col, ..cell };
        self.cells.push(cell);
        Ok(cell)
    }

    /// The cell that was added last.
    pub fn last_cell(&self) -> Option<Cell> {
        self.cells.last().copied()
    }

    /// The column of a cell that may stand behind all others.
    fn begin_cell(&mut self, row: u32, col: u32) -> Result<u16, Problem> {
        let here = || self.place.clone();
        let Some(column) = u16::try_from(col).ok().filter(|c| *c < MOST_COLUMNS) else {
            return Err(damaged(here(), "a cell lies outside the sheet"));
        };
        if row >= MOST_ROWS {
            return Err(damaged(here(), "a row lies outside the sheet"));
        }
        match self.rows.last() {
            Some((last, _)) if *last > row => {
                return Err(damaged(here(), "rows stand out of order"));
            }
            Some((last, start)) if *last == row => {
                if self.cells.len() > *start as usize
                    && self.cells.last().is_some_and(|c| c.col >= column)
                {
                    return Err(damaged(here(), "cells of a row stand out of order, or twice"));
                }
            }
            _ => self.rows.push((row, self.cells.len() as u32)),
        }
        Ok(column)
    }

    fn text_number(&mut self, text: &str) -> u32 {
        if let Some(id) = self.texts.get_index_of(text) {
            return id as u32;
        }
        self.text_bytes += text.len();
        self.texts.insert_full(text.into()).0 as u32
    }

    /// Gives back what filling took too much of.
    pub fn finish(&mut self) {
        self.cells.shrink_to_fit();
    }

    /// The rows that hold anything: row number from 0, and its cells.
    pub fn rows(
        &self,
    ) -> impl ExactSizeIterator<Item = (u32, &[Cell])> + DoubleEndedIterator + Clone {
        self.rows.iter().enumerate().map(|(i, (row, start))| {
            let end = self.rows.get(i + 1).map_or(self.cells.len(), |next| next.1 as usize);
            (*row, &self.cells[*start as usize..end])
        })
    }

    /// What a cell holds.
    pub fn value(&self, cell: &Cell) -> Value<'_> {
        match cell.tag {
            Tag::Text => Value::Text(&self.texts[cell.bits as usize]),
            Tag::Number | Tag::Percent => Value::Number(f64::from_bits(cell.bits)),
            Tag::Date => Value::Date(Day(cell.bits as u32 as i32)),
            Tag::Bool => Value::Bool(cell.bits == 1),
            Tag::Error => Value::Error(&self.texts[cell.bits as usize]),
            Tag::Uncalculated => Value::Uncalculated,
            Tag::NotADate => Value::NotADate(f64::from_bits(cell.bits)),
            Tag::TooLong => Value::TooLong,
            Tag::NoText => Value::NoText,
            Tag::Shared => {
                let text = self.shared.get(cell.bits as usize);
                Value::Text(text.expect("only texts that are there are added"))
            }
        }
    }

    /// What stands in a column of a row; none where the cell is blank.
    pub fn value_in(&self, cells: &[Cell], col: u16) -> Option<Value<'_>> {
        cells.iter().find(|cell| cell.col == col).map(|cell| self.value(cell))
    }

    /// Whether another sheet holds the same, cell by cell.
    pub fn holds_the_same(&self, other: &Sheet) -> bool {
        let size = |sheet: &Sheet| (sheet.rows.len(), sheet.cells.len());
        let mut rows = self.rows().zip(other.rows());
        size(self) == size(other)
            && rows.all(|((at, mine), (beside, theirs))| {
                at == beside && self.row_is_the_same(mine, other, theirs)
            })
    }

    /// Whether a row holds what one of another sheet does, cell by cell.
    fn row_is_the_same(&self, mine: &[Cell], other: &Sheet, theirs: &[Cell]) -> bool {
        let mut cells = mine.iter().zip(theirs);
        mine.len() == theirs.len()
            && cells.all(|(a, b)| a.col == b.col && self.value(a) == other.value(b))
    }

    /// The cell as a person would read it.
    pub fn shown(&self, cell: &Cell) -> String {
        match self.value(cell) {
            Value::Text(text) => text.to_string(),
            Value::Number(n) if cell.is_percent() => {
                format!("{}%", plain_number(round_noise(n * 100.0)))
            }
            Value::Number(n) | Value::NotADate(n) => plain_number(n),
            Value::Date(day) => day.iso(),
            Value::Bool(b) => if b { "TRUE" } else { "FALSE" }.to_string(),
            Value::Error(text) => text.to_string(),
            Value::Uncalculated => "(formula, not calculated)".to_string(),
            Value::TooLong => "(text, too long for a cell)".to_string(),
            Value::NoText => "(text, not there)".to_string(),
        }
    }
}

/// A cell of spaces, ordinary or not, is a blank to whoever looks at it.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

fn is_too_long(text: &str) -> bool {
    text.len() > LONGEST_TEXT && text.chars().count() > LONGEST_TEXT
}

/// Damage is never read as data: the file is refused.
pub fn damaged(place: Place, what: &str) -> Problem {
    let file = Place { file: place.file.clone(), ..Place::default() };
    let place = if place.sheet.is_some() { place } else { file };
    let mut problem = Problem::unreadable("", format!("the file is damaged: {what}"))
        .hint("open it in Excel, let Excel repair it, and save it under a new name");
    problem.place = place;
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet::new(Place::sheet("q.xlsx", 0, "S"), "S")
    }

    #[test]
    fn a_cell_holds_so_many_letters_and_no_more() {
        for (length, is_text) in [(32_767, true), (32_768, false)] {
            let mut sheet = sheet();
            sheet.push(0, 0, Value::Text(&"ë".repeat(length)), false).expect("a cell");
            let cell = sheet.last_cell().expect("it was added");
            assert_eq!(matches!(sheet.value(&cell), Value::Text(_)), is_text, "{length}");
        }
    }

    #[test]
    fn a_merged_cell_counts_for_its_last_row_and_none_below() {
        let mut sheet = sheet();
        sheet.push(0, 0, Value::Text("key"), false).expect("a cell");
        for row in 0..4 {
            sheet.push(row, 1, Value::Number(f64::from(row)), false).expect("a cell");
        }
        sheet.merge((0, 0), (2, 0));
        let filled = sheet.filled_down(sheet.merged().to_vec());
        let rows = filled.rows().filter(|(_, cells)| cells.iter().any(|cell| cell.col == 0));
        assert_eq!(rows.map(|(row, _)| row).collect::<Vec<_>>(), [0, 1, 2]);
    }
}
