//! Records of kind, length and content, and what goes on in several of them.

use crate::intake::read::Limits;
use crate::intake::read::book::{Book, Texts};
use crate::intake::read::bytes::{push_utf16, u16_at};
use crate::intake::read::sheet::damaged;
use crate::nouns::problem::{Place, Problem};

/// The kinds of records that matter here.
pub mod kind {
    pub const FORMULA: u16 = 0x0006;
    pub const END: u16 = 0x000A;
    pub const DATE_MODE: u16 = 0x0022;
    pub const PASSWORD: u16 = 0x002F;
    pub const CONTINUE: u16 = 0x003C;
    pub const CODE_PAGE: u16 = 0x0042;
    pub const SHEET: u16 = 0x0085;
    pub const PACKED_ROW: u16 = 0x00BD;
    pub const RICH_LABEL: u16 = 0x00D6;
    pub const MERGED: u16 = 0x00E5;
    pub const ROW: u16 = 0x0208;
    pub const CELL_FORMAT: u16 = 0x00E0;
    pub const SHARED_TEXTS: u16 = 0x00FC;
    pub const SHARED_LABEL: u16 = 0x00FD;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOLEAN_OR_ERROR: u16 = 0x0205;
    pub const FORMULA_TEXT: u16 = 0x0207;
    pub const PACKED: u16 = 0x027E;
    pub const FORMAT: u16 = 0x041E;
    pub const BEGIN: u16 = 0x0809;
}

/// A record: its kind and content.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    /// Its kind.
    pub kind: u16,
    /// What it holds.
    pub content: &'a [u8],
}

/// The records of a stream, one after the other.
pub struct Records<'a> {
    /// What was not read yet.
    pub rest: &'a [u8],
}

impl<'a> Records<'a> {
    /// The next record; none at the end.
    pub fn next(&mut self, file: &str) -> Result<Option<Record<'a>>, Problem> {
        let (Some(kind), Some(length)) = (u16_at(self.rest, 0), u16_at(self.rest, 2)) else {
            return Ok(None);
        };
        let end = 4 + usize::from(length);
        let content = self.rest.get(4..end);
        let content =
            content.ok_or_else(|| damaged(Place::file(file), "a record runs past its end"))?;
        self.rest = &self.rest[end..];
        Ok(Some(Record { kind, content }))
    }

    /// The contents of the records that continue the last one.
    pub fn continued(&mut self, file: &str) -> Result<Vec<&'a [u8]>, Problem> {
        let mut pieces = Vec::new();
        while u16_at(self.rest, 0) == Some(kind::CONTINUE) {
            pieces.extend(self.next(file)?.map(|record| record.content));
        }
        Ok(pieces)
    }
}

/// What is longer than a record may be, in pieces.
pub struct Pieces<'p> {
    rest: &'p [u8],
    more: std::slice::Iter<'p, &'p [u8]>,
}

impl<'p> Pieces<'p> {
    pub fn new(pieces: &'p [&'p [u8]]) -> Self {
        let mut more = pieces.iter();
        Pieces { rest: more.next().copied().unwrap_or_default(), more }
    }

    /// Goes on with the next piece where this one is used up; whether anything is left.
    fn left(&mut self) -> bool {
        while self.rest.is_empty() {
            let Some(next) = self.more.next() else { return false };
            self.rest = next;
        }
        true
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.left().then(|| {
            let byte = self.rest[0];
            self.rest = &self.rest[1..];
            byte
        })
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn long(&mut self) -> Option<u32> {
        Some(u32::from(self.short()?) | u32::from(self.short()?) << 16)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let some = if self.left() { bytes.min(self.rest.len()) } else { return None };
            self.rest = &self.rest[some..];
            bytes -= some;
        }
        Some(())
    }

    /// So many letters. Where they go on in another piece, its first byte says anew how wide they
    /// are.
    pub fn letters(&mut self, mut count: usize, mut wide: bool, text: &mut String) -> Option<()> {
        while count > 0 {
            if self.rest.is_empty() {
                wide = self.byte()? & 1 != 0;
            }
            let width = if wide { 2 } else { 1 };
            let some = count.min(self.rest.len() / width);
            // A letter of two bytes is never split.
            if some == 0 && !self.rest.is_empty() {
                return None;
            }
            push_letters(text, &self.rest[..some * width], wide);
            self.rest = &self.rest[some * width..];
            count -= some;
        }
        Some(())
    }

    /// The shared texts, up to the end: their number, which the file claims, is not trusted.
    pub fn texts(&mut self, texts: &mut Texts, limits: &Limits, file: &str) -> Result<(), Problem> {
        while self.left() {
            let mut sound = None;
            texts.add(|all| sound = self.shared_text(all));
            if sound.is_none() {
                return Err(damaged(Place::file(file), "its texts end too early"));
            }
            let book = Book::new(file, limits);
            book.texts_within(texts.bytes())?;
        }
        Ok(())
    }

    fn shared_text(&mut self, all: &mut String) -> Option<()> {
        let length = usize::from(self.short()?);
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { usize::from(self.short()?) } else { 0 };
        let extra = if flags & 4 != 0 { self.long()? as usize } else { 0 };
        self.letters(length, flags & 1 != 0, all)?;
        self.skip(runs * 4)?;
        self.skip(extra)
    }
}

/// Letters of one byte each are the first 256 of Unicode.
pub fn push_letters(text: &mut String, letters: &[u8], wide: bool) {
    if wide {
        push_utf16(text, letters);
    } else {
        text.extend(letters.iter().map(|byte| char::from(*byte)));
    }
}
