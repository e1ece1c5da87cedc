//! One library, one room: no library's name stands in the code of another room than its own.

use std::path::Path;

use crate::support::root;

/// The libraries and the rooms that may name them.
const ROOMS: [(&str, &[&str]); 20] = [
    ("calamine", &["read"]),
    ("mlua", &["script"]),
    ("rust_xlsxwriter", &["write"]),
    ("csv", &["read", "write"]),
    ("ttf_parser", &["layout"]),
    ("similar", &["changes"]),
    ("toml", &["project.rs", "cases"]),
    ("clap_complete", &["cmd"]),
    ("clap_mangen", &["cmd"]),
    ("textwrap", &["cmd"]),
    ("terminal_size", &["cmd"]),
    ("clap", &["args.rs", "main.rs", "cmd"]),
    ("indicatif", &["cmd"]),
    ("zip", &["read", "write", "workbook_text"]),
    ("quick_xml", &["workbook_text"]),
    ("encoding_rs", &["read"]),
    ("cfb", &["read"]),
    ("unicode_linebreak", &["layout"]),
    ("include_dir", &["project.rs"]),
    ("strsim", &["problem.rs"]),
];

#[test]
fn each_library_stays_in_its_room() {
    let mut named = 0;
    look(&root().join("src"), &mut |room, file, line| {
        for (library, rooms) in ROOMS {
            let uses = line.contains(&format!("{library}::")) && !line.trim_start().starts_with("//");
            named += usize::from(uses);
            assert!(!uses || rooms.contains(&room), "{file} names {library}, which lives in {rooms:?}: {line}");
        }
    });
    assert!(named > 20, "only {named} lines name a library: is the test still looking at the code?");
}

/// Every line of every source file, with the room (the first folder or file under `src`) it stands in.
fn look(folder: &Path, found: &mut dyn FnMut(&str, &str, &str)) {
    let source = root().join("src");
    for path in std::fs::read_dir(folder).expect("a folder of sources").map(|e| e.expect("an entry").path()) {
        if path.is_dir() {
            look(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let inside = path.strip_prefix(&source).expect("below src").display().to_string().replace('\\', "/");
            let room = inside.split('/').next().unwrap_or_default();
            for line in std::fs::read_to_string(&path).expect("a source file").lines() {
                found(room, &inside, line);
            }
        }
    }
}
