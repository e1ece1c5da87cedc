//! What a text claims about a figure, read from its sentences. Few kinds of claims are known, and a
//! sentence that speaks of other times, of hopes, or denies something is passed over: a false alarm
//! costs more than a fault that a reader finds.

use super::over_time;
use super::sentences::{Subject, Word, between, dated, doubtful, sentences, words};
use crate::figures::assess::End;
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
    /// To a smaller number, or in the bad direction: a rate that declines may be good.
    Declined,
    /// Nowhere.
    Same,
}

impl Way {
    /// Which way a word says; what goes on with another noun, "higher education", says none.
    pub(super) fn said(clause: &[Word], at: usize) -> Option<Way> {
        let way = match clause.get(at)?.text.as_str() {
            "increase" | "increased" | "increasing" | "rise" | "risen" | "rose" | "rising"
            | "up" | "higher" | "grown" | "grew" | "doubled" => Way::Up,
            "decrease" | "decreased" | "decreasing" | "fall" | "fallen" | "fell" | "falling"
            | "drop" | "dropped" | "reduction" | "reduced" | "down" | "lower" | "halved" => {
                Way::Down
            }
            "improved" | "improvement" | "improving" | "better" => Way::Better,
            "deteriorated" | "deterioration" | "worsened" | "worse" => Way::Worse,
            "declined" | "decline" | "declining" => Way::Declined,
            "unchanged" => Way::Same,
            _ => return None,
        };
        let adjective = ["higher", "lower", "better", "worse"].contains(&&*clause[at].text);
        let next = clause.get(at + 1).map_or("", |word| &word.text);
        let alone = next.is_empty()
            || ["than", "this", "in", "and", "compared", "since", "by", "on"].contains(&next);
        (!adjective || alone).then_some(way)
    }
}

/// How far back a record is said to reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// As far as figures are known.
    Always,
    /// To the end of a period or a day, as it is written.
    Since(String),
    /// So many years.
    Years(i32),
}

/// Any of the earlier figures.
pub(super) const ANY_EARLIER: &[Comparator] = &[
    Comparator::PreviousMonth,
    Comparator::PreviousQuarter,
    Comparator::SamePeriodLastYear,
    Comparator::PreviousOutturn,
];

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
    /// From which number to which the figure went; and whether that is said of now.
    Went {
        /// Which way that is said to be.
        way: Way,
        /// The number that it was.
        from: Written,
        /// The number that it became.
        to: Written,
        /// No other time is named.
        now: bool,
    },
    /// The figure is the highest, or the lowest, so far back.
    Record(End, Reach),
    /// What the figure was on a day, as it is written.
    At(Written, String),
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
            over_time::travel(clause, &about, &mut claims);
            over_time::records(clause, &about, &mut claims);
            over_time::in_a_row(clause, &about, &mut claims);
            over_time::at_a_day(clause, &about, &mut claims);
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
pub(super) fn is_amount(words: &[Word], at: usize) -> bool {
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
            "of" if before(1) == "ahead" => Side::Better,
            "behind" => Side::Worse,
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
        let side = side(clause, at, about).or_else(|| passive(clause, at, about));
        if let Some(side) = side.filter(|side| *side != Side::InLine) {
            claims.push(Claim::Target(side));
        }
    }
}

/// "The target of 70% was met."
fn passive(clause: &[Word], at: usize, about: &Subject) -> Option<Side> {
    let own = |word: &Word| about.knows(&word.text) || between(&word.text);
    if !clause[..at].iter().all(own) {
        return None;
    }
    let behind: Vec<&str> = clause[at + 1..].iter().map(|word| word.text.as_str()).collect();
    let aim = matches!(behind[..], ["of", ..]) && clause.get(at + 2)?.number.is_some();
    let rest = if aim { &behind[2..] } else { &behind[..] };
    let said = rest.iter().find(|word| !["was", "is", "has", "been", "again"].contains(word))?;
    let verb = rest.first().is_some_and(|word| ["was", "is", "has"].contains(word));
    match *said {
        "met" | "achieved" | "exceeded" if verb => Some(Side::Met),
        "missed" if verb => Some(Side::Missed),
        _ => None,
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
    let at = clause.iter().position(|word| !about.leads_in(&word.text))?;
    let Some(from) = from else {
        claims.extend(unsaid(clause, at));
        return None;
    };
    let Some(way) = Way::said(clause, at) else { return Some(from) };
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
    let word = |at: usize| clause.get(at).map_or("", |word| word.text.as_str());
    let gone = at > 0 && ["gone", "went", "going"].contains(&word(at - 1));
    let way = match word(at) {
        "increased" | "risen" | "rose" | "decreased" | "fallen" | "fell" | "dropped"
        | "improved" | "declined" | "deteriorated" | "worsened" => Way::said(clause, at)?,
        "up" | "down" if gone => Way::said(clause, at)?,
        _ => return None,
    };
    const AFTER: [&str; 7] =
        ["again", "further", "slightly", "significantly", "steadily", "and", "this"];
    let by = word(at + 1) == "by" && clause.get(at + 2).is_some_and(|word| word.number.is_some());
    let ends = by || word(at + 1).is_empty() || AFTER.contains(&word(at + 1));
    // Of a time that is named, or of what is to come, nothing is claimed of now.
    let now = !clause.iter().any(dated);
    (at > 0 && ends && now).then_some(Claim::Since(way, ANY_EARLIER))
}

/// The earlier figures that may be meant by the words behind `at`.
fn base(clause: &[Word], at: usize) -> Option<&'static [Comparator]> {
    // "From 23 last year": the number stands before its time.
    const PASSED: [&str; 7] = ["the", "our", "with", "same", "this", "to", "a"];
    let behind = clause[at + 1..].iter().filter(|word| word.number.is_none());
    let mut words = behind.map(|word| word.text.as_str()).filter(|word| !PASSED.contains(word));
    Some(match (words.next()?, words.next()) {
        ("last" | "previous", Some("quarter")) | ("quarter", Some("ago" | "before")) => {
            &[Comparator::PreviousQuarter]
        }
        ("last" | "previous", Some("month")) | ("month", Some("ago" | "before")) => {
            &[Comparator::PreviousMonth]
        }
        ("last" | "previous", Some("year")) | ("year", Some("ago" | "before")) => {
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
                || before == ("is", "it")
                || matches!(before.0, "totalled" | "totals" | "totalling");
        let percent = number.percent || behind.first().is_none_or(|word| word.text != "of");
        // "A total of 20 exits", where exits are what the figure counts.
        let noun = behind.first().is_some_and(|word| about.names(&word.text));
        let total = before == ("of", "total") && (behind.is_empty() || noun)
            || noun && in_total(clause, at, about);
        if (stands || total) && percent && about.is_of(clause, at) && !clause.iter().any(other) {
            claims.push(Claim::Is(number));
        }
    }
}

/// "There were 25 exits in total", "in total 25 exits": all of what is counted, and no part of it.
fn in_total(clause: &[Word], at: usize, about: &Subject) -> bool {
    let text = |word: &Word| word.text.clone();
    let before: Vec<String> = clause[..at].iter().map(text).collect();
    let behind: Vec<String> = clause[at + 1..].iter().map(text).collect();
    let (before, behind) = (before.join(" "), behind.join(" "));
    let all_of_it = |words: &str| words.split(' ').all(|word| about.leads_in(word));
    let ends = [" in total", " altogether", " in all"];
    if let Some(counted) = ends.iter().find_map(|end| behind.strip_suffix(end)) {
        return all_of_it(counted);
    }
    let begins = ["in total", "altogether", "in all", "in total there were"];
    let done = [" were achieved", " were recorded", " were made", " took place"];
    let counted = done.iter().find_map(|end| behind.strip_suffix(end)).unwrap_or(&behind);
    begins.contains(&&*before) && all_of_it(counted)
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

/// The percentage in brackets behind what is counted: `of 65 young people (83%)`.
fn aside(words: &[Word], of: usize) -> Option<Written> {
    let behind = words.get(of + 1..)?.iter().take(7);
    let number = behind.into_iter().find(|word| word.number.is_some())?;
    number.number.filter(|written| number.bracketed && written.percent)
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
        if let (Some(of_all), Some(share)) = (
            whole(next),
            percent(next + 1).or_else(|| percent(next + 2)).or_else(|| aside(words, next)),
        ) && part <= of_all
        {
            claims.push(Claim::Share(part, of_all, share));
        }
    }
}
