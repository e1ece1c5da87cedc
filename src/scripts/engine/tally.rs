//! How often functions of records said true. One that never did may compare a field with what it
//! never holds; whether nobody was to be counted only its author knows.

use indexmap::IndexMap;

use super::Engine;
use crate::definitions::Function;
use crate::nouns::problem::Problem;

/// How many records a function must have been asked about: of a few, none may well be meant.
const ENOUGH: u32 = 20;

/// What functions were asked, and how often each said true.
pub type Tally = IndexMap<Function, (u32, u32)>;

impl Engine {
    /// Notes what a function of a project's own said of a record.
    pub(super) fn count_answer(&self, function: Function, said: bool) {
        if let Some(tally) = &mut *self.tally.borrow_mut() {
            let (asked, yes) = tally.entry(function).or_default();
            *asked += 1;
            *yes += u32::from(said);
        }
    }

    /// From now on answers are counted.
    pub fn count_answers(&self) {
        *self.tally.borrow_mut() = Some(Tally::default());
    }

    /// The functions that said true of no record since, and of how many they were asked.
    pub fn never_true(&self) -> Vec<Problem> {
        let tally = self.tally.take().unwrap_or_default();
        let own = tally.iter().filter(|(function, _)| {
            self.scripts.get(function.script).is_some_and(|script| script.source.pack.is_none())
        });
        let never = own.filter(|(_, (asked, yes))| *yes == 0 && *asked >= ENOUGH);
        never.map(|(function, (asked, _))| self.said_never(*function, *asked)).collect()
    }

    /// That a function said true of no record.
    fn said_never(&self, function: Function, asked: u32) -> Problem {
        let message =
            format!("this function said true of none of {asked} records, which may be right");
        Problem::script_note(self.place_of(function), message).hint(
            "where some should count, look at what it compares: codes are texts, r.FIELD == \"1\"",
        )
    }
}
