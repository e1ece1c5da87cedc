//! The parts of a package: a zip archive, of which each part is unpacked when it is asked for.
//!
//! What is not asked for is neither unpacked nor judged. What is unpacked is counted as it comes,
//! and its checksum holds before anything of it is believed: a reader that was read to its end has
//! compared it.

use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use zip::ZipArchive;

use super::Limits;
use super::bytes::u16_at;
use super::package::{encrypted, encrypted_archive};
use super::sheet::damaged;
use super::told::DamagePlace;
use super::xml::Xml;
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::problem::{Place, Problem};

/// An open package.
pub struct Parts<'a> {
    file: &'a str,
    bytes: &'a [u8],
    limits: &'a Limits,
    archive: ZipArchive<Cursor<&'a [u8]>>,
    names: Arc<[String]>,
    /// The parts whose very names stand in the table of contents more than once.
    repeated: Arc<HashSet<usize>>,
    unpacked: Arc<AtomicU64>,
}

impl<'a> Parts<'a> {
    /// Opens a package by its table of contents.
    pub fn open(file: &'a str, bytes: &'a [u8], limits: &'a Limits) -> Result<Self, Problem> {
        let damage = |what| damaged(Place::file(file), what);
        let mut archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| damage("it ends too early or was cut off while it was copied"))?;
        if archive.len() > limits.parts {
            let (found, allowed) = (archive.len() as u64, limits.parts as u64);
            return Err(limits.exceeded(file, "parts", found, allowed));
        }
        let table = bytes.get(archive.central_directory_start() as usize..);
        let table = table.filter(|_| archive.has_duplicate_names());
        let twice = names_that_repeat(table.unwrap_or_default());
        let mut names = Vec::with_capacity(archive.len());
        let (mut locked, mut repeated) = (false, HashSet::new());
        for index in 0..archive.len() {
            let part = archive.by_index_raw(index);
            let part = part.map_err(|_| damage("its table of contents is wrong"))?;
            locked |= part.encrypted();
            if twice.contains(part.name_raw()) {
                repeated.insert(index);
            }
            let name = part.name().map_err(|_| damage("a part has no proper name"))?;
            // Some programs of Windows write its separator.
            names.push(name.replace('\\', "/"));
        }
        let (names, repeated, unpacked) = (names.into(), Arc::new(repeated), Arc::default());
        let parts = Parts { file, bytes, limits, archive, names, repeated, unpacked };
        match (locked, parts.has("[Content_Types].xml") || parts.has("content.xml")) {
            (false, _) => Ok(parts),
            (true, true) => Err(encrypted(file)),
            (true, false) => Err(encrypted_archive(file)),
        }
    }

    /// The file's name.
    pub fn file(&self) -> &'a str {
        self.file
    }

    /// The names of all parts, in the archive's order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether there is a part of that name, in any case of letters.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &str) -> Option<usize> {
        let wanted = name.trim_start_matches('/');
        self.names.iter().position(|name| name.trim_start_matches('/').eq_ignore_ascii_case(wanted))
    }

    /// Unpacks a part as it is read; none where there is no part of that name.
    pub fn stream(&mut self, name: &str) -> Result<Option<Part<'_>>, Problem> {
        let Some(index) = self.find(name) else { return Ok(None) };
        let told = DamagePlace::of_part(self.file, &self.names[index]);
        self.unpack(index, told).map(Some)
    }

    /// Unpacks the part with the cells of a sheet as it is read; that it is not there is damage.
    pub fn stream_of_sheet(&mut self, name: &str, place: &Place) -> Result<Part<'_>, Problem> {
        let told = DamagePlace::of_sheet(place);
        let index = self.find(name).ok_or_else(|| told.missing())?;
        self.unpack(index, told)
    }

    fn unpack(&mut self, index: usize, told: DamagePlace) -> Result<Part<'_>, Problem> {
        // Which of two parts of one name is meant, nobody can say.
        let name = self.names[index].trim_start_matches('/');
        let mut further = self.names[index + 1..].iter().map(|name| name.trim_start_matches('/'));
        let repeats = self.repeated.contains(&index);
        if repeats || further.any(|further| further.eq_ignore_ascii_case(name)) {
            return Err(told.twice());
        }
        let content = self.archive.by_index(index).map_err(|_| told.unreadable())?;
        let counted = Counted {
            content: Box::new(content),
            file: self.file,
            limits: self.limits,
            part: 0,
            unpacked: &self.unpacked,
        };
        Ok(Part { told, content: BufReader::with_capacity(1 << 16, counted) })
    }

    /// Reads a part that is XML; that it is not there is damage.
    pub fn xml(&mut self, name: &str) -> Result<Xml<Part<'_>>, Problem> {
        let told = DamagePlace::of_part(self.file, name);
        let part = self.stream(name)?.ok_or_else(|| told.missing())?;
        Xml::new(told, part)
    }

    /// Reads the cells of a sheet, which are XML.
    pub fn xml_of_sheet(&mut self, name: &str, place: &Place) -> Result<Xml<Part<'_>>, Problem> {
        let part = self.stream_of_sheet(name, place)?;
        Xml::new(DamagePlace::of_sheet(place), part)
    }

    /// How many bytes of the file the part takes.
    pub fn packed_bytes(&mut self, name: &str) -> u64 {
        let index = self.find(name);
        let part = index.and_then(|index| self.archive.by_index_raw(index).ok());
        part.map_or(0, |part| part.compressed_size())
    }

    /// The file's content.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The same package for another thread: what both unpack counts together.
    pub fn again(&self) -> Self {
        Parts {
            file: self.file,
            bytes: self.bytes,
            limits: self.limits,
            archive: self.archive.clone(),
            names: self.names.clone(),
            repeated: self.repeated.clone(),
            unpacked: self.unpacked.clone(),
        }
    }

    /// The fingerprint of all parts but one, by their names, lengths and checksums.
    pub fn fingerprint_but_for(&mut self, but: &str) -> Result<Fingerprint, Problem> {
        let mut told = Vec::new();
        for index in (0..self.names.len()).filter(|index| self.names[*index] != but) {
            let part = self.archive.by_index_raw(index);
            let part = part.map_err(|_| DamagePlace::of_part(self.file, but).unreadable())?;
            told.push(format!("{} {} {}", self.names[index], part.size(), part.crc32()));
        }
        Ok(Fingerprint::of_all(told.iter().map(String::as_bytes)))
    }

    /// Unpacks a whole part; none where there is no part of that name.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        let Some(mut part) = self.stream(name)? else { return Ok(None) };
        let mut content = Vec::new();
        part.read_to_end(&mut content).map_err(|e| part.fault(&e))?;
        Ok(Some(content))
    }
}

/// The names that a table of contents holds more than once: by name, only the last of them is seen.
fn names_that_repeat(table: &[u8]) -> HashSet<&[u8]> {
    let (mut names, mut repeated) = (HashSet::new(), HashSet::new());
    let mut rest = table;
    while rest.starts_with(b"PK\x01\x02") {
        let [name, extra, comment] = [28, 30, 32].map(|at| u16_at(rest, at).map_or(0, usize::from));
        let Some(bytes) = rest.get(46..46 + name) else { break };
        if !names.insert(bytes) {
            repeated.insert(bytes);
        }
        rest = rest.get(46 + name + extra + comment..).unwrap_or_default();
    }
    repeated
}

/// A part as it is unpacked.
pub struct Part<'p> {
    told: DamagePlace,
    content: BufReader<Counted<'p>>,
}

impl Part<'_> {
    /// Damage in this part.
    pub fn damaged(&self, what: &str) -> Problem {
        self.told.damaged(what)
    }

    /// What an error while reading means: a limit that was passed, or damage.
    pub fn fault(&self, error: &io::Error) -> Problem {
        limit_passed(error).unwrap_or_else(|| self.told.unreadable())
    }

    /// The next byte; none at the end.
    pub fn byte(&mut self) -> Result<Option<u8>, Problem> {
        let next = self.content.fill_buf().map(|bytes| bytes.first().copied());
        let next = next.map_err(|e| self.fault(&e))?;
        self.content.consume(usize::from(next.is_some()));
        Ok(next)
    }

    /// Reads what is left, so that the checksum is compared.
    pub fn read_to_its_end(&mut self) -> Result<(), Problem> {
        io::copy(&mut self.content, &mut io::sink()).map(drop).map_err(|e| self.fault(&e))
    }
}

/// The problem of a limit that was passed while a part was read.
pub fn limit_passed(error: &io::Error) -> Option<Problem> {
    error.get_ref()?.downcast_ref::<Problem>().cloned()
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.content.read(buffer)
    }
}

impl BufRead for Part<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.content.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.content.consume(amount);
    }
}

/// Counts what comes out against the limits.
struct Counted<'p> {
    content: Box<dyn Read + 'p>,
    file: &'p str,
    limits: &'p Limits,
    part: u64,
    unpacked: &'p AtomicU64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(buffer)?;
        self.part += read as u64;
        let all = self.unpacked.fetch_add(read as u64, Ordering::Relaxed) + read as u64;
        let limits = self.limits;
        if self.part > limits.part_bytes {
            let what = "bytes in one part";
            let passed = limits.exceeded(self.file, what, u64::MAX, limits.part_bytes);
            return Err(io::Error::other(passed));
        }
        if all > limits.total_bytes {
            let allowed = limits.total_bytes;
            return Err(io::Error::other(limits.exceeded(
                self.file,
                "bytes when unpacked",
                all,
                allowed,
            )));
        }
        Ok(read)
    }
}
