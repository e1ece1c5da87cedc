//! What every web page of the program shares: the frame, the look, and how a text stands in it. A
//! page is one file that needs no script, no network and no other file.

use std::borrow::Cow;

/// The look of every page.
pub const REPORT_STYLE: &str = include_str!("page.css");

/// A whole page: its title, what `<meta>` elements say of it (name and content), and its body as
/// HTML.
pub fn whole_page(title: &str, head: &[(&str, &str)], body: &str) -> String {
    let title = escaped(title);
    let meta: String = head
        .iter()
        .map(|(name, content)| format!("<meta name=\"{name}\" content=\"{}\">\n", escaped(content)))
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         {meta}<style>\n{REPORT_STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// A table that scrolls by itself where the window is narrow: its class or none, its caption, its
/// headings or none, and its rows as HTML.
pub fn table(class: &str, caption: &str, headings: &[&str], rows: &str) -> String {
    let (caption, class) = (
        escaped(caption),
        if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") },
    );
    let cells: String =
        headings.iter().map(|text| format!("<th scope=\"col\">{}</th>", escaped(text))).collect();
    let head = if headings.is_empty() {
        String::new()
    } else {
        format!("<thead><tr>{cells}</tr></thead>\n")
    };
    format!(
        "<div class=\"wide\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\n<table{class}>\n\
         <caption>{caption}</caption>\n{head}<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
}

/// A text as it stands in a page. What no page may hold is left out.
pub fn escaped(text: &str) -> Cow<'_, str> {
    let special = |c: char| {
        matches!(c, '&' | '<' | '>' | '"' | '\'') || (c.is_control() && c != '\n' && c != '\t')
    };
    if !text.contains(special) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if special(c) => {}
            c => out.push(c),
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn a_table_has_a_caption_and_scoped_headings_and_can_be_scrolled_with_keys() {
        assert_eq!(
            table("facts", "A & B", &["<x>"], "<tr><td>1</td></tr>\n"),
            "<div class=\"wide\" role=\"region\" aria-label=\"A &amp; B\" tabindex=\"0\">\n<table class=\"facts\">\n\
             <caption>A &amp; B</caption>\n<thead><tr><th scope=\"col\">&lt;x&gt;</th></tr></thead>\n<tbody>\n\
             <tr><td>1</td></tr>\n</tbody>\n</table>\n</div>\n"
        );
        assert!(!table("", "C", &[], "").contains("thead"));
    }
}
