//! An inspector's bundle as `verify` reads it: its parts, and whether each is the one that was put
//! in.

use super::Limits;
use super::parts::Parts;
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::problem::Problem;

/// What the part begins with that says what it is.
pub const BUNDLE: &str = "An inspector's bundle, made by Rapporteur";
/// The part that says what is in a bundle and how it was made.
pub const README: &str = "README.txt";
/// The part with a line for each other one: its fingerprint and its name, as `sha256sum` writes it.
pub const SUMS: &str = "SHA256SUMS";

/// What became of a part since the bundle was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    AsWritten,
    /// It holds something else.
    Changed,
    /// It was not there.
    PutIn,
    /// It is there no longer.
    TakenOut,
}

/// A part of a bundle.
#[derive(Debug)]
pub struct Bundled {
    /// What it is called.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// What it holds; nothing where it was taken out.
    pub bytes: Vec<u8>,
}

/// The parts of a bundle in the order in which they were put in; none where a file is no bundle.
pub fn read_bundle(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Option<Vec<Bundled>>, Problem> {
    if !bytes.starts_with(b"PK") {
        return Ok(None);
    }
    let mut parts = Parts::open(name, bytes, limits)?;
    if !parts.has(README) && !parts.has(SUMS) {
        return Ok(None);
    }
    let sums = parts.read(SUMS)?;
    let there = sums.is_some();
    let sums = String::from_utf8_lossy(&sums.unwrap_or_default()).into_owned();
    let mut found = Vec::new();
    for (sum, part) in sums.lines().filter_map(|line| line.split_once("  ")) {
        let (fate, bytes) = match parts.read(part)? {
            None => (Fate::TakenOut, Vec::new()),
            Some(bytes) if Fingerprint::of(&bytes).to_string() == sum => (Fate::AsWritten, bytes),
            Some(bytes) => (Fate::Changed, bytes),
        };
        found.push(Bundled { name: part.to_string(), fate, bytes });
    }
    if !there {
        let (name, bytes) = (SUMS.to_string(), Vec::new());
        found.push(Bundled { name, fate: Fate::TakenOut, bytes });
    }
    let told: Vec<String> = found.iter().map(|part| part.name.clone()).collect();
    for part in parts.names().to_vec() {
        if part != SUMS && !part.ends_with('/') && !told.contains(&part) {
            let bytes = parts.read(&part)?.unwrap_or_default();
            found.push(Bundled { name: part, fate: Fate::PutIn, bytes });
        }
    }
    Ok(Some(found))
}
