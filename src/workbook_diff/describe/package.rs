//! The zip file that a workbook is, and which of its parts points at which.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::node::Node;

// Modest protection against zip bombs and hostile files. A real workbook worth a snapshot stays
// far below both.
const MAX_PART: u64 = 64 << 20;
const MAX_INFLATED: u64 = 512 << 20;

/// The zip file, with part names matched without regard to case as the packaging standard asks.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    index: HashMap<String, usize>,
    inflated: u64,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Package<'a>, String> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
            format!("this is not an xlsx file, it cannot be read as a zip archive ({error})")
        })?;
        let mut index = HashMap::new();
        for number in 0..archive.len() {
            let name = archive.name_for_index(number).and_then(Result::ok);
            let name =
                name.ok_or_else(|| format!("the name of file {number} in the archive is damaged"))?;
            index.insert(name.replace('\\', "/").to_lowercase(), number);
        }
        Ok(Package { archive, index, inflated: 0 })
    }

    pub(super) fn find(&self, part: &str) -> Option<usize> {
        self.index.get(&part.to_lowercase()).copied()
    }

    /// The part as an element tree, `None` where the file has no such part.
    pub(super) fn xml(&mut self, part: &str) -> Result<Option<Node>, String> {
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
        let text =
            String::from_utf8(bytes).map_err(|_| format!("part {part} is not UTF-8 text"))?;
        Node::parse(&text).map(Some).map_err(|error| format!("part {part} {error}"))
    }

    pub(super) fn required(&mut self, part: &str) -> Result<Node, String> {
        self.xml(part)?.ok_or_else(|| format!("the file has no part {part}"))
    }

    pub(super) fn optional(&mut self, part: Option<&str>) -> Result<Node, String> {
        Ok(part.map(|part| self.xml(part)).transpose()?.flatten().unwrap_or_default())
    }

    /// What tells one picture from another without unpacking it.
    pub(super) fn fingerprint(&self, part: &str) -> Option<String> {
        let data = self.archive.by_index_data(self.find(part)?).ok()?;
        let kind = part.rsplit('.').next().unwrap_or("").to_lowercase();
        Some(format!("{kind} {} bytes crc {:08x}", data.size(), data.crc32()))
    }

    /// The relationships of a part; of the package itself where `part` is empty.
    pub(super) fn relations(&mut self, part: &str) -> Result<Relations, String> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let list = self.xml(&format!("{folder}{slash}_rels/{file}.rels"))?.unwrap_or_default();
        let relations = list.children("Relationship");
        Ok(Relations(relations.map(|node| Relation::of(node, folder)).collect()))
    }
}

struct Relation {
    id: String,
    /// The last segment of the type address, which transitional and strict files share.
    kind: String,
    target: String,
}

impl Relation {
    /// A relationship of a part that lies in this folder.
    fn of(node: &Node, folder: &str) -> Relation {
        let kind = node.attr("Type").and_then(|kind| kind.rsplit('/').next());
        let target = node.attr("Target").unwrap_or("");
        Relation {
            id: node.attr("Id").unwrap_or("").to_owned(),
            kind: kind.unwrap_or("").to_owned(),
            target: match node.attr("TargetMode") {
                Some("External") => target.to_owned(),
                _ => resolved(folder, target),
            },
        }
    }
}

pub(super) struct Relations(Vec<Relation>);

impl Relations {
    pub(super) fn of_kind(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |relation| relation.kind == kind)
            .map(|relation| relation.target.as_str())
    }

    /// The first part of any of these kinds.
    pub(super) fn first(&self, kinds: &[&str]) -> Option<&str> {
        kinds.iter().find_map(|kind| self.of_kind(kind).next())
    }

    /// What an element points at with its `r:id`.
    pub(super) fn of(&self, node: &Node) -> Option<&str> {
        self.target(node.attr("id")?)
    }

    pub(super) fn target(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|relation| relation.id == id).map(|relation| relation.target.as_str())
    }
}

/// A relationship target as a part name: absolute, or relative to the folder of its source.
fn resolved(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> =
        if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
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
