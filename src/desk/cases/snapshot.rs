//! What an appendix was, kept as text under `snapshots/` in the form that insta keeps texts in: a
//! few lines between `---` that say where it comes from, then the text.

use std::path::{Path, PathBuf};

use super::{CASES, conflict};
use crate::intake::read::{Limits, file_bytes};
use crate::nouns::problem::{Place, Problem};

/// The file that a case's appendix is kept in.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Where it is.
    pub path: PathBuf,
    /// As messages show it.
    pub file: String,
}

/// What stands in a snapshot's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The file that it comes from: `tests/name.toml`, or a test of another program's.
    pub source: String,
    /// The text.
    pub text: String,
    /// Whether its lines end as Windows ends them.
    pub windows: bool,
}

impl Snapshot {
    /// In a folder, by its name.
    pub fn of(folder: &Path, name: &str) -> Snapshot {
        let path = folder.join(format!("{name}.snap"));
        let file = path.display().to_string().replace('\\', "/");
        Snapshot { file: file.strip_prefix("./").unwrap_or(&file).to_string(), path }
    }

    /// Reads it; none where there is no such file.
    pub fn read(&self) -> Result<Option<Stored>, Problem> {
        if std::fs::metadata(&self.path).is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound) {
            return Ok(None);
        }
        let bytes = file_bytes(&self.path, &Limits::default()).map_err(|problem| {
            Problem::unreadable(
                &self.file,
                format!("the snapshot cannot be read: {}", problem.message),
            )
            .hint("take away what is there, and accept the appendix anew")
        })?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(line) = conflict(&text) {
            let problem =
                Problem::usage("", "git left a conflict in the snapshot that nobody has decided");
            return Err(Problem { place: Place::line(&self.file, line), ..problem }.hint(
                "keep one side with git, or delete the file and look at the whole appendix anew; \
                 then test again",
            ));
        }
        Stored::parse(&text).map(Some).ok_or_else(|| {
            Problem::usage(
                &self.file,
                "this is not a snapshot: it should begin with lines between `---`",
            )
            .hint("take the file away, or delete it and accept the appendix anew")
        })
    }

    /// The file's new bytes. Its lines end as before.
    pub fn bytes(source: &str, text: &str, windows: bool) -> Vec<u8> {
        let whole = format!("---\nsource: {source}\n---\n{}\n", text.trim_end());
        if windows { whole.replace('\n', "\r\n").into_bytes() } else { whole.into_bytes() }
    }

    /// The snapshots of cases in a folder; those of other programs are none of ours.
    pub fn all(folder: &Path) -> Vec<(Snapshot, String)> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let mut names: Vec<String> = entries
            .filter_map(|entry| {
                Some(entry.file_name().to_str()?.strip_suffix(".snap")?.to_string())
            })
            .collect();
        names.sort();
        let ours = names.into_iter().filter_map(|name| {
            let snapshot = Snapshot::of(folder, &name);
            let source = snapshot.read().ok()??.source;
            let case = source.strip_prefix(CASES)?.starts_with('/') && source.ends_with(".toml");
            case.then_some((snapshot, source))
        });
        ours.collect()
    }
}

impl Stored {
    fn parse(text: &str) -> Option<Stored> {
        let windows = text.contains("\r\n");
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let (head, text) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
        let source = head.lines().find_map(|line| line.strip_prefix("source:")).unwrap_or_default();
        let source = source.trim().trim_matches('"').to_string();
        Some(Stored { source, text: text.trim_end().to_string(), windows })
    }
}
