//! What a return breaks of rules, told on a screen: one line a rule, the worst first.

use std::cmp::Reverse;

use indexmap::IndexMap;

use crate::nouns::moved::effect;
use crate::nouns::problem::{Problem, Severity};
use crate::nouns::words::several;

/// How many rules are told.
const MOST_TOLD: usize = 20;
/// How wide a line may be.
const WIDEST: usize = 80;

/// A rule that is broken.
struct Broken<'p> {
    rule: &'p str,
    first: &'p Problem,
    cells: usize,
    effect: f64,
}

impl Broken<'_> {
    /// Where it stands among those that do as much to the figures: errors first, then those that
    /// may move figures, then those of most cells.
    fn place(&self) -> (bool, bool, Reverse<usize>) {
        let is_error = self.first.severity == Severity::Error;
        (!is_error, self.first.moves.is_empty(), Reverse(self.cells))
    }
}

/// A line for each rule: by what it does to the figures, then errors and those that may move
/// figures first, then by how many cells.
pub fn told<'p>(problems: impl Iterator<Item = &'p Problem>) -> Vec<String> {
    let mut by_rule: IndexMap<&str, Broken> = IndexMap::new();
    for problem in problems {
        let Some(rule) = problem.rule.as_deref() else { continue };
        let new = Broken { rule, first: problem, cells: 0, effect: 0.0 };
        let broken = by_rule.entry(rule).or_insert(new);
        broken.cells += problem.count();
        broken.effect += effect(&problem.moves);
    }
    let mut broken: Vec<Broken> = by_rule.into_values().collect();
    broken.sort_by(|a, b| b.effect.total_cmp(&a.effect).then(a.place().cmp(&b.place())));
    let mut lines: Vec<String> = broken.iter().take(MOST_TOLD).map(line).collect();
    if let Some(more) = broken.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        lines.push(format!("and {}: --json lists every cell", several(more, "more rule")));
    }
    lines
}

/// `error: rule 142, 8 cells from Episodes!H254: an episode without an end, …`, cut to the width.
fn line(broken: &Broken) -> String {
    let place = &broken.first.place;
    let sheet = place.sheet.as_deref().unwrap_or(&place.file);
    let cell = place.cell.map_or(String::new(), |cell| format!("!{cell}"));
    let text = format!(
        "{}: rule {}, {} from {sheet}{cell}: {}",
        broken.first.severity,
        broken.rule,
        several(broken.cells, "cell"),
        broken.first.message
    );
    if text.chars().count() <= WIDEST {
        return text;
    }
    let cut: String = text.chars().take(WIDEST - 1).collect();
    format!("{}…", cut.trim_end())
}
