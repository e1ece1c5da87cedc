//! The officer's door: one web page that holds the program and a project, for people whose machines
//! take no programs. It makes no connection; its parts are named by their hashes, and nothing else
//! may run in it. For those who have the program, it serves the same page to their own browser.

mod page;
mod project;
#[cfg(not(target_family = "wasm"))]
pub mod serve;

pub use page::{Engine, page};
pub use project::{EXAMPLE, Packed, pack};
