//! What changed between two workbooks, each given as [`crate::workbook_text`] describes it: a stored snapshot can be
//! held against a workbook as well as two workbooks against each other.

mod page;
mod say;

use serde_json::{Value, json};

/// How grave a change is. The gravest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// A number is another one.
    Figures,
    /// What is said is another thing; no number is.
    Wording,
    /// It says the same and looks otherwise.
    Formatting,
}

impl Verdict {
    /// All of them, the gravest first.
    pub const ALL: [Verdict; 3] = [Verdict::Figures, Verdict::Wording, Verdict::Formatting];

    /// `figures changed`, `wording changed` or `formatting only`.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Figures => "figures changed",
            Verdict::Wording => "wording changed",
            Verdict::Formatting => "formatting only",
        }
    }

    /// For programs: `figures`, `wording` or `formatting`.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Figures => "figures",
            Verdict::Wording => "wording",
            Verdict::Formatting => "formatting",
        }
    }
}

/// One change, or several that are alike and told together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// How grave it is.
    pub verdict: Verdict,
    /// The sheet's name as it is now; empty for what is of the whole workbook.
    pub sheet: String,
    /// `D6`, `row 7: Up-to-date health assessment`, `column C`.
    pub place: String,
    /// `value`, `number format`, `bottom border`, `width`, `row added`.
    pub what: String,
    /// What it was; `None` where there was nothing.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
}

/// All that changed, sheet by sheet and from top to bottom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// What changed.
    pub changes: Vec<Change>,
}

impl Changes {
    /// What lies between two workbooks, each as [`crate::workbook_text::workbook_text`] tells it.
    pub fn between(before: &str, after: &str) -> Result<Changes, String> {
        Ok(Changes { changes: crude(before, after) })
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many changes are of this kind.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.changes.iter().filter(|change| change.verdict == verdict).count()
    }

    /// The gravest of all, `None` where nothing changed.
    pub fn verdict(&self) -> Option<Verdict> {
        self.changes.iter().map(|change| change.verdict).min()
    }

    /// `2 figures, 1 wording, 3 formatting`; `no changes`.
    pub fn tally(&self) -> String {
        let told: Vec<String> = Verdict::ALL
            .into_iter()
            .map(|verdict| (self.count(verdict), verdict))
            .filter(|(count, _)| *count > 0)
            .map(|(count, verdict)| format!("{count} {}", verdict.word()))
            .collect();
        if told.is_empty() { "no changes".to_owned() } else { told.join(", ") }
    }

    /// For a terminal of 80 columns, with colour codes; print it through `anstream`.
    pub fn text(&self) -> String {
        say::text(&self.changes)
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let list = self.changes.iter().map(|change| {
            json!({
                "verdict": change.verdict.word(), "sheet": change.sheet, "place": change.place, "what": change.what,
                "before": change.before, "after": change.after,
            })
        });
        json!({
            "verdict": self.verdict().map(Verdict::word),
            "figures": self.count(Verdict::Figures),
            "wording": self.count(Verdict::Wording),
            "formatting": self.count(Verdict::Formatting),
            "changes": list.collect::<Vec<_>>(),
        })
    }

    /// Before and after in tables, as a part of a page: begins with a heading of the second level.
    pub fn body_html(&self, before_name: &str, after_name: &str) -> String {
        page::body(self, before_name, after_name)
    }
}

/// Cells by their addresses and nothing else.
fn crude(before: &str, after: &str) -> Vec<Change> {
    let cells = |text: &str| {
        let mut sheet = String::new();
        let mut found = std::collections::BTreeMap::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("== sheet \"") {
                sheet = rest.split('"').next().unwrap_or_default().to_owned();
            } else if line.starts_with(|c: char| c.is_ascii_uppercase())
                && let Some((place, value)) = line.split_once(' ')
            {
                found.insert((sheet.clone(), place.to_owned()), value.to_owned());
            }
        }
        found
    };
    let (before, after) = (cells(before), cells(after));
    let mut places: Vec<_> = before.keys().chain(after.keys()).collect();
    places.sort();
    places.dedup();
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let mut changes = Vec::new();
    for at in places {
        let (old, new) = (before.get(at), after.get(at));
        if old != new {
            let same = old.map(|t| letters(t)) == new.map(|t| letters(t));
            changes.push(Change {
                verdict: if same { Verdict::Figures } else { Verdict::Wording },
                sheet: at.0.clone(),
                place: at.1.clone(),
                what: "value".to_owned(),
                before: old.cloned(),
                after: new.cloned(),
            });
        }
    }
    changes
}
