//! `diff`: what changed between two workbooks.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use maud::html;
use serde_json::json;

use super::{Print, exit_code, give_json, print_problems, progress, say};
use crate::intake::read::{self, Limits};
use crate::nouns::page::whole_page;
use crate::nouns::problem::{Problem, Problems, clean};
use crate::papers::write::{Audience, write_page};
use crate::workbook_diff::book::Book;
use crate::workbook_diff::compare::{Changes, Side, Verdict};
use crate::workbook_diff::describe;

/// Show what changed between two workbooks
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur diff q1-appendix.xlsx q2-appendix.xlsx
  rapporteur diff old.xlsx new.xlsx --only figures
  rapporteur diff old.xlsx new.xlsx --html changes.html

Any two .xlsx or .xlsm files will do, whichever program made them. Rows,
columns and sheets that moved are known again by what they say. Where the
cursor stands, and who saved the file when, is not compared. A snapshot (.snap)
that `rapporteur test` keeps may take the place of a workbook.

What is in the cells is printed: take care with returns, which are about
children.

Exit codes: 0 nothing differs, 1 something does, 4 a file cannot be read")]
pub struct Options {
    /// The workbook as it was
    pub old: PathBuf,
    /// The workbook as it is
    pub new: PathBuf,
    /// Only differences of this kind; may be given more than once
    #[arg(long, value_name = "KIND", value_parser = ["figures", "wording", "formatting"])]
    pub only: Vec<String>,
    /// Write a web page with before and after side by side
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// How the answer is printed.
    #[command(flatten)]
    pub print: Print,
}

/// Runs it; gives the exit code: 1 where anything differs.
pub fn run(options: &Options) -> u8 {
    let Options { old, new, only, html: page_file, print } = options;
    let made = compared(old, new, only).and_then(|changes| {
        if let Some(path) = page_file {
            let (old, new) = (name(old), name(new));
            let body = html! { main { h1 { "What changed" } (changes.body_html(&old, &new)) } };
            let page = whole_page(&format!("{old} → {new}"), &[], &body);
            // What changed in an appendix may be what is not published yet.
            write_page(path, &page, Audience::Owner)?;
        }
        Ok(changes)
    });
    progress::done();
    let mut problems = Problems::default();
    let changes = problems.keep(made);
    let code = match &changes {
        Some(changes) => u8::from(!changes.is_empty()),
        None => exit_code(&problems),
    };
    if print.json {
        let json = changes.map_or_else(|| json!({}), |changes| changes.to_json());
        return give_json(json, &problems, false, code);
    }
    print_problems(&problems, false, usize::MAX, true);
    if let Some(changes) = changes {
        let gap = if changes.is_empty() { "" } else { "\n" };
        let _ =
            writeln!(anstream::stdout().lock(), "{}{gap}{}", changes.text(), changes.sentence());
        if let Some(path) = page_file {
            say(&format!("wrote {}", clean(&path.display().to_string())));
        }
    }
    code
}

fn compared(old: &Path, new: &Path, only: &[String]) -> Result<Changes, Problem> {
    progress::tell("reading");
    let (before, after) = (given(old)?, given(new)?);
    progress::tell("comparing");
    let pair = format!("{} and {}", name(old), name(new));
    let changes = between(before, after).map_err(|error| Problem::unreadable(pair, error))?;
    if only.is_empty() {
        return Ok(changes);
    }
    let wanted: Vec<Verdict> = Verdict::ALL
        .into_iter()
        .filter(|verdict| only.iter().any(|word| word == verdict.word()))
        .collect();
    Ok(changes.only(&wanted))
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// What is compared.
enum Given {
    Workbook(Book),
    Snapshot(String),
}

fn between(before: Given, after: Given) -> Result<Changes, String> {
    Changes::between(&before.book(Side::Before)?, &after.book(Side::After)?)
}

impl Given {
    fn book(self, side: Side) -> Result<Book, String> {
        match self {
            Given::Workbook(book) => Ok(book),
            Given::Snapshot(text) => Book::read(&text).map_err(|why| side.unreadable(&why)),
        }
    }
}

/// That a file is none that can be compared, and why.
fn not_compared(path: &Path, why: &str) -> Problem {
    Problem::unreadable(name(path), why).hint(
        "open it in Excel or LibreOffice, save it as an Excel workbook (.xlsx), and compare that",
    )
}

fn given(path: &Path) -> Result<Given, Problem> {
    let bytes = read::file_bytes(path, &Limits::default())?;
    let no = |why: &str| Err(not_compared(path, why));
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return no(
            "this is a workbook of Excel 97-2003 or one with a password, not an .xlsx workbook",
        );
    }
    if let Some(text) = std::str::from_utf8(&bytes).ok().and_then(snapshot) {
        return Ok(Given::Snapshot(text.to_owned()));
    }
    let holds = |part: &str| bytes.windows(part.len()).any(|window| window == part.as_bytes());
    if !bytes.starts_with(b"PK") {
        return no("this is not an .xlsx workbook");
    }
    if holds("mimetypeapplication/vnd.oasis") {
        return no("this is an OpenDocument file (.ods), not an .xlsx workbook");
    }
    if holds("xl/workbook.bin") {
        return no("this is a binary workbook (.xlsb), not an .xlsx workbook");
    }
    describe::workbook(&bytes).map(Given::Workbook).map_err(|why| {
        Problem::unreadable(name(path), format!("the workbook is damaged: {why}"))
            .hint("open it in Excel, which may repair it, save it, and compare that")
    })
}

/// A stored snapshot of a workbook, without its head.
fn snapshot(text: &str) -> Option<&str> {
    let (head, text) = text.strip_prefix("---")?.split_once("\n---")?;
    let text = text.trim_start_matches('\r').strip_prefix('\n')?;
    (head.contains("source:") && text.lines().any(|line| line == "styles used")).then_some(text)
}
