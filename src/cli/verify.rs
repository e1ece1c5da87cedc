//! `verify`: whether a file is as it was written, what made it, and whether a return gives it.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{
    Beside, MOST_PRINTED, Reading, ReportChoice, Which, exit_code, give_json, print_problems,
    progress, say,
};
use crate::desk::verify::{State, Verified};
use crate::intake::project::Project;
use crate::intake::read::{self, Form, Limits, Sealed};
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
    /// The appendix, another edition of it, or figures.csv
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

/// Runs it; gives the exit code: 1 where anything is not as it should be.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let verified = verify(options, &mut problems);
    progress::done();
    problems.sort();
    let code = match &verified {
        Some(verified) => exit_code(&problems).max(u8::from(!verified.holds())),
        None => exit_code(&problems),
    };
    if options.which.json {
        let json = verified.map_or_else(|| json!({}), |verified| verified.to_json());
        return give_json(json, &problems, false, code);
    }
    print_problems(&problems, false, MOST_PRINTED, false);
    if let Some(verified) = verified {
        let received: Vec<String> = options.returns.iter().map(|path| name(path)).collect();
        say(&verified.text(&clean(&name(&options.file)), &clean(&received.join(" "))));
    }
    code
}

fn verify(options: &Options, problems: &mut Problems) -> Option<Verified> {
    progress::tell("reading");
    let limits = Limits::default();
    let bytes = problems.keep(read::file_bytes(&options.file, &limits))?;
    let file = problems.keep(read::read_sealed(&name(&options.file), &bytes, &limits))?;
    let mut verified = Verified::of(&file);
    if options.returns.is_empty() {
        if verified.state == State::Unknown {
            let message = "this file carries nothing that says what made it";
            problems.add(Problem::warning(Place::file(name(&options.file)), message).hint(
                "is it the report as it was written? hold it against its return: --return q2.xlsx",
            ));
        }
        return Some(verified);
    }
    let project = problems.keep(options.which.open())?;
    let (made, origin) = made_again(options, &project, &file, problems)?;
    verified.hold_against(&file, &made, origin.as_ref());
    Some(verified)
}

/// The same kind of file made of the return as it is now, and what made it.
fn made_again(
    options: &Options,
    project: &Project,
    file: &Sealed,
    problems: &mut Problems,
) -> Option<(Sealed, Option<Origin>)> {
    let says = file.seal.as_ref().map(|seal| &seal.origin);
    let reading = Reading {
        inputs: options.returns.clone(),
        beside: options.beside.clone(),
        show_values: false,
        limit: 1,
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
    let made = problems.keep(read::read_sealed(&name(&options.file), &bytes, &wishes.limits))?;
    Some((made, report.properties.origin.clone()))
}

fn name(path: &Path) -> String {
    path.display().to_string()
}
