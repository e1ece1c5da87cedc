//! What scripts say of disclosure control: `rap.disclosure` and `rap.relation`.

use mlua::{Table, Value};

use super::api::{Draft, once};
use super::errors::complain_with;
use super::fields::{Fields, listed};
use crate::definitions::{Audience, Relation, Rule, Term};
use crate::nouns::problem::{Place, did_you_mean};

/// `rap.disclosure`.
pub fn disclosure(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("Disclosure", body, format!("rap.disclosure \"{name}\""))?;
    if name == Rule::NONE {
        return Err(complain_with(
            "a rule cannot be called `none`: that one is the program's own and hides nothing",
            "give the rule another name",
        ));
    }
    let audience = match fields.needed_text("audience")?.as_str() {
        "public" => Audience::Public,
        "exempt" => Audience::Exempt,
        other => {
            let guess = did_you_mean(other, ["public", "exempt"]);
            return Err(complain_with(
                format!("{}: there is no audience `{other}`{guess}", fields.what()),
                "audience = \"public\" or \"exempt\" (members and officers, without the public)",
            ));
        }
    };
    let (hide, round) = (hide(&mut fields)?, fields.number("round")?);
    if round.is_some_and(|to| to.fract() != 0.0 || !(2.0..=100.0).contains(&to)) {
        return Err(complain_with(
            format!("{}: `round` must be a whole number from 2 to 100", fields.what()),
            "round = 5,  for the nearest multiple of 5",
        ));
    }
    // A threshold that nobody wrote is one that nobody chose.
    if hide.is_none() && round.is_none() {
        return Err(complain_with(
            format!("{} has neither `hide` nor `round`", fields.what()),
            "say which counts are hidden:  hide = { 1, 5 },  the rule \"none\" hides nothing",
        ));
    }
    let whole_percentages = match fields.text("percentages")?.as_deref() {
        None => false,
        Some("whole") => true,
        Some(other) => {
            return Err(complain_with(
                format!("{}: percentages are `{other}`", fields.what()),
                "percentages = \"whole\", or leave it out",
            ));
        }
    };
    let rule = Rule {
        name: name.to_string(),
        description: fields.needed_words("description")?,
        audience,
        hide,
        round,
        whole_percentages,
        place,
    };
    fields.finish()?;
    once(
        draft.declared.borrow_mut().disclosures.insert(name.to_string(), rule),
        "disclosure rule",
        name,
    )
}

/// `hide = { 1, 5 }`: from the first number to the second.
fn hide(fields: &mut Fields) -> mlua::Result<Option<(f64, f64)>> {
    let table = match fields.value("hide")? {
        Value::Nil => return Ok(None),
        Value::Table(table) => table,
        other => return Err(fields.wrong("hide", "a table of two numbers", &other)),
    };
    let ends: Vec<f64> =
        table.sequence_values::<f64>().collect::<mlua::Result<_>>().unwrap_or_default();
    match ends[..] {
        [from, to]
            if from.fract() == 0.0
                && to.fract() == 0.0
                && 1.0 <= from
                && from <= to
                && to <= 1_000.0 =>
        {
            Ok(Some((from, to)))
        }
        _ => Err(complain_with(
            format!(
                "{}: `hide` must be two whole numbers from 1 on, the smaller one first",
                fields.what()
            ),
            "hide = { 1, 5 },  hides counts from 1 to 5; zero is always shown",
        )),
    }
}

/// `rap.relation`.
pub fn relation(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("Relation", body, format!("rap.relation \"{name}\""))?;
    let (sum, equals) = (terms(&mut fields, "sum")?, terms(&mut fields, "equals")?);
    let relation = Relation { name: name.to_string(), sum, equals, place };
    fields.finish()?;
    once(draft.declared.borrow_mut().relations.insert(name.to_string(), relation), "relation", name)
}

/// What a side of a relation is.
const TERM: &str = "a code, or a table of several";

/// One side of a relation: codes, or tables of a code and when.
fn terms(fields: &mut Fields, name: &'static str) -> mlua::Result<Vec<Term>> {
    let sides: Vec<Value> = match fields.value(name)? {
        Value::Nil => {
            return Err(complain_with(
                format!("{} has no `{name}`", fields.what()),
                "say what adds up to the same:  sum = { \"a\", \"b\" }, equals = { \"c\" },",
            ));
        }
        code @ Value::String(_) => vec![code],
        Value::Table(table) => listed(&format!("{}: `{name}`", fields.what()), &table)?,
        other => return Err(fields.wrong(name, TERM, &other)),
    };
    if sides.is_empty() {
        return Err(fields.wrong(name, TERM, &Value::Nil));
    }
    sides.into_iter().map(|side| term(fields, name, side)).collect()
}

/// A code, or a table of a code and when.
fn term(fields: &Fields, name: &'static str, value: Value) -> mlua::Result<Term> {
    match value {
        Value::String(code) => Ok(Term { indicator: code.to_str()?.to_string(), when: None }),
        Value::Table(table) => match (table.raw_get(1)?, table.raw_get("when")?) {
            (Value::String(code), Value::String(when)) => Ok(Term {
                indicator: code.to_str()?.to_string(),
                when: Some(when.to_str()?.to_string()),
            }),
            _ => Err(complain_with(
                format!("{}: an earlier number is a code and `when`", fields.what()),
                "{ \"households\", when = \"previous_quarter\" }",
            )),
        },
        other => Err(fields.wrong(name, TERM, &other)),
    }
}
