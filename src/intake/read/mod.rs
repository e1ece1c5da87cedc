//! Reading: files of any usual form become [`Sheet`]s, each form by a reader of its own.
//!
//! A file's kind is told from its content, not from its name; damage is an error, never data.

mod archive;
mod book;
mod bundle;
mod bytes;
mod code_page;
mod elements;
mod excerpt;
mod number_format;
mod ods;
mod package;
mod parts;
mod relations;
mod sealed;
mod serial;
mod sheet;
mod tabs;
mod text;
mod told;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

pub use bundle::{BUNDLE, Bundled, Fate, README, SUMS, read_bundle};
pub use excerpt::{Excerpt, read_excerpt};
pub use sealed::{Form, PAGE, PROPERTIES, Sealed, read_sealed};
pub use sheet::{Cell, Sheet, Value};

use std::path::Path;

use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::problem::{Place, Problem, Problems, nearest};

/// From this many bytes on, a second thread is worth its start.
const WORTH_A_THREAD: usize = 1 << 16;

/// How much of anything a file may ask for. Every message that refuses a file names the option that
/// raises the limit.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    /// Bytes of one part of a package, unpacked.
    pub part_bytes: u64,
    /// Bytes of a packed list, unpacked: it is held whole while it is read.
    pub list_bytes: u64,
    /// Bytes of all parts, unpacked.
    pub total_bytes: u64,
    /// Parts of a package.
    pub parts: usize,
    /// Filled cells of a file.
    pub cells: usize,
    /// Formats of cells.
    pub formats: usize,
    /// Bytes of texts that are held for a file, equal ones once for each sheet.
    pub text_bytes: u64,
    /// Pairs of a return's records that are one child's: rules ask some records about all others of
    /// the same child.
    pub pairs: u64,
}

impl Limits {
    /// The usual limits, times `factor` (`--limit`).
    pub fn times(factor: u32) -> Self {
        let factor = u64::from(factor.max(1));
        Limits {
            file_bytes: (256 << 20) * factor,
            part_bytes: (512 << 20) * factor,
            list_bytes: (128 << 20) * factor,
            total_bytes: (1024 << 20) * factor,
            parts: 2_000 * factor as usize,
            cells: 20_000_000 * factor as usize,
            formats: 100_000 * factor as usize,
            text_bytes: ((256 << 20) * factor).min(u64::from(u32::MAX)),
            pairs: 100_000_000 * factor,
        }
    }

    /// That no more was found than is allowed.
    fn hold(&self, file: &str, what: &str, found: usize, allowed: usize) -> Result<(), Problem> {
        match found > allowed {
            true => Err(self.exceeded(file, what, found as u64, allowed as u64)),
            false => Ok(()),
        }
    }

    fn exceeded(&self, file: &str, what: &str, found: u64, limit: u64) -> Problem {
        let found = if found == u64::MAX { "more".to_string() } else { found.to_string() };
        let message = format!("the file is too large: {found} {what}, of {limit} allowed");
        Problem::unreadable(file, message)
            .hint("if the file is right, `--limit 2` allows twice as much of everything")
            .hint_in_page(
                "keep the lists of the return alone in it; if it is what it should be, \
                 an analyst can allow more",
            )
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits::times(1)
    }
}

/// The endings of workbooks.
pub const WORKBOOKS: [&str; 5] = ["xlsx", "xlsm", "xlsb", "xls", "ods"];
/// The endings of files that are a return, or most of one.
pub const WHOLE: [&str; 8] = ["xlsx", "xlsm", "xlsb", "xls", "ods", "xml", "zip", "gz"];
/// The ending of files that are one list of a return.
pub const LIST: &str = "csv";

/// A file that was read: its name and its sheets.
#[derive(Debug)]
pub struct Source {
    /// The name as given.
    pub name: String,
    /// What kind of file it turned out to be: `Excel workbook`, `CSV list`.
    pub kind: &'static str,
    /// Its sheets, in tab order.
    pub sheets: Vec<Sheet>,
    /// The fingerprint of its bytes, where it was a file.
    pub fingerprint: Option<Fingerprint>,
}

/// Reads a file from disk.
pub fn read_file(path: &Path, limits: &Limits, problems: &mut Problems) -> Result<Source, Problem> {
    let bytes = file_bytes(path, limits)?;
    let read = read_bytes(&path.display().to_string(), &bytes, limits, problems)?;
    Ok(Source { fingerprint: Some(Fingerprint::of(&bytes)), ..read })
}

/// That a file cannot be read and why, with the name of one that may be meant.
fn cannot_be_read(path: &Path, e: &std::io::Error) -> Problem {
    let near = near_file(path).filter(|_| e.kind() == std::io::ErrorKind::NotFound);
    let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    let message = format!("the file cannot be read: {}{near}", io_reason(e));
    Problem::unreadable(path.display().to_string(), message)
}

/// A file's content as it is.
pub fn file_bytes(path: &Path, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let name = path.display().to_string();
    let fail = |e| cannot_be_read(path, &e);
    let about = std::fs::metadata(path).map_err(fail)?;
    if let Some(workbook) = locked_by(path) {
        let what = "this is Excel's mark of an open workbook, not the workbook itself";
        return Err(
            Problem::unreadable(&name, what).hint(format!("name the workbook, `{workbook}`"))
        );
    }
    // A pipe or a device would be waited on for ever.
    if !about.is_file() {
        let (what, hint) = match about.is_dir() {
            true => ("this is a folder, where a file is asked for", "name one of the files in it"),
            false => ("this is not a file", "name a workbook or a CSV list"),
        };
        return Err(Problem::unreadable(&name, what).hint(hint));
    }
    if about.len() > limits.file_bytes {
        return Err(limits.exceeded(&name, "bytes", about.len(), limits.file_bytes));
    }
    std::fs::read(path).map_err(fail)
}

/// Whether a file's ending is one of these, in any case.
pub fn is_ending(ending: &str, of: &[&str]) -> bool {
    of.iter().any(|one| one.eq_ignore_ascii_case(ending))
}

/// The workbook that a file marks as open: Excel and LibreOffice leave such marks beside it.
pub fn locked_by(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let excel = name.strip_prefix("~$");
    let office = name.strip_prefix(".~lock.").and_then(|name| name.strip_suffix('#'));
    excel.or(office).map(str::to_string)
}

/// Whether a file's name is another one with the ending of a workbook or list behind it.
fn is_with_ending(name: &str, bare: &str) -> bool {
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    let is_read = is_ending(ending, &WHOLE) || is_ending(ending, &[LIST]);
    is_read && stem.eq_ignore_ascii_case(bare)
}

/// The file that is most likely meant by the name of one that there is not: of a like name, or with
/// an ending.
pub fn near_file(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.retain(|name| !name.starts_with(['.', '~']));
    names.sort();
    let near = names.iter().find(|name| is_with_ending(name, wanted)).map(String::as_str);
    let near = near.or_else(|| nearest(wanted, names.iter().map(String::as_str)))?;
    Some(folder.map_or(near.to_string(), |folder| folder.join(near).display().to_string()))
}

/// Reads a file's content.
pub fn read_bytes(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
    problems: &mut Problems,
) -> Result<Source, Problem> {
    let source = |kind, sheets| Source { name: name.to_string(), kind, sheets, fingerprint: None };
    if is_blank(bytes) {
        return Err(Problem::unreadable(name, "the file is empty")
            .hint("save the return again, or copy it again"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let (kind, sheets) = package::read(name, bytes, limits, problems)?;
        return Ok(source(kind, sheets));
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        let sheets = xls::read(name, bytes, limits, problems)?;
        return Ok(source("workbook of Excel 97-2003", sheets));
    }
    if bytes.starts_with(archive::GZIP) {
        let content = archive::ungzipped(name, bytes, limits)?;
        return read_bytes(name, &content, limits, problems);
    }
    if xls::is_bare_stream(bytes) {
        let sheets = xls::read_stream(name, bytes, limits, problems)?;
        return Ok(source("workbook of Excel 97-2003", sheets));
    }
    if xls::is_older(bytes) {
        return Err(xls::too_old(name));
    }
    if let Some(what) = of_another_kind(bytes) {
        return Err(package::not_a_workbook(name, what));
    }
    let place = Place::sheet(name, 0, archive::stem(name));
    let sheets = read_list(place, bytes, limits, problems)?;
    let kind = match sheets.first().is_some_and(|sheet| sheet.place.elements.is_some()) {
        true => "XML of records",
        false => "CSV list",
    };
    Ok(source(kind, sheets))
}

/// What a file is that looks like text and is no list.
fn of_another_kind(bytes: &[u8]) -> Option<&'static str> {
    let begin = after_mark(bytes);
    let begins =
        |mark: &[u8]| begin.get(..mark.len()).is_some_and(|b| b.eq_ignore_ascii_case(mark));
    if begins(b"%PDF") {
        return Some("it is a PDF");
    }
    if begins(b"{\\rtf") {
        return Some("it is a document of a word processor");
    }
    // Reports that are saved for Excel with their pictures, and Excel's own "single file web page".
    let head = &begin[..begin.len().min(1024)];
    let is_mail = begins(b"mime-version:") || begins(b"from:") || begins(b"content-type:");
    if is_mail && memchr::memmem::find(&head.to_ascii_lowercase(), b"multipart/related").is_some() {
        return Some("it is a web page in an archive");
    }
    None
}

/// Reads what is no workbook: a CSV list, packed or not. It stands at a place, in a file of its own
/// or in an archive.
fn read_list(
    place: Place,
    bytes: &[u8],
    limits: &Limits,
    problems: &mut Problems,
) -> Result<Vec<Sheet>, Problem> {
    if bytes.starts_with(archive::GZIP) {
        let content = archive::ungzipped(&place.file, bytes, limits)?;
        return read_list(place, &content, limits, problems);
    }
    if is_blank(bytes) {
        return Ok(Vec::new());
    }
    if after_mark(bytes).starts_with(b"<") || is_utf16_markup(bytes) {
        if elements::is_of_records(after_mark(bytes)) {
            return elements::read(&place, bytes, limits);
        }
        let what = "it is a web page or XML";
        return Err(package::not_a_workbook(&place.file, what));
    }
    Ok(vec![text::read(place, bytes, text::Rows::AsExcel, limits, problems)?])
}

/// Whether XML begins in letters of two bytes.
fn is_utf16_markup(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe<\0") || bytes.starts_with(b"\xfe\xff\0<")
}

/// The bytes after a byte-order mark and white space.
fn after_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start()
}

fn is_blank(bytes: &[u8]) -> bool {
    after_mark(bytes).is_empty()
}

/// An operating system's reason in words that it has for everybody.
pub fn io_reason(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file",
        ErrorKind::PermissionDenied => "access is refused (is it open in Excel?)",
        ErrorKind::IsADirectory => "it is a folder",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full",
        ErrorKind::ReadOnlyFilesystem => "the folder is read-only",
        ErrorKind::FileTooLarge => "the disk does not take a file of that size",
        ErrorKind::NotADirectory => "a part of its path is not a folder",
        ErrorKind::AlreadyExists => "there is a file of that name",
        ErrorKind::InvalidFilename => "the system does not take that name",
        _ => "the operating system reports a fault",
    }
}
