//! Which indicators a layout prints: asked of the layout itself, with every figure there.

use std::collections::HashMap;
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};

use crate::comparators::Elsewhere;
use crate::declare::{Declarations, Indicator, Layout, Measure};
use crate::layout::SheetPlan;
use crate::period::Period;
use crate::pipeline::Received;
use crate::problem::{Place, Problem, Problems};
use crate::returns::{Return, TypedFigure, TypedValue};
use crate::script::{Engine, Reporter};
use crate::suppress::{self, Rule};
use crate::write::Areas;

/// The codes of the indicators that a layout prints, and of those that they are made of.
pub fn printed_by(
    engine: Engine,
    declared: &Rc<Declarations>,
    layout: &Layout,
    indicators: &IndexMap<String, Indicator>,
    period: Period,
) -> Result<IndexSet<String>, Problem> {
    let typed = |code: &String| TypedFigure {
        indicator: code.clone(),
        title: None,
        unit: None,
        values: IndexMap::from([("value", (TypedValue::Number(1.0), Place::default()))]),
        note: None,
        checked: None,
        place: Place::default(),
    };
    let mut all = Return::default();
    all.management.figures = indicators.keys().map(typed).collect();
    let received = Rc::new(all);
    engine.receive(received.clone(), declared.clone(), period);
    let areas = Areas { authority: "The council".to_string(), ..Areas::default() };
    let elsewhere = Elsewhere::default();
    let everything = Received { engine, declared: declared.clone(), received, period, areas, elsewhere };
    let figures = everything.figures(&mut Problems::default());
    let Ok(shown) = suppress::apply(Rule::none(), figures) else {
        return Ok(indicators.keys().cloned().collect());
    };
    let reporter = Reporter { authority: "The council", region: "Region", sign_off: &[], commentary: &HashMap::new() };
    let plans = everything.engine.lay_out(layout, &Rc::new(shown), &reporter, &[]).map_err(|p| *p)?;
    let mut codes: IndexSet<String> = plans.iter().flat_map(SheetPlan::indicators).map(ToString::to_string).collect();
    // What is worked out from others needs them.
    let mut next = 0;
    while let Some(code) = codes.get_index(next).cloned() {
        if let Some(Measure::Derived { from, .. }) = indicators.get(&code).map(|i| &i.measure) {
            codes.extend(from.iter().cloned());
        }
        next += 1;
    }
    Ok(codes)
}
