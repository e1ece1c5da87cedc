//! Which row, column and sheet was which. Rows go by what they say: a value that only one row has,
//! before and after, speaks for those two; where nothing speaks, rows that share the most are taken
//! together, in order.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use super::by_place::{Book, Sheet};
use super::refs::{Axis, Grid, Lines};
use crate::workbook_diff::book::{Cell, Value};

/// Beyond so many pairs in one stretch, lines are taken in order and not by what they share.
const MOST_PAIRS: usize = 2_000_000;

/// So many times a stretch is parted by what only one row of it says. A list in which each row
/// takes up a word of the one before could be parted row by row without end.
const DEEPEST: usize = 60;

/// How much of their words two rows must share to be the same row, where nothing else tells.
const ALIKE: f64 = 0.3;

/// How much more a text says of which row it is than a number, which may well have changed.
const TEXT: u32 = 3;

/// The sheets that have no other yet, by their place in the book, and the words on them.
fn unpaired(book: &Book, paired: &HashSet<usize>) -> Vec<(usize, Vec<u64>)> {
    let left = book.sheets.iter().enumerate().filter(|(index, _)| !paired.contains(index));
    left.map(|(index, sheet)| (index, words(sheet.cells.values().copied()))).collect()
}

/// Which sheet was which: by name, else by content. Indexes into both books.
pub(super) fn sheets(before: &Book, after: &Book) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    // Some programs write two sheets of one name: the first is the first, the second the second.
    let mut named: HashMap<String, Vec<usize>> = HashMap::new();
    for (new, sheet) in after.sheets.iter().enumerate().rev() {
        named.entry(sheet.name.to_ascii_lowercase()).or_default().push(new);
    }
    for (old, sheet) in before.sheets.iter().enumerate() {
        let new = named.get_mut(&sheet.name.to_ascii_lowercase()).and_then(Vec::pop);
        pairs.extend(new.map(|new| (old, new)));
    }
    let old = unpaired(before, &pairs.iter().map(|pair| pair.0).collect());
    let new = unpaired(after, &pairs.iter().map(|pair| pair.1).collect());
    let mut left: Vec<(f64, usize, usize)> = Vec::new();
    for (old, said) in &old {
        left.extend(new.iter().map(|(new, says)| (shared(said, says), *old, *new)));
    }
    left.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, old, new) in left.into_iter().filter(|(alike, ..)| *alike >= 0.5) {
        if pairs.iter().all(|pair| pair.0 != old && pair.1 != new) {
            pairs.push((old, new));
        }
    }
    pairs.sort_by_key(|pair| pair.1);
    pairs
}

/// Which row and column of a sheet was which.
pub(super) fn grid(before: &Sheet, after: &Sheet) -> Grid {
    let (old, new) = (rows_of(before), rows_of(after));
    let mut pairs = Vec::new();
    align_rows(&old, &new, (0, 0), DEEPEST, &mut pairs);
    let moved = moved(&old, &new, &pairs);
    let rows = Lines::new(Axis::Rows, &[pairs.as_slice(), &moved].concat(), old.len(), new.len());
    let (old, new) = (columns_of(before, &pairs, true), columns_of(after, &pairs, false));
    let columns =
        Lines::new(Axis::Columns, &align_columns(&old, &new, pairs.len()), old.len(), new.len());
    let moved = moved.into_iter().map(|(old, new)| (old as u32 + 1, new as u32 + 1)).collect();
    Grid {
        before_name: before.name.to_owned(),
        after_name: after.name.to_owned(),
        rows,
        columns,
        moved,
    }
}

/// The rows that have no other yet, by their first text.
fn by_title(rows: &[Row], taken: &HashSet<usize>) -> HashMap<u64, Vec<usize>> {
    let mut left: HashMap<u64, Vec<usize>> = HashMap::new();
    for (number, row) in rows.iter().enumerate().filter(|(number, _)| !taken.contains(number)) {
        if let Some((title, _)) = row.values.iter().find(|(_, weight)| *weight == TEXT) {
            left.entry(*title).or_default().push(number);
        }
    }
    left
}

/// Rows that are left over on both sides and have the same first text, which no other of them has:
/// an indicator that stands elsewhere now.
fn moved(old: &[Row], new: &[Row], pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let before = by_title(old, &pairs.iter().map(|pair| pair.0).collect());
    let after = by_title(new, &pairs.iter().map(|pair| pair.1).collect());
    let mut moved: Vec<(usize, usize)> = before
        .iter()
        .filter_map(|(title, rows)| match (rows.as_slice(), after.get(title)?.as_slice()) {
            ([old], [new]) => Some((*old, *new)),
            _ => None,
        })
        .collect();
    moved.sort_unstable();
    moved
}

/// What a row says, as numbers that can be compared fast.
#[derive(Default, Clone)]
struct Row {
    /// Each value, with how much it says of which row this is.
    values: Vec<(u64, u32)>,
    /// The words of its texts and its numbers, sorted.
    words: Vec<u64>,
}

fn rows_of(sheet: &Sheet) -> Vec<Row> {
    // Cells below the last that is filled only look like something.
    let last = filled(sheet).map(|((row, _), ..)| row).max().unwrap_or(0);
    let mut rows = vec![Row::default(); last as usize];
    for ((row, _), cell, value) in filled(sheet) {
        let row = &mut rows[row as usize - 1];
        row.values.push((value, if matches!(cell.value, Value::Text(..)) { TEXT } else { 1 }));
        row.words.extend(cell_words(cell));
    }
    rows.iter_mut().for_each(|row| row.words.sort_unstable());
    rows
}

/// Cells that say something, with what they say.
fn filled<'b>(sheet: &Sheet<'b>) -> impl Iterator<Item = ((u32, u32), &'b Cell, u64)> {
    sheet.cells.iter().filter_map(|(place, cell)| Some((*place, *cell, value(cell)?)))
}

fn hash(value: impl Hash) -> u64 {
    foldhash::fast::FixedState::with_seed(7).hash_one(value)
}

/// A cell's value; of a formula nobody has worked out, the formula without the places it names.
fn value(cell: &Cell) -> Option<u64> {
    match (&cell.value, &cell.formula) {
        (Value::Text(text, _), _) => Some(hash(text)),
        (Value::Number(number, _), _) => Some(hash(super::cells::fifteen_digits(*number))),
        (Value::Word(word), _) => Some(hash(word)),
        (Value::Blank, Some(formula)) => {
            Some(hash(formula.unshared().replace(|c: char| c.is_ascii_digit(), "")))
        }
        (Value::Blank, None) => None,
    }
}

fn cell_words(cell: &Cell) -> Vec<u64> {
    match &cell.value {
        Value::Text(text, _) => text.split_whitespace().take(30).map(hash).collect(),
        _ => value(cell).into_iter().collect(),
    }
}

fn words<'a>(cells: impl Iterator<Item = &'a Cell>) -> Vec<u64> {
    let mut words: Vec<u64> = cells.flat_map(cell_words).collect();
    words.sort_unstable();
    words
}

/// From 0 to 1: how much two sorted lists share.
fn shared(old: &[u64], new: &[u64]) -> f64 {
    let (mut left, mut right, mut common) = (0, 0, 0);
    while left < old.len() && right < new.len() {
        match old[left].cmp(&new[right]) {
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
            std::cmp::Ordering::Equal => (left, right, common) = (left + 1, right + 1, common + 1),
        }
    }
    if common == 0 { 0.0 } else { 2.0 * f64::from(common) / (old.len() + new.len()) as f64 }
}

/// Adds the pairs of a stretch of rows, which begins at these lines of the sheets.
fn align_rows(
    old: &[Row],
    new: &[Row],
    (first_old, first_new): (usize, usize),
    depth: usize,
    pairs: &mut Vec<(usize, usize)>,
) {
    let same = |(old, new): &(&Row, &Row)| old.values == new.values;
    let top = old.iter().zip(new).take_while(same).count();
    pairs.extend((0..top).map(|line| (first_old + line, first_new + line)));
    let (old, new) = (&old[top..], &new[top..]);
    let bottom = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let (old_end, new_end) = (old.len() - bottom, new.len() - bottom);
    let (from_old, from_new) = (first_old + top, first_new + top);

    let (middle_old, middle_new) = (&old[..old_end], &new[..new_end]);
    let sure = if depth == 0 { Vec::new() } else { anchors(middle_old, middle_new) };
    if sure.is_empty() {
        let alike = |old: usize, new: usize| row_score(&middle_old[old], &middle_new[new]);
        let found = by_likeness(old_end, new_end, alike);
        pairs.extend(found.into_iter().map(|(old, new)| (from_old + old, from_new + new)));
    } else {
        // What was common in the whole may be rare between two rows that are known.
        let (mut at_old, mut at_new) = (0, 0);
        for (row, other) in sure.into_iter().chain([(old_end, new_end)]) {
            let start = (from_old + at_old, from_new + at_new);
            align_rows(
                &middle_old[at_old..row],
                &middle_new[at_new..other],
                start,
                depth - 1,
                pairs,
            );
            if row < old_end {
                pairs.push((from_old + row, from_new + other));
            }
            (at_old, at_new) = (row + 1, other + 1);
        }
    }
    pairs.extend((0..bottom).map(|line| (from_old + old_end + line, from_new + new_end + line)));
}

/// Pairs of rows for which values speak that one row alone has, on both sides; as many as keep the
/// order.
fn anchors(old: &[Row], new: &[Row]) -> Vec<(usize, usize)> {
    let (before, after) = (only_once(old), only_once(new));
    let mut votes: HashMap<(usize, usize), u32> = HashMap::new();
    for (value, (row, weight)) in &before {
        if let (Some(row), Some((Some(other), _))) = (row, after.get(value)) {
            *votes.entry((*row, *other)).or_default() += weight;
        }
    }
    let mut votes: Vec<((usize, usize), u32)> = votes.into_iter().collect();
    // The most votes first, and of as many those nearest to where the row was.
    votes.sort_by_key(|((row, other), weight)| {
        (u32::MAX - weight, row.abs_diff(*other), *row, *other)
    });
    let (mut taken_old, mut taken_new) = (vec![false; old.len()], vec![false; new.len()]);
    votes.retain(|((row, other), _)| {
        let free = !taken_old[*row] && !taken_new[*other];
        (taken_old[*row], taken_new[*other]) = (true, true);
        free
    });
    votes.sort_unstable();
    in_order(&votes)
}

/// Values that stand in one row only: which row, and how much they say.
fn only_once(rows: &[Row]) -> HashMap<u64, (Option<usize>, u32)> {
    let mut found: HashMap<u64, (Option<usize>, u32)> = HashMap::new();
    for (number, row) in rows.iter().enumerate() {
        for (value, weight) in &row.values {
            match found.entry(*value) {
                Entry::Vacant(entry) => drop(entry.insert((Some(number), *weight))),
                Entry::Occupied(mut entry) if entry.get().0 != Some(number) => {
                    entry.get_mut().0 = None
                }
                Entry::Occupied(_) => {}
            }
        }
    }
    found
}

/// The weightiest choice of pairs of which each stands below the one before, on both sides.
pub(super) fn in_order(pairs: &[((usize, usize), u32)]) -> Vec<(usize, usize)> {
    let last = pairs.iter().map(|((_, new), _)| *new + 1).max().unwrap_or(0);
    // A tree of the best sums that end at or before a row of the newer side.
    let mut best: Vec<(u64, usize)> = vec![(0, usize::MAX); last + 1];
    let mut previous = Vec::with_capacity(pairs.len());
    let mut found = (0, usize::MAX);
    for (index, ((_, new), weight)) in pairs.iter().enumerate() {
        let (mut sum, mut at) = ((0, usize::MAX), *new);
        while at > 0 {
            sum = if best[at].0 > sum.0 { best[at] } else { sum };
            at -= at & at.wrapping_neg();
        }
        previous.push(sum.1);
        let here = (sum.0 + u64::from(*weight), index);
        found = if here.0 > found.0 { here } else { found };
        at = *new + 1;
        while at <= last {
            best[at] = if here.0 > best[at].0 { here } else { best[at] };
            at += at & at.wrapping_neg();
        }
    }
    let mut chain = Vec::new();
    let mut at = found.1;
    while let Some((pair, _)) = pairs.get(at) {
        chain.push(*pair);
        at = previous[at];
    }
    chain.reverse();
    chain
}

/// How much speaks for two rows being the same; `None` where they are not.
fn row_score(old: &Row, new: &Row) -> Option<f64> {
    match (old.values.len(), new.values.len()) {
        (0, 0) => Some(0.05),
        // An empty row that was filled, or the other way round.
        (0, _) | (_, 0) => Some(0.01),
        (short, other) => {
            let alike = shared(&old.words, &new.words);
            (alike >= ALIKE || short.max(other) <= 2).then_some(0.02 + alike)
        }
    }
}

/// The best choice of pairs in order, by a score; lines may stay single.
fn by_likeness(
    old: usize,
    new: usize,
    score: impl Fn(usize, usize) -> Option<f64>,
) -> Vec<(usize, usize)> {
    if old == 0 || new == 0 {
        return Vec::new();
    }
    if old.saturating_mul(new) > MOST_PAIRS {
        return (0..old.min(new)).map(|line| (line, line)).collect();
    }
    let width = new + 1;
    let mut best = vec![0.0_f64; (old + 1) * width];
    let mut paired = vec![false; (old + 1) * width];
    for row in (0..old).rev() {
        for other in (0..new).rev() {
            let here = row * width + other;
            best[here] = best[here + width].max(best[here + 1]);
            if let Some(score) = score(row, other) {
                let sum = score + best[here + width + 1];
                // Of two equal choices the one that pairs.
                if sum >= best[here] {
                    (best[here], paired[here]) = (sum, true);
                }
            }
        }
    }
    let (mut row, mut other) = (0, 0);
    let mut pairs = Vec::new();
    while row < old && other < new {
        let here = row * width + other;
        if paired[here] {
            pairs.push((row, other));
            (row, other) = (row + 1, other + 1);
        } else if best[here + width] >= best[here + 1] {
            row += 1;
        } else {
            other += 1;
        }
    }
    pairs
}

/// Each column as the values it has in the rows that are there before and after.
fn columns_of(sheet: &Sheet, pairs: &[(usize, usize)], old: bool) -> Vec<Vec<(u32, u64)>> {
    let rows: HashMap<u32, u32> = pairs
        .iter()
        .enumerate()
        .map(|(index, pair)| (if old { pair.0 } else { pair.1 } as u32 + 1, index as u32))
        .collect();
    let last = filled(sheet).map(|((_, column), ..)| column).max().unwrap_or(0);
    let mut columns = vec![Vec::new(); last as usize];
    for ((row, column), _, value) in filled(sheet) {
        if let Some(index) = rows.get(&row) {
            columns[column as usize - 1].push((*index, value));
        }
    }
    columns
}

fn align_columns(
    old: &[Vec<(u32, u64)>],
    new: &[Vec<(u32, u64)>],
    rows: usize,
) -> Vec<(usize, usize)> {
    let same = |(old, new): &(&Vec<_>, &Vec<_>)| old == new;
    let left = old.iter().zip(new).take_while(same).count();
    let (middle_old, middle_new) = (&old[left..], &new[left..]);
    let right = middle_old.iter().rev().zip(middle_new.iter().rev()).take_while(same).count();
    let (old_end, new_end) = (old.len() - right, new.len() - right);
    let (middle_old, middle_new) = (&old[left..old_end], &new[left..new_end]);
    let mut pairs: Vec<(usize, usize)> = (0..left).map(|column| (column, column)).collect();
    // As many columns before as after are the same columns: a table whose every figure changed
    // keeps its shape.
    let in_place = middle_old.len() == middle_new.len()
        || rows * middle_old.len() * middle_new.len() > 40 * MOST_PAIRS;
    if in_place {
        pairs.extend((left..old_end.min(new_end)).map(|column| (column, column)));
    } else {
        let score = |old: usize, new: usize| Some(column_score(&middle_old[old], &middle_new[new]));
        let found = by_likeness(middle_old.len(), middle_new.len(), score);
        pairs.extend(found.into_iter().map(|(old, new)| (left + old, left + new)));
    }
    pairs.extend((0..right).map(|column| (old_end + column, new_end + column)));
    pairs
}

fn column_score(old: &[(u32, u64)], new: &[(u32, u64)]) -> f64 {
    let longest = old.len().max(new.len()).max(1) as f64;
    let heading = if !old.is_empty() && old.first() == new.first() { 0.3 } else { 0.0 };
    let (mut left, mut right, mut common) = (0, 0, 0.0);
    while left < old.len() && right < new.len() {
        match old[left].0.cmp(&new[right].0) {
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
            std::cmp::Ordering::Equal => {
                common += f64::from(u8::from(old[left] == new[right]));
                (left, right) = (left + 1, right + 1);
            }
        }
    }
    0.01 + heading + common / longest
}
