//! How a figure is counted, in words: its declaration, and every population that it leans on.

use super::{Line, Trail};
use crate::declare::{Conditions, Denominator, Each, List, Matcher, Measure, Numerator, Population, When};

impl Trail<'_> {
    /// The rule in words: the declaration and every population that it leans on.
    pub(super) fn rule_lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut populations: Vec<String> = Vec::new();
        let mut conditions = |what: &str, base: &str, c: &Conditions, lines: &mut Vec<Line>| {
            let which =
                if c.is_empty() { format!("all records of {base}") } else { format!("records of {base} of which {c}") };
            lines.push(Line::of(what, which));
            populations.push(base.to_string());
            populations.extend(linked(c));
        };
        let (measure, part) = self.indicator.measure.whole();
        match measure {
            Measure::Typed => lines.push(Line::of("rule", "typed by a manager")),
            Measure::Derived { from, .. } => {
                lines.push(Line::of("rule", format!("the script's function of {}", from.join(", "))))
            }
            Measure::Count { of, numerator } => match numerator {
                Numerator::Where(c) => conditions("rule, numerator", of, c, &mut lines),
                Numerator::Population(p) => conditions("rule, numerator", p, &Conditions::default(), &mut lines),
            },
            Measure::Share { numerator, denominator } => {
                let base = match denominator {
                    Denominator::Records { of, conditions: c } => {
                        conditions("rule, denominator", of, c, &mut lines);
                        of.clone()
                    }
                    Denominator::Cover(key) => {
                        let typed = self.desk.received.received.management.cover(key);
                        let at = typed.map_or(String::new(), |entry| format!(" ({}, {})", entry.text, entry.place));
                        lines.push(Line::of("rule, denominator", format!("{key}, from the Cover sheet{at}")));
                        String::new()
                    }
                };
                match numerator {
                    Numerator::Where(c) => conditions("rule, numerator", &base, c, &mut lines),
                    Numerator::Population(p) => conditions("rule, numerator", p, &Conditions::default(), &mut lines),
                }
            }
            Measure::Summary { how, each, of, conditions: c } => {
                conditions(&format!("rule, {} of {each}", how.word()), of, c, &mut lines);
            }
            // The measure of a whole is none of a part.
            Measure::Part { .. } => {}
        }
        if let (Some(c), Some(total)) = (part, &self.indicator.part_of) {
            lines.push(Line::of(&format!("rule, part of {total}"), format!("those of which {c}")));
            populations.extend(linked(c));
        }
        let mut at = 0;
        let mut told: Vec<String> = Vec::new();
        while at < populations.len() {
            let name = populations[at].clone();
            at += 1;
            if let Some(population) =
                self.desk.received.declared.populations.get(&name).filter(|_| !told.contains(&name))
            {
                lines.push(Line::of(&format!("population {name} ({})", population.place), in_words(population)));
                populations.push(population.from.clone());
                populations.extend(linked(&population.conditions));
                told.push(name);
            }
        }
        lines
    }

    /// The columns of the list that the rules look at.
    pub(super) fn columns_looked_at(&self, list: &List) -> Vec<usize> {
        let mut names: Vec<String> = Vec::new();
        let (measure, part) = self.indicator.measure.whole();
        names.extend(part.map(own_fields).into_iter().flatten());
        match measure {
            Measure::Count { of, numerator } => {
                names.extend(self.population_fields(of));
                if let Numerator::Where(c) = numerator {
                    names.extend(own_fields(c));
                }
            }
            Measure::Share { numerator, denominator } => {
                if let Denominator::Records { of, conditions } = denominator {
                    names.extend(self.population_fields(of));
                    names.extend(own_fields(conditions));
                }
                match numerator {
                    Numerator::Where(c) => names.extend(own_fields(c)),
                    Numerator::Population(p) => names.extend(self.population_fields(p)),
                }
            }
            Measure::Summary { each, of, conditions, .. } => {
                names.extend(self.population_fields(of));
                names.extend(own_fields(conditions));
                if let Each::Column(column) = each {
                    names.push(column.clone());
                }
            }
            Measure::Part { .. } | Measure::Derived { .. } | Measure::Typed => {}
        }
        let mut found: Vec<usize> = names.iter().filter_map(|n| list.column(n)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn population_fields(&self, name: &str) -> Vec<String> {
        let mut fields = Vec::new();
        let mut name = name.to_string();
        while let Some(population) = self.desk.received.declared.populations.get(&name) {
            fields.extend(own_fields(&population.conditions));
            if population.when.is_some() {
                let list = self.desk.received.declared.list_of(&name);
                fields.extend(list.into_iter().flat_map(|l| [&l.starts, &l.ends]).flatten().cloned());
            }
            name.clone_from(&population.from);
        }
        fields
    }
}

fn in_words(population: &Population) -> String {
    let mut words = format!("records of {}", population.from);
    match population.when {
        Some(When::AsAt(moment)) => words.push_str(&format!(", open at {moment}")),
        Some(When::During(span)) => words.push_str(&format!(", at any time in {}", span.0)),
        None => {}
    }
    if !population.conditions.is_empty() {
        words.push_str(&format!(", of which {}", population.conditions));
    }
    if let Some(one) = &population.one_per {
        let which = if population.earliest { "earliest" } else { "latest" };
        let by = population.by.as_ref().map_or(String::new(), |by| format!(" by {by}"));
        words.push_str(&format!("; the {which}{by} for each {one}"));
    }
    words
}

/// The fields of the list itself, not of linked ones.
fn own_fields(conditions: &Conditions) -> Vec<String> {
    let mut names: Vec<String> =
        conditions.fields.iter().filter(|(_, m)| !matches!(m, Matcher::Linked(_))).map(|(n, _)| n.clone()).collect();
    for inner in conditions.all.iter().chain(conditions.either.iter().flatten()) {
        names.extend(own_fields(inner));
    }
    names
}

/// Every name in the conditions that may be a population.
fn linked(conditions: &Conditions) -> Vec<String> {
    let mut names = Vec::new();
    for (name, matcher) in &conditions.fields {
        names.push(name.clone());
        if let Matcher::Linked(inner) = matcher {
            names.extend(linked(inner));
        }
    }
    for inner in conditions.all.iter().chain(conditions.either.iter().flatten()) {
        names.extend(linked(inner));
    }
    names
}
