//! What a text claims about a figure, read from its sentences. Few kinds of claims are known, and a
//! sentence that speaks of other times, of hopes, or denies something is passed over: a false alarm
//! costs more than a fault that a reader finds.

use super::sentences::{Subject, Word, between, dated, doubtful, sentences, words};
use crate::nouns::comparator::Comparator;
use crate::nouns::numbers::Written;
use crate::nouns::period::month_number;

/// How something is said to stand beside something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A larger number.
    Above,
    /// A smaller number.
    Below,
    /// A larger number, and good.
    Exceeds,
    /// On the good side.
    Better,
    /// On the bad side.
    Worse,
    /// As good as it should be, or better.
    Met,
    /// Not as good as it should be.
    Missed,
    /// About the same.
    InLine,
}

/// Which way something is said to have gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To a larger number.
    Up,
    /// To a smaller one.
    Down,
    /// In the good direction.
    Better,
    /// In the bad one.
    Worse,
    /// Nowhere.
    Same,
}

/// Something said that figures can bear out or not.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// The figure beside its target.
    Target(Side),
    /// The figure beside other areas, by the names of comparators.
    Beside(Side, Vec<Comparator>),
    /// How the figure went since the earlier figures that may be meant, by the names of
    /// comparators.
    Since(Way, &'static [Comparator]),
    /// What the figure is.
    Is(Written),
    /// What the figure is, for so many people.
    Rate(Written, f64),
    /// Out of how many it is.
    Cohort(f64),
    /// So many of so many, and what per cent that is.
    Share(f64, f64, Written),
}

/// Everything that a text claims about something of these titles. What other things are said to do
/// is passed over.
pub fn read(text: &str, titles: &[&str]) -> Vec<Claim> {
    let about = Subject::of(titles);
    let mut claims = Vec::new();
    for sentence in sentences(text) {
        let words: Vec<Word> = words(&sentence);
        shares(&words, &mut claims);
        const PARTS: [&str; 7] =
            ["but", "although", "though", "while", "whereas", "however", "despite"];
        for clause in words.split(|word| PARTS.contains(&word.text.as_str())) {
            cohort(clause, &mut claims);
            if (0..clause.len()).any(|at| doubtful(clause, at)) {
                continue;
            }
            let since = since(clause, &about, &mut claims).map_or(0..0, |from| from..from + 5);
            let mut told = clause.iter().enumerate();
            if told.all(|(at, word)| since.contains(&at) || !dated(word)) {
                target(clause, &about, &mut claims);
                beside(clause, &about, &mut claims);
                is(clause, &about, &mut claims);
            }
        }
    }
    claims
}

/// Whether a text names any number that is not part of a date or a name: `Q2`, `2026/27`, `Year 11`
/// do not count.
pub fn names_a_number(text: &str) -> bool {
    sentences(text).iter().any(|sentence| {
        let words = words(sentence);
        (0..words.len()).any(|at| is_amount(&words, at))
    })
}

/// Whether a word is a number that is not part of a date or a name.
fn is_amount(words: &[Word], at: usize) -> bool {
    let (before, behind) = (before(words, at), words.get(at + 1).map_or("", |word| &word.text));
    words[at].number.is_some()
        && !dated(&words[at])
        && !matches!(before, "year" | "regulation" | "section" | "table")
        && month_number(before).is_none()
        && month_number(behind).is_none()
}

/// The word that stands before another; before the first stands nothing.
fn before(words: &[Word], at: usize) -> &str {
    at.checked_sub(1).and_then(|at| words.get(at)).map_or("", |word| &word.text)
}

/// How something is said to stand, before the word at `at`: the nearest such words, with nothing
/// else between.
fn side(clause: &[Word], at: usize, about: &Subject) -> Option<Side> {
    let mut i = at;
    while i > 0 {
        i -= 1;
        let text = clause[i].text.as_str();
        let before = |n: usize| i.checked_sub(n).map_or("", |b| clause[b].text.as_str());
        let side = match text {
            "above" => Side::Above,
            "below" | "under" => Side::Below,
            "exceeds" | "exceeding" | "exceeded" => Side::Exceeds,
            "than" if before(1) == "better" => Side::Better,
            "than" if before(1) == "worse" => Side::Worse,
            "than" if before(1) == "higher" => Side::Above,
            "than" if before(1) == "lower" => Side::Below,
            "met" | "meets" | "meeting" | "achieved" | "achieves" => Side::Met,
            "on" if at == i + 1 && before(1) != "based" => Side::Met,
            "missed" | "misses" => Side::Missed,
            "with" if before(1) == "line" && before(2) == "in" => Side::InLine,
            _ if between(text) && at - i <= 8 => continue,
            _ => return None,
        };
        return about.is_of(clause, i).then_some(side);
    }
    None
}

fn target(clause: &[Word], about: &Subject, claims: &mut Vec<Claim>) {
    for at in 0..clause.len() {
        let next = clause.get(at + 1).map_or("", |word| word.text.as_str());
        // "Our target for placements" is another one; a "target group" is none.
        let other =
            ["for", "group", "groups", "date", "time", "setting", "operating"].contains(&next);
        if clause[at].text != "target" || other {
            continue;
        }
        // A figure may be in line with its target and miss it a little: nobody can say who is
        // right.
        if let Some(side) = side(clause, at, about).filter(|side| *side != Side::InLine) {
            claims.push(Claim::Target(side));
        }
    }
}

fn beside(clause: &[Word], about: &Subject, claims: &mut Vec<Claim>) {
    let word = |at: usize| clause.get(at).map_or("", |word| word.text.as_str());
    let mut found: Vec<(Side, Vec<Comparator>)> = Vec::new();
    for at in 0..clause.len() {
        let name = match (word(at), word(at + 1)) {
            ("statistical", "neighbours" | "neighbour") => Comparator::StatisticalNeighbours,
            ("neighbours", _) if at == 0 || word(at - 1) != "statistical" => {
                Comparator::StatisticalNeighbours
            }
            ("similar", "councils" | "authorities") => Comparator::StatisticalNeighbours,
            ("england" | "england's", _) | ("national", "average" | "rate" | "figure") => {
                Comparator::England
            }
            ("regional", "average" | "rate" | "figure") => Comparator::Region,
            ("region", _) if at > 0 && word(at - 1) == "the" => Comparator::Region,
            _ => continue,
        };
        let Some(side) =
            side(clause, at, about).filter(|side| !matches!(side, Side::Met | Side::Missed))
        else {
            continue;
        };
        match found.iter_mut().find(|(s, _)| *s == side) {
            Some((_, names)) if !names.contains(&name) => names.push(name),
            Some(_) => {}
            None => found.push((side, vec![name])),
        }
    }
    claims.extend(found.into_iter().map(|(side, names)| Claim::Beside(side, names)));
}

/// A change since a named time, where the sentence begins with it. Gives where the time begins.
fn since(clause: &[Word], about: &Subject, claims: &mut Vec<Claim>) -> Option<usize> {
    let word = |at: usize| clause.get(at).map_or("", |word| word.text.as_str());
    let from = (0..clause.len()).find(|at| {
        let then = ["since", "from", "on", "than", "compared", "against"].contains(&word(*at));
        then && base(clause, *at).is_some()
    });
    let at = clause.iter().position(|word| !about.knows(&word.text))?;
    let Some(from) = from else {
        claims.extend(unsaid(clause, at));
        return None;
    };
    let way = match word(at) {
        "increase" | "increased" | "rise" | "risen" | "rose" | "up" | "higher" | "grown" => Way::Up,
        "decrease" | "decreased" | "fall" | "fallen" | "fell" | "drop" | "dropped"
        | "reduction" | "reduced" | "down" | "lower" => Way::Down,
        "improved" | "improvement" | "improving" | "better" => Way::Better,
        "declined" | "decline" | "deteriorated" | "worsened" | "worse" => Way::Worse,
        "unchanged" => Way::Same,
        _ => return Some(from),
    };
    // "A reduction in referrals" is about something else.
    let other = ["in", "for", "among"].contains(&word(at + 1))
        && !["the", "this", "performance"].contains(&word(at + 2));
    let owner = word(at + 1) == "of" && clause.get(at + 2).is_none_or(|word| word.number.is_none());
    if !other && !owner && at < from {
        claims.push(Claim::Since(way, base(clause, from)?));
    }
    Some(from)
}

/// A change of which nobody says since when, "performance has worsened": that may be any of the
/// earlier figures. What goes on with another noun, "increased demand", is about that.
fn unsaid(clause: &[Word], at: usize) -> Option<Claim> {
    const ANY: &[Comparator] = &[
        Comparator::PreviousMonth,
        Comparator::PreviousQuarter,
        Comparator::SamePeriodLastYear,
        Comparator::PreviousOutturn,
    ];
    let way = match clause[at].text.as_str() {
        "increased" | "risen" | "rose" => Way::Up,
        "decreased" | "fallen" | "fell" | "dropped" => Way::Down,
        "improved" => Way::Better,
        "declined" | "deteriorated" | "worsened" => Way::Worse,
        _ => return None,
    };
    const AFTER: [&str; 7] =
        ["again", "further", "slightly", "significantly", "steadily", "and", "this"];
    let ends = clause.get(at + 1).is_none_or(|next| AFTER.contains(&next.text.as_str()));
    // Of a time that is named, or of what is to come, nothing is claimed of now.
    let now = !clause.iter().any(dated);
    (at > 0 && ends && now).then_some(Claim::Since(way, ANY))
}

/// The earlier figures that may be meant by the words behind `at`.
fn base(clause: &[Word], at: usize) -> Option<&'static [Comparator]> {
    let behind = || clause[at + 1..].iter().map(|word| word.text.as_str());
    let mut words =
        behind().filter(|word| !["the", "our", "with", "same", "this", "to"].contains(word));
    Some(match (words.next()?, words.next()) {
        ("last" | "previous", Some("quarter")) => &[Comparator::PreviousQuarter],
        ("last" | "previous", Some("month")) => &[Comparator::PreviousMonth],
        ("last" | "previous", Some("year")) => {
            &[Comparator::SamePeriodLastYear, Comparator::PreviousOutturn]
        }
        ("last" | "previous", Some("out-turn" | "outturn")) => &[Comparator::PreviousOutturn],
        ("period" | "quarter" | "time", Some("last")) => &[Comparator::SamePeriodLastYear],
        _ => return None,
    })
}

/// Whose number it is, where it is not the council's.
const OF_OTHERS: [&str; 10] = [
    "target",
    "england",
    "national",
    "nationally",
    "regional",
    "neighbours",
    "councils",
    "average",
    "who",
    "of whom",
];

fn is(clause: &[Word], about: &Subject, claims: &mut Vec<Claim>) {
    // What another area has, or what is aimed at, is not what the figure is.
    let other = |word: &Word| OF_OTHERS.contains(&word.text.as_str());
    for (at, number) in clause.iter().enumerate().filter_map(|(at, word)| Some((at, word.number?)))
    {
        let before = (before(clause, at), before(clause, at.saturating_sub(1)));
        let roughly =
            ["about", "around", "approximately", "over", "than", "least", "most", "some", "c"];
        if roughly.contains(&before.0) {
            continue;
        }
        let behind = &clause[at + 1..];
        let per = behind.iter().take(4).position(|word| word.text == "per");
        let people = per.and_then(|per| behind.get(per + 1)).and_then(|word| word.number);
        if let Some(people) = people.filter(|people| people.value >= 1000.0 && people.decimals == 0)
        {
            // Of what there are so many must be what the figure is about.
            let of_it = behind.iter().take(per.unwrap_or(0)).all(|word| about.knows(&word.text));
            if of_it && about.is_of(clause, at) {
                claims.push(Claim::Rate(number, people.value));
            }
            continue;
        }
        let stands =
            matches!(before, ("at", "stands" | "stood" | "now" | "currently" | "remains" | "is"))
                || matches!(before, ("now" | "currently", "is" | "stands"))
                || before == ("is", "this")
                || before == ("is", "it");
        let percent = number.percent || behind.first().is_none_or(|word| word.text != "of");
        // "A total of 20 exits", where exits are what the figure counts.
        let noun = behind.first().is_some_and(|word| about.names(&word.text));
        let total = before == ("of", "total") && (behind.is_empty() || noun);
        if (stands || total) && percent && about.is_of(clause, at) && !clause.iter().any(other) {
            claims.push(Claim::Is(number));
        }
    }
}

fn cohort(clause: &[Word], claims: &mut Vec<Claim>) {
    let Some(at) = clause.iter().position(|word| word.text == "cohort") else { return };
    let of = clause[at + 1..].iter().take(3).position(|word| word.text == "of");
    let number = of.and_then(|of| clause.get(at + of + 2)).and_then(|word| word.number.as_ref());
    claims.extend(
        number
            .filter(|n| n.decimals == 0 && !n.percent && n.value > 0.0)
            .map(|n| Claim::Cohort(n.value)),
    );
}

/// What a word counts: a number without decimals that is no percentage.
fn whole_number(word: &Word) -> Option<f64> {
    let whole = |number: &Written| number.decimals == 0 && !number.percent;
    word.number.filter(whole).map(|number| number.value)
}

/// `54 out of 65 (83.1%)`.
fn shares(words: &[Word], claims: &mut Vec<Claim>) {
    let whole = |at: usize| words.get(at).and_then(whole_number);
    let percent = |at: usize| words.get(at)?.number.filter(|number| number.percent);
    for of in 1..words.len() {
        let out = words[of].text == "of" && words[of - 1].text == "out";
        let Some(part) = whole(if out { of.saturating_sub(2) } else { of - 1 }) else { continue };
        let next = of + 1 + usize::from(words.get(of + 1).is_some_and(|word| word.text == "the"));
        if words[of].text != "of" {
            continue;
        }
        if let (Some(of_all), Some(share)) =
            (whole(next), percent(next + 1).or_else(|| percent(next + 2)))
            && part <= of_all
        {
            claims.push(Claim::Share(part, of_all, share));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
                vec![
                    Claim::Beside(Side::Better, neighbours()),
                    Claim::Rate(plain(95.0, 0), 10_000.0),
                ],
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
            (
                "54 out of the 65 (84%) are at home.",
                vec![Claim::Share(54.0, 65.0, percent(84.0, 0))],
            ),
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
            // Other subjects, other times, hopes, denials, rough numbers.
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
            (
                "Referrals exceed England's; staff turnover is lower than the national average.",
                vec![],
            ),
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
}
