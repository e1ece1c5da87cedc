//! `new`: what it makes works at once, and it never overwrites anything.

use std::path::Path;

use crate::support::{example, folder, rapporteur, root, snapshots};

/// The starters, their made-up returns, and what their first appendix says.
const STARTERS: [(&str, &str, &str); 4] = [
    ("complaints", "q2.xlsx", "4 figures for 2026/27 Q2; no problems"),
    ("children-in-care", "q2.xlsx", "figures for 2026/27 Q1/Q2; no problems"),
    ("housing-repairs", "q2.xlsx", "figures for 2026/27 Q2;"),
    ("annex-a", "return", "71 figures for 2025/26;"),
];

/// Every file below a folder, by its path.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_path_buf()];
    while let Some(next) = left.pop() {
        for path in std::fs::read_dir(next).expect("a folder").map(|e| e.expect("an entry").path())
        {
            if path.is_dir() {
                left.push(path);
            } else {
                found.push(
                    path.strip_prefix(folder)
                        .expect("below")
                        .display()
                        .to_string()
                        .replace('\\', "/"),
                );
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_new_project_builds_at_once() {
    for (starter, received, said) in STARTERS {
        let place = folder();
        let made = rapporteur(place.path(), &["new", "my project", "--from", starter]);
        assert_eq!(made.code, Some(0), "{}", made.shown());
        snapshots().bind(|| {
            insta::assert_snapshot!(format!("new_{}", starter.replace('-', "_")), made.shown())
        });
        let inside = place.path().join("my project");
        let run = rapporteur(&inside, &["build", received, "--strict"]);
        assert!(run.code == Some(0) && run.out.contains(said), "{}", run.shown());
        let stem = received.trim_end_matches(".xlsx");
        assert!(inside.join(format!("{stem}-appendix.xlsx")).is_file());
        let tested = rapporteur(&inside, &["test", "--check"]);
        assert_eq!(tested.code, Some(0), "{}", tested.shown());
    }
}

/// The folders of `examples/` are what `new` writes: no file of theirs is forgotten.
#[test]
fn a_new_project_is_the_example() {
    for (starter, ..) in STARTERS {
        let place = folder();
        assert_eq!(rapporteur(place.path(), &["new", ".", "--from", starter]).code, Some(0));
        let example = root().join("examples").join(starter);
        let mut wanted = files(&example);
        // Made by running the example in its folder; and the return as CSV files, which the guide
        // shows.
        wanted.retain(|file| !file.contains("-appendix") && !file.starts_with("q2/"));
        for file in wanted {
            let same = std::fs::read(place.path().join(&file)).ok()
                == std::fs::read(example.join(&file)).ok();
            assert!(same, "{starter}: {file}");
        }
    }
}

#[test]
fn nothing_is_overwritten() {
    let place = folder();
    let work = place.path().join("work");
    std::fs::create_dir(&work).expect("made");
    std::fs::write(work.join("notes.txt"), "mine").expect("written");
    let run = rapporteur(place.path(), &["new", "work"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(
        run.err.contains("the folder is not empty: there is `notes.txt` in it"),
        "{}",
        run.shown()
    );
    assert_eq!(files(&work), ["notes.txt"]);
    // What systems and editors leave behind is no work, but is not overwritten either.
    std::fs::rename(work.join("notes.txt"), work.join(".gitignore")).expect("renamed");
    let run = rapporteur(place.path(), &["new", "work"]);
    assert!(
        run.code == Some(2) && run.err.contains("the file is there already"),
        "{}",
        run.shown()
    );
    assert_eq!(files(&work), [".gitignore"]);
    let run = rapporteur(place.path(), &["new", "work/.gitignore"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
}

#[test]
fn an_indicator_is_valid_from_the_start() {
    for (starter, code) in [
        ("complaints", "late_n"),
        ("complaints", "late_pct"),
        ("children-in-care", "kin_pct"),
        ("children-in-care", "kin_n"),
        ("housing-repairs", "gas_pct"),
        ("housing-repairs", "zinc_n"),
    ] {
        let place = folder();
        rapporteur(place.path(), &["new", "p", "--from", starter]);
        let inside = place.path().join("p");
        let made = rapporteur(&inside, &["new", "indicator", code, "--title", "A \"new\" one"]);
        assert_eq!(made.code, Some(0), "{}", made.shown());
        let list = rapporteur(&inside, &["list"]);
        assert!(list.code == Some(0) && list.out.contains("A \"new\" one"), "{}", list.shown());
        let run = rapporteur(&inside, &["build", "q2.xlsx", "--strict"]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        let tested = rapporteur(&inside, &["test", code]);
        assert!(
            tested.code == Some(0) && tested.out.contains("1 case: 1 ok"),
            "{}",
            tested.shown()
        );
        let told = rapporteur(&inside, &["explain", code, "q2.xlsx"]);
        assert!(told.out.contains("calculated from the return's lists"), "{}", told.shown());
        // Once more: it is there already.
        let again = rapporteur(&inside, &["new", "indicator", code]);
        assert_eq!(again.code, Some(2), "{}", again.shown());
        assert!(
            again.err.contains(&format!(
                "there is an indicator `{code}` already: scripts/{code}.luau:2"
            )),
            "{}",
            again.err
        );
    }
}

#[test]
fn what_a_script_says_first() {
    let place = folder();
    rapporteur(place.path(), &["new", "p"]);
    let made = rapporteur(&place.path().join("p"), &["new", "indicator", "answered_late_pct"]);
    let read =
        |name: &str| std::fs::read_to_string(place.path().join("p").join(name)).expect("a file");
    let shown = format!(
        "{}\n--- script\n{}\n--- test\n{}",
        made.shown(),
        read("scripts/answered_late_pct.luau"),
        read("tests/answered_late_pct.toml")
    );
    snapshots().bind(|| insta::assert_snapshot!("new_indicator", shown));
}

#[test]
fn a_layout_of_ones_own() {
    let place = folder();
    rapporteur(place.path(), &["new", "p", "--from", "children-in-care"]);
    let inside = place.path().join("p");
    let made = rapporteur(&inside, &["new", "layout", "panel"]);
    snapshots().bind(|| insta::assert_snapshot!("new_layout", made.shown()));
    let run = rapporteur(&inside, &["build", "q2.xlsx", "--template", "panel", "--strict"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let again = rapporteur(&inside, &["new", "layout", "board"]);
    assert!(
        again.err.contains("there is a layout `board` already: templates/board.luau"),
        "{}",
        again.shown()
    );
}

/// A program reads what was written; an editor's own settings stay as they are.
#[test]
fn what_was_written_is_told_to_programs_too() {
    let place = folder();
    std::fs::create_dir_all(place.path().join("p/.vscode")).expect("made");
    std::fs::write(place.path().join("p/.vscode/settings.json"), "{}").expect("written");
    let run = rapporteur(place.path(), &["new", "p", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (told["exit_code"].as_u64(), told["problems"].as_array().map(Vec::len)),
        (Some(0), Some(0))
    );
    let written: Vec<&str> =
        told["written"].as_array().expect("files").iter().filter_map(|w| w.as_str()).collect();
    assert!(
        written.contains(&"p/types/rap.d.luau") && written.contains(&"p/.gitignore"),
        "{written:?}"
    );
    assert!(!written.contains(&"p/.vscode/settings.json"), "{written:?}");
    assert_eq!(
        std::fs::read_to_string(place.path().join("p/.vscode/settings.json")).expect("settings"),
        "{}"
    );
    // A project without anything to count: what is begun is typed, and valid all the same.
    std::fs::create_dir_all(place.path().join("bare/scripts")).expect("made");
    std::fs::write(place.path().join("bare/rapporteur.toml"), "shipped_scripts = false")
        .expect("written");
    assert_eq!(
        rapporteur(&place.path().join("bare"), &["new", "indicator", "spend_pct"]).code,
        Some(0)
    );
    let list = rapporteur(&place.path().join("bare"), &["list"]);
    assert!(
        list.code == Some(0) && list.out.contains("spend_pct  Spend (percentage)"),
        "{}",
        list.shown()
    );
}

#[test]
fn refusals_say_what_to_do() {
    let place = folder();
    let refused = |arguments: &[&str]| {
        let run = rapporteur(place.path(), arguments);
        assert_eq!(run.code, Some(2), "{}", run.shown());
        run.err
    };
    let outside = refused(&["new", "indicator", "kin_pct"]);
    assert!(
        outside.contains("this folder is no project") && outside.contains("rapporteur new NAME"),
        "{outside}"
    );
    rapporteur(place.path(), &["new", "p"]);
    let odd = refused(&["new", "indicator", "Kin %", "--project", "p"]);
    assert!(
        odd.contains("`Kin %` cannot be the name of an indicator") && odd.contains("such as kin"),
        "{odd}"
    );
    let cased = refused(&["new", "indicator", "On_Time_Pct", "--project", "p"]);
    assert!(cased.contains("there is an indicator `on_time_pct` already"), "{cased}");
    let nameless = refused(&["new", ""]);
    assert!(nameless.contains("PROJECT") || nameless.contains("needs a name"), "{nameless}");
    let none = refused(&["new"]);
    assert!(none.contains("PROJECT"), "{none}");
    assert_eq!(files(place.path()).iter().filter(|f| !f.starts_with("p/")).count(), 0);
    assert_eq!(files(&place.path().join("p")).iter().filter(|f| f.contains("kin")).count(), 0);
}

/// What ships can be taken and changed: each indicator and layout as a script that runs as it
/// stands, and says the same until somebody changes it.
#[test]
fn a_copy_of_what_ships_runs_as_it_stands() {
    let folder = example();
    let root = folder.path();
    std::fs::write(root.join("rapporteur.toml"), "").expect("written");
    let figures = |name: &str| {
        let run = rapporteur(root, &["build", "q2.xlsx", "-o", "a.xlsx", "--figures", name]);
        assert!(!run.err.contains("error: "), "{}", run.err);
        std::fs::read_to_string(root.join(name)).expect("figures")
    };
    let before = figures("before.csv");
    for (kind, name, shared) in [
        ("indicator", "pl3_pct", ""),
        ("indicator", "cl_eet_pct", ""),
        ("layout", "board", ""),
        ("layout", "annual", "templates/shared/blocks.luau"),
        ("layout", "targets", "templates/shared/blocks.luau"),
    ] {
        let run = rapporteur(root, &["new", kind, name, "--copy"]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        assert!(shared.is_empty() || root.join(shared).is_file(), "{}", run.shown());
        let again = rapporteur(root, &["new", kind, name, "--copy"]);
        assert_eq!(again.code, Some(2), "{}", again.shown());
        assert!(again.err.contains("own already"), "{}", again.err);
    }
    assert_eq!(figures("after.csv"), before);
    let list = rapporteur(root, &["list"]);
    assert!(!list.err.contains("error: ") && !list.err.contains("warning: "), "{}", list.err);
    let unknown = rapporteur(root, &["new", "indicator", "pl3_pc", "--copy"]);
    assert!(unknown.err.contains("did you mean `pl3_pct`?"), "{}", unknown.err);
}
