//! The nouns that all wings share: what is said of anything, and of no library.

pub mod area;
pub mod comparator;
pub mod dates;
pub mod effect;
pub mod figure;
pub mod fingerprint;
pub mod formulas;
pub mod house;
pub mod left_out;
pub mod moved;
pub mod numbers;
pub mod page;
pub mod period;
pub mod place;
pub mod plan;
pub mod problem;
pub mod report;
pub mod seal;
pub mod show;
pub mod side_by_side;
pub mod style;
pub mod unit;
pub mod words;
