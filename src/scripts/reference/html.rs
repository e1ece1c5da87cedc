//! The reference as a web page, made of its Markdown: headings, paragraphs, tables and code, which
//! are all that it has.

use maud::{Markup, html};

use crate::nouns::page::whole_page;

/// The page.
pub fn page() -> String {
    let markdown = super::page();
    let mut lines = markdown.lines().peekable();
    let mut heading = "Reference";
    let mut blocks: Vec<Markup> = Vec::new();
    while let Some(line) = lines.next() {
        let level = ["# ", "## ", "### "].iter().position(|mark| line.starts_with(mark));
        if let Some(level) = level {
            heading = line.trim_start_matches(['#', ' ']);
            blocks.push(titled(level, heading));
        } else if line.starts_with("```") {
            let code: Vec<&str> =
                lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            blocks.push(html! { pre tabindex="0" { code { (code.join("\n")) } } });
        } else if line.starts_with('|') {
            // Under the headings stands a line of strokes.
            lines.next();
            let mut rows = Vec::new();
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(row);
            }
            blocks.push(table(heading, line, &rows));
        } else if !line.is_empty() {
            blocks.push(html! { p { (inline(line)) } });
        }
    }
    let body = html! { main class="tall" { "\n" @for block in blocks { (block) "\n" } } "\n" };
    whole_page("Reference", &[("generator", "Rapporteur")], &body)
}

fn titled(level: usize, heading: &str) -> Markup {
    let heading = inline(heading);
    match level {
        0 => html! { h1 { (heading) } },
        1 => html! { h2 { (heading) } },
        _ => html! { h3 { (heading) } },
    }
}

fn table(caption: &str, headings: &str, rows: &[&str]) -> Markup {
    html! {
        div class="wide" role="group" aria-label=(caption.replace('`', "")) tabindex="0" {
            table {
                caption class="unseen" { (inline(caption)) } "\n"
                thead { (head(headings)) }
                tbody { @for row in rows { (self::row(row)) "\n" } }
            }
        }
    }
}

fn head(line: &str) -> Markup {
    html! {
        tr {
            @for cell in cells(line) {
                th scope="col" { @if cell.is_empty() { "what it is" } @else { (inline(&cell)) } }
            }
        }
    }
}

/// A row: its heading, and cells.
fn row(line: &str) -> Markup {
    html! {
        tr {
            @for (at, cell) in cells(line).iter().enumerate() {
                @if at == 0 { th scope="row" { (inline(cell)) } } @else { td { (inline(cell)) } }
            }
        }
    }
}

fn cells(line: &str) -> Vec<String> {
    // A bar inside a cell is written with a stroke before it.
    let line = line.trim_start_matches("| ").trim_end_matches(" |").replace("\\|", "\u{0}");
    line.split(" | ").map(|cell| cell.replace('\u{0}', "|")).collect()
}

/// Words with `code`, **bold** and *slanted*.
fn inline(text: &str) -> Markup {
    let mut pieces: Vec<Markup> = Vec::new();
    let (mut bold, mut slanted) = (false, false);
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 1 {
            pieces.push(looks(html! { code { (part) } }, bold, slanted));
            continue;
        }
        for (at, words) in part.split("**").enumerate() {
            bold ^= at > 0;
            for (at, words) in words.split('*').enumerate() {
                slanted ^= at > 0;
                if !words.is_empty() {
                    pieces.push(looks(html! { (words) }, bold, slanted));
                }
            }
        }
    }
    html! { @for piece in pieces { (piece) } }
}

fn looks(words: Markup, bold: bool, slanted: bool) -> Markup {
    let words = if slanted {
        html! { i { (words) } }
    } else {
        words
    };
    if bold {
        html! { b { (words) } }
    } else {
        words
    }
}
