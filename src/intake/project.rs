//! A project: settings, scripts and templates. The shipped ones are inside the program, so that it
//! works in an empty folder; a project's own files are added to them, and one of the same name
//! replaces a shipped one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use indexmap::IndexMap;
use serde::Deserialize;

use crate::intake::read::{io_reason, near_file};
use crate::nouns::house::HouseStyle;
use crate::nouns::period::month_number;
use crate::nouns::problem::{Place, Problem, did_you_mean};

mod look;

static SCRIPTS: Dir = include_dir!("$CARGO_MANIFEST_DIR/scripts");
static TEMPLATES: Dir = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The settings file's name.
pub const SETTINGS: &str = "rapporteur.toml";
/// The status policy where the settings name none.
pub const USUAL_POLICY: &str = "band";
/// How deep scripts may lie in folders: deeper is a folder that holds itself.
const DEEPEST: usize = 8;

/// A script's name and text.
#[derive(Debug, Clone)]
pub struct Source {
    /// The name that messages use, such as `scripts/children_in_care/health.luau`.
    pub name: String,
    /// The bytes of the file.
    pub text: Vec<u8>,
    /// Whether it ships with the program: a project's own declarations replace those of shipped
    /// scripts.
    pub shipped: bool,
}

/// `rapporteur.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The layout that is used where none is named.
    pub layout: String,
    /// The rule of disclosure control.
    pub disclosure: String,
    /// The status policy of indicators that name none; `band` where nothing is said.
    pub status: Option<String>,
    /// The month that years begin in.
    pub year_starts: String,
    /// Whether the shipped scripts and templates are used beneath the project's own.
    pub shipped_scripts: bool,
    /// Who reports.
    pub authority: Authority,
    /// Folders of published files by release; the releases' names sort from the oldest to the
    /// newest.
    pub published: BTreeMap<String, PathBuf>,
    /// The councils that it compares itself with.
    pub neighbours: Neighbours,
    /// The folder of `figures.csv` files of earlier reports.
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
            year_starts: "April".to_string(),
            shipped_scripts: true,
            authority: Authority::default(),
            published: BTreeMap::new(),
            neighbours: Neighbours::default(),
            history: PathBuf::from("history"),
            sign_off: Vec::new(),
            look: Look::default(),
            last_year: LastYear::default(),
            rules: Rules::default(),
            counts_nobody: Vec::new(),
        }
    }
}

/// A project, ready to be loaded.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its settings.
    pub settings: Settings,
    /// Its scripts and templates, by name.
    pub sources: Vec<Source>,
    /// The shipped scripts that files of its own take the place of, and are not the same as.
    pub replaced: Vec<String>,
    /// First month of a year.
    pub year_month: i8,
    /// Its folder, where other files of the settings are looked for; none of the shipped project.
    pub root: Option<PathBuf>,
    /// How its papers look.
    pub house: HouseStyle,
}

impl Project {
    /// A path of the settings, which are written from the project's folder.
    pub fn beside(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.as_deref().unwrap_or(Path::new("")).join(path)
    }

    /// The folders of published files by release.
    pub fn releases(&self) -> BTreeMap<String, PathBuf> {
        self.settings
            .published
            .iter()
            .map(|(release, folder)| (release.clone(), self.beside(folder)))
            .collect()
    }

    /// The project of a folder; the shipped one where none is named and the current folder is none.
    pub fn open(folder: Option<&Path>) -> Result<Project, Problem> {
        Project::open_with(folder, None)
    }

    /// The same with the settings of a file in place of the folder's.
    pub fn open_with(folder: Option<&Path>, settings: Option<&Path>) -> Result<Project, Problem> {
        let here = PathBuf::from(".");
        match folder {
            Some(folder) if !folder.is_dir() => {
                let near = near_file(folder).filter(|near| Path::new(near).is_dir());
                let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                Err(Problem::usage(
                    folder.display().to_string(),
                    format!("there is no such project folder{near}"),
                )
                .hint("name the folder that holds rapporteur.toml or scripts/"))
            }
            Some(folder) => Project::of_folder(folder, settings),
            None if here.join(SETTINGS).is_file()
                || here.join("scripts").is_dir()
                || here.join("templates").is_dir() =>
            {
                Project::of_folder(&here, settings)
            }
            None => {
                let settings = settings.map(read_settings).transpose()?.unwrap_or_default();
                Project::assemble(settings, BTreeMap::new(), SETTINGS, None)
            }
        }
    }

    /// The settings file as messages name it.
    pub fn settings_file(&self) -> String {
        shown(&self.beside(SETTINGS))
    }

    /// The shipped project.
    pub fn shipped() -> Project {
        Project::assemble(Settings::default(), BTreeMap::new(), SETTINGS, None)
            .expect("the shipped settings are sound")
    }

    fn of_folder(folder: &Path, settings: Option<&Path>) -> Result<Project, Problem> {
        let path = settings.map_or_else(|| folder.join(SETTINGS), Path::to_path_buf);
        let name = shown(&path);
        let settings = read_settings(&path)?;
        let mut own = BTreeMap::new();
        for part in ["scripts", "templates"] {
            gather(folder, &folder.join(part), 0, &mut own)?;
        }
        Project::assemble(settings, own, &name, Some(folder))
    }

    fn assemble(
        settings: Settings,
        own: BTreeMap<String, Vec<u8>>,
        name: &str,
        root: Option<&Path>,
    ) -> Result<Project, Problem> {
        let year_month = month_number(&settings.year_starts).ok_or_else(|| {
            Problem::usage(name, "year_starts must be a month").hint("year_starts = \"April\"")
        })?;
        let mut shipped = BTreeMap::new();
        if settings.shipped_scripts {
            embedded(&SCRIPTS, "scripts", &mut shipped);
            embedded(&TEMPLATES, "templates", &mut shipped);
        }
        // A file of the same name takes the shipped one's place altogether.
        let is_another = |(name, text): (&String, &Vec<u8>)| {
            own.get(name).is_some_and(|own| own != text).then(|| name.clone())
        };
        let replaced = shipped.iter().filter_map(is_another).collect();
        shipped.retain(|name, _| !own.contains_key(name));
        let source = |shipped| move |(name, text)| Source { name, text, shipped };
        let sources = shipped
            .into_iter()
            .map(source(true))
            .chain(own.into_iter().map(source(false)))
            .collect();
        let root = root.map(|root| root.strip_prefix(".").unwrap_or(root).to_path_buf());
        let house = look::house_style(&settings.look, root.as_deref(), name)?;
        Ok(Project { settings, sources, replaced, year_month, root, house })
    }
}

/// A script as it ships, by its name.
pub fn shipped_text(name: &str) -> Option<&'static [u8]> {
    let (folder, path) = name.split_once('/')?;
    let folder = match folder {
        "scripts" => &SCRIPTS,
        "templates" => &TEMPLATES,
        _ => return None,
    };
    folder.get_file(path).map(|file| file.contents())
}

/// The settings of a file; the usual ones where there is none.
fn read_settings(path: &Path) -> Result<Settings, Problem> {
    let name = shown(path);
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|e| unreadable_settings(&name, &text, &e)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(e) => {
            let message = format!("the settings cannot be read: {}", io_reason(&e));
            Err(Problem::unreadable(name, message))
        }
    }
}

fn embedded(folder: &Dir, prefix: &str, all: &mut BTreeMap<String, Vec<u8>>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if is_script(file.path()) {
            all.insert(format!("{prefix}/{path}"), file.contents().to_vec());
        }
    }
    for inner in folder.dirs() {
        embedded(inner, prefix, all);
    }
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "luau" || e == "lua")
}

/// A path as messages show it: from the project's folder, with forward slashes.
fn shown(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_string()
}

fn gather(
    root: &Path,
    folder: &Path,
    depth: usize,
    found: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Problem> {
    let fail = |path: &Path, e: &std::io::Error| {
        Problem::unreadable(shown(path), format!("cannot be read: {}", io_reason(e)))
    };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(fail(folder, &e)),
    };
    if depth > DEEPEST {
        return Err(Problem::unreadable(shown(folder), "scripts lie too deep in folders")
            .hint("does a folder link to itself?"));
    }
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(root, &path, depth + 1, found)?;
        } else if is_script(&path) && path.is_file() {
            let name = shown(path.strip_prefix(root).unwrap_or(&path));
            found.insert(name, std::fs::read(&path).map_err(|e| fail(&path, &e))?);
        }
    }
    Ok(())
}

fn unreadable_settings(name: &str, text: &str, error: &toml::de::Error) -> Problem {
    let line = error.span().map(|s| text[..s.start.min(text.len())].lines().count().max(1) as u32);
    let first = error.message().lines().next().unwrap_or_default();
    // The hint lists them all.
    let first = first.split_once(", expected one of").map_or(first, |(what, _)| what);
    const NAMES: [&str; 28] = [
        "layout",
        "disclosure",
        "status",
        "year_starts",
        "shipped_scripts",
        "authority",
        "name",
        "code",
        "region",
        "contact",
        "published",
        "neighbours",
        "file",
        "councils",
        "average",
        "history",
        "sign_off",
        "role",
        "columns",
        "codes",
        "look",
        "head",
        "tint",
        "font",
        "logo",
        "logo_alt",
        "last_year",
        "rules",
    ];
    let guess = first
        .split('`')
        .nth(1)
        .filter(|_| first.contains("unknown field"))
        .map(|w| did_you_mean(w, NAMES))
        .unwrap_or_default();
    let mut problem =
        Problem::usage(name, format!("the settings cannot be understood: {first}{guess}"));
    if let Some(line) = line {
        problem.place = Place::line(name, line);
    }
    problem.hint(format!("settings are {}", NAMES.join(", ")))
}
