//! Conditions become tests: names are looked up once, before any record is asked.

use std::rc::Rc;

use super::conditions::{At, ByKey, Keys, NOBODY, Other, Reach, Test, as_count};
use super::{Selector, Stop, missing_column};
use crate::definitions::{
    Beside, Code, Column, ColumnType, Conditions, List, Matcher, Neighbour, Seen, Versus, Whose,
};
use crate::intake::returns::{BLANK_DAY, BLANK_TEXT, ColumnData, Records};

/// Every record's neighbours among those of its key, in order of the spans of time.
#[derive(Debug)]
pub struct Order {
    before: Rc<Vec<u32>>,
    after: Rc<Vec<u32>>,
    first: Rc<Vec<u32>>,
    last: Rc<Vec<u32>>,
}

/// The spans of time of a list's records.
struct Spans<'r> {
    records: &'r Records,
    starts: Option<&'r [i32]>,
    ends: Option<&'r [i32]>,
}

impl<'r> Spans<'r> {
    fn of(list: &List, records: &'r Records) -> Spans<'r> {
        let [starts, ends] = [&list.starts, &list.ends].map(|name| {
            match records.column(list.column(name.as_ref()?)?) {
                ColumnData::Day(days) => Some(&days[..]),
                _ => None,
            }
        });
        Spans { records, starts, ends }
    }

    /// What a record is ordered by.
    fn rank(&self, record: u32) -> (i32, i32, u32, u32) {
        let r = record as usize;
        let start = self.starts.map_or(0, |days| days[r]);
        let end = self.ends.map_or(0, |days| if days[r] == BLANK_DAY { i32::MAX } else { days[r] });
        (start, end, self.records.row(r), record)
    }
}

impl Order {
    /// In order of the day they start, then of the day they end, those that go on last, then as
    /// they stand in the return; without spans of time, as they stand.
    pub fn new(list: &List, records: &Records, among: &[u32]) -> Order {
        let spans = Spans::of(list, records);
        let by_key = ByKey::new(among, &records.keys, records.key_count);
        let nobody = || vec![NOBODY; records.len_with_left_out()];
        let (mut before, mut after) = (nobody(), nobody());
        let (mut first, mut last) = (nobody(), nobody());
        let mut those: Vec<u32> = Vec::new();
        for key in 0..records.key_count as u32 {
            those.clear();
            those.extend(by_key.of(key));
            if those.len() > 1 {
                those.sort_unstable_by_key(|record| spans.rank(*record));
            }
            for pair in those.windows(2) {
                after[pair[0] as usize] = pair[1];
                before[pair[1] as usize] = pair[0];
            }
            let ends = those.first().copied().zip(those.last().copied());
            for record in &those {
                let (one, other) = ends.expect("a list with a record has a first and a last");
                first[*record as usize] = one;
                last[*record as usize] = other;
            }
        }
        let [before, after, first, last] = [before, after, first, last].map(Rc::new);
        Order { before, after, first, last }
    }

    /// The neighbours, for each record; `NOBODY` where there is none.
    pub fn neighbours(&self, which: Neighbour) -> Rc<Vec<u32>> {
        match which {
            Neighbour::Before => self.before.clone(),
            Neighbour::After => self.after.clone(),
            Neighbour::First => self.first.clone(),
            Neighbour::Last => self.last.clone(),
        }
    }
}

/// The records that a check points at besides those that fail it.
pub struct Marked {
    /// Their list.
    pub list: String,
    /// The records.
    pub records: Vec<u32>,
}

impl<'a> Selector<'a> {
    /// Conditions on records of a list as a test.
    pub(super) fn compiled(&self, list: &str, conditions: &Conditions) -> Result<Test<'a>, Stop> {
        let declared = self.declared.list(list).expect("names are checked when scripts are loaded");
        self.compile(&[Seen { name: list, list: declared }], conditions)
    }

    /// The order of a list's records.
    pub fn order(&self, name: &str) -> Result<Rc<Order>, Stop> {
        if let Some(known) = self.orders.borrow().get(name) {
            return Ok(known.clone());
        }
        let whole = self.population(name)?;
        let (list, records) = self.list(&whole.list)?;
        let order = Rc::new(Order::new(list, records, &whole.records));
        self.orders.borrow_mut().insert(name.to_string(), order.clone());
        Ok(order)
    }

    fn compile(&self, seen: &[Seen], conditions: &Conditions) -> Result<Test<'a>, Stop> {
        let own = seen.last().expect("conditions are asked of a record");
        let (list, records) = self.records_of(own)?;
        let mut parts = Vec::new();
        for (name, matcher) in &conditions.fields {
            parts.push(match list.column(name) {
                Some(index) if records.has(index) => self.column_test(seen, index, matcher)?,
                Some(_) => return Err(missing_column(list, name)),
                None => self.link_test(seen, name, matcher)?,
            });
        }
        for inner in &conditions.all {
            parts.push(self.compile(seen, inner)?);
        }
        for group in &conditions.either {
            let group: Result<Vec<_>, _> = group.iter().map(|c| self.compile(seen, c)).collect();
            parts.push(Test::Any(group?));
        }
        let list = self.declared.list_name(own.name).to_string();
        parts.extend(conditions.function.map(|function| Test::Function { function, list }));
        parts.sort_by_key(Test::cost);
        Ok(Test::All(parts))
    }

    fn records_of(&self, seen: &Seen) -> Result<(&'a List, &'a Records), Stop> {
        self.list(self.declared.list_name(seen.name))
    }

    fn column_test(
        &self,
        seen: &[Seen],
        index: usize,
        matcher: &Matcher,
    ) -> Result<Test<'a>, Stop> {
        let own = seen.last().expect("conditions are asked of a record");
        let (list, records) = self.records_of(own)?;
        let each = |these| self.column_tests(seen, index, these);
        let sees = self.sees_refused(records, index);
        let special = |m: &Matcher| is_special(m) || (sees && asks_for_blanks(m));
        Ok(match matcher {
            Matcher::Blank if sees => Test::All(vec![
                Test::column(records.column(index), matcher, &self.period),
                Test::Not(Box::new(Test::These(records.refused(index).collect()))),
            ]),
            Matcher::AllOf(these) => Test::All(each(these)?),
            Matcher::OneOf(these) if these.iter().any(special) => Test::Any(each(these)?),
            Matcher::NoneOf(these) if these.iter().any(special) => {
                Test::Not(Box::new(Test::Any(each(these)?)))
            }
            Matcher::Beside(beside) => self.beside(seen, index, beside)?,
            Matcher::Refused => self.refused(&list.columns[index], records, index),
            Matcher::Repeated => repeated(records.column(index)),
            plain => Test::column(records.column(index), plain, &self.period),
        })
    }

    fn column_tests(
        &self,
        seen: &[Seen],
        index: usize,
        these: &[Matcher],
    ) -> Result<Vec<Test<'a>>, Stop> {
        these.iter().map(|matcher| self.column_test(seen, index, matcher)).collect()
    }

    fn beside(&self, seen: &[Seen], index: usize, beside: &Beside) -> Result<Test<'a>, Stop> {
        let own = seen.last().expect("conditions are asked of a record");
        let (_, records) = self.records_of(own)?;
        let (whose, list, other) = self
            .declared
            .whose(seen, &beside.column)
            .expect("names are checked when scripts are loaded");
        let (whose, theirs) = match whose {
            Whose::Own => (Reach::Outer(0), records),
            Whose::Outer(levels) => {
                let outer = &seen[seen.len() - 1 - levels];
                (Reach::Outer(levels), self.records_of(outer)?.1)
            }
            Whose::Neighbour(which) => {
                (Reach::Neighbour(self.order(own.name)?.neighbours(which)), records)
            }
            // Whether it is a key of the list, whichever record its own key leads to: a postcode of
            // the table is one, in any column.
            Whose::Only(name)
                if beside.how == Versus::Listed && list.columns[other].name == list.key =>
            {
                let (_, theirs) = self.list(self.declared.list_name(&name))?;
                return Ok(one_of_keys(records.column(index), theirs, other));
            }
            Whose::Only(name) => {
                let only = self.population(&name)?;
                let (_, theirs) = self.list(&only.list)?;
                let keys = self.keys_to(own, &only.list)?;
                let mut by_key = vec![NOBODY; theirs.key_count];
                // Of several that ought to be one, the upper row.
                for record in only.records.iter().rev() {
                    by_key[theirs.keys[*record as usize] as usize] = *record;
                }
                (Reach::Only { keys, records: Rc::new(by_key) }, theirs)
            }
        };
        if !theirs.has(other) {
            return Err(missing_column(list, &list.columns[other].name));
        }
        let (months, days) = (beside.months, beside.days);
        let other = Other { whose, column: theirs.column(other), months, days };
        let test = Test::Beside { column: records.column(index), other, how: beside.how };
        if !self.sees_refused(records, index) {
            return Ok(test);
        }
        // What cannot be read is like nothing else.
        let refused = Test::These(records.refused(index).collect());
        Ok(match beside.how {
            Versus::Same | Versus::Listed => Test::All(vec![test, Test::Not(Box::new(refused))]),
            Versus::Differs => Test::Any(vec![test, refused]),
            Versus::Before { .. } | Versus::After { .. } => test,
        })
    }

    /// Whoever made a rule sees that something stands in a cell that was refused: it is not blank,
    /// and not filled in with what it should be.
    fn sees_refused(&self, records: &Records, index: usize) -> bool {
        self.with_left_out && records.refused(index).next().is_some()
    }

    fn refused(&self, column: &Column, records: &'a Records, index: usize) -> Test<'a> {
        let cells = Test::These(records.refused(index).collect());
        let (ColumnType::Codes(codes), ColumnData::Text { ids, texts }) =
            (&column.kind, records.column(index))
        else {
            return cells;
        };
        let year = self.period.year_label();
        let in_use = |text: &str| codes.get(text).is_some_and(|code: &Code| code.in_use(&year));
        let passes = texts.iter().map(|text| !in_use(text)).collect();
        Test::Any(vec![Test::Text { ids, passes, blank: false }, cells])
    }

    /// A test of what is linked: neighbours, lists, populations.
    fn link_test(&self, seen: &[Seen], name: &str, matcher: &Matcher) -> Result<Test<'a>, Stop> {
        let own = seen.last().expect("conditions are asked of a record");
        let (list, _) = self.records_of(own)?;
        let target = self.declared.linked(name);
        if let (None, Some(which)) = (&target, Neighbour::named(name)) {
            let neighbours = self.order(own.name)?.neighbours(which);
            let (inner, wanted) = match matcher {
                Matcher::Linked(inner) | Matcher::NoLinked(inner) => {
                    let seen = [seen, &[Seen { name: own.name, list }]].concat();
                    let inner = Some(Box::new(self.compile(&seen, inner)?));
                    (inner, matches!(matcher, Matcher::Linked(_)))
                }
                other => (None, as_count(other).1 > 0.0),
            };
            return Ok(Test::Neighbour { neighbours, inner, wanted });
        }
        let target = target.unwrap_or(name.into());
        if let Matcher::Linked(inner) | Matcher::NoLinked(inner) = matcher
            && self.looks_outside(seen, &target, inner)
        {
            return Ok(Test::Linked {
                keys: self.keys_to(own, self.declared.list_name(&target))?,
                by_key: self.by_key(&target)?,
                inner: Box::new(self.linked_test(seen, &target, inner)?),
                wanted: matches!(matcher, Matcher::Linked(_)),
            });
        }
        let keys = self.keys_to(own, self.declared.list_name(&target))?;
        let (inner, low, high) = as_count(matcher);
        let counts = self.linked_counts(&target, inner.unwrap_or(&Conditions::default()))?;
        Ok(Test::Count { keys, counts, low, high })
    }

    /// By what keys records lead to those of another list.
    fn keys_to(&self, own: &Seen, target: &str) -> Result<Keys<'a>, Stop> {
        let (list, records) = self.records_of(own)?;
        let (other, theirs) = self.list(target)?;
        let Some(column) = list.leads_by(other) else { return Ok(Keys::Own(&records.keys)) };
        if !records.has(column) {
            return Err(missing_column(list, &list.columns[column].name));
        }
        let id = format!("{} {}", self.declared.list_name(own.name), other.name);
        if let Some(known) = self.led.borrow().get(&id) {
            return Ok(Keys::InColumn(known.clone()));
        }
        let key = other.column(&other.key).expect("a list's key is one of its columns");
        let led = Rc::new(records.led_to(column, theirs, key));
        self.led.borrow_mut().insert(id, led.clone());
        Ok(Keys::InColumn(led))
    }

    fn by_key(&self, target: &str) -> Result<Rc<ByKey>, Stop> {
        if let Some(known) = self.by_keys.borrow().get(target) {
            return Ok(known.clone());
        }
        let whole = self.population(target)?;
        let (_, records) = self.list(&whole.list)?;
        let by_key = Rc::new(ByKey::new(&whole.records, &records.keys, records.key_count));
        self.by_keys.borrow_mut().insert(target.to_string(), by_key.clone());
        Ok(by_key)
    }

    fn linked_test(
        &self,
        seen: &[Seen],
        target: &str,
        inner: &Conditions,
    ) -> Result<Test<'a>, Stop> {
        let list = self.declared.list_of(target).expect("names are checked");
        self.compile(&[seen, &[Seen { name: target, list }]].concat(), inner)
    }

    /// Whether conditions on a linked record hang on a record further out.
    fn looks_outside(&self, seen: &[Seen], target: &str, inner: &Conditions) -> bool {
        let Some(list) = self.declared.list_of(target) else { return false };
        let seen = [seen, &[Seen { name: target, list }]].concat();
        self.reaches_past(&seen, seen.len() - 1, inner)
    }

    /// Whether conditions name a record that stands before the one at `floor`.
    fn reaches_past(&self, seen: &[Seen], floor: usize, conditions: &Conditions) -> bool {
        let mut fields = conditions.fields.iter();
        fields.any(|(name, matcher)| match matcher {
            Matcher::Linked(linked) | Matcher::NoLinked(linked) => {
                self.linked_reach(seen, floor, name, linked)
            }
            other => self.beside_reaches(seen, floor, other),
        }) || conditions.all.iter().any(|c| self.reaches_past(seen, floor, c))
            || conditions.either.iter().flatten().any(|c| self.reaches_past(seen, floor, c))
    }

    /// The same of what is asked of linked records.
    fn linked_reach(&self, seen: &[Seen], floor: usize, name: &str, linked: &Conditions) -> bool {
        let own = seen.last().expect("conditions are asked of a record");
        let target = self.declared.linked(name).unwrap_or(own.name.into());
        self.declared.list_of(&target).is_some_and(|list| {
            let seen = [seen, &[Seen { name: &target, list }]].concat();
            self.reaches_past(&seen, floor, linked)
        })
    }

    fn beside_reaches(&self, seen: &[Seen], floor: usize, matcher: &Matcher) -> bool {
        match matcher {
            Matcher::OneOf(these) | Matcher::NoneOf(these) | Matcher::AllOf(these) => {
                these.iter().any(|m| self.beside_reaches(seen, floor, m))
            }
            Matcher::Beside(beside) => match self.declared.whose(seen, &beside.column) {
                Ok((Whose::Outer(levels), ..)) => seen.len() - 1 - levels < floor,
                _ => false,
            },
            _ => false,
        }
    }

    /// The linked records to point at for records that fail a check: those that keep what the
    /// conditions ask of them, or all where nothing is asked.
    pub fn marked(
        &self,
        on: &str,
        conditions: &Conditions,
        name: &str,
        failing: &[u32],
    ) -> Result<Marked, Stop> {
        let declared = self.declared.list(on).expect("names are checked");
        let seen = [Seen { name: on, list: declared }];
        let target = self.declared.linked(name);
        let (list, by_key) = match &target {
            Some(target) => {
                let list = self.population(target)?.list.clone();
                let keys = self.keys_to(&seen[0], &list)?;
                (list, Some((self.by_key(target)?, keys)))
            }
            None => (on.to_string(), None),
        };
        let mut inner = Vec::new();
        for asked in asked_of(conditions, name) {
            inner.push(self.linked_test(&seen, target.as_deref().unwrap_or(on), asked)?);
        }
        let neighbours = match (&target, Neighbour::named(name)) {
            (None, Some(which)) => Some(self.order(on)?.neighbours(which)),
            _ => None,
        };
        let mut found: Vec<u32> = Vec::new();
        for record in failing {
            let at = At { record: *record as usize, outer: None };
            let beside = neighbours.as_ref().map(|all| [all[*record as usize]]);
            let linked: &[u32] = match (&by_key, &beside) {
                (Some((by_key, keys)), _) => by_key.of(keys.of(*record as usize)),
                (None, Some([NOBODY])) | (None, None) => &[],
                (None, Some(one)) => one,
            };
            for other in linked {
                let there = At { record: *other as usize, outer: Some(&at) };
                let mut wanted = inner.is_empty();
                for test in &inner {
                    wanted = wanted || test.holds(&there, &self.asking())?;
                }
                if wanted {
                    found.push(*other);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(Marked { list, records: found })
    }
}

/// What conditions ask of linked records of a name.
fn asked_of<'c>(conditions: &'c Conditions, name: &str) -> Vec<&'c Conditions> {
    let own = conditions.fields.iter().filter(|(n, _)| n == name).filter_map(|(_, m)| match m {
        Matcher::Linked(inner) => Some(inner.as_ref()),
        _ => None,
    });
    let deeper = conditions.all.iter().chain(conditions.either.iter().flatten());
    own.chain(deeper.flat_map(|c| asked_of(c, name))).collect()
}

/// Whether a matcher is more than a question of one value.
fn is_special(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::Beside(_) | Matcher::Refused | Matcher::Repeated | Matcher::AllOf(_) => true,
        Matcher::OneOf(these) | Matcher::NoneOf(these) => these.iter().any(is_special),
        _ => false,
    }
}

/// Whether a matcher asks whether nothing stands there.
fn asks_for_blanks(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::Blank => true,
        Matcher::OneOf(these) | Matcher::NoneOf(these) => these.iter().any(asks_for_blanks),
        _ => false,
    }
}

/// Texts that are keys of a list.
fn one_of_keys<'r>(column: &'r ColumnData, theirs: &Records, key: usize) -> Test<'r> {
    let ColumnData::Text { ids, texts } = column else { return Test::Any(Vec::new()) };
    let passes = theirs.keys_meant(key, texts).iter().map(Option::is_some).collect();
    Test::Text { ids, passes, blank: false }
}

/// Texts that stand on more than one record.
fn repeated(column: &ColumnData) -> Test<'_> {
    let ColumnData::Text { ids, texts } = column else { return Test::Any(Vec::new()) };
    let mut times = vec![0u32; texts.len()];
    for id in ids.iter().filter(|id| **id != BLANK_TEXT) {
        times[*id as usize] += 1;
    }
    Test::Text { ids, passes: times.into_iter().map(|n| n > 1).collect(), blank: false }
}
