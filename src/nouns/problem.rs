//! What is wrong, where it is, and what to do about it.
//!
//! A leaf of the pipeline knows *what* is wrong; its caller knows *where*. Everything that can go
//! wrong with an input or a script becomes a [`Problem`]; a [`Problems`] sink gathers them all, so
//! that an officer sees the whole list at once, sorted by file, sheet and row, the same fault in
//! one column once.
//!
//! Cells describe children and messages travel, so a message gives kind and address. The cell's
//! value is carried beside it and shown only where `--show-values` asks for it.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something could not be used: a cell, a row, a sheet, a file, an indicator.
    Error,
    /// Read as it was meant, most likely, but worth mending in the source.
    Warning,
    /// Of no consequence for any figure: how the return was understood.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        })
    }
}

/// What kind of fault it is, in a word that programs can hold on to; it decides the exit code as
/// well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// In the return: exit code 1.
    Return,
    /// In the settings, the command line or an unknown name: exit code 2.
    Usage,
    /// In a script or template: exit code 3.
    Script,
    /// A file that cannot be read or written: exit code 4.
    File,
}

/// How many rows a sheet can have.
pub const MOST_ROWS: u32 = 1_048_576;
/// How many columns a sheet can have.
pub const MOST_COLUMNS: u16 = 16_384;

/// A row and a column, both counted from 0, shown as `B7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellAddress {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub col: u16,
}

impl CellAddress {
    /// The cell in `row` and `col`, both from 0.
    pub fn new(row: u32, col: u16) -> Self {
        CellAddress { row, col }
    }

    /// The cell of an address in capital letters, such as `AB12`; none where no sheet has it.
    pub fn parse(text: &str) -> Option<Self> {
        let (letters, row) = text.split_at(text.find(|c: char| c.is_ascii_digit())?);
        let row = if row.bytes().all(|b| b.is_ascii_digit()) {
            row.parse::<u32>().ok()?
        } else {
            return None;
        };
        let known = (1..=MOST_ROWS).contains(&row);
        column_named(letters).filter(|_| known).map(|col| CellAddress { row: row - 1, col })
    }
}

/// The column of capital letters, from 0: `AB` is 27.
pub fn column_named(letters: &str) -> Option<u16> {
    if !(1..=3).contains(&letters.len()) || !letters.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let number = letters.bytes().fold(0, |number, b| number * 26 + u16::from(b - b'A') + 1);
    (number <= MOST_COLUMNS).then(|| number - 1)
}

/// A column's letters: 0 is `A`, 27 is `AB`.
pub fn column_letters(col: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(col) + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&b| char::from(b)).collect()
}

impl fmt::Display for CellAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.col), self.row + 1)
    }
}

/// Where something is: a file, and as much more as is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name as the user gave it, without folders that only this machine has.
    pub file: String,
    /// Which sheet of the workbook, by position, so that problems sort as the tabs stand.
    pub sheet_index: usize,
    /// The sheet's name; none for scripts and for a file as a whole.
    pub sheet: Option<String>,
    /// The cell, where there is one.
    pub cell: Option<CellAddress>,
    /// The line of a script or settings file, from 1.
    pub line: Option<u32>,
    /// What stands in the rows of the sheet, where they are elements of XML.
    pub elements: Option<Arc<Elements>>,
}

/// The elements that the rows of a sheet are made of: a person looks for them by their record, since
/// XML has no rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elements {
    /// The element's name.
    pub name: String,
    /// The name of the record that it stands in.
    pub record: String,
    /// For each row but the first, which has the headings: the record's number, and which of its
    /// elements of that name it is; 0 where there is only one.
    pub rows: Vec<(u32, u32)>,
}

impl Elements {
    /// What a row is: `CHILD 17, EPISODE 2`.
    fn of_row(&self, row: u32) -> String {
        let at = (row as usize).checked_sub(1).and_then(|nth| self.rows.get(nth));
        match at {
            Some((record, 0)) => format!("{} {record}, {}", self.record, self.name),
            Some((record, nth)) => format!("{} {record}, {} {nth}", self.record, self.name),
            None => self.name.clone(),
        }
    }
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Place { file: file.into(), ..Place::default() }
    }

    /// A line of a text file, from 1.
    pub fn line(file: impl Into<String>, line: u32) -> Self {
        Place { file: file.into(), line: Some(line), ..Place::default() }
    }

    /// A sheet of a workbook.
    pub fn sheet(file: impl Into<String>, index: usize, sheet: impl Into<String>) -> Self {
        Place {
            file: file.into(),
            sheet_index: index,
            sheet: Some(sheet.into()),
            ..Place::default()
        }
    }

    /// The sheet and cell, without the file: `Figures!A2`; what a message says of a second place.
    pub fn within(&self) -> String {
        if let (Some(elements), Some(cell)) = (&self.elements, self.cell) {
            return clean(&elements.of_row(cell.row));
        }
        let cell = self.cell.map(|cell| cell.to_string());
        match (&self.sheet, cell) {
            (Some(sheet), Some(cell)) => format!("{}!{cell}", clean(sheet)),
            (Some(sheet), None) => clean(sheet),
            (None, Some(cell)) => format!("{} {cell}", clean(&self.file)),
            (None, None) => clean(&self.file),
        }
    }

    /// What a cell of the sheet is called: its address, or the element that it is a field of.
    pub fn called(&self, cell: CellAddress) -> String {
        let element = self.elements.as_ref().map(|elements| clean(&elements.of_row(cell.row)));
        element.unwrap_or_else(|| cell.to_string())
    }

    /// The same place, narrowed to one cell.
    pub fn at(&self, row: u32, col: u16) -> Self {
        Place { cell: Some(CellAddress::new(row, col)), ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", clean(&self.file))?;
        match (&self.sheet, self.cell, self.line) {
            (Some(_), Some(cell), _) if self.elements.is_some() => {
                write!(f, "  {}", self.called(cell))
            }
            (Some(sheet), Some(cell), _) => write!(f, "  {}!{cell}", clean(sheet)),
            (Some(sheet), None, _) => write!(f, "  {}", clean(sheet)),
            (None, _, Some(line)) => write!(f, ":{line}"),
            _ => Ok(()),
        }
    }
}

/// One fault, with every cell of the column that shares it.
#[derive(Debug, Clone)]
pub struct Problem {
    /// How much it matters.
    pub severity: Severity,
    /// Which exit code it leads to.
    pub kind: Kind,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// Where: the place that the reader can change.
    pub place: Place,
    /// What to do.
    pub hint: Option<String>,
    /// What was going on, innermost first: `while working out ha_pct, at OC2!A7`.
    pub context: Vec<String>,
    /// The column's heading, where the fault is one of a column.
    pub column: Option<String>,
    /// Further cells of the column with the same fault.
    pub more: Vec<CellAddress>,
    /// The cell's value: shown only on request.
    pub value: Option<String>,
    /// The number of the rule that it breaks, such as DfE's `142`.
    pub rule: Option<String>,
    /// The indicators whose figures it may move.
    pub moves: Vec<String>,
}

impl Problem {
    fn new(severity: Severity, kind: Kind, place: Place, message: impl Into<String>) -> Self {
        Problem {
            severity,
            kind,
            message: message.into(),
            place,
            hint: None,
            context: Vec::new(),
            column: None,
            more: Vec::new(),
            value: None,
            rule: None,
            moves: Vec::new(),
        }
    }

    /// Something in the return could not be used.
    pub fn error(place: Place, message: impl Into<String>) -> Self {
        Problem::new(Severity::Error, Kind::Return, place, message)
    }

    /// Something in the return was read as meant but ought to be mended.
    pub fn warning(place: Place, message: impl Into<String>) -> Self {
        Problem::new(Severity::Warning, Kind::Return, place, message)
    }

    /// How something was understood.
    pub fn note(place: Place, message: impl Into<String>) -> Self {
        Problem::new(Severity::Note, Kind::Return, place, message)
    }

    /// A script, template or one of their declarations is wrong.
    pub fn script(place: Place, message: impl Into<String>) -> Self {
        Problem::new(Severity::Error, Kind::Script, place, message)
    }

    /// A file cannot be read or written.
    pub fn unreadable(file: impl Into<String>, message: impl Into<String>) -> Self {
        Problem::new(Severity::Error, Kind::File, Place::file(file), message)
    }

    /// The command line or the settings ask for something that there is not.
    pub fn usage(file: impl Into<String>, message: impl Into<String>) -> Self {
        Problem::new(Severity::Error, Kind::Usage, Place::file(file), message)
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says what was going on.
    #[must_use]
    pub fn context(mut self, context: impl Into<String>) -> Self {
        self.context.push(context.into());
        self
    }

    /// Names the column that the fault belongs to.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// Carries the cell's value for those who ask to see it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// How many cells have the fault.
    pub fn count(&self) -> usize {
        1 + self.more.len()
    }

    fn same_fault(&self, other: &Problem) -> bool {
        self.place.cell.is_some()
            && self.severity == other.severity
            && self.message == other.message
            && self.column == other.column
            && self.rule == other.rule
            && self.place.sheet_index == other.place.sheet_index
            && self.place.sheet == other.place.sheet
            && self.place.file == other.place.file
            && self.place.cell.map(|c| c.col) == other.place.cell.map(|c| c.col)
    }

    /// The problem as a person reads it: at most five lines.
    pub fn render(&self, show_values: bool) -> String {
        self.render_with(&[], show_values)
    }

    /// The same, with the places of others that [say the same](Problem::says_the_same) below its
    /// own.
    pub fn render_with(&self, others: &[&Problem], show_values: bool) -> String {
        let rule = self.rule.as_ref().map_or(String::new(), |rule| format!("rule {rule}: "));
        let mut text = format!("{}: {}{}\n", self.severity, clean(&rule), clean(&self.message));
        if !self.place.file.is_empty() {
            text.push_str(&format!("  --> {}{}\n", self.place, self.cells_in_words()));
        }
        for other in others {
            let within = Place { file: String::new(), ..other.place.clone() };
            text.push_str(&format!(
                "      {}{}\n",
                within.to_string().trim_start(),
                other.cells_in_words()
            ));
        }
        if let (true, Some(value)) = (show_values, &self.value) {
            text.push_str(&format!("  value: `{}`\n", clean(value)));
        }
        for context in &self.context {
            text.push_str(&format!("  while {}\n", clean(context)));
        }
        if let Some(hint) = &self.hint {
            text.push_str(&format!("  hint: {}\n", clean(hint)));
        }
        text
    }

    /// ` and 29 more in column SEX: B26, B28, B31, …`: what comes behind the first cell.
    fn cells_in_words(&self) -> String {
        let column = self.column.as_deref().map(clean);
        if self.more.is_empty() {
            return column.map(|c| format!(" (column {c})")).unwrap_or_default();
        }
        let some: Vec<_> = self.more.iter().take(3).map(|cell| self.place.called(*cell)).collect();
        let dots = if self.more.len() > 3 { ", …" } else { "" };
        let within = column.map(|c| format!(" in column {c}")).unwrap_or_default();
        // The name of an element has a comma in it.
        let between = if self.place.elements.is_some() { "; " } else { ", " };
        format!(" and {} more{within}: {}{dots}", self.more.len(), some.join(between))
    }

    /// Whether another problem of the same sheet, or CSV file, reads the same but for its cells.
    pub fn says_the_same(&self, other: &Problem) -> bool {
        self.place.cell.is_some()
            && (&self.place.file, &self.place.sheet) == (&other.place.file, &other.place.sheet)
            && (self.severity, &self.message, &self.hint, &self.rule)
                == (other.severity, &other.message, &other.hint, &other.rule)
            && self.context == other.context
    }

    /// The problem for programs.
    pub fn to_json(&self, show_values: bool) -> serde_json::Value {
        let cells: Vec<String> =
            self.place.cell.iter().chain(&self.more).map(|cell| self.place.called(*cell)).collect();
        let mut json = serde_json::json!({
            "severity": self.severity,
            "kind": self.kind,
            "message": self.message,
            "file": self.place.file,
            "sheet": self.place.sheet,
            "column": self.column,
            "cells": cells,
            "line": self.place.line,
            "context": self.context,
            "hint": self.hint,
        });
        if let Some(rule) = &self.rule {
            json["rule"] = rule.clone().into();
        }
        if !self.moves.is_empty() {
            json["moves"] = self.moves.clone().into();
        }
        if let (true, Some(value)) = (show_values, &self.value) {
            json["value"] = value.clone().into();
        }
        json
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for Problem {}

/// Control characters made visible, so that no file can paint over a terminal.
pub fn clean(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' => " / ".to_string(),
        c if c.is_control() => c.escape_default().to_string(),
        // Marks that turn the reading direction round could make a message say something else.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => c.escape_unicode().to_string(),
        c => c.to_string(),
    };
    text.chars().map(shown).collect()
}

/// Everything that was found, gathered.
#[derive(Debug, Default, Clone)]
pub struct Problems {
    found: Vec<Problem>,
}

impl Problems {
    /// Adds a problem, joined to an earlier one where it is the same fault in the same column.
    pub fn add(&mut self, problem: Problem) {
        let Some(cell) = problem.place.cell else {
            // A script that is asked twice fails twice in the same words.
            let same = |p: &Problem| {
                p.place == problem.place
                    && p.message == problem.message
                    && p.context == problem.context
            };
            if !self.found.iter().any(same) {
                self.found.push(problem);
            }
            return;
        };
        // Faults of one column arrive close together: looking back a little finds their first.
        match self.found.iter_mut().rev().take(64).find(|p| p.same_fault(&problem)) {
            Some(first) => first.more.push(cell),
            None => self.found.push(problem),
        }
    }

    /// Adds a problem, where there is one.
    pub fn add_any(&mut self, problem: Option<Problem>) {
        problem.into_iter().for_each(|problem| self.add(problem));
    }

    /// What went well; what did not is added.
    pub fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.add(problem)).ok()
    }

    /// Adds all of another sink's problems.
    pub fn extend(&mut self, other: Problems) {
        self.found.extend(other.found);
    }

    /// Sorts by file, sheet, row and column; stable, so that equal places keep the order they were
    /// found in.
    pub fn sort(&mut self) {
        for problem in &mut self.found {
            problem.more.sort_unstable();
        }
        self.found.sort_by(|a, b| a.place.cmp(&b.place));
    }

    /// Those of a kind, and the others, each in their order.
    pub fn parted(&self, wanted: impl Fn(&Problem) -> bool) -> (Problems, Problems) {
        let (these, others) = self.found.iter().cloned().partition(wanted);
        (Problems { found: these }, Problems { found: others })
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.found.iter()
    }

    /// Whether anything was found that ought to be mended.
    pub fn any(&self) -> bool {
        self.found.iter().any(|p| p.severity != Severity::Note)
    }

    /// The worst kind, for the exit code: none where nothing is to be mended.
    pub fn worst(&self) -> Option<Kind> {
        let counts = self.found.iter().filter(|p| p.severity != Severity::Note);
        // A script that was warned of did not stop the report: it is something to look at.
        let kind = |p: &Problem| match (p.severity, p.kind) {
            (Severity::Warning, Kind::Script) => Kind::Return,
            (_, kind) => kind,
        };
        counts.map(kind).max()
    }

    /// How many of a severity, each fault of a column once.
    pub fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|p| p.severity == severity).count()
    }
}

/// The nearest known name, for "did you mean": none where nothing is near.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(&wanted, &k.to_lowercase()), k))
        .filter(|(distance, k)| *distance <= (k.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, k)| k)
}

/// How alike two texts are letter by letter, from 0 to 1; a common beginning counts for more.
pub fn letters_alike(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}

/// ` Did you mean X?` or nothing, to end a sentence with.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map(|k| format!("; did you mean `{k}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        let shown: Vec<_> = [0, 25, 26, 51, 52, 701, 702, 16_383].map(column_letters).to_vec();
        assert_eq!(shown, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]);
        let back: Vec<_> = shown.iter().filter_map(|letters| column_named(letters)).collect();
        assert_eq!(back, [0, 25, 26, 51, 52, 701, 702, 16_383]);
    }

    #[test]
    fn only_addresses_that_a_sheet_has_are_cells() {
        assert_eq!(CellAddress::parse("XFD1048576"), Some(CellAddress::new(1_048_575, 16_383)));
        for wrong in
            ["", "A", "7", "A0", "XFE1", "ZZZZ1", "A1048577", "a1", "A1B", "A-1", "A+1", "É1"]
        {
            assert_eq!(CellAddress::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_same_fault_in_a_column_is_one_problem() {
        let sheet = Place::sheet("q2.xlsx", 0, "Episodes");
        let mut problems = Problems::default();
        for row in [4, 9, 2] {
            problems.add(Problem::warning(sheet.at(row, 1), "date held as text").column("DECOM"));
        }
        problems.add(Problem::warning(sheet.at(3, 2), "date held as text").column("DEC"));
        problems.sort();
        let counts: Vec<_> = problems.iter().map(Problem::count).collect();
        assert_eq!(counts, [1, 3]);
    }

    #[test]
    fn control_characters_are_made_visible() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}"), "a\\u{1b}[31mb\\u{202e}");
    }

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(nearest("cla_m", ["cla_n", "start_n"]), Some("cla_n"));
        assert_eq!(nearest("PLACEMENT", ["LS", "RNE"]), None);
    }
}
