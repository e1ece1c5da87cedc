//! DfE's own rules: each group finds its fault, as the public validator does.

use super::*;

/// One fault of each group of DfE's rules: number, file, cells.
const PLANTED: [(&str, &str, &str); 13] = [
    ("101", "this/header.csv", "B2"),
    ("INT03", "this/episodes.csv", "A6"),
    ("148", "this/episodes.csv", "H5 I5"),
    ("142", "this/episodes.csv", "H2 I2"),
    ("333", "this/ad1.csv", "C2"),
    ("197a", "this/oc2.csv", "C2 D2"),
    ("344", "this/oc3.csv", "C2 D2 E2"),
    ("567", "this/missing.csv", "D2 E2"),
    ("304", "this/uasc.csv", "D2"),
    ("202", "this/header.csv", "B4"),
    ("SW09STG2", "this/swepisodes.csv", "D2 E2"),
    ("702", "this/dolo.csv", "C2 D2"),
    ("441", "this/reviews.csv", "B2 C2 D2"),
];

/// The lists of a small council, and last year's Header.
pub const COUNCIL: [(&str, &str); 12] = [
    (
        "this/header.csv",
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n\
         C1,X,01/05/2012,WBRI,A12345678901B,,\n\
         C2,M,01/05/2022,WBRI,A123456789013,,\n\
         C3,M,01/05/2010,WBRI,A123456789014,,\n",
    ),
    (
        "this/episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,\
         URN\n\
         C1,01/05/2026,S,C2,N1,U6,PR1,,,,CT1 1AA,CT1 2AA,SC1\n\
         C1,01/07/2026,P,C2,N1,U4,PR1,,,,CT1 1AA,CT1 3AA,SC1\n\
         C2,01/05/2026,S,C2,N1,U6,PR1,,,,CT1 1AA,CT1 2AA,SC1\n\
         C3,01/05/2026,S,C2,N1,U6,PR1,01/09/2026,,,CT1 1AA,CT1 2AA,SC1\n\
         C9,01/05/2026,S,C2,N1,U6,PR1,,,,CT1 1AA,CT1 2AA,SC1\n",
    ),
    (
        "this/ad1.csv",
        "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR\n\
         C2,01/05/2022,,01/06/2026,0,2,MF,L11\n",
    ),
    (
        "this/oc2.csv",
        "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,\
         HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\n\
         C1,01/05/2012,12,SDQ2,0,,1,1,1,0,,\n",
    ),
    ("this/oc3.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\nC8,01/05/2007,DIED,F1,U1\n"),
    (
        "this/missing.csv",
        "CHILD,DOB,MISSING,MIS_START,MIS_END\nC1,01/05/2012,M,05/06/2026,04/06/2026\n",
    ),
    ("this/uasc.csv", "CHILD,SEX,DOB,DUC\nC3,M,01/05/2010,02/05/2028\n"),
    (
        "this/swepisodes.csv",
        "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n\
         C1,01/05/2012,SW1,01/05/2026,01/05/2026,FCONTA\n",
    ),
    ("this/dolo.csv", "CHILD,DOB,DOLO_START,DOLO_END\nC1,01/05/2012,01/06/2026,01/06/2026\n"),
    ("this/reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\nC2,01/05/2023,01/06/2026,PN1\n"),
    (
        "last/header.csv",
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nC3,F,01/05/2010,WBRI,A123456789014,,\n",
    ),
    ("rapporteur.toml", "rules = \"all\"\n"),
];

/// The rules that a return breaks: number, file, cells.
fn broken(arguments: &[&str], folder: &Path) -> Vec<(String, String, String)> {
    let run = rapporteur(folder, arguments);
    let json: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()));
    let problems = json["problems"].as_array().expect("problems").iter();
    problems
        .filter_map(|p| {
            let cells = p["cells"].as_array()?.iter().filter_map(Value::as_str);
            let file = p["file"].as_str()?.to_string();
            Some((p["rule"].as_str()?.to_string(), file, cells.collect::<Vec<_>>().join(" ")))
        })
        .collect()
}

#[test]
fn each_group_of_dfes_rules_finds_its_fault() {
    let folder = folder();
    for (name, text) in COUNCIL {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let arguments = ["check", "this", "--last-year", "last", "--period", "2026/27", "--json"];
    let found = broken(&arguments, folder.path());
    for (rule, file, cells) in PLANTED {
        let wanted = (rule.to_string(), file.to_string(), cells.to_string());
        assert!(found.contains(&wanted), "{wanted:?} is not among {found:?}");
    }
}

/// Where a return has no column of what DfE works out of postcodes, a table of them tells which are
/// none, and where they lie.
#[test]
fn rules_on_postcodes_are_asked_by_a_projects_table() {
    let folder = folder();
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    write("header.csv", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nC1,M,01/05/2012,WBRI,UN1,,\n");
    write(
        "episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,\
         URN\n\
         C1,01/05/2026,S,C2,N1,U6,PR1,01/06/2026,X1,CARPL,ct1 1aa,CT11AB,SC1\n\
         C1,01/06/2026,P,C2,N1,U6,PR1,01/07/2026,X1,CARPL,CT1 1AA,CT1 9ZZ,SC1\n\
         C1,01/07/2026,P,C2,N1,U6,PR1,01/08/2026,X1,CARPL,CT9 1AA,CF1 1AA,\n\
         C1,01/08/2026,P,C2,N1,U6,PR1,01/09/2026,E4A,,CT1 1AA,,\n\
         C2,01/06/2026,S,V3,N1,U6,PR1,01/09/2026,E4A,,,CT1 1AB,\n\
         C3,01/08/2026,S,C2,N1,U6,PR1,,,,CT1 1AA,CT1 1AB,SC1\n",
    );
    write("uasc.csv", "CHILD,SEX,DOB,DUC\nC3,M,01/05/2012,\n");
    // Whom DfE knew a year ago it does not ask about distance either.
    std::fs::create_dir(folder.path().join("last")).expect("made");
    write("last/uasc.csv", "CHILD,SEX,DOB,DUC\n");
    write("last/header.csv", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n");
    // As the ONS's lookup has them.
    write("lookup.csv", "pcds,laua\nCT1 1AA,E07000106\nCT1 1AB,E07000106\nCF1 1AA,W06000015\n");
    let lists = ["check", "header.csv", "episodes.csv", "uasc.csv", "--period", "2026/27 Q2"];
    let arguments = [&lists[..], &["--last-year", "last", "--rules", "--json"]].concat();
    let rules = ["169", "179", "218", "392a", "392c", "406", "420"];
    let asked = |folder: &Path| -> Vec<String> {
        let found = broken(&arguments, folder).into_iter();
        let ours = found.filter(|(rule, ..)| rules.contains(&rule.as_str()));
        let mut ours: Vec<String> =
            ours.map(|(rule, _, cells)| format!("{rule} {cells}")).collect();
        ours.sort();
        ours
    };
    assert_eq!(asked(folder.path()), Vec::<String>::new());
    write("rapporteur.toml", "[reference]\npostcodes = \"lookup.csv\"\n");
    assert_eq!(
        asked(folder.path()),
        [
            "169 L3 L5",
            "179 L3 L5",
            "218 M5",
            "392a K3 L3 K4 L4 K5 L5",
            "392c K3 L3 K4 L4",
            "406 K7 L7",
            "420 L6",
        ]
    );
    let run = rapporteur(folder.path(), &arguments);
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    let not_asked = json["not_asked"].to_string();
    for rule in rules {
        assert!(!not_asked.contains(&format!("\"{rule}\"")), "{rule}: {not_asked}");
    }
}

/// What the public validator finds in a made-up council's return: nearly the same. Of providers and
/// of children who are on no Header list DfE's program knows more, or other things, than a return.
#[test]
fn dfes_rules_find_what_the_public_validator_finds() {
    let shared = crate::support::root().join("../shared/rules");
    if !shared.is_dir() {
        return;
    }
    for (council, least) in [("faulty-a", 1_200), ("clean-a", 0)] {
        let at = |name: &str| shared.join(council).join(name).display().to_string();
        let (this, last) = (at("return.xlsx"), at("last-year.xlsx"));
        let arguments = ["check", &this, "--last-year", &last, "--rules", "--json"];
        let folder = folder();
        let settings = format!("[reference]\nproviders = {:?}\n", at("providers.xlsx"));
        std::fs::write(folder.path().join("rapporteur.toml"), settings).expect("written");
        let found: std::collections::BTreeSet<(String, String, u64)> =
            broken_rows(&arguments, folder.path());
        let text = std::fs::read_to_string(at("expected.json")).expect("the oracle");
        let oracle: Value = serde_json::from_str(&text).expect("JSON");
        let (mut right, mut wrong) = (0, Vec::new());
        for (rule, told) in oracle["rules"].as_object().expect("rules") {
            if told["status"] != "exact" {
                continue;
            }
            let wanted = rows_of(rule, &told["rows"]);
            let ignored = |(_, list, row): &(String, String, u64)| {
                let lists = told["ignore"].as_object().into_iter().flatten();
                lists.filter(|(name, _)| name.to_lowercase() == *list).any(|(_, rows)| {
                    rows.as_array()
                        .is_some_and(|rows| rows.iter().any(|r| r.as_u64() == Some(*row)))
                })
            };
            let ours = found.iter().filter(|f| f.0 == *rule && !ignored(f));
            let ours: std::collections::BTreeSet<_> = ours.cloned().collect();
            right += wanted.intersection(&ours).count();
            wrong.extend(wanted.symmetric_difference(&ours).cloned());
        }
        assert!(right >= least, "{council}: only {right} as expected; {wrong:?}");
        assert!(wrong.len() * 100 <= right, "{council}: {} of {right}: {wrong:?}", wrong.len());
    }
}

fn rows_of(rule: &str, rows: &Value) -> std::collections::BTreeSet<(String, String, u64)> {
    let rows = rows.as_array().into_iter().flatten();
    rows.filter_map(|row| {
        let list = row[0].as_str()?.to_lowercase();
        Some((rule.to_string(), list, row[1].as_u64()?))
    })
    .collect()
}

/// The rules that a workbook breaks, by rows, its sheets named as DfE's files are.
fn broken_rows(
    arguments: &[&str],
    folder: &Path,
) -> std::collections::BTreeSet<(String, String, u64)> {
    let run = rapporteur(folder, arguments);
    let json: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()));
    let mut rows = std::collections::BTreeSet::new();
    for problem in json["problems"].as_array().into_iter().flatten() {
        let (Some(rule), Some(sheet)) = (problem["rule"].as_str(), problem["sheet"].as_str())
        else {
            continue;
        };
        let list = sheet.to_lowercase().replace(' ', "");
        for cell in problem["cells"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let row = cell.trim_start_matches(|c: char| c.is_ascii_uppercase()).parse();
            rows.insert((rule.to_string(), list.clone(), row.expect("a row")));
        }
    }
    rows
}
