//! Files that are whole or absent: written beside the target, flushed to the disk, then renamed
//! over it.

use std::fs::Permissions;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::intake::read::io_reason;
use crate::nouns::problem::Problem;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever may read the folder's other files.
    Everyone,
    /// Its owner alone: it says which children a figure is made of.
    Owner,
}

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
    let mut file = Unfinished::begin(path, audience)?;
    let written = file.write_all(bytes);
    written.map_err(|e| file.cannot_be_written(&e))?;
    file.finish()
}

/// A file that is being written beside its target, where an older one stays as it is until all is
/// there. It goes away with whoever gives it up.
pub struct Unfinished {
    file: BufWriter<NamedTempFile>,
    target: PathBuf,
    name: String,
}

impl Unfinished {
    /// Begins a file.
    pub fn begin(path: &Path, audience: Audience) -> Result<Self, Problem> {
        let name = path.display().to_string();
        if path.is_dir() {
            return Err(Problem::unreadable(&name, "the file cannot be written: it is a folder")
                .hint("name a file with -o"));
        }
        // A link stays a link: what it points to is replaced.
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if !folder.is_dir() {
            return Err(Problem::unreadable(
                &name,
                "the file cannot be written: its folder does not exist",
            )
            .hint("make the folder first, or name another file with -o"));
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".rapporteur-");
        if let (Audience::Everyone, Some(permissions)) = (audience, usual_permissions(&target)) {
            builder.permissions(permissions);
        }
        let file = builder.tempfile_in(folder).map_err(|e| cannot_be_written(&name, &e))?;
        Ok(Unfinished { file: BufWriter::new(file), target, name })
    }

    /// Puts the file in its place.
    pub fn finish(self) -> Result<(), Problem> {
        let fail = |e: &std::io::Error| cannot_be_written(&self.name, e);
        let file = self.file.into_inner().map_err(|e| fail(e.error()))?;
        file.as_file().sync_all().map_err(|e| fail(&e))?;
        file.persist(&self.target).map_err(|e| fail(&e.error))?;
        Ok(())
    }

    /// What is told where it cannot be written.
    pub fn cannot_be_written(&self, error: &std::io::Error) -> Problem {
        cannot_be_written(&self.name, error)
    }
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

fn cannot_be_written(name: &str, error: &std::io::Error) -> Problem {
    Problem::unreadable(name, format!("the file cannot be written: {}", io_reason(error)))
        .hint("close it if it is open in another program, or name another file with -o")
}

/// Writes a web page. What is there and is no page is not ours to replace: a slip in the name would
/// cost a return.
pub fn write_page(path: &Path, page: &str, audience: Audience) -> Result<(), Problem> {
    let mut begins = Vec::new();
    let read = std::fs::metadata(path).is_ok_and(|about| about.is_file())
        && std::fs::File::open(path)
            .is_ok_and(|file| file.take(512).read_to_end(&mut begins).is_ok());
    let first = begins.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&begins).trim_ascii_start().first();
    if read && first.is_some_and(|first| *first != b'<') {
        return Err(Problem::usage(
            path.display().to_string(),
            "this file is no web page: it would be overwritten",
        )
        .hint("name another file for the page"));
    }
    write_file(path, page.as_bytes(), audience)
}

/// The permissions that a file made in the usual way would have.
#[cfg(unix)]
fn usual_permissions(_target: &Path) -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    // The system takes off what the user's mask forbids.
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn usual_permissions(_target: &Path) -> Option<Permissions> {
    None
}
