//! What an indicator counts: its measure, and how it is broken down.

use mlua::{Table, Value};

use super::api::Draft;
use super::changes::function_of;
use super::errors::{complain, complain_with};
use super::fields::{Fields, described, listed};
use super::matchers::{self, Keep, LuaCover, conditions, from_table};
use crate::definitions::{
    Breakdown, By, Conditions, Denominator, Each, Measure, Numerator, Summary, slug,
};
use crate::nouns::unit::Unit;

/// `sum`, `average` or `median`, each with a column's name or a function.
pub fn summary(draft: &Draft, fields: &mut Fields) -> mlua::Result<Option<(Summary, Each)>> {
    let mut found = None;
    for (name, how) in
        [("sum", Summary::Sum), ("average", Summary::Average), ("median", Summary::Median)]
    {
        let each =
            match fields.value(name)? {
                Value::Nil => continue,
                Value::String(column) => Each::Column(column.to_str()?.to_string()),
                other => {
                    let function = function_of(draft, &other);
                    Each::Function(function.ok_or_else(|| {
                        fields.wrong(name, "a column's name or a function", &other)
                    })?)
                }
            };
        if let Some((other, _)) = found.replace((how, each)) {
            return Err(complain(format!(
                "{} has both `{}` and `{name}`",
                fields.what(),
                other.word()
            )));
        }
    }
    Ok(found)
}

/// What a numerator counts: those who are in a population too, or of whom conditions are true.
fn numerator_of(given: Value, keep: Keep) -> mlua::Result<Numerator> {
    match given {
        Value::String(name) => Ok(Numerator::Population(name.to_str()?.to_string())),
        other => Ok(Numerator::Where(conditions(other, keep, 0)?)),
    }
}

/// What is counted, or worked out, or typed.
pub fn measure(
    draft: &Draft,
    fields: &mut Fields,
    unit: Unit,
    summary: Option<(Summary, Each)>,
) -> mlua::Result<Measure> {
    let keep = |f| draft.keep(f);
    let what = fields.what().to_string();
    let numerator = fields.value("numerator")?;
    let denominator = fields.value("denominator")?;
    let population = fields.text("population")?;
    let derived_from = fields.texts("derived_from")?;
    let value = fields.value("value")?;
    if fields.flag("typed")? {
        return Ok(Measure::Typed);
    }
    if !derived_from.is_empty() {
        let Some(function) = function_of(draft, &value) else {
            return Err(complain_with(
                format!("{what} is derived from other indicators but has no `value`"),
                "value = function(a, b) return a - b end,",
            ));
        };
        return Ok(Measure::Derived { from: derived_from, function });
    }
    if let Some((how, each)) = summary {
        let fits = match how {
            Summary::Sum => unit == Unit::Number,
            Summary::Average => !matches!(unit, Unit::Median | Unit::Rate(_)),
            Summary::Median => !matches!(unit, Unit::Average | Unit::Rate(_)),
        };
        if !fits {
            return Err(complain(format!(
                "{what}: a `{}` cannot have the unit `{unit}`",
                how.word()
            )));
        }
        let (of, mut inner) = records(&what, denominator, population, &keep)?;
        // A sum may say which records it takes as a count does.
        let which = conditions(numerator, &keep, 0)?;
        if !which.is_empty() {
            inner.all.push(which);
        }
        return Ok(Measure::Summary { how, each, of, conditions: inner });
    }
    let which = |given: Value| numerator_of(given, &keep);
    if let Value::UserData(cover) = &denominator {
        let cover = cover.borrow::<LuaCover>().map_err(|_| {
            complain(format!("{what}: `denominator` must be a population or rap.cover \"…\""))
        })?;
        let Value::String(name) = numerator else {
            return Err(complain_with(
                format!("{what}: a rate needs the name of a population as its numerator"),
                "numerator = \"looked_after\",",
            ));
        };
        return Ok(Measure::Share {
            numerator: Numerator::Population(name.to_str()?.to_string()),
            denominator: Denominator::Cover(cover.0.clone()),
        });
    }
    if unit == Unit::Number {
        return match (population, numerator) {
            (Some(of), numerator) => Ok(Measure::Count { of, numerator: which(numerator)? }),
            (None, Value::String(name)) => Ok(Measure::Count {
                of: name.to_str()?.to_string(),
                numerator: Numerator::Where(Conditions::default()),
            }),
            _ => Err(complain_with(
                format!("{what} does not say what is counted"),
                "add  population = \"looked_after\",  or  typed = true,",
            )),
        };
    }
    if numerator.is_nil() {
        return Err(complain_with(
            format!("{what} has no `numerator`"),
            "add  numerator = { FIELD = value },  or  typed = true,",
        ));
    }
    let (of, inner) = records(&what, denominator, population, &keep)?;
    Ok(Measure::Share {
        numerator: which(numerator)?,
        denominator: Denominator::Records { of, conditions: inner },
    })
}

/// `by`: a column's name, or a table of groups, each a title and conditions.
pub fn breakdown(
    draft: &Draft,
    fields: &mut Fields,
    measure: &Measure,
) -> mlua::Result<Option<Breakdown>> {
    let by = by(draft, fields, "by")?;
    let across = by_across(draft, fields, &by)?;
    let running = fields.flag("running")?;
    let Some(by) = by else {
        return if running {
            Err(complain(format!(
                "{}: `running` needs `by`: running totals go from part to part",
                fields.what()
            )))
        } else {
            Ok(None)
        };
    };
    let adds_up = match measure {
        Measure::Count { .. } | Measure::Share { .. } => true,
        Measure::Summary { how, .. } => *how == Summary::Sum,
        Measure::Part { .. } | Measure::Derived { .. } | Measure::Typed => false,
    };
    if !adds_up {
        return Err(complain_with(
            format!("{}: `by` needs an indicator whose parts add up to it", fields.what()),
            "counts, sums, percentages and rates of records can be broken down",
        ));
    }
    Ok(Some(Breakdown { by, across, running }))
}

/// `across`: what parts the rows of a table once more.
fn by_across(draft: &Draft, fields: &mut Fields, rows: &Option<By>) -> mlua::Result<Option<By>> {
    let across = by(draft, fields, "across")?;
    if across.is_some() && rows.is_none() {
        return Err(complain_with(
            format!("{}: `across` needs `by`", fields.what()),
            "by = \"PLACE\", across = \"PLACE_PROVIDER\": the parts of `by` are the rows",
        ));
    }
    Ok(across)
}

/// A column's name, or a table of groups.
fn by(draft: &Draft, fields: &mut Fields, name: &'static str) -> mlua::Result<Option<By>> {
    let by = match fields.value(name)? {
        Value::Nil => None,
        Value::String(column) => Some(By::Column(column.to_str()?.to_string())),
        Value::Table(groups) => {
            let groups = listed(&format!("{}: `{name}`", fields.what()), &groups)?;
            if groups.is_empty() {
                return Err(fields.wrong(
                    name,
                    "a column's name or a table of groups",
                    &Value::Nil,
                ));
            }
            let groups = groups.into_iter().map(|group| {
                let Value::Table(group) = group else {
                    return Err(fields.wrong(name, "a table of groups", &group));
                };
                let Some((title, conditions)) = titled(&group, &|f| draft.keep(f))? else {
                    return Err(complain_with(
                        format!(
                            "{}: each group of `{name}` must begin with its title",
                            fields.what()
                        ),
                        "by = { { \"Under 1\", DOB = rap.aged(0) }, … },",
                    ));
                };
                if conditions.is_empty() {
                    let message = format!(
                        "{}: the group `{title}` of `{name}` has no conditions",
                        fields.what()
                    );
                    return Err(complain_with(
                        message,
                        "say which records are in it: { \"Under 1\", DOB = rap.aged(0) }",
                    ));
                }
                Ok((title, conditions))
            });
            Some(By::Groups(groups.collect::<mlua::Result<_>>()?))
        }
        other => return Err(fields.wrong(name, "a column's name or a table of groups", &other)),
    };
    if let Some(By::Groups(groups)) = &by {
        let mut seen = std::collections::HashSet::new();
        if let Some((twice, _)) = groups.iter().find(|(title, _)| !seen.insert(slug(title))) {
            return Err(complain(format!(
                "{}: two groups of `{name}` are called `{twice}`",
                fields.what()
            )));
        }
    }
    Ok(by)
}

/// A table that begins with a text and goes on with conditions.
fn titled(table: &Table, keep: matchers::Keep) -> mlua::Result<Option<(String, Conditions)>> {
    let Value::String(title) = table.raw_get::<Value>(1)? else { return Ok(None) };
    table.raw_remove(1)?;
    let conditions = from_table(table, keep, 0);
    // The script's own table is left as it was written.
    table.raw_insert(1, title.clone())?;
    Ok(Some((title.to_str()?.to_string(), conditions?)))
}

/// Records to count out of: a population's name, or `{ "looked_after", PLACE = … }`.
fn records(
    what: &str,
    denominator: Value,
    population: Option<String>,
    keep: matchers::Keep,
) -> mlua::Result<(String, Conditions)> {
    match denominator {
        Value::String(name) => Ok((name.to_str()?.to_string(), Conditions::default())),
        Value::Table(table) => titled(&table, keep)?.ok_or_else(|| {
            complain_with(
                format!("{what}: the table of `denominator` must begin with a population"),
                "denominator = { \"looked_after\", PLACE = … },",
            )
        }),
        Value::Nil => population.map(|p| (p, Conditions::default())).ok_or_else(|| {
            complain_with(
                format!("{what} has no `denominator`"),
                "add  denominator = \"looked_after\",",
            )
        }),
        other => Err(complain(format!(
            "{what}: `denominator` must be a population, not {}",
            described(&other)
        ))),
    }
}
