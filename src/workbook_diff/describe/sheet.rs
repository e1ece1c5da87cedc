//! One sheet: its page set-up, its layout, what lies on it, then its cells.

use super::node::Node;
use super::package::Relations;
use super::rules::{conditional_formats, outline, rules, table};
use super::setup::{Facts, page, view};
use super::texts::{RichText, Words, date_text, tidy, unescaped};
use super::{File, Name};
use crate::nouns::problem::{MOST_COLUMNS, MOST_ROWS};
use crate::workbook_diff::book::{
    Cell, Fact, Formula, GENERAL, Line, Sheet, Stretch, Style, Value,
};
use crate::workbook_diff::text::{HEADERS, cell_place, column_name, number_text, plain, quoted};

/// A small file can name one long string a million times.
const MAX_TEXT: usize = 256 << 20;

impl File<'_> {
    pub(super) fn sheet(
        &mut self,
        name: &str,
        state: &str,
        part: &str,
        names: &[&Name],
    ) -> Result<Sheet, String> {
        let sheet = self.package.required(part)?;
        let relations = self.package.relations(part)?;
        let mut facts = Facts::default();
        match state {
            "visible" => {}
            "hidden" => facts.when(true, "visibility", "hidden"),
            "veryHidden" => facts.when(true, "visibility", "very hidden"),
            state => facts.when(true, "kind of sheet", &plain(state)),
        }
        facts.when(&*sheet.name != "worksheet", "kind of sheet", &plain(&sheet.name));
        page(&mut facts, &sheet, names)?;
        view(&mut facts, sheet.at(&["sheetViews", "sheetView"]))?;
        let Facts(mut facts) = facts;
        facts.extend(headers(sheet.at(&["headerFooter"])));
        facts.extend(usual_sizes(sheet.at(&["sheetFormatPr"]))?);
        let columns = self.columns(&sheet)?;
        let rows = self.rows(&sheet)?;
        facts.extend(layout(&sheet));
        for part in sheet.at(&["tableParts"]).children("tablePart") {
            let part = relations.of(part).ok_or("a table is not in the file")?;
            facts.push(table(&self.package.required(part)?));
        }
        facts.extend(conditional_formats(&sheet, &self.styles)?);
        facts.extend(rules(&sheet, &relations));
        facts.extend(self.notes(&relations)?);
        for drawing in sheet.children("drawing") {
            let part = relations.of(drawing).ok_or("its drawing is not in the file")?;
            facts.extend(self.drawing(part)?);
        }
        let cells = self.cells(&sheet)?;
        Ok(Sheet { name: name.to_owned(), facts, columns, rows, cells })
    }

    fn columns(&self, sheet: &Node) -> Result<Vec<Stretch<Line>>, String> {
        let mut columns = Vec::new();
        for column in sheet.at(&["cols"]).children("col") {
            let first = column.number("min")?.unwrap_or(0);
            let last = column.number("max")?.unwrap_or(0);
            if !(1..=last).contains(&first) || last > u32::from(MOST_COLUMNS) {
                return Err(format!("{first} to {last} are not columns of a sheet"));
            }
            let width = column.number("width")?.map(shown_width);
            let style = self.styles.style(column.number("style")?.unwrap_or(0))?;
            let width = width.filter(|_| !column.flag("hidden"));
            Stretch::add(&mut columns, first, last, line(column, width, style));
        }
        Ok(columns)
    }

    fn rows(&self, sheet: &Node) -> Result<Vec<Stretch<Line>>, String> {
        let mut rows = Vec::new();
        let mut number = 0;
        for row in sheet.at(&["sheetData"]).children("row") {
            number = row_number(row, number)?;
            let height = row.attr("ht").filter(|_| row.flag("customHeight")).map(tidy);
            let style = match row.flag("customFormat") {
                true => self.styles.style(row.number("s")?.unwrap_or(0))?,
                false => Style::plain(&self.styles.default),
            };
            let line = line(row, height, style);
            if line != (Line { style: Style::plain(&self.styles.default), ..Line::default() }) {
                Stretch::add(&mut rows, number, number, line);
            }
        }
        Ok(rows)
    }

    fn notes(&mut self, relations: &Relations) -> Result<Vec<Fact>, String> {
        let mut facts = Vec::new();
        for part in relations.of_kind("comments") {
            let notes = self.package.required(part)?;
            let authors: Vec<&Node> = notes.at(&["authors"]).children("author").collect();
            for note in notes.at(&["commentList"]).children("comment") {
                let author: Option<usize> = note.number("authorId")?;
                let author = author.and_then(|index| authors.get(index)).map(|node| &*node.text);
                let mut words = Words::default();
                words.text("by", author.filter(|author| !author.is_empty()));
                words.add(RichText::parse(note.at(&["text"])).quoted());
                facts.push(Fact::new("note", plain(note.attr_or("ref", "?")), words.joined()));
            }
        }
        Ok(facts)
    }

    fn cells(&mut self, sheet: &Node) -> Result<Vec<(u32, Stretch<Cell>)>, String> {
        let mut cells: Vec<(u32, Stretch<Cell>)> = Vec::new();
        let mut number = 0;
        for row in sheet.at(&["sheetData"]).children("row") {
            number = row_number(row, number)?;
            let mut column = 0;
            for cell in row.children("c") {
                let place = cell.attr("r").map_or(Some((column + 1, number)), cell_place);
                column = match place {
                    Some((found, row)) if row == number && found > column => found,
                    _ => {
                        let name = quoted(cell.attr_or("r", ""));
                        return Err(format!("cell {name} is out of place in row {number}"));
                    }
                };
                let each = self
                    .cell(cell)
                    .map_err(|error| format!("cell {}{number}: {error}", column_name(column)))?;
                self.told += told(&each);
                if self.told > MAX_TEXT {
                    return Err(format!("its text is longer than {} MiB", MAX_TEXT >> 20));
                }
                self.add(&mut cells, number, column, each);
            }
        }
        Ok(cells)
    }

    /// An empty cell in the default style says nothing; neighbours that are empty but styled alike
    /// are told together.
    fn add(&self, cells: &mut Vec<(u32, Stretch<Cell>)>, row: u32, column: u32, each: Cell) {
        let blank = each.value == Value::Blank && each.formula.is_none();
        if blank && each.style.look == self.styles.default && &*each.style.format == GENERAL {
            return;
        }
        match cells.last_mut() {
            Some((known_row, known))
                if blank && *known_row == row && known.last + 1 == column && known.each == each =>
            {
                known.last = column;
            }
            _ => cells.push((row, Stretch { first: column, last: column, each })),
        }
    }

    fn cell(&self, cell: &Node) -> Result<Cell, String> {
        let index = cell.number("s")?.unwrap_or(0);
        let style = self.styles.style(index)?;
        Ok(Cell { style, value: self.value(cell, index)?, formula: cell.child("f").map(formula) })
    }

    fn value(&self, cell: &Node, style: usize) -> Result<Value, String> {
        let stored = cell.child("v").map(|value| value.text.as_str());
        let kind = cell.attr("t").unwrap_or("n");
        Ok(match (kind, stored) {
            ("inlineStr", _) => match cell.child("is") {
                Some(text) => RichText::parse(text).value(self.styles.font(style)),
                None => Value::Blank,
            },
            (_, None) => Value::Blank,
            ("s", Some(index)) => {
                let number = index.trim().parse::<usize>().ok();
                let text = number.and_then(|number| self.strings.get(number));
                let missing = || format!("string {} is not in the file", quoted(index));
                text.ok_or_else(missing)?.value(self.styles.font(style))
            }
            ("str", Some(text)) => Value::Text(unescaped(text), None),
            ("b", Some("1" | "true")) => Value::Word("TRUE".to_owned()),
            ("b", Some(_)) => Value::Word("FALSE".to_owned()),
            ("e" | "d", Some(text)) => Value::Word(plain(text)),
            ("n", Some(text)) if text.trim().is_empty() => Value::Blank,
            ("n", Some(text)) => {
                let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
                let number = number.ok_or_else(|| format!("{} is not a number", quoted(text)))?;
                let date = date_text(number, self.date_1904);
                Value::Number(number, date.filter(|_| self.styles.shows_dates(style)))
            }
            (kind, _) => return Err(format!("{} is not a kind of cell", quoted(kind))),
        })
    }
}

fn formula(node: &Node) -> Formula {
    let text = plain(&node.text);
    let range = plain(node.attr("ref").unwrap_or(""));
    let group = plain(node.attr("si").unwrap_or(""));
    match node.attr("t") {
        Some("array") => Formula::Array(text, range),
        Some("dataTable") => Formula::DataTable(range),
        // Only the first cell of a shared formula holds its text.
        Some("shared") if text.is_empty() => Formula::Shared(group),
        Some("shared") => Formula::SharedFrom(text, group, range),
        _ => Formula::Plain(text),
    }
}

/// How long a cell is in the text form, about.
fn told(cell: &Cell) -> usize {
    let value = match &cell.value {
        Value::Text(text, marked) => marked.as_ref().unwrap_or(text).len(),
        Value::Word(word) => word.len(),
        Value::Blank | Value::Number(..) => 8,
    };
    let formula = match &cell.formula {
        Some(Formula::Plain(text) | Formula::Array(text, _) | Formula::SharedFrom(text, ..)) => {
            text.len()
        }
        _ => 0,
    };
    value + formula + 8
}

fn headers(texts: &Node) -> Vec<Fact> {
    let (even, first) = (texts.flag("differentOddEven"), texts.flag("differentFirst"));
    let elements = [
        ("oddHeader", true),
        ("oddFooter", true),
        ("evenHeader", even),
        ("evenFooter", even),
        ("firstHeader", first),
        ("firstFooter", first),
    ];
    let all = elements.into_iter().zip(HEADERS).filter_map(|((element, shown), what)| {
        let text = &texts.at(&[element]).text;
        let said = shown && !text.is_empty();
        said.then(|| Fact::new(what, "", plain(&unescaped(text))))
    });
    all.collect()
}

/// The sizes of columns and rows that have none of their own.
fn usual_sizes(format: &Node) -> Result<Vec<Fact>, String> {
    let width = format.number("defaultColWidth")?.map(shown_width);
    let hidden = if format.flag("zeroHeight") { ",hidden" } else { "" };
    // 15 points is what the usual default font gives.
    let height = format.attr("defaultRowHeight").map(tidy);
    let height = height.filter(|height| height != "15" || !hidden.is_empty());
    let height = height.map(|height| height + hidden);
    let width = width.map(|width| Fact::new("usual column width", "", width));
    let height = height.map(|height| Fact::new("usual row height", "", height));
    Ok(width.into_iter().chain(height).collect())
}

/// Merged cells, page breaks and the filter.
fn layout(sheet: &Node) -> Vec<Fact> {
    let merges = sheet.at(&["mergeCells"]).children("mergeCell");
    let merges = merges.map(|merge| plain(merge.attr_or("ref", "?")));
    let mut facts: Vec<Fact> = merges.map(|place| Fact::new("merged cells", place, "")).collect();
    let rows = breaks(sheet.at(&["rowBreaks"])).map(|row| row.to_string());
    let columns = breaks(sheet.at(&["colBreaks"])).map(column_name);
    for line in rows.chain(columns) {
        facts.push(Fact::new("page break after", format!("{line}:{line}"), ""));
    }
    let filter = sheet.at(&["autoFilter"]);
    if let Some(range) = filter.attr("ref") {
        let words = Words(filter.children("filterColumn").map(outline).collect());
        facts.push(Fact::new("autofilter", plain(range), words.joined()));
    }
    facts
}

fn breaks(list: &Node) -> impl Iterator<Item = u32> {
    list.children("brk").filter_map(|brk| brk.attr("id")?.parse().ok())
}

/// What there is to say of a row or a column.
fn line(node: &Node, size: Option<String>, style: Style) -> Line {
    Line {
        size,
        hidden: node.flag("hidden"),
        level: node.unusual("outlineLevel", "0").map(plain),
        collapsed: node.flag("collapsed"),
        style,
    }
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
