//! What changed in all cases, as one web page: before and after beside each other.

use maud::{Markup, html};

use super::{Case, Kept, Outcome, SnapshotResult, Standing};
use crate::nouns::page::{table, whole_page};
use crate::workbook_diff::compare::Verdict;

const TITLE: &str = "What the tests of the project say";

/// The page: a table of the cases, then what changed in each.
pub fn page(cases: &[(&Case, Outcome)], tally: &str) -> String {
    let rows = html! {
        @for (index, (case, outcome)) in cases.iter().enumerate() {
            tr {
                th scope="row" {
                    @if outcome.standing() == Standing::Ok { (case.name) }
                    @else { a href={ "#case-" (index) } { (case.name) } }
                }
                td { (case.about) }
                td class=(look(outcome)) { (outcome.words().unwrap_or("ok".to_string())) }
            }
            "\n"
        }
    };
    let body = html! {
        main {
            h1 { (TITLE) }
            p { (tally) } "\n"
            (table(
                "",
                "Every case that was run",
                &["Case", "What it is about", "How it stands"],
                &rows,
            ))
            @for (index, (case, outcome)) in cases.iter().enumerate() {
                @if outcome.standing() != Standing::Ok { (of_case(index, case, outcome)) }
            }
        }
        "\n"
    };
    whole_page(TITLE, &[], &body)
}

fn look(outcome: &Outcome) -> &'static str {
    match (outcome.standing(), outcome.verdict()) {
        (Standing::Ok, _) => "good",
        (Standing::New, _) | (Standing::Changed, Some(Verdict::Wording)) => "fair",
        (Standing::Changed, Some(Verdict::Formatting)) => "information",
        _ => "poor",
    }
}

fn of_case(index: usize, case: &Case, outcome: &Outcome) -> Markup {
    html! {
        section id={ "case-" (index) } {
            h2 { (case.name) }
            p { (case.about) } "\n"
            @for problem in outcome.faults.iter() {
                pre tabindex="0" { (problem.render(false).trim_end()) } "\n"
            }
            (wrong_figures(outcome))
            @if let Some(problems) = &outcome.problems {
                h3 { "Problems of the return" }
                p { "Expected: " (problems.expected) "." } "\n"
                @if problems.found.is_empty() { p { "Found: none." } }
                @else { ul { @for line in &problems.found { li { (line) } "\n" } } }
                "\n"
            }
            @for snapshot in &outcome.snapshots { (changed(case, snapshot)) }
        }
        "\n"
    }
}

fn wrong_figures(outcome: &Outcome) -> Markup {
    let wrong: Vec<_> = outcome.figures.iter().filter(|figure| !figure.holds).collect();
    if wrong.is_empty() {
        return html! {};
    }
    let rows = html! {
        @for figure in wrong {
            tr {
                th scope="row" { (figure.expected.code) }
                td class="figure" { (figure.expected.words()) }
                td class="figure" {
                    (figure.found.as_ref().map_or("no figure".to_string(), super::Found::words))
                    @if let Some(why) = &figure.why { ": " (why) }
                }
            }
            "\n"
        }
    };
    table("", "Figures changed", &["Indicator", "Expected", "Found"], &rows)
}

fn changed(case: &Case, snapshot: &SnapshotResult) -> Markup {
    match &snapshot.kept {
        Kept::Same => html! {},
        Kept::New => html! {
            p { "Nothing is kept of the layout " (snapshot.layout) " yet." } "\n"
        },
        Kept::Changed { changes, .. } => {
            let kept = format!("{}, layout {}, as kept", case.name, snapshot.layout);
            changes.body_html(&kept, "as it is now")
        }
    }
}
