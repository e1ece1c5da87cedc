//! Loops in an order. Luau goes through a table whose keys are tables or functions by their
//! addresses, which differ from run to run: such a loop has to be seen before it runs.

use std::borrow::Cow;

use tree_sitter::Parser;

use super::written::walk;

/// The name of the function that what loops go through is handed to, and that gives it back.
pub const IN_ORDER: &str = "__in_order";

/// The script with every `for … in EXPRESSION do` asking [`IN_ORDER`] first. Lines stay as they
/// are.
pub fn in_order(text: &str) -> Cow<'_, str> {
    let mut parser = Parser::new();
    let readable = parser.set_language(&tree_sitter_luau::LANGUAGE.into()).is_ok();
    let Some(tree) = readable.then(|| parser.parse(text, None)).flatten() else {
        return Cow::Borrowed(text);
    };
    let clauses = walk(&tree).into_iter().filter(|(node, _)| node.kind() == "for_generic_clause");
    let ranges = clauses.filter_map(|(clause, _)| {
        let all = super::written::children(clause);
        all.into_iter().find(|part| part.kind() == "expression_list").map(|list| list.byte_range())
    });
    let mut marks: Vec<(usize, String)> = ranges
        .flat_map(|range| [(range.start, format!("{IN_ORDER}(")), (range.end, ")".to_string())])
        .collect();
    if marks.is_empty() {
        return Cow::Borrowed(text);
    }
    marks.sort_by_key(|(at, _)| *at);
    let (mut ordered, mut from) = (String::with_capacity(text.len() + 24 * marks.len()), 0);
    for (at, mark) in marks {
        ordered.push_str(&text[from..at]);
        ordered.push_str(&mark);
        from = at;
    }
    ordered.push_str(&text[from..]);
    Cow::Owned(ordered)
}
