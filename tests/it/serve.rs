//! `rapporteur serve` over real sockets: who is let in, what is refused before it is read, what is
//! left when it ends. Each guard was taken out once, and its test seen to fail.

use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rapporteur::door::Packed;
use rapporteur::door::serve::{Bounds, Server, Settings};
use serde_json::{Value, json};

use crate::sockets::{
    PATIENCE, ask, connect, example_bytes, framed, get, heard, path_of, post, session,
};
use crate::support::{example, folder, rapporteur};

/// A server with small bounds, which ends by itself soon after the last question.
struct Served {
    address: SocketAddr,
    link: String,
    ended: mpsc::Receiver<()>,
}

impl Served {
    fn with(bounds: Bounds) -> Served {
        Served::of(env!("CARGO_BIN_EXE_rapporteur").into(), bounds)
    }

    fn of(program: PathBuf, bounds: Bounds) -> Served {
        let (tell, told) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        std::thread::spawn(move || {
            let server = Server::bind(Settings {
                program,
                stages: "RAPPORTEUR_STAGES",
                project: None,
                packed: Packed::default(),
                port: 0,
                stamp: None,
                bounds,
            })
            .expect("it listens");
            let address = server.address().expect("an address");
            tell.send((address, server.link().expect("a link"))).expect("told");
            server.run().expect("it ends well");
            // Nobody may be there to hear it, where a test has failed.
            let _ = end.send(());
        });
        let (address, link) = told.recv().expect("it began");
        Served { address, link, ended }
    }

    fn new() -> Served {
        Served::with(small())
    }

    /// What the page that is opened carries.
    fn key(&self) -> String {
        let page = get(self.address, &path_of(&self.link), &[]);
        assert_eq!(page.status, 200, "{}", page.text());
        session(&page)["key"].as_str().expect("a key").to_string()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.ended.recv_timeout(PATIENCE).expect("it ends by itself, and well");
        }
    }
}

fn small() -> Bounds {
    Bounds {
        body: 1 << 20,
        silence: Duration::from_secs(1),
        linger: Duration::from_secs(3),
        runs: 2,
        ..Bounds::default()
    }
}

#[test]
fn a_link_opens_the_page_once_and_nothing_else_opens_it() {
    let served = Served::new();
    let (at, path) = (served.address, path_of(&served.link));
    for wrong in ["/", "/?token=", "/?token=00000000000000000000000000000000", "/?token"] {
        assert_eq!(get(at, wrong, &[]).status, 403, "{wrong}");
    }
    let page = get(at, &path, &[]);
    assert_eq!(page.status, 200);
    assert_eq!(get(at, &path, &[]).status, 403, "the link was used");
    // Who loads the page again has another, which opens it once as well.
    let again = format!("/?token={}", session(&page)["token"].as_str().expect("a token"));
    assert_eq!(get(at, &again, &[]).status, 200);
    assert_eq!(get(at, &again, &[]).status, 403);
}

#[test]
fn another_host_or_origin_is_refused_and_uses_no_link_up() {
    let served = Served::new();
    let (at, path) = (served.address, path_of(&served.link));
    let host = at.to_string();
    let named = format!("localhost:{}", at.port());
    for wrong in ["evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]:80", ""] {
        let answer = ask(at, &format!("GET {path}"), &[("Host", wrong)], b"");
        assert!([400, 403].contains(&answer.status), "Host {wrong}: {}", answer.status);
    }
    let answer = ask(at, &format!("GET {path}"), &[], b"");
    assert!([400, 403].contains(&answer.status), "no host: {}", answer.status);
    let two = [("Host", host.as_str()), ("Host", "evil.example")];
    assert!([400, 403].contains(&ask(at, &format!("GET {path}"), &two, b"").status), "two hosts");
    let far = format!("GET http://evil.example{path}");
    assert_eq!(ask(at, &far, &[("Host", &host)], b"").status, 403, "a proxy's question");
    for (name, wrong) in [
        ("Origin", "http://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1:1"),
        ("Origin", &*format!("https://{host}")),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ] {
        assert_eq!(get(at, &path, &[(name, wrong)]).status, 403, "{name}: {wrong}");
    }
    let answer = ask(at, &format!("GET {path}"), &[("Host", &named)], b"");
    assert_eq!(answer.status, 200, "nobody used the link up");
}

#[test]
fn a_question_needs_the_page_s_key_and_its_origin() {
    let served = Served::new();
    let (at, key) = (served.address, served.key());
    let host = at.to_string();
    let own = format!("http://{host}");
    assert_eq!(post(at, "/here", &key, b"").status, 200);
    for (origin, key) in [
        (Some("http://evil.example"), Some(key.as_str())),
        (Some("null"), Some(&key)),
        (None, Some(&key)),
        (Some(&own), None),
        (Some(&own), Some("")),
        (Some(&own), Some("00000000000000000000000000000000")),
    ] {
        for path in ["/run", "/here", "/token", "/"] {
            let mut headers = vec![("Host", host.as_str()), ("Content-Length", "0")];
            headers.extend(origin.map(|origin| ("Origin", origin)));
            headers.extend(key.map(|key| ("X-Rapporteur-Key", key)));
            let answer = ask(at, &format!("POST {path}"), &headers, b"");
            assert_eq!(answer.status, 403, "{path} of {origin:?} with {key:?}");
        }
    }
    assert_eq!(post(at, "/other", &key, b"").status, 404);
}

/// A browser asks first whether another page may send such a header: the answer is no.
#[test]
fn no_other_page_is_allowed_to_ask() {
    let served = Served::new();
    let (at, key) = (served.address, served.key());
    let host = at.to_string();
    let asks = [
        ("Host", host.as_str()),
        ("Origin", "http://evil.example"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "x-rapporteur-key"),
    ];
    let refused = ask(at, "OPTIONS /run", &asks, b"");
    assert_eq!(refused.status, 403);
    let allowed = post(at, "/here", &key, b"");
    for answer in [refused, allowed] {
        assert!(!answer.head.to_lowercase().contains("access-control"), "{}", answer.head);
    }
}

#[test]
fn every_answer_is_kept_nowhere_and_stands_in_no_other_page() {
    let served = Served::new();
    let (at, link) = (served.address, path_of(&served.link));
    let page = get(at, &link, &[]);
    let key = session(&page)["key"].as_str().expect("a key").to_string();
    let answers = [
        ("the page", page),
        ("a refusal", get(at, "/", &[])),
        ("what there is not", post(at, "/other", &key, b"")),
        ("a run", post(at, "/run", &key, &framed(&["list", "--json"], &[]))),
        ("a fault", post(at, "/run", &key, b"")),
    ];
    for (what, answer) in &answers {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
        assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
        assert!(!policy.contains("unsafe"), "{what}: {policy}");
    }
}

#[test]
fn a_run_gives_what_the_command_line_gives() {
    let served = Served::new();
    let key = served.key();
    let bytes = example_bytes();
    let args = ["build", "--json", "-o", "a.xlsx", "--figures", "f.csv", "--", "q2.xlsx"];
    let answer = post(served.address, "/run", &key, &framed(&args, &[("q2.xlsx", &bytes)]));
    let (told, files) = answer.told();
    let folder = example();
    let run = rapporteur(folder.path(), &args);
    assert_eq!(told["out"].as_str(), Some(run.out.as_str()));
    assert_eq!(told["code"].as_i64(), run.code.map(i64::from));
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["a.xlsx", "f.csv"]);
    for (name, bytes) in &files {
        assert!(*bytes == std::fs::read(folder.path().join(name)).expect("read"), "{name} differs");
    }
}

#[test]
fn a_name_is_never_a_path() {
    let served = Served::new();
    let key = served.key();
    let aside = folder();
    let outside = aside.path().join("planted.csv");
    let outside = outside.to_str().expect("Unicode");
    for name in ["../planted.csv", "/tmp/planted.csv", "a/planted.csv", "..", "a\\b.csv", outside] {
        for (args, files) in [
            (vec!["list", "--json"], vec![(name, &b"planted"[..])]),
            (vec!["list", "--json", "-o", name], vec![]),
            (vec!["check", "--json", "--", name], vec![]),
            (vec!["check", "--json", name], vec![]),
        ] {
            let answer = post(served.address, "/run", &key, &framed(&args, &files));
            assert_eq!(answer.status, 400, "{name} in {args:?}: {}", answer.text());
        }
    }
    assert!(!Path::new(outside).exists());
}

#[test]
fn what_the_page_never_asks_for_is_not_run() {
    let served = Served::new();
    let key = served.key();
    for args in [&["new", "x"][..], &["serve"], &["watch", "q2.xlsx"], &["build", "--project", "x"]]
    {
        let answer = post(served.address, "/run", &key, &framed(args, &[]));
        assert_eq!(answer.status, 400, "{args:?}: {}", answer.text());
    }
}

/// What is too large is refused by its length alone: not a byte of it was sent.
#[test]
fn a_body_over_the_limit_is_refused_before_it_is_stored() {
    let served = Served::new();
    let (at, key) = (served.address, served.key());
    let host = at.to_string();
    let origin = format!("http://{host}");
    let with = |more: (&'static str, &'static str)| {
        let headers =
            [("Host", host.as_str()), ("Origin", &origin), ("X-Rapporteur-Key", &key), more];
        ask(at, "POST /run", &headers, b"").status
    };
    assert_eq!(with(("Content-Length", "1048577")), 413);
    assert_eq!(with(("Content-Length", "99999999999999")), 413);
    assert_eq!(with(("Transfer-Encoding", "chunked")), 411);
}

#[test]
fn slow_and_stalled_clients_are_cut_off() {
    let served = Served::with(Bounds { linger: Duration::from_secs(20), ..small() });
    let (at, key) = (served.address, served.key());
    let head = format!(
        "POST /run HTTP/1.1\r\nHost: {at}\r\nOrigin: http://{at}\r\nX-Rapporteur-Key: {key}\r\n\
         Content-Length: 1000\r\n\r\n"
    );
    // Nothing at all; half a head; a head and half a body.
    for sent in ["", "POST /run HT", &head[..head.len() - 2], &format!("{head}ha")] {
        let mut stream = connect(at);
        stream.write_all(sent.as_bytes()).expect("sent");
        let answer = heard(&mut stream);
        assert!(answer.is_none_or(|answer| answer.status == 408), "after {sent:?}");
    }
    // A byte now and then keeps no connection open.
    let mut stream = connect(at);
    stream.write_all(head.as_bytes()).expect("sent");
    let dripped = (0..300).find(|_| {
        std::thread::sleep(Duration::from_millis(100));
        stream.write_all(b"x").is_err()
    });
    assert!(dripped.is_some(), "30 s of drops, and it still takes them");
    // Whoever says that no more will come is not waited for.
    let mut stream = connect(at);
    stream.write_all(format!("{head}half a body").as_bytes()).expect("sent");
    stream.shutdown(Shutdown::Write).expect("half closed");
    assert!(heard(&mut stream).is_none_or(|answer| answer.status >= 400));
    assert_eq!(post(at, "/here", &key, b"").status, 200, "others are served on");
}

#[test]
fn it_ends_some_time_after_the_last_page_was_closed() {
    let served = Served::with(Bounds { linger: Duration::from_millis(300), ..small() });
    let address = served.address;
    drop(served);
    assert!(TcpStream::connect(address).is_err(), "it still listens");
}

/// Who goes away stops the run, and its files go with it: here one that would sleep for hours.
#[test]
#[cfg(unix)]
fn a_run_ends_with_whoever_asked_for_it() {
    use std::os::unix::fs::PermissionsExt;
    let here = folder();
    let (sleeper, told) = (here.path().join("sleeper"), here.path().join("told"));
    let script = format!(
        "#!/bin/sh\n(pwd; echo $$) > {0}.new && mv {0}.new {0}\nexec sleep 999\n",
        told.display()
    );
    std::fs::write(&sleeper, script).expect("written");
    std::fs::set_permissions(&sleeper, std::fs::Permissions::from_mode(0o700)).expect("set");
    let served = Served::of(sleeper, Bounds { linger: Duration::from_secs(25), ..small() });
    let (at, key) = (served.address, served.key());
    let body = framed(&["check", "--", "a.csv"], &[("a.csv", b"CHILD\n1\n")]);
    let mut stream = connect(at);
    let head = format!(
        "POST /run HTTP/1.1\r\nHost: {at}\r\nOrigin: http://{at}\r\nX-Rapporteur-Key: {key}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(&body).expect("sent");
    // Ten seconds: long before the server ends by itself, and the run with it.
    let comes = |what: &dyn Fn() -> bool| {
        (0..500).any(|_| {
            std::thread::sleep(Duration::from_millis(20));
            what()
        })
    };
    assert!(comes(&|| told.exists()), "the run did not begin");
    let said = std::fs::read_to_string(&told).expect("read");
    let (within, process) = said.trim().split_once('\n').expect("two lines");
    let within = Path::new(within);
    assert!(within.join("a.csv").is_file(), "{}", within.display());
    drop(stream);
    assert!(comes(&|| !within.exists()), "its files are still there");
    let lives = || {
        let mut asked = Command::new("kill");
        asked.args(["-0", process]).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    assert!(comes(&|| !lives()), "it sleeps on");
}

/// The page asks how far its run is: here one that says a stage, and waits.
#[test]
#[cfg(unix)]
fn a_run_says_its_stages_as_it_goes() {
    use std::os::unix::fs::PermissionsExt;
    let here = folder();
    let (program, go) = (here.path().join("slow"), here.path().join("go"));
    let script = format!(
        "#!/bin/sh\necho \"stage: ${{RAPPORTEUR_STAGES}}st stage\" >&2\n\
         while [ ! -e {} ]; do sleep 0.02; done\necho mind this >&2\n",
        go.display()
    );
    std::fs::write(&program, script).expect("written");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).expect("set");
    let served = Served::of(program, Bounds { linger: Duration::from_secs(25), ..small() });
    let (at, key) = (served.address, served.key());
    let stage = |id: &str| {
        let answer = post(at, "/stage", &key, id.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_str::<Value>(&answer.text()).expect("JSON")["stage"].clone()
    };
    let head = json!({ "id": "run-1", "args": ["list"], "files": [] }).to_string();
    let mut body = (head.len() as u32).to_le_bytes().to_vec();
    body.extend(head.as_bytes());
    assert_eq!(stage("run-1"), Value::Null, "there is no such run yet");
    let asked = std::thread::scope(|scope| {
        let run = scope.spawn(|| post(at, "/run", &key, &body));
        let comes = (0..500).any(|_| {
            std::thread::sleep(Duration::from_millis(20));
            stage("run-1") == "1st stage"
        });
        assert_eq!(stage("another"), Value::Null, "nobody hears of another's run");
        std::fs::write(&go, "").expect("written");
        assert!(comes, "no stage is told");
        run.join().expect("answered")
    });
    assert_eq!(asked.told().0["err"], "mind this\n", "stages are no complaints");
    assert_eq!(stage("run-1"), Value::Null, "it is over");
    assert_eq!(post(at, "/stage", &key, &[b'x'; 65]).status, 400);
}
