//! The accessible edition: cover, contents, notes, then one marked table a sheet, by the Analysis
//! Function's checklist.

mod tables;
mod workbook;

pub use workbook::accessible_workbook;
