//! Text that is too long for one row: parted at a paragraph, else at the end of a sentence, else at a word.

use super::metrics::{lines, words};
use crate::report::Style;

/// Parts a text so that none needs more than `most` lines.
pub fn split(text: &str, style: Style, usable: f64, most: usize) -> Vec<String> {
    let fits = |text: &str| lines(text, style, usable) <= most;
    if fits(text) {
        return vec![text.to_string()];
    }
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut put = |piece: &str, joint: &str, part: &mut String| {
        let joined = if part.is_empty() { piece.to_string() } else { format!("{part}{joint}{piece}") };
        if fits(&joined) {
            *part = joined;
        } else {
            if !part.is_empty() {
                parts.push(std::mem::take(part));
            }
            *part = piece.to_string();
        }
    };
    for paragraph in text.split('\n') {
        if fits(paragraph) {
            put(paragraph, "\n", &mut part);
            continue;
        }
        let mut joint = "\n";
        for sentence in sentences(paragraph) {
            if fits(sentence) {
                put(sentence, joint, &mut part);
            } else {
                for word in words(sentence) {
                    put(word.trim_end(), joint, &mut part);
                    joint = " ";
                }
            }
            joint = " ";
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// Sentences: up to a full stop, question or exclamation mark that a space and a capital follow.
fn sentences(paragraph: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    let bytes: Vec<(usize, char)> = paragraph.char_indices().collect();
    for window in bytes.windows(3) {
        let [(_, end), (space, gap), (next, start)] = window else { continue };
        if matches!(end, '.' | '?' | '!' | '”' | '\'')
            && gap.is_whitespace()
            && (start.is_uppercase() || start.is_ascii_digit())
        {
            let sentence = paragraph[from..*space].trim();
            if sentence.ends_with(['.', '?', '!', '”', '\'']) {
                found.push(sentence);
                from = *next;
            }
        }
    }
    found.push(paragraph[from..].trim());
    found.retain(|s| !s.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_and_nothing_is_too_high() {
        let sentence =
            "The focus on preparing our young people for independence continues, and small movements count. ";
        let long =
            format!("{}\n{}\n{}", sentence.repeat(30).trim(), "Short.", sentence.replace(". ", " ").repeat(40).trim());
        for most in [3, 10, 22] {
            let parts = split(&long, Style::Text, 400.0, most);
            assert!(parts.iter().all(|p| lines(p, Style::Text, 400.0) <= most));
            let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(flat(&parts.join(" ")), flat(&long));
        }
    }

    #[test]
    fn sentences_end_at_full_stops_before_capitals() {
        assert_eq!(
            sentences("At 95.2 per 10,000 it fell. In Q2 it rose. e.g. this"),
            ["At 95.2 per 10,000 it fell.", "In Q2 it rose. e.g. this"]
        );
    }
}
