//! What a figure has to reach, in words: the ends of its target range, and what its policy says of
//! each side.

use super::tidy;
use crate::definitions::{Better, Indicator, Outcome, PolicyKind};
use crate::figures::suppress::ShownFigures;
use crate::nouns::numbers::{decimals_of, grouped, rounded};
use crate::nouns::unit::Unit;

/// The range that is near enough to the target: from the lower end to the higher.
pub fn range(indicator: &Indicator) -> Option<(f64, f64)> {
    let (target, tolerance) = (indicator.target?, indicator.tolerance?);
    let (below, above) = tolerance.below_and_above(indicator.better);
    (below != 0.0 || above != 0.0).then(|| (tidy(target - below), tidy(target + above)))
}

/// The value from which on the policy is content: the target less its tolerance, the target, or
/// where green begins. Nothing where there is nothing to reach.
pub fn least(shown: &ShownFigures, code: &str) -> Option<f64> {
    let indicator = shown.indicators.get(code)?;
    match shown.policies.of(indicator)?.kind {
        PolicyKind::Band { .. } => {
            let (from, to) = range(indicator).or(Some((indicator.target?, indicator.target?)))?;
            Some(if indicator.better == Better::Lower { to } else { from })
        }
        PolicyKind::Floor => indicator.target,
        PolicyKind::Thresholds => Some(indicator.thresholds?.limits(indicator.better).0),
        PolicyKind::Relative { within } => Some(nearly(indicator, within)?),
        PolicyKind::None => None,
    }
}

/// The target less so many hundredths of it.
fn nearly(indicator: &Indicator, within: f64) -> Option<f64> {
    let target = indicator.target.filter(|target| *target != 0.0)?;
    let share = target.abs() * within / 100.0;
    Some(tidy(if indicator.better == Better::Lower { target + share } else { target - share }))
}

/// A number with the decimals that it was given, up to two or as many as the indicator has.
fn in_its_unit(n: f64, indicator: &Indicator) -> String {
    let sign = if indicator.unit == Unit::Percentage { "%" } else { "" };
    format!("{}{sign}", grouped(&rounded(n, decimals_of(n).min(indicator.decimals.max(2)))))
}

/// What comes to which status: `73% to 76%, both included, is Achieved; better is Exceeded, worse
/// is Not achieved.` Nothing where there is nothing to reach, or no better side to speak of.
pub fn limits(shown: &ShownFigures, code: &str) -> Option<String> {
    let indicator = shown.indicators.get(code)?;
    let policy = shown.policies.of(indicator)?;
    let number = |n: f64| in_its_unit(n, indicator);
    let is = |outcome: Outcome| format!("is {}", policy.words(outcome));
    let reaches = |n: f64, outcome: Outcome| format!("{} or better {}", number(n), is(outcome));
    let worse = |outcome: Outcome| format!("worse {}", is(outcome));
    let (neither, target) = (indicator.better == Better::Neither, indicator.target);
    let parts = match policy.kind {
        PolicyKind::Band { exceeded } => {
            let (from, to) = range(indicator).or(Some((target?, target?)))?;
            let within = match from == to {
                true => number(from),
                false => format!("{} to {}, both included,", number(from), number(to)),
            };
            match (neither, exceeded) {
                (true, _) => vec![
                    format!("{within} {}", is(Outcome::Achieved)),
                    format!("anything else {}", is(Outcome::NotAchieved)),
                ],
                (false, true) => vec![
                    format!("{within} {}", is(Outcome::Achieved)),
                    format!("better {}, {}", is(Outcome::Exceeded), worse(Outcome::NotAchieved)),
                ],
                (false, false) => {
                    let least = if indicator.better == Better::Lower { to } else { from };
                    vec![reaches(least, Outcome::Achieved), worse(Outcome::NotAchieved)]
                }
            }
        }
        _ if neither => return None,
        PolicyKind::Floor => {
            let mut parts = vec![reaches(target?, Outcome::Green)];
            parts.extend(indicator.floor.map(|floor| reaches(floor, Outcome::Amber)));
            parts.push(worse(Outcome::Red));
            parts
        }
        PolicyKind::Thresholds => {
            let (green, amber) = indicator.thresholds?.limits(indicator.better);
            vec![
                reaches(green, Outcome::Green),
                reaches(amber, Outcome::Amber),
                worse(Outcome::Red),
            ]
        }
        PolicyKind::Relative { within } => {
            let least = nearly(indicator, within)?;
            let declined =
                format!("or {} where it is worse than a year ago too", policy.words(Outcome::Red));
            vec![reaches(least, Outcome::Green), format!("{}, {declined}", worse(Outcome::Amber))]
        }
        PolicyKind::None => return None,
    };
    Some(format!("{}.", parts.join("; ")))
}
