//! What every web page of the program shares: the frame, the look, and how a text stands in it. A page is one file
//! that needs no script, no network and no other file.

use std::borrow::Cow;

const STYLE: &str = include_str!("page.css");

/// A whole page: its title, what `<meta>` elements say of it (name and content), and its body as HTML.
pub fn whole_page(title: &str, head: &[(&str, &str)], body: &str) -> String {
    let title = escaped(title);
    let meta: String = head
        .iter()
        .map(|(name, content)| format!("<meta name=\"{name}\" content=\"{}\">\n", escaped(content)))
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         {meta}<style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// A text as it stands in a page. What no page may hold is left out.
pub fn escaped(text: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'') || (c.is_control() && c != '\n' && c != '\t');
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
