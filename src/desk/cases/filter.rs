//! Which cases are meant.

use super::Case;

/// Words of the command line: a case, figure or layout is meant where one of them is in its name.
/// None mean all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    words: Vec<String>,
}

/// Whether a word means a case: it is a part of its name, or the whole of its file or source.
fn means(word: &str, case: &Case, file: &str) -> bool {
    case.name.to_lowercase().contains(word)
        || file == word.strip_prefix("./").unwrap_or(word)
        || case.source.to_lowercase() == word
}

impl Filter {
    /// Of these words.
    pub fn of(words: &[String]) -> Filter {
        Filter { words: words.iter().map(|word| word.replace('\\', "/").to_lowercase()).collect() }
    }

    /// Whether all are meant.
    pub fn is_all(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether the whole case is meant: by its name or its file.
    pub fn takes_all_of(&self, case: &Case) -> bool {
        let file = case.file.strip_prefix("./").unwrap_or(&case.file).to_lowercase();
        self.is_all() || self.words.iter().any(|word| means(word, case, &file))
    }

    /// Whether a figure of the case (by its code) or a layout's snapshot (by its name) is meant.
    pub fn takes(&self, case: &Case, name: &str) -> bool {
        let name = name.to_lowercase();
        self.takes_all_of(case) || self.words.iter().any(|word| name.contains(word.as_str()))
    }
}
