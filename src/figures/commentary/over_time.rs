//! What a text claims of other times: from which number to which a figure went, records, rises in
//! a row, and what it was on another day.

use super::claims::{ANY_EARLIER, Claim, Reach, Way, is_amount};
use super::sentences::{Subject, Word, dated};
use crate::figures::assess::End;
use crate::nouns::numbers::Written;
use crate::nouns::period::month_number;

/// Numbers that are written as words: how many years.
const NUMBERS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// As far back as anybody speaks of.
const MOST_YEARS: std::ops::RangeInclusive<i32> = 1..=200;

fn word(clause: &[Word], at: usize) -> &str {
    clause.get(at).map_or("", |word| &word.text)
}

/// `rose from 104 to 109`, where the sentence begins with it.
pub(super) fn travel(clause: &[Word], about: &Subject, claims: &mut Vec<Claim>) {
    let Some(at) = clause.iter().position(|word| !about.leads_in(&word.text)) else { return };
    let Some(way) = Way::said(clause, at) else { return };
    let Some((from, to)) = from_to(clause, at + 1) else { return };
    let (Some(first), Some(last)) = (clause[from].number, clause[to].number) else { return };
    // "From 56 to 65%" are two percentages; what is no amount is a date, a year, a grade.
    let alike = first.percent == last.percent || last.percent;
    if alike && is_amount(clause, from) && is_amount(clause, to) {
        let first = Written { percent: last.percent, ..first };
        let now = !clause.iter().any(dated);
        claims.push(Claim::Went { way, from: first, to: last, now });
    }
}

/// Where the numbers of `from 104 to 109` stand, of which the first may be followed by a few words.
fn from_to(clause: &[Word], start: usize) -> Option<(usize, usize)> {
    let from = (start..clause.len()).find(|at| word(clause, *at) == "from")? + 1;
    clause.get(from)?.number?;
    let to = (from + 1..(from + 5).min(clause.len())).find(|at| word(clause, *at) == "to")? + 1;
    clause.get(to)?.number?;
    Some((from, to))
}

/// `the highest since 2019/20`, `the lowest on record`, `the highest in five years`.
pub(super) fn records(clause: &[Word], about: &Subject, claims: &mut Vec<Claim>) {
    for at in 0..clause.len() {
        let end = match word(clause, at) {
            "highest" => End::High,
            "lowest" => End::Low,
            _ => continue,
        };
        let before = &clause[..at];
        // What was the highest then need not be now.
        let past = ["was", "were", "had", "second", "third", "among", "one"];
        if before.iter().any(|word| dated(word) || past.contains(&word.text.as_str()))
            || !about.is_of(clause, at)
        {
            continue;
        }
        let behind = (at + 1..clause.len())
            .find(|i| !goes_on(word(clause, *i), about))
            .unwrap_or(clause.len());
        let ever = (at + 1..behind).any(|i| word(clause, i) == "ever");
        let reach = reach(clause, behind).or_else(|| ever.then_some(Reach::Always));
        claims.extend(reach.map(|reach| Claim::Record(end, reach)));
    }
}

/// Whether a word may stand between "the highest" and its time: "the highest level ever".
fn goes_on(word: &str, about: &Subject) -> bool {
    const BETWEEN: [&str; 6] = ["level", "point", "ever", "it", "value", "share"];
    BETWEEN.contains(&word) || (word != "in" && about.leads_in(word))
}

/// How far back a record is said to reach.
fn reach(clause: &[Word], at: usize) -> Option<Reach> {
    match (word(clause, at), word(clause, at + 1)) {
        ("on", "record") | ("since", "records") => Some(Reach::Always),
        ("since", _) => day(clause, at + 1).map(|(text, _)| Reach::Since(text)),
        ("in" | "for", _) => years(clause, at + 1).map(Reach::Years),
        _ => None,
    }
}

/// `five years`, `the last 5 years`.
fn years(clause: &[Word], at: usize) -> Option<i32> {
    let skipped = (at..clause.len())
        .find(|i| !["the", "last", "past", "over"].contains(&word(clause, *i)))?;
    let number = NUMBERS
        .iter()
        .position(|name| *name == word(clause, skipped))
        .map(|at| at as i32 + 1)
        .or_else(|| clause[skipped].number.map(|number| number.value as i32))?;
    let years = word(clause, skipped + 1) == "years" && MOST_YEARS.contains(&number);
    years.then_some(number)
}

/// So many words from one on, and how many they are.
fn together(clause: &[Word], at: usize, words: usize) -> (String, usize) {
    let all: Vec<&str> = (at..at + words).map(|i| word(clause, i)).collect();
    (all.join(" "), words)
}

/// `2019/20`, `March 2020`, `31 March 2020` or `2019`, and how many words that is.
fn day(clause: &[Word], at: usize) -> Option<(String, usize)> {
    if month_number(word(clause, at)).is_some() {
        return clause.get(at + 1)?.number.map(|_| together(clause, at, 2));
    }
    if clause.get(at)?.number.is_some() && month_number(word(clause, at + 1)).is_some() {
        return clause.get(at + 2)?.number.map(|_| together(clause, at, 3));
    }
    dated(&clause[at])
        .then(|| together(clause, at, 1))
        .filter(|(text, _)| text.starts_with(|c: char| c.is_ascii_digit()))
}

/// `the second rise in a row`, `the first fall in five years`, `the third consecutive increase`:
/// the latest change is one.
pub(super) fn in_a_row(clause: &[Word], about: &Subject, claims: &mut Vec<Claim>) {
    const ORDINALS: [&str; 8] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];
    for at in 1..clause.len() {
        let way = match word(clause, at) {
            "rise" | "increase" => Way::Up,
            "fall" | "drop" | "reduction" | "decrease" => Way::Down,
            "decline" => Way::Declined,
            "improvement" => Way::Better,
            _ => continue,
        };
        let row = (word(clause, at + 1), word(clause, at + 2), word(clause, at + 3))
            == ("in", "a", "row");
        let consecutive = ["consecutive", "successive"].contains(&word(clause, at - 1));
        let of_years =
            ["in", "for"].contains(&word(clause, at + 1)) && years(clause, at + 2).is_some();
        if !(row || consecutive || of_years) {
            continue;
        }
        let from = at - usize::from(consecutive);
        let counted = from > 0 && ORDINALS.contains(&word(clause, from - 1));
        let past = ["was", "were", "had"];
        let then =
            clause[..at].iter().any(|word| dated(word) || past.contains(&word.text.as_str()));
        let leads = clause[..from.saturating_sub(1)].iter().all(|word| about.leads_in(&word.text));
        if counted && leads && !then {
            claims.push(Claim::Since(way, ANY_EARLIER));
        }
    }
}

/// `as at 30 June 2026 it stood at 63%`.
pub(super) fn at_a_day(clause: &[Word], about: &Subject, claims: &mut Vec<Claim>) {
    const VERBS: [&str; 6] = ["is", "was", "stood", "stands", "at", "were"];
    let named = (0..clause.len()).find_map(|at| {
        let from = at
            + 1
            + 3 * usize::from(
                word(clause, at + 1) == "the"
                    && word(clause, at + 2) == "end"
                    && word(clause, at + 3) == "of",
            );
        let (text, words) = (word(clause, at) == "at").then(|| day(clause, from))??;
        (words > 1).then_some((text, at, from + words))
    });
    let Some((text, from, to)) = named else { return };
    let outside = |at: &usize| !(from..to).contains(at);
    let mut amounts = (0..clause.len()).filter(outside).filter(|at| clause[*at].number.is_some());
    let (Some(at), None) = (amounts.next(), amounts.next()) else { return };
    let other_time = (0..clause.len()).filter(outside).any(|at| dated(&clause[at]));
    let stands = at > 0 && VERBS.contains(&word(clause, at - 1)) && outside(&(at - 1));
    let rest = (0..at).filter(outside).filter(|i| word(clause, *i) != "as");
    let of_it =
        rest.clone().all(|i| about.leads_in(word(clause, i)) || VERBS.contains(&word(clause, i)));
    if let (true, true, false, Some(number)) = (stands, of_it, other_time, clause[at].number) {
        claims.push(Claim::At(number, text));
    }
}
