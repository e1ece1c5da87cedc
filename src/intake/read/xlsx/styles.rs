//! The formats of a workbook's cells: what each makes of a number.

use std::collections::HashMap;
use std::io::Read;

use crate::intake::read::Limits;
use crate::intake::read::number_format::NumberFormat;
use crate::intake::read::xml::{Tag, Token, Xml};
use crate::nouns::problem::Problem;

/// Reads how cells show numbers, by the number of the format that they name.
pub fn formats(
    mut xml: Xml<impl Read>,
    file: &str,
    limits: &Limits,
) -> Result<Vec<NumberFormat>, Problem> {
    let mut codes: HashMap<u32, NumberFormat> = HashMap::new();
    let mut numbers: Vec<u32> = Vec::new();
    let mut of_cells = false;
    // Elements that only say which of several ways to write something is meant.
    let mut around: Vec<usize> = Vec::new();
    loop {
        around.retain(|outside| *outside < xml.depth());
        let depth = xml.depth() - around.len();
        match xml.next()? {
            // Choices are for programs that know more than Excel: what falls back is for all.
            Token::Open(tag) if tag.local_name() == "Choice" => xml.skip()?,
            Token::Open(tag) if matches!(tag.local_name(), "AlternateContent" | "Fallback") => {
                around.push(xml.depth() - 1);
            }
            Token::Open(tag) if depth == 1 => of_cells = tag.local_name() == "cellXfs",
            Token::Open(tag) if depth == 2 && of_cells && tag.local_name() == "xf" => {
                numbers.push(attribute(&tag, "numFmtId")?.unwrap_or_default());
            }
            Token::Open(tag) if depth == 2 && tag.local_name() == "numFmt" => {
                let Some(number) = attribute(&tag, "numFmtId")? else { continue };
                for one in tag.attributes() {
                    if let ("formatCode", code) = one? {
                        codes.insert(number, NumberFormat::of_code(&code));
                    }
                }
            }
            Token::End => break,
            _ => {}
        }
        if numbers.len().max(codes.len()) > limits.formats {
            let (found, allowed) = (u64::MAX, limits.formats as u64);
            return Err(limits.exceeded(file, "formats", found, allowed));
        }
    }
    let built_in = |n: u32| u16::try_from(n).map(NumberFormat::built_in).unwrap_or_default();
    Ok(numbers.iter().map(|n| codes.get(n).cloned().unwrap_or_else(|| built_in(*n))).collect())
}

fn attribute(tag: &Tag, wanted: &str) -> Result<Option<u32>, Problem> {
    for one in tag.attributes() {
        let (name, value) = one?;
        if name == wanted {
            return Ok(value.trim().parse().ok());
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::read::number_format::Looks;
    use crate::intake::read::told::DamagePlace;

    #[test]
    fn a_format_that_is_written_in_two_ways_is_one() {
        let text = "<s xmlns:mc=\"m\"><numFmts><mc:AlternateContent><mc:Choice Requires=\"hs\">\
            <numFmt numFmtId=\"170\" formatCode=\"0.0\"/></mc:Choice><mc:Fallback>\
            <numFmt numFmtId=\"170\" formatCode=\"0.0%\"/></mc:Fallback></mc:AlternateContent>\
            </numFmts><cellXfs><xf numFmtId=\"0\"/><mc:AlternateContent><mc:Choice Requires=\"hs\">\
            <xf numFmtId=\"14\"><alignment/></xf></mc:Choice><mc:Fallback><xf numFmtId=\"170\"/>\
            </mc:Fallback></mc:AlternateContent><xf numFmtId=\"14\"/></cellXfs></s>";
        let xml = Xml::new(DamagePlace::of_part("q.xlsx", "xl/styles.xml"), text.as_bytes());
        let formats = formats(xml.expect("it begins"), "q.xlsx", &Limits::default());
        let formats = formats.expect("formats");
        let looks: Vec<Looks> = formats.iter().map(|format| format.looks(1.0)).collect();
        assert_eq!(looks, [Looks::Plain, Looks::Percent, Looks::Date]);
    }
}
