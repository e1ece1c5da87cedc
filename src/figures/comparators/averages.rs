//! What published series give: figures of every area and year, averages of the group, and where the
//! council stands.

use std::collections::BTreeMap;

use super::{Elsewhere, moved, number};
use crate::definitions::{Better, Indicator};
use crate::intake::project::Average;
use crate::intake::published::{Group, Series};
use crate::nouns::area::{Area, AreaCode, ENGLAND};
use crate::nouns::figure::{Figure, FigureValue, Origin, Restated, Standing};
use crate::nouns::numbers::median;
use crate::nouns::period::Period;

/// One indicator as it is published: for every area and year up to the run's the newest release's
/// value, and what an older release had where that was something else.
pub(super) fn published(
    indicator: &Indicator,
    series: &[&Series],
    elsewhere: &Elsewhere,
    period: &Period,
) -> Vec<Figure> {
    // By area and year; the releases come from the oldest to the newest, so what is met again is
    // newer.
    let mut found: BTreeMap<(Area, i32), Figure> = BTreeMap::new();
    for one in series {
        let mut years: Vec<Period> = Vec::new();
        for ((code, year), value) in
            one.values.iter().filter(|((_, year), _)| year.end <= period.end)
        {
            if let Some(area) = area_of(*code, elsewhere) {
                let place = (area, year.end.0);
                let figure = Figure {
                    decimals: Some(one.decimals),
                    ..Figure::new(
                        &indicator.code,
                        area,
                        *year,
                        value.value.clone(),
                        Origin::Published,
                    )
                };
                let figure = released(figure, one, found.get(&place), indicator);
                found.insert(place, figure);
            }
            if !years.contains(year) {
                years.push(*year);
            }
        }
        for year in years {
            if let Some((average, used)) = average(one, &elsewhere.group, year) {
                let place = (Area::StatisticalNeighbours, year.end.0);
                let value = FigureValue::Number(average);
                let mut figure =
                    Figure::new(&indicator.code, place.0, year, value, Origin::Published);
                figure.decimals = Some(indicator.decimals.max(one.decimals));
                figure.background.average_of = Some((used, elsewhere.group.councils.len()));
                let figure = released(figure, one, found.get(&place), indicator);
                found.insert(place, figure);
            }
        }
    }
    found.into_values().collect()
}

/// A figure of a release, with what an older one had where that was something else.
fn released(
    mut figure: Figure,
    series: &Series,
    older: Option<&Figure>,
    indicator: &Indicator,
) -> Figure {
    if let Some(older) = older {
        let was_in =
            format!("the {} release", older.background.release.as_deref().unwrap_or_default());
        let printed = indicator.printed(&older.value, older.decimals);
        let moved = moved(&older.value, older.decimals, &figure.value, figure.decimals, indicator);
        figure.background.restated = moved.then_some(Restated { was: printed, was_in });
    }
    figure.background.release = Some(series.release.to_string());
    figure
}

/// Whose figure stands with an area's code; nothing where nobody compares with that area.
fn area_of(code: AreaCode, elsewhere: &Elsewhere) -> Option<Area> {
    let places = &elsewhere.published.places;
    let region = elsewhere.own.and_then(|own| places.region_of.get(&own));
    match code {
        code if Some(code) == elsewhere.own => Some(Area::Own),
        code if Some(&code) == region => Some(Area::Region),
        code if code.as_str() == ENGLAND => Some(Area::England),
        code => places.councils.contains(&code).then_some(Area::Council(code)),
    }
}

/// The place of a figure among others: as many are better as stand before it.
fn rank(mine: f64, others: &[f64], better: Better) -> usize {
    let is_better = |n: &&f64| if better == Better::Higher { **n > mine } else { **n < mine };
    1 + others.iter().filter(is_better).count()
}

/// The average of a group in a year, and how many of it have a number.
fn average(series: &Series, group: &Group, year: Period) -> Option<(f64, usize)> {
    let councils = group.councils.iter();
    let numbers: Vec<f64> = councils.filter_map(|code| number(series, *code, year)).collect();
    let count = numbers.len();
    let average = match group.average {
        Average::Mean => (count > 0).then(|| numbers.iter().sum::<f64>() / count as f64),
        Average::Median => median(numbers),
    };
    Some((average?, count))
}

/// Where the council stands in the newest release's latest year.
pub(super) fn standing(
    indicator: &Indicator,
    series: &Series,
    elsewhere: &Elsewhere,
    period: &Period,
) -> Option<Standing> {
    let own = elsewhere.own.filter(|_| indicator.better != Better::Neither)?;
    let years = series.values.keys().filter(|(code, year)| *code == own && year.end <= period.end);
    let year = years.map(|(_, year)| *year).max_by_key(|year| year.end)?;
    let number = |code: &AreaCode| number(series, *code, year);
    let places = &elsewhere.published.places;
    let mine = number(&own).filter(|_| places.councils.contains(&own))?;
    let mut all: Vec<f64> = places.councils.iter().filter_map(number).collect();
    let neighbours: Vec<f64> =
        elsewhere.group.councils.iter().filter(|c| **c != own).filter_map(number).collect();
    let place = rank(mine, &all, indicator.better);
    all.sort_by(f64::total_cmp);
    let quarters = [0.25, 0.5, 0.75].iter().filter(|q| mine > quantile(&all, **q)).count();
    let bands = if indicator.better == Better::Higher {
        ['D', 'C', 'B', 'A']
    } else {
        ['A', 'B', 'C', 'D']
    };
    let (best, best_quarter) = match indicator.better {
        Better::Higher => (f64::max as fn(f64, f64) -> f64, quantile(&all, 0.75)),
        Better::Lower | Better::Neither => (f64::min as fn(f64, f64) -> f64, quantile(&all, 0.25)),
    };
    Some(Standing {
        period: year,
        rank: place,
        of: all.len(),
        in_group: (!neighbours.is_empty())
            .then(|| (rank(mine, &neighbours, indicator.better), neighbours.len() + 1)),
        band: bands[quarters],
        best_neighbour: neighbours.iter().copied().reduce(best),
        best_quarter,
    })
}

/// The quantile of sorted numbers, between the two that it lies between: R's usual one, and so
/// LAIT's.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = (sorted.len() - 1) as f64 * q;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_with_the_same_figure_share_a_place() {
        assert_eq!(rank(3.0, &[1.0, 3.0, 5.0], Better::Higher), 2);
        assert_eq!(rank(3.0, &[1.0, 3.0, 4.0, 5.0], Better::Lower), 2);
        assert_eq!(rank(3.0, &[3.0, 3.0], Better::Higher), 1);
        assert_eq!(rank(3.0, &[], Better::Lower), 1);
    }

    #[test]
    fn a_quantile_lies_between_two_figures() {
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.25), 1.75);
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.5), 3.0);
        assert_eq!(quantile(&[7.0], 0.75), 7.0);
    }
}
