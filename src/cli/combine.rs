//! `combine`: one report of many councils.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::build::{self, About, ForFew, overwrites_input, write_all};
use super::{
    Beside, Editions, MOST_PRINTED, Reading, ReportChoice, Size, Which, exit_code, give_json,
    print_problems, progress, say, tally,
};
use crate::figures::suppress::Shown;
use crate::intake::exchange::Exchange;
use crate::nouns::area::{Area, AreaCode};
use crate::nouns::problem::{Problem, Problems, clean};
use crate::nouns::words::several;
use crate::pipeline::{self, Asked};

/// Make one report of many councils, from what each gives to be added up
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur build derby.xlsx --exchange derby-exchange.csv
  rapporteur combine *-exchange.csv --area \"East Midlands\" -o region.xlsx
  rapporteur combine exchange/ --area England --area-code E92000001

Numerators are added to numerators and denominators to denominators; medians
come from all their numbers. What must not be told is hidden once, at the end,
so that nobody finds a council by taking the others off the area.")]
pub struct Options {
    /// Exchange files, or folders of them
    #[arg(value_name = "FILE", required = true)]
    pub inputs: Vec<PathBuf>,
    /// The area's name [default: All councils]
    #[arg(long, value_name = "NAME")]
    pub area: Option<String>,
    /// The area's code, by which its published figures are found
    #[arg(long, value_name = "CODE", value_parser = area_code)]
    pub area_code: Option<AreaCode>,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Where to write the appendix
    #[arg(short, long, value_name = "FILE", default_value = "combined-appendix.xlsx")]
    pub output: PathBuf,
    /// By which layout and rule.
    #[command(flatten)]
    pub chosen: ReportChoice,
    /// The figures.csv of earlier reports of the area, or a folder of them
    #[arg(long, value_name = "FILE")]
    pub history: Vec<PathBuf>,
    /// What is written beside the appendix.
    #[command(flatten)]
    pub editions: Editions,
    /// Write nothing where there are problems
    #[arg(long)]
    pub strict: bool,
}

fn area_code(text: &str) -> Result<AreaCode, String> {
    AreaCode::parse(text).ok_or_else(|| "an area's code is like E12000004".to_string())
}

impl Options {
    /// The same as a build's, for what they have in common.
    fn as_build(&self, inputs: Vec<PathBuf>) -> build::Options {
        build::Options {
            reading: Reading {
                inputs,
                beside: Beside { history: self.history.clone(), ..Beside::default() },
                show_values: false,
                size: Size::default(),
            },
            which: self.which.clone(),
            output: Some(self.output.clone()),
            chosen: self.chosen.clone(),
            editions: self.editions.clone(),
            exchange: None,
            printed: None,
            bundle: None,
            trail: None,
            problems: None,
            no_problems: true,
            strict: self.strict,
            jobs: None,
            resume: false,
        }
    }
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let done = make(options, &mut problems);
    progress::done();
    problems.sort();
    let code = exit_code(&problems);
    if options.which.print.json {
        let json = match &done {
            Some(done) => json!({
                "written": done.written,
                "figures": done.figures,
                "councils": done.councils,
                "period": done.period,
            }),
            None => json!({ "written": [] }),
        };
        return give_json(json, &problems, false, code);
    }
    print_problems(&problems, false, MOST_PRINTED, false);
    match &done {
        Some(done) => {
            for path in &done.written {
                say(&format!("wrote {}", clean(path)));
            }
            let (figures, councils) = (done.figures, several(done.councils, "council"));
            say(&format!(
                "{figures} figures of {councils} for {}; {}",
                done.period,
                tally(&problems)
            ));
        }
        None => say(&format!("nothing was written; {}", tally(&problems))),
    }
    code
}

/// What was made.
struct Done {
    written: Vec<String>,
    figures: usize,
    councils: usize,
    period: String,
}

fn make(options: &Options, problems: &mut Problems) -> Option<Done> {
    let files = files(&options.inputs);
    let as_build = options.as_build(files.clone());
    if let Some(problem) = overwrites_input(&as_build) {
        problems.add(problem);
        return None;
    }
    let project = problems.keep(options.which.open())?;
    let alone = Reading { inputs: Vec::new(), ..as_build.reading.clone() };
    let wishes = problems.keep(alone.wishes_of_report(&options.chosen))?;
    wishes.stage("reading");
    let read = files.iter().map(|file| Exchange::read(file, project.year_month, &wishes.limits));
    let read: Vec<Option<Exchange>> = read.map(|read| problems.keep(read)).collect();
    // A total without one of its councils would be a wrong one.
    let exchanges: Vec<Exchange> = read.into_iter().collect::<Option<_>>()?;
    if exchanges.is_empty() {
        problems.add(
            Problem::usage("", "there is no exchange file to add up")
                .hint("`rapporteur build q2.xlsx --exchange q2-exchange.csv` makes one"),
        );
        return None;
    }
    let councils = exchanges.len();
    let asked = Asked { area: options.area.clone(), code: options.area_code };
    let (received, finished) = pipeline::combine(&project, &wishes, &asked, exchanges, problems)?;
    if options.strict && problems.any() {
        return None;
    }
    wishes.stage("writing");
    let output = as_build.appendix();
    let about = About::of(&received, &finished, &output);
    let report = (&received, &finished, &about);
    let wrote = write_all(&as_build, &output, ForFew::default(), report, problems);
    let (written, _) = problems.keep(wrote)?;
    let others = |s: &&Shown| !matches!(s.area(), Area::Council(_));
    let figures = finished.shown.iter().filter(others).count();
    Some(Done { written, figures, councils, period: received.period.label() })
}

/// The files that are meant: a folder means the exchange files in it and the folders below.
fn files(named: &[PathBuf]) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for path in named {
        let Ok(entries) = std::fs::read_dir(path) else {
            all.push(path.clone());
            continue;
        };
        let mut inside: Vec<PathBuf> =
            entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        inside.retain(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            path.is_dir() || name.ends_with("exchange.csv")
        });
        inside.sort();
        all.extend(files(&inside));
    }
    all
}
