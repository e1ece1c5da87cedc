//! What befalls a run while it writes: it is killed, the disk is full, others write too, the target
//! is no file. One run's files stay one set: all of the new or all of the old.
//!
//! `RAPPORTEUR_FAULTS=full cargo test --test it faults -- --nocapture` tries 200 moments and 60
//! places in place of fewer, and prints the table of `docs/files.md`.
#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Run, example, rapporteur};

/// The files of one run.
const SET: [&str; 4] = ["a.xlsx", "a.html", "f.csv", "t.json"];

/// So many faults, or the full number where that is asked for.
fn faults(few: u32, full: u32) -> u32 {
    if std::env::var("RAPPORTEUR_FAULTS").is_ok_and(|asked| asked == "full") { full } else { few }
}

/// What a run is asked for.
fn asked() -> Vec<&'static str> {
    let mut all = vec!["build", "q2.xlsx", "-o", "a.xlsx", "--html", "a.html"];
    all.extend(["--figures", "f.csv", "--trail", "t.json"]);
    all
}

/// The example return, and room for a script.
fn project() -> tempfile::TempDir {
    let folder = example();
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    folder
}

/// Makes all files of the set tell the old from the new by one indicator's title.
fn mark(at: &Path, title: &str) {
    let script = format!(
        "rap.indicator \"mark_n\" {{ title = \"Mark {title}\", theme = \"A\", unit = \"number\", \
         population = \"looked_after\" }}"
    );
    // Whole at once: a run that begins meanwhile reads the one or the other.
    std::fs::write(at.join("mark"), script).expect("written");
    std::fs::rename(at.join("mark"), at.join("scripts/mark.luau")).expect("renamed");
}

fn build(at: &Path) -> Run {
    rapporteur(at, &asked())
}

/// The files of the set as they are.
fn set(at: &Path) -> Vec<Option<Vec<u8>>> {
    SET.iter().map(|name| std::fs::read(at.join(name)).ok()).collect()
}

/// What runs left unfinished.
fn unfinished(at: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(at).expect("a folder").map(|e| e.expect("an entry").path());
    entries.filter(|p| p.to_string_lossy().contains(".rapporteur-")).collect()
}

/// The sets that an old and a new run write.
fn old_and_new(at: &Path) -> [Vec<Option<Vec<u8>>>; 2] {
    ["new", "old"].map(|title| {
        mark(at, title);
        let run = build(at);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        set(at)
    })
}

#[test]
fn a_run_that_is_killed_leaves_one_set() {
    let folder = project();
    let at = folder.path();
    let [new, old] = old_and_new(at);
    assert!(
        old.iter().zip(&new).all(|(old, new)| old != new),
        "every file tells which run it is of"
    );
    mark(at, "new");
    let whole = Instant::now();
    build(at);
    let whole = whole.elapsed();
    for (name, bytes) in SET.iter().zip(&old) {
        std::fs::write(at.join(name), bytes.as_ref().expect("written")).expect("written");
    }
    let (mut olds, mut news) = (0, 0);
    let moments = faults(25, 200);
    for moment in 0..moments {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rapporteur"))
            .args(asked())
            .current_dir(at)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        // The last third of a run is where it writes.
        std::thread::sleep(whole / 2 + whole * moment * 2 / (3 * moments));
        let _ = child.kill();
        child.wait().expect("ended");
        let now = set(at);
        match now {
            _ if now == old => olds += 1,
            _ if now == new => news += 1,
            _ => panic!("a mixed set, killed at moment {moment}"),
        }
        for path in unfinished(at) {
            let mode = std::fs::metadata(&path).expect("there").permissions().mode();
            // A second name of an earlier file, kept until all have theirs, is as open as that is.
            let earlier = std::fs::read(&path).ok();
            let is_kept = old[..3].contains(&earlier);
            assert!(mode & 0o077 == 0 || is_kept, "others can read {}", path.display());
        }
        if news > 0 && olds > 0 && now == new {
            for (name, bytes) in SET.iter().zip(&old) {
                std::fs::write(at.join(name), bytes.as_ref().expect("written")).expect("written");
            }
        }
    }
    assert_eq!(olds + news, moments);
    println!("| killed | {moments} moments | all old: {olds} | all new: {news} | mixed: 0 |");
    // The next run sweeps, and does not touch what is not ours.
    std::fs::write(at.join(".rapporteur-Ab12Cd"), "left by a run that was killed")
        .expect("written");
    std::fs::write(at.join(".rapporteur-notes.txt"), "somebody's").expect("written");
    build(at);
    let left: Vec<String> = unfinished(at)
        .iter()
        .map(|p| p.file_name().expect("a name").to_string_lossy().into())
        .collect();
    assert_eq!(left, [".rapporteur-notes.txt"]);
}

/// A limit on a file's length is a disk that is full at that place.
#[test]
fn a_disk_that_is_full_leaves_what_was_there() {
    let folder = project();
    let at = folder.path();
    let [_, old] = old_and_new(at);
    mark(at, "new");
    let longest = old.iter().flatten().map(Vec::len).max().expect("files");
    let mut failed = 0;
    let places = faults(15, 60) as usize;
    for step in 0..places {
        let blocks = 1 + longest * step / places / 512;
        let arguments = asked().join(" ");
        let shell = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec {} {arguments}",
            env!("CARGO_BIN_EXE_rapporteur")
        );
        let output = Command::new("sh").args(["-c", &shell]).current_dir(at).output().expect("run");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        if output.status.code() == Some(4) {
            failed += 1;
            assert!(said.contains("nothing was written"), "{said}");
            assert!(set(at) == old, "full at {blocks} blocks, and files changed: {said}");
            assert!(unfinished(at).is_empty(), "full at {blocks} blocks, and something is left");
        }
    }
    assert!(failed > places / 2, "only {failed} of {places} runs found the disk full");
    println!(
        "| disk full | {places} places | all old: {failed} | all new: {} | mixed: 0 |",
        places - failed
    );
}

#[test]
fn runs_at_once_leave_one_set() {
    let folder = project();
    let at = folder.path();
    let [new, old] = old_and_new(at);
    // The one that begins with the other's script writes the other's set.
    let rounds = faults(2, 10);
    let mut losers = 0;
    for round in 0..rounds {
        let children: Vec<_> = (0..10)
            .map(|n| {
                mark(at, if n % 2 == 0 { "new" } else { "old" });
                let child = Command::new(env!("CARGO_BIN_EXE_rapporteur"))
                    .args(asked())
                    .current_dir(at)
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .expect("started");
                std::thread::sleep(Duration::from_millis(30));
                child
            })
            .collect();
        for child in children {
            let output = child.wait_with_output().expect("ended");
            let said = String::from_utf8_lossy(&output.stderr);
            let lost = said.contains("another run of Rapporteur is writing");
            assert!(output.status.code() == Some(0) || lost, "{said}");
            losers += u32::from(lost);
        }
        let now = set(at);
        assert!(now == old || now == new, "a mixed set in round {round}");
        assert!(unfinished(at).is_empty());
    }
    println!("| ten at once | {rounds} rounds | said that another writes: {losers} | mixed: 0 |");
}

#[test]
fn what_is_no_file_or_not_ours_is_not_written_over() {
    let folder = project();
    let at = folder.path();
    mark(at, "new");
    let made = Command::new("mkfifo").arg(at.join("pipe")).status().expect("mkfifo");
    assert!(made.success());
    std::fs::create_dir(at.join("folder")).expect("made");
    symlink("circle", at.join("circle")).expect("a link");
    std::fs::write(at.join("notes"), "<p>Somebody's notes").expect("written");
    std::fs::write(at.join("table.csv"), "a,b\n1,2\n").expect("written");
    std::fs::write(at.join("list.json"), "[1, 2]").expect("written");
    let cases: [(&[&str], &str); 9] = [
        (&["-o", "/dev/null"], "a device or a pipe"),
        (&["-o", "pipe"], "a device or a pipe"),
        (&["-o", "folder"], "it is a folder"),
        (&["-o", "circle"], "leads in a circle"),
        (&["-o", "a.xlsx", "--figures", "/dev/full"], "a device or a pipe"),
        (&["-o", "a.xlsx", "--html", "notes"], "no web page of Rapporteur's"),
        (&["-o", "a.xlsx", "--figures", "table.csv"], "no table of figures of Rapporteur's"),
        (&["-o", "a.xlsx", "--trail", "list.json"], "no trail of Rapporteur's"),
        (&["-o", "a.xlsx", "--trail", "q2-copy.xlsx"], "no trail of Rapporteur's"),
    ];
    std::fs::copy(at.join("q2.xlsx"), at.join("q2-copy.xlsx")).expect("copied");
    for (wish, says) in cases {
        let run = rapporteur(at, &[&["build", "q2.xlsx"], wish].concat());
        assert!(matches!(run.code, Some(2 | 4)), "{wish:?}: {}", run.shown());
        assert!(
            run.err.contains(says) && run.out.contains("nothing was written"),
            "{}",
            run.shown()
        );
        assert!(!at.join("a.xlsx").exists(), "{wish:?} wrote half of a set");
    }
    assert_eq!(std::fs::read(at.join("notes")).expect("there"), b"<p>Somebody's notes");
}

#[test]
fn links_stay_links_and_names_are_shown_escaped() {
    let folder = project();
    let at = folder.path();
    mark(at, "new");
    std::fs::create_dir(at.join("elsewhere")).expect("made");
    symlink("elsewhere/real.xlsx", at.join("a.xlsx")).expect("a link");
    for _ in 0..2 {
        let run = build(at);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        assert!(std::fs::symlink_metadata(at.join("a.xlsx")).expect("there").is_symlink());
        assert!(at.join("elsewhere/real.xlsx").is_file(), "what it leads to is written");
    }
    let mode = |name: &str| std::fs::metadata(at.join(name)).expect("there").permissions().mode();
    assert_eq!(mode("t.json") & 0o077, 0, "a trail is its owner's alone");
    assert_ne!(mode("f.csv") & 0o044, 0, "the others are not");
    let name = "line\nbreak \u{1b}[31m.xlsx";
    let run = rapporteur(at, &["build", "q2.xlsx", "-o", name]);
    assert!(run.out.contains("wrote line / break \\u{1b}[31m.xlsx"), "{}", run.shown());
}

/// A crash of a program that has children's data in memory leaves no file of it.
#[test]
#[cfg(target_os = "linux")]
fn a_run_leaves_no_core() {
    let folder = project();
    let at = folder.path();
    let mut child = Command::new(env!("CARGO_BIN_EXE_rapporteur"))
        .args(["watch", "q2.xlsx"])
        .current_dir(at)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let limits = format!("/proc/{}/limits", child.id());
    let begin = Instant::now();
    let core = loop {
        let text = std::fs::read_to_string(&limits).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("Max core file size"));
        let line = line.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        if line.contains("size 0 0") || begin.elapsed() > Duration::from_secs(5) {
            break line;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let _ = child.kill();
    child.wait().expect("ended");
    assert!(core.contains("size 0 0"), "{core}");
}
