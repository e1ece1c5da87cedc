//! Returns of three other shapes, such as councils' own systems write: one flat sheet, split by
//! quarter, and codes in words. Each is mapped by `map --accept` and built; every figure is the
//! same as that of the same records in DfE's shape.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rapporteur::nouns::problem::CellAddress;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::support::{folder, rapporteur, root, snapshots};

/// A list of the example return: its headings, and its rows as text.
struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn of_example(sheet: &str) -> Table {
        let run =
            rapporteur(&root(), &["show", "examples/children-in-care-2026-27-q2.xlsx", "--cells"]);
        let mut cells: BTreeMap<u32, BTreeMap<usize, String>> = BTreeMap::new();
        for line in run.out.lines() {
            let mut fields = line.splitn(3, '\t');
            let (name, address, text) = (fields.next(), fields.next(), fields.next());
            if name != Some(sheet) {
                continue;
            }
            let address = CellAddress::parse(address.expect("an address")).expect("a cell");
            let text = text.unwrap_or_default().to_string();
            cells.entry(address.row).or_default().insert(usize::from(address.col), text);
        }
        let mut rows = cells.into_values();
        let headings: Vec<String> = rows.next().expect("headings").into_values().collect();
        let whole = |row: BTreeMap<usize, String>| {
            (0..headings.len()).map(|col| row.get(&col).cloned().unwrap_or_default()).collect()
        };
        Table { rows: rows.map(whole).collect(), headings }
    }

    fn at(&self, heading: &str) -> usize {
        self.headings.iter().position(|h| h == heading).expect("a heading of the list")
    }

    /// These columns alone.
    fn only(&self, headings: &[&str]) -> Table {
        let at: Vec<usize> = headings.iter().map(|h| self.at(h)).collect();
        let rows = self.rows.iter().map(|row| at.iter().map(|&i| row[i].clone()).collect());
        Table { headings: headings.iter().map(ToString::to_string).collect(), rows: rows.collect() }
    }

    /// With other headings, and the council's words in place of codes.
    fn in_local_words(&self, headings: &[(&str, &str)], words: &[(&str, &str, &str)]) -> Table {
        let local: BTreeMap<_, _> = headings.iter().copied().collect();
        let words: BTreeMap<_, _> =
            words.iter().map(|(column, code, word)| ((*column, *code), *word)).collect();
        let named = |heading: &String| {
            local.get(heading.as_str()).map_or(heading.clone(), ToString::to_string)
        };
        let rows = self.rows.iter().map(|row| {
            let cells = self.headings.iter().zip(row);
            cells
                .map(|(heading, cell)| {
                    let word = words.get(&(heading.as_str(), cell.as_str()));
                    word.map_or(cell.clone(), ToString::to_string)
                })
                .collect()
        });
        Table { headings: self.headings.iter().map(named).collect(), rows: rows.collect() }
    }

    fn write_csv(&self, path: &Path) {
        let mut writer = csv::Writer::from_path(path).expect("a file to write");
        writer.write_record(&self.headings).expect("written");
        for row in &self.rows {
            writer.write_record(row).expect("written");
        }
        writer.flush().expect("written");
    }
}

const EPISODES: [&str; 13] = [
    "CHILD",
    "DECOM",
    "RNE",
    "LS",
    "CIN",
    "PLACE",
    "PLACE_PROVIDER",
    "DEC",
    "REC",
    "REASON_PLACE_CHANGE",
    "PL_LOCATION",
    "PL_DISTANCE",
    "URN",
];
const HEADER: [&str; 4] = ["CHILD", "SEX", "DOB", "ETHNIC"];

/// What a council calls the columns, in one way.
const HEADINGS: [(&str, &str); 15] = [
    ("CHILD", "Person ID"),
    ("SEX", "Gender"),
    ("DOB", "Date of birth"),
    ("ETHNIC", "Ethnic origin"),
    ("DECOM", "Placement start"),
    ("RNE", "Start reason"),
    ("LS", "Legal status"),
    ("CIN", "Category of need"),
    ("PLACE", "Placement type"),
    ("PLACE_PROVIDER", "Provider"),
    ("DEC", "Placement end"),
    ("REC", "End reason"),
    ("PL_LOCATION", "In or out of area"),
    ("PL_DISTANCE", "Miles from home"),
    ("URN", "Ofsted URN"),
];

/// And what it calls the commonest codes.
const WORDS: [(&str, &str, &str); 26] = [
    ("SEX", "1", "Male"),
    ("SEX", "2", "Female"),
    ("ETHNIC", "WBRI", "White - British"),
    ("LS", "C2", "Full care order"),
    ("LS", "C1", "Interim care order"),
    ("LS", "V2", "Section 20"),
    ("LS", "V4", "Series of short breaks"),
    ("LS", "E1", "Placement order"),
    ("PLACE", "U6", "In-house fostering"),
    ("PLACE", "U4", "Long-term fostering"),
    ("PLACE", "U1", "Kinship long term"),
    ("PLACE", "K2", "Children's home"),
    ("PLACE", "P1", "Placed with parents"),
    ("PLACE", "H5", "Semi-independent"),
    ("PLACE", "A6", "Adoptive placement"),
    ("PLACE_PROVIDER", "PR1", "In-house"),
    ("PLACE_PROVIDER", "PR4", "Independent agency"),
    ("RNE", "S", "Came into care"),
    ("RNE", "P", "Moved placement"),
    ("RNE", "L", "Change of legal status"),
    ("REC", "X1", "Episode continues"),
    ("REC", "E11", "Adopted"),
    ("REC", "E4A", "Returned home"),
    ("REC", "E41", "Child arrangements order"),
    ("PL_LOCATION", "IN", "In area"),
    ("PL_LOCATION", "OUT", "Out of area"),
];

const COVER: &str = "Authority,Exampleton\nPeriod end,30/09/2026\nPopulation under 18,\"60,000\"\n";

/// The children of the Header list that have an episode, and their episodes.
fn records() -> (Table, Table) {
    let mut header = Table::of_example("Header");
    // The example has boys and girls as 1 and 2; words for both meanings are M's and F's.
    let sex = header.at("SEX");
    for row in &mut header.rows {
        row[sex] = match row[sex].as_str() {
            "1" => "M".to_string(),
            "2" => "F".to_string(),
            other => other.to_string(),
        };
    }
    let episodes = Table::of_example("Episodes");
    let placed: BTreeSet<&String> = episodes.rows.iter().map(|row| &row[0]).collect();
    header.rows.retain(|row| placed.contains(&row[0]));
    (header, episodes)
}

fn words() -> Vec<(&'static str, &'static str, &'static str)> {
    let own = WORDS.iter().map(|(column, code, word)| match (*column, *code) {
        ("SEX", "1") => ("SEX", "M", *word),
        ("SEX", "2") => ("SEX", "F", *word),
        (column, code) => (column, code, *word),
    });
    own.collect()
}

/// Maps the files, builds them, and holds every figure against that of DfE's shape.
fn mapped_and_built(place: &Path, files: &[&str]) -> String {
    let (header, episodes) = records();
    let usual = folder();
    header.write_csv(&usual.path().join("header.csv"));
    episodes.write_csv(&usual.path().join("episodes.csv"));
    std::fs::write(usual.path().join("cover.csv"), COVER).expect("written");
    let lists = ["header.csv", "episodes.csv", "cover.csv"];
    let build = |folder: &Path, files: &[&str]| {
        let run = rapporteur(
            folder,
            &[&["build"], files, &["-o", "a.xlsx", "--figures", "figures.csv"]].concat(),
        );
        assert_eq!(run.code, Some(0), "{}", run.shown());
        std::fs::read_to_string(folder.join("figures.csv")).expect("figures")
    };
    let expected = build(usual.path(), &lists);
    std::fs::write(place.join("cover.csv"), COVER).expect("written");
    let mapped = rapporteur(place, &[&["map"], files, &["--accept"]].concat());
    assert_eq!(mapped.code, Some(0), "{}", mapped.shown());
    let again = rapporteur(place, &[&["map"], files].concat());
    assert!(again.out.contains("nothing is left to propose"), "{}", again.shown());
    let figures = build(place, &[files, &["cover.csv"]].concat());
    assert!(expected.lines().count() > 40, "{expected}");
    assert_eq!(figures, expected, "the same records give the same figures");
    let settings = std::fs::read_to_string(place.join("rapporteur.toml")).expect("settings");
    format!("{}\n--- rapporteur.toml\n{settings}", mapped.shown())
}

#[test]
fn one_flat_sheet_is_mapped_and_built() {
    let place = folder();
    let (header, episodes) = records();
    let (header, episodes) = (header.only(&HEADER), episodes.only(&EPISODES));
    let about: BTreeMap<&String, &Vec<String>> =
        header.rows.iter().map(|row| (&row[0], row)).collect();
    let headings = [&HEADER[..], &EPISODES[1..]].concat();
    let rows = episodes.rows.iter().map(|row| [about[&row[0]].as_slice(), &row[1..]].concat());
    let flat = Table {
        headings: headings.iter().map(ToString::to_string).collect(),
        rows: rows.collect(),
    };
    flat.in_local_words(&HEADINGS, &words()).write_csv(&place.path().join("export.csv"));
    let told = mapped_and_built(place.path(), &["export.csv"]);
    snapshots().bind(|| insta::assert_snapshot!("map__flat", told));
}

#[test]
fn a_return_split_by_quarter_is_mapped_and_built() {
    let place = folder();
    let (header, episodes) = records();
    let decom = episodes.at("DECOM");
    let late = |row: &Vec<String>| row[decom].as_str() >= "2026-07-01";
    let (second, first): (Vec<_>, Vec<_>) = episodes.rows.iter().cloned().partition(late);
    assert!(!first.is_empty() && !second.is_empty());
    let mut book = Workbook::new();
    let day_format = Format::new().set_num_format("dd/mm/yyyy");
    let part = |rows| Table { headings: episodes.headings.clone(), rows };
    let sheets =
        [("Young people", header), ("Placements Q1", part(first)), ("Placements Q2", part(second))];
    for (name, table) in sheets {
        let table = table.in_local_words(&HEADINGS, &[]);
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        sheet.write(0, 0, format!("{name}: taken from the case system")).expect("written");
        for (row, cells) in std::iter::once(&table.headings).chain(&table.rows).enumerate() {
            for (col, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let (row, col) = (row as u32 + 2, col as u16);
                let written = match (ExcelDateTime::parse_from_str(cell), cell.parse::<f64>()) {
                    (Ok(day), _) if cell.len() == 10 => {
                        sheet.write_datetime_with_format(row, col, day, &day_format)
                    }
                    (_, Ok(number)) => sheet.write_number(row, col, number),
                    _ => sheet.write_string(row, col, cell),
                };
                written.expect("written");
            }
        }
    }
    book.save(place.path().join("export.xlsx")).expect("saved");
    let told = mapped_and_built(place.path(), &["export.xlsx"]);
    snapshots().bind(|| insta::assert_snapshot!("map__by_quarter", told));
}

#[test]
fn codes_in_words_are_mapped_and_built() {
    let place = folder();
    let (header, episodes) = records();
    header.in_local_words(&[], &words()).write_csv(&place.path().join("header.csv"));
    episodes.in_local_words(&[], &words()).write_csv(&place.path().join("episodes.csv"));
    let told = mapped_and_built(place.path(), &["header.csv", "episodes.csv"]);
    snapshots().bind(|| insta::assert_snapshot!("map__words", told));
}

/// A folder of every list, in each of which children go by the council's own name.
#[test]
fn a_folder_of_lists_in_which_children_have_another_name_is_mapped_and_built() {
    let [usual, local] = [folder(), folder()];
    let lists = ["Header", "Episodes", "Reviews", "UASC", "OC2", "OC3", "AD1", "Missing"];
    for file in lists.into_iter().chain(["PlacedAdoption", "PrevPerm"]) {
        let table = Table::of_example(file);
        let named = [("CHILD", "Person ID"), ("DOB", "Date of birth")];
        for (folder, table) in [(&usual, &table), (&local, &table.in_local_words(&named, &[]))] {
            std::fs::create_dir_all(folder.path().join("q")).expect("made");
            table.write_csv(&folder.path().join(format!("q/{file}.csv")));
            std::fs::write(folder.path().join("q/cover.csv"), COVER).expect("written");
        }
    }
    let mapped = rapporteur(local.path(), &["map", "q", "--accept"]);
    assert_eq!(mapped.code, Some(0), "{}", mapped.shown());
    let [expected, figures] = [&usual, &local].map(|folder| {
        let build = ["build", "q", "-o", "a.xlsx", "--figures", "f.csv"];
        let run = rapporteur(folder.path(), &build);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        std::fs::read_to_string(folder.path().join("f.csv")).expect("figures")
    });
    assert!(expected.contains("ha_pct") && expected.contains("cl_n"), "{expected}");
    assert_eq!(figures, expected);
}
