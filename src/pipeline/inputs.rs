//! The files that a run is given.

use std::collections::HashMap;
use std::path::PathBuf;

use super::Wishes;
use crate::intake::read::{self, Source};
use crate::nouns::problem::{Place, Problem, Problems};

/// Reads every input; all that cannot be read are told at once.
pub fn read_all(wishes: &Wishes, problems: &mut Problems) -> Option<Vec<Source>> {
    let mut sources = Vec::new();
    let mut whole = true;
    let files: Vec<PathBuf> = inputs(&wishes.inputs, problems)?;
    let limits = &wishes.limits;
    let mut read: Vec<Result<Source, Problem>> =
        files.iter().map(|path| read::read_file(path, limits, problems)).collect();
    read.extend(
        wishes.excerpts.iter().map(|excerpt| read::read_excerpt(excerpt, limits, problems)),
    );
    for source in read {
        match source {
            Ok(source) => sources.push(source),
            Err(problem) => {
                problems.add(problem);
                whole = false;
            }
        }
    }
    whole.then_some(sources)
}

/// The files that are meant: a folder means its CSV lists; the same file is read once.
pub fn inputs(named: &[PathBuf], problems: &mut Problems) -> Option<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path)
            .map(|entries| entries.filter_map(Result::ok).map(|e| e.path()).collect());
        let mut inside: Vec<PathBuf> = entries.unwrap_or_default();
        inside.retain(|p| {
            let mark = p.file_name().is_some_and(|name| name.to_string_lossy().starts_with("~$"));
            p.is_file() && !mark && p.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"))
        });
        inside.sort();
        if inside.is_empty() {
            problems.add(
                Problem::unreadable(path.display().to_string(), "the folder holds no CSV lists")
                    .hint("name the workbook itself; --jobs 2 makes a report of each in the folder")
                    .hint_in_page("choose the workbook itself"),
            );
            return None;
        }
        files.append(&mut inside);
    }
    let mut seen: HashMap<PathBuf, ()> = HashMap::new();
    files.retain(|path| {
        let once = seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone()), ()).is_none();
        if !once {
            problems.add(Problem::warning(
                Place::file(path.display().to_string()),
                "the file is named twice; it was read once",
            ));
        }
        once
    });
    Some(files)
}
