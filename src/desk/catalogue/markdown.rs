//! The catalogue as Markdown.

use std::fmt::Write;

use super::facts::{self, Piece, anchor};
use super::{Catalogue, Entry};

/// The page.
pub fn page(catalogue: &Catalogue) -> String {
    let mut text = format!(
        "# {}\n\nWhat each one means, how it is counted, what it is held against and where it is \
         shown. Made from the \
         scripts: no figure of a return is here.\n\n## Contents\n",
        plain(&catalogue.title())
    );
    for (theme, entries) in &catalogue.themes {
        let _ = write!(text, "\n{}\n\n", plain(theme));
        for entry in entries {
            let (code, title) = (&entry.indicator.code, &entry.indicator.title);
            let _ = writeln!(text, "- [{}](#{}) `{code}`", plain(title), anchor("indicator", code));
        }
    }
    for (theme, entries) in &catalogue.themes {
        let _ = write!(text, "\n## {}\n", plain(theme));
        entries.iter().for_each(|entry| indicator(&mut text, entry));
    }
    text.push_str("\n## Populations\n");
    for (population, codes) in &catalogue.populations {
        let _ = write!(
            text,
            "\n<a id=\"{}\"></a>\n\n### `{}`\n\n{}.\n\nUsed by {}. Declared at `{}`.\n",
            anchor("population", &population.name),
            population.name,
            plain(&population.to_string()),
            said(&facts::links("indicator", codes.iter().copied())),
            population.place
        );
    }
    text.push_str("\n## Lists of the return\n");
    for (list, codes) in &catalogue.lists {
        let _ = write!(
            text,
            "\n<a id=\"{}\"></a>\n\n### {} `{}`\n\nUsed by {}. Declared at `{}`.\n\n| column | \
             holds |\n|---|---|\n",
            anchor("list", &list.name),
            plain(&list.title),
            list.name,
            said(&facts::links("indicator", codes.iter().copied())),
            list.place
        );
        for column in &list.columns {
            let _ = writeln!(text, "| `{}` | {} |", column.name, column.kind.expected());
        }
    }
    text
}

fn indicator(text: &mut String, entry: &Entry) {
    let i = entry.indicator;
    let _ = write!(
        text,
        "\n<a id=\"{}\"></a>\n\n### {} `{}`\n\n",
        anchor("indicator", &i.code),
        plain(&i.title),
        i.code
    );
    if !i.definition.is_empty() {
        let _ = write!(text, "{}\n\n", plain(&i.definition));
    }
    for (label, lines) in facts::of(entry) {
        let lines: Vec<String> = lines.iter().map(|line| said(line)).collect();
        let _ = writeln!(text, "- **{label}**: {}", lines.join("; "));
    }
    if let Some(code) = &entry.code {
        let _ = write!(text, "\n```lua\n{code}\n```\n");
    }
}

fn said(pieces: &[Piece]) -> String {
    let written = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => plain(text),
        Piece::Code(code) => format!("`{code}`"),
        Piece::Link(name, to) => format!("[`{name}`](#{to})"),
    });
    written.collect()
}

/// Words in which nothing is a mark of Markdown.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#') {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}
