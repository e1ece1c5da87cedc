//! The first sheet: how the return is filled in.

use super::{Asked, Tab, example_day, fixed};
use crate::definitions::{ColumnType, List};
use crate::intake::returns::GUIDANCE_TITLE;
use crate::nouns::report::Style;

/// Its name.
pub const NAME: &str = "Guidance";

/// The sheet, for those that follow it.
pub fn tab(asked: &Asked, sheets: &[Tab]) -> Tab {
    let mut tab = Tab::new(NAME, &[30.0, 96.0]);
    tab.add_across(Style::Title, GUIDANCE_TITLE);
    let name = asked.authority.name.as_deref();
    let when = asked.period.map(|period| period.label());
    let whose: Vec<&str> = [name, when.as_deref()].into_iter().flatten().collect();
    if !whose.is_empty() {
        tab.add_across(Style::Subtitle, &whose.join(", "));
    }
    if let Some(by) = asked.by {
        tab.add_across(Style::Purpose, &format!("Please send it back by {by}."));
    }
    if let Some(contact) = &asked.authority.contact {
        tab.add_across(Style::Purpose, &format!("Questions: {contact}"));
    }
    tab.add_headings(&["Sheet", "What goes there"]);
    tab.frozen = 0;
    let (own, lists) = sheets.split_at(sheets.len() - asked.lists.len());
    let own = own.iter().map(|sheet| (sheet, what(asked, &sheet.name)));
    let lists = lists.iter().zip(&asked.lists).map(|(sheet, list)| (sheet, rows_of(list)));
    for (sheet, what) in own.chain(lists) {
        tab.add(18.0, vec![fixed(0, Style::Name, &sheet.name), fixed(1, Style::Text, &what)]);
    }
    tab.add(
        18.0,
        vec![
            fixed(0, Style::Name, super::CODES),
            fixed(1, Style::Text, "What each code means. Nothing is to be filled in there."),
        ],
    );
    tab.add_headings(&["How", "What to do"]);
    tab.frozen = 0;
    let day = example_day(asked);
    let days = format!("Type {day}: day, month, year in four digits.");
    let mut how = vec![
        (
            "Cells to fill in",
            "They are yellow and have a border. All others are locked, so that the return can be \
             read again. On the sheets of lists every cell below the headings is to be filled in.",
        ),
        (
            "Help",
            "Choose a cell, and a note beside it says what belongs there. What cannot be is \
             refused, and the message says why.",
        ),
        (
            "Not known, or none",
            "An empty cell means that nothing is known. Where there were none, type 0.",
        ),
        ("Percentages", "Type 80.8 for 80.8%."),
        ("Days", &days),
    ];
    let coded =
        asked.lists.iter().flat_map(|l| &l.columns).any(|c| matches!(c.kind, ColumnType::Codes(_)));
    if coded {
        how.push((
            "Codes",
            "Choose from the list that opens at the cell's right edge. The sheet Codes says what \
             they mean.",
        ));
    }
    if !asked.lists.is_empty() {
        how.push(("A star (*)", "The column must be filled in, in every row that you use."));
    }
    how.extend([
        (
            "Pasting",
            "Paste values only (in Excel: Paste Special, Values). Other ways of pasting bring \
             cells that take anything; what is wrong in them is found when the report is made.",
        ),
        ("Children", "Name no child in a note or in commentary. Both are printed."),
        (
            "If a locked cell is wrong",
            "Tell whoever sent you the return. There is no password (in Excel: Review, Unprotect \
             Sheet).",
        ),
    ]);
    for (about, text) in how {
        tab.add(18.0, vec![fixed(0, Style::Name, about), fixed(1, Style::Text, text)]);
    }
    tab
}

/// What goes on a sheet that every return has.
fn what(asked: &Asked, name: &str) -> String {
    let known = "with earlier figures and targets beside";
    match (name, asked.figures.len()) {
        ("Cover", _) => "Who reports, and on what period.".to_string(),
        ("Figures", 1) => format!("One figure, {known} it where they are known."),
        ("Figures", figures) => format!("{figures} figures, {known} them where they are known."),
        _ => "What the committee should know about the figures.".to_string(),
    }
}

/// What the rows of a list are, and what each of them must have.
fn rows_of(list: &List) -> String {
    let row = match (list.description.as_str(), list.one_per_key) {
        ("", true) => format!("A row for each {}.", list.key),
        ("", false) => format!("A row for each {}.", list.record.replace('_', " ")),
        (description, _) => description.to_string(),
    };
    let needed =
        list.columns.iter().filter(|column| column.required).map(|column| column.name.as_str());
    format!("{row} Must be filled in: {}.", needed.collect::<Vec<_>>().join(", "))
}
