//! A list, for whoever writes a script about it: its columns, every heading that they go by, and
//! their codes with what they mean and the years in which they are in use.

use serde_json::{Value, json};

use crate::definitions::{Code, Column, ColumnType, Declarations, List, Scalar};
use crate::nouns::numbers::plain_number;
use crate::nouns::words::listed;

/// A list and what is declared beside it.
pub struct Columns<'d> {
    list: &'d List,
    declared: &'d Declarations,
}

impl<'d> Columns<'d> {
    /// Of a list.
    pub fn of(list: &'d List, declared: &'d Declarations) -> Columns<'d> {
        Columns { list, declared }
    }

    /// As text.
    pub fn text(&self) -> String {
        let mut text = format!("{}  {}\n", self.list.name, self.list.title);
        for line in self.about() {
            text.push_str(&format!("  {line}\n"));
        }
        for column in &self.list.columns {
            text.push_str(&format!("\n  {}  {}\n", column.name, qualities(column).join(", ")));
            for line in about_column(column) {
                text.push_str(&format!("    {line}\n"));
            }
            let ColumnType::Codes(codes) = &column.kind else { continue };
            let width = codes.keys().map(|code| code.chars().count()).max().unwrap_or(0);
            for (code, about) in codes {
                let says = meaning(code, about, column);
                text.push_str(&format!("    {code:width$}  {says}\n"));
            }
        }
        text
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let list = self.list;
        json!({
            "name": list.name, "title": list.title, "record": list.record,
            "description": list.description, "key": list.key, "one_per_key": list.one_per_key,
            "starts": list.starts, "ends": list.ends, "optional": list.optional,
            "linked_lists": self.linked(), "declared_at": list.place.to_string(),
            "changes": self.changes(),
            "columns": list.columns.iter().map(column_json).collect::<Vec<_>>(),
        })
    }

    fn about(&self) -> Vec<String> {
        let list = self.list;
        let mut about = Vec::new();
        if !list.description.is_empty() {
            about.push(list.description.clone());
        }
        let rows = if list.one_per_key { "one row" } else { "any number of rows" };
        about.push(format!("key: {}, {rows} for each; a row is called {}", list.key, list.record));
        if let (Some(starts), Some(ends)) = (&list.starts, &list.ends) {
            about.push(format!("rows are spans of time, from {starts} to {ends}"));
        }
        if let Some(spans) = &list.made_of {
            about.push(format!("nobody sends it: it is made of {spans}"));
        }
        let linked = self.linked();
        if !linked.is_empty() {
            about.push(format!("linked by {}: {}", list.key, listed(&linked)));
        }
        if list.optional {
            about.push("a return may be without it".to_string());
        }
        about.push(format!("declared at {}", list.place));
        about.extend(self.changes());
        about
    }

    /// The lists with the same key, as conditions name them.
    fn linked(&self) -> Vec<&'d str> {
        let others = self.declared.lists.values();
        let others = others.filter(|other| other.key == self.list.key);
        let others = others.filter(|other| other.name != self.list.name);
        others
            .map(
                |other| if other.one_per_key { other.record.as_str() } else { other.name.as_str() },
            )
            .collect()
    }

    fn changes(&self) -> Vec<String> {
        let changes = self.declared.changes.iter();
        let changes = changes.filter(|one| one.kind == "list" && one.name == self.list.name);
        changes.map(|one| format!("changed at {}: {}", one.place, one.words.join("; "))).collect()
    }
}

/// `codes, required, personal`.
fn qualities(column: &Column) -> Vec<String> {
    let mut words = vec![holds(column)];
    let flags = [
        (column.required, "required"),
        (column.optional, "may be missing"),
        (column.personal, "personal"),
    ];
    words.extend(flags.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_string()));
    words
}

/// What a column holds, as scripts declare it.
fn kind(kind: &ColumnType) -> &'static str {
    match kind {
        ColumnType::Id => "id",
        ColumnType::Text => "text",
        ColumnType::Quarter => "quarter",
        ColumnType::Date => "date",
        ColumnType::Number { .. } => "number",
        ColumnType::Percentage => "percentage",
        ColumnType::Codes(_) => "codes",
    }
}

/// The same with its bounds: `number from 0 to 40`.
fn holds(column: &Column) -> String {
    let word = kind(&column.kind);
    let ColumnType::Number { min, max, whole } = &column.kind else { return word.to_string() };
    let word = if *whole { "whole number" } else { word };
    match (min.map(plain_number), max.map(plain_number)) {
        (Some(min), Some(max)) => format!("{word} from {min} to {max}"),
        (Some(min), None) => format!("{word} of {min} or more"),
        (None, Some(max)) => format!("{word} of {max} or less"),
        (None, None) => word.to_string(),
    }
}

fn about_column(column: &Column) -> Vec<String> {
    let mut about = Vec::new();
    if !column.description.is_empty() {
        about.push(column.description.clone());
    }
    let unknown: Vec<String> = column.unknown.iter().map(Scalar::to_string).collect();
    for (what, words) in [
        ("also called", &column.also),
        ("called here", &column.local),
        ("not known is", &unknown),
        ("counted are", &column.counted),
    ] {
        if !words.is_empty() {
            about.push(format!("{what}: {}", words.join(", ")));
        }
    }
    about
}

/// What a code means, since when and until when, and what the council calls it.
fn meaning(code: &str, about: &Code, column: &Column) -> String {
    let mut said = about.meaning.clone();
    let years = match (&about.from, &about.to) {
        (Some(from), Some(to)) if from == to => format!(" (in {from})"),
        (Some(from), Some(to)) => format!(" ({from} to {to})"),
        (Some(from), None) => format!(" (from {from})"),
        (None, Some(to)) => format!(" (to {to})"),
        (None, None) => String::new(),
    };
    said.push_str(&years);
    let words = words_for(code, column);
    if !words.is_empty() {
        said.push_str(&format!("; called here: {}", words.join(", ")));
    }
    said.trim_start().to_string()
}

/// The council's own words for a code.
fn words_for<'c>(code: &str, column: &'c Column) -> Vec<&'c str> {
    let words = column.words.iter();
    words.filter(|(_, meant)| *meant == code).map(|(word, _)| word.as_str()).collect()
}

fn column_json(column: &Column) -> Value {
    let mut json = json!({
        "name": column.name, "holds": kind(&column.kind), "description": column.description,
        "also": column.also, "called_here": column.local,
        "required": column.required, "optional": column.optional, "personal": column.personal,
        "unknown": column.unknown.iter().map(Scalar::to_string).collect::<Vec<_>>(),
    });
    match &column.kind {
        ColumnType::Number { min, max, .. } => {
            json["min"] = (*min).into();
            json["max"] = (*max).into();
        }
        ColumnType::Codes(codes) => {
            let codes = codes.iter().map(|(code, about)| {
                json!({
                    "code": code, "meaning": about.meaning, "from": about.from, "to": about.to,
                    "called_here": words_for(code, column),
                })
            });
            json["codes"] = codes.collect();
        }
        _ => {}
    }
    json
}
