//! The catalogue as one web page.

use std::fmt::Write;

use super::facts::{self, Piece, anchor};
use super::{Catalogue, Entry};
use crate::definitions::{ColumnType, List};
use crate::nouns::page::{escaped, table, whole_page};
use crate::nouns::words::capital;

/// The page.
pub fn page(catalogue: &Catalogue) -> String {
    let title = catalogue.title();
    let mut body = format!(
        "<a class=\"skip\" href=\"#catalogue\">Skip to the catalogue</a>\n<header class=\"tall\">\n<h1>{}</h1>\n\
         <p>What each one means, how it is counted, what it is held against and where it is shown. Made from the \
         scripts: no figure of a return is here.</p>\n</header>\n\
         <nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n",
        escaped(&title)
    );
    for (theme, entries) in &catalogue.themes {
        let item = |e: &Entry| {
            let code = escaped(&e.indicator.code).into_owned();
            format!(
                "<li><a href=\"#{}\">{}</a> <code>{code}</code></li>\n",
                anchor("indicator", &code),
                escaped(&e.indicator.title)
            )
        };
        let items: String = entries.iter().map(item).collect();
        let _ = write!(body, "<h3>{}</h3>\n<ul>\n{items}</ul>\n", escaped(theme));
    }
    body.push_str("<p><a href=\"#populations\">Populations</a>, <a href=\"#lists\">lists of the return</a></p>\n</nav>\n<main id=\"catalogue\" class=\"tall\">\n");
    for (theme, entries) in &catalogue.themes {
        let _ = writeln!(body, "<section>\n<h2>{}</h2>", escaped(theme));
        entries.iter().for_each(|entry| indicator(&mut body, entry));
        body.push_str("</section>\n");
    }
    body.push_str("<section>\n<h2 id=\"populations\">Populations</h2>\n");
    for (population, codes) in &catalogue.populations {
        let _ = writeln!(
            body,
            "<article id=\"{}\">\n<h3><code>{}</code></h3>\n<p>{}.</p>\n<p>Used by {}. Declared at <code>{}</code>.</p>\n</article>",
            anchor("population", &population.name),
            escaped(&population.name),
            escaped(&capital(&population.to_string())),
            said(&facts::links("indicator", codes.iter().copied())),
            escaped(&population.place.to_string()),
        );
    }
    body.push_str("</section>\n<section>\n<h2 id=\"lists\">Lists of the return</h2>\n");
    catalogue.lists.iter().for_each(|(l, codes)| list(&mut body, l, codes));
    body.push_str("</section>\n</main>\n");
    whole_page(&title, &[("generator", "Rapporteur")], &body)
}

fn indicator(body: &mut String, entry: &Entry) {
    let i = entry.indicator;
    let _ = write!(
        body,
        "<article id=\"{}\">\n<h3>{} <code>{}</code></h3>\n",
        anchor("indicator", &i.code),
        escaped(&i.title),
        escaped(&i.code)
    );
    if !i.definition.is_empty() {
        let _ = writeln!(body, "<p>{}</p>", escaped(&i.definition));
    }
    let _ = write!(
        body,
        "<table class=\"facts\">\n<caption class=\"unseen\">About {}</caption>\n<tbody>\n",
        escaped(&i.code)
    );
    for (label, lines) in facts::of(entry) {
        let lines: Vec<String> = lines.iter().map(|line| said(line)).collect();
        let _ = writeln!(
            body,
            "<tr><th scope=\"row\">{label}</th><td>{}</td></tr>",
            lines.join("<br>")
        );
    }
    body.push_str("</tbody>\n</table>\n");
    if let Some(code) = &entry.code {
        let _ = writeln!(body, "<pre><code>{}</code></pre>", escaped(code));
    }
    body.push_str("</article>\n");
}

fn list(body: &mut String, list: &List, codes: &[&str]) {
    let _ = write!(
        body,
        "<article id=\"{}\">\n<h3>{} <code>{}</code></h3>\n<p>Each row is about a <code>{}</code>. Used by {}. Declared at \
         <code>{}</code>.</p>\n",
        anchor("list", &list.name),
        escaped(&list.title),
        escaped(&list.name),
        escaped(&list.key),
        said(&facts::links("indicator", codes.iter().copied())),
        escaped(&list.place.to_string()),
    );
    let mut rows = String::new();
    for column in &list.columns {
        let holds = match &column.kind {
            ColumnType::Codes(codes) => {
                let code = |(name, code): (&String, &crate::definitions::Code)| match code
                    .meaning
                    .is_empty()
                {
                    true => format!("<code>{}</code>", escaped(name)),
                    false => format!("<code>{}</code> {}", escaped(name), escaped(&code.meaning)),
                };
                codes.iter().map(code).collect::<Vec<_>>().join("; ")
            }
            other => other.expected().to_string(),
        };
        let may = match (column.required, column.optional) {
            (true, _) => "never blank",
            (false, true) => "blank, or the column missing",
            (false, false) => "blank",
        };
        let _ = writeln!(
            rows,
            "<tr><th scope=\"row\">{}</th><td>{holds}</td><td>{may}</td></tr>",
            escaped(&column.name)
        );
    }
    body.push_str(&table(
        "",
        &format!("Columns of {}", list.title),
        &["Column", "Holds", "May be"],
        &rows,
    ));
    body.push_str("</article>\n");
}

fn said(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => escaped(text).into_owned(),
        Piece::Code(code) => format!("<code>{}</code>", escaped(code)),
        Piece::Link(name, to) => {
            format!("<a href=\"#{}\"><code>{}</code></a>", escaped(to), escaped(name))
        }
    };
    pieces.iter().map(piece).collect()
}
