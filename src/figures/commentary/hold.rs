//! Claims held against what is shown. What is not known is not held against anybody.

use super::claims::{Claim, Reach, Side, Way};
use crate::definitions::{Better, Indicator};
use crate::figures::assess::{self, End};
use crate::figures::suppress::{Shown, ShownFigures};
use crate::nouns::area::Area;
use crate::nouns::comparator::Comparator;
use crate::nouns::figure::Symbol;
use crate::nouns::numbers::{Written, grouped, in_full, rounded};
use crate::nouns::period::{Day, Period};
use crate::nouns::report::Tone;
use crate::nouns::unit::Unit;

/// How far apart figures may lie and still be "in line": percentage points for percentages, of all
/// others a share.
pub const IN_LINE_POINTS: f64 = 2.0;
/// The same for all others, in per cent of the figure that is compared with.
pub const IN_LINE_SHARE: f64 = 5.0;

/// Why the figures do not bear out a claim on the indicator `code`; nothing where they do, or where
/// nobody can tell.
pub fn fault(shown: &ShownFigures, code: &str, claim: &Claim) -> Option<String> {
    FiguresMeant::of(shown, code).fault(claim)
}

/// What the indicator is called and its code, and the same of its rate, where it has one.
pub fn titles<'a>(shown: &'a ShownFigures, code: &'a str) -> Vec<&'a str> {
    FiguresMeant::of(shown, code)
        .codes
        .into_iter()
        .flat_map(|code| [shown.title(code), code])
        .collect()
}

/// Whether a rule hides the figure, or its rate.
pub fn suppressed(shown: &ShownFigures, code: &str) -> bool {
    let hidden =
        |code: &&str| shown.own(code).and_then(Shown::symbol) == Some(Symbol::Confidential);
    FiguresMeant::of(shown, code).codes.iter().any(hidden)
}

struct FiguresMeant<'a> {
    shown: &'a ShownFigures,
    /// The indicator and its rate, where it has one: managers write of both in one breath.
    codes: Vec<&'a str>,
}

impl<'a> FiguresMeant<'a> {
    fn of(shown: &'a ShownFigures, code: &'a str) -> FiguresMeant<'a> {
        let rate = shown
            .indicators
            .values()
            .filter(|i| i.rate_of.as_deref() == Some(code))
            .map(|i| i.code.as_str());
        let codes =
            std::iter::once(code).chain(rate).filter(|code| shown.own(code).is_some()).collect();
        FiguresMeant { shown, codes }
    }

    fn fault(&self, claim: &Claim) -> Option<String> {
        match claim {
            Claim::Target(side) => self.first(|code| vec![self.target(code, *side)]),
            Claim::Beside(side, names) => {
                // A number beside those of other places says nothing: its rate does.
                names
                    .iter()
                    .find_map(|name| self.first(|code| vec![self.beside(code, *side, *name)]))
            }
            Claim::Since(way, bases) => {
                self.first(|code| bases.iter().map(|base| self.since(code, *way, *base)).collect())
            }
            Claim::Went { way, from, to, now } => {
                self.first(|code| vec![self.went(code, *way, (from, to), *now)])
            }
            Claim::Record(end, reach) => self.first(|code| vec![self.record(code, *end, reach)]),
            Claim::At(number, day) => self.first(|code| vec![self.at(code, number, day)]),
            Claim::Is(number) => self.is(number, |unit| match unit {
                Unit::Percentage => number.percent,
                Unit::Number => !number.percent && number.decimals == 0,
                _ => !number.percent,
            }),
            Claim::Rate(number, people) => self
                .is(number, |unit| unit == Unit::Rate(*people))
                .map(|fault| format!("{fault} per {}", grouped(&people.to_string()))),
            Claim::Cohort(size) => self.cohort(*size),
            Claim::Share(part, whole, share) => share_fault(*part, *whole, share),
        }
    }

    /// The fault of the first indicator, where none of them bears the claim out.
    fn first(&self, hold: impl Fn(&str) -> Vec<Verdict>) -> Option<String> {
        let all: Vec<Verdict> = self.codes.iter().flat_map(|code| hold(code)).collect();
        if all.iter().any(|verdict| matches!(verdict, Verdict::Borne)) {
            return None;
        }
        all.into_iter().find_map(|verdict| match verdict {
            Verdict::Fault(why) => Some(why),
            _ => None,
        })
    }

    fn target(&self, code: &str, side: Side) -> Verdict {
        let indicator = &self.shown.indicators[code];
        let (Some(target), Some(own)) = (indicator.target, self.shown.own(code)) else {
            return Verdict::Unknown;
        };
        let Some((value, printed)) = numbers(own) else { return Verdict::Unknown };
        // "Below target" is said of bad figures, whichever way is good.
        if indicator.better == Better::Lower && matches!(side, Side::Above | Side::Below) {
            return Verdict::Unknown;
        }
        let tone = assess::status(self.shown, code).tone;
        let tolerated = match side {
            Side::Met => tone == Tone::Good,
            Side::Missed => tone == Tone::Poor,
            _ => false,
        };
        let aim = rounded(target, own.decimals()).parse().unwrap_or(target);
        if tolerated
            || !(wrong(side, value, target, indicator.better)
                && wrong(side, printed, aim, indicator.better))
        {
            return Verdict::Borne;
        }
        let target = in_full(target);
        Verdict::Fault(format!(
            "says that `{}` {} its target, but it is {} and the target {target}",
            self.shown.title(code),
            said(side, "is"),
            own.text()
        ))
    }

    fn beside(&self, code: &str, side: Side, other: Comparator) -> Verdict {
        let indicator = &self.shown.indicators[code];
        if indicator.unit == Unit::Number || assess::part_of_a_year(self.shown, code) {
            return Verdict::Unknown;
        }
        let (Some(own), Some(theirs)) = (self.shown.own(code), self.shown.comparator(code, other))
        else {
            return Verdict::Unknown;
        };
        let (Some((own_value, own_printed)), Some((value, printed))) =
            (numbers(own), numbers(theirs))
        else {
            return Verdict::Unknown;
        };
        let better = indicator.better;
        let is_wrong = |own, theirs| stands_otherwise(side, own, theirs, indicator);
        if !(is_wrong(own_value, value) && is_wrong(own_printed, printed)) {
            return Verdict::Borne;
        }
        let neither = matches!(side, Side::Better | Side::Worse) && better == Better::Neither;
        let judged = if neither { ", and neither direction is declared to be good" } else { "" };
        Verdict::Fault(format!(
            "says that `{}` {} {}, but it is {} and theirs {}{judged}",
            self.shown.title(code),
            said(side, "is"),
            theirs.area().in_a_sentence(),
            own.text(),
            theirs.text()
        ))
    }

    fn since(&self, code: &str, way: Way, base: Comparator) -> Verdict {
        let Some((now, then)) = assess::now_and_then(self.shown, code, base) else {
            return Verdict::Unknown;
        };
        let better = self.shown.indicators[code].better;
        match goes(way, (now, then), better) {
            None => return Verdict::Unknown,
            Some(true) => return Verdict::Borne,
            Some(false) => {}
        }
        let word = moved(way);
        let texts = (self.shown.own(code), self.shown.comparator(code, base));
        let (Some(own), Some(before)) = texts else { return Verdict::Unknown };
        Verdict::Fault(format!(
            "says that `{}` {word}, but it went from {} to {}",
            self.shown.title(code),
            before.text(),
            own.text()
        ))
    }

    /// From which number to which: the other way than is said, or from what it is now to what it
    /// was.
    fn went(&self, code: &str, way: Way, (from, to): (&Written, &Written), now: bool) -> Verdict {
        let indicator = &self.shown.indicators[code];
        if (indicator.unit == Unit::Percentage) != to.percent {
            return Verdict::Unknown;
        }
        let sign = if to.percent { "%" } else { "" };
        let number = |n: &Written| format!("{}{sign}", grouped(&rounded(n.value, n.decimals)));
        let (title, first, last) = (self.shown.title(code), number(from), number(to));
        if goes(way, (to.value, from.value), indicator.better) == Some(false) {
            let word = moved(way);
            return Verdict::Fault(format!("says that `{title}` {word} from {first} to {last}"));
        }
        let Some((_, own)) = self.shown.own(code).and_then(numbers) else {
            return Verdict::Unknown;
        };
        let is = |n: &Written| rounded(own, n.decimals).parse() == Ok(n.value);
        if !now || is(to) || !is(from) {
            return Verdict::Borne;
        }
        Verdict::Fault(format!(
            "says that `{title}` went from {first} to {last}, but it is {first} now"
        ))
    }

    /// An earlier figure was higher, or lower.
    fn record(&self, code: &str, end: End, reach: &Reach) -> Verdict {
        let period = &self.shown.period;
        let after = match reach {
            Reach::Always => None,
            Reach::Years(years) => Some(period.end.plus_months(-12 * years)),
            Reach::Since(text) => match ends(text, period.year_month) {
                Some(day) => Some(day),
                None => return Verdict::Unknown,
            },
        };
        let (Some(own), Some((when, was))) =
            (self.shown.own(code), assess::beyond(self.shown, code, end, after))
        else {
            return Verdict::Unknown;
        };
        let far = if end == End::High { "highest" } else { "lowest" };
        Verdict::Fault(format!(
            "says that `{}` is at its {far}, but it is {} and was {was} in {when}",
            self.shown.title(code),
            own.text()
        ))
    }

    /// The number is none of those that are known of that day.
    fn at(&self, code: &str, number: &Written, day: &str) -> Verdict {
        let unit = self.shown.indicators[code].unit;
        let Some(end) = ends(day, self.shown.period.year_month) else { return Verdict::Unknown };
        let known: Vec<(f64, &Shown)> = self
            .shown
            .of(code)
            .filter(|f| f.area() == Area::Own && f.dated() && f.period().end == end)
            .filter_map(|figure| Some((numbers(figure)?.0, figure)))
            .collect();
        if (unit == Unit::Percentage) != number.percent {
            return Verdict::Unknown;
        }
        let Some((_, first)) = known.first() else { return Verdict::Unknown };
        if known.iter().any(|(n, _)| rounded(*n, number.decimals).parse() == Ok(number.value)) {
            return Verdict::Borne;
        }
        let sign = if number.percent { "%" } else { "" };
        Verdict::Fault(format!(
            "says {}{sign} at {}, but `{}` was {} then",
            grouped(&rounded(number.value, number.decimals)),
            end.long(),
            self.shown.title(code),
            first.text()
        ))
    }

    /// The number is none of those that are known of the indicator: now, earlier, elsewhere, aimed
    /// at.
    fn is(&self, number: &Written, suits: impl Fn(Unit) -> bool) -> Option<String> {
        let suiting = || self.codes.iter().filter(|code| suits(self.shown.indicators[**code].unit));
        let same = |known: f64| rounded(known, number.decimals).parse() == Ok(number.value);
        let known = suiting().flat_map(|code| {
            let figures = self
                .shown
                .of(code)
                .flat_map(|f| [f.value(), f.numerator(), f.denominator()])
                .flatten();
            figures.chain(self.shown.indicators[*code].target)
        });
        let mut known = known.peekable();
        known.peek()?;
        if known.any(same) {
            return None;
        }
        let own =
            suiting().find_map(|code| self.shown.own(code).filter(|own| own.value().is_some()))?;
        let sign = if number.percent { "%" } else { "" };
        let written = grouped(&rounded(number.value, number.decimals));
        let title = self.shown.title(own.indicator());
        Some(format!("says {written}{sign}, but `{title}` is {}", own.text()))
    }

    /// A percentage out of a cohort is one of a few values.
    fn cohort(&self, size: f64) -> Option<String> {
        let own = self.shown.own(self.codes.first()?)?;
        if own.unit() != Unit::Percentage || size > 5000.0 {
            return None;
        }
        if let (numerator, Some(out_of)) = (own.numerator(), own.denominator()) {
            let known = out_of == size || numerator == Some(size);
            return (!known).then(|| {
                format!(
                    "speaks of a cohort of {size}, but {} is out of {}",
                    own.text(),
                    grouped(&out_of.to_string())
                )
            });
        }
        let nearest = impossible(own, size)?;
        // Others that are out of the same records are said in one breath.
        let of = |code: &str| self.shown.indicators[code].measure.of().map(ToString::to_string);
        let like = self.shown.iter().filter(|other| {
            let same = other.area() == Area::Own
                && *other.period() == self.shown.period
                && other.unit() == own.unit();
            same && other.indicator() != own.indicator()
                && of(own.indicator()).is_some()
                && of(other.indicator()) == of(own.indicator())
                && other.denominator().is_none()
                && impossible(other, size).is_some()
        });
        let nor: String = like
            .map(|other| {
                format!(", nor {} of `{}`", other.text(), self.shown.title(other.indicator()))
            })
            .collect();
        Some(format!(
            "speaks of a cohort of {size}, which cannot give {} ({nearest}){nor}",
            own.text()
        ))
    }
}

/// Whether figures go the way that is said, of now and then; nothing where nobody can tell.
fn goes(way: Way, (now, then): (f64, f64), better: Better) -> Option<bool> {
    let (up, down) = (now > then, now < then);
    Some(match (way, better) {
        (Way::Same, _) => !up && !down,
        (Way::Up, _) | (Way::Better, Better::Higher) | (Way::Worse, Better::Lower) => up,
        (Way::Declined, Better::Lower) => up || down,
        (Way::Down | Way::Declined, _)
        | (Way::Better, Better::Lower)
        | (Way::Worse, Better::Higher) => down,
        (Way::Better | Way::Worse, Better::Neither) => return None,
    })
}

/// How a claim says that a figure went.
fn moved(way: Way) -> &'static str {
    match way {
        Way::Up => "rose",
        Way::Down => "fell",
        Way::Better => "improved",
        Way::Worse => "became worse",
        Way::Declined => "declined",
        Way::Same => "did not change",
    }
}

/// The last day of a period or a year that a text names.
fn ends(text: &str, year_month: i8) -> Option<Day> {
    let year = text.parse::<i16>().ok().and_then(|year| Day::from_ymd(year, 12, 31));
    year.or_else(|| Period::parse(text, year_month).map(|period| period.end))
}

/// What holding a claim against one figure comes to.
enum Verdict {
    Unknown,
    Borne,
    Fault(String),
}

/// Before rounding, and as printed.
fn numbers(figure: &Shown) -> Option<(f64, f64)> {
    Some((figure.value()?, figure.printed_number()?.parse().ok()?))
}

/// Whether a figure stands otherwise beside another area's than is said. In line with it are
/// percentages a few points apart, and of other figures those that differ by a small share.
fn stands_otherwise(side: Side, own: f64, theirs: f64, indicator: &Indicator) -> bool {
    match (side, indicator.unit) {
        (Side::InLine, Unit::Percentage) => !assess::near(own, theirs, IN_LINE_POINTS),
        (Side::InLine, _) => !assess::near(own, theirs, theirs.abs() * IN_LINE_SHARE / 100.0),
        _ => wrong(side, own, theirs, indicator.better),
    }
}

/// Whether a figure does not stand beside another one as is said.
fn wrong(side: Side, own: f64, other: f64, better: Better) -> bool {
    match (side, better) {
        (Side::Above, _)
        | (Side::Exceeds | Side::Better, Better::Higher)
        | (Side::Worse, Better::Lower) => own <= other,
        (Side::Below, _) | (Side::Better, Better::Lower) | (Side::Worse, Better::Higher) => {
            own >= other
        }
        (Side::Better | Side::Worse, Better::Neither) => true,
        (Side::Met, Better::Higher) => own < other,
        (Side::Met, Better::Lower) => own > other,
        (Side::Missed, Better::Higher) => own >= other,
        (Side::Missed, Better::Lower) => own <= other,
        (Side::Exceeds | Side::Met | Side::Missed, _) | (Side::InLine, _) => false,
    }
}

fn said(side: Side, is: &str) -> String {
    match side {
        Side::Above => format!("{is} above"),
        Side::Below => format!("{is} below"),
        Side::Exceeds => "exceeds".to_string(),
        Side::Better => format!("{is} better than"),
        Side::Worse => format!("{is} worse than"),
        Side::Met => "meets".to_string(),
        Side::Missed => "misses".to_string(),
        Side::InLine => format!("{is} in line with"),
    }
}

/// `54 of 65 is 83.1%, 55 is 84.6%`, where no number out of `size` gives the printed percentage.
fn impossible(figure: &Shown, size: f64) -> Option<String> {
    let (value, _) = numbers(figure)?;
    let decimals = figure.decimals();
    let share = |part: f64| rounded(part * 100.0 / size, decimals);
    let printed = figure.printed_number()?;
    let below = (value * size / 100.0).floor();
    let near = [below - 1.0, below, below + 1.0, below + 2.0];
    if near.into_iter().any(|part| (0.0..=size).contains(&part) && share(part) == printed) {
        return None;
    }
    Some(format!(
        "{below} of {size} is {}%, {} is {}%",
        share(below),
        below + 1.0,
        share(below + 1.0)
    ))
}

/// Arithmetic that a reader can do.
fn share_fault(part: f64, whole: f64, share: &Written) -> Option<String> {
    let right = rounded(part * 100.0 / whole, share.decimals);
    let written = rounded(share.value, share.decimals);
    (whole > 0.0 && right != written)
        .then(|| format!("says that {part} of {whole} is {written}%, but it is {right}%"))
}
