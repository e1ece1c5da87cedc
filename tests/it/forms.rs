//! The same return in other forms gives the same figures: saved by LibreOffice, where it is
//! installed.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::make;
use crate::support::{folder, rapporteur, root};

fn figures(folder: &Path, input: &str) -> String {
    let run = rapporteur(folder, &["build", input, "-o", "a.xlsx", "--figures", "figures.csv"]);
    assert_eq!(run.code, Some(0), "{input}: {}", run.shown());
    std::fs::read_to_string(folder.join("figures.csv")).expect("the figures were written")
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
    let profile = format!("-env:UserInstallation=file://{}/profile", place.display());
    for form in ["xls", "ods", "xlsm"] {
        let converted = Command::new("soffice")
            .args(["--headless", &profile, "--convert-to", form, "return.xlsx"])
            .current_dir(place)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !converted.is_ok_and(|status| status.success()) {
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
