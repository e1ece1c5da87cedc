//! `watch` makes the appendix again when something changes, says what became of it, and goes on
//! whatever happens.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support::{folder, root};

/// The program, watching; ended when it goes out of sight.
struct Watching {
    child: Child,
    lines: Receiver<String>,
    /// What was said and not asked for yet: the two streams come in any order.
    heard: Vec<String>,
}

impl Watching {
    fn begin(folder: &Path, arguments: &[&str]) -> Watching {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rapporteur"))
            .arg("watch")
            .args(arguments)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let (send, lines) = channel();
        let streams: [Box<dyn std::io::Read + Send>; 2] = [
            Box::new(child.stdout.take().expect("piped")),
            Box::new(child.stderr.take().expect("piped")),
        ];
        for stream in streams {
            let send = send.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let _ = send.send(line);
                }
            });
        }
        Watching { child, lines, heard: Vec::new() }
    }

    /// Waits for a line that has all of these in it; a slow machine may take its time.
    fn says(&mut self, wanted: &[&str]) -> String {
        loop {
            let said =
                self.heard.iter().position(|line| wanted.iter().all(|text| line.contains(text)));
            if let Some(at) = said {
                return self.heard.remove(at);
            }
            match self.lines.recv_timeout(Duration::from_secs(90)) {
                Ok(line) => self.heard.push(line),
                Err(_) => panic!("never said {wanted:?}, but:\n{}", self.heard.join("\n")),
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn script(codes: &str, title: &str) -> String {
    format!(
        "rap.indicator \"kin_pct\" {{ title = \"{title}\", theme = \"Placements\", \
         unit = \"percentage\",\n  \
         denominator = \"looked_after\", numerator = {{ PLACE = {{ {codes} }} }} }}\n"
    )
}

/// A morning's work: a figure, a slip, a file that an editor replaces, a return that is half
/// written, a closed file.
#[test]
fn it_rebuilds_and_says_what_changed_whatever_happens() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    let example =
        std::fs::read(root().join("examples/children-in-care-2026-27-q2.xlsx")).expect("read");
    let write = |name: &str, bytes: &[u8]| std::fs::write(path(name), bytes).expect("written");
    std::fs::create_dir(path("scripts")).expect("made");
    write("q2.xlsx", &example);
    write("scripts/mine.luau", script("\"U1\", \"U2\", \"U3\"", "By relatives").as_bytes());
    let mut watching = Watching::begin(folder.path(), &["q2.xlsx"]);
    watching.says(&["wrote q2-appendix.xlsx"]);
    watching.says(&["watching 2 files"]);

    write("scripts/mine.luau", script("\"U1\", \"U2\"", "By relatives").as_bytes());
    let line = watching.says(&["mine.luau changed: rebuilt q2-appendix.xlsx", "kin_pct 15.0% → "]);
    assert!(!line.contains("and"), "one figure changed: {line}");

    write("scripts/mine.luau", script("\"U1\", \"U22\"", "By relatives").as_bytes());
    watching.says(&["`U22` is not a code of the column `PLACE`"]);
    watching.says(&["mine.luau changed: the appendix stays as it was; 1 error"]);

    // An editor writes another file and puts it in the place of the first.
    write("scripts/mine.luau.swp", script("\"U1\", \"U2\"", "By friends").as_bytes());
    std::fs::rename(path("scripts/mine.luau.swp"), path("scripts/mine.luau")).expect("replaced");
    watching.says(&["mine.luau changed: rebuilt", "wording"]);

    // Half of the return is there for a while; nothing that changes nothing is told as a change.
    write("q2.xlsx", &example[..example.len() / 2]);
    watching.says(&["the file is damaged"]);
    watching.says(&["waiting until it can be read and written"]);
    write("~$q2.xlsx", b"Excel has it open");
    write("q2.xlsx", &example);
    watching.says(&["q2.xlsx changed: rebuilt", "nothing changed in it"]);

    // The appendix cannot be written: it is waited for, and the settings are followed as soon as it
    // can.
    std::fs::remove_file(path("q2-appendix.xlsx")).expect("there is one");
    std::fs::create_dir(path("q2-appendix.xlsx")).expect("made");
    write("rapporteur.toml", b"disclosure = \"dfe\"\n");
    watching.says(&["rapporteur.toml added: waiting"]);
    std::fs::remove_dir(path("q2-appendix.xlsx")).expect("empty");
    watching.says(&["rapporteur.toml added: rebuilt", "more; "]);

    // Removed and put back.
    std::fs::remove_file(path("scripts/mine.luau")).expect("there is one");
    watching.says(&["mine.luau removed: rebuilt", "kin_pct", "gone"]);
    write("scripts/other.luau", script("\"U1\"", "By relatives").as_bytes());
    watching.says(&["other.luau added: rebuilt", "kin_pct", "new"]);
}

/// A program that watches is told the same, a line of JSON for each thing that happens.
#[test]
fn programs_are_told_in_lines_of_json() {
    let folder = folder();
    let example = root().join("examples/children-in-care-2026-27-q2.xlsx");
    std::fs::copy(example, folder.path().join("q2.xlsx")).expect("copied");
    let mut watching = Watching::begin(folder.path(), &["q2.xlsx", "--json"]);
    let event = |line: String| serde_json::from_str::<serde_json::Value>(&line).expect("JSON");
    assert_eq!(event(watching.says(&["\"event\":\"built\""]))["written"][0], "q2-appendix.xlsx");
    watching.says(&["\"event\":\"watching\""]);
    std::fs::write(folder.path().join("rapporteur.toml"), "disclosure = \"dfe\"\n")
        .expect("written");
    let built = event(watching.says(&["\"event\":\"built\""]));
    assert_eq!(
        (&built["changed"][0], &built["exit_code"]),
        (&"rapporteur.toml added".into(), &0.into())
    );
    let figures = built["figures"].as_array().expect("figures");
    assert!(
        figures.iter().any(|f| f["indicator"] == "cao_pct" && f["now"] == "Suppressed"),
        "{built}"
    );
}

/// A slip in the command line is no change to be waited for.
#[test]
fn it_does_not_begin_with_a_file_that_is_not_there() {
    let folder = folder();
    let run = crate::support::rapporteur(folder.path(), &["watch", "q2.xslx"]);
    assert_eq!(run.code, Some(4), "{}", run.shown());
    assert!(run.err.contains("there is no such file"), "{}", run.shown());
}

#[test]
fn it_does_not_begin_with_nothing_to_report() {
    let folder = folder();
    let run = crate::support::rapporteur(folder.path(), &["watch"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.err.contains("no return is named"), "{}", run.shown());
}
