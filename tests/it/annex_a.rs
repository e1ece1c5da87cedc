//! Another return altogether, without a line of Rust: Ofsted's Annex A, from its eleven lists to an
//! overview. Every figure is held against an account in Python.

use std::collections::BTreeMap;
use std::process::Command;

use rapporteur::intake::project::Project;
use rapporteur::nouns::problem::Problems;
use rapporteur::pipeline::{self, Wishes};

use crate::support::{folder, rapporteur, root, shared, snapshots};

/// Each figure's numerator, denominator and value, as text; by code.
type Figures = BTreeMap<String, [String; 3]>;

fn project() -> String {
    root().join("examples/annex-a").display().to_string()
}

fn figures(table: &str) -> Figures {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let heads = reader.headers().expect("headings").clone();
    let at = |name: &str| heads.iter().position(|head| head == name).expect("a column");
    let columns = ["numerator", "denominator", "value"].map(at);
    reader
        .records()
        .map(|row| {
            let row = row.expect("a row");
            (row[at("indicator")].to_string(), columns.map(|column| row[column].to_string()))
        })
        .collect()
}

fn built(layout: &str) -> (String, Figures) {
    let place = folder();
    let lists = root().join("examples/annex-a/return").display().to_string();
    let run = rapporteur(
        place.path(),
        &[
            "build",
            &lists,
            "--project",
            &project(),
            "--template",
            layout,
            "-o",
            "a.xlsx",
            "--figures",
            "f.csv",
        ],
    );
    assert!(matches!(run.code, Some(0 | 1)), "{}", run.shown());
    let shown = rapporteur(place.path(), &["show", "a.xlsx", "--cells"]).out;
    let table = std::fs::read_to_string(place.path().join("f.csv")).expect("figures");
    (shown, figures(&table))
}

#[test]
fn annex_a_gives_the_figures_of_another_account() {
    let (shown, found) = built("overview");
    assert!(found.len() > 60, "{} figures", found.len());
    // Without Python the figures as they were when the account agreed still hold.
    let lines: Vec<String> =
        found.iter().map(|(code, [n, d, v])| format!("{code}\t{n}\t{d}\t{v}")).collect();
    snapshots().bind(|| insta::assert_snapshot!("annex_a__figures", lines.join("\n")));
    assert!(shown.contains("Assessments completed within 45 working days"), "{shown}");
    let account = Command::new("python3")
        .arg(root().join("tests/annex_a.py"))
        .arg(root().join("examples/annex-a/return"))
        .arg("2026-03-31")
        .output();
    let Ok(account) = account else {
        eprintln!("skipped the account of Annex A: there is no python3");
        return;
    };
    assert!(account.status.success(), "{}", String::from_utf8_lossy(&account.stderr));
    let expected: Figures = String::from_utf8_lossy(&account.stdout)
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            (fields[0].to_string(), [1, 2, 3].map(|at| fields[at].to_string()))
        })
        .collect();
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (code, wanted) in expected {
        for (wanted, found) in wanted.iter().zip(&found[&code]) {
            let both = wanted.parse::<f64>().ok().zip(found.parse::<f64>().ok());
            let same = both.map_or(wanted == found, |(a, b)| (a - b).abs() < 1e-6);
            assert!(same, "{code}: {found}, and by the other account {wanted}");
        }
    }
}

#[test]
fn each_stage_has_a_page_of_its_own() {
    let (shown, _) = built("stages");
    let sheets: Vec<&str> = shown.lines().filter_map(|line| line.split('\t').next()).collect();
    for stage in
        ["Contacts", "Early help", "Referrals", "Assessments", "Section 47", "Children in need"]
            .into_iter()
            .chain(["Child protection plans", "Children in care", "Care leavers", "Adoption"])
    {
        assert!(sheets.contains(&stage), "no page for {stage}");
    }
}

#[test]
fn the_sample_workbook_is_read_by_its_own_headings() {
    let Some(shared) = shared("the_sample_workbook_is_read_by_its_own_headings") else { return };
    let place = folder();
    let sample = shared.join("data/odd/Annex_A_sample.xlsx").display().to_string();
    let run = rapporteur(
        place.path(),
        &[
            "build",
            &sample,
            "--project",
            &project(),
            "--period",
            "2020/21",
            "-o",
            "a.xlsx",
            "--figures",
            "f.csv",
        ],
    );
    assert_eq!(run.code, Some(1), "{}", run.shown());
    let table = std::fs::read_to_string(place.path().join("f.csv")).expect("figures");
    let found = figures(&table);
    // Counted by hand from the sample's rows.
    for (code, value) in [
        ("contacts_police_pct", "60"),
        ("referrals_n", "6"),
        ("conferences_15_pct", "100"),
        ("plans_n", "2"),
        ("care_n", "4"),
        ("care_guardians_n", "1"),
        ("leavers_n", "6"),
        ("adopters_n", "5"),
    ] {
        assert_eq!(found[code][2], value, "{code}");
    }
}

/// Whoever begins it reads its README: each of its commands does what stands there.
#[test]
fn its_guide_is_followed() {
    let place = folder();
    let begun = rapporteur(place.path(), &["new", "ofsted", "--from", "annex-a"]);
    assert!(begun.out.contains("rapporteur return "), "{}", begun.shown());
    let project = place.path().join("ofsted");
    let sample = shared("its_guide_is_followed").map(|s| s.join("data/odd/Annex_A_sample.xlsx"));
    if let Some(sample) = &sample {
        std::fs::copy(sample, project.join("Annex_A.xlsx")).expect("copied");
    }
    let guide = std::fs::read_to_string(project.join("README.md")).expect("a guide");
    let commands = guide.lines().filter_map(|line| line.strip_prefix("    rapporteur "));
    let mut followed = 0;
    for command in commands {
        let command = command.split("  ").next().expect("a command");
        if command.contains("Annex_A.xlsx") && sample.is_none() {
            continue;
        }
        let words: Vec<&str> = command.split(' ').collect();
        let run = rapporteur(&project, &words);
        assert!(matches!(run.code, Some(0 | 1)), "{command}\n{}", run.shown());
        assert!(!run.out.is_empty(), "{command}\n{}", run.shown());
        followed += 1;
    }
    assert!(followed > 5, "{followed} commands");
    assert!(project.join("measures.html").exists());
}

/// A chart of many bars is high enough that each has its name.
#[test]
fn every_bar_of_a_long_chart_has_its_name() {
    let project = Project::open(Some(&root().join("examples/annex-a"))).expect("a project");
    let wishes = Wishes {
        inputs: vec![root().join("examples/annex-a/return")],
        template: Some("stages".to_string()),
        ..Wishes::default()
    };
    let mut problems = Problems::default();
    let received = pipeline::receive(&project, &wishes, &mut problems).expect("read");
    let made = received.finish(&project, &wishes, &mut problems).expect("made");
    let charts = || made.report.sheets.iter().flat_map(|sheet| &sheet.charts);
    assert!(charts().any(|chart| chart.rows.1 - chart.rows.0 >= 9), "no chart of ten bars");
    for chart in charts() {
        let bars = chart.rows.1 - chart.rows.0 + 1;
        assert!(chart.height >= 20 * bars + 60, "{} bars in {}", bars, chart.height);
    }
}
