//! Comparators: the same indicator elsewhere or at another time, set beside the council's own figure.

use indexmap::IndexMap;

use crate::figure::{Area, Figure, FigureValue, Figures, Origin, Symbol, decimals_of};
use crate::period::Period;
use crate::returns::{TypedFigure, TypedValue};

/// The comparators that a Figures sheet may give: heading, area, and whether and how the period is another.
type Typed = (&'static str, Area, fn(&Period) -> Period);

const TYPED: [Typed; 6] = [
    ("previous_outturn", Area::Own, Period::previous_year),
    ("previous_quarter", Area::Own, Period::previous_quarter),
    ("same_period_last_year", Area::Own, Period::same_period_last_year),
    ("statistical_neighbours", Area::StatisticalNeighbours, |p| *p),
    ("region", Area::Region, |p| *p),
    ("england", Area::England, |p| *p),
];

/// Where a comparator's name points: whose figure, of which period.
pub fn named(name: &str, period: &Period) -> Option<(Area, Period)> {
    TYPED.iter().find(|(n, ..)| *n == name).map(|(_, area, when)| (*area, when(period)))
}

/// Every name that [`named`] knows.
pub fn names() -> impl Iterator<Item = &'static str> {
    TYPED.iter().map(|(name, ..)| *name)
}

/// Whether a comparator is the council itself at another time.
pub fn is_own(name: &str) -> bool {
    TYPED.iter().any(|(n, area, _)| *n == name && *area == Area::Own)
}

/// Makes figures of the comparators that managers typed, and settles how many decimals a typed row has.
pub fn from_figures_sheet(rows: &IndexMap<String, &TypedFigure>, period: &Period, figures: &mut Figures) {
    for (code, row) in rows {
        for (name, area, when) in TYPED {
            let value = match row.value(name) {
                TypedValue::Blank => continue,
                TypedValue::Number(n) => FigureValue::Number(n),
                TypedValue::Wording(wording) => FigureValue::Gap { symbol: Symbol::Unavailable, wording },
            };
            figures.figures.push(Figure {
                indicator: code.clone(),
                area,
                period: when(period),
                numerator: None,
                denominator: None,
                value,
                origin: Origin::Typed,
                decimals: None,
                dated: area == Area::Own,
            });
        }
        // What managers typed keeps the decimals that they gave it: 90% stays 90%, beside 80.8% of another.
        let own = figures.own(code);
        let typed_as_is = own.is_some_and(|f| f.origin == Origin::Typed && f.denominator.is_none());
        if typed_as_is {
            let numbers = row.values.iter().filter(|(name, _)| **name == "value" || named(name, period).is_some());
            let decimals = numbers.filter_map(|(_, (v, _))| v.number()).map(decimals_of).max().unwrap_or(0);
            let indicator = figures.indicators.get_mut(code).expect("every row has its indicator");
            indicator.decimals = decimals.min(indicator.decimals.max(1));
        }
    }
}
