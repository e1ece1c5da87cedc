//! The text of a workbook back as plain data.

use std::collections::HashMap;
use std::rc::Rc;

use super::heading::begins;
use super::looks::tag_end;
use super::quotes::{quote_end, unmarked, unquoted};
use super::{HEADERS, cell_place, column_number, heading, looks, parts};
use crate::workbook_diff::book::{
    Book, Cell, Fact, Formula, GENERAL, Line, Look, Sheet, Stretch, Style, Value,
};

impl Book {
    /// The workbook that [`Book::text`] tells.
    pub fn read(text: &str) -> Result<Book, String> {
        let styles = Styles::read(text)?;
        let mut book = Book { default: styles.default.clone(), ..Book::default() };
        for (index, line) in text.lines().enumerate() {
            if line == "styles used" {
                return Ok(book);
            }
            let told = match book.sheets.last_mut() {
                _ if line.starts_with("== sheet ") => {
                    heading::read(line).map(|sheet| book.sheets.push(sheet))
                }
                Some(sheet) if line.starts_with(|c: char| c.is_ascii_uppercase()) => {
                    cells(line, &styles).map(|cells| sheet.cells.push(cells))
                }
                Some(sheet) => sheet_line(sheet, line, &styles),
                None => book_line(&mut book.facts, line),
            };
            told.ok_or_else(|| format!("line {} is not part of a workbook's text", index + 1))?;
        }
        Err("it ends too early: the list of styles is missing".to_owned())
    }
}

/// The numbered looks, which stand at the end.
struct Styles {
    default: Rc<Look>,
    numbered: HashMap<String, Rc<Look>>,
}

impl Styles {
    fn read(text: &str) -> Result<Styles, String> {
        let mut lines =
            text.lines().enumerate().skip_while(|(_, line)| *line != "styles used").skip(1);
        let mut styles = Styles { default: Rc::default(), numbered: HashMap::new() };
        if let Some(default) = lines.next().and_then(|(_, line)| line.strip_prefix("default: ")) {
            let default = if default == "plain" { "" } else { default };
            styles.default = Rc::new(looks::read(default, &Look::default()));
        }
        for (index, line) in lines.filter(|(_, line)| !line.is_empty()) {
            let wrong = || format!("line {} is not a style", index + 1);
            let (name, look) =
                line.split_once(' ').filter(|(name, _)| name.starts_with('s')).ok_or_else(wrong)?;
            styles.numbered.insert(name.to_owned(), Rc::new(looks::read(look, &styles.default)));
        }
        Ok(styles)
    }

    /// The inside of `[s4 0.0%]`.
    fn style(&self, tag: &str) -> Style {
        let (first, rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let (look, format) = match self.numbered.get(first) {
            Some(look) => (look.clone(), rest),
            None => (self.default.clone(), tag),
        };
        Style { look, format: if format.is_empty() { GENERAL } else { format }.into() }
    }

    fn plain(&self) -> Style {
        Style::plain(&self.default)
    }
}

fn book_line(facts: &mut Vec<Fact>, line: &str) -> Option<()> {
    if let Some(properties) = line.strip_prefix("properties: ") {
        return read_properties(facts, properties);
    }
    let flags = ["dates count from 1904", "workbook structure locked"];
    facts.push(if let Some(sheet) = line.strip_prefix("opens on sheet ") {
        Fact::new("opens on sheet", "", sheet)
    } else if let Some(flag) = flags.into_iter().find(|flag| line == *flag) {
        Fact::new(flag, "", "yes")
    } else {
        let (name, refers) = line.strip_prefix("name ")?.split_once(" = ")?;
        Fact::new("name", "", refers).named(name)
    });
    Some(())
}

/// `title="A report" created=2026-01-01 custom "Year"="2026"`.
fn read_properties(facts: &mut Vec<Fact>, line: &str) -> Option<()> {
    let mut rest = line;
    while !rest.is_empty() {
        let equals = match rest.strip_prefix("custom ") {
            Some(custom) => 7 + quote_end(custom)?,
            None => rest.find('=')?,
        };
        let (name, value) = (&rest[..equals], rest[equals..].strip_prefix('=')?);
        let end = if value.starts_with('"') {
            quote_end(value)?
        } else {
            value.find(' ').unwrap_or(value.len())
        };
        facts.push(Fact::new("property", "", &value[..end]).named(name));
        rest = value[end..].trim_start();
    }
    Some(())
}

/// Lines that name what they are about, then the cells, then the rest.
const PLACED: [&str; 13] = [
    "conditional format",
    "ignored error",
    "validation",
    "sparkline",
    "autofilter",
    "link",
    "note",
    "chart",
    "image",
    "shape",
    "object",
    "connector",
    "table",
];

fn sheet_line(sheet: &mut Sheet, line: &str, styles: &Styles) -> Option<()> {
    if let Some(columns) = line.strip_prefix("cols ") {
        let usual = lines(&mut sheet.columns, columns, column_number, styles)?;
        sheet.facts.extend(usual.map(|width| Fact::new("usual column width", "", width)));
    } else if let Some(rows) = line.strip_prefix("rows ") {
        let usual = lines(&mut sheet.rows, rows, |row| row.parse().ok(), styles)?;
        sheet.facts.extend(usual.map(|height| Fact::new("usual row height", "", height)));
    } else if let Some(merges) = line.strip_prefix("merges ") {
        sheet.facts.extend(merges.split(' ').map(|place| Fact::new("merged cells", place, "")));
    } else if let Some(breaks) = line.strip_prefix("page breaks: ") {
        sheet.facts.extend(breaks.split(", ").flat_map(page_breaks));
    } else if let Some(what) = PLACED.into_iter().find(|what| begins(line, what)) {
        sheet.facts.push(placed(what, line.get(what.len() + 1..).unwrap_or_default()));
    } else {
        let printed = |what: &str| line.strip_prefix(what).and_then(|rest| rest.strip_prefix(": "));
        let (what, text) = HEADERS.into_iter().find_map(|what| Some((what, printed(what)?)))?;
        sheet.facts.push(Fact::new(what, "", text));
    }
    Some(())
}

/// `after rows 4 9`.
fn page_breaks(part: &str) -> impl Iterator<Item = Fact> {
    let lines = part.trim_start_matches("after rows ").trim_start_matches("after columns ");
    lines.split(' ').map(|line| Fact::new("page break after", format!("{line}:{line}"), ""))
}

fn placed(what: &'static str, rest: &str) -> Fact {
    let (place, text) = rest.split_once(' ').unwrap_or((rest, ""));
    match what {
        // A table goes by its name; where it lies may move.
        "table" => {
            let (range, text) = text.split_once(' ').unwrap_or((text, ""));
            Fact::new(what, range, text).named(place)
        }
        "chart" | "image" | "shape" | "object" | "connector" => {
            Fact { parts: parts::read(text), ..Fact::new(what, place, "") }
        }
        _ => Fact::new(what, place.trim_end_matches(':'), text),
    }
}

/// `default=15 1=24.75 3:10=18,hidden,level 1[s4 0.0%]`; gives what is usual.
fn lines(
    found: &mut Vec<Stretch<Line>>,
    line: &str,
    number: fn(&str) -> Option<u32>,
    styles: &Styles,
) -> Option<Option<String>> {
    let mut rest = line;
    let mut usual = None;
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let (words, tag, length) = one_line(after)?;
        rest = after[length..].trim_start();
        if name == "default" {
            usual = Some(words.to_owned());
            continue;
        }
        let (first, last) = name.split_once(':').unwrap_or((name, name));
        let style = tag.map_or_else(|| styles.plain(), |tag| styles.style(tag));
        let each = line_of(words, style);
        found.push(Stretch { first: number(first)?, last: number(last)?, each });
    }
    Some(usual)
}

/// The words of a row or column, its style, and where the next begins.
fn one_line(text: &str) -> Option<(&str, Option<&str>, usize)> {
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => {
                let close = at + 1 + tag_end(&text[at + 1..])?;
                return Some((&text[..at], Some(&text[at + 1..close]), close + 1));
            }
            ' ' if starts_line(&text[at + 1..]) => return Some((&text[..at], None, at)),
            _ => {}
        }
    }
    Some((text, None, text.len()))
}

/// Whether another row or column begins here: `B:C=`.
fn starts_line(text: &str) -> bool {
    let name = text.split(['=', ' ']).next().unwrap_or_default();
    text[name.len()..].starts_with('=')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == ':')
}

/// `18,hidden,level 1`.
fn line_of(words: &str, style: Style) -> Line {
    let mut line = Line { style, ..Line::default() };
    for word in words.split(',').filter(|word| !word.is_empty()) {
        match word {
            "hidden" => line.hidden = true,
            "collapsed" => line.collapsed = true,
            word => match word.strip_prefix("level ") {
                Some(level) => line.level = Some(level.to_owned()),
                None => line.size = Some(word.to_owned()),
            },
        }
    }
    line
}

/// `A1:F1 [s1] blank`, `D6 [s2 0.0%] =B6/C6 -> 0.5`.
fn cells(line: &str, styles: &Styles) -> Option<(u32, Stretch<Cell>)> {
    let (place, rest) = line.split_once(' ')?;
    let (first, last) = place.split_once(':').unwrap_or((place, place));
    let ((first, row), (last, _)) = (cell_place(first)?, cell_place(last)?);
    let tagged = rest.strip_prefix('[').and_then(|tag| Some((tag, tag_end(tag)?)));
    let (style, text) = match tagged {
        Some((tag, end)) => (styles.style(&tag[..end]), tag[end + 1..].trim_start()),
        None => (styles.plain(), rest),
    };
    let is_formula = ["=", "{=", "data table over"].iter().any(|sign| text.starts_with(sign));
    let (formula, value) = match text {
        "blank" => (None, Value::Blank),
        _ if is_formula => formula_and_value(text),
        _ => (None, whole_value(text).unwrap_or_else(|| Value::Word(text.to_owned()))),
    };
    Some((row, Stretch { first, last, each: Cell { style, formula, value } }))
}

/// `=A1&" -> "&A2 -> "x"`: they are parted by the first arrow behind which there is nothing but a
/// value.
fn formula_and_value(text: &str) -> (Option<Formula>, Value) {
    let mut arrows = text.match_indices(" -> ").map(|(at, _)| at);
    let found = arrows.find_map(|at| Some((at, whole_value(&text[at + 4..])?)));
    let (text, value) = found.map_or((text, Value::Blank), |(at, value)| (&text[..at], value));
    (Some(formula(text)), value)
}

fn formula(text: &str) -> Formula {
    let whole = text.strip_prefix('=').unwrap_or(text);
    if let Some(over) = text.strip_prefix("data table over ") {
        return Formula::DataTable(over.to_owned());
    }
    if let Some((text, over)) = text.strip_prefix("{=").and_then(|text| text.rsplit_once("} over "))
    {
        return Formula::Array(text.to_owned(), over.to_owned());
    }
    let group = whole.rsplit_once("(shared formula ");
    let group = group.and_then(|(text, group)| Some((text, group.strip_suffix(')')?)));
    match group {
        Some(("", group)) => Formula::Shared(group.to_owned()),
        Some((text, group)) => {
            let (group, over) = group.split_once(" over ").unwrap_or((group, ""));
            let (text, group, over) = (text.trim_end(), group.to_owned(), over.to_owned());
            Formula::SharedFrom(text.to_owned(), group, over)
        }
        None => Formula::Plain(whole.to_owned()),
    }
}

/// A value, where the text is nothing but one.
fn whole_value(text: &str) -> Option<Value> {
    if let Some(rich) = text.strip_prefix("rich ") {
        (quote_end(rich)? == rich.len()).then_some(())?;
        let marked = &rich[1..rich.len() - 1];
        return Some(Value::Text(unmarked(marked), Some(marked.to_owned())));
    }
    if text.starts_with('"') {
        return unquoted(text).map(|text| Value::Text(text, None));
    }
    if matches!(text, "TRUE" | "FALSE") || text.starts_with('#') {
        return Some(Value::Word(text.to_owned()));
    }
    let (number, date) = text.split_once(" (").unwrap_or((text, ""));
    let number: f64 = number.parse().ok()?;
    Some(Value::Number(number, date.strip_suffix(')').map(str::to_owned)))
}
