//! More than chance? How often chance alone is taken for more, how large a true change is found,
//! and the limits and rules of statistical process control beside an account of our own.
//!
//! `RAPPORTEUR_TABLE=1 cargo test --test it chance -- --nocapture` prints the tables of
//! `docs/layouts.md`.

use std::collections::HashMap;

use rapporteur::definitions::{Indicator, Policies};
use rapporteur::figures::all::Figures;
use rapporteur::figures::assess::{self, Chance, Limits, Rule as Kept, Side, Variation};
use rapporteur::figures::suppress::{self, Rule, ShownFigures};
use rapporteur::intake::project::Source;
use rapporteur::nouns::area::Area;
use rapporteur::nouns::comparator::Comparator;
use rapporteur::nouns::figure::{Figure, FigureValue, Origin};
use rapporteur::nouns::period::Period;
use rapporteur::nouns::problem::Problems;
use rapporteur::scripts::engine::Engine;

use crate::attacker::Dice;

const BEFORE: Comparator = Comparator::PreviousQuarter;
/// How many children, and how many of a hundred are of the kind that is counted.
const COHORTS: [u64; 6] = [30, 60, 120, 250, 450, 700];
const SHARES: [u64; 6] = [3, 10, 25, 50, 75, 95];
/// How many of a hundred children are there both times, and as they were.
const STAY: [u64; 3] = [0, 50, 90];

/// Indicators of each kind, as an analyst writes them.
fn indicators() -> indexmap::IndexMap<String, Indicator> {
    let script = r#"
        rap.indicator "pct" { title = "Share", unit = "percentage", better = "higher", typed = true }
        rap.indicator "n"   { title = "Number", unit = "number", better = "lower", typed = true }
    "#;
    let source = Source::own("m.luau", script);
    let mut problems = Problems::default();
    let (_, declared) = Engine::load(&[source], &mut problems);
    assert!(!problems.any(), "{:?}", problems.iter().collect::<Vec<_>>());
    declared.indicators
}

/// A share that is so many of so many.
fn share((part, all): Cohort, period: Period) -> Figure {
    let value = FigureValue::Number(part as f64 * 100.0 / all as f64);
    Figure {
        numerator: Some(part as f64),
        denominator: Some(all as f64),
        ..Figure::new("pct", Area::Own, period, value, Origin::Calculated)
    }
}

/// Figures of quarter after quarter, the last of them the run's, as they may be shown.
struct Maker(indexmap::IndexMap<String, Indicator>);

impl Maker {
    fn shown(&self, figures: impl Fn(Period, usize) -> Figure, quarters: usize) -> ShownFigures {
        let last = Period::parse("2026/27 Q2", 4).expect("a period");
        let back = std::iter::successors(Some(last), |period| Some(period.previous_quarter()));
        let policies = Policies { significance: true, ..Policies::default() };
        let all = back.take(quarters).enumerate().map(|(at, p)| figures(p, quarters - 1 - at));
        let figures =
            Figures { figures: all.collect(), ..Figures::new(last, self.0.clone(), policies) };
        suppress::apply(Rule::none(), figures).expect("nothing is hidden")
    }

    /// What is said of a share that was so many of so many, and now is so many of so many.
    fn of_shares(&self, then: Cohort, now: Cohort) -> Option<Chance> {
        let figures = self.shown(|period, at| share([then, now][at], period), 2);
        assess::chance(&figures, "pct", BEFORE)
    }

    fn of_numbers(&self, code: &str, values: &[f64]) -> ShownFigures {
        let value = |at: usize| FigureValue::Number(values[at]);
        let figure =
            |period, at| Figure::new(code, Area::Own, period, value(at), Origin::Calculated);
        self.shown(figure, values.len())
    }
}

/// So many of a cohort, each by chance.
fn drawn(dice: &mut Dice, of: u64, hundredths: u64) -> u64 {
    (0..of).filter(|_| dice.below(100) < hundredths).count() as u64
}

/// Chance about as the normal distribution has it.
fn noise(dice: &mut Dice) -> f64 {
    (0..12).map(|_| dice.below(1_000_001) as f64 / 1e6).sum::<f64>() - 6.0
}

fn table() -> bool {
    std::env::var_os("RAPPORTEUR_TABLE").is_some()
}

/// So many of so many.
type Cohort = (u64, u64);

/// How many of a hundred pairs of cohorts are told apart: the first with this share, the second
/// with that, where so many children of the first are in the second as they were.
struct Trial<'m> {
    maker: &'m Maker,
    told: HashMap<(Cohort, Cohort), bool>,
}

impl Trial<'_> {
    fn apart(&mut self, dice: &mut Dice, of: u64, (first, second, stay): (u64, u64, u64)) -> bool {
        // A cohort is seldom as large as the one before.
        let sizes = (of, of - of / 10 + dice.below(of / 5 + 1));
        let staying = (sizes.0.min(sizes.1)) * stay / 100;
        let both = drawn(dice, staying, first);
        let then = (both + drawn(dice, sizes.0 - staying, first), sizes.0);
        let now = (both + drawn(dice, sizes.1 - staying, second), sizes.1);
        *self
            .told
            .entry((then, now))
            .or_insert_with(|| self.maker.of_shares(then, now) == Some(Chance::More))
    }
}

#[test]
fn of_a_hundred_changes_by_chance_five_at_most_are_taken_for_more() {
    let maker = Maker(indicators());
    let mut trial = Trial { maker: &maker, told: HashMap::new() };
    let mut dice = Dice(14);
    let tries = if table() { 20_000 } else { 1_500 };
    for of in COHORTS {
        let mut row = Vec::new();
        for stay in STAY {
            let mut alarms = 0;
            for share in SHARES {
                for _ in 0..tries / SHARES.len() {
                    alarms += usize::from(trial.apart(&mut dice, of, (share, share, stay)));
                }
            }
            let of_hundred = alarms as f64 * 100.0 / tries as f64;
            assert!(of_hundred <= 5.0, "{of} children, {stay}% of them stay: {of_hundred}");
            row.push(format!("{of_hundred:.1}"));
        }
        if table() {
            println!("| {of} | {} |", row.join(" | "));
        }
    }
}

/// The smallest rise from a share, in whole points, that is found in eight of ten cases.
#[test]
fn large_true_changes_are_found() {
    let maker = Maker(indicators());
    let mut trial = Trial { maker: &maker, told: HashMap::new() };
    let mut dice = Dice(41);
    let tries = if table() { 2_000 } else { 300 };
    let mut found = |of: u64, share: u64| {
        (1..100 - share).find(|rise| {
            let hits =
                (0..tries).filter(|_| trial.apart(&mut dice, of, (share, share + rise, 0))).count();
            hits * 10 >= tries * 8
        })
    };
    if table() {
        for of in COHORTS {
            let row = [10, 50, 75]
                .map(|share| found(of, share).map_or("none".to_string(), |rise| format!("{rise}")));
            println!("| {of} | {} |", row.join(" | "));
        }
    }
    for (of, most) in [(60, 32), (250, 16), (700, 10)] {
        let rise = found(of, 50).expect("a rise that is found");
        assert!((2..=most).contains(&rise), "{of} children: {rise} points");
    }
}

/// Numbers of each quarter that only chance moves: apart from each other, or hanging together as
/// the numbers of children do who stay.
#[test]
fn a_history_takes_little_chance_for_more() {
    let maker = Maker(indicators());
    let mut dice = Dice(3);
    let tries = if table() { 5_000 } else { 800 };
    for (hangs, words) in [(0.0, "nothing"), (0.5, "half"), (0.9, "nine tenths"), (1.0, "all")] {
        let mut row = Vec::new();
        for quarters in [12, 16, 24] {
            let alarms = (0..tries)
                .filter(|_| {
                    let mut value = 500.0;
                    let mut chance = 0.0;
                    let values: Vec<f64> = (0..quarters)
                        .map(|_| {
                            chance = hangs * chance + 10.0 * noise(&mut dice);
                            value = 500.0 + chance;
                            value
                        })
                        .collect();
                    let shown = maker.of_numbers("pct", &values);
                    assess::chance(&shown, "pct", BEFORE) == Some(Chance::More)
                })
                .count();
            let of_hundred = alarms as f64 * 100.0 / tries as f64;
            assert!(of_hundred <= 5.0, "{quarters} quarters, {hangs}: {of_hundred}");
            row.push(format!("{of_hundred:.1}"));
        }
        if table() {
            println!("| {words} | {} |", row.join(" | "));
        }
    }
}

/// Counts of people: of both together chance gives each time about a half.
#[test]
fn counts_of_people_are_held_by_their_size() {
    let maker = Maker(indicators());
    let told =
        |then: f64, now: f64| assess::chance(&maker.of_numbers("n", &[then, now]), "n", BEFORE);
    for (then, now, wanted) in [
        (7.0, 9.0, Chance::Within),
        (100.0, 110.0, Chance::Within),
        (100.0, 160.0, Chance::More),
        (450.0, 478.0, Chance::Within),
        (41.0, 12.0, Chance::More),
        (5.0, 5.0, Chance::Within),
    ] {
        assert_eq!(told(then, now), Some(wanted), "{then} to {now}");
    }
    assert_eq!(told(0.0, 0.0), None);
    // What is no whole number is no count.
    assert_eq!(told(12.5, 30.0), None);
}

/// The limits, by their definition.
fn plain_limits(values: &[f64]) -> (f64, f64, f64) {
    let n = values.len() as f64;
    let mut sum = 0.0;
    let mut ranges = 0.0;
    for (at, value) in values.iter().enumerate() {
        sum += value;
        if at > 0 {
            ranges += if *value > values[at - 1] {
                value - values[at - 1]
            } else {
                values[at - 1] - value
            };
        }
    }
    let (mean, range) = (sum / n, ranges / (n - 1.0));
    (mean, mean - 2.66 * range, mean + 2.66 * range)
}

/// Whether the figure at a place keeps a rule on a side: every stretch that could hold it is tried.
fn plainly_kept(values: &[f64], at: usize, rule: Kept, high: bool) -> bool {
    let (mean, lower, upper) = plain_limits(values);
    // To the ninth decimal: what lies on a line is on no side of it.
    let tidy = |n: f64| (n * 1e9).round() / 1e9;
    let turned: Vec<f64> =
        values.iter().map(|v| tidy(if high { v - mean } else { mean - v })).collect();
    let limit = if high { upper - mean } else { mean - lower };
    let stretches = |length: usize| {
        (0..values.len())
            .filter(move |from| from + length <= values.len())
            .filter(move |from| *from <= at && at < from + length)
    };
    match rule {
        Kept::Outside => tidy(turned[at] - limit) > 0.0,
        Kept::Shift => stretches(7).any(|from| turned[from..from + 7].iter().all(|v| *v > 0.0)),
        Kept::Trend => {
            stretches(7).any(|from| (from + 1..from + 7).all(|i| turned[i] > turned[i - 1]))
        }
        Kept::CloseToLimit => {
            let close = |i: usize| tidy(turned[i] - limit * 2.0 / 3.0) > 0.0;
            close(at)
                && stretches(3).any(|from| (from..from + 3).filter(|i| close(*i)).count() >= 2)
        }
    }
}

#[test]
fn limits_and_rules_are_those_of_a_plain_account() {
    let maker = Maker(indicators());
    let mut dice = Dice(2017);
    let mut met: HashMap<&str, usize> = HashMap::new();
    for series in 0..200 {
        let quarters = 12 + dice.below(30) as usize;
        // Some drift, some shift, some are still.
        let (drift, shift) = ((series % 4) as f64 * 0.4, (series % 3) as f64 * 2.0);
        let mut values: Vec<f64> = (0..quarters)
            .map(|at| {
                let moved = drift * at as f64 + if at > quarters / 2 { shift } else { 0.0 };
                ((50.0 + moved + 2.0 * noise(&mut dice)) * 10.0).round() / 10.0
            })
            .collect();
        if series % 5 == 0 {
            // Up in small steps, and down again at once.
            let step =
                |at| (((at % 9) as f64 * 1.5 + 0.2 * noise(&mut dice)) * 10.0).round() / 10.0;
            values = (0..quarters).map(step).collect();
        }
        if series % 2 == 1 {
            values.iter_mut().for_each(|value| *value = 100.0 - *value);
        }
        let limits = Limits::of(&values).expect("twelve or more");
        let (mean, lower, upper) = plain_limits(&values);
        for (ours, theirs) in [(limits.mean, mean), (limits.lower, lower), (limits.upper, upper)] {
            assert!((ours - theirs).abs() < 1e-9, "series {series}: {ours}, not {theirs}");
        }
        let signals = limits.signals(&values);
        for (at, signal) in signals.iter().enumerate() {
            let rules = [Kept::Outside, Kept::Shift, Kept::Trend, Kept::CloseToLimit];
            let plain = rules
                .into_iter()
                .flat_map(|rule| [(rule, Side::High), (rule, Side::Low)])
                .find(|(rule, side)| plainly_kept(&values, at, *rule, *side == Side::High));
            assert_eq!(*signal, plain, "series {series} at {at}: {values:?}");
            *met.entry(plain.map_or("none", |(rule, _)| rule.words())).or_default() += 1;
        }
        // What is said of the latest figure goes by the same, through what is shown.
        let said = assess::variation(&maker.of_numbers("pct", &values), "pct");
        let wanted = match signals.last().expect("the latest") {
            None => Variation::Common,
            Some((_, Side::High)) => Variation::Improving,
            Some((_, Side::Low)) => Variation::Concerning,
        };
        assert_eq!(said, Some(wanted), "series {series}");
    }
    assert!(met.len() == 5 && met.values().all(|times| *times > 20), "{met:?}");
}

#[test]
fn fewer_than_twelve_figures_make_no_limits() {
    let maker = Maker(indicators());
    let values: Vec<f64> = (0..11).map(f64::from).collect();
    assert_eq!(Limits::of(&values), None);
    assert_eq!(assess::variation(&maker.of_numbers("pct", &values), "pct"), None);
    assert_eq!(assess::chance(&maker.of_numbers("pct", &values), "pct", BEFORE), None);
}

/// Figures that are all the same vary by nothing: the noise of binary fractions is no signal, and
/// a target that they just meet is met.
#[test]
fn what_never_moves_is_no_signal() {
    let maker = Maker(indicators());
    for value in [64.1, 83.7, 33.3, 0.7, 97.9, 100.0, 0.0, 54.0 / 65.0 * 100.0] {
        for quarters in [12, 16, 20, 37] {
            let values = vec![value; quarters];
            let shown = maker.of_numbers("pct", &values);
            assert_eq!(assess::variation(&shown, "pct"), Some(Variation::Common), "{value}");
            assert_eq!(assess::chance(&shown, "pct", BEFORE), Some(Chance::Within), "{value}");
            let limits = Limits::of(&values).expect("twelve or more");
            assert_eq!(limits.signals(&values), vec![None; quarters], "{value}");
        }
    }
}
