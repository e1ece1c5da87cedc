//! One source for what is said of `rap`: the page of the repository, the definitions of editors,
//! and the page that the program prints.
//!
//! Here the definitions are held against the reference by names. Luau's own type checker holds them
//! against every script that ships, and against faults that it is to find: `.ci/types`.

use rapporteur::scripts::reference;

use crate::support::{folder, rapporteur, root};

/// The tables of `docs/scripts.md` are made, not written.
#[test]
fn the_page_of_scripts_is_not_stale() {
    let path = root().join("docs/scripts.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let (fresh, unknown) = reference::refreshed(&page);
    assert_eq!(
        unknown,
        Vec::<String>::new(),
        "docs/scripts.md marks tables that the reference does not have"
    );
    if std::env::var_os("RENEW").is_some() {
        std::fs::write(&path, fresh).expect("written");
        return;
    }
    assert!(
        fresh == page,
        "docs/scripts.md is stale: renew its tables with  RENEW=1 cargo test --test it reference"
    );
    let tables = page.matches("<!-- made: ").count();
    assert!(tables > 15, "only {tables} tables are marked: is the page still made?");
}

/// What the page links to is there.
#[test]
fn links_of_the_page_lead_somewhere() {
    let page = std::fs::read_to_string(root().join("docs/scripts.md")).expect("the page");
    let anchors: Vec<String> = page
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| line.trim_start_matches(['#', ' ']).to_lowercase().replace(' ', "-"))
        .collect();
    for (_, rest) in page.match_indices("](#").map(|(at, _)| page.split_at(at + 3)) {
        let anchor = rest.split(')').next().expect("a closed link");
        assert!(anchors.iter().any(|known| known == anchor), "nothing is called #{anchor}");
    }
}

/// Scripts that ship are examples: the editor checks them as strictly as it checks an analyst's.
#[test]
fn no_script_that_ships_asks_the_editor_to_look_away() {
    let mut seen = 0;
    for place in ["scripts", "basics", "templates", "examples"] {
        for entry in scripts_below(&root().join(place)) {
            let text = std::fs::read_to_string(&entry).expect("a script");
            let quiet = text.lines().find(|line| line.starts_with("--!"));
            assert_eq!(quiet, None, "{}", entry.display());
            seen += 1;
        }
    }
    assert!(seen > 40, "only {seen} scripts");
}

/// Records in the definitions have what functions reach from them: neighbours, and last year's.
#[test]
fn definitions_of_records_have_neighbours_and_last_year() {
    let folder = folder();
    rapporteur(folder.path(), &["types"]);
    let types = std::fs::read_to_string(folder.path().join("types/rap.d.luau")).expect("written");
    let (_, episode) = types.split_once("declare extern type Episode with").expect("a type");
    let (episode, _) = episode.split_once("end\n").expect("its end");
    for field in ["before: Episode", "last: Episode", "child: Child", "last_year_child: Child"] {
        assert!(episode.contains(&format!("\n  {field}\n")), "{field} of {episode}");
    }
    assert!(episode.contains("\n  last_year_episodes: { Episode }\n"), "{episode}");
}

/// Everything has a sentence, and a type that the definitions know.
#[test]
fn every_name_has_a_word_and_a_type() {
    let definitions = reference::definitions();
    for kind in reference::kinds() {
        assert!(
            definitions.contains(&format!("type {} ", kind.name)),
            "{} is not defined",
            kind.name
        );
        for field in kind.fields() {
            assert!(
                !field.says.is_empty() && !field.luau.is_empty(),
                "{}.{}",
                kind.name,
                field.name
            );
            for word in field
                .luau
                .split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|w| w.starts_with(char::is_uppercase))
            {
                assert!(
                    definitions.contains(&format!("type {word} ")),
                    "{}.{}: no type {word}",
                    kind.name,
                    field.name
                );
            }
        }
    }
    for call in reference::calls() {
        assert!(
            definitions.contains(&format!("\n  {}: {},\n", call.name, call.luau)),
            "rap.{}",
            call.name
        );
    }
    let open = |c| definitions.matches(c).count();
    assert_eq!((open('{'), open('(')), (open('}'), open(')')), "brackets of the definitions");
}

/// `rapporteur types`: in an empty folder, and in one with settings of its own.
#[test]
fn types_writes_what_an_editor_needs() {
    let folder = folder();
    let run = rapporteur(folder.path(), &["types"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("written");
    assert!(read("types/rap.d.luau").contains("declare rap: {"), "{}", read("types/rap.d.luau"));
    let settings: serde_json::Value =
        serde_json::from_str(&read(".vscode/settings.json")).expect("JSON");
    assert_eq!(settings["luau-lsp.types.definitionFiles"]["@rap"], "types/rap.d.luau");
    assert_eq!(settings["luau-lsp.platform.type"], "standard");
    assert!(read(".vscode/extensions.json").contains("JohnnyMorganz.luau-lsp"));
    // Without these two the editor finds next to nothing, or finds fault with good scripts.
    assert_eq!(settings["luau-lsp.fflags.enableNewSolver"], true);
    assert!(read(".luaurc").contains("\"strict\""));
    // Again: what may be the council's own stays; the definitions are renewed.
    let own = "{ // ours\n  \"editor.tabSize\": 2\n}\n";
    std::fs::write(folder.path().join(".vscode/settings.json"), own).expect("written");
    std::fs::write(
        folder.path().join("types/rap.d.luau"),
        "-- Written by `rapporteur types`, an older one.\n",
    )
    .expect("written");
    let again = rapporteur(folder.path(), &["types"]);
    assert_eq!((again.code, read(".vscode/settings.json").as_str()), (Some(0), own));
    assert!(
        again.out.contains("Add to it") && again.out.contains("\"luau-lsp.platform.type\""),
        "{}",
        again.shown()
    );
    // Of lines that are there already, in whatever order, only the others are asked for.
    let some =
        "{ // ours\n  \"luau-lsp.types.definitionFiles\": { \"@rap\": \"types/rap.d.luau\" },\n}\n";
    std::fs::write(folder.path().join(".vscode/settings.json"), some).expect("written");
    std::fs::write(folder.path().join(".luaurc"), "{}").expect("written");
    let again = rapporteur(folder.path(), &["types"]);
    assert!(again.out.contains("\"languageMode\": \"strict\""), "{}", again.shown());
    assert!(
        again.out.contains("enableNewSolver") && !again.out.contains("definitionFiles"),
        "{}",
        again.shown()
    );
    assert!(read("types/rap.d.luau").contains("declare rap: {"));
    let json = rapporteur(folder.path(), &["types", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(json["written"], serde_json::json!(["types/rap.d.luau"]));
    // The records of the project's own lists have types.
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    let list = "rap.list \"jobs\" { record = \"job\", key = \"HOME\", columns = { { \"HOME\", \
                \"id\" }, { \"DONE\", \"date\" } } }\n\
                rap.list \"rows\" { record = \"row\", key = \"HOME\", columns = { { \"HOME\", \
                \"id\" }, { \"Two words\", \"text\" } } }";
    std::fs::write(folder.path().join("scripts/jobs.luau"), list).expect("written");
    std::fs::write(folder.path().join("rapporteur.toml"), "shipped_scripts = false\n")
        .expect("written");
    rapporteur(folder.path(), &["types"]);
    let definitions = read("types/rap.d.luau");
    let job = "declare extern type Job with\n  HOME: string\n  DONE: Day\n  jobs: { Job }\n  \
               last_year_jobs: { Job }\n";
    assert!(definitions.contains(job) && !definitions.contains("Two words"), "{definitions}");
    let nowhere = rapporteur(folder.path(), &["types", "-o", "nowhere"]);
    assert_eq!(nowhere.code, Some(2), "{}", nowhere.shown());
}

/// What makes an editor find slips: nothing can stand in a field that there is not.
#[test]
fn definitions_refuse_fields_that_there_are_not() {
    let definitions = reference::definitions();
    for kind in reference::kinds().filter(|kind| kind.written && kind.unnamed == 0) {
        let after =
            definitions.split_once(&format!("export type {} = {{", kind.name)).expect("a table").1;
        let table = after.split_once("\n}").expect("an end").0;
        assert!(table.ends_with("\n  [string]: NoSuchField,"), "{}: {table}", kind.name);
    }
    // A function is told what it is handed only where nothing else can stand in its place.
    for whole in [
        "sheets: (report: Report, options: any) -> { Sheet },",
        "(draft: (figure: Figure) -> string?) -> ()",
    ] {
        assert!(definitions.contains(whole), "{whole}");
    }
}

/// The definitions have their own word on `table`: the same functions as scripts have.
#[test]
fn definitions_have_every_function_of_tables() {
    let definitions = reference::definitions();
    let table = definitions
        .split_once("declare table: {\n")
        .expect("tables")
        .1
        .split_once("\n}")
        .expect("an end")
        .0;
    let known: Vec<String> = table
        .lines()
        .map(|line| format!("{} = true", line.trim().split(':').next().expect("a name")))
        .collect();
    let folder = folder();
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    let script = format!(
        "local known = {{ {} }}\nfor name in table do assert(known[name], \
         `not known: {{name}}`) end\n\
         for name in known do assert(table[name], `not there: {{name}}`) end\n",
        known.join(", ")
    );
    std::fs::write(folder.path().join("scripts/tables.luau"), script).expect("written");
    std::fs::write(folder.path().join("rapporteur.toml"), "").expect("written");
    let run = rapporteur(folder.path(), &["list"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
}

/// Scripts that ship, and those that a project begins with, say of what type a thing is: the types
/// are there.
#[test]
fn types_that_scripts_name_are_defined() {
    let folder = folder();
    let mut named = 0;
    for starter in ["complaints", "housing-repairs", "children-in-care", "annex-a"] {
        let run = rapporteur(folder.path(), &["new", starter, "--from", starter]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        let project = folder.path().join(starter);
        let definitions =
            std::fs::read_to_string(project.join("types/rap.d.luau")).expect("written");
        let mut folders = vec![project.join("scripts"), project.join("templates")];
        if starter == "children-in-care" {
            folders = ["scripts/children_in_care", "templates", "templates/shared"]
                .map(|f| root().join(f))
                .to_vec();
        }
        for path in folders
            .iter()
            .flat_map(|f| std::fs::read_dir(f).expect("a folder"))
            .map(|e| e.expect("one").path())
        {
            let text = if path.is_file() {
                std::fs::read_to_string(&path).expect("a script")
            } else {
                String::new()
            };
            let functions = text.lines().filter(|line| line.contains("function"));
            for name in functions
                .flat_map(|line| line.split(": ").skip(1))
                .map(|rest| rest.trim_start_matches("{ "))
            {
                let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
                if name.starts_with(char::is_uppercase) {
                    named += 1;
                    assert!(
                        definitions.contains(&format!(" type {name} "))
                            || text.contains(&format!("\ntype {name} = ")),
                        "{}: no type {name}",
                        path.display()
                    );
                }
            }
        }
    }
    assert!(named > 8, "only {named} types are named: is the test still reading the scripts?");
}

/// `rapporteur docs --reference`: the same as Markdown and as a page.
#[test]
fn the_reference_can_be_printed() {
    let folder = folder();
    let run = rapporteur(folder.path(), &["docs", "--reference"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    for kind in reference::kinds() {
        for name in kind.names() {
            assert!(
                run.out.contains(&format!("`{name}`")) || run.out.contains(&format!(":{name}(")),
                "{name} is missing"
            );
        }
    }
    let run = rapporteur(folder.path(), &["docs", "--reference", "-o", "reference.html"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let page = std::fs::read_to_string(folder.path().join("reference.html")).expect("written");
    assert!(
        page.contains("<code>one_per_key</code>") && !page.contains("**"),
        "the page has marks of Markdown"
    );
    let run = rapporteur(folder.path(), &["docs", "-o", "indicators.pdf"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
}

fn scripts_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let below = folders.iter().flat_map(|folder| scripts_below(folder));
    let own = files.into_iter().filter(|path| path.extension().is_some_and(|e| e == "luau"));
    own.chain(below).collect()
}
