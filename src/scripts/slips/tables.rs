//! What a script asks its own tables for: a field that such a table has not is nothing, and a
//! condition that is given nothing is no condition.

use tree_sitter::Node;

use super::Slip;
use super::written::{Written, children};
use crate::nouns::problem::did_you_mean;

/// `{ PLACE = FOSTRED.kin }`, of a table `local FOSTERED = { kin = … }` that nothing is added to.
pub fn asked_for_what_is_not_there(written: &Written, field: Node) -> Option<Slip> {
    let value = field.child_by_field_name("value")?;
    if value.kind() != "dot_index_expression" {
        return None;
    }
    let (table, asked) = (value.child_by_field_name("table")?, value.child_by_field_name("field")?);
    let name = Some(written.text(table)).filter(|_| table.kind() == "identifier")?;
    let made = written.value_of(name).filter(|made| made.kind() == "table_constructor")?;
    let fields = children(made);
    let names: Option<Vec<&str>> = fields.iter().map(|f| written.name_of_field(*f)).collect();
    let (names, asked) = (names?, written.text(asked));
    if names.contains(&asked) || grows(written, name) {
        return None;
    }
    let guess = did_you_mean(asked, names.iter().copied());
    let hint = match names.len() {
        0 => "write what belongs there".to_string(),
        1..=12 => format!("it has {}", names.join(", ")),
        _ => "the line that makes the table says what it has".to_string(),
    };
    let message = format!("the table `{name}` has no `{asked}`, so nothing is given here{guess}");
    Some(Slip::at(value, message, hint))
}

/// Whether anything may be put into a table after it was made: it is written to, or handed on.
fn grows(written: &Written, name: &str) -> bool {
    let is_it = |node: Node| node.kind() == "identifier" && written.text(node) == name;
    written.nodes().into_iter().any(|(node, _)| match node.kind() {
        "assignment_statement" | "update_statement" => {
            let left = children(node).into_iter().next().map(|list| match list.kind() {
                "variable_list" => children(list),
                _ => vec![list],
            });
            let left = left.unwrap_or_default().into_iter();
            let of = left.filter_map(|one| one.child_by_field_name("table"));
            of.into_iter().any(is_it)
        }
        "arguments" | "return_statement" | "expression_list" => {
            children(node).into_iter().any(is_it)
        }
        "field" => node.child_by_field_name("value").is_some_and(is_it),
        _ => false,
    })
}
