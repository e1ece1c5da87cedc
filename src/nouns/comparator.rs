//! Comparators: the same indicator at another time or elsewhere, by the names that scripts and the
//! Figures sheet have for them.

use std::fmt;

use super::area::{Area, AreaCode};
use super::period::Period;

/// Whose figure, of which period, stands beside the council's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparator {
    /// The council's figure of the year before.
    PreviousOutturn,
    /// Its figure of the quarter before.
    PreviousQuarter,
    /// Its figure of the month before.
    PreviousMonth,
    /// Its figure of the same period a year ago.
    SamePeriodLastYear,
    /// The average of its statistical neighbours: the latest up to the period, as of all areas.
    StatisticalNeighbours,
    /// Its region.
    Region,
    /// England.
    England,
    /// Another council.
    Council(AreaCode),
    /// The council's figure of any other period.
    At(Period),
}

impl Comparator {
    /// Those that a Figures sheet may give. Another council has its code for a name.
    pub const TYPED: [Comparator; 7] = [
        Comparator::PreviousOutturn,
        Comparator::PreviousQuarter,
        Comparator::PreviousMonth,
        Comparator::SamePeriodLastYear,
        Comparator::StatisticalNeighbours,
        Comparator::Region,
        Comparator::England,
    ];

    /// The comparator of a name: `previous_outturn`, `england`, or a council's code.
    ///
    /// ```
    /// use rapporteur::nouns::comparator::Comparator;
    ///
    /// assert_eq!(Comparator::named("england"), Some(Comparator::England));
    /// assert!(Comparator::named("E06000015").is_some_and(|council| !council.is_own()));
    /// assert_eq!(Comparator::named("England"), None);
    /// ```
    pub fn named(name: &str) -> Option<Comparator> {
        let council = || AreaCode::parse(name).map(Comparator::Council);
        Comparator::TYPED.into_iter().find(|one| one.name() == name).or_else(council)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Comparator::PreviousOutturn => "previous_outturn",
            Comparator::PreviousQuarter => "previous_quarter",
            Comparator::PreviousMonth => "previous_month",
            Comparator::SamePeriodLastYear => "same_period_last_year",
            Comparator::StatisticalNeighbours => "statistical_neighbours",
            Comparator::Region => "region",
            Comparator::England => "england",
            Comparator::Council(code) => code.as_str(),
            Comparator::At(_) => "another_period",
        }
    }

    /// The names of those that a Figures sheet may give.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Comparator::TYPED.iter().map(Comparator::name)
    }

    /// The names of the council's own, or those of other areas.
    pub fn names_of(own: bool) -> Vec<&'static str> {
        let these = Comparator::TYPED.iter().filter(|one| one.is_own() == own);
        these.map(Comparator::name).collect()
    }

    /// Whose figure it is.
    pub fn area(self) -> Area {
        match self {
            Comparator::PreviousOutturn
            | Comparator::PreviousQuarter
            | Comparator::PreviousMonth
            | Comparator::SamePeriodLastYear
            | Comparator::At(_) => Area::Own,
            Comparator::StatisticalNeighbours => Area::StatisticalNeighbours,
            Comparator::Region => Area::Region,
            Comparator::England => Area::England,
            Comparator::Council(code) => Area::Council(code),
        }
    }

    /// Whether it is the council itself at another time.
    pub fn is_own(self) -> bool {
        self.area() == Area::Own
    }

    /// Of which period, in the report for another: of an area it is the latest one up to it.
    pub fn when(self, period: &Period) -> Period {
        match self {
            Comparator::PreviousOutturn => period.previous_year(),
            Comparator::PreviousQuarter => period.previous_quarter(),
            Comparator::PreviousMonth => period.previous_month(),
            Comparator::SamePeriodLastYear => period.same_period_last_year(),
            Comparator::StatisticalNeighbours
            | Comparator::Region
            | Comparator::England
            | Comparator::Council(_) => *period,
            Comparator::At(period) => period,
        }
    }
}

impl fmt::Display for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name().replace('_', " "))
    }
}
