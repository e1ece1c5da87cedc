//! What a cell of a list means where it lies on an edge: a plain number where a date should stand,
//! an identifier that Excel shortened, a text as long as a cell can hold.

use crate::make::workbook;
use crate::support::{Run, folder, rapporteur};

fn build(tabs: &[crate::make::Tab]) -> (Run, String) {
    let folder = folder();
    std::fs::write(folder.path().join("q2.xlsx"), workbook(tabs)).expect("written");
    let arguments = ["build", "q2.xlsx", "-o", "a.xlsx", "--figures", "f.csv", "--show-values"];
    let run = rapporteur(folder.path(), &arguments);
    let figures = std::fs::read_to_string(folder.path().join("f.csv")).unwrap_or_default();
    (run, figures)
}

fn figure(figures: &str, code: &str) -> String {
    let mut reader = csv::Reader::from_reader(figures.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row of the table"));
    let mut of_code = rows.filter(|row| &row[0] == code);
    of_code.next().map_or("none".to_string(), |row| row[10].to_string())
}

const EPISODES: &str = "CHILD | DECOM | RNE | LS | PLACE | PLACE_PROVIDER | DEC | REC";
const COVER: (&str, &[&str]) = ("Cover", &["Authority | Testham", "Period end | d:2026-09-30"]);

/// Excel's day 46295 is 30 September 2026: in care since that day, or since the day after.
#[test]
fn a_plain_number_where_a_date_should_stand_is_excels_day() {
    let since = |days: &str| {
        let row = format!("990011 | n:{days} | S | E1 | U1 | PR1 | |");
        build(&[COVER, ("Episodes", &[EPISODES, &row])])
    };
    for (days, in_care) in [("46295", "1"), ("46296", "0"), ("40001", "1"), ("20000", "1")] {
        let (run, figures) = since(days);
        assert!(run.err.contains("date held as a plain number"), "{}", run.shown());
        assert_eq!(figure(&figures, "cla_n"), in_care, "{days}: {}", run.shown());
    }
    for days in ["19999", "80000", "46295.5"] {
        let (run, _) = since(days);
        assert!(run.err.contains("this is not a date"), "{days}: {}", run.shown());
    }
}

/// Case systems write 20260930 for 30 September 2026, as a number or as a text, and other programs
/// the month's name first; ddmmyyyy could be a number of anything.
#[test]
fn a_date_in_eight_digits_is_read_year_first_and_no_other_way() {
    let since = |cell: &str| {
        let row = format!("990011 | {cell} | S | E1 | U1 | PR1 | |");
        build(&[COVER, ("Episodes", &[EPISODES, &row])])
    };
    for (cell, in_care, told) in [
        ("n:20260930", "1", "date held as eight digits"),
        ("20260930", "1", "date held as eight digits"),
        ("20261001", "0", "date held as eight digits"),
        ("46295", "1", "date held as a plain number"),
        ("Sep 30, 2026", "1", "date held as text"),
        ("Wednesday, 30th September 2026", "1", "date held as text"),
    ] {
        let (run, figures) = since(cell);
        assert!(run.err.contains(told), "{cell}: {}", run.shown());
        assert_eq!(figure(&figures, "cla_n"), in_care, "{cell}: {}", run.shown());
    }
    for cell in ["n:30092026", "30092026", "n:20260931", "20261301"] {
        let (run, _) = since(cell);
        assert!(run.err.contains("this is not a date"), "{cell}: {}", run.shown());
    }
}

/// From 16 digits on Excel keeps no more: two children would be one.
#[test]
fn an_identifier_of_more_digits_than_excel_keeps_is_refused() {
    let with = |id: &str| {
        let row = format!("n:{id} | d:2026-05-01 | S | E1 | U1 | PR1 | |");
        build(&[COVER, ("Episodes", &[EPISODES, &row])])
    };
    let (run, figures) = with("999999999999999");
    assert_eq!(figure(&figures, "cla_n"), "1", "{}", run.shown());
    for id in ["1000000000000000", "1234567890123456"] {
        let (run, _) = with(id);
        assert!(run.err.contains("Excel shortened this number"), "{id}: {}", run.shown());
    }
}

/// Half of its columns make no list: two of the four of Reviews.
#[test]
fn a_sheet_with_half_of_a_lists_columns_is_told_and_not_used() {
    let (run, _) = build(&[COVER, ("Reviews", &["CHILD | REVIEW", "990011 | d:2026-05-01"])]);
    assert!(run.err.contains("no list was found on the sheet"), "{}", run.shown());
    assert!(run.err.contains("but has no DOB, REVIEW_CODE"), "{}", run.shown());
}

/// Where one column has the month first, the dates of another are doubted; but not where one of
/// them is of the 13th or later, which no month can be.
#[test]
fn a_day_past_the_twelfth_shows_that_days_come_first() {
    let doubted = |ended: &str| {
        let row = format!("990011 | 05/25/2026 | S | E1 | U1 | PR1 | d:{ended} | E4A");
        let (run, _) = build(&[COVER, ("Episodes", &[EPISODES, &row])]);
        run.err.contains("have the month first; this was read day first")
    };
    assert!(doubted("2026-06-12"));
    assert!(!doubted("2026-06-13"));
}
