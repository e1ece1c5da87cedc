//! Any workbook as text, and what changed between two. Nothing here knows of children or of
//! returns.

pub mod book;
pub mod compare;
pub mod describe;
mod text;
