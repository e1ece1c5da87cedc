//! Notes and definitions set in columns, as small print is: for a report whose table of them would
//! take more than a quarter of its pages.

use std::ops::Range;

use super::breaks::PRINTED_POINTS;
use super::builder::Builder;
use super::metrics::{column_pixels, height, lines_within, text_pixels, usable_pixels, words};
use crate::nouns::report::{Cell, Content, MadeOf, Page, RowKind, Run, Sheet, Style};

/// The pixels that a page holds across; a column has 7 for each character, and 5 more.
const PAGE_PIXELS: f64 = 1024.0;
/// Between two columns, in characters.
const GUTTER: f64 = 1.0;
/// The tallest band of columns, in points: a spreadsheet's rows end at 409.5.
const TALLEST_BAND: f64 = 400.0;
/// A band of fewer lines is not begun at a page's foot.
const FEWEST_LINES: usize = 4;
/// Room that heights may differ by when they are rounded to pixels.
const ROUNDED_POINTS: f64 = 1.0;
/// Between definitions of a theme that stand one behind the other.
const APART: &str = " ";

/// How notes are set.
#[derive(Clone, Copy)]
struct Setting {
    /// In how many columns.
    columns: usize,
    /// Whether the definitions of a theme stand one behind the other.
    run_on: bool,
    /// Whether everything does, the definitions in the columns of the key.
    solid: bool,
}

/// The settings from the airiest to the closest.
const SETTINGS: [Setting; 5] = [
    Setting { columns: 3, run_on: false, solid: false },
    Setting { columns: 2, run_on: false, solid: false },
    Setting { columns: 3, run_on: true, solid: false },
    Setting { columns: 2, run_on: true, solid: false },
    Setting { columns: 2, run_on: true, solid: true },
];

/// A note, or the definition of measures.
pub struct Note {
    /// What it says.
    pub runs: Vec<Run>,
    /// The measures that it defines.
    pub codes: Vec<String>,
    /// Definitions of one theme may stand one behind the other; other notes never do.
    pub theme: Option<String>,
}

impl Note {
    /// A heading over those that follow.
    pub fn head(text: &str) -> Note {
        let runs = vec![Run { text: text.to_string(), bold: true }];
        Note { runs, codes: Vec::new(), theme: Some(text.to_string()) }
    }

    /// Whether it is a heading.
    fn is_head(&self) -> bool {
        self.runs.iter().all(|run| run.bold)
    }

    /// What belongs to a heading.
    pub fn under(head: &str, text: &str) -> Note {
        Note { theme: Some(head.to_string()), ..Note::of(text) }
    }

    /// A note in one look.
    pub fn of(text: &str) -> Note {
        Note {
            runs: vec![Run { text: text.to_string(), bold: false }],
            codes: Vec::new(),
            theme: None,
        }
    }
}

/// The notes, and below them the definitions, as airy as so many pages allow.
pub fn sheet(title: &str, parts: [&[Note]; 2], page: &Page, most: usize) -> Sheet {
    let [airier @ .., closest] = SETTINGS;
    let parts = parts.map(|notes| notes.iter().map(Measured::of).collect());
    let mut set = airier.into_iter().map(|setting| set(title, &parts, page, setting));
    set.find(|sheet| sheet.page.starts.len() <= most)
        .unwrap_or_else(|| self::set(title, &parts, page, closest))
}

fn set(
    title: &str,
    [key, definitions]: &[Vec<Measured>; 2],
    page: &Page,
    setting: Setting,
) -> Sheet {
    let parts: Vec<Vec<&Measured>> = match setting.solid {
        true => vec![key.iter().chain(definitions).collect()],
        false => vec![key.iter().collect(), definitions.iter().collect()],
    };
    let gutters = (setting.columns - 1) as f64 * column_pixels(GUTTER);
    let width = (((PAGE_PIXELS - gutters) / setting.columns as f64).floor() - 5.0) / 7.0;
    let mut widths = [width, GUTTER].repeat(setting.columns);
    widths.pop();
    let mut builder = Builder::new(widths);
    builder.across(title, Style::Title, 0.0);
    let usable = usable_pixels(&[width], Style::NoteColumn);
    let mut page_begins = 0;
    for notes in parts {
        builder.spacer();
        let mut rest: &[&Measured] = &notes;
        while !rest.is_empty() {
            let mut left = PRINTED_POINTS - ROUNDED_POINTS - builder.points_from(page_begins);
            if left < height(FEWEST_LINES, Style::NoteColumn) {
                page_begins = builder.next_row();
                left = PRINTED_POINTS;
            }
            let most = lines_within(left.min(TALLEST_BAND), Style::NoteColumn);
            let band = Band { notes: rest, setting, usable }.within(most);
            let cells = band
                .iter()
                .zip((0..).step_by(2))
                .map(|(notes, column)| cell(&rest[notes.clone()], column, setting));
            builder.whole(RowKind::Cells, cells.collect());
            rest = &rest[band.last().map_or(rest.len(), |last| last.end)..];
        }
    }
    builder.finish(title, page.clone())
}

/// A note whose words are measured: each without and with the space behind it.
struct Measured<'n> {
    note: &'n Note,
    words: Vec<(f64, f64)>,
}

impl<'n> Measured<'n> {
    fn of(note: &'n Note) -> Measured<'n> {
        Measured { note, words: note.runs.iter().flat_map(measured_words).collect() }
    }

    /// Whether it goes on in the line in which the one before it ends.
    fn runs_on(&self, before: &Measured, setting: Setting) -> bool {
        let of_theme = self.note.theme.is_some() && self.note.theme == before.note.theme;
        setting.run_on && of_theme || setting.solid && !self.note.is_head()
    }
}

/// The widths of the words of a run, without and with the space behind each.
fn measured_words(run: &Run) -> Vec<(f64, f64)> {
    let style = if run.bold { Style::NoteName } else { Style::NoteColumn };
    let of = |word: &str| (text_pixels(word.trim_end(), style), text_pixels(word, style));
    words(&run.text).map(of).collect()
}

/// Notes of which a band of columns has as many as it holds.
struct Band<'n> {
    notes: &'n [&'n Measured<'n>],
    setting: Setting,
    usable: f64,
}

impl Band<'_> {
    /// The notes of each column, none of so many lines: where all have room, as level as can be.
    fn within(&self, most: usize) -> Vec<Range<usize>> {
        let mut tried = (1..most).map(|lines| self.filled(lines));
        tried.find(|columns| self.is_whole(columns)).unwrap_or_else(|| self.filled(most))
    }

    /// Whether every note has a column.
    fn is_whole(&self, columns: &[Range<usize>]) -> bool {
        columns.last().is_some_and(|last| last.end == self.notes.len())
    }

    /// The columns when each is filled before the next is begun. A note that is longer than a
    /// column has one to itself.
    fn filled(&self, most: usize) -> Vec<Range<usize>> {
        let mut next = 0;
        let mut columns = Vec::new();
        for _ in 0..self.setting.columns {
            let first = next;
            let (mut lines, mut used) = (0, 0.0);
            while next < self.notes.len() {
                let (then, there) = self.put(next, first, (lines, used));
                if then > most && next > first {
                    break;
                }
                (lines, used) = (then, there);
                next += 1;
            }
            columns.push(first..next);
        }
        columns
    }

    /// The lines of a column, and how much of the last is used, with another note in it.
    fn put(&self, at: usize, first: usize, (mut lines, mut used): (usize, f64)) -> (usize, f64) {
        let note = &self.notes[at];
        if at > first && note.runs_on(self.notes[at - 1], self.setting) {
            used += text_pixels(APART, Style::NoteColumn);
        } else {
            (lines, used) = (lines + 1, 0.0);
        }
        for (solid, whole) in &note.words {
            if used > 0.0 && used + solid > self.usable {
                (lines, used) = (lines + 1, 0.0);
            }
            used += whole;
        }
        (lines, used)
    }
}

/// The notes of a column as one cell.
fn cell(notes: &[&Measured], column: u16, setting: Setting) -> Cell {
    let mut runs: Vec<Run> = Vec::new();
    for (at, measured) in notes.iter().enumerate() {
        if let Some(last) = runs.last_mut() {
            let on = at > 0 && measured.runs_on(notes[at - 1], setting);
            last.text.push_str(if on { APART } else { "\n" });
        }
        runs.extend(measured.note.runs.iter().cloned());
    }
    let content = match runs.iter().any(|run| run.bold) {
        true => Content::Rich(runs),
        false if runs.is_empty() => Content::Blank,
        false => Content::Text(runs.iter().map(|run| run.text.as_str()).collect()),
    };
    let codes: Vec<String> = notes.iter().flat_map(|m| m.note.codes.iter().cloned()).collect();
    let made_of = if codes.is_empty() { MadeOf::Words } else { MadeOf::Definitions(codes) };
    Cell { column, span: 1, style: Style::NoteColumn, content, made_of }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::papers::layout::metrics::lines_of_runs;

    fn note(name: &str, words: usize, theme: &str) -> Note {
        let run = |text: String, bold| Run { text, bold };
        Note {
            runs: vec![
                run(format!("{name}. "), true),
                run("then more of it ".repeat(words).trim().to_string(), false),
            ],
            codes: vec![name.to_string()],
            theme: Some(theme.to_string()),
        }
    }

    fn notes() -> Vec<Note> {
        (0..40)
            .map(|n| note(&format!("Measure {n}"), 3 + n % 5, ["Health", "Homes"][n / 20]))
            .collect()
    }

    #[test]
    fn columns_have_the_lines_that_their_cells_take_and_lose_no_note() {
        let notes = notes();
        let measured: Vec<Measured> = notes.iter().map(Measured::of).collect();
        let measured: Vec<&Measured> = measured.iter().collect();
        for setting in SETTINGS {
            let band = Band { notes: &measured, setting, usable: 300.0 };
            for most in [5, 12, 200] {
                let columns = band.within(most);
                assert_eq!(columns.len(), setting.columns);
                assert!(columns.windows(2).all(|pair| pair[0].end == pair[1].start));
                for range in columns {
                    let cell = cell(&measured[range], 0, setting);
                    let Content::Rich(runs) = cell.content else { panic!("names are bold") };
                    assert!(lines_of_runs(&runs, Style::NoteColumn, 300.0) <= most);
                }
            }
            assert_eq!(band.within(200).last().map(|last| last.end), Some(notes.len()));
        }
    }

    /// The measures that a sheet defines, in the order in which it does.
    fn codes(sheet: &Sheet) -> Vec<String> {
        let mut codes = Vec::new();
        for cell in sheet.rows.iter().flat_map(|row| &row.cells) {
            if let MadeOf::Definitions(of_cell) = &cell.made_of {
                codes.extend(of_cell.iter().cloned());
            }
        }
        codes
    }

    #[test]
    fn notes_are_as_airy_as_their_pages_allow() {
        let definitions = notes();
        let page = Page::default();
        let one = sheet("Notes", [&[], &definitions], &page, 1);
        assert_eq!((one.columns.len().div_ceil(2), one.page.starts.len()), (3, 1));
        let many: Vec<Note> = (0..12).flat_map(|_| notes()).collect();
        let set = |most| sheet("Notes", [&[], &many], &page, most);
        let (airy, close) = (set(99), set(1));
        assert!(close.page.starts.len() < airy.page.starts.len());
        assert_eq!(codes(&airy).len(), many.len());
        assert_eq!(codes(&airy), codes(&close));
    }
}
