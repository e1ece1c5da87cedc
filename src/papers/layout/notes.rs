//! The sheet of notes and definitions that goes with every layout.

use indexmap::{IndexMap, IndexSet};

use super::breaks::PRINTED_POINTS;
use super::builder::{Builder, page};
use super::cells::CellMaker;
use super::columns::Fitted;
use super::fill::{self, Frame};
use super::key::{Signs, key, no_figure};
use super::metrics::{Measured, characters_for, longest_word_pixels, text_pixels, usable_pixels};
use super::notes_in_columns::{self, Note};
use super::shared_definitions;
use super::widths::pixels;
use crate::definitions::{Better, Indicator, Measure};
use crate::figures::suppress::{Shown, ShownFigures};
use crate::nouns::comparator::Comparator;
use crate::nouns::numbers::in_full;
use crate::nouns::plan::SheetPlan;
use crate::nouns::report::{Cell, Content, MadeOf, RowKind, Sheet, Style};
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
/// What the words under [`BETTER`] mean.
const GOOD: &str = "Good performance is: High means that a higher figure is better, Low that a \
                    lower one is; Information only means neither.";
/// What stands behind a name that is set in columns.
const BRACKETS: &str =
    "In brackets: High where a higher figure is better, Low where a lower one is";
/// The name of the sheet.
const NAME: &str = "Notes and definitions";
const KEY: &str = "Key";
const DEFINITIONS: &str = "Definitions";
const REVISED: &str = "Revised since it was last printed";
/// Notes take one page of so many others at most; a report of fewer has one page of them.
const PAGES_A_PAGE: usize = 3;
/// Less of a page than this is saved, where columns can.
const LITTLE: f64 = 1.0 / 3.0;

/// The sheet for the indicators that the report lists, which has so many other pages.
pub fn sheet(
    maker: &CellMaker,
    frame: &Frame,
    listed: &[String],
    fitted: &[Fitted],
    pages: usize,
) -> Sheet {
    let told = Told::of(maker, frame, listed, fitted);
    let plan = &fitted[0].plan;
    let table = told.in_a_table(plan);
    let most = (pages / PAGES_A_PAGE).max(1);
    let of_table = table.page.starts.len();
    let little_over = of_table > 1 && pages_filled(&table) < (of_table - 1) as f64 + LITTLE;
    if of_table <= most && !little_over {
        return table;
    }
    let (key, definitions) = (told.key_in_columns(), told.definitions_in_columns(maker.shown));
    let page = page(plan, None);
    let fewer = most.min(of_table - 1).max(1);
    let columns = notes_in_columns::sheet(NAME, [&key, &definitions], &page, fewer);
    if of_table <= most && columns.page.starts.len() >= of_table {
        return table;
    }
    Sheet { notes: true, in_a_table: Some(Box::new(table)), ..columns }
}

/// How many pages the rows of a sheet would fill.
fn pages_filled(sheet: &Sheet) -> f64 {
    let points: f64 = sheet.rows.iter().map(|row| row.height).sum();
    points * sheet.page.scale / PRINTED_POINTS
}

/// What the notes tell, however they are set.
struct Told<'t> {
    /// How to read the report: signs of the printed page, and what holds for every edition.
    key: Vec<(RowKind, String)>,
    /// What was printed otherwise before.
    restated: Vec<String>,
    /// The indicators.
    listed: &'t [String],
    definitions: Definitions,
    /// The last day that the figures are of.
    at: String,
}

impl<'t> Told<'t> {
    fn of(maker: &CellMaker, frame: &Frame, listed: &'t [String], fitted: &[Fitted]) -> Told<'t> {
        let (shown, signs) = (maker.shown, Signs::of(fitted));
        let printed = fill::printed(fitted, maker);
        let definitions = Definitions::of(shown, listed, &signs);
        let mut lines = vec![(RowKind::Sign, no_figure(&signs))];
        if signs.brackets {
            let line = "Where a second figure stands in brackets, it is the rate or percentage \
                        that goes with the number before it.";
            lines.push((RowKind::Sign, line.to_string()));
        }
        let usual = definitions.usual.iter().cloned();
        let said = key(shown, listed, &signs, &printed).into_iter().chain(usual);
        lines.extend(said.chain(left_out(fitted)).map(|line| (RowKind::Text, line)));
        if signs.charts {
            let line = "In the table of a chart an empty cell means that there is no figure; its \
                        line has a gap there.";
            lines.push((RowKind::Sign, line.to_string()));
        }
        let (restated, at) = (restated(shown, frame, &printed), shown.period.end.long());
        Told { key: lines, restated, listed, definitions, at }
    }

    /// A row for each measure, below the key.
    fn in_a_table(&self, plan: &SheetPlan) -> Sheet {
        let Definitions { columns, rows, .. } = &self.definitions;
        let mut builder = Builder::new(widths(columns, rows));
        builder.across(NAME, Style::Title, 0.0);
        builder.across(&format!("{}, data as at {}", plan.title, self.at), Style::Purpose, 0.0);
        // How to read the report stands first: below the table it would be parted by a page's end.
        builder.across(KEY, Style::Subtitle, 0.0);
        for (kind, line) in &self.key {
            builder.line(*kind, line, Style::Key, 0.0);
        }
        builder.across(GOOD, Style::Key, 0.0);
        if !self.restated.is_empty() {
            builder.across(REVISED, Style::Subtitle, 0.0);
            for line in &self.restated {
                builder.across(line, Style::Key, 0.0);
            }
        }
        builder.spacer();
        let head = builder.next_row();
        let heads = columns.iter().enumerate();
        let heads = heads.map(|(at, heading)| cell(at, Style::NoteHead, heading, MadeOf::Words));
        builder.push(RowKind::Head, heads.collect(), 0.0);
        for (code, texts) in self.listed.iter().zip(rows) {
            let cells = columns.iter().zip(texts).enumerate().map(|(at, (heading, text))| {
                let style = if *heading == INDICATOR { Style::NoteName } else { Style::Note };
                cell(at, style, text, MadeOf::Notes { code: code.clone(), heading })
            });
            builder.push(RowKind::Cells, cells.collect(), 0.0);
        }
        let finished = builder.finish(NAME, page(plan, Some((head, head))));
        Sheet { notes: true, head: Some(head), ..finished }
    }

    /// The key as notes, each with a line to itself.
    fn key_in_columns(&self) -> Vec<Note> {
        // The heading has a line to itself: before the sign for no figure it would seem part of it.
        let mut notes = vec![Note::head(KEY)];
        notes.extend(self.key.iter().map(|(_, line)| Note::of(line)));
        if !self.restated.is_empty() {
            notes.push(Note::head(REVISED));
            notes.extend(self.restated.iter().map(|line| Note::under(REVISED, line)));
        }
        notes
    }

    /// The definitions as notes: `Placed inside the council's area (High, a). Out of all in care.`
    fn definitions_in_columns(&self, shown: &ShownFigures) -> Vec<Note> {
        let Definitions { columns, rows, .. } = &self.definitions;
        let text = |row: &[String], wanted| told_under(columns, row, wanted);
        let sources: Vec<String> = rows.iter().map(|row| text(row, SOURCE)).collect();
        let usual = common(&sources);
        let told = self.listed.iter().zip(rows).map(|(code, row)| {
            let indicator = &shown.indicators[code];
            let mut definition = text(row, DEFINITION);
            let target = text(row, TARGET);
            if !target.is_empty() {
                definition.push_str(&format!(" {TARGET}: {target}."));
            }
            let better = match indicator.better {
                Better::Neither => String::new(),
                better => better.words().to_string(),
            };
            let mut aside = vec![better, text(row, SOURCE)];
            aside.retain(|text| !text.is_empty() && Some(text) != usual.as_ref());
            shared_definitions::Told {
                code: code.clone(),
                theme: indicator.theme.clone(),
                title: indicator.title.clone(),
                aside: aside.join(", "),
                definition,
            }
        });
        let defined = shared_definitions::notes(told.collect());
        let source = match &usual {
            Some(letter) => format!("; the source, unless it is {letter}"),
            None if sources.iter().any(|letter| !letter.is_empty()) => "; the source".to_string(),
            None => String::new(),
        };
        let line = Note::under(DEFINITIONS, &format!("{BRACKETS}{source}."));
        [Note::head(DEFINITIONS), line].into_iter().chain(defined).collect()
    }
}

/// What a row of the table of definitions says under a heading, where it has that.
fn told_under(columns: &[&'static str], row: &[String], wanted: &str) -> String {
    let at = columns.iter().position(|heading| *heading == wanted);
    at.map_or(String::new(), |at| row[at].clone())
}

/// A cell of the table of definitions.
fn cell(at: usize, style: Style, text: &str, made_of: MadeOf) -> Cell {
    Cell { column: at as u16, span: 1, style, content: Content::text(text), made_of }
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
