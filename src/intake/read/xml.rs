//! XML as it comes: what is not well-formed, or is no part of a document of data, is damage.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::parts::limit_passed;
use super::sheet::damaged;
use crate::nouns::problem::{Place, Problem};

/// No document that is read here nests its elements so deep.
const DEEPEST: usize = 256;

/// What comes next in a document.
pub enum Token<'b> {
    /// An element begins; an empty one ends at once.
    Open(Tag<'b>),
    /// The element that began last and has not ended ends.
    Close,
    /// Some text; a text may come in several pieces.
    Text(Cow<'b, str>),
    /// A comment, or an instruction to some program.
    Nothing,
    /// The document ends.
    End,
}

/// The beginning of an element.
pub struct Tag<'b> {
    start: BytesStart<'b>,
    file: &'b str,
    part: Option<&'b str>,
}

impl Tag<'_> {
    /// Its name without a prefix.
    pub fn local_name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// Its attributes, by their names as they are written.
    pub fn attributes(&self) -> impl Iterator<Item = Result<(&str, Cow<'_, str>), Problem>> {
        self.start.attributes().map(|attribute| {
            let attribute = attribute.map_err(|_| self.malformed())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            Ok((attribute.key.into_inner(), value.map_err(|_| self.malformed())?))
        })
    }

    fn malformed(&self) -> Problem {
        damage(self.file, self.part, "an attribute is not well-formed")
    }
}

/// A document while it is read.
pub struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    file: String,
    /// The part of the file, where it has parts.
    part: Option<String>,
    depth: usize,
    begun: bool,
}

impl<R: BufRead> Xml<R> {
    /// Begins to read a document: a file, or a part of one.
    pub fn new(file: &str, part: Option<&str>, mut source: R) -> Result<Self, Problem> {
        let part = part.map(str::to_string);
        let begin = source.fill_buf();
        let utf16 = begin.as_ref().is_ok_and(|begin| {
            begin.starts_with(b"\xff\xfe")
                || begin.starts_with(b"\xfe\xff")
                || begin[..begin.len().min(2)].contains(&0)
        });
        if utf16 {
            let place = Place::file(file);
            return Err(match part {
                Some(part) => damaged(place, &format!("its part {part} is not in UTF-8")),
                None => damaged(place, "it is not in UTF-8"),
            });
        }
        let mut reader = Reader::from_reader(source);
        reader.config_mut().expand_empty_elements = true;
        let buffer = Vec::new();
        Ok(Xml { reader, buffer, file: file.to_string(), part, depth: 0, begun: false })
    }

    /// Reads on.
    pub fn next(&mut self) -> Result<Token<'_>, Problem> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer);
        let fault = |what: &str| damage(&self.file, self.part.as_deref(), what);
        Ok(match event {
            Ok(Event::Start(tag)) => {
                if self.depth == 0 && self.begun {
                    return Err(fault("something follows its end"));
                }
                (self.depth, self.begun) = (self.depth + 1, true);
                if self.depth > DEEPEST {
                    return Err(fault("its elements are nested too deep"));
                }
                Token::Open(Tag { start: tag, file: &self.file, part: self.part.as_deref() })
            }
            Ok(Event::End(_)) => {
                self.depth -= 1;
                Token::Close
            }
            Ok(Event::Text(text)) => Token::Text(text.xml10_content()),
            Ok(Event::CData(text)) => Token::Text(text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                let letter = reference.resolve_char_ref().ok().flatten();
                let named = || resolve_predefined_entity(&reference);
                let text = letter.map(String::from).or_else(|| named().map(String::from));
                Token::Text(
                    text.ok_or_else(|| fault("a letter has a name that is not known"))?.into(),
                )
            }
            Ok(Event::DocType(_)) => {
                return Err(damaged(
                    Place::file(&self.file),
                    &match &self.part {
                        Some(part) => {
                            format!(
                                "its part {part} declares a document type, which no workbook does"
                            )
                        }
                        None => "it declares a document type, which no return does".to_string(),
                    },
                ));
            }
            Ok(Event::Eof) if self.depth > 0 || !self.begun => {
                return Err(fault("it ends too early"));
            }
            Ok(Event::Eof) => Token::End,
            Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::Empty(_)) => {
                Token::Nothing
            }
            Err(quick_xml::Error::Io(error)) => {
                return Err(limit_passed(&error).unwrap_or_else(|| match &self.part {
                    Some(part) => {
                        let what = format!("its part {part} cannot be unpacked");
                        damaged(Place::file(&self.file), &what)
                    }
                    None => fault("it cannot be read to its end"),
                }));
            }
            Err(quick_xml::Error::Encoding(_)) => return Err(fault("a text is not in UTF-8")),
            Err(_) => return Err(fault("its tags do not match")),
        })
    }

    /// Passes over the element that has just begun.
    pub fn skip(&mut self) -> Result<(), Problem> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }
}

fn damage(file: &str, part: Option<&str>, what: &str) -> Problem {
    let what = part.map_or(what.to_string(), |part| format!("in {part}, {what}"));
    damaged(Place::file(file), &what)
}
