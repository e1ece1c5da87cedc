//! What scripts say of targets: status policies, and the fields of an indicator that they go by.

use mlua::{Table, Value};

use super::api::{Draft, once};
use super::errors::complain_with;
use super::fields::Fields;
use crate::definitions::{Better, Policy, PolicyKind, Thresholds, Tolerance};
use crate::nouns::period::Period;
use crate::nouns::problem::{Place, did_you_mean};

/// `rap.policy`.
pub fn policy(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("Policy", body, format!("rap.policy \"{name}\""))?;
    let kind = match fields.needed_text("kind")?.as_str() {
        "band" => PolicyKind::Band {
            exceeded: fields.value("exceeded")?.is_nil() || fields.flag("exceeded")?,
        },
        "floor" => PolicyKind::Floor,
        "thresholds" => PolicyKind::Thresholds,
        "relative" => match fields.number("within")? {
            Some(within) if (0.0..=100.0).contains(&within) => PolicyKind::Relative { within },
            _ => {
                return Err(complain_with(
                    format!("{}: `within` must be a number from 0 to 100", fields.what()),
                    "within = 10,  for ten per cent of the target",
                ));
            }
        },
        "none" => PolicyKind::None,
        other => {
            let guess = did_you_mean(other, PolicyKind::NAMES);
            return Err(complain_with(
                format!("{}: there is no kind `{other}`{guess}", fields.what()),
                format!("kinds are {}", PolicyKind::NAMES.join(", ")),
            ));
        }
    };
    let words = match fields.value("words")? {
        Value::Nil => Vec::new(),
        Value::Table(table) => {
            let mut words = Fields::new("Words", table, format!("{}: words", fields.what()))?;
            let mut own = Vec::new();
            for outcome in kind.outcomes() {
                own.extend(words.text(outcome.name())?.map(|text| (*outcome, text)));
            }
            words.finish()?;
            own
        }
        other => return Err(fields.wrong("words", "a table of texts", &other)),
    };
    let policy = Policy {
        name: name.to_string(),
        title: fields.text("title")?.unwrap_or_else(|| name.to_string()),
        version: fields.text("version")?,
        description: fields.needed_words("description")?,
        kind,
        words,
        needs_action: fields.flag("needs_action")?,
        significance: match fields.value("significance")?.is_nil() {
            true => None,
            false => Some(fields.flag("significance")?),
        },
        place,
    };
    fields.finish()?;
    once(draft.declared.borrow_mut().policies.insert(name.to_string(), policy), "policy", name)
}

/// `tolerance`: a number, or one for each side.
pub fn tolerance(fields: &mut Fields) -> mlua::Result<Option<Tolerance>> {
    let (low, high) = match fields.value("tolerance")? {
        Value::Nil => return Ok(None),
        Value::Integer(n) => (n as f64, n as f64),
        Value::Number(n) if n.is_finite() => (n, n),
        Value::Table(table) => {
            let mut sides =
                Fields::new("Tolerance", table, format!("{}: tolerance", fields.what()))?;
            let both = (
                sides.number("low")?.unwrap_or_default(),
                sides.number("high")?.unwrap_or_default(),
            );
            sides.finish()?;
            both
        }
        other => {
            return Err(fields.wrong("tolerance", "a number, or { low = …, high = … }", &other));
        }
    };
    if low >= 0.0 && high >= 0.0 {
        return Ok(Some(Tolerance { low, high }));
    }
    Err(complain_with(
        format!("{}: `tolerance` cannot be below 0", fields.what()),
        "low is how far a figure may fall short, high how far it may go beyond; both are written \
         without a sign",
    ))
}

/// `floor`: on the wrong side of the target, or on it.
pub fn floor(
    fields: &mut Fields,
    better: Better,
    target: Option<f64>,
) -> mlua::Result<Option<f64>> {
    let floor = fields.number("floor")?;
    let beyond = match (floor, target, better) {
        (Some(floor), Some(target), Better::Higher) => floor > target,
        (Some(floor), Some(target), Better::Lower) => floor < target,
        _ => false,
    };
    if beyond {
        let hint = "the target is what is aimed at, the floor the least that is accepted";
        return Err(complain_with(
            format!("{}: the `floor` is better than the target", fields.what()),
            hint,
        ));
    }
    Ok(floor)
}

/// How three bands are written.
const BANDS: &str = "thresholds = { green = { 95, 100 }, amber = { 90, 95 }, red = { 0, 90 } },";

/// One band: two numbers.
fn band(bands: &mut Fields, name: &'static str) -> mlua::Result<(f64, f64)> {
    if let Value::Table(limits) = bands.value(name)? {
        let limits: Vec<Value> = limits.sequence_values().collect::<mlua::Result<_>>()?;
        let number = |limit: &Value| limit.as_f64().or_else(|| limit.as_i64().map(|n| n as f64));
        let numbers: Vec<f64> =
            limits.iter().filter_map(number).filter(|n| n.is_finite()).collect();
        if let ([from, to], 2) = (&numbers[..], limits.len()) {
            return Ok((*from, *to));
        }
    }
    Err(complain_with(format!("{}: `{name}` must be two numbers", bands.what()), BANDS))
}

/// `thresholds`: three bands.
pub fn thresholds(fields: &mut Fields, better: Better) -> mlua::Result<Option<Thresholds>> {
    let table = match fields.value("thresholds")? {
        Value::Nil => return Ok(None),
        Value::Table(table) => table,
        other => return Err(fields.wrong("thresholds", "a table of three bands", &other)),
    };
    let mut bands = Fields::new("Thresholds", table, format!("{}: thresholds", fields.what()))?;
    let green = band(&mut bands, "green")?;
    let amber = band(&mut bands, "amber")?;
    let red = band(&mut bands, "red")?;
    bands.finish()?;
    let made = Thresholds::new(green, amber, red, better);
    made.map(Some).map_err(|fault| {
        complain_with(
            format!("{}: `thresholds`: {fault}", fields.what()),
            format!("each band begins where the other ends: {BANDS}"),
        )
    })
}

/// `defined_since`: the period from whose first day on the indicator has meant what it means.
pub fn defined_since(fields: &mut Fields) -> mlua::Result<Option<String>> {
    let Some(label) = fields.text("defined_since")? else { return Ok(None) };
    // Scripts do not know in which month the council's years begin: either of the usual ones will
    // do here.
    let read = Period::parse(&label, 4).or_else(|| Period::parse(&label, 1));
    // "12" may be read as a year; nobody who writes it means one.
    if read.is_some() && label.len() >= "2021".len() {
        return Ok(Some(label));
    }
    Err(complain_with(
        format!("{}: `defined_since` is \"{label}\", which is no period", fields.what()),
        "defined_since = \"2021/22\",  or  \"2021/22 Q3\"",
    ))
}
