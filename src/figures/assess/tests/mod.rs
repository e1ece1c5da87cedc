//! Truth tables. What is judged is declared as analysts would, and shown as every figure is.

mod status;
mod told;
mod travel;

use super::*;
use crate::definitions::Policies;
use crate::figures::all::Figures;
use crate::figures::suppress::{Rule, ShownFigures, apply};
use crate::intake::project::Source;
use crate::nouns::area::Area;
use crate::nouns::comparator::Comparator;
use crate::nouns::figure::{Figure, FigureValue, Origin, Symbol};
use crate::nouns::period::Period;
use crate::nouns::problem::{Kind, Place, Problems, Severity};
use crate::scripts::engine::Engine;

const OWN_POLICIES: &str = r#"
rap.policy "two_ways" { kind = "band", exceeded = false, description = "Met or not.", words = { not_achieved = "Missed" } }
rap.policy "fifth"    { kind = "relative", within = 20, version = "2013/14", description = "By a fifth." }
"#;

/// An indicator `m` with these fields, and the figures that it has: a comparator's name or `now`,
/// and a value; a suppressed one where there is none.
pub(crate) fn shown(fields: &str, figures: &[(&str, Option<f64>)]) -> ShownFigures {
    let script =
        format!("{OWN_POLICIES}\nrap.indicator \"m\" {{ title = \"M\", typed = true, {fields} }}");
    let source = |name: &str, text: &str| Source::own(name, text);
    let sources = [
        source("policies.luau", include_str!("../../../../basics/scripts/policies.luau")),
        source("m.luau", &script),
    ];
    let mut problems = Problems::default();
    let (_, declared) = Engine::load(&sources, &mut problems);
    assert!(!problems.any(), "{fields}: {:?}", problems.iter().collect::<Vec<_>>());
    let period = Period::parse("2026/27 Q2", 4).expect("a period");
    let figures = figures.iter().map(|(name, value)| {
        let (area, period) = match *name {
            "now" => (Area::Own, period),
            name => (named(name).area(), named(name).when(&period)),
        };
        let gap = || FigureValue::Gap { symbol: Symbol::Confidential, wording: "c".to_string() };
        let value = value.map_or_else(gap, FigureValue::Number);
        Figure::new("m", area, period, value, Origin::Typed)
    });
    let policies =
        Policies { all: declared.policies, usual: "band".to_string(), ..Policies::default() };
    let figures = Figures {
        figures: figures.collect(),
        ..Figures::new(period, declared.indicators, policies)
    };
    apply(Rule::none(), figures).expect("nothing is hidden")
}

fn named(comparator: &str) -> Comparator {
    Comparator::named(comparator).unwrap_or_else(|| panic!("no comparator is called {comparator}"))
}

fn status_of(fields: &str, value: f64) -> Status {
    status(&shown(fields, &[("now", Some(value))]), "m")
}

/// Holds values to words; a `*` behind the words means that a note must stand beside them, and else
/// none may.
fn table(fields: &str, rows: &[(f64, &str)]) {
    for (value, words) in rows {
        let status = status_of(fields, *value);
        let got = format!("{}{}", status.words, if status.note.is_some() { "*" } else { "" });
        assert_eq!(got, *words, "{fields} at {value}: {:?}", status.note);
    }
}
