//! The attacker: somebody with everything that a run publishes, and a linear programming of his
//! own, who tries to work out what was suppressed. He must recover nothing; and where figures are
//! not protected from him, he must recover some, or he would be no test.

use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use rapporteur::definitions::{Indicator, Policies, Rule};
use rapporteur::figures::all::Figures;
use rapporteur::figures::suppress::{self, ShownFigures};
use rapporteur::intake::project::Source;
use rapporteur::nouns::area::Area;
use rapporteur::nouns::figure::Selection;
use rapporteur::nouns::figure::{Basis, Figure, FigureValue, Origin};
use rapporteur::nouns::period::Period;
use rapporteur::nouns::problem::Problems;
use rapporteur::scripts::engine::Engine;

use crate::support::{folder, rapporteur, root};

mod tableau;

use tableau::{Fact, Tableau};

/// How many random returns are attacked.
const RETURNS: u64 = 10_000;

/// A random number after another, the same in every run (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

/// One published figure of a random return: which kinds of children it counts, out of which.
struct Counted {
    code: &'static str,
    numerator: Vec<bool>,
    denominator: Option<Vec<bool>>,
}

/// A random return: children of a few kinds (two traits and a yes or no), and what is published of
/// them.
struct Return {
    /// The kind of each child.
    children: Vec<usize>,
    kinds: usize,
    published: Vec<Counted>,
}

const CODES: [&str; 24] = [
    "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13", "c14",
    "c15", "c16", "c17", "c18", "c19", "c20", "c21", "c22", "c23",
];
const SHARES: [&str; 3] = ["p0", "p1", "p2"];
/// Counts of another list, and whose children they count: those of one, or of two together.
const TWINS: [(&str, &[&str]); 4] =
    [("t0", &["c1"]), ("t1", &["c2"]), ("t2", &["c1", "c2"]), ("t3", &["c4"])];
/// The rules that are attacked, in turn.
const RULES: [&str; 6] = ["dfe", "under_5", "dfe", "under_10", "dfe", "round_to_5"];

fn random(dice: &mut Dice) -> Return {
    let (rows, columns) = (2 + dice.below(3) as usize, 1 + dice.below(3) as usize);
    let kinds = rows * columns * 2;
    // Some kinds are rare and some are not there.
    let weights: Vec<u64> =
        (0..kinds).map(|_| [0, 1, 1, 2, 8, 20][dice.below(6) as usize]).collect();
    let mut children = Vec::new();
    for (kind, weight) in weights.iter().enumerate() {
        children.extend(std::iter::repeat_n(kind, dice.below(weight + 1) as usize));
    }
    let of = |test: &dyn Fn(usize, usize, bool) -> bool| -> Vec<bool> {
        (0..kinds).map(|kind| test(kind / 2 / columns, kind / 2 % columns, kind % 2 == 1)).collect()
    };
    let mut counts = vec![of(&|_, _, _| true)];
    counts.extend((0..rows).map(|row| of(&|r, _, _| r == row)));
    counts.extend((0..columns).map(|column| of(&|_, c, _| c == column)));
    if dice.below(2) == 0 {
        // Running totals.
        counts.extend((0..rows).map(|row| of(&|r, _, _| r <= row)));
    }
    if dice.below(3) == 0 {
        // Every cell of the table, too.
        for row in 0..rows {
            counts.extend((0..columns).map(|column| of(&|r, c, _| r == row && c == column)));
        }
    }
    if dice.below(2) == 0 {
        counts.push(of(&|_, _, yes| yes));
    }
    let mut published: Vec<Counted> = Vec::new();
    if dice.below(3) == 0 {
        // The same children on another list; whom they are the same as is published too.
        for (code, same_as) in TWINS {
            let same: Vec<usize> =
                same_as.iter().filter_map(|same| CODES.iter().position(|c| c == same)).collect();
            if same.iter().all(|at| *at < counts.len()) && dice.below(2) == 0 {
                let numerator =
                    (0..kinds).map(|kind| same.iter().any(|at| counts[*at][kind])).collect();
                published.push(Counted { code, numerator, denominator: None });
            }
        }
    }
    let needed: Vec<&str> = TWINS
        .iter()
        .filter(|t| published.iter().any(|p| p.code == t.0))
        .flat_map(|t| t.1)
        .copied()
        .collect();
    for (code, numerator) in CODES.iter().zip(counts) {
        // Not every part is published.
        if dice.below(8) > 0 || needed.contains(code) {
            published.push(Counted { code, numerator, denominator: None });
        }
    }
    let shares = [
        (of(&|_, _, yes| yes), of(&|_, _, _| true)),
        (of(&|r, _, yes| yes && r == 0), of(&|r, _, _| r == 0)),
        (of(&|r, c, _| r == 0 && c == 0), of(&|r, _, _| r == 0)),
    ];
    for (code, (numerator, denominator)) in SHARES.iter().zip(shares) {
        if dice.below(2) == 0 {
            published.push(Counted { code, numerator, denominator: Some(denominator) });
        }
    }
    Return { children, kinds, published }
}

impl Return {
    fn count(&self, kinds: &[bool]) -> f64 {
        self.children.iter().filter(|kind| kinds[**kind]).count() as f64
    }

    /// The figures of those that are published, as the program counts them; some were printed
    /// before.
    fn figures(
        &self,
        world: &World,
        published: &[&Counted],
        before: &dyn Fn(&str) -> bool,
    ) -> Figures {
        let select = |kinds: &[bool]| {
            let records = (0u32..)
                .zip(&self.children)
                .filter(|(_, kind)| kinds[**kind])
                .map(|(record, _)| record);
            Rc::new(Selection { list: "children".to_string(), records: records.collect() })
        };
        let mut figures = Figures::new(world.period, world.indicators.clone(), Policies::default());
        for one in published {
            let numerator = self.count(&one.numerator);
            let denominator = one.denominator.as_ref().map(|kinds| self.count(kinds));
            if denominator == Some(0.0) {
                continue;
            }
            let value = denominator.map_or(numerator, |d| numerator * 100.0 / d);
            let mut figure = Figure::new(
                one.code,
                Area::Own,
                world.period,
                FigureValue::Number(value),
                Origin::Calculated,
            );
            figure.numerator = Some(numerator);
            figure.denominator = denominator;
            // The other list has a row for each of its counts.
            let row = TWINS.iter().position(|(code, _)| *code == one.code);
            let row = row.map(|row| {
                Rc::new(Selection { list: "others".to_string(), records: vec![row as u32] })
            });
            figure.basis = Some(Basis {
                summed: row.is_some().then(|| "CHILDREN".to_string()),
                numerator: row.unwrap_or_else(|| select(&one.numerator)),
                denominator: one.denominator.as_deref().map(select),
                tells_of: None,
            });
            figure.background.printed_before = before(one.code);
            figures.figures.push(figure);
        }
        figures
    }
}

/// The rules and indicators that all random returns share.
struct World {
    rules: Vec<Rule>,
    period: Period,
    indicators: IndexMap<String, Indicator>,
}

impl World {
    fn new() -> World {
        let mut script = String::new();
        for code in CODES {
            script += &format!(
                "rap.indicator \"{code}\" {{ title = \"{code}\", unit = \"number\", \
                 typed = true }}\n"
            );
        }
        for code in SHARES {
            script += &format!(
                "rap.indicator \"{code}\" {{ title = \"{code}\", unit = \"percentage\", \
                 typed = true }}\n"
            );
        }
        for (code, same_as) in TWINS {
            let same_as = format!("{{ \"{}\" }}", same_as.join("\", \""));
            script += &format!(
                "rap.indicator \"{code}\" {{ title = \"{code}\", unit = \"number\", typed = true, \
                 same_as = {same_as} }}\n"
            );
        }
        let source = |name: &str, text: &str| Source::own(name, text);
        let rules = source("disclosure.luau", include_str!("../../basics/scripts/disclosure.luau"));
        let mut problems = Problems::default();
        let (_, declared) = Engine::load(&[rules, source("all.luau", &script)], &mut problems);
        assert!(!problems.any(), "{:?}", problems.iter().collect::<Vec<_>>());
        World {
            rules: RULES.iter().map(|rule| declared.disclosures[*rule].clone()).collect(),
            period: Period::parse("2026/27 Q2", 4).expect("a period"),
            indicators: declared.indicators,
        }
    }
}

/// What the count of some kinds is known to be by its printed number, which may be rounded.
fn told_of(kinds: &[bool], this: &Return, rule: &Rule) -> Fact {
    let n = this.count(kinds);
    let (least, most) = match rule.round {
        None => (n, n),
        Some(to) => {
            let near = (n / to).round() * to;
            ((near - (to / 2.0).floor()).max(0.0), near + (to / 2.0).floor())
        }
    };
    Fact { kinds: kinds.to_vec(), least, most }
}

/// Which small numbers, suppressed in all the reports, the attacker recovers from those that he has
/// read. Where counts are rounded, none of the small ones may be recovered, whether suppressed or
/// not.
fn recovered(this: &Return, shown: &[&ShownFigures], read: &[&ShownFigures]) -> Vec<Vec<bool>> {
    let rule = &shown[0].rule;
    let mut facts: Vec<Fact> = Vec::new();
    let told_by = |reports: &[&ShownFigures], code: &str| {
        reports.iter().any(|run| run.own(code).is_some_and(|figure| figure.value().is_some()))
    };
    let told = |code: &str| told_by(shown, code);
    let there = |code: &str| shown.iter().any(|run| run.own(code).is_some());
    for one in this.published.iter().filter(|one| told_by(read, one.code)) {
        facts.push(told_of(&one.numerator, this, rule));
        facts.extend(one.denominator.iter().map(|kinds| told_of(kinds, this, rule)));
    }
    let mut secrets: Vec<Vec<bool>> = Vec::new();
    for one in this
        .published
        .iter()
        .filter(|one| there(one.code) && (rule.round.is_some() || !told(one.code)))
    {
        secrets.push(one.numerator.clone());
        if let Some(denominator) = &one.denominator {
            secrets.push(denominator.clone());
            secrets.push(
                (0..this.kinds).map(|kind| denominator[kind] && !one.numerator[kind]).collect(),
            );
        }
    }
    let (from, to) = rule.small().expect("a rule that hides or rounds");
    secrets.retain(|kinds| (from..=to).contains(&this.count(kinds)));
    if secrets.is_empty() {
        return secrets;
    }
    let tableau = Tableau::of(this.kinds, &facts);
    secrets.retain(|kinds| is_recovered(kinds, this, &tableau));
    secrets
}

/// Whether the attacker knows how many children of some kinds there are, by what was told him.
fn is_recovered(kinds: &[bool], this: &Return, tableau: &Tableau) -> bool {
    let factors =
        |by: f64| kinds.iter().map(|inside| if *inside { by } else { 0.0 }).collect::<Vec<_>>();
    let most = tableau.largest(&factors(1.0));
    let least = -tableau.largest(&factors(-1.0));
    let truth = this.count(kinds);
    assert!(
        least <= truth + 1e-5 && truth - 1e-5 <= most,
        "the attacker errs: {truth} in {least} to {most}"
    );
    // He knows that there are whole children only.
    (most + 1e-5).floor() - (least - 1e-5).ceil() < 1.0
}

#[test]
fn nothing_that_is_suppressed_is_recovered() {
    let world = World::new();
    let (mut suppressed, mut shown_at_all, mut apart) = (0, 0, 0);
    let (mut without, mut refused) = ([0; RULES.len()], [0; RULES.len()]);
    for seed in 0..RETURNS {
        let mut dice = Dice(seed);
        let this = random(&mut dice);
        let all: Vec<&Counted> = this.published.iter().collect();
        let figures = || this.figures(&world, &all, &|_| false);
        let rule = &world.rules[seed as usize % RULES.len()];
        let shown =
            suppress::apply(rule.clone(), figures()).expect("a first report can be made safe");
        assert!(recovered(&this, &[&shown], &[&shown]).is_empty(), "return {seed}");
        let values = shown.iter().filter(|figure| figure.value().is_some()).count();
        suppressed += shown.iter().count() - values;
        shown_at_all += values;
        if seed % 5 == 0 {
            let bare = suppress::apply_without_protection(rule.clone(), figures());
            without[seed as usize % RULES.len()] += recovered(&this, &[&bare], &[&bare]).len();
        }
        if all.iter().any(|one| one.code.starts_with('t')) {
            // Nobody told the program that the two lists are about the same children.
            let mut untold = figures();
            untold.indicators.values_mut().for_each(|indicator| indicator.same_as.clear());
            if let Ok(untold) = suppress::apply(rule.clone(), untold) {
                apart += recovered(&this, &[&untold], &[&untold]).len();
            }
        }
        if (seed / RULES.len() as u64).is_multiple_of(2) && rule.round.is_none() {
            // An earlier report told a part of it; both lie on the attacker's desk.
            let first: Vec<&Counted> =
                this.published.iter().filter(|_| dice.below(3) > 0).collect();
            let earlier = suppress::apply(rule.clone(), this.figures(&world, &first, &|_| false))
                .expect("a first report can be made safe");
            let told =
                |code: &str| earlier.own(code).is_some_and(|figure| figure.value().is_some());
            match suppress::apply(rule.clone(), this.figures(&world, &all, &told)) {
                Ok(later) => {
                    // What the earlier report gave away by itself, before anybody wanted it hidden,
                    // cannot be had back.
                    let both = [&earlier, &later];
                    let lost = recovered(&this, &both, &[&earlier]);
                    let now = recovered(&this, &both, &both);
                    assert!(
                        now.iter().all(|secret| lost.contains(secret)),
                        "return {seed}, two reports"
                    );
                }
                Err(_) => refused[seed as usize % RULES.len()] += 1,
            }
        }
    }
    assert!(
        without.iter().all(|n| *n > 4) && without.iter().sum::<usize>() > 500,
        "unprotected, only {without:?} are recovered by each rule: the attacker sleeps"
    );
    assert!(apart > 100, "with two lists that nobody ties together only {apart} are recovered");
    assert!(
        shown_at_all > suppressed,
        "{suppressed} suppressed for {shown_at_all} shown: safe, but of no use"
    );
    // An earlier report that told too much is not to be helped.
    assert!(refused.iter().all(|n| *n < RETURNS / 80), "{refused:?} refused");
}

/// What a reader sees: each figure with its value, or that it is suppressed.
fn seen(shown: &ShownFigures) -> Vec<(String, String)> {
    shown.iter().map(|figure| (figure.indicator().to_string(), figure.text())).collect()
}

/// How many returns are looked at for what the pattern tells.
const PATTERNS: u64 = 150;
/// How many tables are tried for each value that a suppressed number might have had.
const TRIES: u64 = 6;

/// Somebody who has the program itself can ask which values would have led to just this report. For
/// each suppressed small number other returns are made that fit all that is shown; the values by
/// which the program gives the same report again are those that he cannot tell apart. What is found
/// by a few tries is less than there is.
#[test]
fn what_the_pattern_tells_is_measured() {
    let world = World::new();
    let mut found = [0; 6];
    for seed in 0..PATTERNS {
        let this = random(&mut Dice(seed * RULES.len() as u64));
        let all: Vec<&Counted> = this.published.iter().collect();
        let rule = &world.rules[0];
        let report = |this: &Return| {
            let figures = this.figures(&world, &all, &|_| false);
            suppress::apply(rule.clone(), figures).expect("a first report can be made safe")
        };
        let shown = report(&this);
        for one in &this.published {
            let truth = this.count(&one.numerator);
            let hidden = shown.own(one.code).is_some_and(|figure| figure.value().is_none());
            if !hidden || !(1.0..=5.0).contains(&truth) {
                continue;
            }
            let mut dice = Dice(seed);
            let might_be = (1..=5).filter(|value| {
                f64::from(*value) == truth
                    || (0..TRIES).any(|_| {
                        let other = this.like(&shown, &one.numerator, f64::from(*value), &mut dice);
                        other.is_some_and(|other| seen(&report(&other)) == seen(&shown))
                    })
            });
            found[might_be.count()] += 1;
        }
    }
    let all: usize = found.iter().sum();
    let few: usize = found[..3].iter().sum();
    println!("values that a suppressed number might have had, of {all} numbers: {found:?}");
    assert!(all > 200, "only {all} numbers were suppressed");
    // This is not protected from. docs/disclosure.md gives the measure, which must not grow worse.
    assert!(few * 8 < all, "{few} of {all} might have had one value only, or two");
}

impl Return {
    /// Another return that shows the same, in which these children are so many.
    fn like(
        &self,
        shown: &ShownFigures,
        secret: &[bool],
        value: f64,
        dice: &mut Dice,
    ) -> Option<Return> {
        // As few children as can be are of another kind than they are; which, is the dice's choice.
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let kinds: Vec<Variable> = (0..self.kinds)
            .map(|kind| {
                let now = self.children.iter().filter(|child| **child == kind).count() as f64;
                let mut costs = || 1.0 + dice.below(20) as f64;
                let (more, fewer) = (costs(), costs());
                let count = problem.add_integer_var(0.0, (0, 100));
                let more = problem.add_var(more, (0.0, 100.0));
                let fewer = problem.add_var(fewer, (0.0, 100.0));
                let terms = [(count, 1.0), (more, -1.0), (fewer, 1.0)];
                problem.add_constraint(&terms[..], ComparisonOp::Eq, now);
                count
            })
            .collect();
        let mut is = |counted: &[bool], value: f64| {
            let counted = kinds.iter().zip(counted).filter(|(_, inside)| **inside);
            let terms: Vec<(Variable, f64)> = counted.map(|(kind, _)| (*kind, 1.0)).collect();
            problem.add_constraint(&terms[..], ComparisonOp::Eq, value);
        };
        is(secret, value);
        for one in &self.published {
            if shown.own(one.code).is_some_and(|figure| figure.value().is_some()) {
                is(&one.numerator, self.count(&one.numerator));
                one.denominator.iter().for_each(|kinds| is(kinds, self.count(kinds)));
            }
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        let children = kinds.iter().enumerate().flat_map(|(kind, variable)| {
            std::iter::repeat_n(kind, solution.var_value(*variable).round() as usize)
        });
        let published = self.published.iter().map(|one| Counted {
            code: one.code,
            numerator: one.numerator.clone(),
            denominator: one.denominator.clone(),
        });
        Some(Return {
            children: children.collect(),
            kinds: self.kinds,
            published: published.collect(),
        })
    }
}

/// A figure as a `figures.csv` tells it: how many, out of how many, or nothing.
type Line = (Option<f64>, Option<f64>);

fn council_lines(csv: &str) -> HashMap<String, Line> {
    let mut lines = HashMap::new();
    for line in csv
        .lines()
        .filter(|line| line.contains(",council,") && line.contains("2026/27 Q1/Q2,2026-09-30"))
    {
        let (code, _) = line.split_once(',').expect("a code");
        let (_, numbers) = line.split_once("2026/27 Q1/Q2,2026-09-30,").expect("the period");
        let mut numbers = numbers.split(',').map(|n| n.parse().ok());
        lines.insert(code.to_string(), (numbers.next().flatten(), numbers.next().flatten()));
    }
    lines
}

/// Figures of the same children by two lists.
const ON_TWO_LISTS: [(&str, &str); 3] = [
    ("adopt_pct", "adoption_orders"),
    ("sgo_pct", "exits_guardians"),
    ("cao_pct", "exits_arrangements"),
];

/// Whether a count is told, or that of its twin.
fn is_told(code: &str, told: &HashMap<String, Line>) -> bool {
    let twins = ON_TWO_LISTS.iter().filter(|(one, other)| [*one, *other].contains(&code));
    let mut codes = twins.flat_map(|(one, other)| [*one, *other]).chain([code]);
    codes.any(|code| told.get(code).is_some_and(|line| line.0.is_some()))
}

/// The shipped example through the program: exits by route make up those for permanence, ages and
/// placements make up all in care. Nothing that is small can be worked out; with small numbers
/// alone struck out it could.
#[test]
fn the_example_gives_nothing_away() {
    let place = folder();
    let example = root().join("examples/children-in-care-2026-27-q2.xlsx");
    let example = example.to_str().expect("a path");
    let csv = |rule: &str| {
        let run = rapporteur(
            place.path(),
            &["build", example, "--disclosure", rule, "-o", "a.xlsx", "--figures", "figures.csv"],
        );
        assert_eq!(run.code, Some(0), "{}", run.shown());
        council_lines(&std::fs::read_to_string(place.path().join("figures.csv")).expect("figures"))
    };
    let (truth, told) = (csv("none"), csv("dfe"));
    let small = |n: f64| (1.0..=5.0).contains(&n);
    let mut struck = truth.clone();
    struck.values_mut().for_each(|(n, d)| {
        let rest = n.zip(*d).map(|(n, d)| d - n);
        if [*n, *d, rest].into_iter().flatten().any(small) {
            (*n, *d) = (None, None);
        }
    });
    let parts = |total: &str| -> Vec<String> {
        let mine = |code: &&String| {
            code.strip_prefix(total)
                .is_some_and(|rest| rest.starts_with('.') && !rest.starts_with(".to_"))
        };
        truth.keys().filter(mine).cloned().collect()
    };
    let mut sums: Vec<(String, Vec<String>)> = truth
        .keys()
        .map(|code| (code.clone(), parts(code)))
        .filter(|(total, parts)| {
            let sum: f64 = parts.iter().filter_map(|part| truth[part].0).sum();
            parts.len() > 1 && truth[total].0 == Some(sum)
        })
        .collect();
    sums.push(("perm_pct".into(), ["adopt_pct", "cao_pct", "sgo_pct"].map(String::from).into()));
    assert!(sums.len() >= 4, "{sums:?}");
    // The same children on two lists: who reads of one knows the other.
    assert!(
        ON_TWO_LISTS.iter().all(|(one, other)| truth[*one].0 == truth[*other].0),
        "the example's lists agree"
    );
    let recovered = |told: &HashMap<String, Line>| {
        let alone = |(total, parts): &&(String, Vec<String>)| {
            let hidden: Vec<&String> =
                parts.iter().chain([total]).filter(|code| !is_told(code, told)).collect();
            hidden.len() == 1 && truth[hidden[0]].0.is_some_and(small)
        };
        sums.iter().filter(alone).map(|(total, _)| total.clone()).collect::<Vec<_>>()
    };
    assert_eq!(recovered(&told), Vec::<String>::new());
    assert!(
        !recovered(&struck).is_empty(),
        "struck out alone, nothing could be worked out: what is tested?"
    );
    for (code, (n, d)) in &told {
        let is_home = code.starts_with("homes_");
        let rest = n.zip(*d).map(|(n, d)| d - n).filter(|_| code.ends_with("_pct"));
        assert!(
            is_home || ![*n, *d, rest].into_iter().flatten().any(small),
            "{code} is told: {n:?} of {d:?}"
        );
    }
}
