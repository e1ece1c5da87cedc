//! The reference as a web page, made of its Markdown: headings, paragraphs, tables and code, which
//! are all that it has.

use crate::nouns::page::{escaped, whole_page};

/// The page.
pub fn page() -> String {
    let markdown = super::page();
    let mut body = String::from("<main class=\"tall\">\n");
    let mut lines = markdown.lines().peekable();
    let mut heading = "Reference";
    while let Some(line) = lines.next() {
        if let Some(level) = ["# ", "## ", "### "].iter().position(|mark| line.starts_with(mark)) {
            heading = line.trim_start_matches(['#', ' ']);
            let level = level + 1;
            body.push_str(&format!("<h{level}>{}</h{level}>\n", inline(heading)));
        } else if line.starts_with("```") {
            let code: Vec<&str> =
                lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            body.push_str(&format!("<pre><code>{}</code></pre>\n", escaped(&code.join("\n"))));
        } else if line.starts_with('|') {
            body.push_str(&format!(
                "<div class=\"wide\">\n<table>\n<caption class=\"unseen\">{}</caption>\n",
                inline(heading)
            ));
            body.push_str(&format!("<thead>\n{}</thead>\n<tbody>\n", row(line, "col")));
            lines.next();
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                body.push_str(&row(line, "row"));
            }
            body.push_str("</tbody>\n</table>\n</div>\n");
        } else if !line.is_empty() {
            body.push_str(&format!("<p>{}</p>\n", inline(line)));
        }
    }
    body.push_str("</main>\n");
    whole_page("Reference", &[("generator", "Rapporteur")], &body)
}

/// A row: headings, or one heading and cells.
fn row(line: &str, scope: &str) -> String {
    // A bar inside a cell is written with a stroke before it.
    let line = line.trim_start_matches("| ").trim_end_matches(" |").replace("\\|", "\u{0}");
    let cells = line.split(" | ").enumerate().map(|(at, cell)| {
        let cell = inline(&cell.replace('\u{0}', "|"));
        match (scope, at) {
            ("col", _) if cell.is_empty() => "<th scope=\"col\">what it is</th>".to_string(),
            ("col", _) => format!("<th scope=\"col\">{cell}</th>"),
            ("row", 0) => format!("<th scope=\"row\">{cell}</th>"),
            _ => format!("<td>{cell}</td>"),
        }
    });
    format!("<tr>{}</tr>\n", cells.collect::<String>())
}

/// Words with `code`, **bold** and *slanted*.
fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut open = [false, false];
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 1 {
            out.push_str(&format!("<code>{}</code>", escaped(part)));
            continue;
        }
        for (at, bold) in part.split("**").enumerate() {
            if at > 0 {
                open[0] = !open[0];
                out.push_str(if open[0] { "<b>" } else { "</b>" });
            }
            for (at, words) in bold.split('*').enumerate() {
                if at > 0 {
                    open[1] = !open[1];
                    out.push_str(if open[1] { "<i>" } else { "</i>" });
                }
                out.push_str(&escaped(words));
            }
        }
    }
    out
}
