//! What is done with an input: it goes all the way that it would go in a run, up to the figures.
//! Whatever it holds, the program says what is wrong with it: it neither panics nor hangs, and its
//! memory is bounded.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rapporteur::definitions::Declarations;
use rapporteur::desk::cases::{Case, Snapshot};
use rapporteur::figures::commentary;
use rapporteur::figures::suppress::{Shown, ShownFigures};
use rapporteur::intake::history::{History, Whose};
use rapporteur::intake::project::{Project, Source as Script};
use rapporteur::intake::published::{self, Places};
use rapporteur::intake::read::{Limits, Source, read_bytes};
use rapporteur::intake::returns::{Reporting, Return, TypedCommentary};
use rapporteur::nouns::figure::Origin;
use rapporteur::nouns::period::Period;
use rapporteur::nouns::problem::{Place, Problems};
use rapporteur::nouns::unit::Unit;
use rapporteur::papers::write::workbook;
use rapporteur::pipeline::{self, Loaded, Wishes};
use rapporteur::scripts::engine::{Budget, Engine};
use rapporteur::workbook_diff::book::Book;
use rapporteur::workbook_diff::{compare, describe};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What begins a part of a package in an input: a line with this and the part's name.
pub const PART: &str = "\n--- ";

thread_local! {
    static SHIPPED: Rc<Declarations> =
        Rc::new(Engine::load(&Project::shipped().sources, &mut Problems::default()).1);
    static SCRIPTS: (Project, Loaded) = {
        let project = Project::shipped();
        let loaded = Loaded::of(&project);
        (project, loaded)
    };
    static SHOWN: Rc<ShownFigures> = example();
    static FOLDER: TempDir = tempfile::tempdir().expect("there is a place for files");
}

/// Does with an input what a target does.
///
/// # Panics
///
/// Where there is no such target; or where the program has a fault, which is looked for.
pub fn run(target: &str, input: &[u8]) {
    match target {
        "commentary" => commentary(input),
        "csv" => read("episodes.csv", input),
        "described" => described(input),
        "figures" => figures(input),
        "ods" => read("q2.ods", &package(input)),
        "packed" => read("q2.zip", input),
        "published" => published(input),
        "script" => script(input),
        "settings" => settings(input),
        "snapshot" => snapshot(input),
        "whole" => whole(input),
        "xls" => read("q2.xls", input),
        "xlsb" => read("q2.xlsb", &package(input)),
        "xlsx" => read("q2.xlsx", &package(input)),
        "xml" => read("return.xml", input),
        _ => panic!("there is no target {target}"),
    }
}

/// A package of the parts of an input. The fuzzer changes texts, not what packs them: a checksum
/// that is wrong would end nearly every run at once.
fn package(input: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for part in split(input, PART.as_bytes()) {
        let end = part.iter().position(|byte| *byte == b'\n').unwrap_or(part.len());
        let name = String::from_utf8_lossy(&part[..end]);
        let content = part.get(end + 1..).unwrap_or_default();
        if writer.start_file(name.as_ref(), stored).is_ok() {
            writer.write_all(content).expect("memory takes everything");
        }
    }
    writer.finish().expect("memory takes everything").into_inner()
}

fn split<'i>(input: &'i [u8], mark: &[u8]) -> Vec<&'i [u8]> {
    let mut parts = Vec::new();
    let mut rest = input;
    while let Some(at) = rest.windows(mark.len()).position(|window| window == mark) {
        parts.push(&rest[..at]);
        rest = &rest[at + mark.len()..];
    }
    parts.push(rest);
    parts
}

/// Reads a file, looks at every cell, and makes a return of it.
fn read(name: &str, bytes: &[u8]) {
    let mut problems = Problems::default();
    let Ok(source) = read_bytes(name, bytes, &Limits::default(), &mut problems) else { return };
    for sheet in &source.sheets {
        for (_, cells) in sheet.rows() {
            cells.iter().for_each(|cell| drop(sheet.shown(cell)));
        }
    }
    gather(&[source], &mut problems);
}

fn gather(sources: &[Source], problems: &mut Problems) {
    let period = Period::parse("2026/27 Q2", 4);
    let reporting = Reporting { year_month: 4, period, pairs: 1_000_000 };
    let declared = SHIPPED.with(Rc::clone);
    let _ = Return::gather(sources, &declared, reporting, problems);
}

/// An input as the file of a name, in a folder of this thread's.
fn file(name: &str, bytes: &[u8]) -> PathBuf {
    FOLDER.with(|folder| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("the file can be written");
        path
    })
}

/// The settings of a project.
fn settings(bytes: &[u8]) {
    let path = file("rapporteur.toml", bytes);
    if let Ok(project) = Project::open(path.parent()) {
        let mut problems = Problems::default();
        let mut declared = Engine::load(&[], &mut problems).1;
        rapporteur::intake::local::apply(&project, &mut declared, &mut problems);
    }
}

/// The figures of an earlier report.
fn figures(bytes: &[u8]) {
    let files = [file("figures.csv", bytes)];
    let places = Places::default();
    let whose = Whose { name: "Exampleton", code: None, places: &places };
    History::read(&files, &whose, 4, &Limits::default(), &mut Problems::default());
}

/// A published file: the input takes the place of every file that a script names.
fn published(bytes: &[u8]) {
    let declared = SHIPPED.with(Rc::clone);
    let sources = declared.indicators.values().flat_map(|indicator| &indicator.published);
    let folder = file("anything", b"").parent().map(Path::to_path_buf).expect("a folder");
    // One file is as good as another.
    let Some(first) = sources.map(|source| source.file.as_str()).next() else { return };
    file(first, bytes);
    let releases = BTreeMap::from([("2025".to_string(), folder)]);
    let mut problems = Problems::default();
    published::read(&releases, &declared, 4, &Limits::default(), &mut problems);
}

/// A script of somebody's.
fn script(bytes: &[u8]) {
    let source = Script::own("scripts/x.luau", bytes);
    let budget = Budget { load_steps: 100_000, ..Budget::default() };
    Engine::load_with(&[source], budget, &mut Problems::default());
}

/// The lists of a return, up to the finished appendix.
fn whole(input: &[u8]) {
    let inputs = vec![file("q2.zip", &package(input))];
    let period = Some("2026/27 Q2".to_string());
    let wishes = Wishes { inputs, period, rules: true, ..Wishes::default() };
    let problems = &mut Problems::default();
    SCRIPTS.with(|(project, loaded)| {
        let received = pipeline::receive_by(loaded, project, &wishes, problems);
        let finished = received.and_then(|received| received.finish(project, &wishes, problems));
        let Some(finished) = finished else { return };
        finished.shown.iter().for_each(holds);
        assert!(workbook(&finished.report).is_ok(), "a report cannot be written");
    });
}

/// What is true of every figure that was counted.
fn holds(figure: &Shown) {
    let Some(value) = figure.value().filter(|_| figure.origin() == Origin::Calculated) else {
        return;
    };
    let share = figure.unit() != Unit::Percentage || (0.0..=100.0).contains(&value);
    let part = match (figure.unit(), figure.numerator(), figure.denominator()) {
        (Unit::Percentage, Some(part), Some(whole)) => 0.0 <= part && part <= whole,
        _ => true,
    };
    let code = figure.indicator();
    assert!(value.is_finite() && share && part, "{code} is {value}, which cannot be");
}

/// What the example shows: figures of its own with a past, of a region, of neighbours.
fn example() -> Rc<ShownFigures> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut roots = place.ancestors().map(|folder| folder.join("examples/exampleton"));
    let example = roots.find(|folder| folder.is_dir()).expect("the example is there");
    let project = Project::open(Some(&example)).expect("the example is a project");
    let inputs = vec![example.join("2026-27-q2.xlsx")];
    let wishes = Wishes { inputs, ..Wishes::default() };
    let problems = &mut Problems::default();
    let received = pipeline::receive(&project, &wishes, problems).expect("a return");
    received.shown(&project, &wishes, problems).expect("figures")
}

/// A text, held against figures of several kinds.
fn commentary(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (place, said_at) = (Place::file("q2.xlsx"), Place::file("q2.xlsx"));
    let (author, about) = (None, String::new());
    let figure = Some(text.chars().take(20).collect());
    let typed = [TypedCommentary { about, text, author, figure, checked: None, place, said_at }];
    let shown = SHOWN.with(Rc::clone);
    for code in ["cla_n", "cla_rate", "ha_pct", "pl3_pct", "ofsted"] {
        commentary::check(&shown, &typed, |_| Some(code.to_string()));
    }
}

/// A snapshot, and a case of a project's tests.
fn snapshot(bytes: &[u8]) {
    let path = file("one.snap", bytes);
    let folder = path.parent().expect("a folder");
    if let Ok(Some(stored)) = Snapshot::of(folder, "one").read() {
        Snapshot::bytes(&stored.source, &stored.text, stored.windows);
        let _ = compare::Changes::since(&stored.text, &Book::default());
    }
    let _ = Case::open(&file("case.toml", bytes));
}

/// Any workbook, compared with itself and with its text.
fn described(input: &[u8]) {
    if let Ok(book) = describe::workbook(&package(input)) {
        let changes = compare::Changes::between(&book, &book);
        assert!(changes.is_ok_and(|changes| changes.is_empty()), "a workbook differs from itself");
        let _ = compare::Changes::since(&book.text(), &book);
    }
}
