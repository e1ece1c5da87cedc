//! What is known beside the return: published figures, earlier reports, the councils to compare
//! with.

use std::path::PathBuf;

use crate::definitions::Declarations;
use crate::intake::history::{self, History};
use crate::intake::project::{Project, SETTINGS};
use crate::intake::published::{self, Group, Places, Published};
use crate::intake::read::Limits;
use crate::intake::returns::Return;
use crate::nouns::area::AreaCode;
use crate::nouns::period::Period;
use crate::nouns::problem::{Place, Problem, Problems};

/// What is known beside the return.
#[derive(Debug, Default)]
pub struct Elsewhere {
    /// DfE's files.
    pub published: Published,
    /// Earlier reports.
    pub history: History,
    /// The councils to compare with.
    pub group: Group,
    /// The council's own code.
    pub own: Option<AreaCode>,
    /// The year that the Cover gives for typed comparators.
    pub comparator_year: Option<Period>,
    /// Whether the Cover says that the return's figures are provisional.
    pub provisional: bool,
}

/// What the command line adds to the settings.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'r> {
    /// `figures.csv` files of earlier reports, or folders of them, beside those of the project.
    pub history: &'r [PathBuf],
    /// Whether those of the project are left out.
    pub only_inputs: bool,
    /// How much a file may ask for.
    pub limits: &'r Limits,
}

/// Reads what stands beside the return: published files, the group of councils, earlier reports.
pub fn gather(
    project: &Project,
    reading: &Reading,
    received: &Return,
    declared: &Declarations,
    problems: &mut Problems,
) -> Elsewhere {
    let releases = project.releases();
    let published =
        published::read(&releases, declared, project.year_month, reading.limits, problems);
    let cover = |key: &str| received.management.cover_text(key);
    let on_cover = ["Authority code", "Area code", "ONS code"].into_iter().find_map(cover);
    let code = on_cover.or_else(|| settings_code(project, received, problems));
    let own = code.and_then(|code| published.places.council(code));
    let name = authority(project, received).unwrap_or_default();
    if !published.series.is_empty() {
        match own {
            None => problems.add(missing_code(&name, &published)),
            Some(own) if !published.places.councils.contains(&own) => problems.add(
                Problem::error(
                    Place::file(SETTINGS),
                    format!("no published file has a row for the council's code {}", own.as_str()),
                )
                .hint("correct `code` under [authority], or take files in which the council is"),
            ),
            Some(own) => {
                let named = code.and_then(AreaCode::parse).filter(|named| *named != own);
                problems.extend(said_of_code(own, named, &published.places));
            }
        }
    }
    let group = if published.any_release {
        Group::of(project, own, &published.places, reading.limits, problems)
    } else {
        Group::default()
    };
    let mut earlier = Vec::new();
    if !reading.only_inputs {
        earlier.extend(project.history());
        project.history_not_there().into_iter().for_each(|problem| problems.add(problem));
    }
    earlier.extend(reading.history.iter().cloned());
    let whose = history::Whose { name: &name, code: own, places: &published.places };
    let history = History::read(
        &history::files(&earlier),
        &whose,
        project.year_month,
        reading.limits,
        problems,
    );
    let comparator_year = cover("Comparator year").and_then(|text| {
        let year = Period::parse(text, project.year_month);
        if let (None, Some(entry)) = (year, received.management.cover("Comparator year")) {
            problems.add(
                Problem::warning(entry.place.clone(), "the comparators' year is not understood")
                    .hint("write it as 2024/25"),
            );
        }
        year
    });
    let provisional = cover("Provisional").is_some_and(|text| text.eq_ignore_ascii_case("yes"));
    Elsewhere { published, history, group, own, comparator_year, provisional }
}

/// What is to be known of the council's code: that it has another now, or that a newer release has
/// the council no more.
fn said_of_code(own: AreaCode, named: Option<AreaCode>, places: &Places) -> Problems {
    let mut problems = Problems::default();
    let settings = || Place::file(SETTINGS);
    if let Some(named) = named {
        let message = format!(
            "the council's code {} is {} by now; both were joined",
            named.as_str(),
            own.as_str()
        );
        problems.add(
            Problem::note(settings(), message)
                .hint("its three-digit number is the same; put the new code into the settings"),
        );
    }
    if let Some(last) = places.gone_after(own) {
        let message =
            format!("{} is in no release after {last}, so its figures end there", own.as_str());
        problems.add(
            Problem::warning(settings(), message)
                .hint("a merged or split council is another one from then on: name its code"),
        );
    }
    problems
}

/// The code in the settings, unless the return is another council's: its neighbours would be the
/// wrong ones.
fn settings_code<'p>(
    project: &'p Project,
    received: &Return,
    problems: &mut Problems,
) -> Option<&'p str> {
    let settings = &project.settings.authority;
    let code = settings.code.as_deref()?;
    let (Some(entry), Some(name)) = (received.management.cover("Authority"), &settings.name) else {
        return Some(code);
    };
    // "Derby" in the settings and "Derby City Council" on the Cover are one.
    let (there, here) = (entry.text.to_lowercase(), name.to_lowercase());
    if there.contains(&here) || here.contains(&there) {
        return Some(code);
    }
    problems.add(
        Problem::warning(
            entry.place.clone(),
            format!("the return's council is not the settings' {code}, which was not used"),
        )
        .hint("write `Authority code` on the Cover, or mend [authority] in the settings"),
    );
    None
}

/// The council's name by the Cover, else by the settings.
pub fn authority(project: &Project, received: &Return) -> Option<String> {
    let cover = received.management.cover_text("Authority").map(ToString::to_string);
    cover.or_else(|| project.settings.authority.name.clone())
}

/// Says where the council's code is missing, which published figures are found by.
fn missing_code(authority: &str, published: &Published) -> Problem {
    let hint = match published.places.suggested(authority) {
        Some(code) => {
            format!(
                "is it {}? Add it to rapporteur.toml: [authority] code = \"{}\"",
                code.as_str(),
                code.as_str()
            )
        }
        None => "add it to rapporteur.toml: [authority] code = \"E06000015\"".to_string(),
    };
    Problem::warning(
        Place::file(crate::intake::project::SETTINGS),
        "the council's code is not known: no figures of it and its neighbours",
    )
    .hint(hint)
}
