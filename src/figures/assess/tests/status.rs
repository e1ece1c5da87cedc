//! Statuses.

use super::*;

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
            "{fields} = {{ green = {{ 95, 100 }}, amber = {{ 90, 95 }}, red = {{ 0, 90 }} }}, \
             better = \"higher\""
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
            "{fields} = {{ green = {{ 0, 5 }}, amber = {{ 5, 12.5 }}, red = {{ 12.5, 40 }} }}, \
             better = \"lower\""
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

/// The status by the policy that is relative to a year ago; with a star where there is a note.
fn at(better: &str, now: f64, ago: Option<f64>) -> String {
    let fields =
        format!("unit = \"percentage\", policy = \"relative\", target = 50, better = \"{better}\"");
    let figures = [("now", Some(now)), ("same_period_last_year", ago)];
    let status = status(&shown(&fields, &figures), "m");
    format!("{}{}", status.words, if status.note.is_some() { "*" } else { "" })
}

#[test]
fn a_share_of_the_target_then_a_year_ago() {
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
    assert_eq!(Comparator::SamePeriodLastYear.when(&year), Comparator::PreviousOutturn.when(&year));
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

/// A number below another, the same in every run.
fn random_below(below: u64, seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

/// How good a status is.
fn rank(status: &Status) -> u8 {
    match (status.tone, status.words.as_str()) {
        (Tone::Good, "Exceeded") => 4,
        (Tone::Good, _) => 3,
        (Tone::Fair, _) => 2,
        (Tone::Poor, _) => 1,
        (tone, words) => panic!("{tone:?}: {words}"),
    }
}

/// Whatever the limits: a figure that moves in the good direction never gets a worse status.
#[test]
fn a_better_figure_is_never_judged_worse() {
    let mut seed = 20_260_930u64;
    let mut random = |below: u64| random_below(below, &mut seed);
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
