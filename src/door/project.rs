//! What of a project goes into a page: its settings, scripts and templates, and the files that its
//! settings name. Nothing else of its folder: a return may lie in it.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::intake::packs::{ABOUT, LOCK, PACKS};
use crate::intake::project::{Project, SETTINGS};
use crate::intake::read::io_reason;
use crate::nouns::problem::Problem;

/// A project's files by their names, from its folder; a return to try it with; its name.
#[derive(Debug, Clone, Default)]
pub struct Packed {
    /// What the page's title says beside the program's.
    pub name: Option<String>,
    /// The files, none where the project is the one that ships.
    pub files: BTreeMap<String, Vec<u8>>,
    /// A made-up return, by name.
    pub example: Option<(String, Vec<u8>)>,
}

/// The made-up return on children in care: a page offers it to try with, and `new` a project.
pub static EXAMPLE: &[u8] = include_bytes!("../../examples/children-in-care-2026-27-q2.xlsx");

/// Its name in a page.
const EXAMPLES_NAME: &str = "children-in-care-2026-27-q2.xlsx";

/// Packs a project. `example` is a made-up return to try it with.
pub fn pack(project: &Project, example: Option<&Path>) -> Result<Packed, Problem> {
    let mut packed = Packed { name: project.settings.authority.name.clone(), ..Packed::default() };
    packed.example = match example {
        Some(path) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Some((name, read(path)?))
        }
        None if project.packs.iter().any(|(about, _)| about.name == "children-in-care") => {
            Some((EXAMPLES_NAME.into(), EXAMPLE.into()))
        }
        None => None,
    };
    let Some(root) = &project.root else { return Ok(packed) };
    for source in project.sources.iter().filter(|source| source.pack.is_none()) {
        packed.files.insert(source.name.clone(), source.text.to_vec());
    }
    let settings = &project.settings;
    let mut named: Vec<PathBuf> =
        vec![SETTINGS.into(), ABOUT.into(), LOCK.into(), PACKS.into(), settings.history.clone()];
    named.extend(settings.published.values().cloned());
    named.extend(settings.neighbours.file.as_ref().map(PathBuf::from));
    named.extend(settings.reference.values().flat_map(|files| files.0.iter().map(PathBuf::from)));
    for path in named {
        if path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
            let message = format!("`{}` lies outside the project's folder", path.display());
            return Err(Problem::usage(SETTINGS, message)
                .hint("move it into the project's folder: a page holds that folder's files only"));
        }
        gather(&root.join(&path), &path, &mut packed.files)?;
    }
    Ok(packed)
}

/// A file, or the files of a folder and of those in it. What is not there is left out: the
/// program says so when it is missed.
fn gather(path: &Path, name: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Problem> {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(|e| unreadable(path, &e))?;
        for entry in entries.filter_map(Result::ok) {
            gather(&entry.path(), &name.join(entry.file_name()), files)?;
        }
    } else if path.is_file() {
        let parts: Vec<_> = name
            .components()
            .filter(|part| *part != Component::CurDir)
            .map(|part| part.as_os_str().to_string_lossy())
            .collect();
        files.insert(parts.join("/"), read(path)?);
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(path).map_err(|e| unreadable(path, &e))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    let message = format!("cannot be read: {}", io_reason(error));
    Problem::unreadable(path.display().to_string(), message)
}
