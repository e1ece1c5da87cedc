//! What must not be worked out: small numbers, and the small differences of numbers that are not.

use std::collections::{BTreeSet, HashMap};

use super::ties::{Before, Sum, Telling};
use super::told::{OfFew, PeopleCounted, Whose, how_many_people, is_small};
use crate::definitions::Rule;
use crate::figures::all::Figures;
use crate::nouns::area::Area;
use crate::nouns::figure::{Basis, Figure, Selection};
use crate::nouns::period::Period;
use crate::nouns::unit::Unit;

/// A small number that must not be worked out.
#[derive(Debug)]
pub struct Secret {
    /// The unknowns that it is made of.
    pub parts: Vec<usize>,
    /// The unknowns that are taken away from them: what there was before.
    pub less: Vec<usize>,
    /// What it comes to.
    pub value: f64,
    /// The least that it must seem it could be, and the most.
    pub range: (f64, f64),
    /// The figures that it would be worked out of.
    pub figures: Vec<usize>,
}

impl Secret {
    /// Whether another is made of the same and must be hidden as well, whatever it would be worked
    /// out of.
    fn is_the_same_as(&self, other: &Secret) -> bool {
        self.range == other.range && self.parts == other.parts && self.less == other.less
    }

    /// Whether it would be worked out of a figure of the run's own period.
    pub fn is_of_this_report(&self, figures: &Figures) -> bool {
        self.figures.iter().any(|at| figures.figures[*at].period == figures.period)
    }

    /// The codes of the indicators that it would be worked out of, each once, as they sort.
    pub fn indicators(&self, figures: &Figures) -> Vec<String> {
        let codes = self.figures.iter().map(|at| figures.figures[*at].indicator.clone());
        codes.collect::<BTreeSet<String>>().into_iter().collect()
    }
}

/// What counts on from the year's first day, now and by an earlier report.
#[derive(Debug)]
pub struct Grown {
    /// The unknowns of the later report.
    pub now: Vec<usize>,
    /// The unknowns of the earlier one.
    pub then: Vec<usize>,
}

/// Finds them, and what can only have grown. On the way each sum learns what readers know that it
/// is not below.
pub fn find(
    rule: &Rule,
    figures: &Figures,
    sums: &mut [Sum],
    tellings: &[Telling],
) -> (Vec<Secret>, Vec<Grown>) {
    let Some(range) = rule.small() else { return (Vec::new(), Vec::new()) };
    let (secrets, grown) = (Vec::new(), Vec::new());
    let mut found = Finding { rule, range, figures, secrets, grown };
    found.small(sums);
    for telling in tellings {
        found.rest(sums, telling);
        found.of_few(sums, telling);
        found.growth_since_printed(sums, telling);
    }
    found.growth_since_hidden(sums, tellings);
    found.between(sums);
    (found.secrets, found.grown)
}

struct Finding<'a> {
    rule: &'a Rule,
    range: (f64, f64),
    figures: &'a Figures,
    secrets: Vec<Secret>,
    grown: Vec<Grown>,
}

impl<'a> Finding<'a> {
    fn add(&mut self, parts: Vec<usize>, value: f64, range: (f64, f64), figures: Vec<usize>) {
        if parts.is_empty() {
            return;
        }
        self.add_less(parts, Vec::new(), value, range, figures);
    }

    fn add_less(
        &mut self,
        parts: Vec<usize>,
        less: Vec<usize>,
        value: f64,
        range: (f64, f64),
        figures: Vec<usize>,
    ) {
        let new = Secret { parts, less, value, range, figures };
        match self.secrets.iter_mut().find(|secret| secret.is_the_same_as(&new)) {
            Some(secret) => {
                secret.figures.extend(new.figures);
                secret.figures.sort_unstable();
                secret.figures.dedup();
            }
            None => self.secrets.push(new),
        }
    }

    /// Counts that are small themselves.
    fn small(&mut self, sums: &[Sum]) {
        for sum in sums.iter().filter(|sum| is_small(self.rule, sum.value)) {
            // What an earlier report told is no secret any more; one that was told under another
            // name is.
            let told = |figure: &usize| self.figures.figures[*figure].background.printed_before;
            let earlier = sum.period != self.figures.period;
            let gone =
                if earlier { sum.before != Before::Hidden } else { sum.figures.iter().all(told) };
            if !gone {
                self.add(sum.parts.clone(), sum.value, self.range, sum.figures.clone());
            }
        }
    }

    /// What a percentage leaves over.
    fn rest(&mut self, sums: &[Sum], telling: &Telling) {
        let Some((parts, value)) = self.left_over(sums, telling) else { return };
        if is_small(self.rule, value) && !self.is_told(sums, telling) {
            self.add(parts, value, self.range, vec![telling.figure]);
        }
    }

    fn left_over(&self, sums: &[Sum], telling: &Telling) -> Option<(Vec<usize>, f64)> {
        let figure = &self.figures.figures[telling.figure];
        let (n, d) = (&sums[telling.numerator?], &sums[telling.denominator?]);
        let unit = self.figures.indicators[&figure.indicator].unit;
        if unit != Unit::Percentage || !n.parts.iter().all(|part| d.parts.contains(part)) {
            return None;
        }
        let parts = d.parts.iter().filter(|part| !n.parts.contains(part));
        Some((parts.copied().collect(), d.value - n.value))
    }

    /// Whether an earlier report told all that the figure tells.
    fn is_told(&self, sums: &[Sum], telling: &Telling) -> bool {
        let figure = &self.figures.figures[telling.figure];
        if figure.period == self.figures.period {
            return figure.background.printed_before;
        }
        let both = [telling.numerator, telling.denominator];
        both.into_iter().flatten().all(|sum| sums[sum].before != Before::Hidden)
    }

    /// Numbers of few people, whatever they come to: a reader must not come nearer to them than a
    /// tenth, or than the rule lets him come to a small number.
    fn of_few(&mut self, sums: &[Sum], telling: &Telling) {
        let figure = &self.figures.figures[telling.figure];
        if figure.period != self.figures.period || figure.background.printed_before {
            return;
        }
        let indicator = &self.figures.indicators[&figure.indicator];
        let few = OfFew::people(self.rule, figure, indicator, &self.figures.whose);
        let each = [
            (few.numerator, Of::Numerator),
            (few.denominator, Of::Denominator),
            (few.rest, Of::Rest),
        ];
        for (is_few, what) in each {
            if let (true, Some((parts, value))) = (is_few, self.number(sums, telling, what))
                && value > 0.0
                && !is_small(self.rule, value)
            {
                self.add(parts, value, self.around(value), vec![telling.figure]);
            }
        }
    }

    /// How near a reader may come to a number of few people: a tenth, or what the rule lets him
    /// know of a small one.
    fn around(&self, value: f64) -> (f64, f64) {
        let by = self.range.1.max(value / 10.0);
        ((value - by).max(1.0).min(value), value + by)
    }

    /// Between what bounds a difference of two numbers must seem to lie: it is small, or of few
    /// people. None where it may be told.
    fn difference(&self, value: f64, of_few: bool) -> Option<(f64, f64)> {
        match is_small(self.rule, value) {
            true => Some(self.range),
            false => Some(self.around(value)).filter(|_| of_few && value > 0.0),
        }
    }

    /// Whether few people have records in one of two selections and not in the other.
    fn of_few_between(&self, all: (&str, &[u32]), without: (&str, &[u32])) -> bool {
        let Some(keys) = self.figures.whose.get(all.0).filter(|_| all.0 == without.0) else {
            return false;
        };
        let most = self.range.1 as usize;
        is_small(self.rule, how_many_people(keys, all.1, without.1, most) as f64)
    }

    /// The same of what a figure counts now and counted then.
    fn of_few_since(&self, what: Of, then: Option<&Figure>, now: &Figure) -> bool {
        let then = then.and_then(|then| what.counted(then));
        let (Some(then), Some(now)) = (then, what.counted(now)) else {
            return false;
        };
        self.of_few_between((&now.list, &now.records), (&then.list, &then.records))
    }

    /// What has come to a count since an earlier report of the same year printed it; to what it is
    /// out of, and to what it leaves over.
    fn growth_since_printed(&mut self, sums: &mut [Sum], telling: &Telling) {
        let now = &self.figures.figures[telling.figure];
        // Of rounded numbers nobody knows what has come.
        let rounds = self.rule.round.is_some();
        if now.period != self.figures.period || rounds || !self.counts_on(now) {
            return;
        }
        for earlier in self.earlier_in_the_year(now) {
            let told = PeopleCounted::by(earlier, &self.figures.indicators[&earlier.indicator]);
            let then = self.recounted(&earlier.indicator, earlier.period);
            let is_inside =
                |what| then.is_none_or(|then| inside(what, then, now, &self.figures.whose));
            for (what, sum, before) in [
                (Of::Numerator, telling.numerator, told.numerator),
                (Of::Denominator, telling.denominator, told.denominator),
            ] {
                let (Some(at), Some(before)) = (sum, before) else { continue };
                let sum = &mut sums[at];
                if before > sum.value || sum.before == Before::Printed || !is_inside(what) {
                    continue;
                }
                sum.least = sum.least.max(before);
                let of_few = self.of_few_since(what, then, now);
                self.grown(sum.parts.clone(), (sum.value, before), of_few, telling.figure);
            }
            if let (Some((parts, value)), Some(before)) =
                (self.left_over(sums, telling), told.over())
                && (0.0..=value).contains(&before)
                && is_inside(Of::Rest)
                && !self.is_told(sums, telling)
            {
                self.grown(parts, (value, before), false, telling.figure);
            }
        }
    }

    /// The same between two reports of which one hid the number, or both: it may be worked out, and
    /// what has come since with it.
    fn growth_since_hidden(&mut self, sums: &[Sum], tellings: &[Telling]) {
        let figure = |telling: &Telling| &self.figures.figures[telling.figure];
        let counting: Vec<&Telling> =
            tellings.iter().filter(|telling| self.counts_on(figure(telling))).collect();
        for later in &counting {
            for earlier in &counting {
                let (now, before) = (figure(later), figure(earlier));
                if now.indicator != before.indicator
                    || before.period.end >= now.period.end
                    || before.period.year_start() != now.period.year_start()
                {
                    continue;
                }
                let then = self.recounted(&now.indicator, before.period);
                let after = match now.period == self.figures.period {
                    true => Some(now),
                    false => self.recounted(&now.indicator, now.period),
                };
                let (Some(then), Some(after)) = (then, after) else { continue };
                for what in [Of::Numerator, Of::Denominator, Of::Rest] {
                    let both = (self.number(sums, later, what), self.number(sums, earlier, what));
                    let (Some((parts, value)), Some((less, earlier_value))) = both else {
                        continue;
                    };
                    // Of a report that the reader has nothing to work with, no unknowns are known.
                    if parts.is_empty()
                        || less.is_empty()
                        || !inside(what, then, after, &self.figures.whose)
                    {
                        continue;
                    }
                    self.grown.push(Grown { now: parts.clone(), then: less.clone() });
                    let is_hidden = [*later, *earlier].map(|one| self.is_hidden(sums, one, what));
                    let grown = value - earlier_value;
                    let of_few = self.of_few_since(what, Some(then), after);
                    if let (Some(range), true) =
                        (self.difference(grown, of_few), is_hidden.contains(&true))
                    {
                        self.add_less(parts, less, grown, range, vec![later.figure]);
                    }
                }
            }
        }
    }

    fn counts_on(&self, figure: &Figure) -> bool {
        self.figures.counting_on.contains(&figure.indicator)
            || self.figures.indicators[&figure.indicator].whole_year
    }

    /// One of a figure's numbers: its unknowns, and what it comes to.
    fn number(&self, sums: &[Sum], telling: &Telling, what: Of) -> Option<(Vec<usize>, f64)> {
        let whole = |sum: Option<usize>| sum.map(|sum| (sums[sum].parts.clone(), sums[sum].value));
        match what {
            Of::Numerator => whole(telling.numerator),
            Of::Denominator => whole(telling.denominator),
            Of::Rest => self.left_over(sums, telling),
        }
    }

    /// Whether an earlier report hid one of a figure's numbers.
    fn is_hidden(&self, sums: &[Sum], telling: &Telling, what: Of) -> bool {
        let hidden = |sum: Option<usize>| sum.is_some_and(|s| sums[s].before == Before::Hidden);
        match what {
            Of::Numerator => hidden(telling.numerator),
            Of::Denominator => hidden(telling.denominator),
            Of::Rest => hidden(telling.numerator) || hidden(telling.denominator),
        }
    }

    fn grown(
        &mut self,
        parts: Vec<usize>,
        (value, before): (f64, f64),
        of_few: bool,
        figure: usize,
    ) {
        if let Some((from, to)) = self.difference(value - before, of_few) {
            self.add(parts, value, (before + from, before + to), vec![figure]);
        }
    }

    /// The same indicator's figures of earlier periods of the same year, or of another that ended
    /// on the same day: June's, and then the quarter's.
    fn earlier_in_the_year(&self, now: &'a Figure) -> Vec<&'a Figure> {
        let earlier = self.figures.figures.iter().filter(|f| {
            f.indicator == now.indicator
                && f.area == Area::Own
                && f.period != now.period
                && f.period.end <= now.period.end
                && f.period.year_start() == now.period.year_start()
        });
        earlier.collect()
    }

    fn recounted(&self, code: &str, period: Period) -> Option<&'a Figure> {
        self.figures.recounted.iter().find(|f| f.indicator == code && f.period == period)
    }

    /// The difference of two counts of which one holds the other: aged 10 to 16, but not 10 to 15.
    fn between(&mut self, sums: &[Sum]) {
        let now =
            |sum: &&Sum| sum.period == self.figures.period && sum.counts && !sum.figures.is_empty();
        let told: Vec<&Sum> = sums.iter().filter(now).collect();
        let mut of: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, sum) in told.iter().enumerate() {
            sum.parts.iter().for_each(|part| of.entry(*part).or_default().push(at));
        }
        for (at, inner) in told.iter().enumerate() {
            let Some(first) = inner.parts.first() else { continue };
            for outer in of[first].iter().filter(|outer| **outer != at).map(|outer| told[*outer]) {
                if !inner.parts.iter().all(|part| outer.parts.binary_search(part).is_ok())
                    || (inner.before == Before::Printed && outer.before == Before::Printed)
                {
                    continue;
                }
                let of_few = match (&outer.records, &inner.records) {
                    (Some(outer), Some(inner)) => {
                        self.of_few_between((&outer.0, &outer.1), (&inner.0, &inner.1))
                    }
                    _ => false,
                };
                let Some(range) = self.difference(outer.value - inner.value, of_few) else {
                    continue;
                };
                let parts: Vec<usize> = outer
                    .parts
                    .iter()
                    .filter(|part| inner.parts.binary_search(part).is_err())
                    .copied()
                    .collect();
                let figures = outer.figures.iter().chain(&inner.figures).copied().collect();
                self.add(parts, outer.value - inner.value, range, figures);
            }
        }
    }
}

/// Which of a figure's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Numerator,
    Denominator,
    Rest,
}

impl Of {
    /// The records that a figure counts for it.
    fn counted(self, figure: &Figure) -> Option<&Selection> {
        let basis = figure.basis.as_ref()?;
        match self {
            Of::Numerator if basis.summed.is_none() => Some(&*basis.numerator),
            Of::Denominator => basis.denominator.as_deref(),
            Of::Numerator | Of::Rest => None,
        }
    }

    /// Who is in it: records, or people where it is said whose the records are.
    fn members(self, figure: &Figure, whose: Option<&Whose>) -> Option<Vec<u32>> {
        let Basis { numerator, denominator, .. } = figure.basis.as_ref()?;
        match self {
            Of::Numerator => each_once(numerator, whose),
            Of::Denominator => each_once(denominator.as_ref()?, whose),
            Of::Rest => {
                let all = each_once(denominator.as_ref()?, whose)?;
                let counted = each_once(numerator, whose)?;
                Some(all.into_iter().filter(|one| counted.binary_search(one).is_err()).collect())
            }
        }
    }
}

/// The records or people of a selection in order; `None` where one is in it twice.
fn each_once(selection: &Selection, whose: Option<&Whose>) -> Option<Vec<u32>> {
    let mut members: Vec<u32> = match whose {
        Some(whose) => {
            let keys = whose.get(&selection.list)?;
            selection.records.iter().map(|record| keys[*record as usize]).collect()
        }
        None => selection.records.clone(),
    };
    members.sort_unstable();
    let all = members.len();
    members.dedup();
    (members.len() == all).then_some(members)
}

/// Whether everybody who was in a number then is in it now, by their records or as people.
fn inside(what: Of, then: &Figure, now: &Figure, whose: &Whose) -> bool {
    let known = [None, Some(whose)].map(|whose| {
        let (then, now) = (what.members(then, whose)?, what.members(now, whose)?);
        Some(then.iter().all(|one| now.binary_search(one).is_ok()))
    });
    // What was typed is taken at its word.
    known.iter().all(Option::is_none) || known.contains(&Some(true))
}
