//! All figures of a run.

use indexmap::{IndexMap, IndexSet};

use crate::definitions::{Indicator, Measure, Policies, Relation};
use crate::intake::published::Group;
use crate::nouns::area::Area;
use crate::nouns::figure::{Figure, Standing};
use crate::nouns::period::Period;

/// All figures of a run, and what each measures: declared indicators, and those that the return
/// brings.
#[derive(Debug, Clone)]
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
    /// For each list that tells of people, whose each of its records is.
    pub whose: IndexMap<String, Vec<u32>>,
    /// Indicators that count on from the year's first day, by how they are declared.
    pub counting_on: IndexSet<String>,
    /// What earlier reports could tell, counted anew from this return.
    pub recounted: Vec<Figure>,
    /// What adds up to the same, by what scripts declare.
    pub relations: Vec<Relation>,
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
            whose: IndexMap::new(),
            counting_on: IndexSet::new(),
            recounted: Vec::new(),
            relations: Vec::new(),
        }
    }

    /// Takes indicators' figures away, and those that are worked out from them.
    pub fn leave_out(&mut self, mut codes: Vec<String>) {
        let mut at = 0;
        while let Some(code) = codes.get(at).cloned() {
            let worked_out = self.indicators.values().filter(|one| match &one.measure {
                Measure::Derived { from, .. } => from.contains(&code),
                _ => false,
            });
            let more: Vec<String> = worked_out.map(|one| one.code.clone()).collect();
            codes.extend(more.into_iter().filter(|more| !codes.contains(more)).collect::<Vec<_>>());
            at += 1;
        }
        self.figures.retain(|figure| !codes.contains(&figure.indicator));
        self.recounted.retain(|figure| !codes.contains(&figure.indicator));
    }

    /// The periods of which earlier reports may help to work out what this one hides, or the other
    /// way round: those of this year, and the end of the last one, with which this year's flows
    /// begin. None where no earlier figure is known.
    pub fn periods_to_recount(&self) -> Vec<Period> {
        let year_began = self.period.year_start();
        let near = year_began.plus_days(-1)..self.period.end;
        let own = self.figures.iter().filter(|f| f.area == Area::Own).map(|f| f.period);
        let mut periods: Vec<Period> = own.filter(|period| near.contains(&period.end)).collect();
        let ends_then = |period: &Period| period.end < year_began;
        if !periods.is_empty() && !periods.iter().any(ends_then) {
            periods.push(self.period.previous_year());
        }
        periods.sort_by_key(|period| (period.end, period.start));
        periods.dedup();
        periods
    }

    /// The council's own figure of the period.
    pub fn own(&self, code: &str) -> Option<&Figure> {
        self.figures
            .iter()
            .find(|f| f.indicator == code && f.area == Area::Own && f.period == self.period)
    }
}
