//! Slips: what stands in a script and Luau passes over in silence, so that a wrong figure would be
//! printed. They are found in the script's text, before a row is counted. What Luau refuses, but in
//! words that no analyst knows, is told here too (`misspelt`).

mod columns;
mod contents;
mod expression;
mod loops;
mod misspelt;
mod standing;
mod tables;
mod written;

pub use contents::{Contents, contents};
pub use expression::{Expression, GIVES, expression};
pub use loops::{IN_ORDER, in_order};
pub use misspelt::misspelt;
pub use standing::{Standing, declarations, standing, uses};

use std::collections::HashSet;

use tree_sitter::Node;

use crate::definitions::Declarations;
use crate::nouns::problem::{Place, Problem};
use crate::scripts::reference;
use columns::Columns;
use written::{Written, always_true, children, gives_nothing, operator, side};

/// A slip: where it is, what is wrong, and what to write.
struct Slip {
    row: usize,
    message: String,
    hint: String,
}

impl Slip {
    fn at(node: Node, message: impl Into<String>, hint: impl Into<String>) -> Slip {
        Slip { row: node.start_position().row, message: message.into(), hint: hint.into() }
    }

    /// The problem that it is of its file.
    fn in_file(self, file: &str) -> Problem {
        Problem::script(Place::line(file, self.row as u32 + 1), self.message).hint(self.hint)
    }
}

/// Every slip of a script that Luau can read. Lists tell which columns there are and what they
/// hold.
pub fn of(file: &str, text: &str, declared: &Declarations) -> Vec<Problem> {
    let Some(tree) = written::read(text) else { return Vec::new() };
    let written = Written::new(text, &tree);
    let columns = Columns::of(declared);
    let mut slips: Vec<Slip> = Vec::new();
    for (node, inside) in written.nodes() {
        match node.kind() {
            "table_constructor" => slips.extend(field_written_again(&written, node)),
            "field" => {
                slips.extend(comparison_as_field(&written, node));
                slips.extend(tables::asked_for_what_is_not_there(&written, node));
            }
            "binary_expression" => {
                slips.extend(alternatives_of_constants(&written, node));
                slips.extend(negated_side(&written, node));
                slips.extend(columns.compared(&written, node));
            }
            "bracket_index_expression" => slips.extend(columns.looked_up(&written, node)),
            "function_call" => {
                slips.extend(columns.found(&written, node));
                slips.extend(result_of_no_use(&written, node, inside));
                slips.extend(functions_that_give_nothing(&written, node));
            }
            _ => {}
        }
    }
    slips.sort_by_key(|slip| slip.row);
    slips.dedup_by(|a, b| a.row == b.row && a.message == b.message);
    slips.into_iter().map(|slip| slip.in_file(file)).collect()
}

/// What stands on a line of a script for everybody to read.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// The names that are written there.
    pub names: HashSet<String>,
    /// The constant texts that `error`, `assert` or `print` is given there.
    pub said: HashSet<String>,
}

/// The words of a line, from 1.
pub fn words(text: &str, line: u32) -> Words {
    let mut words = Words::default();
    let Some(tree) = written::read(text) else { return words };
    let written = Written::new(text, &tree);
    for (node, _) in written.nodes() {
        if node.start_position().row + 1 != line as usize {
            continue;
        }
        if node.kind() == "identifier" {
            words.names.insert(written.text(node).to_string());
        }
        let called = node.child_by_field_name("name").filter(|_| node.kind() == "function_call");
        if called.is_some_and(|name| matches!(written.text(name), "error" | "assert" | "print")) {
            let given = node.child_by_field_name("arguments").map(children).unwrap_or_default();
            let texts = given.iter().filter_map(|given| written.plain(*given));
            words.said.extend(texts.map(String::from));
        }
    }
    words
}

/// `{ PLACE = "U1", PLACE = "U2" }`: the second takes the first one's place.
fn field_written_again(written: &Written, table: Node) -> Vec<Slip> {
    let mut names = HashSet::new();
    let mut slips = Vec::new();
    for field in children(table) {
        let Some(name) = written.name_of_field(field) else { continue };
        if !names.insert(name) {
            let declares =
                reference::kinds().any(|kind| kind.written && kind.field(name).is_some());
            let hint = match declares {
                true => "take one of them away".to_string(),
                false => format!(
                    "both must hold: write one condition, as with rap.between, or put the second \
                     into a table of its own: {{ {name} = … }}"
                ),
            };
            let message =
                format!("`{name}` stands twice in one table: only the second would count");
            slips.push(Slip::at(field, message, hint));
        }
    }
    slips
}

/// `{ PLACE == "U1" }`: a comparison, where a field was to be given.
fn comparison_as_field(written: &Written, field: Node) -> Option<Slip> {
    let value = field.child_by_field_name("value")?;
    let unnamed = field.child_by_field_name("name").is_none();
    if !unnamed || value.kind() != "binary_expression" {
        return None;
    }
    let sign = operator(value);
    let left = value.child_by_field_name("left").filter(|left| left.kind() == "identifier")?;
    let name = written.text(left);
    if !matches!(sign, "==" | "~=") || written.declares(name) {
        return None;
    }
    let right = value.child_by_field_name("right").map_or("…", |right| written.text(right));
    let hint = match sign {
        "==" => format!("a field of a table is given with one equals sign: {name} = {right}"),
        _ => format!("write  {name} = rap.none_of {{ {right} }}"),
    };
    Some(Slip::at(field, format!("`{name} {sign} …` is a comparison, and not a field"), hint))
}

/// `"C1" or "C2"` is `"C1"`; `r.LS == "C1" or "C2"` is always true.
fn alternatives_of_constants(written: &Written, node: Node) -> Option<Slip> {
    let sign = operator(node);
    let (left, right) = (side(node, "left")?, side(node, "right")?);
    let compares = left.kind() == "binary_expression"
        && matches!(operator(left), "==" | "~=" | "<" | ">" | "<=" | ">=");
    let (one, other) = (written.text(left), written.text(right));
    let texts = |node: Node| matches!(node.kind(), "string" | "number");
    if matches!(sign, "or" | "and") && always_true(left) {
        let kept = if sign == "or" { one } else { other };
        let hint = match texts(left) && texts(right) {
            true => format!("one of several is written as a table: {{ {one}, {other} }}"),
            false => "take away what does not count".to_string(),
        };
        return Some(Slip::at(
            node,
            format!("`{sign}` stands between two values, of which only {} counts", short(kept)),
            hint,
        ));
    }
    if sign == "or" && compares && texts(right) {
        let asked = side(left, "left").map_or("…", |asked| written.text(asked));
        let compared = operator(left);
        return Some(Slip::at(
            node,
            format!("`or {other}` is always true: nothing is compared with it"),
            format!("ask again behind it: {one} or {asked} {compared} {other}"),
        ));
    }
    None
}

/// `not r.LS == "C1"` compares true or false with a text.
fn negated_side(written: &Written, node: Node) -> Option<Slip> {
    let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
    let negated = left.kind() == "unary_expression" && written.text(left).starts_with("not");
    let compares = matches!(operator(node), "==" | "~=");
    if !negated || !compares || !matches!(right.kind(), "string" | "number") {
        return None;
    }
    let operand =
        left.child_by_field_name("operand").map_or("…", |operand| written.text(operand));
    Some(Slip::at(
        node,
        "`not` belongs to what stands right behind it, so that true or false is compared here",
        format!("write  {operand} ~= {}", written.text(right)),
    ))
}

/// A call that stands alone although all it does is give something: `rap.indicator "x"` without its
/// table, `rap.at_least(3)`, `day:plus_days(3)`.
fn result_of_no_use(written: &Written, call: Node, inside: Option<Node>) -> Option<Slip> {
    if !matches!(inside?.kind(), "chunk" | "block") {
        return None;
    }
    let called = call.child_by_field_name("name")?;
    if called.kind() == "method_index_expression" {
        let method = written.text(called.child_by_field_name("method")?);
        let known = reference::kinds()
            .filter(|kind| !kind.written)
            .any(|kind| kind.field(method).is_some_and(reference::Field::is_method));
        return known.then(|| {
            Slip::at(
                call,
                format!("what `:{method}()` gives is not used"),
                "it changes nothing: give what comes of it a name, or return it",
            )
        });
    }
    if called.kind() == "function_call" {
        let first = written.function_of_rap(called.child_by_field_name("name")?)?;
        let given = children(call.child_by_field_name("arguments")?);
        let unfinished = first == "change" && given.first().is_some_and(|n| n.kind() == "string");
        return unfinished.then(|| change_of_nothing(call, written.text(call)));
    }
    let name = written.function_of_rap(called)?;
    let about = reference::calls().find(|about| about.name == name && name != "use")?;
    if name == "change" {
        return Some(change_of_nothing(call, "rap.change \"indicator\" \"pl3_pct\""));
    }
    if about.declares() {
        let given = children(call.child_by_field_name("arguments")?);
        // Another name than a text is refused when the script is run.
        let named = written.text(*given.first().filter(|name| name.kind() == "string")?);
        let follows = if name == "commentary" { "(function(f) return … end)" } else { "{ … }" };
        return Some(Slip::at(
            call,
            format!(
                "`rap.{name}` declares nothing here: what it is about does not follow its name"
            ),
            format!("write  rap.{name} {named} {follows}"),
        ));
    }
    Some(Slip::at(
        call,
        format!("what `rap.{name}` gives is not used"),
        format!("it stands behind a field, as in  FIELD = {}", about.example),
    ))
}

fn change_of_nothing(call: Node, written: &str) -> Slip {
    Slip::at(
        call,
        "`rap.change` changes nothing here: what is to be otherwise does not follow the name",
        format!("write  {written} {{ title = \"…\" }}"),
    )
}

/// Functions that a declaration is given, without a `return` that gives anything.
fn functions_that_give_nothing(written: &Written, call: Node) -> Vec<Slip> {
    let declares = call.child_by_field_name("name").and_then(|mut called| {
        // rap.indicator "x" { … }, and rap.change "indicator" "x" { … }
        while called.kind() == "function_call" {
            called = called.child_by_field_name("name")?;
        }
        let name = written.function_of_rap(called)?;
        reference::calls().find(|about| about.name == name)
    });
    let (Some(_), Some(given)) = (declares, call.child_by_field_name("arguments")) else {
        return Vec::new();
    };
    let mut slips = Vec::new();
    let mut left = vec![given];
    while let Some(node) = left.pop() {
        match node.kind() {
            "function_definition" if gives_nothing(node) => slips.push(without_return(node)),
            "identifier" => {
                let function = written.value_of(written.text(node));
                let function = function.filter(|f| f.kind().starts_with("function_d"));
                slips.extend(function.filter(|f| gives_nothing(*f)).map(without_return));
            }
            "field" => left.extend(node.child_by_field_name("value")),
            "function_call" => left.extend(node.child_by_field_name("arguments")),
            "arguments" | "table_constructor" | "parenthesized_expression" => {
                left.extend(children(node));
            }
            // What a function of the script's own does inside is its own affair.
            _ => {}
        }
    }
    slips
}

fn without_return(function: Node) -> Slip {
    Slip::at(
        function,
        "the function gives nothing: it has no `return`",
        "end it with what it found, such as  return e.PLACE == \"U1\"",
    )
}

/// A piece of a script, short enough for a message.
fn short(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    match first.char_indices().nth(40) {
        Some((at, _)) => format!("`{}…`", &first[..at]),
        None if first.len() < text.len() => format!("`{first} …`"),
        None => format!("`{first}`"),
    }
}
