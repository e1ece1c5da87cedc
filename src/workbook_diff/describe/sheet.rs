//! One sheet as text: its page set-up, its layout, what lies on it, then its cells.

use super::node::Node;
use super::package::Relations;
use super::rules::{conditional_formats, outline, table_words};
use super::setup::{page_words, view_words};
use super::words::{
    RichText, Words, cell_place, column_name, date_text, number_text, plain, quoted, span, tidy,
    unescaped,
};
use super::{Book, Name};
use crate::nouns::problem::{MOST_COLUMNS, MOST_ROWS};

/// A small file can name one long string a million times.
const MAX_TEXT: usize = 256 << 20;

impl Book<'_> {
    pub(super) fn write_sheet(
        &mut self,
        name: &str,
        state: &str,
        part: &str,
        names: &[&Name],
    ) -> Result<(), String> {
        let sheet = self.package.required(part)?;
        let relations = self.package.relations(part)?;
        let mut heading = Words::default();
        heading.add(format!("== sheet {name}"));
        match state {
            "visible" => {}
            "veryHidden" => heading.add("[very hidden]"),
            state => heading.add(format!("[{}]", plain(state))),
        }
        if &*sheet.name != "worksheet" {
            heading.add(format!("[{}]", plain(&sheet.name)));
        }
        page_words(&mut heading, &sheet, names)?;
        view_words(&mut heading, sheet.at(&["sheetViews", "sheetView"]))?;
        self.say(heading.joined());
        self.write_headers(sheet.at(&["headerFooter"]));
        self.write_columns(&sheet)?;
        self.write_rows(&sheet)?;
        self.write_layout(&sheet);
        for part in sheet.at(&["tableParts"]).children("tablePart") {
            let part = relations.of(part).ok_or("a table is not in the file")?;
            let table = self.package.required(part)?;
            self.say(table_words(&table));
        }
        for text in conditional_formats(&sheet, &self.styles)? {
            self.say(text);
        }
        self.write_rules(&sheet, &relations);
        self.write_notes(&relations)?;
        for drawing in sheet.children("drawing") {
            self.write_drawing(relations.of(drawing).ok_or("its drawing is not in the file")?)?;
        }
        self.write_cells(&sheet)
    }

    fn write_headers(&mut self, texts: &Node) {
        let (even, first) = (texts.flag("differentOddEven"), texts.flag("differentFirst"));
        for (element, label, shown) in [
            ("oddHeader", "header", true),
            ("oddFooter", "footer", true),
            ("evenHeader", "even header", even),
            ("evenFooter", "even footer", even),
            ("firstHeader", "first header", first),
            ("firstFooter", "first footer", first),
        ] {
            let text = &texts.at(&[element]).text;
            if shown && !text.is_empty() {
                self.say(format!("{label}: {}", plain(&unescaped(text))));
            }
        }
    }

    fn write_columns(&mut self, sheet: &Node) -> Result<(), String> {
        let mut runs = Runs::default();
        for column in sheet.at(&["cols"]).children("col") {
            let first = column.number("min")?.unwrap_or(0);
            let last = column.number("max")?.unwrap_or(0);
            if !(1..=last).contains(&first) || last > u32::from(MOST_COLUMNS) {
                return Err(format!("{first} to {last} are not columns of a sheet"));
            }
            let width = column.number("width")?.map(shown_width);
            let text = line_words(column, width.filter(|_| !column.flag("hidden")));
            let tag = self.styles.tag(column.number("style")?.unwrap_or(0))?;
            runs.add(first, last, text + tag.trim_start());
        }
        let default = sheet.at(&["sheetFormatPr"]).number("defaultColWidth")?;
        let default = default.map(|width| format!("default={}", shown_width(width)));
        self.write_runs("cols", default, &runs, column_name);
        Ok(())
    }

    fn write_rows(&mut self, sheet: &Node) -> Result<(), String> {
        let mut runs = Runs::default();
        let mut number = 0;
        for row in sheet.at(&["sheetData"]).children("row") {
            number = row_number(row, number)?;
            let height = row.attr("ht").filter(|_| row.flag("customHeight"));
            let mut text = line_words(row, height.map(tidy));
            if row.flag("customFormat") {
                text += self.styles.tag(row.number("s")?.unwrap_or(0))?.trim_start();
            }
            if !text.is_empty() {
                runs.add(number, number, text);
            }
        }
        let format = sheet.at(&["sheetFormatPr"]);
        let hidden = if format.flag("zeroHeight") { ",hidden" } else { "" };
        // 15 points is what the usual default font gives.
        let default = format.attr("defaultRowHeight").map(tidy);
        let default = default.filter(|height| height != "15" || !hidden.is_empty());
        let default = default.map(|height| format!("default={height}{hidden}"));
        self.write_runs("rows", default, &runs, |row| row.to_string());
        Ok(())
    }

    fn write_runs(
        &mut self,
        label: &str,
        default: Option<String>,
        runs: &Runs,
        name: impl Fn(u32) -> String,
    ) {
        let mut words: Vec<String> = default.into_iter().collect();
        for (first, last, text) in &runs.0 {
            words.push(format!("{}={text}", span(name(*first), name(*last))));
        }
        self.say_list(label, words);
    }

    fn write_layout(&mut self, sheet: &Node) {
        let merges = sheet.at(&["mergeCells"]).children("mergeCell");
        let merges = merges.map(|merge| plain(merge.attr_or("ref", "?")));
        self.say_list("merges", merges.collect());

        let breaks = |list: &str, label: &str, name: fn(u32) -> String| {
            let breaks = sheet.at(&[list]).children("brk");
            let after = breaks.filter_map(|brk| brk.attr("id")?.parse().ok().map(name));
            let after: Vec<String> = after.collect();
            (!after.is_empty()).then(|| format!("after {label} {}", after.join(" ")))
        };
        let rows = breaks("rowBreaks", "rows", |row| row.to_string());
        let columns = breaks("colBreaks", "columns", column_name);
        let told: Vec<String> = rows.into_iter().chain(columns).collect();
        if !told.is_empty() {
            self.say(format!("page breaks: {}", told.join(", ")));
        }
        let filter = sheet.at(&["autoFilter"]);
        if let Some(range) = filter.attr("ref") {
            let mut words = Words(vec![format!("autofilter {}", plain(range))]);
            words.0.extend(filter.children("filterColumn").map(outline));
            self.say(words.joined());
        }
    }

    fn write_notes(&mut self, relations: &Relations) -> Result<(), String> {
        for part in relations.of_kind("comments") {
            let notes = self.package.required(part)?;
            let authors: Vec<&Node> = notes.at(&["authors"]).children("author").collect();
            for note in notes.at(&["commentList"]).children("comment") {
                let author: Option<usize> = note.number("authorId")?;
                let author = author.and_then(|index| authors.get(index)).map(|node| &*node.text);
                let mut words = Words::default();
                words.with("note", Some(note.attr_or("ref", "?")));
                words.text("by", author.filter(|author| !author.is_empty()));
                words.add(RichText::parse(note.at(&["text"])).quoted(None));
                self.say(words.joined());
            }
        }
        Ok(())
    }

    fn write_cells(&mut self, sheet: &Node) -> Result<(), String> {
        let mut number = 0;
        for row in sheet.at(&["sheetData"]).children("row") {
            number = row_number(row, number)?;
            let mut column = 0;
            // Neighbours that are empty but styled alike wait here to be told on one line.
            let mut blank = Runs::default();
            for cell in row.children("c") {
                let place = cell.attr("r").map_or(Some((column + 1, number)), cell_place);
                column = match place {
                    Some((found, row)) if row == number && found > column => found,
                    _ => {
                        let name = quoted(cell.attr_or("r", ""));
                        return Err(format!("cell {name} is out of place in row {number}"));
                    }
                };
                let style = cell.number("s")?.unwrap_or(0);
                let tag = self.styles.tag(style)?;
                let value = self
                    .cell_value(cell, style)
                    .map_err(|error| format!("cell {}{number}: {error}", column_name(column)))?;
                match value {
                    None if tag.is_empty() => {}
                    None => blank.add(column, column, tag),
                    Some(value) => {
                        self.write_blank(number, &mut blank);
                        self.say(format!("{}{number}{tag} {value}", column_name(column)));
                    }
                }
                // A small file can name one long string a million times.
                if self.out.len() > MAX_TEXT {
                    return Err(format!("its text is longer than {} MiB", MAX_TEXT >> 20));
                }
            }
            self.write_blank(number, &mut blank);
        }
        Ok(())
    }

    fn write_blank(&mut self, row: u32, blank: &mut Runs) {
        for (first, last, tag) in std::mem::take(blank).0 {
            let cell = |column| format!("{}{row}", column_name(column));
            self.say(format!("{}{tag} blank", span(cell(first), cell(last))));
        }
    }

    /// The formula and the value, `None` for an empty cell.
    fn cell_value(&self, cell: &Node, style: usize) -> Result<Option<String>, String> {
        let stored = cell.child("v").map(|value| value.text.as_str());
        let kind = cell.attr("t").unwrap_or("n");
        let value = match (kind, stored) {
            ("inlineStr", _) => {
                cell.child("is").map(|text| RichText::parse(text).quoted(self.styles.font(style)))
            }
            (_, None) => None,
            ("s", Some(index)) => {
                let number = index.trim().parse::<usize>().ok();
                let text = number.and_then(|number| self.strings.get(number));
                let missing = || format!("string {} is not in the file", quoted(index));
                Some(text.ok_or_else(missing)?.quoted(self.styles.font(style)))
            }
            ("str", Some(text)) => Some(quoted(&unescaped(text))),
            ("b", Some("1" | "true")) => Some("TRUE".to_owned()),
            ("b", Some(_)) => Some("FALSE".to_owned()),
            ("e" | "d", Some(text)) => Some(plain(text)),
            ("n", Some(text)) if text.trim().is_empty() => None,
            ("n", Some(text)) => {
                let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
                let number = number.ok_or_else(|| format!("{} is not a number", quoted(text)))?;
                match date_text(number, self.date_1904).filter(|_| self.styles.shows_dates(style)) {
                    Some(date) => Some(format!("{} ({date})", number_text(number))),
                    None => Some(number_text(number)),
                }
            }
            (kind, _) => return Err(format!("{} is not a kind of cell", quoted(kind))),
        };
        let Some(formula) = cell.child("f") else {
            return Ok(value);
        };
        let text = plain(&formula.text);
        let range = plain(formula.attr("ref").unwrap_or(""));
        let group = plain(formula.attr("si").unwrap_or(""));
        let told = match formula.attr("t") {
            Some("array") => format!("{{={text}}} over {range}"),
            Some("dataTable") => format!("data table over {range}"),
            // Only the first cell of a shared formula holds its text.
            Some("shared") if text.is_empty() => format!("=(shared formula {group})"),
            Some("shared") => format!("={text} (shared formula {group} over {range})"),
            _ => format!("={text}"),
        };
        Ok(Some(match value {
            Some(value) => format!("{told} -> {value}"),
            None => told,
        }))
    }
}

/// Stretches of rows or columns with the same description; equal neighbours are merged.
#[derive(Default)]
struct Runs(Vec<(u32, u32, String)>);

impl Runs {
    fn add(&mut self, first: u32, last: u32, text: String) {
        match self.0.last_mut() {
            Some((_, end, known)) if *end + 1 == first && *known == text => *end = last,
            _ => self.0.push((first, last, text)),
        }
    }
}

/// What there is to say of a row or a column besides its style.
fn line_words(node: &Node, size: Option<String>) -> String {
    let mut words = Words(size.into_iter().collect());
    words.flags(node, &[("hidden", "hidden")]);
    words.with("level", node.unusual("outlineLevel", "0"));
    words.flags(node, &[("collapsed", "collapsed")]);
    words.0.join(",")
}

/// The stored width includes five pixels of padding; people see and set the width without them.
/// Digits are taken as 7 pixels wide, which holds for the usual default fonts.
fn shown_width(stored: f64) -> String {
    let pixels = (stored * 7.0).round();
    let narrow = pixels < 12.0;
    let shown = if narrow { pixels / 12.0 } else { (pixels - 5.0) / 7.0 };
    number_text((shown * 100.0).round() / 100.0)
}

fn row_number(row: &Node, previous: u32) -> Result<u32, String> {
    let number = row.number("r")?.unwrap_or(previous + 1);
    if number <= previous || number > MOST_ROWS {
        return Err(format!("row {number} is out of place after row {previous}"));
    }
    Ok(number)
}
