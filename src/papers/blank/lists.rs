//! A sheet for a list: its headings in the first row, and below them room for records.

use super::codes::{Codes, fill};
use super::{ANY, Asked, Column, LAST_ROW, LONGEST_HELP, Rule, Tab, Takes, days, example_day};
use crate::definitions::{self, ColumnType, List};
use crate::nouns::numbers::plain_number;
use crate::nouns::report::Style;
use crate::papers::layout::metrics;

/// Rows that are made ready.
const READY: u32 = 200;

/// The sheet.
pub fn tab(asked: &Asked, list: &List, codes: &Codes, name: String) -> Tab {
    let headings: Vec<String> = list.columns.iter().map(heading).collect();
    let mut tab = Tab::new(&name, &[]);
    for (column, heading) in list.columns.iter().zip(&headings) {
        tab.columns.push(Column { width: width(column, heading), open: Some(fill(&column.kind)) });
    }
    // No title above them: what is read back is the plainest list there is.
    tab.add_headings(&headings.iter().map(String::as_str).collect::<Vec<_>>());
    tab.frozen_columns = 1;
    tab.ready = READY;
    for (index, column) in (0..).zip(&list.columns) {
        tab.rules.push(rule(asked, list, column, index, codes));
    }
    tab
}

/// A star marks what must be filled in. The reader looks at letters and digits alone.
fn heading(column: &definitions::Column) -> String {
    if column.required { format!("{} *", column.name) } else { column.name.clone() }
}

fn width(column: &definitions::Column, heading: &str) -> f64 {
    let usual: f64 = match &column.kind {
        ColumnType::Text => 30.0,
        ColumnType::Id => 16.0,
        ColumnType::Date | ColumnType::Quarter => 13.0,
        ColumnType::Codes(_) | ColumnType::Number { .. } | ColumnType::Percentage => 11.0,
    };
    let pixels = metrics::text_pixels(heading, Style::HeadText);
    usual.max(metrics::characters_for(pixels, Style::HeadText).ceil())
}

fn rule(
    asked: &Asked,
    list: &List,
    column: &definitions::Column,
    index: u16,
    codes: &Codes,
) -> Rule {
    let needed = if column.required { "Must be filled in." } else { "" };
    let day = example_day(asked);
    let (takes, help, refusal) = match &column.kind {
        ColumnType::Id => {
            let linked = column.name == list.key
                && asked.lists.iter().filter(|l| l.key == list.key).count() > 1;
            let help = if linked { "Written the same on every sheet." } else { "" };
            (Takes::Anything, help.to_string(), String::new())
        }
        ColumnType::Text | ColumnType::Quarter => {
            let offered = codes.taken_by(asked, column);
            let help = if offered.is_some() { "Choose from the list." } else { "" };
            (offered.unwrap_or(Takes::Anything), help.to_string(), String::new())
        }
        ColumnType::Date => (
            days(asked),
            format!("Type the day as {day}."),
            format!("This is no day that can be. Type the day as {day}, or leave the cell empty."),
        ),
        ColumnType::Number { min, max, whole } => {
            let bounds =
                [min.map(|n| ("at least", n)), max.map(|n| ("at most", n))].into_iter().flatten();
            let bounds: Vec<String> =
                bounds.map(|(word, n)| format!("{word} {}", plain_number(n))).collect();
            let bounds = if bounds.is_empty() {
                String::new()
            } else {
                format!(" of {}", bounds.join(" and "))
            };
            let (low, high) = (min.unwrap_or(ANY.0), max.unwrap_or(ANY.1));
            let number = if *whole { "a whole number" } else { "a number" };
            let none = if *min == Some(0.0) { "; 0 where there were none" } else { "" };
            (
                if *whole { Takes::Whole(low, high) } else { Takes::Number(low, high) },
                format!("Type {number}{bounds}{none}."),
                format!("Type {number}{bounds}, without words, or leave the cell empty."),
            )
        }
        ColumnType::Percentage => (
            Takes::Number(0.0, 1.0),
            "Type 80.8 for 80.8%.".to_string(),
            "Type a percentage from 0 to 100, such as 80.8, or leave the cell empty.".to_string(),
        ),
        ColumnType::Codes(_) => {
            let takes = codes.taken_by(asked, column).unwrap_or(Takes::Anything);
            let choose = "Choose a code from the list.";
            let room = LONGEST_HELP.saturating_sub(
                column.description.chars().count() + choose.len() + needed.len() + 3,
            );
            (
                takes,
                format!("{choose} {}", Codes::told(asked, list, column, room)),
                format!(
                    "{} does not take this code. Choose one from the list: the sheet Codes says \
                     what they mean. Escape brings the old entry back.",
                    column.name
                ),
            )
        }
    };
    let help: Vec<&str> = [column.description.as_str(), &help, needed]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    let help = help.join(" ");
    Rule::new((1, LAST_ROW), index, takes, &column.name, &help, &refusal)
}
