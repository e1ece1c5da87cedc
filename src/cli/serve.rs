//! `serve`: the officer's door from this program, for this machine's own browser.

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::watch::files::{Seen, Watched};
use super::{
    MOST_PRINTED, Which, exit_code, give_json, print_problems, progress, say, say_as_it_is,
};
use crate::door::serve::{Bounds, Server, Settings};
use crate::door::{Packed, pack};
use crate::intake::project::Project;
use crate::intake::read::io_reason;
use crate::nouns::problem::{Problem, Problems};

/// Show the officers' page from this program, to this machine's own browser
#[derive(Debug, Clone, Default, Args)]
#[command(after_help = "\
Examples:
  rapporteur serve
  rapporteur serve --project my-council --watch

The page is the one that `rapporteur page` makes, at an address of this machine
that no other machine can reach, and that opens once. What is dropped on it
lies in a private folder for as long as the answer takes. Ctrl-C ends it, and
so does closing the page, after some minutes.")]
pub struct Options {
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// The port [default: any that is free]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub port: u16,
    /// Load scripts anew when they change, show what is wrong with them, and the catalogue
    #[arg(long)]
    pub watch: bool,
    /// Open no browser: only say the address
    #[arg(long)]
    pub no_browser: bool,
    /// How many minutes it goes on after the last page was closed
    #[arg(
        long,
        value_name = "MINUTES",
        default_value_t = 5,
        value_parser = clap::value_parser!(u16).range(1..=1440)
    )]
    pub linger: u16,
}

/// Runs it until it ends; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let served = serve(options, &mut problems);
    problems.keep(served);
    let code = exit_code(&problems);
    if options.which.print.json {
        return give_json(json!({ "event": "ended" }), &problems, false, code);
    }
    print_problems(&problems, false, MOST_PRINTED, false);
    if code == 0 {
        say("ended: nothing of what was dropped is left");
    }
    code
}

/// That the page cannot be served, and why.
fn not_served(e: std::io::Error) -> Problem {
    Problem::unreadable("", format!("the page cannot be served: {}", io_reason(&e)))
        .hint("is the port taken? --port names another; without it any that is free is used")
}

fn serve(options: &Options, problems: &mut Problems) -> Result<(), Problem> {
    let project = options.which.open()?;
    // What the page shows of a project is its name; settings that name no file do no harm here.
    let packed = match pack(&project, None) {
        Ok(packed) => packed,
        Err(problem) => {
            problems.add(problem);
            Packed::default()
        }
    };
    let root = options.which.project.clone().or(project.root.clone().map(rooted));
    let root = root.map(|root| root.canonicalize().unwrap_or(root));
    let settings = Settings {
        program: std::env::current_exe().map_err(not_served)?,
        stages: progress::HEARD,
        stamp: options.watch.then(|| stamp(root.clone())),
        project: root,
        packed,
        port: options.port,
        bounds: Bounds {
            linger: Duration::from_secs(u64::from(options.linger) * 60),
            ..Bounds::default()
        },
    };
    let server = Server::bind(settings).map_err(not_served)?;
    let link = server.link().map_err(not_served)?;
    if options.which.print.json {
        say_as_it_is(&json!({ "event": "serving", "link": link }).to_string());
    } else {
        say(&format!("open {link}\nCtrl-C ends it"));
    }
    let _ = std::io::stdout().flush();
    if !options.no_browser {
        open(&link);
    }
    server.run().map_err(not_served)
}

/// The folder of a project that is the current one has no name of its own.
fn rooted(root: PathBuf) -> PathBuf {
    if root.as_os_str().is_empty() { PathBuf::from(".") } else { root }
}

/// How often the project's files have changed, as far as it was asked.
fn stamp(root: Option<PathBuf>) -> Box<dyn Fn() -> String> {
    let changes = Cell::new(0_u32);
    let last = RefCell::new(None);
    Box::new(move || {
        let project = Project::open(root.as_deref()).ok();
        let watched = Watched::of(root.as_deref(), project.as_ref(), &[], &[], Vec::new());
        let mut last = last.borrow_mut();
        let seen = watched.look(last.as_ref().unwrap_or(&Seen::default()));
        if last.as_ref().is_some_and(|last| !seen.since(last).is_empty()) {
            changes.set(changes.get() + 1);
        }
        *last = Some(seen);
        changes.get().to_string()
    })
}

/// Asks the system to open a link. Where it cannot, the link was said.
fn open(link: &str) {
    let (program, arguments): (&str, &[&str]) = if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let quiet = || Stdio::null();
    let mut command = Command::new(program);
    command.args(arguments).arg(link).stdin(quiet()).stdout(quiet()).stderr(quiet());
    let _ = command.spawn();
}
