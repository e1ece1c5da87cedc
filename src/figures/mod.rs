//! Figures: records are selected and counted, comparators set beside them, disclosure control
//! applied, and what is shown is assessed and held against what managers wrote.

pub mod all;
pub mod assess;
pub mod checks;
pub mod commentary;
pub mod comparators;
pub mod mending;
pub mod pool;
pub mod reach;
pub mod select;
pub mod suppress;
pub mod work_out;
