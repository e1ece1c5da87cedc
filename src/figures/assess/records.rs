//! Runs and records: the second decline in five years, from a high of 76.2% in June 2020, the
//! lowest since 2016/17. All figures are the council's own, as they are printed.

use std::cmp::Ordering;

use super::series::Series;
use super::travel::{Travel, means_the_same};
use crate::figures::suppress::{Shown, ShownFigures};
use crate::nouns::area::Area;
use crate::nouns::figure::FigureValue;
use crate::nouns::numbers::{decimals_of, rounded};
use crate::nouns::period::{Day, Period};

/// Months from one year's figure to the next.
const YEAR: i32 = 12;
/// Groups of councils are told in words up to twelve.
const NUMBERS: [&str; 13] = [
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
];
const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

/// Which end of the figures is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The highest.
    High,
    /// The lowest.
    Low,
}

impl End {
    fn is_beyond(self, value: f64, other: f64) -> bool {
        match self {
            End::High => value >= other,
            End::Low => value <= other,
        }
    }
}

/// `third rise in a row`, of figures a year apart; nothing where the one before went another way.
pub fn run(shown: &ShownFigures, code: &str) -> Option<String> {
    let steps = yearly_steps(shown, code)?;
    let latest = *steps.last().filter(|way| way.is_ne())?;
    let length = steps.iter().rev().take_while(|way| **way == latest).count();
    (length > 1).then(|| format!("{} {} in a row", ordinal(length), called(latest)))
}

/// `second decline in five years`: which of so many years' changes went as the latest did. Nothing
/// where not all of the years are known.
pub fn among(shown: &ShownFigures, code: &str, years: usize) -> Option<String> {
    let steps = yearly_steps(shown, code)?;
    let latest = *steps.last().filter(|way| way.is_ne())?;
    let these = steps.len().checked_sub(years).map(|from| &steps[from..])?;
    let times = these.iter().filter(|way| **way == latest).count();
    Some(format!("{} {} in {} years", ordinal(times), called(latest), in_words(years)))
}

/// `2019/20`, `June 2020`: when it was last as high, or higher; or as low. Nothing where it never
/// was: then it is the highest that is known, and [`record`] says since when.
pub fn last_as(shown: &ShownFigures, code: &str, end: End) -> Option<String> {
    let now = shown.own(code)?;
    let value = printed(now)?;
    let earlier = earlier(shown, code)?;
    let last = earlier.iter().rev().find(|s| printed(s).is_some_and(|n| end.is_beyond(n, value)));
    last.map(|s| when(s))
}

/// `2016/17`: since when figures are known, where none of them was as high, or as low.
pub fn record(shown: &ShownFigures, code: &str, end: End) -> Option<String> {
    let value = printed(shown.own(code)?)?;
    let earlier = earlier(shown, code)?;
    let as_far = |s: &&Shown| printed(s).is_some_and(|n| end.is_beyond(n, value));
    (!earlier.iter().any(as_far)).then(|| earlier.first().map(|s| when(s))).flatten()
}

/// When the figure was furthest beyond what it is now, and what it was; of the earlier figures
/// that end after a day. Nothing where none was.
pub fn beyond(
    shown: &ShownFigures,
    code: &str,
    end: End,
    after: Option<Day>,
) -> Option<(String, String)> {
    let value = printed(shown.own(code)?)?;
    let further = |n: f64, other: f64| end.is_beyond(n, other) && n != other;
    let earlier = earlier(shown, code)?;
    let mut far: Option<(&Shown, f64)> = None;
    for figure in earlier.into_iter().filter(|s| after.is_none_or(|day| s.period().end > day)) {
        let Some(n) = printed(figure).filter(|n| further(*n, value)) else { continue };
        if far.is_none_or(|(_, other)| further(n, other)) {
            far = Some((figure, n));
        }
    }
    far.map(|(figure, _)| (when(figure), figure.text()))
}

/// `76.2% in June 2020`: the highest of the earlier figures, or the lowest; of equals the latest.
pub fn extreme(shown: &ShownFigures, code: &str, end: End) -> Option<String> {
    let earlier = earlier(shown, code)?;
    let mut far: Option<(&Shown, f64)> = None;
    for figure in earlier {
        let Some(value) = printed(figure) else { continue };
        if far.is_none_or(|(_, other)| end.is_beyond(value, other)) {
            far = Some((figure, value));
        }
    }
    far.map(|(figure, _)| format!("{} in {}", figure.text(), when(figure)))
}

/// `seven of the eleven`: how many councils of the group rose in the latest year that is published
/// of them, of those of which both years are; and how many fell.
pub fn of_the_group(shown: &ShownFigures, code: &str, way: Ordering) -> Option<String> {
    let councils = || shown.group.councils.iter().map(|code| Area::Council(*code));
    let theirs = shown.of(code).filter(|s| councils().any(|area| area == s.area()));
    let year = theirs.map(|s| *s.period()).max_by_key(|period| period.end)?;
    let ways: Vec<Ordering> = councils()
        .filter_map(|area| {
            let now = shown.at(code, area, &year)?;
            let then = shown.at(code, area, &year.previous_year())?;
            let known = means_the_same(&shown.indicators[code], now, then);
            Some(way_of(&Travel::between(now, then).filter(|_| known)?))
        })
        .collect();
    let times = ways.iter().filter(|other| **other == way).count();
    (!ways.is_empty()).then(|| format!("{} of the {}", in_words(times), in_words(ways.len())))
}

/// What a figure is of another one of the same period, as both are printed: `13.1%`.
pub fn share_of(shown: &ShownFigures, code: &str, of: &str, period: &Period) -> Option<String> {
    let number = |code: &str| printed(shown.at(code, Area::Own, period)?);
    let (part, whole) = (number(code)?, number(of)?);
    (whole > 0.0).then(|| format!("{}%", rounded(part * 100.0 / whole, 1)))
}

/// What is aimed at in a period to come, as it is printed.
pub fn target_for(shown: &ShownFigures, code: &str, period: &Period) -> Option<String> {
    let indicator = shown.indicators.get(code)?;
    let (_, target) = indicator.targets_to_come.iter().find(|(of, _)| of == period)?;
    let decimals = decimals_of(*target).min(indicator.decimals.max(2));
    Some(indicator.printed(&FigureValue::Number(*target), Some(decimals)))
}

/// Which way each figure went since the one of the year before, the oldest first.
fn yearly_steps(shown: &ShownFigures, code: &str) -> Option<Vec<Ordering>> {
    let points = Series::every(shown, code, YEAR)?.points;
    let ways = points.windows(2).map(|pair| Some(way_of(&Travel::between(pair[1], pair[0])?)));
    ways.collect()
}

/// The earlier figures that mean the same, by their last days.
fn earlier<'s>(shown: &'s ShownFigures, code: &str) -> Option<Vec<&'s Shown>> {
    let now = shown.own(code)?;
    let indicator = shown.indicators.get(code)?;
    let length = |s: &Shown| s.period().end.0 - s.period().start.0;
    let mut all: Vec<&Shown> = shown
        .of(code)
        .filter(|s| s.area() == Area::Own && s.dated() && s.value().is_some())
        .filter(|s| s.period().end < now.period().end && means_the_same(indicator, now, s))
        // What counts on from the year's first day is held against periods as long.
        .filter(|s| !indicator.whole_year || (length(s) - length(now)).abs() <= 1)
        .collect();
    all.sort_by_key(|s| s.period().end);
    Some(all)
}

fn printed(figure: &Shown) -> Option<f64> {
    figure.printed_number()?.parse().ok()
}

fn way_of(travel: &Travel) -> Ordering {
    travel.now.total_cmp(&travel.then)
}

fn called(way: Ordering) -> &'static str {
    if way.is_lt() { "decline" } else { "rise" }
}

fn in_words(n: usize) -> String {
    NUMBERS.get(n).map_or_else(|| n.to_string(), ToString::to_string)
}

fn ordinal(n: usize) -> String {
    let word = ORDINALS.get(n.wrapping_sub(1));
    word.map_or_else(|| format!("{n}th"), ToString::to_string)
}

/// The year of a figure of a whole year, and the month in which any other ends.
fn when(figure: &Shown) -> String {
    let period = figure.period();
    let whole = period.start == period.year_start() && period.end == period.year_end();
    if whole { period.year_label() } else { period.end_month() }
}
