//! `test`: the cases that analysts write. First the repository's own, then what the command says
//! and does in a small project of its own.

use std::fs;
use std::path::Path;

use crate::support::{Run, folder, rapporteur, root, snapshots};

#[test]
fn the_cases_of_this_repository_hold() {
    let run = rapporteur(&root(), &["test", "--check"]);
    assert_eq!(run.code, Some(0), "look at it with `cargo run -- test`:\n{}", run.shown());
}

const SCRIPT: &str = r#"
rap.list "visits" {
  title = "Visits", record = "visit", key = "CHILD",
  columns = { { "CHILD", "id", required = true }, { "SEEN", codes = { Y = "Yes", N = "No" } }, { "MINUTES", "number" } },
}
rap.indicator "seen_pct" {
  title = "Children who were seen", unit = "percentage", better = "higher",
  denominator = "visits", numerator = { SEEN = "Y" },
  definition = "Visits at which the child was seen, out of all.",
}
"#;

const TEMPLATE: &str = r#"
rap.layout "short" {
  sheets = function(report)
    return { {
      name = "Figures", title = "How often children are seen",
      columns = { { heading = "Indicator", show = "title", width = 40 }, { heading = "Now", show = "value" } },
      rows = {
        { indicator = "seen_pct" },
        { style = "plain", cells = { "Seen alone where it is safe" } },
      },
    } }
  end,
}
"#;

const CASE: &str = r#"about   = "One of two was seen"
period  = "2026/27 Q1/Q2"
layouts = ["short"]

[lists]
Visits = """
CHILD, SEEN
A1,    Y
A2,    N
"""

[figures]
seen_pct = { value = "50.0%", numerator = 1, denominator = 2 }   # A1
"#;

/// A project of one indicator, one layout and one case, whose appendix was accepted.
fn project() -> tempfile::TempDir {
    let place = folder();
    write(
        place.path(),
        "rapporteur.toml",
        "shipped_scripts = false\nlayout = \"short\"\nauthority.name = \"Exampleton\"\n",
    );
    write(place.path(), "scripts/visits.luau", SCRIPT);
    write(place.path(), "templates/short.luau", TEMPLATE);
    write(place.path(), "tests/visits.toml", CASE);
    let run = rapporteur(place.path(), &["test", "--accept"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    place
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("a file of text")
}

fn change(folder: &Path, name: &str, from: &str, to: &str) {
    let text = read(folder, name);
    assert!(text.contains(from), "{name} has no {from}");
    write(folder, name, &text.replace(from, to));
}

fn test(folder: &Path, words: &[&str]) -> Run {
    let mut all = vec!["test"];
    all.extend(words);
    rapporteur(folder, &all)
}

/// What the person sees, kept by a name.
fn shows(name: &str, run: &Run) {
    snapshots().bind(|| insta::assert_snapshot!(format!("test_{name}"), run.shown()));
}

const SNAPSHOT: &str = "snapshots/visits__short.snap";

#[test]
fn a_numerator_a_word_and_a_border_have_three_verdicts() {
    for (name, file, from, to, verdict) in [
        (
            "numerator",
            "scripts/visits.luau",
            "SEEN = \"Y\"",
            "SEEN = rap.filled",
            "figures changed",
        ),
        (
            "word",
            "templates/short.luau",
            "where it is safe",
            "where that is safe",
            "wording changed",
        ),
        (
            "border",
            "templates/short.luau",
            "style = \"plain\"",
            "style = \"text\"",
            "formatting only",
        ),
    ] {
        let place = project();
        change(place.path(), file, from, to);
        let run = test(place.path(), &[]);
        assert_eq!(run.code, Some(1), "{}", run.shown());
        assert!(
            run.out.contains(&format!("changed  visits  {verdict}\n")),
            "{name}: {}",
            run.shown()
        );
        shows(name, &run);
        let json: serde_json::Value =
            serde_json::from_str(&test(place.path(), &["--json"]).out).expect("JSON");
        assert_eq!(json["cases"][0]["verdict"], verdict.split(' ').next().unwrap());
        let run = test(place.path(), &["--accept", "visits"]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        assert_eq!(test(place.path(), &["--check"]).code, Some(0), "accepted, so it holds");
    }
}

#[test]
fn accepting_changes_the_figures_in_the_file_and_nothing_else() {
    let place = project();
    change(place.path(), "scripts/visits.luau", "SEEN = \"Y\"", "SEEN = rap.filled");
    assert_eq!(test(place.path(), &["--check"]).code, Some(1));
    assert_eq!(read(place.path(), "tests/visits.toml"), CASE, "a check writes nothing");
    assert_eq!(test(place.path(), &["--accept", "seen_pct"]).code, Some(0));
    let expected = CASE.replace("\"50.0%\", numerator = 1", "\"100.0%\", numerator = 2");
    assert_eq!(read(place.path(), "tests/visits.toml"), expected);
    let run = test(place.path(), &[]);
    assert!(run.out.contains("layout short  "), "only the figure was accepted: {}", run.shown());
    assert!(!run.out.contains("seen_pct  expected"), "{}", run.shown());
}

#[test]
fn line_ends_of_windows_are_no_change_and_stay() {
    let place = project();
    for file in [SNAPSHOT, "tests/visits.toml"] {
        change(place.path(), file, "\n", "\r\n");
    }
    let run = test(place.path(), &["--check"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    change(place.path(), "scripts/visits.luau", "SEEN = \"Y\"", "SEEN = rap.filled");
    assert_eq!(test(place.path(), &["--accept"]).code, Some(0));
    for file in [SNAPSHOT, "tests/visits.toml"] {
        let text = read(place.path(), file);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{file}");
    }
}

#[test]
fn a_conflict_of_git_is_named_and_never_accepted_over() {
    let place = project();
    let whole = read(place.path(), SNAPSHOT);
    let line = whole
        .lines()
        .find(|line| line.contains("50"))
        .or(whole.lines().nth(9))
        .expect("a line")
        .to_string();
    let both = format!("<<<<<<< HEAD\n{line}\n=======\n{line} other\n>>>>>>> theirs");
    write(place.path(), SNAPSHOT, &whole.replacen(&line, &both, 1));
    let conflicted = read(place.path(), SNAPSHOT);
    let run = test(place.path(), &["--accept"]);
    assert_eq!(read(place.path(), SNAPSHOT), conflicted, "{}", run.shown());
    assert_ne!(run.code, Some(0));
    shows("conflict", &run);
    write(place.path(), SNAPSHOT, &whole);
    change(place.path(), "tests/visits.toml", "about ", "<<<<<<< HEAD\nabout ");
    shows("conflict_in_a_case", &test(place.path(), &[]));
}

#[test]
fn what_no_case_makes_is_unused_and_what_is_not_ours_is_left_alone() {
    let place = project();
    write(place.path(), "snapshots/gone__short.snap", "---\nsource: tests/gone.toml\n---\nold\n");
    write(place.path(), "snapshots/other.snap", "---\nsource: tests/it/other.rs\n---\nold\n");
    let run = test(place.path(), &["--check"]);
    assert_eq!(run.code, Some(1));
    shows("unused", &run);
    assert_eq!(test(place.path(), &["--remove-unused"]).code, Some(0));
    assert!(!place.path().join("snapshots/gone__short.snap").exists());
    assert!(place.path().join("snapshots/other.snap").exists());
}

#[test]
fn a_new_layout_asks_to_be_accepted() {
    let place = project();
    fs::remove_file(place.path().join(SNAPSHOT)).expect("removed");
    let run = test(place.path(), &[]);
    assert_eq!(run.code, Some(1));
    shows("new", &run);
    write(place.path(), SNAPSHOT, "---\nsource: tests/it/other.rs\n---\nsomebody else's\n");
    let run = test(place.path(), &["--accept"]);
    assert!(run.shown().contains("belongs to tests/it/other.rs"), "{}", run.shown());
    assert!(read(place.path(), SNAPSHOT).contains("somebody else's"));
}

#[test]
fn faulty_cases_are_told_with_their_lines_and_the_others_run() {
    let place = project();
    for (name, text) in [
        ("a_slip", "period = \"2026/27\"\nlist = 1\n"),
        ("no_toml", "about = One of two\n"),
        ("nothing_expected", "period = \"2026/27\"\n[lists]\nVisits = \"CHILD, SEEN\"\n"),
        ("no_figure", "[lists]\nVisits = \"\"\n[figures]\nseen_pct = true\n"),
        ("a_part", "[lists]\nVisits = \"\"\n[figures]\nseen_pct.q1 = 3\n"),
        (
            "no_such_list",
            "period = \"2026/27\"\n[lists]\nVisit = \"CHILD, SEEN\\nA1, Y\"\nHomes = \"HOME\\nx\"\n\
             [figures]\nseen_pct = 1\n",
        ),
        (
            "no_such_code",
            "period = \"2026/27\"\n[lists]\nVisits = \"CHILD, SEEN\\nA1, Y\"\n[figures]\n\
             sen_pct = 1\n",
        ),
        (
            "no_such_layout",
            "layouts = \"shrt\"\nperiod = \"2026/27\"\n[lists]\nVisits = \"CHILD, SEEN\\nA1, Y\"\n",
        ),
        ("no_such_file", "return = \"q2.xlsx\"\n[figures]\nseen_pct = 1\n"),
        (
            "a_wrong_code",
            "period = \"2026/27\"\n[lists]\nVisits = \"\"\"\nCHILD, SEEN\nA1, X\n\"\"\"\n\
             [figures]\nseen_pct = 0\n",
        ),
    ] {
        write(place.path(), &format!("tests/{name}.toml"), text);
    }
    shows("faulty_cases", &test(place.path(), &[]));
}

#[test]
fn a_page_shows_before_and_after() {
    let place = project();
    change(place.path(), "scripts/visits.luau", "SEEN = \"Y\"", "SEEN = rap.filled");
    assert_eq!(test(place.path(), &["--html", "changes.html"]).code, Some(1));
    let page = read(place.path(), "changes.html");
    for text in
        ["figures changed", "50.0% (1 of 2)", "100.0% (2 of 2)", "visits, layout short, as kept"]
    {
        assert!(page.contains(text), "{text}: {page}");
    }
}

#[test]
fn words_choose_and_a_script_at_fault_stops_all() {
    let place = project();
    write(place.path(), "tests/other/case.toml", &CASE.replace("layouts = [\"short\"]\n", ""));
    assert!(test(place.path(), &["other"]).out.contains("1 case: 1 ok"));
    assert!(test(place.path(), &["short"]).out.contains("1 case: 1 ok"));
    assert!(test(place.path(), &["seen"]).out.contains("2 cases: 2 ok"));
    let run = test(place.path(), &["vists"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("did you mean `visits`"), "{}", run.shown());
    change(place.path(), "scripts/visits.luau", "SEEN = \"Y\"", "SEN = \"Y\"");
    assert_eq!(test(place.path(), &[]).code, Some(3));
}

#[test]
fn a_case_knows_no_earlier_report_but_its_own() {
    let place = project();
    let columns = "{ heading = \"Now\", show = \"value\" }, { heading = \"Before\", \
                   show = \"previous_quarter\" }";
    change(
        place.path(),
        "templates/short.luau",
        "{ heading = \"Now\", show = \"value\" }",
        columns,
    );
    assert_eq!(test(place.path(), &["--accept"]).code, Some(0));
    let without = read(place.path(), SNAPSHOT);
    let earlier = CASE.replace("Q1/Q2", "Q1").replace("layouts = [\"short\"]", "");
    write(place.path(), "earlier.toml", &earlier.replace("A2,    N", "A2,    Y"));
    fs::create_dir(place.path().join("history")).expect("made");
    let run = rapporteur(
        place.path(),
        &["build", "earlier.toml", "-o", "q1.xlsx", "--figures", "history/q1.csv"],
    );
    assert_eq!(run.code, Some(0), "a case's file stands for its return: {}", run.shown());
    assert_eq!(
        test(place.path(), &["--check"]).code,
        Some(0),
        "the project's history is not the case's"
    );
    change(place.path(), "tests/visits.toml", "layouts", "history = \"../history\"\nlayouts");
    let run = test(place.path(), &["--accept"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let with = read(place.path(), SNAPSHOT);
    assert!(with.contains("[s5 0.0%] 1\n") && !without.contains("[s5 0.0%] 1\n"), "{with}");
}

#[test]
fn what_asks_why_takes_a_case() {
    let place = project();
    let run = rapporteur(place.path(), &["explain", "seen_pct", "tests/visits.toml"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    // The rows are the lines of the case's file.
    assert!(run.out.contains("tests/visits.toml  Visits, rows\n      8"), "{}", run.shown());
    write(
        place.path(),
        "tests/marked.toml",
        &format!("\u{feff}{}", CASE.replace("layouts = [\"short\"]", "")),
    );
    change(place.path(), "scripts/visits.luau", "SEEN = \"Y\"", "SEEN = rap.filled");
    assert_eq!(test(place.path(), &["--accept", "marked"]).code, Some(0));
    let text = read(place.path(), "tests/marked.toml");
    assert!(
        text.starts_with('\u{feff}')
            && text.contains("\"100.0%\", numerator = 2, denominator = 2 }   # A1"),
        "{text}"
    );
}

/// Scripts are loaded once for all cases, and each case is as if it were the only one.
#[test]
fn no_case_knows_of_another() {
    let place = project();
    change(
        place.path(),
        "templates/short.luau",
        "rap.layout \"short\" {",
        "local times = 0\nrap.layout \"short\" {",
    );
    change(place.path(), "templates/short.luau", "return { {", "times += 1\n    return { {");
    change(
        place.path(),
        "templates/short.luau",
        "title = \"How often children are seen\"",
        "title = `Laid out {times} times`",
    );
    let names = ["a", "b", "c", "d", "e"];
    for name in names {
        write(place.path(), &format!("tests/{name}.toml"), CASE);
    }
    test(place.path(), &["--accept"]);
    for name in names {
        let snapshot = read(place.path(), &format!("snapshots/{name}__short.snap"));
        assert!(snapshot.contains("Laid out 1 times"), "{name}: {snapshot}");
    }
}
