//! Columns whose headings, or whose cells as the workbook shows them, name a unit that their
//! numbers are not in, such as kilometres: a figure made of them would look right and be wrong.

use super::find::{Found, normalised};
use super::typing::in_its_unit;
use crate::definitions::{Column, List};
use crate::intake::read::{Sheet, Value};
use crate::nouns::problem::{Problem, Problems, Spoils};

/// Takes such columns off the list, aloud: those that were found, and those that would have been if
/// their headings named no unit.
pub fn leave_out_others(sheet: &Sheet, list: &List, found: &mut Found, problems: &mut Problems) {
    for (column, at) in list.columns.iter().zip(&mut found.columns) {
        if column.not_in.is_empty() {
            continue;
        }
        let rows =
            [found.header_row.checked_sub(u32::from(found.two_rows)), Some(found.header_row)];
        let headings = sheet.rows().filter(|(row, _)| rows.contains(&Some(*row)));
        let texts = headings.flat_map(|(row, cells)| cells.iter().map(move |cell| (row, cell)));
        let mut named = texts.filter_map(|(row, cell)| match sheet.value(cell) {
            Value::Text(text) if is_in_another_unit(column, *at, cell.col, text) => {
                Some((row, cell.col, text.to_string()))
            }
            _ => None,
        });
        let headed = named.next_back();
        let shown = at.and_then(|col| {
            let mut worded = sheet.worded(col);
            worded.find(|worded| column.other_unit(worded.words.text()).is_some())
        });
        let (row, col, text, whose) = match (headed, shown) {
            (Some((row, col, heading)), _) => (row, col, heading, "the heading says"),
            (None, Some(shown)) => {
                (shown.row, shown.col, shown.words.text().to_string(), "the cells are shown in")
            }
            (None, None) => continue,
        };
        let unit = column.other_unit(&text).unwrap_or_default();
        let message = format!("{whose} {unit}, so the column is not used");
        problems.add(
            Problem::error(sheet.place.at(row, col), message)
                .column(&column.name)
                .spoils(Spoils::Cell)
                .hint(in_its_unit(column)),
        );
        *at = None;
        found.unknown.retain(|unknown| *unknown != text.trim());
    }
}

/// Whether a heading is that of a column in a unit which the column is not in. `at` is where the
/// column was found, `col` where the heading stands.
fn is_in_another_unit(column: &Column, at: Option<u16>, col: u16, heading: &str) -> bool {
    match at {
        Some(at) => at == col && column.other_unit(heading).is_some(),
        None => is_but_for_the_unit(column, heading),
    }
}

/// Whether a heading would be the column's without the unit: `PL_DISTANCE (km)`.
fn is_but_for_the_unit(column: &Column, heading: &str) -> bool {
    let Some(unit) = column.other_unit(heading) else { return false };
    let words = heading.split_inclusive(|c: char| !c.is_alphabetic());
    let named =
        |word: &str| word.trim_matches(|c: char| !c.is_alphabetic()).eq_ignore_ascii_case(unit);
    let rest: String = words.filter(|word| !named(word)).collect();
    let names = std::iter::once(&column.name).chain(&column.also).chain(&column.local);
    names.into_iter().any(|name| normalised(name) == normalised(&rest))
}
