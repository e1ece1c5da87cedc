//! The files that a report depends on, and what they were when they were last looked at.
//!
//! They are looked at twice a second, which for some two dozen files costs nothing. The system's
//! own notices of changes would not do: network drives, where officers' files lie, give none.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::intake::packs::{LOCK, PACKS};
use crate::intake::project::{Project, SETTINGS};

/// A file that was changed so lately may change again within one tick of its clock: its content is
/// looked at.
const YOUNG: Duration = Duration::from_secs(3);
/// Of a larger file the time and the length must do.
const LARGE: u64 = 64 << 20;
/// How deep scripts may lie in folders.
const DEEPEST: usize = 8;

/// What a file was.
#[derive(Debug, Clone, Copy)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    content: u64,
}

/// The files that there were, and what was in them.
#[derive(Debug, Clone, Default)]
pub struct Seen(BTreeMap<PathBuf, Stamp>);

/// Where to look.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    /// Files, whether they are there or not.
    files: Vec<PathBuf>,
    /// Folders, with the endings of the files in them that matter and how deep they may lie.
    folders: Vec<(PathBuf, &'static [&'static str], usize)>,
    /// The files that the program itself writes.
    own: Vec<PathBuf>,
}

impl Watched {
    /// Adds a file, or the lists of a folder.
    fn add(&mut self, path: PathBuf) {
        match path.is_dir() {
            true => self.folders.push((path, &["csv"], 0)),
            false => self.files.push(path),
        }
    }

    /// What a report depends on: the return, the settings, scripts and templates, published files,
    /// earlier reports.
    pub fn of(
        root: Option<&Path>,
        project: Option<&Project>,
        inputs: &[PathBuf],
        history: &[PathBuf],
        own: Vec<PathBuf>,
    ) -> Watched {
        let root = root.unwrap_or(Path::new(""));
        let mut watched = Watched { files: vec![root.join(SETTINGS)], own, ..Watched::default() };
        for part in ["scripts", "templates"] {
            watched.folders.push((root.join(part), &["luau", "lua"], DEEPEST));
        }
        // A pack that is added, updated or taken away: its folder, scripts and pack.toml.
        watched.folders.push((root.join(PACKS), &["luau", "lua", "toml"], DEEPEST + 2));
        watched.files.push(root.join(LOCK));
        inputs.iter().chain(history).for_each(|path| watched.add(path.clone()));
        if let Some(project) = project {
            watched.add(project.beside(&project.settings.history));
            let neighbours = project.settings.neighbours.file.as_ref();
            neighbours.into_iter().for_each(|file| watched.add(project.beside(file)));
            for folder in project.releases().into_values() {
                watched.folders.push((folder, &["csv"], DEEPEST));
            }
        }
        watched
    }

    /// Looks at all of them; what has not been touched since the last look is not read again.
    pub fn look(&self, before: &Seen) -> Seen {
        let mut paths = self.files.clone();
        for (folder, endings, depth) in &self.folders {
            gather(folder, endings, *depth, &mut paths);
        }
        paths.retain(|path| !self.own.contains(path) && !is_aside(path));
        Seen(
            paths
                .into_iter()
                .filter_map(|path| stamp(&path, before).map(|stamp| (path, stamp)))
                .collect(),
        )
    }
}

/// Excel's mark that a file is open, and files that are being written, ours among them.
fn is_aside(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['~', '.']))
}

fn gather(folder: &Path, endings: &[&str], depth: usize, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            if depth > 0 {
                gather(&path, endings, depth - 1, found);
            }
        } else if path
            .extension()
            .is_some_and(|e| endings.iter().any(|ending| e.eq_ignore_ascii_case(ending)))
        {
            found.push(path);
        }
    }
}

fn stamp(path: &Path, before: &Seen) -> Option<Stamp> {
    let about = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let (modified, length) = (about.modified().ok(), about.len());
    // A time to come is that of another machine's clock.
    let old = modified.is_some_and(|m| m.elapsed().is_ok_and(|age| age > YOUNG));
    let same = before.0.get(path).filter(|b| old && b.modified == modified && b.length == length);
    if let Some(same) = same {
        return Some(*same);
    }
    let mut hasher = DefaultHasher::new();
    match (length <= LARGE).then(|| std::fs::read(path)) {
        Some(Ok(bytes)) => bytes.hash(&mut hasher),
        // What another program holds open is looked at again when it lets go.
        _ => modified.hash(&mut hasher),
    }
    Some(Stamp { modified, length, content: hasher.finish() })
}

/// A file's name without its folders.
fn name_of(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

impl Seen {
    /// What has happened to which files since: `health.luau changed`, `mine.luau added`; nothing
    /// where nothing has.
    pub fn since(&self, before: &Seen) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for (path, stamp) in &self.0 {
            match before.0.get(path) {
                None => told.push(format!("{} added", name_of(path))),
                Some(old) if (old.length, old.content) != (stamp.length, stamp.content) => {
                    told.push(format!("{} changed", name_of(path)));
                }
                Some(_) => {}
            }
        }
        let gone = before.0.keys().filter(|path| !self.0.contains_key(*path));
        told.extend(gone.map(|path| format!("{} removed", name_of(path))));
        told
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_changed_replaced_added_and_removed_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| std::fs::write(path(name), text).expect("written");
        std::fs::create_dir(path("scripts")).expect("made");
        write("scripts/a.luau", "1");
        write("scripts/b.luau", "1");
        write("q2.xlsx", "1");
        write("figures.csv", "1");
        let own = vec![path("figures.csv")];
        let watched = Watched::of(
            Some(folder.path()),
            None,
            &[path("q2.xlsx"), path("figures.csv")],
            &[],
            own,
        );
        let first = watched.look(&Seen::default());
        assert_eq!(first.len(), 3, "the program's own file is not watched");
        // Same length, and most likely the same tick of the clock.
        write("scripts/a.luau", "2");
        write("scripts/c.luau", "1");
        write("scripts/notes.txt", "1");
        write("~$q2.xlsx", "1");
        write("figures.csv", "2");
        std::fs::remove_file(path("q2.xlsx")).expect("removed");
        write("scripts/b.luau.new", "1");
        std::fs::rename(path("scripts/b.luau.new"), path("scripts/b.luau"))
            .expect("replaced by the same");
        std::fs::create_dir_all(path("packs/ofsted/scripts/lists")).expect("made");
        write("packs/ofsted/scripts/lists/b.luau", "1");
        write("packs/ofsted/pack.toml", "1");
        let second = watched.look(&first);
        let since = second.since(&first);
        assert!(since.contains(&"pack.toml added".to_string()), "{since:?}");
        let of_no_pack: Vec<&String> =
            since.iter().filter(|one| *one != "pack.toml added").collect();
        assert_eq!(
            of_no_pack,
            ["b.luau added", "a.luau changed", "c.luau added", "q2.xlsx removed"],
            "a pack's scripts are watched as the project's are"
        );
        assert!(watched.look(&second).since(&second).is_empty());
    }
}
