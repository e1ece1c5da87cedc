//! An inspector's bundle: a report with all that it rests on but the records, in one zip archive
//! that is the same each time.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::anywhere::made_anywhere;
use crate::intake::read::{BUNDLE, README, SUMS};
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::report::Properties;

const WHY: &str = "memory can be written to";

/// A part of a bundle.
pub struct BundlePart {
    /// What it is called.
    pub name: &'static str,
    /// What it is, in a line for whoever opens the bundle.
    pub says: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The archive: what is in it and how it was made comes first, the fingerprints of its parts last.
pub fn bundle(properties: &Properties, period: &str, parts: &[BundlePart]) -> Vec<u8> {
    let about = readme(properties, period, parts);
    let mut sums = sum(README, about.as_bytes());
    parts.iter().for_each(|part| sums.push_str(&sum(part.name, &part.bytes)));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // What a bundle is known by stands at its beginning as it is.
    put(&mut archive, README, about.as_bytes(), CompressionMethod::Stored);
    for part in parts {
        put(&mut archive, part.name, &part.bytes, CompressionMethod::Deflated);
    }
    put(&mut archive, SUMS, sums.as_bytes(), CompressionMethod::Deflated);
    made_anywhere(archive.finish().expect(WHY).into_inner())
}

/// Puts a part into the archive, as if it were made on no day and by nobody.
fn put(
    archive: &mut ZipWriter<Cursor<Vec<u8>>>,
    name: &str,
    bytes: &[u8],
    method: CompressionMethod,
) {
    let options = SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    archive.start_file(name, options).expect(WHY);
    archive.write_all(bytes).expect(WHY);
}

/// A line as `sha256sum` writes and reads it.
fn sum(name: &str, bytes: &[u8]) -> String {
    format!("{}  {name}\n", Fingerprint::of(bytes))
}

fn readme(properties: &Properties, period: &str, parts: &[BundlePart]) -> String {
    let mut text = format!("{BUNDLE}\n\n{}\n{}, {period}\n\n", properties.title, properties.author);
    text.push_str("What is in this bundle\n\n");
    let sums = (SUMS, "the fingerprint (SHA-256) of each of these files");
    for (name, says) in parts.iter().map(|part| (part.name, part.says)).chain([sums]) {
        let _ = writeln!(text, "  {name:<18}{says}");
    }
    text.push_str("\nHow it was made\n\n");
    if let Some(origin) = &properties.origin {
        let told = "not told: it holds so few records";
        let lines = [
            ("version", origin.version.as_str()),
            ("layout", &origin.layout),
            ("rule", &origin.rule),
            ("return", origin.received.as_deref().unwrap_or(told)),
            ("scripts", &origin.scripts),
            ("settings", &origin.settings),
        ];
        for (what, says) in lines {
            let _ = writeln!(text, "  {what:<10}{says}");
        }
    }
    let _ = write!(
        text,
        "
The return, the scripts and the settings are told by their fingerprints. The same
return, scripts, settings and version give this bundle again, to the byte.

How to check it

  rapporteur verify BUNDLE.zip
  rapporteur verify BUNDLE.zip --return RETURN --project FOLDER
  sha256sum -c {SUMS}       without the program, where it is unpacked

No record of a child is in here, and the problems tell no value of a cell. Which
records each figure is made of is told by a file of its own, which is private and
stays with the council (rapporteur build --trail).
"
    );
    text
}
