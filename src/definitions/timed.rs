//! How an indicator follows the calendar: whether what it counts is told by days in the records,
//! so that a return of today can say what it was in June; and whether it counts on from the year's
//! first day, so that the report for half a year holds the first quarter's records again.

use super::{
    Conditions, Declarations, Denominator, Indicator, LONGEST_CHAIN, Matcher, Measure, Numerator,
    Point, Span, When, Window,
};
use crate::nouns::period::Period;

impl Declarations {
    /// Whether its records are chosen by days in them. A list without any is as it is today.
    pub fn is_timed(&self, indicator: &Indicator) -> bool {
        Timing { declared: self, asks: Asks::AnyTime }.measure(&indicator.measure)
    }

    /// Whether it counts on from the year's first day in reports for such periods: it says so, or
    /// it is declared by a stretch of time that begins then. What a script's function asks nobody
    /// can see, so where days matter it may.
    pub fn counts_on(&self, indicator: &Indicator, period: &Period) -> bool {
        let from_april = period.start == period.year_start();
        let asks = Asks::SinceYearBegan { from_april, functions: self.is_timed(indicator) };
        indicator.whole_year || Timing { declared: self, asks }.measure(&indicator.measure)
    }
}

/// What is looked for in a declaration.
#[derive(Clone, Copy)]
enum Asks {
    /// Days in the records themselves; ages and linked records do not choose them.
    AnyTime,
    /// A stretch that begins with the year.
    SinceYearBegan {
        /// Whether the report's own period begins with the year.
        from_april: bool,
        /// Whether a function may be one.
        functions: bool,
    },
}

struct Timing<'d> {
    declared: &'d Declarations,
    asks: Asks,
}

impl Timing<'_> {
    fn measure(&self, measure: &Measure) -> bool {
        match measure {
            Measure::Count { of, numerator } => self.population(of, 0) || self.numerator(numerator),
            Measure::Share { numerator, denominator } => {
                self.numerator(numerator)
                    || match denominator {
                        Denominator::Records { of, conditions } => {
                            self.population(of, 0) || self.conditions(conditions, 0)
                        }
                        Denominator::Cover(_) => false,
                    }
            }
            Measure::Summary { of, conditions, .. } => {
                self.population(of, 0) || self.conditions(conditions, 0)
            }
            Measure::Part { of, conditions } => self.measure(of) || self.conditions(conditions, 0),
            Measure::Derived { .. } | Measure::Typed => false,
        }
    }

    fn numerator(&self, numerator: &Numerator) -> bool {
        match numerator {
            Numerator::Where(conditions) => self.conditions(conditions, 0),
            Numerator::Population(name) => self.population(name, 0),
        }
    }

    fn population(&self, name: &str, depth: usize) -> bool {
        let Some(population) = self.declared.populations.get(name) else { return false };
        if depth > LONGEST_CHAIN {
            return false;
        }
        let by_its_span = match population.when {
            Some(When::During(Span(window))) => self.window(window),
            Some(When::AsAt(_)) => matches!(self.asks, Asks::AnyTime),
            None => false,
        };
        by_its_span
            || self.conditions(&population.conditions, depth + 1)
            || self.population(&population.from, depth + 1)
    }

    fn conditions(&self, conditions: &Conditions, depth: usize) -> bool {
        let (linked, functions) = match self.asks {
            Asks::AnyTime => (false, false),
            Asks::SinceYearBegan { functions, .. } => (true, functions),
        };
        let mut inner = conditions.all.iter().chain(conditions.either.iter().flatten());
        (functions && conditions.function.is_some())
            || conditions.fields.iter().any(|(_, matcher)| self.matcher(matcher, depth))
            || (linked && conditions.fields.iter().any(|(of, _)| self.population(of, depth + 1)))
            || inner.any(|inner| self.conditions(inner, depth))
    }

    fn matcher(&self, matcher: &Matcher, depth: usize) -> bool {
        match (matcher, self.asks) {
            (Matcher::Within(stretch), _) => self.window(stretch.window),
            (Matcher::From(..) | Matcher::UpTo(..), Asks::AnyTime) => true,
            (Matcher::From(moment, _), Asks::SinceYearBegan { from_april, .. }) => {
                match moment.from {
                    Point::YearStart | Point::Fixed(_) => true,
                    Point::PeriodStart => from_april,
                    Point::PeriodEnd | Point::YearEnd => false,
                }
            }
            (Matcher::OneOf(these) | Matcher::NoneOf(these) | Matcher::AllOf(these), _) => {
                these.iter().any(|inner| self.matcher(inner, depth))
            }
            (
                Matcher::Linked(conditions) | Matcher::NoLinked(conditions),
                Asks::SinceYearBegan { .. },
            ) => self.conditions(conditions, depth + 1),
            _ => false,
        }
    }

    fn window(&self, window: Window) -> bool {
        match (self.asks, window) {
            (Asks::AnyTime, _) => true,
            (_, Window::YearToDate | Window::Year) => true,
            (Asks::SinceYearBegan { from_april, .. }, Window::Period) => from_april,
            (_, Window::Quarter | Window::Month | Window::LastMonths(_)) => false,
        }
    }
}
