//! What to mend first: faults by what they do to the figures, told on a screen.

use super::say;
use crate::nouns::problem::Problems;
use crate::nouns::words::several;

/// How many are told where the list of faults is the point.
pub const MOST: usize = 20;
/// How many are told beside a report that was made.
pub const FEW: usize = 5;

/// Says which faults do most to the figures, worst first.
pub fn tell(problems: &Problems, most: usize) {
    let told: Vec<String> = problems.by_effect().iter().filter_map(|p| p.mended()).collect();
    if told.is_empty() {
        return;
    }
    say("what to mend first (figures are counted again without these rows):\n");
    for text in told.iter().take(most) {
        say(&format!("{text}\n"));
    }
    if let Some(more) = told.len().checked_sub(most).filter(|more| *more > 0) {
        say(&format!("and {} that may move figures: --json lists them\n", several(more, "fault")));
    }
}
