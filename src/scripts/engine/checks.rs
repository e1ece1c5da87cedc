//! `rap.check`: what a wrong record looks like.

use mlua::{Table, Value};

use super::api::{Draft, once};
use super::errors::complain_with;
use super::fields::Fields;
use super::matchers::conditions;
use crate::definitions::Check;
use crate::nouns::problem::{Place, Severity};

/// Declares a check.
pub fn check(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("Check", body, format!("rap.check \"{name}\""))?;
    let check = Check {
        name: name.to_string(),
        list: fields.needed_text("on")?,
        fails: conditions(fields.value("fails")?, &|f| draft.keep(f), 0)?,
        message: fields.needed_words("message")?,
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
    if is_reporting_year(&text) {
        return Ok(Some(text));
    }
    Err(complain_with(
        format!("{}: {name} is `{text}`, which is no reporting year", fields.what()),
        format!("write  {name} = \"2024/25\","),
    ))
}

/// Whether a text is a year as its label says it: `2024/25`, or `2024`.
pub fn is_reporting_year(text: &str) -> bool {
    let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('/') {
        Some((first, second)) => {
            first.len() == 4 && second.len() == 2 && number(first) && number(second)
        }
        None => text.len() == 4 && number(text),
    }
}
