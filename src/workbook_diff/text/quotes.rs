//! Texts on one line, in quotation marks, and back.

/// Text on one line, with everything a reviewer could not see in a diff spelt out.
pub(in crate::workbook_diff) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Spaces of odd widths, joiners and direction marks.
            '\u{a0}' | '\u{ad}' | '\u{feff}' => out.extend(character.escape_unicode()),
            '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}' => {
                out.extend(character.escape_unicode());
            }
            _ if character.is_control() => out.extend(character.escape_unicode()),
            _ => out.push(character),
        }
    }
    out
}

/// The same for text that stands between quotation marks.
pub(in crate::workbook_diff) fn escaped(text: &str) -> String {
    plain(&text.replace('\\', "\\\\").replace('"', "\\\""))
}

pub(in crate::workbook_diff) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Where the closing quotation mark of a text ends that begins with an opening one.
pub(in crate::workbook_diff) fn quote_end(text: &str) -> Option<usize> {
    let mut letters = text.strip_prefix('"')?.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '"' => return Some(at + 2),
            _ => {}
        }
    }
    None
}

/// The text between quotation marks, with what was spelt out put back.
pub(in crate::workbook_diff) fn unquoted(text: &str) -> Option<String> {
    (quote_end(text)? == text.len()).then(|| unescaped(&text[1..text.len() - 1]))
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (letter, length) = escape(&rest[at..]);
        out.push(letter);
        rest = &rest[at + length..];
    }
    out + rest
}

/// What an escape at the beginning of a text stands for, and how long it is.
fn escape(text: &str) -> (char, usize) {
    let mut letters = text.chars();
    letters.next();
    match letters.next() {
        Some('n') => ('\n', 2),
        Some('r') => ('\r', 2),
        Some('t') => ('\t', 2),
        // Among marks the braces of a spelt-out letter are kept apart from the marks' own.
        Some('u') => {
            spelt_out(text, "{", "}").or_else(|| spelt_out(text, "\\{", "\\}")).unwrap_or(('u', 2))
        }
        Some(letter) => (letter, 1 + letter.len_utf8()),
        None => ('\\', 1),
    }
}

/// `\u{a0}` at the beginning of a text, between these braces.
fn spelt_out(text: &str, open: &str, close: &str) -> Option<(char, usize)> {
    let (code, _) = text.get(2..)?.strip_prefix(open)?.split_once(close)?;
    let letter = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
    Some((letter, 2 + open.len() + code.len() + close.len()))
}

/// A text with marks, without them.
pub(super) fn unmarked(rich: &str) -> String {
    let (mut out, mut rest) = (String::new(), rich);
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '\\' => {
                let (letter, length) = escape(rest);
                out.push(letter);
                length
            }
            '*' | '_' | '}' => 1,
            '{' => rest.find(": ").map_or(1, |at| at + 2),
            letter => {
                out.push(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}

/// Whether a text with marks has any.
pub(in crate::workbook_diff) fn is_marked(rich: &str) -> bool {
    let mut letters = rich.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '*' | '_' | '{' | '}' => return true,
            _ => {}
        }
    }
    false
}
