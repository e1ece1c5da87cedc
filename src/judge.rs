//! What is said of a shown figure: status against its target, direction of travel, change, and how it stands
//! beside its comparators. All of it is made from what is shown, so nothing that a rule hides can be told.

use crate::suppress::ShownFigures;

/// How a status is meant, for its fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Green: exceeded, achieved.
    Good,
    /// Amber.
    Fair,
    /// Red: not achieved.
    Poor,
    /// For information: no target.
    Information,
    /// No data.
    NoData,
}

/// How a figure stands against its target.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// In words: `Achieved`, `Amber`, `Contextual – no target`.
    pub words: String,
    /// How it is meant.
    pub tone: Tone,
    /// What the reader must be told beside it, such as that the printed value equals the target and yet fails it.
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
}

/// How a figure stands against its target, by the indicator's policy.
pub fn status(_shown: &ShownFigures, _code: &str) -> Status {
    Status { words: "Contextual – no target".to_string(), tone: Tone::Information, note: None }
}

/// Which way the council's figure went since a comparator of its own, such as `previous_outturn`.
pub fn direction(_shown: &ShownFigures, _code: &str, _from: &str) -> Option<Direction> {
    None
}

/// The change since a comparator in figures: `−7 (1.1%)`, `+2.1 pp`.
pub fn change(_shown: &ShownFigures, _code: &str, _from: &str) -> Option<String> {
    None
}

/// How the council's figure stands beside comparators of other areas: `Above all three`, `Between`.
pub fn comparison(_shown: &ShownFigures, _code: &str, _with: &[String]) -> Option<String> {
    None
}
