//! From what many councils give to one area's report.

use super::receive::{of_files, receive_for};
use super::{Finished, Loaded, Received, Wishes, safe};
use crate::figures::pool::{Definitions, exchange_of, pool};
use crate::figures::suppress;
use crate::figures::{assess, comparators};
use crate::intake::exchange::Exchange;
use crate::intake::project::Project;
use crate::nouns::area::AreaCode;
use crate::nouns::period::Period;
use crate::nouns::problem::{Place, Problem, Problems};
use indexmap::IndexMap;

/// Whose report is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The area's name.
    pub area: Option<String>,
    /// Its code, by which its published figures are found.
    pub code: Option<AreaCode>,
}

impl Received {
    /// What the return gives to be added up with others'. A council without a code cannot be told
    /// from another, so it gives nothing.
    pub fn exchange(
        &self,
        project: &Project,
        wishes: &Wishes,
        problems: &mut Problems,
    ) -> Option<Exchange> {
        let name = &self.areas.authority;
        let by_name = || self.elsewhere.published.places.suggested(name);
        let Some(area) = AreaCode::parse(&self.areas.authority_code).or_else(by_name) else {
            problems.add(
                Problem::error(
                    Place::file(wishes.file().unwrap_or_default()),
                    "the council's code is not known, so its figures cannot be exchanged",
                )
                .hint("write Authority code on the Cover, or code in the settings' [authority]"),
            );
            return None;
        };
        // What is wrong with them is told where they are shown.
        let figures = self.figures(&mut Problems::default());
        let definitions = Definitions { declared: &self.declared, sources: &project.sources };
        Some(exchange_of(&figures, &self.selector(), &definitions, (area, name.clone())))
    }
}

/// Adds up what councils give, hides once what must not be told, and lays the report out.
pub fn combine(
    project: &Project,
    wishes: &Wishes,
    asked: &Asked,
    mut exchanges: Vec<Exchange>,
    problems: &mut Problems,
) -> Option<(Received, Finished)> {
    let period = one_period(&exchanges, problems)?;
    let mut project = project.clone();
    let authority = &mut project.settings.authority;
    authority.name = asked.area.clone().or(Some("All councils".to_string()));
    authority.code = asked.code.map(|code| code.as_str().to_string());
    let load = || Loaded::of(&project);
    let mut received = receive_for(&project, wishes, Some(period), load, problems)?;
    received.files = of_files(exchanges.iter().filter_map(|exchange| exchange.fingerprint));
    let layout = received.chosen_layout(&project, wishes, problems)?;
    let rule = received.chosen_rule(&project, wishes, problems)?;
    let policy = received.chosen_policy(&project, problems)?;
    wishes.stage("adding up");
    let definitions = Definitions { declared: &received.declared, sources: &project.sources };
    let mut pooled = pool(&mut exchanges, &period, &definitions, &received.engine, problems);
    pooled.area.policies.usual = policy;
    pooled.area.policies.significance = project.settings.significance;
    pooled.area.policies.rebased = problems.keep(assess::rebased(&project, &received.declared))?;
    comparators::complete(&IndexMap::new(), &received.elsewhere, &mut pooled.area, problems);
    let shown = safe(suppress::apply_beside(rule, pooled.area, pooled.councils), problems)?;
    let finished = received.lay_out(&project, wishes, (layout, shown), problems)?;
    Some((received, finished))
}

/// The period that all files are of; each council once.
fn one_period(exchanges: &[Exchange], problems: &mut Problems) -> Option<Period> {
    let first = exchanges.first()?;
    for (at, exchange) in exchanges.iter().enumerate() {
        let place = || Place::file(&exchange.file);
        if exchange.period != first.period {
            let message = format!(
                "this is of {}, the others are of {}",
                exchange.period.label(),
                first.period.label()
            );
            problems.add(
                Problem::error(place(), message).hint("combine files of one and the same period"),
            );
            return None;
        }
        if let Some(twin) = exchanges[..at].iter().find(|other| other.area == exchange.area) {
            let message = format!("{} is there twice: {} is of it too", exchange.name, twin.file);
            problems.add(Problem::error(place(), message).hint("leave one of them out"));
            return None;
        }
    }
    Some(first.period)
}
