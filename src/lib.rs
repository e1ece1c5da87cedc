//! Rapporteur turns a council's quarterly return workbook into the formatted appendix that its
//! committee reads. Everything about children in care is script; nothing is compiled in.
//!
//! The way through, and the wing that each step is in:
//!
//! ```text
//! return → read → Return → scripts select → Figure → compare → suppress → Shown
//!         └────── intake ─────┘  └────────────────── figures ──────────────────┘
//!        Shown → lay out → Report → write
//!              └──────── papers ────────┘
//! ```
//!
//! - [`nouns`] are what all wings share: problem, period, figure, plan, report.
//! - [`definitions`] are what scripts declare, as plain data.
//! - [`intake`] reads files, finds the return in them, and reads what is known beside it.
//! - [`figures`] selects and counts, compares, suppresses and assesses. Its `suppress` alone makes
//!   a [`figures::suppress::Shown`].
//! - [`scripts`] runs what analysts write, and knows what there is to say of it.
//! - [`papers`] lays out and writes.
//! - [`pipeline`] is the order of these and nothing else.
//! - [`workbook_diff`] tells any workbook as text, and what differs between two.
//! - [`desk`] is for analysts: where a figure comes from, the catalogue, a project's tests.
//! - [`door`] is the officers' web page, with the program in it.
//! - [`cli`] is the commands.

pub mod cli;
pub mod definitions;
pub mod desk;
pub mod door;
pub mod figures;
pub mod intake;
pub mod nouns;
pub mod papers;
pub mod pipeline;
pub mod scripts;
pub mod workbook_diff;
