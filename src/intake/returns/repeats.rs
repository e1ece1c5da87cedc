//! Rows that stand twice: the same row of somebody pasted again, which is told, or a second row of
//! a list that has one for each, of which the upper one is counted.

use super::Return;
use super::records::Records;
use crate::definitions::{Declarations, List};
use crate::nouns::problem::{Problem, Problems, Spoils};

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
                false => tell(list, records, problems),
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

/// Whether a row above of the same key holds the same in every column.
fn stands_above(records: &Records, record: u32) -> bool {
    let of_key = records.with_key(records.keys[record as usize]).iter();
    let mut above = of_key.take_while(|other| **other < record);
    above.any(|other| records.same(*other as usize, record as usize))
}

fn tell(list: &List, records: &Records, problems: &mut Problems) {
    let key = list.column(&list.key).expect("a list's key is one of its columns");
    for record in (0..records.len() as u32).filter(|record| stands_above(records, *record)) {
        let place = records.place(record as usize, key);
        problems.add(
            Problem::warning(place, "the same row stands above; both were counted")
                .column(&list.key)
                .spoils(Spoils::Row)
                .hint("take one of the two away, if it was pasted twice"),
        );
    }
}
