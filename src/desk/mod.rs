//! The analyst's desk: where a figure comes from, the catalogue of indicators, a project's own
//! tests.

pub mod bundle;
pub mod cases;
pub mod catalogue;
pub mod explain;
pub mod map;
pub mod moved;
pub mod packs;
pub mod verify;
