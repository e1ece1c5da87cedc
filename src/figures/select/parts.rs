//! Breakdowns: an indicator's records shared out among its parts. Each part is an indicator of its
//! own that is counted like any other; its running total is the same with the conditions of the
//! parts before it.

use std::collections::HashSet;
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};

use super::conditions::ByKey;
use super::{Counted, NOBODY, Selector, Stop, missing_column};
use crate::definitions::{
    By, ColumnType, Conditions, Crossed, Indicator, List, Matcher, Measure, Scalar, Seen, Summary,
    Whose, slug,
};
use crate::intake::returns::Field;
use crate::nouns::figure::Selection;
use crate::nouns::problem::{Problem, Problems};

/// More parts than anybody reads: the column is not one to break down by.
const MOST_PARTS: usize = 100;
/// Nor has anybody use for a table of more cells.
const MOST_CELLS: usize = 400;
/// The part of the records in which the column is blank.
const NOT_RECORDED: &str = "Not recorded";

/// Where quarters stand in the order of the year, by the last of them and the first: `Q1`, `Q1/Q2`,
/// `Q2`.
fn in_the_year(label: &str) -> (Option<char>, Option<char>) {
    (label.chars().last(), label.chars().nth(1))
}

impl Selector<'_> {
    /// The parts of an indicator that was counted, in order, each with its running total behind it
    /// where it is to have one, and with its cells where the parts are rows of a table. Parts that
    /// do not add up to the total are a problem.
    pub fn parts(
        &self,
        indicator: &Indicator,
        total: &Counted,
        problems: &mut Problems,
    ) -> Result<Vec<(Indicator, Counted)>, Stop> {
        let Some(breakdown) = &indicator.breakdown else { return Ok(Vec::new()) };
        let groups = self.groups(indicator, &breakdown.by, total, problems)?;
        let columns = match &breakdown.across {
            Some(across) => self.groups(indicator, across, total, problems)?,
            None => Vec::new(),
        };
        if groups.len() * columns.len() > MOST_CELLS {
            let (rows, columns) = (groups.len(), columns.len());
            let message = format!("the table of `{}` has {rows} rows of {columns}", indicator.code);
            let problem = Problem::script(indicator.place.clone(), message);
            return Err(Stop::Fault(Box::new(
                problem.hint(format!("{MOST_CELLS} cells are the most; group them")),
            )));
        }
        let mut codes = PartCodes { whole: &indicator.code, used: HashSet::new() };
        let mut parts = Vec::new();
        let mut so_far = Vec::new();
        for (title, conditions) in groups {
            let slug = slug(&title);
            so_far.push(conditions.clone());
            let up_to = Conditions { either: vec![so_far.clone()], ..Conditions::default() };
            let part = indicator.part(codes.of(&slug), title.clone(), conditions);
            let row = part.code.clone();
            let cells = columns.iter().map(|(column, of_column)| Indicator {
                crossed: Some(Crossed { row: Some(row.clone()), column: column.clone() }),
                ..indicator.part(
                    format!("{row}.{}", self::slug(column)),
                    format!("{title}, {column}"),
                    both(&part, of_column),
                )
            });
            let cells: Vec<Indicator> = cells.collect();
            let mut all = vec![part];
            if breakdown.running {
                let code = codes.of(&format!("to_{slug}"));
                let so_far = indicator.part(code, format!("Up to {title}"), up_to);
                all.push(Indicator { running: true, ..so_far });
            }
            for one in all.into_iter().chain(cells) {
                let counted = self.narrowed(&one, total)?;
                parts.push((one, counted));
            }
        }
        for (column, conditions) in columns {
            let code = format!("{}.all.{}", indicator.code, self::slug(&column));
            let sum = Indicator {
                crossed: Some(Crossed { row: None, column: column.clone() }),
                ..indicator.part(code, column, conditions)
            };
            let counted = self.narrowed(&sum, total)?;
            parts.push((sum, counted));
        }
        Ok(parts)
    }

    /// What the records fall to, by title; groups must add up to the total.
    fn groups(
        &self,
        indicator: &Indicator,
        by: &By,
        total: &Counted,
        problems: &mut Problems,
    ) -> Result<Vec<(String, Conditions)>, Stop> {
        match by {
            By::Groups(groups) => {
                self.check_sum(indicator, total, groups, problems)?;
                Ok(groups.clone())
            }
            By::Column(column) => self.occurring(indicator, column, &total.numerator),
        }
    }

    /// A total narrowed to those of its records that are a part's.
    pub(super) fn narrowed(&self, part: &Indicator, total: &Counted) -> Result<Counted, Stop> {
        let (measure, conditions) = part.measure.whole();
        let numerator = match conditions {
            Some(conditions) => Rc::new(self.filter(&total.numerator, conditions)?),
            None => total.numerator.clone(),
        };
        let (n, tells_of) = match measure {
            Measure::Summary { how: Summary::Sum, each, .. } => {
                let (with, numbers) = self.numbers(each, &numerator)?;
                let tells_of = self.tells_of(Summary::Sum, &numerator.list, &with, &numbers);
                (numbers.iter().sum(), tells_of)
            }
            _ => (numerator.records.len() as f64, None),
        };
        let value = match total.denominator_value {
            None => Some(n),
            Some(out_of) => (out_of > 0.0).then(|| n * part.unit.scale() / out_of),
        };
        Ok(Counted { numerator, numerator_value: Some(n), value, tells_of, ..total.clone() })
    }

    /// What occurs in a column: codes and quarters in their order, texts in the return's; codes of
    /// one meaning are one part, and so are texts that differ in case alone.
    fn occurring(
        &self,
        indicator: &Indicator,
        column: &str,
        among: &Selection,
    ) -> Result<Vec<(String, Conditions)>, Stop> {
        let (list, index, cells) = self.cells(column, among)?;
        let mut seen: IndexSet<&str> = IndexSet::new();
        let mut blanks = false;
        for cell in cells {
            match cell {
                Field::Text(text) => drop(seen.insert(text)),
                _ => blanks = true,
            }
        }
        let is = |text: &str| Matcher::Is(Scalar::Text(text.to_string()));
        let mut found: Vec<(&str, Matcher)> = match &list.columns[index].kind {
            ColumnType::Codes(codes) => {
                let titled: Vec<(&str, &str)> =
                    codes.iter().map(|(name, code)| (name.as_str(), code.title(name))).collect();
                let occur = titled.iter().filter(|(name, _)| seen.contains(name));
                let occurs: HashSet<&str> = occur.map(|(_, title)| *title).collect();
                let these = titled.iter().filter(|(_, title)| occurs.contains(title));
                these.map(|(name, title)| (*title, is(name))).collect()
            }
            ColumnType::Quarter => {
                seen.sort_by_key(|label| in_the_year(label));
                seen.iter().map(|label| (*label, is(label))).collect()
            }
            _ => seen.iter().map(|text| (*text, is(text))).collect(),
        };
        if blanks {
            found.push((NOT_RECORDED, Matcher::Blank));
        }
        let mut parts: IndexMap<String, (String, Vec<Matcher>)> = IndexMap::new();
        for (title, matcher) in found {
            let new = || (title.to_string(), Vec::new());
            parts.entry(title.to_ascii_lowercase()).or_insert_with(new).1.push(matcher);
        }
        if parts.len() > MOST_PARTS {
            let message =
                format!("`{column}` breaks `{}` down into {} parts", indicator.code, parts.len());
            let problem = Problem::script(indicator.place.clone(), message);
            return Err(Stop::Fault(Box::new(
                problem.hint(format!("{MOST_PARTS} are the most; group them")),
            )));
        }
        Ok(parts.into_values().map(|(title, these)| (title, one_of(column, these))).collect())
    }

    /// What stands in a column, for each of some records: their own, or that of a record that each
    /// of them leads to, such as `child.SEX`. Where it leads to none, that is blank.
    fn cells(
        &self,
        column: &str,
        among: &Selection,
    ) -> Result<(&List, usize, Vec<Field<'_>>), Stop> {
        let (list, records) = self.list(&among.list)?;
        let seen = [Seen { name: &among.list, list }];
        let (whose, theirs, index) =
            self.declared.whose(&seen, column).expect("names are checked when scripts are loaded");
        let (led_to, others) = match whose {
            Whose::Only(name) => {
                let only = self.population(&name)?;
                let (_, others) = self.list(&only.list)?;
                let by_key = ByKey::new(&only.records, &others.keys, others.key_count);
                let led = |record: &u32| by_key.of(records.keys[*record as usize]).first().copied();
                (among.records.iter().map(led).collect(), others)
            }
            Whose::Neighbour(which) => {
                let neighbours = self.order(&among.list)?.neighbours(which);
                let led =
                    |record: &u32| Some(neighbours[*record as usize]).filter(|r| *r != NOBODY);
                (among.records.iter().map(led).collect(), records)
            }
            Whose::Own | Whose::Outer(_) => {
                (among.records.iter().copied().map(Some).collect::<Vec<_>>(), records)
            }
        };
        if !others.has(index) {
            return Err(missing_column(theirs, &theirs.columns[index].name));
        }
        let theirs = &self.declared.lists[&theirs.name];
        let cell = |led: Option<u32>| led.map_or(Field::Blank, |r| others.field(r as usize, index));
        Ok((theirs, index, led_to.into_iter().map(cell).collect()))
    }

    /// Every record of the total must be in one part, and in one only.
    fn check_sum(
        &self,
        indicator: &Indicator,
        total: &Counted,
        groups: &[(String, Conditions)],
        problems: &mut Problems,
    ) -> Result<(), Stop> {
        let (list, records) = self.list(&total.numerator.list)?;
        let mut times = vec![0u32; records.len()];
        for (_, conditions) in groups {
            for record in self.filter(&total.numerator, conditions)?.records {
                times[record as usize] += 1;
            }
        }
        // The cell to look at is the one that the parts go by.
        let named =
            groups.iter().flat_map(|(_, c)| &c.fields).find_map(|(name, _)| list.column(name));
        let column = named.or_else(|| list.column(&list.key)).unwrap_or(0);
        for record in &total.numerator.records {
            let how_often = match times[*record as usize] {
                0 => "in no part",
                1 => continue,
                _ => "in several parts",
            };
            let place = records.place(*record as usize, column);
            if problems.tell_of_row(&place, &indicator.code) {
                continue;
            }
            let message = format!("the row is {how_often} of \"{}\"", indicator.title);
            problems.add(
                Problem::warning(place, message)
                    .column(&list.columns[column].name)
                    .hint("correct the row, or the parts in the script: they do not add up")
                    .hint_in_page("correct the row: it makes the parts add up to another number"),
            );
        }
        Ok(())
    }
}

/// The codes of an indicator's parts, each of which is given once.
struct PartCodes<'i> {
    whole: &'i str,
    used: HashSet<String>,
}

impl PartCodes<'_> {
    /// The code of the part of this name; a number behind it where the name was given before.
    fn of(&mut self, slug: &str) -> String {
        let mut code = format!("{}.{slug}", self.whole);
        let mut n = 1;
        while !self.used.insert(code.clone()) {
            n += 1;
            code = format!("{}.{slug}_{n}", self.whole);
        }
        code
    }
}

/// What a record must be to have this in a field.
fn of_field(name: &str, matcher: Matcher) -> Conditions {
    Conditions { fields: vec![(name.to_string(), matcher)], ..Conditions::default() }
}

/// What a record must be to have one of these in a column, which may be that of a record that it
/// leads to. Where it leads to none, the column is blank.
fn one_of(column: &str, these: Vec<Matcher>) -> Conditions {
    let Some((owner, column)) = column.split_once('.') else {
        return of_field(column, Matcher::OneOf(these));
    };
    let blank = these.iter().any(|one| matches!(one, Matcher::Blank));
    let led_to = Box::new(of_field(column, Matcher::OneOf(these)));
    let linked = of_field(owner, Matcher::Linked(led_to));
    match blank {
        true => {
            let none = of_field(owner, Matcher::Range { low: None, high: Some((0.0, true)) });
            Conditions { either: vec![vec![linked, none]], ..Conditions::default() }
        }
        false => linked,
    }
}

/// What a record of a part must be to stand in a column.
fn both(part: &Indicator, of_column: &Conditions) -> Conditions {
    let (_, of_row) = part.measure.whole();
    let all = of_row.into_iter().chain([of_column]).cloned().collect();
    Conditions { all, ..Conditions::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_given_once() {
        let mut codes = PartCodes { whole: "cla_n", used: HashSet::new() };
        let given = ["other", "other_2", "other", "other"].map(|slug| codes.of(slug));
        assert_eq!(given, ["cla_n.other", "cla_n.other_2", "cla_n.other_3", "cla_n.other_4"]);
    }
}
