//! The return: what was received, as typed lists whose records know their sheet and row, and what
//! managers typed on the Cover, Figures and Commentary sheets.

mod cells;
mod find;
mod management;
mod records;
mod typing;

pub use cells::date as day_of_text;
pub use find::{Found, find_list, find_lists};
pub use management::{CoverEntry, Management, TypedCommentary, TypedFigure, TypedValue};
pub use records::{BLANK_DAY, BLANK_TEXT, ColumnData, Field, Part, Records};

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::definitions::{Declarations, List};
use crate::intake::read::{Sheet, Source, Value};
use crate::nouns::period::Period;
use crate::nouns::problem::{Place, Problem, Problems, did_you_mean};
use crate::nouns::side_by_side::both;

/// What stands in the first cell of an empty return's guidance, and of its sheet of codes: they are
/// known by it.
pub const GUIDANCE_TITLE: &str = "How to fill in this return";
/// The same of its sheet of codes.
pub const CODES_TITLE: &str = "What the codes of this return mean";

/// Everything that was received for one period.
#[derive(Debug, Default)]
pub struct Return {
    /// The lists that were found, by name.
    pub lists: IndexMap<String, Records>,
    /// The management sheets.
    pub management: Management,
    /// Which sheet became what, for `show` and `check -v`.
    pub found: Vec<(Place, String)>,
}

/// The month that years begin in, and the period that the command line asks for.
#[derive(Debug, Clone, Copy)]
pub struct Reporting {
    /// First month of a year.
    pub year_month: i8,
    /// What `--period` says, which beats the Cover sheet.
    pub period: Option<Period>,
}

impl Return {
    /// Makes one return of everything that was read.
    pub fn gather(
        sources: &[Source],
        declared: &Declarations,
        reporting: Reporting,
        problems: &mut Problems,
    ) -> Result<(Return, Period), Problem> {
        let mut received = Return::default();
        let mut rest: Vec<&Sheet> = Vec::new();
        for sheet in sources.iter().flat_map(|s| &s.sheets).filter(|s| !s.is_empty()) {
            if sheet.hidden {
                received.leave_out_hidden(sheet, declared, problems);
            } else if let Some(help) = help_of_a_blank(sheet) {
                received.found.push((sheet.place.clone(), format!("{help}, nothing to read")));
            } else if let Some(kind) = received.management.take(sheet, declared, problems) {
                received.found.push((sheet.place.clone(), kind.to_string()));
            } else {
                rest.push(sheet);
            }
        }
        received.management.settle_unfilled(declared, problems);
        let period = match reporting.period {
            Some(period) => period,
            None => received
                .management
                .period(reporting.year_month, problems)?
                .ok_or_else(|| no_period(sources))?,
        };
        received.take_lists(&rest, declared, &period, problems);
        Ok((received, period))
    }

    fn leave_out_hidden(
        &mut self,
        sheet: &Sheet,
        declared: &Declarations,
        problems: &mut Problems,
    ) {
        let place = sheet.place.clone();
        let problem = match find_list(sheet, declared) {
            Some(found) => {
                let title = &declared.lists[&found.list].title;
                let what = format!("a hidden sheet that holds a list ({title}) was left out");
                Problem::warning(place, what)
            }
            None => Problem::note(place, "a hidden sheet was left out"),
        };
        problems.add(problem.hint("unhide the sheet if it belongs to the return, or delete it"));
        self.found.push((sheet.place.clone(), "hidden, left out".to_string()));
    }

    /// Finds the lists in the sheets and types their cells: on two threads, for national returns.
    fn take_lists(
        &mut self,
        sheets: &[&Sheet],
        declared: &Declarations,
        period: &Period,
        problems: &mut Problems,
    ) {
        let found: Vec<(usize, Found)> = sheets
            .iter()
            .enumerate()
            .flat_map(|(i, sheet)| {
                find_lists(sheet, declared).into_iter().map(move |found| (i, found))
            })
            .collect();
        for (index, sheet) in sheets.iter().enumerate() {
            if !found.iter().any(|(i, _)| *i == index) {
                problems.add(unknown_sheet(sheet, declared));
                self.found
                    .push((sheet.place.clone(), "not a list that the scripts know".to_string()));
            }
        }
        let year = period.year_label();
        let read = |(index, found): &(usize, Found)| -> (Part, Problems) {
            let mut problems = Problems::default();
            let part = typing::read(
                sheets[*index],
                &declared.lists[&found.list],
                found,
                &year,
                &mut problems,
            );
            (part, problems)
        };
        let parts = in_two(&found, |(i, _)| sheets[*i].len(), read);
        for ((index, found), (part, faults)) in found.iter().zip(parts) {
            let list = &declared.lists[&found.list];
            let sheet = sheets[*index];
            self.found.push((sheet.place.clone(), format!("{}: {}", list.title, found.why)));
            problems.extend(faults);
            // Nobody filled it in: none of its rows is not the same as a row that says 0. Of lists
            // of children it is.
            if list.public && part.rows.is_empty() {
                problems.add(
                    Problem::note(
                        sheet.place.clone(),
                        format!("the list {} has no rows, so it is left out", list.title),
                    )
                    .hint("fill it in, with 0 where there were none, or delete the sheet"),
                );
                continue;
            }
            match self.lists.get_mut(&found.list) {
                None => {
                    self.lists.insert(found.list.clone(), Records::new(part));
                }
                Some(records) => {
                    let earlier = records.first_place();
                    // Where the settings know the council's export, its several sheets are meant.
                    let problem = if found.by_settings { Problem::note } else { Problem::warning };
                    problems.add(
                        problem(
                            sheet.place.clone(),
                            format!(
                                "the list {} is here a second time; the rows of both are used",
                                list.title
                            ),
                        )
                        .hint(format!("the first is at {earlier}; take one away if it is a copy")),
                    );
                    records.append(part);
                }
            }
        }
        self.link(declared);
    }

    /// Gives equal keys equal numbers over all lists that share the key column.
    fn link(&mut self, declared: &Declarations) {
        let mut keys: HashMap<&str, records::Keys> = HashMap::new();
        for (name, records) in &mut self.lists {
            let list: &List = &declared.lists[name];
            records.number_keys(list, keys.entry(&list.key).or_default());
        }
        for (name, records) in &mut self.lists {
            records.set_key_count(keys[declared.lists[name].key.as_str()].len());
        }
    }
}

/// Does the work for each item on two threads, largest first, and gives the results in the items'
/// order.
fn in_two<T: Sync, R: Send>(
    items: &[T],
    size: impl Fn(&T) -> usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    const WORTH_A_THREAD: usize = 10_000;
    if items.iter().map(&size).sum::<usize>() < WORTH_A_THREAD {
        return items.iter().map(work).collect();
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(size(&items[i])));
    let next = std::sync::atomic::AtomicUsize::new(0);
    let some = || {
        let mut done = Vec::new();
        while let Some(&i) = order.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            done.push((i, work(&items[i])));
        }
        done
    };
    let (mut done, mine) = both(some, some);
    done.extend(mine);
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Which sheet of an empty return it is, where it is one that helps to fill it in and holds nothing
/// else.
fn help_of_a_blank(sheet: &Sheet) -> Option<&'static str> {
    let (_, cells) = sheet.rows().next()?;
    match sheet.value(cells.first()?) {
        Value::Text(GUIDANCE_TITLE) => Some("guidance of an empty return"),
        Value::Text(CODES_TITLE) => Some("codes of an empty return"),
        _ => None,
    }
}

fn no_period(sources: &[Source]) -> Problem {
    let file = sources.first().map_or(String::new(), |s| s.name.clone());
    Problem::error(Place::file(file), "the return does not say which period it is for")
        .hint("give the Cover sheet a row `Period end` with a date, or say for example --period \"2026/27 Q1/Q2\"")
}

fn unknown_sheet(sheet: &Sheet, declared: &Declarations) -> Problem {
    let titles: Vec<&str> = declared.lists.values().map(|l| l.title.as_str()).collect();
    if sheet.excerpt {
        let managers = ["Cover", "Figures", "Commentary"];
        if let Some(name) =
            managers.into_iter().find(|name| name.eq_ignore_ascii_case(sheet.name.trim()))
        {
            return Problem::error(sheet.place.clone(), format!("this is no {name} sheet"))
                .hint("docs/returns.md shows what stands on it");
        }
        return match declared.lists.values().find(|list| find::goes_by(list, &sheet.name)) {
            Some(list) => Problem::error(
                sheet.place.clone(),
                format!("the list {} lacks its headings", list.title),
            )
            .hint(format!("its first line names its columns, {} among them", list.key)),
            None => {
                let guess = did_you_mean(&sheet.name, titles.iter().copied());
                Problem::error(
                    sheet.place.clone(),
                    format!("there is no list `{}`{guess}", sheet.name),
                )
                .hint(format!("lists are {}, and Cover, Figures and Commentary", titles.join(", ")))
            }
        };
    }
    match find::nearly(sheet, declared) {
        Some((list, missing)) => {
            let hint = format!(
                "it looks like the list {}, but has no column {}",
                declared.lists[&list].title,
                missing.join(", ")
            );
            Problem::warning(
                sheet.place.clone(),
                "no list was found on the sheet, so it was not used",
            )
            .hint(hint)
        }
        None if declared
            .lists
            .values()
            .any(|l| l.title.eq_ignore_ascii_case(sheet.name.trim())) =>
        {
            Problem::warning(
                sheet.place.clone(),
                "no list was found on the sheet, so it was not used",
            )
            .hint("the row with the column headings is missing, or stands below row 50")
        }
        None => {
            let guess = did_you_mean(&sheet.name, titles);
            Problem::note(
                sheet.place.clone(),
                format!("the sheet holds no list that the scripts know{guess}"),
            )
        }
    }
}
