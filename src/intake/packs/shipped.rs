//! The packs that are inside the program, so that it works in an empty folder.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::{ABOUT, Pack};

static BASICS: Dir = include_dir!("$CARGO_MANIFEST_DIR/basics");
static SCRIPTS: Dir = include_dir!("$CARGO_MANIFEST_DIR/scripts");
static TEMPLATES: Dir = include_dir!("$CARGO_MANIFEST_DIR/templates");
/// The repository is the pack on children in care.
const CHILDREN_IN_CARE: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/pack.toml"));

/// What ships: each after those that it needs.
pub fn shipped() -> Vec<Pack> {
    let mut basics = BTreeMap::new();
    gather(&BASICS, "", &mut basics);
    let mut children = BTreeMap::from([(ABOUT.to_string(), CHILDREN_IN_CARE.to_vec())]);
    gather(&SCRIPTS, "scripts/", &mut children);
    gather(&TEMPLATES, "templates/", &mut children);
    let pack = |files| Pack::of_files(ABOUT, files).expect("what ships is sound");
    vec![pack(basics), pack(children)]
}

/// A script as it ships, by its name.
pub fn shipped_text(name: &str) -> Option<&'static [u8]> {
    if let Some(file) = BASICS.get_file(name) {
        return Some(file.contents());
    }
    let (folder, path) = name.split_once('/')?;
    let folder = match folder {
        "scripts" => &SCRIPTS,
        "templates" => &TEMPLATES,
        _ => return None,
    };
    folder.get_file(path).map(|file| file.contents())
}

fn gather(folder: &Dir, prefix: &str, all: &mut BTreeMap<String, Vec<u8>>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        all.insert(format!("{prefix}{path}"), file.contents().to_vec());
    }
    folder.dirs().for_each(|inner| gather(inner, prefix, all));
}
