//! The field `published` of an indicator: where DfE publishes it.

use mlua::Value;

use super::errors::complain_with;
use super::fields::{Fields, listed};
use crate::definitions::Published;
use crate::nouns::problem::Place;

/// Where an indicator is published: one table, or one for each release.
pub fn published(value: &Value, indicator: &Fields, place: &Place) -> mlua::Result<Vec<Published>> {
    let table = match value {
        Value::Nil => return Ok(Vec::new()),
        Value::Table(table) => table,
        other => return Err(indicator.wrong("published", "a table", other)),
    };
    if table.raw_len() > 0 {
        let all = table.sequence_values::<Value>().map(|one| published(&one?, indicator, place));
        return Ok(all.collect::<mlua::Result<Vec<_>>>()?.concat());
    }
    let mut fields =
        Fields::new("Published", table.clone(), format!("{}: published", indicator.what()))?;
    let mut conditions = Vec::new();
    match fields.value("where")? {
        Value::Nil => {}
        Value::Table(columns) => {
            for pair in columns.pairs::<Value, Value>() {
                let wanted = "a table of columns and their texts";
                let (column, texts) = match pair? {
                    (Value::String(column), Value::String(text)) => {
                        (column.to_str()?.to_string(), vec![text.to_str()?.to_string()])
                    }
                    (Value::String(column), Value::Table(texts)) if texts.raw_len() > 0 => {
                        let what = format!("{}: `where`", fields.what());
                        let texts = listed(&what, &texts)?.into_iter().map(|one| match one {
                            Value::String(text) => Ok(text.to_str()?.to_string()),
                            other => Err(fields.wrong("where", wanted, &other)),
                        });
                        (column.to_str()?.to_string(), texts.collect::<mlua::Result<_>>()?)
                    }
                    (_, other) => return Err(fields.wrong("where", wanted, &other)),
                };
                conditions.push((column, texts));
            }
            conditions.sort();
        }
        other => return Err(fields.wrong("where", "a table of columns and their texts", &other)),
    }
    let source = Published {
        release: fields.text("release")?,
        file: fields.needed_text("file")?,
        conditions,
        value: fields.needed_text("value")?,
        optional: fields.flag("optional")?,
        place: place.clone(),
    };
    fields.finish()?;
    if source.file.contains(['/', '\\']) {
        return Err(complain_with(
            format!("{}: `file` is the file's name alone", fields.what()),
            "rapporteur.toml says in which folder each release lies",
        ));
    }
    Ok(vec![source])
}
