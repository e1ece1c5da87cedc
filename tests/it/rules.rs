//! Checks that see more than one record: kept as small returns that a person can read.

use std::path::Path;

use serde_json::Value;

use crate::support::{example, folder, rapporteur};

mod dfes;

use dfes::COUNCIL;

const SCRIPT: &str = r#"
rap.list "stays" {
  title = "Stays", record = "stay", key = "ID", starts = "FROM", ends = "TO",
  columns = {
    { "ID", "id" }, { "FROM", "date", required = true }, { "TO", "date" }, { "KIND", codes = { "A", "B" } },
    { "POST", "text" },
  },
}
rap.list "people" {
  title = "People", record = "person", key = "ID", one_per_key = true,
  columns = { { "ID", "id" }, { "BORN", "date" }, { "NUMBER", "id" }, { "SCORE", "number", max = 40, optional = true } },
}
rap.list "orders" {
  title = "Orders", record = "order", key = "ID", optional = true,
  columns = { { "ID", "id" }, { "MADE", "date" } },
}
rap.population "latest_last_year" { from = "last_year_stays", one_per = "ID" }
rap.indicator "stays_n" { title = "Stays", unit = "number", population = "stays" }
"#;

const PEOPLE: &str = "\
ID,BORN,NUMBER
P1,01/05/2010,77
P2,01/06/2012,77
P3,29/02/2008,88
";

/// What a check finds, by problem: `stays.csv C2 C3`.
fn finds(check: &str, stays: &str, others: &[(&str, &str)], arguments: &[&str]) -> Vec<String> {
    let (folder, run) = checked(check, stays, others, arguments);
    drop(folder);
    let problems = run["problems"].as_array().expect("problems").iter();
    // What the reader told of a cell keeps the reader's words, and gets the rule's number.
    let is_ours = |p: &&Value| {
        p["message"].as_str().is_some_and(|m| m.contains("is odd")) || p["rule"].is_string()
    };
    let ours = problems.filter(is_ours);
    ours.map(|p| {
        let cells = p["cells"].as_array().expect("cells").iter().filter_map(Value::as_str);
        let file = p["file"].as_str().expect("a file");
        format!("{file} {}", cells.collect::<Vec<_>>().join(" "))
    })
    .collect()
}

fn checked(
    check: &str,
    stays: &str,
    others: &[(&str, &str)],
    arguments: &[&str],
) -> (tempfile::TempDir, Value) {
    let folder = folder();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    let fields = r#"message = "it is odd", on = "stays""#;
    let on = if check.starts_with("on = ") { r#"message = "it is odd""# } else { fields };
    write("scripts/x.luau", &format!("{SCRIPT}\nrap.check \"odd\" {{ {on}, {check} }}\n"));
    write("rapporteur.toml", "shipped_scripts = false\n");
    write("this/stays.csv", &format!("ID,FROM,TO,KIND,POST\n{stays}"));
    write("this/people.csv", PEOPLE);
    others.iter().for_each(|(name, text)| write(name, text));
    let run = run(folder.path(), arguments);
    (folder, run)
}

fn run(folder: &Path, arguments: &[&str]) -> Value {
    let period = ["check", "this", "--period", "2025/26", "--json"];
    let period =
        if arguments.contains(&"--period") { &["check", "this", "--json"] } else { &period[..] };
    let run = rapporteur(folder, &[period, arguments].concat());
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()))
}

const THREE: &str = "\
P1,01/04/2025,01/06/2025,A,X1 1AA
P1,01/09/2025,,B,X1 1AA
P1,01/06/2025,01/08/2025,A,X2 2BB
P2,01/05/2025,,A,X3 3CC
";

#[test]
fn before_and_after_go_by_the_days_not_the_rows() {
    let none = &[];
    assert_eq!(
        finds("fails = { before = rap.none }, column = \"FROM\"", THREE, none, &[]),
        ["this/stays.csv B2 B5"]
    );
    assert_eq!(
        finds("fails = { after = { KIND = \"B\" } }, column = \"FROM\"", THREE, none, &[]),
        ["this/stays.csv B4"]
    );
    let gap =
        "fails = { before = rap.filled, FROM = rap.differs_from \"before.TO\" }, column = \"FROM\"";
    assert_eq!(finds(gap, THREE, none, &[]), ["this/stays.csv B3"]);
    let two_before =
        "fails = { before = { before = { POST = rap.same_as \"stay.POST\" } } }, column = \"POST\"";
    assert_eq!(finds(two_before, THREE, none, &[]), ["this/stays.csv E3"]);
    let first = "fails = { first = { KIND = \"A\" }, last = { KIND = \"B\" } }, column = \"ID\"";
    assert_eq!(finds(first, THREE, none, &[]), ["this/stays.csv A2 A3 A4"]);
    let function = "fails = function(stay) return stay.before ~= nil and stay.before == stay.first \
                    end, column = \"ID\"";
    assert_eq!(finds(function, THREE, none, &[]), ["this/stays.csv A4"]);
}

#[test]
fn a_column_is_held_against_another_moved_or_not() {
    let none = &[];
    let long = "fails = { TO = rap.after(\"FROM\", { days = 60 }) }, column = \"TO\"";
    assert_eq!(finds(long, THREE, none, &[]), ["this/stays.csv C2 C4"]);
    // The 18th birthday of somebody born on 29 February is 28 February.
    let stays = "P3,27/02/2026,,A,\nP3,28/02/2026,,A,\n";
    let minor = "fails = { FROM = rap.before(\"person.BORN\", { years = 18 }) }, column = \"FROM\"";
    assert_eq!(finds(minor, stays, none, &[]), ["this/stays.csv B2"]);
    let fixed = "fails = { FROM = rap.before \"1 May 2025\" }, column = \"FROM\"";
    assert_eq!(finds(fixed, THREE, none, &[]), ["this/stays.csv B2"]);
    let both = "fails = { POST = rap.all_of { rap.filled, rap.none_of { \"X1 1AA\" } } }, \
                column = \"POST\"";
    assert_eq!(finds(both, THREE, none, &[]), ["this/stays.csv E4 E5"]);
}

#[test]
fn several_columns_and_other_lists_are_pointed_at() {
    let orders = [("this/orders.csv", "ID,MADE\nP1,01/05/2025\nP1,01/07/2025\nP2,01/01/2025\n")];
    let late = "fails = { orders = { MADE = rap.after \"stay.FROM\" } }, column = { \"FROM\", \
                \"TO\" }, marks = { orders = \"MADE\", person = { \"BORN\" } }, rule = \"7\", \
                moves = \"stays_n\"";
    assert_eq!(
        finds(late, THREE, &orders, &[]),
        ["this/orders.csv B2 B3", "this/people.csv B2", "this/stays.csv B2 C2 B4 C4"]
    );
    let none = "fails = { orders = rap.no { MADE = rap.before \"stay.FROM\" } }, column = \"ID\"";
    assert_eq!(finds(none, THREE, &orders, &[]), ["this/stays.csv A2"]);
    let nowhere = "fails = { person = rap.no { BORN = rap.filled } }, column = \"ID\"";
    assert_eq!(
        finds(nowhere, "P9,01/04/2025,,A,\nP1,01/04/2025,,A,\n", &[], &[]),
        ["this/stays.csv A2"]
    );
    let twice = "fails = { NUMBER = rap.repeated }, column = \"NUMBER\"";
    let twice = format!("on = \"people\", {twice}");
    assert_eq!(finds(&twice, THREE, &[], &[]), ["this/people.csv C2 C3"]);
}

#[test]
fn last_years_return_is_asked_where_there_is_one() {
    let last = [(
        "last/stays.csv",
        "ID,FROM,TO,KIND,POST\nP1,01/04/2024,01/01/2025,A,\nP1,01/02/2025,,B,\nP2,01/05/2025,,A,\n",
    )];
    let changed = "fails = { before = rap.none, FROM = rap.differs_from \"latest_last_year.FROM\", \
                   latest_last_year = { TO = rap.blank } }, column = \"FROM\"";
    assert_eq!(finds(changed, THREE, &last, &[]), Vec::<String>::new());
    assert_eq!(finds(changed, THREE, &last, &["--last-year", "last"]), ["this/stays.csv B2"]);
    let function = "fails = function(stay) return #stay.last_year_stays == 2 end, column = \"ID\"";
    assert_eq!(
        finds(function, THREE, &last, &["--last-year", "last"]),
        ["this/stays.csv A2 A3 A4"]
    );
    // The settings say it once and for all.
    let named =
        [last[0], ("rapporteur.toml", "shipped_scripts = false\n[last_year]\nfile = \"last\"\n")];
    assert_eq!(finds(changed, THREE, &named, &[]), ["this/stays.csv B2"]);
}

const HOMES: &str = "rap.list \"homes\" { title = \"Homes\", record = \"home\", key = \"NUMBER\", \
    reference = true, linked_by = \"POST\", columns = { { \"NUMBER\", \"id\" }, \
    { \"KINDS\", \"text\" }, { \"CLOSED\", \"date\" } } }";

/// A list of the project's own, which a record leads to by a column that holds its key. It is no
/// part of a return, and where the settings name no file of it nothing is asked.
#[test]
fn a_reference_list_is_reached_by_its_key() {
    let homes = "NUMBER,KINDS,CLOSED\nx1 1aa,\"B, C\",\nX22BB,A,01/07/2025\nA,,\n";
    let settings = "shipped_scripts = false\n[reference]\nhomes = \"homes.csv\"\n";
    let there =
        [("scripts/homes.luau", HOMES), ("homes.csv", homes), ("rapporteur.toml", settings)];
    let none: &[&str] = &[];
    for (fails, found) in [
        ("{ homes = rap.none }", "this/stays.csv A5"),
        ("{ KIND = rap.none_of { rap.listed_in \"home.KINDS\" } }", "this/stays.csv A2 A5"),
        ("{ KIND = rap.listed_in \"home.KINDS\" }", "this/stays.csv A3 A4"),
        ("{ TO = rap.after \"home.CLOSED\" }", "this/stays.csv A4"),
        ("{ home = { CLOSED = rap.blank } }", "this/stays.csv A2 A3"),
        ("{ POST = rap.differs_from \"home.NUMBER\" }", "this/stays.csv A5"),
        ("{ POST = rap.none_of { rap.listed_in \"home.NUMBER\" } }", "this/stays.csv A5"),
        // Any column may hold a key, whichever record its own leads to.
        ("{ KIND = rap.listed_in \"home.NUMBER\" }", "this/stays.csv A2 A4 A5"),
        ("function(stay) return stay.home == nil end", "this/stays.csv A5"),
        ("function(stay) return stay.home and stay.home.KINDS == \"A\" end", "this/stays.csv A4"),
    ] {
        let check = format!("fails = {fails}, column = \"ID\", rule = \"9\"");
        assert_eq!(finds(&check, THREE, &there, &["--rules"]), [found], "{fails}");
        // Lists of the return have the same headings, and are none of it.
        let (_folder, run) = checked(&check, THREE, &there[..1], &["--rules"]);
        let not_asked = &run["not_asked"]["the settings name no file of Homes ([reference] homes)"];
        assert_eq!(not_asked, &serde_json::json!(["9"]), "{fails}: {run}");
        let sent = [there[0], ("this/homes.csv", homes)];
        assert_eq!(finds(&check, THREE, &sent, &["--rules"]), Vec::<String>::new(), "{fails}");
    }
    let (folder, _) = checked("fails = { homes = rap.none }, rule = \"9\"", THREE, &there, none);
    let said = |settings: &str| {
        std::fs::write(folder.path().join("rapporteur.toml"), settings).expect("written");
        let run = rapporteur(folder.path(), &["check", "this", "--period", "2025/26", "--rules"]);
        (run.code, run.out + &run.err)
    };
    let (_, told) = said("shipped_scripts = false\n");
    assert!(
        told.contains("1 rule not asked, because\n  the settings name no file of Homes"),
        "{told}"
    );
    for (settings, code, wanted) in [
        ("[reference]\nhome = \"homes.csv\"\n", Some(2), "did you mean `homes`?"),
        ("[reference]\nhomes = \"gone.csv\"\n", Some(4), "gone.csv"),
        (
            "[reference]\nhomes = \"this/people.csv\"\n",
            Some(1),
            "the list Homes is not in this file",
        ),
    ] {
        let (found, told) = said(&format!("shipped_scripts = false\n{settings}"));
        assert_eq!(found, code, "{told}");
        assert!(told.contains(wanted), "{settings}: {told}");
    }
}

/// Ofsted's list as councils have it: a row for each rule that asks it.
#[test]
fn the_list_of_providers_is_asked() {
    let folder = folder();
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    write(
        "providers.csv",
        "URN,Provider type,Placement code,Placement provider code,Deregistration date,Setting \
         address postcode\n\
         SC1,Home,K2,PR4,,CT1 2AA\nSC2,Agency,\"U4,U6\",PR1,,CT1 3AA\n\
         SC3,Home,K2,PR4,01/06/2026,CT12AA\n",
    );
    write(
        "episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,\
         URN,PL_LA,PL_LOCATION,PL_DISTANCE\n\
         C1,01/05/2026,S,C2,N1,K2,PR4,,,,CT1 1AA,CT12AA,SC1,E1,IN,3\n\
         C2,01/05/2026,S,C2,N1,U6,PR1,,,,CT1 1AA,CT1 9ZZ,sc2,E1,IN,3\n\
         C3,01/05/2026,S,C2,N1,K2,PR4,,,,CT1 1AA,CT1 2AA,SC9,E1,IN,3\n\
         C4,01/05/2026,S,C2,N1,K1,PR4,,,,CT1 1AA,CT1 2AA,SC1,E1,IN,3\n\
         C5,01/05/2026,S,C2,N1,U6,PR4,,,,CT1 1AA,CT1 3AA,SC2,E1,IN,3\n\
         C6,01/05/2026,S,C2,N1,K2,PR4,,,,CT1 1AA,CT1 9ZZ,SC1,E1,IN,3\n\
         C7,01/05/2026,S,C2,N1,U4,PR1,,,,CT1 1AA,CT1 3AA,SC2,E2,OUT,9\n\
         C8,01/06/2026,S,C2,N1,K2,PR4,01/07/2026,E8,,CT1 1AA,CT1 2AA,SC3,E1,IN,3\n\
         C9,01/05/2026,S,C2,N1,U6,PR1,,,,CT1 1AA,CT1 2AA,XXXXXXX,E1,IN,3\n",
    );
    write("rapporteur.toml", "[reference]\nproviders = \"providers.csv\"\n");
    let run = rapporteur(
        folder.path(),
        &["check", "episodes.csv", "--period", "2026/27 Q2", "--rules", "--json"],
    );
    let json: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()));
    let cells = |rule: &str| {
        let found = json["problems"].as_array().expect("problems").iter();
        let found = found.filter(|p| p["rule"] == rule).flat_map(|p| p["cells"].as_array());
        let cells: Vec<&str> = found.flatten().filter_map(Value::as_str).collect();
        cells.join(" ")
    };
    for (rule, found) in [
        ("1008", "M4"),
        ("219", "F4 M4 F5 M5"),
        ("224", "G4 G6"),
        ("221", "L4 L7"),
        ("229", "G8 M8"),
        ("227", "B9 M9"),
        ("228", "H9 M9"),
    ] {
        assert_eq!(cells(rule), found, "{rule}");
    }
}

/// A row without a date counts for nothing, but whoever made a rule sees it.
#[test]
fn rules_see_what_the_reader_refused() {
    let stays = "P1,01/04/2025,soon,A,\nP1,,,Q,\nP2,01/05/2025,,B,\n";
    let not_a_date =
        "fails = { TO = rap.refused }, column = \"TO\", rule = \"1\", moves = \"stays_n\"";
    assert_eq!(finds(not_a_date, stays, &[], &[]), ["this/stays.csv C2"]);
    let no_code =
        "fails = { KIND = rap.refused }, column = \"KIND\", rule = \"1\", moves = \"stays_n\"";
    assert_eq!(finds(no_code, stays, &[], &[]), ["this/stays.csv D3"]);
    let blank =
        "fails = { FROM = rap.blank }, column = \"FROM\", rule = \"1\", moves = \"stays_n\"";
    assert_eq!(finds(blank, stays, &[], &[]), ["this/stays.csv B3"]);
    for neither in ["rap.filled", "rap.blank"] {
        let check = format!(
            "fails = {{ TO = {neither}, FROM = rap.before \"1 May 2025\" }}, column = \"TO\", \
             rule = \"1\", moves = \"stays_n\""
        );
        assert_eq!(finds(&check, stays, &[], &[]), Vec::<String>::new(), "{neither}");
    }
    let of_ours = "fails = { FROM = rap.blank }, column = \"FROM\"";
    assert_eq!(finds(of_ours, stays, &[], &[]), Vec::<String>::new());
    let people =
        [("this/people.csv", "ID,BORN,NUMBER,SCORE\nP1,01/05/2010,1,41\nP2,01/05/2010,2,40\n")];
    let bounds = "on = \"people\", fails = { SCORE = rap.refused }, column = \"SCORE\"";
    assert_eq!(finds(bounds, THREE, &people, &[]), ["this/people.csv D2"]);
}

/// What the reader, a list's spans and a rule all see is told once, with the rule's number.
#[test]
fn a_fault_is_told_once() {
    let stays = "P1,01/04/2025,,Q,\nP1,01/06/2025,soon,A,\nP2,01/05/2025,,B,\n";
    let rule =
        "column = \"KIND\", fails = { KIND = rap.refused }, rule = \"1\", severity = \"error\"";
    let (_folder, json) = checked(rule, stays, &[], &["--rules"]);
    let problems = json["problems"].as_array().expect("problems");
    let of_cell: Vec<&Value> =
        problems.iter().filter(|p| p["cells"] == serde_json::json!(["D2"])).collect();
    assert_eq!(of_cell.len(), 1, "{problems:?}");
    assert_eq!(of_cell[0]["rule"], "1");
    assert_eq!(of_cell[0]["message"], "this code is not one of the column's set");
    // Two children's wrong codes, of which a rule knows one: each cell once.
    let rule = "column = \"KIND\", fails = { KIND = rap.refused, ID = \"P1\" }, rule = \"1\"";
    let stays = "P1,01/04/2025,,Q,\nP2,01/05/2025,,Q,\n";
    let (_folder, json) = checked(rule, stays, &[], &["--rules"]);
    let problems = json["problems"].as_array().expect("problems").iter();
    let told: Vec<(Option<&str>, &Value)> = problems
        .map(|p| (p["rule"].as_str(), &p["cells"]))
        .filter(|(_, c)| *c != &serde_json::json!([]))
        .collect();
    assert!(told.contains(&(Some("1"), &serde_json::json!(["D2"]))), "{told:?}");
    assert!(told.contains(&(None, &serde_json::json!(["D3"]))), "{told:?}");
}

#[test]
fn rules_hold_in_their_years_and_some_at_the_years_end() {
    let found = |rest: &str, period: &str| {
        let check = format!("fails = {{ KIND = \"B\" }}, column = \"KIND\", {rest}");
        !finds(&check, THREE, &[], &["--period", period]).is_empty()
    };
    assert!(found("from = \"2025/26\", to = \"2025/26\"", "2025/26"));
    assert!(!found("from = \"2026/27\"", "2025/26"));
    assert!(!found("to = \"2024/25\"", "2025/26"));
    assert!(found("when = \"year_end\"", "2025/26"));
    assert!(!found("when = \"year_end\"", "2025/26 Q1-Q3"));
}

/// A rule that moves no figure waits to be asked for; its number is in the JSON.
#[test]
fn a_rule_is_told_by_its_number() {
    let check = "fails = { KIND = \"B\" }, column = \"KIND\", rule = \"12a\", severity = \"error\"";
    assert_eq!(finds(check, THREE, &[], &[]), Vec::<String>::new());
    let (_folder, json) = checked(check, THREE, &[], &["--rules"]);
    let problem =
        json["problems"].as_array().and_then(|all| all.iter().find(|p| p["rule"].is_string()));
    let problem = problem.expect("a problem of a rule");
    assert_eq!((&problem["rule"], &problem["severity"]), (&"12a".into(), &"error".into()));
    let always =
        "fails = { KIND = \"B\" }, column = \"KIND\", rule = \"12a\", moves = { \"stays_n\" }";
    let (folder, json) = checked(always, THREE, &[], &[]);
    let problem =
        json["problems"].as_array().and_then(|all| all.iter().find(|p| p["rule"].is_string()));
    assert_eq!(problem.expect("it always runs")["moves"], serde_json::json!(["stays_n"]));
    let said = rapporteur(folder.path(), &["check", "this", "--period", "2025/26"]);
    let said = said.out + &said.err;
    assert!(said.contains("rule 12a: it is odd") && said.contains("it may move Stays"));
}

#[test]
fn what_a_check_leans_on_must_be_there() {
    for (check, complaint) in [
        ("fails = { FROM = rap.before \"TIL\" }", "the list Stays has no column `TIL`"),
        ("fails = { FROM = rap.before \"orders.MADE\" }", "`orders` may be several records"),
        (
            "fails = { FROM = rap.before \"nobody.MADE\" }",
            "`nobody` is no record that can be seen from here",
        ),
        ("fails = { FROM = rap.before \"KIND\" }", "`FROM` cannot be held against `KIND`"),
        ("fails = { FROM = rap.before \"period_edn\" }", "did you mean `period_end`?"),
        ("fails = { KIND = \"A\" }, moves = \"stay_n\"", "did you mean `stays_n`?"),
        ("fails = { KIND = \"A\" }, marks = { orders = \"MAED\" }", "did you mean `MADE`?"),
        ("fails = { KIND = \"A\" }, when = \"later\"", "when is `later`"),
        ("fails = { KIND = \"A\" }, from = \"25/26\"", "is no reporting year"),
        ("fails = { KIND = \"A\" }, severity = \"bad\"", "severity is `bad`"),
    ] {
        let (folder, json) = checked(check, THREE, &[], &[]);
        let said = json["problems"].to_string();
        assert!(said.contains(&complaint.replace('"', "\\\"")), "{check}: {said}");
        drop(folder);
    }
}

#[test]
fn all_rules_stand_on_a_page() {
    let folder = folder();
    let run = rapporteur(folder.path(), &["docs", "--checks"]);
    assert!(run.out.contains("| 142 | Episodes: DEC, REC |"), "{}", run.shown());
    let run = rapporteur(folder.path(), &["docs", "--checks", "-o", "rules.html"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
}

/// Whoever reads them sees a line that says what is wrong, and one that says what to do.
#[test]
fn what_checks_say_fits_the_width_of_a_terminal() {
    let folder = folder();
    let run = rapporteur(folder.path(), &["docs", "--checks", "--json"]);
    let json: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()));
    let checks = json["checks"].as_array().expect("checks");
    assert!(checks.len() > 300, "only {} checks", checks.len());
    for check in checks {
        let text = |name: &str| check[name].as_str().unwrap_or_default();
        let rule = check["rule"].as_str().map_or(String::new(), |rule| format!("rule {rule}: "));
        let first = format!("{}: {rule}{}", text("severity"), text("message"));
        let hint = format!("  hint: {}", text("hint"));
        assert!(hint.len() > 8, "nothing says what to do: {check}");
        for line in [first, hint] {
            assert!(line.chars().count() <= 80, "{line}");
            assert!(!line.ends_with('.'), "{line}");
        }
    }
}

/// One line a rule, the worst first, twenty at most.
#[test]
fn rules_fit_on_a_screen() {
    let folder = folder();
    for (name, text) in COUNCIL {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let run = rapporteur(folder.path(), &["check", "this", "--period", "2026/27", "--rules"]);
    let lines: Vec<&str> = run.out.lines().filter(|line| line.contains(": rule ")).collect();
    assert_eq!(lines.len(), 20, "{}", run.shown());
    assert!(lines[0].starts_with("error: rule ") && run.out.contains("more rules: --json"));
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:?}");
}

/// Rules of social workers have long numbers: as many are named as a line holds.
#[test]
fn rules_that_were_not_asked_fit_on_a_screen() {
    let place = example();
    let run = rapporteur(place.path(), &["check", "q2.xlsx", "--rules"]);
    assert!(run.out.contains("13 rules not asked") && run.out.contains("SW01aSTG1"));
    let wide = run.out.lines().filter(|line| line.chars().count() > 80).collect::<Vec<_>>();
    assert_eq!(wide, Vec::<&str>::new());
}
