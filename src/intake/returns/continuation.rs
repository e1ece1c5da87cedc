//! A list that goes on upon a further sheet without headings: known by its cells, which are what
//! the list's columns hold, column by column.

use super::find::Found;
use super::typing::fits;
use crate::definitions::{ColumnType, Declarations};
use crate::intake::read::{Sheet, Value};
use crate::nouns::problem::Problem;

/// How many rows are looked at.
const LOOKED_AT: usize = 50;

/// The list that goes on upon the sheet, with its columns where they stand on the sheet before, and
/// what is said of it.
pub fn of(
    sheet: &Sheet,
    earlier: &[(&Sheet, &Found)],
    declared: &Declarations,
) -> Option<(Found, Problem)> {
    let beside = earlier.iter().filter(|(first, _)| {
        first.place.file == sheet.place.file && first.place.sheet_index < sheet.place.sheet_index
    });
    let mut fitting = beside.filter(|(_, found)| goes_on(sheet, found, declared));
    let (first, found) = fitting.next_back()?;
    let (first_row, _) = sheet.rows().next()?;
    let list = &declared.lists[&found.list];
    let message = format!("no headings: read as more rows of the list {}", list.title);
    let problem = Problem::warning(sheet.place.clone(), message)
        .hint("copy the headings above them to its first row to be sure");
    let found = Found {
        header_row: first_row,
        first_row,
        two_rows: false,
        unknown: Vec::new(),
        why: format!("more rows, without headings, in the columns of {}", first.name),
        ..(*found).clone()
    };
    Some((found, problem))
}

/// Whether nine in ten cells are what their columns hold, and enough of them are dates or codes to
/// tell.
fn goes_on(sheet: &Sheet, found: &Found, declared: &Declarations) -> bool {
    let list = &declared.lists[&found.list];
    let (mut told, mut fitting, mut all) = (0, 0, 0);
    for (_, cells) in sheet.rows().take(LOOKED_AT) {
        for cell in cells {
            all += 1;
            let Some(index) = found.column_at(cell.col) else { continue };
            let column = &list.columns[index];
            let speaks = matches!(column.kind, ColumnType::Date | ColumnType::Codes(_));
            let fits = match sheet.value(cell) {
                Value::Error(_) | Value::Uncalculated | Value::NoText => continue,
                value => fits(column, value),
            };
            fitting += usize::from(fits);
            told += usize::from(speaks && fits);
        }
    }
    let rows = sheet.rows().len().min(LOOKED_AT);
    // A list without dates or codes cannot be told from any other table.
    all > 0 && fitting * 10 >= all * 9 && told >= 2 * rows
}
