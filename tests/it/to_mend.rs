//! The list of what to mend, which `build` writes beside the appendix for whoever filled the return
//! in: when it is there, what it says, and what it never says.

use std::fs;
use std::path::Path;

use crate::support::{example, folder, rapporteur};

/// A return as a CSV list and a Cover sheet, with faults of each kind: a date that there is not, a
/// code that there is not, a date written the other way round, and lists that are not there.
const COVER: &str = "Cover,,\nAuthority,Testham,\nPeriod,2026/27 Q2,\n";
const EPISODES: &str = "\
CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE
990017,01/05/2026,S,C2,N1,U1,PR1,,,
990018,31/02/2026,S,C2,N1,U1,PR1,,,
990019,01/06/2026,S,ZZ9,N1,U1,PR1,,,
";

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("written");
}

fn faulty() -> tempfile::TempDir {
    let folder = folder();
    write(folder.path(), "cover.csv", COVER);
    write(folder.path(), "q2.csv", EPISODES);
    folder
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("read");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("read").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_is_to_be_mended_is_written_beside_the_appendix_and_what_is_sound_needs_no_list() {
    let faulty = faulty();
    let run = rapporteur(faulty.path(), &["q2.csv", "cover.csv"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.out.contains("wrote q2-problems.html\n"), "{}", run.shown());
    assert_eq!(
        names(faulty.path()),
        ["cover.csv", "q2-appendix.xlsx", "q2-problems.html", "q2.csv"]
    );
    let page = read(faulty.path(), "q2-problems.html");
    for said in [
        "<h1>What to mend in q2.csv and cover.csv</h1>",
        "The return for 2026/27 Q2",
        "Then: what moves a figure",
        "column DECOM</p><p class=\"cells\">B3</p>",
        "Figures that the return does not allow",
        "The appendix is q2-appendix.xlsx. Mend the cells in Excel",
    ] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    let sound = example();
    let run = rapporteur(sound.path(), &["q2.xlsx"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert_eq!(names(sound.path()), ["q2-appendix.xlsx", "q2.xlsx"]);
}

#[test]
fn the_list_can_go_elsewhere_or_be_left_out() {
    let folder = faulty();
    let run = rapporteur(folder.path(), &["build", "q2.csv", "cover.csv", "--no-problems"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert_eq!(names(folder.path()), ["cover.csv", "q2-appendix.xlsx", "q2.csv"]);
    let elsewhere = ["build", "q2.csv", "cover.csv", "-o", "out.xlsx", "--problems", "mend.html"];
    assert_eq!(rapporteur(folder.path(), &elsewhere).code, Some(1));
    assert!(read(folder.path(), "mend.html").contains("The appendix is out.xlsx."));
    let named = ["build", "q2.csv", "cover.csv", "-o", "out.xlsx"];
    assert_eq!(rapporteur(folder.path(), &named).code, Some(1));
    assert!(folder.path().join("q2-problems.html").exists());
    let both = ["build", "q2.csv", "--problems", "a.html", "--no-problems"];
    assert_eq!(rapporteur(folder.path(), &both).code, Some(2));
}

/// Where somebody has mended everything, the list of the run before would lie.
#[test]
fn a_list_of_an_earlier_run_is_brought_up_to_date() {
    let folder = example();
    write(folder.path(), "cover.csv", COVER);
    write(folder.path(), "q2.csv", EPISODES);
    let run = rapporteur(folder.path(), &["q2.csv", "cover.csv"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(read(folder.path(), "q2-problems.html").contains("to mend"));
    assert_eq!(rapporteur(folder.path(), &["q2.xlsx"]).code, Some(0));
    let page = read(folder.path(), "q2-problems.html");
    assert!(page.contains("Nothing is left to mend."), "{page}");
    // What is no list of ours is nobody's business where there is nothing to tell.
    write(folder.path(), "q2-problems.html", "my own notes");
    assert_eq!(rapporteur(folder.path(), &["q2.xlsx"]).code, Some(0));
    assert_eq!(read(folder.path(), "q2-problems.html"), "my own notes");
}

/// Where there is no appendix, the list is what the officer gets.
#[test]
fn a_return_that_makes_no_appendix_has_a_list_all_the_same() {
    let folder = folder();
    write(folder.path(), "q2.xlsx", "no workbook");
    let run = rapporteur(folder.path(), &["q2.xlsx"]);
    assert_ne!(run.code, Some(0));
    assert!(run.out.contains("wrote q2-problems.html\nthere is no appendix"), "{}", run.shown());
    let page = read(folder.path(), "q2-problems.html");
    assert!(
        page.contains("First: what stops a figure") && page.contains("No appendix was written")
    );
    // What is wrong with the command line stands in no list, and nor does what is not there.
    for wrong in [&["build", "q2.xlsx", "--template", "bord"][..], &["build", "gone.xlsx"]] {
        fs::remove_file(folder.path().join("q2-problems.html")).ok();
        write(folder.path(), "q2.xlsx", "");
        assert_ne!(rapporteur(folder.path(), wrong).code, Some(0));
        let left = names(folder.path());
        assert!(!left.contains(&"gone-problems.html".to_string()), "{wrong:?}: {left:?}");
    }
}

#[test]
fn strict_writes_nothing_but_a_list_that_was_asked_for() {
    let folder = faulty();
    let strict = ["build", "q2.csv", "cover.csv", "--strict"];
    assert_eq!(rapporteur(folder.path(), &strict).code, Some(1));
    assert_eq!(names(folder.path()), ["cover.csv", "q2.csv"]);
    let asked = [&strict[..], &["--problems", "mend.html"]].concat();
    assert_eq!(rapporteur(folder.path(), &asked).code, Some(1));
    assert_eq!(names(folder.path()), ["cover.csv", "mend.html", "q2.csv"]);
}

#[test]
fn a_list_tells_no_value_unless_it_is_asked_to_and_its_owner_alone_can_read_it() {
    let folder = faulty();
    rapporteur(folder.path(), &["q2.csv", "cover.csv"]);
    let page = read(folder.path(), "q2-problems.html");
    for value in ["990017", "990018", "31/02/2026", "ZZ9"] {
        assert!(!page.contains(value), "the list tells {value}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let about = fs::metadata(folder.path().join("q2-problems.html")).expect("there");
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
    }
    rapporteur(folder.path(), &["build", "q2.csv", "cover.csv", "--show-values"]);
    let page = read(folder.path(), "q2-problems.html");
    assert!(page.contains("31/02/2026") && page.contains("send it to nobody"), "{page}");
}

/// One run's files are one set: the list is written with the appendix, or neither is.
#[test]
fn a_list_that_cannot_be_written_leaves_no_appendix_behind() {
    let folder = faulty();
    write(folder.path(), "q2-problems.html", "my own notes");
    let run = rapporteur(folder.path(), &["q2.csv", "cover.csv"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.err.contains("this file is no web page of Rapporteur's"), "{}", run.shown());
    assert_eq!(names(folder.path()), ["cover.csv", "q2-problems.html", "q2.csv"]);
    assert_eq!(read(folder.path(), "q2-problems.html"), "my own notes");
}
