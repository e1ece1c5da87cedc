//! The catalogue of a project: what each indicator means, how it is counted, what it is held
//! against and where it is shown, from the declarations alone. No return is needed, and nothing of
//! one is in it.

mod checks;
mod code;
mod columns;
mod facts;
mod html;
mod markdown;
mod uses;

pub use checks::Checks;
pub use columns::Columns;

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::definitions::{Declarations, Indicator, List, Policy, Population};
use crate::intake::project::{Project, USUAL_POLICY};
use crate::nouns::problem::Problems;
use crate::scripts::engine::Engine;
pub use facts::{Fact, Piece};
pub use uses::laid_out_by;

/// Where indicators without a theme stand.
const NO_THEME: &str = "Other measures";

/// An indicator of the catalogue.
#[derive(Debug)]
pub struct Entry<'d> {
    /// What is declared.
    pub indicator: &'d Indicator,
    /// The status policy, where there is something to hold it against.
    pub policy: Option<&'d Policy>,
    /// The layouts that show it.
    pub layouts: Vec<String>,
    /// The populations that it leans on.
    pub populations: Vec<&'d Population>,
    /// The lists that it leans on, by name.
    pub lists: Vec<&'d str>,
    /// Where commentary on it is drafted.
    pub drafted_at: Option<String>,
    /// The lines that declare it.
    pub code: Option<String>,
}

/// A catalogue.
#[derive(Debug)]
pub struct Catalogue<'d> {
    /// Whose it is, where the settings say so.
    pub authority: Option<String>,
    /// Indicators by theme, in the scripts' order.
    pub themes: IndexMap<&'d str, Vec<Entry<'d>>>,
    /// The populations that they lean on, with the codes of those that do.
    pub populations: Vec<(&'d Population, Vec<&'d str>)>,
    /// The lists that they lean on, with the codes of those that do.
    pub lists: Vec<(&'d List, Vec<&'d str>)>,
}

impl Entry<'_> {
    /// Whether the indicator is counted from a population.
    fn leans_on(&self, population: &Population) -> bool {
        self.populations.iter().any(|leant| leant.name == population.name)
    }
}

/// The codes of the indicators of which something is true.
fn codes_of<'d>(entries: &[&Entry<'d>], is_true: impl Fn(&Entry) -> bool) -> Vec<&'d str> {
    let those = entries.iter().filter(|entry| is_true(entry));
    those.map(|entry| entry.indicator.code.as_str()).collect()
}

impl<'d> Catalogue<'d> {
    /// Gathers the catalogue. A layout that fails is a problem, and shows nothing.
    pub fn gather(
        project: &Project,
        engine: &Engine,
        declared: &'d Declarations,
        problems: &mut Problems,
    ) -> Catalogue<'d> {
        let (mut uses, faults) = uses::by_indicator(project, engine, declared);
        faults.into_iter().for_each(|fault| problems.add(fault));
        let usual = project.settings.status.as_deref().unwrap_or(USUAL_POLICY);
        let mut themes: IndexMap<&str, Vec<Entry>> = IndexMap::new();
        for indicator in declared.indicators.values() {
            let judged = indicator.target.is_some()
                || indicator.thresholds.is_some()
                || indicator.policy.is_some();
            let policy = indicator.policy.as_deref().unwrap_or(usual);
            themes.entry(indicator.theme.as_deref().unwrap_or(NO_THEME)).or_default().push(Entry {
                indicator,
                policy: declared.policies.get(policy).filter(|_| judged),
                layouts: uses.shift_remove(&indicator.code).unwrap_or_default(),
                populations: declared.leans_on(indicator),
                lists: declared.lists_of(indicator),
                drafted_at: declared.commentary.get(&indicator.code).map(|c| c.place.to_string()),
                code: code::of(&project.sources, &indicator.place, &indicator.code),
            });
        }
        let entries: Vec<&Entry> = themes.values().flatten().collect();
        let populations = declared
            .populations
            .values()
            .map(|population| (population, codes_of(&entries, |entry| entry.leans_on(population))));
        let populations = populations.filter(|(_, codes)| !codes.is_empty()).collect();
        let lists = declared.lists.values().map(|list| {
            (list, codes_of(&entries, |entry| entry.lists.contains(&list.name.as_str())))
        });
        let lists = lists.filter(|(_, codes)| !codes.is_empty()).collect();
        Catalogue { authority: project.settings.authority.name.clone(), themes, populations, lists }
    }

    /// Keeps the indicators of some codes, and what they lean on.
    pub fn keep(&mut self, code: impl Fn(&str) -> bool) {
        self.themes.values_mut().for_each(|entries| {
            entries.retain(|entry| code(&entry.indicator.code));
        });
        self.themes.retain(|_, entries| !entries.is_empty());
        self.populations.iter_mut().for_each(|(_, codes)| codes.retain(|of| code(of)));
        self.populations.retain(|(_, codes)| !codes.is_empty());
        self.lists.iter_mut().for_each(|(_, codes)| codes.retain(|of| code(of)));
        self.lists.retain(|(_, codes)| !codes.is_empty());
    }

    /// The catalogue as a web page.
    pub fn html(&self) -> String {
        html::page(self)
    }

    /// The catalogue as Markdown.
    pub fn markdown(&self) -> String {
        markdown::page(self)
    }

    /// The catalogue for programs.
    pub fn to_json(&self) -> Value {
        let indicators = self
            .themes
            .iter()
            .flat_map(|(theme, entries)| entries.iter().map(move |e| e.to_json(theme)));
        json!({
            "indicators": indicators.collect::<Vec<_>>(),
            "populations": self.populations.iter().map(|(p, codes)| json!({
                "name": p.name, "in_words": p.to_string(), "declared_at": p.place.to_string(),
                "indicators": codes,
            })).collect::<Vec<_>>(),
            "lists": self.lists.iter().map(|(list, codes)| json!({
                "name": list.name, "title": list.title, "key": list.key,
                "declared_at": list.place.to_string(),
                "columns": list.columns.iter().map(|c| {
                    json!({ "name": c.name, "holds": c.kind.expected() })
                }).collect::<Vec<_>>(),
                "indicators": codes,
            })).collect::<Vec<_>>(),
        })
    }

    fn title(&self) -> String {
        self.authority
            .as_ref()
            .map_or("Indicators".to_string(), |name| format!("Indicators of {name}"))
    }
}

impl Entry<'_> {
    fn to_json(&self, theme: &str) -> Value {
        let i = self.indicator;
        json!({
            "code": i.code, "title": i.title, "theme": theme, "unit": i.unit.to_string(),
            "decimals": i.decimals,
            "good_performance_is": i.better.words(), "definition": i.definition, "source": i.source,
            "counting": i.counting().iter().map(|c| json!({ "what": c.what,
            "in_words": c.says })).collect::<Vec<_>>(),
            "populations": self.populations.iter().map(|p| &p.name).collect::<Vec<_>>(),
            "lists": self.lists, "by": i.breakdown.as_ref().map(|b| b.by.to_string()),
            "target": i.target, "tolerance": i.tolerance.map(|t| json!({ "low": t.low,
            "high": t.high })),
            "floor": i.floor, "policy": self.policy.map(|p| &p.name), "rate_of": i.rate_of,
            "same_as": i.same_as,
            "defined_since": i.defined_since, "people": i.people, "also": i.also,
            "published": i.published.iter().map(|p| json!({
                "release": p.release, "file": p.file, "value": p.value,
                "optional": p.optional,
                "where": p.conditions.iter().map(|(c, t)| (c.clone(), json!(t)))
                    .collect::<serde_json::Map<_, _>>(),
            })).collect::<Vec<_>>(),
            "layouts": self.layouts, "commentary_drafted_at": self.drafted_at,
            "declared_at": i.place.to_string(), "code_lines": self.code,
        })
    }
}
