//! A table of figures with a chart of it: at its right, or below it where there is no room.

use std::ops::Range;

use super::builder::{Builder, POINTS_A_PIXEL};
use super::cells::{CellMaker, Pair, format, marked, measure};
use super::fill::Frame;
use crate::definitions::Indicator;
use crate::figures::assess;
use crate::figures::suppress::Shown;
use crate::nouns::area::Area;
use crate::nouns::numbers::rounded;
use crate::nouns::period::Period;
use crate::nouns::plan::{ChartPlan, Drawn};
use crate::nouns::report::{
    Cell, Chart, ChartKind, Content, Level, MadeOf, Of, Row, RowKind, Series, SeriesLook, Style,
};
use crate::nouns::show::{Show, Whose};
use crate::nouns::unit::Unit;
use crate::nouns::words::capital;

/// The least that a chart needs to be read, in pixels: three of them stand on a page.
const LEAST_PIXELS: (f64, f64) = (360.0, 208.0);
/// A chart is no higher than this, unless its bars need more.
const HIGHEST_PIXELS: f64 = 360.0;
/// What a bar needs to have its name beside it, and what stands above and below the bars.
const PIXELS_A_BAR: (f64, f64) = (22.0, 80.0);
/// Pixels that are kept free at both sides of a chart.
const GAP: f64 = 12.0;
/// How many years a trend has where nothing is said.
const YEARS_OF_A_TREND: usize = 5;
/// A table of more points is set in small letters, so that two charts stand on a page.
const LONG: usize = 8;
/// So many periods have room for their whole names below a chart.
const FEW: usize = 5;
/// Excel cuts a longer description off.
const LONGEST_ALT: usize = 255;

/// A chart with the rows that it lies over, from which it has its height.
pub struct Placed {
    chart: Chart,
    /// The rows.
    pub rows: Range<u32>,
    /// How high they are together at least, and at most where a page has room, in points.
    pub least: f64,
    pub most: f64,
}

impl Placed {
    /// The chart, as high as its rows are.
    pub fn over(&self, rows: &[Row]) -> Chart {
        let rows = &rows[self.rows.start as usize..self.rows.end as usize];
        let points: f64 = rows.iter().map(|row| row.height).sum();
        let pixels = points.min(self.most) / POINTS_A_PIXEL - GAP / 2.0;
        Chart { height: pixels as u32, ..self.chart.clone() }
    }
}

/// A column of the table: its heading, how its line looks, and its figures.
struct Column {
    heading: String,
    look: SeriesLook,
    figures: Vec<Content>,
    show: Show,
}

/// Levels across the chart that belong together.
struct Levels {
    /// What they are of the indicator.
    show: Show,
    /// All of them in words, for the line below the table.
    words: String,
    lines: Vec<(SeriesLook, Level)>,
}

/// Puts table and chart at the end of a sheet; says why where it cannot.
pub fn chart(
    builder: &mut Builder,
    plan: &ChartPlan,
    maker: &CellMaker,
    frame: &Frame,
) -> Result<(), String> {
    let periods = match &plan.of {
        Drawn::Trend(_, periods) if periods.is_empty() => last_years(maker.shown.period),
        Drawn::Trend(_, periods) => periods.clone(),
        Drawn::Bars(_) => Vec::new(),
    };
    let (first, points, columns) = match &plan.of {
        Drawn::Trend(code, _) => trend(code, &periods, plan, maker, frame),
        Drawn::Bars(codes) => bars(codes, plan, maker, frame),
    };
    let levels: Vec<Levels> = match &plan.of {
        Drawn::Trend(code, _) => {
            let target = target_levels(&maker.shown.indicators[code]).filter(|_| plan.target);
            let variation = variation_levels(code, maker).filter(|_| plan.limits);
            target.into_iter().chain(variation).collect()
        }
        Drawn::Bars(_) => Vec::new(),
    };
    let code = plan.of.indicators()[0];
    let indicator = &maker.shown.indicators[code];
    if let Some(other) =
        plan.of.indicators().into_iter().find(|c| maker.shown.indicators[*c].unit != indicator.unit)
    {
        return Err(format!(
            "`{code}` and `{other}` cannot be drawn in one chart: they are in different units"
        ));
    }
    let table = columns.len() + 1;
    let at = builder.first_column();
    let columns_left = builder.columns() - usize::from(at);
    if table > columns_left {
        return Err(format!(
            "the table of the chart of `{code}` has {table} columns, the sheet has {columns_left}"
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
        let period = periods.get(index).copied();
        let name = Content::Text(point.clone());
        let name =
            Cell { column: 0, span: 1, style: of_name, content: name, made_of: MadeOf::Words };
        let figures = columns.iter().enumerate().map(|(i, column)| Cell {
            column: i as u16 + 1,
            span: 1,
            style: of_figure,
            content: column.figures[index].clone(),
            made_of: maker
                .made_of(&in_period(&column.show, period), Pair { code, ..Pair::default() }),
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
    for together in &levels {
        let made_of = maker.made_of(&together.show, Pair { code, ..Pair::default() });
        let content = Content::Text(together.words.clone());
        let (span, style) = (table as u16, Style::Note);
        builder.push(RowKind::Text, vec![Cell { column: 0, span, style, content, made_of }], 0.0);
    }
    builder.no_longer_beside();
    let behind = at + table as u16;
    let right = builder.pixels_from(behind.into()) - 2.0 * GAP;
    let (row, column, width) = if right >= LEAST_PIXELS.0 {
        (head_row, behind, right)
    } else {
        builder.spacer();
        (builder.next_row(), 0, builder.pixels_from(0) - 2.0 * GAP)
    };
    let least = match &plan.of {
        Drawn::Trend(..) => LEAST_PIXELS.1,
        Drawn::Bars(codes) => {
            LEAST_PIXELS.1.max(PIXELS_A_BAR.1 + PIXELS_A_BAR.0 * codes.len() as f64)
        }
    };
    let short = least * POINTS_A_PIXEL - builder.points_from(row);
    if short > 0.0 {
        builder.room(short);
    }
    let decimals = columns.iter().flat_map(|c| &c.figures).filter_map(Content::decimals).max();
    let given = plan.title.as_ref().filter(|title| !title.is_empty());
    let title = given.unwrap_or(&indicator.title).clone();
    let kind = match &plan.of {
        Drawn::Trend(..) if plan.upright => ChartKind::Columns,
        Drawn::Trend(..) => ChartKind::Lines,
        Drawn::Bars(_) => ChartKind::Bars,
    };
    let of_columns =
        (at + 1..).zip(&columns).map(|(n, c)| Series { of: Of::Column(n), look: c.look });
    let lines = levels.iter().flat_map(|together| &together.lines);
    let of_levels = lines.map(|(look, level)| Series { of: Of::Level(level.clone()), look: *look });
    let chart = Chart {
        row,
        column,
        width: width as u32,
        height: 0,
        kind,
        alt: alt(kind, &title, &points, &columns, &levels),
        title,
        titled: plan.title.as_deref() != Some(""),
        unit: capital(&indicator.unit.to_string()),
        format: format(indicator.unit, decimals.unwrap_or(0)),
        rows,
        names: at,
        under_years: under_years(&periods),
        series: of_columns.chain(of_levels).collect(),
    };
    builder.charts.push(Placed {
        chart,
        rows: row..builder.next_row(),
        least: least * POINTS_A_PIXEL,
        most: HIGHEST_PIXELS.max(least) * POINTS_A_PIXEL,
    });
    Ok(())
}

/// What a column shows, of the period that a row of the table is of.
fn in_period(show: &Show, period: Option<Period>) -> Show {
    match show {
        Show::Figure(whose, _) => Show::Figure(whose.clone(), period),
        other => other.clone(),
    }
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

/// Names of many periods: years alone say enough by themselves.
fn under_years(periods: &[Period]) -> Vec<(String, String)> {
    if periods.len() <= FEW || periods.iter().all(Period::is_year) {
        return Vec::new();
    }
    periods.iter().map(Period::label_in_year).collect()
}

fn trend(
    code: &str,
    periods: &[Period],
    plan: &ChartPlan,
    maker: &CellMaker,
    frame: &Frame,
) -> Parts {
    let columns = columns(plan, frame, |whose| {
        let shows = periods.iter().map(|period| Show::Figure(whose.clone(), Some(*period)));
        let figures = shows.map(|show| number(maker.shown(&show, code).map(marked)));
        (String::new(), figures.collect())
    });
    ("Period", periods.iter().map(Period::label).collect(), columns)
}

/// The target with the range that is near enough.
fn target_levels(indicator: &Indicator) -> Option<Levels> {
    let target = indicator.target?;
    let at = measure(indicator, target);
    let mut words = format!("Target {}", at.printed());
    let mut lines = vec![(SeriesLook::Target, level("Target", "Target", at))];
    if let Some((from, to)) = assess::range(indicator) {
        let ends = [("Range from", from), ("Range to", to)]
            .map(|(word, end)| (word, measure(indicator, end)));
        words += &format!(", range {} to {}", ends[0].1.printed(), ends[1].1.printed());
        // An end that is the target itself has its line.
        let apart = ends.into_iter().filter(|(_, end)| end.number() != Some(target));
        lines.extend(apart.map(|(word, end)| (SeriesLook::Limit, level("Range", word, end))));
    }
    Some(Levels { show: Show::Target, words, lines })
}

/// The mean of all figures with the limits of normal variation.
fn variation_levels(code: &str, maker: &CellMaker) -> Option<Levels> {
    let indicator = &maker.shown.indicators[code];
    let limits = assess::process_limits(maker.shown, code)?;
    let most = if indicator.unit == Unit::Percentage { 100.0 } else { f64::INFINITY };
    let [mean, lower, upper] = [limits.mean, limits.lower.max(0.0), limits.upper.min(most)]
        .map(|n| rounded(n, indicator.decimals.max(1)).parse().unwrap_or(n))
        .map(|n| measure(indicator, n));
    let words =
        format!("Mean {}, limits {} to {}", mean.printed(), lower.printed(), upper.printed());
    let lines = vec![
        (SeriesLook::Mean, level("Mean", "Mean", mean)),
        (SeriesLook::Limit, level("Limits", "Lower limit", lower)),
        (SeriesLook::Limit, level("Limits", "Upper limit", upper)),
    ];
    Some(Levels { show: Show::Variation, words, lines })
}

fn level(name: &str, words: &str, at: Content) -> Level {
    Level { name: name.to_string(), label: words.to_string(), at }
}

fn bars(codes: &[String], plan: &ChartPlan, maker: &CellMaker, frame: &Frame) -> Parts {
    let each: Vec<&str> = codes.iter().map(String::as_str).collect();
    let mut columns = columns(plan, frame, |whose| {
        let show = Show::Figure(whose.clone(), None);
        let year = maker.year(&show, "", &each).map(|(year, _)| year);
        let shown = each.iter().map(|code| maker.shown(&show, code));
        // A bar cannot say that it is of another year than those beside it.
        let of_year =
            |shown: &&Shown| year.as_ref().is_none_or(|year| *year == shown.period().label());
        let figures = shown.map(|shown| number(shown.filter(of_year).map(marked))).collect();
        (year.map_or(String::new(), |year| format!(" {year}")), figures)
    });
    let indicators: Vec<_> = each.iter().map(|code| &maker.shown.indicators[*code]).collect();
    if plan.target && indicators.iter().any(|i| i.target.is_some()) {
        let figures =
            indicators.iter().map(|i| i.target.map_or(Content::Blank, |target| measure(i, target)));
        let (heading, figures) = ("Target".to_string(), figures.collect());
        columns.push(Column { heading, look: SeriesLook::Target, figures, show: Show::Target });
    }
    ("Indicator", indicators.iter().map(|i| i.title.clone()).collect(), columns)
}

/// The columns of the council and of those beside it that have any figure; of each is told what
/// stands behind its name, and its figures.
fn columns(
    plan: &ChartPlan,
    frame: &Frame,
    told: impl Fn(&Whose) -> (String, Vec<Content>),
) -> Vec<Column> {
    let mut others = 0;
    let mut columns = Vec::new();
    for whose in std::iter::once(&Whose::Own).chain(&plan.beside) {
        let look = match whose.area() {
            Area::Own => SeriesLook::Own,
            Area::StatisticalNeighbours => SeriesLook::Neighbours,
            Area::Region => SeriesLook::Region,
            Area::England => SeriesLook::England,
            Area::Council(_) => {
                others += 1;
                SeriesLook::Other(others - 1)
            }
        };
        let (behind, figures) = told(whose);
        if look == SeriesLook::Own || figures.iter().any(|f| *f != Content::Blank) {
            let show = Show::Figure(whose.clone(), None);
            columns.push(Column {
                heading: frame.areas.name(&whose.area()).to_string() + &behind,
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

/// What a line or a kind of bars shows: all figures, or the first and the last.
fn sentence(kind: ChartKind, points: &[String], column: &Column, all: bool) -> String {
    let figures =
        points.iter().zip(&column.figures).filter(|(_, figure)| **figure != Content::Blank);
    let mut said: Vec<String> = figures
        .map(|(point, figure)| match kind {
            ChartKind::Lines | ChartKind::Columns => {
                format!("{} in {point}", figure.printed())
            }
            ChartKind::Bars => format!("{point} {}", figure.printed()),
        })
        .collect();
    if said.is_empty() {
        return format!(" {}: no figures.", column.heading);
    }
    if all || said.len() < 3 {
        return format!(" {}: {}.", column.heading, said.join(", "));
    }
    let (first, last) = (said.swap_remove(0), said.pop().unwrap_or_default());
    format!(" {}: {first} … {last}.", column.heading)
}

/// The chart in words, as many as fit: all figures, else the first and the last of each line.
fn alt(
    kind: ChartKind,
    title: &str,
    points: &[String],
    columns: &[Column],
    levels: &[Levels],
) -> String {
    let what = if kind == ChartKind::Lines { "Line" } else { "Bar" };
    let fits = |text: &str| text.encode_utf16().count() <= LONGEST_ALT;
    let mut text = format!("{what} chart: {title}.");
    let levels: Vec<String> = levels.iter().map(|levels| format!(" {}.", levels.words)).collect();
    let all: String = columns.iter().map(|column| sentence(kind, points, column, true)).collect();
    let all = all + &levels.concat();
    if fits(&format!("{text}{all}")) {
        return text + &all;
    }
    for said in columns.iter().map(|column| sentence(kind, points, column, false)).chain(levels) {
        let more = text.clone() + &said;
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
