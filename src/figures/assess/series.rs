//! The council's own figures that can be held beside each other: counted alike, equally far apart,
//! without a gap.

use super::travel::means_the_same;
use crate::definitions::Indicator;
use crate::figures::suppress::{Shown, ShownFigures};
use crate::nouns::area::Area;
use crate::nouns::period::Day;

/// How far apart figures may be, in months.
const STEPS: [i32; 3] = [1, 3, 12];

/// Figures of an indicator from the oldest to the run's, a step from one to the next.
#[derive(Debug, Clone)]
pub struct Series<'s> {
    /// The figures.
    pub points: Vec<&'s Shown>,
}

impl<'s> Series<'s> {
    /// The closest series that is at least so long; of this length or less the longest.
    pub fn of(shown: &'s ShownFigures, code: &str, least: usize) -> Option<Series<'s>> {
        let every = STEPS.into_iter().filter_map(|months| Series::every(shown, code, months));
        let all: Vec<Series> = every.collect();
        let long = all.iter().position(|series| series.points.len() >= least);
        let best = long.or_else(|| (0..all.len()).max_by_key(|at| all[*at].points.len()))?;
        all.into_iter().nth(best)
    }

    /// Back from the run's figure in steps of so many months, up to the first that is missing, may
    /// not be told, or meant something else.
    pub fn every(shown: &'s ShownFigures, code: &str, months: i32) -> Option<Series<'s>> {
        let now = shown.own(code).filter(|now| now.value().is_some())?;
        let indicator = &shown.indicators[code];
        let rebased = shown.policies.rebased.get(code).map(|rebased| rebased.from.end);
        // What counts on from the year's first day is held against the same part of other years.
        if indicator.whole_year && months % 12 != 0 {
            return Some(Series { points: vec![now] });
        }
        let ends = (1..).map(|back| month_end(now.period().end, -months * back));
        let mut points: Vec<&Shown> = ends
            .take_while(|end| rebased.is_none_or(|rebased| *end >= rebased))
            .map_while(|end| alike(shown, indicator, now, (end, months)))
            .collect();
        points.reverse();
        points.push(now);
        Some(Series { points })
    }

    /// The figures as numbers, before rounding.
    pub fn values(&self) -> Vec<f64> {
        self.points.iter().filter_map(|point| point.value()).collect()
    }
}

/// The council's own figure of the so many months that end then, where it may be told and means
/// the same as the run's; else that of another period that does: the year's for its last quarter.
fn alike<'s>(
    shown: &'s ShownFigures,
    indicator: &Indicator,
    now: &Shown,
    (end, months): (Day, i32),
) -> Option<&'s Shown> {
    let all: Vec<&Shown> = shown
        .of(&indicator.code)
        .filter(|s| s.area() == Area::Own && s.dated() && s.period().end == end)
        .filter(|s| s.value().is_some() && means_the_same(indicator, now, s))
        .collect();
    let start = month_end(end, -months).plus_days(1);
    all.iter().find(|s| s.period().start == start).or(all.first()).copied()
}

/// So many months later; the last day of a month stays one.
fn month_end(day: Day, months: i32) -> Day {
    day.plus_days(1).plus_months(months).plus_days(-1)
}
