//! A cell of the appendix, followed back: what stands in it, where that was written, and how it
//! came about.

use serde_json::{Value, json};

use super::{Desk, Line, Trail};
use crate::definitions::{Indicator, Layout};
use crate::figures::assess;
use crate::nouns::area::Area;
use crate::nouns::comparator::Comparator;
use crate::nouns::figure::Figure;
use crate::nouns::problem::{CellAddress, Problem, did_you_mean};
use crate::nouns::report::{Cell, MadeOf, Report, RowKind, Sheet};
use crate::nouns::show::{Show, Whose};
use crate::nouns::words::cut;

/// What there is to tell of a cell.
pub struct CellTrail<'a> {
    /// The sheet's name.
    pub sheet: String,
    /// The cell.
    pub address: CellAddress,
    /// What the reader sees in it.
    pub printed: String,
    /// What it is, and where it comes from.
    pub lines: Vec<Line>,
    /// The trail of the indicator whose figure, or what is said of it, stands there.
    pub trail: Option<Trail<'a>>,
}

impl CellTrail<'_> {
    /// `Performance indicators!D6`.
    pub fn place(&self) -> String {
        format!("{}!{}", self.sheet, self.address)
    }

    /// What there is to tell, in words; the trail apart.
    pub fn text(&self) -> String {
        const MOST: usize = 161;
        let printed = self.printed.replace('\n', " / ");
        let mut lines = vec![format!("{}  {}", self.place(), cut(&printed, MOST))];
        lines.extend(self.lines.iter().map(Line::indented));
        lines.join("\n") + "\n"
    }

    /// The same for programs.
    pub fn to_json(&self) -> Value {
        json!({
            "sheet": self.sheet, "address": self.address.to_string(), "printed": self.printed,
            "told": super::said(&self.lines),
        })
    }
}

/// A sheet's name without the marks that a formula puts around it: `'Children''s homes'`.
fn unquoted(sheet: &str) -> String {
    let inside = sheet.strip_prefix('\'').and_then(|s| s.strip_suffix('\''));
    inside.map_or(sheet.to_string(), |s| s.replace("''", "'"))
}

/// `Performance indicators!D6`: the sheet, where one is named, and the cell.
fn parse(text: &str) -> Option<(Option<String>, CellAddress)> {
    let (sheet, cell) = match text.trim().rsplit_once('!') {
        Some((sheet, cell)) => (Some(sheet.trim()), cell),
        None => (None, text.trim()),
    };
    let cell = CellAddress::parse(&cell.trim().replace('$', "").to_ascii_uppercase())?;
    Some((sheet.map(unquoted), cell))
}

fn find<'r>(report: &'r Report, text: &str) -> Result<(&'r Sheet, CellAddress), Problem> {
    let Some((name, address)) = parse(text) else {
        return Err(Problem::usage("", format!("`{text}` is not understood as a cell")).hint(
            "say for example --cell \"Performance indicators!D6\", or D6 for the first sheet",
        ));
    };
    let wanted = name.as_ref().map(|name| name.to_lowercase());
    let named = |sheet: &&Sheet| wanted.as_ref().is_none_or(|w| *w == sheet.name.to_lowercase());
    match report.sheets.iter().find(named) {
        Some(sheet) => Ok((sheet, address)),
        None => {
            let name = name.unwrap_or_default();
            let known: Vec<&str> = report.sheets.iter().map(|s| s.name.as_str()).collect();
            let guess = did_you_mean(&name, known.iter().copied());
            Err(Problem::usage("", format!("the appendix has no sheet `{name}`{guess}"))
                .hint(format!("its sheets are {}", known.join(", "))))
        }
    }
}

/// The filled cells of a sheet with their rows.
fn filled(sheet: &Sheet) -> impl Iterator<Item = (u32, &Cell)> {
    let cells =
        (0..).zip(&sheet.rows).flat_map(|(row, r)| r.cells.iter().map(move |cell| (row, cell)));
    cells.filter(|(_, cell)| !cell.content.printed().is_empty())
}

/// The filled cell that is nearest: in the same row first.
fn nearest(sheet: &Sheet, address: CellAddress) -> Option<CellAddress> {
    let nearest = filled(sheet).min_by_key(|(row, cell)| distance(*row, cell, address));
    nearest.map(|(row, cell)| CellAddress::new(row, cell.column))
}

/// How far a cell is from an address: rows first, then columns from its nearer side.
fn distance(row: u32, cell: &Cell, address: CellAddress) -> (u32, u16) {
    let (first, last) = (cell.column, cell.column + cell.span - 1);
    let columns = first.abs_diff(address.col).min(last.abs_diff(address.col));
    (row.abs_diff(address.row), columns)
}

/// Whether a cell of a row, as wide as it is, covers an address.
fn covers(row: u32, cell: &Cell, address: CellAddress) -> bool {
    row == address.row && (cell.column..cell.column + cell.span).contains(&address.col)
}

impl<'a> Desk<'a> {
    /// Follows a cell of the report back.
    pub fn cell(
        &'a self,
        report: &Report,
        layout: &Layout,
        text: &str,
    ) -> Result<CellTrail<'a>, Box<Problem>> {
        let (sheet, address) = find(report, text)?;
        let mut cells = filled(sheet);
        let Some((row, cell)) = cells.find(|(row, cell)| covers(*row, cell, address)) else {
            let place = format!("{}!{address}", sheet.name);
            let problem = Problem::usage("", format!("the cell {place} of the appendix is empty"));
            return Err(Box::new(match nearest(sheet, address) {
                Some(near) => {
                    problem.hint(format!("the nearest that is not is {}!{near}", sheet.name))
                }
                None => problem,
            }));
        };
        let (lines, code) = self.told(sheet, row, cell, layout)?;
        let trail = code.map(|code| Trail::follow(self, &code)).transpose()?;
        Ok(CellTrail {
            sheet: sheet.name.clone(),
            address: CellAddress::new(row, cell.column),
            printed: cell.content.printed().into_owned(),
            lines,
            trail,
        })
    }

    /// What a cell is, and the indicator whose trail belongs to it.
    fn told(
        &self,
        sheet: &Sheet,
        row: u32,
        cell: &Cell,
        layout: &Layout,
    ) -> Result<(Vec<Line>, Option<String>), Box<Problem>> {
        let by_layout = Line::of("", format!("laid out by {} ({})", layout.name, layout.place));
        let kind = sheet.rows[row as usize].kind;
        Ok(match &cell.made_of {
            MadeOf::Words if sheet.notes => {
                let text = "words of the sheet of notes, which the program adds to every layout";
                (vec![Line::of("what", text)], None)
            }
            MadeOf::Words => {
                let what = match kind {
                    RowKind::Section => "a heading of the layout",
                    RowKind::Over => "the heading of several columns of the layout",
                    RowKind::Head => "the heading of a table of the layout",
                    RowKind::Point(_) => "the name of a point of a chart",
                    RowKind::Text if row == 0 => "the sheet's title",
                    RowKind::Text => "a text above or between the tables",
                    _ => "words of the layout",
                };
                let mut lines = vec![Line::of("what", what), by_layout];
                lines.extend(self.typed_text(&cell.content.printed()));
                (lines, None)
            }
            MadeOf::Heading(show) => {
                let what = format!("the heading of a column that shows {}", in_words(show));
                (vec![Line::of("what", what), by_layout], None)
            }
            MadeOf::Narrative(area) => {
                let mut lines = vec![Line::of("what", format!("what the return says of {area}"))];
                let rows = self.received.counted.management.commentary.iter();
                let about =
                    rows.filter(|r| r.about.eq_ignore_ascii_case(area) && !r.text.is_empty());
                lines.extend(about.map(|typed| {
                    let by = typed
                        .author
                        .as_ref()
                        .map_or(String::new(), |author| format!(" by {author}"));
                    Line::of("", format!("typed at {}{by}", typed.said_at))
                }));
                (lines, None)
            }
            MadeOf::Notes { code, heading } => {
                let indicator = &self.figures.indicators[code];
                let mut lines =
                    vec![Line::of("what", format!("{heading}, of {code} ({})", indicator.title))];
                lines.push(Line::of("", format!("declared at {}", indicator.place)));
                if *heading == "Target and tolerance" {
                    lines.extend(self.target(indicator).map(|target| Line::of("target", target)));
                }
                if *heading == "Notes" {
                    lines.extend(
                        self.typed_row(code)
                            .map(|row| Line::of("", format!("typed at {}", row.place))),
                    );
                }
                let trail = (*heading == "Comparators").then(|| code.clone());
                (lines, trail)
            }
            MadeOf::Definitions(codes) => {
                let mut lines = vec![Line::of("what", "definitions, and where they are declared")];
                lines.extend(codes.iter().map(|code| {
                    let Indicator { title, place, .. } = &self.figures.indicators[code];
                    Line::of("", format!("{code} ({title}) at {place}"))
                }));
                (lines, None)
            }
            MadeOf::Indicator { code, beside, show, figure } => {
                let figure = figure.and_then(|(area, period)| self.figure(code, area, &period));
                let title = &self.figures.indicators[code].title;
                let what = match (show, figure) {
                    (Show::Figure(..), Some(figure)) => {
                        let when = if figure.dated {
                            format!(" for {}", figure.period.label())
                        } else {
                            String::new()
                        };
                        format!("the figure of {}{when}", self.name(&figure.area))
                    }
                    (Show::Figure(..), None) => {
                        format!("{}, of which there is none", in_words(show))
                    }
                    _ => in_words(show),
                };
                let mut lines = vec![Line::of("what", format!("{what}, of {code} ({title})"))];
                lines.extend(headed(sheet, row, cell));
                lines.push(by_layout);
                if let (Some(beside), Show::Figure(..)) = (beside, show) {
                    let title = &self.figures.indicators[beside].title;
                    lines.push(Line::of("in brackets", format!("{beside} ({title})")));
                }
                let (more, whole) = self.of_indicator(code, beside.as_deref(), show, figure);
                lines.extend(more);
                (lines, whole.map(ToString::to_string).or_else(|| self.whole(code, show, figure)))
            }
        })
    }

    /// The rows of the Commentary sheet that a text of the layout has its words from.
    fn typed_text(&self, text: &str) -> Vec<Line> {
        // A word or two stand in many texts.
        const LEAST: usize = 20;
        let rows = self.received.counted.management.commentary.iter();
        let same = rows.filter(|row| text.len() >= LEAST && row.text.contains(text.trim()));
        same.map(|row| Line::of("", format!("word for word at {}", row.said_at))).collect()
    }

    /// The indicator whose whole trail belongs to a cell.
    fn whole(&self, code: &str, show: &Show, figure: Option<&Figure>) -> Option<String> {
        let own = figure.is_some_and(|f| f.area == Area::Own && f.period == self.figures.period);
        let whole = match show {
            Show::Figure(Whose::Own, _) => own || figure.is_none(),
            Show::Numerator | Show::Denominator | Show::Share | Show::Status => true,
            _ => false,
        };
        whole.then(|| code.to_string())
    }

    /// Where an indicator's row of the Figures sheet is, where it has one.
    fn typed_line(&self, code: &str) -> Option<Line> {
        let row = self.typed_row(code)?;
        Some(Line::of("", format!("typed on the Figures sheet at {}", row.place)))
    }

    /// What there is to tell of one thing that is shown of an indicator, and another indicator that
    /// it leads to.
    fn of_indicator(
        &self,
        code: &str,
        beside: Option<&str>,
        show: &Show,
        figure: Option<&Figure>,
    ) -> (Vec<Line>, Option<&str>) {
        let indicator = &self.figures.indicators[code];
        let declared = Line::of("", format!("declared at {}", indicator.place));
        let typed = || self.typed_line(code);
        let mut lines = Vec::new();
        match show {
            Show::Nothing => {}
            Show::Title if self.figures.typed_titles.iter().any(|c| c == code) => {
                lines.extend(typed());
            }
            Show::Number => {}
            Show::Title | Show::Code | Show::Definition | Show::Better => lines.push(declared),
            Show::Note => lines.extend(typed()),
            Show::Commentary => {
                lines.extend(
                    [Some(code), beside]
                        .into_iter()
                        .flatten()
                        .flat_map(|code| self.commentary(code)),
                );
            }
            Show::Figure(..) => {
                if let Some(figure) =
                    figure.filter(|f| f.area != Area::Own || f.period != self.figures.period)
                {
                    lines.extend(self.beside("", figure));
                    if let Some(was) = &figure.background.restated {
                        lines.push(Line::of(
                            "revised",
                            format!("was {} in {}", was.was, was.was_in),
                        ));
                    }
                }
            }
            Show::Target | Show::Tolerance => {
                lines.extend(self.target(indicator).map(|target| Line::of("target", target)));
                if let (Some((from, to)), Show::Tolerance) = (assess::range(indicator), show) {
                    lines.push(Line::of(
                        "near enough",
                        format!("{from} to {to}, by the tolerance set or typed with it"),
                    ));
                }
            }
            // The whole trail has it.
            Show::Status if indicator.target.is_some() || indicator.thresholds.is_some() => {}
            Show::Status => lines.extend(self.status(indicator)),
            Show::Direction(from) | Show::Change(from) | Show::Chance(from) => {
                lines.extend(self.own_line(code));
                lines.extend(self.comparator(code, *from));
                let way = match indicator.better {
                    crate::definitions::Better::Higher => "high is good",
                    crate::definitions::Better::Lower => "low is good",
                    crate::definitions::Better::Neither => "for information: neither way is good",
                };
                lines.push(Line::of("", format!("both as they are printed; {way}")));
            }
            Show::Comparison(with, _) => {
                lines.extend(self.own_line(code));
                for other in with {
                    lines.extend(self.comparator(code, *other));
                }
                lines.push(Line::of(
                    "",
                    "all as they are printed; which is the better one is not said",
                ));
            }
            Show::Share => {
                lines.extend(self.own_line(code));
                lines.extend(indicator.part_of.as_ref().and_then(|total| self.own_line(total)));
            }
            Show::Running => {
                let next = self.shown.as_ref().and_then(|shown| shown.running(code));
                let code =
                    next.and_then(|next| self.figures.indicators.get_key_value(next.indicator()));
                return (lines, code.map(|(code, _)| code.as_str()));
            }
            Show::Assurance => {
                lines.extend(self.own_line(code));
                lines.extend(self.target(indicator).map(|target| Line::of("target", target)));
            }
            Show::Variation => lines.extend(self.own_line(code)),
            Show::Rank
            | Show::NeighbourRank
            | Show::Band
            | Show::BestNeighbour
            | Show::QuartileThreshold => {
                if let Some(standing) = self.shown.as_ref().and_then(|shown| shown.standing(code)) {
                    let year = standing.period.label();
                    let text =
                        format!("{} of {}, band {}", standing.rank, standing.of, standing.band);
                    lines.push(Line::of("among England's councils", format!("{text}, in {year}")));
                    let group = standing.in_group.map(|(rank, of)| format!("{rank} of {of}"));
                    lines.extend(group.map(|text| Line::of("among its neighbours", text)));
                    let own = self.figure(code, Area::Own, &standing.period);
                    lines.extend(own.into_iter().flat_map(|own| self.beside("own", own)));
                }
            }
            Show::Numerator | Show::Denominator => {}
        }
        (lines, None)
    }

    fn own_line(&self, code: &str) -> Option<Line> {
        let figure = self.figures.own(code)?;
        let text = format!(
            "{} ({}), {}",
            self.printed(figure),
            figure.period.label(),
            self.source(figure).0
        );
        Some(Line::of(code, text))
    }

    /// A comparator in a line, with what it is made of.
    fn comparator(&self, code: &str, which: Comparator) -> Vec<Line> {
        let theirs = self.shown.as_ref().and_then(|shown| shown.comparator(code, which));
        match theirs.and_then(|s| self.figure(code, s.area(), s.period())) {
            Some(figure) => self.beside(&which.to_string(), figure),
            None => vec![Line::of(&which.to_string(), "there is none")],
        }
    }

    fn beside(&self, label: &str, figure: &Figure) -> Vec<Line> {
        let (source, more) = self.source(figure);
        let period =
            if figure.dated { format!(" ({})", figure.period.label()) } else { String::new() };
        let hidden = self.why_hidden(figure).map_or(String::new(), |why| format!("; {why}"));
        let line = Line::of(label, format!("{}{period}, {source}{hidden}", self.printed(figure)));
        std::iter::once(line).chain(more).collect()
    }
}

/// What stands over the cell in its column, and at the left of its row, where that is something
/// else.
fn headed(sheet: &Sheet, row: u32, cell: &Cell) -> Vec<Line> {
    let over = sheet.rows[..row as usize].iter().rev().find(|r| r.kind == RowKind::Head);
    let heading = over.and_then(|r| r.cells.iter().find(|c| c.column == cell.column));
    let heading = heading.map(|c| c.content.printed().into_owned()).filter(|text| !text.is_empty());
    let heading = heading.map(|text| text.replace('\n', " "));
    heading.map(|text| Line::of("column", text)).into_iter().collect()
}

/// What a column or a cell shows, for people.
fn in_words(show: &Show) -> String {
    match show {
        Show::Nothing => "cells of the layout".to_string(),
        Show::Number => "the row's number".to_string(),
        Show::Title => "the title".to_string(),
        Show::Code => "the code".to_string(),
        Show::Definition => "the definition".to_string(),
        Show::Better => "what good performance is".to_string(),
        Show::Note => "the note".to_string(),
        Show::Commentary => "the commentary".to_string(),
        Show::Figure(whose, period) => {
            let whose = match whose {
                Whose::Own => "the council's figure".to_string(),
                Whose::Comparator(comparator) => format!("the comparator {comparator}"),
                Whose::Council(code) => format!("the figure of the council {}", code.as_str()),
            };
            period.map_or(whose.clone(), |period| format!("{whose} for {}", period.label()))
        }
        Show::Numerator => "the numerator".to_string(),
        Show::Denominator => "the denominator".to_string(),
        Show::Target => "the target".to_string(),
        Show::Tolerance => "what is near enough to the target".to_string(),
        Show::Status => "the status against the target".to_string(),
        Show::Direction(from) => format!("the direction since the {from}"),
        Show::Change(from) => format!("the change since the {from}"),
        Show::Chance(from) => format!("whether the change since the {from} is more than chance"),
        Show::Assurance => "whether the target is met whatever chance does".to_string(),
        Show::Variation => "how the figure lies among those before it".to_string(),
        Show::Comparison(..) => "how it stands beside others".to_string(),
        Show::Share => "the share of the total".to_string(),
        Show::Running => "the running total".to_string(),
        Show::Rank => "the rank among England's councils".to_string(),
        Show::NeighbourRank => "the rank among its neighbours".to_string(),
        Show::Band => "the band among England's councils".to_string(),
        Show::BestNeighbour => "the best figure among its neighbours".to_string(),
        Show::QuartileThreshold => "where England's best quarter begins".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_may_be_named_as_a_formula_names_it() {
        let (sheet, cell) = parse("'Children''s homes'!$D$6").expect("a cell");
        assert_eq!(sheet.as_deref(), Some("Children's homes"));
        assert_eq!(cell, CellAddress::new(5, 3));
        assert_eq!(parse("d6"), Some((None, cell)));
    }
}
