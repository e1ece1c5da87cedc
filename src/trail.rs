//! The trail: where a figure comes from, down to rows and cells. Private: it says which records count.

use serde_json::{Value, json};

use crate::comparators::{ENGLAND, printed};
use crate::declare::{
    Conditions, Denominator, Each, Indicator, List, Matcher, Measure, Numerator, Population, Unit, When,
};
use crate::figure::{AreaCode, Figure, FigureValue, Figures, Origin, grouped, rounded};
use crate::pipeline::Received;
use crate::problem::{Problem, column_letters};
use crate::returns::Field;
use crate::select::{Counted, Selection, Selector, Stop, shown_field};
use crate::suppress::Rule;

/// Everything that is known of how a figure came about.
pub struct Trail<'a> {
    received: &'a Received,
    indicator: &'a Indicator,
    figure: Option<&'a Figure>,
    counted: Option<Counted>,
    missing: Option<String>,
}

impl<'a> Trail<'a> {
    /// Follows an indicator back to its records.
    pub fn follow(received: &'a Received, figures: &'a Figures, code: &str) -> Result<Trail<'a>, Box<Problem>> {
        let indicator = &figures.indicators[code];
        let selector = Selector::new(&received.received, &received.declared, received.period, &received.engine);
        let figure = figures.own(code);
        let (counted, missing) = match selector.count(indicator) {
            Ok(counted) => (Some(counted), None),
            Err(Stop::Unavailable(why)) => (None, Some(why)),
            Err(Stop::Fault(problem)) => return Err(problem),
        };
        Ok(Trail { received, indicator, figure, counted, missing })
    }

    /// The trail in words.
    pub fn text(&self, rule: &Rule, show_values: bool) -> String {
        let indicator = self.indicator;
        let mut lines = vec![format!("{}  {}", indicator.code, indicator.title)];
        match self.figure {
            None => {
                let why = self.missing.clone().unwrap_or_else(|| "the return does not give it".to_string());
                lines.push(format!("  no figure: {why}"));
            }
            Some(figure) => lines.extend(self.value_lines(figure)),
        }
        lines.push(format!("  declared at {}", indicator.place));
        if !indicator.definition.is_empty() {
            lines.push(format!("  definition: {}", indicator.definition));
        }
        lines.extend(self.rule_lines());
        let decimals = match indicator.decimals {
            0 => "whole numbers".to_string(),
            1 => "one decimal".to_string(),
            n => format!("{n} decimals"),
        };
        lines.push(format!("  rounding: to {decimals}, halves away from zero, when it is printed"));
        lines.push(format!("  disclosure: {}", rule.description));
        if let Some(counted) =
            self.counted.as_ref().filter(|_| self.figure.is_some_and(|f| f.origin == Origin::Calculated))
        {
            lines.extend(self.record_lines("numerator", &counted.numerator, show_values));
            if let Some(denominator) = &counted.denominator {
                lines.extend(self.record_lines("denominator", denominator, show_values));
            }
        }
        lines.extend(self.published_lines());
        let row = self.received.received.management.figures.iter().find(|row| {
            self.received.declared.indicator_named(&row.indicator).map_or(&row.indicator, |i| &i.code)
                == &indicator.code
        });
        if let Some(row) = row {
            lines.push(format!("  typed on the Figures sheet: {}", row.place));
        }
        lines.join("\n") + "\n"
    }

    fn value_lines(&self, figure: &Figure) -> Vec<String> {
        let number = crate::read::plain_number;
        let origin = match figure.origin {
            Origin::Calculated => "calculated from the return's lists",
            Origin::Typed => "typed on the Figures sheet",
            Origin::Published => "published by DfE",
            Origin::History => "printed in an earlier report",
        };
        let mut lines = vec![match &figure.value {
            FigureValue::Number(value) => {
                let shown = rounded(*value, figure.decimals.unwrap_or(self.indicator.decimals));
                let shown = match self.indicator.unit {
                    Unit::Percentage => format!("{shown}%"),
                    unit => format!("{} ({unit})", grouped(&shown)),
                };
                format!("  {shown}, {origin} for {}; unrounded {}", figure.period.label(), number(*value))
            }
            FigureValue::Gap { symbol, wording } => format!("  no number ({}): {wording}", symbol.code()),
        }];
        if let Some(numerator) = figure.numerator {
            let what =
                if matches!(self.indicator.measure.whole().0, Measure::Summary { .. }) { "sum" } else { "numerator" };
            lines.push(match figure.denominator {
                Some(denominator) => format!("  {what} {} over denominator {}", number(numerator), number(denominator)),
                None => format!("  {what} {}", number(numerator)),
            });
        }
        lines
    }

    /// What is published of it, release by release, with file and line.
    fn published_lines(&self) -> Vec<String> {
        let elsewhere = &self.received.elsewhere;
        let own = elsewhere.own.map(|own| (own, self.received.areas.authority.as_str()));
        let england = AreaCode::parse(ENGLAND).map(|code| (code, "England"));
        let mut lines = Vec::new();
        for series in elsewhere.published.of(&self.indicator.code) {
            for (code, name) in own.iter().chain(&england) {
                let years = series.values.keys().filter(|(c, year)| c == code && year.end <= self.received.period.end);
                let Some((_, year)) = years.max_by_key(|(_, year)| year.end) else { continue };
                let value = &series.values[&(*code, *year)];
                lines.push(format!(
                    "  published, {} release: {name} {} for {}, {}:{}",
                    series.release,
                    printed(&value.value, self.indicator, Some(series.decimals)),
                    year.label(),
                    series.file,
                    value.line
                ));
            }
        }
        lines
    }

    /// The rule in words: the declaration and every population that it leans on.
    fn rule_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut populations: Vec<String> = Vec::new();
        let mut conditions = |what: &str, base: &str, c: &Conditions, lines: &mut Vec<String>| {
            lines.push(if c.is_empty() {
                format!("  {what}: all records of {base}")
            } else {
                format!("  {what}: records of {base} of which {c}")
            });
            populations.push(base.to_string());
            populations.extend(linked(c));
        };
        let (measure, part) = self.indicator.measure.whole();
        match measure {
            Measure::Typed => lines.push("  rule: typed by a manager".to_string()),
            Measure::Derived { from, .. } => {
                lines.push(format!("  rule: the script's function of {}", from.join(", ")))
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
                        lines.push(format!("  rule, denominator: {key}, from the Cover sheet"));
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
            lines.push(format!("  rule, part of {total}: those of which {c}"));
            populations.extend(linked(c));
        }
        let mut at = 0;
        let mut told: Vec<String> = Vec::new();
        while at < populations.len() {
            let name = populations[at].clone();
            at += 1;
            if let Some(population) = self.received.declared.populations.get(&name).filter(|_| !told.contains(&name)) {
                lines.push(format!("  population {name} ({}): {}", population.place, in_words(population)));
                populations.push(population.from.clone());
                populations.extend(linked(&population.conditions));
                told.push(name);
            }
        }
        lines
    }

    fn record_lines(&self, what: &str, selection: &Selection, show_values: bool) -> Vec<String> {
        let list = &self.received.declared.lists[&selection.list];
        let n = selection.records.len();
        let mut lines = vec![format!("  {what}: {n} record{} of {}", if n == 1 { "" } else { "s" }, list.title)];
        for (sheet, rows) in self.rows_by_sheet(selection) {
            lines.push(format!("    {sheet}, rows"));
            lines.extend(wrapped(&ranges(&rows)).into_iter().map(|line| format!("      {line}")));
        }
        let columns = self.columns_looked_at(list);
        if let (Some(first), false) = (selection.records.first(), columns.is_empty()) {
            let records = &self.received.received.lists[&selection.list];
            let letters: Vec<String> = columns
                .iter()
                .filter_map(|i| {
                    records
                        .place(*first as usize, *i)
                        .cell
                        .map(|c| format!("{} in column {}", list.columns[*i].name, column_letters(c.col)))
                })
                .collect();
            lines.push(format!("    looked at: {}", letters.join(", ")));
        }
        if show_values {
            for record in &selection.records {
                lines.push(format!("    {}", self.record_text(list, &selection.list, *record, &columns)));
            }
        }
        lines
    }

    fn record_text(&self, list: &List, name: &str, record: u32, columns: &[usize]) -> String {
        let records = &self.received.received.lists[name];
        let key = list.column(&list.key).unwrap_or(0);
        let fields = std::iter::once(&key).chain(columns.iter().filter(|c| **c != key));
        let fields: Vec<String> = fields
            .map(|c| format!("{} {}", list.columns[*c].name, shown_field(records.field(record as usize, *c))))
            .collect();
        format!("{}: {}", records.place(record as usize, key), fields.join(", "))
    }

    fn rows_by_sheet(&self, selection: &Selection) -> Vec<(String, Vec<u32>)> {
        let records = &self.received.received.lists[&selection.list];
        let mut sheets: Vec<(String, Vec<u32>)> = Vec::new();
        for record in &selection.records {
            let place = records.place(*record as usize, 0);
            let row = place.cell.map_or(0, |c| c.row) + 1;
            let sheet = crate::problem::Place { cell: None, ..place }.to_string();
            match sheets.last_mut() {
                Some((last, rows)) if *last == sheet => rows.push(row),
                _ => sheets.push((sheet, vec![row])),
            }
        }
        sheets
    }

    /// The columns of the list that the rules look at.
    fn columns_looked_at(&self, list: &List) -> Vec<usize> {
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
        while let Some(population) = self.received.declared.populations.get(&name) {
            fields.extend(own_fields(&population.conditions));
            if population.when.is_some() {
                let list = self.received.declared.list_of(&name);
                fields.extend(list.into_iter().flat_map(|l| [&l.starts, &l.ends]).flatten().cloned());
            }
            name.clone_from(&population.from);
        }
        fields
    }

    /// The trail for programs: every record with its row, its cells, and whether it counts.
    pub fn to_json(&self, show_values: bool) -> Value {
        let indicator = self.indicator;
        let value = self.figure.map(|f| match &f.value {
            FigureValue::Number(n) => json!(n),
            FigureValue::Gap { symbol, .. } => json!({ "symbol": symbol.code() }),
        });
        let origin = self.figure.map(|f| f.origin.word());
        let calculated = self.counted.as_ref().filter(|_| self.figure.is_some_and(|f| f.origin == Origin::Calculated));
        let records = |selection: &Selection| self.records_json(selection, show_values);
        json!({
            "indicator": indicator.code,
            "title": indicator.title,
            "unit": indicator.unit.to_string(),
            "decimals": indicator.decimals,
            "declared_at": indicator.place.to_string(),
            "period": self.received.period.label(),
            "period_end": self.received.period.end.iso(),
            "value": value,
            "numerator": self.figure.and_then(|f| f.numerator),
            "denominator": self.figure.and_then(|f| f.denominator),
            "origin": origin,
            "missing": if self.figure.is_none() { self.missing.clone() } else { None },
            "rules": self.rule_lines().iter().map(|l| l.trim().to_string()).collect::<Vec<_>>(),
            "numerator_records": calculated.map(|c| records(&c.numerator)),
            "denominator_records": calculated.and_then(|c| c.denominator.as_ref()).map(|d| records(d)),
        })
    }

    fn records_json(&self, selection: &Selection, show_values: bool) -> Value {
        let list = &self.received.declared.lists[&selection.list];
        let records = &self.received.received.lists[&selection.list];
        let columns = self.columns_looked_at(list);
        let key = list.column(&list.key).unwrap_or(0);
        let all = selection.records.iter().map(|record| {
            let record = *record as usize;
            let place = records.place(record, key);
            let mut cells = serde_json::Map::new();
            for column in std::iter::once(&key).chain(columns.iter().filter(|c| **c != key)) {
                let Some(cell) = records.place(record, *column).cell else { continue };
                let cell = match (show_values, records.field(record, *column)) {
                    (true, Field::Blank) => json!({ "cell": cell.to_string(), "value": null }),
                    (true, field) => json!({ "cell": cell.to_string(), "value": shown_field(field) }),
                    (false, _) => json!(cell.to_string()),
                };
                cells.insert(list.columns[*column].name.clone(), cell);
            }
            json!({ "file": place.file, "sheet": place.sheet, "row": place.cell.map(|c| c.row + 1), "cells": cells })
        });
        Value::Array(all.collect())
    }
}

/// A list of ranges in lines of a terminal's width.
fn wrapped(ranges: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for range in ranges.split_inclusive(", ") {
        if lines.last().is_some_and(|l| l.len() + range.trim_end().len() > 72) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(range);
        }
    }
    lines.iter().map(|line| line.trim_end().to_string()).collect()
}

/// `2-5, 7, 9-12`.
fn ranges(rows: &[u32]) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => parts.push((*row, *row)),
        }
    }
    let parts: Vec<String> =
        parts.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") }).collect();
    parts.join(", ")
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
