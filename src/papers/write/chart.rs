//! Native charts: lines and bars that can be told apart in print without colour.

use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartDataLabel, ChartDataLabelPosition, ChartEmptyCells, ChartFont,
    ChartFormat, ChartLayout, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker,
    ChartMarkerType, ChartPatternFill, ChartPatternFillType, ChartSeries, ChartSolidFill,
    ChartType, Color, Worksheet, XlsxError,
};

use super::scale::{self, LABEL_LETTERS, Scale};
use super::workbook::{number_format, stored};
use crate::nouns::house::HouseStyle;
use crate::nouns::report::{self, ChartKind, Of, Series, SeriesLook};

/// Pixels between a chart and the table at its left.
pub const CHART_OFFSET: u32 = 12;
/// Pixels below its row's upper edge: an edge that two pages share would be printed on both.
pub const CHART_DROP: u32 = 3;
/// Pixels that a chart keeps for its title, for the names of its points and a line more of years,
/// for the axis at its left, and free at its right; and the width of a letter of 9 points.
const ABOVE: f64 = 40.0;
const BELOW: f64 = 30.0;
const LINE: f64 = 16.0;
const LEFT: f64 = 64.0;
const EDGE: f64 = 14.0;
const LETTER: f64 = 6.2;
/// The hidden columns of a sheet with charts, in order.
const YEAR: u16 = 0;
const NAME: u16 = 1;
const LEVELS: u16 = 2;
const GRID: u32 = 0x00D9_D9D9;

/// A chart of a sheet.
pub fn chart(report: &report::Sheet, one: &report::Chart, house: &HouseStyle) -> Chart {
    let scale = Scale::of(report, one);
    let below = BELOW + if one.under_years.is_empty() { 0.0 } else { LINE };
    let above = if one.titled { ABOVE } else { EDGE };
    let plot = f64::from(one.height) - above - below;
    let ends = scale::ends(report, one, &scale, plot);
    let mut chart = Chart::new(match one.kind {
        ChartKind::Lines => ChartType::Line,
        ChartKind::Columns => ChartType::Column,
        ChartKind::Bars => ChartType::Bar,
    });
    let mut lines = Chart::new(ChartType::Line);
    for index in 0..one.series.len() {
        let label = ends.as_ref().map(|ends| ends[index].as_str());
        let upright = one.kind == ChartKind::Columns && !one.series[index].look.is_level();
        let drawn = match one.kind {
            ChartKind::Columns if !upright => lines.add_series(),
            _ => chart.add_series(),
        };
        series(drawn, report, one, index, label, house);
    }
    if one.kind == ChartKind::Columns && one.series.iter().any(|series| series.look.is_level()) {
        chart.combine(&lines);
    }
    let heading = |size: f64| font(size, house).set_bold().to_owned();
    match one.titled {
        true => chart.title().set_name(&one.title).set_font(&heading(10.0)),
        false => chart.title().set_hidden(),
    };
    let mut level = font(9.0, house);
    level.set_rotation(0);
    chart.x_axis().set_font(&level);
    chart.y_axis().set_font(&font(9.0, house));
    // Of bars across, the axis across is the one of their figures.
    let values = if one.kind == ChartKind::Bars { chart.x_axis() } else { chart.y_axis() };
    let stored = |n: f64| stored(n, one.format);
    values.set_min(stored(scale.from)).set_max(stored(scale.to));
    values.set_major_unit(stored(scale.step));
    values.set_num_format(number_format(scale.format(one.format)));
    values.set_name(&one.unit).set_name_font(&heading(9.0));
    values.set_major_gridlines(true);
    values.set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(GRID)).set_width(0.5));
    if one.kind == ChartKind::Bars {
        // The first of the table stands on top, and the figures below.
        chart
            .y_axis()
            .set_reverse()
            .set_crossing(ChartAxisCrossing::Max)
            .set_major_gridlines(false);
    }
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(9.0, house));
    if let Some(ends) = &ends {
        let letters = ends.iter().map(|end| end.chars().count().min(LABEL_LETTERS)).max();
        let right = letters.unwrap_or_default() as f64 * LETTER + EDGE;
        let (width, height) = (f64::from(one.width), f64::from(one.height));
        let layout = ChartLayout::new()
            .set_offset(LEFT / width, above / height)
            .set_dimensions((width - LEFT - right) / width, plot / height);
        chart.plot_area().set_layout(&layout);
    }
    if ends.is_some() || one.series.len() == 1 {
        chart.legend().set_hidden();
    } else {
        chart.legend().delete_entries(&second_ends(one));
    }
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    // Levels stand in columns that are not shown.
    chart.show_hidden_data();
    chart.set_alt_text(&one.alt).set_width(one.width).set_height(one.height);
    chart
}

/// One series: its cells, its look, and what stands at its end.
fn series(
    drawn: &mut ChartSeries,
    report: &report::Sheet,
    one: &report::Chart,
    index: usize,
    label: Option<&str>,
    house: &HouseStyle,
) {
    let (sheet, (first, last)) = (report.name.as_str(), one.rows);
    let Series { of, look } = &one.series[index];
    let column = match of {
        Of::Column(column) => *column,
        Of::Level(_) => column_of_level(report, one, index),
    };
    drawn.set_name((sheet, first - 1, column));
    let names = match one.under_years.is_empty() {
        true => (one.names, one.names),
        false => (hidden(report, YEAR), hidden(report, NAME)),
    };
    drawn
        .set_categories((sheet, first, names.0, last, names.1))
        .set_values((sheet, first, column, last, column));
    if one.kind == ChartKind::Lines || look.is_level() && one.kind == ChartKind::Columns {
        let (line, marker) = line(*look, house);
        drawn.set_format(ChartFormat::new().set_line(&line)).set_marker(&marker);
    } else {
        drawn.set_format(&mut bar(*look, house)).set_gap(60);
    }
    let Some(label) = label else { return };
    let mut font = font(9.0, house);
    font.set_color(colour(*look, house));
    let mut end = ChartDataLabel::new();
    end.set_value(label).set_font(&font).set_position(ChartDataLabelPosition::Right);
    let mut labels = vec![ChartDataLabel::new().set_hidden().to_owned(); (last - first) as usize];
    labels.push(end);
    let mut all = ChartDataLabel::new();
    all.show_value().set_position(ChartDataLabelPosition::Right);
    drawn.set_data_label(&all).set_custom_data_labels(&labels);
}

/// A column behind the last of the sheet, which nobody sees.
fn hidden(report: &report::Sheet, number: u16) -> u16 {
    report.columns.len() as u16 + number
}

/// Levels stand there, one beside the other.
fn column_of_level(report: &report::Sheet, one: &report::Chart, index: usize) -> u16 {
    let before = one.series[..index].iter().filter(|series| matches!(series.of, Of::Level(_)));
    hidden(report, LEVELS + before.count() as u16)
}

/// Writes what a chart draws and its table does not say, since charts are drawn from cells only:
/// its levels, and the names of its points under their years.
pub fn write_hidden(
    worksheet: &mut Worksheet,
    report: &report::Sheet,
    one: &report::Chart,
) -> Result<(), XlsxError> {
    for (row, (year, name)) in (one.rows.0..).zip(&one.under_years) {
        let above = one.under_years[..(row - one.rows.0) as usize].last();
        if above.is_none_or(|above| above.0 != *year) {
            worksheet.write_string(row, hidden(report, YEAR), year)?;
        }
        worksheet.write_string(row, hidden(report, NAME), name)?;
        worksheet.set_column_hidden(hidden(report, YEAR))?;
        worksheet.set_column_hidden(hidden(report, NAME))?;
    }
    for (index, series) in one.series.iter().enumerate() {
        let Of::Level(level) = &series.of else { continue };
        let column = column_of_level(report, one, index);
        worksheet.set_column_hidden(column)?;
        worksheet.write_string(one.rows.0 - 1, column, &level.name)?;
        let at = level.at.number().unwrap_or_default();
        for row in one.rows.0..=one.rows.1 {
            worksheet.write_number(row, column, stored(at, one.format))?;
        }
    }
    Ok(())
}

/// The second ends of ranges, whose name the key has once.
fn second_ends(one: &report::Chart) -> Vec<usize> {
    let names: Vec<Option<&str>> = one.series.iter().map(level_name).collect();
    (1..names.len()).filter(|at| names[*at].is_some() && names[*at] == names[at - 1]).collect()
}

/// What the key calls a level.
fn level_name(series: &Series) -> Option<&str> {
    match &series.of {
        Of::Level(level) => Some(&level.name),
        Of::Column(_) => None,
    }
}

fn font(size: f64, house: &HouseStyle) -> ChartFont {
    ChartFont::new().set_name(house.font.name()).set_size(size).to_owned()
}

fn colour(look: SeriesLook, house: &HouseStyle) -> Color {
    Color::RGB(rgb(look, house))
}

/// The colour of a series, the same in every edition.
pub(super) fn rgb(look: SeriesLook, house: &HouseStyle) -> u32 {
    match look {
        SeriesLook::Own => house.head.0,
        SeriesLook::Neighbours => 0x002E_75B6,
        SeriesLook::Region => 0x007F_7F7F,
        SeriesLook::England => 0x00C5_5A11,
        SeriesLook::Other(_) => 0x0070_30A0,
        SeriesLook::Target => 0x0000_0000,
        SeriesLook::Limit | SeriesLook::Mean => 0x0059_5959,
    }
}

/// How a line looks: its dashes and its marks differ, whatever its colour prints as.
fn line(look: SeriesLook, house: &HouseStyle) -> (ChartLine, ChartMarker) {
    use ChartLineDashType as Dash;
    use ChartMarkerType as Mark;
    let (width, dash, mark) = match look {
        SeriesLook::Own => (2.25, Dash::Solid, Some(Mark::Circle)),
        SeriesLook::Neighbours => (1.75, Dash::Dash, Some(Mark::Square)),
        SeriesLook::Region => (1.75, Dash::DashDot, Some(Mark::Diamond)),
        SeriesLook::England => (1.75, Dash::RoundDot, Some(Mark::Triangle)),
        SeriesLook::Other(n) => {
            let marks = [Mark::X, Mark::PlusSign, Mark::Star, Mark::LongDash];
            (1.5, Dash::LongDashDotDot, Some(marks[n % marks.len()]))
        }
        SeriesLook::Target => (1.5, Dash::LongDash, None),
        SeriesLook::Limit => (0.75, Dash::SquareDot, None),
        SeriesLook::Mean => (1.0, Dash::Solid, None),
    };
    let colour = colour(look, house);
    let mut line = ChartLine::new();
    line.set_color(colour).set_width(width).set_dash_type(dash);
    let mut marker = ChartMarker::new();
    match mark {
        Some(mark) => {
            let mut format = ChartFormat::new();
            format.set_solid_fill(ChartSolidFill::new().set_color(colour));
            format.set_border(ChartLine::new().set_color(colour));
            marker.set_type(mark).set_size(7).set_format(&mut format);
        }
        None => drop(marker.set_none()),
    }
    (line, marker)
}

/// How a bar looks: solid for the council, patterns for others.
fn bar(look: SeriesLook, house: &HouseStyle) -> ChartFormat {
    let pattern = match look {
        SeriesLook::Own => None,
        SeriesLook::Neighbours => Some(ChartPatternFillType::DiagonalStripesLightUpwards),
        SeriesLook::Region => Some(ChartPatternFillType::Dotted25Percent),
        SeriesLook::England => Some(ChartPatternFillType::HorizontalStripesLight),
        SeriesLook::Other(_) => Some(ChartPatternFillType::SmallGrid),
        SeriesLook::Target | SeriesLook::Limit | SeriesLook::Mean => {
            Some(ChartPatternFillType::Dotted5Percent)
        }
    };
    let mut format = ChartFormat::new();
    match pattern {
        None => format.set_solid_fill(ChartSolidFill::new().set_color(colour(look, house))),
        Some(pattern) => format.set_pattern_fill(
            ChartPatternFill::new()
                .set_pattern(pattern)
                .set_foreground_color(colour(look, house))
                .set_background_color(Color::White),
        ),
    };
    format.set_border(ChartLine::new().set_color(colour(look, house)).set_width(0.75));
    format
}
