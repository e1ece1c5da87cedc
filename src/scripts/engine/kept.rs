//! What functions keep between records. A function of a record answers by that record: one that
//! kept what another child's told it could count the digits of an identifier. So what scripts of a
//! project's own answered is asked again, child by child, in a sandbox that has seen nothing, first
//! forwards and then backwards. Whoever the other child is, in one of the two it comes later: where
//! all answers are the same, none was by what was kept.

use std::rc::Rc;

use indexmap::IndexMap;
use mlua::Value;

use super::values::Desk;
use super::{CallError, Engine, Script};
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

/// What was asked: of a record, when which of the desks was there, and the answer.
#[derive(Debug, Clone, Copy)]
struct Asked {
    desk: usize,
    about: About,
    answer: Answer,
}

/// All that was asked of functions that might keep something.
#[derive(Debug, Default)]
pub struct Log {
    desks: Vec<(Rc<Desk>, Period)>,
    asked: IndexMap<Function, Vec<Asked>>,
}

impl Log {
    /// Begins with another return or period.
    pub fn receive(&mut self, desk: Rc<Desk>, period: Period) {
        self.desks.push((desk, period));
    }

    /// Notes an answer about a record of the return that is on the desk.
    pub fn note(&mut self, function: Function, about: About, answer: Answer) {
        let asked = Asked { desk: self.desks.len() - 1, about, answer };
        self.asked.entry(function).or_default().push(asked);
    }

    /// Whose record it is: by the key, which lists share.
    fn child(&self, asked: &Asked) -> Option<u32> {
        let (desk, _) = &self.desks[asked.desk];
        let keys = desk.keys(asked.about.list, asked.about.last_year);
        keys.get(asked.about.record as usize).copied()
    }
}

impl Script {
    /// Whether all that it is made of ships with the program: that keeps nothing.
    pub fn is_shipped(&self) -> bool {
        self.source.shipped && self.shared.iter().all(|file| file.shipped)
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
        let Some(log) = self.log.take() else { return Vec::new() };
        let kept =
            log.asked.iter().filter(|(function, asked)| !self.again(&log, **function, asked));
        let place = |(function, _): (&Function, &Vec<Asked>)| {
            let script = &self.scripts[function.script];
            let line = script.functions[function.index].info().line_defined;
            let line = line.and_then(|line| u32::try_from(line).ok());
            Place { line, ..Place::file(script.name()) }
        };
        kept.map(place).collect()
    }

    /// Whether a function says the same of every record when it is asked in other orders.
    fn again(&self, log: &Log, function: Function, asked: &[Asked]) -> bool {
        let mut by_child: Vec<&Asked> = asked.iter().collect();
        by_child.sort_by_key(|asked| log.child(asked));
        self.again_in(log, function, by_child.iter().copied())
            && self.again_in(log, function, by_child.iter().rev().copied())
    }

    fn again_in<'a>(
        &self,
        log: &Log,
        function: Function,
        mut asked: impl Iterator<Item = &'a Asked>,
    ) -> bool {
        let script = &self.scripts[function.script];
        let Ok(fresh) = script.again(function.script, &self.budget) else { return false };
        asked.all(|asked| {
            let (desk, period) = &log.desks[asked.desk];
            let again = self.ask_in(&fresh, function, desk, *period, asked.about);
            Answer::of(&again) == Some(asked.answer)
        })
    }
}
