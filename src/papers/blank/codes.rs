//! The sheet that says what each code means. The drop-downs take their codes from it, because a
//! list that stands in the rule itself is limited to 255 characters.

use indexmap::IndexMap;

use super::{Asked, CODES, Fill, Tab, Takes, fixed};
use crate::definitions::{Column, ColumnType, List};
use crate::intake::returns::CODES_TITLE;
use crate::nouns::report::{NumberFormat, Style};
use crate::nouns::words::capital;

/// Codes with their meanings, in order.
type Set = Vec<(String, String)>;

/// The codes of all columns, each set of them once.
pub struct Codes {
    /// Sets with the columns that take them.
    sets: IndexMap<Set, Vec<String>>,
    /// First and last row of each set.
    rows: Vec<(u32, u32)>,
    /// What commentary may be about.
    subjects: (u32, u32),
    tab: Tab,
}

impl Codes {
    /// Of the lists that are asked for: codes in use in the period.
    pub fn of(asked: &Asked) -> Codes {
        let mut sets: IndexMap<Set, Vec<String>> = IndexMap::new();
        for list in &asked.lists {
            for column in &list.columns {
                let set = in_use(asked, column);
                if !set.is_empty() {
                    sets.entry(set).or_default().push(format!("{} {}", list.title, column.name));
                }
            }
        }
        let mut tab = Tab::new(CODES, &[26.0, 90.0]);
        tab.add_across(Style::Title, CODES_TITLE);
        tab.add_across(
            Style::Purpose,
            "Nothing is to be filled in here: the other sheets take their lists from this one.",
        );
        tab.add_headings(&["Code", "What it means"]);
        let mut rows = Vec::new();
        for (set, takers) in &sets {
            tab.add_across(Style::Section, &takers.join(", "));
            let first = tab.next();
            add_all(&mut tab, set.iter().map(|(code, meaning)| (code.as_str(), meaning.as_str())));
            rows.push((first, tab.next() - 1));
        }
        tab.add_across(Style::Section, "Indicators, for the sheet Commentary");
        let from = tab.next();
        let listed =
            asked.declared.indicators.values().filter(|i| i.part_of.is_none() && !i.detail);
        add_all(&mut tab, listed.map(|i| (i.code.as_str(), i.title.as_str())));
        let subjects = (from, tab.next() - 1);
        Codes { sets, rows, subjects, tab }
    }

    /// What a column of codes takes, or what one of words offers; none where there are none.
    pub fn taken_by(&self, asked: &Asked, column: &Column) -> Option<Takes> {
        let index = self.sets.get_index_of(&in_use(asked, column))?;
        let (first, last) = self.rows[index];
        let codes = matches!(column.kind, ColumnType::Codes(_));
        Some(if codes { Takes::Codes(first, last) } else { Takes::Offer(first, last) })
    }

    /// The codes of a column with their meanings in one text, for as long as there is room.
    pub fn told(asked: &Asked, list: &List, column: &Column, room: usize) -> String {
        let told: Vec<String> = in_use(asked, column)
            .iter()
            .map(
                |(code, meaning)| {
                    if meaning.is_empty() { code.clone() } else { format!("{code} {meaning}") }
                },
            )
            .collect();
        let text = told.join("; ");
        if text.chars().count() <= room {
            return text;
        }
        format!("The sheet {CODES} says what they mean, under {} {}.", list.title, column.name)
    }

    /// What commentary may be about, as an offer.
    pub fn subjects(&self) -> Option<Takes> {
        let (first, last) = self.subjects;
        (first <= last).then_some(Takes::Offer(first, last))
    }

    /// The sheet.
    pub fn tab(self) -> Tab {
        self.tab
    }
}

fn add_all<'a>(tab: &mut Tab, codes: impl Iterator<Item = (&'a str, &'a str)>) {
    for (code, meaning) in codes {
        // A code of digits is a text here as it is in the cells that take it.
        tab.add(15.0, vec![fixed(0, Style::Name, code), fixed(1, Style::Text, meaning)]);
    }
}

/// What a column offers: its codes that are in use, its words, the quarters of a year.
fn in_use(asked: &Asked, column: &Column) -> Set {
    let plain = |word: &str| (word.to_string(), String::new());
    let codes = match &column.kind {
        ColumnType::Codes(codes) => codes,
        ColumnType::Quarter => return ["Q1", "Q2", "Q3", "Q4"].map(plain).to_vec(),
        _ => return column.counted.iter().map(|word| plain(&capital(word))).collect(),
    };
    let year = asked.period.map(|period| period.year_label());
    let used = codes.iter().filter(|(_, code)| year.as_ref().is_none_or(|year| code.in_use(year)));
    used.map(|(name, code)| (name.clone(), code.meaning.clone())).collect()
}

/// How a column's cells are typed.
pub fn fill(kind: &ColumnType) -> Fill {
    match kind {
        ColumnType::Id | ColumnType::Text | ColumnType::Quarter | ColumnType::Codes(_) => {
            Fill::Name
        }
        ColumnType::Date => Fill::Day,
        ColumnType::Number { .. } => Fill::Number,
        ColumnType::Percentage => Fill::Figure(NumberFormat::Percent(1)),
    }
}
