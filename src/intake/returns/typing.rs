//! Typing a list's cells: what each row below the header holds, and every fault of it. A column has
//! few different texts, so each is looked at once.

use std::collections::HashMap;

use super::cells;
use super::find::Found;
use super::records::{BLANK_DAY, BLANK_TEXT, ColumnData, Part, Texts};
use crate::definitions::{Column, ColumnType, List, plain};
use crate::intake::read::{Cell, Sheet, Value};
use crate::nouns::numbers::plain_number;
use crate::nouns::problem::{Place, Problem, Problems};
use crate::nouns::words::several;

type FastMap<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What a text cell turned out to be, remembered: a column has few different texts.
#[derive(Clone, Copy)]
struct Read {
    value: Parsed,
    fault: Option<Fault>,
}

#[derive(Clone, Copy, PartialEq)]
enum Parsed {
    Blank,
    Text(u32),
    Number(f64),
    Day(i32),
    Unreadable,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    DateAsText,
    DateAsNumber,
    NumberAsText,
    StraySpaces,
    UnknownCode,
    CodeOutOfUse,
    OutOfBounds,
    Unreadable,
    ErrorValue,
    Uncalculated,
    TooLong,
    Missing,
}

/// A column while it is filled.
struct Filling<'a> {
    column: &'a Column,
    data: ColumnData,
    read: FastMap<u32, Read>,
    year: &'a str,
    typed: bool,
    /// A record cannot be used where this column cannot be read.
    critical: bool,
}

/// Types the rows below the header.
pub fn read(
    sheet: &Sheet,
    list: &List,
    found: &Found,
    year: &str,
    problems: &mut Problems,
) -> Part {
    note_header(sheet, list, found, problems);
    let mut filling: Vec<Filling> = list
        .columns
        .iter()
        .zip(&found.columns)
        .map(|(column, at)| Filling {
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
            year,
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
    let mut parsed: Vec<Parsed> = vec![Parsed::Blank; list.columns.len()];
    let mut faults: Vec<(usize, Fault, String)> = Vec::new();
    let mut seen: HashMap<u32, Vec<Parsed>> = HashMap::new();
    let mut previous = found.header_row;
    for (row, cells) in sheet.rows().filter(|(row, _)| *row > found.header_row) {
        if row > previous + 1 && !rows.is_empty() {
            problems.add(Problem::note(
                sheet.place.at(previous + 1, key_at),
                "a blank row stands inside the list; the rows below it were read",
            ));
        }
        previous = row;
        if let Some(problem) = not_a_record(sheet, list, row, cells, key_at, &wanted) {
            problems.extend_with(problem);
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
            filling[*index].critical
                && (parsed[*index] == Parsed::Unreadable || *fault == Fault::Missing)
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
        if !unusable {
            rows.push(row);
            for (column, value) in filling.iter_mut().zip(&parsed) {
                column.push(*value);
            }
        }
    }
    let columns = filling.into_iter().map(|f| f.data).collect();
    Part { place: sheet.place.clone(), columns, at: found.columns.clone(), rows }
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

/// Says how the header was understood, and what it lacks.
fn note_header(sheet: &Sheet, list: &List, found: &Found, problems: &mut Problems) {
    let header = sheet
        .place
        .at(found.header_row, found.columns.iter().flatten().copied().min().unwrap_or(0));
    let title_rows = sheet.rows().take_while(|(row, _)| *row < found.header_row).count();
    if title_rows > 0 && !found.two_rows {
        problems.add(Problem::note(
            header.clone(),
            format!("the list begins below {}", several(title_rows, "title row")),
        ));
    }
    let positions: Vec<u16> = found.columns.iter().flatten().copied().collect();
    if !positions.is_sorted() {
        problems.add(Problem::note(
            header.clone(),
            "the columns stand in another order than usual; they were found by their headings",
        ));
    }
    let other_case =
        sheet.rows().find(|(row, _)| *row == found.header_row).is_some_and(|(_, cells)| {
            cells.iter().any(|cell| match sheet.value(cell) {
                Value::Text(text) => list
                    .columns
                    .iter()
                    .any(|c| c.name != text && c.name.eq_ignore_ascii_case(text.trim())),
                _ => false,
            })
        });
    if other_case {
        problems.add(Problem::note(
            header.clone(),
            "headings are in another case or have stray spaces; they were read as meant",
        ));
    }
    for (column, at) in list.columns.iter().zip(&found.columns) {
        if at.is_none() && !column.optional && !sheet.excerpt {
            let problem = match column.required {
                true => Problem::error,
                // The settings say what the council's export has.
                false if found.by_settings => Problem::note,
                false => Problem::warning,
            };
            problems.add(
                problem(header.clone(), format!("the list {} has no column {}", list.title, column.name))
                    .hint("indicators that need the column are not worked out; add it, or correct its heading"),
            );
        }
    }
    if !found.unknown.is_empty() {
        // A heading with digits in it may be no heading but somebody's number.
        let plain =
            found.unknown.iter().filter(|name| !name.contains(|c: char| c.is_ascii_digit()));
        let mut names: Vec<&str> = plain.map(String::as_str).collect();
        if names.len() < found.unknown.len() {
            names.push("others with digits in them");
        }
        let names = names.join(", ");
        problems.add(Problem::note(
            header,
            format!("columns that no script declares were not used: {names}"),
        ));
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
    let is_total = |cell: &Cell| match sheet.value(cell) {
        Value::Text(text) => {
            let lower = cells::trimmed(text).to_lowercase();
            let word: String =
                lower.chars().take_while(|c| c.is_alphabetic() || *c == ' ').collect();
            matches!(
                word.trim(),
                "total" | "totals" | "grand total" | "sum" | "count" | "subtotal" | "sub total"
            )
        }
        _ => false,
    };
    if key.is_some_and(is_total) || (key.is_none() && cells.iter().any(is_total)) {
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
    match sheet.value(key) {
        Value::Text(text)
            if super::find::normalised(text) == super::find::normalised(&list.key) =>
        {
            Some(Some(Problem::note(
                sheet.place.at(row, key_at),
                "a repeated row of headings was passed over",
            )))
        }
        _ => None,
    }
}

impl Problems {
    fn extend_with(&mut self, problem: Option<Problem>) {
        if let Some(problem) = problem {
            self.add(problem);
        }
    }
}

impl Filling<'_> {
    fn parse(&mut self, sheet: &Sheet, cell: &Cell) -> Read {
        let fault = |fault| Read { value: Parsed::Unreadable, fault: Some(fault) };
        let fine = |value| Read { value, fault: None };
        match sheet.value(cell) {
            Value::Text(text) => {
                let id = cell.text_id().expect("a text has a number");
                if let Some(read) = self.read.get(&id) {
                    return *read;
                }
                let read = self.parse_text(text);
                self.read.insert(id, read);
                read
            }
            Value::Number(n) => match &self.column.kind {
                ColumnType::Date if (20_000.0..80_000.0).contains(&n) && n.fract() == 0.0 => {
                    Read { value: Parsed::Day(n as i32 - 25_569), fault: Some(Fault::DateAsNumber) }
                }
                ColumnType::Date => fault(Fault::Unreadable),
                ColumnType::Number { .. } => self.bounded(n, None),
                ColumnType::Percentage if cell.is_percent() => {
                    fine(Parsed::Number(crate::nouns::numbers::round_noise(n * 100.0)))
                }
                ColumnType::Percentage => fine(Parsed::Number(n)),
                _ if n.fract() == 0.0 && n.abs() < 1e15 => self.parse_whole(n as i64),
                _ => self.parse_plain(&plain_number(n), None),
            },
            Value::Date(day) => match &self.column.kind {
                ColumnType::Date => fine(Parsed::Day(day.0)),
                ColumnType::Text => fine(Parsed::Text(self.text(&day.iso()))),
                _ => fault(Fault::Unreadable),
            },
            Value::Bool(b) => match &self.column.kind {
                ColumnType::Date => fault(Fault::Unreadable),
                ColumnType::Number { .. } | ColumnType::Percentage => {
                    fine(Parsed::Number(f64::from(u8::from(b))))
                }
                // TRUE and FALSE in a column of flags are 1 and 0.
                _ => self.parse_plain(if b { "1" } else { "0" }, None),
            },
            Value::Error(_) => fault(Fault::ErrorValue),
            Value::Uncalculated => fault(Fault::Uncalculated),
            Value::NotADate(_) => fault(Fault::Unreadable),
            Value::TooLong => fault(Fault::TooLong),
        }
    }

    fn parse_text(&mut self, text: &str) -> Read {
        let plain = cells::trimmed(text);
        if plain.is_empty() {
            return Read { value: Parsed::Blank, fault: None };
        }
        let spaces = (plain.len() != text.len() && self.typed).then_some(Fault::StraySpaces);
        let as_text = |fault| if self.typed { Some(fault) } else { None };
        match &self.column.kind {
            ColumnType::Date => match cells::date(&plain) {
                Some(day) => Read { value: Parsed::Day(day.0), fault: as_text(Fault::DateAsText) },
                None => Read { value: Parsed::Unreadable, fault: Some(Fault::Unreadable) },
            },
            ColumnType::Number { .. } => match cells::number(&plain) {
                Some(n) => self.bounded(n, as_text(Fault::NumberAsText)),
                None => Read { value: Parsed::Unreadable, fault: Some(Fault::Unreadable) },
            },
            ColumnType::Percentage => {
                match cells::percent(&plain).or_else(|| cells::number(&plain)) {
                    Some(n) => Read { value: Parsed::Number(n), fault: None },
                    None => Read { value: Parsed::Unreadable, fault: Some(Fault::Unreadable) },
                }
            }
            _ => self.parse_plain(&plain, spaces),
        }
    }

    /// A whole number in a column of texts, such as a child's number: written out without asking
    /// for memory, since national lists have them by the hundred thousand.
    fn parse_whole(&mut self, n: i64) -> Read {
        let mut digits = [0u8; 20];
        let mut at = digits.len();
        let mut rest = n.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if n < 0 {
            at -= 1;
            digits[at] = b'-';
        }
        let text = std::str::from_utf8(&digits[at..]).expect("digits are ASCII");
        match &self.column.kind {
            ColumnType::Codes(_) => self.parse_plain(text, None),
            _ => Read { value: Parsed::Text(self.text(text)), fault: None },
        }
    }

    /// A text or code, whatever kind of cell it came from.
    fn parse_plain(&mut self, text: &str, fault: Option<Fault>) -> Read {
        match &self.column.kind {
            ColumnType::Text => Read { value: Parsed::Text(self.text(text)), fault },
            ColumnType::Codes(codes) => {
                let known = self.column.words.get(&plain(text));
                let code = known.cloned().unwrap_or_else(|| text.to_uppercase());
                let fault = match codes.get(&code) {
                    None => Some(Fault::UnknownCode),
                    Some(known) if !known.in_use(self.year) => Some(Fault::CodeOutOfUse),
                    Some(_) => fault,
                };
                Read { value: Parsed::Text(self.text(&code)), fault }
            }
            _ => Read { value: Parsed::Text(self.text(&text.to_uppercase())), fault },
        }
    }

    fn bounded(&self, n: f64, fault: Option<Fault>) -> Read {
        let ColumnType::Number { min, max } = &self.column.kind else {
            return Read { value: Parsed::Number(n), fault };
        };
        let outside = min.is_some_and(|min| n < min) || max.is_some_and(|max| n > max);
        if outside {
            return Read { value: Parsed::Unreadable, fault: Some(Fault::OutOfBounds) };
        }
        Read { value: Parsed::Number(n), fault }
    }

    fn text(&mut self, text: &str) -> u32 {
        let ColumnData::Text { texts, .. } = &mut self.data else { return BLANK_TEXT };
        match texts.get_index_of(text) {
            Some(id) => id as u32,
            None => texts.insert_full(text.into()).0 as u32,
        }
    }

    fn push(&mut self, value: Parsed) {
        match (&mut self.data, value) {
            (ColumnData::Text { ids, .. }, Parsed::Text(id)) => ids.push(id),
            (ColumnData::Text { ids, .. }, _) => ids.push(BLANK_TEXT),
            (ColumnData::Number(numbers), Parsed::Number(n)) => numbers.push(n),
            (ColumnData::Number(numbers), _) => numbers.push(f64::NAN),
            (ColumnData::Day(days), Parsed::Day(day)) => days.push(day),
            (ColumnData::Day(days), _) => days.push(BLANK_DAY),
            (ColumnData::Absent, _) => {}
        }
    }
}

fn describe(
    fault: Fault,
    filling: &Filling,
    place: Place,
    left_out: bool,
    value: String,
) -> Problem {
    let column = filling.column;
    let left = if left_out { ", so the row was left out" } else { "" };
    let problem = match fault {
        Fault::DateAsText => Problem::warning(place, "date held as text")
            .hint("it was read day first; format the cells as dates to be sure"),
        Fault::DateAsNumber => Problem::warning(place, "date held as a plain number")
            .hint("it was read as an Excel date; format the cells as dates to be sure"),
        Fault::NumberAsText => Problem::warning(place, "number held as text")
            .hint("it was read as the number; use Data > Text to Columns, or type it again"),
        Fault::StraySpaces => Problem::warning(place, "stray spaces around the text")
            .hint("they were taken off; use TRIM in the source"),
        Fault::UnknownCode => {
            let ColumnType::Codes(codes) = &column.kind else {
                unreachable!("only code columns have unknown codes")
            };
            let some: Vec<_> = codes
                .iter()
                .filter(|(_, c)| c.in_use(filling.year))
                .map(|(code, _)| code.as_str())
                .collect();
            let dots = if some.len() > 24 { ", …" } else { "" };
            let some = some[..some.len().min(24)].join(", ");
            Problem::error(place, "this code is not one of the column's set")
                .hint(format!("codes in use are {some}{dots}"))
        }
        Fault::CodeOutOfUse => {
            Problem::warning(place, format!("this code is not in use in {}", filling.year))
                .hint("check the code against the year's guidance; it was counted as it stands")
        }
        Fault::OutOfBounds => {
            let ColumnType::Number { min, max } = &column.kind else {
                unreachable!("only number columns have bounds")
            };
            let bounds: Vec<_> = [
                min.map(|n| format!("at least {}", plain_number(n))),
                max.map(|n| format!("at most {}", plain_number(n))),
            ]
            .into_iter()
            .flatten()
            .collect();
            Problem::error(place, format!("this number cannot be: it was not used{left}"))
                .hint(format!("it must be {}", bounds.join(" and ")))
        }
        Fault::Unreadable => {
            let kind = column.kind.expected();
            let hint = match column.kind {
                ColumnType::Date => "dates are DD/MM/YYYY or Excel dates",
                ColumnType::Number { .. } => {
                    "a number such as 17 or 17.3; leave the cell blank where there is none"
                }
                _ => "see the column's description",
            };
            Problem::error(place, format!("this is not {kind}{left}")).hint(hint)
        }
        Fault::ErrorValue => Problem::error(place, format!("the cell holds an Excel error{left}"))
            .hint("mend its formula, or type the value"),
        Fault::Uncalculated => Problem::error(
            place,
            format!("the cell holds a formula that was never calculated{left}"),
        )
        .hint("open the workbook in Excel and save it, so that the values are stored"),
        Fault::TooLong => {
            Problem::error(place, format!("the text is longer than a cell can hold{left}"))
                .hint("a cell holds 32,767 characters at most; shorten the text")
        }
        Fault::Missing => Problem::error(place, format!("{} must be filled in{left}", column.name)),
    };
    let problem = problem.column(&column.name);
    if value.is_empty() { problem } else { problem.value(value) }
}
