//! Turns an xlsx file into a stable, human-readable text for snapshot tests.
//!
//! The text follows what a person sees, not how the file stores it: shared strings are resolved,
//! styles are numbered by first use, relationship ids and part names never appear, and everything
//! is read in sheet order. So a rezipped file, or one whose string table or style table was
//! shuffled, gives the same text, and a diff of two texts shows only what changed for the reader.

mod sheet;
mod styles;

use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use zip::ZipArchive;

use styles::{Font, Styles};

pub(crate) use styles::tag_end;

// Modest protection against zip bombs and hostile files. A real workbook worth a snapshot stays
// far below every one of these.
const MAX_PART: u64 = 64 << 20;
const MAX_INFLATED: u64 = 512 << 20;
const MAX_EVENTS: usize = 4_000_000;
const MAX_DEPTH: usize = 200;
const MAX_TEXT: usize = 256 << 20;

/// Describes the workbook held in `bytes` as text; a damaged file gives a plain sentence instead.
pub fn workbook_text(bytes: &[u8]) -> Result<String, String> {
    let mut package = Package::open(bytes)?;
    let root = package.relations("")?;
    let main = root.first(&["officeDocument"]).unwrap_or("xl/workbook.xml");
    let workbook = package.required(main)?;
    let relations = package.relations(main)?;
    let styles = match relations.first(&["styles"]) {
        Some(part) => Styles::parse(&package.required(part)?)?,
        None => Styles::default(),
    };
    let strings = package.optional(relations.first(&["sharedStrings"]))?;
    let strings = strings.children("si").map(RichText::parse).collect();
    let date_1904 = workbook.at(&["workbookPr"]).flag("date1904");
    let mut book = Book { package, strings, styles, date_1904, out: String::new() };

    let sheets: Vec<&Node> = workbook.at(&["sheets"]).children("sheet").collect();
    let sheet_names: Vec<&str> = sheets.iter().map(|sheet| sheet.attr_or("name", "")).collect();
    let names = workbook.at(&["definedNames"]);
    let names: Vec<Name> = names.children("definedName").map(Name::parse).collect();
    book.write_properties(&root)?;
    let view = workbook.at(&["bookViews", "workbookView"]);
    let opens_on: usize = view.number("activeTab")?.unwrap_or(0);
    if let Some(name) = sheet_names.get(opens_on).filter(|_| opens_on > 0) {
        book.say(format!("opens on sheet {}", quoted(name)));
    }
    if date_1904 {
        book.say("dates count from 1904");
    }
    if workbook.at(&["workbookProtection"]).flag("lockStructure") {
        book.say("workbook structure locked");
    }
    book.write_names(&names, &sheet_names);
    for (index, sheet) in sheets.iter().enumerate() {
        let own: Vec<&Name> = names.iter().filter(|name| name.sheet == Some(index)).collect();
        let name = quoted(sheet_names[index]);
        let told = match relations.of(sheet) {
            Some(part) => book.write_sheet(&name, sheet.attr_or("state", "visible"), part, &own),
            None => Err("it has no part in the file".to_owned()),
        };
        told.map_err(|error| format!("sheet {name}: {error}"))?;
    }
    book.out += &book.styles.summary();
    Ok(book.out)
}

/// Everything the sheets share, and the text written so far.
struct Book<'a> {
    package: Package<'a>,
    strings: Vec<RichText>,
    styles: Styles,
    date_1904: bool,
    out: String,
}

impl Book<'_> {
    /// Writes one line.
    fn say(&mut self, text: impl AsRef<str>) {
        self.out.extend([text.as_ref(), "\n"]);
    }

    fn write_properties(&mut self, root: &Relations) -> Result<(), String> {
        let mut read = |kinds: &[&str]| self.package.optional(root.first(kinds));
        let core = read(&["core-properties"])?;
        let app = read(&["extended-properties", "extendedProperties"])?;
        let custom = read(&["custom-properties", "customProperties"])?;
        // Writers repeat the author and the time in the "last" fields: shown when they differ.
        let last = |last: &str, first: &str| {
            let (last, first) = (core.at(&[last]).text.trim(), core.at(&[first]).text.trim());
            if last == first { "" } else { last }
        };
        let mut words = Words::default();
        for (label, text) in [
            ("title", core.at(&["title"]).text.trim()),
            ("subject", core.at(&["subject"]).text.trim()),
            ("author", core.at(&["creator"]).text.trim()),
            ("last-author", last("lastModifiedBy", "creator")),
            ("keywords", core.at(&["keywords"]).text.trim()),
            ("comments", core.at(&["description"]).text.trim()),
            ("category", core.at(&["category"]).text.trim()),
            ("status", core.at(&["contentStatus"]).text.trim()),
            ("created", core.at(&["created"]).text.trim()),
            ("modified", last("modified", "created")),
            ("manager", app.at(&["Manager"]).text.trim()),
            ("company", app.at(&["Company"]).text.trim()),
        ] {
            match label {
                _ if text.is_empty() => {}
                "created" | "modified" => words.add(format!("{label}={}", plain(text))),
                _ => words.add(format!("{label}={}", quoted(text))),
            }
        }
        for property in custom.children("property") {
            let (name, value) = (property.attr_or("name", ""), property.all_text());
            words.add(format!("custom {}={}", quoted(name), quoted(value.trim())));
        }
        self.say_list("properties:", words.0);
        Ok(())
    }

    /// One line for a list, none for an empty one.
    fn say_list(&mut self, label: &str, words: Vec<String>) {
        if !words.is_empty() {
            self.say(format!("{label} {}", words.join(" ")));
        }
    }

    fn write_names(&mut self, names: &[Name], sheets: &[&str]) {
        let mut names: Vec<&Name> = names.iter().filter(|name| name.built_in().is_none()).collect();
        names.sort_by_key(|name| (name.name.to_lowercase(), name.sheet));
        for name in names {
            let mut words = Words::default();
            words.with("name", Some(&name.name));
            let sheet = name.sheet.map(|index| *sheets.get(index).unwrap_or(&"?"));
            words.text("on sheet", sheet);
            words.when(name.hidden, "hidden");
            words.with("=", Some(&name.refers_to));
            self.say(words.joined());
        }
    }
}

/// A defined name; Excel also keeps print areas and print titles as names.
struct Name {
    name: String,
    sheet: Option<usize>,
    hidden: bool,
    refers_to: String,
}

impl Name {
    fn parse(node: &Node) -> Name {
        Name {
            name: node.attr("name").unwrap_or("").to_owned(),
            sheet: node.attr("localSheetId").and_then(|id| id.parse().ok()),
            hidden: node.flag("hidden"),
            refers_to: node.text.clone(),
        }
    }

    /// Names Excel keeps for its own book-keeping, told in the sheet's own lines.
    fn built_in(&self) -> Option<&str> {
        let name = self.name.strip_prefix("_xlnm.")?;
        (self.sheet.is_some() && matches!(name, "Print_Area" | "Print_Titles" | "_FilterDatabase")).then_some(name)
    }
}

/// The zip file, with part names matched without regard to case as the packaging standard asks.
struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    index: HashMap<String, usize>,
    inflated: u64,
}

impl<'a> Package<'a> {
    fn open(bytes: &'a [u8]) -> Result<Package<'a>, String> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| format!("this is not an xlsx file, it cannot be read as a zip archive ({error})"))?;
        let mut index = HashMap::new();
        for number in 0..archive.len() {
            let name = archive.name_for_index(number).and_then(Result::ok);
            let name = name.ok_or_else(|| format!("the name of file {number} in the archive is damaged"))?;
            index.insert(name.replace('\\', "/").to_lowercase(), number);
        }
        Ok(Package { archive, index, inflated: 0 })
    }

    fn find(&self, part: &str) -> Option<usize> {
        self.index.get(&part.to_lowercase()).copied()
    }

    /// The part as an element tree, `None` where the file has no such part.
    fn xml(&mut self, part: &str) -> Result<Option<Node>, String> {
        let Some(number) = self.find(part) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        self.archive
            .by_index(number)
            .map_err(|error| format!("part {part} cannot be opened ({error})"))?
            .take(MAX_PART + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("part {part} cannot be unpacked ({error})"))?;
        let size = bytes.len() as u64;
        self.inflated += size;
        if size > MAX_PART {
            return Err(format!("part {part} is larger than {} MiB", MAX_PART >> 20));
        }
        if self.inflated > MAX_INFLATED {
            return Err(format!("the parts together are larger than {} MiB", MAX_INFLATED >> 20));
        }
        let text = String::from_utf8(bytes).map_err(|_| format!("part {part} is not UTF-8 text"))?;
        Node::parse(&text).map(Some).map_err(|error| format!("part {part} {error}"))
    }

    fn required(&mut self, part: &str) -> Result<Node, String> {
        self.xml(part)?.ok_or_else(|| format!("the file has no part {part}"))
    }

    fn optional(&mut self, part: Option<&str>) -> Result<Node, String> {
        Ok(part.map(|part| self.xml(part)).transpose()?.flatten().unwrap_or_default())
    }

    /// What tells one picture from another without unpacking it.
    fn fingerprint(&self, part: &str) -> Option<String> {
        let data = self.archive.by_index_data(self.find(part)?).ok()?;
        let kind = part.rsplit('.').next().unwrap_or("").to_lowercase();
        Some(format!("{kind} {} bytes crc {:08x}", data.size(), data.crc32()))
    }

    /// The relationships of a part; of the package itself where `part` is empty.
    fn relations(&mut self, part: &str) -> Result<Relations, String> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let list = self.xml(&format!("{folder}{slash}_rels/{file}.rels"))?.unwrap_or_default();
        let relation = |node: &Node| Relation {
            id: node.attr("Id").unwrap_or("").to_owned(),
            kind: node.attr("Type").and_then(|kind| kind.rsplit('/').next()).unwrap_or("").to_owned(),
            target: match (node.attr("TargetMode"), node.attr("Target").unwrap_or("")) {
                (Some("External"), target) => target.to_owned(),
                (_, target) => resolved(folder, target),
            },
        };
        Ok(Relations(list.children("Relationship").map(relation).collect()))
    }
}

struct Relation {
    id: String,
    /// The last segment of the type address, which transitional and strict files share.
    kind: String,
    target: String,
}

struct Relations(Vec<Relation>);

impl Relations {
    fn of_kind(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |relation| relation.kind == kind).map(|relation| relation.target.as_str())
    }

    /// The first part of any of these kinds.
    fn first(&self, kinds: &[&str]) -> Option<&str> {
        kinds.iter().find_map(|kind| self.of_kind(kind).next())
    }

    /// What an element points at with its `r:id`.
    fn of(&self, node: &Node) -> Option<&str> {
        self.target(node.attr("id")?)
    }

    fn target(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|relation| relation.id == id).map(|relation| relation.target.as_str())
    }
}

/// A relationship target as a part name: absolute, or relative to the folder of its source.
fn resolved(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for segment in target.split('/') {
        match segment {
            ".." => drop(path.pop()),
            "" | "." => {}
            name => path.push(name),
        }
    }
    path.retain(|segment| !segment.is_empty());
    path.join("/")
}

/// An XML element by local name. Prefixes are dropped because writers choose them freely, and no
/// element read here has two attributes that differ only by prefix.
#[derive(Default)]
struct Node {
    name: Box<str>,
    attrs: Vec<(Box<str>, Box<str>)>,
    kids: Vec<Node>,
    text: String,
}

/// Stands for any element that is absent, so that `at` can be chained without unwrapping.
static NOTHING: std::sync::LazyLock<Node> = std::sync::LazyLock::new(Node::default);

impl Node {
    fn parse(xml: &str) -> Result<Node, String> {
        let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
        // The first entry is a holder for the root element.
        let mut open = vec![Node::default()];
        let mut events = 0;
        loop {
            let event = reader.read_event();
            let position = reader.buffer_position();
            let damaged = |error: String| format!("is not well-formed XML near byte {position} ({error})");
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
                    let character = reference.resolve_char_ref().map_err(|error| damaged(error.to_string()))?;
                    match (character, resolve_predefined_entity(&reference)) {
                        (Some(character), _) => add_text(&mut open, character.encode_utf8(&mut [0; 4])),
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
                return Err("has too many elements, or too deeply nested ones, to be read".to_owned());
            }
        }
        match (open.pop().map(|holder| holder.kids), open.is_empty()) {
            (Some(mut kids), true) if kids.len() == 1 => Ok(kids.swap_remove(0)),
            _ => Err("ends too early".to_owned()),
        }
    }

    fn from_tag(tag: &BytesStart) -> Result<Node, String> {
        let mut node = Node { name: tag.local_name().into_inner().into(), ..Node::default() };
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            if attribute.key.as_namespace_binding().is_none() {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
                node.attrs.push((attribute.key.local_name().into_inner().into(), value.into()));
            }
        }
        Ok(node)
    }

    fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(key, _)| **key == *name).map(|(_, value)| &**value)
    }

    fn attr_or<'n>(&'n self, name: &str, other: &'n str) -> &'n str {
        self.attr(name).unwrap_or(other)
    }

    /// The attribute where it is not just what it would be anyway.
    fn unusual(&self, name: &str, usual: &str) -> Option<&str> {
        self.attr(name).filter(|value| *value != usual)
    }

    /// The `val` attribute of the element down this path, the way charts keep their settings.
    fn val(&self, path: &[&str]) -> Option<&str> {
        self.at(path).attr("val")
    }

    fn flag(&self, name: &str) -> bool {
        self.attr(name).is_some_and(|value| matches!(value, "1" | "true" | "on"))
    }

    /// For attributes that are on unless the file says otherwise.
    fn off(&self, name: &str) -> bool {
        self.attr(name).is_some_and(|value| matches!(value, "0" | "false" | "off"))
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, String> {
        let Some(value) = self.attr(name) else {
            return Ok(None);
        };
        let wrong = |_| format!("{} of <{}> is {}, which is not a number that fits", name, self.name, quoted(value));
        value.trim().parse().map(Some).map_err(wrong)
    }

    fn children<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.kids.iter().filter(move |kid| *kid.name == *name)
    }

    fn child(&self, name: &str) -> Option<&Node> {
        self.kids.iter().find(|kid| *kid.name == *name)
    }

    /// The element down this path, or an empty one.
    fn at(&self, path: &[&str]) -> &Node {
        path.iter().try_fold(self, |node, name| node.child(name)).unwrap_or(&NOTHING)
    }

    /// All elements of this name below, in document order.
    fn below<'n>(&'n self, name: &str) -> Vec<&'n Node> {
        let mut found = Vec::new();
        for kid in &self.kids {
            if *kid.name == *name {
                found.push(kid);
            }
            found.extend(kid.below(name));
        }
        found
    }

    fn all_text(&self) -> String {
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

/// A string of runs, each with its own font or that of the cell.
struct RichText(Vec<(Option<Font>, String)>);

impl RichText {
    /// Reads `<si>`, `<is>` or a note's `<text>`. Phonetic hints (`<rPh>`) are not part of the text.
    fn parse(node: &Node) -> RichText {
        let text = |node: &Node| {
            let text = node.at(&["t"]);
            // Without this attribute Excel drops the outer spaces, so the reader never sees them.
            let kept = if text.attr("space") == Some("preserve") { &text.text } else { text.text.trim() };
            unescaped(kept)
        };
        let mut runs: Vec<_> = node.children("r").map(|run| (run.child("rPr").map(Font::parse), text(run))).collect();
        if runs.is_empty() {
            runs.push((None, text(node)));
        }
        RichText(runs)
    }

    /// The text in quotes. One whose parts may look otherwise is `rich`, with `**bold**` and `_italic_` marks; with
    /// a base font also what else each run changes.
    fn quoted(&self, base: Option<&Font>) -> String {
        let rich = self.0.iter().any(|(font, _)| font.is_some());
        let mut out = String::from(if rich { "rich \"" } else { "\"" });
        for (font, text) in &self.0 {
            let mut text = escaped(text);
            if rich {
                // Kept apart from the marks.
                for mark in ["*", "_", "{", "}"] {
                    text = text.replace(mark, &format!("\\{mark}"));
                }
            }
            if let Some(font) = font {
                for (mark, sign) in [("italic", "_"), ("bold", "**")] {
                    if font.has(mark) {
                        text = format!("{sign}{text}{sign}");
                    }
                }
                let changes = base.map(|base| font.run_changes(base)).unwrap_or_default();
                if !changes.is_empty() {
                    text = format!("{{{changes}: {text}}}");
                }
            }
            out.push_str(&text);
        }
        out + "\""
    }
}

/// The words of one line, gathered from settings that may or may not be there.
#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    fn add(&mut self, word: impl Into<String>) {
        self.0.push(word.into());
    }

    fn when(&mut self, condition: bool, word: &str) {
        if condition {
            self.add(word);
        }
    }

    /// The flags of an element that are set, each by its word.
    fn flags(&mut self, node: &Node, words: &[(&str, &str)]) {
        for (attribute, word) in words {
            self.when(node.flag(attribute), word);
        }
    }

    /// `label value`, if there is a value.
    fn with(&mut self, label: &str, value: Option<impl AsRef<str>>) {
        self.0.extend(value.map(|value| format!("{label} {}", plain(value.as_ref()))));
    }

    /// The same with the value in quotes.
    fn text(&mut self, label: &str, value: Option<&str>) {
        self.0.extend(value.map(|value| format!("{label} {}", quoted(value))));
    }

    fn joined(self) -> String {
        self.0.join(" ")
    }
}

/// Text on one line, with everything a reviewer could not see in a diff spelt out.
fn plain(text: &str) -> String {
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

/// The same for text that stands between quotes.
fn escaped(text: &str) -> String {
    plain(&text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Undoes `_x000A_`, the way the format stores characters that XML cannot hold.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("_x") {
        let code = rest.get(start + 2..start + 6).filter(|_| rest.as_bytes().get(start + 6) == Some(&b'_'));
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                out.push_str(&rest[..start]);
                out.push(character);
                rest = &rest[start + 7..];
            }
            None => {
                out.push_str(&rest[..start + 2]);
                rest = &rest[start + 2..];
            }
        }
    }
    out + rest
}

/// The shortest text that reads back as the same number.
fn number_text(value: f64) -> String {
    if value == 0.0 || (1e-6..1e16).contains(&value.abs()) { format!("{value}") } else { format!("{value:e}") }
}

/// A number as stored, without the digits and zeros that only the writer's habit added.
fn tidy(text: &str) -> String {
    text.trim().parse::<f64>().map_or_else(|_| plain(text), number_text)
}
