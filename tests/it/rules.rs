//! Checks that see more than one record: kept as small returns that a person can read.

use std::path::Path;

use serde_json::Value;

use crate::support::{folder, rapporteur};

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
    let ours = problems.filter(|p| p["message"].as_str().is_some_and(|m| m.contains("is odd")));
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
    let function = "fails = function(stay) return stay.before ~= nil and stay.before == stay.first end, column = \"ID\"";
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
    let both = "fails = { POST = rap.all_of { rap.filled, rap.none_of { \"X1 1AA\" } } }, column = \"POST\"";
    assert_eq!(finds(both, THREE, none, &[]), ["this/stays.csv E4 E5"]);
}

#[test]
fn several_columns_and_other_lists_are_pointed_at() {
    let orders = [("this/orders.csv", "ID,MADE\nP1,01/05/2025\nP1,01/07/2025\nP2,01/01/2025\n")];
    let late = "fails = { orders = { MADE = rap.after \"stay.FROM\" } }, column = { \"FROM\", \"TO\" }, \
                marks = { orders = \"MADE\", person = { \"BORN\" } }, rule = \"7\", moves = \"stays_n\"";
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
    let filled = "fails = { TO = rap.filled }, column = \"TO\", rule = \"1\", moves = \"stays_n\"";
    assert_eq!(finds(filled, stays, &[], &[]), ["this/stays.csv C2"]);
    let of_ours = "fails = { FROM = rap.blank }, column = \"FROM\"";
    assert_eq!(finds(of_ours, stays, &[], &[]), Vec::<String>::new());
    let people =
        [("this/people.csv", "ID,BORN,NUMBER,SCORE\nP1,01/05/2010,1,41\nP2,01/05/2010,2,40\n")];
    let bounds = "on = \"people\", fails = { SCORE = rap.refused }, column = \"SCORE\"";
    assert_eq!(finds(bounds, THREE, &people, &[]), ["this/people.csv D2"]);
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
    assert!((said.out + &said.err).contains("rule 12a: it is odd"));
}

#[test]
fn what_a_check_leans_on_must_be_there() {
    for (check, complaint) in [
        ("fails = { FROM = rap.before \"TIL\" }", "the list Stays has no column `TIL`"),
        ("fails = { FROM = rap.before \"orders.MADE\" }", "`orders` may be several records"),
        (
            "fails = { FROM = rap.before \"nobody.MADE\" }",
            "`nobody` is no record that these conditions can see",
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
