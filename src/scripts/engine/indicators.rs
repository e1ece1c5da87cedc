//! `rap.population` and `rap.indicator`: whom to look at, and what to count of them.

use mlua::{Table, Value};

use super::api::{Draft, once};
use super::errors::{complain, complain_with};
use super::fields::Fields;
use super::matchers::{self, conditions};
use super::measure::{breakdown, measure, summary};
use super::published::published;
use super::targets;
use crate::definitions::{Better, Indicator, Population, SINCE, Span, Summary, When};
use crate::nouns::period::Period;
use crate::nouns::problem::{Place, did_you_mean};
use crate::nouns::unit::Unit;

/// Declares a population.
pub fn population(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
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
        one_per: fields.texts("one_per")?,
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

/// Declares an indicator.
pub fn indicator(draft: &Draft, code: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("Indicator", body, format!("rap.indicator \"{code}\""))?;
    let title = fields.needed_words("title")?;
    let summary = summary(draft, &mut fields)?;
    let unit = match fields.text("unit")? {
        Some(text) => Unit::named(&text).ok_or_else(|| {
            let guess = did_you_mean(
                &text,
                ["number", "percentage", "rate per 10,000", "average", "median", "pounds"],
            );
            complain_with(
                format!("{}: there is no unit `{text}`{guess}", fields.what()),
                "units are number, percentage, rate per 10,000 (or any number), average, median, \
                 pounds",
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
    let mut indicator = Indicator {
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
        crossed: None,
        running: false,
        definition: fields.text("definition")?.unwrap_or_default(),
        as_written: None,
        // What nobody says is safe is hidden.
        people: fields.value("people")?.is_nil() || fields.flag("people")?,
        source: fields.text("source")?.unwrap_or_default(),
        target,
        target_at: None,
        targets_to_come: Vec::new(),
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
    if indicator.title.contains(SINCE) || indicator.definition.contains(SINCE) {
        indicator.as_written = Some((indicator.title.clone(), indicator.definition.clone()));
        indicator.say_since(&usual_period());
    }
    fields.finish()?;
    once(
        draft.declared.borrow_mut().indicators.insert(code.to_string(), indicator),
        "indicator",
        code,
    )
}

/// Lists and catalogues, which are of no period, say what a report within a year does.
fn usual_period() -> Period {
    Period::parse("2000/01 Q1", 4).expect("it is written as a period")
}
