//! The commands: one file each. They say what happened; the work is done elsewhere.

pub mod blank;
pub mod build;
pub mod check;
pub mod completions;
pub mod diff;
pub mod docs;
pub mod explain;
pub mod list;
pub mod new;
mod progress;
pub mod restated;
pub mod show;
mod terminal;
pub mod test;
pub mod types;
pub mod watch;

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::desk::cases::Case;
use crate::intake::read::Limits;
use crate::nouns::problem::{Kind, Problem, Problems, Severity};
use crate::nouns::words::{listed, several};
use crate::pipeline::Wishes;
use terminal::{complain, say, say_as_it_is};

/// Which project, and whether a program reads what is printed.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// The project's folder.
    pub project: Option<PathBuf>,
    /// Print JSON.
    pub json: bool,
}

/// What to read, and how.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Files and folders.
    pub inputs: Vec<PathBuf>,
    /// The period, where it is not the Cover's.
    pub period: Option<String>,
    /// `figures.csv` of earlier reports.
    pub history: Vec<PathBuf>,
    /// Show the values of cells.
    pub show_values: bool,
    /// How many times the usual limits.
    pub limit: u32,
}

impl Reading {
    /// What is asked of a run. The file of a test case stands for its return.
    fn wishes(&self) -> Result<Wishes, Problem> {
        let is_case = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "toml");
        let (cases, inputs): (Vec<&PathBuf>, Vec<&PathBuf>) = self.inputs.iter().partition(is_case);
        let mut case = match cases.as_slice() {
            [] => Wishes::default(),
            [one] => Case::open(one)?.wishes(),
            [_, second, ..] => {
                return Err(Problem::usage(second.display().to_string(), "this is a second case")
                    .hint("name one; `rapporteur test` runs them all"));
            }
        };
        case.inputs.extend(inputs.into_iter().cloned());
        Ok(Wishes {
            period: self.period.clone().or(case.period),
            history: case.history.into_iter().chain(self.history.iter().cloned()).collect(),
            limits: Limits::times(self.limit),
            progress: Some(progress::tell),
            ..case
        })
    }

    /// The same with a layout and a rule of the command line, which come before a case's.
    fn wishes_of_report(
        &self,
        template: Option<&String>,
        disclosure: Option<&String>,
    ) -> Result<Wishes, Problem> {
        let asked = self.wishes()?;
        Ok(Wishes {
            template: template.cloned(),
            disclosure: disclosure.cloned().or(asked.disclosure),
            ..asked
        })
    }
}

/// How many problems are printed where the list is not the point.
const MOST_PRINTED: usize = 20;

/// The exit code for what was found.
fn exit_code(problems: &Problems) -> u8 {
    match problems.worst() {
        None => 0,
        Some(Kind::Return) => 1,
        Some(Kind::Usage) => 2,
        Some(Kind::Script) => 3,
        Some(Kind::File) => 4,
    }
}

/// Prints problems for people, the same fault in several columns of a sheet once, with a line for
/// each column. Errors come first where not all are printed.
fn print_problems(problems: &Problems, show_values: bool, most: usize, notes: bool) {
    let mut told: Vec<(&Problem, Vec<&Problem>)> = Vec::new();
    for problem in problems.iter().filter(|p| notes || p.severity != Severity::Note) {
        let same = told.iter_mut().find(|(first, _)| first.says_the_same(problem) && !show_values);
        match same {
            Some((_, others)) => others.push(problem),
            None => told.push((problem, Vec::new())),
        }
    }
    if told.len() > most {
        told.sort_by_key(|(first, _)| first.severity);
    }
    let left: usize = told.iter().skip(most).map(|(_, others)| 1 + others.len()).sum();
    for (problem, others) in told.iter().take(most) {
        complain(&problem.render_with(others, show_values));
    }
    if left > 0 {
        complain(&format!("and {left} more: `rapporteur check` lists them all\n"));
    }
}

/// `2 errors, 1 warning and 3 notes`.
fn tally(problems: &Problems) -> String {
    let parts: Vec<String> =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
            .into_iter()
            .map(|(severity, word)| (problems.count(severity), word))
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| several(n, word))
            .collect();
    if parts.is_empty() { "no problems".to_string() } else { listed(&parts) }
}

/// Why some indicators are missing: `the list OC2 is not in the return: ha_pct, dent_pct and 7
/// more`.
fn gap(why: &str, codes: &[String]) -> String {
    const NAMED: usize = 6;
    let more = codes.len().saturating_sub(NAMED);
    let names = codes[..codes.len().min(NAMED)].join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("not worked out, because {why}:\n  {names}{more}")
}

fn problems_json(problems: &Problems, show_values: bool) -> Value {
    problems.iter().map(|p| p.to_json(show_values)).collect::<Vec<_>>().into()
}

/// Prints what a program reads, with the problems and the exit code, which it gives back.
fn give_json(mut json: Value, problems: &Problems, show_values: bool, code: u8) -> u8 {
    json["problems"] = problems_json(problems, show_values);
    json["exit_code"] = code.into();
    say_as_it_is(&json.to_string());
    code
}

/// Says what is wrong with a command line, for programs; gives the exit code. `message` is what a
/// person would read.
pub fn misused(message: &str) -> u8 {
    let lines: Vec<&str> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let said = lines.first().map_or("", |first| first.strip_prefix("error: ").unwrap_or(first));
    let mut problem = Problem::usage("", said);
    if let Some(tip) = lines.iter().find_map(|line| line.strip_prefix("tip: ")) {
        problem = problem.hint(tip);
    }
    let mut problems = Problems::default();
    problems.add(problem);
    give_json(json!({}), &problems, false, exit_code(&problems))
}
