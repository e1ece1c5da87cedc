//! Slips of analysts: what a script says without meaning it is told with its line and the mend,
//! and what only looks like a slip is left alone.

use rapporteur::intake::project::{Project, Source};
use rapporteur::nouns::problem::Problems;
use rapporteur::scripts::engine::Engine;
use rapporteur::scripts::slips;

use crate::support::{root, snapshots};

/// What the scripts below speak of.
const GROUND: &str = r#"
rap.list "episodes" {
  title = "Episodes", record = "episode", key = "CHILD", starts = "FROM", ends = "TO",
  columns = {
    { "CHILD", "id" }, { "FROM", "date" }, { "TO", "date" }, { "MILES", "number" }, { "HOME", "text" },
    { "LS", codes = { "C1", "C2", "V2" } }, { "RESULT", codes = { "0", "1" } },
  },
}
rap.population "in_care" { from = "episodes", as_at = "period_end" }
rap.indicator "n" { title = "N", unit = "number", population = "in_care" }
rap.indicator "of_n" { title = "M", unit = "number", population = "in_care" }
"#;

/// What is wrong with a script beside the ground.
fn told(script: &str) -> String {
    let source = |name: &str, text: &str| Source::own(format!("scripts/{name}"), text);
    let mut problems = Problems::default();
    Engine::load(&[source("a.luau", GROUND), source("x.luau", script)], &mut problems);
    problems.sort();
    problems.iter().map(|problem| problem.render(false)).collect()
}

/// The field of an indicator that the slip stands in.
fn counting(field: &str) -> String {
    format!(
        "rap.indicator \"x\" {{ title = \"X\", unit = \"number\", \
         population = \"in_care\",\n  {field} }}"
    )
}

#[test]
fn slips_are_told_with_their_line_and_the_mend() {
    let fields = [
        "numerator = { MILES = rap.at_least(5), MILES = rap.at_most(20) }",
        "numerator = { MILES = rap.at_least(5), [\"MILES\"] = rap.at_most(20) }",
        "title = \"Y\"",
        "numerator = { LS = \"C1\" or \"C2\" }",
        "numerator = { LS = \"C1\" and \"C2\" }",
        "numerator = { LS = { \"C1\" } or { \"C2\" } }",
        "numerator = { LS == \"C1\" }",
        "numerator = { LS ~= \"C1\" }",
        "numerator = function(e) return e.LS == \"C1\" or \"C2\" end",
        "numerator = function(e) if e.LS == \"C1\" or \"V2\" then return true end return false end",
        "numerator = function(e) return not e.LS == \"C1\" end",
        "numerator = function(e) local found = e.LS == \"C1\" end",
        "numerator = { function(e) local found = e.LS == \"C1\" end }",
        "numerator = rap.either(function(e) end, { LS = \"C1\" })",
        "numerator = function(e) return e.RESULT == 1 end",
        "numerator = function(e) return 1 ~= e.RESULT end",
        "numerator = function(e) return e.MILES == \"5\" end",
        "numerator = function(e) return e.FROM == \"2026-04-01\" end",
        "numerator = function(e) return e.FROM == 2026 end",
        "numerator = function(e) return e.HOME == true end",
        "numerator = function(e) return e.LS == \"C9\" end",
        "numerator = function(e) return e.LS == \"c1\" end",
        "numerator = function(e) return e[\"LS\"] == \"C9\" end",
        "numerator = function(e) local ls = e.LS return ls == \"C9\" end",
        "numerator = function(e) return table.find({ \"C1\", \"C9\" }, e.LS) ~= nil end",
        "numerator = function(e) return ({ C1 = true, C9 = true })[e.LS] or false end",
        "numerater = { LS = \"C1\" }",
        "{ LS = \"C1\" }",
        "numerator = { LS = rap.blank_or(\"C1\", \"C2\") }",
        "numerator = { LS = rap.one_of(\"C1\", \"C2\") }",
        "numerator = { MILES = rap.at_least(5, 20) }",
        "numerator = { FROM = rap.before(\"period_end\", -3) }",
        "numerator = { FROM = rap.before(\"period_end\", { month = -3 }) }",
        "numerator = { FROM = rap.before(\"period_end\", { months = -3.5 }) }",
        "numerator = { FROM = rap.within(\"quarter\", -3) }",
        "numerator = { FROM = rap.within(\"quarter\", { months = -3 }, 1) }",
        "numerator = { FROM = rap.aged(16, \"year_end\") }",
        "numerator = { FROM = rap.aged(16.5) }",
        "numerator = { FROM = rap.aged(16, 17, \"year_end\", -3) }",
    ];
    let scripts = [
        "local M = { C1 = 1, C9 = 2 }\nlocal function yes(e) return M[e.LS] == 1 end",
        "local function kin(e) local k = e.LS == \"C1\" end\n\
         rap.population \"kin\" { from = \"in_care\", where = kin }",
        "rap.indicator \"y\"",
        "rap.indicator(\"y\", { title = \"Y\" })",
        "rap.indicator(\"y\")({ title = \"Y\", typed = true, unit = \"number\" }, 2)",
        "rap.at_least(3)",
        "rap.commentary \"n\" (function(f) f.period.ending:plus_days(3) return f.value end)",
        "rap.commentary \"n\" (function(f) local s = f.value end)",
        "rap.commentary \"n\" { \"text\" }",
        "rap.population “kin” { from = \"in_care\" }",
        "rap.population \"kin\" { from = „in_care“ }",
        "rap.population \"kin\" { from = \"in_care\" } – kin",
        "rap.population\u{a0}\"kin\" { from = \"in_care\" }",
        "// kin\nrap.population \"kin\" { from = \"in_care\" }",
        "rap.population \"kin\" { from = \"in_care\", \
         where = function(e) return e.LS != \"C1\" end }",
        "rap.population \"kin\" { from = \"in_care\", \
         where = function(e) return e.LS and !e.TO end }",
        "rap.population \"kin\" { from = \"in_care\", \
         where = function(e) return e.LS == \"C1\" && e.TO end }",
        "rap.population \"kin\" { from = \"in_care\", where = function(e) e.LS == \"C1\" end }",
        "rap.population \"kin\" { from = \"in_care\" where = { LS = \"C1\" } }",
        "rap.population \"kin\" { from: \"in_care\" }",
        "rap.population \"kin\" { from = \"in_care }",
        "rap.population \"kin\" { from = \"in_care\"",
        "rap.population \"kin\" { from = \"in_care\", where = function(e) return true }",
        "rap.population \"kin\" { from = \"in_care\", \
         where = function(e) if e.LS = \"C1\" then return true end end }",
        "rap.populaton \"kin\" { from = \"in_care\" }",
        "local CODES = { care = { \"C1\", \"C2\" } }\n\
         rap.population \"kin\" { from = \"in_care\", where = { LS = CODES.crae } }",
    ];
    let all = fields.iter().map(|field| counting(field));
    let all = all.chain(scripts.iter().map(ToString::to_string));
    let shown = all.map(|script| {
        let told = told(&script);
        assert!(told.contains("error: "), "nothing is told of {script}");
        assert!(told.contains("x.luau:"), "{script}\n{told}");
        format!("{script}\n\n{told}")
    });
    let shown: Vec<String> = shown.collect();
    snapshots().bind(|| insta::assert_snapshot!("slips", shown.join("\n----\n")));
}

#[test]
fn what_only_looks_like_a_slip_is_left_alone() {
    let scripts = [
        "local PICK = nil\nlocal code = PICK or \"C1\"\nlocal other = PICK and \"C1\" or \"C2\"",
        "local t = { a = { x = 1 }, b = { x = 1 }, [1] = \"p\", [\"1\"] = \"q\" }",
        "local function word(n) return n == 1 and \"child\" or \"children\" end",
        "local own = { LS = \"none\" }\nlocal is = own.LS == \"C9\"",
        "local s = `it's {1 == 1} != “quoted” && more` -- a != b “c”\nlocal t = [[ != “ ]]",
        "local own = { a = \"C1\" }\nown.b = \"C2\"\nlocal t = { own.a, x = own.b }",
        "local own = { a = \"C1\" }\ntable.insert(own, \"C2\")\nlocal t = { x = own.b }",
        "local own = { a = \"C1\" }\nlocal same = own\nsame.b = 3\nlocal t = { x = own.b }",
        "local days = { 1, 2 }\nfor at, day in days do local _ = at == day end",
        &counting(
            "numerator = function(e) if e.LS == \"C1\" then return true end return false end",
        ),
        &counting("numerator = function(e) return e.LS == \"C1\" or e.LS == \"C2\" end"),
        &counting("numerator = function(e) return e.HOME == \"5\" and e.RESULT ~= \"1\" end"),
        &counting("numerator = function(e) return e.FROM == e.TO or e.FROM.year == 2026 end"),
        &counting(
            "numerator = { LS = { \"C1\", \"C2\" }, MILES = rap.between(1, 2), { MILES = 1 } }",
        ),
        &counting("numerator = { FROM = rap.within(\"quarter\", { months = -3 }) }"),
        &counting("numerator = { FROM = rap.aged(16, 17, \"period_end\", { months = -3 }) }"),
        &counting("numerator = { FROM = rap.aged(16, 17, { \"year_end\", years = -1 }) }"),
        "rap.commentary \"n\" (function(f) if f.judged == \"good\" then return f.title end return \
         nil end)",
    ];
    for script in scripts {
        assert_eq!(told(script), "", "{script}");
    }
}

/// Those that ship are not held against the rules on every run, but here.
#[test]
fn shipped_scripts_and_examples_have_no_slips() {
    let mut scripts = 0;
    for folder in [".", "examples/complaints", "examples/exampleton", "examples/housing-repairs"] {
        let project = Project::open(Some(&root().join(folder))).expect("a project");
        let mut problems = Problems::default();
        let (_, declared) = Engine::load(&project.sources, &mut problems);
        for source in &project.sources {
            let text = std::str::from_utf8(&source.text).expect("UTF-8");
            let found = slips::of(&source.name, text, &declared);
            let told: String = found.iter().map(|problem| problem.render(false)).collect();
            assert_eq!(told, "", "{}", source.name);
            scripts += 1;
        }
    }
    assert!(scripts > 20, "only {scripts} scripts: is the test still looking at them?");
}

/// `by` takes the column of a linked record; where it is named as if it were the list's own, or
/// there may be several records, the message says what to write.
#[test]
fn slips_of_breakdowns_by_linked_columns() {
    let list = |name: &str, one_per_key: bool, columns: &str| {
        format!(
            "rap.list \"{name}s\" {{ title = \"{name}s\", record = \"{name}\", key = \"CHILD\",\n  \
             one_per_key = {one_per_key}, columns = {{ {{ \"CHILD\", \"id\" }}, {columns} }} }}\n"
        )
    };
    let ground =
        list("child", true, "{ \"SEX\", codes = { \"1\", \"2\" } }, { \"BORN\", \"date\" }")
            + &list("review", false, "{ \"KIND\", codes = { \"A\", \"B\" } }")
            + &list("dog", true, "{ \"SORT\", codes = { \"A\" } }").replace("\"CHILD\"", "\"TAG\"");
    let told: Vec<String> = [
        "by = \"SEX\"",
        "by = \"SXE\"",
        "by = \"child.SXE\"",
        "by = \"child.BORN\"",
        "by = \"chidl.SEX\"",
        "by = \"review.KIND\"",
        "by = \"dog.SORT\"",
        "by = \"child.SEX\", across = \"SEX\"",
    ]
    .into_iter()
    .map(|field| {
        let script = format!(
            "{ground}rap.indicator \"x\" {{\n  title = \"X\", unit = \"number\", \
             population = \"episodes\",\n  {field},\n}}"
        );
        format!("{field}\n{}", told(&script))
    })
    .collect();
    snapshots().bind(|| insta::assert_snapshot!("slips_of_linked_by", told.join("\n")));
}
