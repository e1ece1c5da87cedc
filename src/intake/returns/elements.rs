//! The lists of a return that is XML: one element may hold the rows of several lists, as the header
//! of a child holds what is asked of care leavers and of those who are adopted.

use std::collections::HashMap;
use std::sync::Arc;

use super::find::normalised;
use crate::definitions::{Declarations, List};
use crate::intake::read::{Cell, Sheet, Source, Value};
use crate::nouns::problem::{Elements, Place};

/// The lists that are made of a file's elements, as sheets of their own.
pub fn lists_of(sources: &[Source], declared: &Declarations) -> Vec<Sheet> {
    let sheets = sources.iter().flat_map(|source| &source.sheets);
    sheets
        .filter_map(|sheet| Some((sheet, sheet.place.elements.as_ref()?)))
        .flat_map(|(sheet, elements)| {
            let of_it = declared.lists.values().filter(|list| is_made_of(list, elements));
            of_it.map(|list| list_of(sheet, elements, list)).collect::<Vec<_>>()
        })
        .collect()
}

/// Whether the scripts say which lists a sheet's elements are the rows of.
pub fn are_declared(sheet: &Sheet, declared: &Declarations) -> bool {
    let made = |elements| declared.lists.values().any(|list| is_made_of(list, elements));
    sheet.place.elements.as_deref().is_some_and(made)
}

fn is_made_of(list: &List, elements: &Elements) -> bool {
    list.element.as_ref().is_some_and(|element| element.eq_ignore_ascii_case(&elements.name))
}

/// Puts a cell down on a sheet that is made of another.
fn put(made: &mut Sheet, row: u32, col: usize, value: Value) {
    // The cells come in order and fit, as those did that they are taken from.
    let _ = made.push(row, col as u32, value, false);
}

/// The rows of a list, under its own headings. XML leaves out what is blank, so that a column which
/// no element has is a blank one, not one that is missing.
fn list_of(sheet: &Sheet, elements: &Elements, list: &List) -> Sheet {
    let mut rows = sheet.rows();
    let fields: HashMap<String, u16> = rows.next().map_or(HashMap::new(), |(_, cells)| {
        cells.iter().map(|cell| (normalised(&sheet.shown(cell)), cell.col)).collect()
    });
    let field = |name: &String| fields.get(&normalised(name)).copied();
    let columns: Vec<(&String, Option<u16>)> = list
        .columns
        .iter()
        .map(|column| {
            (&column.name, std::iter::once(&column.name).chain(&column.also).find_map(field))
        })
        .zip(&list.columns)
        .filter(|((_, at), column)| at.is_some() || !column.optional)
        .map(|(found, _)| found)
        .collect();
    let with: Vec<u16> = list.element_with.iter().filter_map(field).collect();
    let mut place = Place { elements: None, ..sheet.place.clone() };
    place.sheet = Some(list.title.clone());
    let mut made = Sheet::new(place, &list.title);
    made.typed = sheet.typed;
    let mut of_rows = Elements { rows: Vec::new(), ..elements.clone() };
    for (col, (name, _)) in columns.iter().enumerate() {
        put(&mut made, 0, col, Value::Text(name));
    }
    for (row, cells) in rows {
        let cell = |at: u16| cells.iter().find(|cell| cell.col == at);
        let says = |cell: &Cell| sheet.shown(cell) != "0";
        let is_one =
            list.element_with.is_empty() || with.iter().any(|at| cell(*at).is_some_and(says));
        if !is_one {
            continue;
        }
        of_rows.rows.extend(elements.rows.get(row as usize - 1));
        let number = of_rows.rows.len() as u32;
        for (col, (_, at)) in columns.iter().enumerate() {
            if let Some(cell) = at.and_then(cell) {
                put(&mut made, number, col, sheet.value(cell));
            }
        }
    }
    made.place.elements = Some(Arc::new(of_rows));
    made
}
