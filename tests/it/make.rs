//! Makes returns for tests, whole ones and broken ones: workbooks, parts of packages, old
//! containers.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A sheet: its name and its rows. Fields stand between `|`: `d:2026-09-30` is a date, `n:15` a
/// number, `p:0.808` a number shown as a percentage, `=1+1` a formula, anything else a text;
/// nothing is a blank.
pub type Tab<'a> = (&'a str, &'a [&'a str]);

/// A workbook of such sheets; one whose name ends in `(hidden)` is hidden.
pub fn workbook(tabs: &[Tab]) -> Vec<u8> {
    let mut book = Workbook::new();
    let (date, percent) =
        (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("0.0%"));
    for (name, rows) in tabs {
        let sheet = book.add_worksheet();
        sheet.set_name(name.trim_end_matches("(hidden)").trim()).expect("a name for a sheet");
        sheet.set_hidden(name.ends_with("(hidden)"));
        for (row, line) in (0u32..).zip(rows.iter()) {
            for (col, field) in (0u16..).zip(line.split('|').map(str::trim)) {
                let number = |text: &str| text.parse::<f64>().expect("a number behind n: or p:");
                match field.split_once(':').filter(|(kind, _)| matches!(*kind, "d" | "n" | "p")) {
                    Some(("d", day)) => {
                        let day = ExcelDateTime::parse_from_str(day).expect("a date behind d:");
                        sheet.write_datetime_with_format(row, col, day, &date)
                    }
                    Some(("p", text)) => {
                        sheet.write_number_with_format(row, col, number(text), &percent)
                    }
                    Some((_, text)) => sheet.write_number(row, col, number(text)),
                    None if field.starts_with('=') => {
                        sheet.write_formula(row, col, Formula::new(field))
                    }
                    None if field.is_empty() => continue,
                    None => sheet.write_string(row, col, field),
                }
                .expect("a cell can be written");
            }
        }
    }
    book.save_to_buffer().expect("a workbook can be made")
}

/// The parts of a package, in order.
pub fn parts(package: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(package)).expect("a package");
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).expect("a part");
            let name = part.name().expect("a part has a name").into_owned();
            let mut content = Vec::new();
            part.read_to_end(&mut content).expect("a part can be unpacked");
            (name, content)
        })
        .collect()
}

/// A package of parts.
pub fn package(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer
            .start_file(name.as_str(), SimpleFileOptions::default())
            .expect("a part can be begun");
        writer.write_all(content).expect("a part can be written");
    }
    writer.finish().expect("a package can be ended").into_inner()
}

/// Packed by gzip.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(content).expect("it can be packed");
    writer.finish().expect("it can be packed")
}

/// The package with one part changed.
pub fn with_part(bytes: &[u8], name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut all = parts(bytes);
    let part = all.iter_mut().find(|(n, _)| n == name).unwrap_or_else(|| panic!("a part {name}"));
    part.1 = change(std::mem::take(&mut part.1));
    package(&all)
}

/// The package with a text of one part replaced; the text must be there.
pub fn replaced(bytes: &[u8], name: &str, from: &str, to: &str) -> Vec<u8> {
    with_part(bytes, name, |content| {
        let text = String::from_utf8(content).expect("parts are text");
        assert!(text.contains(from), "{name} holds {from}: {}", &text[..text.len().min(600)]);
        text.replacen(from, to, 1).into_bytes()
    })
}

/// The package with a cell of a sheet (by number, from 1) replaced by other XML.
pub fn with_cell(bytes: &[u8], sheet: usize, cell: &str, xml: &str) -> Vec<u8> {
    with_part(bytes, &format!("xl/worksheets/sheet{sheet}.xml"), |content| {
        let text = String::from_utf8(content).expect("parts are text");
        let from =
            text.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("a cell {cell}"));
        let tag_end = from + text[from..].find('>').expect("a tag ends");
        let to = match text.as_bytes()[tag_end - 1] {
            b'/' => tag_end + 1,
            _ => from + text[from..].find("</c>").expect("a cell ends") + 4,
        };
        format!("{}{xml}{}", &text[..from], &text[to..]).into_bytes()
    })
}

/// An old container with one stream: sectors of 512 bytes, as Excel 97 wrote them.
pub fn container(stream: &str, content: &[u8]) -> Vec<u8> {
    let mut file =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))
            .expect("a container can be made");
    file.create_stream(stream)
        .expect("a stream can be made")
        .write_all(content)
        .expect("a stream can be written");
    file.flush().expect("a container can be flushed");
    file.into_inner().into_inner()
}
