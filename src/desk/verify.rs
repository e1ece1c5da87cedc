//! A file held against its seal, and against what a return gives.

use serde_json::{Value, json};

use crate::intake::read::{PAGE, Sealed};
use crate::nouns::place::{CellAddress, clean};
use crate::nouns::seal::{Change, Digests, Grid, Origin, Says, Seal, changes, content};
use crate::nouns::words::{cut, several};

/// So many letters of a cell are told.
const MOST_LETTERS: usize = 40;

/// What came of it.
pub struct Verified {
    /// What the file says of itself.
    pub seal: Option<Seal>,
    /// Whether it is, to the byte, what was written; or what it says, at least.
    pub state: State,
    /// What is otherwise than it was written, as far as it can be named.
    pub changed: Vec<Difference>,
    /// What it is held against.
    pub against: Option<Against>,
}

/// What became of a file since it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    AsWritten,
    /// Another program saved it, and every cell holds what it held.
    SavedAgain,
    /// It says something else.
    Changed,
    /// It says nothing of itself.
    Unknown,
}

/// What a return gives in place of a file.
pub struct Against {
    /// What was made of something else: the return, the scripts, the settings, the program.
    pub others: Vec<&'static str>,
    /// Whether the return is another one than it was made from.
    pub other_return: bool,
    /// What the file says otherwise.
    pub differs: Vec<Difference>,
}

/// Something that is otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where, such as `Performance indicators!D7`.
    pub place: String,
    /// What stands first in its row.
    pub about: String,
    /// What it should say, where that is known and it is a cell.
    pub should: Option<String>,
    /// What it says, where it is a cell.
    pub says: Option<String>,
}

impl Verified {
    /// A file held against its seal.
    pub fn of(file: &Sealed) -> Verified {
        let Some(seal) = file.seal.clone() else {
            let (state, changed, against) = (State::Unknown, Vec::new(), None);
            return Verified { seal: None, state, changed, against };
        };
        let state = match (seal.file == file.file, seal.content == content(&file.sheets)) {
            (true, true) => State::AsWritten,
            (false, true) => State::SavedAgain,
            (_, false) => State::Changed,
        };
        let found = match &seal.cells {
            Some(was) => changes(was, &digests(&file.sheets)),
            None => Vec::new(),
        };
        let changed = found.iter().map(|change| named(*change, &file.sheets, None)).collect();
        Verified { seal: Some(seal), state, changed, against: None }
    }

    /// The same held against what was made anew.
    pub fn hold_against(&mut self, file: &Sealed, made: &Sealed, origin: Option<&Origin>) {
        let found = changes(&digests(&made.sheets), &digests(&file.sheets));
        let differs = found.iter().map(|change| named(*change, &file.sheets, Some(&made.sheets)));
        let (mut others, mut other_return) = (Vec::new(), false);
        if let (Some(was), Some(is)) = (self.seal.as_ref().map(|seal| &seal.origin), origin) {
            other_return = was.received.is_some() && was.received != is.received;
            let differ = [
                (was.version != is.version, "version"),
                (was.scripts != is.scripts, "scripts"),
                (was.settings != is.settings, "settings"),
                (was.rule != is.rule, "rule"),
                (was.layout != is.layout, "layout"),
            ];
            others.extend(differ.into_iter().filter(|(other, _)| *other).map(|(_, what)| what));
        }
        self.against = Some(Against { others, other_return, differs: differs.collect() });
    }

    /// Whether all is as it should be.
    pub fn holds(&self) -> bool {
        let against = self.against.as_ref();
        self.state != State::Changed
            && against.is_none_or(|against| against.differs.is_empty() && !against.other_return)
    }

    /// In words: what the file is called, and what it is held against.
    pub fn text(&self, file: &str, received: &str) -> String {
        let mut lines = vec![match self.state {
            State::AsWritten => format!("{file} is as it was written"),
            State::SavedAgain => {
                format!("{file} was saved again by another program; it says what was written")
            }
            State::Changed if self.changed.is_empty() => {
                format!("{file} was changed since it was written; --return tells where")
            }
            State::Changed => {
                let n = several(self.changed.len(), "change");
                format!("{file} was changed since it was written: {n}")
            }
            State::Unknown => format!("{file} says nothing of what made it"),
        }];
        lines.extend(self.changed.iter().map(Difference::line));
        if let Some(Seal { origin, .. }) = &self.seal {
            lines.push(format!(
                "made by version {}, layout {}, rule {}",
                origin.version, origin.layout, origin.rule
            ));
            let received = origin.received.as_deref();
            let hashes = [
                ("return", received.unwrap_or("not told: it holds so few records")),
                ("scripts", &origin.scripts),
                ("settings", &origin.settings),
            ];
            lines.extend(hashes.map(|(what, hash)| format!("  {what:<9} {hash}")));
        }
        if let Some(against) = &self.against {
            lines.extend(against.lines(received));
        }
        lines.join("\n")
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let state = match self.state {
            State::AsWritten => "as_written",
            State::SavedAgain => "saved_again",
            State::Changed => "changed",
            State::Unknown => "unknown",
        };
        let against = self.against.as_ref().map(|against| {
            json!({
                "same_return": !against.other_return, "others": against.others,
                "differs": all(&against.differs),
            })
        });
        let made_by = self.seal.as_ref().map(|Seal { origin, .. }| {
            json!({
                "version": origin.version, "scripts": origin.scripts, "settings": origin.settings,
                "return": origin.received, "rule": origin.rule, "layout": origin.layout,
            })
        });
        json!({
            "state": state, "changed": all(&self.changed), "made_by": made_by, "against": against,
        })
    }
}

impl Against {
    fn lines(&self, received: &str) -> Vec<String> {
        let mut lines = Vec::new();
        if self.other_return {
            lines.push(format!(
                "{received} is not what it was made from: it is another file, or was changed or \
                 saved again"
            ));
            lines.push(
                "  `rapporteur diff` of both returns names its cells, where they are .xlsx"
                    .to_string(),
            );
        }
        if !self.others.is_empty() {
            lines.push(format!("other now than when it was made: {}", self.others.join(", ")));
        }
        lines.push(match self.differs.len() {
            0 => format!("it says what {received} gives"),
            n => format!("{received} gives something else in {}", several(n, "place")),
        });
        lines.extend(self.differs.iter().map(Difference::line));
        lines
    }
}

/// Differences for programs.
fn all(differences: &[Difference]) -> Vec<Value> {
    differences.iter().map(Difference::to_json).collect()
}

/// What a cell says, on one line and not longer than a line.
fn told(text: &str) -> String {
    match text.is_empty() {
        true => "nothing".to_string(),
        false => cut(&text.replace('\n', " "), MOST_LETTERS),
    }
}

impl Difference {
    /// One of a whole sheet, or of rows of it.
    fn of_sheet(name: &str, what: &str) -> Difference {
        let place = format!("{name}: {what}");
        Difference { place, about: String::new(), should: None, says: None }
    }

    fn line(&self) -> String {
        let about = match self.about.is_empty() {
            true => String::new(),
            false => format!(" ({})", cut(&self.about, MOST_LETTERS)),
        };
        let says =
            self.says.as_deref().map_or(String::new(), |says| format!(" says {}", told(says)));
        let should = self.should.as_deref();
        let should =
            should.map_or(String::new(), |should| format!(", should say {}", told(should)));
        clean(&format!("  {}{about}{says}{should}", self.place))
    }

    fn to_json(&self) -> Value {
        json!({
            "place": self.place, "about": self.about, "should": self.should, "says": self.says,
        })
    }
}

fn digests(sheets: &[Grid]) -> Vec<Digests> {
    sheets.iter().map(Digests::of).collect()
}

/// A change as it is told, of a file with these sheets that should say what others say.
fn named(change: Change, is: &[Grid], should: Option<&[Grid]>) -> Difference {
    let name = |sheet: usize| is.get(sheet).map_or("", |sheet| sheet.name.as_str());
    let plain = |sheet, what: String| Difference::of_sheet(name(sheet), &what);
    match change {
        Change::Cell(sheet, at) => cell(&is[sheet], at, should.map(|all| twin(all, is, sheet))),
        Change::RowsPutIn(sheet, first, last) => {
            plain(sheet, format!("{} put in", rows(first, last)))
        }
        Change::RowsTakenOut(sheet, before, n) => plain(
            sheet,
            format!("{} taken out before row {}", several(n as usize, "row"), before + 1),
        ),
        Change::RowsOther(sheet, first, last) => {
            plain(sheet, format!("{} are not those that were there", rows(first, last)))
        }
        Change::Renamed(sheet) => plain(sheet, "the sheet has another name now".to_string()),
        Change::SheetPutIn(sheet) => plain(sheet, "the sheet was put in".to_string()),
        Change::SheetTakenOut(place) => {
            let name = should.and_then(|all| all.get(place)).map(|sheet| sheet.name.clone());
            let place = name.unwrap_or_else(|| format!("sheet {}", place + 1));
            Difference::of_sheet(&place, "it was taken out")
        }
    }
}

/// The sheet that another stands for.
fn twin<'g>(all: &'g [Grid], is: &[Grid], sheet: usize) -> Option<&'g Grid> {
    match all.len() == is.len() {
        true => all.get(sheet),
        false => all.iter().find(|twin| twin.name == is[sheet].name),
    }
}

/// The first text of a row that stands before a cell, which says what the row is about.
fn heading_of_row(grid: &Grid, at: CellAddress) -> Option<String> {
    let before = grid.cells.range(CellAddress::new(at.row, 0)..at);
    before.map(|(_, says)| says.shown()).find(|text| !text.is_empty())
}

fn cell(sheet: &Grid, at: CellAddress, should: Option<Option<&Grid>>) -> Difference {
    let said = |grid: &Grid, at| grid.cells.get(&at).map_or(String::new(), Says::shown);
    let as_sent = should.flatten().and_then(|grid| heading_of_row(grid, at));
    let about = as_sent.or_else(|| heading_of_row(sheet, at)).unwrap_or_default();
    let place = match sheet.name == PAGE {
        true => format!("line {}", at.row + 1),
        false => format!("{}!{at}", sheet.name),
    };
    let should = should.map(|grid| grid.map_or(String::new(), |grid| said(grid, at)));
    Difference { place, about, should, says: Some(said(sheet, at)) }
}

fn rows(first: u32, last: u32) -> String {
    match first == last {
        true => format!("row {}", first + 1),
        false => format!("rows {} to {}", first + 1, last + 1),
    }
}
