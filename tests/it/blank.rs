//! `blank`: what is sent out is what is understood when it comes back.

use std::path::Path;

use rapporteur::workbook_diff::describe::workbook_text;
use serde_json::Value;

use crate::make::{parts, with_cell};
use crate::support::{folder, rapporteur, snapshots};

const SETTINGS: &str = r#"shipped_scripts = false
layout = "short"

[authority]
name = "Exampleton"
region = "Mid England"
contact = "the performance team, 01234 567890"
"#;

/// A column of each type, a code that is no longer in use, figures of several units.
const SCRIPT: &str = r#"
rap.list "repairs" {
  title = "Repairs", record = "repair", key = "JOB", public = { "JOB" },
  description = "A row for each repair that was asked for since April.",
  columns = {
    { "JOB",      "id",   required = true, description = "Its number in the works system." },
    { "REPORTED", "date", required = true },
    { "PRIORITY", codes = { ["1"] = "Emergency", R = "Routine", X = { "No longer used", to = "2020/21" } } },
    { "COST",     "number", min = 0, max = 50000 },
    { "DONE",     "percentage" },
    { "NOTES",    "text" },
  },
}

rap.indicator "repairs_n" { title = "Repairs asked for", theme = "Repairs", unit = "number", population = "repairs" }
rap.indicator "repairs_rate" {
  title = "Repairs for every thousand homes", theme = "Repairs", unit = "rate per 1,000",
  numerator = "repairs", denominator = rap.cover "Homes let",
}
rap.indicator "calls_answered" {
  title = "Calls answered", theme = "Contact centre", unit = "percentage", better = "higher", target = 90, typed = true,
  definition = "Calls answered by a person, out of all calls.",
}
rap.indicator "complaints" { title = "Complaints", theme = "Contact centre", unit = "number", typed = true }
rap.indicator "spent" { title = "Spent, in thousands", unit = "number", decimals = 1, people = false, typed = true }
"#;

const LAYOUT: &str = r#"
rap.layout "short" {
  sheets = function(report)
    local rows = {}
    for _, figure in report:figures() do table.insert(rows, { indicator = figure.code }) end
    return { { name = "Figures", title = "All", rows = rows, columns = {
      { heading = "Indicator", show = "title" }, { heading = "Now", show = "value" },
      { heading = "Before", show = "previous_quarter" },
    } } }
  end,
}
rap.layout "calls" {
  sheets = function(report)
    return { { name = "Calls", title = "Calls", rows = { { indicator = "calls_answered" } }, columns = {
      { heading = "Indicator", show = "title" }, { heading = "Now", show = "value" },
    } } }
  end,
}
"#;

/// What last quarter's report printed; the last row is another council's.
const HISTORY: &str = "\
indicator,area_type,area,area_code,period,value,symbol,printed,reported_in
calls_answered,council,Exampleton,,2026/27 Q1,88.25,,88.3%,2026/27 Q1
calls_answered,council,Exampleton,,2025/26,91,,91.0%,2026/27 Q1
complaints,council,Exampleton,,2026/27 Q1,,c,[c],2026/27 Q1
complaints,council,Elsewhere,E06000099,2026/27 Q1,7,,7,2026/27 Q1
";

const PERIOD: [&str; 2] = ["--period", "2026/27 Q2"];

fn tiny() -> tempfile::TempDir {
    let place = folder();
    for (name, text) in [
        ("rapporteur.toml", SETTINGS),
        ("scripts/a.luau", SCRIPT),
        ("templates/a.luau", LAYOUT),
        ("q1.csv", HISTORY),
    ] {
        let path = place.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    place
}

fn asked(place: &Path, arguments: &[&str]) -> Value {
    let run = rapporteur(place, &[&["blank", "--json"], arguments].concat());
    assert_eq!(run.code, Some(0), "{}", run.shown());
    serde_json::from_str(&run.out).expect("JSON")
}

fn text(place: &Path, file: &str) -> String {
    workbook_text(&std::fs::read(place.join(file)).expect("a workbook")).expect("a sound workbook")
}

/// The text without most of the rows that are made ready for records: they are all alike.
fn short_text(place: &Path) -> String {
    let mut list = false;
    let mut short = String::new();
    for line in text(place, "blank.xlsx").lines() {
        if line.starts_with("==") {
            list = false;
        } else if line.starts_with("cols") {
            list = line.contains("[s");
        }
        let row = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .trim_start_matches(|c: char| c.is_ascii_uppercase());
        if !(list
            && line.ends_with("blank")
            && row.parse().is_ok_and(|row: u32| (3..201).contains(&row)))
        {
            short.push_str(line);
            short.push('\n');
        }
    }
    short
}

/// The number of a sheet's part, from 1.
fn sheet(told: &Value, name: &str) -> usize {
    told["sheets"].as_array().expect("sheets").iter().position(|s| s == name).expect("such a sheet")
        + 1
}

#[test]
fn a_small_project_asks_for_all_that_it_declares() {
    let place = tiny();
    let wanted = ["--history", "q1.csv", "--by", "Friday 16 October", PERIOD[0], PERIOD[1]];
    let run = rapporteur(place.path(), &[&["blank"], &wanted[..]].concat());
    snapshots().bind(|| insta::assert_snapshot!("blank__small_run", run.shown()));
    snapshots().bind(|| insta::assert_snapshot!("blank__small", short_text(place.path())));
    // The same again, byte for byte.
    rapporteur(place.path(), &[&["blank", "-o", "again.xlsx"], &wanted[..]].concat());
    let read = |name: &str| std::fs::read(place.path().join(name)).expect("a file");
    assert!(read("blank.xlsx") == read("again.xlsx"));
}

#[test]
fn the_shipped_one_asks_for_what_services_know() {
    let place = folder();
    asked(place.path(), &PERIOD);
    snapshots().bind(|| insta::assert_snapshot!("blank__shipped", short_text(place.path())));
}

/// Whatever `blank` writes, the reader knows: each list with all its columns, in their usual order,
/// without a word.
#[test]
fn every_heading_is_read_back() {
    let place = folder();
    let told = asked(place.path(), &["--with-lists", PERIOD[0], PERIOD[1]]);
    let run = rapporteur(place.path(), &["check", "blank.xlsx", "--json"]);
    let checked: Value = serde_json::from_str(&run.out).expect("JSON");
    let found: Vec<&str> =
        checked["found"].as_array().expect("found").iter().filter_map(Value::as_str).collect();
    assert_eq!(found.len(), told["sheets"].as_array().expect("sheets").len());
    for line in &found {
        let whole = line.split_once("row 1 holds ").map(|(_, rest)| {
            let mut numbers = rest.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
            numbers.next() == numbers.next()
        });
        assert!(whole.unwrap_or(!line.contains("not a list")), "{line}");
    }
    let lists = found.iter().filter(|line| line.contains("row 1 holds")).count();
    assert_eq!(lists, told["lists"].as_array().expect("lists").len());
    // Nothing is said but that it is not filled in: once of the council's name, once of the
    // figures, once of the lists of children, once of each list about services.
    let said: Vec<&str> = checked["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .filter_map(|p| p["message"].as_str())
        .collect();
    let unfilled = |message: &&&str| {
        message.starts_with("the council has no name")
            || message.ends_with("are not filled in")
            || message.ends_with("so it is left out")
            || message.starts_with("lists with headings and no rows count nobody: Header, ")
    };
    assert_eq!(said.iter().filter(unfilled).count(), said.len(), "{said:?}");
    assert_eq!(said.len(), 10, "{said:?}");
}

#[test]
fn an_unfilled_one_is_told_in_a_few_lines() {
    let place = tiny();
    asked(place.path(), &PERIOD);
    let run = rapporteur(place.path(), &["check", "blank.xlsx"]);
    snapshots().bind(|| insta::assert_snapshot!("blank__unfilled", run.shown()));
}

/// The workbook with cells of a sheet filled in: each keeps its format, as it does when somebody
/// types in it.
fn filled(mut book: Vec<u8>, sheet: usize, cells: &[(&str, &str)]) -> Vec<u8> {
    for (cell, typed) in cells {
        let part =
            parts(&book).into_iter().find(|(name, _)| name.ends_with(&format!("sheet{sheet}.xml")));
        let part = String::from_utf8(part.expect("a sheet").1).expect("text");
        let style =
            part.split(&format!("<c r=\"{cell}\" s=\"")).nth(1).expect("a cell with a format");
        let style = style.split('"').next().expect("a format");
        let (kind, value) = match typed.parse::<f64>() {
            Ok(_) => ("", format!("<v>{typed}</v>")),
            Err(_) => (" t=\"inlineStr\"", format!("<is><t>{typed}</t></is>")),
        };
        book = with_cell(
            &book,
            sheet,
            cell,
            &format!("<c r=\"{cell}\" s=\"{style}\"{kind}>{value}</c>"),
        );
    }
    book
}

/// Filled in, it is built without a problem, and its earlier figures are those of the report
/// before.
#[test]
fn filled_in_it_is_built_without_a_problem() {
    let place = tiny();
    let told = asked(place.path(), &["--history", "q1.csv", PERIOD[0], PERIOD[1]]);
    let book = std::fs::read(place.path().join("blank.xlsx")).expect("a workbook");
    let empty = text(place.path(), "blank.xlsx");
    let label = empty.lines().find(|line| line.starts_with('A') && line.ends_with("\"Homes let\""));
    let row = label
        .and_then(|line| line[1..].split(' ').next())
        .expect("the number that rates are out of");
    let book = filled(book, sheet(&told, "Cover"), &[(&format!("B{row}"), "5000")]);
    let book = filled(
        book,
        sheet(&told, "Figures"),
        &[("E5", "180"), ("F5", "200"), ("G6", "12"), ("G7", "30.5")],
    );
    let repairs = [
        ("A2", "0017"),
        ("B2", "46140"),
        ("C2", "1"),
        ("D2", "120.5"),
        ("E2", "0.008"),
        // A name, and nothing that need not be there.
        ("A3", "0018x"),
        ("B3", "46141"),
    ];
    let book = filled(book, sheet(&told, "Repairs"), &repairs);
    std::fs::write(place.path().join("filled.xlsx"), book).expect("written");
    let run = rapporteur(
        place.path(),
        &["build", "filled.xlsx", "--history", "q1.csv", "--figures", "f.csv"],
    );
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.shown());
    assert!(run.out.ends_with("figures for 2026/27 Q2; no problems\n"), "{}", run.out);
    let figures = std::fs::read_to_string(place.path().join("f.csv")).expect("figures");
    let printed = |code: &str, period: &str| {
        let mut rows =
            figures.lines().filter(|l| l.starts_with(code) && l.contains(&format!(",{period},")));
        rows.next().unwrap_or_default().to_string()
    };
    assert!(printed("calls_answered", "2026/27 Q2").contains(",90.0%,typed"), "{figures}");
    assert!(printed("calls_answered", "2026/27 Q1").contains(",88.3%,"), "{figures}");
    assert!(printed("complaints", "2026/27 Q1").contains(",c,[c],history"), "{figures}");
    assert!(printed("repairs_rate", "2026/27 Q2").contains(",0.4,calculated"), "{figures}");
}

/// The next quarter's return begins with the last one: its figures, titles, targets with their
/// tolerance, its Cover.
#[test]
fn the_last_return_is_where_the_next_begins() {
    let place = tiny();
    let last = "Indicator,Title,Value,Previous out-turn,Target,Tolerance low,Tolerance high\n\
                calls_answered,Calls that a person answered,88.1%,91%,92,1.5,2\n\
                letters,Letters answered,40,,,,\n";
    let cover = "Authority,Exampleton Borough\nReporting year,2026/27\nQuarter,Q1\n\
                 Homes let,\"5,000\"\nCommittee,Housing\n";
    std::fs::write(place.path().join("last.csv"), last).expect("written");
    std::fs::write(place.path().join("cover.csv"), cover).expect("written");
    let told = asked(place.path(), &["last.csv", "cover.csv"]);
    assert_eq!(told["period"], "2026/27 Q1/Q2");
    assert_eq!(told["figures"].to_string(), r#"["calls_answered","complaints","spent","letters"]"#);
    let text = text(place.path(), "blank.xlsx");
    let cell = |sheet: &str, cell: &str| {
        let sheet = text
            .split("\n== sheet ")
            .find(|part| part.starts_with(&format!("\"{sheet}\"")))
            .expect("a sheet");
        let line = sheet.lines().find(|line| line.starts_with(&format!("{cell} ")));
        line.and_then(|line| line.rsplit("] ").next()).unwrap_or_default().to_string()
    };
    let figures = ["B5", "H5", "I5", "J5", "L5", "M5", "H8"].map(|at| cell("Figures", at));
    assert_eq!(
        figures,
        ["\"Calls that a person answered\"", "0.881", "0.91", "0.92", "1.5", "2", "40"]
    );
    let on_cover = ["B3", "B9", "B10", "B12"].map(|at| cell("Cover", at));
    assert_eq!(on_cover, ["\"Exampleton Borough\"", "46295 (2026-09-30)", "5000", "\"Housing\""]);
    let run = rapporteur(place.path(), &["blank", "missing.xlsx", "-o", "other.xlsx"]);
    assert!(run.code == Some(4) && run.err.contains("missing.xlsx"), "{}", run.shown());
}

/// The same workbook goes to two managers, each of whom fills in a part: together they make one
/// return.
#[test]
fn two_managers_fill_in_a_part_each() {
    let place = tiny();
    let told = asked(place.path(), &["--no-lists", PERIOD[0], PERIOD[1]]);
    let book = std::fs::read(place.path().join("blank.xlsx")).expect("a workbook");
    let figures = sheet(&told, "Figures");
    let parts: [(&str, &[(&str, &str)]); 2] = [
        ("calls.xlsx", &[("G5", "0.881"), ("G6", "12")]),
        ("money.xlsx", &[("G7", "30.5"), ("K5", "not mine")]),
    ];
    for (name, cells) in parts {
        std::fs::write(place.path().join(name), filled(book.clone(), figures, cells))
            .expect("written");
    }
    // A note alone is a row that somebody filled in, so the two rows on calls are a matter to
    // settle.
    let run = rapporteur(place.path(), &["check", "calls.xlsx", "money.xlsx"]);
    assert!(run.out.ends_with("1 warning\n") && run.err.contains("Figures!A5"), "{}", run.shown());
    let own = filled(book, figures, &[("G7", "30.5")]);
    std::fs::write(place.path().join("money.xlsx"), own).expect("written");
    for order in [["calls.xlsx", "money.xlsx"], ["money.xlsx", "calls.xlsx"]] {
        let run = rapporteur(place.path(), &["check", order[0], order[1]]);
        assert!(run.code == Some(0) && run.out.ends_with("no problems\n"), "{}", run.shown());
    }
    // What stands beside a cell that one left empty goes to the row that the other filled in.
    std::fs::write(
        place.path().join("beside.csv"),
        "Indicator,Value,Target,England\ncalls_answered,,90,77.5%\n",
    )
    .expect("written");
    std::fs::write(place.path().join("other.csv"), "Indicator,Value,Target\ncalls_answered,,85\n")
        .expect("written");
    let run = rapporteur(
        place.path(),
        &["build", "calls.xlsx", "money.xlsx", "beside.csv", "--figures", "f.csv"],
    );
    assert!(run.code == Some(0), "{}", run.shown());
    let figures = std::fs::read_to_string(place.path().join("f.csv")).expect("figures");
    assert!(figures.contains(",77.5%,typed") && figures.contains(",88.1%,typed"), "{figures}");
    let run = rapporteur(place.path(), &["check", "calls.xlsx", "money.xlsx", "other.csv"]);
    assert!(
        run.code == Some(1) && run.err.contains("calls.xlsx  Figures!J5 says otherwise"),
        "{}",
        run.shown()
    );
    let run = rapporteur(place.path(), &["check", "money.xlsx"]);
    assert!(
        run.err.starts_with("warning: Calls answered, Complaints are not filled in\n"),
        "{}",
        run.shown()
    );
}

#[test]
fn what_is_asked_for_can_be_chosen() {
    let place = tiny();
    let of =
        |arguments: &[&str], file: &str| asked(place.path(), &[arguments, &["-o", file]].concat());
    let told = of(&["--figures", "complaints,Calls answered", "--no-lists"], "1.xlsx");
    assert_eq!(
        (told["figures"].to_string(), told["lists"].to_string()),
        (r#"["complaints","calls_answered"]"#.into(), "[]".into())
    );
    assert_eq!(
        told["sheets"].to_string(),
        r#"["Guidance","Cover","Figures","Commentary","Codes"]"#
    );
    let told = of(&["--template", "calls", "--lists", "Repairs"], "2.xlsx");
    assert_eq!(
        (told["figures"].to_string(), told["lists"].to_string()),
        (r#"["calls_answered"]"#.into(), r#"["repairs"]"#.into())
    );
    // Without a period the Cover asks for it, and every code is offered.
    let whole = text(place.path(), "2.xlsx");
    assert!(whole.contains("No longer used") && !whole.contains("Reporting year"), "{whole}");
}

#[test]
fn what_cannot_be_is_said() {
    let place = tiny();
    std::fs::write(place.path().join("there.xlsx"), "somebody's").expect("written");
    let mut told = String::new();
    for arguments in [
        &["--figures", "complaint"][..],
        &["--lists", "repair_s"],
        &["--template", "cals"],
        &["--period", "soon"],
        &["-o", "there.xlsx"],
        &["-o", "nowhere/a.xlsx"],
    ] {
        let run = rapporteur(place.path(), &[&["blank"], arguments].concat());
        told.push_str(&format!("$ rapporteur blank {}\n{}\n\n", arguments.join(" "), run.shown()));
    }
    assert_eq!(
        std::fs::read_to_string(place.path().join("there.xlsx")).expect("still there"),
        "somebody's"
    );
    assert!(!place.path().join("blank.xlsx").exists());
    snapshots().bind(|| insta::assert_snapshot!("blank__refused", told));
}

/// Titles that no tab can have, or that another sheet has.
#[test]
fn lists_of_any_title_get_a_sheet() {
    let place = tiny();
    let mut script = SCRIPT.to_string();
    for (name, title) in [
        ("a", "Figures"),
        ("b", "Codes"),
        ("c", "Jobs: done/open?"),
        ("d", "repairs"),
        ("e", &"Long ".repeat(20)),
    ] {
        script.push_str(&format!(
            "rap.list \"{name}\" {{ title = \"{title}\", key = \"K{name}\", \
             public = {{ \"L{name}\" }},\n\
             columns = {{ {{ \"K{name}\", \"id\" }}, {{ \"L{name}\", \"text\" }} }} }}\n"
        ));
    }
    std::fs::write(place.path().join("scripts/a.luau"), script).expect("written");
    let told = asked(place.path(), &PERIOD);
    snapshots().bind(|| insta::assert_snapshot!("blank__tabs", told["sheets"].to_string()));
    let run = rapporteur(place.path(), &["check", "blank.xlsx", "-v"]);
    assert_eq!(run.out.matches("row 1 holds").count(), 6, "{}", run.shown());
}
