//! Laying out: a layout's plan and the shown figures become a
//! [`Report`](crate::nouns::report::Report) with true row heights.

mod breaks;
mod builder;
mod cells;
mod charts;
mod columns;
mod fill;
pub mod metrics;
mod notes;
mod said;
mod split;

pub use fill::{Frame, Texts, fill};
pub use said::{Said, said};
