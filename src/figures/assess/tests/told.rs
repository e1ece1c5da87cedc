//! What is told of statuses.

use super::*;

/// How grave the problems of a figure are, and where; with a target that the return has.
fn found(policy: &str, now: f64, explained: bool, target: Option<f64>) -> Vec<(Severity, String)> {
    let fields = "unit = \"percentage\", better = \"higher\", target = 50";
    let figures = [("now", Some(now)), ("same_period_last_year", Some(48.0))];
    let mut shown = shown(&format!("{fields}, policy = \"{policy}\""), &figures);
    if let Some(target) = target {
        let indicator = shown.indicators.get_mut("m").expect("declared");
        indicator.target = Some(target);
        indicator.target_at = Some(Place::sheet("q2.xlsx", 1, "Figures").at(4, 8));
    }
    let problems = check(&shown, |_| explained, &Place::file("q2.xlsx"));
    problems.iter().map(|p| (p.severity, p.place.to_string())).collect()
}

#[test]
fn a_red_figure_needs_words_and_a_share_needs_a_target() {
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
    let problems = check(&shown, |_| true, &Place::file("q2.xlsx"));
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
    let since = [Comparator::PreviousQuarter, Comparator::PreviousOutturn];
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
            "better = \"lower\", target = 10, tolerance = { low = 2, high = 1 }, policy = \
             \"two_ways\"",
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
            "better = \"lower\", policy = \"thresholds\", thresholds = { green = { 0, 10 }, amber \
             = { 10, 12.5 }, red = { 12.5, 100 } }",
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
