//! What one release says otherwise than the one before it, and councils whose codes changed.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use super::{NUMBERS, Row, derby, rows};
use crate::support::{folder, rapporteur, shared};

/// What a release's file has, by indicator, area and year; a council has the code of the newer one.
fn printed_cells(
    file: &Path,
    codes: &HashMap<String, String>,
    group: &str,
    count: &str,
) -> HashMap<(String, String, String), String> {
    let mut found: HashMap<(String, String, String), String> = HashMap::new();
    for row in rows(file) {
        let area = ["new_la_code", "region_code", "country_code"]
            .into_iter()
            .find(|c| !row[*c].is_empty());
        let what = row[group].replace(" at ", " on ");
        let what = what.split(' ').nth(1).expect("Children …").to_string();
        let year: u16 = row["time_period"].parse().expect("a year");
        let period = format!("{}/{:02}", year - 1, year % 100);
        for (column, kind) in [(count, "n"), ("rate_per_10000", "rate")] {
            let code = match what.as_str() {
                "ceasing" => format!("cease_{kind}"),
                "starting" => format!("start_{kind}"),
                _ => format!("cla_{kind}"),
            };
            let area = row[area.expect("an area")].clone();
            let council = codes.get(&row["old_la_code"]).filter(|code| !code.is_empty());
            let area = council.cloned().unwrap_or(area);
            found.insert((code, area, period.clone()), row[column].clone());
        }
    }
    found
}

#[test]
fn the_ledger_of_two_releases_is_exact() {
    let Some(shared) = shared("the_ledger_of_two_releases_is_exact") else { return };
    let place = folder();
    derby(place.path(), &shared);
    let run = rapporteur(place.path(), &["restated", "-o", "ledger.csv"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.out.contains("in all, number: 1,485 in both, 350 restated"), "{}", run.out);
    assert!(
        run.out.contains("in all, rate per 10,000: 1,485 in both, 130 restated"),
        "{}",
        run.out
    );
    let ledger = rows(&place.path().join("ledger.csv"));
    let key =
        |row: &Row| (row["indicator"].clone(), row["area_code"].clone(), row["period"].clone());
    let told: HashMap<_, _> = ledger.iter().map(|row| (key(row), row)).collect();
    assert_eq!(told.len(), ledger.len(), "nothing is listed twice");
    // The same, by holding the files against each other row by row: a council is known by its
    // three-digit number, since North Yorkshire and Somerset have another code in the newer one.
    let codes: HashMap<String, String> = rows(&shared.join("data/published").join(NUMBERS))
        .into_iter()
        .map(|row| (row["old_la_code"].clone(), row["new_la_code"].clone()))
        .collect();
    let file = |folder: &str| shared.join("data").join(folder).join(NUMBERS);
    let older = printed_cells(&file("published-2023"), &codes, "population_count", "number");
    let newer = printed_cells(&file("published"), &codes, "population_type", "children_count");
    let mut moved = 0;
    for (key, was) in &older {
        let Some(now) = newer.get(key) else { continue };
        let row = told.get(key);
        assert_eq!(row.is_some(), was != now, "{key:?}: {was} and {now}");
        if let (Some(row), Ok(_), Ok(_)) = (row, was.parse::<f64>(), now.parse::<f64>()) {
            assert_eq!(
                (row["was"].replace(',', ""), row["now"].replace(',', "")),
                (was.clone(), now.clone())
            );
            assert_eq!(
                (row["was_release"].as_str(), row["now_release"].as_str()),
                ("2023", "2025")
            );
        }
        moved += usize::from(was != now);
    }
    assert_eq!(moved, 350 + 130);
    let england = |code: &str| {
        let row = told[&(code.to_string(), "E92000001".to_string(), "2022/23".to_string())];
        (row["was"].clone(), row["now"].clone())
    };
    assert_eq!(england("cla_n"), ("83,840".to_string(), "83,750".to_string()));
    assert_eq!(england("cla_rate"), ("71".to_string(), "70".to_string()));
    let json = rapporteur(place.path(), &["restated", "--json"]);
    let json: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(json["restated"].as_array().expect("rows").len(), ledger.len());
}

/// A release of one file in which councils (number, name, code, rate) have the same in every year.
fn release(folder: &Path, name: &str, years: &[u16], councils: &[(&str, &str, &str, u16)]) {
    let (what, at, count) = match name {
        "2023" => ("population_count", "at", "number"),
        _ => ("population_type", "on", "children_count"),
    };
    let mut text = format!(
        "time_period,time_identifier,geographic_level,country_code,country_name,region_code,\
         region_name,old_la_code,la_name,new_la_code,{what},population_estimate,{count},\
         rate_per_10000\n"
    );
    let counted = [format!("looked after {at} 31 March"), "starting to be looked after".into()];
    for (number, council, code, rate) in councils {
        for year in years {
            for counted in counted.iter().map(String::as_str).chain(["ceasing to be looked after"])
            {
                text.push_str(&format!(
                    "{year},Reporting year,Local authority,E92000001,England,E12000003,North,\
                     {number},{council},{code},Children {counted} each year,10000,{rate},{rate}\n"
                ));
            }
        }
    }
    std::fs::create_dir_all(folder.join(name)).expect("a folder");
    std::fs::write(folder.join(name).join(NUMBERS), text).expect("a file");
}

/// The rate of North, or of another kind of area, and its mark.
fn rate(figures: &[Row], area: &str, period: &str) -> Option<(String, String)> {
    let row = figures.iter().find(|row| {
        row["indicator"] == "cla_rate"
            && row["area_type"] == area
            && row["period"] == period
            && (area != "council" || row["area"] == "North")
    })?;
    Some((row["printed"].clone(), row["mark"].clone()))
}

#[test]
fn a_council_that_changes_its_code_goes_on_and_a_split_one_does_not() {
    let place = folder();
    let older = [
        ("901", "North", "E10900001", 41),
        ("902", "East", "E10900002", 40),
        ("903", "Shire", "E10900003", 60),
    ];
    let newer = [
        ("901", "North", "E06900001", 40),
        ("902", "East", "E06900002", 40),
        ("904", "West Shire", "E06900004", 70),
    ];
    release(place.path(), "2023", &[2022, 2023], &older);
    release(place.path(), "2025", &[2023, 2024, 2025], &newer);
    let settings = "[authority]\nname = \"North\"\ncode = \"E10900001\"\n[published]\n\
                    2023 = \"2023\"\n\
                    2025 = \"2025\"\n[neighbours]\nname = \"Own\"\ncouncils = [902, 903]\n";
    std::fs::write(place.path().join("rapporteur.toml"), settings).expect("settings");
    let run = rapporteur(
        place.path(),
        &[
            "build",
            "--period",
            "2024/25",
            "--template",
            "annual",
            "-o",
            "a.xlsx",
            "--figures",
            "f.csv",
            "--json",
        ],
    );
    let figures = rows(&place.path().join("f.csv"));
    let figure = |area: &str, period: &str| {
        rate(&figures, area, period).unwrap_or_else(|| panic!("{area} {period}: {}", run.shown()))
    };
    let said = |printed: &str, mark: &str| (printed.to_string(), mark.to_string());
    // Its own history goes on under both codes, and 41 that became 40 is a revision.
    assert_eq!(figure("council", "2021/22"), said("41", ""));
    assert_eq!(figure("council", "2022/23"), said("40", "[r]"));
    assert_eq!(figure("council", "2024/25"), said("40", ""));
    // East is one council in both; Shire was split, and is in no average of the newer release.
    assert_eq!(figure("statistical neighbours", "2021/22").0, "50.0");
    assert_eq!(figure("statistical neighbours", "2024/25").0, "40.0");
    for told in [
        "E10900001 is E06900001 by now; both were joined",
        "Shire is in no release after 2023: later averages are without it",
    ] {
        assert!(run.out.contains(told), "{told}: {}", run.out);
    }
}
