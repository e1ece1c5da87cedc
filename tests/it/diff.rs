//! `diff`: what changed between two workbooks, whoever made them.

use std::path::Path;

use rapporteur::workbook_diff::compare::Changes;
use rapporteur::workbook_diff::describe::{self, workbook_text};

use crate::make::{Tab, package, parts, replaced, with_part, workbook};
use crate::support::{Run, folder, rapporteur, root, snapshots};

const REPORT: Tab = (
    "Report",
    &[
        "Children in care at the end of September",
        "Indicator|Last year|Now|Commentary",
        "Children in care|n:400|n:413|More children came into care this summer than in any quarter \
         since the spring of 2024.",
        "Seen by a dentist|p:0.71|p:0.808|Dentists are hard to find.",
        "Health assessments|n:0.9|=B5*2|",
        "Visits in time|12 of 15|31 of 40|Nobody waits for long.",
    ],
);
const NOTES: Tab = ("Notes", &["What is counted", "Each child counts once.", "d:2026-09-30"]);

fn compared(old: &[u8], new: &[u8], options: &[&str]) -> Run {
    let folder = folder();
    std::fs::write(folder.path().join("old.xlsx"), old).expect("written");
    std::fs::write(folder.path().join("new.xlsx"), new).expect("written");
    rapporteur(folder.path(), &[&["diff", "old.xlsx", "new.xlsx"], options].concat())
}

fn changes(old: &[u8], new: &[u8]) -> Changes {
    let [old, new] = [old, new].map(|bytes| describe::workbook(bytes).expect("a sound workbook"));
    Changes::between(&old, &new).expect("few cells")
}

#[test]
fn the_terminal_says_what_changed_and_how_grave_it_is() {
    let old = workbook(&[REPORT, NOTES]);
    let rows = [
        "Children in care at the end of September",
        "Indicator|Last year|Now|Commentary",
        "Children in care|n:400|n:420|More children came into care this summer than in any quarter \
         since the autumn of 2024.",
        "Left care|n:21|n:30|",
        "Seen by a dentist|p:0.71|p:0.793|Dentists are hard to get.",
        "Health assessments|n:0.9|=B6*3|",
        "Visits in time|12 of 15|32 of 40|Nobody waits for long.",
    ];
    let new = workbook(&[("Report", &rows), NOTES]);
    let new = replaced(
        &new,
        "xl/worksheets/sheet2.xml",
        "<sheetData>",
        "<cols><col min=\"1\" max=\"1\" width=\"30\" customWidth=\"1\"/></cols><sheetData>",
    );
    let run = compared(&old, &new, &[]);
    assert_eq!(run.code, Some(1));
    snapshots().bind(|| insta::assert_snapshot!("diff_terminal", run.shown()));
    assert!(run.out.lines().all(|line| line.chars().count() <= 80), "{}", run.out);

    let figures = compared(&old, &new, &["--only", "figures"]);
    assert!(
        figures.out.contains("C3 value")
            && !figures.out.contains("wording")
            && !figures.out.contains("width")
    );
    assert_eq!(compared(&new, &new, &["--only", "figures"]).code, Some(0));
}

/// Another file says the same.
fn same(old: &[u8], new: &[u8], why: &str) {
    assert!(new != old, "{why}: the file was to be another one");
    let run = compared(old, new, &[]);
    assert_eq!(
        (run.code, run.out.trim_end()),
        (Some(0), "No differences."),
        "{why}: {}",
        run.shown()
    );
}

#[test]
fn nothing_is_said_of_how_a_file_is_stored() {
    let old = workbook(&[REPORT, NOTES]);
    let mut turned = parts(&old);
    turned.reverse();
    same(&old, &package(&turned), "rezipped in another order");

    let strings = String::from_utf8(with(&old, "xl/sharedStrings.xml")).expect("XML");
    let (start, rest) = strings.split_at(strings.find("<si>").expect("strings"));
    let mut items: Vec<&str> = rest.trim_end_matches("</sst>").split_inclusive("</si>").collect();
    let last = items.len() - 1;
    items.reverse();
    let shuffled = format!("{start}{}</sst>", items.concat());
    let mut book = with_part(&old, "xl/sharedStrings.xml", |_| shuffled.into_bytes());
    for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        book = with_part(&book, sheet, |xml| {
            renumbered(&String::from_utf8(xml).expect("XML"), last).into_bytes()
        });
    }
    same(&old, &book, "its strings in another order");
}

/// The part of a workbook.
fn with(book: &[u8], name: &str) -> Vec<u8> {
    parts(book).into_iter().find(|(part, _)| part == name).expect("the part").1
}

/// Every cell that points at a string points at it from the other end.
fn renumbered(xml: &str, last: usize) -> String {
    let mut pieces = xml.split("t=\"s\"><v>");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (index, rest) = piece.split_once('<').expect("a value ends");
        let index: usize = index.parse().expect("a string's number");
        out += &format!("t=\"s\"><v>{}<{rest}", last - index);
    }
    out
}

/// What each change is, and where.
fn verdicts(old: &[u8], new: &[u8]) -> Vec<(&'static str, String)> {
    let changes = changes(old, new);
    let told: Vec<(&str, String)> = changes
        .changes
        .iter()
        .map(|c| (c.verdict.words(), format!("{} {}", c.place, c.what)))
        .collect();
    told
}

#[test]
fn a_number_a_word_and_a_border_have_three_verdicts() {
    let old = workbook(&[REPORT, NOTES]);
    let sheet = "xl/worksheets/sheet1.xml";
    let number = replaced(&old, sheet, "<v>413</v>", "<v>414</v>");
    assert_eq!(verdicts(&old, &number), [("figures changed", "C3 value".to_owned())]);
    let word = replaced(&old, "xl/sharedStrings.xml", "hard to find", "easy to find");
    assert_eq!(verdicts(&old, &word), [("wording changed", "D4 text".to_owned())]);
    // The percentages' style gets a border.
    let border = replaced(
        &old,
        "xl/styles.xml",
        "<borders count=\"1\">",
        "<borders count=\"2\"><border><left/><right/><top/><bottom \
         style=\"thin\"/><diagonal/></border>",
    );
    let border = replaced(
        &border,
        "xl/styles.xml",
        "numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\"",
        "numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" applyBorder=\"1\"",
    );
    let told = verdicts(&old, &border);
    assert!(
        told.iter().all(|(verdict, _)| *verdict == "formatting only") && !told.is_empty(),
        "{told:?}"
    );
}

#[test]
fn programs_and_browsers_are_told_the_same() {
    let old = workbook(&[REPORT, NOTES]);
    let new = replaced(&old, "xl/worksheets/sheet1.xml", "<v>413</v>", "<v>414</v>");
    let run = compared(&old, &new, &["--json"]);
    let told: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (run.code, &told["verdict"], &told["figures"]),
        (Some(1), &"figures".into(), &1.into())
    );
    let change = &told["changes"][0];
    let about =
        [&change["sheet"], &change["place"], &change["about"], &change["before"], &change["after"]];
    assert_eq!(about, ["Report", "C3", "Children in care, Now", "413", "414"]);

    let folder = folder();
    std::fs::write(folder.path().join("old.xlsx"), &old).expect("written");
    std::fs::write(
        folder.path().join("new.xlsx"),
        replaced(&new, "xl/sharedStrings.xml", "this summer", "this &lt;b&gt; summer"),
    )
    .expect("written");
    let run =
        rapporteur(folder.path(), &["diff", "old.xlsx", "new.xlsx", "--html", "changes.html"]);
    assert!(run.out.ends_with("wrote changes.html\n"), "{}", run.shown());
    let page =
        std::fs::read_to_string(folder.path().join("changes.html")).expect("the page was written");
    assert!(
        page.contains("<caption>Report</caption>") && page.contains("<td>413</td><td>414</td>"),
        "{page}"
    );
    assert!(page.contains("<ins>&lt;b&gt;</ins>") && !page.contains("<b>"), "{page}");
}

#[test]
fn what_is_no_workbook_is_refused_with_what_to_do() {
    let sound = workbook(&[NOTES]);
    let zip = |name: &str| {
        package(&[(name.to_owned(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec())])
    };
    let cut = sound[..sound.len() / 2].to_vec();
    let broken = with_part(&sound, "xl/worksheets/sheet1.xml", |xml| xml[..xml.len() / 2].to_vec());
    for (bytes, says) in [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on".to_vec(), "Excel 97-2003"),
        (zip("xl/workbook.bin"), "binary workbook (.xlsb)"),
        (b"CHILD,DOB\n".to_vec(), "not an .xlsx workbook"),
        (cut, "damaged"),
        (broken, "damaged"),
    ] {
        let run = compared(&sound, &bytes, &[]);
        assert_eq!((run.code, run.out.as_str()), (Some(4), ""), "{}", run.shown());
        assert!(run.err.contains(says) && run.err.contains("save it"), "{says}: {}", run.shown());
    }
    let run = rapporteur(Path::new("/"), &["diff", "nowhere.xlsx", "nowhere.xlsx"]);
    assert_eq!(run.code, Some(4), "{}", run.shown());
}

/// Lines end as Git on Windows ends them.
#[test]
fn a_stored_snapshot_stands_for_its_workbook() {
    let old = workbook(&[REPORT, NOTES]);
    let text = workbook_text(&old).expect("a sound workbook").replace('\n', "\r\n");
    let snapshot = format!("---\r\nsource: tests/case.toml\r\n---\r\n{text}");
    assert_eq!(compared(snapshot.as_bytes(), &old, &[]).code, Some(0));
    let new = replaced(&old, "xl/worksheets/sheet1.xml", "<v>413</v>", "<v>414</v>");
    let run = compared(snapshot.as_bytes(), &new, &[]);
    assert!(run.out.contains("C3 value (Children in care, Now): 413 → 414"), "{}", run.shown());
}

/// A sheet under another name that says three quarters of what it said is the same sheet.
#[test]
fn a_renamed_sheet_is_known_by_most_of_its_words() {
    let rows = |last: &'static str| -> Vec<&'static str> {
        vec!["Each child counts once", "Short breaks are left out", "Homes are of 30 June", last]
    };
    let (before, after) = (rows("Figures are rounded"), rows("Nothing was suppressed here"));
    let old = workbook(&[REPORT, ("Notes", &before)]);
    let new = workbook(&[REPORT, ("Terms", &after)]);
    let run = compared(&old, &new, &[]);
    assert!(run.out.contains("Notes → Terms"), "{}", run.shown());
    assert!(run.out.contains("Figures are rounded → Nothing was suppressed"), "{}", run.shown());
}

/// The main use: an analyst adds an indicator, and the appendix has one row more.
#[test]
fn an_indicator_more_is_a_row_more() {
    let folder = folder();
    std::fs::copy(
        root().join("examples/children-in-care-2026-27-q2.xlsx"),
        folder.path().join("q2.xlsx"),
    )
    .expect("copied");
    assert_eq!(rapporteur(folder.path(), &["build", "q2.xlsx", "-o", "old.xlsx"]).code, Some(0));
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    let script = "rap.indicator \"kin_pct\" { title = \"Fostered by relatives\", \
                  theme = \"Placements\", unit = \"percentage\", better = \"higher\", \
                  denominator = \"looked_after\", numerator = { PLACE = { \"U1\", \"U2\", \
                  \"U3\" } }, definition = \"As it says.\", source = \"SSDA903\" }";
    std::fs::write(folder.path().join("scripts/mine.luau"), script).expect("written");
    assert_eq!(rapporteur(folder.path(), &["build", "q2.xlsx", "-o", "new.xlsx"]).code, Some(0));
    let run = rapporteur(folder.path(), &["diff", "old.xlsx", "new.xlsx"]);
    snapshots().bind(|| insta::assert_snapshot!("diff_indicator_added", run.shown()));
}
