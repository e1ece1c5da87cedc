//! Scripts that try to carry a child out of the return: what tells of the one child looked for is
//! in no message and in no file, in no spelling, whatever a script does.

use std::path::Path;

use crate::make::{parts, workbook};
use crate::support::{folder, rapporteur, snapshots};

/// The child, as the return has it.
const CHILD: &str = "70012345";
const UPN: &str = "A801200001234";
const POSTCODE: &str = "ZQ7 4XY";

/// A return of 30 children in care, three of them unaccompanied, the one looked for among them.
fn returned() -> Vec<u8> {
    let mut header = vec!["CHILD | SEX | DOB | ETHNIC | UPN | MOTHER | MC_DOB".to_string()];
    let mut episodes = vec![
        "CHILD | DECOM | RNE | LS | CIN | PLACE | PLACE_PROVIDER | DEC | REC | REASON_PLACE_CHANGE \
         | HOME_POST | PL_POST | URN"
            .to_string(),
    ];
    let mut uasc = vec!["CHILD | SEX | DOB | DUC".to_string()];
    for n in 0..30 {
        let looked_for = n == 7;
        let child = if looked_for { CHILD.to_string() } else { (80_000_000 + n).to_string() };
        let born =
            if looked_for { "2011-04-09".to_string() } else { format!("2010-01-{:02}", n + 1) };
        let upn = if looked_for { UPN.to_string() } else { "UN1".to_string() };
        // The list reaches back as far as figures look.
        let began = if n == 0 { "2024-05-01" } else { "2025-05-01" };
        let post = if looked_for { POSTCODE } else { "" };
        header.push(format!("{child} | M | d:{born} | WBRI | {upn}"));
        episodes.push(format!(
            "{child} | d:{began} | S | C2 | N1 | U6 | PR1 |  |  |  | {post} | {post} | "
        ));
        if n % 10 == 7 {
            uasc.push(format!("{child} | M | d:{born} | "));
        }
    }
    let texts = |rows: Vec<String>| -> Vec<&'static str> {
        rows.into_iter().map(|row| &*row.leak()).collect()
    };
    let (header, episodes, uasc) = (texts(header), texts(episodes), texts(uasc));
    let cover: [&str; 6] = [
        "Return | Children in care",
        "Authority | Testham",
        "Reporting year | 2026/27",
        "Quarter | Q1/Q2",
        "Period start | d:2026-04-01",
        "Period end | d:2026-09-30",
    ];
    workbook(&[("Cover", &cover), ("Header", &header), ("Episodes", &episodes), ("UASC", &uasc)])
}

/// What tells of the child, letters and digits alone, in small letters, forwards and backwards.
fn telltales() -> Vec<String> {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
    };
    let forwards = [CHILD, UPN, POSTCODE, "20110409", "09042011", "9april2011"];
    let forwards: Vec<String> = forwards.iter().map(|text| plain(text)).collect();
    let backwards: Vec<String> = forwards.iter().map(|t| t.chars().rev().collect()).collect();
    [forwards, backwards].concat()
}

/// Everything that a run left: what it said, and its files, workbooks unpacked.
fn left(at: &Path, said: &str) -> Vec<(String, String)> {
    let mut all = vec![("what was said".to_string(), said.to_string())];
    for entry in std::fs::read_dir(at).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() || name == "q2.xlsx" {
            continue;
        }
        let bytes = std::fs::read(&path).expect("read");
        if name.ends_with(".xlsx") {
            for (part, bytes) in parts(&bytes) {
                all.push((format!("{name}: {part}"), String::from_utf8_lossy(&bytes).into_owned()));
            }
        } else {
            all.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    all
}

/// An indicator whose function looks at records, and then does its worst with the one looked for.
fn at_work(does: &str) -> String {
    format!(
        "rap.indicator \"x_n\" {{ title = \"X\", theme = \"A\", unit = \"number\", \
         population = \"header\",\n  \
         numerator = function(h)\n    if h.UPN ~= \"UN1\" then {does} end\n    return true\n  \
         end }}"
    )
}

/// The same keeps what it saw, and another declaration tells it.
fn kept(tells: &str) -> String {
    format!("local kept = \"\"\n{}\n{tells}", at_work("kept = h.CHILD"))
}

/// A function that keeps a digit of the one looked for, and afterwards says yes to so many others.
fn digits(begins: &str, keeps: &str, so_many: &str) -> String {
    format!(
        "{begins}\nlocal said = 0\nrap.indicator \"x_n\" {{ title = \"X\", theme = \"A\", \
         unit = \"number\", population = \"header\",\n  \
         numerator = function(h)\n    if h.UPN ~= \"UN1\" then {keeps} return false end\n    \
         if said < {so_many} then said += 1 return true end\n    return false\n  end }}"
    )
}

/// A layout that prints something of each record of a list.
fn prints(list: &str, what: &str) -> String {
    format!(
        "rap.layout \"mine\" {{ sheets = function(report)\n  local rows = {{}}\n  \
         for _, c in report:records \"{list}\" do table.insert(rows, \
         {{ cells = {{ `{what}` }} }}) end\n  \
         return {{ {{ name = \"A\", title = \"A\", columns = {{ {{}}, {{}} }}, \
         rows = rows }} }}\nend }}"
    )
}

#[test]
fn no_script_carries_a_child_out() {
    let columns = "columns = { { \"CHILD\", \"id\" }, { \"SEX\", \"text\" }, { \"DOB\", \
                   \"date\" }, { \"ETHNIC\", \"text\" }, { \"UPN\", \"text\", optional = true }, \
                   { \"MOTHER\", \"text\", optional = true }, { \"MC_DOB\", \"date\", \
                   optional = true } }";
    let other = "columns = { { \"REF\", \"text\", also = \"CHILD\" }, { \"WHEN\", \"date\", \
                 also = \"DOB\" }, { \"SEX\", \"text\" }, { \"ETHNIC\", \"text\" }, { \"NO\", \
                 \"text\", also = \"UPN\" }, { \"MOTHER\", \"text\" }, { \"MC_DOB\", \"date\" } }";
    let scripts: Vec<(&str, String)> = vec![
        ("says_it", at_work("error(h.CHILD)")),
        ("says_it_backwards", at_work("error(h.CHILD:reverse() .. h.UPN:lower())")),
        ("says_it_by_letters", at_work("error(table.concat(h.UPN:split(\"\"), \" \"))")),
        (
            "says_its_date",
            at_work("error(`born {h.DOB.year * 10000 + h.DOB.month * 100 + h.DOB.day}`)"),
        ),
        ("asserts_it", at_work("assert(false, h.CHILD)")),
        ("raises_a_number", at_work("error(tonumber(h.CHILD))")),
        ("raises_a_table", at_work("error({ h.CHILD })")),
        ("raises_a_day", at_work("error(h.DOB)")),
        (
            "says_it_as_a_line",
            at_work("error(`scripts/x.luau:{h.CHILD}: attempt to index nil with '{h.UPN}'`, 0)"),
        ),
        (
            "says_one_of_many_constants",
            at_work(r#"error(({ [2010] = "ten", [2011] = "20110409" })[h.DOB.year])"#),
        ),
        ("asks_a_blank_for_it", at_work("local t = nil return t[h.CHILD] == 1")),
        ("asks_the_record_for_it", at_work("return h[h.CHILD] == 1")),
        ("asks_the_day_for_it", at_work("return h.DOB[h.UPN] == 1")),
        ("asks_rap_for_it", at_work("return rap[h.UPN] == 1")),
        ("asks_all_names_for_it", at_work("return _G[h.UPN] == 1")),
        ("uses_a_file_of_its_name", at_work("return rap.use(h.CHILD) == 1")),
        ("declares_it", at_work("rap.indicator(h.CHILD)({ title = h.UPN })")),
        ("asks_for_a_stretch_of_its_name", at_work("return rap.within(h.UPN) == 1")),
        ("changes_the_record_by_it", at_work("h[h.CHILD] = 1")),
        ("formats_it", at_work("return rap.format(h.CHILD) == \"\"")),
        ("reckons_with_it", at_work("return h.UPN + 1 > 0")),
        ("looks_for_its_pattern", at_work("return h.UPN:match(\"(\" .. h.CHILD) == nil")),
        ("prints_it", at_work("print(h.CHILD)")),
        (
            "keeps_it_for_a_derived_figure",
            kept(
                "rap.indicator \"y\" { title = \"Y\", theme = \"A\", unit = \"number\", \
                 derived_from = { \"cla_n\" },\n  value = function(n) return tonumber(kept) or n \
                 end }",
            ),
        ),
        (
            "keeps_it_for_a_sentence",
            kept(r#"rap.commentary "cla_n" (function(f) return `All of them: {kept}.` end)"#),
        ),
        (
            "keeps_it_for_a_layout",
            kept(
                "rap.layout \"mine\" { sheets = function(report)\n  return { { name = \"A\", \
                 title = `A {kept}`, columns = { {}, {} }, rows = { { cells = { kept } } } } }\n\
                 end }",
            ),
        ),
        (
            "counts_its_digits",
            digits("local digit = 0", "digit = tonumber(h.CHILD:sub(-1))", "digit"),
        ),
        (
            "counts_its_digits_by_a_table",
            digits(
                "local kept = {}",
                "table.insert(kept, h.CHILD)",
                "(#kept > 0 and tonumber(kept[1]:sub(-1)) or 0)",
            ),
        ),
        (
            "counts_its_digits_by_a_global_name",
            digits("digit = 0", "digit = tonumber(h.CHILD:sub(-1))", "digit"),
        ),
        (
            "counts_its_digits_by_another_function",
            format!(
                "local digit = 0\nrap.population \"eyes\" {{ from = \"header\", \
                 where = function(h) if h.UPN ~= \"UN1\" then digit = 5 end return true end }}\n\
                 rap.indicator \"y_n\" {{ title = \"Y\", theme = \"A\", unit = \"number\", \
                 population = \"eyes\" }}\n{}",
                digits("", "", "digit")
            ),
        ),
        (
            "counts_its_digits_by_a_walk_through_a_text",
            "local walk = (\"aaaaaaaaaa\"):gmatch(\"a\")\n\
             rap.indicator \"x_n\" { title = \"X\", theme = \"A\", unit = \"number\", \
             population = \"header\",\n  \
             numerator = function(h)\n    if h.UPN ~= \"UN1\" then for _ = 1, \
             tonumber(h.CHILD:sub(-1)) do walk() end return false end\n    \
             return walk() ~= nil\n  end }"
                .to_string(),
        ),
        (
            "lacks_what_it_has_seen",
            digits("local seen = false", "seen = true", "(seen and #h.missing or 0)"),
        ),
        (
            "calls_the_children_public",
            format!(
                "rap.list \"header\" {{ title = \"Header\", key = \"CHILD\", \
                 public = {{ \"CHILD\", \"UPN\" }},\n  {columns} }}\n\
                 {}",
                prints("header", "{c.CHILD} {c.UPN}")
            ),
        ),
        (
            "calls_everything_public",
            format!(
                "rap.list \"header\" {{ title = \"Header\", key = \"CHILD\", \
                 public = true,\n  {columns} }}\n{}",
                prints("header", "{c.CHILD} {c.UPN}")
            ),
        ),
        (
            "calls_the_children_something_else",
            format!(
                "rap.list \"header\" {{ title = \"Header\", key = \"REF\", public = {{ \"REF\", \
                 \"WHEN\" }},\n  {other} }}\n\
                 {}",
                prints("header", "{c.REF} {c.WHEN}")
            ),
        ),
        ("prints_a_private_list", prints("header", "{c.CHILD}")),
        (
            "breaks_down_by_the_identifier",
            "rap.indicator \"x_n\" { title = \"X\", theme = \"A\", unit = \"number\", \
             population = \"header\", by = \"CHILD\" }"
                .to_string(),
        ),
        (
            "says_that_it_is_nobody",
            "rap.indicator \"x_n\" { title = \"X\", theme = \"A\", unit = \"number\", \
             people = false, population = \"looked_after\", numerator = { uasc = rap.filled } }"
                .to_string(),
        ),
        (
            "derives_nobody_from_somebody",
            "rap.indicator \"x_n\" { title = \"X\", theme = \"A\", unit = \"number\", \
             people = false, derived_from = \"uasc_n\", value = function(n) return n end }"
                .to_string(),
        ),
    ];
    let returned = returned();
    let mut told = Vec::new();
    for (name, script) in &scripts {
        let folder = folder();
        let at = folder.path();
        std::fs::create_dir(at.join("scripts")).expect("a folder");
        std::fs::write(at.join("scripts/x.luau"), script).expect("written");
        std::fs::write(at.join("q2.xlsx"), &returned).expect("written");
        let mut command =
            vec!["build", "q2.xlsx", "-o", "a.xlsx", "--html", "a.html", "--figures", "f.csv"];
        command.extend(["--disclosure", "dfe"]);
        if script.contains("rap.layout \"mine\"") {
            command.extend(["--template", "mine"]);
        }
        let run = rapporteur(at, &command);
        let left = left(at, &run.shown());
        for (what, text) in &left {
            let plain: String =
                text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
            for telltale in telltales() {
                assert!(
                    !plain.contains(&telltale),
                    "{name}: {what} tells {telltale}\n{}",
                    run.shown()
                );
            }
        }
        told.push(format!("{name}: exit code {:?}\n{}", run.code, run.err.trim_end()));
    }
    assert!(scripts.len() >= 20);
    snapshots().bind(|| insta::assert_snapshot!("carried", told.join("\n\n----\n")));
}

/// What is the same of every record may be kept, such as what takes long to work out.
#[test]
fn a_function_may_keep_what_does_not_change_its_answers() {
    let script = "local ages = {}\n\
                  rap.indicator \"x_n\" { title = \"X\", theme = \"A\", unit = \"number\", \
                  population = \"header\",\n  \
                  numerator = function(h)\n    ages[h.DOB.year] = ages[h.DOB.year] or 2026 - \
                  h.DOB.year\n    \
                  return ages[h.DOB.year] > 15\n  end }";
    let folder = folder();
    let at = folder.path();
    std::fs::create_dir(at.join("scripts")).expect("a folder");
    std::fs::write(at.join("scripts/x.luau"), script).expect("written");
    std::fs::write(at.join("q2.xlsx"), returned()).expect("written");
    let run = rapporteur(at, &["build", "q2.xlsx", "-o", "a.xlsx", "--figures", "f.csv"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let figures = std::fs::read_to_string(at.join("f.csv")).expect("figures");
    let row = figures.lines().find(|line| line.starts_with("x_n,")).expect("it is counted");
    assert!(row.contains(",29,"), "{row}");
}

/// Before somebody trusts a script that is not ours, the program says what it can do.
#[test]
fn what_a_script_can_do_is_told() {
    let folder = folder();
    let at = folder.path();
    std::fs::create_dir_all(at.join("scripts/shared")).expect("a folder");
    let scripts = [
        (
            "scripts/plain.luau",
            "rap.indicator \"plain_n\" { title = \"P\", theme = \"A\", unit = \"number\", \
             population = \"looked_after\", numerator = { PLACE = \"U4\" } }",
        ),
        (
            "scripts/looks.luau",
            "rap.population \"some\" { from = \"episodes\", \
             where = { child = function(h) return h.SEX == \"1\" end } }\n\
             rap.check \"odd\" { on = \"header\", fails = rap.either({ SEX = \"2\" }, \
             function(h) return h.UPN == \"\" end), message = \"is odd\" }\n\
             rap.indicator \"days_n\" { title = \"D\", theme = \"A\", unit = \"number\", \
             population = \"header\", sum = function(h) return h.DOB.year end }\n\
             rap.indicator \"more\" { title = \"M\", theme = \"A\", unit = \"number\", \
             derived_from = \"cla_n\", value = function(n) return n + 1 end }\n\
             rap.indicator \"by_n\" { title = \"B\", theme = \"A\", unit = \"number\", \
             population = \"header\", by = { { \"All\", function(h) return true end } } }",
        ),
        (
            "scripts/prints.luau",
            "rap.commentary \"cla_n\" (function(f) return \"In words.\" end)\n\
             rap.layout \"mine\" { sheets = function(report) return {} end }",
        ),
        (
            "scripts/asks.luau",
            "rap.list \"our_homes\" { title = \"Our homes\", key = \"OUR_HOME\", optional = true, \
             public = { \"OUR_HOME\" }, columns = { { \"OUR_HOME\", \"text\" }, { \"BEDS\", \
             \"number\" } } }\n\
             rap.indicator \"nobody_n\" { title = \"N\", theme = \"A\", unit = \"number\", \
             people = false, population = \"looked_after\" }\n\
             rap.disclosure \"dfe\" { hide = { 1, 2 }, audience = \"public\", \
             description = \"As DfE.\" }",
        ),
        (
            "scripts/disclosure.luau",
            "rap.disclosure \"under_5\" { hide = { 1, 1 }, audience = \"public\", \
             description = \"As DfE.\" }",
        ),
        ("scripts/shared/words.luau", "return {}"),
    ];
    for (name, script) in scripts {
        std::fs::write(at.join(name), script).expect("written");
    }
    let run = rapporteur(at, &["list", "--trust"]);
    let json = rapporteur(at, &["list", "--trust", "--json"]);
    let none = rapporteur(crate::support::example().path(), &["list", "--trust"]);
    assert!(json.out.contains("\"asks_for\""), "{}", json.shown());
    assert!(none.out.contains("Every script here ships"), "{}", none.shown());
    snapshots().bind(|| insta::assert_snapshot!("trust", run.shown()));
}

/// A file of a shipped one's name takes its place: the report says what its rules do.
#[test]
fn rules_in_the_place_of_the_shipped_ones_say_what_they_do() {
    let folder = crate::support::example();
    let at = folder.path();
    std::fs::create_dir(at.join("scripts")).expect("made");
    let rule = "rap.disclosure \"dfe\" { hide = { 1, 1 }, audience = \"public\", \
                description = \"Counts of 1 to 5.\" }";
    std::fs::write(at.join("scripts/disclosure.luau"), rule).expect("written");
    let run = rapporteur(at, &["build", "q2.xlsx", "--html", "a.html", "--disclosure", "dfe"]);
    assert!(
        run.err.contains("the disclosure rule `dfe` is not the shipped one"),
        "{}",
        run.shown()
    );
    let page = std::fs::read_to_string(at.join("a.html")).expect("a page");
    assert!(page.contains("counts of 1 to 1 people are suppressed"), "its words");
    assert!(!page.contains("Counts of 1 to 5."), "not the words it gave itself");
}
