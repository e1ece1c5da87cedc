//! One file of a release: the areas and years of its rows, and the columns that scripts ask for.

use std::collections::HashMap;

use super::{Places, Value};
use crate::definitions::{Indicator, Published as Declared};
use crate::intake::read::{Cell, Sheet};
use crate::nouns::area::AreaCode;
use crate::nouns::figure::{FigureValue, Symbol};
use crate::nouns::numbers::decimals_of;
use crate::nouns::period::{Period, YEARS};
use crate::nouns::problem::{Place, Problem, Problems, did_you_mean};

/// A row of which area and year are known.
struct Row<'s> {
    line: u32,
    area: AreaCode,
    period: Period,
    council: bool,
    cells: &'s [Cell],
}

impl Row<'_> {
    /// Whether one of these texts stands in a column.
    fn says(&self, column: u16, ids: &[u32]) -> bool {
        let cell = self.cells.iter().find(|cell| cell.col == column);
        cell.and_then(Cell::text_id).is_some_and(|id| ids.contains(&id))
    }
}

/// A file that was read.
pub(super) struct Table<'s> {
    pub(super) file: String,
    sheet: &'s Sheet,
    columns: HashMap<String, u16>,
    rows: Vec<Row<'s>>,
}

/// Values by area and year.
type Values = HashMap<(AreaCode, Period), Value>;

impl<'s> Table<'s> {
    /// Reads the area and the year of every row.
    pub(super) fn of(
        sheet: &'s Sheet,
        file: &str,
        year_month: i8,
        problems: &mut Problems,
    ) -> Result<Self, Problem> {
        let mut rows = sheet.rows();
        let (_, head) =
            rows.next().ok_or_else(|| Problem::error(Place::file(file), "the file is empty"))?;
        let columns = head.iter().map(|c| (sheet.shown(c).trim().to_lowercase(), c.col)).collect();
        let mut table = Table { file: file.to_string(), sheet, columns, rows: Vec::new() };
        let mut needed = [0; 3];
        for (slot, name) in
            needed.iter_mut().zip(["time_period", "time_identifier", "geographic_level"])
        {
            *slot = table.column(name).map_err(|problem| {
                problem.hint("take CSVs of DfE's Explore Education Statistics, as downloaded")
            })?;
        }
        let [time, identifier, level] = needed;
        let area_columns = ["new_la_code", "region_code", "country_code"]
            .map(|name| table.columns.get(name).copied());
        let mut unread: Option<(u32, usize)> = None;
        for (row, cells) in rows {
            let line = row + 1;
            let (time, identifier) = (text(sheet, cells, time), text(sheet, cells, identifier));
            let Some(period) = year(time, identifier, year_month) else {
                let (_, count) = unread.get_or_insert((line, 0));
                *count += 1;
                continue;
            };
            // National rows have a country alone, regional ones a region too: the level says which
            // code counts.
            let (column, council) = match text(sheet, cells, level) {
                "Local authority" => (area_columns[0], true),
                "Regional" => (area_columns[1], false),
                "National" => (area_columns[2], false),
                // Constituencies, wards and the like are no councils.
                _ => continue,
            };
            let code = column.map_or("", |c| text(sheet, cells, c));
            match AreaCode::parse(code) {
                Some(area) => table.rows.push(Row { line, area, period, council, cells }),
                None => problems.add(
                    Problem::error(
                        table.at(line),
                        "the row's area code is not one, so the row was left out",
                    )
                    .hint("codes have a letter and eight digits, such as E06000015"),
                ),
            }
        }
        if let Some((line, count)) = unread {
            problems.add(
                Problem::warning(
                    table.at(line),
                    format!(
                        "{} for a year, so left out",
                        if count == 1 {
                            "a row is not".to_string()
                        } else {
                            format!("{count} rows are not")
                        }
                    ),
                )
                .hint("years are read from time_period, where time_identifier is a year"),
            );
        }
        Ok(table)
    }

    fn at(&self, line: u32) -> Place {
        Place::line(&self.file, line)
    }

    fn column(&self, name: &str) -> Result<u16, Problem> {
        self.columns.get(&name.trim().to_lowercase()).copied().ok_or_else(|| {
            let guess = did_you_mean(name, self.columns.keys().map(String::as_str));
            Problem::error(self.at(1), format!("the file has no column `{name}`{guess}"))
        })
    }

    /// Whether the file has every column that a declaration asks for, and every text in it.
    pub(super) fn has(&self, source: &Declared) -> bool {
        self.column(&source.value).is_ok()
            && source.conditions.iter().all(|(column, texts)| self.holds(column, texts))
    }

    /// Whether it has a column, and each of the texts somewhere in it.
    fn holds(&self, column: &str, texts: &[String]) -> bool {
        self.column(column).and_then(|index| self.text_ids(column, index, texts)).is_ok()
    }

    /// The values that a declaration asks for, and how many decimals they are given with.
    pub(super) fn series(
        &self,
        indicator: &Indicator,
        source: &Declared,
        problems: &mut Problems,
    ) -> Result<(u8, Values), Problem> {
        let declared = format!("`{}` is declared at {}", indicator.code, source.place);
        let value_column = self.column(&source.value).map_err(|p| p.hint(&declared))?;
        let mut filters: Vec<(u16, Vec<u32>)> = Vec::new();
        for (column, wanted) in &source.conditions {
            let index = self.column(column).map_err(|p| p.hint(&declared))?;
            filters.push((
                index,
                self.text_ids(column, index, wanted).map_err(|p| p.hint(&declared))?,
            ));
        }
        let mut values = Values::new();
        let mut decimals = 0;
        for row in &self.rows {
            if !filters.iter().all(|(column, ids)| row.says(*column, ids)) {
                continue;
            }
            let text = text(self.sheet, row.cells, value_column);
            let value = match read_value(text) {
                Some(value) => value,
                None => {
                    problems.add(
                        Problem::error(
                            self.at(row.line),
                            "this is neither a number nor a symbol such as c, z or x",
                        )
                        .column(&source.value)
                        .hint(&declared),
                    );
                    Symbol::Unavailable.gap()
                }
            };
            if let FigureValue::Number(n) = value {
                decimals = decimals.max(decimals_of(n));
            }
            let key = (row.area, row.period);
            if let Some(earlier) = values.get(&key).map(|v: &Value| v.line) {
                let message = format!(
                    "lines {earlier} and {} both give {} for {}, so neither was used",
                    row.line,
                    row.area.as_str(),
                    row.period.label()
                );
                problems.add(Problem::error(self.at(row.line), message).hint(format!(
                    "{declared}: its `where` must leave one row for an area and a year"
                )));
                values.insert(key, Value { value: Symbol::Unavailable.gap(), line: earlier });
                continue;
            }
            values.insert(key, Value { value, line: row.line });
        }
        Ok((decimals.min(indicator.decimals), values))
    }

    /// The numbers of the texts that a column may hold; a text that it never holds is a slip.
    fn text_ids(&self, column: &str, index: u16, wanted: &[String]) -> Result<Vec<u32>, Problem> {
        let mut known: HashMap<&str, u32> = HashMap::new();
        for row in &self.rows {
            if let Some(cell) = row.cells.iter().find(|c| c.col == index)
                && let Some(id) = cell.text_id()
            {
                known.insert(text(self.sheet, std::slice::from_ref(cell), index), id);
            }
        }
        wanted
            .iter()
            .map(|text| {
                known.get(text.as_str()).copied().ok_or_else(|| {
                    let guess = did_you_mean(text, known.keys().copied());
                    Problem::error(
                        self.at(1),
                        format!("no row has \"{text}\" in the column `{column}`{guess}"),
                    )
                })
            })
            .collect()
    }

    /// Remembers names, numbers and regions.
    pub(super) fn learn_places(&self, release: &str, places: &mut Places) {
        let column = |name: &str| self.columns.get(name).copied();
        let (number, council) = (column("old_la_code"), column("la_name"));
        let (region, region_name) = (column("region_code"), column("region_name"));
        let mut seen = std::collections::HashSet::new();
        for row in self.rows.iter().filter(|row| seen.insert(row.area)) {
            let of = |column: Option<u16>| column.map_or("", |c| text(self.sheet, row.cells, c));
            let name = match (of(council), of(region_name)) {
                ("", "") => "England",
                ("", region) => region,
                (council, _) => council,
            };
            places.names.insert(row.area, name.to_string());
            if !row.council {
                continue;
            }
            places.councils.insert(row.area);
            places.seen(row.area, release);
            if let Ok(number) = of(number).parse() {
                places.by_number.insert(number, row.area);
                places.numbers.insert(row.area, number);
            }
            if let Some(region) = AreaCode::parse(of(region)) {
                places.region_of.insert(row.area, region);
            }
        }
    }
}

/// A cell's text without the spaces around it.
fn text<'s>(sheet: &'s Sheet, cells: &[Cell], column: u16) -> &'s str {
    let found = cells.iter().find(|c| c.col == column);
    match found.map(|c| sheet.value(c)) {
        Some(crate::intake::read::Value::Text(text)) => text.trim(),
        _ => "",
    }
}

/// The year of a row: 2025 is the year that ends in 2025, 202425 is 2024/25.
fn year(time: &str, identifier: &str, year_month: i8) -> Option<Period> {
    if !["reporting year", "financial year", "academic year"]
        .contains(&identifier.to_lowercase().as_str())
    {
        return None;
    }
    let number: i32 = time.parse().ok()?;
    let first = match time.len() {
        4 if year_month == 1 => number,
        4 => number - 1,
        6 if (number / 100 + 1) % 100 == number % 100 => number / 100,
        _ => return None,
    };
    let first = i16::try_from(first).ok().filter(|year| YEARS.contains(year))?;
    Period::year(first, year_month)
}

/// A value as DfE writes it. Whatever is no number stays what it is; nothing becomes 0.
fn read_value(text: &str) -> Option<FigureValue> {
    if let Ok(n) = text.parse::<f64>() {
        return n.is_finite().then_some(FigureValue::Number(n));
    }
    Symbol::written(text).map(Symbol::gap)
}
