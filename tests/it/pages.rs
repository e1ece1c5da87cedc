//! How full printed pages are, measured by the heights of their rows: no page is nearly empty that
//! could be joined with the one before it, and notes take a quarter of a report at most.

use std::path::Path;

use rapporteur::workbook_diff::describe::workbook_text;

use crate::support::{folder, rapporteur, root, shared};

/// Layouts that ship.
const LAYOUTS: [&str; 6] = ["board", "annual", "targets", "services", "scorecard", "spc"];
/// What is counted on of a page, in points down and in pixels across, and all that it holds.
const PAGE: (f64, f64) = (500.0, 1026.0);
const WHOLE: f64 = 508.0 / 500.0;
/// A page on which less stands is nearly empty.
const NEARLY_EMPTY: f64 = 1.0 / 3.0;
const NOTES: &str = "Notes and definitions";

/// A printed sheet: its name, and how full each of its pages is.
struct Printed {
    sheet: String,
    pages: Vec<f64>,
}

/// The return in a layout, as text; nothing where the layout has nothing to show of it.
fn built(received: &Path, project: Option<&Path>, layout: &str) -> String {
    let place = folder();
    let plain = |path: &Path| path.display().to_string();
    let mut arguments = vec!["build".to_string(), plain(received), "-o".into(), "a.xlsx".into()];
    arguments.extend(["--template".to_string(), layout.to_string()]);
    arguments.extend(project.into_iter().flat_map(|at| ["--project".to_string(), plain(at)]));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let run = rapporteur(place.path(), &arguments);
    let bytes = std::fs::read(place.path().join("a.xlsx"));
    workbook_text(&bytes.unwrap_or_else(|_| panic!("{layout}: {}", run.shown()))).expect("text")
}

fn exampleton(layout: &str) -> String {
    let project = root().join("examples/exampleton");
    built(&project.join("2026-27-q2.xlsx"), Some(&project), layout)
}

/// Ranges of rows or columns with a number each, `1=21 2:4=19.5`, but for hidden ones.
fn numbers(text: &str, number_of: fn(&str) -> usize) -> Vec<(usize, usize, f64)> {
    let parts = text.split(' ').filter_map(|part| part.split_once('='));
    let ranges = parts.filter(|(range, _)| *range != "default").filter_map(|(range, number)| {
        let (from, to) = range.split_once(':').unwrap_or((range, range));
        Some((number_of(from), number_of(to), number.parse().ok()?))
    });
    ranges.collect()
}

fn row_number(text: &str) -> usize {
    text.parse().expect("a row")
}

fn column_number(text: &str) -> usize {
    text.bytes().fold(0, |number, letter| number * 26 + usize::from(letter - b'A') + 1)
}

/// How full the pages of a workbook are.
fn printed(text: &str) -> Vec<Printed> {
    text.split("\n== sheet ").skip(1).map(printed_sheet).collect()
}

fn printed_sheet(text: &str) -> Printed {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let line = |begins| rest.lines().find_map(|line| line.strip_prefix(begins)).unwrap_or("");
    let columns = numbers(line("cols "), column_number);
    let pixels = columns
        .iter()
        .map(|(from, to, width)| (to - from + 1) as f64 * (width * 7.0 + 5.0).trunc());
    let scale = (PAGE.1 / pixels.sum::<f64>()).min(1.0);
    let usual = line("rows default=").split(' ').next().and_then(|usual| usual.parse().ok());
    let area = first.split(' ').skip_while(|word| *word != "area").nth(1).unwrap_or("");
    let digits = |c: char| c.is_ascii_digit();
    let last = area.rsplit(|c| !digits(c)).next().map_or(0, row_number);
    let mut heights: Vec<f64> = vec![usual.expect("a usual height"); last];
    for (from, to, height) in numbers(line("rows "), row_number) {
        heights[from - 1..to].fill(height);
    }
    let titles = first.split(' ').skip_while(|word| *word != "titles").nth(1);
    let titles = titles.and_then(|rows| rows.split_once(':'));
    let repeated: f64 =
        titles.map_or(0.0, |(from, to)| heights[row_number(from) - 1..row_number(to)].iter().sum());
    let breaks = line("page breaks: after rows ").split(' ').filter(|row| !row.is_empty());
    let ends: Vec<usize> = breaks.map(row_number).chain([heights.len()]).collect();
    let pages = ends.iter().enumerate().map(|(at, end)| {
        let begins = if at == 0 { 0 } else { ends[at - 1] };
        let heads = if at == 0 { 0.0 } else { repeated };
        (heights[begins..*end].iter().sum::<f64>() + heads) * scale / PAGE.0
    });
    let sheet = first.split('"').nth(1).expect("a name").to_string();
    Printed { pages: pages.collect(), sheet }
}

/// Which pages of several of a sheet are nearly empty.
fn nearly_empty(printed: &[Printed]) -> Vec<String> {
    let several = printed.iter().filter(|sheet| sheet.pages.len() > 1);
    let pages = several.flat_map(|sheet| sheet.pages.iter().map(|used| (&sheet.sheet, *used)));
    // Columns of notes are as high as half a page and more: they cannot be parted as rows can.
    let least = |sheet: &str| if sheet == NOTES { 0.25 } else { NEARLY_EMPTY };
    let little = pages.filter(|(sheet, used)| *used < least(sheet));
    little.map(|(sheet, used)| format!("{sheet}: {:.0}%", used * 100.0)).collect()
}

/// Notes take a quarter of the pages; where there are three others or fewer they have one.
fn notes_are_a_quarter(printed: &[Printed]) -> bool {
    let count = |notes: bool| -> usize {
        let sheets = printed.iter().filter(|sheet| (sheet.sheet == NOTES) == notes);
        sheets.map(|sheet| sheet.pages.len()).sum()
    };
    let (notes, others) = (count(true), count(false));
    notes > 0 && notes * 4 <= (notes + others).max(4)
}

#[test]
fn exampleton_has_no_page_with_little_on_it() {
    for layout in LAYOUTS.into_iter().chain(["committee"]) {
        let printed = printed(&exampleton(layout));
        for Printed { sheet, pages } in &printed {
            for used in pages {
                assert!(*used >= NEARLY_EMPTY, "{layout}, {sheet}: {pages:?}");
                assert!(*used <= WHOLE, "{layout}, {sheet}: {pages:?}");
            }
        }
        assert!(notes_are_a_quarter(&printed), "{layout}");
    }
}

#[test]
fn the_pages_of_smaller_reports_are_joined_and_their_notes_short() {
    let small = root().join("examples/children-in-care-2026-27-q2.xlsx");
    let golden = shared("the_pages_of_smaller_reports_are_joined_and_their_notes_short");
    let golden = golden.iter().flat_map(|at| {
        let councils =
            ["derby-2018", "derby-2022", "derby-2023", "lincolnshire-2019", "nottingham-2017"];
        let papers = councils.map(|name| at.join("golden").join(name).join("return.xlsx"));
        let returns = ["exampleshire-2026-27-q2.xlsx", "messyshire-2025-26-q4.xlsx"];
        papers.into_iter().chain(returns.map(|name| at.join("data/returns").join(name)))
    });
    let mut faults = Vec::new();
    for received in [small].into_iter().chain(golden) {
        for layout in LAYOUTS {
            let printed = printed(&built(&received, None, layout));
            let what = format!("{layout} of {}", received.display());
            faults.extend(nearly_empty(&printed).iter().map(|page| format!("{what}: {page}")));
            let long = (!notes_are_a_quarter(&printed)).then(|| format!("{what}: long notes"));
            faults.extend(long);
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Measures with their trends stand two a page.
#[test]
fn two_measures_stand_on_a_page() {
    let text = exampleton("targets");
    let measures = text.split("\n== sheet ").find(|sheet| sheet.starts_with("\"Measures\""));
    let measures = measures.expect("a sheet of measures");
    let begins = |line: &&str| {
        let number = line.split_once('"').map(|(_, text)| text);
        number.and_then(|text| text.split_once(". ")).is_some_and(|(n, _)| n.parse::<u8>().is_ok())
    };
    let count = measures.lines().filter(begins).count();
    let pages = printed(&text).into_iter().find(|sheet| sheet.sheet == "Measures");
    let pages = pages.expect("its pages").pages;
    assert!(count > 10 && pages.len() * 2 <= count + 1, "{count} measures: {pages:?}");
}
