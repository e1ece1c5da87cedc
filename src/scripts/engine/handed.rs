//! What functions are handed, made once for each sandbox: records and periods cannot be changed, so
//! one is as good as another.

use std::cell::RefCell;
use std::rc::Rc;

use mlua::{AnyUserData, Lua};

use super::kept::About;
use super::values::{Desk, LuaPeriod, LuaRecord};
use crate::nouns::period::Period;

/// So many records are kept: of a national return each is made anew.
const MOST: usize = 50_000;
/// So many returns and periods are: scripts are asked of several by turns (`kept.rs`).
const MOST_DESKS: usize = 8;

/// What was made so far.
#[derive(Debug, Default)]
pub struct Handed {
    period: Option<(Period, AnyUserData)>,
    desks: Vec<(Rc<Desk>, OfDesk)>,
    count: usize,
}

/// The records of each list, of this return and of last year's.
type OfDesk = Vec<[Vec<Option<AnyUserData>>; 2]>;

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
        let of_desk = self.of_desk(desk);
        let records = &mut self.desks[of_desk].1[list][usize::from(last_year)];
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

    /// Which of the desks it is; where there are too many, all are forgotten.
    fn of_desk(&mut self, desk: &Rc<Desk>) -> usize {
        if let Some(at) = self.desks.iter().rposition(|(known, _)| Rc::ptr_eq(known, desk)) {
            return at;
        }
        if self.desks.len() == MOST_DESKS {
            self.desks.clear();
            self.count = 0;
        }
        let of_desk = desk.declared.lists.values().map(|_| Default::default()).collect();
        self.desks.push((desk.clone(), of_desk));
        self.desks.len() - 1
    }
}
