//! What a file says of what made it, and of what its cells held when it was written: its seal.
//!
//! Whoever has the file can read its seal, so it tells nothing that the file does not show: no
//! name, no path, and of cells only what is printed, as digests. It finds what was changed; it does
//! not prove who made the file, since anybody can write another.

use std::collections::{BTreeMap, BTreeSet};

use super::fingerprint::Fingerprint;
use super::numbers::{plain_number, round_noise};
use super::place::{CellAddress, MOST_COLUMNS, MOST_ROWS};

/// What the names of its properties begin with.
pub const PREFIX: &str = "Rapporteur ";
/// Spreadsheets take no longer texts as a property.
const LONGEST: usize = 255;
/// Of more cells only the whole is told apart.
const MOST_CELLS: usize = 20_000;
/// Letters of a cell's digest: 18 bits, so one change in 262,144 is found but not named.
const LETTERS: usize = 3;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What made a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The program's version.
    pub version: String,
    /// The fingerprint of the scripts.
    pub scripts: String,
    /// That of the settings.
    pub settings: String,
    /// That of the return; none where so little is in it that what is hidden could be guessed.
    pub received: Option<String>,
    /// The rule of disclosure control.
    pub rule: String,
    /// The layout.
    pub layout: String,
}

/// Which of the files of a run it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// The committee's workbook.
    Appendix,
    /// The accessible edition.
    Accessible,
    /// The web page.
    Page,
}

impl Edition {
    const ALL: [(Edition, &str); 3] = [
        (Edition::Appendix, "appendix"),
        (Edition::Accessible, "accessible"),
        (Edition::Page, "page"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(edition, _)| *edition == self).map_or("", |(_, word)| word)
    }
}

/// A sheet as it is told apart from another: what each cell says, and no blank ones.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grid {
    /// The sheet's name.
    pub name: String,
    /// Its cells.
    pub cells: BTreeMap<CellAddress, Says>,
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// A text.
    Text(String),
    /// A number, whose last digits programs write otherwise; and whether it is shown as a
    /// percentage.
    Number(f64, bool),
}

impl Says {
    /// The same for the same cell, whichever program saved it last.
    fn told(&self) -> String {
        match self {
            Says::Text(text) => format!("t{}", text.replace("\r\n", "\n")),
            Says::Number(number, percent) => {
                format!("{}{number:.11e}", if *percent { 'p' } else { 'n' })
            }
        }
    }

    /// As a person reads it.
    pub fn shown(&self) -> String {
        match self {
            Says::Text(text) => text.clone(),
            Says::Number(number, true) => format!("{}%", plain_number(round_noise(number * 100.0))),
            Says::Number(number, false) => plain_number(*number),
        }
    }

    /// Whether another says the same.
    pub fn is(&self, other: &Says) -> bool {
        self.told() == other.told()
    }
}

/// The digests of a sheet: of its name, and of its cells by row and column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Digests {
    name: u32,
    rows: BTreeMap<u32, Vec<(u16, u32)>>,
}

impl Digests {
    /// Those of a sheet.
    pub fn of(grid: &Grid) -> Digests {
        let mut rows: BTreeMap<u32, Vec<(u16, u32)>> = BTreeMap::new();
        for (at, says) in &grid.cells {
            rows.entry(at.row).or_default().push((at.col, short(&says.told())));
        }
        Digests { name: short(&grid.name), rows }
    }

    fn row(&self, row: u32) -> &[(u16, u32)] {
        self.rows.get(&row).map_or(&[], Vec::as_slice)
    }

    fn height(&self) -> u32 {
        self.rows.keys().next_back().map_or(0, |last| last + 1)
    }

    /// As a property has them: a row is its cells from the first column on, and where one is
    /// skipped the next is named: `aaabbb-3-ccc`. Rows are parted by dots.
    fn written(&self) -> String {
        let mut text = letters(self.name);
        for row in 0..self.height() {
            text.push('.');
            let mut next = 0;
            for (col, digest) in self.row(row) {
                if *col != next {
                    text.push_str(&format!("-{col}-"));
                }
                text.push_str(&letters(*digest));
                next = col + 1;
            }
        }
        text
    }

    fn read(text: &str) -> Option<Digests> {
        let mut rows = text.split('.');
        let name = digest(rows.next()?)?;
        let mut read = BTreeMap::new();
        for (row, text) in (0..MOST_ROWS).zip(rows).filter(|(_, text)| !text.is_empty()) {
            let mut next: u16 = 0;
            let mut cells = Vec::new();
            for (at, run) in text.split('-').enumerate() {
                if at % 2 == 1 {
                    next = run.parse().ok().filter(|col| *col < MOST_COLUMNS)?;
                    continue;
                }
                for digits in run.as_bytes().chunks(LETTERS) {
                    cells.push((next, digest(std::str::from_utf8(digits).ok()?)?));
                    next += 1;
                }
            }
            read.insert(row, cells);
        }
        Some(Digests { name, rows: read })
    }
}

/// The first 18 bits of a text's fingerprint.
fn short(text: &str) -> u32 {
    let [a, b, c, ..] = *Fingerprint::of(text.as_bytes()).bytes();
    u32::from_be_bytes([0, a, b, c]) >> 6
}

fn letters(digest: u32) -> String {
    let places = (0..LETTERS).rev().map(|place| (digest >> (6 * place)) & 63);
    places.map(|place| char::from(ALPHABET[place as usize])).collect()
}

fn digest(text: &str) -> Option<u32> {
    if text.len() != LETTERS {
        return None;
    }
    text.bytes().try_fold(0, |digest, letter| {
        let place = ALPHABET.iter().position(|known| *known == letter)?;
        Some(digest << 6 | place as u32)
    })
}

/// The fingerprint of all that sheets say.
pub fn content(grids: &[Grid]) -> String {
    let mut all: Vec<String> = Vec::new();
    for grid in grids {
        all.push(grid.name.clone());
        all.extend(grid.cells.iter().map(|(at, says)| format!("{at} {}", says.told())));
    }
    Fingerprint::of_all(all.iter().map(String::as_bytes)).to_string()
}

/// The seal of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Which file it is.
    pub edition: Edition,
    /// What made it.
    pub origin: Origin,
    /// The fingerprint of the file itself but for its seal.
    pub file: String,
    /// That of what its cells say.
    pub content: String,
    /// The digests of its cells, sheet by sheet; none where there are too many.
    pub cells: Option<Vec<Digests>>,
}

impl Seal {
    /// The seal of a file that holds these sheets.
    pub fn of(edition: Edition, origin: &Origin, file: String, grids: &[Grid]) -> Seal {
        let few = grids.iter().map(|grid| grid.cells.len()).sum::<usize>() <= MOST_CELLS;
        let cells = few.then(|| grids.iter().map(Digests::of).collect());
        Seal { edition, origin: origin.clone(), file, content: content(grids), cells }
    }

    /// The names and the texts of its properties.
    pub fn properties(&self) -> Vec<(String, String)> {
        let Origin { version, scripts, settings, received, rule, layout } = &self.origin;
        let received = received.as_deref().unwrap_or("");
        let cells: Vec<String> = self.cells.iter().flatten().map(Digests::written).collect();
        let cells = cells.join("!");
        let whole = [
            ("version", version.as_str()),
            ("scripts", scripts),
            ("settings", settings),
            ("return", received),
            ("rule", rule),
            ("layout", layout),
            ("edition", self.edition.word()),
            ("file", &self.file),
            ("content", &self.content),
        ];
        let named = whole.into_iter().filter(|(_, text)| !text.is_empty());
        let named = named.map(|(name, text)| (format!("{PREFIX}{name}"), text.to_string()));
        let pieces = cells.as_bytes().chunks(LONGEST).zip(1..);
        let pieces = pieces.map(|(piece, at)| {
            (format!("{PREFIX}cells {at}"), String::from_utf8_lossy(piece).into_owned())
        });
        named.chain(pieces).collect()
    }

    /// The seal that a file's properties are; none where they are none, or not whole.
    pub fn read(properties: &[(String, String)]) -> Option<Seal> {
        let named: BTreeMap<&str, &str> = properties
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix(PREFIX)?, text.as_str())))
            .collect();
        let text = |name: &str| named.get(name).map(ToString::to_string);
        let word = named.get("edition")?;
        let (edition, _) = Edition::ALL.into_iter().find(|(_, known)| known == word)?;
        let pieces = (1..).map_while(|at: usize| named.get(format!("cells {at}").as_str()));
        let cells: String = pieces.copied().collect();
        let cells = match cells.is_empty() {
            true => None,
            false => Some(cells.split('!').map(Digests::read).collect::<Option<Vec<_>>>()?),
        };
        let origin = Origin {
            version: text("version")?,
            scripts: text("scripts")?,
            settings: text("settings")?,
            received: text("return"),
            rule: text("rule")?,
            layout: text("layout")?,
        };
        Some(Seal { edition, origin, file: text("file")?, content: text("content")?, cells })
    }
}

/// What is otherwise in a file than it was: of a sheet, by its place among those that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A cell says something else, says something where it said nothing, or nothing now.
    Cell(usize, CellAddress),
    /// Rows were put in, from the first to the last.
    RowsPutIn(usize, u32, u32),
    /// So many rows were taken out before a row.
    RowsTakenOut(usize, u32, u32),
    /// Rows are others, and more or fewer, than there were.
    RowsOther(usize, u32, u32),
    /// The sheet has another name.
    Renamed(usize),
    /// The sheet was put in.
    SheetPutIn(usize),
    /// A sheet was taken out, by its place among those that there were.
    SheetTakenOut(usize),
}

/// What is otherwise than it was, sheet by sheet.
pub fn changes(was: &[Digests], is: &[Digests]) -> Vec<Change> {
    if was.len() == is.len() {
        let pairs = was.iter().zip(is).enumerate();
        return pairs.flat_map(|(at, (was, is))| changes_of_sheet(at, was, is)).collect();
    }
    let named = |name: u32, among: &[Digests]| among.iter().position(|sheet| sheet.name == name);
    let gone = was.iter().enumerate().filter(|(_, sheet)| named(sheet.name, is).is_none());
    let mut found: Vec<Change> = gone.map(|(at, _)| Change::SheetTakenOut(at)).collect();
    for (at, sheet) in is.iter().enumerate() {
        match named(sheet.name, was) {
            Some(earlier) => found.extend(changes_of_sheet(at, &was[earlier], sheet)),
            None => found.push(Change::SheetPutIn(at)),
        }
    }
    found
}

/// Rows that are as they were above and below what changed tell which rows it is.
fn changes_of_sheet(at: usize, was: &Digests, is: &Digests) -> Vec<Change> {
    let mut found = Vec::new();
    if was.name != is.name {
        found.push(Change::Renamed(at));
    }
    let (before, now) = (was.height(), is.height());
    let shorter = before.min(now);
    let above = (0..shorter).take_while(|row| was.row(*row) == is.row(*row)).count() as u32;
    let same_below = |down: &u32| was.row(before - 1 - down) == is.row(now - 1 - down);
    let below = (0..shorter - above).take_while(same_below).count() as u32;
    let (before, now) = (before - below, now - below);
    if before == now || (below == 0 && above == shorter) {
        // What stands below all others, or stood there, is named like any other cell.
        for row in above..before.max(now) {
            let (was, is) = (was.row(row), is.row(row));
            let columns: BTreeSet<u16> = was.iter().chain(is).map(|(col, _)| *col).collect();
            let at_column =
                |cells: &[(u16, u32)], col| cells.iter().find(|cell| cell.0 == col).copied();
            let others =
                columns.into_iter().filter(|col| at_column(was, *col) != at_column(is, *col));
            found.extend(others.map(|col| Change::Cell(at, CellAddress::new(row, col))));
        }
    } else if before == above {
        found.push(Change::RowsPutIn(at, above, now - 1));
    } else if now == above {
        found.push(Change::RowsTakenOut(at, above, before - above));
    } else {
        found.push(Change::RowsOther(at, above, now - 1));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[&[&str]]) -> Grid {
        let mut grid = Grid { name: "Sheet".into(), ..Grid::default() };
        for (row, cells) in (0..).zip(rows) {
            for (col, text) in (0..).zip(*cells).filter(|(_, text)| !text.is_empty()) {
                let says = match text.parse() {
                    Ok(number) => Says::Number(number, false),
                    Err(_) => Says::Text(text.to_string()),
                };
                grid.cells.insert(CellAddress::new(row, col), says);
            }
        }
        grid
    }

    const ROWS: [&[&str]; 4] = [&["Title"], &[], &["a", "", "1.5", "x"], &["b", "", "2"]];

    fn between(was: &[&[&str]], is: &[&[&str]]) -> Vec<Change> {
        changes(&[Digests::of(&grid(was))], &[Digests::of(&grid(is))])
    }

    #[test]
    fn a_seal_is_read_back_as_it_was_written() {
        let origin = Origin {
            version: "1".into(),
            scripts: "s".into(),
            settings: "t".into(),
            received: None,
            rule: "dfe".into(),
            layout: "board".into(),
        };
        let many: Vec<&[&str]> = ROWS.into_iter().cycle().take(200).collect();
        let seal = Seal::of(Edition::Appendix, &origin, "f".into(), &[grid(&ROWS), grid(&many)]);
        let properties = seal.properties();
        assert!(properties.iter().all(|(_, text)| text.len() <= LONGEST && !text.is_empty()));
        assert!(properties.iter().any(|(name, _)| name == "Rapporteur cells 3"));
        assert_eq!(Seal::read(&properties), Some(seal));
        assert_eq!(Seal::read(&properties[1..]), None);
    }

    /// The rows, with other cells in one of them.
    fn with(row: usize, cells: &'static [&'static str]) -> Vec<&'static [&'static str]> {
        let mut rows = ROWS.to_vec();
        rows[row] = cells;
        rows
    }

    #[test]
    fn each_change_is_named() {
        let cell = |row, col| Change::Cell(0, CellAddress::new(row, col));
        assert_eq!(between(&ROWS, &ROWS), []);
        assert_eq!(between(&ROWS, &with(2, &["a", "", "1.6", "x"])), [cell(2, 2)]);
        assert_eq!(between(&ROWS, &with(2, &["a", "new", "1.5"])), [cell(2, 1), cell(2, 3)]);
        assert_eq!(between(&ROWS, &with(1, &["", "", "", "new"])), [cell(1, 3)]);
        assert_eq!(between(&ROWS, &with(3, &[])), [cell(3, 0), cell(3, 2)]);
        let longer = [&ROWS[..], &[&[], &["", "below"]]].concat();
        assert_eq!(between(&ROWS, &longer), [cell(5, 1)]);
        let put_in = [&ROWS[..2], &[&[]], &ROWS[2..]].concat();
        assert_eq!(between(&ROWS, &put_in), [Change::RowsPutIn(0, 2, 2)]);
        assert_eq!(between(&put_in, &ROWS), [Change::RowsTakenOut(0, 2, 1)]);
    }

    /// Programs write the last digits of a number otherwise, and ends of lines.
    #[test]
    fn what_another_program_writes_for_the_same_is_the_same() {
        let number = |number| Says::Number(number, false);
        assert!(number(0.1 + 0.2).is(&number(0.3)) && !number(0.3).is(&number(0.300_001)));
        assert!(!number(0.3).is(&Says::Number(0.3, true)));
        assert!(Says::Text("a\r\nb".into()).is(&Says::Text("a\nb".into())));
        assert!(!Says::Text("3".into()).is(&number(3.0)));
    }

    #[test]
    fn sheets_are_known_by_their_names_where_there_are_more_or_fewer() {
        let named = |name: &str| Digests::of(&Grid { name: name.into(), ..grid(&ROWS) });
        let (one, two) = (named("One"), named("Two"));
        let both = [one.clone(), two.clone()];
        assert_eq!(changes(&both, std::slice::from_ref(&two)), [Change::SheetTakenOut(0)]);
        assert_eq!(changes(std::slice::from_ref(&two), &both), [Change::SheetPutIn(0)]);
        assert_eq!(changes(&[one], &[two]), [Change::Renamed(0)]);
    }
}
