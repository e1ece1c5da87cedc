//! `build`: the main job.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;
use serde::Serializer as _;
use serde_json::{Value, json};

use super::{
    Editions, MOST_PRINTED, Reading, ReportChoice, Which, bundle, exit_code, gap, give_json,
    left_out, many, mending, print_problems, progress, say, tally,
};
use crate::desk::explain::{Desk, Trail};
use crate::figures::commentary::DRAFT;
use crate::figures::suppress::{Shown, ShownFigures};
use crate::intake::exchange::Exchange;
use crate::intake::project::Project;
use crate::nouns::area::Area;
use crate::nouns::left_out::LeftOut;
use crate::nouns::problem::{Kind, Place, Problem, Problems, Severity, clean};
use crate::papers::write::{
    Audience, Content, Outgoing, Over, ProblemList, accessible_ods, accessible_workbook,
    exchange_csv, figures_csv, html_page, is_page_of_ours, printed_pages, problems_page, workbook,
    write_page, write_set,
};
use crate::pipeline::{self, Finished, Loaded, Received, Wishes};

/// Make the appendix from a return
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur build q2.xlsx
  rapporteur build q2.xlsx -o appendix.xlsx --figures figures.csv
  rapporteur build ssda903-lists/ cover.xlsx --period \"2026/27 Q1/Q2\"
  rapporteur build q2.xlsx --template targets
  rapporteur build --period 2024/25 --template annual   from published figures
  rapporteur build returns/ --jobs 2 -o reports/        each return in a folder

The appendix is written even where the return has problems (exit code 1), so
that you can see it; --strict writes nothing then. What to mend is listed in
q2-problems.html beside it, which says nothing of what cells hold.")]
pub struct Options {
    /// What to read.
    #[command(flatten)]
    pub reading: Reading,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Where to write the appendix [default: beside the return, or appendix.xlsx]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// By which layout and rule.
    #[command(flatten)]
    pub chosen: ReportChoice,
    /// What is written beside the appendix.
    #[command(flatten)]
    pub editions: Editions,
    /// Write the appendix as it prints, page by page, as a web page to look at
    #[arg(long, value_name = "FILE")]
    pub printed: Option<PathBuf>,
    /// Write what a region needs to add the figures up (private: not for publication)
    #[arg(long, value_name = "FILE")]
    pub exchange: Option<PathBuf>,
    /// Write what an inspector needs as one zip: the appendix, definitions, figures,
    /// problems, and how it was made; --trail beside it is the private part
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,
    /// Write which records each figure is made of (private: not for publication)
    #[arg(long, value_name = "FILE")]
    pub trail: Option<PathBuf>,
    /// Where to write the list of problems, to send it on [default: where there are
    /// any, NAME-problems.html beside the appendix]
    #[arg(long, value_name = "FILE")]
    pub problems: Option<PathBuf>,
    /// Write no list of problems
    #[arg(long, conflicts_with = "problems")]
    pub no_problems: bool,
    /// Write nothing where the return has problems
    #[arg(long)]
    pub strict: bool,
    /// Make a report of each return in a folder, so many at a time; -o names a
    /// folder then, and --figures and others how the names of files end
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// With --jobs: leave what an earlier run finished and nothing has changed
    #[arg(long, requires = "jobs")]
    pub resume: bool,
}

impl Options {
    /// Where the appendix is written.
    pub(super) fn appendix(&self) -> PathBuf {
        let beside = self
            .reading
            .inputs
            .first()
            .map(|input| pipeline::output_beside(input, "appendix.xlsx"));
        self.output.clone().or(beside).unwrap_or_else(|| PathBuf::from("appendix.xlsx"))
    }

    /// Where the list of problems is written, where there are any: beside the appendix, called as
    /// that is, or after the return.
    fn list_of_problems(&self) -> Option<PathBuf> {
        let appendix = self.appendix();
        let stem = appendix.file_stem().unwrap_or_default().to_string_lossy();
        let called = match (stem.strip_suffix("-appendix"), self.reading.inputs.first()) {
            (None, Some(input)) => pipeline::output_beside(input, "problems.html"),
            (Some(stem), _) => format!("{stem}-problems.html").into(),
            (None, None) => format!("{stem}-problems.html").into(),
        };
        let beside = appendix.with_file_name(called.file_name().unwrap_or_default());
        (!self.no_problems).then(|| self.problems.clone().unwrap_or(beside))
    }

    /// Every file that is written.
    pub(super) fn outputs(&self) -> Vec<PathBuf> {
        let appendix = self.appendix();
        let accessible = self.editions.accessible.then(|| accessible_beside(&appendix, "xlsx"));
        let ods = self.editions.ods.then(|| accessible_beside(&appendix, "ods"));
        let Editions { html, figures, .. } = self.editions.clone();
        let (exchange, printed) = (self.exchange.clone(), self.printed.clone());
        let (bundle, trail) = (self.bundle.clone(), self.trail.clone());
        let list = self.list_of_problems();
        let others = [accessible, ods, html, printed, figures, exchange, bundle, trail, list];
        std::iter::once(appendix).chain(others.into_iter().flatten()).collect()
    }
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    if options.jobs.is_some() {
        return many::run(options);
    }
    let mut problems = Problems::default();
    // The program ends here: the system takes a national return's memory back faster than we could
    // give it.
    let done = ManuallyDrop::new(make(options, &mut problems));
    let alone = if done.is_none() { list_alone(options, &mut problems) } else { None };
    progress::done();
    problems.sort();
    let code = exit_code(&problems);
    let show_values = options.reading.show_values;
    if options.which.print.json {
        let alone: Vec<String> = alone.into_iter().collect();
        let (written, figures, period, gaps) =
            done.as_ref().map_or((alone.as_slice(), 0, None, None), |d| {
                (d.written.as_slice(), d.figures, Some(&d.about.period), Some(&d.about.gaps))
            });
        let said = done.as_ref().map(|done| &done.about.said);
        let json = json!({
            "written": written, "figures": figures, "period": period, "not_worked_out": gaps,
            "commentary": said,
        });
        return give_json(json, &problems, show_values, code);
    }
    print_problems(&problems, show_values, MOST_PRINTED, false);
    mending::tell(&problems, mending::FEW);
    match &*done {
        Some(done) => {
            for path in &done.written {
                say(&format!("wrote {}", clean(path)));
            }
            let About { gaps, period, unprinted, .. } = &done.about;
            for (why, figures) in gaps {
                say(&gap(why, figures));
            }
            if let Some((why, cells)) = unprinted {
                say(&left_out("not printed", why, cells));
            }
            say(&format!("{} figures for {period}; {}", done.figures, tally(&problems)));
        }
        None if alone.is_some() => {
            say(&format!("wrote {}", clean(&alone.unwrap_or_default())));
            say(&format!("there is no appendix; {}", tally(&problems)));
        }
        None => say(&format!("nothing was written; {}", tally(&problems))),
    }
    code
}

/// A report that was made and written.
pub(super) struct Done {
    /// The files.
    pub(super) written: Vec<String>,
    /// How many figures it has.
    pub(super) figures: usize,
    /// What it is about.
    pub(super) about: About,
    /// What it shows.
    pub(super) shown: Rc<ShownFigures>,
    /// The appendix itself.
    pub(super) appendix: Vec<u8>,
    _received: Received,
}

/// Reads, works out and writes.
pub(super) fn make(options: &Options, problems: &mut Problems) -> Option<Done> {
    let project = problems.keep(options.which.open())?;
    let wishes = problems.keep(options.reading.wishes_of_report(&options.chosen))?;
    make_of(options, (&project, None), &wishes, problems)
}

/// The same of a project that is open, by its scripts where they were loaded before.
pub(super) fn make_of(
    options: &Options,
    (project, loaded): (&Project, Option<&Loaded>),
    wishes: &Wishes,
    problems: &mut Problems,
) -> Option<Done> {
    let output = options.appendix();
    let misnamed = || table_of_another_kind(options).or_else(|| bundle_of_another_kind(options));
    if let Some(problem) = overwrites_input(options).or_else(misnamed) {
        problems.add(problem);
        return None;
    }
    let received = match loaded {
        Some(loaded) => pipeline::receive_by(loaded, project, wishes, problems)?,
        None => pipeline::receive(project, wishes, problems)?,
    };
    let finished = received.finish(project, wishes, problems)?;
    if options.strict && problems.any() {
        return None;
    }
    wishes.stage("writing");
    let exchange = match &options.exchange {
        Some(path) => received.exchange(project, wishes, problems).map(|exchange| (path, exchange)),
        None => None,
    };
    let definitions = options.bundle.as_ref();
    let definitions =
        definitions.map(|path| (path, bundle::definitions(project, &received, &finished.shown)));
    let about = About::of(&received, &finished, &output);
    let (report, for_few) = ((&received, &finished, &about), ForFew { exchange, definitions });
    let wrote = write_all(options, &output, for_few, report, problems);
    let (written, appendix) = problems.keep(wrote)?;
    let others = |s: &&Shown| !matches!(s.area(), Area::Council(_));
    let figures = finished.shown.iter().filter(others).count();
    Some(Done { written, figures, about, shown: finished.shown, appendix, _received: received })
}

/// What is made for a few readers beside the report.
#[derive(Default)]
pub(super) struct ForFew<'p> {
    exchange: Option<(&'p PathBuf, Exchange)>,
    /// The bundle, and the definitions that go into it.
    definitions: Option<(&'p PathBuf, String)>,
}

/// The files that were written, and the appendix. Makes everything before the first file is
/// written, so that a fault leaves none of them.
pub(super) fn write_all(
    options: &Options,
    output: &Path,
    for_few: ForFew,
    (received, finished, about): (&Received, &Finished, &About),
    problems: &mut Problems,
) -> Result<(Vec<String>, Vec<u8>), Problem> {
    let accessible = ["xlsx", "ods"].map(|ending| accessible_beside(output, ending));
    let mut files = vec![(output, Over::Anything, workbook(&finished.report)?)];
    if options.editions.accessible {
        files.push((&accessible[0], Over::Anything, accessible_workbook(&finished.report)?));
    }
    if options.editions.ods {
        files.push((&accessible[1], Over::Anything, accessible_ods(&finished.report)?));
    }
    if let Some(path) = &options.editions.html {
        files.push((path, Over::Page, html_page(&finished.report)?));
    }
    if let Some(path) = &options.printed {
        files.push((path, Over::Page, printed_pages(&finished.report).into_bytes()));
    }
    if let Some(path) = &options.editions.figures {
        files.push((path, Over::Figures, figures_csv(&finished.shown, &received.areas)?));
    }
    let list = list_to_write(options, problems);
    let show_values = options.reading.show_values;
    let page = list.as_ref().map(|_| page_of_problems(options, problems, Some(about), show_values));
    let bundle = match for_few.definitions {
        Some((path, definitions)) => {
            let page = page_of_problems(options, problems, Some(about), false);
            Some((path, bundle::made(received, finished, definitions, page)?))
        }
        None => None,
    };
    let mut set: Vec<Outgoing> = Vec::new();
    for (path, over, bytes) in &files {
        let content: Content = Box::new(|file| file.write_all(bytes));
        set.push(Outgoing { path, audience: Audience::Everyone, over: *over, content });
    }
    if let Some((path, bytes)) = &bundle {
        let content: Content = Box::new(|file| file.write_all(bytes));
        set.push(Outgoing { path, audience: Audience::Owner, over: Over::Bundle, content });
    }
    if let Some((path, exchange)) = for_few.exchange {
        let bytes = exchange_csv(&exchange)?;
        let content: Content = Box::new(move |file| file.write_all(&bytes));
        set.push(Outgoing { path, audience: Audience::Owner, over: Over::Exchange, content });
    }
    if let Some(path) = &options.trail {
        let (audience, over) = (Audience::Owner, Over::Trail);
        let content = trail(options.reading.show_values, received, problems);
        set.push(Outgoing { path, audience, over, content });
    }
    if let (Some(path), Some(page)) = (&list, &page) {
        let content: Content = Box::new(|file| file.write_all(page.as_bytes()));
        set.push(Outgoing { path, audience: Audience::Owner, over: Over::Page, content });
    }
    let written = set.iter().map(|file| file.path.display().to_string()).collect();
    write_set(set)?;
    Ok((written, files.swap_remove(0).2))
}

/// Where each figure comes from, written one after the other: the records behind all of them are
/// more than a computer may hold at once.
fn trail<'f>(show_values: bool, received: &'f Received, problems: &'f mut Problems) -> Content<'f> {
    Box::new(move |file| {
        let figures = received.figures(&mut Problems::default());
        let desk = Desk::new(received, &figures);
        let codes = figures.indicators.keys().filter(|code| figures.own(code).is_some());
        let trails = codes.filter_map(|code| match Trail::follow(&desk, code) {
            Ok(trail) => Some(trail.to_json(show_values)),
            Err(problem) => {
                problems.add(*problem);
                None
            }
        });
        Ok(serde_json::Serializer::pretty(file).collect_seq(trails)?)
    })
}

/// What is said of the report that was made.
pub(super) struct About {
    /// The period.
    pub(super) period: String,
    appendix: String,
    gaps: LeftOut,
    /// What was typed and is not printed: why, and the cells.
    unprinted: Option<(String, Vec<String>)>,
    /// What is said, and of what something could be said.
    said: Value,
}

impl About {
    pub(super) fn of(received: &Received, finished: &Finished, output: &Path) -> About {
        About {
            period: received.period.label(),
            appendix: name_of(output),
            gaps: received.gaps(&finished.shown),
            unprinted: unprinted(finished),
            said: said(received, finished),
        }
    }
}

/// What was typed and is not printed: why, and the cells.
fn unprinted(finished: &Finished) -> Option<(String, Vec<String>)> {
    let cells: Vec<String> = finished.unprinted.iter().map(Place::within).collect();
    let why = format!("the layout `{}` has no place for it", finished.layout);
    (!cells.is_empty()).then_some((why, cells))
}

/// What is said of each of the council's figures and of areas of the service, for programs: with
/// the figure as it is printed, whether a script drafted it, and who has read it.
fn said(received: &Received, finished: &Finished) -> Value {
    let (shown, texts) = (&finished.shown, &finished.texts);
    let rows = &received.counted.management.commentary;
    let of_figures = shown.indicators.values().filter(|indicator| indicator.part_of.is_none());
    let of_figures = of_figures.filter_map(|indicator| {
        let own = shown.own(&indicator.code)?;
        let text = texts.commentary.get(&indicator.code).map(String::as_str).unwrap_or_default();
        let draft = texts.drafts.contains(&indicator.code);
        let text = text.strip_prefix(DRAFT).filter(|_| draft).unwrap_or(text).trim_start();
        let code = Some(indicator.code.as_str());
        let row = rows.iter().rfind(|row| received.code_of(&row.about, shown).as_deref() == code);
        Some(json!({
            "about": indicator.code, "title": indicator.title, "theme": indicator.theme,
            "text": text, "draft": draft, "figure": own.text(),
            "author": row.and_then(|row| row.author.as_ref()),
            "checked": row.and_then(|row| row.checked.as_ref()),
        }))
    });
    let of_areas = finished
        .narratives
        .iter()
        .map(|(area, text)| json!({ "about": area, "title": area, "text": text, "draft": false }));
    of_figures.chain(of_areas).collect::<Vec<Value>>().into()
}

/// Where the list of problems goes, where one is due: the return has some, somebody asked for it,
/// or the one of an earlier run would go on telling what is mended.
fn list_to_write(options: &Options, problems: &Problems) -> Option<PathBuf> {
    let path = options.list_of_problems()?;
    let asked = options.problems.is_some();
    let due = asked || of_return(options, problems).next().is_some() || is_page_of_ours(&path);
    due.then_some(path)
}

/// What somebody can mend who filled the return in. Scripts, a command line, and a file that cannot
/// be written are no fault of theirs.
fn of_return<'p>(
    options: &'p Options,
    problems: &'p Problems,
) -> impl Iterator<Item = &'p Problem> + 'p {
    let inputs = &options.reading.inputs;
    let read = |file: &str| inputs.iter().any(|input| Path::new(file).starts_with(input));
    problems.iter().filter(move |problem| {
        let theirs = match problem.kind {
            // What warns of a script's line is nothing that they wrote.
            Kind::Return => problem.place.line.is_none(),
            Kind::File => read(&problem.place.file),
            Kind::Script | Kind::Usage => false,
        };
        theirs && problem.severity != Severity::Note
    })
}

/// Writes the list of problems where there is no appendix; gives its name. Whoever asked for none
/// is told on the terminal where it cannot be written.
fn list_alone(options: &Options, problems: &mut Problems) -> Option<String> {
    match problems_alone(options, problems) {
        Err(_) if options.problems.is_none() => None,
        written => problems.keep(written).flatten(),
    }
}

/// The list of problems where nothing else is written, and all of them are the return's.
fn problems_alone(options: &Options, problems: &Problems) -> Result<Option<String>, Problem> {
    let to_mend = problems.iter().filter(|problem| problem.severity != Severity::Note).count();
    let theirs = to_mend > 0 && of_return(options, problems).count() == to_mend;
    let there = options.reading.inputs.iter().any(|input| input.exists());
    let quiet = options.strict && options.problems.is_none();
    match list_to_write(options, problems) {
        Some(path) if theirs && there && !quiet => {
            let page = page_of_problems(options, problems, None, options.reading.show_values);
            write_page(&path, &page, Audience::Owner)?;
            Ok(Some(path.display().to_string()))
        }
        _ => Ok(None),
    }
}

fn page_of_problems(
    options: &Options,
    problems: &Problems,
    about: Option<&About>,
    show_values: bool,
) -> String {
    let files: Vec<String> = options.reading.inputs.iter().map(|input| name_of(input)).collect();
    let gaps = LeftOut::new();
    let mut sorted = problems.clone();
    sorted.sort();
    problems_page(&ProblemList {
        problems: &sorted,
        files: &files,
        period: about.map(|about| about.period.as_str()),
        appendix: about.map(|about| about.appendix.as_str()),
        gaps: about.map_or(&gaps, |about| &about.gaps),
        show_values,
    })
}

/// A file's own name, without its folders.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// `q2-appendix-accessible.xlsx` beside `q2-appendix.xlsx`, or the same with another ending.
fn accessible_beside(output: &Path, ending: &str) -> PathBuf {
    let stem = output.file_stem().map_or_else(|| "appendix".into(), |stem| stem.to_string_lossy());
    output.with_file_name(format!("{stem}-accessible.{ending}"))
}

/// What is written as CSV may not be called what it is not: whoever opens it would be told that it
/// is damaged.
fn table_of_another_kind(options: &Options) -> Option<Problem> {
    const OTHERS: [&str; 8] = ["parquet", "xlsx", "xlsm", "xls", "ods", "json", "html", "xml"];
    let tables = [("--exchange", &options.exchange), ("--figures", &options.editions.figures)];
    tables.into_iter().find_map(|(option, path)| {
        let path = path.as_ref()?;
        let ending = path.extension()?.to_str()?.to_lowercase();
        OTHERS.contains(&ending.as_str()).then(|| {
            let name = path.display().to_string();
            Problem::usage(name, format!("{option} writes a CSV table, not .{ending}"))
                .hint("end the file's name in .csv, which spreadsheets and programs read")
        })
    })
}

/// A bundle is a zip archive, and is called so.
fn bundle_of_another_kind(options: &Options) -> Option<Problem> {
    let path = options.bundle.as_ref()?;
    let zip = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    (!zip).then(|| {
        Problem::usage(path.display().to_string(), "--bundle writes a zip archive")
            .hint("end the file's name in .zip")
    })
}

/// A path without links and turns; that of a file that is not there yet is known by its folder.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
        path.file_name().map_or(folder.clone(), |name| folder.join(name))
    })
}

/// Whether a file that is there is one of those in a folder that is read.
fn is_inside(path: &Path, input: &Path) -> bool {
    input.is_dir() && path.exists() && real(path).parent() == Some(&real(input))
}

/// No output may lie over an input, or over another output.
pub(super) fn overwrites_input(options: &Options) -> Option<Problem> {
    let outputs = options.outputs();
    for (index, path) in outputs.iter().enumerate() {
        let name = path.display().to_string();
        let mut inputs = options.reading.inputs.iter();
        if inputs.any(|input| real(input) == real(path) || is_inside(path, input)) {
            return Some(
                Problem::usage(name, "this is the return itself: it would be overwritten")
                    .hint("name another file with -o"),
            );
        }
        if outputs[..index].iter().any(|earlier| real(earlier) == real(path)) {
            return Some(
                Problem::usage(name, "two outputs have the same name")
                    .hint("name another file for one of them"),
            );
        }
    }
    None
}
