//! Conditions in Lua: tables and the functions of `rap` that stand in them.

use mlua::{Lua, Table, UserData, Value, Variadic};

use super::changes::LuaElsewhere;
use super::errors::{complain, complain_with};
use super::fields::{Fields, count, count_anew, described, listed, not_too_deep};
use crate::definitions::{
    Beside, Conditions, Function, Matcher, Moment, Point, Scalar, Stretch, Versus, Window,
};
use crate::nouns::period::Day;
use crate::nouns::problem::{did_you_mean, nearest};
use crate::scripts::reference;

/// A matcher as a script holds it.
#[derive(Debug, Clone)]
pub struct LuaMatcher(pub Matcher);

impl UserData for LuaMatcher {}

/// Conditions as a script holds them: what `rap.either` gives.
#[derive(Debug, Clone)]
pub struct LuaConditions(pub Conditions);

impl UserData for LuaConditions {}

/// A number of the Cover sheet as a denominator.
#[derive(Debug, Clone)]
pub struct LuaCover(pub String);

impl UserData for LuaCover {}

/// Keeps a script's function and gives it a number.
pub type Keep<'a> = &'a dyn Fn(mlua::Function) -> Function;

/// Conditions from whatever a script gives: a table, `rap.either`, or a function.
pub fn conditions(value: Value, keep: Keep, depth: usize) -> mlua::Result<Conditions> {
    not_too_deep(depth)?;
    match value {
        Value::Nil => Ok(Conditions::default()),
        Value::Function(function) => {
            Ok(Conditions { function: Some(keep(function)), ..Conditions::default() })
        }
        Value::UserData(data) if data.is::<LuaElsewhere>() => {
            let function = data.borrow::<LuaElsewhere>()?.0;
            Ok(Conditions { function: Some(function), ..Conditions::default() })
        }
        Value::UserData(data) => match data.borrow::<LuaConditions>() {
            Ok(conditions) => {
                count(conditions.0.size())?;
                Ok(conditions.0.clone())
            }
            Err(_) => Err(complain_with(
                "a condition stands where fields are needed",
                "write { FIELD = condition }",
            )),
        },
        Value::Table(table) => from_table(&table, keep, depth),
        other => Err(complain_with(
            format!("conditions must be a table or a function, not {}", described(&other)),
            "write { FIELD = value }",
        )),
    }
}

/// Conditions of a table: fields by name, further conditions without one.
pub fn from_table(table: &Table, keep: Keep, depth: usize) -> mlua::Result<Conditions> {
    let mut found = Conditions::default();
    let mut functions = Vec::new();
    for pair in table.pairs::<Value, Value>() {
        match pair? {
            (Value::String(name), value) => {
                found.fields.push((name.to_str()?.to_string(), matcher(value, keep, depth + 1)?));
            }
            (Value::Integer(_) | Value::Number(_), Value::String(name)) => {
                return Err(complain_with(
                    format!("`{}` stands in a table of conditions without a field", name.to_str()?),
                    "write FIELD = value, or { \"population\", FIELD = value } where a population \
                     may stand first",
                ));
            }
            (Value::Integer(_) | Value::Number(_), value) => {
                let inner = conditions(value, keep, depth + 1)?;
                if let (Some(function), true) = (
                    inner.function,
                    inner.fields.is_empty() && inner.all.is_empty() && inner.either.is_empty(),
                ) {
                    functions.push(function);
                } else {
                    found.all.push(inner);
                }
            }
            (other, _) => {
                return Err(complain(format!(
                    "a field's name must be a text, not {}",
                    described(&other)
                )));
            }
        }
    }
    // The order of a Lua table's names is not the order they were written in: sorted, it is at
    // least the same on every machine.
    found.fields.sort_by(|a, b| a.0.cmp(&b.0));
    found.all.extend(
        functions.into_iter().map(|f| Conditions { function: Some(f), ..Conditions::default() }),
    );
    Ok(found)
}

/// A matcher from whatever a script gives for a field.
pub fn matcher(value: Value, keep: Keep, depth: usize) -> mlua::Result<Matcher> {
    not_too_deep(depth)?;
    Ok(match value {
        Value::String(text) => Matcher::Is(Scalar::Text(text.to_str()?.to_string())),
        Value::Integer(n) => Matcher::Is(Scalar::Number(n as f64)),
        Value::Number(n) => Matcher::Is(Scalar::Number(n)),
        Value::Boolean(b) => Matcher::Is(Scalar::Number(f64::from(u8::from(b)))),
        Value::UserData(data) => {
            if let Ok(matcher) = data.borrow::<LuaMatcher>() {
                matcher.0.clone()
            } else if let Ok(conditions) = data.borrow::<LuaConditions>() {
                Matcher::Linked(Box::new(conditions.0.clone()))
            } else if let Ok(elsewhere) = data.borrow::<LuaElsewhere>() {
                let function = Some(elsewhere.0);
                Matcher::Linked(Box::new(Conditions { function, ..Conditions::default() }))
            } else {
                return Err(complain("this cannot stand as a condition"));
            }
        }
        Value::Table(table) if table.raw_len() > 0 && only_values(&table)? => {
            Matcher::OneOf(several(&table, keep, depth)?)
        }
        Value::Table(table) => {
            let inner = from_table(&table, keep, depth + 1)?;
            if inner.is_empty() {
                return Err(complain_with(
                    "an empty table stands as a condition",
                    "write { \"A\", \"B\" } for one of several, { FIELD = value } for a linked \
                     record",
                ));
            }
            Matcher::Linked(Box::new(inner))
        }
        Value::Function(function) if function.info().what == "C" => {
            return Err(complain_with(
                "a function of `rap` stands as a condition, and is not called",
                "call it: rap.before(\"period_end\"), rap.at_least(3)",
            ));
        }
        Value::Function(function) => Matcher::Linked(Box::new(Conditions {
            function: Some(keep(function)),
            ..Conditions::default()
        })),
        other => {
            return Err(complain_with(
                format!("{} stands as a condition", described(&other)),
                "a name may be misspelt: Lua gives nothing for names it does not know",
            ));
        }
    })
}

/// Whether a table is a list of values, not of conditions.
fn only_values(table: &Table) -> mlua::Result<bool> {
    for pair in table.pairs::<Value, Value>() {
        match pair? {
            (
                Value::Integer(_) | Value::Number(_),
                Value::String(_) | Value::Integer(_) | Value::Number(_),
            ) => {}
            (Value::Integer(_) | Value::Number(_), Value::UserData(data))
                if data.is::<LuaMatcher>() => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn several(table: &Table, keep: Keep, depth: usize) -> mlua::Result<Vec<Matcher>> {
    table.sequence_values::<Value>().map(|value| matcher(value?, keep, depth + 1)).collect()
}

/// A move that stands behind a day has no day of its own in it.
fn without_a_day(what: &str, of: &str, given: &Value) -> mlua::Result<()> {
    let Value::Table(table) = given else { return Ok(()) };
    match table.raw_get::<Value>(1)? {
        Value::Nil => Ok(()),
        found => Err(complain_with(
            format!("{what}: the move of \"{of}\" holds {} without a name", described(&found)),
            "how far it is moved is written  { months = -24 }",
        )),
    }
}

/// A day's name, without a move; none where no day is called so.
fn known_point(name: &str) -> Option<Point> {
    let found = Point::NAMES.iter().find(|(n, _)| *n == name).map(|(_, point)| *point);
    found.or_else(|| Day::parse(name).map(Point::Fixed))
}

/// A day's name, without a move.
fn point(name: &str) -> mlua::Result<Point> {
    known_point(name).ok_or_else(|| {
        let names = Point::NAMES.map(|(n, _)| n);
        complain_with(
            format!("there is no day called `{name}`{}", did_you_mean(name, names)),
            format!("days are {}, or such as \"14 October 1991\"", names.join(", ")),
        )
    })
}

/// How many months, years or days something is moved by; 0 where nothing is given.
fn whole_part(fields: &mut Fields, key: &'static str) -> mlua::Result<i32> {
    let n = fields.number(key)?.unwrap_or_default();
    if n.fract() != 0.0 || n.abs() > 12_000.0 {
        return Err(complain_with(
            format!("{}: `{key}` must be a whole number, of 12,000 at most", fields.what()),
            "earlier is below 0: { months = -24 }",
        ));
    }
    Ok(n as i32)
}

/// Months and days of `{ months = -24 }`; none where nothing is given.
fn offset(what: &str, of: &str, given: Value) -> mlua::Result<(i32, i32)> {
    let table = match given {
        Value::Nil => return Ok((0, 0)),
        Value::Table(table) => table,
        other => {
            return Err(complain_with(
                format!("{what}: \"{of}\" is moved by a table, not {}", described(&other)),
                "how far it is moved is written  { months = -24 }",
            ));
        }
    };
    let mut fields = Fields::new("Offset", table, format!("the move of \"{of}\""))?;
    let mut part = |key| whole_part(&mut fields, key);
    let (months, years, days) = (part("months")?, part("years")?, part("days")?);
    fields.finish()?;
    Ok((months + 12 * years, days))
}

fn moment(what: &str, name: &str, moved: Value) -> mlua::Result<Moment> {
    let from = point(name)?;
    let (months, days) = offset(what, name, moved)?;
    Ok(Moment { from, months, days })
}

/// Whether a name is nearly that of a day: no column, which has capitals or is one of another list.
fn is_misspelt_point(name: &str) -> bool {
    !name.contains(|c: char| c == '.' || c.is_uppercase())
        && nearest(name, Point::NAMES.map(|(n, _)| n)).is_some()
}

/// A matcher that holds a day against a named day or, where it is none of these, a column.
fn day_matcher(
    what: &str,
    name: &str,
    moved: Value,
    plain: fn(Moment) -> Matcher,
    how: Versus,
) -> mlua::Result<Matcher> {
    if known_point(name).is_some() || is_misspelt_point(name) {
        without_a_day(what, name, &moved)?;
        return Ok(plain(moment(what, name, moved)?));
    }
    without_a_day(what, name, &moved)?;
    let (months, days) = offset(what, name, moved)?;
    Ok(Matcher::Beside(Beside { how, column: name.to_string(), months, days }))
}

/// What a function of `rap` was given in place of what it needs, and how it is written.
fn needs(what: &str, wanted: &str, found: &Value) -> mlua::Error {
    let call = reference::calls()
        .find(|call| call.name == what)
        .expect("the reference has every function of rap");
    let hint = format!("write  {},  for {}", call.example, call.briefly());
    complain_with(format!("rap.{what} needs {wanted}, not {}", described(found)), hint)
}

fn number(what: &str, value: &Value) -> mlua::Result<f64> {
    let n = match value {
        Value::Integer(n) => Some(*n as f64),
        Value::Number(n) => Some(*n),
        Value::String(text) => text.to_str().ok().and_then(|text| text.trim().parse().ok()),
        _ => None,
    };
    n.filter(|n: &f64| n.is_finite()).ok_or_else(|| needs(what, "a number", value))
}

fn text(what: &str, wanted: &str, value: &Value) -> mlua::Result<String> {
    match value {
        Value::String(text) => Ok(text.to_str()?.to_string()),
        other => Err(needs(what, wanted, other)),
    }
}

/// The values of `rap.one_of { … }`.
fn values(what: &str, value: Value, keep: Keep) -> mlua::Result<Vec<Matcher>> {
    match value {
        Value::Table(table) => {
            let found = several(&table, keep, 0)?;
            let given = listed(&format!("rap.{what}"), &table)?;
            match given.is_empty() {
                true => Err(needs(what, "a table of values", &Value::Nil)),
                false => Ok(found),
            }
        }
        other => Err(needs(what, "a table of values", &other)),
    }
}

/// Puts the functions that make conditions into `rap`.
pub fn register(lua: &Lua, rap: &Table) -> mlua::Result<()> {
    fn no_functions(_: mlua::Function) -> Function {
        Function { script: usize::MAX, index: usize::MAX }
    }
    macro_rules! range {
        ($name:literal, $low:expr, $high:expr) => {
            rap.set(
                $name,
                lua.create_function(|_, n: Value| {
                    let n = number($name, &n)?;
                    #[allow(clippy::redundant_closure_call)]
                    Ok(LuaMatcher(Matcher::Range { low: $low(n), high: $high(n) }))
                })?,
            )?;
        };
    }
    range!("at_least", |n| Some((n, true)), |_| None);
    range!("more_than", |n| Some((n, false)), |_| None);
    range!("at_most", |_| None, |n| Some((n, true)));
    range!("less_than", |_| None, |n| Some((n, false)));
    rap.set(
        "between",
        lua.create_function(|_, (low, high): (Value, Value)| {
            let (low, high) = (number("between", &low)?, number("between", &high)?);
            if low > high {
                return Err(complain("rap.between: the first number is larger than the second"));
            }
            Ok(LuaMatcher(Matcher::Range { low: Some((low, true)), high: Some((high, true)) }))
        })?,
    )?;
    rap.set("blank", LuaMatcher(Matcher::Blank))?;
    rap.set("filled", LuaMatcher(Matcher::Filled))?;
    rap.set("none", LuaMatcher(Matcher::Range { low: None, high: Some((0.0, true)) }))?;
    rap.set(
        "blank_or",
        lua.create_function(|_, value: Value| {
            let other = matcher(value, &no_functions, 0)?;
            Ok(LuaMatcher(Matcher::OneOf(vec![Matcher::Blank, other])))
        })?,
    )?;
    rap.set(
        "one_of",
        lua.create_function(|_, v: Value| {
            Ok(LuaMatcher(Matcher::OneOf(values("one_of", v, &no_functions)?)))
        })?,
    )?;
    rap.set(
        "none_of",
        lua.create_function(|_, v: Value| {
            Ok(LuaMatcher(Matcher::NoneOf(values("none_of", v, &no_functions)?)))
        })?,
    )?;
    let begins =
        |_: &Lua, v: Value| Ok(LuaMatcher(Matcher::StartsWith(text("starts_with", "a text", &v)?)));
    rap.set("starts_with", lua.create_function(begins)?)?;
    let ends =
        |_: &Lua, v: Value| Ok(LuaMatcher(Matcher::EndsWith(text("ends_with", "a text", &v)?)));
    rap.set("ends_with", lua.create_function(ends)?)?;
    macro_rules! moments {
        ($name:literal, $plain:expr, $how:expr) => {
            rap.set(
                $name,
                lua.create_function(|_, (name, offset): (Value, Value)| {
                    let name = text($name, "a day's name, such as \"period_end\"", &name)?;
                    let rap_name = concat!("rap.", $name);
                    Ok(LuaMatcher(day_matcher(rap_name, &name, offset, $plain, $how)?))
                })?,
            )?;
        };
    }
    moments!("on_or_before", |m| Matcher::UpTo(m, true), Versus::Before { included: true });
    moments!("before", |m| Matcher::UpTo(m, false), Versus::Before { included: false });
    moments!("on_or_after", |m| Matcher::From(m, true), Versus::After { included: true });
    moments!("after", |m| Matcher::From(m, false), Versus::After { included: false });
    for (name, how) in [
        ("same_as", Versus::Same),
        ("differs_from", Versus::Differs),
        ("listed_in", Versus::Listed),
    ] {
        let make = move |_: &Lua, (column, moved)| beside(name, how, &column, moved);
        rap.set(name, lua.create_function(make)?)?;
    }
    rap.set("repeated", LuaMatcher(Matcher::Repeated))?;
    rap.set("refused", LuaMatcher(Matcher::Refused))?;
    let all =
        |_: &Lua, v: Value| Ok(LuaMatcher(Matcher::AllOf(values("all_of", v, &no_functions)?)));
    rap.set("all_of", lua.create_function(all)?)?;
    rap.set("within", lua.create_function(within)?)?;
    rap.set("aged", lua.create_function(aged)?)?;
    let cover =
        |_: &Lua, label: Value| Ok(LuaCover(text("cover", "a label of the Cover sheet", &label)?));
    rap.set("cover", lua.create_function(cover)?)?;
    Ok(())
}

/// `rap.aged(10, 16)`, and at which day: `rap.aged(16, 17, "period_end", { months = -3 })`.
fn aged(_: &Lua, (from, to, at, moved): (Value, Value, Value, Value)) -> mlua::Result<LuaMatcher> {
    let from = number("aged", &from)?;
    let to = if to.is_nil() { from } else { number("aged", &to)? };
    let ages = 0.0..=150.0;
    let whole = from.fract() == 0.0 && to.fract() == 0.0;
    if !whole || !ages.contains(&from) || !ages.contains(&to) || from > to {
        return Err(complain_with(
            "rap.aged needs two ages in whole years, the younger first",
            "rap.aged(10, 16) is 10 to 16, both included",
        ));
    }
    let at = match at {
        Value::Nil => {
            without_a_day("rap.aged", "period_end", &moved)?;
            moment("rap.aged", "period_end", moved)?
        }
        // What moves the day may stand alone, where it is the period's end that is moved.
        Value::Table(table) if moved.is_nil() && table.raw_get::<Value>(1)?.is_nil() => {
            moment("rap.aged", "period_end", Value::Table(table))?
        }
        Value::Table(table) if moved.is_nil() => moment_named(Value::Table(table))?,
        other => {
            let name = text("aged", "a day's name, such as \"period_end\"", &other)?;
            without_a_day("rap.aged", &name, &moved)?;
            moment("rap.aged", &name, moved)?
        }
    };
    Ok(LuaMatcher(Matcher::Aged { from: from as i32, to: to as i32, at }))
}

/// `rap.same_as` and its like: a field is held against one of another column.
fn beside(
    name: &'static str,
    how: Versus,
    column: &Value,
    moved: Value,
) -> mlua::Result<LuaMatcher> {
    let column = text(name, "a column's name, such as \"before.LS\"", column)?;
    without_a_day(&format!("rap.{name}"), &column, &moved)?;
    let (months, days) = offset(&format!("rap.{name}"), &column, moved)?;
    Ok(LuaMatcher(Matcher::Beside(Beside { how, column, months, days })))
}

/// `rap.within`: days of a stretch of time, such as the quarter.
fn within(_: &Lua, (name, moved): (Value, Value)) -> mlua::Result<LuaMatcher> {
    let name = text("within", "the name of a stretch of time", &name)?;
    let window = window(&name)?;
    without_a_day("rap.within", &name, &moved)?;
    let (months, days) = offset("rap.within", &name, moved)?;
    Ok(LuaMatcher(Matcher::Within(Stretch { window, months, days })))
}

/// `rap.either` and `rap.no` keep functions, so they are made where these can be kept.
pub fn register_keeping(
    lua: &Lua,
    rap: &Table,
    keep: impl Fn(mlua::Function) -> Function + Clone + 'static,
) -> mlua::Result<()> {
    let kept = keep.clone();
    rap.set(
        "no",
        lua.create_function(move |_, asked: Value| {
            count_anew();
            let inner = conditions(asked, &kept, 1)?;
            if inner.is_empty() {
                return Err(complain_with(
                    "rap.no needs conditions",
                    "write  episodes = rap.no { REC = \"X1\" },  or rap.none where none may be \
                     there",
                ));
            }
            Ok(LuaMatcher(Matcher::NoLinked(Box::new(inner))))
        })?,
    )?;
    rap.set(
        "either",
        lua.create_function(move |_, alternatives: Variadic<Value>| {
            count_anew();
            let mut values: Vec<Value> = alternatives.into_iter().collect();
            // Both either(a, b) and either { a, b } read well.
            if let [Value::Table(table)] = values.as_slice()
                && table.raw_len() > 0
            {
                values = table.sequence_values::<Value>().collect::<mlua::Result<_>>()?;
            }
            if values.len() < 2 {
                return Err(complain_with(
                    "rap.either needs two alternatives or more",
                    "rap.either({ A = 1 }, { B = 2 })",
                ));
            }
            let group: mlua::Result<Vec<_>> =
                values.into_iter().map(|v| conditions(v, &keep, 1)).collect();
            Ok(LuaConditions(Conditions { either: vec![group?], ..Conditions::default() }))
        })?,
    )?;
    Ok(())
}

/// A window by its name.
pub fn window(name: &str) -> mlua::Result<Window> {
    const NAMES: [&str; 6] =
        ["period", "quarter", "year_to_date", "year", "last_12_months", "last_24_months"];
    Window::named(name).ok_or_else(|| {
        complain_with(
            format!("there is no stretch of time called `{name}`{}", did_you_mean(name, NAMES)),
            format!("they are {} (any number of months)", NAMES.join(", ")),
        )
    })
}

/// A moment by its name, for `as_at`: `"period_end"`, or `{ "period_end", months = -24 }`.
pub fn moment_named(value: Value) -> mlua::Result<Moment> {
    match value {
        Value::String(name) => moment("as_at", &name.to_str()?, Value::Nil),
        Value::Table(table) => match table.raw_get::<Value>(1)? {
            Value::String(name) => moment("as_at", &name.to_str()?, Value::Table(table)),
            other => Err(no_day_named(&other)),
        },
        other => Err(no_day_named(&other)),
    }
}

/// That something else stands where the name of a day should.
fn no_day_named(found: &Value) -> mlua::Error {
    complain_with(
        format!("a day must be a name such as \"period_end\", not {}", described(found)),
        "as_at = \"period_end\",  or  as_at = { \"period_end\", months = -3 },",
    )
}
