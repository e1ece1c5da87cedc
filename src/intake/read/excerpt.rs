//! Lists that stand as text in the file of a test case. They are read as CSV lists are; but spaces
//! around a field are padding, so that columns may stand below each other, and a row's number is
//! its line in the file.

use super::{Limits, Source, text};
use crate::nouns::problem::{Place, Problem, Problems};

/// A list as text.
#[derive(Debug, Clone)]
pub struct Excerpt {
    /// The list's name.
    pub list: String,
    /// The file that it stands in.
    pub file: String,
    /// The line of the file, from 1, that the text begins on.
    pub line: usize,
    /// The text.
    pub text: String,
}

/// Reads it as a sheet that has the list's name.
pub fn read_excerpt(
    excerpt: &Excerpt,
    limits: &Limits,
    problems: &mut Problems,
) -> Result<Source, Problem> {
    let bytes = excerpt.text.len() as u64;
    if bytes > limits.file_bytes {
        return Err(limits.exceeded(&excerpt.file, "bytes", bytes, limits.file_bytes));
    }
    let place = Place::sheet(&excerpt.file, 0, &excerpt.list);
    if excerpt.text.trim().is_empty() {
        let message = format!("the list {} is empty", excerpt.list);
        let place = Place::line(&excerpt.file, excerpt.line as u32);
        return Err(Problem { place, ..Problem::usage("", message) }
            .hint("its first line names its columns"));
    }
    let above = "\n".repeat(excerpt.line.saturating_sub(1));
    let text = format!("{above}{}", unpadded(&excerpt.text));
    let mut sheet = text::read(place, text.as_bytes(), text::Rows::ByLine, limits, problems)?;
    sheet.excerpt = true;
    let (name, kind) = (excerpt.file.clone(), "list of a test case");
    Ok(Source { name, kind, sheets: vec![sheet], fingerprint: None })
}

/// The text without the spaces around its fields; those inside quotation marks stay.
fn unpadded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut begins) = (false, true);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if begins && !quoted => continue,
            ',' | ';' | '\t' | '\r' | '\n' if !quoted => {
                out.truncate(out.trim_end_matches(' ').len())
            }
            _ => {}
        }
        begins = !quoted && matches!(c, ',' | ';' | '\t' | '\r' | '\n');
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_goes_and_quoted_spaces_stay() {
        let text = "  CHILD ,  NOTE\n  A1,    \" kept , too \" \r\n A2 ,\n";
        assert_eq!(unpadded(text), "CHILD,NOTE\nA1,\" kept , too \"\r\nA2,\n");
    }

    #[test]
    fn a_row_is_its_line_in_the_file() {
        let excerpt = Excerpt {
            list: "OC2".to_string(),
            file: "tests/a.toml".to_string(),
            line: 7,
            text: "CHILD, TEETH_CHECK\nA1, 1\n".to_string(),
        };
        let source =
            read_excerpt(&excerpt, &Limits::default(), &mut Problems::default()).expect("readable");
        let rows: Vec<u32> = source.sheets[0].rows().map(|(row, _)| row + 1).collect();
        assert_eq!(rows, [7, 8]);
        assert_eq!(source.sheets[0].place.at(7, 1).to_string(), "tests/a.toml  OC2!B8");
    }
}
