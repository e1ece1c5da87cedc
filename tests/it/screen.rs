//! What is said of a return fits a terminal: 80 columns, and three lines for what is wrong, where,
//! and what to do. Every run of the program by a test of returns is held to it, so that no message
//! of them is made that nobody has measured.
//!
//! Not measured is what is said of scripts and settings, whose names and tables analysts read in an
//! editor; of commentary, which repeats what was written; and file names, which are as long as they
//! are.

use serde_json::Value;

use crate::support::Run;

const WIDEST: usize = 80;
const MOST_LINES: usize = 3;

/// The tests of what returns may hold.
const OF_RETURNS: [&str; 11] = [
    "broken", "forms", "looking", "map", "mending", "pasted", "planted", "returns", "rules",
    "seen", "to_mend",
];

/// What does not fit, of a run by a test of returns that said it to a person or to a program.
pub fn too_wide_of_returns(run: &Run) -> Vec<String> {
    let test = std::thread::current().name().unwrap_or_default().to_string();
    let room = test.split("::").next().unwrap_or_default();
    if OF_RETURNS.contains(&room) { too_wide(run) } else { Vec::new() }
}

fn too_wide(run: &Run) -> Vec<String> {
    match serde_json::from_str::<Value>(&run.out) {
        Ok(json) => json["problems"].as_array().into_iter().flatten().flat_map(of_json).collect(),
        Err(_) => [of_text(&run.err), of_lists(&run.out)].concat(),
    }
}

/// Names of what was not asked or not worked out stand below the reason, two blanks from the left.
fn of_lists(out: &str) -> Vec<String> {
    let mut wide = Vec::new();
    let mut listed = false;
    for line in out.lines() {
        if !line.starts_with("  ") {
            listed = line.contains(" not asked, because") || line.contains("not worked out");
        } else if listed && is_wide(line) {
            wide.push(line.to_string());
        }
    }
    wide
}

fn of_json(problem: &Value) -> Vec<String> {
    let text = |name: &str| problem[name].as_str().unwrap_or_default();
    let of_return = text("kind") == "return" || text("kind") == "file";
    if !of_return || is_not_measured(text("file")) || text("sheet") == "Commentary" {
        return Vec::new();
    }
    let rule = problem["rule"].as_str().map_or(String::new(), |rule| format!("rule {rule}: "));
    let lines = [
        format!("{}: {rule}{}", text("severity"), text("message")),
        format!("  hint: {}", text("hint")),
    ];
    lines.into_iter().filter(|line| is_wide(line)).collect()
}

/// Messages stand in blocks, parted by blank lines: the place is their second line.
fn of_text(err: &str) -> Vec<String> {
    let mut wide = Vec::new();
    for block in err.split("\n\n") {
        let lines: Vec<&str> = block.trim_end().lines().collect();
        let [first, place, ..] = lines[..] else { continue };
        let is_message = ["error: ", "warning: ", "note: "].iter().any(|w| first.starts_with(w));
        let Some(place) = place.strip_prefix("  --> ").filter(|_| is_message) else { continue };
        let file = place.split("  ").next().unwrap_or_default();
        if is_not_measured(file) || place.contains("  Commentary!") {
            continue;
        }
        // The same fault in other columns is one message: a line a column.
        let same = |line: &&&str| line.starts_with("      ");
        let said: Vec<&str> = lines.iter().filter(|line| !same(line)).copied().collect();
        let within = |line: &&&str| !line.starts_with("  --> ") && is_wide(line);
        wide.extend(said.iter().filter(within).map(|line| (*line).to_string()));
        if said.len() > MOST_LINES + usize::from(block.contains("\n  value: ")) {
            wide.push(block.to_string());
        }
    }
    wide
}

/// Whether a file is a script, or settings or a test of a project; or what somebody tries.
fn is_not_measured(file: &str) -> bool {
    if file.starts_with("the expression") {
        return true;
    }
    let file = file.rsplit_once(':').map_or(file, |(file, _)| file);
    [".luau", ".lua", ".toml"].iter().any(|ending| file.ends_with(ending))
}

fn is_wide(line: &str) -> bool {
    line.chars().count() > WIDEST
}

#[test]
fn what_does_not_fit_is_found() {
    let said = |err: &str| {
        too_wide(&Run { code: Some(1), out: String::new(), err: err.to_string() }).len()
    };
    let (fits, wide) = ("x".repeat(73), "x".repeat(74));
    let place = "  --> q2.xlsx  Episodes!B2";
    assert_eq!(said(&format!("error: {fits}\n{place}\n  hint: {}", "x".repeat(72))), 0);
    assert_eq!(said(&format!("error: {wide}\n{place}\n  hint: {fits}")), 2);
    assert_eq!(said(&format!("error: x\n{place}\n  while y\n  hint: z")), 1);
    assert_eq!(said(&format!("error: x\n{place}\n      Episodes!C2\n  hint: z")), 0);
    assert_eq!(said(&format!("error: {wide}\n  --> scripts/x.luau:12\n")), 0);
    let json = |kind: &str| {
        let problem = serde_json::json!({
            "severity": "error", "kind": kind, "message": wide, "file": "q2.xlsx", "hint": fits,
        });
        let out = serde_json::json!({ "problems": [problem] }).to_string();
        too_wide(&Run { code: Some(1), out, err: String::new() }).len()
    };
    assert_eq!((json("return"), json("script")), (2, 0));
}
