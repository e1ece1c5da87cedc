//! Papers: a layout's plan filled in, the empty return, and the writers of every form of file.

pub mod blank;
pub mod layout;
pub mod write;
