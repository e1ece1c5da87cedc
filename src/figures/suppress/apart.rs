//! What a reader knows, in parts that have nothing to do with each other: no fact speaks of the
//! unknowns of two of them. Each is a small program, so a question costs what its own part costs,
//! and what changes one part leaves the others as they are.

use std::rc::Rc;

use super::program::{Fact, Most, Program};

/// A set of facts, part by part. A copy shares the parts until one of them changes.
#[derive(Debug, Clone)]
pub struct Apart {
    /// For each unknown its part, and which of the part's unknowns it is.
    unknowns: Vec<(usize, usize)>,
    /// The same for each fact.
    facts: Vec<(usize, usize)>,
    /// For each part the numbers of its facts.
    numbers: Rc<Vec<Vec<usize>>>,
    /// None where what is known of a part contradicts itself.
    programs: Vec<Rc<Option<Program>>>,
}

/// Groups that grow together as facts are found to speak of both.
struct Groups(Vec<usize>);

impl Groups {
    fn of(&mut self, one: usize) -> usize {
        let mut at = one;
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, mut all: impl Iterator<Item = usize>) {
        let Some(first) = all.next() else { return };
        for other in all {
            let (one, other) = (self.of(first), self.of(other));
            self.0[one.max(other)] = one.min(other);
        }
    }
}

/// What the facts of a part say, which has so many unknowns; `places` tells of each of all the
/// unknowns its part, and where in it.
fn program(unknowns: usize, facts: &[&Fact], places: &[(usize, usize)]) -> Option<Program> {
    let inside = |these: &[usize]| these.iter().map(|one| places[*one].1).collect::<Vec<usize>>();
    let sums = facts.iter().map(|fact| [inside(fact.sum), inside(fact.less)]);
    let sums: Vec<[Vec<usize>; 2]> = sums.collect();
    let facts = facts.iter().zip(&sums);
    let facts = facts.map(|(fact, [sum, less])| Fact { sum, less, known: fact.known });
    Program::new(unknowns, &facts.collect::<Vec<Fact>>())
}

impl Apart {
    /// Takes the facts; what is asked of in one question is in one part, too.
    pub fn new<'a>(
        unknowns: usize,
        facts: &[Fact],
        asked: impl Iterator<Item = (&'a [usize], &'a [usize])>,
    ) -> Apart {
        let mut groups = Groups((0..unknowns).collect());
        facts.iter().for_each(|fact| groups.join(fact.sum.iter().chain(fact.less).copied()));
        asked.for_each(|(sum, less)| groups.join(sum.iter().chain(less).copied()));
        let mut parts: Vec<usize> = vec![usize::MAX; unknowns];
        let (mut places, mut sizes) = (Vec::with_capacity(unknowns), Vec::new());
        for unknown in 0..unknowns {
            let group = groups.of(unknown);
            if parts[group] == usize::MAX {
                parts[group] = sizes.len();
                sizes.push(0);
            }
            places.push((parts[group], sizes[parts[group]]));
            sizes[parts[group]] += 1;
        }
        let mut numbers: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
        let mut fact_places = Vec::with_capacity(facts.len());
        for (number, fact) in facts.iter().enumerate() {
            // A fact of nothing says nothing.
            let part = fact.sum.first().or(fact.less.first()).map_or(0, |first| places[*first].0);
            fact_places.push((part, numbers[part].len()));
            numbers[part].push(number);
        }
        let mut programs = Vec::with_capacity(sizes.len());
        for (size, numbers) in sizes.into_iter().zip(&numbers) {
            let these: Vec<&Fact> = numbers.iter().map(|number| &facts[*number]).collect();
            programs.push(Rc::new(program(size, &these, &places)));
        }
        Apart { unknowns: places, facts: fact_places, numbers: Rc::new(numbers), programs }
    }

    /// How many parts there are.
    pub fn count(&self) -> usize {
        self.programs.len()
    }

    /// The part that some unknowns are in; none where there are none.
    pub fn part_of(&self, unknowns: &[usize]) -> Option<usize> {
        unknowns.first().map(|first| self.unknowns[*first].0)
    }

    /// Whether the sum of some unknowns, less that of others, times a factor, can be as large as
    /// `enough`. What contradicts itself bounds everything.
    pub fn most(&mut self, sum: &[usize], less: &[usize], by: f64, enough: f64) -> Most {
        let Some(part) = self.part_of(sum).or(self.part_of(less)) else {
            return Most::Bound(Vec::new());
        };
        let inside =
            |these: &[usize]| these.iter().map(|one| self.unknowns[*one].1).collect::<Vec<usize>>();
        let (sum, less) = (inside(sum), inside(less));
        let Some(program) = Rc::make_mut(&mut self.programs[part]) else {
            return Most::Bound(Vec::new());
        };
        match program.most(&sum, &less, by, enough) {
            Most::Enough => Most::Enough,
            Most::Bound(facts) => {
                Most::Bound(facts.iter().map(|fact| self.numbers[part][*fact]).collect())
            }
        }
    }

    /// Takes back that a sum is so much: it is only known to be at least something less.
    pub fn relax(&mut self, fact: usize, least: f64) {
        let (part, fact) = self.facts[fact];
        if let Some(program) = Rc::make_mut(&mut self.programs[part]) {
            program.relax(fact, least);
        }
    }

    /// Takes a part as another set of the same facts has it.
    pub fn take(&mut self, part: usize, other: &Apart) {
        self.programs[part] = other.programs[part].clone();
    }

    /// The part of a fact.
    pub fn part_of_fact(&self, fact: usize) -> usize {
        self.facts[fact].0
    }
}

#[cfg(test)]
mod unit {
    use super::*;
    use crate::figures::suppress::program::Known;

    /// Answers are those of one program for all, and what is taken back in one part is not taken
    /// back in a copy.
    #[test]
    fn parts_say_what_the_whole_says() {
        // Two parts: 0, 1, 2 and 3, 4.
        let sums: [&[usize]; 4] = [&[0, 1], &[1, 2], &[3, 4], &[4]];
        let values = [5.0, 3.0, 4.0, 1.0];
        let facts: Vec<Fact> = sums
            .iter()
            .zip(values)
            .map(|(sum, value)| Fact { sum, less: &[], known: Known::Is(value) })
            .collect();
        let mut whole = Program::new(5, &facts).expect("it is true");
        let mut apart = Apart::new(5, &facts, std::iter::empty());
        assert_eq!(apart.count(), 2);
        let before = apart.clone();
        for taken_back in [None, Some(1), Some(3)] {
            if let Some(fact) = taken_back {
                whole.relax(fact, 1.0);
                apart.relax(fact, 1.0);
            }
            for asked in 0..5 {
                for enough in [1.0, 2.0, 3.0, 4.0, 5.0, 6.0] {
                    for (by, enough) in [(1.0, enough), (-1.0, -enough)] {
                        let found = whole.most(&[asked], &[], by, enough);
                        assert_eq!(apart.most(&[asked], &[], by, enough), found, "{asked}");
                    }
                }
            }
        }
        let mut before = before;
        assert!(matches!(before.most(&[4], &[], 1.0, 2.0), Most::Bound(_)));
        assert_eq!(apart.most(&[4], &[], 1.0, 2.0), Most::Enough);
    }
}
