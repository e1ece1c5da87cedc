//! The exchange file of a return.

use super::table::table_csv;
use crate::intake::exchange::{COLUMNS, Exchange, Row, written};
use crate::nouns::problem::Problem;

/// The file as CSV.
pub fn exchange_csv(exchange: &Exchange) -> Result<Vec<u8>, Problem> {
    let mut rows = Vec::new();
    for told in &exchange.figures {
        let lists = told.lists.each_ref().map(|list| list.as_deref().unwrap_or_default());
        rows.push(row(
            exchange,
            Row::Figure,
            &[
                ("indicator", told.indicator.clone()),
                ("definition", told.definition.clone()),
                ("part_of", told.part_of.clone().unwrap_or_default()),
                ("running", if told.running { "yes" } else { "" }.to_string()),
                ("title", told.title.clone()),
                ("numerator", number(told.numerator)),
                ("denominator", number(told.denominator)),
                ("value", number(told.value)),
                ("symbol", told.symbol.map_or("", |symbol| symbol.code()).to_string()),
                ("people", told.tells_of.map_or(String::new(), |people| people.to_string())),
                ("list", lists.join("/")),
                ("records", if told.sums { "sum" } else { "" }.to_string()),
            ],
        ));
        for (bits, count) in &told.numbers {
            let cells = [
                ("indicator", told.indicator.clone()),
                ("value", f64::from_bits(*bits).to_string()),
                ("people", count.to_string()),
            ];
            rows.push(row(exchange, Row::Number, &cells));
        }
    }
    for people in &exchange.people {
        let cells = [
            ("people", people.count.to_string()),
            ("list", people.list.clone()),
            ("records", written(&people.records)),
        ];
        rows.push(row(exchange, Row::People, &cells));
    }
    table_csv(&COLUMNS, rows)
}

fn number(n: Option<f64>) -> String {
    n.map_or(String::new(), |n| n.to_string())
}

/// A row with these cells, and those that every row has.
fn row(exchange: &Exchange, kind: Row, cells: &[(&str, String)]) -> [String; COLUMNS.len()] {
    let all = [
        (COLUMNS[0], kind.word().to_string()),
        ("area_code", exchange.area.as_str().to_string()),
        ("area", exchange.name.clone()),
        ("period_start", exchange.period.start.iso()),
        ("period_end", exchange.period.end.iso()),
    ];
    COLUMNS.map(|column| {
        let cell = all.iter().chain(cells).find(|(name, _)| *name == column);
        cell.map_or(String::new(), |(_, text)| text.clone())
    })
}
