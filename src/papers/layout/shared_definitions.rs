//! Definitions of several measures told together, where they have the same words.

use super::notes_in_columns::Note;
use crate::nouns::report::Run;

/// Between what measures of one definition are about: `ages 19 to 21 / 17 to 18`.
const OR: &str = " / ";

/// What is told of a measure.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Its code.
    pub code: String,
    /// The area of the service that it belongs to.
    pub theme: Option<String>,
    /// What it is called.
    pub title: String,
    /// What good performance is, and the letter of its source.
    pub aside: String,
    /// What it is.
    pub definition: String,
}

/// The notes that define measures. Those of a theme that have one definition share a note, and so
/// do those whose definitions differ by what their titles differ by.
pub fn notes(told: Vec<Told>) -> Vec<Note> {
    let mut shared: Vec<Shared> = Vec::new();
    for one in told {
        let of_theme = |shared: &&mut Shared| shared.first.theme == one.theme;
        let mut there = shared.iter_mut().filter(of_theme);
        if !there.any(|shared| shared.take(&one)) {
            shared.push(Shared { first: one, others: Vec::new(), instead: None });
        }
    }
    shared.iter().map(Shared::note).collect()
}

/// Measures of one definition.
struct Shared {
    first: Told,
    /// Those of the same definition.
    others: Vec<Told>,
    /// Those whose definitions differ from the first's as their titles do.
    instead: Option<Instead>,
}

/// Measures that have other words in the place of some of a first one's.
struct Instead {
    /// The words of the first, then those of the others.
    words: Vec<String>,
    /// The codes of the others.
    codes: Vec<String>,
}

impl Shared {
    /// Takes another measure where it belongs here.
    fn take(&mut self, other: &Told) -> bool {
        let first = &self.first;
        if self.instead.is_none() && other.definition == first.definition {
            self.others.push(other.clone());
            return true;
        }
        let (this, that) = apart(&first.title, &other.title);
        let alike = first.aside == other.aside
            && !this.is_empty()
            && first.definition.contains(&this)
            && first.definition.replace(&this, &that) == other.definition;
        if !alike || !self.others.is_empty() {
            return false;
        }
        let none = || Instead { words: vec![this.clone()], codes: Vec::new() };
        let instead = self.instead.get_or_insert_with(none);
        if instead.words[0] != this {
            return false;
        }
        instead.words.push(that);
        instead.codes.push(other.code.clone());
        true
    }

    fn note(&self) -> Note {
        let (mut title, mut definition) = (self.first.title.clone(), self.first.definition.clone());
        let mut codes = vec![self.first.code.clone()];
        if let Some(Instead { words, codes: others }) = &self.instead {
            let all = words.join(OR);
            title = title.replace(&words[0], &all);
            definition = definition.replace(&words[0], &all);
            codes.extend(others.iter().cloned());
        }
        let mut runs = named(title, &self.first.aside);
        let mut before = &self.first.title;
        for other in &self.others {
            runs.push(Run { text: "; ".to_string(), bold: false });
            runs.extend(named(behind(before, &other.title).to_string(), &other.aside));
            codes.push(other.code.clone());
            before = &other.title;
        }
        runs.push(Run { text: format!(". {definition}"), bold: false });
        Note { runs, codes, theme: self.first.theme.clone() }
    }
}

/// A name, and in brackets what is told aside.
fn named(title: String, aside: &str) -> Vec<Run> {
    let mut runs = vec![Run { text: title, bold: true }];
    if !aside.is_empty() {
        runs.push(Run { text: format!(" ({aside})"), bold: false });
    }
    runs
}

/// The words that two titles differ by, between those with which both begin and end.
fn apart(one: &str, other: &str) -> (String, String) {
    let [one, other] = [one, other].map(|title| title.split(' ').collect::<Vec<_>>());
    let begin = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[begin..], &other[begin..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    (one[..one.len() - end].join(" "), other[..other.len() - end].join(" "))
}

/// What a title says behind another of which it repeats half or more: `special guardianship` behind
/// `Left care through adoption`.
fn behind<'t>(before: &str, title: &'t str) -> &'t str {
    let same = before.bytes().zip(title.bytes()).take_while(|(one, other)| one == other).count();
    let space = title.as_bytes()[..same].iter().rposition(|byte| *byte == b' ');
    let words = space.map_or(0, |at| at + 1);
    if words * 2 >= before.len().max(1) { &title[words..] } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(theme: &str, title: &str, aside: &str, definition: &str) -> Told {
        Told {
            code: title.to_string(),
            theme: Some(theme.to_string()),
            title: title.to_string(),
            aside: aside.to_string(),
            definition: definition.to_string(),
        }
    }

    /// Each note as it reads, with stars about what is bold.
    fn read(all: Vec<Told>) -> Vec<String> {
        let mark = |run: &Run| if run.bold { format!("*{}*", run.text) } else { run.text.clone() };
        notes(all).iter().map(|note| note.runs.iter().map(mark).collect()).collect()
    }

    #[test]
    fn what_measures_of_a_theme_have_in_common_is_said_once() {
        let all = "Out of all who left care.";
        let read = read(vec![
            told("Leaving", "Left care through adoption", "High", all),
            told("Leaving", "Left care through an order", "", "Of a court."),
            told("Leaving", "Left care through special guardianship", "", all),
            told("Placements", "Placed with parents", "", all),
        ]);
        assert_eq!(
            read,
            [
                "*Left care through adoption* (High); *special guardianship*. Out of all who left \
                 care.",
                "*Left care through an order*. Of a court.",
                "*Placed with parents*. Out of all who left care.",
            ]
        );
    }

    #[test]
    fn definitions_that_differ_as_their_titles_do_are_one() {
        let told = |title, aside, definition| told("Care leavers", title, aside, definition);
        let read = read(vec![
            told("In touch, ages 19 to 21", "High", "Out of all, ages 19 to 21."),
            told("In touch, ages 17 to 18", "High", "Out of all, ages 17 to 18."),
            told("In touch, ages 22 to 25", "High", "Out of all, ages 22 to 25."),
            told("In touch, ages 16 to 17", "Low", "Out of all, ages 16 to 17."),
            told("In touch, ages 15", "High", "Out of all."),
        ]);
        assert_eq!(
            read,
            [
                "*In touch, ages 19 to 21 / 17 to 18 / 22 to 25* (High). Out of all, ages 19 to \
                 21 / 17 to 18 / 22 to 25.",
                "*In touch, ages 16 to 17* (Low). Out of all, ages 16 to 17.",
                "*In touch, ages 15* (High). Out of all.",
            ]
        );
    }

    #[test]
    fn a_title_does_not_repeat_most_of_the_one_before_it() {
        for (before, title, wanted) in [
            ("", "Returned home", "Returned home"),
            ("Returned home as planned", "Returned home outside the plan", "outside the plan"),
            ("Children who came into care", "Children who left", "Children who left"),
            ("Été à la mer", "Été à la mère", "mère"),
        ] {
            assert_eq!(behind(before, title), wanted);
        }
    }
}
