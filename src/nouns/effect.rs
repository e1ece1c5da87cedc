//! What a problem does to the figures, and so the order in which to go through a list of them.

use serde::Serialize;

use super::problem::{Kind, Problem, Severity};

/// What becomes of the figures until it is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// There is no figure, or no report.
    Stops,
    /// A figure is, or may be, another.
    Moves,
    /// Everything was used as it was most likely meant.
    Look,
    /// Nothing: how the return was understood.
    None,
}

impl Effect {
    /// What is to be mended, in the order of its weight.
    pub const TO_MEND: [Effect; 3] = [Effect::Stops, Effect::Moves, Effect::Look];

    /// Of a problem.
    pub fn of(problem: &Problem) -> Effect {
        let in_cells = problem.kind == Kind::Return && problem.place.cell.is_some();
        match problem.severity {
            Severity::Note => Effect::None,
            Severity::Error if !in_cells => Effect::Stops,
            Severity::Error => Effect::Moves,
            Severity::Warning if !problem.moves.is_empty() => Effect::Moves,
            Severity::Warning => Effect::Look,
        }
    }

    /// What stands over those that have it.
    pub fn heading(self) -> &'static str {
        match self {
            Effect::Stops => "First: what stops a figure",
            Effect::Moves => "Then: what moves a figure",
            Effect::Look => "Have a look",
            Effect::None => "How the return was understood",
        }
    }

    /// What it is, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Effect::Stops => "A figure, or the whole appendix, is not there until this is mended.",
            Effect::Moves => "A cell or row was left out, or two records contradict each other.",
            Effect::Look => "This was used as it was most likely meant.",
            Effect::None => "Nothing of this changes a figure.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Effect;
    use crate::nouns::moved::Moved;
    use crate::nouns::problem::{Place, Problem};

    #[test]
    fn what_has_no_figure_comes_before_what_has_another() {
        let sheet = Place::sheet("q2.xlsx", 0, "Episodes");
        let mut contradicted = Problem::warning(sheet.at(4, 1), "two homes at once");
        contradicted.moves = vec![Moved::maybe("cla_n", "Children in care")];
        for (problem, effect) in [
            (Problem::error(sheet.clone(), "the sheet has no column CHILD"), Effect::Stops),
            (Problem::unreadable("q2.xlsx", "it is damaged"), Effect::Stops),
            (Problem::script(Place::line("scripts/a.luau", 3), "no such list"), Effect::Stops),
            (Problem::error(sheet.at(4, 1), "this is not a date"), Effect::Moves),
            (contradicted, Effect::Moves),
            (Problem::warning(sheet.at(4, 1), "a date held as text"), Effect::Look),
            (Problem::note(sheet.at(4, 1), "read as Episodes"), Effect::None),
        ] {
            assert_eq!(Effect::of(&problem), effect, "{problem}");
        }
    }
}
