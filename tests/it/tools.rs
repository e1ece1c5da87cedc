//! The analyst's commands given what they should not be given: nothing of the analyst's is written
//! over, nothing hangs, and every refusal says what to do.

use std::path::Path;

use rapporteur::workbook_diff::describe::workbook_text;

use crate::make::workbook;
use crate::support::{folder, rapporteur, root};

fn example(at: &Path) {
    let example = root().join("examples/children-in-care-2026-27-q2.xlsx");
    std::fs::copy(example, at.join("q2.xlsx")).expect("copied");
}

/// Runs a command that is refused with these words.
fn refused(at: &Path, arguments: &[&str], code: i32, words: &str) {
    let run = rapporteur(at, arguments);
    assert_eq!(run.code, Some(code), "{arguments:?}: {}", run.shown());
    assert!(
        run.err.contains(words) && run.err.contains("hint: "),
        "{arguments:?}: {}",
        run.shown()
    );
}

#[test]
fn no_page_is_written_over_a_return_an_appendix_or_a_case() {
    let folder = folder();
    let at = folder.path();
    example(at);
    std::fs::create_dir(at.join("tests")).expect("made");
    let case = "return = \"../q2.xlsx\"\n[figures]\ncla_n = 413\n";
    std::fs::write(at.join("tests/q2.toml"), case).expect("written");
    let before = std::fs::read(at.join("q2.xlsx")).expect("read");
    let no_page = "this file is no web page";
    refused(at, &["explain", "cla_n", "q2.xlsx", "--html", "q2.xlsx"], 2, no_page);
    refused(at, &["diff", "q2.xlsx", "q2.xlsx", "--html", "q2.xlsx"], 2, no_page);
    let run = rapporteur(at, &["test", "--html", "tests/q2.toml"]);
    assert!(run.err.contains(no_page), "{}", run.shown());
    assert_eq!(std::fs::read(at.join("q2.xlsx")).expect("read"), before);
    assert_eq!(std::fs::read_to_string(at.join("tests/q2.toml")).expect("read"), case);
    // A page may take the place of an older one.
    for _ in 0..2 {
        assert_eq!(
            rapporteur(at, &["diff", "q2.xlsx", "q2.xlsx", "--html", "page.html"]).code,
            Some(0)
        );
    }
}

#[test]
fn definitions_that_somebody_wrote_and_names_of_windows_are_left_alone() {
    let folder = folder();
    let at = folder.path();
    std::fs::create_dir_all(at.join("types")).expect("made");
    std::fs::create_dir_all(at.join("scripts")).expect("made");
    std::fs::write(at.join("types/rap.d.luau"), "-- mine\n").expect("written");
    let run = rapporteur(at, &["types"]);
    assert!(run.out.contains("left types/rap.d.luau as it is"), "{}", run.shown());
    assert_eq!(std::fs::read_to_string(at.join("types/rap.d.luau")).expect("read"), "-- mine\n");
    refused(at, &["types", "-o", "types/rap.d.luau"], 2, "this is a file, not a folder");
    for name in ["CON", "nul", "Com1"] {
        refused(at, &["new", "indicator", name], 2, "Windows keeps the name");
        refused(at, &["new", "layout", name], 2, "Windows keeps the name");
    }
    assert_eq!(rapporteur(at, &["new", "layout", "connect"]).code, Some(0));
}

/// A project with one case that keeps an appendix.
fn with_case(file: &str) -> tempfile::TempDir {
    let folder = folder();
    let at = folder.path();
    assert_eq!(rapporteur(at, &["new", "p"]).code, Some(0));
    let case = std::fs::read_to_string(at.join("p/tests/complaints.toml")).expect("read");
    std::fs::remove_file(at.join("p/tests/complaints.toml")).expect("removed");
    let path = at.join("p/tests").join(file);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, format!("layouts = \"complaints\"\n{case}")).expect("written");
    folder
}

#[test]
fn a_case_in_a_folder_with_a_dot_keeps_its_appendix() {
    let folder = with_case("v1.2/case.toml");
    let run = rapporteur(folder.path(), &["test", "--accept", "--project", "p"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let run = rapporteur(folder.path(), &["test", "--project", "p"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
}

/// Waiting for ever, reading without end and a text that stands for thousands of millions of cells.
#[cfg(unix)]
#[test]
fn snapshots_and_cases_that_are_no_files_or_too_long_end_in_words() {
    let folder = with_case("a.toml");
    let snapshot = folder.path().join("p/snapshots/a__complaints.snap");
    std::fs::create_dir_all(snapshot.parent().expect("a folder")).expect("made");
    std::os::unix::fs::symlink("/dev/zero", &snapshot).expect("linked");
    let run = rapporteur(folder.path(), &["test", "--project", "p"]);
    assert_eq!(run.code, Some(4), "{}", run.shown());
    assert!(run.out.contains("the snapshot cannot be read: this is not a file"), "{}", run.shown());
    std::fs::remove_file(&snapshot).expect("removed");
    let rows = "rows 1:1048576=1\n".repeat(100);
    let text = format!(
        "---\nsource: tests/a.toml\n---\n== sheet \"A\"\n{rows}styles used\ndefault: plain\n"
    );
    std::fs::write(&snapshot, text).expect("written");
    let run = rapporteur(folder.path(), &["test", "--project", "p"]);
    assert!(run.out.contains("too many to compare"), "{}", run.shown());
    std::fs::write(folder.path().join("p/tests/b.toml"), "#".repeat(5 << 20)).expect("written");
    refused(
        folder.path(),
        &["test", "b", "--project", "p"],
        4,
        "the case cannot be read: it is too long",
    );
}

/// What a report hides is not told to everybody who is sent an empty return.
#[test]
fn an_empty_return_tells_of_last_quarter_what_the_report_may_tell() {
    let folder = folder();
    let at = folder.path();
    let last: [crate::make::Tab; 2] = [
        (
            "Cover",
            &["Authority | Testham", "Period start | d:2026-04-01", "Period end | d:2026-06-30"],
        ),
        ("Figures", &["Indicator | Title | Unit | Value", "x_n | Left alone | number | n:3"]),
    ];
    std::fs::write(at.join("q1.xlsx"), workbook(&last)).expect("written");
    let script =
        "rap.indicator \"x_n\" { title = \"Left alone\", unit = \"number\", typed = true }\n";
    std::fs::create_dir(at.join("scripts")).expect("made");
    std::fs::write(at.join("scripts/x.luau"), script).expect("written");
    for (rule, there) in [("none", true), ("dfe", false)] {
        std::fs::write(at.join("rapporteur.toml"), format!("disclosure = \"{rule}\"\n"))
            .expect("written");
        let name = format!("{rule}.xlsx");
        let run =
            rapporteur(at, &["blank", "q1.xlsx", "--figures", "x_n", "--no-lists", "-o", &name]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        let text =
            workbook_text(&std::fs::read(at.join(name)).expect("written")).expect("a workbook");
        let row = text
            .lines()
            .find(|line| line.contains("\"x_n\""))
            .and_then(|line| line.split(' ').next());
        let row = row.expect("the figure's row").trim_start_matches('A').to_string();
        let told =
            text.lines().any(|line| line.starts_with(&format!("H{row} ")) && line.ends_with(" 3"));
        assert_eq!(told, there, "{rule}: {text}");
    }
}
