//! The reference as definitions that editors read (luau-lsp): completion, types and a sentence for
//! every name.

use super::{Call, Kind, SHOWS, calls, kinds};
use crate::definitions::{ColumnType, Declarations, LAST_YEAR, List, Neighbour, Point};

/// What stands above the tables. A type that is `any` is one of several that Luau cannot tell apart
/// without finding fault with good scripts.
const HEAD: &str = "\
-- What scripts can say, for editors. Written by `rapporteur types`: run it again after an update.

-- Conditions of a record: a table of fields, or a function that says true or false.
export type Conditions = any
-- A column's name, or a function that is handed a record and the period and gives a number.
export type Each = any
-- { Y = \"Yes\" }, { \"A\", \"B\" } or { K3 = { \"Supported accommodation\", from = \"2023/24\" } }
export type Codes = any
-- A column's name, or groups: { { \"Under 1\", child = { DOB = rap.aged(0) } }, … }
export type Parts = any
-- One Published, or a table of them.
export type Releases = any
-- Tables of Row, and of texts and Cells.
export type Rows = any
export type Cells = any
-- A text, or a table of texts and Pieces.
export type Text = any
export type Better = \"higher\" | \"lower\" | \"neither\"
-- number, percentage, rate per 10,000 (or any other number), average, median
export type Unit = string
-- period, quarter, year_to_date, year, last_12_months (or any other number)
export type Stretch = string
";

/// Types of their own, of which there is nothing more to say: what some functions of `rap` make,
/// and what a misspelt field would have to be. Nothing is of the last one, so that its name is what
/// the editor complains with.
const OPAQUE: [&str; 3] = ["Condition", "CoverNumber", "NoSuchField"];

/// Luau holds every element of a table to be like the first one. Rows are not: so a table can hold
/// anything.
const TABLE: &str = "\
-- Luau's own, but for what a table can hold: rows differ.
declare table: {
  clear: (list: any) -> (),
  clone: (list: any) -> any,
  concat: (list: any, between: string?, from: number?, to: number?) -> string,
  create: (count: number, value: any) -> any,
  find: (list: any, value: any, from: number?) -> number?,
  foreach: (list: any, each: any) -> any,
  foreachi: (list: any, each: any) -> any,
  freeze: (list: any) -> any,
  getn: (list: any) -> number,
  insert: (list: any, ...any) -> (),
  isfrozen: (list: any) -> boolean,
  maxn: (list: any) -> number,
  move: (from: any, first: number, last: number, at: number, to: any) -> any,
  pack: (...any) -> any,
  remove: (list: any, at: number?) -> any,
  sort: (list: any, comes_before: any) -> (),
  unpack: (list: any, first: number?, last: number?) -> ...any,
}

";

/// `rap.d.luau`.
pub fn definitions() -> String {
    let mut text = String::from(HEAD);
    text.push_str("-- A day that is known once the period is.\n");
    text.push_str(&format!(
        "export type Moment = {}\n\n",
        one_of(Point::NAMES.iter().map(|(name, _)| *name))
    ));
    let shown = one_of(SHOWS.iter().flat_map(|(names, _)| names.iter().copied()));
    text.push_str(&format!(
        "-- What a column or a cell can show, or a council's code.\nexport type Show = {shown} | \
         string\n\n"
    ));
    text.push_str("-- What functions of `rap` make, and what no field is.\n");
    for opaque in OPAQUE {
        text.push_str(&format!("declare extern type {opaque} with\nend\n\n"));
    }
    for kind in kinds() {
        text.push_str(&if kind.written { table(kind) } else { value(kind) });
    }
    text.push_str(TABLE);
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
        text.push_str(&comment("  ", &field.plainly()));
        let optional = if field.needed { field.luau.to_string() } else { maybe(field.luau) };
        text.push_str(&format!("  {}: {optional},\n", field.name));
    }
    // What is no field of it is refused, as the program does.
    text.push_str(&format!(
        "  {},\n",
        if kind.unnamed == 0 { "[string]: NoSuchField" } else { "[number]: string" }
    ));
    text.push_str("}\n\n");
    text
}

/// A value that scripts are handed.
fn value(kind: &Kind) -> String {
    let mut text = comment("", &format!("{}: {}", kind.called, kind.says));
    text.push_str(&format!("declare extern type {} with\n", kind.name));
    for field in kind.fields() {
        text.push_str(&comment("  ", &field.plainly()));
        if field.is_method() {
            let (arguments, result) =
                field.luau.split_once(" -> ").expect("a method gives something back");
            text.push_str(&format!("  function {}{arguments}: {result}\n", field.name));
        } else {
            let optional = if field.needed { field.luau.to_string() } else { maybe(field.luau) };
            text.push_str(&format!("  {}: {optional}\n", field.name));
        }
    }
    if kind.name == "Day" {
        for (operator, result) in [("lt", "boolean"), ("le", "boolean"), ("sub", "number")] {
            text.push_str(&format!("  function __{operator}(self, other: Day): {result}\n"));
        }
    }
    text.push_str("end\n\n");
    text
}

/// Types for the records of a project's lists, so that functions can say what they are handed:
/// `function(episode: Episode, period)`.
pub fn records(declared: &Declarations) -> String {
    let mut text = String::new();
    for list in declared.lists.values() {
        let name = type_name(list);
        text.push_str(&format!(
            "\n--- a record of {}, for  function(record: {name}, period)\n",
            list.title
        ));
        text.push_str(&format!("declare extern type {name} with\n"));
        for column in list.columns.iter().filter(|column| is_name(&column.name)) {
            let holds = match column.kind {
                ColumnType::Date => "Day",
                ColumnType::Number { .. } | ColumnType::Percentage => "number",
                ColumnType::Id | ColumnType::Text | ColumnType::Quarter | ColumnType::Codes(_) => {
                    "string"
                }
            };
            // A blank is `nil`, and no fault is found with that: most functions are handed records
            // of a population whose conditions have seen to it, which Luau cannot know.
            text.push_str(&format!("  {}: {holds}\n", column.name));
        }
        let linked = declared.lists.values().filter(|other| other.key == list.key);
        for other in
            linked.filter(|other| is_name(&other.record) && list.column(&other.record).is_none())
        {
            let theirs = type_name(other);
            for year in ["", LAST_YEAR] {
                text.push_str(&match other.one_per_key {
                    true => format!("  {year}{}: {theirs}\n", other.record),
                    false => format!("  {year}{}: {{ {theirs} }}\n", other.name),
                });
            }
        }
        for beside in Neighbour::NAMES.map(|(beside, _)| beside) {
            if list.column(beside).is_none() {
                text.push_str(&format!("  {beside}: {name}\n"));
            }
        }
        text.push_str("end\n");
    }
    text
}

/// A word with a capital letter.
fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// `adoption_decision` as a type: `AdoptionDecision`.
fn type_name(list: &List) -> String {
    let words = list.record.split(|c: char| !c.is_ascii_alphanumeric());
    let name: String = words.map(capitalised).collect();
    let taken = kinds().any(|kind| kind.name == name)
        || OPAQUE.contains(&name.as_str())
        || !is_name(&name)
        || HEAD.contains(&format!(" {name} "));
    if taken { format!("{name}Record") } else { name }
}

/// Whether Luau can take it for a name.
fn is_name(text: &str) -> bool {
    const KEPT: [&str; 6] = ["end", "function", "in", "repeat", "type", "local"];
    let first = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    first && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !KEPT.contains(&text)
}

fn maybe(luau: &str) -> String {
    if luau.contains([' ', '|']) { format!("({luau})?") } else { format!("{luau}?") }
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
