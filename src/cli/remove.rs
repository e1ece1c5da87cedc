//! `remove`: a pack that was added goes again.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::add::{delete, packs_but};
use super::{Which, exit_code, give_json, print_problems, say};
use crate::intake::packs::{LOCK, Lock, PACKS, Pack};
use crate::nouns::problem::{Problem, Problems, did_you_mean};
use crate::papers::write::{Audience, write_file};

/// Remove a pack from a project
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur remove annex-a

It goes from packs/ and from rapporteur.lock. A pack that another one needs
stays: remove that one first.")]
pub struct Options {
    /// The pack's name
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let root = options.which.project.clone().unwrap_or_else(|| PathBuf::from("."));
    let done = problems.keep(remove(&root, &options.name));
    let code = exit_code(&problems);
    if options.which.print.json {
        return give_json(
            json!({ "removed": done.map(|()| &options.name) }),
            &problems,
            false,
            code,
        );
    }
    print_problems(&problems, false, usize::MAX, true);
    if done.is_some() {
        say(&format!("removed {PACKS}/{}", options.name));
    }
    code
}

fn remove(root: &Path, name: &str) -> Result<(), Problem> {
    let mut lock = Lock::of_project(root)?;
    if lock.find(name).is_none() {
        let guess = did_you_mean(name, lock.packs.iter().map(|locked| locked.name.as_str()));
        return Err(Problem::usage("", format!("no pack `{name}` was added{guess}"))
            .hint(format!("{LOCK} says which were")));
    }
    let others = packs_but(root, &lock, name)?;
    if let Some(leans) = others.iter().find(|pack| pack.about.needs.contains_key(name)) {
        let message = format!("the pack `{}` needs `{name}`", leans.about.name);
        return Err(Problem::usage("", message).hint("remove that one first"));
    }
    let folder = root.join(PACKS).join(name);
    // Files that are none of the pack's stay where they are.
    if let Ok(pack) = Pack::open(&folder) {
        pack.files.keys().try_for_each(|file| delete(&folder.join(file)))?;
        empty(&root.join(PACKS));
    }
    lock.packs.retain(|locked| locked.name != name);
    write_file(&root.join(LOCK), lock.text().as_bytes(), Audience::Everyone)
}

/// Takes away folders in which nothing is left.
fn empty(folder: &Path) {
    let inside = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    inside.map(|entry| entry.path()).filter(|path| path.is_dir()).for_each(|path| empty(&path));
    // One that still holds something cannot be removed, and is not.
    let _ = std::fs::remove_dir(folder);
}
