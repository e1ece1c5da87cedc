//! What disclosure control over time costs: a report under `dfe` against the same without, as the
//! council's history grows. CPU of whole
//! processes, turn about; what counts is the ratio.

use std::path::Path;
use std::process::Command;

use crate::measured::{self, Used};
use crate::{SEED, made_up};

/// The reports that there were, with the last day of each as Excel counts: two years by quarters,
/// and the whole year that follows.
const REPORTS: [(&str, i32); 9] = [
    ("2024/25 Q1", 45_473),
    ("2024/25 Q1/Q2", 45_565),
    ("2024/25 Q1-Q3", 45_657),
    ("2024/25", 45_747),
    ("2025/26 Q1", 45_838),
    ("2025/26 Q1/Q2", 45_930),
    ("2025/26 Q1-Q3", 46_022),
    ("2025/26", 46_112),
    ("2026/27 Q1", 46_203),
];

/// Prints the table.
pub fn compare() {
    println!("disclosure control over time (CPU of whole processes, least of seven)\n");
    println!(
        "{:>8} {:>8} {:>10} {:>10} {:>10} {:>7}",
        "children", "reports", "none ms", "dfe ms", "audit ms", "ratio"
    );
    for children in [60, 120, 250, 500] {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        std::fs::create_dir(at.join("history")).expect("made");
        std::fs::write(at.join("rapporteur.toml"), "[authority]\nname = \"Exampleton\"\n")
            .expect("written");
        for (earlier, (period, end)) in REPORTS.iter().enumerate() {
            lists(children, *end, &at.join("return"));
            if [0, 3, 7, 8].contains(&earlier) {
                let mut runs = [Vec::new(), Vec::new()];
                for _ in 0..7 {
                    for (rule, runs) in ["none", "dfe"].iter().zip(&mut runs) {
                        runs.push(measured::run(&mut build(at, period, rule)));
                    }
                }
                let [none, dfe] = runs.map(|runs| least(&runs) * 1000.0);
                let (audit, ratio) = (dfe - none, dfe / none);
                println!(
                    "{children:>8} {earlier:>8} {none:>10.1} {dfe:>10.1} {audit:>10.1} {ratio:>7.2}"
                );
            } else {
                measured::run(&mut build(at, period, "dfe"));
            }
            let figures = at.join("figures.csv");
            if figures.exists() {
                std::fs::rename(figures, at.join(format!("history/{earlier}.csv"))).expect("moved");
            }
        }
    }
}

/// The least of some runs: whatever else the machine does only makes one slower.
fn least(runs: &[Used]) -> f64 {
    runs.iter().map(|used| used.cpu).fold(f64::INFINITY, f64::min)
}

/// A run; what it writes last is the history's next file.
fn build(at: &Path, period: &str, rule: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.args(["build", "return", "-o", "appendix.xlsx", "--figures", "figures.csv"]);
    command.args(["--period", period, "--disclosure", rule]).current_dir(at);
    command
}

/// The lists of a council as they were on a day, as CSV.
fn lists(children: usize, end: i32, at: &Path) {
    std::fs::create_dir_all(at).expect("made");
    for (name, text) in made_up::sheets(SEED, children, false) {
        let Some((head, rows)) = text.split_once('\n').filter(|_| name != "Cover") else {
            continue;
        };
        let columns: Vec<&str> = head.split('|').collect();
        let mut list = head.replace('|', ",") + "\n";
        for row in rows.lines() {
            list.extend(as_it_was(&columns, row, end).map(|row| row + "\n"));
        }
        std::fs::write(at.join(format!("{name}.csv")), list).expect("written");
    }
}

/// A row as it was on a day; none where it began later. What ended later had not ended.
fn as_it_was(columns: &[&str], row: &str, end: i32) -> Option<String> {
    let ends = ["DEC", "DUC", "MIS_END", "DATE_PLACED_CEASED"];
    let gone = ["REC", "REASON_PLACE_CHANGE", "REASON_PLACED_CEASED"];
    let cells: Vec<&str> = row.split('|').collect();
    let day = |cell: &str| cell.strip_prefix('@').and_then(|day| day.parse::<i32>().ok());
    let later = |at: usize| day(cells[at]).is_some_and(|day| day > end);
    let begun = (0..cells.len()).all(|at| ends.contains(&columns[at]) || !later(at));
    let goes_on = (0..cells.len()).any(|at| ends.contains(&columns[at]) && later(at));
    let cell = |(at, cell): (usize, &&str)| match day(cell) {
        _ if goes_on && (gone.contains(&columns[at]) || ends.contains(&columns[at])) => {
            String::new()
        }
        Some(day) => made_up::date_of(day),
        None => cell.trim_start_matches('\'').to_string(),
    };
    begun.then(|| cells.iter().enumerate().map(cell).collect::<Vec<_>>().join(","))
}
