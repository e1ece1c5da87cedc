//! A report of each return in a folder.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::{example, folder, rapporteur, root, snapshots};

/// Two returns of councils, a folder of CSV lists, and a file that is no return.
fn returns(folder: &Path) {
    let example = root().join("examples/children-in-care-2026-27-q2.xlsx");
    for name in ["returns/derby", "returns/poole/lists"] {
        std::fs::create_dir_all(folder.join(name)).expect("made");
    }
    for name in ["returns/derby/q1.xlsx", "returns/derby/q2.xlsx"] {
        std::fs::copy(&example, folder.join(name)).expect("copied");
    }
    let list = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,\
                PL_POST,URN\n\
                900001,03/04/2025,S,C2,N1,U4,PR1,,,,AB1 0JA,AB1 0JB,\n";
    std::fs::write(folder.join("returns/poole/lists/Episodes.csv"), list).expect("written");
    std::fs::write(folder.join("returns/broken.xlsx"), "PK\u{3}\u{4} and no more")
        .expect("written");
}

/// Every file of a folder and those below it, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("inside").display().to_string();
            found.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
    found
}

const PERIOD: [&str; 2] = ["--period", "2026/27 Q1/Q2"];

#[test]
fn each_return_gets_the_report_that_it_gets_alone() {
    let here = folder();
    returns(here.path());
    let asked = ["build", "returns", "--jobs", "3", "-o", "reports", "--figures", "figures.csv"];
    let run = rapporteur(here.path(), &[&asked[..], &PERIOD].concat());
    assert_eq!(run.code, Some(4), "the worst of them decides: {}", run.shown());
    let made = files(&here.path().join("reports"));
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "derby/q1-appendix.xlsx",
            "derby/q1-figures.csv",
            "derby/q2-appendix.xlsx",
            "derby/q2-figures.csv",
            "poole/lists-appendix.xlsx",
            "poole/lists-figures.csv",
            "problems.csv",
            "rapporteur-done.jsonl",
            "summary.csv",
        ]
    );
    let alone = [["returns/derby/q2.xlsx", "derby/q2"], ["returns/poole/lists", "poole/lists"]];
    for [input, stem] in alone {
        let asked = ["build", input, "-o", "alone.xlsx", "--figures", "alone.csv"];
        rapporteur(here.path(), &[&asked[..], &PERIOD].concat());
        for (one, ending) in [("alone.xlsx", "appendix.xlsx"), ("alone.csv", "figures.csv")] {
            let alone = std::fs::read(here.path().join(one)).expect("written");
            assert!(made[&format!("{stem}-{ending}")] == alone, "{input}: {ending}");
        }
    }
    let summary = String::from_utf8_lossy(&made["summary.csv"]).into_owned();
    snapshots().bind(|| insta::assert_snapshot!("many_summary", summary));
    let problems = String::from_utf8_lossy(&made["problems.csv"]).into_owned();
    assert!(problems.contains("broken.xlsx,error,"), "{problems}");
}

#[test]
fn the_table_of_a_run_fits_a_terminal_and_says_what_became_of_each() {
    let here = folder();
    returns(here.path());
    let asked = ["build", "returns", "--jobs", "1", "-o", "reports"];
    let run = rapporteur(here.path(), &[&asked[..], &PERIOD].concat());
    let numberless: String = run.out.lines().map(without_seconds).collect();
    assert!(run.out.lines().all(|line| line.chars().count() <= 80), "{}", run.out);
    snapshots().bind(|| insta::assert_snapshot!("many_table", numberless));
}

/// A line of the table; how long a return took differs from run to run.
fn without_seconds(line: &str) -> String {
    let took = line.rsplit_once("  ").filter(|(_, last)| last.trim().parse::<f64>().is_ok());
    format!("{}\n", took.map_or(line, |(rest, _)| rest).trim_end())
}

#[test]
fn a_run_goes_on_where_it_was_stopped_and_does_again_what_has_changed() {
    let here = folder();
    returns(here.path());
    let asked = ["build", "returns", "--jobs", "2", "-o", "reports", "--resume", "--json"];
    let again = || {
        let run = rapporteur(here.path(), &[&asked[..], &PERIOD].concat());
        let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        let returns = json["returns"].as_array().expect("a list").clone();
        let left = returns.iter().filter(|one| one["taken_over"] == true);
        left.map(|one| one["return"].as_str().unwrap_or_default().to_string()).collect::<Vec<_>>()
    };
    assert!(again().is_empty(), "nothing was there to take over");
    let all = ["broken.xlsx", "derby/q1.xlsx", "derby/q2.xlsx", "poole/lists"];
    assert_eq!(again(), all);
    // A file that somebody changed or took away is made again.
    let reports = here.path().join("reports");
    std::fs::write(reports.join("derby/q1-appendix.xlsx"), "changed").expect("written");
    assert_eq!(again(), [all[0], all[2], all[3]]);
    assert!(std::fs::read(reports.join("derby/q1-appendix.xlsx")).expect("there").len() > 1_000);
    // So is a return that has changed.
    let list = here.path().join("returns/poole/lists/Episodes.csv");
    let text = std::fs::read_to_string(&list).expect("there").replace("AB1 0JB", "AB1 0JC");
    std::fs::write(&list, text).expect("written");
    assert_eq!(again(), all[..3]);
    // A run that was killed leaves half a line at most.
    let record = reports.join("rapporteur-done.jsonl");
    let text = std::fs::read_to_string(&record).expect("there");
    let line = text.lines().find(|line| line.contains("derby/q2.xlsx")).expect("a line");
    std::fs::write(&record, format!("{line}\n{}", &line[..20])).expect("written");
    assert_eq!(again(), ["derby/q2.xlsx"]);
}

#[test]
fn what_a_run_left_beside_the_returns_is_no_return() {
    let here = folder();
    returns(here.path());
    let asked = ["build", "returns", "--jobs", "2", "--figures", "figures.csv", "--json"];
    for round in 0..2 {
        let run = rapporteur(here.path(), &[&asked[..], &PERIOD].concat());
        let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(json["returns"].as_array().map(Vec::len), Some(4), "round {round}");
    }
}

#[test]
fn a_folder_is_named_alone() {
    let here = example();
    for asked in [["build", "q2.xlsx", "--jobs", "2"], ["build", "--jobs", "2", "."]] {
        let run = rapporteur(here.path(), &asked);
        let fine = asked[1] == "--jobs";
        assert_eq!(run.code, Some(if fine { 0 } else { 2 }), "{}", run.shown());
    }
    std::fs::create_dir(here.path().join("empty")).expect("made");
    let run = rapporteur(here.path(), &["build", "empty", "--jobs", "2"]);
    assert!(run.err.contains("there is no return in the folder"), "{}", run.shown());
}
