//! `cargo bench`: building an appendix against the floor, in one run.
//!
//! The floor is calamine reading every sheet of the same file in one thread and rust_xlsxwriter
//! writing the same appendix, with nothing between. Both are whole processes, start-up included:
//! this program starts itself for the floor. Times are medians; what counts is their ratio. What
//! others read workbooks with stands beside them, once `benches/peers/install` has put it there.
//!
//! `cargo bench -- cost` tells how the cost grows with rows, indicators and functions;
//! `cargo bench -- audit` what disclosure control over time costs;
//! `cargo bench -- rules` what DfE's rules cost;
//! `cargo bench -- example` writes the shipped example return anew.

mod audit;
mod cost;
mod made_up;
mod measured;
mod rules;

use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use calamine::{Reader, Xlsx};
use measured::Used;
use rust_xlsxwriter::{Format, FormatBorder, Workbook};

const SEED: u64 = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("floor") => floor(Path::new(&arguments[2]), Path::new(&arguments[3])),
        Some("example") => {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("examples/children-in-care-2026-27-q2.xlsx");
            let bytes = made_up::workbook(SEED, made_up::Size::EXAMPLE.children, true)
                .expect("it can be made");
            std::fs::write(path, bytes).expect("it can be written");
        }
        Some("cost") => cost::tables(),
        Some("audit") => audit::compare(),
        Some("rules") => rules::compare(),
        Some("stages") => stages(Path::new(&arguments[2])),
        _ => compare(),
    }
}

/// Where a build's time goes, in this process: `cargo bench -- stages FILE`.
fn stages(input: &Path) {
    use rapporteur::intake::{project::Project, read, returns};
    use rapporteur::nouns::problem::Problems;
    use rapporteur::papers::write;
    use rapporteur::pipeline;
    use rapporteur::scripts::engine::Engine;
    let begun = std::cell::Cell::new(Instant::now());
    let lap = |name: &str| {
        println!(
            "{name:<24} {:>8.1} ms",
            begun.replace(Instant::now()).elapsed().as_secs_f64() * 1000.0
        )
    };
    let project = Project::shipped();
    let mut problems = Problems::default();
    let (_, declared) = Engine::load(&project.sources, &mut problems);
    lap("load scripts");
    let source =
        read::read_file(input, &read::Limits::default(), &mut problems).expect("it can be read");
    lap("read sheets");
    let reporting = returns::Reporting { year_month: 4, period: None, pairs: u64::MAX };
    let gathered =
        returns::Return::gather(&[source], &declared, reporting, &mut problems).expect("a return");
    lap("find and type lists");
    drop(gathered);
    lap("give memory back");
    let wishes =
        pipeline::Wishes { inputs: vec![input.to_path_buf()], ..pipeline::Wishes::default() };
    let received = pipeline::receive(&project, &wishes, &mut problems).expect("a return");
    lap("all of these and checks");
    let finished = received.finish(&project, &wishes, &mut problems).expect("a report");
    lap("figures and layout");
    let bytes = write::workbook(&finished.report).expect("a workbook");
    lap("write");
    println!("{} bytes", bytes.len());
}

/// A build beside the floor and, where `benches/peers/install` has put them, what others read a
/// workbook with.
fn compare() {
    println!(
        "whole processes, turn about: medians of wall and CPU time, the highest peak of memory"
    );
    for (name, size, runs) in
        [("council", made_up::Size::EXAMPLE, 41), ("national", made_up::Size::NATION, 5)]
    {
        let folder = tempfile::tempdir().expect("a folder");
        let input = folder.path().join("return.xlsx");
        let bytes =
            made_up::workbook(SEED, size.children, name == "council").expect("it can be made");
        std::fs::write(&input, bytes).expect("written");
        let mut ways: Vec<(&str, usize, Command)> =
            vec![("floor", runs, floor_of(&input)), ("rapporteur build", runs, build_of(&input))];
        // They take so long that a run or two tell enough.
        ways.extend(peers(&input).into_iter().map(|(name, peer)| (name, runs.div_ceil(14), peer)));
        let mut found: Vec<Vec<Used>> = ways.iter().map(|_| Vec::new()).collect();
        // Turn about, so that whatever else the machine does falls on all alike.
        for turn in 0..runs {
            for ((_, runs, command), found) in ways.iter_mut().zip(&mut found) {
                if turn < *runs {
                    found.push(measured::run(command.current_dir(folder.path())));
                }
            }
        }
        println!(
            "\n{name:<20} {:>9} {:>9} {:>7} of the floor: {:>6} {:>6}",
            "wall ms", "CPU ms", "MiB", "wall", "CPU"
        );
        let floor = measured::typical(&found[0]);
        for ((name, ..), found) in ways.iter().zip(&found) {
            let Used { wall, cpu, mib } = measured::typical(found);
            let (of_wall, of_cpu) = (wall / floor.wall, cpu / floor.cpu);
            let (wall, cpu) = (wall * 1000.0, cpu * 1000.0);
            println!(
                "{name:<20} {wall:>9.1} {cpu:>9.1} {mib:>7.0} {:>13} {of_wall:>6.2} {of_cpu:>6.2}",
                ""
            );
        }
    }
}

fn floor_of(input: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command.arg("floor").arg(input).arg("floor.xlsx");
    command
}

fn build_of(input: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.arg("build").arg(input).args(["-o", "appendix.xlsx"]);
    command
}

/// The usual libraries, reading every sheet.
fn peers(input: &Path) -> Vec<(&'static str, Command)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/peers/readers/bin/python");
    if !python.is_file() {
        return Vec::new();
    }
    let ways = ["polars, fastexcel", "pandas, calamine", "pandas, openpyxl"];
    let peer = |way: &'static str| {
        let mut command = Command::new(&python);
        command.arg(root.join("benches/peers/read.py")).arg(way).arg(input);
        (way, command)
    };
    ways.map(peer).into()
}

/// Reads every cell and writes a table of the appendix's size and looks.
fn floor(input: &Path, output: &Path) {
    let bytes = std::fs::read(input).expect("the return is there");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes[..])).expect("a workbook");
    let mut cells = 0usize;
    for name in book.sheet_names() {
        let mut reader = book.worksheet_cells_reader(&name).expect("a sheet");
        while let Some(cell) = reader.next_cell().expect("a cell") {
            cells += usize::from(cell.get_position().1 < 16_384);
        }
    }
    let mut book = Workbook::new();
    let format = Format::new()
        .set_font_name("Arial")
        .set_font_size(10)
        .set_border(FormatBorder::Thin)
        .set_text_wrap();
    for (name, columns, rows) in
        [("Performance indicators", 5, 67), ("Notes and definitions", 9, 66)]
    {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for row in 0..rows {
            sheet.set_row_height(row, 28.5).expect("a height");
            for column in 0..columns {
                let text = if column % 2 == 0 {
                    format!("Text of row {row}, about as long as a definition is")
                } else {
                    cells.to_string()
                };
                sheet.write_string_with_format(row, column, text, &format).expect("a cell");
            }
        }
    }
    book.save(output).expect("written");
}
