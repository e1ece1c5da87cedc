//! A pack as a folder.

use std::collections::BTreeMap;
use std::path::Path;

use super::{ABOUT, Pack, admits};
use crate::intake::read::io_reason;
use crate::nouns::problem::Problem;

/// How deep files may lie in folders.
const DEEPEST: usize = 8;
/// The folders of a pack.
const FOLDERS: [&str; 5] = ["scripts", "templates", "tests", "snapshots", "docs"];

/// The pack of a folder, and the files of its folders that no pack takes along.
pub fn of_folder(folder: &Path) -> Result<(Pack, Vec<String>), Problem> {
    let shown = folder.display().to_string();
    if !folder.join(ABOUT).is_file() {
        let message = format!("this folder is no pack: there is no {ABOUT} in it");
        return Err(Problem::unreadable(shown, message).hint(super::FORM));
    }
    let (mut files, mut left_out) = (BTreeMap::new(), Vec::new());
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map_err(|e| unreadable(folder, &e))?
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| FOLDERS.contains(&name.as_str()) || admits(name))
        .collect();
    names.sort();
    for name in names {
        gather(folder, &name, 0, &mut files, &mut left_out)?;
    }
    Ok((Pack::of_files(&shown, files)?, left_out))
}

fn gather(
    root: &Path,
    name: &str,
    depth: usize,
    files: &mut BTreeMap<String, Vec<u8>>,
    left_out: &mut Vec<String>,
) -> Result<(), Problem> {
    let path = root.join(name);
    let about = std::fs::symlink_metadata(&path).map_err(|e| unreadable(&path, &e))?;
    if about.is_symlink() || depth > DEEPEST {
        left_out.push(name.to_string());
        return Ok(());
    }
    if about.is_dir() {
        let entries = std::fs::read_dir(&path).map_err(|e| unreadable(&path, &e))?;
        let mut inside: Vec<String> = entries
            .filter_map(Result::ok)
            .map(|entry| format!("{name}/{}", entry.file_name().to_string_lossy()))
            .collect();
        inside.sort();
        return inside.iter().try_for_each(|name| gather(root, name, depth + 1, files, left_out));
    }
    match admits(name) {
        true => {
            let bytes = std::fs::read(&path).map_err(|e| unreadable(&path, &e))?;
            files.insert(name.to_string(), bytes);
        }
        false => left_out.push(name.to_string()),
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    let shown = path.display().to_string().replace('\\', "/");
    Problem::unreadable(shown, format!("cannot be read: {}", io_reason(error)))
}
