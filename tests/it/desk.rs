//! What the officers' page asks the program for, and anybody can: commentary and settings from
//! files beside the return, words that somebody decided on, the appendix as it prints.

use std::fs;
use std::path::Path;

use crate::support::{example, folder, rapporteur, root};

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn commentary_of_another_file_takes_the_place_of_the_return_s_on_the_same() {
    let folder = example();
    let at = folder.path();
    let sheet = "Indicator or area,Commentary,Author,Figure,Checked\n\
                 ha_pct,\"Said anew, with care.\",J Hill,87.7%,\nHealth,Of the area.,,,\n";
    fs::write(at.join("said.csv"), sheet).expect("written");
    let build = |more: &[&str], html: &str| {
        let run = rapporteur(at, &[&["build", "q2.xlsx", "--html", html], more].concat());
        assert_eq!(run.code, Some(0), "{}", run.shown());
        read(at, html)
    };
    let before = build(&[], "before.html");
    let after = build(&["--commentary", "said.csv"], "after.html");
    let old = "The figure covers children who have been in care for a year or more.";
    let other = "Finding a dentist who takes new patients";
    assert!(before.contains(old) && before.contains(other));
    assert!(!after.contains(old) && after.contains("Said anew, with care."));
    assert!(after.contains("Of the area.") && !after.contains("emotional wellbeing team"));
    assert!(after.contains(other), "what the file says nothing of stays");
    fs::write(at.join("said.csv"), "a,b\n1,2\n").expect("written");
    let run = rapporteur(at, &["build", "q2.xlsx", "--commentary", "said.csv"]);
    assert!(run.err.contains("there is no commentary in this file"), "{}", run.shown());
}

#[test]
fn settings_of_another_file_take_the_place_of_the_project_s() {
    let folder = example();
    let at = folder.path();
    fs::create_dir(at.join("ours")).expect("made");
    fs::write(at.join("ours/rapporteur.toml"), "layout = \"services\"\n").expect("written");
    fs::write(at.join("other.toml"), "layout = \"targets\"\n").expect("written");
    let build = |more: &[&str], name: &str| {
        let run = rapporteur(at, &[&["build", "q2.xlsx", "-o", name], more].concat());
        assert!(matches!(run.code, Some(0 | 1)), "{}", run.shown());
        fs::read(at.join(name)).expect("written")
    };
    let targets = build(&["--template", "targets"], "a.xlsx");
    assert!(build(&["--settings", "other.toml"], "b.xlsx") == targets);
    let both = ["--project", "ours", "--settings", "other.toml"];
    assert!(build(&both, "c.xlsx") == targets);
    assert!(build(&["--project", "ours"], "d.xlsx") != targets);
    fs::write(at.join("other.toml"), "layuot = \"targets\"\n").expect("written");
    let run = rapporteur(at, &["build", "q2.xlsx", "--settings", "other.toml"]);
    assert!(run.code == Some(2) && run.err.contains("other.toml"), "{}", run.shown());
}

#[test]
fn what_somebody_decides_on_is_taken_and_nothing_else() {
    let folder = folder();
    let at = folder.path();
    let mut export =
        "Person ID,Start of episode,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE\n"
            .to_string();
    for row in 0..40 {
        let place = ["U1", "At grandma's"][row % 2];
        export.push_str(&format!("{},01/05/2026,S,C2,N1,{place},PR1,,,\n", 100 + row));
    }
    fs::write(at.join("export.csv"), export).expect("written");
    fs::write(
        at.join("choices.toml"),
        "[columns.episodes]\nCHILD = \"Person ID\"\nDECOM = \"Start of episode\"\n\n\
         [codes.episodes.PLACE]\n\"At grandma's\" = \"U1\"\n",
    )
    .expect("written");
    let told = rapporteur(at, &["map", "export.csv", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    let list = &told["lists"][0];
    assert_eq!(list["headings"][0], "Person ID");
    assert!(list["codes"]["PLACE"].as_array().is_some_and(|codes| codes.len() > 10), "{list}");
    let accept =
        ["map", "export.csv", "--accept", "--choices", "choices.toml", "--settings", "own.toml"];
    let run = rapporteur(at, &accept);
    assert!(run.out.contains("wrote 3 lines into own.toml"), "{}", run.shown());
    assert!(!at.join("rapporteur.toml").exists());
    let build = ["build", "export.csv", "--period", "2026/27 Q2", "--settings", "own.toml"];
    let run = rapporteur(at, &[&build[..], &["--figures", "f.csv"]].concat());
    assert!(run.out.contains("wrote export-appendix.xlsx"), "{}", run.shown());
    let figures = read(at, "f.csv");
    let cared = figures.lines().find(|line| line.starts_with("cla_n,")).expect("counted");
    assert!(cared.contains(",40,"), "{cared}");
}

/// The cells that a page shows, in order.
fn cells(text: &str) -> Vec<String> {
    let mut cells: Vec<String> = text
        .split("data-cell=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default().to_string())
        .collect();
    cells.sort();
    cells
}

/// The pages are those of the workbook: every figure of the web page is on one, and each says which
/// it is.
#[test]
fn the_appendix_can_be_looked_at_page_by_page() {
    let folder = example();
    let at = folder.path();
    let run = rapporteur(at, &["build", "q2.xlsx", "--printed", "p.html", "--html", "w.html"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let (pages, web) = (read(at, "p.html"), read(at, "w.html"));
    let count = pages.matches("<section class=\"sheet\"").count();
    assert!(count > 3, "{count} pages");
    for number in 1..=count {
        assert!(pages.contains(&format!("<span>Page {number} of {count}</span>")), "page {number}");
    }
    assert!(cells(&web).len() > 100);
    assert_eq!(cells(&pages), cells(&web));
    assert!(!root().join("p.html").exists());
}
