//! Cases as folders of text under `tests/cases/`: a return as CSV files, a script or two, and
//! `run.toml` with the command line. What a person sees is kept as a snapshot.

use std::path::Path;

use serde::Deserialize;

use crate::support::{folder, rapporteur, root, snapshots};

#[derive(Deserialize)]
struct Case {
    /// What the case is about.
    about: String,
    /// The command line, without the program.
    run: Vec<String>,
    /// Files that are written, to be shown too.
    #[serde(default)]
    show: Vec<String>,
}

#[test]
fn cases() {
    let cases = root().join("tests/cases");
    let mut names: Vec<_> =
        std::fs::read_dir(&cases).expect("cases").map(|e| e.expect("a case").file_name()).collect();
    names.sort();
    assert!(names.len() >= 8, "cases have gone missing");
    for name in names {
        let case = cases.join(&name);
        let text = std::fs::read_to_string(case.join("run.toml")).expect("run.toml");
        let described: Case = toml::from_str(&text).expect("a described case");
        let place = folder();
        copy(&case, place.path());
        let arguments: Vec<&str> = described.run.iter().map(String::as_str).collect();
        let run = rapporteur(place.path(), &arguments);
        let mut shown =
            format!("{}\n$ rapporteur {}\n{}", described.about, arguments.join(" "), run.shown());
        for file in &described.show {
            let cells = rapporteur(place.path(), &["show", file, "--cells"]);
            let table = std::fs::read_to_string(place.path().join(file)).unwrap_or(cells.out);
            shown.push_str(&format!("\n--- {file}\n{}", table.trim_end()));
        }
        snapshots()
            .bind(|| insta::assert_snapshot!(format!("case_{}", name.to_string_lossy()), shown));
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder").map(|e| e.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).expect("made");
            copy(&entry.path(), &target);
        } else if entry.file_name() != "run.toml" {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}
