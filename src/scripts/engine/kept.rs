//! What functions keep between records. A function of a record answers by that record: one that
//! kept what another child's told it could count the digits of an identifier. So what a script of a
//! project's own answered is asked again, child by child, in a sandbox that has seen nothing, first
//! forwards and then backwards. Whoever the other child is, in one of the two it comes later, for
//! all functions of the script: where all answers are the same, none was by what was kept. A script
//! that cannot keep anything need not be asked again.

use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};
use mlua::Value;

use super::values::Desk;
use super::{CallError, Engine};
use crate::definitions::Function;
use crate::nouns::period::Period;
use crate::nouns::problem::Place;

/// What a function said of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Nothing,
    /// Yes or no.
    Is(bool),
    /// A number, by its bits.
    Number(u64),
    /// That the return lacks what it takes.
    Missing,
}

impl Answer {
    /// What came of a call; none where it is no answer.
    pub fn of(result: &Result<Value, CallError>) -> Option<Answer> {
        match result {
            Ok(Value::Nil) => Some(Answer::Nothing),
            Ok(Value::Boolean(is)) => Some(Answer::Is(*is)),
            Ok(Value::Integer(n)) => Some(Answer::Number((*n as f64).to_bits())),
            Ok(Value::Number(n)) => Some(Answer::Number(n.to_bits())),
            Ok(_) | Err(CallError::Fault(_)) => None,
            Err(CallError::Missing(_)) => Some(Answer::Missing),
        }
    }
}

/// A record that a function is asked about.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The list's position.
    pub list: usize,
    /// Whether it is last year's.
    pub last_year: bool,
    /// Which record.
    pub record: u32,
}

/// What was asked: of which of a script's functions, of a record, when which of the desks was
/// there, and the answer.
#[derive(Debug, Clone, Copy)]
struct Asked {
    function: Function,
    desk: usize,
    about: About,
    answer: Answer,
}

/// All that was asked of scripts that might keep something.
#[derive(Debug, Default)]
pub struct Log {
    desks: Vec<(Rc<Desk>, Period)>,
    by_script: IndexMap<usize, Vec<Asked>>,
}

impl Log {
    /// Begins with another return or period.
    pub fn receive(&mut self, desk: Rc<Desk>, period: Period) {
        self.desks.push((desk, period));
    }

    /// Notes an answer about a record of the return that is on the desk.
    pub fn note(&mut self, function: Function, about: About, answer: Answer) {
        let asked = Asked { function, desk: self.desks.len() - 1, about, answer };
        self.by_script.entry(function.script).or_default().push(asked);
    }

    /// Whose record it is: by the key, which lists share.
    fn child(&self, asked: &Asked) -> Option<u32> {
        let (desk, _) = &self.desks[asked.desk];
        let keys = desk.keys(asked.about.list, asked.about.last_year);
        keys.get(asked.about.record as usize).copied()
    }
}

impl Engine {
    /// From now on answers are noted. Not those of checks: what these find is printed nowhere.
    pub fn note_answers(&self) {
        let mut log = Log::default();
        if let Some((desk, period)) = &*self.desk.borrow() {
            log.receive(desk.clone(), *period);
        }
        *self.log.borrow_mut() = Some(log);
    }

    /// Where the functions are that answered by what they had been asked before, of what was noted.
    pub fn answered_by_what_was_kept(&self) -> Vec<Place> {
        let Some(mut log) = self.log.take() else { return Vec::new() };
        let mut kept: IndexSet<Function> = IndexSet::new();
        for (script, mut asked) in std::mem::take(&mut log.by_script) {
            asked.sort_by_cached_key(|asked| log.child(asked));
            self.ask_again(&log, script, asked.iter(), &mut kept);
            self.ask_again(&log, script, asked.iter().rev(), &mut kept);
        }
        kept.into_iter().map(|function| self.place_of(function)).collect()
    }

    pub(super) fn place_of(&self, function: Function) -> Place {
        let script = &self.scripts[function.script];
        let line = script.functions[function.index].info().line_defined;
        let line = line.and_then(|line| u32::try_from(line).ok());
        Place { line, ..Place::file(script.name()) }
    }

    /// Asks a script all of it once more, where it has seen nothing; notes which of its functions
    /// say anything else.
    fn ask_again<'a>(
        &self,
        log: &Log,
        script: usize,
        asked: impl Iterator<Item = &'a Asked>,
        kept: &mut IndexSet<Function>,
    ) {
        let fresh = self.scripts[script].again(script, &self.budget);
        let heard = self.heard_so_far();
        for asked in asked {
            let (desk, period) = &log.desks[asked.desk];
            let again = fresh
                .as_ref()
                .ok()
                .map(|fresh| self.ask_in(fresh, asked.function, (desk, *period), asked.about));
            if again.and_then(|again| Answer::of(&again)) != Some(asked.answer) {
                kept.insert(asked.function);
            }
        }
        self.unhear(heard);
    }
}
