//! What is told of two workbooks, on workbooks small enough to read.

use super::*;
use crate::workbook_diff::book;

const STYLES: &str = "styles used\ndefault: Calibri 11\ns1 bold, fill D9E2F3, border thin \
                      bottom\ns2 border thin bottom\n";

/// A sheet's cells and other lines, as the text form tells them.
fn sheet(lines: &str) -> String {
    let lines: Vec<&str> = lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    format!("== sheet \"Report\" landscape A4\n{}\n{STYLES}", lines.join("\n"))
}

/// What lies between two workbooks, each as the text form tells it.
fn between(before: &str, after: &str) -> Result<Changes, String> {
    let after = Book::read(after).map_err(|why| Side::After.unreadable(&why))?;
    Changes::since(before, &after)
}

/// Each change in a line: `figures: D6 value: 1 → 2`.
fn told(before: &str, after: &str) -> Vec<String> {
    let changes = between(before, after).expect("texts of workbooks");
    changes.changes.iter().map(in_a_line).collect()
}

fn in_a_line(change: &Change) -> String {
    let [was, is] = [&change.before, &change.after].map(|side| side.as_deref().unwrap_or("-"));
    format!("{}: {} {}: {was} → {is}", change.verdict.word(), change.place, change.what)
}

const TABLE: &str = r#"
    rows 1=30 2=20 4=45
    merges A1:C1
    page breaks: after rows 4
    conditional format C3:C6 cellIs lessThan $B3 -> fill FF0000
    chart E3:H9 column clustered title "Rates" legend right series(name='Report'!$A$3 values='Report'!$C$3:$C$6) alt "Four rates"
    A1 [s1] "Children in care"
    A2 [s1] "Indicator"
    B2 [s1] "Then"
    C2 [s1] "Now"
    A3 [s2] "In care"
    B3 [s2 #,##0] 400
    C3 [s2 #,##0] 413
    A4 [s2] "Dentist"
    B4 [s2 0.0%] 0.71
    C4 [s2 0.0%] 0.808
    A5 [s2] "Health"
    B5 [s2 0.0%] 0.9
    C5 [s2 0.0%] =B5*2 -> 1.8
    A6 [s2] "Visits"
    B6 [s2] "12 (4.1)"
    C6 [s2] "No change"
"#;

#[test]
fn the_same_is_the_same() {
    assert_eq!(told(&sheet(TABLE), &sheet(TABLE)), [""; 0]);
}

#[test]
fn a_number_a_word_and_a_border_have_three_verdicts() {
    let after = TABLE
        .replace("0.808", "0.793")
        .replace("\"Dentist\"", "\"Teeth\"")
        .replace("A6 [s2]", "A6")
        .replace("12 (4.1)", "13 (4.1)");
    assert_eq!(
        told(&sheet(TABLE), &sheet(&after)),
        [
            "figures: C4 value: 80.8% → 79.3%",
            "figures: B6 value: 12 (4.1) → 13 (4.1)",
            "wording: A4 text: Dentist → Teeth",
            "formatting: A6 bottom border: thin → none",
        ]
    );
    let changes = between(&sheet(TABLE), &sheet(&after)).expect("texts");
    assert_eq!(changes.verdict(), Some(Verdict::Figures));
    assert_eq!(changes.clone().only(&[Verdict::Wording]).verdict(), Some(Verdict::Wording));
    assert_eq!(
        changes.sentence(),
        "4 differences: 2 in figures, 1 in wording, 1 in formatting only."
    );
}

/// What else is said of a sheet may stand in any order: a thing is known by its place first, then
/// by what it says.
#[test]
fn links_are_known_again_by_place_and_then_by_what_they_say() {
    let before = "link A1 \"one\"\nlink A2 \"two\"\nlink A3 \"three\"\nA1 1\nA2 2\nA3 3\nA9 9";
    let turned = "link A3 \"three\"\nlink A1 \"one\"\nlink A2 \"two\"\nA1 1\nA2 2\nA3 3\nA9 9";
    assert_eq!(told(&sheet(before), &sheet(turned)), [""; 0]);
    let after = turned.replace("A1 \"one\"", "A9 \"two\"").replace("A2 \"two\"", "A2 \"2\"");
    assert_eq!(
        told(&sheet(before), &sheet(&after)),
        [
            "wording: A2 link: two → 2",
            "wording: A9 link: one → two",
            "formatting: A9 link: place: A1 → A9"
        ]
    );
}

#[test]
fn a_row_put_in_is_one_change() {
    let after = r#"
        rows 1=30 2=20 5=45
        merges A1:C1 A3:C3
        page breaks: after rows 5
        conditional format C3:C7 cellIs lessThan $B3 -> fill FF0000
        chart E4:H10 column clustered title "Rates" legend right series(name='Report'!$A$4 values='Report'!$C$4:$C$7) alt "Four rates"
        A1 [s1] "Children in care"
        A2 [s1] "Indicator"
        B2 [s1] "Then"
        C2 [s1] "Now"
        A3 [s2] "A new one"
        B3 [s2] 7
        A4 [s2] "In care"
        B4 [s2 #,##0] 400
        C4 [s2 #,##0] 413
        A5 [s2] "Dentist"
        B5 [s2 0.0%] 0.71
        C5 [s2 0.0%] 0.808
        A6 [s2] "Health"
        B6 [s2 0.0%] 0.9
        C6 [s2 0.0%] =B6*2 -> 1.8
        A7 [s2] "Visits"
        B7 [s2] "12 (4.1)"
        C7 [s2] "No change"
    "#;
    // The rule was drawn out to the new row, which goes with the row; its formula is of the row
    // below now.
    let after = after.replace("lessThan $B3", "lessThan $B4");
    assert_eq!(
        told(&sheet(TABLE), &sheet(&after)),
        ["figures: row 3 row added: - → A new one | 7"]
    );
    assert_eq!(
        told(&sheet(&after), &sheet(TABLE)),
        ["figures: row 3 row removed: A new one | 7 → -"]
    );
}

/// A cell's line, where a column was put in before column B.
fn moved_right(line: &str) -> String {
    match line.split_at(1) {
        ("B", rest) => format!("C{rest}"),
        ("C", rest) => format!("D{}", rest.replace("=B5", "=C5")),
        _ => line.to_owned(),
    }
}

#[test]
fn a_column_put_in_is_one_change() {
    let cells = TABLE.lines().map(str::trim).filter(|line| line.starts_with(['A', 'B', 'C']));
    let cells: Vec<&str> = cells.collect();
    let before = sheet(&cells.join("\n"));
    let moved: Vec<String> = cells.iter().map(|line| moved_right(line)).collect();
    let with =
        |cell: &str, after: &str, text: &str| text.replace(after, &format!("{after}\n{cell}"));
    let after = with("B2 [s1] \"Code\"", "A2 [s1] \"Indicator\"", &moved.join("\n"));
    let after = with("B4 [s2] \"ha_pct\"", "A4 [s2] \"Dentist\"", &after);
    assert_eq!(
        told(&before, &sheet(&after)),
        ["wording: column B column added: - → Code | ha_pct"]
    );
}

#[test]
fn a_row_that_stands_elsewhere_has_moved() {
    let before = "A1 \"One\"\nB1 1\nA2 \"Two\"\nB2 2\nA3 \"Three\"\nB3 3\nA4 \"Four\"\nB4 4";
    let after = "A1 \"Four\"\nB1 5\nA2 \"One\"\nB2 1\nA3 \"Two\"\nB3 2\nA4 \"Three\"\nB4 3";
    assert_eq!(
        told(&sheet(before), &sheet(after)),
        ["figures: B1 value: 4 → 5", "formatting: row 1 row moved: row 4 → row 1"]
    );
}

#[test]
fn a_new_quarter_is_the_same_rows_with_other_figures() {
    let after = TABLE
        .replace("400", "413")
        .replace(" 413", " 420")
        .replace("0.71", "0.75")
        .replace("0.9", "0.91");
    let told = told(&sheet(TABLE), &sheet(&after));
    assert!(
        told.iter().all(|line| line.starts_with("figures: ") && line.contains(" value: ")),
        "{told:?}"
    );
    assert_eq!(told.len(), 4, "{told:?}");
}

#[test]
fn how_styles_are_numbered_is_nobody_s_change() {
    let turned = sheet(TABLE).replace("[s1", "[sX").replace("[s2", "[s1").replace("[sX", "[s2");
    let turned =
        turned.replace("\ns1 ", "\nsX ").replace("\ns2 ", "\ns1 ").replace("\nsX ", "\ns2 ");
    assert!(turned.contains("\ns2 bold"));
    assert_eq!(told(&sheet(TABLE), &turned), [""; 0]);
}

#[test]
fn what_looks_alike_is_told_together() {
    let after = TABLE.replace("[s2", "[s1");
    assert_eq!(
        told(&sheet(TABLE), &sheet(&after)),
        ["formatting: A3:C6 bold: no → yes", "formatting: A3:C6 fill: none → D9E2F3"]
    );
    let default = sheet(TABLE).replace("Calibri 11", "Arial 12");
    assert_eq!(
        told(&sheet(TABLE), &default),
        [
            "formatting: default style of cells font: Calibri → Arial",
            "formatting: default style of cells font size: 11 → 12"
        ]
    );
}

#[test]
fn charts_are_told_aspect_by_aspect() {
    let after = TABLE.replace("title \"Rates\" legend right", "title \"All rates\" legend bottom");
    let after = after
        .replace("values='Report'!$C$3:$C$6", "values='Report'!$C$3:$C$5")
        .replace("E3:H9", "E3:J9");
    assert_eq!(
        told(&sheet(TABLE), &sheet(&after)),
        [
            "figures: E3:J9 chart: series 1: name='Report'!$A$3 values='Report'!$C$3:$C$6 → \
             name='Report'!$A$3 values='Report'!$C$3:$C$5",
            "wording: E3:J9 chart: title: Rates → All rates",
            "formatting: E3:J9 chart: place: E3:H9 → E3:J9",
            "formatting: E3:J9 chart: legend: right → bottom",
        ]
    );
}

#[test]
fn the_sheet_and_the_workbook_have_their_say() {
    let before = format!(
        "properties: title=\"Report\" created=2026-01-01T00:00:00Z \
         modified=2026-01-02T00:00:00Z\n{}",
        sheet(TABLE)
    );
    let after = before
        .replace("title=\"Report\"", "title=\"Appendix\"")
        .replace("2026-01-02", "2026-05-05")
        .replace(
            "landscape A4",
            "A4 titles 1:2 margins L0.5 R0.5 T0.75 B0.75 H0.3 F0.3 tab FF0000 freeze A3 selection \
             B7",
        )
        .replace("\nrows ", "\nheader: &L&12Board\nrows ");
    assert_eq!(
        told(&before, &after),
        [
            "wording: properties title: Report → Appendix",
            "wording: sheet header: - → &L&12Board",
            "formatting: sheet orientation: landscape → portrait",
            "formatting: sheet print titles: - → 1:2",
            "formatting: sheet margins: as usual → L0.5 R0.5 T0.75 B0.75 H0.3 F0.3",
            "formatting: sheet tab colour: - → FF0000",
            "formatting: sheet frozen panes: - → 1:2",
        ]
    );
    let larger = after.replace("&12", "&14");
    assert_eq!(told(&after, &larger), ["formatting: sheet header: &L&12Board → &L&14Board"]);
}

#[test]
fn sheets_are_known_again_by_name_or_by_what_they_say() {
    let other = "== sheet \"Notes\"\nA1 \"What it means\"\n";
    let two = format!("== sheet \"Report\"\nA1 \"Children in care\"\nB1 413\n{other}{STYLES}");
    let renamed = two.replace("sheet \"Report\"", "sheet \"Board\"");
    assert_eq!(told(&two, &renamed), ["wording: sheet sheet's name: Report → Board"]);
    let gone = two.replace(other, "");
    assert_eq!(told(&two, &gone), ["wording: sheet 2 sheet removed: 1 filled cells → -"]);
    let turned = format!("{other}== sheet \"Report\"\nA1 \"Children in care\"\nB1 413\n{STYLES}");
    assert_eq!(
        told(&two, &turned),
        ["formatting: workbook order of sheets: Report, Notes → Notes, Report"]
    );
}

#[test]
fn every_kind_of_cell_comes_back_from_the_text() {
    let cells = r#"
        A1 "a \"b\" \\ c\nd\u{a0}e"
        A2 rich "**bold** and {colour FF0000: red} 2 \* 3"
        A3 [s1 [$-809]d mmm "of" yyyy\]] 46295 (2026-09-30)
        A4 [0.0 "]" [Red]] 1.5
        A5 #N/A
        A6 =A1&" -> "&A2 -> "x -> y"
        A7 TRUE
        A8:C8 [s2] blank
        A9 =SUM(B1:B4)
    "#;
    let after = cells
        .replace("c\\nd", "c\\nf")
        .replace("**bold**", "bold")
        .replace("2026-09-30", "2026-10-01")
        .replace("46295", "46296")
        .replace("1.5", "1.25")
        .replace("#N/A", "#REF!")
        .replace("x -> y", "x -> z")
        .replace("TRUE", "FALSE")
        .replace("A8:C8 [s2]", "A8:C8 [s1]")
        .replace("B1:B4", "B1:B5");
    let told = told(&sheet(cells), &sheet(&after));
    let mut places: Vec<&str> =
        told.iter().map(|line| line.split(' ').nth(1).unwrap_or_default()).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places, ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8:C8", "A9"], "{told:#?}");
    assert_eq!(told[0], "figures: A3 value: 2026-09-30 → 2026-10-01");
    assert_eq!(told[1], "figures: A4 value: 1.5 → 1.25");
}

/// What is read is printed as it stood: every kind of line, cell, formula and style.
#[test]
fn every_line_of_the_text_is_read_and_printed() {
    let text = r#"properties: title="A \"report\"" created=2026-01-01T00:00:00Z custom "Year"="2026"
opens on sheet "Two"
dates count from 1904
workbook structure locked
name rate on sheet "One" hidden = 'One'!$A$1
== sheet "One" [very hidden] [chartsheet] landscape A3 fit 1x0 titles A:B,1:2 area A1:C9 margins L0.5 R0.5 T0.75 B0.75 H0.3 F0.3 centred-horizontally over-then-down first-page 3 tab theme:4 tint 0.4 protected gridlines off zoom 80 freeze C3 scrolled to D9 selection B7,B9
header: &L&"Arial,Bold"&12Derby
first footer: Page &P
cols default=9.14 A=40 B:C=hidden,level 1,collapsed[s1 0.0%]
rows default=12.75,hidden 1=30 4:6=18[s2]
merges A1:C1 A3:C3
page breaks: after rows 4 9, after columns C
autofilter A2:C9 filterColumn colId=1 (filters (filter val=x))
table Rates A2:C9 columns "A" "B"(=A1*2)(total "all") style TableStyleLight1 first-column
conditional format C3:C6 cellIs lessThan $B3 -> fill FF0000
validation B3:B9 list "Yes,No" prompt "Pick" "one" no-blank
ignored error A1:C9: numberStoredAsText
sparkline D3 line One!A3:C3
link A1 "https://example.org/#a" tip "there"
note B2 by "A. Clerk" rich "**Mind** this"
chart E3:H9 column clustered title "Rates (all)" x-axis "Year" y-axis "Rate" min 0 max 1 no-legend blanks gap series(name='One'!$A$3 values=('One'!$C$3,'One'!$C$5) labels) series(values="1, 2") alt-title "Rates" alt "Four rates"
image A20 1234abcd alt "A crest" decorative
shape B20:C22 rect "Draft\nonly"
connector D20
A1 [s3] "a \"b\" \\ c\nd\u{a0}e"
A2 [s1] rich "**bold** and {colour FF0000: red} 2 \* 3\u\{a0\}"
A3 [s2 [$-809]d mmm "of" yyyy] 46295 (2026-09-30)
A4 [0.0 "]" [Red]] 1.5
A5 #N/A
A6 =A1&" -> "&A2 -> "x -> y"
B6 {=SUM(A1:A2)} over B6:B7 -> 3
C6 =A1 (shared formula 0 over C6:C9) -> TRUE
C7 =(shared formula 0) -> 1e-7
D6 data table over D6:D9
A8:C8 [s4] blank
== sheet "Two"
styles used
default: Calibri 11, align middle
s1 Arial 16 bold underline-double, fill D9E2F3, colour FF0000, align centre top wrap indent 2
s2 not-italic, no fill
s3 border thin theme:1 all, border medium diagonal-up, unlocked formula-hidden
s4 colour auto, align general
"#;
    // A default in italics with a fill and a colour, so that all of it can be taken away.
    let text = text.replace("Calibri 11,", "Calibri 11 italic, fill EEEEEE, colour 0000FF,");
    let book = Book::read(&text).expect("a workbook's text");
    let told = book.text();
    for (line, was) in told.lines().zip(text.lines()) {
        assert_eq!(line, was);
    }
    assert_eq!(told, text);
    assert_eq!(Book::read(&told).expect("the same"), book);
    let book::Value::Text(says, _) = &book.sheets[0].cells[1].1.each.value else {
        panic!("a text")
    };
    assert_eq!(says, "bold and red 2 * 3\u{a0}");
}

/// Snapshots are files, and files get damaged: whatever stands there is compared or refused.
#[test]
fn no_text_makes_it_stumble() {
    let whole = format!(
        "properties: title=\"Ä\" custom \"é\"=\"–\"\nname N = 'Rép–ort'!$A$1:$B$2\n{}",
        sheet(&format!(
            "{TABLE}\nheader: &L&\"Arial,Bold\"&K00–ü&12–\nA7 rich \"**ü** {{colour FF0000: \
             –}}\"\nB7 20–1 \u{2013}"
        ))
    );
    let letters: Vec<char> = whole.chars().collect();
    let mut compared = 0;
    for at in (0..letters.len()).step_by(3) {
        for put in ["", "–", "\"", "1048577"] {
            let text: String = letters[..at]
                .iter()
                .chain(&put.chars().collect::<Vec<_>>())
                .chain(&letters[at + 1..])
                .collect();
            if let Ok(changes) = between(&whole, &text) {
                compared += usize::from(
                    !changes.text().is_empty()
                        && !changes.body_html("a", "b").into_string().is_empty(),
                );
            }
        }
    }
    assert!(compared > 200, "only {compared} texts were compared");
}

#[test]
fn a_damaged_text_is_refused_with_its_line() {
    let error =
        between(&sheet(TABLE), "== sheet \"A\"\n<<<<<<< ours\nstyles used\n").expect_err("refused");
    assert_eq!(error, "the newer text cannot be read: line 2 is not part of a workbook's text");
    assert!(between("== sheet \"A\"\nA1 5\n", &sheet(TABLE)).is_err());
}

#[test]
fn dates_are_words_and_figures_in_words_are_figures() {
    for (old, new, is) in [
        ("30 September 2026", "31 March 2027", Verdict::Wording),
        ("Out-turn 25/26", "Out-turn 26/27", Verdict::Figures),
        (
            "By 30 September 2026, 413 were in care",
            "By 31 March 2027, 420 were in care",
            Verdict::Figures,
        ),
        (
            "By 30 September 2026, 413 were in care",
            "By 31 March 2027, 413 were in our care",
            Verdict::Wording,
        ),
        ("−7 (1.1%)", "+7 (1.1%)", Verdict::Figures),
        ("No change", "−7 (1.1%)", Verdict::Figures),
        ("12.5%", "Suppressed", Verdict::Figures),
        ("Suppressed", "No data", Verdict::Wording),
        ("within 12 months", "within a year", Verdict::Wording),
        ("2025–26 report", "2026–27 Report", Verdict::Wording),
    ] {
        let [before, after] = [old, new].map(|text| sheet(&format!("A1 \"{text}\"")));
        let changes = between(&before, &after).expect("texts");
        assert_eq!(changes.verdict(), Some(is), "{old} → {new}");
    }
    // The same words in three cells are told once; the same figures are not.
    let three = |text: &str| sheet(&format!("A1 {text}\nA2 {text}\nA4 {text}"));
    assert_eq!(
        told(&three("\"a day\""), &three("\"a week\"")),
        ["wording: A1:A2, A4 text: a day → a week"]
    );
    assert_eq!(told(&three("1"), &three("2")).len(), 3);
}

#[test]
fn noise_of_writing_numbers_down_is_no_change() {
    let before = sheet("A1 0.1\nA2 [0%] 0.80812\nA3 5");
    let after = sheet("A1 0.10000000000000002\nA2 [0%] 0.80813\nA3 \"5\"");
    assert_eq!(
        told(&before, &after),
        [
            "figures: A2 value: 81% (stored as 0.80812) → 81% (stored as 0.80813)",
            "figures: A3 value: 5 (number) → 5 (text)"
        ]
    );
}

/// Rows that each take up a word of the row above part each other row by row: no deeper than there
/// is room for.
#[test]
fn a_chain_of_rows_is_compared_in_time() {
    let [before, after] = [1, 2].map(|number| {
        let rows = (1..=6_000)
            .map(|i| format!("A{i} \"day {i}\"\nB{i} \"day {}\"\nC{i} {number}{i}\n", i + 1));
        sheet(&rows.collect::<String>())
    });
    assert_eq!(between(&before, &after).expect("texts").count(Verdict::Figures), 6_000);
}

#[test]
fn two_sheets_of_one_name_are_two_sheets() {
    let twice = format!("== sheet \"Report\"\nA1 1\n{}", sheet("A1 2"));
    assert_eq!(told(&twice, &twice), [""; 0]);
}
