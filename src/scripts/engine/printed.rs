//! `print`, for whoever writes a script: what it says while `check --print` runs. Elsewhere it says
//! nothing. What comes of records is told as its kind alone, unless somebody asks for values.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use mlua::{Lua, MultiValue, Value};

use super::errors::Saw;
use super::fields::described;
use super::loading::Script;
use super::{Engine, sandbox};
use crate::nouns::problem::Place;

/// Lines that are kept: nobody reads more.
const MOST: usize = 10_000;

/// A line that a script printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Printed {
    /// The line of the script.
    pub place: Place,
    /// What it says.
    pub said: String,
    /// The same, with the kind of what comes of records in its place.
    pub masked: String,
    /// The record that the function was asked about.
    pub about: Option<String>,
}

/// What `print` was given: each value as a text, and its kind.
pub struct Given {
    place: Place,
    values: Vec<(String, &'static str)>,
}

/// What a sandbox's scripts printed and nobody has heard yet.
pub type Unheard = Rc<RefCell<Vec<Given>>>;

/// What was heard so far.
#[derive(Debug, Default)]
pub struct Heard {
    lines: Vec<Printed>,
    /// The constant texts of lines that print.
    constants: BTreeMap<Place, HashSet<String>>,
}

/// Puts `print` in place; it keeps what it is given only where somebody wants to hear it.
pub fn register(lua: &Lua, keeps: bool) -> mlua::Result<Unheard> {
    let unheard = Unheard::default();
    let kept = unheard.clone();
    let print = lua.create_function(move |lua, given: MultiValue| {
        if keeps {
            keep(lua, &given, &kept);
        }
        Ok(())
    })?;
    lua.globals().set("print", print)?;
    Ok(unheard)
}

/// Keeps what `print` is given, and where, as long as there is room.
fn keep(lua: &Lua, given: &MultiValue, kept: &Unheard) {
    if kept.borrow().len() < MOST {
        let values = given.iter().map(|value| (text_of(value), described(value))).collect();
        let place = sandbox::place_now(lua).unwrap_or_default();
        kept.borrow_mut().push(Given { place, values });
    }
}

/// A value within a table as a text: of a table within a table, only that it is one.
fn text_inside(value: &Value) -> String {
    match value {
        Value::Table(_) => "{ … }".to_string(),
        other => text_of(other),
    }
}

/// A value as a text: tables by what is in them, not by their addresses.
fn text_of(value: &Value) -> String {
    const SHOWN: usize = 10;
    match value {
        Value::Nil => "blank".to_string(),
        Value::Table(table) => {
            let pairs = table.pairs::<Value, Value>().take(SHOWN).filter_map(Result::ok);
            let mut parts: Vec<String> = pairs
                .map(|(key, value)| match key {
                    Value::String(name) => {
                        format!("{} = {}", name.to_string_lossy(), text_inside(&value))
                    }
                    _ => text_inside(&value),
                })
                .collect();
            parts.extend((table.pairs::<Value, Value>().count() > SHOWN).then(|| "…".to_string()));
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Function(_) => "function".to_string(),
        other => other.to_string().unwrap_or_default(),
    }
}

impl Engine {
    /// How much was heard so far.
    pub(super) fn heard_so_far(&self) -> usize {
        self.heard.borrow().lines.len()
    }

    /// Hears what a script printed while it was loaded, or while one of its functions ran.
    pub(super) fn hear(&self, script: &Script, saw: Saw) {
        if !self.budget.prints {
            return;
        }
        let mut heard = self.heard.borrow_mut();
        for Given { place, values } in script.sandbox.printed.take() {
            if heard.lines.len() >= MOST {
                return;
            }
            let constants = heard
                .constants
                .entry(place.clone())
                .or_insert_with_key(|place| script.files().line(place).said);
            let masked = values.iter().map(|(text, kind)| match saw == Saw::Printed {
                false if !constants.contains(text) => *kind,
                _ => text.as_str(),
            });
            let masked = masked.collect::<Vec<_>>().join(" ");
            let said: Vec<&str> = values.iter().map(|(text, _)| text.as_str()).collect();
            heard.lines.push(Printed { place, said: said.join(" "), masked, about: None });
        }
    }

    /// Notes which record the lines that were heard since are about.
    pub(super) fn heard_about(&self, from: usize, record: impl FnOnce() -> String) {
        let mut heard = self.heard.borrow_mut();
        if heard.lines.len() > from {
            let record = record();
            heard.lines[from..].iter_mut().for_each(|line| line.about = Some(record.clone()));
        }
    }

    /// Forgets what was heard since: a function that is asked again says it again.
    pub(super) fn unhear(&self, from: usize) {
        self.heard.borrow_mut().lines.truncate(from);
    }

    /// What was printed: each line once, although a function may be asked of a record more often.
    pub fn printed(&self) -> Vec<Printed> {
        let mut seen = BTreeSet::new();
        let lines = self.heard.borrow().lines.clone();
        lines.into_iter().filter(|line| seen.insert(line.clone())).collect()
    }
}
