//! `update`: another version of a pack, and what it changes in the council's last appendix before
//! it is taken.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::add::{holds_with, packs_but, put};
use super::{Reading, ReportChoice, Which, exit_code, give_json, print_problems, progress, say};
use crate::desk::packs::Described;
use crate::intake::packs::{LOCK, Lock, PACKS, Pack};
use crate::intake::project::Project;
use crate::nouns::problem::{Problem, Problems, did_you_mean};
use crate::papers::write::{Audience, workbook, write_file};
use crate::pipeline::{self, output_beside};
use crate::workbook_diff::book::Book;
use crate::workbook_diff::compare::Changes;
use crate::workbook_diff::describe;

/// Take another version of a pack, once it is seen what it changes
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur update annex-a-1.1.0.zip q2.xlsx    what it would change in the
                                                 appendix of q2.xlsx
  rapporteur update annex-a-1.1.0.zip --accept   take it

Without a return, the one in the project's folder that has an appendix beside it
is taken; of several, the last by name.")]
pub struct Options {
    /// The pack's other version: a file, or a folder
    #[arg(value_name = "PACK")]
    pub pack: PathBuf,
    /// What to read.
    #[command(flatten)]
    pub reading: Reading,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// The layout of the appendix
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// Take it
    #[arg(long)]
    pub accept: bool,
}

/// What came of looking at another version.
struct Seen {
    /// The return whose appendix was looked at, and what changes in it.
    changes: Option<(String, Changes)>,
    taken: bool,
}

/// Runs it; gives the exit code: 1 where something would change that was not taken.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let pack = problems.keep(Pack::open(&options.pack));
    if let (Some(pack), false) = (&pack, options.which.print.json) {
        say(&Described::of(pack).text());
    }
    let seen = pack.as_ref().and_then(|pack| update(options, pack, &mut problems));
    progress::done();
    problems.sort();
    let differs = seen.as_ref().is_some_and(|seen| {
        !seen.taken && seen.changes.as_ref().is_some_and(|(_, changes)| !changes.is_empty())
    });
    let code = exit_code(&problems).max(u8::from(differs));
    if options.which.print.json {
        return give_json(as_json(pack.as_ref(), seen.as_ref()), &problems, false, code);
    }
    print_problems(&problems, false, usize::MAX, false);
    if let (Some(seen), Some(pack)) = (&seen, &pack) {
        tell(seen, pack);
    }
    code
}

fn tell(seen: &Seen, pack: &Pack) {
    match &seen.changes {
        Some((file, changes)) if changes.is_empty() => {
            say(&format!("nothing changes in the appendix of {file}"));
        }
        Some((file, changes)) => {
            let (text, sentence) = (changes.text(), changes.sentence());
            let mut out = anstream::stdout().lock();
            let _ = writeln!(out, "in the appendix of {file}:\n\n{text}\n{sentence}");
        }
        None => say("no return was looked at: name one to see what changes in its appendix"),
    }
    let about = &pack.about;
    say(&match seen.taken {
        true => format!("took {} {}", about.name, about.version),
        false => "not taken yet: --accept takes it".to_string(),
    });
}

fn as_json(pack: Option<&Pack>, seen: Option<&Seen>) -> Value {
    let mut json = pack.map_or_else(|| json!({}), |pack| Described::of(pack).to_json());
    let Some(seen) = seen else { return json };
    json["taken"] = json!(seen.taken);
    json["appendix"] = seen.changes.as_ref().map_or(
        Value::Null,
        |(file, changes)| json!({ "return": file, "changes": changes.to_json() }),
    );
    json
}

/// Looks at another version, and takes it where that is asked for.
fn update(options: &Options, pack: &Pack, problems: &mut Problems) -> Option<Seen> {
    let root = options.which.project.clone().unwrap_or_else(|| PathBuf::from("."));
    let name = &pack.about.name;
    let mut lock = problems.keep(Lock::of_project(&root))?;
    if lock.find(name).is_none() {
        let guess = did_you_mean(name, lock.packs.iter().map(|locked| locked.name.as_str()));
        problems.add(
            Problem::usage("", format!("no pack `{name}` was added{guess}"))
                .hint("`rapporteur add FILE` adds it"),
        );
        return None;
    }
    let others = problems.keep(packs_but(&root, &lock, name))?;
    // Where the pack was changed in its folder, what was added before is no longer there.
    let old = Pack::open(&root.join(PACKS).join(name)).ok();
    let before: Vec<Pack> = others.iter().cloned().chain(old).collect();
    let after: Vec<Pack> = others.into_iter().chain([pack.clone()]).collect();
    if !holds_with(&root, before.clone(), after.clone(), problems)? {
        return None;
    }
    let mut reading = options.reading.clone();
    reading.inputs.extend(last_return(&root).filter(|_| options.reading.inputs.is_empty()));
    let changes = match reading.inputs.first().map(|path| path.display().to_string()) {
        None => None,
        Some(file) => {
            let [old, new] = [before, after]
                .map(|packs| appendix(&root, packs, &reading, options.template.as_ref(), problems));
            let changes = Changes::between(&old?, &new?)
                .map_err(|why| Problem::unreadable(&file, format!("cannot be compared: {why}")));
            Some((file, problems.keep(changes)?))
        }
    };
    if options.accept {
        lock.note(pack);
        problems.keep(put(&root.join(PACKS).join(name), pack))?;
        let text = lock.text();
        problems.keep(write_file(&root.join(LOCK), text.as_bytes(), Audience::Everyone))?;
    }
    Some(Seen { changes, taken: options.accept })
}

/// The appendix of a return with these packs.
fn appendix(
    root: &Path,
    packs: Vec<Pack>,
    reading: &Reading,
    template: Option<&String>,
    problems: &mut Problems,
) -> Option<Book> {
    let project = problems.keep(Project::with_packs(root, packs))?;
    let chosen = ReportChoice { template: template.cloned(), disclosure: None };
    let wishes = problems.keep(reading.wishes_of_report(&chosen))?;
    // What is wrong with the return is told by `check`; why there is no appendix, here.
    let mut found = Problems::default();
    let received = pipeline::receive(&project, &wishes, &mut found);
    let finished = received.and_then(|all| all.finish(&project, &wishes, &mut found));
    let Some(finished) = finished else {
        problems.extend(found);
        return None;
    };
    let bytes = problems.keep(workbook(&finished.report))?;
    let book = describe::workbook(&bytes)
        .map_err(|why| Problem::unreadable("", format!("the appendix cannot be read: {why}")));
    problems.keep(book)
}

/// The return in the project's folder that has an appendix beside it; the last by name.
fn last_return(root: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(root).into_iter().flatten().filter_map(Result::ok);
    let mut returns: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            let appendix = output_beside(path, "appendix.xlsx");
            appendix.is_file() && appendix != *path
        })
        .collect();
    returns.sort();
    returns.pop()
}
