//! `rap`: what scripts can declare. Each function reads its table into plain data.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use indexmap::IndexMap;
use mlua::{Lua, Table, Value, Variadic};

use super::errors::{Complaint, complain, complain_of, complain_with};
use super::fields::{Fields, count_anew, described};
use super::matchers::{self, conditions};
use super::measure::{breakdown, measure, summary};
use super::published::published;
use super::{arguments, disclosure, numbers, sandbox, shared, targets, text_of};
use crate::definitions::{
    Better, Check, Code, Column, ColumnType, ColumnWords, Commentary, Declarations, EndsBy,
    Function, Indicator, Layout, List, Population, Scalar, Span, Summary, When, Words,
};
use crate::intake::project::Source;
use crate::nouns::problem::{Place, Severity, did_you_mean, nearest};
use crate::nouns::unit::Unit;
use crate::scripts::reference;

/// What one script declares while it is loaded.
pub struct Draft {
    /// The script's number and name.
    pub script: usize,
    /// Its name, for places.
    pub name: String,
    /// Its text, to find the line of a field.
    pub source: String,
    /// What it declared.
    pub declared: RefCell<Declarations>,
    /// Its functions that are called later.
    pub functions: RefCell<Vec<mlua::Function>>,
    /// Files that it may use.
    pub shared: Rc<[Source]>,
    /// Whether the script was loaded: what is declared later would not be heard.
    pub loaded: Cell<bool>,
}

impl Draft {
    /// How many things were declared so far.
    fn declarations(&self) -> usize {
        let d = self.declared.borrow();
        d.lists.len()
            + d.words.len()
            + d.checks.len()
            + d.populations.len()
            + d.indicators.len()
            + d.layouts.len()
            + d.commentary.len()
            + d.policies.len()
            + d.disclosures.len()
            + d.relations.len()
    }

    /// Where the function of `rap` that is at work was called.
    fn called_at(&self, lua: &Lua) -> Place {
        sandbox::place_now(lua).unwrap_or_else(|| Place::file(&self.name))
    }

    /// Keeps a function that is called later.
    pub fn keep(&self, function: mlua::Function) -> Function {
        let mut functions = self.functions.borrow_mut();
        functions.push(function);
        Function { script: self.script, index: functions.len() - 1 }
    }
}

/// The line of a source, from a declaration's first on, that first holds the word in backticks of a
/// message.
pub fn better_line(source: &str, from: Option<u32>, message: &str) -> Option<u32> {
    let from = from?;
    lines_with(source, message).find(|line| (from..from + 60).contains(line))
}

/// The only line of a source that holds the word in backticks of a message.
pub fn only_line(source: &str, message: &str) -> Option<u32> {
    let mut lines = lines_with(source, message);
    lines.next().filter(|_| lines.next().is_none())
}

fn lines_with<'a>(source: &'a str, message: &'a str) -> impl Iterator<Item = u32> + 'a {
    let word = message.split('`').nth(1).unwrap_or_default();
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let named = move |line: &str| {
        let mut found = line.match_indices(word);
        found.any(|(at, _)| {
            !inside(line[..at].chars().next_back())
                && !inside(line[at + word.len()..].chars().next())
        })
    };
    let lines = source.lines().enumerate().filter(move |(_, line)| !word.is_empty() && named(line));
    lines.map(|(i, _)| i as u32 + 1)
}

/// How many things one script may declare.
const MOST_DECLARATIONS: usize = 1_000;

type Declare = fn(&Draft, &str, Place, Table) -> mlua::Result<()>;

/// Puts `rap` in place.
pub fn register(lua: &Lua, draft: &Rc<Draft>) -> mlua::Result<()> {
    let rap = lua.create_table()?;
    let kinds: [(&str, Declare); 9] = [
        ("list", list),
        ("words", words),
        ("check", check),
        ("population", population),
        ("indicator", indicator),
        ("policy", targets::policy),
        ("disclosure", disclosure::disclosure),
        ("relation", disclosure::relation),
        ("layout", layout),
    ];
    for (kind, declare) in kinds {
        let draft = draft.clone();
        rap.set(
            kind,
            lua.create_function(move |lua, name: Value| {
                let name = declared_name(kind, name)?;
                let place = draft.called_at(lua);
                let draft = draft.clone();
                lua.create_function(move |_, (body, more): (Value, Variadic<Value>)| {
                    let Value::Table(body) = body else {
                        return Err(complain(format!(
                            "rap.{kind} \"{name}\" must be followed by a table, not {}",
                            described(&body)
                        )));
                    };
                    if !more.is_empty() {
                        let what = format!("rap.{kind} \"{name}\"");
                        return Err(complain_with(
                            arguments::too_many(&what, 1, 1 + more.len()),
                            "all that belongs to it stands in one table, between one pair of braces",
                        ));
                    }
                    count_anew();
                    if draft.declarations() >= MOST_DECLARATIONS {
                        return Err(complain_with(
                            "the script declares too much",
                            "a script may declare 1,000 things",
                        ));
                    }
                    declare(&draft, &name, place.clone(), body)
                        .map_err(|e| sharpen(&draft, &place, e))
                })
            })?,
        )?;
    }
    let kept = draft.clone();
    rap.set(
        "commentary",
        lua.create_function(move |lua, code: Value| {
            let code = declared_name("commentary", code)?;
            let draft = kept.clone();
            let place = draft.called_at(lua);
            lua.create_function(move |_, (draws, more): (Value, Variadic<Value>)| {
                let what = format!("rap.commentary \"{code}\"");
                let hint = "write  (function(figure) return … end)  behind it";
                if !more.is_empty() {
                    let message = arguments::too_many(&what, 1, 1 + more.len());
                    return Err(complain_with(message, hint));
                }
                let Value::Function(function) = draws else {
                    let found = described(&draws);
                    let message = format!("{what} must be followed by a function, not {found}");
                    return Err(complain_with(message, hint));
                };
                let commentary = Commentary { draft: draft.keep(function), place: place.clone() };
                once(
                    draft.declared.borrow_mut().commentary.insert(code.clone(), commentary),
                    "commentary",
                    &code,
                )
            })
        })?,
    )?;
    matchers::register(lua, &rap)?;
    let kept = draft.clone();
    matchers::register_keeping(lua, &rap, move |f| kept.keep(f))?;
    shared::register(lua, &rap, draft)?;
    numbers::register(lua, &rap)?;
    for call in reference::calls() {
        if let Value::Function(function) = rap.raw_get(call.name)? {
            rap.set(call.name, arguments::counted(lua, call, function, draft)?)?;
        }
    }
    let names: Vec<String> =
        rap.pairs::<String, Value>().map(|p| p.map(|(k, _)| k)).collect::<mlua::Result<_>>()?;
    let meta = lua.create_table()?;
    meta.set(
        "__index",
        lua.create_function(move |_, (_, key): (Value, Value)| -> mlua::Result<Value> {
            let key = key.to_string()?;
            let guess = did_you_mean(&key, names.iter().map(String::as_str));
            let mut sorted = names.clone();
            sorted.sort();
            let meant = nearest(&key, sorted.iter().map(String::as_str));
            let hint =
                match meant.and_then(|meant| reference::calls().find(|call| call.name == meant)) {
                    Some(call) => format!("`rap.{}`: {}", call.name, call.briefly()),
                    None => format!("rap has {}", sorted.join(", ")),
                };
            let message = format!("there is no `rap.{key}`{guess}");
            Err(complain_of(key, message, hint))
        })?,
    )?;
    rap.set_metatable(Some(meta))?;
    rap.set_readonly(true);
    lua.globals().set("rap", rap)?;
    refuse_unknown_names(lua)
}

/// A misspelt name must not pass for a blank: `{ KIND = MISSPELT }` would be no condition at all.
fn refuse_unknown_names(lua: &Lua) -> mlua::Result<()> {
    const OUTSIDE: [&str; 8] =
        ["io", "os", "require", "loadstring", "load", "debug", "coroutine", "package"];
    let meta = lua.create_table()?;
    meta.set(
        "__index",
        lua.create_function(|_, (globals, name): (Table, Value)| -> mlua::Result<Value> {
            let name = name.to_string()?;
            if OUTSIDE.contains(&name.as_str()) {
                return Err(complain_with(
                    format!("there is no `{name}` in scripts"),
                    "scripts describe: they reach no files, no clock and no other code",
                ));
            }
            let known: Vec<String> =
                globals.pairs::<String, Value>().filter_map(|p| p.ok().map(|(k, _)| k)).collect();
            let guess = did_you_mean(&name, known.iter().map(String::as_str));
            let message = format!("nothing is called `{name}` here{guess}");
            Err(complain_of(name, message, "a local must be declared above the line that uses it"))
        })?,
    )?;
    lua.globals().set_metatable(Some(meta))
}

/// Says the line that the complaint is about, where the source shows it better than the call does.
fn sharpen(draft: &Draft, place: &Place, error: mlua::Error) -> mlua::Error {
    match error.downcast_ref::<Complaint>() {
        Some(complaint) if complaint.place.is_none() => {
            let file = draft.shared.iter().find(|file| file.name == place.file);
            let text = file.map_or(draft.source.as_str(), |file| text_of(file).unwrap_or_default());
            let line = better_line(text, place.line, &complaint.message).or(place.line);
            let place = Some(Place { line, ..place.clone() });
            mlua::Error::external(Complaint { place, ..complaint.clone() })
        }
        _ => error,
    }
}

fn declared_name(kind: &str, name: Value) -> mlua::Result<String> {
    match name {
        Value::String(name) => {
            let name = name.to_str()?.to_string();
            let proper = !name.is_empty()
                && name.len() <= 60
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !proper {
                return Err(complain_with(
                    format!("rap.{kind}: \"{name}\" cannot be a name"),
                    "names are made of letters, digits and _",
                ));
            }
            Ok(name)
        }
        other => Err(complain_with(
            format!("rap.{kind} needs a name, not {}", described(&other)),
            format!("write  rap.{kind} \"name\" {{ … }}"),
        )),
    }
}

/// A name is declared once in a script.
pub fn once<T>(earlier: Option<T>, kind: &str, name: &str) -> mlua::Result<()> {
    if earlier.is_some() {
        return Err(complain_with(
            format!("the {kind} `{name}` is declared twice in this script"),
            "give one of them another name",
        ));
    }
    Ok(())
}

fn list(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("List", body, format!("rap.list \"{name}\""))?;
    let columns = match fields.value("columns")? {
        Value::Table(columns) => columns
            .sequence_values::<Table>()
            .map(|c| column(&fields, c?))
            .collect::<mlua::Result<Vec<_>>>()?,
        other => return Err(fields.wrong("columns", "a table of columns", &other)),
    };
    let key = fields.needed_text("key")?;
    // Nothing can be said of a row that does not say whom it is about.
    let mut columns = columns;
    columns.iter_mut().filter(|c| c.name == key).for_each(|c| c.required = true);
    let list = List {
        name: name.to_string(),
        title: fields.text("title")?.unwrap_or_else(|| name.to_string()),
        record: fields.text("record")?.unwrap_or_else(|| name.to_string()),
        description: fields.text("description")?.unwrap_or_default(),
        key,
        one_per_key: fields.flag("one_per_key")?,
        starts: fields.text("starts")?,
        ends: fields.text("ends")?,
        one_at_a_time: fields.flag("one_at_a_time")?,
        goes_on: goes_on(&mut fields)?,
        ends_by: ends_by(&mut fields)?,
        made_of: fields.text("made_of")?,
        yearly: fields.flag("yearly")?,
        columns,
        element: fields.text("element")?,
        element_with: fields.texts("element_with")?,
        optional: fields.flag("optional")?,
        public: public_columns(&mut fields)?,
        place,
    };
    fields.finish()?;
    let named = |column: &str| list.columns.iter().find(|c| c.name == column);
    let names = || list.columns.iter().map(|c| c.name.as_str());
    for (what, column) in
        [("key", Some(&list.key)), ("starts", list.starts.as_ref()), ("ends", list.ends.as_ref())]
    {
        let Some(column) = column else { continue };
        match named(column) {
            None => {
                let guess = did_you_mean(column, names());
                return Err(complain(format!(
                    "{}: {what} is `{column}`, which is none of its columns{guess}",
                    fields.what()
                )));
            }
            Some(c) if what == "key" && !matches!(c.kind, ColumnType::Id | ColumnType::Text) => {
                return Err(complain(format!(
                    "{}: the key `{column}` must be of type \"id\"",
                    fields.what()
                )));
            }
            Some(c) if what != "key" && !matches!(c.kind, ColumnType::Date) => {
                return Err(complain(format!(
                    "{}: `{column}` must be of type \"date\"",
                    fields.what()
                )));
            }
            Some(_) => {}
        }
    }
    if let Some((column, _)) = list.goes_on.as_ref().filter(|(column, _)| named(column).is_none()) {
        let guess = did_you_mean(column, names());
        return Err(complain(format!(
            "{}: `goes_on` names `{column}`, which is none of its columns{guess}",
            fields.what()
        )));
    }
    if list.starts.is_none() && (list.one_at_a_time || list.ends_by.is_some()) {
        return Err(complain(format!(
            "{}: only spans with `starts` and `ends` follow each other",
            fields.what()
        )));
    }
    if list.starts.is_some() != list.ends.is_some() {
        return Err(complain(format!(
            "{} needs both `starts` and `ends`, or neither",
            fields.what()
        )));
    }
    if let Some(unknown) = list.public.iter().find(|column| named(column).is_none()) {
        let guess = did_you_mean(unknown, names());
        return Err(complain(format!(
            "{}: `public` names `{unknown}`, which is none of its columns{guess}",
            fields.what()
        )));
    }
    let mut seen = std::collections::HashSet::new();
    if let Some(twice) = names().find(|n| !seen.insert(*n)) {
        return Err(complain(format!("{} has the column `{twice}` twice", fields.what())));
    }
    once(draft.declared.borrow_mut().lists.insert(name.to_string(), list), "list", name)
}

/// `public = { "HOME", "STATUS" }`: the columns that layouts may print, each by its name.
fn public_columns(fields: &mut Fields) -> mlua::Result<Vec<String>> {
    match fields.value("public")? {
        Value::Boolean(_) => Err(complain_with(
            format!("{}: `public` names the columns that layouts may print", fields.what()),
            "public = { \"HOME\", \"STATUS\" },  each by its name, and none that says who a child is",
        )),
        _ => fields.texts("public"),
    }
}

/// `goes_on = { REC = "X1" }`: a column and the code, or codes, in it.
fn goes_on(fields: &mut Fields) -> mlua::Result<Option<(String, Vec<String>)>> {
    let table = match fields.value("goes_on")? {
        Value::Nil => return Ok(None),
        Value::Table(table) => table,
        other => return Err(fields.wrong("goes_on", "a table such as { REC = \"X1\" }", &other)),
    };
    let mut pairs = table.pairs::<String, Value>();
    let (column, codes) = match (pairs.next().transpose()?, pairs.next()) {
        (Some(pair), None) => pair,
        _ => {
            return Err(complain_with(
                format!("{}: `goes_on` names one column", fields.what()),
                "write  goes_on = { REC = \"X1\" },",
            ));
        }
    };
    let codes: Vec<String> = match codes {
        Value::String(code) => vec![code.to_str()?.to_uppercase()],
        Value::Table(codes) => codes
            .sequence_values::<String>()
            .map(|code| code.map(|code| code.to_uppercase()))
            .collect::<mlua::Result<_>>()?,
        _ => Vec::new(),
    };
    if codes.is_empty() {
        return Err(complain(format!("{}: `goes_on` names no code", fields.what())));
    }
    Ok(Some((column, codes)))
}

/// `ends_by = { header = "DOB", years = 18 }`: a list, its column of days, and how much later.
fn ends_by(fields: &mut Fields) -> mlua::Result<Option<EndsBy>> {
    const FORM: &str = "write  ends_by = { header = \"DOB\", years = 18 },";
    let table = match fields.value("ends_by")? {
        Value::Nil => return Ok(None),
        Value::Table(table) => table,
        other => return Err(fields.wrong("ends_by", "a table", &other)),
    };
    let years: Option<i32> = table.raw_get("years")?;
    let others = table
        .pairs::<String, Value>()
        .filter(|pair| pair.as_ref().map_or(true, |(name, _)| name != "years"));
    let others: Vec<(String, Value)> = others.collect::<mlua::Result<_>>()?;
    match (years, &others[..]) {
        (Some(years @ 1..=150), [(list, Value::String(column))]) => {
            Ok(Some(EndsBy { list: list.clone(), column: column.to_str()?.to_string(), years }))
        }
        _ => Err(complain_with(
            format!("{}: `ends_by` names a list, its column of days, and years", fields.what()),
            FORM,
        )),
    }
}

fn column(list: &Fields, table: Table) -> mlua::Result<Column> {
    let Value::String(name) = table.raw_get::<Value>(1)? else {
        return Err(complain_with(
            format!("{}: a column has no name", list.what()),
            "write  { \"CHILD\", \"id\" },",
        ));
    };
    let name = name.to_str()?.to_string();
    let kind_name: Option<String> = table.raw_get(2)?;
    let mut fields = Fields::new("Column", table, format!("{}: column {name}", list.what()))?;
    let codes = match fields.value("codes")? {
        Value::Nil => None,
        Value::Table(codes) => Some(code_set(&fields, codes)?),
        other => return Err(fields.wrong("codes", "a table of codes", &other)),
    };
    let (min, max) = (fields.number("min")?, fields.number("max")?);
    const KINDS: [&str; 6] = ["id", "text", "quarter", "date", "number", "percentage"];
    let kind = match (kind_name.as_deref(), codes) {
        (None, Some(codes)) => ColumnType::Codes(codes),
        (Some("id"), None) => ColumnType::Id,
        (Some("text"), None) => ColumnType::Text,
        (Some("quarter"), None) => ColumnType::Quarter,
        (Some("date"), None) => ColumnType::Date,
        (Some("number"), None) => ColumnType::Number { min, max },
        (Some("percentage"), None) => ColumnType::Percentage,
        (None, None) => {
            return Err(complain_with(
                format!("{} has no type", fields.what()),
                format!("types are {}, or codes = {{ … }}", KINDS.join(", ")),
            ));
        }
        (Some(other), None) => {
            let guess = did_you_mean(other, KINDS);
            return Err(complain_with(
                format!("{}: there is no type `{other}`{guess}", fields.what()),
                format!("types are {}", KINDS.join(", ")),
            ));
        }
        (Some(_), Some(_)) => {
            return Err(complain(format!("{} has both a type and codes", fields.what())));
        }
    };
    let column = Column {
        name,
        description: fields.text("description")?.unwrap_or_default(),
        also: fields.texts("also")?,
        local: Vec::new(),
        words: IndexMap::new(),
        unknown: scalars(&mut fields, "unknown")?,
        counted: fields.texts("counted")?,
        others: fields.flag("others")?,
        kind,
        required: fields.flag("required")?,
        optional: fields.flag("optional")?,
        personal: fields.flag("personal")?,
    };
    fields.finish()?;
    Ok(column)
}

/// Values of a column, texts or numbers.
fn scalars(fields: &mut Fields, name: &'static str) -> mlua::Result<Vec<Scalar>> {
    let values = match fields.value(name)? {
        Value::Nil => return Ok(Vec::new()),
        Value::Table(values) => {
            values.sequence_values::<Value>().collect::<mlua::Result<Vec<_>>>()?
        }
        one => vec![one],
    };
    let scalar = |value: Value| match value {
        Value::Integer(n) => Ok(Scalar::Number(n as f64)),
        Value::Number(n) => Ok(Scalar::Number(n)),
        Value::String(text) => Ok(Scalar::Text(text.to_str()?.to_string())),
        other => Err(fields.wrong(name, "a value or a table of values", &other)),
    };
    values.into_iter().map(scalar).collect()
}

/// Codes with their meanings, `S = "Started"`, with their years, `K3 = { "…", from = "2023/24" }`,
/// or bare.
fn code_set(fields: &Fields, table: Table) -> mlua::Result<IndexMap<String, Code>> {
    let mut codes: Vec<(String, Code)> = Vec::new();
    for pair in table.pairs::<Value, Value>() {
        let (key, value) = pair?;
        let (name, code) = match (&key, value) {
            (Value::Integer(_) | Value::Number(_), Value::String(code)) => {
                (code.to_str()?.to_string(), Code::default())
            }
            (Value::String(name), Value::String(meaning)) => (
                name.to_str()?.to_string(),
                Code { meaning: meaning.to_str()?.to_string(), ..Code::default() },
            ),
            (Value::String(name), Value::Table(about)) => {
                let code = Code {
                    meaning: about.raw_get::<Option<String>>(1)?.unwrap_or_default(),
                    from: about.raw_get("from")?,
                    to: about.raw_get("to")?,
                };
                (name.to_str()?.to_string(), code)
            }
            (_, other) => return Err(fields.wrong("codes", "a table of codes", &other)),
        };
        codes.push((name.to_uppercase(), code));
    }
    codes.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(codes.into_iter().collect())
}

/// What councils call columns and codes: `CHILD = { "Person ID" }`, and of codes beside it
/// `U6 = { "In-house fostering" }`.
fn words(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let what = format!("rap.words \"{name}\"");
    let wrong = |inside: &str| {
        complain_with(
            format!("{what}: `{inside}` is not a table of texts"),
            "write  CHILD = { \"Person ID\", \"Client number\" },",
        )
    };
    let mut columns = IndexMap::new();
    for pair in body.pairs::<String, Value>() {
        let (column, Value::Table(said)) = pair.map_err(|_| wrong("1"))? else {
            return Err(wrong(&what));
        };
        let mut found = ColumnWords::default();
        for pair in said.pairs::<Value, Value>() {
            match pair? {
                (Value::Integer(_) | Value::Number(_), Value::String(heading)) => {
                    found.headings.push(heading.to_str()?.to_string());
                }
                (Value::String(code), Value::Table(texts)) => {
                    let texts: Vec<String> =
                        texts.sequence_values().collect::<mlua::Result<_>>()?;
                    found.codes.insert(code.to_str()?.to_uppercase(), texts);
                }
                _ => return Err(wrong(&column)),
            }
        }
        found.codes.sort_unstable_keys();
        columns.insert(column, found);
    }
    columns.sort_unstable_keys();
    let words = Words { columns, place };
    once(draft.declared.borrow_mut().words.insert(name.to_string(), words), "words", name)
}

fn check(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("Check", body, format!("rap.check \"{name}\""))?;
    let check = Check {
        name: name.to_string(),
        list: fields.needed_text("on")?,
        fails: conditions(fields.value("fails")?, &|f| draft.keep(f), 0)?,
        message: fields.needed_text("message")?,
        hint: fields.text("hint")?,
        columns: fields.texts("column")?,
        marks: marks(&mut fields)?,
        rule: fields.text("rule")?,
        severity: severity(&mut fields)?,
        from: reporting_year(&mut fields, "from")?,
        to: reporting_year(&mut fields, "to")?,
        at_year_end: match fields.text("when")?.as_deref() {
            None => false,
            Some("year_end") => true,
            Some(other) => {
                return Err(complain_with(
                    format!("{}: when is `{other}`", fields.what()),
                    "when = \"year_end\", for what can be asked only once the year is over",
                ));
            }
        },
        moves: fields.texts("moves")?,
        place,
    };
    fields.finish()?;
    if check.fails.is_empty() {
        return Err(complain_with(
            format!("{} has no `fails`", fields.what()),
            "say what a wrong record looks like: fails = { DEC = rap.blank, … },",
        ));
    }
    once(draft.declared.borrow_mut().checks.insert(name.to_string(), check), "check", name)
}

/// `{ ad1 = { "DATE_INT" }, header = "DOB" }`, in the order of the names.
fn marks(fields: &mut Fields) -> mlua::Result<Vec<(String, Vec<String>)>> {
    let table = match fields.value("marks")? {
        Value::Nil => return Ok(Vec::new()),
        Value::Table(table) => table,
        other => return Err(fields.wrong("marks", "a table of linked records", &other)),
    };
    let mut marks = Vec::new();
    for pair in table.pairs::<Value, Value>() {
        let (name, columns) = pair?;
        let Value::String(name) = name else {
            return Err(fields.wrong("marks", "a table of linked records by name", &name));
        };
        let columns = match columns {
            Value::String(column) => vec![column.to_str()?.to_string()],
            Value::Table(columns) => {
                columns.sequence_values::<String>().collect::<mlua::Result<_>>()?
            }
            other => return Err(fields.wrong("marks", "columns by linked record", &other)),
        };
        marks.push((name.to_str()?.to_string(), columns));
    }
    marks.sort();
    Ok(marks)
}

fn severity(fields: &mut Fields) -> mlua::Result<Severity> {
    let plain = if fields.flag("error")? { Severity::Error } else { Severity::Warning };
    match fields.text("severity")?.as_deref() {
        None => Ok(plain),
        Some("error") => Ok(Severity::Error),
        Some("warning") => Ok(Severity::Warning),
        Some("note") => Ok(Severity::Note),
        Some(other) => Err(complain_with(
            format!("{}: severity is `{other}`", fields.what()),
            "severity = \"error\", \"warning\" or \"note\"",
        )),
    }
}

/// A reporting year as labels write it, so that years compare as they sort.
fn reporting_year(fields: &mut Fields, name: &'static str) -> mlua::Result<Option<String>> {
    let Some(text) = fields.text(name)? else { return Ok(None) };
    let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let is_year = match text.split_once('/') {
        Some((first, second)) => {
            first.len() == 4 && second.len() == 2 && number(first) && number(second)
        }
        None => text.len() == 4 && number(&text),
    };
    if is_year {
        return Ok(Some(text));
    }
    Err(complain_with(
        format!("{}: {name} is `{text}`, which is no reporting year", fields.what()),
        format!("write  {name} = \"2024/25\","),
    ))
}

fn population(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("Population", body, format!("rap.population \"{name}\""))?;
    let as_at = fields.value("as_at")?;
    let during = fields.text("during")?;
    let when = match (as_at, during) {
        (Value::Nil, None) => None,
        (as_at, None) => Some(When::AsAt(matchers::moment_named(as_at)?)),
        (Value::Nil, Some(window)) => Some(When::During(Span(matchers::window(&window)?))),
        _ => return Err(complain(format!("{} has both `as_at` and `during`", fields.what()))),
    };
    let keep = fields.text("keep")?;
    let earliest = match keep.as_deref() {
        None | Some("latest") => false,
        Some("earliest") => true,
        Some(other) => {
            return Err(complain_with(
                format!("{}: keep is `{other}`", fields.what()),
                "keep = \"latest\" or keep = \"earliest\"",
            ));
        }
    };
    let population = Population {
        name: name.to_string(),
        from: fields.needed_text("from")?,
        when,
        conditions: conditions(fields.value("where")?, &|f| draft.keep(f), 0)?,
        one_per: fields.text("one_per")?,
        by: fields.text("by")?,
        earliest,
        place,
    };
    fields.finish()?;
    once(
        draft.declared.borrow_mut().populations.insert(name.to_string(), population),
        "population",
        name,
    )
}

fn indicator(draft: &Draft, code: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("Indicator", body, format!("rap.indicator \"{code}\""))?;
    let title = fields.needed_text("title")?;
    let summary = summary(draft, &mut fields)?;
    let unit = match fields.text("unit")? {
        Some(text) => Unit::named(&text).ok_or_else(|| {
            let guess = did_you_mean(
                &text,
                ["number", "percentage", "rate per 10,000", "average", "median"],
            );
            complain_with(
                format!("{}: there is no unit `{text}`{guess}", fields.what()),
                "units are number, percentage, rate per 10,000 (or any number), average, median",
            )
        })?,
        None if summary.is_some() => match summary {
            Some((Summary::Sum, _)) => Unit::Number,
            Some((Summary::Median, _)) => Unit::Median,
            _ => Unit::Average,
        },
        None => {
            return Err(complain_with(
                format!("{} has no `unit`", fields.what()),
                "add a line such as  unit = \"percentage\",",
            ));
        }
    };
    let better = match fields.text("better")?.as_deref() {
        None | Some("neither") => Better::Neither,
        Some("higher") => Better::Higher,
        Some("lower") => Better::Lower,
        Some(other) => {
            return Err(complain_with(
                format!("{}: better is `{other}`", fields.what()),
                "better = \"higher\", \"lower\" or \"neither\"",
            ));
        }
    };
    let decimals = match fields.number("decimals")? {
        None => unit.decimals(),
        Some(n) if (0.0..=6.0).contains(&n) && n.fract() == 0.0 => n as u8,
        Some(_) => {
            return Err(complain(format!(
                "{}: `decimals` must be a whole number from 0 to 6",
                fields.what()
            )));
        }
    };
    let measure = measure(draft, &mut fields, unit, summary)?;
    let breakdown = breakdown(draft, &mut fields, &measure)?;
    let target = fields.number("target")?;
    let indicator = Indicator {
        code: code.to_string(),
        also: fields.texts("also")?,
        title,
        theme: fields.text("theme")?,
        unit,
        decimals,
        better,
        measure,
        breakdown,
        detail: fields.flag("detail")?,
        part_of: None,
        running: false,
        definition: fields.text("definition")?.unwrap_or_default(),
        // What nobody says is safe is hidden.
        people: fields.value("people")?.is_nil() || fields.flag("people")?,
        source: fields.text("source")?.unwrap_or_default(),
        target,
        target_at: None,
        tolerance: targets::tolerance(&mut fields)?,
        floor: targets::floor(&mut fields, better, target)?,
        thresholds: targets::thresholds(&mut fields, better)?,
        policy: fields.text("policy")?,
        defined_since: targets::defined_since(&mut fields)?,
        whole_year: fields.flag("whole_year")?,
        rate_of: fields.text("rate_of")?,
        same_as: fields.texts("same_as")?,
        published: published(&fields.value("published")?, &fields, &place)?,
        place,
    };
    fields.finish()?;
    once(
        draft.declared.borrow_mut().indicators.insert(code.to_string(), indicator),
        "indicator",
        code,
    )
}

fn layout(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("Layout", body, format!("rap.layout \"{name}\""))?;
    let sheets = match fields.value("sheets")? {
        Value::Function(function) => draft.keep(function),
        other => return Err(fields.wrong("sheets", "a function that returns the sheets", &other)),
    };
    let layout = Layout {
        name: name.to_string(),
        description: fields.text("description")?.unwrap_or_default(),
        sheets,
        place,
    };
    fields.finish()?;
    once(draft.declared.borrow_mut().layouts.insert(name.to_string(), layout), "layout", name)
}
