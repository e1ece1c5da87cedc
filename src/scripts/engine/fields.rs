//! Reading the tables that scripts hand to `rap`: by name, with a word for every field that is not
//! known.

use std::cell::Cell;

use mlua::{AnyUserData, Table, Value};

use super::errors::complain_with;
use super::matchers::{LuaConditions, LuaCover, LuaMatcher};
use super::values::{LuaDay, LuaFigure, LuaPeriod, LuaRecord, LuaReport};
use crate::nouns::numbers::{without_noise, written};
use crate::nouns::problem::{did_you_mean, nearest};
use crate::scripts::reference::{self, Kind};

/// How deep tables may nest: deeper is a table that holds itself.
const DEEPEST: usize = 24;
/// How many conditions one declaration may hold.
const MOST_CONDITIONS: usize = 2_000;

/// A table while it is read.
pub struct Fields {
    /// What it holds by the names of its kind, and whether that was asked for.
    named: Vec<(&'static str, Value, Cell<bool>)>,
    /// How many values it holds without a name.
    unnamed: usize,
    /// The first name that is none of its kind's.
    stray: Option<String>,
    /// What the reference says of such tables.
    kind: &'static Kind,
    /// What is being declared, for messages: `rap.indicator "ha_pct"`.
    what: String,
    /// The fields that were asked for.
    read: Vec<&'static str>,
}

impl Fields {
    /// Begins to read a table of a kind that the reference has. What is no field of the kind is
    /// told before a field is missed: it may be that one, misspelt.
    pub fn new(kind: &str, table: Table, what: impl Into<String>) -> mlua::Result<Self> {
        let kind = reference::kind(kind);
        let (named, read) = (Vec::new(), Vec::new());
        let mut fields = Fields { named, unnamed: 0, stray: None, kind, what: what.into(), read };
        for pair in table.pairs::<Value, Value>() {
            match pair? {
                (Value::String(name), value) => match kind.field(&name.to_str()?) {
                    Some(field) => fields.named.push((field.name, value, Cell::new(false))),
                    None => fields.note_stray(&name.to_str()?),
                },
                (Value::Integer(_) | Value::Number(_), _) => fields.unnamed += 1,
                (other, _) => fields.note_stray(described(&other)),
            }
        }
        let names: Vec<&str> = kind.names().collect();
        fields.refuse_others(&names)?;
        Ok(fields)
    }

    /// Whatever the order of the table's names: of several, the first by the alphabet is told.
    fn note_stray(&mut self, name: &str) {
        if self.stray.as_deref().is_none_or(|first| name < first) {
            self.stray = Some(name.to_string());
        }
    }

    /// What is being declared.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// A field as it is; nil where there is none.
    pub fn value(&mut self, name: &'static str) -> mlua::Result<Value> {
        debug_assert!(
            self.kind.field(name).is_some(),
            "the reference has no word for `{name}` of {}",
            self.kind.name
        );
        #[cfg(test)]
        tests::note(self.kind.name, name);
        self.read.push(name);
        let Some((_, value, read)) = self.named.iter().find(|(held, ..)| *held == name) else {
            return Ok(Value::Nil);
        };
        read.set(true);
        Ok(value.clone())
    }

    /// A complaint about one field.
    pub fn wrong(&self, name: &str, wanted: &str, found: &Value) -> mlua::Error {
        let number = found
            .as_string()
            .and_then(|text| written(&text.to_str().ok()?).map(|number| number.value));
        if let (Some(number), true) = (number, wanted == "a number") {
            return complain_with(
                format!("{}: `{name}` must be a number, not a text", self.what),
                format!("write  {name} = {number},  without quotation marks"),
            );
        }
        complain_with(
            format!("{}: `{name}` must be {wanted}, not {}", self.what, described(found)),
            self.kind
                .field(name)
                .map_or(String::new(), |field| format!("`{name}`: {}", field.plainly())),
        )
    }

    /// A text.
    pub fn text(&mut self, name: &'static str) -> mlua::Result<Option<String>> {
        match self.value(name)? {
            Value::Nil => Ok(None),
            Value::String(text) => Ok(Some(without_noise(&text.to_str()?))),
            other => Err(self.wrong(name, "a text", &other)),
        }
    }

    /// A text that must be there.
    pub fn needed_text(&mut self, name: &'static str) -> mlua::Result<String> {
        let what = self.what.clone();
        self.text(name)?.ok_or_else(|| {
            complain_with(
                format!("{what} has no `{name}`"),
                format!("add a line such as  {name} = \"…\","),
            )
        })
    }

    /// Words that people read, which must be there.
    pub fn needed_words(&mut self, name: &'static str) -> mlua::Result<String> {
        let text = self.needed_text(name)?;
        if text.trim().is_empty() {
            return Err(complain_with(
                format!("{}: `{name}` says nothing", self.what),
                format!("people read it: {name} = \"…\","),
            ));
        }
        Ok(text)
    }

    /// A number.
    pub fn number(&mut self, name: &'static str) -> mlua::Result<Option<f64>> {
        match self.value(name)? {
            Value::Nil => Ok(None),
            Value::Integer(n) => Ok(Some(n as f64)),
            Value::Number(n) if n.is_finite() => Ok(Some(n)),
            other => Err(self.wrong(name, "a number", &other)),
        }
    }

    /// True or false; false where there is nothing.
    pub fn flag(&mut self, name: &'static str) -> mlua::Result<bool> {
        match self.value(name)? {
            Value::Nil => Ok(false),
            Value::Boolean(b) => Ok(b),
            other => Err(self.wrong(name, "true or false", &other)),
        }
    }

    /// Texts: one, or a table of several.
    pub fn texts(&mut self, name: &'static str) -> mlua::Result<Vec<String>> {
        match self.value(name)? {
            Value::Nil => Ok(Vec::new()),
            Value::String(text) => Ok(vec![text.to_str()?.to_string()]),
            Value::Table(table) => listed(&format!("{}: `{name}`", self.what), &table)?
                .into_iter()
                .map(|value| match value {
                    Value::String(text) => Ok(text.to_str()?.to_string()),
                    other => Err(self.wrong(name, "a table of texts", &other)),
                })
                .collect(),
            other => Err(self.wrong(name, "a text or a table of texts", &other)),
        }
    }

    /// Complains about fields that nobody read.
    pub fn finish(&self) -> mlua::Result<()> {
        if self.named.iter().all(|(_, _, read)| read.get()) {
            return Ok(());
        }
        let mut known = self.read.clone();
        known.sort_unstable();
        known.dedup();
        self.refuse_others(&known)
    }

    /// Complains about fields of other names, and about values without a name beyond those that
    /// tables such as `{ "CHILD", "id", required = true }` begin with.
    fn refuse_others(&self, known: &[&str]) -> mlua::Result<()> {
        if self.unnamed > self.kind.unnamed {
            return Err(complain_with(
                format!(
                    "{} holds a value without a name, which nothing would be done with",
                    self.what
                ),
                "every value has its field before it, as in  title = \"…\"; is a brace closed too \
                 early?",
            ));
        }
        let names = self.named.iter().map(|(name, ..)| *name);
        let unknown = names.filter(|name| !known.contains(name)).chain(self.stray.as_deref());
        let Some(name) = unknown.min() else { return Ok(()) };
        let guess = did_you_mean(name, known.iter().copied());
        let elsewhere = guess.is_empty().then(|| self.elsewhere(name)).flatten();
        let meant = nearest(name, known.iter().copied()).and_then(|meant| self.kind.field(meant));
        let hint = elsewhere.unwrap_or_else(|| match meant {
            Some(meant) => format!("`{}`: {}", meant.name, meant.plainly()),
            None => format!("fields are {}", known.join(", ")),
        });
        Err(complain_with(format!("{} has no field `{name}`{guess}", self.what), hint))
    }

    /// Where a field belongs that stands in the wrong declaration.
    fn elsewhere(&self, name: &str) -> Option<String> {
        // One that goes with another `kind`.
        if let Some(field) = self.kind.field(name) {
            return Some(format!("`{name}`: {}", field.plainly()));
        }
        let mut others =
            reference::kinds().filter(|kind| kind.written && kind.name != self.kind.name);
        let kind = others.find(|kind| kind.field(name).is_some())?;
        Some(format!(
            "`{name}` is a field of {}; of {} there are {}",
            kind.called,
            self.kind.called,
            {
                let names: Vec<&str> = self.kind.names().collect();
                names.join(", ")
            }
        ))
    }
}

/// A Lua value's kind in words.
pub fn described(value: &Value) -> &'static str {
    match value {
        Value::Nil => "nothing",
        Value::Boolean(_) => "true or false",
        Value::Number(n) if n.is_nan() => "0 divided by 0",
        Value::Number(n) if n.is_infinite() => "a number without end, as of a division by 0",
        Value::Integer(_) | Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Table(_) => "a table",
        Value::Function(_) => "a function",
        Value::UserData(data) => described_data(data),
        _ => "a value of another kind",
    }
}

/// What is handed out by `rap`, in words.
fn described_data(data: &AnyUserData) -> &'static str {
    let kinds: [(bool, &str); 8] = [
        (data.is::<LuaMatcher>(), "a condition"),
        (data.is::<LuaConditions>(), "conditions"),
        (data.is::<LuaCover>(), "a number of the Cover sheet"),
        (data.is::<LuaDay>(), "a day"),
        (data.is::<LuaPeriod>(), "a period"),
        (data.is::<LuaRecord>(), "a record"),
        (data.is::<LuaFigure>(), "a figure"),
        (data.is::<LuaReport>(), "the report"),
    ];
    let kind = kinds.into_iter().find(|(is, _)| *is);
    kind.map_or("a value of another kind", |(_, word)| word)
}

/// Values of a list: a name among them would say something that nobody hears.
pub fn listed(what: &str, table: &Table) -> mlua::Result<Vec<Value>> {
    for pair in table.pairs::<Value, Value>() {
        if let (Value::String(name), _) = pair? {
            return Err(complain_with(
                format!("{what} is a list, and has no field `{}`", name.to_string_lossy()),
                "its values stand one behind the other, without names: { \"A\", \"B\" }",
            ));
        }
    }
    table.sequence_values().collect()
}

thread_local! {
    /// How many conditions the declaration at hand holds so far.
    static CONDITIONS: Cell<usize> = const { Cell::new(0) };
}

/// A declaration begins: its conditions are counted anew.
pub fn count_anew() {
    CONDITIONS.set(0);
}

/// Counts conditions that were made elsewhere.
pub fn count(more: usize) -> mlua::Result<()> {
    let count = CONDITIONS.get() + more;
    CONDITIONS.set(count);
    if count > MOST_CONDITIONS {
        return Err(complain_with(
            "the conditions of one declaration are too many",
            "a declaration may hold 2,000",
        ));
    }
    Ok(())
}

/// Stops at tables that hold themselves, and at conditions that multiply.
pub fn not_too_deep(depth: usize) -> mlua::Result<()> {
    count(1)?;
    if depth > DEEPEST {
        return Err(complain_with("tables are nested too deep", "does a table hold itself?"));
    }
    Ok(())
}

#[cfg(test)]
pub mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        /// Every field that was asked for, with the kind of its table.
        static ASKED: RefCell<BTreeSet<(&'static str, &'static str)>> =
            const { RefCell::new(BTreeSet::new()) };
    }

    /// Notes a field that is asked for.
    pub fn note(kind: &'static str, name: &'static str) {
        ASKED.with_borrow_mut(|asked| asked.insert((kind, name)));
    }

    /// The fields that this thread asked for.
    pub fn asked() -> BTreeSet<(&'static str, &'static str)> {
        ASKED.with_borrow(Clone::clone)
    }
}
