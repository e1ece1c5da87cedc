//! The reference as definitions that editors read (luau-lsp): completion, types and a sentence for every name.

use super::{Call, Field, Kind, SHOWS, calls, kinds};
use crate::declare::Point;

/// `rap.d.luau`.
pub fn definitions() -> String {
    let mut text = String::from(
        "-- What scripts can say, for editors. Written by `rapporteur types`: run it again after an update.\n\n\
         -- Conditions of a record: a table of fields, or a function that says true or false.\n\
         export type Conditions = { [any]: any } | ((record: any, period: Period) -> boolean?)\n\
         export type Better = \"higher\" | \"lower\" | \"neither\"\n\
         -- number, percentage, rate per 10,000 (or any other number), average, median\n\
         export type Unit = string\n\
         -- period, quarter, year_to_date, year, last_12_months (or any other number)\n\
         export type Stretch = string\n",
    );
    text.push_str("-- A day that is known once the period is.\n");
    text.push_str(&format!("export type Moment = {}\n\n", one_of(Point::NAMES.iter().map(|(name, _)| *name))));
    let shown = SHOWS.iter().flat_map(|(names, _)| names.iter().copied());
    text.push_str(&format!("-- What a column or a cell can show, or a council's code: {}\n\n", listed(shown)));
    text.push_str("-- What a field must be, made by functions of `rap`.\n");
    for opaque in ["Condition", "CoverNumber"] {
        text.push_str(&format!("declare extern type {opaque} with\nend\n\n"));
    }
    for kind in kinds() {
        text.push_str(&if kind.written { table(kind) } else { value(kind) });
    }
    text.push_str("declare rap: {\n");
    for call in calls() {
        text.push_str(&comment("  ", &called(call)));
        text.push_str(&format!("  {}: {},\n", call.name, call.luau));
    }
    text.push_str("}\n");
    text
}

/// A table that scripts write. What is not a field of it is an error.
fn table(kind: &Kind) -> String {
    let mut text = comment("", &format!("{}: {}", kind.called, kind.says));
    text.push_str(&format!("export type {} = {{\n", kind.name));
    for field in kind.fields() {
        text.push_str(&comment("  ", &said(field)));
        let optional = if field.needed { field.luau.to_string() } else { maybe(field.luau) };
        text.push_str(&format!("  {}: {optional},\n", field.name));
    }
    if !kind.besides.is_empty() {
        text.push_str(&format!("  {},\n", kind.besides));
    }
    text.push_str("}\n\n");
    text
}

/// A value that scripts are handed.
fn value(kind: &Kind) -> String {
    let mut text = comment("", &format!("{}: {}", kind.called, kind.says));
    text.push_str(&format!("declare extern type {} with\n", kind.name));
    for field in kind.fields() {
        text.push_str(&comment("  ", &said(field)));
        if field.is_method() {
            let (arguments, result) = field.luau.split_once(" -> ").expect("a method gives something back");
            text.push_str(&format!("  function {}{arguments}: {result}\n", field.name));
        } else {
            let optional = if field.needed { field.luau.to_string() } else { maybe(field.luau) };
            text.push_str(&format!("  {}: {optional}\n", field.name));
        }
    }
    if !kind.besides.is_empty() {
        text.push_str(&format!("  {}\n", kind.besides));
    }
    if kind.name == "Day" {
        for (operator, result) in [("lt", "boolean"), ("le", "boolean"), ("sub", "number")] {
            text.push_str(&format!("  function __{operator}(self, other: Day): {result}\n"));
        }
    }
    text.push_str("end\n\n");
    text
}

fn maybe(luau: &str) -> String {
    if luau.contains([' ', '|']) { format!("({luau})?") } else { format!("{luau}?") }
}

fn said(field: &Field) -> String {
    let usual = if field.usual.is_empty() { String::new() } else { format!("; {} if left out", field.usual) };
    format!("{}{usual}", field.says)
}

fn called(call: &Call) -> String {
    let example = super::markdown::without_links(call.example);
    format!("{}: {}", example.trim_matches('`'), call.says)
}

/// A comment, its links as plain words, in lines of an editor's width.
fn comment(indent: &str, text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in super::markdown::without_links(text).split_whitespace() {
        if lines.last().is_some_and(|line| line.chars().count() + word.chars().count() > 100) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.iter().map(|line| format!("{indent}---{line}\n")).collect()
}

fn one_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" | ")
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
