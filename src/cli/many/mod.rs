//! `build DIR --jobs N`: a report of each return in a folder, some at a time. A bad return never
//! stops the others, and what is finished is written down, so that a run that was stopped can go
//! on.

mod made;
mod record;
mod table;

use std::collections::HashSet;
use std::ffi::OsStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::build::{self, Options};
use super::{MOST_PRINTED, exit_code, give_json, print_some, progress, say, say_as_it_is};
use crate::intake::folder::{Found, returns_in};
use crate::intake::project::Project;
use crate::nouns::problem::{Place, Problem, Problems, clean};
use crate::nouns::side_by_side::each;
use crate::nouns::words::several;
use crate::papers::write::{Audience, make_folder, write_file};
use crate::pipeline::{Loaded, Wishes};
use made::Made;
use record::Record;

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let done = all(options, &mut problems);
    progress::done();
    problems.sort();
    let code = exit_code(&problems);
    let Some(done) = done else {
        if options.which.print.json {
            return give_json(json!({ "returns": [] }), &problems, false, code);
        }
        print_some(&problems, false, MOST_PRINTED, false);
        say("nothing was made");
        return code;
    };
    // A return that was taken over from an earlier run has its problems still.
    let code = done.returns.iter().map(|one| one.made.exit_code).fold(code, u8::max);
    if options.which.print.json {
        let returns: Vec<_> = done.returns.iter().map(Outcome::to_json).collect();
        return give_json(json!({ "returns": returns }), &problems, false, code);
    }
    let left = print_some(&problems, options.reading.show_values, MOST_PRINTED, false);
    if left > 0 {
        say(&format!("and {left} more in {}", clean(&done.problem_list.display().to_string())));
    }
    say_as_it_is(&table::printed(&done.returns));
    say(&table::total(&done.returns));
    say(&format!("wrote {}", clean(&done.problem_list.display().to_string())));
    say(&format!("wrote {}", clean(&done.summary.display().to_string())));
    code
}

/// What became of every return, and where the two tables of the run are.
struct Done {
    returns: Vec<Outcome>,
    problem_list: PathBuf,
    summary: PathBuf,
}

/// What became of a return.
pub(super) struct Outcome {
    /// The return, from the folder on.
    pub(super) name: String,
    pub(super) made: Made,
    /// How long it took; none where an earlier run made it.
    pub(super) took: Option<Duration>,
    problems: Problems,
}

impl Outcome {
    fn to_json(&self) -> serde_json::Value {
        let mut json = self.made.to_json();
        json["return"] = self.name.clone().into();
        json["taken_over"] = self.took.is_none().into();
        json
    }
}

/// A return, and what is to be made of it.
struct Job {
    found: Found,
    options: Options,
}

fn all(options: &Options, problems: &mut Problems) -> Option<Done> {
    let [folder] = options.reading.inputs.as_slice() else {
        problems.add(
            Problem::usage("", "--jobs makes a report of each return in one folder")
                .hint("name the folder: rapporteur build returns/ --jobs 2"),
        );
        return None;
    };
    if !folder.is_dir() {
        let name = folder.display().to_string();
        problems.add(Problem::usage(name, "--jobs wants a folder of returns").hint(
            "name the folder that they lie in; without --jobs a single return is made a report of",
        ));
        return None;
    }
    let project = problems.keep(options.which.open())?;
    let wishes = problems.keep(options.reading.wishes_of_report(&options.chosen))?;
    let wishes = Wishes { progress: None, ..wishes };
    let root = options.output.clone().unwrap_or_else(|| folder.clone());
    let jobs = problems.keep(jobs(options, folder, &root))?;
    if jobs.is_empty() {
        let name = folder.display().to_string();
        problems.add(
            Problem::unreadable(name, "there is no return in the folder")
                .hint("a return is a workbook, or a folder of CSV lists"),
        );
        return None;
    }
    for job in &jobs {
        if let Some(into) = job.options.output.as_deref().and_then(Path::parent) {
            problems.keep(make_folder(into))?;
        }
    }
    let asked = record::asked_of(&project, options, &wishes);
    let record = problems.keep(Record::open(&root, options.resume))?;
    let at_once = usize::from(options.jobs.unwrap_or(1));
    let returns = work(&jobs, at_once, &project, |job, loaded| {
        one(job, (&project, loaded), &wishes, (&record, &asked))
    });
    for outcome in &returns {
        problems.extend(outcome.problems.clone());
    }
    let (problem_list, summary) = (root.join("problems.csv"), root.join("summary.csv"));
    let tables =
        [(&problem_list, table::problems_csv(&returns)), (&summary, table::summary_csv(&returns))];
    for (path, table) in tables {
        let table = problems.keep(table)?;
        problems.keep(write_file(path, &table, Audience::Everyone))?;
    }
    Some(Done { returns, problem_list, summary })
}

/// What is to be made of each return of a folder. What an earlier run made there is no return.
fn jobs(options: &Options, folder: &Path, root: &Path) -> Result<Vec<Job>, Problem> {
    let jobs: Vec<Job> = returns_in(folder)?
        .into_iter()
        .map(|found| Job { options: options_of(options, &found, root), found })
        .collect();
    let made: HashSet<PathBuf> = jobs.iter().flat_map(|job| job.options.outputs()).collect();
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let made: HashSet<PathBuf> = made.iter().map(|path| real(path)).collect();
    Ok(jobs.into_iter().filter(|job| !made.contains(&real(&job.found.path))).collect())
}

/// What a file is called that is made of one return: `out/q2-appendix.xlsx`.
fn of_return(begins: &Path, file: &OsStr) -> PathBuf {
    let mut name = begins.as_os_str().to_os_string();
    name.push(format!("-{}", file.to_string_lossy()));
    PathBuf::from(name)
}

/// The options of one return: the files that are asked for carry its name.
fn options_of(options: &Options, found: &Found, root: &Path) -> Options {
    let begins = root.join(&found.stem);
    let each = |file: &Option<PathBuf>| Some(of_return(&begins, file.as_ref()?.file_name()?));
    let mut own = options.clone();
    own.reading.inputs = vec![found.path.clone()];
    own.output = Some(of_return(&begins, "appendix.xlsx".as_ref()));
    own.editions.figures = each(&options.editions.figures);
    own.editions.html = each(&options.editions.html);
    own.exchange = each(&options.exchange);
    own.trail = each(&options.trail);
    own.bundle = each(&options.bundle);
    own.printed = each(&options.printed);
    own.problems = each(&options.problems);
    own
}

/// Does some jobs at a time, each worker with scripts that it loads once; what comes of them is in
/// their order.
fn work(
    jobs: &[Job],
    at_once: usize,
    project: &Project,
    one: impl Fn(&Job, &mut Loaded) -> Outcome + Sync,
) -> Vec<Outcome> {
    let finished = AtomicUsize::new(0);
    let load = || Loaded::of(project);
    each(jobs, at_once, (load(), load), |job, loaded| {
        let outcome = one(job, loaded);
        let done = finished.fetch_add(1, Ordering::Relaxed) + 1;
        progress::tell(&format!("{done} of {}", several(jobs.len(), "return")));
        outcome
    })
}

/// Makes the report of one return, unless an earlier run did and nothing has changed since.
fn one(
    job: &Job,
    (project, loaded): (&Project, &mut Loaded),
    wishes: &Wishes,
    (record, asked): (&Record, &str),
) -> Outcome {
    let began = Instant::now();
    let name = job.found.name.clone();
    let made_from = record::made_from(asked, &job.found.path);
    if let Some(made) = made_from.as_ref().and_then(|from| record.unchanged(&name, from)) {
        return Outcome { name, made, took: None, problems: Problems::default() };
    }
    let mut problems = Problems::default();
    let wishes = Wishes { inputs: vec![job.found.path.clone()], ..wishes.clone() };
    // A fault of the program itself must not take the other returns with it.
    let done = catch_unwind(AssertUnwindSafe(|| {
        let mut found = Problems::default();
        let done = build::make_of(&job.options, (project, Some(loaded)), &wishes, &mut found);
        (done.map(|done| (done.written, done.figures, done.about.period)), found)
    }));
    let done = match done {
        Ok((done, found)) => {
            problems.extend(found);
            done
        }
        Err(_) => {
            *loaded = Loaded::of(project);
            let place = Place::file(job.found.path.display().to_string());
            let message = "no report could be made of this return, by a fault of Rapporteur's own";
            problems.add(
                Problem { place, ..Problem::unreadable("", message) }
                    .hint("please tell its makers; the other returns were not touched by it"),
            );
            None
        }
    };
    problems.sort();
    let made = Made::of(done, &problems);
    if let Some(from) = made_from {
        problems.add_any(record.add(&name, &from, &made).err());
    }
    Outcome { name, made, took: Some(began.elapsed()), problems }
}
