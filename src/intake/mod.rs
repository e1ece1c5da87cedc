//! What comes in: files as sheets, the return in them, published figures, earlier reports, the
//! project.

pub mod exchange;
pub mod folder;
pub mod history;
pub mod local;
pub mod packs;
pub mod project;
pub mod published;
pub mod read;
pub mod returns;
