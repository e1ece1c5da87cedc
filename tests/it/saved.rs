//! The same data saved in every form: by rust_xlsxwriter as xlsx, and by small writers of our own
//! as xls, xlsb, ods and CSV, since no program that can be had here writes all of them. What
//! LibreOffice makes of these files is held against what was put in, where it is installed
//! (`forms.rs`).

use std::io::Write;

use rust_xlsxwriter::{Format, Formula, Workbook, XlsxError};

use crate::make;

/// What a cell holds.
#[derive(Debug, Clone)]
pub enum Field {
    Blank,
    Text(String),
    Number(f64),
    /// A number shown with a percent sign: 0.808 as 80.8%.
    Percent(f64),
    /// A day by Excel's number of it, and as people write it.
    Day(u32, &'static str),
    Flag(bool),
    /// The error of a formula.
    Error(&'static str),
}

/// A sheet: its name and its rows.
pub type Tab = (&'static str, Vec<Vec<Field>>);

/// Errors by the numbers that binary workbooks have for them.
const ERRORS: [(&str, u8); 3] = [("#DIV/0!", 0x07), ("#VALUE!", 0x0F), ("#N/A", 0x2A)];

fn number_of(error: &str) -> u8 {
    ERRORS.iter().find(|(word, _)| *word == error).expect("a known error").1
}

/// A formula that ends in the error, in the steps that binary workbooks have for `1/0`, `NA()` and
/// `"a"+1`.
fn formula_of(error: &str) -> &'static [u8] {
    match error {
        "#DIV/0!" => &[0x1E, 1, 0, 0x1E, 0, 0, 0x06],
        "#N/A" => &[0x41, 10, 0],
        _ => &[0x17, 1, 0, b'a', 0x1E, 1, 0, 0x03],
    }
}

/// The filled cells of rows: row, column, and what they hold.
fn filled(rows: &[Vec<Field>]) -> impl Iterator<Item = (usize, usize, &Field)> {
    let cells = rows.iter().enumerate().flat_map(|(row, fields)| {
        fields.iter().enumerate().map(move |(col, field)| (row, col, field))
    });
    cells.filter(|(_, _, field)| !matches!(field, Field::Blank))
}

pub fn xlsx(tabs: &[Tab]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in tabs {
        let sheet = book.add_worksheet().set_name(*name).expect("a name");
        for (row, col, field) in filled(rows) {
            put(sheet, row as u32, col as u16, field).expect("a cell can be written");
        }
    }
    book.save_to_buffer().expect("a workbook can be made")
}

fn put(
    sheet: &mut rust_xlsxwriter::Worksheet,
    row: u32,
    col: u16,
    field: &Field,
) -> Result<(), XlsxError> {
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let percent = Format::new().set_num_format("0.0%");
    match field {
        Field::Blank => return Ok(()),
        Field::Text(text) => sheet.write_string(row, col, text)?,
        Field::Number(number) => sheet.write_number(row, col, *number)?,
        Field::Percent(number) => sheet.write_number_with_format(row, col, *number, &percent)?,
        Field::Day(serial, _) => {
            sheet.write_number_with_format(row, col, f64::from(*serial), &day)?
        }
        Field::Flag(flag) => sheet.write_boolean(row, col, *flag)?,
        Field::Error(error) => {
            sheet.write_formula(row, col, Formula::new("=NA()").set_result(*error))?
        }
    };
    Ok(())
}

/// A CSV list, as Excel saves a sheet as "CSV UTF-8".
pub fn csv(rows: &[Vec<Field>]) -> Vec<u8> {
    let mut text = "\u{feff}".to_string();
    for fields in rows {
        let fields: Vec<String> = fields
            .iter()
            .map(|field| match field {
                Field::Blank => String::new(),
                Field::Text(text) if text.contains([',', '"', '\n']) => {
                    format!("\"{}\"", text.replace('"', "\"\""))
                }
                Field::Text(text) => text.clone(),
                Field::Number(number) => number.to_string(),
                Field::Percent(number) => format!("{:.1}%", number * 100.0),
                Field::Day(_, written) => written.to_string(),
                Field::Flag(flag) => flag.to_string().to_uppercase(),
                Field::Error(error) => error.to_string(),
            })
            .collect();
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// The looks of cells that show a day, a percentage, or TRUE and FALSE.
const ODS_STYLES: &str = "<office:automatic-styles>\
    <number:date-style style:name=\"N1\"><number:day number:style=\"long\"/><number:text>/\
    </number:text><number:month number:style=\"long\"/><number:text>/</number:text>\
    <number:year number:style=\"long\"/></number:date-style>\
    <number:percentage-style style:name=\"N2\"><number:number number:decimal-places=\"1\" \
    number:min-integer-digits=\"1\"/><number:text>%</number:text></number:percentage-style>\
    <number:boolean-style style:name=\"N3\"><number:boolean/></number:boolean-style>\
    <style:style style:name=\"flag\" style:family=\"table-cell\" style:data-style-name=\"N3\"/>\
    <style:style style:name=\"day\" style:family=\"table-cell\" style:data-style-name=\"N1\"/>\
    <style:style style:name=\"percent\" style:family=\"table-cell\" style:data-style-name=\"N2\"/>\
    </office:automatic-styles>";

/// An OpenDocument sheet, with the attributes that LibreOffice writes.
pub fn ods(tabs: &[Tab]) -> Vec<u8> {
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    let name = "urn:oasis:names:tc:opendocument:xmlns";
    let mut content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"{name}:office:1.0\" xmlns:table=\"{name}:table:1.0\" \
         xmlns:text=\"{name}:text:1.0\" \
         xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\" \
         xmlns:style=\"{name}:style:1.0\" xmlns:number=\"{name}:datastyle:1.0\" \
         office:version=\"1.3\">{ODS_STYLES}<office:body><office:spreadsheet>"
    );
    for (name, rows) in tabs {
        content.push_str(&format!("<table:table table:name=\"{name}\">"));
        for fields in rows {
            content.push_str("<table:table-row>");
            fields.iter().for_each(|field| content.push_str(&ods_cell(field)));
            content.push_str("</table:table-row>");
        }
        content.push_str("</table:table>");
    }
    content.push_str("</office:spreadsheet></office:body></office:document-content>");
    let manifest = format!(
        "<manifest:manifest xmlns:manifest=\"{name}:manifest:1.0\" manifest:version=\"1.3\">\
         <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{kind}\"/>\
         <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\
         </manifest:manifest>"
    );
    make::package(&[
        ("mimetype".into(), kind.into()),
        ("content.xml".into(), content.into_bytes()),
        ("META-INF/manifest.xml".into(), manifest.into_bytes()),
    ])
}

fn ods_cell(field: &Field) -> String {
    let cell = |attributes: &str, text: &str| {
        format!("<table:table-cell {attributes}>{}</table:table-cell>", paragraphs(text))
    };
    match field {
        Field::Blank => "<table:table-cell/>".to_string(),
        Field::Text(text) => cell("office:value-type=\"string\"", text),
        Field::Number(number) => {
            cell(&format!("office:value-type=\"float\" office:value=\"{number}\""), "#")
        }
        Field::Percent(number) => cell(
            &format!(
                "table:style-name=\"percent\" office:value-type=\"percentage\" \
                 office:value=\"{number}\""
            ),
            "%",
        ),
        Field::Day(_, written) => {
            let [day, month, year] = written.split('/').collect::<Vec<_>>()[..] else {
                panic!("{written} is no day")
            };
            let date = format!("{year}-{month}-{day}");
            cell(
                &format!(
                    "table:style-name=\"day\" office:value-type=\"date\" \
                     office:date-value=\"{date}\""
                ),
                written,
            )
        }
        Field::Flag(flag) => cell(
            &format!(
                "table:style-name=\"flag\" office:value-type=\"boolean\" \
                 office:boolean-value=\"{flag}\""
            ),
            "",
        ),
        Field::Error(error) => cell(
            "table:formula=\"of:=NA()\" office:value-type=\"string\" office:string-value=\"\" \
             calcext:value-type=\"error\"",
            error,
        ),
    }
}

/// A text as OpenDocument has it: a paragraph a line, and blanks that count as elements.
fn paragraphs(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace("  ", " <text:s/>");
    let escaped = escaped.replace('\t', "<text:tab/>");
    escaped.split('\n').map(|line| format!("<text:p>{line}</text:p>")).collect()
}

/// The texts of a workbook, each once, by number.
#[derive(Default)]
struct Shared(Vec<String>);

impl Shared {
    fn number(&mut self, text: &str) -> u32 {
        let found = self.0.iter().position(|known| known == text);
        found.unwrap_or_else(|| {
            self.0.push(text.to_string());
            self.0.len() - 1
        }) as u32
    }
}

/// What stands before the sheets of a workbook: fonts, looks, where each begins, and texts.
fn xls_globals(begins: &[u32], tabs: &[Tab], shared: &Shared) -> Vec<u8> {
    let mut out = xls_begin(5);
    xls_record(&mut out, 0x0042, &1200u16.to_le_bytes());
    // Four fonts, the least that there are; then formats, and the looks of styles and cells.
    for _ in 0..4 {
        let font = [&[200, 0, 0, 0, 0xff, 0x7f, 0x90, 1, 0, 0, 0, 0, 0, 0, 5, 0][..], b"Arial"];
        xls_record(&mut out, 0x0031, &font.concat());
    }
    for (number, code) in [(164u16, "0.0%"), (165, "dd/mm/yyyy")] {
        let length = (code.len() as u16).to_le_bytes();
        let content = [&number.to_le_bytes()[..], &length, &[0], code.as_bytes()].concat();
        xls_record(&mut out, 0x041E, &content);
    }
    for (nth, format) in [0u16; 15].into_iter().chain([0, 164, 165]).enumerate() {
        let style: u16 = if nth < 15 { 0xFFF5 } else { 0x0001 };
        let mut content = vec![0; 20];
        content[2..4].copy_from_slice(&format.to_le_bytes());
        content[4..6].copy_from_slice(&style.to_le_bytes());
        xls_record(&mut out, 0x00E0, &content);
    }
    xls_record(&mut out, 0x0293, &[0x00, 0x80, 0, 0xFF]);
    for (begin, (name, _)) in begins.iter().zip(tabs) {
        let head = [&begin.to_le_bytes()[..], &[0, 0, name.len() as u8, 0]].concat();
        xls_record(&mut out, 0x0085, &[&head, name.as_bytes()].concat());
    }
    xls_shared(&mut out, shared);
    xls_record(&mut out, 0x000A, &[]);
    out
}

/// A workbook of Excel 97 (BIFF8), with all the kinds of cells that Excel writes for such data.
pub fn xls(tabs: &[Tab]) -> Vec<u8> {
    let mut shared = Shared::default();
    let sheets: Vec<Vec<u8>> = tabs.iter().map(|(_, rows)| xls_sheet(rows, &mut shared)).collect();
    let mut begin = xls_globals(&vec![0; tabs.len()], tabs, &shared).len() as u32;
    let begins: Vec<u32> = sheets
        .iter()
        .map(|sheet| {
            let this = begin;
            begin += sheet.len() as u32;
            this
        })
        .collect();
    let stream = [xls_globals(&begins, tabs, &shared), sheets.concat()].concat();
    make::container("/Workbook", &stream)
}

fn xls_record(out: &mut Vec<u8>, kind: u16, content: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend((content.len() as u16).to_le_bytes());
    out.extend(content);
}

fn xls_begin(kind: u16) -> Vec<u8> {
    let mut out = Vec::new();
    let version = [0x0600u16, kind, 0x0DBB, 0x07CC].map(u16::to_le_bytes).concat();
    xls_record(&mut out, 0x0809, &[&version[..], &[0xC1, 0, 0, 0, 6, 0, 0, 0]].concat());
    out
}

/// The longest content of a record.
const XLS_LONGEST: usize = 8_224;

/// The table of shared texts. What does not fit into a record goes on in others; a text that is cut
/// says anew how wide its letters are, here by turns one byte and two where that can be.
fn xls_shared(out: &mut Vec<u8>, shared: &Shared) {
    let count = (shared.0.len() as u32).to_le_bytes();
    let mut pieces: Vec<Vec<u8>> = vec![[count, count].concat()];
    for text in &shared.0 {
        let units: Vec<u16> = text.encode_utf16().collect();
        if pieces.last().expect("a piece").len() + 5 > XLS_LONGEST {
            pieces.push(Vec::new());
        }
        let mut piece = pieces.last_mut().expect("a piece");
        let narrow = text.chars().all(|letter| (letter as u32) < 256);
        let mut wide = !narrow;
        piece.extend((units.len() as u16).to_le_bytes());
        piece.push(u8::from(wide));
        for unit in units {
            if piece.len() + 2 > XLS_LONGEST {
                pieces.push(Vec::new());
                piece = pieces.last_mut().expect("a piece");
                wide = !narrow || !wide;
                piece.push(u8::from(wide));
            }
            match wide {
                true => piece.extend(unit.to_le_bytes()),
                false => piece.push(unit as u8),
            }
        }
    }
    for (nth, piece) in pieces.iter().enumerate() {
        xls_record(out, if nth == 0 { 0x00FC } else { 0x003C }, piece);
    }
}

fn xls_sheet(rows: &[Vec<Field>], shared: &mut Shared) -> Vec<u8> {
    let mut out = xls_begin(0x10);
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    let size = [&0u32.to_le_bytes()[..], &(rows.len() as u32).to_le_bytes(), &[0, 0]].concat();
    xls_record(&mut out, 0x0200, &[&size, &(widest as u16).to_le_bytes()[..], &[0, 0]].concat());
    for (row, col, field) in filled(rows) {
        let at = |format: u16| [row as u16, col as u16, format].map(u16::to_le_bytes).concat();
        let mut put = |kind, format, content: &[u8]| {
            xls_record(&mut out, kind, &[&at(format), content].concat());
        };
        match field {
            Field::Blank => {}
            Field::Text(text) => put(0x00FD, 15, &shared.number(text).to_le_bytes()),
            Field::Number(number) if number.fract() == 0.0 => {
                put(0x027E, 15, &((*number as i32) << 2 | 2).to_le_bytes());
            }
            Field::Number(number) => put(0x0203, 15, &number.to_le_bytes()),
            Field::Percent(number) => put(0x0203, 16, &number.to_le_bytes()),
            Field::Day(serial, _) => put(0x027E, 17, &(serial << 2 | 2).to_le_bytes()),
            Field::Flag(flag) => put(0x0205, 15, &[u8::from(*flag), 0]),
            Field::Error(error) => {
                let number = number_of(error);
                let value = [2, 0, number, 0, 0, 0, 0xFF, 0xFF];
                let formula = formula_of(error);
                let rest = [&[0; 6][..], &(formula.len() as u16).to_le_bytes(), formula].concat();
                put(0x0006, 15, &[&value[..], &rest].concat());
            }
        }
    }
    xls_record(&mut out, 0x000A, &[]);
    out
}

/// A binary workbook; every second cell of a row is written short, as some programs do.
pub fn xlsb(tabs: &[Tab]) -> Vec<u8> {
    let mut shared = Shared::default();
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let content_types = "<Default Extension=\"bin\" \
                         ContentType=\"application/vnd.ms-excel.sheet.binary.macroEnabled.main\"/>\
                         <Default Extension=\"rels\" \
                         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/\
                         >";
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        (
            "[Content_Types].xml".into(),
            format!("<Types xmlns=\"{package}/content-types\">{content_types}</Types>").into(),
        ),
        (
            "_rels/.rels".into(),
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{office}/officeDocument\" Target=\"xl/workbook.bin\"/></Relationships>"
            )
            .into(),
        ),
    ];
    let mut relations = String::new();
    let mut book = Vec::new();
    xlsb_record(&mut book, 131, &[]);
    xlsb_record(&mut book, 143, &[]);
    for (nth, (name, rows)) in tabs.iter().enumerate() {
        let id = format!("rId{}", nth + 1);
        let head = [0u32.to_le_bytes(), (nth as u32 + 1).to_le_bytes()].concat();
        xlsb_record(&mut book, 156, &[head, xlsb_text(&id), xlsb_text(name)].concat());
        relations.push_str(&format!(
            "<Relationship Id=\"{id}\" Type=\"{office}/worksheet\" \
             Target=\"worksheets/sheet{nth}.bin\"/>"
        ));
        parts.push((format!("xl/worksheets/sheet{nth}.bin"), xlsb_sheet(rows, &mut shared)));
    }
    xlsb_record(&mut book, 144, &[]);
    xlsb_record(&mut book, 132, &[]);
    for (id, kind, target) in [("a", "styles", "styles"), ("b", "sharedStrings", "sharedStrings")] {
        relations.push_str(&format!(
            "<Relationship Id=\"{id}\" Type=\"{office}/{kind}\" Target=\"{target}.bin\"/>"
        ));
    }
    let relations =
        format!("<Relationships xmlns=\"{package}/relationships\">{relations}</Relationships>");
    parts.push(("xl/workbook.bin".into(), book));
    parts.push(("xl/_rels/workbook.bin.rels".into(), relations.into()));
    parts.push(("xl/styles.bin".into(), xlsb_styles()));
    let mut texts = Vec::new();
    xlsb_record(&mut texts, 159, &[0; 8]);
    for text in &shared.0 {
        xlsb_record(&mut texts, 19, &[vec![0], xlsb_text(text)].concat());
    }
    xlsb_record(&mut texts, 160, &[]);
    parts.push(("xl/sharedStrings.bin".into(), texts));
    make::package(&parts)
}

fn xlsb_styles() -> Vec<u8> {
    let mut out = Vec::new();
    let one = 1u32.to_le_bytes();
    xlsb_record(&mut out, 278, &[]);
    xlsb_record(&mut out, 615, &2u32.to_le_bytes());
    for (number, code) in [(164u16, "0.0%"), (165, "dd/mm/yyyy")] {
        xlsb_record(&mut out, 44, &[number.to_le_bytes().to_vec(), xlsb_text(code)].concat());
    }
    xlsb_record(&mut out, 616, &[]);
    // One font, one fill, one border.
    let font = [
        &[220, 0, 0, 0, 0x90, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..],
        &xlsb_text("Arial"),
    ];
    for (begin, kind, content) in
        [(611, 43, font.concat()), (603, 45, vec![0; 68]), (613, 46, vec![0; 51])]
    {
        xlsb_record(&mut out, begin, &one);
        xlsb_record(&mut out, kind, &content);
        xlsb_record(&mut out, begin + 1, &[]);
    }
    // The looks of styles come first and count for no cell.
    for (begin, parent, formats) in [(626, 0xFFFFu16, vec![9u16]), (617, 0, vec![0, 164, 165])] {
        xlsb_record(&mut out, begin, &(formats.len() as u32).to_le_bytes());
        for format in formats {
            let mut content = [parent.to_le_bytes(), format.to_le_bytes()].concat();
            content.extend([0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x3F, 0]);
            xlsb_record(&mut out, 47, &content);
        }
        xlsb_record(&mut out, begin + 1, &[]);
    }
    xlsb_record(&mut out, 279, &[]);
    out
}

fn xlsb_sheet(rows: &[Vec<Field>], shared: &mut Shared) -> Vec<u8> {
    let mut out = Vec::new();
    xlsb_record(&mut out, 129, &[]);
    xlsb_record(&mut out, 145, &[]);
    let (mut last_row, mut last_col) = (usize::MAX, 0);
    for (row, col, field) in filled(rows) {
        let begins = row != last_row;
        if begins {
            let head = [&(row as u32).to_le_bytes()[..], &[0; 13]].concat();
            xlsb_record(&mut out, 0, &head);
        }
        let follows = !begins && col == last_col + 1 && col % 2 == 1;
        (last_row, last_col) = (row, col);
        let (kind, format, content): (u32, u8, Vec<u8>) = match field {
            Field::Blank => continue,
            Field::Text(text) => (7, 0, shared.number(text).to_le_bytes().to_vec()),
            Field::Number(number) if number.fract() == 0.0 => {
                (2, 0, ((*number as i32) << 2 | 2).to_le_bytes().to_vec())
            }
            Field::Number(number) => (5, 0, number.to_le_bytes().to_vec()),
            Field::Percent(number) => (5, 1, number.to_le_bytes().to_vec()),
            Field::Day(serial, _) => (2, 2, (serial << 2 | 2).to_le_bytes().to_vec()),
            Field::Flag(flag) => (4, 0, vec![u8::from(*flag)]),
            // A formula has no short form; this one is the error itself.
            Field::Error(error) => {
                let number = number_of(error);
                (11, 0, vec![number, 0, 0, 2, 0, 0, 0, 0x1C, number, 0, 0, 0, 0])
            }
        };
        let look = [format, 0, 0, 0];
        match follows && kind < 8 {
            true => xlsb_record(&mut out, kind + 11, &[&look[..], &content].concat()),
            false => {
                let col = (col as u32).to_le_bytes();
                xlsb_record(&mut out, kind, &[&col[..], &look, &content].concat());
            }
        }
    }
    xlsb_record(&mut out, 146, &[]);
    xlsb_record(&mut out, 130, &[]);
    out
}

/// A record: its kind and length in groups of seven bits, then its content.
fn xlsb_record(out: &mut Vec<u8>, kind: u32, content: &[u8]) {
    for mut number in [kind, content.len() as u32] {
        while number >= 0x80 {
            out.push(number as u8 & 0x7F | 0x80);
            number >>= 7;
        }
        out.push(number as u8);
    }
    out.write_all(content).expect("memory can be written");
}

fn xlsb_text(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let letters = units.iter().flat_map(|unit| unit.to_le_bytes());
    (units.len() as u32).to_le_bytes().into_iter().chain(letters).collect()
}
