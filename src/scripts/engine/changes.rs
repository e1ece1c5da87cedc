//! `rap.change`: a few fields of what another script declares, given anew. The script that declares
//! the thing is loaded once more, and handed its own table with those fields in it: so a change is
//! read, and refused, as if it stood there.

use std::rc::Rc;

use mlua::{IntoLua, Lua, Table, UserData, Value};

use super::api::Draft;
use super::errors::{Complaint, complain_of, complain_with};
use super::fields::described;
use super::matchers::{LuaConditions, LuaCover, LuaMatcher};
use crate::definitions::{self, Conditions, Function, Matcher};
use crate::nouns::numbers::plain_number;
use crate::nouns::problem::{Place, did_you_mean};
use crate::nouns::words::{cut, listed};
use crate::scripts::reference;

/// What can be changed: disclosure rules and what adds up are declared anew under a name of their
/// own, since whoever reads a report knows them by it.
pub const KINDS: [&str; 6] = ["list", "check", "population", "indicator", "policy", "layout"];

/// How deep a table of a change may nest.
const DEEPEST: usize = 12;
/// How many letters of a change are told.
const LONGEST_SAID: usize = 160;

/// A function of another script, as a table of this one holds it.
pub struct LuaElsewhere(pub Function);

impl UserData for LuaElsewhere {}

/// A value out of the Lua that it was written in.
#[derive(Debug, Clone)]
pub enum Given {
    /// True or false; of a field that is neither, false takes it away.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A table, in its order.
    Table(Vec<(Key, Given)>),
    /// A function of the script that changes.
    Function(Function),
    /// What functions of `rap` make.
    Matcher(Matcher),
    /// What `rap.either` makes.
    Conditions(Conditions),
    /// What `rap.cover` makes.
    Cover(String),
}

/// Where a value stands in a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    /// By its place.
    Place(mlua::Integer),
    /// By a name.
    Name(String),
}

/// What one script says of what another declares.
#[derive(Debug, Clone)]
pub struct Change {
    /// The kind of thing, such as `indicator`.
    pub kind: &'static str,
    /// Its name; or its pack's name, a dot, and its name.
    pub name: String,
    /// Its fields, in the order of their names.
    fields: Vec<(String, Given)>,
    /// Where the change is written.
    pub place: Place,
    /// The script that it is written in, to find the line of a field.
    text: Rc<str>,
}

impl Change {
    /// Whether it is about this thing.
    pub fn is_of(&self, kind: &str, name: &str) -> bool {
        self.kind == kind && self.name == name
    }
}

impl Given {
    /// A value of a script; none where it is nothing that a declaration could hold.
    pub fn of(value: &Value, draft: &Draft, depth: usize) -> mlua::Result<Given> {
        if depth > DEEPEST {
            return Err(complain_with("tables are nested too deep", "does a table hold itself?"));
        }
        Ok(match value {
            Value::Boolean(flag) => Given::Flag(*flag),
            Value::Integer(n) => Given::Number(*n as f64),
            Value::Number(n) => Given::Number(*n),
            Value::String(text) => Given::Text(text.to_str()?.to_string()),
            Value::Function(function) => Given::Function(draft.keep(function.clone())),
            Value::Table(table) => {
                let mut all = Vec::new();
                for pair in table.pairs::<Value, Value>() {
                    let (key, value) = pair?;
                    let key = match &key {
                        Value::String(name) => Key::Name(name.to_str()?.to_string()),
                        Value::Integer(at) => Key::Place(*at),
                        Value::Number(at) => Key::Place(*at as mlua::Integer),
                        other => {
                            return Err(complain_with(
                                format!("{} stands as a name in a table", described(other)),
                                "names in tables are texts",
                            ));
                        }
                    };
                    all.push((key, Given::of(&value, draft, depth + 1)?));
                }
                all.sort_by(|(a, _), (b, _)| a.order().cmp(&b.order()));
                Given::Table(all)
            }
            Value::UserData(data) => {
                if let Ok(matcher) = data.borrow::<LuaMatcher>() {
                    Given::Matcher(matcher.0.clone())
                } else if let Ok(conditions) = data.borrow::<LuaConditions>() {
                    Given::Conditions(conditions.0.clone())
                } else if let Ok(cover) = data.borrow::<LuaCover>() {
                    Given::Cover(cover.0.clone())
                } else if let Ok(elsewhere) = data.borrow::<LuaElsewhere>() {
                    Given::Function(elsewhere.0)
                } else {
                    return Err(complain_with(
                        "this cannot stand in a declaration",
                        "fields hold texts, numbers, tables, conditions and functions",
                    ));
                }
            }
            other => {
                return Err(complain_with(
                    format!("{} cannot stand in a declaration", described(other)),
                    "fields hold texts, numbers, tables, conditions and functions",
                ));
            }
        })
    }

    /// Whether it is made of texts, numbers, true and false alone.
    pub fn is_plain(&self) -> bool {
        match self {
            Given::Flag(_) | Given::Number(_) | Given::Text(_) => true,
            Given::Table(all) => all.iter().all(|(_, value)| value.is_plain()),
            _ => false,
        }
    }

    /// The names that stand in a table.
    pub fn names(&self) -> Vec<String> {
        let Given::Table(all) = self else { return Vec::new() };
        let names = all.iter().filter_map(|(key, _)| match key {
            Key::Name(name) => Some(name.clone()),
            Key::Place(_) => None,
        });
        names.collect()
    }

    /// As it is written in a script, in a line; what functions of `rap` make is `…`.
    fn said(&self) -> String {
        match self {
            Given::Flag(flag) => flag.to_string(),
            Given::Number(n) => plain_number(*n),
            Given::Text(text) => format!("\"{text}\""),
            Given::Table(all) => {
                let all: Vec<String> = all
                    .iter()
                    .map(|(key, value)| match key {
                        Key::Place(_) => value.said(),
                        Key::Name(name) => format!("{name} = {}", value.said()),
                    })
                    .collect();
                format!("{{ {} }}", all.join(", "))
            }
            Given::Matcher(_) | Given::Conditions(_) | Given::Cover(_) => "…".to_string(),
            Given::Function(_) => "a function".to_string(),
        }
    }
}

impl Key {
    fn order(&self) -> (bool, mlua::Integer, &str) {
        match self {
            Key::Place(at) => (false, *at, ""),
            Key::Name(name) => (true, 0, name),
        }
    }
}

impl IntoLua for &Key {
    fn into_lua(self, lua: &Lua) -> mlua::Result<Value> {
        match self {
            Key::Place(at) => at.into_lua(lua),
            Key::Name(name) => name.as_str().into_lua(lua),
        }
    }
}

impl IntoLua for &Given {
    fn into_lua(self, lua: &Lua) -> mlua::Result<Value> {
        match self {
            Given::Flag(flag) => flag.into_lua(lua),
            Given::Number(n) => n.into_lua(lua),
            Given::Text(text) => text.as_str().into_lua(lua),
            Given::Table(all) => {
                let table = lua.create_table()?;
                for (key, value) in all {
                    table.raw_set(key, value)?;
                }
                Ok(Value::Table(table))
            }
            Given::Function(function) => LuaElsewhere(*function).into_lua(lua),
            Given::Matcher(matcher) => LuaMatcher(matcher.clone()).into_lua(lua),
            Given::Conditions(conditions) => LuaConditions(conditions.clone()).into_lua(lua),
            Given::Cover(name) => LuaCover(name.clone()).into_lua(lua),
        }
    }
}

/// The function that a value is, of this script or of another that changes something.
pub fn function_of(draft: &Draft, value: &Value) -> Option<Function> {
    match value {
        Value::Function(function) => Some(draft.keep(function.clone())),
        Value::UserData(data) => data.borrow::<LuaElsewhere>().ok().map(|elsewhere| elsewhere.0),
        _ => None,
    }
}

/// How a change is written.
const FORM: &str = "write  rap.change \"indicator\" \"pl3_pct\" { target = 12 }";

/// Puts `rap.change` in place.
pub fn register(lua: &Lua, rap: &Table, draft: &Rc<Draft>) -> mlua::Result<()> {
    let draft = draft.clone();
    let change = move |lua: &Lua, kind: Value| of_kind(lua, &draft, &kind);
    rap.set("change", lua.create_function(change)?)
}

/// What `rap.change "indicator"` gives: a function that takes the name.
fn of_kind(lua: &Lua, draft: &Rc<Draft>, kind: &Value) -> mlua::Result<mlua::Function> {
    let Value::String(kind) = kind else {
        let message = format!("rap.change needs a kind of thing, not {}", described(kind));
        return Err(complain_with(message, FORM));
    };
    let kind = kind.to_str()?.to_string();
    let Some(kind) = KINDS.into_iter().find(|known| *known == kind) else {
        let guess = did_you_mean(&kind, KINDS);
        return Err(complain_of(
            &kind,
            format!("rap.change: a `{kind}` cannot be changed{guess}"),
            format!("what can be changed is {}", KINDS.join(", ")),
        ));
    };
    let (draft, place) = (draft.clone(), draft.called_at(lua));
    lua.create_function(move |lua, name: Value| of_name(lua, &draft, kind, &place, &name))
}

/// What a kind and a name give: a function that takes the fields.
fn of_name(
    lua: &Lua,
    draft: &Rc<Draft>,
    kind: &'static str,
    place: &Place,
    name: &Value,
) -> mlua::Result<mlua::Function> {
    let Value::String(name) = name else {
        let message = format!("rap.change \"{kind}\" needs a name, not {}", described(name));
        return Err(complain_with(message, FORM));
    };
    let (draft, place) = (draft.clone(), place.clone());
    let name = name.to_str()?.to_string();
    lua.create_function(move |_, fields: Value| {
        let fields = fields_of(&draft, &format!("rap.change \"{kind}\" \"{name}\""), fields)?;
        let (place, name) = (place.clone(), name.clone());
        let text: Rc<str> = draft.text_at(&place).into();
        draft.changes.borrow_mut().push(Change { kind, name, fields, place, text });
        Ok(())
    })
}

/// The fields that are changed.
fn fields_of(draft: &Draft, what: &str, fields: Value) -> mlua::Result<Vec<(String, Given)>> {
    let Value::Table(table) = fields else {
        let found = described(&fields);
        let message = format!("{what} must be followed by a table, not {found}");
        return Err(complain_with(message, FORM));
    };
    let Given::Table(all) = Given::of(&Value::Table(table), draft, 0)? else {
        return Err(complain_with(format!("{what} changes nothing"), FORM));
    };
    let mut fields = Vec::new();
    for (key, value) in all {
        let Key::Name(field) = key else {
            let message =
                format!("{what} holds a value without a name, which nothing would be done with");
            return Err(complain_with(message, FORM));
        };
        fields.push((field, value));
    }
    if fields.is_empty() {
        return Err(complain_with(format!("{what} changes nothing"), FORM));
    }
    Ok(fields)
}

/// A declaration's table with what others change of it; it alone where nobody does.
pub fn apply(
    lua: &Lua,
    draft: &Draft,
    (kind, name): (&str, &str),
    body: Table,
) -> mlua::Result<Table> {
    let mut changes = draft.changed_by.iter().filter(|change| change.is_of(kind, name)).peekable();
    if changes.peek().is_none() {
        return Ok(body);
    }
    let body = clone(lua, &body)?;
    for change in changes {
        let mut words = Vec::new();
        for (field, given) in &change.fields {
            let before: Value = body.raw_get(field.as_str())?;
            words.push(in_words(field, given, &before));
            burn(draft, &before, 0)?;
            let anew = change.fields.iter().any(|(field, _)| field == "sheets");
            if (kind, field.as_str()) == ("layout", "options") && !anew {
                suit_options(&before, given)?;
            }
            let after = merged(lua, (kind, field), before, given)?;
            body.raw_set(field.as_str(), after)?;
        }
        draft.declared.borrow_mut().changes.push(definitions::Change {
            kind: change.kind.to_string(),
            name: change.name.clone(),
            fields: change.fields.iter().map(|(field, _)| field.clone()).collect(),
            words,
            place: change.place.clone(),
        });
    }
    Ok(body)
}

/// A fault of a changed declaration, at the line of the change that it comes from.
pub fn at_the_change(draft: &Draft, kind: &str, name: &str, error: mlua::Error) -> mlua::Error {
    let changes = || draft.changed_by.iter().filter(|change| change.is_of(kind, name));
    let Some(complaint) = error.downcast_ref::<Complaint>().filter(|_| changes().count() > 0)
    else {
        return error;
    };
    let line_of = |c: &Change| super::api::better_line(&c.text, c.place.line, &complaint.message);
    let meant =
        changes().find(|change| line_of(change).is_some()).or_else(|| changes().next_back());
    let place = meant.map(|change| Place {
        line: line_of(change).or(change.place.line),
        ..change.place.clone()
    });
    mlua::Error::external(Complaint { place, ..complaint.clone() })
}

/// `target 12, was 10`.
fn in_words(field: &str, given: &Given, before: &Value) -> String {
    let was = match before {
        Value::String(text) => format!(", was \"{}\"", text.to_string_lossy()),
        Value::Integer(n) => format!(", was {n}"),
        Value::Number(n) => format!(", was {}", plain_number(*n)),
        _ => String::new(),
    };
    match given {
        Given::Flag(false) if was.is_empty() => format!("{field} taken away"),
        Given::Flag(false) => format!("{field} taken away{was}"),
        given => format!("{field} {}{was}", cut(&given.said(), LONGEST_SAID)),
    }
}

/// What a field holds once a change is in it.
fn merged(
    lua: &Lua,
    (kind, field): (&str, &str),
    before: Value,
    given: &Given,
) -> mlua::Result<Value> {
    let flag = reference::declared(kind)
        .and_then(|kind| kind.field(field))
        .is_some_and(|field| field.luau == "boolean");
    match (given, before) {
        (Given::Flag(false), _) if !flag => Ok(Value::Nil),
        (Given::Table(all), Value::Table(before)) if kind == "list" && field == "columns" => {
            Ok(Value::Table(columns(lua, &before, all)?))
        }
        (Given::Table(all), before) if kind == "layout" && field == "options" => {
            let before = match before {
                Value::Table(before) => before,
                _ => lua.create_table()?,
            };
            Ok(Value::Table(by_name(lua, &before, all)?))
        }
        (given, _) => given.into_lua(lua),
    }
}

/// The columns of a list with some of them changed, and others added.
fn columns(lua: &Lua, before: &Table, given: &[(Key, Given)]) -> mlua::Result<Table> {
    let columns = clone(lua, before)?;
    for (_, column) in given {
        let Given::Table(fields) = column else {
            return Err(complain_with(
                "`columns` of a change holds something else than columns",
                "write  columns = { { \"PLACE\", also = { \"Placement\" } } }",
            ));
        };
        let name = fields.iter().find_map(|(key, value)| match (key, value) {
            (Key::Place(1), Given::Text(name)) => Some(name.as_str()),
            _ => None,
        });
        let Some(name) = name else {
            return Err(complain_with(
                "a column of a change has no name",
                "write  columns = { { \"PLACE\", also = { \"Placement\" } } }",
            ));
        };
        let mut at = None;
        for (place, known) in columns.sequence_values::<Table>().enumerate() {
            let called: Value = known?.raw_get(1)?;
            if called.as_string().is_some_and(|known| *known == *name) {
                at = Some(place + 1);
            }
        }
        match at {
            None => columns.raw_push(column)?,
            Some(at) => {
                let own = clone(lua, &columns.raw_get::<Table>(at)?)?;
                for (key, value) in fields.iter().filter(|(key, _)| *key != Key::Place(1)) {
                    change_column(lua, &own, key, value)?;
                }
                columns.raw_set(at, own)?;
            }
        }
    }
    Ok(columns)
}

/// Other headings and codes are added to those that there are; anything else takes the place of
/// what was there.
fn change_column(lua: &Lua, column: &Table, key: &Key, given: &Given) -> mlua::Result<()> {
    let before: Value = column.raw_get(key)?;
    let after = match (key, given, before) {
        (Key::Name(field), Given::Table(more), before) if field == "also" => {
            let all = match before {
                Value::Table(before) => clone(lua, &before)?,
                Value::Nil => lua.create_table()?,
                one => lua.create_sequence_from([one])?,
            };
            more.iter().try_for_each(|(_, heading)| all.raw_push(heading))?;
            Value::Table(all)
        }
        (Key::Name(field), Given::Text(_), Value::Table(before)) if field == "also" => {
            let all = clone(lua, &before)?;
            all.raw_push(given)?;
            Value::Table(all)
        }
        (Key::Name(field), Given::Table(more), Value::Table(before)) if field == "codes" => {
            Value::Table(codes(lua, &before, more)?)
        }
        (Key::Name(field), Given::Flag(false), before)
            if reference::kind("Column").field(field).is_none_or(|f| f.luau != "boolean") =>
        {
            drop(before);
            Value::Nil
        }
        (_, given, _) => given.into_lua(lua)?,
    };
    column.raw_set(key, after)
}

/// `{ U7 = "…", U1 = false }`: a code more, and one less.
fn codes(lua: &Lua, before: &Table, given: &[(Key, Given)]) -> mlua::Result<Table> {
    let all = clone(lua, before)?;
    for (key, value) in given {
        match (key, value) {
            (Key::Place(_), code) => all.raw_push(code)?,
            (Key::Name(code), Given::Flag(false)) => {
                all.raw_set(code.as_str(), Value::Nil)?;
                let bare: Vec<Value> = all.sequence_values().collect::<mlua::Result<_>>()?;
                let is = |one: &Value| one.as_string().is_some_and(|text| *text == **code);
                if let Some(at) = bare.iter().position(is) {
                    all.raw_remove(at as mlua::Integer + 1)?;
                }
            }
            (Key::Name(code), meaning) => all.raw_set(code.as_str(), meaning)?,
        }
    }
    Ok(all)
}

/// Refuses options that the layout does not have, which nothing would be done with, and those that
/// are of another kind than the layout reckons with.
fn suit_options(before: &Value, given: &Given) -> mlua::Result<()> {
    let Given::Table(all) = given else { return Ok(()) };
    let mut known: Vec<(String, Value)> = Vec::new();
    if let Value::Table(before) = before {
        for pair in before.pairs::<Value, Value>() {
            if let (Value::String(name), value) = pair? {
                known.push((name.to_str()?.to_string(), value));
            }
        }
    }
    known.sort_by(|(a, _), (b, _)| a.cmp(b));
    all.iter().try_for_each(|(key, value)| suit_option(&known, key, value))
}

fn suit_option(known: &[(String, Value)], key: &Key, given: &Given) -> mlua::Result<()> {
    let Key::Name(name) = key else {
        return Err(complain_with(
            "`options` of a change holds a value without a name",
            "write  options = { others = { \"england\" } }",
        ));
    };
    let old = known.iter().find(|(known, _)| known == name).map_or(&Value::Nil, |(_, old)| old);
    let known: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
    let needed = match (old, given) {
        (Value::Nil, _) => {
            let guess = did_you_mean(name, known.iter().copied());
            let hint = match known.as_slice() {
                [] => "it has none: copy it by  rapporteur new layout NAME --copy".to_string(),
                known => format!("it has {}", listed(known)),
            };
            return Err(complain_of(
                name,
                format!("the layout has no option `{name}`{guess}"),
                hint,
            ));
        }
        (Value::Boolean(_), Given::Flag(_))
        | (Value::Integer(_) | Value::Number(_), Given::Number(_))
        | (Value::String(_), Given::Text(_))
        | (Value::Table(_), Given::Table(_)) => return Ok(()),
        (Value::Boolean(_), _) => "true or false",
        (Value::Integer(_) | Value::Number(_), _) => "a number",
        (Value::String(_), _) => "a text",
        _ => "a table",
    };
    let message = format!("the option `{name}` is {needed}, not {}", given.said());
    Err(complain_of(name, message, format!("write {needed}, as the layout has it")))
}

/// Options by their names, those inside others too.
fn by_name(lua: &Lua, before: &Table, given: &[(Key, Given)]) -> mlua::Result<Table> {
    let list = given.iter().any(|(key, _)| matches!(key, Key::Place(_)));
    let all = if list { lua.create_table()? } else { clone(lua, before)? };
    for (key, value) in given {
        let old: Value = all.raw_get(key)?;
        let value = match (value, old) {
            (Given::Table(inner), Value::Table(old)) => Value::Table(by_name(lua, &old, inner)?),
            (value, _) => value.into_lua(lua)?,
        };
        all.raw_set(key, value)?;
    }
    Ok(all)
}

/// Keeps the functions of what is replaced: those that a script keeps later have the same numbers
/// as without the change.
fn burn(draft: &Draft, value: &Value, depth: usize) -> mlua::Result<()> {
    match value {
        Value::Function(function) => {
            draft.keep(function.clone());
        }
        Value::Table(table) if depth < DEEPEST => {
            for pair in table.pairs::<Value, Value>() {
                burn(draft, &pair?.1, depth + 1)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// A table of its own with the same values.
fn clone(lua: &Lua, table: &Table) -> mlua::Result<Table> {
    let own = lua.create_table()?;
    for pair in table.pairs::<Value, Value>() {
        let (key, value) = pair?;
        own.raw_set(key, value)?;
    }
    Ok(own)
}
