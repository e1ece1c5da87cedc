//! One list for several times: the lists of two years in one folder, a tab for each quarter. Newer
//! rows take the place of older ones, so that what is open in an older list is closed by a newer.

use std::collections::{HashMap, HashSet};

use super::records::{Field, Records};
use super::tabs;
use crate::definitions::List;
use crate::nouns::period::{Day, Period};
use crate::nouns::problem::{Place, Problem, Problems};

/// The time that a sheet is of by its name, or by its file's.
pub fn time_of(name: &str, place: &Place, period: &Period) -> Option<Day> {
    tabs::latest(name, period).or_else(|| tabs::latest(&place.file, period))
}

/// Takes out the rows that newer sheets say otherwise or again. `times` are those of the sheets, in
/// their order, from the oldest to the newest.
pub fn settle(list: &List, records: &mut Records, problems: &mut Problems) {
    let parts = records.part_count();
    let newest = parts - 1;
    let key = list.column(&list.key).expect("a list's key is one of its columns");
    for part in 0..newest {
        let message = if list.yearly {
            format!(
                "the list {} is here for a later time too, so this one was left out",
                list.title
            )
        } else {
            format!("the list {} is here for a later time too; newer rows beat these", list.title)
        };
        problems.add(Problem::note(records.part_place(part).clone(), message));
    }
    let older = |record: usize| records.part_of(record) < newest;
    if list.yearly {
        let kept: Vec<bool> = (0..records.len()).map(|record| !older(record)).collect();
        return records.keep(&kept);
    }
    let mut last: HashMap<Identity, usize> = HashMap::new();
    for record in 0..records.len() {
        last.insert(Identity::of(list, records, record), record);
    }
    let in_newest: HashSet<&str> =
        (0..records.len()).filter(|r| !older(*r)).filter_map(|r| text(records, r, key)).collect();
    let mut kept = vec![true; records.len()];
    let mut restated = false;
    let mut vanished: Vec<usize> = Vec::new();
    for record in (0..records.len()).filter(|record| older(*record)) {
        let newer = last[&Identity::of(list, records, record)];
        if records.part_of(newer) > records.part_of(record) {
            kept[record] = false;
            restated = true;
            if !records.same(record, newer) {
                let message = "a newer list says otherwise of this record, and was used";
                problems.add(
                    Problem::warning(records.place(record, key), message)
                        .column(&list.key)
                        .hint(format!("the newer one is {}", records.part_place(newest))),
                );
            }
        } else if is_open(list, records, record)
            && text(records, record, key).is_some_and(|key| !in_newest.contains(key))
        {
            vanished.push(record);
        }
    }
    // Lists that share no record are one list in two pieces, and nobody is missing.
    for record in vanished.into_iter().filter(|_| restated) {
        let message = "this is open here, and not on the newer list; it counts as open";
        problems.add(
            Problem::error(records.place(record, key), message)
                .column(&list.key)
                .hint("add it to the newer list, with its last day if it has ended"),
        );
    }
    records.keep(&kept);
}

/// What makes two rows the same record: its key, where a key has one row; its key and first day,
/// where rows are spans; otherwise everything.
#[derive(PartialEq, Eq, Hash)]
struct Identity {
    key: String,
    rest: Vec<String>,
}

impl Identity {
    fn of(list: &List, records: &Records, record: usize) -> Identity {
        let key = list.column(&list.key).expect("a list's key is one of its columns");
        let shown = |column: usize| format!("{:?}", records.field(record, column));
        let starts = list.starts.as_ref().and_then(|name| list.column(name));
        let rest = match starts {
            _ if list.one_per_key => Vec::new(),
            Some(starts) => vec![shown(starts)],
            None => (0..list.columns.len()).map(shown).collect(),
        };
        Identity { key: shown(key), rest }
    }
}

fn is_open(list: &List, records: &Records, record: usize) -> bool {
    let ends = list.ends.as_ref().and_then(|name| list.column(name));
    ends.is_some_and(|ends| records.has(ends) && records.field(record, ends) == Field::Blank)
}

fn text(records: &Records, record: usize, column: usize) -> Option<&str> {
    match records.field(record, column) {
        Field::Text(text) => Some(text),
        _ => None,
    }
}
