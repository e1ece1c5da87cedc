//! The language of a workbook.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The language of everything that is written.
const LANGUAGE: &str = "en-GB";
/// The part that says what the file is.
const PROPERTIES: &str = "docProps/core.xml";

/// The workbook with its language in its properties, for which rust_xlsxwriter has no door. All
/// other parts stay as they are, byte for byte.
pub(super) fn with_language(book: &[u8]) -> Option<Vec<u8>> {
    let mut old = ZipArchive::new(Cursor::new(book)).ok()?;
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut part = old.by_index(index).ok()?;
        if part.name().ok()? != PROPERTIES {
            new.raw_copy_file(part).ok()?;
            continue;
        }
        let mut text = String::new();
        part.read_to_string(&mut text).ok()?;
        let end = "</cp:coreProperties>";
        let text = text.replace(end, &format!("<dc:language>{LANGUAGE}</dc:language>{end}"));
        let options = SimpleFileOptions::default()
            .last_modified_time(part.last_modified().unwrap_or_default());
        new.start_file(PROPERTIES, options).ok()?;
        new.write_all(text.as_bytes()).ok()?;
    }
    Some(new.finish().ok()?.into_inner())
}
