//! What is wrong, where it is, and what to do about it.
//!
//! A leaf of the pipeline knows *what* is wrong; its caller knows *where*. Everything that can go
//! wrong with an input or a script becomes a [`Problem`]; a [`Problems`] sink gathers them all, so
//! that an officer sees the whole list at once, sorted by file, sheet and row, the same fault in
//! one column once.
//!
//! Cells describe children and messages travel, so a message gives kind and address. The cell's
//! value is carried beside it and shown only where `--show-values` asks for it.

mod together;

use std::collections::HashSet;
use std::fmt;

use serde::Serialize;

use super::moved::{Moved, effect};
pub use super::place::{
    CellAddress, Elements, MOST_COLUMNS, MOST_ROWS, Place, clean, column_letters, column_named,
};
use super::words::cut;
pub use super::words::{did_you_mean, letters_alike, nearest};
pub use together::told_together;

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

/// What of the return cannot be counted as it was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoils {
    /// Nothing: it was read as it was meant, or is no matter of a list.
    Nothing,
    /// The cell alone.
    Cell,
    /// The whole row.
    Row,
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
    /// What to do for those who have no command line, where the hint is one of it.
    pub hint_in_page: Option<String>,
    /// What was going on, innermost first: `while working out ha_pct, at OC2!A7`.
    pub context: Vec<String>,
    /// The headings of the columns, where the fault is one of columns.
    pub columns: Vec<String>,
    /// Further cells of the column with the same fault.
    pub more: Vec<CellAddress>,
    /// Cells that say otherwise, such as the first day of the next of two episodes.
    pub beside: Vec<CellAddress>,
    /// The cell's value: shown only on request.
    pub value: Option<String>,
    /// The number of the rule that it breaks, such as DfE's `142`.
    pub rule: Option<String>,
    /// The code of the indicator that the message names by its title.
    pub indicator: Option<String>,
    /// The figures that it moves, or may move.
    pub moves: Vec<Moved>,
    /// What of the return cannot be counted for it.
    pub spoils: Spoils,
}

impl Problem {
    fn new(severity: Severity, kind: Kind, place: Place, message: impl Into<String>) -> Self {
        Problem {
            severity,
            kind,
            message: message.into(),
            place,
            hint: None,
            hint_in_page: None,
            context: Vec::new(),
            columns: Vec::new(),
            more: Vec::new(),
            beside: Vec::new(),
            value: None,
            rule: None,
            indicator: None,
            moves: Vec::new(),
            spoils: Spoils::Nothing,
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

    /// What may be wrong with a script, or rightly so: every command tells it, and none fails for
    /// it.
    pub fn script_note(place: Place, message: impl Into<String>) -> Self {
        Problem::new(Severity::Note, Kind::Script, place, message)
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

    /// Says what to do without a command line, where the hint names a command or an option.
    #[must_use]
    pub fn hint_in_page(mut self, hint: impl Into<String>) -> Self {
        self.hint_in_page = Some(hint.into());
        self
    }

    /// What an officer can do, who has Excel and no command line. Scripts and settings are mended
    /// by those who write them.
    pub fn officers_hint(&self) -> Option<&str> {
        match self.kind {
            Kind::Script => Some("this is in the council's scripts: tell whoever keeps them"),
            Kind::Usage if !self.place.file.is_empty() => {
                Some("this is in the council's settings: tell whoever keeps them")
            }
            _ => self.hint_in_page.as_deref().or(self.hint.as_deref()),
        }
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
        self.columns = vec![column.into()];
        self
    }

    /// Carries the code of the indicator that is spoken of, for programs and analysts.
    #[must_use]
    pub fn indicator(mut self, code: impl Into<String>) -> Self {
        self.indicator = Some(code.into());
        self
    }

    /// Carries the cell's value for those who ask to see it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Says what of the return cannot be counted for it.
    #[must_use]
    pub fn spoils(mut self, spoils: Spoils) -> Self {
        self.spoils = spoils;
        self
    }

    /// Every cell that has the fault.
    pub fn cells(&self) -> impl Iterator<Item = CellAddress> {
        self.place.cell.iter().chain(&self.more).copied()
    }

    /// How many cells have the fault.
    pub fn count(&self) -> usize {
        1 + self.more.len()
    }

    /// The same fault, in some of its cells.
    fn of_cells(&self, cells: &[CellAddress]) -> Problem {
        let mut some = self.clone();
        if self.place.cell != cells.first().copied() {
            some.value = None;
        }
        some.place.cell = cells.first().copied();
        some.more = cells.get(1..).unwrap_or_default().to_vec();
        some
    }

    fn same_fault(&self, other: &Problem) -> bool {
        self.place.cell.is_some()
            && self.severity == other.severity
            && self.message == other.message
            && self.columns == other.columns
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
        const WIDEST: usize = 80;
        let rule = self.rule.as_ref().map_or(String::new(), |rule| format!("rule {rule}: "));
        let mut text = format!("{}: {}{}\n", self.severity, clean(&rule), clean(&self.message));
        if !self.place.file.is_empty() {
            let place = format!("  --> {}", self.place);
            let room = WIDEST.saturating_sub(place.chars().count());
            text.push_str(&format!("{place}{}\n", self.cells_in_words(room)));
        }
        for other in others {
            let within = Place { file: String::new(), ..other.place.clone() };
            let place = format!("      {}", within.to_string().trim_start());
            let room = WIDEST.saturating_sub(place.chars().count());
            text.push_str(&format!("{place}{}\n", other.cells_in_words(room)));
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

    /// ` and 29 more in column SEX: B26, B28, …`: what comes behind the first cell, as far as there
    /// is room for it in a line.
    fn cells_in_words(&self, room: usize) -> String {
        const FEWEST: usize = 3;
        let beside = self.beside_in_words();
        let room = room.saturating_sub(beside.chars().count());
        let within = match self.columns.as_slice() {
            [] => String::new(),
            [one] => format!("column {}", clean(one)),
            [one, other] => format!("columns {}, {}", clean(one), clean(other)),
            several => format!("{} columns", several.len()),
        };
        if self.more.is_empty() {
            let within = if within.is_empty() { within } else { format!(" ({within})") };
            return format!("{within}{beside}");
        }
        let within = if within.is_empty() { within } else { format!(" in {within}") };
        let lead = format!(" and {} more{within}", self.more.len());
        // The name of an element has a comma in it.
        let between = if self.place.elements.is_some() { "; " } else { ", " };
        let named = |n: usize| {
            let cells: Vec<_> = self.more.iter().take(n).map(|c| self.place.called(*c)).collect();
            let dots = if self.more.len() > n {
                format!("{between}…").replace("; …", ", …")
            } else {
                String::new()
            };
            format!("{lead}: {}{dots}", cells.join(between))
        };
        let fits = |text: &String| text.chars().count() <= room;
        let cells = (1..=FEWEST).rev().map(named).find(fits).unwrap_or(lead);
        format!("{cells}{beside}")
    }

    /// `, against B8 and 2 more`: the first of the cells that say otherwise.
    fn beside_in_words(&self) -> String {
        let Some(first) = self.beside.first() else { return String::new() };
        let more = match self.beside.len() - 1 {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        format!(", against {}{more}", self.place.called(*first))
    }

    /// Whether another problem of the same sheet, or CSV file, reads the same but for its cells.
    pub fn says_the_same(&self, other: &Problem) -> bool {
        self.place.cell.is_some()
            && (&self.place.file, &self.place.sheet) == (&other.place.file, &other.place.sheet)
            && (self.severity, &self.message, &self.hint, &self.rule)
                == (other.severity, &other.message, &other.hint, &other.rule)
            && self.context == other.context
    }

    /// What mending it does to the figures, in three lines; nothing where it moves none.
    pub fn mended(&self) -> Option<String> {
        const WIDEST: usize = 80;
        let changed = |moved: &&Moved| moved.change.is_some();
        let told = self.moves.iter().find(changed).or(self.moves.first())?;
        let cells = match self.count() {
            1 => "this cell".to_string(),
            n => format!("these {n} cells"),
        };
        let sheet = self.place.sheet.as_deref().unwrap_or(&self.place.file);
        let cell = self.place.cell.map(|cell| format!("{sheet}!{}", self.place.called(cell)));
        let from = if self.more.is_empty() { "" } else { "from " };
        // What nobody can read nobody can count as it was meant.
        let why = match (&told.change, self.spoils) {
            (None, Spoils::Cell) => ", which cannot be read",
            (None, Spoils::Row) if self.more.is_empty() => ", whose row is left out",
            (None, Spoils::Row) => ", whose rows are left out",
            _ => "",
        };
        let rule = self.rule.as_ref().map(|rule| format!("rule {rule}"));
        let at: Vec<String> =
            rule.into_iter().chain(cell.map(|cell| format!("{from}{cell}"))).collect();
        let like = |moved: &&Moved| moved.change.is_some() == told.change.is_some();
        let others = self.moves.iter().filter(like).count() - 1;
        let more = match others {
            0 => String::new(),
            n => format!(", and {n} more"),
        };
        let may = if told.change.is_some() { "" } else { "it may move " };
        let left = WIDEST - 2 - more.chars().count() - may.len();
        let lines = [
            format!("if you mend {cells} ({}){why}:", at.join(", ")),
            format!("  {}", self.message),
            format!("  {may}{}{more}", told.said(left)),
        ];
        Some(lines.map(|line| cut(&clean(&line), WIDEST)).join("\n"))
    }

    /// The problem for programs.
    pub fn to_json(&self, show_values: bool) -> serde_json::Value {
        let cells: Vec<String> = self.cells().map(|cell| self.place.called(cell)).collect();
        let mut json = serde_json::json!({
            "severity": self.severity,
            "kind": self.kind,
            "message": self.message,
            "file": self.place.file,
            "sheet": self.place.sheet,
            "column": (!self.columns.is_empty()).then(|| self.columns.join(", ")),
            "cells": cells,
            "line": self.place.line,
            "context": self.context,
            "hint": self.hint,
        });
        if let Some(hint) = &self.hint_in_page {
            json["hint_in_page"] = hint.clone().into();
        }
        if !self.beside.is_empty() {
            let cells = self.beside.iter().map(|cell| self.place.called(*cell));
            json["beside"] = cells.collect::<Vec<_>>().into();
        }
        if let Some(rule) = &self.rule {
            json["rule"] = rule.clone().into();
        }
        if let Some(code) = &self.indicator {
            json["indicator"] = code.clone().into();
        }
        if !self.moves.is_empty() {
            let codes = self.moves.iter().map(|moved| moved.indicator.as_str());
            json["moves"] = codes.collect::<Vec<_>>().into();
            json["figures"] = serde_json::json!(self.moves);
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
            Some(first) if first.place.cell == Some(cell) && first.more.is_empty() => {}
            Some(first) => {
                first.more.extend([cell].into_iter().chain(problem.more));
                first.beside.extend(problem.beside);
            }
            None => self.found.push(problem),
        }
    }

    /// Whether a fault of a row is told that may move an indicator.
    pub fn tell_of_row(&self, place: &Place, indicator: &str) -> bool {
        let row = place.cell.map(|cell| cell.row);
        let of_row = |p: &Problem| {
            p.cells().any(|cell| Some(cell.row) == row)
                && (&p.place.file, &p.place.sheet) == (&place.file, &place.sheet)
                && p.moves.iter().any(|moved| moved.indicator == indicator)
        };
        self.found.iter().any(of_row)
    }

    /// Tells what a rule says of a record in words that fit it better, such as how it was counted.
    /// Gives whether a rule says anything in these cells.
    pub fn reword(
        &mut self,
        sheet: &Place,
        (cells, beside): (&[CellAddress], &[CellAddress]),
        words: (&str, &str),
    ) -> bool {
        let of_rule = |p: &Problem| {
            p.rule.is_some()
                && p.severity == Severity::Error
                && (&p.place.file, &p.place.sheet) == (&sheet.file, &sheet.sheet)
                && p.cells().any(|cell| cells.contains(&cell))
        };
        let Some(at) = self.found.iter().position(of_rule) else { return false };
        let known = self.found.remove(at);
        let of_rows = |cell: &CellAddress| cells.iter().any(|its| its.row == cell.row);
        let (these, others): (Vec<_>, Vec<_>) = known.cells().partition(of_rows);
        if !others.is_empty() {
            self.found.insert(at, known.of_cells(&others));
        }
        let on_other_rows = |cell: &CellAddress| !these.iter().any(|its| its.row == cell.row);
        let beside = beside.iter().copied().filter(on_other_rows).collect();
        let (message, hint) = (words.0.to_string(), Some(words.1.to_string()));
        self.add(Problem { message, hint, beside, ..known.of_cells(&these) });
        true
    }

    /// Adds what a rule says of rows. In columns that it holds against what they should be, the
    /// reader may have told of a cell already: that is the same fault. It gets the rule's number,
    /// keeps the words that say what is wrong with the cell, and is not told again.
    pub fn add_of_rule(&mut self, mut problem: Problem, columns: &[u16]) {
        let mut left: HashSet<CellAddress> = problem.cells().collect();
        let mut parted = Vec::new();
        let on_sheet = |known: &&mut Problem| {
            known.rule.is_none()
                && known.spoils != Spoils::Nothing
                && (&known.place.file, &known.place.sheet)
                    == (&problem.place.file, &problem.place.sheet)
        };
        for known in self.found.iter_mut().filter(on_sheet) {
            let is_its = |cell: &CellAddress| columns.contains(&cell.col) && left.contains(cell);
            let (these, others): (Vec<_>, Vec<_>) = known.cells().partition(is_its);
            if these.is_empty() {
                continue;
            }
            if !others.is_empty() {
                parted.push(known.of_cells(&others));
            }
            let rows: HashSet<u32> = these.iter().map(|cell| cell.row).collect();
            left.retain(|cell| !rows.contains(&cell.row));
            let own = known.of_cells(&these);
            *known = Problem { rule: problem.rule.clone(), moves: problem.moves.clone(), ..own };
        }
        self.found.extend(parted);
        if !left.is_empty() {
            let cells: Vec<CellAddress> = problem.cells().filter(|c| left.contains(c)).collect();
            problem = problem.of_cells(&cells);
            self.add(problem);
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
            // Two checks of one rule may find the same.
            problem.more.dedup();
            problem.more.retain(|cell| problem.place.cell != Some(*cell));
            problem.beside.sort_unstable();
        }
        self.found.sort_by(|a, b| a.place.cmp(&b.place));
    }

    /// Those of a kind, and the others, each in their order.
    pub fn parted(&self, wanted: impl Fn(&Problem) -> bool) -> (Problems, Problems) {
        let (these, others) = self.found.iter().cloned().partition(wanted);
        (Problems { found: these }, Problems { found: others })
    }

    /// All of them, to add to what is known of each.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Problem> {
        self.found.iter_mut()
    }

    /// Those that move figures, or may: those first that do most to them.
    pub fn by_effect(&self) -> Vec<&Problem> {
        let moving = |p: &&Problem| !p.moves.is_empty() && p.severity != Severity::Note;
        let mut ranked: Vec<&Problem> = self.found.iter().filter(moving).collect();
        let less = |p: &Problem| (p.severity, std::cmp::Reverse((p.moves.len(), p.count())));
        ranked.sort_by(|a, b| {
            effect(&b.moves).total_cmp(&effect(&a.moves)).then_with(|| less(a).cmp(&less(b)))
        });
        ranked
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

    /// How many of a severity, the same fault in several columns of a sheet once.
    pub fn count(&self, severity: Severity) -> usize {
        told_together(self.found.iter().filter(|p| p.severity == severity)).len()
    }
}

#[cfg(test)]
mod tests;
