//! Charts as drawings in the page: told apart by dashes, marks and patterns as in the workbook, and
//! put in words.

use maud::{Markup, PreEscaped, html};

use crate::nouns::house::HouseStyle;
use crate::nouns::numbers::{in_pounds, rounded};
use crate::nouns::report::{Chart, ChartKind, NumberFormat, Row, SeriesLook, Sheet};
use crate::papers::write::chart::rgb;
use crate::papers::write::scale::{self, Scale};

const WIDTH: f64 = 720.0;
/// Room above, at the right, and for a line of text.
const TOP: f64 = 12.0;
const RIGHT: f64 = 16.0;
const LINE: f64 = 18.0;
/// The drawing of lines itself, and a bar.
const HEIGHT: f64 = 240.0;
const BAR: f64 = 16.0;
/// The width of a letter, by and large.
const LETTER: f64 = 6.4;
/// Letters in a line beside a bar.
const LONGEST: usize = 30;

/// A series: its name, its look, its figures with what is printed of them.
struct Drawn {
    name: String,
    look: SeriesLook,
    figures: Vec<Option<(f64, String)>>,
}

/// The drawing of a chart, whose figures are those of the table beside it.
pub fn svg(sheet: &Sheet, chart: &Chart, house: &HouseStyle, number: usize) -> Markup {
    let rows = &sheet.rows[chart.rows.0 as usize..=chart.rows.1 as usize];
    let points: Vec<String> = rows.iter().map(|row| name_of_point(row, chart)).collect();
    let scale = Scale::of(sheet, chart);
    let series = chart.series.iter().map(|series| Drawn {
        name: scale::name(sheet, chart, series),
        look: series.look,
        figures: scale::figures(sheet, chart, series),
    });
    let series: Vec<Drawn> = series.collect();
    let ends = scale::ends(sheet, chart, &scale, HEIGHT);
    let mut svg = Svg { number, house, text: String::new() };
    let height = match chart.kind {
        ChartKind::Lines | ChartKind::Columns => {
            svg.over_time(chart, &points, &series, &scale, ends.as_deref())
        }
        ChartKind::Bars => svg.bars(chart, &points, &series, &scale),
    };
    let (name, words) = (format!("chart-{number}"), format!("words-{number}"));
    html! {
        figure {
            "\n" svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img"
                aria-labelledby={ (name) " " (words) } {
                "\n" title id=(name) { (chart.title) } "\n"
                desc id=(words) { (chart.alt) } "\n"
                (PreEscaped(svg.text))
            } "\n"
            figcaption { "Chart of table " (number) ": " (chart.title) } "\n"
        } "\n"
    }
}

fn name_of_point(row: &Row, chart: &Chart) -> String {
    let name = row.cells.iter().find(|cell| cell.column == chart.names);
    name.map_or(String::new(), |cell| cell.content.printed().into())
}

/// A length as it stands in the drawing.
fn tenths(length: f64) -> String {
    format!("{length:.1}")
}

/// A colour of the council's as it stands in the drawing.
fn colour(look: SeriesLook, house: &HouseStyle) -> String {
    format!("#{:06x}", rgb(look, house))
}

/// A mark of the axis as it is printed.
fn mark(value: f64, format: NumberFormat) -> String {
    match format {
        NumberFormat::Plain(decimals) => format!("{value:.*}", usize::from(decimals)),
        NumberFormat::Percent(decimals) => format!("{value:.*}%", usize::from(decimals)),
        NumberFormat::Pounds(decimals) => in_pounds(&rounded(value, decimals)),
    }
}

/// A drawing while it is made.
struct Svg<'h> {
    number: usize,
    house: &'h HouseStyle,
    text: String,
}

impl Svg<'_> {
    fn put(&mut self, shape: Markup) {
        self.text.push_str(&shape.into_string());
        self.text.push('\n');
    }

    /// A shape of numbers and colours alone, which ends in itself as maud's elements do not.
    fn draw(&mut self, shape: String) {
        self.put(PreEscaped(shape));
    }

    fn label(&mut self, x: f64, y: f64, anchor: &str, text: &str) {
        self.put(html! {
            text x=(tenths(x)) y=(tenths(y)) text-anchor=(anchor) { (text) }
        });
    }

    fn rule(&mut self, from: (f64, f64), to: (f64, f64), colour: &str) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.draw(format!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" \
             stroke=\"{colour}\"/>"
        ));
    }

    /// Lines or upright bars over points; gives the height of all.
    fn over_time(
        &mut self,
        chart: &Chart,
        points: &[String],
        series: &[Drawn],
        scale: &Scale,
        ends: Option<&[String]>,
    ) -> f64 {
        let (left, top) = (60.0, TOP + LINE);
        let bottom = top + HEIGHT;
        let letters = |texts: &[String]| texts.iter().map(|t| t.chars().count()).max().unwrap_or(0);
        let right = ends.map_or(RIGHT, |ends| letters(ends) as f64 * LETTER + 8.0);
        let width = WIDTH - left - right;
        self.label(4.0, TOP + 4.0, "start", &chart.unit);
        for step in scale.marks() {
            let y = bottom - scale.at(step) * HEIGHT;
            self.rule((left, y), (left + width, y), "#d9d9d9");
            self.label(left - 6.0, y + 4.0, "end", &mark(step, scale.format(chart.format)));
        }
        self.rule((left, bottom), (left + width, bottom), "#000");
        let slot = width / points.len() as f64;
        let x = |index: usize| left + slot * (index as f64 + 0.5);
        match chart.under_years.as_slice() {
            [] => {
                for (index, point) in points.iter().enumerate() {
                    self.label(x(index), bottom + LINE, "middle", point);
                }
            }
            names => self.under_years(names, slot, (left, bottom)),
        }
        // A line more for the years.
        let bottom_of_names = bottom + if chart.under_years.is_empty() { 0.0 } else { LINE };
        let upright = |one: &&Drawn| chart.kind == ChartKind::Columns && !one.look.is_level();
        let bars: Vec<&Drawn> = series.iter().filter(upright).collect();
        let thick = slot * 0.7 / bars.len().max(1) as f64;
        for (at, one) in bars.iter().enumerate() {
            self.pattern(one.look);
            for (index, figure) in one.figures.iter().enumerate() {
                let Some((value, printed)) = figure else { continue };
                let (value, zero) = (scale.at(*value) * HEIGHT, scale.at(0.0) * HEIGHT);
                let from = x(index) - slot * 0.35 + at as f64 * thick;
                let place = (from, bottom - value.max(zero));
                let said = format!("{}, {}: {printed}", one.name, points[index]);
                self.bar(one.look, place, (thick, (value - zero).abs()), &said);
            }
        }
        for (at, one) in series.iter().enumerate().filter(|(_, one)| !upright(one)) {
            let places: Vec<Option<(f64, f64)>> = one
                .figures
                .iter()
                .enumerate()
                .map(|(index, figure)| {
                    Some((x(index), bottom - scale.at(figure.as_ref()?.0) * HEIGHT))
                })
                .collect();
            if let (Some(ends), Some(Some(last))) = (ends, places.last()) {
                self.label(last.0 + 8.0, last.1 + 4.0, "start", &ends[at]);
            }
            // A line has a gap where there is no figure.
            for stretch in places.split(Option::is_none).filter(|stretch| stretch.len() > 1) {
                let path: Vec<String> =
                    stretch.iter().flatten().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
                self.line(one.look, &path.join(" "));
            }
            for (index, place) in places.into_iter().enumerate() {
                if let (Some(place), Some((_, printed))) = (place, &one.figures[index]) {
                    let said = format!("{}, {}: {printed}", one.name, points[index]);
                    self.mark(one.look, place, &said);
                }
            }
        }
        match ends {
            Some(_) => bottom_of_names + 2.0 * LINE,
            None => self.legend(series, chart.kind, bottom_of_names + 2.0 * LINE),
        }
    }

    /// The names of points, and below them each year under the points that are of it.
    fn under_years(&mut self, names: &[(String, String)], slot: f64, (left, bottom): (f64, f64)) {
        let mut at = left;
        for of_year in names.chunk_by(|one, next| one.0 == next.0) {
            for (index, (_, name)) in of_year.iter().enumerate() {
                self.label(at + slot * (index as f64 + 0.5), bottom + LINE, "middle", name);
            }
            let width = slot * of_year.len() as f64;
            self.label(at + width / 2.0, bottom + 2.0 * LINE, "middle", &of_year[0].0);
            at += width;
            self.rule((at, bottom), (at, bottom + 2.0 * LINE), "#d9d9d9");
        }
    }

    fn line(&mut self, look: SeriesLook, path: &str) {
        let (width, dash) = match look {
            SeriesLook::Own => (3.0, "none"),
            SeriesLook::Neighbours => (2.3, "8 4"),
            SeriesLook::Region => (2.3, "8 4 2 4"),
            SeriesLook::England => (2.3, "2 4"),
            SeriesLook::Other(_) => (2.0, "12 4 2 4 2 4"),
            SeriesLook::Target => (2.0, "14 6"),
            SeriesLook::Limit => (1.2, "3 3"),
            SeriesLook::Mean => (1.2, "none"),
        };
        let colour = colour(look, self.house);
        self.draw(format!(
            "<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" \
             stroke-width=\"{width}\" stroke-dasharray=\"{dash}\"/>"
        ));
    }

    /// A mark, whose shape is the series' own.
    fn mark(&mut self, look: SeriesLook, (x, y): (f64, f64), said: &str) {
        let colour = colour(look, self.house);
        let shape = match look {
            SeriesLook::Target | SeriesLook::Limit | SeriesLook::Mean => return,
            SeriesLook::Own => "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
            SeriesLook::Neighbours => "M-4-4h8v8h-8z",
            SeriesLook::Region => "M0-5l5 5l-5 5l-5-5z",
            SeriesLook::England => "M0-5l5 9h-10z",
            SeriesLook::Other(n) => {
                ["M-4-4l8 8M-4 4l8-8", "M-5 0h10M0-5v10", "M-4-4l8 8M-4 4l8-8M0-5v10", "M-6 0h12"]
                    [n % 4]
            }
        };
        let place = format!("translate({x:.1} {y:.1})");
        self.put(html! {
            path d=(shape) transform=(place) fill=(colour) stroke=(colour) stroke-width="1.5" {
                title { (said) }
            }
        });
    }

    /// Bars beside names, the first on top; gives the height of all.
    fn bars(&mut self, chart: &Chart, points: &[String], series: &[Drawn], scale: &Scale) -> f64 {
        let names: Vec<Vec<String>> = points.iter().map(|point| wrapped(point)).collect();
        let longest = names.iter().flatten().map(|line| line.chars().count()).max().unwrap_or(0);
        let (left, top) = (longest as f64 * LETTER + 16.0, TOP);
        let width = WIDTH - left - RIGHT - 40.0;
        let x = |value: f64| left + scale.at(value) * width;
        let group =
            |lines: usize| (series.len() as f64 * (BAR + 2.0)).max(lines as f64 * LINE) + 12.0;
        let bottom = top + names.iter().map(|lines| group(lines.len())).sum::<f64>();
        for step in scale.marks() {
            self.rule((x(step), top), (x(step), bottom), "#d9d9d9");
            self.label(x(step), bottom + LINE, "middle", &mark(step, scale.format(chart.format)));
        }
        for one in series {
            self.pattern(one.look);
        }
        let mut y = top;
        for (index, lines) in names.iter().enumerate() {
            for (at, line) in lines.iter().enumerate() {
                self.label(left - 8.0, y + 6.0 + LINE * (at as f64 + 0.6), "end", line);
            }
            for (at, one) in series.iter().enumerate() {
                let Some((value, printed)) = &one.figures[index] else { continue };
                let y = y + 6.0 + at as f64 * (BAR + 2.0);
                let (from, to) = (x(0.0_f64.min(*value)), x(0.0_f64.max(*value)));
                let said = format!("{}, {}: {printed}", one.name, points[index]);
                self.bar(one.look, (from, y), (to - from, BAR), &said);
                self.label(to + 5.0, y + BAR - 4.0, "start", printed);
            }
            y += group(lines.len());
        }
        self.rule((x(0.0), top), (x(0.0), bottom), "#000");
        self.label(WIDTH - RIGHT, bottom + 2.0 * LINE, "end", &chart.unit);
        self.legend(series, chart.kind, bottom + 3.0 * LINE)
    }

    fn bar(
        &mut self,
        look: SeriesLook,
        (x, y): (f64, f64),
        (width, height): (f64, f64),
        said: &str,
    ) {
        let number = self.number;
        let colour = colour(look, self.house);
        let fill = match look {
            SeriesLook::Own => colour.clone(),
            other => format!("url(#fill-{number}-{})", key(other)),
        };
        self.put(html! {
            rect x=(tenths(x)) y=(tenths(y)) width=(tenths(width)) height=(tenths(height))
                fill=(fill) stroke=(colour) { title { (said) } }
        });
    }

    /// What bars of a look are filled with.
    fn pattern(&mut self, look: SeriesLook) {
        let (number, colour) = (self.number, colour(look, self.house));
        let shape = match look {
            SeriesLook::Own => return,
            SeriesLook::Neighbours => "M0 6l6-6",
            SeriesLook::Region => "M1 1h2v2h-2zM4 4h2v2h-2z",
            SeriesLook::England => "M0 3h6",
            SeriesLook::Other(_) => "M0 3h6M3 0v6",
            SeriesLook::Target | SeriesLook::Limit | SeriesLook::Mean => "M2 2h1v1h-1z",
        };
        self.draw(format!(
            "<pattern id=\"fill-{number}-{}\" width=\"6\" height=\"6\" \
             patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/>\
             <path d=\"{shape}\" stroke=\"{colour}\" stroke-width=\"1.5\"/></pattern>",
            key(look)
        ));
    }

    /// What each line or bar is, from a height on; gives the height of all.
    fn legend(&mut self, series: &[Drawn], kind: ChartKind, top: f64) -> f64 {
        let (mut x, mut y) = (60.0, top);
        for (at, one) in series.iter().enumerate() {
            // The two ends of a range have one name.
            if at > 0 && one.look.is_level() && series[at - 1].name == one.name {
                continue;
            }
            let needed = 46.0 + one.name.chars().count() as f64 * LETTER + 20.0;
            if x > 60.0 && x + needed > WIDTH {
                (x, y) = (60.0, y + LINE);
            }
            if kind == ChartKind::Lines || one.look.is_level() && kind == ChartKind::Columns {
                self.line(one.look, &format!("{x:.1},{y:.1} {:.1},{y:.1}", x + 36.0));
                self.mark(one.look, (x + 18.0, y), &one.name);
            } else {
                self.bar(one.look, (x, y - 6.0), (36.0, 12.0), &one.name);
            }
            self.label(x + 44.0, y + 4.0, "start", &one.name);
            x += needed;
        }
        y + LINE
    }
}

/// A look's name within a chart.
fn key(look: SeriesLook) -> String {
    match look {
        SeriesLook::Other(n) => format!("other-{n}"),
        look => format!("{look:?}").to_lowercase(),
    }
}

/// A name in lines of a few words.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LONGEST => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}
