//! The program: reads the command line, runs one command, gives its exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use rapporteur::cli::{self, Cli};
use rapporteur::intake::read::near_file;
use rapporteur::nouns::problem::nearest;

fn main() -> ExitCode {
    leave_no_core();
    cli::own_fault::tell_no_data();
    let (arguments, dropped) = with_build(with_serve(std::env::args_os().collect()));
    let code = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli.command.run(),
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

/// Data about children is in memory: a crash leaves no picture of it on the disk. Programs that
/// collect crashes ask for the same limit.
#[cfg(unix)]
fn leave_no_core() {
    // Where the system refuses, there is nobody to tell.
    let _ = rlimit::setrlimit(rlimit::Resource::CORE, 0, 0);
}

#[cfg(not(unix))]
fn leave_no_core() {}

/// Started by a double click, there is no terminal to say anything on: the page is shown.
#[cfg(not(target_family = "wasm"))]
fn with_serve(mut arguments: Vec<OsString>) -> Vec<OsString> {
    use std::io::IsTerminal;
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let terminal = if cfg!(windows) {
        // A double click opens a terminal of its own; a shell that was there has a prompt.
        set("PROMPT")
    } else {
        let (input, output) = (std::io::stdin().is_terminal(), std::io::stdout().is_terminal());
        input || output || std::io::stderr().is_terminal()
    };
    let screen =
        cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY");
    if arguments.len() == 1 && !terminal && screen {
        arguments.push("serve".into());
    }
    arguments
}

#[cfg(target_family = "wasm")]
fn with_serve(arguments: Vec<OsString>) -> Vec<OsString> {
    arguments
}

/// `rapporteur FILE` alone means `rapporteur build FILE`, and so does a name that is nearer to a
/// file than to a command.
fn with_build(mut arguments: Vec<OsString>) -> (Vec<OsString>, bool) {
    let Some(first) = arguments.get(1).and_then(|a| a.to_str()) else { return (arguments, false) };
    let command = Cli::command();
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
