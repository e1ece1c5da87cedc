//! A Lua in which a script can do nothing but describe: no files, clock, environment, randomness or
//! code loading, bounded steps and memory. A project's scripts have one each; those that ship share
//! one, each with names of its own, and nothing in it can be changed: so none changes what another
//! sees.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant};

use mlua::{Lua, LuaString, MultiValue, Value, VmState};

use super::errors::{self, complain_of, complain_with};
use super::fields::described;
use super::handed::Handed;
use super::printed::{self, Unheard};

use crate::nouns::problem::{Place, did_you_mean};
use crate::scripts::slips::IN_ORDER;

/// What one script may use.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Steps while the script is loaded; a step is a turn of a loop or a call.
    pub load_steps: u64,
    /// Steps for one record, sentence or layout.
    pub call_steps: u64,
    /// Steps in all.
    pub total_steps: u64,
    /// Bytes.
    pub memory: usize,
    /// Whether somebody hears what is printed.
    pub prints: bool,
    /// The time that loading, or one call, may take: steps are told the same on every machine, but
    /// one step may sort a million numbers.
    pub time: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Budget {
            load_steps: 5_000_000,
            call_steps: 2_000_000,
            total_steps: 200_000_000,
            memory: 64 << 20,
            prints: false,
            time: Duration::from_secs(5),
        }
    }
}

/// What a running script has used: shared with the interrupt.
#[derive(Debug, Default)]
pub struct Meter {
    left: Cell<u64>,
    total: Cell<u64>,
    time: Cell<Duration>,
    /// When the time is over; nothing before the first step.
    until: Cell<Option<Instant>>,
    /// Whether a walk through a text was begun: it keeps how far it went, whoever takes a step.
    pub walks: Cell<bool>,
    /// Where the script was last seen, for errors that carry no line.
    pub seen: RefCell<Option<Place>>,
}

impl Meter {
    /// Allows so many steps from now.
    pub fn allow(&self, steps: u64, time: Duration) {
        self.left.set(steps.min(self.total.get()));
        self.time.set(time);
        self.until.set(None);
    }

    /// Whether the time that began with the first step is over. Most functions are done before a
    /// second one: they need no clock but this.
    fn is_late(&self) -> bool {
        let now = Instant::now();
        match self.until.get() {
            Some(until) => now > until,
            None => {
                self.until.set(now.checked_add(self.time.get()));
                false
            }
        }
    }
}

/// The error that stops a script which takes too many steps, or too long.
#[derive(Debug)]
pub struct OutOfSteps;

impl fmt::Display for OutOfSteps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the script was stopped: it does not come to an end")
    }
}

impl std::error::Error for OutOfSteps {}

/// What a Luau usually has and scripts have not: it reaches outside, or cannot be stopped.
pub const ABSENT: [&str; 21] = [
    "require",
    "loadstring",
    "load",
    "dofile",
    "loadfile",
    "getfenv",
    "setfenv",
    "newproxy",
    "collectgarbage",
    "gcinfo",
    "debug",
    "os",
    "io",
    "package",
    "coroutine",
    "pcall",
    "xpcall",
    "buffer",
    "math.random",
    "math.randomseed",
    "math.noise",
];

/// The one global that is ours.
const RAP: &str = "rap";

/// How often the line is looked at.
const SEEN_EVERY: u64 = 512;

/// The file and line that a level of the stack is at: 0 is what runs, 1 what called it.
pub fn place_at(lua: &Lua, level: usize) -> Option<Place> {
    let place = lua.inspect_stack(level, |at| {
        let line = u32::try_from(at.current_line()?).ok()?;
        Some(Place::line(at.source().short_src?.into_owned(), line))
    });
    place.flatten()
}

/// The line of a script that is at work: where what runs was called from.
pub fn place_now(lua: &Lua) -> Option<Place> {
    (0..8).find_map(|level| place_at(lua, level))
}

/// A sandbox, for one script or for several that may share one.
pub struct Sandbox {
    /// The Lua. Functions of its scripts are gone without it.
    pub lua: Lua,
    /// What its scripts have used.
    pub meter: Rc<Meter>,
    /// Whether a script ran into a limit: no other is called in it any more.
    pub spent: Cell<bool>,
    /// What its functions were handed.
    pub handed: RefCell<Handed>,
    /// What its scripts printed.
    pub printed: Unheard,
}

impl Sandbox {
    /// A new one, in which nothing can be changed.
    pub fn new(budget: &Budget) -> mlua::Result<Sandbox> {
        let (lua, meter) = metered(budget)?;
        restrict(&lua, &meter)?;
        let printed = printed::register(&lua, budget.prints)?;
        refuse_unknown_names(&lua)?;
        lua.sandbox(true)?;
        lua.set_memory_limit(budget.memory)?;
        let (spent, handed) = (Cell::new(false), RefCell::default());
        Ok(Sandbox { lua, meter, spent, handed, printed })
    }

    /// Gives back what was used and handed, for another return.
    pub fn begin_again(&self, budget: &Budget) {
        self.meter.total.set(budget.total_steps);
        *self.handed.borrow_mut() = Handed::default();
    }

    /// What one script sees: its `rap`, its own names, and beneath them what all scripts see.
    pub fn surroundings(&self, rap: mlua::Table) -> mlua::Result<mlua::Table> {
        let own = self.lua.create_table_from([(RAP, rap)])?;
        let beneath = self.lua.create_table_from([("__index", self.lua.globals())])?;
        beneath.set_readonly(true);
        own.set_metatable(Some(beneath))?;
        // What is beneath never changes, so that names may be looked up once.
        own.set_safeenv(true);
        Ok(own)
    }
}

/// A new Lua that stops when its meter says so.
fn metered(budget: &Budget) -> mlua::Result<(Lua, Rc<Meter>)> {
    // Before the first VM: lets `table.move` over two thousand million places be interrupted.
    let _ = Lua::set_fflag("LuauTableMoveTimeoutFix", true);
    let lua = Lua::new();
    let meter = Rc::new(Meter::default());
    meter.total.set(budget.total_steps);
    let shared = meter.clone();
    lua.set_interrupt(move |lua| {
        let left = shared.left.get();
        let late = shared.is_late();
        // Memory errors say no line: the one last seen is near enough.
        if (left == 0 || late || left % SEEN_EVERY == 0)
            && let Some(place) = place_now(lua)
        {
            *shared.seen.borrow_mut() = Some(place);
        }
        if left == 0 || late {
            return Err(mlua::Error::external(OutOfSteps));
        }
        shared.left.set(left - 1);
        shared.total.set(shared.total.get().saturating_sub(1));
        Ok(VmState::Continue)
    });
    Ok((lua, meter))
}

/// A misspelt name must not pass for a blank: `{ KIND = MISSPELT }` would be no condition at all.
fn refuse_unknown_names(lua: &Lua) -> mlua::Result<()> {
    const OUTSIDE: [&str; 8] =
        ["io", "os", "require", "loadstring", "load", "debug", "coroutine", "package"];
    let meta = lua.create_table()?;
    meta.set(
        "__index",
        lua.create_function(|_, (globals, name): (mlua::Table, Value)| -> mlua::Result<Value> {
            let name = name.to_string()?;
            // Each script has its own: Luau looks for it here too, before the script is run.
            if name == RAP {
                return Ok(Value::Nil);
            }
            if OUTSIDE.contains(&name.as_str()) {
                return Err(complain_with(
                    format!("there is no `{name}` in scripts"),
                    "scripts describe: they reach no files, no clock and no other code",
                ));
            }
            let mut known: Vec<String> =
                globals.pairs::<String, Value>().filter_map(|p| p.ok().map(|(k, _)| k)).collect();
            known.push(RAP.to_string());
            let guess = did_you_mean(&name, known.iter().map(String::as_str));
            let message = format!("nothing is called `{name}` here{guess}");
            Err(complain_of(name, message, "a local must be declared above the line that uses it"))
        })?,
    )?;
    lua.globals().set_metatable(Some(meta))
}

/// Takes away what reaches outside or cannot be stopped, and bounds the loops that run inside C.
fn restrict(lua: &Lua, meter: &Rc<Meter>) -> mlua::Result<()> {
    let globals = lua.globals();
    for name in ABSENT {
        match name.split_once('.') {
            Some((library, name)) => globals.get::<mlua::Table>(library)?.set(name, Value::Nil)?,
            None => globals.set(name, Value::Nil)?,
        }
    }
    // Addresses of tables differ from run to run.
    globals.set(
        "tostring",
        lua.create_function(|lua, value: Value| match &value {
            Value::Table(_) => Ok(Value::String(lua.create_string("table")?)),
            Value::Function(_) => Ok(Value::String(lua.create_string("function")?)),
            Value::UserData(_) => Ok(Value::String(lua.create_string(value.to_string()?)?)),
            Value::Nil => Ok(Value::String(lua.create_string("nil")?)),
            Value::Boolean(b) => {
                Ok(Value::String(lua.create_string(if *b { "true" } else { "false" })?))
            }
            _ => Ok(lua.coerce_string(value)?.map_or(Value::Nil, Value::String)),
        })?,
    )?;
    in_order(lua, &globals)?;
    errors::register(lua)?;
    let string: mlua::Table = globals.get("string")?;
    let find: mlua::Function = string.get("find")?;
    string.set(
        "find",
        lua.create_function(
            move |_,
                  (text, pattern, from, plain): (
                LuaString,
                LuaString,
                Option<i64>,
                Option<bool>,
            )| {
                if text.as_bytes().len().saturating_mul(pattern.as_bytes().len()) > 50_000_000 {
                    return Err(mlua::Error::runtime("string.find: the texts are too long"));
                }
                find.call::<mlua::MultiValue>((text, pattern, from, plain))
            },
        )?,
    )?;
    let (walk, meter): (mlua::Function, _) = (string.get("gmatch")?, meter.clone());
    string.set(
        "gmatch",
        lua.create_function(move |_, given: MultiValue| {
            meter.walks.set(true);
            walk.call::<mlua::Function>(given)
        })?,
    )?;
    let split: mlua::Function = string.get("split")?;
    string.set(
        "split",
        lua.create_function(move |_, (text, by): (LuaString, Option<LuaString>)| {
            if text.as_bytes().len().saturating_mul(by.as_ref().map_or(1, |b| b.as_bytes().len()))
                > 50_000_000
            {
                return Err(mlua::Error::runtime("string.split: the texts are too long"));
            }
            split.call::<mlua::MultiValue>((text, by))
        })?,
    )?;
    // Tables in `{…}` of a text are written by their addresses, too.
    let format: mlua::Function = string.get("format")?;
    string.set(
        "format",
        lua.create_function(move |_, given: MultiValue| {
            let odd = given.iter().skip(1).find(|value| by_address(value));
            if let Some(odd) = odd {
                return Err(complain_with(
                    format!("{} stands in a text", described(odd)),
                    "a text takes texts, numbers and days: name the field that is meant, or call \
                     the function",
                ));
            }
            format.call::<MultiValue>(given)
        })?,
    )?;
    let rep: mlua::Function = string.get("rep")?;
    string.set(
        "rep",
        lua.create_function(move |_, (text, n): (LuaString, f64)| {
            if n * (text.as_bytes().len().max(1) as f64) > 1_000_000.0 {
                return Err(mlua::Error::runtime("string.rep: the text would be too long"));
            }
            rep.call::<LuaString>((text, n.max(0.0)))
        })?,
    )?;
    Ok(())
}

/// Whether a value is known by its address alone, which differs from run to run.
fn by_address(value: &Value) -> bool {
    matches!(value, Value::Table(_) | Value::Function(_) | Value::Thread(_))
}

/// Loops, `pairs` and `next` refuse a table whose order is that of addresses.
fn in_order(lua: &Lua, globals: &mlua::Table) -> mlua::Result<()> {
    fn sound(value: Option<&Value>) -> mlua::Result<()> {
        let Some(Value::Table(table)) = value else { return Ok(()) };
        for pair in table.pairs::<Value, Value>() {
            let key = pair?.0;
            if by_address(&key) || matches!(key, Value::UserData(_)) {
                return Err(complain_with(
                    format!(
                        "the loop goes through a table whose keys are no names: one is {}",
                        described(&key)
                    ),
                    "its order would differ from run to run: keep the things in a list, { a, b }, \
                     and go through that",
                ));
            }
        }
        Ok(())
    }
    let each = lua.create_function(|_, given: MultiValue| {
        sound(given.front())?;
        Ok(given)
    })?;
    globals.set(IN_ORDER, each)?;
    for name in ["pairs", "next"] {
        let usual: mlua::Function = globals.get(name)?;
        let checked = lua.create_function(move |_, given: MultiValue| {
            // `next` is asked once a step: at the first is enough.
            if given.get(1).is_none_or(Value::is_nil) {
                sound(given.front())?;
            }
            usual.call::<MultiValue>(given)
        })?;
        globals.set(name, checked)?;
    }
    Ok(())
}
