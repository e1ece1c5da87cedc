//! Files that are whole or absent, and sets of them that are all new or all old: written beside
//! their targets where nobody else can read them, flushed to the disk, then renamed over them one
//! straight after the other.

use std::collections::BTreeMap;
use std::fs::{File, Metadata, Permissions};
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::intake::read::{BUNDLE, io_reason};
use crate::nouns::page::MADE_HERE;
use crate::nouns::problem::Problem;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever may read the folder's other files.
    Everyone,
    /// Its owner alone: it says which children a figure is made of.
    Owner,
}

/// What an earlier file may be to be written over: a slip in a name would cost somebody's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Whatever it is.
    Anything,
    /// A web page of this program's.
    Page,
    /// A table of figures of this program's.
    Figures,
    /// An exchange file of this program's.
    Exchange,
    /// A trail of this program's.
    Trail,
    /// A bundle of this program's.
    Bundle,
}

impl Over {
    /// Whether a file that begins so is one of them. An empty file costs nobody anything.
    fn is_one(self, begins: &[u8]) -> bool {
        let text = String::from_utf8_lossy(begins);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        text.is_empty()
            || match self {
                Over::Anything => true,
                Over::Page => text.starts_with('<') && text.contains(MADE_HERE),
                Over::Figures => text.starts_with("indicator,title,unit,area_type,"),
                Over::Exchange => text.starts_with("not_for_publication,"),
                Over::Bundle => text.starts_with("PK") && text.contains(BUNDLE),
                Over::Trail => {
                    let inside = text.strip_prefix('[').map(str::trim_start);
                    inside.is_some_and(|text| {
                        let text = text.trim_start_matches('{').trim_start();
                        text.starts_with("\"indicator\"") || text.starts_with(']')
                    })
                }
            }
    }

    fn called(self) -> &'static str {
        match self {
            Over::Anything => "file",
            Over::Page => "web page",
            Over::Figures => "table of figures",
            Over::Exchange => "exchange file",
            Over::Trail => "trail",
            Over::Bundle => "bundle",
        }
    }
}

/// Writes what a file holds.
pub type Content<'f> = Box<dyn FnOnce(&mut dyn Write) -> std::io::Result<()> + 'f>;

/// A file that is to be written.
pub struct Outgoing<'f> {
    /// Its name.
    pub path: &'f Path,
    /// Who may read it.
    pub audience: Audience,
    /// What it may take the place of.
    pub over: Over,
    /// What it holds.
    pub content: Content<'f>,
}

/// What files that are not finished are called; those of a run that was killed are swept by it.
const UNFINISHED: &str = ".rapporteur-";
/// How long another run may take to write, before this one gives up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes a folder, and those that it lies in.
pub fn make_folder(path: &Path) -> Result<(), Problem> {
    std::fs::create_dir_all(path).map_err(|e| {
        let message = format!("the folder cannot be made: {}", io_reason(&e));
        Problem::unreadable(path.display().to_string(), message)
            .hint("choose a folder that you may write to, and a name that the system takes")
    })
}

/// Writes a file; an older one stays as it is unless all went well.
pub fn write_file(path: &Path, bytes: &[u8], audience: Audience) -> Result<(), Problem> {
    let content: Content = Box::new(|file| file.write_all(bytes));
    write_set(vec![Outgoing { path, audience, over: Over::Anything, content }])
}

/// Writes a web page over nothing but a web page of this program's.
pub fn write_page(path: &Path, page: &str, audience: Audience) -> Result<(), Problem> {
    let content: Content = Box::new(|file| file.write_all(page.as_bytes()));
    write_set(vec![Outgoing { path, audience, over: Over::Page, content }])
}

/// Whether a file is a web page of this program's.
pub fn is_page_of_ours(path: &Path) -> bool {
    let mut begins = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut begins));
    read.is_ok() && !begins.is_empty() && Over::Page.is_one(&begins)
}

/// Writes files of one run: where one cannot be written, all that were there before stay.
pub fn write_set(files: Vec<Outgoing>) -> Result<(), Problem> {
    let targets = files.iter().map(Target::of).collect::<Result<Vec<_>, _>>()?;
    let folders = folders_of(&targets);
    // One run at a time writes into a folder; let go when they are closed.
    let mut held = Vec::new();
    for folder in &folders {
        if let Some(lock) = lock(folder)? {
            sweep(folder);
            held.push(lock);
        }
    }
    let ready = files
        .into_iter()
        .zip(&targets)
        .map(|(file, target)| target.prepare(file))
        .collect::<Result<Vec<_>, _>>()?;
    commit(ready)?;
    #[cfg(unix)]
    for folder in folders {
        // The names are on the disk as well, where the system can say so.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// The folders of some files, each once however it is named: held twice, one would wait for itself.
/// All runs hold them in the same order.
fn folders_of(targets: &[Target]) -> Vec<&Path> {
    let mut folders: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    for Target { folder, .. } in targets {
        let whole = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.clone());
        folders.entry(whole).or_insert(folder);
    }
    folders.into_values().collect()
}

/// Where a file is written in the end: a link stays a link, and what it leads to is replaced.
struct Target {
    name: String,
    path: PathBuf,
    folder: PathBuf,
}

impl Target {
    fn of(file: &Outgoing) -> Result<Target, Problem> {
        let name = file.path.display().to_string();
        let refused = |why: &str, hint: &str| Err(no_file_to_write(&name, why, hint));
        let path = match followed(file.path) {
            Some(path) => path,
            None => return refused("its link leads in a circle", "name another file"),
        };
        match std::fs::metadata(&path) {
            Ok(about) if about.is_dir() => return refused("it is a folder", "name a file with -o"),
            Ok(about) if !about.is_file() => {
                return refused("it is a device or a pipe, and no file", "name a file");
            }
            Ok(about) => made_here(file, &name, &path, &about)?,
            Err(_) => {}
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        if !folder.is_dir() {
            return refused(
                "its folder does not exist",
                "make the folder first, or name another file with -o",
            );
        }
        Ok(Target { name, path, folder })
    }

    fn fails(&self, error: &std::io::Error) -> Problem {
        let message = format!("the file cannot be written: {}", io_reason(error));
        Problem::unreadable(&self.name, message)
            .hint("close it if it is open in another program, or name another file with -o")
    }

    /// The whole file beside its target, which nobody else can read before it has its name.
    fn prepare(&self, file: Outgoing) -> Result<Ready<'_>, Problem> {
        let fails = |error: &std::io::Error| self.fails(error);
        // The system lets its owner alone read it, until it has its name.
        let mut builder = tempfile::Builder::new();
        let new = builder.prefix(UNFINISHED).tempfile_in(&self.folder).map_err(|e| fails(&e))?;
        let mut buffered = BufWriter::new(new);
        (file.content)(&mut buffered).map_err(|e| fails(&e))?;
        let new = buffered.into_inner().map_err(|e| fails(e.error()))?;
        new.as_file().sync_all().map_err(|e| fails(&e))?;
        Ok(Ready { target: self, new, audience: file.audience })
    }
}

/// A file that only its name is wanting.
struct Ready<'t> {
    target: &'t Target,
    new: NamedTempFile,
    audience: Audience,
}

/// Gives all their names; where one cannot have it, none has.
fn commit(ready: Vec<Ready>) -> Result<(), Problem> {
    let several = ready.len() > 1;
    let mut steps = Vec::new();
    for Ready { target, new, audience } in ready {
        let before = if several { kept(target).map_err(|e| target.fails(&e))? } else { None };
        steps.push((target, new, audience, before));
    }
    let usual = usual_permissions(steps.first().map(|(target, ..)| target.folder.as_path()));
    let mut done: Vec<(&Target, Audience, Option<NamedTempFile<()>>)> = Vec::new();
    for (target, new, audience, before) in steps {
        if let Err(failed) = new.persist(&target.path) {
            let problem = target.fails(&failed.error);
            let left: Vec<String> = done
                .into_iter()
                .filter(|(target, _, before)| put_back(target, before.as_ref()).is_err())
                .map(|(target, ..)| target.name.clone())
                .collect();
            return Err(match left.is_empty() {
                true => problem,
                false => problem.context(format!("only {} was written", left.join(", "))),
            });
        }
        done.push((target, audience, before));
    }
    for (target, audience, _) in &done {
        if let (Audience::Everyone, Some(usual)) = (audience, &usual) {
            // Where the system knows no permissions there is nothing to say of it.
            let _ = std::fs::set_permissions(&target.path, usual.clone());
        }
    }
    Ok(())
}

/// The earlier file under another name, for as long as it may be wanted again.
fn kept(target: &Target) -> std::io::Result<Option<NamedTempFile<()>>> {
    if !target.path.exists() {
        return Ok(None);
    }
    let mut builder = tempfile::Builder::new();
    let linked = builder
        .prefix(UNFINISHED)
        .make_in(&target.folder, |name| std::fs::hard_link(&target.path, name));
    // Some disks have no second names.
    linked
        .or_else(|_| {
            builder.make_in(&target.folder, |name| std::fs::copy(&target.path, name).map(drop))
        })
        .map(Some)
}

fn put_back(target: &Target, before: Option<&NamedTempFile<()>>) -> std::io::Result<()> {
    match before {
        Some(before) => std::fs::rename(before.path(), &target.path),
        None => std::fs::remove_file(&target.path),
    }
}

/// What links lead to, whether it is there or not; nothing where they lead in a circle.
fn followed(path: &Path) -> Option<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..40 {
        match std::fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Some(path),
        }
    }
    None
}

fn no_file_to_write(name: &str, why: &str, hint: &str) -> Problem {
    Problem::unreadable(name, format!("the file cannot be written: {why}")).hint(hint)
}

/// Only what this program made is written over, where that was asked for.
fn made_here(file: &Outgoing, name: &str, path: &Path, about: &Metadata) -> Result<(), Problem> {
    if file.over == Over::Anything || about.len() == 0 {
        return Ok(());
    }
    let mut begins = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut begins));
    // A page's mark may be cut off by the end of what was read, but not by more than that.
    if read.is_ok() && file.over.is_one(&begins) {
        return Ok(());
    }
    let message =
        format!("this file is no {} of Rapporteur's: it would be overwritten", file.over.called());
    Err(Problem::usage(name, message).hint("name another file, or take this one away"))
}

/// Holds a folder against other runs; nothing where the system cannot.
fn lock(folder: &Path) -> Result<Option<File>, Problem> {
    let step = Duration::from_millis(20);
    for _ in 0..PATIENCE.as_millis() / step.as_millis() {
        match hold(folder) {
            Ok(held) => return Ok(Some(held)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::sleep(step),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Ok(None),
        }
    }
    let message = "another run of Rapporteur is writing into this folder, so nothing was written";
    Err(Problem::unreadable(folder.display().to_string(), message)
        .hint("wait until it has finished, and run this again"))
}

/// The folder itself is held, so that nothing is left of it.
#[cfg(unix)]
fn hold(folder: &Path) -> std::io::Result<File> {
    let held = File::open(folder)?;
    held.try_lock()?;
    Ok(held)
}

/// A folder cannot be held on Windows: a file in it is, which nobody else can open and which is
/// gone once it is closed, however the run ends.
#[cfg(windows)]
fn hold(folder: &Path) -> std::io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    const SHARING_VIOLATION: i32 = 32;
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    options.share_mode(0).custom_flags(DELETE_ON_CLOSE);
    options.open(folder.join(".rapporteur-lock")).map_err(|error| match error.raw_os_error() {
        Some(SHARING_VIOLATION) => ErrorKind::WouldBlock.into(),
        _ => error,
    })
}

#[cfg(not(any(unix, windows)))]
fn hold(_: &Path) -> std::io::Result<File> {
    Err(ErrorKind::Unsupported.into())
}

/// Takes away what a run that was killed left unfinished: nobody else writes here now.
fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let unfinished = name
            .to_str()
            .and_then(|name| name.strip_prefix(UNFINISHED))
            .is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_alphanumeric()));
        if unfinished && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The permissions that a file made in the usual way has: what the user's mask leaves of all.
#[cfg(unix)]
fn usual_permissions(folder: Option<&Path>) -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    let all = || Permissions::from_mode(0o666);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("Umask:"));
    match mask.and_then(|mask| u32::from_str_radix(mask.trim(), 8).ok()) {
        Some(mask) => Some(Permissions::from_mode(0o666 & !mask)),
        // Where the system does not tell, an empty file does.
        None => {
            let mut builder = tempfile::Builder::new();
            let probe = builder.prefix(UNFINISHED).permissions(all()).tempfile_in(folder?).ok()?;
            probe.as_file().metadata().ok().map(|about| about.permissions())
        }
    }
}

#[cfg(not(unix))]
fn usual_permissions(_folder: Option<&Path>) -> Option<Permissions> {
    None
}
