//! The sheet of notes and definitions that goes with every layout.

use super::SheetPlan;
use super::fill::{Builder, NO_FIGURE, page};
use crate::declare::{Indicator, Measure, Unit};
use crate::figure::{Area, Origin, decimals_of, grouped, rounded};
use crate::period::Day;
use crate::report::{Cell, Content, Sheet, Style};
use crate::suppress::ShownFigures;

const COLUMNS: [(&str, f64); 9] = [
    ("Reference", 17.5),
    ("Indicator", 22.0),
    ("Definition", 31.0),
    ("Good performance is", 12.0),
    ("Source", 15.0),
    ("Data as at", 10.0),
    ("Target and tolerance", 9.0),
    ("Comparators", 12.0),
    ("Notes", 9.0),
];

/// The sheet for the indicators that the report lists.
pub fn sheet(plan: &SheetPlan, shown: &ShownFigures, listed: &[String], brackets: bool) -> Sheet {
    let mut builder = Builder::new(COLUMNS.iter().map(|(_, width)| *width).collect());
    builder.across("Notes and definitions", Style::Title, 21.0);
    builder.across(&format!("{}, data as at {}", plan.title, shown.period.end.long()), Style::Purpose, 0.0);
    // How to read the report stands first: below the table it would be parted by a page's end.
    builder.across("Key", Style::Subtitle, 18.0);
    for line in key(shown, brackets) {
        builder.across(&line, Style::Purpose, 0.0);
    }
    builder.spacer();
    let header = builder.next_row();
    builder.headings(COLUMNS.iter().map(|(heading, _)| (*heading, false)));
    for code in listed {
        let indicator = &shown.indicators[code];
        let texts = [
            code.clone(),
            indicator.title.clone(),
            definition(indicator),
            indicator.better.words().to_string(),
            indicator.source.clone(),
            short_date(shown.period.end),
            target(indicator),
            comparators(shown, code),
            shown.notes.get(code).cloned().unwrap_or_default(),
        ];
        let cells = texts.into_iter().enumerate().map(|(i, text)| Cell {
            column: i as u16,
            span: 1,
            style: if i == 1 { Style::Name } else { Style::Text },
            content: if text.is_empty() { Content::Blank } else { Content::Text(text) },
        });
        let cells = cells.collect();
        builder.push(cells, 0.0, 0.0);
    }
    builder.finish("Notes and definitions", page(plan, Some(header)))
}

fn definition(indicator: &Indicator) -> String {
    match (&indicator.measure, indicator.definition.as_str()) {
        (Measure::Typed, "") => "As supplied with the return.".to_string(),
        (_, "") => "No definition has been written for this measure.".to_string(),
        (_, definition) => definition.to_string(),
    }
}

/// `30 Sep 2026`.
fn short_date(day: Day) -> String {
    let long = day.long();
    let mut words = long.split(' ');
    let (date, month, year) = (words.next(), words.next(), words.next());
    let month: String = month.unwrap_or_default().chars().take(3).collect();
    format!("{} {month} {}", date.unwrap_or_default(), year.unwrap_or_default())
}

/// `95% (3 points either side)`.
fn target(indicator: &Indicator) -> String {
    let Some(target) = indicator.target else { return String::new() };
    let number = |n: f64| grouped(&rounded(n, decimals_of(n).min(indicator.decimals.max(decimals_of(n)))));
    let (sign, points) = if indicator.unit == Unit::Percentage { ("%", " points") } else { ("", "") };
    let tolerance = match indicator.tolerance {
        Some(t) if t.low == t.high && t.low != 0.0 => format!(", {}{points} either side", number(t.low)),
        Some(t) if t.low != 0.0 || t.high != 0.0 => {
            format!(", {}{points} below to {} above", number(t.low), number(t.high))
        }
        _ => String::new(),
    };
    format!("{}{sign}{tolerance}", number(target))
}

/// Which comparators there are.
fn comparators(shown: &ShownFigures, code: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for figure in shown.iter().filter(|f| f.indicator() == code && f.origin() == Origin::Typed) {
        let name = match figure.area() {
            Area::StatisticalNeighbours => "Neighbours",
            Area::Region => "Region",
            Area::England => "England",
            Area::Own | Area::Council(_) => continue,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// How to read the report.
fn key(shown: &ShownFigures, brackets: bool) -> Vec<String> {
    let mut lines = vec![format!("{NO_FIGURE}  No figure was supplied.")];
    if brackets {
        lines.push("Where a second figure stands in brackets, it is the rate or percentage that goes with the number before it.".to_string());
    }
    if shown.iter().any(|f| f.area() != Area::Own) {
        lines.push(
            "Comparators are as supplied with the return: the average of statistical neighbours, the region, England."
                .to_string(),
        );
    }
    lines.push("Good performance is: High means that a higher figure is better, Low that a lower one is; Information only means neither.".to_string());
    lines.push("Rounding: every figure is worked out from whole records and rounded once, when it is printed, halves away from zero. Figures may not add up to totals because of rounding.".to_string());
    lines.push(format!("Disclosure control: {}", shown.rule.description()));
    lines
}
