//! What a report is made by, as its files say it.

use super::Received;
use crate::figures::suppress::Rule;
use crate::intake::project::Project;
use crate::nouns::seal::Origin;

/// Of fewer records a return could be guessed: whoever knows all but a number that is hidden would
/// try every one, and its fingerprint would say which it is.
const ENOUGH_RECORDS: usize = 50;

impl Received {
    /// What a report of it is made by: no name and no path.
    pub(super) fn origin(&self, project: &Project, rule: &Rule, layout: &str) -> Origin {
        let records = self.as_sent.lists.values().map(|records| records.len()).sum::<usize>();
        let hides = rule.small().is_some();
        Origin {
            version: env!("CARGO_PKG_VERSION").to_string(),
            scripts: project.scripts_fingerprint().to_string(),
            settings: project.settings_fingerprint().to_string(),
            received: (!hides || records >= ENOUGH_RECORDS).then(|| self.files.to_string()),
            rule: rule.name.clone(),
            layout: layout.to_string(),
        }
    }
}
