//! An expression that somebody types to try it: what it is, as its text shows it.

use tree_sitter::Node;

use super::written::{self, Written, children};

/// What an expression is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// A name alone: `looked_after`.
    Name(String),
    /// A population as it is declared, the text of its table: `{ from = "episodes", … }`.
    Population(String),
    /// A population or list and conditions, the text of the conditions: `{ "looked_after", … }`.
    Narrowed(String, String),
    /// Conditions, with the names of the fields that they ask for.
    Conditions(Vec<String>),
    /// A function: what it calls the record, and what it asks it for.
    Function(Option<String>, Vec<String>),
    /// A condition that belongs to a column: `"U1"`, `rap.at_least(3)`.
    Matcher,
    /// Something else that `rap` has: `rap.indicator "x" { … }`.
    Other(String),
    /// Luau cannot read it, or not as this grammar does.
    Unread,
}

/// What stands before an expression, so that a script gives it.
pub const GIVES: &str = "return ";

/// What an expression is.
pub fn expression(text: &str) -> Expression {
    let script = format!("{GIVES}{text}");
    let Some(tree) = written::read(&script) else { return Expression::Unread };
    let written = Written::new(&script, &tree);
    let given = match children(tree.root_node()).as_slice() {
        [only] if only.kind() == "return_statement" => children(*only),
        _ => return Expression::Unread,
    };
    let given: Vec<Node> = given.into_iter().flat_map(listed).collect();
    let &[node] = given.as_slice() else { return Expression::Unread };
    of(&written, node)
}

/// The parts of a list of expressions; anything else is itself.
fn listed(node: Node<'_>) -> Vec<Node<'_>> {
    if node.kind() == "expression_list" { children(node) } else { vec![node] }
}

fn of(written: &Written, node: Node) -> Expression {
    match node.kind() {
        "parenthesized_expression" => match node.named_child(0) {
            Some(inner) => of(written, inner),
            None => Expression::Unread,
        },
        "identifier" => Expression::Name(written.text(node).to_string()),
        "string" => match written.plain(node) {
            Some(name) if name.contains('_') || name.chars().all(char::is_lowercase) => {
                Expression::Name(name.to_string())
            }
            _ => Expression::Matcher,
        },
        "table_constructor" => of_table(written, node),
        "function_definition" => {
            let parameters = node.child_by_field_name("parameters").map(children);
            let first = parameters.and_then(|all| all.first().and_then(|one| one.named_child(0)));
            let record = first.map(|name| written.text(name));
            let asked = written.nodes().into_iter().filter(|(node, _)| {
                let of = node.child_by_field_name("table").map(|table| written.text(table));
                node.kind() == "dot_index_expression" && of == record
            });
            let asked = asked.filter_map(|(node, _)| node.child_by_field_name("field"));
            let asked = asked.map(|field| written.text(field).to_string()).collect();
            Expression::Function(record.map(ToString::to_string), asked)
        }
        "function_call" => of_call(written, node),
        "dot_index_expression" => match written.function_of_rap(node) {
            Some(_) => Expression::Matcher,
            None => Expression::Unread,
        },
        _ => Expression::Matcher,
    }
}

fn of_table(written: &Written, table: Node) -> Expression {
    let fields = children(table);
    let named = |name: &str| fields.iter().any(|f| written.name_of_field(*f) == Some(name));
    if named("from") {
        return Expression::Population(written.text(table).to_string());
    }
    let first = fields.first().filter(|field| field.child_by_field_name("name").is_none());
    let first = first.and_then(|field| Some((field, field.child_by_field_name("value")?)));
    if let Some((field, name)) = first.and_then(|(f, value)| Some((f, written.plain(value)?))) {
        // The name is taken out, so that the lines and columns of the rest stay as they are.
        let (from, to) = (field.start_byte() - table.start_byte(), field.end_byte());
        let mut rest = written.text(table).to_string();
        let end = to - table.start_byte();
        let comma = rest[end..].chars().next().is_some_and(|c| matches!(c, ',' | ';'));
        let end = end + usize::from(comma);
        rest.replace_range(from..end, &" ".repeat(end - from));
        return Expression::Narrowed(name.to_string(), rest);
    }
    let mut names = Vec::new();
    fields_of(written, table, &mut names);
    Expression::Conditions(names)
}

fn of_call(written: &Written, call: Node) -> Expression {
    let Some(called) = call.child_by_field_name("name") else { return Expression::Unread };
    let arguments = call.child_by_field_name("arguments").map(children).unwrap_or_default();
    if called.kind() == "function_call" {
        let kind = called.child_by_field_name("name");
        return match kind.and_then(|kind| written.function_of_rap(kind)) {
            Some("population") if arguments.len() == 1 => {
                Expression::Population(written.text(arguments[0]).to_string())
            }
            Some(kind) => Expression::Other(kind.to_string()),
            None => Expression::Unread,
        };
    }
    match written.function_of_rap(called) {
        Some("either") => {
            let mut names = Vec::new();
            arguments.iter().for_each(|one| fields_of(written, *one, &mut names));
            Expression::Conditions(names)
        }
        Some(_) => Expression::Matcher,
        None => Expression::Unread,
    }
}

/// The names that conditions ask a record for, not those that they ask linked ones for.
fn fields_of(written: &Written, node: Node, names: &mut Vec<String>) {
    match node.kind() {
        "table_constructor" => {
            for field in children(node) {
                match (written.name_of_field(field), field.child_by_field_name("value")) {
                    (Some(name), _) => names.push(name.to_string()),
                    (None, Some(value)) => fields_of(written, value, names),
                    (None, None) => {}
                }
            }
        }
        "function_call" => {
            let arguments = node.child_by_field_name("arguments").map(children);
            let arguments = arguments.unwrap_or_default();
            arguments.iter().for_each(|one| fields_of(written, *one, names));
        }
        // A comparison, where a field was to be given: the script's slips tell of it.
        "binary_expression" => {
            let left = node.child_by_field_name("left").filter(|left| left.kind() == "identifier");
            names.extend(left.map(|left| written.text(left).to_string()));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conditions(names: &[&str]) -> Expression {
        Expression::Conditions(names.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn an_expression_is_known_by_its_text() {
        for (text, wanted) in [
            ("looked_after", Expression::Name("looked_after".into())),
            ("\"looked_after\"", Expression::Name("looked_after".into())),
            ("{ PLACE = \"K2\", child = { SEX = 1 } }", conditions(&["PLACE", "child"])),
            (
                "{ LS = \"C2\", rap.either({ PLACE = \"P1\" }, { DEC = 1 }) }",
                conditions(&["LS", "PLACE", "DEC"]),
            ),
            ("rap.either({ REC = \"E3\" }, function(e) return e.X end)", conditions(&["REC"])),
            (
                "{ \"looked_after\", PLACE = \"K2\" }",
                Expression::Narrowed(
                    "looked_after".into(),
                    "{                 PLACE = \"K2\" }".into(),
                ),
            ),
            (
                "{ from = \"episodes\", as_at = \"period_end\" }",
                Expression::Population("{ from = \"episodes\", as_at = \"period_end\" }".into()),
            ),
            (
                "rap.population \"x\" { from = \"episodes\" }",
                Expression::Population("{ from = \"episodes\" }".into()),
            ),
            (
                "function(episode: Episode, period) return true end",
                Expression::Function(Some("episode".into()), vec![]),
            ),
            (
                "function(e) return e.DEC ~= nil and e.child.SEX == \"1\" end",
                Expression::Function(Some("e".into()), vec!["DEC".into(), "child".into()]),
            ),
            ("function() return true end", Expression::Function(None, vec![])),
            ("{ PLACE == \"K2\" }", conditions(&["PLACE"])),
            ("rap.indicator \"x\" { title = \"X\" }", Expression::Other("indicator".into())),
            ("rap.within \"quarter\"", Expression::Matcher),
            ("rap.blank", Expression::Matcher),
            ("\"K2\"", Expression::Matcher),
            ("3", Expression::Matcher),
            ("{ PLACE = ", Expression::Unread),
            ("{ A = 1 } } rap.layout \"x\" { x = { 1 }", Expression::Unread),
            ("{ A = 1 } end", Expression::Unread),
        ] {
            assert_eq!(expression(text), wanted, "{text}");
        }
    }
}
