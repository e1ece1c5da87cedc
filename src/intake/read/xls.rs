//! Workbooks of Excel 5 to 2003 (`.xls`): records of kind, length and content, in a container.
//!
//! The container is opened by the `cfb` crate, which refuses sectors that go round in circles. Each
//! sheet is read within its own stretch of the stream, up to where the next one begins, so that no
//! two sheets can be made of the same records. Excel 97 to 2003 (BIFF8) writes Unicode, whatever
//! code page it names.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Read};

use super::Limits;
use super::book::{Book, Texts, error_numbered, packed_number};
use super::code_page::CodePage;
use super::number_format::Looks;
use super::package::{encrypted, not_a_workbook};
use super::sheet::{Sheet, Value, damaged, is_blank};
use crate::nouns::problem::{Place, Problem, Problems};

/// The kinds of records that matter here.
mod kind {
    pub const FORMULA: u16 = 0x0006;
    pub const END: u16 = 0x000A;
    pub const DATE_MODE: u16 = 0x0022;
    pub const PASSWORD: u16 = 0x002F;
    pub const CONTINUE: u16 = 0x003C;
    pub const CODE_PAGE: u16 = 0x0042;
    pub const SHEET: u16 = 0x0085;
    pub const PACKED_ROW: u16 = 0x00BD;
    pub const RICH_LABEL: u16 = 0x00D6;
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

/// Reads an old workbook in its container.
pub fn read(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
    problems: &mut Problems,
) -> Result<Vec<Sheet>, Problem> {
    read_stream(file, &workbook_stream(file, bytes, limits)?, limits, problems)
}

/// The stream that holds the workbook: at the root of the container. A workbook that is embedded in
/// another one stands further down.
fn workbook_stream(file: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Problem> {
    let place = || Place::file(file);
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes))
        .map_err(|_| damaged(place(), "it ends too early or its sectors are in disorder"))?;
    if container.is_stream("/EncryptedPackage") {
        return Err(encrypted(file));
    }
    let Some(name) = ["/Workbook", "/Book"].into_iter().find(|n| container.is_stream(n)) else {
        return Err(not_a_workbook(file, "it is an old Office file of another kind"));
    };
    let unreadable = |_| damaged(place(), "its sheets cannot be unpacked");
    let mut stream = Vec::new();
    let part = container.open_stream(name).map_err(unreadable)?;
    part.take(limits.part_bytes + 1).read_to_end(&mut stream).map_err(unreadable)?;
    if stream.len() as u64 > limits.part_bytes {
        let found = stream.len() as u64;
        return Err(limits.exceeded(file, "bytes in one part", found, limits.part_bytes));
    }
    Ok(stream)
}

/// Whether the bytes begin as a workbook does that Excel 2 to 4 wrote, without a container.
pub fn is_older(bytes: &[u8]) -> bool {
    matches!(bytes, [0x09, 0x00 | 0x02 | 0x04, 4 | 6 | 8, 0, _, _, 0x10 | 0x20 | 0x40, 0, ..])
        || matches!(bytes, [0x09, 0x00 | 0x02 | 0x04, 4 | 6 | 8, 0, _, _, 0x00, 0x01, ..])
}

/// Whether the bytes are a workbook's stream that stands for itself, as some programs write it.
pub fn is_bare_stream(bytes: &[u8]) -> bool {
    matches!(bytes, [0x09, 0x08, _, _, 0x00, 0x05 | 0x06, 0x05, 0x00, ..])
}

/// A workbook of a version of Excel that is too old.
pub fn too_old(file: &str) -> Problem {
    let hint = "open it in Excel or LibreOffice, save it as an Excel workbook (.xlsx) and use that";
    Problem::unreadable(
        file,
        "the workbook was made by a version of Excel that is too old (4 or older)",
    )
    .hint(hint)
}

/// Reads the stream of a workbook.
pub fn read_stream(
    file: &str,
    stream: &[u8],
    limits: &Limits,
    problems: &mut Problems,
) -> Result<Vec<Sheet>, Problem> {
    let workbook = Workbook::read(file, stream, limits, problems)?;
    let mut begins: Vec<usize> = workbook.tabs.iter().map(|tab| tab.begin).collect();
    begins.sort_unstable();
    let mut book = Book::new(file, limits);
    if workbook.tabs.len() > limits.parts {
        return Err(book.too_many("sheets", workbook.tabs.len(), limits.parts));
    }
    for (index, tab) in workbook.tabs.iter().enumerate() {
        let place = || Place::sheet(file, index, &*tab.name);
        match tab.kind {
            0 => {}
            1 => {
                problems.add(macro_sheet(place()));
                continue;
            }
            _ => continue,
        }
        let after = begins.partition_point(|begin| *begin <= tab.begin);
        let next = begins.get(after).copied().unwrap_or(stream.len());
        let alone = begins.partition_point(|begin| *begin < tab.begin) + 1 == after;
        let stretch = stream.get(tab.begin..next).filter(|_| alone);
        let stretch =
            stretch.ok_or_else(|| damaged(place(), "the sheet is not where the file says"))?;
        book.begin(index, &tab.name, tab.hidden)?;
        workbook.read_sheet(stretch, &mut book)?;
    }
    Ok(book.finish())
}

/// A sheet of Excel 4's macros was left out.
pub fn macro_sheet(place: Place) -> Problem {
    Problem::note(place, "this is a sheet of Excel 4 macros, which holds no list; it was left out")
}

/// What the first part of the stream says of the whole.
struct Workbook<'a> {
    page: Option<CodePage>,
    from_1904: bool,
    /// What each cell format makes of a number.
    looks: Vec<Looks>,
    texts: Texts,
    tabs: Vec<Tab<'a>>,
}

/// A sheet as the workbook announces it.
struct Tab<'a> {
    begin: usize,
    hidden: bool,
    /// 0 for a worksheet, 1 for a sheet of macros; charts and modules have other numbers.
    kind: u8,
    name: Cow<'a, str>,
}

impl<'a> Workbook<'a> {
    fn read(
        file: &str,
        stream: &'a [u8],
        limits: &Limits,
        problems: &mut Problems,
    ) -> Result<Self, Problem> {
        let damage = |what: &str| damaged(Place::file(file), what);
        let mut records = Records { rest: stream };
        let begin = records.next(file)?.ok_or_else(|| damage("there is no workbook in it"))?;
        let unicode = match (begin.kind, begin.content.get(..2)) {
            (kind::BEGIN, Some([0x00, 0x06])) => true,
            (kind::BEGIN, Some([0x00, 0x05])) => false,
            _ if is_older(stream) => return Err(too_old(file)),
            _ => return Err(damage("there is no workbook in it")),
        };
        let page = (!unicode).then(CodePage::western);
        let (looks, texts) = (Vec::new(), Texts::default());
        let mut workbook = Workbook { page, from_1904: false, looks, texts, tabs: Vec::new() };
        let mut formats: HashMap<u16, Looks> = HashMap::new();
        let mut numbers: Vec<u16> = Vec::new();
        let mut announced: Vec<&[u8]> = Vec::new();
        loop {
            let record = records.next(file)?.ok_or_else(|| damage("it ends too early"))?;
            let content = record.content;
            let short = || damage("a record is cut off");
            match record.kind {
                kind::END => break,
                kind::PASSWORD => return Err(encrypted(file)),
                kind::DATE_MODE => workbook.from_1904 = u16_at(content, 0) == Some(1),
                kind::CODE_PAGE if !unicode => {
                    let number = u16_at(content, 0).ok_or_else(short)?;
                    let page = CodePage::numbered(number);
                    if page.is_none() {
                        problems.add(unknown_page(file, number));
                    }
                    workbook.page = page.or(workbook.page);
                }
                kind::FORMAT => {
                    let number = u16_at(content, 0).ok_or_else(short)?;
                    let code = workbook.text(content, 2, !unicode).ok_or_else(short)?;
                    formats.insert(number, Looks::of_code(&code));
                }
                kind::CELL_FORMAT => numbers.push(u16_at(content, 2).ok_or_else(short)?),
                kind::SHEET => announced.push(content),
                kind::SHARED_TEXTS => {
                    let mut pieces = vec![content.get(8..).ok_or_else(short)?];
                    pieces.extend(records.continued(file)?);
                    let texts = &mut workbook.texts;
                    Pieces::new(&pieces).texts(texts, limits, file)?;
                }
                _ => {}
            }
        }
        let looks = |n: &u16| formats.get(n).copied().unwrap_or_else(|| Looks::built_in(*n));
        workbook.looks = numbers.iter().map(looks).collect();
        for content in announced {
            let tab = workbook.tab(content).ok_or_else(|| damage("a sheet's name is cut off"))?;
            workbook.tabs.push(tab);
        }
        Ok(workbook)
    }

    fn tab(&self, content: &'a [u8]) -> Option<Tab<'a>> {
        let begin = u32_at(content, 0)? as usize;
        let (state, kind) = (*content.get(4)?, *content.get(5)?);
        Some(Tab { begin, hidden: state & 3 != 0, kind, name: self.text(content, 6, true)? })
    }

    /// A text in a record: its length (in one byte where `brief`), then, in Unicode, how wide its
    /// letters are, then the letters.
    fn text<'b>(&self, content: &'b [u8], at: usize, brief: bool) -> Option<Cow<'b, str>> {
        let (length, at) = match brief {
            true => (usize::from(*content.get(at)?), at + 1),
            false => (usize::from(u16_at(content, at)?), at + 2),
        };
        if let Some(page) = self.page {
            return Some(page.decode(content.get(at..at + length)?));
        }
        let wide = *content.get(at)? & 1 != 0;
        let letters = content.get(at + 1..)?.get(..if wide { length * 2 } else { length })?;
        let mut text = String::new();
        push_letters(&mut text, letters, wide);
        Some(text.into())
    }

    /// Reads the sheet that stands in a stretch of the stream.
    fn read_sheet(&self, stretch: &[u8], book: &mut Book) -> Result<(), Problem> {
        let mut records = Records { rest: stretch };
        let file = book.file();
        let begin = records.next(file)?;
        if begin.is_none_or(|record| record.kind != kind::BEGIN) {
            return Err(book.damaged("the sheet is not where the file says"));
        }
        // Charts on the sheet begin and end within it.
        let mut within = 1;
        let mut formula = None;
        while let Some(record) = records.next(file)? {
            match record.kind {
                kind::BEGIN => within += 1,
                kind::END => within -= 1,
                kind::FORMULA_TEXT if within == 1 => {
                    if let Some(cell) = formula.take() {
                        let pieces = records.continued(file)?;
                        self.push_formula_text(cell, record.content, &pieces, book)?;
                    }
                }
                kind if within == 1 && is_cell(kind) => {
                    self.never_calculated(formula.take(), book)?;
                    formula = self.push_cell(record, book)?;
                }
                _ => {}
            }
            if within == 0 {
                return self.never_calculated(formula.take(), book);
            }
        }
        Err(book.damaged("the sheet ends too early"))
    }

    /// A formula that gives a text which is not there.
    fn never_calculated(&self, cell: Option<At>, book: &mut Book) -> Result<(), Problem> {
        cell.map_or(Ok(()), |at| book.push(at.row, at.col, Value::Uncalculated, false))
    }

    /// The text of a formula: in a record of its own, and those that continue it.
    fn push_formula_text(
        &self,
        at: At,
        content: &[u8],
        continued: &[&[u8]],
        book: &mut Book,
    ) -> Result<(), Problem> {
        let damage = || book.damaged_at(at.row, at.col, "a formula's text is cut off");
        let length = usize::from(u16_at(content, 0).ok_or_else(damage)?);
        let mut pieces = vec![&content[2..]];
        pieces.extend(continued);
        let mut text = String::new();
        match self.page {
            Some(page) => {
                let bytes = pieces.concat();
                text.push_str(&page.decode(bytes.get(..length).ok_or_else(damage)?));
            }
            None => {
                let mut pieces = Pieces::new(&pieces);
                let wide = pieces.byte().ok_or_else(damage)? & 1 != 0;
                pieces.letters(length, wide, &mut text).ok_or_else(damage)?;
            }
        }
        push_text(book, at, &text)
    }

    /// Reads a record that holds a cell, or several of a row; gives the cell where a formula's text
    /// follows.
    fn push_cell(&self, record: Record, book: &mut Book) -> Result<Option<At>, Problem> {
        let content = record.content;
        let at = At::of(content).ok_or_else(|| book.damaged("a cell is cut off"))?;
        let short = || book.damaged_at(at.row, at.col, "a cell is cut off");
        match record.kind {
            kind::NUMBER => {
                let number = f64_at(content, 6).ok_or_else(short)?;
                self.push_number(at, number, book)?;
            }
            kind::PACKED => {
                let packed = u32_at(content, 6).ok_or_else(short)?;
                self.push_number(at, packed_number(packed), book)?;
            }
            kind::PACKED_ROW => {
                let cells = content.get(4..content.len().saturating_sub(2)).ok_or_else(short)?;
                if !cells.len().is_multiple_of(6) {
                    return Err(short());
                }
                for (nth, cell) in (0..).zip(cells.chunks_exact(6)) {
                    let format = u16::from_le_bytes([cell[0], cell[1]]);
                    let packed = u32::from_le_bytes([cell[2], cell[3], cell[4], cell[5]]);
                    let at = At { col: at.col + nth, format, ..at };
                    self.push_number(at, packed_number(packed), book)?;
                }
            }
            kind::LABEL | kind::RICH_LABEL => {
                let text = self.text(content, 6, false).ok_or_else(short)?;
                push_text(book, at, &text)?;
            }
            kind::SHARED_LABEL => {
                let number = u32_at(content, 6).ok_or_else(short)?;
                let text = self.texts.get(number as usize).ok_or_else(|| {
                    book.damaged_at(at.row, at.col, "a cell points to a text that is not there")
                })?;
                push_text(book, at, text)?;
            }
            kind::BOOLEAN_OR_ERROR => {
                let (Some(number), Some(error)) = (content.get(6), content.get(7)) else {
                    return Err(short());
                };
                let value =
                    if *error == 0 { Value::Bool(*number != 0) } else { error_numbered(*number) };
                book.push(at.row, at.col, value, false)?;
            }
            // A formula: the last eight of its first 14 bytes are a number, unless the last two say
            // more.
            _ => match content.get(6..14).ok_or_else(short)? {
                [0, .., 0xFF, 0xFF] => return Ok(Some(at)),
                [1, _, value, .., 0xFF, 0xFF] => {
                    book.push(at.row, at.col, Value::Bool(*value != 0), false)?;
                }
                [2, _, error, .., 0xFF, 0xFF] => {
                    book.push(at.row, at.col, error_numbered(*error), false)?;
                }
                // An empty text.
                [3, .., 0xFF, 0xFF] => {}
                _ => {
                    let number = f64_at(content, 6).ok_or_else(short)?;
                    self.push_number(at, number, book)?;
                }
            },
        }
        Ok(None)
    }

    fn push_number(&self, at: At, number: f64, book: &mut Book) -> Result<(), Problem> {
        let looks = self.looks.get(usize::from(at.format)).copied();
        // A file may leave all formats out; one that has some has the one that a cell names.
        if looks.is_none() && !self.looks.is_empty() {
            return Err(book.damaged_at(
                at.row,
                at.col,
                "a cell points to a format that is not there",
            ));
        }
        let looks = looks.unwrap_or_default();
        book.push(at.row, at.col, looks.of_number(number, self.from_1904), looks == Looks::Percent)
    }
}

/// A page of letters that is not known here.
fn unknown_page(file: &str, number: u16) -> Problem {
    let message = format!(
        "the texts are in code page {number}, which is not known; they were read as Windows text"
    );
    Problem::warning(Place::file(file), message)
        .hint("save it as an Excel workbook (.xlsx) if accented letters or dashes look wrong")
}

fn push_text(book: &mut Book, at: At, text: &str) -> Result<(), Problem> {
    if is_blank(text) {
        return Ok(());
    }
    book.push(at.row, at.col, Value::Text(text), false)
}

/// Where a cell stands, and its format.
#[derive(Clone, Copy)]
struct At {
    row: u32,
    col: u32,
    format: u16,
}

impl At {
    fn of(content: &[u8]) -> Option<Self> {
        let (row, col) = (u32::from(u16_at(content, 0)?), u32::from(u16_at(content, 2)?));
        Some(At { row, col, format: u16_at(content, 4)? })
    }
}

fn is_cell(kind: u16) -> bool {
    use kind::*;
    let single = [NUMBER, LABEL, RICH_LABEL, BOOLEAN_OR_ERROR, PACKED, SHARED_LABEL, FORMULA];
    single.contains(&kind) || kind == PACKED_ROW
}

/// A record: its kind and content.
#[derive(Clone, Copy)]
struct Record<'a> {
    kind: u16,
    content: &'a [u8],
}

/// The records of a stream, one after the other.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    /// The next record; none at the end.
    fn next(&mut self, file: &str) -> Result<Option<Record<'a>>, Problem> {
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
    fn continued(&mut self, file: &str) -> Result<Vec<&'a [u8]>, Problem> {
        let mut pieces = Vec::new();
        while u16_at(self.rest, 0) == Some(kind::CONTINUE) {
            pieces.extend(self.next(file)?.map(|record| record.content));
        }
        Ok(pieces)
    }
}

/// What is longer than a record may be, in pieces.
struct Pieces<'p> {
    rest: &'p [u8],
    more: std::slice::Iter<'p, &'p [u8]>,
}

impl<'p> Pieces<'p> {
    fn new(pieces: &'p [&'p [u8]]) -> Self {
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

    fn byte(&mut self) -> Option<u8> {
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
    fn letters(&mut self, mut count: usize, mut wide: bool, text: &mut String) -> Option<()> {
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
    fn texts(&mut self, texts: &mut Texts, limits: &Limits, file: &str) -> Result<(), Problem> {
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
fn push_letters(text: &mut String, letters: &[u8], wide: bool) {
    if wide {
        let units = letters.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    } else {
        text.extend(letters.iter().map(|byte| char::from(*byte)));
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|b| u16::from_le_bytes(*b))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|b| u32::from_le_bytes(*b))
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..)?.first_chunk().map(|b| f64::from_le_bytes(*b))
}
