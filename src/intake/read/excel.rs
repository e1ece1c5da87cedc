//! Workbooks, by calamine: the only file that knows it.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::ods;
use super::package::{self, Package};
use super::parts::Parts;
use super::relations::relations_of;
use super::sheet::{Sheet, Value, damaged, is_blank};
use super::xlsb;
use super::{Limits, WORTH_A_THREAD};
use crate::nouns::period::{Day, YEARS};
use crate::nouns::problem::{Place, Problem, Problems};
use crate::nouns::side_by_side::both;

type Bytes<'a> = Cursor<&'a [u8]>;

/// Reads a workbook that is a zip package: xlsx, xlsm, xlsb or ods.
pub fn read_package(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
    problems: &mut Problems,
) -> Result<Vec<Sheet>, Problem> {
    let mut parts = Parts::open(file, bytes, limits)?;
    let workbook = workbook_part(&mut parts, limits)?;
    if let Some(part) = workbook.filter(|part| part.ends_with(".bin")) {
        return xlsb::read(&mut parts, &part, limits, problems);
    }
    if parts.has(ods::CONTENT) {
        return ods::read(&mut parts, limits);
    }
    let package = package::check(file, bytes, limits)?;
    guarded(file, || read_xlsx(file, bytes, &package, limits))
}

/// The part that names the sheets, as the package says.
fn workbook_part(parts: &mut Parts, limits: &Limits) -> Result<Option<String>, Problem> {
    let relations = relations_of(parts, "", limits)?;
    let office = relations.into_iter().find(|relation| relation.kind == "officedocument");
    let named = office.and_then(|relation| relation.part).filter(|part| parts.has(part));
    let usual = ["xl/workbook.bin", "xl/workbook.xml"].into_iter().find(|part| parts.has(part));
    Ok(named.or(usual.map(str::to_string)))
}

/// calamine panics on some damaged binary files: that is damage, not our end.
fn guarded<T>(file: &str, read: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(read));
    std::panic::set_hook(hook);
    result.unwrap_or_else(|_| Err(damaged(Place::file(file), "its sheets cannot be read")))
}

/// What every form says of its sheets: name, and whether it is hidden. Chart sheets and macro
/// sheets hold no cells and are left out.
fn tabs(metadata: &[calamine::Sheet]) -> Vec<(String, bool)> {
    let cells = metadata.iter().filter(|s| s.typ == SheetType::WorkSheet);
    cells.map(|s| (s.name.clone(), s.visible != SheetVisible::Visible)).collect()
}

fn new_sheet(file: &str, index: usize, (name, hidden): &(String, bool)) -> Sheet {
    let mut sheet = Sheet::new(Place::sheet(file, index, name), name);
    sheet.hidden = *hidden;
    sheet
}

fn open_xlsx<'a>(file: &str, bytes: &'a [u8]) -> Result<Xlsx<Bytes<'a>>, Problem> {
    Xlsx::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsxError::Password => package::encrypted(file),
        _ => damaged(Place::file(file), "its sheets cannot be read"),
    })
}

/// Reads the sheets of an xlsx, on two threads where there is enough to do: each has its own reader
/// over the same bytes and takes the largest sheet that is left.
fn read_xlsx(
    file: &str,
    bytes: &[u8],
    package: &Package,
    limits: &Limits,
) -> Result<Vec<Sheet>, Problem> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Sheet)>, Problem> {
        let mut book = open_xlsx(file, bytes)?;
        let tabs = tabs(book.sheets_metadata());
        let mut order: Vec<(u64, usize)> = Vec::with_capacity(tabs.len());
        for (index, (name, _)) in tabs.iter().enumerate() {
            let size = book.worksheet_cells_reader(name).map_or(0, |r| r.dimensions().len());
            order.push((size, index));
        }
        order.sort_by_key(|(size, index)| (std::cmp::Reverse(*size), *index));
        let mut done = Vec::new();
        while let Some(&(_, index)) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let sheet = read_xlsx_sheet(file, &mut book, index, &tabs[index], package, limits)?;
            done.push((index, sheet));
        }
        Ok(done)
    };
    let mut read = if bytes.len() > WORTH_A_THREAD {
        let (other, mine) = both(work, work);
        let mut read = mine?;
        read.extend(other?);
        read
    } else {
        work()?
    };
    read.sort_by_key(|(index, _)| *index);
    within_budget(file, read.iter().map(|(_, sheet)| sheet), limits)?;
    Ok(read.into_iter().map(|(_, sheet)| sheet).collect())
}

fn read_xlsx_sheet(
    file: &str,
    book: &mut Xlsx<Bytes>,
    index: usize,
    tab: &(String, bool),
    package: &Package,
    limits: &Limits,
) -> Result<Sheet, Problem> {
    let mut sheet = new_sheet(file, index, tab);
    let unreadable = |_| damaged(sheet_place(file, index, &tab.0), "the sheet cannot be read");
    // Only a workbook that a program wrote and nobody opened in Excel has formulas without values;
    // it is read twice, so that every other one need not be.
    let mut formulas = std::collections::HashSet::new();
    if package.uncalculated {
        let mut cells = book.worksheet_cells_reader(&tab.0).map_err(unreadable)?;
        while let Ok(Some(cell)) = cells.next_cell_with_formula() {
            if cell.formula.is_some() && cell.value == DataRef::Empty {
                formulas.insert(cell.pos);
            }
        }
    }
    // Where each cell stands, by a reader that looks at no value: asked only where some cell's
    // error is one that the value reader does not know and so cannot place.
    let mut places: Vec<(u32, u32)> = Vec::new();
    if package.unknown_errors {
        let mut cells = book.worksheet_cells_reader(&tab.0).map_err(unreadable)?;
        while let Ok(Some(cell)) = cells.next_formula() {
            places.push(cell.get_position());
        }
    }
    let mut cells = book.worksheet_cells_reader(&tab.0).map_err(unreadable)?;
    let percent: Vec<bool> = cells
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().is_some_and(|f| f.format_code.contains('%')))
        .collect();
    let mut cells_before = 0usize;
    loop {
        let (cell, style) = match cells.next_cell_with_style_id() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            // An error code that calamine does not know (#SPILL!, #CALC!): it is that cell's fault
            // alone, and the reader goes on behind it.
            Err(XlsxError::CellError(_)) if places.get(cells_before).copied().is_some() => {
                let (row, col) = places.get(cells_before).copied().expect("it was just found");
                sheet.push(row, col, Value::Error("#UNKNOWN!"), false)?;
                cells_before += 1;
                continue;
            }
            Err(_) => {
                return Err(damaged(sheet.place.clone(), "the sheet cannot be read to its end"));
            }
        };
        cells_before += 1;
        let (row, col) = cell.get_position();
        let value = match cell.get_value() {
            DataRef::Empty if formulas.contains(&(row, col)) => Value::Uncalculated,
            value => match value_of(value) {
                Some(value) => value,
                None => continue,
            },
        };
        sheet.push(row, col, value, percent.get(style).copied().unwrap_or(false))?;
        if sheet.len() > limits.cells {
            return Err(limits.exceeded(file, "cells", sheet.len() as u64, limits.cells as u64));
        }
    }
    sheet.finish();
    Ok(sheet)
}

fn sheet_place(file: &str, index: usize, name: &str) -> Place {
    Place::sheet(file, index, name)
}

fn within_budget<'a>(
    file: &str,
    sheets: impl Iterator<Item = &'a Sheet>,
    limits: &Limits,
) -> Result<(), Problem> {
    let cells: usize = sheets.map(Sheet::len).sum();
    if cells > limits.cells {
        return Err(limits.exceeded(file, "cells", cells as u64, limits.cells as u64));
    }
    Ok(())
}

/// What a cell of calamine's means here; nothing for a blank.
fn value_of<'a>(data: &'a DataRef) -> Option<Value<'a>> {
    Some(match data {
        DataRef::Empty => return None,
        DataRef::String(text) if is_blank(text) => return None,
        DataRef::SharedString(text) if is_blank(text) => return None,
        DataRef::String(text) => Value::Text(text),
        DataRef::SharedString(text) => Value::Text(text),
        DataRef::Int(n) => Value::Number(*n as f64),
        DataRef::Float(n) => Value::Number(*n),
        DataRef::Bool(b) => Value::Bool(*b),
        DataRef::DateTime(date) => date_of(date),
        DataRef::DateTimeIso(text) => {
            let date = text.get(..10).and_then(|d| d.parse::<jiff::civil::Date>().ok());
            let date = date.filter(|d| YEARS.contains(&d.year()));
            date.map_or(Value::Text(text), |d| Value::Date(Day::from_date(d)))
        }
        DataRef::DurationIso(text) => Value::Text(text),
        DataRef::Error(error) => Value::Error(error_text(error)),
    })
}

/// The day of an Excel serial number. Before March 1900 Excel counts a day that never was, so such
/// numbers are no dates; neither are those past the year 2200.
fn date_of(date: &ExcelDateTime) -> Value<'static> {
    let serial = date.as_f64();
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    let plausible = date.is_datetime()
        && (1.0..2_958_466.0).contains(&serial)
        && YEARS.contains(&(year as i16))
        && !(year == 1900 && month < 3);
    let found = plausible.then(|| Day::from_ymd(year as i16, month as i8, day as i8)).flatten();
    found.map_or(Value::NotADate(serial), Value::Date)
}

fn error_text(error: &calamine::CellErrorType) -> &'static str {
    use calamine::CellErrorType as E;
    match error {
        E::Div0 => "#DIV/0!",
        E::NA => "#N/A",
        E::Name => "#NAME?",
        E::Null => "#NULL!",
        E::Num => "#NUM!",
        E::Ref => "#REF!",
        E::Value => "#VALUE!",
        E::GettingData => "#GETTING_DATA",
    }
}
