//! CSV lists: whatever encoding and separator a case system exports.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::sheet::{LONGEST_TEXT, Sheet, Value, damaged};
use crate::nouns::problem::{Place, Problem, Problems};

/// Reads a CSV file as one sheet that is named after the file.
pub fn read(file: &str, bytes: &[u8], problems: &mut Problems) -> Result<Sheet, Problem> {
    let (encoding, bytes) = encoding_of(bytes);
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    let whole = Place::file(file);
    if malformed || text.contains('\0') {
        return Err(damaged(whole, "it holds bytes that are not text")
            .hint("export the list again as CSV (UTF-8)"));
    }
    // Some programs still end lines with a carriage return alone.
    let text = if text.contains('\n') { text } else { text.replace('\r', "\n").into() };
    if encoding == WINDOWS_1252 {
        problems.add(
            Problem::note(
                whole.clone(),
                "the file is not UTF-8; it was read as Windows text (Windows-1252)",
            )
            .hint("save it as \"CSV UTF-8\" if accented letters or dashes look wrong"),
        );
    }
    let name = std::path::Path::new(file)
        .file_stem()
        .map_or(file.into(), |s| s.to_string_lossy().into_owned());
    let mut sheet = Sheet::new(Place::sheet(file, 0, &name), &name);
    sheet.typed = false;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut last = String::new();
    let mut lines = Lines { text: &text, byte: 0, line: 0 };
    loop {
        let more =
            reader.read_record(&mut record).map_err(|_| damaged(whole.clone(), "it is not CSV"))?;
        if !more {
            break;
        }
        // The line a record begins on is its row: what an officer sees in a text editor, and in
        // Excel too unless a quoted field holds a line break.
        let row = lines.line_of(record.position().map_or(0, |p| p.byte() as usize));
        for (col, field) in record.iter().enumerate() {
            if field.len() > LONGEST_TEXT {
                let place = sheet.place.at(row, col.min(16_383) as u16);
                return Err(Problem { place, ..unclosed(whole) });
            }
            last.clear();
            last.push_str(field);
            if !field.trim().is_empty() {
                sheet.push(row, col as u32, Value::Text(field), false)?;
            }
        }
    }
    // An odd number of quotation marks, and a last field over several lines: the one that was left
    // open has swallowed the rest of the file.
    let odd = memchr::memchr_iter(b'"', text.as_bytes()).count() % 2 == 1;
    if odd && last.contains('\n') {
        return Err(unclosed(whole));
    }
    sheet.finish();
    Ok(sheet)
}

fn unclosed(file: Place) -> Problem {
    damaged(file, "a quotation mark is opened and never closed")
        .hint("open the file in a text editor, look for a quotation mark without its other half, and save it again")
}

/// Counts lines as the records go by. The csv crate's own count stays behind where lines end with
/// CR LF.
struct Lines<'t> {
    text: &'t str,
    byte: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line, from 0, of the record that begins at a byte or after the line ends that follow it.
    fn line_of(&mut self, byte: usize) -> u32 {
        let rest = &self.text.as_bytes()[byte..];
        let begin = byte + rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let between = &self.text.as_bytes()[self.byte.min(begin)..begin];
        self.line += memchr::memchr_iter(b'\n', between).count() as u32;
        self.byte = begin;
        self.line
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

    fn cells(bytes: &[u8]) -> Vec<String> {
        let sheet = read("list.csv", bytes, &mut Problems::default()).expect("readable");
        sheet
            .rows()
            .flat_map(|(r, cells)| {
                cells.iter().map(|c| format!("{r}:{}", sheet.shown(c))).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn every_usual_encoding_reads_the_same() {
        let text = "CHILD;NAME\r\n1;Zoë – x\r\n";
        let expected = ["0:CHILD", "0:NAME", "1:1", "1:Zoë – x"];
        let utf16 = |little: bool| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() })
                .collect()
        };
        assert_eq!(cells(text.as_bytes()), expected);
        assert_eq!(cells(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), expected);
        assert_eq!(cells(&WINDOWS_1252.encode(text).0), expected);
        assert_eq!(cells(&utf16(true)), expected);
        assert_eq!(cells(&utf16(false)), expected);
        assert_eq!(cells(&[b"\xff\xfe".to_vec(), utf16(true)].concat()), expected);
    }

    #[test]
    fn rows_are_the_lines_of_the_file() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["A", "", "\"b", "c\"", "", "", "D"].join(end);
            let rows: Vec<_> = cells(text.as_bytes())
                .iter()
                .map(|c| c.split(':').next().unwrap().to_string())
                .collect();
            assert_eq!(rows, ["0", "2", "6"], "{end:?}");
        }
    }

    #[test]
    fn separators_inside_quotes_do_not_count() {
        assert_eq!(cells(b"\"a;b;c;d\",e\n"), ["0:a;b;c;d", "0:e"]);
        assert_eq!(cells(b"a\tb\n"), ["0:a", "0:b"]);
    }

    #[test]
    fn an_unclosed_quotation_mark_is_damage() {
        let text = format!("CHILD,NOTE\n1,\"open\n{}", "2,x\n".repeat(20_000));
        let problem =
            read("list.csv", text.as_bytes(), &mut Problems::default()).expect_err("damaged");
        assert!(problem.message.contains("never closed"), "{problem}");
    }
}
