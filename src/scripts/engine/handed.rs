//! What functions are handed, made once for each sandbox: records and periods cannot be changed, so
//! one is as good as another.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use mlua::{AnyUserData, Lua};

use super::kept::About;
use super::values::{Desk, LuaPeriod, LuaRecord};
use crate::nouns::period::Period;

/// So many records are kept: of a national return each is made anew.
const MOST: usize = 50_000;

/// What was made so far, of the return that is on the desk.
#[derive(Debug, Default)]
pub struct Handed {
    desk: Option<Rc<Desk>>,
    period: Option<(Period, AnyUserData)>,
    records: HashMap<(usize, bool), Vec<Option<AnyUserData>>>,
    count: usize,
}

impl Handed {
    /// The record and the period.
    pub fn of(
        cell: &RefCell<Handed>,
        lua: &Lua,
        desk: &Rc<Desk>,
        period: Period,
        about: About,
    ) -> mlua::Result<(AnyUserData, AnyUserData)> {
        let mut handed = cell.borrow_mut();
        if !handed.desk.as_ref().is_some_and(|known| Rc::ptr_eq(known, desk)) {
            *handed = Handed { desk: Some(desk.clone()), ..Handed::default() };
        }
        Ok((handed.record(lua, desk, about)?, handed.period(lua, period)?))
    }

    fn period(&mut self, lua: &Lua, period: Period) -> mlua::Result<AnyUserData> {
        if let Some((_, made)) = self.period.as_ref().filter(|(known, _)| *known == period) {
            return Ok(made.clone());
        }
        let made = lua.create_userdata(LuaPeriod(period))?;
        self.period = Some((period, made.clone()));
        Ok(made)
    }

    fn record(&mut self, lua: &Lua, desk: &Rc<Desk>, about: About) -> mlua::Result<AnyUserData> {
        let About { list, last_year, record } = about;
        let at = record as usize;
        let records = self.records.entry((list, last_year)).or_default();
        if let Some(Some(made)) = records.get(at) {
            return Ok(made.clone());
        }
        let made =
            lua.create_userdata(LuaRecord { desk: desk.clone(), list, last_year, record })?;
        if self.count < MOST && at < MOST {
            records.resize(records.len().max(at + 1), None);
            records[at] = Some(made.clone());
            self.count += 1;
        }
        Ok(made)
    }
}
