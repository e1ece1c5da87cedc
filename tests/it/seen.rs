//! Merged cells and hidden rows: what is read is what whoever opens the workbook sees, and what is
//! not seen is told.

use crate::make::{self, workbook};
use crate::support::{Run, folder, rapporteur};

const EPISODES: [&str; 7] = [
    "CHILD | DECOM | RNE | LS | PLACE | PLACE_PROVIDER | DEC | REC",
    "990011 | d:2024-03-01 | S | E1 | U1 | PR1 | |",
    "990012 | d:2025-02-01 | S | E1 | U1 | PR1 | d:2025-06-01 | X1",
    " | d:2025-06-01 | P | | U4 | PR1 | d:2026-01-10 | X1",
    " | d:2026-01-10 | P | E1 | K2 | PR1 | |",
    "990013 | d:2026-05-01 | S | E1 | U1 | PR1 | |",
    "990014 | d:2026-06-01 | S | E1 | U1 | PR1 | |",
];

/// A return of four children, of which one has three episodes and one key.
fn parts() -> Vec<u8> {
    workbook(&[
        ("Cover", &["Authority | Testham", "Period end | d:2026-09-30"]),
        ("Episodes", &EPISODES),
        ("Figures", &["Indicator | Value", "fostering_households | n:118", "rev_pct | n:91"]),
    ])
}

fn with(sheet: usize, changes: &[(&str, &str)]) -> Vec<u8> {
    let name = format!("xl/worksheets/sheet{sheet}.xml");
    changes.iter().fold(parts(), |bytes, (from, to)| make::replaced(&bytes, &name, from, to))
}

fn merged(range: &str) -> (&'static str, String) {
    let cells = format!("</sheetData><mergeCells><mergeCell ref=\"{range}\"/></mergeCells>");
    ("</sheetData>", cells)
}

fn check(bytes: &[u8]) -> Run {
    let folder = folder();
    std::fs::write(folder.path().join("q2.xlsx"), bytes).expect("written");
    rapporteur(folder.path(), &["check", "-v", "q2.xlsx"])
}

#[test]
fn a_key_that_is_merged_counts_for_each_of_its_rows() {
    let apart = check(&parts());
    assert!(apart.err.contains("the row has no CHILD, so it was left out"), "{}", apart.shown());
    let (from, to) = merged("A3:A5");
    let run = check(&with(2, &[(from, &to)]));
    assert!(!run.err.contains("has no CHILD"), "{}", run.shown());
    let told = "the cell is merged with those below; it counts for each of their rows";
    assert!(run.err.contains(told) && run.err.contains("Episodes!A3"), "{}", run.shown());
}

#[test]
fn a_code_that_is_merged_counts_for_each_of_its_rows() {
    let missing = "LS must be filled in";
    let (from, key) = merged("A3:A5");
    let run = check(&with(2, &[(from, &key)]));
    assert!(run.err.contains(missing), "{}", run.shown());
    let both = key.replace("</mergeCells>", "<mergeCell ref=\"D3:D4\"/></mergeCells>");
    let run = check(&with(2, &[(from, &both)]));
    assert!(run.err.contains("Episodes!D3") && !run.err.contains(missing), "{}", run.shown());
}

#[test]
fn a_day_that_is_merged_is_not_guessed() {
    let (from, to) = merged("B6:B7");
    let blank = make::with_cell(&with(2, &[(from, &to)]), 2, "B7", "<c r=\"B7\"/>");
    let run = check(&blank);
    assert!(run.err.contains("DECOM must be filled in"), "{}", run.shown());
    assert!(!run.err.contains("merged"), "{}", run.shown());
}

#[test]
fn rows_that_are_hidden_are_counted_and_told() {
    let hidden =
        |row: usize| (format!("<row r=\"{row}\""), format!("<row r=\"{row}\" hidden=\"1\""));
    let (two, six, seven) = (hidden(2), hidden(6), hidden(7));
    let changes = [(&*two.0, &*two.1), (&*six.0, &*six.1), (&*seven.0, &*seven.1)];
    let run = check(&with(2, &changes));
    let told = "3 rows are hidden, by a filter or by hand, and were counted: 2, 6, 7";
    assert!(run.err.contains(told) && run.err.contains("warning"), "{}", run.shown());
    let of_figures = check(&with(3, &[(&two.0, &two.1)]));
    let told = "1 row is hidden, by a filter or by hand, and was counted: 2";
    assert!(of_figures.err.contains(told), "{}", of_figures.shown());
    let header = hidden(1);
    let run = check(&with(2, &[(&header.0, &header.1)]));
    assert!(!run.err.contains("hidden"), "a heading is no row: {}", run.shown());
}
