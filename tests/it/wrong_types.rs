//! Everything that `rap` takes, given everything that it does not: every function, method and
//! field, every kind of value. Each is told at its line, in an analyst's words and with what to
//! write, or does no harm. What is there to be fed is the reference's list, so that a new name is
//! fed without anybody thinking of it.

mod laid_out;

use std::collections::BTreeMap;

use rapporteur::intake::project::{Project, Source};
use rapporteur::nouns::problem::{Problem, Problems};
use rapporteur::pipeline::{self, Wishes};
use rapporteur::scripts::engine::Engine;
use rapporteur::scripts::reference::{self, Field, Kind, parameters};

use crate::support::{folder, snapshots};

/// Values of every kind, and how a snapshot calls them.
const VALUES: [(&str, &str); 15] = [
    ("nil", "nil"),
    ("true", "true"),
    ("text", "\"zzz\""),
    ("empty text", "\"\""),
    ("digits", "\"12\""),
    ("-1", "-1"),
    ("1.5", "1.5"),
    ("huge", "1e308"),
    ("infinite", "1/0"),
    ("no number", "0/0"),
    ("{}", "{}"),
    ("{ 1 }", "{ 1 }"),
    ("{ zzz = {} }", "{ zzz = {} }"),
    ("function", "function() return {} end"),
    ("condition", "rap.blank"),
];

/// Words that are no analyst's: what runs beneath, and what a program says of itself.
const INNER: [&str; 22] = [
    "attempt to",
    "userdata",
    "a nil",
    "bad argument",
    "invalid argument",
    "error converting",
    "runtime error",
    "traceback",
    "mlua",
    "LuaDay",
    "LuaFigure",
    "LuaMatcher",
    "Err(",
    "panicked",
    "table overflow",
    "invalid ",
    "malformed",
    "missing argument",
    "non-existent",
    "out of range",
    "stack",
    "expected",
];

/// What is wrong with a message, whoever reads it; nothing where it can be left as it is.
fn fault_of(problem: &Problem) -> Option<String> {
    let hint = problem.hint.as_deref().unwrap_or_default();
    let inner = INNER.iter().find(|word| problem.message.contains(**word) || hint.contains(**word));
    match inner {
        Some(word) => Some(format!("says \"{}\"", word.trim())),
        None if problem.message.len() < 12 => Some("says too little".to_string()),
        None if problem.message.ends_with('.') => Some("ends with a full stop".to_string()),
        None if problem.place.line.is_none() => Some("names no line".to_string()),
        None => None,
    }
}

/// What is fed, and what came of it: each message once, with the values that it is said of.
#[derive(Default)]
struct Fed {
    told: BTreeMap<String, BTreeMap<String, Vec<&'static str>>>,
    faults: Vec<String>,
}

impl Fed {
    fn note(&mut self, what: &str, value: &'static str, problems: &[Problem]) {
        let mut said = String::new();
        for problem in problems {
            if let Some(fault) = fault_of(problem) {
                let told = problem.render(false);
                self.faults.push(format!("{what} of {value} {fault}:\n{told}"));
            }
            said.push_str(&problem.message);
            let hint = problem.hint.as_ref().map(|hint| format!("\n      {hint}"));
            said.push_str(&hint.unwrap_or_default());
        }
        let said = if said.is_empty() { "(taken)".to_string() } else { said };
        self.told.entry(what.to_string()).or_default().entry(said).or_default().push(value);
    }

    fn shown(&self) -> String {
        let mut text = String::new();
        for (what, told) in &self.told {
            text.push_str(&format!("{what}\n"));
            for (said, values) in told {
                text.push_str(&format!("  {}:\n    {said}\n", values.join(", ")));
            }
        }
        text
    }

    /// Holds it against the snapshot, once nothing is said that nobody should read.
    fn hold(&self, name: &str) {
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
        snapshots().bind(|| insta::assert_snapshot!(name, self.shown()));
    }
}

/// What the scripts below stand on.
const GROUND: &str = r#"
rap.list "kids" {
  title = "Children", record = "kid", key = "CHILD", starts = "FROM", ends = "TO",
  columns = {
    { "CHILD", "id" }, { "FROM", "date" }, { "TO", "date" }, { "MILES", "number" },
    { "LS", codes = { "C1", "C2" } },
  },
}
rap.indicator "n" { title = "Children", unit = "number", population = "kids" }
"#;

/// What is said of a script beside the ground.
fn told(script: &str) -> Vec<Problem> {
    let mut problems = Problems::default();
    let sources = [Source::own("scripts/a.luau", GROUND), Source::own("scripts/x.luau", script)];
    Engine::load(&sources, &mut problems);
    problems.sort();
    problems.iter().cloned().collect()
}

/// What stands in the place of a parameter that is not the one that is fed.
fn right(name: &str, luau: &str) -> &'static str {
    match (name, luau) {
        ("day", _) => "\"period_end\"",
        ("stretch", _) => "\"quarter\"",
        ("column", _) => "\"LS\"",
        (_, "number") => "1",
        (_, "string") => "\"A\"",
        (_, "{ any }") => "{ \"C1\" }",
        _ => "nil",
    }
}

#[test]
fn functions_of_rap_are_fed_every_kind_of_value() {
    let mut fed = Fed::default();
    for call in reference::calls() {
        let Some(takes) = parameters(call.luau) else { continue };
        let column = match call.suits {
            "dates" => "FROM",
            suits if suits.starts_with("numbers") => "MILES",
            "links" => "kids",
            _ => "LS",
        };
        for (at, parameter) in takes.iter().enumerate() {
            for (kind, value) in VALUES {
                let given: Vec<&str> = (0..takes.len())
                    .map(|i| if i == at { value } else { right(takes[i].name, takes[i].luau) })
                    .collect();
                let given = given.join(", ");
                let script = match call.name {
                    name if call.declares() => format!("rap.{name}({given}) {{ }}\n"),
                    "either" => continue,
                    "cover" => format!(
                        "rap.indicator \"x\" {{ title = \"X\", unit = \"rate\", \
                         numerator = \"kids\",\n  \
                         denominator = rap.cover({given}) }}"
                    ),
                    "format" | "use" => {
                        format!("local text = rap.{}({given})\nreturn text", call.name)
                    }
                    name => format!(
                        "rap.indicator \"x\" {{ title = \"X\", unit = \"number\", \
                         population = \"kids\",\n  \
                         numerator = {{ {column} = rap.{name}({given}) }} }}"
                    ),
                };
                fed.note(&format!("rap.{}: {}", call.name, parameter.name), kind, &told(&script));
            }
        }
    }
    for (kind, value) in VALUES {
        let script = format!(
            "rap.indicator \"x\" {{ title = \"X\", unit = \"number\", population = \"kids\",\n  \
             numerator = rap.either({value}, {{ LS = \"C1\" }}) }}"
        );
        fed.note("rap.either: any", kind, &told(&script));
        let script = format!(
            "rap.indicator \"x\" {{ title = \"X\", unit = \"number\", population = \"kids\",\n  \
             numerator = {{ LS = {value} }} }}"
        );
        fed.note("a field of conditions", kind, &told(&script));
        let script = format!(
            "rap.indicator \"x\" {{ title = \"X\", unit = \"number\", population = \"kids\",\n  \
             numerator = {{ {value} }} }}"
        );
        fed.note("a condition without a field", kind, &told(&script));
        fed.note(
            "rap.change: fields",
            kind,
            &told(&format!("rap.change \"indicator\" \"n\" ({value})")),
        );
    }
    fed.hold("wrong_types_of_functions");
}

/// A script that is sound once the field of a kind, in place of `FIELD`, is: what else the kind
/// needs stands beside it.
fn around(kind: &Kind, field: &Field) -> Option<String> {
    let with = |needed: &[(&str, &str)]| -> String {
        let others = needed.iter().filter(|(name, _)| *name != field.name);
        let others: String = others.map(|(name, value)| format!("{name} = {value}, ")).collect();
        format!("{{ {others}\n  FIELD }}")
    };
    let indicator = |inner: &str| {
        format!(
            "rap.indicator \"x\" {{ title = \"X\", unit = \"number\", population = \"kids\", \
             {inner} }}"
        )
    };
    Some(match kind.name {
        "List" => {
            let key =
                ("columns", "{ { \"A\", \"id\" }, { \"B\", \"date\" }, { \"C\", \"date\" } }");
            format!("rap.list \"x\" {}", with(&[("key", "\"A\""), key]))
        }
        "Column" => format!(
            "rap.list \"x\" {{ key = \"A\", columns = {{ {{ \"A\", \"id\" }}, {{ \"B\", \
             {} FIELD }} }} }}",
            match field.name {
                "codes" => "",
                "min" | "max" => "\"number\",\n",
                _ => "\"text\",\n",
            }
        ),
        "Check" => format!(
            "rap.check \"x\" {}",
            with(&[
                ("on", "\"kids\""),
                ("fails", "{ LS = \"C1\" }"),
                ("message", "\"no such thing\"")
            ])
        ),
        "Population" => format!("rap.population \"x\" {}", with(&[("from", "\"kids\"")])),
        "Offset" => "rap.population \"x\" { from = \"kids\", as_at = { \"period_end\",\n FIELD } }"
            .to_string(),
        "Indicator" => format!(
            "rap.indicator \"x\" {}",
            with(match field.name {
                "sum" | "average" | "median" => &[("title", "\"X\""), ("population", "\"kids\"")],
                "numerator" | "denominator" => &[
                    ("title", "\"X\""),
                    ("unit", "\"percentage\""),
                    ("denominator", "\"kids\""),
                    ("numerator", "{ LS = \"C1\" }")
                ],
                "derived_from" | "value" => &[
                    ("title", "\"X\""),
                    ("unit", "\"number\""),
                    ("derived_from", "{ \"n\" }"),
                    ("value", "function(n) return n end")
                ],
                "typed" => &[("title", "\"X\""), ("unit", "\"number\"")],
                "across" => &[
                    ("title", "\"X\""),
                    ("unit", "\"number\""),
                    ("population", "\"kids\""),
                    ("by", "\"LS\"")
                ],
                _ => &[("title", "\"X\""), ("unit", "\"number\""), ("population", "\"kids\"")],
            })
        ),
        "Tolerance" => indicator("target = 3, tolerance = {\n FIELD }"),
        "Thresholds" => indicator(&format!(
            "better = \"higher\", thresholds = {}",
            with(&[("green", "{ 5, 9 }"), ("amber", "{ 3, 5 }"), ("red", "{ 0, 3 }")])
        )),
        "Published" => indicator(&format!(
            "published = {}",
            with(&[("file", "\"f.csv\""), ("value", "\"v\"")])
        )),
        "Policy" => format!(
            "rap.policy \"x\" {}",
            with(match field.name {
                "within" => &[("kind", "\"relative\""), ("description", "\"D\"")],
                _ => &[("kind", "\"band\""), ("description", "\"D\"")],
            })
        ),
        "Words" => "rap.policy \"x\" { kind = \"band\", description = \"D\", words = {\n FIELD } }"
            .to_string(),
        "Disclosure" => format!(
            "rap.disclosure \"x\" {}",
            with(&[("hide", "{ 1, 5 }"), ("audience", "\"public\""), ("description", "\"D\"")])
        ),
        "Relation" => format!(
            "rap.relation \"x\" {}",
            with(&[("sum", "{ \"n\", \"n\" }"), ("equals", "{ \"n\" }")])
        ),
        "Layout" => format!("rap.layout \"x\" {}", with(&[("sheets", "function() return {} end")])),
        _ => return None,
    })
}

#[test]
fn fields_of_declarations_are_fed_every_kind_of_value() {
    let mut fed = Fed::default();
    for kind in reference::kinds().filter(|kind| kind.written) {
        for field in kind.fields() {
            let Some(around) = around(kind, field) else { continue };
            for (called, value) in VALUES {
                let script = around.replace("FIELD", &format!("{} = {value},", field.name));
                fed.note(&format!("{}.{}", kind.name, field.name), called, &told(&script));
            }
        }
    }
    fed.hold("wrong_types_of_fields");
}

/// A project of children, and a return of three of them.
fn children(template: &str, script: &str) -> Vec<Problem> {
    let folder = folder();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    write("rapporteur.toml", "shipped_scripts = false\nlayout = \"x\"\n");
    write("scripts/a.luau", GROUND);
    write("scripts/x.luau", script);
    write("templates/x.luau", template);
    write("kids.csv", "CHILD,FROM,TO,MILES,LS\n1,01/04/2026,,3,C1\n2,01/05/2026,,,C2\n3,,,5,C1\n");
    let project = Project::open(Some(folder.path())).expect("a project");
    let wishes = Wishes {
        inputs: vec![folder.path().join("kids.csv")],
        period: Some("2026/27 Q1".to_string()),
        ..Wishes::default()
    };
    let mut problems = Problems::default();
    if let Some(received) = pipeline::receive(&project, &wishes, &mut problems) {
        received.finish(&project, &wishes, &mut problems);
    }
    problems.sort();
    problems.iter().cloned().collect()
}

const LAYOUT: &str = "rap.layout \"x\" { sheets = function(report)\n  local f = report:figure \
                      \"n\"\n  \
                      EXPRESSION\n  return { { name = \"S\", title = \"T\", \
                      columns = { { show = \"title\", heading = \"A\" }, { show = \"value\", \
                      heading = \"B\" } }, rows = { { indicator = \"n\" } } } }\nend }";

#[test]
fn methods_of_what_functions_are_handed_are_fed_every_kind_of_value() {
    let mut fed = Fed::default();
    let values = [
        ("Figure", "f"),
        ("Report", "report"),
        ("Period", "report.period"),
        ("Day", "report.period.ending"),
    ];
    for kind in reference::kinds().filter(|kind| !kind.written) {
        let Some((_, of)) = values.iter().find(|(name, _)| *name == kind.name) else { continue };
        for method in kind.fields().filter(|field| field.is_method()) {
            let takes = parameters(method.luau).expect("methods take what their types name");
            for (kind_of, value) in VALUES {
                let given = vec![value; takes.len().max(1)].join(", ");
                let call = format!("local got = {of}:{}({given})", method.name);
                let problems = children(&LAYOUT.replace("EXPRESSION", &call), "");
                fed.note(&format!("{}:{}", kind.name, method.name), kind_of, &problems);
            }
            let dotted = format!("local got = {of}.{}(3)", method.name);
            fed.note(
                &format!("{}.{} with a dot", kind.name, method.name),
                "-1",
                &children(&LAYOUT.replace("EXPRESSION", &dotted), ""),
            );
        }
        for (what, expression) in [
            ("a field that there is not", format!("local got = {of}.zzz")),
            ("a field set", format!("{of}.title = 3")),
            ("added to", format!("local got = {of} + 1")),
            ("called", format!("local got = {of}()")),
            ("gone through", format!("for _, one in {of} do print(one) end")),
            ("measured", format!("local got = #{of}")),
            ("joined", format!("local got = {of} .. \"x\"")),
            ("compared", format!("local got = {of} < 3")),
            ("asked by a number", format!("local got = {of}[1]")),
            ("asked by nothing", format!("local got = {of}[nil]")),
            ("a method that there is not", format!("local got = {of}:zzz()")),
        ] {
            fed.note(
                &format!("{}, {what}", kind.name),
                "-1",
                &children(&LAYOUT.replace("EXPRESSION", &expression), ""),
            );
        }
    }
    fed.hold("wrong_types_of_methods");
}

/// What is done with a record, a day or a period where a figure is counted.
#[test]
fn records_in_functions_are_fed_every_kind_of_use() {
    let mut fed = Fed::default();
    for expression in [
        "r + 1",
        "r.FROM + 1",
        "r.FROM < 3",
        "r.FROM < \"2026\"",
        "r.FROM - 3",
        "r.MILES > 3",
        "r.LS > 3",
        "r.LS + 1",
        "r.ZZZ",
        "r.FROM.zzz",
        "r.FROM:zzz()",
        "r.FROM:plus_days()",
        "r.FROM:plus_days(\"zzz\")",
        "r.FROM:plus_months(1.5)",
        "r.FROM:age_from(3)",
        "r.FROM.plus_days(3)",
        "r:zzz()",
        "r()",
        "r[1]",
        "r[nil]",
        "r.kids.FROM",
        "#r",
        "-r",
        "r .. \"x\"",
        "r.LS .. r",
        "p + 1",
        "p.zzz",
        "p.ending < 3",
        "p < 3",
        "period.ending",
        "r.LS()",
        "math.floor(r)",
        "math.floor(r.LS)",
        "string.rep(r, 3)",
        "r.LS:rep(1e9)",
        "string.rep(\"x\", 1e9)",
        "table.create(1e8)",
        "table.create(1e18)",
        "table.concat({ {} })",
        "table.concat({ r })",
        "table.concat(r)",
        "table.insert(r, 3)",
        "table.sort({ r, 3 })",
        "table.sort({ 3, \"x\" })",
        "table.unpack({}, 1, 1e8)",
        "unpack({}, 1, 1e9)",
        "string.format(\"%d\", \"zzz\")",
        "string.format(\"%d\", r)",
        "string.format(\"%y\", 3)",
        "string.format(3)",
        "string.char(-1)",
        "string.byte(r)",
        "string.sub()",
        "tonumber(r)",
        "tonumber(\"zz\", 99)",
        "tonumber()",
        "tostring()",
        "select(0, 1)",
        "select(\"x\", 1)",
        "setmetatable(r, {})",
        "setmetatable({}, 3)",
        "rawset(r, \"LS\", 3)",
        "rawget(r, 3)",
        "rawlen(3)",
        "rawequal(3)",
        "next(3)",
        "next({}, 3)",
        "pairs(3)",
        "ipairs(nil)",
        "type()",
        "typeof()",
        "assert(false)",
        "assert(nil, r)",
        "error()",
        "error(r)",
        "error(\"zzz zzz zzz zzz\")",
        "utf8.char(-1)",
        "utf8.codepoint(\"\\xff\")",
        "utf8.len(3)",
        "bit32.band(\"x\")",
        "bit32.lshift(1, {})",
        "bit32.extract(1, 40)",
        "vector.create()",
        "vector.create(\"x\")",
        "math.max()",
        "math.clamp(1, 3, 2)",
        "math.sqrt(\"x\")",
        "string.pack(\"zz\", 3)",
        "string.unpack(\"i99\", \"x\")",
        "(\"x\"):bad()",
        "string.gsub(\"x\", \"(\", \"\")",
        "string.find(\"x\", \"[\")",
        "string.gsub(\"x\", \"x\", r)",
        "string.gsub(\"x\", \"x\", \"%9\")",
        "table.move({}, 1, 1e9, 2)",
        "table.freeze(3)",
        "table.clear(r)",
        "table.foo",
        "string.foo(\"x\")",
        "math.foo(3)",
        "rap.zzz",
        "rap.list",
        "rap.blank()",
        "rap.format(r)",
        "rap.use(\"zzz\")",
        "zzz",
        "_G.zzz",
        "getmetatable(r).x",
        "string.split(3, {})",
        "table.find(r, 3)",
        "buffer.create(3)",
        "coroutine.wrap(3)",
        "os.time()",
        "{ [nil] = 3 }",
        "{ [0/0] = 3 }",
        "1 < \"x\"",
        "{} < {}",
        "nil .. \"x\"",
        "#3",
        "-{}",
        "not_a_local.x",
        "(function(...) return ... end)() + 1",
        "`{r}`",
        "`{{}}`",
        "r == 3",
        "r.FROM == 3",
        "r == nil",
        "r.LS == true",
        "1 / 0 > 3",
        "r.MILES .. 3",
    ] {
        let script = format!(
            "rap.indicator \"x\" {{ title = \"X\", unit = \"number\", population = \"kids\",\n  \
             numerator = function(r, p)\n    local got = {expression}\n    return got ~= nil \
             and got == true\n  \
             end }}"
        );
        let problems = children(&LAYOUT.replace("EXPRESSION", ""), &script);
        fed.note(expression, "function", &problems);
    }
    fed.hold("wrong_types_in_functions");
}
