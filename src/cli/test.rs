//! `test`: the cases of a project held against what should come of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use clap::Args;
use serde_json::{Value, json};

use super::{
    MOST_PRINTED, Which, exit_code, give_json, print_problems, problems_json, progress, say,
};
use crate::desk::cases::{
    self, Case, Filter, Found, Kept, Outcome, SNAPSHOTS, Snapshot, SnapshotResult, Standing,
};
use crate::intake::project::Project;
use crate::nouns::problem::{Problem, Problems, did_you_mean};
use crate::nouns::side_by_side::each;
use crate::nouns::words::several;
use crate::papers::write::{Audience, make_folder, write_file, write_page};
use crate::pipeline::Loaded;
use crate::workbook_diff::compare::Verdict;

/// Hold small returns and layouts against what should come of them
#[derive(Debug, Clone, Default, Args)]
#[command(after_help = "\
Examples:
  rapporteur test                    every case under tests/
  rapporteur test health ha_pct      those with these words in their names,
                                     figures or layouts
  rapporteur test --accept           take what came as what should come
  rapporteur test --html what.html   before and after, as a page
  rapporteur test --check            short, for a machine; writes nothing

A case is tests/NAME.toml, with a small return and the figures that should come
of it; its appendix is kept as text under snapshots/.
Exit code 1 where anything differs, is new or unused.")]
pub struct Options {
    /// Words from the names of cases, indicators or layouts; all cases without one
    #[arg(value_name = "NAME")]
    pub words: Vec<String>,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Take what came as what should come: writes snapshots and expected figures
    #[arg(long)]
    pub accept: bool,
    /// Delete snapshots that no case makes any more
    #[arg(long, conflicts_with = "words")]
    pub remove_unused: bool,
    /// Short output for a machine that watches over the project; writes nothing
    #[arg(long, conflicts_with_all = ["accept", "remove_unused"])]
    pub check: bool,
    /// Write a web page that shows every change, before and after
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// The longest list of changes that a terminal is shown of one appendix; the page has all.
const MOST_LINES: usize = 40;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const NEW: Style = AnsiColor::Yellow.on_default().bold();
const QUIET: Style = Style::new().dimmed();

/// Everything that a run came to.
struct Done<'c> {
    /// How many cases cannot be read.
    faulty: usize,
    ran: Vec<(&'c Case, Outcome)>,
    unused: Vec<Snapshot>,
    /// Files that were written or deleted, and how.
    written: Vec<String>,
}

/// Runs it; gives the exit code: 1 where anything differs.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let root = options.which.project.clone().unwrap_or_default();
    let (found, faulty) = cases::find(&root, &mut problems);
    let mut done = test(options, &root, &found, &faulty, &mut problems);
    progress::done();
    if let Some(done) = &mut done {
        // What is accepted is shown as well: nothing is taken unseen.
        let told = told(options, done);
        if !options.which.print.json && !told.is_empty() {
            say(&told);
        }
        problems.keep(change_files(options, &root, done));
    }
    problems.sort();
    let code = done.as_ref().map_or(0, code_of).max(exit_code(&problems));
    if options.which.print.json {
        return give_json(to_json(done.as_ref()), &problems, false, code);
    }
    // Faulty cases are all told; of scripts' faults the first tell the rest.
    let most = if done.is_some() { usize::MAX } else { MOST_PRINTED };
    print_problems(&problems, false, most, false);
    if let Some(done) = &done {
        last_words(options, done, code);
    }
    code
}

/// Whether all cases of a project hold.
pub fn holds(root: &Path) -> bool {
    let mut problems = Problems::default();
    let which = Which { project: Some(root.to_path_buf()), ..Which::default() };
    let options = Options { which, ..Options::default() };
    let (found, faulty) = cases::find(root, &mut problems);
    let done = test(&options, root, &found, &faulty, &mut problems);
    progress::done();
    done.as_ref().map_or(1, code_of).max(exit_code(&problems)) == 0
}

fn test<'c>(
    options: &Options,
    root: &Path,
    found: &'c [Case],
    faulty: &[String],
    problems: &mut Problems,
) -> Option<Done<'c>> {
    let project = problems.keep(options.which.open())?;
    let loaded = Loaded::of(&project);
    problems.extend(loaded.problems.clone());
    if exit_code(problems) > 2 {
        return None;
    }
    let layouts: Vec<String> = loaded.declared.layouts.keys().cloned().collect();
    let filter = Filter::of(&options.words);
    let chosen = chosen(found, &layouts, &filter);
    if let (true, Some(word)) = (chosen.is_empty() && faulty.is_empty(), options.words.first()) {
        let names = found.iter().map(|case| case.name.as_str());
        let codes = found.iter().flat_map(|case| &case.figures).map(|figure| figure.code.as_str());
        let guess =
            did_you_mean(word, names.chain(codes).chain(layouts.iter().map(String::as_str)));
        problems.add(
            Problem::usage(
                "",
                format!(
                    "no case has `{word}` in its name or expects a figure or layout of it{guess}"
                ),
            )
            .hint("`rapporteur test` without a name runs them all"),
        );
        return None;
    }
    let ran = run_all(&chosen, (&project, loaded), root, &layouts, &filter);
    let unused = if filter.is_all() { unused(found, faulty, root, &layouts) } else { Vec::new() };
    Some(Done { faulty: faulty.len(), ran, unused, written: Vec::new() })
}

/// The cases of which the filter takes anything.
fn chosen<'c>(found: &'c [Case], layouts: &[String], filter: &Filter) -> Vec<&'c Case> {
    found.iter().filter(|case| is_chosen(case, layouts, filter)).collect()
}

/// Whether the filter takes a case, or a figure or snapshot of it.
fn is_chosen(case: &Case, layouts: &[String], filter: &Filter) -> bool {
    let snapshots = case.snapshots(Path::new(""), layouts);
    filter.takes_all_of(case)
        || case.figures.iter().any(|figure| filter.takes(case, &figure.code))
        || snapshots.iter().any(|(layout, _)| filter.takes(case, &case.snapshot_name(layout)))
}

/// Runs the cases on as many threads as the machine has to spare; the outcomes stand in the cases'
/// order.
fn run_all<'c>(
    chosen: &[&'c Case],
    (project, loaded): (&Project, Loaded),
    root: &Path,
    layouts: &[String],
    filter: &Filter,
) -> Vec<(&'c Case, Outcome)> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    // No two threads share a script.
    let outcomes = each(chosen, threads, (loaded, || Loaded::of(project)), |case, loaded| {
        progress::tell(&case.name);
        cases::run(case, (project, loaded), root, layouts, filter)
    });
    chosen.iter().copied().zip(outcomes).collect()
}

/// Snapshots of cases that no case makes any more. Those of a case that cannot be read are kept.
fn unused(found: &[Case], faulty: &[String], root: &Path, layouts: &[String]) -> Vec<Snapshot> {
    let used: Vec<PathBuf> = found
        .iter()
        .flat_map(|case| case.snapshots(root, layouts))
        .map(|(_, snapshot)| snapshot.path)
        .collect();
    let all = Snapshot::all(&root.join(SNAPSHOTS)).into_iter();
    all.filter(|(snapshot, source)| !used.contains(&snapshot.path) && !faulty.contains(source))
        .map(|(s, _)| s)
        .collect()
}

/// Writes what is to be accepted and the page, and deletes what is to be deleted.
fn change_files(options: &Options, root: &Path, done: &mut Done) -> Result<(), Problem> {
    if let Some(path) = &options.html {
        let page = cases::page(&done.ran, &tally(done));
        write_page(path, &page, Audience::Everyone)?;
        done.written.push(format!("wrote {}", path.display()));
    }
    if options.accept {
        for (case, outcome) in &mut done.ran {
            accept(case, outcome, root, &mut done.written)?;
        }
    }
    if options.remove_unused {
        for snapshot in std::mem::take(&mut done.unused) {
            std::fs::remove_file(&snapshot.path).map_err(|e| {
                let why = crate::intake::read::io_reason(&e);
                Problem::unreadable(
                    &snapshot.file,
                    format!("the snapshot cannot be deleted: {why}"),
                )
            })?;
            done.written.push(format!("deleted {}", snapshot.file));
        }
    }
    Ok(())
}

/// Takes what came of a case as what should come of it.
fn accept(
    case: &Case,
    outcome: &mut Outcome,
    root: &Path,
    written: &mut Vec<String>,
) -> Result<(), Problem> {
    if let Some(text) = outcome.rewritten(case) {
        write_file(&case.path, text.as_bytes(), Audience::Everyone)?;
        written.push(format!("accepted the figures of {}", case.file));
        outcome.accept_figures();
    }
    for result in &mut outcome.snapshots {
        let windows = match &result.kept {
            Kept::Same => continue,
            Kept::New => false,
            Kept::Changed { windows, .. } => *windows,
        };
        let folder = root.join(SNAPSHOTS);
        make_folder(&folder)?;
        let bytes = Snapshot::bytes(&case.source, &result.text, windows);
        write_file(&result.snapshot.path, &bytes, Audience::Everyone)?;
        written.push(format!("accepted {}", result.snapshot.file));
        result.kept = Kept::Same;
    }
    Ok(())
}

fn code_of(done: &Done) -> u8 {
    let differs = |(_, outcome): &(&Case, Outcome)| outcome.standing() != Standing::Ok;
    let differs = done.ran.iter().any(differs) || !done.unused.is_empty();
    let faults = done.ran.iter().map(|(_, outcome)| exit_code(&outcome.faults)).max().unwrap_or(0);
    faults.max(u8::from(differs))
}

/// A line for each case, and below it what is the matter; with colours.
fn told(options: &Options, done: &Done) -> String {
    let mut out = String::new();
    let widest =
        done.ran.iter().map(|(case, _)| case.name.chars().count()).max().unwrap_or(0).min(40);
    for (case, outcome) in &done.ran {
        let standing = outcome.standing();
        if options.check && standing == Standing::Ok {
            continue;
        }
        let style = match standing {
            Standing::Ok => GOOD,
            Standing::New => NEW,
            Standing::Changed => outcome.verdict().map_or(BAD, Verdict::style),
            Standing::Fault => BAD,
        };
        let words = summary(outcome);
        let _ = writeln!(
            out,
            "{style}{:<7}{style:#}  {:<widest$}  {words}",
            standing.word(),
            case.name
        );
        details(options, case, outcome, &mut out);
    }
    for snapshot in &done.unused {
        let _ = writeln!(out, "{NEW}unused{NEW:#}   {}: no case makes it", snapshot.file);
    }
    out
}

/// What a case's line says behind its name.
fn summary(outcome: &Outcome) -> String {
    let counted = |n: usize, word: &str| (n > 0).then(|| several(n, word));
    outcome.words().unwrap_or_else(|| {
        let parts =
            [counted(outcome.figures.len(), "figure"), counted(outcome.snapshots.len(), "layout")];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "the return's problems".to_string() } else { parts.join(", ") }
    })
}

fn details(options: &Options, case: &Case, outcome: &Outcome, out: &mut String) {
    for problem in outcome.faults.iter() {
        out.push_str(&indented(&problem.render(false)));
    }
    let wrong: Vec<_> = outcome.figures.iter().filter(|figure| !figure.holds).collect();
    for figure in &wrong {
        let found = figure.found.as_ref().map_or("no figure".to_string(), Found::words);
        let expected = &figure.expected;
        let _ = writeln!(
            out,
            "  {BAD}{}{BAD:#}  expected {}, found {found}\n    {QUIET}{}:{}{QUIET:#}",
            expected.code,
            expected.words(),
            case.file,
            expected.line
        );
        if let Some(why) = &figure.why {
            let _ = writeln!(out, "    because {why}");
        }
    }
    let quiet = options.check || options.accept;
    if let (Some(figure), false) = (wrong.iter().find(|figure| figure.found.is_some()), quiet) {
        let project = options
            .which
            .project
            .as_ref()
            .map_or(String::new(), |p| format!(" --project {}", p.display()));
        let _ = writeln!(
            out,
            "  why: rapporteur explain {} {}{project}",
            figure.expected.code, case.file
        );
    }
    if let Some(problems) = &outcome.problems {
        let _ = writeln!(out, "  problems of the return: expected {}, found", problems.expected);
        let found = if problems.found.is_empty() {
            "none".to_string()
        } else {
            problems.found.join("\n    ")
        };
        let _ = writeln!(out, "    {found}");
        if !problems.said {
            let _ = writeln!(
                out,
                "  where they are meant, say so in {}: problems = {}",
                case.file, problems.count
            );
        }
    }
    for SnapshotResult { layout, kept, .. } in &outcome.snapshots {
        let Kept::Changed { changes, .. } = kept else { continue };
        if options.check {
            let _ = writeln!(out, "  layout {layout}  {}", changes.sentence());
            continue;
        }
        // What changed stands at the margin, so it is set off by an empty line.
        let _ = writeln!(out, "\n  layout {layout}  {}", changes.sentence());
        let text = changes.text();
        let lines: Vec<&str> = text.lines().collect();
        for line in lines.iter().take(MOST_LINES) {
            let _ = writeln!(out, "{line}");
        }
        if lines.len() > MOST_LINES {
            let _ = writeln!(
                out,
                "  and {} lines more: --html FILE shows all",
                lines.len() - MOST_LINES
            );
        }
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

/// `12 cases: 9 ok, 2 changed (figures changed 1, formatting only 1), 1 new; 1 unused snapshot`.
fn tally(done: &Done) -> String {
    let of = |standing| done.ran.iter().filter(move |(_, outcome)| outcome.standing() == standing);
    let mut parts: Vec<String> = Vec::new();
    for standing in [Standing::Ok, Standing::Changed, Standing::New, Standing::Fault] {
        let count = of(standing).count();
        if count == 0 {
            continue;
        }
        let mut part = format!("{count} {}", standing.word());
        if standing == Standing::Changed {
            let verdicts = Verdict::ALL.into_iter().filter_map(|verdict| {
                let n =
                    of(standing).filter(|(_, outcome)| outcome.verdict() == Some(verdict)).count();
                (n > 0).then(|| format!("{} {n}", verdict.words()))
            });
            let problems = of(standing).filter(|(_, outcome)| outcome.verdict().is_none()).count();
            let problems = (problems > 0).then(|| format!("problems changed {problems}"));
            part += &format!(" ({})", verdicts.chain(problems).collect::<Vec<_>>().join(", "));
        }
        parts.push(part);
    }
    if done.faulty > 0 {
        parts.push(format!("{} cannot be read", done.faulty));
    }
    let unused = match done.unused.len() {
        0 => String::new(),
        n => format!("; {}", several(n, "unused snapshot")),
    };
    format!("{}: {}{unused}", several(done.ran.len() + done.faulty, "case"), parts.join(", "))
}

fn last_words(options: &Options, done: &Done, code: u8) {
    for line in &done.written {
        say(line);
    }
    if done.ran.is_empty() && done.faulty == 0 {
        say(
            "there are no cases yet: a case is a file tests/NAME.toml with a small return and the\n\
             figures that should come of it; `rapporteur new indicator CODE` begins one",
        );
        return;
    }
    let long =
        done.ran.iter().any(|(_, outcome)| outcome.standing() != Standing::Ok) && !options.check;
    say(&format!("{}{}", if long { "\n" } else { "" }, tally(done)));
    if code == 0 || options.check || options.accept {
        return;
    }
    let open = done.ran.iter().filter(|(_, outcome)| outcome.acceptable());
    let names: Vec<&str> = open.map(|(case, _)| case.name.as_str()).collect();
    match names.as_slice() {
        [] => {}
        [name] => say(&format!("if it is as it should be: rapporteur test --accept {name}")),
        [name, ..] => say(&format!(
            "if all is as it should be: rapporteur test --accept; or one by one:\n  rapporteur \
             test --accept {name}"
        )),
    }
    if !done.unused.is_empty() {
        say("what is unused goes with: rapporteur test --remove-unused");
    }
}

/// A case and what came of it, for programs.
fn case_json((case, outcome): &(&Case, Outcome)) -> Value {
    let figures = outcome.figures.iter().map(|figure| {
        json!({
            "indicator": figure.expected.code, "line": figure.expected.line, "ok": figure.holds,
            "expected": figure.expected.words(),
            "found": figure.found.as_ref().map(|found| &found.printed),
            "numerator": figure.found.as_ref().and_then(|found| found.numerator),
            "denominator": figure.found.as_ref().and_then(|found| found.denominator),
            "because": figure.why,
        })
    });
    let snapshots = outcome.snapshots.iter().map(|result| {
        let (standing, changes) = match &result.kept {
            Kept::Same => (Standing::Ok, None),
            Kept::New => (Standing::New, None),
            Kept::Changed { changes, .. } => (Standing::Changed, Some(changes.to_json())),
        };
        json!({
            "layout": result.layout, "file": result.snapshot.file, "standing": standing.word(),
            "changes": changes,
        })
    });
    json!({
        "case": case.name, "file": case.file, "about": case.about,
        "standing": outcome.standing().word(), "verdict": outcome.verdict().map(Verdict::word),
        "figures": figures.collect::<Vec<_>>(), "snapshots": snapshots.collect::<Vec<_>>(),
        "problems_of_the_return": outcome.problems.as_ref().map(|p| {
            json!({ "expected": p.expected, "found": p.found })
        }),
        "faults": problems_json(&outcome.faults, false),
    })
}

fn to_json(done: Option<&Done>) -> Value {
    json!({
        "cases": done.map(|done| done.ran.iter().map(case_json).collect::<Vec<_>>()),
        "unused": done.map(|done| done.unused.iter().map(|s| s.file.clone()).collect::<Vec<_>>()),
        "done": done.map(|done| &done.written),
    })
}
