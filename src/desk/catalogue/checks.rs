//! The page of checks: what a return is held against, for those who fill it in.

use indexmap::IndexMap;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::definitions::{Check, Declarations};
use crate::nouns::page::{table, whole_page};

const TITLE: &str = "What a return is held against";
const WHEN: &str = "Those without a number, and rules that may move a figure, always run; the \
                    others with check --rules.";
const HEADINGS: [&str; 6] = ["Rule", "Where", "What is wrong", "What to do", "Moves", "Since"];

/// The checks of a project, by the script that declares them.
pub struct Checks<'d> {
    by_script: IndexMap<String, Vec<&'d Check>>,
    declared: &'d Declarations,
}

impl<'d> Checks<'d> {
    /// All that there are, in the scripts' order.
    pub fn gather(declared: &'d Declarations) -> Checks<'d> {
        let mut by_script: IndexMap<String, Vec<&Check>> = IndexMap::new();
        for check in declared.checks.values() {
            by_script.entry(group_of(&check.place.file)).or_default().push(check);
        }
        Checks { by_script, declared }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.by_script.values().map(Vec::len).sum()
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {TITLE}\n\n{WHEN}\n");
        for (group, checks) in &self.by_script {
            text.push_str(&format!("\n## {group}\n\n| {} |\n", HEADINGS.join(" | ")));
            text.push_str(&format!("|{}\n", "---|".repeat(HEADINGS.len())));
            for check in checks {
                text.push_str(&format!(
                    "| {} |\n",
                    self.cells(check).join(" | ").replace('\n', " ")
                ));
            }
        }
        text
    }

    /// As a web page.
    pub fn html(&self) -> String {
        let body = html! {
            main class="tall" {
                h1 { (TITLE) }
                p { (WHEN) }
                @for (group, checks) in &self.by_script {
                    h2 { (group) } "\n"
                    (table("", group, &HEADINGS, &self.rows(checks)))
                }
            }
            "\n"
        };
        whole_page(TITLE, &[("generator", "Rapporteur")], &body)
    }

    fn rows(&self, checks: &[&Check]) -> Markup {
        html! {
            @for check in checks {
                @let [first, rest @ ..] = self.cells(check);
                tr { th scope="row" { (first) } @for cell in &rest { td { (cell) } } } "\n"
            }
        }
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let checks = self.by_script.values().flatten().map(|check| {
            json!({
                "name": check.name, "rule": check.rule, "list": check.list,
                "columns": check.columns, "severity": check.severity, "message": check.message,
                "hint": check.hint, "moves": check.moves, "from": check.from, "to": check.to,
                "year_end": check.at_year_end, "fails": check.fails.to_string(),
            })
        });
        json!({ "checks": checks.collect::<Vec<_>>() })
    }

    fn cells(&self, check: &Check) -> [String; 6] {
        let list = &self.declared.lists[&check.list];
        let key = std::slice::from_ref(&list.key);
        let columns = if check.columns.is_empty() { key } else { &check.columns };
        let years = match (&check.from, &check.to) {
            (None, None) => String::new(),
            (Some(from), None) => from.clone(),
            (None, Some(to)) => format!("until {to}"),
            (Some(from), Some(to)) => format!("{from} to {to}"),
        };
        let at_year_end = if check.at_year_end { " (at the year's end)" } else { "" };
        [
            check.rule.clone().unwrap_or_else(|| check.name.clone()),
            format!("{}: {}", list.title, columns.join(", ")),
            format!("{}{at_year_end}", check.message),
            check.hint.clone().unwrap_or_default(),
            check.moves.join(", "),
            years,
        ]
    }
}

/// `scripts/children_in_care/rules/episodes_in_order.luau` as people read it: `Episodes in order`.
fn group_of(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    let words = name.split('.').next().unwrap_or(name).replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
