//! What scripts declare, as plain data: lists, checks, populations, indicators, policies,
//! commentary, layouts.
//!
//! The script room fills these, every other room reads them; nothing here knows Lua. Each
//! declaration knows the script and line that made it.

mod condition;
mod disclosure;
mod indicator;
mod list;
mod policy;
mod words;

pub use condition::{Conditions, Matcher, Moment, Point, Scalar, Stretch, Window};
pub use disclosure::{Audience, Rule};
pub use indicator::{
    Better, Breakdown, By, Denominator, Each, Indicator, Measure, Numerator, Population, Published,
    Span, Summary, Tolerance, When, slug,
};
pub use list::{Code, Column, ColumnType, ColumnWords, List, Words, plain};
pub use policy::{Outcome, Policies, Policy, PolicyKind, Thresholds};
pub use words::Counting;

use indexmap::IndexMap;

use crate::nouns::problem::Place;

/// A function of a script, which only the script room can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Function {
    /// Which script.
    pub script: usize,
    /// Which of its functions.
    pub index: usize,
}

/// A rule that records of a list must keep.
#[derive(Debug, Clone)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// The list whose records are looked at.
    pub list: String,
    /// Records that break the rule.
    pub fails: Conditions,
    /// What to tell whoever mends the return.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The column to point at.
    pub column: Option<String>,
    /// Whether the record cannot be trusted at all.
    pub error: bool,
    /// Where it was declared.
    pub place: Place,
}

/// A layout: what an appendix looks like. How its rows come about is the script's business.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Its name, as `--template` takes it.
    pub name: String,
    /// A sentence for `list`.
    pub description: String,
    /// Called once with the report; returns the sheets.
    pub sheets: Function,
    /// Where it was declared.
    pub place: Place,
}

/// A sentence about an indicator that a script drafts.
#[derive(Debug, Clone)]
pub struct Commentary {
    /// Called with the shown figure; returns the text.
    pub draft: Function,
    /// Where it was declared.
    pub place: Place,
}

/// Everything that the scripts of a project declare, in the order they declare it: scripts by name.
#[derive(Debug, Default, Clone)]
pub struct Declarations {
    /// Lists by name.
    pub lists: IndexMap<String, List>,
    /// What councils call the columns and codes of lists, by list.
    pub words: IndexMap<String, Words>,
    /// Checks by name.
    pub checks: IndexMap<String, Check>,
    /// Populations by name.
    pub populations: IndexMap<String, Population>,
    /// Indicators by code.
    pub indicators: IndexMap<String, Indicator>,
    /// Status policies by name.
    pub policies: IndexMap<String, Policy>,
    /// Rules of disclosure control by name.
    pub disclosures: IndexMap<String, Rule>,
    /// Draft commentary by indicator code.
    pub commentary: IndexMap<String, Commentary>,
    /// Layouts by name.
    pub layouts: IndexMap<String, Layout>,
}

/// How many populations may lean on each other, and indicators on indicators.
pub const LONGEST_CHAIN: usize = 40;

impl Declarations {
    /// The indicator that a management sheet means: by code, by another name or by title, in any
    /// case.
    pub fn indicator_named(&self, text: &str) -> Option<&Indicator> {
        let wanted = text.trim().to_lowercase();
        let named = |i: &&Indicator| {
            i.code.to_lowercase() == wanted
                || i.also.iter().any(|a| a.to_lowercase() == wanted)
                || i.title.to_lowercase() == wanted
        };
        self.indicators.values().find(named)
    }
}

impl Declarations {
    /// What a name in a condition links to, other than a column: a list by its name or its record's
    /// name.
    pub fn linked<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        if self.populations.contains_key(name) || self.lists.contains_key(name) {
            return Some(name);
        }
        self.lists.values().find(|list| list.record == name).map(|list| list.name.as_str())
    }

    /// The list that a population is taken from in the end; the list itself where the name is a
    /// list's.
    pub fn list_of(&self, name: &str) -> Option<&List> {
        let mut name = name;
        // A longer chain goes in a circle, or is nothing that anybody could follow.
        for _ in 0..=LONGEST_CHAIN {
            match self.populations.get(name) {
                Some(population) => name = &population.from,
                None => return self.lists.get(name),
            }
        }
        None
    }
}
