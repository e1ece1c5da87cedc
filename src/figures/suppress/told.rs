//! What a figure tells of people: how many, out of how many, and of how many different ones.

use indexmap::IndexMap;

use crate::definitions::{Indicator, Rule};
use crate::nouns::figure::{Figure, Selection};
use crate::nouns::unit::Unit;

/// For each list that tells of people, whose each of its records is.
pub type Whose = IndexMap<String, Vec<u32>>;

/// What a figure counts, and out of what, where these are people.
pub struct PeopleCounted {
    /// How many.
    pub numerator: Option<f64>,
    /// Out of how many.
    pub denominator: Option<f64>,
}

impl PeopleCounted {
    /// What a figure tells.
    pub fn by(figure: &Figure, indicator: &Indicator) -> PeopleCounted {
        let value = figure.value.number();
        // A number from the Cover, such as the population, is everybody's to know.
        let counted = figure.basis.as_ref().map(|basis| basis.denominator.is_some());
        let out_of = |typed| figure.denominator.filter(|_| counted.unwrap_or(typed));
        match indicator.unit {
            Unit::Number => {
                PeopleCounted { numerator: figure.numerator.or(value), denominator: None }
            }
            Unit::Percentage => {
                PeopleCounted { numerator: figure.numerator, denominator: out_of(true) }
            }
            Unit::Rate(_) => {
                PeopleCounted { numerator: figure.numerator, denominator: out_of(false) }
            }
            // The sum behind a mean counts nobody.
            Unit::Average | Unit::Median => {
                PeopleCounted { numerator: None, denominator: out_of(true) }
            }
            // Nor does money.
            Unit::Pounds => PeopleCounted { numerator: None, denominator: None },
        }
    }

    /// Those of the denominator who are not in the numerator.
    pub fn rest(&self, indicator: &Indicator) -> Option<f64> {
        self.over().filter(|_| indicator.unit == Unit::Percentage)
    }

    /// By how much the denominator is more.
    pub fn over(&self) -> Option<f64> {
        Some(self.denominator? - self.numerator?)
    }
}

/// Whether the number is one that the rule may not let out.
pub fn is_small(rule: &Rule, number: f64) -> bool {
    rule.small().is_some_and(|(from, to)| from <= number && number <= to)
}

/// Which of the numbers that a figure tells are of few people, whatever they come to: 22 times
/// missing may be two children.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfFew {
    /// Its count or sum.
    pub numerator: bool,
    /// What it is out of, or a mean is of.
    pub denominator: bool,
    /// What a percentage leaves over.
    pub rest: bool,
}

/// Whether records, but for some of them, are of so few people as the rule does not let out; not
/// where nobody can say whose they are.
fn of_few(rule: &Rule, whose: &Whose, records: &Selection, without: &[u32]) -> bool {
    let most = rule.small().map_or(0, |(_, to)| to as usize);
    whose.get(&records.list).is_some_and(|keys| {
        is_small(rule, how_many_people(keys, &records.records, without, most) as f64)
    })
}

impl OfFew {
    /// Looks at whose records a figure is made of.
    pub fn people(rule: &Rule, figure: &Figure, indicator: &Indicator, whose: &Whose) -> OfFew {
        let Some(basis) = &figure.basis else { return OfFew::default() };
        let few = |n: usize| is_small(rule, n as f64);
        let of = |records: &Selection, without: &[u32]| of_few(rule, whose, records, without);
        let numerator = match (basis.tells_of, &basis.summed) {
            (Some(people), Some(_)) => few(people),
            (_, Some(_)) => false,
            _ => of(&basis.numerator, &[]),
        };
        let Some(out_of) = &basis.denominator else {
            return OfFew { numerator, ..OfFew::default() };
        };
        let denominator = basis.tells_of.is_some_and(few) || of(out_of, &[]);
        let rest = indicator.unit == Unit::Percentage && of(out_of, &basis.numerator.records);
        OfFew { numerator, denominator, rest }
    }

    /// Whether any of them is.
    pub fn any(self) -> bool {
        self.numerator || self.denominator || self.rest
    }
}

/// How many people have records among these but for some; one more than `most` where they are more.
pub fn how_many_people(keys: &[u32], records: &[u32], without: &[u32], most: usize) -> usize {
    let mut seen: Vec<u32> = Vec::new();
    for record in records {
        let key = keys[*record as usize];
        if !seen.contains(&key) && without.binary_search(record).is_err() {
            seen.push(key);
            if seen.len() > most {
                break;
            }
        }
    }
    seen.len()
}
