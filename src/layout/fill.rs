//! Filling a plan with what is shown: every text measured, every row given the height that it needs.

use std::collections::HashMap;

use super::metrics::{height, lines, lines_within, usable_pixels};
use super::split::split;
use super::{RowPlan, SheetPlan, Show, notes};
use crate::declare::Unit;
use crate::report::{Cell, Content, NumberFormat, Page, Properties, Report, Row, Sheet, Style};
use crate::suppress::{Shown, ShownFigures};

/// A narrative taller than this (60% of a printed page) is parted over several rows.
const TALLEST_POINTS: f64 = 290.0;
/// Excel's own limit for a row.
const ROW_LIMIT_POINTS: f64 = 409.5;
/// The empty row between the title block and the table.
const SPACER_POINTS: f64 = 6.0;
/// What stands where no figure was supplied. The notes sheet explains it.
pub const NO_FIGURE: &str = "–";

/// The texts of a report: commentary by indicator code.
#[derive(Debug, Default)]
pub struct Texts {
    /// What is said of an indicator; drafts are marked.
    pub commentary: HashMap<String, String>,
}

/// Makes the report of the sheets that a layout plans.
pub fn fill(plans: &[SheetPlan], shown: &ShownFigures, texts: &Texts, authority: &str, subject: &str) -> Report {
    let title = plans.first().map_or(String::new(), |p| p.title.clone());
    let mut listed: Vec<String> = Vec::new();
    let mut brackets = false;
    for row in plans.iter().flat_map(|p| &p.rows) {
        if let RowPlan::Indicator { indicator, beside, .. } = row {
            brackets |= beside.is_some();
            for code in std::iter::once(indicator).chain(beside) {
                if !listed.contains(code) {
                    listed.push(code.clone());
                }
            }
        }
    }
    let mut sheets: Vec<Sheet> = plans.iter().map(|plan| sheet(plan, shown, texts)).collect();
    if let Some(first) = plans.first() {
        sheets.push(notes::sheet(first, shown, &listed, brackets));
    }
    let keywords = format!("{authority}; {}; performance; appendix", shown.period.label());
    Report {
        properties: Properties {
            title,
            author: authority.to_string(),
            subject: subject.to_string(),
            keywords,
            created: shown.period.end,
        },
        sheets,
    }
}

/// A sheet while it is built: rows measured as they come.
pub(super) struct Builder {
    columns: Vec<f64>,
    rows: Vec<Row>,
}

impl Builder {
    pub(super) fn new(columns: Vec<f64>) -> Self {
        Builder { columns, rows: Vec::new() }
    }

    /// The number of the next row.
    pub(super) fn next_row(&self) -> u32 {
        self.rows.len() as u32
    }

    /// The width for text in a cell.
    pub(super) fn usable(&self, column: u16, span: u16) -> f64 {
        let from = usize::from(column);
        usable_pixels(&self.columns[from..from + usize::from(span)])
    }

    /// A row as high as its highest cell, and `more` points.
    pub(super) fn push(&mut self, cells: Vec<Cell>, least: f64, more: f64) {
        let needed = cells.iter().map(|cell| {
            let lines = lines(cell.content.printed(), cell.style, self.usable(cell.column, cell.span));
            height(lines, cell.style)
        });
        let height = (needed.fold(least, f64::max) + more).min(ROW_LIMIT_POINTS);
        self.rows.push(Row { height, cells });
    }

    /// A text over the whole width.
    pub(super) fn across(&mut self, text: &str, style: Style, least: f64) {
        let span = self.columns.len() as u16;
        for part in split(text, style, self.usable(0, span), lines_within(TALLEST_POINTS, style)) {
            self.push(vec![Cell { column: 0, span, style, content: Content::Text(part) }], least, 0.0);
        }
    }

    pub(super) fn spacer(&mut self) {
        self.rows.push(Row { height: SPACER_POINTS, cells: Vec::new() });
    }

    pub(super) fn headings<'h>(&mut self, headings: impl Iterator<Item = (&'h str, bool)>) {
        let cells = headings.enumerate().map(|(i, (heading, figure))| Cell {
            column: i as u16,
            span: 1,
            style: if figure { Style::HeadFigure } else { Style::HeadText },
            content: Content::Text(heading.to_string()),
        });
        let cells = cells.collect();
        self.push(cells, 0.0, 6.0);
    }

    pub(super) fn finish(self, name: &str, mut page: Page) -> Sheet {
        page.breaks = breaks(&self.rows, page.repeat_row);
        Sheet { name: name.to_string(), columns: self.columns, rows: self.rows, page }
    }
}

pub(super) fn page(plan: &SheetPlan, repeat_row: Option<u32>) -> Page {
    Page {
        header_left: plan.header_left.clone(),
        header_right: plan.header_right.clone(),
        footer_left: plan.footer_left.clone(),
        repeat_row,
        breaks: Vec::new(),
    }
}

/// What a printed page holds: A4 landscape between its margins, in points.
const PAGE_POINTS: f64 = 487.0;

/// Breaks the page before a heading that would stand alone at its foot.
fn breaks(rows: &[Row], repeat_row: Option<u32>) -> Vec<u32> {
    let repeated = repeat_row.and_then(|r| rows.get(r as usize)).map_or(0.0, |r| r.height);
    let heading = |row: &Row| row.cells.first().is_some_and(|c| c.style == Style::Section);
    let mut breaks = Vec::new();
    let mut used = 0.0;
    for (index, row) in rows.iter().enumerate() {
        // A heading needs room for itself and for what it stands over.
        let needed = if heading(row) { row.height + rows.get(index + 1).map_or(0.0, |r| r.height) } else { row.height };
        if used + needed > PAGE_POINTS {
            if heading(row) && used + row.height <= PAGE_POINTS {
                breaks.push(index as u32);
            }
            used = repeated;
        }
        used += row.height;
    }
    breaks
}

fn sheet(plan: &SheetPlan, shown: &ShownFigures, texts: &Texts) -> Sheet {
    let mut builder = Builder::new(plan.columns.iter().map(|c| c.width).collect());
    builder.across(&plan.title, Style::Title, 21.0);
    if let Some(subtitle) = &plan.subtitle {
        builder.across(subtitle, Style::Subtitle, 18.0);
    }
    if let Some(purpose) = &plan.purpose {
        builder.across(purpose, Style::Purpose, 0.0);
    }
    builder.spacer();
    let header = builder.next_row();
    builder
        .headings(plan.columns.iter().map(|c| (c.heading.as_str(), !matches!(c.show, Show::Title | Show::Commentary))));
    for row in &plan.rows {
        match row {
            RowPlan::Heading(text) => builder.across(text, Style::Section, 18.0),
            RowPlan::Narrative { area, text } => narrative(&mut builder, plan, area, text),
            RowPlan::Indicator { indicator, beside, beside_words } => {
                let pair = Pair { code: indicator, beside: beside.as_deref(), words: beside_words.as_deref() };
                indicator_row(&mut builder, plan, shown, texts, &pair);
            }
        }
    }
    builder.finish(&plan.name, page(plan, Some(header)))
}

/// An area's name, and beside it a row for each paragraph; the name stands once.
fn narrative(builder: &mut Builder, plan: &SheetPlan, area: &str, text: &str) {
    let rest = plan.columns.len() as u16 - 1;
    let usable = builder.usable(1, rest);
    let most = lines_within(TALLEST_POINTS, Style::Text);
    let mut name = Content::Text(area.to_string());
    for paragraph in text.split('\n').filter(|p| !p.trim().is_empty()) {
        for part in split(paragraph.trim(), Style::Text, usable, most) {
            let cells = vec![
                Cell { column: 0, span: 1, style: Style::Area, content: std::mem::replace(&mut name, Content::Blank) },
                Cell { column: 1, span: rest, style: Style::Text, content: Content::Text(part) },
            ];
            builder.push(cells, 0.0, 0.0);
        }
    }
}

struct Pair<'a> {
    code: &'a str,
    beside: Option<&'a str>,
    words: Option<&'a str>,
}

fn indicator_row(builder: &mut Builder, plan: &SheetPlan, shown: &ShownFigures, texts: &Texts, pair: &Pair) {
    let comment = [Some(pair.code), pair.beside].into_iter().flatten().filter_map(|code| texts.commentary.get(code));
    let comment: Vec<&str> = comment.map(String::as_str).collect();
    let comment = comment.join("\n");
    let comment_column = plan.columns.iter().position(|c| c.show == Show::Commentary);
    let usable = comment_column.map_or(f64::MAX, |c| builder.usable(c as u16, 1));
    let parts = split(&comment, Style::Text, usable, lines_within(TALLEST_POINTS, Style::Text));
    for (index, part) in parts.iter().enumerate() {
        let cells = if index == 0 { first_row(plan, shown, pair, part) } else { continuation(plan, part) };
        builder.push(cells, 0.0, 0.0);
    }
}

/// A row that goes on with the commentary: everything else stays blank.
fn continuation(plan: &SheetPlan, part: &str) -> Vec<Cell> {
    let cell = |(i, column): (usize, &super::ColumnPlan)| {
        let (style, content) = match column.show {
            Show::Title => (Style::Name, Content::Blank),
            Show::Commentary => (Style::Text, Content::Text(part.to_string())),
            _ => (Style::Figure, Content::Blank),
        };
        Cell { column: i as u16, span: 1, style, content }
    };
    plan.columns.iter().enumerate().map(cell).collect()
}

fn first_row(plan: &SheetPlan, shown: &ShownFigures, pair: &Pair, comment: &str) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for (index, column) in plan.columns.iter().enumerate() {
        let (style, content) = match column.show {
            Show::Title => (Style::Name, Content::Text(title(shown, pair))),
            Show::Commentary if comment.is_empty() => (Style::Text, Content::Blank),
            Show::Commentary => (Style::Text, Content::Text(comment.to_string())),
            Show::Value => (Style::Figure, figure(|code| shown.own(code), pair)),
            Show::Comparator(name) => (Style::Figure, figure(|code| shown.comparator(code, name), pair)),
        };
        // A gap that has its own wording may lie over the empty cells behind it.
        if content == Content::Blank
            && style == Style::Figure
            && let Some(last) = cells.last_mut()
            && last.style == Style::Figure
            && is_wording(shown, pair.code, &last.content)
        {
            last.span += 1;
            continue;
        }
        let content = if content == Content::Blank && style == Style::Figure {
            Content::Text(NO_FIGURE.to_string())
        } else {
            content
        };
        cells.push(Cell { column: index as u16, span: 1, style, content });
    }
    cells
}

fn is_wording(shown: &ShownFigures, code: &str, content: &Content) -> bool {
    let Content::Text(text) = content else { return false };
    shown.iter().any(|s| s.indicator() == code && s.wording() == Some(text.as_str()))
}

fn title(shown: &ShownFigures, pair: &Pair) -> String {
    let title = &shown.indicators[pair.code].title;
    // What the return's own sheet says is shown word for word.
    match pair.words {
        Some(words)
            if !shown.typed_titles.iter().any(|c| c == pair.code)
                && pair.beside.is_some_and(|beside| shown.own(beside).is_some()) =>
        {
            format!("{title} {words}")
        }
        _ => title.clone(),
    }
}

fn figure<'s>(of: impl Fn(&str) -> Option<&'s Shown>, pair: &Pair) -> Content {
    let Some(first) = of(pair.code) else { return Content::Blank };
    let beside = pair.beside.and_then(of).filter(|b| b.value().is_some());
    match beside {
        Some(beside) if first.value().is_some() => Content::Text(format!("{} ({})", first.text(), beside.text())),
        _ => content(first),
    }
}

/// A shown figure as a cell's content.
pub(super) fn content(shown: &Shown) -> Content {
    let format = match shown.unit() {
        Unit::Percentage => NumberFormat::Percent(shown.decimals()),
        _ => NumberFormat::Plain(shown.decimals()),
    };
    match shown.printed_number().and_then(|n| n.parse().ok()) {
        Some(value) => Content::Number { value, printed: shown.text(), format },
        None => Content::Text(shown.text()),
    }
}
