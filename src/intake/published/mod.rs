//! What others publish: DfE's Explore Education Statistics files, release by release, and the
//! groups of councils that compare themselves with each other.
//!
//! A file is a tidy CSV table: one row for an area, a year and a combination of filters. Which
//! file, which rows and which column hold an indicator is declared in scripts for each release,
//! because names drift. Areas are known by their codes and never by their names, which are spelt in
//! several ways.

mod ledger;
mod neighbours;
mod places;
mod table;

pub use ledger::{Edition, Ledger, Moved, Tally};
pub use neighbours::Group;
pub use places::Places;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use crate::definitions::{Declarations, Indicator, Published as Declared};
use crate::intake::read::{Limits, read_file};
use crate::nouns::area::AreaCode;
use crate::nouns::figure::FigureValue;
use crate::nouns::period::Period;
use crate::nouns::problem::{Place, Problem, Problems};
use table::Table;

/// A published value with its place.
#[derive(Debug, Clone)]
pub struct Value {
    /// The number, or the symbol that stands in its place.
    pub value: FigureValue,
    /// The line of the file, from 1.
    pub line: u32,
}

/// One indicator in one release: values by area and year.
#[derive(Debug)]
pub struct Series {
    /// The indicator's code.
    pub indicator: String,
    /// The release's name, such as `2025`.
    pub release: String,
    /// The file.
    pub file: String,
    /// Decimals that the file gives.
    pub decimals: u8,
    /// The values.
    pub values: HashMap<(AreaCode, Period), Value>,
}

/// Everything that was read of published files.
#[derive(Debug, Default)]
pub struct Published {
    /// Series: by indicator as declared, releases from the oldest to the newest.
    pub series: Vec<Series>,
    /// Whether any release is set up.
    pub any_release: bool,
    /// What the files say of areas.
    pub places: Places,
    /// Indicators of which a declared source could not be used: a gap that is shown, not passed
    /// over.
    pub failed: BTreeSet<String>,
}

impl Published {
    /// The series of an indicator, from the oldest release to the newest.
    pub fn of<'a>(&'a self, indicator: &'a str) -> impl DoubleEndedIterator<Item = &'a Series> {
        self.series.iter().filter(move |s| s.indicator == indicator)
    }
}

/// Reads every release that the settings name, as far as scripts declare what is in it.
pub fn read(
    releases: &BTreeMap<String, PathBuf>,
    declared: &Declarations,
    year_month: i8,
    limits: &Limits,
    problems: &mut Problems,
) -> Published {
    let mut published = Published { any_release: !releases.is_empty(), ..Published::default() };
    for (release, folder) in releases {
        let mut files: BTreeMap<&str, Vec<(&Indicator, &Declared)>> = BTreeMap::new();
        for indicator in declared.indicators.values() {
            for source in indicator
                .published
                .iter()
                .filter(|s| s.release.as_ref().is_none_or(|r| r == release))
            {
                files.entry(&source.file).or_default().push((indicator, source));
            }
        }
        if !folder.is_dir() {
            problems.add(
                Problem::error(
                    Place::file(folder.display().to_string()),
                    format!("the folder of the release {release} is not there"),
                )
                .hint("put DfE's files there, or correct [published] in rapporteur.toml"),
            );
            continue;
        }
        if files.is_empty() {
            problems.add(
                Problem::warning(
                    Place::file(folder.display().to_string()),
                    format!("no script says what is in the release {release}, so it was not read"),
                )
                .hint(format!(
                    "declare it for an indicator: published = {{ release = \
                               \"{release}\", file = …, … }}"
                )),
            );
        }
        for (file, wanted) in files {
            published.read_table(
                release,
                &folder.join(file),
                &wanted,
                year_month,
                limits,
                problems,
            );
        }
    }
    published.places.join(&mut published.series);
    published.series.sort_by_cached_key(|s| {
        (declared.indicators.get_index_of(&s.indicator), s.release.clone())
    });
    published
}

impl Published {
    fn read_table(
        &mut self,
        release: &str,
        path: &Path,
        wanted: &[(&Indicator, &Declared)],
        year_month: i8,
        limits: &Limits,
        problems: &mut Problems,
    ) {
        if !path.exists() {
            // A source that names no release may lie in any of them.
            let missed = wanted.iter().filter(|(_, s)| s.release.is_some() && !s.optional);
            let codes: Vec<&str> = missed.map(|(indicator, _)| indicator.code.as_str()).collect();
            if !codes.is_empty() {
                self.failed.extend(codes.iter().map(|code| code.to_string()));
                problems.add(
                    Problem::warning(
                        Place::file(path.display().to_string()),
                        format!(
                            "this file of release {release} is missing, and so are its figures"
                        ),
                    )
                    .hint(format!(
                        "it is declared for {}; download it into the folder",
                        codes.join(", ")
                    )),
                );
            }
            return;
        }
        let source = match read_file(path, limits, problems) {
            Ok(source) => source,
            Err(problem) => return self.fail(wanted, in_the_way(problem), problems),
        };
        let Some(sheet) = source.sheets.first() else { return };
        let table = match Table::of(sheet, &source.name, year_month, problems) {
            Ok(table) => table,
            Err(problem) => return self.fail(wanted, problem, problems),
        };
        table.learn_places(release, &mut self.places);
        for (indicator, source) in wanted {
            match table.series(indicator, source, problems) {
                Ok((decimals, values)) => self.series.push(Series {
                    indicator: indicator.code.clone(),
                    release: release.to_string(),
                    file: table.file.clone(),
                    decimals,
                    values,
                }),
                Err(problem) => {
                    let others = indicator
                        .published
                        .iter()
                        .filter(|o| o.file == source.file && *o != *source);
                    let other = others.filter(|o| table.has(o)).find_map(|o| o.release.as_deref());
                    let problem = match other {
                        Some(other) => problem.hint(format!(
                            "this looks like the file of the release {other}; the declaration at \
                             {} is for {release}",
                            source.place
                        )),
                        None => problem,
                    };
                    self.failed.insert(indicator.code.clone());
                    problems.add(problem);
                }
            }
        }
    }

    fn fail(
        &mut self,
        wanted: &[(&Indicator, &Declared)],
        problem: Problem,
        problems: &mut Problems,
    ) {
        self.failed.extend(wanted.iter().map(|(i, _)| i.code.clone()));
        problems.add(problem);
    }
}

/// A published file that cannot be read is a gap in the appendix, not the end of it.
fn in_the_way(problem: Problem) -> Problem {
    Problem { kind: crate::nouns::problem::Kind::Return, ..problem }
}
