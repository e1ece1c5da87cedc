//! Exchange files: what a council's figures are made of, before anything is hidden, so that a
//! region can add them up. They name nobody and are not for publication.
//!
//! Beside numerators and denominators they say which of them lie over each other: how many people
//! there are whose records are counted in these and those. Without it nobody could tell what a
//! region's figures give away of a council.

use std::collections::BTreeMap;
use std::path::Path;

use super::read::{Cell, Limits, Sheet, read_file};
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
    fn head(&mut self, cells: &[Cell]) -> Result<(), Problem> {
        self.columns = cells
            .iter()
            .map(|cell| (self.sheet.shown(cell).trim().to_string(), cell.col))
            .collect();
        match COLUMNS.iter().find(|name| !self.columns.contains_key(**name)) {
            Some(missing) => Err(not_one(self.file, &format!("it has no column `{missing}`"))),
            None => Ok(()),
        }
    }

    fn row(
        &self,
        row: u32,
        cells: &[Cell],
        year_month: i8,
        exchange: &mut Option<Exchange>,
    ) -> Result<(), Problem> {
        let cells = RowCells { reader: self, row, cells };
        let area = AreaCode::parse(&cells.text("area_code"))
            .ok_or_else(|| cells.wrong("a row has no area code, such as E06000015"))?;
        let days = [Day::parse(&cells.text("period_start")), Day::parse(&cells.text("period_end"))];
        let [Some(start), Some(end)] = days else { return Err(cells.wrong("a row has no period")) };
        let period = Period::new(start, end, year_month);
        let exchange = exchange.get_or_insert_with(|| Exchange {
            file: self.file.to_string(),
            fingerprint: None,
            area,
            name: cells.text("area"),
            period,
            figures: Vec::new(),
            people: Vec::new(),
        });
        if (exchange.area, exchange.period) != (area, period) {
            return Err(cells.wrong("it holds rows of two councils or periods"));
        }
        let kind = cells.text("not_for_publication");
        match Row::named(&kind).ok_or_else(|| cells.wrong("a row is of no known kind"))? {
            Row::Figure => {
                let lists = cells.text("list");
                let (numerator, denominator) = lists.split_once('/').unwrap_or((&lists, ""));
                let known = |list: &str| (!list.is_empty()).then(|| list.to_string());
                exchange.figures.push(ExchangedFigure {
                    indicator: cells.text("indicator"),
                    definition: cells.text("definition"),
                    part_of: known(&cells.text("part_of")),
                    running: cells.text("running") == "yes",
                    title: cells.text("title"),
                    numerator: cells.number("numerator")?,
                    denominator: cells.number("denominator")?,
                    value: cells.number("value")?,
                    symbol: Symbol::of_code(&cells.text("symbol")),
                    tells_of: cells.number("people")?.map(|n| n as usize),
                    numbers: BTreeMap::new(),
                    lists: [known(numerator), known(denominator)],
                    sums: cells.text("records") == "sum",
                });
            }
            Row::Number => {
                let code = cells.text("indicator");
                let told = exchange.figures.iter_mut().find(|told| told.indicator == code);
                let told = told.ok_or_else(|| cells.wrong("a number is of no figure above it"))?;
                let (Some(value), Some(people)) = (cells.number("value")?, cells.number("people")?)
                else {
                    return Err(cells.wrong("a row of numbers has none"));
                };
                told.numbers.insert(value.to_bits(), people as u32);
            }
            Row::People => {
                let records = cells.text("records");
                exchange.people.push(People {
                    list: cells.text("list"),
                    records: read_back(&records)
                        .ok_or_else(|| cells.wrong("`records` cannot be read"))?,
                    count: cells.number("people")?.unwrap_or(0.0) as u32,
                });
            }
        }
        Ok(())
    }
}

/// A row of the file, its cells by the names of their columns.
struct RowCells<'a> {
    reader: &'a Reader<'a>,
    row: u32,
    cells: &'a [Cell],
}

impl RowCells<'_> {
    /// What stands in a column; nothing where the cell is blank.
    fn text(&self, name: &str) -> String {
        let column = self.reader.columns[name];
        let cell = self.cells.iter().find(|cell| cell.col == column);
        let text = cell.map(|cell| self.reader.sheet.shown(cell));
        text.map_or(String::new(), |text| as_it_was(text.trim()).to_string())
    }

    /// The number of a column; none where the cell is blank.
    fn number(&self, name: &str) -> Result<Option<f64>, Problem> {
        match self.text(name).as_str() {
            "" => Ok(None),
            text => {
                text.parse().map(Some).map_err(|_| self.wrong(&format!("`{name}` is no number")))
            }
        }
    }

    /// That the row is not as it was written.
    fn wrong(&self, what: &str) -> Problem {
        let place = Place::line(self.reader.file, self.row + 1);
        Problem { place, ..changed(self.reader.file, what) }
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
