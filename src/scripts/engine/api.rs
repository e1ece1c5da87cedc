//! `rap`: what scripts can declare. Each function reads its table into plain data.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use indexmap::IndexMap;
use mlua::{Lua, Table, Value, Variadic};

use super::changes::{self, Change, Given};
use super::checks::check;
use super::errors::{Complaint, complain, complain_of, complain_with};
use super::fields::{Fields, count_anew, described};
use super::forgets::forgets;
use super::indicators::{indicator, population};
use super::lists::{list, words};
use super::loading::text_of;
use super::{arguments, disclosure, matchers, numbers, sandbox, shared, targets};
use crate::definitions::{Commentary, Declarations, Function, Layout};
use crate::intake::project::Source;
use crate::nouns::problem::{Place, did_you_mean, nearest};
use crate::scripts::reference;

/// What one script declares while it is loaded.
pub struct Draft {
    /// The script's number and name.
    pub script: usize,
    /// What it is loaded from: its name for places, its text to find the line of a field.
    pub source: Source,
    /// What it declared.
    pub declared: RefCell<Declarations>,
    /// Its functions that are called later.
    pub functions: RefCell<Vec<mlua::Function>>,
    /// What it changes of what others declare.
    pub changes: RefCell<Vec<Change>>,
    /// What others change of what it declares.
    pub changed_by: Rc<[Change]>,
    /// The options of its layouts, by their names.
    pub options: RefCell<IndexMap<String, Given>>,
    /// Files that it may use.
    pub shared: Rc<[Source]>,
    /// Whether all that it is made of ships with the program.
    pub ships: bool,
    /// Whether the code that was run so far keeps nothing; of what ships nobody asks.
    pub forgets: Cell<bool>,
    /// Whether the script was loaded: what is declared later would not be heard.
    pub loaded: Cell<bool>,
    /// What the script, and the files that it uses, see.
    pub surroundings: OnceCell<Table>,
}

impl Draft {
    /// How many things were declared so far.
    fn declarations(&self) -> usize {
        let d = self.declared.borrow();
        d.lists.len()
            + d.words.len()
            + d.checks.len()
            + d.populations.len()
            + d.indicators.len()
            + d.layouts.len()
            + d.commentary.len()
            + d.policies.len()
            + d.disclosures.len()
            + d.relations.len()
    }

    /// Looks at code of the script, or of a file that it uses, before it is run.
    pub fn note_code(&self, code: Option<&[u8]>) {
        let forgets = self.ships || self.forgets.get() && code.is_some_and(forgets);
        self.forgets.set(forgets);
    }

    /// What the script sees, once it is there.
    pub fn surroundings(&self) -> Table {
        self.surroundings.get().expect("scripts run only with what they see").clone()
    }

    /// Where the function of `rap` that is at work was called.
    pub fn called_at(&self, lua: &Lua) -> Place {
        sandbox::place_now(lua).unwrap_or_else(|| Place::file(&self.source.name))
    }

    /// The text of the file that a place is in.
    pub fn text_at(&self, place: &Place) -> &str {
        let file = self.shared.iter().find(|file| file.name == place.file);
        text_of(file.unwrap_or(&self.source)).unwrap_or_default()
    }

    /// Keeps a function that is called later.
    pub fn keep(&self, function: mlua::Function) -> Function {
        let mut functions = self.functions.borrow_mut();
        functions.push(function);
        Function { script: self.script, index: functions.len() - 1 }
    }
}

/// The line of a source, from a declaration's first on, that first holds the word in backticks of a
/// message.
pub fn better_line(source: &str, from: Option<u32>, message: &str) -> Option<u32> {
    let from = from?;
    lines_with(source, message).find(|line| (from..from + 60).contains(line))
}

/// The only line of a source that holds the word in backticks of a message.
pub fn only_line(source: &str, message: &str) -> Option<u32> {
    let mut lines = lines_with(source, message);
    lines.next().filter(|_| lines.next().is_none())
}

/// The lines of a source that hold the word in backticks of a message.
fn lines_with<'a>(source: &'a str, message: &'a str) -> impl Iterator<Item = u32> + 'a {
    let word = message.split('`').nth(1).unwrap_or_default();
    let lines = source.lines().enumerate();
    let named = lines.filter(move |(_, line)| !word.is_empty() && holds_word(line, word));
    named.map(|(i, _)| i as u32 + 1)
}

/// Whether a word stands on a line by itself, and not only as a part of a longer one.
fn holds_word(line: &str, word: &str) -> bool {
    let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        !goes_on(before.chars().next_back()) && !goes_on(after.chars().next())
    })
}

/// How many things one script may declare.
const MOST_DECLARATIONS: usize = 1_000;

type Declare = fn(&Draft, &str, Place, Table) -> mlua::Result<()>;

/// The `rap` of one script.
pub fn rap(lua: &Lua, draft: &Rc<Draft>) -> mlua::Result<Table> {
    let rap = lua.create_table()?;
    let kinds: [(&str, Declare); 9] = [
        ("list", list),
        ("words", words),
        ("check", check),
        ("population", population),
        ("indicator", indicator),
        ("policy", targets::policy),
        ("disclosure", disclosure::disclosure),
        ("relation", disclosure::relation),
        ("layout", layout),
    ];
    for (kind, declare) in kinds {
        let draft = draft.clone();
        rap.set(
            kind,
            lua.create_function(move |lua, name: Value| {
                let name = declared_name(kind, name)?;
                let place = draft.called_at(lua);
                let draft = draft.clone();
                lua.create_function(move |lua, (body, more): (Value, Variadic<Value>)| {
                    let Value::Table(body) = body else {
                        return Err(complain(format!(
                            "rap.{kind} \"{name}\" must be followed by a table, not {}",
                            described(&body)
                        )));
                    };
                    if !more.is_empty() {
                        let what = format!("rap.{kind} \"{name}\"");
                        return Err(complain_with(
                            arguments::too_many(&what, 1, 1 + more.len()),
                            "all that belongs to it stands in one table, between one pair of \
                             braces",
                        ));
                    }
                    count_anew();
                    if draft.declarations() >= MOST_DECLARATIONS {
                        return Err(complain_with(
                            "the script declares too much",
                            "a script may declare 1,000 things",
                        ));
                    }
                    let changed = changes::apply(lua, &draft, (kind, &name), body);
                    changed
                        .and_then(|body| declare(&draft, &name, place.clone(), body))
                        .map_err(|e| changes::at_the_change(&draft, kind, &name, e))
                        .map_err(|e| sharpen(&draft, &place, e))
                })
            })?,
        )?;
    }
    let kept = draft.clone();
    rap.set(
        "commentary",
        lua.create_function(move |lua, code: Value| {
            let code = declared_name("commentary", code)?;
            let draft = kept.clone();
            let place = draft.called_at(lua);
            lua.create_function(move |_, (draws, more): (Value, Variadic<Value>)| {
                let what = format!("rap.commentary \"{code}\"");
                let hint = "write  (function(figure) return … end)  behind it";
                if !more.is_empty() {
                    let message = arguments::too_many(&what, 1, 1 + more.len());
                    return Err(complain_with(message, hint));
                }
                let Value::Function(function) = draws else {
                    let found = described(&draws);
                    let message = format!("{what} must be followed by a function, not {found}");
                    return Err(complain_with(message, hint));
                };
                let commentary = Commentary { draft: draft.keep(function), place: place.clone() };
                once(
                    draft.declared.borrow_mut().commentary.insert(code.clone(), commentary),
                    "commentary",
                    &code,
                )
            })
        })?,
    )?;
    matchers::register(lua, &rap)?;
    let kept = draft.clone();
    matchers::register_keeping(lua, &rap, move |f| kept.keep(f))?;
    shared::register(lua, &rap, draft)?;
    changes::register(lua, &rap, draft)?;
    numbers::register(lua, &rap)?;
    for call in reference::calls() {
        if let Value::Function(function) = rap.raw_get(call.name)? {
            rap.set(call.name, arguments::counted(lua, call, function, draft)?)?;
        }
    }
    let names: Vec<String> =
        rap.pairs::<String, Value>().map(|p| p.map(|(k, _)| k)).collect::<mlua::Result<_>>()?;
    let meta = lua.create_table()?;
    meta.set(
        "__index",
        lua.create_function(move |_, (_, key): (Value, Value)| -> mlua::Result<Value> {
            let key = key.to_string()?;
            let guess = did_you_mean(&key, names.iter().map(String::as_str));
            let mut sorted = names.clone();
            sorted.sort();
            let meant = nearest(&key, sorted.iter().map(String::as_str));
            let hint =
                match meant.and_then(|meant| reference::calls().find(|call| call.name == meant)) {
                    Some(call) => format!("`rap.{}`: {}", call.name, call.briefly()),
                    None => format!("rap has {}", sorted.join(", ")),
                };
            let message = format!("there is no `rap.{key}`{guess}");
            Err(complain_of(key, message, hint))
        })?,
    )?;
    rap.set_metatable(Some(meta))?;
    rap.set_readonly(true);
    Ok(rap)
}

/// Says the line that the complaint is about, where the source shows it better than the call does.
fn sharpen(draft: &Draft, place: &Place, error: mlua::Error) -> mlua::Error {
    match error.downcast_ref::<Complaint>() {
        Some(complaint) if complaint.place.is_none() => {
            let text = draft.text_at(place);
            let line = better_line(text, place.line, &complaint.message).or(place.line);
            let place = Some(Place { line, ..place.clone() });
            mlua::Error::external(Complaint { place, ..complaint.clone() })
        }
        _ => error,
    }
}

fn declared_name(kind: &str, name: Value) -> mlua::Result<String> {
    match name {
        Value::String(name) => {
            let name = name.to_str()?.to_string();
            let proper = !name.is_empty()
                && name.len() <= 60
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !proper {
                return Err(complain_with(
                    format!("rap.{kind}: \"{name}\" cannot be a name"),
                    "names are made of letters, digits and _",
                ));
            }
            Ok(name)
        }
        other => Err(complain_with(
            format!("rap.{kind} needs a name, not {}", described(&other)),
            format!("write  rap.{kind} \"name\" {{ … }}"),
        )),
    }
}

/// A name is declared once in a script.
pub fn once<T>(earlier: Option<T>, kind: &str, name: &str) -> mlua::Result<()> {
    if earlier.is_some() {
        return Err(complain_with(
            format!("the {kind} `{name}` is declared twice in this script"),
            "give one of them another name",
        ));
    }
    Ok(())
}

fn layout(draft: &Draft, name: &str, place: Place, body: Table) -> mlua::Result<()> {
    let mut fields = Fields::new("Layout", body, format!("rap.layout \"{name}\""))?;
    let sheets = fields.value("sheets")?;
    let sheets = changes::function_of(draft, &sheets)
        .ok_or_else(|| fields.wrong("sheets", "a function that returns the sheets", &sheets))?;
    let options = fields.value("options")?;
    let options = match &options {
        Value::Nil => Given::Table(Vec::new()),
        Value::Table(_) => Given::of(&options, draft, 0)?,
        other => return Err(fields.wrong("options", "a table of options by name", other)),
    };
    if !options.is_plain() {
        return Err(complain_with(
            format!("{}: `options` holds what is no text, number or table", fields.what()),
            "options are texts, numbers, true or false, and tables of them",
        ));
    }
    let names = options.names();
    draft.options.borrow_mut().insert(name.to_string(), options);
    let layout = Layout {
        name: name.to_string(),
        description: fields.text("description")?.unwrap_or_default(),
        options: names,
        sheets,
        place,
    };
    fields.finish()?;
    once(draft.declared.borrow_mut().layouts.insert(name.to_string(), layout), "layout", name)
}
