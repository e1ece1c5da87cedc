//! What a run has finished, a line a return: by it a run that was stopped goes on with `--resume`,
//! and does again only what has changed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::made::Made;
use crate::cli::build::Options;
use crate::intake::project::{Project, SETTINGS};
use crate::intake::read::io_reason;
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::problem::Problem;
use crate::pipeline::Wishes;

/// The file's name.
const NAME: &str = "rapporteur-done.jsonl";

/// A line of it.
#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(rename = "return")]
    name: String,
    /// Of the return, the scripts, the settings and what was asked.
    made_from: String,
    /// Of each file that was written.
    files: Vec<String>,
    made: Made,
}

/// What is known of earlier runs, and the file that this one adds to.
pub struct Record {
    known: BTreeMap<String, Line>,
    path: PathBuf,
    file: Mutex<File>,
}

impl Record {
    /// Begins one in a folder; with what an earlier run left there, where this one goes on.
    pub fn open(folder: &Path, resume: bool) -> Result<Record, Problem> {
        let path = folder.join(NAME);
        let lines = if resume { std::fs::read_to_string(&path).ok() } else { None };
        // A line that a killed run left half written is of a return that is done again.
        let lines = lines.iter().flat_map(|text| text.lines());
        let known: BTreeMap<String, Line> = lines
            .filter_map(|line| serde_json::from_str::<Line>(line).ok())
            .map(|line| (line.name.clone(), line))
            .collect();
        let file = File::create(&path).map_err(|e| fails(&path, &e))?;
        let record = Record { known, path, file: Mutex::new(file) };
        record.known.values().try_for_each(|line| record.write(line))?;
        Ok(record)
    }

    /// What an earlier run made of a return, where all that it was made from is as it was, and the
    /// files are as they were written.
    pub fn unchanged(&self, name: &str, made_from: &str) -> Option<Made> {
        let line = self.known.get(name)?;
        let as_written = || fingerprints(&line.made.written) == Some(line.files.clone());
        (line.made_from == made_from && as_written()).then(|| line.made.clone())
    }

    /// Notes what was made of a return.
    pub fn add(&self, name: &str, made_from: &str, made: &Made) -> Result<(), Problem> {
        let Some(files) = fingerprints(&made.written) else { return Ok(()) };
        let (name, made_from) = (name.to_string(), made_from.to_string());
        self.write(&Line { name, made_from, files, made: made.clone() })
    }

    fn write(&self, line: &Line) -> Result<(), Problem> {
        let mut text = serde_json::to_string(line).expect("texts and numbers are JSON");
        text.push('\n');
        let mut file = self.file.lock().expect("no writer panics with it");
        file.write_all(text.as_bytes()).map_err(|e| fails(&self.path, &e))
    }
}

fn fails(path: &Path, error: &std::io::Error) -> Problem {
    let message = format!("what was finished cannot be written down: {}", io_reason(error));
    Problem::unreadable(path.display().to_string(), message)
        .hint("choose a folder with -o that you may write to")
}

/// Those of files; none where one is not there.
fn fingerprints(files: &[String]) -> Option<Vec<String>> {
    files.iter().map(|file| Some(Fingerprint::of(&std::fs::read(file).ok()?).to_string())).collect()
}

/// The fingerprint of everything but the return that a report is made from: this program, the
/// scripts and settings, the files that these name, and what was asked.
pub fn asked_of(project: &Project, options: &Options, wishes: &Wishes) -> String {
    let settings = &project.settings;
    let mut files = vec![project.beside(SETTINGS), project.beside(&settings.history)];
    files.extend(project.releases().into_values());
    files.extend(settings.neighbours.file.iter().map(|file| project.beside(file)));
    files.extend(settings.last_year.files.0.iter().map(|file| project.beside(file)));
    files.extend(settings.look.logo.iter().map(|file| project.beside(file)));
    files.extend(wishes.history.iter().chain(&wishes.last_year).cloned());
    let mut asked = options.clone();
    (asked.jobs, asked.resume, asked.which.print.json) = (None, false, false);
    asked.reading.inputs.clear();
    let mut things: Vec<Vec<u8>> =
        vec![env!("CARGO_PKG_VERSION").as_bytes().to_vec(), format!("{asked:?}").into_bytes()];
    for source in &project.sources {
        things.extend([source.name.clone().into_bytes(), source.text.to_vec()]);
    }
    files.iter().for_each(|file| things.extend(contents(file)));
    Fingerprint::of_all(things.iter().map(Vec::as_slice)).to_string()
}

/// The fingerprint of all that a return's report is made from; none where the return cannot be
/// read, which its report will say.
pub fn made_from(asked: &str, path: &Path) -> Option<String> {
    let things = contents(path);
    (!things.is_empty()).then(|| {
        let all = std::iter::once(asked.as_bytes()).chain(things.iter().map(Vec::as_slice));
        Fingerprint::of_all(all).to_string()
    })
}

/// The names and the bytes of a file, or of the files in a folder.
fn contents(path: &Path) -> Vec<Vec<u8>> {
    let mut files = vec![path.to_path_buf()];
    if let Ok(entries) = std::fs::read_dir(path) {
        files = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
    }
    let read = files.into_iter().filter_map(|file| Some((std::fs::read(&file).ok()?, file)));
    read.flat_map(|(bytes, file)| [file.into_os_string().into_encoded_bytes(), bytes]).collect()
}
