//! `blank`: an empty return to send out, made from the same declarations that read it back.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;
use indexmap::{IndexMap, IndexSet};
use serde_json::json;

use super::{MOST_PRINTED, Which, exit_code, give_json, print_problems, say, tally};
use crate::definitions::{Declarations, Indicator, List, Measure};
use crate::desk::catalogue::laid_out_by;
use crate::intake::history::{self, History, Whose};
use crate::intake::project::{Authority, Project, SETTINGS};
use crate::intake::published::Places;
use crate::intake::read::Limits;
use crate::intake::returns::Management;
use crate::nouns::area::{Area, AreaCode};
use crate::nouns::figure::FigureValue;
use crate::nouns::period::Period;
use crate::nouns::problem::{Problem, Problems, did_you_mean};
use crate::nouns::words::several;
use crate::papers::blank::{Asked, Blank, Earlier, blank};
use crate::papers::write::{Audience, blank_workbook, write_file};
use crate::pipeline::{self, Wishes};
use crate::scripts::engine::Engine;

/// Make an empty return to send to service managers
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur blank q1.xlsx -o q2.xlsx
  rapporteur blank --period \"2026/27 Q2\"
  rapporteur blank --period \"2026/27 Q2\" --by \"Friday 16 October\" -o q2.xlsx
  rapporteur blank --figures pep_completed,rev_pct --no-lists
  rapporteur blank --template board --history q1-figures.csv
  rapporteur blank --lists episodes,oc2

It asks for the figures that no list gives, for commentary, and for the lists
about services. Lists of children are left out unless they are named: they come
out of the case management system. What comes back is read by `rapporteur
build`, together with those lists.")]
pub struct Options {
    /// The last return: its figures, titles, targets and Cover are taken over
    #[arg(value_name = "LAST")]
    pub last: Vec<PathBuf>,
    /// The period that it is for ("2026/27 Q1/Q2") [default: the one after LAST's]
    #[arg(long)]
    pub period: Option<String>,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Where to write it [default: blank.xlsx]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The figures.csv of earlier reports, or a folder of them: last quarter's
    /// values are shown beside the cells
    #[arg(long, value_name = "FILE")]
    pub history: Vec<PathBuf>,
    /// Ask for these figures
    #[arg(long, value_name = "CODE,…", value_delimiter = ',', conflicts_with = "layout")]
    pub figures: Vec<String>,
    /// Ask only for the figures that this layout prints
    #[arg(long = "template", alias = "layout", value_name = "NAME")]
    pub layout: Option<String>,
    /// Ask for these lists
    #[arg(
        long,
        value_name = "LIST,…",
        value_delimiter = ',',
        conflicts_with_all = ["with_lists", "no_lists"]
    )]
    pub lists: Vec<String>,
    /// Ask for every list, those of children too
    #[arg(long, conflicts_with = "no_lists")]
    pub with_lists: bool,
    /// Ask for no list: figures and commentary only
    #[arg(long)]
    pub no_lists: bool,
    /// By when it is to be sent back: said in the guidance
    #[arg(long, value_name = "DAY")]
    pub by: Option<String>,
}

/// Where it is written where nothing is said.
const USUAL_OUTPUT: &str = "blank.xlsx";

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let made = make(options, &mut problems);
    let done = problems.keep(made).flatten();
    problems.sort();
    let code = exit_code(&problems);
    if options.which.print.json {
        let json = done.map_or_else(|| json!({ "written": null }), |done| done.json);
        return give_json(json, &problems, false, code);
    }
    print_problems(&problems, false, MOST_PRINTED, false);
    match done {
        Some(done) => say(&done.text),
        None => say(&format!("nothing was written; {}", tally(&problems))),
    }
    code
}

struct Done {
    text: String,
    json: serde_json::Value,
}

fn make(options: &Options, problems: &mut Problems) -> Result<Option<Done>, Problem> {
    let output = options.output.clone().unwrap_or_else(|| PathBuf::from(USUAL_OUTPUT));
    not_there_yet(&output)?;
    let project = options.which.open()?;
    let period = period(options, &project)?;
    let Some(known) = known(options, &project, period, problems) else { return Ok(None) };
    let lists = lists(options, &known.declared)?;
    let figures = figures(options, &project, &known)?;
    let asked = Asked {
        declared: &known.declared,
        figures,
        lists,
        period: known.period,
        authority: &known.authority,
        cover: &known.cover,
        by: options.by.as_deref(),
        earlier: &known.earlier,
    };
    let blank = blank(&asked);
    write_file(&output, &blank_workbook(&blank)?, Audience::Everyone)?;
    Ok(Some(told(&output, &asked, &blank)))
}

/// What is known before anything is filled in.
struct Known {
    engine: Engine,
    declared: Rc<Declarations>,
    /// As the last return had them, with its titles and targets; otherwise as declared.
    indicators: IndexMap<String, Indicator>,
    period: Option<Period>,
    authority: Authority,
    cover: Management,
    earlier: Earlier,
}

fn known(
    options: &Options,
    project: &Project,
    period: Option<Period>,
    problems: &mut Problems,
) -> Option<Known> {
    let authority = project.settings.authority.clone();
    if options.last.is_empty() {
        let (engine, declared) = Engine::load(&project.sources, problems);
        if problems.worst().is_some() {
            return None;
        }
        let earlier =
            period.map(|period| earlier(options, project, &period, problems)).unwrap_or_default();
        let indicators = declared.indicators.clone();
        let cover = Management::default();
        return Some(Known {
            engine,
            declared: Rc::new(declared),
            indicators,
            period,
            authority,
            cover,
            earlier,
        });
    }
    let wishes = Wishes {
        inputs: options.last.clone(),
        history: options.history.clone(),
        ..Wishes::default()
    };
    // Whatever was wrong with the last return was said when it was built: here only what stops it
    // being read is.
    let mut found = Problems::default();
    let Some(last) = pipeline::receive(project, &wishes, &mut found) else {
        problems.extend(found);
        return None;
    };
    // The empty return goes to many people: it says of last quarter no more than the report did.
    let shown = last.shown(project, &wishes, &mut Problems::default());
    let figures = last.figures(&mut Problems::default());
    let period = period.unwrap_or_else(|| last.period.next());
    let own =
        shown.iter().flat_map(|shown| shown.iter()).filter(|figure| figure.area() == Area::Own);
    let earlier = Earlier::of(own.map(|f| (f.indicator(), *f.period(), f.value())), &period);
    let cover = |label: &str| last.counted.management.cover_text(label).map(ToString::to_string);
    let authority = Authority {
        name: cover("Authority").or(authority.name),
        code: cover("Authority code").or_else(|| cover("Area code")).or(authority.code),
        region: cover("Region").or(authority.region),
        ..authority
    };
    Some(Known {
        indicators: figures.indicators,
        period: Some(period),
        authority,
        cover: last.counted.management.clone(),
        earlier,
        engine: last.engine,
        declared: last.declared,
    })
}

/// What was written, for people and for programs.
fn told(output: &Path, asked: &Asked, blank: &Blank) -> Done {
    let sheets: Vec<&str> = blank.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let known = asked
        .figures
        .iter()
        .filter(|i| asked.earlier.before.get(&i.code).copied().flatten().is_some())
        .count();
    let (written, period) =
        (output.display().to_string(), asked.period.map(|period| period.label()));
    let mut text = format!("wrote {written}\nsheets: {}\n", sheets.join(", "));
    text.push_str(&format!("{} to type", several(asked.figures.len(), "figure")));
    match &period {
        Some(period) => {
            let last = if asked.period.is_some_and(|p| p.is_month()) { "month" } else { "quarter" };
            text.push_str(&format!(" for {period}; last {last}'s beside {known} of them"));
        }
        None => text.push_str(
            "\nno period was named, so the Cover asks for it, and no earlier figures are\nshown: \
             --period \"2026/27 Q2\"",
        ),
    }
    let json = json!({
        "written": written, "sheets": sheets, "period": period,
        "figures": asked.figures.iter().map(|i| i.code.as_str()).collect::<Vec<_>>(),
        "lists": asked.lists.iter().map(|l| l.name.as_str()).collect::<Vec<_>>(),
    });
    Done { text, json }
}

/// A return that somebody may have filled in is never written over.
fn not_there_yet(output: &Path) -> Result<(), Problem> {
    if !output.is_file() {
        return Ok(());
    }
    let message =
        "there is a file of this name already, which may have been filled in: it was left as it is";
    Err(Problem::unreadable(output.display().to_string(), message)
        .hint("name another file with -o, or take this one away first"))
}

fn period(options: &Options, project: &Project) -> Result<Option<Period>, Problem> {
    let Some(text) = &options.period else { return Ok(None) };
    let period = Period::parse(text, project.year_month);
    period.map(Some).ok_or_else(|| pipeline::period_not_understood(text))
}

fn lists<'d>(options: &Options, declared: &'d Declarations) -> Result<Vec<&'d List>, Problem> {
    let all = declared.lists.values().filter(|list| list.is_sent());
    if options.with_lists {
        return Ok(all.collect());
    }
    if options.no_lists {
        return Ok(Vec::new());
    }
    // Those about services name no child. Lists of children come out of the case management system.
    if options.lists.is_empty() {
        return Ok(all.filter(|list| list.is_public()).collect());
    }
    let names: IndexSet<&String> = options.lists.iter().collect();
    names.into_iter().map(|name| list_named(name, declared)).collect()
}

/// The list that is meant by its name or title, in any case.
fn list_named<'d>(name: &str, declared: &'d Declarations) -> Result<&'d List, Problem> {
    let same = |text: &str| text.eq_ignore_ascii_case(name);
    let found = declared.lists.values().find(|list| same(&list.name) || same(&list.title));
    found.ok_or_else(|| unknown("list", name, declared.lists.keys()))
}

/// The indicator that is meant by its code or another of its names.
fn indicator_named<'k>(name: &str, known: &'k Known) -> Result<&'k Indicator, Problem> {
    let code = known.declared.indicator_named(name).map_or(name, |indicator| &indicator.code);
    let indicators = &known.indicators;
    indicators.get(code).ok_or_else(|| unknown("indicator", name, indicators.keys()))
}

/// The figures to be typed: those that are named; otherwise those that no list gives, of a layout
/// where one is named.
fn figures<'k>(
    options: &Options,
    project: &Project,
    known: &'k Known,
) -> Result<Vec<&'k Indicator>, Problem> {
    let Known { engine, declared, indicators, period, .. } = known;
    if !options.figures.is_empty() {
        let names: IndexSet<&String> = options.figures.iter().collect();
        return names.into_iter().map(|name| indicator_named(name, known)).collect();
    }
    let printed = match &options.layout {
        None => None,
        Some(name) => {
            let layout = declared
                .layouts
                .get(name)
                .ok_or_else(|| unknown("layout", name, declared.layouts.keys()))?;
            let period = period.or_else(|| Period::year(2000, 4)).expect("a year of the calendar");
            let codes = laid_out_by(project, engine, declared, indicators, layout, period)?;
            Some(with_sources(codes.into_iter().collect(), indicators))
        }
    };
    let typed = |i: &&Indicator| matches!(i.measure, Measure::Typed);
    let asked = |i: &&Indicator| printed.as_ref().is_none_or(|printed| printed.contains(&i.code));
    Ok(indicators.values().filter(typed).filter(asked).collect())
}

/// The same with the indicators that derived ones are worked out of.
fn with_sources(
    mut codes: IndexSet<String>,
    indicators: &IndexMap<String, Indicator>,
) -> IndexSet<String> {
    let mut next = 0;
    while let Some(code) = codes.get_index(next) {
        if let Some(Measure::Derived { from, .. }) = indicators.get(code).map(|i| &i.measure) {
            codes.extend(from.iter().cloned());
        }
        next += 1;
    }
    codes
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a String>) -> Problem {
    let guess = did_you_mean(name, known.map(String::as_str));
    Problem::usage("", format!("there is no {what} `{name}`{guess}"))
        .hint("`rapporteur list` names all that there are")
}

/// What the project's earlier reports say, and those that are named.
fn earlier(
    options: &Options,
    project: &Project,
    period: &Period,
    problems: &mut Problems,
) -> Earlier {
    let files: Vec<PathBuf> =
        project.history().into_iter().chain(options.history.iter().cloned()).collect();
    if files.is_empty() {
        return Earlier::default();
    }
    let authority = &project.settings.authority;
    let code = authority.code.as_deref().and_then(AreaCode::parse);
    let Some(name) = authority.name.as_deref().or(authority.code.as_deref()) else {
        let message = "whose earlier figures are wanted is not known, so none are shown";
        problems.add(
            Problem::usage(SETTINGS, message)
                .hint("say it in the settings: [authority] name = \"Exampleton\""),
        );
        return Earlier::default();
    };
    // No published file is read here, so a code of another time stays unknown.
    let places = Places::default();
    let whose = Whose { name, code, places: &places };
    let history = History::read(
        &history::files(&files),
        &whose,
        project.year_month,
        &Limits::default(),
        problems,
    );
    let own = history.entries.iter().filter(|((_, area, _), _)| *area == Area::Own);
    let printed = own.map(|((code, _, when), entry)| match entry.value {
        FigureValue::Number(number) => (code.as_str(), *when, Some(number)),
        FigureValue::Gap { .. } => (code.as_str(), *when, None),
    });
    Earlier::of(printed, period)
}
