//! Changes as lines for a terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Color, Style};

use super::pieces::{Piece, pieces};
use super::{Change, Verdict};
use crate::nouns::problem::clean;

const WIDTH: usize = 80;

/// So many of a kind are told of a sheet; the rest are counted.
const MOST: usize = 60;

const BOLD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const OLD: Style = coloured(AnsiColor::Red);
const NEW: Style = coloured(AnsiColor::Green);

const fn coloured(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(colour)))
}

impl Verdict {
    /// The colour of its words; the words say it too.
    pub fn style(self) -> Style {
        match self {
            Verdict::Figures => coloured(AnsiColor::Red).bold(),
            Verdict::Wording => coloured(AnsiColor::Yellow).bold(),
            Verdict::Formatting => coloured(AnsiColor::Cyan).bold(),
        }
    }
}

pub(super) fn text(changes: &[Change]) -> String {
    let mut out = String::new();
    for of_sheet in changes.chunk_by(|a, b| a.sheet == b.sheet) {
        let sheet = &of_sheet[0].sheet;
        let name = if sheet.is_empty() { "The whole workbook".to_owned() } else { clean(sheet) };
        let gap = if out.is_empty() { "" } else { "\n" };
        let _ = writeln!(out, "{gap}{BOLD}{name}{BOLD:#}");
        for of_kind in of_sheet.chunk_by(|a, b| a.verdict == b.verdict) {
            let verdict = of_kind[0].verdict;
            let style = verdict.style();
            let _ = writeln!(out, "  {style}{}{style:#}", verdict.words());
            for change in &of_kind[..of_kind.len().min(MOST)] {
                tell(change, &mut out);
            }
            if of_kind.len() > MOST {
                let _ = writeln!(out, "    {FAINT}and {} more{FAINT:#}", of_kind.len() - MOST);
            }
        }
    }
    out
}

fn tell(change: &Change, out: &mut String) {
    let mut line = Line::new("    ", "      ");
    line.add(BOLD, &shortened(&change.place, 48));
    let about = clean(&change.about);
    // `row 7 added`, not `row 7 row added`.
    let what = change.what.split_once(' ').filter(|(kind, _)| change.place.starts_with(kind));
    line.add(Style::new(), what.map_or(change.what.as_str(), |(_, what)| what));
    let comes_or_goes = change.what.ends_with(" added") || change.what.ends_with(" removed");
    if !about.is_empty() && !comes_or_goes {
        line.add(FAINT, &format!("({})", shortened(&about, 48)));
    }
    line.end_word(":");
    let old = change.before.as_deref().map(clean);
    let new = change.after.as_deref().map(clean);
    match (&old, &new) {
        (Some(old), Some(new)) => match pieces(old, new) {
            Some(pieces) => line.pieces(&pieces),
            None => {
                line.add(OLD, old);
                line.add(Style::new(), "→");
                line.add(NEW, new);
            }
        },
        (old, new) => {
            if let Some(old) = old {
                line.add(OLD, old);
                if !comes_or_goes {
                    line.add(Style::new(), "→");
                    line.add(FAINT, "(nothing)");
                }
            }
            if let Some(new) = new {
                if !comes_or_goes {
                    line.add(FAINT, "(nothing)");
                    line.add(Style::new(), "→");
                }
                line.add(NEW, new);
            }
        }
    }
    line.finish(out);
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    // A single word of the next part says nothing.
    let whole = whole
        .rsplit_once(", ")
        .filter(|(_, tail)| !tail.contains(' '))
        .map_or(whole, |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches(','))
}

/// Words in their styles, wrapped.
struct Line {
    first: &'static str,
    rest: &'static str,
    words: Vec<(Style, String)>,
}

impl Line {
    fn new(first: &'static str, rest: &'static str) -> Line {
        Line { first, rest, words: Vec::new() }
    }

    fn add(&mut self, style: Style, text: &str) {
        self.words.extend(text.split_whitespace().map(|word| (style, word.to_owned())));
    }

    /// Puts a mark behind the last word.
    fn end_word(&mut self, mark: &str) {
        if let Some((_, word)) = self.words.last_mut() {
            word.push_str(mark);
        }
    }

    /// Marked with brackets as well as with colour: `[-old-] {+new+}`.
    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Same(text) => self.add(Style::new(), text),
                Piece::Gone(text) => self.add(OLD, &format!("[-{text}-]")),
                Piece::New(text) => self.add(NEW, &format!("{{+{text}+}}")),
                Piece::Skipped => self.add(FAINT, "…"),
            }
        }
    }

    fn finish(self, out: &mut String) {
        let mut used = 0;
        for (style, word) in &self.words {
            let length = word.chars().count();
            if used == 0 {
                out.push_str(self.first);
                used = self.first.chars().count();
            } else if used + 1 + length > WIDTH {
                out.push('\n');
                out.push_str(self.rest);
                used = self.rest.chars().count();
            } else {
                out.push(' ');
                used += 1;
            }
            let _ = write!(out, "{style}{word}{style:#}");
            used += length;
        }
        out.push('\n');
    }
}
