//! What DfE's rules cost: a check by all of them against one by those that always run, and against
//! one with scripts that have none. CPU and wall time of whole processes, turn about; what counts
//! is the ratio.

use std::path::Path;
use std::process::Command;

use crate::measured::{self, Used};
use crate::{SEED, made_up};

/// Prints the table.
pub fn compare() {
    println!("DfE's rules (medians of wall time and CPU, whole processes)\n");
    println!(
        "{:>8} {:<24} {:>9} {:>9} {:>7} {:>10} {:>9}",
        "children", "", "wall ms", "CPU ms", "MiB", "wall ratio", "CPU ratio"
    );
    for (children, runs) in [(500, 21), (3_000, 11), (110_000, 3)] {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        let bytes = made_up::workbook(SEED, children, true).expect("it can be made");
        std::fs::write(at.join("return.xlsx"), bytes).expect("written");
        without_rules(at);
        let mut ways = [
            ("build without any rule", build(at, &["--project", "bare"])),
            ("build", build(at, &[])),
            ("check by all rules", all_rules(at)),
        ];
        let mut found = [const { Vec::<Used>::new() }; 3];
        for _ in 0..runs {
            for ((_, command), found) in ways.iter_mut().zip(&mut found) {
                found.push(measured::run(command));
            }
        }
        let bare = measured::typical(&found[0]);
        for ((name, _), runs) in ways.iter().zip(&found) {
            let Used { wall, cpu, mib } = measured::typical(runs);
            println!(
                "{children:>8} {name:<24} {:>9.1} {:>9.1} {mib:>7.0} {:>10.2} {:>9.2}",
                wall * 1000.0,
                cpu * 1000.0,
                wall / bare.wall,
                cpu / bare.cpu
            );
        }
    }
}

/// A project whose files take the place of the shipped rules and checks, and hold none.
fn without_rules(at: &Path) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/children_in_care");
    let own = at.join("bare/scripts/children_in_care");
    std::fs::create_dir_all(own.join("rules")).expect("made");
    let rules = std::fs::read_dir(shipped.join("rules")).expect("the shipped rules");
    for rule in rules.filter_map(Result::ok) {
        std::fs::write(own.join("rules").join(rule.file_name()), "").expect("written");
    }
    for checks in ["checks.luau", "blanks.luau"] {
        std::fs::write(own.join(checks), "").expect("written");
    }
}

fn build(at: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.args(["build", "return.xlsx", "-o", "appendix.xlsx"]).args(more).current_dir(at);
    command
}

fn all_rules(at: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.args(["check", "return.xlsx", "--rules", "--json"]).current_dir(at);
    command
}
