//! A pack as one file: a zip archive, read with suspicion and written the same each time.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::{MOST_BYTES, MOST_FILES, admits, too_large};
use crate::nouns::problem::Problem;

/// That a file is no pack, or not a whole one.
fn damaged(file: &str) -> Problem {
    Problem::unreadable(file, "this is no pack, or a damaged one")
        .hint("a pack is a folder, or the file that `rapporteur pack` makes of it")
}

/// That a pack is refused with all that it holds, for one file of it.
fn refused(file: &str, name: &str, why: &str) -> Problem {
    let message = format!("the pack holds `{}`, {why}", plain(name));
    Problem::unreadable(file, message).hint("ask whoever made it: nothing of it was taken")
}

/// The files of an archive. One that leads out of its folder, or that no pack may hold, is refused
/// with all the others.
pub fn read(file: &str, bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, Problem> {
    let damaged = || damaged(file);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_FILES {
        return Err(too_large(file));
    }
    let (mut files, mut left) = (BTreeMap::new(), MOST_BYTES);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| damaged())?;
        let name = entry.name().map_err(|_| damaged())?.into_owned();
        if entry.is_dir() {
            continue;
        }
        let refuse = |why| refused(file, &name, why);
        let parts: Vec<&str> = name.split('/').collect();
        let leads_out = parts.iter().any(|part| matches!(*part, "" | "." | ".."));
        if leads_out || name.contains(['\\', ':']) || name.chars().any(char::is_control) {
            return Err(refuse("which leads out of its folder"));
        }
        if entry.is_symlink() {
            return Err(refuse("which is a link to another file"));
        }
        if entry.encrypted() {
            return Err(refuse("which needs a password"));
        }
        if !admits(&name) {
            return Err(refuse("which no pack may hold: only scripts, templates, tests and docs"));
        }
        // Windows and Macs take names in any case for the same.
        if !seen.insert(name.to_lowercase()) {
            return Err(refuse("twice"));
        }
        let mut content = Vec::new();
        entry.take(left as u64 + 1).read_to_end(&mut content).map_err(|_| damaged())?;
        left = left.checked_sub(content.len()).ok_or_else(|| too_large(file))?;
        files.insert(name, content);
    }
    Ok(files)
}

/// An archive of files: in the order of their names, and all of one day.
pub fn write(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    const WHY: &str = "memory can be written to";
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(name.as_str(), options).expect(WHY);
        archive.write_all(bytes).expect(WHY);
    }
    archive.finish().expect(WHY).into_inner()
}

/// A name for a message: nothing in it moves the cursor.
fn plain(name: &str) -> String {
    let safe = |c: char| if c.is_control() { '?' } else { c };
    name.chars().take(80).map(safe).collect()
}
