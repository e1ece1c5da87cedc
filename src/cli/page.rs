//! `page`: the officer's door as one file.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{MOST_PRINTED, exit_code, give_json, print_problems, say};
use crate::door::{Engine, pack, page};
use crate::intake::read::io_reason;
use crate::nouns::problem::{Kind, Problem, Problems, Severity};
use crate::papers::write::{Audience, write_page};
use crate::scripts::engine;

/// Make one web page that holds the program and a project, to hand to officers
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// Which project.
    #[command(flatten)]
    pub which: super::Which,
    /// Where to write it
    #[arg(short, long, value_name = "FILE", default_value = "rapporteur.html")]
    pub output: PathBuf,
    /// A made-up return that the page offers to try with
    #[arg(long, value_name = "FILE")]
    pub example: Option<PathBuf>,
    /// The program for web pages, where this one was built without
    #[arg(long, value_name = "FILE")]
    pub engine: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  rapporteur page --project my-council -o my-council.html

Officers open the page in a browser and drop the return on it. Nothing is
installed, and nothing leaves the page: it makes no connection.";

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let size = make(options, &mut problems);
    problems.sort();
    let code = exit_code(&problems);
    let written: Vec<String> = size.iter().map(|_| options.output.display().to_string()).collect();
    if options.which.print.json {
        return give_json(json!({ "written": written, "bytes": size }), &problems, false, code);
    }
    print_problems(&problems, false, MOST_PRINTED, false);
    if let Some(size) = size {
        say(&format!("wrote {} ({:.1} MB)", options.output.display(), size as f64 / 1e6));
    }
    code
}

/// Writes it; gives its size. Scripts that cannot be loaded are told now, not to the officers.
fn make(options: &Options, problems: &mut Problems) -> Option<usize> {
    let project = problems.keep(options.which.open())?;
    engine::Engine::load(&project.sources, problems);
    if problems.iter().any(|p| p.kind == Kind::Script && p.severity == Severity::Error) {
        return None;
    }
    let engine = problems.keep(engine_of(options))?;
    let packed = problems.keep(pack(&project, options.example.as_deref()))?;
    let page = page(&engine, &packed);
    problems.keep(write_page(&options.output, &page, Audience::Everyone))?;
    Some(page.len())
}

fn engine_of(options: &Options) -> Result<Engine, Problem> {
    let Some(path) = &options.engine else {
        return Engine::built_in().ok_or_else(|| {
            Problem::usage("", "this program was built without the one for web pages").hint(
                "`.ci/page install` and `.ci/page build` make it; name it with --engine \
                 target/page/rapporteur.wasm, or build the program again",
            )
        });
    };
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|e| {
        Problem::unreadable(&name, format!("the file cannot be read: {}", io_reason(&e)))
    })?;
    Engine::of(&bytes).ok_or_else(|| {
        Problem::usage(&name, "this is not the program for web pages")
            .hint("`.ci/page build` makes it: target/page/rapporteur.wasm")
    })
}
