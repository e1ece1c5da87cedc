//! What tests share: the program, a place to write, the folder of shared test data where there is
//! one.
#![allow(dead_code)] // not every room of the tests uses everything

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The program under test, in a folder of its own, so that no project of the repository is picked
/// up.
pub fn rapporteur(folder: &Path, arguments: &[&str]) -> Run {
    ran(Command::new(env!("CARGO_BIN_EXE_rapporteur")), folder, arguments)
}

/// The same, ended by the system where it takes more than ten seconds of a processor: unlike a
/// clock's, they are no more on a machine that is busy. Then it has no exit code.
#[cfg(unix)]
pub fn within_ten_seconds(folder: &Path, arguments: &[&str]) -> Run {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -t 10; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_rapporteur")]);
    ran(shell, folder, arguments)
}

/// Windows has no such limit to set for a program.
#[cfg(not(unix))]
pub fn within_ten_seconds(folder: &Path, arguments: &[&str]) -> Run {
    rapporteur(folder, arguments)
}

fn ran(mut program: Command, folder: &Path, arguments: &[&str]) -> Run {
    let output = program
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the program can be started");
    if matches!(output.status.code(), Some(0 | 1)) {
        keep(folder, arguments);
    }
    let run = Run::of(output);
    let wide = crate::screen::too_wide_of_returns(&run);
    assert!(wide.is_empty(), "wider than a terminal, or over three lines:\n{}", wide.join("\n"));
    run
}

/// Keeps a copy of every appendix and empty return that a test makes, for whoever wants to hold it
/// against other programs.
fn keep(folder: &Path, arguments: &[&str]) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let (Some(kept), Some(&("build" | "blank" | "test"))) =
        (std::env::var_os("RAPPORTEUR_KEEP"), arguments.first())
    else {
        return;
    };
    let named = arguments
        .iter()
        .position(|a| *a == "-o")
        .and_then(|at| arguments.get(at + 1))
        .map(|name| folder.join(name));
    let beside =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|e| e.path());
    let written = |name: &str| {
        ["-appendix.xlsx", "-accessible.xlsx", ".html"]
            .into_iter()
            .any(|ending| name.ends_with(ending))
    };
    let beside = beside.filter(|p| written(&p.to_string_lossy()));
    for path in named.into_iter().chain(beside).filter(|p| p.is_file()) {
        let Some(kind @ ("xlsx" | "html")) = path.extension().and_then(|e| e.to_str()) else {
            continue;
        };
        let name = format!("{:04}.{kind}", COUNT.fetch_add(1, Ordering::Relaxed));
        std::fs::copy(&path, Path::new(&kept).join(name)).expect("there is room for a copy");
    }
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Run {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Run {
    /// What a program that has ended gave.
    pub fn of(output: Output) -> Run {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The run as a snapshot shows it.
    pub fn shown(&self) -> String {
        let code = self.code.map_or("ended by a signal".to_string(), |c| format!("exit code {c}"));
        format!("{code}\n--- out\n{}\n--- err\n{}", self.out.trim_end(), self.err.trim_end())
    }
}

/// The repository's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The shared test data beside the repository; a test that needs it says that it skips.
pub fn shared(test: &str) -> Option<PathBuf> {
    let folder = root().parent()?.join("shared");
    if folder.join("data/README.md").is_file() {
        return Some(folder);
    }
    eprintln!("skipped {test}: there is no shared test data beside the repository");
    None
}

/// A new empty folder, gone when the test is over.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

/// The example return, as `q2.xlsx` in a folder of its own.
pub fn example() -> tempfile::TempDir {
    let folder = folder();
    let example = root().join("examples/children-in-care-2026-27-q2.xlsx");
    std::fs::copy(example, folder.path().join("q2.xlsx")).expect("copied");
    folder
}

/// Settings for snapshots: kept in the repository's `snapshots/`, by name.
pub fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}
