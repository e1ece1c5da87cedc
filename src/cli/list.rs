//! `list`: what the project's scripts declare, and what is wrong with any of them.

use std::io::IsTerminal;

use clap::Args;
use serde_json::json;

use super::{Which, exit_code, give_json, print_problems, say};
use crate::definitions::{Declarations, Measure};
use crate::intake::project::Project;
use crate::nouns::problem::Problems;
use crate::nouns::words::cut;
use crate::scripts::engine::Engine;

/// List what the project declares: lists, indicators, layouts
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Which project.
    #[command(flatten)]
    pub which: Which,
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let which = &options.which;
    let mut problems = Problems::default();
    let project = problems.keep(Project::open(which.project.as_deref()));
    let declared =
        project.map(|project| Engine::load(&project.sources, &mut problems).1).unwrap_or_default();
    problems.sort();
    let code = exit_code(&problems);
    if which.json {
        return give_json(as_json(&declared), &problems, false, code);
    }
    print_problems(&problems, false, usize::MAX, true);
    say(&as_text(&declared));
    code
}

fn as_text(declared: &Declarations) -> String {
    let mut text = String::new();
    let mut section = |title: &str, rows: Vec<(String, String)>| {
        if rows.is_empty() {
            return;
        }
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        text.push_str(&format!("{title}\n"));
        for (name, what) in rows {
            // On a terminal the second column is cut to what eighty columns leave; a program gets
            // it whole.
            let terminal = std::io::stdout().is_terminal();
            let room = if terminal { 76usize.saturating_sub(width) } else { usize::MAX };
            text.push_str(&format!("  {name:width$}  {}\n", cut(&what, room)));
        }
        text.push('\n');
    };
    section(
        "Indicators",
        declared
            .indicators
            .values()
            .map(|i| {
                let by = i.breakdown.as_ref().map_or(String::new(), |b| format!(", by {}", b.by));
                (i.code.clone(), format!("{} ({}){by}", i.title, i.unit))
            })
            .collect(),
    );
    section(
        "Lists",
        declared
            .lists
            .values()
            .map(|l| (l.name.clone(), format!("{}: {} columns", l.title, l.columns.len())))
            .collect(),
    );
    section(
        "Populations",
        declared
            .populations
            .values()
            .map(|p| (p.name.clone(), format!("from {}, {}", p.from, p.place)))
            .collect(),
    );
    section(
        "Checks",
        declared.checks.values().map(|c| (c.name.clone(), c.message.clone())).collect(),
    );
    section(
        "Status policies",
        declared.policies.values().map(|p| (p.name.clone(), p.title.clone())).collect(),
    );
    section(
        "Disclosure rules",
        declared.disclosures.values().map(|r| (r.name.clone(), r.description.clone())).collect(),
    );
    section(
        "Layouts",
        declared.layouts.values().map(|l| (l.name.clone(), l.description.clone())).collect(),
    );
    text
}

fn as_json(declared: &Declarations) -> serde_json::Value {
    let kind = |measure: &Measure| match measure {
        Measure::Count { .. } => "count",
        Measure::Share { .. } => "share",
        Measure::Summary { how, .. } => how.word(),
        Measure::Part { .. } => "part",
        Measure::Derived { .. } => "derived",
        Measure::Typed => "typed",
    };
    let indicators: Vec<_> = declared
        .indicators
        .values()
        .map(|i| {
            json!({
                "code": i.code, "title": i.title, "unit": i.unit.to_string(), "decimals": i.decimals, "theme": i.theme,
                "good_performance_is": i.better.words(), "measure": kind(&i.measure), "definition": i.definition,
                "source": i.source, "target": i.target, "by": i.breakdown.as_ref().map(|b| b.by.to_string()), "declared_at": i.place.to_string(),
            })
        })
        .collect();
    json!({
        "indicators": indicators,
        "lists": declared.lists.values().map(|l| json!({
            "name": l.name, "title": l.title, "key": l.key, "declared_at": l.place.to_string(),
            "columns": l.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "populations": declared.populations.values().map(|p| json!({
            "name": p.name, "from": p.from, "declared_at": p.place.to_string(),
        })).collect::<Vec<_>>(),
        "checks": declared.checks.values().map(|c| json!({
            "name": c.name, "list": c.list, "message": c.message, "declared_at": c.place.to_string(),
        })).collect::<Vec<_>>(),
        "policies": declared.policies.values().map(|p| json!({
            "name": p.name, "title": p.title, "kind": p.kind.name(), "description": p.description,
            "declared_at": p.place.to_string(),
        })).collect::<Vec<_>>(),
        "disclosure_rules": declared.disclosures.values().map(|r| json!({
            "name": r.name, "audience": r.audience.phrase(), "description": r.description,
            "declared_at": r.place.to_string(),
        })).collect::<Vec<_>>(),
        "layouts": declared.layouts.values().map(|l| json!({
            "name": l.name, "description": l.description, "declared_at": l.place.to_string(),
        })).collect::<Vec<_>>(),
    })
}
