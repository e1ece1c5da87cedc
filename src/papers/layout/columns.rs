//! Which columns of a planned table are printed: none in which nobody has a figure.

use super::cells::{CellMaker, Pair};
use super::fill::NO_FIGURE;
use super::metrics::longest_word;
use super::widths::{Column, Holds, widths};
use crate::nouns::plan::{CommentaryPlace, RowPlan, SheetPlan};
use crate::nouns::report::{Content, Style, Tone};
use crate::nouns::show::{Show, Whose};

/// Commentary on fewer of the rows than this share is set below its figures.
const DENSE: f64 = 0.5;

/// A planned sheet with the columns that are printed.
pub struct Fitted {
    /// The plan: its columns as wide as they are printed, its cells under those that are left.
    pub plan: SheetPlan,
    /// The headings, and the years that they say.
    pub headings: Vec<(String, Option<String>)>,
    /// The headings of columns in which nobody has a figure.
    pub left_out: Vec<String>,
    /// The heading of the commentary, where it stands below its figures.
    pub below: Option<String>,
}

/// Fits a plan to what there is to print.
pub fn fitted(plan: &SheetPlan, maker: &CellMaker) -> Fitted {
    let below = commentary_below(plan, maker);
    let mut kept: Vec<bool> = plan
        .columns
        .iter()
        .map(|column| match column.show {
            Show::Commentary => !below,
            ref show => column.heading.is_none() || anybody(plan, show, maker),
        })
        .collect();
    keep_under_cells(plan, &mut kept);
    if kept.iter().filter(|kept| **kept).count() < 2 {
        kept.fill(true);
    }
    let heading_of = |at: usize| plan.columns[at].heading.clone().unwrap_or_default();
    let gone = || (0..kept.len()).filter(|at| !kept[*at]);
    let is_commentary = |at: &usize| plan.columns[*at].show == Show::Commentary;
    let mut fitted = Fitted {
        left_out: gone().filter(|at| !is_commentary(at)).map(heading_of).collect(),
        below: gone().find(is_commentary).map(heading_of),
        headings: Vec::new(),
        plan: under_kept(plan, &kept),
    };
    let headings = fitted.plan.columns.iter().map(|column| heading(column, plan, maker));
    fitted.headings = headings.collect();
    let free: f64 = gone().map(|at| plan.columns[at].width + 5.0 / 7.0).sum();
    let asked: f64 = fitted.plan.columns.iter().map(|column| column.width).sum();
    let widths = widths(&measured(&fitted, maker), asked + free);
    for (column, width) in fitted.plan.columns.iter_mut().zip(widths) {
        column.width = width;
    }
    fitted
}

/// The rows of indicators.
fn indicators(plan: &SheetPlan) -> impl Iterator<Item = Pair<'_>> {
    plan.all_rows().filter_map(|row| match row {
        RowPlan::Indicator { indicator, beside, beside_words, number } => Some(Pair {
            code: indicator,
            beside: beside.as_deref(),
            words: beside_words.as_deref(),
            number: number.as_deref(),
        }),
        _ => None,
    })
}

/// Whether commentary stands below its figures.
fn commentary_below(plan: &SheetPlan, maker: &CellMaker) -> bool {
    match plan.commentary {
        CommentaryPlace::Beside => false,
        CommentaryPlace::Below => true,
        CommentaryPlace::Auto => {
            let said = |pair: &Pair| maker.cell(&Show::Commentary, *pair, None).1 != Content::Blank;
            let (rows, with) = (indicators(plan).count(), indicators(plan).filter(said).count());
            (with as f64) < rows as f64 * DENSE
        }
    }
}

/// Whether a column says anything of any indicator. The council's own figures always stand.
fn anybody(plan: &SheetPlan, show: &Show, maker: &CellMaker) -> bool {
    if matches!(show, Show::Nothing | Show::Title | Show::Figure(Whose::Own, None)) {
        return true;
    }
    indicators(plan).next().is_none()
        || indicators(plan).any(|pair| says_anything(maker.cell(show, pair, None)))
}

/// Whether a cell tells anything of an indicator.
fn says_anything((style, content): (Style, Content)) -> bool {
    match content {
        Content::Blank => false,
        Content::Gap { wording, .. } => wording != NO_FIGURE,
        // Without a target there is no status to tell.
        _ => style != Style::Status(Tone::Information),
    }
}

/// Keeps what a free cell that says something would lose its place with.
fn keep_under_cells(plan: &SheetPlan, kept: &mut [bool]) {
    for row in plan.all_rows() {
        let RowPlan::Cells(cells) = row else { continue };
        let mut from = 0;
        for cell in cells {
            let under = from..(from + usize::from(cell.span)).min(kept.len());
            from = under.end;
            if !cell.says.is_nothing() && !kept[under.clone()].iter().any(|kept| *kept) {
                kept[under].fill(true);
            }
        }
    }
}

/// The plan without the columns that are not kept.
fn under_kept(plan: &SheetPlan, kept: &[bool]) -> SheetPlan {
    let mut plan = plan.clone();
    let mut keeps = kept.iter();
    plan.columns.retain(|_| *keeps.next().unwrap_or(&true));
    narrow_rows(&mut plan.rows, kept);
    plan
}

fn narrow_rows(rows: &mut [RowPlan], kept: &[bool]) {
    for row in rows {
        match row {
            RowPlan::Cells(cells) => narrow(cells, kept),
            RowPlan::Block(rows) | RowPlan::SideBySide(rows) => narrow_rows(rows, kept),
            _ => {}
        }
    }
}

/// Cells over the columns that are kept.
fn narrow(cells: &mut Vec<crate::nouns::plan::CellPlan>, kept: &[bool]) {
    let mut from = 0;
    cells.retain_mut(|cell| {
        let under = from..(from + usize::from(cell.span)).min(kept.len());
        from = under.end;
        cell.span = kept[under].iter().filter(|kept| **kept).count() as u16;
        cell.span > 0
    });
}

/// A column's heading, with the year of another area's figures, and the year that it says.
fn heading(
    column: &crate::nouns::plan::ColumnPlan,
    plan: &SheetPlan,
    maker: &CellMaker,
) -> (String, Option<String>) {
    let Some(heading) = &column.heading else { return Default::default() };
    // Where the first of two has no figure, the one in brackets may have one.
    let known = |pair: &Pair| maker.shown(&column.show, pair.code).is_some();
    let codes: Vec<&str> = indicators(plan)
        .map(|pair| pair.beside.filter(|_| !known(&pair)).unwrap_or(pair.code))
        .collect();
    match maker.year(&column.show, heading, &codes) {
        Some((year, true)) => (heading.clone(), Some(year)),
        Some((year, false)) => (format!("{heading} {year}").trim_start().to_string(), Some(year)),
        None => (heading.clone(), None),
    }
}

/// The columns as their widths are found.
fn measured(fitted: &Fitted, maker: &CellMaker) -> Vec<Column> {
    let columns = fitted.plan.columns.iter().zip(&fitted.headings);
    let measured = columns.map(|(column, (heading, year))| {
        let cells = indicators(&fitted.plan).map(|pair| {
            let (style, content) = maker.cell(&column.show, pair, year.as_deref());
            let text = content.printed();
            match content {
                // Its own words may lie over several columns: none of them is broken.
                Content::Gap { .. } => (style, longest_word(&text, style).to_string()),
                _ => (style, text.into_owned()),
            }
        });
        let cells: Vec<(Style, String)> = cells.collect();
        let holds = match column.show {
            Show::Title => Holds::Names,
            Show::Commentary | Show::Definition => Holds::Sentences,
            ref show if show.is_figure() => Holds::Figures,
            _ => Holds::Other,
        };
        let head = if column.show.is_figure() { Style::HeadFigure } else { Style::HeadText };
        Column::of(column.width, holds, (head, heading), &cells)
    });
    measured.collect()
}
