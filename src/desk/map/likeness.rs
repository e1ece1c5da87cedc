//! How alike two names are: `Placement start date` and `Date placement started`.

use crate::definitions::plain;
use crate::nouns::problem::letters_alike;

/// Words that say nothing by themselves.
const EMPTY: [&str; 16] = [
    "THE", "OF", "A", "AN", "AND", "OR", "IN", "TO", "FOR", "AT", "ON", "BY", "IS", "THIS", "WITH",
    "S",
];

/// From 0 (nothing alike) to 1 (the same but for case, spaces and signs).
pub fn likeness(a: &str, b: &str) -> f64 {
    let (one, other) = (plain(a), plain(b));
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    if one == other {
        return 1.0;
    }
    let (first, second) = (words(a), words(b));
    let common = first.iter().filter(|word| second.iter().any(|w| same_word(word, w))).count();
    let by_words = 2.0 * common as f64 / (first.len() + second.len()).max(1) as f64;
    // One that holds the other whole is longer by what says more of the same.
    let held = common == first.len().min(second.len()) && common > 0;
    let by_words = if held { by_words.max(0.72) } else { by_words };
    let letters = letters_alike(&one, &other);
    let by_letters =
        if letters > 0.9 && one.len().min(other.len()) > 3 { letters * 0.9 } else { 0.0 };
    (by_words * 0.95).max(by_letters)
}

/// The share of a heading's words that a sentence holds.
pub fn share(heading: &str, sentence: &str) -> f64 {
    let (own, its) = (words(heading), words(sentence));
    if own.is_empty() {
        return 0.0;
    }
    let held = own.iter().filter(|word| its.iter().any(|w| same_word(word, w))).count();
    held as f64 / own.len() as f64
}

/// Words by their stems: `started` and `start`, `fostering` and `fostered`.
fn same_word(a: &str, b: &str) -> bool {
    a == b || (a.len() > 3 && b.len() > 3 && stem(a) == stem(b))
}

fn stem(word: &str) -> &str {
    for ending in ["INGS", "ING", "ERS", "ER", "ED", "ES", "S"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 2) {
            return stem;
        }
    }
    word
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).map(str::to_uppercase);
    parts.filter(|word| !word.is_empty() && !EMPTY.contains(&word.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_use_for_one_thing_are_alike() {
        for (a, b) in [
            ("Date of birth", "Birth date"),
            ("In-house fostering", "in house foster"),
            ("Legal status", "LEGAL_STATUS"),
            ("Placement start date", "Placement started"),
        ] {
            assert!(likeness(a, b) > 0.62, "{a} and {b}: {}", likeness(a, b));
        }
    }

    #[test]
    fn names_of_different_things_are_not() {
        for (a, b) in [("Date of birth", "Ethnicity"), ("REC", "RNE"), ("Team", "Placement type")] {
            assert!(likeness(a, b) < 0.5, "{a} and {b}: {}", likeness(a, b));
        }
    }
}
