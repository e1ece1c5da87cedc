//! The page itself: words and looks from `assets/`, the program and the project as data.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::project::Packed;
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::page::{MADE_HERE, escaped};

const BODY: &str = include_str!("assets/door.html");
const STYLE: &str = include_str!("assets/door.css");
const SCRIPT: &str = include_str!("assets/door.js");
const WORKER: &str =
    concat!(include_str!("assets/engine.js"), "\n", include_str!("assets/worker.js"));

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

/// The page of an engine and a project.
pub fn page(engine: &Engine, project: &Packed) -> String {
    let encoded = |bytes: &[u8]| STANDARD.encode(bytes);
    let files: serde_json::Map<String, serde_json::Value> =
        project.files.iter().map(|(name, bytes)| (name.clone(), encoded(bytes).into())).collect();
    let packed = json!({
        "files": files,
        "example": project.example.as_ref().map(|(name, bytes)| json!({ "name": name, "bytes": encoded(bytes) })),
    });
    let name = project.name.as_deref().unwrap_or("Quarterly return");
    let body = BODY
        .replace("{{name}}", &escaped(name))
        .replace("{{version}}", env!("CARGO_PKG_VERSION"))
        .replace("{{worker}}", WORKER)
        .replace("{{project}}", &encoded(&gzip(packed.to_string().as_bytes())))
        .replace("{{engine}}", &encoded(&engine.0));
    // Nothing may run but the script below and what it compiles; nothing may be loaded or sent.
    let policy = format!(
        "default-src 'none'; connect-src 'none'; script-src {} 'wasm-unsafe-eval'; \
         worker-src blob:; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n{MADE_HERE}\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}: return to appendix</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{body}<script>{SCRIPT}</script>\n</body>\n</html>\n",
        escaped(name)
    )
}

/// How a policy names an inline part.
fn hash(part: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Fingerprint::of(part.as_bytes()).bytes()))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).and_then(|()| packed.finish()).expect("memory takes what is written")
}
