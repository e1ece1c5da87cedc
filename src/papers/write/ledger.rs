//! The ledger of restatement as a tidy table.

use crate::intake::published::Ledger;
use crate::nouns::formulas::inert;
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
    let failed = |_| Problem::unreadable("", "the ledger could not be made");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(failed)?;
    for moved in &ledger.moved {
        let (was_line, now_line) = (moved.was.line.to_string(), moved.now.line.to_string());
        let period = moved.period.label();
        let row = [
            &moved.indicator,
            &moved.name,
            moved.area.as_str(),
            &period,
            &moved.was.value,
            &moved.was.release,
            &was_line,
            &moved.now.value,
            &moved.now.release,
            &now_line,
        ];
        writer.write_record(row.iter().map(|cell| inert(cell))).map_err(failed)?;
    }
    writer.into_inner().map_err(|_| Problem::unreadable("", "the ledger could not be made"))
}
