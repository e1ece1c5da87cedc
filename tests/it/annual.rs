//! The year's update: Derby's of July 2023 from its return, and that of 2024/25 from published data
//! alone.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde_json::Value;

use crate::published::{Row, SOURCES, derby, neighbours, rows};
use crate::support::{Run, folder, rapporteur, shared};

/// The rows of a sheet of an appendix by the text in their first column: the other columns by their
/// headings.
fn table(run: &Run, sheet: &str) -> HashMap<String, HashMap<String, String>> {
    let mut lines: BTreeMap<u32, BTreeMap<String, String>> = BTreeMap::new();
    for line in run.out.lines().filter_map(|line| line.strip_prefix(&format!("{sheet}\t"))) {
        let (cell, text) = line.split_once('\t').expect("an address and a text");
        let letters = cell.trim_end_matches(|c: char| c.is_ascii_digit());
        let row = cell[letters.len()..].parse().expect("a row");
        lines.entry(row).or_default().insert(letters.to_string(), text.to_string());
    }
    let head = lines.values().find(|row| row.len() > 2).expect("a row of headings").clone();
    let by_heading = |row: &BTreeMap<String, String>| {
        row.iter()
            .filter_map(|(letters, text)| Some((head.get(letters)?.clone(), text.clone())))
            .collect()
    };
    lines
        .values()
        .filter(|row| row.len() > 1)
        .map(|row| (row["A"].clone(), by_heading(row)))
        .collect()
}

/// What each indicator is called, by its code.
fn titles(figures: &Path) -> HashMap<String, String> {
    let figures = rows(figures);
    figures.into_iter().map(|row| (row["indicator"].clone(), row["title"].clone())).collect()
}

#[test]
fn derbys_paper_of_2023_says_its_changes_and_comparisons() {
    let Some(shared) = shared("derbys_paper_of_2023_says_its_changes_and_comparisons") else {
        return;
    };
    let golden = shared.join("golden/derby-2023");
    let place = folder();
    let file = golden.join("return.xlsx");
    let run = rapporteur(
        place.path(),
        &[
            "build",
            file.to_str().expect("plain"),
            "--template",
            "annual",
            "-o",
            "a.xlsx",
            "--figures",
            "f.csv",
        ],
    );
    // The paper's own fault is told, and nothing else: its rates are out of three different
    // populations.
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(
        run.out.contains("1 warning and 1 note")
            && run.err.contains("out of different populations"),
        "{}",
        run.err
    );
    let shown = rapporteur(place.path(), &["show", "a.xlsx", "--cells"]);
    let annual = table(&shown, "Annual performance");
    let titles = titles(&place.path().join("f.csv"));
    let row = |code: &Value| &annual[&titles[code.as_str().expect("a code")]];
    let expected: Value =
        serde_json::from_slice(&std::fs::read(golden.join("expected.json")).expect("expected"))
            .expect("JSON");
    let text =
        |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToString::to_string);
    for change in expected["changes"].as_array().expect("changes") {
        let row = row(&change["code"]);
        assert_eq!(
            (&row["2021/22"], &row["2022/23"]),
            (&text(&change["from"]), &text(&change["to"]))
        );
        let sign = if change["direction"] == "decrease" { "−" } else { "+" };
        let by = change["change"].as_i64().expect("a number").abs();
        assert_eq!(row["Change"], format!("{sign}{by} ({})", text(&change["change_pct"])));
    }
    for told in expected["comparisons"].as_array().expect("comparisons") {
        let row = row(&told["code"]);
        for (key, heading) in [
            ("england", "England 2021/22"),
            ("neighbours", "Comparator average 2021/22"),
            ("region", "East Midlands 2021/22"),
        ] {
            if let Some(number) = told.get(key) {
                assert_eq!(row[heading].trim_end_matches('%'), text(number), "{heading}");
            }
        }
        let is = text(&told["is"]);
        let (beside, going) =
            is.split_once(", ").map_or((is.as_str(), None), |(b, g)| (b, Some(g)));
        assert_eq!(row["Comparison"].to_lowercase(), beside);
        if let Some(going) = going {
            assert!(row["Direction"].to_lowercase().ends_with(going), "{}", row["Direction"]);
        }
    }
}

/// The quantile of numbers between which it lies, weighed by how near it is to each.
fn quantile(numbers: &mut [f64], q: f64) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let at = q * (numbers.len() as f64 - 1.0);
    numbers[at as usize] * (1.0 - at.fract()) + numbers[(at.ceil()) as usize] * at.fract()
}

#[test]
fn derbys_appendix_of_2024_25_stands_on_published_data_alone() {
    let Some(shared) = shared("derbys_appendix_of_2024_25_stands_on_published_data_alone") else {
        return;
    };
    let place = folder();
    derby(place.path(), &shared);
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
        ],
    );
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let shown = rapporteur(place.path(), &["show", "a.xlsx", "--cells"]);
    let annual = table(&shown, "Annual performance");
    let ranks = table(&shown, "Ranks");
    let titles = titles(&place.path().join("f.csv"));
    let group = neighbours(&shared);
    let in_care = &annual["Children in care at the end of the period"];
    assert_eq!(
        ["2022/23", "2023/24", "2024/25"].map(|year| in_care[year].as_str()),
        ["620", "598", "545"]
    );
    assert_eq!(annual["Children in care per 10,000 children"]["2024/25"], "88");
    let mut files: HashMap<&str, Vec<Row>> = HashMap::new();
    let mut ranked = 0;
    for (code, file, wanted, column) in SOURCES {
        let file =
            files.entry(file).or_insert_with(|| rows(&shared.join("data/published").join(file)));
        let matching = |row: &&Row| {
            row["time_period"] == "2025" && wanted.iter().all(|(c, text)| row[*c] == *text)
        };
        let year: Vec<&Row> = file.iter().filter(matching).collect();
        let row = &annual[&titles[code]];
        for (heading, level, key, of) in [
            ("2024/25", "Local authority", "new_la_code", "E06000015"),
            ("East Midlands 2024/25", "Regional", "region_code", "E12000004"),
            ("England 2024/25", "National", "country_code", "E92000001"),
        ] {
            let theirs = year
                .iter()
                .find(|r| r["geographic_level"] == level && r[key] == of)
                .expect("a row");
            let printed = if theirs[column] == "c" { "Suppressed" } else { &theirs[column] };
            assert_eq!(row[heading].trim_end_matches('%'), printed, "{code}, {heading}");
        }
        // Ranks are of measures that have a good direction.
        let Some(rank) = ranks.get(&titles[code]) else { continue };
        let councils = year.iter().filter(|r| r["geographic_level"] == "Local authority");
        let numbers: Vec<(&str, f64)> = councils
            .filter_map(|r| Some((r["old_la_code"].as_str(), r[column].parse().ok()?)))
            .collect();
        let high = rank["Good is"] == "High";
        let mine = numbers.iter().find(|(council, _)| *council == "831").expect("Derby").1;
        let better = |n: f64| if high { n > mine } else { n < mine };
        let place = numbers.iter().filter(|(_, n)| better(*n)).count() + 1;
        assert_eq!(
            rank["Rank in England 2024/25"],
            format!("{place} of {}", numbers.len()),
            "{code}"
        );
        let near: Vec<f64> = numbers
            .iter()
            .filter(|(council, _)| group.iter().any(|g| g == council))
            .map(|(_, n)| *n)
            .collect();
        let place = near.iter().filter(|n| better(**n)).count() + 1;
        assert_eq!(
            rank["Rank among comparators 2024/25"],
            format!("{place} of {}", near.len() + 1),
            "{code}"
        );
        let mut all: Vec<f64> = numbers.iter().map(|(_, n)| *n).collect();
        let below = [0.25, 0.5, 0.75].iter().filter(|q| mine > quantile(&mut all, **q)).count();
        let band = ["A", "B", "C", "D"][if high { 3 - below } else { below }];
        assert_eq!(rank["Band (A best) 2024/25"], band, "{code}");
        ranked += 1;
    }
    assert!(ranked >= 15, "only {ranked} measures were ranked");
}

#[test]
fn a_comparator_that_was_restated_is_marked_and_listed() {
    let Some(shared) = shared("a_comparator_that_was_restated_is_marked_and_listed") else {
        return;
    };
    let place = folder();
    derby(place.path(), &shared);
    let run = rapporteur(
        place.path(),
        &["build", "--period", "2022/23", "--template", "annual", "-o", "a.xlsx"],
    );
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let shown = rapporteur(place.path(), &["show", "a.xlsx", "--cells"]);
    let row = &table(&shown, "Annual performance")["Children in care per 10,000 children"];
    assert_eq!(row["England 2022/23"], "70 [r]");
    let told = "Children in care per 10,000 children, England, 2022/23: was 71 (the 2023 release), \
                now 70 (the 2025 release).";
    assert!(shown.out.contains(told), "{}", shown.out);
    // What has not moved carries no mark.
    assert_eq!(row["2022/23"], "104");
}
