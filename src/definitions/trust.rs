//! What whoever borrows a script wants to know of it: what it can see of a return, what it can
//! print, and whether it asks for anything that is restricted.

use super::{
    By, Conditions, Declarations, Denominator, Each, Indicator, Matcher, Measure, Numerator,
};
use crate::nouns::problem::Place;

/// What a script can do, each with where it says so.
#[derive(Debug, Default)]
pub struct Reach {
    /// Its functions that are handed records of a return, or figures that a rule may hide.
    pub sees: Vec<(Place, String)>,
    /// What of it is printed: layouts and drafted sentences.
    pub prints: Vec<(Place, String)>,
    /// What it asks for that is refused unless somebody allows it, or that weakens what protects
    /// children.
    pub asks: Vec<(Place, String)>,
}

impl Matcher {
    fn has_function(&self) -> bool {
        match self {
            Matcher::Linked(inner) | Matcher::NoLinked(inner) => inner.has_function(),
            Matcher::OneOf(these) | Matcher::NoneOf(these) | Matcher::AllOf(these) => {
                these.iter().any(Matcher::has_function)
            }
            _ => false,
        }
    }
}

impl Conditions {
    /// Whether a script's function has a say in them.
    pub fn has_function(&self) -> bool {
        self.function.is_some()
            || self.fields.iter().any(|(_, matcher)| matcher.has_function())
            || self.all.iter().chain(self.either.iter().flatten()).any(Conditions::has_function)
    }
}

impl Numerator {
    fn has_function(&self) -> bool {
        match self {
            Numerator::Where(conditions) => conditions.has_function(),
            Numerator::Population(_) => false,
        }
    }
}

impl Denominator {
    fn has_function(&self) -> bool {
        match self {
            Denominator::Records { conditions, .. } => conditions.has_function(),
            Denominator::Cover(_) => false,
        }
    }
}

impl Measure {
    fn has_function(&self) -> bool {
        match self {
            Measure::Count { numerator, .. } => numerator.has_function(),
            Measure::Share { numerator, denominator } => {
                numerator.has_function() || denominator.has_function()
            }
            Measure::Summary { each, conditions, .. } => {
                matches!(each, Each::Function(_)) || conditions.has_function()
            }
            Measure::Part { of, conditions } => of.has_function() || conditions.has_function(),
            Measure::Derived { .. } | Measure::Typed => false,
        }
    }
}

impl Indicator {
    fn has_function(&self) -> bool {
        let groups = match self.breakdown.as_ref().map(|breakdown| &breakdown.by) {
            Some(By::Groups(groups)) => groups.iter().any(|(_, group)| group.has_function()),
            Some(By::Column(_)) | None => false,
        };
        self.measure.has_function() || groups
    }
}

impl Declarations {
    /// What a script can do; `allows` says whether the settings let it count nobody.
    pub fn reach(&self, script: &str, allows: bool) -> Reach {
        Reach {
            sees: self.seen_by(script),
            prints: self.printed_by(script),
            asks: self.asked_by(script, allows),
        }
    }

    fn seen_by(&self, script: &str) -> Vec<(Place, String)> {
        let here = |place: &Place| place.file == script;
        let records = |of: &str| self.list_of(of).map_or(of.to_string(), |list| list.title.clone());
        let mut sees = Vec::new();
        for one in self.populations.values().filter(|p| here(&p.place)) {
            if one.conditions.has_function() {
                let what = format!("records of {}: population `{}`", records(&one.from), one.name);
                sees.push((one.place.clone(), what));
            }
        }
        for one in self.checks.values().filter(|c| here(&c.place) && c.fails.has_function()) {
            let what = format!("records of {}: check `{}`", records(&one.list), one.name);
            sees.push((one.place.clone(), what));
        }
        for one in self.indicators.values().filter(|i| here(&i.place)) {
            let what = match &one.measure {
                Measure::Derived { .. } => "figures before disclosure control".to_string(),
                measure if one.has_function() => {
                    format!("records of {}", measure.of().map_or(String::new(), records))
                }
                _ => continue,
            };
            sees.push((one.place.clone(), format!("{what}: indicator `{}`", one.code)));
        }
        in_order(sees)
    }

    fn printed_by(&self, script: &str) -> Vec<(Place, String)> {
        let layouts =
            self.layouts.values().map(|one| (&one.place, format!("layout `{}`", one.name)));
        let sentences = self.commentary.iter();
        let sentences = sentences.map(|(code, one)| (&one.place, format!("sentence on `{code}`")));
        let here = layouts.chain(sentences).filter(|(place, _)| place.file == script);
        in_order(here.map(|(place, what)| (place.clone(), what)).collect())
    }

    fn asked_by(&self, script: &str, allows: bool) -> Vec<(Place, String)> {
        let mut asks = Vec::new();
        for list in self.lists.values().filter(|list| list.is_public()) {
            let what = format!("rows of {} printed: {}", list.title, list.public.join(", "));
            asks.push((&list.place, what));
        }
        let settings = if allows { "which the settings allow" } else { "which is refused" };
        for (indicator, counts) in self.counted_as_nobody() {
            let code = &indicator.code;
            let what = format!("`people = false` for `{code}`, which counts {counts}, {settings}");
            asks.push((&indicator.place, what));
        }
        for rule in self.disclosures.values() {
            let what = rule.in_words();
            asks.push((&rule.place, what.trim_end_matches('.').to_string()));
        }
        let here = asks.into_iter().filter(|(place, _)| place.file == script);
        in_order(here.map(|(place, what)| (place.clone(), what)).collect())
    }
}

fn in_order(mut found: Vec<(Place, String)>) -> Vec<(Place, String)> {
    found.sort_by_key(|(place, _)| place.line);
    found
}
