//! `rap.list` and `rap.words`: what a list holds, and what councils call it.

use indexmap::IndexMap;
use mlua::{Table, Value};

use super::api::{Draft, once};
use super::checks::is_reporting_year;
use super::errors::{complain, complain_with};
use super::fields::{Fields, described, listed};
use crate::definitions::{Code, Column, ColumnType, ColumnWords, EndsBy, List, Scalar, Words};
use crate::nouns::problem::{Place, did_you_mean};

/// Declares a list.
pub fn list(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("List", body, format!("rap.list \"{name}\""))?;
    let columns = match fields.value("columns")? {
        Value::Table(columns) => listed(&format!("{}: `columns`", fields.what()), &columns)?
            .into_iter()
            .map(|one| match one {
                Value::Table(one) => column(&fields, one),
                other => Err(fields.wrong("columns", "a table of columns", &other)),
            })
            .collect::<mlua::Result<Vec<_>>>()?,
        other => return Err(fields.wrong("columns", "a table of columns", &other)),
    };
    let key = fields.needed_text("key")?;
    // Nothing can be said of a row that does not say whom it is about.
    let mut columns = columns;
    columns.iter_mut().filter(|c| c.name == key).for_each(|c| c.required = true);
    let reference = fields.flag("reference")?;
    let list = List {
        name: name.to_string(),
        title: fields.text("title")?.unwrap_or_else(|| name.to_string()),
        record: fields.text("record")?.unwrap_or_else(|| name.to_string()),
        description: fields.text("description")?.unwrap_or_default(),
        key,
        one_per_key: fields.flag("one_per_key")? || reference,
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
        optional: fields.flag("optional")? || reference,
        reference,
        linked_by: fields.texts("linked_by")?,
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
            "public = { \"HOME\", \"STATUS\" },  each by its name, and none that says who a child \
             is",
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
    let whole = fields.flag("whole")?;
    const KINDS: [&str; 6] = ["id", "text", "quarter", "date", "number", "percentage"];
    let kind = match (kind_name.as_deref(), codes) {
        (None, Some(codes)) => ColumnType::Codes(codes),
        (Some("id"), None) => ColumnType::Id,
        (Some("text"), None) => ColumnType::Text,
        (Some("quarter"), None) => ColumnType::Quarter,
        (Some("date"), None) => ColumnType::Date,
        (Some("number"), None) => ColumnType::Number { min, max, whole },
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
        unit: fields.text("unit")?,
        not_in: fields.texts("not_in")?,
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
        Value::Table(values) => listed(&format!("{}: `{name}`", fields.what()), &values)?,
        one => vec![one],
    };
    let scalars = values.into_iter().map(|value| match value {
        Value::Integer(n) => Ok(Scalar::Number(n as f64)),
        Value::Number(n) if n.is_finite() => Ok(Scalar::Number(n)),
        Value::String(text) => Ok(Scalar::Text(text.to_str()?.to_string())),
        other => Err(fields.wrong(name, "a value or a table of values", &other)),
    });
    scalars.collect()
}

/// `{ "Supported accommodation", from = "2023/24", to = "2025/26" }`.
fn code(what: &str, about: Table) -> mlua::Result<Code> {
    const WRITTEN: &str = "write  K3 = { \"Supported accommodation\", from = \"2023/24\" },";
    let wrong = |message: String| complain_with(format!("{what} {message}"), WRITTEN);
    let mut code = Code::default();
    for pair in about.pairs::<Value, Value>() {
        match pair? {
            (Value::Integer(1), Value::String(meaning)) => {
                code.meaning = meaning.to_str()?.to_string();
            }
            (Value::String(field), Value::String(year)) if field == "from" || field == "to" => {
                let year = year.to_str()?.to_string();
                if !is_reporting_year(&year) {
                    return Err(wrong(format!("names `{year}`, which is no reporting year")));
                }
                match field == "from" {
                    true => code.from = Some(year),
                    false => code.to = Some(year),
                }
            }
            (Value::String(field), found) if field == "from" || field == "to" => {
                let field = field.to_str()?.to_string();
                return Err(wrong(format!("has {} for `{field}`, not a year", described(&found))));
            }
            (Value::String(field), _) => {
                let field = field.to_str()?.to_string();
                let guess = did_you_mean(&field, ["from", "to"]);
                return Err(wrong(format!("has no field `{field}`{guess}")));
            }
            (_, found) => {
                return Err(wrong(format!("has {} where its meaning belongs", described(&found))));
            }
        }
    }
    if code.meaning.is_empty() {
        return Err(wrong("has no meaning".to_string()));
    }
    Ok(code)
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
                let name = name.to_str()?.to_string();
                let code = code(&format!("{}: the code `{name}`", fields.what()), about)?;
                (name, code)
            }
            (_, other) => return Err(fields.wrong("codes", "a table of codes", &other)),
        };
        codes.push((name.to_uppercase(), code));
    }
    if codes.is_empty() {
        return Err(complain_with(
            format!("{}: `codes` is empty, so that no cell could hold anything", fields.what()),
            "write  codes = { Y = \"Yes\", N = \"No\" },",
        ));
    }
    codes.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(codes.into_iter().collect())
}

/// That something within a council's words is no table of texts.
fn no_texts(what: &str, inside: &str) -> mlua::Error {
    complain_with(
        format!("{what}: `{inside}` is not a table of texts"),
        "write  CHILD = { \"Person ID\", \"Client number\" },",
    )
}

/// What councils call columns and codes: `CHILD = { "Person ID" }`, and of codes beside it
/// `U6 = { "In-house fostering" }`.
pub fn words(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let what = format!("rap.words \"{name}\"");
    let wrong = |inside: &str| no_texts(&what, inside);
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
