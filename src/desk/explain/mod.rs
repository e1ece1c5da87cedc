//! The trail: where a figure comes from, down to rows and cells, and what is said of it. Private:
//! it says which records count, and what a rule of disclosure control hides.

mod beside;
mod cell;
mod check;
mod page;
mod population;
mod records;
mod rules;

use std::rc::Rc;

use serde_json::{Value, json};

pub use cell::CellTrail;
pub use check::CheckTrail;
pub use page::{page, page_of_population};
pub use population::Chosen;

use crate::definitions::{Change, Indicator, List, Measure};
use crate::figures::all::Figures;
use crate::figures::select::{Counted, Selector, Stop};
use crate::figures::suppress::{Rule, ShownFigures};
use crate::figures::work_out::{self};
use crate::nouns::area::Area;
use crate::nouns::figure::{Figure, FigureValue, Origin};
use crate::nouns::numbers::plain_number;
use crate::nouns::numbers::{grouped, rounded};
use crate::nouns::problem::Problem;
use crate::nouns::unit::Unit;
use crate::pipeline::Received;

/// What lies on the desk of whoever explains a report: everything that went into it.
pub struct Desk<'a> {
    received: &'a Received,
    figures: &'a Figures,
    shown: Option<Rc<ShownFigures>>,
}

impl<'a> Desk<'a> {
    /// A desk without what the report shows: enough to follow figures back to their records.
    pub fn new(received: &'a Received, figures: &'a Figures) -> Desk<'a> {
        Desk { received, figures, shown: None }
    }

    /// The same with what the report shows.
    pub fn with_report(
        received: &'a Received,
        figures: &'a Figures,
        shown: Rc<ShownFigures>,
    ) -> Desk<'a> {
        Desk { received, figures, shown: Some(shown) }
    }

    /// A list by its name, which may be that of last year's.
    fn list(&self, name: &str) -> &'a List {
        self.received.declared.list(name).expect("figures are made of lists that are declared")
    }

    /// Who changed what of something that scripts declare; of a population it says which.
    fn changed<'d>(&'d self, kind: &'d str, name: &'d str) -> impl Iterator<Item = Line> + 'd {
        let changes = self.received.declared.changes.iter();
        let these = changes.filter(move |change| change.kind == kind && change.name == name);
        these.map(move |change: &Change| {
            let of = match kind {
                "population" => format!("the population {name}: "),
                _ => String::new(),
            };
            let words = change.words.join("; ");
            Line::of("", format!("changed at {}: {of}{words}", change.place))
        })
    }

    /// What an area is called.
    fn name<'n>(&'n self, area: &'n Area) -> &'n str {
        self.received.areas.name_within(area)
    }
}

/// One thing that is told: `definition: Children who …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is about; nothing where the text says it.
    pub label: String,
    /// What there is to tell.
    pub text: String,
    /// How far it stands in below the line that it belongs to.
    pub depth: usize,
}

impl Line {
    fn of(label: &str, text: impl Into<String>) -> Line {
        Line { label: label.to_string(), text: text.into(), depth: 0 }
    }

    fn below(label: &str, text: impl Into<String>) -> Line {
        Line { depth: 1, ..Line::of(label, text) }
    }

    /// The label and the text.
    fn said(&self) -> String {
        if self.label.is_empty() {
            self.text.clone()
        } else {
            format!("{}: {}", self.label, self.text)
        }
    }

    fn indented(&self) -> String {
        format!("{:indent$}{}", "", self.said(), indent = 2 + 2 * self.depth)
    }
}

/// What is explained.
pub enum Explained<'a> {
    /// A figure.
    Figure(Box<Trail<'a>>),
    /// A check, and what it finds.
    Check(Box<CheckTrail<'a>>),
}

impl Explained<'_> {
    /// What it is called in a command.
    pub fn code(&self) -> &str {
        match self {
            Explained::Figure(trail) => trail.code(),
            Explained::Check(trail) => trail.name(),
        }
    }

    /// The explanation in words.
    pub fn text(&self, rule: &Rule, show_values: bool) -> String {
        match self {
            Explained::Figure(trail) => trail.text(rule, show_values),
            Explained::Check(trail) => trail.text(show_values),
        }
    }

    /// The same for programs.
    pub fn to_json(&self, show_values: bool) -> Value {
        match self {
            Explained::Figure(trail) => trail.to_json(show_values),
            Explained::Check(trail) => trail.to_json(show_values),
        }
    }
}

/// Everything that is known of how a figure came about.
pub struct Trail<'a> {
    desk: &'a Desk<'a>,
    indicator: &'a Indicator,
    figure: Option<&'a Figure>,
    counted: Option<Counted>,
    missing: Option<String>,
}

impl<'a> Trail<'a> {
    /// Follows an indicator back to its records.
    pub fn follow(desk: &'a Desk<'a>, code: &str) -> Result<Trail<'a>, Box<Problem>> {
        let Desk { received, figures, .. } = desk;
        let indicator = &figures.indicators[code];
        let selector =
            Selector::new(&received.counted, &received.declared, received.period, &received.engine);
        let figure = figures.own(code);
        let (counted, missing) = match selector.count(indicator) {
            Ok(counted) => (Some(counted), None),
            Err(Stop::Unavailable(why)) => (None, Some(why)),
            Err(Stop::Fault(problem)) => return Err(problem),
        };
        Ok(Trail { desk, indicator, figure, counted, missing })
    }

    /// The indicator's code.
    pub fn code(&self) -> &str {
        &self.indicator.code
    }

    /// Its code and title.
    fn heading(&self) -> String {
        format!("{}  {}", self.indicator.code, self.indicator.title)
    }

    /// The trail in words.
    pub fn text(&self, rule: &Rule, show_values: bool) -> String {
        let mut lines = vec![self.heading()];
        lines.extend(self.lines(rule).iter().map(Line::indented));
        if let Some(counted) = self.records() {
            lines.extend(self.rows(&counted.numerator).lines("numerator", show_values));
            if let Some(denominator) = &counted.denominator {
                lines.extend(self.rows(denominator).lines("denominator", show_values));
            }
        }
        lines.join("\n") + "\n"
    }

    /// The records, where the figure is made of them and not typed in their place.
    fn records(&self) -> Option<&Counted> {
        self.counted
            .as_ref()
            .filter(|_| self.figure.is_some_and(|f| f.origin == Origin::Calculated))
    }

    /// Everything but the records.
    fn lines(&self, rule: &Rule) -> Vec<Line> {
        let indicator = self.indicator;
        let mut lines = Vec::new();
        match self.figure {
            None => {
                let why = self
                    .missing
                    .clone()
                    .unwrap_or_else(|| "the return does not give it".to_string());
                lines.push(Line::of("no figure", why));
            }
            Some(figure) => lines.extend(self.value_lines(figure)),
        }
        lines.extend(self.in_the_report());
        lines.push(Line::of("", format!("declared at {}", indicator.place)));
        lines.extend(self.changed_lines());
        if !indicator.definition.is_empty() {
            lines.push(Line::of("definition", &indicator.definition));
        }
        let elsewhere = self.figure.is_some_and(|f| f.origin != Origin::Calculated);
        if elsewhere && work_out::needs_lists(indicator) {
            lines.push(Line::of("", "not counted here; from a return's lists it would be:"));
        }
        lines.extend(self.rule_lines());
        lines.extend(self.made_of_lines());
        let decimals = indicator.rounding();
        lines.push(Line::of(
            "rounding",
            format!("to {decimals}, halves away from zero, when it is printed"),
        ));
        lines.push(Line::of("disclosure", &rule.description));
        lines.extend(self.target_lines());
        lines.extend(self.comparator_lines());
        lines.extend(self.commentary_lines());
        lines.extend(self.part_lines());
        lines.extend(self.published_lines());
        if let Some(row) = self.desk.typed_row(&indicator.code) {
            lines.push(Line::of("typed on the Figures sheet", row.place.to_string()));
        }
        lines
    }

    /// Who changed what of the indicator, and of the populations that it leans on.
    fn changed_lines(&self) -> Vec<Line> {
        let populations = self.desk.received.declared.leans_on(self.indicator).into_iter();
        let of_populations = populations.flat_map(|p| self.desk.changed("population", &p.name));
        self.desk.changed("indicator", &self.indicator.code).chain(of_populations).collect()
    }

    fn value_lines(&self, figure: &Figure) -> Vec<Line> {
        let origin = match figure.origin {
            Origin::Calculated => "calculated from the return's lists",
            Origin::Typed => "typed on the Figures sheet",
            Origin::Published => "published by DfE",
            Origin::History => "printed in an earlier report",
        };
        let mut lines = vec![Line::of(
            "",
            match &figure.value {
                FigureValue::Number(value) => {
                    let shown = rounded(*value, figure.decimals.unwrap_or(self.indicator.decimals));
                    let shown = match self.indicator.unit {
                        Unit::Percentage => format!("{shown}%"),
                        unit => format!("{} ({unit})", grouped(&shown)),
                    };
                    let period = figure.period.label();
                    format!("{shown}, {origin} for {period}; unrounded {}", plain_number(*value))
                }
                FigureValue::Gap { symbol, wording } => {
                    format!("no number ({}): {wording}", symbol.code())
                }
            },
        )];
        if let Some(numerator) = figure.numerator {
            let what = if matches!(self.indicator.measure.whole().0, Measure::Summary { .. }) {
                "sum"
            } else {
                "numerator"
            };
            let numerator = plain_number(numerator);
            lines.push(Line::of(
                "",
                match figure.denominator {
                    Some(denominator) => {
                        format!("{what} {numerator} over denominator {}", plain_number(denominator))
                    }
                    None => format!("{what} {numerator}"),
                },
            ));
        }
        lines
    }

    /// The trail for programs: every record with its row, its cells, and whether it counts.
    pub fn to_json(&self, show_values: bool) -> Value {
        let indicator = self.indicator;
        let value = self.figure.map(|f| match &f.value {
            FigureValue::Number(n) => json!(n),
            FigureValue::Gap { symbol, .. } => json!({ "symbol": symbol.code() }),
        });
        let mut json = json!({
            "indicator": indicator.code,
            "title": indicator.title,
            "definition": indicator.definition,
            "source": indicator.source,
            "unit": indicator.unit.to_string(),
            "decimals": indicator.decimals,
            "declared_at": indicator.place.to_string(),
            "changes": said(&self.changed_lines()),
            "period": self.desk.received.period.label(),
            "period_end": self.desk.received.period.end.iso(),
            "value": value,
            "numerator": self.figure.and_then(|f| f.numerator),
            "denominator": self.figure.and_then(|f| f.denominator),
            "origin": self.figure.map(|f| f.origin.word()),
            "missing": if self.figure.is_none() { self.missing.clone() } else { None },
            "rules": said(&self.rule_lines()),
        });
        if let Some(shown) = &self.desk.shown {
            json["shown"] = shown.own(&indicator.code).map(|own| own.text()).into();
            json["hidden"] = self.hidden().into();
            json["target"] = said(&self.target_lines()).into();
            json["comparators"] = self.comparators_json();
            json["commentary"] = said(&self.commentary_lines()).into();
            json["made_of"] = said(&self.made_of_lines()).into();
            json["parts"] = self.parts_json();
            json["published"] = said(&self.published_lines()).into();
            json["typed_at"] =
                self.desk.typed_row(&indicator.code).map(|row| row.place.to_string()).into();
        }
        let records = self.records();
        json["numerator_records"] =
            records.map(|c| self.rows(&c.numerator).to_json(show_values)).into();
        let denominator = records.and_then(|c| c.denominator.as_ref());
        json["denominator_records"] = denominator.map(|d| self.rows(d).to_json(show_values)).into();
        json
    }
}

fn said(lines: &[Line]) -> Vec<String> {
    lines.iter().map(Line::said).collect()
}
