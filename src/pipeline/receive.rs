//! From files to a return that was read and checked, with the scripts that look at it.

use std::path::PathBuf;
use std::rc::Rc;

use indexmap::IndexMap;

use super::inputs::read_all;
use super::{Loaded, Received, Wishes, failed};
use crate::definitions::{Declarations, List};
use crate::figures::comparators::{self, Elsewhere};
use crate::intake::project::{Project, Rules, SETTINGS};
use crate::intake::returns::{Records, Reporting, Return};
use crate::nouns::area::{AreaCode, Areas};
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::period::Period;
use crate::nouns::problem::{Place, Problem, Problems, did_you_mean};
use crate::nouns::side_by_side::{both, drop_aside};
use crate::nouns::words::listed;

/// Reads scripts and return, and checks the return by the scripts' rules. Nothing is given where
/// the scripts or the files have faults: the problems say which.
pub fn receive(project: &Project, wishes: &Wishes, problems: &mut Problems) -> Option<Received> {
    let load = if wishes.prints { Loaded::that_print } else { Loaded::of };
    receive_asked(project, wishes, || load(project), problems)
}

/// The same by scripts that were loaded before.
pub fn receive_by(
    loaded: &Loaded,
    project: &Project,
    wishes: &Wishes,
    problems: &mut Problems,
) -> Option<Received> {
    receive_asked(project, wishes, || loaded.again(), problems)
}

fn receive_asked(
    project: &Project,
    wishes: &Wishes,
    load: impl FnOnce() -> Loaded,
    problems: &mut Problems,
) -> Option<Received> {
    let period = match wishes
        .period
        .as_deref()
        .map(|text| (text, Period::parse(text, project.year_month)))
    {
        None => None,
        Some((_, Some(period))) => Some(period),
        Some((text, None)) => {
            problems.add(super::period_not_understood(text));
            return None;
        }
    };
    if wishes.file().is_none() && project.settings.published.is_empty() {
        problems.add(super::nothing_named());
        return None;
    }
    receive_for(project, wishes, period, load, problems)
}

/// The same for a period that is known; without a file there is no return, and the scripts alone
/// are got ready.
pub(super) fn receive_for(
    project: &Project,
    wishes: &Wishes,
    period: Option<Period>,
    load: impl FnOnce() -> Loaded,
    problems: &mut Problems,
) -> Option<Received> {
    wishes.stage("reading the return");
    // Scripts know nothing of the return yet: they are loaded while it is read.
    // The problems of scripts are told first.
    let mut of_reading = Problems::default();
    let (sources, loaded) = both(|| read_all(wishes, &mut of_reading), load);
    let Loaded { engine, declared, problems: of_scripts } = loaded;
    problems.extend(of_scripts);
    problems.extend(of_reading);
    let sources = sources?;
    problems_of_nobody(&declared, project).for_each(|problem| problems.add(problem));
    if failed(problems) {
        return None;
    }
    let reporting =
        Reporting { year_month: project.year_month, period, pairs: wishes.limits.pairs };
    let gathered = Return::gather(&sources, &declared, reporting, problems);
    let (mut received, period) = problems.keep(gathered)?;
    let files = of_files(sources.iter().filter_map(|source| source.fingerprint));
    if let Some(last_year) = last_year(project, wishes, (&declared, &period), problems)? {
        received.put_beside(last_year, &declared);
    }
    let reference = reference_lists(project, wishes, (&declared, &period), problems)?;
    received.put_reference(reference, &declared);
    if !wishes.commentary.is_empty() {
        say_instead(wishes, &mut received, &declared, problems)?;
    }
    // A national return takes a while to give back: meanwhile the work goes on.
    drop_aside(sources);
    if !project.settings.published.is_empty() {
        wishes.stage("reading published figures");
    }
    let reading = comparators::Reading {
        history: &wishes.history,
        only_inputs: wishes.only_inputs,
        limits: &wishes.limits,
    };
    let elsewhere = comparators::gather(project, &reading, &received, &declared, problems);
    let areas = areas(project, &received, &elsewhere);
    let empty = received.lists.is_empty()
        && received.management.figures.is_empty()
        && received.management.commentary.is_empty();
    if let (true, Some(file)) = (empty, wishes.file()) {
        problems.add(
            Problem::error(
                Place::file(file),
                "nothing in the return was recognised: no list, figures or commentary",
            )
            .hint("see what is in it: `rapporteur show`; what should be: `rapporteur list`")
            .hint_in_page(
                "see whether it is the return: its sheets and headings are not those of \
                 this report",
            ),
        );
        return None;
    }
    // Lists without a Cover are an excerpt, or a case system's files: nobody forgot anything.
    let cover = received.management.cover_place();
    if let (None, Some(cover)) = (name_of(project, &received, &elsewhere), cover) {
        problems.add(nameless(cover));
    }
    let received = Rc::new(received);
    engine.receive(received.clone(), declared.clone(), period);
    let mut all = Received {
        engine,
        declared,
        as_sent: received.clone(),
        counted: received,
        period,
        areas,
        elsewhere,
        not_asked: IndexMap::new(),
        files,
    };
    let mut told = all.check(wishes.rules || project.settings.rules == Rules::All, problems);
    all.not_asked = std::mem::take(&mut told.not_asked);
    all.settle(&told, problems);
    Some(all)
}

/// The fingerprint of the files that a report is made of, in whatever order they are named.
pub(super) fn of_files(files: impl Iterator<Item = Fingerprint>) -> Fingerprint {
    let mut each: Vec<[u8; 32]> = files.map(|file| *file.bytes()).collect();
    each.sort_unstable();
    Fingerprint::of_all(each.iter().map(|bytes| &bytes[..]))
}

/// Takes the commentary of other files; nothing where they have none.
fn say_instead(
    wishes: &Wishes,
    received: &mut Return,
    declared: &Declarations,
    problems: &mut Problems,
) -> Option<()> {
    let inputs = wishes.commentary.clone();
    let file = inputs.first().map(|path| path.display().to_string()).unwrap_or_default();
    let asked = Wishes { inputs, limits: wishes.limits.clone(), ..Wishes::default() };
    let sources = read_all(&asked, problems)?;
    if !received.management.say_instead(&sources, declared, problems) {
        problems.add(
            Problem::error(Place::file(file), "there is no commentary in this file")
                .hint("its headings: Indicator or area, Commentary, Author, Figure and Checked"),
        );
        return None;
    }
    Some(())
}

/// Last year's return, where one is named; nothing at all where it cannot be read. What is wrong in
/// it was told last year.
fn last_year(
    project: &Project,
    wishes: &Wishes,
    (declared, period): (&Declarations, &Period),
    problems: &mut Problems,
) -> Option<Option<Return>> {
    let settings = &project.settings.last_year.files;
    let named = match wishes.last_year.as_slice() {
        [] if wishes.only_inputs => Vec::new(),
        [] => settings.0.iter().map(|file| project.beside(file)).collect(),
        named => named.to_vec(),
    };
    let Some(first) = named.first().map(|path| path.display().to_string()) else {
        return Some(None);
    };
    wishes.stage("reading last year's return");
    let asked = Wishes { inputs: named, limits: wishes.limits.clone(), ..Wishes::default() };
    let sources = read_all(&asked, problems)?;
    let reporting = Reporting {
        year_month: project.year_month,
        period: Some(period.previous_year()),
        pairs: wishes.limits.pairs,
    };
    let gathered = Return::gather(&sources, declared, reporting, &mut Problems::default());
    let (last_year, _) = problems.keep(gathered)?;
    if last_year.lists.is_empty() {
        problems.add(
            Problem::warning(Place::file(first), "last year's return holds no list")
                .hint("name the workbook, or the folder of CSV lists, that was sent a year ago"),
        );
    }
    Some(Some(last_year))
}

/// The lists that the settings name a file for; nothing at all where one cannot be read.
fn reference_lists(
    project: &Project,
    wishes: &Wishes,
    (declared, period): (&Declarations, &Period),
    problems: &mut Problems,
) -> Option<IndexMap<String, Records>> {
    let mut lists = IndexMap::new();
    // A test case knows only its own.
    let named = project.settings.reference.iter().filter(|_| !wishes.only_inputs);
    for (name, files) in named {
        let Some(list) = declared.lists.get(name).filter(|list| list.reference) else {
            let known = declared.lists.values().filter(|list| list.reference);
            let guess = did_you_mean(name, known.map(|list| list.name.as_str()));
            let message = format!("there is no reference list `{name}`{guess}");
            problems.add(Problem::usage(project.settings_file(), message));
            return None;
        };
        wishes.stage("reading reference lists");
        let inputs: Vec<PathBuf> = files.0.iter().map(|file| project.beside(file)).collect();
        let file = inputs.first().map(|path| path.display().to_string()).unwrap_or_default();
        let asked = Wishes { inputs, limits: wishes.limits.clone(), ..Wishes::default() };
        let sources = read_all(&asked, problems)?;
        let alone = List { reference: false, one_per_key: false, ..list.clone() };
        let alone = Declarations {
            lists: IndexMap::from([(name.clone(), alone)]),
            ..Declarations::default()
        };
        let reporting = Reporting {
            year_month: project.year_month,
            period: Some(*period),
            pairs: wishes.limits.pairs,
        };
        // What is wrong in it nobody here can mend.
        let gathered = Return::gather(&sources, &alone, reporting, &mut Problems::default());
        let (mut gathered, _) = problems.keep(gathered)?;
        let Some(records) = gathered.lists.shift_remove(name) else {
            let names: Vec<&str> = list.columns.iter().map(|column| column.name.as_str()).collect();
            let message = format!("the list {} is not in this file", list.title);
            let hint = format!("its columns are {}", listed(&names));
            problems.add(Problem::error(Place::file(file), message).hint(hint));
            return None;
        };
        lists.insert(name.clone(), records);
    }
    Some(lists)
}

/// Rules of a file that takes a shipped one's place are known by the shipped one's names: they say
/// what they do, whatever they say of themselves.
pub(super) fn say_own_rules(
    declared: &mut Declarations,
    project: &Project,
    problems: &mut Problems,
) {
    let rules = declared.disclosures.values_mut();
    for rule in rules.filter(|rule| project.replaced.contains(&rule.place.file)) {
        rule.description = rule.in_words();
        let message = format!("the disclosure rule `{}` is not the shipped one", rule.name);
        problems.add(
            Problem::warning(rule.place.clone(), message)
                .hint("give the script a name of its own, and the rule too"),
        );
    }
}

/// What counts people and says that it does not is refused, unless the settings name its script.
fn problems_of_nobody(declared: &Declarations, project: &Project) -> impl Iterator<Item = Problem> {
    let allowed = |script: &str| project.settings.counts_nobody.iter().any(|name| name == script);
    let found = declared.counted_as_nobody().into_iter();
    let refused = found.filter(move |(indicator, _)| !allowed(&indicator.place.file));
    refused.map(|(indicator, counts)| {
        let (code, script) = (&indicator.code, &indicator.place.file);
        let message = format!("`{code}` says `people = false`, but counts {counts}");
        Problem::script(indicator.place.clone(), message).hint(format!(
            "take it away, or let {SETTINGS} say so of the script: counts_nobody = [\"{script}\"]"
        ))
    })
}

/// What a report calls the council where nobody says its name.
const NAMELESS: &str = "The council";

/// The council's name by the return's Cover, the settings or the published files.
fn name_of(project: &Project, received: &Return, elsewhere: &Elsewhere) -> Option<String> {
    let published = || elsewhere.published.places.names.get(&elsewhere.own?).cloned();
    comparators::authority(project, received).or_else(published)
}

/// A report is the council's: without a name its title and its columns have none either.
fn nameless(cover: Place) -> Problem {
    let message = format!("the council has no name: the report calls it \"{NAMELESS}\"");
    Problem::warning(cover, message)
        .hint(format!("fill in Authority, or let {SETTINGS} say it: [authority] name = \"…\""))
        .hint_in_page("fill in Authority on the sheet Cover")
}

/// Who reports, by the return's Cover, the settings or the published files.
fn areas(project: &Project, received: &Return, elsewhere: &Elsewhere) -> Areas {
    let cover = |key: &str| received.management.cover_text(key).map(ToString::to_string);
    let settings = &project.settings.authority;
    let places = &elsewhere.published.places;
    let named = |code: Option<AreaCode>| code.and_then(|code| places.names.get(&code).cloned());
    let region = elsewhere.own.and_then(|own| places.region_of.get(&own).copied());
    Areas {
        authority: name_of(project, received, elsewhere).unwrap_or(NAMELESS.to_string()),
        authority_code: elsewhere.own.map_or(String::new(), |own| own.as_str().to_string()),
        region: cover("Region")
            .or_else(|| settings.region.clone())
            .or_else(|| named(region))
            .unwrap_or("Region".to_string()),
        region_code: region.map_or(String::new(), |code| code.as_str().to_string()),
        councils: elsewhere.published.places.names.clone(),
    }
}
