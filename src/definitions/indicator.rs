//! Populations and indicators: who is counted, and what is measured of them.

use super::condition::{Conditions, Moment, Window};
use super::{Function, Thresholds};
use crate::nouns::figure::FigureValue;
use crate::nouns::numbers::{grouped, in_pounds, rounded};
use crate::nouns::period::{Period, month_name};
use crate::nouns::problem::Place;
use crate::nouns::unit::Unit;
use crate::nouns::words::{WIDEST_HINT, cut};

/// Records of a list that belong together, such as the children looked after when the period ends.
#[derive(Debug, Clone)]
pub struct Population {
    /// Its name.
    pub name: String,
    /// The list or the other population that it is taken from.
    pub from: String,
    /// When a record of a span of time belongs to it.
    pub when: Option<When>,
    /// What a record must be.
    pub conditions: Conditions,
    /// Keep one record for each value of this column, or of several together; all, where none is
    /// named.
    pub one_per: Vec<String>,
    /// The column by which the kept one is chosen; the list's start where none is named.
    pub by: Option<String>,
    /// Whether the earliest is kept, not the latest.
    pub earliest: bool,
    /// Where it was declared.
    pub place: Place,
}

/// When a span of time belongs to a population.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// Open on a day: begun by then, and not ended or ended later.
    AsAt(Moment),
    /// Touching a window: begun by its last day, and not ended or ended on or after its first.
    During(Span),
}

/// A window for [`When::During`].
#[derive(Debug, Clone, Copy)]
pub struct Span(pub Window);

/// Polarity: which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither: for information.
    Neither,
}

impl Better {
    /// As committee papers put it.
    pub fn words(self) -> &'static str {
        match self {
            Better::Higher => "High",
            Better::Lower => "Low",
            Better::Neither => "Information only",
        }
    }
}

/// Which records count.
#[derive(Debug, Clone)]
pub enum Numerator {
    /// Those of the denominator (or population) that keep these conditions; all, where there are
    /// none.
    Where(Conditions),
    /// Those of another population.
    Population(String),
}

/// What they are counted out of.
#[derive(Debug, Clone)]
pub enum Denominator {
    /// Records of a population or list that keep the conditions.
    Records {
        /// The population or list.
        of: String,
        /// What of it.
        conditions: Conditions,
    },
    /// A number typed on the Cover sheet, such as the population under 18.
    Cover(String),
}

/// What is made of the numbers of many records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Summary {
    /// All of them together.
    Sum,
    /// The mean.
    Average,
    /// The middle one.
    Median,
}

impl Summary {
    /// As scripts write it.
    pub fn word(self) -> &'static str {
        match self {
            Summary::Sum => "sum",
            Summary::Average => "average",
            Summary::Median => "median",
        }
    }
}

/// The number that a record has.
#[derive(Debug, Clone)]
pub enum Each {
    /// What stands in a column.
    Column(String),
    /// What a script's function makes of the record.
    Function(Function),
}

impl std::fmt::Display for Each {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Each::Column(column) => f.write_str(column),
            Each::Function(_) => f.write_str("the script's function"),
        }
    }
}

/// How an indicator comes by its value.
#[derive(Debug, Clone)]
pub enum Measure {
    /// Counting records of a population.
    Count {
        /// The population or list, and what of it.
        of: String,
        /// Which of its records count.
        numerator: Numerator,
    },
    /// Counting records out of others.
    Share {
        /// Which records count.
        numerator: Numerator,
        /// Out of what.
        denominator: Denominator,
    },
    /// The sum, mean or median of a number that each record has.
    Summary {
        /// Which of the three.
        how: Summary,
        /// The number.
        each: Each,
        /// Whose.
        of: String,
        /// What of it.
        conditions: Conditions,
    },
    /// What falls to one part of a total that is counted.
    Part {
        /// How the total is counted.
        of: Box<Measure>,
        /// Which of the total's records are the part's.
        conditions: Conditions,
    },
    /// Worked out by a function from other indicators.
    Derived {
        /// The indicators it takes.
        from: Vec<String>,
        /// Takes their values; returns a value, or a numerator and a denominator.
        function: Function,
    },
    /// Typed by a manager on the Figures sheet.
    Typed,
}

impl Measure {
    /// The population or list whose records are counted.
    pub fn of(&self) -> Option<&str> {
        match self {
            Measure::Count { of, .. }
            | Measure::Summary { of, .. }
            | Measure::Share { denominator: Denominator::Records { of, .. }, .. }
            | Measure::Share { numerator: Numerator::Population(of), .. } => Some(of),
            Measure::Part { of, .. } => of.of(),
            Measure::Share { .. } | Measure::Derived { .. } | Measure::Typed => None,
        }
    }

    /// How the records are found: for a part, how its total's are, and which of those are the
    /// part's.
    pub fn whole(&self) -> (&Measure, Option<&Conditions>) {
        match self {
            Measure::Part { of, conditions } => (of, Some(conditions)),
            whole => (whole, None),
        }
    }
}

/// How an indicator is broken down into parts, each a figure of its own.
#[derive(Debug, Clone)]
pub struct Breakdown {
    /// What decides which part a record falls to.
    pub by: By,
    /// What parts each part once more: the columns of a table of which the parts are the rows.
    pub across: Option<By>,
    /// Whether each part also has the running total up to it.
    pub running: bool,
}

/// Where a figure stands in a table of two breakdowns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossed {
    /// The code of the part whose row it stands in; of the total of a column none.
    pub row: Option<String>,
    /// The title of its column.
    pub column: String,
}

/// What decides which part a record falls to.
#[derive(Debug, Clone)]
pub enum By {
    /// A column: a part for each code or text that occurs.
    Column(String),
    /// Conditions: a part for each, by its title.
    Groups(Vec<(String, Conditions)>),
}

impl std::fmt::Display for By {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            By::Column(column) => f.write_str(column),
            By::Groups(groups) => f.write_str(
                &groups.iter().map(|(title, _)| title.as_str()).collect::<Vec<_>>().join(", "),
            ),
        }
    }
}

/// A title as the end of a part's code: `Under 1` is `under_1`.
pub fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_lowercase).collect::<Vec<_>>().join("_");
    if slug.is_empty() { "part".to_string() } else { slug }
}

/// How far from its target a figure may lie: in the unit of the indicator.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tolerance {
    /// On the wrong side.
    pub low: f64,
    /// On the right side.
    pub high: f64,
}

impl Tolerance {
    /// How far below the target is near enough, and how far above. `low` is on the wrong side of
    /// the target, wherever that is: on both, where nearness is good.
    pub fn below_and_above(self, better: Better) -> (f64, f64) {
        match better {
            Better::Higher => (self.low, self.high),
            Better::Lower => (self.high, self.low),
            Better::Neither => (self.low, self.low),
        }
    }
}

/// Where an indicator is published: which rows of which file, and which column of them. Names drift
/// between releases, so each has a declaration of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// The release's name in the settings; any where none is named.
    pub release: Option<String>,
    /// The file's name.
    pub file: String,
    /// What its rows must say: the texts that each column may hold.
    pub conditions: Vec<(String, Vec<String>)>,
    /// The column of the values.
    pub value: String,
    /// Whether a release may be without the file, without a word.
    pub optional: bool,
    /// Where it was declared.
    pub place: Place,
}

/// Something that is measured.
#[derive(Debug, Clone)]
pub struct Indicator {
    /// Its code.
    pub code: String,
    /// Other names that returns use for it.
    pub also: Vec<String>,
    /// Its title, as members read it.
    pub title: String,
    /// The area of the service that it belongs to, such as Health.
    pub theme: Option<String>,
    /// In what it is expressed.
    pub unit: Unit,
    /// Decimals shown.
    pub decimals: u8,
    /// Which way is good.
    pub better: Better,
    /// How it comes by its value.
    pub measure: Measure,
    /// How it is broken down, where it is.
    pub breakdown: Option<Breakdown>,
    /// Whether it is there for its parts alone, and is listed nowhere by itself.
    pub detail: bool,
    /// The indicator that it is a part of.
    pub part_of: Option<String>,
    /// Of what stands in a table with rows and columns: where.
    pub crossed: Option<Crossed>,
    /// Whether it is not a part by itself but the running total up to one.
    pub running: bool,
    /// What it means, in a sentence.
    pub definition: String,
    /// Title and definition as the script has them, where they say [`SINCE`].
    pub as_written: Option<(String, String)>,
    /// Whether it tells of people, so that small numbers may have to be hidden.
    pub people: bool,
    /// Where the definition and the data come from.
    pub source: String,
    /// What is aimed at.
    pub target: Option<f64>,
    /// Where the target was typed, where it is the return's and not the script's.
    pub target_at: Option<Place>,
    /// What is aimed at in periods to come.
    pub targets_to_come: Vec<(Period, f64)>,
    /// How near is near enough.
    pub tolerance: Option<Tolerance>,
    /// Whether it counts on from the year's first day, so that part of a year cannot be held
    /// against a whole one.
    pub whole_year: bool,
    /// The number that it is the rate of.
    pub rate_of: Option<String>,
    /// Of a count: the indicators, of another list or typed, that count the same people; several of
    /// them add up to it. Disclosure control takes them for one number.
    pub same_as: Vec<String>,
    /// Where it is published, release by release.
    pub published: Vec<Published>,
    /// The least that is accepted, for policies with a floor.
    pub floor: Option<f64>,
    /// Limits of its own, for policies that go by them.
    pub thresholds: Option<Thresholds>,
    /// The status policy, where it is not the usual one.
    pub policy: Option<String>,
    /// The period from whose first day on it means what it means now: earlier figures are not
    /// compared.
    pub defined_since: Option<String>,
    /// Where it was declared.
    pub place: Place,
}

/// What stands in titles and definitions for `since April`; of a whole year for `in the year`.
pub const SINCE: &str = "{since}";

/// A title or a definition for a period.
fn said_for(text: &str, period: &Period) -> String {
    let since = if period.is_year() {
        "in the year".to_string()
    } else {
        format!("since {}", month_name(period.year_month))
    };
    text.replace(SINCE, &since)
}

impl Indicator {
    /// Whether a text in small letters is its code, another name of it or its title.
    pub(super) fn is_called(&self, text: &str) -> bool {
        let mut names = [&self.code, &self.title].into_iter().chain(&self.also);
        names.any(|name| is_in_small_letters(name, text))
    }

    /// Asks whether it is meant, by its code and by what people call it, in a line of a terminal.
    pub fn as_meant(&self) -> String {
        let code = format!("is `{}` meant, ", self.code);
        let room = WIDEST_HINT.saturating_sub(code.chars().count() + 1);
        format!("{code}{}?", cut(&self.title, room))
    }

    /// A part of it as an indicator: with a code and a title of its own. The total's target and
    /// published figures are not the part's.
    pub fn part(&self, code: String, title: String, conditions: Conditions) -> Indicator {
        Indicator {
            code,
            also: Vec::new(),
            title,
            measure: Measure::Part { of: Box::new(self.measure.clone()), conditions },
            breakdown: None,
            part_of: Some(self.code.clone()),
            as_written: None,
            target: None,
            target_at: None,
            targets_to_come: Vec::new(),
            tolerance: None,
            floor: None,
            thresholds: None,
            policy: None,
            rate_of: None,
            same_as: Vec::new(),
            published: Vec::new(),
            ..self.clone()
        }
    }

    /// Puts the words for a period where title and definition say [`SINCE`].
    pub fn say_since(&mut self, period: &Period) {
        if let Some((title, definition)) = &self.as_written {
            self.title = said_for(title, period);
            self.definition = said_for(definition, period);
        }
    }

    /// A value as it is printed, with the indicator's decimals unless it has its own.
    pub fn printed(&self, value: &FigureValue, decimals: Option<u8>) -> String {
        match value {
            FigureValue::Number(n) => {
                let number = rounded(*n, decimals.unwrap_or(self.decimals));
                match self.unit {
                    Unit::Percentage => format!("{number}%"),
                    Unit::Pounds => in_pounds(&number),
                    _ => grouped(&number),
                }
            }
            FigureValue::Gap { wording, .. } => wording.clone(),
        }
    }
}

/// Whether a text is the wanted one once its letters are small. Nearly all are plain letters, of
/// which no copy need be made.
fn is_in_small_letters(text: &str, wanted: &str) -> bool {
    match text.is_ascii() {
        true => text.eq_ignore_ascii_case(wanted),
        false => text.to_lowercase() == wanted,
    }
}
