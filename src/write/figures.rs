//! `figures.csv`: every figure as one tidy row, suppressed as the appendix is.

use crate::figure::Area;
use crate::problem::Problem;
use crate::suppress::ShownFigures;

const COLUMNS: [&str; 12] = [
    "indicator",
    "title",
    "unit",
    "area",
    "area_code",
    "period",
    "period_end",
    "numerator",
    "denominator",
    "value",
    "symbol",
    "origin",
];

/// What areas are called in the table.
#[derive(Debug, Clone, Default)]
pub struct Areas {
    /// The council's name.
    pub authority: String,
    /// The council's code, where it is known.
    pub authority_code: String,
    /// The region's name.
    pub region: String,
}

impl Areas {
    fn name_and_code(&self, area: Area) -> (&str, String) {
        match area {
            Area::Own => (&self.authority, self.authority_code.clone()),
            Area::StatisticalNeighbours => ("Statistical neighbours", String::new()),
            Area::Region => (&self.region, String::new()),
            Area::England => ("England", "E92000001".to_string()),
            Area::Council(code) => ("Another council", code.as_str().to_string()),
        }
    }
}

/// The table as CSV: sorted by indicator, area and period.
pub fn figures_csv(shown: &ShownFigures, areas: &Areas) -> Result<Vec<u8>, Problem> {
    let number = |n: Option<f64>| n.map_or(String::new(), |n| format!("{n}"));
    let mut rows: Vec<(Area, [String; 12])> = shown
        .iter()
        .map(|figure| {
            let (area, code) = areas.name_and_code(figure.area());
            let row = [
                figure.indicator().to_string(),
                shown.indicators[figure.indicator()].title.clone(),
                figure.unit().to_string(),
                area.to_string(),
                code,
                figure.period().label(),
                figure.period().end.iso(),
                number(figure.numerator()),
                number(figure.denominator()),
                number(figure.value()),
                figure.symbol().map_or("", crate::figure::Symbol::code).to_string(),
                figure.origin().word().to_string(),
            ];
            (figure.area(), row)
        })
        .collect();
    rows.sort_by(|(a, x), (b, y)| (&x[0], a, &x[6]).cmp(&(&y[0], b, &y[6])));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |_| Problem::unreadable("", "the table of figures could not be made");
    writer.write_record(COLUMNS).map_err(failed)?;
    for (_, row) in rows {
        writer.write_record(&row).map_err(failed)?;
    }
    writer.into_inner().map_err(|_| Problem::unreadable("", "the table of figures could not be made"))
}
