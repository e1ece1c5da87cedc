//! The example return with one fault at a time: the figure that moves is named, and `--strict`
//! refuses. A wrong return must not make a right-looking figure.

use std::collections::BTreeMap;

use calamine::{Data, Reader, Xlsx};

use crate::make::with_part;
use crate::support::{folder, rapporteur, root};

/// What is done to a row of a list.
#[derive(Clone, Copy)]
enum Plant {
    /// Cells of the row hold something else: columns and what is put there, nothing for a blank.
    Put(&'static [(&'static str, &'static str)]),
    /// The row stands twice, the second time with other cells.
    Again(&'static [(&'static str, &'static str)]),
    /// The row is gone.
    Gone,
}

/// A fault: what it is, the list, the row that it is planted in, and the figure that is named.
struct Fault {
    what: &'static str,
    list: &'static str,
    row: fn(&Row) -> bool,
    plant: Plant,
    figure: &'static str,
}

use Plant::{Again, Gone, Put};

const IN_CARE: &str = "Children in care at the end of the period";
const STARTED: &str = "Children who started to be looked after since April";
const CEASED: &str = "Children who ceased to be looked after since April";
const MISSING: &str = "Missing incidents since April";

/// Twenty ways to a wrong figure. Days are serial numbers as Excel has them: 46280 is 15 September
/// 2026, 39508 is 1 March 2008.
const FAULTS: [Fault; 20] = [
    Fault {
        what: "an old episode that was never closed",
        list: "Episodes",
        row: |row| row.is("REC", "X1"),
        plant: Put(&[("DEC", ""), ("REC", "")]),
        figure: IN_CARE,
    },
    Fault {
        what: "an open episode that stands twice",
        list: "Episodes",
        row: open,
        plant: Again(&[]),
        figure: IN_CARE,
    },
    Fault {
        what: "an episode that ends before it begins",
        list: "Episodes",
        row: |row| row.is("REC", "E4A"),
        plant: Put(&[("DEC", "40000")]),
        figure: CEASED,
    },
    Fault {
        what: "an episode that begins on 31 September",
        list: "Episodes",
        row: open,
        plant: Put(&[("DECOM", "31/09/2026")]),
        figure: IN_CARE,
    },
    Fault {
        what: "an end that is no date",
        list: "Episodes",
        row: |row| row.is("REC", "E4A"),
        plant: Put(&[("DEC", "in June")]),
        figure: CEASED,
    },
    Fault {
        what: "an end without a reason",
        list: "Episodes",
        row: |row| row.is("REC", "E4A"),
        plant: Put(&[("REC", "")]),
        figure: CEASED,
    },
    Fault {
        what: "a reason for the end that is no code",
        list: "Episodes",
        row: |row| row.is("REC", "E4A"),
        plant: Put(&[("REC", "home")]),
        figure: CEASED,
    },
    Fault {
        what: "a legal status that is no code",
        list: "Episodes",
        row: open,
        plant: Put(&[("LS", "S20")]),
        figure: IN_CARE,
    },
    Fault {
        what: "a placement that is no code",
        list: "Episodes",
        row: open,
        plant: Put(&[("PLACE", "Fostering")]),
        figure: "Where children in care live",
    },
    Fault {
        what: "care that begins anew while it goes on",
        list: "Episodes",
        row: |row| row.is("RNE", "P"),
        plant: Put(&[("RNE", "S")]),
        figure: STARTED,
    },
    Fault {
        what: "an episode that goes on, and no next one",
        list: "Episodes",
        row: open,
        plant: Put(&[("DEC", "46280"), ("REC", "X1")]),
        figure: IN_CARE,
    },
    Fault {
        what: "a child of 18 who is still in care",
        list: "Header",
        row: |row| row.of_open_episode,
        plant: Put(&[("DOB", "39508")]),
        figure: CEASED,
    },
    Fault {
        what: "a child of whom Header knows nothing",
        list: "Header",
        row: |row| row.of_open_episode,
        plant: Gone,
        figure: "Ages of children in care",
    },
    Fault {
        what: "one child under two numbers",
        list: "Header",
        row: |row| row.of_open_episode,
        plant: Again(&[("CHILD", "999999")]),
        figure: IN_CARE,
    },
    Fault {
        what: "a care leaver who is in care",
        list: "OC3",
        row: |row| row.is("IN_TOUCH", "YES"),
        plant: Put(&[("CHILD", "700000")]),
        figure: "Care leavers, ages 17 to 18",
    },
    Fault {
        what: "a health assessment that is neither 0 nor 1",
        list: "OC2",
        row: |row| row.is("HEALTH_ASSESSMENT", "1"),
        plant: Put(&[("HEALTH_ASSESSMENT", "Yes")]),
        figure: "Up-to-date health assessment",
    },
    Fault {
        what: "a score of 99",
        list: "OC2",
        row: |row| row.is("SDQ_SCORE", "12"),
        plant: Put(&[("SDQ_SCORE", "99")]),
        figure: "Average strengths and difficulties score, ages 5 to 16",
    },
    Fault {
        what: "a distance with its unit",
        list: "Episodes",
        row: |row| open(row) && row.is("PL_LOCATION", "OUT"),
        plant: Put(&[("PL_DISTANCE", "12 miles")]),
        figure: "More than 20 miles from home and outside the area",
    },
    Fault {
        what: "a child who went missing long before it came into care",
        list: "Missing",
        row: |_| true,
        plant: Put(&[("MIS_START", "38000"), ("MIS_END", "46150")]),
        figure: MISSING,
    },
    Fault {
        what: "a child who came back before it went",
        list: "Missing",
        row: |_| true,
        plant: Put(&[("MIS_END", "38000")]),
        figure: MISSING,
    },
];

fn open(row: &Row) -> bool {
    row.is("REC", "") && row.is("LS", "C2") && !row.is("PL_DISTANCE", "")
}

/// A row of the example, by heading.
struct Row {
    cells: BTreeMap<String, String>,
    of_open_episode: bool,
}

impl Row {
    fn is(&self, column: &str, value: &str) -> bool {
        self.cells.get(column).map_or("", String::as_str) == value
    }
}

/// A list of the example: which part of the workbook it is, its headings and its rows.
struct List {
    part: String,
    headings: Vec<String>,
    rows: Vec<Row>,
}

fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(day) => day.as_f64().to_string(),
        other => other.to_string(),
    }
}

fn lists(bytes: &[u8]) -> BTreeMap<String, List> {
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).expect("the example opens");
    let names = book.sheet_names();
    let mut lists = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        let range = book.worksheet_range(name).expect("a sheet");
        let mut lines = range.rows();
        let headings: Vec<String> = lines.next().expect("headings").iter().map(shown).collect();
        let of = |line: &[Data]| headings.iter().cloned().zip(line.iter().map(shown)).collect();
        let rows = lines.map(|line| Row { cells: of(line), of_open_episode: false }).collect();
        let part = format!("xl/worksheets/sheet{}.xml", at + 1);
        lists.insert(name.clone(), List { part, headings: headings.clone(), rows });
    }
    let in_care: Vec<String> = lists["Episodes"]
        .rows
        .iter()
        .filter(|r| open(r))
        .map(|r| r.cells["CHILD"].clone())
        .collect();
    for row in &mut lists.get_mut("Header").expect("Header").rows {
        row.of_open_episode = in_care.contains(&row.cells["CHILD"]);
    }
    lists
}

/// A cell as XML, in the style of its column: numbers as numbers, everything else as text.
fn cell_xml(sheet: &str, column: usize, number: usize, value: &str) -> String {
    let letter = char::from(b'A' + u8::try_from(column).expect("few columns"));
    let styled = |row: usize| {
        let start = format!("<c r=\"{letter}{row}\" s=\"");
        let (_, rest) = sheet.split_once(&start)?;
        rest.split_once('"').map(|(style, _)| format!(" s=\"{style}\""))
    };
    let style = (2..40).find_map(styled).unwrap_or_default();
    match value.parse::<f64>() {
        _ if value.is_empty() => String::new(),
        Ok(n) => format!("<c r=\"{letter}{number}\"{style}><v>{n}</v></c>"),
        Err(_) => {
            format!("<c r=\"{letter}{number}\" t=\"inlineStr\"><is><t>{value}</t></is></c>")
        }
    }
}

/// The workbook with a fault in it.
fn planted(bytes: &[u8], fault: &Fault) -> Vec<u8> {
    let lists = lists(bytes);
    let list = &lists[fault.list];
    let found = list.rows.iter().position(fault.row);
    let at = found.unwrap_or_else(|| panic!("no row for {}", fault.what));
    with_part(bytes, &list.part, |content| {
        let text = String::from_utf8(content).expect("parts are text");
        let with = |changes: &[(&str, &str)], number: usize| {
            let cells = list.headings.iter().enumerate().map(|(column, heading)| {
                let put = changes.iter().find(|(name, _)| name == heading).map(|(_, value)| *value);
                cell_xml(&text, column, number, put.unwrap_or(&list.rows[at].cells[heading]))
            });
            format!("<row r=\"{number}\">{}</row>", cells.collect::<String>())
        };
        let from = text.find(&format!("<row r=\"{}\"", at + 2)).expect("the row");
        let to = from + text[from..].find("</row>").expect("it ends") + 6;
        let (first, last) = (&text[..from], &text[to..]);
        let changed = match fault.plant {
            Put(changes) => format!("{first}{}{last}", with(changes, at + 2)),
            Gone => format!("{first}{last}"),
            Again(changes) => {
                let end = text.find("</sheetData>").expect("a sheet has data");
                let more = with(changes, list.rows.len() + 2);
                format!("{}{more}{}", &text[..end], &text[end..])
            }
        };
        changed.into_bytes()
    })
}

#[test]
fn each_of_twenty_faults_names_the_figure_that_it_moves() {
    let example = root().join("examples/children-in-care-2026-27-q2.xlsx");
    let bytes = std::fs::read(example).expect("the example");
    let mut wrong = Vec::new();
    for fault in &FAULTS {
        let place = folder();
        std::fs::write(place.path().join("q.xlsx"), planted(&bytes, fault)).expect("written");
        let run = rapporteur(place.path(), &["check", "q.xlsx"]);
        let told = run.out.split_once("what to mend first").map_or("", |(_, told)| told);
        let strict = rapporteur(place.path(), &["build", "q.xlsx", "--strict", "-o", "a.xlsx"]);
        let refused = strict.code == Some(1) && !place.path().join("a.xlsx").exists();
        for message in run.err.split("\n\n").filter(|message| !message.trim().is_empty()) {
            let lines: Vec<&str> = message.trim_end().lines().collect();
            let narrow =
                run.out.lines().chain(lines.iter().copied()).all(|l| l.chars().count() <= 80);
            assert!(lines.len() <= 3 && narrow, "{}: {}", fault.what, run.shown());
        }
        if run.code != Some(1) || !told.contains(fault.figure) || !refused {
            wrong.push(format!("{}\n{}", fault.what, run.shown()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
