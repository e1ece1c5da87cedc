//! Sentences held against figures: what must be said of them, and over which nothing may be said.

use super::*;
use crate::figures::assess::tests::shown;
use crate::nouns::problem::{Place, Severity};

fn row(text: &str, figure: Option<&str>, checked: Option<&str>) -> TypedCommentary {
    TypedCommentary {
        about: "m".to_string(),
        text: text.to_string(),
        author: None,
        figure: figure.map(ToString::to_string),
        checked: checked.map(ToString::to_string),
        place: Place::file("q2.xlsx").at(1, 0),
        said_at: Place::file("q2.xlsx").at(1, 1),
    }
}

fn said(shown: &ShownFigures, row: TypedCommentary) -> Vec<(Severity, String)> {
    let problems = check(shown, &[row], |about| Some(about.to_string()));
    problems.iter().map(|p| (p.severity, p.message.clone())).collect()
}

const HIGHER: &str =
    "unit = \"percentage\", better = \"higher\", target = 85, tolerance = { low = 2, high = 1 }";
const LOWER: &str =
    "unit = \"percentage\", better = \"lower\", target = 85, tolerance = { low = 2, high = 1 }";
const NEITHER: &str = "unit = \"percentage\", target = 85";

#[test]
fn sentences_are_held_against_figures() {
    for (fields, now, other, text, wrong) in [
        (HIGHER, 83.3, ("england", 83.0), "We are above target.", true),
        (HIGHER, 85.1, ("england", 83.0), "We are above target.", false),
        // Printed as the target, and a little above it: nobody is to be corrected.
        (HIGHER, 85.04, ("england", 83.0), "We are above target.", false),
        (HIGHER, 84.96, ("england", 83.0), "We are below target.", false),
        (HIGHER, 85.0, ("england", 83.0), "We are below target.", true),
        // Within the tolerance either may be said.
        (HIGHER, 83.3, ("england", 83.0), "We met our target.", false),
        (HIGHER, 83.3, ("england", 83.0), "We missed our target.", false),
        (HIGHER, 82.9, ("england", 83.0), "We met our target.", true),
        (HIGHER, 85.0, ("england", 83.0), "We missed our target.", true),
        (LOWER, 87.1, ("england", 83.0), "We met our target.", true),
        (LOWER, 86.9, ("england", 83.0), "We met our target.", false),
        // Where lower is better, "below target" may be praise or blame.
        (LOWER, 87.1, ("england", 83.0), "We are below target.", false),
        (HIGHER, 83.3, ("england", 83.0), "We are better than England.", false),
        (HIGHER, 82.3, ("england", 83.0), "We are better than England.", true),
        (LOWER, 83.3, ("england", 83.0), "We are better than England.", true),
        (LOWER, 82.3, ("england", 83.0), "We are better than England.", false),
        (LOWER, 82.3, ("england", 83.0), "We are worse than England.", true),
        (NEITHER, 82.3, ("england", 83.0), "We are worse than England.", true),
        (NEITHER, 82.3, ("england", 83.0), "We are lower than England.", false),
        (HIGHER, 82.3, ("region", 90.0), "We are better than England.", false),
        (HIGHER, 85.0, ("england", 83.0), "We are in line with England.", false),
        (HIGHER, 85.1, ("england", 83.0), "We are in line with England.", true),
        (HIGHER, 85.0, ("previous_quarter", 86.0), "Improved since the last quarter.", true),
        (LOWER, 85.0, ("previous_quarter", 86.0), "Improved since the last quarter.", false),
        (NEITHER, 85.0, ("previous_quarter", 86.0), "Improved since the last quarter.", false),
        (NEITHER, 85.0, ("previous_quarter", 86.0), "An increase since the last quarter.", true),
        (NEITHER, 85.0, ("previous_quarter", 85.0), "Unchanged since the last quarter.", false),
        (NEITHER, 85.0, ("previous_quarter", 84.0), "Unchanged since the last quarter.", true),
        (NEITHER, 85.0, ("previous_outturn", 86.0), "An increase since the last quarter.", false),
        (NEITHER, 85.0, ("previous_quarter", 84.0), "It stands at 85%.", false),
        (NEITHER, 85.0, ("previous_quarter", 84.0), "It stands at 84%.", false),
        (NEITHER, 85.0, ("previous_quarter", 84.0), "It stands at 58%.", true),
        (NEITHER, 85.0, ("previous_quarter", 84.0), "It stands at 58.", false),
        (NEITHER, 83.3, ("england", 83.0), "A cohort of 65.", true),
        (NEITHER, 83.1, ("england", 83.0), "A cohort of 65.", false),
        (NEITHER, 83.3, ("england", 83.0), "54 of 65 (83.1%) lasted.", false),
        (NEITHER, 83.3, ("england", 83.0), "54 of 65 (83.3%) lasted.", true),
        (NEITHER, 83.3, ("england", 83.0), "54 of 65 (83%) lasted.", false),
        (NEITHER, 83.3, ("england", 83.0), "54 of 65 young people (93%) stayed.", true),
        (HIGHER, 85.0, ("previous_quarter", 86.0), "Performance has gone up.", true),
        (HIGHER, 85.0, ("previous_quarter", 84.0), "Performance went up by one point.", false),
        (LOWER, 85.0, ("previous_quarter", 86.0), "It declined on the last quarter.", false),
        (HIGHER, 85.0, ("previous_quarter", 84.0), "It declined on the last quarter.", true),
        (HIGHER, 85.0, ("previous_quarter", 84.0), "It rose from 85% to 84%.", true),
        (HIGHER, 85.0, ("previous_quarter", 84.0), "It fell from 85% to 84%.", true),
        (HIGHER, 85.0, ("previous_quarter", 84.0), "It rose from 84% to 85%.", false),
        (LOWER, 85.0, ("previous_quarter", 84.0), "It improved from 84% to 85%.", true),
        (HIGHER, 85.0, ("previous_quarter", 84.0), "It rose from 80% to 84% in 2020.", false),
        (HIGHER, 85.0, ("previous_quarter", 86.0), "The second rise in a row.", true),
        (HIGHER, 85.0, ("previous_quarter", 84.0), "The second rise in a row.", false),
        (HIGHER, 85.0, ("previous_quarter", 86.0), "The highest in 9999999999 years.", false),
        (HIGHER, 85.0, ("previous_quarter", 86.0), "The highest on record.", true),
        (HIGHER, 85.0, ("previous_quarter", 86.0), "The lowest on record.", false),
        (HIGHER, 85.0, ("previous_quarter", 86.0), "The highest in five years.", true),
        (HIGHER, 85.0, ("previous_quarter", 86.0), "The highest since 2019.", true),
        (HIGHER, 85.0, ("previous_quarter", 86.0), "The highest since 2099/00.", false),
        (HIGHER, 82.9, ("england", 83.0), "The target was met.", true),
        (HIGHER, 85.0, ("england", 83.0), "The target of 85% was met.", false),
        (HIGHER, 82.3, ("england", 83.0), "We are ahead of England.", true),
        (LOWER, 82.3, ("england", 83.0), "We are ahead of England.", false),
        (HIGHER, 83.3, ("england", 83.0), "We are behind England.", true),
    ] {
        let shown = shown(fields, &[("now", Some(now)), (other.0, Some(other.1))]);
        let said = said(&shown, row(text, None, None));
        assert_eq!(said.len(), usize::from(wrong), "{now} beside {other:?}: {text} {said:?}");
        assert!(said.iter().all(|(severity, _)| *severity == Severity::Warning));
    }
}

#[test]
fn what_is_let_stand_is_a_note_until_the_figure_changes() {
    let shown = shown(HIGHER, &[("now", Some(83.3))]);
    let false_one = "We are above target.";
    for (text, figure, checked, wanted) in [
        (false_one, None, None, &[Severity::Warning][..]),
        (false_one, None, Some("J Hill"), &[Severity::Note]),
        (false_one, Some("83.3%"), Some("J Hill"), &[Severity::Note]),
        (false_one, Some("0.833"), Some("J Hill"), &[Severity::Note]),
        (false_one, Some("83.9"), Some("J Hill"), &[Severity::Warning, Severity::Warning]),
        ("Steady.", Some("83.3"), None, &[]),
        ("Steady.", Some("83"), None, &[Severity::Warning]),
        ("Steady.", Some("none yet"), None, &[Severity::Warning]),
    ] {
        let said: Vec<Severity> =
            said(&shown, row(text, figure, checked)).into_iter().map(|(s, _)| s).collect();
        assert_eq!(said, wanted, "{text} {figure:?} {checked:?}");
    }
}

#[test]
fn numbers_beside_a_suppressed_figure_are_told_of_and_not_repeated() {
    let shown = shown(HIGHER, &[("now", None)]);
    for (text, wrong) in [
        ("There were 4 of them.", true),
        ("It stands at 3.7%.", true),
        ("At 30 September 2026 there was nothing to add.", false),
        ("Numbers are steady.", false),
    ] {
        let said = said(&shown, row(text, None, None));
        assert_eq!(said.len(), usize::from(wrong), "{text}");
        assert!(
            said.iter().all(|(_, message)| !message.contains('4') && !message.contains("3.7")),
            "{said:?}"
        );
    }
    let said = said(&shown, row("Numbers are steady.", Some("3.7%"), None));
    assert_eq!(said.len(), 1);
    assert!(!said[0].1.contains("3.7"), "{said:?}");
}
