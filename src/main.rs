//! The program: reads the command line, runs one command, gives its exit code.

mod args;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use rapporteur::cli;
use rapporteur::intake::read::near_file;
use rapporteur::nouns::problem::nearest;

fn main() -> ExitCode {
    let (arguments, dropped) = with_build(std::env::args_os().collect());
    let code = match args::Cli::try_parse_from(&arguments) {
        Ok(cli) => run(cli.command),
        Err(error) if error.use_stderr() && arguments.iter().any(|a| a == "--json") => {
            cli::misused(&error.render().to_string())
        }
        Err(error) => error.exit(),
    };
    if dropped && cfg!(windows) {
        // Dropped on the program's icon: the window would close before anybody could read it.
        println!("\nPress Enter to close this window.");
        let _ = std::io::stdin().read_line(&mut String::new());
    }
    ExitCode::from(code)
}

/// `rapporteur FILE` alone means `rapporteur build FILE`, and so does a name that is nearer to a
/// file than to a command.
fn with_build(mut arguments: Vec<OsString>) -> (Vec<OsString>, bool) {
    let Some(first) = arguments.get(1).and_then(|a| a.to_str()) else { return (arguments, false) };
    let command = args::Cli::command();
    let names: Vec<&str> =
        command.get_subcommands().map(clap::Command::get_name).chain(["help"]).collect();
    let known = names.contains(&first) || first.starts_with('-');
    let path = std::path::Path::new(first);
    let file = !known
        && (first.contains(['.', '/', '\\'])
            || path.exists()
            || (nearest(first, names).is_none() && near_file(path).is_some()));
    if file {
        arguments.insert(1, "build".into());
    }
    (arguments, file)
}

fn reading(reading: &args::Reading) -> cli::Reading {
    cli::Reading {
        inputs: reading.inputs.clone(),
        period: reading.period.clone(),
        history: reading.history.clone(),
        show_values: reading.show_values,
        limit: reading.limit,
    }
}

fn which(which: &args::Which) -> cli::Which {
    cli::Which { project: which.project.clone(), json: which.json }
}

fn build(a: args::Build) -> cli::build::Options {
    cli::build::Options {
        reading: reading(&a.reading),
        which: which(&a.which),
        output: a.output,
        template: a.template,
        disclosure: a.disclosure,
        accessible: a.accessible,
        html: a.html,
        figures: a.figures,
        trail: a.trail,
        strict: a.strict,
    }
}

fn begin(a: args::New) -> u8 {
    use args::NewPart;
    use cli::new::{Wanted, run};
    match (a.part, a.folder) {
        (Some(NewPart::Indicator { code, title, which: w }), _) => {
            run(&Wanted::Indicator(code, title), &which(&w))
        }
        (Some(NewPart::Layout { name, which: w }), _) => run(&Wanted::Layout(name), &which(&w)),
        (None, folder) => {
            let folder = folder.expect("the command line asks for it");
            run(&Wanted::Project(folder, a.from), &cli::Which { project: None, json: a.json })
        }
    }
}

fn run(command: args::Command) -> u8 {
    use args::Command;
    match command {
        Command::New(a) => begin(a),
        Command::Build(a) => cli::build::run(&build(a)),
        Command::Watch(a) => cli::watch::run(&build(a)),
        Command::Check(a) => cli::check::run(&reading(&a.reading), &which(&a.which), a.verbose),
        Command::Show(a) => cli::show::run(&a.file, &which(&a.which), a.cells, a.limit),
        Command::List(a) => cli::list::run(&which(&a.which)),
        Command::Restated(a) => cli::restated::run(&which(&a.which), a.output.as_deref()),
        Command::Blank(a) => cli::blank::run(&cli::blank::Options {
            which: which(&a.which),
            last: a.last,
            output: a.output,
            period: a.period,
            history: a.history,
            figures: a.figures,
            layout: a.layout,
            lists: match (a.with_lists, a.no_lists) {
                (true, _) => cli::blank::Lists::All,
                (_, true) => cli::blank::Lists::None,
                _ if a.lists.is_empty() => cli::blank::Lists::Services,
                _ => cli::blank::Lists::Named(a.lists),
            },
            by: a.by,
        }),
        Command::Docs(a) => cli::docs::run(&cli::docs::Options {
            which: which(&a.which),
            output: a.output,
            reference: a.reference,
        }),
        Command::Types(a) => cli::types::run(a.output.as_deref(), a.json),
        Command::Explain(mut a) => {
            // With --cell there is no code, and the first file stands in its place.
            let (cell, code) = (a.cell.take(), a.code.take());
            let asked = match (cell, code) {
                (Some(cell), first) => {
                    a.reading.inputs.splice(0..0, first.map(Into::into));
                    cli::explain::Asked::Cell(cell)
                }
                (None, code) => cli::explain::Asked::Codes(code.unwrap_or_default()),
            };
            cli::explain::run(&cli::explain::Options {
                asked,
                reading: reading(&a.reading),
                which: which(&a.which),
                template: a.template,
                disclosure: a.disclosure,
                html: a.html,
            })
        }
        Command::Test(a) => cli::test::run(&cli::test::Options {
            which: which(&a.which),
            words: a.words,
            accept: a.accept,
            remove_unused: a.remove_unused,
            check: a.check,
            html: a.html,
        }),
        Command::Completions(a) => cli::completions::run(args::Cli::command(), a.shell),
        Command::Man(a) => cli::completions::man(args::Cli::command(), a.output.as_deref()),
        Command::Diff(a) => cli::diff::run(&a.old, &a.new, &a.only, a.html.as_deref(), a.json),
    }
}
