//! Returns as they come back from a copy and paste: rows that stand twice, lines of text between
//! rows, identifiers written otherwise on one list. A figure is never wrong without a word.

use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;

use crate::support::{folder, rapporteur};

const HEADER: &str = "\
CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB
7001,M,01/05/2012,WBRI,A12345678901B,,
7002,F,01/05/2013,WBRI,A12345678902B,,
7003,F,01/06/2013,WBRI,A12345678903B,,
";
const EPISODES: &str = "\
CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
7001,01/05/2024,S,C2,N1,U6,PR1,,,,CT1 1AA,CT1 2AA,SC1
7002,01/05/2024,S,C2,N1,U6,PR1,,,,CT1 1AA,CT1 2AA,SC1
7003,01/05/2024,S,C2,N1,U6,PR1,,,,CT1 1AA,CT1 2AA,SC1
";
const MISSING: &str = "\
CHILD,DOB,MISSING,MIS_START,MIS_END
7001,01/05/2012,M,01/07/2026,02/07/2026
7002,01/05/2013,M,03/08/2026,04/08/2026
";
const OC3: &str = "\
CHILD,DOB,IN_TOUCH,ACTIV,ACCOM
8001,01/08/2007,YES,F2,U1
8002,01/08/2006,NO,G5,U2
";

/// The figures that a return gives, as they are printed, and what is said of it.
fn built(files: &[(&str, &str)], period: &str, codes: &[&str]) -> (Vec<String>, Vec<Value>) {
    let folder = folder();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let names = files.iter().map(|(name, _)| *name).filter(|name| name.ends_with(".csv"));
    let arguments: Vec<&str> = ["build"].into_iter().chain(names).collect();
    let rest = ["-o", "a.xlsx", "--figures", "f.csv", "--period", period, "--json"];
    let run = rapporteur(folder.path(), &[arguments.as_slice(), &rest].concat());
    let json: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()));
    let figures = std::fs::read_to_string(folder.path().join("f.csv")).expect("figures");
    let mut figures = csv::Reader::from_reader(figures.as_bytes());
    let heads = figures.headers().expect("headings").clone();
    let at = |name: &str| heads.iter().position(|head| head == name).expect("a column");
    let (code, printed) = (at("indicator"), at("printed"));
    let rows: Vec<csv::StringRecord> = figures.records().filter_map(Result::ok).collect();
    let of = |wanted: &&str| {
        let row = rows.iter().find(|row| &row[code] == *wanted);
        row.map_or_else(String::new, |row| row[printed].to_string())
    };
    let problems = json["problems"].as_array().expect("problems").clone();
    (codes.iter().map(of).collect(), problems)
}

fn told<'p>(problems: &'p [Value], message: &str) -> Option<&'p Value> {
    problems.iter().find(|p| p["message"] == message)
}

#[test]
fn a_row_that_stands_twice_is_told() {
    let (_, rows) = MISSING.split_once('\n').expect("rows");
    let twice = format!("{MISSING}{rows}");
    let (_, rows) = OC3.split_once('\n').expect("rows");
    // Of a list with one row for each the upper one is counted, whatever the lower one says.
    let leavers = format!("{OC3}{}", rows.replace("NO,G5,U2", "YES,F2,U1"));
    let files = |missing, oc3| {
        [
            ("header.csv", HEADER),
            ("episodes.csv", EPISODES),
            ("missing.csv", missing),
            ("oc3.csv", oc3),
        ]
    };
    let codes = ["miss_n", "cl_n", "cl_touch_pct"];
    let (once, said) = built(&files(MISSING, OC3), "2026/27 Q2", &codes);
    assert_eq!(once, ["2", "2", "50.0%"]);
    let again = "the same row stands above; both were counted";
    assert!(told(&said, again).is_none());
    let (figures, said) = built(&files(&twice, &leavers), "2026/27 Q2", &codes);
    assert_eq!(figures, ["4", "2", "50.0%"]);
    let missing = told(&said, again).expect("it is told");
    assert_eq!(missing["cells"], serde_json::json!(["A4", "A5"]));
    let moved = &missing["figures"][0];
    assert_eq!(
        (&moved["indicator"], &moved["from"], &moved["to"]),
        (&"miss_n".into(), &"4".into(), &"2".into())
    );
    let leavers = told(&said, "the same CHILD stands on the list OC3 twice").expect("it is told");
    assert_eq!(leavers["cells"], serde_json::json!(["A4", "A5"]));
}

/// A row that corrects another, which was not taken away: the same incident with another date of
/// birth, the same quarter and route with another number.
#[test]
fn a_row_that_corrects_another_is_told() {
    let corrected = MISSING.to_string() + "7002,02/05/2013,M,03/08/2026,04/08/2026\n";
    let exits = "QUARTER,ROUTE,CHILDREN\nQ1,SGO,3\nQ2,SGO,3\nQ1,SGO,4\n";
    let files = [
        ("header.csv", HEADER),
        ("episodes.csv", EPISODES),
        ("missing.csv", corrected.as_str()),
        ("exits.csv", exits),
    ];
    let (figures, said) = built(&files, "2026/27 Q2", &["miss_n", "exits_care"]);
    assert_eq!(figures, ["3", "10"]);
    for (column, cell, indicator) in [("DOB", "B4", "miss_n"), ("CHILDREN", "C4", "exits_care")] {
        let message = format!("a row above differs in {column} alone; both were counted");
        let row = told(&said, &message).expect(column);
        assert_eq!(row["cells"], serde_json::json!([cell]), "{column}");
        let moved = row["figures"].as_array().expect("figures");
        assert!(moved.iter().any(|figure| figure["indicator"] == indicator), "{row}");
    }
    // Another incident of the same child, and another route.
    let others = MISSING.to_string() + "7002,01/05/2013,M,05/08/2026,06/08/2026\n";
    let exits = exits.replace("Q1,SGO,4", "Q1,CAO,4");
    let files = [
        ("header.csv", HEADER),
        ("episodes.csv", EPISODES),
        ("missing.csv", others.as_str()),
        ("exits.csv", exits.as_str()),
    ];
    let (_, said) = built(&files, "2026/27 Q2", &["miss_n"]);
    assert!(!said.iter().any(|p| p["message"].to_string().contains("a row above differs")));
}

/// A note below a list, or the total of a team, is no child.
#[test]
fn a_line_of_text_is_no_record() {
    let (head, rows) = EPISODES.split_once('\n').expect("rows");
    let notes = format!(
        "{head}\nEast team\n{rows}Sub-total,3\n\nNote: taken from the case system on 3 October\n"
    );
    let files = [("header.csv", HEADER), ("episodes.csv", notes.as_str())];
    let (figures, said) = built(&files, "2026/27 Q2", &["cla_n"]);
    assert_eq!(figures, ["3"]);
    let text = told(&said, "a line of text was passed over").expect("it is told");
    assert_eq!(text["cells"], serde_json::json!(["A2", "A8"]));
    assert_eq!(told(&said, "a total row was left out").expect("it is told")["cells"][0], "A6");
    let errors: Vec<&Value> = said.iter().filter(|p| p["severity"] == "error").collect();
    assert!(errors.is_empty(), "{errors:?}");
}

/// An incident counts where its child is in care: where identifiers are written otherwise, none
/// does.
#[test]
fn identifiers_that_only_one_list_has_are_told() {
    for written in ["P7001,", "\"7,001\",", "9434007001,"] {
        let missing = MISSING.replace("7001,", written);
        let files = [("header.csv", HEADER), ("episodes.csv", EPISODES), ("missing.csv", &missing)];
        let (figures, said) = built(&files, "2026/27 Q2", &["miss_n"]);
        assert_eq!(figures, ["1"], "{written}");
        let rule = said.iter().find(|p| p["rule"] == "INT04").expect(written);
        assert_eq!(rule["cells"], serde_json::json!(["A2"]), "{written}");
        assert_eq!(rule["moves"][0], "miss_n");
    }
}

/// The Cover still has the quarter before.
#[test]
fn what_happened_after_the_periods_end_is_told() {
    let files = [("header.csv", HEADER), ("episodes.csv", EPISODES), ("missing.csv", MISSING)];
    let (figures, said) = built(&files, "2026/27 Q1", &["miss_n"]);
    assert_eq!(figures, ["0"]);
    let after = told(&said, "the child went missing after the period's end").expect("it is told");
    assert_eq!(after["cells"], serde_json::json!(["D2", "D3"]));
    let (_, said) = built(&files, "2026/27 Q2", &["miss_n"]);
    assert!(told(&said, "the child went missing after the period's end").is_none());
}

/// The rate that a population makes, and the cells that are told of.
fn cover(population: &str) -> (String, Vec<Value>) {
    let files = [
        ("header.csv", HEADER),
        ("episodes.csv", EPISODES),
        ("cover.csv", &format!("Authority,Exampleton\nPopulation under 18,{population}\n")),
    ];
    let (figures, said) = built(&files, "2026/27 Q2", &["cla_rate"]);
    let small = "\"Population under 18\" is too small: over a quarter of them are counted";
    let cells: Vec<Value> = said
        .iter()
        .filter(|p| {
            p["message"] == small || p["message"].as_str().is_some_and(|m| m.contains("above 0"))
        })
        .map(|p| p["cells"].clone())
        .collect();
    (figures[0].clone(), cells)
}

/// A population typed in thousands makes a rate a thousand times too large.
#[test]
fn a_population_in_thousands_is_told() {
    assert_eq!(cover("6.1"), ("4,918.0".to_string(), vec![serde_json::json!(["B2"])]));
    assert_eq!(cover("6100"), ("4.9".to_string(), vec![]));
    // Three rates are out of it; it is told once.
    assert_eq!(cover("sixty"), (String::new(), vec![serde_json::json!(["B2"])]));
}

/// A code without its meaning says nothing to an officer.
#[test]
fn codes_are_told_with_what_they_mean() {
    let missing = MISSING.replace(",M,01/07", ",X,01/07");
    let episodes = EPISODES.replacen(",U6,", ",U9,", 1);
    let files = [("header.csv", HEADER), ("episodes.csv", &episodes), ("missing.csv", &missing)];
    let (_, said) = built(&files, "2026/27 Q2", &[]);
    let hints: Vec<&str> = said.iter().filter_map(|p| p["hint"].as_str()).collect();
    for wanted in ["`rapporteur list episodes` says what may stand here: A3, A4,", "M (Missing"] {
        assert!(hints.iter().any(|hint| hint.contains(wanted)), "{wanted}: {hints:?}");
    }
}

/// A join of tables brings headings along twice. Of two columns that differ nobody knows which one
/// is meant.
#[test]
fn a_column_that_stands_twice_is_told() {
    let twice = |second: [&str; 3]| {
        let lines = EPISODES.lines().zip(["DECOM"].into_iter().chain(second));
        lines.map(|(line, more)| format!("{line},{more}\n")).collect::<String>()
    };
    let said = |episodes: &str| {
        let files = [("header.csv", HEADER), ("episodes.csv", episodes)];
        let (figures, said) = built(&files, "2026/27 Q2", &["cla_n"]);
        let of =
            |p: &&Value| p["message"].as_str().is_some_and(|m| m.starts_with("a second column"));
        (figures[0].clone(), said.iter().find(of).cloned().unwrap_or_default())
    };
    let (figure, problem) = said(&twice(["01/05/2024", "01/05/2024", "01/05/2024"]));
    assert_eq!((figure.as_str(), &problem["severity"]), ("3", &"note".into()));
    let (figure, problem) = said(&twice(["01/05/2024", "01/12/2026", "01/05/2024"]));
    assert_eq!((figure.as_str(), &problem["severity"]), ("3", &"error".into()));
    assert_eq!(problem["message"], "a second column DECOM, which differs from the one at B1");
    assert_eq!(problem["cells"], serde_json::json!(["N1"]));
    let (_, problem) = said(EPISODES);
    assert!(problem.is_null(), "{problem}");
}

/// Without a date of birth nothing else says that a child of 101 is none.
#[test]
fn nobody_is_in_care_for_longer_than_a_childhood() {
    let episodes = EPISODES.replacen("7001,01/05/2024", "7001,01/05/1925", 1);
    let (figures, said) = built(&[("episodes.csv", &episodes)], "2026/27 Q2", &["cla_n"]);
    let problem = told(&said, "open, and it began over 18 years ago").expect("told");
    assert_eq!((&problem["severity"], figures[0].as_str()), (&"error".into(), "3"));
    assert_eq!(problem["cells"], serde_json::json!(["B2"]));
    let (_, said) = built(&[("episodes.csv", EPISODES)], "2026/27 Q2", &[]);
    assert!(told(&said, "open, and it began over 18 years ago").is_none());
}

/// Local systems work distances out in kilometres; what a heading or a cell says of it is read.
#[test]
fn a_distance_in_kilometres_is_no_distance() {
    let with = |heading: &str, distances: [&str; 3]| {
        let columns = [heading, distances[0], distances[1], distances[2]];
        let places = ["PL_LOCATION", "OUT", "OUT", "IN"];
        let lines = EPISODES.lines().zip(columns.iter().zip(places));
        let lines = lines.map(|(line, (distance, place))| format!("{line},{distance},{place}\n"));
        lines.collect::<String>()
    };
    let codes = ["dist20out_pct", "within20_pct"];
    let built = |episodes: &str, settings: &str| {
        let files =
            [("header.csv", HEADER), ("episodes.csv", episodes), ("rapporteur.toml", settings)];
        self::built(&files, "2026/27 Q2", &codes)
    };
    let numbers = ["32", "33", "5"];
    let (miles, said) = built(&with("PL_DISTANCE", numbers), "");
    assert_eq!(miles, ["66.7%", "33.3%"]);
    assert!(!said.iter().any(|p| p["severity"] == "error"), "{said:?}");
    let heading = "the heading says km, so the column is not used";
    let called = "[columns.episodes]\nPL_DISTANCE = \"Distance (km)\"\n";
    for (episodes, settings) in [
        (with("PL_DISTANCE (km)", numbers), ""),
        (with("PL_DISTANCE_KM", numbers), ""),
        (with("Distance (km)", numbers), called),
    ] {
        let (figures, said) = built(&episodes, settings);
        assert_eq!(figures, ["", ""], "{episodes}");
        let told = told(&said, heading).unwrap_or_else(|| panic!("{episodes}: {said:?}"));
        assert_eq!((&told["severity"], &told["cells"][0]), (&"error".into(), &"N1".into()));
        assert_eq!(told["hint"], "PL_DISTANCE is in miles: enter miles, as a number alone");
    }
    let (figures, said) = built(&with("PL_DISTANCE", ["32 km", "33km", "5"]), "");
    assert_eq!(figures, ["0.0%", "33.3%"]);
    let told = told(&said, "this is in another unit: it was not used").expect("it is told");
    assert_eq!(told["cells"], serde_json::json!(["N2", "N3"]));
    assert_eq!(told["moves"][0], "dist20out_pct");
}

/// The problems of a workbook whose distances are shown so.
fn problems_where_shown(format: &str) -> Vec<Value> {
    let mut book = Workbook::new();
    let shown = Format::new().set_num_format(format);
    for (name, list) in [("Header", HEADER), ("Episodes", EPISODES)] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (row, line) in (0..).zip(list.lines()) {
            for (col, text) in (0..).zip(line.split(',')) {
                sheet.write(row, col, text).expect("a cell");
            }
            match (name, row) {
                ("Episodes", 0) => sheet.write(row, 13, "PL_DISTANCE").map(drop),
                ("Episodes", _) => sheet.write_with_format(row, 13, 32 * row, &shown).map(drop),
                _ => Ok(()),
            }
            .expect("a cell");
        }
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    let folder = folder();
    std::fs::write(folder.path().join("return.xlsx"), bytes).expect("written");
    let check = ["check", "return.xlsx", "--period", "2026/27 Q2", "--json"];
    let run = rapporteur(folder.path(), &check);
    let json: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()));
    json["problems"].as_array().expect("problems").clone()
}

/// A workbook may show kilometres and hold the number alone.
#[test]
fn a_distance_that_is_shown_in_kilometres_is_no_distance() {
    let message = "the cells are shown in km, so the column is not used";
    for format in ["0\" km\"", "0.0\\ \\k\\m", "#,##0\"km\";-#,##0\"km\""] {
        let said = problems_where_shown(format);
        let told = told(&said, message).unwrap_or_else(|| panic!("{format}: {said:?}"));
        assert_eq!((&told["severity"], &told["cells"][0]), (&"error".into(), &"N2".into()));
        assert_eq!(told["hint"], "PL_DISTANCE is in miles: enter miles, as a number alone");
    }
    for format in ["0\" miles\"", "0.0", "General"] {
        assert!(told(&problems_where_shown(format), message).is_none(), "{format}");
    }
}

/// Whoever counts children or adds up a score has no half of one.
#[test]
fn a_part_of_what_is_counted_is_refused() {
    const OC2: &str = "\
CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,\
HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED
7001,01/05/2012,12,,0,,1,1,1,0,,
7002,01/05/2013,12.5,,0,,1,1,1,0,,
";
    let exits = "QUARTER,ROUTE,CHILDREN\nQ1,Adoption,2.5\nQ2,Adoption,3\n";
    let files = [
        ("header.csv", HEADER),
        ("episodes.csv", EPISODES),
        ("oc2.csv", OC2),
        ("exits.csv", exits),
    ];
    let (figures, said) = built(&files, "2026/27 Q2", &["sdq_avg"]);
    assert_eq!(figures, ["12.0"]);
    let refused: Vec<&Value> = said
        .iter()
        .filter(|p| p["message"].as_str().is_some_and(|m| m.starts_with("this number cannot be")))
        .collect();
    let hints: Vec<&str> = refused.iter().filter_map(|p| p["hint"].as_str()).collect();
    assert_eq!(
        hints,
        [
            "it must be a whole number and at least 0",
            "it must be a whole number, at least 0 and at most 40",
        ]
    );
    assert_eq!(refused[1]["moves"][0], "sdq_avg");
}

/// A key that was filled down makes a long list one child's, and rules ask each of its rows about
/// all others: so many are refused, before they are asked, unless more are allowed.
#[test]
fn a_key_that_was_filled_down_a_long_list_is_refused() {
    let row = "7001,01/07/2026,S,C2,N1,U6,PR1,,,,CT1 1AA,CT1 2AA,SC1\n";
    let heads = EPISODES.lines().next().expect("headings");
    let place = folder();
    let rows = format!("{heads}\n{}", row.repeat(10_001));
    std::fs::write(place.path().join("episodes.csv"), rows).expect("written");
    let asked = ["check", "episodes.csv", "--period", "2026/27 Q2"];
    let run = rapporteur(place.path(), &asked);
    let told = "error: 10001 rows have the same CHILD, too many to hold beside each other\n  \
                --> episodes.csv  episodes\n  hint: look whether CHILD was filled down; \
                if not, `--limit 2` allows more";
    assert!(run.err.contains(told), "{}", run.shown());
    let run = rapporteur(place.path(), &[&asked[..], &["--limit", "2"]].concat());
    assert!(!run.err.contains("hold beside each other"), "{}", run.shown());
}
