//! The cells of a sheet of a workbook (`.xlsx`), as they come.
//!
//! Nearly every cell is written in one of a few ways, which are known at a glance ([`Plain`]); any
//! other is read element by element. Both give the same.

use std::io::Read;

use super::strings::{plain_text, rich_text, unescaped};
use super::{Known, is_true};
use crate::intake::read::number_format::NumberFormat;
use crate::intake::read::sheet::{Sheet, Value, damaged, is_blank};
use crate::intake::read::xml::{Tag, Token, Xml};
use crate::nouns::period::{Day, YEARS};
use crate::nouns::problem::{MOST_COLUMNS, MOST_ROWS, Problem};

/// Reads a sheet's cells, which of its rows are hidden, and which cells are merged.
pub fn read(mut xml: Xml<impl Read>, known: &Known, sheet: &mut Sheet) -> Result<(), Problem> {
    let mut cells = Cells {
        known,
        sheet,
        row: None,
        column: None,
        written: 0,
        shown: 0,
        value: String::new(),
        text: String::new(),
    };
    match xml.next()? {
        Token::Open(tag) if tag.local_name() == "worksheet" => {}
        _ => return Err(xml.damaged("there is no sheet")),
    }
    loop {
        let part = match xml.next()? {
            Token::Open(tag) => Part::of(tag.local_name()),
            Token::Text(text) if !is_blank(&text) => return Err(stray(&xml)),
            Token::End => return Ok(()),
            _ => continue,
        };
        match part {
            Part::Rows => cells.rows(&mut xml)?,
            Part::Merged => cells.merged(&mut xml)?,
            Part::Other => xml.skip()?,
        }
    }
}

/// A part of a sheet.
enum Part {
    Rows,
    Merged,
    Other,
}

impl Part {
    fn of(name: &str) -> Part {
        match name {
            "sheetData" => Part::Rows,
            "mergeCells" => Part::Merged,
            _ => Part::Other,
        }
    }
}

/// What a cell says of itself.
#[derive(Default)]
struct Head {
    column: Option<u32>,
    style: Option<usize>,
    kind: Kind,
}

/// What kind of value a cell holds.
#[derive(Default, Clone, Copy, PartialEq)]
enum Kind {
    #[default]
    Number,
    /// The number of a shared text.
    Shared,
    /// The text that a formula gave.
    Given,
    /// A text within the cell.
    Inline,
    Bool,
    Error,
    Date,
}

/// What a cell holds beside its head; the texts lie with [`Cells`].
#[derive(Default)]
struct Body {
    value: bool,
    formula: bool,
    text: bool,
}

/// An element of a cell.
#[derive(Clone, Copy)]
enum Inner {
    Value,
    Formula,
    Text,
    Other,
}

impl Inner {
    fn of(name: &str) -> Inner {
        match name {
            "v" => Inner::Value,
            "f" => Inner::Formula,
            "is" => Inner::Text,
            _ => Inner::Other,
        }
    }
}

struct Cells<'a> {
    known: &'a Known<'a>,
    sheet: &'a mut Sheet,
    /// The row and the column that were read last, from 0.
    row: Option<u32>,
    column: Option<u32>,
    /// How many cells of the row were written, blank ones too.
    written: usize,
    /// How many bytes the shared texts of the row have.
    shown: usize,
    value: String,
    text: String,
}

impl<'a> Cells<'a> {
    fn rows(&mut self, xml: &mut Xml<impl Read>) -> Result<(), Problem> {
        loop {
            let hidden = match xml.next()? {
                Token::Open(tag) => match tag.local_name() {
                    "row" => Some(self.begin_row(&tag)?),
                    "c" => return Err(self.damaged("a cell lies outside its row")),
                    _ => None,
                },
                Token::Text(text) if !is_blank(&text) => return Err(stray(xml)),
                Token::Text(_) => continue,
                Token::Close | Token::End => return Ok(()),
            };
            let Some(hidden) = hidden else {
                xml.skip()?;
                continue;
            };
            let before = self.sheet.len();
            self.cells_of_row(xml)?;
            let filled = self.sheet.len() - before;
            if let (true, true, Some(row)) = (hidden, filled > 0, self.row) {
                self.sheet.hide_row(row);
            }
            self.known.spent.cells(filled, self.written - filled)?;
            self.known.spent.texts(self.shown)?;
        }
    }

    fn damaged(&self, what: &str) -> Problem {
        damaged(self.sheet.place.clone(), what)
    }

    fn damaged_at(&self, row: u32, column: u32, what: &str) -> Problem {
        damaged(self.sheet.place.at(row, column as u16), what)
    }

    /// A row begins; says whether it is hidden.
    fn begin_row(&mut self, tag: &Tag) -> Result<bool, Problem> {
        let mut row = self.row.map_or(0, |row| row + 1);
        let mut hidden = false;
        for attribute in tag.attributes() {
            match attribute? {
                ("r", number) => {
                    row = row_number(number.trim().as_bytes()).ok_or_else(|| {
                        self.damaged("a row's number is not one that a sheet can have")
                    })?;
                }
                ("hidden", value) => hidden = is_true(&value),
                _ => {}
            }
        }
        if row >= MOST_ROWS {
            return Err(self.damaged("a row lies outside the sheet"));
        }
        if self.row.is_some_and(|last| last >= row) {
            return Err(self.damaged("rows stand out of order, or twice"));
        }
        (self.row, self.column) = (Some(row), None);
        (self.written, self.shown) = (0, 0);
        Ok(hidden)
    }

    fn cells_of_row(&mut self, xml: &mut Xml<impl Read>) -> Result<(), Problem> {
        let row = self.row.expect("a row has begun");
        loop {
            let ahead = xml.ahead()?;
            let mut passed = 0;
            while let Some((plain, length)) = Plain::of(&ahead[passed..], row) {
                self.push_plain(row, &plain)?;
                passed += length;
            }
            xml.pass(passed);
            let head = match xml.next()? {
                Token::Open(tag) if tag.local_name() == "c" => Some(self.head(&tag, row)?),
                Token::Open(tag) if tag.local_name() == "row" => {
                    return Err(self.damaged("a row lies within a row"));
                }
                Token::Open(_) => None,
                Token::Text(text) if !is_blank(&text) => return Err(stray(xml)),
                Token::Text(_) => continue,
                Token::Close | Token::End => return Ok(()),
            };
            match head {
                Some(head) => self.cell(xml, row, &head)?,
                None => xml.skip()?,
            }
        }
    }

    fn head(&self, tag: &Tag, row: u32) -> Result<Head, Problem> {
        let mut head = Head::default();
        for attribute in tag.attributes() {
            let (name, value) = attribute?;
            match name {
                "r" => {
                    let (column, own) = address(value.trim().as_bytes()).ok_or_else(|| {
                        self.damaged("a cell's address is not one that a sheet can have")
                    })?;
                    if own != row {
                        return Err(self.damaged("a cell stands in another row than it says"));
                    }
                    head.column = Some(column);
                }
                "s" => {
                    let style = value.trim().parse();
                    head.style =
                        Some(style.map_err(|_| self.damaged("a cell has no proper format"))?);
                }
                "t" => {
                    head.kind = match value.trim() {
                        "n" => Kind::Number,
                        "s" => Kind::Shared,
                        "str" => Kind::Given,
                        "inlineStr" => Kind::Inline,
                        "b" => Kind::Bool,
                        "e" => Kind::Error,
                        "d" => Kind::Date,
                        _ => return Err(self.damaged("a cell is of a type that is not known")),
                    }
                }
                _ => {}
            }
        }
        Ok(head)
    }

    /// Goes to a cell: the one that is named, else the one after the last.
    fn go_to(&mut self, row: u32, column: Option<u32>) -> Result<u32, Problem> {
        let column = column.unwrap_or_else(|| self.column.map_or(0, |last| last + 1));
        if column >= u32::from(MOST_COLUMNS) {
            return Err(self.damaged("a cell lies outside the sheet"));
        }
        if self.column.is_some_and(|last| last >= column) {
            let what = "cells of a row stand out of order, or twice";
            return Err(self.damaged_at(row, column, what));
        }
        self.column = Some(column);
        self.written += 1;
        Ok(column)
    }

    /// The format that a cell names; none where the workbook has none at all.
    fn format(
        &self,
        row: u32,
        column: u32,
        style: Option<usize>,
    ) -> Result<Option<&'a NumberFormat>, Problem> {
        let formats = self.known.formats;
        match style {
            None => Ok(formats.first()),
            Some(0) if formats.is_empty() => Ok(None),
            Some(style) => formats.get(style).map(Some).ok_or_else(|| {
                self.damaged_at(row, column, "a cell points to a format that is not there")
            }),
        }
    }

    fn push_plain(&mut self, row: u32, plain: &Plain) -> Result<(), Problem> {
        let column = self.go_to(row, Some(plain.column))?;
        let format = self.format(row, column, plain.style)?;
        match plain.value {
            PlainValue::Blank => Ok(()),
            PlainValue::Shared(number) => self.push_shared(row, column, number),
            PlainValue::Number(number) => self.push_number(row, column, format, number),
            PlainValue::Text("") => Ok(()),
            PlainValue::Text(text) => self.sheet.push(row, column, Value::Text(text), false),
        }
    }

    fn push_number(
        &mut self,
        row: u32,
        column: u32,
        format: Option<&NumberFormat>,
        number: f64,
    ) -> Result<(), Problem> {
        let looks = format.map(|format| format.looks(number)).unwrap_or_default();
        self.sheet.push_number(row, column, number, looks, self.known.from_1904)
    }

    fn push_shared(&mut self, row: u32, column: u32, number: usize) -> Result<(), Problem> {
        let bytes = self.sheet.push_shared(row, column, number)?;
        let what = "a cell points to a text that is not there";
        self.shown += bytes.ok_or_else(|| self.damaged_at(row, column, what))?;
        Ok(())
    }

    /// Reads a cell element by element.
    fn cell(&mut self, xml: &mut Xml<impl Read>, row: u32, head: &Head) -> Result<(), Problem> {
        let column = self.go_to(row, head.column)?;
        let format = self.format(row, column, head.style)?;
        let body = self.body(xml, row, column)?;
        let fault = |what| Err(self.damaged_at(row, column, what));
        let value = self.value.trim_matches(|c: char| c.is_ascii_whitespace());
        // A formula that gave an empty text is blank; one that gave nothing was never worked out.
        let given = match head.kind {
            Kind::Given => body.value,
            Kind::Inline => body.text,
            _ => !value.is_empty(),
        };
        if !given && body.formula {
            return self.sheet.push(row, column, Value::Uncalculated, false);
        }
        if body.text && head.kind != Kind::Inline {
            return fault("a cell holds a text and says that it holds none");
        }
        let value = match head.kind {
            Kind::Number | Kind::Shared if !given && (body.value || head.kind == Kind::Number) => {
                return Ok(());
            }
            // Some programs write blank cells so.
            Kind::Shared | Kind::Given | Kind::Inline if !given && !body.value => Value::NoText,
            _ if !given => return fault("a cell lacks the value that it says it has"),
            Kind::Number => match number(value.as_bytes()) {
                Some(number) => return self.push_number(row, column, format, number),
                None => return fault("a number is not one"),
            },
            Kind::Shared => match whole_number(value.as_bytes()) {
                Some(number) => return self.push_shared(row, column, number),
                None => return fault("a cell points to a text that is not there"),
            },
            Kind::Bool => match value {
                "1" | "true" => Value::Bool(true),
                "0" | "false" => Value::Bool(false),
                _ => return fault("a cell is neither true nor false"),
            },
            Kind::Error if value.starts_with('#') && value.len() <= LONGEST_ERROR => {
                Value::Error(value)
            }
            Kind::Error => return fault("an error is none that Excel knows"),
            Kind::Date => day_of(value).map_or(Value::Text(value), Value::Date),
            Kind::Given => {
                let text = unescaped(&self.value);
                if is_blank(&text) {
                    return Ok(());
                }
                return self.sheet.push(row, column, Value::Text(&text), false);
            }
            Kind::Inline if is_blank(&self.text) => return Ok(()),
            Kind::Inline => Value::Text(&self.text),
        };
        self.sheet.push(row, column, value, false)
    }

    /// What the cell holds that has just begun.
    fn body(&mut self, xml: &mut Xml<impl Read>, row: u32, column: u32) -> Result<Body, Problem> {
        let mut body = Body::default();
        self.value.clear();
        self.text.clear();
        loop {
            let inner = match xml.next()? {
                Token::Open(tag) => Inner::of(tag.local_name()),
                Token::Text(text) if !is_blank(&text) => return Err(stray(xml)),
                Token::Text(_) => continue,
                Token::Close | Token::End => return Ok(body),
            };
            let twice = match inner {
                Inner::Value => std::mem::replace(&mut body.value, true),
                Inner::Formula => std::mem::replace(&mut body.formula, true),
                Inner::Text => std::mem::replace(&mut body.text, true),
                Inner::Other => false,
            };
            if twice {
                return Err(self.damaged_at(row, column, "a cell holds two values"));
            }
            match inner {
                Inner::Value => plain_text(xml, &mut self.value)?,
                Inner::Text => rich_text(xml, &mut self.text)?,
                Inner::Formula | Inner::Other => xml.skip()?,
            }
        }
    }

    /// Which cells are merged.
    fn merged(&mut self, xml: &mut Xml<impl Read>) -> Result<(), Problem> {
        let inside = xml.depth();
        loop {
            let depth = xml.depth();
            match xml.next()? {
                Token::Open(tag) if tag.local_name() == "mergeCell" => {
                    for attribute in tag.attributes() {
                        let ("ref", range) = attribute? else { continue };
                        let (first, last) = range.split_once(':').unwrap_or((&range, &range));
                        let corners =
                            address(first.trim().as_bytes()).zip(address(last.trim().as_bytes()));
                        let Some(((left, top), (right, bottom))) = corners else {
                            return Err(self.damaged("cells are merged that no sheet can have"));
                        };
                        self.sheet.merge((top, left as u16), (bottom, right as u16));
                        self.known.spent.cells(0, 1)?;
                    }
                }
                Token::Open(_) | Token::Text(_) => {}
                Token::Close if depth == inside => return Ok(()),
                Token::Close => {}
                Token::End => return Ok(()),
            }
        }
    }
}

/// The longest name of an error.
const LONGEST_ERROR: usize = 32;

fn stray(xml: &Xml<impl Read>) -> Problem {
    xml.damaged("a text stands where none can")
}

fn day_of(text: &str) -> Option<Day> {
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    YEARS.contains(&date.year()).then(|| Day::from_date(date))
}

/// A row's number as it is written, from 0.
fn row_number(text: &[u8]) -> Option<u32> {
    let number = whole_number(text).filter(|_| text.len() <= 7)? as u32;
    (1..=MOST_ROWS).contains(&number).then(|| number - 1)
}

/// A column and a row, from 0: `B7` is 1 and 6.
fn address(text: &[u8]) -> Option<(u32, u32)> {
    let text: Vec<u8> = text.iter().filter(|b| **b != b'$').copied().collect();
    let letters = text.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let column = column_number(&text[..letters])?;
    Some((column, row_number(&text[letters..])?))
}

fn column_number(letters: &[u8]) -> Option<u32> {
    if !(1..=3).contains(&letters.len()) {
        return None;
    }
    let number =
        letters.iter().fold(0, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    (number <= u32::from(MOST_COLUMNS)).then(|| number - 1)
}

/// A whole number of up to nine digits.
fn whole_number(text: &[u8]) -> Option<usize> {
    let digits = (1..=9).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    digits.then(|| text.iter().fold(0, |n, b| n * 10 + usize::from(b - b'0')))
}

/// A number as workbooks write it: `-12.5E-3`, but not `inf`.
fn number(text: &[u8]) -> Option<f64> {
    if let Some(whole) = whole_number(text) {
        return Some(whole as f64);
    }
    let letters = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E');
    let text = std::str::from_utf8(text).ok().filter(|t| t.bytes().all(|b| letters(&b)))?;
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A cell as most programs write it: `<c r="B7" s="2" t="s"><v>17</v></c>`, or
/// `<c r="B7" t="inlineStr"><is><t>M</t></is></c>`.
struct Plain<'t> {
    column: u32,
    style: Option<usize>,
    value: PlainValue<'t>,
}

enum PlainValue<'t> {
    Blank,
    Shared(usize),
    Number(f64),
    Text(&'t str),
}

/// Texts of a cell's own that are longer are read as any other.
const LONGEST_PLAIN: usize = 64;

impl<'t> Plain<'t> {
    /// The cell that the text begins with, and how long it is; nothing where it is written in any
    /// other way, or not in that row.
    fn of(text: &'t [u8], row: u32) -> Option<(Plain<'t>, usize)> {
        let all = text.len();
        let rest = text.strip_prefix(b"<c r=\"")?;
        let letters = rest.iter().take(4).take_while(|b| b.is_ascii_uppercase()).count();
        let column = column_number(&rest[..letters])?;
        let (own, rest) = digits(&rest[letters..])?;
        if own != row as usize + 1 {
            return None;
        }
        let mut rest = rest.strip_prefix(b"\"")?;
        let mut style = None;
        if let Some(behind) = rest.strip_prefix(b" s=\"") {
            let (number, behind) = digits(behind)?;
            (style, rest) = (Some(number), behind.strip_prefix(b"\"")?);
        }
        if let Some(behind) = rest.strip_prefix(b"/>").or_else(|| rest.strip_prefix(b" />")) {
            return Some((Plain { column, style, value: PlainValue::Blank }, all - behind.len()));
        }
        let (value, rest) = if let Some(rest) = rest.strip_prefix(b" t=\"s\"><v>") {
            let (number, rest) = digits(rest)?;
            (PlainValue::Shared(number), rest.strip_prefix(b"</v></c>")?)
        } else if let Some(rest) = rest.strip_prefix(b" t=\"inlineStr\"><is><t>") {
            let (text, rest) = plain_letters(rest)?;
            (PlainValue::Text(text), rest.strip_prefix(b"</t></is></c>")?)
        } else {
            let rest = rest.strip_prefix(b" t=\"n\"").unwrap_or(rest).strip_prefix(b"><v>")?;
            let length = rest.iter().take(32).position(|b| *b == b'<')?;
            let number = number(&rest[..length])?;
            (PlainValue::Number(number), rest[length..].strip_prefix(b"</v></c>")?)
        };
        Some((Plain { column, style, value }, all - rest.len()))
    }
}

/// The letters that a text begins with up to the next tag, where each stands for itself.
fn plain_letters(text: &[u8]) -> Option<(&str, &[u8])> {
    let stands_for_itself =
        |b: &u8| matches!(b, b' '..=b'~') && !matches!(b, b'<' | b'>' | b'&' | b'_');
    let length = text.iter().take(LONGEST_PLAIN).position(|b| !stands_for_itself(b))?;
    let (letters, rest) = text.split_at(length);
    // Whether spaces at the ends count, the text's tag would say.
    let letters = std::str::from_utf8(letters).ok().filter(|letters| letters.trim() == *letters)?;
    Some((letters, rest))
}

/// The digits that a text begins with, nine at most, and what follows them.
fn digits(text: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for (at, byte) in text.iter().enumerate().take(10) {
        if !byte.is_ascii_digit() {
            return (at > 0).then_some((number, &text[at..]));
        }
        number = number * 10 + usize::from(byte - b'0');
    }
    None
}
