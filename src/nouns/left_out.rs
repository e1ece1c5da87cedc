//! Figures that a return does not allow: those that no report has, by why.

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

/// The figures that the return does not allow, by what it lacks.
pub type LeftOut = IndexMap<String, Vec<FigureLeftOut>>;

/// A figure that the return does not allow.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureLeftOut {
    /// The indicator's code.
    pub code: String,
    /// Its title, as members read it.
    pub title: String,
    /// Whether it is there, and its parts are not.
    pub parts_alone: bool,
}

impl FigureLeftOut {
    /// What people call it: `Children in care (its parts)`.
    pub fn named(&self) -> String {
        self.with_parts(&self.title)
    }

    fn with_parts(&self, name: &str) -> String {
        if self.parts_alone { format!("{name} (its parts)") } else { name.to_string() }
    }
}

/// Programs go by codes.
impl Serialize for FigureLeftOut {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.with_parts(&self.code))
    }
}
