//! `explain`: where a figure, or what stands in a cell, comes from; what a check finds.

use std::path::PathBuf;

use clap::Args;
use indexmap::IndexSet;
use serde_json::{Value, json};

use super::{
    MOST_PRINTED, Reading, ReportChoice, Which, code_of_looking, give_json, print_problems,
    progress, say,
};
use crate::definitions::{Check, Declarations, Indicator};
use crate::desk::explain::{
    CellTrail, CheckTrail, Chosen, Desk, Explained, Trail, page, page_of_population,
};
use crate::figures::all::Figures;
use crate::figures::suppress::Rule;
use crate::intake::project::Project;
use crate::nouns::problem::{Problem, Problems, did_you_mean};
use crate::papers::write::{Audience, write_page};
use crate::pipeline::{self, Received, Wishes};

/// What is to be explained.
enum Asked<'o> {
    /// Indicators, by codes parted by commas, or by their theme.
    Codes(&'o str),
    /// A cell of the appendix.
    Cell(&'o str),
}

/// Say where a figure comes from: rows, cells, script line, rule
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur explain ha_pct q2.xlsx
  rapporteur explain ha_pct,dent_pct q2.xlsx --html where-from.html
  rapporteur explain Health q2.xlsx          all figures of a theme
  rapporteur explain looked_after q2.xlsx    who is in a population
  rapporteur explain 142 q2.xlsx             what a rule finds and moves
  rapporteur explain --cell \"Performance indicators!D7\" q2.xlsx

What it tells is for your own desk: it says which rows count, and shows
figures that the report may hide.")]
pub struct Options {
    /// The indicator's code, such as ha_pct; a rule's number or a check's name;
    /// several parted by commas; a theme; or a population or list
    #[arg(required_unless_present = "cell")]
    pub code: Option<String>,
    /// What to read.
    #[command(flatten)]
    pub reading: Reading,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Explain what stands in a cell of the appendix ("Performance indicators!D7")
    #[arg(long, value_name = "CELL")]
    pub cell: Option<String>,
    /// The layout of the appendix
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// The rule of disclosure control of the appendix
    #[arg(long, value_name = "NAME")]
    pub disclosure: Option<String>,
    /// Write a web page (private: not for publication)
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

impl Options {
    /// With `--cell` there is no code, and the first file stands in its place.
    fn files_stand_in_their_place(&mut self) {
        if self.cell.is_some() {
            self.reading.inputs.splice(0..0, self.code.take().map(Into::into));
        }
    }

    fn asked(&self) -> Asked<'_> {
        match &self.cell {
            Some(cell) => Asked::Cell(cell),
            None => Asked::Codes(self.code.as_deref().unwrap_or_default()),
        }
    }
}

/// Runs it; gives the exit code. Problems of the return do not stop it: what can be explained is
/// explained.
pub fn run(mut options: Options) -> u8 {
    options.files_stand_in_their_place();
    let options = &options;
    let mut problems = Problems::default();
    let told = tell(options, &mut problems);
    progress::done();
    problems.sort();
    let (code, grave) = code_of_looking(&problems, told.is_some());
    let show_values = options.reading.show_values;
    if options.which.print.json {
        return give_json(
            told.map_or_else(|| json!({}), |(_, json)| json),
            &problems,
            show_values,
            code,
        );
    }
    if let Some((text, _)) = &told {
        say(text);
    }
    if told.is_none() || grave {
        print_problems(&problems, show_values, MOST_PRINTED, false);
    }
    code
}

/// The explanation in words and for programs.
fn tell(options: &Options, problems: &mut Problems) -> Option<(String, Value)> {
    let asked = options.asked();
    if let Asked::Codes(text) = asked
        && std::path::Path::new(text).is_file()
    {
        problems.add(
            Problem::usage("", format!("`{text}` is a file: the code of a figure comes before it"))
                .hint(format!(
                    "say `rapporteur explain CODE {text}`; `rapporteur list` names the codes"
                )),
        );
        return None;
    }
    let project = problems.keep(options.which.open())?;
    let (template, disclosure) = (options.template.clone(), options.disclosure.clone());
    let chosen = ReportChoice { template, disclosure };
    let wishes = problems.keep(options.reading.wishes_of_report(&chosen))?;
    let received = pipeline::receive(&project, &wishes, problems)?;
    let rule = received.chosen_rule(&project, &wishes, problems)?;
    match asked {
        Asked::Codes(name) if is_population(name, &received.declared) => {
            let name = received.declared.without_pack(name);
            let chosen = Chosen::follow(&received, name).map_err(|p| problems.add(*p)).ok()?;
            give_population(options, &chosen, problems)
        }
        Asked::Codes(text) => {
            let figures = received.figures_under(&rule, problems);
            let codes = problems.keep(codes(text, &figures, &received.declared, options))?;
            // What cannot be shown at all can still be explained.
            let mut untold = Problems::default();
            let shown = received.shown_of(figures.clone(), rule.clone(), &project, &mut untold);
            let desk = match shown {
                Some(shown) => Desk::with_report(&received, &figures, shown),
                None => Desk::new(&received, &figures),
            };
            let followed: Result<Vec<Explained>, _> =
                codes.iter().map(|what| what.follow(&desk, &received.declared)).collect();
            let explained = followed.map_err(|p| problems.add(*p)).ok()?;
            give(options, &rule, None, &explained, problems)
        }
        Asked::Cell(cell) => {
            by_cell(cell, options, (&project, &wishes, &received, &rule), problems)
        }
    }
}

fn by_cell(
    cell: &str,
    options: &Options,
    (project, wishes, received, rule): (&Project, &Wishes, &Received, &Rule),
    problems: &mut Problems,
) -> Option<(String, Value)> {
    let layout = received.chosen_layout(project, wishes, problems)?;
    let figures = received.figures_under(rule, problems);
    let shown = received.shown_of(figures.clone(), rule.clone(), project, problems)?;
    let finished = received.lay_out(project, wishes, (layout, shown), problems)?;
    let desk = Desk::with_report(received, &figures, finished.shown.clone());
    let mut cell = desk.cell(&finished.report, layout, cell).map_err(|p| problems.add(*p)).ok()?;
    let trail = cell.trail.take().map(|trail| Explained::Figure(Box::new(trail)));
    give(options, rule, Some(&cell), &Vec::from_iter(trail), problems)
}

/// Makes text and JSON of it, and writes the page.
fn give(
    options: &Options,
    rule: &Rule,
    cell: Option<&CellTrail>,
    explained: &[Explained],
    problems: &mut Problems,
) -> Option<(String, Value)> {
    let show_values = options.reading.show_values;
    let texts = cell
        .map(CellTrail::text)
        .into_iter()
        .chain(explained.iter().map(|one| one.text(rule, show_values)));
    let mut text = texts.collect::<Vec<_>>().join("\n");
    let mut all: Vec<Value> = explained.iter().map(|one| one.to_json(show_values)).collect();
    let mut json = match (cell, all.len()) {
        (Some(cell), _) => json!({ "cell": cell.to_json(), "figure": all.pop() }),
        (None, 1) => all.remove(0),
        (None, _) => {
            let (checks, figures): (Vec<Value>, Vec<Value>) =
                all.into_iter().partition(|one| one.get("check").is_some());
            match checks.is_empty() {
                true => json!({ "figures": figures }),
                false => json!({ "figures": figures, "checks": checks }),
            }
        }
    };
    if let Some(path) = &options.html {
        let page = page(cell, explained, rule, show_values);
        problems.keep(write_page(path, &page, Audience::Owner))?;
        let path = path.display().to_string();
        text = format!("wrote {path} (private: not for publication)");
        json["written"] = json!([path]);
    }
    Some((text, json))
}

/// Whether a name is that of a population or a list, and of nothing that has a figure.
fn is_population(name: &str, declared: &Declarations) -> bool {
    let name = declared.without_pack(name);
    let named = declared.populations.contains_key(name) || declared.lists.contains_key(name);
    named && declared.indicator_named(name).is_none()
}

/// The same of a population.
fn give_population(
    options: &Options,
    chosen: &Chosen,
    problems: &mut Problems,
) -> Option<(String, Value)> {
    let show_values = options.reading.show_values;
    let mut json = chosen.to_json(show_values);
    let Some(path) = &options.html else { return Some((chosen.text(show_values), json)) };
    let page = page_of_population(chosen, show_values);
    problems.keep(write_page(path, &page, Audience::Owner))?;
    let path = path.display().to_string();
    json["written"] = json!([path]);
    Some((format!("wrote {path} (private: not for publication)"), json))
}

/// Something that is asked about, by its code or name.
#[derive(Debug, PartialEq, Eq, Hash)]
enum What {
    Figure(String),
    Check(String),
}

impl What {
    fn follow<'a>(
        &self,
        desk: &'a Desk<'a>,
        declared: &'a Declarations,
    ) -> Result<Explained<'a>, Box<Problem>> {
        Ok(match self {
            What::Figure(code) => Explained::Figure(Box::new(Trail::follow(desk, code)?)),
            What::Check(name) => {
                Explained::Check(Box::new(CheckTrail::follow(desk, &declared.checks[name])?))
            }
        })
    }
}

/// What is meant: each indicator by its code or another name, or all of a theme; each check by its
/// number or name.
fn codes(
    text: &str,
    figures: &Figures,
    declared: &Declarations,
    options: &Options,
) -> Result<IndexSet<What>, Problem> {
    let mut found: IndexSet<What> = IndexSet::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let name = declared.without_pack(name);
        let these = figures_named(name, figures);
        let these = if these.is_empty() { checks_named(name, declared) } else { these };
        if these.is_empty() {
            return Err(unknown(name, figures, declared, options));
        }
        found.extend(these);
    }
    if found.is_empty() { Err(unknown(text, figures, declared, options)) } else { Ok(found) }
}

fn figures_named(name: &str, figures: &Figures) -> Vec<What> {
    let indicators = &figures.indicators;
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    let one = indicators.values().find(|i| is(&i.code) || i.also.iter().any(|also| is(also)));
    let one = one.or_else(|| indicators.values().find(|i| is(&i.title)));
    let whole = |i: &&Indicator| i.part_of.is_none() && figures.own(&i.code).is_some();
    let theme = indicators.values().filter(|i| i.theme.as_deref().is_some_and(is)).filter(whole);
    match one {
        Some(one) => vec![What::Figure(one.code.clone())],
        None => theme.map(|i| What::Figure(i.code.clone())).collect(),
    }
}

/// A rule's number, with or without whose it is, means every check that has it: `142`, `rule 142`,
/// `DfE 142`.
fn checks_named(name: &str, declared: &Declarations) -> Vec<What> {
    let named = declared.checks.values().filter(|check| is_called(check, name));
    named.map(|check| What::Check(check.name.clone())).collect()
}

/// Whether a check is called this: by its own name, its rule, or the number alone.
fn is_called(check: &Check, name: &str) -> bool {
    let rule = check.rule.as_deref().unwrap_or_default();
    let number = name.rsplit(' ').next().unwrap_or(name);
    check.name.eq_ignore_ascii_case(name)
        || rule.eq_ignore_ascii_case(name)
        || rule.eq_ignore_ascii_case(number)
}

fn unknown(name: &str, figures: &Figures, declared: &Declarations, options: &Options) -> Problem {
    let themes = figures.indicators.values().filter_map(|i| i.theme.as_deref());
    let codes = figures.indicators.keys().map(String::as_str);
    let others = declared.populations.keys().chain(declared.lists.keys());
    let others = others.chain(declared.checks.keys()).map(String::as_str);
    let guess = did_you_mean(name, codes.chain(themes).chain(others));
    let message = format!("there is no indicator, rule or check `{name}`{guess}");
    let problem = Problem::usage("", message);
    if std::path::Path::new(name).exists()
        && options.reading.inputs.iter().all(|input| !input.exists())
    {
        return problem.hint(format!("the code comes first: rapporteur explain CODE {name}"));
    }
    problem.hint("`rapporteur list` names indicators, `rapporteur docs --checks` the rules")
}
