//! Commentary: what managers wrote, held against what is shown. A sentence that a figure does not
//! bear out is a warning with the cell and both values; `Checked` on the sheet makes a note of it.
//! Nothing hidden can be told, since nothing but a [`Shown`] is looked at.

mod claims;
#[cfg(test)]
mod claims_read;
mod hold;
mod over_time;
mod sentences;
mod sums;
#[cfg(test)]
mod tests;

use crate::figures::suppress::{Shown, ShownFigures};
use crate::intake::returns::TypedCommentary;
use crate::nouns::figure::Symbol;
use crate::nouns::numbers::{rounded, written};
use crate::nouns::problem::{Problem, Problems};
use crate::nouns::unit::Unit;

pub use sums::{check_figures, one_more};

/// Stands before a sentence that nobody has read yet.
pub const DRAFT: &str = "[Draft]";

/// Holds what was typed against what is shown. `code` tells which indicator a row is about, where
/// it is one.
pub fn check(
    shown: &ShownFigures,
    typed: &[TypedCommentary],
    code: impl Fn(&str) -> Option<String>,
) -> Problems {
    let mut problems = Problems::default();
    for row in typed.iter().filter(|row| !row.text.is_empty()) {
        let about = code(&row.about);
        let own = about.as_deref().and_then(|code| shown.own(code));
        let of = |problem: Problem| Problem { indicator: about.clone(), ..problem };
        let mut faults = Vec::new();
        match own {
            Some(own) if hold::suppressed(shown, own.indicator()) => {
                if claims::names_a_number(&row.text) {
                    // Which number it is must not be told, or a reader could learn what is hidden.
                    faults.push(format!(
                        "`{}` is suppressed, but the commentary on it names a number, which may \
                         give it away",
                        shown.title(own.indicator())
                    ));
                }
            }
            _ => {
                let code = own.map(Shown::indicator);
                for claim in claims::read(
                    &row.text,
                    &code.map(|code| hold::titles(shown, code)).unwrap_or_default(),
                ) {
                    let held = match (&claim, code) {
                        (claims::Claim::Share(..), _) => {
                            hold::fault(shown, code.unwrap_or_default(), &claim)
                        }
                        (_, Some(code)) => hold::fault(shown, code, &claim),
                        (_, None) => None,
                    };
                    faults.extend(held.map(|fault| format!("the commentary {fault}")));
                }
            }
        }
        let stale = own.filter(|own| !up_to_date(row, own));
        if let Some(own) = stale {
            let title = shown.title(own.indicator());
            let changed = format!("written when `{title}` was {}", was_and_is(row, own));
            problems.add(of(Problem::warning(row.said_at.clone(), changed)
                .column("Commentary")
                .hint("read it again, and put the new figure under Figure")));
        }
        if let (Some(own), Some(points)) =
            (own, own.and_then(|own| one_more(shown, own.indicator())))
        {
            let title = shown.title(own.indicator());
            let message = format!("one more or less would move `{title}` by {points}");
            let hint = "say so where the text makes something of a change";
            let note = Problem::note(row.said_at.clone(), message);
            problems.add(of(note.column("Commentary").hint(hint)));
        }
        let accepted = row.checked.is_some() && stale.is_none();
        for fault in faults {
            problems.add(of(problem(row, accepted, fault)));
        }
    }
    problems
}

fn problem(row: &TypedCommentary, accepted: bool, fault: String) -> Problem {
    let place = row.said_at.clone();
    if accepted {
        return Problem::note(place, format!("{fault}; checked, and let stand"))
            .column("Commentary");
    }
    let hint =
        "correct the text or the figure; or let it stand, with your name in a column Checked";
    Problem::warning(place, fault).column("Commentary").hint(hint)
}

/// Whether a row of the sheet confirms what a script drafts on `code`: it has no text, a name under
/// Checked, and the figure that was read.
pub fn confirmed(
    shown: &ShownFigures,
    code: &str,
    row: Option<&TypedCommentary>,
    problems: &mut Problems,
) -> bool {
    let (Some(row), Some(own)) = (row, shown.own(code)) else { return false };
    let title = shown.title(code);
    let (why, hint) = match (&row.figure, &row.checked) {
        (Some(_), Some(_)) if up_to_date(row, own) => return true,
        (Some(_), Some(_)) => {
            let why = format!(
                "the draft on `{title}` was confirmed when the figure was {}",
                was_and_is(row, own)
            );
            (why, "read the draft again, and put the new figure under Figure")
        }
        _ => {
            let why = format!(
                "the draft on `{title}` is not confirmed: the row lacks a figure or a name"
            );
            (
                why,
                "put the figure as printed under Figure, and who has read the draft under Checked",
            )
        }
    };
    let warning = Problem::warning(row.said_at.clone(), why).column("Commentary").hint(hint);
    problems.add(warning.indicator(code));
    false
}

/// What a figure was when a row was written, and what it is: neither where it is suppressed now.
fn was_and_is(row: &TypedCommentary, own: &Shown) -> String {
    match &row.figure {
        Some(was) if own.symbol() != Some(Symbol::Confidential) => {
            format!("{was}; it is {} now", own.text())
        }
        _ => "another one; it is suppressed now".to_string(),
    }
}

/// Whether the figure is still what it was when the row was written, as far as the row says.
fn up_to_date(row: &TypedCommentary, own: &Shown) -> bool {
    let Some(was) = row.figure.as_deref().map(str::trim) else { return true };
    if was == own.text() {
        return true;
    }
    let (Some(number), Some(printed)) = (written(was), own.printed_number()) else {
        return false;
    };
    let number = number.value;
    // A cell that is formatted as a percentage holds a share of one.
    let share =
        own.unit() == Unit::Percentage && rounded(number * 100.0, own.decimals()) == printed;
    share || rounded(number, own.decimals()) == printed
}
