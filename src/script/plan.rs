//! What a layout's function returns, read into a plan of sheets.

use mlua::{Table, Value};

use super::errors::{complain, complain_with};
use super::fields::{Fields, described};
use crate::comparators;
use crate::layout::{ColumnPlan, RowPlan, SheetPlan, Show};
use crate::problem::did_you_mean;

/// The sheets of a layout.
pub fn sheets(value: Value, layout: &str) -> mlua::Result<Vec<SheetPlan>> {
    let Value::Table(table) = value else {
        return Err(complain(format!(
            "the layout `{layout}` must return a table of sheets, not {}",
            described(&value)
        )));
    };
    let sheets: Vec<SheetPlan> = table.sequence_values::<Table>().map(|t| sheet(t?)).collect::<mlua::Result<_>>()?;
    if sheets.is_empty() {
        return Err(complain_with(
            format!("the layout `{layout}` returns no sheet"),
            "return { { name = \"…\", columns = …, rows = … } }",
        ));
    }
    Ok(sheets)
}

fn sheet(table: Table) -> mlua::Result<SheetPlan> {
    let mut fields = Fields::new(table, "a sheet of the layout");
    let columns = match fields.value("columns")? {
        Value::Table(columns) => {
            columns.sequence_values::<Table>().map(|c| column(c?)).collect::<mlua::Result<Vec<_>>>()?
        }
        other => return Err(fields.wrong("columns", "a table of columns", &other)),
    };
    let rows = match fields.value("rows")? {
        Value::Table(rows) => rows.sequence_values::<Table>().map(|r| row(r?)).collect::<mlua::Result<Vec<_>>>()?,
        other => return Err(fields.wrong("rows", "a table of rows", &other)),
    };
    let plan = SheetPlan {
        name: fields.needed_text("name")?,
        title: fields.needed_text("title")?,
        subtitle: fields.text("subtitle")?,
        purpose: fields.text("purpose")?,
        header_left: fields.text("header_left")?.unwrap_or_default(),
        header_right: fields.text("header_right")?.unwrap_or_default(),
        footer_left: fields.text("footer_left")?.unwrap_or_default(),
        columns,
        rows,
    };
    fields.finish()?;
    if plan.columns.len() < 2 {
        return Err(complain("a sheet of a layout needs two columns or more"));
    }
    Ok(plan)
}

fn column(table: Table) -> mlua::Result<ColumnPlan> {
    let mut fields = Fields::new(table, "a column of the layout");
    let show = fields.needed_text("show")?;
    let show = match show.as_str() {
        "title" => Show::Title,
        "value" => Show::Value,
        "commentary" => Show::Commentary,
        other => match comparators::names().find(|n| *n == other) {
            Some(name) => Show::Comparator(name),
            None => {
                let names: Vec<_> = ["title", "value", "commentary"].into_iter().chain(comparators::names()).collect();
                let guess = did_you_mean(other, names.iter().copied());
                return Err(complain_with(
                    format!("a column cannot show `{other}`{guess}"),
                    format!("columns show {}", names.join(", ")),
                ));
            }
        },
    };
    let width = fields.number("width")?.unwrap_or(13.0);
    if !(1.0..=255.0).contains(&width) {
        return Err(complain("a column's width must be from 1 to 255 characters"));
    }
    let plan = ColumnPlan { heading: fields.needed_text("heading")?, width, show };
    fields.finish()?;
    Ok(plan)
}

fn row(table: Table) -> mlua::Result<RowPlan> {
    let mut fields = Fields::new(table, "a row of the layout");
    let indicator = fields.text("indicator")?;
    let beside = fields.text("beside")?;
    let beside_words = fields.text("beside_words")?;
    let area = fields.text("area")?;
    let text = fields.text("text")?;
    let heading = fields.text("heading")?;
    fields.finish()?;
    match (indicator, area, text, heading) {
        (Some(indicator), None, None, None) => Ok(RowPlan::Indicator { indicator, beside, beside_words }),
        (None, Some(area), Some(text), None) => Ok(RowPlan::Narrative { area, text }),
        (None, None, None, Some(heading)) => Ok(RowPlan::Heading(heading)),
        _ => Err(complain_with(
            "a row of the layout is of no known kind",
            "rows are { indicator = \"cla_n\" }, { area = \"Health\", text = \"…\" } or { heading = \"…\" }",
        )),
    }
}
