//! A sheet while it is built: every text measured, every row given the height that it needs.

use super::breaks::{PRINTED_POINTS, Paged, Wanted, scale};
use super::charts::Placed;
use super::metrics::{column_pixels, height, lines, lines_of_runs, lines_within, usable_pixels};
use super::split::{split, split_runs};
use crate::nouns::plan::SheetPlan;
use crate::nouns::report::{Cell, Content, MadeOf, Page, Row, RowKind, Sheet, Style};

/// A text taller than this (60% of a printed page) is parted over several rows.
const TALLEST_POINTS: f64 = 290.0;
/// Points in a pixel of a screen at 100%.
pub const POINTS_A_PIXEL: f64 = 0.75;
/// Excel's own limit for a row.
const ROW_LIMIT_POINTS: f64 = 409.5;
/// A last page of which less than this share is used is joined to the one before, if it can be.
const LEAST_OF_A_PAGE: f64 = 2.0 / 3.0;
/// The shares of the room about their text that rows give up to save a page.
const TIGHTER: [f64; 2] = [0.5, 1.0];
/// Pages are made even where less than this share of the last one would be used.
const EVEN_BELOW: f64 = 1.0 / 2.0;
/// Even pages, and those of charts, are tried so full, in per cent.
const HALF_A_PAGE: u32 = 50;
const WHOLE_PAGE: u32 = 100;
/// A row of a chart's table takes so much more of what a page leaves free, in points.
const MOST_AIR_POINTS: f64 = 10.0;
/// A little room between tables.
pub const SPACER_POINTS: f64 = 6.0;

/// A sheet while it is built: rows measured as they come.
pub struct Builder {
    columns: Vec<f64>,
    rows: Vec<Row>,
    /// What its rows ask of pages.
    pub pages: Wanted,
    /// Its charts.
    pub charts: Vec<Placed>,
    /// What stands at the left of the rows that come.
    aside: Option<Aside>,
}

/// Cells that stand at the left of the rows that come.
struct Aside {
    /// How many columns they take.
    columns: u16,
    /// The cells of each row.
    rows: std::vec::IntoIter<Vec<Cell>>,
}

impl Builder {
    /// A sheet with columns of these widths.
    pub fn new(columns: Vec<f64>) -> Self {
        let (pages, charts) = (Wanted::default(), Vec::new());
        Builder { columns, rows: Vec::new(), pages, charts, aside: None }
    }

    /// From here on rows stand in the columns behind these cells, a row beside each.
    pub fn beside(&mut self, rows: Vec<Vec<Cell>>) {
        let last = rows.iter().flatten().map(|cell| cell.column + cell.span).max();
        self.aside = Some(Aside { columns: last.unwrap_or(0), rows: rows.into_iter() });
    }

    /// What has not yet stood at the left of a row has rows of its own.
    pub fn no_longer_beside(&mut self) {
        for cells in self.aside.take().into_iter().flat_map(|aside| aside.rows) {
            let aside = cells.len();
            self.push(RowKind::Cells, cells, 0.0);
            if let Some(row) = self.rows.last_mut() {
                row.aside = aside;
            }
        }
    }

    /// The first column that is not taken by what stands at the left.
    pub fn first_column(&self) -> u16 {
        self.aside.as_ref().map_or(0, |aside| aside.columns)
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
        let (cells, aside) = self.behind_aside(cells);
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
            self.rows.push(Row { kind, height, cells, aside });
        }
    }

    /// Cells behind those that stand at their left, and how many these are.
    fn behind_aside(&mut self, cells: Vec<Cell>) -> (Vec<Cell>, usize) {
        let Some(aside) = &mut self.aside else { return (cells, 0) };
        let mut all = aside.rows.next().unwrap_or_default();
        let count = all.len();
        let columns = aside.columns;
        all.extend(cells.into_iter().map(|cell| Cell { column: cell.column + columns, ..cell }));
        (all, count)
    }

    /// A row whose cells are low enough for one, and are not parted.
    pub fn whole(&mut self, kind: RowKind, cells: Vec<Cell>) {
        let needed = cells.iter().map(|cell| height(self.lines(cell), cell.style));
        let height = whole_pixels(needed.fold(0.0, f64::max)).min(ROW_LIMIT_POINTS);
        self.rows.push(Row { kind, height, cells, aside: 0 });
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
        self.rows.push(Row { kind: RowKind::Spacer, height, cells: Vec::new(), aside: 0 });
    }

    /// Whether the headings in a row may stand on every page: every page begins with a row that
    /// stands under them. What does not goes with the last that does, where one page holds both.
    pub fn heads_every_page(&mut self, head: u32) -> bool {
        let rows = &self.rows[head as usize + 1..];
        let Some(other) = rows.iter().position(|row| !stands_under(row)) else { return true };
        let leads = |row: &Row| matches!(row.kind, RowKind::Spacer | RowKind::Section);
        let said = |row: &Row| matches!(row.kind, RowKind::Commentary | RowKind::Continued);
        let under = rows[..other].iter().rposition(|row| !leads(row)).unwrap_or(0);
        let under = rows[..=under].iter().rposition(|row| !said(row)).unwrap_or(0);
        let tail = head + 1 + under as u32;
        let page = PRINTED_POINTS / scale(self.pixels_from(0));
        let heads: f64 = self.rows[..=head as usize].iter().map(|row| row.height).sum();
        let fits = self.points_from(tail) + heads <= page;
        if fits {
            self.together(tail);
        }
        fits
    }

    /// The rows from one on stay together on one page where they fit.
    pub fn together(&mut self, first: u32) {
        let block = first..self.next_row();
        // What is inside is kept together with the rest.
        self.pages.blocks.retain(|inner| inner.start < first);
        self.pages.blocks.push(block);
    }

    /// The sheet. A last page with little on it is taken back by a little less room in the rows,
    /// where that is enough, and charts take what their pages leave free.
    pub fn finish(mut self, name: &str, mut page: Page) -> Sheet {
        let scale = scale(self.pixels_from(0));
        let (wanted, repeated) = (std::mem::take(&mut self.pages), page.repeated);
        let paged = |rows: &[Row], share| Paged::of(rows, repeated, &wanted, scale, share);
        let mut best = paged(&self.rows, 1.0);
        let with_charts = !self.charts.is_empty();
        if best.starts.len() > 1 && (best.last < LEAST_OF_A_PAGE || with_charts) {
            let before = self.rows.clone();
            for share in TIGHTER {
                let rows = self.tighter(&before, share);
                let tried = paged(&rows, 1.0);
                if tried.starts.len() < best.starts.len() {
                    (self.rows, best) = (rows, tried);
                }
            }
        }
        if with_charts || best.last < EVEN_BELOW {
            let shares = (HALF_A_PAGE..=WHOLE_PAGE).map(|share| f64::from(share) / 100.0);
            let tried = shares.map(|share| paged(&self.rows, share));
            let as_few = tried.filter(|tried| tried.starts.len() == best.starts.len());
            best = as_few.max_by(|a, b| a.least.total_cmp(&b.least)).unwrap_or(best);
        }
        self.stretch(&best.starts, page.repeated, PRINTED_POINTS / scale);
        (page.starts, page.scale) = (best.starts, scale);
        let charts = self.charts.iter().map(|placed| placed.over(&self.rows)).collect();
        Sheet {
            name: name.to_string(),
            columns: self.columns,
            rows: self.rows,
            charts,
            page,
            notes: false,
            in_a_table: None,
            head: None,
            below: None,
        }
    }

    /// Rows with a share less of the room above and below their text, but where a chart would
    /// become too low.
    fn tighter(&self, rows: &[Row], share: f64) -> Vec<Row> {
        let mut tried: Vec<Row> = rows.iter().map(|row| self.tighter_row(row, share)).collect();
        for placed in &self.charts {
            let range = placed.rows.start as usize..placed.rows.end as usize;
            if tried[range.clone()].iter().map(|row| row.height).sum::<f64>() < placed.least {
                tried[range.clone()].clone_from_slice(&rows[range]);
            }
        }
        tried
    }

    /// What a cell needs without a share of the room that it can spare.
    fn needed(&self, cell: &Cell, share: f64) -> f64 {
        height(self.lines(cell), cell.style) - cell.style.spare_air() * share
    }

    fn tighter_row(&self, row: &Row, share: f64) -> Row {
        let [airy, tight] = [0.0, share]
            .map(|share| row.cells.iter().map(|cell| self.needed(cell, share)).fold(0.0, f64::max));
        Row { height: whole_pixels(row.height - (airy - tight)), ..row.clone() }
    }

    /// Gives the rows beside charts what their pages leave free, up to what a chart can use.
    fn stretch(&mut self, starts: &[u32], repeated: Option<(u32, u32)>, page: f64) {
        let ends = starts.iter().skip(1).copied().chain([self.next_row()]);
        let pages: Vec<std::ops::Range<u32>> =
            starts.iter().copied().zip(ends).map(|(from, to)| from..to).collect();
        for of_page in pages {
            let charts: Vec<usize> = (0..self.charts.len())
                .filter(|at| of_page.contains(&self.charts[*at].rows.start))
                .collect();
            let repeated = repeated.filter(|(_, last)| *last < of_page.start);
            let all = repeated.map_or(0..0, |(first, last)| first..last + 1).chain(of_page);
            let used: f64 = all.map(|at| self.rows[at as usize].height).sum();
            let each = (page - used) / charts.len().max(1) as f64;
            for at in charts {
                let placed = &self.charts[at];
                let rows = &mut self.rows[placed.rows.start as usize..placed.rows.end as usize];
                let higher: f64 = rows.iter().map(|row| row.height).sum();
                stretch(rows, each.min(placed.most - higher));
            }
        }
    }
}

/// Makes rows higher by so many points together: the free one at their end, else each point of the
/// chart's table a little.
fn stretch(rows: &mut [Row], more: f64) {
    let ends_free = rows.last().is_some_and(|row| row.cells.is_empty());
    let takes = |row: &Row| if ends_free { row.cells.is_empty() } else { is_point(row) };
    let count = rows.iter().filter(|row| takes(row)).count().max(1) as f64;
    let most = if ends_free { ROW_LIMIT_POINTS } else { MOST_AIR_POINTS };
    let each = ((more / count).min(most) / POINTS_A_PIXEL).floor() * POINTS_A_PIXEL;
    for row in rows.iter_mut().filter(|row| takes(row) && each > 0.0) {
        row.height = (row.height + each).min(ROW_LIMIT_POINTS);
    }
}

fn is_point(row: &Row) -> bool {
    matches!(row.kind, RowKind::Point(_))
}

/// Whether a row stands under the headings of the sheet's columns, or goes on where another does.
fn stands_under(row: &Row) -> bool {
    match row.kind {
        RowKind::Head | RowKind::Point(_) => false,
        RowKind::Cells | RowKind::Text | RowKind::Sign => row.cells.len() == 1,
        _ => true,
    }
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
