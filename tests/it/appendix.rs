//! The appendix itself (what stands in it, `tests/example.toml` tells): repeated byte for byte, and
//! held to its own row heights.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;

use rapporteur::workbook_diff::describe::workbook_text;

use crate::make::parts;
use crate::support::{folder, rapporteur, root};

fn example() -> PathBuf {
    root().join("examples/children-in-care-2026-27-q2.xlsx")
}

fn built(arguments: &[&str]) -> Vec<u8> {
    let folder = folder();
    let mut all = vec!["build", "return.xlsx", "-o", "appendix.xlsx"];
    all.extend(arguments);
    std::fs::copy(example(), folder.path().join("return.xlsx")).expect("the example is there");
    let run = rapporteur(folder.path(), &all);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    std::fs::read(folder.path().join("appendix.xlsx")).expect("the appendix was written")
}

#[test]
fn the_same_return_gives_the_same_bytes_anywhere() {
    let once = built(&[]);
    let folder = folder();
    let inner = folder.path().join("another folder");
    std::fs::create_dir(&inner).expect("made");
    std::fs::copy(example(), inner.join("return.xlsx")).expect("copied");
    for (zone, locale) in [("Pacific/Auckland", "de_DE.UTF-8"), ("America/Los_Angeles", "C")] {
        let status = Command::new(env!("CARGO_BIN_EXE_rapporteur"))
            .args(["build", "return.xlsx", "-o", "appendix.xlsx"])
            .current_dir(&inner)
            .env("TZ", zone)
            .env("LC_ALL", locale)
            .output()
            .expect("started");
        assert!(status.status.success());
        assert!(
            std::fs::read(inner.join("appendix.xlsx")).expect("written") == once,
            "{zone}, {locale}: other bytes"
        );
    }
}

/// Excel refuses a workbook in which a name of cells has the apostrophe of its sheet once.
#[test]
fn a_sheet_with_an_apostrophe_names_its_table() {
    let folder = folder();
    let case = root().join("tests/cases/commentary_on_half");
    let inputs = ["cover.csv", "typed.csv", "comments.csv"].map(|name| case.join(name));
    let inputs = inputs.iter().map(|path| path.to_str().expect("a plain path"));
    let mut arguments = vec!["build", "--project", case.to_str().expect("a plain path")];
    arguments.extend(inputs);
    arguments.extend(["-o", "a.xlsx"]);
    let run = rapporteur(folder.path(), &arguments);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let package = std::fs::read(folder.path().join("a.xlsx")).expect("the appendix was written");
    let parts = parts(&package);
    let (_, book) = parts.iter().find(|(name, _)| name == "xl/workbook.xml").expect("a workbook");
    let book = String::from_utf8_lossy(book);
    assert!(book.contains("Children_s_words\">'Children''s words'!$A$3:$C$5<"), "{book}");
}

/// A report that does not know whose it is says so, and what to do.
#[test]
fn a_council_without_a_name_is_told() {
    let place = folder();
    let write = |name: &str, text: &str| std::fs::write(place.path().join(name), text);
    write("typed.csv", "Indicator,Title,Unit,Value\nvisits,Visits made,number,12\n").expect("room");
    let mut build = vec!["build", "typed.csv", "cover.csv", "-o", "a.xlsx"];
    let cover = "Reporting year,2026/27\nQuarter,Q2\n";
    write("cover.csv", cover).expect("room");
    let run = rapporteur(place.path(), &build);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    let said = "warning: the council has no name: the report calls it \"The council\"";
    assert!(run.err.contains(said) && run.err.contains("[authority] name"), "{}", run.shown());
    // Where the Cover names it there is nothing to say.
    write("cover.csv", &format!("Authority,Exampleton\n{cover}")).expect("room");
    build.push("--force");
    let run = rapporteur(place.path(), &build);
    assert!(!run.err.contains("no name"), "{}", run.shown());
}

/// Works out, apart from the program, the lines that each text needs: by words, with the widths of
/// Arial as they were printed in Adobe's metrics, and without the share of width that the program
/// keeps in reserve.
#[test]
fn no_text_needs_more_height_than_its_row_has() {
    let text = workbook_text(&built(&[])).expect("a sound workbook");
    assert!(checked(&text) > 130, "only {} cells were checked", checked(&text));
}

/// The same of notes that are set in columns.
#[test]
fn no_column_of_notes_needs_more_height_than_its_row_has() {
    let place = folder();
    let project = root().join("examples/exampleton");
    let received = project.join("2026-27-q2.xlsx");
    let [project, received] = [&project, &received].map(|path| path.to_str().expect("plain"));
    for layout in ["board", "scorecard"] {
        let arguments = ["build", received, "--project", project, "--template", layout];
        rapporteur(place.path(), &[&arguments[..], &["-o", "a.xlsx"]].concat());
        let bytes = std::fs::read(place.path().join("a.xlsx")).expect("an appendix");
        let text = workbook_text(&bytes).expect("a sound workbook");
        let (_, notes) = text.split_once("== sheet \"Notes").expect("a sheet of notes");
        let columns = checked(&format!("== sheet \"Notes{notes}"));
        assert!((4..20).contains(&columns), "{layout}: {columns} columns of notes");
    }
}

/// How many texts were found to have the height that they need.
fn checked(text: &str) -> usize {
    let mut sheet = SheetShape::default();
    let mut checked = 0;
    for line in text.lines() {
        if line.starts_with("== sheet") {
            sheet = SheetShape::default();
            sheet.notes = line.contains("Notes and definitions");
        } else if let Some(cols) = line.strip_prefix("cols ") {
            sheet.columns(cols);
        } else if let Some(rows) = line.strip_prefix("rows ") {
            sheet.rows(rows);
        } else if let Some(merges) = line.strip_prefix("merges ") {
            sheet.merges = merges
                .split(' ')
                .filter_map(|m| m.split_once(':').map(|(a, b)| (a.to_string(), b.to_string())))
                .collect();
        } else if let Some((address, content)) =
            line.split_once(" [s").filter(|(a, _)| is_address(a))
        {
            let Some((_, content)) =
                content.split_once("] \"").or_else(|| content.split_once("] rich \""))
            else {
                continue;
            };
            let content = content.trim_end_matches('"').replace("**", "");
            let (needed, height) = sheet.needed(address, &content.replace("\\n", "\n"));
            assert!(needed <= height, "{address} needs {needed} pt and has {height}: {content}");
            checked += 1;
        }
    }
    checked
}

fn is_address(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
    digits.len() < text.len() && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

#[derive(Default)]
struct SheetShape {
    widths: HashMap<u32, f64>,
    heights: HashMap<u32, f64>,
    /// The height of the rows that say none.
    usual: f64,
    merges: HashMap<String, String>,
    /// Whether it is the sheet of notes.
    notes: bool,
}

impl SheetShape {
    fn columns(&mut self, text: &str) {
        for (range, width) in text.split(' ').filter_map(|p| p.split_once('=')) {
            let (from, to) = range.split_once(':').unwrap_or((range, range));
            for column in number_of(from)..=number_of(to) {
                self.widths.insert(column, width.parse().expect("a width"));
            }
        }
    }

    fn rows(&mut self, text: &str) {
        let heights = text.split(' ').filter_map(|p| p.split_once('='));
        let mut usual = heights.clone().filter(|(range, _)| *range == "default");
        self.usual = usual.next().map_or(0.0, |(_, height)| height.parse().expect("a height"));
        for (range, height) in
            heights.filter(|(range, _)| range.starts_with(|c: char| c.is_ascii_digit()))
        {
            let (from, to) = range.split_once(':').unwrap_or((range, range));
            for row in from.parse::<u32>().expect("a row")..=to.parse().expect("a row") {
                self.heights.insert(row, height.parse().expect("a height"));
            }
        }
    }

    /// The points that a text needs and has. Everything but titles and notes is Arial 10; bold is
    /// allowed for by taking bold widths for names and headings, which stand in narrow columns.
    fn needed(&self, address: &str, text: &str) -> (f64, f64) {
        let split = address.find(|c: char| c.is_ascii_digit()).expect("an address");
        let (column, row) =
            (number_of(&address[..split]), address[split..].parse::<u32>().expect("a row"));
        let last = self.merges.get(address).map_or(column, |end| {
            number_of(&end[..end.find(|c: char| c.is_ascii_digit()).expect("an address")])
        });
        let width: f64 =
            (column..=last).map(|c| (self.widths[&c] * 7.0 + 5.0).floor()).sum::<f64>() - 5.0;
        let size = match row {
            1 => 14.0,
            // The key and the definitions are in small letters.
            3.. if self.notes => 8.0,
            _ => 10.0,
        };
        let lines: usize = text.split('\n').map(|paragraph| lines(paragraph, width, size)).sum();
        (lines as f64 * size * 1.2, *self.heights.get(&row).unwrap_or(&self.usual))
    }
}

fn number_of(letters: &str) -> u32 {
    letters.bytes().fold(0, |n, b| n * 26 + u32::from(b - b'A' + 1))
}

fn lines(paragraph: &str, width: f64, size: f64) -> usize {
    let space = width_of(" ", size);
    let (mut lines, mut used) = (1, 0.0);
    for word in paragraph.split(' ') {
        let word = width_of(word, size);
        if used > 0.0 && used + space + word > width {
            lines += 1;
            used = word;
        } else {
            used += if used > 0.0 { space + word } else { word };
        }
    }
    lines
}

/// Helvetica's (and so Arial's) regular widths for the characters of English text, in thousandths.
fn width_of(text: &str, size: f64) -> f64 {
    let thousandths: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '\'' | '’' => 222.0,
            ' ' | 'f' | 't' | 'I' | '.' | ',' | ':' | ';' | '/' | '!' => 278.0,
            'r' | '-' | '(' | ')' => 333.0,
            'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 500.0,
            'm' | 'M' => 833.0,
            'w' | 'C' | 'D' | 'H' | 'N' | 'R' | 'U' => 722.0,
            'A' | 'B' | 'E' | 'K' | 'P' | 'S' | 'V' | 'X' | 'Y' | '&' => 667.0,
            'F' | 'T' | 'Z' => 611.0,
            'G' | 'O' | 'Q' => 778.0,
            'W' => 944.0,
            '%' => 889.0,
            _ => 556.0,
        })
        .sum();
    thousandths * size * 96.0 / 72.0 / 1000.0
}
