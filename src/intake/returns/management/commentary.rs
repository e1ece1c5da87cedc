//! The Commentary sheet: what managers say of an indicator or an area of the service.

use std::collections::HashSet;

use super::{Heads, Management, TypedCommentary, TypedSheet, tell_unusable, text_of};
use crate::definitions::Declarations;
use crate::intake::read::{Sheet, Source};
use crate::intake::returns::find::normalised;
use crate::nouns::problem::{Problem, Problems};

/// Headings of what a text is about.
pub(super) const ABOUT: [&str; 4] = ["Indicator or area", "Area / Indicator", "Indicator", "Area"];

/// Headings that hold words.
const TEXTS: [&str; 8] = [
    "Indicator or area",
    "Area / Indicator",
    "Indicator",
    "Area",
    "Commentary",
    "Author",
    "Figure",
    "Checked",
];

/// What a row is about, however it is written: an indicator's code, or an area in plain letters.
fn subject(about: &str, declared: &Declarations) -> String {
    let code = declared.indicator_named(about).map(|indicator| indicator.code.clone());
    code.unwrap_or_else(|| normalised(about))
}

impl Management {
    /// Puts what another file says in the place of what the return says of the same indicators and
    /// areas; false where no sheet of it is a Commentary sheet.
    pub fn say_instead(
        &mut self,
        sources: &[Source],
        declared: &Declarations,
        problems: &mut Problems,
    ) -> bool {
        let mut said = Management::default();
        let mut found = false;
        for sheet in sources.iter().flat_map(|source| &source.sheets) {
            if let Some(kind @ TypedSheet::Commentary(..)) = TypedSheet::of(sheet) {
                said.take(sheet, &kind, declared, problems);
                found = true;
            }
        }
        let anew: HashSet<String> =
            said.commentary.iter().map(|row| subject(&row.about, declared)).collect();
        self.commentary.retain(|row| !anew.contains(&subject(&row.about, declared)));
        self.commentary.append(&mut said.commentary);
        found
    }

    /// Reads a Commentary sheet.
    pub(super) fn take_commentary(
        &mut self,
        sheet: &Sheet,
        header_row: u32,
        heads: &Heads,
        problems: &mut Problems,
    ) {
        for (row, cells) in sheet.rows().filter(|(row, _)| *row > header_row) {
            tell_unusable(sheet, row, cells, heads, &TEXTS, problems);
            let other = |name| text_of(sheet, cells, heads, &[name]).map(|(t, _)| t);
            let (figure, checked) = (other("Figure"), other("Checked"));
            let text = text_of(sheet, cells, heads, &["Commentary"])
                // A row without a text confirms what a script drafts.
                .or_else(|| {
                    figure
                        .as_ref()
                        .or(checked.as_ref())
                        .map(|_| (String::new(), heads[&normalised("Commentary")]))
                });
            match (text_of(sheet, cells, heads, &ABOUT), text) {
                (Some((about, col)), Some((text, said))) => self.commentary.push(TypedCommentary {
                    about,
                    text,
                    author: other("Author"),
                    figure,
                    checked,
                    place: sheet.place.at(row, col),
                    said_at: sheet.place.at(row, said),
                }),
                (None, Some((_, col))) => problems.add(
                    Problem::error(
                        sheet.place.at(row, col),
                        "the commentary does not say what it is about, so it was left out",
                    )
                    .column("Commentary")
                    .hint("fill in the indicator's code or the name of the area"),
                ),
                _ => {}
            }
        }
    }
}
