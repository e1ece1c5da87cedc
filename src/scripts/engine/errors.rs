//! Lua's errors as problems: script, line and what to change, without Lua's inner words.

use crate::nouns::problem::{Place, Problem};
use crate::scripts::engine::sandbox::{Meter, OUT_OF_STEPS};
use crate::scripts::engine::wording;

/// An error raised by `rap` itself: what is wrong with the arguments, and what to do.
#[derive(Debug, Clone)]
pub struct Complaint {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Where, as far as it is known better than Lua knows it.
    pub place: Option<Place>,
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
    mlua::Error::external(Complaint { message: message.into(), hint: None, place: None })
}

/// A complaint that says what to do.
pub fn complain_with(message: impl Into<String>, hint: impl Into<String>) -> mlua::Error {
    mlua::Error::external(Complaint {
        message: message.into(),
        hint: Some(hint.into()),
        place: None,
    })
}

/// Turns an error of a script into a problem. `files` are those that the error may come from: the
/// script, and those that it may use.
pub fn problem_of(error: &mlua::Error, files: &[String], meter: &Meter) -> Problem {
    let whole = error.to_string();
    let named = place_in(&whole, files);
    let seen = || meter.seen.borrow().clone();
    let (place, message, hint) = if let Some(complaint) = find_complaint(error) {
        (complaint.place.clone().or(named), complaint.message.clone(), complaint.hint.clone())
    } else if whole.contains(OUT_OF_STEPS) {
        let hint = "look for a loop that never ends, or do less for each record";
        (seen().or(named), OUT_OF_STEPS.to_string(), Some(hint.to_string()))
    } else if whole.contains("not enough memory")
        || matches!(innermost(error), mlua::Error::MemoryError(_))
    {
        let message = "the script was stopped: it uses more memory than it may".to_string();
        (
            named.or_else(seen),
            message,
            Some("a script may use 64 MiB; build smaller tables and texts".to_string()),
        )
    } else {
        let bare = bare(&whole, named.as_ref().map_or(&files[0], |place| &place.file));
        match wording::of(&bare).or_else(|| wording::unreadable(&bare)) {
            Some((message, hint)) => (named, message, Some(hint)),
            None => {
                let message = plain(bare);
                let hint = hint_for(&message).map(ToString::to_string);
                (named, message, hint)
            }
        }
    };
    let place = place.unwrap_or_else(|| Place::file(&files[0]));
    let elsewhere = place.file != files[0];
    let problem = Problem { hint, ..Problem::script(place, message) };
    if elsewhere { problem.context(format!("running {}", files[0])) } else { problem }
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

fn find_complaint(error: &mlua::Error) -> Option<&Complaint> {
    error.downcast_ref::<Complaint>().or_else(|| innermost(error).downcast_ref::<Complaint>())
}

/// The first `script:12:` of a text: where the error arose, before the calls that led there.
fn place_in(text: &str, files: &[String]) -> Option<Place> {
    let line_after = |at: usize, file: &str| -> Option<u32> {
        let rest = text[at + file.len()..].strip_prefix(':')?;
        rest[..rest.find(|c: char| !c.is_ascii_digit())?].parse().ok()
    };
    let named = files.iter().filter_map(|file| {
        let mut found = text.match_indices(file.as_str());
        found.find_map(|(at, _)| Some((at, Place::line(file, line_after(at, file)?))))
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
    if message.contains("0x") && message.starts_with("table:") {
        return "the script raised a table as its error".to_string();
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
