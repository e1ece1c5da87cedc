//! The committee's workbook.

use std::collections::HashMap;

use indexmap::IndexMap;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatPattern, Image,
    Workbook, Worksheet, XlsxError,
};

use super::chart::{CHART_DROP, CHART_OFFSET, chart, write_hidden};
use super::finishing::with_styles_and_language;
use super::refused::refused;
use super::sealing::sealed;
use crate::nouns::house::{Colour, HouseStyle, Logo};
use crate::nouns::problem::Problem;
use crate::nouns::report::{
    Content, NumberFormat, Properties, Report, Row, RowKind, Sheet, Style, Tone,
};
use crate::nouns::seal::{Edition, PREFIX};
use crate::papers::layout::metrics::column_pixels;

/// Lines of tables, and of cells to fill in.
const RULE: u32 = 0x00BF_BFBF;
const RULE_GREY: Colour = Colour(RULE);
pub(super) const BORDER: u32 = 0x0080_8080;
/// Letters that say that there is nothing to say: 7 to 1 on white.
const QUIET: Colour = Colour(0x0059_5959);
/// What is frozen may not fill the screen: the headings stand in this row at the lowest.
const LOWEST_FROZEN: u32 = 6;
/// Excel takes no more page breaks in a sheet; what comes after them is broken where it falls.
const MOST_BREAKS: usize = 1_022;
/// The tab of the notes.
const QUIET_TAB: Colour = Colour(0x00A6_A6A6);
/// A4, by Excel's number.
pub(super) const PAPER_A4: u8 = 9;

/// The workbook's bytes: the same for the same report, on any day and machine.
pub fn workbook(report: &Report) -> Result<Vec<u8>, Problem> {
    let book = build(report).map_err(|error| refused("the workbook", &error))?;
    sealed(book, Edition::Appendix, report.properties.origin.as_ref())
}

/// What every workbook says of itself; the reporting date stands for the day of writing.
pub(in crate::papers::write) fn properties(p: &Properties) -> Result<DocProperties, XlsxError> {
    let date = p.created.date();
    let created =
        ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8)?;
    let properties = match p.origin {
        // The seal takes its place.
        Some(_) => DocProperties::new().set_custom_property(PREFIX, ""),
        None => DocProperties::new(),
    };
    Ok(properties
        .set_title(&p.title)
        .set_author(&p.author)
        .set_company(&p.author)
        .set_subject(&p.subject)
        .set_keywords(&p.keywords)
        .set_creation_datetime(&created))
}

fn build(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let house = &report.house;
    // Before any sheet: otherwise widths follow the fonts of the machine that opens the file.
    book.set_default_format(
        &Format::new().set_font_name(house.font.name()).set_font_size(10),
        17,
        64,
    )?;
    book.set_properties(&properties(&report.properties)?);
    let mut formats = Formats { house, made: HashMap::new(), named: IndexMap::new() };
    for (index, sheet) in report.sheets.iter().enumerate() {
        let worksheet = book.add_worksheet();
        write_sheet(worksheet, sheet, &mut formats)?;
        worksheet.set_tab_color(colour(if sheet.notes { QUIET_TAB } else { house.head }));
        if index == 0 {
            worksheet.set_active(true);
            if let Some(logo) = &house.logo {
                insert_logo(worksheet, sheet, logo)?;
            }
        }
    }
    for sheet in &report.sheets {
        if let Some((name, range)) = named_range(sheet) {
            book.define_name(name, &range)?;
        }
    }
    let bytes = book.save_to_buffer()?;
    let styles: Vec<String> = formats.named.into_values().map(style_name).collect();
    with_styles_and_language(&bytes, &styles).ok_or(XlsxError::ParameterError("styles".to_string()))
}

/// A name for the table of a sheet, and the cells that it is: `Performance_indicators`.
fn named_range(sheet: &Sheet) -> Option<(String, String)> {
    let head = sheet.head? + 1;
    let letters = sheet.name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' });
    let mut name: String = letters.collect();
    if sheet.notes {
        name = "Definitions".to_string();
    } else if !name.contains('_') || name.starts_with(|c: char| c.is_numeric()) {
        // Q2 or R1C1 would be read as a cell.
        name = format!("Table_{name}");
    }
    let last = rust_xlsxwriter::utility::column_number_to_name(sheet.columns.len() as u16 - 1);
    let quoted = sheet.name.replace('\'', "''");
    Some((name, format!("='{quoted}'!$A${head}:${last}${}", sheet.rows.len())))
}

/// The council's logo at the right of the title, or below it where the title has the whole width.
fn insert_logo(worksheet: &mut Worksheet, sheet: &Sheet, logo: &Logo) -> Result<(), XlsxError> {
    let (width, height) = logo.printed();
    let image = Image::new_from_buffer(&logo.picture)?
        .set_alt_text(&logo.alt)
        .set_scale_to_size(width, height, true);
    let mut left = sheet.columns.iter().map(|c| column_pixels(*c)).sum::<f64>() - width - 2.0;
    let mut column = 0;
    while let Some(pixels) = sheet.columns.get(column).map(|c| column_pixels(*c)) {
        if left < pixels {
            break;
        }
        left -= pixels;
        column += 1;
    }
    let whole =
        |row: &Row| row.cells.first().is_some_and(|c| c.span as usize == sheet.columns.len());
    let row = sheet.rows.iter().position(|row| !whole(row)).unwrap_or(0) as u32;
    worksheet.insert_image_with_offset(row, column as u16, &image, left.max(0.0) as u32, 1)?;
    Ok(())
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
        let last = last_of_table(sheet, index as usize);
        for cell in &row.cells {
            let code = number_code(row.kind, &cell.content);
            let format = formats.of(cell.style, code, last).clone();
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
                Content::Text(text) | Content::Gap { wording: text, .. } => {
                    worksheet.write_string_with_format(index, cell.column, text, &format)?
                }
                Content::Several { printed, .. } => match drawn(row.kind, &cell.content) {
                    Some((value, kind, _)) => worksheet.write_number_with_format(
                        index,
                        cell.column,
                        stored(value, kind),
                        &format,
                    )?,
                    None => {
                        worksheet.write_string_with_format(index, cell.column, printed, &format)?
                    }
                },
                Content::Rich(runs) => {
                    let looks: Vec<Format> = runs
                        .iter()
                        .map(|run| letters(cell.style, run.bold, formats.house))
                        .collect();
                    let runs = runs.iter().zip(&looks).filter(|(run, _)| !run.text.is_empty());
                    let runs: Vec<(&Format, &str)> =
                        runs.map(|(run, look)| (look, run.text.as_str())).collect();
                    worksheet.write_rich_string_with_format(index, cell.column, &runs, &format)?
                }
                Content::Number { value, format: kind, .. } => {
                    let stored = stored(*value, *kind);
                    worksheet.write_number_with_format(index, cell.column, stored, &format)?
                }
            };
        }
    }
    for one in &sheet.charts {
        write_hidden(worksheet, sheet, one)?;
        worksheet.insert_chart_with_offset(
            one.row,
            one.column,
            &chart(sheet, one, formats.house),
            CHART_OFFSET,
            CHART_DROP,
        )?;
    }
    set_up_page(worksheet, sheet, formats.house)
}

/// A marked number of a chart's table: it stays one, since a chart draws numbers only.
fn drawn(row: RowKind, content: &Content) -> Option<(f64, NumberFormat, &str)> {
    content.number_and_mark().filter(|_| matches!(row, RowKind::Point(_)))
}

/// The code by which a cell prints its number, and the mark behind it.
fn number_code(row: RowKind, content: &Content) -> Option<String> {
    match content {
        Content::Number { format, .. } => Some(number_format(*format)),
        _ => {
            drawn(row, content).map(|(_, kind, mark)| format!("{}\" {mark}\"", number_format(kind)))
        }
    }
}

/// A percentage is stored as its fraction, as people expect of a cell that shows one.
pub(super) fn stored(value: f64, format: NumberFormat) -> f64 {
    match format {
        NumberFormat::Percent(decimals) => fraction(value, decimals),
        NumberFormat::Plain(_) | NumberFormat::Pounds(_) => value,
    }
}

/// 80.8 as 0.808, without what dividing by 100 adds.
pub(super) fn fraction(percent: f64, decimals: u8) -> f64 {
    let digits = usize::from(decimals) + 2;
    format!("{:.digits$}", percent / 100.0).parse().unwrap_or(percent / 100.0)
}

fn set_up_page(
    worksheet: &mut Worksheet,
    sheet: &Sheet,
    house: &HouseStyle,
) -> Result<(), XlsxError> {
    worksheet.set_paper_size(PAPER_A4).set_landscape();
    worksheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    worksheet.set_print_fit_to_pages(1, 0);
    worksheet.set_print_center_horizontally(true);
    worksheet.set_screen_gridlines(false).set_print_gridlines(false);
    worksheet.set_zoom(100);
    if let Some(head) = sheet.head.filter(|head| *head <= LOWEST_FROZEN) {
        worksheet.set_freeze_panes(head + 1, 0)?;
    }
    let page = &sheet.page;
    if let Some((first, last)) = page.repeated {
        worksheet.set_repeat_rows(first, last)?;
    }
    if let [_, breaks @ ..] = page.starts.as_slice()
        && !breaks.is_empty()
    {
        let taken = breaks.len().min(MOST_BREAKS);
        worksheet.set_page_breaks(&breaks[..taken])?;
    }
    let last_row = (sheet.rows.len() as u32).saturating_sub(1);
    let last_column = (sheet.columns.len() as u16).saturating_sub(1);
    worksheet.set_print_area(0, 0, last_row, last_column)?;
    let font = house.font.name();
    let mut header = String::new();
    if !page.header_left.is_empty() {
        header.push_str(&format!("&L&\"{font},Bold\"&10{}", escaped(&page.header_left)));
    }
    if !page.header_right.is_empty() {
        header.push_str(&format!("&R&\"{font},Regular\"&10{}", escaped(&page.header_right)));
    }
    worksheet.set_header(header);
    worksheet.set_footer(format!(
        "&L&\"{font},Regular\"&9{}&R&\"{font},Regular\"&9Page &P of &N",
        escaped(&page.footer_left)
    ));
    Ok(())
}

/// An ampersand begins a code in headers and footers; a digit behind a size would join it.
pub(super) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&&");
    if text.starts_with(|c: char| c.is_ascii_digit()) { format!(" {text}") } else { text }
}

/// Whether a table ends with this row: a line closes it.
fn last_of_table(sheet: &Sheet, row: usize) -> bool {
    let apart = |row: &Row| matches!(row.kind, RowKind::Spacer | RowKind::Text | RowKind::Sign);
    !apart(&sheet.rows[row]) && sheet.rows.get(row + 1).is_none_or(apart)
}

/// The formats in use: one for each style and number format.
struct Formats<'h> {
    house: &'h HouseStyle,
    made: HashMap<(Style, Option<String>, bool), Format>,
    /// The style of each that differs from those before it, in the order of their first use: as
    /// the workbook numbers them.
    named: IndexMap<Format, Style>,
}

impl Formats<'_> {
    fn of(&mut self, style: Style, code: Option<String>, last: bool) -> &Format {
        self.made.entry((style, code.clone(), last)).or_insert_with(|| {
            let mut format = make(style, None, self.house);
            if let Some(code) = code {
                format = format.set_num_format(code);
            }
            if last && in_table(style) {
                format = format.set_border_bottom(FormatBorder::Thin);
                format = format.set_border_bottom_color(Color::RGB(RULE));
            }
            self.named.entry(format.clone()).or_insert(style);
            format
        })
    }
}

/// The name of a style in the workbook's gallery.
fn style_name(style: Style) -> String {
    let name = match style {
        Style::Title => "title",
        Style::Subtitle => "subtitle",
        Style::Purpose => "purpose",
        Style::HeadText => "heading",
        Style::HeadFigure => "heading of figures",
        Style::Section => "section",
        Style::Name => "name",
        Style::Area => "area",
        Style::Figure => "figure",
        Style::Text => "text",
        Style::Below => "commentary",
        Style::Key => "key",
        Style::Note => "note",
        Style::NoteName => "name in notes",
        Style::NoteHead => "heading in notes",
        Style::NoteColumn => "column of notes",
        Style::Point => "point",
        Style::PointFigure => "figure of a point",
        Style::Status(Tone::Good) => "status good",
        Style::Status(Tone::Fair) => "status fair",
        Style::Status(Tone::Poor) => "status poor",
        Style::Status(Tone::Information) => "status for information",
        Style::Status(Tone::NoData) => "status without data",
        Style::Total => "total",
        Style::TotalFigure => "figure of a total",
    };
    format!("Report {name}")
}

/// Letters of a style.
fn letters(style: Style, bold: bool, house: &HouseStyle) -> Format {
    let (size, always) = style.font();
    let format = Format::new().set_font_name(house.font.name()).set_font_size(size);
    if bold || always { format.set_bold() } else { format }
}

fn in_table(style: Style) -> bool {
    !matches!(
        style,
        Style::Title | Style::Subtitle | Style::Purpose | Style::Key | Style::NoteColumn
    )
}

pub(super) fn make(style: Style, number: Option<NumberFormat>, house: &HouseStyle) -> Format {
    use FormatAlign::{Center, Left, Top, VerticalCenter};
    let (fill, ink, align, vertical) = match style {
        Style::Title => (None, house.head, Left, Top),
        Style::Subtitle | Style::Purpose | Style::Key | Style::NoteColumn => {
            (None, Colour::BLACK, Left, Top)
        }
        Style::HeadText | Style::NoteHead => {
            (Some(house.head), Colour::WHITE, Left, VerticalCenter)
        }
        Style::HeadFigure => (Some(house.head), Colour::WHITE, Center, VerticalCenter),
        Style::Section => (Some(house.tint), house.head, Left, VerticalCenter),
        Style::Area => (Some(house.tint), Colour::BLACK, Left, VerticalCenter),
        Style::Name
        | Style::Text
        | Style::Total
        | Style::Below
        | Style::Note
        | Style::NoteName
        | Style::Point => (None, Colour::BLACK, Left, VerticalCenter),
        Style::Figure | Style::TotalFigure | Style::PointFigure => {
            (None, Colour::BLACK, Center, VerticalCenter)
        }
        Style::Status(tone) => {
            let ink = if tone_fill(tone).is_some() { Colour::BLACK } else { QUIET };
            (tone_fill(tone), ink, Center, VerticalCenter)
        }
    };
    let mut format = letters(style, false, house).set_text_wrap();
    format = format.set_align(align).set_align(vertical).set_indent(style.indent());
    if let Some(fill) = fill {
        format = format.set_pattern(FormatPattern::Solid).set_foreground_color(colour(fill));
    }
    if ink != Colour::BLACK {
        format = format.set_font_color(colour(ink));
    }
    // Lines across and none down: rows are read, and nothing stands between a name and its figures.
    let ruled = in_table(style)
        && !matches!(style, Style::Below | Style::HeadText | Style::HeadFigure | Style::NoteHead);
    if ruled {
        let line =
            if matches!(style, Style::Total | Style::TotalFigure) { house.head } else { RULE_GREY };
        format = format.set_border_top(FormatBorder::Thin).set_border_top_color(colour(line));
    }
    match number {
        None => format,
        Some(number) => format.set_num_format(number_format(number)),
    }
}

/// What a status is filled with: text on it has a contrast of 12 to 1 or more. Where there is
/// nothing to say it is as quiet as the paper.
fn tone_fill(tone: Tone) -> Option<Colour> {
    match tone {
        Tone::Good => Some(Colour(0x00C6_E0B4)),
        Tone::Fair => Some(Colour(0x00FF_E699)),
        Tone::Poor => Some(Colour(0x00F4_B6B6)),
        Tone::Information | Tone::NoData => None,
    }
}

/// A colour as the library has it.
pub(super) fn colour(colour: Colour) -> Color {
    Color::RGB(colour.0)
}

/// A number format as Excel writes it.
pub(super) fn number_format(format: NumberFormat) -> String {
    match format {
        NumberFormat::Plain(decimals) => with_decimals("#,##0", decimals, ""),
        NumberFormat::Percent(decimals) => with_decimals("0", decimals, "%"),
        NumberFormat::Pounds(decimals) => with_decimals("[$£-809]#,##0", decimals, ""),
    }
}

fn with_decimals(whole: &str, decimals: u8, unit: &str) -> String {
    let zeros = "0".repeat(usize::from(decimals));
    let point = if decimals == 0 { "" } else { "." };
    format!("{whole}{point}{zeros}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In a header `&` begins a code, and digits behind a size would go on with it.
    #[test]
    fn what_a_header_says_is_no_code() {
        assert_eq!(escaped("Health & care"), "Health && care");
        assert_eq!(escaped("2026/27 Q2"), " 2026/27 Q2");
    }
}
