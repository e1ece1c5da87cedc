//! OpenDocument sheets (`.ods`): one part of XML, in which rows and cells are repeated by number.
//!
//! What is repeated is counted as if it were written out; blanks are only passed over. Names are
//! held without their prefixes, which a program may choose as it likes.

use std::collections::HashSet;
use std::io::BufRead;

use memchr::memmem;

use super::Limits;
use super::book::Book;
use super::number_format::Looks;
use super::package::{encrypted, not_a_workbook};
use super::parts::Parts;
use super::serial::dated;
use super::sheet::{Cell, LONGEST_TEXT, Sheet, Value, is_blank};
use super::told::DamagePlace;
use super::xml::{Tag, Token, Xml};
use crate::nouns::period::Day;
use crate::nouns::problem::Problem;

/// The part that holds the sheets.
pub const CONTENT: &str = "content.xml";

/// Reads the sheets of an open package.
pub fn read(parts: &mut Parts, limits: &Limits) -> Result<Vec<Sheet>, Problem> {
    let file = parts.file();
    let manifest = parts.read("META-INF/manifest.xml")?.unwrap_or_default();
    if memmem::find(&manifest, b"encryption-data").is_some() {
        return Err(encrypted(file));
    }
    let kind = parts.read("mimetype")?.unwrap_or_default();
    if !kind.is_empty() && memmem::find(&kind, b"opendocument.spreadsheet").is_none() {
        return Err(another_kind(file));
    }
    let Some(mut content) = parts.stream(CONTENT)? else { return Err(another_kind(file)) };
    let xml = Xml::new(DamagePlace::of_part(file, CONTENT), &mut content)?;
    let mut document = Document { xml, book: Book::new(file, limits), hidden: HashSet::new() };
    document.read()?;
    let sheets = document.book.finish();
    Ok(sheets)
}

fn another_kind(file: &str) -> Problem {
    not_a_workbook(file, "it is an OpenDocument file of another kind")
}

/// The document while it is read.
struct Document<'a, R> {
    xml: Xml<R>,
    book: Book<'a>,
    /// The styles of sheets that are hidden.
    hidden: HashSet<String>,
}

impl<R: BufRead> Document<'_, R> {
    fn read(&mut self) -> Result<(), Problem> {
        let (mut tabs, mut spreadsheet, mut style) = (0, false, None);
        loop {
            let Token::Open(tag) = (match self.xml.next()? {
                Token::End => break,
                token => token,
            }) else {
                continue;
            };
            match tag.local_name() {
                "document-content" | "document" | "body" | "automatic-styles" => {}
                "spreadsheet" => spreadsheet = true,
                "style" => style = values(&tag, ["family", "name"])?.name_of("table"),
                "table-properties" => {
                    let [display] = values(&tag, ["display"])?.0;
                    if display.as_deref() == Some("false") {
                        self.hidden.extend(style.take());
                    }
                }
                "table" if spreadsheet => {
                    let Values([name, style]) = values(&tag, ["name", "style-name"])?;
                    self.read_table(tabs, &name.unwrap_or_default(), style.as_deref())?;
                    tabs += 1;
                }
                _ => self.xml.skip()?,
            }
        }
        if spreadsheet { Ok(()) } else { Err(another_kind(self.book.file())) }
    }

    fn read_table(&mut self, tab: usize, name: &str, style: Option<&str>) -> Result<(), Problem> {
        let hidden = style.is_some_and(|style| self.hidden.contains(style));
        self.book.begin(tab, name, hidden)?;
        let (mut row, mut within) = (0u32, 0);
        let mut hidden = HashSet::new();
        loop {
            match self.xml.next()? {
                Token::Open(tag) => match tag.local_name() {
                    "table-row" => {
                        let names = ["number-rows-repeated", "visibility"];
                        let Values([times, visible]) = values(&tag, names)?;
                        let times = self.times(times)?;
                        let filled = self.read_row(row, times)?;
                        let next = row.saturating_add(times);
                        if filled && visible.is_some_and(|visible| visible != "visible") {
                            hidden.extend(row..next);
                        }
                        row = next;
                    }
                    "table-row-group" | "table-rows" | "table-header-rows" => within += 1,
                    _ => self.xml.skip()?,
                },
                Token::Close if within == 0 => break,
                Token::Close => within -= 1,
                _ => {}
            }
        }
        self.book.hide_rows(&hidden);
        Ok(())
    }

    /// How often something stands there.
    fn times(&self, repeated: Option<String>) -> Result<u32, Problem> {
        let Some(repeated) = repeated else { return Ok(1) };
        let times = repeated.parse().ok().filter(|times| *times > 0);
        times.ok_or_else(|| {
            self.book.damaged("a row or cell is repeated a number of times that is none")
        })
    }

    /// A row, and the same row again for as often as it is repeated; whether it holds anything.
    fn read_row(&mut self, row: u32, times: u32) -> Result<bool, Problem> {
        let mut filled: Vec<Cell> = Vec::new();
        let mut col = 0u32;
        loop {
            match self.xml.next()? {
                Token::Open(tag) => match tag.local_name() {
                    "table-cell" | "covered-table-cell" => {
                        let written = Written::of(&tag)?;
                        let repeated = self.times(written.repeated.clone())?;
                        self.merge(row, col, &written)?;
                        let shown = self.read_text()?;
                        if let Some(cell) = self.push(row, col, &written, &shown)? {
                            filled.push(cell);
                            for nth in 1..repeated {
                                filled.push(self.book.push_copy(
                                    row,
                                    col.saturating_add(nth),
                                    cell,
                                )?);
                            }
                        }
                        col = col.saturating_add(repeated);
                    }
                    _ => self.xml.skip()?,
                },
                Token::Close => break,
                _ => {}
            }
        }
        for nth in 1..times {
            // A blank row is only passed over.
            for cell in &filled {
                self.book.push_copy(row.saturating_add(nth), u32::from(cell.col), *cell)?;
            }
            if filled.is_empty() {
                break;
            }
        }
        Ok(!filled.is_empty())
    }

    /// Says so where the cell stands for those below it too.
    fn merge(&mut self, row: u32, col: u32, written: &Written) -> Result<(), Problem> {
        let span = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
        let (Some(rows), Ok(left)) = (span(&written.rows), u16::try_from(col)) else {
            return Ok(());
        };
        let columns = span(&written.columns).unwrap_or(1u32).clamp(1, u32::from(u16::MAX)) as u16;
        let last = (row.saturating_add(rows.saturating_sub(1)), left.saturating_add(columns - 1));
        self.book.merge((row, left), last)
    }

    /// The text of the cell that has begun: its paragraphs, without notes and drawings.
    fn read_text(&mut self) -> Result<Shown, Problem> {
        let mut shown = Shown::default();
        let mut within: u32 = 0;
        loop {
            match self.xml.next()? {
                Token::Open(tag) => {
                    match tag.local_name() {
                        "p" | "h" => shown.begin_paragraph(),
                        "s" => {
                            let Values([count]) = values(&tag, ["c"])?;
                            let count = count.and_then(|count| count.parse().ok()).unwrap_or(1);
                            shown.spaces(count);
                        }
                        "tab" => shown.letter('\t'),
                        "line-break" => shown.letter('\n'),
                        // Notes on the cell, and whatever lies on it.
                        "annotation" | "annotation-end" | "note" | "ruby-text" | "table"
                        | "frame" | "custom-shape" | "g" | "line" | "rect" | "control"
                        | "object" => {
                            self.xml.skip()?;
                            continue;
                        }
                        _ => {}
                    }
                    within += 1;
                }
                Token::Close if within == 0 => return Ok(shown),
                Token::Close => {
                    within -= 1;
                    if within == 0 {
                        shown.end_paragraph();
                    }
                }
                Token::Text(text) if within > 0 => shown.text(&text),
                _ => {}
            }
        }
    }

    /// Puts down a cell; gives it where it is not blank.
    fn push(
        &mut self,
        row: u32,
        col: u32,
        written: &Written,
        shown: &Shown,
    ) -> Result<Option<Cell>, Problem> {
        let no_value = || self.book.damaged_at(row, col, "a cell is without its value");
        let text = written.text.as_deref().unwrap_or(&shown.text);
        let formula = written.formula;
        let value = match written.kind.as_deref() {
            Some("error") => Value::Error(error_word(&shown.text).unwrap_or("#VALUE!")),
            // Older programs write a formula's error as words, or as words beside a number.
            Some(_) if formula && error_word(&shown.text).is_some() => {
                Value::Error(error_word(&shown.text).unwrap_or("#VALUE!"))
            }
            Some("float" | "currency" | "percentage") => {
                let number = written.value.as_deref().and_then(|text| text.trim().parse().ok());
                Value::Number(number.ok_or_else(no_value)?)
            }
            Some("date") => {
                let serial = written.date.as_deref().and_then(serial_of).ok_or_else(no_value)?;
                dated(serial, false)
            }
            Some("time") => {
                let days = written.time.as_deref().and_then(days_of).ok_or_else(no_value)?;
                Value::NotADate(days)
            }
            Some("boolean") => match written.boolean.as_deref() {
                Some("true") => Value::Bool(true),
                Some("false") => Value::Bool(false),
                _ => return Err(no_value()),
            },
            Some("string") if written.text.is_none() && shown.too_long => Value::TooLong,
            Some("string") => Value::Text(text),
            Some("void") | None if formula && is_blank(text) => Value::Uncalculated,
            Some("void") | None => Value::Text(text),
            Some(_) => {
                return Err(self.book.damaged_at(
                    row,
                    col,
                    "a cell is of a kind that is not known",
                ));
            }
        };
        if matches!(value, Value::Text(text) if is_blank(text)) {
            return Ok(None);
        }
        match value {
            Value::Number(number) => {
                let percent = written.kind.as_deref() == Some("percentage");
                let looks = Looks::of_shown(&shown.text, number, percent);
                self.book.push_looking(row, col, number, (looks, false))?;
            }
            other => self.book.push(row, col, other, false)?,
        }
        Ok(self.book.last_cell())
    }
}

/// A cell as its attributes say.
#[derive(Default)]
struct Written {
    kind: Option<String>,
    value: Option<String>,
    date: Option<String>,
    time: Option<String>,
    boolean: Option<String>,
    text: Option<String>,
    formula: bool,
    repeated: Option<String>,
    rows: Option<String>,
    columns: Option<String>,
}

impl Written {
    fn of(tag: &Tag) -> Result<Self, Problem> {
        let mut written = Written::default();
        for attribute in tag.attributes() {
            let (name, value) = attribute?;
            let value = || Some(value.clone().into_owned());
            match name.rsplit(':').next().unwrap_or(name) {
                // LibreOffice writes the kind twice; only the second tells of an error.
                "value-type" if written.kind.as_deref() != Some("error") => written.kind = value(),
                "value" => written.value = value(),
                "date-value" => written.date = value(),
                "time-value" => written.time = value(),
                "boolean-value" => written.boolean = value(),
                "string-value" => written.text = value(),
                "formula" => written.formula = true,
                "number-columns-repeated" => written.repeated = value(),
                "number-rows-spanned" => written.rows = value(),
                "number-columns-spanned" => written.columns = value(),
                _ => {}
            }
        }
        Ok(written)
    }
}

/// The text that a cell shows, as it is put together.
#[derive(Default)]
struct Shown {
    text: String,
    too_long: bool,
    paragraphs: u32,
    /// A blank that counts only if something follows it.
    blank: bool,
    /// Whether something stands in the paragraph.
    begun: bool,
}

impl Shown {
    fn begin_paragraph(&mut self) {
        if self.paragraphs > 0 {
            self.put('\n');
        }
        self.paragraphs += 1;
        (self.blank, self.begun) = (false, false);
    }

    fn end_paragraph(&mut self) {
        self.blank = false;
    }

    /// Text as it is written: white space of any length is one blank, and none at either end.
    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            if matches!(letter, ' ' | '\t' | '\r' | '\n') {
                self.blank = self.begun;
            } else {
                self.letter(letter);
            }
        }
    }

    fn letter(&mut self, letter: char) {
        if std::mem::take(&mut self.blank) {
            self.put(' ');
        }
        self.begun = true;
        self.put(letter);
    }

    fn spaces(&mut self, count: usize) {
        for _ in 0..count.min(LONGEST_TEXT + 1) {
            self.letter(' ');
        }
    }

    fn put(&mut self, letter: char) {
        // What is far too long need not be held whole.
        if self.text.len() > 8 * LONGEST_TEXT {
            self.too_long = true;
        } else {
            self.text.push(letter);
        }
    }
}

/// The attributes of these names, in their order.
struct Values<const N: usize>([Option<String>; N]);

impl Values<2> {
    /// The second, where the first is the one that is wanted.
    fn name_of(self, wanted: &str) -> Option<String> {
        let Values([first, second]) = self;
        second.filter(|_| first.as_deref() == Some(wanted))
    }
}

fn values<const N: usize>(tag: &Tag, names: [&str; N]) -> Result<Values<N>, Problem> {
    let mut values = [const { None }; N];
    for attribute in tag.attributes() {
        let (name, value) = attribute?;
        let name = name.rsplit(':').next().unwrap_or(name);
        if let Some(nth) = names.iter().position(|wanted| *wanted == name) {
            values[nth] = Some(value.into_owned());
        }
    }
    Ok(Values(values))
}

/// The error that a text is the name of; LibreOffice numbers those that Excel has not.
fn error_word(text: &str) -> Option<&'static str> {
    const WORDS: [&str; 7] = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"];
    let numbered = text.strip_prefix("Err:").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    let word = WORDS.into_iter().find(|word| *word == text);
    word.or(numbered.then_some("#VALUE!"))
}

/// Excel's number of a day: `2026-09-30`, perhaps with a time.
fn serial_of(date: &str) -> Option<f64> {
    let day = date.get(..10).filter(|_| matches!(date.as_bytes().get(10), None | Some(b'T')))?;
    let day = Day::from_date(day.parse().ok()?);
    Some(f64::from(day.0 + 25_569))
}

/// A span of time in days: `PT08H30M00S`.
fn days_of(span: &str) -> Option<f64> {
    let (mut seconds, mut digits, mut time) = (0.0, String::new(), false);
    for letter in span.trim_start_matches('-').strip_prefix('P')?.chars() {
        match letter {
            'T' => time = true,
            '0'..='9' | '.' => digits.push(letter),
            unit => {
                let number: f64 = std::mem::take(&mut digits).parse().ok()?;
                seconds += number
                    * match (unit, time) {
                        ('D', false) => 86_400.0,
                        ('H', true) => 3_600.0,
                        ('M', true) => 60.0,
                        ('S', true) => 1.0,
                        _ => return None,
                    };
            }
        }
    }
    digits.is_empty().then_some(seconds / 86_400.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a sheet's rows as they stand in the part.
    fn rows(inside: &str) -> Result<Vec<String>, String> {
        document(&format!("<t:table t:name=\"S\">{inside}</t:table>"))
    }

    fn document(inside: &str) -> Result<Vec<String>, String> {
        let text = format!(
            "<o:document-content xmlns:o=\"o\" xmlns:t=\"t\"><o:body><o:spreadsheet>{inside}\
             </o:spreadsheet></o:body></o:document-content>"
        );
        let limits = Limits { cells: 100, text_bytes: 1_000, ..Limits::default() };
        let xml =
            Xml::new(DamagePlace::of_part("q.ods", CONTENT), text.as_bytes()).expect("it begins");
        let book = Book::new("q.ods", &limits);
        let mut document = Document { xml, book, hidden: HashSet::new() };
        document.read().map_err(|problem| problem.to_string())?;
        let sheets = document.book.finish();
        let cells = sheets.iter().flat_map(|sheet| {
            sheet.rows().flat_map(move |(row, cells)| {
                cells
                    .iter()
                    .map(move |c| format!("{} {}", sheet.place.at(row, c.col), sheet.shown(c)))
            })
        });
        Ok(cells.map(|cell| cell.replace("q.ods  S!", "")).collect())
    }

    fn cell(inside: &str) -> Result<Vec<String>, String> {
        rows(&format!("<t:table-row><t:table-cell {inside}</t:table-cell></t:table-row>"))
    }

    #[test]
    fn values_are_what_their_attributes_say() {
        let cases = [
            ("o:value-type='float' o:value='80.8'><x:p>81</x:p>", "A1 80.8"),
            ("o:value-type='percentage' o:value='0.808'><x:p>81%</x:p>", "A1 80.8%"),
            ("o:value-type='currency' o:value='5'><x:p>£5</x:p>", "A1 5"),
            ("o:value-type='boolean' o:boolean-value='true'><x:p>WAHR</x:p>", "A1 TRUE"),
            ("o:value-type='date' o:date-value='2026-09-30T10:30:00'>", "A1 2026-09-30"),
            ("o:value-type='time' o:time-value='PT12H00M00S'>", "A1 0.5"),
            ("o:value-type='string'><x:p>a<x:s x:c='2'/>b \n c</x:p><x:p>d</x:p>", "A1 a  b c\nd"),
            ("o:value-type='string' o:string-value='whole'><x:p>who…</x:p>", "A1 whole"),
            (
                "o:value-type='string'><x:p>Up by <![CDATA[12 & 3]]> since &lt;May</x:p>",
                "A1 Up by 12 & 3 since <May",
            ),
            (
                "o:value-type='string'><o:annotation><x:p>note</x:p></o:annotation><x:p>a</x:p>",
                "A1 a",
            ),
            (
                "t:formula='of:=1/0' o:value-type='string' o:string-value='' \
                 c:value-type='error'><x:p>#DIV/0!</x:p>",
                "A1 #DIV/0!",
            ),
            (
                "t:formula='of:=X' c:value-type='error' o:value-type='string'><x:p>Err:508</x:p>",
                "A1 #VALUE!",
            ),
            ("t:formula='of:=NA()' o:value-type='float' o:value='0'><x:p>#N/A</x:p>", "A1 #N/A"),
            ("t:formula='of:=A2'>", "A1 (formula, not calculated)"),
            ("o:value-type='string'><x:p>#N/A</x:p>", "A1 #N/A"),
        ];
        for (inside, expected) in cases {
            assert_eq!(cell(inside), Ok(vec![expected.to_string()]), "{inside}");
        }
        for blank in [
            "o:value-type='string'><x:p> </x:p>",
            "t:formula='of:=\"\"' o:value-type='string'>",
            ">",
        ] {
            assert_eq!(cell(blank), Ok(vec![]), "{blank}");
        }
    }

    #[test]
    fn a_cell_without_its_value_is_damage() {
        for inside in [
            "o:value-type='float'><x:p>118</x:p>",
            "o:value-type='percentage' o:value='x'>",
            "o:value-type='date' o:date-value='30/09/2026'>",
            "o:value-type='boolean' o:boolean-value='1'>",
            "o:value-type='time' o:time-value='12:00'>",
            "o:value-type='float' o:value='NaN'>",
            "o:value-type='unheard'>",
        ] {
            let found = cell(inside);
            assert!(found.as_ref().is_err_and(|e| e.contains("S!A1")), "{inside}: {found:?}");
        }
    }

    /// A row that is there so many times.
    fn row(times: u32, inside: &str) -> String {
        format!("<t:table-row t:number-rows-repeated='{times}'>{inside}</t:table-row>")
    }

    #[test]
    fn what_is_repeated_counts_and_blanks_do_not() {
        let text = "<t:table-cell t:number-columns-repeated='2' \
                    o:value-type='string'><x:p>zz</x:p></t:table-cell>";
        let blank = "<t:table-cell t:number-columns-repeated='16000'/>";
        let sheet = [row(2, text), row(1_000_000, blank), row(1, text)].concat();
        let found = rows(&sheet).expect("readable");
        assert_eq!(found, ["A1 zz", "B1 zz", "A2 zz", "B2 zz", "A1000003 zz", "B1000003 zz"]);
        let many = rows(&row(60, text));
        assert!(many.as_ref().is_err_and(|e| e.contains("101 cells")), "{many:?}");
        let long = text.replace("zz", &"x".repeat(600));
        let bytes = rows(&row(1, &long));
        assert!(bytes.is_ok(), "{bytes:?}");
        let bytes = rows(&row(2, &long));
        assert!(bytes.as_ref().is_err_and(|e| e.contains("bytes of texts")), "{bytes:?}");
        let wrong = rows(&row(1, text).replace("'1'", "'0'"));
        assert!(wrong.is_err());
    }

    #[test]
    fn only_the_tables_of_the_sheets_are_read() {
        let table = |inside: &str| format!("<t:table t:name='S'>{inside}</t:table>");
        let one = "<t:table-row><t:table-cell o:value-type='float' o:value='1'/></t:table-row>";
        let changes = format!("<t:tracked-changes>{}</t:tracked-changes>", table(one));
        let shapes = format!("<t:shapes><d:frame>{}</d:frame></t:shapes>", table(one));
        let inner =
            format!("<t:table-row><t:table-cell>{}</t:table-cell></t:table-row>", table(one));
        let pretty = format!("\n  <t:table-row-group>\n {one}\n </t:table-row-group>\n");
        let sheet = table(&[&shapes, &pretty, &inner].map(String::as_str).concat());
        assert_eq!(document(&format!("{changes}\n{sheet}")), Ok(vec!["A1 1".to_string()]));
    }

    #[test]
    fn days_and_spans_of_time_are_read_in_full() {
        assert_eq!(serial_of("1900-03-01"), Some(61.0));
        assert_eq!(serial_of("2026-09-30T23:59:59"), Some(46_295.0));
        assert_eq!(
            [serial_of("2026-13-01"), serial_of("2026-9-30"), serial_of("2026-09-30x")],
            [None; 3]
        );
        assert_eq!(days_of("PT36H00M00S"), Some(1.5));
        assert_eq!(days_of("P1DT06H"), Some(1.25));
        assert_eq!([days_of("12:00"), days_of("PT12"), days_of("P1M")], [None; 3]);
    }
}
