//! Figures: one indicator, for one area, in one period.
//!
//! Everything is a figure: calculated from lists, typed by a manager, published, remembered. A figure keeps
//! its numerator and denominator and its value unrounded; it is rounded once, when it is shown.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::comparators::Elsewhere;
use crate::declare::{
    Declarations, Denominator, Each, Function, Indicator, Measure, Policies, Summary, Tolerance, Unit,
};
use crate::period::Period;
use crate::problem::{Problem, Problems, did_you_mean};
use crate::published::Group;
use crate::returns::{Return, TypedFigure, TypedValue};
pub use crate::rounding::{decimals_of, grouped, in_words, rounded};
use crate::select::{Counted, Selection, Selector, Stop};

/// Whose figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// The council that the return is about.
    Own,
    /// The average of its statistical neighbours.
    StatisticalNeighbours,
    /// Its region.
    Region,
    /// England.
    England,
    /// Another council.
    Council(AreaCode),
}

/// A council's nine-character code, such as E06000015: names are spelt in many ways, codes in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode([u8; 9]);

impl AreaCode {
    /// The code, where the text is one: a capital letter and eight digits.
    pub fn parse(text: &str) -> Option<AreaCode> {
        let bytes: [u8; 9] = text.trim().to_ascii_uppercase().as_bytes().try_into().ok()?;
        let proper = bytes[0].is_ascii_uppercase() && bytes[1..].iter().all(u8::is_ascii_digit);
        proper.then_some(AreaCode(bytes))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a code is made of letters and digits")
    }
}

/// Why there is no number, by the Government's data symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// c: confidential.
    Confidential,
    /// z: not applicable, such as a percentage of nobody.
    NotApplicable,
    /// x: not available for other reasons.
    Unavailable,
    /// k: rounds to 0 but is not 0.
    RoundsToZero,
    /// low: rounds to 0 but is not 0, in some releases.
    Low,
    /// u: of low reliability.
    LowReliability,
}

impl Symbol {
    /// The symbol as data files write it.
    pub fn code(self) -> &'static str {
        match self {
            Symbol::Confidential => "c",
            Symbol::NotApplicable => "z",
            Symbol::Unavailable => "x",
            Symbol::RoundsToZero => "k",
            Symbol::Low => "low",
            Symbol::LowReliability => "u",
        }
    }

    /// What it says, in a cell.
    pub fn words(self) -> &'static str {
        match self {
            Symbol::Confidential => "Suppressed",
            Symbol::NotApplicable => "Not applicable",
            Symbol::Unavailable => "Not available",
            Symbol::RoundsToZero | Symbol::Low => "Rounds to 0",
            Symbol::LowReliability => "Unreliable",
        }
    }

    /// The symbol of a code.
    pub fn of_code(code: &str) -> Option<Symbol> {
        use Symbol::{Confidential, Low, LowReliability, NotApplicable, RoundsToZero, Unavailable};
        let all = [Confidential, NotApplicable, Unavailable, RoundsToZero, Low, LowReliability];
        all.into_iter().find(|s| s.code() == code)
    }
}

/// A figure's value, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum FigureValue {
    /// Unrounded, in the indicator's unit; percentages from 0 to 100.
    Number(f64),
    /// No number.
    Gap {
        /// Why, as a symbol.
        symbol: Symbol,
        /// In words: the return's own, where it has any.
        wording: String,
    },
}

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Counted from the return's lists.
    Calculated,
    /// Typed on the Figures sheet.
    Typed,
    /// Published by DfE, or averaged from what is.
    Published,
    /// Printed in an earlier report.
    History,
}

impl Origin {
    /// As `figures.csv` writes it.
    pub fn word(self) -> &'static str {
        match self {
            Origin::Calculated => "calculated",
            Origin::Typed => "typed",
            Origin::Published => "published",
            Origin::History => "history",
        }
    }
}

/// What is known of how a figure was published before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Background {
    /// The release that it is from.
    pub release: Option<String>,
    /// What it was when it was last printed, where that is something else.
    pub restated: Option<Restated>,
    /// The council's own figure of a year that is not published yet.
    pub provisional: bool,
    /// How many councils went into an average, out of how many of the group.
    pub average_of: Option<(usize, usize)>,
    /// Whether an earlier report printed it as it is now: then nothing can hide it any more.
    pub printed_before: bool,
}

/// A figure as it was before it was restated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restated {
    /// As it was printed.
    pub was: String,
    /// Where: `the 2023 release`, `the report for 2023/24`.
    pub was_in: String,
}

/// Where a council stands among others by polarity, as DfE's Local Authority Interactive Tool ranks: 1 is the
/// best, and equals share the better rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The year.
    pub period: Period,
    /// Its rank among all councils of England that have a figure.
    pub rank: usize,
    /// How many these are.
    pub of: usize,
    /// Its rank in its own group, and how many that has with it.
    pub in_group: Option<(usize, usize)>,
    /// The quarter of England's councils that it is in, from A (the best) to D.
    pub band: char,
}

/// One indicator, for one area, in one period.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The indicator's code.
    pub indicator: String,
    /// Whose.
    pub area: Area,
    /// When.
    pub period: Period,
    /// How many, or the sum for a mean.
    pub numerator: Option<f64>,
    /// Out of how many.
    pub denominator: Option<f64>,
    /// What it comes to.
    pub value: FigureValue,
    /// Where it comes from.
    pub origin: Origin,
    /// Decimals that it was published or typed with, where they are fewer than the indicator's.
    pub decimals: Option<u8>,
    /// Whether `period` is known to be its own. A comparator that was typed without its year is shown beside
    /// the run's period and says no year.
    pub dated: bool,
    /// How it was published before.
    pub background: Background,
    /// The records that it was counted from, where it was.
    pub basis: Option<Basis>,
}

/// The records that a figure was counted from. Those that two figures share decide what one tells of the other, so
/// disclosure control needs them; they go no further.
#[derive(Debug, Clone)]
pub struct Basis {
    /// Those of the numerator.
    pub numerator: Rc<Selection>,
    /// Those of the denominator, where it is made of records.
    pub denominator: Option<Rc<Selection>>,
    /// What is added up over them, where they are not counted one by one.
    pub summed: Option<String>,
}

impl Figure {
    /// A figure of which the value alone is known.
    pub fn new(indicator: impl Into<String>, area: Area, period: Period, value: FigureValue, origin: Origin) -> Figure {
        Figure {
            indicator: indicator.into(),
            area,
            period,
            numerator: None,
            denominator: None,
            value,
            origin,
            decimals: None,
            dated: true,
            background: Background::default(),
            basis: None,
        }
    }
}

/// All figures of a run, and what each measures: declared indicators, and those that the return brings.
#[derive(Debug)]
pub struct Figures {
    /// The period of the run.
    pub period: Period,
    /// What is measured, by code, in the scripts' order; titles and targets are the return's where it has any.
    pub indicators: IndexMap<String, Indicator>,
    /// The figures.
    pub figures: Vec<Figure>,
    /// Indicators that have a title typed on the Figures sheet.
    pub typed_titles: Vec<String>,
    /// The notes typed beside figures, by indicator.
    pub notes: IndexMap<String, String>,
    /// Where the council stands among others, by indicator.
    pub standings: IndexMap<String, Standing>,
    /// The councils that neighbours' averages are made of.
    pub group: Group,
    /// The status policies, and which one is usual.
    pub policies: Policies,
}

/// Works out a derived figure by a script's function.
pub trait Derive {
    /// Calls the function with the values; gives a value, or a numerator and a denominator.
    fn derive(&self, function: Function, values: &[f64]) -> Result<(f64, Option<f64>), Box<Problem>>;
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
    let policies = Policies { all: declared.policies.clone(), usual: String::new() };
    let mut figures = Figures::new(*period, IndexMap::new(), policies);
    let mut counted: IndexMap<String, Figure> = IndexMap::new();
    let count = |indicator: &Indicator, result: Counted| {
        let Counted { numerator, denominator, numerator_value, denominator_value, value } = result;
        let basis = Basis { numerator, denominator, summed: summed(&indicator.measure) };
        let figure = calculated(indicator, period, numerator_value, denominator_value, value);
        (indicator.code.clone(), Figure { basis: Some(basis), ..figure })
    };
    for indicator in declared.indicators.values() {
        figures.indicators.insert(indicator.code.clone(), indicator.clone());
        if matches!(indicator.measure, Measure::Typed | Measure::Derived { .. }) {
            continue;
        }
        match selector.count(indicator) {
            Ok(result) => {
                let parts = selector.parts(indicator, &result, problems);
                counted.extend([count(indicator, result)]);
                match parts {
                    Ok(parts) => {
                        for (part, result) in parts {
                            counted.extend([count(&part, result)]);
                            figures.indicators.insert(part.code.clone(), part);
                        }
                    }
                    Err(Stop::Unavailable(_)) => {}
                    Err(Stop::Fault(problem)) => {
                        problems.add(problem.context(format!("breaking down `{}`", indicator.code)));
                    }
                }
            }
            // What the return does not have is a gap; what it has and cannot be used is a fault.
            Err(Stop::Unavailable(_)) => problems.extend(unusable_cover(received, indicator)),
            Err(Stop::Fault(problem)) => problems.add(problem.context(format!("working out `{}`", indicator.code))),
        }
    }
    let typed = typed_rows(received, declared, &mut figures, problems);
    for (code, row) in &typed {
        match counted.get(code.as_str()) {
            Some(figure) => warn_of_difference(figure, row, &figures.indicators[code], problems),
            None => {
                if let Some(figure) = typed_figure(&figures.indicators[code], row, period, problems) {
                    figures.figures.push(figure);
                }
            }
        }
    }
    figures.figures.extend(counted.into_values());
    derive_rest(&mut figures, period, derive, problems);
    crate::comparators::complete(&typed, elsewhere, &mut figures, problems);
    figures
}

/// What an indicator adds up, where it does not count.
fn summed(measure: &Measure) -> Option<String> {
    match measure.whole().0 {
        Measure::Summary { how: Summary::Sum, each: Each::Column(column), .. } => Some(column.clone()),
        Measure::Summary { how: Summary::Sum, each: Each::Function(function), .. } => Some(format!("{function:?}")),
        _ => None,
    }
}

/// A Cover entry that an indicator needs and that is no number.
fn unusable_cover(received: &Return, indicator: &Indicator) -> Problems {
    let mut problems = Problems::default();
    if let Measure::Share { denominator: Denominator::Cover(key), .. } = &indicator.measure
        && let Some(entry) = received.management.cover(key)
        && entry.number.is_none_or(|n| n <= 0.0)
    {
        let problem = Problem::error(entry.place.clone(), format!("\"{key}\" must be a number above 0"));
        problems.add(problem.hint("type the number alone; rates per head are not worked out without it"));
    }
    problems
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
        None => FigureValue::Gap { symbol: Symbol::NotApplicable, wording: "Nobody to count".to_string() },
    };
    Figure { numerator, denominator, ..Figure::new(&indicator.code, Area::Own, *period, value, Origin::Calculated) }
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
                let guess = did_you_mean(&row.indicator, declared.indicators.keys().map(String::as_str));
                let problem = if guess.is_empty() { Problem::note } else { Problem::warning };
                problems.add(
                    problem(
                        row.place.clone(),
                        format!("no script declares this indicator; it is shown as typed{guess}"),
                    )
                    .column("Indicator"),
                );
                let code = row.indicator.clone();
                figures.indicators.entry(code.clone()).or_insert_with(|| brought_along(row));
                code
            }
        };
        if rows.insert(code.clone(), row).is_some() {
            problems.add(
                Problem::warning(row.place.clone(), "the indicator stands on the sheet twice; the lower row was used")
                    .hint("take one away"),
            );
        }
        let indicator = figures.indicators.get_mut(&code).expect("declared, or put there above");
        if let Some(title) = &row.title {
            indicator.title.clone_from(title);
            figures.typed_titles.push(code.clone());
        }
        if let Some(unit) = row.unit.filter(|unit| *unit != indicator.unit) {
            let message = format!("the sheet says {unit}, the script says {}; the script's was used", indicator.unit);
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
        better: crate::declare::Better::Neither,
        measure: Measure::Typed,
        breakdown: None,
        detail: false,
        part_of: None,
        running: false,
        definition: String::new(),
        people: true,
        source: "As typed on the return's Figures sheet".to_string(),
        target: None,
        target_at: None,
        tolerance: None,
        whole_year: false,
        rate_of: None,
        same_as: Vec::new(),
        published: Vec::new(),
        floor: None,
        thresholds: None,
        policy: None,
        defined_since: None,
        place: row.place.clone(),
    }
}

/// The current figure of a row: its value, or its numerator over its denominator.
fn typed_figure(indicator: &Indicator, row: &TypedFigure, period: &Period, problems: &mut Problems) -> Option<Figure> {
    let number = |name| row.value(name).number();
    let (numerator, denominator) = (number("numerator"), number("denominator"));
    let quotient = match (numerator, denominator) {
        (Some(n), Some(d)) if d > 0.0 => Some(n * indicator.unit.scale() / d),
        _ => None,
    };
    let place = |name: &str| row.values.get(name).map_or_else(|| row.place.clone(), |(_, p)| p.clone());
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
        (TypedValue::Wording(wording), _) => FigureValue::Gap { symbol: Symbol::Unavailable, wording },
        (TypedValue::Blank, Some(quotient)) => FigureValue::Number(quotient),
        (TypedValue::Blank, None) if denominator == Some(0.0) => {
            FigureValue::Gap { symbol: Symbol::NotApplicable, wording: "Nobody to count".to_string() }
        }
        (TypedValue::Blank, None) => return None,
    };
    Some(Figure { numerator, denominator, ..Figure::new(&indicator.code, Area::Own, *period, value, Origin::Typed) })
}

/// Calculated beats typed, but never without a word.
fn warn_of_difference(figure: &Figure, row: &TypedFigure, indicator: &Indicator, problems: &mut Problems) {
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
                format!("the typed value of `{}` is not what the lists give; the lists were used", figure.indicator),
            )
            .column("Value")
            .hint("leave Value blank for indicators that are counted from lists, or see `rapporteur explain`"),
        );
    }
}

/// Derived indicators, again and again until no further one can be worked out from the others.
fn derive_rest(figures: &mut Figures, period: &Period, derive: &dyn Derive, problems: &mut Problems) {
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
            let values: Option<Vec<f64>> = from
                .iter()
                .map(|code| match figures.own(code)?.value {
                    FigureValue::Number(n) => Some(n),
                    FigureValue::Gap { .. } => None,
                })
                .collect();
            let Some(values) = values else { return true };
            match derive.derive(*function, &values) {
                Ok((numerator, denominator)) => {
                    let value = match denominator {
                        None => Some(numerator),
                        Some(d) => (d > 0.0).then(|| numerator * indicator.unit.scale() / d),
                    };
                    figures.figures.push(calculated(indicator, period, Some(numerator), denominator, value));
                }
                Err(problem) => problems.add(problem.context(format!("working out `{}`", indicator.code))),
            }
            false
        });
        if waiting.len() == before {
            return;
        }
    }
}

impl Figures {
    /// No figures yet.
    pub fn new(period: Period, indicators: IndexMap<String, Indicator>, policies: Policies) -> Figures {
        Figures {
            period,
            indicators,
            figures: Vec::new(),
            typed_titles: Vec::new(),
            notes: IndexMap::new(),
            standings: IndexMap::new(),
            group: Group::default(),
            policies,
        }
    }

    /// The council's own figure of the period.
    pub fn own(&self, code: &str) -> Option<&Figure> {
        self.figures.iter().find(|f| f.indicator == code && f.area == Area::Own && f.period == self.period)
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
