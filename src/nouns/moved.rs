//! What mending a fault would do to the figures: from what to what each of them goes.

use serde::Serialize;

use super::words::cut;

/// A figure that a fault moves, or may move.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// The indicator's code.
    pub indicator: String,
    /// Its title, as members read it.
    pub title: String,
    /// From what to what it goes once the fault is mended; none where that cannot be counted.
    #[serde(flatten)]
    pub change: Option<Change>,
}

/// From what to what a figure goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// As it is printed with the fault.
    pub from: String,
    /// As it is printed without the rows that have it.
    pub to: String,
    /// By how much of itself it changes, from 0 to 1: what faults are ranked by.
    #[serde(skip)]
    pub share: f64,
}

impl Moved {
    /// A figure that may move.
    pub fn maybe(indicator: &str, title: &str) -> Moved {
        Moved { indicator: indicator.to_string(), title: title.to_string(), change: None }
    }

    /// `Children in care goes from 412 to 409`, or the title alone, in so many characters.
    pub fn said(&self, most: usize) -> String {
        let Some(Change { from, to, .. }) = &self.change else { return cut(&self.title, most) };
        let sentence = format!("{} goes from {from} to {to}", self.title);
        if sentence.chars().count() <= most {
            return sentence;
        }
        let numbers = format!(": {from} to {to}");
        let left = most.saturating_sub(numbers.chars().count());
        format!("{}{numbers}", cut(&self.title, left))
    }
}

/// How much a fault does to the figures, for comparing it with others.
pub fn effect(moves: &[Moved]) -> f64 {
    moves.iter().filter_map(|moved| moved.change.as_ref()).map(|change| change.share).sum()
}
