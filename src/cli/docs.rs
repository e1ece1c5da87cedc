//! `docs`: the catalogue of the project's indicators, and the reference of what scripts can say.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::{Which, exit_code, give_json, print_problems, say};
use crate::desk::catalogue::{Catalogue, Checks};
use crate::nouns::problem::{Problem, Problems};
use crate::nouns::words::several;
use crate::papers::write::{Audience, write_file, write_page};
use crate::scripts::engine::Engine;
use crate::scripts::reference;

/// Write the catalogue of indicators as a page
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur docs -o indicators.html    a page to read, print or put online
  rapporteur docs -o indicators.md      the same as Markdown
  rapporteur docs --reference           what scripts can say
  rapporteur docs --checks -o rules.html  what returns are held against
  rapporteur docs --json                the catalogue for a program

Made from the project's scripts: no return is needed, and nothing of one is
in it. Without -o the Markdown is printed.")]
pub struct Options {
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Where to write it: a name that ends with .html or .md
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The reference of what scripts can say, in place of the catalogue
    #[arg(long)]
    pub reference: bool,
    /// What returns are held against: all checks and rules
    #[arg(long, conflicts_with = "reference")]
    pub checks: bool,
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let made = if options.reference {
        Some(Made::reference())
    } else if options.checks {
        Made::checks(&options.which, &mut problems)
    } else {
        Made::catalogue(&options.which, &mut problems)
    };
    let written = made.and_then(|made| {
        let said = problems.keep(deliver(&made, options))?;
        Some((made, said))
    });
    problems.sort();
    let code = exit_code(&problems);
    if options.which.print.json {
        return give_json(written.map_or(json!({}), |(made, _)| made.json), &problems, false, code);
    }
    print_problems(&problems, false, usize::MAX, false);
    if let Some((_, said)) = written {
        say(&said);
    }
    code
}

/// What was made, in every form.
struct Made {
    html: String,
    markdown: String,
    json: Value,
    counted: String,
}

impl Made {
    fn catalogue(which: &Which, problems: &mut Problems) -> Option<Made> {
        let project = problems.keep(which.open())?;
        let (engine, declared) = Engine::load(&project.sources, problems);
        let catalogue = Catalogue::gather(&project, &engine, &declared, problems);
        let counted = several(declared.indicators.len(), "indicator");
        Some(Made {
            html: catalogue.html(),
            markdown: catalogue.markdown(),
            json: catalogue.to_json(),
            counted,
        })
    }

    fn checks(which: &Which, problems: &mut Problems) -> Option<Made> {
        let project = problems.keep(which.open())?;
        let (_, declared) = Engine::load(&project.sources, problems);
        let checks = Checks::gather(&declared);
        let counted = several(checks.count(), "check");
        Some(Made {
            html: checks.html(),
            markdown: checks.markdown(),
            json: checks.to_json(),
            counted,
        })
    }

    fn reference() -> Made {
        let markdown = reference::page();
        let counted = "the reference of what scripts can say".to_string();
        Made {
            html: reference::html_page(),
            json: json!({ "reference": markdown }),
            markdown,
            counted,
        }
    }
}

/// Writes the file, or gives the text where none is named.
fn deliver(made: &Made, options: &Options) -> Result<String, Problem> {
    let Some(path) = &options.output else { return Ok(made.markdown.clone()) };
    let ending = path.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
    match ending.as_deref() {
        Some("html" | "htm") => write_page(path, &made.html, Audience::Everyone)?,
        Some("md" | "markdown") => write_file(path, made.markdown.as_bytes(), Audience::Everyone)?,
        _ => {
            let message = "it cannot be told what to write";
            return Err(Problem::usage(name(path), message).hint("end the name with .html or .md"));
        }
    }
    Ok(format!("wrote {}\n{}", name(path), made.counted))
}

fn name(path: &Path) -> String {
    path.display().to_string()
}
