//! The committee's workbook.

use std::collections::HashMap;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatPattern,
    Workbook, Worksheet, XlsxError,
};

use super::chart::{CHART_DROP, CHART_OFFSET, chart};
use crate::nouns::problem::Problem;
use crate::nouns::report::Tone;
use crate::nouns::report::{Content, NumberFormat, Properties, Report, Sheet, Style};

const HEAD_FILL: u32 = 0x001F_3864;
const AREA_FILL: u32 = 0x00D9_E2F3;
pub(super) const BORDER: u32 = 0x0080_8080;
/// A4, by Excel's number.
pub(super) const PAPER_A4: u8 = 9;

/// The workbook's bytes: the same for the same report, on any day and machine.
pub fn workbook(report: &Report) -> Result<Vec<u8>, Problem> {
    build(report).map_err(|error| match error {
        // Names of sheets come from layouts: the one thing here that a script can get wrong.
        XlsxError::SheetnameCannotBeBlank(name)
        | XlsxError::SheetnameLengthExceeded(name)
        | XlsxError::SheetnameReused(name)
        | XlsxError::SheetnameContainsInvalidCharacter(name)
        | XlsxError::SheetnameStartsOrEndsWithApostrophe(name) => Problem::script(
            crate::nouns::problem::Place::default(),
            format!(
                "a sheet of the layout cannot be named so: {}",
                name.rsplit("set_name(").next().unwrap_or(&name).trim_matches(['(', ')', '"'])
            ),
        )
        .hint("a name has 1 to 31 characters, none of [ ] : * ? / \\, and is used once"),
        _ => Problem::unreadable(
            "",
            "the workbook could not be made: a text is longer than a cell can hold",
        ),
    })
}

/// What every workbook says of itself; the reporting date stands for the day of writing.
pub(in crate::papers::write) fn properties(p: &Properties) -> Result<DocProperties, XlsxError> {
    let date = p.created.date();
    let created =
        ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8)?;
    Ok(DocProperties::new()
        .set_title(&p.title)
        .set_author(&p.author)
        .set_company(&p.author)
        .set_subject(&p.subject)
        .set_keywords(&p.keywords)
        .set_creation_datetime(&created))
}

fn build(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Before any sheet: otherwise widths follow the fonts of the machine that opens the file.
    book.set_default_format(&Format::new().set_font_name("Arial").set_font_size(10), 17, 64)?;
    book.set_properties(&properties(&report.properties)?);
    let mut formats = Formats::default();
    for (index, sheet) in report.sheets.iter().enumerate() {
        let worksheet = book.add_worksheet();
        write_sheet(worksheet, sheet, &mut formats)?;
        if index == 0 {
            worksheet.set_active(true);
        }
    }
    book.save_to_buffer()
}

fn write_sheet(
    worksheet: &mut Worksheet,
    sheet: &Sheet,
    formats: &mut Formats,
) -> Result<(), XlsxError> {
    // Excel keeps this name for itself, and a control character would make the file invalid.
    if sheet.name.eq_ignore_ascii_case("history") || sheet.name.chars().any(char::is_control) {
        return Err(XlsxError::SheetnameContainsInvalidCharacter(sheet.name.clone()));
    }
    worksheet.set_name(&sheet.name)?;
    for (index, width) in sheet.columns.iter().enumerate() {
        worksheet.set_column_width(index as u16, *width)?;
    }
    for (index, row) in sheet.rows.iter().enumerate() {
        let index = index as u32;
        worksheet.set_row_height(index, row.height)?;
        for cell in &row.cells {
            let format = formats.of(cell.style, &cell.content).clone();
            if cell.span > 1 {
                worksheet.merge_range(
                    index,
                    cell.column,
                    index,
                    cell.column + cell.span - 1,
                    "",
                    &format,
                )?;
            }
            match &cell.content {
                Content::Blank => worksheet.write_blank(index, cell.column, &format)?,
                Content::Text(text)
                | Content::Gap { wording: text, .. }
                | Content::Several { printed: text, .. } => {
                    worksheet.write_string_with_format(index, cell.column, text, &format)?
                }
                Content::Rich(runs) => {
                    let looks: Vec<Format> =
                        runs.iter().map(|run| letters(cell.style, run.bold)).collect();
                    let runs = runs.iter().zip(&looks).filter(|(run, _)| !run.text.is_empty());
                    let runs: Vec<(&Format, &str)> =
                        runs.map(|(run, look)| (look, run.text.as_str())).collect();
                    worksheet.write_rich_string_with_format(index, cell.column, &runs, &format)?
                }
                Content::Number { value, format: kind, .. } => {
                    // A percentage is stored as its fraction, as people expect of a cell that shows
                    // one.
                    let stored = match kind {
                        NumberFormat::Percent(decimals) => fraction(*value, *decimals),
                        NumberFormat::Plain(_) => *value,
                    };
                    worksheet.write_number_with_format(index, cell.column, stored, &format)?
                }
            };
        }
    }
    for one in &sheet.charts {
        worksheet.insert_chart_with_offset(
            one.row,
            one.column,
            &chart(sheet, one),
            CHART_OFFSET,
            CHART_DROP,
        )?;
    }
    set_up_page(worksheet, sheet)
}

/// 80.8 as 0.808, without what dividing by 100 adds.
pub(super) fn fraction(percent: f64, decimals: u8) -> f64 {
    let digits = usize::from(decimals) + 2;
    format!("{:.digits$}", percent / 100.0).parse().unwrap_or(percent / 100.0)
}

fn set_up_page(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    worksheet.set_paper_size(PAPER_A4).set_landscape();
    worksheet.set_margins(0.5, 0.5, 0.75, 0.75, 0.3, 0.3);
    worksheet.set_print_fit_to_pages(1, 0);
    worksheet.set_print_center_horizontally(true);
    worksheet.set_screen_gridlines(false).set_print_gridlines(false);
    worksheet.set_zoom(100);
    let page = &sheet.page;
    if let Some(row) = page.repeat_row {
        worksheet.set_repeat_rows(row, row)?;
    }
    if !page.breaks.is_empty() {
        worksheet.set_page_breaks(&page.breaks)?;
    }
    let last_row = (sheet.rows.len() as u32).saturating_sub(1);
    let last_column = (sheet.columns.len() as u16).saturating_sub(1);
    worksheet.set_print_area(0, 0, last_row, last_column)?;
    let mut header = String::new();
    if !page.header_left.is_empty() {
        header.push_str(&format!("&L&\"Arial,Bold\"&10{}", escaped(&page.header_left)));
    }
    if !page.header_right.is_empty() {
        header.push_str(&format!("&R&\"Arial,Regular\"&10{}", escaped(&page.header_right)));
    }
    worksheet.set_header(header);
    worksheet.set_footer(format!(
        "&L&\"Arial,Regular\"&9{}&R&\"Arial,Regular\"&9Page &P of &N",
        escaped(&page.footer_left)
    ));
    Ok(())
}

/// An ampersand begins a code in headers and footers; a digit behind a size would join it.
pub(super) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&&");
    if text.starts_with(|c: char| c.is_ascii_digit()) { format!(" {text}") } else { text }
}

/// The formats in use: one for each style and number format.
#[derive(Default)]
struct Formats {
    made: HashMap<(Style, Option<NumberFormat>), Format>,
}

impl Formats {
    fn of(&mut self, style: Style, content: &Content) -> &Format {
        let number = match content {
            Content::Number { format, .. } => Some(*format),
            _ => None,
        };
        self.made.entry((style, number)).or_insert_with(|| make(style, number))
    }
}

/// Letters of a style.
fn letters(style: Style, bold: bool) -> Format {
    let (size, always) = style.font();
    let format = Format::new().set_font_name("Arial").set_font_size(size);
    if bold || always { format.set_bold() } else { format }
}

pub(super) fn make(style: Style, number: Option<NumberFormat>) -> Format {
    let mut format = letters(style, false).set_text_wrap();
    let (fill, align, vertical) = match style {
        Style::Title | Style::Subtitle | Style::Purpose => {
            (None, FormatAlign::Left, FormatAlign::Top)
        }
        Style::HeadText => (Some(HEAD_FILL), FormatAlign::Left, FormatAlign::VerticalCenter),
        Style::HeadFigure => (Some(HEAD_FILL), FormatAlign::Center, FormatAlign::VerticalCenter),
        Style::Section => (Some(AREA_FILL), FormatAlign::Left, FormatAlign::VerticalCenter),
        Style::Area => (Some(AREA_FILL), FormatAlign::Left, FormatAlign::Top),
        Style::Name | Style::Text | Style::Total => (None, FormatAlign::Left, FormatAlign::Top),
        Style::Figure | Style::TotalFigure => (None, FormatAlign::Center, FormatAlign::Top),
        Style::Status(tone) => (Some(tone_fill(tone)), FormatAlign::Center, FormatAlign::Top),
    };
    format = format.set_align(align).set_align(vertical);
    if let Some(fill) = fill {
        format = format.set_pattern(FormatPattern::Solid).set_foreground_color(Color::RGB(fill));
    }
    if matches!(style, Style::HeadText | Style::HeadFigure) {
        format = format.set_font_color(Color::White);
    }
    if !matches!(style, Style::Title | Style::Subtitle | Style::Purpose) {
        format = format.set_border(FormatBorder::Thin).set_border_color(Color::RGB(BORDER));
    }
    if matches!(style, Style::Total | Style::TotalFigure) {
        format = format.set_border_top(FormatBorder::Thin).set_border_top_color(Color::Black);
    }
    match number {
        None => format,
        Some(number) => format.set_num_format(number_format(number)),
    }
}

/// What a status is filled with: text on it has a contrast of 12 to 1 or more.
fn tone_fill(tone: Tone) -> u32 {
    match tone {
        Tone::Good => 0x00C6_E0B4,
        Tone::Fair => 0x00FF_E699,
        Tone::Poor => 0x00F4_B6B6,
        Tone::Information => 0x00BD_D7EE,
        Tone::NoData => 0x00ED_EDED,
    }
}

/// A number format as Excel writes it.
pub(super) fn number_format(format: NumberFormat) -> String {
    match format {
        NumberFormat::Plain(decimals) => with_decimals("#,##0", decimals, ""),
        NumberFormat::Percent(decimals) => with_decimals("0", decimals, "%"),
    }
}

fn with_decimals(whole: &str, decimals: u8, unit: &str) -> String {
    let zeros = "0".repeat(usize::from(decimals));
    let point = if decimals == 0 { "" } else { "." };
    format!("{whole}{point}{zeros}{unit}")
}
