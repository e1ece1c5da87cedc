//! A [`Shown`]: a [`Figure`] after disclosure control.
//!
//! Commentary, layouts and writers accept nothing but what is shown, so no sentence, cell or
//! property can leak a number that a rule hides. The fields of `Shown` are private to this file for
//! that reason.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::GivenAway;
use crate::definitions::{Indicator, Policies, Rule};
use crate::figures::all::Figures;
use crate::intake::published::Group;
use crate::nouns::area::Area;
use crate::nouns::comparator::Comparator;
use crate::nouns::figure::{Background, Figure, FigureValue, Origin, Restated, Standing, Symbol};
use crate::nouns::numbers::{grouped, in_pounds, rounded};
use crate::nouns::period::Period;
use crate::nouns::unit::Unit;

/// A figure after disclosure control, rounded.
#[derive(Debug, Clone)]
pub struct Shown {
    indicator: String,
    area: Area,
    period: Period,
    unit: Unit,
    decimals: u8,
    numerator: Option<f64>,
    denominator: Option<f64>,
    value: FigureValue,
    origin: Origin,
    dated: bool,
    background: Background,
}

/// Everything that may be shown, by indicator.
#[derive(Debug)]
pub struct ShownFigures {
    /// The period of the run.
    pub period: Period,
    /// What is measured.
    pub indicators: IndexMap<String, Indicator>,
    /// Indicators whose title was typed on the return's Figures sheet: shown word for word.
    pub typed_titles: Vec<String>,
    /// Notes typed beside figures.
    pub notes: IndexMap<String, String>,
    /// The status policies.
    pub policies: Policies,
    /// The rule that was in force.
    pub rule: Rule,
    /// The councils that neighbours' averages are made of.
    pub group: Group,
    /// What earlier reports hid and gave away between them.
    pub given_away: Vec<GivenAway>,
    standings: IndexMap<String, Standing>,
    shown: Vec<Shown>,
    /// Where each indicator's figures are in `shown`.
    places: HashMap<String, Vec<usize>>,
}

impl Shown {
    /// The figure as the rule lets it be shown; hidden where that was found to be needed.
    pub(super) fn of(figure: &Figure, indicator: &Indicator, rule: &Rule, hidden: bool) -> Shown {
        let whole = rule.whole_percentages && indicator.unit == Unit::Percentage;
        let mut shown = Shown {
            indicator: figure.indicator.clone(),
            area: figure.area,
            period: figure.period,
            unit: indicator.unit,
            decimals: if whole { 0 } else { figure.decimals.unwrap_or(indicator.decimals) },
            numerator: figure.numerator,
            denominator: figure.denominator,
            value: figure.value.clone(),
            origin: figure.origin,
            dated: figure.dated,
            background: figure.background.clone(),
        };
        if let Some(to) = rule.round.filter(|_| is_controlled(figure, indicator)) {
            shown.round(figure, to);
        }
        if let (true, FigureValue::Number(n)) =
            (whole && is_controlled(figure, indicator), &mut shown.value)
        {
            *n = rounded(*n, 0).parse().unwrap_or(*n);
        }
        if hidden {
            let symbol = Symbol::Confidential;
            shown.value = FigureValue::Gap { symbol, wording: symbol.words().to_string() };
            (shown.numerator, shown.denominator) = (None, None);
        }
        // What was printed before stands beside what can be seen now, or nowhere.
        let same = shown.restated().is_some_and(|restated| restated.was == shown.text());
        if same || (hidden && is_controlled(figure, indicator)) {
            shown.background.restated = None;
        }
        shown
    }

    /// Rounds counts, and works the value out from them anew.
    fn round(&mut self, figure: &Figure, to: f64) {
        let near = |n: f64| (n / to).round() * to;
        // What stands on the Cover, such as a population, is no count of the return.
        let counted = figure.basis.as_ref().is_none_or(|basis| basis.denominator.is_some());
        let denominator = if counted { self.denominator.map(near) } else { self.denominator };
        match (self.unit, &mut self.value) {
            (Unit::Number, FigureValue::Number(n)) => *n = near(*n),
            (Unit::Percentage | Unit::Rate(_), value @ FigureValue::Number(_)) => {
                if let (Some(n), Some(d)) = (self.numerator.map(near), denominator) {
                    *value = match d > 0.0 {
                        true => FigureValue::Number(n * self.unit.scale() / d),
                        false => FigureValue::Gap {
                            symbol: Symbol::Confidential,
                            wording: Symbol::Confidential.words().to_string(),
                        },
                    };
                }
            }
            // The sum behind an average would tell the count.
            (Unit::Average | Unit::Median, _) => self.numerator = None,
            _ => {}
        }
        (self.numerator, self.denominator) = (self.numerator.map(near), denominator);
    }
}

/// Whether a rule has a say in it: the council's own, of people, and not published by DfE already.
pub(super) fn is_controlled(figure: &Figure, indicator: &Indicator) -> bool {
    figure.area == Area::Own && figure.origin != Origin::Published && indicator.people
}

impl ShownFigures {
    pub(super) fn new(rule: Rule, figures: Figures, shown: Vec<Shown>) -> ShownFigures {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, one) in shown.iter().enumerate() {
            match places.get_mut(&one.indicator) {
                Some(these) => these.push(index),
                None => drop(places.insert(one.indicator.clone(), vec![index])),
            }
        }
        ShownFigures {
            period: figures.period,
            indicators: figures.indicators,
            typed_titles: figures.typed_titles,
            notes: figures.notes,
            policies: figures.policies,
            rule,
            group: figures.group,
            given_away: Vec::new(),
            standings: figures.standings,
            shown,
            places,
        }
    }
}

impl ShownFigures {
    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Shown> {
        self.shown.iter()
    }

    /// All of an indicator.
    pub fn of<'a>(&'a self, code: &str) -> impl Iterator<Item = &'a Shown> + use<'a> {
        self.places.get(code).into_iter().flatten().map(|index| &self.shown[*index])
    }

    /// Where the council stands among others. Published figures alone go into it, so no rule hides
    /// it; where the council's own published figure is hidden there is none.
    pub fn standing(&self, code: &str) -> Option<&Standing> {
        let standing = self.standings.get(code)?;
        let own = self.of(code).find(|s| s.area == Area::Own && s.period == standing.period);
        own.is_none_or(|own| own.value().is_some()).then_some(standing)
    }

    /// What people call an indicator that is shown.
    pub fn title(&self, code: &str) -> &str {
        &self.indicators[code].title
    }

    /// The council's own figure of the run's period.
    pub fn own(&self, code: &str) -> Option<&Shown> {
        self.at(code, Area::Own, &self.period)
    }

    /// What a comparator's name points to for an indicator: of another area, the latest figure up
    /// to the run's period.
    pub fn comparator(&self, code: &str, comparator: Comparator) -> Option<&Shown> {
        let area = comparator.area();
        if area == Area::Own {
            return self.at(code, area, &comparator.when(&self.period));
        }
        let theirs = self.of(code).filter(|s| s.area == area);
        theirs.filter(|s| s.period.end <= self.period.end).max_by_key(|s| s.period.end)
    }

    /// The cells of a part's row in a table of two breakdowns, in the order of its columns; where
    /// none is named, the totals of the columns.
    pub fn crossed<'a>(
        &'a self,
        code: &'a str,
        row: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Indicator> {
        self.indicators.values().filter(move |i| {
            i.part_of.as_deref() == Some(code)
                && i.crossed.as_ref().is_some_and(|crossed| crossed.row.as_deref() == row)
        })
    }

    /// The parts of an indicator that is broken down, in their order, without their running totals.
    pub fn parts<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a str> {
        let parts = self.indicators.values().filter(move |i| {
            i.part_of.as_deref() == Some(code) && !i.running && i.crossed.is_none()
        });
        parts.map(|i| i.code.as_str())
    }

    /// The running total up to a part.
    pub fn running(&self, code: &str) -> Option<&Shown> {
        let part = self.indicators.get_index_of(code)?;
        // It is made right behind its part.
        let (_, next) = self.indicators.get_index(part + 1)?;
        let same = next.running && next.part_of == self.indicators[part].part_of;
        (same && !self.indicators[part].running).then(|| self.own(&next.code)).flatten()
    }

    /// What a part is of its total, of a hundred; none where either is not shown.
    pub fn share(&self, code: &str) -> Option<f64> {
        let total = self.indicators.get(code)?.part_of.as_ref()?;
        let (part, total) = (self.own(code)?.value()?, self.own(total)?.value()?);
        (total > 0.0).then(|| part * 100.0 / total)
    }

    /// An indicator's figure of an area and a period.
    pub fn at(&self, code: &str, area: Area, period: &Period) -> Option<&Shown> {
        self.of(code).find(|s| s.area == area && s.period == *period)
    }
}

impl Shown {
    /// The indicator's code.
    pub fn indicator(&self) -> &str {
        &self.indicator
    }

    /// Whose figure it is.
    pub fn area(&self) -> Area {
        self.area
    }

    /// When.
    pub fn period(&self) -> &Period {
        &self.period
    }

    /// In what it is expressed.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// Decimals shown.
    pub fn decimals(&self) -> u8 {
        self.decimals
    }

    /// Whether its period is known to be its own.
    pub fn dated(&self) -> bool {
        self.dated
    }

    /// Where it comes from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The release that it is from.
    pub fn release(&self) -> Option<&str> {
        self.background.release.as_deref()
    }

    /// How many councils went into an average, out of how many of the group.
    pub fn average_of(&self) -> Option<(usize, usize)> {
        self.background.average_of
    }

    /// What it was when it was last printed, where that is something else and may be told.
    pub fn restated(&self) -> Option<&Restated> {
        self.background.restated.as_ref()
    }

    /// What marks it where it is printed: `[p]` provisional, `[r]` revised, `[f]` a
    /// forecast.
    pub fn mark(&self) -> Option<&'static str> {
        if self.background.forecast {
            return Some("[f]");
        }
        match (self.background.provisional, self.restated()) {
            (true, _) => Some("[p]"),
            (false, Some(_)) => Some("[r]"),
            _ => None,
        }
    }

    /// How many, where that may be told.
    pub fn numerator(&self) -> Option<f64> {
        self.numerator
    }

    /// Out of how many, where that may be told.
    pub fn denominator(&self) -> Option<f64> {
        self.denominator
    }

    /// The unrounded value, where it may be told: for `figures.csv` and comparisons.
    pub fn value(&self) -> Option<f64> {
        self.value.number()
    }

    /// Why there is no number.
    pub fn symbol(&self) -> Option<Symbol> {
        match &self.value {
            FigureValue::Number(_) => None,
            FigureValue::Gap { symbol, .. } => Some(*symbol),
        }
    }

    /// The wording of a gap.
    pub fn wording(&self) -> Option<&str> {
        match &self.value {
            FigureValue::Number(_) => None,
            FigureValue::Gap { wording, .. } => Some(wording),
        }
    }

    /// The value as the appendix prints it, rounded: a number without separators or sign of unit.
    pub fn printed_number(&self) -> Option<String> {
        self.value().map(|n| rounded(n, self.decimals))
    }

    /// The value in words: `80.8%`, `1,234`, `95.2`, or the gap's wording.
    pub fn text(&self) -> String {
        match (&self.value, self.printed_number()) {
            (FigureValue::Gap { wording, .. }, _) => wording.clone(),
            (_, Some(number)) if self.unit == Unit::Percentage => format!("{number}%"),
            (_, Some(number)) if self.unit == Unit::Pounds => in_pounds(&number),
            (_, Some(number)) => grouped(&number),
            (_, None) => String::new(),
        }
    }
}
