//! The accessible workbook.

use rust_xlsxwriter::{
    Format, FormatAlign, Table, TableColumn, TableStyle, Url, Workbook, Worksheet, XlsxError,
};

use super::front::{COVER, TITLE_SIZE, contents_sheet, cover_lines, is_number, table_name, width};
use super::tables::{Plain, plain_sheets};
use crate::nouns::problem::Problem;
use crate::nouns::report::{Content, NumberFormat, Report, Style};
use crate::nouns::seal::Edition;
use crate::papers::layout::metrics;
use crate::papers::write::finishing::with_language;
use crate::papers::write::refused::refused;
use crate::papers::write::sealing::sealed;
use crate::papers::write::workbook::{PAPER_A4, fraction, number_format, properties};

/// Excel's own limit for a row, in points.
const ROW_LIMIT_POINTS: f64 = 409.5;
/// The style whose letters are as large as this edition's, and bold: what fits in them fits.
const LETTERS: Style = Style::Subtitle;
/// The height of a heading, with room above it.
const HEADING_POINTS: f64 = 27.0;

/// The accessible workbook's bytes: the same for the same report, on any day and machine.
pub fn accessible_workbook(report: &Report) -> Result<Vec<u8>, Problem> {
    let what = "the accessible workbook";
    let book = build(report).map_err(|error| refused(what, &error))?;
    let book = with_language(&book).ok_or_else(|| {
        Problem::unreadable(
            "",
            format!("{what} could not be made: its parts cannot be put together"),
        )
    })?;
    sealed(book, Edition::Accessible, report.properties.origin.as_ref())
}

fn build(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_default_format(&plain(), 21, 80)?;
    book.set_properties(&properties(&report.properties)?);
    let sheets = plain_sheets(report);
    cover(book.add_worksheet(), report)?;
    contents(book.add_worksheet(), &sheets)?;
    for sheet in &sheets {
        let worksheet = book.add_worksheet();
        worksheet.set_name(&sheet.name)?;
        let top = lines(worksheet, &sheet.lines)?;
        table(worksheet, top, sheet)?;
    }
    for worksheet in book.worksheets_mut() {
        worksheet.set_paper_size(PAPER_A4).set_landscape().set_print_fit_to_pages(1, 0);
    }
    book.save_to_buffer()
}

/// Letters of the whole edition: 12 points, and nothing smaller.
fn plain() -> Format {
    Format::new().set_font_name("Arial").set_font_size(12)
}

fn wrapped() -> Format {
    plain().set_text_wrap().set_align(FormatAlign::Top)
}

fn title() -> Format {
    plain().set_font_size(TITLE_SIZE).set_bold()
}

fn bold() -> Format {
    plain().set_bold()
}

/// The height that a text needs in a column, in points.
fn height(text: &str, width: f64) -> f64 {
    // A digit of Arial 12 is 9 pixels wide; between text and edge there are 3 on each side, and 9
    // of indent.
    metrics::height(metrics::lines(text, LETTERS, (width * 9.0 - 15.0) * 0.97), LETTERS)
}

/// The same of a title, whose letters are larger.
fn title_height(text: &str, width: f64) -> f64 {
    let (size, _) = LETTERS.font();
    height(text, width * size / TITLE_SIZE) * TITLE_SIZE / size
}

/// What the workbook is, in column A alone.
fn cover(worksheet: &mut Worksheet, report: &Report) -> Result<(), XlsxError> {
    let p = &report.properties;
    worksheet.set_name("Cover")?.set_active(true);
    worksheet.set_column_width(0, COVER)?;
    worksheet.write_with_format(0, 0, &p.title, &title().set_text_wrap())?;
    worksheet.set_row_height(0, title_height(&p.title, COVER))?;
    let mut row = 1;
    for (head, text) in cover_lines(report) {
        worksheet.write_with_format(row, 0, head, &bold().set_font_size(14))?;
        worksheet.set_row_height(row, HEADING_POINTS)?;
        worksheet.set_row_height(row + 1, height(&text, COVER))?;
        worksheet.write_with_format(row + 1, 0, text, &wrapped())?;
        row += 2;
    }
    worksheet.write_with_format(row, 0, "Contents", &bold().set_font_size(14))?;
    worksheet.set_row_height(row, HEADING_POINTS)?;
    link(worksheet, row + 1, "Contents", "List of the worksheets")
}

/// A link to another sheet, in a cell of its own.
fn link(worksheet: &mut Worksheet, row: u32, sheet: &str, text: &str) -> Result<(), XlsxError> {
    let place = format!("internal:'{}'!A1", sheet.replace('\'', "''"));
    worksheet.write_url_with_format(
        row,
        0,
        Url::new(place).set_text(text),
        &wrapped().set_hyperlink(),
    )?;
    Ok(())
}

/// The worksheets, each with a link and its title.
fn contents(worksheet: &mut Worksheet, sheets: &[Plain]) -> Result<(), XlsxError> {
    worksheet.set_name("Contents")?;
    let plain = contents_sheet(sheets);
    let top = lines(worksheet, &plain.lines)?;
    table(worksheet, top, &plain)?;
    for (row, sheet) in (top + 1..).zip(sheets) {
        link(worksheet, row, &sheet.name, &sheet.name)?;
    }
    Ok(())
}

/// A sheet's title and what stands under it; gives the row below.
fn lines(worksheet: &mut Worksheet, lines: &[String]) -> Result<u32, XlsxError> {
    for (row, line) in (0..).zip(lines) {
        let format = if row == 0 { title() } else { plain() };
        if row == 0 {
            worksheet.set_row_height(0, title_height("", COVER))?;
        }
        // Long lines lie over the empty cells at their right: wrapped, they would be as narrow as
        // the first column.
        worksheet.write_with_format(row, 0, line.replace('\n', " "), &format)?;
    }
    Ok(lines.len() as u32)
}

/// A table that is marked as one, without filters, fills and stripes.
fn table(worksheet: &mut Worksheet, top: u32, sheet: &Plain) -> Result<(), XlsxError> {
    let column = |index: usize| sheet.rows.iter().filter_map(move |row| row.get(index));
    let mut heights = vec![0.0_f64; sheet.rows.len() + 1];
    for (index, heading) in sheet.head.iter().enumerate() {
        let width = width(heading, column(index));
        let texts = std::iter::once(heading.into()).chain(column(index).map(Content::printed));
        for (tallest, text) in heights.iter_mut().zip(texts) {
            *tallest = tallest.max(height(&text, width));
        }
        worksheet.set_column_width(index as u16, width)?;
        let look = aligned(wrapped(), column(index).any(is_number));
        for (row, content) in (top + 1..).zip(column(index)) {
            match content {
                Content::Number { value, format, .. } => {
                    let stored = match format {
                        NumberFormat::Percent(decimals) => fraction(*value, *decimals),
                        NumberFormat::Plain(_) | NumberFormat::Pounds(_) => *value,
                    };
                    let look = look.clone().set_num_format(number_format(*format));
                    worksheet.write_number_with_format(row, index as u16, stored, &look)?;
                }
                Content::Blank => drop(worksheet.write_blank(row, index as u16, &look)?),
                other => drop(worksheet.write_string_with_format(
                    row,
                    index as u16,
                    other.printed(),
                    &look,
                )?),
            }
        }
    }
    for (row, points) in (top..).zip(heights) {
        worksheet.set_row_height(row, points.min(ROW_LIMIT_POINTS))?;
    }
    let mut columns = Vec::new();
    for (index, heading) in sheet.head.iter().enumerate() {
        let look = bold().set_text_wrap().set_align(FormatAlign::Top);
        let look = aligned(look, column(index).any(is_number));
        columns.push(TableColumn::new().set_header(heading).set_header_format(look));
    }
    let marked = Table::new()
        .set_name(table_name(&sheet.name))
        .set_autofilter(false)
        .set_style(TableStyle::None)
        .set_columns(&columns);
    let (last_row, last_column) = (top + sheet.rows.len() as u32, sheet.head.len() as u16 - 1);
    worksheet.add_table(top, 0, last_row, last_column, &marked)?;
    Ok(())
}

/// Numbers at the right, text at the left, a little away from numbers before it.
fn aligned(format: Format, numbers: bool) -> Format {
    if numbers {
        format.set_align(FormatAlign::Right)
    } else {
        format.set_align(FormatAlign::Left).set_indent(1)
    }
}
