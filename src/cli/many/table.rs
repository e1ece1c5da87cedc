//! What became of many returns: the table on the terminal, and the two that are files.

use std::time::Duration;

use serde_json::Value;

use super::Outcome;
use crate::nouns::problem::{Problem, clean};
use crate::nouns::words::{cut, listed, several};
use crate::papers::write::table_csv;

/// How wide the column of returns may be, so that the table fits a terminal.
const WIDEST: usize = 36;

/// A line a return.
pub fn printed(returns: &[Outcome]) -> String {
    let names: Vec<String> = returns.iter().map(|one| shortened(&clean(&one.name))).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(6);
    let mut text = format!(
        "{:<width$}  {:>7}  {:>6}  {:>8}  {:>9}\n",
        "return", "figures", "errors", "warnings", "seconds"
    );
    for (name, one) in names.iter().zip(returns) {
        let figures =
            if one.made.written.is_empty() { "none".into() } else { one.made.figures.to_string() };
        let took = one.took.map_or("as before".to_string(), seconds);
        let (errors, warnings) = (one.made.errors, one.made.warnings);
        text.push_str(&format!(
            "{name:<width$}  {figures:>7}  {errors:>6}  {warnings:>8}  {took:>9}\n"
        ));
    }
    text
}

/// The end of a long name: there the returns differ.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= WIDEST {
        return name.to_string();
    }
    format!("…{}", name.chars().skip(length - WIDEST + 1).collect::<String>())
}

fn seconds(took: Duration) -> String {
    format!("{:.2}", took.as_secs_f64())
}

/// `153 returns: 150 reports made, 2 taken over, 1 without a report; 3 errors and 40 warnings`.
pub fn total(returns: &[Outcome]) -> String {
    let without = returns.iter().filter(|one| one.made.written.is_empty()).count();
    let over =
        returns.iter().filter(|one| one.took.is_none() && !one.made.written.is_empty()).count();
    let mut parts = vec![format!("{} made", several(returns.len() - without - over, "report"))];
    if over > 0 {
        parts.push(format!("{over} as before"));
    }
    if without > 0 {
        parts.push(format!("{without} without a report"));
    }
    let errors: usize = returns.iter().map(|one| one.made.errors).sum();
    let warnings: usize = returns.iter().map(|one| one.made.warnings).sum();
    let found = [(errors, "error"), (warnings, "warning")];
    let found: Vec<String> =
        found.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| several(n, word)).collect();
    let found = if found.is_empty() { "no problems".to_string() } else { listed(&found) };
    format!("{}: {}; {found}", several(returns.len(), "return"), parts.join(", "))
}

/// A row a return.
pub fn summary_csv(returns: &[Outcome]) -> Result<Vec<u8>, Problem> {
    let head = ["return", "period", "figures", "errors", "warnings", "notes", "appendix"];
    let rows = returns.iter().map(|one| {
        let made = &one.made;
        let numbers = [made.figures, made.errors, made.warnings, made.notes];
        let [figures, errors, warnings, notes] = numbers.map(|n| n.to_string());
        let appendix = made.written.first().cloned().unwrap_or_default();
        [one.name.clone(), made.period.clone(), figures, errors, warnings, notes, appendix]
    });
    table_csv(&head, rows)
}

/// A row a problem, of every return.
pub fn problems_csv(returns: &[Outcome]) -> Result<Vec<u8>, Problem> {
    let head = [
        "return", "severity", "rule", "message", "file", "sheet", "line", "cells", "how_many",
        "hint",
    ];
    let rows = returns.iter().flat_map(|one| {
        one.made.problems.iter().map(|problem| {
            let text = |key: &str| said(&problem[key]);
            let cells: Vec<&str> = problem["cells"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            [
                one.name.clone(),
                text("severity"),
                text("rule"),
                text("message"),
                text("file"),
                text("sheet"),
                text("line"),
                cut(&cells.join(" "), 1_000),
                cells.len().to_string(),
                text("hint"),
            ]
        })
    });
    table_csv(&head, rows)
}

fn said(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
