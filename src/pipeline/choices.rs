//! What a run chooses among what scripts declare: a layout, a rule, a policy.

use super::{Received, Wishes};
use crate::definitions::Layout;
use crate::figures::suppress::Rule;
use crate::intake::project::{Project, SETTINGS, USUAL_POLICY};
use crate::nouns::problem::{Problem, Problems, did_you_mean};

impl Received {
    /// The layout.
    pub fn chosen_layout(
        &self,
        project: &Project,
        wishes: &Wishes,
        problems: &mut Problems,
    ) -> Option<&Layout> {
        let name = wishes.template.as_ref().unwrap_or(&project.settings.layout);
        let found = self.declared.layouts.get(name);
        if found.is_none() {
            let known: Vec<&str> = self.declared.layouts.keys().map(String::as_str).collect();
            let guess = did_you_mean(name, known.iter().copied());
            let hint = match known.is_empty() {
                true => {
                    "no script of this project declares one: `rapporteur new layout NAME`".into()
                }
                false => format!("layouts are {}", known.join(", ")),
            };
            let message = format!("there is no layout `{name}`{guess}");
            problems.add(Problem::usage("", message).hint(hint));
        }
        found
    }

    /// The rule of disclosure control.
    pub fn chosen_rule(
        &self,
        project: &Project,
        wishes: &Wishes,
        problems: &mut Problems,
    ) -> Option<Rule> {
        let name = wishes.disclosure.as_ref().unwrap_or(&project.settings.disclosure);
        if name == Rule::NONE {
            return Some(Rule::none());
        }
        let found = self.declared.disclosures.get(name);
        if found.is_none() {
            let known: Vec<&str> = std::iter::once(Rule::NONE)
                .chain(self.declared.disclosures.keys().map(String::as_str))
                .collect();
            let guess = did_you_mean(name, known.iter().copied());
            problems.add(
                Problem::usage("", format!("there is no disclosure rule `{name}`{guess}"))
                    .hint(format!("rules that there are: {}", known.join(", "))),
            );
        }
        found.cloned()
    }

    /// The name of the status policy for indicators that name none. Scripts without any policy need
    /// none.
    pub fn chosen_policy(&self, project: &Project, problems: &mut Problems) -> Option<String> {
        let known = || self.declared.policies.keys().map(String::as_str);
        let name = project.settings.status.as_deref().unwrap_or(USUAL_POLICY);
        if known().any(|k| k == name)
            || (project.settings.status.is_none() && self.declared.policies.is_empty())
        {
            return Some(name.to_string());
        }
        let message = format!("there is no status policy `{name}`{}", did_you_mean(name, known()));
        let known = known().collect::<Vec<_>>().join(", ");
        problems.add(
            Problem::usage(SETTINGS, message).hint(format!("status = \"…\"; policies are {known}")),
        );
        None
    }
}
