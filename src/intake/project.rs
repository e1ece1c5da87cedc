//! A project: settings, scripts and templates. The shipped ones are inside the program, so that it
//! works in an empty folder; a project's own files are added to them, and one of the same name
//! replaces a shipped one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::intake::packs::{self, ABOUT, About, Lock, Pack};
use crate::intake::read::{io_reason, near_file};
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::house::HouseStyle;
use crate::nouns::period::month_number;
use crate::nouns::problem::{Place, Problem, did_you_mean};

mod look;
mod settings;

use settings::read_settings;
pub use settings::{
    Authority, Average, Council, Files, Headings, LastYear, Look, Neighbours, RebasedText, Rules,
    Settings, Shipped, SignOff,
};

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
    /// That files of its own take the place of shipped ones: nothing that those declared is left.
    pub fn replacements(&self) -> impl Iterator<Item = Problem> {
        self.replaced.iter().map(|name| {
            let message = "the script takes the place of the shipped one of the same name";
            Problem::note(Place::file(name), message)
                .hint("unless that is meant, give it a name of its own")
        })
    }

    /// The fingerprint of its scripts and templates, by their names and texts.
    pub fn scripts_fingerprint(&self) -> Fingerprint {
        let parts = |source: &'_ Source| [source.name.clone().into_bytes(), source.text.to_vec()];
        let all: Vec<Vec<u8>> = self.sources.iter().flat_map(parts).collect();
        Fingerprint::of_all(all.iter().map(Vec::as_slice))
    }

    /// That of its settings: a comment in the file or its order makes no difference. The layout and
    /// the rule are not among them: a report names those that it was made with.
    pub fn settings_fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.settings.said.as_bytes())
    }

    /// A path of the settings, which are written from the project's folder.
    pub fn beside(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.as_deref().unwrap_or(Path::new("")).join(path)
    }

    /// The figures of earlier reports: a folder of them, or one file; none where it is not there.
    /// Outside a project a folder of that name is somebody else's.
    pub fn history(&self) -> Option<PathBuf> {
        self.root.as_ref()?;
        Some(self.beside(&self.settings.history)).filter(|path| path.exists())
    }

    /// That the settings name a history which is not there. A project need not have the usual one.
    pub fn history_not_there(&self) -> Option<Problem> {
        let named = &self.settings.history;
        let usual = *named == Settings::default().history;
        if usual || self.root.is_none() || self.history().is_some() {
            return None;
        }
        let message = format!("history = \"{}\" is not there", shown(named));
        Some(
            Problem::warning(Place::file(self.settings_file()), message)
                .hint("name the folder with the figures.csv of earlier reports, or one such file"),
        )
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
        let needing: Vec<&About> = added.iter().map(|pack| &pack.about).chain(&itself).collect();
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
        let used = all.iter().filter(|pack| is_used(&pack.about.name, &settings, &needing));
        let used: Vec<&Pack> = used.collect();
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

/// Whether a shipped pack is used: the settings name it, or another pack needs it.
fn is_used(name: &str, settings: &Settings, needing: &[&About]) -> bool {
    settings.shipped_scripts.holds(name)
        || needing.iter().any(|about| about.needs.contains_key(name))
}

/// That a name in `leave_out` means nothing, and why.
fn leaves_out_nothing(file: &str, name: &str, why: &str) -> Problem {
    Problem::usage(file, format!("leave_out names `{name}`, {why}"))
        .hint("leave_out = [\"annex-a.contacts_n\"],  the pack's name and that of the thing")
}

/// Notes what the settings leave out of packs: `pack.name`.
fn leave_out(names: &[String], sources: &mut [Source], file: &str) -> Result<(), Problem> {
    for name in names {
        let fault = |why: &str| leaves_out_nothing(file, name, why);
        let Some((pack, bare)) = name.split_once('.') else {
            return Err(fault("without its pack"));
        };
        if !sources.iter().any(|source| source.pack.as_deref() == Some(pack)) {
            let known = sources.iter().filter_map(|source| source.pack.as_deref());
            let guess = did_you_mean(pack, known);
            return Err(fault(&format!("of a pack that is not used{guess}")));
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

/// That a file or folder of scripts cannot be read, and why.
fn cannot_be_read(path: &Path, e: &std::io::Error) -> Problem {
    Problem::unreadable(shown(path), format!("cannot be read: {}", io_reason(e)))
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
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(cannot_be_read(folder, &e)),
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
            found.insert(name, std::fs::read(&path).map_err(|e| cannot_be_read(&path, &e))?);
        }
    }
    Ok(())
}
