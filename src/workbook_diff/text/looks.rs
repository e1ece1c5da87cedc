//! How cells look, in words: `Arial 16 bold, fill D9E2F3, border thin bottom, align left wrap`.
//! Only what differs from the workbook's default is said.

use crate::workbook_diff::book::Look;

/// What a font has besides its face, in the order in which it is said.
const MARKS: [&str; 8] = [
    "bold",
    "italic",
    "strikethrough",
    "outline",
    "shadow",
    "underline",
    "superscript",
    "subscript",
];

/// The sides of a border, in the order in which they are said.
const SIDES: [&str; 9] = [
    "left",
    "right",
    "top",
    "bottom",
    "diagonal-both",
    "diagonal-up",
    "diagonal-down",
    "inner-vertical",
    "inner-horizontal",
];

/// What can be said of how a text stands in its cell.
const ALIGNED: [&str; 8] = [
    "alignment",
    "vertical alignment",
    "wrapped text",
    "shrink to fit",
    "last line",
    "indent",
    "rotation",
    "reading order",
];

/// Where a look differs from the base, in words; empty where it does not.
pub(in crate::workbook_diff) fn in_words(look: &Look, base: &Look) -> String {
    let mut parts = vec![font(look, base), fill(look, base), colour(look, base)];
    parts.push(changed(borders(look), borders(base), "no border"));
    parts.push(changed(alignment(look), alignment(base), "align general"));
    parts.push(changed(protection(look), protection(base), "locked"));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// Its own words where they are not those of the base.
fn changed(own: String, base: String, none: &str) -> String {
    match own.as_str() {
        _ if own == base => String::new(),
        "" => none.to_owned(),
        _ => own,
    }
}

/// Face and marks where they differ from the base.
fn font(look: &Look, base: &Look) -> String {
    let face = [look.says("font"), look.says("font size")];
    let mut words: Vec<String> = Vec::new();
    if face != [base.says("font"), base.says("font size")] {
        words.extend(face.into_iter().flatten().map(str::to_owned));
    }
    let (own, usual) = (marks(look), marks(base));
    words.extend(own.iter().filter(|mark| !usual.contains(mark)).cloned());
    words.extend(usual.iter().filter(|mark| !own.contains(mark)).map(|mark| format!("not-{mark}")));
    words.join(" ")
}

fn marks(look: &Look) -> Vec<String> {
    let marks = MARKS.iter().filter_map(|mark| Some((*mark, look.says(mark)?)));
    let words = marks.map(|(mark, says)| match says {
        "yes" => mark.to_owned(),
        kind => format!("{mark}-{kind}"),
    });
    words.collect()
}

fn fill(look: &Look, base: &Look) -> String {
    let words = |look: &Look| look.says("fill").map(|fill| format!("fill {fill}"));
    changed(words(look).unwrap_or_default(), words(base).unwrap_or_default(), "no fill")
}

fn colour(look: &Look, base: &Look) -> String {
    match (look.says("text colour"), base.says("text colour")) {
        (own, base) if own == base => String::new(),
        (own, _) => format!("colour {}", own.unwrap_or("auto")),
    }
}

/// Sides that look the same are told together.
fn borders(look: &Look) -> String {
    let mut lines: Vec<(&str, Vec<&str>)> = Vec::new();
    for side in SIDES {
        let Some(line) = look.says(&format!("{side} border")) else { continue };
        match lines.iter_mut().find(|(known, _)| *known == line) {
            Some((_, sides)) => sides.push(side),
            None => lines.push((line, vec![side])),
        }
    }
    let told = lines.iter().map(|(line, sides)| {
        let sides = sides.join("+").replace("left+right+top+bottom", "all");
        format!("border {line} {sides}")
    });
    told.collect::<Vec<_>>().join(", ")
}

fn alignment(look: &Look) -> String {
    let mut words: Vec<String> = Vec::new();
    for aspect in ALIGNED {
        let Some(says) = look.says(aspect) else { continue };
        words.push(match aspect {
            "vertical alignment" if matches!(says, "justify" | "distributed") => {
                format!("vertical-{says}")
            }
            "wrapped text" => "wrap".to_owned(),
            "shrink to fit" => "shrink".to_owned(),
            "last line" => "justify-last".to_owned(),
            "indent" => format!("indent {says}"),
            "rotation" => format!("rotate {says}"),
            "reading order" => format!("reading-order {says}"),
            _ => says.to_owned(),
        });
    }
    if words.is_empty() { String::new() } else { format!("align {}", words.join(" ")) }
}

fn protection(look: &Look) -> String {
    look.says("cell protection").unwrap_or_default().to_owned()
}

/// The look that these words tell, of a workbook whose default is the base.
pub(super) fn read(text: &str, base: &Look) -> Look {
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
                read_border(&mut look, rest);
            }
            "no" if rest == "fill" => drop(look.0.remove("fill")),
            "no" if rest == "border" => look.0.retain(|aspect, _| !aspect.ends_with(" border")),
            "align" => read_alignment(&mut look, rest),
            "locked" | "unlocked" | "formula-hidden" => {
                look.0.remove("cell protection");
                if first != "locked" {
                    look.set("cell protection", part);
                }
            }
            _ => read_font(&mut look, part),
        }
    }
    look
}

/// `Arial 16 bold not-italic underline-double`.
fn read_font(look: &mut Look, words: &str) {
    let mut words: Vec<&str> = words.split(' ').collect();
    while let Some(word) = words.last() {
        let (mark, taken) = word.strip_prefix("not-").map_or((*word, false), |mark| (mark, true));
        let (aspect, says) = match mark.split_once('-') {
            Some(("underline", kind)) => ("underline", kind),
            _ => (mark, "yes"),
        };
        if !MARKS.contains(&aspect) {
            break;
        }
        // What is taken away stands last and is seen first, so `underline-double not-underline` is
        // double.
        match taken {
            true => drop(look.0.remove(aspect)),
            false => look.set(aspect, says),
        }
        words.pop();
    }
    if words.last().is_some_and(|word| word.parse::<f64>().is_ok()) {
        look.set("font size", words.pop().unwrap_or_default());
    }
    if !words.is_empty() {
        look.set("font", words.join(" "));
    }
}

/// `thin theme:1 tint 0.5 left+right`.
fn read_border(look: &mut Look, words: &str) {
    let (line, sides) = words.rsplit_once(' ').unwrap_or(("", words));
    for side in sides.replace("all", "left+right+top+bottom").split('+') {
        look.set(format!("{side} border"), line);
    }
}

/// `centre top wrap indent 1`; `general` is what is usual.
fn read_alignment(look: &mut Look, words: &str) {
    look.0.retain(|aspect, _| !ALIGNED.contains(&aspect.as_str()));
    let mut words = words.split(' ');
    while let Some(word) = words.next() {
        match word {
            "general" | "" => {}
            "top" | "middle" => look.set("vertical alignment", word),
            "wrap" => look.set("wrapped text", "yes"),
            "shrink" => look.set("shrink to fit", "yes"),
            "justify-last" => look.set("last line", "justified"),
            "indent" => look.set("indent", words.next().unwrap_or_default()),
            "rotate" => look.set("rotation", words.next().unwrap_or_default()),
            "reading-order" => look.set("reading order", words.next().unwrap_or_default()),
            word => match word.strip_prefix("vertical-") {
                Some(place) => look.set("vertical alignment", place),
                None => look.set("alignment", word),
            },
        }
    }
}

/// Where the bracket closes that was opened before a style's number and number format: formats have
/// brackets and texts of their own.
pub(in crate::workbook_diff) fn tag_end(text: &str) -> Option<usize> {
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            ']' => return Some(at),
            '\\' | '_' | '*' => drop(letters.next()),
            '"' => drop(letters.find(|(_, letter)| *letter == '"')?),
            '[' => drop(letters.find(|(_, letter)| *letter == ']')?),
            _ => {}
        }
    }
    None
}
