//! `add`: a pack that somebody handed over becomes a project's. It is described before any of it is
//! run, and tried with the project's other scripts before it is put there.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{Which, exit_code, give_json, print_problems, say};
use crate::desk::packs::Described;
use crate::intake::packs::{LOCK, Lock, PACKS, Pack, shipped};
use crate::intake::project::Project;
use crate::intake::read::io_reason;
use crate::nouns::problem::{Problem, Problems, Severity};
use crate::papers::write::{Audience, make_folder, write_file};
use crate::scripts::engine::Engine;

/// Add a pack of scripts to a project
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur add annex-a-1.0.0.zip --look    what is in it; nothing is run
  rapporteur add annex-a-1.0.0.zip

The pack is described first, from its text alone. Then its scripts are tried
with the project's, in the sandbox that all scripts run in; where nothing is
wrong, the pack is put under packs/ and noted in rapporteur.lock.")]
pub struct Options {
    /// The pack: a file, or a folder
    #[arg(value_name = "PACK")]
    pub pack: PathBuf,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Say what is in it, and do nothing
    #[arg(long)]
    pub look: bool,
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let root = options.which.project.clone().unwrap_or_else(|| PathBuf::from("."));
    let pack = problems.keep(Pack::open(&options.pack));
    let mut written = Vec::new();
    if let Some(pack) = &pack {
        if !options.which.print.json {
            say(&Described::of(pack).text());
        }
        if !options.look {
            written = add(&root, pack, &mut problems).unwrap_or_default();
        }
    }
    problems.sort();
    let code = exit_code(&problems);
    if options.which.print.json {
        let mut json = pack.map_or_else(|| json!({}), |pack| Described::of(&pack).to_json());
        json["written"] = json!(written);
        return give_json(json, &problems, false, code);
    }
    print_problems(&problems, false, usize::MAX, false);
    match (written.is_empty(), options.look) {
        (false, _) => say(&format!("added to {}", written.join(" and "))),
        (true, false) => say("nothing was added"),
        (true, true) => {}
    }
    code
}

/// Tries a pack with a project, and puts it there; gives what was written.
fn add(root: &Path, pack: &Pack, problems: &mut Problems) -> Option<Vec<String>> {
    let name = &pack.about.name;
    let mut lock = problems.keep(Lock::of_project(root))?;
    let refused = if shipped().iter().any(|shipped| shipped.about.name == *name) {
        Some(("ships with the program", "a pack of your own needs a name of its own"))
    } else if lock.find(name).is_some() {
        Some(("was added already", "`rapporteur update FILE` takes another version"))
    } else {
        None
    };
    if let Some((why, hint)) = refused {
        problems.add(Problem::usage("", format!("the pack `{name}` {why}")).hint(hint));
        return None;
    }
    let others = problems.keep(packs_but(root, &lock, name))?;
    let with: Vec<Pack> = others.iter().cloned().chain([pack.clone()]).collect();
    if !holds_with(root, others, with, problems)? {
        return None;
    }
    lock.note(pack);
    let folder = root.join(PACKS).join(name);
    problems.keep(put(&folder, pack))?;
    let noted = write_file(&root.join(LOCK), lock.text().as_bytes(), Audience::Everyone);
    problems.keep(noted)?;
    Some(vec![format!("{PACKS}/{name}"), LOCK.to_string()])
}

/// The packs of a project without one, which may lie there and not be noted yet.
pub fn packs_but(root: &Path, lock: &Lock, name: &str) -> Result<Vec<Pack>, Problem> {
    let others = lock.packs.iter().filter(|locked| locked.name != name).cloned().collect();
    Lock { packs: others }.packs_beside(root, name)
}

/// What is wrong with a project's scripts.
fn faults_of(project: &Project) -> Problems {
    let mut found = Problems::default();
    Engine::load(&project.sources, &mut found);
    found
}

/// Whether two problems are one and the same.
fn says_the_same(one: &Problem, other: &Problem) -> bool {
    one.place == other.place && one.message == other.message
}

/// Whether a project's scripts are as sound with these packs as with those: what is wrong only now
/// is told.
pub fn holds_with(
    root: &Path,
    before: Vec<Pack>,
    after: Vec<Pack>,
    problems: &mut Problems,
) -> Option<bool> {
    let old = Project::with_packs(root, before).map(|project| faults_of(&project));
    let old = old.unwrap_or_default();
    let new = faults_of(&problems.keep(Project::with_packs(root, after))?);
    let known = |problem: &Problem| old.iter().any(|old| says_the_same(old, problem));
    let fresh: Vec<&Problem> = new
        .iter()
        .filter(|problem| problem.severity == Severity::Error && !known(problem))
        .collect();
    fresh.iter().for_each(|problem| problems.add((*problem).clone()));
    Some(fresh.is_empty())
}

/// Puts a pack's files into a folder, in place of what is there.
pub fn put(folder: &Path, pack: &Pack) -> Result<(), Problem> {
    // What is no longer in it goes; where the pack was read from there, all stays.
    let there = Pack::open(folder).ok();
    for gone in there.iter().flat_map(|there| there.files.keys()) {
        if !pack.files.contains_key(gone) {
            delete(&folder.join(gone))?;
        }
    }
    for (name, bytes) in &pack.files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            make_folder(parent)?;
        }
        write_file(&path, bytes, Audience::Everyone)?;
    }
    Ok(())
}

/// Deletes a file of a pack.
pub fn delete(path: &Path) -> Result<(), Problem> {
    std::fs::remove_file(path).map_err(|e| {
        let message = format!("cannot be deleted: {}", io_reason(&e));
        Problem::unreadable(path.display().to_string(), message)
    })
}
