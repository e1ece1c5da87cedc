//! What a column or a cell of a layout shows of an indicator.

use crate::nouns::area::{Area, AreaCode};
use crate::nouns::comparator::Comparator;
use crate::nouns::period::Period;

/// What a column, or a cell, shows of an indicator.
#[derive(Debug, Clone, PartialEq)]
pub enum Show {
    /// Nothing: the column is there for rows of cells.
    Nothing,
    /// The number that its row has.
    Number,
    /// Its title.
    Title,
    /// Its code.
    Code,
    /// What it means.
    Definition,
    /// Which way is good.
    Better,
    /// The note typed beside its figure.
    Note,
    /// The commentary.
    Commentary,
    /// A figure.
    Figure(Whose, Option<Period>),
    /// How many.
    Numerator,
    /// Out of how many.
    Denominator,
    /// What is aimed at.
    Target,
    /// What is near enough: `73% to 76%`.
    Tolerance,
    /// How the figure stands against its target.
    Status,
    /// Which way it went since a comparator of the council's own.
    Direction(Comparator),
    /// By how much.
    Change(Comparator),
    /// Whether that is more than chance would do.
    Chance(Comparator),
    /// Whether the target is met whatever chance does.
    Assurance,
    /// How the latest figure lies among those before it.
    Variation,
    /// How it stands beside comparators of other areas, and how far apart figures may be that are
    /// in line.
    Comparison(Vec<Comparator>, Option<f64>),
    /// What a part is of its total.
    Share,
    /// The running total up to a part.
    Running,
    /// Its rank among England's councils, in the latest published year.
    Rank,
    /// Its rank in the council's own group.
    NeighbourRank,
    /// Its quarter of England's councils, from A to D.
    Band,
    /// The best figure of the council's own group, in the same year.
    BestNeighbour,
    /// Where the best quarter of England's councils begins.
    QuartileThreshold,
}

impl Show {
    /// Whether it is a target, or judged by one.
    pub fn is_about_targets(&self) -> bool {
        matches!(self, Show::Target | Show::Tolerance | Show::Status | Show::Assurance)
    }

    /// Whether it tells where the council stands among others, in the year that it is known for.
    pub fn is_standing(&self) -> bool {
        matches!(
            self,
            Show::Rank
                | Show::NeighbourRank
                | Show::Band
                | Show::BestNeighbour
                | Show::QuartileThreshold
        )
    }

    /// Whether it stands in the middle of its column, as figures do.
    pub fn is_figure(&self) -> bool {
        !matches!(
            self,
            Show::Nothing
                | Show::Title
                | Show::Code
                | Show::Definition
                | Show::Note
                | Show::Commentary
        )
    }
}

/// Whose figure is shown: of the run's period, or of the latest that there is, unless a period is
/// asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Whose {
    /// The council's own.
    Own,
    /// A comparator's.
    Comparator(Comparator),
    /// Another council's.
    Council(AreaCode),
}

impl Whose {
    /// The figure of a comparator.
    pub fn of(comparator: Comparator) -> Whose {
        match comparator {
            Comparator::Council(code) => Whose::Council(code),
            other => Whose::Comparator(other),
        }
    }

    /// The area whose figures these are.
    pub fn area(&self) -> Area {
        match self {
            Whose::Own => Area::Own,
            Whose::Council(code) => Area::Council(*code),
            Whose::Comparator(comparator) => comparator.area(),
        }
    }
}
