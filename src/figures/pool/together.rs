//! Many councils' figures as one area's.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};

use super::Definitions;
use crate::definitions::{Conditions, Declarations, Indicator, Measure, Summary};
use crate::figures::all::Figures;
use crate::figures::work_out::{Derive, derive_rest, new_figures, summed};
use crate::intake::exchange::{Exchange, ExchangedFigure};
use crate::nouns::area::{Area, AreaCode};
use crate::nouns::figure::{Basis, Figure, FigureValue, Origin, Selection, Symbol};
use crate::nouns::numbers::median;
use crate::nouns::period::Period;
use crate::nouns::problem::{Place, Problem, Problems};
use crate::nouns::unit::Unit;
use crate::nouns::words::{listed, several};

/// The figures of an area, and those of the councils that it is made of.
pub struct Pooled {
    /// The area's.
    pub area: Figures,
    /// Each council's, of the same records.
    pub councils: Vec<(AreaCode, Figures)>,
}

/// Adds up what councils give. What cannot be added up is said and left out.
pub fn pool(
    exchanges: &mut [Exchange],
    period: &Period,
    definitions: &Definitions,
    derive: &dyn Derive,
    problems: &mut Problems,
) -> Pooled {
    // The order in which files are named makes no difference.
    exchanges.sort_by_key(|exchange| exchange.area);
    let declared = definitions.declared;
    let records = Records::of(exchanges, declared);
    let mut area = new_figures(declared, period);
    let mut councils: Vec<(AreaCode, Figures)> =
        exchanges.iter().map(|exchange| (exchange.area, new_figures(declared, period))).collect();
    let mut gaps: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut gap = |why: String, title: &str| gaps.entry(why).or_default().push(title.to_string());
    for indicator in declared.indicators.values() {
        area.indicators.insert(indicator.code.clone(), indicator.clone());
        if matches!(indicator.measure, Measure::Derived { .. }) {
            continue;
        }
        let told = match all_told(exchanges, indicator, definitions) {
            Ok(told) => told,
            Err(Some(why)) => {
                gap(why, &indicator.title);
                continue;
            }
            Err(None) => continue,
        };
        add(&records, indicator, &told, period, (&mut area, &mut councils));
        for part in parts(exchanges, indicator) {
            let told: Vec<Option<&ExchangedFigure>> =
                exchanges.iter().map(|exchange| exchange.told(&part.code)).collect();
            area.indicators.insert(part.code.clone(), part.clone());
            add(&records, &part, &told, period, (&mut area, &mut councils));
        }
    }
    for (why, titles) in gaps {
        let message = format!("not added up, because {why}: {}", titles.join(", "));
        problems.add(
            Problem::warning(Place::default(), message)
                .hint("the total would be wrong: make every exchange file with the same scripts"),
        );
    }
    area.whose = records.whose.clone();
    for (_, council) in &mut councils {
        council.whose = records.whose.clone();
        council.indicators.clone_from(&area.indicators);
    }
    derive_rest(&mut area, period, derive, problems);
    Pooled { area, councils }
}

/// What every council says of an indicator; why it cannot be added up, or nothing where no council
/// has it.
fn all_told<'e>(
    exchanges: &'e [Exchange],
    indicator: &Indicator,
    definitions: &Definitions,
) -> Result<Vec<Option<&'e ExchangedFigure>>, Option<String>> {
    let told: Vec<Told> =
        exchanges.iter().map(|exchange| (exchange, exchange.told(&indicator.code))).collect();
    if told.iter().all(|(_, told)| told.is_none()) {
        return Err(None);
    }
    let ours = definitions.of(&indicator.code);
    unless_any(&told, "there is no figure of", |_| false)?;
    unless_any(&told, "it is defined otherwise by", |told| told.definition != ours)?;
    unless_any(&told, "only the result is known of", |told| !can_be_added(told, indicator))?;
    Ok(told.into_iter().map(|(_, told)| told).collect())
}

/// What a council tells of an indicator.
type Told<'e> = (&'e Exchange, Option<&'e ExchangedFigure>);

/// Why an indicator cannot be added up: the councils that tell nothing of it, or a figure that does
/// not go with the others.
fn unless_any(
    told: &[Told],
    why: &str,
    is_other: impl Fn(&ExchangedFigure) -> bool,
) -> Result<(), Option<String>> {
    let these = told.iter().filter(|(_, told)| told.is_none_or(&is_other));
    let names: Vec<&str> = these.map(|(exchange, _)| exchange.name.as_str()).collect();
    match names.len() {
        0 => Ok(()),
        1..=3 => Err(Some(format!("{why} {}", listed(&names)))),
        more => Err(Some(format!("{why} {}", several(more, "council")))),
    }
}

/// How figures are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Adding {
    /// Counts and sums to each other.
    Counts,
    /// Numerators and denominators, which are then divided and scaled.
    Shares,
    /// Sums and how many records these are of, which are then divided.
    Means,
    /// All numbers, of which the middle one is taken.
    Medians,
}

impl Adding {
    fn of(indicator: &Indicator) -> Adding {
        match indicator.measure.whole().0 {
            Measure::Summary { how: Summary::Median, .. } => Adding::Medians,
            Measure::Summary { how: Summary::Average, .. } => Adding::Means,
            _ if indicator.unit == Unit::Number => Adding::Counts,
            Measure::Typed if indicator.unit == Unit::Median => Adding::Medians,
            Measure::Typed if indicator.unit == Unit::Average => Adding::Means,
            _ => Adding::Shares,
        }
    }
}

/// Whether a figure comes with what it takes to add it to others.
fn can_be_added(told: &ExchangedFigure, indicator: &Indicator) -> bool {
    let nobody = told.symbol == Some(Symbol::NotApplicable);
    match Adding::of(indicator) {
        Adding::Counts => told.numerator.or(told.value).is_some(),
        Adding::Medians => nobody || !told.numbers.is_empty(),
        Adding::Shares | Adding::Means => told.numerator.is_some() && told.denominator.is_some(),
    }
}

/// The parts of an indicator that any council has, in the order of the first that has them.
fn parts(exchanges: &[Exchange], total: &Indicator) -> Vec<Indicator> {
    let mut seen: IndexSet<&str> = IndexSet::new();
    let mut parts = Vec::new();
    for told in exchanges.iter().flat_map(|exchange| &exchange.figures) {
        if told.part_of.as_ref() != Some(&total.code) || !seen.insert(&told.indicator) {
            continue;
        }
        parts.push(Indicator {
            running: told.running,
            ..total.part(told.indicator.clone(), told.title.clone(), Conditions::default())
        });
    }
    parts
}

/// Adds the figures of an indicator: the area's, and each council's. A council that has no such
/// part has nobody in it.
fn add(
    records: &Records,
    indicator: &Indicator,
    told: &[Option<&ExchangedFigure>],
    period: &Period,
    (area, councils): (&mut Figures, &mut [(AreaCode, Figures)]),
) {
    let none = ExchangedFigure::default();
    let each: Vec<&ExchangedFigure> = told.iter().map(|told| told.unwrap_or(&none)).collect();
    let all: Vec<usize> = (0..each.len()).collect();
    area.figures.push(figure(records, indicator, &each, &all, period));
    for (at, (_, council)) in councils.iter_mut().enumerate() {
        if told[at].is_some() {
            council.figures.push(figure(records, indicator, &each, &[at], period));
        }
    }
}

/// The figure of some of the councils together.
fn figure(
    records: &Records,
    indicator: &Indicator,
    each: &[&ExchangedFigure],
    of: &[usize],
    period: &Period,
) -> Figure {
    let these: Vec<&ExchangedFigure> = of.iter().map(|at| each[*at]).collect();
    let adding = Adding::of(indicator);
    let numerator = match adding {
        Adding::Counts => sum(these.iter().filter_map(|told| told.numerator.or(told.value))),
        _ => sum(these.iter().filter_map(|told| told.numerator)),
    };
    let denominator = sum(these.iter().filter_map(|told| told.denominator));
    let out_of = denominator.filter(|out_of| *out_of > 0.0);
    let value = match adding {
        Adding::Counts => numerator,
        Adding::Shares => numerator.zip(out_of).map(|(n, d)| n * indicator.unit.scale() / d),
        Adding::Means => numerator.zip(out_of).map(|(n, d)| n / d),
        Adding::Medians => median(numbers_of(&these)),
    };
    let value = match value {
        Some(value) => FigureValue::Number(value),
        None => FigureValue::Gap {
            symbol: Symbol::NotApplicable,
            wording: "Nobody to count".to_string(),
        },
    };
    let tells_of = these.iter().filter_map(|told| told.tells_of).reduce(|a, b| a + b);
    let basis = records.basis(&indicator.code, of, each).map(|(numerator, denominator)| Basis {
        numerator,
        denominator,
        summed: summed(&indicator.measure),
        tells_of,
    });
    Figure {
        numerator,
        denominator,
        basis,
        ..Figure::new(&indicator.code, Area::Own, *period, value, Origin::Calculated)
    }
}

/// All numbers of some councils.
/// The sum of numbers, where there is any.
fn sum(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    numbers.reduce(|a, b| a + b)
}

fn numbers_of(told: &[&ExchangedFigure]) -> Vec<f64> {
    let numbers = told.iter().flat_map(|told| &told.numbers);
    numbers
        .flat_map(|(bits, count)| std::iter::repeat_n(f64::from_bits(*bits), *count as usize))
        .collect()
}

/// Everybody's records, without anything that says whose: each record is one of a council's, and
/// known by the figures that it is counted in.
struct Records {
    /// By figure, council and whether it is the denominator: which records of the list.
    of: HashMap<(String, usize, bool), Vec<u32>>,
    /// For each list that tells of people, whose each record is.
    whose: IndexMap<String, Vec<u32>>,
}

impl Records {
    fn of(exchanges: &[Exchange], declared: &Declarations) -> Records {
        let mut all = Records { of: HashMap::new(), whose: IndexMap::new() };
        let mut persons: HashMap<&str, u32> = HashMap::new();
        for (council, exchange) in exchanges.iter().enumerate() {
            for people in &exchange.people {
                let keys = all.whose.entry(people.list.clone()).or_default();
                let person = persons.entry(&people.list).or_default();
                for _ in 0..people.count {
                    for record in &people.records {
                        let number = keys.len() as u32;
                        keys.push(*person);
                        for member in record {
                            let code = exchange.figures[member.figure as usize].indicator.clone();
                            let key = (code, council, member.denominator);
                            all.of.entry(key).or_default().push(number);
                        }
                    }
                    *person += 1;
                }
            }
        }
        let of_people = |list: &str| declared.lists.get(list).is_some_and(|list| !list.is_public());
        all.whose.retain(|list, _| of_people(list));
        all
    }

    /// The records of some councils' figure; none where it is not counted from records.
    fn basis(
        &self,
        code: &str,
        of: &[usize],
        each: &[&ExchangedFigure],
    ) -> Option<(Rc<Selection>, Option<Rc<Selection>>)> {
        let [numerator, denominator] = [false, true].map(|denominator| {
            let which = usize::from(denominator);
            let list = each.iter().find_map(|told| told.lists[which].clone())?;
            let keys = of.iter().map(|council| (code.to_string(), *council, denominator));
            let records = keys.filter_map(|key| self.of.get(&key)).flatten().copied().collect();
            Some(Rc::new(Selection { list, records }))
        });
        Some((numerator?, denominator))
    }
}

impl Exchange {
    fn told(&self, code: &str) -> Option<&ExchangedFigure> {
        self.figures.iter().find(|told| told.indicator == code)
    }
}
