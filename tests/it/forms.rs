//! The same return in other forms gives the same figures: saved by LibreOffice, where it is
//! installed.

use std::path::Path;
use std::process::{Command, Stdio};

use rapporteur::intake::read::{Limits, read_bytes};
use rapporteur::nouns::problem::Problems;

use crate::saved;
use crate::support::{folder, rapporteur, root};
use crate::{every_kind, make};

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
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,F,14/07/2011,WBRI,UN1,,\n\
         2,M,#N/A,WBRI,UN1,TRUE,\n",
    ),
    ("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\n1,14/07/2011,01/06/2026,\"PN1\"\n"),
];

/// What is told of files that are put into a folder.
fn check(prepare: &dyn Fn(&Path) -> Vec<&'static str>) -> (Option<i32>, Vec<String>) {
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
}

/// The lists as they are, packed one by one, and all in one archive, say the same.
#[test]
fn packed_lists_are_read_as_lists() {
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
    let tabs = every_kind::workbook();
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
    for word in ["Excel error", "no such date", "TRUE or FALSE", "fraction"] {
        assert!(expected.0.iter().any(|told| told.contains(word)), "{word}: {:#?}", expected.0);
    }
    for files in forms {
        let (told, figures) = made_of(folder().path(), &files);
        assert_eq!(told, expected.0, "{}", files[0].0);
        assert!(figures == expected.1, "{}: the figures differ", files[0].0);
    }
}

/// A workbook that was packed by gzip, whatever it is called, is the workbook.
#[test]
fn a_packed_workbook_is_the_workbook() {
    let tabs = every_kind::workbook();
    let forms = [saved::xlsx(&tabs), saved::xlsb(&tabs), saved::xls(&tabs), saved::ods(&tabs)];
    for bytes in forms {
        let sheets = |bytes: &[u8]| {
            let (limits, mut problems) = (Limits::default(), Problems::default());
            read_bytes("q2.xlsx", bytes, &limits, &mut problems).expect("it is read").sheets
        };
        let (plain, packed) = (sheets(&bytes), sheets(&make::gzip(&bytes)));
        assert_eq!(plain.len(), packed.len());
        for (plain, packed) in plain.iter().zip(&packed) {
            assert!(plain.name == packed.name && plain.holds_the_same(packed), "{}", plain.name);
        }
    }
}

/// LibreOffice finds in these files what was put in, so that they are such as other programs make.
#[test]
fn libreoffice_reads_the_same_from_what_the_test_saves() {
    let (folder, tabs) = (folder(), every_kind::workbook());
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

/// The figures that files make, what is told of them line by line, and as it was printed.
fn made(files: &[(&str, Vec<u8>)]) -> (String, Vec<String>, String) {
    let folder = folder();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("written");
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let build = ["build", "--period", "2026/27 Q2", "-o", "a.xlsx", "--figures", "figures.csv"];
    let run = rapporteur(folder.path(), &[&build[..], &names].concat());
    let figures = std::fs::read_to_string(folder.path().join("figures.csv"));
    let count = |line: &&str| line.starts_with("error:") || line.starts_with("warning:");
    let told: Vec<String> = run.err.lines().filter(count).map(str::to_string).collect();
    (figures.expect("figures"), told, run.err)
}

/// The return as XML makes the same lists as the CSV files, packed or not; problems name the child
/// by its place and never by its number.
#[test]
fn a_return_as_xml_makes_the_same_lists() {
    let lists = every_kind::LISTS.map(|(name, text)| (name, text.as_bytes().to_vec()));
    let (figures, mut expected, _) = made(&lists);
    expected.sort();
    assert!(figures.lines().count() > 40 && expected.len() >= 3, "{expected:?}");
    let utf16: Vec<u8> = every_kind::XML
        .replace("us-ascii", "utf-16")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let xml = every_kind::XML.as_bytes().to_vec();
    let packed = make::package(&[("903/return.xml".into(), xml.clone())]);
    for file in [
        ("return.xml", xml.clone()),
        ("return.xml", [b"\xff\xfe".to_vec(), utf16].concat()),
        ("return.xml.gz", make::gzip(&xml)),
        ("return.zip", packed),
    ] {
        let (found, mut told, err) = made(std::slice::from_ref(&file));
        told.sort();
        assert_eq!(told, expected, "{}: {err}", file.0);
        assert_eq!(found, figures, "{}", file.0);
        for place in ["CHILD 3, EPISODE", "CHILD 1, AREVIEW 2", "CHILD 2, AMISSING 2"] {
            assert!(err.contains(&format!("{}  {place}", file.0)), "{place}: {err}");
        }
        assert!(!["A1", "B2", "C3", "2008"].iter().any(|planted| err.contains(planted)), "{err}");
    }
}

/// XML has no headings below which rows could be pasted, and no cell for a word.
#[test]
fn what_xml_tells_nothing_of_is_told_in_its_own_words() {
    let child = "<HEADER><CHILDID>A1</CHILDID><SEX>F</SEX><DOB>14/07/2011</DOB></HEADER>";
    let xml = format!("<EXPSSDA903><CHILD>{child}</CHILD></EXPSSDA903>");
    let (_, _, err) = made(&[("return.xml", xml.into_bytes())]);
    assert!(err.contains("the file tells nothing of UASC, OC3 and AD1"), "{err}");
    assert!(!err.contains("headings"), "{err}");
}
