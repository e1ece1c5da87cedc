//! Runs a case: the same stages as `build`, and what came of them held against what should have
//! come.

use std::ops::Range;
use std::path::Path;

use super::case::{Case, Layouts};
use super::expect::{Expected, Found, Want, toml_text};
use super::filter::Filter;
use super::snapshot::Snapshot;
use super::{CASES, SNAPSHOTS};
use crate::intake::project::Project;
use crate::nouns::problem::{Kind, Place, Problem, Problems, Severity, did_you_mean};
use crate::nouns::words::several;
use crate::papers::write::workbook;
use crate::pipeline::{self, Finished, Loaded, Received};
use crate::workbook_diff::compare::{Changes, Verdict};
use crate::workbook_diff::describe;

/// How many faults of a case are told.
const MOST_FAULTS: usize = 100;

/// What came of a case.
#[derive(Debug)]
pub struct Outcome {
    /// The figures that were looked at.
    pub figures: Vec<FigureResult>,
    /// The layouts that were looked at.
    pub snapshots: Vec<SnapshotResult>,
    /// The problems of the return, where they are not those that it should have.
    pub problems: Option<ProblemsResult>,
    /// What kept the case from being run, or a part of it.
    pub faults: Problems,
}

/// A figure that was looked at.
#[derive(Debug)]
pub struct FigureResult {
    /// What it should be.
    pub expected: Expected,
    /// What came; none where there is no figure.
    pub found: Option<Found>,
    /// Whether it is as it should be.
    pub holds: bool,
    /// Why there is no figure, where that is known.
    pub why: Option<String>,
}

/// A layout that was looked at.
#[derive(Debug)]
pub struct SnapshotResult {
    /// The layout.
    pub layout: String,
    /// Where its appendix is kept.
    pub snapshot: Snapshot,
    /// How it stands.
    pub kept: Kept,
    /// The appendix as it is now.
    pub text: String,
}

/// How an appendix stands beside what is kept of it.
#[derive(Debug)]
pub enum Kept {
    /// It is the same.
    Same,
    /// Nothing is kept of it yet.
    New,
    /// It is another one.
    Changed {
        /// What changed.
        changes: Changes,
        /// Whether the file's lines end as Windows ends them.
        windows: bool,
    },
}

/// Problems that are not those that a return should have.
#[derive(Debug)]
pub struct ProblemsResult {
    /// What was expected, in words.
    pub expected: String,
    /// The problems that were found, each as one line.
    pub found: Vec<String>,
    /// Their messages alone.
    pub messages: Vec<String>,
    /// How many problems there are in all, warnings too.
    pub count: usize,
    /// Whether the case says what is expected, so that it can be rewritten.
    pub said: bool,
}

/// How a case stands: the worst of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// All is as it should be.
    Ok,
    /// There is a layout of which nothing is kept yet.
    New,
    /// Something changed.
    Changed,
    /// It could not be run.
    Fault,
}

impl Standing {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Ok => "ok",
            Standing::New => "new",
            Standing::Changed => "changed",
            Standing::Fault => "fault",
        }
    }
}

impl Outcome {
    /// How the case stands.
    pub fn standing(&self) -> Standing {
        let changed = |s: &SnapshotResult| matches!(s.kept, Kept::Changed { .. });
        if self.faults.any() {
            Standing::Fault
        } else if self.problems.is_some()
            || self.figures.iter().any(|figure| !figure.holds)
            || self.snapshots.iter().any(changed)
        {
            Standing::Changed
        } else if self.snapshots.iter().any(|s| matches!(s.kept, Kept::New)) {
            Standing::New
        } else {
            Standing::Ok
        }
    }

    /// The case's file as it must be for it to expect the figures and problems that came; none
    /// where nothing in it needs to change.
    pub fn rewritten(&self, case: &Case) -> Option<String> {
        let wrong = self.figures.iter().filter(|figure| !figure.holds);
        let mut edits: Vec<(Range<usize>, String)> =
            wrong.flat_map(|figure| figure.expected.edits(figure.found.as_ref())).collect();
        if let (Some(expected), Some(found)) = (&case.problems, &self.problems) {
            let text = match expected.problems {
                Want::Text(_) => {
                    let texts: Vec<String> =
                        found.messages.iter().map(|message| toml_text(message)).collect();
                    format!("[{}]", texts.join(", "))
                }
                _ => found.messages.len().to_string(),
            };
            edits.push((expected.span.clone(), text));
        }
        if edits.is_empty() {
            return None;
        }
        // From the end on, so that what stands before keeps its place.
        edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut text = case.text.clone();
        edits.into_iter().for_each(|(span, new)| text.replace_range(span, &new));
        Some(text)
    }

    /// Whether there is anything that can be accepted.
    pub fn acceptable(&self) -> bool {
        self.figures.iter().any(|figure| !figure.holds)
            || self.snapshots.iter().any(|snapshot| !matches!(snapshot.kept, Kept::Same))
            || self.problems.as_ref().is_some_and(|problems| problems.said)
    }

    /// In a few words what is the matter; none where all is as it should be.
    pub fn words(&self) -> Option<String> {
        match self.standing() {
            Standing::Ok => None,
            Standing::Fault if self.figures.is_empty() && self.snapshots.is_empty() => {
                Some("could not be run".to_string())
            }
            Standing::Fault => Some("could not be run to its end".to_string()),
            Standing::New => {
                let new = self
                    .snapshots
                    .iter()
                    .filter(|s| matches!(s.kept, Kept::New))
                    .map(|s| s.layout.as_str());
                Some(format!("nothing is kept yet of {}", new.collect::<Vec<_>>().join(", ")))
            }
            Standing::Changed => Some(
                self.verdict().map_or("the return's problems changed", Verdict::words).to_string(),
            ),
        }
    }

    /// After the case's file was rewritten.
    pub fn accept_figures(&mut self) {
        self.figures.iter_mut().for_each(|figure| figure.holds = true);
        self.problems.take_if(|problems| problems.said);
    }

    /// The gravest of what changed in figures and appendices.
    pub fn verdict(&self) -> Option<Verdict> {
        let figures = self.figures.iter().filter(|figure| !figure.holds).map(|_| Verdict::Figures);
        let snapshots = self.snapshots.iter().filter_map(|snapshot| match &snapshot.kept {
            Kept::Changed { changes, .. } => changes.verdict(),
            _ => None,
        });
        figures.chain(snapshots).min()
    }
}

impl Case {
    /// Whether a snapshot that comes from this file is the case's. A case may move into a folder of
    /// its own.
    fn owns(&self, source: &str) -> bool {
        source == format!("{CASES}/{}.toml", self.name)
            || source == format!("{CASES}/{}/case.toml", self.name)
    }

    /// The snapshots of a case: each layout with its file.
    pub fn snapshots(&self, root: &Path, layouts: &[String]) -> Vec<(String, Snapshot)> {
        let names: Vec<String> = match &self.layouts {
            Layouts::All => layouts.to_vec(),
            Layouts::Named(names) => names.iter().map(|(name, _)| name.clone()).collect(),
        };
        let folder = root.join(SNAPSHOTS);
        let snapshots = names.into_iter().map(|layout| {
            let snapshot = Snapshot::of(&folder, &self.snapshot_name(&layout));
            (layout, snapshot)
        });
        snapshots.collect()
    }
}

/// Runs what the filter takes of a case by scripts that were loaded. `layouts` are all that there
/// are.
pub fn run(
    case: &Case,
    (project, loaded): (&Project, &Loaded),
    root: &Path,
    layouts: &[String],
    filter: &Filter,
) -> Outcome {
    let mut outcome = Outcome {
        figures: Vec::new(),
        snapshots: Vec::new(),
        problems: None,
        faults: Problems::default(),
    };
    if let Err(problem) = known_layouts(case, layouts) {
        outcome.faults.add(problem);
        return outcome;
    }
    let wishes = case.wishes();
    let mut problems = Problems::default();
    let Some(received) = pipeline::receive_by(loaded, project, &wishes, &mut problems) else {
        outcome.stopped(case, problems);
        return outcome;
    };
    let wanted: Vec<(String, Snapshot)> = case
        .snapshots(root, layouts)
        .into_iter()
        .filter(|(layout, _)| filter.takes(case, &case.snapshot_name(layout)))
        .collect();
    let figures: Vec<&Expected> =
        case.figures.iter().filter(|figure| filter.takes(case, &figure.code)).collect();
    // The figures and problems are those of any layout: the first one's, or the settings' where
    // none is kept.
    let first = wanted.first().map(|(layout, _)| layout.clone());
    let Some(finished) = received.finish(project, &case.wishes_by(first), &mut problems) else {
        outcome.stopped(case, problems);
        return outcome;
    };
    for expected in figures {
        // Who mistook one file for another need not read it all.
        if outcome.faults.count(Severity::Error) == MOST_FAULTS {
            break;
        }
        outcome.look_at_figure(case, expected, &received, &finished);
    }
    if filter.takes_all_of(case) {
        outcome.problems = differing(case, &problems);
    }
    let mut finished = Some(finished);
    for (layout, snapshot) in wanted {
        let mut faults = Problems::default();
        let made = finished.take().or_else(|| {
            received.finish(project, &case.wishes_by(Some(layout.clone())), &mut faults)
        });
        let Some(made) = made else {
            outcome.stopped(case, faults);
            continue;
        };
        if let Err(problem) = outcome.look_at_snapshot(case, layout, snapshot, &made) {
            outcome.faults.add(problem);
        }
    }
    outcome
}

fn known_layouts(case: &Case, layouts: &[String]) -> Result<(), Problem> {
    let Layouts::Named(names) = &case.layouts else { return Ok(()) };
    for (name, line) in names {
        if !layouts.contains(name) {
            let guess = did_you_mean(name, layouts.iter().map(String::as_str));
            let problem = Problem::usage("", format!("there is no layout `{name}`{guess}"));
            return Err(Problem { place: Place::line(&case.file, *line), ..problem }
                .hint(format!("layouts are {}", layouts.join(", "))));
        }
    }
    Ok(())
}

impl Outcome {
    /// The case could not be run to its end: what grave problems say is why.
    fn stopped(&mut self, case: &Case, problems: Problems) {
        for problem in problems.iter().filter(|problem| problem.severity == Severity::Error) {
            let mut problem = problem.clone();
            if problem.place.file.is_empty() {
                problem.place = Place::file(&case.file);
            }
            self.faults.add(problem);
        }
        if !self.faults.any() {
            self.faults.add(Problem::usage(&case.file, "the case could not be run"));
        }
    }

    fn look_at_figure(
        &mut self,
        case: &Case,
        expected: &Expected,
        received: &Received,
        finished: &Finished,
    ) {
        let shown = &finished.shown;
        let code = expected.code.as_str();
        let found = shown.own(code).map(Found::of);
        // Parts are there only where the return has them, so their absence can be expected.
        let known = |code: &str| shown.indicators.contains_key(code);
        if !known(code) && !code.split_once('.').is_some_and(|(total, _)| known(total)) {
            let guess = did_you_mean(code, shown.indicators.keys().map(String::as_str));
            let problem = Problem::usage("", format!("there is no indicator `{code}`{guess}"));
            self.faults.add(
                Problem { place: Place::line(&case.file, expected.line), ..problem }
                    .hint("`rapporteur list` lists them all"),
            );
            return;
        }
        let why = if found.is_some() {
            None
        } else {
            let gaps = received.gaps(shown);
            gaps.into_iter()
                .find(|(_, codes)| codes.iter().any(|left_out| left_out.code == code))
                .map(|(w, _)| w)
        };
        let holds = expected.holds(found.as_ref());
        self.figures.push(FigureResult { expected: expected.clone(), found, holds, why });
    }

    fn look_at_snapshot(
        &mut self,
        case: &Case,
        layout: String,
        snapshot: Snapshot,
        finished: &Finished,
    ) -> Result<(), Problem> {
        let bytes = workbook(&finished.report)?;
        let book = describe::workbook(&bytes).map_err(|why| {
            Problem::unreadable(&case.file, format!("the appendix cannot be read back: {why}"))
        })?;
        let text = book.text().trim_end().to_owned();
        let kept = match snapshot.read()? {
            None => Kept::New,
            Some(stored) if !case.owns(&stored.source) => {
                return Err(Problem::usage(
                    &snapshot.file,
                    format!("the snapshot belongs to {}, not to {}", stored.source, case.source),
                )
                .hint("give the case another name"));
            }
            Some(stored) if stored.text == text => Kept::Same,
            Some(stored) => {
                let changes = Changes::since(&stored.text, &book).map_err(|why| {
                    Problem::usage(
                        &snapshot.file,
                        format!("the snapshot cannot be understood: {why}"),
                    )
                    .hint("delete it and accept the appendix anew")
                })?;
                // Texts may differ in how styles are numbered, which nobody sees.
                let same = changes.is_empty();
                if same { Kept::Same } else { Kept::Changed { changes, windows: stored.windows } }
            }
        };
        self.snapshots.push(SnapshotResult { layout, snapshot, kept, text });
        Ok(())
    }
}

/// The return's problems, where they are not those that the case expects. A case that says nothing
/// of them expects no errors.
fn differing(case: &Case, problems: &Problems) -> Option<ProblemsResult> {
    let mut sorted = problems.clone();
    sorted.sort();
    let least = if case.problems.is_some() { Severity::Warning } else { Severity::Error };
    let found: Vec<&Problem> =
        sorted.iter().filter(|p| p.kind == Kind::Return && p.severity <= least).collect();
    let (as_expected, expected) = match case.problems.as_ref().map(|expected| &expected.problems) {
        None | Some(Want::Nothing) => (found.is_empty(), "no errors".to_string()),
        Some(Want::Number(n)) => (found.len() as f64 == *n, how_many(*n as usize)),
        Some(Want::Text(texts)) => {
            let says = |problem: &&Problem, text: &String| problem.message.contains(text.as_str());
            let all = texts.iter().all(|text| found.iter().any(|problem| says(problem, text)))
                && found.iter().all(|problem| texts.iter().any(|text| says(problem, text)));
            (all, if texts.is_empty() { how_many(0) } else { texts.join("; ") })
        }
    };
    if as_expected {
        return None;
    }
    Some(ProblemsResult {
        expected,
        found: found
            .iter()
            .map(|p| format!("{}: {} ({})", p.severity, p.message, p.place))
            .collect(),
        messages: found.iter().map(|p| p.message.clone()).collect(),
        count: problems
            .iter()
            .filter(|p| p.kind == Kind::Return && p.severity <= Severity::Warning)
            .count(),
        said: case.problems.is_some(),
    })
}

fn how_many(n: usize) -> String {
    if n == 0 { "no problems".to_string() } else { several(n, "problem") }
}
