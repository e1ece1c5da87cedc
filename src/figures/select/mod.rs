//! Selecting and counting: scripts say which records, this room finds and counts them.
//!
//! A population is worked out once and remembered. Conditions given as tables are compiled to tests
//! over columns (see `conditions.rs`); a script's function is asked record by record through
//! [`Judge`].

mod compile;
mod conditions;
mod parts;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::definitions::{
    Conditions, Declarations, Denominator, Each, Function, Indicator, LAST_YEAR, List, Measure,
    Numerator, Population, Summary, When,
};
use crate::intake::returns::{ColumnData, Field, Records, Return};
use crate::nouns::figure::Selection;
use crate::nouns::numbers::median;
use crate::nouns::period::Period;
use crate::nouns::problem::Problem;
use conditions::ByKey;

pub use compile::Order;
pub use conditions::NOBODY;

/// Asks a script's function about a record.
pub trait Judge {
    /// Whether the function says true of the record.
    fn judge(&self, function: Function, list: &str, record: usize) -> Result<bool, Stop>;

    /// The number that the function makes of the record; none where it has none.
    fn number(&self, function: Function, list: &str, record: usize) -> Result<Option<f64>, Stop>;
}

/// Why an indicator has no value.
#[derive(Debug, Clone)]
pub enum Stop {
    /// The return does not have what it takes: a gap, not a fault.
    Unavailable(String),
    /// A script is at fault.
    Fault(Box<Problem>),
}

/// What was counted for an indicator.
#[derive(Debug, Clone)]
pub struct Counted {
    /// The records of the numerator; for a sum, mean or median, those with a number.
    pub numerator: Rc<Selection>,
    /// The records of the denominator, where it is made of records.
    pub denominator: Option<Rc<Selection>>,
    /// The numerator as a number: a count, or the sum for a sum or mean.
    pub numerator_value: Option<f64>,
    /// The denominator as a number.
    pub denominator_value: Option<f64>,
    /// The value, unrounded, in the indicator's unit; none where the denominator is 0.
    pub value: Option<f64>,
    /// Of a sum or a mean: how many people it tells of.
    pub tells_of: Option<usize>,
}

/// The room's desk: what was received and declared, and what was worked out so far.
pub struct Selector<'a> {
    received: &'a Return,
    declared: &'a Declarations,
    period: Period,
    judge: &'a dyn Judge,
    populations: RefCell<HashMap<String, Rc<Selection>>>,
    links: RefCell<HashMap<String, Rc<Vec<u32>>>>,
    orders: RefCell<HashMap<String, Rc<Order>>>,
    /// The keys by which a list's records lead to a reference list's, by both names.
    led: RefCell<HashMap<String, Rc<Vec<u32>>>>,
    /// The records of lists and populations by their keys.
    by_keys: RefCell<HashMap<String, Rc<ByKey>>>,
    working_on: RefCell<Vec<String>>,
    with_left_out: bool,
}

impl<'a> Selector<'a> {
    /// A desk for one return and period.
    pub fn new(
        received: &'a Return,
        declared: &'a Declarations,
        period: Period,
        judge: &'a dyn Judge,
    ) -> Self {
        Selector {
            received,
            declared,
            period,
            judge,
            populations: RefCell::default(),
            links: RefCell::default(),
            orders: RefCell::default(),
            led: RefCell::default(),
            by_keys: RefCell::default(),
            working_on: RefCell::default(),
            with_left_out: false,
        }
    }

    /// Counts an indicator that is made of records.
    pub fn count(&self, indicator: &Indicator) -> Result<Counted, Stop> {
        let empty = Conditions::default();
        match &indicator.measure {
            Measure::Count { of, numerator } => {
                let base = self.base(of, &empty)?;
                let numerator = self.numerator(&base, numerator)?;
                let n = numerator.records.len() as f64;
                Ok(Counted {
                    numerator,
                    denominator: None,
                    numerator_value: Some(n),
                    denominator_value: None,
                    value: Some(n),
                    tells_of: None,
                })
            }
            Measure::Share { numerator, denominator } => {
                let scale = indicator.unit.scale();
                let (numerator, base, out_of) = match denominator {
                    Denominator::Records { of, conditions } => {
                        let base = self.base(of, conditions)?;
                        let numerator = self.numerator(&base, numerator)?;
                        let out_of = base.records.len() as f64;
                        (numerator, Some(base), out_of)
                    }
                    Denominator::Cover(key) => {
                        let Numerator::Population(of) = numerator else {
                            return Err(Stop::Unavailable(
                                "a rate needs a population as its numerator".into(),
                            ));
                        };
                        (self.population(of)?, None, self.cover_number(key)?)
                    }
                };
                let n = numerator.records.len() as f64;
                let value = (out_of > 0.0).then(|| n * scale / out_of);
                Ok(Counted {
                    numerator,
                    denominator: base,
                    numerator_value: Some(n),
                    denominator_value: Some(out_of),
                    value,
                    tells_of: None,
                })
            }
            Measure::Summary { how, each, of, conditions } => {
                self.summary(*how, each, self.base(of, conditions)?.as_ref())
            }
            Measure::Part { of, .. } => {
                let total = Indicator { measure: of.as_ref().clone(), ..indicator.clone() };
                self.narrowed(indicator, &self.count(&total)?)
            }
            Measure::Derived { .. } | Measure::Typed => {
                Err(Stop::Unavailable("it is not counted from lists".into()))
            }
        }
    }

    /// Records of a list that keep the conditions: for checks.
    pub fn failing(&self, list: &str, conditions: &Conditions) -> Result<Rc<Selection>, Stop> {
        self.base(list, conditions)
    }

    /// The same desk, at which rows that were left out are seen too.
    #[must_use]
    pub fn with_left_out(self) -> Self {
        Selector { with_left_out: true, ..self }
    }

    fn cover_number(&self, key: &str) -> Result<f64, Stop> {
        let entry = self.received.management.cover(key);
        let number = entry.and_then(|e| e.number).filter(|n| *n > 0.0);
        number.ok_or_else(|| {
            Stop::Unavailable(format!("the Cover sheet gives no number for \"{key}\""))
        })
    }

    fn summary(&self, how: Summary, each: &Each, base: &Selection) -> Result<Counted, Stop> {
        let (with, values) = self.numbers(each, base)?;
        let n = values.len() as f64;
        let sum: f64 = values.iter().sum();
        let tells_of = self.tells_of(how, &base.list, &with, &values);
        let chosen = Rc::new(Selection { list: base.list.clone(), records: with });
        let (denominator, numerator_value, value) = match how {
            Summary::Sum => (None, Some(sum), Some(sum)),
            Summary::Average => (Some(chosen.clone()), Some(sum), (n > 0.0).then(|| sum / n)),
            Summary::Median => (Some(chosen.clone()), None, median(values)),
        };
        let denominator_value = denominator.is_some().then_some(n);
        Ok(Counted {
            numerator: chosen,
            denominator,
            numerator_value,
            denominator_value,
            value,
            tells_of,
        })
    }

    /// How many people a sum or a mean tells of, where the list tells of people: those whose
    /// numbers are not 0. One, where it tells nearly what that one's number is: what all others
    /// add, without the next largest, who knows what to take off, is less than a tenth of it.
    pub(super) fn tells_of(
        &self,
        how: Summary,
        list: &str,
        records: &[u32],
        numbers: &[f64],
    ) -> Option<usize> {
        let keys = &self.received.lists.get(list)?.keys;
        if self.declared.lists[list].is_public() || how == Summary::Median {
            return None;
        }
        let mut of_each: HashMap<u32, f64> = HashMap::new();
        for (record, number) in records.iter().zip(numbers) {
            *of_each.entry(keys[*record as usize]).or_default() += number.abs();
        }
        let mut sizes: Vec<f64> = of_each.into_values().filter(|size| *size > 0.0).collect();
        sizes.sort_by(|a, b| b.total_cmp(a));
        let rest: f64 = sizes.iter().skip(2).sum();
        Some(if sizes.first().is_some_and(|largest| rest < largest / 10.0) {
            1
        } else {
            sizes.len()
        })
    }

    /// The numbers that a sum, a mean or a median is made of; none where it cannot be made.
    pub fn numbers_of(&self, indicator: &Indicator) -> Option<Vec<f64>> {
        let Measure::Summary { of, conditions, .. } = &indicator.measure else { return None };
        let base = self.base(of, conditions).ok()?;
        self.numbers_among(indicator, &base).map(|(_, numbers)| numbers)
    }

    /// Of a sum, a mean or a median, or a part of one: those of some records that have a number,
    /// and their numbers.
    pub fn numbers_among(
        &self,
        indicator: &Indicator,
        some: &Selection,
    ) -> Option<(Vec<u32>, Vec<f64>)> {
        let Measure::Summary { each, .. } = indicator.measure.whole().0 else { return None };
        self.numbers(each, some).ok()
    }

    /// The records that have a number, and their numbers.
    fn numbers(&self, each: &Each, base: &Selection) -> Result<(Vec<u32>, Vec<f64>), Stop> {
        let (list, records) = self.list(&base.list)?;
        let mut found: Vec<(u32, f64)> = Vec::new();
        match each {
            Each::Column(column) => {
                let index = list.column(column).filter(|i| records.has(*i));
                let index = index.ok_or_else(|| missing_column(list, column))?;
                let ColumnData::Number(numbers) = records.column(index) else {
                    return Err(Stop::Unavailable(format!("{column} is not a column of numbers")));
                };
                found.extend(base.records.iter().map(|r| (*r, numbers[*r as usize])));
            }
            Each::Function(function) => {
                for record in &base.records {
                    let number = self.judge.number(*function, &base.list, *record as usize)?;
                    found.extend(number.map(|number| (*record, number)));
                }
            }
        }
        found.retain(|(_, number)| !number.is_nan());
        Ok(found.into_iter().unzip())
    }

    fn numerator(
        &self,
        base: &Rc<Selection>,
        numerator: &Numerator,
    ) -> Result<Rc<Selection>, Stop> {
        match numerator {
            Numerator::Where(conditions) if conditions.is_empty() => Ok(base.clone()),
            Numerator::Where(conditions) => self.filter(base, conditions).map(Rc::new),
            // Those of the denominator who are in the other population too: a share is never over
            // 100%.
            Numerator::Population(name) => {
                let counts = self.linked_counts(name, &Conditions::default())?;
                let (_, records) = self.list(&base.list)?;
                let in_it = |record: &&u32| counts[records.keys[**record as usize] as usize] > 0;
                Ok(Rc::new(Selection {
                    list: base.list.clone(),
                    records: base.records.iter().filter(in_it).copied().collect(),
                }))
            }
        }
    }

    /// A population or a whole list, narrowed.
    fn base(&self, of: &str, conditions: &Conditions) -> Result<Rc<Selection>, Stop> {
        let whole = self.population(of)?;
        if conditions.is_empty() { Ok(whole) } else { self.filter(&whole, conditions).map(Rc::new) }
    }

    /// A population by name; a list's name means all its records.
    pub fn population(&self, name: &str) -> Result<Rc<Selection>, Stop> {
        if let Some(known) = self.populations.borrow().get(name) {
            return Ok(known.clone());
        }
        let selection = match self.declared.populations.get(name) {
            Some(population) => {
                // Populations may lean on each other through conditions; in a circle they would
                // never end.
                if self.working_on.borrow().iter().any(|n| n == name) {
                    let message = format!("the population `{name}` depends on itself");
                    return Err(Stop::Fault(Box::new(Problem::script(
                        population.place.clone(),
                        message,
                    ))));
                }
                self.working_on.borrow_mut().push(name.to_string());
                let selection = self.select(population);
                self.working_on.borrow_mut().pop();
                selection?
            }
            None => {
                let (_, records) = self.list(name)?;
                let all = self.with_left_out.then(|| records.len_with_left_out());
                let records = (0..all.unwrap_or(records.len()) as u32).collect();
                Selection { list: name.to_string(), records }
            }
        };
        let selection = Rc::new(selection);
        self.populations.borrow_mut().insert(name.to_string(), selection.clone());
        Ok(selection)
    }

    fn select(&self, population: &Population) -> Result<Selection, Stop> {
        let base = self.population(&population.from)?;
        let (list, records) = self.list(&base.list)?;
        let mut chosen = base.as_ref().clone();
        if let Some(when) = population.when {
            let starts = days(list, records, &list.starts)?;
            let ends = days(list, records, &list.ends)?;
            let blank = crate::intake::returns::BLANK_DAY;
            match when {
                When::AsAt(moment) => {
                    let day = moment.day(&self.period).0;
                    chosen.records.retain(|r| {
                        let (start, end) = (starts[*r as usize], ends[*r as usize]);
                        start != blank && start <= day && (end == blank || end > day)
                    });
                }
                When::During(span) => {
                    let (first, last) = span.0.days(&self.period);
                    chosen.records.retain(|r| {
                        let (start, end) = (starts[*r as usize], ends[*r as usize]);
                        start != blank && start <= last.0 && (end == blank || end >= first.0)
                    });
                }
            }
        }
        let mut chosen = self.filter(&chosen, &population.conditions)?;
        if !population.one_per.is_empty() {
            keep_one(population, list, records, &mut chosen)?;
        }
        Ok(chosen)
    }

    fn filter(&self, base: &Selection, conditions: &Conditions) -> Result<Selection, Stop> {
        if conditions.is_empty() {
            return Ok(base.clone());
        }
        let test = self.compiled(&base.list, conditions)?;
        let records = test.kept(base.records.clone(), &self.asking())?;
        Ok(Selection { list: base.list.clone(), records })
    }

    /// Asks a script's function about a record.
    fn asking(&self) -> impl Fn(Function, &str, usize) -> Result<bool, Stop> + '_ {
        |function, list, record| self.judge.judge(function, list, record)
    }

    fn list(&self, name: &str) -> Result<(&'a List, &'a Records), Stop> {
        let list = self.declared.list(name).expect("names are checked when scripts are loaded");
        self.received
            .records(name)
            .map(|records| (list, records))
            .ok_or_else(|| Stop::Unavailable(list.is_not_there(name.starts_with(LAST_YEAR))))
    }

    /// For each key, how many records of a linked list or population keep the conditions.
    fn linked_counts(&self, name: &str, conditions: &Conditions) -> Result<Rc<Vec<u32>>, Stop> {
        // The words of the conditions are their identity: equal words are equal conditions, save
        // functions.
        let identity = conditions.function.is_none().then(|| format!("{name}: {conditions}"));
        if let Some(known) = identity.as_ref().and_then(|id| self.links.borrow().get(id).cloned()) {
            return Ok(known);
        }
        let whole = self.population(name)?;
        let chosen = self.filter(&whole, conditions)?;
        let (_, records) = self.list(&chosen.list)?;
        let mut counts = vec![0u32; records.key_count];
        for record in &chosen.records {
            counts[records.keys[*record as usize] as usize] += 1;
        }
        let counts = Rc::new(counts);
        if let Some(id) = identity {
            self.links.borrow_mut().insert(id, counts.clone());
        }
        Ok(counts)
    }
}

/// The days of a column that a list's time begins or ends by.
fn days<'r>(list: &List, records: &'r Records, name: &Option<String>) -> Result<&'r [i32], Stop> {
    let name = name
        .as_deref()
        .ok_or_else(|| Stop::Unavailable(format!("the list {} has no span of time", list.title)))?;
    let index =
        list.column(name).filter(|i| records.has(*i)).ok_or_else(|| missing_column(list, name))?;
    match records.column(index) {
        ColumnData::Day(days) => Ok(days),
        _ => Err(missing_column(list, name)),
    }
}

fn missing_column(list: &List, column: &str) -> Stop {
    Stop::Unavailable(format!("the list {} has no column {column} in the return", list.title))
}

/// A field in words for the trail; the value itself only on request.
pub fn shown_field(field: Field) -> String {
    match field {
        Field::Blank => "(blank)".to_string(),
        Field::Text(text) => text.to_string(),
        Field::Number(n) => crate::nouns::numbers::plain_number(n),
        Field::Day(day) => day.iso(),
    }
}

/// Keeps one record for each value of a column, or of several together: the latest or earliest by a
/// day; of equals the last (or first) of the list.
fn keep_one(
    population: &Population,
    list: &List,
    records: &Records,
    chosen: &mut Selection,
) -> Result<(), Stop> {
    let groups = groups_of(&population.one_per, list, records)?;
    let by = population.by.as_ref().or(list.starts.as_ref());
    let days = match by {
        None => None,
        Some(name) => {
            let index = list
                .column(name)
                .filter(|i| records.has(*i))
                .ok_or_else(|| missing_column(list, name))?;
            match records.column(index) {
                ColumnData::Day(days) => Some(days),
                _ => None,
            }
        }
    };
    let rank = |record: u32| days.map_or(0, |d| d[record as usize]);
    // Groups are numbered without gaps; blanks, which have the highest number, are a group of
    // their own.
    let most = groups.iter().filter(|g| **g != u32::MAX).max().map_or(0, |g| *g as usize + 1);
    let slot = |record: u32| (groups[record as usize] as usize).min(most);
    let mut best = vec![u32::MAX; most + 1];
    for record in &chosen.records {
        let kept = &mut best[slot(*record)];
        let better = *kept == u32::MAX
            || if population.earliest {
                rank(*record) < rank(*kept)
            } else {
                rank(*record) >= rank(*kept)
            };
        if better {
            *kept = *record;
        }
    }
    chosen.records.retain(|record| best[slot(*record)] == *record);
    Ok(())
}

/// To which of the groups that have the same in all of these columns each record belongs. Groups of
/// one column are numbered as its texts are, blanks with the highest number.
fn groups_of(columns: &[String], list: &List, records: &Records) -> Result<Vec<u32>, Stop> {
    let mut groups: Option<Vec<u32>> = None;
    for name in columns {
        let values = values_of(name, list, records)?;
        let Some(so_far) = groups else {
            groups = Some(values.to_vec());
            continue;
        };
        let mut pairs: HashMap<(u32, u32), u32> = HashMap::new();
        let numbered = so_far.into_iter().zip(values).map(|(group, value)| {
            let next = pairs.len() as u32;
            *pairs.entry((group, *value)).or_insert(next)
        });
        groups = Some(numbered.collect());
    }
    Ok(groups.unwrap_or_default())
}

/// A number for each value of a column, for each record.
fn values_of<'r>(name: &str, list: &List, records: &'r Records) -> Result<&'r [u32], Stop> {
    if name == list.key {
        return Ok(&records.keys);
    }
    let index = list.column(name).filter(|i| records.has(*i));
    match records.column(index.ok_or_else(|| missing_column(list, name))?) {
        ColumnData::Text { ids, .. } => Ok(ids),
        _ => Err(Stop::Unavailable(format!("{name} is not a column of texts"))),
    }
}
