//! The web page: one file without scripts, from the same report as the workbook.

mod chart;
mod printed;

pub use printed::printed_pages;

use std::fmt::Write;

use base64::prelude::{BASE64_STANDARD, Engine};
use maud::PreEscaped;

use super::outline::{Line, Outline, Part, Table, is_sign, outline};
use super::sealing::sealed_page;
use crate::nouns::house::{HouseStyle, Logo};
use crate::nouns::page::{escaped, page_with_style};
use crate::nouns::problem::{CellAddress, Problem};
use crate::nouns::report::Tone;
use crate::nouns::report::{Cell, Content, Report, Sheet, Style};

/// How wide a column's character is on the page, in `rem`.
const REM_A_CHARACTER: f64 = 0.46;
/// How wide a column of a chart's table is at least, and what a telephone has room for.
const REM_A_FIGURE: f64 = 6.5;
const REM_A_PHONE: f64 = 22.0;

/// The page: the same for the same report, on any day and machine.
pub fn html_page(report: &Report) -> Result<Vec<u8>, Problem> {
    let p = &report.properties;
    let house = &report.house;
    let mut page = Page { house, text: String::new(), tables: 0 };
    page.put(&format!(
        "<a class=\"skip\" href=\"#report\">Skip to the report</a>\n<header>\n{}<p>{}</p>\n<h1>{}</h1>\n\
         <p>{}, data as at {}</p>\n</header>\n",
        house.logo.as_ref().map_or(String::new(), logo),
        escaped(&p.author),
        escaped(&p.title),
        escaped(&p.subject),
        escaped(&p.created.long()),
    ));
    page.put("<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n<ul>\n");
    for (index, sheet) in report.sheets.iter().enumerate() {
        page.put(&format!(
            "<li><a href=\"#part-{}\">{}</a></li>\n",
            index + 1,
            escaped(&sheet.name)
        ));
    }
    page.put("</ul>\n</nav>\n<main id=\"report\">\n");
    for (index, sheet) in report.sheets.iter().enumerate() {
        page.sheet(index + 1, sheet, &p.title);
    }
    let edge = report.sheets.first().map_or("", |sheet| sheet.page.footer_left.as_str());
    page.put(&format!("</main>\n<footer>\n<p>{}</p>\n</footer>\n", escaped(edge)));
    let head =
        [("author", p.author.as_str()), ("description", &p.subject), ("keywords", &p.keywords)];
    let colours = format!(":root {{ --head: {}; --tint: {}; }}\n", house.head, house.tint);
    let text = page_with_style(&p.title, &head, &colours, &PreEscaped(page.text));
    sealed_page(text, p.origin.as_ref()).map(String::into_bytes)
}

/// The council's logo, as part of the page.
fn logo(logo: &Logo) -> String {
    format!(
        "<img class=\"logo\" src=\"data:image/png;base64,{}\" alt=\"{}\">\n",
        BASE64_STANDARD.encode(&logo.picture),
        escaped(&logo.alt)
    )
}

/// A page while it is written.
struct Page<'r> {
    house: &'r HouseStyle,
    text: String,
    tables: usize,
}

impl Page<'_> {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A sheet as a section.
    fn sheet(&mut self, number: usize, sheet: &Sheet, report: &str) {
        let Outline { title, parts } = outline(sheet);
        let name = escaped(&sheet.name);
        self.put(&format!(
            "<section aria-labelledby=\"part-{number}\">\n<h2 id=\"part-{number}\" tabindex=\"-1\">{name}</h2>\n"
        ));
        if title != report && title != sheet.name {
            self.put(&format!("<p class=\"title\">{}</p>\n", escaped(&title)));
        }
        // What stands over the key of the notes is not over their table.
        let mut heading = if sheet.notes { "Definitions".to_string() } else { sheet.name.clone() };
        for part in &parts {
            match part {
                Part::Heading(text) => {
                    if !sheet.notes {
                        heading = text.to_string();
                    }
                    self.put(&format!("<h3>{}</h3>\n", words(text)));
                }
                Part::Text { content, .. } => self.put(&format!("<p>{}</p>\n", said(content))),
                Part::Table(table) => self.table(sheet, table, &heading),
            }
        }
        self.put("</section>\n");
    }

    /// A table, and the chart of it.
    fn table(&mut self, sheet: &Sheet, table: &Table, heading: &str) {
        self.tables += 1;
        let number = self.tables;
        let title = table.chart.map_or(heading, |chart| chart.title.as_str());
        let more = if table.head.is_empty() { ", in words" } else { "" };
        let caption = escaped(&format!("Table {number}: {title}{more}")).into_owned();
        let lines = table.lines.iter().filter_map(|line| match line {
            Line::Cells(_, cells, _) => Some(cells.as_slice()),
            _ => None,
        });
        let ends = lines
            .chain([table.head])
            .flat_map(|cells| cells.last())
            .map(|cell| cell.column + cell.span);
        let columns = ends.max().unwrap_or(2);
        let widths = &sheet.columns[..usize::from(columns).min(sheet.columns.len())];
        let whole: f64 = widths.iter().sum();
        // Periods and figures are short, however wide the columns are for what stands above them.
        let rem = match table.chart {
            Some(_) => f64::from(columns) * REM_A_FIGURE,
            None => whole * REM_A_CHARACTER,
        };
        let class = if rem > REM_A_PHONE { "wide" } else { "wide narrow" };
        self.put(&format!(
            "<div class=\"{class}\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\n\
             <table style=\"min-width:{rem:.1}rem\">\n<caption>{caption}</caption>\n<colgroup>",
        ));
        for width in widths {
            let _ = write!(self.text, "<col style=\"width:{:.1}%\">", width * 100.0 / whole);
        }
        self.put("</colgroup>\n");
        if !table.head.is_empty() {
            self.put("<thead>\n");
            self.row(table.head, columns, None, false);
            self.put("</thead>\n");
        }
        self.put("<tbody>\n");
        for (index, line) in table.lines.iter().enumerate() {
            match line {
                Line::Section(text) => {
                    if index > 0 {
                        self.put("</tbody>\n<tbody>\n");
                    }
                    let text = words(text);
                    self.put(&format!(
                        "<tr><th scope=\"rowgroup\" colspan=\"{columns}\">{text}</th></tr>\n"
                    ));
                }
                Line::Narrative(area, paragraphs) => {
                    let span = columns - 1;
                    self.put(&format!(
                        "<tr><th scope=\"row\" class=\"area\">{}</th><td class=\"update\" colspan=\"{span}\">",
                        words(area)
                    ));
                    for paragraph in paragraphs {
                        self.put(&format!("<p>{}</p>", words(paragraph)));
                    }
                    self.put("</td></tr>\n");
                }
                Line::Cells(_, cells, row) => {
                    self.row(cells, columns, Some(*row), table.head.is_empty());
                }
                Line::Commentary(cell) => self.put(&format!(
                    "<tr class=\"said\"><td colspan=\"{columns}\"><p>{}</p></td></tr>\n",
                    said(&cell.content)
                )),
            }
        }
        self.put("</tbody>\n</table>\n</div>\n");
        if let Some(one) = table.chart {
            self.put(&chart::svg(sheet, one, self.house, number));
        }
    }

    /// A row, of headings or of the sheet's row; columns that it has no cell for are empty. A
    /// figure names its cell in the workbook, where `explain` begins.
    fn row(&mut self, cells: &[Cell], columns: u16, row: Option<u32>, loose: bool) {
        let head = row.is_none();
        self.put("<tr>");
        let mut next = 0;
        for (index, cell) in cells.iter().enumerate() {
            self.gap(next, cell.column);
            // Without headings the last cell has the rest of the row.
            let spans =
                if loose && index + 1 == cells.len() { columns - cell.column } else { cell.span };
            next = cell.column + spans;
            let tag = match (head, index, &cell.content) {
                (_, _, Content::Blank) => "td",
                (true, _, content) if content.printed().is_empty() => "td",
                (true, _, _) => "th scope=\"col\"",
                (false, 0, _) => "th scope=\"row\"",
                _ => "td",
            };
            let class = match cell.style {
                Style::Figure | Style::PointFigure | Style::TotalFigure | Style::HeadFigure => {
                    " class=\"figure\""
                }
                Style::Status(Tone::Good) => " class=\"good\"",
                Style::Status(Tone::Fair) => " class=\"fair\"",
                Style::Status(Tone::Poor) => " class=\"poor\"",
                Style::Status(Tone::Information) => " class=\"information\"",
                Style::Status(Tone::NoData) => " class=\"none\"",
                _ => "",
            };
            let cell_name = match (row, cell.style) {
                (Some(row), Style::Figure | Style::PointFigure | Style::TotalFigure) => {
                    format!(" data-cell=\"{}\"", CellAddress::new(row, cell.column))
                }
                _ => String::new(),
            };
            let span = if spans > 1 { format!(" colspan=\"{spans}\"") } else { String::new() };
            let name = &tag[..2];
            self.put(&format!("<{tag}{class}{cell_name}{span}>{}</{name}>", said(&cell.content)));
        }
        self.gap(next, columns);
        self.put("</tr>\n");
    }

    fn gap(&mut self, from: u16, to: u16) {
        if to > from {
            self.put(&format!("<td colspan=\"{}\"></td>", to - from));
        }
    }
}

/// What a cell says.
fn said(content: &Content) -> String {
    match content {
        Content::Rich(runs) => {
            let run = |run: &crate::nouns::report::Run| match run.bold {
                true => format!("<strong>{}</strong>", words(&run.text)),
                false => words(&run.text),
            };
            runs.iter().map(run).collect()
        }
        // A dash alone is read out as nothing, or as a minus sign.
        Content::Gap { symbol, wording } if !wording.contains(char::is_alphanumeric) => format!(
            "<span aria-hidden=\"true\">{}</span><span class=\"unseen\">{}</span>",
            escaped(wording),
            symbol.words()
        ),
        other => words(&other.printed()),
    }
}

/// A text with its lines parted; signs are not read out, and marks say what they mean.
fn words(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br>"),
            c if is_sign(c) => {
                let _ = write!(out, "<span aria-hidden=\"true\">{c}</span>");
            }
            c => out.push_str(&escaped(c.encode_utf8(&mut [0; 4]))),
        }
    }
    for (mark, meaning) in [("[p]", "Provisional"), ("[r]", "Revised")] {
        out = out.replace(mark, &format!("<abbr title=\"{meaning}\">{mark}</abbr>"));
    }
    out
}
