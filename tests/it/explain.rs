//! `explain` lists exactly the records that count, and their cells are the right ones in the file.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{example, folder, rapporteur, root, snapshots};

/// A list of ten children by hand, so that a person can count along.
const OC2: &str =
    "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,\
     HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED
900001,01/01/2015,10,,0,,1,1,1,0,0,0
900002,01/01/2015,20,,0,,1,1,0,0,0,0
900003,01/01/2023,,SDQ1,0,1,1,0,1,0,0,0

900004,01/01/2010,17,,1,,0,1,1,0,0,0
900005,01/01/2009,,SDQ4,0,,1,1,,0,0,0
Total: 5,,,,,,,,,,,
";

fn explained(code: &str) -> Value {
    let folder = folder();
    std::fs::write(folder.path().join("oc2.csv"), OC2).expect("written");
    let run = rapporteur(
        folder.path(),
        &["explain", code, "oc2.csv", "--period", "2026/27 Q1/Q2", "--json"],
    );
    assert_eq!(run.code, Some(0), "{}", run.shown());
    serde_json::from_str(&run.out).expect("JSON")
}

fn rows(records: &Value) -> Vec<u64> {
    records.as_array().expect("records").iter().map(|r| r["row"].as_u64().expect("a row")).collect()
}

#[test]
fn numerator_and_denominator_are_told_by_row_and_cell() {
    let ha = explained("ha_pct");
    assert_eq!(rows(&ha["numerator_records"]), [2, 4, 6]);
    assert_eq!(rows(&ha["denominator_records"]), [2, 3, 4, 6, 7]);
    assert_eq!(ha["numerator_records"][2]["cells"]["HEALTH_ASSESSMENT"], "I6");
    assert_eq!(ha["numerator_records"][2]["cells"]["CHILD"], "A6");
    assert_eq!(
        (ha["numerator"].as_f64(), ha["denominator"].as_f64(), ha["value"].as_f64()),
        (Some(3.0), Some(5.0), Some(60.0))
    );
    let concern = explained("sdq_concern_pct");
    assert_eq!(rows(&concern["numerator_records"]), [3, 6]);
    assert_eq!(rows(&concern["denominator_records"]), [2, 3, 6]);
}

/// A part and a running total are explained like any other figure: by the total's rule and their
/// own.
#[test]
fn parts_are_told_by_row_and_cell() {
    let folder = folder();
    std::fs::write(folder.path().join("oc2.csv"), OC2).expect("written");
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    let script = "rap.indicator \"sdq\" {\n  title = \"Scores\", population = \"oc2\", \
                  sum = \"SDQ_SCORE\",\n  \
                  by = \"CONVICTED\", running = true,\n}";
    std::fs::write(folder.path().join("scripts/x.luau"), script).expect("written");
    for (code, wanted, value) in [
        ("sdq", vec![2, 3, 6], 47.0),
        ("sdq.no", vec![2, 3], 30.0),
        ("sdq.to_yes", vec![2, 3, 6], 47.0),
    ] {
        let run = rapporteur(
            folder.path(),
            &["explain", code, "oc2.csv", "--period", "2026/27 Q1/Q2", "--json"],
        );
        assert_eq!(run.code, Some(0), "{}", run.shown());
        let told: Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(
            (rows(&told["numerator_records"]), told["value"].as_f64()),
            (wanted, Some(value)),
            "{code}"
        );
    }
    let run =
        rapporteur(folder.path(), &["explain", "sdq.yes", "oc2.csv", "--period", "2026/27 Q1/Q2"]);
    assert!(run.out.contains("rule, sum of SDQ_SCORE: all records of oc2"), "{}", run.shown());
    assert!(
        run.out.contains("rule, part of sdq: those of which CONVICTED is 1"),
        "{}",
        run.shown()
    );
}

#[test]
fn values_are_shown_only_on_request() {
    let folder = folder();
    std::fs::write(folder.path().join("oc2.csv"), OC2).expect("written");
    let arguments = ["explain", "ha_pct", "oc2.csv", "--period", "2026/27 Q1/Q2"];
    let run = rapporteur(folder.path(), &arguments);
    assert!(!run.out.contains("90000") && !run.err.contains("90000"), "{}", run.shown());
    snapshots().bind(|| insta::assert_snapshot!("explain_ha_pct", run.out));
    let run = rapporteur(folder.path(), &[&arguments[..], &["--show-values"]].concat());
    assert!(run.out.contains("900001"), "{}", run.shown());
}

/// For every percentage of the example: the records told are as many as counted, the numerator's
/// are among the denominator's, and each cell that is named lies in the column that bears its name.
#[test]
fn every_percentage_of_the_example_is_explained() {
    let folder = folder();
    let example = root().join("examples/children-in-care-2026-27-q2.xlsx");
    std::fs::copy(&example, folder.path().join("return.xlsx")).expect("copied");
    let run = rapporteur(folder.path(), &["build", "return.xlsx", "--trail", "trail.json"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let trail: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("trail.json")).expect("written"))
            .expect("JSON");
    let cells = rapporteur(folder.path(), &["show", "return.xlsx", "--cells"]).out;
    let headings: BTreeSet<(&str, &str, &str)> = cells
        .lines()
        .filter_map(|line| {
            let mut parts = line.split('\t');
            let (sheet, address, text) = (parts.next()?, parts.next()?, parts.next()?);
            Some((
                sheet,
                address.strip_suffix('1').filter(|a| a.bytes().all(|b| b.is_ascii_uppercase()))?,
                text,
            ))
        })
        .collect();
    let mut percentages = 0;
    for figure in trail
        .as_array()
        .expect("figures")
        .iter()
        .filter(|f| f["unit"] == "percentage" && f["origin"] == "calculated")
    {
        percentages += 1;
        let (numerator, denominator) =
            (&figure["numerator_records"], &figure["denominator_records"]);
        let (n, d) = (rows(numerator), rows(denominator));
        assert_eq!(
            n.len() as f64,
            figure["numerator"].as_f64().expect("counted"),
            "{}",
            figure["indicator"]
        );
        assert_eq!(
            d.len() as f64,
            figure["denominator"].as_f64().expect("counted"),
            "{}",
            figure["indicator"]
        );
        assert!(n.iter().all(|row| d.contains(row)), "{}", figure["indicator"]);
        for record in denominator.as_array().expect("records") {
            let sheet = record["sheet"].as_str().expect("a sheet");
            for (name, cell) in record["cells"].as_object().expect("cells") {
                let column =
                    cell.as_str().expect("a cell").trim_end_matches(|c: char| c.is_ascii_digit());
                assert!(
                    headings.contains(&(sheet, column, name)),
                    "{sheet}!{cell} is not in column {name}"
                );
            }
        }
    }
    assert!(percentages > 30, "{percentages}");
}

/// What `explain --cell` says of cells of every kind, side by side.
#[test]
fn a_cell_of_the_appendix_is_followed_back() {
    let folder = example();
    let mut told = String::new();
    let board = [
        "performance indicators!$C$9",
        "B14",
        "A8",
        "'Notes and definitions'!A5",
        "Performance indicators!A5",
        "A6",
    ];
    let targets = ["Measures!A7", "Measures!D7", "Measures!F7", "Measures!C8"];
    let of = |layout: &'static str| move |cell: &&'static str| (layout, *cell);
    for (layout, cell) in board.iter().map(of("board")).chain(targets.iter().map(of("targets"))) {
        let run = rapporteur(
            folder.path(),
            &["explain", "--cell", cell, "q2.xlsx", "--template", layout],
        );
        assert_eq!(run.code, Some(0), "{cell}: {}", run.shown());
        told.push_str(&format!(
            "$ rapporteur explain --cell \"{cell}\" q2.xlsx --template {layout}\n{}\n",
            run.out
        ));
    }
    snapshots().bind(|| insta::assert_snapshot!("explain_cells", told));
}

/// The figure in a cell is the one that is told of, down to its rows.
#[test]
fn a_figure_of_a_cell_is_explained_to_its_rows() {
    let folder = example();
    let run = rapporteur(folder.path(), &["explain", "--cell", "D15", "q2.xlsx", "--json"]);
    let told: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (told["cell"]["printed"].as_str(), told["figure"]["shown"].as_str()),
        (Some("67.1%"), Some("67.1%"))
    );
    assert_eq!(
        (told["figure"]["indicator"].as_str(), told["exit_code"].as_u64()),
        (Some("foster_pct"), Some(0))
    );
    let counted = told["figure"]["numerator"].as_f64().expect("counted");
    assert_eq!(rows(&told["figure"]["numerator_records"]).len() as f64, counted);
}

#[test]
fn a_cell_that_is_not_there_is_answered_with_one_that_is() {
    let folder = example();
    let asked = |cell: &str| rapporteur(folder.path(), &["explain", "--cell", cell, "q2.xlsx"]);
    for (cell, said) in [
        ("D400", "the nearest that is not is Performance indicators!"),
        ("Notes and defintions!A1", "did you mean `Notes and definitions`?"),
        ("D", "`D` is not understood as a cell"),
    ] {
        let run = asked(cell);
        assert!(run.err.contains(said), "{}", run.shown());
        assert_eq!(run.code, Some(2), "{}", run.shown());
    }
}

/// What a rule hides, and what it hides for the sake of another, is told on the officer's desk.
#[test]
fn a_hidden_figure_says_by_what_rule_and_for_whose_sake() {
    let folder = example();
    let told = |code: &str| {
        rapporteur(folder.path(), &["explain", code, "q2.xlsx", "--disclosure", "dfe"]).out
    };
    let small = told("cao_pct");
    assert!(
        small.contains(
            "in the report: Suppressed, hidden by the rule dfe: it tells of 1 to 5 people"
        ),
        "{small}"
    );
    let other = told("sgo_pct");
    assert!(other.contains("hidden by the rule dfe: to protect cao_pct"), "{other}");
    assert!(!told("foster_pct").contains("hidden by"), "foster_pct is shown");
}

/// Several figures, a theme, and the page for a colleague: private, and without a child's number
/// unless asked for.
#[test]
fn several_figures_become_a_private_page() {
    let folder = example();
    let run = rapporteur(
        folder.path(),
        &["explain", "ha_pct, DENT_PCT, HA_PCT", "q2.xlsx", "--html", "why.html"],
    );
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let page = std::fs::read_to_string(folder.path().join("why.html")).expect("written");
    assert!(
        page.contains("Private: not for publication")
            && page.contains("ha_pct")
            && page.contains("dent_pct")
    );
    assert_eq!(page.matches("<h2>").count(), 2, "a figure that is named twice is told once");
    assert!(
        page.contains(">q2.xlsx  OC2, rows</th>") && page.contains(">Rule, numerator</th>"),
        "names keep their case"
    );
    assert!(!page.contains("<th scope=\"col\">CHILD</th>"), "no values were asked for");
    let arguments = ["explain", "ha_pct", "q2.xlsx", "--html", "why.html", "--show-values"];
    let run = rapporteur(folder.path(), &arguments);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let page = std::fs::read_to_string(folder.path().join("why.html")).expect("written");
    assert!(page.contains("<th scope=\"col\">CHILD</th>"), "values were asked for");
    let theme = rapporteur(folder.path(), &["explain", "health", "q2.xlsx"]);
    assert!(
        theme.out.contains("\nha_pct  ") || theme.out.starts_with("ha_pct  "),
        "{}",
        theme.shown()
    );
    let run = rapporteur(folder.path(), &["explain", "ha_pc", "q2.xlsx"]);
    assert!(run.err.contains("did you mean `ha_pct`?"), "{}", run.shown());
}

/// A figure that a manager typed in place of counting is not said to be counted.
#[test]
fn a_typed_figure_is_not_said_to_be_counted() {
    let folder = folder();
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("figures.csv", "Indicator,Value,Previous out-turn\nha_pct,91.5%,90%\n");
    let run =
        rapporteur(folder.path(), &["explain", "ha_pct", "figures.csv", "--period", "2026/27 Q2"]);
    assert!(run.out.contains("91.5%, typed on the Figures sheet"), "{}", run.shown());
    assert!(
        run.out.contains("not counted here; from a return's lists it would be:"),
        "{}",
        run.shown()
    );
    assert!(!run.out.contains("\n  numerator: "), "no row counts: {}", run.shown());
}

/// A project with a rule and a check, and seven stays of five people. One row cannot be counted,
/// and a rule sees it all the same.
fn stays() -> tempfile::TempDir {
    let script = r#"
rap.list "stays" {
  title = "Stays", record = "stay", key = "ID", starts = "FROM", ends = "TO",
  columns = {
    { "ID", "id", personal = true }, { "FROM", "date", required = true }, { "TO", "date" },
    { "KIND", codes = { "A", "B" } },
  },
}
rap.population "open" { from = "stays", where = { TO = rap.blank } }
rap.indicator "stays_n" { title = "Stays", unit = "number", population = "stays" }
rap.indicator "open_n" { title = "Open stays", unit = "number", population = "open" }
rap.check "odd" {
  rule = "7", on = "stays", column = { "FROM", "KIND" }, from = "2024/25",
  fails   = { KIND = "B", open = rap.filled },
  message = "somebody who is still here has a stay of kind B",
  hint    = "give the stay its kind",
  moves   = { "stays_n", "open_n" },
}
rap.check "later" { on = "stays", fails = { KIND = "A" }, message = "kind A is gone", from = "2040/41" }
"#;
    let rows = "ID,FROM,TO,KIND\nP1,01/05/2026,,A\nP1,01/04/2026,01/05/2026,B\nP2,01/04/2026,,A\n\
                P3,02/04/2026,,B\nP3,never,,B\nP4,02/04/2026,03/04/2026,B\n";
    let folder = folder();
    let write = |name: &str, text: &str| {
        std::fs::create_dir_all(folder.path().join("scripts")).expect("made");
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    write("rapporteur.toml", "shipped_scripts = false\n");
    write("scripts/stays.luau", script);
    write("stays.csv", rows);
    folder
}

/// A rule by its number, a check by its name: what it says, which cells, which figures and by how
/// many. What stands in the cells is told on request alone.
#[test]
fn a_check_is_told_with_its_records_cells_and_figures() {
    let folder = stays();
    let run = |arguments: &[&str]| {
        let always = ["stays.csv", "--period", "2026/27 Q1"];
        let run = rapporteur(folder.path(), &[&["explain"], arguments, &always].concat());
        assert_eq!(run.code, Some(0), "{}", run.shown());
        run.out
    };
    let text = run(&["7"]);
    snapshots().bind(|| insta::assert_snapshot!("explain__rule", text));
    for also in ["odd", "rule 7", "DfE 7"] {
        assert_eq!(run(&[also]), text, "{also}");
    }
    assert!(!text.contains("P3"), "a value is told");
    assert!(run(&["7", "--show-values"]).contains("ID P3, FROM 2026-04-02, KIND B"));

    let told: Value = serde_json::from_str(&run(&["7", "--json"])).expect("JSON");
    assert_eq!(rows(&told["found"][0]["records"]), [3, 5, 6]);
    assert_eq!(told["found"][0]["records"][0]["cells"]["FROM"], "B3");
    assert_eq!(
        (&told["figures"][0]["from"], &told["figures"][0]["to"]),
        (&"5".into(), &"3".into())
    );

    let later = run(&["later"]);
    assert!(later.contains("not asked: it does not hold in 2026/27 Q1"), "{later}");
    let both: Value = serde_json::from_str(&run(&["stays_n,7,later", "--json"])).expect("JSON");
    let lengths = ["figures", "checks"].map(|kind| both[kind].as_array().map(Vec::len));
    assert_eq!(lengths, [Some(1), Some(2)]);

    let page = folder.path().join("odd.html");
    run(&["7", "--html", "odd.html"]);
    let page = std::fs::read_to_string(page).expect("a page");
    for told in ["B3, B5-B6", "goes from 5 to 3", "Found: 3 records of Stays", "noindex"] {
        assert!(page.contains(told), "{told}: {page}");
    }
}

/// A column that the return lacks stands in no cell, not in the first one.
#[test]
fn a_column_that_is_not_there_is_looked_at_nowhere() {
    let folder = example();
    let run = rapporteur(folder.path(), &["explain", "rule_1015", "q2.xlsx"]);
    assert!(run.out.contains("PL_LOCATION in column N"), "{}", run.shown());
    assert!(!run.out.contains("PL_LA in column"), "{}", run.shown());
    let run = rapporteur(folder.path(), &["explain", "rule_1015", "q2.xlsx", "--json"]);
    assert!(!run.out.contains("\"PL_LA\":"), "{}", run.shown());
}
