//! Figures of many councils added up: numerators to numerators and denominators to denominators,
//! medians from all their numbers, and never an average of averages.

mod exchanged;
mod together;

pub use exchanged::{Definitions, exchange_of};
pub use together::{Pooled, pool};
