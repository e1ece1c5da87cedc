//! Comparators: the same indicator elsewhere or at another time, set beside the council's own
//! figure.
//!
//! The return speaks for the council's own figures of its own period. For everybody else, and for
//! years gone by, what is published comes first, then what managers typed, then what earlier
//! reports printed.

mod averages;
mod elsewhere;

pub use elsewhere::{Elsewhere, Reading, authority, gather};

use indexmap::IndexMap;

use crate::definitions::Indicator;
use crate::figures::all::Figures;
use crate::intake::published::Series;
use crate::intake::returns::{FORECAST, TARGET, TypedFigure, TypedValue};
use crate::nouns::area::{Area, AreaCode};
use crate::nouns::comparator::Comparator;
use crate::nouns::figure::{Background, Figure, FigureValue, Origin, Restated, Symbol};
use crate::nouns::numbers::{decimals_of, rounded, written};
use crate::nouns::period::Period;
use crate::nouns::problem::{Problem, Problems};
use crate::nouns::unit::Unit;

/// Puts beside the return's figures whatever else is known, and says what changed since it was last
/// printed.
pub fn complete(
    rows: &IndexMap<String, &TypedFigure>,
    elsewhere: &Elsewhere,
    figures: &mut Figures,
    problems: &mut Problems,
) {
    from_figures_sheet(rows, elsewhere, figures, problems);
    let period = figures.period;
    let codes: Vec<String> = figures.indicators.keys().cloned().collect();
    let mut added: Vec<Figure> = Vec::new();
    for code in &codes {
        let indicator = &figures.indicators[code];
        let series: Vec<&Series> = elsewhere.published.of(code).collect();
        if let Some(newest) = series.last() {
            if let Some(standing) = averages::standing(indicator, newest, elsewhere, &period) {
                figures.standings.insert(code.clone(), standing);
            }
            let published = averages::published(indicator, &series, elsewhere, &period);
            added.extend(merge(rows.get(code).copied(), published, figures, problems));
        }
        let known = |f: &Figure| f.indicator == *code && f.area == Area::Own && f.period == period;
        if elsewhere.published.failed.contains(code)
            && !figures.figures.iter().chain(&added).any(known)
        {
            figures.figures.push(gap(code, period));
        }
        mark_provisional(code, !series.is_empty(), rows.get(code).copied(), elsewhere, figures);
    }
    figures.figures.extend(added);
    from_history(elsewhere, figures);
    mark_public(elsewhere, figures);
    figures.group = elsewhere.group.clone();
}

/// A published figure that ought to be there: shown as a gap.
fn gap(code: &str, period: Period) -> Figure {
    Figure::new(code, Area::Own, period, Symbol::Unavailable.gap(), Origin::Published)
}

/// Makes figures of the comparators that managers typed, and settles how many decimals a typed row
/// has.
fn from_figures_sheet(
    rows: &IndexMap<String, &TypedFigure>,
    elsewhere: &Elsewhere,
    figures: &mut Figures,
    problems: &mut Problems,
) {
    let period = figures.period;
    for (code, row) in rows {
        for comparator in Comparator::TYPED {
            let area = comparator.area();
            let Some(value) = typed_value(row.value(comparator.name())) else { continue };
            let year = elsewhere.comparator_year.filter(|_| area != Area::Own);
            let period = year.unwrap_or_else(|| comparator.when(&period));
            figures.figures.push(Figure {
                dated: area == Area::Own || year.is_some(),
                ..Figure::new(code, area, period, value, Origin::Typed)
            });
        }
        from_columns_of_periods(code, row, figures, problems);
        // What managers typed keeps the decimals that they gave it: 90% stays 90%, beside 80.8% of
        // another.
        let own = figures.own(code);
        let typed_as_is = own.is_some_and(|f| f.origin == Origin::Typed && f.denominator.is_none());
        if typed_as_is {
            let numbers = row.values.iter().filter(|(name, _)| is_figure(name, &period));
            let decimals =
                numbers.filter_map(|(_, (v, _))| v.number()).map(decimals_of).max().unwrap_or(0);
            let indicator = figures.indicators.get_mut(code).expect("every row has its indicator");
            indicator.decimals = decimals.min(indicator.decimals.max(1));
        }
    }
}

/// A figure's value as typed; nothing where the cell is blank.
/// Whether a column of the Figures sheet has figures of the indicator: now, elsewhere or then.
fn is_figure(column: &str, now: &Period) -> bool {
    column == "value"
        || Comparator::named(column).is_some()
        || Period::parse(column, now.year_month).is_some()
}

fn typed_value(value: TypedValue) -> Option<FigureValue> {
    Some(match value {
        TypedValue::Blank => return None,
        TypedValue::Number(n) => FigureValue::Number(n),
        TypedValue::Wording(wording) => FigureValue::Gap { symbol: Symbol::Unavailable, wording },
        TypedValue::Symbol(symbol) => symbol.gap(),
    })
}

/// The council's own figures of earlier periods from columns that are headed by them, such as
/// `August 2026`.
fn from_columns_of_periods(
    code: &str,
    row: &TypedFigure,
    figures: &mut Figures,
    problems: &mut Problems,
) {
    let own = figures.period;
    for (heading, (value, place)) in &row.values {
        let aimed = heading.strip_prefix(TARGET);
        if let Some(period) = aimed.and_then(|of| Period::parse(of, own.year_month)) {
            let indicator = figures.indicators.get_mut(code).expect("every row has its indicator");
            indicator.targets_to_come.extend(value.number().map(|n| (period, n)));
            continue;
        }
        let to_come = heading.strip_prefix(FORECAST);
        let of = to_come.unwrap_or(heading);
        let Some(period) = Period::parse(of, own.year_month) else { continue };
        let Some(value) = typed_value(value.clone()) else { continue };
        let is_there =
            |f: &Figure| f.indicator == code && f.area == Area::Own && f.period == period;
        if to_come.is_some() {
            // What is expected of a time that is over is no news.
            if period.end > own.end {
                let background = Background { forecast: true, ..Background::default() };
                let figure = Figure::new(code, Area::Own, period, value, Origin::Typed);
                figures.figures.push(Figure { background, ..figure });
            }
        } else if period == own || period.end > own.end {
            let message = if period == own {
                "the column is of the report's own period, so the figure was not used"
            } else {
                "the column is of a later period, so the figure was not used"
            };
            problems.add(Problem::warning(place.clone(), message).column(heading.clone()).hint(
                "the report's own stand under Value; what is expected, under Forecast 2027/28",
            ));
        } else if !figures.figures.iter().any(is_there) {
            let figure = Figure::new(code, Area::Own, period, value, Origin::Typed);
            figures.figures.push(figure);
        }
    }
}

/// Holds published figures against the return's; gives those that the return does not have. They
/// are thousands, and the return's are few: so they are kept apart until all are there.
fn merge(
    row: Option<&TypedFigure>,
    published: Vec<Figure>,
    figures: &mut Figures,
    problems: &mut Problems,
) -> Vec<Figure> {
    let period = figures.period;
    let mut added = Vec::new();
    let Some(code) = published.first().map(|f| f.indicator.clone()) else { return added };
    let indicator = figures.indicators[&code].clone();
    // A typed comparator without a year gives way to the latest published one.
    for area in [Area::StatisticalNeighbours, Area::Region, Area::England] {
        let latest = published.iter().filter(|f| f.area == area).max_by_key(|f| f.period.end);
        let Some(latest) = latest.filter(|f| matches!(f.value, FigureValue::Number(_))) else {
            continue;
        };
        figures.figures.retain(|typed| {
            let replaced = typed.indicator == code && typed.area == area && !typed.dated;
            if replaced {
                warn_of_published(typed, latest, &indicator, row, &period, problems);
            }
            !replaced
        });
    }
    for figure in published {
        let there = figures.figures.iter().position(|f| {
            f.indicator == code && f.area == figure.area && f.period == figure.period
        });
        match there {
            None => added.push(figure),
            Some(at) if figure.area == Area::Own && figure.period == period => {
                let own = &figures.figures[at];
                if moved(&own.value, own.decimals, &figure.value, figure.decimals, &indicator) {
                    let place = row.map_or_else(|| indicator.place.clone(), |r| r.place.clone());
                    let message = format!(
                        "`{}` is published for {} as {}; the return's figure was used",
                        indicator.title,
                        period.label(),
                        indicator.printed(&figure.value, figure.decimals)
                    );
                    problems.add(Problem::note(place, message).indicator(&code));
                }
            }
            Some(at) => {
                if matches!(figure.value, FigureValue::Number(_)) {
                    warn_of_published(
                        &figures.figures[at],
                        &figure,
                        &indicator,
                        row,
                        &period,
                        problems,
                    );
                    figures.figures[at] = figure;
                }
            }
        }
    }
    added
}

/// Published beats typed, but never without a word.
fn warn_of_published(
    typed: &Figure,
    published: &Figure,
    indicator: &Indicator,
    row: Option<&TypedFigure>,
    period: &Period,
    problems: &mut Problems,
) {
    if typed.origin != Origin::Typed
        || !moved(&typed.value, typed.decimals, &published.value, published.decimals, indicator)
    {
        return;
    }
    let comparator = Comparator::TYPED.into_iter().find(|one| {
        one.area() == typed.area && (!one.is_own() || one.when(period) == typed.period)
    });
    let cell = comparator.and_then(|one| row?.values.get(one.name()));
    let cell = cell.map(|(_, place)| place.clone());
    let message = format!(
        "not what is published for {} ({}); the published figure was used",
        published.period.label(),
        indicator.printed(&published.value, published.decimals)
    );
    problems.add(
        Problem::warning(cell.unwrap_or_else(|| indicator.place.clone()), message)
            .hint("leave comparators blank where published files are set up"),
    );
}

/// Fills in what earlier reports printed, and marks what has changed since.
fn from_history(elsewhere: &Elsewhere, figures: &mut Figures) {
    let period = figures.period;
    for figure in &mut figures.figures {
        let key = (figure.indicator.clone(), figure.area, figure.period);
        let Some(entry) = elsewhere.history.entries.get(&key) else { continue };
        let indicator = &figures.indicators[&figure.indicator];
        let decimals = decimals_printed(&entry.printed);
        let was_in = format!("the report for {}", entry.report.label());
        // Counts tell everything: percentages may have been rounded then.
        figure.background.printed_before = match (&entry.value, &figure.value) {
            (FigureValue::Number(_), FigureValue::Number(_)) if figure.numerator.is_some() => {
                (entry.numerator, entry.denominator) == (figure.numerator, figure.denominator)
            }
            (FigureValue::Gap { .. }, FigureValue::Number(_)) => entry.told,
            (was, now) => was == now,
        };
        // What the committee last saw counts, not what a release once had.
        figure.background.restated =
            moved(&entry.value, decimals, &figure.value, figure.decimals, indicator)
                .then(|| Restated { was: entry.printed.clone(), was_in });
    }
    let known: std::collections::HashSet<(&str, Area, Period)> =
        figures.figures.iter().map(|f| (f.indicator.as_str(), f.area, f.period)).collect();
    let mut remembered: Vec<Figure> = Vec::new();
    for ((code, area, when), entry) in &elsewhere.history.entries {
        let now = *area == Area::Own && *when == period;
        if now
            || when.end > period.end
            || !figures.indicators.contains_key(code)
            || known.contains(&(code, *area, *when))
        {
            continue;
        }
        remembered.push(Figure {
            numerator: entry.numerator,
            denominator: entry.denominator,
            decimals: decimals_printed(&entry.printed),
            background: Background { printed_before: entry.told, ..Background::default() },
            ..Figure::new(code, *area, *when, entry.value.clone(), Origin::History)
        });
    }
    remembered.sort_by(|a, b| {
        (&a.indicator, a.area, a.period.end, a.period.start).cmp(&(
            &b.indicator,
            b.area,
            b.period.end,
            b.period.start,
        ))
    });
    figures.figures.extend(remembered);
}

/// The number that a release has of an area in a period.
fn number(series: &Series, area: AreaCode, period: Period) -> Option<f64> {
    series.values.get(&(area, period))?.value.number()
}

/// What the region's number leaves when those of its other councils are taken away, all of which
/// must be known.
fn left_of_region(
    series: &Series,
    region: AreaCode,
    others: &[AreaCode],
    period: Period,
) -> Option<f64> {
    let known = others.iter().map(|code| number(series, *code, period));
    let known: Vec<f64> = known.collect::<Option<_>>()?;
    (!known.is_empty())
        .then(|| number(series, region, period))?
        .map(|all| all - known.iter().sum::<f64>())
}

/// Counts of the council that DfE's files tell, by themselves or as what its region's other
/// councils leave of the region: everybody can know them.
fn mark_public(elsewhere: &Elsewhere, figures: &mut Figures) {
    let Some(own) = elsewhere.own else { return };
    let places = &elsewhere.published.places;
    let region = places.region_of.get(&own);
    let others = places.region_of.iter().filter(|(code, of)| **code != own && Some(*of) == region);
    let others: Vec<AreaCode> = others.map(|(code, _)| *code).collect();
    for figure in figures.figures.iter_mut().filter(|f| f.area == Area::Own) {
        let Some(count) = figure.numerator else { continue };
        let period = figure.period;
        let told = elsewhere.published.of(&figure.indicator).any(|series| {
            number(series, own, period)
                .or_else(|| left_of_region(series, *region?, &others, period))
                .is_some_and(|told| (told - count).abs() < 0.5)
        });
        let counts = figures.indicators[&figure.indicator].unit == Unit::Number;
        figure.background.printed_before |= counts && told;
    }
}

/// A year's own figure stays provisional until it is published.
fn mark_provisional(
    code: &str,
    is_published: bool,
    row: Option<&TypedFigure>,
    elsewhere: &Elsewhere,
    figures: &mut Figures,
) {
    let period = figures.period;
    let said = row
        .and_then(|r| r.note.as_ref())
        .is_some_and(|note| note.to_lowercase().contains("provisional"));
    let out = elsewhere
        .published
        .of(code)
        .any(|s| elsewhere.own.is_some_and(|own| s.values.contains_key(&(own, period))));
    let waiting = is_published && elsewhere.own.is_some() && period.is_year() && !out;
    for figure in figures
        .figures
        .iter_mut()
        .filter(|f| f.indicator == code && f.area == Area::Own && f.period == period)
    {
        figure.background.provisional =
            figure.origin != Origin::Published && (said || waiting || elsewhere.provisional);
    }
}

/// Whether a figure is printed otherwise than it was: at the coarser of both numbers of decimals,
/// so that neither float noise nor a further decimal is a change.
fn moved(
    was: &FigureValue,
    was_decimals: Option<u8>,
    now: &FigureValue,
    decimals: Option<u8>,
    indicator: &Indicator,
) -> bool {
    match (was, now) {
        (FigureValue::Number(was), FigureValue::Number(now)) => {
            let of = |d: Option<u8>| d.unwrap_or(indicator.decimals);
            let decimals = of(was_decimals).min(of(decimals));
            rounded(*was, decimals) != rounded(*now, decimals)
        }
        (FigureValue::Gap { symbol: was, .. }, FigureValue::Gap { symbol: now, .. }) => was != now,
        _ => true,
    }
}

/// How many decimals a printed number has; nothing for words.
fn decimals_printed(text: &str) -> Option<u8> {
    written(text).map(|number| number.decimals)
}
