//! How far back a return reaches. What counts the last twelve months of a list that begins in April
//! counts six, and no figure says so: where the days of a column begin later than an indicator asks
//! for, and chance would hardly have it so, that is told.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::definitions::{
    Conditions, Declarations, Denominator, Indicator, Matcher, Measure, Numerator,
};
use crate::intake::returns::{BLANK_DAY, ColumnData, Return};
use crate::nouns::period::{Day, Period};
use crate::nouns::problem::{Place, Problem};
use crate::nouns::words::{WIDEST_HINT, as_many_as_fit};

/// How likely it may be that days which come at any time begin so late.
const HARDLY: f64 = 0.001;

/// A column, and the first day that indicators ask it for.
struct Asked {
    first: Day,
    by: Vec<String>,
}

/// Columns that begin later than indicators ask for.
pub fn short_of_days(received: &Return, declared: &Declarations, period: &Period) -> Vec<Problem> {
    let mut asked: IndexMap<(String, String), Asked> = IndexMap::new();
    for indicator in declared.indicators.values() {
        let mut found = HashSet::new();
        EarlyDays { declared, period }.indicator(indicator, &mut found);
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort();
        for (list, column, first) in found {
            let one = asked.entry((list, column)).or_insert(Asked { first, by: Vec::new() });
            one.first = one.first.min(first);
            if one.by.last() != Some(&indicator.code) {
                one.by.push(indicator.code.clone());
            }
        }
    }
    let told = asked.iter().filter_map(|((list, column), asked)| {
        let place = begins_late(received, declared, period, (list, column), asked)?;
        let day = asked.first.long();
        let message = format!("the list may not reach back to {day}: no row is near that day");
        let titles: Vec<&str> =
            asked.by.iter().map(|code| declared.indicators[code].title.as_str()).collect();
        let hint = "send rows from that day on, for";
        let hint = format!("{hint} {}", as_many_as_fit(&titles, WIDEST_HINT - hint.len() - 1));
        Some(Problem::warning(place, message).column(column).hint(hint))
    });
    told.collect()
}

/// The cell of the earliest day of a column, where that is later than chance would have it.
fn begins_late(
    received: &Return,
    declared: &Declarations,
    period: &Period,
    (list, column): (&str, &str),
    asked: &Asked,
) -> Option<Place> {
    let index = declared.lists.get(list)?.column(column)?;
    let records = received.lists.get(list).filter(|records| records.has(index))?;
    let ColumnData::Day(days) = records.column(index) else { return None };
    let until = period.end.0;
    let known = days.iter().copied().filter(|day| *day != BLANK_DAY && *day <= until);
    let known: Vec<i32> = known.collect();
    let earliest = *known.iter().min()?;
    let (all, without) = (until - asked.first.0 + 1, earliest - asked.first.0);
    if without <= 0 || all <= 0 {
        return None;
    }
    let chance = (1.0 - f64::from(without) / f64::from(all)).powi(known.len() as i32);
    let at = days.iter().position(|day| *day == earliest)?;
    (chance < HARDLY).then(|| records.place(at, index))
}

/// Looks for conditions that ask for days before the period.
struct EarlyDays<'a> {
    declared: &'a Declarations,
    period: &'a Period,
}

/// A list, one of its columns, and the first day that is asked for.
type Found = HashSet<(String, String, Day)>;

impl EarlyDays<'_> {
    fn indicator(&self, indicator: &Indicator, found: &mut Found) {
        for population in self.declared.leans_on(indicator) {
            self.conditions(&population.name, &population.conditions, found);
        }
        let (measure, part) = indicator.measure.whole();
        let Some(of) = measure.of() else { return };
        let own = match measure {
            Measure::Count { numerator: Numerator::Where(conditions), .. }
            | Measure::Summary { conditions, .. } => vec![conditions],
            Measure::Share { numerator, denominator } => {
                let numerator = match numerator {
                    Numerator::Where(conditions) => Some(conditions),
                    Numerator::Population(_) => None,
                };
                let denominator = match denominator {
                    Denominator::Records { conditions, .. } => Some(conditions),
                    Denominator::Cover(_) => None,
                };
                numerator.into_iter().chain(denominator).collect()
            }
            _ => Vec::new(),
        };
        own.into_iter().chain(part).for_each(|one| self.conditions(of, one, found));
    }

    fn conditions(&self, of: &str, conditions: &Conditions, found: &mut Found) {
        let Some(list) = self.declared.list_of(of) else { return };
        for (name, matcher) in &conditions.fields {
            if list.column(name).is_some() {
                if let Some(first) = self.first_day(matcher) {
                    found.insert((list.name.clone(), name.clone(), first));
                }
            } else if let Matcher::Linked(inner) | Matcher::NoLinked(inner) = matcher {
                let target = self.declared.linked(name);
                self.conditions(target.as_deref().unwrap_or(of), inner, found);
            }
        }
        let inner = conditions.all.iter().chain(conditions.either.iter().flatten());
        inner.for_each(|inner| self.conditions(of, inner, found));
    }

    /// The first day that a condition asks for, where it lies before the period.
    fn first_day(&self, matcher: &Matcher) -> Option<Day> {
        let first = match matcher {
            Matcher::Within(stretch) => stretch.days(self.period).0,
            Matcher::OneOf(these) | Matcher::AllOf(these) => {
                return these.iter().filter_map(|one| self.first_day(one)).min();
            }
            _ => return None,
        };
        (first < self.period.start.min(self.period.year_start())).then_some(first)
    }
}
