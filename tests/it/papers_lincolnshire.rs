//! Lincolnshire's panel item of Q2 2019/20: measures against targets, as the shipped layout prints
//! them.

use std::collections::HashMap;

use serde_json::Value;

use crate::support::{Run, folder, rapporteur, shared};

/// The cells of a sheet, by row: the texts from left to right.
fn rows(shown: &Run, sheet: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for line in shown.out.lines().filter_map(|line| line.strip_prefix(sheet)?.strip_prefix('\t')) {
        let (cell, text) = line.split_once('\t').expect("a cell and its text");
        let row = cell.trim_start_matches(|c: char| c.is_ascii_uppercase()).to_string();
        match rows.last_mut().filter(|(last, _)| *last == row) {
            Some((_, texts)) => texts.push(text.to_string()),
            None => rows.push((row, vec![text.to_string()])),
        }
    }
    rows.into_iter().map(|(_, texts)| texts).collect()
}

#[test]
fn lincolnshires_exceptions_and_measures_are_printed_as_its_panel_read_them() {
    let Some(shared) =
        shared("lincolnshires_exceptions_and_measures_are_printed_as_its_panel_read_them")
    else {
        return;
    };
    let golden = shared.join("golden/lincolnshire-2019");
    let expected: Value =
        serde_json::from_slice(&std::fs::read(golden.join("expected.json")).expect("expected"))
            .expect("JSON");
    let folder = folder();
    let file = golden.join("return.xlsx");
    let arguments =
        ["build", file.to_str().expect("plain"), "-o", "a.xlsx", "--template", "targets", "--json"];
    let run = rapporteur(folder.path(), &arguments);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let told: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(told["problems"].as_array().map(Vec::len), Some(0), "{}", run.out);
    let shown = rapporteur(folder.path(), &["show", "a.xlsx", "--cells"]);

    // Titles, actuals, targets and commentary stand in the return.
    let typed = rapporteur(folder.path(), &["show", file.to_str().expect("plain"), "--cells"]);
    let figures: HashMap<String, Vec<String>> =
        rows(&typed, "Figures").into_iter().map(|row| (row[0].clone(), row)).collect();
    let commentary: HashMap<String, String> = rows(&typed, "Commentary")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    let codes = |key: &str| -> Vec<String> {
        let codes = expected[key].as_array().expect("codes");
        codes.iter().map(|code| code.as_str().expect("a code").to_string()).collect()
    };
    let direction = |code: &str| match expected["direction"][code].as_str().expect("a direction") {
        "improving" => "▲ Improving",
        "worsening" => "▼ Worsening",
        "no change" => "► No change",
        other => panic!("no words for {other}"),
    };

    let exceptions = rows(&shown, "Exceptions");
    let missed = codes("not_achieved");
    assert_eq!(expected["summary"], serde_json::json!({ "measures": 6, "outside_target": 2 }));
    assert_eq!(exceptions[1], ["Two measures are outside the target"]);
    assert_eq!(exceptions[2], ["4 of 6 measures achieved; 2 not achieved"]);
    let ranges = ["73% to 76%", "58% to 61%"];
    let wanted: Vec<Vec<String>> = missed
        .iter()
        .zip(ranges)
        .map(|(code, range)| {
            let row = &figures[code];
            let (actual, target) = (format!("{}%", row[3]), format!("{}%", row[4]));
            let said = &commentary[code];
            [
                &row[1],
                actual.as_str(),
                target.as_str(),
                range,
                "Not achieved",
                direction(code),
                said,
            ]
            .map(ToString::to_string)
            .to_vec()
        })
        .collect();
    // Nothing else is among the exceptions, or below them.
    assert_eq!(exceptions[4..], wanted);

    // Each measure has its title, numbered in the return's order, and its status and direction
    // below.
    let measures = rows(&shown, "Measures");
    let order: Vec<String> =
        rows(&typed, "Figures").into_iter().skip(1).map(|row| row[0].clone()).collect();
    assert_eq!(order.len(), 6);
    for (number, code) in (1..).zip(&order) {
        let title = format!("{number}. {}", figures[code][1]);
        let at = measures.iter().position(|row| row == std::slice::from_ref(&title));
        let block = &measures[at.unwrap_or_else(|| panic!("there is no block {title}"))..];
        let line = block.iter().position(|row| row[0] == "Status").expect("a row of headings") + 1;
        let status = ["not_achieved", "achieved", "exceeded"]
            .into_iter()
            .find(|key| codes(key).contains(code));
        let status = match status.expect("every measure has a status") {
            "not_achieved" => "Not achieved",
            "achieved" => "Achieved",
            _ => "Exceeded",
        };
        assert_eq!(
            (block[line][0].as_str(), block[line][3].as_str()),
            (status, direction(code)),
            "{code}"
        );
        // What the panel was told of a measure stands in its block, and in no other.
        let about = block[line + 1..].iter().take_while(|row| row.len() == 2);
        let told: Vec<&str> = about
            .filter(|row| row[0] == "About the latest performance")
            .map(|row| row[1].as_str())
            .collect();
        assert_eq!(
            told,
            commentary.get(code).map(String::as_str).into_iter().collect::<Vec<_>>(),
            "{code}"
        );
    }
}
