//! What a reader could work out, and what must be hidden besides so that nobody can.
//!
//! The reader knows every count that is shown, in this report and in earlier ones, that counts are
//! zero or more, that what is hidden is one or more, who can be in which two counts, and which
//! counts come to the same. A small count is safe when all of this still allows it to be anything
//! that the rule hides: then the report tells no more of it than the rule does. Where it is not
//! safe, the counts by which it is bounded are looked at, and the one whose hiding costs least is
//! hidden too.

use std::collections::BTreeSet;

use super::apart::Apart;
use super::program::{Fact, Known, Most};
use super::secrets::Secret;
use super::shown::is_controlled;
use super::ties::{Before, Same, Sum, Ties};
use super::told::{OfFew, PeopleCounted, is_small};
use super::{GivenAway, Unsafe, Why};
use crate::definitions::{Measure, Rule};
use crate::figures::all::Figures;
use crate::nouns::area::Area;
use crate::nouns::figure::FigureValue;

/// What is hidden, and what nothing can hide any more.
#[derive(Debug)]
pub struct Hidden {
    /// Which figures are hidden: the small ones and those that protect them.
    pub figures: Vec<bool>,
    /// What earlier reports hid and gave away between them.
    pub given_away: Vec<GivenAway>,
}

/// Decides what is hidden.
pub fn hide(rule: &Rule, figures: &Figures) -> Result<Hidden, Unsafe> {
    let small = small(rule, figures);
    let ties = Ties::of(rule, figures);
    let mut audit = Audit::new(rule, figures, &ties, small.clone());
    let bare = audit.clone();
    audit.hide_derived();
    let mut lost: Vec<usize> = Vec::new();
    // For which secret each figure was hidden.
    let mut hidden_for: Vec<Option<usize>> = vec![None; figures.figures.len()];
    for (at, secret) in ties.secrets.iter().enumerate() {
        while let Some(bounds) = audit.bounds(secret) {
            match audit.cheapest(&bounds) {
                Some(sum) => {
                    let before = audit.hidden.clone();
                    audit.hide_sum(sum);
                    let now = before.iter().zip(&audit.hidden).enumerate();
                    now.filter(|(_, (was, is))| was != is)
                        .for_each(|(figure, _)| hidden_for[figure] = Some(at));
                }
                None if audit.two_values(secret).is_none() => break,
                None => {
                    lost.push(at);
                    break;
                }
            }
        }
    }
    let mut secrets = lost.iter().map(|secret| &ties.secrets[*secret]);
    if let Some(secret) = secrets.find(|secret| secret.is_of_this_report(figures)) {
        return Err(Unsafe { indicators: secret.indicators(figures) });
    }
    audit.show_again(&bare, &lost, &hidden_for);
    let worked_out = lost.iter().flat_map(|secret| &ties.secrets[*secret].figures);
    let mut given: BTreeSet<GivenAway> =
        worked_out.map(|figure| GivenAway::of(&figures.figures[*figure], false)).collect();
    let printed = figures.figures.iter().zip(&small).filter(|(figure, small)| {
        **small && figure.period == figures.period && figure.background.printed_before
    });
    given.extend(printed.map(|(figure, _)| GivenAway::of(figure, true)));
    Ok(Hidden { figures: audit.hidden, given_away: given.into_iter().collect() })
}

/// Why a figure is hidden: told by what a reader could work out if it alone were shown.
pub fn why(rule: &Rule, figures: &Figures, hidden: &[bool], at: usize) -> Why {
    if small(rule, figures)[at] {
        return Why::Small;
    }
    let ties = Ties::of(rule, figures);
    let mut fewer = hidden.to_vec();
    fewer[at] = false;
    let mut audit = Audit::new(rule, figures, &ties, fewer);
    if let Some(secret) = ties.secrets.iter().find(|secret| audit.is_exposed(secret)) {
        return Why::Protects(secret.indicators(figures));
    }
    match &figures.indicators[&figures.figures[at].indicator].measure {
        Measure::Derived { from, .. } => {
            let is_hidden = |code: &&String| own_figures(figures, code).any(|own| hidden[own]);
            Why::Derived(from.iter().filter(is_hidden).cloned().collect())
        }
        _ => Why::Protects(Vec::new()),
    }
}

/// Where the council's own figures of an indicator stand in this report.
fn own_figures<'f>(figures: &'f Figures, code: &'f str) -> impl Iterator<Item = usize> + 'f {
    let all = figures.figures.iter().enumerate();
    let own = all.filter(move |(_, figure)| {
        figure.indicator == code && figure.area == Area::Own && figure.period == figures.period
    });
    own.map(|(at, _)| at)
}

/// Which figures are hidden for what they tell themselves: of few people, out of few, or of all but
/// a few.
pub fn small(rule: &Rule, figures: &Figures) -> Vec<bool> {
    if rule.hide.is_none() {
        return vec![false; figures.figures.len()];
    }
    let small = |n: Option<f64>| n.is_some_and(|n| is_small(rule, n));
    let each = figures.figures.iter().map(|figure| {
        let indicator = &figures.indicators[&figure.indicator];
        let told = PeopleCounted::by(figure, indicator);
        is_controlled(figure, indicator)
            && (small(told.numerator)
                || small(told.denominator)
                || small(told.rest(indicator))
                || OfFew::people(rule, figure, indicator, &figures.whose).any())
    });
    each.collect()
}

/// A state of what is hidden, and what a reader could make of it.
#[derive(Clone)]
struct Audit<'a> {
    rule: &'a Rule,
    figures: &'a Figures,
    ties: &'a Ties,
    hidden: Vec<bool>,
    /// Whether each sum is told by this report.
    told: Vec<bool>,
    /// For each fact of the program, the sum that it is of.
    whose: Vec<Option<usize>>,
    /// What a reader knows.
    program: Apart,
}

impl<'a> Audit<'a> {
    fn new(rule: &'a Rule, figures: &'a Figures, ties: &'a Ties, hidden: Vec<bool>) -> Self {
        let told = ties.sums.iter().map(|sum| is_told(sum, &hidden)).collect();
        let program = Apart::new(0, &[], std::iter::empty());
        let mut audit = Audit { rule, figures, ties, hidden, told, whose: Vec::new(), program };
        audit.state_facts();
        audit
    }

    /// Puts what a reader knows into programs.
    fn state_facts(&mut self) {
        if self.ties.secrets.is_empty() {
            return;
        }
        let mut facts: Vec<Fact> = Vec::new();
        self.whose.clear();
        for (index, sum) in self.ties.sums.iter().enumerate().filter(|(_, s)| !s.parts.is_empty()) {
            for known in self.known(index) {
                facts.push(Fact { sum: &sum.parts, less: &[], known });
                self.whose.push(Some(index));
            }
        }
        let something = |same: &&Same| !same.more.is_empty() || !same.fewer.is_empty();
        for same in self.ties.same.iter().filter(something) {
            facts.push(Fact { sum: &same.more, less: &same.fewer, known: Known::Is(same.by) });
            self.whose.push(None);
        }
        for grown in &self.ties.grown {
            let known = Known::AtLeast(0.0);
            facts.push(Fact { sum: &grown.now, less: &grown.then, known });
            self.whose.push(None);
        }
        let secrets = self.ties.secrets.iter().map(|one| (&one.parts[..], &one.less[..]));
        self.program = Apart::new(self.ties.unknowns, &facts, secrets);
    }

    /// What a reader knows of a sum.
    fn known(&self, index: usize) -> Vec<Known> {
        let sum = &self.ties.sums[index];
        match self.rule.round {
            _ if sum.before == Before::Printed => vec![Known::Is(sum.value)],
            None if self.told[index] => vec![Known::Is(sum.value)],
            Some(to) if self.told[index] || sum.before == Before::Rounded => {
                let near = (sum.value / to).round() * to;
                vec![
                    Known::AtLeast((near - (to / 2.0).floor()).max(sum.least)),
                    Known::AtMost(near + (to / 2.0).ceil() - 1.0),
                ]
            }
            _ if sum.figures.is_empty() => Vec::new(),
            _ => vec![Known::AtLeast(least_of_hidden(sum))],
        }
    }

    /// Hides what tells a sum.
    fn hide_sum(&mut self, sum: usize) {
        self.ties.sums[sum].figures.iter().for_each(|figure| self.hidden[*figure] = true);
        self.hide_derived();
        self.take_back();
    }

    /// Takes back what is no longer told.
    fn take_back(&mut self) {
        for (fact, index) in self.whose.iter().enumerate() {
            let Some(index) = *index else { continue };
            let sum = &self.ties.sums[index];
            if self.told[index]
                && !is_told(sum, &self.hidden)
                && sum.before != Before::Printed
                && self.rule.round.is_none()
            {
                self.program.relax(fact, least_of_hidden(sum));
            }
        }
        self.told = self.ties.sums.iter().map(|sum| is_told(sum, &self.hidden)).collect();
        if self.rule.round.is_some() {
            self.state_facts();
        }
    }

    /// The same with less hidden, and the parts in which more is told by that. These begin from
    /// where only what is small is hidden.
    fn with(&self, bare: &Audit<'a>, hidden: Vec<bool>) -> (Audit<'a>, BTreeSet<usize>) {
        if self.rule.round.is_some() {
            let fewer = Audit::new(self.rule, self.figures, self.ties, hidden);
            return (fewer, (0..self.program.count()).collect());
        }
        let part =
            |(fact, sum): (usize, &Option<usize>)| Some((self.program.part_of_fact(fact), (*sum)?));
        let sums: Vec<(usize, usize)> = self.whose.iter().enumerate().filter_map(part).collect();
        let is_changed = |sum: usize| self.told[sum] != is_told(&self.ties.sums[sum], &hidden);
        let changed = sums.iter().filter(|(_, sum)| is_changed(*sum));
        let parts: BTreeSet<usize> = changed.map(|(part, _)| *part).collect();
        let mut fewer = self.clone();
        parts.iter().for_each(|part| fewer.program.take(*part, &bare.program));
        for (part, sum) in sums {
            if parts.contains(&part) {
                fewer.told[sum] = bare.told[sum];
            }
        }
        fewer.hidden = hidden;
        fewer.take_back();
        (fewer, parts)
    }

    /// Whether a reader could come too near to a secret, by something that can still be hidden or
    /// so near that nothing is left to guess.
    fn is_exposed(&mut self, secret: &Secret) -> bool {
        self.bounds(secret).is_some_and(|bounds| {
            self.cheapest(&bounds).is_some() || self.two_values(secret).is_some()
        })
    }

    /// The facts that keep a secret from being anything that the rule hides; nothing where it can
    /// be all of that.
    fn bounds(&mut self, secret: &Secret) -> Option<Vec<usize>> {
        if self.rule.hide.is_none() {
            return self.two_values(secret);
        }
        let (least, most) = secret.range;
        self.ask(secret, 1.0, most).or_else(|| self.ask(secret, -1.0, -least))
    }

    /// The facts by which a secret cannot be another whole number than it is; nothing where it can.
    fn two_values(&mut self, secret: &Secret) -> Option<Vec<usize>> {
        let mut above = self.ask(secret, 1.0, secret.value + 1.0)?;
        above.extend(self.ask(secret, -1.0, 1.0 - secret.value)?);
        Some(above)
    }

    fn ask(&mut self, secret: &Secret, by: f64, enough: f64) -> Option<Vec<usize>> {
        match self.program.most(&secret.parts, &secret.less, by, enough) {
            Most::Enough => None,
            Most::Bound(facts) => Some(facts),
        }
    }

    /// Of the sums that bound a secret, the one to hide next: the one for which the fewest figures
    /// are lost, and of these the smallest. None where nothing in this report is to blame.
    fn cheapest(&self, bounds: &[usize]) -> Option<usize> {
        let sums = bounds.iter().filter_map(|fact| self.whose[*fact]);
        let candidates =
            sums.filter(|s| self.told[*s] && self.ties.sums[*s].before < Before::Rounded);
        let value = |sum: &usize| self.ties.sums[*sum].value;
        candidates.min_by(|a, b| {
            let by_cost = self.cost(*a).cmp(&self.cost(*b));
            by_cost.then(value(a).total_cmp(&value(b))).then(a.cmp(b))
        })
    }

    /// What it costs to hide a sum: how many figures are lost; a zero is shown as long as anything
    /// else will do.
    fn cost(&self, sum: usize) -> (bool, usize) {
        let sum = &self.ties.sums[sum];
        let lost = sum.figures.iter().filter(|figure| !self.hidden[**figure]).count();
        (sum.value == 0.0, lost)
    }

    /// What was hidden early on may protect nothing any more, once other counts went as well: it is
    /// shown again, the largest first.
    fn show_again(&mut self, bare: &Audit<'a>, lost: &[usize], hidden_for: &[Option<usize>]) {
        let count = |index: &usize| self.figures.figures[*index].numerator.unwrap_or(0.0);
        let mut others: Vec<usize> =
            (0..self.hidden.len()).filter(|at| self.hidden[*at] && !bare.hidden[*at]).collect();
        others.sort_by(|a, b| count(b).total_cmp(&count(a)).then(a.cmp(b)));
        for index in others {
            let mut hidden = self.hidden.clone();
            hidden[index] = false;
            hide_derived(self.figures, self.ties, &mut hidden);
            if hidden[index] {
                continue;
            }
            let (mut fewer, parts) = self.with(bare, hidden);
            // Most are still needed by what they were hidden for: that is asked first. What is in
            // no part that says more now is as safe as it was.
            let all = hidden_for[index].into_iter().chain(0..self.ties.secrets.len());
            let kept = all.filter(|secret| !lost.contains(secret));
            let mut kept = kept.map(|secret| &self.ties.secrets[secret]).filter(|secret| {
                self.program.part_of(&secret.parts).is_some_and(|part| parts.contains(&part))
            });
            if !kept.any(|secret| fewer.is_exposed(secret)) {
                *self = fewer;
            }
        }
    }

    fn hide_derived(&mut self) {
        hide_derived(self.figures, self.ties, &mut self.hidden);
    }
}

fn is_told(sum: &Sum, hidden: &[bool]) -> bool {
    sum.before != Before::Hidden && sum.figures.iter().any(|figure| !hidden[*figure])
}

/// What is listed and hidden is one or more, where it is no zero that goes with another number.
fn least_of_hidden(sum: &Sum) -> f64 {
    sum.least.max(sum.value.min(1.0))
}

/// What a script works out of others is hidden with any of them; and where it is hidden, one of
/// them is too.
fn hide_derived(figures: &Figures, ties: &Ties, hidden: &mut [bool]) {
    let place = |code: &String| own_figures(figures, code).next();
    let derived: Vec<(usize, Vec<usize>)> = figures
        .indicators
        .iter()
        .filter_map(|(code, indicator)| {
            let Measure::Derived { from, .. } = &indicator.measure else { return None };
            Some((place(code)?, from.iter().filter_map(place).collect()))
        })
        .collect();
    loop {
        let before = hidden.iter().filter(|h| **h).count();
        for (at, inputs) in &derived {
            if inputs.iter().any(|input| hidden[*input]) {
                hidden[*at] = true;
            } else if hidden[*at] {
                let number = |input: &usize| positive(&figures.figures[*input].value);
                if let Some(least) = inputs.iter().min_by(|a, b| number(a).total_cmp(&number(b))) {
                    hidden[*least] = true;
                    let same = ties.sums.iter().filter(|sum| sum.figures.contains(least));
                    same.flat_map(|sum| &sum.figures).for_each(|figure| hidden[*figure] = true);
                }
            }
        }
        if before == hidden.iter().filter(|h| **h).count() {
            return;
        }
    }
}

/// A number above nothing; what is none is the last to be hidden.
fn positive(value: &FigureValue) -> f64 {
    value.number().filter(|n| *n > 0.0).unwrap_or(f64::INFINITY)
}
