//! Sheets as whoever opens the workbook sees them. A merged cell stands for every row that it
//! covers; a row that is hidden is not seen, and counts all the same, so that is told.

use std::borrow::Cow;

use crate::definitions::{ColumnType, List};
use crate::intake::read::Sheet;
use crate::nouns::problem::{Problem, Problems};
use crate::nouns::words::several;

use super::find::Found;

/// The columns of a list that a merged cell may stand for several rows of: its key and its codes.
/// Of a number or a date nobody can say whether it was meant for each row or for all of them.
pub fn may_be_merged(list: &List, found: &Found) -> Vec<u16> {
    let columns = list.columns.iter().zip(&found.columns);
    let merged = columns.filter(|(column, _)| {
        column.name == list.key || matches!(column.kind, ColumnType::Codes(_))
    });
    merged.filter_map(|(_, at)| *at).collect()
}

/// The sheet with each merged cell of these columns in all of the rows that it covers, below the
/// headings.
pub fn unmerged<'s>(
    sheet: &'s Sheet,
    first_row: u32,
    columns: &[u16],
    problems: &mut Problems,
) -> Cow<'s, Sheet> {
    let merged: Vec<_> = sheet
        .merged()
        .iter()
        .filter(|merged| merged.first_row >= first_row && columns.contains(&merged.col))
        .copied()
        .collect();
    if merged.is_empty() {
        return Cow::Borrowed(sheet);
    }
    for merged in &merged {
        problems.add(Problem::note(
            sheet.place.at(merged.first_row, merged.col),
            "the cell is merged with those below; it counts for each of their rows",
        ));
    }
    Cow::Owned(sheet.filled_down(merged))
}

/// Tells of rows that are hidden below the headings.
pub fn tell_hidden_rows(sheet: &Sheet, first_row: u32, problems: &mut Problems) {
    let hidden: Vec<u32> =
        sheet.hidden_rows().iter().copied().filter(|row| *row >= first_row).collect();
    let Some(first) = hidden.first() else { return };
    let (are, were) = if hidden.len() == 1 { ("is", "was") } else { ("are", "were") };
    problems.add(
        Problem::warning(
            sheet.place.at(*first, 0),
            format!(
                "{} {are} hidden, by a filter or by hand, and {were} counted: {}",
                several(hidden.len(), "row"),
                ranges(&hidden)
            ),
        )
        .hint("show them to see what was counted; delete those that do not belong"),
    );
}

/// Rows as a person writes them: `5, 7 to 9`; of many only the first.
fn ranges(rows: &[u32]) -> String {
    const MOST: usize = 8;
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for row in rows.iter().map(|row| row + 1) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => ranges.push((row, row)),
        }
    }
    let dots = if ranges.len() > MOST { ", …" } else { "" };
    let shown = ranges.iter().take(MOST).map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    });
    format!("{}{dots}", shown.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn rows_are_written_as_ranges() {
        assert_eq!(ranges(&[4]), "5");
        assert_eq!(ranges(&[4, 5, 7, 8, 9]), "5, 6, 8 to 10");
        let many: Vec<u32> = (0..20).map(|n| 2 * n).collect();
        assert_eq!(ranges(&many), "1, 3, 5, 7, 9, 11, 13, 15, …");
    }
}
