//! Rules, by what they do to single figures. What ties figures together is tried by the attacker in
//! `tests/`.

use std::rc::Rc;

use super::*;
use crate::definitions::Policies;
use crate::intake::project::Source;
use crate::nouns::area::Area;
use crate::nouns::figure::{Basis, Figure, FigureValue, Origin, Restated, Selection, Symbol};
use crate::nouns::period::Period;
use crate::nouns::problem::Problems;
use crate::scripts::engine::Engine;

const INDICATORS: &str = r#"
rap.indicator "n"     { title = "N", unit = "number", typed = true }
rap.indicator "pct"   { title = "P", unit = "percentage", typed = true }
rap.indicator "mean"  { title = "M", unit = "average", typed = true }
rap.indicator "homes" { title = "H", unit = "number", typed = true, people = false }
rap.indicator "year"  { title = "Y", unit = "number", typed = true, whole_year = true }
rap.indicator "twin"  { title = "T", unit = "number", typed = true, same_as = "n" }
rap.indicator "both"  { title = "B", unit = "number", typed = true, same_as = { "n", "year" } }
rap.indicator "stock" { title = "K", unit = "number", typed = true }
rap.indicator "came"  { title = "C", unit = "number", typed = true }
rap.indicator "left"  { title = "L", unit = "number", typed = true }
rap.relation "flow" {
  sum    = { { "stock", when = "previous_quarter" }, "came" },
  equals = { "stock", "left" },
}
rap.indicator "sum"   {
  title = "S", unit = "number", derived_from = { "n", "year" },
  value = function(a, b) return a + b end,
}
"#;

/// A figure: indicator, how many, out of how many; of an earlier quarter where its code ends with
/// `@q1`.
type Given = (&'static str, f64, Option<f64>);

fn figure((code, n, out_of): Given) -> Figure {
    let (code, when) = code.split_once('@').unwrap_or((code, "Q2"));
    let period = Period::parse(&format!("2026/27 {when}"), 4).expect("a period");
    let value = match (code, out_of) {
        ("pct", Some(d)) => n * 100.0 / d,
        ("mean", Some(d)) => n / d,
        _ => n,
    };
    let figure = Figure::new(code, Area::Own, period, FigureValue::Number(value), Origin::Typed);
    Figure { numerator: Some(n), denominator: out_of, ..figure }
}

fn world() -> (crate::definitions::Declarations, Period) {
    let source = |name: &str, text: &str| Source::own(name, text);
    let rules = source("disclosure.luau", include_str!("../../../basics/scripts/disclosure.luau"));
    let mut problems = Problems::default();
    let (_, declared) = Engine::load(&[rules, source("m.luau", INDICATORS)], &mut problems);
    assert!(!problems.any(), "{:?}", problems.iter().collect::<Vec<_>>());
    (declared, Period::parse("2026/27 Q2", 4).expect("a period"))
}

fn tried(rule: &str, figures: Vec<Figure>) -> Result<ShownFigures, Unsafe> {
    let (declared, period) = world();
    let rule = declared.disclosures.get(rule).cloned().unwrap_or_else(Rule::none);
    let relations = declared.relations.into_values().collect();
    let none_yet = Figures::new(period, declared.indicators, Policies::default());
    apply(rule, Figures { figures, relations, ..none_yet })
}

/// What is shown of one figure: its text, how many, out of how many.
fn shown(rule: &str, given: Given) -> (String, Option<f64>, Option<f64>) {
    let all = tried(rule, vec![figure(given)]).expect("one figure can be made safe");
    let one = all.iter().next().expect("one figure");
    (one.text(), one.numerator(), one.denominator())
}

#[test]
fn each_rule_by_its_threshold() {
    let hidden = |rule, n| shown(rule, ("n", n, None)) == ("Suppressed".to_string(), None, None);
    for (rule, highest) in [("dfe", 5.0), ("under_5", 4.0), ("under_10", 9.0)] {
        assert!(!hidden(rule, 0.0), "{rule} shows zero");
        assert!(
            hidden(rule, 1.0) && hidden(rule, highest) && !hidden(rule, highest + 1.0),
            "{rule}"
        );
    }
    assert!(!hidden("none", 1.0));
}

#[test]
fn a_percentage_goes_with_its_count_and_with_what_is_left_over() {
    assert_eq!(shown("dfe", ("pct", 60.0, Some(97.0))), ("62%".into(), Some(60.0), Some(97.0)));
    for few in [(3.0, 97.0), (95.0, 97.0), (0.0, 4.0)] {
        assert_eq!(shown("dfe", ("pct", few.0, Some(few.1))).0, "Suppressed", "{few:?}");
    }
    assert_eq!(shown("dfe", ("pct", 97.0, Some(97.0))).0, "100%");
    assert_eq!(shown("dfe", ("mean", 52.0, Some(4.0))).0, "Suppressed", "an average of four");
    assert_eq!(shown("dfe", ("mean", 60.0, Some(12.0))).0, "5.0", "a small average of many");
    assert_eq!(shown("dfe", ("homes", 3.0, None)).0, "3", "homes are no people");
}

/// What is shown of several figures together.
fn together(given: &[Given]) -> Vec<String> {
    let all =
        tried("dfe", given.iter().copied().map(figure).collect()).expect("it can be made safe");
    all.iter().map(Shown::text).collect()
}

#[test]
fn the_same_people_on_two_lists_are_hidden_on_both() {
    assert_eq!(together(&[("n", 3.0, None), ("twin", 3.0, None)]), ["Suppressed", "Suppressed"]);
    // The lists do not agree: who knows that can still tell one from the other.
    assert_eq!(together(&[("n", 3.0, None), ("twin", 8.0, None)]), ["Suppressed", "Suppressed"]);
    assert_eq!(together(&[("n", 8.0, None), ("twin", 3.0, None)]), ["Suppressed", "Suppressed"]);
    assert_eq!(together(&[("n", 8.0, None), ("twin", 9.0, None)]), ["8", "9"]);
    // Two that add up to a third: one hidden alone would be the difference.
    assert_eq!(
        together(&[("n", 3.0, None), ("year", 9.0, None), ("both", 12.0, None)])[1..],
        ["Suppressed", "12"]
    );
    assert_eq!(
        together(&[("n", 30.0, None), ("year", 9.0, None), ("both", 39.0, None)]),
        ["30", "9", "39"]
    );
    // Nothing to be the same as in this return.
    assert_eq!(together(&[("twin", 8.0, None)]), ["8"]);
}

#[test]
fn rounding_rounds_everything_that_tells_the_count() {
    assert_eq!(shown("round_to_5", ("n", 23.0, None)), ("25".into(), Some(25.0), None));
    assert_eq!(shown("round_to_5", ("n", 2.0, None)), ("0".into(), Some(0.0), None));
    assert_eq!(
        shown("round_to_5", ("pct", 23.0, Some(98.0))),
        ("25%".into(), Some(25.0), Some(100.0))
    );
}

#[test]
fn a_year_so_far_does_not_tell_the_quarter() {
    for (now, text) in [(20.0, "20"), (21.0, "Suppressed"), (25.0, "Suppressed"), (26.0, "26")] {
        let figures = [("year", now, None), ("year@Q1", 20.0, None)].map(figure);
        let all = tried("dfe", figures.to_vec()).expect("safe");
        assert_eq!(all.own("year").expect("there").text(), text);
    }
}

#[test]
fn what_is_worked_out_of_a_hidden_figure_is_hidden_and_the_other_way_round() {
    for (given, told) in [
        ([3.0, 20.0, 23.0], [false, true, false]),
        ([30.0, 20.0, 50.0], [true, true, true]),
        // A difference of two that is small: the smaller of the two goes.
        ([30.0, 27.0, 3.0], [true, false, false]),
    ] {
        let codes = ["n", "year", "sum"];
        let figures = codes.into_iter().zip(given).map(|(code, n)| figure((code, n, None)));
        let all = tried("dfe", figures.collect()).expect("safe");
        assert_eq!(codes.map(|code| all.own(code).expect("there").value().is_some()), told);
    }
}

#[test]
fn what_a_script_relates_is_not_worked_out() {
    for (left, before, told) in [
        // 30 and 9 are 37 and 2: one of the others goes with the 2.
        (2.0, Origin::History, [false, true, false, true]),
        (8.0, Origin::History, [true, true, true, true]),
        // A typed comparator is this report's own, and could go; the smallest does.
        (2.0, Origin::Typed, [false, true, false, true]),
    ] {
        let now = [("came", 9.0, None), ("stock", 39.0 - left, None), ("left", left, None)];
        let mut figures: Vec<Figure> = now.map(figure).to_vec();
        figures.push(Figure { origin: before, ..figure(("stock@q1", 30.0, None)) });
        let all = tried("dfe", figures).expect("safe");
        assert_eq!(all.iter().map(|shown| shown.value().is_some()).collect::<Vec<_>>(), told);
    }
}

/// The first so many records of a list.
fn first_records(list: &str, records: usize) -> Rc<Selection> {
    Rc::new(Selection { list: list.to_string(), records: (0..records as u32).collect() })
}

/// Whether 40 is told of records of these people, or of so many of them where it is a sum.
fn is_told(code: &'static str, people: &[u32], tells_of: Option<usize>, summed: bool) -> bool {
    let records = first_records("times", people.len());
    let out_of = (code == "mean").then_some(people.len() as f64);
    let mut one = figure((code, 40.0, out_of));
    one.basis = Some(Basis {
        numerator: records.clone(),
        denominator: out_of.map(|_| records),
        summed: summed.then(|| "DAYS".to_string()),
        tells_of,
    });
    let (declared, period) = world();
    let rule = declared.disclosures["dfe"].clone();
    let mut all = Figures::new(period, declared.indicators, Policies::default());
    all.figures.push(one);
    all.whose.insert("times".to_string(), people.to_vec());
    apply(rule, all).expect("safe").iter().next().expect("one").value().is_some()
}

#[test]
fn a_number_of_few_people_is_small_whatever_it_comes_to() {
    let two_people: Vec<u32> = (0..40).map(|record| record % 2).collect();
    let forty: Vec<u32> = (0..40).collect();
    assert!(!is_told("n", &two_people, None, false), "40 times two people");
    assert!(is_told("n", &forty, None, false));
    assert!(!is_told("mean", &two_people, None, false), "a mean of 40 times two people");
    assert!(!is_told("n", &forty, Some(1), true), "one person's days, and 39 times none");
    assert!(is_told("n", &forty, Some(30), true));
    assert!(!is_told("mean", &forty, Some(1), false), "39 of 40 add nothing to the mean");
}

#[test]
fn what_was_printed_before_goes_with_the_figure() {
    let was = Restated { was: "12".to_string(), was_in: "the report for 2026/27 Q2".to_string() };
    let mut one = figure(("n", 3.0, None));
    one.background.restated = Some(was.clone());
    let all = tried("dfe", vec![one]).expect("safe");
    let one = all.own("n").expect("there");
    assert_eq!(
        (one.symbol(), one.restated(), one.mark()),
        (Some(Symbol::Confidential), None, None)
    );
    // Rounded alike, nothing has changed.
    let mut one = figure(("n", 11.0, None));
    one.background.restated = Some(Restated { was: "10".to_string(), ..was });
    assert_eq!(tried("round_to_5", vec![one]).expect("safe").own("n").expect("there").mark(), None);
}

#[test]
fn what_an_earlier_report_gives_away_is_refused_by_name() {
    // How many, and out of how many, were printed under other names; what is left over is new.
    let all: [Given; 3] = [("n", 97.0, None), ("year", 100.0, None), ("pct", 97.0, Some(100.0))];
    let mut all = all.map(counted_of_children).to_vec();
    assert!(tried("dfe", all.clone()).is_ok());
    all[..2].iter_mut().for_each(|one| one.background.printed_before = true);
    assert_eq!(tried("dfe", all).expect_err("refused").indicators, ["pct"]);
}

/// A figure that is counted from records of children, the first so many of them.
fn counted_of_children(given: Given) -> Figure {
    let mut one = figure(given);
    one.basis = Some(Basis {
        numerator: first_records("children", given.1 as usize),
        denominator: given.2.map(|all| first_records("children", all as usize)),
        summed: None,
        tells_of: None,
    });
    one
}

#[test]
fn a_rule_says_its_threshold_and_its_audience() {
    let faults = [
        (
            r#"rap.disclosure "x" { audience = "public", description = "D." }"#,
            "has neither `hide` nor `round`",
        ),
        (r#"rap.disclosure "x" { hide = { 1, 5 }, description = "D." }"#, "has no `audience`"),
        (
            r#"rap.disclosure "x" { hide = { 1, 5 }, audience = "publik", description = "D." }"#,
            "no audience `publik`",
        ),
        (
            r#"rap.disclosure "x" { hide = { 0, 5 }, audience = "public", description = "D." }"#,
            "two whole numbers from 1 on",
        ),
        (
            r#"rap.disclosure "x" { hide = 5, audience = "public", description = "D." }"#,
            "a table of two numbers",
        ),
        (
            r#"rap.disclosure "x" { round = 1, audience = "public", description = "D." }"#,
            "a whole number from 2 to 100",
        ),
        (
            r#"rap.disclosure "none" { hide = { 1, 5 }, audience = "public", description = "D." }"#,
            "the program's own",
        ),
    ];
    for (script, said) in faults {
        let source = Source::own("x.luau", script);
        let mut problems = Problems::default();
        let (_, declared) = Engine::load(&[source], &mut problems);
        let told: String = problems.iter().map(|p| p.render(false)).collect();
        assert!(told.contains(said) && declared.disclosures.is_empty(), "{script}: {told}");
    }
}
