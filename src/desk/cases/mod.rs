//! Test cases of a project: a small return, and what should come of it. A case is a TOML file under
//! `tests/`; the appendix that it makes is kept as text under `snapshots/`. Analysts write both,
//! and need no Rust.

mod case;
mod expect;
mod filter;
mod page;
mod run;
mod snapshot;

pub use case::{Case, Layouts};
pub use expect::{Expected, Found, Want, toml_text};
pub use filter::Filter;
pub use page::page;
pub use run::{FigureResult, Kept, Outcome, ProblemsResult, SnapshotResult, Standing, run};
pub use snapshot::{Snapshot, Stored};

use std::path::{Path, PathBuf};

use crate::nouns::problem::{Problem, Problems};

/// The folder of the cases, in the project's.
pub const CASES: &str = "tests";
/// The folder of the snapshots, in the project's.
pub const SNAPSHOTS: &str = "snapshots";

/// All cases of a project: `tests/NAME.toml` and `tests/NAME/case.toml`, by name. Those that cannot
/// be read are told as problems; their files are given too, because their snapshots are not unused.
pub fn find(root: &Path, problems: &mut Problems) -> (Vec<Case>, Vec<String>) {
    let (mut cases, mut faulty): (Vec<Case>, Vec<String>) = (Vec::new(), Vec::new());
    for path in files(&root.join(CASES)) {
        let file = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let read = Case::open(&path).and_then(|case| {
            match cases.iter().find(|other| other.name == case.name) {
                Some(other) => {
                    let message = format!("there are two cases `{}`", case.name);
                    Err(Problem::usage(&case.file, message)
                        .hint(format!("the other is {}; rename one", other.file)))
                }
                None => Ok(case.from_file(&file)),
            }
        });
        match read {
            Ok(case) => cases.push(case),
            Err(problem) => {
                problems.add(problem);
                faulty.push(file);
            }
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    (cases, faulty)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries
        .map(|path| if path.is_dir() { path.join("case.toml") } else { path })
        .filter(|path| path.is_file() && path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    files
}

/// The line, from 1, of a conflict that git left in a file for somebody to decide.
fn conflict(text: &str) -> Option<u32> {
    let mark = |line: &str| ["<<<<<<< ", ">>>>>>> "].into_iter().any(|mark| line.starts_with(mark));
    text.lines().position(mark).map(|index| index as u32 + 1)
}
