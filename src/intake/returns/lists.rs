//! The lists of a return: found on its sheets, typed, and laid together where a list stands on
//! several.

use std::sync::atomic::{AtomicUsize, Ordering};

use indexmap::IndexMap;

use super::find::{self, Found, find_lists};
use super::records::{Part, Records};
use super::{Return, continuation, keys, seen, series, tabs, typing, units};
use crate::definitions::{Declarations, List};
use crate::intake::read::Sheet;
use crate::nouns::period::{Day, Period};
use crate::nouns::place::Place;
use crate::nouns::problem::{Problem, Problems, did_you_mean};
use crate::nouns::side_by_side::both;
use crate::nouns::words::{WIDEST_HINT, as_many_as_fit, listed, several};

/// A sheet and the list that was found on it.
type Listed<'s> = (&'s Sheet, Found);

/// The rows of one sheet of a list.
struct Piece {
    /// The time that the sheet's name speaks of.
    time: Option<Day>,
    /// Whether the settings know the council's export, so that its several sheets are meant.
    meant: bool,
    part: Part,
}

impl Return {
    /// Finds the lists in the sheets and types their cells: on two threads, for national returns.
    pub(super) fn take_lists(
        &mut self,
        sheets: &[&Sheet],
        declared: &Declarations,
        period: &Period,
        problems: &mut Problems,
    ) {
        let found = self.find_lists(sheets, declared, problems);
        let mut found = self.without_others(found, declared, period, problems);
        for (sheet, headed) in &mut found {
            units::leave_out_others(sheet, &declared.lists[&headed.list], headed, problems);
        }
        for (at, (sheet, headed)) in found.iter().enumerate() {
            if at == 0 || !std::ptr::eq(found[at - 1].0, *sheet) {
                seen::tell_hidden_rows(sheet, headed.first_row, problems);
            }
        }
        let read = |listed: &Listed| read_listed(listed, declared, period);
        let mut parts = Vec::new();
        let typed = in_two(&found, |(sheet, _)| sheet.len(), read);
        for ((sheet, found), (part, faults)) in found.iter().zip(typed) {
            let list = &declared.lists[&found.list];
            self.found.push((sheet.place.clone(), format!("{}: {}", list.title, found.why)));
            problems.extend(faults);
            // Nobody filled it in: none of its rows is not the same as a row that says 0. Of lists
            // of children it is.
            if list.is_public() && part.rows.is_empty() {
                problems.add(
                    Problem::note(
                        sheet.place.clone(),
                        format!("the list {} has no rows, so it is left out", list.title),
                    )
                    .hint("fill it in, with 0 where there were none, or delete the sheet"),
                );
                continue;
            }
            let time = series::time_of(&sheet.name, &sheet.place, period);
            parts.push((list, Piece { time, meant: found.by_settings, part }));
        }
        let mut all: Vec<(&List, &mut Part)> =
            parts.iter_mut().map(|(list, piece)| (*list, &mut piece.part)).collect();
        keys::join_zeros(&mut all, problems);
        let mut by_list: IndexMap<&str, Vec<Piece>> = IndexMap::new();
        for (list, piece) in parts {
            by_list.entry(&list.name).or_default().push(piece);
        }
        tell_of_no_rows(&by_list, declared, problems);
        for (name, pieces) in by_list {
            let records = laid_together(&declared.lists[name], pieces, problems);
            self.lists.insert(name.to_string(), records);
        }
        self.link(declared);
        self.make_chains(declared);
    }

    /// The lists on the sheets, and those that go on without headings; what is left is told.
    fn find_lists<'s>(
        &mut self,
        sheets: &[&'s Sheet],
        declared: &Declarations,
        problems: &mut Problems,
    ) -> Vec<Listed<'s>> {
        let headed: Vec<(usize, Found)> = sheets
            .iter()
            .enumerate()
            .flat_map(|(i, sheet)| {
                find_lists(sheet, declared).into_iter().map(move |found| (i, found))
            })
            .collect();
        let mut found: Vec<Listed> = Vec::new();
        for (index, sheet) in sheets.iter().enumerate() {
            let here = headed.iter().filter(|(i, _)| *i == index);
            found.extend(here.map(|(_, headed)| (*sheet, headed.clone())));
            if headed.iter().any(|(i, _)| *i == index) {
                continue;
            }
            let earlier: Vec<(&Sheet, &Found)> =
                headed.iter().map(|(i, found)| (sheets[*i], found)).collect();
            match continuation::of(sheet, &earlier, declared) {
                Some((going_on, problem)) => {
                    problems.add(problem);
                    found.push((sheet, going_on));
                }
                None => {
                    problems.add(unknown_sheet(sheet, declared));
                    let what = "none of the report's lists".to_string();
                    self.found.push((sheet.place.clone(), what));
                }
            }
        }
        found
    }

    /// Leaves out sheets that hold what another one does, and those of another period beside one
    /// that names none.
    fn without_others<'s>(
        &mut self,
        found: Vec<Listed<'s>>,
        declared: &Declarations,
        period: &Period,
        problems: &mut Problems,
    ) -> Vec<Listed<'s>> {
        let mut kept: Vec<Listed> = Vec::new();
        for (at, (sheet, list)) in found.iter().enumerate() {
            let same_list = |(_, other): &&Listed| other.list == list.list;
            let others = || found.iter().filter(same_list);
            let public = declared.lists[&list.list].is_public();
            let timeless = |(other, _): &Listed| is_the_timeless_one(other, sheet, period);
            let other = tabs::other_period(&sheet.name, period, public);
            if let Some(other) = other.filter(|_| public || others().any(timeless)) {
                self.leave_out_other(sheet, &other, problems);
                continue;
            }
            let mut before = found[..at].iter().filter(same_list);
            if let Some((twin, _)) = before.find(|(twin, _)| sheet.holds_the_same(twin)) {
                let message = format!("the same as {}, so it was left out", twin.place);
                problems.add(Problem::note(sheet.place.clone(), message));
                self.found.push((sheet.place.clone(), "a copy, left out".to_string()));
                continue;
            }
            kept.push((sheet, list.clone()));
        }
        kept
    }
}

/// Types the cells of a list on its sheet, and tells what is wrong with them.
fn read_listed(
    (sheet, found): &Listed,
    declared: &Declarations,
    period: &Period,
) -> (Part, Problems) {
    let mut problems = Problems::default();
    let list = &declared.lists[&found.list];
    let merged = seen::may_be_merged(list, found);
    let sheet = seen::unmerged(sheet, found.first_row, &merged, &mut problems);
    (typing::read(&sheet, list, found, period, &mut problems), problems)
}

/// Whether a sheet stands with another one and is named after no time, so that it is the return's.
fn is_the_timeless_one(sheet: &Sheet, beside: &Sheet, period: &Period) -> bool {
    tabs::are_together(beside, sheet) && tabs::latest(&sheet.name, period).is_none()
}

/// Whether a list came back without a row, and without a word that there are none.
fn counts_nobody(pieces: &[Piece]) -> bool {
    let has_none = |part: &Part| part.rows.is_empty() && part.left_out.is_none();
    pieces.iter().all(|p| has_none(&p.part)) && !pieces.iter().any(|p| p.part.says_none)
}

/// A list of which the headings alone came back counts nobody, and looks like one of which there
/// are none. That there are none is said in words.
fn tell_of_no_rows(
    by_list: &IndexMap<&str, Vec<Piece>>,
    declared: &Declarations,
    problems: &mut Problems,
) {
    const NAMED: usize = 4;
    let empty: Vec<(&List, &Place)> = by_list
        .iter()
        .filter(|(_, pieces)| counts_nobody(pieces))
        .map(|(name, pieces)| (&declared.lists[*name], &pieces[0].part.place))
        .collect();
    let Some((first, place)) = empty.first() else { return };
    let mut titles: Vec<String> =
        empty.iter().take(NAMED).map(|(list, _)| list.title.clone()).collect();
    if empty.len() > NAMED {
        titles.push(several(empty.len() - NAMED, "other"));
    }
    let names = listed(&titles);
    // XML has neither headings nor a cell for a word.
    let (message, hint) = match (place.elements.is_some(), empty.len()) {
        (true, _) => (
            format!("the file tells nothing of {names}: they count nobody"),
            "look whether the export left them out; where there are none, leave it".to_string(),
        ),
        (false, several) => (
            match several {
                1 => format!("the list {names} has headings and no rows: it counts nobody"),
                _ => format!("lists with headings and no rows count nobody: {names}"),
            },
            format!("paste the rows in, or write `none` under {} where there are none", first.key),
        ),
    };
    problems.add(Problem::warning((*place).clone(), message).hint(hint));
}

/// Makes one list of the rows of several sheets: of different times, the newer ones beat the older.
fn laid_together(list: &List, mut pieces: Vec<Piece>, problems: &mut Problems) -> Records {
    let mut times: Vec<Day> = pieces.iter().filter_map(|piece| piece.time).collect();
    times.sort_unstable();
    times.dedup();
    let is_series = pieces.len() > 1 && times.len() == pieces.len();
    if is_series {
        pieces.sort_by_key(|piece| piece.time);
    }
    let mut pieces = pieces.into_iter();
    let first = pieces.next().expect("a list was found on a sheet");
    let mut records = Records::new(first.part);
    for piece in pieces {
        if !is_series {
            let earlier = records.first_place();
            let message =
                format!("the list {} is here a second time; the rows of both are used", list.title);
            let problem = if piece.meant { Problem::note } else { Problem::warning };
            problems.add(
                problem(piece.part.place.clone(), message)
                    .hint(format!("the first is at {earlier}; take one away if it is a copy")),
            );
        }
        records.append(piece.part);
    }
    if is_series {
        series::settle(list, &mut records, problems);
    }
    records.settle();
    records
}

/// What one thread does: the work for each item that no other has begun.
fn do_those_left<T, R>(
    items: &[T],
    order: &[usize],
    next: &AtomicUsize,
    work: &impl Fn(&T) -> R,
) -> Vec<(usize, R)> {
    let mut done = Vec::new();
    while let Some(&i) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
        done.push((i, work(&items[i])));
    }
    done
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
    let next = AtomicUsize::new(0);
    let some = || do_those_left(items, &order, &next, &work);
    let (mut done, mine) = both(some, some);
    done.extend(mine);
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}

fn unknown_sheet(sheet: &Sheet, declared: &Declarations) -> Problem {
    let sent = declared.lists.values().filter(|list| list.is_sent());
    let titles: Vec<&str> = sent.map(|l| l.title.as_str()).collect();
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
            let looks =
                format!("it looks like the list {}, but has no", declared.lists[&list].title);
            let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
            let room = WIDEST_HINT.saturating_sub(looks.chars().count() + 1);
            let hint = format!("{looks} {}", as_many_as_fit(&missing, room));
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
                format!("the sheet holds none of the report's lists{guess}"),
            )
        }
    }
}
