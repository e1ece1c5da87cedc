//! The line that a sheet begins with: its name, and how it prints and opens.

use super::quotes::{quote_end, quoted, unquoted};
use super::{cell_place, column_name, column_number};
use crate::workbook_diff::book::{Fact, Sheet};

/// Words that stand by themselves: what they are about and what they say.
const FLAGS: [(&str, &str, &str); 19] = [
    ("landscape", "orientation", "landscape"),
    ("Letter", "paper", "Letter"),
    ("Tabloid", "paper", "Tabloid"),
    ("Legal", "paper", "Legal"),
    ("A3", "paper", "A3"),
    ("A4", "paper", "A4"),
    ("A5", "paper", "A5"),
    ("centred-horizontally", "centred horizontally", "yes"),
    ("centred-vertically", "centred vertically", "yes"),
    ("print-gridlines", "printed grid lines", "yes"),
    ("print-headings", "printed headings", "yes"),
    ("black-and-white", "black and white", "yes"),
    ("draft", "draft quality", "yes"),
    ("over-then-down", "page order", "over, then down"),
    ("protected", "protection", "on"),
    ("right-to-left", "right to left", "yes"),
    ("split", "split window", "yes"),
    ("[hidden]", "visibility", "hidden"),
    ("[very hidden]", "visibility", "very hidden"),
];

/// Words that are followed by what they say.
const LABELS: [(&str, &str); 17] = [
    ("paper", "paper"),
    ("fit", "fit to pages"),
    ("scale", "print scale"),
    ("titles", "print titles"),
    ("area", "print area"),
    ("margins", "margins"),
    ("first-page", "first page number"),
    ("tab", "tab colour"),
    ("gridlines", "grid lines"),
    ("headings", "headings"),
    ("zeros", "zeros"),
    ("formulas", "formulas"),
    ("view", "view"),
    ("zoom", "zoom"),
    ("freeze", "frozen panes"),
    ("selection", "selection"),
    ("scrolled to", "scrolled to"),
];

/// The line, and what else is said of the sheet.
pub(super) fn print(sheet: &Sheet) -> (String, Vec<&Fact>) {
    let mut line = format!("== sheet {}", quoted(&sheet.name));
    let mut others = Vec::new();
    for fact in &sheet.facts {
        match word(fact) {
            Some(word) => line.extend([" ", &word]),
            None => others.push(fact),
        }
    }
    (line, others)
}

/// The word or words of a fact that stands in the heading.
fn word(fact: &Fact) -> Option<String> {
    let flag = FLAGS.iter().find(|(_, what, says)| fact.what == *what && fact.text == *says);
    if let Some((word, ..)) = flag {
        return Some((*word).to_owned());
    }
    let (label, what) = LABELS
        .iter()
        .find(|(_, what)| fact.what == *what)
        .copied()
        .or_else(|| (fact.what == "kind of sheet").then_some(("", "kind of sheet")))?;
    Some(match what {
        "kind of sheet" => format!("[{}]", fact.text),
        "frozen panes" => format!("{label} {}", first_that_moves(&fact.place)),
        "print area" | "print titles" => format!("{label} {}", fact.place),
        _ => format!("{label} {}", fact.text),
    })
}

/// The sheet that begins with this line.
pub(super) fn read(line: &str) -> Option<Sheet> {
    let rest = line.strip_prefix("== sheet ")?;
    let end = quote_end(rest)?;
    let mut sheet = Sheet { name: unquoted(&rest[..end])?, ..Sheet::default() };
    let mut rest = rest[end..].trim_start();
    while !rest.is_empty() {
        if let Some((word, what, says)) = FLAGS.iter().find(|(word, ..)| begins(rest, word)) {
            sheet.facts.push(Fact::new(what, "", *says));
            rest = rest[word.len()..].trim_start();
        } else if rest.starts_with('[') {
            let (kind, after) = rest[1..].split_once(']')?;
            sheet.facts.push(Fact::new("kind of sheet", "", kind));
            rest = after.trim_start();
        } else {
            let (word, what) = LABELS.into_iter().find(|(word, _)| begins(rest, word))?;
            let value = rest[word.len()..].trim_start();
            let mut spaces = value.match_indices(' ').map(|(at, _)| at);
            let end = spaces.find(|at| starts_word(&value[at + 1..])).unwrap_or(value.len());
            sheet.facts.push(labelled(what, &value[..end])?);
            rest = value[end..].trim_start();
        }
    }
    Some(sheet)
}

fn labelled(what: &'static str, value: &str) -> Option<Fact> {
    Some(match what {
        "frozen panes" => Fact::new(what, frozen(value)?, ""),
        "print area" | "print titles" => Fact::new(what, value, ""),
        _ => Fact::new(what, "", value),
    })
}

pub(super) fn begins(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn starts_word(text: &str) -> bool {
    FLAGS.iter().any(|(word, ..)| begins(text, word))
        || LABELS.iter().any(|(word, _)| begins(text, word))
}

/// `1:4,A:B`: the rows and columns that stay, from the first cell that does not.
pub(in crate::workbook_diff) fn frozen(corner: &str) -> Option<String> {
    let (column, row) = cell_place(corner)?;
    let rows = (row > 1).then(|| format!("1:{}", row - 1));
    let columns = (column > 1).then(|| format!("A:{}", column_name(column - 1)));
    Some(rows.into_iter().chain(columns).collect::<Vec<_>>().join(","))
}

/// The first cell that does not stay, `C5` for `1:4,A:B`.
fn first_that_moves(frozen: &str) -> String {
    let (mut column, mut row) = (1, 1);
    for last in frozen.split(',').filter_map(|part| part.split_once(':')).map(|(_, last)| last) {
        match column_number(last) {
            Some(letters) => column = letters + 1,
            None => row = last.parse().map_or(row, |last: u32| last + 1),
        }
    }
    format!("{}{row}", column_name(column))
}
