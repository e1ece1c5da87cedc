//! Zip archives: which of the workbooks that are packages it is (`.xlsx`, `.xlsm`, `.xlsb`,
//! `.ods`), or whether it holds lists.

use super::Limits;
use super::parts::Parts;
use super::relations::relations_of;
use super::sheet::{Sheet, damaged};
use super::{archive, ods, xlsb, xlsx};
use crate::nouns::problem::{Place, Problem, Problems};

/// Reads a zip archive, and says what kind of file it is.
pub fn read(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
    problems: &mut Problems,
) -> Result<(&'static str, Vec<Sheet>), Problem> {
    let mut parts = Parts::open(file, bytes, limits)?;
    let sheets = match workbook_part(&mut parts, limits)? {
        Some(part) if part.to_ascii_lowercase().ends_with(".bin") => {
            xlsb::read(&mut parts, &part, limits, problems)?
        }
        Some(part) => xlsx::read(&mut parts, &part, limits, problems)?,
        None if parts.has(ods::CONTENT) => ods::read(&mut parts, limits)?,
        None if has_parts_of_a_workbook(&parts) => {
            return Err(damaged(Place::file(file), "the part that names its sheets is not there"));
        }
        None if parts.has("[Content_Types].xml") => {
            return Err(not_a_workbook(file, "it is an Office file of another kind"));
        }
        None => {
            return Ok(("archive of lists", archive::read_lists(&mut parts, limits, problems)?));
        }
    };
    Ok(("workbook", sheets))
}

/// Whether parts stand where those of a workbook do.
fn has_parts_of_a_workbook(parts: &Parts) -> bool {
    parts.names().iter().any(|name| name.trim_start_matches('/').starts_with("xl/"))
}

/// The part that names the sheets, as the package says.
fn workbook_part(parts: &mut Parts, limits: &Limits) -> Result<Option<String>, Problem> {
    let relations = relations_of(parts, "", limits)?;
    let office = relations.into_iter().find(|relation| relation.kind == "officedocument");
    let named = office.and_then(|relation| relation.part).filter(|part| parts.has(part));
    let usual = ["xl/workbook.bin", "xl/workbook.xml"].into_iter().find(|part| parts.has(part));
    Ok(named.or(usual.map(str::to_string)))
}

/// A file that is protected by a password.
pub fn encrypted(file: &str) -> Problem {
    Problem::unreadable(file, "the workbook is protected by a password")
        .hint("in Excel: File > Info > Protect Workbook; clear it, and save a copy")
}

/// An archive of lists that is protected by a password.
pub fn encrypted_archive(file: &str) -> Problem {
    Problem::unreadable(file, "the archive is protected by a password")
        .hint("unpack it, and use the files that come out of it")
}

/// A file that is something else.
pub fn not_a_workbook(file: &str, what: &str) -> Problem {
    Problem::unreadable(file, format!("no workbook or CSV list: {what}"))
        .hint("save the return as an Excel workbook (.xlsx) and use that")
}
