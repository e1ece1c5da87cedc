//! `pack`: a project's scripts, templates, tests and docs as one file for other councils.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{Which, exit_code, give_json, print_problems, say, test};
use crate::desk::packs::Described;
use crate::intake::packs::{self, Pack};
use crate::nouns::problem::{Problem, Problems};
use crate::papers::write::{Audience, write_file};

/// Make one file of a project's scripts, for other councils
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur pack                       the project of this folder
  rapporteur pack -o annex-a-1.2.0.zip

pack.toml says what the pack is: name, version, about, licence, rapporteur (the
version that it needs), [needs] (other packs and their versions). Its tests are
run first. Taken are scripts/, templates/, tests/, snapshots/, docs/, README.md
and LICENSE; no workbook is, since that may be a return.")]
pub struct Options {
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// The file to write; NAME-VERSION.zip if left out
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let root = options.which.project.clone().unwrap_or_else(|| PathBuf::from("."));
    let made = problems.keep(made(&root, options));
    let code = exit_code(&problems);
    if options.which.print.json {
        let json = made.map_or_else(
            || json!({}),
            |(pack, path, left_out)| {
                let mut json = Described::of(&pack).to_json();
                json["written"] = json!([path.display().to_string()]);
                json["left_out"] = json!(left_out);
                json
            },
        );
        return give_json(json, &problems, false, code);
    }
    print_problems(&problems, false, usize::MAX, true);
    if let Some((pack, path, left_out)) = made {
        let mut text = Described::of(&pack).text();
        if !left_out.is_empty() {
            text.push_str(&format!("  left out {}\n", left_out.join(", ")));
        }
        say(&format!("{text}\nwrote {}", path.display()));
    }
    code
}

/// Packs a folder whose tests hold.
fn made(root: &Path, options: &Options) -> Result<(Pack, PathBuf, Vec<String>), Problem> {
    let (pack, left_out) = packs::of_folder(root)?;
    if !test::holds(root) {
        return Err(Problem::usage(
            root.display().to_string(),
            "not packed: its tests do not hold",
        )
        .hint("`rapporteur test` says which, and why"));
    }
    let usual = || PathBuf::from(format!("{}-{}.zip", pack.about.name, pack.about.version));
    let path = options.output.clone().unwrap_or_else(usual);
    write_file(&path, &pack.packed(), Audience::Everyone)?;
    Ok((pack, path, left_out))
}
