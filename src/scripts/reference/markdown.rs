//! The reference as Markdown: the tables of `docs/scripts.md`, and a page of its own.

use super::laid_out::SHOWS;
use super::{Call, Field, Kind, calls, kinds};

/// A page with its tables renewed: what stands between `<!-- made: NAME -->` and `<!-- end -->`.
/// Beside it, names that the reference does not have.
pub fn refreshed(page: &str) -> (String, Vec<String>) {
    const BEGIN: &str = "<!-- made: ";
    const END: &str = "<!-- end -->";
    let (mut out, mut unknown) = (String::new(), Vec::new());
    let mut rest = page;
    while let Some(at) = rest.find(BEGIN) {
        let Some((name, after)) = rest[at + BEGIN.len()..].split_once(" -->") else { break };
        let Some((_, after)) = after.split_once(END) else { break };
        out.push_str(&rest[..at]);
        match table(name) {
            Some(table) => out.push_str(&format!("{BEGIN}{name} -->\n\n{table}\n{END}")),
            None => unknown.push(name.to_string()),
        }
        rest = after;
    }
    out.push_str(rest);
    (out, unknown)
}

/// A table by its name.
fn table(name: &str) -> Option<String> {
    match name {
        "declare" => Some(rows(
            ["", ""],
            super::calls::DECLARE.iter().map(|c| [c.example.to_string(), c.says.to_string()]),
        )),
        "conditions" => Some(conditions()),
        "show" => Some(shows()),
        _ => {
            let (kind, group) = kinds()
                .flat_map(|kind| kind.groups.iter().map(move |group| (kind, group)))
                .find(|(_, g)| g.mark == name)?;
            Some(fields(kind, group.fields))
        }
    }
}

fn rows<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut text = format!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(N));
    for row in rows {
        // A bar would end the cell.
        text.push_str(&format!("| {} |\n", row.map(|cell| cell.replace('|', "\\|")).join(" | ")));
    }
    text
}

fn fields(kind: &Kind, fields: &[Field]) -> String {
    let head = if kind.called.starts_with("rap.") {
        "field".to_string()
    } else {
        format!("field of {}", kind.called)
    };
    // Names of which the same is said stand in one row.
    let mut said_of: Vec<(Vec<String>, String)> = Vec::new();
    for field in fields {
        let (name, says) = (written(kind, field), said(kind, field));
        match said_of.last_mut().filter(|(_, last)| *last == says) {
            Some((names, _)) => names.push(name),
            None => said_of.push((vec![name], says)),
        }
    }
    rows([&head, ""], said_of.into_iter().map(|(names, says)| [names.join(", "), says]))
}

/// How a field is written: in bold where it must be there.
fn written(kind: &Kind, field: &Field) -> String {
    if kind.written {
        return if field.needed {
            format!("**`{}`**", field.name)
        } else {
            format!("`{}`", field.name)
        };
    }
    if !field.is_method() {
        return format!("`{}`", field.name);
    }
    let arguments = field
        .luau
        .split_once(')')
        .map_or("", |(arguments, _)| arguments.trim_start_matches("(self"));
    let names: Vec<&str> =
        arguments.split(", ").filter_map(|a| a.split_once(": ")).map(|(name, _)| name).collect();
    // As the examples call it.
    let whose = if kind.name == "Figure" { "f".to_string() } else { kind.name.to_lowercase() };
    format!("`{whose}:{}({})`", field.name, names.join(", "))
}

fn said(kind: &Kind, field: &Field) -> String {
    let mut text = field.says.to_string();
    if !field.usual.is_empty() {
        text.push_str(&format!("; {} if left out", field.usual));
    } else if !kind.written && !field.needed && !text.contains("`nil`") {
        text.push_str("; or `nil`");
    }
    text
}

fn conditions() -> String {
    let values = [
        [
            "`\"U1\"`, `17`",
            "that code, text or number; codes in any case. `true` is 1, `false` is 0",
            "all but dates",
        ],
        ["`{ \"U1\", \"U2\" }`", "one of these", "all but dates"],
    ];
    let made = super::calls::CONDITIONS
        .iter()
        .map(|call| [format!("`{}`", call.example), call.says.to_string(), call.suits.to_string()]);
    rows(
        ["write", "the field is", "for columns of"],
        values.map(|row| row.map(String::from)).into_iter().chain(made),
    )
}

/// Texts of scripts as a page shows them: `"a"`, `"b"`.
fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`\"{name}\"`")).collect::<Vec<_>>().join(", ")
}

/// A function of `rap`: how it is written, its type, and what it does.
fn call_row(call: &Call) -> [String; 3] {
    let example = match call.luau.contains(") -> (") {
        true => format!("rap.{} \"…\" …", call.name),
        false => call.example.to_string(),
    };
    [format!("`{example}`"), format!("`{}`", call.luau), without_links(call.says)]
}

/// A field of a table or value: how it is written, its type, and what it is.
fn field_row(kind: &Kind, field: &Field) -> [String; 3] {
    let must = if kind.written && field.needed { "*Must be there.* " } else { "" };
    let says = format!("{must}{}", without_links(&said(kind, field)));
    [written(kind, field), format!("`{}`", field.luau), says]
}

fn shows() -> String {
    rows(
        ["`show`", "of the indicator"],
        SHOWS.iter().map(|(names, says)| [quoted(names), (*says).to_string()]),
    )
}

/// The whole reference as a page: every function, every table, every value.
pub fn page() -> String {
    let mut text = String::from(
        "# Reference\n\nEverything that scripts can say and read.\n\n## Functions of `rap`\n\n",
    );
    text.push_str(&rows(["write", "type", ""], calls().map(call_row)));
    for (title, is_written) in [("What scripts write", true), ("What functions are handed", false)]
    {
        text.push_str(&format!("\n## {title}\n"));
        for kind in kinds().filter(|kind| kind.written == is_written) {
            text.push_str(&format!(
                "\n### {}\n\n`{}`. {}\n",
                heading(kind.called),
                kind.name,
                kind.says
            ));
            if !kind.example.is_empty() {
                text.push_str(&format!("\n```lua\n{}\n```\n", kind.example));
            }
            for group in kind.groups {
                if !group.heading.is_empty() {
                    text.push_str(&format!("\n{}:\n", group.heading));
                }
                let fields = group.fields.iter().map(|field| field_row(kind, field));
                text.push('\n');
                text.push_str(&rows(["field", "type", ""], fields));
            }
        }
    }
    text.push_str("\n### What a layout can show\n\n");
    text.push_str(&without_links(&shows()));
    text
}

fn heading(text: &str) -> String {
    // Code keeps its case.
    if text.starts_with("rap.") {
        return format!("`{text}`");
    }
    crate::nouns::words::capital(text)
}

/// A text in which links are the words alone.
pub fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let (before, after) = rest.split_at(at);
        let (Some(open), Some(close)) = (before.rfind('['), after.find(')')) else { break };
        out.push_str(&before[..open]);
        out.push_str(&before[open + 1..]);
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    out
}
