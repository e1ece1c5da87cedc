//! What is declared, in words: how an indicator is counted, and what a population is.

use std::fmt;

use super::{
    By, Conditions, Declarations, Denominator, Each, Indicator, Matcher, Measure, Numerator,
    Population, When,
};

/// A part of how an indicator is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counting {
    /// What it is: `numerator`, `denominator`, `sum of CHILDREN`, `rule`.
    pub what: String,
    /// What it is in words.
    pub says: String,
}

impl Counting {
    fn new(what: &str, says: impl Into<String>) -> Counting {
        Counting { what: what.to_string(), says: says.into() }
    }

    /// Records of a population or list that keep conditions.
    fn of_records(what: &str, base: &str, conditions: &Conditions) -> Counting {
        if conditions.is_empty() {
            Counting::new(what, format!("all records of {base}"))
        } else {
            Counting::new(what, format!("records of {base} of which {conditions}"))
        }
    }

    /// A numerator; its base has no name where the denominator is no records.
    fn of_numerator(numerator: &Numerator, base: &str) -> Counting {
        match numerator {
            Numerator::Where(conditions) => Counting::of_records("numerator", base, conditions),
            Numerator::Population(name) if base.is_empty() => {
                Counting::of_records("numerator", name, &Conditions::default())
            }
            Numerator::Population(name) => {
                Counting::new("numerator", format!("records of {base} that are in {name} too"))
            }
        }
    }
}

impl Indicator {
    /// How it is rounded: `whole numbers`, `one decimal`.
    pub fn rounding(&self) -> String {
        match self.decimals {
            0 => "whole numbers".to_string(),
            1 => "one decimal".to_string(),
            n => format!("{n} decimals"),
        }
    }

    /// How it is counted: numerator and denominator in words.
    pub fn counting(&self) -> Vec<Counting> {
        let (measure, part) = self.measure.whole();
        let mut all = match measure {
            Measure::Typed => vec![Counting::new("rule", "typed by a manager")],
            Measure::Derived { from, .. } => {
                let of = from.join(", ");
                vec![Counting::new("rule", format!("the script's function of {of}"))]
            }
            Measure::Count { of, numerator } => vec![Counting::of_numerator(numerator, of)],
            Measure::Share { numerator, denominator: Denominator::Cover(label) } => vec![
                Counting::new("denominator", format!("{label}, from the Cover sheet")),
                Counting::of_numerator(numerator, ""),
            ],
            Measure::Share { numerator, denominator: Denominator::Records { of, conditions } } => {
                vec![
                    Counting::of_records("denominator", of, conditions),
                    Counting::of_numerator(numerator, of),
                ]
            }
            Measure::Summary { how, each, of, conditions } => {
                let what = format!("{} of {each}", how.word());
                vec![Counting::of_records(&what, of, conditions)]
            }
            // The measure of a whole is none of a part.
            Measure::Part { .. } => Vec::new(),
        };
        if let (Some(conditions), Some(total)) = (part, &self.part_of) {
            let what = format!("part of {total}");
            all.push(Counting::new(&what, format!("those of which {conditions}")));
        }
        all
    }

    /// The populations and lists that it names itself.
    fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let (measure, part) = self.measure.whole();
        names.extend(measure.of());
        let conditions: Vec<&Conditions> = match measure {
            Measure::Count { numerator: Numerator::Where(c), .. }
            | Measure::Summary { conditions: c, .. } => vec![c],
            Measure::Share { numerator, denominator } => {
                let out_of = match denominator {
                    Denominator::Records { conditions, .. } => Some(conditions),
                    Denominator::Cover(_) => None,
                };
                match numerator {
                    Numerator::Where(c) => out_of.into_iter().chain([c]).collect(),
                    Numerator::Population(name) => {
                        names.push(name);
                        out_of.into_iter().collect()
                    }
                }
            }
            Measure::Count { numerator: Numerator::Population(name), .. } => {
                names.push(name);
                Vec::new()
            }
            Measure::Part { .. } | Measure::Derived { .. } | Measure::Typed => Vec::new(),
        };
        for conditions in conditions.into_iter().chain(part) {
            names.extend(conditions.links());
        }
        names
    }
}

impl Conditions {
    /// Every name in them that may be a list or a population, those inside others too.
    pub fn links(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for (name, matcher) in &self.fields {
            names.push(name.as_str());
            if let Matcher::Linked(inner) | Matcher::NoLinked(inner) = matcher {
                names.extend(inner.links());
            }
        }
        for inner in self.all.iter().chain(self.either.iter().flatten()) {
            names.extend(inner.links());
        }
        names
    }
}

impl Population {
    /// Whether a column of its list decides what is in it.
    fn looks_at(&self, column: &str) -> bool {
        self.conditions.links().contains(&column)
            || self.one_per.iter().any(|one| one == column)
            || self.by.as_deref() == Some(column)
    }
}

impl Declarations {
    /// The populations that an indicator leans on, those that it names first; each once.
    pub fn leans_on<'d>(&'d self, indicator: &'d Indicator) -> Vec<&'d Population> {
        self.populations_of(indicator.names())
    }

    /// The populations that go by these names, and those that they lean on; each once.
    pub fn populations_of<'d>(&'d self, mut names: Vec<&'d str>) -> Vec<&'d Population> {
        let mut found: Vec<&Population> = Vec::new();
        let mut at = 0;
        while at < names.len() {
            let population = self.populations.get(names[at]);
            at += 1;
            let Some(population) =
                population.filter(|p| !found.iter().any(|known| known.name == p.name))
            else {
                continue;
            };
            names.push(&population.from);
            names.extend(population.conditions.links());
            found.push(population);
        }
        found
    }

    /// Whether a list's records decide what an indicator is; and where a column is named, whether
    /// that column does.
    pub fn looks_at(&self, indicator: &Indicator, list: &str, column: Option<&str>) -> bool {
        if !self.lists_of(indicator).contains(&list) {
            return false;
        }
        let Some(column) = column else { return true };
        let populations = self.leans_on(indicator);
        let spans = [&self.lists[list].starts, &self.lists[list].ends];
        let by_days = populations.iter().any(|population| population.when.is_some());
        let parts = match indicator.breakdown.as_ref().map(|breakdown| &breakdown.by) {
            Some(By::Column(by)) => by == column,
            Some(By::Groups(groups)) => groups.iter().any(|(_, c)| c.links().contains(&column)),
            None => false,
        };
        let summed = matches!(indicator.measure.whole().0,
            Measure::Summary { each: Each::Column(each), .. } if each == column);
        parts
            || summed
            || column == self.lists[list].key
            || (by_days && spans.iter().any(|day| day.as_deref() == Some(column)))
            || indicator.names().contains(&column)
            || populations.iter().any(|population| population.looks_at(column))
    }

    /// The lists that an indicator leans on, by themselves or through populations; each once.
    pub fn lists_of(&self, indicator: &Indicator) -> Vec<&str> {
        let populations = self.leans_on(indicator);
        let theirs = populations
            .iter()
            .flat_map(|p| p.conditions.links().into_iter().chain([p.from.as_str()]));
        let mut lists: Vec<&str> = Vec::new();
        for name in indicator.names().into_iter().chain(theirs) {
            let list = self
                .linked(name)
                .and_then(|name| self.list_of(&name))
                .map(|list| list.name.as_str());
            lists.extend(list.filter(|list| !lists.contains(list)).into_iter().collect::<Vec<_>>());
        }
        lists
    }
}

impl fmt::Display for Population {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "records of {}", self.from)?;
        match self.when {
            Some(When::AsAt(moment)) => write!(f, ", open at {moment}")?,
            Some(When::During(span)) => write!(f, ", at any time in {}", span.0)?,
            None => {}
        }
        if !self.conditions.is_empty() {
            write!(f, ", of which {}", self.conditions)?;
        }
        if !self.one_per.is_empty() {
            let which = if self.earliest { "earliest" } else { "latest" };
            let by = self.by.as_ref().map_or(String::new(), |by| format!(" by {by}"));
            write!(f, "; the {which}{by} for each {}", self.one_per.join(" and "))?;
        }
        Ok(())
    }
}
