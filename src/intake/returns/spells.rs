//! Spans of time of one key, such as a child's episodes: one at a time, each following the one
//! before. What contradicts that is told, and counted by one rule each, so that nobody is counted
//! twice or is there and gone at once.

use super::Return;
use super::records::{BLANK_DAY, ColumnData, Field, Records};
use crate::definitions::{Declarations, EndsBy, List};
use crate::nouns::period::{Day, Period};
use crate::nouns::problem::{CellAddress, Problem, Problems, Rewording, Spoils};

/// Whether a check told of a record of a list, by its name, that the days are wrong.
pub type IsTold<'a> = &'a dyn Fn(&str, u32) -> bool;

impl Return {
    /// The return as it is counted, where spans contradict each other; none where none do. Checks
    /// look at the return as it was sent; of which records they told that the days are wrong,
    /// `is_told` says, by list.
    pub fn settled(
        &self,
        declared: &Declarations,
        period: &Period,
        is_told: IsTold,
        problems: &mut Problems,
    ) -> Option<Return> {
        let mut settled: Option<Return> = None;
        for list in declared.lists.values().filter(|list| list.one_at_a_time) {
            let Some(mut spells) = Spells::of(list, self) else { continue };
            spells.is_told = Some(is_told);
            let found = spells.contradictions(declared, self, period, problems);
            if found.is_empty() {
                continue;
            }
            let counted = settled.get_or_insert_with(|| self.clone());
            let records = counted.lists.get_mut(&list.name).expect("it was found above");
            found.apply(list, records);
        }
        for (name, again) in self.repeats(declared, problems) {
            let counted = settled.get_or_insert_with(|| self.clone());
            let records = counted.lists.get_mut(&name).expect("it is a list of this return");
            records.leave_out(&again);
        }
        if let Some(counted) = &mut settled {
            counted.make_chains(declared);
        }
        settled
    }

    /// Makes the lists that are made of others, such as periods of care of episodes.
    pub fn make_chains(&mut self, declared: &Declarations) {
        for list in declared.lists.values() {
            let Some(source) = list.made_of.as_ref().and_then(|name| declared.lists.get(name))
            else {
                continue;
            };
            let Some(spells) = Spells::of(source, self) else { continue };
            let chains = spells.chains();
            let ends = source.ends.as_ref();
            let goes_on = source.goes_on.as_ref().map(|(column, _)| column);
            let columns: Vec<(usize, bool)> = list
                .columns
                .iter()
                .map(|column| {
                    let index = source.column(&column.name).expect("checked when loaded");
                    let of_last = ends == Some(&column.name) || goes_on == Some(&column.name);
                    (index, of_last)
                })
                .collect();
            let made = spells.records.chained(&chains, &columns);
            self.lists.insert(list.name.clone(), made);
        }
    }
}

/// The spans of a list, key by key in order of their first days.
struct Spells<'a> {
    list: &'a List,
    records: &'a Records,
    starts: usize,
    ends: usize,
    /// The records in order: by key, first day, last day (open ones last), row.
    order: Vec<u32>,
    is_told: Option<IsTold<'a>>,
}

/// What is counted otherwise than it stands.
#[derive(Default)]
struct Contradictions {
    /// Records that another one stands for.
    left_out: Vec<u32>,
    /// Records that end on another day, and whether they go on from there.
    ends: Vec<(u32, Day, bool)>,
    /// What rules say of these records, in words that say how each was counted.
    reworded: Vec<Rewording>,
}

impl Contradictions {
    fn is_empty(&self) -> bool {
        self.left_out.is_empty() && self.ends.is_empty()
    }

    fn apply(&self, list: &List, records: &mut Records) {
        let column = |name: &String| list.column(name).expect("checked when loaded");
        let ends = column(list.ends.as_ref().expect("spans have ends"));
        for (record, day, goes_on) in &self.ends {
            records.put_day(*record as usize, ends, *day);
            if let (true, Some((name, codes))) = (*goes_on, &list.goes_on) {
                records.put_text(*record as usize, column(name), &codes[0]);
            }
        }
        records.leave_out(&self.left_out);
    }
}

impl<'a> Spells<'a> {
    /// Those of a list that the return has, with both its days.
    fn of(list: &'a List, received: &'a Return) -> Option<Spells<'a>> {
        let records = received.lists.get(&list.name)?;
        let column =
            |name: &Option<String>| list.column(name.as_ref()?).filter(|index| records.has(*index));
        let (starts, ends) = (column(&list.starts)?, column(&list.ends)?);
        let mut spells = Spells { list, records, starts, ends, order: Vec::new(), is_told: None };
        let mut order: Vec<u32> =
            (0..records.len() as u32).filter(|record| spells.start(*record) != BLANK_DAY).collect();
        order.sort_by_key(|record| {
            let end = spells.end(*record);
            let open = end == BLANK_DAY;
            (records.keys[*record as usize], spells.start(*record), open, end, *record)
        });
        spells.order = order;
        Some(spells)
    }

    /// The cells by which a span says when it is, and whether it goes on.
    fn day_cells(&self, record: u32) -> Vec<CellAddress> {
        let goes_on = self.list.goes_on.as_ref().and_then(|(name, _)| self.list.column(name));
        let columns = [Some(self.starts), Some(self.ends), goes_on];
        let places = columns.into_iter().flatten().map(|c| self.records.place(record as usize, c));
        places.filter_map(|place| place.cell).collect()
    }

    fn is_told(&self, record: u32) -> bool {
        self.is_told.is_some_and(|is_told| is_told(&self.list.name, record))
    }

    fn start(&self, record: u32) -> i32 {
        self.day(record, self.starts)
    }

    fn end(&self, record: u32) -> i32 {
        self.day(record, self.ends)
    }

    fn day(&self, record: u32, column: usize) -> i32 {
        match self.records.column(column) {
            ColumnData::Day(days) => days[record as usize],
            _ => BLANK_DAY,
        }
    }

    /// The records of each key, in order.
    fn by_key(&self) -> impl Iterator<Item = &[u32]> {
        let key = |record: &u32| self.records.keys[*record as usize];
        self.order.chunk_by(move |a, b| key(a) == key(b))
    }

    /// Whether a span ended so that another follows on the same day.
    fn goes_on(&self, record: u32) -> bool {
        let Some((name, codes)) = &self.list.goes_on else { return false };
        let column = self.list.column(name).expect("checked when loaded");
        match self.records.field(record as usize, column) {
            Field::Text(text) => codes.iter().any(|code| code.eq_ignore_ascii_case(text)),
            _ => false,
        }
    }

    /// First and last record of each chain of spans that go on from one to the next.
    fn chains(&self) -> Vec<(u32, u32)> {
        let mut chains = Vec::new();
        for records in self.by_key() {
            let mut first = records[0];
            for pair in records.windows(2) {
                if !self.goes_on(pair[0]) {
                    chains.push((first, pair[0]));
                    first = pair[1];
                }
            }
            chains.push((first, records[records.len() - 1]));
        }
        chains.sort_unstable();
        chains
    }

    fn contradictions(
        &self,
        declared: &Declarations,
        received: &Return,
        period: &Period,
        problems: &mut Problems,
    ) -> Contradictions {
        let mut found = Contradictions::default();
        let limits = Limits::of(self.list, declared, received, period);
        for records in self.by_key() {
            let before = found.ends.len();
            let standing = self.one_of_each_start(records, &mut found, problems);
            for pair in standing.windows(2) {
                self.follow(pair[0], pair[1], &mut found, problems);
            }
            if let Some(limits) = &limits {
                self.hold_to(limits, (&standing, before), &mut found, problems);
            }
        }
        problems.reword(std::mem::take(&mut found.reworded));
        found
    }

    /// Of spans that begin on one day one stands for all: of those that are the same the upper,
    /// else the one that has ended, else the lower.
    fn one_of_each_start(
        &self,
        records: &[u32],
        found: &mut Contradictions,
        problems: &mut Problems,
    ) -> Vec<u32> {
        let mut standing = Vec::new();
        let record = &self.list.record;
        for same_day in records.chunk_by(|a, b| self.start(*a) == self.start(*b)) {
            let closed = same_day.iter().rev().find(|r| self.end(**r) != BLANK_DAY);
            let mut stands = *closed.unwrap_or(&same_day[same_day.len() - 1]);
            let twin = |a: u32, b: u32| self.records.same(a as usize, b as usize);
            if let Some(upper) = same_day.iter().find(|r| twin(**r, stands)) {
                stands = *upper;
            }
            standing.push(stands);
            for other in same_day.iter().filter(|r| **r != stands) {
                found.left_out.push(*other);
                let message = if twin(*other, stands) {
                    format!("this {record} stands twice; it was counted once")
                } else if self.end(*other) == BLANK_DAY && self.end(stands) != BLANK_DAY {
                    format!("two {record}s begin on one day; the ended one was counted")
                } else {
                    format!("two {record}s begin on one day; the lower one was counted")
                };
                let hint = "take the wrong one away in the case system";
                self.tell_pair((stands, *other), (&message, hint), found, problems);
            }
        }
        standing
    }

    /// A span must have ended by the day on which the next begins.
    fn follow(&self, one: u32, next: u32, found: &mut Contradictions, problems: &mut Problems) {
        let (end, begins) = (self.end(one), self.start(next));
        let record = &self.list.record;
        if end == BLANK_DAY || end > begins {
            found.ends.push((one, Day(begins), true));
            let (message, hint) = if end == BLANK_DAY {
                (
                    format!("open when a later {record} began; counted as ended then"),
                    "give the earlier one its last day, or take the wrong one away",
                )
            } else {
                (
                    format!("it overlaps the next {record}; counted as ended when that began"),
                    "correct the last day of the earlier one, or the first of the later",
                )
            };
            self.tell_pair((one, next), (&message, hint), found, problems);
        } else if end < begins && self.goes_on(one) {
            let message = format!("the next {record} begins days later; not counted between");
            let hint = "correct the days, or the reason for the end of the earlier one";
            self.tell_pair((one, next), (&message, hint), found, problems);
        }
    }

    /// No span goes on beyond a day that another list sets, such as a birthday. Spans of the key
    /// were closed from the given one on.
    fn hold_to(
        &self,
        limits: &Limits,
        (standing, closed_from): (&[u32], usize),
        found: &mut Contradictions,
        problems: &mut Problems,
    ) {
        for record in standing {
            let key = self.records.keys[*record as usize];
            let (Some(limit), end) = (limits.of_key(key), self.end(*record)) else { continue };
            // One that was closed above is open no more.
            let closed = found.ends[closed_from..].iter().rev().find(|(r, ..)| r == record);
            let closed = closed.map(|(_, day, _)| day.0);
            let end = closed.unwrap_or(end);
            if end != BLANK_DAY && end <= limit.0 {
                continue;
            }
            if self.start(*record) >= limit.0 {
                found.left_out.push(*record);
            } else {
                found.ends.push((*record, limit, false));
            }
            let message = format!(
                "it goes on after the age of {}; counted up to that birthday",
                limits.years
            );
            let place = self.records.place(*record as usize, self.ends);
            let column = &self.list.columns[self.ends].name;
            let hint =
                format!("give its last day, or correct {} on {}", limits.column, limits.title);
            if self.is_told(*record) {
                let (records, beside) = (vec![self.day_cells(*record)], Vec::new());
                let sheet = place;
                found.reworded.push(Rewording { sheet, records, beside, message, hint });
                continue;
            }
            problems
                .add(Problem::error(place, message).column(column).hint(hint).spoils(Spoils::Cell));
        }
    }

    /// Tells of two records in one message, with the cells of both.
    fn tell_pair(
        &self,
        (one, other): (u32, u32),
        (message, hint): (&str, &str),
        found: &mut Contradictions,
        problems: &mut Problems,
    ) {
        if self.is_told(one) || self.is_told(other) {
            let [sheet, next] = [one, other].map(|r| self.records.place(r as usize, self.starts));
            let beside = sheet.cell.into_iter().chain(next.cell).collect();
            let records = [one, other].map(|record| self.day_cells(record)).into();
            let (message, hint) = (message.to_string(), hint.to_string());
            found.reworded.push(Rewording { sheet, records, beside, message, hint });
            return;
        }
        let column = &self.list.columns[self.starts].name;
        for record in [one.min(other), one.max(other)] {
            let place = self.records.place(record as usize, self.starts);
            problems
                .add(Problem::error(place, message).column(column).hint(hint).spoils(Spoils::Cell));
        }
    }
}

/// The day up to which spans of each key can go on: a day of another list, some years later.
struct Limits<'a> {
    days: Vec<i32>,
    years: i32,
    column: &'a str,
    title: &'a str,
}

impl<'a> Limits<'a> {
    /// Those that lie in the period or before: later ones are nothing that the return could know.
    fn of(
        list: &'a List,
        declared: &'a Declarations,
        received: &Return,
        period: &Period,
    ) -> Option<Limits<'a>> {
        let EndsBy { list: name, column, years } = list.ends_by.as_ref()?;
        let other = &declared.lists[name];
        let records = received.lists.get(name)?;
        let ColumnData::Day(born) = records.column(other.column(column)?) else { return None };
        let mut days = vec![BLANK_DAY; records.key_count];
        for (key, day) in records.keys.iter().zip(born) {
            let limit = &mut days[*key as usize];
            if *day == BLANK_DAY || *limit != BLANK_DAY {
                continue;
            }
            let birthday = birthday(Day(*day), *years);
            if birthday <= period.end {
                *limit = birthday.0;
            }
        }
        Some(Limits { days, years: *years, column, title: &other.title })
    }

    fn of_key(&self, key: u32) -> Option<Day> {
        self.days.get(key as usize).filter(|day| **day != BLANK_DAY).map(|day| Day(*day))
    }
}

/// The first day of an age: for those who were born on 29 February it may be 1 March.
fn birthday(born: Day, years: i32) -> Day {
    let day = born.plus_months(12 * years);
    if day.age_from(born) < years { day.plus_days(1) } else { day }
}
