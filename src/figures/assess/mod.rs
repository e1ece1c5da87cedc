//! What is said of a shown figure: status against its target, direction of travel, change, and how
//! it stands beside its comparators. All of it is made from what is shown, so nothing that a rule
//! hides can be told.

mod beside;
mod chance;
mod key;
mod leaps;
mod limits;
mod losses;
mod rebased;
mod records;
mod series;
mod status;
#[cfg(test)]
pub(crate) mod tests;
mod travel;
mod xmr;

use crate::figures::suppress::ShownFigures;
use crate::nouns::report::Tone;

pub use beside::{against, comparison, near};
pub use chance::{
    Assurance, Chance, Variation, assurance, chance, process_limits, series_periods, variation,
};
pub use key::{assurance_used, chance_used, directions_used, policies_used, variation_used};
pub use leaps::leaps;
pub use limits::{limits, range};
pub use losses::losses;
pub use rebased::rebased;
pub use records::{
    End, among, beyond, extreme, last_as, of_the_group, record, run, share_of, target_for,
};
pub use status::{check, status};
pub use travel::{
    Change, change, change_in_words, change_of, direction, direction_in_words, now_and_then,
};
pub use xmr::{Limits, Rule, Side};

/// A number without the noise of binary fractions: 95.2 - 95 is 0.2.
fn tidy(n: f64) -> f64 {
    (n * 1e9).round() / 1e9
}

/// Whether a figure counts on from the year's first day while the year is not over.
pub(crate) fn part_of_a_year(shown: &ShownFigures, code: &str) -> bool {
    shown.indicators[code].whole_year && shown.period.end != shown.period.year_end()
}

/// How a figure stands against its target.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// In words: `Achieved`, `Amber`, `Contextual – no target`.
    pub words: String,
    /// How it is meant.
    pub tone: Tone,
    /// What the reader must be told beside it, such as that the printed value equals the target and
    /// yet fails it.
    pub note: Option<String>,
}

/// Which way a figure went since a base period, by polarity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// In the good direction.
    Improving,
    /// In the bad one.
    Worsening,
    /// Printed the same.
    NoChange,
    /// Up, of a measure that is for information.
    Up,
    /// Down, of a measure that is for information.
    Down,
}

impl Direction {
    /// As the appendix prints it.
    pub fn words(self) -> &'static str {
        match self {
            Direction::Improving => "▲ Improving",
            Direction::Worsening => "▼ Worsening",
            Direction::NoChange => "► No change",
            Direction::Up => "↑ Up (no judgement)",
            Direction::Down => "↓ Down (no judgement)",
        }
    }

    /// As a sentence has it.
    pub fn plain_words(self) -> &'static str {
        match self {
            Direction::Improving => "improving",
            Direction::Worsening => "worsening",
            Direction::NoChange => "no change",
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }
}
