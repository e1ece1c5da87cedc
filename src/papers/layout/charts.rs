//! A table of figures with a chart of it: at its right, or below it where there is no room.

use super::builder::Builder;
use super::cells::{Ink, Pair, format, marked, measure};
use super::fill::Frame;
use crate::figures::assess;
use crate::nouns::area::Area;
use crate::nouns::numbers::rounded;
use crate::nouns::period::Period;
use crate::nouns::plan::{ChartPlan, Drawn};
use crate::nouns::report::{
    Cell, Chart, ChartKind, Content, Look, MadeOf, NumberFormat, RowKind, Series, Style,
};
use crate::nouns::show::{Show, Whose};
use crate::nouns::unit::Unit;
use crate::nouns::words::capital;

/// The least that a chart needs to be read, in pixels.
const LEAST_PIXELS: (f64, f64) = (360.0, 270.0);
/// A chart beside a long table is no higher than this.
const HIGHEST_PIXELS: f64 = 360.0;
const POINTS_A_PIXEL: f64 = 0.75;
/// Pixels that are kept free at both sides of a chart.
const GAP: f64 = 12.0;
/// How many years a trend has where nothing is said.
const YEARS_OF_A_TREND: usize = 5;
/// A table of more points is set in small letters, so that two charts stand on a page.
const LONG: usize = 8;
/// Excel cuts a longer description off.
const LONGEST_ALT: usize = 255;

/// A column of the table: its heading, how its line looks, and its figures.
struct Column {
    heading: String,
    look: Look,
    figures: Vec<Content>,
    show: Show,
}

/// Puts table and chart at the end of a sheet; says why where it cannot.
pub fn chart(
    builder: &mut Builder,
    plan: &ChartPlan,
    ink: &Ink,
    frame: &Frame,
) -> Result<(), String> {
    let periods = match &plan.of {
        Drawn::Trend(_, periods) if periods.is_empty() => last_years(ink.shown.period),
        Drawn::Trend(_, periods) => periods.clone(),
        Drawn::Bars(_) => Vec::new(),
    };
    let (first, points, columns) = match &plan.of {
        Drawn::Trend(code, _) => trend(code, &periods, plan, ink, frame),
        Drawn::Bars(codes) => bars(codes, plan, ink, frame),
    };
    let code = plan.of.indicators()[0];
    let indicator = &ink.shown.indicators[code];
    if let Some(other) =
        plan.of.indicators().into_iter().find(|c| ink.shown.indicators[*c].unit != indicator.unit)
    {
        return Err(format!(
            "`{code}` and `{other}` cannot be drawn in one chart: they are in different units"
        ));
    }
    let table = columns.len() + 1;
    if table > builder.columns() {
        return Err(format!(
            "the table of the chart of `{code}` has {table} columns, the sheet has {}",
            builder.columns()
        ));
    }
    let of_column = |c: &Column| (c.heading.clone(), true, MadeOf::Heading(c.show.clone()));
    let heads = std::iter::once((first.to_string(), false, MadeOf::Words))
        .chain(columns.iter().map(of_column));
    let head_row = builder.next_row();
    builder.headings(heads);
    let first_row = builder.next_row();
    let (of_name, of_figure) = match points.len() > LONG {
        true => (Style::Point, Style::PointFigure),
        false => (Style::Name, Style::Figure),
    };
    for (index, point) in points.iter().enumerate() {
        let code = match &plan.of {
            Drawn::Trend(code, _) => code,
            Drawn::Bars(codes) => &codes[index],
        };
        let made_of = |show: &Show| match show {
            Show::Figure(whose, _) => Show::Figure(whose.clone(), periods.get(index).copied()),
            other => other.clone(),
        };
        let name = Content::Text(point.clone());
        let name =
            Cell { column: 0, span: 1, style: of_name, content: name, made_of: MadeOf::Words };
        let figures = columns.iter().enumerate().map(|(i, column)| Cell {
            column: i as u16 + 1,
            span: 1,
            style: of_figure,
            content: column.figures[index].clone(),
            made_of: ink.made_of(&made_of(&column.show), Pair { code, ..Pair::default() }),
        });
        builder.push(
            RowKind::Point(indicator.unit),
            std::iter::once(name).chain(figures).collect(),
            0.0,
        );
    }
    let rows = (first_row, builder.next_row() - 1);
    if columns.iter().flat_map(|c| &c.figures).all(|figure| *figure == Content::Blank) {
        return Ok(());
    }
    let right = builder.pixels_from(table) - 2.0 * GAP;
    let (row, column, width) = if right >= LEAST_PIXELS.0 {
        (head_row, table as u16, right)
    } else {
        builder.spacer();
        (builder.next_row(), 0, builder.pixels_from(0) - 2.0 * GAP)
    };
    let short = LEAST_PIXELS.1 * POINTS_A_PIXEL - builder.points_from(row);
    if short > 0.0 {
        builder.room(short);
    }
    let height = (builder.points_from(row) / POINTS_A_PIXEL).min(HIGHEST_PIXELS) - GAP / 2.0;
    let decimals = |content: &Content| match content {
        Content::Number {
            format: NumberFormat::Plain(d) | NumberFormat::Percent(d) | NumberFormat::Pounds(d),
            ..
        } => *d,
        _ => 0,
    };
    let decimals = columns.iter().flat_map(|c| &c.figures).map(decimals).max().unwrap_or(0);
    let title = plan.title.clone().unwrap_or_else(|| indicator.title.clone());
    let kind = if matches!(plan.of, Drawn::Trend(..)) { ChartKind::Lines } else { ChartKind::Bars };
    builder.charts.push(Chart {
        row,
        column,
        width: width as u32,
        height: height as u32,
        kind,
        alt: alt(kind, &title, &points, &columns),
        title,
        unit: capital(&indicator.unit.to_string()),
        format: format(indicator.unit, decimals),
        rows,
        series: (1..).zip(&columns).map(|(column, c)| Series { column, look: c.look }).collect(),
    });
    Ok(())
}

/// Heading of the first column, names of the points, columns.
type Parts = (&'static str, Vec<String>, Vec<Column>);

/// What a trend is of where nothing is said.
fn last_years(period: Period) -> Vec<Period> {
    let years = std::iter::successors(Some(period), |period| Some(period.previous_year()));
    let mut years: Vec<Period> = years.take(YEARS_OF_A_TREND).collect();
    years.reverse();
    years
}

fn trend(code: &str, periods: &[Period], plan: &ChartPlan, ink: &Ink, frame: &Frame) -> Parts {
    let figures = |whose: &Whose| {
        let of = |period: &Period| {
            ink.shown(&Show::Figure(whose.clone(), Some(*period)), code).map(marked)
        };
        periods.iter().map(|period| number(of(period))).collect()
    };
    let mut columns = columns(plan, frame, |_| String::new(), figures);
    let indicator = &ink.shown.indicators[code];
    if let Some(target) = indicator.target.filter(|_| plan.target) {
        let ends = assess::range(indicator).map_or(Vec::new(), |(from, to)| {
            vec![("Target range from", from), ("Target range to", to)]
        });
        let ends = ends
            .into_iter()
            .filter(|(_, end)| *end != target)
            .map(|(heading, end)| (heading, Look::Limit, end));
        for (heading, look, level) in std::iter::once(("Target", Look::Target, target)).chain(ends)
        {
            let figures = vec![measure(indicator, level); periods.len()];
            let show = if look == Look::Target { Show::Target } else { Show::Tolerance };
            columns.push(Column { heading: heading.to_string(), look, figures, show });
        }
    }
    if let Some(limits) = assess::process_limits(ink.shown, code).filter(|_| plan.limits) {
        let most = if indicator.unit == Unit::Percentage { 100.0 } else { f64::INFINITY };
        for (heading, look, level) in [
            ("Mean", Look::Mean, limits.mean),
            ("Lower limit", Look::Limit, limits.lower.max(0.0)),
            ("Upper limit", Look::Limit, limits.upper.min(most)),
        ] {
            let level = rounded(level, indicator.decimals.max(1)).parse().unwrap_or(level);
            let figures = vec![measure(indicator, level); periods.len()];
            columns.push(Column {
                heading: heading.to_string(),
                look,
                figures,
                show: Show::Variation,
            });
        }
    }
    ("Period", periods.iter().map(Period::label).collect(), columns)
}

fn bars(codes: &[String], plan: &ChartPlan, ink: &Ink, frame: &Frame) -> Parts {
    let each: Vec<&str> = codes.iter().map(String::as_str).collect();
    let year = |whose: &Whose| {
        ink.year(&Show::Figure(whose.clone(), None), "", &each).map(|(year, _)| year)
    };
    let figures = |whose: &Whose| {
        let show = Show::Figure(whose.clone(), None);
        let year = year(whose);
        // A bar cannot say that it is of another year than those beside it.
        let of = |code: &&str| {
            ink.shown(&show, code).filter(|s| year.is_none() || year == Some(s.period().label()))
        };
        each.iter().map(|code| number(of(code).map(marked))).collect()
    };
    let mut columns = columns(
        plan,
        frame,
        |whose| year(whose).map_or(String::new(), |year| format!(" {year}")),
        figures,
    );
    let indicators: Vec<_> = each.iter().map(|code| &ink.shown.indicators[*code]).collect();
    if plan.target && indicators.iter().any(|i| i.target.is_some()) {
        let figures =
            indicators.iter().map(|i| i.target.map_or(Content::Blank, |target| measure(i, target)));
        let (heading, figures) = ("Target".to_string(), figures.collect());
        columns.push(Column { heading, look: Look::Target, figures, show: Show::Target });
    }
    ("Indicator", indicators.iter().map(|i| i.title.clone()).collect(), columns)
}

/// The columns of the council and of those beside it that have any figure.
fn columns(
    plan: &ChartPlan,
    frame: &Frame,
    more: impl Fn(&Whose) -> String,
    figures: impl Fn(&Whose) -> Vec<Content>,
) -> Vec<Column> {
    let mut others = 0;
    let mut columns = Vec::new();
    for whose in std::iter::once(&Whose::Own).chain(&plan.beside) {
        let look = match whose.area() {
            Area::Own => Look::Own,
            Area::StatisticalNeighbours => Look::Neighbours,
            Area::Region => Look::Region,
            Area::England => Look::England,
            Area::Council(_) => {
                others += 1;
                Look::Other(others - 1)
            }
        };
        let figures = figures(whose);
        if look == Look::Own || figures.iter().any(|f| *f != Content::Blank) {
            let show = Show::Figure(whose.clone(), None);
            columns.push(Column {
                heading: frame.name(whose.area()) + &more(whose),
                look,
                figures,
                show,
            });
        }
    }
    columns
}

/// Only numbers: a text would be drawn as 0.
fn number(content: Option<Content>) -> Content {
    content.filter(|content| content.number().is_some()).unwrap_or(Content::Blank)
}

/// The chart in words, as many as fit: all figures, else the first and the last of each line.
fn alt(kind: ChartKind, title: &str, points: &[String], columns: &[Column]) -> String {
    let what = if kind == ChartKind::Lines { "Line" } else { "Bar" };
    let sentence = |column: &Column, all: bool| {
        let figures =
            points.iter().zip(&column.figures).filter(|(_, figure)| **figure != Content::Blank);
        let mut said: Vec<String> = figures
            .map(|(point, figure)| match kind {
                ChartKind::Lines => format!("{} in {point}", figure.printed()),
                ChartKind::Bars => format!("{point} {}", figure.printed()),
            })
            .collect();
        match column.look {
            Look::Target | Look::Limit | Look::Mean if kind == ChartKind::Lines => {
                format!(" {}: {}.", column.heading, column.figures[0].printed())
            }
            _ if said.is_empty() => format!(" {}: no figures.", column.heading),
            _ if all || said.len() < 3 => format!(" {}: {}.", column.heading, said.join(", ")),
            _ => format!(
                " {}: {} … {}.",
                column.heading,
                said.swap_remove(0),
                said.pop().unwrap_or_default()
            ),
        }
    };
    let fits = |text: &str| text.encode_utf16().count() <= LONGEST_ALT;
    let mut text = format!("{what} chart: {title}.");
    let all: String = columns.iter().map(|column| sentence(column, true)).collect();
    if fits(&format!("{text}{all}")) {
        return text + &all;
    }
    for column in columns {
        let more = format!("{text}{}", sentence(column, false));
        if fits(&more) {
            text = more;
        }
    }
    if fits(&text) {
        text
    } else {
        format!("{what} chart; its figures stand in the table beside it.")
    }
}
