//! What a file that was written here says of itself, and what its cells say now: `verify` holds the
//! one against the other.

use super::parts::Parts;
use super::sheet::Sheet;
use super::told::DamagePlace;
use super::xml::{Token, Xml};
use super::{Limits, Value, ods, read_bytes};
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::page::{MADE_HERE, plain_text, without_properties};
use crate::nouns::place::CellAddress;
use crate::nouns::problem::{Problem, Problems};
use crate::nouns::seal::{Grid, Says, Seal};

/// The part of an Excel workbook that holds properties of any name, and that of an OpenDocument
/// one.
pub const PROPERTIES: &str = "docProps/custom.xml";
const OPEN_PROPERTIES: &str = "meta.xml";
/// No program writes a longer text as a property.
const LONGEST: usize = 1 << 16;
/// What the one sheet of a page is called.
pub const PAGE: &str = "page";

/// A file with its seal.
#[derive(Debug)]
pub struct Sealed {
    /// What it says of itself; none where it says nothing.
    pub seal: Option<Seal>,
    /// What it holds now. A page is one sheet: a row a line, and a table's cells are cells.
    pub sheets: Vec<Grid>,
    /// The fingerprint of the file but for its seal.
    pub file: String,
    /// What kind of file it is.
    pub form: Form,
}

/// What kinds of files hold a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An Excel workbook.
    Excel,
    /// An OpenDocument spreadsheet.
    OpenDocument,
    /// A web page.
    Page,
    /// A CSV table.
    Table,
}

/// Reads one.
pub fn read_sealed(name: &str, bytes: &[u8], limits: &Limits) -> Result<Sealed, Problem> {
    let text = std::str::from_utf8(bytes).ok();
    if let Some(page) = text.filter(|page| page.starts_with('<') && page.contains(MADE_HERE)) {
        let (rest, properties) = without_properties(page);
        let file = Fingerprint::of(rest.as_bytes()).to_string();
        let seal = Seal::read(&properties);
        return Ok(Sealed { seal, sheets: vec![lines(&rest)], file, form: Form::Page });
    }
    let source = read_bytes(name, bytes, limits, &mut Problems::default())?;
    let sheets = source.sheets.iter().map(grid).collect();
    if !bytes.starts_with(b"PK") {
        let file = Fingerprint::of(bytes).to_string();
        return Ok(Sealed { seal: None, sheets, file, form: Form::Table });
    }
    let mut parts = Parts::open(name, bytes, limits)?;
    let open = parts.has(ods::CONTENT);
    let (form, part) = match open {
        true => (Form::OpenDocument, OPEN_PROPERTIES),
        false => (Form::Excel, PROPERTIES),
    };
    let seal = Seal::read(&properties(&mut parts, part)?);
    Ok(Sealed { seal, sheets, file: parts.fingerprint_but_for(part)?.to_string(), form })
}

/// What a page says: no two cells of a table stand in one.
fn lines(page: &str) -> Grid {
    let mut grid = Grid { name: PAGE.to_string(), ..Grid::default() };
    for (row, line) in (0..).zip(page.lines()) {
        let parted = line.replace("<th", "\n<th").replace("<td", "\n<td");
        for (col, piece) in (0..).zip(parted.split('\n')) {
            let text = plain_text(piece);
            if !text.is_empty() {
                grid.cells.insert(CellAddress::new(row, col), Says::Text(text));
            }
        }
    }
    grid
}

/// What a sheet says.
fn grid(sheet: &Sheet) -> Grid {
    let mut grid = Grid { name: sheet.name.clone(), ..Grid::default() };
    for (row, cells) in sheet.rows() {
        for cell in cells {
            let says = match sheet.value(cell) {
                Value::Number(number) => Says::Number(number, cell.is_percent()),
                _ => Says::Text(sheet.shown(cell)),
            };
            grid.cells.insert(CellAddress::new(row, cell.col), says);
        }
    }
    grid
}

/// The names and the texts of properties that may have any name.
fn properties(parts: &mut Parts, part: &str) -> Result<Vec<(String, String)>, Problem> {
    let told = DamagePlace::of_part(parts.file(), part);
    let Some(mut content) = parts.stream(part)? else { return Ok(Vec::new()) };
    let mut xml = Xml::new(told, &mut content)?;
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    loop {
        match xml.next()? {
            Token::Open(tag) if matches!(tag.local_name(), "property" | "user-defined") => {
                for attribute in tag.attributes() {
                    let (name, value) = attribute?;
                    if name.rsplit(':').next() == Some("name") {
                        found.push((value.into_owned(), String::new()));
                        inside = true;
                    }
                }
            }
            Token::Text(text) => match found.last_mut().filter(|_| inside) {
                Some((_, so_far)) if so_far.len() + text.len() <= LONGEST => {
                    so_far.push_str(text.trim());
                }
                _ => {}
            },
            Token::End => return Ok(found),
            _ => {}
        }
    }
}
