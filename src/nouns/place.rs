//! Where something is: a file, a sheet, a cell, a line of a script.

use std::fmt;
use std::sync::Arc;

/// How many rows a sheet can have.
pub const MOST_ROWS: u32 = 1_048_576;
/// How many columns a sheet can have.
pub const MOST_COLUMNS: u16 = 16_384;

/// A row and a column, both counted from 0, shown as `B7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellAddress {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub col: u16,
}

impl CellAddress {
    /// The cell in `row` and `col`, both from 0.
    pub fn new(row: u32, col: u16) -> Self {
        CellAddress { row, col }
    }

    /// The cell of an address in capital letters, such as `AB12`; none where no sheet has it.
    pub fn parse(text: &str) -> Option<Self> {
        let (letters, row) = text.split_at(text.find(|c: char| c.is_ascii_digit())?);
        let row = if row.bytes().all(|b| b.is_ascii_digit()) {
            row.parse::<u32>().ok()?
        } else {
            return None;
        };
        let known = (1..=MOST_ROWS).contains(&row);
        column_named(letters).filter(|_| known).map(|col| CellAddress { row: row - 1, col })
    }
}

/// The column of capital letters, from 0: `AB` is 27.
pub fn column_named(letters: &str) -> Option<u16> {
    if !(1..=3).contains(&letters.len()) || !letters.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let number = letters.bytes().fold(0, |number, b| number * 26 + u16::from(b - b'A') + 1);
    (number <= MOST_COLUMNS).then(|| number - 1)
}

/// A column's letters: 0 is `A`, 27 is `AB`.
pub fn column_letters(col: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(col) + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&b| char::from(b)).collect()
}

impl fmt::Display for CellAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.col), self.row + 1)
    }
}

/// Where something is: a file, and as much more as is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name as the user gave it, without folders that only this machine has.
    pub file: String,
    /// Which sheet of the workbook, by position, so that problems sort as the tabs stand.
    pub sheet_index: usize,
    /// The sheet's name; none for scripts and for a file as a whole.
    pub sheet: Option<String>,
    /// The cell, where there is one.
    pub cell: Option<CellAddress>,
    /// The line of a script or settings file, from 1.
    pub line: Option<u32>,
    /// What stands in the rows of the sheet, where they are elements of XML.
    pub elements: Option<Arc<Elements>>,
}

/// The elements that the rows of a sheet are made of: a person looks for them by their record,
/// since XML has no rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elements {
    /// The element's name.
    pub name: String,
    /// The name of the record that it stands in.
    pub record: String,
    /// For each row but the first, which has the headings: the record's number, and which of its
    /// elements of that name it is; 0 where there is only one.
    pub rows: Vec<(u32, u32)>,
}

impl Elements {
    /// What a row is: `CHILD 17, EPISODE 2`.
    fn of_row(&self, row: u32) -> String {
        let at = (row as usize).checked_sub(1).and_then(|nth| self.rows.get(nth));
        match at {
            Some((record, 0)) => format!("{} {record}, {}", self.record, self.name),
            Some((record, nth)) => format!("{} {record}, {} {nth}", self.record, self.name),
            None => self.name.clone(),
        }
    }
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Place { file: file.into(), ..Place::default() }
    }

    /// A line of a text file, from 1.
    pub fn line(file: impl Into<String>, line: u32) -> Self {
        Place { file: file.into(), line: Some(line), ..Place::default() }
    }

    /// A sheet of a workbook.
    pub fn sheet(file: impl Into<String>, index: usize, sheet: impl Into<String>) -> Self {
        Place {
            file: file.into(),
            sheet_index: index,
            sheet: Some(sheet.into()),
            ..Place::default()
        }
    }

    /// The sheet and cell, without the file: `Figures!A2`; what a message says of a second place.
    pub fn within(&self) -> String {
        if let (Some(elements), Some(cell)) = (&self.elements, self.cell) {
            return clean(&elements.of_row(cell.row));
        }
        let cell = self.cell.map(|cell| cell.to_string());
        match (&self.sheet, cell) {
            (Some(sheet), Some(cell)) => format!("{}!{cell}", clean(sheet)),
            (Some(sheet), None) => clean(sheet),
            (None, Some(cell)) => format!("{} {cell}", clean(&self.file)),
            (None, None) => clean(&self.file),
        }
    }

    /// Whether another place lies on the same sheet, or in the same CSV file.
    pub fn same_sheet(&self, other: &Place) -> bool {
        (&self.file, &self.sheet) == (&other.file, &other.sheet)
    }

    /// What a cell of the sheet is called: its address, or the element that it is a field of.
    pub fn called(&self, cell: CellAddress) -> String {
        let element = self.elements.as_ref().map(|elements| clean(&elements.of_row(cell.row)));
        element.unwrap_or_else(|| cell.to_string())
    }

    /// The same place, narrowed to one cell.
    pub fn at(&self, row: u32, col: u16) -> Self {
        Place { cell: Some(CellAddress::new(row, col)), ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", clean(&self.file))?;
        match (&self.sheet, self.cell, self.line) {
            (Some(_), Some(cell), _) if self.elements.is_some() => {
                write!(f, "  {}", self.called(cell))
            }
            (Some(sheet), Some(cell), _) => write!(f, "  {}!{cell}", clean(sheet)),
            (Some(sheet), None, _) => write!(f, "  {}", clean(sheet)),
            (None, _, Some(line)) => write!(f, ":{line}"),
            _ => Ok(()),
        }
    }
}

/// Control characters made visible, so that no file can paint over a terminal.
pub fn clean(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// A character as it may be printed.
fn visible(c: char) -> String {
    match c {
        '\n' => " / ".to_string(),
        c if c.is_control() => c.escape_default().to_string(),
        // Marks that turn the reading direction round could make a message say something else.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => c.escape_unicode().to_string(),
        c => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        let shown: Vec<_> = [0, 25, 26, 51, 52, 701, 702, 16_383].map(column_letters).to_vec();
        assert_eq!(shown, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]);
        let back: Vec<_> = shown.iter().filter_map(|letters| column_named(letters)).collect();
        assert_eq!(back, [0, 25, 26, 51, 52, 701, 702, 16_383]);
    }

    #[test]
    fn only_addresses_that_a_sheet_has_are_cells() {
        assert_eq!(CellAddress::parse("XFD1048576"), Some(CellAddress::new(1_048_575, 16_383)));
        for wrong in
            ["", "A", "7", "A0", "XFE1", "ZZZZ1", "A1048577", "a1", "A1B", "A-1", "A+1", "É1"]
        {
            assert_eq!(CellAddress::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn control_characters_are_made_visible() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}"), "a\\u{1b}[31mb\\u{202e}");
    }
}
