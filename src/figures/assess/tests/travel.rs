//! Directions, changes, and what stands beside other places.

use super::*;

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
                change(&shown, "m", named(from)).map(|change| change.to_string()).as_deref(),
                Some(*text),
                "{fields} {then} to {now} {why}"
            );
            assert_eq!(
                change_in_words(&shown, "m", named(from)).as_deref(),
                Some(*words),
                "{fields} {then} to {now} {why}"
            );
            assert_eq!(
                direction(&shown, "m", named(from)),
                Some(*way),
                "{fields} {then} to {now} {why}"
            );
        }
    }
}

/// The direction; a change is told where it is, and only there.
fn said(fields: &str, figures: &[(&str, Option<f64>)], from: &str) -> Option<Direction> {
    let shown = shown(fields, figures);
    let way = direction(&shown, "m", named(from));
    assert_eq!(way.is_some(), change(&shown, "m", named(from)).is_some());
    assert_eq!(way.is_some(), change_in_words(&shown, "m", named(from)).is_some());
    way
}

/// Nothing is said of what may not be shown, is not there, is another place's or means something
/// else.
#[test]
fn no_direction_between_what_cannot_be_compared() {
    let unit = "unit = \"percentage\", better = \"higher\"";
    let both = [("now", Some(50.0)), ("previous_outturn", Some(40.0)), ("england", Some(40.0))];
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

/// The comparison with the three, as far as they have figures.
fn beside(fields: &str, own: Option<f64>, theirs: &[Option<f64>]) -> Option<String> {
    let three = ["england", "region", "statistical_neighbours"];
    let mut figures = vec![("now", own)];
    figures.extend(three.iter().zip(theirs).map(|(name, value)| (*name, *value)));
    comparison(&shown(fields, &figures), "m", &three.map(named), None)
}

#[test]
fn beside_other_places() {
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
    assert_eq!(comparison(&shown, "m", &[Comparator::PreviousOutturn], None), None);
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
            against(&shown, "m", Comparator::England, within).as_deref(),
            words,
            "{own} beside {theirs:?}"
        );
    }
    let numbers = shown("unit = \"number\"", &[("now", Some(5.0)), ("england", Some(9.0))]);
    assert_eq!(against(&numbers, "m", Comparator::England, None), None, "a larger place has more");
}
