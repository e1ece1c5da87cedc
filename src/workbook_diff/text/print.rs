//! A workbook as text.

use std::collections::HashMap;

use super::looks::{in_words, tag_end};
use super::quotes::quoted;
use super::{HEADERS, column_name, heading, number_text, part_words, span};
use crate::workbook_diff::book::Value;
use crate::workbook_diff::book::{Book, Cell, Fact, GENERAL, Line, Look, Sheet, Stretch, Style};

impl Book {
    /// The workbook as snapshots keep it.
    pub fn text(&self) -> String {
        let mut printer = Printer { book: self, out: String::new(), numbers: HashMap::new() };
        printer.facts();
        self.sheets.iter().for_each(|sheet| printer.sheet(sheet));
        printer.styles();
        printer.out
    }
}

impl Fact {
    /// All the rest that it says, in words.
    pub(in crate::workbook_diff) fn words(&self) -> String {
        if self.parts.is_empty() { self.text.clone() } else { part_words(&self.parts) }
    }
}

/// The text so far, and the numbers of the looks in it.
struct Printer<'b> {
    book: &'b Book,
    out: String,
    numbers: HashMap<&'b Look, usize>,
}

impl<'b> Printer<'b> {
    fn say(&mut self, line: &str) {
        self.out.extend([line, "\n"]);
    }

    /// One line for a list, none for an empty one.
    fn say_list(&mut self, label: &str, words: &[String]) {
        if !words.is_empty() {
            self.say(&format!("{label} {}", words.join(" ")));
        }
    }

    /// What is of the whole workbook.
    fn facts(&mut self) {
        let properties = self.book.facts.iter().filter(|fact| fact.what == "property");
        let words: Vec<String> =
            properties.map(|fact| format!("{}={}", fact.name, fact.text)).collect();
        self.say_list("properties:", &words);
        for fact in &self.book.facts {
            match fact.what {
                "property" => {}
                "opens on sheet" => self.say(&format!("opens on sheet {}", fact.text)),
                "name" => self.say(&format!("name {} = {}", fact.name, fact.text)),
                flag => self.say(flag),
            }
        }
    }

    fn sheet(&mut self, sheet: &'b Sheet) {
        let (heading, facts) = heading::print(sheet);
        self.say(&heading);
        for fact in facts.iter().filter(|fact| HEADERS.contains(&fact.what)) {
            self.say(&format!("{}: {}", fact.what, fact.text));
        }
        self.lines("cols", usual(&facts, "usual column width"), &sheet.columns, column_name);
        self.lines("rows", usual(&facts, "usual row height"), &sheet.rows, |row| row.to_string());
        self.say_list("merges", &places(&facts, "merged cells"));
        self.page_breaks(&places(&facts, "page break after"));
        facts.iter().filter_map(|fact| line(fact)).for_each(|line| self.say(&line));
        for (row, stretch) in &sheet.cells {
            self.cells(*row, stretch);
        }
    }

    /// `cols default=8.43 A=40 C:F=9.71,hidden[s1]`.
    fn lines(
        &mut self,
        label: &str,
        usual: Option<&str>,
        lines: &'b [Stretch<Line>],
        name: fn(u32) -> String,
    ) {
        let mut words: Vec<String> =
            usual.map(|usual| format!("default={usual}")).into_iter().collect();
        for Stretch { first, last, each } in lines {
            let says: Vec<String> = each.size.iter().cloned().chain(each.words()).collect();
            let tag = self.tag(&each.style);
            words.push(format!("{}={}{tag}", span(name(*first), name(*last)), says.join(",")));
        }
        self.say_list(label, &words);
    }

    fn page_breaks(&mut self, places: &[String]) {
        let lines = places.iter().filter_map(|place| place.split(':').next());
        let (rows, columns): (Vec<&str>, Vec<&str>) =
            lines.partition(|line| line.starts_with(|letter: char| letter.is_ascii_digit()));
        let told: Vec<String> = [("rows", rows), ("columns", columns)]
            .into_iter()
            .filter(|(_, lines)| !lines.is_empty())
            .map(|(axis, lines)| format!("after {axis} {}", lines.join(" ")))
            .collect();
        if !told.is_empty() {
            self.say(&format!("page breaks: {}", told.join(", ")));
        }
    }

    fn cells(&mut self, row: u32, Stretch { first, last, each }: &'b Stretch<Cell>) {
        let name = |column: u32| format!("{}{row}", column_name(column));
        let mut line = span(name(*first), name(*last));
        let tag = self.tag(&each.style);
        if !tag.is_empty() {
            line.extend([" ", &tag]);
        }
        let value = value(&each.value);
        match &each.formula {
            None => line.extend([" ", value.as_deref().unwrap_or("blank")]),
            Some(formula) => {
                line.push_str(&format!(" {formula}"));
                line.extend(value.iter().flat_map(|value| [" -> ", value.as_str()]));
            }
        }
        self.say(&line);
    }

    /// `[s4 0.0%]`, or nothing for the default style.
    fn tag(&mut self, style: &'b Style) -> String {
        let mut words = Vec::new();
        if style.look != self.book.default {
            let next = self.numbers.len() + 1;
            words.push(format!("s{}", self.numbers.entry(&style.look).or_insert(next)));
        }
        if &*style.format != GENERAL {
            words.push(style.format.to_string());
        }
        if words.is_empty() { String::new() } else { format!("[{}]", words.join(" ")) }
    }

    /// The looks by their numbers.
    fn styles(&mut self) {
        let base = &self.book.default;
        let default = in_words(base, &Look::default());
        let default = if default.is_empty() { "plain" } else { &default };
        self.out.push_str(&format!("styles used\ndefault: {default}\n"));
        let mut looks: Vec<(usize, &Look)> =
            self.numbers.iter().map(|(look, number)| (*number, *look)).collect();
        looks.sort_unstable_by_key(|(number, _)| *number);
        for (number, look) in looks {
            self.out.push_str(&format!("s{number} {}\n", in_words(look, base)));
        }
    }
}

fn usual<'f>(facts: &[&'f Fact], what: &str) -> Option<&'f str> {
    facts.iter().find(|fact| fact.what == what).map(|fact| fact.text.as_str())
}

fn places(facts: &[&Fact], what: &str) -> Vec<String> {
    facts.iter().filter(|fact| fact.what == what).map(|fact| fact.place.clone()).collect()
}

/// The line of a fact that has one of its own.
fn line(fact: &Fact) -> Option<String> {
    let Fact { what, name, place, .. } = fact;
    let text = fact.words();
    Some(match *what {
        "usual column width" | "usual row height" | "merged cells" | "page break after" => {
            return None;
        }
        what if HEADERS.contains(&what) => return None,
        "table" => format!("table {name} {place} {text}"),
        "ignored error" => format!("ignored error {place}: {text}"),
        what if text.is_empty() => format!("{what} {place}"),
        what => format!("{what} {place} {text}"),
    })
}

/// `None` for an empty cell.
fn value(value: &Value) -> Option<String> {
    match value {
        Value::Blank => None,
        Value::Text(_, Some(marked)) => Some(format!("rich \"{marked}\"")),
        Value::Text(text, None) => Some(quoted(text)),
        Value::Number(number, Some(date)) => Some(format!("{} ({date})", number_text(*number))),
        Value::Number(number, None) => Some(number_text(*number)),
        Value::Word(word) => Some(word.clone()),
    }
}

impl Line {
    /// What there is to say of it besides its size and its style.
    pub(in crate::workbook_diff) fn words(&self) -> Vec<String> {
        let hidden = self.hidden.then(|| "hidden".to_owned());
        let level = self.level.as_ref().map(|level| format!("level {level}"));
        let collapsed = self.collapsed.then(|| "collapsed".to_owned());
        [hidden, level, collapsed].into_iter().flatten().collect()
    }
}

/// A number format as it stands between the brackets: one that would end them too early or too
/// late is spelt out.
pub(in crate::workbook_diff) fn format_in_brackets(format: &str) -> String {
    if tag_end(&format!("{format}]")) == Some(format.len()) {
        return format.to_owned();
    }
    format.chars().map(spelt).collect()
}

/// A letter of a number format, spelt out where it may end the brackets or begin something in them.
fn spelt(letter: char) -> String {
    match letter {
        '[' | ']' | '"' | '\\' | '_' | '*' => letter.escape_unicode().to_string(),
        letter => letter.to_string(),
    }
}
