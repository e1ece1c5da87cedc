//! Rows that cannot be counted: kept as far as they can be read, for rules that see them.

use super::filling::Parsed;
use crate::intake::returns::records::{BLANK_DAY, BLANK_TEXT, ColumnData, Part};
use crate::nouns::problem::Place;

/// The columns of a row that hold something else than they should.
pub(super) fn unread(parsed: &[Parsed]) -> impl Iterator<Item = u16> {
    (0u16..).zip(parsed).filter(|(_, v)| **v == Parsed::Unreadable).map(|(column, _)| column)
}

/// Rows that cannot be counted, while a sheet is read.
#[derive(Default)]
pub(super) struct LeftOut {
    rows: Vec<u32>,
    refused: Vec<(u32, u16)>,
    /// The values of all columns, row by row.
    values: Vec<Parsed>,
}

impl LeftOut {
    /// A row as far as it can be read.
    pub(super) fn take(&mut self, row: u32, parsed: &[Parsed]) {
        let record = self.rows.len() as u32;
        self.refused.extend(unread(parsed).map(|column| (record, column)));
        self.rows.push(row);
        self.values.extend(parsed);
    }

    /// As a part of its own, whose texts are numbered as those of the rows that count.
    pub(super) fn into_part(
        self,
        columns: &mut [ColumnData],
        counted: usize,
        (place, at): (&Place, &[Option<u16>]),
    ) -> Option<Box<Part>> {
        if self.rows.is_empty() {
            return None;
        }
        let width = columns.len();
        for row in self.values.chunks(width) {
            columns.iter_mut().zip(row).for_each(|(column, value)| push(column, *value));
        }
        let columns = columns.iter_mut().map(|column| split_off(column, counted)).collect();
        let (place, at) = (place.clone(), at.to_vec());
        let (rows, refused) = (self.rows, self.refused);
        Some(Box::new(Part { place, columns, at, rows, refused, left_out: None, says_none: false }))
    }
}

/// A column's records from one on, taken off it.
fn split_off(column: &mut ColumnData, from: usize) -> ColumnData {
    match column {
        ColumnData::Absent => ColumnData::Absent,
        ColumnData::Text { ids, texts } => {
            ColumnData::Text { ids: ids.split_off(from), texts: texts.clone() }
        }
        ColumnData::Number(numbers) => ColumnData::Number(numbers.split_off(from)),
        ColumnData::Day(days) => ColumnData::Day(days.split_off(from)),
    }
}

/// Adds a record's value.
pub(super) fn push(column: &mut ColumnData, value: Parsed) {
    match (column, value) {
        (ColumnData::Text { ids, .. }, Parsed::Text(id)) => ids.push(id),
        (ColumnData::Text { ids, .. }, _) => ids.push(BLANK_TEXT),
        (ColumnData::Number(numbers), Parsed::Number(n)) => numbers.push(n),
        (ColumnData::Number(numbers), _) => numbers.push(f64::NAN),
        (ColumnData::Day(days), Parsed::Day(day)) => days.push(day),
        (ColumnData::Day(days), _) => days.push(BLANK_DAY),
        (ColumnData::Absent, _) => {}
    }
}
