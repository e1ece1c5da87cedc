//! What rust_xlsxwriter has no door for: a workbook's language, and names for the styles of its
//! cells, so that whoever changes it by hand finds them in Excel's gallery.

use std::io::{Cursor, Read, Write};

use indexmap::IndexSet;
use quick_xml::escape::escape;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::anywhere::made_anywhere;
use crate::intake::read::PROPERTIES as OF_ANY_NAME;

/// The language of everything that is written.
const LANGUAGE: &str = "en-GB";
/// The part that says what the file is, and the one that says how its cells look.
const PROPERTIES: &str = "docProps/core.xml";
const STYLES: &str = "xl/styles.xml";

/// The workbook with its language in its properties.
pub(super) fn with_language(book: &[u8]) -> Option<Vec<u8>> {
    rewritten(book, |part, text| (part == PROPERTIES).then(|| language(text)))
}

/// The same, and with these names for the looks of its cells: one for each, in the order of their
/// first use.
pub(super) fn with_styles_and_language(book: &[u8], names: &[String]) -> Option<Vec<u8>> {
    rewritten(book, |part, text| match part {
        PROPERTIES => Some(language(text)),
        STYLES => named_styles(text, names),
        _ => None,
    })
}

/// The workbook, of which a property has any name, with these in place of them.
pub(super) fn with_properties(book: &[u8], properties: &[(String, String)]) -> Option<Vec<u8>> {
    rewritten(book, |part, _| (part == OF_ANY_NAME).then(|| of_any_name(properties)))
}

fn of_any_name(properties: &[(String, String)]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Properties \
         xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" \
         xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\">",
    );
    // The first number that a property may have is 2.
    for (number, (name, said)) in (2..).zip(properties) {
        text.push_str(&format!(
            "<property fmtid=\"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}\" pid=\"{number}\" \
             name=\"{}\"><vt:lpwstr>{}</vt:lpwstr></property>",
            escape(name.as_str()),
            escape(said.as_str())
        ));
    }
    text + "</Properties>"
}

/// The workbook with some of its parts written anew; all others stay as they are, byte for byte.
fn rewritten(book: &[u8], rewrite: impl Fn(&str, &str) -> Option<String>) -> Option<Vec<u8>> {
    let mut old = ZipArchive::new(Cursor::new(book)).ok()?;
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut part = old.by_index(index).ok()?;
        let name = part.name().ok()?.to_string();
        if ![PROPERTIES, STYLES, OF_ANY_NAME].contains(&name.as_str()) {
            new.raw_copy_file(part).ok()?;
            continue;
        }
        let mut text = String::new();
        part.read_to_string(&mut text).ok()?;
        let text = rewrite(&name, &text).unwrap_or(text);
        let modified = part.last_modified().unwrap_or_default();
        let options = SimpleFileOptions::default().last_modified_time(modified);
        new.start_file(name, options).ok()?;
        new.write_all(text.as_bytes()).ok()?;
    }
    Some(made_anywhere(new.finish().ok()?.into_inner()))
}

fn language(properties: &str) -> String {
    let end = "</cp:coreProperties>";
    properties.replace(end, &format!("<dc:language>{LANGUAGE}</dc:language>{end}"))
}

/// The styles, with a name for each look behind the first, which is the plain one. Nothing where
/// there are not as many looks as names.
fn named_styles(styles: &str, names: &[String]) -> Option<String> {
    let (before, rest) = styles.split_once("<cellXfs ")?;
    let (looks, after) = rest.split_once("</cellXfs>")?;
    let mut looks = looks.split("<xf ");
    let (count, plain) = (looks.next()?, looks.next()?);
    let looks: Vec<&str> = looks.collect();
    if looks.len() != names.len() {
        return None;
    }
    let mut named: IndexSet<&str> = IndexSet::new();
    let (mut of_styles, mut of_cells, mut styles) = (String::new(), String::new(), String::new());
    for (look, name) in looks.iter().zip(names) {
        let (at, new) = named.insert_full(name.as_str());
        let id = at + 1;
        if new {
            of_styles.push_str(&format!("<xf {}", look.replace(" xfId=\"0\"", "")));
            styles.push_str(&format!("<cellStyle name=\"{name}\" xfId=\"{id}\"/>"));
        }
        let look = look.replace("xfId=\"0\"", &format!("xfId=\"{id}\""));
        of_cells.push_str(&format!("<xf {look}"));
    }
    let counted = named.len() + 1;
    let before = before
        .replace("<cellStyleXfs count=\"1\">", &format!("<cellStyleXfs count=\"{counted}\">"))
        .replace("</cellStyleXfs>", &format!("{of_styles}</cellStyleXfs>"));
    let after = after
        .replace("<cellStyles count=\"1\">", &format!("<cellStyles count=\"{counted}\">"))
        .replace("</cellStyles>", &format!("{styles}</cellStyles>"));
    Some(format!("{before}<cellXfs {count}<xf {plain}{of_cells}</cellXfs>{after}"))
}
