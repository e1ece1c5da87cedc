//! Scripts that are hostile or broken: each is stopped in time, harms no other script, and is told
//! of in words, by script and line.

use std::path::Path;

use crate::make::workbook;
use crate::support::{Run, folder, snapshots, within_ten_seconds};

/// A list, a population, an indicator and a layout: what a script needs to be run over a record.
const GROUND: &str = r#"
rap.list "kids" {
  title = "Kids", key = "CHILD", starts = "FROM", ends = "TO",
  columns = {
    { "CHILD", "id", required = true }, { "AGE", "number" }, { "FROM", "date" }, { "TO", "date" },
    { "KIND", codes = { A = "First", B = "Second" } },
  },
}
rap.indicator "kids_n" {
  title = "Kids", unit = "number", population = "kids", definition = "All of them.", source = "Test",
}
rap.layout "board" {
  description = "A table.",
  sheets = function(report)
    return { {
      name = "Table", title = "Kids",
      columns = { { heading = "What", show = "title" }, { heading = "Value", show = "value" } },
      rows = { { indicator = "kids_n" } },
    } }
  end,
}
"#;

/// What a record's function looks at: the second has no age.
fn kids() -> Vec<u8> {
    workbook(&[
        ("Cover", &["Authority | Testham", "Period end | d:2026-09-30"]),
        (
            "Kids",
            &[
                "CHILD | AGE | FROM | TO | KIND",
                "990017 | n:9 | d:2026-05-01 |  | A",
                "990018 |  | d:2026-05-02 |  | B",
            ],
        ),
    ])
}

/// Runs `list` or `build` on a project of its own with the scripts, and holds the run to what all
/// must keep.
fn run(name: &str, scripts: &[(&str, &[u8])], command: &[&str], code: i32) -> Run {
    let folder = folder();
    let write = |at: &Path, bytes: &[u8]| std::fs::write(at, bytes).expect("written");
    write(&folder.path().join("rapporteur.toml"), b"shipped_scripts = false\n");
    std::fs::create_dir(folder.path().join("scripts")).expect("a folder");
    write(&folder.path().join("scripts/a_ground.luau"), GROUND.as_bytes());
    for (script, text) in scripts {
        write(&folder.path().join("scripts").join(script), text);
    }
    write(&folder.path().join("q2.xlsx"), &kids());
    let run = within_ten_seconds(folder.path(), command);
    assert_eq!(run.code, Some(code), "{name}: {run:?}");
    for text in [&run.out, &run.err] {
        for inner in [
            "panicked",
            "userdata",
            "mlua",
            "stack traceback",
            "[C]",
            "0x",
            "990017",
            "990018",
            "\u{1b}",
        ] {
            assert!(!text.contains(inner), "{name} tells {inner}: {text}");
        }
    }
    if code == 3 {
        assert!(run.err.contains("scripts/x.luau"), "{name} names no script: {}", run.err);
    }
    snapshots().bind(|| insta::assert_snapshot!(format!("hostile__{name}"), run.shown()));
    run
}

/// The lines of a message that say where: `scripts/x.luau:3`.
fn names_a_line(name: &str, run: &Run) {
    assert!(run.err.contains("scripts/x.luau:"), "{name} names no line: {}", run.err);
}

/// Whatever a script does while it is loaded.
#[test]
fn scripts_that_do_harm_while_they_are_loaded() {
    let cases = [
        ("loop_without_end", "local n = 0\nwhile true do n = n + 1 end"),
        ("empty_loop_without_end", "while true do end"),
        (
            "pattern_that_goes_back",
            "local s = ('a'):rep(40000)\nfor _ = 1, 50 do s:find('.-.-.-.-.-.-b') end",
        ),
        ("text_repeated", "local s = ('x'):rep(1e9)"),
        ("text_repeated_to_infinity", "local s = ('x'):rep(1/0)"),
        ("table_made_large", "local t = table.create(1e9, 0)"),
        ("recursion", "local function deep(n) return 1 + deep(n + 1) end\ndeep(1)"),
        (
            "plain_find",
            "local s = ('a'):rep(1e6)\nfor _ = 1, 1000 do s:find(('a'):rep(5e5) .. 'b', 1, \
             true) end",
        ),
        (
            "text_split",
            "local s = ('a,'):rep(5e5)\nlocal all = {}\n\
             while true do all[#all + 1] = s:split(',') end",
        ),
        ("sort_without_order", "table.sort(table.create(1e5, 1), function() return true end)"),
        // Work inside one step: only the clock can end these.
        (
            "insert_in_front",
            "local t = table.create(1e6, 1)\nfor i = 1, 1e6 do table.insert(t, 1, 1) end",
        ),
        ("text_turned_round", "while true do local s = ('x'):rep(1e6):reverse() end"),
        (
            "conditions_that_multiply",
            "local c = { A = 3 }\nfor _ = 1, 20 do c = { c, c, c } end\n\
             rap.population 'p' { from = 'kids', where = c }",
        ),
        (
            "alternatives_that_multiply",
            "local c = rap.either({ A = 1 }, { A = 2 })\nfor _ = 1, 20 do c = rap.either(c, c) end",
        ),
        (
            "declarations_without_end",
            "for i = 1, 1e5 do rap.population('p' .. i) { from = 'p' .. (i + 1) } end",
        ),
        (
            "metatable_loop",
            "local t = setmetatable({}, {})\ngetmetatable(t).__index = t\nlocal _ = t.x",
        ),
    ];
    for (name, text) in cases {
        names_a_line(name, &run(name, &[("x.luau", text.as_bytes())], &["list"], 3));
    }
    let cases = [
        ("table_that_grows", "local t = {}\nwhile true do t[#t + 1] = { {}, {}, {} } end"),
        ("text_that_doubles", "local s = 'x'\nwhile true do s = s .. s end"),
        ("texts_joined", "local t = table.create(4000, ('x'):rep(1e5))\nlocal s = table.concat(t)"),
        ("text_replaced", "local s = ('a'):rep(1e6)\nlocal t = s:gsub('a', ('b'):rep(1e6))"),
    ];
    for (name, text) in cases {
        let run = run(name, &[("x.luau", text.as_bytes())], &["list"], 3);
        assert!(run.err.contains("memory"), "{name}: {}", run.err);
    }
}

/// What is not there, and what cannot be changed; a script that is loaded later finds all as it
/// should be.
#[test]
fn scripts_that_reach_out() {
    let names = "io os require loadstring load dofile getfenv setfenv debug coroutine pcall xpcall \
                 collectgarbage newproxy package buffer gcinfo";
    let absent = format!(
        "for _, name in ('{names} _G.io _G.os'):split(' ') do\n  \
           local short = name:gsub('^_G%.', '')\n  \
           if rawget(_G, short) ~= nil then error(short .. ' is there') end\nend\n\
         for _, name in {{ 'random', 'randomseed', 'noise' }} do\n  \
           if math[name] ~= nil then error(name .. ' is there') end\nend"
    );
    run("nothing_that_reaches_out", &[("x.luau", absent.as_bytes())], &["list"], 0);
    let cases = [
        ("name_misspelt", "local KIND = { 'A' }\nlocal rule = { KIND = KNID }"),
        ("file_opened", "local f = io.open('/etc/passwd')"),
        ("clock_read", "local now = os.time()"),
        ("code_loaded", "local f = loadstring('return 1')"),
        ("library_changed", "string.upper = function() return 'harm' end"),
        ("rap_changed", "rap.indicator = function() end"),
        ("rap_changed_raw", "rawset(rap, 'indicator', function() end)"),
        ("metatable_of_texts_changed", "getmetatable('').__index = function() return 'harm' end"),
        ("metatable_of_rap_changed", "setmetatable(rap, nil)"),
    ];
    for (name, text) in cases {
        names_a_line(name, &run(name, &[("x.luau", text.as_bytes())], &["list"], 3));
    }
    // What a script keeps in a global of its own is seen by nobody else.
    let first = "leaked = 'harm'\nprint = 'harm'\nstring = nil\ntable = nil";
    let second = "if rawget(_G, 'leaked') then error('a global of another script is here') end\n\
                  if type(print) ~= 'function' or ('a'):upper() ~= 'A' or string.upper('a') ~= 'A' \
                  then error('harmed') end\n\
                  print('nobody hears this')";
    run(
        "globals_stay_at_home",
        &[("b.luau", first.as_bytes()), ("x.luau", second.as_bytes())],
        &["list"],
        0,
    );
    let flood = "for n = 1, 100000 do print(('flood '):rep(100), n) end";
    run("table_moved_far", &[("x.luau", b"table.move({}, 1, 2e9, 2)")], &["list"], 0);
    run("print_flood", &[("x.luau", flood.as_bytes())], &["list"], 0);
}

/// Files that are no text, or no Luau.
#[test]
fn scripts_that_cannot_be_read() {
    let declared = "\u{feff}rap.population \"all\" { from = \"kids\" }";
    run("byte_order_mark", &[("x.luau", declared.as_bytes())], &["list"], 0);
    let cases: [(&str, &[u8]); 5] = [
        ("nul_byte", b"local a = 1\0 while true do end"),
        ("not_utf8", b"-- caf\xe9\nlocal a = 1"),
        ("bytecode", b"\x06\x03\x01\x04test\x00"),
        ("utf16", b"\xff\xfel\0o\0c\0a\0l\0 \0a\0"),
        ("too_large", &[b' '; (1 << 20) + 1]),
    ];
    for (name, text) in cases {
        run(name, &[("x.luau", text)], &["list"], 3);
    }
    let cases = [
        ("syntax_error", "local t = {\n  a = 1\n  b = 2,\n}"),
        ("text_not_closed", "local t = 'open\nlocal u = 1"),
        ("nested_too_deep", &format!("local t = {}{}", "{".repeat(5000), "}".repeat(5000))),
    ];
    for (name, text) in cases {
        names_a_line(name, &run(name, &[("x.luau", text.as_bytes())], &["list"], 3));
    }
}

/// Declarations that lean on what is not there, or say what cannot be.
#[test]
fn declarations_that_are_wrong() {
    let indicator = |fields: &str| {
        format!(
            "rap.indicator \"x_n\" {{\n  title = \"X\", unit = \"number\", definition = \"X.\", \
             source = \"X\",\n  {fields}\n}}"
        )
    };
    let population =
        |fields: &str| format!("rap.population \"some\" {{\n  from = \"kids\",\n  {fields}\n}}");
    let cases = [
        ("field_unknown", indicator("population = \"kids\", thme = \"Health\",")),
        ("rap_misspelt", "rap.indicater \"x_n\" {}".into()),
        (
            "field_of_another_declaration",
            indicator(r#"population = "kids", where = { KIND = "A" },"#),
        ),
        ("number_as_text", indicator("population = \"kids\", decimals = \"1\",")),
        (
            "condition_misspelt",
            indicator(r#"population = "kids", numerator = { KIND = rap.non_of { "A" } },"#),
        ),
        (
            "condition_given_text",
            indicator(r#"population = "kids", numerator = { AGE = rap.at_least "three" },"#),
        ),
        (
            "condition_given_nothing",
            indicator(r#"population = "kids", numerator = { FROM = rap.before() },"#),
        ),
        (
            "condition_not_called",
            indicator(r#"population = "kids", numerator = { FROM = rap.before },"#),
        ),
        ("offset_misspelt", population("as_at = { \"period_end\", month = -3 },")),
        ("field_of_wrong_type", indicator("population = \"kids\", decimals = \"two\",")),
        ("name_missing", "rap.indicator {}".into()),
        ("table_missing", "rap.indicator \"x_n\" (12)".into()),
        ("column_unknown", population("where = { AEG = 3 },")),
        ("code_unknown", population("where = { KIND = \"C\" },")),
        ("condition_of_wrong_kind", population("where = { FROM = 3 },")),
        (
            "condition_that_holds_itself",
            "local c = { AGE = 3 }\nc[1] = c\n".to_string() + &population("where = c,"),
        ),
        ("population_unknown", indicator("population = \"kidz\",")),
        (
            "populations_in_a_circle",
            "rap.population \"one\" { from = \"two\" }\n\
             rap.population \"two\" { from = \"one\" }"
                .into(),
        ),
        ("declared_twice_in_one", population("") + "\n" + &population("")),
        ("day_unknown", population("as_at = \"period_edn\",")),
        ("window_unknown", population("during = \"last_year\",")),
        (
            "list_with_key_that_is_none",
            r#"rap.list "l" { key = "A", columns = { { "B", "id" } } }"#.into(),
        ),
        (
            "column_of_unknown_type",
            r#"rap.list "l" { key = "A", columns = { { "A", "idd" } } }"#.into(),
        ),
        (
            "sum_of_percentage",
            "rap.indicator \"x_n\" { title = \"X\", unit = \"percentage\", population = \"kids\", \
             sum = \"AGE\" }"
                .into(),
        ),
        ("sum_and_average", indicator("population = \"kids\", sum = \"AGE\", average = \"AGE\",")),
        ("sum_of_a_table", indicator("population = \"kids\", sum = { \"AGE\" },")),
        ("parts_of_average", indicator("population = \"kids\", average = \"AGE\", by = \"KIND\",")),
        ("parts_by_unknown_column", indicator("population = \"kids\", by = \"KNID\",")),
        // A column without codes would print what stands in a private list.
        ("parts_by_column_without_codes", indicator("population = \"kids\", by = \"CHILD\",")),
        ("parts_without_title", indicator("population = \"kids\", by = { { KIND = \"A\" } },")),
        ("parts_without_conditions", indicator("population = \"kids\", by = { { \"First\" } },")),
        (
            "parts_of_one_title",
            indicator(r#"population = "kids", by = { { "A", AGE = 1 }, { "a", AGE = 2 } },"#),
        ),
        (
            "parts_by_unknown_code",
            indicator(r#"population = "kids", by = { { "Third", KIND = "C" } },"#),
        ),
        ("running_total_of_no_parts", indicator("population = \"kids\", running = true,")),
        (
            "error_with_control_characters",
            "error(\"\\27[31mred\\27[0m \\r\\8 \\226\\128\\174 end\")".into(),
        ),
    ];
    for (name, text) in cases {
        names_a_line(name, &run(name, &[("x.luau", text.as_bytes())], &["list"], 3));
    }
    let again = "rap.indicator \"kids_n\" { title = \"K\", unit = \"number\", \
                 population = \"kids\", definition = \"K.\", source = \"K\" }";
    names_a_line(
        "declared_twice",
        &run("declared_twice", &[("x.luau", again.as_bytes())], &["list"], 3),
    );
}

/// Targets that nothing could be held against, and policies that cannot judge.
#[test]
fn targets_that_are_wrong() {
    let indicator = |fields: &str| {
        format!(
            "rap.policy \"share\" {{ kind = \"relative\", within = 10, description = \"Near.\" }}\n\
             rap.indicator \"x_pct\" {{\n  title = \"X\", unit = \"percentage\", \
             typed = true,\n  {fields}\n}}"
        )
    };
    let policy =
        |fields: &str| format!("rap.policy \"ours\" {{\n  description = \"X.\",\n  {fields}\n}}");
    let bands = |green: &str, amber: &str, red: &str, better: &str| {
        indicator(&format!(
            "better = \"{better}\",\n  thresholds = {{ green = {green}, amber = {amber}, \
             red = {red} }},"
        ))
    };
    let cases = [
        ("policy_of_unknown_kind", policy("kind = \"bnad\",")),
        ("policy_without_kind", policy("")),
        ("policy_without_share", policy("kind = \"relative\",")),
        ("policy_with_word_for_nothing", policy("kind = \"band\", words = { achievd = \"Met\" },")),
        ("policy_with_field_of_another_kind", policy("kind = \"floor\", exceeded = false,")),
        ("policy_unknown", indicator("policy = \"shar\",")),
        ("share_of_no_target", indicator("policy = \"share\", target = 0,")),
        ("floor_better_than_target", indicator("better = \"lower\", target = 10,\n  floor = 8,")),
        (
            "tolerance_below_nothing",
            indicator("target = 95,\n  tolerance = { low = -2, high = 1 },"),
        ),
        ("tolerance_of_unknown_side", indicator("target = 95,\n  tolerance = { below = 2 },")),
        ("rate_of_unknown", indicator("rate_of = \"y_n\",")),
        ("defined_since_no_period", indicator("defined_since = \"lately\",")),
        ("thresholds_with_gap", bands("{ 95, 100 }", "{ 90, 94 }", "{ 0, 90 }", "higher")),
        ("thresholds_that_overlap", bands("{ 95, 100 }", "{ 90, 95 }", "{ 0, 91 }", "higher")),
        ("thresholds_the_wrong_way", bands("{ 95, 100 }", "{ 90, 95 }", "{ 0, 90 }", "lower")),
        ("thresholds_upside_down", bands("{ 100, 95 }", "{ 90, 95 }", "{ 0, 90 }", "higher")),
        ("thresholds_of_neither", bands("{ 95, 100 }", "{ 90, 95 }", "{ 0, 90 }", "neither")),
        ("thresholds_of_one_number", bands("{ 95 }", "{ 90, 95 }", "{ 0, 90 }", "higher")),
    ];
    for (name, text) in cases {
        names_a_line(name, &run(name, &[("x.luau", text.as_bytes())], &["list"], 3));
    }
}

/// Functions that fail, or never come back, while a return is worked on.
#[test]
fn functions_that_fail_at_work() {
    let selects = |body: &str| {
        format!(
            "rap.indicator \"x_n\" {{\n  title = \"X\", unit = \"number\", definition = \"X.\", \
             source = \"X\",\n  \
             population = \"kids\",\n  numerator = function(kid)\n    {body}\n  end,\n}}"
        )
    };
    let layout = |body: &str| {
        format!(
            "rap.layout \"other\" {{\n  description = \"X.\",\n  sheets = function(report)\n    \
             {body}\n  end,\n}}"
        )
    };
    let cases = [
        ("record_loop_without_end", selects("while true do end\n    return true")),
        ("record_compared_with_blank", selects("return kid.AGE > 3")),
        ("record_field_misspelt", selects("return kid.AEG == 3")),
        ("record_gives_a_number", selects("return 3")),
        (
            "record_uses_memory",
            selects("local t = {}\n    while true do t[#t + 1] = { {} } end\n    return t"),
        ),
        ("record_changed", selects("kid.AGE = 3\n    return true")),
        ("record_calls_nothing", selects("return kid:older_than(3)")),
        ("record_day_plus_number", selects("return kid.FROM + 3 > kid.FROM")),
        ("record_day_less_blank", selects("return kid.FROM - kid.TO > 3")),
        ("record_day_compared_with_number", selects("return kid.FROM < 2026")),
        ("record_code_compared_with_number", selects("return kid.KIND < 2")),
        ("record_day_method_misspelt", selects("return kid.FROM:plus_month(3) > kid.FROM")),
        ("record_day_method_with_dot", selects("return kid.FROM.plus_months(3) > kid.FROM")),
        (
            "record_day_method_given_text",
            selects("return kid.FROM:plus_months('three') > kid.FROM"),
        ),
        ("record_blank_has_no_year", selects("return kid.TO.year > 2025")),
        ("record_blank_joined", selects("return kid.TO .. '' == ''")),
        (
            "record_calls_itself",
            selects("local function deep() return 1 + deep() end\n    return deep()"),
        ),
    ];
    let numbers = |body: &str| {
        format!(
            "rap.indicator \"x_n\" {{\n  title = \"X\", \
             population = \"kids\",\n  average = function(kid)\n    {body}\n  end,\n}}"
        )
    };
    let cases = cases.into_iter().chain([
        ("record_gives_a_text", numbers("return kid.KIND")),
        ("record_divides_by_zero", numbers("return 1 / ((kid.AGE or 9) - 9)")),
    ]);
    for (name, text) in cases {
        let run = run(name, &[("x.luau", text.as_bytes())], &["build", "q2.xlsx"], 3);
        assert!(run.err.contains("Kids!A"), "{name} names no record: {}", run.err);
        assert!(run.err.contains("x_n"), "{name} does not say what was worked out: {}", run.err);
    }
    let cases = [
        ("layout_gives_nothing", layout("return nil")),
        ("layout_gives_a_number", layout("return 3")),
        ("layout_gives_no_sheet", layout("return {}")),
        ("layout_gives_half_a_sheet", layout("return { { name = 'X' } }")),
        ("layout_shows_what_is_not", layout("return report:figure('kids_m')")),
        ("layout_wants_unknown_order", layout("return report:figures 'as shown'")),
        ("layout_prints_private_records", layout("return report:records('kids')")),
        ("layout_wants_parts_of_none", layout("return report:parts('kids_n')")),
        ("layout_loop_without_end", layout("while true do end\n    return {}")),
        ("layout_misspells_method", layout("return report:figurs()")),
        (
            "layout_misspells_method_of_figure",
            layout("return report:figure('kids_n'):change_frm 'england'"),
        ),
        ("layout_calls_with_a_dot", layout("return report.figures()")),
        (
            "layout_misspells_field",
            layout(
                "return { { name = 'X', title = 'X', columns = { { heding = 'A' }, {} }, \
                 rows = {} } }",
            ),
        ),
        (
            "layout_asks_change_from_elsewhere",
            layout("return report:figure('kids_n'):change_from 'england'"),
        ),
        (
            "layout_compares_with_what_is_not",
            layout("return report:figure('kids_n'):comparison { 'englnd' }"),
        ),
    ];
    for (name, text) in cases {
        let arguments = ["build", "q2.xlsx", "--template", "other"];
        names_a_line(name, &run(name, &[("x.luau", text.as_bytes())], &arguments, 3));
    }
}
