//! One run of the program: a process in a private folder, which ends with its time or with whoever
//! asked for it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::process::Stdio;

use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{ChildStderr, ChildStdout, Command};
use tokio::time::timeout;

use super::Settings;
use super::request::Asked;

/// How much a run may write: more is no appendix.
const MOST_WRITTEN: u64 = 256 << 20;

/// How far runs are, by what the page calls them.
#[derive(Default)]
pub struct Stages(RefCell<HashMap<String, String>>);

impl Stages {
    /// What a run is at; nothing where there is none, or it has said nothing yet.
    pub fn of(&self, id: &str) -> Option<String> {
        self.0.borrow().get(id).cloned()
    }

    /// A run that begins; it is forgotten when what is given here is dropped.
    pub fn begin<'s>(&'s self, id: &'s str) -> Stage<'s> {
        Stage { all: self, id }
    }
}

/// How far one run is.
pub struct Stage<'s> {
    all: &'s Stages,
    id: &'s str,
}

impl Stage<'_> {
    /// Says what it is at.
    pub fn tell(&self, stage: &str) {
        if !self.id.is_empty() {
            self.all.0.borrow_mut().insert(self.id.to_string(), stage.to_string());
        }
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        self.all.0.borrow_mut().remove(self.id);
    }
}

/// What came of a run, as the page takes it: what was said, and the files that were written.
pub async fn run(
    settings: &Settings,
    folder: &Path,
    asked: &Asked,
    stage: &Stage<'_>,
) -> io::Result<Vec<u8>> {
    let mut command = Command::new(&settings.program);
    let (name, rest) = asked.args.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    command.arg(name);
    if let Some(project) = &settings.project {
        command.arg("--project").arg(project);
    }
    command.args(rest).current_dir(folder).env_remove("RUST_BACKTRACE").env(settings.stages, "1");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn()?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let whole = async { tokio::try_join!(child.wait(), said(out), complained(err, stage)) };
    let (status, out, err) = timeout(settings.bounds.run, whole).await.map_err(|_| {
        io::Error::new(io::ErrorKind::TimedOut, "it took too long, and was stopped")
    })??;
    let files = written(folder, asked)?;
    let named: Vec<_> =
        files.iter().map(|(name, bytes)| json!({ "name": name, "size": bytes.len() })).collect();
    let told = json!({
        "code": status.code(),
        "out": String::from_utf8_lossy(&out),
        "err": err,
        "files": named,
    });
    Ok(framed(&told.to_string(), files.into_iter().map(|(_, bytes)| bytes)))
}

async fn said(out: Option<ChildStdout>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut out) = out {
        out.read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

/// What a run complains of; the stages among it are told as they come.
async fn complained(err: Option<ChildStderr>, stage: &Stage<'_>) -> io::Result<String> {
    let mut text = String::new();
    let Some(err) = err else { return Ok(text) };
    let (mut lines, mut line) = (BufReader::new(err), Vec::new());
    while lines.read_until(b'\n', &mut line).await? > 0 {
        let said = String::from_utf8_lossy(&line);
        match said.strip_prefix("stage: ") {
            Some(name) => stage.tell(name.trim_end()),
            None => text.push_str(&said),
        }
        line.clear();
    }
    Ok(text)
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
