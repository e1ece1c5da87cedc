//! The empty return as a workbook: locked but for the cells to fill in, with rules for what they
//! take.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format,
    FormatAlign, FormatBorder, FormatPattern, Formula, ProtectionOptions, Workbook, Worksheet,
    XlsxError,
};

use super::finishing::with_language;
use super::workbook::{BORDER, PAPER_A4, escaped, fraction, make, number_format, properties};
use crate::nouns::house::HouseStyle;
use crate::nouns::period::Day;
use crate::nouns::problem::Problem;
use crate::nouns::report::NumberFormat;
use crate::papers::blank::{Blank, CODES, CellLook, Content, Fill, LAST_ROW, Rule, Tab, Takes};
use crate::papers::write::refused::refused;

/// Cells to fill in: with the border, they are told from others without the colour too.
const OPEN_FILL: u32 = 0x00FF_F9DB;

/// The workbook's bytes: the same for the same plan, on any day and machine.
pub fn blank_workbook(blank: &Blank) -> Result<Vec<u8>, Problem> {
    let what = "the empty return";
    let book = build(blank).map_err(|error| refused(what, &error))?;
    with_language(&book).ok_or_else(|| {
        Problem::unreadable(
            "",
            format!("{what} could not be made: its parts cannot be put together"),
        )
    })
}

fn build(blank: &Blank) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_default_format(&Format::new().set_font_name("Arial").set_font_size(10), 17, 64)?;
    book.set_properties(&properties(&blank.properties)?);
    for (index, tab) in blank.sheets.iter().enumerate() {
        let worksheet = book.add_worksheet();
        worksheet.set_name(&tab.name)?;
        cells(worksheet, tab)?;
        for rule in &tab.rules {
            if let Some(validation) = validation(rule)? {
                worksheet.add_data_validation(
                    rule.rows.0,
                    rule.column,
                    rule.rows.1,
                    rule.column,
                    &validation,
                )?;
            }
        }
        set_up(worksheet, tab, &blank.properties.title)?;
        worksheet.set_active(index == 0);
    }
    book.save_to_buffer()
}

fn cells(worksheet: &mut Worksheet, tab: &Tab) -> Result<(), XlsxError> {
    for (index, column) in (0..).zip(&tab.columns) {
        worksheet.set_column_width(index, column.width)?;
        let Some(fill) = column.open else { continue };
        // Below the rows that are made ready the column takes more of the same.
        worksheet.set_column_format(index, &typed(fill).set_unlocked())?;
        let look = open(fill);
        for row in tab.frozen..tab.frozen + tab.ready {
            worksheet.write_blank(row, index, &look)?;
        }
        if fill == Fill::Name {
            // A code such as 1 is a text: Excel need not point that out in every cell.
            worksheet.ignore_error_range(
                tab.frozen,
                index,
                LAST_ROW,
                index,
                rust_xlsxwriter::IgnoreError::NumberStoredAsText,
            )?;
        }
    }
    for (index, row) in (0..).zip(&tab.rows) {
        worksheet.set_row_height(index, row.height)?;
        for cell in &row.cells {
            let number = match &cell.content {
                Content::Number(_, format) => Some(*format),
                _ => None,
            };
            let mut look = match cell.look {
                CellLook::Fixed(style) => make(style, number, &HouseStyle::default()),
                CellLook::Open(fill) => open(fill),
            };
            if let Content::Day(_) = cell.content {
                look = look.set_num_format(DAY);
            }
            let (first, last) = (cell.column, cell.column + cell.span - 1);
            if cell.span > 1 {
                worksheet.merge_range(index, first, index, last, "", &look)?;
            }
            match &cell.content {
                Content::Blank => worksheet.write_blank(index, first, &look)?,
                Content::Text(text) => {
                    worksheet.write_string_with_format(index, first, text, &look)?
                }
                Content::Number(value, NumberFormat::Percent(_)) => {
                    worksheet.write_number_with_format(index, first, fraction(*value, 6), &look)?
                }
                Content::Number(value, _) => {
                    worksheet.write_number_with_format(index, first, *value, &look)?
                }
                Content::Day(day) => {
                    worksheet.write_datetime_with_format(index, first, excel(*day)?, &look)?
                }
            };
        }
    }
    Ok(())
}

const DAY: &str = "dd/mm/yyyy";

/// The format of what is typed.
fn typed(fill: Fill) -> Format {
    let format = Format::new().set_font_name("Arial").set_font_size(10).set_align(FormatAlign::Top);
    match fill {
        Fill::Words => format.set_align(FormatAlign::Left).set_text_wrap(),
        Fill::Name => format.set_align(FormatAlign::Left).set_num_format("@"),
        Fill::Figure(number) => {
            format.set_align(FormatAlign::Center).set_num_format(number_format(number))
        }
        Fill::Number => format.set_align(FormatAlign::Center),
        Fill::Day => format.set_align(FormatAlign::Left).set_num_format(DAY),
    }
}

/// A cell to fill in.
fn open(fill: Fill) -> Format {
    typed(fill)
        .set_unlocked()
        .set_pattern(FormatPattern::Solid)
        .set_foreground_color(Color::RGB(OPEN_FILL))
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(BORDER))
}

fn excel(day: Day) -> Result<ExcelDateTime, XlsxError> {
    let date = day.date();
    ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8)
}

/// What cells take; none where there is nothing to say of them.
fn validation(rule: &Rule) -> Result<Option<DataValidation>, XlsxError> {
    let codes =
        |first: u32, last: u32| Formula::new(format!("={CODES}!$A${}:$A${}", first + 1, last + 1));
    let new = DataValidation::new();
    let validation = match rule.takes {
        Takes::Anything if rule.help.is_empty() => return Ok(None),
        Takes::Anything => new.allow_any_value(),
        Takes::Codes(first, last) => new.allow_list_formula(codes(first, last)),
        Takes::Offer(first, last) => {
            new.allow_list_formula(codes(first, last)).show_error_message(false)
        }
        Takes::Day(first, last) => {
            new.allow_date(DataValidationRule::Between(excel(first)?, excel(last)?))
        }
        // Excel's own rule for whole numbers goes up to what rust_xlsxwriter holds in 32 bits,
        // which is enough.
        Takes::Whole(low, high) => {
            let bound = |n: f64| n.clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32;
            new.allow_whole_number(DataValidationRule::Between(bound(low), bound(high)))
        }
        Takes::Number(low, high) => {
            new.allow_decimal_number(DataValidationRule::Between(low, high))
        }
    };
    let validation = validation.set_input_title(&rule.title)?.set_input_message(&rule.help)?;
    Ok(Some(match rule.takes {
        Takes::Anything | Takes::Offer(..) => validation,
        _ => validation
            .set_error_title(&rule.title)?
            .set_error_message(&rule.refusal)?
            .set_error_style(DataValidationErrorStyle::Stop),
    }))
}

fn set_up(worksheet: &mut Worksheet, tab: &Tab, title: &str) -> Result<(), XlsxError> {
    worksheet.set_paper_size(PAPER_A4).set_landscape();
    worksheet.set_margins(0.5, 0.5, 0.75, 0.75, 0.3, 0.3);
    worksheet.set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    worksheet.set_screen_gridlines(false).set_print_gridlines(false);
    worksheet.set_freeze_panes(tab.frozen, tab.frozen_columns)?;
    if let Some(last) = tab.frozen.checked_sub(1) {
        worksheet.set_repeat_rows(last, last)?;
    }
    worksheet.set_footer(format!(
        "&L&\"Arial,Regular\"&9{}&C&\"Arial,Regular\"&9{}&R&\"Arial,Regular\"&9Page &P of &N",
        escaped(title),
        escaped(&tab.name)
    ));
    // No password: the lock keeps headings from slips, and whoever needs to can lift it.
    let records = tab.ready > 0;
    worksheet.protect_with_options(&ProtectionOptions {
        format_cells: records,
        format_columns: true,
        format_rows: true,
        insert_rows: records,
        delete_rows: records,
        sort: records,
        use_autofilter: records,
        ..ProtectionOptions::default()
    });
    Ok(())
}
