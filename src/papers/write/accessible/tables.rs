//! What the sheets of a report are as plain tables: one a sheet, one thing a cell, the same
//! headings in one table.

use std::borrow::Cow;
use std::collections::BTreeMap;

use indexmap::{IndexMap, IndexSet};

use crate::nouns::figure::Symbol;
use crate::nouns::report::{Cell, Content, Part, Report, Sheet, Style};
use crate::nouns::unit::Unit;
use crate::papers::write::outline::{self, Line, Outline, Table, outline, words_only};

/// A tab's name has so many characters at most.
const LONGEST_NAME: usize = 31;
/// Of the things that a table's lines stand under, the list of worksheets names so many.
const THEMES_TOLD: usize = 4;
/// Headings of columns that only this edition has.
const UNIT: &str = "Unit";
const NOTES: &str = "Notes";
/// Wordings that a symbol's explanation says as well.
const DASH: &str = "–";

/// A sheet with one table.
pub struct Plain {
    /// The tab's name.
    pub name: String,
    /// Its title and the lines under it.
    pub lines: Vec<String>,
    /// What it holds, for the list of worksheets.
    pub holds: String,
    /// The headings.
    pub head: Vec<String>,
    /// The rows, a content a heading.
    pub rows: Vec<Vec<Content>>,
}

impl Plain {
    /// A sheet that explains what stands in others, beside the report's title.
    fn of_words(
        (name, title): (&str, &str),
        line: &str,
        head: [&str; 2],
        rows: Vec<[Content; 2]>,
    ) -> Plain {
        Plain {
            name: name.to_string(),
            lines: vec![format!("{name}: {title}"), line.to_string()],
            holds: line.to_string(),
            head: head.map(ToString::to_string).to_vec(),
            rows: rows.into_iter().map(Vec::from).collect(),
        }
    }
}

/// A table while it is put together from the tables of a sheet.
#[derive(Default)]
struct Gathered<'r> {
    /// The headings in order; under the first stands what the lines stand under on the printed
    /// page.
    head: IndexSet<String>,
    /// Whether these are the tables of charts.
    charts: bool,
    /// What the lines stand under on the printed page.
    themes: IndexSet<String>,
    rows: Vec<BTreeMap<(usize, Part), Cow<'r, Content>>>,
}

/// What the report's tables need explained.
#[derive(Default)]
struct Explained {
    notes: IndexSet<String>,
    symbols: IndexSet<&'static str>,
}

/// The sheets of a report behind cover and contents: notes, shorthand, then the tables.
pub fn plain_sheets(report: &Report) -> Vec<Plain> {
    let mut explained = Explained::default();
    let mut names =
        IndexSet::from(["Cover", "Contents", "Notes", "Shorthand"].map(|n| n.to_lowercase()));
    let mut tables = Vec::new();
    let mut words = Vec::new();
    for sheet in report.sheets.iter().map(Sheet::unprinted) {
        let parts = outline(sheet);
        if sheet.notes {
            // The first says what the cover says.
            words.extend(parts.parts.iter().skip(1).filter_map(|part| match part {
                outline::Part::Text { content, sign: false } => {
                    Some(words_only(&content.printed()))
                }
                _ => None,
            }));
        }
        let title = if sheet.notes { &*report.properties.title } else { &*parts.title };
        gather(sheet, &parts, title, &mut names, &mut explained, &mut tables);
    }
    let text = |text: &str| Content::Text(text.to_string());
    let title = &report.properties.title;
    let notes = explained.notes.iter().chain(&words).enumerate();
    let notes = notes.map(|(index, note)| [text(&note_mark(index)), text(note)]).collect();
    let symbols = explained.symbols.iter().map(|mark| [text(mark), text(meaning(mark))]).collect();
    let mut sheets = vec![
        Plain::of_words(
            ("Notes", title),
            "Notes that tables refer to, and how to read the figures.",
            ["Note", "Explanation"],
            notes,
        ),
        Plain::of_words(
            ("Shorthand", title),
            "Shorthand that stands in tables.",
            ["Shorthand", "Meaning"],
            symbols,
        ),
    ];
    sheets.retain(|sheet| !sheet.rows.is_empty());
    sheets.append(&mut tables);
    sheets
}

fn note_mark(index: usize) -> String {
    format!("[note {}]", index + 1)
}

/// What shorthand says.
fn meaning(mark: &str) -> &'static str {
    match mark {
        "[c]" => "Suppressed: the figure may not be shown",
        "[z]" => "Not applicable: nothing belongs here, or there is nothing to compare with",
        "[x]" => "Not available: no figure was supplied",
        "[k]" | "[low]" => "Rounds to 0, but is not 0",
        "[u]" => "Of low reliability",
        "[p]" => "Provisional: it may change before it is published",
        _ => "Revised since it was last printed: the notes say from what",
    }
}

fn mark_of(symbol: Symbol) -> &'static str {
    match symbol {
        Symbol::Confidential => "[c]",
        Symbol::NotApplicable => "[z]",
        Symbol::Unavailable => "[x]",
        Symbol::RoundsToZero => "[k]",
        Symbol::Low => "[low]",
        Symbol::LowReliability => "[u]",
    }
}

/// Puts the tables of a sheet together by what they are, and each of them on a sheet of its own.
fn gather(
    sheet: &Sheet,
    parts: &Outline,
    title: &str,
    names: &mut IndexSet<String>,
    explained: &mut Explained,
    tables: &mut Vec<Plain>,
) {
    let mut all: IndexMap<String, Gathered> = IndexMap::new();
    let mut lines = Vec::new();
    let mut heading = String::new();
    let areas = "Area updates".to_string();
    let details = format!("{} in words", sheet.name);
    for part in &parts.parts {
        match part {
            outline::Part::Heading(_) if sheet.notes => {}
            outline::Part::Heading(text) => heading = text.to_string(),
            // The notes sheet's are notes.
            outline::Part::Text { .. } if sheet.notes => {}
            outline::Part::Text { sign: true, .. } => {}
            outline::Part::Text { content, .. } if heading.is_empty() => {
                lines.push(words_only(&content.printed()))
            }
            outline::Part::Text { content, .. } => {
                let table = all.entry(details.clone()).or_default();
                table.line(
                    ("Heading", &heading),
                    None,
                    [("Subject", words("Description")), ("Text", Cow::Borrowed(*content))],
                );
            }
            outline::Part::Table(table) => {
                let (mut what, mut theme) = match table.chart {
                    Some(chart) => ("Chart", chart.title.clone()),
                    None if table.another => ("Heading", String::new()),
                    None => ("Heading", heading.clone()),
                };
                // Names and figures of one measure are a line, as those of other measures are.
                if table.aside {
                    let cells: Vec<(String, Cow<Content>)> =
                        table.lines.iter().filter_map(named).collect();
                    let Some((first, _)) = cells.first() else { continue };
                    let cells = cells.iter().map(|(name, said)| (name.as_str(), said.clone()));
                    all.entry(first.clone()).or_default().line((what, &theme), None, cells);
                    continue;
                }
                for (index, line) in table.lines.iter().enumerate() {
                    match line {
                        Line::Section(text) => (what, theme) = ("Theme", text.to_string()),
                        Line::Narrative(area, paragraphs) => {
                            let of_areas = all.entry(areas.clone()).or_default();
                            for paragraph in paragraphs {
                                of_areas.line(
                                    ("", ""),
                                    None,
                                    [("Area", words(area)), ("Update", words(paragraph))],
                                );
                            }
                            // What is said of an area stands over its figures.
                            (what, theme) = ("Theme", area.to_string());
                        }
                        Line::Cells(unit, cells, _) if table.head.is_empty() => {
                            let texts = (2..).map(|n| format!("Text {n}"));
                            let place: Vec<String> = ["Subject", "Text"]
                                .map(String::from)
                                .into_iter()
                                .chain(texts)
                                .take(cells.len())
                                .collect();
                            let cells =
                                place.iter().map(String::as_str).zip(cells.iter().map(content));
                            all.entry(details.clone()).or_default().line(
                                (what, &theme),
                                *unit,
                                cells,
                            );
                        }
                        Line::Cells(unit, cells, _) => {
                            let head: Vec<String> = table.head.iter().map(heading_text).collect();
                            let under = under(table, cells);
                            let cells =
                                under.map(|(column, cell)| (head[column].as_str(), content(cell)));
                            let below = commentary_below(table, index);
                            let heading = sheet.below.as_deref().unwrap_or("Commentary");
                            let cells = cells.chain(below.map(|said| (heading, said)));
                            let of_kind = all.entry(head[0].clone()).or_default();
                            of_kind.charts |= table.chart.is_some();
                            of_kind.line((what, &theme), *unit, cells);
                        }
                        // It stands in the line that it is about.
                        Line::Commentary(_) => {}
                    }
                }
            }
        }
    }
    // A sheet of words alone keeps them.
    if all.is_empty() && !lines.is_empty() {
        let texts = all.entry("Text".to_string()).or_default();
        for line in std::mem::take(&mut lines) {
            texts.line(("", ""), None, [("Text", words(&line))]);
        }
    }
    let with_areas = all.contains_key(&areas);
    let (mut first, mut themes) = (true, IndexSet::new());
    for (key, table) in all {
        let beside = key == areas || key == details;
        let chief = first && !beside;
        first &= beside;
        let name = match chief {
            _ if beside => key,
            true if with_areas => "Indicators".to_string(),
            true if sheet.notes => "Definitions".to_string(),
            true => sheet.name.clone(),
            false if table.charts => format!("{}, charts", sheet.name),
            // Below another table of the same theme it is about something else.
            false => match table.only_theme() {
                Some(theme) if themes.insert(theme.clone()) => theme,
                _ => table.headings(),
            },
        };
        let mut said = vec![format!("{name}: {title}")];
        let name = tab(&name, names);
        said.append(&mut lines);
        tables.push(table.finish(name, said, explained));
    }
}

/// A name and what is printed of it, as a line of two cells says them.
fn named<'l>(line: &'l Line) -> Option<(String, Cow<'l, Content>)> {
    match line {
        Line::Cells(_, cells, _) => Some((heading_text(cells.first()?), content(cells.get(1)?))),
        _ => None,
    }
}

/// What is said below a line, in a table in which something is said below any.
fn commentary_below<'t>(table: &'t Table, line: usize) -> Option<Cow<'t, Content>> {
    let any = table.lines.iter().any(|line| matches!(line, Line::Commentary(_)));
    match table.lines.get(line + 1) {
        Some(Line::Commentary(cell)) => Some(Cow::Borrowed(&cell.content)),
        _ => any.then_some(Cow::Owned(Content::Blank)),
    }
}

/// What a cell says; an empty one among figures is one without a figure.
fn content(cell: &Cell) -> Cow<'_, Content> {
    match cell.content {
        Content::Blank if matches!(cell.style, Style::Figure | Style::TotalFigure) => {
            Cow::Owned(Content::Gap { symbol: Symbol::Unavailable, wording: DASH.to_string() })
        }
        _ => Cow::Borrowed(&cell.content),
    }
}

fn words(text: &str) -> Cow<'static, Content> {
    Cow::Owned(Content::Text(text.to_string()))
}

/// A heading in one line.
fn heading_text(cell: &Cell) -> String {
    words_only(&cell.content.printed()).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cells by the headings over them; one that lies under several is said under each.
fn under<'c>(table: &'c Table, cells: &'c [Cell]) -> impl Iterator<Item = (usize, &'c Cell)> {
    table.head.iter().enumerate().filter_map(|(at, head)| {
        let over = |cell: &&Cell| (cell.column..cell.column + cell.span).contains(&head.column);
        cells.iter().find(over).map(|cell| (at, cell))
    })
}

/// A name that a tab can have and none has yet.
fn tab(name: &str, names: &mut IndexSet<String>) -> String {
    let plain: String =
        name.chars().map(|c| if "[]:*?/\\".contains(c) { ' ' } else { c }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    // A name that begins with a digit makes no name of a table.
    let plain = if plain.starts_with(|c: char| c.is_ascii_digit()) {
        format!("Table {plain}")
    } else {
        plain
    };
    let mut tried = first_letters(&plain, LONGEST_NAME);
    let mut number = 2;
    // The tables' names have underscores for all else than letters and digits, and differ as well.
    let key = |name: &str| name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "_");
    while !names.insert(key(&tried)) {
        tried = format!("{} {number}", first_letters(&plain, LONGEST_NAME - 4));
        number += 1;
    }
    tried
}

/// So many letters of a name at most: where it must be cut, the things that it lists as far as they
/// go in whole, else its words; without a mark or a space at the end.
fn first_letters(name: &str, most: usize) -> String {
    let cut: String = name.chars().take(most).collect();
    let whole = cut.len() == name.len() || name[cut.len()..].starts_with([' ', ',']);
    let until = cut.rfind(", ").or_else(|| cut.rfind(' ')).filter(|_| !whole);
    cut[..until.unwrap_or(cut.len())].trim_end_matches([' ', ',', '\'']).to_string()
}

impl<'r> Gathered<'r> {
    /// Puts a line into the table: what it stands under, the first cell, the unit, the others.
    fn line<'h>(
        &mut self,
        (what, theme): (&str, &str),
        unit: Option<Unit>,
        cells: impl IntoIterator<Item = (&'h str, Cow<'r, Content>)>,
    ) {
        let mut row = BTreeMap::new();
        if self.head.is_empty() {
            self.head.insert(what.to_string());
        }
        self.themes.insert(theme.to_string());
        if !theme.is_empty() {
            row.insert((0, Part::First), words(&words_only(theme)));
        }
        for (index, (heading, content)) in cells.into_iter().enumerate() {
            let (at, _) = self.head.insert_full(heading.to_string());
            match content {
                Cow::Borrowed(Content::Several { parts, .. }) => {
                    row.extend(
                        parts.iter().map(|(part, content)| ((at, *part), Cow::Borrowed(content))),
                    );
                }
                content => drop(row.insert((at, Part::First), content)),
            }
            if let (0, Some(unit)) = (index, unit) {
                let (at, _) = self.head.insert_full(UNIT.to_string());
                row.insert((at, Part::First), words(&unit.to_string()));
            }
        }
        self.rows.push(row);
    }

    /// What all of its lines stand under, where that is one thing.
    fn only_theme(&self) -> Option<String> {
        self.themes.first().filter(|theme| self.themes.len() == 1 && !theme.is_empty()).cloned()
    }

    /// The headings one behind the other, without what lines stand under.
    fn headings(&self) -> String {
        let named = self.head.iter().skip(1).filter(|heading| !heading.is_empty());
        named.cloned().collect::<Vec<_>>().join(", ")
    }

    /// What the table holds, in words, and how many rows it has: the one thing that its lines stand
    /// under, else what is said under the title, else the things that they stand under, else its
    /// headings.
    fn holds(&self, lines: &[String]) -> String {
        let what = self.only_theme().or_else(|| lines.get(1).cloned());
        let what = what.or_else(|| self.several_themes()).unwrap_or_else(|| self.headings());
        let rows = self.rows.len();
        format!("{what} ({rows} {})", if rows == 1 { "row" } else { "rows" })
    }

    /// The first of the things that its lines stand under, and how many more there are.
    fn several_themes(&self) -> Option<String> {
        let themes: Vec<&str> =
            self.themes.iter().filter(|theme| !theme.is_empty()).map(String::as_str).collect();
        let told = themes[..themes.len().min(THEMES_TOLD)].join("; ");
        match themes.len().saturating_sub(THEMES_TOLD) {
            0 => Some(told).filter(|told| !told.is_empty()),
            more => Some(format!("{told}; and {more} more")),
        }
    }

    /// The sheet: columns of parts beside their chief ones, every gap told by its mark.
    fn finish(self, name: String, mut lines: Vec<String>, explained: &mut Explained) -> Plain {
        let mut columns: Vec<(usize, Part)> =
            self.rows.iter().flat_map(|row| row.keys().copied()).collect();
        columns.sort_unstable();
        columns.dedup();
        // A column that is there for the looks of the page is none here.
        columns.retain(|(at, part)| !self.head[*at].is_empty() || self.says(*at, *part));
        let mut head: Vec<String> =
            columns.iter().map(|column| self.heading(*column, &columns)).collect();
        let holds = self.holds(&lines);
        let (mut empty, mut marked) = (false, false);
        let mut rows = Vec::new();
        for row in &self.rows {
            let mut refers: IndexSet<usize> = IndexSet::new();
            let mut cells = Vec::new();
            for column in &columns {
                let content = row.get(column).map(Cow::as_ref);
                if let Some(Content::Gap { wording, .. }) = content
                    && wording != DASH
                {
                    refers.insert(explained.notes.insert_full(wording.clone()).0);
                }
                if let Some(mark) = shorthand(content, column.1) {
                    marked = true;
                    explained.symbols.insert(mark);
                }
                let cell = plain_cell(content, column.1);
                empty |= cell == Content::Blank;
                cells.push(cell);
            }
            rows.push((cells, refers));
        }
        let noted = rows.iter().any(|(_, refers)| !refers.is_empty());
        if noted {
            head.push(NOTES.to_string());
        }
        let rows = rows.into_iter().map(|(mut cells, refers)| {
            if noted {
                let refers = refers.into_iter().map(note_mark).collect::<Vec<_>>().join(" ");
                empty |= refers.is_empty();
                cells.push(Content::text(&refers));
            }
            cells
        });
        let rows = rows.collect();
        lines.push("This worksheet contains one table.".to_string());
        if marked {
            let more = if noted { ", notes on the worksheet Notes" } else { "" };
            lines.push(format!(
                "Shorthand in square brackets is explained on the worksheet Shorthand{more}."
            ));
        }
        if empty {
            lines.push("Where a cell is empty, nothing was written there.".to_string());
        }
        Plain { name, lines, holds, head: unique(head), rows }
    }

    /// Whether something stands in a column.
    fn says(&self, at: usize, part: Part) -> bool {
        let cells = self.rows.iter().filter_map(|row| row.get(&(at, part)));
        cells.into_iter().any(|content| !content.printed().is_empty())
    }

    /// The heading of a column, with what the part is where there are several.
    fn heading(&self, (at, part): (usize, Part), columns: &[(usize, Part)]) -> String {
        let heading = match self.head[at].as_str() {
            "" => format!("Column {at}"),
            heading => heading.to_string(),
        };
        let more = match part {
            Part::First if columns.contains(&(at, Part::End)) => "from",
            Part::First => return heading,
            Part::Beside => "rate or percentage",
            Part::End => "to",
            Part::OutOf => "out of",
            Part::Share => "per cent",
            Part::Year => "year",
            Part::Mark => "mark",
        };
        format!("{heading}: {more}")
    }
}

/// The mark in square brackets that says why there is no figure, or what is to know of one.
fn shorthand(content: Option<&Content>, part: Part) -> Option<&'static str> {
    match content {
        None => Some("[z]"),
        Some(Content::Gap { symbol, .. }) => Some(mark_of(*symbol)),
        Some(Content::Text(text)) if part == Part::Mark => {
            Some(if text == "[p]" { "[p]" } else { "[r]" })
        }
        Some(_) => None,
    }
}

/// What a cell of a plain table holds: one number, or words, or a mark.
fn plain_cell(content: Option<&Content>, part: Part) -> Content {
    match (shorthand(content, part), content) {
        (Some(mark), _) => Content::Text(mark.to_string()),
        (None, None | Some(Content::Blank)) => Content::Blank,
        (None, Some(number @ Content::Number { .. })) => number.clone(),
        (None, Some(other)) => Content::Text(words_only(&other.printed())),
    }
}

/// Headings of a table differ from each other, whatever their case.
fn unique(head: Vec<String>) -> Vec<String> {
    let mut seen = IndexSet::new();
    let mut all = Vec::new();
    for heading in head {
        let mut tried = heading.clone();
        let mut number = 2;
        while !seen.insert(tried.to_lowercase()) {
            tried = format!("{heading} ({number})");
            number += 1;
        }
        all.push(tried);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_a_table_differ() {
        let head = ["Rate", "rate", "Rate (2)", "RATE"].map(String::from).to_vec();
        assert_eq!(unique(head), ["Rate", "rate (2)", "Rate (2) (2)", "RATE (3)"]);
    }

    #[test]
    fn a_name_is_cut_before_a_mark() {
        assert_eq!(first_letters("Children, young people", 9), "Children");
        assert_eq!(first_letters("Élan", 2), "Él");
        let strengths = "Areas of strength, Areas for development";
        assert_eq!(first_letters(strengths, 31), "Areas of strength");
        assert_eq!(
            first_letters("Households that want to foster, by stage", 30),
            "Households that want to foster"
        );
    }
}
