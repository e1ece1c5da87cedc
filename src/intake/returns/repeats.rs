//! Rows that stand twice: the same row of somebody pasted again, or with another number or date of
//! birth, which is told; or a second row of a list that has one for each, of which the upper one is
//! counted.

use super::Return;
use super::records::Records;
use crate::definitions::{Column, ColumnType, Declarations, List};
use crate::nouns::problem::{Problem, Problems, Spoils};
use crate::nouns::words::listed;

/// The most rows of a table of services that are held against each other.
const LONGEST_TABLE: usize = 2_000;

impl Return {
    /// Tells of rows that say the same of somebody, and gives by list those that another row stands
    /// for. That a key stands twice where it may not, checks tell.
    pub(super) fn repeats(
        &self,
        declared: &Declarations,
        problems: &mut Problems,
    ) -> Vec<(String, Vec<u32>)> {
        let about_people = |list: &List| declared.tells_of_people(list).is_some();
        // What services did is a short table, of which each row is compared with all above it.
        let is_table =
            |list: &List, records: &Records| list.is_public() && records.len() <= LONGEST_TABLE;
        let mut again = Vec::new();
        for (name, records) in &self.lists {
            let list = &declared.lists[name];
            // Spans that follow each other have rules of their own.
            if list.one_at_a_time || !list.is_sent() {
                continue;
            }
            if !about_people(list) && !is_table(list, records) {
                continue;
            }
            match list.one_per_key {
                true => again.push((name.clone(), second_rows(records))),
                false => tell(list, records, &beside_the_point(list, declared), problems),
            }
        }
        again.retain(|(_, records)| !records.is_empty());
        again
    }
}

/// All rows of a key but the first.
fn second_rows(records: &Records) -> Vec<u32> {
    let mut seen = vec![false; records.key_count];
    let all = 0..records.len() as u32;
    all.filter(|r| std::mem::replace(&mut seen[records.keys[*r as usize] as usize], true)).collect()
}

/// The columns in which two rows may differ and yet tell of the same: the numbers of a table of
/// services, and what another list says of each person once, such as the date of birth.
fn beside_the_point(list: &List, declared: &Declarations) -> Vec<usize> {
    let mut beside: Vec<usize> = (0..list.columns.len()).collect();
    match declared.tells_of_people(list).is_some() {
        true => beside.retain(|at| said_once(list, &list.columns[*at], declared)),
        false => beside.retain(|at| is_number(&list.columns[*at])),
    }
    beside
}

/// Whether a list that has one row for each person has this column too.
fn said_once(list: &List, column: &Column, declared: &Declarations) -> bool {
    let mut of_each = declared.lists.values().filter(|other| other.one_per_key);
    column.name != list.key
        && of_each.any(|other| other.key == list.key && other.column(&column.name).is_some())
}

fn is_number(column: &Column) -> bool {
    matches!(column.kind, ColumnType::Number { .. } | ColumnType::Percentage)
}

/// The columns in which a record differs from one above of the same key, where it differs in none
/// but those that are beside the point: none where it holds the same.
fn differs_in(
    records: &Records,
    record: u32,
    (to_the_point, beside): (&[usize], &[usize]),
) -> Option<Vec<usize>> {
    let of_key = records.with_key(records.keys[record as usize]).iter();
    let above = of_key.take_while(|other| **other < record);
    let alike = |other: u32, at: usize| records.alike(other as usize, record as usize, at);
    let mut nearest = None;
    for other in above.filter(|other| to_the_point.iter().all(|at| alike(**other, *at))) {
        if beside.iter().all(|at| alike(*other, *at)) {
            return Some(Vec::new());
        }
        nearest = nearest.or(Some(*other));
    }
    nearest.map(|other| beside.iter().copied().filter(|at| !alike(other, *at)).collect())
}

fn tell(list: &List, records: &Records, beside: &[usize], problems: &mut Problems) {
    let key = list.column(&list.key).expect("a list's key is one of its columns");
    let to_the_point = (0..list.columns.len()).filter(|at| !beside.contains(at));
    let to_the_point: Vec<usize> = to_the_point.collect();
    for record in 0..records.len() as u32 {
        let differs = differs_in(records, record, (&to_the_point, beside));
        let Some(differs) = differs else { continue };
        let names: Vec<&str> = differs.iter().map(|at| list.columns[*at].name.as_str()).collect();
        let (at, message, hint) = match &differs[..] {
            [] => (
                key,
                "the same row stands above; both were counted".to_string(),
                "take one of the two away, if it was pasted twice",
            ),
            [first, ..] => (
                *first,
                format!("a row above differs in {} alone; both were counted", listed(&names)),
                "take one of the two away, if it corrects the other",
            ),
        };
        let column = &list.columns[at].name;
        let place = records.place(record as usize, at);
        let problem = Problem::warning(place, message).column(column).hint(hint);
        problems.add(problem.spoils(Spoils::Row));
    }
}
