//! An inspector's bundle: what is in it, and that `verify` tells what became of each part.

use std::path::Path;

use crate::make::{package, parts, with_cell};
use crate::support::{example, rapporteur, snapshots};

const NAMES: [&str; 6] = [
    "README.txt",
    "appendix.xlsx",
    "figures.csv",
    "definitions.html",
    "problems.html",
    "SHA256SUMS",
];

fn built() -> tempfile::TempDir {
    let here = example();
    let asked = ["build", "q2.xlsx", "--bundle", "q2.zip", "--trail", "q2-trail.json"];
    let run = rapporteur(here.path(), &[&asked[..], &["--figures", "figures.csv"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.shown());
    here
}

fn bytes(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).expect("the file was written")
}

/// The text of a bundle's part.
fn text(parts: &[(String, Vec<u8>)], name: &str) -> String {
    let (_, content) = parts.iter().find(|(part, _)| part == name).expect("the part");
    String::from_utf8(content.clone()).expect("a text")
}

#[test]
fn a_bundle_holds_the_report_and_what_it_rests_on_but_no_record() {
    let here = built();
    let bundle = bytes(here.path(), "q2.zip");
    let inside = parts(&bundle);
    assert_eq!(inside.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), NAMES);
    assert_eq!(inside[1].1, bytes(here.path(), "q2-appendix.xlsx"), "the same report");
    assert_eq!(inside[2].1, bytes(here.path(), "figures.csv"), "the same figures");
    let fingerprint = |line: &str| match line.rsplit_once(' ') {
        Some((what, hash)) if hash.len() == 64 => format!("{what} …"),
        _ => line.to_string(),
    };
    let readme = text(&inside, "README.txt");
    let readme: Vec<String> = readme.lines().map(fingerprint).collect();
    snapshots().bind(|| insta::assert_snapshot!("bundle_readme", readme.join("\n")));
    // The trail names children, and stands apart; nothing of the bundle does.
    let trail = String::from_utf8(bytes(here.path(), "q2-trail.json")).expect("a text");
    assert!(trail.contains("\"indicator\""));
    let definitions = text(&inside, "definitions.html");
    assert!(definitions.contains("cla_n") && !definitions.contains("sw3_pct"), "what is counted");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(here.path().join("q2.zip")).expect("there").permissions();
        assert_eq!(mode.mode() & 0o777, 0o600, "its owner hands it over");
    }
    // The same each time, and in another folder.
    let again = built();
    assert_eq!(bytes(again.path(), "q2.zip"), bundle);
}

/// Each part changed, taken out, put in: told by its name, and nothing else is.
#[test]
fn verify_tells_what_became_of_each_part_of_a_bundle() {
    let here = built();
    let inside = parts(&bytes(here.path(), "q2.zip"));
    let verify = |parts: &[(String, Vec<u8>)], options: &[&str]| {
        std::fs::write(here.path().join("other.zip"), package(parts)).expect("written");
        rapporteur(here.path(), &[&["verify", "other.zip"][..], options].concat())
    };
    // Packed by another program.
    let same = verify(&inside, &[]);
    assert_eq!(same.code, Some(0), "{}", same.shown());
    assert!(same.out.contains("other.zip: each of its 5 parts is as it was written"));
    let held = verify(&inside, &["--return", "q2.xlsx"]);
    assert_eq!(held.code, Some(0), "{}", held.shown());
    assert_eq!(held.out.matches("it says what q2.xlsx gives").count(), 2, "{}", held.shown());
    for (at, (name, content)) in inside.iter().enumerate() {
        let mut others = inside.clone();
        others[at].1 = match name.as_str() {
            "appendix.xlsx" => with_cell(content, 1, "C5", "<c r=\"C5\"><v>4711</v></c>"),
            _ => [&content[..], b" "].concat(),
        };
        let run = verify(&others, &[]);
        if name != "SHA256SUMS" {
            assert_eq!(run.code, Some(1), "{name}: {}", run.shown());
            assert!(run.out.contains(&format!("  {name} was changed")), "{}", run.shown());
            assert_eq!(run.out.matches(" was changed\n").count(), 1, "{}", run.shown());
        }
        if name == "appendix.xlsx" {
            assert!(run.out.contains("!C5 "), "the cell is named: {}", run.shown());
        }
        let mut others = inside.clone();
        others.remove(at);
        let run = verify(&others, &[]);
        assert_eq!(run.code, Some(1), "{name}: {}", run.shown());
        assert!(run.out.contains(&format!("  {name} was taken out")), "{}", run.shown());
    }
    let further = [&inside[..], &[("note.txt".to_string(), b"hello".to_vec())]].concat();
    let run = verify(&further, &[]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.out.contains("  note.txt was put in"), "{}", run.shown());
    let json = verify(&further, &["--json"]);
    assert!(json.out.contains("\"state\":\"put_in\""), "{}", json.shown());
}

#[test]
fn a_bundle_is_written_over_nothing_but_a_bundle_and_is_called_zip() {
    let here = built();
    let again = rapporteur(here.path(), &["build", "q2.xlsx", "--bundle", "q2.zip"]);
    assert_eq!(again.code, Some(0), "{}", again.shown());
    let over = ["build", "q2.xlsx", "-o", "a.xlsx", "--bundle", "q2-photos.zip"];
    let photos = package(&[("photo.txt".to_string(), b"a photo".to_vec())]);
    std::fs::write(here.path().join("q2-photos.zip"), &photos).expect("written");
    let run = rapporteur(here.path(), &over);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert_eq!(bytes(here.path(), "q2-photos.zip"), photos);
    let named = rapporteur(here.path(), &["build", "q2.xlsx", "--bundle", "q2.xlsx.bundle"]);
    assert_eq!(named.code, Some(2), "{}", named.shown());
    assert!(named.err.contains("--bundle writes a zip archive"), "{}", named.shown());
}
