//! Scripts that share a sandbox share nothing else: what one keeps or breaks, no other sees.

use std::time::Duration;

use super::{Budget, Engine};
use crate::definitions::{Declarations, Function, Measure};
use crate::figures::work_out::Derive;
use crate::intake::project::Source;
use crate::nouns::problem::Problems;

fn shipped(name: &str, text: &str) -> Source {
    let pack = Some("shipped".to_string());
    Source { shipped: true, pack, ..Source::own(format!("scripts/{name}.luau"), text) }
}

fn loaded(sources: &[Source], budget: Budget) -> (Engine, Declarations, Vec<String>) {
    let mut problems = Problems::default();
    let (engine, declared) = Engine::load_with(sources, budget, &mut problems);
    let told = problems.iter().map(|problem| format!("{} {}", problem.place, problem.message));
    let told = told.collect();
    (engine, declared, told)
}

/// A script with an indicator that is worked out by a function.
fn derived(name: &str, body: &str) -> Source {
    let about = "title = \"T\", unit = \"number\", definition = \"D\", source = \"S\"";
    let text = format!(
        "local function work(n) {body} end\n\
         rap.indicator \"{name}_n\" {{ {about}, typed = true }}\n\
         rap.indicator \"{name}\" {{ {about}, derived_from = \"{name}_n\", value = work }}\n"
    );
    shipped(name, &text)
}

fn function(declared: &Declarations, name: &str) -> Function {
    match declared.indicators[name].measure {
        Measure::Derived { function, .. } => function,
        _ => panic!("{name} is worked out by a function"),
    }
}

#[test]
fn what_one_script_keeps_another_does_not_see() {
    let changes = [
        "KEPT = 1",
        "rawset(_G, \"KEPT\", 1)",
        "_G.KEPT = 1",
        "setmetatable(_G, { __index = { KEPT = 1 } })",
        "math.KEPT = 1",
        "rawset(string, \"upper\", function() return 1 end)",
        "getmetatable(\"\").__index = { KEPT = 1 }",
        "table.insert(_G, 1)",
        "rap.KEPT = 1",
        "getmetatable(rap).__index = function() return 1 end",
        "local kept = rap.use \"kept\"; kept.KEPT = 1",
    ];
    let kept = Source { name: "scripts/shared/kept.luau".into(), ..shipped("", "return {}") };
    let asks = [
        "local found = KEPT",
        "local found = _G.KEPT",
        "assert((\"a\"):upper() == \"A\" and math.KEPT == nil and string.KEPT == nil, \"changed\")",
        "assert(rap.use(\"kept\").KEPT == nil and #_G == 0, \"changed\")",
        "local found = rap.KEPT",
    ];
    for change in changes {
        for (ask, expected) in asks.iter().zip([
            Some("nothing is called `KEPT` here"),
            Some("nothing is called `KEPT` here"),
            None,
            None,
            Some("there is no `rap.KEPT`"),
        ]) {
            let sources = [shipped("a", change), shipped("b", ask), kept.clone()];
            let (_, _, told) = loaded(&sources, Budget::default());
            let of_b = told.iter().find(|told| told.starts_with("scripts/b.luau"));
            match (expected, of_b) {
                (None, None) => {}
                (Some(expected), Some(told)) => {
                    assert!(told.contains(expected), "{change}; {ask}: {told}");
                }
                _ => panic!("{change}; {ask}: {told:?}"),
            }
        }
    }
}

/// A limit that one script runs into ends that script; the others go on, in sandboxes of their own.
#[test]
fn a_limit_error_ends_one_script_only() {
    let budget = Budget { call_steps: 10_000, time: Duration::from_secs(60), ..Budget::default() };
    for ends in ["while true do n = n + 1 end", "local t = {} while true do t = { t, t } end"] {
        let sources = [derived("first", ends), derived("other", "return 2 * n")];
        let (engine, declared, told) = loaded(&sources, budget);
        assert_eq!(told, [] as [&str; 0]);
        let (first, other) = (function(&declared, "first"), function(&declared, "other"));
        assert_eq!(engine.derive(other, &[2.0]).expect("a number"), Some((4.0, None)));
        for _ in 0..2 {
            let problem = engine.derive(first, &[2.0]).expect_err("it was stopped");
            assert!(problem.message.starts_with("the script was stopped"), "{}", problem.message);
            assert!(engine.scripts[first.script].sandbox.spent.get());
            assert_eq!(engine.derive(other, &[3.0]).expect("a number"), Some((6.0, None)));
        }
    }
}

/// Scripts that are loaded once serve one return after another: each has all its steps, and a limit
/// that a script ran into for one is forgotten for the next.
#[test]
fn limits_are_met_by_each_return_alone() {
    let budget = Budget { total_steps: 10_000, time: Duration::from_secs(60), ..Budget::default() };
    let own = |name: &str, body: &str| Source { shipped: false, pack: None, ..derived(name, body) };
    let body = "for _ = 1, 6_000 do n = n + 1 end return n";
    for source in [derived("some", body), own("some", body)] {
        let (engine, declared, told) = loaded(&[source], budget);
        assert_eq!(told, [] as [&str; 0]);
        let some = function(&declared, "some");
        assert!(engine.scripts[0].keeps_nothing);
        for _ in 0..2 {
            let engine = engine.again();
            assert_eq!(engine.derive(some, &[2.0]).expect("a number"), Some((6_002.0, None)));
            let problem = engine.derive(some, &[2.0]).expect_err("it was stopped");
            assert!(problem.message.starts_with("the script was stopped"), "{}", problem.message);
        }
    }
}
