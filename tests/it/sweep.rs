//! The example return with one of its columns blank in every third row, or with a list of which the
//! headings alone came back: where a figure moves, something is said. What a column is for nobody
//! here needs to know.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::{Data, Reader, Xlsx};
use jiff::ToSpan;
use jiff::civil::date;
use serde_json::Value;

use crate::support::{folder, rapporteur, root};

type Sheets = Vec<(String, Vec<Vec<String>>)>;

/// The sheets of the example as CSV lists have them.
fn sheets() -> Sheets {
    sheets_of("examples/children-in-care-2026-27-q2.xlsx")
}

fn sheets_of(workbook: &str) -> Sheets {
    let bytes = std::fs::read(root().join(workbook)).expect("the example");
    let mut book = Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let text = |cell: &Data| match cell {
        Data::DateTime(day) => {
            let day = date(1899, 12, 30) + (day.as_f64() as i64).days();
            day.strftime("%d/%m/%Y").to_string()
        }
        other => other.to_string(),
    };
    let rows = |range: calamine::Range<Data>| -> Vec<Vec<String>> {
        range.rows().map(|row| row.iter().map(text).collect()).collect()
    };
    book.worksheets().into_iter().map(|(name, range)| (name, rows(range))).collect()
}

/// What is printed, by indicator and comparator, and whether anything is said that build tells.
fn built(folder: &Path, sheets: &Sheets) -> (BTreeMap<String, String>, bool) {
    for (name, rows) in sheets {
        let mut file = csv::Writer::from_path(folder.join(format!("{name}.csv"))).expect("a file");
        let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
        for row in rows {
            let blanks = std::iter::repeat_n("", widest - row.len());
            file.write_record(row.iter().map(String::as_str).chain(blanks)).expect("written");
        }
    }
    let names: Vec<String> = sheets.iter().map(|(name, _)| format!("{name}.csv")).collect();
    let mut arguments = vec!["build", "--json", "-o", "a.xlsx", "--figures", "f.csv"];
    arguments.push("--no-problems");
    arguments.extend(names.iter().map(String::as_str));
    let run = rapporteur(folder, &arguments);
    let json: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()));
    let problems = json["problems"].as_array().expect("problems");
    let said = problems.iter().any(|problem| problem["severity"] != "note")
        || json["not_worked_out"].as_object().is_some_and(|gaps| !gaps.is_empty());
    let mut figures = csv::Reader::from_path(folder.join("f.csv")).expect("figures");
    let heads = figures.headers().expect("headings").clone();
    let at = |name: &str| heads.iter().position(|head| head == name).expect("a column");
    let (code, area, period, printed) = (at("indicator"), at("area"), at("period"), at("printed"));
    let figure = |row: csv::StringRecord| {
        (format!("{} {} {}", &row[code], &row[area], &row[period]), row[printed].to_string())
    };
    (figures.records().map(|row| figure(row.expect("a row"))).collect(), said)
}

/// The lists of children, and the columns of each.
fn lists(sheets: &Sheets) -> Vec<(usize, Vec<String>)> {
    let of = |(at, (_, rows)): (usize, &(String, Vec<Vec<String>>))| {
        rows[0].contains(&"CHILD".to_string()).then(|| (at, rows[0].clone()))
    };
    sheets.iter().enumerate().filter_map(of).collect()
}

/// What moved without a word, of ways to spoil the return.
fn silent(ways: impl Iterator<Item = (String, Sheets)>) -> Vec<String> {
    let folder = folder();
    let (sound, said) = built(folder.path(), &sheets());
    assert!(!said, "the example is sound");
    let moved = |(what, sheets): (String, Sheets)| {
        let (figures, said) = built(folder.path(), &sheets);
        (!said && figures != sound).then_some(what)
    };
    ways.filter_map(moved).collect()
}

#[test]
fn a_blank_that_moves_a_figure_is_told() {
    let all = sheets();
    let ways = lists(&all).into_iter().flat_map(|(list, columns)| {
        let spoilt = |column: usize| {
            let mut sheets = all.clone();
            for row in sheets[list].1.iter_mut().skip(1).step_by(3) {
                row[column].clear();
            }
            sheets
        };
        let named = |(at, name): (usize, &String)| (format!("{} {name}", all[list].0), spoilt(at));
        columns.iter().enumerate().map(named).collect::<Vec<_>>()
    });
    assert_eq!(silent(ways), Vec::<String>::new());
}

#[test]
fn a_list_without_its_rows_is_told() {
    let all = sheets();
    let ways = lists(&all).into_iter().map(|(list, _)| {
        let mut sheets = all.clone();
        sheets[list].1.truncate(1);
        (all[list].0.clone(), sheets)
    });
    assert_eq!(silent(ways), Vec::<String>::new());
}

/// The rest of a list, as where a filter or a page's end cut it off.
#[test]
fn children_who_lost_their_episodes_are_told() {
    let all = sheets();
    let ways = all.iter().position(|(name, _)| name == "Episodes").into_iter().map(|list| {
        let mut sheets = all.clone();
        sheets[list].1.truncate(500);
        ("Episodes".to_string(), sheets)
    });
    assert_eq!(silent(ways), Vec::<String>::new());
}

/// Where there are none, a word for it says so.
#[test]
fn a_list_that_says_it_has_none_is_believed() {
    let mut sheets = sheets();
    let list = sheets.iter().position(|(name, _)| name == "UASC").expect("the list");
    sheets[list].1.truncate(1);
    let width = sheets[list].1[0].len();
    let mut row = vec![String::new(); width];
    row[0] = "None".to_string();
    sheets[list].1.push(row);
    let folder = folder();
    let (figures, said) = built(folder.path(), &sheets);
    assert!(!said);
    assert_eq!(figures["uasc_n Exampleton 2026/27 Q1/Q2"], "0");
}

/// Columns under each other's headings hold what they may hold; the figures of last year say that
/// something is wrong.
#[test]
fn a_percentage_that_went_very_far_is_told() {
    let mut sheets = sheets();
    let heads = &mut sheets.iter_mut().find(|(name, _)| name == "OC2").expect("the list").1[0];
    let [one, other] = ["CONVICTED", "IMMUNISATIONS"]
        .map(|wanted| heads.iter().position(|head| head == wanted).expect("a column"));
    heads.swap(one, other);
    let folder = folder();
    let (_, said) = built(folder.path(), &sheets);
    assert!(said);
    let run = rapporteur(folder.path(), &["build", "OC2.csv", "Figures.csv", "Cover.csv"]);
    let told = "Convicted or cautioned, ages 10 to 17 is 80.6%, and was 2.9% in 2025/26";
    assert!(run.err.contains(told), "{}", run.shown());
    // Of a few children a percentage goes far by one of them.
    sheets.iter_mut().find(|(name, _)| name == "OC2").expect("the list").1.truncate(25);
    built(folder.path(), &sheets);
    let run = rapporteur(folder.path(), &["build", "OC2.csv", "Figures.csv", "Cover.csv"]);
    assert!(!run.err.contains("Convicted or cautioned, ages 10 to 17 is"), "{}", run.shown());
}

/// The example as it would have come a quarter ago.
fn a_quarter_ago() -> Sheets {
    let typed = ["Figures", "Commentary", "Exits", "Recruitment", "Homes"];
    let mut before: Sheets =
        sheets().into_iter().filter(|(name, _)| !typed.contains(&name.as_str())).collect();
    let cover = &mut before.iter_mut().find(|(name, _)| name == "Cover").expect("a Cover").1;
    for (label, says) in [("Quarter", "Q1"), ("Period end", "30/06/2026")] {
        cover.iter_mut().find(|row| row[0] == label).expect("the row")[1] = says.to_string();
    }
    before
}

/// What is warned of where one list is changed.
fn warned(folder: &Path, list: &str, change: impl Fn(&mut Vec<Vec<String>>)) -> Vec<String> {
    let mut sheets = sheets();
    change(&mut sheets.iter_mut().find(|(name, _)| name == list).expect("the list").1);
    built(folder, &sheets);
    let names: Vec<String> = sheets.iter().map(|(name, _)| format!("{name}.csv")).collect();
    let arguments: Vec<&str> =
        ["build"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let run = rapporteur(folder, &arguments);
    run.err.lines().filter(|line| line.starts_with("warning")).map(String::from).collect()
}

/// Rows that are lost, and columns that are filled down, are told by the report of the quarter
/// before.
#[test]
fn what_a_quarter_ago_says_otherwise_is_told() {
    let folder = folder();
    built(folder.path(), &a_quarter_ago());
    let history = folder.path().join("history");
    std::fs::create_dir(&history).expect("made");
    std::fs::rename(folder.path().join("f.csv"), history.join("q1.csv")).expect("renamed");
    std::fs::write(folder.path().join("rapporteur.toml"), "history = \"history\"\n")
        .expect("written");
    assert_eq!(warned(folder.path(), "Missing", |_| {}), Vec::<String>::new());
    for (list, rows, said) in [
        ("Missing", 20, "Missing incidents since April is 1"),
        ("OC2", 100, " is of 9"),
        ("OC3", 40, "Care leavers, ages 19 to 21 is "),
        ("UASC", 15, " is 12, and was 35 in 2026/27 Q1"),
    ] {
        let lost = warned(folder.path(), list, |all| all.truncate(rows));
        assert!(lost.iter().any(|line| line.contains(said)), "{list}: {lost:?}");
    }
    let settings = |line: &str| std::fs::write(folder.path().join("rapporteur.toml"), line);
    settings("history = \"history/q1.csv\"\n").expect("written");
    let lost = warned(folder.path(), "UASC", |all| all.truncate(15));
    assert!(lost.iter().any(|line| line.contains("and was 35 in 2026/27 Q1")), "{lost:?}");
    settings("history = \"q1.csv\"\n").expect("written");
    let gone = warned(folder.path(), "UASC", |_| {});
    assert_eq!(gone, ["warning: history = \"q1.csv\" is not there"]);
    settings("history = \"history\"\n").expect("written");
    let filled_down = warned(folder.path(), "Episodes", |all| {
        let at = all[0].iter().position(|head| head == "PLACE").expect("the column");
        all.iter_mut().skip(1).for_each(|row| row[at] = "U6".to_string());
    });
    assert!(filled_down.iter().any(|line| line.contains(": all are \"")), "{filled_down:?}");
}

/// A population with a digit too many, or too few, makes every rate a tenth or ten times of what it
/// was.
#[test]
fn a_rate_that_went_very_far_is_told() {
    let all = sheets();
    let ways = ["401460", "4014"].map(|people| {
        let mut sheets = all.clone();
        let cover = &mut sheets.iter_mut().find(|(name, _)| name == "Cover").expect("a Cover").1;
        let row = cover.iter_mut().find(|row| row[0] == "Population under 18").expect("the row");
        row[1] = people.to_string();
        (format!("a population of {people}"), sheets)
    });
    assert_eq!(silent(ways.into_iter()), Vec::<String>::new());
}

/// A table of services that was pasted below itself adds everything up twice.
#[test]
fn a_table_that_stands_twice_is_told() {
    let all = sheets();
    let tables = ["Exits", "Recruitment", "Homes"].map(|table| {
        let mut sheets = all.clone();
        let rows = &mut sheets.iter_mut().find(|(name, _)| name == table).expect("the table").1;
        let again = rows[1..].to_vec();
        rows.extend(again);
        (table.to_string(), sheets)
    });
    assert_eq!(silent(tables.into_iter()), Vec::<String>::new());
}

/// Somebody sorted the lists, or a case system gave their columns in another order.
#[test]
fn the_order_of_rows_columns_and_lists_moves_no_figure() {
    let typed = ["Cover", "Figures", "Commentary"];
    let all = sheets_of("examples/exampleton/2026-27-q2.xlsx");
    let spoilt = |spoil: fn(&mut [Vec<String>])| {
        let mut sheets = all.clone();
        let lists = sheets.iter_mut().filter(|(name, _)| !typed.contains(&name.as_str()));
        lists.for_each(|(_, rows)| spoil(rows));
        sheets
    };
    let folder = folder();
    let sound = built(folder.path(), &all);
    for (what, sheets) in [
        ("rows", spoilt(|rows| rows[1..].reverse())),
        (
            "halves",
            spoilt(|rows| {
                let half = rows.len() / 2;
                rows[1..].rotate_left(half)
            }),
        ),
        ("columns", spoilt(|rows| rows.iter_mut().for_each(|row| row.reverse()))),
        ("lists", all.iter().rev().cloned().collect()),
    ] {
        assert!(built(folder.path(), &sheets) == sound, "{what} in another order");
    }
}
