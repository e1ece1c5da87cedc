//! What changed in all cases, as one web page: before and after beside each other.

use super::{Case, Kept, Outcome, Standing};
use crate::nouns::page::{escaped, table, whole_page};
use crate::workbook_diff::compare::Verdict;

/// The page: a table of the cases, then what changed in each.
pub fn page(cases: &[(&Case, Outcome)], tally: &str) -> String {
    let mut body =
        format!("<main>\n<h1>What the tests of the project say</h1>\n<p>{}</p>\n", escaped(tally));
    let mut rows = String::new();
    for (index, (case, outcome)) in cases.iter().enumerate() {
        let standing = outcome.standing();
        let name = escaped(&case.name);
        let name = if standing == Standing::Ok {
            name.to_string()
        } else {
            format!("<a href=\"#case-{index}\">{name}</a>")
        };
        let words = outcome.words().unwrap_or("ok".to_string());
        let look = match (standing, outcome.verdict()) {
            (Standing::Ok, _) => "good",
            (Standing::New, _) | (Standing::Changed, Some(Verdict::Wording)) => "fair",
            (Standing::Changed, Some(Verdict::Formatting)) => "information",
            _ => "poor",
        };
        rows += &format!(
            "<tr><th scope=\"row\">{name}</th><td>{}</td><td class=\"{look}\">{words}</td></tr>\n",
            escaped(&case.about)
        );
    }
    body += &table(
        "",
        "Every case that was run",
        &["Case", "What it is about", "How it stands"],
        &rows,
    );
    for (index, (case, outcome)) in cases.iter().enumerate() {
        if outcome.standing() != Standing::Ok {
            body += &of_case(index, case, outcome);
        }
    }
    body += "</main>\n";
    whole_page("What the tests of the project say", &[], &body)
}

fn of_case(index: usize, case: &Case, outcome: &Outcome) -> String {
    let name = escaped(&case.name);
    let mut body = format!(
        "<section id=\"case-{index}\">\n<h2>{name}</h2>\n<p>{}</p>\n",
        escaped(&case.about)
    );
    for problem in outcome.faults.iter() {
        body += &format!("<pre>{}</pre>\n", escaped(problem.render(false).trim_end()));
    }
    let wrong: Vec<_> = outcome.figures.iter().filter(|figure| !figure.holds).collect();
    if !wrong.is_empty() {
        let mut rows = String::new();
        for figure in wrong {
            let found = figure.found.as_ref().map_or("no figure".to_string(), super::Found::words);
            let why = figure.why.as_ref().map_or(String::new(), |why| format!(": {why}"));
            rows += &format!(
                "<tr><th scope=\"row\">{}</th><td class=\"figure\">{}</td><td class=\"figure\">{}{}</td></tr>\n",
                escaped(&figure.expected.code),
                escaped(&figure.expected.words()),
                escaped(&found),
                escaped(&why),
            );
        }
        body += &table("", "Figures changed", &["Indicator", "Expected", "Found"], &rows);
    }
    if let Some(problems) = &outcome.problems {
        let found: String =
            problems.found.iter().map(|line| format!("<li>{}</li>\n", escaped(line))).collect();
        let found = if found.is_empty() {
            "<p>Found: none.</p>\n".to_string()
        } else {
            format!("<ul>\n{found}</ul>\n")
        };
        body += &format!(
            "<h3>Problems of the return</h3>\n<p>Expected: {}.</p>\n{found}",
            escaped(&problems.expected)
        );
    }
    for snapshot in &outcome.snapshots {
        match &snapshot.kept {
            Kept::Same => {}
            Kept::New => {
                body += &format!(
                    "<p>Nothing is kept of the layout {} yet.</p>\n",
                    escaped(&snapshot.layout)
                )
            }
            Kept::Changed { changes, .. } => {
                body += &changes.body_html(
                    &format!("{}, layout {}, as kept", case.name, snapshot.layout),
                    "as it is now",
                );
            }
        }
    }
    body + "</section>\n"
}
