//! Native charts: lines and bars that can be told apart in print without colour.

use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartEmptyCells, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartLineDashType, ChartMarker, ChartMarkerType, ChartPatternFill,
    ChartPatternFillType, ChartSolidFill, ChartType, Color,
};

use super::scale::Scale;
use super::workbook::number_format;
use crate::nouns::house::HouseStyle;
use crate::nouns::report::{self, ChartKind, Look, NumberFormat};

/// Pixels between a chart and the table at its left.
pub const CHART_OFFSET: u32 = 12;
/// Pixels below its row's upper edge: an edge that two pages share would be printed on both.
pub const CHART_DROP: u32 = 3;
const GRID: u32 = 0x00D9_D9D9;

/// A chart of a sheet.
pub fn chart(report: &report::Sheet, one: &report::Chart, house: &HouseStyle) -> Chart {
    let sheet = report.name.as_str();
    let mut chart = Chart::new(match one.kind {
        ChartKind::Lines => ChartType::Line,
        ChartKind::Bars => ChartType::Bar,
    });
    let (first, last) = one.rows;
    for series in &one.series {
        let column = series.column;
        let drawn = chart.add_series();
        drawn.set_name((sheet, first - 1, column));
        drawn
            .set_categories((sheet, first, 0, last, 0))
            .set_values((sheet, first, column, last, column));
        match one.kind {
            ChartKind::Lines => {
                let (line, marker) = line(series.look, house);
                drawn.set_format(ChartFormat::new().set_line(&line)).set_marker(&marker);
            }
            ChartKind::Bars => drop(drawn.set_format(&mut bar(series.look, house)).set_gap(60)),
        }
    }
    let font = |size: f64| ChartFont::new().set_name(house.font.name()).set_size(size).to_owned();
    let heading = |size: f64| font(size).set_bold().to_owned();
    chart.title().set_name(&one.title).set_font(&heading(10.0));
    for axis in [Chart::x_axis, Chart::y_axis] {
        axis(&mut chart).set_font(&font(9.0));
    }
    // Of bars, the axis across is the one of their figures.
    let values = if one.kind == ChartKind::Lines { chart.y_axis() } else { chart.x_axis() };
    let scale = Scale::of(report, one);
    let stored = |n: f64| match one.format {
        NumberFormat::Percent(_) => n / 100.0,
        NumberFormat::Plain(_) | NumberFormat::Pounds(_) => n,
    };
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
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(9.0));
    if one.series.len() == 1 {
        chart.legend().set_hidden();
    }
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    chart.set_alt_text(&one.alt).set_width(one.width).set_height(one.height);
    chart
}

fn colour(look: Look, house: &HouseStyle) -> Color {
    Color::RGB(rgb(look, house))
}

/// The colour of a series, the same in every edition.
pub(super) fn rgb(look: Look, house: &HouseStyle) -> u32 {
    match look {
        Look::Own => house.head.0,
        Look::Neighbours => 0x002E_75B6,
        Look::Region => 0x007F_7F7F,
        Look::England => 0x00C5_5A11,
        Look::Other(_) => 0x0070_30A0,
        Look::Target => 0x0000_0000,
        Look::Limit | Look::Mean => 0x0059_5959,
    }
}

/// How a line looks: its dashes and its marks differ, whatever its colour prints as.
fn line(look: Look, house: &HouseStyle) -> (ChartLine, ChartMarker) {
    use ChartLineDashType as Dash;
    use ChartMarkerType as Mark;
    let (width, dash, mark) = match look {
        Look::Own => (2.25, Dash::Solid, Some(Mark::Circle)),
        Look::Neighbours => (1.75, Dash::Dash, Some(Mark::Square)),
        Look::Region => (1.75, Dash::DashDot, Some(Mark::Diamond)),
        Look::England => (1.75, Dash::RoundDot, Some(Mark::Triangle)),
        Look::Other(n) => {
            let marks = [Mark::X, Mark::PlusSign, Mark::Star, Mark::LongDash];
            (1.5, Dash::LongDashDotDot, Some(marks[n % marks.len()]))
        }
        Look::Target => (1.5, Dash::LongDash, None),
        Look::Limit => (0.75, Dash::SquareDot, None),
        Look::Mean => (1.0, Dash::Solid, None),
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
fn bar(look: Look, house: &HouseStyle) -> ChartFormat {
    let pattern = match look {
        Look::Own => None,
        Look::Neighbours => Some(ChartPatternFillType::DiagonalStripesLightUpwards),
        Look::Region => Some(ChartPatternFillType::Dotted25Percent),
        Look::England => Some(ChartPatternFillType::HorizontalStripesLight),
        Look::Other(_) => Some(ChartPatternFillType::SmallGrid),
        Look::Target | Look::Limit | Look::Mean => Some(ChartPatternFillType::Dotted5Percent),
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
