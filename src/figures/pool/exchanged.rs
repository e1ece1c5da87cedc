//! What one return gives to be added up.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::definitions::{Declarations, Indicator, Measure, Summary};
use crate::figures::all::Figures;
use crate::figures::select::Selector;
use crate::intake::exchange::{Exchange, ExchangedFigure, Member, People};
use crate::intake::project::Source;
use crate::nouns::area::{Area, AreaCode};
use crate::nouns::figure::{Figure, FigureValue, Selection};
use crate::nouns::fingerprint::Fingerprint;

/// How indicators are defined, as fingerprints: what is defined otherwise is not added up.
pub struct Definitions<'a> {
    /// What is declared.
    pub declared: &'a Declarations,
    /// The scripts that declare it.
    pub sources: &'a [Source],
}

impl Definitions<'_> {
    /// That of an indicator: of the scripts that declare it, the populations and the list that it
    /// is counted from, and of what scripts share. One that only a return knows has none.
    pub fn of(&self, code: &str) -> String {
        let Some(indicator) = self.declared.indicators.get(code) else { return String::new() };
        let mut files = vec![indicator.place.file.as_str()];
        let mut of = indicator.measure.of();
        while let Some(name) = of {
            let population = self.declared.populations.get(name);
            let list = self.declared.lists.get(name).map(|list| list.place.file.as_str());
            files.extend(population.map(|population| population.place.file.as_str()).or(list));
            of = population.map(|population| population.from.as_str());
        }
        let is_used = |name: &str| files.contains(&name) || name.contains("/shared/");
        let used = self.sources.iter().filter(|source| is_used(&source.name));
        let texts = used.map(|source| &*source.text);
        let all = std::iter::once(code.as_bytes()).chain(texts);
        Fingerprint::of_all(all).to_string()[..16].to_string()
    }
}

/// What the council's own figures of the period give to be added up.
pub fn exchange_of(
    figures: &Figures,
    selector: &Selector,
    definitions: &Definitions,
    (area, name): (AreaCode, String),
) -> Exchange {
    let own: Vec<&Figure> = figures
        .figures
        .iter()
        .filter(|figure| figure.area == Area::Own && figure.period == figures.period)
        .collect();
    let told = own.iter().map(|figure| told(figure, figures, selector, definitions)).collect();
    let people = people(&own, figures);
    let (file, fingerprint, period) = (String::new(), None, figures.period);
    Exchange { file, fingerprint, area, name, period, figures: told, people }
}

fn told(
    figure: &Figure,
    figures: &Figures,
    selector: &Selector,
    definitions: &Definitions,
) -> ExchangedFigure {
    let indicator = &figures.indicators[&figure.indicator];
    let (value, symbol) = match &figure.value {
        FigureValue::Number(n) => (Some(*n), None),
        FigureValue::Gap { symbol, .. } => (None, Some(*symbol)),
    };
    let list = |selection: &Selection| selection.list.clone();
    let basis = figure.basis.as_ref();
    let mut numbers = BTreeMap::new();
    for number in medians(indicator, selector) {
        *numbers.entry(number.to_bits()).or_insert(0) += 1;
    }
    ExchangedFigure {
        indicator: figure.indicator.clone(),
        definition: definitions.of(indicator.part_of.as_ref().unwrap_or(&figure.indicator)),
        part_of: indicator.part_of.clone(),
        running: indicator.running,
        title: indicator.part_of.as_ref().map_or(String::new(), |_| indicator.title.clone()),
        numerator: figure.numerator,
        denominator: figure.denominator,
        value,
        symbol,
        tells_of: basis.and_then(|basis| basis.tells_of),
        numbers,
        lists: [
            basis.map(|basis| list(&basis.numerator)),
            basis.and_then(|basis| basis.denominator.as_deref()).map(list),
        ],
        // Of a mean or a median the records have numbers; they are not counted.
        sums: basis.is_some_and(|basis| basis.summed.is_some())
            || matches!(indicator.measure.whole().0, Measure::Summary { .. }),
    }
}

/// The numbers that a median is the middle of.
fn medians(indicator: &Indicator, selector: &Selector) -> Vec<f64> {
    let Measure::Summary { how: Summary::Median, .. } = &indicator.measure else {
        return Vec::new();
    };
    selector.numbers_of(indicator).unwrap_or_default()
}

/// A person of a list, or, where the list tells of nobody, a record.
type Whose<'a> = (&'a str, Option<u32>, u32);

/// Who is counted in which figures: people whose records are alike are told together.
fn people(own: &[&Figure], figures: &Figures) -> Vec<People> {
    let mut members: BTreeMap<(&str, u32), Vec<Member>> = BTreeMap::new();
    for (index, figure) in own.iter().enumerate() {
        let Some(basis) = &figure.basis else { continue };
        let numbers = [(Some(&basis.numerator), false), (basis.denominator.as_ref(), true)];
        for (selection, denominator) in numbers {
            let Some(selection) = selection else { continue };
            for record in &selection.records {
                let member = Member { figure: index as u32, denominator };
                members.entry((&selection.list, *record)).or_default().push(member);
            }
        }
    }
    // Records of a list that tells of nobody stand each for itself.
    let mut each: IndexMap<Whose, Vec<Vec<Member>>> = IndexMap::new();
    for ((list, record), members) in members {
        let person = figures.whose.get(list).map(|keys| keys[record as usize]);
        let key = (list, person, if person.is_some() { 0 } else { record });
        each.entry(key).or_default().push(members);
    }
    let mut alike: BTreeMap<(&str, Vec<Vec<Member>>), u32> = BTreeMap::new();
    for ((list, ..), mut records) in each {
        records.sort();
        *alike.entry((list, records)).or_default() += 1;
    }
    let all = alike.into_iter();
    all.map(|((list, records), count)| People { list: list.to_string(), records, count }).collect()
}
