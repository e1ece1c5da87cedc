//! Cells held against each other: what they say, then how they look.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Verdict;
use super::by_place::{Book, Sheet};
use super::gather::{Found, Spot};
use super::refs::{Axis, Grid, Side, column_name, settled};
use crate::nouns::numbers::{grouped, rounded};
use crate::workbook_diff::book::{Cell, Formula, GENERAL, Line, Look, Style, Value};
use crate::workbook_diff::text::is_marked;

/// One sheet on both sides.
pub(super) struct Pair<'a> {
    pub before: (&'a Book<'a>, &'a Sheet<'a>),
    pub after: (&'a Book<'a>, &'a Sheet<'a>),
    pub grid: &'a Grid,
    pub all: &'a [Grid],
    /// The newer sheet's row of headings.
    pub headings: u32,
}

impl Pair<'_> {
    /// Every cell that is there before or after, in rows and columns that are there before and
    /// after.
    pub(super) fn cells(&self, found: &mut Vec<Found>) {
        let (old, new) = (self.before.1, self.after.1);
        for ((row, column), cell) in &old.cells {
            let there = self
                .grid
                .rows
                .other(Side::Before, *row)
                .zip(self.grid.columns.other(Side::Before, *column));
            if let Some((new_row, new_column)) = there {
                let other = new.cells.get(&(new_row, new_column)).copied();
                self.cell((*row, *column), Some(cell), (new_row, new_column), other, found);
            }
        }
        for ((row, column), cell) in &new.cells {
            let there = self
                .grid
                .rows
                .other(Side::After, *row)
                .zip(self.grid.columns.other(Side::After, *column));
            if let Some(there) = there.filter(|there| !old.cells.contains_key(there)) {
                self.cell(there, None, (*row, *column), Some(cell), found);
            }
        }
    }

    fn cell(
        &self,
        was: (u32, u32),
        before: Option<&Cell>,
        at: (u32, u32),
        after: Option<&Cell>,
        found: &mut Vec<Found>,
    ) {
        let place = format!("{}{}", column_name(at.1), at.0);
        let spot = Spot::Cell(at.0, at.1, place);
        let blank = Cell::default();
        let (old, new) = (before.unwrap_or(&blank), after.unwrap_or(&blank));
        let about =
            || title(self.after.1, at).or_else(|| title(self.before.1, was)).unwrap_or_default();
        let (old_style, new_style) = (
            before.map_or_else(|| unsaid(self.before, was), |cell| cell.style.clone()),
            after.map_or_else(|| unsaid(self.after, at), |cell| cell.style.clone()),
        );
        if !same(&old.value, &new.value) {
            let (was, is) =
                shown_apart((&old.value, &old_style.format), (&new.value, &new_style.format));
            let verdict = verdict(&old.value, &new.value);
            let figure = verdict == Verdict::Figures;
            let heading = (figure && at.0 > self.headings)
                .then(|| self.after.1.cells.get(&(self.headings, at.1)));
            let heading = heading.flatten().map(|cell| one_line(cell));
            let about: Vec<String> =
                [about()].into_iter().chain(heading).filter(|word| !word.is_empty()).collect();
            let what = if figure { "value" } else { "text" };
            found.push(Found::new(verdict, spot.clone(), what, was, is).about(about.join(", ")));
        } else if let (Value::Text(_, was), Value::Text(_, is)) = (&old.value, &new.value)
            && marks(was) != marks(is)
        {
            found.push(
                Found::new(
                    Verdict::Formatting,
                    spot.clone(),
                    "bold, italic or colour in the text",
                    standing_out(was),
                    standing_out(is),
                )
                .about(about()),
            );
        }
        let (was, is) = (&old.formula, &new.formula);
        let [was, is] = [was, is].map(|formula| formula.as_ref().map(Formula::unshared));
        if was != is && self.settled(Side::Before, &was) != self.settled(Side::After, &is) {
            let told = Found::new(Verdict::Figures, spot.clone(), "formula", was, is);
            found.push(told.about(about()));
        }
        let first = found.len();
        self.style(&old_style, &new_style, &spot, found);
        found[first..].iter_mut().for_each(|one| one.about = about());
    }

    /// A formula in the newer coordinates.
    fn settled(&self, side: Side, formula: &Option<String>) -> Option<String> {
        formula.as_ref().map(|formula| settled(formula, side, Some(self.grid), self.all))
    }

    /// What looks otherwise. What only follows from the workbook's default is told with the
    /// workbook.
    fn style(&self, old: &Style, new: &Style, spot: &Spot, found: &mut Vec<Found>) {
        if old.format != new.format {
            let (was, is) = (Some(old.format.to_string()), Some(new.format.to_string()));
            found.push(Found::new(Verdict::Formatting, spot.clone(), "number format", was, is));
        }
        if !Rc::ptr_eq(&old.look, &new.look) && old.look != new.look {
            let usual = (&**self.before.0.default, &**self.after.0.default);
            looks(&old.look, &new.look, Some(usual), spot, found);
        }
    }

    /// Heights and widths, what is hidden or grouped, and the styles of whole rows and columns.
    pub(super) fn lines(&self, axis: Axis, found: &mut Vec<Found>) {
        let (lines, old, new) = match axis {
            Axis::Rows => (&self.grid.rows, &self.before.1.rows, &self.after.1.rows),
            Axis::Columns => (&self.grid.columns, &self.before.1.columns, &self.after.1.columns),
        };
        let pairs = old.keys().filter_map(|line| Some((*line, lines.other(Side::Before, *line)?)));
        let rest = new.keys().filter_map(|line| Some((lines.other(Side::After, *line)?, *line)));
        let rest = rest.filter(|(was, _)| !old.contains_key(was));
        let nothing = Line::default();
        for (was, is) in pairs.chain(rest) {
            let spot = Spot::Line(axis, is);
            let (before, after) = (old.get(&was).copied(), new.get(&is).copied());
            let (old, new) = (before.unwrap_or(&nothing), after.unwrap_or(&nothing));
            if old.size != new.size && !old.hidden && !new.hidden {
                let what = if axis == Axis::Rows { "height" } else { "width" };
                let told =
                    |line: &Line| Some(line.size.clone().unwrap_or_else(|| "as usual".to_owned()));
                found.push(Found::new(
                    Verdict::Formatting,
                    spot.clone(),
                    what,
                    told(old),
                    told(new),
                ));
            }
            let (was, is) = (grouping(old), grouping(new));
            if was != is {
                let what = "hidden or grouped";
                found.push(Found::new(Verdict::Formatting, spot.clone(), what, was, is));
            }
            let (was, is) = (style_of(before, self.before.0), style_of(after, self.after.0));
            self.style(&was, &is, &spot, found);
        }
    }

    /// Rows that stand elsewhere and say what they said, as far as nothing else is told of them.
    pub(super) fn moved(&self, found: &mut Vec<Found>) {
        for (was, is) in &self.grid.moved {
            let cells: Vec<&Cell> = self
                .after
                .1
                .cells
                .range((*is, 0)..=(*is, u32::MAX))
                .map(|(_, cell)| *cell)
                .collect();
            let told = |row: &u32| Some(format!("row {row}"));
            let one = Found::new(
                Verdict::Formatting,
                Spot::Gone(Axis::Rows, *is, Side::After),
                "row moved",
                told(was),
                told(is),
            );
            found.push(one.about(first_text(&cells)));
        }
    }

    /// Rows and columns that are there only before or only after, with what they say.
    pub(super) fn added_and_removed(&self, axis: Axis, found: &mut Vec<Found>) {
        let lines = if axis == Axis::Rows { &self.grid.rows } else { &self.grid.columns };
        for (side, sheet) in [(Side::Before, self.before.1), (Side::After, self.after.1)] {
            let gone = (1..=lines.count(side)).filter(|line| lines.other(side, *line).is_none());
            let mut gone: BTreeMap<u32, Vec<&Cell>> = gone.map(|line| (line, Vec::new())).collect();
            if gone.is_empty() {
                continue;
            }
            for ((row, column), cell) in &sheet.cells {
                let line = if axis == Axis::Rows { row } else { column };
                gone.entry(*line).and_modify(|cells| cells.push(cell));
            }
            for (line, cells) in gone {
                let says: Vec<String> = cells
                    .iter()
                    .filter_map(|cell| shown(&cell.value, &cell.style.format))
                    .collect();
                let verdict = cells
                    .iter()
                    .map(|cell| weight(&cell.value))
                    .min()
                    .unwrap_or(Verdict::Formatting);
                let says = if says.is_empty() { "(empty)".to_owned() } else { says.join(" | ") };
                let (word, was, is) = match side {
                    Side::Before => ("removed", Some(says), None),
                    Side::After => ("added", None, Some(says)),
                };
                let word = format!("{} {word}", if axis == Axis::Rows { "row" } else { "column" });
                let spot = Spot::Gone(axis, line, side);
                found.push(Found::new(verdict, spot, &word, was, is).about(first_text(&cells)));
            }
        }
    }
}

/// Whether a row or column is hidden or grouped.
fn grouping(line: &Line) -> Option<String> {
    let words = line.words();
    Some(if words.is_empty() { "shown".to_owned() } else { words.join(", ") })
}

/// The parts of a text that stand out, in words.
fn standing_out(rich: &Option<String>) -> Option<String> {
    Some(marks(rich).unwrap_or("no part stands out").to_owned())
}

/// The marks of a text of which some part stands out.
fn marks(rich: &Option<String>) -> Option<&str> {
    rich.as_deref().filter(|rich| is_marked(rich))
}

/// A sheet that is there on one side only.
pub(super) fn whole_sheet(sheet: &Sheet, side: Side, index: usize) -> Found {
    let verdict =
        sheet.cells.values().map(|cell| weight(&cell.value)).min().unwrap_or(Verdict::Formatting);
    let filled = sheet.cells.values().filter(|cell| cell.value != Value::Blank).count();
    let says = Some(format!("{filled} filled cells"));
    let spot = Spot::Place(format!("sheet {}", index + 1));
    match side {
        Side::Before => Found::new(verdict, spot, "sheet removed", says, None),
        Side::After => Found::new(verdict, spot, "sheet added", None, says),
    }
}

/// The style of a cell that the file says nothing of: its row's, its column's, the default.
fn unsaid((book, sheet): (&Book, &Sheet), (row, column): (u32, u32)) -> Style {
    let default =
        |line: &&&Line| line.style.look != *book.default || &*line.style.format != GENERAL;
    let line = sheet.rows.get(&row).filter(default).or_else(|| sheet.columns.get(&column));
    line.map_or_else(|| plain(book), |line| line.style.clone())
}

/// The style of a row or column, of which a book may say nothing.
fn style_of(line: Option<&Line>, book: &Book) -> Style {
    line.map_or_else(|| plain(book), |line| line.style.clone())
}

fn plain(book: &Book) -> Style {
    Style::plain(book.default)
}

/// Aspect by aspect. `usual` is what looks go back to on either side: what only follows from it is
/// not told.
pub(super) fn looks(
    old: &Look,
    new: &Look,
    usual: Option<(&Look, &Look)>,
    spot: &Spot,
    found: &mut Vec<Found>,
) {
    let aspects: std::collections::BTreeSet<&String> = old.0.keys().chain(new.0.keys()).collect();
    for aspect in aspects {
        let (was, is) = (old.0.get(aspect), new.0.get(aspect));
        let follows =
            usual.is_some_and(|(old, new)| old.0.get(aspect) == was && new.0.get(aspect) == is);
        if was != is && !follows {
            let told =
                |value: Option<&String>| Some(value.map_or("none", |value| value).to_owned());
            let (mut was, mut is) = (told(was), told(is));
            if [&was, &is].iter().any(|told| told.as_deref() == Some("yes")) {
                (was, is) = (was.map(yes_or_no), is.map(yes_or_no));
            }
            found.push(Found::new(Verdict::Formatting, spot.clone(), aspect, was, is));
        }
    }
}

fn yes_or_no(word: String) -> String {
    if word == "none" { "no".to_owned() } else { word }
}

/// The first text of a row, which says what the row is about.
fn title(sheet: &Sheet, (row, own): (u32, u32)) -> Option<String> {
    let cells = sheet.cells.range((row, 0)..(row, own)).map(|(_, cell)| *cell);
    let text = first_text(&cells.collect::<Vec<_>>());
    (!text.is_empty()).then_some(text)
}

/// The row of headings: the first that has nothing but texts, two or more. Of none, one beyond
/// every cell.
pub(super) fn heading_row(sheet: &Sheet) -> u32 {
    let mut cells = sheet.cells.iter().filter(|(_, cell)| cell.value != Value::Blank).peekable();
    while let Some(((row, _), first)) = cells.next() {
        let (mut filled, mut texts) = (1, usize::from(matches!(first.value, Value::Text(..))));
        while let Some((_, cell)) = cells.next_if(|((other, _), _)| other == row) {
            filled += 1;
            texts += usize::from(matches!(cell.value, Value::Text(..)));
        }
        if filled > 1 && texts == filled {
            return *row;
        }
    }
    u32::MAX
}

fn one_line(cell: &Cell) -> String {
    match &cell.value {
        Value::Text(text, _) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}

fn first_text(cells: &[&Cell]) -> String {
    let mut texts = cells.iter().copied().map(one_line);
    texts.find(|text| text.contains(char::is_alphabetic)).unwrap_or_default()
}

/// A number as spreadsheet programs keep it: to fifteen digits. What differs beyond is noise of
/// writing it down.
pub(super) fn fifteen_digits(number: f64) -> String {
    format!("{number:.14e}")
}

fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Number(old, was), Value::Number(new, is)) => {
            (old == new || fifteen_digits(*old) == fifteen_digits(*new))
                && (was.is_some() || is.is_none() || old == new)
        }
        (Value::Text(old, _), Value::Text(new, _)) => old == new,
        (old, new) => old == new,
    }
}

/// What a value weighs by itself, where it comes or goes.
fn weight(value: &Value) -> Verdict {
    match value {
        Value::Blank => Verdict::Formatting,
        Value::Text(text, _) if !is_figure(text) => Verdict::Wording,
        _ => Verdict::Figures,
    }
}

fn verdict(old: &Value, new: &Value) -> Verdict {
    match (old, new) {
        (Value::Text(old, _), Value::Text(new, _)) => text_verdict(old, new),
        (old, new) => weight(old).min(weight(new)),
    }
}

/// A text in which only numbers differ has another figure. So has one in which words and figures
/// differ; that the 30 September is the 31 March now is a matter of words.
pub(super) fn text_verdict(old: &str, new: &str) -> Verdict {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let numbers = match letters(old) == letters(new) || is_figure(old) || is_figure(new) {
        true => [numbers(old), numbers(new)],
        false => [numbers(&undated(old)), numbers(&undated(new))],
    };
    let [old_numbers, new_numbers] = &numbers;
    let figures =
        is_figure(old) || is_figure(new) || numbers.iter().all(|numbers| !numbers.is_empty());
    if figures && old_numbers != new_numbers { Verdict::Figures } else { Verdict::Wording }
}

/// A word without the signs around it, in small letters.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// Whether a word is a month, in full or shortened.
fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let word = bare(word);
    MONTHS.iter().any(|month| word.starts_with(month))
}

/// Whether a word is a year of these centuries: `2026`, `2025/26`.
fn is_year(word: &str) -> bool {
    let word = bare(word);
    let digits = word.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | '-' | '–'));
    digits
        && (word.starts_with("19") || word.starts_with("20"))
        && word.chars().take_while(char::is_ascii_digit).count() == 4
}

/// A text without its dates and years: `30 September 2026`, `2025/26`.
fn undated(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let month = |at: usize| words.get(at).is_some_and(|word| is_month(word));
    let kept = words.iter().enumerate().filter(|(at, word)| {
        let day = month(at + 1) || (*at > 0 && month(at - 1));
        !day && !is_year(word)
    });
    kept.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
}

/// Whether a text is a figure and not words: `408 (101.8)`, `−7 (1.1%)`.
fn is_figure(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && !text.contains(char::is_alphabetic)
}

/// The numbers of a text, each with its sign and per cent sign.
fn numbers(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        if !letters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let signed = at > 0
            && matches!(letters[at - 1], '-' | '−' | '+')
            && !(at > 1 && letters[at - 2].is_alphanumeric());
        let start = at - usize::from(signed);
        while at < letters.len()
            && (letters[at].is_ascii_digit()
                || (matches!(letters[at], '.' | ',')
                    && letters.get(at + 1).is_some_and(char::is_ascii_digit)))
        {
            at += 1;
        }
        at += usize::from(letters.get(at) == Some(&'%'));
        numbers.push(letters[start..at].iter().collect());
    }
    numbers
}

/// A value as a reader sees it, with what a reader does not see: the number that is stored, where
/// both are numbers, else whether it is a number or a text.
fn with_kind(value: &Value, shown: &str, both_numbers: bool) -> String {
    match value {
        Value::Number(number, _) if both_numbers => format!("{shown} (stored as {number})"),
        Value::Number(..) => format!("{shown} (number)"),
        Value::Text(..) => format!("{shown} (text)"),
        _ => shown.to_owned(),
    }
}

/// Both values as a reader sees them; more of them where a reader would see no difference.
fn shown_apart(old: (&Value, &str), new: (&Value, &str)) -> (Option<String>, Option<String>) {
    let (was, is) = (shown(old.0, old.1), shown(new.0, new.1));
    if was != is {
        return (was, is);
    }
    let alike = matches!((old.0, new.0), (Value::Number(..), Value::Number(..)));
    let more = |value, shown: Option<String>| Some(with_kind(value, &shown?, alike));
    (more(old.0, was), more(new.0, is))
}

/// A value as its cell shows it, where the number format is an everyday one.
fn shown(value: &Value, format: &str) -> Option<String> {
    match value {
        Value::Blank => None,
        Value::Text(text, _) => Some(text.clone()),
        Value::Word(word) => Some(word.clone()),
        Value::Number(_, Some(date)) => Some(date.clone()),
        Value::Number(number, None) => Some(number_shown(*number, format)),
    }
}

fn number_shown(number: f64, format: &str) -> String {
    let (digits, percent) =
        format.strip_suffix('%').map_or((format, false), |digits| (digits, true));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = !whole.is_empty()
        && whole.chars().all(|c| matches!(c, '0' | '#' | ','))
        && whole.ends_with('0');
    if !plain || decimals.chars().any(|c| c != '0') || number.abs() >= 1e15 {
        return number.to_string();
    }
    let number = if percent { number * 100.0 } else { number };
    // To fifteen digits first, or 0.285 as a whole per cent would fall below its half.
    let number: f64 = fifteen_digits(number).parse().unwrap_or(number);
    let text = rounded(number, decimals.len().min(9) as u8);
    let text = if whole.contains(',') { grouped(&text) } else { text };
    text + if percent { "%" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_months_and_years_are_no_words_of_a_text() {
        assert_eq!(
            undated("Children at 30 September 2026, by age"),
            "Children at September by age"
        );
        assert_eq!(undated("2025/26 outturn"), "outturn");
        assert_eq!(undated("places 20256 and 1899"), "places 20256 and 1899");
    }
}
