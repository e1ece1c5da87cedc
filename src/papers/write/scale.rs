//! The axis of a chart's figures: the same in every edition.

use crate::nouns::report::{self, ChartKind, Look, NumberFormat};

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
        let drawn = |cell: &&report::Cell| chart.series.iter().any(|s| s.column == cell.column);
        let rows = &sheet.rows[chart.rows.0 as usize..=chart.rows.1 as usize];
        let cells = rows.iter().flat_map(|row| &row.cells).filter(drawn);
        let figures = cells.filter_map(|cell| cell.content.number());
        // Limits of variation are there to be seen: the axis goes from the lower to the upper.
        let limited = chart.series.iter().any(|series| series.look == Look::Mean);
        let whole = matches!(chart.format, NumberFormat::Percent(_)) && !limited;
        Scale::over(figures, chart.kind, whole)
    }

    /// From 0, as bars need; percentages up to 100 where they go beyond 50. Lines that all lie near
    /// each other far from 0 begin below the lowest.
    fn over(values: impl Iterator<Item = f64>, kind: ChartKind, percentages: bool) -> Scale {
        let ends = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), ends);
        if percentages && low >= 0.0 && (50.0..=100.0).contains(&high) {
            return Scale { from: 0.0, to: 100.0, step: 20.0 };
        }
        let far = low > 0.0 && (high - low) < high / 6.0;
        let (low, high) = match kind {
            ChartKind::Lines if far && !percentages => (low - (high - low) / 2.0, high),
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn numbers_that_lie_near_each_other_begin_below_the_lowest() {
        assert_eq!(over(&[402.0, 419.0], false), (390.0, 420.0, 10.0));
        assert_eq!(over(&[8.0, 100.0], false), (0.0, 100.0, 20.0));
    }

    #[test]
    fn marks_have_the_decimals_that_they_need() {
        let scale = Scale { from: 0.0, to: 120.0, step: 20.0 };
        assert_eq!(scale.format(NumberFormat::Plain(1)), NumberFormat::Plain(0));
        let scale = Scale { from: 0.0, to: 2.0, step: 0.5 };
        assert_eq!(scale.format(NumberFormat::Percent(1)), NumberFormat::Percent(1));
    }
}
