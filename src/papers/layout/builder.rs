//! A sheet while it is built: every text measured, every row given the height that it needs.

use super::breaks::{Paged, Wanted, scale};
use super::metrics::{column_pixels, height, lines, lines_of_runs, lines_within, usable_pixels};
use super::split::{split, split_runs};
use crate::nouns::plan::SheetPlan;
use crate::nouns::report::{Cell, Chart, Content, MadeOf, Page, Row, RowKind, Sheet, Style};

/// A text taller than this (60% of a printed page) is parted over several rows.
const TALLEST_POINTS: f64 = 290.0;
/// Points in a pixel of a screen at 100%.
pub const POINTS_A_PIXEL: f64 = 0.75;
/// Excel's own limit for a row.
const ROW_LIMIT_POINTS: f64 = 409.5;
/// A last page of which less than this share is used is joined to the one before, if it can be.
const LEAST_OF_A_PAGE: f64 = 1.0 / 2.0;
/// A little room between tables.
pub const SPACER_POINTS: f64 = 6.0;

/// A sheet while it is built: rows measured as they come.
pub struct Builder {
    columns: Vec<f64>,
    rows: Vec<Row>,
    /// What its rows ask of pages.
    pub pages: Wanted,
    /// Its charts.
    pub charts: Vec<Chart>,
}

impl Builder {
    /// A sheet with columns of these widths.
    pub fn new(columns: Vec<f64>) -> Self {
        Builder { columns, rows: Vec::new(), pages: Wanted::default(), charts: Vec::new() }
    }

    /// The number of the next row.
    pub fn next_row(&self) -> u32 {
        self.rows.len() as u32
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The pixels of the columns from one on.
    pub fn pixels_from(&self, column: usize) -> f64 {
        self.columns.iter().skip(column).map(|c| column_pixels(*c)).sum()
    }

    /// The height of the rows from one on, in points.
    pub fn points_from(&self, row: u32) -> f64 {
        self.rows.iter().skip(row as usize).map(|r| r.height).sum()
    }

    /// A row as high as its highest cell. A text that is too tall for one row goes on in rows whose
    /// other cells are blank.
    pub fn push(&mut self, kind: RowKind, cells: Vec<Cell>, least: f64) {
        let mut parts: Vec<_> = cells.iter().map(|cell| self.parts(cell).into_iter()).collect();
        let rows = parts.iter().map(|parts| parts.len()).max().unwrap_or(1);
        for part in 0..rows {
            let contents = parts.iter_mut().map(|parts| parts.next().unwrap_or(Content::Blank));
            let cells: Vec<Cell> = cells
                .iter()
                .zip(contents)
                .map(|(cell, content)| Cell { content, made_of: cell.made_of.clone(), ..*cell })
                .collect();
            let needed = cells.iter().map(|cell| height(self.lines(cell), cell.style));
            let height = whole_pixels(needed.fold(least, f64::max)).min(ROW_LIMIT_POINTS);
            let kind = if part == 0 { kind } else { RowKind::Continued };
            self.rows.push(Row { kind, height, cells });
        }
    }

    /// A row whose cells are low enough for one, and are not parted.
    pub fn whole(&mut self, kind: RowKind, cells: Vec<Cell>) {
        let needed = cells.iter().map(|cell| height(self.lines(cell), cell.style));
        let height = whole_pixels(needed.fold(0.0, f64::max)).min(ROW_LIMIT_POINTS);
        self.rows.push(Row { kind, height, cells });
    }

    /// What a cell says, in parts of which each is low enough for a row.
    fn parts(&self, cell: &Cell) -> Vec<Content> {
        let (usable, most) = (self.usable(cell), lines_within(TALLEST_POINTS, cell.style));
        match &cell.content {
            Content::Text(text) => {
                split(text, cell.style, usable, most).into_iter().map(Content::Text).collect()
            }
            Content::Rich(runs) => {
                split_runs(runs, usable, most).into_iter().map(Content::Rich).collect()
            }
            other => vec![other.clone()],
        }
    }

    fn lines(&self, cell: &Cell) -> usize {
        match &cell.content {
            Content::Rich(runs) => lines_of_runs(runs, cell.style, self.usable(cell)),
            other => lines(&other.printed(), cell.style, self.usable(cell)),
        }
    }

    /// The width for text in a cell.
    fn usable(&self, cell: &Cell) -> f64 {
        let from = usize::from(cell.column);
        usable_pixels(&self.columns[from..from + usize::from(cell.span)], cell.style)
    }

    /// A text over the whole width.
    pub fn across(&mut self, text: &str, style: Style, least: f64) {
        let kind = if style == Style::Section { RowKind::Section } else { RowKind::Text };
        self.line(kind, text, style, least);
    }

    /// A text over the first so many columns.
    pub fn over_columns(&mut self, span: u16, text: &str, style: Style) {
        let content = Content::Text(text.to_string());
        let cell = Cell { column: 0, span, style, content, made_of: MadeOf::Words };
        self.push(RowKind::Text, vec![cell], 0.0);
    }

    /// A text over the whole width, in a row of any kind.
    pub fn line(&mut self, kind: RowKind, text: &str, style: Style, least: f64) {
        let span = self.columns.len() as u16;
        let content = Content::Text(text.to_string());
        self.push(
            kind,
            vec![Cell { column: 0, span, style, content, made_of: MadeOf::Words }],
            least,
        );
    }

    /// A row of headings; those over figures stand in the middle.
    pub fn headings(&mut self, headings: impl Iterator<Item = (String, bool, MadeOf)>) {
        let cells = headings.enumerate().map(|(i, (heading, figure, made_of))| Cell {
            column: i as u16,
            span: 1,
            style: if figure { Style::HeadFigure } else { Style::HeadText },
            content: Content::Text(heading),
            made_of,
        });
        self.push(RowKind::Head, cells.collect(), 0.0);
    }

    /// Headings over those of the next row, each over as many as say the same; nothing where none
    /// says anything.
    pub fn over(&mut self, over: &[Option<&str>]) {
        if over.iter().all(Option::is_none) {
            return;
        }
        let mut cells: Vec<Cell> = Vec::new();
        for (column, text) in over.iter().enumerate() {
            let goes_on = column > 0 && text.is_some() && over[column - 1] == *text;
            if let Some(last) = cells.last_mut().filter(|_| goes_on) {
                last.span += 1;
                continue;
            }
            cells.push(Cell {
                column: column as u16,
                span: 1,
                style: Style::HeadFigure,
                content: text.map_or(Content::Blank, |text| Content::Text(text.to_string())),
                made_of: MadeOf::Words,
            });
        }
        self.push(RowKind::Over, cells, 0.0);
    }

    /// A little room.
    pub fn spacer(&mut self) {
        self.room(SPACER_POINTS);
    }

    /// A row without cells.
    pub fn room(&mut self, height: f64) {
        self.rows.push(Row { kind: RowKind::Spacer, height, cells: Vec::new() });
    }

    /// Whether every row behind one of headings stands under it, or goes on where another does.
    pub fn all_under(&self, head: u32) -> bool {
        self.rows.iter().skip(head as usize + 1).all(|row| match row.kind {
            RowKind::Head | RowKind::Point(_) => false,
            RowKind::Cells | RowKind::Text | RowKind::Sign => row.cells.len() == 1,
            _ => true,
        })
    }

    /// The rows from one on stay together on one page where they fit.
    pub fn together(&mut self, first: u32) {
        let block = first..self.next_row();
        // What is inside is kept together with the rest.
        self.pages.blocks.retain(|inner| inner.start < first);
        self.pages.blocks.push(block);
    }

    /// The sheet. A last page with little on it is taken back by a little less room in the rows,
    /// where that is enough.
    pub fn finish(mut self, name: &str, mut page: Page) -> Sheet {
        let scale = scale(self.pixels_from(0));
        let paged = |rows: &[Row], pages: &Wanted| Paged::of(rows, page.repeated, pages, scale);
        let mut best = paged(&self.rows, &self.pages);
        if best.starts.len() > 1 && best.last < LEAST_OF_A_PAGE && self.charts.is_empty() {
            for step in [0.5, 1.0] {
                let rows: Vec<Row> = self.rows.iter().map(|row| tighter(row, step)).collect();
                let tried = paged(&rows, &self.pages);
                if tried.starts.len() < best.starts.len() {
                    (self.rows, best) = (rows, tried);
                    break;
                }
            }
        }
        (page.starts, page.scale) = (best.starts, scale);
        Sheet {
            name: name.to_string(),
            columns: self.columns,
            rows: self.rows,
            charts: self.charts,
            page,
            notes: false,
            in_a_table: None,
            head: None,
            below: None,
        }
    }
}

/// A row with a share less of the room above and below its text that it can spare.
fn tighter(row: &Row, share: f64) -> Row {
    let spare = row.cells.iter().map(|cell| cell.style.spare_air()).fold(f64::INFINITY, f64::min);
    let less = if spare.is_finite() { spare * share } else { 0.0 };
    Row { height: whole_pixels(row.height - less), ..row.clone() }
}

/// A height as spreadsheets keep it: in whole pixels.
fn whole_pixels(points: f64) -> f64 {
    (points / POINTS_A_PIXEL - 0.01).ceil() * POINTS_A_PIXEL
}

/// How a planned sheet prints.
pub fn page(plan: &SheetPlan, repeated: Option<(u32, u32)>) -> Page {
    Page {
        header_left: plan.header_left.clone(),
        header_right: plan.header_right.clone(),
        footer_left: plan.footer_left.clone(),
        repeated,
        starts: vec![0],
        scale: 1.0,
    }
}
