//! Truth tables. What is judged is declared as analysts would, and shown as every figure is.

use super::*;
use crate::definitions::Policies;
use crate::figures::all::Figures;
use crate::figures::suppress::{Rule, ShownFigures, apply};
use crate::intake::project::Source;
use crate::nouns::area::Area;
use crate::nouns::figure::{Figure, FigureValue, Origin, Symbol};
use crate::nouns::period::Period;
use crate::nouns::problem::{Kind, Place, Problems, Severity};
use crate::scripts::engine::Engine;

const OWN_POLICIES: &str = r#"
rap.policy "two_ways" { kind = "band", exceeded = false, description = "Met or not.", words = { not_achieved = "Missed" } }
rap.policy "fifth"    { kind = "relative", within = 20, version = "2013/14", description = "By a fifth." }
"#;

/// An indicator `m` with these fields, and the figures that it has: a comparator's name or `now`,
/// and a value; a suppressed one where there is none.
pub(crate) fn shown(fields: &str, figures: &[(&str, Option<f64>)]) -> ShownFigures {
    let script =
        format!("{OWN_POLICIES}\nrap.indicator \"m\" {{ title = \"M\", typed = true, {fields} }}");
    let source =
        |name: &str, text: &str| Source { name: name.into(), text: text.into(), shipped: false };
    let sources = [
        source("policies.luau", include_str!("../../../scripts/policies.luau")),
        source("m.luau", &script),
    ];
    let mut problems = Problems::default();
    let (_, declared) = Engine::load(&sources, &mut problems);
    assert!(!problems.any(), "{fields}: {:?}", problems.iter().collect::<Vec<_>>());
    let period = Period::parse("2026/27 Q2", 4).expect("a period");
    let figures = figures.iter().map(|(name, value)| {
        let named = crate::figures::comparators::named(name, &period);
        assert!(*name == "now" || named.is_some(), "there is no comparator {name}");
        let (area, period) = named.unwrap_or((Area::Own, period));
        let gap = || FigureValue::Gap { symbol: Symbol::Confidential, wording: "c".to_string() };
        let value = value.map_or_else(gap, FigureValue::Number);
        Figure::new("m", area, period, value, Origin::Typed)
    });
    let policies = Policies { all: declared.policies, usual: "band".to_string() };
    let figures = Figures {
        figures: figures.collect(),
        ..Figures::new(period, declared.indicators, policies)
    };
    apply(Rule::none(), figures).expect("nothing is hidden")
}

fn status_of(fields: &str, value: f64) -> Status {
    status(&shown(fields, &[("now", Some(value))]), "m")
}

/// Holds values to words; a `*` behind the words means that a note must stand beside them, and else
/// none may.
fn table(fields: &str, rows: &[(f64, &str)]) {
    for (value, words) in rows {
        let status = status_of(fields, *value);
        let got = format!("{}{}", status.words, if status.note.is_some() { "*" } else { "" });
        assert_eq!(got, *words, "{fields} at {value}: {:?}", status.note);
    }
}

#[test]
fn a_band_has_its_ends_in_it() {
    let percentage = "unit = \"percentage\", target = 95, tolerance = { low = 2, high = 1 }";
    table(
        &format!("{percentage}, better = \"higher\""),
        &[
            (100.0, "Exceeded"),
            (96.1, "Exceeded"),
            (96.000001, "Exceeded*"),
            (96.0, "Achieved"),
            (95.9, "Achieved"),
            (95.0, "Achieved"),
            (94.9, "Achieved"),
            (93.1, "Achieved"),
            (93.000001, "Achieved"),
            (93.0, "Achieved"),
            (92.999999, "Not achieved*"),
            (92.9, "Not achieved"),
            (0.0, "Not achieved"),
        ],
    );
    table(
        &format!("{percentage}, better = \"lower\""),
        &[
            (0.0, "Exceeded"),
            (93.9, "Exceeded"),
            (93.999999, "Exceeded*"),
            (94.0, "Achieved"),
            (94.1, "Achieved"),
            (96.9, "Achieved"),
            (97.0, "Achieved"),
            (97.000001, "Not achieved*"),
            (97.1, "Not achieved"),
        ],
    );
    table(
        &format!("{percentage}, better = \"neither\""),
        &[
            (92.9, "Not achieved"),
            (92.999999, "Not achieved*"),
            (93.0, "Achieved"),
            (95.0, "Achieved"),
            (97.0, "Achieved"),
            (97.000001, "Not achieved*"),
            (97.1, "Not achieved"),
        ],
    );
    table(
        &format!("{percentage}, better = \"higher\", policy = \"two_ways\""),
        &[(96.1, "Achieved"), (93.0, "Achieved"), (92.9, "Missed")],
    );
    // Without a tolerance the target itself is the band.
    table(
        "unit = \"percentage\", better = \"higher\", target = 95",
        &[
            (95.1, "Exceeded"),
            (95.0, "Achieved"),
            (94.999999, "Not achieved*"),
            (94.9, "Not achieved"),
        ],
    );
}

#[test]
fn a_floor_catches_what_misses_the_target() {
    let fields = "unit = \"percentage\", policy = \"floor\", target = 80";
    table(
        &format!("{fields}, floor = 75, better = \"higher\""),
        &[
            (80.1, "Green"),
            (80.0, "Green"),
            (79.999999, "Amber*"),
            (79.9, "Amber"),
            (75.1, "Amber"),
            (75.0, "Amber"),
            (74.999999, "Red*"),
            (74.9, "Red"),
        ],
    );
    table(
        &format!("{fields}, floor = 85, better = \"lower\""),
        &[
            (79.9, "Green"),
            (80.0, "Green"),
            (80.000001, "Amber*"),
            (80.1, "Amber"),
            (84.9, "Amber"),
            (85.0, "Amber"),
            (85.000001, "Red*"),
            (85.1, "Red"),
        ],
    );
    table(
        &format!("{fields}, floor = 85, better = \"neither\""),
        &[
            (80.0, "Green"),
            (80.1, "Amber"),
            (75.0, "Amber"),
            (85.0, "Amber"),
            (74.9, "Red"),
            (85.1, "Red"),
        ],
    );
    table(&format!("{fields}, better = \"higher\""), &[(80.0, "Green"), (79.9, "Red")]);
}

#[test]
fn thresholds_are_bands_open_at_both_ends() {
    let fields = "unit = \"percentage\", policy = \"thresholds\", thresholds";
    table(
        &format!(
            "{fields} = {{ green = {{ 95, 100 }}, amber = {{ 90, 95 }}, red = {{ 0, 90 }} }}, better = \"higher\""
        ),
        &[
            (120.0, "Green"),
            (95.1, "Green"),
            (95.0, "Green"),
            (94.999999, "Amber*"),
            (94.9, "Amber"),
            (90.1, "Amber"),
            (90.0, "Amber"),
            (89.999999, "Red*"),
            (89.9, "Red"),
            (-5.0, "Red"),
        ],
    );
    table(
        &format!(
            "{fields} = {{ green = {{ 0, 5 }}, amber = {{ 5, 12.5 }}, red = {{ 12.5, 40 }} }}, better = \"lower\""
        ),
        &[
            (-1.0, "Green"),
            (4.9, "Green"),
            (5.0, "Green"),
            (5.000001, "Amber*"),
            (5.1, "Amber"),
            (12.5, "Amber"),
            (12.500001, "Red*"),
            (12.6, "Red"),
            (90.0, "Red"),
        ],
    );
    table("unit = \"percentage\", policy = \"thresholds\", target = 95", &[(95.0, "Not rated*")]);
}

#[test]
fn a_share_of_the_target_then_a_year_ago() {
    let at = |better: &str, now: f64, ago: Option<f64>| {
        let fields = format!(
            "unit = \"percentage\", policy = \"relative\", target = 50, better = \"{better}\""
        );
        let status =
            status(&shown(&fields, &[("now", Some(now)), ("same_period_last_year", ago)]), "m");
        format!("{}{}", status.words, if status.note.is_some() { "*" } else { "" })
    };
    for (better, now, ago, words) in [
        ("higher", 50.0, None, "Green"),
        ("higher", 45.1, Some(60.0), "Green"),
        ("higher", 45.0, Some(60.0), "Green"),
        ("higher", 44.999999, Some(60.0), "Red*"),
        ("higher", 44.9, Some(44.8), "Amber"),
        ("higher", 44.9, Some(44.9), "Amber"),
        ("higher", 44.94, Some(44.9), "Amber"),
        ("higher", 44.86, Some(44.9), "Amber"),
        ("higher", 44.9, Some(45.0), "Red"),
        ("higher", 44.9, None, "Not rated*"),
        ("lower", 55.0, Some(40.0), "Green"),
        ("lower", 55.000001, Some(40.0), "Red*"),
        ("lower", 55.1, Some(55.2), "Amber"),
        ("lower", 55.1, Some(55.1), "Amber"),
        ("lower", 55.1, Some(55.0), "Red"),
        ("neither", 45.0, None, "Green"),
        ("neither", 55.0, None, "Green"),
        ("neither", 55.1, Some(44.8), "Amber"),
        ("neither", 55.1, Some(45.0), "Red"),
    ] {
        assert_eq!(at(better, now, ago), words, "{better}: {now}, a year ago {ago:?}");
    }
    // The share is the policy's.
    table(
        "unit = \"percentage\", policy = \"fifth\", target = 50, better = \"higher\"",
        &[(40.0, "Green")],
    );
    // The definition changed in between: there is no year ago.
    let fields = "unit = \"percentage\", policy = \"relative\", target = 50, better = \"higher\", \
                  defined_since = \"2026/27\"";
    let status =
        status(&shown(fields, &[("now", Some(44.9)), ("same_period_last_year", Some(45.0))]), "m");
    assert_eq!((status.words.as_str(), status.tone), ("Not rated", Tone::Information));
}

/// Of a whole year, the out-turn before it is the figure of a year ago.
#[test]
fn a_whole_year_is_compared_with_the_out_turn_before() {
    let year = Period::parse("2026/27", 4).expect("a period");
    let named = |name| crate::figures::comparators::named(name, &year);
    assert_eq!(named("same_period_last_year"), named("previous_outturn"));
}

#[test]
fn no_judgement_without_a_figure_or_a_target() {
    let aims = [
        ("band", "target = 95"),
        ("floor", "target = 95, floor = 90"),
        ("thresholds", "thresholds = { green = { 95, 100 }, amber = { 90, 95 }, red = { 0, 90 } }"),
        ("relative", "target = 95"),
        ("none", "target = 95"),
    ];
    for (policy, aim) in aims {
        let fields = format!("unit = \"percentage\", better = \"higher\", policy = \"{policy}\"");
        for (figures, words, tone) in [
            (&[][..], "No data", Tone::NoData),
            (&[("now", None)][..], "No data", Tone::NoData),
            (&[("same_period_last_year", Some(3.0))][..], "No data", Tone::NoData),
            (&[("now", Some(0.0))][..], "Contextual – no target", Tone::Information),
        ] {
            let aimed = status(&shown(&format!("{fields}, {aim}"), figures), "m");
            let aimless = status(&shown(&fields, figures), "m");
            assert_eq!((aimless.words.as_str(), aimless.tone), (words, tone), "{policy}");
            if tone == Tone::NoData || policy == "none" {
                assert_eq!(
                    (aimed.words.as_str(), aimed.tone, aimed.note),
                    (words, tone, None),
                    "{policy}"
                );
            } else {
                assert_ne!(aimed.tone, Tone::NoData, "{policy}");
            }
        }
    }
    // Nor without a policy.
    let mut lawless = shown("unit = \"number\", target = 5", &[("now", Some(4.0))]);
    lawless.policies = Policies::default();
    let status = status(&lawless, "m");
    assert_eq!((status.words.as_str(), status.tone), ("Not rated", Tone::Information));
    assert!(status.note.is_some());
    // Limits that its policy does not look at are told of.
    let status = status_of(
        "unit = \"percentage\", better = \"higher\", \
         thresholds = { green = { 95, 100 }, amber = { 90, 95 }, red = { 0, 90 } }",
        97.0,
    );
    assert!(status.note.is_some_and(|note| note.contains("thresholds")), "{}", status.words);
}

#[test]
fn what_prints_like_the_target_and_misses_it_is_told() {
    let fields = "unit = \"percentage\", better = \"higher\", target = 95";
    let note = status_of(fields, 94.96).note.expect("94.96 prints as 95.0");
    assert_eq!(
        note,
        "95.0% as printed would be \"Achieved\"; the status goes by the figure before rounding."
    );
    assert_eq!(status_of(fields, 94.94).note, None);
    // A target with more decimals than are printed.
    let note = status_of("unit = \"percentage\", better = \"higher\", target = 95.04", 95.0).note;
    assert!(note.is_some_and(|note| note.contains("95.0%")));
}

/// Noise of binary fractions moves nothing over a limit.
#[test]
fn noise_is_no_distance() {
    for (fields, value) in [
        ("unit = \"average\", better = \"higher\", target = 0.3", 0.1 + 0.2),
        ("unit = \"average\", better = \"lower\", target = 0.3", 0.1 + 0.2),
        ("unit = \"average\", better = \"higher\", target = 70.1, tolerance = { low = 0.2 }", 69.9),
        ("unit = \"average\", better = \"lower\", target = 16.4, tolerance = { high = 16.4 }", 0.0),
        ("unit = \"average\", better = \"higher\", target = 1000000.7, tolerance = 0.6", 1000000.1),
    ] {
        table(fields, &[(value, "Achieved")]);
    }
}

/// Whatever the limits: a figure that moves in the good direction never gets a worse status.
#[test]
fn a_better_figure_is_never_judged_worse() {
    let mut seed = 20_260_930u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let rank = |status: &Status| match (status.tone, status.words.as_str()) {
        (Tone::Good, "Exceeded") => 4,
        (Tone::Good, _) => 3,
        (Tone::Fair, _) => 2,
        (Tone::Poor, _) => 1,
        (tone, words) => panic!("{tone:?}: {words}"),
    };
    for round in 0..60 {
        let higher = round % 2 == 0;
        let better = if higher { "higher" } else { "lower" };
        let tenth = |n: u64| n as f64 / 10.0;
        let (target, wide) = (40.0 + tenth(random(200)), tenth(random(100)) + 0.1);
        let floor = if higher { target - wide } else { target + wide };
        let (green, amber, red) = if higher {
            ((60.0, 99.0), (40.5, 60.0), (0.0, 40.5))
        } else {
            ((0.0, 40.5), (40.5, 60.0), (60.0, 99.0))
        };
        let band = |(from, to): (f64, f64)| format!("{{ {from}, {to} }}");
        let aim = match round / 2 % 4 {
            0 => format!(
                "target = {target}, tolerance = {{ low = {wide}, high = {} }}",
                tenth(random(40))
            ),
            1 => format!("policy = \"floor\", target = {target}, floor = {floor}"),
            2 => format!(
                "policy = \"thresholds\", thresholds = {{ green = {}, amber = {}, red = {} }}",
                band(green),
                band(amber),
                band(red)
            ),
            _ => format!("policy = \"relative\", target = {target}"),
        };
        let fields = format!("unit = \"percentage\", better = \"{better}\", {aim}");
        let ago = 30.0 + tenth(random(300));
        let mut last = 0;
        for step in 0..40 {
            let moved = 30.0 + f64::from(step) + 0.01 * random(90) as f64;
            let value = if higher { moved } else { 100.0 - moved };
            let shown =
                shown(&fields, &[("now", Some(value)), ("same_period_last_year", Some(ago))]);
            let now = rank(&status(&shown, "m"));
            assert!(now >= last, "{fields} at {value}, a year ago {ago}");
            last = now;
        }
        assert!(last >= 3, "{fields} is never met");
    }
}

/// `then`, `now`, and what is said of them.
type Move = (f64, f64, &'static str, Direction, &'static str, &'static str);

#[test]
fn direction_and_change() {
    use Direction::{Down, Improving, NoChange, Up, Worsening};
    let rows: &[(&str, Move)] = &[
        // The papers of July 2018, 2022 and 2023.
        ("unit = \"number\"", (627.0, 620.0, "−7 (1.1%)", Down, "a decrease of seven (1.1%)", "")),
        ("unit = \"number\"", (229.0, 225.0, "−4 (1.7%)", Down, "a decrease of four (1.7%)", "")),
        ("unit = \"number\"", (31.0, 37.0, "+6 (19%)", Up, "an increase of six (19%)", "")),
        ("unit = \"number\"", (450.0, 478.0, "+28 (6%)", Up, "an increase of 28 (6%)", "")),
        ("unit = \"number\"", (642.0, 627.0, "−15 (2.3%)", Down, "a decrease of 15 (2.3%)", "")),
        (
            "unit = \"number\", better = \"lower\"",
            (450.0, 450.0, "No change", NoChange, "no change", ""),
        ),
        (
            "unit = \"number\", better = \"lower\"",
            (99.0, 88.0, "−11 (11%)", Improving, "a decrease of 11 (11%)", ""),
        ),
        (
            "unit = \"number\"",
            (20_000.0, 21_234.0, "+1,234 (6%)", Up, "an increase of 1,234 (6%)", ""),
        ),
        ("unit = \"number\"", (0.0, 4.0, "+4", Up, "an increase of four", "nothing is no base")),
        (
            "unit = \"number\"",
            (-3.0, 2.0, "+5", Up, "an increase of five", "less than nothing is none either"),
        ),
        (
            "unit = \"number\"",
            (1000.0, 1050.0, "+50 (5%)", Up, "an increase of 50 (5%)", "from 5% no decimal"),
        ),
        ("unit = \"number\"", (1000.0, 1049.0, "+49 (4.9%)", Up, "an increase of 49 (4.9%)", "")),
        (
            "unit = \"number\"",
            (200.0, 225.0, "+25 (13%)", Up, "an increase of 25 (13%)", "12.5 goes up"),
        ),
        (
            "unit = \"rate\", better = \"lower\"",
            (103.0, 104.0, "+1.0 (1.0%)", Worsening, "an increase of 1.0 (1.0%)", ""),
        ),
        (
            "unit = \"percentage\", better = \"higher\"",
            (73.1, 61.8, "−11.3 pp", Worsening, "a decrease of 11.3 percentage points", ""),
        ),
        (
            "unit = \"percentage\", better = \"higher\"",
            (86.0, 88.1, "+2.1 pp", Improving, "an increase of 2.1 percentage points", ""),
        ),
        // 80.06 − 80.04 is 0.02, but a reader sees 80.1 and 80.0.
        (
            "unit = \"percentage\", better = \"lower\"",
            (
                80.04,
                80.06,
                "+0.1 pp",
                Worsening,
                "an increase of 0.1 percentage points",
                "as printed",
            ),
        ),
        (
            "unit = \"percentage\", better = \"lower\"",
            (80.06, 80.14, "No change", NoChange, "no change", "as printed"),
        ),
        (
            "unit = \"percentage\", decimals = 0",
            (7.0, 8.0, "+1 pp", Up, "an increase of 1 percentage point", ""),
        ),
        (
            "unit = \"average\", better = \"lower\"",
            (14.6, 14.5, "−0.1", Improving, "a decrease of 0.1", ""),
        ),
        (
            "unit = \"median\", better = \"neither\"",
            (14.5, 14.6, "+0.1", Up, "an increase of 0.1", ""),
        ),
    ];
    for (fields, (then, now, text, way, words, why)) in rows {
        for from in ["previous_outturn", "previous_quarter", "same_period_last_year"] {
            let shown = shown(fields, &[("now", Some(*now)), (from, Some(*then))]);
            assert_eq!(
                change(&shown, "m", from).as_deref(),
                Some(*text),
                "{fields} {then} to {now} {why}"
            );
            assert_eq!(
                change_in_words(&shown, "m", from).as_deref(),
                Some(*words),
                "{fields} {then} to {now} {why}"
            );
            assert_eq!(direction(&shown, "m", from), Some(*way), "{fields} {then} to {now} {why}");
        }
    }
}

/// Nothing is said of what may not be shown, is not there, is another place's or means something
/// else.
#[test]
fn no_direction_between_what_cannot_be_compared() {
    let unit = "unit = \"percentage\", better = \"higher\"";
    let both = [("now", Some(50.0)), ("previous_outturn", Some(40.0)), ("england", Some(40.0))];
    let said = |fields: &str, figures: &[(&str, Option<f64>)], from: &str| {
        let shown = shown(fields, figures);
        let way = direction(&shown, "m", from);
        assert_eq!(way.is_some(), change(&shown, "m", from).is_some());
        assert_eq!(way.is_some(), change_in_words(&shown, "m", from).is_some());
        way
    };
    assert_eq!(said(unit, &both, "previous_outturn"), Some(Direction::Improving));
    assert_eq!(said(unit, &both, "england"), None);
    assert_eq!(said(unit, &both, "previous_quarter"), None);
    assert_eq!(said(unit, &both[..1], "previous_outturn"), None);
    assert_eq!(said(unit, &both[1..], "previous_outturn"), None);
    assert_eq!(said(unit, &[("now", None), both[1]], "previous_outturn"), None);
    assert_eq!(said(unit, &[both[0], ("previous_outturn", None)], "previous_outturn"), None);
    // The run is 2026/27 Q2; its last out-turn ends on 31 March 2026, its last quarter on 30 June.
    for (since, outturn, quarter) in [
        ("2025/26", true, true),
        ("31 March 2026", true, true),
        ("2026/27", false, true),
        ("2026/27 Q2", false, false),
        ("2027/28", true, true),
    ] {
        let fields = format!("{unit}, defined_since = \"{since}\"");
        let figures = [both[0], both[1], ("previous_quarter", Some(45.0))];
        assert_eq!(said(&fields, &figures, "previous_outturn").is_some(), outturn, "{since}");
        assert_eq!(said(&fields, &figures, "previous_quarter").is_some(), quarter, "{since}");
    }
}

#[test]
fn beside_other_places() {
    let three = ["england", "region", "statistical_neighbours"];
    let beside = |fields: &str, own: Option<f64>, theirs: &[Option<f64>]| {
        let mut figures = vec![("now", own)];
        figures.extend(three.iter().zip(theirs).map(|(name, value)| (*name, *value)));
        comparison(&shown(fields, &figures), "m", &three.map(String::from))
    };
    let rate = "unit = \"rate\"";
    let some = |values: &[f64]| values.iter().map(|v| Some(*v)).collect::<Vec<_>>();
    for (own, theirs, words) in [
        (104.0, &[70.0, 65.0, 82.0][..], "Above all three"),
        (16.0, &[9.8, 13.0, 12.0], "Above all three"),
        (61.8, &[71.0, 71.0], "Below both"),
        (57.3, &[52.0, 47.6], "Above both"),
        (10.5, &[11.0, 10.0], "Between"),
        (10.0, &[11.0, 9.0, 10.0], "Between"),
        (35.0, &[26.0], "Above England"),
        (20.0, &[26.0], "Below England"),
        (26.04, &[26.0], "In line with England"),
        (26.0, &[26.0, 26.0], "In line"),
        (26.0, &[26.0, 25.0], "In line or above"),
        (26.0, &[26.0, 27.0, 27.0], "In line or below"),
    ] {
        assert_eq!(
            beside(rate, Some(own), &some(theirs)).as_deref(),
            Some(words),
            "{own} beside {theirs:?}"
        );
    }
    assert_eq!(
        beside(rate, Some(5.0), &[None, None, Some(4.0)]).as_deref(),
        Some("Above similar councils")
    );
    assert_eq!(beside(rate, Some(5.0), &[None, Some(6.0)]).as_deref(), Some("Below the region"));
    assert_eq!(beside(rate, Some(5.0), &[None]), None);
    assert_eq!(beside(rate, None, &[Some(4.0)]), None);
    assert_eq!(beside("unit = \"number\"", Some(5.0), &[Some(4.0)]), None);
    let shown = shown(rate, &[("now", Some(5.0)), ("previous_outturn", Some(4.0))]);
    assert_eq!(comparison(&shown, "m", &["previous_outturn".to_string()]), None);
}

#[test]
fn a_red_figure_needs_words_and_a_share_needs_a_target() {
    let fields = "unit = \"percentage\", better = \"higher\", target = 50";
    let file = Place::file("q2.xlsx");
    let found = |policy: &str, now: f64, explained: bool, target: Option<f64>| {
        let figures = [("now", Some(now)), ("same_period_last_year", Some(48.0))];
        let mut shown = shown(&format!("{fields}, policy = \"{policy}\""), &figures);
        if let Some(target) = target {
            let indicator = shown.indicators.get_mut("m").expect("declared");
            indicator.target = Some(target);
            indicator.target_at = Some(Place::sheet("q2.xlsx", 1, "Figures").at(4, 8));
        }
        let problems = check(&shown, |_| explained, &file);
        problems.iter().map(|p| (p.severity, p.place.to_string())).collect::<Vec<_>>()
    };
    let warning = |place: &str| vec![(Severity::Warning, place.to_string())];
    assert_eq!(found("relative", 40.0, false, None), warning("q2.xlsx"));
    assert_eq!(found("relative", 40.0, true, None), []);
    assert_eq!(found("relative", 49.0, false, None), []);
    assert_eq!(found("fifth", 30.0, false, None), [], "only a policy that asks for words");
    assert_eq!(found("band", 30.0, false, None), []);
    assert_eq!(found("relative", 40.0, false, Some(0.0)), warning("q2.xlsx  Figures!I5"));
    assert_eq!(found("band", 40.0, false, Some(0.0)), []);
    // The script's own target, by the usual policy: a fault of the script.
    let mut shown = shown("unit = \"number\", target = 0", &[("now", Some(4.0))]);
    shown.policies.usual = "relative".to_string();
    assert_eq!(status(&shown, "m").words, "Not rated");
    let problems = check(&shown, |_| true, &file);
    let first = problems.iter().next().expect("a problem");
    assert_eq!((first.kind, first.place.to_string().as_str()), (Kind::Script, "m.luau:5"));
}

#[test]
fn notes_tell_policies_and_directions() {
    let codes = ["m".to_string()];
    let fields = "unit = \"percentage\", better = \"higher\"";
    assert!(policies_used(&shown(fields, &[]), &codes).is_empty(), "there is no target");
    let lines =
        policies_used(&shown(&format!("{fields}, target = 50, policy = \"fifth\""), &[]), &codes);
    assert_eq!(
        lines[0],
        "Status: policy \"fifth\", version 2013/14. By a fifth. The share is 20% of the target."
    );
    let mut two = shown(&format!("{fields}, target = 50, policy = \"two_ways\""), &[]);
    let other = crate::definitions::Indicator {
        code: "n".to_string(),
        policy: None,
        ..two.indicators["m"].clone()
    };
    two.indicators.insert("n".to_string(), other);
    let lines = policies_used(&two, &["m".to_string(), "n".to_string()]);
    assert!(
        lines[0].starts_with("Status of m: ")
            && lines[1].starts_with("Status of n: Tolerance band"),
        "{lines:?}"
    );
    assert!(
        policies_used(&two, &codes).iter().all(|line| !line.contains("Tolerance band")),
        "n is not listed"
    );

    assert_eq!(directions_used(&two, &[]), None);
    let since = ["previous_quarter", "previous_outturn"].map(String::from);
    let line = directions_used(&two, &since).expect("two bases");
    assert!(line.contains("with those of 2026/27 Q1 or 2025/26."), "{line}");
}

#[test]
fn limits_are_told_in_words_that_statuses_keep() {
    let told = |fields: &str| limits(&shown(&format!("unit = \"percentage\", {fields}"), &[]), "m");
    for (fields, words) in [
        (
            "better = \"higher\", target = 75, tolerance = { low = 2, high = 1 }",
            "73% to 76%, both included, is Achieved; better is Exceeded, worse is Not achieved.",
        ),
        (
            "better = \"lower\", target = 10, tolerance = { low = 2, high = 0.3 }",
            "9.7% to 12%, both included, is Achieved; better is Exceeded, worse is Not achieved.",
        ),
        (
            "better = \"higher\", target = 75",
            "75% is Achieved; better is Exceeded, worse is Not achieved.",
        ),
        // Where nearness is good, the upper tolerance is never used.
        (
            "better = \"neither\", target = 75, tolerance = { low = 2, high = 1 }",
            "73% to 77%, both included, is Achieved; anything else is Not achieved.",
        ),
        (
            "better = \"lower\", target = 10, tolerance = { low = 2, high = 1 }, policy = \"two_ways\"",
            "12% or better is Achieved; worse is Missed.",
        ),
        (
            "better = \"higher\", target = 95, floor = 90, policy = \"floor\"",
            "95% or better is Green; 90% or better is Amber; worse is Red.",
        ),
        (
            "better = \"higher\", target = 95, policy = \"floor\"",
            "95% or better is Green; worse is Red.",
        ),
        (
            "better = \"lower\", policy = \"thresholds\", thresholds = { green = { 0, 10 }, amber = { 10, 12.5 }, red = { 12.5, 100 } }",
            "10% or better is Green; 12.5% or better is Amber; worse is Red.",
        ),
        (
            "better = \"lower\", target = 50, policy = \"relative\"",
            "55% or better is Green; worse is Amber, or Red where it is worse than a year ago too.",
        ),
    ] {
        assert_eq!(told(fields).as_deref(), Some(words), "{fields}");
    }
    for fields in ["better = \"higher\"", "better = \"higher\", target = 95, policy = \"none\""] {
        assert_eq!(told(fields), None, "{fields}");
    }
}

#[test]
fn against_one_place_in_words() {
    let rate = "unit = \"percentage\"";
    for (own, theirs, within, words) in [
        (57.3, Some(52.0), None, Some("above England (52.0%)")),
        (50.0, Some(52.0), None, Some("below England (52.0%)")),
        (52.04, Some(52.0), None, Some("in line with England (52.0%)")),
        (54.0, Some(52.0), Some(2.0), Some("in line with England (52.0%)")),
        (54.1, Some(52.0), Some(2.0), Some("above England (52.0%)")),
        (52.2, Some(52.0), Some(0.2), Some("in line with England (52.0%)")),
        (54.1, None, Some(2.0), None),
    ] {
        let shown = shown(rate, &[("now", Some(own)), ("england", theirs)]);
        assert_eq!(
            against(&shown, "m", "england", within).as_deref(),
            words,
            "{own} beside {theirs:?}"
        );
    }
    let numbers = shown("unit = \"number\"", &[("now", Some(5.0)), ("england", Some(9.0))]);
    assert_eq!(against(&numbers, "m", "england", None), None, "a larger place has more");
}
