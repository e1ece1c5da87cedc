//! What was made of one return: what the record of a run keeps of it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::cli::exit_code;
use crate::nouns::problem::{Problems, Severity};

/// What was made of a return.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Made {
    /// The files that were written; none where the return has no report.
    pub written: Vec<String>,
    /// The period that it is about.
    pub period: String,
    /// How many figures it has.
    pub figures: usize,
    /// What is wrong, each with its place.
    pub problems: Vec<Value>,
    /// How many are errors.
    pub errors: usize,
    /// How many are warnings.
    pub warnings: usize,
    /// How many are notes.
    pub notes: usize,
    /// The exit code that it would have alone.
    pub exit_code: u8,
}

impl Made {
    /// What a run gave: the files, how many figures, the period.
    pub fn of(done: Option<(Vec<String>, usize, String)>, problems: &Problems) -> Made {
        let (written, figures, period) = done.unwrap_or_default();
        Made {
            written,
            period,
            figures,
            problems: problems.iter().map(|problem| problem.to_json(false)).collect(),
            errors: problems.count(Severity::Error),
            warnings: problems.count(Severity::Warning),
            notes: problems.count(Severity::Note),
            exit_code: exit_code(problems),
        }
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({
            "written": self.written,
            "period": self.period,
            "figures": self.figures,
            "errors": self.errors,
            "warnings": self.warnings,
            "notes": self.notes,
        })
    }
}
