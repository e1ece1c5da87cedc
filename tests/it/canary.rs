//! The canary run: 500 children with names, ids, dates of birth and postcodes that stand nowhere
//! else go through every command, the failing ones too. Not one of them may come out, except where
//! it is asked for.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::make::{parts, workbook};
use crate::support::{Run, folder};

const CHILDREN: usize = 500;

/// The n-th child's date of birth: year, month, day.
fn birth(n: usize) -> (usize, usize, usize) {
    (2008 + n / 84, 1 + n / 7 % 12, 3 + n % 7 * 3)
}

/// What would tell of a child, in lower case: names, ids and postcodes by how they all begin, and
/// every date of birth in every form that somebody could write it in.
fn telltales() -> Vec<String> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let mut all: Vec<String> = ["telltale", "qx99", "zq7"].map(ToString::to_string).to_vec();
    for n in 0..CHILDREN {
        let (year, month, day) = birth(n);
        let name = MONTHS[month - 1];
        all.push(format!("{year}-{month:02}-{day:02}"));
        all.push(format!("{day:02}/{month:02}/{year}"));
        all.push(format!("{day} {name} {year}"));
        all.push(format!("{day} {} {year}", &name[..3]));
    }
    all
}

/// The children's lists; `faults` puts something wrong into every tenth row, each a telltale of its
/// own.
fn returned(faults: bool, headings: bool) -> Vec<u8> {
    let mut header = vec!["CHILD | NAME | SEX | DOB | ETHNIC | UPN | MOTHER | MC_DOB".to_string()];
    let mut episodes = vec![
        "CHILD | DECOM | RNE | LS | CIN | PLACE | PLACE_PROVIDER | DEC | REC | REASON_PLACE_CHANGE \
         | HOME_POST | PL_POST | URN"
            .to_string(),
    ];
    let mut missing = vec!["CHILD | DOB | MISSING | MIS_START | MIS_END".to_string()];
    if !headings {
        header.clear();
        missing.clear();
    }
    for n in 0..CHILDREN {
        let (year, month, day) = birth(n);
        let (id, name, sex) = (
            format!("QX99{n:04}"),
            format!("Telltale Child{n}"),
            if n % 2 == 0 { "M" } else { "F" },
        );
        let born = format!("d:{year}-{month:02}-{day:02}");
        let post = format!("ZQ7{} {}ZZ", n % 10, n % 9);
        let wrong = |of: usize| faults && n % 100 == of * 10;
        let (id_there, sex) = (
            if wrong(1) { "QX990000".to_string() } else { id.clone() },
            if wrong(2) { &name } else { sex },
        );
        let born = if wrong(3) { format!("{day:02}/{month:02}/{year} or so") } else { born };
        let born = if wrong(4) { format!("{day:02}/{month:02}/{year}") } else { born };
        header.push(format!(
            "{id_there} | {name} | {sex} | {born} | WBRI | UN1 | | {}",
            if wrong(5) { &post } else { "" }
        ));
        let (ls, place) =
            (if wrong(6) { &post } else { "C2" }, if wrong(7) { &name } else { "U4" });
        let start = if wrong(8) { &id } else { "d:2026-05-01" };
        let end = if wrong(9) { "d:2026-04-01" } else { "" };
        episodes.push(format!(
            "{id} | {start} | S | {ls} | N1 | {place} | PR1 | {end} | | | {post} | {post} | \
             SC000001"
        ));
        if n % 5 == 0 {
            missing.push(format!("{id} | {born} | M | d:2026-06-01 | d:2026-06-02"));
        }
    }
    let rows =
        |rows: &'static [&'static str]| rows.iter().map(ToString::to_string).collect::<Vec<_>>();
    let cover = rows(&[
        "Authority | Testham",
        "Period start | d:2026-04-01",
        "Period end | d:2026-09-30",
        "Population under 18 | n:50000",
    ]);
    let figures = rows(&[
        "Indicator | Value | Previous out-turn | England",
        "cla_n | n:12 | n:11 |",
        "school_stab | n:80.8 | n:79 | n:70",
    ]);
    let commentary =
        rows(&["Indicator | Commentary", "school_stab | Below England, and it stands at 12%."]);
    let tabs = [
        ("Cover", cover),
        ("Header", header),
        ("Episodes", episodes),
        ("Missing", missing),
        ("Figures", figures),
        ("Commentary", commentary),
    ];
    let tabs: Vec<(&str, Vec<&str>)> = tabs
        .iter()
        .map(|(name, rows)| (*name, rows.iter().map(String::as_str).collect()))
        .collect();
    let tabs: Vec<crate::make::Tab> =
        tabs.iter().map(|(name, rows)| (*name, rows.as_slice())).collect();
    workbook(&tabs)
}

/// Scripts that would let something out if they could.
const TALKATIVE: [(&str, &str); 4] = [
    (
        "raises",
        "rap.indicator \"x_n\" { title = \"X\", unit = \"number\", population = \"looked_after\",\n\
         numerator = function(e) error(\"at \" .. e.CHILD .. \" \" .. tostring(e.child \
         and e.child.DOB) .. \" \" .. tostring(e.HOME_POST)) end }",
    ),
    (
        "asks_for_a_field_of_that_name",
        "rap.indicator \"x_n\" { title = \"X\", unit = \"number\", population = \"looked_after\",\n\
        numerator = function(e) return e[e.CHILD] == 1 end }",
    ),
    (
        "breaks_down_by_ids",
        "rap.indicator \"x_n\" { title = \"X\", unit = \"number\", population = \"header\", \
         by = \"CHILD\" }",
    ),
    (
        "prints_records",
        "rap.layout \"x\" { sheets = function(r) return { { name = \"X\", \
         title = r:records(\"header\")[1].CHILD,\n\
         columns = {}, rows = {} } } end }",
    ),
];

/// A folder with the return, and a temporary folder of its own.
struct Cage {
    folder: tempfile::TempDir,
    inputs: Vec<PathBuf>,
    telltales: HashSet<String>,
}

impl Cage {
    fn new() -> Cage {
        let folder = folder();
        std::fs::create_dir(folder.path().join("tmp")).expect("made");
        Cage { folder, inputs: Vec::new(), telltales: telltales().into_iter().collect() }
    }

    fn put(&mut self, name: &str, bytes: &[u8]) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, bytes).expect("written");
        self.inputs.push(path);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TMPDIR", self.folder.path().join("tmp"))
            .env("TEMP", self.folder.path().join("tmp"))
            .env("TMP", self.folder.path().join("tmp"))
            .env("RUST_BACKTRACE", "full");
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().expect("the program can be started");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// What of the children stands in a text.
    fn found(&self, text: &[u8]) -> Option<String> {
        let text = text.to_ascii_lowercase();
        // Two thousand telltales of a dozen lengths: one look a length, not one a telltale.
        let lengths: BTreeSet<usize> = self.telltales.iter().map(String::len).collect();
        let begins: HashSet<u8> = self.telltales.iter().map(|tell| tell.as_bytes()[0]).collect();
        (0..text.len()).filter(|at| begins.contains(&text[*at])).find_map(|at| {
            let tells = |length: &usize| {
                let tell = std::str::from_utf8(text.get(at..at + length)?).ok()?;
                self.telltales.get(tell)
            };
            let told = lengths.iter().find_map(tells)?;
            Some(format!("{}<<{told}", String::from_utf8_lossy(&text[at.saturating_sub(150)..at])))
        })
    }

    /// Runs a command, and looks through everything that came of it.
    fn quiet(&self, arguments: &[&str], code: i32) {
        let run = self.run(arguments);
        assert_eq!(run.code, Some(code), "{arguments:?}: {}", run.shown());
        for (stream, text) in [("out", &run.out), ("err", &run.err)] {
            if let Some(told) = self.found(text.as_bytes()) {
                panic!("{arguments:?} tells of a child on std{stream}: {told}");
            }
        }
        self.look(self.folder.path(), arguments);
    }

    fn look(&self, folder: &Path, arguments: &[&str]) {
        for path in
            std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path())
        {
            let name = path.display().to_string();
            assert!(
                self.found(name.as_bytes()).is_none(),
                "{arguments:?} named a file after a child"
            );
            if path.is_dir() {
                self.look(&path, arguments);
            } else if !self.inputs.contains(&path) {
                let bytes = std::fs::read(&path).expect("a file");
                let inside = if bytes.starts_with(b"PK") {
                    parts(&bytes)
                } else {
                    vec![(String::new(), bytes)]
                };
                for (part, content) in inside {
                    let told = self.found(&content).or_else(|| self.found(part.as_bytes()));
                    assert!(
                        told.is_none(),
                        "{arguments:?} tells of a child in {name} {part}: {}",
                        told.unwrap_or_default()
                    );
                }
            }
        }
        assert!(
            std::fs::read_dir(self.folder.path().join("tmp")).expect("a folder").next().is_none(),
            "{arguments:?} left a temporary file"
        );
    }
}

#[test]
fn no_command_tells_of_a_child() {
    let mut cage = Cage::new();
    cage.put("q2.xlsx", &returned(false, true));
    cage.put("faulty.xlsx", &returned(true, true));
    cage.put("headless.xlsx", &returned(false, false));
    let whole = returned(false, true);
    cage.put("cut.xlsx", &whole[..whole.len() / 2]);
    for template in ["board", "annual", "targets", "services"] {
        cage.quiet(
            &["build", "q2.xlsx", "--template", template, "-o", "a.xlsx", "--figures", "f.csv"],
            1,
        );
    }
    // Every edition at once, with small counts hidden.
    cage.quiet(
        &[
            "build",
            "q2.xlsx",
            "-o",
            "c.xlsx",
            "--disclosure",
            "dfe",
            "--accessible",
            "--ods",
            "--html",
            "c.html",
            "--printed",
            "p.html",
        ],
        1,
    );
    cage.quiet(&["restated"], 2);
    for file in ["q2.xlsx", "faulty.xlsx", "headless.xlsx"] {
        cage.quiet(&["build", file, "--history", "f.csv", "-o", "b.xlsx", "--figures", "g.csv"], 1);
        cage.quiet(&["build", file, "--strict"], 1);
        cage.quiet(&["check", file, "-v"], 1);
        cage.quiet(&["check", file, "--json"], 1);
        cage.quiet(&["show", file], 0);
        cage.quiet(&["show", file, "--json"], 0);
        for code in ["cla_n", "cla_rate", "uasc_pct"] {
            cage.quiet(&["explain", code, file], 0);
            cage.quiet(&["explain", code, file, "--json"], 0);
        }
    }
    for arguments in
        [&["list"][..], &["list", "--json"], &["show", "a.xlsx"], &["show", "a.xlsx", "--cells"]]
    {
        cage.quiet(arguments, 0);
    }
    cage.quiet(&["explain", "no_such", "faulty.xlsx"], 2);
    cage.quiet(&["build", "q2.xlsx", "--template", "nothing"], 2);
    cage.quiet(&["build", "q2.xlsx", "--period", "then"], 2);
    cage.quiet(&["build", "cut.xlsx"], 4);
    cage.quiet(&["show", "cut.xlsx"], 4);
    cage.quiet(&["build", "q2.xlsx", "-o", "tmp"], 4);
}

/// The commands of the analyst's day: they look at returns, cases, appendices and the project.
#[test]
fn no_tool_of_the_analyst_tells_of_a_child() {
    let mut cage = Cage::new();
    cage.put("q2.xlsx", &returned(false, true));
    cage.put("faulty.xlsx", &returned(true, true));
    cage.put("headless.xlsx", &returned(false, false));
    cage.put("rapporteur.toml", b"[authority]\nname = \"Testham\"\n");
    for file in ["q2.xlsx", "faulty.xlsx"] {
        cage.quiet(&["explain", "Children in care,uasc_pct", file, "--html", "e.html"], 0);
        cage.quiet(&["explain", "Health", file, "--json"], 2);
        let cell = ["explain", "--cell", "Performance indicators!C6", file];
        cage.quiet(&cell, 0);
        cage.quiet(&[&cell[..], &["--html", "e.html", "--json"]].concat(), 0);
        cage.quiet(&["explain", "--cell", "Nowhere!D6", file], 2);
        cage.quiet(&["blank", file, "-o", &format!("blank-{file}"), "--with-lists"], 0);
    }
    for file in ["q2.xlsx", "faulty.xlsx", "headless.xlsx"] {
        // Sheets without headings are told of, by their names.
        let code = i32::from(file == "headless.xlsx");
        cage.quiet(&["map", file], code);
        cage.quiet(&["map", file, "--json"], code);
        cage.quiet(&["moved", "cla_n", file, "q2.xlsx"], 1);
    }
    cage.quiet(&["list", "--trust"], 0);
    cage.quiet(&["build", "q2.xlsx", "-o", "a.xlsx", "--figures", "f.csv"], 1);
    cage.quiet(&["build", "faulty.xlsx", "-o", "b.xlsx", "--disclosure", "dfe"], 1);
    cage.quiet(&["blank", "--period", "2026/27 Q3", "--history", "f.csv", "-o", "h.xlsx"], 0);
    cage.quiet(&["blank", "q2.xlsx", "-o", "h.xlsx"], 4);
    for form in [&["--html", "d.html"][..], &["--json"], &[]] {
        cage.quiet(&[&["diff", "a.xlsx", "b.xlsx"], form].concat(), 1);
    }
    cage.quiet(&["diff", "a.xlsx", "f.csv"], 4);
    cage.quiet(&["docs", "-o", "docs.html"], 0);
    cage.quiet(&["docs", "--json"], 0);
    cage.quiet(&["docs", "--reference"], 0);
    cage.quiet(&["types"], 0);
    cage.quiet(&["man", "-o", "man"], 0);
    cage.quiet(&["completions", "bash"], 0);
    cage.quiet(&["new", "indicator", "kin_pct"], 0);
    cage.quiet(&["new", "layout", "panel"], 0);
    cage.quiet(&["new", "housing"], 0);
    cage.quiet(&["new", "."], 2);
}

/// Cases whose return is full of children: they hold, they differ, they are at fault, they are
/// accepted.
#[test]
fn no_case_tells_of_a_child() {
    for (file, expected) in [
        ("q2.xlsx", "cla_n = 500"),
        ("faulty.xlsx", "cla_n = 3\nuasc_pct = 12"),
        ("cut.xlsx", "cla_n = 1"),
    ] {
        let mut cage = Cage::new();
        let whole = returned(file == "faulty.xlsx", true);
        cage.put(file, if file == "cut.xlsx" { &whole[..whole.len() / 2] } else { &whole });
        let case = |problems: &str| {
            format!(
                "return = \"../{file}\"\nlayouts = [\"board\", \"services\"]\n{problems}\n\
                 [figures]\n{expected}\n"
            )
        };
        let fault = if file == "cut.xlsx" { 4 } else { 1 };
        cage.put("tests/children.toml", case("").as_bytes());
        cage.quiet(&["test", "--html", "t.html"], fault);
        cage.quiet(&["test", "--json"], fault);
        // A case is no input any more once it is rewritten: what is accepted is looked through as
        // well.
        cage.put("tests/children.toml", case("problems = []").as_bytes());
        cage.inputs.retain(|path| path.extension().is_none_or(|ending| ending != "toml"));
        cage.quiet(&["test", "--accept"], if fault == 1 { 0 } else { fault });
        assert_eq!(
            cage.folder.path().join("snapshots/children__board.snap").exists(),
            fault == 1,
            "{file}"
        );
        cage.quiet(&["test", "--check"], if fault == 1 { 0 } else { fault });
        cage.quiet(
            &["explain", "cla_n", "tests/children.toml"],
            if fault == 1 { 0 } else { fault },
        );
        if fault == 1 {
            // The other rule changes every appendix.
            cage.put("rapporteur.toml", b"disclosure = \"dfe\"\n");
            cage.quiet(&["test", "--html", "t.html"], 1);
        }
    }
}

/// What is watched is told of again and again.
#[test]
fn watching_tells_of_no_child() {
    let mut cage = Cage::new();
    cage.put("q2.xlsx", &returned(false, true));
    for form in [&["watch", "q2.xlsx", "--html", "w.html"][..], &["watch", "q2.xlsx", "--json"]] {
        let child = cage.command(form).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("the program can be started");
        // A second look begins when the return changes; a slow machine may take its time over the
        // first.
        let wait = |there: &dyn Fn() -> bool| {
            let begin = Instant::now();
            while !there() && begin.elapsed() < Duration::from_secs(60) {
                std::thread::sleep(Duration::from_millis(100));
            }
        };
        let appendix = cage.folder.path().join("q2-appendix.xlsx");
        wait(&|| appendix.exists());
        std::thread::sleep(Duration::from_secs(1));
        std::fs::remove_file(&appendix).expect("there is an appendix");
        cage.put("q2.xlsx", &returned(true, true));
        wait(&|| appendix.exists());
        std::thread::sleep(Duration::from_millis(500));
        child.kill().expect("it still runs");
        let output = child.wait_with_output().expect("it ended");
        assert!(String::from_utf8_lossy(&output.stdout).contains("q2.xlsx"), "{output:?}");
        for text in [&output.stdout, &output.stderr] {
            assert!(
                cage.found(text).is_none(),
                "{form:?} tells of a child: {:?}",
                cage.found(text)
            );
        }
        cage.look(cage.folder.path(), form);
        std::fs::remove_file(&appendix).expect("there is an appendix");
    }
}

#[test]
fn no_script_tells_of_a_child() {
    for (name, script) in TALKATIVE {
        let mut cage = Cage::new();
        cage.put("q2.xlsx", &returned(false, true));
        cage.put("scripts/talkative.luau", script.as_bytes());
        cage.put(
            "rapporteur.toml",
            if name == "prints_records" { b"layout = \"x\"\n" } else { b"" },
        );
        for arguments in [
            &["build", "q2.xlsx"][..],
            &["check", "q2.xlsx", "--json"],
            &["check", "q2.xlsx", "-v"],
        ] {
            cage.quiet(arguments, 3);
        }
    }
}

/// What a function kept of records is not there for those whose words are printed.
#[test]
fn no_script_keeps_a_child_for_later() {
    let mut cage = Cage::new();
    cage.put("q2.xlsx", &returned(false, true));
    let script = "local kept = \"nothing\"\n\
        rap.indicator \"x_n\" { title = \"X\", unit = \"number\", population = \"looked_after\",\n\
          numerator = function(e) kept = e.CHILD return true end }\n\
        rap.commentary \"x_n\" (function(f) return `It was {kept}.` end)\n\
        rap.layout \"x\" { sheets = function(r) return { { name = \"X\", title = kept,\n\
          columns = { { show = \"title\" }, { show = \"commentary\" } }, \
          rows = { { indicator = \"x_n\" } } } } end }";
    cage.put("scripts/keeps.luau", script.as_bytes());
    cage.quiet(&["build", "q2.xlsx", "--template", "x", "-o", "a.xlsx"], 1);
    let shown = cage.run(&["show", "a.xlsx", "--cells"]);
    assert!(shown.out.contains("[Draft] It was nothing."), "{}", shown.out);
}

#[test]
fn what_is_asked_for_is_told() {
    let mut cage = Cage::new();
    cage.put("faulty.xlsx", &returned(true, true));
    for (arguments, code) in [
        (&["check", "faulty.xlsx", "--show-values"][..], 1),
        (&["check", "faulty.xlsx", "--json", "--show-values"], 1),
        (&["show", "faulty.xlsx", "--cells"], 0),
    ] {
        let run = cage.run(arguments);
        assert_eq!(run.code, Some(code), "{}", run.err);
        assert!(
            cage.found((run.out + &run.err).as_bytes()).is_some(),
            "{arguments:?} tells nothing"
        );
    }
    // The search sees into packages: the return itself is full of children.
    let bytes = std::fs::read(&cage.inputs[0]).expect("the return");
    assert!(parts(&bytes).iter().any(|(_, content)| cage.found(content).is_some()));
    cage.run(&["build", "faulty.xlsx", "--trail", "trail.csv"]);
    let trail = std::fs::read_dir(cage.folder.path()).expect("a folder").filter_map(Result::ok);
    let trail =
        trail.map(|e| e.path()).find(|p| p.to_string_lossy().contains("trail")).expect("a trail");
    assert!(std::fs::read(trail).is_ok_and(|text| !text.is_empty()));
}
