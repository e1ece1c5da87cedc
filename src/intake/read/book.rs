//! A workbook while it is read: its sheets as they are filled, counted against the limits.

use std::collections::HashSet;
use std::sync::Arc;

use super::Limits;
use super::number_format::{CellFormats, Looks};
use super::sheet::{Cell, Sheet, Value, damaged, is_blank};
use crate::nouns::problem::{Place, Problem};

/// The sheets of a file, the last of which is being filled.
pub struct Book<'a> {
    file: &'a str,
    limits: &'a Limits,
    sheets: Vec<Sheet>,
    /// Cells, and bytes of texts, of the sheets before the last one.
    before: (usize, usize),
    texts: Arc<Texts>,
    /// Bytes of texts, counted in each cell that shows them: whoever prints the sheets has them all
    /// to print.
    shown: usize,
}

impl<'a> Book<'a> {
    /// A workbook without sheets.
    pub fn new(file: &'a str, limits: &'a Limits) -> Self {
        Book { file, limits, sheets: Vec::new(), before: (0, 0), texts: Arc::default(), shown: 0 }
    }

    /// The file's name.
    pub fn file(&self) -> &'a str {
        self.file
    }

    /// How much the file may hold.
    pub fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// Says which texts the sheets share, before any sheet begins.
    pub fn share(&mut self, texts: Texts) {
        self.texts = Arc::new(texts);
    }

    /// Begins a sheet: `tab` is its place among the tabs, from 0.
    pub fn begin(&mut self, tab: usize, name: &str, hidden: bool) -> Result<(), Problem> {
        if let Some(last) = self.sheets.last_mut() {
            last.finish();
            self.before.0 += last.len();
            self.before.1 += last.text_bytes();
        }
        if self.sheets.len() >= self.limits.parts {
            return Err(self.too_many("sheets", self.sheets.len() + 1, self.limits.parts));
        }
        let mut sheet = Sheet::new(Place::sheet(self.file, tab, name), name);
        sheet.hidden = hidden;
        sheet.share(self.texts.clone());
        self.sheets.push(sheet);
        Ok(())
    }

    /// Adds a cell to the sheet that was begun last; see [`Sheet::push`].
    pub fn push(&mut self, row: u32, col: u32, value: Value, percent: bool) -> Result<(), Problem> {
        self.sheet().push(row, col, value, percent)?;
        self.within_limits()
    }

    /// Adds a cell that holds a text; a blank one is none.
    pub fn push_text(&mut self, row: u32, col: u32, text: &str) -> Result<(), Problem> {
        if is_blank(text) { Ok(()) } else { self.push(row, col, Value::Text(text), false) }
    }

    /// Adds a cell that holds a number, as its format shows it.
    pub fn push_number(
        &mut self,
        row: u32,
        col: u32,
        number: f64,
        (formats, format): (&CellFormats, usize),
    ) -> Result<(), Problem> {
        let Some(looks) = formats.looks(format, number) else {
            let what = "a cell points to a format that is not there";
            return Err(self.damaged_at(row, col, what));
        };
        self.push_looking(row, col, number, (looks, formats.from_1904))
    }

    /// Adds a cell that holds a number and looks like this; days are counted from 1900 or 1904.
    pub fn push_looking(
        &mut self,
        row: u32,
        col: u32,
        number: f64,
        (looks, from_1904): (Looks, bool),
    ) -> Result<(), Problem> {
        self.sheet().push_number(row, col, number, looks, from_1904)?;
        self.within_limits()
    }

    /// Adds a cell that holds the same as another of the sheet.
    pub fn push_copy(&mut self, row: u32, col: u32, cell: Cell) -> Result<Cell, Problem> {
        let copy = self.sheet().push_copy(row, col, cell)?;
        self.show(cell)?;
        self.within_limits()?;
        Ok(copy)
    }

    /// Adds a cell that holds a shared text, by its number.
    pub fn push_shared(&mut self, row: u32, col: u32, number: usize) -> Result<(), Problem> {
        let Some(bytes) = self.sheet().push_shared(row, col, number)? else {
            return Err(self.damaged_at(row, col, "a cell points to a text that is not there"));
        };
        self.shown += bytes;
        self.texts_within(self.shown)?;
        self.within_limits()
    }

    fn show(&mut self, cell: Cell) -> Result<(), Problem> {
        if let Value::Text(text) = self.sheet().value(&cell) {
            self.shown += text.len();
        }
        self.texts_within(self.shown)
    }

    /// Says that cells are merged, from the first row and column to the last.
    pub fn merge(&mut self, first: (u32, u16), last: (u32, u16)) -> Result<(), Problem> {
        self.sheet().merge(first, last);
        let (merged, allowed) = (self.sheet().merged().len(), self.limits.cells);
        if merged > allowed { Err(self.too_many("merged cells", merged, allowed)) } else { Ok(()) }
    }

    /// Says which rows are hidden; those that hold nothing are no matter.
    pub fn hide_rows(&mut self, hidden: &HashSet<u32>) {
        let filled: Vec<u32> = self.sheet().rows().map(|(row, _)| row).collect();
        for row in filled.into_iter().filter(|row| hidden.contains(row)) {
            self.sheet().hide_row(row);
        }
    }

    fn within_limits(&mut self) -> Result<(), Problem> {
        let (cells, texts) = (self.sheet().len(), self.sheet().text_bytes());
        let cells = self.before.0 + cells;
        if cells > self.limits.cells {
            return Err(self.too_many("cells", cells, self.limits.cells));
        }
        self.texts_within(self.before.1 + texts)
    }

    /// The cell that was added last.
    pub fn last_cell(&mut self) -> Option<Cell> {
        self.sheet().last_cell()
    }

    /// Whether so many bytes of texts may be held.
    pub fn texts_within(&self, bytes: usize) -> Result<(), Problem> {
        let allowed = self.limits.text_bytes as usize;
        if bytes > allowed { Err(self.too_many("bytes of texts", bytes, allowed)) } else { Ok(()) }
    }

    /// The file asks for more than it may.
    pub fn too_many(&self, what: &str, found: usize, allowed: usize) -> Problem {
        self.limits.exceeded(self.file, what, found as u64, allowed as u64)
    }

    /// The file is damaged where the sheet that was begun last has the cell.
    pub fn damaged_at(&self, row: u32, col: u32, what: &str) -> Problem {
        let place = self.sheets.last().map_or_else(|| Place::file(self.file), |s| s.place.clone());
        match u16::try_from(col) {
            Ok(col) => damaged(place.at(row, col), what),
            Err(_) => damaged(place, what),
        }
    }

    /// The sheet that was begun last is damaged.
    pub fn damaged(&self, what: &str) -> Problem {
        let place = self.sheets.last().map_or_else(|| Place::file(self.file), |s| s.place.clone());
        damaged(place, what)
    }

    fn sheet(&mut self) -> &mut Sheet {
        self.sheets.last_mut().expect("a sheet was begun")
    }

    /// All sheets.
    pub fn finish(mut self) -> Vec<Sheet> {
        if let Some(last) = self.sheets.last_mut() {
            last.finish();
        }
        self.sheets
    }
}

/// The shared texts of a workbook, in one piece.
#[derive(Debug, Default)]
pub struct Texts {
    all: String,
    ends: Vec<u32>,
}

impl Texts {
    /// Adds a text; `write` puts it at the end.
    pub fn add(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.all);
        self.ends.push(self.all.len() as u32);
    }

    /// A text by its number.
    pub fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)? as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        Some(&self.all[start..end])
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// How many bytes they take.
    pub fn bytes(&self) -> usize {
        self.all.len()
    }
}

/// An error value by the number that binary workbooks have for it.
pub fn error_numbered(number: u8) -> Value<'static> {
    Value::Error(match number {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#UNKNOWN!",
    })
}

/// A number that binary workbooks pack in four bytes: a whole number or the upper half of a real
/// one, either of them perhaps a hundredth.
pub fn packed_number(packed: u32) -> f64 {
    let number = if packed & 2 != 0 {
        f64::from(packed as i32 >> 2)
    } else {
        f64::from_bits(u64::from(packed & !3) << 32)
    };
    if packed & 1 != 0 { number / 100.0 } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The two lowest bits say whether it is whole and whether it is a hundredth.
    #[test]
    fn packed_numbers_are_whole_or_real_or_hundredths() {
        assert_eq!(packed_number(12_345 << 2 | 2), 12_345.0);
        assert_eq!(packed_number(12_345 << 2 | 3), 123.45);
        assert_eq!(packed_number((-7_i32 << 2) as u32 | 2), -7.0);
        let half = (0.5_f64.to_bits() >> 32) as u32;
        assert_eq!((packed_number(half), packed_number(half | 1)), (0.5, 0.005));
    }
}
