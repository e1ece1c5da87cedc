//! A figure: one indicator, for one area, in one period.
//!
//! Everything is a figure: calculated from lists, typed by a manager, published, remembered. A
//! figure keeps its numerator and denominator and its value unrounded; it is rounded once, when it
//! is shown.

use std::rc::Rc;

use crate::nouns::area::Area;
use crate::nouns::period::Period;

/// Why there is no number, by the Government's data symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// c: confidential.
    Confidential,
    /// z: not applicable, such as a percentage of nobody.
    NotApplicable,
    /// x: not available for other reasons.
    Unavailable,
    /// k: rounds to 0 but is not 0.
    RoundsToZero,
    /// low: rounds to 0 but is not 0, in some releases.
    Low,
    /// u: of low reliability.
    LowReliability,
}

impl Symbol {
    /// The symbol as data files write it.
    pub fn code(self) -> &'static str {
        match self {
            Symbol::Confidential => "c",
            Symbol::NotApplicable => "z",
            Symbol::Unavailable => "x",
            Symbol::RoundsToZero => "k",
            Symbol::Low => "low",
            Symbol::LowReliability => "u",
        }
    }

    /// What it says, in a cell.
    pub fn words(self) -> &'static str {
        match self {
            Symbol::Confidential => "Suppressed",
            Symbol::NotApplicable => "Not applicable",
            Symbol::Unavailable => "Not available",
            Symbol::RoundsToZero | Symbol::Low => "Rounds to 0",
            Symbol::LowReliability => "Unreliable",
        }
    }

    /// The symbol of a code.
    pub fn of_code(code: &str) -> Option<Symbol> {
        use Symbol::{Confidential, Low, LowReliability, NotApplicable, RoundsToZero, Unavailable};
        let all = [Confidential, NotApplicable, Unavailable, RoundsToZero, Low, LowReliability];
        all.into_iter().find(|s| s.code() == code)
    }

    /// A gap of which the symbol says why, in its own words.
    pub fn gap(self) -> FigureValue {
        FigureValue::Gap { symbol: self, wording: self.words().to_string() }
    }

    /// The symbol that a text stands for: as data files write it, in the brackets of published
    /// tables, or one of those that were used before.
    pub fn written(text: &str) -> Option<Symbol> {
        let lower = text.trim().to_lowercase();
        let bare = lower.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match bare.unwrap_or(&lower).trim() {
            "*" => Some(Symbol::Confidential),
            ":" | ".." => Some(Symbol::Unavailable),
            "~" => Some(Symbol::RoundsToZero),
            code => Symbol::of_code(code),
        }
    }
}

/// A figure's value, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum FigureValue {
    /// Unrounded, in the indicator's unit; percentages from 0 to 100.
    Number(f64),
    /// No number.
    Gap {
        /// Why, as a symbol.
        symbol: Symbol,
        /// In words: the return's own, where it has any.
        wording: String,
    },
}

impl FigureValue {
    /// The number, where there is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            FigureValue::Number(n) => Some(*n),
            FigureValue::Gap { .. } => None,
        }
    }
}

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Counted from the return's lists.
    Calculated,
    /// Typed on the Figures sheet.
    Typed,
    /// Published by DfE, or averaged from what is.
    Published,
    /// Printed in an earlier report.
    History,
}

impl Origin {
    /// As `figures.csv` writes it.
    pub fn word(self) -> &'static str {
        match self {
            Origin::Calculated => "calculated",
            Origin::Typed => "typed",
            Origin::Published => "published",
            Origin::History => "history",
        }
    }
}

/// What is known of how a figure was published before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Background {
    /// The release that it is from.
    pub release: Option<String>,
    /// What it was when it was last printed, where that is something else.
    pub restated: Option<Restated>,
    /// The council's own figure of a year that is not published yet.
    pub provisional: bool,
    /// What is expected of a period to come.
    pub forecast: bool,
    /// How many councils went into an average, out of how many of the group.
    pub average_of: Option<(usize, usize)>,
    /// Whether an earlier report printed it as it is now: then nothing can hide it any more.
    pub printed_before: bool,
}

/// A figure as it was before it was restated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restated {
    /// As it was printed.
    pub was: String,
    /// Where: `the 2023 release`, `the report for 2023/24`.
    pub was_in: String,
}

/// Where a council stands among others by polarity, as DfE's Local Authority Interactive Tool
/// ranks: 1 is the best, and equals share the better rank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The year.
    pub period: Period,
    /// Its rank among all councils of England that have a figure.
    pub rank: usize,
    /// How many these are.
    pub of: usize,
    /// Its rank in its own group, and how many that has with it.
    pub in_group: Option<(usize, usize)>,
    /// The quarter of England's councils that it is in, from A (the best) to D.
    pub band: char,
    /// The best figure of its own group, itself left out.
    pub best_neighbour: Option<f64>,
    /// The figure with which the best quarter of England's councils begins.
    pub best_quarter: f64,
}

/// One indicator, for one area, in one period.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The indicator's code.
    pub indicator: String,
    /// Whose.
    pub area: Area,
    /// When.
    pub period: Period,
    /// How many, or the sum for a mean.
    pub numerator: Option<f64>,
    /// Out of how many.
    pub denominator: Option<f64>,
    /// What it comes to.
    pub value: FigureValue,
    /// Where it comes from.
    pub origin: Origin,
    /// Decimals that it was published or typed with, where they are fewer than the indicator's.
    pub decimals: Option<u8>,
    /// Whether `period` is known to be its own. A comparator that was typed without its year is
    /// shown beside the run's period and says no year.
    pub dated: bool,
    /// How it was published before.
    pub background: Background,
    /// The records that it was counted from, where it was.
    pub basis: Option<Basis>,
}

impl Figure {
    /// A figure of which the value alone is known.
    pub fn new(
        indicator: impl Into<String>,
        area: Area,
        period: Period,
        value: FigureValue,
        origin: Origin,
    ) -> Figure {
        Figure {
            indicator: indicator.into(),
            area,
            period,
            numerator: None,
            denominator: None,
            value,
            origin,
            decimals: None,
            dated: true,
            background: Background::default(),
            basis: None,
        }
    }
}

/// The records that a figure was counted from. Those that two figures share decide what one tells
/// of the other, so disclosure control needs them; they go no further.
#[derive(Debug, Clone)]
pub struct Basis {
    /// Those of the numerator.
    pub numerator: Rc<Selection>,
    /// Those of the denominator, where it is made of records.
    pub denominator: Option<Rc<Selection>>,
    /// What is added up over them, where they are not counted one by one.
    pub summed: Option<String>,
    /// Of a sum or a mean: how many people it tells of.
    pub tells_of: Option<usize>,
}

/// Records of one list.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The list.
    pub list: String,
    /// Which of its records, in its order.
    pub records: Vec<u32>,
}
