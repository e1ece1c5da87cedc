//! The same return in other forms gives the same figures: saved by LibreOffice, where it is
//! installed.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::make;
use crate::saved::{self, Field};
use crate::support::{folder, rapporteur, root};

fn figures(folder: &Path, input: &str) -> String {
    let run = rapporteur(folder, &["build", input, "-o", "a.xlsx", "--figures", "figures.csv"]);
    assert_eq!(run.code, Some(0), "{input}: {}", run.shown());
    std::fs::read_to_string(folder.join("figures.csv")).expect("the figures were written")
}

/// Saves a file in another form by LibreOffice; whether it is installed.
fn converted(place: &Path, file: &str, form: &str) -> bool {
    let profile = format!("-env:UserInstallation=file://{}/profile", place.display());
    let status = Command::new("soffice")
        .args(["--headless", &profile, "--convert-to", form, file])
        .current_dir(place)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

#[test]
fn other_forms_give_the_same_figures() {
    let folder = folder();
    let place = folder.path();
    std::fs::copy(
        root().join("examples/children-in-care-2026-27-q2.xlsx"),
        place.join("return.xlsx"),
    )
    .expect("copied");
    let expected = figures(place, "return.xlsx");
    assert!(expected.lines().count() > 150, "{expected}");
    for form in ["xls", "ods", "xlsm"] {
        if !converted(place, "return.xlsx", form) {
            eprintln!(
                "skipped other_forms_give_the_same_figures: LibreOffice (soffice) is not installed"
            );
            return;
        }
        assert_eq!(figures(place, &format!("return.{form}")), expected, "{form}");
    }
    // The name says nothing about the form.
    std::fs::rename(place.join("return.ods"), place.join("misnamed.xls")).expect("renamed");
    assert_eq!(figures(place, "misnamed.xls"), expected);
}

/// Workbooks from old Macs count days from 1904; the same number is a day four years later.
#[test]
fn both_date_systems_are_read() {
    let folder = folder();
    let rows = ["Authority|Exampleton", "Period end|d:2026-09-30"];
    let usual = make::workbook(&[("Cover", &rows)]);
    let mac =
        make::replaced(&usual, "xl/workbook.xml", "<workbookPr ", "<workbookPr date1904=\"1\" ");
    for (name, bytes, day) in [("usual.xlsx", usual, "2026-09-30"), ("mac.xlsx", mac, "2030-10-01")]
    {
        std::fs::write(folder.path().join(name), bytes).expect("written");
        let shown = rapporteur(folder.path(), &["show", name, "--cells"]);
        assert!(shown.out.contains(&format!("Cover\tB2\t{day}")), "{}", shown.shown());
    }
}

const LISTS: [(&str, &str); 2] = [
    (
        "header.csv",
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,F,14/07/2011,WBRI,UN1,,\n2,M,#N/A,WBRI,UN1,TRUE,\n",
    ),
    ("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\n1,14/07/2011,01/06/2026,\"PN1\"\n"),
];

/// The lists as they are, packed one by one, and all in one archive, say the same.
#[test]
fn packed_lists_are_read_as_lists() {
    let check = |prepare: &dyn Fn(&Path) -> Vec<&'static str>| {
        let folder = folder();
        let mut arguments = vec!["check", "--json", "--period", "2026/27 Q2"];
        let files = prepare(folder.path());
        arguments.extend(&files);
        let run = rapporteur(folder.path(), &arguments);
        let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        let problems = json["problems"].as_array().expect("problems").clone();
        let told: Vec<String> = problems
            .iter()
            .map(|p| format!("{} {} {}", p["sheet"], p["cells"], p["message"]))
            .collect();
        assert!(told.iter().any(|p| p.contains("header") && p.contains("C3")), "{told:?}");
        (run.code, told)
    };
    let plain = check(&|at| {
        for (name, text) in LISTS {
            std::fs::write(at.join(name), text).expect("written");
        }
        LISTS.map(|(name, _)| name).to_vec()
    });
    let gzip = check(&|at| {
        for (name, text) in LISTS {
            let packed = make::gzip(text.as_bytes());
            std::fs::write(at.join(format!("{name}.gz")), packed).expect("written");
        }
        vec!["header.csv.gz", "reviews.csv.gz"]
    });
    let archive = check(&|at| {
        let mut parts = vec![("__MACOSX/._header.csv".to_string(), b"\0\x05".to_vec())];
        parts.extend(LISTS.map(|(name, text)| (format!("q2/{name}"), text.as_bytes().to_vec())));
        std::fs::write(at.join("portal.zip"), make::package(&parts)).expect("written");
        vec!["portal.zip"]
    });
    assert_eq!(plain, gzip);
    assert_eq!(plain, archive);
}

/// What Excel and LibreOffice leave beside an open workbook is no workbook.
#[test]
fn a_mark_beside_an_open_workbook_is_told() {
    let folder = folder();
    for name in ["~$q2.xlsx", ".~lock.q2.xlsx#"] {
        std::fs::write(folder.path().join(name), "\u{5}A. N. Officer").expect("written");
        let run = rapporteur(folder.path(), &["build", name]);
        assert_eq!(run.code, Some(4), "{}", run.shown());
        assert!(run.err.contains("name the workbook, `q2.xlsx`"), "{}", run.shown());
    }
}

/// A cell can do nothing to a terminal, or to what reads the output line by line.
#[test]
fn show_escapes_what_is_no_letter() {
    let folder = folder();
    let text = "CHILD,NOTE\n1,\"\u{1b}[31mred\u{7}\r\nnext\tend \\n\u{202e}\u{9b}\"\n";
    std::fs::write(folder.path().join("list.csv"), text).expect("written");
    let run = rapporteur(folder.path(), &["show", "--cells", "list.csv"]);
    let line = "list\tB2\t\\u{1b}[31mred\\u{7}\\r\\nnext\\tend \\\\n\\u{202e}\\u{9b}";
    assert_eq!(run.out.lines().last(), Some(line), "{}", run.shown());
}

/// A return with something of every kind, and faults of every kind that all forms can hold.
pub fn of_every_kind() -> Vec<saved::Tab> {
    let text = |text: &str| Field::Text(text.to_string());
    let texts = |row: &str| -> Vec<Field> {
        let field = |f: &str| if f.is_empty() { Field::Blank } else { text(f) };
        row.split('|').map(field).collect()
    };
    let (born, later) = (Field::Day(40_738, "14/07/2011"), Field::Day(46_143, "01/05/2026"));
    let ended = Field::Day(46_203, "30/06/2026");
    let long = "A sentence, 12 of \u{201c}them\u{201d}. ".repeat(2_000);
    let long: String = long.chars().take(32_767).collect();
    let with = |mut row: Vec<Field>, fields: Vec<(usize, Field)>| {
        for (at, field) in fields {
            row[at] = field;
        }
        row
    };
    vec![
        (
            "Cover",
            vec![
                texts("Authority|Test & Ham <council>"),
                vec![text("Period end"), Field::Day(46_295, "30/09/2026")],
                vec![text("Population under 18"), Field::Number(61_234.0)],
            ],
        ),
        (
            "Header",
            vec![
                texts("CHILD|SEX|DOB|ETHNIC|UPN|MOTHER|MC_DOB"),
                with(texts("001|F||WBRI|UN1||"), vec![(2, born.clone()), (5, Field::Flag(false))]),
                with(texts("2|M|13/25/2011|WBRI|UN1||"), vec![(0, Field::Number(2.0))]),
                with(texts("Zo\u{eb} \u{1f600}|F||MWBC|UN1||"), vec![(2, Field::Error("#N/A"))]),
                with(
                    texts("4|M||WBRI|UN1||"),
                    vec![(2, born.clone()), (5, Field::Error("#VALUE!"))],
                ),
                with(texts("5|M||ZZZZ|UN1||"), vec![(2, born), (6, text("45000"))]),
            ],
        ),
        (
            "Episodes",
            vec![
                texts(
                    "CHILD|DECOM|RNE|LS|CIN|PLACE|PLACE_PROVIDER|DEC|REC|REASON_PLACE_CHANGE|HOME_POST|PL_POST|URN",
                ),
                with(texts("001||S|C2|N1|U4|PR1||||AB1 2CD|AB1 2CD|"), vec![(1, later.clone())]),
                vec![],
                with(
                    texts("2||S|C2|N1|U4|PR1||E4A||AB1 2CD|AB1 2CD|"),
                    vec![(0, Field::Number(2.0)), (1, later.clone()), (7, ended)],
                ),
                with(texts("4||S|C2|N1|U4|PR1||||||"), vec![(1, Field::Error("#DIV/0!"))]),
                with(texts("5||S|C2|N1|U4|PR1||||||"), vec![(1, later)]),
            ],
        ),
        (
            "Figures",
            vec![
                texts("Indicator|Title|Unit|Numerator|Denominator|Value|Target|Note"),
                with(
                    texts("school_stab||percentage|||||"),
                    vec![(5, Field::Percent(0.808)), (6, Field::Percent(0.005))],
                ),
                with(
                    texts("homes_good||percentage|||||"),
                    vec![(5, Field::Number(75.5)), (6, Field::Number(0.5))],
                ),
                with(texts("pathway_plan_6m||percentage|||||"), vec![(5, Field::Error("#DIV/0!"))]),
                with(
                    texts("pep_completed||percentage|||||It is 5 < 6 & \"so\""),
                    vec![(5, text("91.4%"))],
                ),
                with(
                    texts("fostering_households||number|||||"),
                    vec![(5, Field::Number(118.0)), (7, Field::Error("#N/A"))],
                ),
                with(texts("rev_pct||percentage|||||"), vec![(5, Field::Flag(true))]),
            ],
        ),
        (
            "Commentary",
            vec![
                texts("Indicator or area|Commentary|Author"),
                texts(
                    "cla_n|Up by 12 \u{2013} \u{00a3}3  more,\nand \"steady\".\n\nA last line.|A",
                ),
                texts(&format!("Placements|{long}|B")),
                with(texts("Health||C"), vec![(1, Field::Error("#VALUE!"))]),
            ],
        ),
    ]
}

/// The files of a return in a form, and what `check` and `build` make of them.
fn made_of(place: &Path, files: &[(String, Vec<u8>)]) -> (Vec<String>, String) {
    for (name, bytes) in files {
        std::fs::write(place.join(name), bytes).expect("written");
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let run = rapporteur(place, &[&["check", "--json", "--show-values"][..], &names].concat());
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let mut told: Vec<String> = Vec::new();
    for problem in json["problems"].as_array().expect("problems") {
        let [severity, sheet, column, cells, message, hint, value] =
            ["severity", "sheet", "column", "cells", "message", "hint", "value"]
                .map(|key| &problem[key]);
        told.push(format!("{severity} {sheet} {column} {cells} {message} {hint} {value}"));
    }
    told.sort();
    let build = [&["build", "-o", "a.xlsx", "--figures", "figures.csv"][..], &names].concat();
    let run = rapporteur(place, &build);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    let figures = std::fs::read_to_string(place.join("figures.csv")).expect("figures");
    let cells = rapporteur(place, &["show", "--cells", "a.xlsx"]).out;
    (told, format!("{figures}\n{cells}"))
}

/// The same data saved as xlsx, xlsm, xlsb, xls, ods and CSV: the same problems in the same cells,
/// the same figures, the same appendix.
#[test]
fn the_same_data_in_every_form() {
    let tabs = of_every_kind();
    let lists = tabs.iter().map(|(name, rows)| (format!("{name}.csv"), saved::csv(rows))).collect();
    let one = |name: &str, bytes: Vec<u8>| vec![(name.to_string(), bytes)];
    let xlsx = saved::xlsx(&tabs);
    let forms: [Vec<(String, Vec<u8>)>; 5] = [
        one("q.xlsm", xlsx.clone()),
        one("q.xlsb", saved::xlsb(&tabs)),
        one("q.xls", saved::xls(&tabs)),
        one("q.ods", saved::ods(&tabs)),
        lists,
    ];
    let expected = made_of(folder().path(), &one("q.xlsx", xlsx));
    assert!(expected.0.len() >= 10, "{:#?}", expected.0);
    for word in ["Excel error", "not a date", "TRUE or FALSE", "fraction"] {
        assert!(expected.0.iter().any(|told| told.contains(word)), "{word}: {:#?}", expected.0);
    }
    for files in forms {
        let (told, figures) = made_of(folder().path(), &files);
        assert_eq!(told, expected.0, "{}", files[0].0);
        assert!(figures == expected.1, "{}: the figures differ", files[0].0);
    }
}

/// LibreOffice finds in these files what was put in, so that they are such as other programs make.
#[test]
fn libreoffice_reads_the_same_from_what_the_test_saves() {
    let (folder, tabs) = (folder(), of_every_kind());
    let place = folder.path();
    // Which error it is LibreOffice works out anew from an .ods.
    let shown = |name: &str| {
        let cells = rapporteur(place, &["show", "--cells", name]).out;
        ["#DIV/0!", "#VALUE!", "#N/A"].iter().fold(cells, |cells, word| cells.replace(word, "#"))
    };
    std::fs::write(place.join("q.xlsx"), saved::xlsx(&tabs)).expect("written");
    let expected = shown("q.xlsx");
    let files =
        [("xlsb", saved::xlsb(&tabs)), ("xls", saved::xls(&tabs)), ("ods", saved::ods(&tabs))];
    for (form, bytes) in files {
        std::fs::write(place.join(format!("from_{form}.{form}")), bytes).expect("written");
        if !converted(place, &format!("from_{form}.{form}"), "xlsx") {
            eprintln!("skipped libreoffice_reads_the_same_from_what_the_test_saves: not installed");
            return;
        }
        let found = shown(&format!("from_{form}.xlsx"));
        for (found, expected) in found.lines().zip(expected.lines()) {
            assert_eq!(found, expected, "{form}");
        }
        assert_eq!(found.lines().count(), expected.lines().count(), "{form}");
    }
}

/// The lists of a return as CSV files.
const SSDA903: [(&str, &str); 9] = [
    (
        "header.csv",
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,F,14/07/2011,WBRI,UN1,0,\nB2,M,02/03/2009,MWBC,UN1,,\nC3,M,05/06/2008,WBRI,UN1,1,01/02/2026\n",
    ),
    (
        "episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\nA1,01/05/2026,S,C2,N1,U4,PR1,,,,AB1 2CD,AB1 2CD,\nB2,01/02/2025,S,C2,N1,U4,PR1,01/06/2026,X1,PLACE,,,\nB2,01/06/2026,P,C2,N1,K2,PR4,,,,,,\nC3,01/02/2024,S,V2,N5,U4,PR1,13/25/2026,E4A,,,,\n",
    ),
    (
        "reviews.csv",
        "CHILD,DOB,REVIEW,REVIEW_CODE\nA1,14/07/2011,01/06/2026,PN1\nA1,14/07/2011,01/08/2026,PN9\nB2,02/03/2009,02/06/2026,PN1\n",
    ),
    ("uasc.csv", "CHILD,SEX,DOB,DUC\nC3,M,05/06/2008,05/06/2026\n"),
    (
        "oc2.csv",
        "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\nB2,02/03/2009,17,,0,,1,1,1,0,,\n",
    ),
    ("oc3.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\nC3,05/06/2008,YES,F1,B1\n"),
    (
        "ad1.csv",
        "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR\nA1,14/07/2011,01/06/2026,02/06/2026,0,2,MF,L11\n",
    ),
    (
        "placed_adoption.csv",
        "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\nA1,14/07/2011,01/06/2026,,\n",
    ),
    (
        "missing.csv",
        "CHILD,DOB,MISSING,MIS_START,MIS_END\nB2,02/03/2009,M,03/06/2026,04/06/2026\nB2,02/03/2009,A,,08/06/2026\n",
    ),
];

/// The same as XML, as case systems write it.
pub const SSDA903_XML: &str = "<?xml version='1.0' encoding='us-ascii'?>\n<EXPSSDA903>
<CHILD><HEADER><CHILDID>A1</CHILDID><UPN>UN1</UPN><SEX>F</SEX><DOB>14/07/2011</DOB><ETHNIC>WBRI</ETHNIC><UASC>0</UASC>
<DATE_INT>01/06/2026</DATE_INT><DATE_MATCH>02/06/2026</DATE_MATCH><FOSTER_CARE>0</FOSTER_CARE><NB_ADOPTR>2</NB_ADOPTR>
<SEX_ADOPTR>MF</SEX_ADOPTR><LS_ADOPTR>L11</LS_ADOPTR>
<AREVIEW><REVIEW>01/06/2026</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
<AREVIEW><REVIEW>01/08/2026</REVIEW><REVIEW_CODE>PN9</REVIEW_CODE></AREVIEW><MOTHER>0</MOTHER><MC_DOB />
<AD_PLACED><DATE_PLACED>01/06/2026</DATE_PLACED></AD_PLACED></HEADER>
<EPISODE><DECOM>01/05/2026</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL><PL_POST>AB1 2CD</PL_POST>
<HOME_POST>AB1 2CD</HOME_POST><URN /><PLACE_PROVIDER>PR1</PLACE_PROVIDER><DEC /><REC /></EPISODE></CHILD>
<CHILD><HEADER><CHILDID>B2</CHILDID><UPN>UN1</UPN><SEX>M</SEX><DOB>02/03/2009</DOB><ETHNIC>MWBC</ETHNIC><UASC />
<AREVIEW><REVIEW>02/06/2026</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
<AMISSING><MISSING>M</MISSING><MIS_START>03/06/2026</MIS_START><MIS_END>04/06/2026</MIS_END></AMISSING>
<AMISSING><MISSING>A</MISSING><MIS_START /><MIS_END>08/06/2026</MIS_END></AMISSING><MOTHER />
<OC2><SDQ_SCORE>17</SDQ_SCORE><CONVICTED>0</CONVICTED><IMMUNISATIONS>1</IMMUNISATIONS><TEETH_CHECK>1</TEETH_CHECK>
<HEALTH_ASSESSMENT>1</HEALTH_ASSESSMENT><SUBSTANCE_MISUSE>0</SUBSTANCE_MISUSE></OC2></HEADER>
<EPISODE><DECOM>01/02/2025</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL><PLACE_PROVIDER>PR1</PLACE_PROVIDER>
<DEC>01/06/2026</DEC><REC>X1</REC><REASON_PLACE_CHANGE>PLACE</REASON_PLACE_CHANGE></EPISODE>
<EPISODE><DECOM>01/06/2026</DECOM><RNE>P</RNE><LS>C2</LS><CIN>N1</CIN><PL>K2</PL><PLACE_PROVIDER>PR4</PLACE_PROVIDER>
</EPISODE></CHILD>
<CHILD><HEADER><CHILDID>C3</CHILDID><UPN>UN1</UPN><SEX>M</SEX><DOB>05/06/2008</DOB><ETHNIC>WBRI</ETHNIC><UASC>1</UASC>
<DUC>05/06/2026</DUC><IN_TOUCH>YES</IN_TOUCH><ACTIV>F1</ACTIV><ACCOM>B1</ACCOM><MOTHER>1</MOTHER>
<MC_DOB>01/02/2026</MC_DOB></HEADER>
<EPISODE><DECOM>01/02/2024</DECOM><RNE>S</RNE><LS>V2</LS><CIN>N5</CIN><PL>U4</PL><PLACE_PROVIDER>PR1</PLACE_PROVIDER>
<DEC>13/25/2026</DEC><REC>E4A</REC></EPISODE></CHILD>
</EXPSSDA903>";

/// The return as XML makes the same lists as the CSV files, packed or not; problems name the child
/// by its place and never by its number.
#[test]
fn a_return_as_xml_makes_the_same_lists() {
    let made = |files: &[(&str, Vec<u8>)]| {
        let folder = folder();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).expect("written");
        }
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        let build = ["build", "--period", "2026/27 Q2", "-o", "a.xlsx", "--figures", "figures.csv"];
        let run = rapporteur(folder.path(), &[&build[..], &names].concat());
        let figures = std::fs::read_to_string(folder.path().join("figures.csv"));
        let count = |line: &&str| line.starts_with("error:") || line.starts_with("warning:");
        let told: Vec<String> = run.err.lines().filter(count).map(str::to_string).collect();
        (figures.expect("figures"), told, run.err)
    };
    let lists = SSDA903.map(|(name, text)| (name, text.as_bytes().to_vec()));
    let (figures, mut expected, _) = made(&lists);
    expected.sort();
    assert!(figures.lines().count() > 40 && expected.len() >= 3, "{expected:?}");
    let utf16: Vec<u8> = SSDA903_XML
        .replace("us-ascii", "utf-16")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let xml = SSDA903_XML.as_bytes().to_vec();
    let packed = make::package(&[("903/return.xml".into(), xml.clone())]);
    for file in [
        ("return.xml", xml.clone()),
        ("return.xml", [b"\xff\xfe".to_vec(), utf16].concat()),
        ("return.xml.gz", make::gzip(&xml)),
        ("return.zip", packed),
    ] {
        let (found, mut told, err) = made(std::slice::from_ref(&file));
        told.sort();
        assert_eq!(told, expected, "{}: {err}", file.0);
        assert_eq!(found, figures, "{}", file.0);
        for place in ["CHILD 3, EPISODE", "CHILD 1, AREVIEW 2", "CHILD 2, AMISSING 2"] {
            assert!(err.contains(&format!("{}  {place}", file.0)), "{place}: {err}");
        }
        assert!(!["A1", "B2", "C3", "2008"].iter().any(|planted| err.contains(planted)), "{err}");
    }
}
