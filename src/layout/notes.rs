//! The sheet of notes and definitions that goes with every layout.

use super::builder::{Builder, page};
use super::cells::Ink;
use super::fill::{Frame, NO_FIGURE};
use super::{RowPlan, SheetPlan, Show};
use crate::declare::{Indicator, Measure, Unit};
use crate::figure::{Area, Origin, decimals_of, grouped, rounded};
use crate::judge;
use crate::period::Day;
use crate::report::{Cell, Content, Sheet, Style};
use crate::suppress::{Shown, ShownFigures};

const COLUMNS: [(&str, f64); 9] = [
    ("Reference", 17.5),
    ("Indicator", 22.0),
    ("Definition", 29.0),
    ("Good performance is", 12.0),
    ("Source", 15.0),
    ("Data as at", 10.0),
    ("Target and tolerance", 9.0),
    ("Comparators", 14.0),
    ("Notes", 9.0),
];

/// What a report has in it that the key explains.
#[derive(Debug, Default)]
pub struct Signs {
    /// Figures in brackets behind others.
    brackets: bool,
    /// Cells that compare a figure with something.
    judged: bool,
    /// Charts.
    charts: bool,
}

impl Signs {
    /// Looks for them in the plans of the sheets.
    pub fn of(plans: &[SheetPlan]) -> Signs {
        let rows = || plans.iter().flat_map(SheetPlan::all_rows);
        let judged = |show: &Show| {
            matches!(show, Show::Target | Show::Tolerance | Show::Direction(_) | Show::Change(_) | Show::Comparison(_))
        };
        Signs {
            brackets: rows().any(|row| matches!(row, RowPlan::Indicator { beside: Some(_), .. })),
            judged: plans.iter().flat_map(SheetPlan::shows).any(judged),
            charts: rows().any(|row| matches!(row, RowPlan::Chart(_))),
        }
    }
}

/// The sheet for the indicators that the report lists.
pub fn sheet(
    plan: &SheetPlan,
    ink: &Ink,
    frame: &Frame,
    listed: &[String],
    signs: &Signs,
    printed: &[&Shown],
) -> Sheet {
    let shown = ink.shown;
    let mut builder = Builder::new(COLUMNS.iter().map(|(_, width)| *width).collect());
    builder.across("Notes and definitions", Style::Title, 21.0);
    builder.across(&format!("{}, data as at {}", plan.title, shown.period.end.long()), Style::Purpose, 0.0);
    // How to read the report stands first: below the table it would be parted by a page's end.
    builder.across("Key", Style::Subtitle, 18.0);
    for line in key(shown, listed, signs.brackets, printed) {
        builder.across(&line, Style::Purpose, 0.0);
    }
    let restated = restated(shown, frame, printed);
    if !restated.is_empty() {
        builder.across("Revised since it was last printed", Style::Subtitle, 18.0);
        for line in restated {
            builder.across(&line, Style::Purpose, 0.0);
        }
    }
    if signs.judged {
        let line = format!(
            "{NO_FIGURE}  In columns on targets, direction, change and comparison: no target, or nothing to compare with."
        );
        builder.across(&line, Style::Purpose, 0.0);
    }
    if signs.charts {
        builder.across(
            "In the table of a chart an empty cell means that there is no figure; its line has a gap there.",
            Style::Purpose,
            0.0,
        );
    }
    builder.spacer();
    let header = builder.next_row();
    builder.headings(COLUMNS.iter().map(|(heading, _)| (heading.to_string(), false)));
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

/// Which comparators there are, of which year, and how many councils went into an average.
fn comparators(shown: &ShownFigures, code: &str) -> String {
    let names = [("statistical_neighbours", "Neighbours"), ("region", "Region"), ("england", "England")];
    let told = names.iter().filter_map(|(name, words)| {
        let figure = shown.comparator(code, name)?;
        let year = if figure.dated() { format!(" {}", figure.period().label()) } else { String::new() };
        let of = figure.average_of().map_or(String::new(), |(used, of)| format!(" ({used} of {of} councils)"));
        Some(format!("{words}{year}{of}"))
    });
    told.collect::<Vec<_>>().join("\n")
}

/// What was printed otherwise before: old and new value, and where each is from.
fn restated(shown: &ShownFigures, frame: &Frame, printed: &[&Shown]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for figure in printed {
        let Some(restated) = figure.restated() else { continue };
        let title = &shown.indicators[figure.indicator()].title;
        let now = figure.release().map_or(String::new(), |release| format!(" (the {release} release)"));
        let line = format!(
            "{title}, {}, {}: was {} ({}), now {}{now}.",
            frame.name(figure.area()),
            figure.period().label(),
            restated.was,
            restated.was_in,
            figure.text(),
        );
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// How to read the report.
fn key(shown: &ShownFigures, listed: &[String], brackets: bool, printed: &[&Shown]) -> Vec<String> {
    let mut lines = vec![format!("{NO_FIGURE}  No figure was supplied.")];
    if brackets {
        lines.push("Where a second figure stands in brackets, it is the rate or percentage that goes with the number before it.".to_string());
    }
    if printed.iter().any(|f| f.mark() == Some("[p]")) {
        lines.push("[p]  Provisional: it may change before it is published.".to_string());
    }
    if printed.iter().any(|f| f.mark() == Some("[r]")) {
        lines.push("[r]  Revised since it was last printed; the old figure is listed below.".to_string());
    }
    lines.extend(shown.comparator_notes.iter().cloned());
    if printed.iter().any(|f| f.area() != Area::Own && f.origin() == Origin::Typed) {
        lines.push(
            "Comparators are as supplied with the return: the average of statistical neighbours, the region, England."
                .to_string(),
        );
    }
    lines.push("Good performance is: High means that a higher figure is better, Low that a lower one is; Information only means neither.".to_string());
    lines.extend(judge::policies_used(shown, listed));
    lines.push("Rounding: every figure is worked out from whole records and rounded once, when it is printed, halves away from zero. Figures may not add up to totals because of rounding.".to_string());
    lines.push(format!("Disclosure control: {}", shown.rule.description()));
    lines
}
