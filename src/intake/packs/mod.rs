//! Packs: scripts, templates, tests and docs with a name and a version, which councils hand to each
//! other as a folder or as one file. What ships with the program is packs too.

mod archive;
mod folder;
mod lock;
mod shipped;

pub use folder::of_folder;
pub use lock::{LOCK, Lock, Locked};
pub use shipped::{shipped, shipped_text};

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use semver::Version;
use serde::Deserialize;

use super::project::Source;
use crate::intake::read::{Limits, file_bytes};
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::problem::{Place, Problem};

/// What says of a folder that it is a pack.
pub const ABOUT: &str = "pack.toml";
/// Where a project keeps the packs that were added to it.
pub const PACKS: &str = "packs";
/// How many files a pack may hold.
const MOST_FILES: usize = 2_000;
/// How many bytes its files may hold together.
const MOST_BYTES: usize = 16 << 20;

/// What a pack says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// What it is for, in a sentence.
    pub about: String,
    /// Under which terms it may be used.
    pub licence: String,
    /// The program's version that it needs at least.
    pub rapporteur: Option<Version>,
    /// Other packs that it needs, and their versions at least.
    pub needs: BTreeMap<String, Version>,
}

/// A pack: what it says of itself, and its files by their paths.
#[derive(Debug, Clone)]
pub struct Pack {
    /// What it says of itself.
    pub about: About,
    /// Its files, `pack.toml` among them.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// `pack.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    version: String,
    about: String,
    #[serde(default)]
    licence: String,
    rapporteur: Option<String>,
    #[serde(default)]
    needs: BTreeMap<String, String>,
}

impl Pack {
    /// The pack of a folder or of one file.
    pub fn open(path: &Path) -> Result<Pack, Problem> {
        if path.is_dir() {
            return Ok(of_folder(path)?.0);
        }
        let file = path.display().to_string();
        Pack::of_files(&file, archive::read(&file, &file_bytes(path, &Limits::default())?)?)
    }

    /// The pack that files make: `file` is what messages call it.
    pub fn of_files(file: &str, files: BTreeMap<String, Vec<u8>>) -> Result<Pack, Problem> {
        let Some(text) = files.get(ABOUT) else {
            let message = format!("this is no pack: there is no {ABOUT} in it");
            return Err(Problem::unreadable(file, message).hint(FORM));
        };
        let about = About::read(file, &String::from_utf8_lossy(text))?;
        if files.len() > MOST_FILES || files.values().map(Vec::len).sum::<usize>() > MOST_BYTES {
            return Err(too_large(file));
        }
        Ok(Pack { about, files })
    }

    /// The pack as one file: the same bytes for the same files.
    pub fn packed(&self) -> Vec<u8> {
        archive::write(&self.files)
    }

    /// What tells this pack from any other: the same for a folder and a file, and however a
    /// system ends lines.
    pub fn fingerprint(&self) -> Fingerprint {
        let bare: Vec<(&[u8], Vec<u8>)> = self
            .files
            .iter()
            .map(|(name, bytes)| (name.as_bytes(), without_returns(bytes)))
            .collect();
        Fingerprint::of_all(bare.iter().flat_map(|(name, bytes)| [*name, bytes.as_slice()]))
    }

    /// Its scripts and templates. Those of a pack that was added are named from the project's
    /// folder.
    pub fn sources(&self, shipped: bool) -> impl Iterator<Item = Source> + '_ {
        let files = self.files.iter().filter(|(name, _)| is_source(name));
        files.map(move |(name, text)| Source {
            name: match shipped {
                true => name.clone(),
                false => format!("{PACKS}/{}/{name}", self.about.name),
            },
            // What the program holds need not be copied.
            text: match shipped_text(name).filter(|ships| shipped && ships == text) {
                Some(ships) => ships.into(),
                None => text.clone().into(),
            },
            shipped,
            pack: Some(self.about.name.clone()),
            left_out: Vec::new(),
        })
    }

    /// How many of its files lie in a folder.
    pub fn count(&self, folder: &str) -> usize {
        let prefix = format!("{folder}/");
        self.files.keys().filter(|name| name.starts_with(&prefix)).count()
    }
}

const FORM: &str =
    "pack.toml says  name = \"…\",  version = \"1.0.0\",  about = \"…\",  licence = \"…\"";

impl About {
    /// `pack.toml`, of a pack that messages call `file`.
    pub fn read(file: &str, text: &str) -> Result<About, Problem> {
        let fault = |message: String| Problem::unreadable(file, message).hint(FORM);
        let written: Written = toml::from_str(text).map_err(|error| {
            let message = error.message().lines().next().unwrap_or_default().to_string();
            let line = error.span().map(|span| text[..span.start.min(text.len())].lines().count());
            let problem = fault(format!("{ABOUT} cannot be understood: {message}"));
            let place = Place { line: line.map(|n| n.max(1) as u32), ..Place::file(file) };
            Problem { place, ..problem }
        })?;
        let name = written.name.as_str();
        let letters =
            name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let first = name.starts_with(|c: char| c.is_ascii_lowercase());
        if !letters || !first || name.len() > 40 || RESERVED.contains(&name) {
            return Err(Problem::unreadable(
                file,
                format!("`{name}` cannot be the name of a pack"),
            )
            .hint("names are made of small letters, digits and -, 40 at most"));
        }
        let version = |what: &str, text: &str| version_of(what, text, file);
        let needs = written.needs.iter();
        Ok(About {
            version: version("the pack", &written.version)?,
            rapporteur: match &written.rapporteur {
                Some(text) => Some(version("Rapporteur", text)?),
                None => None,
            },
            needs: needs
                .map(|(name, text)| Ok((name.clone(), version(&format!("`{name}`"), text)?)))
                .collect::<Result<_, Problem>>()?,
            name: written.name,
            about: written.about,
            licence: written.licence,
        })
    }

    /// What stands in the way of using it: a program that is too old, or packs that are not there.
    pub fn lacks(&self, there: &BTreeMap<String, Version>) -> Option<Problem> {
        let program = version(env!("CARGO_PKG_VERSION"))?;
        let name = &self.name;
        if let Some(least) = self.rapporteur.as_ref().filter(|least| **least > program) {
            let message = format!("the pack `{name}` needs Rapporteur {least} or later");
            return Some(Problem::usage("", message).hint(format!("this is {program}")));
        }
        let missing = self.needs.iter().find_map(|(other, least)| match there.get(other) {
            None => Some((other, least, "it is not there".to_string())),
            Some(found) if found < least => Some((other, least, format!("here is {found}"))),
            Some(_) => None,
        });
        missing.map(|(other, least, why)| {
            let message = format!("the pack `{name}` needs the pack `{other}` {least} or later");
            Problem::usage("", message)
                .hint(format!("{why}: `rapporteur add FILE` adds one, `update FILE` brings it up"))
        })
    }
}

/// Names that a folder cannot have on Windows, or that mean something else in a project.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "shared", "rapporteur"];

/// The version that a pack's file gives of something, or that it gives none.
fn version_of(what: &str, text: &str, file: &str) -> Result<Version, Problem> {
    version(text).ok_or_else(|| {
        let message = format!("the version of {what}, \"{text}\", is none");
        Problem::unreadable(file, message).hint("versions are written such as \"1.2.0\"")
    })
}

/// A version, of which the last parts may be left out.
pub fn version(text: &str) -> Option<Version> {
    let dots = text.matches('.').count();
    let whole = format!("{text}{}", ".0".repeat(2usize.saturating_sub(dots)));
    Version::parse(&whole).ok()
}

/// Packs that lean on each other, each after those that it needs.
pub fn in_order(mut packs: Vec<Pack>) -> Vec<Pack> {
    packs.sort_by(|a, b| a.about.name.cmp(&b.about.name));
    let mut ordered: Vec<Pack> = Vec::new();
    while !packs.is_empty() {
        let waiting: BTreeSet<String> = packs.iter().map(|pack| pack.about.name.clone()).collect();
        let free = |pack: &Pack| pack.about.needs.keys().all(|need| !waiting.contains(need));
        // Those that need each other come by their names.
        let at = packs.iter().position(free).unwrap_or(0);
        ordered.push(packs.remove(at));
    }
    ordered
}

/// Whether a file of a pack is a script or a template.
fn is_source(name: &str) -> bool {
    (name.starts_with("scripts/") || name.starts_with("templates/"))
        && (name.ends_with(".luau") || name.ends_with(".lua"))
}

/// Whether a pack may hold a file of this path: scripts, layouts, tests and what is to be read of
/// them, and no workbook, since that may be a return.
pub fn admits(path: &str) -> bool {
    let ends = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
    match path.split_once('/') {
        None => {
            matches!(path, ABOUT | "README.md" | "CHANGELOG.md" | "LICENSE" | "LICENCE")
                || matches!(path, "LICENSE.txt" | "LICENCE.txt" | "LICENSE.md" | "LICENCE.md")
        }
        Some(("scripts" | "templates", _)) => ends(&[".luau", ".lua", ".md"]),
        Some(("tests", _)) => ends(&[".toml", ".csv", ".md"]),
        Some(("snapshots", _)) => ends(&[".snap"]),
        Some(("docs", _)) => ends(&[".md", ".txt", ".png", ".svg"]),
        Some(_) => false,
    }
}

fn too_large(file: &str) -> Problem {
    Problem::unreadable(file, "the pack is too large")
        .hint("a pack holds scripts and what explains them: 2,000 files and 16 MiB at most")
}

fn without_returns(bytes: &[u8]) -> Vec<u8> {
    let kept = bytes.iter().enumerate();
    kept.filter(|(at, byte)| **byte != b'\r' || bytes.get(at + 1) != Some(&b'\n'))
        .map(|(_, byte)| *byte)
        .collect()
}
