//! How a figure is counted, in words: its declaration, and every population that it leans on.

use super::{Line, Trail};
use crate::definitions::{
    Conditions, Declarations, Denominator, Each, List, Matcher, Measure, Numerator, Population,
};

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
            && let Some(typed) = self.desk.received.counted.management.cover(key)
            && let Some(line) = lines.first_mut()
        {
            line.text.push_str(&format!(" ({}, {})", typed.text, typed.place));
        }
        let populations = self.desk.received.declared.leans_on(self.indicator);
        lines.extend(populations.into_iter().map(population_line));
        lines
    }

    /// The columns of the list that the rules look at.
    pub(super) fn columns_looked_at(&self, list: &List) -> Vec<usize> {
        let mut names: Vec<String> = Vec::new();
        let declared = &self.desk.received.declared;
        let (measure, part) = self.indicator.measure.whole();
        names.extend(part.map(own_fields).into_iter().flatten());
        match measure {
            Measure::Count { of, numerator } => {
                names.extend(population_fields(declared, of));
                if let Numerator::Where(c) = numerator {
                    names.extend(own_fields(c));
                }
            }
            Measure::Share { numerator, denominator } => {
                if let Denominator::Records { of, conditions } = denominator {
                    names.extend(population_fields(declared, of));
                    names.extend(own_fields(conditions));
                }
                match numerator {
                    Numerator::Where(c) => names.extend(own_fields(c)),
                    Numerator::Population(p) => names.extend(population_fields(declared, p)),
                }
            }
            Measure::Summary { each, of, conditions, .. } => {
                names.extend(population_fields(declared, of));
                names.extend(own_fields(conditions));
                if let Each::Column(column) = each {
                    names.push(column.clone());
                }
            }
            Measure::Part { .. } | Measure::Derived { .. } | Measure::Typed => {}
        }
        columns(list, &names)
    }
}

/// What a population is, and where it is declared.
pub(super) fn population_line(population: &Population) -> Line {
    let label = format!("population {} ({})", population.name, population.place);
    Line::of(&label, population.to_string())
}

/// The columns of a list by their names, in its order, each once.
pub(super) fn columns(list: &List, names: &[String]) -> Vec<usize> {
    let mut found: Vec<usize> = names.iter().filter_map(|n| list.column(n)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The fields that a population goes by, and those that it is taken from.
pub(super) fn population_fields(declared: &Declarations, name: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut name = name.to_string();
    while let Some(population) = declared.populations.get(&name) {
        fields.extend(own_fields(&population.conditions));
        if population.when.is_some() {
            let list = declared.list_of(&name);
            fields.extend(list.into_iter().flat_map(|l| [&l.starts, &l.ends]).flatten().cloned());
        }
        name.clone_from(&population.from);
    }
    fields
}

/// The fields of the list itself, not of linked ones.
pub(super) fn own_fields(conditions: &Conditions) -> Vec<String> {
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
