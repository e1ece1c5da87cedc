//! What can be told of figures by arithmetic, and of their titles by the calendar.

use crate::figures::suppress::{Shown, ShownFigures};
use crate::intake::returns::TypedFigure;
use crate::nouns::area::Area;
use crate::nouns::figure::Origin;
use crate::nouns::numbers::{grouped, rounded};
use crate::nouns::period::{Day, month_number};
use crate::nouns::problem::{Place, Problem, Problems};
use crate::nouns::unit::Unit;

/// How many percentage points one more may move a figure before readers are cautioned.
const CAUTION: f64 = 5.0;
/// How far apart, in per cent, the populations may lie that rates are out of: estimates differ a
/// little.
const APART: f64 = 2.0;

/// Holds what was typed on the Figures sheet against itself. `file` is the return; `code` tells
/// which indicator a row is about.
pub fn check_figures(
    shown: &ShownFigures,
    rows: &[TypedFigure],
    file: &Place,
    code: impl Fn(&str) -> Option<String>,
) -> Problems {
    let mut problems = Problems::default();
    for row in rows {
        let stale = row.title.as_deref().and_then(|title| earlier_date(title, shown.period.end));
        if let Some(day) = stale {
            let message = format!(
                "the title says \"{day}\", but the period ends on {}",
                shown.period.end.long()
            );
            let hint = "correct the title; or let it stand, with your name in a column Checked";
            problems.add(accepted(
                row,
                Problem::warning(row.place.clone(), message).column("Title").hint(hint),
            ));
        }
    }
    for (code_of, indicator) in &shown.indicators {
        if shown.own(code_of).is_none() {
            continue;
        }
        let Some(message) = other_ages(&indicator.title, &indicator.definition) else { continue };
        let row = rows
            .iter()
            .find(|row| row.title.is_some() && code(&row.indicator).as_ref() == Some(code_of));
        let hint =
            "correct the one that is wrong; or let it stand, with your name in a column Checked";
        problems.add(match row {
            Some(row) => {
                let place = row.place.clone();
                accepted(row, Problem::warning(place, message).column("Title").hint(hint))
            }
            None => Problem::warning(indicator.place.clone(), message)
                .hint("correct the script's title or its definition"),
        });
    }
    if let Some(message) = populations(shown) {
        // The first row of such a pair is where a reader would look.
        let row = rows.iter().find(|row| {
            let indicator = code(&row.indicator).and_then(|code| shown.indicators.get(&code));
            indicator.is_some_and(|i| i.rate_of.is_some())
        });
        let place = row.map_or(file, |row| &row.place).clone();
        let hint = "use the same population for all rates; or let them stand, with your name in a \
                    column Checked";
        let problem = Problem::warning(place, message).hint(hint);
        problems.add(match row {
            Some(row) => accepted(row, problem),
            None => problem,
        });
    }
    problems
}

fn accepted(row: &TypedFigure, problem: Problem) -> Problem {
    match row.checked {
        Some(_) => Problem {
            hint: None,
            ..Problem::note(problem.place, format!("{}; checked, and let stand", problem.message))
        },
        None => problem,
    }
}

/// What is wrong where a title names other ages than its definition: `17 to 21` and `19 to 21`.
fn other_ages(title: &str, definition: &str) -> Option<String> {
    let (in_title, in_definition) = (ages(title), ages(definition));
    let said = |(from, to): &(u8, u8)| format!("{from} to {to}");
    match (&in_title[..], &in_definition[..]) {
        ([title], [definition]) if title != definition => {
            Some(format!("the title says {}, the definition {}", said(title), said(definition)))
        }
        _ => None,
    }
}

/// No age that is told of children and care leavers is higher.
const OLDEST: u8 = 25;

/// The ranges of ages that a text names: `17 to 21`, `17-21`, once each.
fn ages(text: &str) -> Vec<(u8, u8)> {
    let spaced = text.replace(['-', '\u{2013}'], " to ");
    let words: Vec<&str> = spaced
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '%'))
        .collect();
    let mut found = Vec::new();
    for at in 1..words.len().saturating_sub(1) {
        let (from, to) = (words[at - 1].parse::<u8>(), words[at + 1].parse::<u8>());
        let (Ok(from), Ok(to), "to") = (from, to, words[at]) else { continue };
        // Days, weeks and months are no ages.
        let unit = words.get(at + 2).map_or("", |word| *word);
        let other = ["days", "weeks", "months", "miles", "working"].contains(&unit);
        if from < to && to <= OLDEST && !other && !found.contains(&(from, to)) {
            found.push((from, to));
        }
    }
    found
}

/// How far one more would move a percentage, where that is far: `8.3 percentage points`.
pub fn one_more(shown: &ShownFigures, code: &str) -> Option<String> {
    points(shown.own(code)?).map(|points| format!("{} percentage points", rounded(points, 1)))
}

fn points(own: &Shown) -> Option<f64> {
    own.value()?;
    let out_of =
        own.denominator().filter(|out_of| own.unit() == Unit::Percentage && *out_of > 0.0)?;
    Some(100.0 / out_of).filter(|points| *points > CAUTION)
}

/// A number and its rate tell the population that the rate is out of, as narrowly as rounding
/// allows. Where the populations of several pairs differ, some rate is out of another year's or
/// another place's.
fn populations(shown: &ShownFigures) -> Option<String> {
    let own = shown
        .iter()
        .filter(|figure| figure.area() == Area::Own && *figure.period() == shown.period);
    let pairs = own.filter_map(|rate| {
        let of = shown.indicators[rate.indicator()].rate_of.as_deref()?;
        let Unit::Rate(people) = rate.unit() else { return None };
        let number = shown.own(of)?;
        // What is counted is divided by what the Cover says: it cannot differ.
        let typed = rate.origin() != Origin::Calculated;
        let (count, value) = (number.value()?, rate.printed_number()?.parse::<f64>().ok()?);
        let half = 0.5 / 10f64.powi(i32::from(rate.decimals()));
        let population = |rate: f64| count * people / rate;
        (typed && count > 0.0 && value > half).then(|| {
            let words = format!(
                "{} at {} means a population of about {}",
                number.text(),
                rate.text(),
                hundreds(population(value))
            );
            (population(value + half), population(value - half), words)
        })
    });
    let pairs: Vec<(f64, f64, String)> = pairs.collect();
    let least = pairs.iter().map(|(low, ..)| *low).fold(0.0, f64::max);
    let most = pairs.iter().map(|(_, high, _)| *high).fold(f64::INFINITY, f64::min);
    let words: Vec<&str> = pairs.iter().map(|(.., words)| words.as_str()).collect();
    (least > most * (1.0 + APART / 100.0))
        .then(|| format!("the rates are out of different populations: {}", words.join("; ")))
}

fn hundreds(n: f64) -> String {
    grouped(&rounded((n / 100.0).round() * 100.0, 0))
}

/// A month or day that a title says its figure is "as at", where it is over before the period ends.
fn earlier_date(title: &str, end: Day) -> Option<String> {
    let words: Vec<&str> =
        title.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    (1..words.len()).find_map(|at| {
        let month = month_number(words[at])?;
        let year: i16 =
            words.get(at + 1)?.parse().ok().filter(|year| (1990..2100).contains(year))?;
        let day = words[at - 1].parse::<i8>().ok();
        let before =
            at.checked_sub(1 + usize::from(day.is_some())).map_or("", |before| words[before]);
        if !before.eq_ignore_ascii_case("at") {
            return None;
        }
        let over = match day {
            Some(day) => Day::from_ymd(year, month, day)?,
            None => Day::from_ymd(year, month, 1)?.plus_months(1).plus_days(-1),
        };
        let from = if day.is_some() { at - 1 } else { at };
        (over < end).then(|| words[from..=at + 1].join(" "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_of_other_ages_than_its_definition_is_told() {
        let definition = "Care leavers, ages 19 to 21, in suitable accommodation.";
        for (title, told) in [
            ("Care leavers aged 17 to 21 in suitable accommodation", true),
            ("Care leavers (17-21) in suitable accommodation", true),
            ("Care leavers 17\u{2013}21 suitably housed", true),
            ("Care leavers aged 19 to 21 in suitable accommodation", false),
            ("Care leavers in suitable accommodation", false),
            ("Reviews within 3 to 6 months", false),
            ("Care leavers 17 to 18 and 19 to 21", false),
            ("From 60 to 70%", false),
        ] {
            assert_eq!(other_ages(title, definition).is_some(), told, "{title}");
        }
        assert_eq!(
            other_ages("Aged 17 to 21", definition).as_deref(),
            Some("the title says 17 to 21, the definition 19 to 21")
        );
    }

    #[test]
    fn a_title_of_another_day_is_found() {
        let end = Day::from_ymd(2017, 9, 30).unwrap();
        for (title, found) in [
            (
                "Number of children in care as at September 2016. (rate per 10,000)",
                Some("September 2016"),
            ),
            ("In care at 31 March 2017", Some("31 March 2017")),
            ("In care as at September 2017", None),
            ("In care at 30 September 2017", None),
            // What is later was meant to be; what is no "as at" may be a comparison.
            ("In care at 31 December 2017", None),
            ("Change since March 2016", None),
            ("At 31 March", None),
            ("Judged at May", None),
        ] {
            assert_eq!(earlier_date(title, end).as_deref(), found, "{title}");
        }
    }
}
