//! The lines of a script that a declaration is made of.

use crate::intake::project::Source;
use crate::nouns::problem::Place;
use crate::scripts::slips;

/// A declaration's lines, with those of its script that it leans on: they run as they are printed.
pub fn of(sources: &[Source], place: &Place, name: &str) -> Option<String> {
    let source = sources.iter().find(|source| source.name == place.file)?;
    let text = std::str::from_utf8(&source.text).ok()?;
    let found = slips::standing(text, place.line?, name)?;
    Some(found.text.trim_end().to_string())
}
