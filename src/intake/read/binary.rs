//! A look at an old binary workbook (`.xls`) before calamine sees it.
//!
//! calamine follows sector chains for ever and sets aside memory for whatever corner cells claim.
//! So the container is walked by the `cfb` crate, which refuses looping chains, and the records of
//! the workbook are counted and bounded here.

use std::io::{Cursor, Read};

use super::Limits;
use super::package::{encrypted, not_a_workbook};
use super::sheet::damaged;
use crate::nouns::problem::{Place, Problem};

const ROWS: u32 = 65_536;
const COLUMNS: u32 = 256;

/// Checks the container and every record of the workbook in it.
pub fn check(file: &str, bytes: &[u8], limits: &Limits) -> Result<(), Problem> {
    let place = || Place::file(file);
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes))
        .map_err(|_| damaged(place(), "it ends too early or its sectors are in disorder"))?;
    if container.is_stream("/EncryptedPackage") {
        return Err(encrypted(file));
    }
    let Some(name) =
        ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"].into_iter().find(|n| container.is_stream(n))
    else {
        return Err(not_a_workbook(file, "it is an old Office file of another kind"));
    };
    let unreadable = |_| damaged(place(), "its sheets cannot be unpacked");
    let mut stream = Vec::new();
    let part = container.open_stream(name).map_err(unreadable)?;
    part.take(limits.part_bytes + 1).read_to_end(&mut stream).map_err(unreadable)?;
    if stream.len() as u64 > limits.part_bytes {
        return Err(limits.exceeded(
            file,
            "bytes in one part",
            stream.len() as u64,
            limits.part_bytes,
        ));
    }
    check_records(file, &stream)
}

/// Walks the records: kind, length, content. Cells must lie inside the sheet of an old workbook.
fn check_records(file: &str, stream: &[u8]) -> Result<(), Problem> {
    let damage = |what| Err(damaged(Place::file(file), what));
    let mut rest = stream;
    while rest.len() >= 4 {
        let kind = u16::from_le_bytes([rest[0], rest[1]]);
        let length = usize::from(u16::from_le_bytes([rest[2], rest[3]]));
        let Some(content) = rest.get(4..4 + length) else {
            return damage("a record runs past its end");
        };
        let short = |at: usize| {
            content.get(at..at + 2).map_or(0, |b| u32::from(u16::from_le_bytes([b[0], b[1]])))
        };
        let long = |at: usize| {
            content.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        };
        match kind {
            // Dimensions: first and last row (last excluded), first and last column.
            0x0200 if length >= 14 => {
                let (first, last, left, right) = (long(0), long(4), short(8), short(10));
                if last > ROWS || right > COLUMNS || first > last || left > right {
                    return damage("it claims to be larger than a workbook can be");
                }
            }
            // Number, label, rich label, boolean or error, RK, shared string, RK row, formula.
            0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD | 0x00BD | 0x0006
                if short(2) >= COLUMNS =>
            {
                return damage("a cell lies outside the sheet");
            }
            // The string table: how many texts, of which each takes three bytes at least.
            0x00FC if u64::from(long(4)) > stream.len() as u64 / 3 => {
                return damage("it says that it holds more texts than fit in it");
            }
            _ => {}
        }
        rest = &rest[4 + length..];
    }
    Ok(())
}
