//! Eleven indicators and a scorecard as an analyst writes them from the documentation alone
//! (`tests/eleven`): each is right by an account in Python, and short.

use std::collections::BTreeMap;
use std::process::Command;

use crate::support::{example, rapporteur, root, snapshots};

/// Most lines of what took more than fifteen before there were periods of care, sums of what a
/// function says, and moves in time.
const MOST_LINES: usize = 10;

fn script() -> String {
    std::fs::read_to_string(root().join("tests/eleven/scripts/eleven.luau")).expect("a script")
}

/// Each indicator's lines, by the letter that stands above them.
fn lines() -> BTreeMap<char, usize> {
    let mut lines = BTreeMap::new();
    let mut letter = ' ';
    for line in script().lines() {
        let begins = line.strip_prefix("-- ").filter(|rest| rest[1..].starts_with(": "));
        letter = begins.and_then(|rest| rest.chars().next()).unwrap_or(letter);
        if !line.trim().is_empty() && !line.starts_with("--") {
            *lines.entry(letter).or_default() += 1;
        }
    }
    lines
}

#[test]
fn eleven_indicators_from_the_docs_are_right_by_another_account() {
    let folder = example();
    let project = root().join("tests/eleven").display().to_string();
    let run = rapporteur(
        folder.path(),
        &["build", "q2.xlsx", "--project", &project, "-o", "a.xlsx", "--figures", "f.csv"],
    );
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let table = std::fs::read_to_string(folder.path().join("f.csv")).expect("figures");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut found: BTreeMap<String, [String; 4]> = BTreeMap::new();
    for row in reader.deserialize() {
        let row: BTreeMap<String, String> = row.expect("a row");
        let own = row["area_type"] == "council" && row["period"] == "2026/27 Q1/Q2";
        if own && row["indicator"].as_bytes()[1] == b'_' {
            let of = |name: &str| row[name].clone();
            let told = [of("numerator"), of("denominator"), of("value"), of("printed")];
            found.insert(row["indicator"].clone(), told);
        }
    }
    let lines: Vec<String> = found
        .iter()
        .map(|(code, [n, d, _, printed])| format!("{code}\t{n}\t{d}\t{printed}"))
        .collect();
    snapshots().bind(|| insta::assert_snapshot!("eleven", lines.join("\n")));

    let account = Command::new("python3")
        .arg(root().join("tests/eleven/account.py"))
        .arg(folder.path().join("q2.xlsx"))
        .output();
    let Ok(account) = account else {
        eprintln!("skipped the account of the eleven indicators: there is no python3");
        return;
    };
    assert!(account.status.success(), "{}", String::from_utf8_lossy(&account.stderr));
    let account = String::from_utf8(account.stdout).expect("UTF-8");
    let mut held = 0;
    for line in account.lines() {
        let told: Vec<&str> = line.split('\t').collect();
        let ours = found.get(told[0]).unwrap_or_else(|| panic!("there is no {}", told[0]));
        for (theirs, ours) in told[1..].iter().zip(ours).filter(|(theirs, _)| !theirs.is_empty()) {
            let number =
                |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("{line}: {text}"));
            assert!((number(theirs) - number(ours)).abs() < 1e-4, "{line}: {ours}");
            held += 1;
        }
    }
    assert!(held > 40, "only {held} numbers were held against each other");
}

#[test]
fn none_is_long_that_was_long() {
    let lines = lines();
    assert_eq!(lines.keys().collect::<String>(), "abcdefghijk");
    for (letter, count) in &lines {
        // Two indicators stand under some letters; only `a` and `f` took more than fifteen.
        let most = if matches!(letter, 'a' | 'f') { MOST_LINES } else { 2 * MOST_LINES };
        assert!(count <= &most, "{letter} takes {count} lines");
    }
}

/// The scorecard lays out over sixteen quarters: exceptions, months or quarters that are known, two
/// charts and more.
#[test]
fn the_scorecard_from_the_docs_is_laid_out() {
    let folder = example();
    let (project, q2) =
        (root().join("tests/eleven"), root().join("examples/exampleton/2026-27-q2.xlsx"));
    let (project, q2) = (project.display().to_string(), q2.display().to_string());
    for input in ["q2.xlsx", &q2] {
        let run = rapporteur(
            folder.path(),
            &["build", input, "--project", &project, "-o", "a.xlsx", "--no-problems"],
        );
        assert!(matches!(run.code, Some(0 | 1)), "{}", run.shown());
        assert!(!run.err.contains("luau"), "a script is at fault: {}", run.shown());
        let cells = rapporteur(folder.path(), &["show", "a.xlsx", "--cells"]).out;
        for wanted in ["Exceptions", "Direction", "Near enough", "Placement changed", "Charts\t"] {
            assert!(cells.contains(wanted), "{input} has no {wanted}");
        }
    }
}
