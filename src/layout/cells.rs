//! What a cell says of an indicator.

use super::fill::{NO_FIGURE, Texts};
use super::{Show, Whose};
use crate::declare::{Indicator, Unit};
use crate::figure::{Area, Standing, decimals_of, grouped, rounded};
use crate::judge::{self, Tone};
use crate::report::{Content, NumberFormat, Style};
use crate::suppress::{Shown, ShownFigures};

/// An indicator, and the one that stands in brackets behind it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pair<'p> {
    pub code: &'p str,
    pub beside: Option<&'p str>,
    pub words: Option<&'p str>,
}

/// What cells are made from.
#[derive(Debug, Clone, Copy)]
pub struct Ink<'i> {
    pub shown: &'i ShownFigures,
    pub texts: &'i Texts,
}

impl<'i> Ink<'i> {
    /// What is shown, and how it looks. `year` is said by the column's heading already.
    pub fn cell(&self, show: &Show, pair: Pair, year: Option<&str>) -> (Style, Content) {
        let (shown, code) = (self.shown, pair.code);
        let indicator = &shown.indicators[code];
        let text =
            |style, text: &str| (style, if text.is_empty() { Content::Blank } else { Content::Text(text.to_string()) });
        let figure =
            |said: Option<String>| (Style::Figure, Content::Text(said.unwrap_or_else(|| NO_FIGURE.to_string())));
        match show {
            Show::Nothing => (Style::Text, Content::Blank),
            Show::Title => text(Style::Name, &self.title(pair)),
            Show::Code => text(Style::Text, code),
            Show::Definition => text(Style::Text, &indicator.definition),
            Show::Better => text(Style::Figure, indicator.better.words()),
            Show::Note => text(Style::Text, shown.notes.get(code).map_or("", String::as_str)),
            Show::Commentary => {
                let said = [Some(code), pair.beside].into_iter().flatten().filter_map(|c| self.texts.commentary.get(c));
                text(Style::Text, &said.map(String::as_str).collect::<Vec<_>>().join("\n"))
            }
            Show::Figure(..) => (Style::Figure, self.figure(show, pair, year)),
            Show::Numerator => (Style::Figure, plain(shown.own(code).and_then(Shown::numerator))),
            Show::Denominator => (Style::Figure, plain(shown.own(code).and_then(Shown::denominator))),
            Show::Target => (Style::Figure, indicator.target.map_or(Content::Blank, |t| measure(indicator, t))),
            Show::Tolerance => figure(judge::range(indicator).map(|(from, to)| {
                format!("{} to {}", measure(indicator, from).printed(), measure(indicator, to).printed())
            })),
            Show::Status => {
                let status = judge::status(shown, code);
                let words = [Some(status.words), status.note].into_iter().flatten().collect::<Vec<_>>();
                (Style::Status(status.tone), Content::Text(words.join("\n")))
            }
            Show::Direction(from) => figure(judge::direction(shown, code, from).map(|d| d.words().to_string())),
            Show::Change(from) => figure(judge::change(shown, code, from)),
            Show::Comparison(with) => figure(judge::comparison(shown, code, with)),
            Show::Share => {
                (Style::Figure, shown.share(code).map_or(Content::Blank, |n| numeral(n, NumberFormat::Percent(1))))
            }
            Show::Running => (Style::Figure, shown.running(code).map_or(Content::Blank, content)),
            Show::Rank => self.standing(code, year, |s| Some(format!("{} of {}", s.rank, s.of))),
            Show::NeighbourRank => {
                self.standing(code, year, |s| s.in_group.map(|(rank, of)| format!("{rank} of {of}")))
            }
            Show::Band => {
                let (_, content) = self.standing(code, year, |s| Some(s.band.to_string()));
                let tone = match shown.standing(code).map(|s| s.band) {
                    Some('A') => Style::Status(Tone::Good),
                    Some('D') => Style::Status(Tone::Poor),
                    _ => Style::Figure,
                };
                (tone, content)
            }
        }
    }

    fn title(&self, pair: Pair) -> String {
        let title = &self.shown.indicators[pair.code].title;
        // What the return's own sheet says is shown word for word.
        match pair.words {
            Some(words)
                if !self.shown.typed_titles.iter().any(|c| c == pair.code)
                    && pair.beside.is_some_and(|beside| self.shown.own(beside).is_some()) =>
            {
                format!("{title} {words}")
            }
            _ => title.clone(),
        }
    }

    /// Where the council stands among others, with its year where the heading says another.
    fn standing(&self, code: &str, year: Option<&str>, say: impl Fn(&Standing) -> Option<String>) -> (Style, Content) {
        let standing = self.shown.standing(code);
        let said = standing.and_then(|s| Some((say(s)?, s.period.label())));
        let text = match said {
            Some((said, own)) if year == Some(own.as_str()) => said,
            Some((said, own)) => format!("{said} ({own})"),
            None => NO_FIGURE.to_string(),
        };
        (Style::Figure, Content::Text(text))
    }

    /// The figure that a column shows of an indicator.
    pub fn shown(&self, show: &Show, code: &str) -> Option<&'i Shown> {
        let Show::Figure(whose, period) = show else { return None };
        match (whose, period) {
            // What has no year of its own cannot be said to be of this one.
            (_, Some(period)) => self.shown.at(code, area(whose), period).filter(|s| s.dated()),
            (Whose::Own, None) => self.shown.own(code),
            (Whose::Comparator(name), None) => self.shown.comparator(code, name),
            (Whose::Council(_), None) => {
                let theirs = self.shown.of(code).filter(|s| s.area() == area(whose));
                theirs.filter(|s| s.period().end <= self.shown.period.end).max_by_key(|s| s.period().end)
            }
        }
    }

    fn figure(&self, show: &Show, pair: Pair, year: Option<&str>) -> Content {
        let Some(first) = self.shown(show, pair.code) else { return Content::Blank };
        let beside = pair.beside.and_then(|code| self.shown(show, code)).filter(|b| b.value().is_some());
        let content = match beside.filter(|b| first.value().is_some() && b.period() == first.period()) {
            Some(beside) => Content::Text(format!("{} ({})", first.text(), beside.text())),
            None => content(first),
        };
        let own = own_year(first).filter(|own| year != Some(own.as_str()) && first.value().is_some());
        let marks = [own.map(|own| format!("({own})")), first.mark().map(ToString::to_string)];
        match marks.into_iter().flatten().reduce(|a, b| format!("{a} {b}")) {
            Some(marks) => Content::Text(format!("{} {marks}", content.printed())),
            None => content,
        }
    }

    /// The year that a column's heading says of its figures, and whether the heading says it already: the one it
    /// has in it, else the commonest. None where some have no year: a heading would date those as well.
    pub fn year(&self, show: &Show, heading: &str, codes: &[&str]) -> Option<(String, bool)> {
        if matches!(show, Show::Rank | Show::NeighbourRank | Show::Band) {
            let years = codes.iter().filter_map(|code| self.shown.standing(code)).map(|s| s.period.label());
            let years: Vec<String> = years.collect();
            return commonest(&years).map(|year| (year.clone(), heading.contains(year.as_str())));
        }
        let figures: Vec<&Shown> = codes.iter().filter_map(|code| self.shown(show, code)).collect();
        let years: Vec<String> = figures.iter().filter_map(|s| own_year(s)).collect();
        if let Some(said) = years.iter().find(|year| heading.contains(year.as_str())) {
            return Some((said.clone(), true));
        }
        commonest(&years).filter(|_| years.len() == figures.len()).map(|year| (year.clone(), false))
    }
}

/// The commonest of several years; of equally common ones the latest.
fn commonest(years: &[String]) -> Option<&String> {
    let often = |year: &String| years.iter().filter(|y| *y == year).count();
    years.iter().max_by_key(|year| (often(year), year.as_str()))
}

/// The year of another area's figure, where it is known.
fn own_year(shown: &Shown) -> Option<String> {
    (shown.area() != Area::Own && shown.dated()).then(|| shown.period().label())
}

/// The area whose figures these are.
pub fn area(whose: &Whose) -> Area {
    match whose {
        Whose::Own => Area::Own,
        Whose::Council(code) => Area::Council(*code),
        Whose::Comparator(name) => match name.as_str() {
            "statistical_neighbours" => Area::StatisticalNeighbours,
            "region" => Area::Region,
            "england" => Area::England,
            _ => Area::Own,
        },
    }
}

/// A shown figure as a cell's content.
pub fn content(shown: &Shown) -> Content {
    match shown.printed_number().and_then(|n| n.parse().ok()) {
        Some(value) => Content::Number { value, printed: shown.text(), format: format(shown.unit(), shown.decimals()) },
        None => Content::Text(shown.text()),
    }
}

/// How numbers of a unit are printed.
pub fn format(unit: Unit, decimals: u8) -> NumberFormat {
    match unit {
        Unit::Percentage => NumberFormat::Percent(decimals),
        _ => NumberFormat::Plain(decimals),
    }
}

/// A number of people or things.
fn plain(number: Option<f64>) -> Content {
    number.map_or(Content::Blank, |n| numeral(n, NumberFormat::Plain(decimals_of(n).min(1))))
}

/// A number in the indicator's unit, with the decimals that it was given.
pub fn measure(indicator: &Indicator, number: f64) -> Content {
    numeral(number, format(indicator.unit, decimals_of(number).min(indicator.decimals.max(2))))
}

fn numeral(number: f64, format: NumberFormat) -> Content {
    let (decimals, sign) = match format {
        NumberFormat::Plain(decimals) => (decimals, ""),
        NumberFormat::Percent(decimals) => (decimals, "%"),
    };
    let text = rounded(number, decimals);
    let value = text.parse().unwrap_or(number);
    Content::Number { value, printed: format!("{}{sign}", grouped(&text)), format }
}
