//! The appendix as it prints, page by page: the workbook's own columns, row heights and page ends,
//! drawn as sheets of A4. For looking at; nothing is published from it.

use std::ops::Range;

use super::{chart, end, gap, said};
use crate::nouns::house::HouseStyle;
use crate::nouns::page::page_with_style;
use crate::nouns::problem::CellAddress;
use crate::nouns::report::{Cell, Chart, MadeOf, Report, Row, Sheet, Style, Tone};
use maud::{Markup, html};

/// A workbook's column has 7 pixels for each character of its width, and 5 more.
const PIXELS_A_CHARACTER: f64 = 7.0;
const PIXELS_ASIDE: f64 = 5.0;
const PIXELS_A_POINT: f64 = 4.0 / 3.0;

/// The pages, one below the other.
pub fn printed_pages(report: &Report) -> String {
    let whole: usize = report.sheets.iter().map(|sheet| sheet.page.starts.len()).sum();
    let mut pages = Vec::new();
    for sheet in &report.sheets {
        let ends = sheet.page.starts.iter().skip(1).copied().chain([sheet.rows.len() as u32]);
        for (from, to) in sheet.page.starts.iter().copied().zip(ends) {
            let number = pages.len() + 1;
            pages.push(page_of(sheet, from..to, (number, whole), &report.house));
        }
    }
    let colours = format!(
        ":root {{ --head: {}; --tint: {}; }}\n{LOOK}",
        report.house.head, report.house.tint
    );
    let title = &report.properties.title;
    // The paper's own title is a cell like others: a heading for those who hear the page.
    let body = html! {
        main {
            h1 class="unseen" { (title) }
            @for page in pages { (page) }
        }
    };
    page_with_style(title, &[("robots", "noindex")], &colours, &body)
}

fn page_of(
    sheet: &Sheet,
    rows: Range<u32>,
    (number, whole): (usize, usize),
    house: &HouseStyle,
) -> Markup {
    let page = &sheet.page;
    let name = &sheet.name;
    let pixels: Vec<f64> =
        sheet.columns.iter().map(|w| w * PIXELS_A_CHARACTER + PIXELS_ASIDE).collect();
    let width: f64 = pixels.iter().sum();
    let repeated = page.repeated.filter(|(_, last)| *last < rows.start);
    let repeated = repeated.map_or(0..0, |(first, last)| first..last + 1);
    let charts = sheet.charts.iter().enumerate().filter(|(_, one)| rows.contains(&one.row));
    html! {
        section class="sheet" aria-label={ "Page " (number) " of " (whole) ": " (name) }
            data-sheet=(name) {
            "\n" p class="edge" {
                strong { (page.header_left) } span { (page.header_right) }
            } "\n"
            div class="rows" {
                "\n" table style=(format!("width:{width:.0}px; zoom:{:.3}", page.scale)) {
                    "\n" caption class="unseen" { (name) ", page " (number) } "\n"
                    colgroup {
                        @for width in &pixels { col style=(format!("width:{width:.0}px")); }
                    } "\n"
                    tbody {
                        "\n" @for at in repeated.chain(rows.clone()) { (row_of(sheet, at)) }
                    } "\n"
                } "\n"
                @for (index, one) in charts {
                    div class="chart" style=(chart_place(sheet, one, &pixels, rows.start)) {
                        (chart::svg(sheet, one, house, 1_000 * number + index))
                    } "\n"
                }
            } "\n"
            p class="edge foot" {
                span { (page.footer_left) } span { "Page " (number) " of " (whole) }
            } "\n"
        } "\n"
    }
}

/// Where a chart lies on its page, and how wide it is.
fn chart_place(sheet: &Sheet, chart: &Chart, pixels: &[f64], first: u32) -> String {
    let above: f64 = (first..chart.row).map(|at| sheet.rows[at as usize].height).sum();
    let before: f64 = pixels[..usize::from(chart.column)].iter().sum();
    let scale = sheet.page.scale;
    format!(
        "top:{:.0}px; left:{:.0}px; width:{:.0}px",
        above * PIXELS_A_POINT * scale,
        before * scale,
        f64::from(chart.width) * scale
    )
}

fn row_of(sheet: &Sheet, at: u32) -> Markup {
    let Row { height, cells, .. } = &sheet.rows[at as usize];
    html! {
        tr style=(format!("height:{:.0}px", height * PIXELS_A_POINT)) {
            @for (index, cell) in cells.iter().enumerate() {
                (gap(end(&cells[..index]), cell.column))
                @let span = (cell.span > 1).then_some(cell.span);
                @let figure = matches!(cell.style, Style::Figure | Style::TotalFigure);
                @let place = figure.then(|| CellAddress::new(at, cell.column).to_string());
                @let class = class_of(cell.style);
                @match scope_of(cell.style) {
                    Some(scope) => {
                        th scope=(scope) class=(class) colspan=[span] data-cell=[place]
                            data-about=[about(cell)] { (said(&cell.content)) }
                    },
                    None => {
                        td class=(class) colspan=[span] data-cell=[place]
                            data-about=[about(cell)] { (said(&cell.content)) }
                    },
                }
            }
            (gap(end(cells), sheet.columns.len() as u16))
        } "\n"
    }
}

/// What a cell is to those who hear the table: a heading of its column, the name of its row, or
/// neither.
fn scope_of(style: Style) -> Option<&'static str> {
    match style {
        Style::HeadText | Style::HeadFigure | Style::NoteHead => Some("col"),
        Style::Name | Style::Total | Style::Point | Style::NoteName => Some("row"),
        _ => None,
    }
}

/// Which indicator a cell of words is about: its commentary is changed there.
fn about(cell: &Cell) -> Option<&str> {
    match &cell.made_of {
        MadeOf::Indicator { code, .. } => Some(code),
        MadeOf::Narrative(area) => Some(area),
        _ => None,
    }
}

fn class_of(style: Style) -> &'static str {
    match style {
        Style::Title => "top",
        Style::Subtitle => "under",
        Style::Purpose | Style::Text | Style::Below => "words",
        Style::HeadText => "head",
        Style::HeadFigure => "head figure",
        Style::Section => "part",
        Style::Name | Style::Area | Style::Total => "name",
        Style::Point => "point",
        Style::Figure | Style::PointFigure => "figure",
        Style::TotalFigure => "figure name",
        Style::Key | Style::Note => "small",
        Style::NoteColumn => "small column",
        Style::NoteName | Style::NoteHead => "small name",
        Style::Status(Tone::Good) => "good",
        Style::Status(Tone::Fair) => "fair",
        Style::Status(Tone::Poor) => "poor",
        Style::Status(Tone::Information | Tone::NoData) => "none",
    }
}

/// How a sheet of paper looks.
const LOOK: &str = "\
.unseen { position: absolute; left: -999rem; }
\
.sheet { box-sizing: border-box; width: 1123px; min-height: 794px; margin: 1rem auto; padding: \
29px 48px; background: #fff; color: #000; border: 1px solid #808080; display: flex; \
flex-direction: column; }
.sheet .edge { display: flex; justify-content: space-between; max-width: none; margin: 0 0 8px; \
font-size: 13px; }
.sheet .foot { margin: auto 0 0; font-size: 12px; }
.sheet .rows { position: relative; }
.sheet table { table-layout: fixed; margin: 0 auto; font-size: 13.3px; line-height: 1.2; \
border-collapse: collapse; }
.sheet td, .sheet th { border: 0; padding: 0 5px; vertical-align: middle; overflow: hidden; \
font-weight: normal; }
.sheet .figure, .sheet .words, .sheet .name { border-bottom: 1px solid #bfbfbf; }
.sheet .top { font-size: 18.7px; font-weight: bold; color: var(--head); }
.sheet .under { font-size: 16px; font-weight: bold; }
.sheet .head { background: var(--head); color: #fff; font-weight: bold; }
.sheet .part { background: var(--tint); color: var(--head); font-weight: bold; }
.sheet .name { font-weight: bold; }
.sheet .small { font-size: 10.7px; }
.sheet .column { vertical-align: top; }
.sheet .chart { position: absolute; }
.sheet .chart figcaption { display: none; }
";
