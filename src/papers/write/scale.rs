//! The axis of a chart's figures: the same in every edition.

use crate::nouns::report::{self, ChartKind, NumberFormat, Of, Series, SeriesLook};

/// The height of a line of a name at a line's end, in pixels; the letters that it has room for, and
/// the most lines.
const LABEL_PIXELS: f64 = 13.0;
pub const LABEL_LETTERS: usize = 12;
const MOST_LABEL_LINES: usize = 2;
/// Where the axis ends if every figure is 0.
const ALL_ZERO: f64 = 5.0;

/// Where the axis of figures begins and ends, and its steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The least.
    pub from: f64,
    /// The most.
    pub to: f64,
    /// From mark to mark.
    pub step: f64,
}

impl Scale {
    /// The axis of a chart.
    pub fn of(sheet: &report::Sheet, chart: &report::Chart) -> Scale {
        let figures = chart.series.iter().flat_map(|series| figures(sheet, chart, series));
        let figures = figures.flatten().map(|figure| figure.0);
        // Limits of variation are there to be seen: the axis goes from the lower to the upper.
        let limited = chart.series.iter().any(|series| series.look == SeriesLook::Mean);
        let whole = matches!(chart.format, NumberFormat::Percent(_)) && !limited;
        Scale::over(figures, chart.kind, whole)
    }

    /// From 0, as bars need; percentages up to 100 where they go beyond 50. Lines that all lie near
    /// each other far from 0 begin below the lowest; where nothing differs there is no near.
    fn over(values: impl Iterator<Item = f64>, kind: ChartKind, percentages: bool) -> Scale {
        let ends = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), ends);
        if percentages && low >= 0.0 && (50.0..=100.0).contains(&high) {
            return Scale { from: 0.0, to: 100.0, step: 20.0 };
        }
        let apart = high - low > high.abs() * 1e-9;
        let far = low > 0.0 && apart && (high - low) < high / 6.0;
        let (low, high) = match kind {
            ChartKind::Lines if far && !percentages => (low - (high - low) / 2.0, high),
            _ if low == 0.0 && high == 0.0 => (0.0, ALL_ZERO),
            _ => (low.min(0.0), high.max(0.0)),
        };
        let rough = ((high - low) / 5.0).max(1e-6);
        let ten = 10f64.powf(rough.log10().floor());
        let steps = [1.0, 2.0, 5.0].into_iter().find(|n| n * ten >= rough * 0.999);
        let step = steps.unwrap_or(10.0) * ten;
        Scale { from: (low / step).floor() * step, to: (high / step).ceil() * step, step }
    }

    /// The marks, from the least to the most.
    pub fn marks(&self) -> impl Iterator<Item = f64> {
        let (from, step) = (self.from, self.step);
        let count = ((self.to - self.from) / self.step).round() as usize;
        (0..=count).map(move |n| from + n as f64 * step)
    }

    /// How far along the axis a figure lies, from 0 to 1.
    pub fn at(&self, value: f64) -> f64 {
        (value - self.from) / (self.to - self.from)
    }

    /// How the marks are printed: with the decimals that tell them apart, and no more.
    pub fn format(&self, figures: NumberFormat) -> NumberFormat {
        let decimals = (-self.step.log10().floor()).max(0.0) as u8;
        match figures {
            NumberFormat::Plain(_) => NumberFormat::Plain(decimals),
            NumberFormat::Percent(_) => NumberFormat::Percent(decimals),
            NumberFormat::Pounds(_) => NumberFormat::Pounds(decimals),
        }
    }
}

/// The figures of a series with what is printed of them, one for each point.
pub fn figures(
    sheet: &report::Sheet,
    chart: &report::Chart,
    series: &Series,
) -> Vec<Option<(f64, String)>> {
    let rows = &sheet.rows[chart.rows.0 as usize..=chart.rows.1 as usize];
    rows.iter().map(|row| figure(row, &series.of)).collect()
}

/// A figure with what is printed of it: a level has the same at every point.
fn figure(row: &report::Row, of: &Of) -> Option<(f64, String)> {
    let content = match of {
        Of::Level(level) => &level.at,
        Of::Column(column) => &row.cells.iter().find(|cell| cell.column == *column)?.content,
    };
    Some((content.number()?, content.printed().into_owned()))
}

/// What a series is called.
pub fn name(sheet: &report::Sheet, chart: &report::Chart, series: &Series) -> String {
    let column = match &series.of {
        Of::Level(level) => return level.name.clone(),
        Of::Column(column) => column,
    };
    let heads = &sheet.rows[chart.rows.0 as usize - 1].cells;
    let head = heads.iter().find(|cell| cell.column == *column);
    head.map_or(String::new(), |cell| cell.content.printed().replace('\n', " "))
}

/// What stands at the ends of the lines, where all of it has room: a drawing so many pixels high
/// needs no key then. A line that ends early or too near another's end leaves it to the key.
pub fn ends(
    sheet: &report::Sheet,
    chart: &report::Chart,
    scale: &Scale,
    height: f64,
) -> Option<Vec<String>> {
    if chart.kind != ChartKind::Lines || chart.series.len() < 2 {
        return None;
    }
    let mut labels = Vec::new();
    let mut places = Vec::new();
    for series in &chart.series {
        let last = figures(sheet, chart, series).pop().flatten()?.0;
        let label = match &series.of {
            Of::Level(level) => level.label.clone(),
            Of::Column(_) => name(sheet, chart, series),
        };
        let lines = label.chars().count().div_ceil(LABEL_LETTERS);
        if lines > MOST_LABEL_LINES {
            return None;
        }
        places.push((scale.at(last) * height, lines as f64 * LABEL_PIXELS));
        labels.push(label);
    }
    places.sort_by(|one, other| one.0.total_cmp(&other.0));
    // Each stands in the middle of its height.
    let apart = |pair: &[(f64, f64)]| pair[1].0 - pair[0].0 >= (pair[0].1 + pair[1].1) / 2.0;
    places.windows(2).all(apart).then_some(labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use report::Content;

    fn over(values: &[f64], percentages: bool) -> (f64, f64, f64) {
        let scale = Scale::over(values.iter().copied(), ChartKind::Lines, percentages);
        (scale.from, scale.to, scale.step)
    }

    #[test]
    fn percentages_go_from_nought_to_a_hundred_and_never_beyond() {
        assert_eq!(over(&[84.0, 91.3], true), (0.0, 100.0, 20.0));
        assert_eq!(over(&[98.0, 100.0], true), (0.0, 100.0, 20.0));
        assert_eq!(over(&[2.1, 3.9], true), (0.0, 4.0, 1.0));
    }

    #[test]
    fn figures_that_are_all_the_same_have_an_axis_too() {
        assert_eq!(over(&[80.0, 80.0], false), (0.0, 80.0, 20.0));
        assert_eq!(over(&[8.6, 8.6 + 1e-15], false), (0.0, 10.0, 2.0));
        assert_eq!(over(&[0.0, 0.0], true), (0.0, 5.0, 1.0));
    }

    #[test]
    fn numbers_that_lie_near_each_other_begin_below_the_lowest() {
        assert_eq!(over(&[402.0, 419.0], false), (390.0, 420.0, 10.0));
        assert_eq!(over(&[8.0, 100.0], false), (0.0, 100.0, 20.0));
    }

    fn percentage(value: f64) -> Content {
        Content::Number { value, printed: format!("{value}%"), format: NumberFormat::Percent(0) }
    }

    fn row(contents: [Content; 3]) -> report::Row {
        let cells = (0..).zip(contents).map(|(column, content)| report::Cell {
            column,
            span: 1,
            style: report::Style::Figure,
            content,
            made_of: report::MadeOf::Words,
        });
        report::Row { kind: report::RowKind::Cells, height: 12.0, cells: cells.collect(), aside: 0 }
    }

    /// A chart of two lines and a level, whose last figures are these.
    fn drawn(own: Option<f64>, england: f64, target: f64) -> (report::Sheet, report::Chart) {
        let [name, area, england_name] = ["Period", "Exampleton", "England"].map(Content::text);
        let own = own.map_or(Content::Blank, percentage);
        let sheet = report::Sheet {
            name: "Trend".to_string(),
            columns: vec![10.0; 4],
            rows: vec![
                row([name, area, england_name]),
                row([Content::text("Q1"), percentage(50.0), percentage(60.0)]),
                row([Content::text("Q2"), own, percentage(england)]),
            ],
            charts: Vec::new(),
            page: report::Page::default(),
            notes: false,
            in_a_table: None,
            head: None,
            below: None,
        };
        let level = report::Level {
            name: "Target".to_string(),
            label: "Target".to_string(),
            at: percentage(target),
        };
        let series = vec![
            Series { of: Of::Column(1), look: SeriesLook::Own },
            Series { of: Of::Column(2), look: SeriesLook::England },
            Series { of: Of::Level(level), look: SeriesLook::Target },
        ];
        let chart = report::Chart { kind: ChartKind::Lines, rows: (1, 2), series, ..chart() };
        (sheet, chart)
    }

    fn chart() -> report::Chart {
        report::Chart {
            row: 0,
            column: 4,
            width: 480,
            height: 240,
            kind: ChartKind::Lines,
            title: String::new(),
            titled: true,
            alt: String::new(),
            unit: String::new(),
            format: NumberFormat::Percent(0),
            rows: (0, 0),
            names: 0,
            under_years: Vec::new(),
            series: Vec::new(),
        }
    }

    fn named(own: Option<f64>, england: f64, target: f64) -> Option<Vec<String>> {
        let (sheet, chart) = drawn(own, england, target);
        ends(&sheet, &chart, &Scale::of(&sheet, &chart), 150.0)
    }

    #[test]
    fn lines_are_named_at_their_ends_where_all_the_names_have_room() {
        let names = ["Exampleton", "England", "Target"].map(String::from).to_vec();
        assert_eq!(named(Some(40.0), 60.0, 80.0), Some(names));
        assert_eq!(named(Some(40.0), 60.0, 63.0), None, "two names would stand on each other");
        assert_eq!(named(None, 60.0, 80.0), None, "a line that ends early has no end to name");
    }

    #[test]
    fn marks_have_the_decimals_that_they_need() {
        let scale = Scale { from: 0.0, to: 120.0, step: 20.0 };
        assert_eq!(scale.format(NumberFormat::Plain(1)), NumberFormat::Plain(0));
        let scale = Scale { from: 0.0, to: 2.0, step: 0.5 };
        assert_eq!(scale.format(NumberFormat::Percent(1)), NumberFormat::Percent(1));
    }
}
