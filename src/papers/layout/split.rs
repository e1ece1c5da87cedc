//! Text that is too long for one row: parted at a paragraph, else at the end of a sentence, else at
//! a word.

use super::metrics::{lines, words};
use crate::nouns::report::{Run, Style};

/// Parts a text so that none needs more than `most` lines.
pub fn split(text: &str, style: Style, usable: f64, most: usize) -> Vec<String> {
    let fits = |text: &str| lines(text, style, usable) <= most;
    if fits(text) {
        return vec![text.to_string()];
    }
    let mut parts = vec![String::new()];
    for paragraph in text.split('\n') {
        if fits(paragraph) {
            put(&mut parts, paragraph, "\n", fits);
            continue;
        }
        let mut joint = "\n";
        for sentence in sentences(paragraph) {
            if fits(sentence) {
                put(&mut parts, sentence, joint, fits);
            } else {
                for word in words(sentence) {
                    put(&mut parts, word.trim_end(), joint, fits);
                    joint = " ";
                }
            }
            joint = " ";
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Puts a piece behind the last part, or where that would not fit into a part of its own.
fn put(parts: &mut Vec<String>, piece: &str, joint: &str, fits: impl Fn(&str) -> bool) {
    let last = parts.last().map_or("", String::as_str);
    let joined = if last.is_empty() { piece.to_string() } else { format!("{last}{joint}{piece}") };
    match parts.last_mut() {
        Some(last) if last.is_empty() || fits(&joined) => *last = joined,
        _ => parts.push(piece.to_string()),
    }
}

/// The same of text with some words in bold, as though all of it were: bold is wider.
pub fn split_runs(runs: &[Run], usable: f64, most: usize) -> Vec<Vec<Run>> {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    let parts = split(&text, Style::Name, usable, most);
    if parts.len() == 1 {
        return vec![runs.to_vec()];
    }
    // Parts lose nothing but white space: every other character is the next one of the runs.
    let mut letters = runs.iter().flat_map(|run| run.text.chars().map(|c| (c, run.bold)));
    let mut bold = false;
    parts.iter().map(|part| runs_of(part, &mut letters, &mut bold)).collect()
}

/// A part with the words in bold that it has of these letters.
fn runs_of(
    part: &str,
    letters: &mut impl Iterator<Item = (char, bool)>,
    bold: &mut bool,
) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for letter in part.chars() {
        // White space is as what stands before it.
        if !letter.is_whitespace() {
            *bold = letters.find(|(c, _)| !c.is_whitespace()).is_some_and(|(_, bold)| bold);
        }
        match runs.last_mut().filter(|run| run.bold == *bold) {
            Some(run) => run.text.push(letter),
            None => runs.push(Run { text: letter.to_string(), bold: *bold }),
        }
    }
    runs
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
    fn a_sentence_may_begin_with_a_number() {
        assert_eq!(sentences("It rose. 12 left. Why?"), ["It rose.", "12 left.", "Why?"]);
        assert_eq!(sentences("About 3.5 of them."), ["About 3.5 of them."]);
    }

    #[test]
    fn nothing_is_lost_and_nothing_is_too_high() {
        let sentence = "The focus on preparing our young people for independence continues, and \
                        small movements count. ";
        let long = format!(
            "{}\n{}\n{}",
            sentence.repeat(30).trim(),
            "Short.",
            sentence.replace(". ", " ").repeat(40).trim()
        );
        for most in [3, 10, 22] {
            let parts = split(&long, Style::Text, 400.0, most);
            assert!(parts.iter().all(|p| lines(p, Style::Text, 400.0) <= most));
            let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(flat(&parts.join(" ")), flat(&long));
        }
    }

    #[test]
    fn bold_words_stay_bold_when_a_text_is_parted() {
        let run = |text: &str, bold| Run { text: text.to_string(), bold };
        let words = "Seventy-one in a hundred live with foster carers. ";
        let runs = [
            run("Fostering:", true),
            run(&format!(" {}", words.repeat(9)), false),
            run("Mind the gap.", true),
        ];
        let parts = split_runs(&runs, 300.0, 3);
        assert!(parts.len() > 3);
        assert_eq!(parts[0][0], run("Fostering: ", true));
        assert!(
            parts[0][1..].iter().chain(parts[1..parts.len() - 1].iter().flatten()).all(|r| !r.bold)
        );
        assert_eq!(parts.last().and_then(|p| p.last()), Some(&run("Mind the gap.", true)));
    }

    #[test]
    fn sentences_end_at_full_stops_before_capitals() {
        assert_eq!(
            sentences("At 95.2 per 10,000 it fell. In Q2 it rose. e.g. this"),
            ["At 95.2 per 10,000 it fell.", "In Q2 it rose. e.g. this"]
        );
    }
}
