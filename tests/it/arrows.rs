//! The shape of the house: which wing may use which, no circle of rooms, one library in one room,
//! and what only one room may do. ARCHITECTURE.md lists the wings in the same order.

mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::support::root;

/// The wings, and the wings that each may use besides itself. A wing may use only those above it
/// here, so the table itself has no circle.
const WINGS: [(&str, &[&str]); 11] = [
    ("nouns", &[]),
    ("definitions", &["nouns"]),
    ("intake", &["nouns", "definitions"]),
    ("figures", &["nouns", "definitions", "intake"]),
    ("scripts", &["nouns", "definitions", "intake", "figures"]),
    ("papers", &["nouns", "definitions", "intake", "figures"]),
    ("workbook_diff", &["nouns"]),
    ("pipeline", &["nouns", "definitions", "intake", "figures", "scripts", "papers"]),
    (
        "desk",
        &[
            "nouns",
            "definitions",
            "intake",
            "figures",
            "scripts",
            "papers",
            "workbook_diff",
            "pipeline",
        ],
    ),
    ("door", &["nouns", "intake"]),
    (
        "cli",
        &[
            "nouns",
            "definitions",
            "intake",
            "figures",
            "scripts",
            "papers",
            "workbook_diff",
            "pipeline",
            "desk",
            "door",
        ],
    ),
];

/// The libraries, and the rooms (or whole wings) that may name them.
const LIBRARIES: &[(&str, &[&str])] = &[
    (
        "maud",
        &[
            "nouns/page",
            "door/page",
            "desk",
            "workbook_diff",
            "scripts/reference",
            "papers/write",
            "cli",
        ],
    ),
    ("toml_edit", &["desk/map"]),
    ("mlua", &["scripts/engine"]),
    ("rust_xlsxwriter", &["papers/write"]),
    ("csv", &["intake/read", "papers/write"]),
    ("similar", &["workbook_diff/compare"]),
    ("toml", &["intake/packs", "intake/project", "desk/cases"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("textwrap", &["cli"]),
    ("terminal_size", &["cli"]),
    ("clap", &["cli", "main"]),
    ("indicatif", &["cli"]),
    ("semver", &["intake/packs"]),
    ("zip", &["intake/packs", "intake/read", "papers/write", "workbook_diff/describe"]),
    ("quick_xml", &["intake/read", "workbook_diff/describe", "papers/write"]),
    ("encoding_rs", &["intake/read"]),
    ("cfb", &["intake/read"]),
    ("unicode_linebreak", &["papers/layout"]),
    ("include_dir", &["intake/packs"]),
    ("strsim", &["nouns/words"]),
    ("rlimit", &["main"]),
    ("tree_sitter", &["scripts/slips"]),
    ("tree_sitter_luau", &["scripts/slips"]),
    ("hyper", &["door"]),
    ("hyper_util", &["door"]),
    ("http_body_util", &["door"]),
    ("tokio", &["door"]),
    ("tokio_io_timeout", &["door"]),
    ("getrandom", &["door"]),
    ("base64", &["door", "papers/write"]),
    ("flate2", &["door", "intake/read"]),
    ("sha2", &["nouns/fingerprint"]),
];

/// A file of the program: its path below `src`, its room, and its code without comments and unit
/// tests.
struct Source {
    path: String,
    room: String,
    code: String,
}

impl Source {
    fn wing(&self) -> &str {
        self.room.split('/').next().unwrap_or_default()
    }
}

#[test]
fn each_wing_uses_only_those_it_may() {
    let sources = sources();
    let mut arrows = 0;
    for source in &sources {
        let Some((_, may)) = WINGS.iter().find(|(wing, _)| *wing == source.wing()) else {
            assert!(matches!(source.wing(), "main" | "lib"), "{}: no wing", source.path);
            continue;
        };
        for used in used_rooms(source) {
            let wing = used.split('/').next().unwrap_or_default();
            arrows += 1;
            assert!(
                wing == source.wing() || may.contains(&wing),
                "{} uses {used}, but {} may use only {may:?}",
                source.path,
                source.wing()
            );
        }
    }
    assert!(arrows > 300, "only {arrows} arrows: is the test still looking at the code?");
    let order: Vec<&str> = WINGS.iter().map(|(wing, _)| *wing).collect();
    for (at, (wing, may)) in WINGS.iter().enumerate() {
        assert!(may.iter().all(|used| order[..at].contains(used)), "{wing} uses a wing below it");
    }
}

#[test]
fn no_circle_goes_through_rooms() {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        let rooms = uses.entry(source.room.clone()).or_default();
        rooms.extend(used_rooms(&source).into_iter().filter(|room| *room != source.room));
    }
    // Rooms that use no room that is left are taken away; what stays is in a circle, or uses one.
    loop {
        let left: BTreeSet<String> = uses.keys().cloned().collect();
        let before = uses.len();
        uses.retain(|_, used| used.iter().any(|room| left.contains(room)));
        if uses.len() == before {
            break;
        }
    }
    assert!(uses.is_empty(), "rooms in a circle, and what each uses: {uses:#?}");
}

#[test]
fn each_library_stays_in_its_room() {
    let mut named = 0;
    for source in sources() {
        for &(library, rooms) in LIBRARIES {
            let uses = names(&source.code, &format!("{library}::"));
            named += usize::from(uses);
            assert!(
                !uses || rooms.contains(&source.room.as_str()) || rooms.contains(&source.wing()),
                "{} names {library}, which lives in {rooms:?}",
                source.path
            );
        }
    }
    assert!(
        named > 20,
        "only {named} files name a library: is the test still looking at the code?"
    );
}

#[test]
fn only_suppress_makes_what_is_shown() {
    let mut makers = Vec::new();
    for source in sources() {
        let makes = ["Shown {", "ShownFigures {"].iter().any(|text| {
            let declares = |line: &&str| line.contains("struct ") || line.contains("impl ");
            source.code.lines().filter(|line| !declares(line)).any(|line| {
                names(line, text)
                    && !line.contains("let ")
                    && !line.trim_start().starts_with("fn ")
                    && !line.contains("->")
            })
        });
        if makes {
            makers.push(source.room);
        }
    }
    makers.dedup();
    assert_eq!(makers, ["figures/suppress"]);
}

#[test]
fn papers_and_commentary_never_name_a_figure_that_was_not_through_disclosure_control() {
    let mut looked_at = 0;
    for source in sources() {
        if source.wing() != "papers" && source.room != "figures/commentary" {
            continue;
        }
        looked_at += 1;
        for statement in source.code.split(';').filter(|s| s.contains("use ")) {
            let figure = statement.contains("nouns::figure::") && names_alone(statement, "Figure");
            let all = statement.contains("figures::all") || statement.contains("figures::work_out");
            assert!(!figure && !all, "{} sees figures before disclosure control", source.path);
        }
        for path in ["nouns::figure::Figure ", "nouns::figure::Figure,", "nouns::figure::Figure>"] {
            assert!(!source.code.contains(path), "{} names a Figure", source.path);
        }
    }
    assert!(looked_at > 30, "only {looked_at} files");
}

/// Officers meet these in a page, where there is no command line.
#[test]
fn a_hint_that_names_a_command_or_an_option_has_another_for_a_page() {
    // What an analyst alone meets: packs, and files for those who add councils up.
    const ELSEWHERE: [&str; 2] = ["intake/packs", "intake/exchange"];
    let mut seen = 0;
    for source in sources() {
        let met = matches!(source.wing(), "intake" | "figures" | "pipeline");
        if !met || ELSEWHERE.contains(&source.room.as_str()) {
            continue;
        }
        let hints = source.code.split(";\n").filter(|code| code.contains(".hint("));
        let commands = hints
            .filter(|code| ["`rapporteur ", "`--", " --"].iter().any(|word| code.contains(word)));
        for hint in commands {
            // Faults of scripts and settings have one for all.
            let of_settings =
                hint.contains("Problem::usage(&") || hint.contains("Problem::script(");
            seen += 1;
            assert!(of_settings || hint.contains(".hint_in_page("), "{}: {hint}", source.path);
        }
    }
    assert!(seen > 5, "only {seen} hints: is the test still looking at the code?");
}

/// `.ci/faults` plants them there: where the code moved, the line of the fault moves along.
#[test]
fn planted_faults_stand_once_in_their_files() {
    let listed = std::fs::read_to_string(root().join("tests/faults.txt")).expect("the faults");
    let faults = listed.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut astray = Vec::new();
    for (at, fault) in faults.enumerate() {
        let mut fields = fault.splitn(3, " | ").skip(1);
        let (file, change) = (fields.next().expect("a file"), fields.next().expect("a change"));
        let (was, _) = change.split_once(" ⇒ ").expect("what is planted");
        let was = was.replace(['⟦', '⟧'], "");
        let code = std::fs::read_to_string(root().join("src").join(file)).unwrap_or_default();
        match code.matches(&was).count() {
            1 => {}
            times => astray.push(format!("{}: {file} has `{was}` {times} times", at + 1)),
        }
    }
    assert!(astray.is_empty(), "tests/faults.txt: {astray:#?}");
}

/// Whether `text` stands in the code with nothing before it that would make it another name.
fn names(code: &str, text: &str) -> bool {
    code.match_indices(text).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

/// Whether a name stands alone among the names of a `use`.
fn names_alone(statement: &str, name: &str) -> bool {
    statement.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

/// The rooms of other files that a file names by their path from the crate's root.
fn used_rooms(source: &Source) -> BTreeSet<String> {
    let known: BTreeSet<&str> = WINGS.iter().map(|(wing, _)| *wing).collect();
    let mut rooms = BTreeSet::new();
    for (at, _) in source.code.match_indices("crate::") {
        let path = &source.code[at + "crate::".len()..];
        if let Some(inside) = path.strip_prefix('{') {
            panic!("{}: `use crate::{{{}`: name one wing a line", source.path, &inside[..20]);
        }
        let mut steps = path.split("::").map(|step| {
            step.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
        });
        let wing = steps.next().unwrap_or_default();
        let next = steps.next().unwrap_or_default();
        if known.contains(wing) {
            rooms.insert(room_of(wing, next));
        }
    }
    rooms
}

/// The room of a path: wing and file or folder, where the wing has such; of a wing without rooms,
/// the wing.
fn room_of(wing: &str, next: &str) -> String {
    let below = root().join("src").join(wing);
    let there = below.join(next).is_dir() || below.join(format!("{next}.rs")).is_file();
    // What scripts declare is one room, whatever its files are called; so is the command line.
    match there && !matches!(wing, "definitions" | "cli") {
        true => format!("{wing}/{next}"),
        false => wing.to_string(),
    }
}

fn sources() -> Vec<Source> {
    let top = root().join("src");
    let mut paths = Vec::new();
    walk(&top, &mut paths);
    paths.sort();
    let mut sources = Vec::new();
    for path in paths {
        let inside = path.strip_prefix(&top).expect("below src").display().to_string();
        let inside = inside.replace('\\', "/");
        let mut steps = inside.trim_end_matches(".rs").split('/');
        let wing = steps.next().unwrap_or_default();
        let room = room_of(wing, steps.next().unwrap_or_default());
        let text = std::fs::read_to_string(&path).expect("a source file");
        // Unit tests may look everywhere: they stand in files called tests.rs or folders called
        // tests, or at a file's end.
        if inside.ends_with("/tests.rs") || inside.contains("/tests/") {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let code: Vec<&str> =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        sources.push(Source { path: inside, room, code: code.join("\n") });
    }
    assert!(sources.len() > 150, "only {} files", sources.len());
    sources
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => walk(&path, found),
            false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
            false => {}
        }
    }
}
