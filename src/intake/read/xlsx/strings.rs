//! The texts of a workbook that its sheets share, and how texts are written in it.

use std::borrow::Cow;
use std::io::Read;

use memchr::memmem;

use crate::intake::read::Limits;
use crate::intake::read::book::Texts;
use crate::intake::read::xml::{Tag, Token, Xml};
use crate::nouns::problem::Problem;

/// Reads the shared texts. The counts that the part declares are not believed.
pub fn shared(mut xml: Xml<impl Read>, file: &str, limits: &Limits) -> Result<Texts, Problem> {
    let mut texts = Texts::default();
    let mut text = String::new();
    loop {
        let depth = xml.depth();
        match xml.next()? {
            Token::Open(tag) if depth == 1 && tag.local_name() == "si" => {
                text.clear();
                rich_text(&mut xml, &mut text)?;
                texts.add(|all| all.push_str(&text));
            }
            Token::End => return Ok(texts),
            _ => {}
        }
        if texts.len() > limits.cells {
            return Err(limits.exceeded(file, "texts", u64::MAX, limits.cells as u64));
        }
        if texts.bytes() as u64 > limits.text_bytes {
            return Err(limits.exceeded(file, "bytes of texts", u64::MAX, limits.text_bytes));
        }
    }
}

/// The text of the element that has just begun: all its pieces, but not how they are pronounced.
pub fn rich_text(xml: &mut Xml<impl Read>, text: &mut String) -> Result<(), Problem> {
    let inside = xml.depth();
    loop {
        let depth = xml.depth();
        let piece = match xml.next()? {
            Token::Open(tag) => match tag.local_name() {
                "t" => Some(keeps_spaces(&tag)?),
                "rPh" => None,
                _ => continue,
            },
            Token::Text(stray) if !stray.trim().is_empty() => {
                return Err(xml.damaged("a text stands where none can"));
            }
            Token::Close if depth == inside => return Ok(()),
            _ => continue,
        };
        match piece {
            Some(keeps_spaces) => {
                let from = text.len();
                plain_text(xml, text)?;
                finish_text(text, from, keeps_spaces);
            }
            None => xml.skip()?,
        }
    }
}

/// So many bytes of a text are kept: enough to tell that it is too long for a cell, even where each
/// letter is written by its number.
const KEPT: usize = 1 << 18;

/// The letters within the element that has just begun; it holds no other.
pub fn plain_text(xml: &mut Xml<impl Read>, text: &mut String) -> Result<(), Problem> {
    loop {
        match xml.next()? {
            Token::Text(piece) if text.len() < KEPT => text.push_str(&piece),
            Token::Text(_) => {}
            Token::Close => return Ok(()),
            Token::Open(_) | Token::End => {
                return Err(xml.damaged("an element stands within a value"));
            }
        }
    }
}

/// Spaces at both ends count only where the workbook says so.
fn finish_text(text: &mut String, from: usize, keeps_spaces: bool) {
    let written = &text[from..];
    let written = if keeps_spaces {
        written
    } else {
        written.trim_matches(|c: char| c.is_ascii_whitespace())
    };
    if written.len() < text.len() - from || written.contains("_x") {
        let meant = unescaped(written).into_owned();
        text.truncate(from);
        text.push_str(&meant);
    }
}

fn keeps_spaces(tag: &Tag) -> Result<bool, Problem> {
    for attribute in tag.attributes() {
        if let ("xml:space", value) = attribute? {
            return Ok(value == "preserve");
        }
    }
    Ok(false)
}

/// Letters that XML cannot hold are written as `_x000D_`, by their number in UTF-16.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    let mut all = String::new();
    let mut rest = text;
    while let Some(at) = memmem::find(rest.as_bytes(), b"_x") {
        let mut units: Vec<u16> = Vec::new();
        let mut behind = &rest[at..];
        while let Some((unit, next)) = escaped_unit(behind) {
            units.push(unit);
            behind = next;
        }
        if units.is_empty() {
            all.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
        } else {
            all.push_str(&rest[..at]);
            all.push_str(&String::from_utf16_lossy(&units));
            rest = behind;
        }
    }
    if all.is_empty() && rest.len() == text.len() {
        return text.into();
    }
    all.push_str(rest);
    all.into()
}

fn escaped_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, behind) = (text.get(2..6)?, text.get(6..)?.strip_prefix('_')?);
    let escaped = text.starts_with("_x") && digits.bytes().all(|b| b.is_ascii_hexdigit());
    escaped.then(|| u16::from_str_radix(digits, 16).ok().map(|unit| (unit, behind))).flatten()
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn letters_by_number_are_letters() {
        for (written, meant) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D__xDE00_", "\u{1f600}"),
            ("_x00_ _x12", "_x00_ _x12"),
            ("a_xb_x0041_", "a_xbA"),
            ("", ""),
        ] {
            assert_eq!(unescaped(written), meant, "{written}");
        }
    }
}
