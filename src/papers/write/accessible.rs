//! The accessible edition: cover, contents, notes, then one marked table a sheet, by the Analysis
//! Function's checklist.

mod front;
mod ods;
mod tables;
mod workbook;

pub use ods::accessible_ods;
pub use workbook::accessible_workbook;
