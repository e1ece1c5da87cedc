//! What ties the figures of a run together: the records that they share.
//!
//! Every figure tells one or two sums: its count, and what it is out of. The records that are in
//! the same of these sums are one unknown number to a reader, and each sum is made of some of these
//! unknowns. So a total and its parts, a count and the percentage of it, and the same count on two
//! sheets are tied without anybody declaring it.

use std::borrow::Cow;
use std::collections::HashMap;

use super::shown::is_controlled;
use crate::definitions::{Indicator, Rule};
use crate::figures::all::Figures;
use crate::nouns::area::Area;
use crate::nouns::figure::{Figure, FigureValue};
use crate::nouns::unit::Unit;

/// A count, or a sum, that figures tell.
#[derive(Debug)]
pub struct Sum {
    /// What it comes to.
    pub value: f64,
    /// The unknowns that it is made of.
    pub parts: Vec<usize>,
    /// The figures that tell it.
    pub figures: Vec<usize>,
    /// Whether an earlier report told it.
    pub printed_before: bool,
    /// What readers know that it is not below, from an earlier part of the same year.
    pub least: f64,
}

/// A small number that must not be worked out.
#[derive(Debug)]
pub struct Secret {
    /// The unknowns that it is made of.
    pub parts: Vec<usize>,
    /// What it comes to.
    pub value: f64,
    /// The least that it must seem it could be, and the most.
    pub range: (f64, f64),
    /// The figures that it would be worked out of.
    pub figures: Vec<usize>,
}

/// Two counts of the same people from different lists. Lists that do not agree are taken to differ
/// by what everybody knows: the reader is given too much rather than too little.
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
    /// Which of them count the same people.
    pub same: Vec<Same>,
    /// What must not be worked out.
    pub secrets: Vec<Secret>,
}

/// What a figure counts, and out of what, where these are people.
pub struct Told {
    /// How many.
    pub numerator: Option<f64>,
    /// Out of how many.
    pub denominator: Option<f64>,
}

impl Told {
    /// What a figure tells.
    pub fn by(figure: &Figure, indicator: &Indicator) -> Told {
        let value = match figure.value {
            FigureValue::Number(n) => Some(n),
            FigureValue::Gap { .. } => None,
        };
        // A number from the Cover, such as the population, is everybody's to know.
        let counted = figure.basis.as_ref().map(|basis| basis.denominator.is_some());
        let out_of = |typed| figure.denominator.filter(|_| counted.unwrap_or(typed));
        match indicator.unit {
            Unit::Number => Told { numerator: figure.numerator.or(value), denominator: None },
            Unit::Percentage => Told { numerator: figure.numerator, denominator: out_of(true) },
            Unit::Rate(_) => Told { numerator: figure.numerator, denominator: out_of(false) },
            // The sum behind a mean counts nobody.
            Unit::Average | Unit::Median => Told { numerator: None, denominator: out_of(true) },
        }
    }

    /// Those of the denominator who are not in the numerator.
    pub fn rest(&self, indicator: &Indicator) -> Option<f64> {
        self.over().filter(|_| indicator.unit == Unit::Percentage)
    }

    fn over(&self) -> Option<f64> {
        Some(self.denominator? - self.numerator?)
    }
}

/// Whose sum it is: the records of a list, counted or summed; or those of one figure, where nothing
/// is known of them.
type Key<'a> = (String, Cow<'a, [u32]>);

fn keys<'a>(figure: &'a Figure, told: &Told) -> (Key<'a>, Key<'a>) {
    match &figure.basis {
        Some(basis) => {
            let key = |selection: &'a crate::nouns::figure::Selection, summed: Option<&String>| {
                let space = format!("{} {}", selection.list, summed.map_or("", String::as_str));
                (space, Cow::Borrowed(&selection.records[..]))
            };
            let out_of = basis.denominator.as_ref().unwrap_or(&basis.numerator);
            (key(&basis.numerator, basis.summed.as_ref()), key(out_of, None))
        }
        None => {
            let space = || format!("the figure {}", figure.indicator);
            // What is typed as more than what it is out of is no part of it.
            let part = told.over().is_none_or(|rest| rest >= 0.0);
            (
                (space(), Cow::Borrowed(&[0][..])),
                (space(), if part { Cow::Borrowed(&[0, 1][..]) } else { Cow::Borrowed(&[1][..]) }),
            )
        }
    }
}

impl Ties {
    /// Finds them.
    pub fn of(rule: &Rule, figures: &Figures) -> Ties {
        let mut sums: Vec<Sum> = Vec::new();
        let mut by_key: HashMap<Key, usize> = HashMap::new();
        let mut told_by: Vec<(usize, Option<usize>, Option<usize>)> = Vec::new();
        for (index, figure) in figures.figures.iter().enumerate() {
            let indicator = &figures.indicators[&figure.indicator];
            if figure.period != figures.period || !is_controlled(figure, indicator) {
                continue;
            }
            let told = Told::by(figure, indicator);
            let (numerator, denominator) = keys(figure, &told);
            let mut sum = |key, value: Option<f64>| {
                let value = value.filter(|v| *v >= 0.0)?;
                let new = Sum {
                    value,
                    parts: Vec::new(),
                    figures: Vec::new(),
                    printed_before: false,
                    least: 0.0,
                };
                let at = *by_key.entry(key).or_insert_with(|| {
                    sums.push(new);
                    sums.len() - 1
                });
                sums[at].figures.push(index);
                sums[at].printed_before |= figure.background.printed_before;
                Some(at)
            };
            let numerator = sum(numerator, told.numerator);
            let denominator = sum(denominator, told.denominator);
            told_by.push((index, numerator, denominator));
        }
        let unknowns = share_out(&by_key, &mut sums);
        let mut ties = Ties { unknowns, sums, same: Vec::new(), secrets: Vec::new() };
        ties.find_same(figures, &told_by);
        ties.find_secrets(rule, figures, &told_by);
        ties
    }

    /// Counts that scripts declare to be of the same people as others.
    fn find_same(&mut self, figures: &Figures, told_by: &[(usize, Option<usize>, Option<usize>)]) {
        let numerators: HashMap<&str, &Sum> = told_by
            .iter()
            .filter_map(|(figure, numerator, _)| {
                Some((figures.figures[*figure].indicator.as_str(), &self.sums[(*numerator)?]))
            })
            .collect();
        let ties = numerators.iter().filter_map(|(code, one)| {
            let same_as = &figures.indicators[*code].same_as;
            let others: Vec<&&Sum> = same_as
                .iter()
                .map(|other| numerators.get(other.as_str()))
                .collect::<Option<_>>()?;
            let value: f64 = others.iter().map(|sum| sum.value).sum();
            let parts = others.iter().flat_map(|sum| sum.parts.iter().copied()).collect();
            let (more, fewer) = if one.value >= value {
                (one.parts.clone(), parts)
            } else {
                (parts, one.parts.clone())
            };
            (!same_as.is_empty()).then(|| Same { more, fewer, by: (one.value - value).abs() })
        });
        self.same = ties.collect();
        self.same.sort_by(|a, b| (&a.more, &a.fewer).cmp(&(&b.more, &b.fewer)));
    }

    fn find_secrets(
        &mut self,
        rule: &Rule,
        figures: &Figures,
        told_by: &[(usize, Option<usize>, Option<usize>)],
    ) {
        let Some((from, to)) = rule.small() else { return };
        let small = |n: f64| from <= n && n <= to;
        // What an earlier report told is no secret any more.
        let told_before = |figure: &usize| figures.figures[*figure].background.printed_before;
        let secret = |sum: &&Sum| small(sum.value) && !sum.figures.iter().all(told_before);
        for sum in self.sums.iter().filter(secret) {
            let (parts, figures) = (sum.parts.clone(), sum.figures.clone());
            self.secrets.push(Secret { parts, value: sum.value, range: (from, to), figures });
        }
        for (index, numerator, denominator) in told_by {
            let figure = &figures.figures[*index];
            let indicator = &figures.indicators[&figure.indicator];
            if let (Unit::Percentage, Some(n), Some(d)) = (indicator.unit, numerator, denominator) {
                let (n, d) = (&self.sums[*n], &self.sums[*d]);
                let inside = n.parts.iter().all(|part| d.parts.contains(part));
                if inside && small(d.value - n.value) && !told_before(index) {
                    let parts = d.parts.iter().filter(|part| !n.parts.contains(part));
                    let parts = parts.copied().collect();
                    let (value, range) = (d.value - n.value, (from, to));
                    self.secrets.push(Secret { parts, value, range, figures: vec![*index] });
                }
            }
            if let (true, Some(at)) = (indicator.whole_year, numerator) {
                let sum = &mut self.sums[*at];
                for earlier in earlier_in_the_year(figures, figure) {
                    if earlier > sum.value || sum.printed_before {
                        continue;
                    }
                    sum.least = sum.least.max(earlier);
                    if small(sum.value - earlier) {
                        let parts = sum.parts.clone();
                        let range = (earlier + from, earlier + to);
                        self.secrets.push(Secret {
                            parts,
                            value: sum.value,
                            range,
                            figures: vec![*index],
                        });
                    }
                }
            }
        }
    }
}

/// What the same indicator came to earlier in the same year.
fn earlier_in_the_year<'a>(
    figures: &'a Figures,
    now: &'a Figure,
) -> impl Iterator<Item = f64> + use<'a> {
    let earlier = figures.figures.iter().filter(|f| {
        f.indicator == now.indicator
            && f.area == Area::Own
            && f.period.end < now.period.end
            && f.period.year_start() == now.period.year_start()
    });
    earlier.filter_map(|f| Told::by(f, &figures.indicators[&f.indicator]).numerator)
}

/// Records that are in the same sums are one unknown; says how many unknowns there are.
fn share_out(by_key: &HashMap<Key, usize>, sums: &mut [Sum]) -> usize {
    let mut spaces: HashMap<&str, Vec<(usize, &[u32])>> = HashMap::new();
    for ((space, records), sum) in by_key {
        spaces.entry(space).or_default().push((*sum, records));
    }
    let mut signatures: Vec<Vec<usize>> = Vec::new();
    for sets in spaces.values_mut() {
        sets.sort_unstable_by_key(|(sum, _)| *sum);
        let mut inside: HashMap<u32, Vec<usize>> = HashMap::new();
        for (sum, records) in sets.iter() {
            records.iter().for_each(|record| inside.entry(*record).or_default().push(*sum));
        }
        signatures.extend(inside.into_values().collect::<std::collections::HashSet<_>>());
    }
    // In an order of their own, so that the same return gives the same report.
    signatures.sort_unstable();
    for (unknown, signature) in signatures.iter().enumerate() {
        signature.iter().for_each(|sum| sums[*sum].parts.push(unknown));
    }
    signatures.len()
}
