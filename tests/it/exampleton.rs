//! The example council in a project of its own shows what the program can: exceptions, ranks,
//! revised figures, months, charts over sixteen quarters, and one fault in the commentary.

use rapporteur::workbook_diff::describe::workbook_text;

use crate::support::{Run, folder, rapporteur, root};

fn project() -> String {
    root().join("examples/exampleton").display().to_string()
}

/// The example in a layout: what was said, and the workbook as text.
fn built(layout: &str) -> (Run, String) {
    let place = folder();
    let project = project();
    let received = format!("{project}/2026-27-q2.xlsx");
    let run = rapporteur(
        place.path(),
        &["build", &received, "--project", &project, "--template", layout, "-o", "a.xlsx"],
    );
    let bytes = std::fs::read(place.path().join("a.xlsx")).expect("an appendix");
    (run, workbook_text(&bytes).expect("text"))
}

#[test]
fn what_a_visitor_sees_first_has_all_there_is_to_see() {
    let (run, text) = built("committee");
    // One fault is there to be found, and nothing else is wrong.
    assert_eq!(run.err.matches("warning: ").count(), 1, "{}", run.shown());
    assert!(
        run.err.contains(
            "the commentary says 7.9%, but `Children who went missing since April` is 5.5%"
        ),
        "{}",
        run.shown()
    );
    assert!(!run.err.contains("error: "), "{}", run.shown());
    for shown in [
        "6 of 15 measures with a target miss it",
        "Not achieved",
        "Exceeded",
        " of 24",
        " [r]",
        "Mid England",
        "September 2026",
        "2022/23 Q2",
        "Requires improvement",
        "Households that want to foster",
        "Areas of strength",
    ] {
        assert!(text.contains(shown), "{shown} is nowhere:\n{text}");
    }
    assert!(text.matches("chart").count() >= 5, "{text}");
    // What was revised is marked in the tables of charts too, and stays a number that they draw.
    let (_, text) = built("annual");
    assert!(text.contains("0.0%\" [r]\""), "no mark in a chart's table:\n{text}");
}

/// Months stand under their years, money is drawn in upright bars, and a target that is the same in
/// every period is a line that no column repeats.
#[test]
fn charts_of_many_periods_stay_readable() {
    let (_, text) = built("committee");
    let chart = |title: &str| {
        let charts = text.lines().filter(|line| line.starts_with("chart "));
        charts.filter(|line| line.contains(title)).collect::<Vec<_>>().join("\n")
    };
    let money = chart("Average weekly cost");
    assert!(money.contains("column clustered") && money.contains("y-axis \"Pounds\""), "{money}");
    assert!(money.contains("categories='Month by month'!$H$"), "{money}");
    assert!(text.contains("\"Target 95%, range 93% to 97%\""), "{text}");
    assert!(!text.contains("\"Target range from\""), "{text}");
    for (year, month) in [("2025", "Oct"), ("2026", "Jan")] {
        let first = format!("\"{year}\"");
        let at = text.lines().position(|line| line.starts_with('H') && line.contains(&first));
        let next = at.and_then(|at| text.lines().nth(at + 1)).unwrap_or_default();
        assert!(next.contains(&format!("\"{month}\"")), "{year}: {next}");
    }
}

/// What counts on from April rises from quarter to quarter by definition: four quarters apart are
/// held against each other, of which sixteen quarters have too few.
#[test]
fn what_counts_on_from_april_has_no_control_chart() {
    let (_, text) = built("spc");
    let charts: Vec<&str> = text.lines().filter(|line| line.starts_with("chart ")).collect();
    assert!(charts.iter().any(|chart| chart.contains("Living with foster carers")), "{charts:?}");
    for counted in ["started to be looked after", "ceased to be looked after", "Enquiries about"] {
        assert!(!charts.iter().any(|chart| chart.contains(counted)), "{counted}: {charts:?}");
    }
}

/// A quarter begins between two figures of whole per cents: in one column all have the same
/// decimals.
#[test]
fn where_the_best_quarter_begins_has_the_decimals_of_the_measure() {
    let (_, text) = built("scorecard");
    assert!(text.contains("0.0%] 0.933"), "{text}");
    assert!(!text.contains("0.9325"), "{text}");
}

#[test]
fn every_shipped_layout_shows_the_example() {
    for layout in ["board", "annual", "targets", "services"] {
        let (run, text) = built(layout);
        assert!(!run.err.contains("error: "), "{layout}: {}", run.shown());
        assert!(text.contains("Exampleton"), "{layout}");
    }
}

/// Cells of figures and of words in their place by sheet, and how many of them are dashes.
fn dashes(text: &str) -> Vec<(&str, usize, usize)> {
    let mut sheets: Vec<(&str, usize, usize)> = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("== sheet \"") {
            sheets.push((rest.split('"').next().unwrap_or(rest), 0, 0));
        } else if let (Some((_, cells, dashes)), Some((address, said))) =
            (sheets.last_mut(), line.split_once(" [s"))
            && address.chars().all(|c| c.is_ascii_alphanumeric())
            && !said.ends_with("blank")
        {
            *cells += 1;
            *dashes += usize::from(said.ends_with("] \"–\""));
        }
    }
    sheets
}

/// A table has the columns that its measures have something for: at most a quarter of a sheet's
/// cells say that there is no figure. In `targets` measures without a target share one table,
/// whatever else is known of them.
#[test]
fn few_cells_of_a_sheet_are_dashes() {
    for layout in ["committee", "board", "annual", "targets", "services", "scorecard", "spc"] {
        let (_, text) = built(layout);
        for (sheet, cells, dashes) in dashes(&text) {
            let most = if layout == "targets" && sheet == "For information" { 0.35 } else { 0.25 };
            let share = dashes as f64 / cells as f64;
            assert!(share < most, "{layout}, {sheet}: {dashes} of {cells} cells are dashes");
        }
    }
}

/// Rows whose cells have one line where the page has room for it: of what has no target nearly all.
#[test]
fn rows_of_tables_are_a_line_high_where_the_page_has_room() {
    for (layout, sheets) in [
        ("scorecard", &["Over time", "This period alone"][..]),
        ("annual", &["Over the years", "This period alone"]),
        ("services", &["Targets and change"]),
        ("committee", &["On target", "For information"]),
    ] {
        let (_, text) = built(layout);
        for sheet in sheets {
            let (_, of_sheet) = text.split_once(&format!("== sheet \"{sheet}\"")).expect("a sheet");
            let rows = of_sheet.lines().find(|line| line.starts_with("rows ")).expect("heights");
            // Headings stand in the first five rows; commentary below its figure may be longer.
            let high = rows.split(' ').filter_map(|part| part.split_once('='));
            let high = high.filter(|(range, height)| {
                let first = range.split(':').next().and_then(|row| row.parse::<u32>().ok());
                first.is_some_and(|row| row > 5) && height.parse::<f64>().is_ok_and(|h| h > 28.0)
            });
            assert!(high.count() <= 3, "{layout}, {sheet}: {rows}");
        }
    }
}

/// The columns of small print say what the table of other editions says, in letters of 8 points.
#[test]
fn notes_in_columns_define_every_measure_that_they_list() {
    let place = folder();
    let project = project();
    let received = format!("{project}/2026-27-q2.xlsx");
    let arguments =
        ["build", &received, "--project", &project, "--template", "board", "-o", "a.xlsx"];
    let editions = ["--html", "a.html", "--accessible"];
    let run = rapporteur(place.path(), &[&arguments[..], &editions].concat());
    assert_eq!(run.code, Some(1), "{}", run.shown());
    let text = |name: &str| {
        workbook_text(&std::fs::read(place.path().join(name)).expect("written")).expect("text")
    };
    let (printed, accessible) = (text("a.xlsx"), text("a-accessible.xlsx"));
    let page = std::fs::read_to_string(place.path().join("a.html")).expect("a page");
    let (_, notes) = printed.split_once("Notes and definitions\"").expect("a sheet of notes");
    for said in
        ["Living in children's homes", "In the year, out of those looked after", "Rounding: "]
    {
        for edition in [notes, &accessible, &page] {
            assert!(edition.contains(said), "{said} is nowhere:\n{edition}");
        }
    }
    // What measures have in common is said once, and a title does not repeat the one before it.
    assert_eq!(notes.matches("In the year, out of those looked after").count(), 1, "{notes}");
    assert!(!notes.contains("whom the council is in touch with, ages 17"), "{notes}");
    assert!(accessible.contains("Care leavers the council is in touch with, ages 17 to 18"));
}

/// Nothing in it is real: every council's code is of those that are not given out, and the reports
/// of its past are those of sixteen quarters.
#[test]
fn the_council_its_region_and_its_past_are_made_up() {
    let published = root().join("examples/exampleton/published/2025");
    let mut councils = std::collections::BTreeSet::new();
    for file in std::fs::read_dir(published).expect("published files") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("text");
        for code in text.split(',').filter(|cell| cell.starts_with("E0")) {
            councils.insert(code.to_string());
        }
    }
    assert_eq!(councils.len(), 24);
    assert!(councils.iter().all(|code| code.starts_with("E060009")), "{councils:?}");
    let history = root().join("examples/exampleton/history");
    let quarters = std::fs::read_dir(history)
        .expect("history")
        .filter(|file| file.as_ref().expect("a file").file_name().to_string_lossy().contains("-q"));
    assert_eq!(quarters.count(), 16);
}
