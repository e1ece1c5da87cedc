//! Scripts: what analysts write, in Luau. The only room that knows mlua.
//!
//! Every script is loaded into a sandbox and declares lists, populations, indicators,
//! commentary and layouts through the one global `rap` (see `api.rs`). What it declares becomes
//! plain data; functions stay behind and are called through [`Engine`].

mod again;
#[cfg(test)]
mod agrees;
#[cfg(test)]
mod apart;
mod api;
mod arguments;
mod bytecode;
mod changes;
mod checks;
mod disclosure;
mod errors;
mod fields;
mod forgets;
mod handed;
mod indicators;
mod kept;
mod lists;
mod loading;
mod matchers;
mod measure;
mod merge;
mod names;
mod numbers;
mod parts;
mod plan;
mod printed;
mod published;
mod sandbox;
mod shared;
mod suits;
mod tally;
mod targets;
mod values;
mod wording;

pub use printed::Printed;
pub use sandbox::{ABSENT, Budget};
pub use shared::{is_shared, meant as shared_file};

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use mlua::{IntoLua, Value};

use crate::definitions::{Commentary, Declarations, Function, LAST_YEAR, Layout};
use crate::figures::select::{Judge, Stop};
use crate::figures::suppress::ShownFigures;
use crate::figures::work_out::Derive;
use crate::intake::project::SignOff;
use crate::intake::returns::Return;
use crate::nouns::numbers::without_noise;
use crate::nouns::period::Period;
use crate::nouns::plan::SheetPlan;
use crate::nouns::problem::{Place, Problem};
use errors::{NotInReturn, Saw};
use handed::Handed;
use kept::{About, Answer, Log};
use loading::Script;
use printed::Heard;
use sandbox::Sandbox;
use tally::Tally;
use values::{Desk, LuaFigure, LuaReport};

/// Who reports, as layouts are told.
#[derive(Debug, Clone, Copy)]
pub struct Reporter<'r> {
    /// The council's name.
    pub authority: &'r str,
    /// Its region's name.
    pub region: &'r str,
    /// Who signs the report off.
    pub sign_off: &'r [SignOff],
    /// Commentary by indicator.
    pub commentary: &'r HashMap<String, String>,
}

/// The loaded scripts.
pub struct Engine {
    scripts: Vec<Rc<Script>>,
    budget: Budget,
    desk: RefCell<Option<(Rc<Desk>, Period)>>,
    /// What functions of a project's own were asked for figures, and said.
    log: RefCell<Option<Log>>,
    /// How often functions said true, while that is counted.
    tally: RefCell<Option<Tally>>,
    /// What scripts printed.
    heard: RefCell<Heard>,
}

impl Engine {
    /// Puts the return on the desk, for functions that look at records.
    pub fn receive(&self, received: Rc<Return>, declared: Rc<Declarations>, period: Period) {
        let desk = Rc::new(Desk::new(received, declared));
        if let Some(log) = &mut *self.log.borrow_mut() {
            log.receive(desk.clone(), period);
        }
        *self.desk.borrow_mut() = Some((desk, period));
    }

    fn call_in<R: mlua::FromLuaMulti>(
        &self,
        script: &Script,
        function: Function,
        arguments: impl mlua::IntoLuaMulti,
        saw: Saw,
    ) -> Result<R, CallError> {
        if let Some(problem) = script.dead.borrow().as_ref() {
            return Err(CallError::Fault(Box::new(problem.clone())));
        }
        script.sandbox.meter.allow(self.budget.call_steps, self.budget.time);
        let called = script.functions[function.index].call::<R>(arguments);
        self.hear(script, saw);
        called.map_err(|e| script.fault(&e, saw))
    }

    /// A drafted sentence.
    pub fn draft(
        &self,
        commentary: &Commentary,
        shown: &Rc<ShownFigures>,
        code: &str,
        authority: &str,
    ) -> Result<Option<String>, Box<Problem>> {
        let figure = LuaFigure {
            shown: shown.clone(),
            code: code.to_string(),
            authority: authority.to_string(),
        };
        let script = self.printing(commentary.draft)?;
        let drafted = self.call_in::<Value>(script, commentary.draft, figure, Saw::Printed);
        let text = match drafted.map_err(CallError::problem).map_err(without_number)? {
            Value::Nil => return Ok(None),
            Value::String(text) => text.to_str().ok().map(|text| text.to_string()),
            _ => None,
        };
        text.map(|text| Some(without_noise(&text))).ok_or_else(|| {
            let message = "a commentary's function must return a text, or nothing";
            Box::new(Problem::script(commentary.place.clone(), message))
        })
    }

    /// The sheets of a layout.
    pub fn lay_out(
        &self,
        layout: &Layout,
        shown: &Rc<ShownFigures>,
        reporter: &Reporter,
        narratives: &[(String, String)],
    ) -> Result<Vec<SheetPlan>, Box<Problem>> {
        let desk = self.desk.borrow();
        let (desk, _) =
            desk.as_ref().expect("a report is laid out only once a return was received");
        let report = LuaReport {
            shown: shown.clone(),
            desk: desk.clone(),
            authority: reporter.authority.to_string(),
            region: reporter.region.to_string(),
            sign_off: reporter.sign_off.to_vec(),
            commentary: Rc::new(reporter.commentary.clone()),
            narratives: Rc::new(narratives.to_vec()),
        };
        let script = self.printing(layout.sheets)?;
        // Those of the script that declares the layout: another may have given its function.
        let mut options = self.scripts.iter().rev().map(|script| &script.options);
        let options =
            options.find_map(|options| options.get(&layout.name)).into_lua(&script.sandbox.lua);
        let options = options.expect("options are plain values");
        let value = self
            .call_in::<Value>(script, layout.sheets, (report, options), Saw::Printed)
            .map_err(CallError::problem)?;
        plan::sheets(value, &layout.name).map_err(|error| {
            let mut problem =
                errors::problem_of(&error, script.files(), &script.sandbox.meter, Saw::Printed);
            if problem.place.line.is_none() {
                let text = String::from_utf8_lossy(&script.source.text);
                let line = api::better_line(&text, layout.place.line, &problem.message);
                let line = line.or_else(|| api::only_line(&text, &problem.message));
                problem.place = Place { line: line.or(layout.place.line), ..layout.place.clone() };
            }
            Box::new(problem)
        })
    }
}

enum CallError {
    Missing(String),
    Fault(Box<Problem>),
}

impl CallError {
    fn problem(self) -> Box<Problem> {
        match self {
            CallError::Missing(what) => Box::new(Problem::script(Place::default(), what)),
            CallError::Fault(problem) => problem,
        }
    }
}

/// What to do where a sentence reckons with a figure that has no number.
fn without_number(mut problem: Box<Problem>) -> Box<Problem> {
    if problem.hint.as_deref() == Some(wording::BLANK) {
        let hint =
            "a figure that is suppressed or missing has no number: begin with  if f.number then";
        problem.hint = Some(hint.to_string());
    }
    problem
}

fn missing_in_return(error: &mlua::Error) -> Option<String> {
    if let Some(missing) = error.downcast_ref::<NotInReturn>() {
        return Some(missing.0.clone());
    }
    match error {
        mlua::Error::CallbackError { cause, .. } | mlua::Error::WithContext { cause, .. } => {
            missing_in_return(cause)
        }
        _ => None,
    }
}

impl Engine {
    /// Asks a function about a record; `wanted` makes of its answer what is needed, or says what to
    /// give and how.
    fn ask<T>(
        &self,
        function: Function,
        list: &str,
        record: usize,
        wanted: impl FnOnce(Value) -> Result<T, (&'static str, &'static str)>,
    ) -> Result<T, Stop> {
        let desk = self.desk.borrow();
        let (desk, period) =
            desk.as_ref().expect("records are judged only once a return was received");
        let bare = list.strip_prefix(LAST_YEAR).filter(|_| !desk.declared.lists.contains_key(list));
        let index = desk.declared.lists.get_index_of(bare.unwrap_or(list));
        let index = index.expect("the list of a selection is declared");
        let place = || desk.place_of(list, index, record);
        let at = || format!("looking at the record at {}", place());
        let about = About { list: index, last_year: bare.is_some(), record: record as u32 };
        let script = self.script(function).map_err(Stop::Fault)?;
        script.has_seen.set(true);
        let heard = self.heard_so_far();
        let answer = self.ask_in(script, function, (desk, *period), about);
        self.heard_about(heard, place);
        if let (false, Some(said), Some(log)) =
            (script.keeps_nothing, Answer::of(&answer), &mut *self.log.borrow_mut())
        {
            log.note(function, about, said);
        }
        match answer {
            Ok(answer) => wanted(answer).map_err(|(message, hint)| {
                let place = Place::file(script.name());
                Stop::Fault(Box::new(Problem::script(place, message).hint(hint).context(at())))
            }),
            Err(CallError::Missing(what)) => Err(Stop::Unavailable(what)),
            Err(CallError::Fault(problem)) => Err(Stop::Fault(Box::new(problem.context(at())))),
        }
    }

    /// Asks a function of one of the sandboxes that the script is loaded in.
    fn ask_in(
        &self,
        script: &Script,
        function: Function,
        (desk, period): (&Rc<Desk>, Period),
        about: About,
    ) -> Result<Value, CallError> {
        let Sandbox { lua, handed, .. } = &*script.sandbox;
        let handed = Handed::of(handed, lua, desk, period, about);
        let handed = handed.map_err(|error| script.fault(&error, Saw::Private))?;
        self.call_in(script, function, handed, Saw::Private)
    }
}

impl Judge for Engine {
    fn judge(&self, function: Function, list: &str, record: usize) -> Result<bool, Stop> {
        let said = self.ask(function, list, record, |answer| match answer {
            Value::Boolean(yes) => Ok(yes),
            Value::Nil => Ok(false),
            _ => Err((
                "a function that selects records must return true or false",
                "end it with a comparison, such as `return r.AGE > 3`",
            )),
        })?;
        self.count_answer(function, said);
        Ok(said)
    }

    fn number(&self, function: Function, list: &str, record: usize) -> Result<Option<f64>, Stop> {
        self.ask(function, list, record, |answer| match answer {
            Value::Nil => Ok(None),
            Value::Integer(n) => Ok(Some(n as f64)),
            Value::Number(n) if n.is_finite() => Ok(Some(n)),
            Value::Number(_) => Err((
                "a function that gives each record's number divided by 0",
                "return nil for a record that has none: `if r.BEFORE == 0 then return nil end`",
            )),
            _ => Err((
                "a function that gives each record's number must return a number",
                "return nil for a record that has none: it is left out",
            )),
        })
    }
}

impl Derive for Engine {
    fn derive(
        &self,
        function: Function,
        values: &[f64],
    ) -> Result<Option<(f64, Option<f64>)>, Box<Problem>> {
        let arguments: mlua::Variadic<f64> = values.iter().copied().collect();
        let script = self.script(function)?;
        // What it is handed may be hidden: nothing that it keeps outlives the call, and nothing
        // that others kept is there.
        let alone = match script.keeps_nothing {
            true => None,
            false => Some(script.again(function.script, &self.budget)?),
        };
        let script = alone.as_ref().unwrap_or(script);
        let result: mlua::Variadic<Value> =
            self.call_in(script, function, arguments, Saw::Private).map_err(CallError::problem)?;
        let (value, denominator) =
            (self.number(function, result.first())?, self.number(function, result.get(1))?);
        // What is divided by 0 is no number, whichever way Luau writes it.
        let finite = |n: f64| n.is_finite().then_some(n);
        Ok(match (value.and_then(finite), denominator) {
            (Some(value), None) => Some((value, None)),
            (Some(value), Some(n)) => finite(n).map(|n| (value, Some(n))),
            (None, _) => None,
        })
    }
}

impl Engine {
    /// A number that a function gave, or nothing.
    fn number(
        &self,
        function: Function,
        value: Option<&Value>,
    ) -> Result<Option<f64>, Box<Problem>> {
        match value {
            None | Some(Value::Nil) => Ok(None),
            Some(Value::Integer(n)) => Ok(Some(*n as f64)),
            Some(Value::Number(n)) => Ok(Some(*n)),
            Some(other) => {
                let name = self.scripts[function.script].name();
                let found = fields::described(other);
                let message = format!("`value` must return numbers, not {found}");
                Err(Box::new(Problem::script(Place::file(name), message).hint(
                    "return the value, or a numerator and a denominator; nil where there is none",
                )))
            }
        }
    }
}
