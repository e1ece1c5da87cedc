//! `types`: what an editor needs to complete and check scripts: definitions of `rap`, and settings
//! that name them.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{Print, exit_code, give_json, print_problems, say};
use crate::intake::project::Project;
use crate::nouns::problem::{Problem, Problems};
use crate::papers::write::{Audience, make_folder, write_file};
use crate::scripts::engine;
use crate::scripts::reference;

/// Where the definitions lie in a project.
pub const DEFINITIONS: &str = "types/rap.d.luau";
/// Settings of VS Code, in which a council may have some of its own.
const SETTINGS: &str = ".vscode/settings.json";

/// Settings of Luau.
const CONFIG: &str = ".luaurc";
/// The mode in which Luau looks at the fields of a declaration.
const MODE: &str = "\"languageMode\": \"strict\"";

/// Every file for the project of a folder, by its path in it. The records of its lists have types
/// of their own; what is wrong with its scripts is not told here.
pub fn files(folder: &Path) -> Vec<(&'static str, String)> {
    let pretty = |value: serde_json::Value| format!("{value:#}\n");
    let declared = Project::open(Some(folder))
        .map(|project| engine::Engine::load(&project.sources, &mut Problems::default()).1)
        .unwrap_or_default();
    vec![
        (DEFINITIONS, reference::definitions() + &reference::records(&declared)),
        (SETTINGS, format!("{{\n{}\n}}\n", settings().join(",\n"))),
        (
            ".vscode/extensions.json",
            pretty(json!({ "recommendations": ["JohnnyMorganz.luau-lsp"] })),
        ),
        (CONFIG, format!("{{\n  {MODE}\n}}\n")),
    ]
}

/// The lines of VS Code's settings.
fn settings() -> Vec<String> {
    let line = |name: &str, value: serde_json::Value| format!("  \"luau-lsp.{name}\": {value}");
    vec![
        line("platform.type", json!("standard")),
        line("types.definitionFiles", json!({ "@rap": DEFINITIONS })),
        line("types.disabledGlobals", json!(engine::ABSENT)),
        // The solver that points at the field which is wrong, not at the whole declaration.
        line("fflags.enableNewSolver", json!(true)),
        line("ignoreGlobs", json!(["types/**"])),
        line("sourcemap.enabled", json!(false)),
        // Nothing is fetched: what the extension asks others for by itself is of no use to these
        // scripts.
        line("fflags.sync", json!(false)),
    ]
}

/// The name of a line's setting, in its quotation marks.
fn key(line: &str) -> &str {
    line.split_once(':').map_or(line, |(name, _)| name).trim()
}

/// Write what an editor needs to complete and check scripts
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur types                      into the folder at hand
  rapporteur types -o housing/

Writes types/rap.d.luau, .vscode/ and .luaurc. Open the folder in VS Code with
the extension that it recommends, Luau Language Server. Settings that are there
already are left as they are. Run it again after an update of the program.")]
pub struct Options {
    /// The project's folder [default: the one at hand]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// How the answer is printed.
    #[command(flatten)]
    pub print: Print,
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let as_json = options.print.json;
    let folder = options.output.as_deref().unwrap_or(Path::new("."));
    let mut problems = Problems::default();
    let (mut written, mut left) = (Vec::new(), Vec::new());
    if folder.is_dir() {
        for (name, text) in files(folder) {
            match put(folder, name, &text) {
                Ok(true) => written.push(name),
                Ok(false) => left.push(name),
                Err(problem) => problems.add(problem),
            }
        }
    } else {
        let message = if folder.exists() {
            "this is a file, not a folder"
        } else {
            "there is no such folder"
        };
        problems.add(
            Problem::usage(folder.display().to_string(), message)
                .hint("make it first, or name another with -o"),
        );
    }
    let code = exit_code(&problems);
    if as_json {
        return give_json(json!({ "written": written, "left": left }), &problems, false, code);
    }
    print_problems(&problems, false, usize::MAX, true);
    for name in &written {
        say(&format!("wrote {}", shown(folder, name)));
    }
    for name in left {
        say(&format!("left {} as it is", shown(folder, name)));
        let text = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        let lines = match name {
            SETTINGS => settings(),
            CONFIG => vec![format!("  {MODE}")],
            _ => Vec::new(),
        };
        // It may have comments, which no reader of JSON takes, and its own order: so people add the
        // lines.
        let missing: Vec<String> =
            lines.into_iter().filter(|line| !text.contains(key(line))).collect();
        if !missing.is_empty() {
            say(&format!("\nAdd to it, between the outer {{ }}:\n{}\n", missing.join(",\n")));
        }
    }
    if code == 0 {
        say("\nOpen the folder in VS Code, with the extension that it recommends (Luau\n\
             Language Server): scripts are completed and checked as you type.");
    }
    code
}

/// A file of the folder as messages name it.
fn shown(folder: &Path, name: &str) -> String {
    match folder == Path::new(".") {
        true => name.to_string(),
        false => folder.join(name).display().to_string(),
    }
}

/// Whether definitions are those that this command writes: what people write begins otherwise.
fn is_ours(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.contains("`rapporteur types`"))
}

/// Writes a file, but for one that somebody may have changed. Gives whether it was written.
fn put(folder: &Path, name: &str, text: &str) -> Result<bool, Problem> {
    let path = folder.join(name);
    let there = std::fs::read_to_string(&path);
    if path.exists() && !there.is_ok_and(|text| name == DEFINITIONS && is_ours(&text)) {
        return Ok(false);
    }
    if let Some(inner) = path.parent() {
        make_folder(inner)?;
    }
    write_file(&path, text.as_bytes(), Audience::Everyone)?;
    Ok(true)
}
