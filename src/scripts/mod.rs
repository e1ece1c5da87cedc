//! What analysts write: the sandboxed engine that runs it, and the reference of everything that it
//! may say.

pub mod engine;
pub mod reference;
