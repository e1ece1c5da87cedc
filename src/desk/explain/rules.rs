//! How a figure is counted, in words: its declaration, and every population that it leans on.

use super::{Line, Trail};
use crate::definitions::{Conditions, Denominator, Each, List, Matcher, Measure, Numerator};

impl Trail<'_> {
    /// The rule in words: the declaration and every population that it leans on.
    pub(super) fn rule_lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = self
            .indicator
            .counting()
            .into_iter()
            .map(|counting| {
                let label = if counting.what == "rule" {
                    counting.what
                } else {
                    format!("rule, {}", counting.what)
                };
                Line::of(&label, counting.says)
            })
            .collect();
        if let Measure::Share { denominator: Denominator::Cover(key), .. } =
            self.indicator.measure.whole().0
            && let Some(typed) = self.desk.received.received.management.cover(key)
            && let Some(line) = lines.first_mut()
        {
            line.text.push_str(&format!(" ({}, {})", typed.text, typed.place));
        }
        for population in self.desk.received.declared.leans_on(self.indicator) {
            let label = format!("population {} ({})", population.name, population.place);
            lines.push(Line::of(&label, population.to_string()));
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
                fields
                    .extend(list.into_iter().flat_map(|l| [&l.starts, &l.ends]).flatten().cloned());
            }
            name.clone_from(&population.from);
        }
        fields
    }
}

/// The fields of the list itself, not of linked ones.
fn own_fields(conditions: &Conditions) -> Vec<String> {
    let mut names: Vec<String> = conditions
        .fields
        .iter()
        .filter(|(_, m)| !matches!(m, Matcher::Linked(_) | Matcher::NoLinked(_)))
        .map(|(n, _)| n.clone())
        .collect();
    for inner in conditions.all.iter().chain(conditions.either.iter().flatten()) {
        names.extend(own_fields(inner));
    }
    names
}
