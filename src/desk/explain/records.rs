//! The records that something is made of, or that a check finds: sheets, rows, cells.

use serde_json::{Value, json};

use super::{Line, Trail};
use crate::definitions::List;
use crate::figures::select::shown_field;
use crate::intake::returns::{Field, Records};
use crate::nouns::figure::Selection;
use crate::nouns::problem::{Place, column_letters};
use crate::nouns::words::{several, stretches};
use crate::pipeline::Received;

/// Records of a list, and the columns by which they were chosen.
pub(super) struct Rows<'a> {
    /// The list.
    pub list: &'a List,
    /// All its records.
    pub records: &'a Records,
    /// Those that are told.
    pub these: &'a [u32],
    /// The columns that were looked at.
    pub columns: Vec<usize>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        received: &'a Received,
        selection: &'a Selection,
        columns: Vec<usize>,
    ) -> Rows<'a> {
        let list = received.declared.list(&selection.list);
        let records = received.counted.records(&selection.list);
        Rows {
            list: list.expect("records are of lists that are declared"),
            records: records.expect("records are of lists that are there"),
            these: &selection.records,
            columns,
        }
    }

    /// `242 records of OC2`.
    pub(super) fn said(&self) -> String {
        format!("{} of {}", several(self.these.len(), "record"), self.list.title)
    }

    pub(super) fn lines(&self, what: &str, show_values: bool) -> Vec<String> {
        let mut lines = vec![format!("  {what}: {}", self.said())];
        for (sheet, rows) in self.by_sheet() {
            lines.push(format!("    {sheet}, rows"));
            lines.extend(wrapped(&ranges(&rows)).into_iter().map(|line| format!("      {line}")));
        }
        lines.extend(self.looked_at().map(|columns| format!("    looked at: {columns}")));
        if show_values {
            lines.extend(self.each().map(|record| format!("    {record}")));
        }
        lines
    }

    /// The columns that were looked at, and where they stand.
    pub(super) fn looked_at(&self) -> Option<String> {
        let first = *self.these.first()?;
        let columns = self.columns.iter();
        let letters: Vec<String> =
            columns.filter_map(|column| self.with_letter(first as usize, *column)).collect();
        (!self.columns.is_empty()).then(|| letters.join(", "))
    }

    /// A column's name and its letter on the sheet of a record.
    fn with_letter(&self, record: usize, column: usize) -> Option<String> {
        let cell = self.records.cell(record, column)?;
        let name = &self.list.columns[column].name;
        Some(format!("{name} in column {}", column_letters(cell.col)))
    }

    fn key(&self) -> usize {
        self.list.column(&self.list.key).unwrap_or(0)
    }

    /// The key's column, and those that were looked at.
    fn told(&self) -> impl Iterator<Item = usize> + '_ {
        let key = self.key();
        std::iter::once(key).chain(self.columns.iter().copied().filter(move |c| *c != key))
    }

    /// Each record with what stands in its cells.
    pub(super) fn each(&self) -> impl Iterator<Item = String> {
        self.these.iter().map(|record| self.record_text(*record))
    }

    fn record_text(&self, record: u32) -> String {
        let record = record as usize;
        let fields: Vec<String> = self.told().map(|column| self.field(record, column)).collect();
        format!("{}: {}", self.records.place(record, self.key()), fields.join(", "))
    }

    /// A column's name and what a record has in it.
    fn field(&self, record: usize, column: usize) -> String {
        let value = shown_field(self.records.field(record, column));
        format!("{} {value}", self.list.columns[column].name)
    }

    /// The rows, sheet by sheet.
    pub(super) fn by_sheet(&self) -> Vec<(String, Vec<u32>)> {
        let row = |record: u32| self.records.row(record as usize) + 1;
        let sheets = self.records_by_sheet().into_iter();
        sheets.map(|(sheet, records)| (sheet, records.into_iter().map(row).collect())).collect()
    }

    fn records_by_sheet(&self) -> Vec<(String, Vec<u32>)> {
        let mut sheets: Vec<(String, Vec<u32>)> = Vec::new();
        for record in self.these {
            let place = self.records.place(*record as usize, 0);
            let sheet = Place { cell: None, ..place }.to_string();
            // Rows that were left out stand behind those of all sheets.
            match sheets.iter_mut().rev().find(|(known, _)| *known == sheet) {
                Some((_, records)) => records.push(*record),
                None => sheets.push((sheet, vec![*record])),
            }
        }
        for (_, records) in &mut sheets {
            records.sort_by_key(|record| self.records.row(*record as usize));
        }
        sheets
    }

    /// The cells of some columns, sheet by sheet: `DEC: H2, H4-H5`. Where the return has none of
    /// the columns, those of the key.
    pub(super) fn cells_by_sheet(&self, columns: &[usize]) -> Vec<(String, Vec<Line>)> {
        let there = columns.iter().filter(|column| self.records.has(**column));
        let mut there: Vec<usize> = there.copied().collect();
        if there.is_empty() {
            there.push(self.key());
        }
        let sheets = self.records_by_sheet().into_iter();
        sheets
            .map(|(sheet, records)| {
                (sheet, there.iter().filter_map(|c| self.cells_in(*c, &records)).collect())
            })
            .collect()
    }

    fn cells_in(&self, column: usize, records: &[u32]) -> Option<Line> {
        let cells = records.iter().filter_map(|r| self.records.cell(*r as usize, column));
        let cells: Vec<_> = cells.collect();
        let letters = column_letters(cells.first()?.col);
        let rows: Vec<u32> = cells.iter().map(|cell| cell.row + 1).collect();
        Some(Line::of(&self.list.columns[column].name, in_ranges(&rows, &letters)))
    }

    pub(super) fn to_json(&self, show_values: bool) -> Value {
        let all = self.these.iter().map(|record| {
            let record = *record as usize;
            let place = self.records.place(record, self.key());
            let mut cells = serde_json::Map::new();
            for column in self.told() {
                let Some(cell) = self.records.cell(record, column) else { continue };
                let cell = match (show_values, self.records.field(record, column)) {
                    (true, Field::Blank) => json!({ "cell": cell.to_string(), "value": null }),
                    (true, field) => {
                        json!({ "cell": cell.to_string(), "value": shown_field(field) })
                    }
                    (false, _) => json!(cell.to_string()),
                };
                cells.insert(self.list.columns[column].name.clone(), cell);
            }
            let row = place.cell.map(|c| c.row + 1);
            json!({ "file": place.file, "sheet": place.sheet, "row": row, "cells": cells })
        });
        Value::Array(all.collect())
    }
}

impl<'a> Trail<'a> {
    /// The records of a selection, with the columns that the indicator looks at.
    pub(super) fn rows<'s>(&self, selection: &'s Selection) -> Rows<'s>
    where
        'a: 's,
    {
        let list = self.desk.list(&selection.list);
        Rows::new(self.desk.received, selection, self.columns_looked_at(list))
    }
}

/// A list of ranges in lines of a terminal's width.
pub(super) fn wrapped(ranges: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for range in ranges.split_inclusive(", ") {
        if lines.last().is_some_and(|l| l.len() + range.trim_end().len() > 72) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(range);
        }
    }
    lines.iter().map(|line| line.trim_end().to_string()).collect()
}

/// `2-5, 7, 9-12`.
pub(super) fn ranges(rows: &[u32]) -> String {
    in_ranges(rows, "")
}

/// `H2-H5, H7`: rows of a column.
fn in_ranges(rows: &[u32], column: &str) -> String {
    let parts = stretches(rows.iter().copied()).into_iter();
    let parts = parts.map(|(a, b)| match a == b {
        true => format!("{column}{a}"),
        false => format!("{column}{a}-{column}{b}"),
    });
    parts.collect::<Vec<_>>().join(", ")
}
