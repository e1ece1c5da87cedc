//! A declaration that stands by itself: its own lines, and those of the script that it leans on.

use std::collections::HashSet;

use tree_sitter::Node;

use super::written::{self, Written, children};
use crate::scripts::reference;

/// A part of a script that runs without the rest of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Its text.
    pub text: String,
    /// The shared files that it uses, by the names that it uses them by.
    pub uses: Vec<String>,
}

/// Whether a statement, which a comment is not, stands on a line.
fn covers(node: Node, row: usize) -> bool {
    let rows = node.start_position().row..=node.end_position().row;
    node.kind() != "comment" && rows.contains(&row)
}

/// What declares something of a name on a line of a script, and what of the script it leans on;
/// none where no statement stands there.
pub fn standing(text: &str, line: u32, name: &str) -> Option<Standing> {
    let tree = written::read(text)?;
    let written = Written::new(text, &tree);
    let all: Vec<Node> = children(tree.root_node());
    let row = line.checked_sub(1)? as usize;
    let target = all.iter().position(|node| covers(*node, row))?;
    let mut kept = calls_of(&written, &all, target, name);
    kept.reverse();
    let mut needed: HashSet<&str> = kept.iter().flat_map(|at| names(&written, all[*at])).collect();
    // From the last to the first: what a statement leans on stands above it.
    for at in (0..*kept.last()?).rev().filter(|at| all[*at].kind() != "comment") {
        let statement = all[at];
        let gives = given(&written, statement);
        let wanted = match gives.is_empty() {
            false => gives.iter().any(|name| needed.contains(name)),
            // A loop, or a call, that may fill a table.
            true => {
                !declares(&written, statement)
                    && names(&written, statement)
                        .iter()
                        .any(|name| written.declares(name) && needed.contains(name))
            }
        };
        if wanted {
            needed.extend(names(&written, statement));
            kept.push(at);
        }
    }
    kept.reverse();
    let mut text_of = String::new();
    let mut last_end = None;
    for at in &kept {
        let (first, end) = (first_comment(text, &all, *at), all[*at].end_position().row);
        let follows = last_end.is_some_and(|last| first == last + 1);
        if !text_of.is_empty() && !follows {
            text_of.push('\n');
        }
        let lines = text.lines().skip(first).take(end - first + 1);
        lines.for_each(|line| text_of.extend([line, "\n"]));
        last_end = Some(end);
    }
    let uses = kept.iter().flat_map(|at| used(&written, all[*at])).collect();
    Some(Standing { text: text_of, uses })
}

/// Whether a statement has a plain text in it that is this one.
fn says(written: &Written, statement: Node, text: &str) -> bool {
    inside(statement).into_iter().any(|node| written.plain(node) == Some(text))
}

/// The statement that declares; of a function, those that call it with the name, or all that do
/// where the name is made up.
fn calls_of<'t>(written: &Written<'t>, all: &[Node<'t>], target: usize, name: &str) -> Vec<usize> {
    let gives = given(written, all[target]);
    if gives.is_empty() {
        return vec![target];
    }
    let calls =
        |at: &usize| all[*at].kind() != "comment" && !names(written, all[*at]).is_disjoint(&gives);
    let called: Vec<usize> = (target + 1..all.len()).filter(calls).collect();
    let named = |at: &usize| says(written, all[*at], name);
    let by_name: Vec<usize> = called.iter().copied().filter(named).collect();
    match (by_name.is_empty(), called.is_empty()) {
        (false, _) => by_name,
        (true, false) => called,
        (true, true) => vec![target],
    }
}

/// The shared files that a script uses.
pub fn uses(text: &str) -> Vec<String> {
    let Some(tree) = written::read(text) else { return Vec::new() };
    used(&Written::new(text, &tree), tree.root_node())
}

/// How many things a script declares, as far as its text shows: a call in a loop is one.
pub fn declarations(text: &str) -> usize {
    let Some(tree) = written::read(text) else { return 0 };
    let written = Written::new(text, &tree);
    written.nodes().iter().filter(|(node, _)| is_declaration(&written, *node)).count()
}

/// The row of the first of the comments right above a statement.
fn first_comment(text: &str, all: &[Node], at: usize) -> usize {
    let mut first = all[at].start_position().row;
    for before in all[..at].iter().rev() {
        let directly = before.end_position().row + 1 == first;
        let start = before.start_position();
        let line = text.lines().nth(start.row).unwrap_or_default();
        // What stands behind other code belongs to that.
        let alone = line.get(..start.column).is_some_and(|before| before.trim().is_empty());
        if before.kind() != "comment" || !directly || !alone {
            break;
        }
        first = before.start_position().row;
    }
    first
}

/// Every node of one.
fn inside<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut all = Vec::new();
    let mut left = vec![node];
    while let Some(node) = left.pop() {
        all.push(node);
        left.extend(children(node));
    }
    all
}

/// The names that stand in a part of a script.
fn names<'t>(written: &Written<'t>, node: Node<'t>) -> HashSet<&'t str> {
    let all = inside(node).into_iter().filter(|node| node.kind() == "identifier");
    all.map(|node| written.text(node)).collect()
}

/// The names that a statement gives something; none where it is no more than a call or a loop.
fn given<'t>(written: &Written<'t>, statement: Node<'t>) -> HashSet<&'t str> {
    let names = match statement.kind() {
        "function_declaration" => statement.child_by_field_name("name").into_iter().collect(),
        "variable_declaration" | "assignment_statement" | "update_statement" => {
            let lists = inside(statement).into_iter().filter(|n| n.kind() == "variable_list");
            // Those inside a function that is given are its own.
            lists.take(1).flat_map(children).collect()
        }
        "type_definition" => children(statement).into_iter().take(1).collect(),
        _ => Vec::new(),
    };
    names.into_iter().filter_map(|name| first_name(written, name)).collect()
}

/// The name that a longer one begins with: `shared` of `shared.days`.
fn first_name<'t>(written: &Written<'t>, mut name: Node<'t>) -> Option<&'t str> {
    while name.kind() != "identifier" {
        name = name.named_child(0)?;
    }
    Some(written.text(name))
}

fn is_declaration(written: &Written, node: Node) -> bool {
    let called = node.child_by_field_name("name").filter(|_| node.kind() == "function_call");
    let name = called.and_then(|called| written.function_of_rap(called));
    name.is_some_and(|name| reference::calls().any(|call| call.name == name && call.declares()))
}

/// Whether a statement declares something, or calls a function of the script that does.
fn declares(written: &Written, statement: Node) -> bool {
    let by_itself = |node: Node| inside(node).into_iter().any(|n| is_declaration(written, n));
    let named = names(written, statement);
    by_itself(statement) || named.iter().filter_map(|name| written.value_of(name)).any(by_itself)
}

/// The names that a part of a script uses shared files by.
fn used(written: &Written, part: Node) -> Vec<String> {
    let mut all = inside(part);
    all.sort_by_key(|node| node.start_byte());
    let calls = all.into_iter().filter(|node| node.kind() == "function_call");
    let mut found: Vec<String> = Vec::new();
    for used in calls.filter_map(|call| used_by(written, call)) {
        if !found.iter().any(|known| known == used) {
            found.push(used.to_string());
        }
    }
    found
}

/// The name that a call of `rap.use` uses a shared file by.
fn used_by<'t>(written: &Written<'t>, call: Node) -> Option<&'t str> {
    let called = call.child_by_field_name("name")?;
    written.first_text(call).filter(|_| written.function_of_rap(called) == Some("use"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_takes_with_it_what_it_leans_on() {
        let text = "\
-- The whole file.
local blocks = rap.use \"blocks\"
local other = rap.use \"other\"

-- Far away.
local FAR = 20 -- miles
local NEAR = 5
local CODES = { \"A\" }
table.insert(CODES, \"B\")
local function far(e)
  local here = 1
  return e.MILES > FAR + here
end

rap.population \"near\" { from = \"x\", where = { MILES = NEAR } }

-- Those who are.
rap.indicator \"far_n\" {
  title = blocks.title \"Far\", numerator = { far, KIND = CODES },
}

rap.indicator \"near_n\" { numerator = \"near\" }
";
        let found = standing(text, 19, "far_n").expect("a declaration");
        assert_eq!(found.uses, ["blocks"]);
        assert_eq!(
            found.text,
            "\
-- The whole file.
local blocks = rap.use \"blocks\"

-- Far away.
local FAR = 20 -- miles

local CODES = { \"A\" }
table.insert(CODES, \"B\")
local function far(e)
  local here = 1
  return e.MILES > FAR + here
end

-- Those who are.
rap.indicator \"far_n\" {
  title = blocks.title \"Far\", numerator = { far, KIND = CODES },
}
"
        );
        assert_eq!(declarations(text), 3);
    }

    #[test]
    fn a_function_that_declares_is_called() {
        let text = "local function of(code)\n  rap.indicator(code) { title = \"T\" \
                    }\nend\nof(\"a\")\nof(\"b\")\n";
        let found = standing(text, 2, "b").expect("a call").text;
        assert!(found.contains("local function of") && found.ends_with("of(\"b\")\n"), "{found}");
        assert!(!found.contains("of(\"a\")"), "{found}");
    }

    #[test]
    fn a_loop_goes_with_what_it_declares() {
        let text = "local AGES = { 17, 18 }\nfor _, age in AGES do\n  rap.indicator(`n_{age}`) \
                    { title = `{age}` }\nend\n";
        assert_eq!(standing(text, 3, "n_17").expect("a loop").text, text);
    }
}
