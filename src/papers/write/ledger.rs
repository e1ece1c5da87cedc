//! The ledger of restatement as a tidy table.

use super::table::table_csv;
use crate::intake::published::Ledger;
use crate::nouns::problem::Problem;

const COLUMNS: [&str; 10] = [
    "indicator",
    "area",
    "area_code",
    "period",
    "was",
    "was_release",
    "was_line",
    "now",
    "now_release",
    "now_line",
];

/// The ledger as CSV.
pub fn ledger_csv(ledger: &Ledger) -> Result<Vec<u8>, Problem> {
    let rows = ledger.moved.iter().map(|moved| {
        [
            moved.indicator.clone(),
            moved.name.clone(),
            moved.area.as_str().to_string(),
            moved.period.label(),
            moved.was.value.clone(),
            moved.was.release.clone(),
            moved.was.line.to_string(),
            moved.now.value.clone(),
            moved.now.release.clone(),
            moved.now.line.to_string(),
        ]
    });
    table_csv(&COLUMNS, rows)
}
