//! What analysts write: the sandboxed engine that runs it, the reference of everything that it may
//! say, and the slips that the engine would pass over.

pub mod engine;
pub mod reference;
pub mod slips;
