//! `list`: what the project's scripts declare, and what is wrong with any of them.

use std::io::IsTerminal;

use clap::Args;
use serde_json::json;

use super::{Which, exit_code, give_json, print_problems, say};
use crate::definitions::{Declarations, Layout, List, Measure, Reach};
use crate::desk::catalogue::Columns;
use crate::intake::local;
use crate::intake::project::{Project, Source};
use crate::nouns::problem::{Place, Problem, Problems, did_you_mean};
use crate::nouns::words::{cut, listed};
use crate::scripts::engine::{Engine, is_shared};

/// List what the project declares: lists, indicators, layouts
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur list               all that is declared
  rapporteur list episodes      a list's columns, codes and what they mean
  rapporteur list --trust       what each script can do, before you trust it")]
pub struct Options {
    /// A list, to see its columns: headings, codes, what they mean, and their years
    #[arg(conflicts_with = "trust")]
    pub list: Option<String>,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Say what each script that does not ship with the program can do, before you trust it
    #[arg(long)]
    pub trust: bool,
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let which = &options.which;
    let mut problems = Problems::default();
    let project = problems.keep(which.open());
    let declared = project.as_ref().map(|project| declared(project, &mut problems));
    let declared = declared.unwrap_or_default();
    let list = options.list.as_deref().map(|name| list(name, &declared));
    let list = list.and_then(|found| problems.keep(found));
    problems.sort();
    let code = exit_code(&problems);
    let scripts = project.filter(|_| options.trust).map(|project| scripts(&project, &declared));
    if which.print.json {
        let data = match &scripts {
            Some(scripts) => {
                json!({ "scripts": scripts.iter().map(Script::as_json).collect::<Vec<_>>() })
            }
            None => match &list {
                Some(list) => json!({ "list": Columns::of(list, &declared).json() }),
                None => as_json(&declared),
            },
        };
        return give_json(data, &problems, false, code);
    }
    print_problems(&problems, false, usize::MAX, true);
    match (scripts, list) {
        (Some(scripts), _) => say(&trusted(&scripts)),
        (None, Some(list)) => say(&Columns::of(list, &declared).text()),
        // What there is not was told.
        (None, None) if options.list.is_some() => {}
        (None, None) => say(&as_text(&declared)),
    }
    code
}

/// What the project's scripts declare, with what its settings call columns and codes.
fn declared(project: &Project, problems: &mut Problems) -> Declarations {
    let mut declared = Engine::load(&project.sources, problems).1;
    project.replacements().for_each(|note| problems.add(note));
    local::apply(project, &mut declared, problems);
    declared
}

/// A layout: what it is for, and what of it `rap.change` can have otherwise.
fn laid_out(layout: &Layout) -> (String, String) {
    let options = match layout.options.as_slice() {
        [] => String::new(),
        names => format!(" (options: {})", names.join(", ")),
    };
    (layout.name.clone(), format!("{}{options}", layout.description))
}

/// A list by its name, its title, or by what one of its records is called.
fn list<'d>(name: &str, declared: &'d Declarations) -> Result<&'d List, Problem> {
    let name = declared.without_pack(name);
    let lists = || declared.lists.values();
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    let found = lists().find(|list| is(&list.name) || is(&list.record) || is(&list.title));
    found.ok_or_else(|| {
        let what = match name {
            _ if declared.indicators.contains_key(name) => Some("an indicator"),
            _ if declared.populations.contains_key(name) => Some("a population"),
            _ => None,
        };
        match what {
            Some(what) => {
                Problem::usage("", format!("`{name}` is {what}, not a list of the return"))
                    .hint(format!("`rapporteur explain {name}` and the return tells of it"))
            }
            None => {
                let guess = did_you_mean(name, lists().map(|list| list.name.as_str()));
                let names: Vec<&str> = lists().map(|list| list.name.as_str()).collect();
                Problem::usage("", format!("there is no list `{name}`{guess}"))
                    .hint(format!("lists are {}", listed(&names)))
            }
        }
    })
}

/// A script that does not ship with the program, and what it can do.
struct Script {
    name: String,
    reach: Reach,
    /// Whether it is run by the scripts that use it.
    is_shared: bool,
    /// Whether it takes a shipped one's place.
    replaces: bool,
}

fn scripts(project: &Project, declared: &Declarations) -> Vec<Script> {
    let own = project.sources.iter().filter(|source| !source.shipped);
    own.map(|source| Script::of(source, project, declared)).collect()
}

/// What was found on which line, for programs.
fn all(found: &[(Place, String)]) -> Vec<serde_json::Value> {
    found.iter().map(|(at, what)| json!({ "line": at.line, "what": what })).collect()
}

impl Script {
    fn asks(&self) -> Vec<(Place, String)> {
        let mut asks = self.reach.asks.clone();
        if self.replaces {
            let what = "the place of the shipped script of this name".to_string();
            asks.insert(0, (Place::file(&self.name), what));
        }
        asks
    }

    /// What a script can do, by what it declares and what the settings allow it.
    fn of(source: &Source, project: &Project, declared: &Declarations) -> Script {
        let allows = project.settings.counts_nobody.contains(&source.name);
        Script {
            name: source.name.clone(),
            reach: declared.reach(&source.name, allows),
            is_shared: is_shared(source),
            replaces: project.replaced.contains(&source.name),
        }
    }

    fn as_json(&self) -> serde_json::Value {
        json!({
            "script": self.name, "shared": self.is_shared, "sees": all(&self.reach.sees),
            "prints": all(&self.reach.prints), "asks_for": all(&self.asks()),
        })
    }

    fn as_text(&self) -> String {
        let mut text = format!("{}\n", self.name);
        if self.is_shared {
            text.push_str("  is run by the scripts that use it, and can do what they can\n");
        }
        let asks = self.asks();
        let sections = [
            ("sees", &self.reach.sees, "no record and no figure that is hidden"),
            ("prints", &self.reach.prints, "titles and definitions alone"),
            ("asks for", &asks, "nothing that is restricted"),
        ];
        for (name, found, otherwise) in sections {
            if found.is_empty() {
                text.push_str(&format!("  {name:8}  {otherwise}\n"));
            }
            for (at, (place, what)) in found.iter().enumerate() {
                let name = if at == 0 { name } else { "" };
                let line = place.line.map_or(String::new(), |line| format!(" (line {line})"));
                text.push_str(&format!("  {name:8}  {what}{line}\n"));
            }
        }
        text
    }
}

fn trusted(scripts: &[Script]) -> String {
    if scripts.is_empty() {
        return "Every script here ships with the program.\n".to_string();
    }
    let each: Vec<String> = scripts.iter().map(Script::as_text).collect();
    format!("{}\n{WHAT_NONE_CAN}", each.join("\n"))
}

/// What need not be looked for.
const WHAT_NONE_CAN: &str = "\
No script reaches a file, the network, the clock, another script or another run. What one
sees it can use to decide who is counted, and no more: messages, sentences and layouts get
nothing of it. Layouts and sentences see what disclosure control leaves.
";

/// Names under a title, each with what it is.
fn section(text: &mut String, title: &str, rows: Vec<(String, String)>) {
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
}

fn as_text(declared: &Declarations) -> String {
    let mut text = String::new();
    section(
        &mut text,
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
        &mut text,
        "Lists",
        declared
            .lists
            .values()
            .map(|l| (l.name.clone(), format!("{}: {} columns", l.title, l.columns.len())))
            .collect(),
    );
    section(
        &mut text,
        "Populations",
        declared
            .populations
            .values()
            .map(|p| (p.name.clone(), format!("from {}, {}", p.from, p.place)))
            .collect(),
    );
    section(
        &mut text,
        "Checks",
        declared.checks.values().map(|c| (c.name.clone(), c.message.clone())).collect(),
    );
    section(
        &mut text,
        "Status policies",
        declared.policies.values().map(|p| (p.name.clone(), p.title.clone())).collect(),
    );
    section(
        &mut text,
        "Disclosure rules",
        declared.disclosures.values().map(|r| (r.name.clone(), r.description.clone())).collect(),
    );
    section(&mut text, "Layouts", declared.layouts.values().map(laid_out).collect());
    section(
        &mut text,
        "Changed by other scripts than those that declare them",
        declared
            .changes
            .iter()
            .map(|c| (c.name.clone(), format!("{} ({})", c.words.join("; "), c.place)))
            .collect(),
    );
    text
}

/// How an indicator is come by, in one word.
fn kind_of(measure: &Measure) -> &'static str {
    match measure {
        Measure::Count { .. } => "count",
        Measure::Share { .. } => "share",
        Measure::Summary { how, .. } => how.word(),
        Measure::Part { .. } => "part",
        Measure::Derived { .. } => "derived",
        Measure::Typed => "typed",
    }
}

fn as_json(declared: &Declarations) -> serde_json::Value {
    let indicators: Vec<_> = declared
        .indicators
        .values()
        .map(|i| {
            json!({
                "code": i.code, "title": i.title, "unit": i.unit.to_string(),
                "decimals": i.decimals, "theme": i.theme,
                "good_performance_is": i.better.words(), "measure": kind_of(&i.measure),
                "definition": i.definition,
                "source": i.source, "target": i.target,
                "by": i.breakdown.as_ref().map(|b| b.by.to_string()),
                "declared_at": i.place.to_string(),
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
            "name": c.name, "list": c.list, "message": c.message,
            "declared_at": c.place.to_string(),
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
            "name": l.name, "description": l.description, "options": l.options,
            "declared_at": l.place.to_string(),
        })).collect::<Vec<_>>(),
        "changes": declared.changes.iter().map(|c| json!({
            "kind": c.kind, "name": c.name, "fields": c.words, "changed_at": c.place.to_string(),
        })).collect::<Vec<_>>(),
    })
}
