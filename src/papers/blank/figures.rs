//! The sheet Figures: a row for each figure that is asked for, with what it was before and what is
//! aimed at beside the cells to fill in.

use std::collections::HashMap;

use super::{ANY, Asked, Cell, CellLook, Content, Fill, Rule, Tab, Takes, fixed, open};
use crate::definitions::Indicator;
use crate::nouns::numbers::decimals_of;
use crate::nouns::period::Period;
use crate::nouns::report::{NumberFormat, Style};
use crate::nouns::unit::Unit;

/// Its headings, as the reader knows them, and their widths. "What it means" is for people.
const COLUMNS: [(&str, f64); 13] = [
    ("Indicator", 21.0),
    ("Title", 27.0),
    ("What it means", 36.0),
    ("Unit", 12.0),
    ("Numerator", 11.0),
    ("Denominator", 13.0),
    ("Value", 10.0),
    ("Previous quarter", 10.0),
    ("Previous out-turn", 10.0),
    ("Target", 9.0),
    ("Note", 26.0),
    // How near the target is near enough: only where some are known.
    ("Tolerance low", 10.0),
    ("Tolerance high", 10.0),
];
const NUMERATOR: u16 = 4;
const DENOMINATOR: u16 = 5;
const VALUE: u16 = 6;
const BEFORE: u16 = 7;
const YEAR: u16 = 8;
const TARGET: u16 = 9;
const NOTE: u16 = 10;
const TOLERANCE: u16 = 11;

/// The sheet.
pub fn tab(asked: &Asked) -> Tab {
    let tolerances = asked.figures.iter().any(|indicator| indicator.tolerance.is_some());
    let columns = if tolerances { &COLUMNS[..] } else { &COLUMNS[..usize::from(TOLERANCE)] };
    let (mut headings, widths): (Vec<&str>, Vec<f64>) = columns.iter().copied().unzip();
    if asked.period.is_some_and(|period| period.is_month()) {
        headings[usize::from(BEFORE)] = "Previous month";
    }
    let mut tab = Tab::new("Figures", &widths);
    let when = asked.period.map_or(String::new(), |period| format!(" for {}", period.label()));
    tab.add_across(Style::Title, &format!("Figures{when}"));
    let how = "Fill in the yellow cells: both counts, or the value alone. Where there is no \
               figure, leave them empty and say why in the note.";
    tab.add_across(Style::Purpose, how);
    // Which quarter and year it was stands above the headings: in them the reader would not know
    // them.
    let label = |of: fn(&Period) -> Period| asked.period.map(|p| of(&p).label());
    let earlier = label(super::before).unwrap_or_default();
    let year = label(Period::previous_year).unwrap_or_default();
    let mut band = vec![
        Cell { span: 4, ..fixed(0, Style::Section, "What is asked for") },
        Cell { span: 3, ..fixed(NUMERATOR, Style::Section, "Fill in") },
        fixed(BEFORE, Style::Section, &earlier),
        fixed(YEAR, Style::Section, &year),
        fixed(TARGET, Style::Section, ""),
        fixed(NOTE, Style::Section, "Fill in if it helps"),
    ];
    if tolerances {
        band.push(Cell { span: 2, ..fixed(TOLERANCE, Style::Section, "From the target") });
    }
    tab.add(15.0, band);
    tab.add_headings(&headings);
    tab.frozen_columns = 2;
    for indicator in &asked.figures {
        add(&mut tab, asked, indicator, tolerances);
    }
    tab
}

fn add(tab: &mut Tab, asked: &Asked, indicator: &Indicator, tolerances: bool) {
    let row = tab.next();
    let format = format(indicator);
    let mut rules = RowRules { all: &mut tab.rules, row, title: &indicator.title };
    let shared = matches!(indicator.unit, Unit::Percentage | Unit::Rate(_) | Unit::Average);
    if shared {
        let count = "Type a whole number, or leave the cell empty.";
        rules.add(
            NUMERATOR,
            Takes::Whole(0.0, ANY.1),
            "How many. Fill in the denominator too, and the value is worked out.",
            count,
        );
        rules.add(DENOMINATOR, Takes::Whole(0.0, ANY.1), "Out of how many.", count);
    }
    let (takes, typing, refusal) = value(indicator);
    let instead = if shared { " Leave it empty where you fill in both counts." } else { "" };
    let none = "Where there is no figure, leave the cell empty and say why in the note.";
    rules.add(
        VALUE,
        takes,
        &format!("{typing}{instead} {}", indicator.definition),
        &format!("{refusal} {none}"),
    );
    let last = if asked.period.is_some_and(|period| period.is_month()) {
        "The council's figure of the month before, if you know it."
    } else {
        "The council's figure of the quarter before, if you know it."
    };
    // What an earlier report may not tell is not asked for again: the cell stays empty and locked.
    let known = |known: Option<f64>| known.map_or(Content::Blank, |n| Content::Number(n, format));
    let before =
        |values: &HashMap<String, Option<f64>>| values.get(&indicator.code).copied().map(known);
    let beside = [
        (BEFORE, before(&asked.earlier.before), last),
        (
            YEAR,
            before(&asked.earlier.year),
            "The council's figure of the whole year before, if you know it.",
        ),
        (
            TARGET,
            indicator.target.map(|n| known(Some(n))),
            "What is aimed at, if a target is agreed.",
        ),
    ];
    let mut cells = vec![
        fixed(0, Style::Text, &indicator.code),
        fixed(1, Style::Name, &indicator.title),
        fixed(2, Style::Text, &indicator.definition),
        fixed(3, Style::Text, &indicator.unit.to_string()),
        count_cell(NUMERATOR, shared),
        count_cell(DENOMINATOR, shared),
        open(VALUE, Fill::Figure(format)),
    ];
    for (column, content, help) in beside {
        match content {
            Some(content) => {
                cells.push(Cell { column, span: 1, look: CellLook::Fixed(Style::Figure), content })
            }
            None => {
                rules.add(column, takes, help, refusal);
                cells.push(open(column, Fill::Figure(format)));
            }
        }
    }
    let help = "Printed with the figure: where it comes from, why it changed, why there is none. \
                Name no child.";
    rules.add(NOTE, Takes::Anything, help, "");
    cells.push(open(NOTE, Fill::Words));
    if tolerances {
        // In the indicator's unit: points, where it is a percentage.
        let near = indicator.tolerance.map(|near| [near.low, near.high]);
        for (column, side) in (TOLERANCE..).zip([0, 1]) {
            let points = |n: f64| Content::Number(n, NumberFormat::Plain(decimals_of(n)));
            let content = near.map_or(Content::Blank, |near| points(near[side]));
            cells.push(Cell { column, span: 1, look: CellLook::Fixed(Style::Figure), content });
        }
    }
    tab.add(32.0, cells);
}

/// The rules for what is typed into the row of an indicator.
struct RowRules<'t> {
    all: &'t mut Vec<Rule>,
    row: u32,
    title: &'t str,
}

impl RowRules<'_> {
    fn add(&mut self, column: u16, takes: Takes, help: &str, refusal: &str) {
        let rows = (self.row, self.row);
        self.all.push(Rule::new(rows, column, takes, self.title, help, refusal));
    }
}

/// The cell for a numerator or denominator: open where the figure is worked out of both.
fn count_cell(column: u16, shared: bool) -> Cell {
    if shared {
        open(column, Fill::Figure(NumberFormat::Plain(0)))
    } else {
        fixed(column, Style::Figure, "")
    }
}

/// How its figures are shown: as percentages where they are some, so that nobody has to guess what
/// 0.8 is.
fn format(indicator: &Indicator) -> NumberFormat {
    match indicator.unit {
        Unit::Percentage => NumberFormat::Percent(indicator.decimals),
        Unit::Pounds => NumberFormat::Pounds(indicator.decimals),
        _ => NumberFormat::Plain(indicator.decimals),
    }
}

/// What the value can be, how it is typed, and what to say to anything else.
fn value(indicator: &Indicator) -> (Takes, &'static str, &'static str) {
    let least = if indicator.people { 0.0 } else { ANY.0 };
    match indicator.unit {
        Unit::Percentage => (
            Takes::Number(0.0, 1.0),
            "Type 80.8 for 80.8%.",
            "Type a percentage from 0 to 100, such as 80.8.",
        ),
        Unit::Number if indicator.decimals == 0 && indicator.people => (
            Takes::Whole(0.0, ANY.1),
            "Type a whole number; 0 where there were none.",
            "Type a whole number, without words.",
        ),
        _ => (
            Takes::Number(least, ANY.1),
            "Type a number; 0 where there were none.",
            "Type a number, without words.",
        ),
    }
}
