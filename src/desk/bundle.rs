//! An inspector's bundle, each of its parts held against what was put in.

use serde_json::{Value, json};

use super::verify::Verified;
use crate::intake::read::{Bundled, Fate};

/// What came of it.
pub struct VerifiedBundle {
    parts: Vec<VerifiedPart>,
}

/// A part of a bundle.
pub struct VerifiedPart {
    name: String,
    fate: Fate,
    /// The part held against its own seal, or its return, where it is a report or its figures.
    report: Option<Verified>,
}

impl VerifiedPart {
    /// A part, and what came of it as a file of its own.
    pub fn of(part: &Bundled, report: Option<Verified>) -> VerifiedPart {
        VerifiedPart { name: part.name.clone(), fate: part.fate, report }
    }

    fn holds(&self) -> bool {
        self.fate == Fate::AsWritten && self.report.as_ref().is_none_or(Verified::holds)
    }

    fn lines(&self, received: &str) -> Vec<String> {
        let mut lines = match self.fate {
            Fate::AsWritten => Vec::new(),
            Fate::Changed => vec![format!("  {} was changed", self.name)],
            Fate::PutIn => vec![format!("  {} was put in", self.name)],
            Fate::TakenOut => vec![format!("  {} was taken out", self.name)],
        };
        if let Some(report) = &self.report {
            lines.push(report.text(&self.name, received));
        }
        lines
    }

    fn to_json(&self) -> Value {
        let fate = match self.fate {
            Fate::AsWritten => "as_written",
            Fate::Changed => "changed",
            Fate::PutIn => "put_in",
            Fate::TakenOut => "taken_out",
        };
        let report = self.report.as_ref().map(Verified::to_json);
        json!({ "name": self.name, "state": fate, "report": report })
    }
}

impl VerifiedBundle {
    /// A bundle of these parts.
    pub fn of(parts: Vec<VerifiedPart>) -> VerifiedBundle {
        VerifiedBundle { parts }
    }

    /// Whether all is as it should be.
    pub fn holds(&self) -> bool {
        self.parts.iter().all(VerifiedPart::holds)
    }

    /// In words: what the file is called, and what it is held against.
    pub fn text(&self, file: &str, received: &str) -> String {
        let as_written = self.parts.iter().all(|part| part.fate == Fate::AsWritten);
        let mut lines = vec![match as_written {
            true => format!("{file}: each of its {} parts is as it was written", self.parts.len()),
            false => format!("{file} was changed since it was written"),
        }];
        lines.extend(self.parts.iter().flat_map(|part| part.lines(received)));
        lines.join("\n")
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({ "parts": self.parts.iter().map(VerifiedPart::to_json).collect::<Vec<_>>() })
    }
}
