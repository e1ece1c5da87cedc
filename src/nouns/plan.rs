//! A layout's plan: the sheet, its columns and rows, as a layout's function describes them.

use crate::nouns::period::Period;
use crate::nouns::report::{Run, Style};
use crate::nouns::show::{Show, Whose};

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
    /// The columns; there is no row of headings where none has one.
    pub columns: Vec<ColumnPlan>,
    /// The rows under the headings.
    pub rows: Vec<RowPlan>,
    /// Where the commentary of its column stands.
    pub commentary: CommentaryPlace,
}

/// Where commentary on an indicator stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CommentaryPlace {
    /// In its column, where most rows have some; else below.
    #[default]
    Auto,
    /// In its column.
    Beside,
    /// Below the figures, across the table: without a column that is blank in most rows.
    Below,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct ColumnPlan {
    /// Its heading.
    pub heading: Option<String>,
    /// What stands over its heading and those beside it that have the same.
    pub over: Option<String>,
    /// Its width in characters of Arial 10.
    pub width: f64,
    /// What stands in it.
    pub show: Show,
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
        /// Its number, as a column of numbers shows it.
        number: Option<String>,
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
    /// Cells from the left; columns without one stay empty.
    Cells(Vec<CellPlan>),
    /// A little room.
    Spacer,
    /// What follows begins a page.
    PageBreak,
    /// Rows, no blocks among them, that stay on one page where they fit.
    Block(Vec<RowPlan>),
    /// A table of figures and a chart of it.
    Chart(ChartPlan),
    /// Rows of cells at the left of the table of a chart, which is the last of these.
    SideBySide(Vec<RowPlan>),
}

/// A cell of a free row.
#[derive(Debug, Clone)]
pub struct CellPlan {
    /// What it says.
    pub says: Says,
    /// How many columns it covers.
    pub span: u16,
    /// How it looks; of a figure, its own look where there is none.
    pub style: Option<Style>,
}

/// What a cell of a free row says.
#[derive(Debug, Clone)]
pub enum Says {
    /// Text.
    Text(Vec<Run>),
    /// Something of an indicator.
    Of(String, Show),
}

/// A table of figures and a chart of it.
#[derive(Debug, Clone)]
pub struct ChartPlan {
    /// Over the chart, where it is not empty; the indicator's title where there is none.
    pub title: Option<String>,
    /// What is drawn.
    pub of: Drawn,
    /// Whose figures are drawn beside the council's own.
    pub beside: Vec<Whose>,
    /// Whether the target is drawn, and the range that is near enough.
    pub target: bool,
    /// Whether the mean and the limits of normal variation are drawn.
    pub limits: bool,
    /// Whether a trend is drawn as upright bars in place of lines.
    pub upright: bool,
}

/// What a chart draws.
#[derive(Debug, Clone)]
pub enum Drawn {
    /// An indicator over periods; the last five years where none are named.
    Trend(String, Vec<Period>),
    /// Several indicators side by side.
    Bars(Vec<String>),
}

impl Says {
    /// Whether nothing stands there.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Says::Text(runs) if runs.iter().all(|run| run.text.is_empty()))
    }
}

impl SheetPlan {
    /// Its rows, those within others among them.
    pub fn all_rows(&self) -> impl Iterator<Item = &RowPlan> {
        self.rows.iter().flat_map(RowPlan::single)
    }

    /// What its columns and cells show.
    pub fn shows(&self) -> impl Iterator<Item = &Show> {
        let of_cells = self.all_rows().flat_map(|row| match row {
            RowPlan::Cells(cells) => cells.as_slice(),
            _ => &[],
        });
        let of_cells = of_cells.filter_map(|cell| match &cell.says {
            Says::Of(_, show) => Some(show),
            Says::Text(_) => None,
        });
        self.columns.iter().map(|column| &column.show).chain(of_cells)
    }

    /// The codes of the indicators that it shows.
    pub fn indicators(&self) -> impl Iterator<Item = &str> {
        self.all_rows().flat_map(RowPlan::indicators)
    }
}

impl RowPlan {
    /// The row, or those within it.
    fn single(&self) -> Vec<&RowPlan> {
        match self {
            RowPlan::Block(rows) | RowPlan::SideBySide(rows) => {
                rows.iter().flat_map(RowPlan::single).collect()
            }
            row => vec![row],
        }
    }

    fn indicators(&self) -> Vec<&str> {
        match self {
            RowPlan::Indicator { indicator, beside, .. } => {
                std::iter::once(indicator).chain(beside).map(String::as_str).collect()
            }
            RowPlan::Cells(cells) => cells
                .iter()
                .filter_map(|cell| match &cell.says {
                    Says::Of(code, _) => Some(code.as_str()),
                    Says::Text(_) => None,
                })
                .collect(),
            RowPlan::Chart(chart) => chart.of.indicators(),
            RowPlan::Narrative { .. }
            | RowPlan::Heading(_)
            | RowPlan::Spacer
            | RowPlan::PageBreak
            | RowPlan::Block(_)
            | RowPlan::SideBySide(_) => Vec::new(),
        }
    }
}

impl Drawn {
    /// The codes of the indicators that it draws.
    pub fn indicators(&self) -> Vec<&str> {
        match self {
            Drawn::Trend(code, _) => vec![code],
            Drawn::Bars(codes) => codes.iter().map(String::as_str).collect(),
        }
    }
}
