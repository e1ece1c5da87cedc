//! Working out: every figure that the return allows, counted from lists or typed by a manager, and
//! those that are derived from others.

use indexmap::IndexMap;

use crate::definitions::{
    Declarations, Denominator, Each, Function, Indicator, Measure, Policies, Summary, Tolerance,
};
use crate::figures::all::Figures;
use crate::figures::comparators::Elsewhere;
use crate::figures::select::{Counted, Selector, Stop};
use crate::intake::returns::{CoverEntry, Return, TypedFigure, TypedValue};
use crate::nouns::area::Area;
use crate::nouns::figure::{Basis, Figure, FigureValue, Origin, Symbol};
use crate::nouns::numbers::{decimals_of, rounded};
use crate::nouns::period::Period;
use crate::nouns::problem::{Problem, Problems};
use crate::nouns::unit::Unit;
use crate::nouns::words::listed;

/// Works out a derived figure by a script's function.
pub trait Derive {
    /// Calls the function with the values; gives a value, or a numerator and a denominator, or
    /// nothing where there is none, as where it divides by 0.
    fn derive(
        &self,
        function: Function,
        values: &[f64],
    ) -> Result<Option<(f64, Option<f64>)>, Box<Problem>>;
}

/// Works out every figure that the return allows.
pub fn work_out(
    received: &Return,
    declared: &Declarations,
    period: &Period,
    selector: &Selector,
    derive: &dyn Derive,
    elsewhere: &Elsewhere,
    problems: &mut Problems,
) -> Figures {
    let mut figures = new_figures(declared, period);
    let mut counted: IndexMap<String, Figure> = IndexMap::new();
    for indicator in declared.indicators.values() {
        let mut worded = indicator.clone();
        worded.say_since(period);
        figures.indicators.insert(indicator.code.clone(), worded);
        if matches!(indicator.measure, Measure::Typed | Measure::Derived { .. }) {
            continue;
        }
        match selector.count(indicator) {
            Ok(result) => {
                let parts = selector.parts(indicator, &result, problems);
                problems.add_any(too_small_cover(received, indicator, &result));
                counted.insert(indicator.code.clone(), counted_figure(indicator, result, period));
                match parts {
                    Ok(parts) => {
                        for (part, result) in parts {
                            counted
                                .insert(part.code.clone(), counted_figure(&part, result, period));
                            figures.indicators.insert(part.code.clone(), part);
                        }
                    }
                    Err(Stop::Unavailable(_)) => {}
                    Err(Stop::Fault(problem)) => {
                        problems
                            .add(problem.context(format!("breaking down `{}`", indicator.code)));
                    }
                }
            }
            // What the return does not have is a gap; what it has and cannot be used is a fault.
            Err(Stop::Unavailable(_)) => problems.add_any(unusable_cover(received, indicator)),
            Err(Stop::Fault(problem)) => {
                problems.add(problem.context(format!("working out `{}`", indicator.code)))
            }
        }
    }
    let typed = typed_rows(received, declared, &mut figures, problems);
    for (code, row) in &typed {
        match counted.get(code.as_str()) {
            Some(figure) => warn_of_difference(figure, row, &figures.indicators[code], problems),
            None => {
                if let Some(figure) = typed_figure(&figures.indicators[code], row, period, problems)
                {
                    figures.figures.push(figure);
                }
            }
        }
    }
    figures.figures.extend(counted.into_values());
    derive_rest(&mut figures, period, derive, problems);
    crate::figures::comparators::complete(&typed, elsewhere, &mut figures, problems);
    let of_people = received.lists.iter().filter(|(name, _)| !declared.lists[*name].is_public());
    figures.whose = of_people.map(|(name, list)| (name.clone(), list.keys.clone())).collect();
    let counting_on = figures.indicators.values().filter(|i| declared.counts_on(i, period));
    figures.counting_on = counting_on.map(|i| i.code.clone()).collect();
    figures
}

/// No figures yet, of what is declared.
pub(super) fn new_figures(declared: &Declarations, period: &Period) -> Figures {
    let policies =
        Policies { all: declared.policies.clone(), usual: String::new(), ..Policies::default() };
    let mut figures = Figures::new(*period, IndexMap::new(), policies);
    figures.relations = declared.relations.values().cloned().collect();
    figures
}

/// What this return would have given in an earlier period: who holds the reports of both can hold
/// one against the other. What it cannot give, as it is not told by days, is left out.
pub fn recount(declared: &Declarations, period: &Period, selector: &Selector) -> Vec<Figure> {
    let mut figures = Vec::new();
    let timed = declared.indicators.values().filter(|i| i.people && declared.is_timed(i));
    for indicator in timed {
        let Ok(total) = selector.count(indicator) else { continue };
        // What is wrong with the parts was said of the run's own period.
        let parts = selector.parts(indicator, &total, &mut Problems::default());
        figures.push(counted_figure(indicator, total, period));
        let parts = parts.into_iter().flatten();
        figures.extend(parts.map(|(part, counted)| counted_figure(&part, counted, period)));
    }
    figures
}

fn counted_figure(indicator: &Indicator, counted: Counted, period: &Period) -> Figure {
    let Counted { numerator, denominator, numerator_value, denominator_value, value, tells_of } =
        counted;
    let basis = Basis { numerator, denominator, summed: summed(&indicator.measure), tells_of };
    let figure = calculated(indicator, period, numerator_value, denominator_value, value);
    Figure { basis: Some(basis), ..figure }
}

/// What an indicator adds up, where it does not count.
pub(super) fn summed(measure: &Measure) -> Option<String> {
    match measure.whole().0 {
        Measure::Summary { how: Summary::Sum, each: Each::Column(column), .. } => {
            Some(column.clone())
        }
        Measure::Summary { how: Summary::Sum, each: Each::Function(function), .. } => {
            Some(format!("{function:?}"))
        }
        _ => None,
    }
}

/// The Cover entry that an indicator is a rate of.
fn cover_of<'r>(
    received: &'r Return,
    indicator: &'r Indicator,
) -> Option<(&'r str, &'r CoverEntry)> {
    let Measure::Share { denominator: Denominator::Cover(key), .. } = &indicator.measure else {
        return None;
    };
    Some((key, received.management.cover(key)?))
}

/// A Cover entry that an indicator needs and that is no number.
fn unusable_cover(received: &Return, indicator: &Indicator) -> Option<Problem> {
    let (key, entry) = cover_of(received, indicator)?;
    entry.number.is_none_or(|n| n <= 0.0).then(|| {
        Problem::error(entry.place.clone(), format!("\"{key}\" must be a number above 0"))
            .hint("type the number alone; rates per head are not worked out without it")
    })
}

/// A Cover entry that can hardly be all people that there are, as where it was typed in thousands.
fn too_small_cover(received: &Return, indicator: &Indicator, counted: &Counted) -> Option<Problem> {
    const MOST: f64 = 0.25;
    let (key, entry) = cover_of(received, indicator)?;
    let share = counted.numerator_value? / entry.number?;
    (indicator.people && share > MOST).then(|| {
        let message = format!("\"{key}\" is too small: over a quarter of them are counted");
        Problem::warning(entry.place.clone(), message)
            .hint("type the whole number of people, not thousands of them")
    })
}

fn calculated(
    indicator: &Indicator,
    period: &Period,
    numerator: Option<f64>,
    denominator: Option<f64>,
    value: Option<f64>,
) -> Figure {
    let value = match value {
        Some(value) => FigureValue::Number(value),
        None => FigureValue::Gap {
            symbol: Symbol::NotApplicable,
            wording: "Nobody to count".to_string(),
        },
    };
    Figure {
        numerator,
        denominator,
        ..Figure::new(&indicator.code, Area::Own, *period, value, Origin::Calculated)
    }
}

/// The rows of the Figures sheet by code, with the return's titles, units and targets taken over.
fn typed_rows<'r>(
    received: &'r Return,
    declared: &Declarations,
    figures: &mut Figures,
    problems: &mut Problems,
) -> IndexMap<String, &'r TypedFigure> {
    let mut rows: IndexMap<String, &TypedFigure> = IndexMap::new();
    for row in &received.management.figures {
        let part = || figures.indicators.get(&row.indicator).filter(|i| i.part_of.is_some());
        let code = match declared.indicator_named(&row.indicator).or_else(part) {
            Some(indicator) => indicator.code.clone(),
            None => {
                let near = declared.indicator_like(&row.indicator);
                let problem = if near.is_none() { Problem::note } else { Problem::warning };
                let message = "no figure has this name; it is shown as typed";
                let told = problem(row.place.clone(), message).column("Indicator");
                problems.add(match near {
                    Some(near) => told.hint(near.as_meant()),
                    None => told,
                });
                let code = row.indicator.clone();
                figures.indicators.entry(code.clone()).or_insert_with(|| brought_along(row));
                code
            }
        };
        if rows.insert(code.clone(), row).is_some() {
            problems.add(
                Problem::warning(
                    row.place.clone(),
                    "the indicator stands on the sheet twice; the lower row was used",
                )
                .hint("take one away"),
            );
        }
        let indicator = figures.indicators.get_mut(&code).expect("declared, or put there above");
        if let Some(title) = &row.title {
            indicator.title.clone_from(title);
            figures.typed_titles.push(code.clone());
        }
        if let Some(unit) = row.unit.filter(|unit| *unit != indicator.unit) {
            let message = format!(
                "the sheet says {unit}; the figure is in {}, which was used",
                indicator.unit
            );
            let problem = Problem::warning(row.place.clone(), message).column("Unit");
            problems.add(problem.hint("correct the one that is wrong"));
        }
        if let Some((TypedValue::Number(target), place)) = row.values.get("target") {
            indicator.target = Some(*target);
            indicator.target_at = Some(place.clone());
        }
        // "-2 points" below the target are two points.
        let tolerance = |name| row.value(name).number().map(f64::abs);
        if let Some(both) = tolerance("tolerance") {
            indicator.tolerance = Some(Tolerance { low: both, high: both });
        }
        if tolerance("tolerance_low").is_some() || tolerance("tolerance_high").is_some() {
            indicator.tolerance = Some(Tolerance {
                low: tolerance("tolerance_low").unwrap_or_default(),
                high: tolerance("tolerance_high").unwrap_or_default(),
            });
        }
        if let Some(note) = &row.note {
            figures.notes.insert(code, note.clone());
        }
    }
    rows
}

/// An indicator that only the return knows.
fn brought_along(row: &TypedFigure) -> Indicator {
    let unit = row.unit.unwrap_or(Unit::Number);
    Indicator {
        code: row.indicator.clone(),
        also: Vec::new(),
        title: row.title.clone().unwrap_or_else(|| row.indicator.clone()),
        theme: None,
        unit,
        decimals: unit.decimals(),
        better: crate::definitions::Better::Neither,
        measure: Measure::Typed,
        breakdown: None,
        detail: false,
        part_of: None,
        crossed: None,
        running: false,
        definition: String::new(),
        people: true,
        source: "As typed on the return's Figures sheet".to_string(),
        target: None,
        target_at: None,
        targets_to_come: Vec::new(),
        tolerance: None,
        whole_year: false,
        rate_of: None,
        same_as: Vec::new(),
        published: Vec::new(),
        floor: None,
        thresholds: None,
        policy: None,
        defined_since: None,
        as_written: None,
        place: row.place.clone(),
    }
}

/// The current figure of a row: its value, or its numerator over its denominator.
fn typed_figure(
    indicator: &Indicator,
    row: &TypedFigure,
    period: &Period,
    problems: &mut Problems,
) -> Option<Figure> {
    let number = |name| row.value(name).number();
    let (numerator, denominator) = (number("numerator"), number("denominator"));
    let quotient = match (numerator, denominator) {
        (Some(n), Some(d)) if d > 0.0 => Some(n * indicator.unit.scale() / d),
        _ => None,
    };
    let place =
        |name: &str| row.values.get(name).map_or_else(|| row.place.clone(), |(_, p)| p.clone());
    let value = match (row.value("value"), quotient) {
        (TypedValue::Number(typed), Some(quotient)) => {
            if (typed - quotient).abs() > 0.5 * 10f64.powi(-i32::from(decimals_of(typed))) + 1e-9 {
                problems.add(
                    Problem::warning(
                        place("value"),
                        "the value is not the numerator over the denominator; the two were used",
                    )
                    .column("Value")
                    .hint("correct whichever is wrong"),
                );
            }
            FigureValue::Number(quotient)
        }
        (TypedValue::Number(typed), None) => FigureValue::Number(typed),
        (TypedValue::Wording(wording), _) => {
            FigureValue::Gap { symbol: Symbol::Unavailable, wording }
        }
        (TypedValue::Symbol(symbol), _) => symbol.gap(),
        (TypedValue::Blank, Some(quotient)) => FigureValue::Number(quotient),
        (TypedValue::Blank, None) if denominator == Some(0.0) => FigureValue::Gap {
            symbol: Symbol::NotApplicable,
            wording: "Nobody to count".to_string(),
        },
        (TypedValue::Blank, None) => return None,
    };
    Some(Figure {
        numerator,
        denominator,
        ..Figure::new(&indicator.code, Area::Own, *period, value, Origin::Typed)
    })
}

/// Calculated beats typed, but never without a word.
fn warn_of_difference(
    figure: &Figure,
    row: &TypedFigure,
    indicator: &Indicator,
    problems: &mut Problems,
) {
    if let Some((TypedValue::Wording(wording), place)) = row.values.get("value")
        && !wording.contains(|c: char| c.is_ascii_digit())
    {
        let message = "the lists give this figure, so the words typed for it are not shown";
        problems.add(Problem::note(place.clone(), message).column("Value"));
    }
    let (Some((TypedValue::Number(typed), place)), FigureValue::Number(value)) =
        (row.values.get("value"), &figure.value)
    else {
        return;
    };
    let decimals = decimals_of(*typed).max(indicator.decimals);
    if rounded(*typed, decimals) != rounded(*value, decimals) {
        problems.add(
            Problem::warning(
                place.clone(),
                "the typed value is not what the lists give; the lists were used",
            )
            .column("Value")
            .hint("leave Value blank where the lists count it, or see `rapporteur explain`")
            .hint_in_page("leave Value blank where the lists count it"),
        );
    }
}

/// Derived indicators, again and again until no further one can be worked out from the others.
pub(super) fn derive_rest(
    figures: &mut Figures,
    period: &Period,
    derive: &dyn Derive,
    problems: &mut Problems,
) {
    let mut waiting: Vec<Indicator> = figures
        .indicators
        .values()
        .filter(|i| matches!(i.measure, Measure::Derived { .. }) && figures.own(&i.code).is_none())
        .cloned()
        .collect();
    loop {
        let before = waiting.len();
        waiting.retain(|indicator| {
            let Measure::Derived { from, function } = &indicator.measure else { return false };
            let values = from.iter().map(|code| figures.own(code)?.value.number());
            let Some(values) = values.collect::<Option<Vec<f64>>>() else { return true };
            match derive.derive(*function, &values) {
                Ok(None) => {
                    let why = format!(
                        "`{}` has no value: its function gives none for {} as they are",
                        indicator.code,
                        listed(from)
                    );
                    problems.add(
                        Problem::note(indicator.place.clone(), why).hint(
                            "it divides by a figure that is 0; it is printed as not applicable",
                        ),
                    );
                    figures.figures.push(calculated(indicator, period, None, None, None));
                }
                Ok(Some((numerator, denominator))) => {
                    let value = match denominator {
                        None => Some(numerator),
                        Some(d) => (d > 0.0).then(|| numerator * indicator.unit.scale() / d),
                    };
                    figures.figures.push(calculated(
                        indicator,
                        period,
                        Some(numerator),
                        denominator,
                        value,
                    ));
                }
                Err(problem) => {
                    problems.add(problem.context(format!("working out `{}`", indicator.code)))
                }
            }
            false
        });
        if waiting.len() == before {
            return;
        }
    }
}

/// Whether an indicator is made from the lists, for messages.
pub fn needs_lists(indicator: &Indicator) -> bool {
    match indicator.measure.whole().0 {
        Measure::Count { .. } | Measure::Summary { .. } => true,
        Measure::Share { denominator, .. } => {
            matches!(denominator, Denominator::Records { .. } | Denominator::Cover(_))
        }
        Measure::Part { .. } | Measure::Derived { .. } | Measure::Typed => false,
    }
}
