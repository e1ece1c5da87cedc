//! Layouts of every kind: what a plan asks for, in the cells, charts and pages of the workbook.

use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;
use rapporteur::declare::Policies;
use rapporteur::figure::{Area, AreaCode, Figure, FigureValue, Figures, Origin};
use rapporteur::layout::{self, Frame, Texts};
use rapporteur::period::Period;
use rapporteur::problem::Problems;
use rapporteur::returns::{Management, Return};
use rapporteur::script::{Engine, Source};
use rapporteur::suppress::{self, Rule};
use rapporteur::workbook_text::workbook_text;

use crate::support::snapshots;

/// Indicator, area, first year and figures from then on; a dash is none.
const FIGURES: [(&str, &str, i16, &str); 13] = [
    ("cla_rate", "own", 2018, "92 98 109 105 104"),
    ("cla_rate", "neighbours", 2018, "77 80 81 - 82"),
    ("cla_rate", "england", 2018, "65 67 67 70 -"),
    ("cla_rate", "E06000023", 2020, "69 71"),
    ("eet_pct", "own", 2020, "52.1 57.3 72.9"),
    ("eet_pct", "england", 2020, "52 55"),
    ("foster_pct", "own", 2021, "70 71"),
    ("foster_pct", "england", 2021, "71"),
    ("homes_pct", "own", 2022, "9"),
    ("homes_pct", "england", 2020, "13"),
    ("homes_pct", "E06000023", 2019, "11"),
    ("wait_days", "own", 2022, "401.5"),
    ("wait_days", "undated england", 2022, "367"),
];

fn year(first: i16) -> Period {
    Period::year(first, 4).expect("a year")
}

fn figures() -> Vec<Figure> {
    let figure = |code: &str, area: &str, year: Period, value: f64| Figure {
        indicator: code.to_string(),
        area: match area {
            "own" => Area::Own,
            "neighbours" => Area::StatisticalNeighbours,
            "england" | "undated england" => Area::England,
            code => Area::Council(AreaCode::parse(code).expect("a council's code")),
        },
        period: year,
        numerator: None,
        denominator: None,
        value: FigureValue::Number(value),
        origin: Origin::Typed,
        decimals: None,
        dated: !area.starts_with("undated"),
    };
    let lines = FIGURES.iter().flat_map(|(code, area, first, values)| {
        let numbers = (*first..).zip(values.split(' ')).filter(|(_, value)| *value != "-");
        numbers.map(move |(first, value)| figure(code, area, year(first), value.parse().expect("a number")))
    });
    lines.collect()
}

/// A workbook of the only layout of a script, as text, and what is wrong with it.
fn laid_out(script: &str) -> (Option<Vec<u8>>, Problems) {
    let mut problems = Problems::default();
    let source = Source { name: "layout.luau".to_string(), text: script.as_bytes().to_vec(), shipped: false };
    let policies = include_bytes!("../../scripts/policies.luau");
    let policies = Source { name: "policies.luau".to_string(), text: policies.to_vec(), shipped: true };
    let (engine, declared) = Engine::load(&[policies, source], &mut problems);
    let Some(layout) = declared.layouts.values().next() else { return (None, problems) };
    let shown = Rc::new(suppress::apply(
        Rule::None,
        Figures {
            period: year(2022),
            indicators: declared.indicators.clone(),
            figures: figures(),
            typed_titles: Vec::new(),
            notes: IndexMap::new(),
            policies: Policies { all: declared.policies.clone(), usual: "band".to_string() },
        },
    ));
    let received = Rc::new(Return { lists: IndexMap::new(), management: Management::default(), found: Vec::new() });
    let plans = match engine.lay_out(layout, &shown, &received, "Derby", &[]) {
        Ok(plans) => plans,
        Err(problem) => {
            problems.add(*problem);
            return (None, problems);
        }
    };
    let said = "More young people told us where they are. ".repeat(3);
    let texts = Texts { commentary: HashMap::from([("eet_pct".to_string(), said.trim().to_string())]) };
    let frame =
        Frame { authority: "Derby", region: "East Midlands", subject: "Children in care", place: &layout.place };
    let report = layout::fill(&plans, &shown, &texts, &frame, &mut problems);
    (Some(rapporteur::write::workbook(&report).expect("a workbook")), problems)
}

fn said(problems: &Problems) -> String {
    problems.iter().map(|p| p.render(false)).collect()
}

#[test]
fn every_column_row_and_chart() {
    let (book, problems) = laid_out(include_str!("layouts.luau"));
    assert_eq!(said(&problems), "");
    let book = book.expect("a workbook");
    if let Some(kept) = std::env::var_os("RAPPORTEUR_KEEP") {
        std::fs::write(std::path::Path::new(&kept).join("layouts.xlsx"), &book).expect("there is room for a copy");
    }
    let text = workbook_text(&book).expect("a sound workbook");
    snapshots().bind(|| insta::assert_snapshot!("layouts", text));
}
