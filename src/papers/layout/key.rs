//! How a report is read: what its signs, columns and statuses mean.

use super::columns::Fitted;
use super::fill::NO_FIGURE;
use crate::figures::assess;
use crate::figures::suppress::{Shown, ShownFigures};
use crate::intake::project::Average;
use crate::intake::published::Group;
use crate::nouns::area::Area;
use crate::nouns::comparator::Comparator;
use crate::nouns::figure::Origin;
use crate::nouns::plan::{RowPlan, SheetPlan};
use crate::nouns::show::Show;
use crate::nouns::words;

/// What a report has in it that the key explains.
#[derive(Debug, Default)]
pub struct Signs {
    /// Figures in brackets behind others.
    pub brackets: bool,
    /// Cells that compare a figure with something.
    pub judged: bool,
    /// Charts.
    pub charts: bool,
    /// Ranks and bands.
    pub ranks: bool,
    /// Statuses.
    pub statuses: bool,
    /// Targets, or what is judged by them: a report without any has no use for their tolerances.
    pub targets: bool,
    /// The comparators since which directions are shown.
    pub since: Vec<Comparator>,
    /// The comparators since which it is said whether changes are more than chance.
    pub chance: Vec<Comparator>,
    /// Whether targets are met by chance.
    pub assurance: bool,
    /// How figures lie among those before them.
    pub variation: bool,
}

impl Signs {
    /// Looks for them in the plans of the sheets.
    pub fn of(fitted: &[Fitted]) -> Signs {
        let plans = || fitted.iter().map(|fitted| &fitted.plan);
        let rows = || plans().flat_map(SheetPlan::all_rows);
        let shows = || plans().flat_map(SheetPlan::shows);
        Signs {
            ranks: shows().any(Show::is_standing),
            chance: shows().filter_map(chance_since).collect(),
            assurance: shows().any(|show| *show == Show::Assurance),
            variation: shows().any(|show| *show == Show::Variation),
            statuses: shows().any(|show| *show == Show::Status),
            targets: shows().any(Show::is_about_targets)
                || rows().any(|row| matches!(row, RowPlan::Chart(chart) if chart.target)),
            since: shows().filter_map(direction_since).collect(),
            brackets: rows().any(|row| matches!(row, RowPlan::Indicator { beside: Some(_), .. })),
            judged: shows().any(is_judged),
            charts: rows().any(|row| matches!(row, RowPlan::Chart(_))),
        }
    }
}

/// Since when a column tells a direction.
fn direction_since(show: &Show) -> Option<Comparator> {
    match show {
        Show::Direction(from) => Some(*from),
        _ => None,
    }
}

/// Since when a column tells what may be chance: a direction has a sign for it.
fn chance_since(show: &Show) -> Option<Comparator> {
    match show {
        Show::Direction(from) | Show::Chance(from) => Some(*from),
        _ => None,
    }
}

/// Whether a column is there only where there is something to judge by.
fn is_judged(show: &Show) -> bool {
    matches!(
        show,
        Show::Target
            | Show::Tolerance
            | Show::Direction(_)
            | Show::Change(_)
            | Show::Chance(_)
            | Show::Assurance
            | Show::Variation
            | Show::Comparison(..)
    )
}

/// What a dash means.
pub fn no_figure(signs: &Signs) -> String {
    let judged = "; in columns on targets, direction, change and comparison: no target, or nothing \
                  to compare with";
    format!("{NO_FIGURE}  No figure was supplied{}.", if signs.judged { judged } else { "" })
}

/// How to read the report.
pub fn key(
    shown: &ShownFigures,
    listed: &[String],
    signs: &Signs,
    printed: &[&Shown],
) -> Vec<String> {
    let mut lines = Vec::new();
    if printed.iter().any(|f| f.mark() == Some("[p]")) {
        lines.push("[p]  Provisional: it may change before it is published.".to_string());
    }
    if printed.iter().any(|f| f.mark() == Some("[f]")) {
        lines.push("[f]  Forecast: what is expected, as supplied with the return.".to_string());
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
            "Published figures are DfE's (Explore Education Statistics), release{} {}, each year \
             as the newest release that has it. Suppressed: DfE does not publish small numbers.",
            if releases.len() == 1 { "" } else { "s" },
            words::listed(&releases)
        ));
    }
    if signs.ranks {
        lines.push(
            "Ranks: 1 is the best by what good performance is; equals share the better \
                    rank. Bands: A is the best quarter of England's councils, D the last, as in \
                    DfE's Local Authority Interactive Tool."
                .to_string(),
        );
    }
    if printed.iter().any(|f| f.area() != Area::Own && f.origin() == Origin::Typed) {
        lines.push(
            "Comparators are as supplied with the return: the average of statistical neighbours, \
             the region, England."
                .to_string(),
        );
    }
    if signs.statuses {
        lines.extend(assess::policies_used(shown, listed));
    }
    lines.extend(assess::directions_used(shown, &signs.since));
    lines.extend(assess::chance_used(shown, listed, &signs.chance));
    lines.extend(assess::assurance_used(shown, listed).filter(|_| signs.assurance));
    lines.extend(assess::variation_used(shown, listed).filter(|_| signs.variation));
    lines.push(
        "Rounding: every figure is worked out from whole records and rounded once, when it is \
         printed, halves away from zero. Figures may not add up to totals because of rounding."
            .to_string(),
    );
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

/// The councils that are averaged, and how.
fn group(group: &Group) -> String {
    let average = match group.average {
        Average::Mean => "mean (every council counts the same)",
        Average::Median => "median (the middle council)",
    };
    let name = if group.name.is_empty() { String::new() } else { format!(" ({})", group.name) };
    format!(
        "Statistical neighbours{name}: the {average} of {}. Councils whose figure is suppressed or \
         missing are left out; the table says how many went in.",
        group.names.join(", ")
    )
}
