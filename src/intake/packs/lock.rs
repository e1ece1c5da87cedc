//! `rapporteur.lock`: which packs were added to a project, and what was in them.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{PACKS, Pack, of_folder};
use crate::intake::read::io_reason;
use crate::nouns::problem::Problem;

/// The file's name.
pub const LOCK: &str = "rapporteur.lock";

const HEAD: &str =
    "# Which packs this project uses. Written by `rapporteur add`, `update` and `remove`.\n\n";

/// The packs of a project, by their names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// One each.
    #[serde(default, rename = "pack")]
    pub packs: Vec<Locked>,
}

/// A pack as it was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The fingerprint of its files.
    pub sha256: String,
}

impl Locked {
    /// What is noted of a pack.
    pub fn of(pack: &Pack) -> Locked {
        Locked {
            name: pack.about.name.clone(),
            version: pack.about.version.to_string(),
            sha256: pack.fingerprint().to_string(),
        }
    }
}

impl Lock {
    /// That of a project's folder; an empty one where there is none.
    pub fn of_project(root: &Path) -> Result<Lock, Problem> {
        let path = root.join(LOCK);
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| {
                let message = error.message().lines().next().unwrap_or_default().to_string();
                Problem::usage(LOCK, format!("the file cannot be understood: {message}"))
                    .hint("it is written by `rapporteur add`: take it from where it was whole")
            }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Lock::default()),
            Err(e) => {
                let message = format!("cannot be read: {}", io_reason(&e));
                Err(Problem::unreadable(path.display().to_string(), message))
            }
        }
    }

    /// As the file says it.
    pub fn text(&self) -> String {
        let packs = toml::to_string(self).expect("names and versions are texts");
        format!("{HEAD}{}", if self.packs.is_empty() { "" } else { &packs })
    }

    /// The pack of a name.
    pub fn find(&self, name: &str) -> Option<&Locked> {
        self.packs.iter().find(|locked| locked.name == name)
    }

    /// Notes a pack, in place of an earlier version of it.
    pub fn note(&mut self, pack: &Pack) {
        self.packs.retain(|locked| locked.name != pack.about.name);
        self.packs.push(Locked::of(pack));
        self.packs.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// The packs themselves. One that is not as it was added is refused: somebody would believe
    /// that he reports by it.
    pub fn packs(&self, root: &Path) -> Result<Vec<Pack>, Problem> {
        self.packs_beside(root, "")
    }

    /// The same where another pack may lie there, about to be added or to go.
    pub fn packs_beside(&self, root: &Path, other: &str) -> Result<Vec<Pack>, Problem> {
        let mut packs = Vec::new();
        for locked in &self.packs {
            let name = &locked.name;
            let folder = root.join(PACKS).join(name);
            if !folder.is_dir() {
                let message = format!("the pack `{name}` is named, but there is no {PACKS}/{name}");
                return Err(Problem::usage(LOCK, message)
                    .hint(format!("`rapporteur add FILE`, or `rapporteur remove {name}`")));
            }
            let pack = of_folder(&folder)?.0;
            if pack.about.name != *name || pack.fingerprint().to_string() != locked.sha256 {
                let message = format!("the pack `{name}` is not as it was added");
                return Err(Problem::usage(format!("{PACKS}/{name}"), message).hint(format!(
                    "changes belong into scripts of your own, by rap.change; `rapporteur update \
                     {PACKS}/{name} --accept` takes it as it is"
                )));
            }
            packs.push(pack);
        }
        let folders = std::fs::read_dir(root.join(PACKS)).into_iter().flatten();
        let mut names: Vec<String> = folders
            .filter_map(Result::ok)
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| !name.starts_with('.') && name != other && self.find(name).is_none())
            .collect();
        names.sort();
        match names.first() {
            Some(name) => {
                let message = format!("the pack `{name}` lies there, but was never added");
                Err(Problem::usage(format!("{PACKS}/{name}"), message)
                    .hint(format!("`rapporteur add {PACKS}/{name}` adds it")))
            }
            None => Ok(packs),
        }
    }
}
