//! The commentary check on what councils really wrote: every fault that is known of their papers,
//! and no other.

use serde_json::Value;

use crate::support::{folder, rapporteur, shared, snapshots};

/// What the check says of a return: the warnings on the sheets that managers type.
fn said(file: &str) -> Vec<String> {
    let run = rapporteur(folder().path(), &["check", file, "--json"]);
    let found: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()));
    let problems = found["problems"].as_array().expect("problems").iter();
    let typed = problems.filter(|p| {
        p["severity"] == "warning" && matches!(p["sheet"].as_str(), Some("Figures" | "Commentary"))
    });
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    typed
        .map(|p| format!("{}!{}: {}", text(&p["sheet"]), text(&p["cells"][0]), text(&p["message"])))
        .collect()
}

/// How many sentences were looked at.
fn sentences(file: &str) -> usize {
    let shown = rapporteur(folder().path(), &["show", file, "--cells"]);
    let texts = shown
        .out
        .lines()
        .filter(|line| line.starts_with("Commentary\tB") && !line.starts_with("Commentary\tB1\t"));
    texts.map(|line| line.matches(". ").count() + line.matches(".\\n").count() + 1).sum()
}

#[test]
fn the_faults_of_published_papers_are_found_and_no_others() {
    let Some(shared) = shared("the_faults_of_published_papers_are_found_and_no_others") else {
        return;
    };
    let mut text = String::new();
    // Each true fault by words of its own; whatever else is said is a false alarm.
    let faults = [
        "September 2016",
        "better than similar councils",
        "cohort of 65",
        "different populations",
        "17 to 21",
    ];
    let (mut looked_at, mut found, mut false_alarms) = (0, 0, 0);
    for name in [
        "golden/nottingham-2017/return.xlsx",
        "golden/lincolnshire-2019/return.xlsx",
        "golden/derby-2018/return.xlsx",
        "golden/derby-2022/return.xlsx",
        "golden/derby-2023/return.xlsx",
        "data/returns/exampleshire-2026-27-q2.xlsx",
        "data/returns/messyshire-2025-26-q4.xlsx",
    ] {
        let file = shared.join(name);
        let file = file.to_str().expect("a plain path");
        let said = said(file);
        looked_at += sentences(file);
        for line in &said {
            match faults.iter().any(|fault| line.contains(fault)) {
                true => found += 1,
                false => false_alarms += 1,
            }
        }
        text.push_str(&format!("{name}\n"));
        text.extend(said.iter().map(|line| format!("  {line}\n")));
    }
    text.push_str(&format!("{looked_at} sentences, {found} faults, {false_alarms} false alarms\n"));
    snapshots().bind(|| insta::assert_snapshot!("commentary_of_published_papers", text));
    assert_eq!((found, false_alarms), (faults.len(), 0));
}
