//! What functions of scripts are handed: records, days, periods, shown figures. All of them can be
//! read and none can be changed.

mod day;
mod figure;
mod record;
mod report;

pub use day::{LuaDay, LuaPeriod};
pub use figure::LuaFigure;
pub use record::LuaRecord;
pub use report::LuaReport;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::errors::{complain_of, complain_with};
use crate::definitions::{Declarations, List};
use crate::figures::select::Order;
use crate::intake::returns::{Field, Records, Return};
use crate::nouns::problem::did_you_mean;
use crate::scripts::reference;

/// A complaint about a name that a value does not have.
fn none_such(kind: &str, name: &str) -> mlua::Error {
    let kind = reference::kind(kind);
    let guess = did_you_mean(name, kind.names());
    complain_of(name, format!("{} has no `{name}`{guess}", kind.called), kind.hint_for(name))
}

/// For each record the number of the key by which it leads to a reference list.
type KeysLedTo = Rc<Vec<u32>>;

/// What was received and declared, for functions that look at records.
#[derive(Debug)]
pub struct Desk {
    /// The return.
    pub received: Rc<Return>,
    /// The declarations.
    pub declared: Rc<Declarations>,
    /// The order of each list's records, once a function asks for one before or after another.
    orders: RefCell<HashMap<String, Rc<Order>>>,
    /// The keys by which a list's records lead to a reference list's, once a function asks.
    led: RefCell<HashMap<(usize, bool, usize), KeysLedTo>>,
    /// Where the records of each declared list are, in this return and in last year's: functions
    /// ask for fields by the million.
    at: Vec<[Option<usize>; 2]>,
}

impl Desk {
    /// A return on the desk.
    pub fn new(received: Rc<Return>, declared: Rc<Declarations>) -> Desk {
        let at = |name| [&received.lists, &received.last_year].map(|all| all.get_index_of(name));
        let at = declared.lists.keys().map(at).collect();
        let (orders, led) = (RefCell::default(), RefCell::default());
        Desk { received, declared, orders, led, at }
    }

    /// Where a record of a selection's list stands: the cell of its key.
    pub fn place_of(&self, list: &str, index: usize, record: usize) -> String {
        let declared = &self.declared.lists[index];
        let column = declared.column(&declared.key).unwrap_or(0);
        let records = self.received.records(list).expect("a selection's list is there");
        records.place(record, column).to_string()
    }

    /// The records of a list by its position, of this return or of last year's.
    pub fn records(&self, list: usize, last_year: bool) -> Option<&Records> {
        match self.at[list][usize::from(last_year)] {
            Some(at) if last_year => Some(&self.received.last_year[at]),
            Some(at) => Some(&self.received.lists[at]),
            None if last_year => None,
            None => self.received.reference.get(&self.declared.lists[list].name),
        }
    }

    /// For each record of a list the number of its key, which lists share; none where there is no
    /// list.
    pub fn keys(&self, list: usize, last_year: bool) -> &[u32] {
        self.records(list, last_year).map_or(&[], |records| &records.keys)
    }

    /// The number of the key by which a record leads to another list.
    fn key_to(&self, from: &LuaRecord, target: usize, theirs: &Records) -> u32 {
        let (list, other) = (from.list(), &self.declared.lists[target]);
        let (own, record) = (from.records(), from.record as usize);
        let Some(column) = list.leads_by(other) else { return own.keys[record] };
        let key = other.column(&other.key).expect("a list's key is one of its columns");
        let mut led = self.led.borrow_mut();
        let keys = led
            .entry((from.list, from.last_year, target))
            .or_insert_with(|| Rc::new(own.led_to(column, theirs, key)));
        keys[record]
    }

    /// Rows of a public list hold nothing that says who a child is, whatever their columns are
    /// called: no identifier and no text of the return's personal columns.
    fn tells_of_nobody(&self, list: &List) -> mlua::Result<()> {
        let Some(rows) = self.received.lists.get(&list.name) else { return Ok(()) };
        let personal: HashSet<&str> = self
            .declared
            .lists
            .values()
            .filter(|other| !other.is_public())
            .filter_map(|other| Some((other, self.received.lists.get(&other.name)?)))
            .flat_map(|(other, records)| {
                let columns = (0..other.columns.len()).filter(|at| {
                    let column = &other.columns[*at];
                    column.personal
                        || (column.name == other.key
                            && self.declared.tells_of_people(other).is_some())
                });
                columns.flat_map(move |column| {
                    (0..records.len())
                        .filter_map(move |record| long_text(records.field(record, column)))
                })
            })
            .collect();
        for (column, declared) in list.columns.iter().enumerate() {
            let told = (0..rows.len()).any(|record| {
                long_text(rows.field(record, column)).is_some_and(|text| personal.contains(text))
            });
            if told && list.public.contains(&declared.name) {
                return Err(complain_with(
                    format!(
                        "the column `{}` of {} holds what says who a child is on another list",
                        declared.name, list.title
                    ),
                    "take the column out of `public`",
                ));
            }
        }
        Ok(())
    }
}

/// A text that is long enough to be somebody's: codes such as UN1 are everybody's.
fn long_text(field: Field<'_>) -> Option<&str> {
    match field {
        Field::Text(text) if text.len() > 4 => Some(text),
        _ => None,
    }
}
