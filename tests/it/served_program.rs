//! `rapporteur serve` as a process: what it leaves, what it holds, how it is started.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::sockets::{connect, example_bytes, framed, get, path_of, post, session};
use crate::support::{example, folder, rapporteur};

/// The program itself, in a folder for its files that is this test's own.
struct Program {
    child: Child,
    address: SocketAddr,
    link: String,
    files: PathBuf,
}

impl Program {
    fn start(at: &Path, files: &Path, more: &[&str]) -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rapporteur"))
            .args(["serve", "--no-browser", "--json"])
            .args(more)
            .current_dir(at)
            .env("TMPDIR", files)
            .env("TEMP", files)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let mut line = String::new();
        let out = child.stdout.as_mut().expect("piped");
        BufReader::new(out).read_line(&mut line).expect("it says where it is");
        let told: Value = serde_json::from_str(&line).expect("JSON");
        let link = told["link"].as_str().expect("a link").to_string();
        let address = link.trim_start_matches("http://").split('/').next().expect("an address");
        let address = address.parse().expect("an address");
        Program { child, address, link, files: files.to_path_buf() }
    }

    fn key(&self) -> String {
        let page = get(self.address, &path_of(&self.link), &[]);
        session(&page)["key"].as_str().expect("a key").to_string()
    }

    /// The folders that it has made and not taken away.
    fn left(&self) -> Vec<PathBuf> {
        let below = |path: &Path| -> Vec<PathBuf> {
            let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
            entries.map(|entry| entry.path()).collect()
        };
        below(&self.files)
            .iter()
            .flat_map(|path| below(path))
            .filter(|path| path.is_dir())
            .collect()
    }

    #[cfg(unix)]
    fn signal(&mut self, name: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().expect("kill").success());
        self.child.wait().expect("ended").code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[cfg(unix)]
fn nothing_is_left_when_it_is_interrupted_and_a_kill_is_swept_up_by_the_next_start() {
    let (here, files) = (folder(), folder());
    let entries = |path: &Path| std::fs::read_dir(path).expect("read").count();
    for name in ["-INT", "-TERM", "-HUP"] {
        let mut program = Program::start(here.path(), files.path(), &[]);
        let key = program.key();
        let body = framed(&["check", "--", "q2.xlsx"], &[("q2.xlsx", &example_bytes())]);
        assert_eq!(post(program.address, "/run", &key, &body).status, 200);
        assert_eq!(program.left(), [] as [PathBuf; 0], "a run's folder is gone with its answer");
        // One more is on its way, with half of its file stored.
        let (at, length) = (program.address, body.len());
        let mut stream = connect(at);
        let head = format!(
            "POST /run HTTP/1.1\r\nHost: {at}\r\nOrigin: http://{at}\r\nX-Rapporteur-Key: {key}\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("sent");
        stream.write_all(&body[..length / 2]).expect("sent");
        while program.left().is_empty() {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(program.signal(name), Some(0), "{name}");
        assert_eq!(entries(files.path()), 0, "{name} left something");
    }
    let mut killed = Program::start(here.path(), files.path(), &[]);
    assert_eq!(killed.signal("-KILL"), None);
    assert_eq!(entries(files.path()), 1);
    let mut next = Program::start(here.path(), files.path(), &[]);
    assert_eq!(entries(files.path()), 1, "the folder of the killed one is still there");
    assert_eq!(next.signal("-TERM"), Some(0));
    assert_eq!(entries(files.path()), 0);
}

/// Twenty at once are answered, and what they send is never all in memory.
#[test]
#[cfg(target_os = "linux")]
fn twenty_uploads_at_once_are_bounded_in_memory() {
    let (here, files) = (folder(), folder());
    let program = Program::start(here.path(), files.path(), &[]);
    let key = program.key();
    let (bytes, ballast) = (example_bytes(), vec![b'x'; 20 << 20]);
    let args = ["build", "--json", "-o", "a.xlsx", "--", "q2.xlsx"];
    let body = framed(&args, &[("q2.xlsx", &bytes), ("ballast.bin", &ballast)]);
    let one = example();
    assert_eq!(rapporteur(one.path(), &["build", "q2.xlsx", "-o", "a.xlsx"]).code, Some(0));
    let appendix = std::fs::read(one.path().join("a.xlsx")).expect("read");
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                let (_, files) = post(program.address, "/run", &key, &body).told();
                assert!(files[0].1 == appendix, "an appendix differs");
            });
        }
    });
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.child.id()));
    let status = status.expect("it is still there");
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    let most: u64 = most.trim().trim_end_matches(" kB").parse().expect("a number");
    println!("20 uploads of {} MB at once: {} MB", body.len() >> 20, most >> 10);
    assert!(most < 150 << 10, "it held {} MB of 400", most >> 10);
}

/// The program without arguments and without a terminal, where there is such a screen.
fn start(at: &Path, screen: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_rapporteur"))
        .current_dir(at)
        .env("TMPDIR", at)
        .env("DISPLAY", screen)
        .env_remove("WAYLAND_DISPLAY")
        // No browser is found there.
        .env("PATH", at)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started")
}

/// A double click starts it without arguments and without a terminal.
#[test]
#[cfg(target_os = "linux")]
fn without_arguments_and_terminal_it_shows_the_page_where_there_is_a_screen() {
    let here = folder();
    let mut child = start(here.path(), ":0");
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("said");
    let _ = child.kill();
    let _ = child.wait();
    assert!(line.starts_with("open http://127.0.0.1:"), "{line}");
    let help = start(here.path(), "").wait_with_output().expect("ended");
    assert_eq!(help.status.code(), Some(2), "without a screen it says how it is used");
}

#[test]
fn with_watch_the_page_hears_that_a_script_changed() {
    let (here, files) = (folder(), folder());
    std::fs::create_dir(here.path().join("scripts")).expect("made");
    let script = here.path().join("scripts/a.luau");
    std::fs::write(&script, "-- nothing yet\n").expect("written");
    let program = Program::start(here.path(), files.path(), &["--watch"]);
    let page = get(program.address, &path_of(&program.link), &[]);
    let session = session(&page);
    assert_eq!(session["watched"], true);
    let key = session["key"].as_str().expect("a key");
    let stamp = || {
        let text = post(program.address, "/here", key, b"").text();
        serde_json::from_str::<Value>(&text).expect("JSON")["stamp"].clone()
    };
    let before = stamp();
    assert_eq!(stamp(), before, "nothing has changed");
    std::fs::write(&script, "rap.indicator(").expect("written");
    assert_ne!(stamp(), before);
    let docs = framed(&["docs", "--json", "-o", "c.html"], &[]);
    let (told, _) = post(program.address, "/run", key, &docs).told();
    let told: Value = serde_json::from_str(told["out"].as_str().expect("text")).expect("JSON");
    let fault = &told["problems"][0];
    assert_eq!((fault["file"].as_str(), fault["line"].as_u64()), (Some("scripts/a.luau"), Some(1)));
}
