//! What Derby's committees read in print, found in the appendices that are made of its returns.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use crate::support::{folder, rapporteur, root, shared};

/// The rows of an appendix, each as its texts from left to right.
fn rows(folder: &Path, file: &str) -> Vec<Vec<String>> {
    let shown = rapporteur(folder, &["show", file, "--cells"]);
    let mut rows: Vec<((String, String), Vec<String>)> = Vec::new();
    for line in shown.out.lines() {
        let [sheet, cell, text] = line.splitn(3, '\t').collect::<Vec<_>>()[..] else { continue };
        let place = (
            sheet.to_string(),
            cell.trim_start_matches(|c: char| c.is_ascii_alphabetic()).to_string(),
        );
        match rows.last_mut() {
            Some((last, texts)) if *last == place => texts.push(text.to_string()),
            _ => rows.push((place, vec![text.to_string()])),
        }
    }
    rows.into_iter().map(|(_, texts)| texts).collect()
}

/// Fails unless a row has this name, and behind it these texts in this order, others between them
/// or not.
#[track_caller]
fn assert_row(rows: &[Vec<String>], name: &str, wanted: &[String]) {
    let holds = |row: &&Vec<String>| {
        let mut texts = row.iter().skip(1);
        row[0].eq_ignore_ascii_case(name)
            && wanted.iter().all(|text| texts.any(|t| t.eq_ignore_ascii_case(text)))
    };
    let named: Vec<_> = rows.iter().filter(|row| row[0].eq_ignore_ascii_case(name)).collect();
    assert!(rows.iter().any(|row| holds(&row)), "{name}: {wanted:?} not in {named:?}");
}

fn expected(golden: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(golden.join("expected.json")).expect("expected"))
        .expect("JSON")
}

#[test]
fn services_of_2022_stand_in_their_tables() {
    let Some(shared) = shared("services_of_2022_stand_in_their_tables") else { return };
    let golden = shared.join("golden/derby-2022");
    let folder = folder();
    let input = golden.join("return.xlsx");
    let input = input.to_str().expect("plain");
    let run =
        rapporteur(folder.path(), &["build", input, "--template", "services", "-o", "a.xlsx"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert!(run.err.is_empty() && !run.out.contains("warning"), "{}", run.shown());
    let (rows, wanted) = (rows(folder.path(), "a.xlsx"), expected(&golden));
    let text = |value: &Value| value.to_string();

    let change = &wanted["changes"][0];
    let less = format!("\u{2212}{} (2.3%)", -change["change"].as_i64().expect("a number"));
    assert_row(
        &rows,
        "Children in care at 31 March",
        &[text(&change["to"]), text(&change["from"]), less],
    );
    assert_row(
        &rows,
        "Children in internal foster placements",
        &["119", "99", "+20 (20%)"].map(String::from),
    );
    for (name, wanted) in [
        ("Exits from care by order or reunification", &wanted["against_target"][0]),
        ("Children placed for adoption", &wanted["against_target"][1]),
    ] {
        assert_eq!(wanted["met"], false);
        assert_row(
            &rows,
            name,
            &[text(&wanted["achieved"]), text(&wanted["target"]), "Not achieved".to_string()],
        );
    }
    let eet = &wanted["eet"];
    let mut beside =
        [&eet["value"], &eet["neighbours"], &eet["england"]].map(|n| format!("{n}%")).to_vec();
    beside.push(eet["is"].as_str().expect("words").to_string());
    assert_row(&rows, "Care leavers in employment, education or training", &beside);

    // The ways out of care are columns of one table.
    let exits = &wanted["against_target"][0];
    let at = rows
        .iter()
        .position(|row| row[0].starts_with("Left care by order"))
        .expect("a table of exits");
    assert_eq!(
        rows[at + 1][1..],
        ["Special guardianship orders", "Returned to parents", "Children", "Total so far"]
    );
    let of = &exits["of"];
    let numbers = [
        &of["Special guardianship order"],
        &of["Placement with parents (reunification)"],
        &exits["achieved"],
    ];
    assert_row(&rows[at..at + 4], "Total", &numbers.map(text));
    assert_row(
        &rows[at..at + 5],
        "Target for the year",
        &[text(&exits["target"]), "Not achieved".to_string()],
    );

    let orders = &wanted["adoption_orders"];
    let at = rows
        .iter()
        .position(|row| row[0].starts_with("Adoption orders granted, "))
        .expect("a table of orders");
    for (name, numbers) in [
        ("Q1-Q3", vec![&orders["Q1-Q3"], &orders["Q1-Q3"]]),
        ("Q4", vec![&orders["Q4"], &orders["year"]]),
        ("Total", vec![&orders["year"]]),
    ] {
        assert_row(&rows[at..at + 5], name, &numbers.into_iter().map(text).collect::<Vec<_>>());
    }
    let names: Vec<&str> = rows[at + 2..at + 4].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, ["Q1-Q3", "Q4"], "in the return's order");

    let stages = &wanted["recruitment"];
    for stage in ["Initial enquiries", "Information packs sent", "Applications returned"] {
        assert_row(&rows, stage, &[text(&stages[stage])]);
    }
    assert_row(&rows, "Households approved", &[text(&stages["approved households"])]);

    let homes = &wanted["homes"];
    for (name, key) in [
        ("Good", "Good"),
        ("Requires improvement", "Requires Improvement"),
        ("Not inspected", "not inspected (closed)"),
    ] {
        assert_row(&rows, name, &[text(&homes[key])]);
    }
    assert_row(&rows, "Home 3", &["Open", "Good"].map(String::from));
    assert_row(&rows, "Home 5", &["Temporarily closed", "–"].map(String::from));
}

/// A page of an analyst's own about the councils that Derby compares itself with. England's counts
/// are no part of the return: an earlier report's table has them.
#[test]
fn comparators_of_2018_on_a_page_of_ones_own() {
    let Some(shared) = shared("comparators_of_2018_on_a_page_of_ones_own") else { return };
    let golden = shared.join("golden/derby-2018");
    let folder = folder();
    let page = std::fs::read_to_string(root().join("tests/it/comparators.luau")).expect("the page");
    for (place, text) in [
        (
            "rapporteur.toml",
            "history = \"history\"\n\n[authority]\nname = \"Derby\"\ncode = \"E06000015\"\n",
        ),
        ("scripts/comparators.luau", page.as_str()),
        ("history/england.csv", ENGLAND),
    ] {
        let path = folder.path().join(place);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let input = golden.join("return.xlsx");
    let input = input.to_str().expect("plain");
    let run =
        rapporteur(folder.path(), &["build", input, "--template", "comparators", "-o", "a.xlsx"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let (rows, wanted) = (rows(folder.path(), "a.xlsx"), expected(&golden));
    let said: HashMap<&str, &str> = rows
        .iter()
        .filter(|row| row.len() > 1)
        .map(|row| (row[0].as_str(), row[1].as_str()))
        .collect();

    let ours = &wanted["change_to_december"];
    let share = ours["change_pct"].as_str().expect("a share");
    assert_eq!(said["Derby"], format!("{} from {}, +28 ({share})", ours["to"], ours["from"]));
    let theirs = &wanted["comparators"];
    assert_eq!(said["Comparators that went up"], format!("{} of {}", theirs["up"], theirs["of"]));
    assert_eq!(said["All comparators together"], format!("{}%", theirs["total_change_pct"]));
    assert_eq!(said["Mean of the comparators' changes"], format!("{}%", theirs["mean_change_pct"]));
    assert_eq!(said["England"], format!("+2,230 ({}%)", wanted["england_change_pct"]));
    assert_row(&rows, "Comparator 1", &["500", "530"].map(String::from));
}

/// As `figures.csv` has it, of which fewer columns will do.
const ENGLAND: &str = "\
indicator,area_type,area,area_code,period,period_end,value,printed,reported_in
cla_n,country,England,E92000001,2015/16,2016-03-31,70440,\"70,440\",2016/17
cla_n,country,England,E92000001,2016/17,2017-03-31,72670,\"72,670\",2016/17
";
