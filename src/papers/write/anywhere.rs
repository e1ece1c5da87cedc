//! The same bytes on any system: a zip says for each of its parts on which one it was made, and the
//! library says so as it is.

/// The system that every workbook names: Unix, as the library writes it there.
const UNIX: u8 = 3;
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";

/// The workbook with one system named throughout its table of contents.
pub(super) fn made_anywhere(mut book: Vec<u8>) -> Vec<u8> {
    let end = book.windows(4).rposition(|mark| mark == END);
    let mut at = end.and_then(|end| number(&book, end + 16, 4)).unwrap_or(book.len());
    while book.get(at..at + 4) == Some(&ENTRY) {
        book[at + 5] = UNIX;
        // A name, more about it, and a comment, each as long as is said.
        let lengths = [28, 30, 32].map(|length| number(&book, at + length, 2).unwrap_or_default());
        at += 46 + lengths.iter().sum::<usize>();
    }
    book
}

/// A number as zips write it: its least byte first.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::made_anywhere;

    #[test]
    fn what_windows_wrote_is_what_unix_writes() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["a.xml", "longer/b.xml"] {
            zip.start_file(name, SimpleFileOptions::default()).expect("begun");
            zip.write_all(b"PK\x01\x02 stands in a text too").expect("written");
        }
        let here = made_anywhere(zip.finish().expect("finished").into_inner());
        let mut windows = here.clone();
        let entries: Vec<usize> = (0..windows.len() - 46)
            .filter(|at| windows[*at..].starts_with(b"PK\x01\x02") && windows[at + 5] == 3)
            .collect();
        assert_eq!(entries.len(), 2);
        for at in entries {
            windows[at + 5] = 0;
        }
        assert_ne!(windows, here);
        assert_eq!(made_anywhere(windows), here);
    }
}
