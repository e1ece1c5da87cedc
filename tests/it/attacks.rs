//! Attacks by arithmetic: what a reader puts together from the reports of a made-up council. Each
//! file of `tests/attacks` holds some: the children, what a script counts, the reports in their
//! order, and which printed numbers would give a small one away. Not all of these may be printed.

use std::collections::HashMap;

use rapporteur::intake::project::Project;
use rapporteur::intake::read::Excerpt;
use rapporteur::nouns::period::Period;
use rapporteur::nouns::problem::{Problems, Severity};
use rapporteur::papers::write::figures_csv;
use rapporteur::pipeline::{self, Wishes};
use serde::Deserialize;

use crate::support::folder;

#[derive(Deserialize)]
struct File {
    attack: Vec<Attack>,
}

#[derive(Deserialize)]
struct Attack {
    /// What is put together, in a sentence.
    name: String,
    #[serde(default = "dfe")]
    rule: String,
    /// What is counted besides what ships.
    #[serde(default)]
    script: String,
    children: Vec<Children>,
    /// Periods of the reports.
    reports: Vec<String>,
    /// Numbers that give a small one away, each set by itself: the report, from 1, the code, and
    /// what it is out of where that is meant: `2 start_n`, `1 adopt_pct out of`.
    gives_away: Vec<Vec<String>>,
    /// How many reports must be written: an attack on nothing proves nothing. All, usually.
    written: Option<usize>,
}

fn dfe() -> String {
    "dfe".to_string()
}

/// So many children who are the same.
#[derive(Deserialize)]
struct Children {
    n: usize,
    born: Option<String>,
    began: String,
    /// When care ended, and how.
    ended: Option<(String, String)>,
    #[serde(default = "fostered")]
    place: String,
    /// The first report that knows of them, from 1.
    #[serde(default)]
    known_from: usize,
    /// Times missing, each a day.
    #[serde(default)]
    missing: Vec<String>,
}

fn fostered() -> String {
    "U4, PR1".to_string()
}

fn day(text: &str) -> (i32, i32, i32) {
    let parts: Vec<i32> = text.split('/').map(|part| part.parse().expect("a number")).collect();
    (parts[2], parts[1], parts[0])
}

impl Attack {
    /// The return as it was when a report was made.
    fn lists(&self, report: usize, period: &Period) -> Vec<Excerpt> {
        let end = period.end.date();
        let end = (i32::from(end.year()), i32::from(end.month()), i32::from(end.day()));
        let mut header = "CHILD, SEX, DOB, ETHNIC, UPN, MOTHER, MC_DOB\n".to_string();
        let mut episodes =
            "CHILD, DECOM, RNE, LS, CIN, PLACE, PLACE_PROVIDER, DEC, REC\n".to_string();
        let mut missing = "CHILD, DOB, MISSING, MIS_START, MIS_END\n".to_string();
        let mut number = 0;
        for group in &self.children {
            let born = group.born.as_deref().unwrap_or("15/03/2014");
            for _ in 0..group.n {
                number += 1;
                if group.known_from > report || day(&group.began) > end {
                    continue;
                }
                let ended = group.ended.as_ref().filter(|(when, _)| day(when) <= end);
                let ended = ended.map_or(", ".to_string(), |(when, how)| format!("{when}, {how}"));
                header += &format!("C{number}, 1, {born}, WBRI, UN1, 0, \n");
                episodes +=
                    &format!("C{number}, {}, S, C2, N1, {}, {ended}\n", group.began, group.place);
                for when in group.missing.iter().filter(|when| day(when) <= end) {
                    missing += &format!("C{number}, {born}, M, {when}, {when}\n");
                }
            }
        }
        let list = |list: &str, text: String| Excerpt {
            list: list.to_string(),
            file: "made-up.toml".to_string(),
            line: 1,
            text,
        };
        let mut lists = vec![list("Header", header), list("Episodes", episodes)];
        if self.children.iter().any(|group| !group.missing.is_empty()) {
            lists.push(list("Missing", missing));
        }
        lists
    }

    /// What each report printed; how many were written.
    fn printed(&self) -> (HashMap<String, f64>, usize) {
        let place = folder();
        let at = place.path();
        std::fs::write(at.join("rapporteur.toml"), "[authority]\nname = \"Exampleton\"\n")
            .expect("written");
        for made in ["history", "scripts"] {
            std::fs::create_dir(at.join(made)).expect("made");
        }
        std::fs::write(at.join("scripts/counted.luau"), &self.script).expect("written");
        let project = Project::open(Some(at)).expect("a project");
        let (mut printed, mut written) = (HashMap::new(), 0);
        for (report, period) in self.reports.iter().enumerate().map(|(at, p)| (at + 1, p)) {
            let parsed = Period::parse(period, 4).expect("a period");
            let wishes = Wishes {
                excerpts: self.lists(report, &parsed),
                period: Some(period.clone()),
                disclosure: Some(self.rule.clone()),
                ..Wishes::default()
            };
            let mut problems = Problems::default();
            let received = pipeline::receive(&project, &wishes, &mut problems);
            let wrong = problems.iter().find(|p| p.severity == Severity::Error);
            assert!(wrong.is_none(), "{}: {wrong:?}", self.name);
            let received = received.expect("a return");
            let Some(shown) = received.shown(&project, &wishes, &mut problems) else { continue };
            written += 1;
            let csv = figures_csv(&shown, &received.areas).expect("figures can be written");
            std::fs::write(at.join(format!("history/{report}.csv")), csv).expect("written");
            for code in shown.indicators.keys() {
                let Some(own) = shown.own(code).filter(|own| own.value().is_some()) else {
                    continue;
                };
                let numerator = own.numerator().or(own.value()).expect("it has a value");
                printed.insert(format!("{report} {code}"), numerator);
                let out_of = own.denominator();
                out_of.map(|n| printed.insert(format!("{report} {code} out of"), n));
            }
        }
        (printed, written)
    }
}

#[test]
fn no_sum_of_reports_gives_a_small_number_away() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the attacks")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let asked = std::env::var("RAPPORTEUR_ATTACK").unwrap_or_default();
    let (mut tried, mut lost) = (0, Vec::new());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("an attack");
        let File { attack } = toml::from_str(&text).expect("an attack that can be read");
        for attack in attack.iter().filter(|attack| attack.name.contains(&asked)) {
            tried += 1;
            let (printed, written) = attack.printed();
            if written != attack.written.unwrap_or(attack.reports.len()) {
                lost.push(format!("{}: {written} reports were written", attack.name));
            }
            // What is struck out for being small alone would do: something must be printed.
            for terms in &attack.gives_away {
                let told: Vec<String> = terms
                    .iter()
                    .filter_map(|term| Some(format!("{term} is {}", printed.get(term)?)))
                    .collect();
                if told.len() == terms.len() {
                    lost.push(format!("{}: {}", attack.name, told.join(", ")));
                }
            }
        }
    }
    assert!(lost.is_empty(), "of {tried}:\n{}", lost.join("\n"));
}
