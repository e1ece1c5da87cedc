//! What facts and cells say: words, texts in quotes, numbers and days.

use super::node::Node;
use super::styles::Font;
use crate::workbook_diff::book::Value;
use crate::workbook_diff::text::{escaped, number_text, plain, quoted};

/// The words of one fact, gathered from settings that may or may not be there.
#[derive(Default)]
pub(super) struct Words(pub(super) Vec<String>);

impl Words {
    pub(super) fn add(&mut self, word: impl Into<String>) {
        self.0.push(word.into());
    }

    pub(super) fn when(&mut self, condition: bool, word: &str) {
        if condition {
            self.add(word);
        }
    }

    /// The flags of an element that are set, each by its word.
    pub(super) fn flags(&mut self, node: &Node, words: &[(&str, &str)]) {
        for (attribute, word) in words {
            self.when(node.flag(attribute), word);
        }
    }

    /// `label value`, if there is a value.
    pub(super) fn with(&mut self, label: &str, value: Option<impl AsRef<str>>) {
        self.0.extend(value.map(|value| format!("{label} {}", plain(value.as_ref()))));
    }

    /// The same with the value in quotes.
    pub(super) fn text(&mut self, label: &str, value: Option<&str>) {
        self.0.extend(value.map(|value| format!("{label} {}", quoted(value))));
    }

    pub(super) fn joined(self) -> String {
        self.0.join(" ")
    }
}

/// A string of runs, each with its own font or that of the cell.
pub(super) struct RichText(Vec<(Option<Font>, String)>);

/// The text of a run, or of a whole that has no runs, as a reader sees it.
fn text_of(node: &Node) -> String {
    let text = node.at(&["t"]);
    // Without this attribute Excel drops the outer spaces, so the reader never sees them.
    let kept = if text.attr("space") == Some("preserve") { &text.text } else { text.text.trim() };
    unescaped(kept)
}

impl RichText {
    /// Reads `<si>`, `<is>` or a note's `<text>`. Phonetic hints (`<rPh>`) are not part of the
    /// text.
    pub(super) fn parse(node: &Node) -> RichText {
        let runs = node.children("r");
        let mut runs: Vec<_> =
            runs.map(|run| (run.child("rPr").map(Font::parse), text_of(run))).collect();
        if runs.is_empty() {
            runs.push((None, text_of(node)));
        }
        RichText(runs)
    }

    /// The text; of one whose parts may look otherwise also the same with `**bold**` and
    /// `_italic_` marks, and with a base font what else each run changes.
    pub(super) fn value(&self, base: Option<&Font>) -> Value {
        let says = self.0.iter().map(|(_, text)| text.as_str()).collect();
        let rich = self.0.iter().any(|(font, _)| font.is_some());
        Value::Text(says, rich.then(|| self.marked(base)))
    }

    /// The same in quotes.
    pub(super) fn quoted(&self) -> String {
        match self.value(None) {
            Value::Text(_, Some(marked)) => format!("rich \"{marked}\""),
            Value::Text(text, None) => quoted(&text),
            _ => String::new(),
        }
    }

    fn marked(&self, base: Option<&Font>) -> String {
        let mut out = String::new();
        for (font, text) in &self.0 {
            let mut text = escaped(text);
            // Kept apart from the marks.
            for mark in ["*", "_", "{", "}"] {
                text = text.replace(mark, &format!("\\{mark}"));
            }
            if let Some(font) = font {
                for (mark, sign) in [("italic", "_"), ("bold", "**")] {
                    if font.has(mark) {
                        text = format!("{sign}{text}{sign}");
                    }
                }
                let changes = base.map(|base| font.run_changes(base)).unwrap_or_default();
                if !changes.is_empty() {
                    text = format!("{{{changes}: {text}}}");
                }
            }
            out.push_str(&text);
        }
        out
    }
}

/// Undoes `_x000A_`, the way the format stores characters that XML cannot hold.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("_x") {
        let code = rest
            .get(start + 2..start + 6)
            .filter(|_| rest.as_bytes().get(start + 6) == Some(&b'_'));
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                out.push_str(&rest[..start]);
                out.push(character);
                rest = &rest[start + 7..];
            }
            None => {
                out.push_str(&rest[..start + 2]);
                rest = &rest[start + 2..];
            }
        }
    }
    out + rest
}

/// A number as stored, without the digits and zeros that only the writer's habit added.
pub(super) fn tidy(text: &str) -> String {
    text.trim().parse::<f64>().map_or_else(|_| plain(text), number_text)
}

/// A serial number as the day, the time of day, or both; `None` outside the calendar.
pub(super) fn date_text(serial: f64, from_1904: bool) -> Option<String> {
    let serial = if from_1904 { serial + 1462.0 } else { serial };
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let seconds = (serial * 86_400.0).round() as i64;
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    if day == 0 {
        return Some(time);
    }
    if day == 60 {
        // The calendar inherited from Lotus has this day, the real one does not.
        return Some("1900-02-29".to_owned());
    }
    // Before the day that there never was, days count from 31 December 1899, after it from the
    // day before.
    let first = jiff::civil::date(1899, 12, if day < 60 { 31 } else { 30 });
    let date = first.checked_add(jiff::Span::new().days(day)).ok()?.to_string();
    Some(if second == 0 { date } else { format!("{date} {time}") })
}
