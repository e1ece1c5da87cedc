//! Every name that a declaration leans on must be there: checked once all scripts are loaded,
//! before a row is read.

use std::collections::HashSet;

use super::suits::suits;
use crate::definitions::{
    Check, Column, ColumnType, Conditions, Declarations, Denominator, Each, EndsBy, Indicator,
    List, Matcher, Measure, Neighbour, Numerator, Population, Relation, Scalar, Seen,
};
use crate::nouns::comparator::Comparator;
use crate::nouns::problem::{Place, Problem, did_you_mean};
use crate::nouns::words::several;

/// What is wrong with a declaration.
#[derive(Debug)]
pub struct Fault {
    /// What is told of it.
    pub problem: Problem,
    /// Whether it leans on a name that is like no other: a faulty script may have been about to
    /// declare it.
    pub like_no_other: bool,
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Fault { problem, like_no_other: false }
    }
}

impl Fault {
    /// `there is no list` of a name.
    fn unknown<'k>(
        place: &Place,
        there_is_no: &str,
        name: &str,
        known: impl Iterator<Item = &'k str>,
    ) -> Self {
        let guess = did_you_mean(name, known);
        let problem = Problem::script(place.clone(), format!("{there_is_no} `{name}`{guess}"));
        Fault { problem, like_no_other: guess.is_empty() }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Fault { problem: self.problem.hint(hint), ..self }
    }

    fn context(self, context: impl Into<String>) -> Self {
        Fault { problem: self.problem.context(context), ..self }
    }
}

/// A declaration by its kind and name.
enum Named {
    List(String),
    Population(String),
    Indicator(String),
    Check(String),
    Commentary(String),
    Relation(String),
}

impl Named {
    /// Takes it out. Of a list only what may be printed is: it was read already.
    fn take_from(&self, declared: &mut Declarations) {
        match self {
            Named::List(name) => declared.lists[name].public.clear(),
            Named::Population(name) => drop(declared.populations.shift_remove(name)),
            Named::Indicator(name) => drop(declared.indicators.shift_remove(name)),
            Named::Check(name) => drop(declared.checks.shift_remove(name)),
            Named::Commentary(name) => drop(declared.commentary.shift_remove(name)),
            Named::Relation(name) => drop(declared.relations.shift_remove(name)),
        }
    }
}

/// Checks all names; declarations that lean on what is not there are taken out, so that the rest
/// can be used.
///
/// A project may put lists of its own in the place of shipped ones: of `shipped` checks, by the
/// files that declare them, one note tells how many have nothing to look at any more.
pub fn check(declared: &mut Declarations, shipped: &HashSet<&str>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut passed_over: Option<(Place, usize)> = None;
    for (name, fault) in faulty_lists(declared) {
        declared.lists.shift_remove(&name);
        faults.push(fault.context(format!("checking the list `{name}`")));
    }
    // Taking one out may leave others without support: again until nothing changes.
    loop {
        let found = faulty(declared);
        if found.is_empty() {
            break;
        }
        for (named, fault) in found {
            let check = match &named {
                Named::Check(name) => declared.checks.get(name),
                _ => None,
            };
            let check = check.filter(|check| shipped.contains(check.place.file.as_str()));
            match check {
                Some(check) => {
                    passed_over.get_or_insert((check.place.clone(), 0)).1 += 1;
                }
                None => faults.push(fault),
            }
            named.take_from(declared);
        }
    }
    faults.extend(passed_over.map(|(place, count)| {
        let message = format!("{} passed over", several(count, "shipped check"));
        let hint = "they ask for lists, columns or indicators that the project replaced";
        Fault::from(Problem::note(place, message).hint(hint))
    }));
    faults
}

/// The declarations that lean on what is not there.
fn faulty(declared: &Declarations) -> Vec<(Named, Fault)> {
    let look = Known { declared };
    let mut found = Vec::new();
    for list in declared.lists.values() {
        if let Err(fault) = look.public(list) {
            found.push((Named::List(list.name.clone()), fault));
        }
    }
    for population in declared.populations.values() {
        if let Err(fault) = look.population(population) {
            let name = population.name.clone();
            let fault = fault.context(format!("checking the population `{name}`"));
            found.push((Named::Population(name), fault));
        }
    }
    for indicator in declared.indicators.values() {
        if let Err(fault) = look.indicator(indicator) {
            let code = indicator.code.clone();
            let fault = fault.context(format!("checking the indicator `{code}`"));
            found.push((Named::Indicator(code), fault));
        }
    }
    for check in declared.checks.values() {
        if let Err(fault) = look.check(check) {
            let name = check.name.clone();
            let fault = fault.context(format!("checking the check `{name}`"));
            found.push((Named::Check(name), fault));
        }
    }
    for (code, commentary) in &declared.commentary {
        if let Err(fault) = look.known_indicator("", code, &commentary.place) {
            found.push((Named::Commentary(code.clone()), fault));
        }
    }
    for relation in declared.relations.values() {
        if let Err(fault) = look.relation(relation) {
            found.push((Named::Relation(relation.name.clone()), fault));
        }
    }
    found
}

/// The lists that lean on others which are not as they should be.
fn faulty_lists(declared: &Declarations) -> Vec<(String, Fault)> {
    let known = Known { declared };
    let lists = declared.lists.values();
    let faults = lists.filter_map(|list| Some((list.name.clone(), known.made_of(list).err()?)));
    faults.collect()
}

/// What a declaration may lean on.
pub(super) struct Known<'a> {
    pub(super) declared: &'a Declarations,
}

/// Whether a declaration leans on nothing that is not there.
pub type Sound = Result<(), Fault>;

/// That the rows of a list may not be printed, and why.
fn not_public(list: &List, why: &str, hint: &str) -> Fault {
    let message = format!("the list {} cannot be public: {why}", list.title);
    Problem::script(list.place.clone(), message).hint(hint).into()
}

impl<'a> Known<'a> {
    /// Whether the lists that a list ends by or is made of are as they should be.
    fn made_of(&self, list: &List) -> Sound {
        if let Some(EndsBy { list: other, column, .. }) = &list.ends_by {
            let other = self.list(other, &list.place)?;
            let column = self.column(other, column, &list.place)?;
            if !matches!(column.kind, ColumnType::Date) || other.key != list.key {
                return Err(Problem::script(
                    list.place.clone(),
                    format!(
                        "`ends_by` needs a column of days of a list that goes by {} too",
                        list.key
                    ),
                )
                .into());
            }
        }
        let Some(source) = &list.made_of else { return Ok(()) };
        let source = self.list(source, &list.place)?;
        let same_key =
            source.key == list.key && source.starts.is_some() && source.made_of.is_none();
        if !same_key || list.starts != source.starts || list.ends != source.ends {
            return Err(Problem::script(
                list.place.clone(),
                format!(
                    "the list is made of {}, so it must have its key and its days",
                    source.title
                ),
            )
            .into());
        }
        list.columns.iter().try_for_each(|c| self.column(source, &c.name, &list.place).map(drop))
    }

    fn list(&self, name: &str, place: &Place) -> Result<&'a List, Fault> {
        self.declared.lists.get(name).ok_or_else(|| {
            let known = self.declared.lists.keys().map(String::as_str);
            Fault::unknown(place, "there is no list", name, known)
        })
    }

    /// An indicator that a declaration names; `field` is where, such as "`moves`: ".
    fn known_indicator(&self, field: &str, code: &str, place: &Place) -> Sound {
        if self.declared.indicators.contains_key(code) {
            return Ok(());
        }
        let known = self.declared.indicators.keys().map(String::as_str);
        Err(Fault::unknown(place, &format!("{field}there is no indicator"), code, known))
    }

    /// The list that a population (or list) is taken from.
    pub(super) fn base(&self, name: &str, place: &Place) -> Result<&'a List, Fault> {
        if !self.declared.populations.contains_key(name) && self.declared.list(name).is_none() {
            let known = self.declared.populations.keys().chain(self.declared.lists.keys());
            let known = known.map(String::as_str);
            return Err(Fault::unknown(place, "there is no population or list", name, known));
        }
        self.declared.list_of(name).ok_or_else(|| {
            let message = format!("the population `{name}` leads back to itself or to nothing");
            Problem::script(place.clone(), message).into()
        })
    }

    pub(super) fn column(
        &self,
        list: &'a List,
        name: &str,
        place: &Place,
    ) -> Result<&'a Column, Fault> {
        let found = list.column(name).map(|i| &list.columns[i]);
        found.ok_or_else(|| {
            let guess = did_you_mean(name, list.columns.iter().map(|c| c.name.as_str()));
            Problem::script(
                place.clone(),
                format!("the list {} has no column `{name}`{guess}", list.title),
            )
            .into()
        })
    }

    fn check(&self, check: &Check) -> Sound {
        let place = &check.place;
        let list = self.list(&check.list, place)?;
        check.columns.iter().try_for_each(|column| self.column(list, column, place).map(drop))?;
        for code in &check.moves {
            self.known_indicator("`moves`: ", code, place)?;
        }
        for (name, columns) in &check.marks {
            let theirs = match (self.declared.linked(name), Neighbour::named(name)) {
                (None, Some(_)) => list,
                _ => {
                    self.linked_to(&check.list, name, place)?;
                    let target = self.declared.linked(name).unwrap_or(name.into());
                    self.base(&target, place)?
                }
            };
            columns.iter().try_for_each(|column| self.column(theirs, column, place).map(drop))?;
        }
        self.conditions_on(&check.list, &check.fails, place)
    }

    /// A list of which rows may be printed tells of no child.
    fn public(&self, list: &List) -> Sound {
        if !list.is_public() {
            return Ok(());
        }
        if let Some(column) = self.declared.tells_of_people(list) {
            let why = format!("its column `{}` says who somebody is", column.name);
            let hint = "take `public` away: its figures can be shown, its rows cannot";
            return Err(not_public(list, &why, hint));
        }
        let others = self.declared.lists.values();
        // A reference list tells of no child either.
        let private =
            |other: &&List| other.key == list.key && !other.is_public() && !other.reference;
        match others.into_iter().find(private) {
            Some(other) => {
                let why =
                    format!("it goes by `{}` as {} does, which is not", list.key, other.title);
                Err(not_public(list, &why, "lists with one key tell of the same children"))
            }
            None => Ok(()),
        }
    }

    fn population(&self, population: &Population) -> Sound {
        let place = &population.place;
        let list = self.base(&population.from, place)?;
        if population.when.is_some() && list.starts.is_none() {
            let message = format!(
                "the list {} has no `starts` and `ends`, so nothing in it is open on a day",
                list.title
            );
            return Err(Problem::script(place.clone(), message)
                .hint("say in rap.list which columns its spans of time start and end with")
                .into());
        }
        for column in population.one_per.iter().chain(&population.by) {
            self.column(list, column, place)?;
        }
        self.conditions_on(&population.from, &population.conditions, place)
    }

    fn relation(&self, relation: &Relation) -> Sound {
        for term in relation.sum.iter().chain(&relation.equals) {
            // Parts are made once a return is there: of them the total is looked for.
            let (total, _) = term.indicator.split_once('.').unwrap_or((&term.indicator, ""));
            self.known_indicator("", total, &relation.place)?;
            let is_earlier = |when: &str| Comparator::named(when).is_some_and(|one| one.is_own());
            if let Some(when) = term.when.as_deref().filter(|when| !is_earlier(when)) {
                let earlier = Comparator::names_of(true);
                let there_is_no = "`when`: there is no earlier period";
                let known = earlier.iter().copied();
                return Err(Fault::unknown(&relation.place, there_is_no, when, known)
                    .hint(format!("periods are {}", earlier.join(", "))));
            }
        }
        Ok(())
    }

    /// What a numerator names, of a base or of none.
    fn numerator(&self, numerator: &Numerator, of: Option<&str>, place: &Place) -> Sound {
        match (numerator, of) {
            (Numerator::Population(name), None) => self.base(name, place).map(drop),
            (Numerator::Population(name), Some(of)) => self.linked_to(of, name, place),
            (Numerator::Where(conditions), Some(of)) => self.conditions_on(of, conditions, place),
            (Numerator::Where(_), None) => Ok(()),
        }
    }

    fn indicator(&self, indicator: &Indicator) -> Sound {
        let place = &indicator.place;
        if let Some(name) = &indicator.policy {
            let policy = self.declared.policies.get(name).ok_or_else(|| {
                let known = self.declared.policies.keys().map(String::as_str);
                Fault::unknown(place, "there is no policy", name, known)
            })?;
            if policy.needs_other_target(indicator) {
                let message =
                    format!("the `target` is 0, and the policy \"{name}\" takes a share of it");
                return Err(Problem::script(place.clone(), message)
                    .hint("name another policy")
                    .into());
            }
        }
        let rate_of = indicator.rate_of.iter().map(|code| ("rate_of", code));
        for (field, code) in rate_of.chain(indicator.same_as.iter().map(|code| ("same_as", code))) {
            self.known_indicator(&format!("`{field}`: "), code, place)?;
        }
        let numerator = |which: &Numerator, of: Option<&str>| self.numerator(which, of, place);
        self.breakdown(indicator)?;
        match &indicator.measure {
            // Parts are made once a return is there.
            Measure::Typed | Measure::Part { .. } => Ok(()),
            Measure::Count { of, numerator: which } => {
                self.base(of, place)?;
                numerator(which, Some(of))
            }
            Measure::Share { numerator: which, denominator: Denominator::Cover(_) } => {
                numerator(which, None)
            }
            Measure::Share {
                numerator: which,
                denominator: Denominator::Records { of, conditions },
            } => {
                self.conditions_on(of, conditions, place)?;
                numerator(which, Some(of))
            }
            Measure::Summary { each, of, conditions, .. } => {
                let list = self.base(of, place)?;
                self.conditions_on(of, conditions, place)?;
                let Each::Column(column) = each else { return Ok(()) };
                match self.column(list, column, place)?.kind {
                    ColumnType::Number { .. } | ColumnType::Percentage => Ok(()),
                    _ => Err(Problem::script(
                        place.clone(),
                        format!("the column `{column}` does not hold numbers"),
                    )
                    .into()),
                }
            }
            Measure::Derived { .. } if self.leads_back(&indicator.code) => {
                let message = format!("the indicator `{}` is derived from itself", indicator.code);
                Err(Problem::script(place.clone(), message).into())
            }
            Measure::Derived { from, .. } => {
                from.iter().try_for_each(|code| self.known_indicator("", code, place))
            }
        }
    }

    /// Whether following what an indicator is derived from leads back to it.
    fn leads_back(&self, code: &str) -> bool {
        let mut reached: Vec<&str> = vec![code];
        let mut at = 0;
        while at < reached.len() {
            if let Some(Measure::Derived { from, .. }) =
                self.declared.indicators.get(reached[at]).map(|i| &i.measure)
            {
                for next in from {
                    if next == code {
                        return true;
                    }
                    if !reached.contains(&next.as_str()) {
                        reached.push(next);
                    }
                }
            }
            at += 1;
        }
        false
    }

    /// Conditions on records of a list or population.
    pub(super) fn conditions_on(
        &self,
        name: &str,
        conditions: &Conditions,
        place: &Place,
    ) -> Sound {
        let list = self.base(name, place)?;
        let name = self.declared.list_name(name);
        self.conditions(conditions, &mut vec![Seen { name, list }], place)
    }

    /// A list or population must be one that records of another are linked to.
    fn linked_to(&self, of: &str, name: &str, place: &Place) -> Sound {
        let list = self.base(of, place)?;
        self.linked(name, &Matcher::Filled, &mut vec![Seen { name: of, list }], place)
    }

    /// Conditions on the last of the records that they can see.
    fn conditions<'s>(
        &self,
        conditions: &'s Conditions,
        seen: &mut Vec<Seen<'s>>,
        place: &Place,
    ) -> Sound
    where
        'a: 's,
    {
        let list = seen.last().expect("conditions are asked of a record").list;
        for (name, matcher) in &conditions.fields {
            match list.column(name) {
                Some(index) => {
                    suits(matcher, &list.columns[index], place)?;
                    self.beside(matcher, &list.columns[index], seen, place)?;
                }
                None => self.linked(name, matcher, seen, place)?,
            }
        }
        conditions.all.iter().try_for_each(|c| self.conditions(c, seen, place))?;
        conditions.either.iter().flatten().try_for_each(|c| self.conditions(c, seen, place))
    }

    /// The columns that a field is held against must be there, and hold the same kind of thing.
    fn beside(&self, matcher: &Matcher, column: &Column, seen: &[Seen], place: &Place) -> Sound {
        let beside = match matcher {
            Matcher::OneOf(these) | Matcher::NoneOf(these) | Matcher::AllOf(these) => {
                return these.iter().try_for_each(|m| self.beside(m, column, seen, place));
            }
            Matcher::Beside(beside) => beside,
            _ => return Ok(()),
        };
        let fault = |message: String| Fault::from(Problem::script(place.clone(), message));
        let (_, list, index) = self.declared.whose(seen, &beside.column).map_err(fault)?;
        let other = &list.columns[index];
        let days = |c: &Column| matches!(c.kind, ColumnType::Date);
        if (beside.how.of_days() && !(days(column) && days(other)))
            || column.kind.expected() != other.kind.expected()
                && !(column.kind.is_text() && other.kind.is_text())
        {
            let (one, two) = (column.kind.expected(), other.kind.expected());
            return Err(fault(format!(
                "`{}` cannot be held against `{}`: one holds {one}, the other {two}",
                column.name, beside.column
            )));
        }
        Ok(())
    }

    fn linked<'s>(
        &self,
        name: &'s str,
        matcher: &'s Matcher,
        seen: &mut Vec<Seen<'s>>,
        place: &Place,
    ) -> Sound
    where
        'a: 's,
    {
        let own = *seen.last().expect("conditions are asked of a record");
        let list = own.list;
        let target = self.declared.linked(name);
        let (called, theirs) = match (&target, Neighbour::named(name)) {
            (None, Some(_)) => (own.name, list),
            (None, None) => return Err(self.no_such_link(name, list, place)),
            (Some(target), _) => (name, self.base(target, place)?),
        };
        if !list.leads_to(theirs) {
            let message = list.no_way_to(theirs, name);
            return Err(Problem::script(place.clone(), message).into());
        }
        match matcher {
            Matcher::Linked(conditions) | Matcher::NoLinked(conditions) => {
                seen.push(Seen { name: called, list: theirs });
                let sound = self.conditions(conditions, seen, place);
                seen.pop();
                sound
            }
            Matcher::Is(Scalar::Number(_))
            | Matcher::Range { .. }
            | Matcher::Filled
            | Matcher::Blank => Ok(()),
            _ => Err(Problem::script(
                place.clone(),
                format!(
                    "`{name}` is a list or population: it takes {{ … }}, rap.at_least(1), rap.none \
                     and the like"
                ),
            )
            .into()),
        }
    }

    fn no_such_link(&self, name: &str, list: &List, place: &Place) -> Fault {
        let columns = list.columns.iter().map(|c| c.name.as_str());
        let others = self
            .declared
            .lists
            .values()
            .map(|l| l.record.as_str())
            .chain(self.declared.populations.keys().map(String::as_str));
        let guess = did_you_mean(name, columns.chain(others));
        Problem::script(
            place.clone(),
            format!(
                "the list {} has no column `{name}`, nor is it a list or population{guess}",
                list.title
            ),
        )
        .into()
    }
}
