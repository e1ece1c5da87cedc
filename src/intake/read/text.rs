//! CSV lists: whatever encoding and separator a case system exports.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Limits;
use super::sheet::{LONGEST_TEXT, Sheet, Value, damaged};
use crate::nouns::problem::{Place, Problem, Problems};

/// How the rows of a list are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// As Excel numbers them: a line break inside quotation marks begins no row.
    AsExcel,
    /// By the line of the text that each begins on.
    ByLine,
}

/// Reads a CSV list as one sheet, which has the place's name.
pub fn read(
    place: Place,
    bytes: &[u8],
    rows: Rows,
    limits: &Limits,
    problems: &mut Problems,
) -> Result<Sheet, Problem> {
    let (encoding, bytes) = encoding_of(bytes);
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    let whole = Place { sheet: None, ..place.clone() };
    if malformed || text.contains('\0') {
        return Err(damaged(whole, "it holds bytes that are not text")
            .hint("export the list again as CSV (UTF-8)"));
    }
    // Some programs still end lines with a carriage return alone.
    let text = match ends_lines_by_return(&text) {
        true => text.replace("\r\n", "\n").replace('\r', "\n").into(),
        false => text,
    };
    let (separator, text) = match said_separator(&text).filter(|_| rows == Rows::AsExcel) {
        Some((said, rest)) => (said, rest),
        None => (separator(&text), &*text),
    };
    if encoding == WINDOWS_1252 {
        problems.add(
            Problem::note(
                whole.clone(),
                "the file is not UTF-8; it was read as Windows text (Windows-1252)",
            )
            .hint("save it as \"CSV UTF-8\" if accented letters or dashes look wrong"),
        );
    }
    let name = place.sheet.clone().unwrap_or_default();
    let mut sheet = Sheet::new(place, name);
    sheet.typed = false;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut last_has_lines = false;
    let mut numbers = Numbers { text, rows, byte: 0, next: 0 };
    loop {
        let more =
            reader.read_record(&mut record).map_err(|_| damaged(whole.clone(), "it is not CSV"))?;
        if !more {
            break;
        }
        let row = numbers.of_record(record.position().map_or(0, |p| p.byte() as usize));
        for (col, field) in record.iter().enumerate() {
            // A field of so many lines has swallowed the rows behind it.
            if field.len() > LONGEST_TEXT && field.contains('\n') {
                let place = sheet.place.at(row, col.min(16_383) as u16);
                return Err(Problem { place, ..unclosed(whole) });
            }
            last_has_lines = field.contains('\n');
            if !field.trim().is_empty() {
                sheet.push(row, col as u32, value_of(field), false)?;
            }
        }
        if sheet.len() > limits.cells {
            let (found, allowed) = (sheet.len() as u64, limits.cells as u64);
            return Err(limits.exceeded(&whole.file, "cells", found, allowed));
        }
    }
    // An odd number of quotation marks, and a last field over several lines: the one that was left
    // open has swallowed the rest of the file.
    let odd = memchr::memchr_iter(b'"', text.as_bytes()).count() % 2 == 1;
    if odd && last_has_lines {
        return Err(unclosed(whole));
    }
    sheet.finish();
    Ok(sheet)
}

/// What a field holds, where Excel writes something that is no text in words: an error, TRUE,
/// FALSE.
pub fn value_of(field: &str) -> Value<'_> {
    match field.trim() {
        "#NULL!" | "#DIV/0!" | "#VALUE!" | "#REF!" | "#NAME?" | "#NUM!" | "#N/A" | "#SPILL!"
        | "#CALC!" => Value::Error(field.trim()),
        "TRUE" => Value::Bool(true),
        "FALSE" => Value::Bool(false),
        _ => Value::Text(field),
    }
}

fn unclosed(file: Place) -> Problem {
    damaged(file, "a quotation mark is opened and never closed")
        .hint("in a text editor, look for a quotation mark without its other half")
}

/// Numbers the records as they go by, from 0. The csv crate passes over blank lines, which are rows
/// all the same.
struct Numbers<'t> {
    text: &'t str,
    rows: Rows,
    /// Where the record before began.
    byte: usize,
    /// The row of the next record, where no blank line comes before it.
    next: u32,
}

impl Numbers<'_> {
    /// The row of the record that begins at a byte, or after the line ends that follow it.
    fn of_record(&mut self, byte: usize) -> u32 {
        let text = self.text.as_bytes();
        let ends = text[byte..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let begin = byte + ends;
        let row = match self.rows {
            Rows::AsExcel => {
                // The line feed that ends the record before is none of the blank lines' own.
                let from = if byte > 0 && text[byte - 1] == b'\r' { byte + 1 } else { byte };
                let blank = memchr::memchr_iter(b'\n', text.get(from..begin).unwrap_or_default());
                self.next + blank.count() as u32
            }
            Rows::ByLine => {
                let between = &text[self.byte.min(begin)..begin];
                self.next + memchr::memchr_iter(b'\n', between).count() as u32
            }
        };
        self.byte = begin;
        self.next = if self.rows == Rows::AsExcel { row + 1 } else { row };
        row
    }
}

/// The encoding by byte-order mark, else by what the bytes can be, and the bytes after the mark.
fn encoding_of(bytes: &[u8]) -> (&'static Encoding, &[u8]) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return (encoding, &bytes[mark..]);
    }
    let start = &bytes[..bytes.len().min(4096)];
    let zeros = |offset: usize| start.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let half = start.len() / 2;
    if half > 8 && zeros(1) > half / 2 {
        return (UTF_16LE, bytes);
    }
    if half > 8 && zeros(0) > half / 2 {
        return (UTF_16BE, bytes);
    }
    if std::str::from_utf8(bytes).is_ok() { (UTF_8, bytes) } else { (WINDOWS_1252, bytes) }
}

/// Whether a line ends with a carriage return and no line feed.
fn ends_lines_by_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
}

/// The separator that the first line says, `sep=;`, and what follows: Excel makes no row of it.
fn said_separator(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let said = line.trim_end_matches('\r');
    match said.as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', one] if one.is_ascii() => Some((*one, rest)),
        _ => None,
    }
}

/// The separator that the first lines use most outside quotes: comma, semicolon or tab.
fn separator(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for line in text.lines().filter(|line| !line.trim().is_empty()).take(5) {
        let mut quoted = false;
        for byte in line.bytes() {
            if byte == b'"' {
                quoted = !quoted;
            }
            if let (false, Some(count)) = (quoted, counts.iter_mut().find(|c| c.0 == byte)) {
                count.1 += 1;
            }
        }
    }
    // Ties go to the comma, which stands first.
    counts.into_iter().rev().max_by_key(|c| c.1).map_or(b',', |c| c.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(bytes: &[u8], rows: Rows) -> Result<Sheet, Problem> {
        let place = Place::sheet("list.csv", 0, "list");
        read(place, bytes, rows, &Limits::default(), &mut Problems::default())
    }

    fn cells(bytes: &[u8]) -> Vec<String> {
        let sheet = listed(bytes, Rows::AsExcel).expect("readable");
        sheet
            .rows()
            .flat_map(|(r, cells)| {
                cells.iter().map(|c| format!("{r}:{}", sheet.shown(c))).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn of_separators_that_are_as_common_the_comma_is_taken() {
        assert_eq!(separator("a,b;c\n1,2;3\n"), b',');
        assert_eq!(separator("a;b;c,d\n"), b';');
        assert_eq!(separator("\"a;b;c\",d\n"), b',');
    }

    /// The mark that was left open swallows what follows it: nothing of that is a record.
    #[test]
    fn a_quotation_mark_that_is_never_closed_is_damage() {
        let open = listed(b"CHILD,NOTE\nA,\"left open\nB,fine\n", Rows::AsExcel);
        assert!(open.expect_err("damage").message.contains("never closed"));
        assert_eq!(cells(b"A,\"two\nlines\"\n"), ["0:A", "0:two\nlines"]);
    }

    #[test]
    fn every_usual_encoding_reads_the_same() {
        let text = "CHILD;NAME\r\n1;Zoë – x\r\n";
        let expected = ["0:CHILD", "0:NAME", "1:1", "1:Zoë – x"];
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(cells(text.as_bytes()), expected);
        assert_eq!(cells(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), expected);
        assert_eq!(cells(&WINDOWS_1252.encode(text).0), expected);
        assert_eq!(cells(&little), expected);
        assert_eq!(cells(&big), expected);
        assert_eq!(cells(&[b"\xff\xfe".to_vec(), little].concat()), expected);
    }

    #[test]
    fn rows_are_numbered_as_excel_numbers_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["A", "", "\"b", "c\"", "", "", "D", "\"e\"", "", ""].join(end);
            for (rows, expected) in [(Rows::AsExcel, [0, 2, 5, 6]), (Rows::ByLine, [0, 2, 6, 7])] {
                let sheet = listed(text.as_bytes(), rows).expect("readable");
                let numbers: Vec<u32> = sheet.rows().map(|(row, _)| row).collect();
                assert_eq!(numbers, expected, "{end:?}");
            }
        }
    }

    #[test]
    fn lines_may_end_in_several_ways_and_the_first_may_name_the_separator() {
        assert_eq!(cells(b"A,B\r\r1,x\n2,y\r\n"), ["0:A", "0:B", "2:1", "2:x", "3:2", "3:y"]);
        assert_eq!(cells(b"sep=;\r\nA;B,C\r\n\r\n1;x"), ["0:A", "0:B,C", "2:1", "2:x"]);
        assert_eq!(cells(b"SEP=|\nA|B\n"), ["0:A", "0:B"]);
        assert_eq!(cells(b"sep=;;\nA\n")[0], "0:sep=");
    }

    #[test]
    fn what_excel_writes_in_words_is_no_text() {
        let sheet = listed(b"#N/A,TRUE,true, #N/A ,N/A\n", Rows::AsExcel).expect("readable");
        let (_, cells) = sheet.rows().next().expect("a row");
        let values: Vec<Value> = cells.iter().map(|cell| sheet.value(cell)).collect();
        let error = Value::Error("#N/A");
        let text = Value::Text;
        assert_eq!(values, [error, Value::Bool(true), text("true"), error, text("N/A")]);
    }

    #[test]
    fn a_field_that_is_too_long_is_told_and_the_others_are_read() {
        let sheet = listed(format!("A,{},B\n", "x".repeat(33_000)).as_bytes(), Rows::AsExcel);
        let sheet = sheet.expect("readable");
        let (_, cells) = sheet.rows().next().expect("a row");
        assert_eq!(sheet.value(&cells[1]), Value::TooLong);
        assert_eq!(sheet.value(&cells[2]), Value::Text("B"));
    }

    #[test]
    fn separators_inside_quotes_do_not_count() {
        assert_eq!(cells(b"\"a;b;c;d\",e\n"), ["0:a;b;c;d", "0:e"]);
        assert_eq!(cells(b"a\tb\n"), ["0:a", "0:b"]);
    }

    #[test]
    fn an_unclosed_quotation_mark_is_damage() {
        let text = format!("CHILD,NOTE\n1,\"open\n{}", "2,x\n".repeat(20_000));
        let problem = listed(text.as_bytes(), Rows::AsExcel).expect_err("damaged");
        assert!(problem.message.contains("never closed"), "{problem}");
    }
}
