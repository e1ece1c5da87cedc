//! What analysts' scripts can do: kept as small projects that a person can read.

use crate::support::{Run, example, folder, rapporteur, root};

/// A newcomer's indicator: a file of ten lines under `scripts/` is all it takes.
#[test]
fn ten_lines_make_an_indicator() {
    let folder = folder();
    std::fs::copy(
        root().join("examples/children-in-care-2026-27-q2.xlsx"),
        folder.path().join("return.xlsx"),
    )
    .expect("copied");
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    let script = r#"
rap.indicator "kin_pct" {
  title       = "Living with relatives or friends",
  theme       = "Placements",
  unit        = "percentage", better = "higher",
  denominator = "looked_after",
  numerator   = { PLACE = { "U1", "U2", "U3" } },
  definition  = "Children fostered by relatives or friends, out of all in care.",
  source      = "SSDA903; local definition",
}
"#;
    std::fs::write(folder.path().join("scripts/kin.luau"), script).expect("written");
    let list = rapporteur(folder.path(), &["list"]);
    assert!(list.out.contains("kin_pct"), "{}", list.shown());
    let build = rapporteur(folder.path(), &["build", "return.xlsx"]);
    assert_eq!(build.code, Some(0), "{}", build.shown());
    let cells = rapporteur(folder.path(), &["show", "return-appendix.xlsx", "--cells"]);
    assert!(cells.out.contains("Living with relatives or friends"), "it is not in the appendix");
    let explained = rapporteur(folder.path(), &["explain", "kin_pct", "return.xlsx"]);
    assert!(
        explained.out.contains("scripts/kin.luau:2")
            && explained.out.contains("PLACE is one of U1, U2, U3"),
        "{}",
        explained.shown()
    );
}

/// A project of one script beside the example return; its figures of the period, and what was said.
fn built(script: &str, more: &[&str]) -> (Run, String) {
    let folder = example();
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    std::fs::write(folder.path().join("scripts/x.luau"), script).expect("written");
    let command = ["build", "q2.xlsx", "-o", "a.xlsx", "--figures", "f.csv"];
    let run = rapporteur(folder.path(), &[&command, more].concat());
    let figures = std::fs::read_to_string(folder.path().join("f.csv")).unwrap_or_default();
    (run, figures)
}

/// The row of a figure in `figures.csv`.
fn row<'f>(figures: &'f str, code: &str) -> &'f str {
    figures.lines().find(|line| line.starts_with(&format!("{code},"))).unwrap_or_default()
}

#[test]
fn a_derived_figure_that_divides_by_zero_is_a_gap() {
    for value in ["a / 0", "0 / 0", "a, 0", "nil"] {
        let (run, figures) = built(
            &format!(
                "rap.indicator \"ratio\" {{ title = \"R\", theme = \"A\", unit = \"percentage\", \
                 derived_from = \"cla_n\",\n\
                 value = function(a) return {value} end }}"
            ),
            &[],
        );
        assert_eq!(run.code, Some(0), "{value}: {}", run.shown());
        assert!(row(&figures, "ratio").contains(",,z,"), "{value}: {}", row(&figures, "ratio"));
        assert!(!row(&figures, "cla_n").is_empty(), "the others are there");
    }
}

#[test]
fn a_sentence_that_fails_is_left_out_with_a_warning() {
    let script = "rap.commentary \"kin_n\" (function(f) return `{f.number / f.england} of England` \
                  end)\n\
                  rap.indicator \"kin_n\" { title = \"Kin\", theme = \"A\", unit = \"number\", \
                  population = \"looked_after\" }";
    let (run, figures) = built(script, &[]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.err.contains("warning: the sentence was left out"), "{}", run.shown());
    assert!(run.err.contains("scripts/x.luau:1"), "{}", run.shown());
    assert!(row(&figures, "kin_n").contains(",calculated,"), "the report is written");
}

#[test]
fn a_rule_that_takes_a_shipped_name_is_told_and_prints_its_own_words() {
    let script = "rap.disclosure \"dfe\" { hide = { 1, 1 }, audience = \"public\", \
                  description = \"Counts of 1 to 5.\" }";
    let folder = example();
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    std::fs::write(folder.path().join("scripts/x.luau"), script).expect("written");
    let run = rapporteur(
        folder.path(),
        &["build", "q2.xlsx", "-o", "a.xlsx", "--html", "a.html", "--disclosure", "dfe"],
    );
    assert!(
        run.err.contains("the disclosure rule `dfe` replaces the shipped one"),
        "{}",
        run.shown()
    );
    let page = std::fs::read_to_string(folder.path().join("a.html")).expect("a page");
    assert!(page.contains("own rule `dfe`: counts of 1 to 1 people are suppressed"), "its words");
    assert!(!page.contains("Counts of 1 to 5."), "not the words it gave itself");
}

/// A layout of these rows.
fn layout(rows: &str) -> String {
    format!(
        "rap.layout \"mine\" {{ sheets = function(report)\n  return {{ {{ name = \"S\", \
         title = \"T\",\n    \
         columns = {{ {{ heading = \"a\", show = \"title\" }}, {{ heading = \"b\", \
         show = \"value\" }} }},\n    \
         rows = {rows} }} }}\nend }}"
    )
}

#[test]
fn what_a_layout_may_ask_for_is_bounded() {
    for (rows, what) in [
        ("table.create(1000000, { heading = \"x\" })", "150,000 rows"),
        ("table.create(140000, { cells = table.create(2, \"x\") }), x = 1", "has no field `x`"),
        ("table.create(140000, { trend = \"cla_n\" })", "500 charts"),
        ("table.create(1000, { cells = { string.rep(\"long \", 5000) } })", "20,000,000 letters"),
        ("table.create(2, { block = table.create(100000, { spacer = true }) })", "150,000 rows"),
    ] {
        let (run, _) = built(&layout(rows), &["--template", "mine"]);
        assert_eq!(run.code, Some(3), "{rows}: {}", run.shown());
        assert!(run.err.contains(what) && run.err.contains("scripts/x.luau:"), "{}", run.shown());
    }
    // Much, and allowed: a sheet may have 1,022 page breaks, and the others are left to the program
    // that prints it.
    for rows in [
        "table.create(20000, { heading = \"x\" })",
        "table.create(1500, { block = { { heading = \"x\" }, { page_break = true } } })",
    ] {
        let (run, _) = built(&layout(rows), &["--template", "mine"]);
        assert!(matches!(run.code, Some(0 | 1)), "{rows}: {}", run.shown());
    }
}

#[test]
fn a_script_uses_the_shared_file_that_is_nearest() {
    let folder = example();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    let uses = |code: &str| {
        format!(
            "rap.indicator \"{code}\" {{ title = \"{code}\", unit = \"number\", \
             population = \"looked_after\", numerator = {{ PLACE = rap.use \"codes\" }} }}"
        )
    };
    write("scripts/a/shared/codes.luau", "return { \"U1\" }");
    write("scripts/b/shared/codes.luau", "return { \"K2\" }");
    write("scripts/a/i.luau", &uses("n_a"));
    write("scripts/b/i.luau", &uses("n_b"));
    let explain = |code: &str| rapporteur(folder.path(), &["explain", code, "q2.xlsx"]);
    assert!(explain("n_a").out.contains("PLACE is U1"), "{}", explain("n_a").shown());
    assert!(explain("n_b").out.contains("PLACE is K2"), "{}", explain("n_b").shown());
    write("scripts/top.luau", &uses("n_c"));
    let run = rapporteur(folder.path(), &["list"]);
    assert!(run.err.contains("`codes` may be scripts/a/shared/codes.luau or"), "{}", run.shown());
}

#[test]
fn the_quarter_before_is_whole_months() {
    let script = "rap.indicator \"n\" { title = \"N\", unit = \"number\", \
                  population = \"episodes\",\n\
                  numerator = { DECOM = rap.within(\"quarter\", { months = -3 }) } }";
    let folder = example();
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    std::fs::write(folder.path().join("scripts/x.luau"), script).expect("written");
    let run = rapporteur(folder.path(), &["explain", "n", "q2.xlsx"]);
    assert!(run.out.contains("lies in the quarter less 3 months"), "{}", run.shown());
}
