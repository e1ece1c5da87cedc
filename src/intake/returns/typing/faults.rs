//! What can be wrong with a cell of a list, and how it is told.

use super::filling::Filling;
use crate::definitions::{Code, Column, ColumnType};
use crate::nouns::dates::NoDate;
use crate::nouns::numbers::plain_number;
use crate::nouns::problem::{Place, Problem, Spoils};
use crate::nouns::words::{WIDEST_HINT, as_many_as_fit};

/// What is wrong with a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    DateAsText,
    DateAsNumber,
    /// Year, month and day in eight digits.
    DateAsDigits,
    NumberAsText,
    StraySpaces,
    /// pandas writes whole numbers beside blanks as 1000.0.
    PointZero,
    UnknownCode,
    CodeOutOfUse,
    OutOfBounds,
    NotADate(NoDate),
    Unreadable,
    /// A number in a unit that the column's numbers are not in.
    OtherUnit,
    ErrorValue,
    Uncalculated,
    NoText,
    TooLong,
    Missing,
    /// Excel keeps 15 digits of a long number, or fewer in a CSV file.
    Shortened,
    /// Excel took an identifier such as 3-13 for a date.
    BecameDate,
    NotAQuarter,
    QuarterOutside,
    /// A word that looks like one of those that are counted.
    NearWord(usize),
    /// A word that nothing counts.
    OtherWord,
}

impl Fault {
    /// Whether the row cannot be used, whatever column the cell is of.
    pub(super) fn spoils_the_row(self) -> bool {
        matches!(self, Fault::Missing | Fault::QuarterOutside)
    }

    /// Whether what the cell says is counted otherwise than it was meant, or not at all.
    fn spoils_the_cell(self) -> bool {
        match self {
            Fault::DateAsText
            | Fault::DateAsNumber
            | Fault::DateAsDigits
            | Fault::NumberAsText
            | Fault::StraySpaces
            | Fault::PointZero => false,
            Fault::UnknownCode
            | Fault::CodeOutOfUse
            | Fault::OutOfBounds
            | Fault::NotADate(_)
            | Fault::Unreadable
            | Fault::OtherUnit
            | Fault::ErrorValue
            | Fault::Uncalculated
            | Fault::NoText
            | Fault::TooLong
            | Fault::Missing
            | Fault::Shortened
            | Fault::BecameDate
            | Fault::NotAQuarter
            | Fault::QuarterOutside
            | Fault::NearWord(_)
            | Fault::OtherWord => true,
        }
    }
}

/// A fault in an officer's words, with the cell and what to do.
pub(super) fn describe(
    fault: Fault,
    filling: &Filling,
    place: Place,
    left_out: bool,
    value: String,
) -> Problem {
    let column = filling.column;
    let left = if left_out { "; row left out" } else { "" };
    let error = |message: String| Problem::error(place.clone(), message);
    let warning = |message: String| Problem::warning(place.clone(), message);
    let problem = match fault {
        Fault::DateAsText => warning("date held as text".to_string())
            .hint("it was read day first; format the cells as dates to be sure"),
        Fault::DateAsNumber => warning("date held as a plain number".to_string())
            .hint("it was read as an Excel date; format the cells as dates to be sure"),
        Fault::DateAsDigits => warning("date held as eight digits".to_string())
            .hint("it was read year first; format the cells as dates to be sure"),
        Fault::NumberAsText => warning("number held as text".to_string())
            .hint("it was read as the number; use Data > Text to Columns, or type it again"),
        Fault::StraySpaces => warning("stray spaces around the text".to_string())
            .hint("they were taken off; use TRIM in the source"),
        Fault::PointZero => {
            warning("there is a \".0\" behind the number; it was read without".to_string())
                .hint("the program that wrote the file took it for a decimal: write it as text")
        }
        Fault::UnknownCode => {
            let problem = error("this code is not one of the column's set".to_string());
            match codes_in_use(filling) {
                Codes::All(told) => problem.hint(told),
                Codes::First(named) => problem
                    .hint(where_all_codes_are(filling.list, &named))
                    .hint_in_page(format!("what may stand here: {named}")),
            }
        }
        Fault::CodeOutOfUse => warning(format!("this code is not in use in {}", filling.year))
            .hint("check the code against the year's guidance; it was counted as it stands"),
        Fault::OutOfBounds => error(format!("this number cannot be: it was not used{left}"))
            .hint(format!("it must be {}", bounds(column))),
        Fault::NotADate(NoDate::NotWritten) => {
            error(format!("this is not a date{left}")).hint("dates are DD/MM/YYYY or Excel dates")
        }
        Fault::NotADate(why) => error(format!("no such date: {}{left}", why.words()))
            .hint("dates are DD/MM/YYYY or Excel dates"),
        Fault::Unreadable => {
            error(format!("this is not {}{left}", column.kind.expected())).hint(match column.kind {
                ColumnType::Number { .. } => {
                    "a number such as 17 or 17.3; leave the cell blank where there is none"
                }
                _ => "dates are DD/MM/YYYY or Excel dates",
            })
        }
        Fault::OtherUnit => error(format!("this is in another unit: it was not used{left}"))
            .hint(in_its_unit(column)),
        Fault::ErrorValue => error(format!("the cell holds an Excel error{left}"))
            .hint("mend its formula, or type the value"),
        Fault::Uncalculated => error(format!("a formula that was never calculated{left}"))
            .hint("open the workbook in Excel and save it, so that the values are stored"),
        Fault::NoText => error(format!("the cell says it holds a text, and has none{left}"))
            .hint("type what belongs there, or clear the cell in Excel where it is blank"),
        Fault::TooLong => error(format!("the text is longer than a cell can hold{left}"))
            .hint("a cell holds 32,767 characters at most; shorten the text"),
        Fault::Missing => error(format!("{} must be filled in{left}", column.name)),
        Fault::Shortened => error(format!("Excel shortened this number, so it is lost{left}"))
            .hint("export it again with the column formatted as text, not as 1.2E+11"),
        Fault::BecameDate => error(format!("Excel turned this into a date{left}"))
            .hint("format the column as text in Excel, and paste it again from the source"),
        Fault::NotAQuarter => error("this is not a quarter".to_string())
            .hint("write Q1, or Q1-Q3 for several together"),
        Fault::QuarterOutside => {
            error("the quarter is not one of the return's period, so the row was left out".into())
                .hint("correct the quarter, or take the row away")
        }
        Fault::NearWord(near) => warning(format!(
            "nothing counts this as it is spelt; is \"{}\" meant?",
            column.counted[near]
        ))
        .hint("correct the word in the cell"),
        Fault::OtherWord => warning("nothing counts this".to_string()).hint(words_counted(column)),
    };
    let spoils = match fault {
        _ if left_out => Spoils::Row,
        _ if fault.spoils_the_cell() => Spoils::Cell,
        _ => Spoils::Nothing,
    };
    let problem = problem.column(&column.name).spoils(spoils);
    if value.is_empty() { problem } else { problem.value(value) }
}

/// The codes that may stand in a cell.
enum Codes {
    /// All of them, each with what it means.
    All(String),
    /// As many as a hint has room for, where they are too many to be told.
    First(String),
}

/// A code with what it means: what stands behind a colon explains what stands before it.
fn with_meaning(name: &str, code: &Code) -> String {
    match code.meaning.split(':').next() {
        None | Some("") => name.to_string(),
        Some(meaning) => format!("{name} ({meaning})"),
    }
}

/// The first so many of names, with dots where there are more.
fn first_of(names: &[&str], n: usize) -> String {
    let dots = if n < names.len() { ", …" } else { "" };
    format!("{}{dots}", names[..n].join(", "))
}

/// The codes of the year, as a hint tells them.
fn codes_in_use(filling: &Filling) -> Codes {
    let ColumnType::Codes(codes) = &filling.column.kind else {
        unreachable!("only code columns have unknown codes")
    };
    let in_use: Vec<(&String, &Code)> =
        codes.iter().filter(|(_, code)| code.in_use(filling.year)).collect();
    let meant: Vec<String> = in_use.iter().map(|(name, code)| with_meaning(name, code)).collect();
    let all = format!("it is {}", one_of(&meant));
    if all.chars().count() <= WIDEST_HINT {
        return Codes::All(all);
    }
    let names: Vec<&str> = in_use.iter().map(|(name, _)| name.as_str()).collect();
    let told = |n: usize| first_of(&names, n);
    let fits =
        |named: &String| where_all_codes_are(filling.list, named).chars().count() <= WIDEST_HINT;
    Codes::First((1..=in_use.len()).rev().map(told).find(fits).unwrap_or_default())
}

fn where_all_codes_are(list: &str, first: &str) -> String {
    format!("`rapporteur list {list}` says what may stand here: {first}")
}

/// `a`, `a or b`, `a, b or c`.
fn one_of(items: &[String]) -> String {
    match items {
        [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        all => all.concat(),
    }
}

/// What a word that is counted begins or ends with.
fn words_counted(column: &Column) -> String {
    let words: Vec<&str> = column.counted.iter().map(String::as_str).collect();
    let lead = "what is counted begins or ends with";
    format!("{lead} {}", as_many_as_fit(&words, WIDEST_HINT - lead.len() - 1))
}

/// What to write in a column whose numbers are in a unit of their own.
pub fn in_its_unit(column: &Column) -> String {
    let unit = column.unit.as_deref().unwrap_or("its own unit");
    format!("{} is in {unit}: enter {unit}, as a number alone", column.name)
}

fn bounds(column: &Column) -> String {
    let ColumnType::Number { min, max, whole } = &column.kind else {
        unreachable!("only number columns have bounds")
    };
    let bounds: Vec<_> = [
        whole.then(|| "a whole number".to_string()),
        min.map(|n| format!("at least {}", plain_number(n))),
        max.map(|n| format!("at most {}", plain_number(n))),
    ]
    .into_iter()
    .flatten()
    .collect();
    match &bounds[..] {
        [whole, low, high] => format!("{whole}, {low} and {high}"),
        some => some.join(" and "),
    }
}
