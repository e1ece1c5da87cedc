//! Rapporteur turns a council's quarterly return workbook into the formatted appendix that its committee
//! reads. Everything about children in care is script; nothing is compiled in.
//!
//! The way through, room by room:
//!
//! ```text
//! return → read → Return → scripts select → Figure → compare → suppress → Shown → lay out → Report → write
//! ```
//!
//! - [`read`] makes [`read::Sheet`]s of files of any usual form. It alone knows calamine and csv.
//! - [`returns`] finds lists and management sheets in them: the [`returns::Return`].
//! - [`script`] loads what analysts wrote into [`declare::Declarations`]. It alone knows mlua.
//! - [`select`] finds the records that scripts ask for, and counts them.
//! - [`figure`] makes [`figure::Figure`]s: indicator × area × period.
//! - [`published`] reads DfE's files and neighbours, [`history`] what earlier reports printed; [`comparators`] sets
//!   them beside the council's own figures.
//! - [`suppress`] applies disclosure control: the only place that makes a [`suppress::Shown`].
//! - [`judge`] says how a shown figure stands: status, direction, change, comparison.
//! - [`commentary`] holds what managers wrote against what is shown.
//! - [`layout`] fills a layout's plan with what is shown: the [`report::Report`].
//! - [`mod@blank`] plans the empty return that managers fill in, from the same declarations.
//! - [`mod@write`] writes files. It alone knows rust_xlsxwriter.
//! - [`workbook_text`] tells a written workbook as text; [`changes`] says what differs between two of them.
//!
//! [`pipeline`] is the order of the stages; [`problem`], [`period`] and [`report`] are nouns that all share,
//! [`page`] the frame of every web page, [`words`] what all put together in the same words.

pub mod blank;
pub mod cases;
pub mod catalogue;
pub mod changes;
pub mod cmd;
pub mod commentary;
pub mod comparators;
pub mod declare;
pub mod figure;
pub mod history;
pub mod judge;
pub mod layout;
pub mod page;
pub mod period;
pub mod pipeline;
pub mod problem;
pub mod project;
pub mod published;
pub mod read;
pub mod reference;
pub mod report;
pub mod returns;
pub mod rounding;
pub mod script;
pub mod select;
pub mod suppress;
pub mod trail;
pub mod words;
pub mod workbook_text;
pub mod write;
