//! What is refused: returns that are damaged, mistyped or something else altogether, and wishes
//! that cannot be met. Each run ends in words, in time and with a documented exit code, and tells
//! nothing about a child.

use std::path::Path;

use crate::make::{self, container, replaced, with_cell, with_part, workbook};
use crate::support::{Run, folder, snapshots, within_ten_seconds};

/// What stands in the returns below and must not be told: ids, dates of birth, mistyped dates,
/// postcodes.
const PLANTED: [&str; 12] = [
    "990017",
    "990018",
    "990019",
    "990020",
    "13/25/2026",
    "14/07/2011",
    "2011-07-14",
    "14 July 2011",
    "14/07/11",
    "ZQ9",
    "9ZZ",
    "Telltale",
];

const COVER: [&str; 6] = [
    "Return | Children in care",
    "Authority | Testham",
    "Reporting year | 2026/27",
    "Quarter | Q1/Q2",
    "Period start | d:2026-04-01",
    "Period end | d:2026-09-30",
];
const HEADER: [&str; 4] = [
    "CHILD | SEX | DOB | ETHNIC | UPN | MOTHER | MC_DOB",
    "990017 | M | d:2011-07-14 | WBRI | UN1",
    "990018 | F | d:2012-02-03 | WBRI | UN1 | n:0",
    "990019 | F | d:2013-05-06 | MWBC | UN1 | n:0",
];
const EPISODES_HEADINGS: &str = "CHILD | DECOM | RNE | LS | CIN | PLACE | PLACE_PROVIDER | DEC | \
                                 REC | REASON_PLACE_CHANGE | HOME_POST | PL_POST | URN";
const EPISODES: [&str; 4] = [
    EPISODES_HEADINGS,
    "990017 | d:2026-05-01 | S | C2 | N1 | U4 | PR1 |  |  |  | ZQ9 9ZZ | ZQ9 9ZZ | SC000001",
    "990018 | d:2025-11-12 | S | C2 | N1 | U4 | PR1 | d:2026-06-30 | E4A |  | ZQ9 9ZZ | ZQ9 9ZZ | \
     SC000001",
    "990019 | d:2024-01-15 | S | V2 | N5 | K2 | PR4 |  |  |  | ZQ9 9ZZ | ZQ9 9ZZ | SC000002",
];
const FIGURES: [&str; 3] = [
    "Indicator | Title | Unit | Numerator | Denominator | Value | Previous out-turn",
    "school_stab | School stability | percentage |  |  | n:80.8 | n:79.1",
    "homes_good | Homes rated good | percentage |  |  | n:75.5 | n:70.2",
];
const COMMENTARY: [&str; 2] = ["Indicator or area | Commentary", "cla_n | Numbers are steady."];

/// Sheets 1 to 5, with which every case begins.
fn tabs() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("Cover", COVER.to_vec()),
        ("Header", HEADER.to_vec()),
        ("Episodes", EPISODES.to_vec()),
        ("Figures", FIGURES.to_vec()),
        ("Commentary", COMMENTARY.to_vec()),
    ]
}

fn made(tabs: &[(&str, Vec<&str>)]) -> Vec<u8> {
    let tabs: Vec<make::Tab> = tabs.iter().map(|(name, rows)| (*name, rows.as_slice())).collect();
    workbook(&tabs)
}

/// A return without a fault.
fn sound() -> Vec<u8> {
    made(&tabs())
}

/// The sound return with other rows on one sheet; without the sheet where there are none.
fn with_sheet(name: &str, rows: &[&'static str]) -> Vec<u8> {
    let mut tabs = tabs();
    tabs.iter_mut().find(|(n, _)| *n == name).expect("a sheet of that name").1 = rows.to_vec();
    tabs.retain(|(_, rows)| !rows.is_empty());
    made(&tabs)
}

/// The sound return with one more sheet.
fn and_sheet(name: &'static str, rows: &[&'static str]) -> Vec<u8> {
    let mut tabs = tabs();
    tabs.push((name, rows.to_vec()));
    made(&tabs)
}

/// The sound return with one more row on the episodes list.
fn with_episode(row: &'static str) -> Vec<u8> {
    with_sheet("Episodes", &[&EPISODES[..], &[row]].concat())
}

/// The sound return with one more row on the header list.
fn with_child(row: &'static str) -> Vec<u8> {
    with_sheet("Header", &[&HEADER[..], &[row]].concat())
}

/// Runs the program on one input in an otherwise empty folder.
fn build(file: &str, bytes: &[u8]) -> Run {
    run_in(&["build", file, "-o", "appendix.xlsx"], |at| {
        std::fs::write(at.join(file), bytes).expect("written")
    })
}

/// Runs the program where `prepare` has put something, and holds it to what every run must keep.
fn run_in(arguments: &[&str], prepare: impl FnOnce(&Path)) -> Run {
    let folder = folder();
    prepare(folder.path());
    within_ten_seconds(folder.path(), arguments)
}

fn holds(name: &str, run: &Run) {
    assert!(matches!(run.code, Some(0..=4)), "{name}: {run:?}");
    for text in [&run.out, &run.err] {
        assert!(!text.contains("panicked"), "{name}: {text}");
        for planted in PLANTED {
            assert!(!text.contains(planted), "{name} tells {planted}: {text}");
        }
    }
    snapshots().bind(|| insta::assert_snapshot!(format!("broken__{name}"), run.shown()));
}

/// A container in which every sector of the stream is made to follow itself: the allocation table
/// stands behind the header.
fn in_circles(mut container: Vec<u8>) -> Vec<u8> {
    for (sector, entry) in (0u32..).zip(container[512..1024].chunks_exact_mut(4)).skip(2) {
        if u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]) < 0xFFFF_FFFA {
            entry.copy_from_slice(&sector.to_le_bytes());
        }
    }
    container
}

/// Files that are no workbook, or no whole one.
#[test]
fn files_that_cannot_be_read() {
    let html =
        "<html><body><table><tr><td>CHILD</td></tr><tr><td>990017</td></tr></table></body></html>";
    let whole = sound();
    let mut damaged = container("/Workbook", &[0; 5000]);
    damaged.truncate(1400);
    let looping = in_circles(container("/Workbook", &[0; 9000]));
    let encrypted = in_circles(container("/EncryptedPackage", &[7; 9000]));
    let flat = "<?xml version=\"1.0\"?><office:document \
                xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"><a>990017</a>\
                </office:document>";
    let archived = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n\
                    --b\r\nContent-Type: text/html\r\n\r\n<td>990017</td>\r\n--b--\r\n";
    let parts = |sheet: &str| {
        ["[Content_Types].xml", sheet].map(|name| (name.into(), b"<a><b c=\"990017\"/></a>".into()))
    };
    let cases: [(&str, &str, Vec<u8>); 18] = [
        ("empty_file", "q2.xlsx", Vec::new()),
        ("pdf", "q2.xlsx", b"%PDF-1.7 990017".to_vec()),
        ("html_named_xls", "q2.xls", html.into()),
        ("web_archive_named_xls", "q2.xls", archived.into()),
        ("rich_text_named_xls", "q2.xls", b"{\\rtf1\\ansi 990017}".to_vec()),
        ("truncated_zip", "q2.xlsx", whole[..whole.len() / 2].to_vec()),
        (
            "zip_without_workbook",
            "q2.xlsx",
            make::package(&[("Telltale.txt".into(), b"990017".to_vec())]),
        ),
        ("zip_with_a_workbook", "q2.zip", make::package(&[("Q2.xlsx".into(), whole.clone())])),
        ("workbook_without_its_part", "q2.xlsx", make::package(&parts("xl/worksheets/sheet1.xml"))),
        ("package_of_another_kind", "q2.xlsx", make::package(&parts("docs/sheet1.xml"))),
        ("encrypted_workbook", "q2.xlsx", container("/EncryptedPackage", &[7; 600])),
        ("encrypted_in_disorder", "q2.xlsx", encrypted),
        ("flat_ods", "q2.ods", flat.into()),
        ("word_file", "q2.xls", container("/WordDocument", b"990017")),
        ("damaged_container", "q2.xls", damaged),
        ("looping_sectors", "q2.xls", looping),
        ("csv_with_nul", "header.csv", b"CHILD,SEX,DOB\n990017,M\0,14/07/2011\n".to_vec()),
        ("csv_not_a_list", "notes.csv", b"These are notes\nabout 990017 of ZQ9 9ZZ\n".to_vec()),
    ];
    for (name, file, bytes) in cases {
        holds(name, &build(file, &bytes));
    }
    holds("not_there", &run_in(&["build", "q2.xlsx"], |_| {}));
    holds(
        "folder_without_lists",
        &run_in(&["check", "lists"], |at| std::fs::create_dir(at.join("lists")).unwrap()),
    );
    holds(
        "folder_shown",
        &run_in(&["show", "lists"], |at| std::fs::create_dir(at.join("lists")).unwrap()),
    );
}

/// A quotation mark that is never closed swallows every row behind it.
#[test]
fn a_quotation_mark_that_is_never_closed() {
    let rows = "990018,F,03/02/2012\n".repeat(3000);
    let text = format!("CHILD,SEX,DOB,ETHNIC\n990017,\"M,14/07/2011\n{rows}");
    holds("csv_unclosed_quote", &build("header.csv", text.as_bytes()));
}

/// Packages whose damage would read as good data, or would ask for more memory than there is.
#[test]
fn damaged_packages() {
    let whole = sound();
    let sheet = "xl/worksheets/sheet3.xml";
    let strings = "xl/sharedStrings.xml";
    let utf16 = |content: Vec<u8>| -> Vec<u8> {
        let text = String::from_utf8(content).expect("parts are text");
        [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()
    };
    let unique = |content: Vec<u8>| -> Vec<u8> {
        let text = String::from_utf8(content).expect("parts are text");
        let from = text.find("uniqueCount=\"").expect("a count") + 13;
        let to = from + text[from..].find('"').expect("its end");
        format!("{}4294967295{}", &text[..from], &text[to..]).into_bytes()
    };
    let long = format!("Telltale{}", "x".repeat(33_000));
    let mut many = make::parts(&whole);
    many.extend((0..2_001).map(|n| (format!("xl/media/{n}.png"), Vec::new())));
    let mut bomb = make::parts(&whole);
    let styles = bomb.iter_mut().find(|(name, _)| name == "xl/styles.xml").expect("a part");
    styles.1.extend(vec![b' '; 512 << 20]);
    let row_four =
        |row: &str| replaced(&whole, sheet, "<row r=\"4\"", &format!("<row r=\"{row}\""));
    let third_child = |cell: &str| with_cell(&whole, 3, "A4", cell);
    let text = |at: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>990020</t></is></c>");
    let cases: [(&str, Vec<u8>); 19] = [
        ("wrong_checksum", wrong_checksum(&whole)),
        (
            "document_type",
            replaced(
                &whole,
                sheet,
                "<worksheet",
                "<!DOCTYPE w [<!ENTITY a \"Telltale\">]><worksheet",
            ),
        ),
        ("part_in_utf16", with_part(&whole, sheet, utf16)),
        ("lying_text_count", with_part(&whole, strings, unique)),
        ("text_index_not_a_number", third_child("<c r=\"A4\" t=\"s\"><v>abc</v></c>")),
        ("text_index_below_zero", third_child("<c r=\"A4\" t=\"s\"><v>-1</v></c>")),
        ("text_index_beyond_the_end", third_child("<c r=\"A4\" t=\"s\"><v>99999</v></c>")),
        ("row_beyond_32_bits", row_four("4294967297")),
        ("row_zero", row_four("0")),
        ("column_beyond_the_sheet", third_child(&text("ZZZZ9"))),
        ("cell_in_row_zero", third_child(&text("A0"))),
        ("cell_twice", third_child(&text("A4").repeat(2))),
        (
            "rows_out_of_order",
            with_cell(
                &replaced(&whole, sheet, "<row r=\"4\"", "<row r=\"2\""),
                3,
                "A4",
                &text("A2"),
            ),
        ),
        (
            "cells_in_both_corners",
            replaced(
                &whole,
                sheet,
                "</sheetData>",
                "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>",
            ),
        ),
        ("sheet_without_end", replaced(&whole, sheet, "</sheetData>", "")),
        ("too_many_parts", make::package(&many)),
        ("part_too_large", make::package(&bomb)),
        ("text_too_long", replaced(&whole, strings, "Numbers are steady.", &long)),
        ("number_not_finite", with_cell(&whole, 4, "F2", "<c r=\"F2\"><v>NaN</v></c>")),
    ];
    for (name, bytes) in cases {
        holds(name, &build("q2.xlsx", &bytes));
    }
}

/// The package with one wrong checksum, in the local header and in the table of contents.
fn wrong_checksum(package: &[u8]) -> Vec<u8> {
    let mut bytes = package.to_vec();
    let name = b"xl/worksheets/sheet3.xml";
    // In a local header the name stands 30 bytes behind its start, in the table of contents 46.
    for (mark, to_crc, to_name) in [(b"PK\x03\x04", 14, 30), (b"PK\x01\x02", 16, 46)] {
        let start = (0..bytes.len() - to_name - name.len())
            .find(|&at| bytes[at..].starts_with(mark) && bytes[at + to_name..].starts_with(name))
            .expect("the part is in the package");
        for byte in &mut bytes[start + to_crc..start + to_crc + 4] {
            *byte ^= 0x5a;
        }
    }
    bytes
}

/// Cells and rows that cannot be used as they stand.
#[test]
fn cells_that_cannot_be_used() {
    let whole = sound();
    let cell = |xml: &str| with_cell(&whole, 3, "B4", xml);
    let both = |rows: &[&'static str]| [&EPISODES[..], rows].concat();
    let cases: [(&str, Vec<u8>); 22] = [
        ("formula_without_value", cell("<c r=\"B4\"><f>TODAY()-900</f></c>")),
        ("text_not_there", cell("<c r=\"B4\" t=\"s\"/>")),
        ("error_value", cell("<c r=\"B4\" t=\"e\"><v>#N/A</v></c>")),
        ("error_value_unknown", cell("<c r=\"B4\" t=\"e\"><v>#SPILL!</v></c>")),
        ("serial_zero", cell("<c r=\"B4\" s=\"1\"><v>0</v></c>")),
        ("serial_sixty", cell("<c r=\"B4\" s=\"1\"><v>60</v></c>")),
        (
            "month_twenty_five",
            with_episode(
                "990020 | 13/25/2026 | S | C2 | N1 | U4 | PR1 |  |  |  | ZQ9 9ZZ | ZQ9 9ZZ",
            ),
        ),
        ("year_of_two_digits", with_child("990020 | M | 14/07/11 | WBRI | UN1")),
        ("number_that_is_none", with_episode("990020 | NaN | S | C2 | N1 | U4 | PR1")),
        ("codes_unknown", with_episode("990020 | d:2026-05-01 | Telltale | C9 | N1 | Q1 | PR1")),
        (
            "code_out_of_use",
            with_episode(
                "990020 | d:2016-05-01 | S | C2 | N1 | U4 | PR1 | d:2017-05-01 | E43 |  | ZQ9 9ZZ",
            ),
        ),
        (
            "key_missing",
            with_episode(" | d:2026-05-01 | S | C2 | N1 | U4 | PR1 |  |  |  | ZQ9 9ZZ"),
        ),
        ("key_of_error", with_cell(&whole, 3, "A4", "<c r=\"A4\" t=\"e\"><v>#REF!</v></c>")),
        (
            "key_of_invisible_marks",
            with_episode("\u{200b} | d:2026-05-01 | S | C2 | N1 | U4 | PR1"),
        ),
        ("child_twice", with_child("990017 | M | d:2011-07-14 | WBRI | UN1")),
        ("child_on_no_header", with_episode("990020 | d:2026-05-01 | S | C2 | N1 | U4 | PR1")),
        (
            "ends_before_it_starts",
            with_episode("990019 | d:2026-05-01 | S | C2 | N1 | U4 | PR1 | d:2026-04-02 | X1"),
        ),
        ("total_row", with_sheet("Episodes", &both(&["Total | n:3"]))),
        ("list_twice", and_sheet("Episodes (2)", &EPISODES)),
        ("hidden_list", and_sheet("Old episodes (hidden)", &EPISODES)),
        (
            "required_column_missing",
            with_sheet(
                "Header",
                &["CHILD | SEX | ETHNIC | UPN | MOTHER | MC_DOB", "990017 | M | WBRI | UN1"],
            ),
        ),
        (
            "sheet_of_too_few_columns",
            with_sheet("Header", &["CHILD | SEX | ETHNIC", "990017 | M | WBRI"]),
        ),
    ];
    for (name, bytes) in cases {
        let run = run_in(&["check", "q2.xlsx"], |at| {
            std::fs::write(at.join("q2.xlsx"), bytes).expect("written")
        });
        holds(name, &run);
    }
}

/// What managers type.
#[test]
fn management_sheets_that_cannot_be_used() {
    let figures = |row: &'static str| with_sheet("Figures", &[&FIGURES[..], &[row]].concat());
    let commentary =
        |row: &'static str| with_sheet("Commentary", &[&COMMENTARY[..], &[row]].concat());
    let cover = |rows: &[&'static str]| with_sheet("Cover", &[&COVER[..4], rows].concat());
    let cases: [(&str, Vec<u8>); 9] = [
        ("no_cover", with_sheet("Cover", &[])),
        ("no_period", with_sheet("Cover", &COVER[..2])),
        (
            "period_starts_after_its_end",
            cover(&["Period start | d:2026-10-01", "Period end | d:2026-09-30"]),
        ),
        ("period_end_of_no_date", cover(&["Period end | 31/09/2026"])),
        (
            "fraction_among_percentages",
            figures("board_pct | Boards held | percentage |  |  | n:60 | n:0.5"),
        ),
        ("percentage_over_100", figures("board_pct | Boards held | percentage |  |  | n:180.5")),
        ("figure_without_code", figures(" | Boards held | percentage |  |  | n:50")),
        ("commentary_without_subject", commentary(" | Child 990017 has moved.")),
        ("commentary_for_a_misspelt_code", commentary("cla_nn | Child 990017 has moved.")),
    ];
    for (name, bytes) in cases {
        holds(name, &build("q2.xlsx", &bytes));
    }
}

/// Wishes that cannot be met.
#[test]
fn wishes_that_cannot_be_met() {
    let whole = sound();
    let cases: [(&str, &[&str], &str); 13] = [
        ("output_over_the_return", &["-o", "q2.xlsx"], ""),
        ("two_outputs_of_one_name", &["-o", "a.xlsx", "--figures", "a.xlsx"], ""),
        ("output_into_no_folder", &["-o", "no/such/folder/a.xlsx"], ""),
        ("output_inside_a_file", &["-o", "q2.xlsx/a.xlsx"], ""),
        ("output_is_a_folder", &["-o", "."], ""),
        ("period_not_understood", &["--period", "2026 Q7"], ""),
        ("template_unknown", &["--template", "bord"], ""),
        ("rule_unknown", &["--disclosure", "dfee"], ""),
        ("project_not_there", &["--project", "elsewhere"], ""),
        ("setting_misspelt", &[], "disclosur = \"none\"\n"),
        ("settings_not_toml", &[], "layout = \"board\nyear_starts = April\n"),
        ("policy_of_settings_unknown", &[], "status = \"bnad\"\n"),
        ("year_of_no_month", &[], "year_starts = \"Brumaire\"\n"),
    ];
    for (name, wishes, settings) in cases {
        let arguments = [&["build", "q2.xlsx"], wishes].concat();
        let run = run_in(&arguments, |at| {
            std::fs::write(at.join("q2.xlsx"), &whole).expect("written");
            if !settings.is_empty() {
                std::fs::write(at.join("rapporteur.toml"), settings).expect("written");
            }
        });
        assert_ne!(run.code, Some(0), "{name}");
        holds(name, &run);
    }
}

/// Targets that a share is to be taken of: nothing is no target, and a red figure calls for words.
#[test]
fn targets_that_call_for_something() {
    const TARGETS: [&str; 3] = [
        "Indicator | Title | Unit | Value | Same quarter last year | Target",
        "pep_completed | Plans completed | percentage | n:80.8 | n:82.1 | n:95",
        "homes_good | Homes rated good | percentage | n:75.5 | n:70.2 | n:0",
    ];
    let bytes = with_sheet("Figures", &TARGETS);
    let run = run_in(&["build", "q2.xlsx"], |at| {
        std::fs::write(at.join("q2.xlsx"), bytes).expect("written");
        std::fs::write(at.join("rapporteur.toml"), "status = \"relative\"\n").expect("written");
    });
    holds("targets_of_which_a_share_is_taken", &run);
}

/// The same cells are told to whoever asks for them, and to nobody else.
#[test]
fn values_are_told_only_where_they_are_asked_for() {
    let bytes = with_episode("990020 | 13/25/2026 | Telltale | C2 | N1 | U4 | PR1");
    let write = |at: &Path| std::fs::write(at.join("q2.xlsx"), &bytes).expect("written");
    let asked = run_in(&["check", "q2.xlsx", "--show-values"], write);
    assert!(asked.err.contains("13/25/2026") && asked.err.contains("Telltale"), "{asked:?}");
    holds("not_asked_for_values", &run_in(&["check", "q2.xlsx"], write));
    holds("not_asked_for_values_json", &run_in(&["check", "q2.xlsx", "--json"], write));
}

/// A sound return leaves nothing to complain of, so that the cases above are about their one fault.
#[test]
fn a_sound_return_is_built() {
    let run = build("q2.xlsx", &sound());
    snapshots().bind(|| insta::assert_snapshot!("broken__nothing", run.shown()));
}
