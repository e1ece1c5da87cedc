//! A workbook with each row, column and cell by its number, to be held against another.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::nouns::problem::MOST_ROWS;
use crate::workbook_diff::book::{self, Cell, Fact, Line, Look, Stretch};

/// How many cells, rows and columns of a workbook are compared. A line of a text can stand for a
/// million.
const MOST: usize = 3_000_000;

/// A workbook.
pub(super) struct Book<'b> {
    pub facts: &'b [Fact],
    pub sheets: Vec<Sheet<'b>>,
    pub default: &'b Rc<Look>,
}

/// A sheet: its cells, what its rows and columns are like, and everything else that can be said of
/// it.
pub(super) struct Sheet<'b> {
    pub name: &'b str,
    pub facts: &'b [Fact],
    pub cells: BTreeMap<(u32, u32), &'b Cell>,
    pub rows: BTreeMap<u32, &'b Line>,
    pub columns: BTreeMap<u32, &'b Line>,
}

impl<'b> Book<'b> {
    /// `None` where there is too much to compare.
    pub(super) fn of(book: &'b book::Book) -> Result<Book<'b>, String> {
        let mut room = MOST;
        let sheets: Option<Vec<Sheet>> =
            book.sheets.iter().map(|sheet| Sheet::of(sheet, &mut room)).collect();
        let sheets = sheets.ok_or_else(|| {
            format!(
                "it has more than {MOST} cells, rows and columns, which are too many to compare"
            )
        })?;
        Ok(Book { facts: &book.facts, sheets, default: &book.default })
    }
}

impl<'b> Sheet<'b> {
    /// `None` where no room is left.
    fn of(sheet: &'b book::Sheet, room: &mut usize) -> Option<Sheet<'b>> {
        let columns = by_number(&sheet.columns, room)?;
        let rows = by_number(&sheet.rows, room)?;
        let mut cells = BTreeMap::new();
        for (row, Stretch { first, last, each }) in &sheet.cells {
            take(room, *first, *last)?;
            cells.extend((*first..=*last).map(|column| ((*row, column), each)));
        }
        Some(Sheet { name: &sheet.name, facts: &sheet.facts, cells, rows, columns })
    }
}

fn by_number<'b>(lines: &'b [Stretch<Line>], room: &mut usize) -> Option<BTreeMap<u32, &'b Line>> {
    let mut found = BTreeMap::new();
    for Stretch { first, last, each } in lines {
        let last = (*last).min(MOST_ROWS);
        take(room, *first, last)?;
        found.extend((*first..=last).map(|number| (number, each)));
    }
    Some(found)
}

/// Takes the room of so many from here to there.
fn take(room: &mut usize, first: u32, last: u32) -> Option<()> {
    *room = room.saturating_sub((last.saturating_sub(first) as usize).saturating_add(1));
    (*room > 0).then_some(())
}
