//! A script's text as a tree, and what its names stand for.

use std::collections::HashMap;

use tree_sitter::{Node, Parser, Tree};

/// Reads a script; nothing where it is not whole, or is newer Luau than the grammar knows.
pub fn read(text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_luau::LANGUAGE.into()).ok()?;
    let tree = parser.parse(text, None)?;
    (!tree.root_node().has_error()).then_some(tree)
}

/// A script that was read.
pub struct Written<'t> {
    text: &'t str,
    tree: &'t Tree,
    /// What each name of the script was given, wherever it was; nothing where only a run can tell.
    given: HashMap<&'t str, Vec<Option<Node<'t>>>>,
}

impl<'t> Written<'t> {
    /// A script's text and its tree.
    pub fn new(text: &'t str, tree: &'t Tree) -> Written<'t> {
        let mut written = Written { text, tree, given: HashMap::new() };
        for (node, _) in written.nodes() {
            written.note_names(node);
        }
        written
    }

    /// Every node, with the one that it stands in; wholes first.
    pub fn nodes(&self) -> Vec<(Node<'t>, Option<Node<'t>>)> {
        walk(self.tree)
    }

    fn note_names(&mut self, node: Node<'t>) {
        let names = |list: Option<Node<'t>>| list.map(children).unwrap_or_default();
        match node.kind() {
            "parameter" => self.note(node.named_child(0), None),
            "function_declaration" => self.note(node.child_by_field_name("name"), Some(node)),
            "for_numeric_clause" => self.note(node.child_by_field_name("name"), None),
            "for_generic_clause" => {
                names(first(node, "variable_list"))
                    .into_iter()
                    .for_each(|n| self.note(Some(n), None));
            }
            "variable_declaration" => {
                let bare = first(node, "variable_list");
                names(bare).into_iter().for_each(|name| self.note(Some(name), None));
            }
            "assignment_statement" => {
                let values = names(first(node, "expression_list"));
                let left = names(first(node, "variable_list"));
                for (at, name) in left.iter().enumerate() {
                    let value = values.get(at).filter(|_| values.len() == left.len());
                    self.note(Some(*name), value.copied());
                }
            }
            "update_statement" => self.note(node.named_child(0), None),
            _ => {}
        }
    }

    fn note(&mut self, name: Option<Node<'t>>, value: Option<Node<'t>>) {
        if let Some(name) = name.filter(|name| name.kind() == "identifier") {
            self.given.entry(self.text(name)).or_default().push(value);
        }
    }

    /// What stands in the script there.
    pub fn text(&self, node: Node) -> &'t str {
        &self.text[node.byte_range()]
    }

    /// What stands between the quotation marks of a plain text.
    pub fn plain(&self, node: Node) -> Option<&'t str> {
        if node.kind() != "string" {
            return None;
        }
        let text = self.text(node);
        let inside = text.strip_prefix(['"', '\''])?.strip_suffix(['"', '\''])?;
        (!inside.contains('\\')).then_some(inside)
    }

    /// The plain text that a call is given first: the name of `rap.list "episodes"`.
    pub fn first_text(&self, call: Node) -> Option<&'t str> {
        let given = children(call.child_by_field_name("arguments")?);
        self.plain(*given.first()?)
    }

    /// Whether the script gives something of its own this name.
    pub fn declares(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// What a name stands for, where it is only ever given one thing.
    pub fn value_of(&self, name: &str) -> Option<Node<'t>> {
        match self.given.get(name)?.as_slice() {
            [only] => *only,
            _ => None,
        }
    }

    /// All that a name is given, where all of it can be told.
    pub fn values_of(&self, name: &str) -> Option<Vec<Node<'t>>> {
        self.given.get(name)?.iter().copied().collect()
    }

    /// The name of a table's field: `a = …`, or `["a"] = …`.
    pub fn name_of_field(&self, field: Node) -> Option<&'t str> {
        let name = field.child_by_field_name("name")?;
        match name.kind() {
            "identifier" => Some(self.text(name)).filter(|_| !self.text(field).starts_with('[')),
            _ => self.plain(name),
        }
    }

    /// The function of `rap` that is called: `rap.at_least`.
    pub fn function_of_rap(&self, called: Node) -> Option<&'t str> {
        let table = called
            .child_by_field_name("table")
            .filter(|_| called.kind() == "dot_index_expression")?;
        let field = called.child_by_field_name("field")?;
        (self.text(table) == "rap").then(|| self.text(field))
    }
}

/// Every node that has a name in the grammar, with the one that it stands in; wholes first. A
/// script may nest as deep as it likes: nothing here goes as deep as it does.
pub fn walk(tree: &Tree) -> Vec<(Node<'_>, Option<Node<'_>>)> {
    let mut cursor = tree.walk();
    let (mut all, mut above) = (Vec::new(), Vec::new());
    loop {
        let node = cursor.node();
        if node.is_named() {
            all.push((node, above.last().copied()));
        }
        if cursor.goto_first_child() {
            above.push(node);
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return all;
            }
            above.pop();
        }
    }
}

/// The named parts of a node.
pub fn children(node: Node<'_>) -> Vec<Node<'_>> {
    node.named_children(&mut node.walk()).collect()
}

/// The first part of a kind.
fn first<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    children(node).into_iter().find(|child| child.kind() == kind)
}

/// The sign between the sides of a binary expression; empty for everything else.
pub fn operator(node: Node) -> &'static str {
    let mut parts = (0..node.child_count()).filter_map(|at| node.child(at as u32));
    let sign = parts.find(|part| !part.is_named()).map_or("", |part| part.kind());
    if node.kind() == "binary_expression" { sign } else { "" }
}

/// A side of a binary expression, without brackets round it.
pub fn side<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    let mut side = node.child_by_field_name(name)?;
    while side.kind() == "parenthesized_expression" {
        side = side.named_child(0)?;
    }
    Some(side)
}

/// Whether an expression is neither nil nor false, whatever the run.
pub fn always_true(node: Node) -> bool {
    matches!(
        node.kind(),
        "string" | "number" | "true" | "table_constructor" | "function_definition"
    )
}

/// Whether a function has no `return` with something behind it.
pub fn gives_nothing(function: Node) -> bool {
    let mut left = children(function);
    while let Some(node) = left.pop() {
        match node.kind() {
            "return_statement" if node.named_child_count() > 0 => return false,
            // An error ends a function as well.
            "function_definition" | "function_declaration" => {}
            _ => left.extend(children(node)),
        }
    }
    true
}
