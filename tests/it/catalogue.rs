//! `rapporteur docs`: the catalogue of a project's indicators, without any return.

use rapporteur::definitions::{Indicator, Measure};
use rapporteur::desk::catalogue::Catalogue;
use rapporteur::intake::project::{Project, Source};
use rapporteur::nouns::problem::{Place, Problems};
use rapporteur::scripts::engine::Engine;
use serde_json::Value;

use crate::support::{folder, rapporteur, root, snapshots};

/// A project of its own: a person can read what is declared, and what the catalogue makes of it.
const SCRIPT: &str = r#"-- Homes, and who repairs them.
rap.list "jobs" {
  title = "Jobs", record = "job", key = "HOME",
  columns = {
    { "HOME", "id", required = true },
    { "DONE", "date" },
    { "KIND", codes = { E = "Emergency", R = "Routine" } },
  },
}

rap.population "done_this_year" { from = "jobs", where = { DONE = rap.within "year_to_date" } }

local function share(code, title, kind)
  rap.indicator(code) {
    title = title, theme = "Repairs", unit = "percentage", better = "higher",
    denominator = "done_this_year", numerator = { KIND = kind },
    target = 90, tolerance = { low = 5 }, people = false,
    definition = `{title}, out of all <done>.`, source = "Repairs system",
    published = { release = "2025", file = "homes.csv", value = "pct", where = { kind = { "E", "F" } } },
  }
end
share("emergency_pct", "Emergencies", "E")

rap.indicator "jobs_n" {
  title = "Jobs", unit = "number", population = "jobs", by = "KIND", also = "repairs",
}

rap.policy "band" { kind = "band", description = "Within the tolerance." }
rap.commentary "jobs_n" (function(f) return f.value end)
rap.layout "board" {
  description = "All.",
  sheets = function(report)
    local rows = {}
    for _, part in report:parts "jobs_n" do table.insert(rows, { indicator = part.code }) end
    if report:figure "emergency_pct".number then table.insert(rows, { indicator = "emergency_pct" }) end
    return { { name = "A", title = "A", columns = { { show = "title" }, { show = "value" } }, rows = rows } }
  end,
}
"#;

fn project() -> tempfile::TempDir {
    let folder = folder();
    std::fs::write(folder.path().join("rapporteur.toml"), "shipped_scripts = false\n")
        .expect("written");
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    std::fs::write(folder.path().join("scripts/homes.luau"), SCRIPT).expect("written");
    folder
}

#[test]
fn a_project_has_a_catalogue() {
    let folder = project();
    let run = rapporteur(folder.path(), &["docs"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    snapshots().bind(|| insta::assert_snapshot!("catalogue", run.out));
}

#[test]
fn the_page_holds_what_the_text_holds() {
    let folder = project();
    let run = rapporteur(folder.path(), &["docs", "-o", "indicators.html"]);
    assert_eq!(
        (run.code, run.out.as_str()),
        (Some(0), "wrote indicators.html\n2 indicators\n"),
        "{}",
        run.shown()
    );
    let page = std::fs::read_to_string(folder.path().join("indicators.html")).expect("written");
    // What scripts say is text, and no part of the page.
    assert!(page.contains("out of all &lt;done&gt;.") && !page.contains("<done>"), "{page}");
    // Every link leads to a place of the page, and every place is there once.
    let after = |mark: &str| -> Vec<String> {
        page.match_indices(mark)
            .filter_map(|(at, _)| page[at + mark.len()..].split('"').next().map(String::from))
            .collect()
    };
    let places = after("id=\"");
    for link in after("href=\"#") {
        assert_eq!(places.iter().filter(|place| **place == link).count(), 1, "#{link}");
    }
}

/// The shipped project: each indicator has its lines and a layout, and the words are those of
/// `explain`.
#[test]
fn the_shipped_indicators_are_all_told() {
    let folder = folder();
    let run = rapporteur(folder.path(), &["docs", "--json"]);
    let catalogue: Value = serde_json::from_str(&run.out).expect("JSON");
    let list = rapporteur(folder.path(), &["list", "--json"]);
    let list: Value = serde_json::from_str(&list.out).expect("JSON");
    let all = catalogue["indicators"].as_array().expect("indicators");
    assert_eq!(all.len(), list["indicators"].as_array().expect("indicators").len());
    for indicator in all {
        let code = indicator["code_lines"].as_str().unwrap_or_default();
        assert!(code.contains("rap.indicator"), "{indicator}");
        assert!(
            indicator["layouts"].as_array().is_some_and(|layouts| !layouts.is_empty()),
            "{indicator}"
        );
    }
    let one = all.iter().find(|i| i["code"] == "ha_pct").expect("a shipped indicator");
    let returned = root().join("examples/children-in-care-2026-27-q2.xlsx").display().to_string();
    let explained = rapporteur(folder.path(), &["explain", "ha_pct", &returned]);
    for counting in one["counting"].as_array().expect("words") {
        let words = counting["in_words"].as_str().expect("words");
        assert!(explained.out.replace("\n", " ").contains(words), "{words}: {}", explained.shown());
    }
}

/// A layout that fails is a problem, and the catalogue is written all the same.
#[test]
fn a_layout_that_fails_is_told() {
    let folder = project();
    let text = SCRIPT.replace("report:parts \"jobs_n\"", "report:prats \"jobs_n\"");
    std::fs::write(folder.path().join("scripts/homes.luau"), text).expect("written");
    let run = rapporteur(folder.path(), &["docs"]);
    assert_eq!(run.code, Some(3), "{}", run.shown());
    assert!(
        run.err.contains("did you mean `parts`?") && run.err.contains("scripts/homes.luau:"),
        "{}",
        run.shown()
    );
    assert!(run.out.contains("Emergencies"), "{}", run.shown());
}

/// Whoever copies what the catalogue prints into a script has a script that runs, and declares the
/// same.
#[test]
fn every_script_of_the_catalogue_runs_as_printed() {
    for folder in ["", "examples/annex-a", "examples/housing-repairs", "examples/complaints"] {
        let mut project = match folder {
            "" => Project::shipped(),
            folder => Project::open(Some(&root().join(folder))).expect("a project"),
        };
        // As if it were all shipped: what is printed takes its place.
        for source in &mut project.sources {
            (source.shipped, source.pack) = (true, Some("printed".to_string()));
        }
        let (engine, declared) = Engine::load(&project.sources, &mut Problems::default());
        let catalogue = Catalogue::gather(&project, &engine, &declared, &mut Problems::default());
        let plain = |indicator: &Indicator| {
            let mut plain = Indicator { measure: Measure::Typed, ..indicator.clone() };
            plain.place = Place::default();
            plain.published.iter_mut().for_each(|published| published.place = Place::default());
            format!("{plain:?}")
        };
        for entry in catalogue.themes.values().flatten() {
            let code = &entry.indicator.code;
            let text = entry.code.as_ref().expect("its lines are printed");
            let mut sources = project.sources.clone();
            let name = "scripts/printed.luau";
            sources.push(Source::own(name, text.as_str()));
            let mut problems = Problems::default();
            let (_, again) = Engine::load(&sources, &mut problems);
            let told: String = problems.iter().map(|problem| problem.render(false)).collect();
            assert!(!told.contains("error: "), "{code}\n{text}\n{told}");
            let printed = &again.indicators[code];
            assert_eq!(printed.place.file, "scripts/printed.luau", "{code}");
            assert_eq!(plain(printed), plain(entry.indicator), "{code}");
        }
    }
}
