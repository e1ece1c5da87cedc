//! What earlier reports printed: their `figures.csv`, which give earlier quarters and years, and
//! tell which figures have changed since.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::intake::published::Places;
use crate::intake::read::{Cell, Limits, Sheet, read_file};
use crate::nouns::area::{Area, AreaCode};
use crate::nouns::figure::{FigureValue, Symbol};
use crate::nouns::formulas::as_it_was;
use crate::nouns::numbers::{decimals_of, written};
use crate::nouns::period::Period;
use crate::nouns::problem::{Kind, Place, Problem, Problems, did_you_mean};

/// A figure as an earlier report printed it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// How many.
    pub numerator: Option<f64>,
    /// Out of how many.
    pub denominator: Option<f64>,
    /// Unrounded, or why there is none.
    pub value: FigureValue,
    /// As it was printed.
    pub printed: String,
    /// The period that the report was for.
    pub report: Period,
    /// Whether any report gave the number, this one or one before it.
    pub told: bool,
}

/// What a figure is of: indicator, area and period.
pub type Of = (String, Area, Period);

/// Everything that earlier reports printed: each figure as the latest of them has it.
#[derive(Debug, Default)]
pub struct History {
    /// By what they are of.
    pub entries: HashMap<Of, Entry>,
}

/// Headings of `figures.csv` that are needed to read it back.
const NEEDED: [&str; 8] =
    ["indicator", "area_type", "area", "area_code", "period", "value", "printed", "reported_in"];

/// The words of the column `area_type`.
pub const AREA_TYPES: [(Area, &str); 4] = [
    (Area::Own, "council"),
    (Area::StatisticalNeighbours, "statistical neighbours"),
    (Area::Region, "region"),
    (Area::England, "country"),
];

/// Whose history it is: figures of another council are not one's own.
#[derive(Debug)]
pub struct Whose<'a> {
    /// The council's name.
    pub name: &'a str,
    /// Its code, where it is known.
    pub code: Option<AreaCode>,
    /// What is known of councils' codes: earlier reports have those of their time.
    pub places: &'a Places,
}

/// The files that are meant: a folder means every CSV file in it.
pub fn files(named: &[PathBuf]) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for path in named {
        match std::fs::read_dir(path) {
            Ok(entries) => {
                let mut inside: Vec<PathBuf> =
                    entries.filter_map(Result::ok).map(|e| e.path()).collect();
                inside.retain(|p| {
                    p.is_file() && p.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"))
                });
                inside.sort();
                all.append(&mut inside);
            }
            Err(_) => all.push(path.clone()),
        }
    }
    all
}

impl History {
    /// Reads the tables of earlier reports.
    pub fn read(
        files: &[PathBuf],
        whose: &Whose,
        year_month: i8,
        limits: &Limits,
        problems: &mut Problems,
    ) -> History {
        let mut history = History::default();
        for path in files {
            if let Err(problem) = history.add(path, whose, year_month, limits, problems) {
                // An earlier report that cannot be read is a gap, not the end.
                problems.add(Problem { kind: Kind::Return, ..problem });
            }
        }
        history
    }

    fn add(
        &mut self,
        path: &Path,
        whose: &Whose,
        year_month: i8,
        limits: &Limits,
        problems: &mut Problems,
    ) -> Result<(), Problem> {
        let source = read_file(path, limits, problems)?;
        let Some(sheet) = source.sheets.first() else { return Ok(()) };
        let mut rows = sheet.rows();
        let Some((_, head)) = rows.next() else { return Ok(()) };
        let columns: HashMap<String, u16> =
            head.iter().map(|c| (sheet.shown(c).trim().to_lowercase(), c.col)).collect();
        for name in NEEDED {
            if !columns.contains_key(name) {
                let guess = did_you_mean(name, columns.keys().map(String::as_str));
                let message =
                    format!("this is no table of figures: it has no column `{name}`{guess}");
                return Err(Problem::error(Place::line(&source.name, 1), message)
                    .hint("earlier reports are files that `build --figures figures.csv` wrote")
                    .hint_in_page(
                        "use the figures (CSV) that were saved with an earlier appendix",
                    ));
            }
        }
        for (row, cells) in rows {
            let row =
                EarlierRow { file: &source.name, line: row + 1, sheet, columns: &columns, cells };
            match row.entry(whose, year_month) {
                Ok((whose, entry)) => self.remember(whose, entry),
                Err(problem) => problems.add(problem),
            }
        }
        Ok(())
    }

    /// Keeps a figure; of one that several reports print, what the latest of them says.
    fn remember(&mut self, of: Of, mut entry: Entry) {
        let report = entry.report;
        if let Some(other) = self.entries.get_mut(&of) {
            other.told |= entry.told;
            entry.told = other.told;
        }
        if self.entries.get(&of).is_none_or(|earlier| earlier.report.end <= report.end) {
            self.entries.insert(of, entry);
        }
    }
}

/// A row of an earlier report, its cells by the names of their columns.
struct EarlierRow<'a> {
    file: &'a str,
    line: u32,
    sheet: &'a Sheet,
    columns: &'a HashMap<String, u16>,
    cells: &'a [Cell],
}

impl EarlierRow<'_> {
    /// The figure that it holds, and whose it is; or why the row is left out.
    fn entry(&self, whose: &Whose, year_month: i8) -> Result<(Of, Entry), Problem> {
        let period = read_period(&self.text("period"), year_month);
        let report = read_period(&self.text("reported_in"), year_month);
        let (Some(period), Some(report)) = (period, report) else {
            return Err(self.wrong("the period is not understood"));
        };
        let area = self.area(whose).ok_or_else(|| self.wrong("the area is not known"))?;
        let printed = self.text("printed");
        let value = match (self.number("value"), Symbol::of_code(&self.text("symbol"))) {
            (Some(n), None) if is_printed_so(n, &printed) => FigureValue::Number(n),
            (Some(_), None) => return Err(self.wrong("the value is not what was printed")),
            (Some(_), Some(_)) => return Err(self.wrong("there are both a value and a symbol")),
            (None, Some(symbol)) => FigureValue::Gap { symbol, wording: printed.clone() },
            (None, None) => return Err(self.wrong("there is neither a value nor a symbol")),
        };
        let entry = Entry {
            numerator: self.number("numerator"),
            denominator: self.number("denominator"),
            told: matches!(value, FigureValue::Number(_)),
            value,
            printed,
            report,
        };
        Ok(((self.text("indicator"), area, period), entry))
    }

    /// Whose figure it is: a council is known by its code, and by its name where a code is missing.
    fn area(&self, whose: &Whose) -> Option<Area> {
        let code = AreaCode::parse(&self.text("area_code")).map(|code| whose.places.now(code));
        let has_its_name = self.text("area").eq_ignore_ascii_case(whose.name);
        let of_type = self.text("area_type");
        match (of_type.as_str(), code) {
            ("council", Some(code)) if whose.code == Some(code) => Some(Area::Own),
            ("council", None) if has_its_name => Some(Area::Own),
            ("council", Some(_)) if whose.code.is_none() && has_its_name => Some(Area::Own),
            ("council", Some(code)) => Some(Area::Council(code)),
            (word, _) => {
                let mut others = AREA_TYPES.iter().filter(|(area, _)| *area != Area::Own);
                others.find(|(_, name)| *name == word).map(|(area, _)| *area)
            }
        }
    }

    /// What stands in a column; nothing where there is no such column.
    fn text(&self, name: &str) -> String {
        let column = self.columns.get(name);
        let cell = column.and_then(|column| self.cells.iter().find(|c| c.col == *column));
        cell.map_or(String::new(), |c| as_it_was(self.sheet.shown(c).trim()).to_string())
    }

    /// The number of a column, where it is one.
    fn number(&self, name: &str) -> Option<f64> {
        self.text(name).parse::<f64>().ok().filter(|n| n.is_finite())
    }

    /// That the row is left out, and why.
    fn wrong(&self, what: &str) -> Problem {
        let place = Place::line(self.file, self.line);
        Problem::error(place, format!("{what}, so the row was left out"))
            .hint("use the file as it was written; Excel may have changed its numbers")
    }
}

/// Whether a value is the number that was printed of it, rounded. Nothing is said of what is no
/// number; and Excel, which may have been at it, writes 84.4% as 84.40%.
fn is_printed_so(value: f64, printed: &str) -> bool {
    written(printed).is_none_or(|printed| {
        let rounded_away = 0.501 * 10_f64.powi(-i32::from(decimals_of(printed.value)));
        (value - printed.value).abs() <= rounded_away
    })
}

/// A period as labels write it, odd days included: `1 April 2026 to 15 May 2026`.
fn read_period(text: &str, year_month: i8) -> Option<Period> {
    if let Some((start, end)) = text.split_once(" to ") {
        let day = |text: &str| Period::parse(text, year_month).map(|p| p.end);
        return Some(Period::new(day(start)?, day(end)?, year_month));
    }
    Period::parse(text, year_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_was_not_printed_so_is_left_out() {
        let places = Places::default();
        let whose = Whose { name: "Exampleton", code: None, places: &places };
        let folder = tempfile::tempdir().expect("a folder");
        for (value, symbol, printed, told) in [
            ("84.4444", "", "84.4%", None),
            // Excel saves a percentage with two decimals.
            ("84.4444", "", "84.40%", None),
            ("1234.6", "", "1,235", None),
            ("84.4444", "", "", None),
            ("2.5", "", "£2.50 a week", None),
            ("84.4444", "", "48.4%", Some("the value is not what was printed")),
            ("844", "", "84.4%", Some("the value is not what was printed")),
            ("3", "c", "c", Some("there are both a value and a symbol")),
            ("", "c", "c", None),
        ] {
            let file = folder.path().join("q1.csv");
            let head = "indicator,area_type,area,area_code,period,value,symbol,printed,reported_in";
            let row = format!("m,council,Exampleton,,2026/27 Q1,{value},{symbol},\"{printed}\",");
            std::fs::write(&file, format!("{head}\n{row}2026/27 Q1\n")).expect("written");
            let mut problems = Problems::default();
            let history = History::read(&[file], &whose, 4, &Limits::default(), &mut problems);
            let expected = told.map(|told| format!("{told}, so the row was left out"));
            let messages: Vec<_> = problems.iter().map(|problem| problem.message.clone()).collect();
            assert_eq!(messages, Vec::from_iter(expected), "{value} {symbol} {printed}");
            assert_eq!(history.entries.is_empty(), told.is_some(), "{value} {symbol} {printed}");
        }
    }
}
