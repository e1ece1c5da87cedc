//! The return: what was received, as typed lists whose records know their sheet and row, and what
//! managers typed on the Cover, Figures and Commentary sheets.

mod continuation;
mod elements;
mod find;
mod keys;
mod lists;
mod management;
mod records;
mod repeats;
mod seen;
mod series;
mod spells;
mod tabs;
mod typing;
mod units;

pub use find::{Found, find_list, find_lists};
pub use management::{
    CoverEntry, FORECAST, Management, TARGET, TypedCommentary, TypedFigure, TypedSheet, TypedValue,
};
pub use records::{BLANK_DAY, BLANK_TEXT, ColumnData, Field, NO_KEY, Part, Records, Texts};

use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;

use crate::definitions::{Declarations, LAST_YEAR, List};
use crate::intake::read::{Sheet, Source, Value};
use crate::nouns::period::Period;
use crate::nouns::problem::{Place, Problem, Problems};

/// What stands in the first cell of an empty return's guidance, and of its sheet of codes: they are
/// known by it.
pub const GUIDANCE_TITLE: &str = "How to fill in this return";
/// The same of its sheet of codes.
pub const CODES_TITLE: &str = "What the codes of this return mean";

/// Everything that was received for one period.
#[derive(Debug, Default, Clone)]
pub struct Return {
    /// The lists that were found, by name.
    pub lists: IndexMap<String, Records>,
    /// The lists of last year's return, by name.
    pub last_year: IndexMap<String, Records>,
    /// Lists that the project's settings name a file for, by name.
    pub reference: Rc<IndexMap<String, Records>>,
    /// The management sheets.
    pub management: Management,
    /// Which sheet became what, for `show` and `check -v`.
    pub found: Vec<(Place, String)>,
}

/// The month that years begin in, and the period that the command line asks for.
#[derive(Debug, Clone, Copy)]
pub struct Reporting {
    /// First month of a year.
    pub year_month: i8,
    /// What `--period` says, which beats the Cover sheet.
    pub period: Option<Period>,
    /// How many pairs of one child's records a return may have (see [`Limits::pairs`]).
    ///
    /// [`Limits::pairs`]: crate::intake::read::Limits::pairs
    pub pairs: u64,
}

impl Return {
    /// Makes one return of everything that was read.
    pub fn gather(
        sources: &[Source],
        declared: &Declarations,
        reporting: Reporting,
        problems: &mut Problems,
    ) -> Result<(Return, Period), Problem> {
        let mut received = Return::default();
        let of_elements = elements::lists_of(sources, declared);
        let as_read = sources.iter().flat_map(|s| &s.sheets);
        let as_read = as_read.filter(|sheet| !elements::are_declared(sheet, declared));
        let filled: Vec<&Sheet> =
            as_read.chain(&of_elements).filter(|sheet| !sheet.is_empty()).collect();
        let (hidden, shown): (Vec<&Sheet>, Vec<&Sheet>) =
            filled.into_iter().partition(|sheet| sheet.hidden);
        for sheet in hidden {
            received.leave_out_hidden(sheet, declared, problems);
        }
        let mut rest: Vec<&Sheet> = Vec::new();
        let mut typed: Vec<(&Sheet, TypedSheet)> = Vec::new();
        for sheet in &shown {
            if let Some(help) = help_of_a_blank(sheet) {
                received.found.push((sheet.place.clone(), format!("{help}, nothing to read")));
            } else if let Some(copy) = tabs::copy(sheet, &shown) {
                received.found.push((sheet.place.clone(), "a copy, left out".to_string()));
                problems.add(copy);
            } else if let Some(kind) = TypedSheet::of(sheet) {
                typed.push((sheet, kind));
            } else {
                rest.push(sheet);
            }
        }
        let (covers, typed): (Vec<_>, Vec<_>) =
            typed.into_iter().partition(|(_, kind)| matches!(kind, TypedSheet::Cover));
        for (sheet, kind) in &covers {
            received.take_typed(sheet, kind, declared, problems);
        }
        let period = match reporting.period {
            Some(period) => period,
            None => received
                .management
                .period(reporting.year_month, problems)?
                .ok_or_else(|| no_period(sources))?,
        };
        for one in &typed {
            let (sheet, kind) = one;
            match tabs::other_period(&sheet.name, &period, false) {
                Some(other) if typed.iter().any(|beside| is_meant(beside, one, &period)) => {
                    received.leave_out_other(sheet, &other, problems)
                }
                Some(other) if sheet.typed => {
                    problems.add(tabs::used_all_the_same(sheet, &other));
                    received.take_typed(sheet, kind, declared, problems);
                }
                _ => received.take_typed(sheet, kind, declared, problems),
            }
        }
        received.management.settle_figures(declared, problems);
        received.take_lists(&rest, declared, &period, problems);
        received.holds_pairs(declared, reporting.pairs)?;
        Ok((received, period))
    }

    /// That no more pairs of records are one child's than are allowed: a key that was filled down a
    /// long list makes all of its rows one child's.
    fn holds_pairs(&self, declared: &Declarations, allowed: u64) -> Result<(), Problem> {
        let sent = self.lists.iter().filter(|(name, _)| declared.lists[*name].made_of.is_none());
        let all = sent.clone().map(|(_, records)| records.pairs()).fold(0, u64::saturating_add);
        let most = sent.max_by_key(|(_, records)| records.pairs());
        let Some((name, records)) = most.filter(|_| all > allowed) else { return Ok(()) };
        let most = records.of_each_key().into_iter().max().unwrap_or_default();
        let key = &declared.lists[name].key;
        let message =
            format!("{most} rows have the same {key}, too many to hold beside each other");
        Err(Problem::error(records.sheet_of(0).0.clone(), message)
            .hint(format!("look whether {key} was filled down; if not, `--limit 2` allows more"))
            .hint_in_page(format!(
                "look whether {key} was filled down; if not, an analyst can allow more"
            )))
    }

    fn take_typed(
        &mut self,
        sheet: &Sheet,
        kind: &TypedSheet,
        declared: &Declarations,
        problems: &mut Problems,
    ) {
        self.management.take(sheet, kind, declared, problems);
        self.found.push((sheet.place.clone(), kind.name().to_string()));
    }

    /// A sheet of another period never wins over this one's, and fills nothing.
    fn leave_out_other(&mut self, sheet: &Sheet, other: &str, problems: &mut Problems) {
        self.found.push((sheet.place.clone(), format!("of {other}, left out")));
        problems.add(
            Problem::warning(
                sheet.place.clone(),
                format!("the sheet is of {other} by its name, so it was left out"),
            )
            .hint("delete it, or give it another name if it belongs to this period"),
        );
    }

    fn leave_out_hidden(
        &mut self,
        sheet: &Sheet,
        declared: &Declarations,
        problems: &mut Problems,
    ) {
        let place = sheet.place.clone();
        let problem = match find_list(sheet, declared) {
            Some(found) => {
                let title = &declared.lists[&found.list].title;
                let what = format!("a hidden sheet that holds a list ({title}) was left out");
                Problem::warning(place, what)
            }
            None => Problem::note(place, "a hidden sheet was left out"),
        };
        problems.add(problem.hint("unhide the sheet if it belongs to the return, or delete it"));
        self.found.push((sheet.place.clone(), "hidden, left out".to_string()));
    }

    /// Puts last year's return beside this one.
    pub fn put_beside(&mut self, last_year: Return, declared: &Declarations) {
        self.last_year = last_year.lists;
        self.link(declared);
    }

    /// Puts reference lists beside the return, each linked by its own key.
    pub fn put_reference(&mut self, lists: IndexMap<String, Records>, declared: &Declarations) {
        let mut lists = lists;
        for (name, records) in &mut lists {
            let mut keys = records::Keys::default();
            records.number_keys(&declared.lists[name], &mut keys);
            records.set_key_count(keys.len());
        }
        self.reference = Rc::new(lists);
    }

    /// A list's records, by its name or, with `last_year_` before it, those of last year's return.
    pub fn records(&self, name: &str) -> Option<&Records> {
        match name.strip_prefix(LAST_YEAR) {
            Some(bare) if !self.lists.contains_key(name) => self.last_year.get(bare),
            _ => self.lists.get(name).or_else(|| self.reference.get(name)),
        }
    }

    /// The return of some keys alone, such as some children, without some records of one list.
    /// Lists that go by other keys are there, and empty.
    pub fn of_keys(
        &self,
        declared: &Declarations,
        (key, keys): (&str, &[u32]),
        without: Option<(&str, &[u32])>,
    ) -> Return {
        let wanted = Wanted { declared, key, keys, without };
        let sent = self.lists.iter().filter(|(name, _)| declared.lists[*name].made_of.is_none());
        let mut some = Return {
            lists: sent.map(|list| wanted.of(list, "")).collect(),
            last_year: self.last_year.iter().map(|list| wanted.of(list, LAST_YEAR)).collect(),
            reference: self.reference.clone(),
            management: self.management.clone(),
            found: Vec::new(),
        };
        some.link(declared);
        some.make_chains(declared);
        some
    }

    /// Gives equal keys equal numbers over all lists that share the key column.
    fn link(&mut self, declared: &Declarations) {
        let mut keys: HashMap<&str, records::Keys> = HashMap::new();
        for (name, records) in self.lists.iter_mut().chain(&mut self.last_year) {
            let list: &List = &declared.lists[name];
            records.number_keys(list, keys.entry(&list.key).or_default());
        }
        for (name, records) in self.lists.iter_mut().chain(&mut self.last_year) {
            records.set_key_count(keys[declared.lists[name].key.as_str()].len());
        }
    }
}

/// Which sheet of an empty return it is, where it is one that helps to fill it in and holds nothing
/// else.
fn help_of_a_blank(sheet: &Sheet) -> Option<&'static str> {
    let (_, cells) = sheet.rows().next()?;
    match sheet.value(cells.first()?) {
        Value::Text(GUIDANCE_TITLE) => Some("guidance of an empty return"),
        Value::Text(CODES_TITLE) => Some("codes of an empty return"),
        _ => None,
    }
}

fn no_period(sources: &[Source]) -> Problem {
    let file = sources.first().map_or(String::new(), |s| s.name.clone());
    Problem::error(Place::file(file), "the return does not say which period it is for")
        .hint("write `Period end` and a date on the Cover, or --period \"2026/27 Q2\"")
        .hint_in_page("give the Cover sheet a row `Period end` with a date")
}

/// The keys whose records are wanted, and records of one list that are left out all the same.
struct Wanted<'a> {
    declared: &'a Declarations,
    key: &'a str,
    keys: &'a [u32],
    without: Option<(&'a str, &'a [u32])>,
}

impl Wanted<'_> {
    /// Those of one list, which has another name in full where it stands within others; none of a
    /// list that goes by another key.
    fn of(&self, (name, records): (&String, &Records), within: &str) -> (String, Records) {
        let these = if self.declared.lists[name].key == self.key { self.keys } else { &[] };
        let left_out = self.without.filter(|(list, _)| *list == format!("{within}{name}"));
        let left_out = left_out.map_or(&[][..], |(_, records)| records);
        (name.clone(), records.of_keys(these, left_out))
    }
}

/// Whether a sheet is the one of its kind that the return's period is meant with: another one of
/// the same kind beside it, named after another period, is left out then.
fn is_meant(
    (sheet, kind): &(&Sheet, TypedSheet),
    (other, of_kind): &(&Sheet, TypedSheet),
    period: &Period,
) -> bool {
    kind.name() == of_kind.name()
        && tabs::are_together(other, sheet)
        && tabs::other_period(&sheet.name, period, false).is_none()
}
