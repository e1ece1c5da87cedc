//! What several scripts declare, put together.

use std::collections::BTreeMap;
use std::fmt;

use crate::definitions::Declarations;
use crate::nouns::problem::{Place, Problem, Problems};

/// The kinds of things that scripts declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Declared {
    List,
    Words,
    Check,
    Population,
    Indicator,
    Policy,
    DisclosureRule,
    Relation,
    Commentary,
    Layout,
}

impl fmt::Display for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Declared::List => "list",
            Declared::Words => "words of the list",
            Declared::Check => "check",
            Declared::Population => "population",
            Declared::Indicator => "indicator",
            Declared::Policy => "policy",
            Declared::DisclosureRule => "disclosure rule",
            Declared::Relation => "relation",
            Declared::Commentary => "commentary",
            Declared::Layout => "layout",
        })
    }
}

/// Whether a declaration may stand, where one of its name may be there already; says why not.
fn may_be(
    packs: &BTreeMap<String, String>,
    (kind, name): (Declared, &str),
    earlier: Option<&Place>,
    place: &Place,
    problems: &mut Problems,
) -> bool {
    let Some(earlier) = earlier else { return true };
    match (pack_of(packs, earlier), pack_of(packs, place)) {
        (Some(_), None) => {
            let message = format!("the {kind} `{name}` replaces {}", whose(packs, earlier));
            problems.add(match kind {
                // Who reads the report's notes knows the shipped one by this name.
                Declared::DisclosureRule => Problem::warning(place.clone(), message)
                    .hint("give it a name of its own, and name that in rapporteur.toml"),
                _ => Problem::note(place.clone(), message),
            });
            true
        }
        (Some(one), Some(other)) if one != other => {
            let message = format!("the {kind} `{name}` is in two packs, `{one}` and `{other}`");
            let hint = format!(
                "let rapporteur.toml say which is not used: leave_out = [\"{other}.{name}\"]"
            );
            problems.add(Problem::script(place.clone(), message).hint(hint));
            false
        }
        _ => {
            let message = format!("the {kind} `{name}` is declared already, at {earlier}");
            problems.add(
                Problem::script(place.clone(), message)
                    .hint("give one of them another name, or take one away"),
            );
            false
        }
    }
}

/// The pack that a script is of.
fn pack_of<'p>(packs: &'p BTreeMap<String, String>, place: &Place) -> Option<&'p str> {
    packs.get(&place.file).map(String::as_str)
}

/// Adds one script's declarations to the others'. A project's own replaces a pack's of the same
/// name, in its place; any other name declared twice is a fault of the later.
pub fn merge(all: &mut Declarations, mut one: Declarations, problems: &mut Problems) {
    let packs = std::mem::take(&mut all.packs);
    macro_rules! add {
        ($part:ident, $kind:expr) => {
            for (name, declaration) in one.$part {
                let earlier = all.$part.get(&name).map(|d| &d.place);
                let place = &declaration.place;
                if may_be(&packs, ($kind, &name), earlier, place, problems) {
                    all.$part.insert(name, declaration);
                }
            }
        };
    }
    all.changes.append(&mut one.changes);
    add!(lists, Declared::List);
    add!(words, Declared::Words);
    add!(checks, Declared::Check);
    add!(populations, Declared::Population);
    add!(indicators, Declared::Indicator);
    add!(policies, Declared::Policy);
    for rule in one.disclosures.values_mut() {
        // Whatever it says of itself, the notes say what it does.
        let earlier =
            all.disclosures.get(&rule.name).is_some_and(|e| pack_of(&packs, &e.place).is_some());
        if pack_of(&packs, &rule.place).is_none() && earlier {
            rule.description = rule.in_words();
        }
    }
    add!(disclosures, Declared::DisclosureRule);
    add!(relations, Declared::Relation);
    add!(commentary, Declared::Commentary);
    add!(layouts, Declared::Layout);
    all.packs = packs;
}

/// `the shipped one`, or `that of the pack annex-a`.
fn whose(packs: &BTreeMap<String, String>, place: &Place) -> String {
    match packs.get(&place.file) {
        Some(pack) if place.file.starts_with("packs/") => format!("that of the pack `{pack}`"),
        _ => "the shipped one".to_string(),
    }
}
