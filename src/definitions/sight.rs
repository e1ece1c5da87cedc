//! Whose column a name such as `DEC`, `before.DEC` or `child.DOB` means, where conditions hold one
//! field against another.

use super::{Declarations, List};
use crate::nouns::problem::did_you_mean;

/// What the lists of last year's return are called: `last_year_` and the list's name.
pub const LAST_YEAR: &str = "last_year_";

/// A record beside another of the same key, in order of the list's spans of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Neighbour {
    /// The one before it.
    Before,
    /// The one after it.
    After,
    /// The first of them all; it may be the record itself.
    First,
    /// The last of them all.
    Last,
}

impl Neighbour {
    /// Every neighbour, by the name that scripts use.
    pub const NAMES: [(&'static str, Neighbour); 4] = [
        ("before", Neighbour::Before),
        ("after", Neighbour::After),
        ("first", Neighbour::First),
        ("last", Neighbour::Last),
    ];

    /// The neighbour that a name means.
    pub fn named(name: &str) -> Option<Neighbour> {
        Neighbour::NAMES.iter().find(|(known, _)| *known == name).map(|(_, n)| *n)
    }
}

/// A record that conditions can see: the one they are asked of, or one that led to it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'d> {
    /// The list or population as conditions named it, `last_year_` included.
    pub name: &'d str,
    /// Its list.
    pub list: &'d List,
}

impl Seen<'_> {
    fn goes_by(&self, name: &str) -> bool {
        let (mine, bare) = (self.name.strip_prefix(LAST_YEAR), name.strip_prefix(LAST_YEAR));
        name == self.name
            || (mine.is_some() == bare.is_some()
                && [&self.list.name, &self.list.record]
                    .contains(&&bare.unwrap_or(name).to_string()))
    }
}

/// Whose column is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// The record's own.
    Own,
    /// That of a record so many links further out.
    Outer(usize),
    /// That of a neighbour.
    Neighbour(Neighbour),
    /// That of the one record of a list or population that has the same key.
    Only(String),
}

impl Declarations {
    /// Whose column a name means, on which list, and which of its columns; or why there is none.
    pub fn whose<'d>(
        &'d self,
        seen: &[Seen<'d>],
        name: &str,
    ) -> Result<(Whose, &'d List, usize), String> {
        let own = seen.last().expect("conditions are asked of a record");
        let (whose, list, column) = match name.split_once('.') {
            None => (Whose::Own, own.list, name),
            Some((owner, column)) => {
                let (whose, list) = self.owner(seen, owner)?;
                (whose, list, column)
            }
        };
        match list.column(column) {
            Some(index) => Ok((whose, list, index)),
            None => {
                let guess = did_you_mean(column, list.columns.iter().map(|c| c.name.as_str()));
                Err(format!("the list {} has no column `{column}`{guess}", list.title))
            }
        }
    }

    fn owner<'d>(&'d self, seen: &[Seen<'d>], owner: &str) -> Result<(Whose, &'d List), String> {
        let own = seen.last().expect("conditions are asked of a record");
        if let Some(neighbour) = Neighbour::named(owner) {
            return Ok((Whose::Neighbour(neighbour), own.list));
        }
        // The outermost first: it is the record that the conditions are about in the end.
        let innermost = seen.len() - 1;
        if let Some(at) = seen[..innermost].iter().position(|s| s.goes_by(owner)) {
            return Ok((Whose::Outer(innermost - at), seen[at].list));
        }
        if own.goes_by(owner) {
            return Ok((Whose::Own, own.list));
        }
        let target = self.linked(owner).filter(|target| self.list_of(target).is_some());
        let Some(target) = target else {
            let records = self.lists.values().map(|list| list.record.as_str());
            let known = records.chain(self.populations.keys().map(String::as_str));
            let guess = did_you_mean(owner, known);
            return Err(format!("`{owner}` is no record that can be seen from here{guess}"));
        };
        let list = self.list_of(&target).expect("those without a list were left out");
        if !own.list.leads_to(list) {
            return Err(own.list.no_way_to(list, owner));
        }
        let one_per = self.populations.get(target.as_ref()).map(|p| p.one_per.as_slice());
        if !list.one_per_key && one_per != Some(std::slice::from_ref(&list.key)) {
            return Err(format!(
                "`{owner}` may be several records: name a population with one_per = \"{}\"",
                list.key
            ));
        }
        Ok((Whose::Only(target.into_owned()), list))
    }
}
