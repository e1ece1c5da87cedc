//! The sheets of a package as its workbook names them, whether in XML or in records.

use super::relations::Relation;
use super::sheet::damaged;
use crate::nouns::problem::{Place, Problem, Problems};

/// A sheet as the workbook names it.
#[derive(Debug, Default)]
pub struct Tab {
    /// What stands on the tab.
    pub name: String,
    /// Whether Excel hides it.
    pub hidden: bool,
    /// The relation that says which part holds it.
    pub relation: String,
}

impl Tab {
    /// The part that holds its cells; none where it has none, as charts, macros and modules have.
    pub fn part<'r>(
        &self,
        file: &str,
        index: usize,
        relations: &'r [Relation],
        problems: &mut Problems,
    ) -> Result<Option<&'r str>, Problem> {
        let place = || Place::sheet(file, index, &*self.name);
        // A sheet of modules has no part.
        if self.relation.is_empty() {
            return Ok(None);
        }
        let relation = relations.iter().find(|relation| relation.id == self.relation);
        let Some(Relation { kind, part: Some(part), .. }) = relation else {
            return Err(damaged(place(), "the sheet is not in the file"));
        };
        match kind.as_str() {
            "worksheet" => Ok(Some(part)),
            "xlmacrosheet" | "xlintlmacrosheet" => {
                problems.add(macro_sheet(place()));
                Ok(None)
            }
            _ => Ok(None),
        }
    }
}

/// A sheet of Excel 4's macros was left out.
pub fn macro_sheet(place: Place) -> Problem {
    Problem::note(place, "this is a sheet of Excel 4 macros, which holds no list; it was left out")
}

/// The part that has a kind of relation to the workbook: `styles`, `sharedstrings`.
pub fn part_of_kind<'r>(relations: &'r [Relation], kind: &str) -> Option<&'r str> {
    let found = relations.iter().find(|relation| relation.kind == kind);
    found.and_then(|relation| relation.part.as_deref())
}
