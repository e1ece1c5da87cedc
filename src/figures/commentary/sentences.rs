//! Sentences as words, and what kinds of words there are.

use crate::nouns::numbers::{Written, written};
use crate::nouns::period::month_number;

/// A word of a sentence, in lower case and without marks.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) number: Option<Written>,
    /// It alone stands in brackets.
    pub(super) bracketed: bool,
}

pub(super) fn sentences(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let ends =
            matches!(c, '.' | '!' | '?') && chars.peek().is_none_or(|next| next.is_whitespace());
        match c {
            '\n' | ';' => all.push(String::new()),
            _ if ends => all.push(String::new()),
            c => all.last_mut().expect("there is a first one").push(c),
        }
    }
    all
}

/// What may stand around a word.
const MARKS: [char; 13] = [',', ':', '*', '(', ')', '"', '\'', '‘', '’', '“', '”', '[', ']'];

pub(super) fn words(sentence: &str) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::new();
    for piece in sentence.split_whitespace() {
        let text = piece.trim_matches(MARKS).to_lowercase().replace('’', "'");
        let number = number(&text);
        let bracketed =
            piece.starts_with('(') && piece.trim_end_matches([',', '.', ':']).ends_with(')');
        match all.last_mut() {
            Some(Word { number: Some(last), .. }) if text == "percent" || text == "per cent" => {
                last.percent = true
            }
            Some(last) if text == "cent" && last.text == "per" => {
                all.pop();
                if let Some(Word { number: Some(number), .. }) = all.last_mut() {
                    number.percent = true;
                }
            }
            _ if text.is_empty() => {}
            _ => all.push(Word { text, number, bracketed }),
        }
    }
    all
}

fn number(text: &str) -> Option<Written> {
    // What begins with a sign or has an exponent is no number of a sentence.
    let proper = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%'));
    written(text).filter(|_| proper)
}

/// Words with which a sentence denies, hopes or asks.
pub(super) fn doubtful(clause: &[Word], at: usize) -> bool {
    const WORDS: [&str; 37] = [
        "not",
        "no",
        "never",
        "neither",
        "nor",
        "cannot",
        "without",
        "unlikely",
        "will",
        "would",
        "should",
        "could",
        "can",
        "if",
        "may",
        "might",
        "aim",
        "aims",
        "aiming",
        "expect",
        "expected",
        "hope",
        "plan",
        "planned",
        "intend",
        "forecast",
        "projected",
        "until",
        "unless",
        "ensure",
        "towards",
        "track",
        "whether",
        "nearly",
        "almost",
        "likely",
        "predicted",
    ];
    let word = clause[at].text.as_str();
    let before = at.checked_sub(1).map_or("", |before| clause[before].text.as_str());
    // "To be above target" is a wish; "compared to last year" and "from 4 to 5" are none.
    let number = clause.get(at + 1).is_some_and(|next| next.number.is_some());
    let from = number && clause[..at].iter().any(|word| word.text == "from");
    let wish = word == "to" && !from && !["compared", "due", "similar", "close"].contains(&before);
    wish || WORDS.contains(&word) || word.ends_with("n't")
}

/// Whether a word may be a year: `2026`, but not `2,026`.
fn is_year(word: &Word) -> bool {
    word.number
        .is_some_and(|n| !n.percent && n.decimals == 0 && (1990.0..2100.0).contains(&n.value))
        && !word.text.contains(',')
}

/// Words that say that another time may be meant.
pub(super) fn dated(word: &Word) -> bool {
    let text = word.text.as_str();
    let quarter =
        text.strip_prefix('q').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let since = [
        "last",
        "previous",
        "previously",
        "earlier",
        "ago",
        "before",
        "then",
        "next",
        "future",
        "historically",
        "year-end",
    ];
    quarter
        || is_year(word)
        || (text.contains('/') && text.starts_with(|c: char| c.is_ascii_digit()))
        || month_number(text).is_some()
        || since.contains(&text)
}

/// Words that may stand between how something stands and what it stands beside.
pub(super) fn between(word: &str) -> bool {
    const WORDS: [&str; 41] = [
        "our",
        "own",
        "the",
        "its",
        "a",
        "both",
        "all",
        "tougher",
        "annual",
        "current",
        "agreed",
        "local",
        "year's",
        "council's",
        "corporate",
        "significantly",
        "slightly",
        "well",
        "just",
        "and",
        "or",
        "statistical",
        "neighbour",
        "neighbours",
        "national",
        "england",
        "england's",
        "average",
        "averages",
        "region",
        "regional",
        "comparators",
        "similar",
        "councils",
        "authorities",
        "that",
        "those",
        "of",
        "for",
        "this",
        "rate",
    ];
    WORDS.contains(&word)
}

/// What sentences are about: words for a figure, and those of its title.
pub(super) struct Subject(Vec<String>);

impl Subject {
    /// Of indicators of these titles.
    pub(super) fn of(titles: &[&str]) -> Subject {
        let titles = titles.iter().map(|title| title.replace('_', " "));
        Subject(titles.flat_map(|title| words(&title)).map(|word| word.text).collect())
    }

    /// Whether a word is one of the titles' own.
    pub(super) fn names(&self, word: &str) -> bool {
        self.0.iter().any(|own| own == word)
    }

    pub(super) fn knows(&self, word: &str) -> bool {
        const WORDS: [&str; 41] = [
            "this",
            "it",
            "is",
            "an",
            "a",
            "the",
            "has",
            "have",
            "performance",
            "figure",
            "figures",
            "number",
            "numbers",
            "rate",
            "percentage",
            "proportion",
            "we",
            "been",
            "also",
            "there",
            "was",
            "are",
            "slight",
            "small",
            "significant",
            "slightly",
            "significantly",
            "further",
            "overall",
            "again",
            "and",
            "our",
            "seen",
            "data",
            "which",
            "result",
            "results",
            "currently",
            "now",
            "still",
            "well",
        ];
        WORDS.contains(&word) || self.0.iter().any(|own| own == word)
    }

    /// Whether a word may stand before what is said of the figure: "the number of", "has gone".
    pub(super) fn leads_in(&self, word: &str) -> bool {
        const WORDS: [&str; 8] = ["of", "gone", "went", "going", "got", "become", "became", "at"];
        self.knows(word) || WORDS.contains(&word)
    }

    /// Whether what is said at `at` is said of the figure: by the word before the verb; where there
    /// is none, by the first word and the nearest one.
    pub(super) fn is_of(&self, clause: &[Word], at: usize) -> bool {
        const VERBS: [&str; 9] =
            ["is", "are", "was", "were", "remain", "remains", "remained", "has", "have"];
        const ADVERBS: [&str; 5] = ["currently", "now", "still", "also", "all"];
        let before = &clause[..at];
        let verb = before.iter().rposition(|word| VERBS.contains(&word.text.as_str()));
        if let Some(verb) = verb {
            let mut words = before[..verb].iter().rev();
            return words
                .find(|word| !ADVERBS.contains(&word.text.as_str()))
                .is_none_or(|word| self.knows(&word.text));
        }
        let fits = |word: &Word| self.may_be_told_with(word);
        before.first().is_none_or(fits) && before.last().is_none_or(fits)
    }

    /// Whether a word is one of the figure's own, a number, or says how figures stand.
    fn may_be_told_with(&self, word: &Word) -> bool {
        const SAID: [&str; 23] = [
            "total",
            "totalled",
            "totals",
            "totalling",
            "altogether",
            "above",
            "below",
            "under",
            "better",
            "worse",
            "higher",
            "lower",
            "in",
            "line",
            "on",
            "at",
            "of",
            "improved",
            "declined",
            "exceeding",
            "just",
            "far",
            "stands",
        ];
        self.knows(&word.text) || SAID.contains(&word.text.as_str()) || word.number.is_some()
    }
}
