//! Scripts held against the definitions that `rapporteur types` writes, by Luau's own type checker:
//!
//!     analyze DEFINITIONS SCRIPT…             each script is right
//!     analyze DEFINITIONS --faults SCRIPT     each part between lines of dashes is not
//!
//! What is complained of is printed by file and line, and the exit code is 1.

use std::process::ExitCode;

use luau_analyze::{Checker, Severity};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let definitions = read(&arguments.next().expect("the definitions"));
    let mut checker = Checker::new().expect("Luau's checker starts");
    if let Err(refused) = checker.add_definitions(&definitions) {
        println!("the definitions themselves: {refused}");
        return ExitCode::FAILURE;
    }
    let scripts: Vec<String> = arguments.collect();
    let right = match scripts.split_first() {
        Some((first, faults)) if first == "--faults" => {
            faults.iter().map(|path| every_part_is_found(&mut checker, path)).min()
        }
        _ => scripts.iter().map(|path| nothing_is_found(&mut checker, path)).min(),
    };
    match right {
        Some(true) => ExitCode::SUCCESS,
        Some(false) => ExitCode::FAILURE,
        None => {
            println!("no script to check");
            ExitCode::FAILURE
        }
    }
}

/// Whether a script is right. Unused locals and the like are an editor's hints, no faults.
fn nothing_is_found(checker: &mut Checker, path: &str) -> bool {
    let found = complaints(checker, &read(path));
    for (line, message) in &found {
        println!("{path}:{}: {message}", line + 1);
    }
    found.is_empty()
}

/// Whether the checker finds something in each part of a file of faults, at the line that ends with
/// `-- here`.
fn every_part_is_found(checker: &mut Checker, path: &str) -> bool {
    let text = read(path);
    let mut all = true;
    for part in text.split("\n----\n") {
        let here = part.lines().position(|line| line.ends_with("-- here"));
        let here = here.expect("each part says where its fault is") as u32;
        let found = complaints(checker, part);
        if !found.iter().any(|(line, _)| *line == here) {
            println!("{path}: nothing is found at the marked line of\n{part}\nbut {found:?}");
            all = false;
        }
    }
    all
}

fn complaints(checker: &mut Checker, source: &str) -> Vec<(u32, String)> {
    let checked = checker.check(source).expect("a script of less than 4 GiB");
    let errors = checked.diagnostics.into_iter().filter(|found| found.severity == Severity::Error);
    let first = |text: String| text.lines().next().unwrap_or_default().to_string();
    errors.map(|found| (found.line, first(found.message))).collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|refused| panic!("{path}: {refused}"))
}
