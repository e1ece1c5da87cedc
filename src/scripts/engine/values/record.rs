//! Records of the return, and rows of public lists.

use std::rc::Rc;

use mlua::{Lua, MetaMethod, UserData, UserDataMethods, Value};

use super::{Desk, LuaDay};
use crate::definitions::{ColumnType, LAST_YEAR, List, Neighbour};
use crate::figures::select::{NOBODY, Order};
use crate::intake::returns::{Field, Records};
use crate::nouns::figure::Symbol;
use crate::nouns::numbers::{grouped, plain_number};
use crate::nouns::problem::did_you_mean;
use crate::scripts::engine::errors::{NotInReturn, complain_of};

/// A record: `episode.PLACE`, `episode.child.DOB`, `child.episodes`.
#[derive(Clone)]
pub struct LuaRecord {
    /// Where records live.
    pub desk: Rc<Desk>,
    /// The list, by position.
    pub list: usize,
    /// Whether it is one of last year's return.
    pub last_year: bool,
    /// The record.
    pub record: u32,
}

impl LuaRecord {
    pub(super) fn list(&self) -> &List {
        &self.desk.declared.lists[self.list]
    }

    pub(super) fn records(&self) -> &Records {
        self.desk
            .records(self.list, self.last_year)
            .expect("a record is one of a list that is there")
    }

    /// The record beside it; nothing where there is none.
    fn neighbour(&self, which: Neighbour) -> Option<LuaRecord> {
        let list = self.list();
        let prefix = if self.last_year { LAST_YEAR } else { "" };
        let order = self
            .desk
            .orders
            .borrow_mut()
            .entry(format!("{prefix}{}", list.name))
            .or_insert_with(|| {
                let records = self.records();
                let all: Vec<u32> = (0..records.len() as u32).collect();
                Rc::new(Order::new(list, records, &all))
            })
            .clone();
        let record = order.neighbours(which)[self.record as usize];
        (record != NOBODY).then(|| LuaRecord { record, ..self.clone() })
    }

    fn get(&self, lua: &Lua, name: &str) -> mlua::Result<Value> {
        let list = self.list();
        let records = self.records();
        if let Some(column) = list.column(name) {
            if !records.has(column) {
                return Err(mlua::Error::external(NotInReturn(format!(
                    "the list {} has no column {name} in the return",
                    list.title
                ))));
            }
            return match records.field(self.record as usize, column) {
                Field::Blank => Ok(Value::Nil),
                Field::Text(text) => Ok(Value::String(lua.create_string(text)?)),
                Field::Number(n) => Ok(Value::Number(n)),
                Field::Day(day) => Ok(Value::UserData(lua.create_userdata(LuaDay(day))?)),
            };
        }
        let linked = self.desk.declared.linked(name);
        if let (None, Some(which)) = (&linked, Neighbour::named(name)) {
            return match self.neighbour(which) {
                Some(record) => Ok(Value::UserData(lua.create_userdata(record)?)),
                None => Ok(Value::Nil),
            };
        }
        let last_year = name.starts_with(LAST_YEAR);
        let Some((target, linked)) = linked.and_then(|linked| {
            let name = if last_year { &linked[LAST_YEAR.len()..] } else { &linked };
            self.desk.declared.lists.get_full(name).map(|(i, _, l)| (i, l))
        }) else {
            let names = list
                .columns
                .iter()
                .map(|c| c.name.as_str())
                .chain(self.desk.declared.lists.values().map(|l| l.record.as_str()));
            let guess = did_you_mean(name, names);
            let message = format!("a record of {} has no field `{name}`{guess}", list.title);
            return Err(complain_of(name, message, ""));
        };
        let Some(theirs) = self.desk.records(target, last_year) else {
            let why = linked.is_not_there(last_year);
            return Err(mlua::Error::external(NotInReturn(why)));
        };
        let found = theirs.with_key(self.desk.key_to(self, target, theirs));
        let make =
            |record: u32| LuaRecord { desk: self.desk.clone(), list: target, last_year, record };
        // `episode.child` is one record or nothing; `child.episodes` is a table of all.
        let bare = name.strip_prefix(LAST_YEAR).unwrap_or(name);
        if linked.one_per_key && bare == linked.record {
            return match found.first() {
                Some(record) => Ok(Value::UserData(lua.create_userdata(make(*record))?)),
                None => Ok(Value::Nil),
            };
        }
        let all = lua.create_table()?;
        for record in found {
            all.raw_push(lua.create_userdata(make(*record))?)?;
        }
        Ok(Value::Table(all))
    }
}

impl UserData for LuaRecord {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |lua, this, name: String| this.get(lua, &name));
        methods.add_meta_method(
            MetaMethod::NewIndex,
            |_, this, (name, _): (String, Value)| -> mlua::Result<()> {
                let message =
                    format!("a record of {} cannot be changed (`{name}`)", this.list().title);
                Err(complain_of(name, message, ""))
            },
        );
        methods.add_meta_method(MetaMethod::Eq, |_, this, other: mlua::UserDataRef<LuaRecord>| {
            Ok((this.list, this.last_year, this.record)
                == (other.list, other.last_year, other.record))
        });
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| {
            Ok(format!("a record of {}", this.list().title))
        });
    }
}

/// A row of a public list: its fields as they are printed.
pub struct LuaRow {
    /// The record.
    pub record: LuaRecord,
    /// Numbers of a row are nobody's figures, so no rule is asked about them: where one hides small
    /// counts, none of them is told.
    pub numbers: bool,
}

impl LuaRow {
    fn get(&self, name: &str) -> mlua::Result<Option<String>> {
        let list = self.record.list();
        let Some(column) = list.column(name) else {
            let guess = did_you_mean(name, list.columns.iter().map(|c| c.name.as_str()));
            let message = format!("a record of {} has no field `{name}`{guess}", list.title);
            return Err(complain_of(name, message, ""));
        };
        if !list.public.iter().any(|public| public == name) {
            let message = format!("the column `{name}` of {} is not public", list.title);
            let hint = format!("public = {{ \"{}\" }},", list.public.join("\", \""));
            return Err(complain_of(name, message, hint));
        }
        let percent = matches!(list.columns[column].kind, ColumnType::Percentage);
        Ok(match self.record.records().field(self.record.record as usize, column) {
            Field::Blank => None,
            Field::Text(text) => Some(text.to_string()),
            Field::Number(_) if !self.numbers => Some(Symbol::Confidential.words().to_string()),
            Field::Number(n) => {
                Some(format!("{}{}", grouped(&plain_number(n)), if percent { "%" } else { "" }))
            }
            Field::Day(day) => Some(day.long()),
        })
    }
}

impl UserData for LuaRow {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |_, this, name: String| this.get(&name));
    }
}
