//! A look at the package before calamine sees it.
//!
//! A workbook is a zip of XML parts, and calamine trusts it: a lying count makes it ask for more
//! memory than there is, and some damage (a wrong checksum, a shared-string index that is not a
//! number, a row number past the end) reads as good data. So every part is inflated here once,
//! counted and checked.

use std::io::{Cursor, Read};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use memchr::{memchr, memchr_iter, memmem};
use zip::ZipArchive;

use super::Limits;
use super::sheet::damaged;
use crate::nouns::problem::{MOST_COLUMNS, MOST_ROWS, Place, Problem};
use crate::nouns::side_by_side::both;

/// What the look found.
#[derive(Debug)]
pub struct Package {
    /// Some formula has no calculated value: worth a slower reading that says where.
    pub uncalculated: bool,
    /// Some cell holds an error that calamine does not know, such as #SPILL!.
    pub unknown_errors: bool,
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Checks every part of the package.
pub fn check(file: &str, bytes: &[u8], limits: &Limits) -> Result<Package, Problem> {
    let place = || Place::file(file);
    let mut archive: Archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| damaged(place(), "it ends too early or was cut off while it was copied"))?;
    if archive.len() > limits.parts {
        return Err(limits.exceeded(file, "parts", archive.len() as u64, limits.parts as u64));
    }
    let mut parts: Vec<(String, u64)> = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let part = archive
            .by_index_raw(index)
            .map_err(|_| damaged(place(), "its table of contents is wrong"))?;
        if part.encrypted() {
            return Err(encrypted(file));
        }
        let name =
            part.name().map_err(|_| damaged(place(), "a part has no proper name"))?.into_owned();
        parts.push((name, part.compressed_size()));
    }
    let has = |name: &str| parts.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
    if !has("xl/workbook.xml") {
        return Err(not_a_workbook(file, "it is a zip archive without a workbook in it"));
    }
    let seen = inflate_all(file, bytes, &parts, limits)?;
    Ok(Package { uncalculated: seen.uncalculated, unknown_errors: seen.unknown_errors })
}

/// Inflates and checks every part, on two threads where there is enough to do.
fn inflate_all(
    file: &str,
    bytes: &[u8],
    parts: &[(String, u64)],
    limits: &Limits,
) -> Result<Seen, Problem> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(parts[i].1));
    let next = AtomicUsize::new(0);
    let inflated = AtomicU64::new(0);
    let work = || -> Result<Seen, (usize, Problem)> {
        let mut archive: Archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| (0, damaged(Place::file(file), "its table of contents is wrong")))?;
        let mut seen = Seen::default();
        while let Some(&index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            seen.join(
                check_part(file, &mut archive, index, &parts[index].0, &inflated, limits)
                    .map_err(|problem| (index, problem))?,
            );
        }
        Ok(seen)
    };
    let results = if bytes.len() > super::WORTH_A_THREAD {
        both(work, work).into()
    } else {
        [work(), Ok(Seen::default())]
    };
    // The same fault is reported however the threads shared the work: the first part's.
    let mut faults: Vec<(usize, Problem)> = Vec::new();
    let mut seen = Seen::default();
    for result in results {
        match result {
            Ok(some) => seen.join(some),
            Err(fault) => faults.push(fault),
        }
    }
    faults.sort_by_key(|(index, _)| *index);
    faults.into_iter().next().map_or(Ok(seen), |(_, problem)| Err(problem))
}

fn check_part(
    file: &str,
    archive: &mut Archive,
    index: usize,
    name: &str,
    inflated: &AtomicU64,
    limits: &Limits,
) -> Result<Seen, Problem> {
    let place = || Place::file(file);
    let broken = || damaged(place(), &format!("its part {name} cannot be unpacked"));
    let mut part = archive.by_index(index).map_err(|_| broken())?;
    let lower = name.to_ascii_lowercase();
    let xml = [".xml", ".rels", ".vml"].iter().any(|end| lower.ends_with(end));
    let strings = lower.ends_with("sharedstrings.xml");
    // Sheets may lie anywhere in the package: whatever is not the texts is looked at as if it were
    // one.
    let sheet = lower.ends_with(".xml") && !strings;
    let mut scan = SheetScan::default();
    let mut doctype = DoctypeScan::default();
    let mut seam = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    let (mut size, mut first) = (0u64, true);
    loop {
        // Reading to the end is what makes the zip library compare the checksum.
        let n = part.read(&mut buffer).map_err(|_| broken())?;
        if n == 0 {
            break;
        }
        let chunk = &buffer[..n];
        size += n as u64;
        if size > limits.part_bytes {
            return Err(limits.exceeded(file, "bytes in one part", size, limits.part_bytes));
        }
        let all = inflated.fetch_add(n as u64, Ordering::Relaxed) + n as u64;
        if all > limits.total_bytes {
            return Err(limits.exceeded(file, "bytes when unpacked", all, limits.total_bytes));
        }
        if xml {
            if first
                && (chunk.starts_with(b"\xff\xfe")
                    || chunk.starts_with(b"\xfe\xff")
                    || chunk.get(1) == Some(&0))
            {
                return Err(damaged(place(), &format!("its part {name} is not in UTF-8")));
            }
            if strings && !string_count_is_sound(&mut seam, chunk, limits) {
                return Err(damaged(
                    place(),
                    "it says that it holds more texts than any workbook can",
                ));
            }
            if doctype.feed(chunk) {
                return Err(damaged(
                    place(),
                    &format!("its part {name} declares a document type, which no workbook does"),
                ));
            }
            if sheet {
                scan.feed(chunk).map_err(|what| damaged(place(), &format!("in {name}, {what}")))?;
            }
        }
        first = false;
    }
    Ok(scan.seen)
}

/// Whether the count that the string table declares can be: calamine sets that much memory aside at
/// once. The attribute may be cut by the seam of two chunks.
fn string_count_is_sound(seam: &mut Vec<u8>, chunk: &[u8], limits: &Limits) -> bool {
    const NAME: &[u8] = b"uniqueCount";
    const LONGEST: usize = 64;
    seam.extend_from_slice(&chunk[..chunk.len().min(LONGEST)]);
    let sound = [seam.as_slice(), chunk].into_iter().all(|text| {
        memmem::find_iter(text, NAME).all(|at| {
            let rest = text[at + NAME.len()..].trim_ascii_start();
            let Some(rest) = rest.strip_prefix(b"=") else { return true };
            let rest = rest.trim_ascii_start();
            let digits = rest.get(1..).unwrap_or_default();
            let count = digits.iter().take_while(|b| b.is_ascii_digit()).count();
            count <= 10
                && std::str::from_utf8(&digits[..count])
                    .ok()
                    .and_then(|d| d.parse::<u64>().ok())
                    .is_none_or(|n| n <= limits.cells as u64)
        })
    });
    seam.clear();
    seam.extend_from_slice(&chunk[chunk.len().saturating_sub(LONGEST)..]);
    sound
}

/// Looks for `<!DOCTYPE`, also across the seam of two chunks.
#[derive(Default)]
struct DoctypeScan {
    tail: Vec<u8>,
}

impl DoctypeScan {
    fn feed(&mut self, chunk: &[u8]) -> bool {
        const MARK: &[u8] = b"<!DOCTYPE";
        let mut seam = std::mem::take(&mut self.tail);
        seam.extend_from_slice(&chunk[..chunk.len().min(MARK.len())]);
        let found = memmem::find(&seam, MARK).is_some() || memmem::find(chunk, MARK).is_some();
        self.tail = chunk[chunk.len().saturating_sub(MARK.len() - 1)..].to_vec();
        found
    }
}

/// What the sheets hold that needs a closer reading.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Seen {
    uncalculated: bool,
    unknown_errors: bool,
}

impl Seen {
    fn join(&mut self, other: Seen) {
        self.uncalculated |= other.uncalculated;
        self.unknown_errors |= other.unknown_errors;
    }
}

/// The errors that calamine knows.
const KNOWN_ERRORS: [&[u8]; 7] =
    [b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!"];

/// Walks a sheet's tags for what calamine would read wrongly without a word.
#[derive(Default)]
struct SheetScan {
    carry: Vec<u8>,
    shared: bool,
    error: bool,
    formula: bool,
    value: bool,
    seen: Seen,
}

/// A tag and its text may be so long: a text of 32,767 characters, each written as an entity.
const LONGEST_TOKEN: usize = 1 << 20;

impl SheetScan {
    fn feed(&mut self, chunk: &[u8]) -> Result<(), String> {
        // A token runs from one `<` to the next; the last one waits for its end in the next chunk.
        let Some(last) = memchr::memrchr(b'<', chunk) else {
            self.carry.extend_from_slice(chunk);
            return if self.carry.len() > LONGEST_TOKEN {
                Err("a cell holds too much text".into())
            } else {
                Ok(())
            };
        };
        let first = memchr(b'<', chunk).unwrap_or(last);
        let mut carry = std::mem::take(&mut self.carry);
        carry.extend_from_slice(&chunk[..first]);
        if !carry.is_empty() {
            self.token(&carry[1.min(carry.len())..])?;
        }
        carry.clear();
        let whole = &chunk[first..last];
        let mut from = 0;
        for at in memchr_iter(b'<', whole).skip(1) {
            self.token(&whole[from + 1..at])?;
            from = at;
        }
        if !whole.is_empty() {
            self.token(&whole[from + 1..])?;
        }
        carry.extend_from_slice(&chunk[last..]);
        self.carry = carry;
        Ok(())
    }

    fn token(&mut self, token: &[u8]) -> Result<(), String> {
        // Nearly every tag of a sheet is one of these, written as Excel and its like write them.
        match token {
            [b'v', b'>', text @ ..] => return self.value(text),
            [b'c', b' ', rest @ ..] => return self.cell(rest),
            [b'/', b'v' | b'f' | b'r', ..] => return Ok(()),
            [b'/', b'c', b'>', ..] => {
                self.seen.uncalculated |= self.formula && !self.value;
                return Ok(());
            }
            _ => {}
        }
        let name_end = token
            .iter()
            .position(|b| matches!(b, b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n'))
            .filter(|e| *e > 0);
        let closing = token.first() == Some(&b'/');
        let name = if closing {
            let rest = &token[1..];
            &rest[..rest.iter().position(|b| matches!(b, b' ' | b'>')).unwrap_or(rest.len())]
        } else {
            &token[..name_end.unwrap_or(token.len())]
        };
        let local = memchr(b':', name).map_or(name, |colon| &name[colon + 1..]);
        match (closing, local) {
            (false, b"c") => return self.cell(&token[name.len()..]),
            (false, b"row") => {
                for (_, value) in attributes(&token[name.len()..]).filter(|(key, _)| *key == b"r") {
                    row_number(value)?;
                }
            }
            (false, b"f") => self.formula = true,
            (false, b"v") => {
                return self
                    .value(memchr(b'>', token).map_or(&token[..0], |end| &token[end + 1..]));
            }
            (true, b"c") => self.seen.uncalculated |= self.formula && !self.value,
            _ => {}
        }
        Ok(())
    }

    /// A cell begins: its attributes.
    fn cell(&mut self, inside: &[u8]) -> Result<(), String> {
        (self.shared, self.error, self.formula, self.value) = (false, false, false, false);
        for (key, value) in attributes(inside) {
            match key {
                b"r" => cell_reference(value)?,
                b"t" => (self.shared, self.error) = (value == b"s", value == b"e"),
                _ => {}
            }
        }
        Ok(())
    }

    /// A cell's value: its text.
    fn value(&mut self, text: &[u8]) -> Result<(), String> {
        self.value = !text.is_empty();
        if self.error {
            self.seen.unknown_errors |= !KNOWN_ERRORS.contains(&text);
        }
        if self.shared && !(text.len() <= 10 && text.iter().all(u8::is_ascii_digit)) {
            return Err("a cell points to a text that is not there".into());
        }
        Ok(())
    }
}

/// The attributes of a tag, up to its end: keys and values as written. Short as they are, walking
/// by bytes is quicker than searching.
fn attributes(tag: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = tag;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let key_end =
            rest.iter().position(|b| matches!(b, b'=' | b'>') || b.is_ascii_whitespace())?;
        let (key, after) = rest.split_at(key_end);
        let after = after.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let (quote, after) = after.split_first().filter(|(q, _)| matches!(q, b'"' | b'\''))?;
        let end = after.iter().position(|b| b == quote)?;
        rest = &after[end + 1..];
        Some((key, &after[..end]))
    })
}

fn row_number(text: &[u8]) -> Result<(), String> {
    let digits = (1..=7).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    let number = text
        .iter()
        .fold(0u32, |n, b| n.wrapping_mul(10).wrapping_add(u32::from(b.wrapping_sub(b'0'))));
    if digits && (1..=MOST_ROWS).contains(&number) {
        return Ok(());
    }
    Err("a row's number is not one that a sheet can have".into())
}

fn cell_reference(text: &[u8]) -> Result<(), String> {
    let letters = text.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let column = |letters: &[u8]| {
        letters.iter().fold(0, |n, b| n * 26 + u16::from(b.to_ascii_uppercase() - b'A' + 1))
    };
    if (1..=3).contains(&letters) && column(&text[..letters]) <= MOST_COLUMNS {
        return row_number(&text[letters..]);
    }
    Err("a cell's address is not one that a sheet can have".into())
}

/// A file that is protected by a password.
pub fn encrypted(file: &str) -> Problem {
    Problem::unreadable(file, "the workbook is protected by a password")
        .hint("open it in Excel, choose File > Info > Protect Workbook > Encrypt with Password, clear the password, save a copy and use that")
}

/// A file that is something else.
pub fn not_a_workbook(file: &str, what: &str) -> Problem {
    Problem::unreadable(file, format!("the file is not a workbook or a CSV list: {what}"))
        .hint("save the return as an Excel workbook (.xlsx) and use that")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The scan gives the same verdict wherever the chunks are cut.
    fn scan(xml: &str) -> Result<bool, String> {
        let mut verdicts = (1..xml.len()).map(|cut| {
            let mut scan = SheetScan::default();
            scan.feed(&xml.as_bytes()[..cut])?;
            scan.feed(&xml.as_bytes()[cut..])?;
            Ok(scan.seen.uncalculated)
        });
        let first = verdicts.next().expect("more than one way to cut");
        assert!(verdicts.all(|v| v == first), "the verdict depends on the cut");
        first
    }

    #[test]
    fn damage_in_a_sheet_is_seen() {
        let good = r#"<x:worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>A1</f><v>2</v></c></row></sheetData></x:worksheet>"#;
        assert_eq!(scan(good), Ok(false));
        assert_eq!(scan(&good.replace("<v>2</v>", "")), Ok(true));
        for (from, to) in [
            ("<v>0</v>", "<v>abc</v>"),
            ("<v>0</v>", "<v>-1</v>"),
            ("<row r=\"1\">", "<row r=\"4294967297\">"),
            ("r=\"A1\"", "r=\"A0\""),
            ("r=\"A1\"", "r=\"ZZZZ9\""),
            ("r=\"A1\"", "r=\"inlineStringOfLetters\""),
            ("r=\"A1\"", "r=\"XFE1\""),
            ("<row r=\"1\">", "<row spans='1:2' r = '1048577'>"),
        ] {
            assert!(scan(&good.replace(from, to)).is_err(), "{to}");
        }
    }

    #[test]
    fn a_document_type_is_seen_across_chunks() {
        let text = b"<?xml version='1.0'?>  <!DOCTYPE x>";
        for cut in 0..text.len() {
            let mut scan = DoctypeScan::default();
            let found = scan.feed(&text[..cut]) | scan.feed(&text[cut..]);
            assert!(found, "cut at {cut}");
        }
    }
}
