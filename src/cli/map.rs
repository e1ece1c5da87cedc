//! `map`: which of a council's own headings and words are which columns and codes.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{MOST_PRINTED, Size, Which, exit_code, give_json, print_problems, progress, say};
use crate::definitions::{ColumnType, Declarations};
use crate::desk::map::{ListProposal, Proposal, Sure, with_choices, with_proposal};
use crate::intake::local;
use crate::intake::project::{Project, SETTINGS};
use crate::intake::read::{io_reason, read_file};
use crate::nouns::problem::{Problem, Problems, clean};
use crate::nouns::words::{cut, several};
use crate::papers::write::{Audience, write_file};
use crate::pipeline;
use crate::scripts::engine::Engine;

/// Propose which of your own headings and words are which columns and codes
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur map export.xlsx             say what is proposed, and how sure
  rapporteur map export.xlsx --accept    write it into rapporteur.toml

For returns that a council's own system writes, with headings such as \"Person
ID\" and words such as \"In-house fostering\" in place of codes. What is accepted
is two lines that can be written by hand as well:

  [columns.episodes]
  CHILD = \"Person ID\"

  [codes.episodes.PLACE]
  \"In-house fostering\" = \"U6\"

Look the proposal through: a wrong code makes a wrong figure. What nobody is
sure of is not written. Words are printed; words that stand in one row only are
counted, since they may name somebody.")]
pub struct Options {
    /// The return: workbooks, CSV lists or a folder of them
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Write what is sure or likely into rapporteur.toml
    #[arg(long)]
    pub accept: bool,
    /// With --accept: take what this file decides, in place of what is proposed; it
    /// is written as rapporteur.toml is
    #[arg(long, value_name = "FILE", requires = "accept")]
    pub choices: Option<PathBuf>,
    /// How large they may be.
    #[command(flatten)]
    pub size: Size,
}

/// What came of it.
struct Done {
    proposal: Proposal,
    declared: Declarations,
    /// The file that was written, and how many lines of it are new.
    written: Option<(String, usize)>,
}

/// Runs it; gives the exit code: 1 where a sheet or a column that is needed is not understood.
pub fn run(options: &Options) -> u8 {
    let mut problems = Problems::default();
    let done = make(options, &mut problems);
    progress::done();
    problems.sort();
    let left = done.as_ref().is_some_and(|done| {
        !done.proposal.unknown.is_empty() || done.proposal.lists.iter().any(is_unfinished)
    });
    let code = exit_code(&problems).max(u8::from(left));
    if options.which.print.json {
        let json = done.as_ref().map_or(json!({}), as_json);
        return give_json(json, &problems, false, code);
    }
    print_problems(&problems, false, MOST_PRINTED, false);
    if let Some(done) = &done {
        say(&as_text(done, &options.files));
    }
    code
}

fn is_unfinished(list: &ListProposal) -> bool {
    list.columns.iter().any(|c| c.sure == Sure::Unsure)
        || list.words.iter().any(|w| !matches!(w.code, Some((_, _, Sure::Likely | Sure::Sure))))
}

fn make(options: &Options, problems: &mut Problems) -> Option<Done> {
    let project = problems.keep(options.which.open())?;
    let mut declared = Engine::load(&project.sources, problems).1;
    local::apply(&project, &mut declared, problems);
    progress::tell("reading");
    let limits = options.size.limits();
    let mut sources = Vec::new();
    for file in &pipeline::inputs(&options.files, problems)? {
        let read = read_file(file, &limits, problems);
        sources.push(problems.keep(read)?);
    }
    let proposal = Proposal::of(&sources, &declared);
    let written = match options.accept {
        true => problems.keep(accept(options, &project, &proposal)).flatten(),
        false => None,
    };
    Some(Done { proposal, declared, written })
}

/// Writes the settings; nothing where there is nothing to add.
fn accept(
    options: &Options,
    project: &Project,
    proposal: &Proposal,
) -> Result<Option<(String, usize)>, Problem> {
    let (path, name) = match &options.which.settings {
        Some(path) => (path.clone(), path.display().to_string()),
        None => (project.beside(SETTINGS), project.settings_file()),
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(Problem::unreadable(name, io_reason(&e))),
    };
    let (text, taken) = match &options.choices {
        None => with_proposal(&name, &text, proposal)?,
        Some(choices) => {
            let file = choices.display().to_string();
            let decided = std::fs::read_to_string(choices)
                .map_err(|e| Problem::unreadable(file, io_reason(&e)))?;
            with_choices(&name, &text, &decided)?
        }
    };
    if taken > 0 {
        write_file(&path, text.as_bytes(), Audience::Everyone)?;
    }
    Ok((taken > 0).then_some((name, taken)))
}

fn as_text(done: &Done, files: &[PathBuf]) -> String {
    let mut text = String::new();
    for list in &done.proposal.lists {
        let sheet = clean(&list.sheet.to_string());
        text.push_str(&format!("{sheet} as {}\n", list.title));
        for column in &list.columns {
            let how = if column.known { "read so already" } else { column.sure.word() };
            let heading = cut(&clean(&column.heading), 36);
            text.push_str(&format!("  {:<20} {heading:<36} {how}\n", column.column));
        }
        if !list.missing.is_empty() {
            text.push_str(&format!("  not found: {}\n", list.missing.join(", ")));
        }
        let mut of = "";
        for word in &list.words {
            if of != word.column {
                of = &word.column;
                text.push_str(&format!("  words of {of}\n"));
            }
            let said = cut(&clean(&word.word), 29);
            match &word.code {
                Some((code, meaning, sure)) => {
                    let meaning = cut(&format!("{code} {meaning}"), 36);
                    text.push_str(&format!("    {said:<29} {meaning:<36} {}\n", sure.word()));
                }
                None => text.push_str(&format!(
                    "    {said:<29} ? say which ({})\n",
                    several(word.rows, "row")
                )),
            }
        }
        if list.rare_words > 0 {
            let words = several(list.rare_words, "other word");
            text.push_str(&format!("  and {words} that no code is like, each in one row\n"));
        }
        text.push('\n');
    }
    for sheet in &done.proposal.unknown {
        text.push_str(&format!("{}: like no list\n", clean(&sheet.to_string())));
    }
    let again = files.iter().map(|f| clean(&f.display().to_string())).collect::<Vec<_>>().join(" ");
    text.push_str(&match &done.written {
        Some((file, taken)) => format!("wrote {} into {file}", several(*taken, "line")),
        None if done.proposal.is_new() => {
            format!("to take what is sure or likely: rapporteur map {again} --accept")
        }
        None => "nothing is left to propose".to_string(),
    });
    text
}

/// The codes of each column that has words which are none, with what they mean.
fn codes_of(done: &Done, list: &ListProposal) -> Value {
    let mut all = serde_json::Map::new();
    let declared = done.declared.lists.get(&list.list);
    for word in &list.words {
        let column = declared.and_then(|list| list.columns.iter().find(|c| c.name == word.column));
        if let Some(ColumnType::Codes(codes)) = column.map(|column| &column.kind) {
            let codes = codes.iter().map(|(code, of)| json!({ "code": code, "means": of.meaning }));
            all.insert(word.column.clone(), codes.collect::<Vec<_>>().into());
        }
    }
    all.into()
}

fn as_json(done: &Done) -> Value {
    let lists = done.proposal.lists.iter().map(|list| {
        json!({
            "list": list.list, "file": list.sheet.file, "sheet": list.sheet.sheet,
            "columns": list.columns.iter().map(|c| json!({
                "column": c.column, "heading": c.heading, "cell": c.at.to_string(),
                "sure": c.sure.word(), "known": c.known,
            })).collect::<Vec<_>>(),
            "missing": list.missing,
            "called": list.called,
            "title": list.title,
            "headings": list.headings,
            "codes": codes_of(done, list),
            "words": list.words.iter().map(|w| json!({
                "column": w.column, "word": w.word, "rows": w.rows,
                "code": w.code.as_ref().map(|(code, ..)| code),
                "sure": w.code.as_ref().map(|(_, _, sure)| sure.word()),
            })).collect::<Vec<_>>(),
        })
    });
    json!({
        "lists": lists.collect::<Vec<_>>(),
        "unknown": done.proposal.unknown.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "written": done.written.as_ref().map(|(file, _)| file),
    })
}
