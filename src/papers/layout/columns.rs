//! Which columns of a planned table are printed, and how wide they are: none in which nobody has a
//! figure, none so narrow that a word breaks.

use super::cells::{CellMaker, Pair};
use super::fill::NO_FIGURE;
use super::metrics::{
    characters_for, column_pixels, longest_word_pixels, text_pixels, usable_pixels,
};
use crate::nouns::plan::{CommentaryPlace, RowPlan, SheetPlan};
use crate::nouns::report::{Content, Style, Tone};
use crate::nouns::show::{Show, Whose};

/// Commentary on fewer of the rows than this share is set below its figures.
const DENSE: f64 = 0.5;
/// A column of figures grows no wider than this, in characters.
const WIDEST_FIGURE: f64 = 22.0;
/// Room is given and taken in these steps, in characters.
const STEP: f64 = 0.5;

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
    let widths = widths(&fitted, maker, free);
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
    for row in &mut plan.rows {
        match row {
            RowPlan::Cells(cells) => narrow(cells, kept),
            RowPlan::Block(rows) => {
                for row in rows {
                    if let RowPlan::Cells(cells) = row {
                        narrow(cells, kept);
                    }
                }
            }
            _ => {}
        }
    }
    plan
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

/// The widths of the columns that are left, with so much room to give away.
fn widths(fitted: &Fitted, maker: &CellMaker, mut free: f64) -> Vec<f64> {
    let columns = &fitted.plan.columns;
    let mut widths: Vec<f64> = columns.iter().map(|column| column.width).collect();
    let least: Vec<f64> = (0..columns.len()).map(|at| least(fitted, maker, at)).collect();
    for (width, least) in widths.iter_mut().zip(&least) {
        if *width < *least {
            free -= *least - *width;
            *width = *least;
        }
    }
    // What words need is taken from the columns that have most to spare.
    while free < 0.0 {
        let spare = |at: &usize| widths[*at] - least[*at];
        let most = (0..widths.len()).max_by(|a, b| spare(a).total_cmp(&spare(b)));
        let Some(at) = most.filter(|at| spare(at) >= STEP) else { break };
        widths[at] -= STEP;
        free += STEP;
    }
    give(fitted, maker, &mut widths, free);
    widths
}

/// Gives room to the names until each stands in one line, then to the figures, then to texts.
fn give(fitted: &Fitted, maker: &CellMaker, widths: &mut [f64], mut free: f64) {
    let columns = &fitted.plan.columns;
    let titles = columns.iter().position(|column| column.show == Show::Title);
    if let Some(at) = titles {
        let title = |pair| maker.cell(&Show::Title, pair, None).1.printed().into_owned();
        let longest = indicators(&fitted.plan)
            .map(|pair| characters_for(text_pixels(&title(pair), Style::Name), Style::Name))
            .fold(0.0, f64::max);
        let more = (longest - widths[at]).clamp(0.0, free.max(0.0));
        widths[at] += more;
        free -= more;
    }
    let texts = columns.iter().position(|c| matches!(c.show, Show::Commentary | Show::Definition));
    while free >= STEP {
        let narrow = |at: &usize| columns[*at].show.is_figure() && widths[*at] < WIDEST_FIGURE;
        let narrowest =
            (0..widths.len()).filter(narrow).min_by(|a, b| widths[*a].total_cmp(&widths[*b]));
        let Some(at) = texts.or(narrowest).or(titles) else { break };
        widths[at] += STEP;
        free -= STEP;
    }
}

/// The least width in which no word of a column breaks.
fn least(fitted: &Fitted, maker: &CellMaker, at: usize) -> f64 {
    let column = &fitted.plan.columns[at];
    let head = if column.show.is_figure() { Style::HeadFigure } else { Style::HeadText };
    let heading = characters_for(longest_word_pixels(&fitted.headings[at].0, head), head);
    let year = fitted.headings[at].1.as_deref();
    let cells = indicators(&fitted.plan).map(|pair| {
        let (style, content) = maker.cell(&column.show, pair, year);
        characters_for(longest_word_pixels(&content.printed(), style), style)
    });
    // A gap's own words may lie over several columns, and a long word of a text may break.
    let most = usable_pixels(&[column.width.max(WIDEST_FIGURE)], Style::Figure);
    cells.fold(heading, f64::max).min(characters_for(most, Style::Figure))
}

/// The pixels of columns of these widths.
pub fn pixels(widths: &[f64]) -> f64 {
    widths.iter().map(|width| column_pixels(*width)).sum()
}
