//! The same return in other forms gives the same figures: saved by LibreOffice, where it is
//! installed.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::make;
use crate::saved::{self, Field};
use crate::support::{folder, rapporteur, root};

fn figures(folder: &Path, input: &str) -> String {
    let run = rapporteur(folder, &["build", input, "-o", "a.xlsx", "--figures", "figures.csv"]);
    assert_eq!(run.code, Some(0), "{input}: {}", run.shown());
    std::fs::read_to_string(folder.join("figures.csv")).expect("the figures were written")
}

/// Saves a file in another form by LibreOffice; whether it is installed.
fn converted(place: &Path, file: &str, form: &str) -> bool {
    let profile = format!("-env:UserInstallation=file://{}/profile", place.display());
    let status = Command::new("soffice")
        .args(["--headless", &profile, "--convert-to", form, file])
        .current_dir(place)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

#[test]
fn other_forms_give_the_same_figures() {
    let folder = folder();
    let place = folder.path();
    std::fs::copy(
        root().join("examples/children-in-care-2026-27-q2.xlsx"),
        place.join("return.xlsx"),
    )
    .expect("copied");
    let expected = figures(place, "return.xlsx");
    assert!(expected.lines().count() > 150, "{expected}");
    for form in ["xls", "ods", "xlsm"] {
        if !converted(place, "return.xlsx", form) {
            eprintln!(
                "skipped other_forms_give_the_same_figures: LibreOffice (soffice) is not installed"
            );
            return;
        }
        assert_eq!(figures(place, &format!("return.{form}")), expected, "{form}");
    }
    // The name says nothing about the form.
    std::fs::rename(place.join("return.ods"), place.join("misnamed.xls")).expect("renamed");
    assert_eq!(figures(place, "misnamed.xls"), expected);
}

/// Workbooks from old Macs count days from 1904; the same number is a day four years later.
#[test]
fn both_date_systems_are_read() {
    let folder = folder();
    let rows = ["Authority|Exampleton", "Period end|d:2026-09-30"];
    let usual = make::workbook(&[("Cover", &rows)]);
    let mac =
        make::replaced(&usual, "xl/workbook.xml", "<workbookPr ", "<workbookPr date1904=\"1\" ");
    for (name, bytes, day) in [("usual.xlsx", usual, "2026-09-30"), ("mac.xlsx", mac, "2030-10-01")]
    {
        std::fs::write(folder.path().join(name), bytes).expect("written");
        let shown = rapporteur(folder.path(), &["show", name, "--cells"]);
        assert!(shown.out.contains(&format!("Cover\tB2\t{day}")), "{}", shown.shown());
    }
}

const LISTS: [(&str, &str); 2] = [
    (
        "header.csv",
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,F,14/07/2011,WBRI,UN1,,\n2,M,#N/A,WBRI,UN1,TRUE,\n",
    ),
    ("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\n1,14/07/2011,01/06/2026,\"PN1\"\n"),
];

/// The lists as they are, packed one by one, and all in one archive, say the same.
#[test]
fn packed_lists_are_read_as_lists() {
    let check = |prepare: &dyn Fn(&Path) -> Vec<&'static str>| {
        let folder = folder();
        let mut arguments = vec!["check", "--json", "--period", "2026/27 Q2"];
        let files = prepare(folder.path());
        arguments.extend(&files);
        let run = rapporteur(folder.path(), &arguments);
        let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        let problems = json["problems"].as_array().expect("problems").clone();
        let told: Vec<String> = problems
            .iter()
            .map(|p| format!("{} {} {}", p["sheet"], p["cells"], p["message"]))
            .collect();
        assert!(told.iter().any(|p| p.contains("header") && p.contains("C3")), "{told:?}");
        (run.code, told)
    };
    let plain = check(&|at| {
        for (name, text) in LISTS {
            std::fs::write(at.join(name), text).expect("written");
        }
        LISTS.map(|(name, _)| name).to_vec()
    });
    let gzip = check(&|at| {
        for (name, text) in LISTS {
            let packed = make::gzip(text.as_bytes());
            std::fs::write(at.join(format!("{name}.gz")), packed).expect("written");
        }
        vec!["header.csv.gz", "reviews.csv.gz"]
    });
    let archive = check(&|at| {
        let mut parts = vec![("__MACOSX/._header.csv".to_string(), b"\0\x05".to_vec())];
        parts.extend(LISTS.map(|(name, text)| (format!("q2/{name}"), text.as_bytes().to_vec())));
        std::fs::write(at.join("portal.zip"), make::package(&parts)).expect("written");
        vec!["portal.zip"]
    });
    assert_eq!(plain, gzip);
    assert_eq!(plain, archive);
}

/// What Excel and LibreOffice leave beside an open workbook is no workbook.
#[test]
fn a_mark_beside_an_open_workbook_is_told() {
    let folder = folder();
    for name in ["~$q2.xlsx", ".~lock.q2.xlsx#"] {
        std::fs::write(folder.path().join(name), "\u{5}A. N. Officer").expect("written");
        let run = rapporteur(folder.path(), &["build", name]);
        assert_eq!(run.code, Some(4), "{}", run.shown());
        assert!(run.err.contains("name the workbook, `q2.xlsx`"), "{}", run.shown());
    }
}

/// A cell can do nothing to a terminal, or to what reads the output line by line.
#[test]
fn show_escapes_what_is_no_letter() {
    let folder = folder();
    let text = "CHILD,NOTE\n1,\"\u{1b}[31mred\u{7}\r\nnext\tend \\n\u{202e}\u{9b}\"\n";
    std::fs::write(folder.path().join("list.csv"), text).expect("written");
    let run = rapporteur(folder.path(), &["show", "--cells", "list.csv"]);
    let line = "list\tB2\t\\u{1b}[31mred\\u{7}\\r\\nnext\\tend \\\\n\\u{202e}\\u{9b}";
    assert_eq!(run.out.lines().last(), Some(line), "{}", run.shown());
}

/// A return with something of every kind, and faults of every kind that all forms can hold.
fn of_every_kind() -> Vec<saved::Tab> {
    let text = |text: &str| Field::Text(text.to_string());
    let texts = |row: &str| -> Vec<Field> {
        let field = |f: &str| if f.is_empty() { Field::Blank } else { text(f) };
        row.split('|').map(field).collect()
    };
    let (born, later) = (Field::Day(40_738, "14/07/2011"), Field::Day(46_143, "01/05/2026"));
    let ended = Field::Day(46_203, "30/06/2026");
    let long = "A sentence, 12 of \u{201c}them\u{201d}. ".repeat(2_000);
    let long: String = long.chars().take(32_767).collect();
    let with = |mut row: Vec<Field>, fields: Vec<(usize, Field)>| {
        for (at, field) in fields {
            row[at] = field;
        }
        row
    };
    vec![
        (
            "Cover",
            vec![
                texts("Authority|Test & Ham <council>"),
                vec![text("Period end"), Field::Day(46_295, "30/09/2026")],
                vec![text("Population under 18"), Field::Number(61_234.0)],
            ],
        ),
        (
            "Header",
            vec![
                texts("CHILD|SEX|DOB|ETHNIC|UPN|MOTHER|MC_DOB"),
                with(texts("001|F||WBRI|UN1||"), vec![(2, born.clone()), (5, Field::Flag(false))]),
                with(texts("2|M|13/25/2011|WBRI|UN1||"), vec![(0, Field::Number(2.0))]),
                with(texts("Zo\u{eb} \u{1f600}|F||MWBC|UN1||"), vec![(2, Field::Error("#N/A"))]),
                with(
                    texts("4|M||WBRI|UN1||"),
                    vec![(2, born.clone()), (5, Field::Error("#VALUE!"))],
                ),
                with(texts("5|M||ZZZZ|UN1||"), vec![(2, born), (6, text("45000"))]),
            ],
        ),
        (
            "Episodes",
            vec![
                texts(
                    "CHILD|DECOM|RNE|LS|CIN|PLACE|PLACE_PROVIDER|DEC|REC|REASON_PLACE_CHANGE|HOME_POST|PL_POST|URN",
                ),
                with(texts("001||S|C2|N1|U4|PR1||||AB1 2CD|AB1 2CD|"), vec![(1, later.clone())]),
                vec![],
                with(
                    texts("2||S|C2|N1|U4|PR1||E4A||AB1 2CD|AB1 2CD|"),
                    vec![(0, Field::Number(2.0)), (1, later.clone()), (7, ended)],
                ),
                with(texts("4||S|C2|N1|U4|PR1||||||"), vec![(1, Field::Error("#DIV/0!"))]),
                with(texts("5||S|C2|N1|U4|PR1||||||"), vec![(1, later)]),
            ],
        ),
        (
            "Figures",
            vec![
                texts("Indicator|Title|Unit|Numerator|Denominator|Value|Target|Note"),
                with(
                    texts("school_stab||percentage|||||"),
                    vec![(5, Field::Percent(0.808)), (6, Field::Percent(0.005))],
                ),
                with(
                    texts("homes_good||percentage|||||"),
                    vec![(5, Field::Number(75.5)), (6, Field::Number(0.5))],
                ),
                with(texts("pathway_plan_6m||percentage|||||"), vec![(5, Field::Error("#DIV/0!"))]),
                with(
                    texts("pep_completed||percentage|||||It is 5 < 6 & \"so\""),
                    vec![(5, text("91.4%"))],
                ),
                with(
                    texts("fostering_households||number|||||"),
                    vec![(5, Field::Number(118.0)), (7, Field::Error("#N/A"))],
                ),
                with(texts("rev_pct||percentage|||||"), vec![(5, Field::Flag(true))]),
            ],
        ),
        (
            "Commentary",
            vec![
                texts("Indicator or area|Commentary|Author"),
                texts(
                    "cla_n|Up by 12 \u{2013} \u{00a3}3  more,\nand \"steady\".\n\nA last line.|A",
                ),
                texts(&format!("Placements|{long}|B")),
                with(texts("Health||C"), vec![(1, Field::Error("#VALUE!"))]),
            ],
        ),
    ]
}

/// The files of a return in a form, and what `check` and `build` make of them.
fn made_of(place: &Path, files: &[(String, Vec<u8>)]) -> (Vec<String>, String) {
    for (name, bytes) in files {
        std::fs::write(place.join(name), bytes).expect("written");
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let run = rapporteur(place, &[&["check", "--json", "--show-values"][..], &names].concat());
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let mut told: Vec<String> = Vec::new();
    for problem in json["problems"].as_array().expect("problems") {
        let [severity, sheet, column, cells, message, hint, value] =
            ["severity", "sheet", "column", "cells", "message", "hint", "value"]
                .map(|key| &problem[key]);
        told.push(format!("{severity} {sheet} {column} {cells} {message} {hint} {value}"));
    }
    told.sort();
    let build = [&["build", "-o", "a.xlsx", "--figures", "figures.csv"][..], &names].concat();
    let run = rapporteur(place, &build);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    let figures = std::fs::read_to_string(place.join("figures.csv")).expect("figures");
    let cells = rapporteur(place, &["show", "--cells", "a.xlsx"]).out;
    (told, format!("{figures}\n{cells}"))
}

/// The same data saved as xlsx, xlsm, xlsb, xls, ods and CSV: the same problems in the same cells,
/// the same figures, the same appendix.
#[test]
fn the_same_data_in_every_form() {
    let tabs = of_every_kind();
    let lists = tabs.iter().map(|(name, rows)| (format!("{name}.csv"), saved::csv(rows))).collect();
    let one = |name: &str, bytes: Vec<u8>| vec![(name.to_string(), bytes)];
    let xlsx = saved::xlsx(&tabs);
    let forms: [Vec<(String, Vec<u8>)>; 5] = [
        one("q.xlsm", xlsx.clone()),
        one("q.xlsb", saved::xlsb(&tabs)),
        one("q.xls", saved::xls(&tabs)),
        one("q.ods", saved::ods(&tabs)),
        lists,
    ];
    let expected = made_of(folder().path(), &one("q.xlsx", xlsx));
    assert!(expected.0.len() >= 10, "{:#?}", expected.0);
    for word in ["Excel error", "not a date", "TRUE or FALSE", "fraction"] {
        assert!(expected.0.iter().any(|told| told.contains(word)), "{word}: {:#?}", expected.0);
    }
    for files in forms {
        let (told, figures) = made_of(folder().path(), &files);
        assert_eq!(told, expected.0, "{}", files[0].0);
        assert!(figures == expected.1, "{}: the figures differ", files[0].0);
    }
}

/// LibreOffice finds in these files what was put in, so that they are such as other programs make.
#[test]
fn libreoffice_reads_the_same_from_what_the_test_saves() {
    let (folder, tabs) = (folder(), of_every_kind());
    let place = folder.path();
    // Which error it is LibreOffice works out anew from an .ods.
    let shown = |name: &str| {
        let cells = rapporteur(place, &["show", "--cells", name]).out;
        ["#DIV/0!", "#VALUE!", "#N/A"].iter().fold(cells, |cells, word| cells.replace(word, "#"))
    };
    std::fs::write(place.join("q.xlsx"), saved::xlsx(&tabs)).expect("written");
    let expected = shown("q.xlsx");
    let files =
        [("xlsb", saved::xlsb(&tabs)), ("xls", saved::xls(&tabs)), ("ods", saved::ods(&tabs))];
    for (form, bytes) in files {
        std::fs::write(place.join(format!("from_{form}.{form}")), bytes).expect("written");
        if !converted(place, &format!("from_{form}.{form}"), "xlsx") {
            eprintln!("skipped libreoffice_reads_the_same_from_what_the_test_saves: not installed");
            return;
        }
        let found = shown(&format!("from_{form}.xlsx"));
        for (found, expected) in found.lines().zip(expected.lines()) {
            assert_eq!(found, expected, "{form}");
        }
        assert_eq!(found.lines().count(), expected.lines().count(), "{form}");
    }
}
