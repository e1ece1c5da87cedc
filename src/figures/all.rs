//! All figures of a run.

use indexmap::IndexMap;

use crate::definitions::{Indicator, Policies};
use crate::intake::published::Group;
use crate::nouns::area::Area;
use crate::nouns::figure::{Figure, Standing};
use crate::nouns::period::Period;

/// All figures of a run, and what each measures: declared indicators, and those that the return
/// brings.
#[derive(Debug)]
pub struct Figures {
    /// The period of the run.
    pub period: Period,
    /// What is measured, by code, in the scripts' order; titles and targets are the return's where
    /// it has any.
    pub indicators: IndexMap<String, Indicator>,
    /// The figures.
    pub figures: Vec<Figure>,
    /// Indicators that have a title typed on the Figures sheet.
    pub typed_titles: Vec<String>,
    /// The notes typed beside figures, by indicator.
    pub notes: IndexMap<String, String>,
    /// Where the council stands among others, by indicator.
    pub standings: IndexMap<String, Standing>,
    /// The councils that neighbours' averages are made of.
    pub group: Group,
    /// The status policies, and which one is usual.
    pub policies: Policies,
}

impl Figures {
    /// No figures yet.
    pub fn new(
        period: Period,
        indicators: IndexMap<String, Indicator>,
        policies: Policies,
    ) -> Figures {
        Figures {
            period,
            indicators,
            figures: Vec::new(),
            typed_titles: Vec::new(),
            notes: IndexMap::new(),
            standings: IndexMap::new(),
            group: Group::default(),
            policies,
        }
    }

    /// The council's own figure of the period.
    pub fn own(&self, code: &str) -> Option<&Figure> {
        self.figures
            .iter()
            .find(|f| f.indicator == code && f.area == Area::Own && f.period == self.period)
    }
}
