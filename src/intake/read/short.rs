//! A look at a binary workbook (`.xlsb`) before calamine sees it.
//!
//! Some programs write a cell that follows another in a shorter form, without its column. calamine
//! passes over such cells without a word, so they are written out in full first; and it stops at a
//! row number past the end as if the sheet ended there, so that is damage.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::sheet::damaged;
use crate::nouns::problem::{MOST_COLUMNS, MOST_ROWS, Place, Problem};

/// The record that begins a row.
const ROW: u32 = 0;
/// Cells in full: blank, number, error, boolean, real, text, shared text, and the four kinds of
/// formula.
const CELLS: std::ops::RangeInclusive<u32> = 1..=11;
/// The same kinds (but formulas) in the shorter form, in the same order.
const SHORT: std::ops::RangeInclusive<u32> = 12..=18;

/// The package with every cell in full; none where it is so already.
pub fn lengthen(file: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, Problem> {
    let damage = |what: &str| damaged(Place::file(file), what);
    let unreadable = |_| damage("its sheets cannot be unpacked");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut changed = false;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(unreadable)?;
        let name = part.name().map_err(unreadable)?.into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).map_err(|_| damage("its sheets cannot be unpacked"))?;
        if name.starts_with("xl/worksheets/") && name.ends_with(".bin") {
            match in_full(&content) {
                Err(what) => return Err(damage(&format!("in {name}, {what}"))),
                Ok(Some(full)) => {
                    changed = true;
                    content = full;
                }
                Ok(None) => {}
            }
        }
        parts.push((name, content));
    }
    if !changed {
        return Ok(None);
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        writer.start_file(name, options).map_err(unreadable)?;
        writer.write_all(&content).map_err(|_| damage("its sheets cannot be unpacked"))?;
    }
    Ok(Some(writer.finish().map_err(unreadable)?.into_inner()))
}

/// Walks the records of a sheet; gives the sheet with cells in full where any was short.
fn in_full(sheet: &[u8]) -> Result<Option<Vec<u8>>, &'static str> {
    let mut out: Vec<u8> = Vec::new();
    let mut short = false;
    let (mut at, mut column) = (0, 0u32);
    while at < sheet.len() {
        let begin = at;
        let kind = number(sheet, &mut at, 2).ok_or("a record is cut off")?;
        let length = number(sheet, &mut at, 4).ok_or("a record is cut off")? as usize;
        let content = sheet.get(at..at + length).ok_or("a record runs past its end")?;
        at += length;
        let long = || {
            content
                .get(..4)
                .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .ok_or("a cell is cut off")
        };
        // Kinds below 19 are cells only within the rows; the records around them have higher
        // numbers.
        if kind == ROW && length >= 4 {
            if long()? >= MOST_ROWS {
                return Err("a row lies outside the sheet");
            }
        } else if CELLS.contains(&kind) {
            column = long()?;
            if column >= u32::from(MOST_COLUMNS) {
                return Err("a cell lies outside the sheet");
            }
        } else if SHORT.contains(&kind) {
            if !short {
                out.extend_from_slice(&sheet[..begin]);
                short = true;
            }
            column += 1;
            out.push((kind - 11) as u8);
            push_number(&mut out, length as u32 + 4);
            out.extend_from_slice(&column.to_le_bytes());
            out.extend_from_slice(content);
            continue;
        }
        if short {
            out.extend_from_slice(&sheet[begin..at]);
        }
    }
    Ok(short.then_some(out))
}

/// A number in groups of seven bits, the lowest first.
fn number(bytes: &[u8], at: &mut usize, most: usize) -> Option<u32> {
    let mut value = 0;
    for group in 0..most {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u32::from(byte & 0x7f) << (7 * group);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(value)
}

fn push_number(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_cells_are_written_in_full() {
        // A row, a shared text in column 2, a short number behind it.
        let sheet = [
            0, 4, 9, 0, 0, 0, 7, 12, 2, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 13, 8, 0, 0, 0, 0, 6, 0,
            0, 0,
        ];
        let full = in_full(&sheet).expect("sound").expect("it has a short cell");
        assert_eq!(full[..20], sheet[..20]);
        assert_eq!(full[20..], [2, 12, 3, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0]);
        assert_eq!(in_full(&full), Ok(None));
    }

    #[test]
    fn rows_and_cells_outside_the_sheet_are_damage() {
        assert!(in_full(&[0, 4, 0, 0, 0, 1]).is_err());
        assert!(in_full(&[7, 12, 0, 0, 1, 0, 0, 0, 0, 0, 5, 0, 0, 0]).is_err());
        assert!(in_full(&[7, 12, 0]).is_err());
    }
}
