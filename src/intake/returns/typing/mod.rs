//! Typing a list's cells: what each row below the header holds, and every fault of it. A column has
//! few different texts, so each is looked at once.

use std::collections::HashMap;

mod doubt;
mod faults;
mod filling;
mod header;
mod left_out;
pub(super) mod quarters;

use super::find::{Found, normalised};
use super::records::{ColumnData, Part, Texts};
use crate::definitions::{Column, ColumnType, List};
use crate::intake::read::{Cell, Sheet, Value};
use crate::nouns::dates::{self, NoDate};
use crate::nouns::numbers::{self, plain_number};
use crate::nouns::period::Period;
use crate::nouns::problem::{Problem, Problems};
pub use faults::in_its_unit;
use faults::{Fault, describe};
use filling::{FastMap, Filling, Parsed};
use left_out::{LeftOut, unread};

/// Types the rows below the header.
pub fn read(
    sheet: &Sheet,
    list: &List,
    found: &Found,
    period: &Period,
    problems: &mut Problems,
) -> Part {
    if found.first_row > 0 {
        header::note_header(sheet, list, found, problems);
    }
    let year = period.year_label();
    let mut filling: Vec<Filling> = list
        .columns
        .iter()
        .zip(&found.columns)
        .map(|(column, at)| Filling {
            list: &list.name,
            column,
            data: match (at, &column.kind) {
                (None, _) => ColumnData::Absent,
                (_, kind) if kind.is_text() => {
                    ColumnData::Text { ids: Vec::new(), texts: Texts::default() }
                }
                (_, ColumnType::Date) => ColumnData::Day(Vec::new()),
                _ => ColumnData::Number(Vec::new()),
            },
            read: FastMap::default(),
            year: &year,
            period,
            typed: sheet.typed,
            critical: column.required
                || [&list.starts, &list.ends].into_iter().flatten().any(|c| *c == column.name),
        })
        .collect();
    // From the sheet's column to the list's.
    let width = found.columns.iter().flatten().max().map_or(0, |c| usize::from(*c) + 1);
    let mut wanted: Vec<Option<usize>> = vec![None; width];
    for (index, at) in found.columns.iter().enumerate() {
        if let Some(at) = at {
            wanted[usize::from(*at)] = Some(index);
        }
    }
    let key = list.column(&list.key).expect("the script room checks that the key is a column");
    let key_at = found.columns[key].expect("a list is found only where its key is");
    let mut rows: Vec<u32> = Vec::new();
    let mut refused: Vec<(u32, u16)> = Vec::new();
    let mut left_out = LeftOut::default();
    let mut none_said = false;
    let mut parsed: Vec<Parsed> = vec![Parsed::Blank; list.columns.len()];
    let mut faults: Vec<(usize, Fault, String)> = Vec::new();
    let mut seen: HashMap<u32, Vec<Parsed>> = HashMap::new();
    let mut previous = found.first_row;
    let mut month_first = vec![0_usize; list.columns.len()];
    for (row, cells) in sheet.rows().filter(|(row, _)| *row >= found.first_row) {
        if row > previous + 1 && !rows.is_empty() {
            problems.add(Problem::note(
                sheet.place.at(previous + 1, key_at),
                "a blank row stands inside the list; the rows below it were read",
            ));
        }
        previous = row;
        if says_none(sheet, cells, key_at, &wanted) {
            none_said = true;
            continue;
        }
        if let Some(problem) = not_a_record(sheet, list, row, cells, key_at, &wanted) {
            problems.add_any(problem);
            continue;
        }
        parsed.fill(Parsed::Blank);
        faults.clear();
        for cell in cells {
            let Some(index) = wanted.get(usize::from(cell.col)).copied().flatten() else {
                continue;
            };
            let read = filling[index].parse(sheet, cell);
            parsed[index] = read.value;
            if let Some(fault) = read.fault {
                month_first[index] += usize::from(fault == Fault::NotADate(NoDate::MonthFirst));
                faults.push((index, fault, sheet.shown(cell)));
            }
        }
        for (index, column) in filling.iter().enumerate() {
            if column.column.required
                && parsed[index] == Parsed::Blank
                && found.columns[index].is_some()
            {
                faults.push((index, Fault::Missing, String::new()));
            }
        }
        let unusable = faults.iter().any(|(index, fault, _)| {
            fault.spoils_the_row()
                || (filling[*index].critical && parsed[*index] == Parsed::Unreadable)
        });
        for (index, fault, value) in faults.drain(..) {
            let at = found.columns[index].expect("a fault lies in a column that is there");
            problems.add(describe(
                fault,
                &filling[index],
                sheet.place.at(row, at),
                unusable,
                value,
            ));
        }
        if found.shares_sheet && repeats(list, key, &parsed, &mut seen) {
            continue;
        }
        if unusable {
            // Whom the row is about is known, or nothing can be said of it.
            if matches!(parsed[key], Parsed::Text(_)) {
                left_out.take(row, &parsed);
            }
            continue;
        }
        refused.extend(unread(&parsed).map(|column| (rows.len() as u32, column)));
        rows.push(row);
        for (column, value) in filling.iter_mut().zip(&parsed) {
            column.push(*value);
        }
    }
    doubt::months(sheet, list, found, &month_first, problems);
    let mut columns: Vec<ColumnData> = filling.into_iter().map(|f| f.data).collect();
    let (place, at) = (sheet.place.clone(), found.columns.clone());
    let left_out = left_out.into_part(&mut columns, rows.len(), (&place, &at));
    Part { place, columns, at, rows, refused, left_out, says_none: none_said }
}

/// Whether a row of a sheet with several lists says nothing of this one: its columns are blank, or
/// say what an earlier row of the same key said, as an export repeats a child's own particulars
/// beside each of its episodes.
fn repeats(
    list: &List,
    key: usize,
    parsed: &[Parsed],
    seen: &mut HashMap<u32, Vec<Parsed>>,
) -> bool {
    let others = parsed.iter().enumerate().filter(|(index, _)| *index != key);
    if others.into_iter().all(|(_, value)| *value == Parsed::Blank) {
        return true;
    }
    let Parsed::Text(child) = parsed[key] else { return false };
    if !list.one_per_key {
        return false;
    }
    let earlier = seen.entry(child).or_default();
    if earlier == parsed {
        return true;
    }
    if earlier.is_empty() {
        earlier.extend_from_slice(parsed);
    }
    false
}

/// Whether a row says that the list has none: a word for it under the key, and nothing else.
fn says_none(sheet: &Sheet, cells: &[Cell], key_at: u16, wanted: &[Option<usize>]) -> bool {
    const WORDS: [&str; 5] = ["none", "nil", "nil return", "no children", "no records"];
    let inside = |cell: &&Cell| wanted.get(usize::from(cell.col)).is_some_and(Option::is_some);
    let mut cells = cells.iter().filter(inside);
    match (cells.next(), cells.next()) {
        (Some(cell), None) if cell.col == key_at => match sheet.value(cell) {
            Value::Text(text) => WORDS.contains(&numbers::trimmed(text).to_lowercase().as_str()),
            _ => false,
        },
        _ => false,
    }
}

/// A row that is no record: a total, a repeated header, or one without a key.
fn not_a_record(
    sheet: &Sheet,
    list: &List,
    row: u32,
    cells: &[Cell],
    key_at: u16,
    wanted: &[Option<usize>],
) -> Option<Option<Problem>> {
    let inside = |cell: &&Cell| wanted.get(usize::from(cell.col)).is_some_and(Option::is_some);
    let Some(first) = cells.iter().find(inside) else { return Some(None) };
    let key = cells.iter().find(|cell| cell.col == key_at);
    let is_total = |cell: &Cell| says_total(sheet.value(cell), list);
    let anywhere = key.is_none() || list.is_public();
    if key.is_some_and(is_total) || (anywhere && cells.iter().filter(inside).any(is_total)) {
        let place = sheet.place.at(row, first.col);
        return Some(Some(
            Problem::warning(place, "a total row was left out")
                .hint("take totals off lists: a list holds one record a row"),
        ));
    }
    let Some(key) = key else {
        // Nothing but a mark or a note in a column that is no date and no number: still a row with
        // no key.
        let problem = Problem::error(
            sheet.place.at(row, key_at),
            format!("the row has no {}, so it was left out", list.key),
        )
        .column(&list.key);
        return Some(Some(problem.hint("fill it in, or delete the row")));
    };
    let alone = !cells.iter().any(|cell| inside(&cell) && cell.col != key_at);
    match sheet.value(key) {
        // Below a list, or between its rows, somebody wrote a sentence.
        Value::Text(text)
            if alone
                && needs_more(list)
                && !is_numbered(text)
                && numbers::trimmed(text).contains(' ') =>
        {
            Some(Some(
                Problem::warning(sheet.place.at(row, key_at), "a line of text was passed over")
                    .hint("write notes on a sheet of their own: a list holds one record a row"),
            ))
        }
        Value::Text(text)
            if is_numbered(text) == is_numbered(&list.key)
                && normalised(text) == normalised(&list.key) =>
        {
            Some(Some(Problem::note(
                sheet.place.at(row, key_at),
                "a repeated row of headings was passed over",
            )))
        }
        _ => None,
    }
}

/// Whether a text begins with a digit, as most children's identifiers do: it is no word.
fn is_numbered(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a row of a list must hold more than its key.
fn needs_more(list: &List) -> bool {
    list.columns.iter().any(|column| column.required && column.name != list.key)
}

/// Whether a cell of a list says that its row is the sum of others.
fn says_total(value: Value, list: &List) -> bool {
    matches!(value, Value::Text(text) if is_total(text, list.is_public()))
}

/// Whether a row that says this is the sum of others. A child's identifier is one only where it is
/// the word itself; what services did may say what the total is of.
fn is_total(text: &str, public: bool) -> bool {
    const WORDS: [&str; 8] =
        ["total", "totals", "grand total", "sum", "count", "subtotal", "sub total", "overall"];
    if is_numbered(text) && !public {
        return false;
    }
    let lower = numbers::trimmed(text).to_lowercase().replace('-', " ");
    let word: String = lower.chars().take_while(|c| c.is_alphabetic() || *c == ' ').collect();
    if WORDS.contains(&word.trim()) {
        return true;
    }
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let total = |word: Option<&&str>| matches!(word, Some(&("total" | "totals" | "subtotal")));
    public
        && (total(words.first())
            || total(words.last())
            || words.starts_with(&["grand", "total"])
            || words.starts_with(&["sub", "total"])
            || words.contains(&"ytd")
            || words == ["year", "to", "date"])
}

/// Whether a cell holds what a column does, as far as one cell can tell.
pub fn fits(column: &Column, value: Value) -> bool {
    match (&column.kind, value) {
        (ColumnType::Date, Value::Date(_)) => true,
        (ColumnType::Date, Value::Text(text)) => {
            dates::day(text).or_else(|| dates::of_digits(text)).is_some()
        }
        (ColumnType::Number { .. } | ColumnType::Percentage, Value::Number(_)) => true,
        (ColumnType::Number { .. } | ColumnType::Percentage, Value::Text(text)) => {
            numbers::typed(text).is_some()
        }
        (ColumnType::Codes(codes), Value::Text(text)) => {
            codes.contains_key(&numbers::trimmed(text).to_uppercase())
        }
        (ColumnType::Codes(codes), Value::Number(n)) => codes.contains_key(&plain_number(n)),
        (ColumnType::Id | ColumnType::Text | ColumnType::Quarter, Value::Date(_)) => false,
        (ColumnType::Id | ColumnType::Text | ColumnType::Quarter, _) => true,
        _ => false,
    }
}
