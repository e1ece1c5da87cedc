//! How the source is written: lines that fit a window, and functions that can be found.

use std::path::{Path, PathBuf};

use super::walk;
use crate::support::root;

/// The longest line.
const COLUMNS: usize = 100;

/// The longest closure that may have a name, in lines: one that fits a line, or has it to itself.
/// What is longer is a function with a name, a sentence about it and a place where it is found.
const LONGEST_CLOSURE: usize = 2;

/// The longest in the tests of the whole program.
const LONGEST_IN_TESTS: usize = 8;

fn source_files(folder: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    walk(&root().join(folder), &mut paths);
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).expect("in the repository").display().to_string()
}

#[test]
fn lines_are_at_most_a_hundred_columns_wide() {
    let mut wide = Vec::new();
    for path in [source_files("src"), source_files("tests")].concat() {
        let text = std::fs::read_to_string(&path).expect("a source file");
        for line in wide_lines(&text) {
            wide.push(format!("{}:{line}", name(&path)));
        }
    }
    assert!(wide.is_empty(), "wider than {COLUMNS} columns:\n{}", wide.join("\n"));
}

/// The numbers of lines that are too wide; texts of scripts and files in raw strings are as they
/// are.
fn wide_lines(text: &str) -> Vec<usize> {
    let mut raw: Option<String> = None;
    let mut wide = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let was_raw = raw.is_some();
        let mut rest = line;
        loop {
            let next = match raw.take() {
                Some(end) => match rest.split_once(&end) {
                    Some((_, behind)) => behind,
                    None => {
                        raw = Some(end);
                        break;
                    }
                },
                None => match raw_string(rest) {
                    Some((at, end)) => {
                        raw = Some(end);
                        &rest[at..]
                    }
                    None => break,
                },
            };
            rest = next;
        }
        if line.chars().count() > COLUMNS && !was_raw && raw.is_none() {
            wide.push(index + 1);
        }
    }
    wide
}

/// Where the first raw string of a line begins, behind its quotation mark, and the sign of its end.
fn raw_string(line: &str) -> Option<(usize, String)> {
    line.match_indices('r').find_map(|(at, _)| {
        let in_a_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '"');
        let signs = line[at + 1..].split_once('"')?.0;
        let begins = !line[..at].ends_with(in_a_word) && signs.bytes().all(|sign| sign == b'#');
        begins.then(|| (at + signs.len() + 2, format!("\"{signs}")))
    })
}

#[test]
fn long_closures_are_functions() {
    let mut long = Vec::new();
    for path in [source_files("src"), source_files("tests")].concat() {
        let inside = name(&path);
        let text = std::fs::read_to_string(&path).expect("a source file");
        for (line, length) in named_closures(&text) {
            let is_test = inside.starts_with("tests/");
            if length > if is_test { LONGEST_IN_TESTS } else { LONGEST_CLOSURE } {
                long.push(format!("{inside}:{line}: {length} lines"));
            }
        }
    }
    assert!(
        long.is_empty(),
        "closures with names of more than {LONGEST_CLOSURE} lines, or {LONGEST_IN_TESTS} in tests; \
         make each a function:\n{}",
        long.join("\n")
    );
}

/// Where closures with names begin, and how many lines each has: as far as rustfmt puts the end of
/// the statement, which stands no deeper than its beginning.
fn named_closures(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(statement) = line.trim_start().strip_prefix("let ") else { continue };
        let next = lines.get(at + 1).map_or("", |next| next.trim_start());
        let Some((_, value)) = statement.split_once(" =") else { continue };
        let value = if value.is_empty() { next } else { value.trim_start() };
        if !value.trim_start_matches("move ").starts_with('|') {
            continue;
        }
        let deep = depth(line);
        let rest = &lines[at..];
        let ends = rest.iter().position(|line| line.ends_with(';') && depth(line) <= deep);
        // A body without braces ends where the next statement begins.
        let next = rest[1..].iter().position(|line| {
            !line.is_empty() && depth(line) <= deep && !line.trim_start().starts_with(['}', ')'])
        });
        let ends = ends.unwrap_or(0);
        found.push((at + 1, next.map_or(ends, |next| next.min(ends)) + 1));
    }
    found
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[test]
fn what_is_too_wide_or_too_long_is_found() {
    let wide = "x".repeat(COLUMNS + 1);
    let text =
        format!("short\n{wide}\nlet a = r#\"\n{wide}\n\"#;\nf(\"for\");\n{wide}\nr\"{wide}\"");
    assert_eq!(wide_lines(&text), [2, 7, 8]);
    let text = [
        "fn f() {",
        "    let one = |n| n + 1;",
        "    let two = move |n| {",
        "        n",
        "    };",
        "    let three =",
        "        |n: u8| n;",
        "    let plain = 4;",
        "}",
    ];
    assert_eq!(named_closures(&text.join("\n")), [(2, 1), (3, 3), (6, 2)]);
}
