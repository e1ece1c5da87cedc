//! What stands in a script, as its text shows it: nothing is run.

use tree_sitter::Node;

use super::written::{self, Written, children};
use crate::scripts::reference;

/// What stands in a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// What it declares: the kind, the name where it is written out, the line.
    pub declares: Vec<(String, Option<String>, u32)>,
    /// What it changes of what others declare.
    pub changes: Vec<(String, String, u32)>,
    /// Names that scripts have not: files, clocks, other code.
    pub outside: Vec<(String, u32)>,
    /// The functions that it has.
    pub functions: usize,
    /// Loops that have no end of their own.
    pub endless: Vec<u32>,
    /// Whether it can be read at all.
    pub readable: bool,
}

/// What stands in a script. `absent` are the names that scripts have not.
pub fn contents(text: &str, absent: &[&str]) -> Contents {
    let Some(tree) = written::read(text) else { return Contents::default() };
    let written = Written::new(text, &tree);
    let mut found = Contents { readable: true, ..Contents::default() };
    for (node, inside) in written.nodes() {
        let line = node.start_position().row as u32 + 1;
        match node.kind() {
            "function_call" => found.call(&written, node, line),
            "function_definition" | "function_declaration" => found.functions += 1,
            "while_statement" if always(&written, node) => found.endless.push(line),
            "identifier" => {
                let name = written.text(node);
                let of_table = inside.is_some_and(|above| {
                    above.kind() == "dot_index_expression"
                        && above.child_by_field_name("field") == Some(node)
                        || above.kind() == "field"
                            && above.child_by_field_name("name") == Some(node)
                });
                if absent.contains(&name) && !of_table && !written.declares(name) {
                    found.outside.push((name.to_string(), line));
                }
            }
            _ => {}
        }
    }
    found
}

impl Contents {
    fn call(&mut self, written: &Written, call: Node, line: u32) {
        let Some(called) = call.child_by_field_name("name") else { return };
        let argument = |call: Node| written.first_text(call).map(String::from);
        if let Some(kind) = written.function_of_rap(called) {
            let declares = reference::calls().any(|call| call.name == kind && call.declares());
            if declares && kind != "change" {
                self.declares.push((kind.to_string(), argument(call), line));
            }
            return;
        }
        let first = called.child_by_field_name("name").filter(|_| called.kind() == "function_call");
        if first.and_then(|first| written.function_of_rap(first)) == Some("change") {
            let unknown = || "a name that it makes up".to_string();
            let kind = argument(called).unwrap_or_else(|| "something".to_string());
            self.changes.push((kind, argument(call).unwrap_or_else(unknown), line));
        }
    }
}

/// `while true do` without a `break` or a `return` in it.
fn always(written: &Written, node: Node) -> bool {
    let condition = node.child_by_field_name("condition");
    let mut left = children(node);
    while let Some(inner) = left.pop() {
        match inner.kind() {
            "break_statement" | "return_statement" => return false,
            _ => left.extend(children(inner)),
        }
    }
    condition.is_some_and(|condition| written.text(condition) == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_script_is_read_from_its_text() {
        let text = "\
local code = os.getenv(\"HOME\")
rap.indicator \"a\" { title = io, os = 1, numerator = function(e) return e.os end }
for i = 1, 2 do rap.list(`l{i}`) {} end
rap.change \"indicator\" \"pl3_pct\" { target = 1 }
while true do end
";
        let found = contents(text, &["os", "io"]);
        let named =
            |kind: &str, name: Option<&str>, line| (kind.into(), name.map(Into::into), line);
        assert_eq!(found.declares, [named("indicator", Some("a"), 2), named("list", None, 3)]);
        assert_eq!(found.changes, [("indicator".into(), "pl3_pct".into(), 4)]);
        assert_eq!(found.outside, [("os".into(), 1), ("io".into(), 2)]);
        assert_eq!((found.functions, found.endless, found.readable), (1, vec![5], true));
    }
}
