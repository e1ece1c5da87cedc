//! What Luau cannot read: signs that a word processor or another language left in a script. Luau
//! says of them that a statement is not complete.

use super::Slip;
use crate::nouns::problem::{Place, Problem};

/// What makes a script unreadable, where it is something that people are known to write.
pub fn misspelt(file: &str, text: &str) -> Option<Problem> {
    let slip = sign_of_elsewhere(text)?;
    let place = Place::line(file, slip.row as u32 + 1);
    Some(Problem::script(place, slip.message).hint(slip.hint))
}

/// The first sign, outside texts and comments, that Luau does not know.
fn sign_of_elsewhere(text: &str) -> Option<Slip> {
    let mut row = 0;
    let mut rest = text;
    let mut begins_line = true;
    while let Some(c) = rest.chars().next() {
        let skipped = length_of_text(rest);
        if skipped == 0
            && let Some((message, hint)) = known_sign(rest, begins_line)
        {
            return Some(Slip { row, message: message.to_string(), hint: hint.to_string() });
        }
        let (passed, behind) = rest.split_at(skipped.max(c.len_utf8()));
        row += passed.matches('\n').count();
        begins_line = passed.ends_with('\n') || (begins_line && c.is_whitespace());
        rest = behind;
    }
    None
}

/// How long a text between long brackets is, such as `[[…]]` and `[==[…]==]`; none where none
/// begins here. One that is not closed ends with the script.
fn length_in_brackets(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('[')?;
    let signs = inner.len() - inner.trim_start_matches('=').len();
    inner[signs..].strip_prefix('[')?;
    let close = format!("]{}]", "=".repeat(signs));
    Some(rest.find(&close).map_or(rest.len(), |at| at + close.len()))
}

/// How long the text or comment is that begins here; 0 where none does.
fn length_of_text(rest: &str) -> usize {
    if let Some(comment) = rest.strip_prefix("--") {
        return match length_in_brackets(comment) {
            Some(length) => 2 + length,
            None => rest.find('\n').unwrap_or(rest.len()),
        };
    }
    if let Some(length) = length_in_brackets(rest) {
        return length;
    }
    let Some(quote) = rest.chars().next().filter(|c| ['"', '\'', '`'].contains(c)) else {
        return 0;
    };
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            // A text that is not closed ends with its line, unless it may have several.
            '\n' if quote != '`' => return at,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

type Words = (&'static str, &'static str);

fn known_sign(rest: &str, begins_line: bool) -> Option<Words> {
    const CURLY: [char; 8] = ['“', '”', '„', '‘', '’', '‚', '«', '»'];
    let next = rest.chars().next()?;
    if CURLY.contains(&next) {
        return Some((
            "the quotation marks are curly ones, “ ”",
            "write straight ones, \" \": a word processor bends them, an editor for code does not",
        ));
    }
    if ['–', '—', '−'].contains(&next) {
        return Some(("a long dash stands where a minus belongs", "write  -  in its place"));
    }
    if ['\u{a0}', '\u{200b}', '\u{feff}', '\u{2028}'].contains(&next) {
        return Some((
            "an invisible sign, such as a web page or a word processor puts between words",
            "type the space of this line anew",
        ));
    }
    if begins_line && (rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#')) {
        return Some(("this is no comment in Luau", "a comment begins with two dashes: --"));
    }
    let signs: [(&str, Words); 7] = [
        ("!=", ("`!=` is no sign of Luau", "not equal is written  ~=  as in  r.PLACE ~= \"U1\"")),
        ("<>", ("`<>` is no sign of Luau", "not equal is written  ~=  as in  r.PLACE ~= \"U1\"")),
        ("===", ("`===` is no sign of Luau", "equal is written  ==  as in  r.PLACE == \"U1\"")),
        (
            "=>",
            ("`=>` is no sign of Luau", "at least is written  >=  and a field is given with  ="),
        ),
        ("&&", ("`&&` is no sign of Luau", "write  and  in its place")),
        ("||", ("`||` is no sign of Luau", "write  or  in its place")),
        ("!", ("`!` is no sign of Luau", "write  not  in its place")),
    ];
    signs.iter().find(|(sign, _)| rest.starts_with(sign)).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_long_brackets_ends_with_as_many_signs_as_it_began() {
        for (rest, length) in [
            ("[[a]] b", Some(5)),
            ("[=[a]] ]=] b", Some(10)),
            ("[[a", Some(3)),
            ("[=a]", None),
            ("a[[", None),
        ] {
            assert_eq!(length_in_brackets(rest), length, "{rest}");
        }
    }
}
