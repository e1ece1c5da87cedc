//! Workbooks of Excel 5 to 2003 (`.xls`): records of kind, length and content, in a container.
//!
//! The container is opened by the `cfb` crate, which refuses sectors that go round in circles. Each
//! sheet is read within its own stretch of the stream, up to where the next one begins, so that no
//! two sheets can be made of the same records. Excel 97 to 2003 (BIFF8) writes Unicode, whatever
//! code page it names.

mod records;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use memchr::memmem;

use super::Limits;
use super::book::{Book, Texts, error_numbered, packed_number};
use super::bytes::{f64_at, u16_at, u32_at};
use super::code_page::CodePage;
use super::number_format::{CellFormats, NumberFormat};
use super::package::{encrypted, not_a_workbook};
use super::sheet::{Sheet, Value, damaged};
use super::tabs::macro_sheet;
use crate::nouns::problem::{Place, Problem, Problems};
use records::{Pieces, Record, Records, kind, push_letters};

/// Reads an old workbook in its container.
pub fn read(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
    problems: &mut Problems,
) -> Result<Vec<Sheet>, Problem> {
    read_stream(file, &workbook_stream(file, bytes, limits)?, limits, problems)
}

/// The stream of a workbook of today that is protected by a password.
const ENCRYPTED: &str = "EncryptedPackage";

/// Whether the name of a stream stands anywhere, as containers write it.
fn names_a_stream(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    memmem::find(bytes, &name).is_some()
}

/// The stream that holds the workbook: at the root of the container. A workbook that is embedded in
/// another one stands further down.
fn workbook_stream(file: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Problem> {
    let place = || Place::file(file);
    let Ok(mut container) = cfb::CompoundFile::open(Cursor::new(bytes)) else {
        // Not every program that encrypts workbooks keeps their container in order.
        return Err(match names_a_stream(bytes, ENCRYPTED) {
            true => encrypted(file),
            false => damaged(place(), "it ends too early or its sectors are in disorder"),
        });
    };
    if container.is_stream(ENCRYPTED) {
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
    let hint = "open it in Excel or LibreOffice, and save it as a workbook (.xlsx)";
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

/// What the first part of the stream says of the whole.
struct Workbook<'a> {
    page: Option<CodePage>,
    formats: CellFormats,
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
        let (formats, texts) = (CellFormats::default(), Texts::default());
        let mut workbook = Workbook { page, formats, texts, tabs: Vec::new() };
        let mut codes: HashMap<u16, NumberFormat> = HashMap::new();
        let mut numbers: Vec<u16> = Vec::new();
        let mut announced: Vec<&[u8]> = Vec::new();
        loop {
            let record = records.next(file)?.ok_or_else(|| damage("it ends too early"))?;
            let content = record.content;
            let short = || damage("a record is cut off");
            match record.kind {
                kind::END => break,
                kind::PASSWORD => return Err(encrypted(file)),
                kind::DATE_MODE => workbook.formats.from_1904 = u16_at(content, 0) == Some(1),
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
                    codes.insert(number, NumberFormat::of_code(&code));
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
        workbook.formats = CellFormats::new(&numbers, &codes, workbook.formats.from_1904);
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
        book.push_text(at.row, at.col, &text)
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
                book.push_number(at.row, at.col, number, (&self.formats, usize::from(at.format)))?;
            }
            kind::PACKED => {
                let packed = u32_at(content, 6).ok_or_else(short)?;
                book.push_number(
                    at.row,
                    at.col,
                    packed_number(packed),
                    (&self.formats, usize::from(at.format)),
                )?;
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
                    book.push_number(
                        at.row,
                        at.col,
                        packed_number(packed),
                        (&self.formats, usize::from(at.format)),
                    )?;
                }
            }
            // Some programs end an empty text before it says how it is written.
            kind::LABEL if content.get(6..) == Some(&[0, 0][..]) => {}
            kind::LABEL | kind::RICH_LABEL => {
                let text = self.text(content, 6, false).ok_or_else(short)?;
                book.push_text(at.row, at.col, &text)?;
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
                    book.push_number(
                        at.row,
                        at.col,
                        number,
                        (&self.formats, usize::from(at.format)),
                    )?;
                }
            },
        }
        Ok(None)
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
    let message = format!("code page {number} is not known; texts were read as Windows text");
    Problem::warning(Place::file(file), message)
        .hint("save it as .xlsx if accented letters or dashes look wrong")
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
