//! The returns that officers really send, right but for one fault: what is told of it, where, and
//! which figures come out. A wrong return must not make a right-looking figure.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use crate::make::{self, workbook};
use crate::published::rows;
use crate::support::{Run, folder, rapporteur};

mod children;

/// A sheet and its rows, as `make::workbook` takes them.
type Sheet = (&'static str, Vec<String>);

const COVER: &str = "Authority | Testham\nPeriod end | d:2026-09-30\nCommittee | Board";
pub const HEADER: &str = "CHILD | SEX | DOB | ETHNIC | UPN | MOTHER | MC_DOB";
pub const EPISODES: &str = "CHILD | DECOM | RNE | LS | CIN | PLACE | PLACE_PROVIDER | DEC | REC | \
                            REASON_PLACE_CHANGE | HOME_POST | PL_POST | URN";

/// Children who came into care in May 2023 and are there still: on Header and on Episodes.
fn children(named: &[&str]) -> (String, String) {
    let header = named.iter().map(|child| format!("{child} | 1 | d:2015-06-15 | WBRI | UN1"));
    let episodes =
        named.iter().map(|child| format!("{child} | d:2023-05-01 | S | C2 | N1 | U6 | PR1"));
    let with = |head: &str, rows: Vec<String>| format!("{head}\n{}", rows.join("\n"));
    (with(HEADER, header.collect()), with(EPISODES, episodes.collect()))
}

/// A return of 30 September 2026: children K1 to K5 in care, and further rows.
pub fn quarter(more_header: &str, more_episodes: &str) -> Vec<(&'static str, String)> {
    let (header, episodes) = children(&["K1", "K2", "K3", "K4", "K5"]);
    vec![
        ("Cover", COVER.to_string()),
        ("Header", format!("{header}\n{more_header}")),
        ("Episodes", format!("{episodes}\n{more_episodes}")),
    ]
}

/// A run of `build` over a workbook of these sheets, or over a folder of CSV files.
pub struct Built {
    place: tempfile::TempDir,
    run: Run,
}

impl Built {
    /// Of a workbook.
    pub fn of(sheets: &[(&'static str, String)], options: &[&str]) -> Built {
        let place = folder();
        let lines: Vec<Sheet> = sheets
            .iter()
            .map(|(name, text)| {
                let filled = text.lines().filter(|line| !line.is_empty());
                (*name, filled.map(ToString::to_string).collect())
            })
            .collect();
        let borrowed: Vec<(&str, Vec<&str>)> = lines
            .iter()
            .map(|(name, rows)| (*name, rows.iter().map(String::as_str).collect()))
            .collect();
        let tabs: Vec<make::Tab> =
            borrowed.iter().map(|(name, rows)| (*name, rows.as_slice())).collect();
        std::fs::write(place.path().join("q.xlsx"), workbook(&tabs)).expect("written");
        Built::run(place, "q.xlsx", options)
    }

    /// Of CSV files.
    pub fn of_files(files: &[(&str, &str)], options: &[&str]) -> Built {
        let place = folder();
        let inside = place.path().join("q");
        std::fs::create_dir(&inside).expect("a folder");
        for (name, text) in files {
            std::fs::write(inside.join(name), text).expect("written");
        }
        Built::run(place, "q", options)
    }

    fn run(place: tempfile::TempDir, input: &str, options: &[&str]) -> Built {
        let usual = ["build", input, "-o", "a.xlsx", "--figures", "f.csv", "--json"];
        let run = rapporteur(place.path(), &[&usual, options].concat());
        Built { place, run }
    }

    /// The council's own figure of the report's period, as printed; nothing where there is none.
    pub fn figure(&self, code: &str) -> String {
        let path: &Path = &self.place.path().join("f.csv");
        let table: Vec<HashMap<String, String>> = rows(path);
        let own = |row: &&HashMap<String, String>| {
            row["indicator"] == code
                && row["area_type"] == "council"
                && row["period"] == row["reported_in"]
        };
        table.iter().find(own).map_or(String::new(), |row| row["printed"].clone())
    }

    /// Every problem, with its cells, as `severity: message (Sheet!A1, …)`.
    pub fn told(&self) -> Vec<String> {
        let json: Value = serde_json::from_str(&self.run.out).expect("JSON");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let problems = json["problems"].as_array().expect("problems").iter();
        problems
            .map(|p| {
                let cells: Vec<String> =
                    p["cells"].as_array().expect("cells").iter().map(text).collect();
                let beside: String = p["beside"].as_array().map_or(String::new(), |cells| {
                    format!(", against {}", cells.iter().map(text).collect::<Vec<_>>().join(" "))
                });
                format!(
                    "{}: {} ({}!{}{beside})",
                    text(&p["severity"]),
                    text(&p["message"]),
                    text(&p["sheet"]),
                    cells.join(" ")
                )
            })
            .collect()
    }

    /// Asserts that one problem begins with a severity, holds a text and names cells.
    #[track_caller]
    pub fn tells(&self, severity: &str, says: &str, at: &str) -> &Built {
        let told = self.told();
        let found = |p: &String| p.starts_with(severity) && p.contains(says) && p.ends_with(at);
        assert!(
            told.iter().any(found),
            "{severity}: …{says}… {at} is not told:\n{}\n{}",
            told.join("\n"),
            self.run.err
        );
        self
    }

    /// Asserts that nothing is told that should be mended.
    #[track_caller]
    pub fn is_clean(&self) -> &Built {
        assert_eq!(self.run.code, Some(0), "{}", self.told().join("\n"));
        self
    }

    /// Asserts what is printed for figures.
    #[track_caller]
    pub fn prints(&self, figures: &[(&str, &str)]) -> &Built {
        for (code, printed) in figures {
            assert_eq!(self.figure(code), *printed, "{code}\n{}", self.told().join("\n"));
        }
        self
    }
}

fn with(sheet: &'static str, rows: &str) -> Built {
    let mut sheets = quarter("", "");
    sheets.push((sheet, rows.to_string()));
    Built::of(&sheets, &[])
}

#[test]
fn a_sound_quarter_is_told_nothing_of() {
    Built::of(&quarter("", ""), &[]).is_clean().prints(&[("cla_n", "5")]);
}

const CSV_COVER: &str = "Authority,Testham\nPeriod end,30/09/2026\nCommittee,Board\n";

/// A folder of Header and Episodes in which each child is written as given.
fn folder_of(header: &[&str], episodes: &[&str]) -> Built {
    let head = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n".to_string();
    let header = header.iter().fold(head, |all, row| format!("{all}{row},WBRI,UN1,,\n"));
    let head = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,\
                PL_POST,URN\n"
        .to_string();
    let episodes =
        episodes.iter().fold(head, |all, row| format!("{all}{row},S,C2,N1,U6,PR1,,,,,,\n"));
    let files = [("cover.csv", CSV_COVER), ("header.csv", &header), ("episodes.csv", &episodes)];
    Built::of_files(&files, &[])
}

#[test]
fn identifiers_that_a_program_changed_are_told_by_their_cause() {
    // Three children became one number: the rows cannot be used.
    let lost = folder_of(
        &["K1,1,15/06/2015", "1.23457E+11,1,15/06/2015", "1.23457E+11,1,15/06/2015"],
        &["K1,01/05/2023", "1.23457E+11,01/05/2023", "1.23457E+11,01/05/2024"],
    );
    lost.tells("error", "Excel shortened this number", "(episodes!A3 A4)")
        .tells("error", "Excel shortened this number", "(header!A3 A4)")
        .prints(&[("cla_n", "1")]);
    let dates = folder_of(
        &["3-13,1,15/06/2015", "4-14,1,15/06/2015"],
        &["13-Mar,01/05/2023", "14/04/2026,01/05/2023"],
    );
    dates.tells("error", "Excel turned this into a date", "(episodes!A2 A3)");
    // pandas: what is meant is certain, so it is used.
    let zero = folder_of(
        &["1000.0,1.0,15/06/2015", "1001.0,1.0,15/06/2015"],
        &["1000,01/05/2023", "1001,01/05/2023"],
    );
    zero.tells("warning", "\".0\" behind the number", "(header!A2 A3)")
        .tells("warning", "\".0\" behind the number", "(header!B2 B3)")
        .prints(&[("cla_n", "2")]);
    assert!(!zero.told().iter().any(|p| p.contains("not on the Header list")));
}

#[test]
fn zeros_that_are_missing_in_front_are_put_back_where_it_is_certain() {
    let lost = folder_of(
        &["00310,1,15/06/2015", "00311,1,15/06/2015"],
        &["310,01/05/2023", "311,01/05/2023"],
    );
    lost.tells("warning", "the zeros in front are missing", "(episodes!A2 A3)")
        .prints(&[("cla_n", "2")]);
    assert!(!lost.told().iter().any(|p| p.contains("not on the Header list")));
    // Header has both 0310 and 310: they are two children.
    let both = folder_of(
        &["0310,1,15/06/2015", "310,1,15/06/2015"],
        &["310,01/05/2023", "0310,01/05/2023"],
    );
    both.is_clean().prints(&[("cla_n", "2")]);
    let unclear = folder_of(
        &["0310,1,15/06/2015", "00310,1,15/06/2015"],
        &["310,01/05/2023", "00310,01/05/2023"],
    );
    unclear.tells("error", "whose is not certain", "(episodes!A2)");
    // Spelt the same everywhere: nothing to say.
    folder_of(&["00310,1,15/06/2015"], &["00310,01/05/2023"]).is_clean();
}

#[test]
fn dates_are_judged_as_a_column() {
    let turned = folder_of(
        &["K1,1,15/06/2015", "K2,1,15/06/2015", "K3,1,15/06/2015", "K4,1,15/06/2015"],
        &["K1,07/20/2026", "K2,04/07/2026", "K3,05/05/2026", "K4,03/25/2026"],
    );
    turned
        .tells("error", "no such date: the month stands before the day", "(episodes!B2 B5)")
        .tells("error", "have the month first; this was read day first", "(episodes!B3)");
    // Excel made real dates of those that it could read.
    let mut sheets = quarter("L1 | 1 | d:2015-06-15 | WBRI | UN1", "");
    sheets[2].1.push_str("L1 | 09/25/2025 | S | C2 | N1 | U6 | PR1\n");
    let mixed = Built::of(&sheets, &[]);
    // 1 May is in doubt as well: no real date of the column has a day above 12.
    mixed.tells(
        "error",
        "have the month first; this was read day first",
        "(Episodes!B2 B3 B4 B5 B6)",
    );
    for (date, why) in [
        ("31/09/2025", "September has 30 days"),
        ("01/13/25", "the year has two digits"),
        ("01/09/0205", "the year is not 1900 to 2200"),
    ] {
        let wrong = Built::of(
            &quarter(
                "L1 | 1 | d:2015-06-15 | WBRI | UN1",
                &format!("L1 | {date} | S | C2 | N1 | U6 | PR1"),
            ),
            &[],
        );
        wrong.tells("error", &format!("no such date: {why}"), "(Episodes!B7)");
    }
}

#[test]
fn typed_numbers_are_bounded_in_every_column() {
    for (rows, says, at) in [
        ("Indicator | Value\nfostering_households | n:-5", "a number is below 0", "B2"),
        ("Indicator | Value\nfoster_enquiries | n:97.5", "not a whole number", "B2"),
        ("Indicator | Previous out-turn\nfostering_households | n:-5", "a number is below 0", "B2"),
        ("Indicator | Target\nfostering_households | n:-5", "a number is below 0", "B2"),
        ("Indicator | Value | England\nrev_pct | n:90 | n:-1", "a percentage is below 0", "C2"),
        ("Indicator | Value | Region\nrev_pct | n:90 | n:104", "a percentage is over 100", "C2"),
        (
            "Indicator | Numerator | Denominator\npep_completed | n:-1 | n:225",
            "a count is below 0",
            "B2",
        ),
        (
            "Indicator | Numerator | Denominator\npep_completed | n:20.5 | n:225",
            "a count is not a whole number",
            "B2",
        ),
        ("Indicator | Numerator | Denominator\npep_completed | n:230 | n:225", "over 100%", "B2"),
    ] {
        let code = rows.lines().nth(1).and_then(|row| row.split(" | ").next()).expect("a row");
        let built = with("Figures", rows);
        built.tells("error", says, &format!("(Figures!{at})"));
        if at == "B2" {
            built.prints(&[(code, "")]);
        }
    }
    // The averages of others need not be whole.
    with("Figures", "Indicator | Value | England\nfostering_households | n:118 | n:97.5")
        .is_clean();
}

#[test]
fn typed_words_are_read_for_what_they_say() {
    let symbols = with(
        "Figures",
        "Indicator | Value | England\npathway_plan_6m | [c] | [x]\npep_completed | low | n:85",
    );
    symbols
        .is_clean()
        .prints(&[("pathway_plan_6m", "Suppressed"), ("pep_completed", "Rounds to 0")]);
    for word in ["TBC", "n/a", "?", "-", "nil", "O", "N/K", "yes"] {
        let built = with("Figures", &format!("Indicator | Value\nrev_pct | {word}"));
        built.tells("warning", "nor why there is none", "(Figures!B2)");
    }
    with("Figures", "Indicator | Value\nrev_pct | Not collected nationally.").is_clean();
    let counted = with("Figures", "Indicator | Value\ncla_n | Not known before March");
    counted.tells("note", "the lists give this figure", "(Figures!B2)").prints(&[("cla_n", "5")]);
}

#[test]
fn a_tab_of_another_period_never_wins_and_never_fills() {
    let figures = |rows: &str| format!("Indicator | Value\n{rows}");
    for name in ["Q1", "Figures Jun 2026", "2025-26", "Last quarter"] {
        let mut sheets = quarter("", "");
        sheets.push(("Figures", figures("rev_pct | n:90\nfostering_households |")));
        sheets.push((name, figures("rev_pct | n:80\nfostering_households | n:115")));
        let built = Built::of(&sheets, &[]);
        built.tells("warning", "by its name, so it was left out", &format!("({name}!)"));
        built.prints(&[("rev_pct", "90%"), ("fostering_households", "")]);
    }
    // A sheet whose name says nothing does not win either, and is told where it fills.
    let mut sheets = quarter("", "");
    sheets.push(("Figures", figures("rev_pct | n:90\nfostering_households |")));
    sheets.push(("Sheet9", figures("rev_pct | n:80\nfostering_households | n:115")));
    Built::of(&sheets, &[])
        .tells("warning", "the figure stands at Figures!A2 too", "(Sheet9!A2)")
        .tells("warning", "the figure's row at Figures!A3 is blank", "(Sheet9!A3)")
        .prints(&[("rev_pct", "90%"), ("fostering_households", "115")]);
}

#[test]
fn copies_are_left_out_and_another_quarters_list_beside_the_list_too() {
    let mut sheets = quarter("", "");
    let episodes = sheets[2].1.clone();
    sheets.push(("Episodes (2)", episodes.clone()));
    let same = Built::of(&sheets, &[]);
    same.is_clean().tells("note", "the sheet is a copy of Episodes", "(Episodes (2)!)");
    let last = || episodes.replace("K5", "K9");
    for name in ["Episodes (2)", "Copy of Episodes"] {
        let mut sheets = quarter("", "");
        sheets.push((name, last()));
        Built::of(&sheets, &[])
            .tells("warning", "a copy of Episodes and not the same", &format!("({name}!)"))
            .prints(&[("cla_n", "5")]);
    }
    let mut sheets = quarter("", "");
    sheets.push(("Episodes Q1", last()));
    Built::of(&sheets, &[])
        .tells("warning", "of 2026/27 Q1 by its name", "(Episodes Q1!)")
        .prints(&[("cla_n", "5")]);
}

#[test]
fn a_list_that_goes_on_without_headings_is_read_on() {
    let mut sheets =
        quarter("K6 | 1 | d:2015-06-15 | WBRI | UN1\nK7 | 1 | d:2015-06-15 | WBRI | UN1", "");
    sheets.push((
        "More",
        "K6 | d:2023-05-01 | S | C2 | N1 | U6 | PR1\nK7 | d:2024-05-01 | S | C2 | N1 | U6 | PR1"
            .into(),
    ));
    Built::of(&sheets, &[])
        .tells("warning", "read as more rows of the list Episodes", "(More!)")
        .prints(&[("cla_n", "7")]);
    // A sheet of something else is not.
    let mut sheets = quarter("", "");
    sheets.push(("Contacts", "A. Person | Room 4 | n:12\nB. Person | Room 5 | n:13".into()));
    Built::of(&sheets, &[]).is_clean().prints(&[("cla_n", "5")]);
}

/// A return of two years' lists.
fn files(older: &str, newer: &str) -> Built {
    let head = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,\
                HOME_POST,PL_POST,URN\n";
    let header = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n";
    let children = ["A1", "A2", "A3", "A4"].map(|c| format!("{c},1,15/06/2015,WBRI,UN1,,\n"));
    let (older, newer) = (format!("{head}{older}"), format!("{head}{newer}"));
    let header = format!("{header}{}", children.concat());
    Built::of_files(
        &[
            ("cover.csv", CSV_COVER),
            ("2025-episodes.csv", &older),
            ("2026-episodes.csv", &newer),
            ("2025-header.csv", &header),
            ("2026-header.csv", &header),
        ],
        &[],
    )
}

#[test]
fn of_the_lists_of_two_years_the_newer_rows_are_used() {
    let open = |child: &str| format!("{child},01/05/2023,S,C2,N1,U6,PR1,,,,,,\n");
    let older = ["A1", "A2", "A3"].map(open).concat();
    let left = "A2,01/05/2023,S,C2,N1,U6,PR1,01/07/2026,E4A,,,,\n";
    files(&older, &format!("{}{left}", open("A1")))
        .tells("warning", "a newer list says otherwise", "(2025-episodes!A3)")
        .tells("error", "not on the newer list", "(2025-episodes!A4)")
        .prints(&[("cease_n", "1")]);
    // One list in two pieces: nothing of the older is in the newer, and nobody is missing.
    files(&open("A1"), &open("A2")).is_clean().prints(&[("cla_n", "2")]);
}

#[test]
fn tables_of_what_services_did_are_read_in_their_words() {
    let exits = |rows: &str| {
        let sheets = [
            ("Cover", COVER.to_string()),
            ("Exits", format!("Quarter | Route | Children\n{rows}")),
        ];
        Built::of(&sheets, &["--template", "services"])
    };
    exits("Q1 | Adoption order | n:3\nQuarter 2 | Adoption | n:4\nApr-Jun | Adoption | n:1")
        .is_clean()
        .prints(&[
            ("adoption_orders", "8"),
            ("adoption_orders.q1", "4"),
            ("adoption_orders.q2", "4"),
        ]);
    exits("Q1 | Adoption | n:3\nQ3 | Adoption | n:2\nQ2 2025/26 | Adoption | n:7")
        .tells("error", "not one of the return's period", "(Exits!A3 A4)")
        .prints(&[("adoption_orders", "3")]);
    exits("Q1 | Adoption | n:3\nsoon | Adoption | n:2").tells(
        "error",
        "this is not a quarter",
        "(Exits!A3)",
    );
    exits("Q1 | Adoption | n:3\nQ2 | Adopted | n:1").tells(
        "warning",
        "is \"Adoption\" meant?",
        "(Exits!B3)",
    );
    exits("Q1 | Adoption | n:3\nQ2 | Went to sea | n:1").tells(
        "warning",
        "nothing counts this",
        "(Exits!B3)",
    );
    for total in ["Q1 | Total adoptions | n:3", "Total | Adoption | n:3", "YTD | Adoption | n:3"] {
        exits(&format!("Q1 | Adoption | n:3\n{total}"))
            .tells("warning", "a total row was left out", "3)")
            .prints(&[("adoption_orders", "3")]);
    }
    let recruitment = Built::of(
        &[
            ("Cover", COVER.to_string()),
            (
                "Recruitment",
                "Stage | Households\nMainstream approvals | n:16\nTotal approvals | n:16"
                    .to_string(),
            ),
            (
                "Homes",
                "Home | Status | Judgement\nThe Elms | Open | Outsanding\nThe Oaks | Open | RI"
                    .to_string(),
            ),
        ],
        &["--template", "services"],
    );
    recruitment
        .tells("warning", "a total row was left out", "(Recruitment!A3)")
        .tells("warning", "is \"Outstanding\" meant?", "(Homes!C2)")
        .tells("warning", "is \"Requires improvement\" meant?", "(Homes!C3)")
        .prints(&[("approvals", "16")]);
}

#[test]
fn a_heading_that_looks_like_a_missing_column_is_one_message() {
    let mut sheets = quarter("", "");
    sheets[1].1 = sheets[1].1.replace("DOB |", "Date of Birth |").replace("ETHNIC", "Colour");
    let built = Built::of(&sheets, &[]);
    built.tells("error", "has no column DOB; \"Date of Birth\" may be it", "(Header!A1)");
    built.tells("warning", "the list Header has no column ETHNIC", "(Header!A1)");
    let unused = built.told().into_iter().find(|p| p.contains("columns that are not used"));
    assert!(unused.is_some_and(|p| p.contains("Colour") && !p.contains("Birth")));
}
