//! Checks: a return held against what scripts say no record should be, and against keys that must
//! not repeat.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;

use crate::definitions::{Check, Declarations};
use crate::figures::select::{Selector, Stop};
use crate::intake::returns::{Records, Return};
use crate::nouns::moved::Moved;
use crate::nouns::period::Period;
use crate::nouns::problem::{CellAddress, Place, Problem, Problems, Severity, Spoils};

/// A return to hold against checks.
pub struct ToCheck<'a> {
    /// What was received.
    pub received: &'a Return,
    /// What scripts declare.
    pub declared: &'a Declarations,
    /// The period.
    pub period: Period,
    /// Whether rules are asked that move no figure.
    pub all_rules: bool,
}

/// Records that errors of rules tell of: whose place in a span of time is wrong, and whose key
/// stands twice. A fault is told once.
#[derive(Debug, Default)]
pub struct AlreadyTold {
    /// The rules that could not be asked, by why.
    pub not_asked: IndexMap<String, Vec<String>>,
    days: HashMap<String, HashSet<u32>>,
    keys: HashMap<String, HashSet<u32>>,
}

impl AlreadyTold {
    fn note(&mut self, check: &Check, finding: &Finding, declared: &Declarations) {
        if check.rule.is_none() || check.severity != Severity::Error {
            return;
        }
        let Some(list) = declared.lists.get(&finding.list) else { return };
        let goes_on = list.goes_on.as_ref().map(|(column, _)| column);
        let days = [list.starts.as_ref(), list.ends.as_ref(), goes_on];
        if finding.columns.iter().any(|column| days.contains(&Some(column))) {
            self.days.entry(finding.list.clone()).or_default().extend(&finding.records);
        } else if finding.columns == [list.key.as_str()] {
            self.keys.entry(finding.list.clone()).or_default().extend(&finding.records);
        }
    }

    fn could_not_ask(&mut self, check: &Check, why: String) {
        let Some(rule) = &check.rule else { return };
        let rules = self.not_asked.entry(why).or_default();
        if !rules.contains(rule) {
            rules.push(rule.clone());
        }
    }

    /// A rule may be asked in several ways, of what is there.
    fn forget_asked(&mut self, asked: &HashSet<&str>) {
        for rules in self.not_asked.values_mut() {
            rules.retain(|rule| !asked.contains(rule.as_str()));
        }
        self.not_asked.retain(|_, rules| !rules.is_empty());
    }

    /// Whether a rule says of a record that its days, or how it goes on, are wrong.
    pub fn of_days(&self, list: &str, record: u32) -> bool {
        self.days.get(list).is_some_and(|records| records.contains(&record))
    }

    fn of_key(&self, list: &str, record: u32) -> bool {
        self.keys.get(list).is_some_and(|records| records.contains(&record))
    }
}

/// What a check found: records by list, and of each list the columns to point at.
pub struct Finding {
    /// How the return goes by the list.
    pub list: String,
    /// The records.
    pub records: Vec<u32>,
    /// The columns to point at.
    pub columns: Vec<String>,
}

impl ToCheck<'_> {
    /// Everything that the checks find, and which records they tell of so that nothing else has to.
    pub fn problems(
        &self,
        counted: &Selector,
        all: &Selector,
        problems: &mut Problems,
    ) -> AlreadyTold {
        let mut told = AlreadyTold::default();
        let mut asked: HashSet<&str> = HashSet::new();
        for check in self.declared.checks.values().filter(|check| self.is_asked(check)) {
            // Whoever made a rule sees rows that cannot be counted too.
            let selector = if check.rule.is_some() { all } else { counted };
            match self.told_of(check, selector, problems) {
                Ok(found) => {
                    asked.extend(check.rule.as_deref());
                    found.iter().for_each(|finding| told.note(check, finding, self.declared));
                }
                // A list that is not there cannot break a rule.
                Err(Stop::Unavailable(why)) => told.could_not_ask(check, why),
                Err(Stop::Fault(problem)) => {
                    problems.add(problem.context(format!("running the check `{}`", check.name)));
                }
            }
        }
        told.forget_asked(&asked);
        self.repeated_keys(&told, problems);
        told
    }

    /// What one check finds, told as problems too.
    pub fn told_of(
        &self,
        check: &Check,
        selector: &Selector,
        problems: &mut Problems,
    ) -> Result<Vec<Finding>, Stop> {
        let found = find(check, self.declared, selector)?;
        found.iter().for_each(|finding| self.tell(check, finding, problems));
        Ok(found)
    }

    fn is_asked(&self, check: &Check) -> bool {
        check.holds_in(&self.period) && (self.all_rules || check.always_runs())
    }

    /// The keys of lists that have one row for each.
    fn repeated_keys(&self, told: &AlreadyTold, problems: &mut Problems) {
        for (name, records) in &self.received.lists {
            let list = &self.declared.lists[name];
            if !list.one_per_key {
                continue;
            }
            let mut seen = HashSet::new();
            let key = list.column(&list.key).expect("a list's key is one of its columns");
            let again = (0..records.len()).filter(|r| !seen.insert(records.keys[*r]));
            for record in again.filter(|record| !told.of_key(name, *record as u32)) {
                let message =
                    format!("the same {} stands on the list {} twice", list.key, list.title);
                problems.add(
                    Problem::error(records.place(record, key), message)
                        .column(&list.key)
                        .spoils(Spoils::Row)
                        .hint("take the wrong row away; until then the upper one is counted"),
                );
            }
        }
    }

    /// In which columns of the sheets a check asks whether cells hold what they should.
    fn held_to_be_filled(&self, check: &Check, finding: &Finding) -> Vec<u16> {
        let (true, Some(records)) =
            (finding.list == check.list, self.received.lists.get(&finding.list))
        else {
            return Vec::new();
        };
        let list = &self.declared.lists[&finding.list];
        let columns = check.columns_held_to_be_filled().into_iter();
        let indexes: Vec<usize> = columns.filter_map(|name| list.column(name)).collect();
        let first = finding.records.first().copied().unwrap_or_default() as usize;
        let cells = indexes.iter().filter_map(|index| records.place(first, *index).cell);
        cells.map(|cell| cell.col).collect()
    }

    /// The figures that what a check found moves: told where the fault is, and not where linked
    /// records are pointed at.
    fn moved(&self, check: &Check, finding: &Finding) -> Vec<Moved> {
        if finding.list != check.list {
            return Vec::new();
        }
        let named = check.moves.iter().map(|code| &self.declared.indicators[code]);
        named.map(|indicator| Moved::maybe(&indicator.code, &indicator.title)).collect()
    }

    fn tell(&self, check: &Check, finding: &Finding, problems: &mut Problems) {
        // What last year's return holds cannot be mended any more.
        let Some(records) = self.received.lists.get(&finding.list) else { return };
        let list = &self.declared.lists[&finding.list];
        let at = |name: &String| list.column(name).expect("names are checked when loaded");
        let columns: Vec<usize> = finding.columns.iter().map(at).collect();
        match &check.rule {
            Some(rule) => {
                for (place, cells) in by_sheet(records, &finding.records, &columns) {
                    let mut problem = worded(check, place);
                    problem.columns.clone_from(&finding.columns);
                    problem.rule = Some(rule.clone());
                    problem.moves = self.moved(check, finding);
                    problem.place.cell = cells.first().copied();
                    problem.more = cells[1..].to_vec();
                    if check.asks_what_is_refused() {
                        problem.spoils = Spoils::Cell;
                    }
                    problems.add_of_rule(problem, &self.held_to_be_filled(check, finding));
                }
            }
            None => {
                let cells =
                    finding.records.iter().flat_map(|r| columns.iter().map(move |c| (r, c)));
                for (record, column) in cells {
                    let place = records.place(*record as usize, *column);
                    let mut problem = worded(check, place).column(&list.columns[*column].name);
                    problem.moves = self.moved(check, finding);
                    problems.add(problem);
                }
            }
        }
    }
}

/// What a check finds, list by list.
pub fn find(
    check: &Check,
    declared: &Declarations,
    selector: &Selector,
) -> Result<Vec<Finding>, Stop> {
    let failing = selector.failing(&check.list, &check.fails)?;
    let list = &declared.lists[&check.list];
    let columns =
        if check.columns.is_empty() { vec![list.key.clone()] } else { check.columns.clone() };
    let mut found =
        vec![Finding { list: check.list.clone(), records: failing.records.clone(), columns }];
    for (name, columns) in check.marks.iter().filter(|_| !failing.records.is_empty()) {
        let marked = selector.marked(&check.list, &check.fails, name, &failing.records)?;
        let (list, records, columns) = (marked.list, marked.records, columns.clone());
        found.push(Finding { list, records, columns });
    }
    found.retain(|finding| !finding.records.is_empty());
    Ok(found)
}

fn worded(check: &Check, place: Place) -> Problem {
    let mut problem = Problem::warning(place, &check.message);
    problem.severity = check.severity;
    problem.hint.clone_from(&check.hint);
    problem
}

/// The cells of records, sheet by sheet, in the sheet's order.
fn by_sheet(
    records: &Records,
    these: &[u32],
    columns: &[usize],
) -> BTreeMap<Place, Vec<CellAddress>> {
    let mut sheets: BTreeMap<Place, Vec<CellAddress>> = BTreeMap::new();
    let sheet_of = |record: &u32| records.sheet_of(*record as usize).0;
    for together in these.chunk_by(|a, b| std::ptr::eq(sheet_of(a), sheet_of(b))) {
        let cells = sheets.entry(sheet_of(&together[0]).clone()).or_default();
        let each = together.iter().flat_map(|record| columns.iter().map(move |c| (*record, *c)));
        cells.extend(each.map(|(record, column)| records.cell_of(record as usize, column)));
    }
    for cells in sheets.values_mut() {
        cells.sort_unstable();
        cells.dedup();
    }
    sheets
}
