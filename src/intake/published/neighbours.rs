//! The group of councils that a council compares itself with: its statistical neighbours by DfE's
//! workbook, or its own list.

use super::Places;
use crate::intake::project::{Average, Project};
use crate::intake::read::{Limits, Sheet, Source, Value, read_file};
use crate::nouns::area::AreaCode;
use crate::nouns::problem::{Place, Problem, Problems};

/// A council's group.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// What it is called in the notes.
    pub name: String,
    /// Its members.
    pub councils: Vec<AreaCode>,
    /// What they are called, for the notes.
    pub names: Vec<String>,
    /// How their figures are averaged.
    pub average: Average,
}

impl Group {
    /// The group of a council by the settings; empty where they name none, or where it cannot be
    /// found.
    pub fn of(
        project: &Project,
        own: Option<AreaCode>,
        places: &Places,
        limits: &Limits,
        problems: &mut Problems,
    ) -> Group {
        let settings = &project.settings.neighbours;
        let mut group = Group {
            name: settings.name.clone().unwrap_or_default(),
            councils: Vec::new(),
            names: Vec::new(),
            average: settings.average,
        };
        let numbers: Vec<String> = match (&settings.file, own) {
            (None, _) => settings.councils.iter().map(|c| c.0.clone()).collect(),
            (Some(_), None) => return group,
            (Some(file), Some(own)) => {
                let path = project.beside(file);
                if group.name.is_empty() {
                    group.name = path
                        .file_stem()
                        .map_or(String::new(), |s| s.to_string_lossy().into_owned());
                }
                let found = read_file(&path, limits, problems)
                    .and_then(|source| row_of(&source, own, places));
                match found {
                    Ok(numbers) => numbers,
                    Err(problem) => {
                        problems
                            .add(Problem { kind: crate::nouns::problem::Kind::Return, ..problem });
                        return group;
                    }
                }
            }
        };
        for number in numbers {
            match places.council(&number) {
                Some(code) if !group.councils.contains(&code) => {
                    if let Some(last) = places.gone_after(code) {
                        let name = places.names.get(&code).unwrap_or(&number);
                        let message = format!(
                            "{name} is in no release after {last}: later averages are without it"
                        );
                        let file = settings.file.as_deref();
                        let place = Place::file(file.unwrap_or(crate::intake::project::SETTINGS));
                        problems.add(Problem::note(place, message).hint(
                            "councils that were merged or split are not joined with what came of \
                             them",
                        ));
                    }
                    group.councils.push(code);
                    group.names.push(places.names.get(&code).cloned().unwrap_or(number));
                }
                Some(_) => {}
                None => problems.add(
                    Problem::warning(
                        Place::file(
                            settings.file.as_deref().unwrap_or(crate::intake::project::SETTINGS),
                        ),
                        format!(
                            "no published file knows neighbour {number}; averages are without it"
                        ),
                    )
                    .hint("councils go by codes such as E06000015, or by their three-digit number"),
                ),
            }
        }
        group
    }
}

/// The neighbours of a council in a workbook or CSV of groups: the row that begins with the
/// council's number, and the columns headed SN1, SN2 and so on. Title rows above the headings do
/// not matter.
fn row_of(source: &Source, own: AreaCode, places: &Places) -> Result<Vec<String>, Problem> {
    let mut headed: Option<&Sheet> = None;
    for sheet in &source.sheets {
        let mut columns: Vec<u16> = Vec::new();
        let mut number_column = None;
        for (_, cells) in sheet.rows() {
            if columns.is_empty() {
                let heading = |cell| normalised(&sheet.shown(cell));
                columns =
                    cells.iter().filter(|c| is_neighbour(&heading(c))).map(|c| c.col).collect();
                number_column = cells.iter().find(|c| is_number(&heading(c))).map(|c| c.col);
                headed = headed.or((!columns.is_empty()).then_some(sheet));
                continue;
            }
            let shown =
                |column: u16| cells.iter().find(|c| c.col == column).map(|c| sheet.shown(c));
            let whose = number_column.and_then(shown).and_then(|text| places.council(&text));
            if whose == Some(own) {
                let filled = cells.iter().filter(|c| columns.contains(&c.col));
                return Ok(filled
                    .filter(|c| !matches!(sheet.value(c), Value::Error(_)))
                    .map(|c| sheet.shown(c))
                    .collect());
            }
        }
    }
    let file = || Place::file(&source.name);
    match headed {
        Some(sheet) => Err(Problem::error(
            sheet.place.clone(),
            format!("the table of neighbours has no row for {}", own.as_str()),
        )
        .hint("is it the table of your kind of council, and the settings' code right?")),
        None => Err(Problem::error(file(), "no sheet has the columns SN1, SN2 and so on")
            .hint("take DfE's workbook as published, or list the councils in the settings")),
    }
}

fn normalised(heading: &str) -> String {
    heading.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
}

/// `SN1`, `SN_10`: not `SNP`, `SN_1P`, which say how close the neighbour is.
fn is_neighbour(heading: &str) -> bool {
    heading
        .strip_prefix("sn")
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

fn is_number(heading: &str) -> bool {
    ["lanum", "lanumber", "oldlacode", "lacode", "newlacode"].contains(&heading)
}
