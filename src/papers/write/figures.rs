//! `figures.csv`: every figure as one tidy row, suppressed as the appendix is.

use super::table::table_csv;
use crate::figures::suppress::ShownFigures;
use crate::intake::history::AREA_TYPES;
use crate::nouns::area::{Area, Areas};
use crate::nouns::problem::Problem;

const COLUMNS: [&str; 18] = [
    "indicator",
    "title",
    "unit",
    "area_type",
    "area",
    "area_code",
    "period",
    "period_end",
    "numerator",
    "denominator",
    "value",
    "symbol",
    "printed",
    "origin",
    "release",
    "mark",
    "was",
    "reported_in",
];

fn area_type(area: Area) -> &'static str {
    AREA_TYPES.iter().find(|(one, _)| *one == area).map_or("council", |(_, word)| word)
}

/// The table as CSV: sorted by indicator, area and period. Of other councils it has those of the
/// group.
pub fn figures_csv(shown: &ShownFigures, areas: &Areas) -> Result<Vec<u8>, Problem> {
    let number = |n: Option<f64>| n.map_or(String::new(), |n| format!("{n}"));
    let mut rows: Vec<(Area, [String; 18])> = shown
        .iter()
        .filter(|figure| match figure.area() {
            Area::Council(code) => shown.group.councils.contains(&code),
            _ => true,
        })
        .map(|figure| {
            let whose = figure.area();
            let row = [
                figure.indicator().to_string(),
                shown.indicators[figure.indicator()].title.clone(),
                figure.unit().to_string(),
                area_type(whose).to_string(),
                areas.name(&whose).to_string(),
                areas.code(&whose).to_string(),
                figure.period().label(),
                figure.period().end.iso(),
                number(figure.numerator()),
                number(figure.denominator()),
                number(figure.value()),
                figure.symbol().map_or("", crate::nouns::figure::Symbol::code).to_string(),
                figure.text(),
                figure.origin().word().to_string(),
                figure.release().unwrap_or_default().to_string(),
                figure.mark().unwrap_or_default().to_string(),
                figure.restated().map_or(String::new(), |r| r.was.clone()),
                shown.period.label(),
            ];
            (whose, row)
        })
        .collect();
    rows.sort_by(|(a, x), (b, y)| (&x[0], a, &x[7]).cmp(&(&y[0], b, &y[7])));
    table_csv(&COLUMNS, rows.into_iter().map(|(_, row)| row))
}
