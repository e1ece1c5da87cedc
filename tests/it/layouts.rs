//! Layouts of every kind: what a plan asks for, in the cells, charts and pages of the workbook.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use indexmap::IndexMap;
use rapporteur::definitions::Policies;
use rapporteur::figures::all::Figures;
use rapporteur::figures::suppress::{self, Rule};
use rapporteur::intake::project::Source;
use rapporteur::intake::returns::{Management, Return};
use rapporteur::nouns::area::{Area, AreaCode, Areas};
use rapporteur::nouns::figure::{Figure, FigureValue, Origin};
use rapporteur::nouns::house::HouseStyle;
use rapporteur::nouns::period::Period;
use rapporteur::nouns::problem::Problems;
use rapporteur::nouns::report::Report;
use rapporteur::papers::layout::{self, Frame, Texts};
use rapporteur::scripts::engine::{Engine, Reporter};
use rapporteur::workbook_diff::describe::workbook_text;

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

/// A typed figure of an area.
fn typed(code: &str, area: &str, year: Period, value: f64) -> Figure {
    let whose = match area {
        "own" => Area::Own,
        "neighbours" => Area::StatisticalNeighbours,
        "england" | "undated england" => Area::England,
        code => Area::Council(AreaCode::parse(code).expect("a council's code")),
    };
    Figure {
        dated: !area.starts_with("undated"),
        ..Figure::new(code, whose, year, FigureValue::Number(value), Origin::Typed)
    }
}

fn figures() -> Vec<Figure> {
    let lines = FIGURES.iter().flat_map(|(code, area, first, values)| {
        let numbers = (*first..).zip(values.split(' ')).filter(|(_, value)| *value != "-");
        numbers.map(move |(first, value)| {
            typed(code, area, year(first), value.parse().expect("a number"))
        })
    });
    lines.collect()
}

/// The report of the only layout of a script, and what is wrong with it.
fn laid_out(script: &str) -> (Option<Report>, Problems) {
    let mut problems = Problems::default();
    let source = Source::own("layout.luau".to_string(), script.as_bytes().to_vec());
    let policies = include_bytes!("../../basics/scripts/policies.luau");
    let policies = Source { shipped: true, ..Source::own("policies.luau", *policies) };
    let (engine, declared) = Engine::load(&[policies, source], &mut problems);
    let Some(layout) = declared.layouts.values().next() else { return (None, problems) };
    let policies = Policies {
        all: declared.policies.clone(),
        usual: "band".to_string(),
        ..Policies::default()
    };
    let shown = Rc::new(
        suppress::apply(
            Rule::none(),
            Figures {
                figures: figures(),
                ..Figures::new(year(2022), declared.indicators.clone(), policies)
            },
        )
        .expect("nothing is hidden"),
    );
    let received = Rc::new(Return {
        reference: Rc::default(),
        last_year: Default::default(),
        lists: IndexMap::new(),
        management: Management::default(),
        found: Vec::new(),
    });
    engine.receive(received, Rc::new(declared.clone()), year(2022));
    let reporter = Reporter {
        authority: "Derby",
        region: "East Midlands",
        sign_off: &[],
        commentary: &HashMap::new(),
    };
    let plans = match engine.lay_out(layout, &shown, &reporter, &[]) {
        Ok(plans) => plans,
        Err(problem) => {
            problems.add(*problem);
            return (None, problems);
        }
    };
    let said = "More young people told us where they are. ".repeat(3);
    let texts = Texts {
        commentary: HashMap::from([("eet_pct".to_string(), said.trim().to_string())]),
        ..Texts::default()
    };
    let bristol = AreaCode::parse("E06000023").expect("a code");
    let areas = Areas {
        authority: "Derby".to_string(),
        region: "East Midlands".to_string(),
        councils: HashMap::from([(bristol, "Bristol".to_string())]),
        ..Areas::default()
    };
    let frame = Frame {
        areas: &areas,
        subject: "Children in care",
        place: &layout.place,
        house: &HouseStyle::default(),
    };
    let report = layout::fill(&plans, &shown, &texts, &frame, &mut problems);
    (Some(report), problems)
}

fn said(problems: &Problems) -> String {
    problems.iter().map(|p| p.render(false)).collect()
}

#[test]
fn every_column_row_and_chart() {
    let (report, problems) = laid_out(include_str!("layouts.luau"));
    assert_eq!(said(&problems), "");
    let report = report.expect("a report");
    let book = rapporteur::papers::write::workbook(&report).expect("a workbook");
    let accessible = rapporteur::papers::write::accessible_workbook(&report).expect("a workbook");
    let page = rapporteur::papers::write::html_page(&report).expect("a page");
    if let Some(kept) = std::env::var_os("RAPPORTEUR_KEEP") {
        let files = [
            ("layouts.xlsx", &book),
            ("layouts-accessible.xlsx", &accessible),
            ("layouts.html", &page),
        ];
        for (name, bytes) in files {
            std::fs::write(Path::new(&kept).join(name), bytes).expect("there is room for a copy");
        }
    }
    let text = |book: &[u8]| workbook_text(book).expect("a sound workbook");
    let page = String::from_utf8(page).expect("a page is text");
    let (_, body) = page.split_once("<body>").expect("a body");
    snapshots().bind(|| {
        insta::assert_snapshot!("layouts", text(&book));
        insta::assert_snapshot!("layouts_accessible", text(&accessible));
        insta::assert_snapshot!("layouts_page", body);
    });
}

/// A script with the indicators of the figures above and one sheet.
fn one_sheet(columns: &str, rows: &str) -> String {
    let declared = FIGURES.map(|(code, ..)| format!("declare \"{code}\"\n"));
    let mut declared = declared.to_vec();
    declared.dedup();
    format!(
        "rap.indicator \"days\" {{ title = \"Days\", unit = \"average\", typed = true }}\n\
         local function declare(code) rap.indicator(code) {{ title = code, unit = \"percentage\", \
         typed = true, target = 75, tolerance = 2 }} end\n\
         {}rap.layout \"one\" {{ sheets = function(report)\n\
         local last = report.period.previous_year\n\
         return {{ {{ name = \"One\", title = \"One\", columns = {{ {{ heading = \"Indicator\", \
         show = \"title\", width = 20 }}, {columns} }}, rows = {{ {rows} }} }} }}\n\
         end }}",
        declared.concat()
    )
}

/// The texts of each row below the title, of a sheet.
fn rows(script: &str) -> Vec<String> {
    let (report, problems) = laid_out(script);
    assert_eq!(said(&problems), "");
    let rows = &report.expect("a report").sheets[0].rows;
    let texts = rows.iter().skip(2).map(|row| {
        row.cells
            .iter()
            .map(|cell| cell.content.printed().into_owned())
            .collect::<Vec<_>>()
            .join(" | ")
    });
    texts.collect()
}

#[test]
fn a_heading_says_the_year_of_another_area_s_figures() {
    for (column, codes, wanted) in [
        // The latest year of England's figures is added once, and odd ones say their own.
        (
            "heading = 'England', show = 'england'",
            "cla_rate eet_pct homes_pct",
            "England 2021/22 | 70.0% | 55.0% | 13.0% (2020/21)",
        ),
        (
            "heading = 'England 2021/22', show = 'england'",
            "cla_rate eet_pct",
            "England 2021/22 | 70.0% | 55.0%",
        ),
        (
            "heading = 'England 2020/21', show = 'england'",
            "cla_rate homes_pct",
            "England 2020/21 | 70.0% (2021/22) | 13.0%",
        ),
        // Of two that are as common the later one.
        (
            "heading = 'Bristol', show = 'E06000023'",
            "cla_rate homes_pct",
            "Bristol 2021/22 | 71.0% | 11.0% (2019/20)",
        ),
        // A figure without a year would be dated by a heading with one.
        ("heading = 'England', show = 'england'", "wait_days", "England | 367.0%"),
        (
            "heading = 'England', show = 'england'",
            "wait_days eet_pct",
            "England | 367.0% | 55.0% (2021/22)",
        ),
        (
            "heading = 'England', show = 'england', period = last",
            "cla_rate homes_pct",
            "England 2021/22 | 70.0% | –",
        ),
        (
            "heading = 'England', show = 'england', period = report.period",
            "wait_days",
            "England | –",
        ),
        // The council's own years are for the layout to say.
        ("heading = 'Before', show = 'value', period = last", "cla_rate", "Before | 105.0%"),
        ("heading = 'Before', show = 'previous_outturn'", "cla_rate", "Before | 105.0%"),
        ("show = 'england'", "cla_rate", " | 70.0% (2021/22)"),
    ] {
        let each: Vec<String> =
            codes.split(' ').map(|code| format!("{{ indicator = '{code}' }}")).collect();
        let rows = rows(&one_sheet(&format!("{{ {column} }}"), &each.join(", ")));
        let second = rows.iter().map(|row| row.split(" | ").nth(1).expect("two columns"));
        assert_eq!(second.collect::<Vec<_>>().join(" | "), wanted, "{column}, {codes}");
    }
}

#[test]
fn a_long_text_goes_on_in_the_next_row() {
    let cells = "{ cells = { 'Name', { text = { { 'First.', bold = true }, \
                 string.rep(' Then another word.', 150) } } } }";
    let rows = rows(&one_sheet("{ heading = 'X', show = 'value', width = 30 }", cells));
    assert!(
        rows.len() > 2 && rows[1].starts_with("Name | First. Then") && rows[2].starts_with(" | "),
        "{rows:?}"
    );
    assert_eq!(rows[1..].concat().matches("another").count(), 150);
}

#[test]
fn a_page_holds_texts_as_they_are() {
    let rows = "{ heading = '<b>&\"' }, { cells = { '<script>alert(1)</script>', \"it's\" } }, \
                { area = 'A<', text = '</td> & more' }";
    let (report, problems) =
        laid_out(&one_sheet("{ heading = '<i>', show = 'value', width = 30 }", rows));
    assert_eq!(said(&problems), "");
    let page = String::from_utf8(
        rapporteur::papers::write::html_page(&report.expect("a report")).expect("a page"),
    )
    .expect("text");
    for text in [
        "&lt;b&gt;&amp;&quot;",
        ">&lt;script&gt;alert(1)&lt;/script&gt;<",
        "it's",
        "A&lt;",
        "&lt;/td&gt; &amp; more",
    ] {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(!page.contains("<script") && !page.contains("<i>") && !page.contains("http"), "{page}");
}

#[test]
fn other_editions_have_a_long_text_in_one_cell() {
    let long = "'First.' .. string.rep(' Then another word.', 300)";
    let rows = format!("{{ cells = {{ 'Name', {long} }} }}, {{ area = 'Homes', text = {long} }}");
    let (report, problems) =
        laid_out(&one_sheet("{ heading = 'X', show = 'value', width = 30 }", &rows));
    assert_eq!(said(&problems), "");
    let report = report.expect("a report");
    assert!(report.sheets[0].rows.len() > 6, "both are parted on the committee's page");
    let page = String::from_utf8(rapporteur::papers::write::html_page(&report).expect("a page"))
        .expect("text");
    let accessible = rapporteur::papers::write::accessible_workbook(&report).expect("a workbook");
    let accessible = workbook_text(&accessible).expect("a sound workbook");
    for text in [&page, &accessible] {
        let lines = text.lines().filter(|line| line.contains("another"));
        let most: Vec<usize> =
            text.split("First.").skip(1).map(|cell| cell.matches("another").count()).collect();
        assert_eq!(most, [300, 300], "{}", lines.collect::<String>());
    }
    assert_eq!(page.matches(">First.").count(), 2);
    assert_eq!(accessible.matches("\"First.").count(), 2);
}

#[test]
fn layouts_that_are_wrong() {
    let value = "{ heading = 'X', show = 'value' }";
    let row = "{ indicator = 'cla_rate' }";
    let mut all = String::new();
    for (columns, rows) in [
        ("{ heading = 'X', show = 'valve' }", row),
        ("{ heading = 'X', show = 'direction', from = 'england' }", row),
        ("{ heading = 'X', show = 'value', from = 'previous_outturn' }", row),
        ("{ heading = 'X', show = 'comparison', with = 'previous_outturn' }", row),
        ("{ heading = 'X', show = 'value', period = '2021/22' }", row),
        ("{ heading = 'X', show = 'previous_outturn', period = last }", row),
        ("{ heading = 'X', from = 'previous_outturn' }", row),
        (value, "{ indicators = 'cla_rate' }"),
        (value, "{ indicator = 'cla_rate', heading = 'X' }"),
        (value, "{ spacer = true, text = 'X' }"),
        (value, "{ block = { { block = {} } } }"),
        (value, "{ side_by_side = { { heading = 'X' }, { trend = 'cla_n' } } }"),
        (value, "{ cells = { 'A', 'B', 'C' } }"),
        (value, "{ cells = { 'A', { text = 'B', span = 2 } } }"),
        (value, "{ cells = { nil, 'B' } }"),
        (value, "{ cells = { 'A', true } }"),
        (value, "{ cells = { 'A', { show = 'value' } } }"),
        (value, "{ cells = { 'A' }, style = 'heading' }"),
        (value, "{ cells = { { text = { { 'A', italic = true } } } } }"),
        (value, "{ trend = 'cla_rate', areas = { 'previous_outturn' } }"),
        (value, "{ trend = 'cla_rate', periods = { '2021/22' } }"),
        (value, "{ trend = 'cla_rate', target = true }"),
        (value, "{ bars = {} }"),
        (value, "{ bars = { 'cla_rate', 'days' } }"),
        ("{ heading = 'X', show = 'value', width = 200 }", row),
    ] {
        let (_, problems) = laid_out(&one_sheet(columns, rows));
        all.push_str(&format!("columns {columns}\nrows {rows}\n{}\n", said(&problems)));
    }
    snapshots().bind(|| insta::assert_snapshot!("layouts_that_are_wrong", all));
}

/// Excel prints nothing of a header that is too long: an analyst is told at the layout's line.
#[test]
fn a_header_too_long_for_a_page_is_a_problem_of_the_layout() {
    let script = |field: &str, length: usize| {
        one_sheet("{ heading = 'X', show = 'value' }", "{ indicator = 'cla_rate' }").replace(
            "title = \"One\",",
            &format!("title = \"One\", {field} = \"{}\",", "x".repeat(length)),
        )
    };
    for field in ["header_left", "footer_left"] {
        let (_, problems) = laid_out(&script(field, 181));
        let said = said(&problems);
        assert!(said.contains("too many for the edge of a page") && said.contains(field), "{said}");
        let (_, problems) = laid_out(&script(field, 180));
        assert!(problems.iter().next().is_none());
    }
}
