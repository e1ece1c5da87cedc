//! What functions of `rap` and methods of values are given: more than they take, or something of
//! another kind, is told and never passed over.

use std::cell::OnceCell;
use std::rc::Rc;

use mlua::{FromLuaMulti, IntoLuaMulti, Lua, MultiValue, UserDataMethods, Value};

use super::api::Draft;
use super::errors::{complain, complain_with};
use super::fields::described;
use super::values::{LuaDay, LuaPeriod};
use crate::nouns::words::several;
use crate::scripts::reference::{self, Call, Parameter, parameters};

/// A function of `rap` that says so where it is given more than it takes.
pub fn counted(
    lua: &Lua,
    call: &'static Call,
    function: mlua::Function,
    draft: &Rc<Draft>,
) -> mlua::Result<mlua::Function> {
    // Each script has all of them, and calls a few.
    let (takes, draft) = (OnceCell::new(), draft.clone());
    lua.create_function(move |_, given: MultiValue| {
        if draft.loaded.get() && !matches!(call.name, "format" | "use") {
            return Err(complain_with(
                format!("rap.{} stands inside a function, where it does nothing", call.name),
                "things are declared, and conditions made, before the script's functions are asked",
            ));
        }
        let Some(takes) = takes.get_or_init(|| parameters(call.luau)) else {
            return function.call::<MultiValue>(given);
        };
        if given.len() > takes.len() {
            let one_of_several = matches!(takes[..], [Parameter { luau: "any" | "{ any }", .. }]);
            let hint = match one_of_several {
                true => format!("several are written as a table: rap.{} {{ … }}", call.name),
                false => format!("write  {},  for {}", call.example, call.briefly()),
            };
            return Err(complain_with(
                too_many(&format!("rap.{}", call.name), takes.len(), given.len()),
                hint,
            ));
        }
        function.call::<MultiValue>(given)
    })
}

/// What is said of a function that is given too much.
pub fn too_many(what: &str, takes: usize, given: usize) -> String {
    match takes {
        0 => format!("{what} takes nothing, and was given {}", several(given, "value")),
        _ => format!("{what} takes {}, and was given {given}", several(takes, "value")),
    }
}

/// A method that is given what the reference says, and nothing else.
pub fn method<T, A, R>(
    methods: &mut impl UserDataMethods<T>,
    (kind, name): (&'static str, &'static str),
    does: impl Fn(&Lua, &T, A) -> mlua::Result<R> + 'static,
) where
    T: 'static,
    A: FromLuaMulti,
    R: IntoLuaMulti,
{
    let about = reference::kind(kind).field(name).expect("the reference has every method");
    let takes = parameters(about.luau).expect("methods take what their types name");
    let written = format!(":{name}({})", names(&takes));
    methods.add_method(name, move |lua, this, given: MultiValue| {
        let what = format!("{}:{name}()", kind.to_lowercase());
        let hint = || format!("write  {}{written}: {}", kind.to_lowercase(), about.plainly());
        if given.len() > takes.len() {
            return Err(complain_with(too_many(&what, takes.len(), given.len()), hint()));
        }
        for (at, parameter) in takes.iter().enumerate() {
            let value = given.get(at).unwrap_or(&Value::Nil);
            if !fits(value, parameter) {
                let (wanted, found) = (called(parameter.luau), described(value));
                let message = format!("{what} needs {wanted}, not {found}");
                return Err(match value {
                    Value::Nil if kind == "Day" => complain_with(message, super::wording::BLANK),
                    _ => complain_with(message, hint()),
                });
            }
        }
        does(lua, this, A::from_lua_multi(given, lua)?)
    });
}

fn names(takes: &[Parameter]) -> String {
    takes.iter().map(|parameter| parameter.name).collect::<Vec<_>>().join(", ")
}

/// Whether a value is what a parameter takes.
fn fits(value: &Value, parameter: &Parameter) -> bool {
    match (parameter.luau, value) {
        (_, Value::Nil) => !parameter.needed,
        ("string", Value::String(text)) => text.to_str().is_ok(),
        ("number", Value::Integer(_)) => true,
        ("number", Value::Number(n)) => n.is_finite(),
        ("Day", Value::UserData(data)) => data.is::<LuaDay>(),
        ("Period", Value::UserData(data)) => data.is::<LuaPeriod>(),
        ("{ string }", Value::Table(table)) => table
            .sequence_values::<Value>()
            .all(|one| matches!(one, Ok(Value::String(text)) if text.to_str().is_ok())),
        _ => false,
    }
}

/// A type as people call it.
fn called(luau: &str) -> &'static str {
    match luau {
        "string" => "a text",
        "number" => "a number",
        "Day" => "a day",
        "Period" => "a period, such as report.period.previous_year",
        "{ string }" => "a table of texts",
        _ => "something else",
    }
}

/// A whole number of days or months.
pub fn whole(what: &str, n: f64) -> mlua::Result<i32> {
    if n.fract() != 0.0 {
        return Err(complain(format!("{what} needs a whole number")));
    }
    Ok(n.clamp(-400_000.0, 400_000.0) as i32)
}
