//! Scripts loaded once more: for another return, for words that are printed, after a limit error.
//! What keeps nothing need not be.

use std::cell::OnceCell;
use std::rc::Rc;

use super::loading::{Script, load_one, sandbox_for};
use super::sandbox::Budget;
use super::{Engine, Function};
use crate::nouns::problem::Problem;

/// A script loaded once more, into a sandbox of its own.
pub type Again = OnceCell<Result<Box<Script>, Box<Problem>>>;

impl Engine {
    /// The same scripts for another return, each with all its steps. Those that keep nothing go on
    /// where they are; the others are loaded once more, so that none knows of an earlier return.
    pub fn again(&self) -> Engine {
        let scripts = self.scripts.iter().enumerate().map(|(index, script)| {
            if script.keeps_nothing && script.is_sound() {
                script.sandbox.begin_again(&self.budget);
                return script.clone();
            }
            let again = script.again(index, &self.budget);
            Rc::new(again.unwrap_or_else(|problem| script.ended_by(*problem)))
        });
        Engine::of(scripts.collect(), self.budget)
    }

    /// The script of a function, in a sandbox that is sound.
    pub(super) fn script(&self, function: Function) -> Result<&Script, Box<Problem>> {
        let script = &self.scripts[function.script];
        // What is wrong with a dead one is known.
        if !script.sandbox.spent.get() || script.dead.borrow().is_some() {
            return Ok(script);
        }
        let moved =
            script.moved.get_or_init(|| Ok(Box::new(script.again(function.script, &self.budget)?)));
        moved.as_deref().map_err(Clone::clone)
    }

    /// The script as it is for functions whose words are printed.
    pub(super) fn printing(&self, function: Function) -> Result<&Script, Box<Problem>> {
        let script = self.script(function)?;
        if !script.has_seen.get() || script.keeps_nothing {
            return Ok(script);
        }
        let again = script
            .printing
            .get_or_init(|| Ok(Box::new(script.again(function.script, &self.budget)?)));
        again.as_deref().map_err(Clone::clone)
    }
}

impl Script {
    /// The script loaded once more: nothing that it kept is there.
    pub fn again(&self, index: usize, budget: &Budget) -> Result<Script, Box<Problem>> {
        let (source, shared) = (&self.source, &self.shared);
        let sandbox = sandbox_for(source, budget)?;
        let changed_by = self.changed_by.clone();
        let again = load_one(source, shared, index, (budget, &sandbox), changed_by)?.script;
        // What it prints while it is loaded was heard when it was loaded first.
        sandbox.printed.take();
        Ok(again)
    }

    /// Whether neither it nor another in its sandbox ran into a limit.
    fn is_sound(&self) -> bool {
        self.dead.borrow().is_none() && !self.sandbox.spent.get()
    }

    /// The script as one of which nothing is called any more.
    fn ended_by(&self, problem: Problem) -> Script {
        let (sandbox, functions) = (self.sandbox.clone(), self.functions.clone());
        let ended = Script::new(sandbox, functions, (self.source.clone(), self.shared.clone()));
        *ended.dead.borrow_mut() = Some(problem);
        ended
    }
}
