//! The guides are followed to the letter: in an empty folder, with the program and nothing else.
//! Every file that a guide shows is saved, every command run, every line of output compared. What
//! the guides go by:
//!
//! - A block (indented by four) that begins with `rapporteur` or `cd` holds commands, each with the
//!   output below it: what a terminal shows, warnings and all. `…` at the end of a line stands for
//!   its rest, `…` on a line of its own for any lines; blank lines are left out. Where no output is
//!   shown, any will do.
//! - Commands end with exit code 0, unless the paragraph above says that the block's last one has
//!   another: "(exit code 1)".
//! - Any other block is a file. The paragraph above it ends with a colon, and the last path in it
//!   in backticks says which: "Save this as `scripts/mine.luau`:". It takes the place of an older
//!   one of that name.
//! - "Write `DOB` for `DBO` in `scripts/mine.luau`" is done; what it replaces stands there once.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{folder, root};

/// A guide's text, part by part, each with its first line.
pub(crate) enum Part {
    Paragraph(String),
    Block(Vec<String>),
}

pub(crate) fn parts(text: &str) -> Vec<(usize, Part)> {
    let mut parts: Vec<(usize, Part)> = Vec::new();
    let mut blank = true;
    for (number, line) in (1..).zip(text.lines()) {
        assert!(!line.starts_with("```"), "line {number}: blocks are indented by four, not fenced");
        if line.trim().is_empty() {
            if let Some((_, Part::Block(lines))) = parts.last_mut() {
                lines.push(String::new());
            }
            blank = true;
            continue;
        }
        match (line.strip_prefix("    "), parts.last_mut()) {
            (Some(code), Some((_, Part::Block(lines)))) => lines.push(code.to_string()),
            (Some(code), _) if blank => parts.push((number, Part::Block(vec![code.to_string()]))),
            (_, Some((_, Part::Paragraph(text)))) if !blank => {
                *text = format!("{text} {}", line.trim())
            }
            _ => parts.push((number, Part::Paragraph(line.trim().to_string()))),
        }
        blank = false;
    }
    for (_, part) in &mut parts {
        if let Part::Block(lines) = part {
            while lines.last().is_some_and(String::is_empty) {
                lines.pop();
            }
        }
    }
    parts
}

/// A command as it is typed: words, and words in quotes.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.trim().chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("there is one").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What a terminal shows of a run, and the exit code.
pub(crate) fn run(place: &Path, line: &str) -> (String, i32) {
    let program =
        std::env::var_os("RAPPORTEUR").unwrap_or_else(|| env!("CARGO_BIN_EXE_rapporteur").into());
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    let mut command = Command::new(program);
    command.args(&words(line)[1..]).current_dir(place);
    command.stdout(writer.try_clone().expect("a pipe")).stderr(writer);
    let mut child = command.spawn().expect("the program can be started");
    drop(command);
    let mut shown = String::new();
    reader.read_to_string(&mut shown).expect("text");
    (shown, child.wait().expect("it ends").code().expect("an exit code"))
}

/// Whether the output is what the guide says; if not, the first line of the guide that it does not
/// say.
pub(crate) fn compare(wanted: &[String], shown: &str) -> Result<(), usize> {
    let shown: Vec<&str> =
        shown.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let same = |wanted: &str, line: &str| match wanted.strip_suffix('…') {
        Some(start) => line.starts_with(start),
        None => wanted.trim_end() == line,
    };
    let mut at = 0;
    let mut skipping = false;
    for (index, line) in wanted.iter().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        if line.trim() == "…" {
            skipping = true;
            continue;
        }
        if skipping {
            at += shown[at..].iter().position(|s| same(line, s)).ok_or(index)?;
        } else if !shown.get(at).is_some_and(|s| same(line, s)) {
            return Err(index);
        }
        at += 1;
        skipping = false;
    }
    if skipping || at == shown.len() { Ok(()) } else { Err(wanted.len() - 1) }
}

/// Follows a guide in an empty folder; gives the project that it made.
fn follow(guide: &str, start: &Path) -> PathBuf {
    let text = std::fs::read_to_string(root().join("docs").join(guide)).expect("a guide");
    let mut place = start.to_path_buf();
    let (mut above, mut commands) = (String::new(), 0);
    for (line, part) in parts(&text) {
        let lines = match part {
            Part::Paragraph(text) => {
                replace(&format!("{guide}:{line}"), &place, &text);
                above = text;
                continue;
            }
            Part::Block(lines) => lines,
        };
        let is_command = |l: &str| l.starts_with("rapporteur ") || l.starts_with("cd ");
        if !is_command(&lines[0]) {
            let file = file_below(&above).unwrap_or_else(|| {
                panic!("{guide}:{line}: this block is neither a command nor a file")
            });
            let command = lines.iter().any(|l| is_command(l));
            assert!(!command, "{guide}:{line}: a file and a command need a sentence between them");
            let path = place.join(file);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
            std::fs::write(path, lines.join("\n") + "\n").expect("a file can be written");
            continue;
        }
        let starts: Vec<usize> = (0..lines.len()).filter(|at| is_command(&lines[*at])).collect();
        for (index, &at) in starts.iter().enumerate() {
            let here = format!("{guide}:{}: {}", line + at, lines[at]);
            if let Some(folder) = lines[at].strip_prefix("cd ") {
                place.push(folder.trim_matches('"'));
                assert!(place.is_dir(), "{here}: there is no such folder");
                continue;
            }
            commands += 1;
            let (shown, code) = run(&place, &lines[at]);
            let wanted =
                above.split("exit code ").nth(1).and_then(|rest| rest.chars().next()?.to_digit(10));
            let wanted = wanted.filter(|_| index + 1 == starts.len()).unwrap_or(0);
            assert_eq!(code, wanted as i32, "{here}: another exit code\n{shown}");
            let end = starts.get(index + 1).copied().unwrap_or(lines.len());
            let mut output = &lines[at + 1..end];
            while let [first, rest @ ..] = output
                && first.is_empty()
            {
                output = rest;
            }
            while let [rest @ .., last] = output
                && last.is_empty()
            {
                output = rest;
            }
            if !output.is_empty()
                && let Err(wrong) = compare(output, &shown)
            {
                let first = end
                    - output.len()
                    - lines[..end].iter().rev().take_while(|l| l.is_empty()).count();
                panic!(
                    "{guide}:{}: the guide says\n{}\nand the program, after `{}`:\n{shown}",
                    line + first + wrong,
                    output[wrong],
                    lines[at]
                );
            }
        }
    }
    assert!(commands >= 5, "{guide}: only {commands} commands were found");
    place
}

/// The file that stands in the block below a paragraph, where it names one.
pub(crate) fn file_below(paragraph: &str) -> Option<&str> {
    let words = paragraph.split('`').skip(1).step_by(2);
    let paths = words.filter(|word| word.contains('.') && !word.contains(' '));
    paths.last().filter(|_| paragraph.ends_with(':'))
}

/// Does what a paragraph says: "Write `A` for `B` in `FILE`".
fn replace(here: &str, place: &Path, paragraph: &str) {
    for rest in paragraph.split("rite `").skip(1) {
        let mut said = rest.splitn(2, "` for `");
        let (Some(new), Some(rest)) = (said.next(), said.next()) else { continue };
        let mut said = rest.splitn(2, "` in `");
        let (Some(old), Some(rest)) = (said.next(), said.next()) else { continue };
        let file = rest.split('`').next().expect("there is one");
        let path = place.join(file);
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{here}: there is no {file}"));
        assert_eq!(text.matches(old).count(), 1, "{here}: `{old}` stands once in {file}");
        std::fs::write(path, text.replace(old, new)).expect("a file can be written");
    }
}

#[test]
fn your_first_indicator() {
    follow("first-indicator.md", folder().path());
}

#[test]
fn a_layout_for_your_own_committee() {
    follow("first-layout.md", folder().path());
}

/// What the guide makes is the example in the repository, file by file.
#[test]
fn another_return_altogether() {
    let place = folder();
    let made = follow("another-return.md", place.path());
    let example = root().join("examples/housing-repairs");
    for file in [
        "rapporteur.toml",
        "scripts/lists.luau",
        "scripts/measures.luau",
        "templates/repairs.luau",
        "tests/repairs.toml",
        "q2/cover.csv",
        "q2/homes.csv",
        "q2/jobs.csv",
        "q2/figures.csv",
        "q2/commentary.csv",
    ] {
        let text = |folder: &Path| std::fs::read_to_string(folder.join(file)).unwrap_or_default();
        assert_eq!(text(&made), text(&example), "{file}: left the guide's, right the example's");
    }
}

#[test]
fn the_runner_sees_what_is_not_as_the_guide_says() {
    let lines = |text: &str| text.lines().map(str::to_string).collect::<Vec<_>>();
    assert_eq!(compare(&lines("a\nb…\n…\ne"), "a\nbcd\nx\ny\ne\n"), Ok(()));
    assert_eq!(compare(&lines("a\nb"), "a\nc\n"), Err(1));
    assert_eq!(compare(&lines("a"), "a\nmore\n"), Err(0));
    assert_eq!(compare(&lines("a\nb"), "a\n"), Err(1));
    assert_eq!(compare(&lines("…\nb"), "a\nc\n"), Err(1));
    assert_eq!(
        words("rapporteur new \"my council\" --from x"),
        ["rapporteur", "new", "my council", "--from", "x"]
    );
    let found = parts("Save this as `a/b`:\n\n    one\n\n    two\n\nMore\ntext\n");
    assert!(matches!(&found[1], (3, Part::Block(lines)) if lines == &["one", "", "two"]));
    assert!(matches!(&found[2], (7, Part::Paragraph(text)) if text == "More text"));
}
