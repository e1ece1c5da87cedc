//! Which layouts show an indicator. A layout is a function of a report, so each is handed one in
//! which every declared indicator has a figure, here and elsewhere, now and before; what it then
//! lays out is what it shows. What it only shows the parts of is found by name in its script.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::definitions::{Declarations, Indicator, Layout, Policies};
use crate::figures::all::Figures;
use crate::figures::suppress::{self, Rule};
use crate::intake::project::{Project, USUAL_POLICY};
use crate::intake::returns::Return;
use crate::nouns::area::Area;
use crate::nouns::figure::{Figure, FigureValue, Origin};
use crate::nouns::period::Period;
use crate::nouns::problem::Problem;
use crate::scripts::engine::{Engine, Reporter};

/// The periods that layouts are tried with: part of a year, and a whole one. Which year it is
/// matters to none.
const PERIODS: [&str; 2] = ["2024/25 Q2", "2024/25"];
/// How far back figures are known.
const YEARS: usize = 6;
/// The same in months.
const MONTHS: usize = 13;

/// The layouts by the codes of the indicators that they show; and what went wrong with layouts.
pub fn by_indicator(
    project: &Project,
    engine: &Engine,
    declared: &Declarations,
) -> (IndexMap<String, Vec<String>>, Vec<Problem>) {
    let shared = Rc::new(declared.clone());
    let mut uses: IndexMap<String, Vec<String>> = IndexMap::new();
    let mut problems = Vec::new();
    for layout in declared.layouts.values() {
        let mut codes = Vec::new();
        for period in PERIODS.iter().filter_map(|text| Period::parse(text, project.year_month)) {
            match laid_out_by(project, engine, &shared, &declared.indicators, layout, period) {
                // Of a part, its total is shown.
                Ok(found) => {
                    codes.extend(found.into_iter().map(|code| total_of(&code).to_string()))
                }
                Err(problem) => {
                    problems
                        .push(problem.context(format!("finding out what `{}` shows", layout.name)));
                    break;
                }
            }
        }
        codes.extend(named_by(project, declared, layout));
        for code in declared.indicators.keys().filter(|code| codes.contains(*code)) {
            uses.entry(code.clone()).or_default().push(layout.name.clone());
        }
    }
    (uses, problems)
}

fn total_of(code: &str) -> &str {
    code.split_once('.').map_or(code, |(total, _)| total)
}

/// The codes of what a layout lays out where each of these indicators has a figure.
pub fn laid_out_by(
    project: &Project,
    engine: &Engine,
    declared: &Rc<Declarations>,
    indicators: &IndexMap<String, Indicator>,
    layout: &Layout,
    period: Period,
) -> Result<Vec<String>, Problem> {
    engine.receive(Rc::new(Return::default()), declared.clone(), period);
    let figures = everything(project, declared, indicators, period);
    let Ok(shown) = suppress::apply(Rule::none(), figures) else { return Ok(Vec::new()) };
    let commentary = Default::default();
    let reporter = Reporter {
        authority: "The council",
        region: "The region",
        sign_off: &[],
        commentary: &commentary,
    };
    let plans =
        engine.lay_out(layout, &Rc::new(shown), &reporter, &[]).map_err(|problem| *problem)?;
    Ok(plans.iter().flat_map(|plan| plan.indicators()).map(ToString::to_string).collect())
}

/// Indicators with parts that the layout's script names: which parts there are, only a return can
/// tell.
fn named_by<'d>(
    project: &Project,
    declared: &'d Declarations,
    layout: &Layout,
) -> impl Iterator<Item = String> + use<'d> {
    let source = project.sources.iter().find(|source| source.name == layout.place.file);
    let text =
        source.map(|source| String::from_utf8_lossy(&source.text).into_owned()).unwrap_or_default();
    let broken_down =
        declared.indicators.values().filter(|indicator| indicator.breakdown.is_some());
    broken_down.filter(move |i| text.contains(&format!("\"{}\"", i.code))).map(|i| i.code.clone())
}

/// A report in which all is known.
fn everything(
    project: &Project,
    declared: &Declarations,
    indicators: &IndexMap<String, Indicator>,
    period: Period,
) -> Figures {
    let usual = project.settings.status.clone().unwrap_or_else(|| USUAL_POLICY.to_string());
    let policies = Policies { all: declared.policies.clone(), usual, ..Policies::default() };
    let mut figures = Figures::new(period, IndexMap::new(), policies);
    let mut before = vec![period, period.previous_quarter(), period.same_period_last_year()];
    let months = std::iter::successors(Some(period.month()), |month| Some(month.previous_month()));
    before.extend(months.take(MONTHS));
    let years =
        std::iter::successors(Some(period.previous_year()), |year| Some(year.previous_year()));
    before.extend(years.take(YEARS));
    for indicator in indicators.values() {
        figures.indicators.insert(indicator.code.clone(), indicator.clone());
        for area in [Area::Own, Area::StatisticalNeighbours, Area::Region, Area::England] {
            for period in &before {
                // Any number will do that is none of the small ones.
                let value = FigureValue::Number(50.0);
                figures.figures.push(Figure::new(
                    &indicator.code,
                    area,
                    *period,
                    value,
                    Origin::Published,
                ));
            }
        }
    }
    figures
}
