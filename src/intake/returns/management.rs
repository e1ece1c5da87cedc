//! The sheets that managers type: Cover, Figures and Commentary.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};

use super::cells;
use super::find::normalised;
use crate::definitions::{Declarations, Measure};
use crate::intake::read::{Cell, Sheet, Value};
use crate::nouns::numbers::round_noise;
use crate::nouns::period::{Day, Period};
use crate::nouns::problem::{Place, Problem, Problems};
use crate::nouns::unit::Unit;

/// What the Cover says of one thing.
#[derive(Debug, Clone)]
pub struct CoverEntry {
    /// The label as typed.
    pub key: String,
    /// The value as a person reads it; dates as `30 September 2026`.
    pub text: String,
    /// The value as a number, where it is one.
    pub number: Option<f64>,
    /// The value as a day, where it is one.
    pub day: Option<Day>,
    /// The value's cell.
    pub place: Place,
}

/// What stands where a number could stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum TypedValue {
    /// Nothing.
    #[default]
    Blank,
    /// A number: percentages from 0 to 100.
    Number(f64),
    /// A gap with its own wording, such as `Not collected nationally.`
    Wording(String),
}

impl TypedValue {
    /// The number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            TypedValue::Number(n) => Some(*n),
            _ => None,
        }
    }
}

/// A row of the Figures sheet.
#[derive(Debug, Clone)]
pub struct TypedFigure {
    /// The indicator as typed.
    pub indicator: String,
    /// The title as typed.
    pub title: Option<String>,
    /// The unit as typed.
    pub unit: Option<Unit>,
    /// The numbers of the row by column: `value`, `numerator`, `previous_outturn` and so on.
    pub values: IndexMap<&'static str, (TypedValue, Place)>,
    /// The note.
    pub note: Option<String>,
    /// Who has looked at what the check of titles and rates says, and lets it stand.
    pub checked: Option<String>,
    /// The row's first cell.
    pub place: Place,
}

impl TypedFigure {
    /// Whether it says something of the council's own figure: a value, a count, or why there is
    /// none.
    fn is_filled(&self) -> bool {
        self.note.is_some()
            || ["value", "numerator", "denominator"]
                .iter()
                .any(|name| self.values.contains_key(name))
    }

    /// A number of the row, or the wording that stands there.
    pub fn value(&self, name: &str) -> TypedValue {
        self.values.get(name).map(|(v, _)| v.clone()).unwrap_or_default()
    }
}

/// A row of the Commentary sheet.
#[derive(Debug, Clone)]
pub struct TypedCommentary {
    /// The indicator or area as typed.
    pub about: String,
    /// The text; line breaks part paragraphs. Empty in a row that confirms a draft.
    pub text: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// The figure as it was when this was written or confirmed.
    pub figure: Option<String>,
    /// Who has looked at what the check says, and lets it stand.
    pub checked: Option<String>,
    /// The row's cell.
    pub place: Place,
    /// The cell of the text.
    pub said_at: Place,
}

/// The three sheets.
#[derive(Debug, Default, Clone)]
pub struct Management {
    /// Cover entries by their normalised label.
    pub cover: IndexMap<String, CoverEntry>,
    /// Figures in the sheet's order.
    pub figures: Vec<TypedFigure>,
    /// Commentary in the sheet's order.
    pub commentary: Vec<TypedCommentary>,
}

/// Headings of the Figures sheet that hold numbers, and what scripts call them.
const NUMBERS: [(&str, &str); 15] = [
    ("Numerator", "numerator"),
    ("Denominator", "denominator"),
    ("Value", "value"),
    ("Previous out-turn", "previous_outturn"),
    ("Previous quarter", "previous_quarter"),
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

impl Management {
    /// A Cover entry by its label, whatever its case and spaces.
    pub fn cover(&self, key: &str) -> Option<&CoverEntry> {
        self.cover.get(&normalised(key))
    }

    /// The Cover's text for a label.
    pub fn cover_text(&self, key: &str) -> Option<&str> {
        self.cover(key).map(|entry| entry.text.as_str())
    }

    /// Says which figures that only managers can give are not filled in, nor explained, on any
    /// sheet. What stands in an empty row of a figure that another manager has filled in goes to
    /// that row.
    pub fn settle_unfilled(&mut self, declared: &Declarations, problems: &mut Problems) {
        let code = |f: &TypedFigure| {
            declared.indicator_named(&f.indicator).map_or(&f.indicator, |i| &i.code).clone()
        };
        let filled: HashMap<String, usize> = self
            .figures
            .iter()
            .enumerate()
            .filter(|(_, f)| f.is_filled())
            .map(|(at, f)| (code(f), at))
            .collect();
        let mut moved = HashSet::new();
        for empty in
            (0..self.figures.len()).filter(|at| !self.figures[*at].is_filled()).collect::<Vec<_>>()
        {
            let Some(&filled) = filled.get(&code(&self.figures[empty])) else { continue };
            let values = std::mem::take(&mut self.figures[empty].values);
            for (name, (value, place)) in values {
                match self.figures[filled].values.get(name) {
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
        let mut at = 0..;
        self.figures.retain(|_| at.next().is_none_or(|at| !moved.contains(&at)));
        let asked = |f: &&TypedFigure| {
            let typed = declared
                .indicator_named(&f.indicator)
                .is_some_and(|i| matches!(i.measure, Measure::Typed));
            typed && !f.is_filled()
        };
        let unfilled: Vec<&TypedFigure> = self.figures.iter().filter(asked).collect();
        let Some(first) = unfilled.first() else { return };
        let codes: IndexSet<&str> = unfilled.iter().map(|f| f.indicator.as_str()).collect();
        let (verb, them) = if codes.len() == 1 { ("is", "it") } else { ("are", "them") };
        let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
        problems.add(
            Problem::warning(first.place.clone(), format!("{codes} {verb} not filled in"))
                .column("Value")
                .hint(format!("type a value for {them}, or say in the note why there is none")),
        );
    }

    /// Reads the sheet if it is one of the three; says which.
    pub fn take(
        &mut self,
        sheet: &Sheet,
        declared: &Declarations,
        problems: &mut Problems,
    ) -> Option<&'static str> {
        if let Some((row, heads)) = header(
            sheet,
            &["Indicator"],
            &["Value", "Numerator", "Previous out-turn", "Statistical neighbours", "Target"],
        ) {
            self.take_figures(sheet, row, &heads, declared, problems);
            return Some("Figures");
        }
        if let Some((row, heads)) = header(
            sheet,
            &["Commentary"],
            &["Indicator or area", "Indicator", "Area", "Area / Indicator"],
        ) {
            self.take_commentary(sheet, row, &heads, problems);
            return Some("Commentary");
        }
        if is_cover(sheet) {
            self.take_cover(sheet, problems);
            return Some("Cover");
        }
        None
    }

    /// The period that the Cover is for: its dates first, else its year and quarter; none where it
    /// says neither.
    pub fn period(
        &self,
        year_month: i8,
        problems: &mut Problems,
    ) -> Result<Option<Period>, Problem> {
        let named = self.named_period(year_month, problems);
        let end = match self.cover("Period end").or_else(|| self.cover("As at date")) {
            Some(entry) => match entry.day {
                Some(day) => Some(day),
                None => {
                    return Err(Problem::error(entry.place.clone(), "the period's end is not a date")
                        .hint("dates are DD/MM/YYYY or Excel dates; nothing else can be checked until it is mended"));
                }
            },
            None => None,
        };
        let Some(end) = end else { return Ok(named) };
        let mut period = Period::new(end, end, year_month).year_to_date();
        if let Some(start) = self.cover("Period start").and_then(|entry| entry.day) {
            if start > end {
                let place = self.cover("Period start").map(|e| e.place.clone()).unwrap_or_default();
                return Err(Problem::error(place, "the period starts after it ends")
                    .hint("correct Period start or Period end"));
            }
            period.start = start;
        } else if let Some(named) = named {
            period.start = named.start;
        }
        if let Some(named) = named
            && named.end != period.end
        {
            let place = self
                .cover("Quarter")
                .or_else(|| self.cover("Reporting year"))
                .map(|e| e.place.clone())
                .unwrap_or_default();
            problems.add(
                Problem::warning(
                    place,
                    "the reporting year and quarter do not end on the day that Period end says",
                )
                .hint(format!("the return was read as up to {}", period.end.long())),
            );
        }
        Ok(Some(period))
    }

    fn named_period(&self, year_month: i8, problems: &mut Problems) -> Option<Period> {
        let year = self.cover("Reporting year").or_else(|| self.cover("Period"))?;
        let quarter = self.cover_text("Quarter").unwrap_or_default();
        let period = Period::parse(&format!("{} {quarter}", year.text), year_month)
            .or_else(|| Period::parse(&year.text, year_month));
        if period.is_none() {
            problems.add(
                Problem::warning(
                    year.place.clone(),
                    "the reporting year and quarter cannot be read",
                )
                .hint("write the year as 2026/27 and the quarter as Q2 or Q1/Q2"),
            );
        }
        period
    }

    fn take_cover(&mut self, sheet: &Sheet, problems: &mut Problems) {
        for (row, cells) in sheet.rows() {
            let Some((label, value)) = cells.split_first() else { continue };
            let (Value::Text(key), Some(value)) = (sheet.value(label), value.first()) else {
                continue;
            };
            let place = sheet.place.at(row, value.col);
            let (text, number, day) = match sheet.value(value) {
                Value::Date(day) => (day.long(), None, Some(day)),
                Value::Number(n) => (sheet.shown(value), Some(n), None),
                Value::Text(text) => {
                    (cells::trimmed(text).into_owned(), cells::number(text), cells::date(text))
                }
                Value::Bool(_) => (sheet.shown(value), None, None),
                Value::Error(_) | Value::Uncalculated | Value::NotADate(_) | Value::TooLong => {
                    problems.add(
                        Problem::error(place, "the Cover's value cannot be used")
                            .hint("type the value itself"),
                    );
                    continue;
                }
            };
            let key = cells::trimmed(key).trim_end_matches(':').to_string();
            let entry = CoverEntry { key: key.clone(), text, number, day, place: place.clone() };
            let text = entry.text.clone();
            // Several managers may each send a Cover that says the same.
            if self
                .cover
                .insert(normalised(&key), entry)
                .is_some_and(|earlier| earlier.text != text)
            {
                problems.add(
                    Problem::warning(place, "the Cover says this twice; the lower one was used")
                        .hint("take one away"),
                );
            }
        }
    }

    fn take_figures(
        &mut self,
        sheet: &Sheet,
        header_row: u32,
        heads: &Heads,
        declared: &Declarations,
        problems: &mut Problems,
    ) {
        let from = self.figures.len();
        let mut percents: Vec<Ambiguous> = Vec::new();
        for (row, cells) in sheet.rows().filter(|(row, _)| *row > header_row) {
            tell_unusable(sheet, row, cells, heads, &FIGURE_TEXTS, problems);
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
                        "this unit is not known; the script's was used",
                    )
                    .column("Unit")
                    .hint("units are number, percentage, rate per 10,000, average, median"),
                );
            }
            // Where the sheet is silent the script knows the unit, and with it how percentages are
            // read.
            let unit = unit.or_else(|| declared.indicator_named(&indicator).map(|i| i.unit));
            let mut figure = TypedFigure {
                indicator,
                title: text_of(sheet, cells, heads, &["Title"]).map(|(t, _)| t),
                unit,
                values: IndexMap::new(),
                note: text_of(sheet, cells, heads, &["Note", "Notes"]).map(|(t, _)| t),
                checked: text_of(sheet, cells, heads, &["Checked"]).map(|(t, _)| t),
                place: sheet.place.at(row, cell),
            };
            for (heading, name) in NUMBERS {
                let Some(col) = heads.get(&normalised(heading)) else { continue };
                let Some(cell) = cells.iter().find(|c| c.col == *col) else { continue };
                let place = sheet.place.at(row, *col);
                // Counts stand beside percentages: only values are in the indicator's unit.
                let percent = unit == Some(Unit::Percentage)
                    && !matches!(
                        name,
                        "numerator"
                            | "denominator"
                            | "tolerance"
                            | "tolerance_low"
                            | "tolerance_high"
                    );
                let value = match typed(sheet, cell, percent) {
                    Ok(Typed::Value(value)) => value,
                    Ok(Typed::Ambiguous(n)) => {
                        percents.push(Ambiguous {
                            figure: self.figures.len(),
                            name,
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
                        continue;
                    }
                };
                if let TypedValue::Wording(wording) = &value
                    && wording.chars().any(|c| c.is_ascii_digit())
                {
                    let text =
                        "this is text with digits in it, not a number; it is shown word for word";
                    let problem = Problem::warning(place.clone(), text)
                        .column(heading)
                        .value(wording.clone());
                    problems.add(
                        problem.hint(
                            "type the number alone, or words without digits, such as \"Not collected nationally.\"",
                        ),
                    );
                }
                if figure.values.insert(name, (value, place.clone())).is_some() {
                    problems.add(
                        Problem::warning(
                            place,
                            "two columns of the sheet mean the same; the right one was used",
                        )
                        .column(heading),
                    );
                }
            }
            self.figures.push(figure);
        }
        self.settle_percentages(from, percents, problems);
    }

    /// A number from 0 to 1 in a column of percentages may be a fraction or a very small
    /// percentage: the whole column decides. `layouts` calls this the reading rule for percentages.
    fn settle_percentages(
        &mut self,
        from: usize,
        ambiguous: Vec<Ambiguous>,
        problems: &mut Problems,
    ) {
        // Some names have several headings; each is settled once.
        let names: IndexSet<&str> = NUMBERS.iter().map(|(_, name)| *name).collect();
        for name in names {
            let doubtful: Vec<&Ambiguous> = ambiguous.iter().filter(|a| a.name == name).collect();
            let Some(first) = doubtful.first() else { continue };
            let column = self.figures[from..].iter().filter(|f| f.unit == Some(Unit::Percentage));
            let fractions = column.filter_map(|f| f.value(name).number()).all(|n| n <= 1.0);
            if fractions {
                problems.add(Problem::note(
                    first.place.clone(),
                    "the column's percentages are all between 0 and 1; they were read as fractions (0.808 as 80.8%)",
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

    fn take_commentary(
        &mut self,
        sheet: &Sheet,
        header_row: u32,
        heads: &Heads,
        problems: &mut Problems,
    ) {
        const ABOUT: [&str; 4] = ["Indicator or area", "Area / Indicator", "Indicator", "Area"];
        for (row, cells) in sheet.rows().filter(|(row, _)| *row > header_row) {
            tell_unusable(sheet, row, cells, heads, &COMMENTARY_TEXTS, problems);
            let other = |name| text_of(sheet, cells, heads, &[name]).map(|(t, _)| t);
            let (figure, checked) = (other("Figure"), other("Checked"));
            let text = text_of(sheet, cells, heads, &["Commentary"])
                // A row without a text confirms what a script drafts.
                .or_else(|| {
                    figure
                        .as_ref()
                        .or(checked.as_ref())
                        .map(|_| (String::new(), heads[&normalised("Commentary")]))
                });
            match (text_of(sheet, cells, heads, &ABOUT), text) {
                (Some((about, col)), Some((text, said))) => self.commentary.push(TypedCommentary {
                    about,
                    text,
                    author: other("Author"),
                    figure,
                    checked,
                    place: sheet.place.at(row, col),
                    said_at: sheet.place.at(row, said),
                }),
                (None, Some((_, col))) => problems.add(
                    Problem::error(
                        sheet.place.at(row, col),
                        "the commentary does not say what it is about, so it was left out",
                    )
                    .column("Commentary")
                    .hint("fill in the indicator's code or the name of the area"),
                ),
                _ => {}
            }
        }
    }
}

struct Ambiguous {
    figure: usize,
    name: &'static str,
    value: f64,
    place: Place,
}

enum Typed {
    Value(TypedValue),
    Ambiguous(f64),
}

/// What a cell of the Figures sheet says.
fn typed(sheet: &Sheet, cell: &Cell, percent: bool) -> Result<Typed, &'static str> {
    let checked = |n: f64| {
        if percent && n > 100.0 {
            Err("a percentage is over 100")
        } else {
            Ok(Typed::Value(TypedValue::Number(n)))
        }
    };
    match sheet.value(cell) {
        Value::Number(n) if cell.is_percent() => checked(round_noise(n * 100.0)),
        // Nothing is nothing, whichever way it is written.
        Value::Number(n) if percent && n > 0.0 && n <= 1.0 => Ok(Typed::Ambiguous(n)),
        Value::Number(n) if percent && n < 0.0 => Err("a percentage is below 0"),
        Value::Number(n) => checked(n),
        Value::Text(text) => {
            let plain = cells::trimmed(text);
            match (cells::percent(&plain), cells::number(&plain)) {
                (Some(n), _) => checked(n),
                (_, Some(n)) if percent && n > 0.0 && n <= 1.0 => Ok(Typed::Ambiguous(n)),
                (_, Some(n)) => checked(n),
                _ => Ok(Typed::Value(TypedValue::Wording(plain.into_owned()))),
            }
        }
        Value::Date(_) | Value::NotADate(_) => Err("this is a date, not a number"),
        Value::Bool(_) => Err("this is TRUE or FALSE, not a number"),
        Value::Error(_) => Err("the cell holds an Excel error"),
        Value::Uncalculated => Err("the cell holds a formula that was never calculated"),
        Value::TooLong => Err("the text is longer than a cell can hold"),
    }
}

type Heads = IndexMap<String, u16>;

/// The row with one of the needed and one of the other headings.
fn header(sheet: &Sheet, needed: &[&str], other: &[&str]) -> Option<(u32, Heads)> {
    sheet.rows().take(50).find_map(|(row, cells)| {
        let heads: Heads = cells
            .iter()
            .filter_map(|cell| match sheet.value(cell) {
                Value::Text(text) => Some((normalised(text), cell.col)),
                _ => None,
            })
            .collect();
        let has = |names: &[&str]| names.iter().any(|n| heads.contains_key(&normalised(n)));
        (has(needed) && has(other)).then_some((row, heads))
    })
}

/// The text under the first heading that the sheet has, and its column.
fn text_of(sheet: &Sheet, cells: &[Cell], heads: &Heads, names: &[&str]) -> Option<(String, u16)> {
    let col = names.iter().find_map(|n| heads.get(&normalised(n)))?;
    let cell = cells.iter().find(|c| c.col == *col)?;
    let text = match sheet.value(cell) {
        Value::Text(text) => cells::trimmed(text).replace("\r\n", "\n").replace('\r', "\n"),
        Value::Error(_) | Value::Uncalculated | Value::TooLong => return None,
        _ => sheet.shown(cell),
    };
    (!text.is_empty()).then_some((text, *col))
}

/// The columns of texts on the Figures sheet and on the Commentary sheet.
const FIGURE_TEXTS: [&str; 6] = ["Indicator", "Title", "Unit", "Note", "Notes", "Checked"];
const COMMENTARY_TEXTS: [&str; 8] = [
    "Indicator or area",
    "Area / Indicator",
    "Indicator",
    "Area",
    "Commentary",
    "Author",
    "Figure",
    "Checked",
];

/// Tells of cells under these headings that hold no text that could be used.
fn tell_unusable(
    sheet: &Sheet,
    row: u32,
    cells: &[Cell],
    heads: &Heads,
    names: &[&str],
    problems: &mut Problems,
) {
    for name in names {
        let col = heads.get(&normalised(name));
        let Some(cell) = col.and_then(|col| cells.iter().find(|cell| cell.col == *col)) else {
            continue;
        };
        let (what, hint) = match sheet.value(cell) {
            Value::Error(_) => {
                ("the cell holds an Excel error", "mend its formula, or type the text")
            }
            Value::Uncalculated => (
                "the cell holds a formula that was never calculated",
                "open the workbook in Excel and save it, so that the values are stored",
            ),
            Value::TooLong => (
                "the text is longer than a cell can hold",
                "a cell holds 32,767 characters at most; shorten the text",
            ),
            _ => continue,
        };
        let problem =
            Problem::error(sheet.place.at(row, cell.col), format!("{what}; it was not used"));
        problems.add(problem.column(*name).hint(hint));
    }
}

/// Two columns of labels and values, of which a Cover has some.
fn is_cover(sheet: &Sheet) -> bool {
    const LABELS: [&str; 8] = [
        "AUTHORITY",
        "REPORTINGYEAR",
        "QUARTER",
        "PERIODSTART",
        "PERIODEND",
        "COMMITTEE",
        "RETURN",
        "POPULATIONUNDER18",
    ];
    let labels = sheet.rows().filter_map(|(_, cells)| match sheet.value(cells.first()?) {
        Value::Text(text) => Some(normalised(text)),
        _ => None,
    });
    let known = labels.filter(|l| LABELS.contains(&l.as_str())).count();
    known >= 2 || (known == 1 && sheet.name.trim().eq_ignore_ascii_case("cover"))
}
