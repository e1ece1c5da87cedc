//! The appendix as it prints, page by page: the workbook's own columns, row heights and page ends,
//! drawn as sheets of A4. For looking at; nothing is published from it.

use std::fmt::Write;
use std::ops::Range;

use super::{chart, said};
use crate::nouns::house::HouseStyle;
use crate::nouns::page::{escaped, page_with_style};
use crate::nouns::problem::CellAddress;
use crate::nouns::report::{Cell, MadeOf, Report, Row, Sheet, Style, Tone};
use maud::{PreEscaped, html};

/// A workbook's column has 7 pixels for each character of its width, and 5 more.
const PIXELS_A_CHARACTER: f64 = 7.0;
const PIXELS_ASIDE: f64 = 5.0;
const PIXELS_A_POINT: f64 = 4.0 / 3.0;

/// The pages, one below the other.
pub fn printed_pages(report: &Report) -> String {
    let mut pages = String::new();
    let whole: usize = report.sheets.iter().map(|sheet| sheet.page.starts.len()).sum();
    let mut number = 0;
    for sheet in &report.sheets {
        let ends = sheet.page.starts.iter().skip(1).copied().chain([sheet.rows.len() as u32]);
        for (from, to) in sheet.page.starts.iter().copied().zip(ends) {
            number += 1;
            page_of(sheet, from..to, (number, whole), &report.house, &mut pages);
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
            (PreEscaped(pages))
        }
    };
    page_with_style(title, &[("robots", "noindex")], &colours, &body)
}

fn page_of(
    sheet: &Sheet,
    rows: Range<u32>,
    (number, whole): (usize, usize),
    house: &HouseStyle,
    out: &mut String,
) {
    let page = &sheet.page;
    let name = escaped(&sheet.name);
    let _ = writeln!(
        out,
        "<section class=\"sheet\" aria-label=\"Page {number} of {whole}: {name}\" data-sheet=\"{name}\">\n\
         <p class=\"edge\"><strong>{}</strong><span>{}</span></p>\n<div class=\"rows\">",
        escaped(&page.header_left),
        escaped(&page.header_right)
    );
    let pixels: Vec<f64> =
        sheet.columns.iter().map(|w| w * PIXELS_A_CHARACTER + PIXELS_ASIDE).collect();
    let width: f64 = pixels.iter().sum();
    let _ = write!(
        out,
        "<table style=\"width:{width:.0}px; zoom:{:.3}\">\n<caption class=\"unseen\">{name}, page \
         {number}</caption>\n<colgroup>",
        page.scale
    );
    for width in &pixels {
        let _ = write!(out, "<col style=\"width:{width:.0}px\">");
    }
    out.push_str("</colgroup>\n<tbody>\n");
    let repeated = page.repeated.filter(|(_, last)| *last < rows.start);
    let repeated = repeated.map_or(0..0, |(first, last)| first..last + 1);
    for at in repeated.chain(rows.clone()) {
        row_of(sheet, at, out);
    }
    out.push_str("</tbody>\n</table>\n");
    for (index, one) in sheet.charts.iter().enumerate().filter(|(_, c)| rows.contains(&c.row)) {
        let above: f64 = (rows.start..one.row).map(|at| sheet.rows[at as usize].height).sum();
        let before: f64 = pixels[..usize::from(one.column)].iter().sum();
        let _ = writeln!(
            out,
            "<div class=\"chart\" style=\"top:{:.0}px; left:{:.0}px; width:{:.0}px\">{}</div>",
            above * PIXELS_A_POINT * page.scale,
            before * page.scale,
            f64::from(one.width) * page.scale,
            chart::svg(sheet, one, house, 1_000 * number + index)
        );
    }
    let _ = writeln!(
        out,
        "</div>\n<p class=\"edge foot\"><span>{}</span><span>Page {number} of {whole}</span></p>\n\
         </section>",
        escaped(&page.footer_left)
    );
}

fn row_of(sheet: &Sheet, at: u32, out: &mut String) {
    let Row { height, cells, .. } = &sheet.rows[at as usize];
    let columns = sheet.columns.len() as u16;
    let _ = write!(out, "<tr style=\"height:{:.0}px\">", height * PIXELS_A_POINT);
    let mut next = 0;
    for cell in cells {
        gap(next, cell.column, out);
        next = cell.column + cell.span;
        let span =
            if cell.span > 1 { format!(" colspan=\"{}\"", cell.span) } else { String::new() };
        let (class, about) = (class_of(cell.style), about(cell));
        let name = match cell.style {
            Style::Figure | Style::TotalFigure => {
                format!(" data-cell=\"{}\"", CellAddress::new(at, cell.column))
            }
            _ => String::new(),
        };
        let text = said(&cell.content);
        let (open, close) = element_of(cell.style);
        let _ = write!(out, "<{open} class=\"{class}\"{span}{name}{about}>{text}</{close}>");
    }
    gap(next, columns, out);
    out.push_str("</tr>\n");
}

/// What a cell is to those who hear the table: a heading of its column, the name of its row, or a
/// cell. How its tag opens and closes.
fn element_of(style: Style) -> (&'static str, &'static str) {
    match style {
        Style::HeadText | Style::HeadFigure | Style::NoteHead => ("th scope=\"col\"", "th"),
        Style::Name | Style::Total | Style::Point | Style::NoteName => ("th scope=\"row\"", "th"),
        _ => ("td", "td"),
    }
}

/// Which indicator a cell of words is about: its commentary is changed there.
fn about(cell: &Cell) -> String {
    match &cell.made_of {
        MadeOf::Indicator { code, .. } => format!(" data-about=\"{}\"", escaped(code)),
        MadeOf::Narrative(area) => format!(" data-about=\"{}\"", escaped(area)),
        _ => String::new(),
    }
}

fn gap(from: u16, to: u16, out: &mut String) {
    if to > from {
        let _ = write!(out, "<td colspan=\"{}\"></td>", to - from);
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
.sheet { box-sizing: border-box; width: 1123px; min-height: 794px; margin: 1rem auto; padding: 29px 48px; background: #fff; color: #000; border: 1px solid #808080; display: flex; flex-direction: column; }
.sheet .edge { display: flex; justify-content: space-between; max-width: none; margin: 0 0 8px; font-size: 13px; }
.sheet .foot { margin: auto 0 0; font-size: 12px; }
.sheet .rows { position: relative; }
.sheet table { table-layout: fixed; margin: 0 auto; font-size: 13.3px; line-height: 1.2; border-collapse: collapse; }
.sheet td, .sheet th { border: 0; padding: 0 5px; vertical-align: middle; overflow: hidden; font-weight: normal; }
.sheet .figure, .sheet .words, .sheet .name { border-bottom: 1px solid #bfbfbf; }
.sheet .top { font-size: 18.7px; font-weight: bold; color: var(--head); }
.sheet .under { font-size: 16px; font-weight: bold; }
.sheet .head { background: var(--head); color: #fff; font-weight: bold; }
.sheet .part { background: var(--tint); color: var(--head); font-weight: bold; }
.sheet .name { font-weight: bold; }
.sheet .small { font-size: 10.7px; }
.sheet .chart { position: absolute; }
.sheet .chart figcaption { display: none; }
";
