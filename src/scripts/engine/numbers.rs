//! `rap.format`: a number as a text, as reports print numbers.

use mlua::{Lua, Table, Value};

use super::errors::complain_with;
use super::fields::described;
use crate::nouns::numbers::{decimals_of, grouped, round_noise, rounded};

/// Puts `rap.format` in place.
pub fn register(lua: &Lua, rap: &Table) -> mlua::Result<()> {
    rap.set("format", lua.create_function(|_, (n, decimals)| format(&n, &decimals))?)
}

/// The number that a value is; none where it is something else, or no finite one.
fn finite(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(n) => Some(*n as f64),
        Value::Number(n) if n.is_finite() => Some(*n),
        _ => None,
    }
}

fn format(n: &Value, decimals: &Value) -> mlua::Result<String> {
    let Some(number) = finite(n) else {
        let found = match n {
            Value::Number(_) => "what a division by 0 gives",
            other => described(other),
        };
        let hint = match n {
            Value::Nil => {
                "a figure that is suppressed or missing has no number: test `if f.number then` \
                 first"
            }
            Value::String(_) => {
                "the number of a figure is `f.number`; `f.value` is printed as it stands"
            }
            _ => "write  rap.format(f.number - f.target, 1)",
        };
        return Err(complain_with(format!("rap.format needs a number, not {found}"), hint));
    };
    let number = round_noise(number);
    let decimals = match decimals {
        Value::Nil => decimals_of(number).min(2),
        given => match finite(given).filter(|n| n.fract() == 0.0 && (0.0..=6.0).contains(n)) {
            Some(decimals) => decimals as u8,
            None => {
                return Err(complain_with(
                    "rap.format: the decimals must be a whole number from 0 to 6",
                    "rap.format(4.25, 1) is 4.3",
                ));
            }
        },
    };
    Ok(grouped(&rounded(number, decimals)))
}
