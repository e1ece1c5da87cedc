//! One run of the program: a process in a private folder, which ends with its time or with whoever
//! asked for it.

use std::io;
use std::path::Path;
use std::process::Stdio;

use serde_json::json;
use tokio::process::Command;
use tokio::time::timeout;

use super::Settings;
use super::request::Asked;

/// How much a run may write: more is no appendix.
const MOST_WRITTEN: u64 = 256 << 20;

/// What came of a run, as the page takes it: what was said, and the files that were written.
pub async fn run(settings: &Settings, folder: &Path, asked: &Asked) -> io::Result<Vec<u8>> {
    let mut command = Command::new(&settings.program);
    let (name, rest) = asked.args.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    command.arg(name);
    if let Some(project) = &settings.project {
        command.arg("--project").arg(project);
    }
    command.args(rest).current_dir(folder).env_remove("RUST_BACKTRACE");
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(settings.bounds.run, command.output()).await.map_err(|_| {
        io::Error::new(io::ErrorKind::TimedOut, "it took too long, and was stopped")
    })??;
    let files = written(folder, asked)?;
    let named: Vec<_> =
        files.iter().map(|(name, bytes)| json!({ "name": name, "size": bytes.len() })).collect();
    let told = json!({
        "code": output.status.code(),
        "out": String::from_utf8_lossy(&output.stdout),
        "err": String::from_utf8_lossy(&output.stderr),
        "files": named,
    });
    Ok(framed(&told.to_string(), files.into_iter().map(|(_, bytes)| bytes)))
}

/// The files that a run wrote, by name: those of its folder that were not sent, or are not as they
/// were.
fn written(folder: &Path, asked: &Asked) -> io::Result<Vec<(String, Vec<u8>)>> {
    let options: Vec<&str> = asked.args.iter().map(String::as_str).collect();
    let mut files = Vec::new();
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let sent = asked.files.iter().any(|file| file.name == name);
        // Settings are written where they were read.
        let settled = options.windows(2).any(|pair| pair == ["--settings", &name])
            && options.contains(&"--accept");
        if !entry.file_type()?.is_file() || (sent && !settled) {
            continue;
        }
        sum += entry.metadata()?.len();
        if sum > MOST_WRITTEN {
            return Err(io::Error::other("what was written is too much for a page"));
        }
        files.push((name, std::fs::read(entry.path())?));
    }
    files.sort();
    Ok(files)
}

/// A head, led by its length in four bytes, and what follows it.
pub fn framed(head: &str, rest: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut bytes = (head.len() as u32).to_le_bytes().to_vec();
    bytes.extend_from_slice(head.as_bytes());
    rest.for_each(|part| bytes.extend(part));
    bytes
}
