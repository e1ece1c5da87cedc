//! Lists: what a return holds, column by column.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::condition::Scalar;
use crate::nouns::problem::Place;

/// A list of a return, such as Episodes: one row a record.
#[derive(Debug, Clone)]
pub struct List {
    /// Its name in scripts.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// One row of it, as scripts call it: `episode`.
    pub record: String,
    /// What a row of it is, in a sentence, for whoever fills it in.
    pub description: String,
    /// The column that says whom or what a row is about.
    pub key: String,
    /// Whether each key has one row at most.
    pub one_per_key: bool,
    /// The column with the first day, where rows are spans of time.
    pub starts: Option<String>,
    /// The column with the day that is no longer part of the span.
    pub ends: Option<String>,
    /// Whether the spans of a key follow each other, one at a time.
    pub one_at_a_time: bool,
    /// The column, and the codes in it, by which a span says that another follows on the day on
    /// which it ends.
    pub goes_on: Option<(String, Vec<String>)>,
    /// The day by which its spans end, whatever they say.
    pub ends_by: Option<EndsBy>,
    /// The list whose spans it is made of: a record for each chain of them that go on. Nobody
    /// sends it.
    pub made_of: Option<String>,
    /// Whether it comes from a file that the project's settings name, and not from a return: what
    /// others say of places or providers, and of no child.
    pub reference: bool,
    /// Columns of other lists that hold the key of a reference list, beside those that are called
    /// as the key is.
    pub linked_by: Vec<String>,
    /// Whether its rows are of one return alone: of several years only the newest's are used.
    pub yearly: bool,
    /// Its columns, in the order people expect.
    pub columns: Vec<Column>,
    /// The element of XML that a row of it is made of.
    pub element: Option<String>,
    /// The fields of the element of which one says something where it is a row of this list; none
    /// where every such element is one.
    pub element_with: Vec<String>,
    /// Whether a return may be without it, without a word.
    pub optional: bool,
    /// The columns that layouts may print row by row; none of a list about children.
    pub public: Vec<String>,
    /// Where it was declared.
    pub place: Place,
}

/// A day by which spans end: some years after a day of the same key on another list.
#[derive(Debug, Clone)]
pub struct EndsBy {
    /// The other list.
    pub list: String,
    /// Its column of days.
    pub column: String,
    /// How many years later.
    pub years: i32,
}

impl List {
    /// Whether layouts may print rows of it.
    pub fn is_public(&self) -> bool {
        !self.public.is_empty()
    }

    /// Whether a return holds it.
    pub fn is_sent(&self) -> bool {
        self.made_of.is_none() && !self.reference
    }

    /// Whether records of it lead to those of another: by the same key, or by a column with the key
    /// of a reference list.
    pub fn leads_to(&self, other: &List) -> bool {
        other.key == self.key || self.leads_by(other).is_some()
    }

    /// The column that holds the key of a reference list; none where both go by the same key.
    pub fn leads_by(&self, other: &List) -> Option<usize> {
        if !other.reference || other.key == self.key {
            return None;
        }
        std::iter::once(&other.key).chain(&other.linked_by).find_map(|name| self.column(name))
    }

    /// Why there are no records of it.
    pub fn is_not_there(&self, last_year: bool) -> String {
        let title = &self.title;
        match (self.reference, last_year) {
            (true, _) => {
                format!("the settings name no file of {title} ([reference] {})", self.name)
            }
            (false, true) => format!("the list {title} is not in last year's return"),
            (false, false) => format!("the list {title} is not in the return"),
        }
    }

    /// Why its records do not lead to another's, in words.
    pub fn no_way_to(&self, other: &List, called: &str) -> String {
        format!(
            "`{called}` cannot be reached from {}: one goes by {}, the other by {}",
            self.title, other.key, self.key
        )
    }

    /// A column's position by its name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}

/// What councils' own exports call the columns and codes of a list: `map` proposes by these words,
/// and nothing is read by them.
#[derive(Debug, Clone)]
pub struct Words {
    /// The columns, by name.
    pub columns: IndexMap<String, ColumnWords>,
    /// Where they were declared.
    pub place: Place,
}

impl Words {
    /// What each column is called in plain words: the first of its headings.
    pub fn plain_names(&self) -> BTreeMap<String, String> {
        let named = self.columns.iter().filter(|(_, words)| !words.headings.is_empty());
        named.map(|(column, words)| (column.clone(), words.headings[0].clone())).collect()
    }
}

/// What councils' own exports call a column and its codes.
#[derive(Debug, Clone, Default)]
pub struct ColumnWords {
    /// Headings.
    pub headings: Vec<String>,
    /// Words, by code.
    pub codes: IndexMap<String, Vec<String>>,
}

/// A column of a list.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its heading, which is its name in scripts as well.
    pub name: String,
    /// What belongs there, in a sentence, for whoever fills it in.
    pub description: String,
    /// Other headings that it goes by.
    pub also: Vec<String>,
    /// What the council's settings say that it calls the column.
    pub local: Vec<String>,
    /// What the council's settings say that its words mean: its word, as [`plain`] makes it, and
    /// the code.
    pub words: IndexMap<String, String>,
    /// What its cells hold.
    pub kind: ColumnType,
    /// Values that mean that nothing is known, such as 999.9: the field counts as blank.
    pub unknown: Vec<Scalar>,
    /// What its numbers are in, such as miles.
    pub unit: Option<String>,
    /// Units that its numbers are not in, as headings and cells write them: km.
    pub not_in: Vec<String>,
    /// Of a text: what is counted begins or ends with one of these.
    pub counted: Vec<String>,
    /// Whether other words may stand there, without a word.
    pub others: bool,
    /// A blank cell is a fault.
    pub required: bool,
    /// The whole column may be missing without a word.
    pub optional: bool,
    /// It says who somebody is: an identifier, a date of birth, a postcode.
    pub personal: bool,
}

impl Column {
    /// Every heading that it goes by, as headings are compared.
    pub fn headings(&self) -> impl Iterator<Item = String> {
        std::iter::once(&self.name).chain(&self.also).map(|heading| bare(heading))
    }
}

/// A heading in capitals, without spaces and signs.
pub fn bare(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

impl Column {
    /// The unit that a heading or a cell names, where the column's numbers are not in it.
    pub fn other_unit(&self, text: &str) -> Option<&str> {
        let words = || text.split(|c: char| !c.is_alphabetic());
        let named = |unit: &&String| words().any(|word| word.eq_ignore_ascii_case(unit));
        self.not_in.iter().find(named).map(String::as_str)
    }

    /// Whether a text of the column means that nothing is known.
    pub fn is_unknown_text(&self, text: &str) -> bool {
        let means =
            |value: &Scalar| matches!(value, Scalar::Text(t) if t.eq_ignore_ascii_case(text));
        self.unknown.iter().any(means)
    }
}

/// What a column's cells hold.
#[derive(Debug, Clone)]
pub enum ColumnType {
    /// A name for somebody or something: text, even where it looks like a number.
    Id,
    /// Any text.
    Text,
    /// A quarter of the year, or several together, in any spelling.
    Quarter,
    /// A day.
    Date,
    /// A number, within bounds where they are given.
    Number {
        /// The smallest that can be.
        min: Option<f64>,
        /// The largest that can be.
        max: Option<f64>,
        /// Whether it counts something, so that no part of one can stand there.
        whole: bool,
    },
    /// A percentage, held from 0 to 100.
    Percentage,
    /// One of a set of codes, by code.
    Codes(IndexMap<String, Code>),
}

impl ColumnType {
    /// Whether cells become texts (otherwise numbers or days).
    pub fn is_text(&self) -> bool {
        !matches!(self, ColumnType::Date | ColumnType::Number { .. } | ColumnType::Percentage)
    }

    /// What a cell must hold, for messages.
    pub fn expected(&self) -> &'static str {
        match self {
            ColumnType::Id | ColumnType::Text => "text",
            ColumnType::Quarter => "a quarter",
            ColumnType::Date => "a date",
            ColumnType::Number { .. } => "a number",
            ColumnType::Percentage => "a percentage",
            ColumnType::Codes(_) => "a code",
        }
    }
}

/// A heading or a word as it is compared: without case, spaces of any kind, underscores and the
/// like.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// A code of a set: what it means and, where it came or went, the reporting years it is in use.
#[derive(Debug, Clone, Default)]
pub struct Code {
    /// In words.
    pub meaning: String,
    /// First reporting year, such as `2023/24`.
    pub from: Option<String>,
    /// Last reporting year.
    pub to: Option<String>,
}

impl Code {
    /// What it is called where there is room for words: what it means, or its name.
    pub fn title<'c>(&'c self, name: &'c str) -> &'c str {
        if self.meaning.is_empty() { name } else { &self.meaning }
    }

    /// Whether the code is in use in a reporting year. Labels of years compare as they sort.
    pub fn in_use(&self, year: &str) -> bool {
        self.from.as_deref().is_none_or(|from| from <= year)
            && self.to.as_deref().is_none_or(|to| year <= to)
    }
}
