//! The reference and the code say the same: neither has a name that the other has not.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use mlua::Value;

use super::fields::tests::asked;
use super::sandbox::Sandbox;
use super::{Budget, api, plan};
use crate::intake::project::Source;
use crate::nouns::problem::Problems;
use crate::scripts::engine::Engine;
use crate::scripts::reference;

/// One of each kind of table, so that all that reads them is run.
const EVERYTHING: &str = r#"
rap.list "kids" { key = "CHILD", starts = "FROM", ends = "TO", columns = { { "CHILD", "id" }, { "FROM", "date" }, { "TO", "date" }, { "KIND", codes = { "A" } } } }
rap.check "old" { on = "kids", fails = { KIND = "A" }, message = "is old" }
rap.population "some" { from = "kids", as_at = { "period_end", days = 1, months = 1, years = 1 } }
rap.indicator "kids_n" {
  title = "Kids", unit = "number", population = "kids", tolerance = { low = 1 },
  thresholds = { green = { 2, 3 }, amber = { 1, 2 }, red = { 0, 1 } }, better = "higher",
  published = { file = "a.csv", value = "n" },
}
for _, kind in { "band", "floor", "thresholds", "none" } do
  rap.policy(kind) { kind = kind, description = "X.", words = {} }
end
rap.policy "relative" { kind = "relative", description = "X.", words = {}, within = 10 }
rap.disclosure "under_5" { hide = { 1, 4 }, audience = "public", description = "X." }
rap.relation "twice" { sum = { { "kids_n", when = "previous_quarter" }, "kids_n" }, equals = "kids_n" }
rap.layout "table" { sheets = function() return {} end }
"#;

const SHEETS: &str = r#"return { {
  name = "X", title = "X", columns = { {}, {} },
  rows = {
    { indicator = "a" }, { area = "a", text = "b" }, { heading = "a" }, { cells = { { text = { { "a" } } } } },
    { spacer = true }, { page_break = true }, { block = {} }, { trend = "a" }, { bars = "a" },
    { side_by_side = { { trend = "a" } } },
  },
} }"#;

#[test]
fn every_field_has_a_word_and_every_word_a_field() {
    let mut problems = Problems::default();
    let source = Source::own("x.luau", EVERYTHING);
    Engine::load(&[source], &mut problems);
    assert_eq!(
        problems.iter().count(),
        0,
        "{:?}",
        problems.iter().map(|p| p.render(false)).collect::<Vec<_>>()
    );
    let Sandbox { lua, meter, .. } = Sandbox::new(&Budget::default()).expect("a sandbox");
    meter.allow(1_000, Duration::from_secs(60));
    let sheets: Value = lua.load(SHEETS).eval().expect("sheets");
    plan::sheets(sheets, "x").expect("a plan");
    let written = reference::kinds().filter(|kind| kind.written);
    let told: BTreeSet<_> =
        written.flat_map(|kind| kind.names().map(|name| (kind.name, name))).collect();
    assert_eq!(told, asked());
}

#[test]
fn every_function_of_rap_is_in_the_reference() {
    let lua = Sandbox::new(&Budget::default()).expect("a sandbox").lua;
    let draft = api::Draft {
        script: 0,
        source: Source::own("x.luau", ""),
        declared: Default::default(),
        functions: Default::default(),
        changes: Default::default(),
        changed_by: Rc::new([]),
        options: Default::default(),
        shared: Rc::new([]),
        ships: true,
        forgets: Default::default(),
        loaded: Default::default(),
        surroundings: Default::default(),
    };
    let rap = api::rap(&lua, &Rc::new(draft)).expect("a table");
    let registered: BTreeSet<String> =
        rap.pairs::<String, Value>().map(|p| p.expect("a name").0).collect();
    let told: BTreeSet<String> = reference::calls().map(|call| call.name.to_string()).collect();
    assert_eq!(registered, told);
}

/// The code of the values that functions are handed.
const CODE_OF_VALUES: &str = concat!(
    include_str!("values/day.rs"),
    include_str!("values/figure.rs"),
    include_str!("values/report.rs"),
);

/// A part of that code: from a line on, as far as the next block begins.
fn part(from: &str) -> &'static str {
    let (_, part) = CODE_OF_VALUES.split_once(from).expect("the code of a value");
    part.split_once("\nimpl ").map_or(part, |(part, _)| part)
}

/// The names in quotation marks that stand behind some text.
fn quoted(part: &str, before: &str) -> BTreeSet<String> {
    part.match_indices(before)
        .filter_map(|(at, _)| part[at + before.len()..].split_once('"'))
        .map(|(name, _)| name.to_string())
        .collect()
}

/// The names that a `match` knows.
fn arms(part: &str) -> BTreeSet<String> {
    let lines = part.lines().map(str::trim_start);
    let names = lines.filter_map(|line| line.strip_prefix('"')?.split_once("\" => "));
    names.map(|(name, _)| name.to_string()).collect()
}

/// The names of a value's functions, and of the fields that are given one by one.
fn methods(kind: &str) -> BTreeSet<String> {
    let part = part(&format!("impl UserData for Lua{kind} {{"));
    &quoted(part, &format!("(\"{kind}\", \"")) | &quoted(part, "add_field_method_get(\"")
}

/// Values have their names in code only: read from there.
#[test]
fn every_name_of_a_value_is_in_the_reference() {
    let comparators: BTreeSet<String> =
        crate::nouns::comparator::Comparator::names().map(String::from).collect();
    let (_, records) = CODE_OF_VALUES.split_once("const RECORDS").expect("the table of records");
    let records = quoted(records.split("];").next().unwrap_or_default(), "\n    (\"");
    let figure = &(&arms(part("impl LuaFigure {")) | &methods("Figure")) | &comparators;
    let figure = &figure | &records;
    for (kind, found) in [
        ("Day", methods("Day")),
        ("Period", arms(part("impl UserData for LuaPeriod {"))),
        ("Figure", figure),
        ("Report", methods("Report")),
    ] {
        let told: BTreeSet<String> = reference::kind(kind).names().map(String::from).collect();
        assert_eq!(found, told, "{kind}");
    }
}
