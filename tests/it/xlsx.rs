//! How workbooks (`.xlsx`) may be written, and what is damage: each way with what is read of it.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{DataRef, Reader, SheetType, Xlsx};
use rapporteur::intake::read::{Limits, Sheet, Value, read_bytes};
use rapporteur::nouns::problem::{Problem, Problems};

use crate::make;
use crate::support::{root, shared};

const TYPES: &str =
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The parts of a workbook with one sheet. Its cells look plain, like percentages or like dates;
/// its shared texts are `north`, nothing and ` a & b`.
fn parts(rows: &str) -> Vec<(String, Vec<u8>)> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |inside: String| format!("<Relationships>{inside}</Relationships>");
    let of_workbook = [
        relation("rId1", "worksheet", "worksheets/sheet1.xml"),
        relation("rId2", "styles", "styles.xml"),
        relation("rId3", "sharedStrings", "sharedStrings.xml"),
    ];
    let parts: [(&str, String); 7] = [
        ("[Content_Types].xml", TYPES.to_string()),
        ("_rels/.rels", relations(relation("rId1", "officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", relations(of_workbook.concat())),
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
                .to_string(),
        ),
        (
            "xl/styles.xml",
            "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"0.0%\"/></numFmts>\
             <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"14\"/></cellXfs>\
             </styleSheet>"
                .to_string(),
        ),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>north</t></si><si/><si><r><t xml:space=\"preserve\"> a </t></r>\
             <r><t>&amp; b</t></r><rPh><t>c</t></rPh></si></sst>"
                .to_string(),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    parts.map(|(name, text)| (name.to_string(), text.into_bytes())).into()
}

fn read(package: &[u8]) -> Result<(Vec<Sheet>, Problems), Problem> {
    let mut problems = Problems::default();
    let source = read_bytes("q.xlsx", package, &Limits::default(), &mut problems)?;
    Ok((source.sheets, problems))
}

/// What is read of a package: its cells, or why it is refused.
fn seen(parts: &[(String, Vec<u8>)]) -> String {
    match read(&make::package(parts)) {
        Ok((sheets, _)) => sheets.iter().flat_map(cells).collect::<Vec<_>>().join(" | "),
        Err(problem) => problem.message,
    }
}

/// A sheet's cells, one after the other: texts stand in quotation marks.
fn cells(sheet: &Sheet) -> Vec<String> {
    let mut all = Vec::new();
    for (row, cells) in sheet.rows() {
        for cell in cells {
            let place = sheet.place.at(row, cell.col).to_string();
            let at = place.rsplit('!').next().unwrap_or_default();
            let shown = match sheet.value(cell) {
                Value::Text(text) => format!("{text:?}"),
                _ => sheet.shown(cell),
            };
            all.push(format!("{at} {shown}"));
        }
    }
    all
}

/// Ways of writing a row, and what is read of it. `$` stands for a reference to the first cell.
#[test]
fn cells_are_read_however_they_are_written() {
    let ways = [
        // Numbers.
        ("<c r='A1'><v>17</v></c>", "A1 17"),
        ("<c r=\"A1\" s=\"1\"><v>0.808</v></c>", "A1 80.8%"),
        ("<c r=\"A1\" s=\"2\"><v>46295</v></c>", "A1 2026-09-30"),
        ("<c r=\"A1\" s=\"2\"><v>0.5</v></c>", "A1 0.5"),
        ("<c t=\"n\"><v>-1.5E2</v></c><c><v>2</v></c>", "A1 -150 | B1 2"),
        ("<c r=\"A1\"><v> 45\n</v></c>", "A1 45"),
        ("<c r=\"A1\"><v>11&#52;</v></c>", "A1 114"),
        ("<c r=\"A1\"><v>1&#x31;4</v></c>", "A1 114"),
        ("<c r=\"A1\"><v>1<![CDATA[18]]></v></c>", "A1 118"),
        ("<c r=\"A1\"><v>12<!-- <v>9</v> -->7</v></c>", "A1 127"),
        ("<c r=\"A1\"><v>12<?x 9?>7</v></c>", "A1 127"),
        ("<x:c r=\"A1\"><x:v>3</x:v></x:c>", "A1 3"),
        ("\n<c\n r = \"A1\"\t>\r\n<v>3</v >\n</c\n>\n", "A1 3"),
        ("<c r=\"$A$1\"><v>3</v></c>", "A1 3"),
        ("<c r=\"a1\"><v>3</v><extLst><ext><v>9</v></ext></extLst></c>", "A1 3"),
        ("<c r=\"A1\" t=\"n\"><v>3</v></c><c r=\"B1\" />", "A1 3"),
        // Texts.
        ("<c r=\"A1\" t=\"s\"><v>0</v></c>", "A1 \"north\""),
        ("<c r=\"A1\" t=\"s\"><v>1</v></c>", ""),
        ("<c r=\"A1\" t=\"s\"><v>2</v></c>", "A1 \" a & b\""),
        ("<c r=\"A1\" t=\"s\"><v>\n0\n</v></c>", "A1 \"north\""),
        ("<c r=\"A1\" t=\"inlineStr\"><is><t>a &lt; b</t></is></c>", "A1 \"a < b\""),
        ("<c r=\"A1\" t=\"inlineStr\"><is><t> a </t></is></c>", "A1 \"a\""),
        ("<c r=\"A1\" t=\"inlineStr\"><is><r><t>a</t></r><r><t>b</t></r></is></c>", "A1 \"ab\""),
        ("<c r=\"A1\" t=\"inlineStr\"><is><t>a<![CDATA[<&]]>b</t></is></c>", "A1 \"a<&b\""),
        (
            "<c r=\"A1\" t=\"inlineStr\"><is><t>a\r\nb_x000D_&#10;c</t></is></c>",
            "A1 \"a\\nb\\r\\nc\"",
        ),
        ("<c r=\"A1\" t=\"inlineStr\"><is><t>1</t></is></c>", "A1 \"1\""),
        ("<c r=\"A1\" t=\"inlineStr\"><is><t/></is></c>", ""),
        ("<c r=\"A1\" t=\"inlineStr\"><is><t></t></is></c>", ""),
        ("<c r=\"A1\" t=\"inlineStr\"><is><t>  </t></is></c>", ""),
        ("<c r=\"A1\" t=\"inlineStr\"><is><t>M 2 (ZQ9)</t></is></c>", "A1 \"M 2 (ZQ9)\""),
        ("<c r=\"A1\" t=\"inlineStr\"><is><t>a_x0041_</t></is></c>", "A1 \"aA\""),
        ("<c r=\"A1\" a='' b='' c='' d='' e='' f='' g='' h='' i=''><v>1</v></c>", "A1 1"),
        ("<c r=\"A1\" t=\"str\"><f>$</f><v>caf\u{e9} &amp; co</v></c>", "A1 \"caf\u{e9} & co\""),
        // Gaps, each of its own kind.
        ("<c r=\"A1\"/><c r=\"B1\" s=\"1\"/><c r=\"C1\"></c>", ""),
        ("<c r=\"A1\"><v/>\n</c><c r=\"B1\"><v></v></c>", ""),
        ("<c r=\"A1\" t=\"s\"><v/>\n</c>", ""),
        ("<c r=\"A1\" t=\"str\"><f>$</f><v></v></c>", ""),
        ("<c r=\"A1\"><f>$</f>\n<v/>\n</c>", "A1 (formula, not calculated)"),
        ("<c r=\"A1\"><f>$</f></c>", "A1 (formula, not calculated)"),
        ("<c r=\"A1\" t=\"str\"><f>$</f></c>", "A1 (formula, not calculated)"),
        ("<c r=\"A1\" t=\"s\"><f t=\"shared\" si=\"0\"/></c>", "A1 (formula, not calculated)"),
        ("<c r=\"A1\" t=\"b\"><f>$</f><v/></c>", "A1 (formula, not calculated)"),
        // Some programs write blank cells as texts that are not there.
        (
            "<c r=\"A1\" t=\"s\"/><c r=\"B1\" t=\"str\"></c><c r=\"C1\" t=\"inlineStr\"/>",
            "A1 (text, not there) | B1 (text, not there) | C1 (text, not there)",
        ),
        // The other types.
        (
            "<c r=\"A1\" t=\"b\"><v>1</v></c><c r=\"B1\" t=\"b\"><v>false</v></c>",
            "A1 TRUE | B1 FALSE",
        ),
        ("<c r=\"A1\" t=\"e\"><v>#N/A</v></c>", "A1 #N/A"),
        ("<c r=\"A1\" t=\"e\"><f>$</f><v>#SPILL!</v></c>", "A1 #SPILL!"),
        ("<c r=\"A1\" t=\"d\"><v>2026-09-30T00:00:00Z</v></c>", "A1 2026-09-30"),
    ];
    for (cells, expected) in ways {
        assert_eq!(seen(&parts(&format!("<row r=\"1\">{cells}</row>"))), expected, "{cells}");
    }
    let rows = "<row/><row r=\"3\"><c><v>1</v></c></row><row><c r=\"B4\"><v>2</v></c></row>";
    assert_eq!(seen(&parts(rows)), "A3 1 | B4 2");
}

/// Damage is an error, never data.
#[test]
fn damage_is_told() {
    let in_a_row = [
        ("<c r=\"A1\" t=\"s\"><v>3</v></c>", "a cell points to a text that is not there"),
        ("<c r=\"A1\" t=\"s\"><v>-1</v></c>", "a cell points to a text that is not there"),
        ("<c r=\"A1\" t=\"s\"><v>1.0</v></c>", "a cell points to a text that is not there"),
        ("<c r=\"A1\" t=\"inlineStr\"><v>0</v></c>", "a cell lacks the value that it says it has"),
        ("<c r=\"A1\" t=\"b\"/>", "a cell lacks the value that it says it has"),
        ("<c r=\"A1\" t=\"b\"><v>yes</v></c>", "a cell is neither true nor false"),
        ("<c r=\"A1\" t=\"e\"><v>none</v></c>", "an error is none that Excel knows"),
        ("<c r=\"A1\" t=\"x\"><v>0</v></c>", "a cell is of a type that is not known"),
        ("<c r=\"A1\" s=\"3\"><v>0</v></c>", "a cell points to a format that is not there"),
        ("<c r=\"A1\" s=\"3\"/>", "a cell points to a format that is not there"),
        ("<c r=\"A1\"><v>12,5</v></c>", "a number is not one"),
        ("<c r=\"A1\"><v>inf</v></c>", "a number is not one"),
        ("<c r=\"A1\"><v>1e999</v></c>", "a number is not one"),
        ("<c r=\"A1\"><v>1</v><v>2</v></c>", "a cell holds two values"),
        ("<c r=\"A1\"><v><b>1</b></v></c>", "an element stands within a value"),
        ("<c r=\"A2\"><v>1</v></c>", "a cell stands in another row than it says"),
        ("<c r=\"A1\"/><c r=\"A1\"/>", "cells of a row stand out of order, or twice"),
        ("<c r=\"B1\"/><c r=\"A1\"/>", "cells of a row stand out of order, or twice"),
        ("<c r=\"XFE1\"/>", "a cell's address is not one that a sheet can have"),
        ("<c r=\"XFD1\"/><c/>", "a cell lies outside the sheet"),
        ("<c r=\"A0\"/>", "a cell's address is not one that a sheet can have"),
        ("<c r=\"A1\" r=\"B1\"/>", "an attribute is not well-formed"),
        (
            "<c a='' b='' c='' d='' e='' f='' g='' h='' i='' j='' h=''/>",
            "an attribute is not well-formed",
        ),
        ("<c r=\"A1\" s=1/>", "an attribute is not well-formed"),
        ("<c r=\"A1\"><v>&one;</v></c>", "a letter has a name that is not known"),
        ("<c r=\"A1\"><v>1</c>", "its tags do not match"),
        ("<c r=\"A1\"><v>1</v>", "its tags do not match"),
        ("<c r=\"A1\"<v>1</v></c>", "a tag is not well-formed"),
        ("<c r=\"A1\"/>12", "a text stands where none can"),
        ("<row r=\"2\"></row>", "a row lies within a row"),
    ];
    let rows = [
        ("<c r=\"A1\"><v>1</v></c>", "a cell lies outside its row"),
        ("<row r=\"2\"/><row r=\"2\"/>", "rows stand out of order, or twice"),
        ("<row r=\"2\"/><row r=\"1\"/>", "rows stand out of order, or twice"),
        ("<row r=\"1048577\"/>", "a row's number is not one that a sheet can have"),
        ("<row r=\"1048576\"/><row/>", "a row lies outside the sheet"),
        ("<row r=\"1\"><c r=\"A1\"/>", "its tags do not match"),
        ("</sheetData>", "its tags do not match"),
        ("</sheetData></worksheet><worksheet><sheetData>", "something follows its end"),
        (
            "</sheetData><mergeCells><mergeCell ref=\"A1:A0\"/></mergeCells><sheetData>",
            "cells are merged that no sheet can have",
        ),
    ];
    let in_a_row = in_a_row.map(|(cells, what)| (format!("<row r=\"1\">{cells}</row>"), what));
    let rows = rows.map(|(rows, what)| (rows.to_string(), what));
    for (xml, what) in in_a_row.into_iter().chain(rows) {
        let seen = seen(&parts(&xml));
        assert!(seen.starts_with("the file is damaged: ") && seen.ends_with(what), "{xml}: {seen}");
    }
}

/// Changes one part; nothing takes it away.
fn changed(name: &str, from: &str, to: &str) -> Vec<(String, Vec<u8>)> {
    let mut parts = parts("<row r=\"1\"><c r=\"A1\" s=\"2\"><v>1000</v></c></row>");
    let part = parts.iter_mut().find(|(n, _)| n == name).expect("a part");
    let text = String::from_utf8(std::mem::take(&mut part.1)).expect("parts are text");
    assert!(text.contains(from), "{name} holds {from}");
    part.1 = text.replace(from, to).into_bytes();
    parts
}

/// The same cell, however the package is put together.
#[test]
fn packages_are_read_however_they_are_put_together() {
    let plain = "A1 1902-09-26";
    let workbook = "xl/workbook.xml";
    let relations = "xl/_rels/workbook.xml.rels";
    let sheet = "xl/worksheets/sheet1.xml";
    let module = "<sheet name=\"M\" sheetId=\"2\" state=\"veryHidden\" r:id=\"\"/></sheets>";
    let utf16 = |name: &str| {
        let mut parts = changed(workbook, "", "");
        let part = parts.iter_mut().find(|(n, _)| n == name).expect("a part");
        let text = String::from_utf8(std::mem::take(&mut part.1)).expect("parts are text");
        part.1 = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        parts
    };
    let and = |name: &str, content: &[u8]| {
        let mut parts = changed(workbook, "", "");
        parts.push((name.to_string(), content.to_vec()));
        parts
    };
    let renamed = |from: &str, to: &str| {
        let mut parts = changed("_rels/.rels", "xl/workbook.xml", "/xl/book1.xml");
        for (name, _) in &mut parts {
            *name = name.replace("workbook.xml", "book1.xml").replace(from, to);
        }
        parts
    };
    let declared = "<?xml version='1.0' encoding='utf-16'?><worksheet>";
    let dimension = "<worksheet><dimension ref=\"A0:AZ48943\"/>";
    let xlm = |kind: &str| {
        let mut parts = changed(relations, "/worksheet\"", &format!("/{kind}\""));
        parts.push(("xl/x.xml".to_string(), Vec::new()));
        parts
    };
    let ways = [
        ("as it is", changed(workbook, "", ""), plain),
        (
            "by 1904",
            changed(workbook, "<sheets>", "<workbookPr date1904='true'/><sheets>"),
            "A1 1906-09-27",
        ),
        ("a module", changed(workbook, "</sheets>", module), plain),
        ("absolute", changed(relations, "worksheets/sheet1", "/xl/worksheets/sheet1"), plain),
        ("backward", changed(relations, "worksheets/sheet1", "..\\XL\\worksheets\\sheet1"), plain),
        ("elsewhere", renamed("", ""), plain),
        ("backslashes", renamed("/", "\\"), plain),
        ("odd dimension", changed(sheet, "<worksheet>", dimension), plain),
        ("utf-16", utf16(sheet), plain),
        ("utf-16 styles", utf16("xl/styles.xml"), plain),
        ("utf-16 by word", changed(sheet, "<worksheet>", declared), plain),
        (
            "half a letter",
            half_a_letter(utf16(sheet)),
            "the file is damaged: a text is not in the code that it says it is in",
        ),
        ("power query", and("customXml/item1.xml", b"\xff\xfe<\0a\0"), plain),
        ("a drawing", and("xl/drawings/vmlDrawing1.vml", b"<!DOCTYPE x><a><b>"), plain),
        ("macros of Excel 4", xlm("xlMacrosheet"), ""),
        ("a chart", xlm("chartsheet"), ""),
        (
            "no sheet",
            changed(relations, "rId1", "rId9"),
            "the file is damaged: the sheet is not in the file",
        ),
        (
            "one part for two",
            changed(workbook, "</sheets>", "<sheet name=\"T\" r:id=\"rId1\"/></sheets>"),
            "the file is damaged: its cells are another sheet's as well",
        ),
        (
            "no part",
            changed(relations, "sheet1", "sheet2"),
            "the file is damaged: the sheet is not there",
        ),
        (
            "a part twice",
            and("xl/worksheets/Sheet1.xml", b"<worksheet/>"),
            "the file is damaged: the sheet is there twice",
        ),
        (
            "a document type",
            changed(sheet, "<worksheet>", "<!DOCTYPE worksheet><worksheet>"),
            "the file is damaged: the sheet declares a document type",
        ),
        (
            "no texts",
            changed("xl/sharedStrings.xml", "</sst>", ""),
            "the file is damaged: in xl/sharedStrings.xml, it ends too early",
        ),
        (
            "a letter",
            changed(workbook, "workbook>", "document>"),
            "no workbook or CSV list: it is an Office file of another kind",
        ),
    ];
    for (name, parts, expected) in ways {
        assert_eq!(seen(&parts), expected, "{name}");
    }
    let (_, problems) = read(&make::package(&xlm("xlMacrosheet"))).expect("readable");
    assert!(problems.iter().any(|p| p.message.contains("Excel 4 macros")));
}

/// The same parts, where one in UTF-16 ends with half a letter of two units.
fn half_a_letter(mut parts: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    let coded = parts.iter_mut().find(|(_, content)| content.starts_with(b"\xff\xfe"));
    coded.expect("a part in UTF-16").1.extend(b"\x00\xd8 \0");
    parts
}

/// Whoever goes over the cells reads a text once for each that shows it.
#[test]
fn texts_count_in_every_cell_that_shows_them() {
    let limits = Limits { text_bytes: 12, ..Limits::default() };
    let cell = "<c t=\"s\"><v>0</v></c>";
    for (cells, refused) in [(2, false), (3, true)] {
        let package = make::package(&parts(&format!("<row>{}</row>", cell.repeat(cells))));
        let read = read_bytes("q.xlsx", &package, &limits, &mut Problems::default());
        let told = read.err().map(|problem| problem.message);
        let is_told = told.as_ref().is_some_and(|told| told.contains("bytes of texts"));
        assert_eq!(is_told, refused, "{told:?}");
    }
}

/// Which of two parts of one name is meant nobody can say, but of one that no figure needs.
#[test]
fn a_part_of_the_same_name_twice_is_damage() {
    for (name, expected) in [
        ("xl/worksheets/sheet1.xml", "the file is damaged: the sheet is there twice"),
        ("docProps/app.xml", "A1 1902-09-26"),
    ] {
        let mut parts = changed("xl/workbook.xml", "", "");
        let stand_in = name.replace("xml", "xmm");
        parts.push(("docProps/app.xml".to_string(), b"<Properties/>".to_vec()));
        parts.push((stand_in.clone(), b"<worksheet/>".to_vec()));
        let mut package = make::package(&parts);
        while let Some(at) = memchr::memmem::find(&package, stand_in.as_bytes()) {
            package[at..at + name.len()].copy_from_slice(name.as_bytes());
        }
        let seen = match read(&package) {
            Ok((sheets, _)) => sheets.iter().flat_map(cells).collect::<Vec<_>>().join(" | "),
            Err(problem) => problem.message,
        };
        assert_eq!(seen, expected, "{name}");
    }
}

/// A part that is encrypted: the hint is another for a workbook than for an archive of lists.
#[test]
fn an_archive_with_a_password_is_told_as_such() {
    let list = vec![("header.csv".to_string(), b"CHILD,SEX\n1,F\n".to_vec())];
    for (parts, expected) in [
        (changed("xl/workbook.xml", "", ""), "the workbook is protected by a password"),
        (list, "the archive is protected by a password"),
    ] {
        let mut package = make::package(&parts);
        for (mark, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
            let at = memchr::memmem::find(&package, mark).expect("an entry");
            package[at + flags] |= 1;
        }
        assert_eq!(read(&package).expect_err("it is refused").message, expected);
    }
}

/// What is asked for without end is refused, in little time and memory.
#[test]
fn floods_are_refused() {
    let flood = |name: &str, before: &str, again: &str, times: usize| {
        changed(name, before, &format!("{before}{}", again.repeat(times)))
    };
    for (name, before, again, times, what) in [
        ("xl/styles.xml", "<cellXfs>", "<xf/>", 100_001, "formats"),
        ("xl/styles.xml", "<numFmts>", "<numFmt numFmtId='1'/>", 100_001, ""),
        ("xl/workbook.xml", "<sheets>", "<sheet name='a' r:id=''/>", 2_001, "sheets"),
        ("xl/_rels/workbook.xml.rels", "<Relationships>", "<Relationship/>", 2_001, "relations"),
    ] {
        let seen = seen(&flood(name, before, again, times));
        assert_eq!(seen.starts_with("the file is too large: "), !what.is_empty(), "{name}: {seen}");
        assert!(seen.contains(what), "{name}: {seen}");
    }
}

/// calamine reads the same cells of every workbook that it reads at all.
#[test]
fn an_independent_reader_sees_the_same() {
    let mut files = vec![root().join("examples/children-in-care-2026-27-q2.xlsx")];
    if let Some(shared) = shared("an_independent_reader_sees_the_same") {
        for folder in ["data", "golden"] {
            workbooks(&shared.join(folder), &mut files);
        }
    }
    for file in &files {
        let bytes = std::fs::read(file).expect("it can be read");
        let (sheets, _) = read(&bytes).unwrap_or_else(|p| panic!("{}: {p:?}", file.display()));
        let ours: Vec<(String, Vec<String>)> =
            sheets.iter().map(|sheet| (sheet.name.clone(), cells(sheet))).collect();
        assert!(ours.iter().any(|(_, cells)| !cells.is_empty()), "{}", file.display());
        assert_eq!(ours, by_calamine(&bytes), "{}", file.display());
    }
}

fn workbooks(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            workbooks(&path, files);
        } else if path.extension().is_some_and(|e| e == "xlsx" || e == "xlsm") {
            files.push(path);
        }
    }
}

fn by_calamine(bytes: &[u8]) -> Vec<(String, Vec<String>)> {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("calamine opens it");
    let tabs = book.sheets_metadata().to_vec();
    let mut sheets = Vec::new();
    for (index, tab) in tabs.iter().enumerate().filter(|(_, t)| t.typ == SheetType::WorkSheet) {
        let place = rapporteur::nouns::problem::Place::sheet("q.xlsx", index, &*tab.name);
        let mut sheet = Sheet::new(place, &*tab.name);
        let mut reader = book.worksheet_cells_reader(&tab.name).expect("a sheet");
        let percent: Vec<bool> = reader
            .styles()
            .iter()
            .map(|s| s.number_format.as_ref().is_some_and(|f| f.format_code.contains('%')))
            .collect();
        while let Some((cell, style)) = reader.next_cell_with_style_id().expect("a cell") {
            let (row, col) = cell.get_position();
            let Some(value) = value(cell.get_value()) else { continue };
            let percent = percent.get(style).copied().unwrap_or(false);
            sheet.push(row, col, value, percent).expect("a cell in its place");
        }
        sheets.push((tab.name.clone(), cells(&sheet)));
    }
    sheets
}

fn value<'a>(data: &'a DataRef) -> Option<Value<'a>> {
    use rapporteur::nouns::period::Day;
    Some(match data {
        DataRef::Float(n) => Value::Number(*n),
        DataRef::Int(n) => Value::Number(*n as f64),
        DataRef::Bool(b) => Value::Bool(*b),
        DataRef::SharedString(text) if text.trim().is_empty() => return None,
        DataRef::String(text) if text.trim().is_empty() => return None,
        DataRef::SharedString(text) => Value::Text(text),
        DataRef::String(text) => Value::Text(text),
        DataRef::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            let sound = date.is_datetime() && date.as_f64() >= 61.0;
            let day = sound.then(|| Day::from_ymd(year as i16, month as i8, day as i8)).flatten();
            day.map_or(Value::NotADate(date.as_f64()), Value::Date)
        }
        DataRef::Error(error) => Value::Error(match error {
            calamine::CellErrorType::NA => "#N/A",
            calamine::CellErrorType::Div0 => "#DIV/0!",
            calamine::CellErrorType::Ref => "#REF!",
            calamine::CellErrorType::Name => "#NAME?",
            calamine::CellErrorType::Value => "#VALUE!",
            calamine::CellErrorType::Num => "#NUM!",
            calamine::CellErrorType::Null => "#NULL!",
            _ => "#GETTING_DATA",
        }),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Value::Text(text),
        DataRef::Empty => return None,
    })
}
