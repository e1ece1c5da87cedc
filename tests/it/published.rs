//! Published figures: DfE's own files, which lie beside the repository, and an account of them that
//! is worked out here by other means.

mod ledger;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use rapporteur::intake::project::Source as Script;
use rapporteur::intake::published;
use rapporteur::intake::read::Limits;
use rapporteur::nouns::problem::Problems;
use rapporteur::scripts::engine::Engine;

use crate::support::{folder, rapporteur, shared};

pub type Row = HashMap<String, String>;

pub fn rows(file: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(file).expect("a published file");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// An indicator, its file, what a row must say, and the column.
pub type Source =
    (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

const NUMBERS: &str = "cla_number_and_rate_per_10k_children.csv";
const HEALTH: &str = "la_conviction_health_outcome_cla.csv";
const STABLE: &str = "la_cla_placement_stability.csv";
const HOMES: &str = "la_care_leavers_accommodation_suitability.csv";
const WORK: &str = "la_care_leavers_activity_totals.csv";
const LATER: (&str, &str) = ("care_leaver_age", "19 to 21 years");

/// Every indicator of which the 2025 release holds a figure.
pub const SOURCES: [Source; 30] = [
    (
        "cla_n",
        NUMBERS,
        &[("population_type", "Children looked after on 31 March each year")],
        "children_count",
    ),
    (
        "cla_rate",
        NUMBERS,
        &[("population_type", "Children looked after on 31 March each year")],
        "rate_per_10000",
    ),
    (
        "start_n",
        NUMBERS,
        &[("population_type", "Children starting to be looked after each year")],
        "children_count",
    ),
    (
        "start_rate",
        NUMBERS,
        &[("population_type", "Children starting to be looked after each year")],
        "rate_per_10000",
    ),
    (
        "cease_n",
        NUMBERS,
        &[("population_type", "Children ceasing to be looked after each year")],
        "children_count",
    ),
    (
        "cease_rate",
        NUMBERS,
        &[("population_type", "Children ceasing to be looked after each year")],
        "rate_per_10000",
    ),
    (
        "pl3_pct",
        STABLE,
        &[("placement_stability", "With 3 or more placements during the year")],
        "children_percent",
    ),
    (
        "pl3_2y_pct",
        STABLE,
        &[("placement_stability", "With 3 or more placements during the previous 2 years")],
        "children_percent",
    ),
    (
        "pl2y_pct",
        STABLE,
        &[("placement_stability", "Living with the same carer for at least 2 years")],
        "children_percent",
    ),
    ("ha_pct", HEALTH, &[("breakdown", "Had their annual health assessment")], "children_percent"),
    (
        "dent_pct",
        HEALTH,
        &[("breakdown", "Had their teeth checked by a dentist")],
        "children_percent",
    ),
    ("imm_pct", HEALTH, &[("breakdown", "Had their immunisations up to date")], "children_percent"),
    ("dev_pct", HEALTH, &[("breakdown", "Development assessments up to date")], "children_percent"),
    ("sdq_avg", HEALTH, &[("breakdown", "SDQ average score")], "children_count"),
    ("sdq_done_pct", HEALTH, &[("breakdown", "SDQ score was received")], "children_percent"),
    (
        "sdq_concern_pct",
        HEALTH,
        &[("breakdown", "SDQ score is a cause for concern")],
        "children_percent",
    ),
    ("sdq_normal_pct", HEALTH, &[("breakdown", "SDQ score is normal")], "children_percent"),
    ("sdq_borderline_pct", HEALTH, &[("breakdown", "SDQ score is borderline")], "children_percent"),
    (
        "subm_help_pct",
        HEALTH,
        &[("breakdown", "Received an intervention for their substance misuse problem")],
        "children_percent",
    ),
    (
        "subm_refused_pct",
        HEALTH,
        &[("breakdown", "Offered intervention but refused it")],
        "children_percent",
    ),
    (
        "subm_pct",
        HEALTH,
        &[("breakdown", "Identified as having a substance misuse problem")],
        "children_percent",
    ),
    (
        "conv_pct",
        HEALTH,
        &[(
            "breakdown",
            "Convicted or subject to youth cautions, or youth conditional cautions during the year",
        )],
        "children_percent",
    ),
    (
        "cl_unsuit_pct",
        HOMES,
        &[LATER, ("breakdown", "Accommodation considered unsuitable")],
        "care_leaver_percent",
    ),
    (
        "cl_unsuit_pct_17_18",
        HOMES,
        &[
            ("care_leaver_age", "17 to 18 years"),
            ("breakdown", "Accommodation considered unsuitable"),
        ],
        "care_leaver_percent",
    ),
    ("cl_n", WORK, &[LATER, ("breakdown", "Total")], "care_leaver_count"),
    (
        "cl_acc_pct",
        HOMES,
        &[LATER, ("breakdown", "Accommodation considered suitable")],
        "care_leaver_percent",
    ),
    (
        "cl_eet_pct",
        WORK,
        &[LATER, ("breakdown", "Total in education, employment or training")],
        "care_leaver_percent",
    ),
    (
        "cl_neet_pct",
        WORK,
        &[LATER, ("breakdown", "Total not in education, employment or training")],
        "care_leaver_percent",
    ),
    (
        "cl_acc_pct_17_18",
        HOMES,
        &[
            ("care_leaver_age", "17 to 18 years"),
            ("breakdown", "Accommodation considered suitable"),
        ],
        "care_leaver_percent",
    ),
    (
        "cl_eet_pct_17_18",
        WORK,
        &[
            ("care_leaver_age", "17 to 18 years"),
            ("breakdown", "Total in education, employment or training"),
        ],
        "care_leaver_percent",
    ),
];

/// A project of Derby's, whose published files lie elsewhere.
pub fn derby(folder: &Path, shared: &Path) {
    let data = shared.join("data").display().to_string().replace('\\', "/");
    let settings = format!(
        "[authority]\nname = \"Derby\"\ncode = \"E06000015\"\n[published]\n\
         2023 = \"{data}/published-2023\"\n2025 = \"{data}/published\"\n[neighbours]\n\
         name = \"DfE statistical neighbours, May 2025\"\n\
         file = \"{data}/neighbours/sn_may_2025.xlsx\"\n"
    );
    std::fs::write(folder.join("rapporteur.toml"), settings).expect("written");
}

/// Derby's neighbours by the table of the model, which the program does not read here.
pub fn neighbours(shared: &Path) -> Vec<String> {
    let table = rows(&shared.join("data/neighbours/sn_model_2025_wide.csv"));
    let derby = table.iter().find(|row| row["old_la_code"] == "831").expect("Derby");
    (1..=10).map(|n| derby[&format!("SN_{n}")].trim().to_string()).collect()
}

#[test]
fn every_published_figure_of_derby_is_the_files() {
    let Some(shared) = shared("every_published_figure_of_derby_is_the_files") else { return };
    let place = folder();
    derby(place.path(), &shared);
    let run = rapporteur(
        place.path(),
        &["build", "--period", "2024/25", "-o", "a.xlsx", "--figures", "f.csv"],
    );
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let mut figures: HashMap<(String, String, String), Row> = HashMap::new();
    for row in rows(&place.path().join("f.csv")) {
        let whose = if row["area_type"] == "council" {
            row["area_code"].clone()
        } else {
            row["area_type"].clone()
        };
        figures.insert((row["indicator"].clone(), whose, row["period"].clone()), row);
    }
    assert_eq!(figures[&("cla_n".into(), "E06000015".into(), "2024/25".into())]["value"], "545");
    assert_eq!(figures[&("cla_rate".into(), "E06000015".into(), "2024/25".into())]["value"], "88");
    let group = neighbours(&shared);
    let mut files: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    let (mut compared, mut means, mut thinner) = (0, 0, 0);
    for (code, file, wanted, column) in SOURCES {
        let file =
            files.entry(file).or_insert_with(|| rows(&shared.join("data/published").join(file)));
        for year in 2021..=2025 {
            let period = format!("{}/{:02}", year - 1, year % 100);
            let of_year = file.iter().filter(|row| {
                row["time_period"] == year.to_string()
                    && wanted.iter().all(|(column, text)| row[*column] == *text)
            });
            let of_year: Vec<&Row> = of_year.collect();
            let find = |column: &str, code: &str, level: &str| {
                let mut found =
                    of_year.iter().filter(|r| r[column] == code && r["geographic_level"] == level);
                let row = found.next().unwrap_or_else(|| panic!("{code}, {year}"));
                assert!(found.next().is_none());
                *row
            };
            for (whose, row) in [
                ("E06000015", find("new_la_code", "E06000015", "Local authority")),
                ("country", find("country_code", "E92000001", "National")),
                ("region", find("region_code", "E12000004", "Regional")),
            ] {
                let figure = &figures[&(code.to_string(), whose.to_string(), period.clone())];
                let published = row[column].as_str();
                match published.parse::<f64>() {
                    Ok(n) => assert_eq!(
                        figure["value"].parse::<f64>().expect("a number"),
                        n,
                        "{code} {whose} {year}"
                    ),
                    Err(_) => assert_eq!(
                        (figure["value"].as_str(), figure["symbol"].as_str()),
                        ("", published)
                    ),
                }
                compared += 1;
            }
            let numbers: Vec<f64> = group
                .iter()
                .filter_map(|number| {
                    let mut theirs = of_year.iter().filter(|r| &r["old_la_code"] == number);
                    theirs.next().and_then(|r| r[column].parse().ok())
                })
                .collect();
            let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
            let figure =
                &figures[&(code.to_string(), "statistical neighbours".to_string(), period.clone())];
            assert!(
                (figure["value"].parse::<f64>().expect("a mean") - mean).abs() < 1e-9,
                "{code} {year}"
            );
            means += 1;
            thinner += usize::from(numbers.len() < group.len());
        }
    }
    // Some neighbours are suppressed somewhere: otherwise leaving them out was never tried.
    assert!(compared == 450 && means == 150 && thinner > 0, "{compared} {means} {thinner}");
}

const COUNCIL: &str = "2025,Reporting year,Local authority,E92000001,England,E12000099,Mid England,\
                       901,Exampleton,E06000901";

/// Files that few download beside DfE's main release, with the headings and words of the newest,
/// and a council that is not in it.
const STABILITY: [(&str, &str, &[&str]); 3] = [
    (
        "la_cla_swcount.csv",
        "cla_group,sw_stability,children_count,children_percent",
        &[
            "CLA 2 years on 31 March,Total children,59430,100",
            "CLA 2 years on 31 March,3 or more social workers during the previous 2 years,31520,53",
            "CLA on 31 March,Total children,81770,100",
            "CLA on 31 March,3 or more social workers during the year,19900,24",
        ],
    ),
    (
        "la_cla_school_moves.csv",
        "cla_group,move_measure,school_stability,children_count,children_percent",
        &[
            "CLA 2 years on 31 March,Any moves,With one or more moves during the previous 2 \
             years,9350,20",
            "CLA on 31 March,Any moves,Total children,52130,100",
            "CLA on 31 March,Any moves,With one or more moves during the year,6030,11",
            "CLA on 31 March,Mid-year moves,Total children,52130,100",
            "CLA on 31 March,Mid-year moves,With one or more mid-year moves during the year,4280,8",
        ],
    ),
    (
        "la_cla_during_year_new_placements.csv",
        "characteristic,breakdown,children_count,children_percent",
        &[
            "Location of new placements during the year,Total new placements,90930,100",
            "Reason for placement change during the year,Total placements changing,59140,100",
        ],
    ),
];

#[test]
fn files_that_few_download_give_comparators_and_are_not_missed() {
    let place = folder();
    let release = place.path().join("2025");
    std::fs::create_dir(&release).expect("a folder");
    std::fs::write(
        place.path().join("rapporteur.toml"),
        "[authority]\nname = \"Exampleton\"\ncode = \"E06000901\"\n[published]\n2025 = \"2025\"\n",
    )
    .expect("settings");
    let build = || {
        let wanted = ["build", "--period", "2024/25", "-o", "a.xlsx", "--figures", "f.csv"];
        rapporteur(place.path(), &wanted)
    };
    let without = build();
    assert!(without.shown().contains("la_cla_placement_stability.csv"), "{}", without.shown());
    for (file, ..) in STABILITY {
        assert!(!without.shown().contains(file), "{}", without.shown());
    }
    let areas = "time_period,time_identifier,geographic_level,country_code,country_name,\
                 region_code,region_name,old_la_code,la_name,new_la_code";
    for (file, columns, lines) in STABILITY {
        let mut text = format!("{areas},{columns}\n");
        for line in lines {
            text += &format!("2025,Reporting year,National,E92000001,England,,,,,,{line}\n");
            text += &format!("{COUNCIL},{line}\n");
        }
        std::fs::write(release.join(file), text).expect("a published file");
    }
    let with = build();
    assert_eq!(without.err, with.err, "what lies there as declared is told by nobody");
    let figures = rows(&place.path().join("f.csv"));
    for (code, value) in [
        ("sw3_pct", "24"),
        ("sw3_2y_pct", "53"),
        ("school_move_any_pct", "11"),
        ("school_move_pct", "8"),
        ("new_pl_n", "90930"),
    ] {
        let mut england =
            figures.iter().filter(|f| f["indicator"] == code && f["area_type"] == "country");
        assert_eq!(england.next().map(|f| f["value"].as_str()), Some(value), "{code}");
    }
}

#[test]
fn both_models_of_statistical_neighbours_are_read() {
    let Some(shared) = shared("both_models_of_statistical_neighbours_are_read") else { return };
    for (model, first, last) in
        [("sn_may_2025", "Coventry", "Stoke-on-Trent"), ("sn_april_2021", "Peterborough", "Leeds")]
    {
        let place = folder();
        derby(place.path(), &shared);
        let settings = place.path().join("rapporteur.toml");
        let text =
            std::fs::read_to_string(&settings).expect("settings").replace("sn_may_2025", model);
        std::fs::write(&settings, text).expect("written");
        let run = rapporteur(place.path(), &["build", "--period", "2024/25", "-o", "a.xlsx"]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        let shown = rapporteur(place.path(), &["show", "a.xlsx", "--cells"]);
        let told = shown
            .out
            .lines()
            .find(|line| line.contains("Statistical neighbours ("))
            .expect("a note")
            .to_string();
        let names =
            told.split_once(" of ").expect("names").1.split(". ").next().expect("a sentence");
        let names: Vec<&str> = names.split(", ").collect();
        assert_eq!((names.len(), names[0], names[9]), (10, first, last), "{told}");
    }
}

#[test]
fn a_damaged_published_file_is_told_and_never_a_panic() {
    let case = crate::support::root().join("tests/cases/published_alone");
    let read = |name: &str| std::fs::read(case.join(name)).expect("a file of the case");
    let (rates, checks) = (read("published/2025/rates.csv"), read("published/2025/checks.csv"));
    let script = Script::own("rates.luau", read("scripts/rates.luau"));
    let (_, declared) = Engine::load(&[script], &mut Problems::default());
    let place = folder();
    let releases = BTreeMap::from([("2025".to_string(), place.path().to_path_buf())]);
    let mut seed = 20_251_122_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    };
    let (mut told, mut whole) = (0, 0);
    for _ in 0..400 {
        for (name, bytes) in [("rates.csv", &rates), ("checks.csv", &checks)] {
            let mut bytes = bytes.clone();
            for _ in 0..=random(3) {
                let (at, length) = (random(bytes.len()), random(40));
                let end = (at + length).min(bytes.len());
                match random(4) {
                    0 => drop(bytes.drain(at..end)),
                    1 => bytes.extend_from_within(at..end),
                    2 => bytes[at] = random(256) as u8,
                    _ => bytes.insert(at, b",\n\"9-."[random(6)]),
                }
            }
            std::fs::write(place.path().join(name), bytes).expect("written");
        }
        let mut problems = Problems::default();
        let published = published::read(&releases, &declared, 4, &Limits::default(), &mut problems);
        told += usize::from(problems.any());
        whole += usize::from(published.series.len() == 2);
    }
    // Most damage breaks a row or a heading; some is in a name, which nothing goes by.
    assert!(told > 200 && whole > 100, "{told} told, {whole} whole");
}
