//! The sheet of notes and definitions that goes with every layout.

use indexmap::{IndexMap, IndexSet};

use super::builder::{Builder, page};
use super::cells::CellMaker;
use super::columns::{Fitted, pixels};
use super::fill::{self, Frame, NO_FIGURE};
use super::metrics::{Measured, characters_for, longest_word_pixels, text_pixels, usable_pixels};
use crate::definitions::{Indicator, Measure};
use crate::figures::assess;
use crate::figures::suppress::{Shown, ShownFigures};
use crate::intake::project::Average;
use crate::intake::published::Group;
use crate::nouns::area::Area;
use crate::nouns::comparator::Comparator;
use crate::nouns::figure::Origin;
use crate::nouns::numbers::in_full;
use crate::nouns::plan::{RowPlan, SheetPlan};
use crate::nouns::report::{Cell, Content, MadeOf, RowKind, Sheet, Style};
use crate::nouns::show::Show;
use crate::nouns::unit::Unit;
use crate::nouns::words;

/// Targets of so large a share of the indicators have a column; those of fewer are told in their
/// definitions.
const USED: f64 = 0.5;
/// The pixels that a page holds across.
const PAGE_PIXELS: f64 = 1012.0;
/// The least and the most that names take, in characters, and what columns behind definitions do.
const NAMES: std::ops::Range<u32> = 22..60;
const WIDEST_OTHER: f64 = 24.0;

/// What the notes tell of an indicator, by the headings that it stands under.
const INDICATOR: &str = "Indicator";
const DEFINITION: &str = "Definition";
const BETTER: &str = "Good performance is";
const SOURCE: &str = "Source";
const TARGET: &str = "Target and tolerance";
const COMPARATORS: &str = "Comparators";
const NOTE: &str = "Note";

/// What a report has in it that the key explains.
#[derive(Debug, Default)]
struct Signs {
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
    /// Targets, or what is judged by them: a report without any has no use for their tolerances.
    targets: bool,
    /// The comparators since which directions are shown.
    since: Vec<Comparator>,
    /// The comparators since which it is said whether changes are more than chance.
    chance: Vec<Comparator>,
    /// Whether targets are met by chance.
    assurance: bool,
    /// How figures lie among those before them.
    variation: bool,
}

impl Signs {
    /// Looks for them in the plans of the sheets.
    fn of(fitted: &[Fitted]) -> Signs {
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

/// The sheet for the indicators that the report lists.
pub fn sheet(maker: &CellMaker, frame: &Frame, listed: &[String], fitted: &[Fitted]) -> Sheet {
    let (shown, signs) = (maker.shown, Signs::of(fitted));
    let printed = fill::printed(fitted, maker);
    let plan = &fitted[0].plan;
    let Definitions { columns, rows, usual } = Definitions::of(shown, listed, &signs);
    let mut builder = Builder::new(widths(&columns, &rows));
    builder.across("Notes and definitions", Style::Title, 0.0);
    builder.across(
        &format!("{}, data as at {}", plan.title, shown.period.end.long()),
        Style::Purpose,
        0.0,
    );
    // How to read the report stands first: below the table it would be parted by a page's end.
    builder.across("Key", Style::Subtitle, 0.0);
    builder.line(RowKind::Sign, &no_figure(&signs), Style::Key, 0.0);
    if signs.brackets {
        let line = "Where a second figure stands in brackets, it is the rate or percentage that \
                    goes with the number before it.";
        builder.line(RowKind::Sign, line, Style::Key, 0.0);
    }
    let lines = key(shown, listed, &signs, &printed);
    for line in lines.into_iter().chain(usual).chain(left_out(fitted)) {
        builder.across(&line, Style::Key, 0.0);
    }
    if signs.charts {
        let line = "In the table of a chart an empty cell means that there is no figure; its line \
                    has a gap there.";
        builder.line(RowKind::Sign, line, Style::Key, 0.0);
    }
    let restated = restated(shown, frame, &printed);
    if !restated.is_empty() {
        builder.across("Revised since it was last printed", Style::Subtitle, 0.0);
        for line in restated {
            builder.across(&line, Style::Key, 0.0);
        }
    }
    builder.spacer();
    let head = builder.next_row();
    let heads = (0..).zip(&columns).map(|(column, heading)| Cell {
        column,
        span: 1,
        style: Style::NoteHead,
        content: Content::text(heading),
        made_of: MadeOf::Words,
    });
    builder.push(RowKind::Head, heads.collect(), 0.0);
    for (code, texts) in listed.iter().zip(rows) {
        let cells = (0..).zip(&columns).zip(texts).map(|((column, heading), text)| Cell {
            column,
            span: 1,
            style: if *heading == INDICATOR { Style::NoteName } else { Style::Note },
            content: Content::text(&text),
            made_of: MadeOf::Notes { code: code.clone(), heading },
        });
        builder.push(RowKind::Cells, cells.collect(), 0.0);
    }
    let finished = builder.finish("Notes and definitions", page(plan, Some((head, head))));
    Sheet { notes: true, head: Some(head), ..finished }
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
fn no_figure(signs: &Signs) -> String {
    let judged = "; in columns on targets, direction, change and comparison: no target, or nothing \
                  to compare with";
    format!("{NO_FIGURE}  No figure was supplied{}.", if signs.judged { judged } else { "" })
}

/// Which columns are not there since nobody has a figure for them.
fn left_out(fitted: &[Fitted]) -> Vec<String> {
    fitted.iter().filter_map(left_out_of).collect()
}

fn left_out_of(fitted: &Fitted) -> Option<String> {
    let headings = fitted.left_out.iter().map(|heading| heading.replace('\n', " "));
    let headings: Vec<String> = headings.filter(|heading| !heading.is_empty()).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    (!headings.is_empty()).then(|| {
        let columns = if headings.len() == 1 { "column" } else { "columns" };
        format!(
            "Left out of \"{}\", since no measure has anything there: the {columns} {}.",
            fitted.plan.name,
            words::listed(&headings)
        )
    })
}

/// The table of the notes.
struct Definitions {
    /// Its headings.
    columns: Vec<&'static str>,
    /// Its rows, a text a heading.
    rows: Vec<Vec<String>>,
    /// What holds for all, or for all that do not say otherwise: lines for the key.
    usual: Vec<String>,
}

impl Definitions {
    /// What there is to tell of these indicators: in columns what most of them have, as sentences
    /// of the definition what few have, in the key what is the same for many.
    fn of(shown: &ShownFigures, listed: &[String], signs: &Signs) -> Definitions {
        let indicators = || listed.iter().map(|code| &shown.indicators[code]);
        let each =
            |told: &dyn Fn(&Indicator) -> String| indicators().map(told).collect::<Vec<String>>();
        let mut definitions = each(&definition);
        let mut columns: Vec<(&'static str, Vec<String>)> = vec![
            (INDICATOR, each(&|i| i.title.clone())),
            (BETTER, each(&|i| i.better.words().to_string())),
        ];
        let mut usual = Vec::new();
        let (letters, sources) = sources(&each(&|i| i.source.clone()));
        usual.extend(sources);
        columns.extend(letters.map(|letters| (SOURCE, letters)));

        let mut comparators = each(&|i| comparators(shown, &i.code));
        if let Some(common) = common(&comparators) {
            let all = comparators.iter().all(|text| *text == common);
            let unless = if all { "" } else { ", unless the definition says otherwise" };
            usual.push(format!("{COMPARATORS}{unless}: {common}."));
            comparators.iter_mut().filter(|text| **text == common).for_each(String::clear);
        }
        let targets = each(&|i| if signs.targets { target(i) } else { String::new() });
        let aimed = targets.iter().filter(|text| !text.is_empty()).count();
        let mut sentences = vec![
            (COMPARATORS, comparators),
            (NOTE, each(&|i| shown.notes.get(&i.code).cloned().unwrap_or_default())),
        ];
        if aimed > 0 && aimed as f64 >= USED * listed.len() as f64 {
            columns.push((TARGET, targets));
        } else {
            sentences.insert(0, (TARGET, targets));
        }
        for (heading, texts) in sentences {
            for (definition, text) in definitions.iter_mut().zip(texts) {
                if !text.is_empty() {
                    let stop = if text.ends_with('.') { "" } else { "." };
                    definition.push_str(&format!(" {heading}: {text}{stop}"));
                }
            }
        }
        columns.insert(1, (DEFINITION, definitions));
        let row = |row: usize| columns.iter().map(|(_, texts)| texts[row].clone()).collect();
        let rows = (0..listed.len()).map(row).collect();
        Definitions { columns: columns.iter().map(|(heading, _)| *heading).collect(), rows, usual }
    }
}

/// The letters that stand for sources, where there are several, and the line that says which is
/// which: the same words in every row would take the room of the definitions.
fn sources(texts: &[String]) -> (Option<Vec<String>>, Option<String>) {
    let all: IndexSet<&String> = texts.iter().filter(|text| !text.is_empty()).collect();
    if all.len() < 2 {
        return (None, all.first().map(|source| format!("{SOURCE}: {source}.")));
    }
    let of = |text: &String| all.get_index_of(text).map_or(String::new(), letter);
    let told: Vec<String> =
        all.iter().enumerate().map(|(at, source)| format!("{} {source}", letter(at))).collect();
    (Some(texts.iter().map(of).collect()), Some(format!("Sources: {}.", told.join(" · "))))
}

/// What stands for the source of this place: a letter, or a number where there are no more letters.
fn letter(at: usize) -> String {
    match at {
        0..26 => char::from(b'a' + at as u8).to_string(),
        _ => (at + 1).to_string(),
    }
}

/// What a third of these texts or more say, and none more often.
fn common(texts: &[String]) -> Option<String> {
    let mut often: IndexMap<&String, usize> = IndexMap::new();
    for text in texts.iter().filter(|text| !text.is_empty()) {
        *often.entry(text).or_default() += 1;
    }
    let (text, times) = often.into_iter().rev().max_by_key(|(_, times)| *times)?;
    (times > 1 && times * 3 >= texts.len()).then(|| text.clone())
}

/// The widths with which the table is lowest: names and definitions share the room that others
/// leave.
fn widths(columns: &[&'static str], rows: &[Vec<String>]) -> Vec<f64> {
    let each = (0..).zip(columns).map(|(at, heading)| own_width(at, heading, rows));
    let mut widths: Vec<f64> = each.collect();
    let room = (PAGE_PIXELS - pixels(&widths[2..])) / 7.0 - 10.0 / 7.0;
    let measured: Vec<[Measured; 2]> =
        rows.iter().map(|row| [0, 1].map(|at| Measured::of(&row[at], style(at)))).collect();
    let tried = NAMES.map(f64::from);
    let height = |names: &f64| lines(&measured, [*names, room - names]);
    let names = tried.min_by_key(height).unwrap_or(widths[0]);
    (widths[0], widths[1]) = (names, room - names);
    widths
}

/// The style of a column's cells: names stand first.
fn style(column: usize) -> Style {
    if column == 0 { Style::NoteName } else { Style::Note }
}

/// The width that a column takes by itself: that of its longest text, or of a word of its heading.
fn own_width(column: usize, heading: &str, rows: &[Vec<String>]) -> f64 {
    let style = style(column);
    let head = longest_word_pixels(heading, Style::NoteHead);
    let cells = rows.iter().map(|row| text_pixels(&row[column], style));
    characters_for(cells.fold(head, f64::max), style).clamp(6.0, WIDEST_OTHER)
}

/// How many lines the table takes where names and definitions are so wide.
fn lines(rows: &[[Measured; 2]], widths: [f64; 2]) -> usize {
    let usable = widths.map(|width| usable_pixels(&[width], Style::Note));
    rows.iter().map(|row| row[0].lines(usable[0]).max(row[1].lines(usable[1]))).sum()
}

fn definition(indicator: &Indicator) -> String {
    match (&indicator.measure, indicator.definition.as_str()) {
        (Measure::Typed, "") => "As supplied with the return.".to_string(),
        (_, "") => "No definition has been written for this measure.".to_string(),
        (_, definition) => definition.to_string(),
    }
}

/// `95%, 3 points either side`, `95%; floor 90%`, `green 95 to 100%; amber 90 to 95%; red 0 to
/// 90%`.
fn target(indicator: &Indicator) -> String {
    let sign = if indicator.unit == Unit::Percentage { "%" } else { "" };
    let near = indicator.tolerance.map(|near| near.below_and_above(indicator.better));
    let near = near.map_or(String::new(), |sides| near_enough(sides, indicator.unit));
    let mut parts: Vec<String> = Vec::new();
    parts.extend(indicator.target.map(|target| format!("{}{sign}{near}", in_full(target))));
    parts.extend(indicator.floor.map(|floor| format!("floor {}{sign}", in_full(floor))));
    if let Some(bands) = indicator.thresholds {
        for (name, (from, to)) in
            [("green", bands.green), ("amber", bands.amber), ("red", bands.red)]
        {
            parts.push(format!("{name} {} to {}{sign}", in_full(from), in_full(to)));
        }
    }
    parts.join("; ")
}

/// `, 3 points either side`, `, 1 point below to 2 above`; nothing where the target must be met.
fn near_enough((below, above): (f64, f64), unit: Unit) -> String {
    let points = match unit {
        Unit::Percentage if below == 1.0 => " point",
        Unit::Percentage => " points",
        _ => "",
    };
    if below != above {
        format!(", {}{points} below to {} above", in_full(below), in_full(above))
    } else if below != 0.0 {
        format!(", {}{points} either side", in_full(below))
    } else {
        String::new()
    }
}

/// Which comparators there are, of which year, and how many councils went into an average:
/// `2024/25: neighbours (9 of 10), region, England`.
fn comparators(shown: &ShownFigures, code: &str) -> String {
    let names = [
        (Comparator::StatisticalNeighbours, "neighbours"),
        (Comparator::Region, "region"),
        (Comparator::England, "England"),
    ];
    let mut years: IndexMap<String, Vec<String>> = IndexMap::new();
    for (comparator, words) in names {
        let Some(figure) = shown.comparator(code, comparator) else { continue };
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
            frame.areas.name(&figure.area()),
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
        "Statistical neighbours{name}: the {average} of {}. Councils whose figure is suppressed or \
         missing are left out; the table says how many went in.",
        group.names.join(", ")
    )
}

/// How to read the report.
fn key(shown: &ShownFigures, listed: &[String], signs: &Signs, printed: &[&Shown]) -> Vec<String> {
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
    lines.push(
        "Good performance is: High means that a higher figure is better, Low that a lower \
                one is; Information only means neither."
            .to_string(),
    );
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_says_how_near_is_near_enough() {
        assert_eq!(near_enough((3.0, 3.0), Unit::Percentage), ", 3 points either side");
        assert_eq!(near_enough((1.0, 1.0), Unit::Percentage), ", 1 point either side");
        assert_eq!(near_enough((1.0, 2.5), Unit::Percentage), ", 1 point below to 2.5 above");
        assert_eq!(near_enough((0.0, 2.0), Unit::Average), ", 0 below to 2 above");
        assert_eq!(near_enough((0.0, 0.0), Unit::Percentage), "");
    }

    #[test]
    fn sources_have_letters_as_long_as_there_are_any() {
        assert_eq!([0, 25, 26].map(letter), ["a", "z", "27"]);
    }
}
