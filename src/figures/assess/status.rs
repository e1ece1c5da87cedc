//! Status: a figure held against its target by a policy. Unrounded figures decide; where the
//! printed ones would have it otherwise, a note says so.

use super::travel::travel;
use super::{Status, tidy};
use crate::definitions::{Better, Indicator, Outcome, Policy, PolicyKind, Thresholds};
use crate::figures::suppress::ShownFigures;
use crate::nouns::area::Area;
use crate::nouns::comparator::Comparator;
use crate::nouns::numbers::rounded;
use crate::nouns::problem::{Place, Problem, Problems};
use crate::nouns::report::Tone;
use crate::nouns::words::{WIDEST_MESSAGE, cut};

/// How a figure stands against its target, by the indicator's policy.
pub fn status(shown: &ShownFigures, code: &str) -> Status {
    let plain = |outcome: Outcome, note| said(outcome, outcome.words(), note);
    let Some(indicator) = shown.indicators.get(code) else { return plain(Outcome::NoData, None) };
    let own = shown.own(code).and_then(|own| Some((own, own.value()?)));
    let policy = shown.policies.of(indicator);
    let Some((own, value)) = own else {
        return said(
            Outcome::NoData,
            policy.map_or(Outcome::NoData.words(), |p| p.words(Outcome::NoData)),
            None,
        );
    };
    let Some(policy) = policy else {
        // A project may do without policies altogether.
        return match indicator.target {
            Some(_) => {
                plain(Outcome::NotRated, Some("The scripts declare no status policy.".to_string()))
            }
            None => plain(Outcome::NoTarget, None),
        };
    };
    let aim = Aim::of(policy, indicator, declined(shown, code));
    let outcome = aim.outcome(value);
    let note = aim.why_not(outcome).or_else(|| {
        let by_print = aim.printed(own.decimals()).outcome(own.printed_number()?.parse().ok()?);
        (by_print != outcome).then(|| {
            let (printed, words) = (own.text(), policy.words(by_print));
            format!(
                "{printed} as printed would be \"{words}\"; the status goes by the figure \
                     before rounding."
            )
        })
    });
    said(outcome, policy.words(outcome), note)
}

fn said(outcome: Outcome, words: &str, note: Option<String>) -> Status {
    let tone = match outcome {
        Outcome::Exceeded | Outcome::Achieved | Outcome::Green => Tone::Good,
        Outcome::Amber => Tone::Fair,
        Outcome::NotAchieved | Outcome::Red => Tone::Poor,
        Outcome::NotRated | Outcome::NoTarget => Tone::Information,
        Outcome::NoData => Tone::NoData,
    };
    Status { words: words.to_string(), tone, note }
}

/// Whether the printed figure is further from good than a year ago; nothing where that cannot be
/// told.
fn declined(shown: &ShownFigures, code: &str) -> Option<bool> {
    // Of a whole year this is the previous out-turn: both are figures of the same period.
    let travel = travel(shown, code, Comparator::SamePeriodLastYear)?;
    let indicator = &shown.indicators[code];
    let target = indicator.target?;
    let distance = |value| distance(indicator.better, value, target);
    Some(distance(travel.now) < distance(travel.then))
}

/// How far a value lies beyond another in the good direction: below 0 on the bad side of it. Where
/// neither direction is good, nearness is.
fn distance(better: Better, value: f64, from: f64) -> f64 {
    tidy(match better {
        Better::Higher => value - from,
        Better::Lower => from - value,
        Better::Neither => -(value - from).abs(),
    })
}

/// What a value is held against.
#[derive(Clone, Copy)]
struct Aim {
    kind: PolicyKind,
    better: Better,
    target: Option<f64>,
    low: f64,
    high: f64,
    floor: Option<f64>,
    thresholds: Option<Thresholds>,
    declined: Option<bool>,
}

impl Aim {
    fn of(policy: &Policy, indicator: &Indicator, declined: Option<bool>) -> Aim {
        let tolerance = indicator.tolerance.unwrap_or_default();
        Aim {
            kind: policy.kind,
            better: indicator.better,
            target: indicator.target,
            low: tolerance.low,
            high: tolerance.high,
            floor: indicator.floor,
            thresholds: indicator.thresholds,
            declined,
        }
    }

    /// The same with limits as they are printed.
    fn printed(mut self, decimals: u8) -> Aim {
        let print = |n: f64| rounded(n, decimals).parse().unwrap_or(n);
        let both = |(from, to)| (print(from), print(to));
        self.target = self.target.map(print);
        self.floor = self.floor.map(print);
        self.thresholds = self.thresholds.map(|t| Thresholds {
            green: both(t.green),
            amber: both(t.amber),
            red: both(t.red),
        });
        self
    }

    /// What a value comes to. On a limit it is in the better band.
    fn outcome(&self, value: f64) -> Outcome {
        let reaches = |limit| distance(self.better, value, limit) >= 0.0;
        if let (PolicyKind::Thresholds, Some(thresholds)) = (self.kind, self.thresholds) {
            let (green, amber) = thresholds.limits(self.better);
            return match (reaches(green), reaches(amber)) {
                (true, _) => Outcome::Green,
                (false, true) => Outcome::Amber,
                (false, false) => Outcome::Red,
            };
        }
        let Some(target) = self.target else { return Outcome::NoTarget };
        let beyond = distance(self.better, value, target);
        match self.kind {
            PolicyKind::None => Outcome::NoTarget,
            PolicyKind::Thresholds => Outcome::NotRated,
            PolicyKind::Band { exceeded } if tidy(beyond - self.high) > 0.0 && exceeded => {
                Outcome::Exceeded
            }
            PolicyKind::Band { .. } if tidy(beyond + self.low) >= 0.0 => Outcome::Achieved,
            PolicyKind::Band { .. } => Outcome::NotAchieved,
            PolicyKind::Floor if beyond >= 0.0 => Outcome::Green,
            PolicyKind::Floor => match self.floor {
                Some(floor) if beyond >= distance(self.better, floor, target) => Outcome::Amber,
                _ => Outcome::Red,
            },
            PolicyKind::Relative { .. } if target == 0.0 => Outcome::NotRated,
            PolicyKind::Relative { within }
                if tidy(beyond + target.abs() * within / 100.0) >= 0.0 =>
            {
                Outcome::Green
            }
            PolicyKind::Relative { .. } => match self.declined {
                Some(true) => Outcome::Red,
                Some(false) => Outcome::Amber,
                None => Outcome::NotRated,
            },
        }
    }

    /// What is missing where there is a figure and no status.
    fn why_not(&self, outcome: Outcome) -> Option<String> {
        let why = match (outcome, self.kind) {
            (Outcome::NotRated, PolicyKind::Thresholds) => "It has a target, but no thresholds.",
            (Outcome::NotRated, _) if self.target == Some(0.0) => {
                "No share can be taken of a target of 0."
            }
            (Outcome::NotRated, _) => {
                "It misses its target, and there is no figure of a year ago to compare it with."
            }
            (Outcome::NoTarget, kind) if self.thresholds.is_some() && kind != PolicyKind::None => {
                "It has thresholds, but its policy goes by a target."
            }
            _ => return None,
        };
        Some(why.to_string())
    }
}

/// What keeps figures from a status, or calls for words beside it. `explained` tells on which
/// indicators there is commentary; `file` is the return.
pub fn check(shown: &ShownFigures, explained: impl Fn(&str) -> bool, file: &Place) -> Problems {
    let mut problems = Problems::default();
    for own in shown.iter().filter(|f| f.area() == Area::Own && *f.period() == shown.period) {
        let indicator = &shown.indicators[own.indicator()];
        let Some(policy) = shown.policies.of(indicator) else { continue };
        let place = indicator.target_at.as_ref();
        if policy.needs_other_target(indicator) {
            let what = " has a target of 0: no share can be taken of it";
            let message = cut(&indicator.title, WIDEST_MESSAGE - what.len()) + what;
            let problem = match place {
                Some(place) => Problem::warning(place.clone(), message).column("Target"),
                None => Problem::script(indicator.place.clone(), message),
            };
            problems
                .add(problem.hint(format!("the policy \"{}\" needs another target", policy.name)));
        }
        let status = status(shown, &indicator.code);
        if policy.needs_action && status.tone == Tone::Poor && !explained(&indicator.code) {
            let what = format!(" is \"{}\", and nothing is said of it", status.words);
            let room = WIDEST_MESSAGE.saturating_sub(what.chars().count());
            let message = cut(&indicator.title, room) + &what;
            let problem = Problem::warning(place.unwrap_or(file).clone(), message);
            problems.add(problem.hint("say on the Commentary sheet what is done about it"));
        }
    }
    problems
}
