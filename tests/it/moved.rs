//! What moved a figure between two returns: over random pairs the parts add up, and for counts they
//! are what anybody would count by hand.

use std::collections::BTreeMap;
use std::path::Path;

use rapporteur::desk::moved::{Cause, Moved};
use rapporteur::intake::project::Project;
use rapporteur::nouns::problem::Problems;
use rapporteur::pipeline::{self, Received, Wishes};

use crate::attacker::Dice;
use crate::support::{folder, rapporteur, snapshots};

const SETTINGS: &str = "shipped_scripts = false\n";
const SCRIPT: &str = r#"
rap.list "dogs" {
  title = "Dogs", key = "NAME",
  record = "dog",
  columns = { { "NAME", "id" }, { "KIND", codes = { big = "Big", small = "Small" } }, { "KILOS", "number" } },
}

rap.indicator "n" { title = "Big dogs", unit = "number", population = "dogs", numerator = { KIND = "big" } }
rap.indicator "pct" { title = "Big", unit = "percentage", denominator = "dogs", numerator = { KIND = "big" } }
rap.indicator "sum" { title = "Kilos", unit = "number", sum = "KILOS", population = "dogs" }
rap.indicator "mean" { title = "Kilos", average = "KILOS", population = "dogs" }
rap.indicator "middle" { title = "Kilos", median = "KILOS", population = "dogs" }
"#;
const CODES: [&str; 5] = ["n", "pct", "sum", "mean", "middle"];

/// Dogs by name: whether big, and how heavy.
type Dogs = BTreeMap<u64, (bool, u64)>;

/// Two random returns that have most of their dogs in common.
fn pair(dice: &mut Dice) -> [Dogs; 2] {
    let (mut old, mut new) = (Dogs::new(), Dogs::new());
    for name in 0..10 + dice.below(40) {
        let dog = (dice.below(2) == 0, 1 + dice.below(60));
        let (in_old, in_new) = (dice.below(6) > 0, dice.below(6) > 0);
        if in_old {
            old.insert(name, dog);
        }
        if in_new {
            let other = (dice.below(2) == 0, 1 + dice.below(60));
            new.insert(name, if dice.below(4) == 0 { other } else { dog });
        }
    }
    [old, new]
}

fn write(folder: &Path, name: &str, dogs: &Dogs) {
    let rows = dogs.iter().map(|(name, (big, kilos))| {
        format!("rex{name},{},{kilos}\n", if *big { "big" } else { "small" })
    });
    let list = format!("NAME,KIND,KILOS\n{}", rows.collect::<String>());
    std::fs::create_dir_all(folder.join(name)).expect("made");
    std::fs::write(folder.join(name).join("dogs.csv"), list).expect("written");
}

fn receive(project: &Project, folder: &Path, name: &str) -> Received {
    let wishes = Wishes {
        inputs: vec![folder.join(name)],
        period: Some("2026/27 Q2".to_string()),
        ..Wishes::default()
    };
    let mut problems = Problems::default();
    let received = pipeline::receive(project, &wishes, &mut problems);
    received.unwrap_or_else(|| panic!("{:?}", problems.iter().collect::<Vec<_>>()))
}

fn by(moved: &Moved, cause: Cause) -> f64 {
    moved.steps.iter().filter(|step| step.cause == cause).map(|step| step.by).sum()
}

#[test]
fn parts_add_up_over_random_pairs_of_returns() {
    let here = folder();
    std::fs::create_dir_all(here.path().join("scripts")).expect("made");
    std::fs::write(here.path().join("rapporteur.toml"), SETTINGS).expect("written");
    std::fs::write(here.path().join("scripts/dogs.luau"), SCRIPT).expect("written");
    let project = Project::open(Some(here.path())).expect("a project");
    let mut dice = Dice(2_026);
    let mut moved_something = 0;
    for _ in 0..200 {
        let [old, new] = pair(&mut dice);
        write(here.path(), "old", &old);
        write(here.path(), "new", &new);
        let [then, now] = ["old", "new"].map(|name| receive(&project, here.path(), name));
        for code in CODES {
            let moved = Moved::between(&then, None, &now, code).expect("both have it");
            let together: f64 = moved.steps.iter().map(|step| step.by).sum();
            assert!((together - (moved.to - moved.from)).abs() < 1e-9, "{code}: {moved:?}");
            moved_something += usize::from(moved.to != moved.from);
        }
        let moved = Moved::between(&then, None, &now, "n").expect("both have it");
        let big = |of: &Dogs, unlike: &Dogs| {
            of.iter().filter(|(name, dog)| dog.0 && !unlike.contains_key(name)).count() as f64
        };
        assert_eq!(by(&moved, Cause::Leavers), -big(&old, &new));
        assert_eq!(by(&moved, Cause::Joiners), big(&new, &old));
        let both = old.iter().filter_map(|(name, dog)| Some((dog.0, new.get(name)?.0)));
        let changed: f64 =
            both.map(|(was, is)| f64::from(u8::from(is)) - f64::from(u8::from(was))).sum();
        assert_eq!(by(&moved, Cause::Changed), changed);
    }
    assert!(moved_something > 500, "figures do move: {moved_something}");
}

/// Two quarters of a few children, as a person reads what moved, and where another definition moved
/// it too.
#[test]
fn what_moved_a_figure_reads_well() {
    let here = folder();
    let head = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,\
                PL_POST,URN\n";
    let child = |child: u32, place: &str, ended: &str| {
        format!("{child},03/04/2025,S,C2,N1,{place},PR1,{ended},,AB1 0JA,AB1 0JB,\n")
    };
    let write = |name: &str, period: &str, rows: String| {
        std::fs::create_dir_all(here.path().join(name)).expect("made");
        let cover = format!("Cover,\nPeriod end,{period}\n");
        std::fs::write(here.path().join(name).join("cover.csv"), cover).expect("written");
        std::fs::write(here.path().join(name).join("episodes.csv"), format!("{head}{rows}"))
            .expect("written");
    };
    let q1 = [child(1, "U4", ","), child(2, "K2", ","), child(3, "U4", ","), child(4, "U4", ",")];
    let q2 = [
        child(1, "U4", ","),
        child(2, "U4", ","),
        child(4, "U4", "02/08/2026,E4A"),
        child(5, "U4", ","),
    ];
    write("q1", "30/06/2026", q1.concat());
    write("q2", "30/09/2026", q2.concat());
    let mut told = String::new();
    for code in ["cla_n", "foster_pct"] {
        let run = rapporteur(here.path(), &["moved", code, "q1", "q2"]);
        told.push_str(&format!("== moved {code}\n{}\n", run.shown()));
    }
    for asked in [["moved", "cla_m", "q1", "q2"], ["moved", "cla_n", "q1", "q3"]] {
        told.push_str(&format!(
            "== {}\n{}\n",
            asked.join(" "),
            rapporteur(here.path(), &asked).shown()
        ));
    }
    // Last year's scripts counted boarding schools as foster care.
    std::fs::create_dir_all(here.path().join("then/scripts")).expect("made");
    let script =
        r#"rap.change "indicator" "foster_pct" { numerator = { PLACE = { "U4", "K2" } } }"#;
    std::fs::write(here.path().join("then/scripts/then.luau"), script).expect("written");
    let run =
        rapporteur(here.path(), &["moved", "foster_pct", "q1", "q2", "--then-project", "then"]);
    told.push_str(&format!("== with other scripts then\n{}\n", run.shown()));
    snapshots().bind(|| insta::assert_snapshot!("moved", told));
    let run = rapporteur(here.path(), &["moved", "cla_n", "q1", "q2", "--html", "moved.html"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let page = std::fs::read_to_string(here.path().join("moved.html")).expect("written");
    assert!(page.contains("Private: not for publication") && page.contains("Together"));
}
