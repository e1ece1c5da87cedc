//! What mending a fault does to the figures: what is told of it is what comes out once the rows are
//! taken away.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::support::{folder, rapporteur};

/// A council of nine children, three care leavers, and faults that move figures.
const LISTS: [(&str, &str); 6] = [
    (
        "header.csv",
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n\
         C1,F,01/05/2012,WBRI,UN1,,\nC2,M,01/06/2013,WBRI,UN1,,\nC3,M,01/07/2014,WBRI,UN1,,\n\
         C4,F,01/08/2015,WBRI,UN1,,\nC5,M,01/09/2016,WBRI,UN1,,\nC6,F,01/10/2017,WBRI,UN1,,\n\
         C7,M,01/11/2018,WBRI,UN1,,\nC8,F,01/12/2019,WBRI,UN1,,\nC9,F,01/05/2010,WBRI,UN1,,\n",
    ),
    (
        "episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,\
         URN\n\
         C1,01/05/2026,S,C2,N1,U6,PR1,,,,,,\n\
         C2,01/05/2026,S,C2,N1,U6,PR0,,,,,,\n\
         C3,01/05/2026,S,C2,N1,U6,PR1,01/06/2026,X1,CARPL,,,\n\
         C3,01/06/2026,P,C2,N1,K2,PR1,01/06/2026,X1,CARPL,,,\n\
         C3,01/06/2026,P,C2,N1,U6,PR1,,,,,,\n\
         C4,01/05/2020,S,C2,N1,U6,PR1,,,,,,\n\
         C5,01/05/2020,S,C2,N1,U6,PR1,01/09/2026,E11,,,,\n\
         C6,01/05/2020,S,C2,N1,A4,PR1,01/10/2026,E11,,,,\n\
         C7,01/05/2020,S,C2,N1,P1,PR0,01/11/2026,E4A,,,,\n\
         C8,01/05/2020,S,C2,N1,R2,PR1,,,,,,\n\
         C9,01/05/2020,S,C2,N1,U6,PR1,,,,,,\n",
    ),
    (
        "oc2.csv",
        "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,\
         HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\n\
         C1,01/05/2012,12,,0,,1,1,1,0,,\nC4,01/08/2015,12,,0,,0,1,1,0,,\n\
         C8,01/12/2019,,SDQ1,,,1,0,1,0,,\nC9,01/05/2010,3,,0,,1,1,0,0,,\n",
    ),
    (
        "oc3.csv",
        "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\nC9,01/05/2010,YES,F1,B1\n\
         L1,01/05/2007,YES,F1,B1\nL2,01/06/2007,NO,,\n",
    ),
    ("uasc.csv", "CHILD,SEX,DOB,DUC\nC4,F,01/08/2015,01/08/2033\n"),
    (
        "missing.csv",
        "CHILD,DOB,MISSING,MIS_START,MIS_END\nC4,01/08/2015,M,01/06/2026,02/06/2026\n\
         C5,01/09/2016,M,01/10/2026,02/10/2026\nC9,01/05/2010,A,01/06/2026,02/06/2026\n",
    ),
];

fn write_all(into: &Path, lists: &BTreeMap<String, Vec<String>>) {
    for (name, lines) in lists {
        std::fs::write(into.join(name), lines.join("\n") + "\n").expect("written");
    }
}

/// The council's own figures, by code, as `figures.csv` has them.
fn figures(lists: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, String> {
    let place = folder();
    std::fs::create_dir(place.path().join("q")).expect("a folder");
    write_all(&place.path().join("q"), lists);
    let run = rapporteur(
        place.path(),
        &["build", "q", "-o", "a.xlsx", "--figures", "f.csv", "--period", "2026/27"],
    );
    let text = std::fs::read_to_string(place.path().join("f.csv"));
    let text = text.unwrap_or_else(|_| panic!("{}", run.shown()));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().expect("headings").clone();
    let at =
        |name: &str| heads.iter().position(|h| h == name).unwrap_or_else(|| panic!("{heads:?}"));
    let (code, origin, printed) = (at("indicator"), at("origin"), at("printed"));
    let rows = reader.records().map(|row| row.expect("a row"));
    let own = rows.filter(|row| &row[origin] == "calculated");
    own.map(|row| (row[code].to_string(), row[printed].to_string())).collect()
}

#[test]
fn what_is_told_comes_out_once_the_rows_are_gone() {
    let place = folder();
    std::fs::create_dir(place.path().join("q")).expect("a folder");
    let lists: BTreeMap<String, Vec<String>> = LISTS
        .iter()
        .map(|(name, text)| (name.to_string(), text.lines().map(ToString::to_string).collect()))
        .collect();
    write_all(&place.path().join("q"), &lists);
    let arguments = ["check", "q", "--period", "2026/27", "--json", "--rules"];
    let run = rapporteur(place.path(), &arguments);
    let json: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()));
    let with = figures(&lists);
    let mut held = 0;
    for problem in json["problems"].as_array().expect("problems") {
        let Some(moved) = problem["figures"].as_array() else { continue };
        let changed: Vec<&Value> = moved.iter().filter(|m| m["to"].is_string()).collect();
        if changed.is_empty() {
            continue;
        }
        let file = problem["file"].as_str().expect("a file").trim_start_matches("q/").to_string();
        let rows: Vec<usize> = problem["cells"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter_map(|c| c.trim_start_matches(|l: char| l.is_ascii_uppercase()).parse().ok())
            .collect();
        let mut mended = lists.clone();
        let mut row = 0;
        mended.get_mut(&file).expect("a list").retain(|_| {
            row += 1;
            !rows.contains(&row)
        });
        let without = figures(&mended);
        for figure in changed {
            let code = figure["indicator"].as_str().expect("a code");
            let printed = |all: &BTreeMap<String, String>| all.get(code).cloned();
            let told = |name: &str| figure[name].as_str().map(ToString::to_string);
            assert_eq!(told("from"), printed(&with), "{code} of {problem}");
            assert_eq!(told("to"), printed(&without), "{code} of {problem}");
            held += 1;
        }
    }
    assert!(held >= 12, "only {held} figures were held against a return without the rows");
}
