//! Lua's errors as problems: script, line and what to change, without Lua's inner words.

use std::fmt;

use mlua::{MultiValue, Value};

use super::fields::described;
use super::sandbox::{self, Meter, OutOfSteps};
use super::wording;
use crate::intake::project::Source;
use crate::nouns::problem::{Place, Problem};
use crate::scripts::slips::{self, Words};

/// An error raised by `rap` itself: what is wrong with the arguments, and what to do.
#[derive(Debug, Clone, Default)]
pub struct Complaint {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Where, as far as it is known better than Lua knows it.
    pub place: Option<Place>,
    /// The name that was asked for, where the script may have made it up while it ran.
    pub name: Option<String>,
}

/// What a script itself says with `error` or `assert`.
#[derive(Debug, Clone)]
pub struct Raised {
    /// The text; or what there was in its place.
    pub said: Result<String, &'static str>,
    /// The line that says it.
    pub place: Option<Place>,
}

impl std::fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said.as_deref().unwrap_or_else(|found| found))
    }
}

impl std::error::Error for Raised {}

/// The files that an error may come from.
#[derive(Clone, Copy)]
pub struct Files<'s> {
    /// The script.
    pub script: &'s Source,
    /// Those that it may use.
    pub shared: &'s [Source],
}

impl<'s> Files<'s> {
    fn names(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        std::iter::once(self.script).chain(self.shared).map(|source| source.name.as_str())
    }

    /// What stands on a line of one of them.
    pub fn line(&self, place: &Place) -> Words {
        let mut all = std::iter::once(self.script).chain(self.shared);
        let text = all.find(|source| source.name == place.file).map(|source| &source.text);
        match (text.and_then(|text| std::str::from_utf8(text).ok()), place.line) {
            (Some(text), Some(line)) => slips::words(text, line),
            _ => Words::default(),
        }
    }
}

/// Whose eyes a function's errors are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saw {
    /// It was handed nothing but what is printed: it may say what it likes.
    Printed,
    /// It was handed records, or figures before disclosure control: nothing is told of its errors
    /// but what stands in the script, word for word, on the line that raised them.
    Private,
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Complaint {}

/// The return has not got what a function asked for: no fault of the script.
#[derive(Debug, Clone)]
pub struct NotInReturn(pub String);

impl std::fmt::Display for NotInReturn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotInReturn {}

/// A complaint as Lua carries it.
pub fn complain(message: impl Into<String>) -> mlua::Error {
    mlua::Error::external(Complaint { message: message.into(), ..Complaint::default() })
}

/// A complaint that says what to do.
pub fn complain_with(message: impl Into<String>, hint: impl Into<String>) -> mlua::Error {
    mlua::Error::external(Complaint {
        message: message.into(),
        hint: Some(hint.into()),
        ..Complaint::default()
    })
}

/// A complaint about a name that there is not.
pub fn complain_of(
    name: impl Into<String>,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> mlua::Error {
    mlua::Error::external(Complaint {
        message: message.into(),
        hint: Some(hint.into()).filter(|hint: &String| !hint.is_empty()),
        name: Some(name.into()),
        ..Complaint::default()
    })
}

/// A limit that a script ran into: it is not trusted to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// It takes too many steps, or too long.
    Steps,
    /// It uses too much memory.
    Memory,
}

impl Limit {
    /// What is told of it, and what to do.
    fn words(self) -> (String, String) {
        match self {
            Limit::Steps => (
                OutOfSteps.to_string(),
                "look for a loop that never ends, or do less for each record".to_string(),
            ),
            Limit::Memory => (
                "the script was stopped: it uses more memory than it may".to_string(),
                "a script may use 64 MiB; build smaller tables and texts".to_string(),
            ),
        }
    }
}

/// The limit that stopped a script, where one did.
pub fn limit_of(error: &mlua::Error) -> Option<Limit> {
    if find::<OutOfSteps>(error).is_some() {
        return Some(Limit::Steps);
    }
    // Luau has these words for it where the error comes through code of its own.
    let memory = match innermost(error) {
        mlua::Error::MemoryError(_) => true,
        mlua::Error::RuntimeError(says) => says.contains("not enough memory"),
        _ => false,
    };
    memory.then_some(Limit::Memory)
}

/// Where scripts were when they were last counted; none where another script of the sandbox was at
/// work then.
fn last_seen(meter: &Meter, files: Files) -> Option<Place> {
    let seen = meter.seen.borrow().clone();
    seen.filter(|place| files.names().any(|name| name == place.file))
}

/// Turns an error of a script into a problem.
pub fn problem_of(error: &mlua::Error, files: Files, meter: &Meter, saw: Saw) -> Problem {
    let whole = match innermost(error) {
        mlua::Error::RuntimeError(text) | mlua::Error::SyntaxError { message: text, .. } => {
            text.clone()
        }
        _ => error.to_string(),
    };
    // What Luau says begins with its place; what Rust raised may hold anything, and only the stack
    // tells where that was.
    let luau =
        matches!(innermost(error), mlua::Error::RuntimeError(_) | mlua::Error::SyntaxError { .. });
    let own = whole.split_once('\n').filter(|_| luau).map_or_else(
        || luau.then(|| place_in(&whole, files)).flatten(),
        |(says, stack)| place_in(says, files).or_else(|| place_in(stack, files)),
    );
    let named = own.or_else(|| place_in(traceback(error).unwrap_or_default(), files));
    let seen = || last_seen(meter, files);
    let (place, message, hint) = if let Some(raised) = find::<Raised>(error) {
        let place = raised.place.clone().or(named);
        let (message, hint) = raised_words(raised, files, place.as_ref(), saw);
        (place, message, hint)
    } else if let Some(complaint) = find::<Complaint>(error) {
        let place = complaint.place.clone().or(named);
        let made_up = complaint.name.as_ref().filter(|_| saw == Saw::Private).is_some_and(|name| {
            !place.as_ref().is_some_and(|place| files.line(place).names.contains(name))
        });
        match made_up {
            true => (place, MADE_UP.to_string(), Some(MADE_UP_HINT.to_string())),
            false => (place, complaint.message.clone(), complaint.hint.clone()),
        }
    } else if let Some(limit) = limit_of(error) {
        let (message, hint) = limit.words();
        let place = match limit {
            Limit::Steps => seen().or(named),
            Limit::Memory => named.or_else(seen),
        };
        (place, message, Some(hint))
    } else {
        let bare = bare(&whole, named.as_ref().map_or(&files.script.name, |place| &place.file));
        let name = wording::asked_for(&bare).filter(|_| saw == Saw::Private);
        let written =
            |name: &str| named.as_ref().is_some_and(|at| files.line(at).names.contains(name));
        if name.is_some_and(|name| !written(name)) {
            (named, MADE_UP.to_string(), Some(MADE_UP_HINT.to_string()))
        } else {
            match wording::of(&bare).or_else(|| wording::unreadable(&bare)) {
                Some((message, hint)) => (named, message, Some(hint)),
                None => {
                    let message = plain(bare);
                    let hint = hint_for(&message).map(ToString::to_string);
                    (named, message, hint)
                }
            }
        }
    };
    let place = place.unwrap_or_else(|| Place::file(&files.script.name));
    let elsewhere = place.file != files.script.name;
    let problem = Problem { hint, ..Problem::script(place, message) };
    match elsewhere {
        true => problem.context(format!("running {}", files.script.name)),
        false => problem,
    }
}

const MADE_UP: &str = "something is asked for that there is not";
const MADE_UP_HINT: &str = "its name is made up while the script runs, so it is not printed: it \
                            may be what stands in a record";

/// What a script says of itself; after it has seen records, only what stands there as a constant.
fn raised_words(
    raised: &Raised,
    files: Files,
    place: Option<&Place>,
    saw: Saw,
) -> (String, Option<String>) {
    let constant = |text: &str| place.is_some_and(|at| files.line(at).said.contains(text));
    match &raised.said {
        Ok(text) if text.trim().is_empty() => {
            ("the script failed without saying why".to_string(), None)
        }
        Ok(text) if saw == Saw::Printed || constant(text) => (plain(text.clone()), None),
        Ok(_) => (
            "the script stopped itself with `error`".to_string(),
            Some(
                "after it has looked at records, only a constant text is printed: error(\"no \
                 date\")"
                    .to_string(),
            ),
        ),
        Err(found) => (format!("the script raised {found} as its error"), None),
    }
}

/// The stack below an error that Rust raised; what such an error says may hold anything.
fn traceback(error: &mlua::Error) -> Option<&str> {
    match error {
        mlua::Error::CallbackError { traceback, cause } => {
            Some(self::traceback(cause).unwrap_or(traceback))
        }
        mlua::Error::WithContext { cause, .. } => self::traceback(cause),
        _ => None,
    }
}

/// `error` and `assert`: what a script says with them is kept apart from what Luau says, and their
/// place is the line's that called them, whatever level they ask for.
pub fn register(lua: &mlua::Lua) -> mlua::Result<()> {
    lua.globals().set("error", lua.create_function(error)?)?;
    lua.globals().set("assert", lua.create_function(assert)?)
}

/// What a script says when it gives up, and where it does.
fn raise(lua: &mlua::Lua, said: Option<&Value>) -> mlua::Error {
    let said = match said {
        None | Some(Value::Nil) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.to_string_lossy()),
        Some(Value::Integer(n)) => Ok(n.to_string()),
        Some(Value::Number(n)) => Ok(n.to_string()),
        Some(other) => Err(described(other)),
    };
    mlua::Error::external(Raised { said, place: sandbox::place_now(lua) })
}

/// `error`, as scripts call it.
fn error(lua: &mlua::Lua, given: MultiValue) -> mlua::Result<()> {
    Err(raise(lua, given.front()))
}

/// `assert`: what it is given where the first is neither blank nor false, else an error.
fn assert(lua: &mlua::Lua, given: MultiValue) -> mlua::Result<MultiValue> {
    match given.front() {
        None | Some(Value::Nil | Value::Boolean(false)) => Err(raise(lua, given.get(1))),
        Some(_) => Ok(given),
    }
}

fn innermost(error: &mlua::Error) -> &mlua::Error {
    match error {
        mlua::Error::CallbackError { cause, .. } => innermost(cause),
        mlua::Error::WithContext { cause, .. } => innermost(cause),
        mlua::Error::BadArgument { cause, .. } => innermost(cause),
        other => other,
    }
}

/// Whether Luau could not read the text.
pub fn is_unreadable(error: &mlua::Error) -> bool {
    matches!(innermost(error), mlua::Error::SyntaxError { .. })
}

/// What Rust raised, of a kind.
fn find<E: std::error::Error + 'static>(error: &mlua::Error) -> Option<&E> {
    error.downcast_ref::<E>().or_else(|| innermost(error).downcast_ref::<E>())
}

/// The line's number behind a script's name: `:12: `.
fn line_number(rest: &str) -> Option<u32> {
    let digits = rest.strip_prefix(':')?;
    digits[..digits.find(|c: char| !c.is_ascii_digit())?].parse().ok()
}

/// The first `script:12:` of a text: where the error arose, before the calls that led there.
fn place_in(text: &str, files: Files) -> Option<Place> {
    let named = files.names().filter_map(|file| {
        let mut found = text.match_indices(file);
        found.find_map(|(at, _)| {
            Some((at, Place::line(file, line_number(&text[at + file.len()..])?)))
        })
    });
    named.min_by_key(|(at, _)| *at).map(|(_, place)| place)
}

/// The message alone: no prefix of Lua's, no place, no stack.
fn bare(text: &str, script: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let mut message = first
        .trim_start_matches("runtime error: ")
        .trim_start_matches("syntax error: ")
        .to_string();
    if let Some(at) = message.find(script) {
        let rest = &message[at + script.len()..];
        let rest = rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
        message = rest.trim().to_string();
    }
    message
}

/// A message that has no words of its own in `wording`.
fn plain(mut message: String) -> String {
    // Nobody but us needs to know what runs beneath.
    for (inner, word) in INNER_WORDS {
        message = message.replace(inner, word);
    }
    if message.is_empty() {
        return "the script failed without saying why".to_string();
    }
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    let rest: String = chars.take(300).collect();
    // Names of code keep their case: only a sentence's first letter is lowered.
    if message.starts_with(|c: char| c.is_uppercase())
        && rest.starts_with(|c: char| c.is_lowercase())
    {
        format!("{first}{rest}")
    } else {
        message.chars().take(300).collect()
    }
}

/// Names of our own, and the words for them.
const INNER_WORDS: [(&str, &str); 13] = [
    ("LuaDay.", "day:"),
    ("LuaDay", "a day"),
    ("LuaRecord", "a record"),
    ("LuaRow", "a record"),
    ("LuaPeriod", "a period"),
    ("LuaFigure", "a figure"),
    ("LuaReport", "the report"),
    ("LuaMatcher", "a condition"),
    ("LuaConditions", "conditions"),
    ("LuaCover", "a Cover entry"),
    ("userdata", "value"),
    ("a nil value", "something that does not exist"),
    (" nil", " a blank"),
];

/// What to do about Lua's own everyday errors.
fn hint_for(message: &str) -> Option<&'static str> {
    let hints = [
        ("readonly", "libraries and records cannot be changed"),
        ("stack overflow", "a function calls itself without end"),
    ];
    hints.iter().find(|(mark, _)| message.contains(mark)).map(|(_, hint)| *hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_number_stands_between_colons() {
        for (rest, line) in [(":12: what", Some(12)), (":12", None), (" 12: ", None), (":: ", None)]
        {
            assert_eq!(line_number(rest), line, "{rest}");
        }
    }
}
