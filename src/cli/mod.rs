//! The commands: one file each. They say what happened; the work is done elsewhere.

pub mod add;
pub mod blank;
pub mod build;
mod bundle;
pub mod check;
pub mod combine;
pub mod completions;
pub mod diff;
pub mod docs;
pub mod explain;
pub mod list;
mod many;
pub mod map;
mod mending;
pub mod moved;
pub mod new;
pub mod own_fault;
pub mod pack;
pub mod page;
#[cfg(not(target_family = "wasm"))]
mod progress;
#[cfg(target_family = "wasm")]
#[path = "progress_in_page.rs"]
mod progress;
pub mod remove;
pub mod restated;
mod rules;
#[cfg(not(target_family = "wasm"))]
pub mod serve;
pub mod show;
mod terminal;
pub mod test;
pub mod tried;
pub mod types;
pub mod update;
pub mod verify;
pub mod watch;

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};
use serde_json::{Value, json};

use crate::desk::cases::Case;
use crate::intake::project::Project;
use crate::intake::read::Limits;
use crate::nouns::effect::Effect;
use crate::nouns::left_out::FigureLeftOut;
use crate::nouns::problem::{Kind, Problem, Problems, Severity, told_together};
use crate::nouns::words::{as_many_as_fit, listed, several};
use crate::pipeline::Wishes;
use terminal::{complain, say, say_as_it_is};

/// Turns a quarterly return workbook into the formatted appendix that the committee reads.
#[derive(Debug, Parser)]
#[command(name = "rapporteur", version, after_help = EXAMPLES, max_term_width = 80)]
#[command(override_usage = "rapporteur FILE…    (the same as `rapporteur build FILE…`)\n       \
    rapporteur COMMAND …    (`rapporteur COMMAND --help` says more of each)")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  rapporteur q2.xlsx                    make q2-appendix.xlsx beside it
  rapporteur check q2.xlsx              list what is wrong with the return
  rapporteur explain ha_pct q2.xlsx     say where a figure comes from
  rapporteur new my-council             begin a project of your own

Exit codes: 0 done, 1 problems in the return or differences found, 2 wrong
use, 3 a script is at fault, 4 a file cannot be read or written";

/// What to do: each command's own file says what can be asked of it.
#[derive(Debug, Subcommand)]
#[allow(missing_docs)]
pub enum Command {
    Build(build::Options),
    Check(check::Options),
    Combine(combine::Options),
    Blank(blank::Options),
    Map(map::Options),
    Show(show::Options),
    New(new::Options),
    Moved(moved::Options),
    Watch(watch::Wanted),
    Test(test::Options),
    Diff(diff::Options),
    Explain(explain::Options),
    Try(tried::Options),
    List(list::Options),
    Docs(docs::Options),
    Page(page::Options),
    #[cfg(not(target_family = "wasm"))]
    Serve(serve::Options),
    Pack(pack::Options),
    Add(add::Options),
    Update(update::Options),
    Remove(remove::Options),
    Types(types::Options),
    Restated(restated::Options),
    Verify(verify::Options),
    Completions(completions::Options),
    Man(completions::Manual),
}

impl Command {
    /// Runs it; gives the exit code.
    pub fn run(self) -> u8 {
        match self {
            Command::Build(options) => build::run(&options),
            Command::Check(options) => check::run(&options),
            Command::Combine(options) => combine::run(&options),
            Command::Blank(options) => blank::run(&options),
            Command::Map(options) => map::run(&options),
            Command::Show(options) => show::run(&options),
            Command::New(options) => new::run(&options),
            Command::Moved(options) => moved::run(&options),
            Command::Watch(options) => watch::run(&options.build),
            Command::Test(options) => test::run(&options),
            Command::Diff(options) => diff::run(&options),
            Command::Explain(options) => explain::run(options),
            Command::Try(options) => tried::run(&options),
            Command::List(options) => list::run(&options),
            Command::Docs(options) => docs::run(&options),
            Command::Page(options) => page::run(&options),
            #[cfg(not(target_family = "wasm"))]
            Command::Serve(options) => serve::run(&options),
            Command::Pack(options) => pack::run(&options),
            Command::Add(options) => add::run(&options),
            Command::Update(options) => update::run(&options),
            Command::Remove(options) => remove::run(&options),
            Command::Types(options) => types::run(&options),
            Command::Restated(options) => restated::run(&options),
            Command::Verify(options) => verify::run(&options),
            Command::Completions(options) => completions::run(Cli::command(), options.shell),
            Command::Man(options) => completions::man(Cli::command(), options.output.as_deref()),
        }
    }
}

/// How an answer is printed.
#[derive(Debug, Clone, Default, Args)]
pub struct Print {
    /// Print for a program to read
    #[arg(long)]
    pub json: bool,
}

/// Options that say which project.
#[derive(Debug, Clone, Default, Args)]
pub struct Which {
    /// The project's folder, with rapporteur.toml, scripts/ and templates/
    #[arg(long, value_name = "DIR")]
    pub project: Option<PathBuf>,
    /// Settings in place of the project's rapporteur.toml
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// How the answer is printed.
    #[command(flatten)]
    pub print: Print,
}

impl Which {
    /// Opens it.
    fn open(&self) -> Result<Project, Problem> {
        Project::open_with(self.project.as_deref(), self.settings.as_deref())
    }
}

/// Options that say what is read beside a return.
#[derive(Debug, Clone, Default, Args)]
pub struct Beside {
    /// The period, where the Cover sheet does not say it ("2026/27 Q1/Q2")
    #[arg(long)]
    pub period: Option<String>,
    /// The figures.csv of earlier reports, or a folder of them
    #[arg(long, value_name = "FILE")]
    pub history: Vec<PathBuf>,
    /// Last year's return, for rules that look back: a workbook, or CSV lists
    #[arg(long, value_name = "FILE")]
    pub last_year: Vec<PathBuf>,
    /// Commentary in place of the return's on the same: a sheet or CSV file
    #[arg(long, value_name = "FILE")]
    pub commentary: Vec<PathBuf>,
}

/// How large a file may be.
#[derive(Debug, Clone, Args)]
pub struct Size {
    /// Allow files this many times as large as usual
    #[arg(
        long,
        value_name = "TIMES",
        default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..=16)
    )]
    pub limit: u32,
}

impl Default for Size {
    fn default() -> Size {
        Size { limit: 1 }
    }
}

impl Size {
    /// What is read of a file at most.
    pub fn limits(&self) -> Limits {
        Limits::times(self.limit)
    }
}

/// Options that say how a return is read.
#[derive(Debug, Clone, Args)]
pub struct Reading {
    /// The return: a workbook, CSV lists, or a folder of CSV lists. Without one,
    /// the report is made from published figures alone
    #[arg(value_name = "FILE")]
    pub inputs: Vec<PathBuf>,
    /// What is read beside it.
    #[command(flatten)]
    pub beside: Beside,
    /// Show the values of cells in messages (they may be about children)
    #[arg(long)]
    pub show_values: bool,
    /// How large it may be.
    #[command(flatten)]
    pub size: Size,
}

impl Reading {
    /// What is asked of a run. The file of a test case stands for its return.
    fn wishes(&self) -> Result<Wishes, Problem> {
        let is_case = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "toml");
        let (cases, inputs): (Vec<&PathBuf>, Vec<&PathBuf>) = self.inputs.iter().partition(is_case);
        let mut case = match cases.as_slice() {
            [] => Wishes::default(),
            [one] => Case::open(one)?.wishes(),
            [_, second, ..] => {
                return Err(Problem::usage(second.display().to_string(), "this is a second case")
                    .hint("name one; `rapporteur test` runs them all"));
            }
        };
        case.inputs.extend(inputs.into_iter().cloned());
        Ok(Wishes {
            period: self.beside.period.clone().or(case.period),
            history: case.history.into_iter().chain(self.beside.history.iter().cloned()).collect(),
            last_year: self.beside.last_year.clone(),
            commentary: self.beside.commentary.clone(),
            limits: self.size.limits(),
            progress: Some(progress::tell),
            ..case
        })
    }

    /// The same with a layout and a rule of the command line, which come before a case's.
    fn wishes_of_report(&self, chosen: &ReportChoice) -> Result<Wishes, Problem> {
        let asked = self.wishes()?;
        let ReportChoice { template, disclosure } = chosen.clone();
        Ok(Wishes { template, disclosure: disclosure.or(asked.disclosure), ..asked })
    }
}

/// By which layout and rule a report is made, where these are not the settings'.
#[derive(Debug, Clone, Default, Args)]
pub struct ReportChoice {
    /// The layout: board, annual, targets, services, scorecard, spc, or one of the project's
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// The rule of disclosure control: none, dfe, under_5, under_10, round_to_5
    #[arg(long, value_name = "NAME")]
    pub disclosure: Option<String>,
}

/// What is written of a report beside the appendix.
#[derive(Debug, Clone, Default, Args)]
pub struct Editions {
    /// Write every figure as a tidy CSV table too
    #[arg(long, value_name = "FILE")]
    pub figures: Option<PathBuf>,
    /// Write an accessible workbook too: NAME-accessible.xlsx beside the appendix
    #[arg(long)]
    pub accessible: bool,
    /// Write the accessible workbook as OpenDocument too: NAME-accessible.ods
    #[arg(long)]
    pub ods: bool,
    /// Write a web page too
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// How many problems are printed where the list is not the point.
const MOST_PRINTED: usize = 20;

/// The exit code for what was found.
fn exit_code(problems: &Problems) -> u8 {
    match problems.worst() {
        None => 0,
        Some(Kind::Return) => 1,
        Some(Kind::Usage) => 2,
        Some(Kind::Script) => 3,
        Some(Kind::File) => 4,
    }
}

/// The exit code of a command that looks: problems of the return do not stop it. Whether any other
/// is grave is said with it; without an answer none is 0.
fn code_of_looking(problems: &Problems, answered: bool) -> (u8, bool) {
    let grave = problems.iter().any(|p| p.severity == Severity::Error && p.kind != Kind::Return);
    let code = match (answered, grave) {
        (true, false) => 0,
        (true, true) => exit_code(problems),
        (false, _) => exit_code(problems).max(1),
    };
    (code, grave)
}

/// Prints problems for people, the same fault in several columns of a sheet once, with a line for
/// each column. Errors come first where not all are printed.
fn print_problems(problems: &Problems, show_values: bool, most: usize, notes: bool) {
    let left = print_some(problems, show_values, most, notes);
    if left > 0 {
        complain(&format!("and {left} more: `rapporteur check` lists them all\n"));
    }
}

/// Prints the first of them, and gives how many are left.
fn print_some(problems: &Problems, show_values: bool, most: usize, notes: bool) -> usize {
    let is_told = |p: &&Problem| notes || p.severity != Severity::Note || p.kind == Kind::Script;
    let printed = problems.iter().filter(is_told);
    let mut told = match show_values {
        true => printed.map(|problem| vec![problem]).collect(),
        false => told_together(printed),
    };
    if told.len() > most {
        told.sort_by_key(|same| same[0].severity);
    }
    for same in told.iter().take(most) {
        complain(&same[0].render_with(&same[1..], show_values));
    }
    told.len().saturating_sub(most)
}

/// `2 errors, 1 warning and 3 notes`.
fn tally(problems: &Problems) -> String {
    let parts: Vec<String> =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
            .into_iter()
            .map(|(severity, word)| (problems.count(severity), word))
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| several(n, word))
            .collect();
    if parts.is_empty() { "no problems".to_string() } else { listed(&parts) }
}

/// So many characters of names stand in a line of a terminal, behind its indent.
const WIDEST_NAMES: usize = 78;

/// Why some figures are missing: `the list OC2 is not in the return: Dental checks and 7 more`.
fn gap(why: &str, figures: &[FigureLeftOut]) -> String {
    let names: Vec<String> = figures.iter().map(FigureLeftOut::named).collect();
    left_out("not worked out", why, &names)
}

/// What is left out and why, and as many of their names as stand in a line.
fn left_out(what: &str, why: &str, names: &[String]) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    format!("{}\n  {}", because(what, why), as_many_as_fit(&names, WIDEST_NAMES))
}

/// `not worked out, because …:`, the reason on a line of its own where both are too long for one.
fn because(what: &str, why: &str) -> String {
    const WIDEST: usize = 80;
    let line = format!("{what}, because {why}:");
    if line.chars().count() <= WIDEST { line } else { format!("{what}, because\n  {why}:") }
}

fn problems_json(problems: &Problems, show_values: bool) -> Value {
    let told = problems.iter().map(|problem| {
        let mut json = problem.to_json(show_values);
        json["effect"] = json!(Effect::of(problem));
        json
    });
    told.collect::<Vec<_>>().into()
}

/// Prints what a program reads, with the problems and the exit code, which it gives back.
fn give_json(mut json: Value, problems: &Problems, show_values: bool, code: u8) -> u8 {
    json["problems"] = problems_json(problems, show_values);
    json["exit_code"] = code.into();
    say_as_it_is(&json.to_string());
    code
}

/// Says what is wrong with a command line, for programs; gives the exit code. `message` is what a
/// person would read.
pub fn misused(message: &str) -> u8 {
    let lines: Vec<&str> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let said = lines.first().map_or("", |first| first.strip_prefix("error: ").unwrap_or(first));
    let mut problem = Problem::usage("", said);
    if let Some(tip) = lines.iter().find_map(|line| line.strip_prefix("tip: ")) {
        problem = problem.hint(tip);
    }
    let mut problems = Problems::default();
    problems.add(problem);
    give_json(json!({}), &problems, false, exit_code(&problems))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    /// A longer line would be broken anywhere, an example too.
    #[test]
    fn examples_fit_the_width_of_a_terminal() {
        for command in super::Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in help.lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
            }
        }
    }
}
