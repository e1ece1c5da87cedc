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

/// One test a case, so that the first that differs hides none of the others.
macro_rules! cases {
    ($($name:ident)*) => {
        /// The cases that are tested.
        const NAMED: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                case(stringify!($name));
            }
        )*
    };
}

cases! {
    another_return
    breakdown_of_linked
    breakdowns
    colours_that_cannot_be_read
    columns_of_nothing
    commentary_check
    commentary_drafts
    commentary_on_half
    commentary_without_a_place
    counted_nobody
    disclosure
    disclosure_refused
    earlier_by_another_measure
    edges_of_conditions
    edges_of_time
    faults_by_cell
    growth_since_april
    headings_in_two_rows
    history_of_other_times
    list_under_titles
    lists_alike
    missing_columns
    months
    nothing_typed_is_lost
    printed_before
    project_list
    published_alone
    published_and_counted
    published_faults
    published_optional
    published_other_council
    published_own_group
    published_unknown_council
    services
    shared_files
    small_numbers_typed
    status_policies
    strict
    targets
    two_breakdowns
    typed_by_hand
    typed_figures
    years_in_headings
    zeros_are_shown
}

#[test]
fn every_folder_of_cases_is_tested() {
    let folders = std::fs::read_dir(root().join("tests/cases")).expect("cases");
    let names = folders.map(|folder| folder.expect("a case").file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, NAMED, "name each folder, in the order of letters, in `cases!` above");
}

fn case(name: &str) {
    let case = root().join("tests/cases").join(name);
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
    snapshots().bind(|| insta::assert_snapshot!(format!("case_{name}"), shown));
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
