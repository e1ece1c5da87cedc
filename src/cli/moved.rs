//! `moved`: what a figure's change between two returns is made of.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{MOST_PRINTED, Which, exit_code, give_json, print_problems, progress, say, tally};
use crate::desk::moved::Moved;
use crate::intake::project::Project;
use crate::nouns::problem::{Problem, Problems, Severity};
use crate::papers::write::{Audience, write_page};
use crate::pipeline::{self, Received, Wishes};

/// Say what moved a figure between two returns: who left, who came, what changed
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur moved cla_n q1.xlsx q2.xlsx
  rapporteur moved ha_pct q1.xlsx q2.xlsx --html moved.html
  rapporteur moved ha_pct q1.xlsx q2.xlsx --then-project last-year/

The parts add up to the change. What it tells is for your own desk: it says
which rows count, and shows figures that the report may hide.")]
pub struct Options {
    /// The indicator's code, such as cla_n
    pub code: String,
    /// The earlier return: a workbook, or a folder of CSV lists
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The later return
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// The earlier return's period, where its Cover sheet does not say it
    #[arg(long, value_name = "PERIOD")]
    pub then_period: Option<String>,
    /// The later return's
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// The project whose scripts counted the earlier return, where they were others
    #[arg(long, value_name = "DIR")]
    pub then_project: Option<PathBuf>,
    /// Write a web page (private: not for publication)
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let moved = look(options, &mut problems);
    progress::done();
    if let (Some(moved), Some(path)) = (&moved, &options.html)
        && let Err(problem) = write_page(path, &moved.page(), Audience::Owner)
    {
        problems.add(problem);
    }
    problems.sort();
    let code = exit_code(&problems);
    if options.which.print.json {
        return give_json(moved.map_or(json!({}), |moved| moved.to_json()), &problems, false, code);
    }
    print_problems(&problems, false, MOST_PRINTED, false);
    match &moved {
        Some(moved) => say(&moved.text()),
        None => say(&format!("nothing to tell; {}", tally(&problems))),
    }
    if let (Some(path), Some(_)) = (&options.html, &moved) {
        say(&format!("wrote {}", crate::nouns::problem::clean(&path.display().to_string())));
    }
    code
}

fn look(options: &Options, problems: &mut Problems) -> Option<Moved> {
    let project = problems.keep(options.which.open())?;
    let (old, new) = ((&options.old, &options.then_period), (&options.new, &options.period));
    let now = receive(&project, new, problems)?;
    let again = receive(&project, old, problems)?;
    let before = match &options.then_project {
        Some(folder) => {
            let project = problems.keep(Project::open(Some(folder)))?;
            Some(receive(&project, old, problems)?)
        }
        None => None,
    };
    let moved = match &before {
        Some(before) => Moved::between(before, Some(&again), &now, &options.code),
        None => Moved::between(&again, None, &now, &options.code),
    };
    problems.keep(moved.map_err(|problem| *problem))
}

/// Reads a return. What is wrong with it is `check`'s to tell; here only what stops it.
fn receive(
    project: &Project,
    (file, period): (&PathBuf, &Option<String>),
    problems: &mut Problems,
) -> Option<Received> {
    let wishes = Wishes {
        inputs: vec![file.clone()],
        period: period.clone(),
        progress: Some(progress::tell),
        ..Wishes::default()
    };
    let mut found = Problems::default();
    let received = pipeline::receive(project, &wishes, &mut found);
    let stops = |problem: &Problem| problem.severity == Severity::Error;
    let (errors, _) = found.parted(stops);
    if received.is_none() {
        problems.extend(errors);
    } else if errors.any() {
        let place = crate::nouns::problem::Place::file(file.display().to_string());
        problems.add(
            Problem::warning(place, "the return has errors, so part of the change may be theirs")
                .hint("`rapporteur check` lists them"),
        );
    }
    received
}
