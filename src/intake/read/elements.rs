//! XML of records, as case systems write the SSDA903 return for the Department for Education:
//! elements around fields, each record in an element of its own. Every element that holds fields
//! becomes a sheet, with a row wherever it stands.
//!
//! A field may be an attribute as well. A row has the element's own fields, then those of the
//! elements around it and of the first element of the record: an episode of a child has the fields
//! of the child's header.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::Limits;
use super::package::not_a_workbook;
use super::sheet::{Sheet, damaged};
use super::text::value_of;
use super::told::DamagePlace;
use super::xml::{Tag, Token, Xml};
use crate::nouns::problem::{Elements, Place, Problem};

/// A record has no more fields than this.
const MOST_FIELDS: usize = 20_000;

/// Whether a document is one of records: a web page and a workbook are none.
pub fn is_of_records(start: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&start[..start.len().min(1024)]).to_ascii_lowercase();
    let others = [
        "<html",
        "<!doctype",
        "<table",
        "mso-application",
        "urn:schemas-microsoft-com",
        "urn:oasis:names:tc:opendocument",
    ];
    !others.iter().any(|other| head.contains(other))
}

/// Reads every element that holds fields as a sheet.
pub fn read(place: &Place, bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Problem> {
    let mut tables: IndexMap<String, Columns> = IndexMap::new();
    let mut cells = 0;
    each_record(place, bytes, limits, |record| {
        for (nth, element) in record.elements.iter().enumerate().filter(|(_, e)| e.is_filled()) {
            let columns = tables.entry(element.name.clone()).or_default();
            columns.own.extend(element.fields.keys().cloned());
            cells += element.fields.len();
            for (name, _) in record.around(nth) {
                cells += 1;
                if !columns.around.contains(name) {
                    columns.around.insert(name.to_string());
                }
            }
        }
        Ok(cells)
    })?;
    if tables.len() > limits.parts {
        let (found, allowed) = (tables.len() as u64, limits.parts as u64);
        return Err(limits.exceeded(&place.file, "kinds of elements", found, allowed));
    }
    if tables.is_empty() {
        return Err(not_a_workbook(&place.file, "it is XML without records in it"));
    }
    let mut sheets: IndexMap<String, (Sheet, IndexMap<String, u32>, Elements)> = IndexMap::new();
    for (tab, (name, columns)) in tables.into_iter().enumerate() {
        let place = Place::sheet(&place.file, place.sheet_index + tab, &name);
        let mut sheet = Sheet::new(place, &name);
        sheet.typed = false;
        let names = columns.own.iter().chain(columns.around.difference(&columns.own));
        let places: IndexMap<String, u32> = names.cloned().zip(0..).collect();
        for (field, col) in &places {
            sheet.push(0, *col, value_of(field), false)?;
        }
        let elements = Elements { name: name.clone(), ..Elements::default() };
        sheets.insert(name, (sheet, places, elements));
    }
    each_record(place, bytes, limits, |record| {
        for (nth, element) in record.elements.iter().enumerate().filter(|(_, e)| e.is_filled()) {
            let (sheet, places, rows) = &mut sheets[&element.name];
            let mut row: Vec<(u32, &str)> = Vec::new();
            let own = element.fields.iter().map(|(name, text)| (name.as_str(), text.as_str()));
            let around = record.around(nth);
            let around = around.filter(|(name, _)| !element.fields.contains_key(*name));
            for (name, text) in own.chain(around).filter(|(_, text)| !text.is_empty()) {
                row.push((places[name], text));
            }
            row.sort_unstable();
            row.dedup_by_key(|(col, _)| *col);
            rows.record = record.name.clone();
            rows.rows.push((record.position, element.nth));
            let number = rows.rows.len() as u32;
            for (col, text) in row {
                sheet.push(number, col, value_of(text), false)?;
            }
        }
        Ok(0)
    })?;
    let done = sheets.into_values().map(|(mut sheet, _, elements)| {
        sheet.place.elements = Some(Arc::new(elements));
        sheet.finish();
        sheet
    });
    Ok(done.collect())
}

/// The fields that an element has anywhere, and those around it.
#[derive(Default)]
struct Columns {
    own: IndexSet<String>,
    around: IndexSet<String>,
}

/// One record: an element directly within the document's own.
struct Record {
    name: String,
    /// Its place among the records of its name, from 1.
    position: u32,
    /// Its elements that hold others, the record's own first.
    elements: Vec<Element>,
}

#[derive(Default)]
struct Element {
    name: String,
    /// The element around it, by its number.
    within: Option<usize>,
    fields: IndexMap<String, String>,
    /// Which of the record's elements of its name it is, from 1; 0 where it is the only one.
    nth: u32,
}

impl Element {
    fn is_filled(&self) -> bool {
        self.fields.values().any(|text| !text.is_empty())
    }
}

impl Record {
    fn of(name: String, position: u32, mut elements: Vec<Element>) -> Self {
        let mut counts: HashMap<String, u32> = HashMap::new();
        for element in &mut elements {
            let count = counts.entry(element.name.clone()).or_default();
            *count += 1;
            element.nth = *count;
        }
        for element in &mut elements {
            element.nth = if counts[&element.name] == 1 { 0 } else { element.nth };
        }
        Record { name, position, elements }
    }

    /// The fields that an element shares with others: those of the elements around it, and of the
    /// first one in the record.
    fn around(&self, of: usize) -> impl Iterator<Item = (&str, &str)> {
        let mut shared: Vec<usize> = Vec::new();
        let mut outer = self.elements[of].within;
        while let Some(element) = outer {
            shared.push(element);
            outer = self.elements[element].within;
        }
        let first = self.elements.get(1).filter(|first| first.nth == 0);
        if first.is_some() && of > 1 && !shared.contains(&1) {
            shared.push(1);
        }
        shared.into_iter().flat_map(|nth| {
            self.elements[nth].fields.iter().map(|(name, text)| (name.as_str(), text.as_str()))
        })
    }
}

/// An element that is open.
struct Open {
    name: String,
    text: String,
    attributes: Vec<(String, String)>,
    /// Its number in the record, once another element stood in it.
    number: Option<usize>,
}

impl Open {
    fn new(tag: &Tag) -> Result<Self, Problem> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let (name, value) = attribute?;
            // Those with a prefix, and `xmlns`, are about the document.
            if !name.contains(':') && name != "xmlns" {
                attributes.push((name.to_string(), value.trim().to_string()));
            }
        }
        let name = tag.local_name().to_string();
        Ok(Open { name, text: String::new(), attributes, number: None })
    }

    /// Whether it holds nothing but attributes.
    fn is_of_attributes(&self) -> bool {
        self.number.is_none() && self.text.trim().is_empty() && !self.attributes.is_empty()
    }
}

/// Goes over the records; `take` says how many cells there are by now.
fn each_record(
    place: &Place,
    bytes: &[u8],
    limits: &Limits,
    mut take: impl FnMut(&Record) -> Result<usize, Problem>,
) -> Result<(), Problem> {
    let mut xml = Xml::new(DamagePlace::of_file(&place.file), bytes)?;
    let mut positions: IndexMap<String, u32> = IndexMap::new();
    let mut open: Vec<Open> = Vec::new();
    let mut elements: Vec<Element> = Vec::new();
    let mut fields = 0;
    loop {
        match xml.next()? {
            Token::Open(tag) => {
                let opened = Open::new(&tag)?;
                // The first element is the document's own, which is no record.
                if open.len() > 1 {
                    number(&mut open, &mut elements);
                }
                fields += if open.is_empty() { 0 } else { opened.attributes.len() };
                limits.hold(&place.file, "fields in a record", fields, MOST_FIELDS)?;
                open.push(opened);
            }
            Token::Text(text) => {
                if let Some(innermost) = open.last_mut() {
                    innermost.text.push_str(&text);
                }
            }
            Token::Close => {
                // An element that has attributes and nothing else is no field.
                if open.len() > 1 && open.last().is_some_and(Open::is_of_attributes) {
                    number(&mut open, &mut elements);
                }
                let Some(closed) = open.pop() else { continue };
                if open.len() == 1 {
                    let position = positions.entry(closed.name.clone()).or_default();
                    *position += 1;
                    let position = *position;
                    let elements = std::mem::take(&mut elements);
                    let found = take(&Record::of(closed.name, position, elements))?;
                    let kinds = positions.len();
                    limits.hold(&place.file, "cells", found, limits.cells)?;
                    limits.hold(&place.file, "kinds of records", kinds, limits.parts)?;
                    fields = 0;
                } else if let (None, Some(around)) = (closed.number, open.last()) {
                    let Some(number) = around.number else { continue };
                    fields += 1;
                    limits.hold(&place.file, "fields in a record", fields, MOST_FIELDS)?;
                    let text = closed.text.trim().to_string();
                    if elements[number].fields.insert(closed.name.clone(), text).is_some() {
                        let record = open.get(1).map_or("", |record| &record.name);
                        let at = positions.get(record).map_or(1, |before| before + 1);
                        let what = format!("{record} {at} has {} twice in one place", closed.name);
                        return Err(damaged(Place::file(&place.file), &what));
                    }
                }
            }
            Token::End => return Ok(()),
        }
    }
}

/// Gives a number to the innermost element that is open, which holds another one, and to those
/// around.
fn number(open: &mut [Open], elements: &mut Vec<Element>) {
    let mut within = None;
    for element in open.iter_mut().skip(1) {
        let number = *element.number.get_or_insert_with(|| {
            let name = element.name.clone();
            let fields = element.attributes.drain(..).collect();
            elements.push(Element { name, within, fields, ..Element::default() });
            elements.len() - 1
        });
        within = Some(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<?xml version='1.0' encoding='us-ascii'?>
        <EXPSSDA903><CHILD><HEADER><CHILDID>A1</CHILDID><DOB>28/07/2010</DOB><UASC />
        <AREVIEW><REVIEW>27/09/2015</REVIEW></AREVIEW><AREVIEW><REVIEW>14/07/2016</REVIEW></AREVIEW>
        <MOTHER/></HEADER><EPISODE><PL> U4\n</PL></EPISODE></CHILD>
        <CHILD><HEADER><CHILDID>A2</CHILDID><OC2><SDQ_SCORE/></OC2></HEADER>
        <EPISODE><PL>K2</PL></EPISODE><EPISODE><PL>R&amp;1</PL><CHILDID>A9</CHILDID></EPISODE>
        </CHILD>
        </EXPSSDA903>";

    fn shown(text: &str) -> Result<Vec<String>, Problem> {
        let place = Place::sheet("q.xml", 0, "q");
        let sheets = read(&place, text.as_bytes(), &Limits::default())?;
        let rows = sheets.iter().flat_map(|sheet| {
            sheet.rows().map(move |(row, cells)| {
                let cells: Vec<String> = cells.iter().map(|cell| sheet.shown(cell)).collect();
                format!("{}: {}", sheet.place.at(row, 0), cells.join(","))
            })
        });
        Ok(rows.map(|row| row.replace("q.xml  ", "")).collect())
    }

    #[test]
    fn each_element_with_fields_is_a_sheet() {
        assert_eq!(
            shown(TEXT).expect("readable"),
            [
                "HEADER: CHILDID,DOB,UASC,MOTHER",
                "CHILD 1, HEADER: A1,28/07/2010",
                "CHILD 2, HEADER: A2",
                "AREVIEW: REVIEW,CHILDID,DOB,UASC,MOTHER",
                "CHILD 1, AREVIEW 1: 27/09/2015,A1,28/07/2010",
                "CHILD 1, AREVIEW 2: 14/07/2016,A1,28/07/2010",
                "EPISODE: PL,CHILDID,DOB,UASC,MOTHER",
                "CHILD 1, EPISODE: U4,A1,28/07/2010",
                "CHILD 2, EPISODE 1: K2,A2",
                "CHILD 2, EPISODE 2: R&1,A9",
            ]
        );
    }

    #[test]
    fn attributes_are_fields_too() {
        let text = "<?xml version='1.0' encoding='utf-16'?><r xmlns='n' made='today'>
            <CHILD id='7'><HEADER CHILDID='A1' xsi:nil='no'/><EPISODE PL='U4'></EPISODE>
            <EPISODE PL=' K2 '><DEC of='x'>01/06/2026</DEC></EPISODE></CHILD></r>";
        let expected = [
            "CHILD: id",
            "CHILD 1, CHILD: 7",
            "HEADER: CHILDID,id",
            "CHILD 1, HEADER: A1,7",
            "EPISODE: PL,DEC,id,CHILDID",
            "CHILD 1, EPISODE 1: U4,7,A1",
            "CHILD 1, EPISODE 2: K2,01/06/2026,7,A1",
        ];
        assert_eq!(shown(text).expect("readable"), expected);
        assert_eq!(shown(&format!("\u{feff}{text}")).expect("readable"), expected);
    }

    #[test]
    fn a_field_twice_in_one_place_is_damage() {
        let twice = TEXT.replace("<PL>K2</PL>", "<PL>K2</PL><PL>K1</PL>");
        let problem = shown(&twice).expect_err("damaged");
        assert!(problem.message.contains("CHILD 2 has PL twice"), "{problem}");
        assert!(shown("<a><b><c>1</c></b>").is_err());
        assert!(shown("<a><b>1</b></a>").is_err_and(|p| p.message.contains("without records")));
    }
}
