//! Many councils' figures added up to one area's.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use crate::attacker::Dice;
use crate::support::{Run, folder, rapporteur, snapshots};

const HEAD: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,\
                    HOME_POST,PL_POST,URN\n";
/// What each council's project adds: a median, a mean, and a sum that no shipped script has.
const SCRIPT: &str = r#"
local function miles(e: Episodes) return if e.PLACE == "U4" then 12 else 3 end

rap.indicator "far_median" { title = "Median", unit = "median", population = "episodes", median = miles }
rap.indicator "far_mean" { title = "Mean", unit = "average", population = "episodes", average = miles }
rap.indicator "far_sum" { title = "Sum", unit = "number", population = "episodes", sum = miles }
"#;

/// Councils of random children: the rows of each.
fn councils(how_many: usize, dice: &mut Dice) -> Vec<Vec<String>> {
    let mut child = 900_000;
    let mut all = Vec::new();
    for _ in 0..how_many {
        let mut rows = Vec::new();
        for _ in 0..10 + dice.below(60) {
            child += 1;
            rows.push(random_row(child, dice));
        }
        all.push(rows);
    }
    all
}

/// An episode of a child, which may have ended.
fn random_row(child: u32, dice: &mut Dice) -> String {
    let place = ["U4", "U4", "U1", "K2", "H5", "P1"][dice.below(6) as usize];
    let day = 1 + dice.below(28);
    let ended = match dice.below(4) {
        0 => format!("{:02}/08/2026,E4A", 1 + dice.below(28)),
        _ => ",".to_string(),
    };
    let (year, month) = (2022 + dice.below(4), 1 + dice.below(9));
    format!("{child},{day:02}/0{month}/{year},S,C2,N1,{place},PR1,{ended},,AB1 0JA,AB1 0JB,\n")
}

/// Writes the returns of councils, and one of all of them together.
fn write(folder: &Path, councils: &[Vec<String>]) {
    let cover = |name: &str, code: &str| {
        format!("Cover,\nAuthority,{name}\nAuthority code,{code}\nPeriod,2026/27 Q1/Q2\n")
    };
    let write = |name: String, cover: String, rows: &[String]| {
        let into = folder.join(name);
        std::fs::create_dir_all(&into).expect("made");
        std::fs::write(into.join("cover.csv"), cover).expect("written");
        std::fs::write(into.join("Episodes.csv"), format!("{HEAD}{}", rows.concat()))
            .expect("written");
    };
    for (at, rows) in councils.iter().enumerate() {
        let (name, code) = (format!("Council {at}"), format!("E0600{at:04}"));
        write(format!("returns/council{at:02}"), cover(&name, &code), rows);
    }
    write("whole".to_string(), cover("Region", "E12000004"), &councils.concat());
    std::fs::create_dir_all(folder.join("scripts")).expect("made");
    std::fs::write(folder.join("scripts/far.luau"), SCRIPT).expect("written");
}

fn exchange(folder: &Path, rule: &str) -> Run {
    rapporteur(
        folder,
        &[
            "build",
            "returns",
            "--jobs",
            "2",
            "-o",
            "out",
            "--exchange",
            "exchange.csv",
            "--figures",
            "figures.csv",
            "--disclosure",
            rule,
        ],
    )
}

fn combine(folder: &Path, rule: &str) -> Run {
    rapporteur(
        folder,
        &[
            "combine",
            "out",
            "--area",
            "Region",
            "--area-code",
            "E12000004",
            "-o",
            "region.xlsx",
            "--figures",
            "region.csv",
            "--disclosure",
            rule,
        ],
    )
}

/// The council's own figures of a table: numerator, denominator, value, printed.
fn figures(path: &Path) -> BTreeMap<String, [String; 4]> {
    let text = std::fs::read_to_string(path).expect("a table");
    let mut reader = csv_rows(&text);
    let head = reader.remove(0);
    let at = |name: &str| head.iter().position(|h| h == name).expect("a column");
    let columns = ["numerator", "denominator", "value", "printed"].map(at);
    let own = reader.into_iter().filter(|row| row[at("area_type")] == "council");
    own.map(|row| (row[at("indicator")].clone(), columns.map(|column| row[column].clone())))
        .collect()
}

/// The fields of a row.
fn csv_row(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => fields.last_mut().expect("one").push(c),
        }
    }
    fields
}

/// Rows of a plain CSV; a field in quotation marks may hold commas.
fn csv_rows(text: &str) -> Vec<Vec<String>> {
    text.lines().map(csv_row).collect()
}

#[test]
fn what_is_added_up_is_what_one_return_of_all_councils_gives() {
    let here = folder();
    write(here.path(), &councils(4, &mut Dice(5)));
    exchange(here.path(), "none");
    let run = combine(here.path(), "none");
    assert_eq!(run.code, Some(0), "{}", run.shown());
    rapporteur(here.path(), &["build", "whole", "-o", "whole.xlsx", "--figures", "whole.csv"]);
    let (region, whole) =
        (figures(&here.path().join("region.csv")), figures(&here.path().join("whole.csv")));
    assert!(region.len() > 20 && region.contains_key("far_median"), "{region:?}");
    let mut differ = String::new();
    for (code, one) in &whole {
        if region.get(code) != Some(one) {
            writeln!(differ, "{code}: {one:?}, added up {:?}", region.get(code)).expect("a text");
        }
    }
    assert!(differ.is_empty(), "{differ}");
}

#[test]
fn the_order_of_files_makes_no_difference() {
    let here = folder();
    write(here.path(), &councils(3, &mut Dice(6)));
    exchange(here.path(), "dfe");
    let files =
        ["out/council00-exchange.csv", "out/council01-exchange.csv", "out/council02-exchange.csv"];
    let mut made = Vec::new();
    for order in [[0, 1, 2], [2, 0, 1]] {
        let named: Vec<&str> = order.iter().map(|at| files[*at]).collect();
        let asked =
            [&["combine"][..], &named, &["-o", "region.xlsx", "--figures", "region.csv"]].concat();
        assert_eq!(rapporteur(here.path(), &asked).code, Some(0));
        let read = |name: &str| std::fs::read(here.path().join(name)).expect("written");
        made.push((read("region.xlsx"), read("region.csv")));
    }
    assert!(made[0] == made[1]);
}

/// Rows of thirty children, so many of them in homes.
fn places(homes: usize) -> Vec<String> {
    let place = |n: usize| if n < homes { "K2" } else { "U4" };
    let row = |n: usize| {
        format!(
            "{},03/04/2025,S,C2,N1,{},PR1,,,,AB1 0JA,AB1 0JB,\n",
            900_000 + 100 * homes + n,
            place(n)
        )
    };
    (0..30).map(row).collect()
}

/// Two functions over the same records add up to two numbers: what hides the one must not be taken
/// to hide the other, nor what shows the one to show the other.
#[test]
fn sums_of_two_functions_over_the_same_records_are_two_numbers() {
    let here = folder();
    write(here.path(), &[places(1), places(2)]);
    let script = r#"
local function in_homes(e: Episodes) return if e.PLACE == "K2" then 1 else 0 end
local function nights(e: Episodes) return if e.PLACE == "K2" then 70 else 90 end

rap.indicator "few" { title = "Few", unit = "number", population = "episodes", sum = in_homes }
rap.indicator "many" { title = "Many", unit = "number", population = "episodes", sum = nights }
"#;
    std::fs::write(here.path().join("scripts/far.luau"), script).expect("written");
    exchange(here.path(), "dfe");
    let run = combine(here.path(), "dfe");
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let region = figures(&here.path().join("region.csv"));
    assert_eq!(region["many"][2], "5340", "3 x 70 + 57 x 90 is no secret");
    assert_eq!(region["few"][2], "", "3 is");
}

#[test]
fn an_exchange_file_is_private_and_names_no_child() {
    let here = folder();
    write(here.path(), &councils(1, &mut Dice(7)));
    exchange(here.path(), "none");
    let path = here.path().join("out/council00-exchange.csv");
    let text = std::fs::read_to_string(&path).expect("written");
    assert!(text.lines().next().is_some_and(|head| head.starts_with("not_for_publication,")));
    assert!(!text.contains("900001") && !text.contains("AB1"), "it names nobody");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "its owner alone may read it");
    }
}

/// A table is CSV, and is not called anything else.
#[test]
fn an_exchange_file_is_not_called_what_it_is_not() {
    let here = crate::support::example();
    for (option, name) in [("--exchange", "x.parquet"), ("--figures", "f.XLSX")] {
        let run = rapporteur(here.path(), &["build", "q2.xlsx", option, name]);
        assert_eq!(run.code, Some(2), "{}", run.shown());
        assert!(
            run.err.contains(&format!("{option} writes a CSV table, not .")),
            "{}",
            run.shown()
        );
        assert!(!here.path().join(name).exists() && !here.path().join("q2-appendix.xlsx").exists());
    }
}

/// Each fault of exchange files, and what is said of it.
#[test]
fn what_cannot_be_added_up_is_said_and_never_guessed() {
    let here = folder();
    write(here.path(), &councils(2, &mut Dice(8)));
    exchange(here.path(), "none");
    let [one, two] = ["out/council00-exchange.csv", "out/council01-exchange.csv"];
    let read = |name: &str| std::fs::read_to_string(here.path().join(name)).expect("written");
    let put =
        |name: &str, text: &str| std::fs::write(here.path().join(name), text).expect("written");
    let text = read(two);
    put("twice.csv", &read(one));
    put("later.csv", &text.replace("2026-09-30", "2026-12-31"));
    let definition = text.lines().find(|line| line.contains(",cla_n,")).expect("a figure");
    let definition = definition.split(',').nth(6).expect("its definition");
    put("otherwise.csv", &text.replace(definition, "0123456789abcdef"));
    let row = text.lines().find(|line| line.contains(",cla_n,")).expect("a figure");
    let number = row.split(',').nth(10).expect("its numerator");
    put("changed.csv", &text.replace(row, &row.replacen(&format!(",{number},"), ",4,", 1)));
    put("without.csv", &without(&text, ",cla_n,"));
    put("nothing.csv", "a,b\n1,2\n");
    let mut told = String::new();
    for other in ["twice.csv", "later.csv", "otherwise.csv", "changed.csv", "nothing.csv"] {
        let run = rapporteur(here.path(), &["combine", one, other, "-o", "region.xlsx"]);
        writeln!(told, "== {other}\n{}", run.shown()).expect("a text");
    }
    snapshots().bind(|| insta::assert_snapshot!("combine_faults", told));
}

fn without(text: &str, what: &str) -> String {
    text.lines().filter(|line| !line.contains(what)).map(|line| format!("{line}\n")).collect()
}

/// An attacker who holds the area's table and every council's own, and knows that councils add up
/// to their area and parts to their total. He looks for the least and the most that each number
/// that a council hid could be.
struct Attacker {
    area: BTreeMap<String, [String; 4]>,
    councils: Vec<BTreeMap<String, [String; 4]>>,
    truth: Vec<BTreeMap<String, [String; 4]>>,
}

impl Attacker {
    /// How many small numbers he finds exactly.
    fn recovered(&self) -> usize {
        let codes: Vec<&String> = self.area.keys().collect();
        let mut found = 0;
        for (council, truth) in self.truth.iter().enumerate() {
            for code in &codes {
                let small = truth.get(*code).and_then(|one| one[0].parse::<f64>().ok());
                let hidden = self.councils[council].get(*code).is_some_and(|one| one[2].is_empty());
                if hidden && small.is_some_and(|n| (1.0..=5.0).contains(&n)) {
                    let ends = [OptimizationDirection::Minimize, OptimizationDirection::Maximize]
                        .map(|way| self.end(council, code, way));
                    found += usize::from(matches!(ends, [Some(a), Some(b)] if b - a < 1.0));
                }
            }
        }
        found
    }

    /// The least or the most that a council's number can be.
    fn end(&self, council: usize, code: &str, way: OptimizationDirection) -> Option<f64> {
        let total = code.split('.').next().unwrap_or(code);
        let family: Vec<&String> =
            self.area.keys().filter(|one| one.split('.').next() == Some(total)).collect();
        let mut problem = Problem::new(way);
        let mut of: Vec<Vec<Variable>> = Vec::new();
        for (at, known) in self.councils.iter().enumerate() {
            let variable = |one: &&String| {
                let wanted = at == council && one.as_str() == code;
                let known = known.get(*one).and_then(|k| k[0].parse::<f64>().ok());
                let most = known.unwrap_or(10_000.0);
                problem.add_var(f64::from(u8::from(wanted)), (known.unwrap_or(0.0), most))
            };
            of.push(family.iter().map(variable).collect());
        }
        for (which, one) in family.iter().enumerate() {
            if let Ok(sum) = self.area[*one][0].parse::<f64>() {
                let terms: Vec<(Variable, f64)> = of.iter().map(|own| (own[which], 1.0)).collect();
                problem.add_constraint(&terms[..], ComparisonOp::Eq, sum);
            }
        }
        if let Some(whole) = family.iter().position(|one| one.as_str() == total)
            && family.len() > 1
        {
            for own in &of {
                let parts = own.iter().enumerate().filter(|(which, _)| *which != whole);
                let mut terms: Vec<(Variable, f64)> = parts.map(|(_, v)| (*v, 1.0)).collect();
                terms.push((own[whole], -1.0));
                problem.add_constraint(&terms[..], ComparisonOp::Eq, 0.0);
            }
        }
        Some(problem.solve().ok()?.into_solution().ok()?.objective())
    }
}

/// `RAPPORTEUR_REGIONS=40` tries as many, of 3 to 14 councils.
#[test]
fn nobody_finds_a_council_by_taking_the_others_off_the_area() {
    let regions = std::env::var("RAPPORTEUR_REGIONS");
    let regions: u64 = regions.map_or(2, |n| n.parse().expect("a number of regions"));
    let mut safe = 0;
    let mut alone = 0;
    for seed in 11..11 + regions {
        let here = folder();
        let mut dice = Dice(seed);
        let how_many = if seed < 13 { 12 } else { 3 + dice.below(12) as usize };
        write(here.path(), &councils(how_many, &mut dice));
        let of_each = |what: &str| -> Vec<BTreeMap<String, [String; 4]>> {
            let table = |at: usize| here.path().join(format!("out/council{at:02}-{what}"));
            (0..how_many).map(|at| figures(&table(at))).collect()
        };
        exchange(here.path(), "none");
        let truth = of_each("figures.csv");
        exchange(here.path(), "dfe");
        let councils = of_each("figures.csv");
        assert_eq!(combine(here.path(), "dfe").code, Some(0));
        let area = figures(&here.path().join("region.csv"));
        assert!(area.values().filter(|one| !one[2].is_empty()).count() > 10, "something is shown");
        let attacker = Attacker { area, councils, truth };
        safe += attacker.recovered();
        // A report of all records that knows nothing of the councils' own gives some away.
        let asked = ["build", "whole", "--disclosure", "dfe", "-o", "w.xlsx", "--figures", "w.csv"];
        rapporteur(here.path(), &asked);
        alone += Attacker { area: figures(&here.path().join("w.csv")), ..attacker }.recovered();
    }
    println!(
        "{regions} regions: {safe} recovered; {alone} where the area is protected for itself alone"
    );
    assert_eq!(safe, 0, "numbers that councils hid");
    assert!(alone > 0, "the attacker finds something where it is to be found");
}
