//! The sheet of notes and definitions that goes with every layout.

use indexmap::IndexMap;

use super::builder::{Builder, page};
use super::cells::Ink;
use super::fill::{Frame, NO_FIGURE};
use crate::definitions::{Better, Indicator, Measure, Tolerance};
use crate::figures::assess;
use crate::figures::suppress::{Shown, ShownFigures};
use crate::intake::project::Average;
use crate::intake::published::Group;
use crate::nouns::area::Area;
use crate::nouns::figure::Origin;
use crate::nouns::numbers::{decimals_of, grouped, rounded};
use crate::nouns::period::Day;
use crate::nouns::plan::{RowPlan, SheetPlan};
use crate::nouns::report::{Cell, Content, MadeOf, RowKind, Sheet, Style};
use crate::nouns::show::Show;
use crate::nouns::unit::Unit;
use crate::nouns::words;

const COLUMNS: [(&str, f64); 9] = [
    ("Reference", 17.0),
    ("Indicator", 22.0),
    ("Definition", 30.0),
    ("Good performance is", 11.0),
    ("Source", 15.0),
    ("Data as at", 10.0),
    ("Target and tolerance", 10.0),
    ("Comparators", 15.0),
    ("Notes", 9.0),
];
/// Where these columns are.
const TITLE: usize = 1;
const DEFINITION: usize = 2;
const COMPARATORS: usize = 7;

/// What a report has in it that the key explains.
#[derive(Debug, Default)]
pub struct Signs {
    /// Figures in brackets behind others.
    brackets: bool,
    /// Cells that compare a figure with something.
    judged: bool,
    /// Charts.
    charts: bool,
    /// Ranks and bands.
    ranks: bool,
    /// Statuses.
    statuses: bool,
    /// The comparators since which directions are shown.
    since: Vec<String>,
}

impl Signs {
    /// Looks for them in the plans of the sheets.
    pub fn of(plans: &[SheetPlan]) -> Signs {
        let rows = || plans.iter().flat_map(SheetPlan::all_rows);
        let judged = |show: &Show| {
            matches!(
                show,
                Show::Target
                    | Show::Tolerance
                    | Show::Direction(_)
                    | Show::Change(_)
                    | Show::Comparison(_)
            )
        };
        let shows = || plans.iter().flat_map(SheetPlan::shows);
        let since = |show: &Show| match show {
            Show::Direction(from) => Some(from.clone()),
            _ => None,
        };
        Signs {
            ranks: shows()
                .any(|show| matches!(show, Show::Rank | Show::NeighbourRank | Show::Band)),
            statuses: shows().any(|show| *show == Show::Status),
            since: shows().filter_map(since).collect(),
            brackets: rows().any(|row| matches!(row, RowPlan::Indicator { beside: Some(_), .. })),
            judged: shows().any(judged),
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
    let rows: Vec<[String; 9]> = listed.iter().map(|code| row(shown, code)).collect();
    // A column that nothing stands in gives its room to others.
    let (columns, empty): (Vec<usize>, Vec<usize>) = (0..COLUMNS.len())
        .partition(|i| rows.is_empty() || rows.iter().any(|texts| !texts[*i].is_empty()));
    let room: f64 = empty.iter().map(|i| COLUMNS[*i].1).sum();
    let comparators = if columns.contains(&COMPARATORS) { room.min(9.0) } else { 0.0 };
    let width = |i: &usize| {
        let more = match *i {
            DEFINITION => room - comparators,
            COMPARATORS => comparators,
            _ => 0.0,
        };
        COLUMNS[*i].1 + more
    };
    let mut builder = Builder::new(columns.iter().map(width).collect());
    builder.across("Notes and definitions", Style::Title, 21.0);
    builder.across(
        &format!("{}, data as at {}", plan.title, shown.period.end.long()),
        Style::Purpose,
        0.0,
    );
    // How to read the report stands first: below the table it would be parted by a page's end.
    builder.across("Key", Style::Subtitle, 18.0);
    builder.line(
        RowKind::Sign,
        &format!("{NO_FIGURE}  No figure was supplied."),
        Style::Purpose,
        0.0,
    );
    if signs.brackets {
        let line = "Where a second figure stands in brackets, it is the rate or percentage that goes with the number before it.";
        builder.line(RowKind::Sign, line, Style::Purpose, 0.0);
    }
    for line in key(shown, listed, signs, printed) {
        builder.across(&line, Style::Purpose, 0.0);
    }
    if signs.judged {
        let line = format!(
            "{NO_FIGURE}  In columns on targets, direction, change and comparison: no target, or nothing to compare with."
        );
        builder.line(RowKind::Sign, &line, Style::Purpose, 0.0);
    }
    if signs.charts {
        builder.line(
            RowKind::Sign,
            "In the table of a chart an empty cell means that there is no figure; its line has a gap there.",
            Style::Purpose,
            0.0,
        );
    }
    let restated = restated(shown, frame, printed);
    if !restated.is_empty() {
        builder.across("Revised since it was last printed", Style::Subtitle, 18.0);
        for line in restated {
            builder.across(&line, Style::Purpose, 0.0);
        }
    }
    builder.spacer();
    let header = builder.next_row();
    builder.headings(columns.iter().map(|i| (COLUMNS[*i].0.to_string(), false, MadeOf::Words)));
    for (code, texts) in listed.iter().zip(rows) {
        let cells = columns.iter().enumerate().map(|(at, column)| Cell {
            column: at as u16,
            span: 1,
            style: if *column == TITLE { Style::Name } else { Style::Text },
            content: match texts[*column].as_str() {
                "" => Content::Blank,
                text => Content::Text(text.to_string()),
            },
            made_of: MadeOf::Notes { code: code.clone(), heading: COLUMNS[*column].0 },
        });
        let cells = cells.collect();
        builder.push(RowKind::Cells, cells, 0.0, 0.0);
    }
    Sheet { notes: true, ..builder.finish("Notes and definitions", page(plan, Some(header))) }
}

/// What the table says of an indicator.
fn row(shown: &ShownFigures, code: &str) -> [String; 9] {
    let indicator = &shown.indicators[code];
    [
        code.to_string(),
        indicator.title.clone(),
        definition(indicator),
        indicator.better.words().to_string(),
        indicator.source.clone(),
        short_date(shown.period.end),
        target(indicator),
        comparators(shown, code),
        shown.notes.get(code).cloned().unwrap_or_default(),
    ]
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

/// `95%, 3 points either side`, `95%; floor 90%`, `green 95 to 100%; amber 90 to 95%; red 0 to
/// 90%`.
fn target(indicator: &Indicator) -> String {
    let number = |n: f64| grouped(&rounded(n, decimals_of(n)));
    let (sign, points) =
        if indicator.unit == Unit::Percentage { ("%", " points") } else { ("", "") };
    // The lower tolerance is the one on the bad side.
    let sides = |t: Tolerance| match indicator.better {
        Better::Higher => (t.low, t.high),
        Better::Lower => (t.high, t.low),
        // Where the nearest is the best, both sides are bad.
        Better::Neither => (t.low, t.low),
    };
    let tolerance = match indicator.tolerance.map(sides) {
        Some((below, above)) if below == above && below != 0.0 => {
            format!(", {}{points} either side", number(below))
        }
        Some((below, above)) if below != above => {
            format!(", {}{points} below to {} above", number(below), number(above))
        }
        _ => String::new(),
    };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(indicator.target.map(|target| format!("{}{sign}{tolerance}", number(target))));
    parts.extend(indicator.floor.map(|floor| format!("floor {}{sign}", number(floor))));
    if let Some(bands) = indicator.thresholds {
        for (name, (from, to)) in
            [("green", bands.green), ("amber", bands.amber), ("red", bands.red)]
        {
            parts.push(format!("{name} {} to {}{sign}", number(from), number(to)));
        }
    }
    parts.join("; ")
}

/// Which comparators there are, of which year, and how many councils went into an average:
/// `2024/25: neighbours (9 of 10), region, England`.
fn comparators(shown: &ShownFigures, code: &str) -> String {
    let names =
        [("statistical_neighbours", "neighbours"), ("region", "region"), ("england", "England")];
    let mut years: IndexMap<String, Vec<String>> = IndexMap::new();
    for (name, words) in names {
        let Some(figure) = shown.comparator(code, name) else { continue };
        let year = if figure.dated() { figure.period().label() } else { String::new() };
        let of =
            figure.average_of().map_or(String::new(), |(used, of)| format!(" ({used} of {of})"));
        years.entry(year).or_default().push(format!("{words}{of}"));
    }
    let told = years.iter().map(|(year, names)| match year.as_str() {
        "" => names.join(", "),
        year => format!("{year}: {}", names.join(", ")),
    });
    let told = told.collect::<Vec<_>>().join("; ");
    told.replacen(
        "neighbours",
        if told.starts_with("neighbours") { "Neighbours" } else { "neighbours" },
        1,
    )
}

/// What was printed otherwise before: old and new value, and where each is from.
fn restated(shown: &ShownFigures, frame: &Frame, printed: &[&Shown]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for figure in printed {
        let Some(restated) = figure.restated() else { continue };
        let title = &shown.indicators[figure.indicator()].title;
        let now =
            figure.release().map_or(String::new(), |release| format!(" (the {release} release)"));
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

/// The councils that are averaged, and how.
fn group(group: &Group) -> String {
    let average = match group.average {
        Average::Mean => "mean (every council counts the same)",
        Average::Median => "median (the middle council)",
    };
    let name = if group.name.is_empty() { String::new() } else { format!(" ({})", group.name) };
    format!(
        "Statistical neighbours{name}: the {average} of {}. Councils whose figure is suppressed or missing are left out; \
         the table says how many went in.",
        group.names.join(", ")
    )
}

/// How to read the report.
fn key(shown: &ShownFigures, listed: &[String], signs: &Signs, printed: &[&Shown]) -> Vec<String> {
    let mut lines = Vec::new();
    if printed.iter().any(|f| f.mark() == Some("[p]")) {
        lines.push("[p]  Provisional: it may change before it is published.".to_string());
    }
    if printed.iter().any(|f| f.mark() == Some("[r]")) {
        lines.push(
            "[r]  Revised since it was last printed; the old figure is listed below.".to_string(),
        );
    }
    if printed.iter().any(|f| f.average_of().is_some()) {
        lines.push(group(&shown.group));
    }
    let mut releases: Vec<&str> = printed.iter().filter_map(|f| f.release()).collect();
    releases.sort_unstable();
    releases.dedup();
    if !releases.is_empty() {
        lines.push(format!(
            "Published figures are DfE's (Explore Education Statistics), release{} {}, each year as the newest release \
             that has it. Suppressed: DfE does not publish small numbers.",
            if releases.len() == 1 { "" } else { "s" },
            words::listed(&releases)
        ));
    }
    if signs.ranks {
        lines.push("Ranks: 1 is the best by what good performance is; equals share the better rank. Bands: A is the best quarter of England's councils, D the last, as in DfE's Local Authority Interactive Tool.".to_string());
    }
    if printed.iter().any(|f| f.area() != Area::Own && f.origin() == Origin::Typed) {
        lines.push(
            "Comparators are as supplied with the return: the average of statistical neighbours, the region, England."
                .to_string(),
        );
    }
    lines.push("Good performance is: High means that a higher figure is better, Low that a lower one is; Information only means neither.".to_string());
    if signs.statuses {
        lines.extend(assess::policies_used(shown, listed));
    }
    lines.extend(assess::directions_used(shown, &signs.since));
    lines.push("Rounding: every figure is worked out from whole records and rounded once, when it is printed, halves away from zero. Figures may not add up to totals because of rounding.".to_string());
    let rule = &shown.rule;
    lines.push(match rule.is_none() {
        true => format!("Disclosure control: {}", rule.description),
        false => format!(
            "Disclosure control (rule {}, {}): {}",
            rule.name,
            rule.audience.phrase(),
            rule.description
        ),
    });
    lines
}
