//! Looking: what a list has, who is in a population, what a condition finds. Ten dogs by hand, so
//! that a person can count along.

use std::path::Path;

use serde_json::Value;

use crate::support::{example, folder, rapporteur, snapshots};

const SCRIPT: &str = r#"
local KINDS = {
  big = "Big", small = "Small", toy = { "Toy", from = "2025/26" }, pug = { "Pug", to = "2024/25" },
}
rap.list "dogs" {
  title = "Dogs", record = "dog", key = "TAG", one_per_key = true,
  description = "A row for each dog of the kennel.",
  columns = {
    { "TAG",   "id", required = true, also = { "Tag number" } },
    { "KIND",  codes = KINDS, description = "What the vet says." },
    { "KILOS", "number", min = 0, max = 90, unknown = { 99 } },
    { "BORN",  "date", personal = true },
    { "OWNER", "text", optional = true },
  },
}
rap.list "walks" {
  title = "Walks", record = "walk", key = "TAG", starts = "OUT", ends = "BACK", optional = true,
  columns = { { "TAG", "id", required = true }, { "OUT", "date" }, { "BACK", "date" } },
}
rap.population "big_dogs" { from = "dogs", where = { KIND = "big" } }
rap.population "heavy" { from = "big_dogs", where = { KILOS = rap.more_than(30) } }
rap.indicator "heavy_n" { title = "Heavy dogs", unit = "number", population = "heavy" }
rap.change "population" "heavy" { where = { KILOS = rap.more_than(40) } }
"#;

const SETTINGS: &str = "shipped_scripts = false\n\
                        [columns.dogs]\nTAG = \"Hundemarke\"\n\
                        [codes.dogs.KIND]\n\"gross\" = \"big\"\n";

const DOGS: &str = "\
Hundemarke,KIND,KILOS,BORN,OWNER
A1,big,41,01/02/2020,Ann
A2,small,4,01/02/2021,Ann
A3,gross,38,01/02/2022,Bob
A4,big,,01/02/2023,Bob
A5,toy,3,01/02/2024,Eve
A6,big,62,01/02/2025,Eve
";

const WALKS: &str = "\
TAG,OUT,BACK
A1,01/04/2026,02/04/2026
A1,01/05/2026,
A6,01/05/2026,01/06/2026
";

fn kennel() -> tempfile::TempDir {
    let folder = folder();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    write("rapporteur.toml", SETTINGS);
    write("scripts/kennel.luau", SCRIPT);
    write("return/dogs.csv", DOGS);
    write("return/walks.csv", WALKS);
    folder
}

fn tried(folder: &Path, expression: &str, further: &[&str]) -> String {
    let fixed = ["try", expression, "return", "--period", "2026/27 Q1"];
    rapporteur(folder, &[&fixed, further].concat()).shown()
}

#[test]
fn a_list_is_shown_with_its_columns_codes_and_what_the_council_calls_them() {
    let folder = kennel();
    let told: Vec<String> = [
        &["list", "dogs"][..],
        &["list", "walk"],
        &["list", "dgos"],
        &["list", "heavy"],
        &["list", "heavy_n"],
        &["list", "dogs", "--json"],
    ]
    .into_iter()
    .map(|asked| format!("$ {}\n{}", asked.join(" "), rapporteur(folder.path(), asked).shown()))
    .collect();
    snapshots().bind(|| insta::assert_snapshot!("list_of_one", told.join("\n\n")));
}

#[test]
fn a_condition_is_tried_on_the_spot() {
    let folder = kennel();
    let told: Vec<String> = [
        "heavy",
        "dogs",
        "{ KIND = 'big' }",
        "{ KILOS = rap.at_least(38), OWNER = 'Bob' }",
        "{ 'heavy', walks = rap.filled }",
        "rap.either({ KIND = 'toy' }, { KILOS = rap.at_most(4) })",
        "{ from = 'walks', as_at = 'period_end' }",
        "rap.population 'out' { from = 'walks', during = 'quarter', one_per = 'TAG' }",
        "function(dog) return dog.KILOS ~= nil and #dog.walks > 1 end",
        "function(w) return w.BACK ~= nil end",
        "{ KIND = 'pug' }",
    ]
    .into_iter()
    .map(|expression| format!("$ try \"{expression}\"\n{}", tried(folder.path(), expression, &[])))
    .collect();
    snapshots().bind(|| insta::assert_snapshot!("try", told.join("\n\n")));
}

/// Whoever types an expression makes slips: each is told with what to write.
#[test]
fn a_slip_in_what_is_tried_is_told_with_the_mend() {
    let folder = kennel();
    let told: Vec<String> = [
        "hevy",
        "heavy_n",
        "{ KINDS = 'big' }",
        "{ KIND = 'bigg' }",
        "{ KIND == 'big' }",
        "KIND = 'big'",
        "{ KIND = ‘big’ }",
        "{ KIND = 'big' ",
        "{ KIND = 'big', KIND = 'toy' }",
        "{ KILOS = rap.atleast(3) }",
        "{ KILOS = 'heavy' }",
        "{ BORN = '2020' }",
        "{ TAG = 'A1' }",
        "{ OUT = rap.filled, KIND = 'big' }",
        "{ walks = rap.filled }",
        "rap.at_least(3)",
        "'big'",
        "rap.indicator 'x' { title = 'X' }",
        "function(dog) dog.KIND = 'big' end",
        "function(dog) local heavy = dog.KILOS end",
        "function(dog) return dog.KILOS > 3 end",
        "function(dog) return dog.KILO == 3 end",
        "function(dog) return dog.KIND != 'big' end",
        "function(x) return true end",
        "function(dog) return 3 end",
        "",
    ]
    .into_iter()
    .map(|expression| format!("$ try \"{expression}\"\n{}", tried(folder.path(), expression, &[])))
    .collect();
    snapshots().bind(|| insta::assert_snapshot!("try_slips", told.join("\n\n")));
}

#[test]
fn a_population_is_explained_with_its_records() {
    let folder = kennel();
    let told: Vec<String> = [
        &["explain", "heavy", "return"][..],
        &["explain", "walks", "return"],
        &["explain", "heavy", "return", "--show-values"],
        &["explain", "hevy", "return"],
        &["explain", "heavy", "return", "--html", "heavy.html"],
    ]
    .into_iter()
    .map(|asked| {
        let run = rapporteur(folder.path(), &[asked, &["--period", "2026/27 Q1"]].concat());
        format!("$ {}\n{}", asked.join(" "), run.shown())
    })
    .collect();
    snapshots().bind(|| insta::assert_snapshot!("explain_population", told.join("\n\n")));
    let page = std::fs::read_to_string(folder.path().join("heavy.html")).expect("a page");
    assert!(page.contains("not for publication") && page.contains("heavy"), "{page}");
    assert!(!page.contains("Ann"), "what stands in cells is not told");
}

/// What `try` says of the shipped populations is what their indicators count.
#[test]
fn what_is_tried_is_what_is_counted() {
    let folder = example();
    let json = |arguments: &[&str]| -> Value {
        let run = rapporteur(folder.path(), &[arguments, &["q2.xlsx", "--json"]].concat());
        serde_json::from_str(&run.out).expect("JSON")
    };
    for (code, expression, list) in [
        ("cla_n", "looked_after", None),
        ("cla_n", "{ 'looked_after' }", None),
        ("cla_n", "{}", Some("looked_after")),
    ] {
        let mut asked = vec!["try", expression];
        asked.extend(list.into_iter().flat_map(|list| ["--list", list]));
        let (tried, explained) = (json(&asked), json(&["explain", code]));
        let rows = |records: &Value| -> Vec<u64> {
            let records = records.as_array().expect("records");
            records.iter().map(|record| record["row"].as_u64().expect("a row")).collect()
        };
        assert_eq!(rows(&tried["records"]), rows(&explained["numerator_records"]), "{expression}");
        assert_eq!(tried["count"].as_f64(), explained["numerator"].as_f64(), "{expression}");
    }
}

/// What scripts print is heard where somebody asks, and nowhere else; what comes of records is told
/// as its kind unless values are asked for.
#[test]
fn what_scripts_print_is_heard_at_ones_own_desk() {
    let folder = kennel();
    let script = r#"
print("loaded", 3)
rap.indicator "weighed" {
  title = "Weighed", unit = "number", population = "dogs",
  numerator = function(dog, period)
    print("kilos", dog.KILOS, dog.OWNER == "Ann", dog, { dog.BORN, kind = dog.KIND })
    return dog.KILOS ~= nil and dog.KILOS > 40
  end,
}
rap.commentary "weighed" (function(f)
  print("drafting", f.value, f.period)
  return "Heavy dogs."
end)
rap.layout "plain" {
  sheets = function(report)
    print(report.authority)
    return { {
      name = "All", title = "All", rows = { { indicator = "weighed" } },
      columns = { { heading = "What", show = "title" }, { heading = "Value", show = "value" } },
    } }
  end,
}
"#;
    std::fs::write(folder.path().join("scripts/loud.luau"), script).expect("written");
    let settings = format!("layout = \"plain\"\n{SETTINGS}");
    std::fs::write(folder.path().join("rapporteur.toml"), settings).expect("written");
    let run = |further: &[&str]| {
        let fixed = ["check", "return", "--period", "2026/27 Q1"];
        rapporteur(folder.path(), &[&fixed, further].concat())
    };
    let told: Vec<String> =
        [&["--print"][..], &["--print", "--show-values"], &["--print", "--json"], &[]]
            .into_iter()
            .map(|asked| format!("$ check {}\n{}", asked.join(" "), run(asked).shown()))
            .collect();
    snapshots().bind(|| insta::assert_snapshot!("check_print", told.join("\n\n")));
    let masked = run(&["--print"]).out + &run(&["--print", "--json"]).out;
    for value in ["41", "62", "big", "BIG", "2020", "Ann"] {
        assert!(!masked.contains(value), "{value} is told:\n{masked}");
    }
}
