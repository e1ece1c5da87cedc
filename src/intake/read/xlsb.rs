//! Binary workbooks (`.xlsb`): a package whose parts hold records of kind, length and content.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::Read;

use super::Limits;
use super::book::{Book, Texts, error_numbered, packed_number};
use super::bytes::{f64_at, push_utf16, u16_at, u32_at};
use super::number_format::{CellFormats, NumberFormat};
use super::package::not_a_workbook;
use super::parts::{Part, Parts};
use super::relations::relations_of;
use super::sheet::{Sheet, Value};
use super::tabs::{Tab, part_of_kind};
use crate::nouns::problem::{Place, Problem, Problems};

/// The kinds of records that matter here.
mod kind {
    pub const ROW: u32 = 0;
    /// Cells: blank, packed number, error, boolean, number, text, shared text; then formulas by
    /// what they give: text, number, boolean, error.
    pub const BLANK: u32 = 1;
    pub const FORMULA_ERROR: u32 = 11;
    /// The same but formulas, without a column: each follows the cell before it.
    pub const SHORT_BLANK: u32 = 12;
    pub const SHORT_SHARED: u32 = 18;
    pub const SHARED_TEXT: u32 = 19;
    pub const FORMAT: u32 = 44;
    pub const CELL_FORMAT: u32 = 47;
    pub const RICH_TEXT: u32 = 62;
    pub const CELLS: u32 = 145;
    pub const MERGED: u32 = 176;
    pub const END_OF_CELLS: u32 = 146;
    pub const WORKBOOK: u32 = 153;
    pub const SHEET: u32 = 156;
    pub const END_OF_SHARED_TEXTS: u32 = 160;
    pub const CELL_FORMATS: u32 = 617;
    pub const END_OF_CELL_FORMATS: u32 = 618;
    pub const END_OF_WORKBOOK: u32 = 132;
    pub const END_OF_STYLES: u32 = 279;
}

/// No record that is read here is longer: a text of the most letters, and how its letters look.
const LONGEST_RECORD: usize = 1 << 20;

/// Reads a binary workbook; `workbook` is the part that names its sheets.
pub fn read(
    parts: &mut Parts,
    workbook: &str,
    limits: &Limits,
    problems: &mut Problems,
) -> Result<Vec<Sheet>, Problem> {
    let file = parts.file();
    let relations = relations_of(parts, workbook, limits)?;
    let tabs = Tabs::read(parts, workbook, limits)?;
    let formats = match part_of_kind(&relations, "styles") {
        Some(part) => formats(parts, part, tabs.from_1904, limits)?,
        None => CellFormats::new(&[], &HashMap::new(), tabs.from_1904),
    };
    let mut book = Book::new(file, limits);
    if let Some(part) = part_of_kind(&relations, "sharedstrings") {
        book.share(shared_texts(parts, part, &book)?);
    }
    let cells = Cells { formats };
    for (index, tab) in tabs.all.iter().enumerate() {
        let Some(part) = tab.part(file, index, &relations, problems)? else { continue };
        let part = parts.stream_of_sheet(part, &Place::sheet(file, index, &*tab.name))?;
        book.begin(index, &tab.name, tab.hidden)?;
        cells.read_sheet(part, &mut book)?;
    }
    Ok(book.finish())
}

struct Tabs {
    from_1904: bool,
    all: Vec<Tab>,
}

impl Tabs {
    fn read(parts: &mut Parts, workbook: &str, limits: &Limits) -> Result<Self, Problem> {
        let file = parts.file();
        let Some(part) = parts.stream(workbook)? else {
            return Err(not_a_workbook(file, "it is a zip archive without a workbook in it"));
        };
        let mut tabs = Tabs { from_1904: false, all: Vec::new() };
        let mut records = Records::new(part);
        while let Some(kind) = records.next()? {
            let content = records.content();
            match kind {
                kind::WORKBOOK => {
                    tabs.from_1904 = content.first().is_some_and(|flags| flags & 1 != 0)
                }
                kind::SHEET => {
                    let tab = tab(content).ok_or_else(|| records.cut_off())?;
                    tabs.all.push(tab);
                    if tabs.all.len() > limits.parts {
                        let (found, allowed) = (tabs.all.len() as u64, limits.parts as u64);
                        return Err(limits.exceeded(file, "sheets", found, allowed));
                    }
                }
                kind::END_OF_WORKBOOK => break,
                _ => {}
            }
        }
        records.finish()?;
        Ok(tabs)
    }
}

fn tab(content: &[u8]) -> Option<Tab> {
    let hidden = u32_at(content, 0)? & 3 != 0;
    let (relation, rest) = text(content.get(8..)?)?;
    let relation = relation.into_owned();
    let (name, _) = text(rest)?;
    Some(Tab { name: name.into_owned(), relation, hidden })
}

/// What each cell format makes of a number.
fn formats(
    parts: &mut Parts,
    part: &str,
    from_1904: bool,
    limits: &Limits,
) -> Result<CellFormats, Problem> {
    let file = parts.file();
    let Some(part) = parts.stream(part)? else {
        return Ok(CellFormats::new(&[], &HashMap::new(), from_1904));
    };
    let mut codes: HashMap<u16, NumberFormat> = HashMap::new();
    let mut numbers: Vec<u16> = Vec::new();
    let mut of_cells = false;
    let mut records = Records::new(part);
    while let Some(kind) = records.next()? {
        let content = records.content();
        match kind {
            kind::FORMAT => {
                let number = u16_at(content, 0);
                let code = content.get(2..).and_then(text);
                let (Some(number), Some((code, _))) = (number, code) else {
                    return Err(records.cut_off());
                };
                codes.insert(number, NumberFormat::of_code(&code));
            }
            kind::CELL_FORMATS => of_cells = true,
            kind::END_OF_CELL_FORMATS => of_cells = false,
            kind::CELL_FORMAT if of_cells => {
                numbers.push(u16_at(content, 2).ok_or_else(|| records.cut_off())?);
            }
            kind::END_OF_STYLES => break,
            _ => {}
        }
        if numbers.len() > MOST_FORMATS {
            let (found, allowed) = (numbers.len() as u64, MOST_FORMATS as u64);
            return Err(limits.exceeded(file, "cell formats", found, allowed));
        }
    }
    records.finish()?;
    Ok(CellFormats::new(&numbers, &codes, from_1904))
}

/// Excel itself takes no more cell formats than this.
const MOST_FORMATS: usize = 65_490;

fn shared_texts(parts: &mut Parts, part: &str, book: &Book) -> Result<Texts, Problem> {
    let mut texts = Texts::default();
    let Some(part) = parts.stream(part)? else { return Ok(texts) };
    let mut records = Records::new(part);
    while let Some(kind) = records.next()? {
        match kind {
            kind::SHARED_TEXT => {
                let found = records.content().get(1..).and_then(text);
                let (found, _) = found.ok_or_else(|| records.cut_off())?;
                texts.add(|all| all.push_str(&found));
                book.texts_within(texts.bytes())?;
                let allowed = book.limits().cells;
                if texts.len() > allowed {
                    return Err(book.too_many("texts", texts.len(), allowed));
                }
            }
            kind::END_OF_SHARED_TEXTS => break,
            _ => {}
        }
    }
    records.finish()?;
    Ok(texts)
}

/// What the cells of all sheets point to.
struct Cells {
    formats: CellFormats,
}

impl Cells {
    fn read_sheet(&self, part: Part, book: &mut Book) -> Result<(), Problem> {
        let mut records = Records::new(part);
        // Low numbers are cells only where cells are; elsewhere they are other things.
        let (mut within, mut whole) = (false, false);
        let (mut row, mut col) = (None, None);
        let mut hidden = HashSet::new();
        while let Some(kind) = records.next()? {
            let content = records.content();
            match kind {
                kind::CELLS => within = true,
                kind::END_OF_CELLS => (within, whole) = (false, true),
                kind::ROW if within => {
                    let at = u32_at(content, 0).ok_or_else(|| records.cut_off())?;
                    if row.is_some_and(|last| last >= at) {
                        return Err(book.damaged("rows stand out of order, or twice"));
                    }
                    if content.get(11).is_some_and(|flags| flags & 0x10 != 0) {
                        hidden.insert(at);
                    }
                    (row, col) = (Some(at), None);
                }
                kind::MERGED => {
                    let [top, bottom, left, right] =
                        [0, 4, 8, 12].map(|at| u32_at(content, at).unwrap_or_default());
                    book.merge((top, left as u16), (bottom, right as u16))?;
                }
                kind::BLANK..=kind::FORMULA_ERROR | kind::RICH_TEXT if within => {
                    let at = u32_at(content, 0).ok_or_else(|| records.cut_off())?;
                    let row = row.ok_or_else(|| book.damaged("a cell stands outside a row"))?;
                    col = Some(at);
                    self.push(kind, At { row, col: at }, &content[4..], book)?;
                }
                kind::SHORT_BLANK..=kind::SHORT_SHARED if within => {
                    let (Some(row), Some(before)) = (row, col) else {
                        return Err(book.damaged("a cell stands outside a row"));
                    };
                    let at: u32 = before.saturating_add(1);
                    col = Some(at);
                    let kind = kind - (kind::SHORT_BLANK - kind::BLANK);
                    self.push(kind, At { row, col: at }, content, book)?;
                }
                _ => {}
            }
        }
        if !whole {
            return Err(book.damaged("the sheet ends too early"));
        }
        book.hide_rows(&hidden);
        records.finish()
    }

    /// A cell: three bytes of its format, one of flags, then its value.
    fn push(&self, kind: u32, at: At, content: &[u8], book: &mut Book) -> Result<(), Problem> {
        let cut = || book.damaged_at(at.row, at.col, "a cell is cut off");
        let format = (u32_at(content, 0).ok_or_else(cut)? & 0x00FF_FFFF) as usize;
        let value = &content[4..];
        let byte = || value.first().copied().ok_or_else(cut);
        let value = match kind {
            1 => return Ok(()),
            2 => {
                return book.push_number(
                    at.row,
                    at.col,
                    packed_number(u32_at(value, 0).ok_or_else(cut)?),
                    (&self.formats, format),
                );
            }
            5 | 9 => {
                let number = f64_at(value, 0).ok_or_else(cut)?;
                return book.push_number(at.row, at.col, number, (&self.formats, format));
            }
            3 | 11 => error_numbered(byte()?),
            4 | 10 => Value::Bool(byte()? != 0),
            7 => {
                let number = u32_at(value, 0).ok_or_else(cut)? as usize;
                return book.push_shared(at.row, at.col, number);
            }
            _ => {
                // A text with letters of several looks says first which of these follow it.
                let letters = if kind == kind::RICH_TEXT { value.get(1..) } else { Some(value) };
                let (text, _) = letters.and_then(text).ok_or_else(cut)?;
                return book.push_text(at.row, at.col, &text);
            }
        };
        book.push(at.row, at.col, value, false)
    }
}

#[derive(Clone, Copy)]
struct At {
    row: u32,
    col: u32,
}

/// The records of a part, one after the other.
struct Records<'p> {
    part: Part<'p>,
    content: Vec<u8>,
}

impl<'p> Records<'p> {
    fn new(part: Part<'p>) -> Self {
        Records { part, content: Vec::new() }
    }

    /// Reads the next record and gives its kind; none at the end.
    fn next(&mut self) -> Result<Option<u32>, Problem> {
        let Some(first) = self.part.byte()? else { return Ok(None) };
        let kind = self.number(first, 2)?;
        let first = self.part.byte()?.ok_or_else(|| self.cut_off())?;
        let length = self.number(first, 4)? as usize;
        self.content.clear();
        let kept = length.min(LONGEST_RECORD);
        self.read(kept)?;
        if self.content.len() < kept {
            return Err(self.part.damaged("a record runs past its end"));
        }
        // Nothing that is read stands so far behind in a record.
        if length > kept {
            let mut rest = (&mut self.part).take((length - kept) as u64);
            let passed = std::io::copy(&mut rest, &mut std::io::sink());
            let passed = passed.map_err(|e| self.part.fault(&e))?;
            if passed < (length - kept) as u64 {
                return Err(self.part.damaged("a record runs past its end"));
            }
        }
        Ok(Some(kind))
    }

    fn read(&mut self, length: usize) -> Result<(), Problem> {
        let some = (&mut self.part).take(length as u64).read_to_end(&mut self.content);
        some.map(drop).map_err(|e| self.part.fault(&e))
    }

    /// A number in groups of seven bits, the lowest first; the highest bit says that more follow.
    fn number(&mut self, first: u8, most: usize) -> Result<u32, Problem> {
        let mut value = u32::from(first & 0x7f);
        let mut byte = first;
        for group in 1..most {
            if byte & 0x80 == 0 {
                break;
            }
            byte = self.part.byte()?.ok_or_else(|| self.cut_off())?;
            value |= u32::from(byte & 0x7f) << (7 * group);
        }
        Ok(value)
    }

    fn content(&self) -> &[u8] {
        &self.content
    }

    fn cut_off(&self) -> Problem {
        self.part.damaged("a record is cut off")
    }

    fn finish(mut self) -> Result<(), Problem> {
        self.part.read_to_its_end()
    }
}

/// A text: its length, then letters of two bytes; and what follows it.
fn text(content: &[u8]) -> Option<(Cow<'_, str>, &[u8])> {
    let length = u32_at(content, 0)? as usize;
    // No text at all.
    if length == 0xFFFF_FFFF {
        return Some(("".into(), &content[4..]));
    }
    let letters = content[4..].get(..length.checked_mul(2)?)?;
    let mut text = String::new();
    push_utf16(&mut text, letters);
    Some((text.into(), &content[4 + letters.len()..]))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// A text as the file holds it: how long it is, and its letters.
    fn written(text: &str) -> Vec<u8> {
        let length = (text.len() as u32).to_le_bytes().to_vec();
        [length, text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()
    }

    /// What is read of records that hold cells.
    fn cells(records: &[(u8, &[u8])]) -> Result<Vec<String>, String> {
        let begin_and_end = |kind: u8| [kind & 0x7f | 0x80, kind >> 7, 0];
        let mut sheet = begin_and_end(145).to_vec();
        for (kind, content) in records {
            sheet.extend([*kind, content.len() as u8]);
            sheet.extend(*content);
        }
        sheet.extend(begin_and_end(146));
        let mut package = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        package.start_file("s", zip::write::SimpleFileOptions::default()).expect("begun");
        package.write_all(&sheet).expect("written");
        let bytes = package.finish().expect("ended").into_inner();
        let limits = Limits::default();
        let mut parts = Parts::open("q.xlsb", &bytes, &limits).expect("a package");
        let mut book = Book::new("q.xlsb", &limits);
        book.begin(0, "S", false).expect("a sheet");
        let part = parts.stream_of_sheet("s", &Place::sheet("q.xlsb", 0, "S")).expect("a part");
        let read = Cells { formats: CellFormats::default() }.read_sheet(part, &mut book);
        read.map_err(|problem| problem.message)?;
        let sheet = &book.finish()[0];
        let rows = sheet.rows().flat_map(|(row, cells)| {
            cells.iter().map(move |cell| format!("{row} {} {}", cell.col, sheet.shown(cell)))
        });
        Ok(rows.collect())
    }

    #[test]
    fn rows_come_once_and_in_order() {
        let row = |number: u8| [&[number, 0, 0, 0][..], &[0; 13]].concat();
        let cell = |column: u8| [&[column, 0, 0, 0, 0, 0, 0, 0][..], &[22, 0, 0, 0]].concat();
        let (zero, two) = (row(0), row(2));
        let (first, second) = (cell(0), cell(1));
        let rising = [(0, &zero[..]), (2, &first), (2, &second), (0, &two), (2, &first)];
        assert_eq!(cells(&rising), Ok(["0 0 5", "0 1 5", "2 0 5"].map(String::from).into()));
        let twice = [(0, &zero[..]), (2, &first), (0, &zero), (2, &second)];
        let backwards = [(0, &two[..]), (2, &first), (0, &zero), (2, &second)];
        for records in [twice, backwards] {
            assert!(
                cells(&records).is_err_and(|e| e.contains("rows stand out of order, or twice"))
            );
        }
    }

    #[test]
    fn hidden_sheets_are_known_by_their_state() {
        for (state, hidden) in [(0, false), (1, true), (2, true)] {
            let head = [state, 0, 0, 0, 1, 0, 0, 0];
            let record = [&head[..], &written("rId1"), &written("S")].concat();
            let sheet = tab(&record).expect("a sheet");
            assert_eq!((sheet.relation.as_str(), sheet.name.as_str()), ("rId1", "S"));
            assert_eq!(sheet.hidden, hidden, "{state}");
        }
    }
}
