//! Figures and texts that were settled elsewhere: the expected figures of made-up returns, and the
//! papers that councils really published. All but the small return lie beside the repository.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use crate::support::{folder, rapporteur, root, shared};

/// The rows of a table of figures that are the council's own, at a day, by indicator.
fn own_figures(csv: &Path, period_end: &str) -> HashMap<String, HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(csv).expect("the table was written");
    let rows =
        reader.deserialize::<HashMap<String, String>>().map(|row| row.expect("a row of the table"));
    rows.filter(|row| row["period_end"] == period_end && row["area_type"] == "council")
        .map(|row| (row["indicator"].clone(), row))
        .collect()
}

fn assert_expected(inputs: &[&Path], expected: &Path, period_end: &str, code: i32) {
    let folder = folder();
    let mut arguments = vec!["build"];
    arguments.extend(inputs.iter().map(|p| p.to_str().expect("a plain path")));
    arguments.extend(["-o", "appendix.xlsx", "--figures", "figures.csv"]);
    let run = rapporteur(folder.path(), &arguments);
    assert_eq!(run.code, Some(code), "{}", run.shown());
    let figures = own_figures(&folder.path().join("figures.csv"), period_end);
    let expected: Value =
        serde_json::from_slice(&std::fs::read(expected).expect("expected figures")).expect("JSON");
    for (indicator, numbers) in expected.as_object().expect("figures by indicator") {
        let row = figures.get(indicator).unwrap_or_else(|| panic!("no figure for {indicator}"));
        for column in ["numerator", "denominator", "value"] {
            let (got, wanted) = (row[column].parse::<f64>().ok(), numbers[column].as_f64());
            let same = match (got, wanted) {
                (Some(got), Some(wanted)) => (got - wanted).abs() <= 1e-9,
                (got, wanted) => got.is_none() && wanted.is_none(),
            };
            assert!(same, "{indicator} {column}: {got:?}, expected {wanted:?}");
        }
    }
}

/// Sixty made-up children whose figures were counted apart from the program: see `make.py` there.
#[test]
fn a_small_return_gives_the_figures_that_were_counted_apart() {
    let golden = root().join("tests/golden/small");
    let folder = folder();
    let lists = folder.path().join("lists");
    std::fs::create_dir(&lists).expect("made");
    for entry in std::fs::read_dir(&golden).expect("the small return") {
        let path = entry.expect("a list").path();
        if path.extension().is_some_and(|e| e == "csv") {
            std::fs::copy(&path, lists.join(path.file_name().expect("a name"))).expect("copied");
        }
    }
    // DfE's rules doubt some of the children: they are made up.
    assert_expected(&[&lists], &golden.join("expected.json"), "2026-09-30", 1);
}

#[test]
fn clean_and_messy_returns_give_the_expected_figures() {
    let Some(shared) = shared("clean_and_messy_returns_give_the_expected_figures") else { return };
    let returns = shared.join("data/returns");
    for (name, period_end, code) in
        [("exampleshire-2026-27-q2", "2026-09-30", 0), ("messyshire-2025-26-q4", "2026-03-31", 1)]
    {
        let expected = returns.join(format!("{name}.expected.json"));
        assert_expected(&[&returns.join(format!("{name}.xlsx"))], &expected, period_end, code);
    }
}

#[test]
fn csv_lists_with_a_cover_give_the_expected_figures() {
    let Some(shared) = shared("csv_lists_with_a_cover_give_the_expected_figures") else { return };
    let returns = shared.join("data/returns");
    let folder = folder();
    let cover = folder.path().join("cover.csv");
    std::fs::write(
        &cover,
        "Authority,Exampleshire\nPeriod end,30/09/2026\nPopulation under 18,\"56,761\"\n",
    )
    .expect("written");
    let expected = returns.join("exampleshire-2026-27-q2.expected.json");
    assert_expected(
        &[&returns.join("exampleshire-2026-27-q2-csv"), &cover],
        &expected,
        "2026-09-30",
        0,
    );
}

#[test]
fn every_fault_of_the_messy_return_is_listed() {
    let Some(shared) = shared("every_fault_of_the_messy_return_is_listed") else { return };
    let file = shared.join("data/returns/messyshire-2025-26-q4.xlsx");
    let run = rapporteur(folder().path(), &["check", file.to_str().expect("plain"), "--json"]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    let found: Value = serde_json::from_str(&run.out).expect("JSON");
    let faults: Vec<(String, String, Vec<String>)> = found["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .map(|p| {
            let text = |key: &str| p[key].as_str().unwrap_or_default().to_string();
            let cells = p["cells"]
                .as_array()
                .expect("cells")
                .iter()
                .map(|c| c.as_str().unwrap_or_default().to_string());
            (text("message"), text("sheet"), cells.collect())
        })
        .collect();
    let has = |message: &str, sheet: &str, cell: &str| {
        let found = faults.iter().any(|(m, s, cells)| {
            m.contains(message) && s == sheet && cells.iter().any(|c| c == cell)
        });
        assert!(found, "{message} at {sheet}!{cell} is not listed");
    };
    has("below 2 title rows", "Header", "A4");
    has("date held as text", "Header", "C7");
    has("blank row", "Header", "A627");
    has("total row", "Header", "A628");
    has("blank row", "Episodes", "A579");
    has("stray spaces", "Episodes", "G6");
    has("another order", "Reviews", "A1");
    has("number held as text", "OC2", "C311");
    has("another case", "OC3", "A1");
}

#[test]
fn nottinghams_paper_comes_out_word_for_word() {
    let Some(shared) = shared("nottinghams_paper_comes_out_word_for_word") else { return };
    let golden = shared.join("golden/nottingham-2017");
    let folder = folder();
    let run = rapporteur(
        folder.path(),
        &["build", golden.join("return.xlsx").to_str().expect("plain"), "-o", "a.xlsx"],
    );
    // The paper says what its figures do not: `commentary.rs` keeps which sentences.
    assert_eq!(run.code, Some(1), "{}", run.shown());
    let expected: Value =
        serde_json::from_slice(&std::fs::read(golden.join("expected.json")).expect("expected"))
            .expect("JSON");
    let mut wanted: Vec<String> = Vec::new();
    let text = |value: &Value| value.as_str().expect("a text").to_string();
    wanted.extend(["title", "section", "purpose"].map(|key| text(&expected[key])));
    wanted.extend(expected["columns"].as_array().expect("columns").iter().map(text));
    for row in expected["rows"].as_array().expect("rows") {
        wanted.extend(row.get("area").map(text));
        let texts = row
            .get("texts")
            .or_else(|| row.get("paragraphs"))
            .and_then(Value::as_array)
            .expect("texts");
        wanted.extend(texts.iter().map(text));
    }
    let shown = rapporteur(folder.path(), &["show", "a.xlsx", "--cells"]);
    let got: Vec<String> = shown
        .out
        .lines()
        .filter_map(|line| line.strip_prefix("Performance indicators\t"))
        .filter_map(|line| line.split_once('\t'))
        .map(|(_, text)| text.replace("\\n", "\n"))
        .collect();
    assert_eq!(got, wanted);
}

/// The council's own figures of a golden return, built with further scripts.
fn golden_figures(
    name: &str,
    scripts: &[(&str, &str)],
    period_end: &str,
) -> Option<(Value, HashMap<String, f64>)> {
    let golden = shared(name)?.join("golden").join(name);
    let folder = folder();
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    for (script, text) in scripts {
        std::fs::write(folder.path().join("scripts").join(script), text).expect("written");
    }
    let input = golden.join("return.xlsx");
    let arguments =
        ["build", input.to_str().expect("plain"), "-o", "a.xlsx", "--figures", "figures.csv"];
    let run = rapporteur(folder.path(), &arguments);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let expected = std::fs::read(golden.join("expected.json")).expect("expected");
    let figures = own_figures(&folder.path().join("figures.csv"), period_end);
    let number =
        |(code, row): (String, HashMap<String, String>)| Some((code, row["value"].parse().ok()?));
    Some((
        serde_json::from_slice(&expected).expect("JSON"),
        figures.into_iter().filter_map(number).collect(),
    ))
}

/// What Derby's services did in 2021/22: sums, their parts, and running totals, from tables of
/// numbers.
#[test]
fn derbys_exits_recruitment_and_homes_add_up() {
    let Some((expected, figures)) = golden_figures("derby-2022", &[], "2022-03-31") else { return };
    let exits = &expected["against_target"][0];
    let recruitment = &expected["recruitment"];
    let homes = &expected["homes"];
    let orders = &expected["adoption_orders"];
    for (code, wanted) in [
        ("exits_care", &exits["achieved"]),
        ("exits_guardians", &exits["of"]["Special guardianship order"]),
        ("exits_home", &exits["of"]["Placement with parents (reunification)"]),
        ("placed_adoption", &expected["against_target"][1]["achieved"]),
        ("adoption_orders", &orders["year"]),
        ("adoption_orders.q1_q3", &orders["Q1-Q3"]),
        ("adoption_orders.to_q1_q3", &orders["Q1-Q3"]),
        ("adoption_orders.q4", &orders["Q4"]),
        ("adoption_orders.to_q4", &orders["year"]),
        ("recruitment.initial_enquiries", &recruitment["Initial enquiries"]),
        ("recruitment.information_packs_sent", &recruitment["Information packs sent"]),
        ("recruitment.applications_returned", &recruitment["Applications returned"]),
        ("approvals", &recruitment["approved households"]),
        ("homes_n.good", &homes["Good"]),
        ("homes_n.requires_improvement", &homes["Requires Improvement"]),
        ("homes_n.not_inspected", &homes["not inspected (closed)"]),
    ] {
        assert_eq!(figures.get(code).copied(), Some(wanted.as_f64().expect("a number")), "{code}");
    }
}

/// How Derby's comparators moved from one year to the next: counted, summed and averaged by
/// functions.
#[test]
fn the_change_of_derbys_comparators_is_worked_out() {
    let script = r#"
rap.list "comparators" {
  title = "Comparators", record = "council", key = "COUNCIL", public = { "COUNCIL", "BEFORE", "NOW" },
  columns = {
    { "COUNCIL", "text" }, { "BEFORE", "number", also = "2016" }, { "NOW", "number", also = "2017" },
  },
}
rap.indicator "up" {
  title = "Went up", unit = "number", population = "comparators",
  numerator = function(council) return council.NOW > council.BEFORE end,
}
rap.indicator "before" { title = "Before", population = "comparators", sum = "BEFORE" }
rap.indicator "gain" {
  title = "Gain", population = "comparators", sum = function(council) return council.NOW - council.BEFORE end,
}
rap.indicator "total_change" {
  title = "Change of all together", unit = "percentage",
  derived_from = { "gain", "before" }, value = function(gain, before) return gain, before end,
}
rap.indicator "mean_change" {
  title = "Mean change", unit = "percentage", population = "comparators",
  average = function(council) return (council.NOW - council.BEFORE) / council.BEFORE * 100 end,
}
"#;
    let Some((expected, figures)) =
        golden_figures("derby-2018", &[("c.luau", script)], "2017-03-31")
    else {
        return;
    };
    let expected = &expected["comparators"];
    assert_eq!(figures["up"], expected["up"].as_f64().expect("a number"));
    for (code, key) in [("total_change", "total_change_pct"), ("mean_change", "mean_change_pct")] {
        let rounded = (figures[code] * 10.0).round() / 10.0;
        assert_eq!(rounded, expected[key].as_f64().expect("a number"), "{code}: {}", figures[code]);
    }
}
/// Status, direction, change and comparison of every figure, as a script can say them.
const JUDGED: &str = r#"
rap.layout "judged" {
  sheets = function(report)
    local rows, areas = {}, { "england", "statistical_neighbours", "region" }
    for _, f in report:figures() do
      local said = { f.status, f:direction "previous_quarter" or "", f:direction "previous_outturn" or "" }
      table.insert(said, f:change "previous_outturn" or "")
      table.insert(said, f:change_from "previous_outturn" or "")
      table.insert(said, f:comparison(areas) or "")
      table.insert(rows, { area = f.code, text = table.concat(said, "|") })
    end
    return { {
      name = "Judged", title = "Judged",
      columns = { { heading = "What", show = "title" }, { heading = "Value", show = "value" } },
      rows = rows,
    } }
  end,
}
"#;

/// What is said of the figures of a council's published paper, by indicator. One whose rates do not
/// go together is built with a warning.
fn judged(golden: &Path) -> HashMap<String, Vec<String>> {
    let folder = folder();
    std::fs::create_dir(folder.path().join("templates")).expect("made");
    std::fs::write(folder.path().join("templates/judged.luau"), JUDGED).expect("written");
    let file = golden.join("return.xlsx");
    let arguments =
        ["build", file.to_str().expect("plain"), "-o", "a.xlsx", "--template", "judged"];
    let run = rapporteur(folder.path(), &arguments);
    let mixed = golden.ends_with("derby-2023");
    assert_eq!(run.code, Some(i32::from(mixed)), "{}", run.shown());
    let shown = rapporteur(folder.path(), &["show", "a.xlsx", "--cells"]);
    let cells = shown
        .out
        .lines()
        .filter_map(|line| line.strip_prefix("Judged\t"))
        .filter_map(|l| l.split_once('\t'));
    let cells: HashMap<&str, &str> = cells.collect();
    let codes = cells.iter().filter_map(|(at, text)| Some((at.strip_prefix('A')?, *text)));
    codes
        .filter_map(|(row, code)| {
            let said = cells.get(format!("B{row}").as_str())?;
            Some((code.to_string(), said.split('|').map(ToString::to_string).collect()))
        })
        .collect()
}

fn expected(golden: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(golden.join("expected.json")).expect("expected"))
        .expect("JSON")
}

#[test]
fn lincolnshires_measures_are_judged_as_its_panel_read_them() {
    let Some(shared) = shared("lincolnshires_measures_are_judged_as_its_panel_read_them") else {
        return;
    };
    let golden = shared.join("golden/lincolnshire-2019");
    let (judged, expected) = (judged(&golden), expected(&golden));
    for (key, words) in
        [("not_achieved", "Not achieved"), ("achieved", "Achieved"), ("exceeded", "Exceeded")]
    {
        for code in expected[key].as_array().expect("codes") {
            let code = code.as_str().expect("a code");
            assert_eq!(judged[code][0], words, "{code}");
        }
    }
    let directions = expected["direction"].as_object().expect("directions");
    assert_eq!(directions.len(), 6);
    for (code, direction) in directions {
        assert_eq!(Some(judged[code][1].as_str()), direction.as_str(), "{code}");
    }
}

#[test]
fn derbys_changes_and_comparisons_are_those_of_its_papers() {
    let Some(shared) = shared("derbys_changes_and_comparisons_are_those_of_its_papers") else {
        return;
    };
    let golden = shared.join("golden/derby-2023");
    let (said, wanted) = (judged(&golden), expected(&golden));
    for change in wanted["changes"].as_array().expect("changes") {
        let said = &said[change["code"].as_str().expect("a code")];
        let size = change["change"].as_i64().expect("a number");
        let share = change["change_pct"].as_str().expect("a share");
        let sign = if size < 0 { '\u{2212}' } else { '+' };
        assert_eq!(said[3], format!("{sign}{} ({share})", size.abs()));
        let words = if size < 0 { "a decrease" } else { "an increase" };
        let size = match size.abs() {
            4 => "four".to_string(),
            6 => "six".to_string(),
            7 => "seven".to_string(),
            n => n.to_string(),
        };
        assert_eq!(said[4], format!("{words} of {size} ({share})"));
    }
    for comparison in wanted["comparisons"].as_array().expect("comparisons") {
        let said = &said[comparison["code"].as_str().expect("a code")];
        let words = comparison["is"].as_str().expect("words");
        let (beside, direction) = words.split_once(", ").unwrap_or((words, &said[2]));
        assert_eq!((said[5].to_lowercase().as_str(), said[2].as_str()), (beside, direction));
    }
    let golden = shared.join("golden/derby-2022");
    let (said, wanted) = (judged(&golden), expected(&golden));
    assert!(said["cla_n"][3].starts_with("\u{2212}15 "), "{:?}", said["cla_n"]);
    assert_eq!(Some(said["cl_eet_pct"][5].to_lowercase().as_str()), wanted["eet"]["is"].as_str());
    let golden = shared.join("golden/derby-2018");
    let (said, wanted) = (judged(&golden), expected(&golden));
    let share = wanted["change_to_december"]["change_pct"].as_str().expect("a share");
    assert_eq!(said["cla_n_latest"][3], format!("+28 ({share})"));
}
