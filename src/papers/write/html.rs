//! The web page: one file without scripts, from the same report as the workbook.

mod chart;
mod printed;

pub use printed::printed_pages;

use std::ops::Range;

use base64::prelude::{BASE64_STANDARD, Engine};
use maud::{Markup, html};

use super::outline::{Line, Outline, Part, Table, is_sign, outline};
use super::sealing::sealed_page;
use crate::nouns::house::{HouseStyle, Logo};
use crate::nouns::page::page_with_style;
use crate::nouns::problem::{CellAddress, Problem};
use crate::nouns::report::Tone;
use crate::nouns::report::{Cell, Content, Report, Sheet, Style};

/// How wide a column's character is on the page, in `rem`.
const REM_A_CHARACTER: f64 = 0.46;
/// How wide a column of a chart's table is at least, and what a telephone has room for.
const REM_A_FIGURE: f64 = 6.5;
const REM_A_PHONE: f64 = 22.0;

/// What stands behind a figure that may still change.
const MARKS: [(&str, &str); 2] = [("[p]", "Provisional"), ("[r]", "Revised")];

/// The page: the same for the same report, on any day and machine.
pub fn html_page(report: &Report) -> Result<Vec<u8>, Problem> {
    let p = &report.properties;
    let house = &report.house;
    let mut tables = Tables { house, count: 0 };
    let edge = report.sheets.first().map_or("", |sheet| sheet.page.footer_left.as_str());
    let body = html! {
        a class="skip" href="#report" { "Skip to the report" } "\n"
        header {
            "\n" @if let Some(logo) = &house.logo { (picture(logo)) }
            p { (p.author) } "\n"
            h1 { (p.title) } "\n"
            p { (p.subject) ", data as at " (p.created.long()) } "\n"
        } "\n"
        (contents(report))
        main id="report" {
            "\n" @for (index, sheet) in report.sheets.iter().enumerate() {
                (tables.section(index + 1, sheet.unprinted(), &p.title))
            }
        } "\n"
        footer { "\n" p { (edge) } "\n" } "\n"
    };
    let head =
        [("author", p.author.as_str()), ("description", &p.subject), ("keywords", &p.keywords)];
    let colours = format!(":root {{ --head: {}; --tint: {}; }}\n", house.head, house.tint);
    let text = page_with_style(&p.title, &head, &colours, &body);
    sealed_page(text, p.origin.as_ref()).map(String::into_bytes)
}

/// The council's logo, as part of the page.
fn picture(logo: &Logo) -> Markup {
    let picture = BASE64_STANDARD.encode(&logo.picture);
    html! {
        img class="logo" src={ "data:image/png;base64," (picture) } alt=(logo.alt); "\n"
    }
}

fn contents(report: &Report) -> Markup {
    html! {
        nav aria-labelledby="contents" {
            "\n" h2 id="contents" { "Contents" } "\n"
            ul {
                "\n" @for (index, sheet) in report.sheets.iter().enumerate() {
                    li { a href={ "#part-" (index + 1) } { (sheet.name) } } "\n"
                }
            } "\n"
        } "\n"
    }
}

/// The tables of a page, which are numbered through all its sections.
struct Tables<'r> {
    house: &'r HouseStyle,
    count: usize,
}

impl Tables<'_> {
    /// A sheet as a section.
    fn section(&mut self, number: usize, sheet: &Sheet, report: &str) -> Markup {
        let Outline { title, parts } = outline(sheet);
        let id = format!("part-{number}");
        let title = Some(title).filter(|title| title != report && *title != sheet.name);
        // What stands over the key of the notes is not over their table.
        let mut heading = if sheet.notes { "Definitions" } else { &sheet.name };
        let mut told = Vec::new();
        for part in &parts {
            told.push(match part {
                Part::Heading(text) => {
                    heading = if sheet.notes { heading } else { text };
                    html! { h3 { (words(text)) } "\n" }
                }
                Part::Text { content, .. } => html! { p { (said(content)) } "\n" },
                Part::Table(table) => self.table(sheet, table, heading),
            });
        }
        html! {
            section aria-labelledby=(id) {
                "\n" h2 id=(id) tabindex="-1" { (sheet.name) } "\n"
                @if let Some(title) = title { p class="title" { (title) } "\n" }
                @for part in told { (part) }
            } "\n"
        }
    }

    /// A table, and the chart of it.
    fn table(&mut self, sheet: &Sheet, table: &Table, heading: &str) -> Markup {
        self.count += 1;
        let number = self.count;
        let own = table.own_title();
        let heading = own.as_deref().unwrap_or(heading);
        let title = table.chart.map_or(heading, |chart| chart.title.as_str());
        let more = if table.head.is_empty() { ", in words" } else { "" };
        let caption = format!("Table {number}: {title}{more}");
        let columns = columns_of(table);
        let widths = usize::from(columns.end).min(sheet.columns.len());
        let widths = &sheet.columns[usize::from(columns.start).min(widths)..widths];
        let whole: f64 = widths.iter().sum();
        // Periods and figures are short, however wide the columns are for what stands above them.
        let rem = match table.chart {
            Some(_) => columns.len() as f64 * REM_A_FIGURE,
            None => whole * REM_A_CHARACTER,
        };
        let class = if rem > REM_A_PHONE { "wide" } else { "wide narrow" };
        html! {
            div class=(class) role="region" aria-label=(caption) tabindex="0" {
                "\n" table style={ "min-width:" (format!("{rem:.1}")) "rem" } {
                    "\n" caption { (caption) } "\n"
                    colgroup {
                        @for width in widths {
                            col style={ "width:" (format!("{:.1}", width * 100.0 / whole)) "%" };
                        }
                    } "\n"
                    @if !table.head.is_empty() {
                        thead { "\n" (row(table.head, &columns, None, false)) } "\n"
                    }
                    @for (index, lines) in bodies(&table.lines).into_iter().enumerate() {
                        @if index > 0 { "\n" }
                        tbody { "\n" @for one in lines { (line(one, &columns, table)) } }
                    } "\n"
                } "\n"
            } "\n"
            @if let Some(one) = table.chart { (chart::svg(sheet, one, self.house, number)) }
        }
    }
}

/// The columns of the sheet that a table has.
fn columns_of(table: &Table) -> Range<u16> {
    let lines = table.lines.iter().filter_map(|line| match line {
        Line::Cells(_, cells, _) => Some(cells.as_slice()),
        _ => None,
    });
    let rows: Vec<&[Cell]> = lines.chain([table.head]).collect();
    let last = rows.iter().flat_map(|cells| cells.last());
    let first = rows.iter().flat_map(|cells| cells.first());
    // What stands beside another table begins behind it; others begin where the sheet does.
    let first = first.map(|cell| cell.column).min().filter(|_| table.chart.is_some());
    first.unwrap_or(0)..last.map(|cell| cell.column + cell.span).max().unwrap_or(2)
}

/// The lines by the headings among them; a table without lines has one empty body.
fn bodies<'t, 'r>(lines: &'t [Line<'r>]) -> Vec<&'t [Line<'r>]> {
    if lines.is_empty() {
        return vec![lines];
    }
    lines.chunk_by(|_, next| !matches!(next, Line::Section(_))).collect()
}

fn line(line: &Line, columns: &Range<u16>, table: &Table) -> Markup {
    let across = columns.end - columns.start;
    match line {
        Line::Section(text) => html! {
            tr { th scope="rowgroup" colspan=(across) { (words(text)) } } "\n"
        },
        Line::Narrative(area, paragraphs) => html! {
            tr {
                th scope="row" class="area" { (words(area)) }
                td class="update" colspan=(across - 1) {
                    @for paragraph in paragraphs { p { (words(paragraph)) } }
                }
            } "\n"
        },
        Line::Cells(_, cells, at) => row(cells, columns, Some(*at), table.head.is_empty()),
        Line::Commentary(cell) => html! {
            tr class="said" { td colspan=(across) { p { (said(&cell.content)) } } } "\n"
        },
    }
}

/// A row, of headings or of the sheet's row; columns that it has no cell for are empty. A figure
/// names its cell in the workbook, where `explain` begins.
fn row(cells: &[Cell], columns: &Range<u16>, row: Option<u32>, loose: bool) -> Markup {
    html! {
        tr {
            @for (index, cell) in cells.iter().enumerate() {
                (gap(end(&cells[..index]).max(columns.start), cell.column))
                // Without headings the last cell has the rest of the row.
                @let last = loose && index + 1 == cells.len();
                @let spans = if last { columns.end - cell.column } else { cell.span };
                @let span = (spans > 1).then_some(spans);
                @let class = class_of(cell.style);
                @let place = row.filter(|_| is_figure(cell.style));
                @let place = place.map(|row| CellAddress::new(row, cell.column).to_string());
                @match scope(row.is_none(), index, &cell.content) {
                    Some(scope) => {
                        th scope=(scope) class=[class] data-cell=[place] colspan=[span] {
                            (said(&cell.content))
                        }
                    },
                    None => {
                        td class=[class] data-cell=[place] colspan=[span] { (said(&cell.content)) }
                    },
                }
            }
            @if !loose || cells.is_empty() { (gap(end(cells).max(columns.start), columns.end)) }
        } "\n"
    }
}

/// The column behind the last cell.
fn end(cells: &[Cell]) -> u16 {
    cells.last().map_or(0, |cell| cell.column + cell.span)
}

/// What a cell is the heading of, if of anything.
fn scope(head: bool, index: usize, content: &Content) -> Option<&'static str> {
    match (head, index, content) {
        (_, _, Content::Blank) => None,
        (true, _, content) => (!content.printed().is_empty()).then_some("col"),
        (false, 0, _) => Some("row"),
        (false, ..) => None,
    }
}

fn is_figure(style: Style) -> bool {
    matches!(style, Style::Figure | Style::PointFigure | Style::TotalFigure)
}

fn class_of(style: Style) -> Option<&'static str> {
    match style {
        Style::HeadFigure => Some("figure"),
        style if is_figure(style) => Some("figure"),
        Style::Status(Tone::Good) => Some("good"),
        Style::Status(Tone::Fair) => Some("fair"),
        Style::Status(Tone::Poor) => Some("poor"),
        Style::Status(Tone::Information) => Some("information"),
        Style::Status(Tone::NoData) => Some("none"),
        _ => None,
    }
}

fn gap(from: u16, to: u16) -> Markup {
    html! { @if to > from { td colspan=(to - from) {} } }
}

/// What a cell says.
fn said(content: &Content) -> Markup {
    match content {
        Content::Rich(runs) => html! {
            @for run in runs {
                @if run.bold { strong { (words(&run.text)) } } @else { (words(&run.text)) }
            }
        },
        // A dash alone is read out as nothing, or as a minus sign.
        Content::Gap { symbol, wording } if !wording.contains(char::is_alphanumeric) => html! {
            span aria-hidden="true" { (wording) } span class="unseen" { (symbol.words()) }
        },
        other => words(&other.printed()),
    }
}

/// A text with its lines parted; signs are not read out, and marks say what they mean.
fn words(text: &str) -> Markup {
    html! {
        @for (index, line) in text.split('\n').enumerate() {
            @if index > 0 { br; }
            (marked(line))
        }
    }
}

fn marked(text: &str) -> Markup {
    let found = MARKS.iter().filter_map(|(mark, means)| Some((text.find(mark)?, *mark, *means)));
    match found.min() {
        Some((at, mark, means)) => html! {
            (signs(&text[..at])) abbr title=(means) { (mark) } (marked(&text[at + mark.len()..]))
        },
        None => signs(text),
    }
}

fn signs(text: &str) -> Markup {
    html! {
        @for piece in text.split_inclusive(is_sign) {
            @let words = piece.trim_end_matches(is_sign);
            (words)
            @if words.len() < piece.len() {
                span aria-hidden="true" { (&piece[words.len()..]) }
            }
        }
    }
}
