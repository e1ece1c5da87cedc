//! Children whose lists contradict each other, or who are counted twice.

use super::*;

#[test]
fn a_distance_that_is_not_known_is_no_distance() {
    let mut sheets = quarter("", "");
    let far = |n: &str| format!("PR1 | | | | | | | OUT | n:{n}");
    sheets[2].1 = format!("{EPISODES} | PL_LOCATION | PL_DISTANCE\n")
        + &["10", "10", "30", "999.9", "999.9"]
            .iter()
            .zip(1..)
            .map(|(n, child)| format!("K{child} | d:2023-05-01 | S | C2 | N1 | U6 | {}\n", far(n)))
            .collect::<String>();
    Built::of(&sheets, &[]).prints(&[("dist20out_pct", "20.0%"), ("within20_pct", "40.0%")]);
}

/// What a child's two episodes, which contradict each other, are counted as.
#[test]
fn a_child_is_counted_once_whatever_its_episodes_say() {
    let child = "L1 | 2 | d:2014-06-15 | WBRI | UN1";
    for (episodes, says, cells, in_care, ceased) in [
        // Open, although a later one began and ended: gone, not in care.
        (
            "L1 | d:2024-02-01 | S | C2 | N1 | U6 | PR1\n\
             L1 | d:2025-08-20 | P | C2 | N1 | U4 | PR1 | d:2026-06-10 | E4A",
            "open when a later episode began; counted as ended then",
            "(Episodes!H7 I7, against B8)",
            "5",
            "1",
        ),
        // The extracts of two quarters: the newer one knows that it ended.
        (
            "L1 | d:2025-03-03 | S | C2 | N1 | U6 | PR1\n\
             L1 | d:2025-03-03 | S | C2 | N1 | U6 | PR1 | d:2026-07-20 | E4A",
            "begin on one day; the ended one was counted",
            "(Episodes!B7 H7, against B8)",
            "5",
            "1",
        ),
        (
            "L1 | d:2025-03-03 | S | C2 | N1 | U6 | PR1\n\
             L1 | d:2025-03-03 | S | C2 | N1 | U6 | PR1",
            "stands twice; it was counted once",
            "(Episodes!H7 I7, against B8)",
            "6",
            "0",
        ),
        (
            "L1 | d:2025-03-03 | S | C2 | N1 | U6 | PR1\n\
             L1 | d:2025-03-03 | S | C2 | N1 | K2 | PR1",
            "begin on one day; the lower one was counted",
            "(Episodes!H7 I7, against B8)",
            "6",
            "0",
        ),
        // Left on 1 September by the one, and in care since August by the other: in care alone.
        (
            "L1 | d:2025-03-03 | S | C2 | N1 | U6 | PR1 | d:2026-09-01 | E4A\n\
             L1 | d:2026-08-01 | P | C2 | N1 | K2 | PR1",
            "it overlaps the next episode",
            "against B7)",
            "6",
            "0",
        ),
        (
            "L1 | d:2025-03-03 | S | C2 | N1 | U6 | PR1 | d:2026-07-01 | X1\n\
             L1 | d:2026-08-01 | P | C2 | N1 | K2 | PR1",
            "the next episode begins days later",
            "(Episodes!I7, against B8)",
            "6",
            "0",
        ),
    ] {
        Built::of(&quarter(child, episodes), &[])
            .tells("error", says, cells)
            .prints(&[("cla_n", in_care), ("cease_n", ceased)]);
    }
    // A move on one day, and a second time in care: nothing is wrong with either.
    Built::of(
        &quarter(
            child,
            "L1 | d:2024-02-01 | S | C2 | N1 | U6 | PR1 | d:2025-05-01 | X1\n\
             L1 | d:2025-05-01 | P | C2 | N1 | U4 | PR1 | d:2026-05-01 | E4A\n\
             L1 | d:2026-06-01 | S | C2 | N1 | U4 | PR1",
        ),
        &[],
    )
    .is_clean()
    .prints(&[("cla_n", "6"), ("cease_n", "1")]);
}

#[test]
fn nobody_is_in_care_after_the_eighteenth_birthday() {
    for (born, in_care) in [("2008-10-01", "6"), ("2008-09-30", "5"), ("2005-02-03", "5")] {
        let built = Built::of(
            &quarter(
                &format!("L1 | 1 | d:{born} | WBRI | UN1"),
                "L1 | d:2022-01-03 | S | C2 | N1 | U6 | PR1",
            ),
            &[],
        );
        built.prints(&[("cla_n", in_care)]);
        match in_care {
            "6" => built.is_clean(),
            _ => built.tells("error", "it goes on after the age of 18", "H7)"),
        };
    }
}

/// The return of a year in which another child is, with its episodes and the children on OC2.
fn year(rows: &str, oc2: &str) -> Built {
    let (header, episodes) = children(&["K1", "K2"]);
    let more = "L1 | 1 | d:2014-06-15 | WBRI | UN1";
    let head = "CHILD | DOB | SDQ_SCORE | SDQ_REASON | CONVICTED | HEALTH_CHECK | \
                IMMUNISATIONS | TEETH_CHECK | HEALTH_ASSESSMENT | SUBSTANCE_MISUSE | \
                INTERVENTION_RECEIVED | INTERVENTION_OFFERED";
    let oc2 = oc2.split(' ').map(|child| {
        let born = if child == "L1" { "2014" } else { "2015" };
        format!("{child} | d:{born}-06-15 | n:10 | | n:0 | | n:1 | n:1 | n:1 | n:0")
    });
    Built::of(
        &[
            ("Cover", COVER.replace("2026-09-30", "2026-03-31")),
            ("Header", format!("{header}\n{more}")),
            ("Episodes", format!("{episodes}\n{rows}")),
            ("OC2", format!("{head}\n{}", oc2.collect::<Vec<_>>().join("\n"))),
        ],
        &[],
    )
}

#[test]
fn lists_that_tell_of_the_same_children_agree() {
    // Two episodes that go on make one period of care; 1 April is soon enough.
    let moved = "L1 | d:2025-04-01 | S | C2 | N1 | U6 | PR1 | d:2025-08-01 | X1\n\
                 L1 | d:2025-08-01 | P | C2 | N1 | U4 | PR1";
    year(moved, "K1 K2 L1").is_clean();
    year(moved, "K1 K2").tells("warning", "not on OC2", "(Episodes!A4)");
    let came_back = moved.replace("X1", "E4A").replace("2025-08-01 | P", "2025-08-08 | S");
    year(&came_back, "K1 K2").is_clean();
    year(&came_back, "K1 K2 L1 ZZ9").tells("warning", "twelve months", "(OC2!A4 A5)");
    let mut sheets = quarter("L1 | 1 | d:2008-01-15 | WBRI | UN1", "");
    sheets.push((
        "OC3",
        "CHILD | DOB | IN_TOUCH | ACTIV | ACCOM\nK1 | d:2015-06-15 | YES | F2 | U1".into(),
    ));
    Built::of(&sheets, &[]).tells("warning", "a care leaver on OC3 is in care", "(OC3!A2)");
    let twins = "L1 | 2 | d:2013-04-03 | WBRI | A123456789012\n\
                 L2 | 2 | d:2013-04-03 | WBRI | A123456789012";
    Built::of(&quarter(twins, ""), &[]).tells("warning", "have the same UPN", "(Header!E7 E8)");
}
