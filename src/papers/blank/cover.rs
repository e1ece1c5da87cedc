//! The sheet Cover: who reports, on what period, and the numbers that rates are out of.

use indexmap::IndexSet;

use super::{
    ANY, Asked, Cell, CellLook, Content, Fill, Rule, Tab, Takes, days, example_day, fixed, open,
};
use crate::definitions::{Denominator, Measure};
use crate::nouns::period::Period;
use crate::nouns::report::{NumberFormat, Style};

/// A label, what is known already, how it is typed where it is not, and help.
type Entry<'a> = (&'a str, Option<Content>, Fill, Takes, String);

/// The sheet.
pub fn tab(asked: &Asked) -> Tab {
    let mut tab = Tab::new("Cover", &[30.0, 60.0]);
    tab.add_across(Style::Title, "Cover");
    // One cell a row: two would be taken for a label and what it says.
    tab.add_across(
        Style::Purpose,
        "Fill in the yellow cells, and correct what is no longer so. The others are locked.",
    );
    tab.frozen = tab.next();
    for (label, known, fill, takes, help) in entries(asked) {
        let row = tab.next();
        let value = match known {
            Some(content) => {
                Cell { column: 1, span: 1, look: CellLook::Fixed(Style::Text), content }
            }
            None => {
                let was = asked.cover.cover(label);
                let content = match (fill, was.and_then(|was| was.number)) {
                    (Fill::Figure(format), Some(number)) => Content::Number(number, format),
                    (Fill::Words, _) => {
                        was.map_or(Content::Blank, |was| Content::Text(was.text.clone()))
                    }
                    _ => Content::Blank,
                };
                let refusal = match fill {
                    Fill::Day => format!("Type the day as {}.", example_day(asked)),
                    _ => "Type a whole number, without words.".to_string(),
                };
                tab.rules.push(Rule::new((row, row), 1, takes, label, &help, &refusal));
                Cell { content, ..open(1, fill) }
            }
        };
        tab.add(18.0, vec![fixed(0, Style::Name, label), value]);
    }
    tab
}

fn entries<'a>(asked: &Asked<'a>) -> Vec<Entry<'a>> {
    let text = |text: &Option<String>| text.clone().map(Content::Text);
    let words =
        |label, known, help: &str| (label, known, Fill::Words, Takes::Anything, help.to_string());
    let who = asked.authority;
    let mut all = vec![
        words("Authority", text(&who.name), "The council's name."),
        words("Authority code", text(&who.code), "Its nine-character code, such as E06000015."),
        words("Region", text(&who.region), "The region that it lies in."),
    ];
    let day = format!("Type the day as {}.", example_day(asked));
    if let Some((year, quarter)) = asked.period.and_then(named) {
        all.push(words("Reporting year", Some(Content::Text(year)), ""));
        all.extend(quarter.map(|quarter| words("Quarter", Some(Content::Text(quarter)), "")));
    }
    for (label, which) in
        [("Period start", (|p| p.start) as fn(Period) -> _), ("Period end", |p: Period| p.end)]
    {
        all.push((
            label,
            asked.period.map(which).map(Content::Day),
            Fill::Day,
            days(asked),
            day.clone(),
        ));
    }
    for label in numbers(asked) {
        let help = "Type a whole number. Rates are worked out from it.";
        all.push((
            label,
            None,
            Fill::Figure(NumberFormat::Plain(0)),
            Takes::Whole(1.0, ANY.1),
            help.to_string(),
        ));
    }
    all.push(words("Return", None, "What the return is about, for the file's properties."));
    all.push(words("Committee", None, "Who reads the report."));
    all
}

/// Year and quarter, where they say the same as the period's days.
fn named(period: Period) -> Option<(String, Option<String>)> {
    let (year, quarter) = (period.year_label(), period.quarter_label());
    let both = format!("{year} {}", quarter.as_deref().unwrap_or_default());
    let read = Period::parse(both.trim(), period.year_month)?;
    (read.end == period.end).then_some((year, quarter))
}

/// What rates are out of, by the scripts.
fn numbers<'a>(asked: &Asked<'a>) -> IndexSet<&'a str> {
    let indicators = asked.declared.indicators.values();
    indicators.filter_map(|indicator| out_of(&indicator.measure)).collect()
}

/// The number of the Cover sheet that a rate is out of.
fn out_of(measure: &Measure) -> Option<&str> {
    match measure {
        Measure::Share { denominator: Denominator::Cover(label), .. } => Some(label),
        _ => None,
    }
}
