//! What scripts declare, as plain data: lists, checks, populations, indicators, policies,
//! commentary, layouts.
//!
//! The script room fills these, every other room reads them; nothing here knows Lua. Each
//! declaration knows the script and line that made it.

mod condition;
mod counting;
mod disclosure;
mod indicator;
mod list;
mod policy;
mod sight;
mod timed;
mod trust;

pub use condition::{Beside, Conditions, Matcher, Moment, Point, Scalar, Stretch, Versus, Window};
pub use counting::Counting;
pub use disclosure::{Audience, Relation, Rule, Term};
pub use indicator::{
    Better, Breakdown, By, Crossed, Denominator, Each, Indicator, Measure, Numerator, Population,
    Published, SINCE, Span, Summary, Tolerance, When, slug,
};
pub use list::{Code, Column, ColumnType, ColumnWords, EndsBy, List, Words, plain};
pub use policy::{Outcome, Policies, Policy, PolicyKind, Rebased, Thresholds};
pub use sight::{LAST_YEAR, Neighbour, Seen, Whose};
pub use trust::Reach;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::nouns::period::Period;
use crate::nouns::problem::{Place, Severity, nearest};

/// A function of a script, which only the script room can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Function {
    /// Which script.
    pub script: usize,
    /// Which of its functions.
    pub index: usize,
}

/// A rule that records of a list must keep.
#[derive(Debug, Clone)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// The list whose records are looked at.
    pub list: String,
    /// Records that break the rule.
    pub fails: Conditions,
    /// What to tell whoever mends the return.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The columns to point at; the key where there is none.
    pub columns: Vec<String>,
    /// Linked records to point at as well: how the conditions name them, and which columns.
    pub marks: Vec<(String, Vec<String>)>,
    /// The number that somebody else's rule goes by, such as DfE's `142`. A rule sees rows that
    /// were left out too, since whoever made it does.
    pub rule: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// The first reporting year that it holds in, such as `2023/24`.
    pub from: Option<String>,
    /// The last.
    pub to: Option<String>,
    /// Whether it can be asked only once the year is over.
    pub at_year_end: bool,
    /// The indicators whose figures it may move.
    pub moves: Vec<String>,
    /// Where it was declared.
    pub place: Place,
}

impl Check {
    /// Whether it holds for a period. Labels of years compare as they sort.
    pub fn holds_in(&self, period: &Period) -> bool {
        let year = period.year_label();
        self.from.as_ref().is_none_or(|from| *from <= year)
            && self.to.as_ref().is_none_or(|to| year <= *to)
            && (!self.at_year_end || period.end == period.year_end())
    }

    /// `from 2023/24, at the year's end`: when it holds, where that is not always.
    pub fn holds_when(&self) -> Option<String> {
        let bounds = [("from", &self.from), ("until", &self.to)].into_iter();
        let mut when: Vec<String> =
            bounds.filter_map(|(word, year)| Some(format!("{word} {}", year.as_ref()?))).collect();
        when.extend(self.at_year_end.then(|| "at the year's end".to_string()));
        (!when.is_empty()).then(|| when.join(", "))
    }

    /// Whether it asks for nothing but cells that hold something else than they should.
    pub fn asks_what_is_refused(&self) -> bool {
        let Conditions { fields, all, either, function } = &self.fails;
        fields.iter().any(|(_, matcher)| matcher.asks_what_is_refused())
            && fields.len() == 1
            && all.is_empty()
            && either.is_empty()
            && function.is_none()
    }

    /// The columns of its list that it asks whether a cell is blank or holds something else than it
    /// should.
    pub fn columns_held_to_be_filled(&self) -> Vec<&str> {
        fn add<'c>(conditions: &'c Conditions, columns: &mut Vec<&'c str>) {
            let asked =
                |(_, m): &&(String, Matcher)| m.asks_what_is_refused() || m.asks_what_is_blank();
            let names = conditions.fields.iter().filter(asked).map(|(name, _)| name.as_str());
            columns.extend(names);
            let inner = conditions.all.iter().chain(conditions.either.iter().flatten());
            inner.for_each(|inner| add(inner, columns));
        }
        let mut columns = Vec::new();
        add(&self.fails, &mut columns);
        columns
    }

    /// Whether it runs where nobody asks for all rules: a rule that moves no figure does not.
    pub fn always_runs(&self) -> bool {
        self.rule.is_none() || !self.moves.is_empty()
    }
}

/// A layout: what an appendix looks like. How its rows come about is the script's business.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Its name, as `--template` takes it.
    pub name: String,
    /// A sentence for `list`.
    pub description: String,
    /// What councils may want otherwise: the names of its options.
    pub options: Vec<String>,
    /// Called once with the report; returns the sheets.
    pub sheets: Function,
    /// Where it was declared.
    pub place: Place,
}

/// A sentence about an indicator that a script drafts.
#[derive(Debug, Clone)]
pub struct Commentary {
    /// Called with the shown figure; returns the text.
    pub draft: Function,
    /// Where it was declared.
    pub place: Place,
}

/// What a script changed of something that another declares.
#[derive(Debug, Clone)]
pub struct Change {
    /// The kind of thing, such as `indicator`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The fields that are given anew.
    pub fields: Vec<String>,
    /// Each of them, and what it was: `target 12, was 10`.
    pub words: Vec<String>,
    /// Where the change is written.
    pub place: Place,
}

impl Change {
    /// Whether it gives a field of what is declared anew.
    fn gives(&self, kind: &str, name: &str, field: &str) -> bool {
        (self.kind.as_str(), self.name.as_str()) == (kind, name)
            && self.fields.iter().any(|known| known == field)
    }
}

/// Everything that the scripts of a project declare, in the order they declare it: scripts by name.
#[derive(Debug, Default, Clone)]
pub struct Declarations {
    /// Lists by name.
    pub lists: IndexMap<String, List>,
    /// What councils call the columns and codes of lists, by list.
    pub words: IndexMap<String, Words>,
    /// Checks by name.
    pub checks: IndexMap<String, Check>,
    /// Populations by name.
    pub populations: IndexMap<String, Population>,
    /// Indicators by code.
    pub indicators: IndexMap<String, Indicator>,
    /// Status policies by name.
    pub policies: IndexMap<String, Policy>,
    /// Rules of disclosure control by name.
    pub disclosures: IndexMap<String, Rule>,
    /// What adds up to the same, by name.
    pub relations: IndexMap<String, Relation>,
    /// Draft commentary by indicator code.
    pub commentary: IndexMap<String, Commentary>,
    /// Layouts by name.
    pub layouts: IndexMap<String, Layout>,
    /// The packs of the scripts that come in one, by the scripts' names.
    pub packs: BTreeMap<String, String>,
    /// What was changed of these by other scripts than those that declare them.
    pub changes: Vec<Change>,
    /// Headings of columns that say who somebody is, on any list that was ever declared: a list
    /// that takes another's place does not take them away.
    pub personal: BTreeSet<String>,
}

/// How many populations may lean on each other, and indicators on indicators.
pub const LONGEST_CHAIN: usize = 40;

impl Declarations {
    /// Where a field of what is declared was changed last; nothing where it stands as declared.
    pub fn changed_at(&self, kind: &str, name: &str, field: &str) -> Option<&Place> {
        let last = self.changes.iter().rfind(|change| change.gives(kind, name, field));
        last.map(|change| &change.place)
    }

    /// The indicator that a management sheet means: by code, by another name or by title, in any
    /// case.
    pub fn indicator_named(&self, text: &str) -> Option<&Indicator> {
        let wanted = text.trim().to_lowercase();
        self.indicators.values().find(|indicator| indicator.is_called(&wanted))
    }

    /// The indicator whose code is nearest to a text; none where nothing is near.
    pub fn indicator_like(&self, text: &str) -> Option<&Indicator> {
        nearest(text, self.indicators.keys().map(String::as_str)).map(|code| &self.indicators[code])
    }

    /// Whether a text of a management sheet means an indicator; one of a part is its code.
    pub fn means(&self, text: &str, code: &str) -> bool {
        self.indicator_named(text).map_or(text == code, |indicator| indicator.code == code)
    }

    /// The names of all that is declared of a kind, as `rap` calls it.
    pub fn names(&self, kind: &str) -> Vec<&str> {
        match kind {
            "list" => self.lists.keys().map(String::as_str).collect(),
            "check" => self.checks.keys().map(String::as_str).collect(),
            "population" => self.populations.keys().map(String::as_str).collect(),
            "indicator" => self.indicators.keys().map(String::as_str).collect(),
            "policy" => self.policies.keys().map(String::as_str).collect(),
            "layout" => self.layouts.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The pack that something of this place comes in; none of a project's own.
    pub fn pack_of(&self, place: &Place) -> Option<&str> {
        self.packs.get(&place.file).map(String::as_str)
    }

    /// A name without the pack before it: `contacts_n` of `annex-a.contacts_n`.
    pub fn without_pack<'n>(&self, name: &'n str) -> &'n str {
        match name.split_once('.') {
            Some((pack, bare)) if self.packs.values().any(|known| known == pack) => bare,
            _ => name,
        }
    }

    /// Forgets whatever is declared under a name.
    pub fn leave_out(&mut self, name: &str) {
        self.lists.shift_remove(name);
        self.words.shift_remove(name);
        self.checks.shift_remove(name);
        self.populations.shift_remove(name);
        self.indicators.shift_remove(name);
        self.policies.shift_remove(name);
        self.disclosures.shift_remove(name);
        self.relations.shift_remove(name);
        self.commentary.shift_remove(name);
        self.layouts.shift_remove(name);
    }

    /// Whether something of a kind is declared under a name.
    pub fn has(&self, kind: &str, name: &str) -> bool {
        self.place_of(kind, name).is_some()
    }

    /// Where something of a kind is declared.
    pub fn place_of(&self, kind: &str, name: &str) -> Option<&Place> {
        match kind {
            "list" => self.lists.get(name).map(|list| &list.place),
            "check" => self.checks.get(name).map(|check| &check.place),
            "population" => self.populations.get(name).map(|population| &population.place),
            "indicator" => self.indicators.get(name).map(|indicator| &indicator.place),
            "policy" => self.policies.get(name).map(|policy| &policy.place),
            "layout" => self.layouts.get(name).map(|layout| &layout.place),
            _ => None,
        }
    }

    /// Remembers which columns of the lists say who somebody is. The key of a list with such a
    /// column does, too.
    pub fn note_personal(&mut self) {
        for list in self.lists.values() {
            let about_people = list.columns.iter().any(|column| column.personal);
            let personal = list
                .columns
                .iter()
                .filter(|column| column.personal || (about_people && column.name == list.key));
            self.personal.extend(personal.flat_map(Column::headings));
        }
    }

    /// The first column by which a list tells of people.
    pub fn tells_of_people<'l>(&self, list: &'l List) -> Option<&'l Column> {
        list.columns.iter().find(|column| self.says_who(column))
    }

    /// Whether a column tells who somebody is: it says so, or a list that was declared said so of
    /// one of its headings.
    fn says_who(&self, column: &Column) -> bool {
        column.personal || column.headings().any(|heading| self.personal.contains(&heading))
    }

    /// Indicators that say `people = false` although they count records of people, or are derived
    /// from figures of people, each with what it counts.
    pub fn counted_as_nobody(&self) -> Vec<(&Indicator, String)> {
        let nobody = self.indicators.values().filter(|indicator| !indicator.people);
        nobody.filter_map(|one| Some((one, self.people_counted(&one.measure)?))).collect()
    }

    /// What of people a measure counts, whatever its indicator says of itself.
    fn people_counted(&self, measure: &Measure) -> Option<String> {
        if let Measure::Derived { from, .. } = measure {
            let mut from = from.iter().filter_map(|code| self.indicators.get_key_value(code));
            let (code, _) = from.find(|(_, indicator)| indicator.people)?;
            return Some(format!("`{code}`, which counts people"));
        }
        let list = self.list_of(measure.of()?)?;
        self.tells_of_people(list).map(|_| format!("records of {}", list.title))
    }

    /// What a name in a condition links to, other than a column: a list by its name or its record's
    /// name.
    pub fn linked<'a>(&'a self, name: &'a str) -> Option<Cow<'a, str>> {
        if self.populations.contains_key(name) || self.lists.contains_key(name) {
            return Some(name.into());
        }
        if let Some(bare) = name.strip_prefix(LAST_YEAR) {
            let list = self.lists.get(bare).or_else(|| self.list_of_record(bare))?;
            return Some(format!("{LAST_YEAR}{}", list.name).into());
        }
        self.list_of_record(name).map(|list| list.name.as_str().into())
    }

    fn list_of_record(&self, record: &str) -> Option<&List> {
        self.lists.values().find(|list| list.record == record)
    }

    /// A list by its name, which may be that of last year's.
    pub fn list(&self, name: &str) -> Option<&List> {
        self.lists.get(name.strip_prefix(LAST_YEAR).unwrap_or(name))
    }

    /// The list that a population is taken from in the end; the list itself where the name is a
    /// list's.
    pub fn list_of(&self, name: &str) -> Option<&List> {
        self.list(self.list_name(name))
    }

    /// The name of that list, with `last_year_` where it is one of last year's return.
    pub fn list_name<'n>(&'n self, name: &'n str) -> &'n str {
        let mut name = name;
        // A longer chain goes in a circle, or is nothing that anybody could follow.
        for _ in 0..=LONGEST_CHAIN {
            match self.populations.get(name) {
                Some(population) => name = &population.from,
                None => break,
            }
        }
        name
    }
}
