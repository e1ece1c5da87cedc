//! Charts as drawings in the page: told apart by dashes, marks and patterns as in the workbook, and
//! put in words.

use std::fmt::Write;

use crate::nouns::house::HouseStyle;
use crate::nouns::numbers::{in_pounds, rounded};
use crate::nouns::page::escaped;
use crate::nouns::report::{Chart, ChartKind, Look, NumberFormat, Row, Sheet};
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
    look: Look,
    figures: Vec<Option<(f64, String)>>,
}

/// The drawing of a chart, whose figures are those of the table beside it.
pub fn svg(sheet: &Sheet, chart: &Chart, house: &HouseStyle, number: usize) -> String {
    let rows = &sheet.rows[chart.rows.0 as usize..=chart.rows.1 as usize];
    let point = |row: &Row| row.cells.first().map_or(String::new(), |c| c.content.printed().into());
    let points: Vec<String> = rows.iter().map(point).collect();
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
    format!(
        "<figure>\n<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"chart-{number} words-{number}\">\n\
         <title id=\"chart-{number}\">{}</title>\n<desc id=\"words-{number}\">{}</desc>\n{}</svg>\n\
         <figcaption>Chart of table {number}: {}</figcaption>\n</figure>\n",
        escaped(&chart.title),
        escaped(&chart.alt),
        svg.text,
        escaped(&chart.title),
    )
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
    fn put(&mut self, shape: std::fmt::Arguments) {
        self.text.write_fmt(shape).expect("text can be added to");
        self.text.push('\n');
    }

    fn label(&mut self, x: f64, y: f64, anchor: &str, text: &str) {
        self.put(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
            escaped(text)
        ));
    }

    fn rule(&mut self, from: (f64, f64), to: (f64, f64), colour: &str) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.put(format_args!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\"/>"
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

    fn line(&mut self, look: Look, path: &str) {
        let (width, dash) = match look {
            Look::Own => (3.0, "none"),
            Look::Neighbours => (2.3, "8 4"),
            Look::Region => (2.3, "8 4 2 4"),
            Look::England => (2.3, "2 4"),
            Look::Other(_) => (2.0, "12 4 2 4 2 4"),
            Look::Target => (2.0, "14 6"),
            Look::Limit => (1.2, "3 3"),
            Look::Mean => (1.2, "none"),
        };
        let colour = rgb(look, self.house);
        self.put(format_args!(
            "<polyline points=\"{path}\" fill=\"none\" stroke=\"#{colour:06x}\" stroke-width=\"{width}\" stroke-dasharray=\"{dash}\"/>"
        ));
    }

    /// A mark, whose shape is the series' own.
    fn mark(&mut self, look: Look, (x, y): (f64, f64), said: &str) {
        let said = escaped(said);
        let colour = rgb(look, self.house);
        let shape = match look {
            Look::Target | Look::Limit | Look::Mean => return,
            Look::Own => "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
            Look::Neighbours => "M-4-4h8v8h-8z",
            Look::Region => "M0-5l5 5l-5 5l-5-5z",
            Look::England => "M0-5l5 9h-10z",
            Look::Other(n) => {
                ["M-4-4l8 8M-4 4l8-8", "M-5 0h10M0-5v10", "M-4-4l8 8M-4 4l8-8M0-5v10", "M-6 0h12"]
                    [n % 4]
            }
        };
        self.put(format_args!(
            "<path d=\"{shape}\" transform=\"translate({x:.1} {y:.1})\" fill=\"#{colour:06x}\" stroke=\"#{colour:06x}\" stroke-width=\"1.5\"><title>{said}</title></path>"
        ));
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

    fn bar(&mut self, look: Look, (x, y): (f64, f64), (width, height): (f64, f64), said: &str) {
        let number = self.number;
        let colour = rgb(look, self.house);
        let fill = match look {
            Look::Own => format!("#{colour:06x}"),
            other => format!("url(#fill-{number}-{})", key(other)),
        };
        self.put(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\" stroke=\"#{colour:06x}\"><title>{}</title></rect>",
            escaped(said)
        ));
    }

    /// What bars of a look are filled with.
    fn pattern(&mut self, look: Look) {
        let (number, colour) = (self.number, rgb(look, self.house));
        let shape = match look {
            Look::Own => return,
            Look::Neighbours => "M0 6l6-6",
            Look::Region => "M1 1h2v2h-2zM4 4h2v2h-2z",
            Look::England => "M0 3h6",
            Look::Other(_) => "M0 3h6M3 0v6",
            Look::Target | Look::Limit | Look::Mean => "M2 2h1v1h-1z",
        };
        self.put(format_args!(
            "<pattern id=\"fill-{number}-{}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/><path d=\"{shape}\" stroke=\"#{colour:06x}\" stroke-width=\"1.5\"/></pattern>",
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
fn key(look: Look) -> String {
    match look {
        Look::Other(n) => format!("other-{n}"),
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
