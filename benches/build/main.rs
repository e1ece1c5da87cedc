//! `cargo bench`: building an appendix against the floor, in one run.
//!
//! The floor is calamine reading every sheet of the same file in one thread and rust_xlsxwriter
//! writing the same appendix, with nothing between. Both are whole processes, start-up included:
//! this program starts itself for the floor. Times are medians; what counts is their ratio.
//!
//! `cargo bench -- example` writes the shipped example return anew instead.

mod made_up;

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use calamine::{Reader, Xlsx};
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
    let reporting = returns::Reporting { year_month: 4, period: None };
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

fn compare() {
    println!("build against the floor (medians, whole processes; peak memory in MiB)\n");
    println!(
        "{:<10} {:>10} {:>10} {:>7} {:>12} {:>12}",
        "return", "floor ms", "build ms", "ratio", "floor MiB", "build MiB"
    );
    for (name, size, runs) in
        [("council", made_up::Size::EXAMPLE, 41), ("national", made_up::Size::NATION, 5)]
    {
        let folder = tempfile::tempdir().expect("a folder");
        let input = folder.path().join("return.xlsx");
        let bytes =
            made_up::workbook(SEED, size.children, name == "council").expect("it can be made");
        std::fs::write(&input, bytes).expect("written");
        let output = folder.path().join("appendix.xlsx");
        let this = std::env::current_exe().expect("this program has a path");
        let mut floor_runs = Vec::new();
        let mut build_runs = Vec::new();
        // Turn about, so that whatever else the machine does falls on both alike.
        for _ in 0..runs {
            floor_runs.push(measure(Command::new(&this).arg("floor").arg(&input).arg(&output)));
            let program = env!("CARGO_BIN_EXE_rapporteur");
            build_runs.push(measure(
                Command::new(program)
                    .arg("build")
                    .arg(&input)
                    .arg("-o")
                    .arg(&output)
                    .current_dir(folder.path()),
            ));
        }
        let (floor, build) = (median(&floor_runs), median(&build_runs));
        println!(
            "{name:<10} {:>10.1} {:>10.1} {:>7.2} {:>12.0} {:>12.0}",
            floor.0 * 1000.0,
            build.0 * 1000.0,
            build.0 / floor.0,
            floor.1,
            build.1
        );
    }
}

/// Seconds and peak memory of a process.
fn measure(command: &mut Command) -> (f64, f64) {
    let begun = Instant::now();
    let child =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it can be started");
    let (status, peak) = wait(child);
    assert!(matches!(status, Some(0 | 1)), "a run failed: {status:?}");
    (begun.elapsed().as_secs_f64(), peak)
}

/// Waits for a process and gives its exit code and peak memory. The kernel tells the peak while the
/// process is there, so it is asked again and again; elsewhere than on Linux there is no number.
fn wait(mut child: std::process::Child) -> (Option<i32>, f64) {
    let status: PathBuf = format!("/proc/{}/status", child.id()).into();
    let mut peak = 0.0;
    loop {
        if let Ok(text) = std::fs::read_to_string(&status)
            && let Some(line) = text.lines().find(|l| l.starts_with("VmHWM:"))
            && let Some(kib) = line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok())
        {
            peak = kib / 1024.0;
        }
        if let Some(code) = child.try_wait().expect("it can be waited for") {
            return (code.code(), peak);
        }
        std::thread::sleep(std::time::Duration::from_micros(200));
    }
}

fn median(runs: &[(f64, f64)]) -> (f64, f64) {
    let mut times: Vec<f64> = runs.iter().map(|r| r.0).collect();
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], runs.iter().map(|r| r.1).fold(0.0, f64::max))
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
