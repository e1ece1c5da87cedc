//! Rows that were lost on the way, and columns in which one code stands for everybody: nothing in
//! the return says so, but fewer are counted than a quarter ago, or all of them are one thing.

use indexmap::IndexMap;

use super::travel::means_the_same;
use crate::definitions::{Declarations, Indicator};
use crate::figures::suppress::{Shown, ShownFigures};
use crate::nouns::comparator::Comparator;
use crate::nouns::figure::Origin;
use crate::nouns::place::Place;
use crate::nouns::problem::{Problem, Problems};
use crate::nouns::unit::Unit;
use crate::nouns::words::{WIDEST_MESSAGE, cut, several};

/// So many people a quarter ago are enough for half of them to be missed.
const MANY: f64 = 30.0;
const HALF: f64 = 0.5;

/// What counts on from April grows: a tenth less is no correction of a few.
const SOME: f64 = 10.0;
const NEARLY_ALL: f64 = 0.9;

/// How many people a figure is of, and how many it was of in the quarter before.
struct Counted<'s> {
    now: &'s Shown,
    then: &'s Shown,
    is: f64,
    was: f64,
}

/// What is to be looked at, by what is printed.
pub fn losses(shown: &ShownFigures, declared: &Declarations, file: &Place) -> Problems {
    // Figures of one list tell of the same rows, and those of one part of the same column.
    let mut lost: IndexMap<Vec<String>, (Problem, &str, usize)> = IndexMap::new();
    let mut alike: IndexMap<&str, Problem> = IndexMap::new();
    let whole = shown.indicators.values().filter(|i| i.part_of.is_none() && i.crossed.is_none());
    for indicator in whole {
        let Some(counted) = Counted::of(shown, &indicator.code) else { continue };
        if let Some(part) = one_for_all(shown, indicator, &counted) {
            alike.entry(part).or_insert_with(|| filled_down(&indicator.title, part, file));
        }
        let Some(hint) = counted.lost(declared.counts_on(indicator, &shown.period)) else {
            continue;
        };
        let problem = || Problem::warning(file.clone(), counted.said(&indicator.title));
        let of_list = declared.lists_of(indicator).into_iter().take(1).map(String::from).collect();
        lost.entry(of_list).or_insert_with(|| (problem(), hint, 0)).2 += 1;
    }
    let mut problems = Problems::default();
    for (problem, hint, figures) in lost.into_values() {
        problems.add(match figures {
            1 => problem.hint(hint),
            _ => problem.hint(format!("{hint} ({} more)", several(figures - 1, "figure"))),
        });
    }
    alike.into_values().for_each(|problem| problems.add(problem));
    problems
}

impl<'s> Counted<'s> {
    fn of(shown: &'s ShownFigures, code: &str) -> Option<Counted<'s>> {
        let now = shown.own(code).filter(|now| now.origin() == Origin::Calculated)?;
        let then = shown.comparator(code, Comparator::PreviousQuarter)?;
        let counted = Counted { now, then, is: people(now)?, was: people(then)? };
        means_the_same(&shown.indicators[code], now, then).then_some(counted)
    }

    /// What to look at where people are missing.
    fn lost(&self, counts_on: bool) -> Option<&'static str> {
        let (now, then) = (self.now.period(), self.then.period());
        let lost = match counts_on {
            true => {
                now.year_start() == then.year_start()
                    && self.was >= SOME
                    && self.is < self.was * NEARLY_ALL
            }
            false => self.was >= MANY && self.is <= self.was * HALF,
        };
        lost.then_some(match counts_on {
            true => "it can only grow from April on: look for lost rows",
            false => "look for lost rows, or leave it if it is right",
        })
    }

    fn said(&self, title: &str) -> String {
        let when = self.then.period().label();
        let what = match self.now.unit() {
            Unit::Number => format!(" is {}, and was {} in {when}", self.is, self.was),
            _ => format!(" is of {}, and was of {} in {when}", self.is, self.was),
        };
        cut(title, WIDEST_MESSAGE.saturating_sub(what.chars().count())) + &what
    }
}

/// How many a figure is of: itself, or what it is a share or a mean of.
fn people(figure: &Shown) -> Option<f64> {
    match figure.unit() {
        Unit::Number => figure.value(),
        Unit::Percentage | Unit::Average | Unit::Median => figure.denominator(),
        _ => None,
    }
}

/// The part that is all of a count, and was not nearly so.
fn one_for_all<'s>(
    shown: &'s ShownFigures,
    indicator: &Indicator,
    whole: &Counted,
) -> Option<&'s str> {
    if indicator.unit != Unit::Number || whole.is < MANY || whole.was < MANY {
        return None;
    }
    shown.indicators.values().filter(|i| i.part_of.as_ref() == Some(&indicator.code)).find_map(
        |one| {
            let part = Counted::of(shown, &one.code).filter(|_| !one.running)?;
            let all = part.is == whole.is && part.was < whole.was * NEARLY_ALL;
            all.then_some(one.title.as_str())
        },
    )
}

fn filled_down(title: &str, part: &str, file: &Place) -> Problem {
    let what = format!(": all are \"{part}\"");
    let room = WIDEST_MESSAGE.saturating_sub(what.chars().count());
    let hint = "they were not a quarter ago: look for a column that was filled down";
    Problem::warning(file.clone(), cut(title, room) + &what).hint(hint)
}
