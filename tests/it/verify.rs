//! A file held against what it says of itself, and against the return that it was made from.

use std::path::Path;

use rapporteur::desk::verify::{State, Verified};
use rapporteur::intake::read::{Limits, Sealed, read_sealed};
use rapporteur::nouns::seal::{Grid, PREFIX};
use rapporteur::workbook_diff::compare::Changes;
use rapporteur::workbook_diff::describe;

use crate::make;
use crate::support::{Run, example, folder, rapporteur, snapshots};

/// The example's report, in every edition.
fn built() -> tempfile::TempDir {
    let here = example();
    let asked = ["build", "q2.xlsx", "--accessible", "--ods", "--html", "q2.html"];
    let run = rapporteur(here.path(), &[&asked[..], &["--figures", "figures.csv"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.shown());
    here
}

const EDITIONS: [&str; 4] =
    ["q2-appendix.xlsx", "q2-appendix-accessible.xlsx", "q2-appendix-accessible.ods", "q2.html"];

fn bytes(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).expect("the file was written")
}

fn sealed(bytes: &[u8]) -> Sealed {
    read_sealed("q2.xlsx", bytes, &Limits::default()).expect("a file")
}

fn verify(folder: &Path, arguments: &[&str]) -> Run {
    rapporteur(folder, &[&["verify"][..], arguments].concat())
}

/// Fingerprints differ whenever a script does, so that they are not in snapshots.
fn told(run: &Run) -> String {
    let line = |line: &str| match line.rsplit_once(' ') {
        Some((what, hash)) if hash.len() == 64 => format!("{what} …"),
        _ => line.to_string(),
    };
    run.shown().lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_was_written_is_as_it_was_written_and_says_what_made_it() {
    let here = built();
    for name in EDITIONS {
        let run = verify(here.path(), &[name]);
        assert_eq!(run.code, Some(0), "{name}: {}", run.shown());
        assert!(run.out.contains("is as it was written"), "{name}: {}", run.shown());
        let run = verify(here.path(), &[name, "--return", "q2.xlsx"]);
        assert_eq!(run.code, Some(0), "{name}: {}", run.shown());
        assert!(run.out.contains("it says what q2.xlsx gives"), "{name}: {}", run.shown());
    }
    let table = verify(here.path(), &["figures.csv", "--return", "q2.xlsx"]);
    assert_eq!(table.code, Some(0), "{}", table.shown());
}

/// A hundred cells of the appendix, each changed in turn: to another number, to a text, to nothing.
#[test]
fn each_cell_that_is_changed_is_named_and_no_other() {
    let here = built();
    let written = bytes(here.path(), "q2-appendix.xlsx");
    let sheets = sealed(&written).sheets;
    let mut tried = 0;
    for (number, sheet) in (1..).zip(&sheets) {
        for (turn, at) in sheet.cells.keys().enumerate().filter(|(turn, _)| turn % 2 == 0) {
            let xml = match turn % 6 {
                0 => format!("<c r=\"{at}\"><v>4711</v></c>"),
                2 => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>another</t></is></c>"),
                _ => String::new(),
            };
            let changed = make::with_cell(&written, number, &at.to_string(), &xml);
            let verified = Verified::of(&sealed(&changed));
            assert_eq!(verified.state, State::Changed, "{}!{at}", sheet.name);
            let places: Vec<&str> = verified.changed.iter().map(|d| d.place.as_str()).collect();
            assert_eq!(places, [format!("{}!{at}", sheet.name)]);
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} cells");
}

#[test]
fn a_changed_cell_is_told_with_its_row_and_what_it_says() {
    let here = built();
    let written = bytes(here.path(), "q2-appendix.xlsx");
    let cell = "<c r=\"C5\"><v>4711</v></c>";
    std::fs::write(here.path().join("a.xlsx"), make::with_cell(&written, 1, "C5", cell))
        .expect("written");
    let page = String::from_utf8(bytes(here.path(), "q2.html")).expect("text");
    let page = page.replacen("<h1>", "<h1>Draft: ", 1);
    std::fs::write(here.path().join("a.html"), page).expect("written");
    let alone = verify(here.path(), &["a.xlsx"]);
    let held = verify(here.path(), &["a.xlsx", "--return", "q2.xlsx"]);
    let page = verify(here.path(), &["a.html"]);
    snapshots().bind(|| {
        let shown = [told(&alone), told(&held), told(&page)].join("\n\n");
        insta::assert_snapshot!("verify_changed", shown);
    });
}

/// Programs that save a workbook again keep what it says and its properties, and write all else
/// anew: so does a test here, and `.ci/compare.py` with LibreOffice and openpyxl themselves.
#[test]
fn what_was_saved_again_is_no_change() {
    let here = built();
    let written = bytes(here.path(), "q2-appendix.xlsx");
    let again = make::with_part(&written, "docProps/app.xml", |content| {
        String::from_utf8(content).expect("text").replace("Microsoft Excel", "Another").into_bytes()
    });
    let verified = Verified::of(&sealed(&again));
    assert_eq!(verified.state, State::SavedAgain);
    assert!(verified.changed.is_empty() && verified.holds());
}

/// A cell of the return that is changed, and the figures that it moves.
#[test]
fn a_changed_return_is_found_and_the_figures_that_it_moves_are_named() {
    let here = folder();
    let list = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,\
                PL_POST,URN\n";
    let row = |child: u32, place: &str| {
        format!("{child},03/04/2025,S,C2,N1,{place},PR1,,,,AB1 0JA,AB1 0JB,\n")
    };
    let rows: Vec<String> = (0..60).map(|n| row(900_000 + n, "U4")).collect();
    let write = |rows: &[String]| {
        std::fs::write(here.path().join("Episodes.csv"), format!("{list}{}", rows.concat()))
            .expect("written");
    };
    write(&rows);
    let period = ["--period", "2026/27 Q1/Q2"];
    let build = ["build", "Episodes.csv", "-o", "a.xlsx", "--no-problems"];
    rapporteur(here.path(), &[&build[..], &period].concat());
    let held = ["a.xlsx", "--return", "Episodes.csv"];
    let same = verify(here.path(), &[&held[..], &period].concat());
    assert_eq!(same.code, Some(0), "{}", same.shown());
    let mut moved = 0;
    for (at, place) in [(3, "H5"), (7, "U1"), (20, "K2"), (59, "P1"), (31, "U4x")] {
        let mut others = rows.clone();
        others[at] = row(900_000 + at as u32, place);
        write(&others);
        let run = verify(here.path(), &[&held[..], &period].concat());
        assert_eq!(run.code, Some(1), "{}", run.shown());
        assert!(run.out.contains("Episodes.csv is not what it was made from"), "{}", run.shown());
        moved += usize::from(run.out.contains(", should say "));
    }
    assert!(moved >= 4, "only {moved} changes moved a figure");
    // A postcode that no figure is made of.
    let mut others = rows.clone();
    others[5] = others[5].replace("AB1 0JB", "AB1 0JC");
    write(&others);
    let run = verify(here.path(), &[&held[..], &period].concat());
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.out.contains("it says what Episodes.csv gives"), "{}", run.shown());
}

/// A hundred cells of a return, each changed in turn: the return is known for another one, the cell
/// is named by the two returns, and whatever figure looks at the cell is named by the report.
#[test]
fn each_of_a_hundred_changed_cells_of_a_return_is_named() {
    let here = folder();
    let head = "CHILD|DECOM|RNE|LS|CIN|PLACE|PLACE_PROVIDER|DEC|REC|REASON_PLACE_CHANGE|HOME_POST|\
                PL_POST|URN";
    // Columns that figures look at, and others: each with what a row has, and what is typed in.
    let columns = [
        ('F', "U4", "<is><t>K2</t></is>", true),
        ('G', "PR1", "<is><t>PR4</t></is>", true),
        ('D', "C2", "<is><t>V4</t></is>", true),
        ('L', "AB1 0JB", "<is><t>AB1 0JC</t></is>", false),
        ('E', "N1", "<is><t>N5</t></is>", false),
    ];
    let row = |n: u32| format!("{}|d:2025-04-03|S|C2|N1|U4|PR1||||AB1 0JA|AB1 0JB|", 900_000 + n);
    let rows: Vec<String> = (0..60).map(row).collect();
    let rows: Vec<&str> = std::iter::once(head).chain(rows.iter().map(String::as_str)).collect();
    let cover = ["Authority|Exampleton", "Period|2026/27 Q1/Q2", "Population under 18|n:50000"];
    let old = make::workbook(&[("Cover", &cover), ("Episodes", &rows)]);
    std::fs::write(here.path().join("q.xlsx"), &old).expect("written");
    let built = rapporteur(here.path(), &["build", "q.xlsx", "-o", "a.xlsx", "--no-problems"]);
    assert!(built.out.contains("wrote a.xlsx"), "{}", built.shown());
    let was = describe::workbook(&old).expect("a workbook");
    for nth in 0..100 {
        let (column, _, typed, moves) = columns[nth % columns.len()];
        let at = format!("{column}{}", 2 + nth * 7 % 60);
        let typed = format!("<c r=\"{at}\" t=\"inlineStr\">{typed}</c>");
        let new = make::with_cell(&old, 2, &at, &typed);
        std::fs::write(here.path().join("q.xlsx"), &new).expect("written");
        let run = verify(here.path(), &["a.xlsx", "--return", "q.xlsx"]);
        assert_eq!(run.code, Some(1), "{at}: {}", run.shown());
        assert!(run.out.contains("q.xlsx is not what it was made from"), "{at}: {}", run.shown());
        assert_eq!(run.out.contains(", should say "), moves, "{at}: {}", run.shown());
        let is = describe::workbook(&new).expect("a workbook");
        let between = Changes::between(&was, &is).expect("few cells");
        let named = between.to_json().to_string();
        assert_eq!(named.matches("\"before\":").count(), 1, "{at}: {named}");
        assert!(named.contains(&format!("\"place\":\"{at}\"")), "{at}: {named}");
    }
}

#[test]
fn scripts_and_settings_that_are_others_are_told() {
    let here = built();
    std::fs::create_dir_all(here.path().join("p/scripts")).expect("made");
    let script =
        r#"rap.indicator "mine" { title = "Mine", unit = "number", population = "looked_after" }"#;
    std::fs::write(here.path().join("p/scripts/mine.luau"), script).expect("written");
    std::fs::write(here.path().join("p/rapporteur.toml"), "status = \"floor\"").expect("written");
    let run = verify(here.path(), &["q2-appendix.xlsx", "--return", "q2.xlsx", "--project", "p"]);
    assert!(
        run.out.contains("other now than when it was made: scripts, settings"),
        "{}",
        run.shown()
    );
}

/// What settings say is what counts: neither their order nor a comment, and no name of ours.
#[test]
fn settings_in_another_order_are_the_same() {
    let here = built();
    let with = |settings: &str| {
        std::fs::create_dir_all(here.path().join("q")).expect("made");
        std::fs::write(here.path().join("q/rapporteur.toml"), settings).expect("written");
        let made = ["build", "q2.xlsx", "--project", "q", "-o", "made.xlsx", "--no-problems"];
        rapporteur(here.path(), &made);
        properties(&bytes(here.path(), "made.xlsx"))
    };
    let one = with("layout = \"board\"\nstatus = \"floor\"\n[look]\nhead = \"#123F3F\"\n");
    let same =
        "# ours\nstatus = \"floor\"\nlayout = \"board\"\n[look]\nhead = \"#123F3F\" # teal\n";
    assert_eq!(with(same), one);
    assert_ne!(with("layout = \"board\"\nstatus = \"band\"\n[look]\nhead = \"#123F3F\"\n"), one);
}

/// What the properties of a file tell.
fn properties(book: &[u8]) -> String {
    let parts = make::parts(book);
    let (_, part) = parts.iter().find(|(name, _)| name == "docProps/custom.xml").expect("a part");
    String::from_utf8(part.clone()).expect("text")
}

/// No name and no path, and nothing of where and when: another folder's file is the same.
#[test]
fn a_seal_tells_what_made_a_file_and_nobodys_name() {
    let here = built();
    let written = bytes(here.path(), "q2-appendix.xlsx");
    let said = properties(&written);
    assert!(said.contains(&format!("{PREFIX}return")));
    for word in ["q2", "Exampleton", "tmp", "/home"] {
        assert!(!said.to_lowercase().contains(&word.to_lowercase()), "{word}: {said}");
    }
    let there = folder();
    std::fs::create_dir(there.path().join("deep")).expect("made");
    std::fs::copy(here.path().join("q2.xlsx"), there.path().join("deep/other.xlsx"))
        .expect("copied");
    rapporteur(there.path(), &["build", "deep/other.xlsx", "-o", "a.xlsx"]);
    assert_eq!(bytes(there.path(), "a.xlsx"), written);
}

/// Of a return of few records, whoever knows all of it but the number that is hidden would try each
/// number and hold the fingerprint against the file's.
#[test]
fn a_seal_does_not_tell_what_a_rule_hides() {
    let here = folder();
    let figures = |n: u32| {
        format!(
            "Figures,\nIndicator,Title,Unit,Numerator,Denominator,Value\nmine_n,Mine,number,,,{n}\n"
        )
    };
    let script = "rap.indicator \"mine_n\" { title = \"Mine\", unit = \"number\", typed = true }";
    std::fs::create_dir(here.path().join("scripts")).expect("made");
    std::fs::write(here.path().join("scripts/mine.luau"), script).expect("written");
    let seal_of = |n: u32, rule: &str| {
        std::fs::write(here.path().join("q.csv"), figures(n)).expect("written");
        let period = ["--period", "2026/27 Q1/Q2", "--no-problems"];
        let asked = ["build", "q.csv", "-o", "a.xlsx", "--disclosure", rule];
        let run = rapporteur(here.path(), &[&asked[..], &period].concat());
        assert!(run.out.contains("wrote"), "{}", run.shown());
        properties(&bytes(here.path(), "a.xlsx"))
    };
    assert_eq!(seal_of(2, "dfe"), seal_of(3, "dfe"), "2 and 3 are both hidden");
    assert_ne!(seal_of(2, "none"), seal_of(3, "none"));
}

/// A report of more cells than a seal tells apart is still known as a whole.
#[test]
fn seals_of_hostile_files_are_none() {
    let here = built();
    let written = bytes(here.path(), "q2-appendix.xlsx");
    for (from, to) in [("cells 1", "cells 9"), ("edition", "edison"), ("version", "virgin")] {
        let (from, to) = (format!("{PREFIX}{from}\""), format!("{PREFIX}{to}\""));
        let other = make::replaced(&written, "docProps/custom.xml", &from, &to);
        let read = sealed(&other);
        let verified = Verified::of(&read);
        assert!(verified.state == State::Unknown || verified.changed.is_empty());
    }
    let rows: Vec<String> = (0..200).map(|n| format!("n:{n}")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    std::fs::write(here.path().join("other.xlsx"), make::workbook(&[("S", &rows)]))
        .expect("written");
    let run = verify(here.path(), &["other.xlsx"]);
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("carries nothing that says what made it"), "{}", run.shown());
    let sheets: Vec<Grid> = sealed(&bytes(here.path(), "other.xlsx")).sheets;
    assert_eq!(sheets[0].cells.len(), 200);
}
