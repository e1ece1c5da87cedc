//! Workbooks of today (`.xlsx`, `.xlsm`): a package whose parts are XML. Each part that is needed
//! is unpacked once, and read as it is unpacked; what its checksum contradicts was not read.

mod cells;
mod strings;
mod styles;

use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::book::Texts;
use super::number_format::NumberFormat;
use super::package::not_a_workbook;
use super::parts::Parts;
use super::relations::relations_of;
use super::sheet::{Sheet, damaged};
use super::tabs::{Tab, part_of_kind};
use super::xml::{Tag, Token, Xml};
use super::{Limits, WORTH_A_THREAD};
use crate::nouns::problem::{Place, Problem, Problems};
use crate::nouns::side_by_side::both;

/// What all sheets of a workbook need to know of it.
struct Known<'a> {
    formats: &'a [NumberFormat],
    texts: Arc<Texts>,
    from_1904: bool,
    spent: &'a Spent<'a>,
}

/// How much of its limits a workbook has spent, all sheets together.
struct Spent<'a> {
    file: &'a str,
    limits: &'a Limits,
    filled: AtomicUsize,
    blank: AtomicUsize,
    /// Bytes of shared texts, counted in each cell: whoever goes over the cells has them all to
    /// read.
    shown: AtomicUsize,
}

/// So many times as many blank cells as filled ones may be written.
const BLANKS: usize = 4;

impl Spent<'_> {
    fn texts(&self, bytes: usize) -> Result<(), Problem> {
        let allowed = self.limits.text_bytes as usize;
        match self.shown.fetch_add(bytes, Ordering::Relaxed) + bytes > allowed {
            true => Err(self.exceeded("bytes of texts", allowed)),
            false => Ok(()),
        }
    }

    fn cells(&self, filled: usize, blank: usize) -> Result<(), Problem> {
        let allowed = self.limits.cells;
        let all_filled = self.filled.fetch_add(filled, Ordering::Relaxed) + filled;
        let all_blank = self.blank.fetch_add(blank, Ordering::Relaxed) + blank;
        if all_filled > allowed {
            return Err(self.exceeded("cells", allowed));
        }
        if all_blank > allowed * BLANKS {
            return Err(self.exceeded("blank cells", allowed * BLANKS));
        }
        Ok(())
    }

    /// That there are more than allowed. How many it would have been depends on which sheet was
    /// read first.
    fn exceeded(&self, what: &str, allowed: usize) -> Problem {
        self.limits.exceeded(self.file, what, u64::MAX, allowed as u64)
    }
}

/// Reads a workbook; `workbook` is the part that names its sheets.
pub fn read(
    parts: &mut Parts,
    workbook: &str,
    limits: &Limits,
    problems: &mut Problems,
) -> Result<Vec<Sheet>, Problem> {
    let file = parts.file();
    let relations = relations_of(parts, workbook, limits)?;
    let (tabs, from_1904) = tabs(parts.xml(workbook)?, file, limits)?;
    let formats = match part_of_kind(&relations, "styles") {
        Some(part) => styles::formats(parts.xml(part)?, file, limits)?,
        None => Vec::new(),
    };
    let texts = match part_of_kind(&relations, "sharedstrings") {
        Some(part) => strings::shared(parts.xml(part)?, file, limits)?,
        None => Texts::default(),
    };
    let mut work: Vec<(Sheet, &str)> = Vec::new();
    for (index, tab) in tabs.iter().enumerate() {
        if let Some(part) = tab.part(file, index, &relations, problems)? {
            let mut sheet = Sheet::new(Place::sheet(file, index, &*tab.name), &*tab.name);
            sheet.hidden = tab.hidden;
            if work.iter().any(|(_, earlier)| *earlier == part) {
                return Err(damaged(sheet.place, "its cells are another sheet's as well"));
            }
            work.push((sheet, part));
        }
    }
    let [filled, blank, shown] = [const { AtomicUsize::new(0) }; 3];
    let spent = Spent { file, limits, filled, blank, shown };
    let known = Known { formats: &formats, texts: Arc::new(texts), from_1904, spent: &spent };
    read_sheets(parts, work, &known)
}

/// Reads which sheets there are, and whether days are counted from 1904.
fn tabs(mut xml: Xml<impl Read>, file: &str, limits: &Limits) -> Result<(Vec<Tab>, bool), Problem> {
    match xml.next()? {
        Token::Open(tag) if tag.local_name() == "workbook" => {}
        _ => return Err(not_a_workbook(file, "it is an Office file of another kind")),
    }
    let mut tabs = Vec::new();
    let mut from_1904 = false;
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.local_name() == "sheet" => tabs.push(tab(&tag)?),
            Token::Open(tag) if tag.local_name() == "workbookPr" => {
                for attribute in tag.attributes() {
                    if let ("date1904", value) = attribute? {
                        from_1904 = is_true(&value);
                    }
                }
            }
            Token::End => return Ok((tabs, from_1904)),
            _ => {}
        }
        if tabs.len() > limits.parts {
            return Err(limits.exceeded(file, "sheets", u64::MAX, limits.parts as u64));
        }
    }
}

/// A sheet as the workbook names it.
fn tab(tag: &Tag) -> Result<Tab, Problem> {
    let mut tab = Tab::default();
    for attribute in tag.attributes() {
        let (name, value) = attribute?;
        match name {
            "name" => tab.name = value.into_owned(),
            "state" => tab.hidden = value != "visible",
            _ if name.ends_with(":id") => tab.relation = value.into_owned(),
            _ => {}
        }
    }
    Ok(tab)
}

/// Reads the sheets, on two threads where there is enough to do: each has its own reader over the
/// same bytes and takes the largest sheet that is left.
fn read_sheets(
    parts: &mut Parts,
    sheets: Vec<(Sheet, &str)>,
    known: &Known,
) -> Result<Vec<Sheet>, Problem> {
    let mut queue: Vec<Queued> =
        sheets.into_iter().enumerate().map(|(tab, (sheet, part))| (tab, sheet, part)).collect();
    queue.sort_by_key(|(tab, _, part)| (parts.packed_bytes(part), std::cmp::Reverse(*tab)));
    let worth_a_thread = queue.len() > 1 && parts.bytes().len() > WORTH_A_THREAD;
    let queue = Mutex::new(queue);
    let parts = &*parts;
    let work = || read_queued(&queue, parts, known);
    let mut done = if worth_a_thread {
        let (mut done, others) = both(work, work);
        done.extend(others);
        done
    } else {
        work()
    };
    // The same fault is told however the threads shared the work: the first sheet's.
    done.sort_by_key(|(tab, _)| *tab);
    done.into_iter().map(|(_, sheet)| sheet).collect()
}

/// A sheet that is to be read: its place in the workbook, what it is filled into, and its part.
type Queued<'p> = (usize, Sheet, &'p str);

/// Reads one sheet of the queue after the other, until none is left.
fn read_queued(
    queue: &Mutex<Vec<Queued>>,
    parts: &Parts,
    known: &Known,
) -> Vec<(usize, Result<Sheet, Problem>)> {
    let mut parts = parts.again();
    let mut done = Vec::new();
    while let Some((tab, sheet, part)) = take(queue) {
        done.push((tab, read_sheet(&mut parts, part, sheet, known)));
    }
    done
}

fn take<T>(queue: &Mutex<Vec<T>>) -> Option<T> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn read_sheet(
    parts: &mut Parts,
    part: &str,
    mut sheet: Sheet,
    known: &Known,
) -> Result<Sheet, Problem> {
    sheet.share(known.texts.clone());
    cells::read(parts.xml_of_sheet(part, &sheet.place)?, known, &mut sheet)?;
    sheet.finish();
    Ok(sheet)
}

/// Whether an attribute says yes.
fn is_true(value: &str) -> bool {
    matches!(value.trim(), "1" | "true" | "on")
}
