//! Old workbooks, put together record by record.

use super::*;

fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let length = content.len() as u16;
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), content].concat()
}

fn begin(version: u16, kind: u16) -> Vec<u8> {
    record(kind::BEGIN, &[version, kind, 0, 0].map(u16::to_le_bytes).concat())
}

/// A text of letters of one byte each.
fn letters(text: &str) -> Vec<u8> {
    [&(text.len() as u16).to_le_bytes()[..], &[0], text.as_bytes()].concat()
}

fn cell(kind: u16, row: u16, col: u16, format: u16, content: &[u8]) -> Vec<u8> {
    record(kind, &[&[row, col, format].map(u16::to_le_bytes).concat(), content].concat())
}

fn number(row: u16, col: u16, format: u16, number: f64) -> Vec<u8> {
    cell(kind::NUMBER, row, col, format, &number.to_le_bytes())
}

/// A stream of one sheet: what stands before it, and its records.
fn stream(version: u16, globals: &[Vec<u8>], sheet: &[Vec<u8>]) -> Vec<u8> {
    let length = head(version, globals, 0, 0).len() as u32;
    let whole = head(version, globals, 0, length);
    [whole, begin(version, 0x10), sheet.concat(), record(kind::END, &[])].concat()
}

/// What stands before a sheet: where it begins, and whether it is hidden.
fn head(version: u16, globals: &[Vec<u8>], hidden: u8, at: u32) -> Vec<u8> {
    let name: &[u8] = if version == 0x0600 { b"\x01\x00S" } else { b"\x01S" };
    let tab = [&at.to_le_bytes()[..], &[hidden, 0], name].concat();
    let parts = [begin(version, 5), globals.concat(), record(kind::SHEET, &tab)];
    [parts.concat(), record(kind::END, &[])].concat()
}

fn read_one(stream: &[u8]) -> Result<Vec<String>, String> {
    let mut problems = Problems::default();
    let sheets = read_stream("q.xls", stream, &Limits::default(), &mut problems);
    let sheets = sheets.map_err(|problem| problem.to_string())?;
    let cells = sheets.iter().flat_map(|sheet| {
        sheet.rows().flat_map(move |(row, cells)| {
            cells.iter().map(move |c| format!("{} {}", sheet.place.at(row, c.col), sheet.shown(c)))
        })
    });
    let told = problems.iter().map(ToString::to_string);
    Ok(cells.map(|cell| cell.replace("q.xls  S!", "")).chain(told).collect())
}

fn cells(globals: &[Vec<u8>], sheet: &[Vec<u8>]) -> Result<Vec<String>, String> {
    read_one(&stream(0x0600, globals, sheet))
}

#[test]
fn a_format_is_what_the_file_says_it_is() {
    let formats = [(52u16, "0.00"), (164, "0.0%")];
    let formats =
        formats.map(|(number, code)| [&number.to_le_bytes()[..], &letters(code)].concat());
    let looks = [52u16, 164, 51, 9].map(|number| [&[0, 0][..], &number.to_le_bytes()].concat());
    let formats = formats.iter().map(|format| record(kind::FORMAT, format));
    let looks = looks.iter().map(|look| record(kind::CELL_FORMAT, look));
    let globals: Vec<Vec<u8>> = formats.chain(looks).collect();
    let sheet: Vec<Vec<u8>> = (0..4).map(|nth| number(0, nth, nth, 46_295.0)).collect();
    assert_eq!(
        cells(&globals, &sheet),
        Ok(["A1 46295", "B1 4629500%", "C1 2026-09-30", "D1 4629500%"].map(String::from).to_vec())
    );
    let none = cells(&globals, &[number(0, 0, 4, 1.0)]);
    assert!(none.as_ref().is_err_and(|e| e.contains("format that is not there")), "{none:?}");
}

#[test]
fn a_formula_gives_what_it_was_last_calculated_to() {
    let formula =
        |col, result: [u8; 8]| cell(kind::FORMULA, 0, col, 0, &[&result[..], &[0; 8]].concat());
    let text = formula(3, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]);
    let long = "Sentence. ".repeat(900);
    let (first, rest) = long.split_at(8_221);
    // The rest has letters of two bytes.
    let rest: Vec<u8> = rest.bytes().flat_map(|byte| [byte, 0]).collect();
    let first = [&(long.len() as u16).to_le_bytes()[..], &[0], first.as_bytes()].concat();
    let sheet = [
        formula(0, 80.8f64.to_le_bytes()),
        formula(1, [1, 0, 1, 0, 0, 0, 0xFF, 0xFF]),
        formula(2, [2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF]),
        text.clone(),
        // A shared formula stands between a formula and its text.
        record(0x04BC, &[0; 10]),
        record(kind::FORMULA_TEXT, &first),
        record(kind::CONTINUE, &[&[1], &rest[..]].concat()),
        formula(4, [3, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        formula(5, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
    ];
    let expected = [
        "A1 80.8".to_string(),
        "B1 TRUE".to_string(),
        "C1 #N/A".to_string(),
        format!("D1 {long}"),
        "F1 (formula, not calculated)".to_string(),
    ];
    assert_eq!(cells(&[], &sheet), Ok(expected.to_vec()));
}

#[test]
fn texts_are_unicode_whatever_page_is_named() {
    let page = record(kind::CODE_PAGE, &1252u16.to_le_bytes());
    let label = |text: &[u8]| cell(kind::LABEL, 0, 0, 0, text);
    let wide = [&3u16.to_le_bytes()[..], &[1], &[b'Z', 0, 0xEB, 0, 0x13, 0x20]].concat();
    assert_eq!(cells(&[page], &[label(&wide)]), Ok(vec!["A1 Zë–".to_string()]));
}

#[test]
fn an_empty_text_may_end_at_its_length() {
    let (empty, one) = (cell(kind::LABEL, 0, 0, 0, &[0, 0]), cell(kind::LABEL, 0, 1, 0, &[1, 0]));
    assert_eq!(cells(&[], std::slice::from_ref(&empty)), Ok(vec![]));
    assert!(cells(&[], &[empty, one]).is_err_and(|told| told.contains("a cell is cut off")));
}

#[test]
fn texts_of_excel_95_are_in_their_code_page() {
    let label = [cell(kind::LABEL, 0, 0, 0, b"\x03\x00Zo\x89")];
    let page = |page: u16| [record(kind::CODE_PAGE, &page.to_le_bytes())];
    let of = |number| read_one(&stream(0x0500, &page(number), &label));
    assert_eq!(of(850), Ok(vec!["A1 Zoë".to_string()]));
    assert_eq!(of(1252), Ok(vec!["A1 Zo‰".to_string()]));
    let unknown = of(12).expect("readable");
    assert_eq!(unknown[0], "A1 Zo‰");
    assert!(unknown[1].starts_with("warning: code page 12 is not known"), "{unknown:?}");
}

#[test]
fn shared_texts_go_on_in_further_records() {
    let head = |count: u32| [count.to_le_bytes(), count.to_le_bytes()].concat();
    // "ab", with a run of looks; "cdé" cut behind its first letter; the count is a lie.
    let first = [head(99), vec![2, 0, 8, 1, 0], b"ab".to_vec(), vec![0; 4], vec![3, 0, 0, b'c']];
    let rest = [1, b'd', 0, 0xE9, 0];
    let globals = [record(kind::SHARED_TEXTS, &first.concat()), record(kind::CONTINUE, &rest)];
    let shared = |col, number: u32| cell(kind::SHARED_LABEL, 0, col, 0, &number.to_le_bytes());
    let found = cells(&globals, &[shared(0, 1), shared(1, 0)]);
    assert_eq!(found, Ok(vec!["A1 cdé".to_string(), "B1 ab".to_string()]));
    let none = cells(&globals, &[shared(0, 2)]);
    assert!(none.as_ref().is_err_and(|e| e.contains("S!A1")), "{none:?}");
}

#[test]
fn damage_is_told_and_never_read() {
    let sound = stream(0x0600, &[], &[number(0, 0, 0, 1.0)]);
    assert!(read_one(&sound).is_ok());
    for cut in 1..sound.len() {
        assert!(read_one(&sound[..cut]).is_err(), "cut at {cut}");
    }
    let backwards = cells(&[], &[number(1, 0, 0, 1.0), number(0, 0, 0, 1.0)]);
    assert!(backwards.is_err_and(|e| e.contains("out of order")));
    let twice = cells(&[], &[number(1, 0, 0, 1.0), number(1, 0, 0, 1.0)]);
    assert!(twice.is_err_and(|e| e.contains("twice")));
    let password = cells(&[record(kind::PASSWORD, &[0; 6])], &[]);
    assert!(password.is_err_and(|e| e.contains("password")));
}

/// Sixty thousand sheets that are one and the same would be read sixty thousand times.
#[test]
fn two_sheets_are_never_made_of_the_same_records() {
    let tab = |at: u32| record(kind::SHEET, &[&at.to_le_bytes()[..], &[0, 0, 1, 0, b'T']].concat());
    let one = stream(0x0600, &[tab(0)], &[number(0, 0, 0, 1.0)]);
    let begin = one.len() as u32 - 34;
    let same = stream(0x0600, &[tab(begin)], &[number(0, 0, 0, 1.0)]);
    assert!(read_one(&same).is_err_and(|e| e.contains("not where the file says")));
    let many = stream(0x0600, &vec![tab(0); 2_001], &[]);
    assert!(read_one(&many).is_err_and(|e| e.contains("2002 sheets")));
}

/// A sheet may be hidden so that only a program can show it again.
#[test]
fn hidden_sheets_are_known_by_their_state() {
    for (state, hidden) in [(0, false), (1, true), (2, true)] {
        let whole = head(0x0600, &[], state, head(0x0600, &[], 0, 0).len() as u32);
        let cells = number(0, 0, 0, 1.0);
        let stream = [whole, begin(0x0600, 0x10), cells, record(kind::END, &[])].concat();
        let sheets = read_stream("q.xls", &stream, &Limits::default(), &mut Problems::default());
        assert_eq!(sheets.expect("readable")[0].hidden, hidden, "{state}");
    }
}

#[test]
fn charts_on_a_sheet_hold_none_of_its_cells() {
    let chart = [begin(0x0600, 0x20), number(0, 0, 0, 5.0), record(kind::END, &[])].concat();
    let sheet = [number(0, 0, 0, 1.0), chart, number(0, 1, 0, 2.0)];
    assert_eq!(cells(&[], &sheet), Ok(vec!["A1 1".to_string(), "B1 2".to_string()]));
}

#[test]
fn older_versions_are_told_by_their_first_record() {
    for bytes in [
        &[9, 0, 4, 0, 2, 0, 0x10, 0][..],
        &[9, 2, 6, 0, 0, 0, 0x10, 0, 0, 0],
        &[9, 4, 6, 0, 0, 0, 0x00, 1, 0, 0],
    ] {
        assert!(is_older(bytes), "{bytes:?}");
    }
    assert!(!is_older(b"\t\0a text that begins with a tab"));
    assert!(is_bare_stream(&begin(0x0500, 5)));
}
