//! What changed between two workbooks, each given as a [`Book`]: a stored snapshot can be held
//! against a workbook as well as two workbooks against each other.

mod align;
mod by_place;
mod cells;
mod facts;
mod gather;
mod page;
mod pieces;
mod refs;
mod say;
#[cfg(test)]
mod tests;

use gather::Spot;
use maud::Markup;
pub use refs::Side;
use refs::{Axis, Grid};
use serde_json::{Value, json};

use super::book::Book;

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
    /// The first text of its row and, for a figure, the heading of its column; may be empty.
    pub about: String,
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
    /// What lies between two workbooks.
    pub fn between(before: &Book, after: &Book) -> Result<Changes, String> {
        let before = by_place::Book::of(before).map_err(|why| Side::Before.unreadable(&why))?;
        let after = by_place::Book::of(after).map_err(|why| Side::After.unreadable(&why))?;
        Ok(Changes { changes: found(&before, &after) })
    }

    /// What lies between a stored snapshot and a workbook.
    pub fn since(snapshot: &str, after: &Book) -> Result<Changes, String> {
        let before = Book::read(snapshot).map_err(|why| Side::Before.unreadable(&why))?;
        Changes::between(&before, after)
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

    /// In a sentence: `3 differences: 1 in figures, 2 in formatting only.`
    pub fn sentence(&self) -> String {
        let told = Verdict::ALL
            .into_iter()
            .map(|verdict| (self.count(verdict), verdict))
            .filter(|(count, _)| *count > 0);
        let told: Vec<String> = told
            .map(|(count, verdict)| match verdict {
                Verdict::Formatting => format!("{count} in formatting only"),
                verdict => format!("{count} in {}", verdict.word()),
            })
            .collect();
        match self.changes.len() {
            0 => "No differences.".to_owned(),
            1 => format!("1 difference: {}.", told.join(", ")),
            many => format!("{many} differences: {}.", told.join(", ")),
        }
    }

    /// For a terminal of 80 columns, with colour codes; print it through `anstream`.
    pub fn text(&self) -> String {
        say::text(&self.changes)
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let list = self.changes.iter().map(|change| {
            json!({
                "verdict": change.verdict.word(), "sheet": change.sheet, "place": change.place,
                "about": change.about, "what": change.what, "before": change.before,
                "after": change.after,
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

    /// Keeps what is of these kinds.
    pub fn only(mut self, verdicts: &[Verdict]) -> Changes {
        self.changes.retain(|change| verdicts.contains(&change.verdict));
        self
    }

    /// Before and after in tables, as a part of a page: begins with a heading of the second level.
    pub fn body_html(&self, before_name: &str, after_name: &str) -> Markup {
        page::body(self, before_name, after_name)
    }
}

/// The sheets' changes in the order of the newer sheets, after what is of the whole workbook.
fn found(before: &by_place::Book, after: &by_place::Book) -> Vec<Change> {
    let pairs = align::sheets(before, after);
    let grids: Vec<Grid> = pairs
        .iter()
        .map(|(old, new)| align::grid(&before.sheets[*old], &after.sheets[*new]))
        .collect();
    let mut whole = Vec::new();
    facts::workbook(before, after, &grids, &mut whole);
    facts::order(before, after, &pairs, &mut whole);
    cells::looks(
        before.default,
        after.default,
        None,
        &Spot::Place("default style of cells".into()),
        &mut whole,
    );
    let mut changes = gather::gathered("", whole);
    for (index, sheet) in
        before.sheets.iter().enumerate().filter(|(index, _)| pairs.iter().all(|p| p.0 != *index))
    {
        changes.extend(gather::gathered(
            sheet.name,
            vec![cells::whole_sheet(sheet, Side::Before, index)],
        ));
    }
    for (index, sheet) in after.sheets.iter().enumerate() {
        let mut found = Vec::new();
        match pairs.iter().position(|pair| pair.1 == index) {
            None => found.push(cells::whole_sheet(sheet, Side::After, index)),
            Some(at) => {
                let old = &before.sheets[pairs[at].0];
                let pair = cells::Pair {
                    before: (before, old),
                    after: (after, sheet),
                    grid: &grids[at],
                    all: &grids,
                    headings: cells::heading_row(sheet),
                };
                facts::sheet(old, sheet, &grids[at], &grids, &mut found);
                pair.moved(&mut found);
                for axis in [Axis::Rows, Axis::Columns] {
                    pair.added_and_removed(axis, &mut found);
                    pair.lines(axis, &mut found);
                }
                pair.cells(&mut found);
            }
        }
        changes.extend(gather::gathered(sheet.name, found));
    }
    changes
}
