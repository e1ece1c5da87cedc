//! How a list's headings were understood, and what they lack.

use crate::definitions::{Column, List};
use crate::intake::read::{Sheet, Value};
use crate::intake::returns::find::Found;
use crate::nouns::problem::{CellAddress, Problem, Problems};
use crate::nouns::words::{WIDEST_MESSAGE, as_many_as_fit, cut, looks_like, several};

/// So much of a heading is told however little room there is.
const NARROWEST_HEADING: usize = 12;

/// Says how the header was understood, and what it lacks.
pub(super) fn note_header(sheet: &Sheet, list: &List, found: &Found, problems: &mut Problems) {
    let header = sheet
        .place
        .at(found.header_row, found.columns.iter().flatten().copied().min().unwrap_or(0));
    let title_rows = sheet.rows().take_while(|(row, _)| *row < found.header_row).count();
    if title_rows > 0 && !found.two_rows {
        problems.add(Problem::note(
            header.clone(),
            format!("the list begins below {}", several(title_rows, "title row")),
        ));
    }
    let positions: Vec<u16> = found.columns.iter().flatten().copied().collect();
    if !positions.is_sorted() {
        problems.add(Problem::note(
            header.clone(),
            "the columns stand in another order; they were found by headings",
        ));
    }
    let other_case =
        sheet.rows().find(|(row, _)| *row == found.header_row).is_some_and(|(_, cells)| {
            cells.iter().any(|cell| match sheet.value(cell) {
                Value::Text(text) => list
                    .columns
                    .iter()
                    .any(|c| c.name != text && c.name.eq_ignore_ascii_case(text.trim())),
                _ => false,
            })
        });
    if other_case {
        problems.add(Problem::note(
            header.clone(),
            "headings are in another case or have stray spaces; they were read as meant",
        ));
    }
    for (column, second) in &found.again {
        if let Some(first) = found.columns[*column] {
            problems.add(stands_twice(sheet, list, found, *column, (first, *second)));
        }
    }
    let mut unknown: Vec<&str> = found.unknown.iter().map(String::as_str).collect();
    for (column, at) in list.columns.iter().zip(&found.columns) {
        if at.is_some() || column.optional || sheet.excerpt {
            continue;
        }
        let lacks = format!("the list {} has no column {}", list.title, column.name);
        let problem = match column.required {
            true => Problem::error,
            // The settings say what the council's export has.
            false if found.by_settings => Problem::note,
            false => Problem::warning,
        };
        let likeness = unknown.iter().position(|heading| is_heading_of(column, heading));
        problems.add(match likeness {
            // One message: the officer has one heading to correct.
            Some(index) => {
                let heading = unknown.remove(index);
                let room = WIDEST_MESSAGE.saturating_sub(format!("{lacks}; \"\" may be it").len());
                let heading = cut(heading, room.max(NARROWEST_HEADING));
                problem(header.clone(), format!("{lacks}; \"{heading}\" may be it"))
                    .hint(format!("call it {}, and it is used", column.name))
            }
            None => problem(header.clone(), lacks)
                .hint("figures that need it are not worked out; add it, or mend its heading"),
        });
    }
    if !unknown.is_empty() {
        // A heading with digits in it may be no heading but somebody's number.
        let plain: Vec<&str> = unknown.iter().filter(|name| !has_digits(name)).copied().collect();
        let others = (plain.len() < unknown.len()).then_some("others with digits in them");
        let names: Vec<&str> = plain.into_iter().chain(others).collect();
        let what = "columns that are not used:";
        let room = WIDEST_MESSAGE - what.len() - 1;
        problems.add(Problem::note(header, format!("{what} {}", as_many_as_fit(&names, room))));
    }
}

/// A column that the sheet holds twice: of two that say the same either will do, of two that differ
/// nobody knows which is meant.
fn stands_twice(
    sheet: &Sheet,
    list: &List,
    found: &Found,
    column: usize,
    (first, second): (u16, u16),
) -> Problem {
    let name = &list.columns[column].name;
    let place = sheet.place.at(found.header_row, second);
    let read = CellAddress::new(found.header_row, first);
    let mut records = sheet.rows().filter(|(row, _)| *row >= found.first_row);
    if records.any(|(_, cells)| sheet.value_in(cells, first) != sheet.value_in(cells, second)) {
        let message = format!("a second column {name}, which differs from the one at {read}");
        Problem::error(place, message)
            .column(name)
            .hint("the first was read; delete the one that is not meant, or its heading")
    } else {
        let message = format!("a second column {name}, the same as the one at {read}");
        Problem::note(place, message)
    }
}

fn has_digits(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// Whether a heading that nobody declares may be meant for a column: by its own name or another.
fn is_heading_of(column: &Column, heading: &str) -> bool {
    let names = std::iter::once(&column.name).chain(&column.also);
    !has_digits(heading) && names.into_iter().any(|name| looks_like(heading, name))
}
