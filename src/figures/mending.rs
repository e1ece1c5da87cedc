//! What mending each fault would do: the figures counted again without the rows that have it.
//!
//! Whatever is counted is a sum over those whom records are about, such as children. So only those
//! are counted again whose rows are at fault, once with these rows and once without, and the
//! difference is what the figure of all of them moves by. That is quick, however large a return is.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use crate::definitions::{Declarations, Indicator, Measure, Summary};
use crate::figures::all::Figures;
use crate::figures::select::{Counted, Judge, Selector};
use crate::figures::work_out::Derive;
use crate::intake::returns::Return;
use crate::nouns::figure::{Figure, FigureValue, Origin};
use crate::nouns::moved::{Change, Moved};
use crate::nouns::period::Period;
use crate::nouns::problem::{Problem, Problems, Severity, Spoils};
use crate::nouns::unit::Unit;

/// What it takes to count again.
pub struct Mending<'a> {
    /// The return as it was sent.
    pub as_sent: &'a Return,
    /// What scripts declare.
    pub declared: &'a Declarations,
    /// The period.
    pub period: Period,
    /// The figures of the whole return.
    pub figures: &'a Figures,
    /// Asks scripts' functions about records.
    pub judge: &'a dyn Judge,
    /// Asks them for figures that are worked out from others.
    pub derive: &'a dyn Derive,
    /// Puts another return where functions look at records.
    pub lay: &'a dyn Fn(Rc<Return>),
    /// Whether numbers are told: a rule of disclosure control may hide them.
    pub tells_numbers: bool,
}

/// Rows at fault: of each list the records.
type AtFault<'a> = BTreeMap<&'a str, Vec<u32>>;

/// Numerators and denominators, by indicator.
type Counts = HashMap<String, (f64, Option<f64>)>;

impl Mending<'_> {
    /// Says of each problem which figures it moves, and from what to what.
    pub fn work_out(&self, problems: &mut Problems) {
        for problem in problems.iter_mut().filter(|problem| problem.severity != Severity::Note) {
            self.name(problem);
            // What a cell should say nobody knows, and its row counts for the rest that it says.
            let counted = problem.spoils != Spoils::Cell;
            if !problem.moves.is_empty() && counted && self.tells_numbers {
                self.count_again(problem);
            }
        }
    }

    /// Names the figures that lean on what cannot be counted, where no script has named them:
    /// numbers first.
    fn name(&self, problem: &mut Problem) {
        if !problem.moves.is_empty() || problem.spoils == Spoils::Nothing {
            return;
        }
        for (name, records) in &self.as_sent.lists {
            let Some(column) = records.column_at(&problem.place) else { continue };
            let column = self.declared.lists[name].columns[column].name.as_str();
            let column = (problem.spoils == Spoils::Cell).then_some(column);
            let looking = self.told().filter(|i| self.declared.looks_at(i, name, column));
            let (numbers, others): (Vec<_>, Vec<_>) =
                looking.partition(|indicator| indicator.unit == Unit::Number);
            let named = numbers.into_iter().chain(others);
            problem.moves.extend(named.map(|i| Moved::maybe(&i.code, &i.title)));
        }
    }

    /// The indicators that a report tells of: those that have a figure which was counted.
    fn told(&self) -> impl Iterator<Item = &Indicator> {
        let whole = self.declared.indicators.values();
        whole.filter(|i| self.counted(&i.code).is_some())
    }

    fn counted(&self, code: &str) -> Option<&Figure> {
        self.figures.own(code).filter(|figure| figure.origin == Origin::Calculated)
    }

    fn count_again(&self, problem: &mut Problem) {
        let at_fault = self.at_fault(problem);
        let [(list, records)] = at_fault.iter().collect::<Vec<_>>()[..] else { return };
        let key = &self.declared.lists[*list].key;
        let all = &self.as_sent.lists[*list];
        let mut keys: Vec<u32> = records.iter().map(|r| all.keys[*r as usize]).collect();
        keys.sort_unstable();
        keys.dedup();
        let wanted = self.wanted(&problem.moves);
        let with = self.counts((key, &keys), None, &wanted);
        let without = self.counts((key, &keys), Some((*list, records)), &wanted);
        let mended = self.mended(&wanted, &with, &without);
        problem.moves = problem.moves.iter().flat_map(|m| self.told_of(m, &mended)).collect();
    }

    /// The records that a problem points at and that are counted.
    fn at_fault(&self, problem: &Problem) -> AtFault<'_> {
        let mut at_fault = AtFault::default();
        for (name, records) in &self.as_sent.lists {
            // Lists that are made of others go by them.
            if self.declared.lists[name].made_of.is_some() || !records.stands_on(&problem.place) {
                continue;
            }
            let mut place = problem.place.clone();
            for cell in problem.cells() {
                place.cell = Some(cell);
                let here = records.column_at(&place).is_some();
                let record = records.at(&place).filter(|r| here && (*r as usize) < records.len());
                at_fault.entry(name).or_default().extend(record);
            }
        }
        at_fault.retain(|_, records| {
            records.sort_unstable();
            records.dedup();
            !records.is_empty()
        });
        at_fault
    }

    /// The indicators that have to be counted for some figures: themselves, and what they are
    /// derived from.
    fn wanted(&self, moves: &[Moved]) -> Vec<&Indicator> {
        let mut wanted: Vec<&Indicator> = Vec::new();
        let mut codes: Vec<&str> = moves.iter().map(|moved| moved.indicator.as_str()).collect();
        while let Some(code) = codes.pop() {
            let Some(indicator) = self.figures.indicators.get(code) else { continue };
            if wanted.iter().any(|known| known.code == indicator.code) {
                continue;
            }
            if let Measure::Derived { from, .. } = &indicator.measure {
                codes.extend(from.iter().map(String::as_str));
            }
            wanted.push(indicator);
        }
        wanted
    }

    /// What some keys add to figures, without some records.
    fn counts(
        &self,
        keys: (&str, &[u32]),
        without: Option<(&str, &[u32])>,
        wanted: &[&Indicator],
    ) -> Counts {
        let some = self.as_sent.of_keys(self.declared, keys, without);
        let settled =
            some.settled(self.declared, &self.period, &|_, _| true, &mut Problems::default());
        let some = Rc::new(settled.unwrap_or(some));
        (self.lay)(some.clone());
        let selector = Selector::new(&some, self.declared, self.period, self.judge);
        let mut counts = Counts::default();
        for indicator in wanted {
            let Ok(total) = selector.count(indicator) else { continue };
            let parts = selector.parts(indicator, &total, &mut Problems::default());
            counts.extend(numbers(&indicator.code, &total));
            for (part, counted) in parts.into_iter().flatten() {
                counts.extend(numbers(&part.code, &counted));
            }
        }
        counts
    }

    /// The values without the rows, by code.
    fn mended(
        &self,
        wanted: &[&Indicator],
        with: &Counts,
        without: &Counts,
    ) -> HashMap<String, f64> {
        let mut mended: HashMap<String, f64> = HashMap::new();
        for code in with.keys().chain(without.keys()) {
            let Some(figure) = self.counted(code) else { continue };
            let indicator = &self.figures.indicators[code];
            let (was, will_be) =
                (self.count_of(indicator, with), self.count_of(indicator, without));
            let Some(all) = figure.numerator else { continue };
            let out_of = figure.denominator.map(|all| all - was.1 + will_be.1);
            let value = value(indicator, all - was.0 + will_be.0, out_of);
            mended.extend(value.map(|value| (code.clone(), value)));
        }
        self.derive_rest(wanted, &mut mended);
        mended
    }

    /// An indicator's numerator and denominator; of a part that none falls to, its whole's.
    fn count_of(&self, indicator: &Indicator, counts: &Counts) -> (f64, f64) {
        let whole = || counts.get(indicator.part_of.as_ref()?).map(|(_, out_of)| (0.0, *out_of));
        let found = counts.get(&indicator.code).copied().or_else(whole);
        let (numerator, out_of) = found.unwrap_or_default();
        (numerator, out_of.unwrap_or_default())
    }

    /// Those that are worked out from others.
    fn derive_rest(&self, wanted: &[&Indicator], mended: &mut HashMap<String, f64>) {
        for _ in wanted {
            for indicator in wanted {
                let Measure::Derived { from, function } = &indicator.measure else { continue };
                let now = |code: &String| self.figures.own(code)?.value.number();
                let values: Option<Vec<f64>> =
                    from.iter().map(|c| mended.get(c).copied().or_else(|| now(c))).collect();
                let Some(values) = values else { continue };
                let Ok(Some((n, out_of))) = self.derive.derive(*function, &values) else {
                    continue;
                };
                let derived = match out_of {
                    None => Some(n),
                    Some(d) => (d > 0.0).then(|| n * indicator.unit.scale() / d),
                };
                mended.extend(derived.map(|value| (indicator.code.clone(), value)));
            }
        }
    }

    /// What is told of a figure: of one that is there for its parts alone, the parts that move.
    fn told_of(&self, moved: &Moved, mended: &HashMap<String, f64>) -> Vec<Moved> {
        let Some(indicator) = self.figures.indicators.get(&moved.indicator) else {
            return vec![moved.clone()];
        };
        let parts = self.figures.indicators.values().filter(|part| {
            indicator.detail && part.part_of.as_ref() == Some(&indicator.code) && !part.running
        });
        let these = parts.chain((!indicator.detail).then_some(indicator));
        let told: Vec<Moved> =
            these.filter_map(|one| self.change(one, mended.get(&one.code).copied()?)).collect();
        if told.is_empty() { vec![moved.clone()] } else { told }
    }

    fn change(&self, indicator: &Indicator, mended: f64) -> Option<Moved> {
        let figure = self.counted(&indicator.code)?;
        let to = indicator.printed(&FigureValue::Number(mended), figure.decimals);
        let from = indicator.printed(&figure.value, figure.decimals);
        let share = match figure.value {
            FigureValue::Number(was) => (was - mended).abs() / was.abs().max(mended.abs()),
            FigureValue::Gap { .. } => 1.0,
        };
        let title = match &indicator.part_of {
            Some(whole) => format!("{}, {}", self.figures.indicators[whole].title, indicator.title),
            None => indicator.title.clone(),
        };
        let change = (from != to).then_some(Change { from, to, share })?;
        Some(Moved { indicator: indicator.code.clone(), title, change: Some(change) })
    }
}

/// What is added up over those whom records are about; a middle value is not.
fn numbers(code: &str, counted: &Counted) -> Option<(String, (f64, Option<f64>))> {
    Some((code.to_string(), (counted.numerator_value?, counted.denominator_value)))
}

fn value(indicator: &Indicator, numerator: f64, out_of: Option<f64>) -> Option<f64> {
    let scale = match indicator.measure.whole().0 {
        Measure::Summary { how: Summary::Average, .. } => 1.0,
        _ => indicator.unit.scale(),
    };
    match out_of {
        None => Some(numerator),
        Some(out_of) => (out_of > 0.0).then(|| numerator * scale / out_of),
    }
}
