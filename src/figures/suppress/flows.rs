//! Stocks and flows: who was in care when the year began, and who started since, are those looked
//! after in the year. That this is so nobody declares: it is found of the people themselves. So
//! what is printed now can tell what an earlier report hid, and the other way round.

use std::collections::HashMap;

use super::ties::{Same, Sum, same_sums};
use crate::definitions::Rule;
use crate::nouns::period::Period;

/// Groups that hold the same people: those of a day before the year began, with those of a flow
/// since, are those of another group, or of two.
#[derive(Debug, PartialEq, Eq)]
pub struct Flow {
    /// The stock, and what came.
    pub then: Vec<usize>,
    /// What it became.
    pub now: Vec<usize>,
}

impl Flow {
    /// The sums in it.
    pub fn terms(&self) -> impl Iterator<Item = usize> + use<> {
        let all: Vec<usize> = self.then.iter().chain(&self.now).copied().collect();
        all.into_iter()
    }

    /// What it says of them.
    pub fn same(&self, sums: &[Sum]) -> Same {
        same_sums(sums, &self.then, &self.now)
    }
}

/// A set of people, a bit for each.
type Bits = Vec<u64>;

fn bits(people: &[u32], words: usize) -> Bits {
    let mut bits = vec![0; words];
    people.iter().for_each(|person| bits[*person as usize / 64] |= 1 << (person % 64));
    bits
}

fn union(a: &Bits, b: &Bits) -> Bits {
    a.iter().zip(b).map(|(a, b)| a | b).collect()
}

fn in_both(a: &Bits, b: &Bits) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a & b).count_ones()).sum()
}

fn count(a: &Bits) -> u32 {
    a.iter().map(|word| word.count_ones()).sum()
}

/// Finds them, list by list: of this period, and of earlier ones of the same year, each with what
/// was there before it: the stock from before the year, and what had come by the quarter before.
pub fn find(rule: &Rule, now: Period, sums: &[Sum]) -> Vec<Flow> {
    let most = rule.small().map_or(0, |(_, to)| to as u32);
    let began = now.year_start();
    let mut flows = Vec::new();
    let mut groups: HashMap<(&str, Period), Vec<usize>> = HashMap::new();
    for (index, sum) in sums.iter().enumerate() {
        if let Some((list, _)) = sum.people.as_ref().filter(|_| sum.whole && sum.value > 0.0) {
            groups.entry((list.as_str(), sum.period)).or_default().push(index);
        }
    }
    let mut keys: Vec<_> = groups.keys().copied().collect();
    keys.sort_by_key(|(list, period)| (*list, period.end, period.start));
    for (list, period) in keys.iter().filter(|(_, period)| period.end >= began) {
        let before = keys.iter().filter(|(other, then)| other == list && then.end < period.end);
        for stock in before {
            let groups = (&groups[stock][..], &groups[&(*list, *period)][..]);
            // Of one year's groups some count on from April: that these overlap is no coming back.
            let again = if stock.1.end < began { most } else { 0 };
            flows.extend(between((again, most), groups, sums));
        }
    }
    flows
}

/// Flows from the stocks of one period to the groups of another. People may be in two of the groups
/// that are put together, who left and came back, as long as they are few: so many of a stock, so
/// many of two groups.
fn between(
    (again, most): (u32, u32),
    (stocks, groups): (&[usize], &[usize]),
    sums: &[Sum],
) -> Vec<Flow> {
    let people = |sum: &usize| sums[*sum].people.as_ref().map_or(&[][..], |(_, who)| &who[..]);
    let highest = stocks.iter().chain(groups).flat_map(people).max();
    let words = highest.map_or(0, |highest| *highest as usize / 64 + 1);
    let set = |sum: &usize| (*sum, bits(people(sum), words));
    let (stocks, groups): (Vec<_>, Vec<_>) =
        (stocks.iter().map(set).collect(), groups.iter().map(set).collect());
    let mut made: HashMap<Bits, Vec<Vec<usize>>> = HashMap::new();
    for (at, (one, a)) in groups.iter().enumerate() {
        made.entry(a.clone()).or_default().push(vec![*one]);
        for (other, b) in &groups[at + 1..] {
            if fit(a, b, most) {
                made.entry(union(a, b)).or_default().push(vec![*one, *other]);
            }
        }
    }
    let mut flows = Vec::new();
    for (stock, a) in &stocks {
        // That a stock is made of the same people as before is chance; that some of it left is not.
        for now in made.get(a).into_iter().flatten().filter(|now| now.len() > 1) {
            flows.push(Flow { then: vec![*stock], now: now.clone() });
        }
        for (came, b) in groups.iter().filter(|(_, b)| fit(a, b, again)) {
            for now in made.get(&union(a, b)).into_iter().flatten() {
                if !now.contains(came) {
                    flows.push(Flow { then: vec![*stock, *came], now: now.clone() });
                }
            }
        }
    }
    flows
}

/// Whether two groups can make up a third: they need each other, and have so many people in common
/// at most.
fn fit(a: &Bits, b: &Bits, most: u32) -> bool {
    let both = in_both(a, b);
    both <= most && both < count(a) && both < count(b)
}
