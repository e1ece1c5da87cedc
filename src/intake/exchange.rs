//! Exchange files: what a council's figures are made of, before anything is hidden, so that a
//! region can add them up. They name nobody and are not for publication.
//!
//! Beside numerators and denominators they say which of them lie over each other: how many people
//! there are whose records are counted in these and those. Without it nobody could tell what a
//! region's figures give away of a council.

use std::collections::BTreeMap;
use std::path::Path;

use super::read::{Limits, Sheet, read_file};
use crate::nouns::area::AreaCode;
use crate::nouns::figure::Symbol;
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::formulas::as_it_was;
use crate::nouns::period::{Day, Period};
use crate::nouns::problem::{Place, Problem};

/// The columns of the file, in their order. The first says in every row that it is private.
pub const COLUMNS: [&str; 17] = [
    "not_for_publication",
    "area_code",
    "area",
    "period_start",
    "period_end",
    "indicator",
    "definition",
    "part_of",
    "running",
    "title",
    "numerator",
    "denominator",
    "value",
    "symbol",
    "people",
    "list",
    "records",
];

/// How many records of a list one person may have.
const MOST_RECORDS: usize = 100_000;

/// What a row of the file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A figure.
    Figure,
    /// How many records of a median have a number.
    Number,
    /// How many people have such records.
    People,
}

impl Row {
    /// Its word in the first column.
    pub fn word(self) -> &'static str {
        match self {
            Row::Figure => "figure",
            Row::Number => "number",
            Row::People => "people",
        }
    }

    fn named(word: &str) -> Option<Row> {
        [Row::Figure, Row::Number, Row::People].into_iter().find(|row| row.word() == word)
    }
}

/// What one return gives to be added up.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// The file that it was read from; empty where it was made here.
    pub file: String,
    /// The fingerprint of that file.
    pub fingerprint: Option<Fingerprint>,
    /// Whose.
    pub area: AreaCode,
    /// The council's name.
    pub name: String,
    /// When.
    pub period: Period,
    /// Its figures.
    pub figures: Vec<ExchangedFigure>,
    /// Who is counted in which of them.
    pub people: Vec<People>,
}

/// A figure as it is exchanged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExchangedFigure {
    /// The indicator's code.
    pub indicator: String,
    /// The fingerprint of how it is defined.
    pub definition: String,
    /// The indicator that it is a part of.
    pub part_of: Option<String>,
    /// Whether it is the running total up to a part.
    pub running: bool,
    /// Its title, where it is a part.
    pub title: String,
    /// How many, or the sum.
    pub numerator: Option<f64>,
    /// Out of how many.
    pub denominator: Option<f64>,
    /// What it comes to.
    pub value: Option<f64>,
    /// Why it comes to nothing.
    pub symbol: Option<Symbol>,
    /// Of a sum or a mean: how many people it tells of.
    pub tells_of: Option<usize>,
    /// Of a median: each number, as its bits, and how many records have it.
    pub numbers: BTreeMap<u64, u32>,
    /// The lists whose records are its numerator and its denominator.
    pub lists: [Option<String>; 2],
    /// Whether its numerator adds up a column and does not count.
    pub sums: bool,
}

/// People of one kind: each has the same records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct People {
    /// The list.
    pub list: String,
    /// For each record of one of them, the figures whose numerator or denominator it lies in.
    pub records: Vec<Vec<Member>>,
    /// How many of them there are.
    pub count: u32,
}

/// A record's part in a figure: which of the file's figures, and in which of its two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// The figure's place among the file's figures.
    pub figure: u32,
    /// Whether it is the denominator.
    pub denominator: bool,
}

impl Exchange {
    /// Reads one.
    pub fn read(path: &Path, year_month: i8, limits: &Limits) -> Result<Exchange, Problem> {
        let source = read_file(path, limits, &mut crate::nouns::problem::Problems::default())?;
        let sheet = source.sheets.first();
        let sheet = sheet.ok_or_else(|| not_one(&source.name, "it is empty"))?;
        let mut reader = Reader { sheet, columns: BTreeMap::new(), file: &source.name };
        let mut exchange: Option<Exchange> = None;
        for (row, cells) in sheet.rows() {
            if row == 0 {
                reader.head(cells)?;
                continue;
            }
            reader.row(row, cells, year_month, &mut exchange)?;
        }
        let mut exchange = exchange.ok_or_else(|| not_one(&source.name, "it holds no figure"))?;
        exchange.fingerprint = source.fingerprint;
        exchange.hold_together(&source.name)?;
        Ok(exchange)
    }

    /// The people must be counted in figures that there are, and as often as the figures say: else
    /// somebody changed the file.
    fn hold_together(&self, file: &str) -> Result<(), Problem> {
        let mut counted = vec![[0.0f64; 2]; self.figures.len()];
        for people in &self.people {
            for member in people.records.iter().flatten() {
                let numbers = counted.get_mut(member.figure as usize).ok_or_else(|| {
                    changed(file, "a row of people names a figure that is not there")
                })?;
                numbers[usize::from(member.denominator)] += f64::from(people.count);
            }
        }
        for (told, counted) in self.figures.iter().zip(counted) {
            let says = [(told.numerator.filter(|_| !told.sums), 0), (told.denominator, 1)];
            for (number, which) in says {
                let of_records = told.lists[which].is_some();
                if of_records && number.is_some_and(|number| number != counted[which]) {
                    let what = format!("`{}` does not count as many as its people", told.indicator);
                    return Err(changed(file, &what));
                }
            }
        }
        Ok(())
    }
}

fn not_one(file: &str, why: &str) -> Problem {
    Problem::unreadable(file, format!("this is no exchange file: {why}"))
        .hint("`rapporteur build q2.xlsx --exchange q2-exchange.csv` makes one")
}

fn changed(file: &str, what: &str) -> Problem {
    Problem::unreadable(file, format!("the exchange file was changed: {what}"))
        .hint("use the file as it was written, or make it again with `build --exchange`")
}

/// Reads a file row by row.
struct Reader<'a> {
    sheet: &'a Sheet,
    columns: BTreeMap<String, u16>,
    file: &'a str,
}

impl Reader<'_> {
    fn head(&mut self, cells: &[super::read::Cell]) -> Result<(), Problem> {
        self.columns = cells
            .iter()
            .map(|cell| (self.sheet.shown(cell).trim().to_string(), cell.col))
            .collect();
        match COLUMNS.iter().find(|name| !self.columns.contains_key(**name)) {
            Some(missing) => Err(not_one(self.file, &format!("it has no column `{missing}`"))),
            None => Ok(()),
        }
    }

    fn text(&self, cells: &[super::read::Cell], name: &str) -> String {
        let column = self.columns[name];
        let cell = cells.iter().find(|cell| cell.col == column);
        cell.map_or(String::new(), |cell| as_it_was(self.sheet.shown(cell).trim()).to_string())
    }

    fn row(
        &self,
        row: u32,
        cells: &[super::read::Cell],
        year_month: i8,
        exchange: &mut Option<Exchange>,
    ) -> Result<(), Problem> {
        let text = |name: &str| self.text(cells, name);
        let wrong = |what: &str| {
            let place = Place::line(self.file, row + 1);
            Problem { place, ..changed(self.file, what) }
        };
        let number = |name: &str| match text(name).as_str() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| wrong(&format!("`{name}` is no number"))),
        };
        let area = AreaCode::parse(&text("area_code"))
            .ok_or_else(|| wrong("a row has no area code, such as E06000015"))?;
        let days = [Day::parse(&text("period_start")), Day::parse(&text("period_end"))];
        let [Some(start), Some(end)] = days else { return Err(wrong("a row has no period")) };
        let period = Period::new(start, end, year_month);
        let exchange = exchange.get_or_insert_with(|| Exchange {
            file: self.file.to_string(),
            fingerprint: None,
            area,
            name: text("area"),
            period,
            figures: Vec::new(),
            people: Vec::new(),
        });
        if (exchange.area, exchange.period) != (area, period) {
            return Err(wrong("it holds rows of two councils or periods"));
        }
        let kind = text("not_for_publication");
        match Row::named(&kind).ok_or_else(|| wrong("a row is of no known kind"))? {
            Row::Figure => {
                let lists = text("list");
                let (numerator, denominator) = lists.split_once('/').unwrap_or((&lists, ""));
                let known = |list: &str| (!list.is_empty()).then(|| list.to_string());
                exchange.figures.push(ExchangedFigure {
                    indicator: text("indicator"),
                    definition: text("definition"),
                    part_of: known(&text("part_of")),
                    running: text("running") == "yes",
                    title: text("title"),
                    numerator: number("numerator")?,
                    denominator: number("denominator")?,
                    value: number("value")?,
                    symbol: Symbol::of_code(&text("symbol")),
                    tells_of: number("people")?.map(|n| n as usize),
                    numbers: BTreeMap::new(),
                    lists: [known(numerator), known(denominator)],
                    sums: text("records") == "sum",
                });
            }
            Row::Number => {
                let code = text("indicator");
                let told = exchange.figures.iter_mut().find(|told| told.indicator == code);
                let told = told.ok_or_else(|| wrong("a number is of no figure above it"))?;
                let (Some(value), Some(people)) = (number("value")?, number("people")?) else {
                    return Err(wrong("a row of numbers has none"));
                };
                told.numbers.insert(value.to_bits(), people as u32);
            }
            Row::People => {
                let records = text("records");
                exchange.people.push(People {
                    list: text("list"),
                    records: read_back(&records)
                        .ok_or_else(|| wrong("`records` cannot be read"))?,
                    count: number("people")?.unwrap_or(0.0) as u32,
                });
            }
        }
        Ok(())
    }
}

/// The records of a person as the file has them: `0n 1n 1d|3*2n`, records apart by bars; three
/// equal ones in the numerator of the third figure.
pub fn written(records: &[Vec<Member>]) -> String {
    let alike = records.chunk_by(|one, other| one == other);
    let words = alike.map(|alike| {
        let members: Vec<String> = alike[0].iter().map(ToString::to_string).collect();
        let times = if alike.len() > 1 { format!("{}*", alike.len()) } else { String::new() };
        format!("{times}{}", members.join(" "))
    });
    words.collect::<Vec<_>>().join("|")
}

/// The same read back; none where it cannot be.
fn read_back(text: &str) -> Option<Vec<Vec<Member>>> {
    let mut records = Vec::new();
    for record in text.split('|') {
        let (times, members) = record.split_once('*').unwrap_or(("1", record));
        let times: usize = times.parse().ok().filter(|times| *times <= MOST_RECORDS)?;
        let members: Option<Vec<Member>> =
            members.split_whitespace().map(|word| word.parse().ok()).collect();
        records.extend(std::iter::repeat_n(members?, times));
    }
    Some(records)
}

impl std::str::FromStr for Member {
    type Err = ();

    fn from_str(word: &str) -> Result<Member, ()> {
        let (figure, which) = word.split_at_checked(word.len().saturating_sub(1)).ok_or(())?;
        let denominator = match which {
            "n" => false,
            "d" => true,
            _ => return Err(()),
        };
        Ok(Member { figure: figure.parse().map_err(|_| ())?, denominator })
    }
}

impl std::fmt::Display for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.figure, if self.denominator { 'd' } else { 'n' })
    }
}
