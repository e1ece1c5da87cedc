//! The returns in a folder, each a report of its own.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::read::{LIST, WHOLE, io_reason, is_ending, locked_by};
use crate::nouns::problem::Problem;

/// A return in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The workbook, or the folder of CSV lists.
    pub path: PathBuf,
    /// The same from the folder that was looked through: `derby/q2.xlsx`.
    pub name: String,
    /// The folder below that one in which it lies, and how its files begin: `derby/q2`. No other
    /// return has the same.
    pub stem: PathBuf,
}

/// Every return in a folder and those below it, in order of names: each workbook, and each folder
/// that holds CSV lists and neither workbooks nor further folders with returns.
pub fn returns_in(folder: &Path) -> Result<Vec<Found>, Problem> {
    let mut paths = Vec::new();
    gather(folder, &mut paths)?;
    let mut stems: HashMap<PathBuf, usize> = HashMap::new();
    for path in &paths {
        *stems.entry(stem(folder, path)).or_default() += 1;
    }
    let found = paths.into_iter().map(|path| {
        let inside = path.strip_prefix(folder).unwrap_or(&path);
        let alone = stems[&stem(folder, &path)] == 1;
        let stem = if alone { stem(folder, &path) } else { inside.to_path_buf() };
        Found { name: inside.display().to_string(), stem, path }
    });
    Ok(found.collect())
}

/// A return's name without its ending, from the folder on. The folder itself, where it is the
/// return, has its own name.
fn stem(folder: &Path, path: &Path) -> PathBuf {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    if inside.as_os_str().is_empty() {
        return PathBuf::from(path.file_name().unwrap_or_else(|| "return".as_ref()));
    }
    if path.is_dir() { inside.to_path_buf() } else { inside.with_extension("") }
}

/// That a folder cannot be read, and why.
fn cannot_be_read(folder: &Path, e: &std::io::Error) -> Problem {
    let message = format!("the folder cannot be read: {}", io_reason(e));
    Problem::unreadable(folder.display().to_string(), message)
}

/// Finds the files below a folder: workbooks one by one, and folders of lists.
fn gather(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Problem> {
    let fails = |e| cannot_be_read(folder, &e);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fails)? {
        let entry = entry.map_err(fails)?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        // A link to a folder may lead back to where it stands.
        let is_folder = entry.file_type().map_err(fails)?.is_dir();
        if !hidden && (is_folder || entry.path().is_file()) && locked_by(&entry.path()).is_none() {
            entries.push((entry.path(), is_folder));
        }
    }
    entries.sort();
    let before = found.len();
    for (path, is_folder) in &entries {
        match is_folder {
            true => gather(path, found)?,
            false if ends_in(path, &WHOLE) => found.push(path.clone()),
            false => {}
        }
    }
    if found.len() == before && entries.iter().any(|(path, _)| ends_in(path, &[LIST])) {
        found.push(folder.to_path_buf());
    }
    Ok(())
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| is_ending(&ending.to_string_lossy(), endings))
}
