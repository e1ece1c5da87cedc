//! What a reader could work out, and what must be hidden besides so that nobody can.
//!
//! The reader knows every count that is shown, that counts are zero or more, that what is hidden is
//! one or more, which records no two counts share, and which counts of two lists are of the same
//! people. A small count is safe when all of this still allows it to be anything that the rule
//! hides: then the report tells no more of it than the rule does. Where it is not safe, the counts
//! by which it is bounded are looked at, and the one whose hiding costs least is hidden too.

use std::collections::BTreeSet;

use super::program::{Fact, Known, Most, Program};
use super::shown::is_controlled;
use super::ties::{Secret, Ties, Told};
use super::{Unsafe, Why};
use crate::definitions::{Measure, Rule};
use crate::figures::all::Figures;
use crate::nouns::area::Area;
use crate::nouns::figure::FigureValue;

/// Which figures are hidden: the small ones and those that protect them.
pub fn hide(rule: &Rule, figures: &Figures) -> Result<Vec<bool>, Unsafe> {
    let small = small(rule, figures);
    let mut hidden = small.clone();
    let ties = Ties::of(rule, figures);
    loop {
        hide_derived(figures, &ties, &mut hidden);
        match exposed(rule, &ties, &hidden) {
            None => {
                show_again(rule, figures, &ties, &small, &mut hidden);
                return Ok(hidden);
            }
            Some((_, Some(sum))) => {
                ties.sums[sum].figures.iter().for_each(|figure| hidden[*figure] = true)
            }
            Some((figures_of, None)) => {
                let codes: BTreeSet<&String> =
                    figures_of.iter().map(|index| &figures.figures[*index].indicator).collect();
                return Err(Unsafe { indicators: codes.into_iter().cloned().collect() });
            }
        }
    }
}

/// Why a figure is hidden: told by what a reader could work out if it alone were shown.
pub fn why(rule: &Rule, figures: &Figures, hidden: &[bool], at: usize) -> Why {
    if small(rule, figures)[at] {
        return Why::Small;
    }
    let ties = Ties::of(rule, figures);
    let mut fewer = hidden.to_vec();
    fewer[at] = false;
    let code = |index: &usize| figures.figures[*index].indicator.clone();
    if let Some((secret, _)) = exposed(rule, &ties, &fewer) {
        let codes: BTreeSet<String> = secret.iter().map(code).collect();
        return Why::Protects(codes.into_iter().collect());
    }
    let own = |code: &&String| {
        figures.figures.iter().zip(hidden).any(|(f, hidden)| {
            *hidden && f.indicator == **code && f.area == Area::Own && f.period == figures.period
        })
    };
    match &figures.indicators[&code(&at)].measure {
        Measure::Derived { from, .. } => Why::Derived(from.iter().filter(own).cloned().collect()),
        _ => Why::Protects(Vec::new()),
    }
}

/// What was hidden early on may protect nothing any more, once other counts went as well: it is
/// shown again, the largest first.
fn show_again(rule: &Rule, figures: &Figures, ties: &Ties, small: &[bool], hidden: &mut Vec<bool>) {
    let count = |index: &usize| figures.figures[*index].numerator.unwrap_or(0.0);
    let mut others: Vec<usize> =
        (0..hidden.len()).filter(|index| hidden[*index] && !small[*index]).collect();
    others.sort_by(|a, b| count(b).total_cmp(&count(a)).then(a.cmp(b)));
    for index in others {
        let mut fewer = hidden.clone();
        fewer[index] = false;
        hide_derived(figures, ties, &mut fewer);
        if !fewer[index] && exposed(rule, ties, &fewer).is_none() {
            *hidden = fewer;
        }
    }
}

/// Which figures are hidden for what they tell themselves: of few people, out of few, or of all but
/// a few.
pub fn small(rule: &Rule, figures: &Figures) -> Vec<bool> {
    let Some((from, to)) = rule.hide else { return vec![false; figures.figures.len()] };
    let small = |n: Option<f64>| n.is_some_and(|n| from <= n && n <= to);
    let each = figures.figures.iter().map(|figure| {
        let indicator = &figures.indicators[&figure.indicator];
        let told = Told::by(figure, indicator);
        is_controlled(figure, indicator)
            && (small(told.numerator) || small(told.denominator) || small(told.rest(indicator)))
    });
    each.collect()
}

/// What a script works out of others is hidden with any of them; and where it is hidden, one of
/// them is too.
fn hide_derived(figures: &Figures, ties: &Ties, hidden: &mut [bool]) {
    let place = |code: &String| {
        let own = |f: &crate::nouns::figure::Figure| {
            f.indicator == *code && f.area == Area::Own && f.period == figures.period
        };
        figures.figures.iter().position(own)
    };
    loop {
        let before = hidden.iter().filter(|h| **h).count();
        for (code, indicator) in &figures.indicators {
            let (Measure::Derived { from, .. }, Some(at)) = (&indicator.measure, place(code))
            else {
                continue;
            };
            let inputs: Vec<usize> = from.iter().filter_map(place).collect();
            if inputs.iter().any(|input| hidden[*input]) {
                hidden[at] = true;
            } else if hidden[at] {
                let number = |index: &usize| match figures.figures[*index].value {
                    FigureValue::Number(n) if n > 0.0 => n,
                    _ => f64::INFINITY,
                };
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

/// A secret that a reader could narrow down: the figures that it is of, and the sum to hide next,
/// where there is one.
fn exposed<'t>(
    rule: &Rule,
    ties: &'t Ties,
    hidden: &[bool],
) -> Option<(&'t [usize], Option<usize>)> {
    if ties.secrets.is_empty() {
        return None;
    }
    let is_told = |sum: usize| ties.sums[sum].figures.iter().any(|figure| !hidden[*figure]);
    let mut facts: Vec<Fact> = Vec::new();
    let mut whose: Vec<Option<usize>> = Vec::new();
    for (index, sum) in ties.sums.iter().enumerate().filter(|(_, sum)| !sum.parts.is_empty()) {
        let mut know = |known| {
            facts.push(Fact { sum: &sum.parts, less: &[], known });
            whose.push(Some(index));
        };
        match rule.round {
            _ if sum.printed_before => know(Known::Is(sum.value)),
            None if is_told(index) => know(Known::Is(sum.value)),
            Some(to) if is_told(index) => {
                let near = (sum.value / to).round() * to;
                know(Known::AtLeast((near - (to / 2.0).floor()).max(sum.least)));
                know(Known::AtMost(near + (to / 2.0).ceil() - 1.0));
            }
            _ => know(Known::AtLeast(sum.least.max(sum.value.min(1.0)))),
        }
    }
    for same in &ties.same {
        facts.push(Fact { sum: &same.more, less: &same.fewer, known: Known::Is(same.by) });
        whose.push(None);
    }
    let Some(mut program) = Program::new(ties.unknowns, &facts) else {
        return Some((&ties.secrets[0].figures, None));
    };
    for secret in &ties.secrets {
        let Some(bounds) = bounds(rule, secret, &mut program) else { continue };
        let bounds = bounds.into_iter().filter_map(|fact| whose[fact]);
        let candidates = bounds.filter(|sum| is_told(*sum) && !ties.sums[*sum].printed_before);
        let cost = |sum: &usize| {
            let figures = ties.sums[*sum].figures.iter().filter(|figure| !hidden[**figure]).count();
            // A zero is shown as long as anything else will do.
            (ties.sums[*sum].value == 0.0, figures)
        };
        let cheapest = candidates.min_by(|a, b| {
            cost(a)
                .cmp(&cost(b))
                .then(ties.sums[*a].value.total_cmp(&ties.sums[*b].value))
                .then(a.cmp(b))
        });
        // That three parts are there, though hidden, says that the total is three or more: nothing
        // takes that back.
        if cheapest.is_some() || two_values(secret, &mut program).is_some() {
            return Some((&secret.figures, cheapest));
        }
    }
    None
}

/// The facts that keep a secret from being anything that the rule hides; nothing where it can be
/// all of that.
fn bounds(rule: &Rule, secret: &Secret, program: &mut Program) -> Option<Vec<usize>> {
    if rule.hide.is_none() {
        return two_values(secret, program);
    }
    let (least, most) = secret.range;
    ask(program, &secret.parts, 1.0, most).or_else(|| ask(program, &secret.parts, -1.0, -least))
}

/// The facts by which a secret cannot be another whole number than it is; nothing where it can.
fn two_values(secret: &Secret, program: &mut Program) -> Option<Vec<usize>> {
    let mut above = ask(program, &secret.parts, 1.0, secret.value + 1.0)?;
    above.extend(ask(program, &secret.parts, -1.0, 1.0 - secret.value)?);
    Some(above)
}

fn ask(program: &mut Program, parts: &[usize], by: f64, enough: f64) -> Option<Vec<usize>> {
    match program.most(parts, by, enough) {
        Most::Enough => None,
        Most::Bound(facts) => Some(facts),
    }
}
