//! Workbooks as plain data: the text that snapshots keep reads back as the same book, for every
//! workbook that the shipped layouts and examples make and for every stored snapshot.

use std::path::Path;

use rapporteur::workbook_diff::book::Book;
use rapporteur::workbook_diff::compare::Changes;
use rapporteur::workbook_diff::describe::workbook;

use crate::support::{folder, rapporteur, root};

const LAYOUTS: [&str; 6] = ["annual", "board", "scorecard", "services", "spc", "targets"];

/// The projects among the examples, each with a return.
const PROJECTS: [(&str, &str); 4] = [
    ("annex-a", "return"),
    ("complaints", "q2.xlsx"),
    ("exampleton", "2026-27-q2.xlsx"),
    ("housing-repairs", "q2.xlsx"),
];

/// The book of a file, once its text is seen to read back as the same.
fn read_back(file: &Path) -> Book {
    let bytes = std::fs::read(file).expect("written");
    let book = workbook(&bytes).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
    let text = book.text();
    let again = Book::read(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
    for (sheet, read) in book.sheets.iter().zip(&again.sheets) {
        assert_eq!(sheet.facts, read.facts, "{}: {}", file.display(), sheet.name);
        assert_eq!(sheet.columns, read.columns, "{}: {}", file.display(), sheet.name);
        assert_eq!(sheet.rows, read.rows, "{}: {}", file.display(), sheet.name);
        for (cell, read) in sheet.cells.iter().zip(&read.cells) {
            assert_eq!(cell, read, "{}: {}", file.display(), sheet.name);
        }
    }
    assert!(book == again, "{}", file.display());
    assert_eq!(again.text(), text, "{}", file.display());
    book
}

/// Builds in a project's folder; gives the appendix and the accessible edition, read back.
fn built(project: &Path, input: &Path, layout: &[&str]) -> [Book; 2] {
    let made = folder();
    let appendix = made.path().join("appendix.xlsx");
    let (input, output) = (input.display().to_string(), appendix.display().to_string());
    let wanted = ["build", &input, "-o", &output, "--accessible", "--no-problems"];
    let run = rapporteur(project, &[&wanted, layout].concat());
    assert!(appendix.is_file(), "{}", run.shown());
    [appendix, made.path().join("appendix-accessible.xlsx")].map(|file| read_back(&file))
}

#[test]
fn every_layout_reads_back_as_the_same_book() {
    let input = root().join("examples/children-in-care-2026-27-q2.xlsx");
    let mut before: Option<Book> = None;
    for layout in LAYOUTS {
        let [book, accessible] = built(&root(), &input, &["--template", layout]);
        let none = Changes::between(&book, &book).expect("few cells");
        assert!(none.is_empty(), "{layout}: {}", none.text());
        let none = Changes::since(&accessible.text(), &accessible).expect("few cells");
        assert!(none.is_empty(), "{layout}: {}", none.text());
        // What is told of two books is what is told of a text and a book.
        if let Some(before) = before.replace(book.clone()) {
            let told = Changes::between(&before, &book).expect("few cells");
            assert!(!told.is_empty(), "{layout} is like another layout");
            assert_eq!(Changes::since(&before.text(), &book).expect("few cells"), told);
        }
    }
}

#[test]
fn every_example_reads_back_as_the_same_book() {
    for (name, input) in PROJECTS {
        let project = root().join("examples").join(name);
        built(&project, &project.join(input), &[]);
        let made = folder();
        let blank = made.path().join("blank.xlsx");
        let run = rapporteur(&project, &["blank", "-o", &blank.display().to_string()]);
        assert!(blank.is_file(), "{name}: {}", run.shown());
        read_back(&blank);
    }
}

#[test]
fn every_stored_snapshot_of_a_workbook_reads_back() {
    let mut read = 0;
    for entry in std::fs::read_dir(root().join("snapshots")).expect("snapshots") {
        let file = entry.expect("a file").path();
        let text = std::fs::read_to_string(&file).expect("text");
        let Some((_, text)) = text.split_once("\n---\n") else { continue };
        if !text.lines().any(|line| line == "styles used") || !text.contains("\n== sheet ") {
            continue;
        }
        let book = Book::read(text).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
        assert_eq!(book.text(), text, "{}", file.display());
        read += 1;
    }
    assert!(read > 5, "only {read} snapshots of workbooks were found");
}
