//! Rules of disclosure control: what may not be told, and to whom the report goes.

use crate::nouns::problem::Place;

/// To whom a report goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Public,
    /// Members and officers, in a session without the public.
    Exempt,
}

impl Audience {
    /// As the notes sheet puts it.
    pub fn phrase(self) -> &'static str {
        match self {
            Audience::Public => "for the public",
            Audience::Exempt => "exempt: for members and officers only",
        }
    }
}

/// A rule of disclosure control.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The name that settings and the command line use.
    pub name: String,
    /// What the notes sheet says of it.
    pub description: String,
    /// To whom a report under this rule may go.
    pub audience: Audience,
    /// Counts of people from the first to the second number are hidden.
    pub hide: Option<(f64, f64)>,
    /// Counts are rounded to the nearest multiple of this.
    pub round: Option<f64>,
    /// Percentages are whole numbers.
    pub whole_percentages: bool,
    /// Where it was declared.
    pub place: Place,
}

impl Rule {
    /// The name of the rule that hides nothing.
    pub const NONE: &'static str = "none";

    /// The rule that hides nothing: it is there without any script.
    pub fn none() -> Rule {
        Rule {
            name: Rule::NONE.to_string(),
            description: "No figure has been suppressed in this report.".to_string(),
            audience: Audience::Exempt,
            hide: None,
            round: None,
            whole_percentages: false,
            place: Place::file(""),
        }
    }

    /// What it does, in words that are made from it.
    pub fn in_words(&self) -> String {
        let mut words = vec![format!("This council's own rule `{}`", self.name)];
        if let Some((from, to)) = self.hide {
            words.push(format!("counts of {from} to {to} people are suppressed"));
        }
        if let Some(to) = self.round {
            words.push(format!("counts are rounded to the nearest {to}"));
        }
        if self.whole_percentages {
            words.push("percentages are whole numbers".to_string());
        }
        format!("{}: {}.", words[0], words[1..].join(", "))
    }

    /// Whether it changes nothing.
    pub fn is_none(&self) -> bool {
        self.hide.is_none() && self.round.is_none() && !self.whole_percentages
    }

    /// A count as the rule rounds it; nothing where it rounds none.
    pub fn rounded(&self, count: f64) -> Option<f64> {
        self.round.map(|to| (count / to).round() * to)
    }

    /// Counts of people that are too small to be told: those that are hidden, or, where counts are
    /// only rounded, those that rounding must blur.
    pub fn small(&self) -> Option<(f64, f64)> {
        self.hide.or(self.round.map(|to| (1.0, to)))
    }
}

/// Numbers that add up to the same. A reader can work out any of them from the others, so
/// disclosure control takes it into account.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its name.
    pub name: String,
    /// What is added up on one side.
    pub sum: Vec<Term>,
    /// What comes to the same.
    pub equals: Vec<Term>,
    /// Where it was declared.
    pub place: Place,
}

/// One of the numbers that a relation adds up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The indicator whose count it is.
    pub indicator: String,
    /// The earlier period that is meant, by a comparator's name; the report's own where none is.
    pub when: Option<String>,
}
