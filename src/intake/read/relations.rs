//! The relations of a package's parts: which part an id of another part stands for.

use super::Limits;
use super::parts::Parts;
use super::told::DamagePlace;
use super::xml::{Tag, Token, Xml};
use crate::nouns::problem::Problem;

/// One relation: the part's name in the package, by its id.
#[derive(Debug)]
pub struct Relation {
    /// As other parts name it: `rId1`.
    pub id: String,
    /// The last word of its type, in small letters: `worksheet`, `styles`, `sharedstrings`.
    pub kind: String,
    /// The part, from the package's root; none where it lies outside the package.
    pub part: Option<String>,
}

/// The relations of a part (of the whole package where the name is empty).
pub fn relations_of(
    parts: &mut Parts,
    part: &str,
    limits: &Limits,
) -> Result<Vec<Relation>, Problem> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let path = [folder, if folder.is_empty() { "" } else { "/" }, "_rels/", name, ".rels"].concat();
    let file = parts.file();
    let Some(mut content) = parts.stream(&path)? else { return Ok(Vec::new()) };
    let mut xml = Xml::new(DamagePlace::of_part(file, &path), &mut content)?;
    let mut found = Vec::new();
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.local_name() == "Relationship" => {
                found.push(relation(&tag, folder)?);
            }
            Token::End => break,
            _ => {}
        }
        if found.len() > limits.parts {
            let (many, allowed) = (found.len() as u64, limits.parts as u64);
            return Err(limits.exceeded(file, "relations", many, allowed));
        }
    }
    Ok(found)
}

fn relation(tag: &Tag, folder: &str) -> Result<Relation, Problem> {
    let mut relation = Relation { id: String::new(), kind: String::new(), part: None };
    let mut outside = false;
    for attribute in tag.attributes() {
        let (name, value) = attribute?;
        match name {
            "Id" => relation.id = value.into_owned(),
            "Type" => {
                relation.kind = value.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
            }
            "Target" => relation.part = Some(within(folder, &value)),
            "TargetMode" => outside = value == "External",
            _ => {}
        }
    }
    relation.part = relation.part.filter(|_| !outside);
    Ok(relation)
}

/// A target as it is written, seen from a folder of the package.
fn within(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_seen_from_their_folder() {
        assert_eq!(within("xl", "worksheets/sheet1.bin"), "xl/worksheets/sheet1.bin");
        assert_eq!(within("xl", "/xl/sheet.bin"), "xl/sheet.bin");
        assert_eq!(within("a/b", "..\\c/./d.xml"), "a/c/d.xml");
        assert_eq!(within("", "../x.xml"), "x.xml");
    }
}
