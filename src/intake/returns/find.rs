//! Finding a list on a sheet by its declared columns, wherever it stands: under title rows, in any
//! order and case, with headings in one row or spread over two.

use std::collections::{HashMap, HashSet};

pub use crate::definitions::plain as normalised;
use crate::definitions::{Column, Declarations, List};
use crate::intake::read::{Cell, Sheet, Value};

/// How far down a header row is looked for.
const SEARCHED_ROWS: usize = 50;

/// A list that was found on a sheet.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its name.
    pub list: String,
    /// The row of the headings, from 0: the lower one where there are two.
    pub header_row: u32,
    /// The row of the first record, from 0.
    pub first_row: u32,
    /// Whether the headings stand in two rows.
    pub two_rows: bool,
    /// For every declared column, the sheet's column that holds it.
    pub columns: Vec<Option<u16>>,
    /// Headings that no declared column answers to.
    pub unknown: Vec<String>,
    /// Columns of the sheet under a heading of a declared column that another one of the sheet
    /// holds: which declared column, and where this one stands.
    pub again: Vec<(usize, u16)>,
    /// Whether the council's settings say which of the headings are its columns, and all of these
    /// are there.
    pub by_settings: bool,
    /// Whether the sheet holds another list too.
    pub shares_sheet: bool,
    /// Why this row: for whoever wants to know.
    pub why: String,
    /// Of everything that stands in the row or is missed in it, how much was matched: 1 is all.
    pub(super) score: f64,
    /// Of the columns that should be there, how many are.
    pub(super) coverage: f64,
}

impl Found {
    /// Which of the list's columns stands in a column of the sheet.
    pub fn column_at(&self, col: u16) -> Option<usize> {
        self.columns.iter().position(|at| *at == Some(col))
    }
}

/// The list that a sheet holds and its header row; none where nothing fits well enough.
pub fn find_list(sheet: &Sheet, declared: &Declarations) -> Option<Found> {
    best(sheet, declared).filter(|found| fits(sheet, found))
}

fn fits(sheet: &Sheet, found: &Found) -> bool {
    sheet.excerpt || found.by_settings || found.coverage >= 0.6
}

/// The lists that a sheet holds: one, or as many as the council's settings find in it, since an
/// export may have everything of a child in one row.
pub fn find_lists(sheet: &Sheet, declared: &Declarations) -> Vec<Found> {
    let mut all = of_each_list(sheet, declared);
    let Some(best) = all.iter().map(|found| found.score).reduce(f64::max) else {
        return Vec::new();
    };
    if all.iter().any(|found| found.by_settings) {
        all.retain(|found| found.by_settings);
    } else {
        all.retain(|found| found.score > best - 1e-9 && fits(sheet, found));
        all.truncate(1);
    }
    let several = all.len() > 1;
    for found in &mut all {
        found.shares_sheet = several;
    }
    all
}

/// The list that a sheet nearly holds, and which columns it lacks.
pub fn nearly(sheet: &Sheet, declared: &Declarations) -> Option<(String, Vec<String>)> {
    let found = best(sheet, declared).filter(|found| found.coverage >= 0.3)?;
    let list = &declared.lists[&found.list];
    let missing =
        list.columns.iter().zip(&found.columns).filter(|(c, at)| at.is_none() && !c.optional);
    Some((found.list.clone(), missing.map(|(c, _)| c.name.clone()).collect()))
}

/// The list that fits best; of equals the first in the scripts' order.
fn best(sheet: &Sheet, declared: &Declarations) -> Option<Found> {
    of_each_list(sheet, declared)
        .into_iter()
        .reduce(|best, found| if found.score > best.score + 1e-9 { found } else { best })
}

/// For each list that the sheet may hold, the header row that fits it best.
fn of_each_list(sheet: &Sheet, declared: &Declarations) -> Vec<Found> {
    let known = Known::of(declared);
    let fewest = if sheet.excerpt { 1 } else { 2 };
    let mut all: Vec<Option<Found>> = vec![None; declared.lists.len()];
    let mut above: Option<(u32, HashMap<u16, String>)> = None;
    for (row, cells) in sheet.rows().take(SEARCHED_ROWS) {
        let own = headings(sheet, cells);
        let mut forms = vec![(own.clone(), false)];
        if let Some((_, upper)) =
            above.as_ref().filter(|(r, upper)| *r + 1 == row && !upper.is_empty())
        {
            forms.push((joined(upper, &own), true));
        }
        for (headings, two_rows) in forms {
            let readings = Readings::of(&headings);
            // Most rows are records and hold no heading at all.
            if readings.lines.iter().filter(|(line, _)| known.names.contains(line.as_str())).count()
                < fewest
            {
                continue;
            }
            for ((list, names), best) in
                declared.lists.values().zip(&known.lists).zip(all.iter_mut())
            {
                // The text of a test case says by its name what it is, reference lists too.
                let meant = if sheet.excerpt {
                    list.made_of.is_none() && goes_by(list, &sheet.name)
                } else {
                    list.is_sent()
                };
                if !meant {
                    continue;
                }
                let Some(found) = matched(sheet, list, names, row, &readings, two_rows) else {
                    continue;
                };
                // The first of equals stays: one row is better than two, an upper row than a lower.
                if best.as_ref().is_none_or(|b| found.score > b.score + 1e-9) {
                    *best = Some(found);
                }
            }
        }
        if all.iter().flatten().any(|found| found.score >= 0.999) {
            break;
        }
        above = Some((row, own));
    }
    all.into_iter().flatten().collect()
}

/// Every declared heading, as it is compared.
struct Known {
    /// For each list, for each column, the names it goes by.
    lists: Vec<Vec<Vec<String>>>,
    names: HashSet<String>,
}

/// All names that a column may go by in a heading.
fn names_of(column: &Column) -> Vec<String> {
    let names = std::iter::once(&column.name).chain(&column.also).chain(&column.local);
    names.map(|name| normalised(name)).collect()
}

impl Known {
    fn of(declared: &Declarations) -> Known {
        let lists = declared.lists.values();
        let lists: Vec<Vec<Vec<String>>> =
            lists.map(|list| list.columns.iter().map(names_of).collect()).collect();
        let names = lists.iter().flatten().flatten().cloned().collect();
        Known { lists, names }
    }
}

/// What a row's cells may be read as: a cell that stands for two readings, the lower heading alone
/// or both joined, has a line for each.
struct Readings<'h> {
    headings: &'h HashMap<u16, String>,
    lines: HashMap<String, u16>,
}

impl Readings<'_> {
    fn of(headings: &HashMap<u16, String>) -> Readings<'_> {
        let mut cols: Vec<_> = headings.iter().collect();
        cols.sort_by_key(|(col, _)| std::cmp::Reverse(**col));
        let lines = cols
            .iter()
            .flat_map(|(col, text)| text.lines().map(|line| (normalised(line), **col)))
            .collect();
        Readings { headings, lines }
    }
}

/// Whether somebody who writes this name means the list.
pub fn goes_by(list: &List, name: &str) -> bool {
    [&list.title, &list.name, &list.record]
        .into_iter()
        .any(|own| normalised(own) == normalised(name))
}

fn headings(sheet: &Sheet, cells: &[Cell]) -> HashMap<u16, String> {
    let texts = cells.iter().filter_map(|cell| match sheet.value(cell) {
        Value::Text(text) => Some((cell.col, text.trim().to_string())),
        _ => None,
    });
    texts.filter(|(_, text)| !text.is_empty()).collect()
}

/// The headings of two rows: the lower one where it is filled, else the upper one (a heading merged
/// down). Where both are, the two together may be meant as well, and an upper heading may lie
/// merged over several lower ones: each reading is a line, tried by `matched`.
fn joined(upper: &HashMap<u16, String>, lower: &HashMap<u16, String>) -> HashMap<u16, String> {
    let mut both = upper.clone();
    for (col, text) in lower {
        let over = (0..=*col).rev().find_map(|c| upper.get(&c));
        let joined = over.map_or(text.clone(), |above| format!("{text}\n{above} {text}"));
        both.insert(*col, joined);
    }
    both
}

fn matched(
    sheet: &Sheet,
    list: &List,
    names: &[Vec<String>],
    row: u32,
    readings: &Readings,
    two_rows: bool,
) -> Option<Found> {
    let headings = readings.headings;
    let columns: Vec<Option<u16>> = names
        .iter()
        .map(|names| names.iter().find_map(|n| readings.lines.get(n).copied()))
        .collect();
    columns[list.column(&list.key)?]?;
    let count = columns.iter().flatten().count();
    let needed: Vec<_> = list.columns.iter().zip(&columns).filter(|(c, _)| !c.optional).collect();
    let present = needed.iter().filter(|(_, at)| at.is_some()).count();
    let missing = needed.len() - present;
    // A title that happens to hold one heading is no header row.
    if count < 2 && !sheet.excerpt {
        return None;
    }
    let mut local =
        list.columns.iter().zip(&columns).filter(|(c, _)| !c.local.is_empty()).peekable();
    let by_settings = local.peek().is_some() && local.all(|(_, at)| at.is_some());
    let mut score = count as f64 / (headings.len() + missing) as f64;
    // What the settings say comes before what headings look like.
    if by_settings {
        score += 1.0;
    }
    if normalised(&sheet.name) == normalised(&list.title) {
        score += 0.05;
    }
    let (mut unknown, mut again) = (Vec::new(), Vec::new());
    for (col, text) in headings.iter().filter(|(col, _)| !columns.contains(&Some(**col))) {
        let answers = |names: &Vec<String>| text.lines().any(|l| names.contains(&normalised(l)));
        match names.iter().position(answers).filter(|_| !two_rows) {
            Some(column) => again.push((column, *col)),
            None => unknown.push(text.lines().next().unwrap_or_default().to_string()),
        }
    }
    unknown.sort();
    again.sort_unstable();
    let rows =
        if two_rows { format!("rows {} and {}", row, row + 1) } else { format!("row {}", row + 1) };
    let why = format!(
        "{rows} hold{} {count} of its {} columns",
        if two_rows { "" } else { "s" },
        list.columns.len()
    );
    let coverage = present as f64 / needed.len().max(1) as f64;
    Some(Found {
        list: list.name.clone(),
        header_row: row,
        first_row: row + 1,
        two_rows,
        by_settings,
        shares_sheet: false,
        columns,
        unknown,
        again,
        why,
        score,
        coverage,
    })
}
