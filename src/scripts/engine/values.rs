//! What functions of scripts are handed: records, days, periods, shown figures. All of them can be
//! read and none can be changed.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use mlua::{Lua, MetaMethod, Table, UserData, UserDataFields, UserDataMethods, Value};

use super::arguments::{method, whole};
use super::errors::{NotInReturn, complain, complain_of, complain_with};
use super::wording::DAYS;
use crate::definitions::{Better, ColumnType, Declarations, Indicator, LAST_YEAR, List, Neighbour};
use crate::figures::assess::{self};
use crate::figures::commentary;
use crate::figures::comparators;
use crate::figures::select::{NOBODY, Order};
use crate::figures::suppress::{Shown, ShownFigures};
use crate::intake::returns::{Field, Records, Return};
use crate::nouns::area::Area;
use crate::nouns::figure::Symbol;
use crate::nouns::numbers::plain_number;
use crate::nouns::numbers::{grouped, in_words, rounded};
use crate::nouns::period::{Day, Period};
use crate::nouns::problem::did_you_mean;
use crate::nouns::report::Tone;
use crate::scripts::reference;

/// A complaint about a name that a value does not have.
fn none_such(kind: &str, name: &str) -> mlua::Error {
    let kind = reference::kind(kind);
    let guess = did_you_mean(name, kind.names());
    complain_of(name, format!("{} has no `{name}`{guess}", kind.called), kind.hint_for(name))
}

/// What was received and declared, for functions that look at records.
#[derive(Debug)]
pub struct Desk {
    /// The return.
    pub received: Rc<Return>,
    /// The declarations.
    pub declared: Rc<Declarations>,
    /// The order of each list's records, once a function asks for one before or after another.
    pub orders: RefCell<HashMap<String, Rc<Order>>>,
}

impl Desk {
    /// The records of a list by its position, of this return or of last year's.
    fn records(&self, list: usize, last_year: bool) -> Option<&Records> {
        let name = &self.declared.lists[list].name;
        if last_year { self.received.last_year.get(name) } else { self.received.lists.get(name) }
    }
}

impl Desk {
    /// Rows of a public list hold nothing that says who a child is, whatever their columns are
    /// called: no identifier and no text of the return's personal columns.
    fn tells_of_nobody(&self, list: &List) -> mlua::Result<()> {
        let Some(rows) = self.received.lists.get(&list.name) else { return Ok(()) };
        let personal: HashSet<&str> = self
            .declared
            .lists
            .values()
            .filter(|other| !other.is_public())
            .filter_map(|other| Some((other, self.received.lists.get(&other.name)?)))
            .flat_map(|(other, records)| {
                let columns = (0..other.columns.len()).filter(|at| {
                    let column = &other.columns[*at];
                    column.personal
                        || (column.name == other.key
                            && self.declared.tells_of_people(other).is_some())
                });
                columns.flat_map(move |column| {
                    (0..records.len())
                        .filter_map(move |record| long_text(records.field(record, column)))
                })
            })
            .collect();
        for (column, declared) in list.columns.iter().enumerate() {
            let told = (0..rows.len()).any(|record| {
                long_text(rows.field(record, column)).is_some_and(|text| personal.contains(text))
            });
            if told && list.public.contains(&declared.name) {
                return Err(complain_with(
                    format!(
                        "the column `{}` of {} holds what says who a child is on another list",
                        declared.name, list.title
                    ),
                    "take the column out of `public`",
                ));
            }
        }
        Ok(())
    }
}

/// A text that is long enough to be somebody's: codes such as UN1 are everybody's.
fn long_text(field: Field<'_>) -> Option<&str> {
    match field {
        Field::Text(text) if text.len() > 4 => Some(text),
        _ => None,
    }
}

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
    fn list(&self) -> &List {
        &self.desk.declared.lists[self.list]
    }

    fn records(&self) -> &Records {
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
            let of = if last_year { "last year's return" } else { "the return" };
            return Err(mlua::Error::external(NotInReturn(format!(
                "the list {} is not in {of}",
                linked.title
            ))));
        };
        let found = theirs.with_key(records.keys[self.record as usize]);
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

/// A day: compared with `<` and `==`, one taken from another gives days.
#[derive(Debug, Clone, Copy)]
pub struct LuaDay(pub Day);

fn day_of(value: &Value) -> Option<Day> {
    let Value::UserData(data) = value else { return None };
    data.borrow::<LuaDay>().ok().map(|day| day.0)
}

impl UserData for LuaDay {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_field_method_get("year", |_, this| Ok(this.0.date().year()));
        fields.add_field_method_get("month", |_, this| Ok(this.0.date().month()));
        fields.add_field_method_get("day", |_, this| Ok(this.0.date().day()));
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        // Luau itself refuses to compare a day with anything but a value of ours.
        let other = |value: &Value| {
            day_of(value).ok_or_else(|| complain("a day can only be compared with a day"))
        };
        methods.add_meta_method(MetaMethod::Eq, move |_, this, value: Value| {
            Ok(other(&value)? == this.0)
        });
        methods.add_meta_method(MetaMethod::Lt, move |_, this, value: Value| {
            Ok(this.0 < other(&value)?)
        });
        methods.add_meta_method(MetaMethod::Le, move |_, this, value: Value| {
            Ok(this.0 <= other(&value)?)
        });
        methods.add_meta_function(MetaMethod::Sub, |_, (one, other): (Value, Value)| {
            match (day_of(&one), day_of(&other)) {
                (Some(one), Some(other)) => Ok(one.0 - other.0),
                _ if one.is_nil() || other.is_nil() => Err(complain_with(
                    "`-` cannot be used on a day and a blank",
                    "test the field first: `r.FIELD and day - r.FIELD > 3`",
                )),
                _ => Err(complain_with("`-` can only take a day from a day", DAYS)),
            }
        });
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| Ok(this.0.long()));
        methods.add_meta_method(MetaMethod::Index, |_, _, name: String| -> mlua::Result<()> {
            Err(none_such("Day", &name))
        });
        method(methods, ("Day", "plus_months"), |_, this, n: f64| {
            let n = whole("day:plus_months()", n)?;
            Ok(LuaDay(this.0.plus_months(n.clamp(-12_000, 12_000))))
        });
        method(methods, ("Day", "plus_days"), |_, this, n: f64| {
            Ok(LuaDay(this.0.plus_days(whole("day:plus_days()", n)?)))
        });
        method(methods, ("Day", "age_from"), |_, this, birth: mlua::UserDataRef<LuaDay>| {
            Ok(this.0.age_from(birth.0))
        });
    }
}

/// A period: `period.ending`, `period.label`, `period.previous_year.short_year`.
#[derive(Debug, Clone, Copy)]
pub struct LuaPeriod(pub Period);

impl UserData for LuaPeriod {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |lua, this, name: String| {
            let period = &this.0;
            let day = |day| Ok(Value::UserData(lua.create_userdata(LuaDay(day))?));
            let text = |text: String| Ok(Value::String(lua.create_string(text)?));
            let other = |period| Ok(Value::UserData(lua.create_userdata(LuaPeriod(period))?));
            match name.as_str() {
                "start" => day(period.start),
                "ending" => day(period.end),
                "year_start" => day(period.year_start()),
                "year_end" => day(period.year_end()),
                "label" => text(period.label()),
                "year" => text(period.year_label()),
                "short_year" => text(period.short_year_label()),
                "quarter" => {
                    text(period.quarter_label().unwrap_or_else(|| period.short_year_label()))
                }
                "start_month" => text(month(period.start)),
                "end_month" => text(month(period.end)),
                "previous_year" => other(period.previous_year()),
                "previous_quarter" => other(period.previous_quarter()),
                _ => Err(none_such("Period", &name)),
            }
        });
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| Ok(this.0.label()));
    }
}

/// `September 2026`.
fn month(day: Day) -> String {
    day.long().split_once(' ').map_or_else(String::new, |(_, month)| month.to_string())
}

/// A shown figure with what stands beside it: after disclosure control, so nothing hidden can be
/// told.
#[derive(Clone)]
pub struct LuaFigure {
    /// Everything shown.
    pub shown: Rc<ShownFigures>,
    /// The indicator.
    pub code: String,
    /// The council's name.
    pub authority: String,
}

impl LuaFigure {
    fn get(&self, lua: &Lua, name: &str) -> mlua::Result<Value> {
        let indicator = &self.shown.indicators[&self.code];
        let text = |text: &str| Ok(Value::String(lua.create_string(text)?));
        let own = self.shown.own(&self.code);
        match name {
            "code" => text(&self.code),
            "title" => text(&indicator.title),
            "theme" => indicator.theme.as_deref().map_or(Ok(Value::Nil), text),
            "unit" => text(&indicator.unit.to_string()),
            "area" => text(&self.authority),
            "period" => Ok(Value::UserData(lua.create_userdata(LuaPeriod(self.shown.period))?)),
            "status" => text(&assess::status(&self.shown, &self.code).words),
            "better" => text(match indicator.better {
                Better::Higher => "higher",
                Better::Lower => "lower",
                Better::Neither => "neither",
            }),
            // The status in one of three words, whatever the policy calls it; nothing where nothing
            // is judged.
            "judged" => match assess::status(&self.shown, &self.code).tone {
                Tone::Good => text("good"),
                Tone::Fair => text("fair"),
                Tone::Poor => text("poor"),
                Tone::Information | Tone::NoData => Ok(Value::Nil),
            },
            "rank" => self
                .shown
                .standing(&self.code)
                .map_or(Ok(Value::Nil), |s| text(&format!("{} of {}", s.rank, s.of))),
            "band" => self
                .shown
                .standing(&self.code)
                .map_or(Ok(Value::Nil), |s| text(&s.band.to_string())),
            "limits" => assess::limits(&self.shown, &self.code)
                .map_or(Ok(Value::Nil), |limits| text(&limits)),
            "definition" => text(&indicator.definition),
            "source" => text(&indicator.source),
            "note" => self.shown.notes.get(&self.code).map_or(Ok(Value::Nil), |note| text(note)),
            "target" => Ok(indicator.target.map_or(Value::Nil, Value::Number)),
            "value" => own.map_or(Ok(Value::Nil), |s| text(&s.text())),
            "part_of" => indicator.part_of.as_deref().map_or(Ok(Value::Nil), text),
            "share" => self
                .shown
                .share(&self.code)
                .map_or(Ok(Value::Nil), |n| text(&format!("{}%", rounded(n, 1)))),
            "running" => self.shown.running(&self.code).map_or(Ok(Value::Nil), |s| text(&s.text())),
            "in_words" => own.map_or(Ok(Value::Nil), |s| text(&in_words(&s.text()))),
            "one_more" => {
                commentary::one_more(&self.shown, &self.code).map_or(Ok(Value::Nil), |n| text(&n))
            }
            // Rounded: what a sentence compares is what the reader sees.
            "number" => Ok(own
                .and_then(|s| s.printed_number())
                .and_then(|n| n.parse().ok())
                .map_or(Value::Nil, Value::Number)),
            _ => match comparators::named(name, &self.shown.period) {
                Some(_) => self
                    .shown
                    .comparator(&self.code, name)
                    .map_or(Ok(Value::Nil), |s| text(&s.text())),
                None => Err(none_such("Figure", name)),
            },
        }
    }

    /// What is said of the figure beside an earlier one of the council's own; nothing where one is
    /// missing.
    fn since(
        &self,
        name: &str,
        say: fn(&ShownFigures, &str, &str) -> Option<String>,
    ) -> mlua::Result<Option<String>> {
        let own = |name: &str| {
            comparators::named(name, &self.shown.period).is_some_and(|(area, _)| area == Area::Own)
        };
        if own(name) {
            return Ok(say(&self.shown, &self.code, name));
        }
        let names: Vec<_> = comparators::names().filter(|name| own(name)).collect();
        Err(complain_with(
            format!(
                "`{name}` is no earlier figure of the council{}",
                did_you_mean(name, names.iter().copied())
            ),
            format!("it may be {}", names.join(", ")),
        ))
    }

    fn comparison(&self, with: &[String]) -> mlua::Result<Option<String>> {
        self.comparators(with)?;
        Ok(assess::comparison(&self.shown, &self.code, with))
    }

    /// All of the names must be comparators'.
    fn comparators(&self, names: &[String]) -> mlua::Result<()> {
        let unknown =
            names.iter().find(|name| comparators::named(name, &self.shown.period).is_none());
        unknown.map_or(Ok(()), |name| {
            let guess = did_you_mean(name, comparators::names());
            Err(complain(format!("there is no comparator `{name}`{guess}")))
        })
    }
}

impl UserData for LuaFigure {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        method(methods, ("Figure", "change_from"), |_, this, name: String| {
            this.since(&name, assess::change_in_words)
        });
        method(methods, ("Figure", "change"), |_, this, name: String| {
            this.since(&name, assess::change)
        });
        method(methods, ("Figure", "change_of"), |_, this, name: String| {
            if comparators::named(&name, &this.shown.period)
                .is_some_and(|(area, _)| area != Area::Own)
            {
                return Ok(assess::change_of(&this.shown, &this.code, &name));
            }
            Err(complain_with(
                format!("`{name}` is no other area{}", did_you_mean(&name, comparators::names())),
                "it may be statistical_neighbours, region, england, or a council's code such as E06000015",
            ))
        });
        method(methods, ("Figure", "direction"), |_, this, name: String| {
            this.since(&name, |shown, code, from| {
                Some(assess::direction(shown, code, from)?.plain_words().to_string())
            })
        });
        method(methods, ("Figure", "at"), |_, this, period: mlua::UserDataRef<LuaPeriod>| {
            Ok(this.shown.at(&this.code, Area::Own, &period.0).map(Shown::text))
        });
        method(methods, ("Figure", "comparison"), |_, this, with: Vec<String>| {
            this.comparison(&with)
        });
        method(methods, ("Figure", "against"), |_, this, (name, within): (String, Option<f64>)| {
            this.comparators(std::slice::from_ref(&name))?;
            Ok(assess::against(&this.shown, &this.code, &name, within))
        });
        methods.add_meta_method(MetaMethod::Index, |lua, this, name: String| this.get(lua, &name));
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| Ok(this.code.clone()));
    }
}

/// A row of a public list: its fields as they are printed.
struct LuaRow {
    record: LuaRecord,
    /// Numbers of a row are nobody's figures, so no rule is asked about them: where one hides small
    /// counts, none of them is told.
    numbers: bool,
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
    /// Who signs it off: role and name.
    pub sign_off: Vec<(String, String)>,
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
                "show figures of it; a list that holds nothing about children names in `public` what may be printed",
            ));
        }
        self.desk.tells_of_nobody(list)?;
        let count = self.desk.received.lists.get(name).map_or(0, |records| records.len() as u32);
        let numbers = self.shown.rule.small().is_none();
        let row = |record| LuaRow {
            numbers,
            record: LuaRecord { desk: self.desk.clone(), list: index, last_year: false, record },
        };
        lua.create_sequence_from((0..count).map(row))
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
            for (role, name) in &this.sign_off {
                let one = lua.create_table()?;
                one.set("role", role.as_str())?;
                one.set("name", name.as_str())?;
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
                    let hint = "report:figures() has the scripts' order, report:figures \"as typed\" the Figures sheet's";
                    return Err(complain_with(format!("there is no order `{other}`"), hint));
                }
            }
            this.table(lua, codes.into_iter())
        });
        method(methods, ("Report", "parts"), |lua, this, code: String| {
            if this.indicator(&code)?.breakdown.is_none() {
                return Err(complain_with(
                    format!("the indicator `{code}` is not broken down"),
                    "say how in rap.indicator:  by = \"COLUMN\",  or  by = { { \"Title\", FIELD = value }, … },",
                ));
            }
            this.table(lua, this.shown.parts(&code))
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
