//! Laying out: a layout's plan and the shown figures become a [`Report`](crate::report::Report) with true row heights.

mod fill;
pub mod metrics;
mod notes;
mod split;

pub use fill::{Texts, fill};

/// A sheet as a layout's function describes it.
#[derive(Debug, Clone)]
pub struct SheetPlan {
    /// The tab's name.
    pub name: String,
    /// The first line.
    pub title: String,
    /// The second line.
    pub subtitle: Option<String>,
    /// The sentence under it.
    pub purpose: Option<String>,
    /// Top left of every page.
    pub header_left: String,
    /// Top right of every page.
    pub header_right: String,
    /// Bottom left of every page.
    pub footer_left: String,
    /// The columns.
    pub columns: Vec<ColumnPlan>,
    /// The rows under the headings.
    pub rows: Vec<RowPlan>,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct ColumnPlan {
    /// Its heading.
    pub heading: String,
    /// Its width in characters of Arial 10.
    pub width: f64,
    /// What stands in it.
    pub show: Show,
}

/// What a column shows of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Its title.
    Title,
    /// The council's figure of the period.
    Value,
    /// A comparator, by its name.
    Comparator(&'static str),
    /// The commentary.
    Commentary,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub enum RowPlan {
    /// An indicator.
    Indicator {
        /// Its code.
        indicator: String,
        /// The code of one whose figures stand in brackets behind.
        beside: Option<String>,
        /// What the title adds for it, such as `(rate per 10,000)`.
        beside_words: Option<String>,
    },
    /// An area's name and what is to say about it.
    Narrative {
        /// The area.
        area: String,
        /// The text; line breaks part paragraphs.
        text: String,
    },
    /// A heading across the table.
    Heading(String),
}
