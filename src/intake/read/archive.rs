//! Lists that are packed: several in a zip archive, as portals hand them out, or one by gzip.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::package::not_a_workbook;
use super::parts::Parts;
use super::sheet::{Sheet, damaged};
use super::{Limits, WORKBOOKS, is_ending, read_list};
use crate::nouns::problem::{Place, Problem, Problems};

/// What a gzip begins with.
pub const GZIP: &[u8] = b"\x1f\x8b";

/// Reads the lists of an archive, in the order of their names.
pub fn read_lists(
    parts: &mut Parts,
    limits: &Limits,
    problems: &mut Problems,
) -> Result<Vec<Sheet>, Problem> {
    let file = parts.file();
    let mut names: Vec<String> = parts.names().to_vec();
    names.retain(|name| !name.ends_with('/') && !is_of_the_system(name));
    names.sort();
    let mut sheets: Vec<Sheet> = Vec::new();
    let (mut cells, mut others) = (0, Vec::new());
    for name in names {
        let short = name.rsplit('/').next().unwrap_or(&name).to_string();
        if !is_list(&short) {
            others.push(short);
            continue;
        }
        let Some(bytes) = parts.read(&name)? else { continue };
        bounded(file, &bytes, limits)?;
        let place = Place::sheet(file, sheets.len(), stem(&short));
        let found = read_list(place, &bytes, limits, problems)?;
        cells += found.iter().map(Sheet::len).sum::<usize>();
        if cells > limits.cells {
            return Err(limits.exceeded(file, "cells", cells as u64, limits.cells as u64));
        }
        sheets.extend(found);
        // A list of XML has a sheet for each kind of its elements.
        limits.hold(file, "lists", sheets.len(), limits.parts)?;
    }
    if !sheets.is_empty() {
        others.iter().for_each(|name| problems.add(left_out(file, name)));
        return Ok(sheets);
    }
    match others.iter().find(|name| is_workbook(name)) {
        Some(name) => Err(Problem::unreadable(file, "the archive holds a workbook and no lists")
            .hint(unpack(name))),
        None => Err(not_a_workbook(file, "it is a zip archive without either")),
    }
}

/// What Macs and Windows put into archives and folders of their own accord.
fn is_of_the_system(name: &str) -> bool {
    let short = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/")
        || short.starts_with('.')
        || short.eq_ignore_ascii_case("thumbs.db")
}

/// That something in an archive is not read. A workbook may well hold what a figure is made of.
fn left_out(file: &str, name: &str) -> Problem {
    let place = Place::file(file);
    if is_workbook(name) {
        let what = format!("the workbook `{name}` in the archive was left out");
        return Problem::warning(place, what).hint(unpack(name));
    }
    Problem::note(place, format!("`{name}` in the archive is no list, so it was left out"))
}

fn unpack(name: &str) -> String {
    format!("unpack the archive, and use `{name}`")
}

fn is_workbook(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| is_ending(ending, &WORKBOOKS))
}

/// Whether a file in an archive is a list, by its name: an archive may hold anything else too.
fn is_list(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    [".csv", ".tsv", ".xml"].iter().any(|ending| name.ends_with(ending))
}

/// The name of a list, by that of its file: without folders and endings.
pub fn stem(name: &str) -> String {
    let ungzipped = match name.len().checked_sub(3) {
        Some(end) if name.is_char_boundary(end) && name[end..].eq_ignore_ascii_case(".gz") => {
            &name[..end]
        }
        _ => name,
    };
    let path = std::path::Path::new(ungzipped);
    path.file_stem().map_or(ungzipped.into(), |stem| stem.to_string_lossy().into_owned())
}

/// Unpacks a gzip.
pub fn ungzipped(file: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Problem> {
    let mut content = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes).take(limits.list_bytes + 1);
    decoder.read_to_end(&mut content).map_err(|_| {
        damaged(Place::file(file), "it ends too early or was cut off while it was copied")
    })?;
    bounded(file, &content, limits)?;
    // A gzip in a gzip is nothing that anybody sends.
    if content.starts_with(GZIP) {
        return Err(not_a_workbook(file, "it is packed twice"));
    }
    Ok(content)
}

/// A list is held whole while it is read, so that a small file could ask for any amount of memory.
fn bounded(file: &str, content: &[u8], limits: &Limits) -> Result<(), Problem> {
    let found = content.len() as u64;
    match found > limits.list_bytes {
        true => Err(limits.exceeded(file, "bytes when unpacked", found, limits.list_bytes)),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::nouns::problem::Severity;

    /// So many letters, packed.
    fn gzipped(length: usize) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&vec![b'x'; length]).expect("memory can be written to");
        encoder.finish().expect("memory can be written to")
    }

    #[test]
    fn a_packed_list_is_bounded_by_what_it_unpacks_to() {
        let limits = Limits { list_bytes: 1_000, ..Limits::default() };
        assert!(ungzipped("a.csv.gz", &gzipped(1_000), &limits).is_ok());
        let refused = ungzipped("a.csv.gz", &gzipped(1_001), &limits).expect_err("too large");
        assert!(refused.message.contains("1001 bytes when unpacked"), "{refused}");
    }

    #[test]
    fn a_list_is_named_by_its_file() {
        for name in ["header.csv", "a/header.csv.gz", "header.CSV.GZ", "header"] {
            assert_eq!(stem(name), "header", "{name}");
        }
        assert_eq!(stem("€"), "€");
    }

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in files {
            let options = zip::write::SimpleFileOptions::default();
            archive.start_file(*name, options).expect("begun");
            archive.write_all(content.as_bytes()).expect("written");
        }
        archive.finish().expect("ended").into_inner()
    }

    #[test]
    fn a_workbook_beside_lists_is_told() {
        let bytes = archive(&[("a.csv", "A,B"), ("figures.XLSX", ""), ("notes.txt", "")]);
        let (limits, mut problems) = (Limits::default(), Problems::default());
        let mut parts = Parts::open("q.zip", &bytes, &limits).expect("an archive");
        read_lists(&mut parts, &limits, &mut problems).expect("readable");
        let told: Vec<_> = problems.iter().map(|p| (p.severity, p.message.as_str())).collect();
        let expected = [
            (Severity::Warning, "the workbook `figures.XLSX` in the archive was left out"),
            (Severity::Note, "`notes.txt` in the archive is no list, so it was left out"),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn lists_of_an_archive_are_counted_together() {
        let records = "<r><k><f>1</f></k><l><f>1</f></l></r>";
        let bytes = archive(&[("a.xml", records), ("b.xml", records)]);
        for (parts, is_read) in [(4, true), (3, false)] {
            let limits = Limits { parts, ..Limits::default() };
            let mut package = Parts::open("q.zip", &bytes, &limits).expect("an archive");
            let read = read_lists(&mut package, &limits, &mut Problems::default());
            let told = read.map(|sheets| sheets.len()).map_err(|problem| problem.message);
            assert_eq!(told.is_ok(), is_read, "{told:?}");
        }
    }
}
