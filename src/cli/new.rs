//! `new`: a project that works at once, or an indicator, layout and test case in one. Nothing is
//! overwritten, ever.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Print, Which, exit_code, give_json, print_problems, say, types};
use crate::definitions::{Declarations, slug};
use crate::intake::project::{Project, SETTINGS};
use crate::intake::read::io_reason;
use crate::nouns::problem::{Problem, Problems};
use crate::nouns::words::capital;
use crate::papers::write::{Audience, make_folder, write_file};
use crate::scripts::engine::Engine;

mod copy;
mod starters;

pub use starters::Starter;

/// Begin a project, or an indicator or layout in one
#[derive(Debug, Clone, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "\
Examples:
  rapporteur new my-council                        a small project that works
  rapporteur new my-council --from children-in-care    on the scripts that ship
  rapporteur new indicator kin_pct --title \"Fostered by relatives\"
  rapporteur new layout panel
  rapporteur new indicator pl3_pct --copy          the shipped one, to change it
  rapporteur new layout board --copy

Nothing is ever overwritten."
)]
pub struct Options {
    /// What to add to a project.
    #[command(subcommand)]
    pub part: Option<Part>,
    /// The new project's folder
    #[arg(value_name = "PROJECT", required = true)]
    pub folder: Option<PathBuf>,
    /// What to start from
    #[arg(long, value_name = "NAME", value_enum, default_value_t)]
    pub from: Starter,
    /// How the answer is printed.
    #[command(flatten)]
    pub print: Print,
}

/// What can be added to a project.
#[derive(Debug, Clone, Subcommand)]
pub enum Part {
    /// Begin an indicator, with a test for it
    Indicator {
        /// Its code, such as kin_pct
        code: String,
        /// What members read
        #[arg(long, conflicts_with = "copy")]
        title: Option<String>,
        /// Copy the one of this code that ships, with what it uses, to change it
        #[arg(long)]
        copy: bool,
        /// Which project.
        #[command(flatten)]
        which: Which,
    },
    /// Begin a layout: one table of every figure
    Layout {
        /// Its name, such as panel
        name: String,
        /// Copy the one of this name that ships, with what it uses, to change it
        #[arg(long)]
        copy: bool,
        /// Which project.
        #[command(flatten)]
        which: Which,
    },
}

/// What was made, and what to do next.
struct Made {
    written: Vec<PathBuf>,
    told: String,
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let (made, json) = match &options.part {
        Some(Part::Indicator { code, title, copy, which }) => {
            let made = inside(which).and_then(|place| match copy {
                true => copy::copy(&place, copy::Copied::Indicator, code),
                false => indicator(&place, code, title.as_deref()),
            });
            (made, which.print.json)
        }
        Some(Part::Layout { name, copy, which }) => {
            let made = inside(which).and_then(|place| match copy {
                true => copy::copy(&place, copy::Copied::Layout, name),
                false => layout(&place, name),
            });
            (made, which.print.json)
        }
        None => {
            let folder = options.folder.as_deref().expect("the command line asks for it");
            (project(folder, options.from), options.print.json)
        }
    };
    let made = problems.keep(made);
    let code = exit_code(&problems);
    if json {
        let written: Vec<String> =
            made.iter().flat_map(|m| &m.written).map(|p| p.display().to_string()).collect();
        return give_json(json!({ "written": written }), &problems, false, code);
    }
    print_problems(&problems, false, usize::MAX, true);
    if let Some(made) = made {
        say(&made.told);
    }
    code
}

/// Whether a file may be somebody's work, as what systems and editors leave in a folder is not.
fn is_somebodys_work(name: &str) -> bool {
    !name.starts_with('.') && name != "desktop.ini" && name != "Thumbs.db"
}

/// Makes a project.
fn project(folder: &Path, starter: Starter) -> Result<Made, Problem> {
    let name = folder.display().to_string();
    if name.trim().is_empty() {
        return Err(Problem::usage("", "a project needs a name").hint("rapporteur new my-council"));
    }
    match std::fs::read_dir(folder) {
        Ok(entries) => {
            let names = entries.filter_map(Result::ok).map(|entry| entry.file_name());
            let names = names.map(|name| name.to_string_lossy().into_owned());
            if let Some(first) = names.filter(|name| is_somebodys_work(name)).min() {
                return Err(Problem::usage(
                    name,
                    format!("the folder is not empty: there is `{first}` in it"),
                )
                .hint("name a new folder: nothing is ever overwritten"));
            }
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => {
            return Err(Problem::usage(
                name,
                format!("a project cannot be made here: {}", io_reason(&e)),
            )
            .hint("name a new folder"));
        }
    }
    let mut written = write_new(folder, &starter.files())?;
    // An editor that was there first keeps its settings: `rapporteur types` says what to add.
    let editors = types::files(folder).into_iter().filter(|(file, _)| !folder.join(file).exists());
    let editors: Vec<_> =
        editors.map(|(file, text)| (file.to_string(), text.into_bytes())).collect();
    written.extend(write_new(folder, &editors)?);
    let into =
        if folder == Path::new(".") { String::new() } else { format!("  cd {}\n", quoted(&name)) };
    let told = format!(
        "made {name}: {}\n\nNext:\n{into}\
         \x20 rapporteur {:9}  make the appendix of the made-up return\n\
         \x20 rapporteur test       hold its figures against tests/\n\n\
         README.md says how to go on.",
        starter.holds(),
        starter.made_up()
    );
    Ok(Made { written, told })
}

/// A project that is there: its folder and what its scripts declare.
struct Inside {
    folder: PathBuf,
    project: Project,
    declared: Declarations,
}

impl Inside {
    /// A file of the project as it is named on the screen.
    fn shown(&self, file: &str) -> String {
        self.folder.join(file).display().to_string()
    }
}

/// The project that something is added to. Scripts at fault do not matter here: they are told by
/// whatever runs them.
fn inside(which: &Which) -> Result<Inside, Problem> {
    let folder = which.project.clone().unwrap_or_default();
    let here = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.clone() };
    if !["scripts", "templates", SETTINGS].iter().any(|part| here.join(part).exists()) {
        return Err(Problem::usage(here.display().to_string(), "this folder is no project").hint(
            "`rapporteur new NAME` makes one; or go into the folder that holds rapporteur.toml",
        ));
    }
    let project = Project::open(Some(&here))?;
    let declared = Engine::load(&project.sources, &mut Problems::default()).1;
    Ok(Inside { folder, project, declared })
}

/// Begins an indicator: a script that is valid from the start, and a test case for it.
fn indicator(place: &Inside, code: &str, title: Option<&str>) -> Result<Made, Problem> {
    proper("an indicator", code)?;
    // Figures are found by their codes in any case.
    if let Some(known) =
        place.declared.indicators.values().find(|known| known.code.eq_ignore_ascii_case(code))
    {
        return Err(taken("an indicator", &known.code, &known.place.to_string()));
    }
    let title = title.map_or_else(|| spelt_out(code), str::to_string);
    let (script, case) = (format!("scripts/{code}.luau"), format!("tests/{code}.toml"));
    let text = starters::indicator(&place.declared, code, &title);
    let tested = starters::case(&place.project, &place.declared, (code, &title), &text);
    let files = [(script.clone(), text.into_bytes()), (case.clone(), tested.into_bytes())];
    let written = write_new(&place.folder, &files)?;
    let told = format!(
        "wrote {}\nwrote {}\n\nNext: say in the script what counts, and in the test what must come \
         out. Then\n\
         \x20 rapporteur list\n  rapporteur test {code}\n  rapporteur explain {code} q2.xlsx    \
         with your return",
        place.shown(&script),
        place.shown(&case)
    );
    Ok(Made { written, told })
}

/// Begins a layout: one table of every figure.
fn layout(place: &Inside, name: &str) -> Result<Made, Problem> {
    proper("a layout", name)?;
    if let Some(known) = place.declared.layouts.get(name) {
        return Err(taken("a layout", name, &known.place.to_string()));
    }
    let file = format!("templates/{name}.luau");
    let written = write_new(&place.folder, &[(file.clone(), starters::layout(name).into_bytes())])?;
    let told = format!(
        "wrote {}\n\nNext:\n\
         \x20 rapporteur q2.xlsx --template {name}    with your return\n\n\
         layout = \"{name}\" in {SETTINGS} makes it the usual one.",
        place.shown(&file)
    );
    Ok(Made { written, told })
}

/// Names are those that scripts can declare.
fn proper(kind: &str, name: &str) -> Result<(), Problem> {
    let port = |name: &str| name.len() == 4 && (name.starts_with("com") || name.starts_with("lpt"));
    let small = name.to_ascii_lowercase();
    let reserved = matches!(small.as_str(), "con" | "prn" | "aux" | "nul")
        || port(&small) && small.ends_with(|c: char| c.is_ascii_digit());
    if !reserved
        && !name.is_empty()
        && name.len() <= 60
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    {
        return Ok(());
    }
    if reserved {
        return Err(Problem::usage(
            "",
            format!("Windows keeps the name `{name}` for itself: no file can have it"),
        )
        .hint("take another name"));
    }
    let better = slug(name);
    let guess = if better.is_empty() || better.len() > 60 {
        String::new()
    } else {
        format!(", such as {better}")
    };
    Err(Problem::usage("", format!("`{name}` cannot be the name of {kind}"))
        .hint(format!("names are made of letters, digits and _, 60 at most{guess}")))
}

fn taken(kind: &str, name: &str, at: &str) -> Problem {
    Problem::usage("", format!("there is {kind} `{name}` already: {at}")).hint(
        "take another name, or change what is there; a shipped one by rap.change, or by a copy of \
         it with --copy",
    )
}

/// `late_jobs_pct` as a title to begin with: `Late jobs`.
fn spelt_out(code: &str) -> String {
    let endings = ["_pct", "_n", "_rate", "_avg"];
    let stem = endings.iter().find_map(|ending| code.strip_suffix(ending)).unwrap_or(code);
    let words = stem.split('_').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    capital(if words.is_empty() { code } else { &words })
}

/// A name as a command line takes it.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '\\' | ':');
    if name.chars().all(plain) { name.to_string() } else { format!("\"{name}\"") }
}

/// Writes files that are not there yet, and their folders. Where one of them is there, none is
/// written.
fn write_new(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<Vec<PathBuf>, Problem> {
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.join(name)).collect();
    if let Some(there) = paths.iter().find(|path| path.exists()) {
        return Err(Problem::usage(there.display().to_string(), "the file is there already")
            .hint("nothing is ever overwritten: take another name, or move the file away"));
    }
    for (path, (_, bytes)) in paths.iter().zip(files) {
        if let Some(parent) = path.parent() {
            make_folder(parent)?;
        }
        write_file(path, bytes, Audience::Everyone)?;
    }
    Ok(paths)
}
