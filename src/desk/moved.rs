//! What moved a figure between two returns: who left, who came, whose records changed, and what the
//! scripts count otherwise. The parts always add up to the change.
//!
//! The way from one figure to the other is gone in steps: the first return as the other's scripts
//! count it; without those who are in the second no more; the second return's records of those who
//! are in both; and with those who are new. What each step adds is its part.

use std::collections::{BTreeMap, BTreeSet};

use maud::html;
use serde_json::{Value, json};

use crate::definitions::{Indicator, Measure, Summary};
use crate::nouns::figure::{Basis, FigureValue};
use crate::nouns::numbers::{grouped, median, rounded};
use crate::nouns::page::{table, whole_page};
use crate::nouns::problem::{Place, Problem, Problems, did_you_mean};
use crate::nouns::unit::Unit;
use crate::nouns::words::capital;
use crate::pipeline::Received;

/// How many rows a part names; `--json` has them all.
const MOST_ROWS: usize = 6;

/// Why a figure moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The scripts count otherwise.
    Definition,
    /// People who are in the list no more.
    Leavers,
    /// People who are in both, whose records are others.
    Changed,
    /// People who are new in the list.
    Joiners,
    /// What stands on the Cover, such as a population.
    Cover,
}

impl Cause {
    /// In a word, for programs.
    pub fn word(self) -> &'static str {
        match self {
            Cause::Definition => "definition",
            Cause::Leavers => "leavers",
            Cause::Changed => "changed",
            Cause::Joiners => "joiners",
            Cause::Cover => "cover",
        }
    }

    fn says(self, people: usize) -> String {
        let (people, are) = (several_people(people), if people == 1 { "is" } else { "are" });
        match self {
            Cause::Definition => "the scripts count otherwise".to_string(),
            Cause::Leavers => format!("{people} {are} in the list no more"),
            Cause::Changed => format!("{people} in both {are} counted otherwise"),
            Cause::Joiners => format!("{people} {are} new in the list"),
            Cause::Cover => "the number on the Cover is another".to_string(),
        }
    }
}

fn several_people(n: usize) -> String {
    if n == 1 { "1 person".to_string() } else { format!("{} people", grouped(&n.to_string())) }
}

/// One part of a change.
#[derive(Debug, Clone)]
pub struct Step {
    /// Why.
    pub cause: Cause,
    /// By how much.
    pub by: f64,
    /// How many people it is of.
    pub people: usize,
    /// The records of the earlier return that it is made of.
    pub then: Vec<Place>,
    /// Those of the later one.
    pub now: Vec<Place>,
}

/// How a figure moved, with what.
#[derive(Debug)]
pub struct Moved {
    indicator: Indicator,
    /// The periods that the two are of.
    pub periods: [String; 2],
    /// What it was.
    pub from: f64,
    /// What it is.
    pub to: f64,
    /// What the change is made of.
    pub steps: Vec<Step>,
}

/// One of the two returns, and how the figure is counted in it.
struct Side<'a> {
    received: &'a Received,
    indicator: Indicator,
    basis: Basis,
    value: f64,
    /// Of a sum, a mean or a median: each record's number.
    numbers: BTreeMap<u32, f64>,
    /// Who each record of the list is of.
    people: Vec<String>,
    /// The number on the Cover that it is out of, where it is out of one.
    cover: Option<f64>,
}

impl<'a> Side<'a> {
    fn of(received: &'a Received, code: &str) -> Result<Side<'a>, Box<Problem>> {
        let refuse = |what: &str, hint| refused(code, what, hint);
        let mut figures = received.figures(&mut Problems::default());
        let period = received.period.label();
        let Some(figure) = figures.own(code).cloned() else {
            let guess = did_you_mean(code, figures.indicators.keys().map(String::as_str));
            let what = format!("is not worked out from the return for {period}{guess}");
            return Err(refuse(&what, "`rapporteur check` says which figures are not, and why"));
        };
        let FigureValue::Number(value) = figure.value else {
            return Err(refuse(&format!("has no value for {period}"), "there was nobody to count"));
        };
        let Some(basis) = figure.basis else {
            let what = "is not counted from records";
            return Err(refuse(what, "ask what moved the figures that it is made of"));
        };
        let indicator = figures.indicators.shift_remove(code).expect("a figure has one");
        let numbers = received.numbers_among(&indicator, &basis.numerator);
        let people = received.people_of(&basis.numerator.list);
        let cover = figure.denominator.filter(|_| basis.denominator.is_none());
        Ok(Side { received, indicator, basis, value, numbers, people, cover })
    }

    fn records(&self, denominator: bool) -> &[u32] {
        match denominator {
            false => &self.basis.numerator.records,
            true => self.basis.denominator.as_ref().map_or(&[], |selection| &selection.records),
        }
    }

    fn is_of(&self, record: u32, people: &BTreeSet<&str>) -> bool {
        people.contains(self.people[record as usize].as_str())
    }

    /// Those of some records that are of these people, or all where nobody is chosen.
    fn of_people(&self, records: &[u32], people: Option<&BTreeSet<&str>>) -> Vec<u32> {
        let records = records.iter().copied();
        match people {
            Some(people) => records.filter(|record| self.is_of(*record, people)).collect(),
            None => records.collect(),
        }
    }

    /// What the figure comes to of some people alone; none of nobody.
    fn value_of(&self, people: Option<&BTreeSet<&str>>, cover: Option<f64>) -> Option<f64> {
        let numerator = self.of_people(self.records(false), people);
        let numbers = || numerator.iter().filter_map(|record| self.numbers.get(record).copied());
        let n = numerator.len() as f64;
        let out_of =
            cover.unwrap_or_else(|| self.of_people(self.records(true), people).len() as f64);
        match self.indicator.measure.whole().0 {
            Measure::Summary { how: Summary::Sum, .. } => Some(numbers().sum()),
            Measure::Summary { how: Summary::Average, .. } => {
                (n > 0.0).then(|| numbers().sum::<f64>() / n)
            }
            Measure::Summary { how: Summary::Median, .. } => median(numbers().collect()),
            _ if self.indicator.unit == Unit::Number => Some(n),
            _ => (out_of > 0.0).then(|| n * self.indicator.unit.scale() / out_of),
        }
    }

    /// Everybody in the list.
    fn everybody(&self) -> BTreeSet<&str> {
        self.people.iter().map(String::as_str).collect()
    }

    /// How each person is counted.
    fn counted(&self) -> BTreeMap<&str, Counted> {
        let mut counted: BTreeMap<&str, Counted> = BTreeMap::new();
        for denominator in [false, true] {
            for record in self.records(denominator) {
                let one = counted.entry(self.people[*record as usize].as_str()).or_default();
                one.records[usize::from(denominator)] += 1;
                let number = self.numbers.get(record).filter(|_| !denominator);
                one.numbers.extend(number.map(|number| number.to_bits()));
            }
        }
        counted.values_mut().for_each(|one| one.numbers.sort_unstable());
        counted
    }

    /// Where the records of some people stand that the figure counts.
    fn places(&self, people: &BTreeSet<&str>) -> Vec<Place> {
        let both = self.records(false).iter().chain(self.records(true));
        let records: BTreeSet<u32> =
            both.filter(|record| self.is_of(**record, people)).copied().collect();
        let place = |record| self.received.place_of(&self.basis.numerator.list, record);
        records.into_iter().map(place).collect()
    }
}

/// The first of some rows, and how many more there are.
fn some_of(rows: &[Place]) -> String {
    let named: Vec<String> = rows.iter().take(MOST_ROWS).map(Place::within).collect();
    let more = rows.len().saturating_sub(MOST_ROWS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}

/// Rows as programs and pages have them.
impl Step {
    /// For programs.
    fn to_json(&self) -> Value {
        json!({
            "cause": self.cause.word(),
            "by": self.by,
            "people": self.people,
            "rows_then": all_of(&self.then),
            "rows_now": all_of(&self.now),
        })
    }
}

/// How many of these people were counted.
fn counted_of(people: &BTreeSet<&str>, counted: &BTreeMap<&str, Counted>) -> usize {
    people.iter().filter(|one| counted.contains_key(**one)).count()
}

/// That it cannot be said what moved a figure, and why.
fn refused(code: &str, what: &str, hint: &str) -> Box<Problem> {
    Box::new(Problem::usage("", format!("`{code}` {what}")).hint(hint))
}

fn all_of(rows: &[Place]) -> Vec<String> {
    rows.iter().map(Place::within).collect()
}

/// How somebody is counted: how many records above and below, and what their numbers are.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    records: [usize; 2],
    numbers: Vec<u64>,
}

impl Moved {
    /// What moved a figure from one return to another. `again` is the first return as the second's
    /// scripts count it, where they are others.
    pub fn between(
        then: &Received,
        again: Option<&Received>,
        now: &Received,
        code: &str,
    ) -> Result<Moved, Box<Problem>> {
        let (first, last) = (Side::of(then, code)?, Side::of(now, code)?);
        let again = again.map(|again| Side::of(again, code)).transpose()?;
        let same = again.as_ref().unwrap_or(&first);
        let (old, new) = (same.everybody(), last.everybody());
        let both: BTreeSet<&str> = old.intersection(&new).copied().collect();
        let left: BTreeSet<&str> = old.difference(&new).copied().collect();
        let joined: BTreeSet<&str> = new.difference(&old).copied().collect();
        let (before, after) = (same.counted(), last.counted());
        let changed: BTreeSet<&str> =
            both.iter().filter(|one| before.get(**one) != after.get(**one)).copied().collect();
        let cover = same.cover;
        let mut states = vec![
            (
                Cause::Leavers,
                same.value_of(Some(&both), cover),
                counted_of(&left, &before),
                (same.places(&left), Vec::new()),
            ),
            (
                Cause::Changed,
                last.value_of(Some(&both), cover),
                changed.len(),
                (same.places(&changed), last.places(&changed)),
            ),
            (
                Cause::Joiners,
                last.value_of(None, cover),
                counted_of(&joined, &after),
                (Vec::new(), last.places(&joined)),
            ),
        ];
        if again.is_some() {
            states.insert(
                0,
                (Cause::Definition, same.value_of(None, cover), 0, (Vec::new(), Vec::new())),
            );
        }
        if last.cover.is_some() {
            states.push((
                Cause::Cover,
                last.value_of(None, last.cover),
                0,
                (Vec::new(), Vec::new()),
            ));
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut at = first.value;
        for (cause, to, people, (then, now)) in states {
            // Where nobody is left there is no figure: the next step has both parts.
            let to = to.unwrap_or(at);
            steps.push(Step { cause, by: to - at, people, then, now });
            at = to;
        }
        let to = last.value;
        let periods = [then, now].map(|received| received.period.label());
        Ok(Moved { indicator: last.indicator, periods, from: first.value, to, steps })
    }

    /// As a person reads it.
    pub fn text(&self) -> String {
        let printed = |value: f64| self.indicator.printed(&FigureValue::Number(value), None);
        let points = if self.indicator.unit == Unit::Percentage { " points" } else { "" };
        let mut text = format!(
            "{}: {}\n  {} for {}\n  {} for {}, {}{points}\n",
            self.indicator.code,
            self.indicator.title,
            printed(self.from),
            self.periods[0],
            printed(self.to),
            self.periods[1],
            self.signed(self.to - self.from),
        );
        let signed: Vec<String> = self.steps.iter().map(|step| self.signed(step.by)).collect();
        let width = signed.iter().map(String::len).max().unwrap_or(0);
        for (step, by) in self.steps.iter().zip(signed) {
            text.push_str(&format!("\n  {by:>width$}  {}\n", step.cause.says(step.people)));
            for (when, rows) in [("then", &step.then), ("now", &step.now)] {
                if !rows.is_empty() {
                    text.push_str(&format!("  {:width$}  rows {when}: {}\n", "", some_of(rows)));
                }
            }
        }
        text
    }

    /// As a web page, for the officer's own desk.
    pub fn page(&self) -> String {
        let title = format!("What moved {}", self.indicator.code);
        let printed = |value: f64| self.indicator.printed(&FigureValue::Number(value), None);
        let rows = html! {
            @for step in &self.steps {
                tr {
                    th scope="row" { (capital(&step.cause.says(step.people))) }
                    td { (self.signed(step.by)) }
                    td { (all_of(&step.then).join(", ")) }
                    td { (all_of(&step.now).join(", ")) }
                }
            }
            tr {
                th scope="row" { "Together" }
                td { (self.signed(self.to - self.from)) }
                td {}
                td {}
            }
        };
        let body = html! {
            header {
                p class="title" { "Private: not for publication" }
                p {
                    "This page is for the officer's own desk. It says which rows of the returns \
                     count, and may show figures that a report hides."
                }
                h1 { (title) }
            }
            main {
                p {
                    (self.indicator.title) ": " (printed(self.from)) " for " (self.periods[0]) ", "
                    (printed(self.to)) " for " (self.periods[1]) "."
                }
                (table(
                    "",
                    "What the change is made of",
                    &["Why", "By how much", "Rows then", "Rows now"],
                    &rows,
                ))
            }
        };
        whole_page(&title, &[("robots", "noindex")], &body)
    }

    /// With its sign, and a decimal more than the figure has where it has any: parts are small.
    fn signed(&self, by: f64) -> String {
        let decimals = match self.indicator.decimals {
            0 => 0,
            some => some + 1,
        };
        let number = grouped(&rounded(by.abs(), decimals));
        let is_nothing = number.chars().all(|c| matches!(c, '0' | '.'));
        let sign = match by {
            _ if is_nothing => "",
            by if by < 0.0 => "-",
            _ => "+",
        };
        format!("{sign}{number}")
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({
            "indicator": self.indicator.code,
            "title": self.indicator.title,
            "periods": self.periods,
            "from": self.from,
            "to": self.to,
            "parts": self.steps.iter().map(Step::to_json).collect::<Vec<_>>(),
        })
    }
}
