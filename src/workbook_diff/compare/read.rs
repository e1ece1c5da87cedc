//! The text of a workbook back as plain data, so that two of them can be held against each other.
//! The text is written by [`crate::workbook_diff::describe`], which decides what counts and in what
//! order.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::look::Look;
use super::refs::{Axis, cell_place, column_name, column_number};
use crate::nouns::problem::MOST_ROWS;
use crate::workbook_diff::describe::tag_end;

/// How many cells, rows and columns of a workbook are compared. A line of a text can stand for a
/// million.
const MOST: usize = 3_000_000;

/// A workbook.
#[derive(Default)]
pub(super) struct Book {
    pub facts: Vec<Fact>,
    pub sheets: Vec<Sheet>,
    /// What cells look like that say nothing of it.
    pub default: Rc<Look>,
}

/// A sheet: its cells, what its rows and columns are like, and everything else that can be said of
/// it.
#[derive(Default)]
pub(super) struct Sheet {
    pub name: String,
    pub facts: Vec<Fact>,
    pub cells: BTreeMap<(u32, u32), Cell>,
    pub rows: BTreeMap<u32, Line>,
    pub columns: BTreeMap<u32, Line>,
}

/// One thing that is so, such as `orientation landscape` or a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    /// What it is about: `orientation`, `merge`, `chart`.
    pub what: String,
    /// The cells that it is about, if any.
    pub place: String,
    /// All the rest, as the text form tells it.
    pub text: String,
}

/// A row or column.
#[derive(Default, Clone)]
pub(super) struct Line {
    /// Its height or width.
    pub size: Option<String>,
    /// `hidden`, `level 1`, `collapsed`.
    pub words: String,
    pub style: Style,
}

/// How a cell looks.
#[derive(Default, Clone)]
pub(super) struct Style {
    pub look: Rc<Look>,
    pub format: String,
}

/// A cell.
#[derive(Default, Clone)]
pub(super) struct Cell {
    pub style: Style,
    pub formula: Option<String>,
    pub value: Value,
}

/// What a cell shows.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) enum Value {
    #[default]
    Blank,
    /// The text, and the same with marks where parts of it look otherwise.
    Text(String, Option<String>),
    /// The number and, where the cell shows it so, the date.
    Number(f64, Option<String>),
    /// `TRUE`, `#N/A`.
    Word(String),
}

impl Book {
    pub(super) fn parse(text: &str) -> Result<Book, String> {
        let looks = Looks::parse(text)?;
        let mut book = Book { default: looks.default.clone(), ..Book::default() };
        for (index, line) in text.lines().enumerate() {
            if line == "styles used" {
                return Ok(book);
            }
            let told = match book.sheets.last_mut() {
                _ if line.starts_with("== sheet ") => {
                    heading(line).map(|sheet| book.sheets.push(sheet))
                }
                Some(sheet) if line.starts_with(|c: char| c.is_ascii_uppercase()) => {
                    cell(sheet, line, &looks)
                }
                Some(sheet) => sheet_line(sheet, line, &looks),
                None => book_line(&mut book.facts, line),
            };
            told.ok_or_else(|| match looks.room.get() {
                0 => format!(
                    "it has more than {MOST} cells, rows and columns, which are too many to compare"
                ),
                _ => format!("line {} is not part of a workbook's text", index + 1),
            })?;
        }
        Err("it ends too early: the list of styles is missing".to_owned())
    }
}

/// The numbered styles, which stand at the end.
struct Looks {
    default: Rc<Look>,
    numbered: HashMap<String, Rc<Look>>,
    /// How many cells, rows and columns may still come.
    room: std::cell::Cell<usize>,
}

impl Looks {
    fn parse(text: &str) -> Result<Looks, String> {
        let mut lines =
            text.lines().enumerate().skip_while(|(_, line)| *line != "styles used").skip(1);
        let mut looks =
            Looks { default: Rc::default(), numbered: HashMap::new(), room: MOST.into() };
        if let Some(default) = lines.next().and_then(|(_, line)| line.strip_prefix("default: ")) {
            let default = if default == "plain" { "" } else { default };
            looks.default = Rc::new(Look::parse(default, &Look::default()));
        }
        for (index, line) in lines.filter(|(_, line)| !line.is_empty()) {
            let wrong = || format!("line {} is not a style", index + 1);
            let (name, look) =
                line.split_once(' ').filter(|(name, _)| name.starts_with('s')).ok_or_else(wrong)?;
            looks.numbered.insert(name.to_owned(), Rc::new(Look::parse(look, &looks.default)));
        }
        Ok(looks)
    }

    /// The inside of `[s4 0.0%]`.
    fn style(&self, tag: &str) -> Style {
        let (first, rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let (look, format) = match self.numbered.get(first) {
            Some(look) => (look.clone(), rest),
            None => (self.default.clone(), tag),
        };
        Style {
            look,
            format: if format.is_empty() { "General".to_owned() } else { format.to_owned() },
        }
    }

    /// Whether so many lines or cells from here to there may still come.
    fn takes(&self, first: u32, last: u32) -> Option<()> {
        let room =
            self.room.get().saturating_sub((last.saturating_sub(first) as usize).saturating_add(1));
        self.room.set(room);
        (room > 0).then_some(())
    }

    fn plain(&self) -> Style {
        self.style("")
    }
}

fn fact(what: &str, place: &str, text: &str) -> Fact {
    Fact { what: what.to_owned(), place: place.to_owned(), text: text.to_owned() }
}

fn book_line(facts: &mut Vec<Fact>, line: &str) -> Option<()> {
    if let Some(mut rest) = line.strip_prefix("properties: ") {
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
            facts.push(fact(&format!("property {name}"), "", &value[..end]));
            rest = value[end..].trim_start();
        }
    } else if let Some(sheet) = line.strip_prefix("opens on sheet ") {
        facts.push(fact("opens on sheet", "", sheet));
    } else if matches!(line, "dates count from 1904" | "workbook structure locked") {
        facts.push(fact(line, "", "yes"));
    } else {
        let (name, refers) = line.strip_prefix("name ")?.split_once(" = ")?;
        facts.push(fact(&format!("name {name}"), "", refers));
    }
    Some(())
}

/// Words of a sheet's heading that stand by themselves: what they are about and what they say.
const FLAGS: [(&str, &str, &str); 19] = [
    ("landscape", "orientation", "landscape"),
    ("Letter", "paper", "Letter"),
    ("Tabloid", "paper", "Tabloid"),
    ("Legal", "paper", "Legal"),
    ("A3", "paper", "A3"),
    ("A4", "paper", "A4"),
    ("A5", "paper", "A5"),
    ("centred-horizontally", "centred horizontally", "yes"),
    ("centred-vertically", "centred vertically", "yes"),
    ("print-gridlines", "printed grid lines", "yes"),
    ("print-headings", "printed headings", "yes"),
    ("black-and-white", "black and white", "yes"),
    ("draft", "draft quality", "yes"),
    ("over-then-down", "page order", "over, then down"),
    ("protected", "protection", "on"),
    ("right-to-left", "right to left", "yes"),
    ("split", "split window", "yes"),
    ("[hidden]", "visibility", "hidden"),
    ("[very hidden]", "visibility", "very hidden"),
];

/// Words that are followed by what they say.
const LABELS: [(&str, &str); 16] = [
    ("paper", "paper"),
    ("fit", "fit to pages"),
    ("scale", "print scale"),
    ("titles", "print titles"),
    ("area", "print area"),
    ("margins", "margins"),
    ("first-page", "first page number"),
    ("tab", "tab colour"),
    ("gridlines", "grid lines"),
    ("headings", "headings"),
    ("zeros", "zeros"),
    ("formulas", "formulas"),
    ("view", "view"),
    ("zoom", "zoom"),
    ("freeze", "frozen panes"),
    ("selection", "selection"),
];

fn heading(line: &str) -> Option<Sheet> {
    let rest = line.strip_prefix("== sheet ")?;
    let end = quote_end(rest)?;
    let mut sheet = Sheet { name: unquoted(&rest[..end])?, ..Sheet::default() };
    let mut rest = rest[end..].trim_start();
    while !rest.is_empty() {
        if let Some((word, what, says)) = FLAGS.iter().find(|(word, ..)| begins(rest, word)) {
            sheet.facts.push(fact(what, "", says));
            rest = rest[word.len()..].trim_start();
        } else if rest.starts_with('[') {
            let (kind, after) = rest[1..].split_once(']')?;
            sheet.facts.push(fact("kind of sheet", "", kind));
            rest = after.trim_start();
        } else {
            let known = LABELS.into_iter().chain([("scrolled to", "scrolled to")]);
            let (word, what) = known.into_iter().find(|(word, _)| begins(rest, word))?;
            let value = rest[word.len()..].trim_start();
            let end =
                value.match_indices(' ').map(|(at, _)| at).find(|at| starts_word(&value[at + 1..]));
            let end = end.unwrap_or(value.len());
            let place = matches!(what, "print area" | "print titles");
            sheet.facts.push(match &value[..end] {
                value if what == "frozen panes" => fact(what, &frozen(value)?, ""),
                value if place => fact(what, value, ""),
                value => fact(what, "", value),
            });
            rest = value[end..].trim_start();
        }
    }
    Some(sheet)
}

/// `1:4,A:B`: the rows and columns that stay, from the first cell that does not.
fn frozen(corner: &str) -> Option<String> {
    let (column, row) = cell_place(corner)?;
    let rows = (row > 1).then(|| format!("1:{}", row - 1));
    let columns = (column > 1).then(|| format!("A:{}", column_name(column - 1)));
    Some(rows.into_iter().chain(columns).collect::<Vec<_>>().join(","))
}

fn begins(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn starts_word(text: &str) -> bool {
    let mut flags = FLAGS.iter().map(|(word, ..)| *word);
    let mut labels = LABELS.iter().map(|(word, _)| *word);
    flags.any(|word| begins(text, word))
        || labels.any(|word| begins(text, word))
        || begins(text, "scrolled to")
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

fn sheet_line(sheet: &mut Sheet, line: &str, looks: &Looks) -> Option<()> {
    let lines: [(&str, Axis); 2] = [("cols ", Axis::Columns), ("rows ", Axis::Rows)];
    if let Some((label, axis)) = lines.into_iter().find(|(label, _)| line.starts_with(label)) {
        return runs(sheet, &line[label.len()..], axis, looks);
    }
    if let Some(merges) = line.strip_prefix("merges ") {
        sheet.facts.extend(merges.split(' ').map(|place| fact("merged cells", place, "")));
        return Some(());
    }
    if let Some(breaks) = line.strip_prefix("page breaks: ") {
        for part in breaks.split(", ") {
            for place in part
                .trim_start_matches("after rows ")
                .trim_start_matches("after columns ")
                .split(' ')
            {
                sheet.facts.push(fact("page break after", &format!("{place}:{place}"), ""));
            }
        }
        return Some(());
    }
    if let Some(what) = PLACED.into_iter().find(|what| begins(line, what)) {
        let rest = &line[what.len() + 1..];
        let (place, text) = rest.split_once(' ').unwrap_or((rest, ""));
        sheet.facts.push(match what {
            // A table goes by its name; where it lies may move.
            "table" => {
                let (range, text) = text.split_once(' ').unwrap_or((text, ""));
                fact(&format!("table {place}"), range, text)
            }
            _ => fact(what, place.trim_end_matches(':'), text),
        });
        return Some(());
    }
    let texts = ["header", "footer", "even header", "even footer", "first header", "first footer"];
    let what = texts
        .into_iter()
        .find(|what| line.strip_prefix(what).is_some_and(|rest| rest.starts_with(": ")))?;
    sheet.facts.push(fact(what, "", &line[what.len() + 2..]));
    Some(())
}

/// `default=15 1=24.75 3:10=18,hidden,level 1[s4 0.0%]`.
fn runs(sheet: &mut Sheet, line: &str, axis: Axis, looks: &Looks) -> Option<()> {
    let mut rest = line;
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let mut end = 0;
        let mut tag = None;
        for (at, letter) in after.char_indices() {
            end = at;
            match letter {
                '[' => {
                    let close = at + 1 + tag_end(&after[at + 1..])?;
                    tag = Some(&after[at + 1..close]);
                    end = close + 1;
                    break;
                }
                ' ' if after[at + 1..].split(['=', ' ']).next().is_some_and(|next| {
                    after[at + 1 + next.len()..].starts_with('=')
                        && next.chars().all(|c| c.is_ascii_alphanumeric() || c == ':')
                }) =>
                {
                    break;
                }
                _ => end = at + letter.len_utf8(),
            }
        }
        let words = &after[..tag.map_or(end, |tag| end - tag.len() - 2)];
        rest = after[end..].trim_start();
        if name == "default" {
            let what = if axis == Axis::Rows { "usual row height" } else { "usual column width" };
            sheet.facts.push(fact(what, "", words));
            continue;
        }
        let number =
            |name: &str| if axis == Axis::Rows { name.parse().ok() } else { column_number(name) };
        let (first, last) = name.split_once(':').unwrap_or((name, name));
        let (first, last): (u32, u32) = (number(first)?, number(last)?);
        looks.takes(first, last.min(MOST_ROWS))?;
        let sized = words.starts_with(|c: char| c.is_ascii_digit());
        let (size, words) =
            if sized { words.split_once(',').unwrap_or((words, "")) } else { ("", words) };
        let style = tag.map_or_else(|| looks.plain(), |tag| looks.style(tag));
        let line =
            Line { size: sized.then(|| size.to_owned()), words: words.replace(',', ", "), style };
        let lines = if axis == Axis::Rows { &mut sheet.rows } else { &mut sheet.columns };
        lines.extend((first..=last.min(MOST_ROWS)).map(|number| (number, line.clone())));
    }
    Some(())
}

/// `A1:F1 [s1] blank`, `D6 [s2 0.0%] =B6/C6 -> 0.5`.
fn cell(sheet: &mut Sheet, line: &str, looks: &Looks) -> Option<()> {
    let (place, rest) = line.split_once(' ')?;
    let (first, last) = place.split_once(':').unwrap_or((place, place));
    let ((column, row), (last, _)) = (cell_place(first)?, cell_place(last)?);
    let tagged = rest.strip_prefix('[').and_then(|tag| Some((tag, tag_end(tag)?)));
    let (style, text) = match tagged {
        Some((tag, end)) => (looks.style(&tag[..end]), tag[end + 1..].trim_start()),
        None => (looks.plain(), rest),
    };
    let (formula, value) = match text {
        "blank" => (None, Value::Blank),
        _ if text.starts_with('=')
            || text.starts_with("{=")
            || text.starts_with("data table over") =>
        {
            let arrows = text.match_indices(" -> ").map(|(at, _)| at);
            let found = arrows.into_iter().find_map(|at| Some((at, whole_value(&text[at + 4..])?)));
            let (formula, value) =
                found.map_or((text, Value::Blank), |(at, value)| (&text[..at], value));
            (Some(unshared(formula)), value)
        }
        _ => (None, whole_value(text).unwrap_or_else(|| Value::Word(text.to_owned()))),
    };
    looks.takes(column, last)?;
    for column in column..=last {
        let cell = Cell { style: style.clone(), formula: formula.clone(), value: value.clone() };
        sheet.cells.insert((row, column), cell);
    }
    Some(())
}

/// The number of a shared formula's group and how far it reaches are the file's affair.
fn unshared(formula: &str) -> String {
    match formula.rfind(" (shared formula ") {
        Some(at) => formula[..at].to_owned(),
        None if formula.starts_with("=(shared formula ") => {
            "=(as in the cell that it is filled from)".to_owned()
        }
        None => formula.to_owned(),
    }
}

/// A value, where the text is nothing but one.
fn whole_value(text: &str) -> Option<Value> {
    if let Some(rich) = text.strip_prefix("rich ") {
        let (text, marked) = unmarked(rich)?;
        return Some(Value::Text(text, marked.then(|| rich[1..rich.len() - 1].to_owned())));
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

/// Where the closing quotation mark of a text ends that begins with an opening one.
pub(super) fn quote_end(text: &str) -> Option<usize> {
    let mut letters = text.strip_prefix('"')?.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '"' => return Some(at + 2),
            _ => {}
        }
    }
    None
}

/// The text between quotation marks, with what was spelt out put back.
pub(super) fn unquoted(text: &str) -> Option<String> {
    (quote_end(text)? == text.len()).then(|| unescaped(&text[1..text.len() - 1]))
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (letter, length) = escape(&rest[at..]);
        out.push(letter);
        rest = &rest[at + length..];
    }
    out + rest
}

/// What an escape at the beginning of a text stands for, and how long it is.
fn escape(text: &str) -> (char, usize) {
    let mut letters = text.chars();
    letters.next();
    match letters.next() {
        Some('n') => ('\n', 2),
        Some('r') => ('\r', 2),
        Some('t') => ('\t', 2),
        Some('u') => {
            let code = text.get(3..).and_then(|rest| rest.split_once('}')).map(|(code, _)| code);
            let letter = code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
            letter.zip(code).map_or(('u', 2), |(letter, code)| (letter, code.len() + 4))
        }
        Some(letter) => (letter, 1 + letter.len_utf8()),
        None => ('\\', 1),
    }
}

/// A text with marks, without them, and whether there were any.
fn unmarked(rich: &str) -> Option<(String, bool)> {
    (quote_end(rich)? == rich.len()).then_some(())?;
    let mut rest = &rich[1..rich.len() - 1];
    let (mut out, mut marked) = (String::new(), false);
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '\\' => {
                let (letter, length) = escape(rest);
                out.push(letter);
                length
            }
            '*' | '_' | '}' => 1,
            '{' => rest.find(": ").map_or(1, |at| at + 2),
            _ => {
                out.push(letter);
                rest = &rest[letter.len_utf8()..];
                continue;
            }
        };
        marked |= letter != '\\';
        rest = &rest[length..];
    }
    Some((out, marked))
}
