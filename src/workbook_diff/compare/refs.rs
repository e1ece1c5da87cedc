//! Where things lie, and where they lie after rows and columns were added or removed above or
//! before them. A merge that only moved down is no change, so places are held against each other in
//! the coordinates of the newer sheet.

use crate::nouns::problem::{MOST_COLUMNS, MOST_ROWS};
pub(super) use crate::workbook_diff::text::column_name;
use crate::workbook_diff::text::{column_number, quote_end};

/// Rows or columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Rows,
    Columns,
}

/// Which side a place is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The older.
    Before,
    /// The newer.
    After,
}

impl Side {
    /// Why the workbook or snapshot of this side is not compared.
    pub fn unreadable(self, why: &str) -> String {
        let side = if self == Side::Before { "older" } else { "newer" };
        format!("the {side} text cannot be read: {why}")
    }
}

/// Which line was which, both ways. Lines count from 1.
pub(super) struct Lines {
    axis: Axis,
    to: Vec<Option<u32>>,
    from: Vec<Option<u32>>,
}

impl Lines {
    /// From pairs that count from 0, and how many lines there are before and after.
    pub(super) fn new(axis: Axis, pairs: &[(usize, usize)], before: usize, after: usize) -> Lines {
        let mut lines = Lines { axis, to: vec![None; before], from: vec![None; after] };
        for (old, new) in pairs {
            lines.to[*old] = Some(*new as u32 + 1);
            lines.from[*new] = Some(*old as u32 + 1);
        }
        lines
    }

    /// Where a line is on the other side; lines beyond the last keep their distance from it.
    pub(super) fn other(&self, side: Side, line: u32) -> Option<u32> {
        let (here, there) = match side {
            Side::Before => (&self.to, &self.from),
            Side::After => (&self.from, &self.to),
        };
        match here.get(line as usize - 1) {
            Some(found) => *found,
            None => {
                let most =
                    if self.axis == Axis::Rows { MOST_ROWS } else { u32::from(MOST_COLUMNS) };
                Some((line - here.len() as u32 + there.len() as u32).min(most))
            }
        }
    }

    pub(super) fn count(&self, side: Side) -> u32 {
        if side == Side::Before { self.to.len() as u32 } else { self.from.len() as u32 }
    }

    /// Whether the other side has nothing of a stretch.
    fn lacks(&self, side: Side, stretch: Option<(u32, u32)>) -> bool {
        stretch.is_some_and(|(first, last)| self.span(side, first, last).is_none())
    }

    /// A stretch in the newer coordinates. What only the newer side has stays where it is; what
    /// only the older one had is nowhere.
    fn now(&self, side: Side, (first, last): (u32, u32)) -> Option<(u32, u32)> {
        let span = self.span(side, first, last);
        span.or((side == Side::After).then_some((first, last)))
    }

    /// A stretch in the newer coordinates, without the ends that the other side does not have.
    fn span(&self, side: Side, first: u32, last: u32) -> Option<(u32, u32)> {
        let known = |line: &u32| self.other(side, *line).is_some();
        let (first, last) = ((first..=last).find(known)?, (first..=last).rev().find(known)?);
        match side {
            Side::Before => Some((self.other(side, first)?, self.other(side, last)?)),
            Side::After => Some((first, last)),
        }
    }
}

/// The rows and columns of a sheet that is there before and after.
pub(super) struct Grid {
    pub before_name: String,
    pub after_name: String,
    pub rows: Lines,
    pub columns: Lines,
    /// Rows that stand in another order now: where they were and where they are.
    pub moved: Vec<(u32, u32)>,
}

impl Grid {
    /// A cell in the newer coordinates.
    fn cell(&self, side: Side, column: u32, row: u32) -> Option<(u32, u32)> {
        match side {
            Side::Before => Some((self.columns.other(side, column)?, self.rows.other(side, row)?)),
            Side::After => Some((column, row)),
        }
    }

    /// Whether a place lies wholly in rows or columns that the other side does not have.
    pub(super) fn is_gone(&self, side: Side, place: &str) -> bool {
        let mut ranges = place.split(',').map(range);
        !place.is_empty()
            && ranges.all(|range| {
                range.is_some_and(|range| {
                    self.rows.lacks(side, range.rows) || self.columns.lacks(side, range.columns)
                })
            })
    }
}

/// All places of a text, in the newer coordinates. `sheet` is the one that places without a sheet's
/// name are of.
pub(super) fn settled(text: &str, side: Side, sheet: Option<&Grid>, all: &[Grid]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut grid = sheet;
    let mut last = ' ';
    while let Some(letter) = rest.chars().next() {
        let glued = last.is_alphanumeric() || matches!(last, '_' | '.' | '\\');
        let colour =
            ["colour ", "colour=", "color ", "fill "].iter().any(|word| out.ends_with(word));
        if let Some((name, length)) = (!glued).then(|| sheet_name(rest)).flatten() {
            let named = all.iter().find(|grid| {
                if side == Side::Before {
                    grid.before_name == name
                } else {
                    grid.after_name == name
                }
            });
            grid = named;
            // A sheet that was given another name is the same sheet.
            match named {
                Some(named) => out.push_str(&format!("'{}'!", named.after_name)),
                None => out.push_str(&rest[..length]),
            }
            rest = &rest[length..];
            last = '!';
            continue;
        }
        if letter == '"' && last != '!' && !out.ends_with('#') {
            // Words are not places. (The text form's own texts may hold escaped quotation marks.)
            let length = quote_end(rest).unwrap_or(rest.len());
            let inside = &rest[..length];
            if inside.starts_with("\"#") {
                out.push_str("\"#");
                out.push_str(&settled(&inside[2..length - 1], side, sheet, all));
                out.push('"');
            } else {
                out.push_str(inside);
            }
            rest = &rest[length..];
            last = '"';
            continue;
        }
        let found = (!glued && !colour).then(|| reference(rest)).flatten();
        let Some((length, range)) = found else {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
            if letter != '!' {
                grid = sheet;
            }
            last = letter;
            continue;
        };
        match grid.map(|grid| told(grid, side, &range)) {
            Some(Some(told)) => out.push_str(&told),
            Some(None) => out.extend(["gone:", &rest[..length]]),
            None => out.push_str(&rest[..length].replace('$', "")),
        }
        last = rest[..length].chars().next_back().unwrap_or(' ');
        rest = &rest[length..];
        grid = sheet;
    }
    out
}

/// A range in the newer coordinates, `None` where nothing of it is left.
fn told(grid: &Grid, side: Side, range: &Range) -> Option<String> {
    if let (Some((row, same_row)), Some((column, same_column))) = (range.rows, range.columns)
        && row == same_row
        && column == same_column
    {
        let (column, row) = grid.cell(side, column, row)?;
        return Some(format!("{}{row}", column_name(column)));
    }
    let rows = range.rows.map(|rows| grid.rows.now(side, rows));
    let columns = range.columns.map(|columns| grid.columns.now(side, columns));
    Some(match (rows, columns) {
        (Some(rows), Some(columns)) => {
            let ((top, bottom), (left, right)) = (rows?, columns?);
            format!("{}{top}:{}{bottom}", column_name(left), column_name(right))
        }
        (Some(rows), None) => {
            let (top, bottom) = rows?;
            format!("{top}:{bottom}")
        }
        (None, Some(columns)) => {
            let (left, right) = columns?;
            format!("{}:{}", column_name(left), column_name(right))
        }
        (None, None) => String::new(),
    })
}

/// `A1:B2`, whole rows `1:4`, whole columns `A:C`, a cell.
struct Range {
    rows: Option<(u32, u32)>,
    columns: Option<(u32, u32)>,
}

/// A text that is nothing but a range.
fn range(text: &str) -> Option<Range> {
    reference(text).filter(|(length, _)| *length == text.len()).map(|(_, range)| range)
}

/// The range that a text begins with, and its length.
fn reference(text: &str) -> Option<(usize, Range)> {
    let (first_length, column, row) = corner(text)?;
    let rest = &text[first_length..];
    let second = rest.strip_prefix(':').and_then(corner);
    let (length, other) = match second {
        Some((length, column, row)) => (first_length + 1 + length, (column, row)),
        None => (first_length, (column, row)),
    };
    let ends = !text[length..]
        .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '(' | '.' | '!'));
    let pair =
        |first: Option<u32>, last: Option<u32>| first.zip(last).map(|(a, b)| (a.min(b), a.max(b)));
    let range = Range { rows: pair(row, other.1), columns: pair(column, other.0) };
    // `A` or `7` alone is no place.
    let whole = second.is_some() || (column.is_some() && row.is_some());
    let alike = column.is_some() == other.0.is_some() && row.is_some() == other.1.is_some();
    (ends && whole && alike).then_some((length, range))
}

/// `$A$1`, `A`, `$1`: its length, column and row.
fn corner(text: &str) -> Option<(usize, Option<u32>, Option<u32>)> {
    let mut length = usize::from(text.starts_with('$'));
    let letters = text[length..].bytes().take_while(u8::is_ascii_uppercase).count();
    let column =
        if letters > 0 { Some(column_number(&text[length..length + letters])?) } else { None };
    length += letters;
    let dollar = usize::from(letters > 0 && text[length..].starts_with('$'));
    let digits = text[length + dollar..].bytes().take_while(u8::is_ascii_digit).count();
    let row = match digits {
        0 => None,
        1..=7 => Some(
            text[length + dollar..length + dollar + digits]
                .parse()
                .ok()
                .filter(|row| (1..=MOST_ROWS).contains(row))?,
        ),
        _ => return None,
    };
    length += if digits > 0 { dollar + digits } else { 0 };
    (column.is_some() || row.is_some()).then_some((length, column, row))
}

/// `'My sheet'!` or `Sheet1!` at the beginning of a text: the name, and the length of it all.
fn sheet_name(text: &str) -> Option<(String, usize)> {
    if let Some(rest) = text.strip_prefix('\'') {
        let mut letters = rest.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            if letter == '\'' && letters.next_if(|(_, next)| *next == '\'').is_none() {
                let whole = rest[at + 1..].starts_with('!');
                return whole.then(|| (rest[..at].replace("''", "'"), at + 3));
            }
        }
        return None;
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.'))?;
    (end > 0 && text[end..].starts_with('!')).then(|| (text[..end].to_owned(), end + 1))
}
