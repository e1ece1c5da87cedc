//! What stands in a column of a sheet: how many days, numbers and words below a heading.

use std::collections::{BTreeMap, HashSet};

use crate::intake::read::{Sheet, Value};
use crate::nouns::dates;
use crate::nouns::numbers::typed;

/// More different words than this are no codes.
const MOST_WORDS: usize = 400;
/// A header row stands in one of so many rows.
const SEARCHED_ROWS: u32 = 30;

/// What stands below a heading.
#[derive(Debug, Default)]
pub struct Profile {
    /// Which column of the sheet.
    pub col: u16,
    /// The heading.
    pub heading: String,
    /// Rows below it.
    pub rows: usize,
    /// Filled cells.
    pub filled: usize,
    /// Cells that are days, as dates or as text.
    pub days: usize,
    /// Cells that are numbers, as numbers or as text.
    pub numbers: usize,
    /// Words and whole numbers that are no days, and how many rows hold each.
    pub words: BTreeMap<String, usize>,
    different: HashSet<String>,
}

impl Profile {
    /// How many different things stand in it.
    pub fn distinct(&self) -> usize {
        self.different.len()
    }
}

/// The header row of a sheet that nobody knows, and its columns: the first row of several texts
/// that stands over rows as wide.
pub fn header(sheet: &Sheet) -> Option<(u32, Vec<Profile>)> {
    let rows: Vec<_> = sheet.rows().take_while(|(row, _)| *row < SEARCHED_ROWS).collect();
    let widest = rows.iter().map(|(_, cells)| cells.len()).max()?;
    let row = rows.iter().find_map(|(row, cells)| {
        let texts = cells.iter().filter(|cell| match sheet.value(cell) {
            Value::Text(text) => {
                text.chars().any(char::is_alphabetic) && dates::day(text).is_none()
            }
            _ => false,
        });
        let all_texts = texts.count() == cells.len();
        (all_texts && cells.len() >= 2 && cells.len() * 3 >= widest * 2).then_some(*row)
    })?;
    let profiles = below(sheet, row);
    (!profiles.is_empty()).then_some((row, profiles))
}

/// The columns below a header row.
pub fn below(sheet: &Sheet, header: u32) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = Vec::new();
    let mut rows = 0;
    for (row, cells) in sheet.rows().filter(|(row, _)| *row >= header) {
        if row == header {
            profiles.extend(cells.iter().filter_map(|cell| match sheet.value(cell) {
                Value::Text(text) => Some(Profile {
                    col: cell.col,
                    heading: text.trim().to_string(),
                    ..Profile::default()
                }),
                _ => None,
            }));
            continue;
        }
        rows += 1;
        for cell in cells {
            let Some(profile) = profiles.iter_mut().find(|p| p.col == cell.col) else { continue };
            let shown = sheet.shown(cell).trim().to_string();
            if shown.is_empty() {
                continue;
            }
            profile.filled += 1;
            let day = match sheet.value(cell) {
                Value::Date(_) => true,
                Value::Text(text) => dates::day(text).is_some(),
                _ => false,
            };
            profile.days += usize::from(day);
            profile.numbers += usize::from(typed(&shown).is_some());
            if !day && (profile.words.len() < MOST_WORDS || profile.words.contains_key(&shown)) {
                *profile.words.entry(shown.clone()).or_default() += 1;
            }
            profile.different.insert(shown);
        }
    }
    for profile in &mut profiles {
        profile.rows = rows;
    }
    profiles
}
