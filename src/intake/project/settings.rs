//! `rapporteur.toml`: what a project's settings may say, and what is said of those that cannot be
//! understood.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Deserialize;

use super::shown;
use crate::intake::read::io_reason;
use crate::nouns::problem::{Place, Problem, did_you_mean};
use crate::nouns::words::listed;

/// Which of the packs that ship are used beneath a project's own scripts.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Shipped {
    /// All of them, or none.
    All(bool),
    /// Those of these names.
    Named(Vec<String>),
}

impl Shipped {
    /// Whether a pack is used because the settings say so.
    pub fn holds(&self, name: &str) -> bool {
        match self {
            Shipped::All(all) => *all,
            Shipped::Named(names) => names.iter().any(|named| named == name),
        }
    }
}

/// `rapporteur.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// All that the file says but its layout and its rule, without comments and in one order: what
    /// its fingerprint is taken of.
    #[serde(skip)]
    pub said: String,
    /// The layout that is used where none is named.
    pub layout: String,
    /// The rule of disclosure control.
    pub disclosure: String,
    /// The status policy of indicators that name none; `band` where nothing is said.
    pub status: Option<String>,
    /// Whether it is said of changes if they are more than chance would do.
    pub significance: bool,
    /// From when on an indicator's normal variation is another, by its code.
    pub rebased: IndexMap<String, RebasedText>,
    /// The month that years begin in.
    pub year_starts: String,
    /// Which of the shipped packs are used beneath the project's own scripts.
    pub shipped_scripts: Shipped,
    /// What of packs is left out: `pack.name`, where two of them have it.
    pub leave_out: Vec<String>,
    /// Who reports.
    pub authority: Authority,
    /// Folders of published files by release; the releases' names sort from the oldest to the
    /// newest.
    pub published: BTreeMap<String, PathBuf>,
    /// The councils that it compares itself with.
    pub neighbours: Neighbours,
    /// The folder of `figures.csv` files of earlier reports, or one such file.
    pub history: PathBuf,
    /// Who signs the report off.
    pub sign_off: Vec<SignOff>,
    /// Scripts of which figures may say `people = false` although they count records of people.
    pub counts_nobody: Vec<String>,
    /// What the council's own exports call the columns: by list and column.
    pub columns: IndexMap<String, IndexMap<String, Headings>>,
    /// What the council's own words mean: by list and column, a word and its code.
    pub codes: IndexMap<String, IndexMap<String, IndexMap<String, String>>>,
    /// How its papers look.
    pub look: Look,
    /// The return of the year before.
    pub last_year: LastYear,
    /// Which rules a return is held against.
    pub rules: Rules,
    /// Files of lists that are no part of a return, by the list's name.
    pub reference: IndexMap<String, Files>,
}

/// A new beginning of an indicator's normal variation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RebasedText {
    /// The first period.
    pub from: String,
    /// Why.
    pub reason: String,
}

/// A heading, or several that a column goes by.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Headings {
    /// The one.
    One(String),
    /// Any of these.
    Several(Vec<String>),
}

impl Headings {
    /// All of them.
    pub fn all(&self) -> &[String] {
        match self {
            Headings::One(heading) => std::slice::from_ref(heading),
            Headings::Several(headings) => headings,
        }
    }
}

/// How the council's papers look.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Look {
    /// The colour of headings, such as `#1F3864`: white letters stand on it.
    pub head: Option<String>,
    /// The light colour of headings within tables: dark letters stand on it.
    pub tint: Option<String>,
    /// The font.
    pub font: Option<String>,
    /// A picture at the head of the first page, from the project's folder.
    pub logo: Option<PathBuf>,
    /// What the picture shows, for those who do not see it.
    pub logo_alt: Option<String>,
}

/// The return of the year before, for rules that look back.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LastYear {
    /// A workbook, a folder of CSV lists, or several files, from the project's folder.
    #[serde(rename = "file")]
    pub files: Files,
}

/// One file, or several.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "FilesText")]
pub struct Files(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum FilesText {
    One(String),
    Several(Vec<String>),
}

impl From<FilesText> for Files {
    fn from(text: FilesText) -> Self {
        match text {
            FilesText::One(file) => Files(vec![file]),
            FilesText::Several(files) => Files(files),
        }
    }
}

/// Which rules a return is held against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rules {
    /// Those that may move a figure.
    #[default]
    Figures,
    /// All that there are.
    All,
}

/// Councils to compare with: DfE's workbook of statistical neighbours, or a list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Neighbours {
    /// What the group is called in the notes.
    pub name: Option<String>,
    /// The workbook, from the project's folder.
    pub file: Option<String>,
    /// The councils, where the council has a group of its own: codes, or three-digit numbers.
    pub councils: Vec<Council>,
    /// How their figures are averaged.
    pub average: Average,
}

/// A council as settings name it: `"E06000015"` or `831`.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "CouncilText")]
pub struct Council(pub String);

#[derive(Deserialize)]
#[serde(untagged)]
enum CouncilText {
    Number(u32),
    Text(String),
}

impl From<CouncilText> for Council {
    fn from(text: CouncilText) -> Self {
        match text {
            CouncilText::Number(n) => Council(n.to_string()),
            CouncilText::Text(text) => Council(text),
        }
    }
}

/// How the figures of several councils become one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Average {
    /// The plain mean, as DfE's Local Authority Interactive Tool takes it.
    #[default]
    Mean,
    /// The middle one, as DfE's children's social care dashboard takes it.
    Median,
}

/// Somebody who signs the report off.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    /// In what role.
    pub role: String,
    /// Who.
    #[serde(default)]
    pub name: String,
    /// The day on which they signed, as it is printed.
    #[serde(default)]
    pub date: String,
}

/// Who reports: the return's Cover sheet beats what stands here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Authority {
    /// The council's name.
    pub name: Option<String>,
    /// Its nine-character code, such as E06000015: published figures are found by it.
    pub code: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// Whom to ask about a return: printed on the guidance of an empty one.
    pub contact: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            columns: IndexMap::new(),
            codes: IndexMap::new(),
            layout: "board".to_string(),
            disclosure: "none".to_string(),
            status: None,
            significance: true,
            rebased: IndexMap::new(),
            year_starts: "April".to_string(),
            shipped_scripts: Shipped::All(true),
            leave_out: Vec::new(),
            authority: Authority::default(),
            published: BTreeMap::new(),
            neighbours: Neighbours::default(),
            history: PathBuf::from("history"),
            sign_off: Vec::new(),
            look: Look::default(),
            last_year: LastYear::default(),
            rules: Rules::default(),
            reference: IndexMap::new(),
            counts_nobody: Vec::new(),
            said: String::new(),
        }
    }
}

/// The settings of a file; the usual ones where there is none.
pub(super) fn read_settings(path: &Path) -> Result<Settings, Problem> {
    let name = shown(path);
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let unreadable = |e: toml::de::Error| unreadable_settings(&name, &text, &e);
            let settings = toml::from_str(&text).map_err(unreadable)?;
            let mut said: toml::Table = toml::from_str(&text).map_err(unreadable)?;
            said.remove("layout");
            said.remove("disclosure");
            Ok(Settings { said: said.to_string(), ..settings })
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(e) => {
            let message = format!("the settings cannot be read: {}", io_reason(&e));
            Err(Problem::unreadable(name, message))
        }
    }
}

fn unreadable_settings(name: &str, text: &str, error: &toml::de::Error) -> Problem {
    let line = error.span().map(|s| text[..s.start.min(text.len())].lines().count().max(1) as u32);
    let first = error.message().lines().next().unwrap_or_default();
    let (first, known) = match first.split_once(", expected ") {
        Some((what, names)) if what.starts_with("unknown field") => (what, quoted(names)),
        _ => (first, Vec::new()),
    };
    let guess = quoted(first)
        .first()
        .filter(|_| !known.is_empty())
        .map(|word| did_you_mean(word, known.iter().copied()))
        .unwrap_or_default();
    let mut problem =
        Problem::usage(name, format!("the settings cannot be understood: {first}{guess}"));
    if let Some(line) = line {
        problem.place = Place::line(name, line);
    }
    problem.hint(match known.is_empty() {
        true => "a text stands in quotation marks, `layout = \"board\"`; a name in brackets, \
                 `[authority]`, begins a group of settings"
            .to_string(),
        false => format!("settings in this place are {}", listed(&known)),
    })
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}
