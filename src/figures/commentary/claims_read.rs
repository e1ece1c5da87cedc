//! What is claimed by sentences, and what is not.

use super::claims::*;
use crate::figures::assess::End;
use crate::nouns::comparator::Comparator;
use crate::nouns::numbers::Written;

#[test]
fn what_is_claimed_is_read_and_nothing_else() {
    let percent = |value, decimals| Written { value, decimals, percent: true };
    let plain = |value, decimals| Written { value, decimals, percent: false };
    let neighbours = || vec![Comparator::StatisticalNeighbours];
    let year: &'static [Comparator] =
        &[Comparator::SamePeriodLastYear, Comparator::PreviousOutturn];
    for (text, wanted) in [
        (
            "We are currently above our target of 90 per 10,000.",
            vec![Claim::Target(Side::Above), Claim::Rate(plain(90.0, 0), 10_000.0)],
        ),
        (
            "At 95 children per 10,000 our data is better than that of similar Councils.",
            vec![Claim::Beside(Side::Better, neighbours()), Claim::Rate(plain(95.0, 0), 10_000.0)],
        ),
        (
            "This exceeds both statistical neighbours significantly and our own target by 5%.",
            vec![Claim::Target(Side::Exceeds), Claim::Beside(Side::Exceeds, neighbours())],
        ),
        (
            "Improved since the last quarter and still under target.",
            vec![
                Claim::Since(Way::Better, &[Comparator::PreviousQuarter]),
                Claim::Target(Side::Below),
            ],
        ),
        ("This is an increase of 7 on last year.", vec![Claim::Since(Way::Up, year)]),
        (
            "The rate fell from last year, but is above England.",
            vec![
                Claim::Since(Way::Down, year),
                Claim::Beside(Side::Above, vec![Comparator::England]),
            ],
        ),
        (
            "In line with the national average.",
            vec![Claim::Beside(Side::InLine, vec![Comparator::England])],
        ),
        ("Performance stands at 80.8 per cent.", vec![Claim::Is(percent(80.8, 1))]),
        ("It is now at 1,234.", vec![Claim::Is(plain(1234.0, 0))]),
        ("This cohort measured of 65 is small.", vec![Claim::Cohort(65.0)]),
        ("54 out of the 65 (84%) are at home.", vec![Claim::Share(54.0, 65.0, percent(84.0, 0))]),
        ("19 of 25 placements, 76%, lasted.", vec![Claim::Share(19.0, 25.0, percent(76.0, 0))]),
        ("We met our target.", vec![Claim::Target(Side::Met)]),
        (
            "Visits rose since the last quarter.",
            vec![Claim::Since(Way::Up, &[Comparator::PreviousQuarter])],
        ),
        (
            "Visits are now above England.",
            vec![Claim::Beside(Side::Above, vec![Comparator::England])],
        ),
        (
            "Visits rose from 104 to 99.",
            vec![Claim::Went {
                way: Way::Up,
                from: plain(104.0, 0),
                to: plain(99.0, 0),
                now: true,
            }],
        ),
        (
            "A fall from 56 last year to 65%.",
            vec![
                Claim::Went {
                    way: Way::Down,
                    from: percent(56.0, 0),
                    to: percent(65.0, 0),
                    now: false,
                },
                Claim::Since(Way::Down, year),
            ],
        ),
        (
            "Performance has gone up since the last quarter.",
            vec![Claim::Since(Way::Up, &[Comparator::PreviousQuarter])],
        ),
        ("The number of visits has declined.", vec![Claim::Since(Way::Declined, ANY_EARLIER)]),
        ("Worse than a year ago.", vec![Claim::Since(Way::Worse, year)]),
        ("There were 25 visits in total.", vec![Claim::Is(plain(25.0, 0))]),
        ("Altogether, 25 visits.", vec![Claim::Is(plain(25.0, 0))]),
        ("Visits totalled 25.", vec![Claim::Is(plain(25.0, 0))]),
        ("A total of 25 visits, down from 30 last year.", vec![Claim::Is(plain(25.0, 0))]),
        ("43 of 75 young people (57%) moved.", vec![Claim::Share(43.0, 75.0, percent(57.0, 0))]),
        ("The target of 70% was met.", vec![Claim::Target(Side::Met)]),
        ("Our target has been missed again.", vec![Claim::Target(Side::Missed)]),
        (
            "Visits are ahead of England.",
            vec![Claim::Beside(Side::Better, vec![Comparator::England])],
        ),
        (
            "This is the highest since 2019/20.",
            vec![Claim::Record(End::High, Reach::Since("2019/20".to_string()))],
        ),
        (
            "Visits are at their lowest level on record.",
            vec![Claim::Record(End::Low, Reach::Always)],
        ),
        (
            "The lowest number of visits in five years.",
            vec![Claim::Record(End::Low, Reach::Years(5))],
        ),
        ("This is the second consecutive fall.", vec![Claim::Since(Way::Down, ANY_EARLIER)]),
        ("The first increase in five years.", vec![Claim::Since(Way::Up, ANY_EARLIER)]),
        (
            "As at 30 June 2026, visits stood at 40.",
            vec![Claim::At(plain(40.0, 0), "30 june 2026".to_string())],
        ),
        // Other subjects, other times, hopes, denials, rough numbers.
        ("There were 4 visits in total to one home.", vec![]),
        ("In total 12 visits were planned.", vec![]),
        ("Of the visits a total of 12 were late.", vec![]),
        ("In the year before there was a total of 23 visits.", vec![]),
        ("Numbers in higher education have fallen since last year.", vec![]),
        ("Referrals rose from 104 to 99.", vec![]),
        ("Visits rose from 1 to 3 April.", vec![]),
        ("It was the highest since 2022/23 at the end of last year.", vec![]),
        ("Sickness is the highest since 2019.", vec![]),
        ("The highest number of moves since 2019.", vec![]),
        ("This is not the first fall in five years.", vec![]),
        ("The first fall in referrals in five years.", vec![]),
        ("As at 30 June 2026, 12 staff had left and visits stood at 40.", vec![]),
        ("The target for moves was met.", vec![]),
        ("Their target was met.", vec![]),
        ("The team is ahead of England.", vec![]),
        ("We are on track to meet our target for adoptions.", vec![]),
        ("We will be above target next quarter.", vec![]),
        ("This is not above target.", vec![]),
        ("In Q1 it stood at 78%.", vec![]),
        ("In 2016 it stood at 78%.", vec![]),
        ("The target group is above average size.", vec![]),
        ("A reduction in referrals since last quarter has helped.", vec![]),
        ("Demand increased since last year.", vec![]),
        ("A reduction after September is usual and is being watched.", vec![]),
        ("Staff sickness is above target.", vec![]),
        ("Our panel met our target.", vec![]),
        ("Referrals exceed England's; staff turnover is lower than the national average.", vec![]),
        ("Referrals stand at 520 per 10,000, at 6 staff per 10,000.", vec![]),
        ("Sickness stands at 12%.", vec![]),
        ("It is now at about 80%.", vec![]),
        ("England is above 70%.", vec![]),
        ("A target is above all a promise.", vec![]),
        ("Better than similar cities.", vec![]),
        ("One of 7 homes, 5 of 6 staff.", vec![]),
        ("£250,000 of 300,000 (10%) was claimed.", vec![]),
    ] {
        assert_eq!(read(text, &["Visits to children"]), wanted, "{text}");
    }
}

#[test]
fn dates_are_no_numbers() {
    for text in
        ["At 30 September 2026, in Q2 of 2026/27, Year 11 pupils moved.", "Numbers are steady."]
    {
        assert!(!names_a_number(text), "{text}");
    }
    for text in ["There were 4.", "It is 80.8%.", "3 of 12 in Q2.", "There were (2,026)."] {
        assert!(names_a_number(text), "{text}");
    }
}
