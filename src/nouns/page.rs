//! What every web page of the program shares: the frame, the look, and how a text stands in it. A
//! page is one file that needs no script, no network and no other file.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The look of every page.
const REPORT_STYLE: &str = include_str!("page.css");

/// What every page of the program has near its beginning, so that it may be made anew.
pub const MADE_HERE: &str = "<meta name=\"generator\" content=\"Rapporteur\">";

/// A whole page: its title, what `<meta>` elements say of it (name and content), and its body.
pub fn whole_page(title: &str, head: &[(&str, &str)], body: &Markup) -> String {
    page_with_style(title, head, "", body)
}

/// The same, with rules of its own for the look.
pub fn page_with_style(title: &str, head: &[(&str, &str)], style: &str, body: &Markup) -> String {
    let head = html! {
        @for (name, content) in head { meta name=(name) content=(content); "\n" }
        style { "\n" (PreEscaped(REPORT_STYLE)) (PreEscaped(style)) } "\n"
    };
    allowed(frame(title, &head, body))
}

/// What is the same in every page: round a title, what else its head holds, and its body.
pub fn frame(title: &str, head: &Markup, body: &Markup) -> Markup {
    html! {
        (DOCTYPE) "\n"
        html lang="en-GB" {
            "\n" head {
                "\n" meta charset="utf-8";
                "\n" (PreEscaped(MADE_HERE))
                "\n" meta name="viewport" content="width=device-width, initial-scale=1";
                "\n" title { (title) } "\n"
                (head)
            }
            "\n" body { "\n" (body) } "\n"
        }
        "\n"
    }
}

/// What no page may hold is left out, wherever it came from.
fn allowed(page: Markup) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    page.into_string().chars().filter(allowed).collect()
}

/// What a property of a page begins with: a line each, so that the page can be read without them.
const PROPERTY: &str = "<meta name=\"Rapporteur ";

/// The page with properties of names that begin with "Rapporteur", before its look.
pub fn with_properties(page: &str, properties: &[(String, String)]) -> String {
    let lines = html! {
        @for (name, text) in properties { meta name=(name) content=(text); "\n" }
    };
    match page.find("<style>") {
        Some(look) => [&page[..look], &allowed(lines), &page[look..]].concat(),
        None => page.to_string(),
    }
}

/// The page without them, and their names and texts.
pub fn without_properties(page: &str) -> (String, Vec<(String, String)>) {
    let (said, rest): (Vec<&str>, Vec<&str>) =
        page.split_inclusive('\n').partition(|line| line.starts_with(PROPERTY));
    (rest.concat(), said.into_iter().filter_map(property).collect())
}

/// The name and the text of the property that a line of a page holds.
fn property(line: &str) -> Option<(String, String)> {
    let (name, text) = line.strip_prefix("<meta name=\"")?.split_once("\" content=\"")?;
    Some((unescaped(name), unescaped(text.trim_end().strip_suffix("\">")?)))
}

/// What a piece of a page says, without its tags.
pub fn plain_text(piece: &str) -> String {
    let mut text = String::new();
    let mut rest = piece;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, behind)| behind);
    }
    text.push_str(rest);
    unescaped(text.trim())
}

/// A text that stands in a page, as it was.
fn unescaped(text: &str) -> String {
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    signs.iter().fold(text.to_string(), |text, (written, sign)| text.replace(written, sign))
}

/// A table that scrolls by itself where the window is narrow: its class or none, its caption, its
/// headings or none, and its rows.
pub fn table(class: &str, caption: &str, headings: &[&str], rows: &Markup) -> Markup {
    html! {
        div class="wide" role="region" aria-label=(caption) tabindex="0" {
            "\n" table class=[Some(class).filter(|class| !class.is_empty())] {
                "\n" caption { (caption) } "\n"
                @if !headings.is_empty() {
                    thead { tr { @for heading in headings { th scope="col" { (heading) } } } } "\n"
                }
                tbody { "\n" (rows) } "\n"
            }
            "\n"
        }
        "\n"
    }
}

/// A text of several lines, with breaks between them.
pub fn lines(text: &str) -> Markup {
    html! {
        @for (at, line) in text.split('\n').enumerate() {
            @if at > 0 { br; }
            (line)
        }
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::{table, whole_page, with_properties, without_properties};

    #[test]
    fn a_page_is_read_without_the_properties_that_were_put_into_it() {
        let page = whole_page("A", &[("author", "x")], &html! { p { "<meta name=\"Rapporteur " } });
        let properties = vec![("Rapporteur rule".to_string(), "\"a\" & <b>".to_string())];
        let with = with_properties(&page, &properties);
        assert_ne!(with, page);
        assert_eq!(without_properties(&with), (page, properties));
    }

    #[test]
    fn a_table_has_a_caption_and_scoped_headings_and_can_be_scrolled_with_keys() {
        assert_eq!(
            table("facts", "A & B", &["<x>"], &html! { tr { td { "1" } } "\n" }).into_string(),
            "<div class=\"wide\" role=\"region\" aria-label=\"A &amp; B\" tabindex=\"0\">\n<table \
             class=\"facts\">\n\
             <caption>A &amp; B</caption>\n<thead><tr><th \
             scope=\"col\">&lt;x&gt;</th></tr></thead>\n<tbody>\n\
             <tr><td>1</td></tr>\n</tbody>\n</table>\n</div>\n"
        );
        assert!(!table("", "C", &[], &html! {}).into_string().contains("thead"));
    }

    #[test]
    fn a_page_holds_texts_as_texts() {
        let page = whole_page("<script>", &[("author", "\"x\"")], &html! { p { "a<b\u{7}" } });
        assert!(page.contains("<title>&lt;script&gt;</title>"), "{page}");
        assert!(page.contains("content=\"&quot;x&quot;\"") && page.contains("<p>a&lt;b</p>"));
    }
}
