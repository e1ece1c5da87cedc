//! Days and periods.

use mlua::{MetaMethod, UserData, UserDataFields, UserDataMethods, Value};

use super::none_such;
use crate::nouns::period::{Day, Period};
use crate::scripts::engine::arguments::{method, whole};
use crate::scripts::engine::errors::{complain, complain_with};
use crate::scripts::engine::wording::DAYS;

/// A day: compared with `<` and `==`, one taken from another gives days.
#[derive(Debug, Clone, Copy)]
pub struct LuaDay(pub Day);

fn day_of(value: &Value) -> Option<Day> {
    let Value::UserData(data) = value else { return None };
    data.borrow::<LuaDay>().ok().map(|day| day.0)
}

/// The day that another is compared with. Luau itself refuses to compare a day with anything but a
/// value of ours.
fn compared(value: &Value) -> mlua::Result<Day> {
    day_of(value).ok_or_else(|| complain("a day can only be compared with a day"))
}

impl UserData for LuaDay {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_field_method_get("year", |_, this| Ok(this.0.date().year()));
        fields.add_field_method_get("month", |_, this| Ok(this.0.date().month()));
        fields.add_field_method_get("day", |_, this| Ok(this.0.date().day()));
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Eq, |_, this, value: Value| {
            Ok(compared(&value)? == this.0)
        });
        methods.add_meta_method(MetaMethod::Lt, |_, this, value: Value| {
            Ok(this.0 < compared(&value)?)
        });
        methods.add_meta_method(MetaMethod::Le, |_, this, value: Value| {
            Ok(this.0 <= compared(&value)?)
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
                "quarter" => text(match period.quarter_label() {
                    Some(quarter) => quarter,
                    None if period.is_month() => period.end_month(),
                    None => period.short_year_label(),
                }),
                "start_month" => text(Period { end: period.start, ..*period }.end_month()),
                "end_month" => text(period.end_month()),
                "month" => other(period.month()),
                "latest_quarter" => other(period.latest_quarter()),
                "next_year" => other(period.next_year()),
                "previous_year" => other(period.previous_year()),
                "previous_quarter" => other(period.previous_quarter()),
                "previous_month" => other(period.previous_month()),
                "same_period_last_year" => other(period.same_period_last_year()),
                _ => Err(none_such("Period", &name)),
            }
        });
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| Ok(this.0.label()));
    }
}
