//! How a cell looks, aspect by aspect, from the words of the text form. What a style leaves to the
//! workbook's default is filled in, so that two styles can be held against each other.

use std::collections::BTreeMap;

/// What can be said of a look, by aspect: `fill`, `bottom border`, `bold`. What is usual is not
/// said.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Look(pub BTreeMap<String, String>);

impl Look {
    /// `Arial 16 bold, fill D9E2F3, colour FF0000, border thin bottom, align left wrap`.
    pub(super) fn parse(text: &str, base: &Look) -> Look {
        let mut look = base.clone();
        let mut bordered = false;
        for part in text.split(", ").filter(|part| !part.is_empty()) {
            let (first, rest) = part.split_once(' ').unwrap_or((part, ""));
            match first {
                "fill" => look.set("fill", rest),
                "colour" if rest == "auto" => drop(look.0.remove("text colour")),
                "colour" => look.set("text colour", rest),
                "border" => {
                    if !std::mem::replace(&mut bordered, true) {
                        look.0.retain(|aspect, _| !aspect.ends_with(" border"));
                    }
                    look.border(rest);
                }
                "no" if rest == "fill" => drop(look.0.remove("fill")),
                "no" if rest == "border" => look.0.retain(|aspect, _| !aspect.ends_with(" border")),
                "align" => look.align(rest),
                "locked" | "unlocked" | "formula-hidden" => {
                    look.0.remove("cell protection");
                    if first != "locked" {
                        look.set("cell protection", part);
                    }
                }
                _ => look.font(part),
            }
        }
        look
    }

    fn set(&mut self, aspect: &str, value: &str) {
        self.0.insert(aspect.to_owned(), value.to_owned());
    }

    /// `Arial 16 bold not-italic underline-double`.
    fn font(&mut self, words: &str) {
        let mut words: Vec<&str> = words.split(' ').collect();
        while let Some(word) = words.last() {
            let (mark, taken) =
                word.strip_prefix("not-").map_or((*word, false), |mark| (mark, true));
            let (aspect, says) = match mark.split_once('-') {
                Some(("underline", kind)) => ("underline", kind),
                _ => (mark, "yes"),
            };
            let known = [
                "bold",
                "italic",
                "strikethrough",
                "outline",
                "shadow",
                "underline",
                "superscript",
                "subscript",
            ];
            if !known.contains(&aspect) {
                break;
            }
            // What is taken away stands last and is seen first, so `underline-double not-underline`
            // is double.
            match taken {
                true => drop(self.0.remove(aspect)),
                false => self.set(aspect, says),
            }
            words.pop();
        }
        if words.last().is_some_and(|word| word.parse::<f64>().is_ok()) {
            self.set("font size", words.pop().unwrap_or_default());
        }
        if !words.is_empty() {
            self.set("font", &words.join(" "));
        }
    }

    /// `thin theme:1 tint 0.5 left+right`.
    fn border(&mut self, words: &str) {
        let (line, sides) = words.rsplit_once(' ').unwrap_or(("", words));
        for side in sides.replace("all", "left+right+top+bottom").split('+') {
            self.set(&format!("{side} border"), line);
        }
    }

    /// `centre top wrap indent 1`; `general` is what is usual.
    fn align(&mut self, words: &str) {
        let aspects = [
            "alignment",
            "vertical alignment",
            "wrapped text",
            "shrink to fit",
            "last line",
            "indent",
            "rotation",
            "reading order",
        ];
        for aspect in aspects {
            self.0.remove(aspect);
        }
        let mut words = words.split(' ');
        while let Some(word) = words.next() {
            match word {
                "general" | "" => {}
                "top" | "middle" => self.set("vertical alignment", word),
                "wrap" => self.set("wrapped text", "yes"),
                "shrink" => self.set("shrink to fit", "yes"),
                "justify-last" => self.set("last line", "justified"),
                "indent" => self.set("indent", words.next().unwrap_or_default()),
                "rotate" => self.set("rotation", words.next().unwrap_or_default()),
                "reading-order" => self.set("reading order", words.next().unwrap_or_default()),
                word => match word.strip_prefix("vertical-") {
                    Some(place) => self.set("vertical alignment", place),
                    None => self.set("alignment", word),
                },
            }
        }
    }
}
