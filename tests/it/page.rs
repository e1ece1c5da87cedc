//! `rapporteur page`: the officer's door as one file. What it does in a browser is tried by `.ci/door`,
//! which needs one; here is what any machine can tell of the file.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::support::{folder, rapporteur, root};

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
