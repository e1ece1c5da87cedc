//! `rap.change`: what ships, with a few fields otherwise. What is named is changed, the rest stays,
//! and who reads about a thing is told who changed it.

use rapporteur::definitions::{ColumnType, Declarations};
use rapporteur::intake::project::{Project, Source};
use rapporteur::nouns::problem::{Problems, Severity};
use rapporteur::scripts::engine::Engine;

use crate::support::{example, rapporteur, snapshots};

/// What the shipped scripts declare once this one has changed them, and what is told of it.
fn changed(script: &str) -> (Declarations, String) {
    let mut project = Project::shipped();
    project.sources.push(Source::own("scripts/mine.luau", script));
    let mut problems = Problems::default();
    let (_, declared) = Engine::load(&project.sources, &mut problems);
    // What ships is told of in notes, and is another with each version.
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    (declared, errors.map(|problem| problem.render(false)).collect())
}

#[test]
fn what_is_named_is_changed_and_the_rest_stays() {
    let before = changed("").0;
    let check = before.checks.keys().next().expect("there are checks").clone();
    let script = r#"
rap.change "indicator" "pl3_pct" {
  target = 12, title = "Moved three times", definition = false, decimals = 2,
  thresholds = { green = { 0, 8 }, amber = { 8, 12 }, red = { 12, 100 } },
}
rap.change "list" "episodes" {
  columns = {
    { "PLACE", also = "Placement kind", codes = { U9 = "Our own kind", R3 = false } },
    { "TEAM", "text", optional = true },
  },
}
rap.change "policy" "band" { title = "Our band" }
rap.change "check" "CHECK" { severity = "note" }
"#;
    let (after, told) = changed(&script.replace("CHECK", &check));
    assert!(!told.contains("error: "), "{told}");
    assert_eq!(after.checks[&check].severity, Severity::Note);
    let (old, new) = (&before.indicators["pl3_pct"], &after.indicators["pl3_pct"]);
    assert_eq!(new.target, Some(12.0), "{told}");
    assert_eq!((new.title.as_str(), new.definition.as_str()), ("Moved three times", ""));
    assert_eq!((new.decimals, new.unit, &new.source), (2, old.unit, &old.source));
    assert_eq!(format!("{:?}", new.published), format!("{:?}", old.published));
    assert_eq!(new.place, old.place);
    let (old, new) = (&before.lists["episodes"], &after.lists["episodes"]);
    assert_eq!(new.columns.len(), old.columns.len() + 1);
    for (old, new) in old.columns.iter().zip(&new.columns) {
        if old.name != "PLACE" {
            assert_eq!(format!("{old:?}"), format!("{new:?}"));
            continue;
        }
        assert_eq!(new.also.last().map(String::as_str), Some("Placement kind"));
        let (ColumnType::Codes(old), ColumnType::Codes(new)) = (&old.kind, &new.kind) else {
            panic!("a column of codes")
        };
        assert!(new.contains_key("U9") && !new.contains_key("R3") && new.contains_key("U1"));
        assert_eq!(new.len(), old.len());
    }
    assert_eq!(after.policies["band"].title, "Our band");
    assert_eq!(after.indicators.len(), before.indicators.len());
}

#[test]
fn a_change_may_hold_functions_and_conditions_of_its_own() {
    let folder = example();
    std::fs::create_dir(folder.path().join("scripts")).expect("a folder");
    let script = r#"
local FAR = 20
rap.change "population" "looked_after" { where = function(e) return e.PL_DISTANCE ~= nil and e.PL_DISTANCE > FAR end }
rap.change "indicator" "foster_pct" { numerator = { PL_LOCATION = rap.none_of { "IN" } } }
"#;
    std::fs::write(folder.path().join("scripts/mine.luau"), script).expect("written");
    let value = |code: &str| {
        let run = rapporteur(folder.path(), &["explain", code, "q2.xlsx", "--json"]);
        let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        (json["numerator"].as_f64(), json["denominator"].as_f64(), json["changes"].clone())
    };
    let (far, _, of_population) = value("cla_n");
    let (outside, of, of_both) = value("foster_pct");
    assert_eq!(of, far, "the population is counted as it was changed");
    assert!(far.is_some_and(|far| far > 0.0 && far < 413.0) && outside <= of);
    let said = |changes: &serde_json::Value| changes.as_array().map_or(0, Vec::len);
    assert_eq!((said(&of_population), said(&of_both)), (1, 2), "{of_both}");
}

/// A layout whose title tells its options.
const SHORT: &str = r#"
rap.layout "short" {
  options = { first = "A", inside = { one = 1, two = 2 }, names = { "x", "y" } },
  sheets = function(report, options)
    local names = table.concat(options.names, "+")
    return { { name = "S", title = `{options.first} {options.inside.one} {options.inside.two} {names}`,
      columns = { { show = "title" }, { show = "value" } }, rows = {} } }
  end,
}"#;

/// The title of the layout, with a change of it in a script.
fn title(change: &str) -> String {
    let folder = example();
    for (name, text) in [("templates/short.luau", SHORT), ("scripts/mine.luau", change)] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let run =
        rapporteur(folder.path(), &["build", "q2.xlsx", "--template", "short", "--html", "a.html"]);
    let page = std::fs::read_to_string(folder.path().join("a.html")).expect(&run.err);
    let at = page.find("A 1").or_else(|| page.find("B 1")).or_else(|| page.find("C 1"));
    page[at.expect("the sheet's title")..].split('<').next().expect("a text").to_string()
}

/// Layouts are made to be changed: what a council may want otherwise stands in their options.
#[test]
fn a_layouts_options_are_changed_by_name() {
    assert_eq!(title("-- nothing"), "A 1 2 x+y");
    let change = "rap.change \"layout\" \"short\" { options = { first = \"B\", \
                  inside = { two = 3 }, names = { \"z\" } } }";
    assert_eq!(title(change), "B 1 3 z");
    let whole = "rap.change \"layout\" \"short\" { sheets = function(report, \
                 options) return { { name = \"S\", title = `C 1 {options.first}`, \
                 columns = { { show = \"title\" }, { show = \"value\" } }, rows = {} } } end }";
    assert_eq!(title(whole), "C 1 A");
}

#[test]
fn what_cannot_be_changed_is_told_with_its_line() {
    let scripts = [
        "rap.change \"indicator\" \"pl3_pc\" { target = 12 }",
        "rap.change \"indicatr\" \"pl3_pct\" { target = 12 }",
        "rap.change \"disclosure\" \"dfe\" { hide = { 1, 2 } }",
        "rap.change \"indicator\" \"pl3_pct\" {\n  title = \"X\",\n  targt = 12,\n}",
        "rap.change \"indicator\" \"pl3_pct\" {\n  title = \"X\",\n  target = \"12\",\n}",
        "rap.change \"indicator\" \"pl3_pct\" {\n  title = \"X\",\n  policy = \"bnad\",\n}",
        "rap.change \"indicator\" \"pl3_pct\" { title = false }",
        "rap.change \"indicator\" \"pl3_pct\" {}",
        "rap.change \"indicator\" \"pl3_pct\" { 12 }",
        "rap.change \"indicator\" \"pl3_pct\"",
        "rap.change \"indicator\"",
        "rap.change(\"indicator\", \"pl3_pct\", { target = 12 })",
        "rap.change \"indicator\" \"pl3_pct\" (12)",
        "rap.change(12)",
        "rap.change \"indicator\" (12)",
        "rap.change \"list\" \"episodes\" { columns = { { \"PLACE\", codes = { U1 = false } } } }",
        "rap.change \"list\" \"episodes\" { columns = { { also = { \"X\" } } } }",
        "rap.change \"list\" \"episodes\" { columns = { \"PLACE\" } }",
        "rap.change \"list\" \"episodes\" { columns = { { \"TEAM\" } } }",
        "rap.change \"list\" \"episodes\" { key = \"CHLD\" }",
        "rap.change \"layout\" \"board\" { options = { first = function() return 1 end } }",
        "rap.change \"layout\" \"board\" {\n  options = { othrs = { \"region\" } },\n}",
        "rap.change \"layout\" \"board\" { options = { others = \"region\" } }",
        "rap.change \"layout\" \"board\" { options = { \"region\" } }",
        "rap.change \"layout\" \"annual\" { options = { years = 3 } }",
    ];
    let shown = scripts.map(|script| {
        let (_, told) = changed(script);
        assert!(told.contains("error: ") && told.contains("mine.luau:"), "{script}\n{told}");
        format!("{script}\n\n{told}")
    });
    snapshots().bind(|| insta::assert_snapshot!("changes_refused", shown.join("\n----\n")));
}

/// Where a target was set is where it was changed; a layout's options can be found.
#[test]
fn what_is_changed_is_told_where_it_stands() {
    let folder = example();
    std::fs::create_dir(folder.path().join("scripts")).expect("a folder");
    let script = "-- ours\nrap.change \"indicator\" \"pl3_pct\" { target = 12 }\n\
                  rap.change \"list\" \"episodes\" { columns = { { \"PLACE\", \
                  codes = { U9 = \"Abroad\" } } } }\n";
    std::fs::write(folder.path().join("scripts/mine.luau"), script).expect("written");
    let explained = rapporteur(folder.path(), &["explain", "pl3_pct", "q2.xlsx"]).out;
    assert!(explained.contains("target: 12%, set at scripts/mine.luau:2"), "{explained}");
    let listed = rapporteur(folder.path(), &["list"]).out;
    let columns = "columns { { \"PLACE\", codes = { U9 = \"Abroad\" } } } (scripts/mine.luau:3)";
    assert!(listed.contains(columns), "{listed}");
    assert!(listed.contains("(options: others)"), "{listed}");
}

/// A script that is called as a shipped one is takes its place: that is told, with its name.
#[test]
fn a_script_that_takes_a_shipped_ones_place_is_told() {
    let folder = example();
    std::fs::create_dir_all(folder.path().join("scripts/children_in_care")).expect("a folder");
    let name = "scripts/children_in_care/placements.luau";
    let script = "rap.indicator \"ours_n\" { title = \"Ours\", unit = \"number\", \
                  population = \"looked_after\" }\n";
    std::fs::write(folder.path().join(name), script).expect("written");
    for command in [&["check", "q2.xlsx"][..], &["list"]] {
        let run = rapporteur(folder.path(), command);
        assert!(
            run.shown().contains("note: the script takes the place of the shipped one"),
            "{}",
            run.shown()
        );
        assert!(run.shown().contains(&format!("--> {name}")), "{}", run.shown());
    }
}

#[test]
fn list_says_who_changed_what() {
    let folder = example();
    std::fs::create_dir(folder.path().join("scripts")).expect("a folder");
    let script = "rap.change \"indicator\" \"pl3_pct\" { target = 12, title = \"Moved\" }";
    std::fs::write(folder.path().join("scripts/mine.luau"), script).expect("written");
    let run = rapporteur(folder.path(), &["list"]);
    let (_, changes) = run.out.split_once("\nChanged ").expect("a section");
    let explained = rapporteur(folder.path(), &["explain", "pl3_pct", "q2.xlsx"]);
    let line = explained.out.lines().find(|line| line.contains("changed at")).expect("a line");
    let shown = format!("Changed {changes}\n{line}");
    snapshots().bind(|| insta::assert_snapshot!("changes_listed", shown));
}
