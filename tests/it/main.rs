//! The one test binary. Each room of it is a kind of promise: what a person sees, what is refused, what is
//! right.

mod appendix;
mod cases;
mod explain;
mod golden;
mod scripts;
mod support;
