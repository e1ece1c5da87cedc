//! `verify`: whether a file is as it was written, what made it, and whether a return gives it.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::{
    Beside, MOST_PRINTED, Reading, ReportChoice, Size, Which, exit_code, give_json, print_problems,
    progress, say,
};
use crate::desk::bundle::{VerifiedBundle, VerifiedPart};
use crate::desk::verify::{State, Verified};
use crate::intake::project::Project;
use crate::intake::read::{self, Bundled, Fate, Form, Limits, Sealed};
use crate::nouns::problem::{Place, Problem, Problems, Severity, clean};
use crate::nouns::seal::{Edition, Origin};
use crate::papers::write::{accessible_ods, accessible_workbook, figures_csv, html_page, workbook};
use crate::pipeline::{self, Wishes};

/// Say whether an appendix is as it was written, what made it, and whether its
/// figures are those of a return
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur verify q2-appendix.xlsx
  rapporteur verify q2-appendix.xlsx --return q2.xlsx --project my-council
  rapporteur verify q2-bundle.zip       each part of an inspector's bundle

The appendix, the accessible editions and the web page carry in their
properties what made them and digests of what their cells say. What was saved
again by Excel or LibreOffice is known again; cells that somebody changed are
named. With --return every figure is worked out again, and each that differs
is named; figures.csv can be held against its return, too.

It finds what was changed and proves nothing of who wrote the file. What cells
of the report say is printed.

Exit codes: 0 all is as it should be, 1 something is not, 4 a file cannot be
read")]
pub struct Options {
    /// The appendix, another edition of it, figures.csv, or an inspector's bundle
    pub file: PathBuf,
    /// The return that it should be made from: a workbook, CSV lists, or a folder
    #[arg(long = "return", value_name = "FILE", num_args = 1..)]
    pub returns: Vec<PathBuf>,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// What is read beside the return.
    #[command(flatten)]
    pub beside: Beside,
    /// The layout, where it is not the one that the file names
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// The rule of disclosure control, where it is not the one that the file names
    #[arg(long, value_name = "NAME")]
    pub disclosure: Option<String>,
}

/// What a file was found to be.
enum Found {
    Report(Box<Verified>),
    Bundle(VerifiedBundle),
}

impl Found {
    fn holds(&self) -> bool {
        match self {
            Found::Report(report) => report.holds(),
            Found::Bundle(bundle) => bundle.holds(),
        }
    }

    fn text(&self, file: &str, received: &str) -> String {
        match self {
            Found::Report(report) => report.text(file, received),
            Found::Bundle(bundle) => bundle.text(file, received),
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Found::Report(report) => report.to_json(),
            Found::Bundle(bundle) => bundle.to_json(),
        }
    }
}

/// Runs it; gives the exit code: 1 where anything is not as it should be.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let found = verify(options, &mut problems);
    progress::done();
    problems.sort();
    let code = match &found {
        Some(found) => exit_code(&problems).max(u8::from(!found.holds())),
        None => exit_code(&problems),
    };
    if options.which.print.json {
        let json = found.map_or_else(|| json!({}), |found| found.to_json());
        return give_json(json, &problems, false, code);
    }
    print_problems(&problems, false, MOST_PRINTED, false);
    if let Some(found) = found {
        let received: Vec<String> = options.returns.iter().map(|path| name(path)).collect();
        say(&found.text(&clean(&name(&options.file)), &clean(&received.join(" "))));
    }
    code
}

fn verify(options: &Options, problems: &mut Problems) -> Option<Found> {
    progress::tell("reading");
    let limits = Limits::default();
    let bytes = problems.keep(read::file_bytes(&options.file, &limits))?;
    let called = name(&options.file);
    if let Some(parts) = problems.keep(read::read_bundle(&called, &bytes, &limits))? {
        return verify_bundle(options, &parts, problems).map(Found::Bundle);
    }
    let file = problems.keep(read::read_sealed(&called, &bytes, &limits))?;
    let verified = held(options, (&called, &file), None, problems)?;
    if options.returns.is_empty() && verified.state == State::Unknown {
        let message = "this file carries nothing that says what made it";
        problems.add(Problem::warning(Place::file(called), message).hint(
            "is it the report as it was written? hold it against its return: --return q2.xlsx",
        ));
    }
    Some(Found::Report(Box::new(verified)))
}

/// Each part of a bundle: the report by its own seal as well, and with its figures by the return.
fn verify_bundle(
    options: &Options,
    parts: &[Bundled],
    problems: &mut Problems,
) -> Option<VerifiedBundle> {
    let limits = Limits::default();
    let mut origin: Option<Origin> = None;
    let mut verified = Vec::new();
    for part in parts {
        let of_figures = part.name.ends_with(".csv") && !options.returns.is_empty();
        let looked_into = part.fate != Fate::TakenOut
            && (part.name.ends_with(".xlsx") || of_figures && part.fate != Fate::PutIn);
        let report = match looked_into {
            true => {
                let file = problems.keep(read::read_sealed(&part.name, &part.bytes, &limits))?;
                let report = held(options, (&part.name, &file), origin.as_ref(), problems)?;
                origin = origin.or(file.seal.map(|seal| seal.origin));
                Some(report)
            }
            false => None,
        };
        verified.push(VerifiedPart::of(part, report));
    }
    Some(VerifiedBundle::of(verified))
}

/// A report held against its seal, and against its return where one is named. `origin` is what made
/// it, where it does not say so itself.
fn held(
    options: &Options,
    (called, file): (&str, &Sealed),
    origin: Option<&Origin>,
    problems: &mut Problems,
) -> Option<Verified> {
    let mut verified = Verified::of(file);
    if !options.returns.is_empty() {
        let project = problems.keep(options.which.open())?;
        let says = file.seal.as_ref().map(|seal| &seal.origin).or(origin);
        let (made, is) = made_again(options, &project, (called, file), says, problems)?;
        verified.hold_against(file, &made, is.as_ref());
    }
    Some(verified)
}

/// The same kind of file made of the return as it is now, and what made it.
fn made_again(
    options: &Options,
    project: &Project,
    (called, file): (&str, &Sealed),
    says: Option<&Origin>,
    problems: &mut Problems,
) -> Option<(Sealed, Option<Origin>)> {
    let reading = Reading {
        inputs: options.returns.clone(),
        beside: options.beside.clone(),
        show_values: false,
        size: Size::default(),
    };
    let layout = options.template.as_ref().or(says.map(|origin| &origin.layout));
    let rule = options.disclosure.as_ref().or(says.map(|origin| &origin.rule));
    let choice = ReportChoice { template: layout.cloned(), disclosure: rule.cloned() };
    let wishes: Wishes = problems.keep(reading.wishes_of_report(&choice))?;
    // What is wrong with the return is `check`'s to tell; here only what stops it.
    let mut found = Problems::default();
    let made = pipeline::receive(project, &wishes, &mut found).and_then(|received| {
        let finished = received.finish(project, &wishes, &mut found)?;
        Some((received, finished))
    });
    let Some((received, finished)) = made else {
        problems.extend(found.parted(|problem| problem.severity == Severity::Error).0);
        return None;
    };
    let report = &finished.report;
    let edition = file.seal.as_ref().map_or(Edition::Appendix, |seal| seal.edition);
    let bytes = match (file.form, edition) {
        (Form::Excel, Edition::Accessible) => accessible_workbook(report),
        (Form::Excel, _) => workbook(report),
        (Form::OpenDocument, _) => accessible_ods(report),
        (Form::Page, _) => html_page(report),
        (Form::Table, _) => figures_csv(&finished.shown, &received.areas),
    };
    let bytes = problems.keep(bytes)?;
    let made = problems.keep(read::read_sealed(called, &bytes, &wishes.limits))?;
    Some((made, report.properties.origin.clone()))
}

fn name(path: &Path) -> String {
    path.display().to_string()
}
