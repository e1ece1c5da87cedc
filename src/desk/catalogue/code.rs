//! The lines of a script that a declaration is made of.

use crate::intake::project::Source;
use crate::nouns::problem::Place;

/// More lines than anybody wants to read at once.
const MOST_LINES: usize = 80;

/// A declaration's lines: from where it begins to the bracket that closes it.
pub fn of(sources: &[Source], place: &Place) -> Option<String> {
    let source = sources.iter().find(|source| source.name == place.file)?;
    let text = std::str::from_utf8(&source.text).ok()?;
    let first = place.line?.checked_sub(1)? as usize;
    let lines: Vec<&str> = text.lines().skip(first).collect();
    let rest = lines.join("\n");
    let length = rest[..end(&rest)?].lines().count();
    let indent = lines.first()?.len() - lines.first()?.trim_start().len();
    let code = lines.iter().take(length.min(MOST_LINES));
    let mut code: Vec<&str> = code
        .map(|line| line.get(indent.min(line.len() - line.trim_start().len())..).unwrap_or(line))
        .collect();
    if length > MOST_LINES {
        code.push("…");
    }
    Some(code.join("\n"))
}

/// Where the first `{ … }` or `( … )` that stands behind a name in quotes or brackets is closed:
/// texts and comments are passed over.
fn end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut braces, mut at) = (0usize, false, 0);
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'' | b'`') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'-' if text[at..].starts_with("--[[") => at += text[at..].find("]]")?,
            b'-' if text[at..].starts_with("--") => at += text[at..].find('\n')?,
            b'[' if text[at..].starts_with("[[") => at += text[at..].find("]]")?,
            open @ (b'{' | b'(') => {
                // The name may stand in brackets of its own: rap.indicator(code) { … }
                braces |= open == b'{';
                depth += 1;
            }
            b'}' | b')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 && braces {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
        while at < bytes.len() && !text.is_char_boundary(at) {
            at += 1;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_ends_where_its_bracket_closes() {
        let text = "-- a\nfor _, x in y do\n  rap.indicator(x) {\n    title = `}{x}`, -- }\n    by = { { \"a}\" } },\n  }\nend\n";
        let source = Source { name: "x.luau".to_string(), text: text.into(), shipped: false };
        let code = of(&[source], &Place::line("x.luau", 3)).expect("found");
        assert_eq!(code, "rap.indicator(x) {\n  title = `}{x}`, -- }\n  by = { { \"a}\" } },\n}");
    }
}
