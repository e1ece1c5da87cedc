//! Files that are whole or absent: written beside the target, flushed to the disk, then renamed
//! over it.

use std::fs::Permissions;
use std::io::{Read, Write};
use std::path::Path;

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
    let name = path.display().to_string();
    let fail = |e: &std::io::Error| {
        Problem::unreadable(&name, format!("the file cannot be written: {}", io_reason(e)))
            .hint("close it if it is open in another program, or name another file with -o")
    };
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
    let mut file = builder.tempfile_in(folder).map_err(|e| fail(&e))?;
    file.write_all(bytes).map_err(|e| fail(&e))?;
    file.as_file().sync_all().map_err(|e| fail(&e))?;
    file.persist(&target).map_err(|e| fail(&e.error))?;
    Ok(())
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
