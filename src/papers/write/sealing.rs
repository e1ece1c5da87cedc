//! The seal that a file carries: what made it, and digests of what its cells say.

use super::finishing::with_properties;
use crate::intake::read::{Limits, read_sealed};
use crate::nouns::page;
use crate::nouns::problem::Problem;
use crate::nouns::seal::{Edition, Origin, Seal};

/// What is written is not bounded as what is read is.
const ANY_SIZE: u32 = 16;

/// The seal of a file. It is read as anybody would read it, so that it says what is in it.
pub(super) fn seal_of(file: &[u8], edition: Edition, origin: &Origin) -> Result<Seal, Problem> {
    let read = read_sealed("", file, &Limits::times(ANY_SIZE))?;
    Ok(Seal::of(edition, origin, read.file, &read.sheets))
}

/// An Excel workbook with its seal, where something made it.
pub(super) fn sealed(
    book: Vec<u8>,
    edition: Edition,
    origin: Option<&Origin>,
) -> Result<Vec<u8>, Problem> {
    let Some(origin) = origin else { return Ok(book) };
    let properties = seal_of(&book, edition, origin)?.properties();
    with_properties(&book, &properties).ok_or_else(|| {
        Problem::unreadable("", "the workbook could not be made: it has no room for properties")
    })
}

/// A web page with its seal, where something made it.
pub(super) fn sealed_page(text: String, origin: Option<&Origin>) -> Result<String, Problem> {
    let Some(origin) = origin else { return Ok(text) };
    let seal = seal_of(text.as_bytes(), Edition::Page, origin)?;
    Ok(page::with_properties(&text, &seal.properties()))
}
