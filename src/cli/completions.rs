//! `completions` and `man`: what shells and manuals are told of the command line.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::{Arg, Command};
pub use clap_complete::Shell;

use super::{exit_code, print_problems};
use crate::definitions::Declarations;
use crate::figures::suppress::Rule;
use crate::intake::project::Project;
use crate::nouns::problem::{Problem, Problems};
use crate::papers::write::{Audience, make_folder, write_file};
use crate::scripts::engine::Engine;

/// Print what a shell needs to complete commands
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur completions bash >> ~/.bashrc
  rapporteur completions powershell >> $PROFILE
  rapporteur completions zsh > ~/.zfunc/_rapporteur
  rapporteur completions fish > ~/.config/fish/completions/rapporteur.fish

The names of layouts, rules and indicators are those of the project at hand.")]
pub struct Options {
    /// The shell
    pub shell: Shell,
}

/// Print the manual, or write its pages into a folder
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur man | man -l -
  rapporteur man -o /usr/local/share/man/man1")]
pub struct Manual {
    /// Write a page for each command into this folder
    #[arg(short, long, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
}

/// Prints what a shell needs to complete what is typed, the names of the project at hand among it.
pub fn run(command: Command, shell: Shell) -> u8 {
    let mut command = with_names(command, &declared());
    let name = command.get_name().to_string();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    print(&script);
    0
}

/// What the project at hand declares; of one that cannot be read, nothing.
fn declared() -> Declarations {
    let project = Project::open(None).unwrap_or_else(|_| Project::shipped());
    Engine::load(&project.sources, &mut Problems::default()).1
}

/// The command line with the names of layouts, rules, indicators, lists and populations that can
/// be typed.
fn with_names(command: Command, declared: &Declarations) -> Command {
    let layouts: Vec<String> = declared.layouts.keys().cloned().collect();
    let rules: Vec<String> = std::iter::once(Rule::NONE.to_string())
        .chain(declared.disclosures.keys().cloned())
        .collect();
    let codes: Vec<String> = declared.indicators.keys().cloned().collect();
    let lists: Vec<String> = declared.lists.keys().cloned().collect();
    let bases = declared.populations.keys().chain(&lists).cloned().collect();
    let named = [
        ("template", layouts.clone()),
        ("layout", layouts),
        ("disclosure", rules),
        ("code", codes),
        ("list", lists),
        ("base", bases),
    ];
    // `mut_arg` would put an argument behind the others.
    command.mut_subcommands(|sub| sub.mut_args(|argument| with_values(argument, &named)))
}

/// An argument with the values that it may have, where it is one of those that name something.
fn with_values(argument: Arg, named: &[(&str, Vec<String>)]) -> Arg {
    match named.iter().find(|(name, _)| argument.get_id() == name) {
        Some((_, names)) => argument.value_parser(PossibleValuesParser::new(names.clone())),
        None => argument,
    }
}

/// Prints the manual, or writes a page for each command into a folder.
pub fn man(command: Command, folder: Option<&Path>) -> u8 {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let Some(folder) = folder else {
        print(&page(command));
        return 0;
    };
    let mut problems = Problems::default();
    problems.keep(write_all(command, folder));
    print_problems(&problems, false, 1, false);
    exit_code(&problems)
}

fn write_all(command: Command, folder: &Path) -> Result<(), Problem> {
    make_folder(folder)?;
    let subs: Vec<Command> =
        command.get_subcommands().filter(|sub| !sub.is_hide_set()).cloned().collect();
    let name = command.get_name().to_string();
    let of_sub = |sub: Command| (format!("{name}-{}", sub.get_name()), sub);
    for (name, page_of) in
        std::iter::once((name.clone(), command)).chain(subs.into_iter().map(of_sub))
    {
        let path = folder.join(format!("{name}.1"));
        write_file(&path, &page(page_of.name(name)), Audience::Everyone)?;
        super::say(&format!("wrote {}", path.display()));
    }
    Ok(())
}

fn page(command: Command) -> Vec<u8> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).expect("memory can be written to");
    page
}

/// Prints bytes; a reader that went away is no fault of ours.
fn print(bytes: &[u8]) {
    use std::io::Write;
    let _ = std::io::stdout().lock().write_all(bytes);
}
