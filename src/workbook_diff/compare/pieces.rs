//! Two texts as the words that differ, with a few of those that do not.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A stretch of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Same(String),
    Gone(String),
    New(String),
    /// Words that are the same and left out.
    Skipped,
}

/// From so many letters on a text is told by the words that differ.
const LONG: usize = 36;

/// How many words are told before and after those that differ.
const AROUND: usize = 4;

/// The words that differ, `None` where both texts are better told whole.
pub(super) fn pieces(old: &str, new: &str) -> Option<Vec<Piece>> {
    if old.chars().count().max(new.chars().count()) < LONG {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (split(old), split(new));
    let mut pieces = Vec::new();
    let mut same = 0;
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    for (index, op) in ops.iter().enumerate() {
        let (gone, come) = (old[op.old_range()].join(" "), new[op.new_range()].join(" "));
        match op {
            DiffOp::Equal { len, .. } => {
                same += len;
                around(&new[op.new_range()], index == 0, index + 1 == ops.len(), &mut pieces);
            }
            _ => {
                pieces.extend((!gone.is_empty()).then_some(Piece::Gone(gone)));
                pieces.extend((!come.is_empty()).then_some(Piece::New(come)));
            }
        }
    }
    (same * 3 >= old.len().max(new.len())).then_some(pieces)
}

/// Words, with line breaks as words of their own.
fn split(text: &str) -> Vec<&str> {
    let lines = text.split_inclusive('\n');
    let words =
        lines.flat_map(|line| line.split_whitespace().chain(line.ends_with('\n').then_some("¶")));
    words.collect()
}

fn around(words: &[&str], first: bool, last: bool, pieces: &mut Vec<Piece>) {
    let (head, tail) = (if first { 0 } else { AROUND }, if last { 0 } else { AROUND });
    if words.len() <= head + tail + 2 {
        pieces.push(Piece::Same(words.join(" ")));
        return;
    }
    if head > 0 {
        pieces.push(Piece::Same(words[..head].join(" ")));
    }
    pieces.push(Piece::Skipped);
    if tail > 0 {
        pieces.push(Piece::Same(words[words.len() - tail..].join(" ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_told_by_the_words_that_differ() {
        let old = "Most children live near home, and more than seven in ten of them with foster \
                   carers who are known.";
        let told = pieces(old, &old.replace("seven", "eight"));
        let same = |text: &str| Piece::Same(text.to_owned());
        assert_eq!(
            told,
            Some(vec![
                Piece::Skipped,
                same("home, and more than"),
                Piece::Gone("seven".to_owned()),
                Piece::New("eight".to_owned()),
                same("in ten of them"),
                Piece::Skipped,
            ])
        );
        assert_eq!(pieces("white", "blue"), None);
        assert_eq!(
            pieces(old, "Something else altogether is said of them in this place, at some length"),
            None
        );
    }
}
