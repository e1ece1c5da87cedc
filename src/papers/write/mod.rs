//! Writing: a [`Report`](crate::nouns::report::Report) becomes a workbook, figures become tidy
//! tables, and files are whole or absent. The only room that knows rust_xlsxwriter.

mod accessible;
mod anywhere;
mod blank;
mod bundle;
mod chart;
mod exchange;
mod figures;
mod file;
mod finishing;
mod html;
mod ledger;
mod outline;
mod problems;
mod refused;
mod scale;
mod sealing;
mod table;
mod workbook;

pub use accessible::{accessible_ods, accessible_workbook};
pub use blank::blank_workbook;
pub use bundle::{BundlePart, bundle};
pub use exchange::exchange_csv;
pub use figures::figures_csv;
pub use file::{
    Audience, Content, Outgoing, Over, is_page_of_ours, make_folder, write_file, write_page,
    write_set,
};
pub use html::{html_page, printed_pages};
pub use ledger::ledger_csv;
pub use problems::{ProblemList, problems_page};
pub use table::table_csv;
pub use workbook::workbook;
