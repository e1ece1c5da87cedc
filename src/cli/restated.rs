//! `restated`: what DfE's newer releases say otherwise than the older ones.

use std::path::{Path, PathBuf};

use clap::Args;
use indexmap::IndexMap;
use serde_json::json;

use super::{MOST_PRINTED, Which, exit_code, give_json, print_problems, progress, say};
use crate::definitions::Declarations;
use crate::intake::published::{self, Ledger, Tally};
use crate::intake::read::Limits;
use crate::nouns::numbers::grouped;
use crate::nouns::problem::{Problem, Problems};
use crate::papers::write::{Audience, ledger_csv, write_file};
use crate::scripts::engine::Engine;

/// List what DfE's newer releases say otherwise than the older ones
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur restated
  rapporteur restated -o ledger.csv

Exit code 1 where anything was restated.")]
pub struct Options {
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Write the ledger as a tidy CSV table
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Runs it; gives the exit code: 1 where anything has changed.
pub fn run(options: &Options) -> u8 {
    let (which, output) = (&options.which, options.output.as_deref());
    let mut problems = Problems::default();
    let made = make(which, output, &mut problems);
    progress::done();
    problems.sort();
    let code = exit_code(&problems);
    let moved = made.as_ref().is_some_and(|(ledger, ..)| !ledger.moved.is_empty());
    let code = if moved { code.max(1) } else { code };
    if which.print.json {
        let rows = made.iter().flat_map(|(ledger, ..)| &ledger.moved).map(|m| {
            json!({
                "indicator": m.indicator, "area": m.name, "area_code": m.area.as_str(),
                "period": m.period.label(),
                "was": m.was.value, "was_release": m.was.release, "was_line": m.was.line,
                "now": m.now.value, "now_release": m.now.release, "now_line": m.now.line,
            })
        });
        let rows: Vec<_> = rows.collect();
        return give_json(json!({ "restated": rows }), &problems, true, code);
    }
    print_problems(&problems, true, MOST_PRINTED, false);
    if let Some((ledger, declared, written)) = made {
        print(&ledger, &declared);
        match written {
            Some(path) => say(&format!("wrote {}", path.display())),
            None if moved => {
                say("`-o ledger.csv` writes every one of them, with both values and both releases")
            }
            None => {}
        }
    }
    code
}

fn make(
    which: &Which,
    output: Option<&Path>,
    problems: &mut Problems,
) -> Option<(Ledger, Declarations, Option<PathBuf>)> {
    let project = problems.keep(which.open())?;
    let releases = project.releases();
    if releases.len() < 2 {
        problems.add(
            Problem::usage(
                crate::intake::project::SETTINGS,
                "two releases or more are needed, to be held against each other",
            )
            .hint("[published]  2023 = \"published/2023\"  2025 = \"published/2025\""),
        );
        return None;
    }
    let (_, declared) = Engine::load(&project.sources, problems);
    progress::tell("reading published figures");
    let published =
        published::read(&releases, &declared, project.year_month, &Limits::default(), problems);
    let ledger = Ledger::of(&published, &declared);
    let written = match output {
        None => None,
        Some(path) => {
            let written =
                ledger_csv(&ledger).and_then(|bytes| write_file(path, &bytes, Audience::Everyone));
            problems.keep(written)?;
            Some(path.to_path_buf())
        }
    };
    Some((ledger, declared, written))
}

fn print(ledger: &Ledger, declared: &Declarations) {
    let mut units: IndexMap<(&str, &str, String), Tally> = IndexMap::new();
    for ((older, newer, code), tally) in &ledger.tallies {
        let unit = declared.indicators[code].unit.to_string();
        let sum = units.entry((older, newer, unit)).or_default();
        sum.shared += tally.shared;
        sum.moved += tally.moved;
        say(&format!("{older} to {newer}  {code}: {}", in_words(tally)));
    }
    for ((older, newer, unit), tally) in &units {
        say(&format!("{older} to {newer}, in all, {unit}: {}", in_words(tally)));
    }
}

fn in_words(tally: &Tally) -> String {
    let number = |n: usize| grouped(&n.to_string());
    format!("{} in both, {} restated", number(tally.shared), number(tally.moved))
}
