//! Dates judged as a column: where some can only be read with the month first, the others are in
//! doubt. Excel makes real dates of those that it can read either way, and leaves the rest as text.

use crate::definitions::{ColumnType, List};
use crate::intake::read::{Sheet, Value};
use crate::intake::returns::find::Found;
use crate::nouns::dates;
use crate::nouns::problem::{CellAddress, Problem, Problems};

/// What a column of dates says of its order.
#[derive(Default)]
struct Order {
    /// Texts that could be read either way.
    texts: Vec<CellAddress>,
    /// Real dates that could have been made with the month first.
    dates: Vec<CellAddress>,
    /// Texts that can only be day first.
    day_first: bool,
    /// Real dates with a day above 12: Excel did not turn them.
    late_days: bool,
}

impl Order {
    fn of(sheet: &Sheet, found: &Found, col: u16) -> Order {
        let mut order = Order::default();
        for (row, cells) in sheet.rows().filter(|(row, _)| *row >= found.first_row) {
            let Some(cell) = cells.iter().find(|cell| cell.col == col) else { continue };
            let at = CellAddress::new(row, col);
            match sheet.value(cell) {
                Value::Text(text) => match dates::read(text) {
                    Ok(written) if written.either_way => order.texts.push(at),
                    Ok(written) if text.contains('/') && written.day.date().day() > 12 => {
                        order.day_first = true
                    }
                    _ => {}
                },
                Value::Date(day) => {
                    let date = day.date();
                    if date.day() > 12 {
                        order.late_days = true;
                    } else if date.day() != date.month() {
                        order.dates.push(at);
                    }
                }
                _ => {}
            }
        }
        order
    }

    /// The cells that may be other dates than they seem.
    fn doubtful(mut self) -> Vec<CellAddress> {
        if !self.late_days {
            self.texts.append(&mut self.dates);
        }
        self.texts.sort_unstable();
        self.texts
    }
}

/// Tells of the dates that are in doubt: in columns of which some have the month first, and in
/// those of the same sheet that do not show which way they are written.
pub(super) fn months(
    sheet: &Sheet,
    list: &List,
    found: &Found,
    month_first: &[usize],
    problems: &mut Problems,
) {
    if month_first.iter().all(|n| *n == 0) {
        return;
    }
    for ((column, at), turned) in list.columns.iter().zip(&found.columns).zip(month_first) {
        let (Some(col), ColumnType::Date) = (at, &column.kind) else { continue };
        let order = Order::of(sheet, found, *col);
        if *turned == 0 && (order.day_first || order.late_days) {
            continue;
        }
        let whose = if *turned == 0 { "the sheet" } else { "the column" };
        for at in order.doubtful() {
            let message =
                format!("others of {whose} have the month first; this was read day first");
            problems.add(
                Problem::error(sheet.place.at(at.row, at.col), message)
                    .column(&column.name)
                    .hint("export the list again with dates as DD/MM/YYYY, or as 2026-09-30"),
            );
        }
    }
}
