//! The sheet Commentary: room to write on each area of the service and on each figure that is asked
//! for.

use indexmap::IndexSet;

use super::codes::Codes;
use super::{Asked, Fill, Rule, Tab, Takes, days, example_day, fixed, open};
use crate::nouns::report::Style;

const COLUMNS: [(&str, f64); 5] = [
    ("Indicator or area", 24.0),
    ("Title", 30.0),
    ("Commentary", 78.0),
    ("Author", 18.0),
    ("Date", 12.0),
];
/// Rows for commentary on whatever else there is to say something about.
const FURTHER: u32 = 12;
/// Room for a few sentences, in points.
const ROOM: f64 = 66.0;

/// The sheet.
pub fn tab(asked: &Asked, codes: &Codes) -> Tab {
    let mut tab = Tab::new("Commentary", &COLUMNS.map(|(_, width)| width));
    tab.add_across(Style::Title, "Commentary");
    let how = "Write in the yellow cells what the committee should know; leave the others empty. \
               Alt and Enter begins a paragraph. Name no child and nobody's family.";
    tab.add_across(Style::Purpose, how);
    tab.add_headings(&COLUMNS.map(|(heading, _)| heading));
    tab.frozen_columns = 1;
    let first = tab.next();
    // A theme of which nothing is a figure of its own has no place in the report.
    let listed = asked.declared.indicators.values().filter(|i| i.part_of.is_none() && !i.detail);
    let areas: IndexSet<&str> = listed.filter_map(|i| i.theme.as_deref()).collect();
    let areas = areas.into_iter().map(|area| (area, "The area as a whole"));
    let figures = asked.figures.iter().map(|i| (i.code.as_str(), i.title.as_str()));
    for (about, title) in areas.chain(figures) {
        let mut cells = vec![fixed(0, Style::Name, about), fixed(1, Style::Text, title)];
        cells.extend([open(2, Fill::Words), open(3, Fill::Words), open(4, Fill::Day)]);
        tab.add(ROOM, cells);
    }
    let further = tab.next();
    for _ in 0..FURTHER {
        let mut cells = vec![open(0, Fill::Words), fixed(1, Style::Text, "")];
        cells.extend([open(2, Fill::Words), open(3, Fill::Words), open(4, Fill::Day)]);
        tab.add(ROOM, cells);
    }
    let rows = (first, tab.next() - 1);
    if let Some(takes) = codes.subjects() {
        let help = "An indicator from the list, or the name of an area in your own words.";
        tab.rules.push(Rule::new((further, rows.1), 0, takes, "What it is about", help, ""));
    }
    let help = "What lies behind the figures and what is done about it. The figures themselves \
                stand beside it.";
    tab.rules.push(Rule::new(rows, 2, Takes::Anything, "Commentary", help, ""));
    let (day, help) = (example_day(asked), "Who wrote it. Not printed.");
    tab.rules.push(Rule::new(rows, 3, Takes::Anything, "Author", help, ""));
    let refusal = format!("This is no day that can be. Type it as {day}, or leave the cell empty.");
    tab.rules.push(Rule::new(
        rows,
        4,
        days(asked),
        "Date",
        &format!("Type the day as {day}. Not printed."),
        &refusal,
    ));
    tab
}
