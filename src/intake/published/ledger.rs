//! The ledger of restatement: what a release says otherwise than the one before it.

use indexmap::IndexMap;

use super::{Published, Series, Value};
use crate::definitions::{Declarations, Indicator};
use crate::nouns::area::AreaCode;
use crate::nouns::period::Period;

/// A published figure that a newer release has restated.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The indicator's code.
    pub indicator: String,
    /// Whose figure.
    pub area: AreaCode,
    /// Its name.
    pub name: String,
    /// Of which year.
    pub period: Period,
    /// As the older release has it: release, file and line, value.
    pub was: Edition,
    /// As the newer one has it.
    pub now: Edition,
}

/// A value in a release.
#[derive(Debug, Clone)]
pub struct Edition {
    /// The release.
    pub release: String,
    /// The file.
    pub file: String,
    /// The line of the file, from 1.
    pub line: u32,
    /// The value as it is published, symbols in words.
    pub value: String,
}

/// How many figures two releases share, and how many of them moved.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// In both.
    pub shared: usize,
    /// With another value.
    pub moved: usize,
}

/// The ledger.
#[derive(Debug, Default)]
pub struct Ledger {
    /// By indicator, year and area.
    pub moved: Vec<Moved>,
    /// By older release, newer release and indicator.
    pub tallies: IndexMap<(String, String, String), Tally>,
}

impl Edition {
    /// A value as its release has it.
    fn of(series: &Series, value: &Value, indicator: &Indicator) -> Edition {
        Edition {
            release: series.release.clone(),
            file: series.file.clone(),
            line: value.line,
            value: indicator.printed(&value.value, Some(series.decimals)),
        }
    }
}

impl Ledger {
    /// Holds each release against the one before it, figure by figure.
    pub fn of(published: &Published, declared: &Declarations) -> Ledger {
        let mut ledger = Ledger::default();
        for pair in published.series.windows(2) {
            let [older, newer] = pair else { continue };
            let Some(indicator) = declared.indicators.get(&newer.indicator) else { continue };
            if older.indicator != newer.indicator {
                continue;
            }
            let mut tally = Tally::default();
            for ((area, period), was) in &older.values {
                let Some(now) = newer.values.get(&(*area, *period)) else { continue };
                tally.shared += 1;
                if was.value == now.value {
                    continue;
                }
                tally.moved += 1;
                ledger.moved.push(Moved {
                    indicator: newer.indicator.clone(),
                    area: *area,
                    name: published.places.names.get(area).cloned().unwrap_or_default(),
                    period: *period,
                    was: Edition::of(older, was, indicator),
                    now: Edition::of(newer, now, indicator),
                });
            }
            let key = (older.release.clone(), newer.release.clone(), newer.indicator.clone());
            ledger.tallies.insert(key, tally);
        }
        let place = |code: &String| declared.indicators.get_index_of(code);
        ledger.moved.sort_by(|a, b| {
            let key =
                |m: &Moved| (place(&m.indicator), m.was.release.clone(), m.period.end, m.area);
            key(a).cmp(&key(b))
        });
        ledger
    }
}
