//! What a cell says of an indicator.

use super::fill::{NO_FIGURE, Texts};
use crate::definitions::Indicator;
use crate::figures::assess::{self, Change};
use crate::figures::suppress::{Shown, ShownFigures};
use crate::nouns::area::Area;
use crate::nouns::figure::{Standing, Symbol};
use crate::nouns::numbers::{decimals_of, grouped, in_pounds, rounded};
use crate::nouns::report::Tone;
use crate::nouns::report::{Content, MadeOf, NumberFormat, Part, Style};
use crate::nouns::show::{Show, Whose};
use crate::nouns::unit::Unit;

/// An indicator, and the one that stands in brackets behind it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pair<'p> {
    pub code: &'p str,
    pub beside: Option<&'p str>,
    pub words: Option<&'p str>,
    pub number: Option<&'p str>,
}

/// What cells are made from.
#[derive(Debug, Clone, Copy)]
pub struct CellMaker<'i> {
    pub shown: &'i ShownFigures,
    pub texts: &'i Texts,
}

impl<'i> CellMaker<'i> {
    /// What is shown, and how it looks. `year` is said by the column's heading already.
    pub fn cell(&self, show: &Show, pair: Pair, year: Option<&str>) -> (Style, Content) {
        let (shown, code) = (self.shown, pair.code);
        let indicator = &shown.indicators[code];
        let text = |style, text: &str| (style, Content::text(text));
        let figure = |text: Option<String>| figure_or_dash(text.map(Content::Text));
        match show {
            Show::Nothing => (Style::Text, Content::Blank),
            Show::Number => text(Style::Figure, pair.number.unwrap_or_default()),
            Show::Title => text(Style::Name, &self.title(pair)),
            Show::Code => text(Style::Text, code),
            Show::Definition => text(Style::Text, &indicator.definition),
            Show::Better => text(Style::Figure, indicator.better.words()),
            Show::Note => text(Style::Text, shown.notes.get(code).map_or("", String::as_str)),
            Show::Commentary => {
                let said = [Some(code), pair.beside]
                    .into_iter()
                    .flatten()
                    .filter_map(|c| self.texts.commentary.get(c));
                let said = said.map(String::as_str).collect::<Vec<_>>().join("\n");
                (Style::Text, Content::typed(&said))
            }
            Show::Figure(..) => (Style::Figure, self.figure(show, pair, year)),
            Show::Numerator => (Style::Figure, plain(shown.own(code).and_then(Shown::numerator))),
            Show::Denominator => {
                (Style::Figure, plain(shown.own(code).and_then(Shown::denominator)))
            }
            Show::Target => {
                (Style::Figure, indicator.target.map_or(Content::Blank, |t| measure(indicator, t)))
            }
            Show::Tolerance => figure_or_dash(assess::range(indicator).map(|(from, to)| {
                let (from, to) = (measure(indicator, from), measure(indicator, to));
                several(
                    format!("{} to {}", from.printed(), to.printed()),
                    [(Part::First, from), (Part::End, to)],
                )
            })),
            Show::Status => {
                let status = assess::status(shown, code);
                let words =
                    [Some(status.words), status.note].into_iter().flatten().collect::<Vec<_>>();
                (Style::Status(status.tone), Content::Text(words.join("\n")))
            }
            Show::Direction(from) => figure(assess::direction_in_words(shown, code, *from)),
            Show::Change(from) => figure_or_dash(assess::change(shown, code, *from).map(change)),
            Show::Chance(from) => {
                figure(assess::chance(shown, code, *from).map(|c| c.words().to_string()))
            }
            Show::Assurance => {
                figure(assess::assurance(shown, code).map(|a| a.words().to_string()))
            }
            Show::Variation => {
                figure(assess::variation(shown, code).map(|v| v.words().to_string()))
            }
            Show::Comparison(with, within) => {
                figure(assess::comparison(shown, code, with, *within))
            }
            Show::Share => (
                Style::Figure,
                shown.share(code).map_or(Content::Blank, |n| numeral(n, NumberFormat::Percent(1))),
            ),
            Show::Running => (Style::Figure, shown.running(code).map_or(Content::Blank, content)),
            Show::Rank => self.standing(code, year, |s| Some(rank(s.rank, s.of))),
            Show::NeighbourRank => {
                self.standing(code, year, |s| s.in_group.map(|(place, of)| rank(place, of)))
            }
            Show::BestNeighbour => {
                self.standing(code, year, |s| s.best_neighbour.map(|best| measure(indicator, best)))
            }
            // It lies between two figures, so it has decimals that none of them has.
            Show::QuartileThreshold => {
                let format = format(indicator.unit, indicator.decimals);
                self.standing(code, year, |s| Some(numeral(s.best_quarter, format)))
            }
            Show::Band => {
                let (_, content) =
                    self.standing(code, year, |s| Some(Content::Text(s.band.to_string())));
                let tone = match shown.standing(code).map(|s| s.band) {
                    Some('A') => Style::Status(Tone::Good),
                    Some('D') => Style::Status(Tone::Poor),
                    _ => Style::Figure,
                };
                (tone, content)
            }
        }
    }

    /// What a cell that shows this is made of.
    pub fn made_of(&self, show: &Show, pair: Pair) -> MadeOf {
        MadeOf::Indicator {
            code: pair.code.to_string(),
            beside: pair.beside.map(ToString::to_string),
            show: show.clone(),
            figure: self.shown(show, pair.code).map(|figure| (figure.area(), *figure.period())),
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
    fn standing(
        &self,
        code: &str,
        year: Option<&str>,
        say: impl Fn(&Standing) -> Option<Content>,
    ) -> (Style, Content) {
        let standing = self.shown.standing(code);
        let said = standing.and_then(|s| Some((say(s)?, s.period.label())));
        let content = match said {
            Some((said, own)) if year == Some(own.as_str()) => said,
            Some((said, own)) => with(said, Part::Year, &format!("({own})"), own),
            None => dash(Symbol::NotApplicable),
        };
        (Style::Figure, content)
    }

    /// The figure that a column shows of an indicator.
    pub fn shown(&self, show: &Show, code: &str) -> Option<&'i Shown> {
        let Show::Figure(whose, period) = show else { return None };
        match (whose, period) {
            // What has no year of its own cannot be said to be of this one.
            (_, Some(period)) => self.shown.at(code, whose.area(), period).filter(|s| s.dated()),
            (Whose::Own, None) => self.shown.own(code),
            (Whose::Comparator(which), None) => self.shown.comparator(code, *which),
            (Whose::Council(_), None) => {
                let theirs = self.shown.of(code).filter(|s| s.area() == whose.area());
                theirs
                    .filter(|s| s.period().end <= self.shown.period.end)
                    .max_by_key(|s| s.period().end)
            }
        }
    }

    fn figure(&self, show: &Show, pair: Pair, year: Option<&str>) -> Content {
        let beside =
            pair.beside.and_then(|code| self.shown(show, code)).filter(|b| b.value().is_some());
        let Some(first) = self.shown(show, pair.code) else {
            return beside.map_or(Content::Blank, |beside| alone(beside, year));
        };
        let mut said = content(first);
        if let Some(beside) =
            beside.filter(|b| first.value().is_some() && b.period() == first.period())
        {
            let printed = format!("{} ({})", first.text(), beside.text());
            said = several(printed, [(Part::First, said), (Part::Beside, content(beside))]);
        }
        if let Some(own) =
            own_year(first).filter(|own| year != Some(own.as_str()) && first.value().is_some())
        {
            said = with(said, Part::Year, &format!("({own})"), own);
        }
        with_mark(said, first)
    }

    /// The year that a column's heading says of its figures, and whether the heading says it
    /// already: the one it has in it, else the commonest. None where some have no year: a heading
    /// would date those as well.
    pub fn year(&self, show: &Show, heading: &str, codes: &[&str]) -> Option<(String, bool)> {
        if show.is_standing() {
            let years =
                codes.iter().filter_map(|code| self.shown.standing(code)).map(|s| s.period.label());
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

/// A shown figure as a cell's content.
pub fn content(shown: &Shown) -> Content {
    match shown.printed_number().and_then(|n| n.parse().ok()) {
        Some(value) => Content::Number {
            value,
            printed: shown.text(),
            format: format(shown.unit(), shown.decimals()),
        },
        None => Content::Gap {
            symbol: shown.symbol().unwrap_or(Symbol::Unavailable),
            wording: shown.text(),
        },
    }
}

/// The same with the mark of what is provisional or revised.
pub fn marked(shown: &Shown) -> Content {
    with_mark(content(shown), shown)
}

fn with_mark(said: Content, shown: &Shown) -> Content {
    match shown.mark() {
        Some(mark) => with(said, Part::Mark, mark, mark.to_string()),
        None => said,
    }
}

/// How numbers of a unit are printed.
pub fn format(unit: Unit, decimals: u8) -> NumberFormat {
    match unit {
        Unit::Percentage => NumberFormat::Percent(decimals),
        Unit::Pounds => NumberFormat::Pounds(decimals),
        _ => NumberFormat::Plain(decimals),
    }
}

/// What stands where there is no figure.
pub fn dash(symbol: Symbol) -> Content {
    Content::Gap { symbol, wording: NO_FIGURE.to_string() }
}

fn several<const N: usize>(printed: String, parts: [(Part, Content); N]) -> Content {
    Content::Several { printed, parts: parts.into() }
}

/// What a cell says, and one thing more behind it.
fn with(said: Content, part: Part, printed: &str, more: String) -> Content {
    let printed = format!("{} {printed}", said.printed());
    let mut parts = match said {
        Content::Several { parts, .. } => parts,
        other => vec![(Part::First, other)],
    };
    parts.push((part, Content::Text(more)));
    Content::Several { printed, parts }
}

fn rank(rank: usize, of: usize) -> Content {
    let number = |n: usize| numeral(n as f64, NumberFormat::Plain(0));
    several(format!("{rank} of {of}"), [(Part::First, number(rank)), (Part::OutOf, number(of))])
}

/// A change, and in brackets what share of the earlier figure it is.
fn change(change: Change) -> Content {
    let printed = change.to_string();
    let by = Content::Text(change.by);
    match change.share {
        Some(share) => several(printed, [(Part::First, by), (Part::Share, Content::Text(share))]),
        None => by,
    }
}

/// A rate that nobody gave the number for: it stands where it would stand behind it.
fn alone(beside: &Shown, year: Option<&str>) -> Content {
    let parts = [(Part::First, dash(Symbol::Unavailable)), (Part::Beside, content(beside))];
    let mut said = several(format!("({})", beside.text()), parts);
    if let Some(own) = own_year(beside).filter(|own| year != Some(own.as_str())) {
        said = with(said, Part::Year, &format!("({own})"), own);
    }
    match beside.mark() {
        Some(mark) => with(said, Part::Mark, mark, mark.to_string()),
        None => said,
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

/// What there is to tell, as a figure; a dash where nothing can be.
fn figure_or_dash(told: Option<Content>) -> (Style, Content) {
    (Style::Figure, told.unwrap_or_else(|| dash(Symbol::NotApplicable)))
}

fn numeral(number: f64, format: NumberFormat) -> Content {
    let text = rounded(number, format.decimals());
    let value = text.parse().unwrap_or(number);
    let printed = match format {
        NumberFormat::Plain(_) => grouped(&text),
        NumberFormat::Percent(_) => format!("{}%", grouped(&text)),
        NumberFormat::Pounds(_) => in_pounds(&text),
    };
    Content::Number { value, printed, format }
}
