//! Writing: a [`Report`](crate::report::Report) becomes a workbook, figures become a tidy table, and files are whole or absent. The
//! only room that knows rust_xlsxwriter.

mod chart;
mod figures;
mod file;
mod workbook;

pub use figures::{Areas, figures_csv};
pub use file::{Audience, write_file};
pub use workbook::workbook;
