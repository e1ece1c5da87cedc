//! Any tidy table as CSV.

use crate::nouns::formulas::inert;
use crate::nouns::problem::Problem;

/// A heading and rows; no cell of them is taken for a formula by a spreadsheet.
pub fn table_csv<const N: usize>(
    head: &[&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<Vec<u8>, Problem> {
    let failed = |_| Problem::unreadable("", "the table could not be made");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(head).map_err(failed)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| inert(cell))).map_err(failed)?;
    }
    writer.into_inner().map_err(|_| Problem::unreadable("", "the table could not be made"))
}
