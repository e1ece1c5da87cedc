//! What ties the figures of a run together, and those of earlier reports with them: the people and
//! the records that they share.
//!
//! Every figure tells one or two sums: its count, and what it is out of. Those who are in the same
//! of these sums are one unknown number to a reader, and each sum is made of some of these
//! unknowns. So a total and its parts, a count and the percentage of it, and the same count on two
//! sheets are tied without anybody declaring it. Earlier reports are tied in the same way, each in
//! itself, by what this return would have given then; `flows` ties them to this one.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::flows::{self, Flow};
use super::secrets::{self, Grown, Secret};
use super::shown::is_controlled;
use super::told::{PeopleCounted, Whose};
use crate::definitions::{Denominator, Measure, Numerator, Relation, Rule, Term};
use crate::figures::all::Figures;
use crate::nouns::area::Area;
use crate::nouns::comparator::Comparator;
use crate::nouns::figure::{Figure, FigureValue, Origin, Selection, Symbol};
use crate::nouns::period::{Day, Period};

/// What earlier reports said of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Before {
    /// Nothing.
    Unknown,
    /// That it is suppressed.
    Hidden,
    /// What it comes to, rounded as this report rounds.
    Rounded,
    /// What it comes to: nothing can hide it any more.
    Printed,
}

/// A count, or a sum, that figures tell.
#[derive(Debug)]
pub struct Sum {
    /// What it comes to.
    pub value: f64,
    /// When.
    pub period: Period,
    /// The unknowns that it is made of.
    pub parts: Vec<usize>,
    /// The figures that tell it, or would if they were not hidden.
    pub figures: Vec<usize>,
    /// What earlier reports said of it.
    pub before: Before,
    /// What readers know that it is not below, from an earlier part of the same year.
    pub least: f64,
    /// The people in it, where it counts each once: the list, and who, in order.
    pub people: Option<(String, Vec<u32>)>,
    /// Whether it counts, and does not add up a column.
    pub counts: bool,
    /// The records that it counts: the list, and which, in order. None of what was typed.
    pub records: Option<(String, Vec<u32>)>,
    /// Whether it is a declared population as it is: of some of it, that they come and go as
    /// another figure does is chance.
    pub whole: bool,
}

/// Sums that come to the same, or to what is known to differ by so much. Lists that do not agree
/// are taken to differ by what everybody knows: the reader is given too much rather than too
/// little.
#[derive(Debug)]
pub struct Same {
    /// The unknowns of the larger one.
    pub more: Vec<usize>,
    /// The unknowns of the other.
    pub fewer: Vec<usize>,
    /// By how much it is larger.
    pub by: f64,
}

/// The sums of a run, and its secrets.
#[derive(Debug)]
pub struct Ties {
    /// How many unknowns there are.
    pub unknowns: usize,
    /// What figures tell.
    pub sums: Vec<Sum>,
    /// Which of them come to the same.
    pub same: Vec<Same>,
    /// What can only have grown since an earlier report.
    pub grown: Vec<Grown>,
    /// What must not be worked out.
    pub secrets: Vec<Secret>,
}

/// The sums that one figure tells.
#[derive(Debug, Clone, Copy)]
pub struct Telling {
    /// Which figure.
    pub figure: usize,
    /// Its count.
    pub numerator: Option<usize>,
    /// What it is out of.
    pub denominator: Option<usize>,
}

/// Whose sum it is, and when: people or records of a list, counted or summed; or those of one
/// figure, where nothing is known of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key<'a> {
    period: Period,
    space: String,
    members: Cow<'a, [u32]>,
}

/// A sum's key, its people where each is in it once, whether it counts, and which records.
struct Seen<'a> {
    key: Key<'a>,
    people: Option<(String, Vec<u32>)>,
    counts: bool,
    records: Option<&'a Selection>,
}

fn seen<'a>(
    period: Period,
    selection: &'a Selection,
    summed: Option<&String>,
    whose: &Whose,
) -> Seen<'a> {
    let people = whose.get(&selection.list).filter(|_| summed.is_none()).and_then(|keys| {
        let mut people: Vec<u32> =
            selection.records.iter().map(|record| keys[*record as usize]).collect();
        people.sort_unstable();
        people.dedup();
        (people.len() == selection.records.len()).then(|| (selection.list.clone(), people))
    });
    let space = format!("{} {}", selection.list, summed.map_or("", String::as_str));
    let key = Key { period, space, members: Cow::Borrowed(&selection.records[..]) };
    let counts = summed.is_none();
    Seen { key, people, counts, records: Some(selection).filter(|_| counts) }
}

/// A sum of a figure that was typed: its people are nobody else's.
fn typed(figure: &Figure, members: &'static [u32]) -> Seen<'static> {
    let space = format!("the figure {}", figure.indicator);
    let key = Key { period: figure.period, space, members: Cow::Borrowed(members) };
    Seen { key, people: None, counts: true, records: None }
}

/// The numerator's and the denominator's.
fn sums_of<'a>(figure: &'a Figure, told: &PeopleCounted, whose: &Whose) -> (Seen<'a>, Seen<'a>) {
    match &figure.basis {
        Some(basis) => {
            let out_of = basis.denominator.as_ref().unwrap_or(&basis.numerator);
            (
                seen(figure.period, &basis.numerator, basis.summed.as_ref(), whose),
                seen(figure.period, out_of, None, whose),
            )
        }
        None => {
            // What is typed as more than what it is out of is no part of it.
            let part = told.over().is_none_or(|rest| rest >= 0.0);
            (typed(figure, &[0]), typed(figure, if part { &[0, 1] } else { &[1] }))
        }
    }
}

/// Sums while they are gathered.
struct Gathering<'a> {
    sums: Vec<Sum>,
    keys: Vec<Key<'a>>,
    by_key: HashMap<Key<'a>, usize>,
}

impl<'a> Gathering<'a> {
    fn sum(&mut self, seen: Seen<'a>, value: Option<f64>) -> Option<usize> {
        let value = value.filter(|v| *v >= 0.0)?;
        let Seen { key, people, counts, records } = seen;
        let records = records.map(|all| (all.list.clone(), all.records.clone()));
        if let Some(at) = self.by_key.get(&key) {
            return Some(*at);
        }
        self.sums.push(Sum {
            value,
            period: key.period,
            parts: Vec::new(),
            figures: Vec::new(),
            before: Before::Unknown,
            least: 0.0,
            people,
            counts,
            records,
            whole: false,
        });
        self.keys.push(key.clone());
        self.by_key.insert(key, self.sums.len() - 1);
        Some(self.sums.len() - 1)
    }

    /// Notes which of a figure's sums are declared populations as they are.
    fn note_whole(&mut self, measure: &Measure, n: Option<usize>, d: Option<usize>) {
        let (n_whole, d_whole) = match measure {
            Measure::Count { numerator: Numerator::Where(which), .. } => (which.is_empty(), false),
            Measure::Share { denominator: Denominator::Records { conditions, .. }, .. } => {
                (false, conditions.is_empty())
            }
            Measure::Share { numerator: Numerator::Population(_), .. } => (true, false),
            _ => (false, false),
        };
        let whole = [n.filter(|_| n_whole), d.filter(|_| d_whole)];
        whole.into_iter().flatten().for_each(|sum| self.sums[sum].whole = true);
    }

    fn tell(&mut self, sum: usize, figure: usize, before: Before) {
        self.sums[sum].figures.push(figure);
        self.sums[sum].before = self.sums[sum].before.max(before);
    }
}

impl Ties {
    /// Finds them.
    pub fn of(rule: &Rule, figures: &Figures) -> Ties {
        let mut all = Gathering { sums: Vec::new(), keys: Vec::new(), by_key: HashMap::new() };
        let mut tellings = tell_now(figures, &mut all);
        tellings.extend(tell_then(rule, figures, &mut all));
        let related = tell_related(figures, &mut all, &tellings);
        tellings.extend(&related);
        let Gathering { mut sums, keys, by_key } = all;
        drop(by_key);
        let flows = flows::find(rule, figures.period, &sums);
        let mut live = live(figures, &sums, &flows, &tellings);
        related.iter().filter_map(|telling| telling.numerator).for_each(|sum| live[sum] = true);
        let (unknowns, twins) = share_out(&keys, &live, &mut sums);
        let (grown, secrets) = (Vec::new(), Vec::new());
        let mut ties = Ties { unknowns, sums, same: twins, grown, secrets };
        ties.same.extend(flows.iter().map(|flow| flow.same(&ties.sums)));
        ties.find_same(figures, &tellings);
        for relation in &figures.relations {
            ties.same.extend(ties.related(relation, figures, &tellings));
        }
        (ties.secrets, ties.grown) = secrets::find(rule, figures, &mut ties.sums, &tellings);
        ties
    }

    /// Counts that scripts declare to be of the same people as others.
    fn find_same(&mut self, figures: &Figures, tellings: &[Telling]) {
        for (code, indicator) in &figures.indicators {
            if indicator.same_as.is_empty() {
                continue;
            }
            let sum = |code: &String| numerator_of(figures, tellings, code, figures.period.end);
            let others: Option<Vec<usize>> = indicator.same_as.iter().map(sum).collect();
            if let (Some(one), Some(others)) = (sum(code), others) {
                self.same.push(self.same_sums(&[one], &others));
            }
        }
        self.same.sort_by(|a, b| (&a.more, &a.fewer).cmp(&(&b.more, &b.fewer)));
    }

    /// What a script's relation says, where all of its figures are there.
    fn related(
        &self,
        relation: &Relation,
        figures: &Figures,
        tellings: &[Telling],
    ) -> Option<Same> {
        let [sum, equals] = [&relation.sum, &relation.equals].map(|terms| {
            let numerators = terms
                .iter()
                .map(|term| numerator_of(figures, tellings, &term.indicator, ends(term, figures)?));
            numerators.collect::<Option<Vec<usize>>>()
        });
        Some(self.same_sums(&sum?, &equals?))
    }

    fn same_sums(&self, one: &[usize], other: &[usize]) -> Same {
        same_sums(&self.sums, one, other)
    }
}

/// That two groups of sums come to the same, or differ by what they differ by.
pub fn same_sums(sums: &[Sum], one: &[usize], other: &[usize]) -> Same {
    let value = |side: &[usize]| side.iter().map(|sum| sums[*sum].value).sum::<f64>();
    let by = value(one) - value(other);
    let (more, fewer) = if by >= 0.0 { (one, other) } else { (other, one) };
    let [more, fewer] = [more, fewer].map(|side| {
        let parts = side.iter().flat_map(|sum| &sums[*sum].parts);
        parts.copied().collect()
    });
    Same { more, fewer, by: by.abs() }
}

/// The last day of the period that a relation's term is of.
fn ends(term: &Term, figures: &Figures) -> Option<Day> {
    match &term.when {
        None => Some(figures.period.end),
        Some(name) => Some(Comparator::named(name)?.when(&figures.period).end),
    }
}

fn numerator_of(figures: &Figures, tellings: &[Telling], code: &str, ends: Day) -> Option<usize> {
    let mut numerators = tellings.iter().filter(|telling| {
        let figure = &figures.figures[telling.figure];
        figure.indicator == code && figure.period.end == ends
    });
    numerators.find_map(|telling| telling.numerator)
}

/// What is known of earlier periods by figures that this return cannot give again, where a script
/// relates them to others.
fn tell_related<'a>(
    figures: &'a Figures,
    all: &mut Gathering<'a>,
    tellings: &[Telling],
) -> Vec<Telling> {
    let terms =
        figures.relations.iter().flat_map(|relation| relation.sum.iter().chain(&relation.equals));
    let mut related: Vec<Telling> = Vec::new();
    for term in terms.filter(|term| term.when.is_some()) {
        let Some(ends) = ends(term, figures) else { continue };
        let known = |all: &[Telling]| numerator_of(figures, all, &term.indicator, ends).is_some();
        let mut own = figures.figures.iter().enumerate().filter(|(_, figure)| {
            figure.area == Area::Own
                && figure.indicator == term.indicator
                && figure.period.end == ends
        });
        let (false, false, Some((index, figure))) = (known(tellings), known(&related), own.next())
        else {
            continue;
        };
        let told = PeopleCounted::by(figure, &figures.indicators[&figure.indicator]);
        let (numerator, _) = sums_of(figure, &told, &figures.whose);
        let Some(sum) = all.sum(numerator, told.numerator) else { continue };
        all.tell(sum, index, if is_printed(figure) { Before::Printed } else { Before::Unknown });
        related.push(Telling { figure: index, numerator: Some(sum), denominator: None });
    }
    related
}

/// Whether an earlier report, or DfE, has printed a figure.
fn is_printed(figure: &Figure) -> bool {
    matches!(figure.origin, Origin::History | Origin::Published) || figure.background.printed_before
}

/// What this run's figures tell.
fn tell_now<'a>(figures: &'a Figures, all: &mut Gathering<'a>) -> Vec<Telling> {
    let mut tellings = Vec::new();
    for (index, figure) in figures.figures.iter().enumerate() {
        let indicator = &figures.indicators[&figure.indicator];
        if figure.period != figures.period || !is_controlled(figure, indicator) {
            continue;
        }
        let told = PeopleCounted::by(figure, indicator);
        let (numerator, denominator) = sums_of(figure, &told, &figures.whose);
        let telling = Telling {
            figure: index,
            numerator: all.sum(numerator, told.numerator),
            denominator: all.sum(denominator, told.denominator),
        };
        let before = match figure.background.printed_before {
            true => Before::Printed,
            false => Before::Unknown,
        };
        for sum in [telling.numerator, telling.denominator].into_iter().flatten() {
            all.tell(sum, index, before);
        }
        all.note_whole(&indicator.measure, telling.numerator, telling.denominator);
        tellings.push(telling);
    }
    tellings
}

/// What is known of earlier periods, by earlier reports or by figures of this one. What the return
/// gives otherwise now than it was printed then, by more than the rule would hide, is of other
/// records.
fn tell_then<'a>(rule: &Rule, figures: &'a Figures, all: &mut Gathering<'a>) -> Vec<Telling> {
    let most = rule.small().map_or(0.0, |(_, to)| to);
    let own = figures.figures.iter().enumerate().filter(|(_, f)| f.area == Area::Own);
    let listed: HashMap<(&str, Period), usize> =
        own.map(|(index, f)| ((f.indicator.as_str(), f.period), index)).collect();
    let mut tellings = Vec::new();
    for then in &figures.recounted {
        let Some(indicator) = figures.indicators.get(&then.indicator) else { continue };
        let counted = PeopleCounted::by(then, indicator);
        let (numerator, denominator) = sums_of(then, &counted, &figures.whose);
        let sums = [(numerator, counted.numerator), (denominator, counted.denominator)];
        let listed = listed.get(&(then.indicator.as_str(), then.period)).copied();
        let figure = listed.map(|index| &figures.figures[index]);
        let mut telling = Telling { figure: 0, numerator: None, denominator: None };
        let mut counted: [Option<usize>; 2] = [None, None];
        for (at, (seen, value)) in sums.into_iter().enumerate() {
            let (Some(sum), Some(value)) = (all.sum(seen, value), value) else { continue };
            counted[at] = Some(sum);
            let (Some(index), Some(figure)) = (listed, figure) else { continue };
            let told = PeopleCounted::by(figure, indicator);
            let told = if at == 0 { told.numerator } else { told.denominator };
            let is_hidden =
                matches!(&figure.value, FigureValue::Gap { symbol: Symbol::Confidential, .. });
            let was_printed = is_printed(figure);
            let before = match told {
                Some(told) if (told - value).abs() > most => continue,
                Some(told) if was_printed && rule.rounded(told) == Some(told) => Before::Rounded,
                Some(_) if was_printed => Before::Printed,
                Some(_) => Before::Unknown,
                None if figure.background.printed_before => Before::Printed,
                None if is_hidden => Before::Hidden,
                None => continue,
            };
            all.tell(sum, index, before);
            telling.figure = index;
            let place = if at == 0 { &mut telling.numerator } else { &mut telling.denominator };
            *place = Some(sum);
        }
        all.note_whole(&indicator.measure, counted[0], counted[1]);
        if telling.numerator.or(telling.denominator).is_some() {
            tellings.push(telling);
        }
    }
    tellings
}

/// Which sums a reader has anything to work with: those of this run; of earlier reports those that
/// flow into them, and all of a report that hid one of these, or anything that counts on.
fn live(figures: &Figures, sums: &[Sum], flows: &[Flow], tellings: &[Telling]) -> Vec<bool> {
    let terms: BTreeSet<usize> = flows.iter().flat_map(Flow::terms).collect();
    let counting_on = tellings
        .iter()
        .filter(|telling| figures.counting_on.contains(&figures.figures[telling.figure].indicator));
    let counting_on = counting_on.flat_map(|t| [t.numerator, t.denominator]).flatten();
    let unsure: Vec<Period> = terms
        .iter()
        .copied()
        .chain(counting_on)
        .filter(|sum| sums[*sum].before == Before::Hidden)
        .map(|sum| sums[sum].period)
        .collect();
    let mut live = Vec::with_capacity(sums.len());
    for (index, sum) in sums.iter().enumerate() {
        live.push(
            sum.period == figures.period
                || terms.contains(&index)
                || (unsure.contains(&sum.period) && !sum.figures.is_empty()),
        );
    }
    live
}

/// Members that are in the same sums are one unknown; says how many unknowns there are. Where each
/// person is in each sum of a list once, the members are its people; else they are its records, and
/// a sum in which each person is once is one of people too, which comes to the same.
fn share_out(keys: &[Key], live: &[bool], sums: &mut [Sum]) -> (usize, Vec<Same>) {
    let mut spaces: HashMap<(&Period, &str), Vec<usize>> = HashMap::new();
    for (sum, key) in keys.iter().enumerate().filter(|(sum, _)| live[*sum]) {
        spaces.entry((&key.period, &key.space)).or_default().push(sum);
    }
    let mut signatures: Vec<(bool, Vec<usize>)> = Vec::new();
    for these in spaces.values() {
        let people = |sum: &usize| sums[*sum].people.as_ref().map(|(_, who)| (*sum, &who[..]));
        let of_people: Vec<(usize, &[u32])> = these.iter().filter_map(people).collect();
        let all_are = of_people.len() == these.len();
        let of_records = || these.iter().map(|sum| (*sum, &keys[*sum].members[..])).collect();
        let of_people_too = if of_people.len() > 1 { of_people.clone() } else { Vec::new() };
        let members: Vec<(usize, &[u32])> = if all_are { of_people } else { of_records() };
        signatures.extend(inside_the_same(&members).into_iter().map(|sums| (false, sums)));
        if !all_are {
            signatures.extend(inside_the_same(&of_people_too).into_iter().map(|sums| (true, sums)));
        }
    }
    // In an order of their own, so that the same return gives the same report.
    signatures.sort_unstable();
    let mut twins: HashMap<usize, Vec<usize>> = HashMap::new();
    for (unknown, (is_twin, signature)) in signatures.iter().enumerate() {
        for sum in signature {
            if *is_twin {
                twins.entry(*sum).or_default().push(unknown);
            } else {
                sums[*sum].parts.push(unknown);
            }
        }
    }
    let same =
        |(sum, fewer): (usize, Vec<usize>)| Same { more: sums[sum].parts.clone(), fewer, by: 0.0 };
    (signatures.len(), twins.into_iter().map(same).collect())
}

/// The different groups of sums that members are in together.
fn inside_the_same(sums: &[(usize, &[u32])]) -> BTreeSet<Vec<usize>> {
    let mut inside: HashMap<u32, Vec<usize>> = HashMap::new();
    for (sum, members) in sums {
        members.iter().for_each(|member| inside.entry(*member).or_default().push(*sum));
    }
    inside.into_values().collect()
}
