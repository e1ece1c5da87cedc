//! A list's records, kept by column: millions of cells are counted without looking at any of them
//! twice.

use std::cell::OnceCell;
use std::collections::HashMap;

use indexmap::IndexSet;

use crate::definitions::{List, plain};
use crate::nouns::period::Day;
use crate::nouns::problem::{CellAddress, Place};

/// A blank text cell.
pub const BLANK_TEXT: u32 = u32::MAX;
/// A blank date cell.
pub const BLANK_DAY: i32 = i32::MIN;

/// Different texts; a text's number is its position.
pub type Texts = IndexSet<Box<str>, foldhash::fast::FixedState>;
/// Numbers given to the keys of linked lists.
pub type Keys = IndexSet<Box<str>, foldhash::fast::FixedState>;

/// No key: where a record leads to nothing. One less than the largest number, since the one after a
/// key is looked at too.
pub const NO_KEY: u32 = u32::MAX - 1;

/// One column of a list; blanks are `BLANK_TEXT`, `BLANK_DAY` and NaN.
#[derive(Debug, Clone)]
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
#[derive(Debug, Clone)]
pub struct Part {
    /// The sheet.
    pub place: Place,
    /// The list's columns.
    pub columns: Vec<ColumnData>,
    /// In which column the sheet has each of them.
    pub at: Vec<Option<u16>>,
    /// The row of each record, from 0.
    pub rows: Vec<u32>,
    /// Cells that hold something else than their column does: the record, and the list's column.
    pub refused: Vec<(u32, u16)>,
    /// Rows that cannot be counted, as far as they can be read: for rules, which see them.
    pub left_out: Option<Box<Part>>,
    /// Whether the sheet says in words that it has none.
    pub says_none: bool,
}

/// All records of a list.
#[derive(Debug, Clone)]
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
    /// How many records can be counted: those that were left out stand behind them.
    counted: usize,
    left_out: Vec<Part>,
    refused: Vec<(u32, u16)>,
}

/// Which records have a key: the records sorted by key, and where each key's begin.
#[derive(Debug, Clone)]
struct KeyIndex {
    starts: Vec<u32>,
    records: Vec<u32>,
}

impl Records {
    /// The records of one sheet.
    pub fn new(part: Part) -> Self {
        Records {
            counted: part.rows.len(),
            columns: part.columns,
            rows: part.rows,
            parts: vec![(0, part.place, part.at)],
            keys: Vec::new(),
            key_count: 0,
            index: OnceCell::new(),
            left_out: part.left_out.map(|left_out| *left_out).into_iter().collect(),
            refused: part.refused,
        }
    }

    /// How many records there are to count.
    pub fn len(&self) -> usize {
        self.counted
    }

    /// How many there are with those that were left out, which come last.
    pub fn len_with_left_out(&self) -> usize {
        self.rows.len()
    }

    /// The records of which a column holds something else than it should.
    pub fn refused(&self, column: usize) -> impl Iterator<Item = u32> {
        self.refused
            .iter()
            .filter(move |(_, c)| usize::from(*c) == column)
            .map(|(record, _)| *record)
    }

    /// Whether the list has no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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

    /// How many sheets the records are from.
    pub fn part_count(&self) -> usize {
        self.parts.len()
    }

    /// Which of the sheets a record is from.
    pub fn part_of(&self, record: usize) -> usize {
        self.parts.partition_point(|(from, ..)| *from <= record) - 1
    }

    /// A sheet that records are from.
    pub fn part_place(&self, part: usize) -> &Place {
        &self.parts[part].1
    }

    /// Whether two records hold the same in every column.
    pub fn same(&self, one: usize, other: usize) -> bool {
        (0..self.columns.len()).all(|column| self.alike(one, other, column))
    }

    /// Whether two records hold the same in a column.
    pub fn alike(&self, one: usize, other: usize, column: usize) -> bool {
        self.field(one, column) == self.field(other, column)
    }

    /// Puts another day into a field.
    pub fn put_day(&mut self, record: usize, column: usize, day: Day) {
        if let ColumnData::Day(days) = &mut self.columns[column] {
            days[record] = day.0;
        }
    }

    /// Puts another text into a field.
    pub fn put_text(&mut self, record: usize, column: usize, text: &str) {
        if let ColumnData::Text { ids, texts } = &mut self.columns[column] {
            ids[record] = texts.insert_full(text.into()).0 as u32;
        }
    }

    /// A record for each chain of records, at the place of its first, with some of the columns: for
    /// each whether it is taken from the chain's last record. Chains come in order of their first.
    pub fn chained(&self, chains: &[(u32, u32)], columns: &[(usize, bool)]) -> Records {
        let mut made = self.clone();
        for (column, _) in columns.iter().filter(|(_, of_last)| *of_last) {
            for (first, last) in chains {
                let (first, last) = (*first as usize, *last as usize);
                match (&mut made.columns[*column], &self.columns[*column]) {
                    (ColumnData::Text { ids: to, .. }, ColumnData::Text { ids, .. }) => {
                        to[first] = ids[last]
                    }
                    (ColumnData::Number(to), ColumnData::Number(from)) => to[first] = from[last],
                    (ColumnData::Day(to), ColumnData::Day(from)) => to[first] = from[last],
                    _ => {}
                }
            }
        }
        let mut kept = vec![false; self.len_with_left_out()];
        chains.iter().for_each(|(first, _)| kept[*first as usize] = true);
        made.keep(&kept);
        made.refused.clear();
        made.columns = columns.iter().map(|(column, _)| made.columns[*column].clone()).collect();
        for (_, _, at) in &mut made.parts {
            *at = columns.iter().map(|(column, _)| at[*column]).collect();
        }
        made
    }

    /// The record in a row of a sheet.
    pub fn at(&self, place: &Place) -> Option<u32> {
        let row = place.cell?.row;
        let here = self.parts.iter().enumerate().filter(|(_, part)| is_of(part, place));
        here.into_iter().find_map(|(index, (from, ..))| {
            let to = self.parts.get(index + 1).map_or(self.rows.len(), |(next, ..)| *next);
            let within = self.rows[*from..to].binary_search(&row).ok()?;
            Some((from + within) as u32)
        })
    }

    /// Whether records of it stand on the sheet of a place.
    pub fn stands_on(&self, place: &Place) -> bool {
        self.parts.iter().any(|part| is_of(part, place))
    }

    /// Which of the list's columns a cell of its sheets is in.
    pub fn column_at(&self, place: &Place) -> Option<usize> {
        let cell = place.cell?;
        let mut here = self.parts.iter().filter(|part| is_of(part, place));
        here.find_map(|(_, _, at)| at.iter().position(|col| *col == Some(cell.col)))
    }

    /// The records of some keys by themselves, but for those that are left out, which stand in
    /// order.
    pub fn of_keys(&self, keys: &[u32], left_out: &[u32]) -> Records {
        let mut chosen: Vec<u32> =
            keys.iter().flat_map(|key| self.with_key(*key)).copied().collect();
        chosen.retain(|record| left_out.binary_search(record).is_err());
        chosen.sort_unstable();
        self.some(&chosen)
    }

    /// Some of the records by themselves, with no more texts than they use.
    pub fn some(&self, chosen: &[u32]) -> Records {
        let columns = self.columns.iter().map(|column| some_of(column, chosen)).collect();
        let (_, place, at) = self.parts[0].clone();
        let rows = chosen.iter().map(|record| self.rows[*record as usize]).collect();
        Records::new(Part {
            place,
            columns,
            at,
            rows,
            refused: Vec::new(),
            left_out: None,
            says_none: false,
        })
    }

    /// Takes some records out.
    pub fn leave_out(&mut self, these: &[u32]) {
        let mut kept = vec![true; self.len_with_left_out()];
        these.iter().for_each(|record| kept[*record as usize] = false);
        self.keep(&kept);
    }

    /// Keeps the records that are marked, in their order: those that were left out too.
    pub fn keep(&mut self, kept: &[bool]) {
        let some = |n: usize| kept[..n].iter().filter(|kept| **kept).count();
        for (from, ..) in &mut self.parts {
            *from = some(*from);
        }
        retain(&mut self.rows, kept);
        retain(&mut self.keys, kept);
        for column in &mut self.columns {
            match column {
                ColumnData::Absent => {}
                ColumnData::Text { ids, .. } => retain(ids, kept),
                ColumnData::Number(numbers) => retain(numbers, kept),
                ColumnData::Day(days) => retain(days, kept),
            }
        }
        self.counted = some(self.counted);
        self.refused.retain(|(record, _)| kept[*record as usize]);
        for (record, _) in &mut self.refused {
            *record = some(*record as usize) as u32;
        }
        self.index = OnceCell::new();
    }

    /// The sheet of the first record.
    pub fn first_place(&self) -> &Place {
        &self.parts[0].1
    }

    /// The records that have a key, in the list's order.
    pub fn with_key(&self, key: u32) -> &[u32] {
        let index = self.index.get_or_init(|| {
            let counted = &self.keys[..self.counted];
            let mut starts = vec![0u32; self.key_count + 1];
            for key in counted {
                starts[*key as usize + 1] += 1;
            }
            for key in 0..self.key_count {
                starts[key + 1] += starts[key];
            }
            let mut next = starts.clone();
            let mut records = vec![0; counted.len()];
            for (record, key) in counted.iter().enumerate() {
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

    /// For each record the number of the key that stands in a column, among the keys of a reference
    /// list: `NO_KEY` where it has none such. Keys are compared without case and spaces.
    pub fn led_to(&self, column: usize, theirs: &Records, key: usize) -> Vec<u32> {
        let ColumnData::Text { ids, texts } = &self.columns[column] else {
            return vec![NO_KEY; self.rows.len()];
        };
        let meant = theirs.keys_meant(key, texts);
        let key_of = |id: &u32| meant.get(*id as usize).copied().flatten().unwrap_or(NO_KEY);
        ids.iter().map(key_of).collect()
    }

    /// For each of some texts the number of the key that it is, where it is one. Keys are compared
    /// without case and spaces.
    pub fn keys_meant(&self, key: usize, texts: &Texts) -> Vec<Option<u32>> {
        let ColumnData::Text { ids, texts: names } = &self.columns[key] else {
            return vec![None; texts.len()];
        };
        let by_name: HashMap<String, u32> = ids
            .iter()
            .zip(&self.keys)
            .filter(|(id, _)| **id != BLANK_TEXT)
            .map(|(id, key)| (plain(&names[*id as usize]), *key))
            .collect();
        texts.iter().map(|text| by_name.get(&plain(text)).copied()).collect()
    }

    /// The row of a record, from 0.
    pub fn row(&self, record: usize) -> u32 {
        self.rows[record]
    }

    /// Where a record stands: the cell of the column, or of the key column where the sheet has it
    /// not.
    pub fn place(&self, record: usize, column: usize) -> Place {
        let CellAddress { row, col } = self.cell_of(record, column);
        self.sheet_of(record).0.at(row, col)
    }

    /// The same, but for the sheet.
    pub fn cell_of(&self, record: usize, column: usize) -> CellAddress {
        let (_, at) = self.sheet_of(record);
        let col = at[column].or_else(|| at.iter().flatten().next().copied()).unwrap_or(0);
        CellAddress { row: self.rows[record], col }
    }

    /// The cell of a column; nothing where the record's sheet has no such column.
    pub fn cell(&self, record: usize, column: usize) -> Option<CellAddress> {
        let (_, at) = self.sheet_of(record);
        at[column].map(|col| CellAddress::new(self.rows[record], col))
    }

    /// The sheet that a record stands on, and where its columns are there.
    pub fn sheet_of(&self, record: usize) -> (&Place, &[Option<u16>]) {
        let part = self.parts.iter().rev().find(|(from, ..)| *from <= record);
        let (_, place, at) = part.expect("the first part begins at record 0");
        (place, at)
    }

    /// How many records there are of each key.
    pub fn of_each_key(&self) -> Vec<u32> {
        let mut counts = vec![0; self.key_count];
        for key in &self.keys {
            counts[*key as usize] += 1;
        }
        counts
    }

    /// How many pairs of records have the same key, each record with itself as well.
    pub fn pairs(&self) -> u64 {
        let each = self.of_each_key().into_iter().map(u64::from);
        each.map(|records| records * records).fold(0, u64::saturating_add)
    }

    /// Says how many keys there are once all linked lists have theirs.
    pub fn set_key_count(&mut self, count: usize) {
        self.key_count = count;
    }

    /// Adds the rows of another sheet.
    pub fn append(&mut self, mut part: Part) {
        self.left_out.extend(part.left_out.take().map(|left_out| *left_out));
        self.put_behind(part);
        self.counted = self.rows.len();
    }

    /// Puts the rows that were left out behind the others, once all sheets are read.
    pub fn settle(&mut self) {
        for part in std::mem::take(&mut self.left_out) {
            self.put_behind(part);
        }
    }

    fn put_behind(&mut self, part: Part) {
        let before = self.rows.len();
        let added = part.rows.len();
        for (mine, theirs) in self.columns.iter_mut().zip(part.columns) {
            append_column(mine, theirs, before, added);
        }
        self.rows.extend(part.rows);
        self.refused.extend(part.refused.iter().map(|(r, column)| (r + before as u32, *column)));
        self.parts.push((before, part.place, part.at));
    }

    /// Numbers the keys so that equal keys of linked lists are equal numbers.
    pub fn number_keys(&mut self, list: &List, numbers: &mut Keys) {
        let column =
            list.column(&list.key).expect("the script room checks that the key is a column");
        let ColumnData::Text { ids, texts } = &self.columns[column] else { return };
        let shared: Vec<u32> = texts
            .iter()
            .map(|text| {
                numbers.get_index_of(text).unwrap_or_else(|| numbers.insert_full(text.clone()).0)
                    as u32
            })
            .collect();
        self.keys = ids.iter().map(|id| shared[*id as usize]).collect();
    }
}

/// Whether a sheet of a list is the one that a place is on.
fn is_of((_, sheet, _): &(usize, Place, Vec<Option<u16>>), place: &Place) -> bool {
    (&sheet.file, &sheet.sheet) == (&place.file, &place.sheet)
}

/// A column's fields of some records.
fn some_of(column: &ColumnData, chosen: &[u32]) -> ColumnData {
    match column {
        ColumnData::Absent => ColumnData::Absent,
        ColumnData::Text { ids, texts: all } => {
            let mut texts = Texts::default();
            let ids = chosen.iter().map(|record| match ids[*record as usize] {
                BLANK_TEXT => BLANK_TEXT,
                id => texts.insert_full(all[id as usize].clone()).0 as u32,
            });
            let ids = ids.collect();
            ColumnData::Text { ids, texts }
        }
        ColumnData::Number(numbers) => {
            ColumnData::Number(chosen.iter().map(|record| numbers[*record as usize]).collect())
        }
        ColumnData::Day(days) => {
            ColumnData::Day(chosen.iter().map(|record| days[*record as usize]).collect())
        }
    }
}

/// Keeps what is marked; a vector that is not filled yet stays empty.
fn retain<T>(values: &mut Vec<T>, kept: &[bool]) {
    let mut at = 0;
    values.retain(|_| {
        at += 1;
        kept[at - 1]
    });
}

/// Puts one sheet's column behind another's; where one lacks it, its records are blank.
fn append_column(mine: &mut ColumnData, theirs: ColumnData, before: usize, added: usize) {
    match (&mut *mine, theirs) {
        (ColumnData::Absent, ColumnData::Absent) => {}
        (ColumnData::Text { ids, texts }, ColumnData::Text { ids: more, texts: new }) => {
            let moved: Vec<u32> =
                new.into_iter().map(|text| texts.insert_full(text).0 as u32).collect();
            ids.extend(
                more.iter()
                    .map(|id| if *id == BLANK_TEXT { BLANK_TEXT } else { moved[*id as usize] }),
            );
        }
        (ColumnData::Number(mine), ColumnData::Number(theirs)) => mine.extend(theirs),
        (ColumnData::Day(mine), ColumnData::Day(theirs)) => mine.extend(theirs),
        (ColumnData::Text { ids, .. }, _) => ids.extend(std::iter::repeat_n(BLANK_TEXT, added)),
        (ColumnData::Number(numbers), _) => numbers.extend(std::iter::repeat_n(f64::NAN, added)),
        (ColumnData::Day(days), _) => days.extend(std::iter::repeat_n(BLANK_DAY, added)),
        (ColumnData::Absent, mut theirs) => {
            match &mut theirs {
                ColumnData::Absent => {}
                ColumnData::Text { ids, .. } => {
                    drop(ids.splice(0..0, std::iter::repeat_n(BLANK_TEXT, before)))
                }
                ColumnData::Number(numbers) => {
                    drop(numbers.splice(0..0, std::iter::repeat_n(f64::NAN, before)))
                }
                ColumnData::Day(days) => {
                    drop(days.splice(0..0, std::iter::repeat_n(BLANK_DAY, before)))
                }
            }
            *mine = theirs;
        }
    }
}
