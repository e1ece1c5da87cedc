//! A population, or a list, and which records belong to it.

use std::collections::HashSet;
use std::rc::Rc;

use serde_json::{Value, json};

use super::records::Rows;
use super::rules::{columns, population_fields, population_line};
use super::{Line, said};
use crate::definitions::Population;
use crate::figures::select::Stop;
use crate::nouns::figure::Selection;
use crate::nouns::problem::{Place, Problem};
use crate::nouns::words::listed;
use crate::pipeline::Received;

/// A population or a list, followed to its records.
pub struct Chosen<'a> {
    received: &'a Received,
    name: &'a str,
    /// The expression that it was written as on a command line.
    written: Option<&'a str>,
    selection: Rc<Selection>,
}

impl<'a> Chosen<'a> {
    /// Follows a population or a list, by its name.
    pub fn follow(received: &'a Received, name: &'a str) -> Result<Chosen<'a>, Box<Problem>> {
        let selection = received.population(name).map_err(|stop| match stop {
            Stop::Fault(problem) => problem,
            Stop::Unavailable(why) => Box::new(
                Problem::error(Place::default(), why)
                    .hint("`rapporteur check -v` says which lists were found, and where"),
            ),
        })?;
        Ok(Chosen { received, name, written: None, selection })
    }

    /// The same of one that was written as an expression.
    #[must_use]
    pub fn written(self, expression: &'a str) -> Chosen<'a> {
        Chosen { written: Some(expression), ..self }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.written.unwrap_or(self.name)
    }

    fn declared(&self) -> Option<&'a Population> {
        self.received.declared.populations.get(self.name)
    }

    /// Its name, and of which list it is.
    pub fn heading(&self) -> String {
        let list = self.received.declared.list(&self.selection.list);
        let title = list.map_or(self.selection.list.as_str(), |list| list.title.as_str());
        match (self.written, self.declared()) {
            (Some(expression), _) => expression.to_string(),
            (None, Some(_)) => format!("{}  a population of {title}", self.name),
            (None, None) => format!("{}  the list {title}", self.name),
        }
    }

    /// How many records and keys there are, and how many of each belong to it.
    fn counts(&self) -> [usize; 4] {
        let records = self.received.counted.records(&self.selection.list);
        let keys = records.map_or(&[][..], |records| &records.keys);
        let chosen: HashSet<u32> =
            self.selection.records.iter().map(|r| keys[*r as usize]).collect();
        let all: HashSet<&u32> = keys.iter().collect();
        [self.selection.records.len(), keys.len(), chosen.len(), all.len()]
    }

    /// The records.
    pub(super) fn rows(&self) -> Rows<'_> {
        let list = self.received.declared.list(&self.selection.list);
        let names = population_fields(&self.received.declared, self.name);
        let columns = list.map_or_else(Vec::new, |list| columns(list, &names));
        Rows::new(self.received, &self.selection, columns)
    }

    /// Everything but the records.
    pub fn lines(&self) -> Vec<Line> {
        let declared = &self.received.declared;
        let mut lines = Vec::new();
        if let Some(list) = declared.list(&self.selection.list) {
            let [records, of, keys, all] = self.counts();
            let mut count = format!("{records} of {of} records of {}", list.title);
            if !list.one_per_key {
                count.push_str(&format!(", {keys} of {all} different {}", list.key));
            }
            lines.push(Line::of("", count));
        }
        let Some(population) = self.declared() else { return lines };
        lines.push(Line::of("rule", population.to_string()));
        let behind = declared.populations_of(vec![self.name]);
        let behind = behind.into_iter().filter(|other| other.name != self.name);
        lines.extend(behind.map(population_line));
        if self.written.is_some() {
            return lines;
        }
        lines.push(Line::of("", format!("declared at {}", population.place)));
        let changes = declared.changes.iter();
        let changes = changes.filter(|one| one.kind == "population" && one.name == self.name);
        lines.extend(changes.map(|change| {
            Line::of("", format!("changed at {}: {}", change.place, change.words.join("; ")))
        }));
        let uses = self.used_by();
        if !uses.is_empty() {
            lines.push(Line::of("used by", listed(&uses)));
        }
        lines
    }

    /// The indicators that lean on it.
    fn used_by(&self) -> Vec<&'a str> {
        let declared = &self.received.declared;
        let leans = |populations: Vec<&Population>| populations.iter().any(|p| p.name == self.name);
        let indicators = declared.indicators.values();
        let using = indicators.filter(|i| i.part_of.is_none() && leans(declared.leans_on(i)));
        using.map(|i| i.code.as_str()).collect()
    }

    /// All of it in words.
    pub fn text(&self, show_values: bool) -> String {
        let mut lines = vec![self.heading()];
        lines.extend(self.lines().iter().map(Line::indented));
        lines.extend(self.rows().lines("records", show_values));
        lines.join("\n") + "\n"
    }

    /// The same for programs.
    pub fn to_json(&self, show_values: bool) -> Value {
        let [records, of, keys, all] = self.counts();
        let population = self.declared();
        json!({
            "asked": self.name(),
            "list": self.selection.list,
            "declared_at": population.filter(|_| self.written.is_none())
                .map(|population| population.place.to_string()),
            "period": self.received.period.label(),
            "count": records,
            "out_of": of,
            "keys": keys,
            "keys_in_all": all,
            "told": said(&self.lines()),
            "records": self.rows().to_json(show_values),
        })
    }
}
