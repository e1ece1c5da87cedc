//! The records that a figure is made of: sheets, rows, cells.

use serde_json::{Value, json};

use super::Trail;
use crate::definitions::List;
use crate::figures::select::shown_field;
use crate::intake::returns::Field;
use crate::nouns::figure::Selection;
use crate::nouns::problem::column_letters;
use crate::nouns::words::{several, stretches};

impl Trail<'_> {
    pub(super) fn record_lines(
        &self,
        what: &str,
        selection: &Selection,
        show_values: bool,
    ) -> Vec<String> {
        let list = self.desk.list(&selection.list);
        let mut lines = vec![format!(
            "  {what}: {} of {}",
            several(selection.records.len(), "record"),
            list.title
        )];
        for (sheet, rows) in self.rows_by_sheet(selection) {
            lines.push(format!("    {sheet}, rows"));
            lines.extend(wrapped(&ranges(&rows)).into_iter().map(|line| format!("      {line}")));
        }
        lines.extend(
            self.looked_at(list, selection).map(|columns| format!("    looked at: {columns}")),
        );
        if show_values {
            let columns = self.columns_looked_at(list);
            for record in &selection.records {
                lines.push(format!(
                    "    {}",
                    self.record_text(list, &selection.list, *record, &columns)
                ));
            }
        }
        lines
    }

    /// The columns that the rules look at, and where they stand.
    pub(super) fn looked_at(&self, list: &List, selection: &Selection) -> Option<String> {
        let (columns, first) = (self.columns_looked_at(list), *selection.records.first()?);
        let records = self.desk.records(&selection.list);
        let letter = |i: &usize| {
            let cell = records.place(first as usize, *i).cell?;
            Some(format!("{} in column {}", list.columns[*i].name, column_letters(cell.col)))
        };
        let letters: Vec<String> = columns.iter().filter_map(letter).collect();
        (!columns.is_empty()).then(|| letters.join(", "))
    }

    fn record_text(&self, list: &List, name: &str, record: u32, columns: &[usize]) -> String {
        let records = self.desk.records(name);
        let key = list.column(&list.key).unwrap_or(0);
        let fields = std::iter::once(&key).chain(columns.iter().filter(|c| **c != key));
        let fields: Vec<String> = fields
            .map(|c| {
                format!(
                    "{} {}",
                    list.columns[*c].name,
                    shown_field(records.field(record as usize, *c))
                )
            })
            .collect();
        format!("{}: {}", records.place(record as usize, key), fields.join(", "))
    }

    pub(super) fn rows_by_sheet(&self, selection: &Selection) -> Vec<(String, Vec<u32>)> {
        let records = self.desk.records(&selection.list);
        let mut sheets: Vec<(String, Vec<u32>)> = Vec::new();
        for record in &selection.records {
            let place = records.place(*record as usize, 0);
            let row = place.cell.map_or(0, |c| c.row) + 1;
            let sheet = crate::nouns::problem::Place { cell: None, ..place }.to_string();
            match sheets.last_mut() {
                Some((last, rows)) if *last == sheet => rows.push(row),
                _ => sheets.push((sheet, vec![row])),
            }
        }
        sheets
    }

    pub(super) fn records_json(&self, selection: &Selection, show_values: bool) -> Value {
        let list = self.desk.list(&selection.list);
        let records = self.desk.records(&selection.list);
        let columns = self.columns_looked_at(list);
        let key = list.column(&list.key).unwrap_or(0);
        let all = selection.records.iter().map(|record| {
            let record = *record as usize;
            let place = records.place(record, key);
            let mut cells = serde_json::Map::new();
            for column in std::iter::once(&key).chain(columns.iter().filter(|c| **c != key)) {
                let Some(cell) = records.place(record, *column).cell else { continue };
                let cell = match (show_values, records.field(record, *column)) {
                    (true, Field::Blank) => json!({ "cell": cell.to_string(), "value": null }),
                    (true, field) => json!({ "cell": cell.to_string(), "value": shown_field(field) }),
                    (false, _) => json!(cell.to_string()),
                };
                cells.insert(list.columns[*column].name.clone(), cell);
            }
            json!({ "file": place.file, "sheet": place.sheet, "row": place.cell.map(|c| c.row + 1), "cells": cells })
        });
        Value::Array(all.collect())
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
    let parts = stretches(rows.iter().copied()).into_iter();
    let parts = parts.map(|(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") });
    parts.collect::<Vec<_>>().join(", ")
}
