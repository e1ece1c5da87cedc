//! The editions: the same figures in each, and what the checklists for accessible files ask for.

use std::path::{Path, PathBuf};

use crate::make::parts;
use crate::support::{example, folder, rapporteur, root, shared};

/// Every layout that is shipped.
const LAYOUTS: [&str; 3] = ["annual", "board", "targets"];

/// The returns that there are to make editions of.
fn returns() -> Vec<PathBuf> {
    let mut all = vec![root().join("examples/children-in-care-2026-27-q2.xlsx")];
    if let Some(shared) = shared("papers of councils in every edition") {
        let papers = ["derby-2023", "lincolnshire-2019", "nottingham-2017"];
        all.extend(papers.map(|paper| shared.join("golden").join(paper).join("return.xlsx")));
    }
    all
}

/// Makes all editions of a return in a folder: `a.xlsx`, `a-accessible.xlsx`, `a-accessible.ods`,
/// `a.html`.
fn make(place: &Path, file: &Path, layout: &str) {
    let file = file.to_str().expect("a plain path");
    let wanted = ["build", file, "--template", layout, "-o", "a.xlsx", "--html", "a.html"];
    let run = rapporteur(place, &[&wanted[..], &["--accessible", "--ods"]].concat());
    // Published papers have faults of their own, which are warnings.
    assert!(
        run.code == Some(0) || (run.code == Some(1) && !run.err.contains("error:")),
        "{}",
        run.shown()
    );
    assert!(
        run.out.contains("wrote a-accessible.xlsx\nwrote a-accessible.ods\nwrote a.html\n"),
        "{}",
        run.out
    );
}

/// The texts of a workbook's cells, with their sheets and addresses.
fn cells(place: &Path, file: &str) -> Vec<(String, String, String)> {
    let run = rapporteur(place, &["show", file, "--cells"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let cell = |line: &str| {
        let mut parts = line.splitn(3, '\t').map(ToString::to_string);
        Some((parts.next()?, parts.next()?, parts.next()?))
    };
    run.out.lines().map(|line| cell(line).expect("sheet, address, text")).collect()
}

/// The texts of a page's cells.
fn page_cells(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in page
        .split('<')
        .collect::<Vec<_>>()
        .join("\u{0}<")
        .split("\u{0}<td")
        .flat_map(|p| p.split("\u{0}<th"))
        .skip(1)
    {
        let end = piece.find("</td>").or(piece.find("</th>")).unwrap_or(0);
        let inside = piece[..end].split_once('>').map_or("", |(_, inside)| inside);
        let mut text = String::new();
        for bit in inside.split('\u{0}') {
            let (tag, words) =
                bit.split_once('>').filter(|_| bit.starts_with('<')).unwrap_or(("", bit));
            if !tag.contains("unseen") {
                text.push_str(words);
            }
        }
        found.push(text.replace("&#39;", "'"));
    }
    found
}

/// A word that is a number, as it is told everywhere; or a year.
fn number(word: &str) -> Option<String> {
    let digits = word.trim_end_matches('%');
    match digits.parse::<f64>() {
        Ok(number) => Some(format!("{number}{}", &word[digits.len()..])),
        Err(_) if digits.len() == 7 && digits.split('/').all(|p| p.parse::<u16>().is_ok()) => {
            Some(word.to_string())
        }
        Err(_) => None,
    }
}

/// The figures of cells that hold nothing else, one by one: `651 (92.2)` has two, `70% (2021/22)
/// [r]` as well.
fn figures<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut all = Vec::new();
    for text in texts {
        let joints = ["to", "of", "[r]", "[p]", "pp"];
        let bare = text
            .split_whitespace()
            .map(|word| word.trim_matches(['(', ')']))
            .filter(|word| !joints.contains(word));
        let bare: Vec<String> =
            bare.map(|word| word.replace(['−', ','], "").replace('+', "")).collect();
        all.extend(
            bare.iter().map(|word| number(word)).collect::<Option<Vec<_>>>().into_iter().flatten(),
        );
    }
    all.sort();
    all
}

#[test]
fn every_edition_holds_the_same_figures() {
    let mut compared = 0;
    for file in returns() {
        for layout in LAYOUTS {
            let place = folder();
            make(place.path(), &file, layout);
            let committee = cells(place.path(), "a.xlsx");
            let accessible = cells(place.path(), "a-accessible.xlsx");
            // Cell for cell: an address, a text.
            assert_eq!(cells(place.path(), "a-accessible.ods"), accessible, "{layout}");
            let page = std::fs::read_to_string(place.path().join("a.html")).expect("a page");
            let wanted = figures(committee.iter().map(|(.., text)| text.as_str()));
            let what = format!("{}, {layout}", file.display());
            assert_eq!(
                figures(accessible.iter().map(|(.., text)| text.as_str())),
                wanted,
                "accessible: {what}"
            );
            assert_eq!(
                figures(page_cells(&page).iter().map(String::as_str)),
                wanted,
                "page: {what}"
            );
            compared += wanted.len();
        }
    }
    assert!(compared > 150, "only {compared} figures were compared");
}

#[test]
fn the_accessible_edition_keeps_the_checklist() {
    for file in returns() {
        for layout in LAYOUTS {
            let place = folder();
            make(place.path(), &file, layout);
            let what = format!("{}, {layout}", file.display());
            let book = std::fs::read(place.path().join("a-accessible.xlsx")).expect("a workbook");
            let parts = parts(&book);
            let part = |name: &str| {
                let found = parts
                    .iter()
                    .find(|(n, _)| n == name)
                    .unwrap_or_else(|| panic!("{what}: {name}"));
                String::from_utf8(found.1.clone()).expect("parts are text")
            };
            let core = part("docProps/core.xml");
            for needed in
                ["<dc:title>", "<dc:creator>", "<cp:keywords>", "<dc:language>en-GB</dc:language>"]
            {
                assert!(core.contains(needed), "{what}: {needed} in {core}");
            }
            let looks = part("xl/styles.xml");
            for size in looks
                .split("<sz val=\"")
                .skip(1)
                .map(|rest| rest.split('"').next().expect("a size"))
            {
                assert!(
                    size.parse::<f64>().expect("a number") >= 12.0,
                    "{what}: letters of {size} points"
                );
            }
            assert!(!looks.contains("patternType=\"solid\""), "{what}: a fill");
            let mut names: Vec<String> = Vec::new();
            let book = part("xl/workbook.xml");
            names.extend(
                book.split("<sheet name=\"")
                    .skip(1)
                    .map(|rest| rest[..rest.find('"').expect("an end")].to_string()),
            );
            assert_eq!(names[..3], ["Cover", "Contents", "Notes"], "{what}");
            assert!(
                !book.contains("activeTab")
                    && !book.contains("state=\"hidden\"")
                    && !book.contains("definedName")
            );
            let cells = cells(place.path(), "a-accessible.xlsx");
            for (index, name) in names.iter().enumerate() {
                let text = part(&format!("xl/worksheets/sheet{}.xml", index + 1));
                for unwanted in [
                    "<mergeCell",
                    "<headerFooter",
                    "<autoFilter",
                    "<pane",
                    "<drawing",
                    "<conditionalFormatting",
                    "hidden=",
                ] {
                    assert!(!text.contains(unwanted), "{what}, {name}: {unwanted}");
                }
                assert_eq!(
                    text.matches("<tablePart ").count(),
                    usize::from(index > 0),
                    "{what}, {name}: tables"
                );
                let here = |address: &str| {
                    cells.iter().any(|(sheet, at, _)| sheet == name && at == address)
                };
                assert!(here("A1") && here("A2"), "{what}, {name}: no title");
                // Signs of the printed page are said in words; of two numbers none shares a cell.
                for (_, at, said) in cells.iter().filter(|(sheet, ..)| sheet == name) {
                    assert!(
                        !said.contains(['▲', '▼', '►', '↑', '↓', '●']) && said != "–",
                        "{what}, {name} {at}: {said}"
                    );
                    assert!(
                        figures(std::iter::once(said.as_str())).len() < 2,
                        "{what}, {name} {at}: {said}"
                    );
                }
                if index == 0 {
                    continue;
                }
                let table = part(&format!("xl/tables/table{index}.xml"));
                assert!(
                    !table.contains("autoFilter") && !table.contains("Column1"),
                    "{what}, {name}: {table}"
                );
                let empty = filled(&table, name, &cells);
                let told = cells.iter().any(|(sheet, _, said)| {
                    sheet == name && said.starts_with("Where a cell is empty")
                });
                assert_eq!(empty, told, "{what}, {name}: empty cells");
            }
        }
    }
}

/// Whether any cell of a table is empty.
fn filled(table: &str, sheet: &str, cells: &[(String, String, String)]) -> bool {
    let range =
        table.split("ref=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a range");
    let (from, to) = range.split_once(':').expect("two ends");
    let split = |at: &str| {
        let (letters, digits) =
            at.split_at(at.find(|c: char| c.is_ascii_digit()).expect("an address"));
        (
            letters.bytes().fold(0u32, |n, b| n * 26 + u32::from(b - b'A' + 1)),
            digits.parse::<u32>().expect("a row"),
        )
    };
    let ((left, top), (right, bottom)) = (split(from), split(to));
    assert_eq!(left, 1, "a table begins in column A");
    let inside = cells
        .iter()
        .filter(|(s, at, _)| s == sheet && (top..=bottom).contains(&split(at).1))
        .count();
    let below = cells.iter().any(|(s, at, _)| s == sheet && split(at).1 > bottom);
    assert!(!below, "something stands below the table of {sheet}");
    inside as u32 != right * (bottom - top + 1)
}

#[test]
fn editions_are_the_same_each_time_and_lie_over_nothing() {
    let (once, again) = (folder(), folder());
    let file = &returns()[0];
    make(once.path(), file, "board");
    make(again.path(), file, "board");
    for name in ["a-accessible.xlsx", "a.html"] {
        let bytes = |place: &Path| std::fs::read(place.join(name)).expect("written");
        assert!(bytes(once.path()) == bytes(again.path()), "{name}: other bytes");
    }
    std::fs::copy(file, once.path().join("r-accessible.xlsx")).expect("copied");
    for arguments in [
        ["build", "r-accessible.xlsx", "-o", "r.xlsx", "--accessible"].as_slice(),
        &["build", "r-accessible.xlsx", "--html", "r-accessible.xlsx"],
        &["build", "r-accessible.xlsx", "--html", "b.csv", "--figures", "b.csv"],
    ] {
        let run = rapporteur(once.path(), arguments);
        assert_eq!(run.code, Some(2), "{}", run.shown());
        assert!(run.out.contains("nothing was written"), "{}", run.shown());
    }
}

/// What programs and screen readers ask of an OpenDocument spreadsheet: known by its first part,
/// in a language, with every table marked, its headings too, and no letters below 12 points.
#[test]
fn the_open_document_edition_is_one() {
    let place = folder();
    make(place.path(), &returns()[0], "board");
    let book = std::fs::read(place.path().join("a-accessible.ods")).expect("a spreadsheet");
    // A local header of 30 bytes, the name, then the text as it is.
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    assert_eq!(&book[30..38 + kind.len()], format!("mimetype{kind}").as_bytes());
    let parts = parts(&book);
    let part = |name: &str| {
        let found = parts.iter().find(|(n, _)| n == name).expect("the part is there");
        String::from_utf8(found.1.clone()).expect("parts are text")
    };
    let (content, styles, meta) = (part("content.xml"), part("styles.xml"), part("meta.xml"));
    assert!(meta.contains("<dc:language>en-GB</dc:language>"), "{meta}");
    assert!(meta.contains("<dc:title>CORPORATE PARENTING BOARD"), "{meta}");
    assert!(styles.contains("fo:language=\"en\""), "{styles}");
    let sizes = styles.split("fo:font-size=\"").skip(1).map(|rest| {
        rest.split("pt").next().and_then(|size| size.parse::<f64>().ok()).expect("a size")
    });
    assert!(sizes.into_iter().all(|size| size >= 12.0), "{styles}");
    let sheets = content.matches("<table:table ").count();
    assert!(sheets > 4, "{sheets} sheets");
    // Every sheet but the cover has one table, with a name and a row of headings.
    assert_eq!(content.matches("<table:table-header-rows>").count(), sheets - 1);
    assert_eq!(content.matches("<table:database-range ").count(), sheets - 1);
    assert!(!content.contains("number-columns-spanned"), "cells are merged");
    assert!(content.contains("xlink:href=\"#&apos;Contents&apos;.A1\""), "the cover leads nowhere");
}

/// A folder named in two ways is held once: held twice, a run would wait for itself.
#[test]
fn files_go_to_one_folder_by_two_of_its_names() {
    let place = example();
    let page = place.path().join("a.html").display().to_string();
    let run = rapporteur(place.path(), &["build", "q2.xlsx", "-o", "a.xlsx", "--html", &page]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
}

/// The list of worksheets says what each holds, and tabs are named by it.
#[test]
fn contents_say_what_is_on_each_worksheet() {
    let place = folder();
    let project = root().join("examples/exampleton").display().to_string();
    let received = format!("{project}/2026-27-q2.xlsx");
    let made = ["-o", "a.xlsx", "--accessible", "--html", "a.html"];
    rapporteur(place.path(), &[&["build", &received, "--project", &project][..], &made].concat());
    let cells = cells(place.path(), "a-accessible.xlsx");
    let contents: Vec<&str> = cells
        .iter()
        .filter(|(sheet, ..)| sheet == "Contents")
        .map(|(.., text)| text.as_str())
        .collect();
    for (tab, holds) in [
        ("Exceptions", "6 of 15 measures with a target miss it (6 rows)"),
        ("Homes and carers", "Our children's homes (5 rows)"),
        ("Households that want to foster", "Households that want to foster, since April (6 rows)"),
        (
            "Month by month, charts",
            "Visits to children in care made on time; Average weekly cost of a placement (24 rows)",
        ),
        ("Areas of strength", "Areas of strength, Areas for development (2 rows)"),
        ("Role, Name, Date of sign-off", "Role, Name, Date of sign-off (2 rows)"),
    ] {
        let at = contents.iter().position(|text| text.starts_with(tab));
        let at = at.unwrap_or_else(|| panic!("{tab}: {contents:?}"));
        assert_eq!(contents[at + 1], holds, "{contents:?}");
    }
    // A heading speaks of the first table under it, not of those that follow with other headings.
    let page = std::fs::read_to_string(place.path().join("a.html")).expect("the page is written");
    for title in [
        "Households that want to foster, since April",
        "Areas of strength, Areas for development",
        "Role, Name, Date of sign-off",
    ] {
        assert!(page.contains(&format!(": {title}</caption>")), "{title}");
    }
    let nameless = cells.iter().find(|(.., text)| text == "Column 3");
    assert_eq!(nameless, None, "a column for the looks of the page");
}

/// What is read aloud alone stands outside the flow: a table that scrolls must hold it, or a phone
/// scrolls the whole page sideways.
#[test]
fn words_read_aloud_stay_in_the_table_that_scrolls() {
    let looks = include_str!("../../src/nouns/page.css");
    let rule = |name: &str| looks.lines().find(|line| line.starts_with(name)).expect("a rule");
    assert!(rule(".unseen {").contains("position: absolute"));
    assert!(rule(".wide {").contains("position: relative"));
}
