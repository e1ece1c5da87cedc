//! Packs: what one council hands to another. Two projects, everything by command; and packs that
//! mean no good.

use std::io::Write;
use std::path::Path;

use crate::support::{Run, folder, rapporteur, root, snapshots};

const LIST: &str = r#"rap.list "jobs" {
  title = "Jobs", record = "job", key = "HOME",
  columns = { { "HOME", "id" }, { "DONE", "date" }, { "KIND", codes = { "E", "R" } } },
}
"#;
const MEASURES: &str = r#"local codes = rap.use "codes"
rap.population "done" { from = "jobs", where = { DONE = rap.filled } }
rap.indicator "done_n" { title = "Jobs done", unit = "number", population = "done", people = false }
rap.indicator "urgent_n" {
  title = "Urgent jobs", unit = "number", population = "jobs", numerator = { KIND = codes.URGENT }, people = false,
}
"#;
const LAYOUT: &str = r#"rap.layout "jobs" {
  description = "Every figure", options = { title = "Repairs" },
  sheets = function(report, options)
    local rows = {}
    for _, figure in report:figures() do table.insert(rows, { indicator = figure.code }) end
    return { { name = "Jobs", title = options.title, rows = rows,
      columns = { { heading = "Measure", show = "title", width = 40 }, { heading = "Now", show = "value" } } } }
  end,
}
"#;
const JOBS: &str = "HOME,DONE,KIND\nA1,01/05/2026,E\nA2,02/05/2026,R\nA3,,E\n";
const CASE: &str = r#"period = "2026/27 Q1"

[lists]
jobs = """
HOME, DONE,       KIND
A1,   01/05/2026, E
A2,   ,           R
"""

[figures]
done_n = 1
urgent_n = 1
"#;

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

/// A pack on repairs, in the folder `maker`.
fn maker(place: &Path, version: &str) {
    let about = format!(
        "name = \"repairs\"\nversion = \"{version}\"\nabout = \"Repairs of homes\"\n\
         licence = \"MIT\"\n\n[needs]\nbasics = \"1\"\n"
    );
    write(place, "maker/pack.toml", &about);
    write(place, "maker/rapporteur.toml", "shipped_scripts = false\nlayout = \"jobs\"\n");
    write(place, "maker/scripts/a_list.luau", LIST);
    write(place, "maker/scripts/measures.luau", MEASURES);
    write(place, "maker/scripts/shared/codes.luau", "return { URGENT = \"E\" }\n");
    write(place, "maker/templates/jobs.luau", LAYOUT);
    write(place, "maker/tests/jobs.toml", CASE);
    write(place, "maker/q1.xlsx", "somebody's return");
}

fn done(run: Run) -> Run {
    assert_eq!(run.code, Some(0), "{}", run.shown());
    run
}

/// Packs, adds, overrides two things, updates, removes: by command.
#[test]
fn one_council_packs_and_another_adds_changes_and_updates() {
    let place = folder();
    let at = place.path();
    maker(at, "1.0.0");
    let packed = done(rapporteur(at, &["pack", "--project", "maker", "-o", "repairs.zip"]));
    done(rapporteur(at, &["pack", "--project", "maker", "-o", "again.zip"]));
    let bytes = |name: &str| std::fs::read(at.join(name)).expect("a pack");
    assert_eq!(bytes("repairs.zip"), bytes("again.zip"), "the same bytes each time");
    assert!(!bytes("repairs.zip").windows(8).any(|w| w == b"somebody"), "no return is in it");

    write(at, "council/rapporteur.toml", "shipped_scripts = false\nlayout = \"jobs\"\n");
    write(at, "council/q1/jobs.csv", JOBS);
    let added = done(rapporteur(at, &["add", "repairs.zip", "--project", "council"]));
    let build = |out: &str| {
        let arguments =
            ["build", "council/q1", "--project", "council", "--period", "2026/27 Q1", "-o", out];
        let run = rapporteur(at, &arguments);
        assert!(matches!(run.code, Some(0 | 1)) && !run.err.contains("error: "), "{}", run.shown());
        rapporteur(at, &["show", out, "--cells"]).out
    };
    let plain = build("council/q1-appendix.xlsx");
    assert!(plain.contains("Repairs") && plain.contains("Jobs done"), "{plain}");
    // Asked for by the pack's name and its own.
    let explain = |code: &str| {
        let asked =
            ["explain", code, "council/q1", "--project", "council", "--period", "2026/27 Q1"];
        done(rapporteur(at, &asked)).out
    };
    assert_eq!(explain("repairs.done_n"), explain("done_n"));
    assert!(explain("repairs.done_n").contains("packs/repairs/"), "{}", explain("done_n"));
    // Two things otherwise, in a script of its own.
    let own = "rap.change \"indicator\" \"repairs.done_n\" { title = \"Jobs finished\" }\n\
               rap.change \"layout\" \"jobs\" { options = { title = \"Our homes\" } }\n";
    write(at, "council/scripts/ours.luau", own);
    let ours = build("council/q1-appendix.xlsx");
    assert!(ours.contains("Our homes") && ours.contains("Jobs finished"), "{ours}");
    assert!(!ours.contains("Jobs done"), "{ours}");

    // The next version counts otherwise; what the council changed stays.
    maker(at, "1.1.0");
    write(at, "maker/scripts/shared/codes.luau", "return { URGENT = { \"E\", \"R\" } }\n");
    write(at, "maker/tests/jobs.toml", &CASE.replace("urgent_n = 1", "urgent_n = 2"));
    done(rapporteur(at, &["pack", "--project", "maker", "-o", "repairs-1.1.zip"]));
    let update = |more: &[&str]| {
        let all = [&["update", "repairs-1.1.zip", "council/q1", "--project", "council"], more];
        rapporteur(at, &[&all.concat()[..], &["--period", "2026/27 Q1"]].concat())
    };
    let looked = update(&[]);
    assert_eq!(looked.code, Some(1), "{}", looked.shown());
    assert!(build("council/q1-appendix.xlsx") == ours, "nothing was taken");
    let taken = done(update(&["--accept"]));
    let after = build("council/q1-appendix.xlsx");
    assert!(after.contains("Jobs finished") && after != ours, "{after}");
    let lock = std::fs::read_to_string(at.join("council/rapporteur.lock")).expect("a lock");
    assert!(lock.contains("version = \"1.1.0\""), "{lock}");
    let again = rapporteur(at, &["add", "repairs.zip", "--project", "council"]);
    let removed = rapporteur(at, &["remove", "repair", "--project", "council"]);
    std::fs::remove_file(at.join("council/scripts/ours.luau")).expect("removed");
    done(rapporteur(at, &["remove", "repairs", "--project", "council"]));
    assert!(!at.join("council/packs").exists());
    let story = [&packed, &added, &looked, &taken, &again, &removed].map(Run::shown);
    // The fingerprints are those of the files above.
    let story = story.join("\n====\n");
    snapshots().bind(|| insta::assert_snapshot!("packs", story));
}

/// A pack whose tests do not hold, or that is none, is not packed.
#[test]
fn what_does_not_hold_is_not_packed() {
    let place = folder();
    let at = place.path();
    maker(at, "1.0.0");
    write(at, "maker/tests/jobs.toml", &CASE.replace("done_n = 1", "done_n = 2"));
    let run = rapporteur(at, &["pack", "--project", "maker", "-o", "a.zip"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.err.contains("its tests do not hold") && !at.join("a.zip").exists(), "{}", run.err);
    for (about, says) in [
        ("", "missing field `name`"),
        ("name = \"A b\"\nversion = \"1\"\nabout = \"x\"\n", "`A b` cannot be the name of a pack"),
        ("name = \"a\"\nversion = \"one\"\nabout = \"x\"\n", "the version of the pack, \"one\""),
        (
            "name = \"a\"\nversion = \"1\"\nabout = \"x\"\nlicense = \"MIT\"\n",
            "unknown field `license`",
        ),
    ] {
        write(at, "maker/pack.toml", about);
        let run = rapporteur(at, &["pack", "--project", "maker", "-o", "a.zip"]);
        assert!(run.code == Some(4) && run.err.contains(says), "{about}\n{}", run.shown());
    }
}

/// An archive with these files.
fn archive(files: &[(&str, &str)], link: Option<&str>) -> Vec<u8> {
    let options = zip::write::SimpleFileOptions::default();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(*name, options).expect("a file");
        archive.write_all(text.as_bytes()).expect("written");
    }
    if let Some(name) = link {
        archive.add_symlink(name, "/etc/passwd", options).expect("a link");
    }
    archive.finish().expect("an archive").into_inner()
}

const ABOUT: &str = "name = \"odd\"\nversion = \"1.0.0\"\nabout = \"Odd\"\n";

/// Adds a pack to a project of its own; says what came of it, and that nothing else did.
fn refused(bytes: &[u8]) -> Run {
    let place = folder();
    let at = place.path();
    write(at, "council/rapporteur.toml", "");
    std::fs::write(at.join("odd.zip"), bytes).expect("written");
    let run = rapporteur(at, &["add", "odd.zip", "--project", "council"]);
    let names = |folder: &Path| {
        let entries = std::fs::read_dir(folder).expect("a folder");
        let mut names: Vec<_> = entries.map(|e| e.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(at), ["council", "odd.zip"], "{}", run.shown());
    assert_eq!(names(&at.join("council")), ["rapporteur.toml"], "{}", run.shown());
    run
}

#[test]
fn an_archive_that_means_no_good_is_refused_whole() {
    let script = ("scripts/a.luau", "-- nothing");
    let about = ("pack.toml", ABOUT);
    let many: Vec<(String, String)> =
        (0..2_001).map(|n| (format!("scripts/{n}.luau"), String::new())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let vast = "-".repeat(17 << 20);
    let cases: [(Vec<u8>, &str); 11] = [
        (archive(&[about, script, ("../out.luau", "")], None), "leads out of its folder"),
        (archive(&[about, ("scripts/../../out.luau", "")], None), "leads out of its folder"),
        (archive(&[about, ("/scripts/out.luau", "")], None), "leads out of its folder"),
        (archive(&[about, ("scripts\\out.luau", "")], None), "leads out of its folder"),
        (archive(&[about, script], Some("scripts/b.luau")), "a link to another file"),
        (archive(&[about, script, ("q2.xlsx", "PK")], None), "no pack may hold"),
        (archive(&[about, script, ("scripts/run.exe", "MZ")], None), "no pack may hold"),
        (archive(&[about, script, ("scripts/A.luau", "")], None), "twice"),
        (archive(&[script], None), "there is no pack.toml in it"),
        (archive(&many, None), "too large"),
        (archive(&[about, ("scripts/a.luau", &vast)], None), "too large"),
    ];
    for (bytes, says) in cases {
        let run = refused(&bytes);
        assert_eq!(run.code, Some(4), "{says}: {}", run.shown());
        assert!(run.err.contains(says), "{says}: {}", run.shown());
    }
    for bytes in [&b"not a pack"[..], &archive(&[about, script], None)[..60]] {
        assert_eq!(refused(bytes).code, Some(4));
    }
}

/// What a pack would do is said before any of it is run; then it is tried, and not taken.
#[test]
fn a_hostile_pack_is_described_before_it_is_run() {
    let scripts = [
        "local secret = os.getenv(\"HOME\")\nrap.indicator \"a\" { title = secret, \
         unit = \"number\", typed = true }",
        "while true do end",
        "rap.change \"indicator\" \"pl3_pct\" { title = io.read(\"*a\") }",
        "rap.indicator \"pl3_pct\" { title = \"Ours\", unit = \"number\", typed = true }",
        "rap.indicator(",
        "local t = table.create(50000000, \"x\")",
    ];
    let shown = scripts.map(|script| {
        let run = refused(&archive(&[("pack.toml", ABOUT), ("scripts/a.luau", script)], None));
        assert_eq!(run.code, Some(3), "{}", run.shown());
        assert!(run.out.starts_with("odd 1.0.0: Odd"), "{}", run.shown());
        assert!(run.out.ends_with("nothing was added\n"), "{}", run.shown());
        format!("{script}\n\n{}", run.shown())
    });
    snapshots().bind(|| insta::assert_snapshot!("packs_hostile", shown.join("\n====\n")));
}

/// Two packs have a shared file of one name, and an indicator of one name.
#[test]
fn names_are_a_packs_own_and_clashes_are_told() {
    let place = folder();
    let at = place.path();
    write(at, "council/rapporteur.toml", "shipped_scripts = false\n");
    write(at, "council/q1/jobs.csv", JOBS);
    for (name, kind, also) in [("one", "E", "same_n"), ("two", "R", "same_n")] {
        let about =
            format!("name = \"{name}\"\nversion = \"1\"\nabout = \"x\"\n[needs]\nbasics = \"1\"\n");
        let list = if name == "one" { LIST } else { "" };
        let script = format!(
            "{list}local codes = rap.use \"codes\"\n\
             for _, code in {{ \"{name}_n\", \"{also}\" }} do\n  rap.indicator(code) \
             {{ title = code, unit = \"number\", population = \"jobs\", \
             numerator = {{ KIND = codes }}, people = false }}\nend\n"
        );
        write(at, &format!("{name}/pack.toml"), &about);
        write(at, &format!("{name}/scripts/m.luau"), &script);
        write(at, &format!("{name}/scripts/shared/codes.luau"), &format!("return \"{kind}\""));
    }
    done(rapporteur(at, &["add", "one", "--project", "council"]));
    let clash = rapporteur(at, &["add", "two", "--project", "council"]);
    assert_eq!(clash.code, Some(3), "{}", clash.shown());
    assert!(clash.err.contains("`same_n` is in two packs, `one` and `two`"), "{}", clash.err);
    let wrong = "shipped_scripts = false\nleave_out = [\"tow.same_n\"]\n";
    write(at, "council/rapporteur.toml", wrong);
    let unknown = rapporteur(at, &["list", "--project", "council"]);
    assert!(
        unknown.err.contains("did you mean `one`?") || unknown.code == Some(2),
        "{}",
        unknown.err
    );
    // The pack that is to be left out of is not there before it is added.
    write(at, "council/rapporteur.toml", "shipped_scripts = false\n");
    write(
        at,
        "two/scripts/m.luau",
        &std::fs::read_to_string(at.join("two/scripts/m.luau"))
            .expect("read")
            .replace("same_n", "other_n"),
    );
    done(rapporteur(at, &["add", "two", "--project", "council"]));
    let own = "local one, two = rap.use \"one.codes\", rap.use \"two.codes\"\n\
               rap.indicator \"own_n\" { title = \"Own\", unit = \"number\", \
               population = \"jobs\", numerator = { KIND = { one, two } }, people = false }\n\
               rap.layout \"board\" { sheets = function() return { { name = \"A\", title = \"A\", \
               rows = {}, columns = { { show = \"title\" }, { show = \"value\" } } } } end }";
    write(at, "council/scripts/own.luau", own);
    let arguments = [
        "build",
        "council/q1",
        "--project",
        "council",
        "--period",
        "2026/27 Q1",
        "-o",
        "a.xlsx",
        "--figures",
        "f.csv",
    ];
    let run = rapporteur(at, &arguments);
    assert!(!run.err.contains("error: "), "{}", run.shown());
    let figures = std::fs::read_to_string(at.join("f.csv")).expect("figures");
    for (code, value) in
        [("one_n", "2"), ("two_n", "1"), ("same_n", "2"), ("other_n", "1"), ("own_n", "3")]
    {
        let line = figures.lines().find(|line| line.contains(code)).expect(code);
        assert!(line.contains(&format!(",{value},")), "{code}: {line}");
    }
    write(at, "council/scripts/own.luau", "local codes = rap.use \"codes\"");
    let which = rapporteur(at, &["list", "--project", "council"]);
    assert!(
        which.err.contains("rap.use \"") && which.err.contains("may be packs/"),
        "{}",
        which.err
    );
    // Without either there is nothing to decide.
    write(at, "council/scripts/own.luau", "");
    write(
        at,
        "council/rapporteur.toml",
        "shipped_scripts = false\nleave_out = [\"two.other_n\"]\n",
    );
    let list = rapporteur(at, &["list", "--project", "council"]).out;
    assert!(list.contains("two_n") && !list.contains("other_n"), "{list}");
}

/// Scripts that somebody changed under packs/ are not those that were added.
#[test]
fn a_pack_is_as_it_was_added() {
    let place = folder();
    let at = place.path();
    maker(at, "1.0.0");
    write(at, "council/rapporteur.toml", "shipped_scripts = false\nlayout = \"jobs\"\n");
    done(rapporteur(at, &["add", "maker", "--project", "council"]));
    let list = || rapporteur(at, &["list", "--project", "council"]);
    done(list());
    let script = at.join("council/packs/repairs/scripts/measures.luau");
    // However a system ends lines, it is the same.
    std::fs::write(&script, MEASURES.replace('\n', "\r\n")).expect("written");
    done(list());
    std::fs::write(&script, MEASURES.replace("Jobs done", "Jobs")).expect("written");
    let changed = list();
    assert_eq!(changed.code, Some(2), "{}", changed.shown());
    assert!(changed.err.contains("the pack `repairs` is not as it was added"), "{}", changed.err);
    let taken = ["update", "council/packs/repairs", "--project", "council", "--accept"];
    done(rapporteur(at, &taken));
    done(list());
    write(at, "council/packs/stray/pack.toml", ABOUT);
    let stray = list();
    assert!(
        stray.err.contains("the pack `stray` lies there, but was never added"),
        "{}",
        stray.err
    );
}

/// The program's own packs are packs: they have what a pack has, and could be packed.
#[test]
fn what_ships_is_packs() {
    for name in ["", "basics", "examples/annex-a"] {
        let place = folder();
        let project = root().join(name).display().to_string();
        let run = rapporteur(place.path(), &["add", &project, "--look", "--json"]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(json["licence"], "MIT");
        assert_eq!(json["beware"].as_array().map(Vec::len), Some(0), "{}", json["beware"]);
    }
    let place = folder();
    write(place.path(), "rapporteur.toml", "shipped_scripts = [\"basics\"]\n");
    let list = rapporteur(place.path(), &["list", "--json"]).out;
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    assert_eq!(list["indicators"].as_array().map(Vec::len), Some(0));
    assert!(list["policies"].as_array().is_some_and(|policies| policies.len() >= 5));
    write(place.path(), "rapporteur.toml", "shipped_scripts = [\"basic\"]\n");
    let unknown = rapporteur(place.path(), &["list"]);
    assert!(unknown.err.contains("did you mean `basics`?"), "{}", unknown.err);
}
