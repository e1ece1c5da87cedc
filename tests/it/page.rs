//! `rapporteur page`: the officer's door as one file. What it does in a browser is tried by
//! `.ci/door`, which needs one; here is what any machine can tell of the file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::support::{Run, folder, rapporteur, root, shared};

/// An engine's first bytes are all that is looked at.
const ENGINE: &[u8] = b"\0asm, for a test";

fn page(folder: &Path, more: &[&str]) -> String {
    fs::write(folder.join("engine.wasm"), ENGINE).expect("written");
    let arguments = [&["page", "--engine", "engine.wasm", "-o", "door.html"], more].concat();
    let run = rapporteur(folder, &arguments);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    fs::read_to_string(folder.join("door.html")).expect("a page was written")
}

/// What stands between two marks.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let rest = text.split_once(from).unwrap_or_else(|| panic!("no {from}")).1;
    rest.split_once(to).unwrap_or_else(|| panic!("no {to}")).0
}

/// What the page holds as data: packed, and as text.
fn data(page: &str, id: &str) -> Vec<u8> {
    let text = between(page, &format!("<script type=\"text/plain\" id=\"{id}\">"), "</script>");
    let packed = STANDARD.decode(text.trim()).expect("base64");
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&packed[..]), &mut bytes)
        .expect("packed by gzip");
    bytes
}

fn project_in(page: &str) -> serde_json::Value {
    serde_json::from_slice(&data(page, "project-data")).expect("JSON")
}

#[test]
fn a_page_reaches_nothing_and_only_its_own_parts_run_in_it() {
    let folder = folder();
    let page = page(folder.path(), &[]);
    let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    let parts: Vec<&str> = policy.split("; ").collect();
    assert!(parts.contains(&"default-src 'none'"), "{policy}");
    assert!(parts.contains(&"connect-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    let hash =
        |part: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(part.as_bytes())));
    let (style, script) =
        (between(&page, "<style>", "</style>"), between(&page, "<script>", "</script>"));
    let script_src = format!("script-src {} 'wasm-unsafe-eval'", hash(script));
    assert!(parts.contains(&script_src.as_str()), "{policy}");
    assert!(parts.contains(&format!("style-src {}", hash(style)).as_str()), "{policy}");
    // Every other script is data: a browser that met one more part would refuse it.
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(
        page.matches("<script ").count(),
        page.matches("<script type=\"text/plain\"").count()
    );
    assert_eq!(data(&page, "engine-data"), ENGINE);
    for address in ["http://", "https://", "//cdn", "src=\"", "url("] {
        let at = page.find(address).map(|at| &page[at.saturating_sub(60)..at + 40]);
        assert_eq!(at, None, "an outside address");
    }
}

#[test]
fn the_same_project_gives_the_same_page() {
    let (one, other) = (folder(), folder());
    assert_eq!(page(one.path(), &[]), page(other.path(), &[]));
}

#[test]
fn a_page_holds_what_a_project_is_made_of_and_no_return_that_lies_in_its_folder() {
    let folder = folder();
    let project = folder.path().join("ours");
    for (name, text) in [
        ("rapporteur.toml", "[authority]\nname = \"Exampleton & Sons\"\n"),
        ("scripts/deep/own.luau", "-- nothing yet\n"),
        ("templates/README.md", "not a script\n"),
        ("history/q1-figures.csv", "indicator\n"),
        ("q2.xlsx", "a return about children"),
        ("scripts/q2.csv", "a list of children"),
    ] {
        let path = project.join(name);
        fs::create_dir_all(path.parent().expect("in a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    let page = page(folder.path(), &["--project", "ours"]);
    let packed = project_in(&page);
    let names: Vec<&String> = packed["files"].as_object().expect("files").keys().collect();
    assert_eq!(names, ["history/q1-figures.csv", "rapporteur.toml", "scripts/deep/own.luau"]);
    assert!(page.contains("<title>Exampleton &amp; Sons: return to appendix</title>"));
}

#[test]
fn a_made_up_return_is_offered_for_what_ships_and_for_others_only_where_it_is_named() {
    let folder = folder();
    let name = "children-in-care-2026-27-q2.xlsx";
    assert_eq!(project_in(&page(folder.path(), &[]))["example"]["name"], name);
    let housing = root().join("examples/housing-repairs");
    let housing = housing.to_str().expect("a path in Unicode");
    let page_of = |more: &[&str]| {
        project_in(&page(folder.path(), &[&["--project", housing], more].concat()))["example"]
            .clone()
    };
    assert!(page_of(&[]).is_null());
    fs::write(folder.path().join("made-up.csv"), "HOME\n").expect("written");
    assert_eq!(page_of(&["--example", "made-up.csv"])["name"], "made-up.csv");
}

#[test]
fn what_cannot_be_a_page_is_refused_and_said() {
    let folder = folder();
    let refused = |arguments: &[&str], said: &str| {
        let run = rapporteur(folder.path(), &[&["page"], arguments].concat());
        assert_ne!(run.code, Some(0), "{}", run.shown());
        assert!(run.err.contains(said), "{}", run.shown());
        assert!(!folder.path().join("rapporteur.html").exists());
    };
    fs::write(folder.path().join("note.txt"), "no engine").expect("written");
    fs::write(folder.path().join("engine.wasm"), ENGINE).expect("written");
    refused(&["--engine", "note.txt"], "this is not the program for web pages");
    refused(&["--engine", "gone.wasm"], "the file cannot be read");
    fs::create_dir_all(folder.path().join("ours/scripts")).expect("made");
    let ours = ["--project", "ours", "--engine", "engine.wasm"];
    fs::write(folder.path().join("ours/rapporteur.toml"), "history = \"../elsewhere\"\n")
        .expect("written");
    refused(&ours, "`../elsewhere` lies outside the project's folder");
    fs::write(folder.path().join("ours/rapporteur.toml"), "").expect("written");
    fs::write(folder.path().join("ours/scripts/own.luau"), "rap.indicator(").expect("written");
    refused(&ours, "scripts/own.luau");
}

/// The program for web pages, where `.ci/page build` has made it and Node.js can run it.
fn engine(test: &str) -> Option<PathBuf> {
    let engine = root().join("target/page/rapporteur.wasm");
    let node = Command::new("node").arg("--version").output().is_ok_and(|run| run.status.success());
    let made = fs::metadata(&engine).and_then(|about| about.modified()).ok();
    let missing = match made {
        Some(made) if node && newest(&["src", "scripts", "templates"]) < made => {
            return Some(engine);
        }
        _ if !node => "there is no Node.js",
        Some(_) => "it is older than what it is made of; `.ci/page build` makes it anew",
        None => "`.ci/page build` has not made it",
    };
    eprintln!("{test}: the program for web pages was not run: {missing}");
    None
}

/// When a file of these folders was last changed.
fn newest(folders: &[&str]) -> SystemTime {
    let mut times = Vec::new();
    for path in folders.iter().flat_map(|folder| paths(&root().join(folder))) {
        times.extend(fs::metadata(path).and_then(|about| about.modified()));
    }
    times.into_iter().max().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Runs the program for web pages on the files of a folder, by the page's own code.
fn in_a_page(engine: &Path, folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new("node")
        .arg(root().join("tests/page/run.mjs"))
        .arg(engine)
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("Node.js can be started");
    Run::of(output)
}

/// Copies a file, or what a folder holds.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("made");
        for entry in fs::read_dir(from).expect("read").map(|entry| entry.expect("read")) {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).expect("copied");
    }
}

/// The files of a folder and of those in it.
fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_path_buf()];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(folder).expect("read").map(|entry| entry.expect("read").path()) {
            if entry.is_dir() { left.push(entry) } else { found.push(entry) }
        }
    }
    found.sort();
    found
}

/// Every file of a folder, by name.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let file = |path: PathBuf| {
        let bytes = fs::read(&path).expect("read");
        (path.strip_prefix(folder).expect("inside").to_path_buf(), bytes)
    };
    paths(folder).into_iter().map(file).collect()
}

/// Runs both programs, each on its own copy of the files: they must say the same and write the
/// same.
fn hold(engine: &Path, given: &[(&Path, &str)], arguments: &[&str]) {
    let (native, page) = (folder(), folder());
    for (from, name) in given {
        copy(from, &native.path().join(name));
        copy(from, &page.path().join(name));
    }
    let (one, other) =
        (rapporteur(native.path(), arguments), in_a_page(engine, page.path(), arguments));
    assert_eq!(other.shown(), one.shown(), "{arguments:?}");
    let (here, there) = (files(native.path()), files(page.path()));
    assert!(here.len() > given.len() || one.code != Some(0) || arguments[0] != "build");
    let names =
        |files: &[(PathBuf, Vec<u8>)]| files.iter().map(|f| f.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&there), names(&here), "{arguments:?}");
    for ((name, here), (_, there)) in here.iter().zip(&there) {
        assert!(here == there, "{arguments:?}: {} differs", name.display());
    }
}

#[test]
fn the_program_in_a_page_says_and_writes_the_same() {
    let Some(engine) = engine("the_program_in_a_page_says_and_writes_the_same") else { return };
    let example = root().join("examples/children-in-care-2026-27-q2.xlsx");
    let everything = [
        "--accessible",
        "--html",
        "page.html",
        "--figures",
        "figures.csv",
        "--trail",
        "trail.json",
    ];
    for layout in ["annual", "board", "services", "targets"] {
        let arguments = [&["build", "q2.xlsx", "--template", layout][..], &everything].concat();
        hold(&engine, &[(&example, "q2.xlsx")], &arguments);
    }
    let secret = [&["build", "q2.xlsx", "--disclosure", "dfe"][..], &everything].concat();
    hold(&engine, &[(&example, "q2.xlsx")], &secret);
    hold(&engine, &[(&example, "q2.xlsx")], &["explain", "ha_pct", "q2.xlsx", "--html", "e.html"]);
    hold(&engine, &[(&example, "q2.xlsx")], &["blank", "q2.xlsx", "-o", "q3.xlsx"]);
    for project in ["complaints", "housing-repairs"] {
        let path = root().join("examples").join(project);
        let arguments = ["build", "ours/q2.xlsx", "--project", "ours", "--html", "page.html"];
        hold(&engine, &[(&path, "ours")], &arguments);
    }
    let half = fs::read(&example).expect("read");
    let broken = folder();
    fs::write(broken.path().join("q2.xlsx"), &half[..half.len() / 2]).expect("written");
    hold(&engine, &[(&broken.path().join("q2.xlsx"), "q2.xlsx")], &["check", "q2.xlsx"]);
}

#[test]
fn the_project_s_own_cases_hold_in_a_page() {
    let Some(engine) = engine("the_project_s_own_cases_hold_in_a_page") else { return };
    let parts = [
        "rapporteur.toml",
        "pack.toml",
        "basics",
        "scripts",
        "templates",
        "tests",
        "snapshots",
        "examples",
    ];
    let paths: Vec<_> = parts.iter().map(|name| (root().join(name), *name)).collect();
    let given: Vec<(&Path, &str)> =
        paths.iter().map(|(path, name)| (path.as_path(), *name)).collect();
    hold(&engine, &given, &["test", "--check"]);
}

#[test]
fn shared_returns_give_the_same_in_a_page() {
    const TEST: &str = "shared_returns_give_the_same_in_a_page";
    let (Some(engine), Some(shared)) = (engine(TEST), shared(TEST)) else { return };
    for name in [
        "exampleshire-2026-27-q2.xlsx",
        "messyshire-2025-26-q4.xlsx",
        "exampleshire-2026-27-q2-csv",
    ] {
        let path = shared.join("data/returns").join(name);
        let arguments = ["build", name, "--html", "page.html", "--figures", "figures.csv"];
        hold(&engine, &[(&path, name)], &arguments);
    }
}

#[test]
fn hostile_scripts_are_told_of_in_the_same_words_in_a_page() {
    let Some(engine) = engine("hostile_scripts_are_told_of_in_the_same_words_in_a_page") else {
        return;
    };
    let ground = "rap.list \"kids\" { title = \"Kids\", key = \"CHILD\", columns = { { \"CHILD\", \
                  \"id\", required = true }, { \"AGE\", \"number\" } } }\n";
    for judge in [
        "local n = 0 while r.AGE > 3 do n = n + 1 end return true",
        "local t = {} for i = 1, 1e6 do t[i] = string.rep(\"x\", 1e5) .. i end return true",
        "local function deep(n) return 1 + deep(n + 1) end return deep(1) > 0",
        "return string.rep(\"x\", 1e9) == r.CHILD",
        "return r.AGE < \"three\"",
        "return r.AGEE > 3",
        "return ((((r.AGE) > 3",
        "error({ r }) return true",
        "error(\"no \" .. r.CHILD) return true",
    ] {
        let project = folder();
        fs::create_dir(project.path().join("scripts")).expect("made");
        fs::write(project.path().join("rapporteur.toml"), "shipped_scripts = false\n")
            .expect("written");
        fs::write(project.path().join("kids.csv"), "CHILD,AGE\n990017,9\n").expect("written");
        let script = format!(
            "{ground}rap.population \"some\" {{ from = \"kids\", where = function(r)\n{judge}\n\
             end }}\nrap.indicator \"n\" {{ title = \"N\", unit = \"number\", \
             population = \"some\", definition = \"N.\", source = \"T\" }}\n"
        );
        fs::write(project.path().join("scripts/a.luau"), script).expect("written");
        let arguments =
            ["explain", "n", "ours/kids.csv", "--project", "ours", "--period", "2026/27 Q2"];
        hold(&engine, &[(project.path(), "ours")], &arguments);
    }
}
