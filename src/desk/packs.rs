//! What a pack holds and reaches, told from its files alone: nothing of it is run.

use std::fmt::Write;

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::intake::packs::Pack;
use crate::nouns::problem::Place;
use crate::nouns::words::several;
use crate::scripts::engine::ABSENT;
use crate::scripts::slips::{self, Contents};

/// How many names of a kind are told.
const MOST_NAMES: usize = 6;

/// What a pack holds.
pub struct Described<'p> {
    pack: &'p Pack,
    scripts: Vec<(String, Contents)>,
}

/// Adds a line of the description: what it is, and what is said of it.
fn put_line(text: &mut String, label: &str, says: &str) {
    let _ = writeln!(text, "  {label:<9}{says}");
}

/// What was found and where, for programs.
fn all(found: Vec<(String, Place)>) -> Vec<Value> {
    let one = |(what, at): (String, Place)| json!({ "what": what, "at": at.to_string() });
    found.into_iter().map(one).collect()
}

impl<'p> Described<'p> {
    /// Reads a pack's scripts, without running them.
    pub fn of(pack: &'p Pack) -> Described<'p> {
        let absent: Vec<&str> = ABSENT.into_iter().filter(|name| !name.contains('.')).collect();
        let scripts = pack.sources(true).map(|source| {
            let text = String::from_utf8_lossy(&source.text).into_owned();
            (source.name, slips::contents(&text, &absent))
        });
        Described { scripts: scripts.collect(), pack }
    }

    /// What it declares, by kind: how many, and the names that stand there.
    fn declares(&self) -> IndexMap<&str, (usize, Vec<&str>)> {
        let mut kinds: IndexMap<&str, (usize, Vec<&str>)> = IndexMap::new();
        for (kind, name, _) in self.scripts.iter().flat_map(|(_, found)| &found.declares) {
            let (count, names) = kinds.entry(kind).or_default();
            *count += 1;
            names.extend(name.as_deref());
        }
        kinds.sort_unstable_keys();
        kinds
    }

    /// What it changes of others: what, and where.
    fn changes(&self) -> Vec<(String, Place)> {
        let mut changes = Vec::new();
        for (file, found) in &self.scripts {
            for (kind, name, line) in &found.changes {
                changes.push((format!("the {kind} {name}"), Place::line(file, *line)));
            }
        }
        changes
    }

    /// What no script of a good will asks for: what scripts have not, loops without an end, files
    /// that cannot be read.
    fn odd(&self) -> Vec<(String, Place)> {
        let mut odd = Vec::new();
        for (file, found) in &self.scripts {
            if !found.readable {
                odd.push(("cannot be read as a script".to_string(), Place::file(file)));
            }
            for (name, line) in &found.outside {
                let what = format!("asks for `{name}`, which scripts have not");
                odd.push((what, Place::line(file, *line)));
            }
            for line in &found.endless {
                odd.push(("goes round without an end".to_string(), Place::line(file, *line)));
            }
        }
        odd
    }

    /// In words.
    pub fn text(&self) -> String {
        let about = &self.pack.about;
        let mut text = format!("{} {}: {}\n", about.name, about.version, about.about);
        let mut line = |label, says: &str| put_line(&mut text, label, says);
        line("licence", if about.licence.is_empty() { "not said" } else { &about.licence });
        for (name, version) in &about.needs {
            line("needs", &format!("the pack {name} {version} or later"));
        }
        let functions: usize = self.scripts.iter().map(|(_, found)| found.functions).sum();
        let holds = [
            several(self.scripts.len(), "script"),
            several(functions, "function"),
            several(self.pack.count("tests"), "test file"),
        ];
        line("holds", &holds.join(", "));
        for (kind, (count, names)) in self.declares() {
            let told: Vec<&str> = names.iter().copied().take(MOST_NAMES).collect();
            let rest = count.saturating_sub(told.len());
            let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            line("declares", &format!("{}: {}{more}", several(count, kind), told.join(", ")));
        }
        for (what, place) in self.changes() {
            line("changes", &format!("{what} ({place})"));
        }
        for (what, place) in self.odd() {
            line("beware", &format!("{place} {what}"));
        }
        line("sha256", &self.pack.fingerprint().to_string());
        text
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let about = &self.pack.about;
        let needs: IndexMap<&str, String> =
            about.needs.iter().map(|(name, least)| (name.as_str(), least.to_string())).collect();
        let declares: IndexMap<&str, usize> =
            self.declares().into_iter().map(|(kind, (count, _))| (kind, count)).collect();
        json!({
            "name": about.name, "version": about.version.to_string(), "about": about.about,
            "licence": about.licence, "needs": needs, "declares": declares,
            "changes": all(self.changes()), "beware": all(self.odd()),
            "sha256": self.pack.fingerprint().to_string(),
            "files": self.pack.files.keys().collect::<Vec<_>>(),
        })
    }
}
