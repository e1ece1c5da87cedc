//! How the cost of a build grows: with the rows of the return, with indicators that are written as
//! conditions, and with those that are functions.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::measured::{self, Used};
use crate::{SEED, made_up};

const RUNS: usize = 7;

/// Prints the tables.
pub fn tables() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    println!("whole processes: medians of {RUNS} runs, CPU time of all threads\n");
    println!(
        "{:>9} {:>9} {:>9} {:>9} {:>14}",
        "children", "cells", "CPU ms", "MiB", "\u{b5}s for a cell"
    );
    let empty = cost_of(at, 100, &Added::default());
    for children in [100, 1_000, 10_000, 100_000] {
        let used = cost_of(at, children, &Added::default());
        let each =
            (used.cpu - empty.cpu) * 1e6 / (cells_of(children) - cells_of(100)).max(1) as f64;
        let (ms, cells) = (used.cpu * 1000.0, cells_of(children));
        println!("{children:>9} {cells:>9} {ms:>9.1} {:>9.0} {each:>14.3}", used.mib);
    }
    let children = 10_000;
    let none = cost_of(at, children, &Added::default());
    println!(
        "\n{children} children; indicators beside those that ship, each counted over all in care\n"
    );
    println!(
        "{:>9} {:<22} {:>9} {:>9} {:>15}",
        "added", "written as", "CPU ms", "MiB", "\u{b5}s for each"
    );
    for (count, way) in [
        (10, Way::Conditions),
        (100, Way::Conditions),
        (500, Way::Conditions),
        (10, Way::Functions),
        (100, Way::Functions),
        (500, Way::Functions),
    ] {
        let used = cost_of(at, children, &Added { count, way });
        let each = (used.cpu - none.cpu) * 1e6 / count as f64;
        let (ms, way) = (used.cpu * 1000.0, way.word());
        println!("{count:>9} {way:<22} {ms:>9.1} {:>9.0} {each:>15.1}", used.mib);
    }
}

#[derive(Debug, Clone, Copy, Default)]
enum Way {
    #[default]
    Conditions,
    Functions,
}

impl Way {
    fn word(self) -> &'static str {
        match self {
            Way::Conditions => "conditions",
            Way::Functions => "functions",
        }
    }
}

/// Indicators that a project adds to those that ship.
#[derive(Debug, Clone, Copy, Default)]
struct Added {
    count: usize,
    way: Way,
}

/// What a build costs for so many children with these indicators.
fn cost_of(at: &Path, children: usize, added: &Added) -> Used {
    let input = at.join(format!("{children}.xlsx"));
    if !input.is_file() {
        let bytes = made_up::workbook(SEED, children, false).expect("it can be made");
        std::fs::write(&input, bytes).expect("written");
    }
    std::fs::create_dir_all(at.join("scripts")).expect("a folder");
    // Nothing is asked of disclosure control: what it costs is told in docs/disclosure.md.
    std::fs::write(at.join("rapporteur.toml"), "disclosure = \"none\"\n").expect("written");
    std::fs::write(at.join("scripts/added.luau"), script(added)).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.arg("build").arg(&input).args(["-o", "appendix.xlsx"]).current_dir(at);
    let runs: Vec<Used> = (0..RUNS).map(|_| measured::run(&mut command)).collect();
    measured::typical(&runs)
}

/// No two ask the same, so that none is counted for another.
fn script(added: &Added) -> String {
    let mut text = String::new();
    for n in 0..added.count {
        let least = n as f64 / 10.0;
        let numerator = match added.way {
            Way::Conditions => format!("{{ PL_DISTANCE = rap.at_least({least}) }}"),
            Way::Functions => {
                format!("function(r) return r.PL_DISTANCE ~= nil and r.PL_DISTANCE >= {least} end")
            }
        };
        writeln!(
            text,
            "rap.indicator \"added_{n}\" {{ title = \"Added {n}\", unit = \"percentage\", \
             denominator = \"looked_after\", numerator = {numerator}, definition = \"D\", \
             source = \"S\" }}"
        )
        .expect("a text takes it");
    }
    text
}

/// How many cells the lists of a return have.
fn cells_of(children: usize) -> usize {
    let sheets = made_up::sheets(SEED, children, false);
    let filled = |line: &str| line.split('|').filter(|cell| !cell.is_empty()).count();
    sheets.iter().flat_map(|(_, text)| text.lines()).map(filled).sum()
}
