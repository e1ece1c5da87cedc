//! Every name that a declaration leans on must be there: checked once all scripts are loaded,
//! before a row is read.

use std::collections::HashSet;

use crate::definitions::{
    By, Check, Column, ColumnType, Conditions, Declarations, Denominator, Each, EndsBy, Indicator,
    List, Matcher, Measure, Neighbour, Numerator, Population, Relation, Scalar, Seen,
};
use crate::figures::comparators;
use crate::nouns::problem::{Place, Problem, did_you_mean};
use crate::nouns::words::several;

/// Checks all names; declarations that lean on what is not there are taken out, so that the rest
/// can be used.
///
/// A project may put lists of its own in the place of shipped ones: of `shipped` checks, by the
/// files that declare them, one note tells how many have nothing to look at any more.
pub fn check(declared: &mut Declarations, shipped: &HashSet<&str>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut passed_over: Option<(Place, usize)> = None;
    for (name, problem) in faulty_lists(declared) {
        declared.lists.shift_remove(&name);
        problems.push(problem.context(format!("checking the list `{name}`")));
    }
    // Taking one out may leave others without support: again until nothing changes.
    loop {
        let mut found: Vec<(&'static str, String, Problem)> = Vec::new();
        let look = Look { declared };
        for list in declared.lists.values() {
            if let Err(problem) = look.public(list) {
                found.push(("list", list.name.clone(), problem));
            }
        }
        for population in declared.populations.values() {
            if let Err(problem) = look.population(population) {
                found.push((
                    "population",
                    population.name.clone(),
                    problem.context(format!("checking the population `{}`", population.name)),
                ));
            }
        }
        for indicator in declared.indicators.values() {
            if let Err(problem) = look.indicator(indicator) {
                found.push((
                    "indicator",
                    indicator.code.clone(),
                    problem.context(format!("checking the indicator `{}`", indicator.code)),
                ));
            }
        }
        for check in declared.checks.values() {
            if let Err(problem) = look.check(check) {
                found.push((
                    "check",
                    check.name.clone(),
                    problem.context(format!("checking the check `{}`", check.name)),
                ));
            }
        }
        for (code, commentary) in &declared.commentary {
            if !declared.indicators.contains_key(code) {
                let guess = did_you_mean(code, declared.indicators.keys().map(String::as_str));
                found.push((
                    "commentary",
                    code.clone(),
                    Problem::script(
                        commentary.place.clone(),
                        format!("there is no indicator `{code}`{guess}"),
                    ),
                ));
            }
        }
        for relation in declared.relations.values() {
            if let Err(problem) = look.relation(relation) {
                found.push(("relation", relation.name.clone(), problem));
            }
        }
        if found.is_empty() {
            problems.extend(passed_over.map(|(place, count)| {
                let message = format!("{} passed over", several(count, "shipped check"));
                Problem::note(place, message)
                    .hint("they ask for lists, columns or indicators that the project replaced")
            }));
            return problems;
        }
        for (kind, name, problem) in found {
            if let (true, Some(check)) = (kind == "check", declared.checks.get(&name))
                && shipped.contains(check.place.file.as_str())
            {
                passed_over.get_or_insert((check.place.clone(), 0)).1 += 1;
                declared.checks.shift_remove(&name);
                continue;
            }
            match kind {
                "list" => declared.lists[&name].public.clear(),
                "population" => drop(declared.populations.shift_remove(&name)),
                "indicator" => drop(declared.indicators.shift_remove(&name)),
                "relation" => drop(declared.relations.shift_remove(&name)),
                "check" => drop(declared.checks.shift_remove(&name)),
                _ => drop(declared.commentary.shift_remove(&name)),
            }
            problems.push(problem);
        }
    }
}

/// The lists that lean on others which are not as they should be.
fn faulty_lists(declared: &Declarations) -> Vec<(String, Problem)> {
    let look = Look { declared };
    let checked = |list: &List| -> Sound {
        if let Some(EndsBy { list: other, column, .. }) = &list.ends_by {
            let other = look.list(other, &list.place)?;
            let column = look.column(other, column, &list.place)?;
            if !matches!(column.kind, ColumnType::Date) || other.key != list.key {
                return Err(Problem::script(
                    list.place.clone(),
                    format!(
                        "`ends_by` needs a column of days of a list that goes by {} too",
                        list.key
                    ),
                ));
            }
        }
        let Some(source) = &list.made_of else { return Ok(()) };
        let source = look.list(source, &list.place)?;
        let same_key =
            source.key == list.key && source.starts.is_some() && source.made_of.is_none();
        if !same_key || list.starts != source.starts || list.ends != source.ends {
            return Err(Problem::script(
                list.place.clone(),
                format!(
                    "the list is made of {}, so it must have its key and its days",
                    source.title
                ),
            ));
        }
        list.columns.iter().try_for_each(|c| look.column(source, &c.name, &list.place).map(drop))
    };
    let lists = declared.lists.values();
    lists
        .filter_map(|list| checked(list).err().map(|problem| (list.name.clone(), problem)))
        .collect()
}

struct Look<'a> {
    declared: &'a Declarations,
}

type Sound = Result<(), Problem>;

impl<'a> Look<'a> {
    fn list(&self, name: &str, place: &Place) -> Result<&'a List, Problem> {
        let known = || self.declared.lists.keys().map(String::as_str);
        self.declared.lists.get(name).ok_or_else(|| {
            Problem::script(
                place.clone(),
                format!("there is no list `{name}`{}", did_you_mean(name, known())),
            )
        })
    }

    /// The list that a population (or list) is taken from.
    fn base(&self, name: &str, place: &Place) -> Result<&'a List, Problem> {
        let known = || {
            self.declared.populations.keys().chain(self.declared.lists.keys()).map(String::as_str)
        };
        if !self.declared.populations.contains_key(name) && self.declared.list(name).is_none() {
            let message =
                format!("there is no population or list `{name}`{}", did_you_mean(name, known()));
            return Err(Problem::script(place.clone(), message));
        }
        self.declared.list_of(name).ok_or_else(|| {
            Problem::script(
                place.clone(),
                format!("the population `{name}` leads back to itself or to nothing"),
            )
        })
    }

    fn column(&self, list: &'a List, name: &str, place: &Place) -> Result<&'a Column, Problem> {
        let found = list.column(name).map(|i| &list.columns[i]);
        found.ok_or_else(|| {
            let guess = did_you_mean(name, list.columns.iter().map(|c| c.name.as_str()));
            Problem::script(
                place.clone(),
                format!("the list {} has no column `{name}`{guess}", list.title),
            )
        })
    }

    fn check(&self, check: &Check) -> Sound {
        let place = &check.place;
        let list = self.list(&check.list, place)?;
        check.columns.iter().try_for_each(|column| self.column(list, column, place).map(drop))?;
        for code in &check.moves {
            if !self.declared.indicators.contains_key(code) {
                let guess = did_you_mean(code, self.declared.indicators.keys().map(String::as_str));
                let message = format!("`moves`: there is no indicator `{code}`{guess}");
                return Err(Problem::script(place.clone(), message));
            }
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
        let no = |why: String, hint: &str| {
            Err(Problem::script(list.place.clone(), why).hint(hint.to_string()))
        };
        if let Some(column) = self.declared.tells_of_people(list) {
            return no(
                format!(
                    "the list {} cannot be public: its column `{}` says who somebody is",
                    list.title, column.name
                ),
                "take `public` away: its figures can be shown, its rows cannot",
            );
        }
        let others = self.declared.lists.values();
        match others.into_iter().find(|other| other.key == list.key && !other.is_public()) {
            Some(other) => no(
                format!(
                    "the list {} cannot be public: it goes by `{}` as {} does, which is not",
                    list.title, list.key, other.title
                ),
                "lists with one key tell of the same children",
            ),
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
                .hint("say in rap.list which columns its spans of time start and end with"));
        }
        for column in [&population.one_per, &population.by].into_iter().flatten() {
            self.column(list, column, place)?;
        }
        self.conditions_on(&population.from, &population.conditions, place)
    }

    fn relation(&self, relation: &Relation) -> Sound {
        for term in relation.sum.iter().chain(&relation.equals) {
            // Parts are made once a return is there: of them the total is looked for.
            let (total, _) = term.indicator.split_once('.').unwrap_or((&term.indicator, ""));
            if !self.declared.indicators.contains_key(total) {
                let codes = self.declared.indicators.keys().map(String::as_str);
                let guess = did_you_mean(total, codes);
                let message = format!("there is no indicator `{total}`{guess}");
                return Err(Problem::script(relation.place.clone(), message));
            }
            let earlier = || comparators::names().filter(|name| comparators::is_own(name));
            if let Some(when) = term.when.as_deref().filter(|when| !comparators::is_own(when)) {
                let guess = did_you_mean(when, earlier());
                let message = format!("`when`: there is no earlier period `{when}`{guess}");
                let known = earlier().collect::<Vec<_>>().join(", ");
                return Err(Problem::script(relation.place.clone(), message)
                    .hint(format!("periods are {known}")));
            }
        }
        Ok(())
    }

    fn indicator(&self, indicator: &Indicator) -> Sound {
        let place = &indicator.place;
        if let Some(name) = &indicator.policy {
            let policy = self.declared.policies.get(name).ok_or_else(|| {
                let known = self.declared.policies.keys().map(String::as_str);
                Problem::script(
                    place.clone(),
                    format!("there is no policy `{name}`{}", did_you_mean(name, known)),
                )
            })?;
            if policy.needs_other_target(indicator) {
                let message =
                    format!("the `target` is 0, and the policy \"{name}\" takes a share of it");
                return Err(Problem::script(place.clone(), message).hint("name another policy"));
            }
        }
        let rate_of = indicator.rate_of.iter().map(|code| ("rate_of", code));
        for (field, code) in rate_of.chain(indicator.same_as.iter().map(|code| ("same_as", code))) {
            if !self.declared.indicators.contains_key(code) {
                let guess = did_you_mean(code, self.declared.indicators.keys().map(String::as_str));
                return Err(Problem::script(
                    place.clone(),
                    format!("`{field}`: there is no indicator `{code}`{guess}"),
                ));
            }
        }
        let numerator = |numerator: &Numerator, of: Option<&str>| match (numerator, of) {
            (Numerator::Population(name), None) => self.base(name, place).map(drop),
            (Numerator::Population(name), Some(of)) => self.linked_to(of, name, place),
            (Numerator::Where(conditions), Some(of)) => self.conditions_on(of, conditions, place),
            (Numerator::Where(_), None) => Ok(()),
        };
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
                    )),
                }
            }
            Measure::Derived { .. } if self.leads_back(&indicator.code) => {
                let message = format!("the indicator `{}` is derived from itself", indicator.code);
                Err(Problem::script(place.clone(), message))
            }
            Measure::Derived { from, .. } => from.iter().try_for_each(|code| {
                if self.declared.indicators.contains_key(code) {
                    return Ok(());
                }
                let guess = did_you_mean(code, self.declared.indicators.keys().map(String::as_str));
                Err(Problem::script(
                    place.clone(),
                    format!("there is no indicator `{code}`{guess}"),
                ))
            }),
        }
    }

    /// The records that an indicator's parts are made of must have what the parts go by.
    fn breakdown(&self, indicator: &Indicator) -> Sound {
        let place = &indicator.place;
        let Some(breakdown) = &indicator.breakdown else { return Ok(()) };
        let Some(of) = indicator.measure.of() else { return Ok(()) };
        let list = self.base(of, place)?;
        match &breakdown.by {
            By::Groups(groups) => {
                groups.iter().try_for_each(|(_, c)| self.conditions_on(of, c, place))
            }
            By::Column(column) => match &self.column(list, column, place)?.kind {
                ColumnType::Codes(_) => Ok(()),
                // What stands in the column becomes a title that everybody reads.
                ColumnType::Text | ColumnType::Quarter if list.public.contains(column) => Ok(()),
                _ => Err(Problem::script(place.clone(), format!("`by` names `{column}`, a column without codes"))
                    .hint("break it down by groups; or by a column of texts that its list names in `public`")),
            },
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
    fn conditions_on(&self, name: &str, conditions: &Conditions, place: &Place) -> Sound {
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
        let fault = |message: String| Problem::script(place.clone(), message);
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
        if theirs.key != list.key {
            let message = format!(
                "`{name}` cannot be reached from {}: one goes by {}, the other by {}",
                list.title, theirs.key, list.key
            );
            return Err(Problem::script(place.clone(), message));
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
                    "`{name}` is a list or population: it takes {{ … }}, rap.at_least(1), rap.none and the like"
                ),
            )),
        }
    }

    fn no_such_link(&self, name: &str, list: &List, place: &Place) -> Problem {
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
    }
}

/// Whether a matcher makes sense for what a column holds.
fn suits(matcher: &Matcher, column: &Column, place: &Place) -> Sound {
    let no = |why: String| Err(Problem::script(place.clone(), why));
    let date = matches!(column.kind, ColumnType::Date);
    let text = column.kind.is_text();
    match matcher {
        Matcher::OneOf(these) | Matcher::NoneOf(these) | Matcher::AllOf(these) => {
            these.iter().try_for_each(|m| suits(m, column, place))
        }
        Matcher::UpTo(..) | Matcher::From(..) | Matcher::Within(_) | Matcher::Aged { .. }
            if !date =>
        {
            no(format!("the column `{}` holds {}, not dates", column.name, column.kind.expected()))
        }
        Matcher::Is(_) | Matcher::Range { .. } if date => no(format!(
            "the column `{}` holds dates: compare it with rap.on_or_before, rap.within and the like",
            column.name
        )),
        Matcher::StartsWith(_) | Matcher::EndsWith(_) if !text => {
            no(format!("the column `{}` does not hold text", column.name))
        }
        Matcher::Repeated if !text => {
            no(format!("the column `{}` does not hold text", column.name))
        }
        Matcher::Linked(_) | Matcher::NoLinked(_) => no(format!(
            "`{}` is a column, not a list: it takes a value or a condition, not {{ FIELD = … }}",
            column.name
        )),
        Matcher::Is(value) => match &column.kind {
            ColumnType::Codes(codes) if !codes.contains_key(&value.to_string().to_uppercase()) => {
                let guess = did_you_mean(&value.to_string(), codes.keys().map(String::as_str));
                no(format!("`{value}` is not a code of the column `{}`{guess}", column.name))
            }
            ColumnType::Number { .. } | ColumnType::Percentage
                if value.to_string().parse::<f64>().is_err() =>
            {
                no(format!("the column `{}` holds numbers, not `{value}`", column.name))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}
