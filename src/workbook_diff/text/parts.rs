//! What is drawn over the cells, in words by labels:
//! `column clustered title "A" legend right series(…) series(…) alt "B"`.

use super::quotes::quote_end;
use crate::workbook_diff::book::Part;

/// The words and the parts that they begin. The kind has none.
const LABELS: [(&str, &str); 10] = [
    ("title ", "title"),
    ("legend ", "legend"),
    ("no-legend", "legend"),
    ("blanks ", "gaps"),
    ("x-axis ", "x axis"),
    ("y-axis ", "y axis"),
    ("alt-title ", "alternative title"),
    ("alt ", "alternative text"),
    ("series(", "series"),
    ("decorative", "decorative"),
];

/// What a chart without a legend says of it.
const NONE: &str = "none";

/// All parts in words.
pub(in crate::workbook_diff) fn part_words(parts: &[Part]) -> String {
    parts.iter().map(words).collect::<Vec<_>>().join(" ")
}

fn words(part: &Part) -> String {
    let says = &part.says;
    match part.label {
        "" => says.clone(),
        "legend" if says == NONE => "no-legend".to_owned(),
        "series" => format!("series({says})"),
        "decorative" => "decorative".to_owned(),
        label => match LABELS.iter().find(|(_, own)| *own == label) {
            Some((word, _)) => format!("{word}{says}"),
            None => says.clone(),
        },
    }
}

/// The words as parts.
pub(super) fn read(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut depth, mut starts, mut rest) = (0_usize, true, text);
    while let Some(letter) = rest.chars().next() {
        // An axis has a title of its own.
        let of_axis = parts.last().is_some_and(|part| part.label.ends_with("axis"));
        let titled = rest.starts_with("title ") && of_axis;
        let begins = starts && depth == 0 && !titled;
        let found = LABELS.iter().find(|(word, _)| begins && rest.starts_with(word));
        if let Some((word, label)) = found {
            let says = match *word {
                "no-legend" => NONE,
                "decorative" => "yes",
                _ => "",
            };
            parts.push(Part { label, says: says.to_owned() });
            depth += usize::from(word.ends_with('('));
            (rest, starts) = (&rest[word.len()..], false);
            continue;
        }
        let length = match letter {
            '"' => quote_end(rest).unwrap_or(rest.len()),
            letter => letter.len_utf8(),
        };
        depth = match letter {
            '(' => depth + 1,
            ')' => depth.saturating_sub(1),
            _ => depth,
        };
        if parts.is_empty() {
            parts.push(Part { label: "", says: String::new() });
        }
        if let Some(part) = parts.last_mut() {
            part.says.push_str(&rest[..length]);
        }
        starts = letter == ' ';
        rest = &rest[length..];
    }
    for part in &mut parts {
        let told = part.says.trim();
        let inside = told.strip_suffix(')').filter(|_| part.label == "series");
        part.says = inside.unwrap_or(told).to_owned();
    }
    parts
}
