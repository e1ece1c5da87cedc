//! `watch`: makes the appendix again whenever something changes that it depends on, and says what
//! became of it.

pub(super) mod files;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Value, json};

use super::build::{Done, Options, make};
use super::{complain, exit_code, give_json, progress, say, say_as_it_is, tally};
use crate::figures::suppress::ShownFigures;
use crate::intake::project::Project;
use crate::nouns::area::Area;
use crate::nouns::period::Day;
use crate::nouns::problem::{Kind, Problem, Problems, Severity};
use crate::nouns::words::several;
use crate::workbook_diff::book::Book;
use crate::workbook_diff::compare::{Changes, Verdict};
use crate::workbook_diff::describe;
use files::{Seen, Watched};

/// How often the files are looked at.
const EVERY: Duration = Duration::from_millis(400);
/// How long they must have been quiet: a workbook is not written at once.
const QUIET: Duration = Duration::from_millis(250);
/// How long a file that cannot be read or written is tried again before a word is said: most
/// programs let go of it.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest time between two tries.
const SELDOM: Duration = Duration::from_secs(5);
/// How many figures are named.
const NAMED: usize = 6;

/// Make the appendix again whenever a script or the return changes
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur watch q2.xlsx
  rapporteur watch q2.xlsx --template targets --html q2.html

Says which figures changed. Ctrl-C ends it. Close the appendix in Excel while
you work: an open file cannot be replaced, and is waited for.")]
pub struct Wanted {
    /// What to make again and again.
    #[command(flatten)]
    pub build: Options,
}

/// The file of which something is told: `health.luau changed`.
fn file_of(told: &str) -> &str {
    told.rsplit_once(' ').map_or("", |(name, _)| name)
}

/// Runs it, until it is interrupted; gives an exit code only where it cannot begin.
pub fn run(options: &Options) -> u8 {
    if let Some(problem) = cannot_begin(options) {
        let mut problems = Problems::default();
        problems.add(problem);
        let code = exit_code(&problems);
        if options.which.print.json {
            return give_json(json!({}), &problems, false, code);
        }
        super::print_problems(&problems, false, super::MOST_PRINTED, false);
        return code;
    }
    let mut watch = Watch {
        options,
        watched: watched(options, None),
        last: None,
        printed: Vec::new(),
        trouble: None,
    };
    watch.watched = watch.dependencies();
    let mut seen = watch.watched.look(&Seen::default());
    watch.make(&[]);
    watch.begin(&seen);
    let mut changed: Vec<String> = Vec::new();
    loop {
        std::thread::sleep(EVERY);
        watch.watched = watch.dependencies();
        let mut now = watch.watched.look(&seen);
        if !now.since(&seen).is_empty() {
            loop {
                std::thread::sleep(QUIET);
                let again = watch.watched.look(&now);
                let quiet = again.since(&now).is_empty();
                now = again;
                if quiet {
                    break;
                }
            }
        }
        let more = now.since(&seen);
        seen = now;
        if more.is_empty() && !watch.is_due() {
            continue;
        }
        for one in more {
            // What is removed and put back while a file is waited for has changed.
            let name = file_of(&one);
            match changed.iter_mut().find(|before| file_of(before) == name) {
                Some(before) if *before != one => *before = format!("{name} changed"),
                Some(_) => {}
                None => changed.push(one),
            }
        }
        if watch.make(&changed) {
            changed.clear();
        }
    }
}

/// What no change of a file can mend.
fn cannot_begin(options: &Options) -> Option<Problem> {
    if options.reading.inputs.is_empty() {
        let project = options.which.open().ok()?;
        return project.settings.published.is_empty().then(crate::pipeline::nothing_named);
    }
    let missing = options.reading.inputs.iter().find(|input| !input.exists())?;
    let nothing = &mut Problems::default();
    crate::intake::read::read_file(missing, &crate::intake::read::Limits::default(), nothing).err()
}

fn watched(options: &Options, project: Option<&Project>) -> Watched {
    let reading = &options.reading;
    Watched::of(
        options.which.project.as_deref(),
        project,
        &reading.inputs,
        &reading.beside.history,
        options.outputs(),
    )
}

/// The last report that was made.
struct Last {
    shown: std::rc::Rc<ShownFigures>,
    book: Option<Book>,
}

/// Something that may mend itself: a file that another program holds.
struct Trouble {
    since: Instant,
    next: Instant,
    wait: Duration,
    said: Option<String>,
}

struct Watch<'a> {
    options: &'a Options,
    watched: Watched,
    last: Option<Last>,
    /// The problems that were told last, so that none is told twice.
    printed: Vec<String>,
    trouble: Option<Trouble>,
}

impl Watch<'_> {
    /// The files, by the settings as they are now; where these are broken, all but what they name.
    fn dependencies(&self) -> Watched {
        let project = self.options.which.open().ok();
        watched(self.options, project.as_ref())
    }

    fn is_due(&self) -> bool {
        self.trouble.as_ref().is_some_and(|trouble| Instant::now() >= trouble.next)
    }

    fn begin(&self, seen: &Seen) {
        if self.options.which.print.json {
            say_as_it_is(&json!({ "event": "watching", "files": seen.len() }).to_string());
        } else {
            let files = several(seen.len(), "file");
            say(&format!(
                "watching {files}: return, scripts, templates and settings; Ctrl-C ends it"
            ));
        }
    }

    /// Makes the report and says what became of it; false where a file is to be waited for.
    fn make(&mut self, changed: &[String]) -> bool {
        let mut problems = Problems::default();
        let done = make(self.options, &mut problems);
        progress::done();
        problems.sort();
        let held = problems.iter().find(|p| p.kind == Kind::File && p.severity == Severity::Error);
        if let (None, Some(held)) = (&done, held) {
            self.wait(changed, held.clone());
            return false;
        }
        self.trouble = None;
        match done {
            Some(done) => self.tell(changed, done, &problems),
            None if self.options.which.print.json => {
                self.event("failed", changed, json!({}), &problems);
            }
            None => {
                self.print_new(&problems);
                let kept = if self.last.is_some() {
                    "the appendix stays as it was"
                } else {
                    "nothing was written"
                };
                say(&format!("{}{kept}; {}", prefix(changed), tally(&problems)));
            }
        }
        true
    }

    /// A file that is held by another program, or half written, is tried again; only what lasts is
    /// told, and once.
    fn wait(&mut self, changed: &[String], held: Problem) {
        let now = Instant::now();
        let trouble =
            self.trouble.get_or_insert(Trouble { since: now, next: now, wait: EVERY, said: None });
        trouble.wait = (trouble.wait * 2).min(SELDOM);
        trouble.next = now + trouble.wait;
        let said = held.render(false);
        let lasts = now.duration_since(trouble.since) >= PATIENCE;
        if !lasts || trouble.said.as_ref() == Some(&said) {
            return;
        }
        trouble.said = Some(said.clone());
        if self.options.which.print.json {
            let mut problems = Problems::default();
            problems.add(held);
            self.event("waiting", changed, json!({}), &problems);
        } else {
            complain(&said);
            say(&format!("{}waiting until it can be read and written", prefix(changed)));
        }
    }

    fn tell(&mut self, changed: &[String], done: Done, problems: &Problems) {
        let book = describe::workbook(&done.appendix).ok();
        let last = self.last.take();
        let moved = last.as_ref().map_or(Vec::new(), |last| moved(&last.shown, &done.shown));
        let other = last
            .as_ref()
            .and_then(|last| Changes::between(last.book.as_ref()?, book.as_ref()?).ok());
        let period = last
            .as_ref()
            .filter(|last| last.shown.period != done.shown.period)
            .map(|_| &done.about.period);
        if self.options.which.print.json {
            let figures = moved.iter().map(Moved::to_json).collect::<Vec<_>>();
            let count = |verdict| other.as_ref().map(|c| c.count(verdict));
            let json = json!({
                "written": done.written, "period": done.about.period, "figures": figures,
                "wording": count(Verdict::Wording), "formatting": count(Verdict::Formatting),
            });
            self.event("built", changed, json, problems);
        } else {
            self.print_new(problems);
            let verb = if last.is_some() { "rebuilt" } else { "wrote" };
            let mut line = format!("{}{verb} {}", prefix(changed), done.written.join(", "));
            if last.is_some() {
                line.push_str(&format!(": {}", in_words(&moved, other.as_ref(), period)));
            }
            if problems.any() {
                line.push_str(&format!("; {}", tally(problems)));
            }
            say(&line);
        }
        self.last = Some(Last { shown: done.shown, book });
    }

    fn event(&self, event: &str, changed: &[String], more: Value, problems: &Problems) {
        let mut json = json!({ "event": event, "changed": changed });
        if let (Value::Object(json), Value::Object(more)) = (&mut json, more) {
            json.extend(more);
        }
        give_json(json, problems, self.options.reading.show_values, exit_code(problems));
    }

    /// Prints the problems that were not there the last time.
    fn print_new(&mut self, problems: &Problems) {
        let worth = problems.iter().filter(|p| p.severity != Severity::Note);
        let now: Vec<String> = worth.map(|p| p.render(self.options.reading.show_values)).collect();
        for problem in now.iter().filter(|p| !self.printed.contains(p)).take(super::MOST_PRINTED) {
            complain(problem);
        }
        self.printed = now;
    }
}

fn prefix(changed: &[String]) -> String {
    match changed {
        [] => String::new(),
        [one] => format!("{one}: "),
        [one, two] => format!("{one}, {two}: "),
        [one, rest @ ..] => format!("{one} and {} more: ", rest.len()),
    }
}

/// A figure that is printed otherwise than before.
struct Moved {
    indicator: String,
    area: Option<&'static str>,
    was: Option<String>,
    now: Option<String>,
}

impl Moved {
    fn in_words(&self) -> String {
        let what = match self.area {
            None => self.indicator.clone(),
            Some(area) => format!("{} ({area})", self.indicator),
        };
        match (&self.was, &self.now) {
            (Some(was), Some(now)) => format!("{what} {was} → {now}"),
            (None, Some(now)) => format!("{what} {now}, new"),
            (Some(was), None) => format!("{what} {was} → gone"),
            (None, None) => what,
        }
    }

    fn to_json(&self) -> Value {
        json!({ "indicator": self.indicator, "area": self.area, "was": self.was, "now": self.now })
    }
}

/// What tells a figure from the others: its indicator and area, and of which earlier day it is or,
/// of the council's own figure of the period, none.
type Key = (String, Area, Option<Day>);

/// The figures of the council and of those that it is compared with, as they are printed.
fn printed(shown: &ShownFigures) -> Vec<(Key, String)> {
    let figures = shown.iter().filter(|figure| !matches!(figure.area(), Area::Council(_)));
    let keyed = figures.map(|figure| {
        let is_own = figure.area() == Area::Own && *figure.period() == shown.period;
        let earlier = if is_own { None } else { Some(figure.period().end) };
        ((figure.indicator().to_string(), figure.area(), earlier), figure.text())
    });
    keyed.collect()
}

/// The council's figures of the period and the comparators that are printed otherwise, the
/// council's first.
fn moved(before: &ShownFigures, after: &ShownFigures) -> Vec<Moved> {
    let (before, after) = (printed(before), printed(after));
    let was: HashMap<Key, String> = before.iter().cloned().collect();
    let now: HashMap<Key, String> = after.iter().cloned().collect();
    let gone = before.iter().filter(|(key, _)| !now.contains_key(key));
    let mut keys: Vec<_> = after.iter().chain(gone).map(|(key, _)| key).collect();
    keys.sort_by_key(|(_, area, earlier)| (*area != Area::Own, earlier.is_some()));
    let differ = keys.into_iter().filter(|key| was.get(*key) != now.get(*key));
    differ
        .map(|key| Moved {
            indicator: key.0.clone(),
            area: match (key.1, &key.2) {
                (Area::Own, None) => None,
                (Area::Own, Some(_)) => Some("earlier"),
                (Area::StatisticalNeighbours, _) => Some("neighbours"),
                (Area::Region, _) => Some("region"),
                (Area::England, _) => Some("England"),
                (Area::Council(_), _) => Some("another council"),
            },
            was: was.get(key).cloned(),
            now: now.get(key).cloned(),
        })
        .collect()
}

/// `ha_pct 90.2% → 91.0%; 2 wordings`.
fn in_words(moved: &[Moved], other: Option<&Changes>, period: Option<&String>) -> String {
    let count = |verdict: Verdict| other.map_or(0, |changes| changes.count(verdict));
    let mut told = Vec::new();
    if let Some(period) = period {
        told.push(format!("now for {period}"));
    }
    if !moved.is_empty() {
        let named: Vec<String> = moved.iter().take(NAMED).map(Moved::in_words).collect();
        let more = moved.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        told.push(format!("{}{more}", named.join(", ")));
    } else if count(Verdict::Figures) > 0 {
        told.push(several(count(Verdict::Figures), "number"));
    }
    if count(Verdict::Wording) > 0 {
        told.push(several(count(Verdict::Wording), "wording"));
    }
    if count(Verdict::Formatting) > 0 {
        told.push(format!("{} of looks", several(count(Verdict::Formatting), "change")));
    }
    if told.is_empty() { "nothing changed in it".to_string() } else { told.join("; ") }
}
