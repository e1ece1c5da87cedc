//! The Figures sheet: what managers type of indicators and of those whom they are compared with.

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};

use super::bounds::{NumberColumn, Typed, doubtful_wording, typed};
use super::{Heads, Management, TypedFigure, TypedValue, tell_unusable, text_of};
use crate::definitions::{Declarations, Measure};
use crate::intake::read::{Sheet, Value};
use crate::intake::returns::find::normalised;
use crate::nouns::numbers::{self, round_noise};
use crate::nouns::period::Period;
use crate::nouns::problem::{Place, Problem, Problems};
use crate::nouns::unit::Unit;
use crate::nouns::words::{WIDEST_MESSAGE, as_many_as_fit};

/// Headings of the Figures sheet that hold numbers, and what scripts call them.
const NUMBERS: [(&str, &str); 16] = [
    ("Numerator", "numerator"),
    ("Denominator", "denominator"),
    ("Value", "value"),
    ("Previous out-turn", "previous_outturn"),
    ("Previous quarter", "previous_quarter"),
    ("Previous month", "previous_month"),
    ("Same quarter last year", "same_period_last_year"),
    ("Statistical neighbours", "statistical_neighbours"),
    ("Statistical neighbour average", "statistical_neighbours"),
    ("Region", "region"),
    ("England", "england"),
    ("Target", "target"),
    ("Tolerance", "tolerance"),
    ("Tolerance low", "tolerance_low"),
    ("Tolerance high", "tolerance_high"),
    ("Current value", "value"),
];

/// What begins the heading of a column of what is expected: `Forecast 2027/28`.
pub const FORECAST: &str = "forecast ";
/// The same of what is aimed at then.
pub const TARGET: &str = "target ";

/// Headings of the Figures sheet that hold words.
const TEXTS: [&str; 6] = ["Indicator", "Title", "Unit", "Note", "Notes", "Checked"];

impl Management {
    /// Settles what several sheets say of one figure, and names what nobody filled in.
    pub fn settle_figures(&mut self, declared: &Declarations, problems: &mut Problems) {
        self.settle_sheets(declared, problems);
        self.settle_empty_rows(declared, problems);
        self.name_unfilled(declared, problems);
    }

    /// The sheet that is named Figures has the last word in its workbook: another sheet may be an
    /// older one that was left there.
    fn settle_sheets(&mut self, declared: &Declarations, problems: &mut Problems) {
        let rows = by_code(&self.figures, declared);
        let mut beaten: HashSet<usize> = HashSet::new();
        for rows in rows.values() {
            let filled = || rows.iter().filter(|row| self.figures[**row].is_filled());
            for main in filled().filter(|row| self.figures[**row].is_on_figures()) {
                let main = &self.figures[*main];
                for other in filled().filter(|row| self.figures[**row].is_beside(main)) {
                    let place = self.figures[*other].place.clone();
                    let message = format!(
                        "the figure stands at {} too, and that one was used",
                        main.place.within()
                    );
                    problems.add(
                        Problem::warning(place, message)
                            .column("Indicator")
                            .hint("delete the sheet if it is of an earlier time, or its row here"),
                    );
                    beaten.insert(*other);
                }
            }
        }
        self.drop_rows(&beaten);
    }

    /// What stands in an empty row of a figure that another manager has filled in goes to that row.
    fn settle_empty_rows(&mut self, declared: &Declarations, problems: &mut Problems) {
        let rows = by_code(&self.figures, declared);
        let mut moved = HashSet::new();
        for rows in rows.values() {
            let is_filled = |row: &&usize| self.figures[**row].is_filled();
            let Some(&filled) = rows.iter().rfind(is_filled) else { continue };
            let empty: Vec<usize> =
                rows.iter().filter(|row| !self.figures[**row].is_filled()).copied().collect();
            for empty in empty {
                let (from, to) = (&self.figures[empty], &self.figures[filled]);
                if from.is_on_figures() && to.is_beside(from) {
                    let message = format!(
                        "the figure's row at {} is blank, so this one was used",
                        from.place.within()
                    );
                    problems.add(
                        Problem::warning(to.place.clone(), message).column("Indicator").hint(
                            "fill in that row; delete this sheet if it is of an earlier time",
                        ),
                    );
                }
                let values = std::mem::take(&mut self.figures[empty].values);
                for (name, (value, place)) in values {
                    match self.figures[filled].values.get(&name) {
                        None => drop(self.figures[filled].values.insert(name, (value, place))),
                        Some((other, _)) if *other == value => {}
                        Some((_, other)) => problems.add(
                            Problem::warning(
                                place,
                                format!(
                                    "the same figure's row at {other} says otherwise, and was used"
                                ),
                            )
                            .hint("take one of the two away"),
                        ),
                    }
                }
                moved.insert(empty);
            }
        }
        self.drop_rows(&moved);
    }

    fn drop_rows(&mut self, dropped: &HashSet<usize>) {
        let mut at = 0..;
        self.figures.retain(|_| at.next().is_none_or(|at| !dropped.contains(&at)));
    }

    /// Says which figures that only managers can give are not filled in, nor explained, on any
    /// sheet.
    fn name_unfilled(&self, declared: &Declarations, problems: &mut Problems) {
        let asked = self.figures.iter().filter(|figure| figure.is_asked_for(declared));
        let unfilled: Vec<&TypedFigure> = asked.filter(|figure| !figure.is_filled()).collect();
        let Some(first) = unfilled.first() else { return };
        let title = |f: &&'_ TypedFigure| declared.indicator_named(&f.indicator).map(|i| &i.title);
        let titles: IndexSet<&str> =
            unfilled.iter().filter_map(title).map(String::as_str).collect();
        let titles: Vec<&str> = titles.into_iter().collect();
        let (verb, them) = if titles.len() == 1 { ("is", "it") } else { ("are", "them") };
        let what = format!("{verb} not filled in");
        let named = as_many_as_fit(&titles, 2 * WIDEST_MESSAGE - what.len() - 1);
        problems.add(
            Problem::warning(first.place.clone(), format!("{named} {what}"))
                .column("Value")
                .hint(format!("type a value for {them}, or say in the note why there is none")),
        );
    }

    /// Reads a Figures sheet.
    pub(super) fn take_figures(
        &mut self,
        sheet: &Sheet,
        header_row: u32,
        heads: &Heads,
        declared: &Declarations,
        problems: &mut Problems,
    ) {
        let from = self.figures.len();
        let columns = number_columns(sheet, header_row, heads);
        let mut percents: Vec<Ambiguous> = Vec::new();
        for (row, cells) in sheet.rows().filter(|(row, _)| *row > header_row) {
            tell_unusable(sheet, row, cells, heads, &TEXTS, problems);
            let Some((indicator, cell)) = text_of(sheet, cells, heads, &["Indicator"]) else {
                if cells.iter().any(|c| heads.values().any(|col| *col == c.col)) {
                    let problem = Problem::error(
                        sheet.place.at(row, heads["INDICATOR"]),
                        "the row names no indicator, so it was left out",
                    );
                    problems.add(problem.column("Indicator").hint("fill in the indicator's code"));
                }
                continue;
            };
            let unit_text = text_of(sheet, cells, heads, &["Unit"]);
            let unit = unit_text.as_ref().and_then(|(text, _)| Unit::named(text));
            if let (Some((_, cell)), None) = (&unit_text, unit) {
                problems.add(
                    Problem::warning(
                        sheet.place.at(row, *cell),
                        "this unit is not known; the figure's own was used",
                    )
                    .column("Unit")
                    .hint("units are number, percentage, rate per 10,000, average, median"),
                );
            }
            // Where the sheet is silent the script knows the unit, and with it how percentages are
            // read.
            let known = declared.indicator_named(&indicator);
            let unit = unit.or_else(|| known.map(|i| i.unit));
            let decimals = known.map_or_else(|| unit.map_or(0, Unit::decimals), |i| i.decimals);
            let mut figure = TypedFigure {
                indicator,
                title: text_of(sheet, cells, heads, &["Title"]).map(|(t, _)| t),
                unit,
                values: IndexMap::new(),
                note: text_of(sheet, cells, heads, &["Note", "Notes"]).map(|(t, _)| t),
                checked: text_of(sheet, cells, heads, &["Checked"]).map(|(t, _)| t),
                place: sheet.place.at(row, cell),
            };
            for NumberHead { heading, name, col } in &columns {
                let Some(cell) = cells.iter().find(|c| c.col == *col) else { continue };
                let place = sheet.place.at(row, *col);
                let column = NumberColumn { name, unit, decimals };
                let value = match typed(sheet, cell, column) {
                    Ok(Typed::Value(value)) => value,
                    Ok(Typed::Ambiguous(n)) => {
                        percents.push(Ambiguous {
                            figure: self.figures.len(),
                            name: name.clone(),
                            value: n,
                            place: place.clone(),
                        });
                        TypedValue::Number(n)
                    }
                    Err(what) => {
                        problems.add(
                            Problem::error(place.clone(), what)
                                .column(heading)
                                .value(sheet.shown(cell))
                                .hint("correct the cell; nothing was used in its place"),
                        );
                        // It was filled in, if not so that it could be used.
                        TypedValue::Blank
                    }
                };
                if let TypedValue::Wording(wording) = &value {
                    problems.add_any(doubtful_wording(wording, &place, heading));
                }
                if figure.values.insert(name.clone(), (value, place.clone())).is_some() {
                    problems.add(
                        Problem::warning(
                            place,
                            "two columns of the sheet mean the same; the right one was used",
                        )
                        .column(heading),
                    );
                }
            }
            problems.add_any(figure.settle_counts());
            self.figures.push(figure);
        }
        self.settle_percentages(from, &percents, problems);
    }

    /// A number from 0 to 1 in a column of percentages may be a fraction or a very small
    /// percentage: the whole column decides. `layouts` calls this the reading rule for percentages.
    fn settle_percentages(
        &mut self,
        from: usize,
        ambiguous: &[Ambiguous],
        problems: &mut Problems,
    ) {
        // Some names have several headings; each is settled once.
        let names: IndexSet<&str> = ambiguous.iter().map(|doubt| doubt.name.as_str()).collect();
        for name in names {
            let doubtful: Vec<&Ambiguous> = ambiguous.iter().filter(|a| a.name == name).collect();
            let Some(first) = doubtful.first() else { continue };
            let column = self.figures[from..].iter().filter(|f| f.unit == Some(Unit::Percentage));
            let fractions = column.filter_map(|f| f.value(name).number()).all(|n| n <= 1.0);
            if fractions {
                problems.add(Problem::note(
                    first.place.clone(),
                    "all are between 0 and 1; they were read as fractions (0.808 is 80.8%)",
                ));
            }
            for doubt in doubtful {
                let slot = self.figures[doubt.figure]
                    .values
                    .get_mut(name)
                    .expect("it was put there above");
                if fractions {
                    slot.0 = TypedValue::Number(round_noise(doubt.value * 100.0));
                } else {
                    slot.0 = TypedValue::Blank;
                    problems.add(
                        Problem::error(
                            doubt.place.clone(),
                            "this percentage may be a fraction or may be below 1%; it was not used",
                        )
                        .value(doubt.value.to_string())
                        .hint("type it with its sign, such as 0.8% or 80.8%"),
                    );
                }
            }
        }
    }
}

/// A column of numbers: its heading, what scripts call it, and where it stands.
struct NumberHead {
    heading: String,
    name: String,
    col: u16,
}

/// The columns of numbers of a Figures sheet: those that have a name, and those headed by a period.
fn number_columns(sheet: &Sheet, header_row: u32, heads: &Heads) -> Vec<NumberHead> {
    let named = NUMBERS.iter().filter_map(|(heading, name)| {
        let col = *heads.get(&normalised(heading))?;
        Some(NumberHead { heading: (*heading).to_string(), name: (*name).to_string(), col })
    });
    let header = sheet.rows().find(|(row, _)| *row == header_row);
    let of_periods = header.into_iter().flat_map(|(_, cells)| cells).filter_map(|cell| {
        let name = period_of(sheet.value(cell))?;
        Some(NumberHead { heading: name.clone(), name, col: cell.col })
    });
    named.chain(of_periods).collect()
}

/// The period that a heading names. Excel makes a date of `Aug 2026`: the month's first day.
fn period_of(heading: Value) -> Option<String> {
    match heading {
        Value::Text(text) => {
            let text = numbers::trimmed(text).into_owned();
            let lower = text.to_lowercase();
            let of = [FORECAST, TARGET].into_iter().find(|words| lower.starts_with(words));
            if let Some(words) = of {
                let period = period_of(Value::Text(&text[words.len()..]))?;
                return Some(format!("{words}{period}"));
            }
            // The month that years begin in decides which days are meant, not whether it is one.
            let is_period = [4, 1].into_iter().any(|month| Period::parse(&text, month).is_some());
            is_period.then_some(text)
        }
        Value::Date(day) if day.date().day() == 1 => Some(Period::new(day, day, 1).end_month()),
        Value::Date(day) => Some(day.long()),
        _ => None,
    }
}

/// The rows of each indicator, in the sheets' order.
fn by_code(figures: &[TypedFigure], declared: &Declarations) -> IndexMap<String, Vec<usize>> {
    let mut rows: IndexMap<String, Vec<usize>> = IndexMap::new();
    for (at, figure) in figures.iter().enumerate() {
        let known = declared.indicator_named(&figure.indicator);
        let code = known.map_or(&figure.indicator, |indicator| &indicator.code);
        rows.entry(code.clone()).or_default().push(at);
    }
    rows
}

impl TypedFigure {
    /// Whether its indicator is one that only managers can give.
    fn is_asked_for(&self, declared: &Declarations) -> bool {
        let indicator = declared.indicator_named(&self.indicator);
        indicator.is_some_and(|indicator| matches!(indicator.measure, Measure::Typed))
    }

    /// Whether it says something of the council's own figure: a value, a count, or why there is
    /// none.
    fn is_filled(&self) -> bool {
        self.note.is_some()
            || ["value", "numerator", "denominator"]
                .iter()
                .any(|name| self.values.contains_key(*name))
    }

    fn is_on_figures(&self) -> bool {
        self.place.sheet.as_deref().is_some_and(|sheet| normalised(sheet) == "FIGURES")
    }

    /// Whether it stands on another sheet of the same workbook.
    fn is_beside(&self, other: &TypedFigure) -> bool {
        self.place.file == other.place.file && self.place.sheet != other.place.sheet
    }

    /// Counts that cannot be a numerator and its denominator are not used, nor is the value beside
    /// them.
    fn settle_counts(&mut self) -> Option<Problem> {
        let number = |name| self.value(name).number();
        let (numerator, denominator) = (number("numerator")?, number("denominator")?);
        if self.unit != Some(Unit::Percentage) || numerator <= denominator {
            return None;
        }
        let place = self.values["numerator"].1.clone();
        for name in ["numerator", "denominator", "value"] {
            if let Some((value, _)) = self.values.get_mut(name) {
                *value = TypedValue::Blank;
            }
        }
        Some(
            Problem::error(place, "the numerator is more than its denominator: that is over 100%")
                .column("Numerator")
                .hint("correct the one that is wrong; nothing was used in its place"),
        )
    }
}

/// A number that may be a fraction or a small percentage.
struct Ambiguous {
    figure: usize,
    name: String,
    value: f64,
    place: Place,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nouns::period::Day;

    #[test]
    fn columns_may_be_headed_by_periods() {
        let day = |text: &str| Value::Date(Day::parse(text).expect("a day"));
        for (heading, period) in [
            (Value::Text(" August 2026 "), Some("August 2026")),
            (Value::Text("Aug 2026"), Some("Aug 2026")),
            (Value::Text("2025/26 Q4"), Some("2025/26 Q4")),
            (Value::Text("2025/26"), Some("2025/26")),
            (Value::Text("2025"), Some("2025")),
            (day("2026-08-01"), Some("August 2026")),
            (day("2026-08-31"), Some("31 August 2026")),
            (Value::Text("Value"), None),
            (Value::Text("August"), None),
            (Value::Number(2025.0), None),
        ] {
            assert_eq!(period_of(heading).as_deref(), period);
        }
    }
}
