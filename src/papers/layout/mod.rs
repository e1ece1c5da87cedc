//! Laying out: a layout's plan and the shown figures become a
//! [`Report`](crate::nouns::report::Report) with true row heights.

mod breaks;
mod builder;
mod cells;
mod charts;
mod columns;
mod fill;
mod key;
pub mod metrics;
mod notes;
mod notes_in_columns;
mod said;
mod shared_definitions;
mod split;
mod widths;

pub use fill::{Frame, Texts, fill};
pub use said::{Said, said};
