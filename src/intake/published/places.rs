//! What published files say of areas, and which codes are of one council.
//!
//! A council that goes on under another ONS code keeps its three-digit number; one that was merged
//! or split has a new number. So the number joins codes, and nothing else does.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Series;
use crate::nouns::area::AreaCode;

/// What the files say of areas: the newest release has the last word.
#[derive(Debug, Default)]
pub struct Places {
    /// A council's code by its three-digit number, which other tables use.
    pub by_number: HashMap<u16, AreaCode>,
    /// Names by code.
    pub names: HashMap<AreaCode, String>,
    /// Every council.
    pub councils: BTreeSet<AreaCode>,
    /// A council's region.
    pub region_of: HashMap<AreaCode, AreaCode>,
    /// Each code's three-digit number.
    pub(super) numbers: BTreeMap<AreaCode, u16>,
    /// The newest release that has the council.
    last_seen: BTreeMap<AreaCode, String>,
    /// A code that is no longer used, and the one that the council has now.
    now: BTreeMap<AreaCode, AreaCode>,
}

impl Series {
    /// Whether it has a value of each of two codes for one year, so that they are two councils.
    fn has_both(&self, old: AreaCode, new: AreaCode) -> bool {
        let mut of_old = self.values.keys().filter(|(code, _)| *code == old);
        of_old.any(|(_, year)| self.values.contains_key(&(new, *year)))
    }
}

impl Places {
    /// A council by its nine-character code, old or new, or its three-digit number.
    pub fn council(&self, text: &str) -> Option<AreaCode> {
        let code = AreaCode::parse(text)
            .or_else(|| self.by_number.get(&text.trim().parse().ok()?).copied())?;
        Some(self.now(code))
    }

    /// The code that the council has now.
    pub fn now(&self, code: AreaCode) -> AreaCode {
        self.now.get(&code).copied().unwrap_or(code)
    }

    /// The code of a council of this name, to be suggested and never to be used.
    pub fn suggested(&self, name: &str) -> Option<AreaCode> {
        let mut found = self.names.iter().filter(|(_, n)| n.eq_ignore_ascii_case(name.trim()));
        found.next().map(|(code, _)| *code).filter(|_| found.next().is_none())
    }

    /// The last release that has the council, where a newer one has it no more: it was merged with
    /// others, or split.
    pub fn gone_after(&self, code: AreaCode) -> Option<&str> {
        let newest = self.last_seen.values().max()?;
        self.last_seen.get(&code).filter(|last| *last < newest).map(String::as_str)
    }

    /// Remembers that a release has the councils whose rows were read last.
    pub(super) fn seen(&mut self, code: AreaCode, release: &str) {
        let last = self.last_seen.entry(code).or_default();
        if last.as_str() < release {
            *last = release.to_string();
        }
    }

    /// Joins the codes of a council: those with one number, unless a table has both for one year.
    pub(super) fn join(&mut self, series: &mut [Series]) {
        for (old, number) in &self.numbers {
            let Some(new) = self.by_number.get(number).filter(|new| *new != old) else { continue };
            if !series.iter().any(|one| one.has_both(*old, *new)) {
                self.now.insert(*old, *new);
            }
        }
        for old in self.now.keys() {
            self.councils.remove(old);
            self.names.remove(old);
            self.region_of.remove(old);
        }
        if self.now.is_empty() {
            return;
        }
        for one in series {
            let values = std::mem::take(&mut one.values);
            let renamed = |((code, year), value)| ((self.now(code), year), value);
            one.values = values.into_iter().map(renamed).collect();
        }
    }
}
