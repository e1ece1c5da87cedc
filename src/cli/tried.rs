//! `try`: a population or a condition on the spot: how many records, and which rows.

use clap::Args;
use serde_json::{Value, json};

use super::{
    MOST_PRINTED, Reading, Which, code_of_looking, give_json, print_problems, progress, say,
};
use crate::definitions::{Declarations, List, Neighbour};
use crate::desk::explain::Chosen;
use crate::intake::project::Source;
use crate::nouns::problem::{Place, Problem, Problems, did_you_mean};
use crate::nouns::words::listed;
use crate::pipeline;
use crate::scripts::engine::Engine;
use crate::scripts::slips::{Expression, GIVES, expression};

/// Try a population or a condition: how many records, and which rows
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur try looked_after q2.xlsx
  rapporteur try \"PLACE = 'K2'\" q2.xlsx
  rapporteur try \"PLACE = 'K2'\" q2.xlsx --list looked_after
  rapporteur try \"{ 'looked_after', child = { DOB = rap.aged(16) } }\" q2.xlsx
  rapporteur try \"function(episode) return episode.DEC == nil end\" q2.xlsx

What it tells is for your own desk: it says which rows count.")]
pub struct Options {
    /// The name of a population or list, conditions, or a function of a record
    pub expression: String,
    /// What to read.
    #[command(flatten)]
    pub reading: Reading,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// The list or population that it is asked of; found by the columns if left out
    #[arg(long = "list", value_name = "NAME")]
    pub base: Option<String>,
}

/// What messages call the script that an expression becomes.
const SCRIPT: &str = "the expression";
/// What the population that it declares is called.
const NAME: &str = "expression";

/// Runs it; gives the exit code. Problems of the return do not stop it.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let told = tell(options, &mut problems);
    progress::done();
    problems.sort();
    let (code, grave) = code_of_looking(&problems, told.is_some());
    let show_values = options.reading.show_values;
    if options.which.print.json {
        let json = told.map_or_else(|| json!({}), |(_, json)| json);
        return give_json(json, &problems, show_values, code);
    }
    match told {
        Some((text, _)) if !grave => say(&text),
        _ => print_problems(&problems, show_values, MOST_PRINTED, false),
    }
    code
}

/// The answer in words and for programs.
fn tell(options: &Options, problems: &mut Problems) -> Option<(String, Value)> {
    let written = &in_braces(options.expression.trim());
    let mut project = problems.keep(options.which.open())?;
    let wishes = problems.keep(options.reading.wishes())?;
    let declared = Engine::load(&project.sources, &mut Problems::default()).1;
    let asked = problems.keep(asked_of(written, options.base.as_deref(), &declared))?;
    let name = match &asked {
        Asked::Named(name) => name.as_str(),
        Asked::Script(text) => {
            project.sources.push(Source::own(SCRIPT, text.as_bytes()));
            NAME
        }
    };
    let received = pipeline::receive(&project, &wishes, problems)?;
    let chosen = Chosen::follow(&received, name).map_err(|p| problems.add(*p)).ok()?;
    let chosen = match asked {
        Asked::Named(_) => chosen,
        _ => chosen.written(written),
    };
    let show_values = options.reading.show_values;
    Some((chosen.text(show_values), chosen.to_json(show_values)))
}

/// What is to be looked at.
enum Asked {
    /// A population or list that is declared.
    Named(String),
    /// What a script of this text declares.
    Script(String),
}

/// Conditions on a list or population, as the script that asks for them.
fn narrowed(from: &str, conditions: &str) -> Asked {
    Asked::Script(format!(
        "rap.population \"{NAME}\" {{ from = \"{from}\", where = {conditions}\n}}"
    ))
}

/// What an expression is asked of, and as what script.
fn asked_of(text: &str, list: Option<&str>, declared: &Declarations) -> Result<Asked, Problem> {
    let given = list.map(|name| base(name, declared)).transpose()?;
    match expression(text) {
        Expression::Name(name) => base(&name, declared).map(Asked::Named),
        Expression::Population(table) => {
            Ok(Asked::Script(format!("rap.population \"{NAME}\" {table}\n")))
        }
        Expression::Narrowed(from, conditions) => {
            base(&from, declared).map(|from| narrowed(&from, &conditions))
        }
        Expression::Conditions(names) => {
            let from = given.map_or_else(|| list_with(&names, declared), Ok)?;
            Ok(narrowed(&from, text))
        }
        Expression::Function(record, names) => {
            let named = || record.and_then(|name| declared.linked(&name).map(|n| n.into_owned()));
            let from = given.or_else(named);
            let from = from.map_or_else(|| list_with(&names, declared), Ok)?;
            Ok(narrowed(&from, text))
        }
        Expression::Matcher => Err(not_to_be_tried(
            "a condition is tried together with its column",
            "write  { PLACE = \"U1\" },  with the column before it and one equals sign",
        )),
        Expression::Other(kind) => Err(not_to_be_tried(
            format!("rap.{kind} cannot be tried: it says more than which records count"),
            "try its conditions alone; or put it into scripts/ and ask `rapporteur explain` for it",
        )),
        Expression::Unread => match (unreadable(text), given) {
            (Some(problem), _) => Err(problem),
            (None, Some(from)) => Ok(narrowed(&from, text)),
            (None, None) => Err(Problem::script(
                Place::file(SCRIPT),
                "this is no population, condition or function",
            )
            .hint("write such as  { PLACE = \"U1\" },  or the name of a population")),
        },
    }
}

fn not_to_be_tried(message: impl Into<String>, hint: &str) -> Problem {
    Problem::usage("", message).hint(hint)
}

/// A population or a list by its name, or by that of its records.
fn base(name: &str, declared: &Declarations) -> Result<String, Problem> {
    let name = declared.without_pack(name);
    if let Some(found) = declared.linked(name) {
        return Ok(found.into_owned());
    }
    if declared.indicators.contains_key(name) {
        let message = format!("`{name}` is an indicator, not a population or list");
        return Err(Problem::usage("", message)
            .hint(format!("say `rapporteur explain {name}` and the return")));
    }
    let known = declared.populations.keys().chain(declared.lists.keys());
    let guess = did_you_mean(name, known.map(String::as_str));
    let message = format!("there is no population or list `{name}`{guess}");
    Err(Problem::usage("", message).hint("`rapporteur list` names them"))
}

/// The one list that has these columns. Names of linked lists and neighbours are on every list of
/// a key.
fn list_with(names: &[String], declared: &Declarations) -> Result<String, Problem> {
    let is_link = |name: &str| declared.linked(name).is_some() || Neighbour::named(name).is_some();
    let columns: Vec<&str> = names.iter().map(String::as_str).filter(|n| !is_link(n)).collect();
    let has_all = |list: &&List| columns.iter().all(|name| list.column(name).is_some());
    let having: Vec<&List> = declared.lists.values().filter(has_all).collect();
    // What is made of a list has that list's columns: who means it says so.
    let is_sent = |list: &&&List| having.iter().all(|of| list.made_of.as_ref() != Some(&of.name));
    let lists: Vec<&str> = having.iter().filter(is_sent).map(|list| list.name.as_str()).collect();
    match lists.as_slice() {
        [only] => Ok((*only).to_string()),
        [] => {
            let all = declared.lists.values().flat_map(|list| &list.columns);
            let known: Vec<&str> = all.map(|column| column.name.as_str()).collect();
            let stray = columns.iter().find(|name| !known.contains(name));
            Err(match stray {
                Some(name) => {
                    let guess = did_you_mean(name, known);
                    let first = declared.lists.keys().next().map_or("NAME", String::as_str);
                    Problem::usage("", format!("no list has a column `{name}`{guess}"))
                        .hint(format!("`rapporteur list {first}` names the columns of a list"))
                }
                None => Problem::usage("", format!("no list has all of {}", listed(&columns)))
                    .hint("columns of another list stand inside its name: child = { SEX = 1 }"),
            })
        }
        [first, ..] => {
            let message = match columns.as_slice() {
                [] => "no column says of which list the records are".to_string(),
                [one] => format!("several lists have a column {one}"),
                _ => format!("several lists have the columns {}", listed(&columns)),
            };
            Err(which_list(message, first, &lists))
        }
    }
}

fn which_list(message: String, first: &str, lists: &[&str]) -> Problem {
    const NAMED: usize = 6;
    let named = listed(&lists[..lists.len().min(NAMED)]);
    let others = if lists.len() > NAMED { " or another" } else { "" };
    Problem::usage("", message).hint(format!("say which: --list {first}, of {named}{others}"))
}

/// `PLACE = "U1"` is conditions, but for the braces that a script would have round them.
fn in_braces(text: &str) -> String {
    let braced = format!("{{ {text} }}");
    let conditions = || matches!(expression(&braced), Expression::Conditions(n) if !n.is_empty());
    let unread = matches!(expression(text), Expression::Unread) && unreadable(text).is_some();
    if unread && conditions() { braced } else { text.to_string() }
}

/// What Luau says of an expression that it cannot read.
fn unreadable(text: &str) -> Option<Problem> {
    let mut problems = Problems::default();
    Engine::load(&[Source::own(SCRIPT, format!("{GIVES}{text}\n"))], &mut problems);
    problems.iter().next().cloned()
}
