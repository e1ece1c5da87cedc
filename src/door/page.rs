//! The page itself: words and looks from `assets/`, the project as data, and the program: as data
//! too where the page is a file, and behind an address of this machine where it is served.

use std::collections::BTreeMap;
use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use maud::{PreEscaped, html};
use serde_json::json;

use super::project::Packed;
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::page::frame;

const BODY: &str = include_str!("assets/door.html");
const STYLE: &str = include_str!("assets/door.css");
const SCRIPT: &str = concat!(
    include_str!("assets/door.js"),
    include_str!("assets/program.js"),
    include_str!("assets/files.js"),
    include_str!("assets/problems.js"),
    include_str!("assets/words.js"),
    include_str!("assets/appendix.js"),
    include_str!("assets/commentary.js"),
    include_str!("assets/desk.js"),
    include_str!("assets/begin.js"),
);
const WORKER: &str =
    concat!(include_str!("assets/engine.js"), "\n", include_str!("assets/worker.js"));

/// What is said of privacy, with the way to check it.
const PRIVATE: &str = include_str!("assets/private.html");
#[cfg(not(target_family = "wasm"))]
const PRIVATE_SERVED: &str = include_str!("assets/private_served.html");

/// The engine that was there when this program was built.
#[cfg(has_engine)]
const BUILT_IN: Option<&[u8]> = Some(include_bytes!(env!("RAPPORTEUR_ENGINE")));
#[cfg(not(has_engine))]
const BUILT_IN: Option<&[u8]> = None;

/// The program for WebAssembly, packed by gzip.
pub struct Engine(Vec<u8>);

impl Engine {
    /// The one that was there when this program was built.
    pub fn built_in() -> Option<Engine> {
        BUILT_IN.map(|bytes| Engine(bytes.to_vec()))
    }

    /// The one of a file, packed or not; none where it is neither.
    pub fn of(bytes: &[u8]) -> Option<Engine> {
        if bytes.starts_with(b"\0asm") {
            Some(Engine(gzip(bytes)))
        } else {
            bytes.starts_with(b"\x1f\x8b").then(|| Engine(bytes.to_vec()))
        }
    }
}

/// What a page that is served talks with.
#[cfg(not(target_family = "wasm"))]
pub(super) struct Session<'s> {
    /// What every question carries.
    pub key: &'s str,
    /// What opens the page once more.
    pub token: &'s str,
    /// Whether scripts are watched: it is an analyst's desk.
    pub watched: bool,
}

/// The page of an engine and a project: one file.
pub fn page(engine: &Engine, project: &Packed) -> String {
    // Nothing may run but the script below and what it compiles; nothing may be loaded or sent.
    let policy = policy("connect-src 'none'; worker-src blob:", "'wasm-unsafe-eval'");
    let body = body(project, &project.files)
        .replace("{{private}}", PRIVATE)
        .replace("{{session}}", "")
        .replace("{{worker}}", WORKER)
        .replace("{{engine}}", &STANDARD.encode(&engine.0));
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n");
    whole(&meta, project, &body)
}

/// The page as it is served, and the policy that goes with it: it reaches its own server and
/// nothing else, and stands in no other page.
#[cfg(not(target_family = "wasm"))]
pub(super) fn served(project: &Packed, session: &Session) -> (String, String) {
    let policy = policy("connect-src 'self'; frame-ancestors 'none'", "");
    let told = json!({ "key": session.key, "token": session.token, "watched": session.watched });
    // The program reads the project's files where they are.
    let body = body(project, &BTreeMap::new())
        .replace("{{private}}", PRIVATE_SERVED)
        .replace("{{session}}", &told.to_string())
        .replace("{{worker}}", "")
        .replace("{{engine}}", "");
    (whole("", project, &body), policy)
}

/// What every policy says, and what this one adds to it.
fn policy(reaches: &str, compiles: &str) -> String {
    format!(
        "default-src 'none'; {reaches}; script-src {}; style-src {}; img-src data:; \
         base-uri 'none'; form-action 'none'",
        format!("{} {compiles}", hash(SCRIPT)).trim_end(),
        hash(STYLE)
    )
}

fn body(project: &Packed, files: &BTreeMap<String, Vec<u8>>) -> String {
    let encoded = |bytes: &[u8]| STANDARD.encode(bytes);
    let files: serde_json::Map<String, serde_json::Value> =
        files.iter().map(|(name, bytes)| (name.clone(), encoded(bytes).into())).collect();
    let example = project.example.as_ref();
    let packed = json!({
        "files": files,
        "example": example.map(|(name, bytes)| json!({ "name": name, "bytes": encoded(bytes) })),
    });
    BODY.replace("{{name}}", &html! { (name(project)) }.into_string())
        .replace("{{version}}", env!("CARGO_PKG_VERSION"))
        .replace("{{project}}", &encoded(&gzip(packed.to_string().as_bytes())))
}

fn name(project: &Packed) -> &str {
    project.name.as_deref().unwrap_or("Quarterly return")
}

fn whole(meta: &str, project: &Packed, body: &str) -> String {
    let head = html! {
        (PreEscaped(meta))
        meta name="color-scheme" content="light dark";
        "\n" style { (PreEscaped(STYLE)) } "\n"
    };
    let body = html! { (PreEscaped(body)) script { (PreEscaped(SCRIPT)) } "\n" };
    frame(&format!("{}: return to appendix", name(project)), &head, &body).into_string()
}

/// How a policy names an inline part.
fn hash(part: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Fingerprint::of(part.as_bytes()).bytes()))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).and_then(|()| packed.finish()).expect("memory takes what is written")
}
