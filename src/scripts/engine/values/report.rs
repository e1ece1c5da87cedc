//! The report that a layout is handed.

use std::collections::HashMap;
use std::rc::Rc;

use mlua::{Lua, MetaMethod, Table, UserData, UserDataFields, UserDataMethods};

use super::record::LuaRow;
use super::{Desk, LuaFigure, LuaPeriod, LuaRecord, none_such};
use crate::definitions::Indicator;
use crate::figures::suppress::ShownFigures;
use crate::intake::project::SignOff;
use crate::nouns::problem::did_you_mean;
use crate::scripts::engine::arguments::method;
use crate::scripts::engine::errors::{complain, complain_with};

/// What a layout is handed: the report before it has a form.
#[derive(Clone)]
pub struct LuaReport {
    /// Everything shown.
    pub shown: Rc<ShownFigures>,
    /// The return, of which only the Cover, the commentary and public lists can be reached.
    pub desk: Rc<Desk>,
    /// The council's name.
    pub authority: String,
    /// Its region's name.
    pub region: String,
    /// Who signs it off.
    pub sign_off: Vec<SignOff>,
    /// Commentary by indicator.
    pub commentary: Rc<HashMap<String, String>>,
    /// Narratives by area: name and text, in the return's order.
    pub narratives: Rc<Vec<(String, String)>>,
}

impl LuaReport {
    fn figure(&self, code: &str) -> Option<LuaFigure> {
        self.shown.own(code)?;
        Some(LuaFigure {
            shown: self.shown.clone(),
            code: code.to_string(),
            authority: self.authority.clone(),
        })
    }

    /// The indicator of a code, or an error that guesses which one is meant.
    fn indicator(&self, code: &str) -> mlua::Result<&Indicator> {
        self.shown.indicators.get(code).ok_or_else(|| {
            let guess = did_you_mean(code, self.shown.indicators.keys().map(String::as_str));
            complain(format!("there is no indicator `{code}`{guess}"))
        })
    }

    /// Where indicators stand on the Figures sheet.
    fn typed(&self) -> HashMap<&str, usize> {
        let rows = self.desk.received.management.figures.iter().map(|row| row.indicator.as_str());
        let code =
            |name| self.desk.declared.indicator_named(name).map_or(name, |i| i.code.as_str());
        rows.enumerate().map(|(position, name)| (code(name), position)).collect()
    }

    fn table(
        &self,
        lua: &Lua,
        codes: impl Iterator<Item = impl AsRef<str>>,
    ) -> mlua::Result<Table> {
        lua.create_sequence_from(codes.filter_map(|code| self.figure(code.as_ref())))
    }

    /// A table of two breakdowns: columns with their totals, and rows with theirs and their cells.
    fn crossed(&self, lua: &Lua, code: &str) -> mlua::Result<Table> {
        let (columns, rows) = (lua.create_table()?, lua.create_table()?);
        for total in self.shown.crossed(code, None) {
            let column = lua.create_table()?;
            column.set("title", total.title.as_str())?;
            column.set("total", self.figure(&total.code))?;
            columns.raw_push(column)?;
        }
        for part in self.shown.parts(code) {
            let row = lua.create_table()?;
            row.set("title", self.shown.indicators[part].title.as_str())?;
            row.set("total", self.figure(part))?;
            let cells = self.shown.crossed(code, Some(part)).map(|cell| &cell.code);
            row.set("cells", self.table(lua, cells)?)?;
            rows.raw_push(row)?;
        }
        let table = lua.create_table()?;
        table.set("columns", columns)?;
        table.set("rows", rows)?;
        Ok(table)
    }

    /// The rows of a list that may be printed.
    fn records(&self, lua: &Lua, name: &str) -> mlua::Result<Table> {
        let lists = &self.desk.declared.lists;
        let Some((index, _, list)) = lists.get_full(name) else {
            let guess = did_you_mean(name, lists.keys().map(String::as_str));
            return Err(complain(format!("there is no list `{name}`{guess}")));
        };
        if !list.is_public() {
            return Err(complain_with(
                format!(
                    "the records of {} are private: the list may say something about a child",
                    list.title
                ),
                "show figures of it; a list that holds nothing about children names in `public` \
                 what may be printed",
            ));
        }
        self.desk.tells_of_nobody(list)?;
        let count = self.desk.received.lists.get(name).map_or(0, |records| records.len() as u32);
        let numbers = self.shown.rule.small().is_none();
        lua.create_sequence_from((0..count).map(|record| {
            let desk = self.desk.clone();
            LuaRow { numbers, record: LuaRecord { desk, list: index, last_year: false, record } }
        }))
    }
}

impl UserData for LuaReport {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_field_method_get("authority", |_, this| Ok(this.authority.clone()));
        fields.add_field_method_get("region", |_, this| Ok(this.region.clone()));
        fields.add_field_method_get("period", |_, this| Ok(LuaPeriod(this.shown.period)));
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |_, _, name: String| -> mlua::Result<()> {
            Err(none_such("Report", &name))
        });
        method(methods, ("Report", "sign_off"), |lua, this, ()| {
            let all = lua.create_table()?;
            for who in &this.sign_off {
                let one = lua.create_table()?;
                one.set("role", who.role.as_str())?;
                one.set("name", who.name.as_str())?;
                one.set("date", who.date.as_str())?;
                all.raw_push(one)?;
            }
            Ok(all)
        });
        method(methods, ("Report", "cover"), |_, this, key: String| {
            Ok(this.desk.received.management.cover_text(&key).map(ToString::to_string))
        });
        method(methods, ("Report", "figure"), |_, this, code: String| {
            // A part is there only where the return has records of it.
            let total = code.split_once('.').map_or(code.as_str(), |(total, _)| total);
            let absent = this.shown.indicators.get(total).is_some_and(|i| i.breakdown.is_some());
            if !absent {
                this.indicator(&code)?;
            }
            Ok(this.figure(&code))
        });
        method(methods, ("Report", "figures"), |lua, this, order: Option<String>| {
            let listed =
                this.shown.indicators.values().filter(|i| i.part_of.is_none() && !i.detail);
            let mut codes: Vec<&String> = listed.map(|i| &i.code).collect();
            match order.as_deref() {
                None => {}
                Some("as typed") => {
                    let typed = this.typed();
                    codes.sort_by_key(|code| {
                        typed.get(code.as_str()).copied().unwrap_or(usize::MAX)
                    });
                }
                Some(other) => {
                    let hint = "report:figures() has the scripts' order, report:figures \"as \
                                typed\" the Figures sheet's";
                    return Err(complain_with(format!("there is no order `{other}`"), hint));
                }
            }
            this.table(lua, codes.into_iter())
        });
        method(methods, ("Report", "parts"), |lua, this, code: String| {
            if this.indicator(&code)?.breakdown.is_none() {
                return Err(complain_with(
                    format!("the indicator `{code}` is not broken down"),
                    "say how in rap.indicator:  by = \"COLUMN\",  or  by = { { \"Title\", FIELD = \
                     value }, … },",
                ));
            }
            this.table(lua, this.shown.parts(&code))
        });
        method(methods, ("Report", "crossed"), |lua, this, code: String| {
            let breakdown = this.indicator(&code)?.breakdown.as_ref();
            if breakdown.is_none_or(|breakdown| breakdown.across.is_none()) {
                return Err(complain_with(
                    format!("the indicator `{code}` is not broken down in two ways"),
                    "say how in rap.indicator:  by = \"PLACE\", across = \"PLACE_PROVIDER\",",
                ));
            }
            this.crossed(lua, &code)
        });
        method(methods, ("Report", "records"), |lua, this, name: String| this.records(lua, &name));
        method(methods, ("Report", "commentary"), |_, this, code: String| {
            this.indicator(&code)?;
            Ok(this.commentary.get(&code).cloned())
        });
        method(methods, ("Report", "narratives"), |lua, this, ()| {
            let all = lua.create_table()?;
            for (area, text) in this.narratives.iter() {
                let one = lua.create_table()?;
                one.set("area", area.as_str())?;
                one.set("text", text.as_str())?;
                all.raw_push(one)?;
            }
            Ok(all)
        });
    }
}
