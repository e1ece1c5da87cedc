//! Shown figures.

use std::cmp::Ordering;
use std::rc::Rc;

use mlua::{Lua, MetaMethod, UserData, UserDataMethods, Value};

use super::{LuaPeriod, none_such};
use crate::definitions::Better;
use crate::figures::assess::End;
use crate::figures::suppress::{Shown, ShownFigures};
use crate::figures::{assess, commentary};
use crate::nouns::area::Area;
use crate::nouns::comparator::Comparator;
use crate::nouns::numbers::{in_words, rounded};
use crate::nouns::period::Period;
use crate::nouns::problem::did_you_mean;
use crate::nouns::report::Tone;
use crate::scripts::engine::arguments::{method, whole};
use crate::scripts::engine::errors::{complain, complain_with};

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
            "assurance" => assess::assurance(&self.shown, &self.code)
                .map_or(Ok(Value::Nil), |a| text(&a.words().to_lowercase())),
            "rebased" => self.shown.policies.rebased.get(&self.code).map_or(Ok(Value::Nil), |r| {
                text(&format!("from {}, {}", r.from.label(), r.reason))
            }),
            "variation" => assess::variation(&self.shown, &self.code)
                .map_or(Ok(Value::Nil), |v| text(&v.words().to_lowercase())),
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
            _ => match Comparator::named(name) {
                Some(comparator) => self
                    .shown
                    .comparator(&self.code, comparator)
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
        say: fn(&ShownFigures, &str, Comparator) -> Option<String>,
    ) -> mlua::Result<Option<String>> {
        let of_then = || Period::parse(name, self.shown.period.year_month).map(Comparator::At);
        let from = Comparator::named(name).filter(|from| from.is_own()).or_else(of_then);
        if let Some(from) = from {
            return Ok(say(&self.shown, &self.code, from));
        }
        let names = Comparator::names_of(true);
        Err(complain_with(
            format!(
                "`{name}` is no earlier figure of the council{}",
                did_you_mean(name, names.iter().copied())
            ),
            format!("it may be {}", names.join(", ")),
        ))
    }
}

/// The comparator of a name, or a complaint that guesses which one is meant.
fn comparator(name: &str) -> mlua::Result<Comparator> {
    Comparator::named(name).ok_or_else(|| {
        let guess = did_you_mean(name, Comparator::names());
        complain(format!("there is no comparator `{name}`{guess}"))
    })
}

/// Names of comparators, and how far apart figures may be that are in line.
type Beside = (Vec<String>, Option<f64>);

/// A code, and a period where it is another than the run's.
type ShareOf = (String, Option<mlua::UserDataRef<LuaPeriod>>);

/// What is told of an end of the figures that are known.
type Told = fn(&ShownFigures, &str, End) -> Option<String>;

/// The methods that tell of records.
const RECORDS: [(&str, Told, End); 6] = [
    ("highest_since", assess::last_as, End::High),
    ("lowest_since", assess::last_as, End::Low),
    ("record_high", assess::record, End::High),
    ("record_low", assess::record, End::Low),
    ("high", assess::extreme, End::High),
    ("low", assess::extreme, End::Low),
];

impl UserData for LuaFigure {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        method(methods, ("Figure", "change_from"), |_, this, name: String| {
            this.since(&name, assess::change_in_words)
        });
        method(methods, ("Figure", "change"), |_, this, name: String| {
            this.since(&name, |shown, code, from| {
                assess::change(shown, code, from).map(|change| change.to_string())
            })
        });
        method(methods, ("Figure", "change_of"), |_, this, name: String| {
            if let Some(whose) = Comparator::named(&name).filter(|whose| !whose.is_own()) {
                let change = assess::change_of(&this.shown, &this.code, whose);
                return Ok(change.map(|change| change.to_string()));
            }
            Err(complain_with(
                format!("`{name}` is no other area{}", did_you_mean(&name, Comparator::names())),
                "it may be statistical_neighbours, region, england, or a council's code such as \
                 E06000015",
            ))
        });
        method(methods, ("Figure", "direction"), |_, this, name: String| {
            this.since(&name, |shown, code, from| {
                Some(assess::direction(shown, code, from)?.plain_words().to_string())
            })
        });
        method(methods, ("Figure", "chance"), |_, this, name: String| {
            this.since(&name, |shown, code, from| {
                Some(assess::chance(shown, code, from)?.words().to_lowercase())
            })
        });
        method(methods, ("Figure", "target_for"), |_, this, of: mlua::UserDataRef<LuaPeriod>| {
            Ok(assess::target_for(&this.shown, &this.code, &of.0))
        });
        method(methods, ("Figure", "share_of"), |_, this, (code, of): ShareOf| {
            let period = of.map_or(this.shown.period, |of| of.0);
            if !this.shown.indicators.contains_key(&code) {
                let codes = this.shown.indicators.keys().map(String::as_str);
                let guess = did_you_mean(&code, codes);
                return Err(complain(format!("there is no indicator `{code}`{guess}")));
            }
            Ok(assess::share_of(&this.shown, &this.code, &code, &period))
        });
        method(methods, ("Figure", "series"), |lua, this, ()| {
            let periods = assess::series_periods(&this.shown, &this.code);
            lua.create_sequence_from(periods.into_iter().map(LuaPeriod))
        });
        method(methods, ("Figure", "run"), |_, this, ()| Ok(assess::run(&this.shown, &this.code)));
        method(methods, ("Figure", "among"), |_, this, years: f64| {
            let years = whole("f:among()", years)?;
            Ok(usize::try_from(years).ok().and_then(|n| assess::among(&this.shown, &this.code, n)))
        });
        for (name, say, end) in RECORDS {
            method(methods, ("Figure", name), move |_, this, ()| {
                Ok(say(&this.shown, &this.code, end))
            });
        }
        method(methods, ("Figure", "group_rose"), |_, this, ()| {
            Ok(assess::of_the_group(&this.shown, &this.code, Ordering::Greater))
        });
        method(methods, ("Figure", "group_fell"), |_, this, ()| {
            Ok(assess::of_the_group(&this.shown, &this.code, Ordering::Less))
        });
        method(methods, ("Figure", "at"), |_, this, period: mlua::UserDataRef<LuaPeriod>| {
            Ok(this.shown.at(&this.code, Area::Own, &period.0).map(Shown::text))
        });
        method(methods, ("Figure", "comparison"), |_, this, (with, within): Beside| {
            let with: Vec<Comparator> =
                with.iter().map(|name| comparator(name)).collect::<mlua::Result<_>>()?;
            Ok(assess::comparison(&this.shown, &this.code, &with, within))
        });
        method(methods, ("Figure", "against"), |_, this, (name, within): (String, Option<f64>)| {
            Ok(assess::against(&this.shown, &this.code, comparator(&name)?, within))
        });
        methods.add_meta_method(MetaMethod::Index, |lua, this, name: String| this.get(lua, &name));
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| Ok(this.code.clone()));
    }
}
