//! The accessible edition as an OpenDocument spreadsheet, which the government asks of tables that
//! are published. Written part by part: the libraries for such files bring clocks and second copies
//! of what is here, for a dozen elements.

use std::io::{Cursor, Write};

use indexmap::IndexSet;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::front::{COVER, TITLE_SIZE, contents_sheet, cover_lines, is_number, table_name, width};
use super::tables::{Plain, plain_sheets};
use crate::nouns::problem::Problem;
use crate::nouns::report::{Content, NumberFormat, Report};
use crate::nouns::seal::Edition;
use crate::papers::write::anywhere::made_anywhere;
use crate::papers::write::sealing::seal_of;
use crate::papers::write::workbook::fraction;

const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
const VERSION: &str = "1.3";
/// Centimetres of a character of Arial 12.
const CENTIMETRES: f64 = 0.238;
const NAMESPACES: [(&str, &str); 9] = [
    ("xmlns:office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
    ("xmlns:style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
    ("xmlns:text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
    ("xmlns:table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
    ("xmlns:number", "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"),
    ("xmlns:fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
    ("xmlns:meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
];

type Xml = Writer<Vec<u8>>;
type Written = std::io::Result<()>;

/// The spreadsheet's bytes: the same for the same report, on any day and machine.
pub fn accessible_ods(report: &Report) -> Result<Vec<u8>, Problem> {
    let bare = build(report, &[]).map_err(|error| could_not(&error))?;
    let Some(origin) = &report.properties.origin else { return Ok(bare) };
    let seal = seal_of(&bare, Edition::Accessible, origin)?;
    build(report, &seal.properties()).map_err(|error| could_not(&error))
}

fn could_not(error: &std::io::Error) -> Problem {
    Problem::unreadable("", format!("the OpenDocument edition could not be made: {error}"))
}

fn build(report: &Report, properties: &[(String, String)]) -> std::io::Result<Vec<u8>> {
    let parts = [
        ("META-INF/manifest.xml", manifest()?),
        ("meta.xml", document("office:document-meta", |xml| meta(xml, report, properties))?),
        ("styles.xml", document("office:document-styles", styles)?),
        ("content.xml", document("office:document-content", |xml| content(xml, report))?),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // Programs know the file by this part, which is the first and packed by nothing.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("mimetype", stored)?;
    zip.write_all(KIND.as_bytes())?;
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(&text)?;
    }
    Ok(made_anywhere(zip.finish()?.into_inner()))
}

/// A part of the file: a root with all names, and what it holds.
fn document(root: &str, inside: impl FnOnce(&mut Xml) -> Written) -> std::io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element(root)
        .with_attributes(NAMESPACES)
        .with_attribute(("office:version", VERSION))
        .write_inner_content(inside)?;
    Ok(xml.into_inner())
}

fn manifest() -> std::io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let of = ("xmlns:manifest", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0");
    xml.create_element("manifest:manifest")
        .with_attributes([of, ("manifest:version", VERSION)])
        .write_inner_content(|xml| {
            let text = "text/xml";
            for (path, kind) in
                [("/", KIND), ("content.xml", text), ("styles.xml", text), ("meta.xml", text)]
            {
                empty(
                    xml,
                    "manifest:file-entry",
                    &[("manifest:full-path", path), ("manifest:media-type", kind)],
                )?;
            }
            Ok(())
        })?;
    Ok(xml.into_inner())
}

/// What the file says of itself; the reporting date stands for the day of writing.
fn meta(xml: &mut Xml, report: &Report, properties: &[(String, String)]) -> Written {
    let p = &report.properties;
    let created = format!("{}T00:00:00", p.created.iso());
    xml.create_element("office:meta").write_inner_content(|xml| {
        for (name, said) in [
            ("dc:title", p.title.as_str()),
            ("dc:subject", &p.subject),
            ("dc:creator", &p.author),
            ("meta:keyword", &p.keywords),
            ("meta:creation-date", &created),
            ("dc:date", &created),
            ("dc:language", "en-GB"),
        ] {
            text_in(xml, name, said)?;
        }
        for (name, said) in properties {
            xml.create_element("meta:user-defined")
                .with_attribute(("meta:name", name.as_str()))
                .write_text_content(BytesText::new(said))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// How a cell is drawn: its name, the size of its letters, whether they are bold, whether it wraps.
const LOOKS: [(&str, f64, bool, bool); 5] = [
    ("Title", TITLE_SIZE, true, false),
    ("Heading", 14.0, true, false),
    ("Line", 12.0, false, false),
    ("Column", 12.0, true, true),
    ("Text", 12.0, false, true),
];

/// Letters of 12 points and nothing smaller, in English; A4 on its side, one page wide.
fn styles(xml: &mut Xml) -> Written {
    xml.create_element("office:styles").write_inner_content(|xml| {
        let cells = [("style:family", "table-cell")];
        xml.create_element("style:default-style").with_attributes(cells).write_inner_content(
            |xml| {
                let language = [("fo:language", "en"), ("fo:country", "GB")];
                let letters = [("fo:font-family", "Arial"), ("fo:font-size", "12pt")];
                let all: Vec<_> = letters.into_iter().chain(language).collect();
                empty(xml, "style:text-properties", &all)
            },
        )?;
        for (name, size, bold, wraps) in LOOKS {
            for numbers in [false, true] {
                let name = look(name, numbers);
                let named = [("style:name", name.as_str()), ("style:family", "table-cell")];
                xml.create_element("style:style").with_attributes(named).write_inner_content(
                    |xml| {
                        let wrap = if wraps { "wrap" } else { "no-wrap" };
                        empty(
                            xml,
                            "style:table-cell-properties",
                            &[("fo:wrap-option", wrap), ("style:vertical-align", "top")],
                        )?;
                        let side = if numbers { "end" } else { "start" };
                        empty(xml, "style:paragraph-properties", &[("fo:text-align", side)])?;
                        let size = format!("{size}pt");
                        let weight = if bold { "bold" } else { "normal" };
                        empty(
                            xml,
                            "style:text-properties",
                            &[("fo:font-size", &size), ("fo:font-weight", weight)],
                        )
                    },
                )?;
            }
        }
        Ok(())
    })?;
    xml.create_element("office:automatic-styles").write_inner_content(|xml| {
        let named = [("style:name", "Landscape")];
        xml.create_element("style:page-layout").with_attributes(named).write_inner_content(
            |xml| {
                empty(
                    xml,
                    "style:page-layout-properties",
                    &[
                        ("fo:page-width", "29.7cm"),
                        ("fo:page-height", "21cm"),
                        ("style:print-orientation", "landscape"),
                        ("style:scale-to-X", "1"),
                        ("style:scale-to-Y", "0"),
                    ],
                )
            },
        )?;
        Ok(())
    })?;
    xml.create_element("office:master-styles").write_inner_content(|xml| {
        let named = [("style:name", "Default"), ("style:page-layout-name", "Landscape")];
        empty(xml, "style:master-page", &named)
    })?;
    Ok(())
}

/// The name of a look, of text or of numbers.
fn look(name: &str, numbers: bool) -> String {
    if numbers { format!("{name}_numbers") } else { name.to_string() }
}

fn content(xml: &mut Xml, report: &Report) -> Written {
    let sheets = plain_sheets(report);
    let contents = contents_sheet(&sheets);
    let all: Vec<&Plain> = std::iter::once(&contents).chain(&sheets).collect();
    let formats: IndexSet<NumberFormat> = all
        .iter()
        .flat_map(|sheet| sheet.rows.iter().flatten())
        .filter_map(|cell| match cell {
            Content::Number { format, .. } => Some(*format),
            _ => None,
        })
        .collect();
    xml.create_element("office:automatic-styles").write_inner_content(|xml| {
        let table = [("style:name", "Sheet"), ("style:family", "table")];
        xml.create_element("style:style")
            .with_attributes(table)
            .with_attribute(("style:master-page-name", "Default"))
            .write_inner_content(|xml| {
                empty(xml, "style:table-properties", &[("table:display", "true")])
            })?;
        let row = [("style:name", "Row"), ("style:family", "table-row")];
        xml.create_element("style:style").with_attributes(row).write_inner_content(|xml| {
            empty(xml, "style:table-row-properties", &[("style:use-optimal-row-height", "true")])
        })?;
        for width in widths(&all) {
            let name = column_style(width);
            let named = [("style:name", name.as_str()), ("style:family", "table-column")];
            xml.create_element("style:style").with_attributes(named).write_inner_content(
                |xml| {
                    let width = format!("{:.2}cm", width * CENTIMETRES);
                    empty(xml, "style:table-column-properties", &[("style:column-width", &width)])
                },
            )?;
        }
        for format in &formats {
            number_style(xml, *format)?;
        }
        Ok(())
    })?;
    xml.create_element("office:body").write_inner_content(|xml| {
        xml.create_element("office:spreadsheet").write_inner_content(|xml| {
            sheet(xml, "Cover", &[COVER], |xml| cover(xml, report))?;
            for plain in &all {
                let widths: Vec<f64> =
                    (0..plain.head.len()).map(|at| of_column(plain, at)).collect();
                let links = std::ptr::eq(*plain, &contents);
                sheet(xml, &plain.name, &widths, |xml| table(xml, plain, links))?;
            }
            // The tables are marked as such: with a name, and their first row as headings.
            xml.create_element("table:database-ranges").write_inner_content(|xml| {
                for plain in &all {
                    marked(xml, plain)?;
                }
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

fn cells_of(plain: &Plain, column: usize) -> impl Iterator<Item = &Content> {
    plain.rows.iter().filter_map(move |row| row.get(column))
}

fn of_column(plain: &Plain, column: usize) -> f64 {
    width(&plain.head[column], cells_of(plain, column))
}

/// Every width that a column has.
fn widths(all: &[&Plain]) -> Vec<f64> {
    let columns = all.iter().flat_map(|p| (0..p.head.len()).map(move |at| of_column(p, at)));
    let mut widths: Vec<f64> = columns.chain([COVER]).collect();
    widths.sort_by(f64::total_cmp);
    widths.dedup();
    widths
}

fn column_style(width: f64) -> String {
    format!("Column_{width}")
}

/// How numbers of a format are printed, and the look of their cells.
fn number_style(xml: &mut Xml, format: NumberFormat) -> Written {
    let name = number_name(format);
    let (kind, decimals) = match format {
        NumberFormat::Percent(decimals) => ("number:percentage-style", decimals),
        NumberFormat::Plain(decimals) => ("number:number-style", decimals),
        NumberFormat::Pounds(decimals) => ("number:currency-style", decimals),
    };
    xml.create_element(kind).with_attribute(("style:name", name.as_str())).write_inner_content(
        |xml| {
            let decimals = decimals.to_string();
            let grouped = if kind == "number:percentage-style" { "false" } else { "true" };
            if kind == "number:currency-style" {
                text_in(xml, "number:currency-symbol", "£")?;
            }
            empty(
                xml,
                "number:number",
                &[
                    ("number:decimal-places", &decimals),
                    ("number:min-decimal-places", &decimals),
                    ("number:min-integer-digits", "1"),
                    ("number:grouping", grouped),
                ],
            )?;
            if kind == "number:percentage-style" {
                text_in(xml, "number:text", "%")?;
            }
            Ok(())
        },
    )?;
    let cell = format!("Cell_{name}");
    let parent = look("Text", true);
    empty(
        xml,
        "style:style",
        &[
            ("style:name", &cell),
            ("style:family", "table-cell"),
            ("style:parent-style-name", &parent),
            ("style:data-style-name", &name),
        ],
    )
}

fn number_name(format: NumberFormat) -> String {
    match format {
        NumberFormat::Percent(decimals) => format!("Percent_{decimals}"),
        NumberFormat::Plain(decimals) => format!("Plain_{decimals}"),
        NumberFormat::Pounds(decimals) => format!("Pounds_{decimals}"),
    }
}

/// A worksheet: its columns, and the rows that it holds.
fn sheet(
    xml: &mut Xml,
    name: &str,
    widths: &[f64],
    rows: impl FnOnce(&mut Xml) -> Written,
) -> Written {
    let named = [("table:name", name), ("table:style-name", "Sheet")];
    xml.create_element("table:table").with_attributes(named).write_inner_content(|xml| {
        for width in widths {
            empty(xml, "table:table-column", &[("table:style-name", &column_style(*width))])?;
        }
        rows(xml)
    })?;
    Ok(())
}

fn row(xml: &mut Xml, cells: impl FnOnce(&mut Xml) -> Written) -> Written {
    let style = ("table:style-name", "Row");
    xml.create_element("table:table-row").with_attribute(style).write_inner_content(cells)?;
    Ok(())
}

/// What the file is, in column A alone.
fn cover(xml: &mut Xml, report: &Report) -> Written {
    row(xml, |xml| words(xml, "Title", &report.properties.title))?;
    for (head, text) in cover_lines(report) {
        row(xml, |xml| words(xml, "Heading", head))?;
        row(xml, |xml| words(xml, "Text", &text))?;
    }
    row(xml, |xml| words(xml, "Heading", "Contents"))?;
    row(xml, |xml| link(xml, "Contents", "List of the worksheets"))
}

/// Title and lines, then the table, whose headings are marked as such; in the list of worksheets
/// the first cell of each row leads there.
fn table(xml: &mut Xml, plain: &Plain, links: bool) -> Written {
    for (at, line) in plain.lines.iter().enumerate() {
        let look = if at == 0 { "Title" } else { "Line" };
        row(xml, |xml| words(xml, look, &line.replace('\n', " ")))?;
    }
    let numbers: Vec<bool> =
        (0..plain.head.len()).map(|at| cells_of(plain, at).any(is_number)).collect();
    xml.create_element("table:table-header-rows").write_inner_content(|xml| {
        row(xml, |xml| {
            for (heading, numbers) in plain.head.iter().zip(&numbers) {
                words(xml, &look("Column", *numbers), heading)?;
            }
            Ok(())
        })
    })?;
    for cells in &plain.rows {
        row(xml, |xml| {
            for (at, (cell, numbers)) in cells.iter().zip(&numbers).enumerate() {
                match cell {
                    Content::Blank => empty(xml, "table:table-cell", &[])?,
                    Content::Number { value, printed, format } => {
                        number(xml, *value, printed, *format)?
                    }
                    other if links && at == 0 => link(xml, &other.printed(), &other.printed())?,
                    other => words(xml, &look("Text", *numbers), &other.printed())?,
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn marked(xml: &mut Xml, plain: &Plain) -> Written {
    let last = rust_xlsxwriter::utility::column_number_to_name(plain.head.len() as u16 - 1);
    let sheet = quoted(&plain.name);
    let (first, end) = (plain.lines.len() + 1, plain.lines.len() + 1 + plain.rows.len());
    let range = format!("{sheet}.A{first}:{sheet}.{last}{end}");
    empty(
        xml,
        "table:database-range",
        &[
            ("table:name", &table_name(&plain.name)),
            ("table:target-range-address", &range),
            ("table:contains-header", "true"),
        ],
    )
}

/// A sheet's name as addresses have it.
fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

/// A cell of words: a paragraph for each line.
fn words(xml: &mut Xml, look: &str, text: &str) -> Written {
    let kind = [("table:style-name", look), ("office:value-type", "string")];
    xml.create_element("table:table-cell").with_attributes(kind).write_inner_content(|xml| {
        for line in text.split('\n') {
            text_in(xml, "text:p", line)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// A cell that leads to a worksheet.
fn link(xml: &mut Xml, sheet: &str, text: &str) -> Written {
    let kind = [("table:style-name", "Text"), ("office:value-type", "string")];
    let place = format!("#{}.A1", quoted(sheet));
    xml.create_element("table:table-cell").with_attributes(kind).write_inner_content(|xml| {
        xml.create_element("text:p").write_inner_content(|xml| {
            xml.create_element("text:a")
                .with_attributes([("xlink:type", "simple"), ("xlink:href", place.as_str())])
                .write_text_content(BytesText::new(text))?;
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

/// A cell of a number, as it is and as it is printed.
fn number(xml: &mut Xml, value: f64, printed: &str, format: NumberFormat) -> Written {
    let (kind, stored) = match format {
        NumberFormat::Percent(decimals) => ("percentage", fraction(value, decimals)),
        NumberFormat::Plain(_) => ("float", value),
        NumberFormat::Pounds(_) => ("currency", value),
    };
    let style = format!("Cell_{}", number_name(format));
    let stored = stored.to_string();
    let cell = [
        ("table:style-name", style.as_str()),
        ("office:value-type", kind),
        ("office:value", &stored),
    ];
    xml.create_element("table:table-cell")
        .with_attributes(cell)
        .write_inner_content(|xml| text_in(xml, "text:p", printed))?;
    Ok(())
}

fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> Written {
    xml.create_element(name).with_attributes(attributes.iter().copied()).write_empty()?;
    Ok(())
}

fn text_in(xml: &mut Xml, name: &str, text: &str) -> Written {
    xml.create_element(name).write_text_content(BytesText::new(text))?;
    Ok(())
}
