//! A project: settings, scripts and templates. The shipped ones are inside the program, so that it
//! works in an empty folder; a project's own files are added to them, and one of the same name
//! replaces a shipped one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Deserialize;

use crate::intake::packs::{self, ABOUT, About, Lock, Pack};
use crate::intake::read::{io_reason, near_file};
use crate::nouns::house::HouseStyle;
use crate::nouns::period::month_number;
use crate::nouns::problem::{Place, Problem, did_you_mean};

mod look;

/// The settings file's name.
pub const SETTINGS: &str = "rapporteur.toml";
/// How deep scripts may lie in folders: deeper is a folder that holds itself.
const DEEPEST: usize = 8;
/// The status policy where the settings name none.
pub const USUAL_POLICY: &str = "band";

/// A script's name and text.
#[derive(Debug, Clone)]
pub struct Source {
    /// The name that messages use, such as `scripts/children_in_care/health.luau`.
    pub name: String,
    /// The bytes of the file.
    pub text: Cow<'static, [u8]>,
    /// Whether it ships with the program.
    pub shipped: bool,
    /// The pack that it comes in; none of a project's own, whose declarations replace those of
    /// packs.
    pub pack: Option<String>,
    /// The names of what it declares and the settings leave out.
    pub left_out: Vec<String>,
}

impl Source {
    /// A script of a project's own.
    pub fn own(name: impl Into<String>, text: impl Into<Vec<u8>>) -> Source {
        Source {
            name: name.into(),
            text: Cow::Owned(text.into()),
            shipped: false,
            pack: None,
            left_out: Vec::new(),
        }
    }
}

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
        }
    }
}

/// A project, ready to be loaded.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its settings.
    pub settings: Settings,
    /// Its scripts and templates: those of packs, each after what it needs, then its own by name.
    pub sources: Vec<Source>,
    /// The shipped scripts that files of its own take the place of, and are not the same as.
    pub replaced: Vec<String>,
    /// What the packs that it uses say of themselves, and whether they ship.
    pub packs: Vec<(About, bool)>,
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
                Project::assemble(settings, Parts::default(), SETTINGS, None)
            }
        }
    }

    /// The settings file as messages name it.
    pub fn settings_file(&self) -> String {
        shown(&self.beside(SETTINGS))
    }

    /// The shipped project.
    pub fn shipped() -> Project {
        Project::assemble(Settings::default(), Parts::default(), SETTINGS, None)
            .expect("the shipped settings are sound")
    }

    fn of_folder(folder: &Path, settings: Option<&Path>) -> Result<Project, Problem> {
        let packs = Lock::of_project(folder)?.packs(folder)?;
        Project::of_parts(folder, settings, packs)
    }

    /// The project of a folder with these packs, whatever was added to it.
    pub fn with_packs(folder: &Path, packs: Vec<Pack>) -> Result<Project, Problem> {
        Project::of_parts(folder, None, packs)
    }

    fn of_parts(
        folder: &Path,
        settings: Option<&Path>,
        packs: Vec<Pack>,
    ) -> Result<Project, Problem> {
        let path = settings.map_or_else(|| folder.join(SETTINGS), Path::to_path_buf);
        let name = shown(&path);
        let settings = read_settings(&path)?;
        let about = folder.join(ABOUT);
        let itself = match std::fs::read_to_string(&about) {
            Ok(text) => Some(About::read(&shown(&about), &text)?),
            Err(_) => None,
        };
        let mut own = BTreeMap::new();
        for part in ["scripts", "templates"] {
            gather(folder, &folder.join(part), 0, &mut own)?;
        }
        let parts = Parts { own, itself, packs };
        Project::assemble(settings, parts, &name, Some(folder))
    }

    fn assemble(
        settings: Settings,
        parts: Parts,
        name: &str,
        root: Option<&Path>,
    ) -> Result<Project, Problem> {
        let year_month = month_number(&settings.year_starts).ok_or_else(|| {
            Problem::usage(name, "year_starts must be a month").hint("year_starts = \"April\"")
        })?;
        let Parts { own, itself, packs } = parts;
        let added = packs::in_order(packs);
        let needed = |name: &str| {
            let mut abouts = added.iter().map(|pack| &pack.about).chain(&itself);
            abouts.any(|about| about.needs.contains_key(name))
        };
        let all = packs::shipped();
        if let Shipped::Named(names) = &settings.shipped_scripts {
            let known = || all.iter().map(|pack| pack.about.name.as_str());
            if let Some(unknown) = names.iter().find(|wanted| !known().any(|one| one == *wanted)) {
                let message =
                    format!("no pack `{unknown}` ships{}", did_you_mean(unknown, known()));
                let names = known().collect::<Vec<_>>().join(", ");
                return Err(
                    Problem::usage(name, message).hint(format!("those that do are {names}"))
                );
            }
        }
        let used = |pack: &&Pack| {
            settings.shipped_scripts.holds(&pack.about.name) || needed(&pack.about.name)
        };
        let used: Vec<&Pack> = all.iter().filter(used).collect();
        let there = used.iter().copied().chain(&added).map(|pack| &pack.about);
        let there: BTreeMap<_, _> = there.map(|a| (a.name.clone(), a.version.clone())).collect();
        if let Some(lacks) = added.iter().find_map(|pack| pack.about.lacks(&there)) {
            return Err(lacks);
        }
        // A file of the same name takes a shipped one's place altogether.
        let of_shipped: Vec<Source> = used.iter().flat_map(|pack| pack.sources(true)).collect();
        let is_another =
            |source: &&Source| own.get(&source.name).is_some_and(|own| source.text != *own);
        let replaced = of_shipped.iter().filter(is_another).map(|s| s.name.clone()).collect();
        let of_shipped = of_shipped.into_iter().filter(|source| !own.contains_key(&source.name));
        let sources = of_shipped.chain(added.iter().flat_map(|pack| pack.sources(false)));
        let mut sources: Vec<Source> = sources.collect();
        leave_out(&settings.leave_out, &mut sources, name)?;
        sources.extend(own.iter().map(|(name, text)| Source::own(name, text.as_slice())));
        let packs = used.iter().map(|pack| (pack.about.clone(), true));
        let packs = packs.chain(added.iter().map(|pack| (pack.about.clone(), false))).collect();
        let root = root.map(|root| root.strip_prefix(".").unwrap_or(root).to_path_buf());
        let house = look::house_style(&settings.look, root.as_deref(), name)?;
        Ok(Project { settings, sources, replaced, packs, year_month, root, house })
    }
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

/// Notes what the settings leave out of packs: `pack.name`.
fn leave_out(names: &[String], sources: &mut [Source], file: &str) -> Result<(), Problem> {
    for name in names {
        let fault = |why: String| {
            Problem::usage(file, format!("leave_out names `{name}`, {why}")).hint(
                "leave_out = [\"annex-a.contacts_n\"],  the pack's name and that of the thing",
            )
        };
        let Some((pack, bare)) = name.split_once('.') else {
            return Err(fault("without its pack".to_string()));
        };
        if !sources.iter().any(|source| source.pack.as_deref() == Some(pack)) {
            let known = sources.iter().filter_map(|source| source.pack.as_deref());
            return Err(fault(format!("of a pack that is not used{}", did_you_mean(pack, known))));
        }
        for source in sources.iter_mut().filter(|source| source.pack.as_deref() == Some(pack)) {
            source.left_out.push(bare.to_string());
        }
    }
    Ok(())
}

/// What a project is made of, beside its settings.
#[derive(Default)]
struct Parts {
    /// Its own scripts and templates.
    own: BTreeMap<String, Vec<u8>>,
    /// What it says of itself, where it is a pack.
    itself: Option<About>,
    /// The packs that were added to it.
    packs: Vec<Pack>,
}

/// A path as messages show it: from the project's folder, with forward slashes.
fn shown(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_string()
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "luau" || e == "lua")
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
    const NAMES: [&str; 34] = [
        "layout",
        "leave_out",
        "disclosure",
        "status",
        "significance",
        "rebased",
        "from",
        "reason",
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
        "reference",
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
