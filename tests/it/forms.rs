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
