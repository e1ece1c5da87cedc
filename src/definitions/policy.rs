//! Status policies: how a figure is held against its target. Councils disagree, so names, words and
//! parameters are declared; what each kind does is in `judge`.

use indexmap::IndexMap;

use super::{Better, Indicator};
use crate::nouns::period::Period;
use crate::nouns::problem::Place;

/// What a policy does with a figure and its target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PolicyKind {
    /// A tolerance band round the target, in the indicator's unit.
    Band {
        /// Whether a figure above the band is said to be more than achieved.
        exceeded: bool,
    },
    /// The target, and a floor below which it must not fall.
    Floor,
    /// Three bands with limits of their own.
    Thresholds,
    /// A share of the target, and whether the figure has declined in a year.
    Relative {
        /// Per cent of the target.
        within: f64,
    },
    /// No judgement.
    None,
}

impl PolicyKind {
    /// The names that scripts use.
    pub const NAMES: [&'static str; 5] = ["band", "floor", "thresholds", "relative", "none"];

    /// By the name that scripts use.
    pub fn name(self) -> &'static str {
        match self {
            PolicyKind::Band { .. } => "band",
            PolicyKind::Floor => "floor",
            PolicyKind::Thresholds => "thresholds",
            PolicyKind::Relative { .. } => "relative",
            PolicyKind::None => "none",
        }
    }

    /// What it can come to.
    pub fn outcomes(self) -> &'static [Outcome] {
        use Outcome::{
            Achieved, Amber, Exceeded, Green, NoData, NoTarget, NotAchieved, NotRated, Red,
        };
        match self {
            PolicyKind::Band { exceeded: true } => {
                &[Exceeded, Achieved, NotAchieved, NoTarget, NoData]
            }
            PolicyKind::Band { exceeded: false } => &[Achieved, NotAchieved, NoTarget, NoData],
            PolicyKind::Floor => &[Green, Amber, Red, NoTarget, NoData],
            PolicyKind::Thresholds | PolicyKind::Relative { .. } => {
                &[Green, Amber, Red, NotRated, NoTarget, NoData]
            }
            PolicyKind::None => &[NoTarget, NoData],
        }
    }
}

/// What holding a figure against its target comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Better than the tolerance band.
    Exceeded,
    /// Within it.
    Achieved,
    /// Worse.
    NotAchieved,
    /// Good.
    Green,
    /// In between.
    Amber,
    /// Bad.
    Red,
    /// Something else than the figure is missing.
    NotRated,
    /// Nothing to hold it against.
    NoTarget,
    /// No figure.
    NoData,
}

impl Outcome {
    /// By the name that scripts use.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Exceeded => "exceeded",
            Outcome::Achieved => "achieved",
            Outcome::NotAchieved => "not_achieved",
            Outcome::Green => "green",
            Outcome::Amber => "amber",
            Outcome::Red => "red",
            Outcome::NotRated => "not_rated",
            Outcome::NoTarget => "no_target",
            Outcome::NoData => "no_data",
        }
    }

    /// In words, where a policy has none of its own.
    pub fn words(self) -> &'static str {
        match self {
            Outcome::Exceeded => "Exceeded",
            Outcome::Achieved => "Achieved",
            Outcome::NotAchieved => "Not achieved",
            Outcome::Green => "Green",
            Outcome::Amber => "Amber",
            Outcome::Red => "Red",
            Outcome::NotRated => "Not rated",
            Outcome::NoTarget => "Contextual – no target",
            Outcome::NoData => "No data",
        }
    }
}

/// A declared policy.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Which version of it, where a council counts them.
    pub version: Option<String>,
    /// How it judges, in plain words: printed on the notes sheet.
    pub description: String,
    /// What it does.
    pub kind: PolicyKind,
    /// Its own words for what it comes to.
    pub words: Vec<(Outcome, String)>,
    /// Whether a bad status must be explained by commentary.
    pub needs_action: bool,
    /// Whether it is said of its indicators' changes if they are more than chance would do; the
    /// settings decide where nothing is said.
    pub significance: Option<bool>,
    /// Where it was declared.
    pub place: Place,
}

impl Policy {
    /// Its words for an outcome.
    pub fn words(&self, outcome: Outcome) -> &str {
        let own = self.words.iter().find(|(of, _)| *of == outcome);
        own.map_or(outcome.words(), |(_, words)| words)
    }

    /// Whether it takes a share of a target of which there is none.
    pub fn needs_other_target(&self, indicator: &Indicator) -> bool {
        matches!(self.kind, PolicyKind::Relative { .. }) && indicator.target == Some(0.0)
    }
}

/// The policies of a run, and which of them is usual.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    /// By name.
    pub all: IndexMap<String, Policy>,
    /// The name of the one for indicators that name none.
    pub usual: String,
    /// Whether it is said of changes if they are more than chance would do, where the policy of an
    /// indicator leaves that to the settings.
    pub significance: bool,
    /// From when on an indicator's limits of variation are worked out anew, by its code.
    pub rebased: IndexMap<String, Rebased>,
}

/// A new beginning of an indicator's normal variation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebased {
    /// The first period.
    pub from: Period,
    /// Why: a service that works in another way from then on.
    pub reason: String,
}

impl Policies {
    /// The policy that an indicator is judged by.
    pub fn of(&self, indicator: &Indicator) -> Option<&Policy> {
        self.all.get(indicator.policy.as_ref().unwrap_or(&self.usual))
    }

    /// Whether it is said of an indicator's changes if they are more than chance would do.
    pub fn tell_chance(&self, indicator: &Indicator) -> bool {
        self.of(indicator).and_then(|policy| policy.significance).unwrap_or(self.significance)
    }
}

/// Three bands of values, each from its lower to its upper limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Good.
    pub green: (f64, f64),
    /// In between.
    pub amber: (f64, f64),
    /// Bad.
    pub red: (f64, f64),
}

impl Thresholds {
    /// The bands, where they lie side by side in the order that polarity asks for; otherwise what
    /// is wrong.
    pub fn new(
        green: (f64, f64),
        amber: (f64, f64),
        red: (f64, f64),
        better: Better,
    ) -> Result<Thresholds, String> {
        let rising = match better {
            Better::Higher => [("red", red), ("amber", amber), ("green", green)],
            Better::Lower => [("green", green), ("amber", amber), ("red", red)],
            Better::Neither => return Err("need `better`: \"higher\" or \"lower\"".to_string()),
        };
        for (name, (lower, upper)) in rising {
            if lower >= upper {
                return Err(format!(
                    "the lower limit of `{name}` must come first, and lie below the upper one"
                ));
            }
        }
        for ((name, (lower, end)), (next, (start, upper))) in rising.iter().zip(&rising[1..]) {
            // Where the whole of a band lies on the wrong side, the order is the fault.
            if upper <= lower {
                let way = if better == Better::Higher { "higher" } else { "lower" };
                return Err(format!(
                    "`{name}` lies on the wrong side of `{next}`, since {way} is better"
                ));
            }
            if end != start {
                let fault = if end < start { "leave a gap" } else { "overlap" };
                let (from, to) = (end.min(*start), end.max(*start));
                return Err(format!("`{name}` and `{next}` {fault} between {from} and {to}"));
            }
        }
        Ok(Thresholds { green, amber, red })
    }

    /// Where green and amber end on their bad side.
    pub fn limits(&self, better: Better) -> (f64, f64) {
        match better {
            Better::Lower => (self.green.1, self.amber.1),
            Better::Higher | Better::Neither => (self.green.0, self.amber.0),
        }
    }
}
