//! A list's records, kept by column: millions of cells are counted without looking at any of them twice.

use std::cell::OnceCell;
use std::collections::HashMap;

use indexmap::IndexSet;

use super::cells;
use super::find::Found;
use crate::declare::{Column, ColumnType, List};
use crate::period::Day;
use crate::problem::{Place, Problem, Problems};
use crate::read::{Cell, Sheet, Value, plain_number};

/// A blank text cell.
pub const BLANK_TEXT: u32 = u32::MAX;
/// A blank date cell.
pub const BLANK_DAY: i32 = i32::MIN;

type FastMap<K, V> = HashMap<K, V, foldhash::fast::FixedState>;
/// Different texts; a text's number is its position.
pub type Texts = IndexSet<Box<str>, foldhash::fast::FixedState>;
/// Numbers given to the keys of linked lists.
pub type Keys = IndexSet<Box<str>, foldhash::fast::FixedState>;

/// One column of a list; blanks are `BLANK_TEXT`, `BLANK_DAY` and NaN.
#[derive(Debug)]
pub enum ColumnData {
    /// The return does not have the column: different from a column of blanks.
    Absent,
    /// Texts by number.
    Text {
        /// For each record, which text.
        ids: Vec<u32>,
        /// The different texts.
        texts: Texts,
    },
    /// Numbers.
    Number(Vec<f64>),
    /// Days since 1 January 1970.
    Day(Vec<i32>),
}

/// One field of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Field<'a> {
    /// Nothing was filled in.
    Blank,
    /// A text or code.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A day.
    Day(Day),
}

/// The rows of one sheet.
#[derive(Debug)]
pub struct Part {
    place: Place,
    columns: Vec<ColumnData>,
    at: Vec<Option<u16>>,
    rows: Vec<u32>,
}

/// All records of a list.
#[derive(Debug)]
pub struct Records {
    columns: Vec<ColumnData>,
    rows: Vec<u32>,
    /// Where each sheet's rows begin, what sheet it is, and in which columns it has the list's.
    parts: Vec<(usize, Place, Vec<Option<u16>>)>,
    /// For each record the number of its key, shared by all lists with the key.
    pub keys: Vec<u32>,
    /// How many keys there are in all linked lists.
    pub key_count: usize,
    index: OnceCell<KeyIndex>,
}

/// Which records have a key: the records sorted by key, and where each key's begin.
#[derive(Debug)]
struct KeyIndex {
    starts: Vec<u32>,
    records: Vec<u32>,
}

impl Records {
    /// The records of one sheet.
    pub fn new(_list: &List, part: Part) -> Self {
        Records {
            columns: part.columns,
            rows: part.rows,
            parts: vec![(0, part.place, part.at)],
            keys: Vec::new(),
            key_count: 0,
            index: OnceCell::new(),
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the list has no record.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A column by position.
    pub fn column(&self, index: usize) -> &ColumnData {
        &self.columns[index]
    }

    /// Whether the return has the column.
    pub fn has(&self, index: usize) -> bool {
        !matches!(self.columns[index], ColumnData::Absent)
    }

    /// One field.
    pub fn field(&self, record: usize, column: usize) -> Field<'_> {
        match &self.columns[column] {
            ColumnData::Absent => Field::Blank,
            ColumnData::Text { ids, texts } => match ids[record] {
                BLANK_TEXT => Field::Blank,
                id => Field::Text(&texts[id as usize]),
            },
            ColumnData::Number(numbers) if numbers[record].is_nan() => Field::Blank,
            ColumnData::Number(numbers) => Field::Number(numbers[record]),
            ColumnData::Day(days) if days[record] == BLANK_DAY => Field::Blank,
            ColumnData::Day(days) => Field::Day(Day(days[record])),
        }
    }

    /// The sheet of the first record.
    pub fn first_place(&self) -> &Place {
        &self.parts[0].1
    }

    /// The records that have a key, in the list's order.
    pub fn with_key(&self, key: u32) -> &[u32] {
        let index = self.index.get_or_init(|| {
            let mut starts = vec![0u32; self.key_count + 1];
            for key in &self.keys {
                starts[*key as usize + 1] += 1;
            }
            for key in 0..self.key_count {
                starts[key + 1] += starts[key];
            }
            let mut next = starts.clone();
            let mut records = vec![0; self.keys.len()];
            for (record, key) in self.keys.iter().enumerate() {
                let at = &mut next[*key as usize];
                records[*at as usize] = record as u32;
                *at += 1;
            }
            KeyIndex { starts, records }
        });
        let key = key as usize;
        match (index.starts.get(key), index.starts.get(key + 1)) {
            (Some(from), Some(to)) => &index.records[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// Where a record stands: the cell of the column, or of the key column where the sheet has it not.
    pub fn place(&self, record: usize, column: usize) -> Place {
        let part = self.parts.iter().rev().find(|(from, ..)| *from <= record);
        let (_, place, at) = part.expect("the first part begins at record 0");
        let col = at[column].or_else(|| at.iter().flatten().next().copied()).unwrap_or(0);
        place.at(self.rows[record], col)
    }

    /// Says how many keys there are once all linked lists have theirs.
    pub fn set_key_count(&mut self, count: usize) {
        self.key_count = count;
    }

    /// Adds the rows of another sheet.
    pub fn append(&mut self, part: Part) {
        let before = self.rows.len();
        let added = part.rows.len();
        for (mine, theirs) in self.columns.iter_mut().zip(part.columns) {
            append_column(mine, theirs, before, added);
        }
        self.rows.extend(part.rows);
        self.parts.push((before, part.place, part.at));
    }

    /// Numbers the keys so that equal keys of linked lists are equal numbers.
    pub fn number_keys(&mut self, list: &List, numbers: &mut Keys) {
        let column = list.column(&list.key).expect("the script room checks that the key is a column");
        let ColumnData::Text { ids, texts } = &self.columns[column] else { return };
        let shared: Vec<u32> = texts
            .iter()
            .map(|text| numbers.get_index_of(text).unwrap_or_else(|| numbers.insert_full(text.clone()).0) as u32)
            .collect();
        self.keys = ids.iter().map(|id| shared[*id as usize]).collect();
    }
}

/// Puts one sheet's column behind another's; where one lacks it, its records are blank.
fn append_column(mine: &mut ColumnData, theirs: ColumnData, before: usize, added: usize) {
    match (&mut *mine, theirs) {
        (ColumnData::Absent, ColumnData::Absent) => {}
        (ColumnData::Text { ids, texts }, ColumnData::Text { ids: more, texts: new }) => {
            let moved: Vec<u32> = new.into_iter().map(|text| texts.insert_full(text).0 as u32).collect();
            ids.extend(more.iter().map(|id| if *id == BLANK_TEXT { BLANK_TEXT } else { moved[*id as usize] }));
        }
        (ColumnData::Number(mine), ColumnData::Number(theirs)) => mine.extend(theirs),
        (ColumnData::Day(mine), ColumnData::Day(theirs)) => mine.extend(theirs),
        (ColumnData::Text { ids, .. }, _) => ids.extend(std::iter::repeat_n(BLANK_TEXT, added)),
        (ColumnData::Number(numbers), _) => numbers.extend(std::iter::repeat_n(f64::NAN, added)),
        (ColumnData::Day(days), _) => days.extend(std::iter::repeat_n(BLANK_DAY, added)),
        (ColumnData::Absent, mut theirs) => {
            match &mut theirs {
                ColumnData::Absent => {}
                ColumnData::Text { ids, .. } => drop(ids.splice(0..0, std::iter::repeat_n(BLANK_TEXT, before))),
                ColumnData::Number(numbers) => drop(numbers.splice(0..0, std::iter::repeat_n(f64::NAN, before))),
                ColumnData::Day(days) => drop(days.splice(0..0, std::iter::repeat_n(BLANK_DAY, before))),
            }
            *mine = theirs;
        }
    }
}

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
pub fn read(sheet: &Sheet, list: &List, found: &Found, year: &str, problems: &mut Problems) -> Part {
    note_header(sheet, list, found, problems);
    let mut filling: Vec<Filling> = list
        .columns
        .iter()
        .zip(&found.columns)
        .map(|(column, at)| Filling {
            column,
            data: match (at, &column.kind) {
                (None, _) => ColumnData::Absent,
                (_, kind) if kind.is_text() => ColumnData::Text { ids: Vec::new(), texts: Texts::default() },
                (_, ColumnType::Date) => ColumnData::Day(Vec::new()),
                _ => ColumnData::Number(Vec::new()),
            },
            read: FastMap::default(),
            year,
            typed: sheet.typed,
            critical: column.required || [&list.starts, &list.ends].into_iter().flatten().any(|c| *c == column.name),
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
            let Some(index) = wanted.get(usize::from(cell.col)).copied().flatten() else { continue };
            let read = filling[index].parse(sheet, cell);
            parsed[index] = read.value;
            if let Some(fault) = read.fault {
                faults.push((index, fault, sheet.shown(cell)));
            }
        }
        for (index, column) in filling.iter().enumerate() {
            if column.column.required && parsed[index] == Parsed::Blank && found.columns[index].is_some() {
                faults.push((index, Fault::Missing, String::new()));
            }
        }
        let unusable = faults.iter().any(|(index, fault, _)| {
            filling[*index].critical && (parsed[*index] == Parsed::Unreadable || *fault == Fault::Missing)
        });
        for (index, fault, value) in faults.drain(..) {
            let at = found.columns[index].expect("a fault lies in a column that is there");
            problems.add(describe(fault, &filling[index], sheet.place.at(row, at), unusable, value));
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

/// Says how the header was understood, and what it lacks.
fn note_header(sheet: &Sheet, list: &List, found: &Found, problems: &mut Problems) {
    let header = sheet.place.at(found.header_row, found.columns.iter().flatten().copied().min().unwrap_or(0));
    let title_rows = sheet.rows().take_while(|(row, _)| *row < found.header_row).count();
    if title_rows > 0 && !found.why.starts_with("rows") {
        problems.add(Problem::note(
            header.clone(),
            format!("the list begins below {title_rows} title row{}", if title_rows == 1 { "" } else { "s" }),
        ));
    }
    let positions: Vec<u16> = found.columns.iter().flatten().copied().collect();
    if !positions.is_sorted() {
        problems.add(Problem::note(
            header.clone(),
            "the columns stand in another order than usual; they were found by their headings",
        ));
    }
    let other_case = sheet.rows().find(|(row, _)| *row == found.header_row).is_some_and(|(_, cells)| {
        cells.iter().any(|cell| match sheet.value(cell) {
            Value::Text(text) => {
                list.columns.iter().any(|c| c.name != text && c.name.eq_ignore_ascii_case(text.trim()))
            }
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
        if at.is_none() && !column.optional {
            let problem = if column.required { Problem::error } else { Problem::warning };
            problems.add(
                problem(header.clone(), format!("the list {} has no column {}", list.title, column.name))
                    .hint("indicators that need the column are not worked out; add it, or correct its heading"),
            );
        }
    }
    if !found.unknown.is_empty() {
        // A heading with digits in it may be no heading but somebody's number.
        let plain = found.unknown.iter().filter(|name| !name.contains(|c: char| c.is_ascii_digit()));
        let mut names: Vec<&str> = plain.map(String::as_str).collect();
        if names.len() < found.unknown.len() {
            names.push("others with digits in them");
        }
        let names = names.join(", ");
        problems.add(Problem::note(header, format!("columns that no script declares were not used: {names}")));
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
            let word: String = lower.chars().take_while(|c| c.is_alphabetic() || *c == ' ').collect();
            matches!(word.trim(), "total" | "totals" | "grand total" | "sum" | "count" | "subtotal" | "sub total")
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
        // Nothing but a mark or a note in a column that is no date and no number: still a row with no key.
        let problem =
            Problem::error(sheet.place.at(row, key_at), format!("the row has no {}, so it was left out", list.key))
                .column(&list.key);
        return Some(Some(problem.hint("fill it in, or delete the row")));
    };
    match sheet.value(key) {
        Value::Text(text) if super::find::normalised(text) == super::find::normalised(&list.key) => {
            Some(Some(Problem::note(sheet.place.at(row, key_at), "a repeated row of headings was passed over")))
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
                    fine(Parsed::Number(crate::read::round_noise(n * 100.0)))
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
                ColumnType::Number { .. } | ColumnType::Percentage => fine(Parsed::Number(f64::from(u8::from(b)))),
                // TRUE and FALSE in a column of flags are 1 and 0.
                _ => self.parse_plain(if b { "1" } else { "0" }, None),
            },
            Value::Error(_) => fault(Fault::ErrorValue),
            Value::Uncalculated => fault(Fault::Uncalculated),
            Value::NotADate(_) => fault(Fault::Unreadable),
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
            ColumnType::Percentage => match cells::percent(&plain).or_else(|| cells::number(&plain)) {
                Some(n) => Read { value: Parsed::Number(n), fault: None },
                None => Read { value: Parsed::Unreadable, fault: Some(Fault::Unreadable) },
            },
            _ => self.parse_plain(&plain, spaces),
        }
    }

    /// A whole number in a column of texts, such as a child's number: written out without asking for memory, since
    /// national lists have them by the hundred thousand.
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
                let code = text.to_uppercase();
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

fn describe(fault: Fault, filling: &Filling, place: Place, left_out: bool, value: String) -> Problem {
    let column = filling.column;
    let left = if left_out { ", so the row was left out" } else { "" };
    let problem = match fault {
        Fault::DateAsText => Problem::warning(place, "date held as text")
            .hint("it was read day first; format the cells as dates to be sure"),
        Fault::DateAsNumber => Problem::warning(place, "date held as a plain number")
            .hint("it was read as an Excel date; format the cells as dates to be sure"),
        Fault::NumberAsText => Problem::warning(place, "number held as text")
            .hint("it was read as the number; use Data > Text to Columns, or type it again"),
        Fault::StraySpaces => {
            Problem::warning(place, "stray spaces around the text").hint("they were taken off; use TRIM in the source")
        }
        Fault::UnknownCode => {
            let ColumnType::Codes(codes) = &column.kind else { unreachable!("only code columns have unknown codes") };
            let some: Vec<_> =
                codes.iter().filter(|(_, c)| c.in_use(filling.year)).map(|(code, _)| code.as_str()).collect();
            let dots = if some.len() > 24 { ", …" } else { "" };
            let some = some[..some.len().min(24)].join(", ");
            Problem::error(place, "this code is not one of the column's set")
                .hint(format!("codes in use are {some}{dots}"))
        }
        Fault::CodeOutOfUse => Problem::warning(place, format!("this code is not in use in {}", filling.year))
            .hint("check the code against the year's guidance; it was counted as it stands"),
        Fault::OutOfBounds => {
            let ColumnType::Number { min, max } = &column.kind else { unreachable!("only number columns have bounds") };
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
                ColumnType::Number { .. } => "a number such as 17 or 17.3; leave the cell blank where there is none",
                _ => "see the column's description",
            };
            Problem::error(place, format!("this is not {kind}{left}")).hint(hint)
        }
        Fault::ErrorValue => Problem::error(place, format!("the cell holds an Excel error{left}"))
            .hint("mend its formula, or type the value"),
        Fault::Uncalculated => {
            Problem::error(place, format!("the cell holds a formula that was never calculated{left}"))
                .hint("open the workbook in Excel and save it, so that the values are stored")
        }
        Fault::Missing => Problem::error(place, format!("{} must be filled in{left}", column.name)),
    };
    let problem = problem.column(&column.name);
    if value.is_empty() { problem } else { problem.value(value) }
}
