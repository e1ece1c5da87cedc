//! What is wrong, where it is, and what to do about it.
//!
//! A leaf of the pipeline knows *what* is wrong; its caller knows *where*. Everything that can go
//! wrong with an input or a script becomes a [`Problem`]; a [`Problems`] sink gathers them all, so
//! that an officer sees the whole list at once, sorted by file, sheet and row, the same fault in
//! one column once.
//!
//! Cells describe children and messages travel, so a message gives kind and address. The cell's
//! value is carried beside it and shown only where `--show-values` asks for it.

mod gathered;
mod reworded;

use std::fmt;

use serde::Serialize;

use super::moved::Moved;
pub use super::place::{
    CellAddress, Elements, MOST_COLUMNS, MOST_ROWS, Place, clean, column_letters, column_named,
};
use super::words::cut;
pub use super::words::{did_you_mean, letters_alike, nearest};
pub use gathered::{Problems, told_together};
pub use reworded::Rewording;

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

    /// Which kind it is for the exit code: a script that was warned of did not stop the report, it
    /// is something to look at.
    fn kind_of_exit(&self) -> Kind {
        match (self.severity, self.kind) {
            (Severity::Warning, Kind::Script) => Kind::Return,
            (_, kind) => kind,
        }
    }

    /// Whether another problem says the same of the same place.
    fn is_told_again_by(&self, other: &Problem) -> bool {
        self.place == other.place && self.message == other.message && self.context == other.context
    }

    /// Whether one of its cells lies in the row of a place.
    fn is_of_row(&self, place: &Place) -> bool {
        let row = place.cell.map(|cell| cell.row);
        self.place.same_sheet(place) && self.cells().any(|cell| Some(cell.row) == row)
    }

    /// Whether an indicator is among those that it moves, or may move.
    fn may_move(&self, indicator: &str) -> bool {
        self.moves.iter().any(|moved| moved.indicator == indicator)
    }

    /// Whether the reader found it on a sheet, and could not use a cell or a row for it.
    fn is_of_reading(&self, sheet: &Place) -> bool {
        self.rule.is_none() && self.spoils != Spoils::Nothing && self.place.same_sheet(sheet)
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
        let told =
            (1..=FEWEST).rev().map(|n| format!("{lead}: {}", self.first_of_more(n, between)));
        let cells = told.into_iter().find(|text| text.chars().count() <= room).unwrap_or(lead);
        format!("{cells}{beside}")
    }

    /// The first so many of the further cells, with an ellipsis where there are still more.
    fn first_of_more(&self, n: usize, between: &str) -> String {
        let cells: Vec<_> = self.more.iter().take(n).map(|c| self.place.called(*c)).collect();
        let dots = if self.more.len() > n { ", …" } else { "" };
        format!("{}{dots}", cells.join(between))
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
            && self.place.same_sheet(&other.place)
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

#[cfg(test)]
mod tests;
