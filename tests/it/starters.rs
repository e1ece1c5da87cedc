//! The projects of `examples/`, which `new` starts from: their returns as workbooks, made here so
//! that they can be renewed (`RAPPORTEUR_RENEW=1 cargo test --test it starters`), and their
//! figures.

use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatBorder, Workbook};

use crate::support::{folder, rapporteur, root};

/// The complaints that `new` starts with.
const COMPLAINTS: [(&str, &str); 4] = [
    (
        "Cover",
        "Authority,Exampleton Council\nCommittee,Corporate Scrutiny Panel\n\
         Period start,01/07/2026\n\
         Period end,30/09/2026\n",
    ),
    (
        "Complaints",
        "REF,RECEIVED,ANSWERED,SERVICE\n\
         C101,12/06/2026,03/07/2026,H\nC102,22/06/2026,08/07/2026,C\nC103,01/07/2026,15/07/2026,S\n\
         C104,03/07/2026,23/07/2026,H\nC105,09/07/2026,06/08/2026,A\nC106,16/07/2026,29/07/2026,S\n\
         C107,20/07/2026,07/08/2026,H\nC108,28/07/2026,05/08/2026,C\nC109,04/08/2026,21/08/2026,H\n\
         C110,11/08/2026,09/09/2026,H\nC111,24/08/2026,11/09/2026,S\nC112,02/09/2026,16/09/2026,A\n\
         C113,07/09/2026,,H\nC114,21/09/2026,29/09/2026,S\nC115,28/09/2026,,C\n",
    ),
    ("Figures", "Indicator,Value,Previous quarter\nreceived_n,,11\non_time_pct,,69.2%\n"),
    (
        "Commentary",
        "Indicator or area,Commentary\n\
         received_n,\"Most are about housing. Since August a complaint about a repair is asked \
         back on the first day.\"\n",
    ),
];

/// A return as officers send it: a sheet for each list, days as days, headings that stand out.
fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 10, 1).expect("a day");
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let line =
        Format::new().set_border(FormatBorder::Thin).set_border_color("BFBFBF").set_text_wrap();
    let line = line.set_align(rust_xlsxwriter::FormatAlign::Top);
    let head = line.clone().set_bold().set_background_color("DDEBF7");
    let (day, percent) =
        (line.clone().set_num_format("dd/mm/yyyy"), line.clone().set_num_format("0.0%"));
    for (name, text) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).expect("a name for a sheet");
        let rows: Vec<csv::StringRecord> = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes())
            .into_records()
            .collect::<Result<_, _>>()
            .expect("rows of one length");
        for (row, cells) in (0..).zip(&rows) {
            for (col, cell) in (0..).zip(cells) {
                let parts: Vec<u16> =
                    cell.split('/').filter_map(|part| part.parse().ok()).collect();
                let labels = if *name == "Cover" { col == 0 } else { row == 0 };
                if labels {
                    sheet.write_with_format(row, col, cell, &head)
                } else if let ([d, m, y], 10) = (parts.as_slice(), cell.len()) {
                    let date = ExcelDateTime::from_ymd(*y, *m as u8, *d as u8).expect("a day");
                    sheet.write_with_format(row, col, &date, &day)
                } else if let Some(number) =
                    cell.strip_suffix('%').and_then(|n| n.parse::<f64>().ok())
                {
                    sheet.write_with_format(row, col, number / 100.0, &percent)
                } else if let Ok(number) = cell.parse::<f64>() {
                    sheet.write_with_format(row, col, number, &line)
                } else if cell.is_empty() {
                    sheet.write_blank(row, col, &line)
                } else {
                    sheet.write_with_format(row, col, cell, &line)
                }
                .expect("a cell can be written");
            }
        }
        for col in 0..rows[0].len() {
            let longest = rows.iter().map(|r| r[col].len()).max().unwrap_or(0);
            sheet.set_column_width(col as u16, (longest + 3).clamp(8, 60) as f64).expect("a width");
        }
        if *name != "Cover" {
            sheet.set_freeze_panes(1, 0).expect("frozen");
        }
    }
    book.save_to_buffer().expect("a workbook can be made")
}

/// The repository's workbook is the one that is made here.
fn is_made(path: &Path, sheets: &[(&str, &str)]) {
    let bytes = workbook(sheets);
    if std::env::var_os("RAPPORTEUR_RENEW").is_some() {
        std::fs::write(path, &bytes).expect("written");
    }
    let text = |bytes: &[u8]| {
        rapporteur::workbook_diff::describe::workbook_text(bytes).expect("a workbook")
    };
    let there = std::fs::read(path).expect("a return");
    assert_eq!(text(&there), text(&bytes), "RAPPORTEUR_RENEW=1 cargo test --test it starters");
}

#[test]
fn the_returns_of_the_examples_are_as_written_here() {
    is_made(&root().join("examples/complaints/q2.xlsx"), &COMPLAINTS);
    let repairs = root().join("examples/housing-repairs");
    let texts: Vec<(&str, String)> = ["Cover", "Homes", "Jobs", "Figures", "Commentary"]
        .into_iter()
        .map(|name| {
            let file = repairs.join("q2").join(format!("{}.csv", name.to_lowercase()));
            (name, std::fs::read_to_string(file).expect("a list"))
        })
        .collect();
    let sheets: Vec<(&str, &str)> =
        texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    is_made(&repairs.join("q2.xlsx"), &sheets);
}

/// Every figure of the repairs was counted by hand, with numerator and denominator; workbook and
/// CSV files give the same.
#[test]
fn repairs_come_out_as_counted_by_hand() {
    let place = folder();
    let project = root().join("examples/housing-repairs");
    let project = project.to_str().expect("a path");
    for input in ["q2.xlsx", "q2"] {
        let input = format!("{project}/{input}");
        let arguments = [
            "build",
            &input,
            "--project",
            project,
            "-o",
            "a.xlsx",
            "--figures",
            "f.csv",
            "--strict",
        ];
        let run = rapporteur(place.path(), &arguments);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        let table = std::fs::read_to_string(place.path().join("f.csv")).expect("figures");
        let mut table = csv::Reader::from_reader(table.as_bytes());
        let heads = table.headers().expect("headings").clone();
        let at = |name: &str| heads.iter().position(|h| h == name).expect("a column");
        let (code, period, above, below, printed) =
            (at("indicator"), at("period"), at("numerator"), at("denominator"), at("printed"));
        let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().expect("rows");
        for (wanted, value, over, under) in [
            ("on_time_pct", "76.5%", "13", "17"),
            ("emergency_pct", "80.0%", "4", "5"),
            ("days_avg", "12.1", "205", "17"),
            ("first_visit_pct", "70.6%", "12", "17"),
            ("satisfied_pct", "78.6%", "11", "14"),
            ("completed_n", "17", "17", ""),
            ("completed_n.emergency", "5", "5", ""),
            ("completed_n.urgent", "5", "5", ""),
            ("completed_n.routine", "7", "7", ""),
            ("open_n", "4", "4", ""),
        ] {
            let row = rows.iter().find(|r| &r[code] == wanted && &r[period] == "2026/27 Q2");
            let row = row.unwrap_or_else(|| panic!("{wanted} from {input}"));
            assert_eq!(
                (&row[printed], &row[above], &row[below]),
                (value, over, under),
                "{wanted} from {input}"
            );
        }
    }
}
