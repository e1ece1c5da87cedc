//! Workbooks of Excel 5 to 2003 (`.xls`): records of kind, length and content, in a container.
//!
//! The container is opened by the `cfb` crate, which refuses sectors that go round in circles. Each
//! sheet is read within its own stretch of the stream, up to where the next one begins, so that no
//! two sheets can be made of the same records. Excel 97 to 2003 (BIFF8) writes Unicode, whatever
//! code page it names.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
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
    let mut workbook = Workbook::read(file, stream, limits, problems)?;
    let mut begins: Vec<usize> = workbook.tabs.iter().map(|tab| tab.begin).collect();
    begins.sort_unstable();
    let mut book = Book::new(file, limits);
    book.share(std::mem::take(&mut workbook.texts));
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
        let mut hidden = HashSet::new();
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
                kind::ROW if within == 1 => hidden.extend(hidden_row(record.content)),
                kind::MERGED if within == 1 => merge(record.content, book)?,
                _ => {}
            }
            if within == 0 {
                self.never_calculated(formula.take(), book)?;
                book.hide_rows(&hidden);
                return Ok(());
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
                book.push_shared(at.row, at.col, number as usize)?;
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

/// The row that a record describes, where it is hidden.
fn hidden_row(content: &[u8]) -> Option<u32> {
    let hidden = u32_at(content, 12)? & 0x20 != 0;
    u16_at(content, 0).map(u32::from).filter(|_| hidden)
}

/// Cells that are merged: how many, then each by its first and last row and column.
fn merge(content: &[u8], book: &mut Book) -> Result<(), Problem> {
    for area in content.get(2..).unwrap_or_default().chunks_exact(8) {
        let [top, bottom, left, right] =
            [0, 2, 4, 6].map(|at| u16_at(area, at).unwrap_or_default());
        book.merge((u32::from(top), left), (u32::from(bottom), right))?;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, content: &[u8]) -> Vec<u8> {
        let length = content.len() as u16;
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), content].concat()
    }

    fn begin(version: u16, kind: u16) -> Vec<u8> {
        record(kind::BEGIN, &[version, kind, 0, 0].map(u16::to_le_bytes).concat())
    }

    /// A text of letters of one byte each.
    fn letters(text: &str) -> Vec<u8> {
        [&(text.len() as u16).to_le_bytes()[..], &[0], text.as_bytes()].concat()
    }

    fn cell(kind: u16, row: u16, col: u16, format: u16, content: &[u8]) -> Vec<u8> {
        record(kind, &[&[row, col, format].map(u16::to_le_bytes).concat(), content].concat())
    }

    fn number(row: u16, col: u16, format: u16, number: f64) -> Vec<u8> {
        cell(kind::NUMBER, row, col, format, &number.to_le_bytes())
    }

    /// A stream of one sheet: what stands before it, and its records.
    fn stream(version: u16, globals: &[Vec<u8>], sheet: &[Vec<u8>]) -> Vec<u8> {
        let name: &[u8] = if version == 0x0600 { b"\x01\x00S" } else { b"\x01S" };
        let head = |at: u32| {
            let tab = [&at.to_le_bytes()[..], &[0, 0], name].concat();
            let parts = [begin(version, 5), globals.concat(), record(kind::SHEET, &tab)];
            [parts.concat(), record(kind::END, &[])].concat()
        };
        let whole = head(head(0).len() as u32);
        [whole, begin(version, 0x10), sheet.concat(), record(kind::END, &[])].concat()
    }

    fn read_one(stream: &[u8]) -> Result<Vec<String>, String> {
        let mut problems = Problems::default();
        let sheets = read_stream("q.xls", stream, &Limits::default(), &mut problems);
        let sheets = sheets.map_err(|problem| problem.to_string())?;
        let cells = sheets.iter().flat_map(|sheet| {
            sheet.rows().flat_map(move |(row, cells)| {
                cells
                    .iter()
                    .map(move |c| format!("{} {}", sheet.place.at(row, c.col), sheet.shown(c)))
            })
        });
        let told = problems.iter().map(ToString::to_string);
        Ok(cells.map(|cell| cell.replace("q.xls  S!", "")).chain(told).collect())
    }

    fn cells(globals: &[Vec<u8>], sheet: &[Vec<u8>]) -> Result<Vec<String>, String> {
        read_one(&stream(0x0600, globals, sheet))
    }

    #[test]
    fn a_format_is_what_the_file_says_it_is() {
        let format = |number: u16, code: &str| {
            record(kind::FORMAT, &[number.to_le_bytes().to_vec(), letters(code)].concat())
        };
        let looks = |number: u16| {
            record(kind::CELL_FORMAT, &[[0, 0].to_vec(), number.to_le_bytes().to_vec()].concat())
        };
        let globals =
            [format(52, "0.00"), format(164, "0.0%"), looks(52), looks(164), looks(51), looks(9)];
        let sheet: Vec<Vec<u8>> = (0..4).map(|nth| number(0, nth, nth, 46_295.0)).collect();
        assert_eq!(
            cells(&globals, &sheet),
            Ok(["A1 46295", "B1 4629500%", "C1 2026-09-30", "D1 4629500%"]
                .map(String::from)
                .to_vec())
        );
        let none = cells(&globals, &[number(0, 0, 4, 1.0)]);
        assert!(none.as_ref().is_err_and(|e| e.contains("format that is not there")), "{none:?}");
    }

    #[test]
    fn a_formula_gives_what_it_was_last_calculated_to() {
        let formula =
            |col, result: [u8; 8]| cell(kind::FORMULA, 0, col, 0, &[&result[..], &[0; 8]].concat());
        let text = formula(3, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]);
        let long = "Sentence. ".repeat(900);
        let (first, rest) = long.split_at(8_221);
        // The rest has letters of two bytes.
        let rest: Vec<u8> = rest.bytes().flat_map(|byte| [byte, 0]).collect();
        let first = [&(long.len() as u16).to_le_bytes()[..], &[0], first.as_bytes()].concat();
        let sheet = [
            formula(0, 80.8f64.to_le_bytes()),
            formula(1, [1, 0, 1, 0, 0, 0, 0xFF, 0xFF]),
            formula(2, [2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF]),
            text.clone(),
            // A shared formula stands between a formula and its text.
            record(0x04BC, &[0; 10]),
            record(kind::FORMULA_TEXT, &first),
            record(kind::CONTINUE, &[&[1], &rest[..]].concat()),
            formula(4, [3, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
            formula(5, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        ];
        let expected = [
            "A1 80.8".to_string(),
            "B1 TRUE".to_string(),
            "C1 #N/A".to_string(),
            format!("D1 {long}"),
            "F1 (formula, not calculated)".to_string(),
        ];
        assert_eq!(cells(&[], &sheet), Ok(expected.to_vec()));
    }

    #[test]
    fn texts_are_unicode_whatever_page_is_named() {
        let page = record(kind::CODE_PAGE, &1252u16.to_le_bytes());
        let label = |text: &[u8]| cell(kind::LABEL, 0, 0, 0, text);
        let wide = [&3u16.to_le_bytes()[..], &[1], &[b'Z', 0, 0xEB, 0, 0x13, 0x20]].concat();
        assert_eq!(cells(&[page], &[label(&wide)]), Ok(vec!["A1 Zë–".to_string()]));
    }

    #[test]
    fn texts_of_excel_95_are_in_their_code_page() {
        let label = cell(kind::LABEL, 0, 0, 0, b"\x03\x00Zo\x89");
        let of = |page: u16| {
            read_one(&stream(
                0x0500,
                &[record(kind::CODE_PAGE, &page.to_le_bytes())],
                std::slice::from_ref(&label),
            ))
        };
        assert_eq!(of(850), Ok(vec!["A1 Zoë".to_string()]));
        assert_eq!(of(1252), Ok(vec!["A1 Zo‰".to_string()]));
        let unknown = of(12).expect("readable");
        assert_eq!(unknown[0], "A1 Zo‰");
        assert!(unknown[1].starts_with("warning: the texts are in code page 12"), "{unknown:?}");
    }

    #[test]
    fn shared_texts_go_on_in_further_records() {
        let head = |count: u32| [count.to_le_bytes(), count.to_le_bytes()].concat();
        // "ab", with a run of looks; "cdé" cut behind its first letter; the count is a lie.
        let first =
            [head(99), vec![2, 0, 8, 1, 0], b"ab".to_vec(), vec![0; 4], vec![3, 0, 0, b'c']];
        let rest = [1, b'd', 0, 0xE9, 0];
        let globals = [record(kind::SHARED_TEXTS, &first.concat()), record(kind::CONTINUE, &rest)];
        let shared = |col, number: u32| cell(kind::SHARED_LABEL, 0, col, 0, &number.to_le_bytes());
        let found = cells(&globals, &[shared(0, 1), shared(1, 0)]);
        assert_eq!(found, Ok(vec!["A1 cdé".to_string(), "B1 ab".to_string()]));
        let none = cells(&globals, &[shared(0, 2)]);
        assert!(none.as_ref().is_err_and(|e| e.contains("S!A1")), "{none:?}");
    }

    #[test]
    fn damage_is_told_and_never_read() {
        let sound = stream(0x0600, &[], &[number(0, 0, 0, 1.0)]);
        assert!(read_one(&sound).is_ok());
        for cut in 1..sound.len() {
            assert!(read_one(&sound[..cut]).is_err(), "cut at {cut}");
        }
        let backwards = cells(&[], &[number(1, 0, 0, 1.0), number(0, 0, 0, 1.0)]);
        assert!(backwards.is_err_and(|e| e.contains("out of order")));
        let twice = cells(&[], &[number(1, 0, 0, 1.0), number(1, 0, 0, 1.0)]);
        assert!(twice.is_err_and(|e| e.contains("twice")));
        let password = cells(&[record(kind::PASSWORD, &[0; 6])], &[]);
        assert!(password.is_err_and(|e| e.contains("password")));
    }

    /// Sixty thousand sheets that are one and the same would be read sixty thousand times.
    #[test]
    fn two_sheets_are_never_made_of_the_same_records() {
        let tab =
            |at: u32| record(kind::SHEET, &[&at.to_le_bytes()[..], &[0, 0, 1, 0, b'T']].concat());
        let one = stream(0x0600, &[tab(0)], &[number(0, 0, 0, 1.0)]);
        let begin = one.len() as u32 - 34;
        let same = stream(0x0600, &[tab(begin)], &[number(0, 0, 0, 1.0)]);
        assert!(read_one(&same).is_err_and(|e| e.contains("not where the file says")));
        let many = stream(0x0600, &vec![tab(0); 2_001], &[]);
        assert!(read_one(&many).is_err_and(|e| e.contains("2002 sheets")));
    }

    #[test]
    fn charts_on_a_sheet_hold_none_of_its_cells() {
        let chart = [begin(0x0600, 0x20), number(0, 0, 0, 5.0), record(kind::END, &[])].concat();
        let sheet = [number(0, 0, 0, 1.0), chart, number(0, 1, 0, 2.0)];
        assert_eq!(cells(&[], &sheet), Ok(vec!["A1 1".to_string(), "B1 2".to_string()]));
    }

    #[test]
    fn older_versions_are_told_by_their_first_record() {
        for bytes in [
            &[9, 0, 4, 0, 2, 0, 0x10, 0][..],
            &[9, 2, 6, 0, 0, 0, 0x10, 0, 0, 0],
            &[9, 4, 6, 0, 0, 0, 0x00, 1, 0, 0],
        ] {
            assert!(is_older(bytes), "{bytes:?}");
        }
        assert!(!is_older(b"\t\0a text that begins with a tab"));
        assert!(is_bare_stream(&begin(0x0500, 5)));
    }
}
