//! What README and docs say of the program: links lead somewhere, commands and options are there,
//! and what stands below a command is what the program prints. The guides are followed to the
//! letter by `guides`; the pages here are looked up, so each output stands by itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::guides::{Part, compare, file_below, parts, run, words};
use crate::support::{example, folder, rapporteur, root};

/// Every page that a reader is led to.
fn pages() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for place in [".", "docs", "python"] {
        found.extend(markdown_in(&root().join(place)));
    }
    for example in std::fs::read_dir(root().join("examples")).expect("the examples").flatten() {
        found.extend(markdown_in(&example.path()));
    }
    found.sort();
    assert!(found.len() > 30, "only {} pages were found", found.len());
    found
}

fn markdown_in(place: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths.filter(|path| path.extension().is_some_and(|kind| kind == "md")).collect()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A heading as GitHub names its anchor.
fn anchor(heading: &str) -> String {
    let plain = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = plain.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Where the links of a page lead, without those to the web.
fn links(page: &str) -> Vec<&str> {
    let ends = page.match_indices("](").map(|(at, _)| &page[at + 2..]);
    let inside = ends.filter_map(|rest| rest.split(')').next());
    inside.filter(|link| !link.starts_with("http") && !link.contains(' ')).collect()
}

fn dead_links(page: &Path, says: &str) -> Vec<String> {
    let mut dead = Vec::new();
    for link in links(says) {
        let (file, part) = link.split_once('#').unwrap_or((link, ""));
        let target = match file {
            "" => page.to_path_buf(),
            _ => page.parent().expect("a folder").join(file),
        };
        let there = target.exists()
            && (part.is_empty()
                || text(&target).lines().any(|l| l.starts_with('#') && anchor(l) == part));
        if !there {
            dead.push(link.to_string());
        }
    }
    dead
}

#[test]
fn links_lead_somewhere() {
    let mut count = 0;
    for page in pages() {
        let says = text(&page);
        count += links(&says).len();
        assert_eq!(dead_links(&page, &says), Vec::<String>::new(), "{}", page.display());
    }
    assert!(count > 150, "only {count} links were found");
    let says = "[a](docs/nowhere.md) [b](README.md#no-such-heading) [c](README.md#privacy)";
    let dead = dead_links(&root().join("README.md"), says);
    assert_eq!(dead, ["docs/nowhere.md", "README.md#no-such-heading"]);
}

/// What stands in backticks.
fn quoted(page: &str) -> impl Iterator<Item = &str> {
    page.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The commands that a page names: lines of blocks, and what stands in backticks. What a block
/// says beside a command stands two spaces behind it.
fn commands(page: &str) -> Vec<String> {
    let in_blocks = page.lines().map(str::trim);
    let in_text = quoted(page);
    let named = in_blocks.chain(in_text).filter(|text| text.starts_with("rapporteur "));
    let named = named.filter(|text| !text.starts_with("rapporteur ="));
    let alone = named.map(|text| text.split("  ").next().expect("there is one"));
    let alone = alone.map(|text| text.split([';', '|', '>']).next().expect("there is one"));
    alone.map(|text| text.trim().to_string()).collect()
}

/// Asked with `--help`, a command does nothing, but says of an option that it does not have.
fn unknown(command: &str) -> bool {
    let mut asked = words(command)[1..].to_vec();
    asked.push("--help".to_string());
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let place = folder();
    std::fs::create_dir(place.path().join("q2")).expect("made"); // `rapporteur q2` takes a folder
    rapporteur(place.path(), &asked).code != Some(0)
}

#[test]
fn commands_and_options_are_there() {
    let mut named: Vec<String> = pages().iter().flat_map(|page| commands(&text(page))).collect();
    named.sort();
    named.dedup();
    assert!(named.len() > 100, "only {} commands were found", named.len());
    let wrong: Vec<&String> = named.iter().filter(|command| unknown(command)).collect();
    assert_eq!(wrong, Vec::<&String>::new());
    assert!(unknown("rapporteur build q2.xlsx --pretty"));
}

/// Every option that the help of any command names.
fn options() -> BTreeSet<String> {
    let words = |text: &str| text.split_whitespace().map(str::to_string).collect::<Vec<_>>();
    let place = folder();
    let help = |asked: &[&str]| rapporteur(place.path(), asked).out;
    let listed = help(&["--help"]);
    let lines = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let commands = lines.filter_map(|line| line.split_whitespace().next());
    let commands = commands.filter(|name| name.chars().all(|c| c.is_ascii_lowercase()));
    let mut all: Vec<String> = commands.flat_map(|name| words(&help(&["help", name]))).collect();
    all.extend(
        ["indicator", "layout"].iter().flat_map(|what| words(&help(&["help", "new", what]))),
    );
    let trimmed = all.iter().map(|word| word.trim_matches([',', '.', ';', ':']).to_string());
    trimmed.filter(|word| word.starts_with("--")).collect()
}

#[test]
fn options_that_stand_alone_are_some_command_s() {
    let known = options();
    assert!(known.len() > 40, "{known:?}");
    for page in pages() {
        for said in quoted(&text(&page)).filter(|said| said.starts_with("--")) {
            let option = said.split([' ', '=']).next().expect("there is one");
            let luau = option.starts_with("--!");
            assert!(luau || known.contains(option), "{}: there is no {option}", page.display());
        }
    }
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

/// The pages on which output stands below its command.
const PAGES: [&str; 5] = ["blank.md", "diff.md", "explain.md", "returns.md", "verify.md"];

/// Saves the files that a page shows below their names, and runs the commands that have their
/// output below them, with those that lead there; gives how many outputs there are.
fn hold(page: &str, place: &Path) -> usize {
    let says = text(&root().join("docs").join(page));
    let mut held = 0;
    let mut above = String::new();
    for (first, part) in parts(&says) {
        let lines = match part {
            Part::Paragraph(text) => {
                above = text;
                continue;
            }
            Part::Block(lines) => lines,
        };
        let starts: Vec<usize> =
            (0..lines.len()).filter(|at| lines[*at].starts_with("rapporteur ")).collect();
        if let (None, Some(file)) = (starts.first(), file_below(&above)) {
            write(&place.join(file), &(lines.join("\n") + "\n"));
        }
        for (index, &at) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(lines.len());
            let (shown, code) = run(place, &lines[at]);
            let output = &lines[at + 1..end];
            if output.iter().all(String::is_empty) {
                continue;
            }
            let line = first + at;
            assert!(code < 2, "{page}:{line}: `{}` ends with {code}:\n{shown}", lines[at]);
            if let Err(wrong) = compare(output, &shown) {
                let wrong = &output[wrong];
                panic!("{page}:{line}: the page says\n{wrong}\nand `{}`:\n{shown}", lines[at]);
            }
            held += 1;
        }
    }
    held
}

/// The return that ships, and what the pages say that lies beside it: a small return of the
/// quarter before, of now, and of now put right.
fn made_up() -> tempfile::TempDir {
    let place = example();
    let here = place.path();
    for (name, period, episodes) in [
        ("then", "2026/27 Q1", THEN.to_string()),
        ("now", "2026/27 Q1/Q2", NOW.to_string()),
        ("mended", "2026/27 Q1/Q2", NOW.replace("U6,PR0", "P1,PR0")),
    ] {
        write(
            &here.join(name).join("cover.csv"),
            &format!("Authority,Exampleton\nPeriod,{period}\n"),
        );
        write(&here.join(name).join("header.csv"), CHILDREN);
        write(&here.join(name).join("episodes.csv"), &format!("{COLUMNS}{episodes}"));
    }
    place
}

const CHILDREN: &str = "\
CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB
T1,M,01/05/2015,WBRI,UN1,,
T2,F,01/06/2014,WBRI,UN1,0,
T3,F,01/06/2013,WBRI,UN1,0,
T4,M,01/06/2012,WBRI,UN1,,
";
const COLUMNS: &str = "\
CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE
T1,01/05/2026,S,C2,N1,U6,PR1,,,
";
const THEN: &str = "T2,03/05/2026,S,C2,N1,K2,PR1,,,\n";
const NOW: &str = "\
T2,03/05/2026,S,C2,N1,K2,PR1,06/07/2026,X1,CHILD
T2,06/07/2026,P,C2,N1,U6,PR1,,,
T3,01/08/2026,S,C2,N1,K2,PR1,,,
T4,03/08/2026,S,C2,N1,U6,PR0,,,
";

/// The settings that the program knows, by what it says of one that it does not.
#[test]
fn the_readme_tells_of_every_setting() {
    let place = folder();
    std::fs::write(place.path().join("rapporteur.toml"), "nonsense = 1\n").expect("written");
    let said = rapporteur(place.path(), &["list"]).err;
    let names = said.split("settings in this place are ").nth(1).expect("the hint names them");
    let names: Vec<&str> = names.split([' ', ',', '\n']).filter(|name| !name.is_empty()).collect();
    assert!(names.contains(&"layout") && names.len() > 15, "{names:?}");
    let readme = text(&root().join("README.md"));
    for name in names.into_iter().filter(|name| *name != "and") {
        let told = ["    NAME ", "    [NAME]", "    [[NAME]]", "`NAME`", "`[NAME]`", "`[NAME."]
            .iter()
            .any(|form| readme.contains(&form.replace("NAME", name)));
        assert!(told, "README.md does not tell of the setting {name}");
    }
}

/// The blocks of a page, each with its line. Those in fences hold no scripts and no settings.
fn blocks(page: &Path) -> Vec<(usize, String)> {
    let says = text(page);
    if says.contains("```") {
        return Vec::new();
    }
    let blocks = parts(&says).into_iter().filter_map(|(line, part)| match part {
        Part::Block(lines) => Some((line, lines.join("\n"))),
        Part::Paragraph(_) => None,
    });
    blocks.collect()
}

/// Whoever copies settings from a page has settings that are understood: `history` below
/// `[neighbours]` is none. Cases of tests and packs are written in the same way, and are not.
#[test]
fn settings_that_pages_show_are_understood() {
    let mut count = 0;
    for page in pages() {
        for (line, block) in blocks(&page) {
            let Ok(table) = block.parse::<toml::Table>() else { continue };
            if table.is_empty() || table.contains_key("about") {
                continue;
            }
            let place = folder();
            write(&place.path().join("rapporteur.toml"), &block);
            let said = rapporteur(place.path(), &["list"]).err;
            let understood = !said.contains("settings cannot be understood");
            assert!(understood, "{}:{line}: {said}", page.display());
            count += 1;
        }
    }
    assert!(count > 8, "only {count} blocks of settings were found");
}

/// Whoever copies a script from a page has one that is read, beside those that ship. What is left
/// out of one is written `…`; the guide to another return has its lists in another block.
#[test]
fn scripts_that_pages_show_are_read() {
    let mut count = 0;
    for page in pages().iter().filter(|page| !page.ends_with("another-return.md")) {
        for (line, block) in blocks(page) {
            if block.contains('…') || !block.lines().any(|line| line.starts_with("rap.")) {
                continue;
            }
            let place = folder();
            write(&place.path().join("scripts/mine.luau"), &block);
            let run = rapporteur(place.path(), &["list"]);
            assert_eq!(run.code, Some(0), "{}:{line}: {}", page.display(), run.err);
            count += 1;
        }
    }
    assert!(count > 20, "only {count} scripts were found");
}

#[test]
fn layouts_that_ship_are_told_of() {
    let help = rapporteur(folder().path(), &["build", "--help"]).out;
    let page = text(&root().join("docs/layouts.md"));
    let listed = rapporteur(folder().path(), &["list", "--json"]).out;
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    let layouts = listed["layouts"].as_array().expect("layouts");
    assert!(layouts.len() > 5, "{layouts:?}");
    for layout in layouts {
        let name = layout["name"].as_str().expect("a name");
        assert!(help.contains(&format!("{name},")), "build --help does not name {name}");
        assert!(page.contains(&format!("\n## {name}: ")), "docs/layouts.md has nothing on {name}");
    }
}

#[test]
fn outputs_are_what_the_program_prints() {
    for page in PAGES {
        let place = made_up();
        assert!(hold(page, place.path()) > 0, "{page} shows no output of a command");
    }
}
