//! What functions compare the fields of records with: a value that the column cannot hold makes a
//! comparison that is never true, and nobody is counted.

use std::collections::HashMap;

use tree_sitter::Node;

use super::written::{Written, children, operator, side};
use super::{Slip, short};
use crate::definitions::{Column, ColumnType, Declarations};
use crate::nouns::problem::did_you_mean;
use crate::scripts::reference;

/// The columns of all lists, by name. Lists may have columns of one name: what suits one of them
/// is no slip, since a function's text does not say of which list its record is.
pub struct Columns<'d> {
    named: HashMap<&'d str, Vec<&'d Column>>,
}

impl<'d> Columns<'d> {
    /// Those that were declared, without names that other values have too, such as `title`.
    pub fn of(declared: &'d Declarations) -> Columns<'d> {
        let mut named: HashMap<&str, Vec<&Column>> = HashMap::new();
        for column in declared.lists.values().flat_map(|list| &list.columns) {
            named.entry(&column.name).or_default().push(column);
        }
        for kind in reference::kinds().filter(|kind| !kind.written) {
            kind.names().for_each(|name| drop(named.remove(name)));
        }
        Columns { named }
    }

    /// `r.LS == "C9"`, `r.DOB == "2011-04-09"`, `r.HEALTH_ASSESSMENT == 1`.
    pub fn compared(&self, written: &Written, node: Node) -> Option<Slip> {
        if !matches!(operator(node), "==" | "~=") {
            return None;
        }
        let (left, right) = (side(node, "left")?, side(node, "right")?);
        let sides = [(left, right), (right, left)];
        let (columns, asked, value) = sides
            .into_iter()
            .find_map(|(asked, value)| Some((self.asked(written, asked)?, asked, value)))?;
        self.slip(written, &columns, asked, value)
    }

    /// `table.find({ "C1", "C9" }, r.LS)`.
    pub fn found(&self, written: &Written, call: Node) -> Option<Slip> {
        let called = call.child_by_field_name("name")?;
        if written.text(called) != "table.find" {
            return None;
        }
        let arguments = children(call.child_by_field_name("arguments")?);
        let &[table, asked, ..] = arguments.as_slice() else { return None };
        let columns = self.asked(written, asked)?;
        let values = children(self.table(written, table)?);
        let mut values = values.into_iter().filter(|f| f.child_by_field_name("name").is_none());
        values.find_map(|field| {
            self.slip(written, &columns, asked, field.child_by_field_name("value")?)
        })
    }

    /// `CARE_ORDERS[r.LS]`, where the table's fields are codes.
    pub fn looked_up(&self, written: &Written, node: Node) -> Option<Slip> {
        let asked = node.child_by_field_name("field")?;
        let columns = self.asked(written, asked)?;
        let table = self.table(written, node.child_by_field_name("table")?)?;
        children(table).into_iter().find_map(|field| {
            let name = written.name_of_field(field)?;
            let unknown = columns.iter().all(|column| !holds_text(column, name));
            unknown.then(|| no_such_code(&columns, name, field))?
        })
    }

    /// A table that stands there, or that a name stands for.
    fn table<'t>(&self, written: &Written<'t>, node: Node<'t>) -> Option<Node<'t>> {
        let mut node = node;
        while node.kind() == "parenthesized_expression" {
            node = node.named_child(0)?;
        }
        let table = match node.kind() {
            "identifier" => written.value_of(written.text(node))?,
            _ => node,
        };
        (table.kind() == "table_constructor").then_some(table)
    }

    /// The columns that an expression may ask a record for: `r.LS`, `r["LS"]`, or a local name
    /// that stands for such.
    fn asked(&self, written: &Written, node: Node) -> Option<Vec<&'d Column>> {
        match node.kind() {
            "dot_index_expression" | "bracket_index_expression" => {
                let field = node.child_by_field_name("field")?;
                let name = match node.kind() {
                    "dot_index_expression" => written.text(field),
                    _ => written.plain(field)?,
                };
                let mut from = node;
                while let Some(table) = from.child_by_field_name("table") {
                    from = table;
                }
                // Of a table that the script itself wrote, nothing is known here.
                let of = written.values_of(written.text(from)).unwrap_or_default();
                let own = of.iter().any(|value| value.kind() == "table_constructor");
                (from.kind() == "identifier" && !own).then(|| self.named.get(name).cloned())?
            }
            "identifier" => {
                let values = written.values_of(written.text(node))?;
                let first =
                    values.first().filter(|value| value.kind() == "dot_index_expression")?;
                let name =
                    |value: &Node| value.child_by_field_name("field").map(|f| written.text(f));
                let same = values.iter().all(|value| name(value) == name(first));
                same.then(|| self.asked(written, *first))?
            }
            _ => None,
        }
    }

    fn slip(
        &self,
        written: &Written,
        columns: &[&Column],
        asked: Node,
        value: Node,
    ) -> Option<Slip> {
        if columns.iter().any(|column| may_equal(column, written, value)) {
            return None;
        }
        let column = columns[0];
        if let (ColumnType::Codes(_), Some(code)) = (&column.kind, written.plain(value)) {
            return no_such_code(columns, code, value);
        }
        let (name, said) = (&column.name, written.text(value));
        let asked = short(written.text(asked));
        let asked = asked.trim_matches('`');
        let hint = match &column.kind {
            ColumnType::Date => format!(
                "a day is compared with a day, {asked} == period.ending, or its year: \
                 {asked}.year == 2026"
            ),
            kind if kind.is_text() && value.kind() == "number" => {
                format!("write  {asked} == \"{said}\"")
            }
            kind if !kind.is_text() && value.kind() == "string" => {
                format!(
                    "write the number without quotation marks: {asked} == {}",
                    said.trim_matches(['"', '\''])
                )
            }
            _ => format!("test whether it is there with  {asked} ~= nil"),
        };
        let holds = match &column.kind {
            ColumnType::Date => "days",
            kind if kind.is_text() => "texts",
            _ => "numbers",
        };
        let with = match value.kind() {
            "string" => "a text",
            "number" => "a number",
            _ => "true or false",
        };
        Some(Slip::at(
            value,
            format!("`{name}` holds {holds}: none of them is ever equal to {with}"),
            hint,
        ))
    }
}

/// Whether a cell of the column may be equal to what is written there.
fn may_equal(column: &Column, written: &Written, value: Node) -> bool {
    match value.kind() {
        "string" => written.plain(value).is_none_or(|text| holds_text(column, text)),
        "number" => matches!(column.kind, ColumnType::Number { .. } | ColumnType::Percentage),
        "true" | "false" => false,
        _ => true,
    }
}

fn holds_text(column: &Column, text: &str) -> bool {
    match &column.kind {
        ColumnType::Codes(codes) => codes.contains_key(text),
        kind => kind.is_text(),
    }
}

fn no_such_code(columns: &[&Column], code: &str, at: Node) -> Option<Slip> {
    let name = &columns[0].name;
    let codes = columns.iter().filter_map(|column| match &column.kind {
        ColumnType::Codes(codes) => Some(codes.keys().map(String::as_str)),
        _ => None,
    });
    let codes: Vec<&str> = codes.flatten().collect();
    if codes.is_empty() {
        return None;
    }
    let capitals = code.to_uppercase();
    if codes.contains(&capitals.as_str()) {
        return Some(Slip::at(
            at,
            format!("`{code}` is no code of the column `{name}` as it stands"),
            format!("records have their codes in capitals: \"{capitals}\""),
        ));
    }
    let guess = did_you_mean(code, codes.iter().copied());
    let hint = match codes.len() {
        1..=12 => format!("its codes are {}", codes.join(", ")),
        _ => "`rapporteur list` and the name of the list tells its codes".to_string(),
    };
    Some(Slip::at(at, format!("`{code}` is not a code of the column `{name}`{guess}"), hint))
}
