//! A part of the file as a tree of elements.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::workbook_diff::text::quoted;

// Modest protection against hostile files, as in `package`.
const MAX_EVENTS: usize = 4_000_000;
const MAX_DEPTH: usize = 200;

/// An XML element by local name. Prefixes are dropped because writers choose them freely, and no
/// element read here has two attributes that differ only by prefix.
#[derive(Default)]
pub(super) struct Node {
    pub(super) name: Box<str>,
    pub(super) attrs: Vec<(Box<str>, Box<str>)>,
    pub(super) kids: Vec<Node>,
    pub(super) text: String,
}

/// Stands for any element that is absent, so that `at` can be chained without unwrapping.
static NOTHING: std::sync::LazyLock<Node> = std::sync::LazyLock::new(Node::default);

impl Node {
    pub(super) fn parse(xml: &str) -> Result<Node, String> {
        let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
        // The first entry is a holder for the root element.
        let mut open = vec![Node::default()];
        let mut events = 0;
        loop {
            let event = reader.read_event();
            let position = reader.buffer_position();
            let damaged =
                |error: String| format!("is not well-formed XML near byte {position} ({error})");
            match event.map_err(|error| damaged(error.to_string()))? {
                Event::Start(tag) => open.push(Node::from_tag(&tag).map_err(damaged)?),
                Event::Empty(tag) => close(&mut open, Node::from_tag(&tag).map_err(damaged)?),
                Event::End(_) => {
                    if let Some(node) = open.pop() {
                        close(&mut open, node);
                    }
                    continue;
                }
                Event::Text(text) => add_text(&mut open, &text.xml10_content()),
                Event::CData(text) => add_text(&mut open, &text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let character =
                        reference.resolve_char_ref().map_err(|error| damaged(error.to_string()))?;
                    match (character, resolve_predefined_entity(&reference)) {
                        (Some(character), _) => {
                            add_text(&mut open, character.encode_utf8(&mut [0; 4]))
                        }
                        (None, Some(text)) => add_text(&mut open, text),
                        (None, None) => {
                            return Err(damaged(format!("unknown entity {}", &*reference)));
                        }
                    }
                    continue;
                }
                Event::Eof => break,
                Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => {}
            }
            events += 1;
            if events > MAX_EVENTS || open.len() > MAX_DEPTH {
                return Err(
                    "has too many elements, or too deeply nested ones, to be read".to_owned()
                );
            }
        }
        match (open.pop().map(|holder| holder.kids), open.is_empty()) {
            (Some(mut kids), true) if kids.len() == 1 => Ok(kids.swap_remove(0)),
            _ => Err("ends too early".to_owned()),
        }
    }

    pub(super) fn from_tag(tag: &BytesStart) -> Result<Node, String> {
        let mut node = Node { name: tag.local_name().into_inner().into(), ..Node::default() };
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            if attribute.key.as_namespace_binding().is_none() {
                let value = attribute
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map_err(|error| error.to_string())?;
                node.attrs.push((attribute.key.local_name().into_inner().into(), value.into()));
            }
        }
        Ok(node)
    }

    pub(super) fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(key, _)| **key == *name).map(|(_, value)| &**value)
    }

    pub(super) fn attr_or<'n>(&'n self, name: &str, other: &'n str) -> &'n str {
        self.attr(name).unwrap_or(other)
    }

    /// The attribute where it is not just what it would be anyway.
    pub(super) fn unusual(&self, name: &str, usual: &str) -> Option<&str> {
        self.attr(name).filter(|value| *value != usual)
    }

    /// The `val` attribute of the element down this path, the way charts keep their settings.
    pub(super) fn val(&self, path: &[&str]) -> Option<&str> {
        self.at(path).attr("val")
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.attr(name).is_some_and(|value| matches!(value, "1" | "true" | "on"))
    }

    /// For attributes that are on unless the file says otherwise.
    pub(super) fn off(&self, name: &str) -> bool {
        self.attr(name).is_some_and(|value| matches!(value, "0" | "false" | "off"))
    }

    pub(super) fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, String> {
        let Some(value) = self.attr(name) else {
            return Ok(None);
        };
        value.trim().parse().map(Some).map_err(|_| {
            let (of, value) = (&self.name, quoted(value));
            format!("{name} of <{of}> is {value}, which is not a number that fits")
        })
    }

    pub(super) fn children<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.kids.iter().filter(move |kid| *kid.name == *name)
    }

    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.kids.iter().find(|kid| *kid.name == *name)
    }

    /// The element down this path, or an empty one.
    pub(super) fn at(&self, path: &[&str]) -> &Node {
        path.iter().try_fold(self, |node, name| node.child(name)).unwrap_or(&NOTHING)
    }

    /// All elements of this name below, in document order.
    pub(super) fn below<'n>(&'n self, name: &str) -> Vec<&'n Node> {
        let mut found = Vec::new();
        for kid in &self.kids {
            if *kid.name == *name {
                found.push(kid);
            }
            found.extend(kid.below(name));
        }
        found
    }

    pub(super) fn all_text(&self) -> String {
        self.kids.iter().fold(self.text.clone(), |text, kid| text + &kid.all_text())
    }
}

/// Puts a finished element into its parent. Alternatives for newer and older readers are settled
/// here once: the newer choice takes the place of the wrapper, the fallback is dropped.
fn close(open: &mut [Node], node: Node) {
    let Some(parent) = open.last_mut() else {
        return;
    };
    match &*node.name {
        "Fallback" => {}
        "AlternateContent" | "Choice" => parent.kids.extend(node.kids),
        _ => parent.kids.push(node),
    }
}

fn add_text(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}
