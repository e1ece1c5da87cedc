//! Cell styles as words. A style is known by how it looks, so two table entries that look the
//! same are one style here, and the order of the table does not matter.

use std::collections::HashMap;

use super::node::Node;
use super::words::{number_text, plain, tidy};

#[derive(Default, Clone)]
pub(super) struct Font {
    name: Option<String>,
    size: Option<String>,
    marks: Vec<String>,
    colour: Option<String>,
}

impl Font {
    /// Reads a font of the style table, or the properties of a run of rich text.
    pub(super) fn parse(node: &Node) -> Font {
        let value = |name: &str| node.child(name).and_then(|child| child.attr("val"));
        let on = |name: &str| node.child(name).is_some_and(|child| !child.off("val"));
        let mut marks = Vec::new();
        for (element, mark) in [
            ("b", "bold"),
            ("i", "italic"),
            ("strike", "strikethrough"),
            ("outline", "outline"),
            ("shadow", "shadow"),
        ] {
            if on(element) {
                marks.push(mark.to_owned());
            }
        }
        if let Some(underline) = node.child("u") {
            match underline.attr("val") {
                None | Some("single") => marks.push("underline".to_owned()),
                Some("none") => {}
                Some(kind) => marks.push(format!("underline-{}", plain(kind))),
            }
        }
        marks.extend(value("vertAlign").filter(|place| *place != "baseline").map(plain));
        Font {
            name: value("name").or_else(|| value("rFont")).map(plain),
            size: value("sz").map(tidy),
            marks,
            colour: node.child("color").and_then(colour),
        }
    }

    pub(super) fn has(&self, mark: &str) -> bool {
        self.marks.iter().any(|own| own == mark)
    }

    fn face(&self) -> String {
        [self.name.as_deref(), self.size.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Face and marks where they differ from the base.
    fn words(&self, base: &Font) -> Vec<String> {
        let differs = |own: &Option<String>, base: &Option<String>| own.is_some() && own != base;
        let mut words = Vec::new();
        if differs(&self.name, &base.name) || differs(&self.size, &base.size) {
            words.push(self.face());
        }
        words.extend(self.marks.iter().filter(|mark| !base.has(mark)).cloned());
        words.extend(
            base.marks.iter().filter(|mark| !self.has(mark)).map(|mark| format!("not-{mark}")),
        );
        words
    }

    fn colour_words(&self, base: &Font) -> Option<String> {
        let own = self.colour.as_deref();
        (own != base.colour.as_deref()).then(|| format!("colour {}", own.unwrap_or("auto")))
    }

    /// What a run of rich text changes besides bold and italic, which have marks of their own.
    pub(super) fn run_changes(&self, base: &Font) -> String {
        let mut words = self.words(base);
        words.retain(|word| !matches!(word.trim_start_matches("not-"), "bold" | "italic"));
        words.extend(self.colour_words(base));
        words.join(" ")
    }
}

/// How a cell looks, apart from its number format. An empty text stands for "none".
#[derive(Default, Clone)]
struct Look {
    font: Font,
    fill: String,
    border: String,
    align: String,
    protection: String,
}

impl Look {
    /// A format that conditional formatting lays over a cell.
    fn overlay(node: &Node) -> Look {
        Look {
            font: Font::parse(node.at(&["font"])),
            fill: fill(node.at(&["fill"]), true),
            border: border(node.at(&["border"])),
            align: alignment(node.at(&["alignment"])),
            protection: protection(node.at(&["protection"])),
        }
    }

    fn differences(&self, base: &Look) -> String {
        let mut parts = vec![self.font.words(&base.font).join(" ")];
        let changed = |own: &str, base: &str, none: &str| {
            let text = if own.is_empty() { none } else { own };
            if own == base { String::new() } else { text.to_owned() }
        };
        parts.push(changed(&self.fill, &base.fill, "no fill"));
        parts.extend(self.font.colour_words(&base.font));
        parts.push(changed(&self.border, &base.border, "no border"));
        parts.push(changed(&self.align, &base.align, "align general"));
        parts.push(changed(&self.protection, &base.protection, "locked"));
        parts.retain(|part| !part.is_empty());
        parts.join(", ")
    }
}

struct CellStyle {
    font: Font,
    look: String,
    number_format: String,
}

#[derive(Default)]
pub(super) struct Styles {
    default: String,
    cells: Vec<CellStyle>,
    overlays: Vec<String>,
    /// Looks in the order of first use; the position gives the number shown.
    used: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Styles {
    pub(super) fn parse(sheet: &Node) -> Result<Styles, String> {
        let fonts: Vec<Font> = sheet.at(&["fonts"]).children("font").map(Font::parse).collect();
        let fills: Vec<String> =
            sheet.at(&["fills"]).children("fill").map(|node| fill(node, false)).collect();
        let borders: Vec<String> = sheet.at(&["borders"]).children("border").map(border).collect();
        let formats: HashMap<&str, &str> = sheet
            .at(&["numFmts"])
            .children("numFmt")
            .filter_map(|node| Some((node.attr("numFmtId")?, node.attr("formatCode")?)))
            .collect();

        let mut styles = Styles::default();
        let mut base = None;
        for xf in sheet.at(&["cellXfs"]).children("xf") {
            let look = Look {
                font: pick(&fonts, xf, "fontId")?,
                fill: pick(&fills, xf, "fillId")?,
                border: pick(&borders, xf, "borderId")?,
                align: alignment(xf.at(&["alignment"])),
                protection: protection(xf.at(&["protection"])),
            };
            // Cells that name no style have the first one, so it is the default.
            let base = base.get_or_insert_with(|| {
                styles.default = look.differences(&Look::default());
                look.clone()
            });
            let id = xf.attr("numFmtId").unwrap_or("0");
            let number_format =
                formats.get(id).map_or_else(|| built_in_format(id), |code| plain(code));
            styles.cells.push(CellStyle {
                look: look.differences(base),
                font: look.font,
                number_format,
            });
        }
        styles.overlays = sheet.at(&["dxfs"]).children("dxf").map(overlay).collect();
        Ok(styles)
    }

    fn get(&self, index: usize) -> Result<Option<&CellStyle>, String> {
        match self.cells.get(index) {
            // A file without a style table shows everything in the default.
            None if index > 0 => {
                Err(format!("cell style {index} is used but the file does not define it"))
            }
            style => Ok(style),
        }
    }

    /// What stands before a cell's value: ` [s4 0.0%]`, or nothing for the default style.
    pub(super) fn tag(&mut self, index: usize) -> Result<String, String> {
        let Some(style) = self.get(index)? else {
            return Ok(String::new());
        };
        let (look, number_format) = (style.look.clone(), style.number_format.clone());
        let mut words = Vec::new();
        if !look.is_empty() {
            let used = &mut self.used;
            let number = *self.numbers.entry(look).or_insert_with_key(|look| {
                used.push(look.clone());
                used.len()
            });
            words.push(format!("s{number}"));
        }
        if number_format != "General" {
            // A format that would end the brackets too early or too late is spelt out.
            let ends = tag_end(&format!("{number_format}]")) == Some(number_format.len());
            let spelt = |letter: char| match letter {
                '[' | ']' | '"' | '\\' | '_' | '*' => letter.escape_unicode().to_string(),
                letter => letter.to_string(),
            };
            words.push(if ends {
                number_format
            } else {
                number_format.chars().map(spelt).collect()
            });
        }
        Ok(if words.is_empty() { String::new() } else { format!(" [{}]", words.join(" ")) })
    }

    pub(super) fn font(&self, index: usize) -> Option<&Font> {
        self.cells.get(index).map(|style| &style.font)
    }

    pub(super) fn shows_dates(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|style| is_date_format(&style.number_format))
    }

    /// The format a conditional format points at.
    pub(super) fn overlay(&self, index: usize) -> Result<&str, String> {
        let text = self.overlays.get(index).map(String::as_str);
        text.ok_or_else(|| {
            format!("conditional format style {index} is used but the file does not define it")
        })
    }

    pub(super) fn summary(&self) -> String {
        let mut out = format!(
            "styles used\ndefault: {}\n",
            if self.default.is_empty() { "plain" } else { &self.default }
        );
        for (index, look) in self.used.iter().enumerate() {
            out += &format!("s{} {look}\n", index + 1);
        }
        out
    }
}

/// The list entry an attribute of `xf` points at; the first where it points nowhere.
fn pick<T: Clone + Default>(list: &[T], xf: &Node, attribute: &str) -> Result<T, String> {
    let index: usize = xf.number(attribute)?.unwrap_or(0);
    match list.get(index) {
        Some(item) => Ok(item.clone()),
        None if index == 0 => Ok(T::default()),
        None => {
            Err(format!("a cell style has {attribute} {index}, which the file does not define"))
        }
    }
}

/// A conditional format's style in words.
pub(super) fn overlay(node: &Node) -> String {
    let mut text = Look::overlay(node).differences(&Look::default());
    if let Some(code) = node.at(&["numFmt"]).attr("formatCode") {
        let comma = if text.is_empty() { "" } else { ", " };
        text += &format!("{comma}number format {}", plain(code));
    }
    text
}

/// `None` for the automatic colour. A palette or theme colour keeps its number, because what it
/// looks like depends on settings outside the cell.
pub(super) fn colour(node: &Node) -> Option<String> {
    let name = match (node.attr("rgb"), node.attr("theme"), node.attr("indexed")) {
        (Some(rgb), _, _) if rgb.len() == 8 && rgb.is_ascii() => {
            rgb.strip_prefix("FF").unwrap_or(rgb).to_uppercase()
        }
        (Some(rgb), _, _) => plain(rgb),
        (_, Some(theme), _) => format!("theme:{}", plain(theme)),
        // 64 and 65 are the window's own text and background colours.
        (_, _, Some("64" | "65")) | (None, None, None) => return None,
        (_, _, Some(index)) => format!("indexed:{}", plain(index)),
    };
    // Stored with the noise of binary fractions; two places are what Excel itself shows.
    let tint = node.attr("tint").and_then(|tint| tint.parse::<f64>().ok());
    let tint = tint.map(|tint| (tint * 100.0).round() / 100.0).filter(|tint| *tint != 0.0);
    Some(match tint {
        Some(tint) => format!("{name} tint {}", number_text(tint)),
        None => name,
    })
}

fn fill(node: &Node, overlay: bool) -> String {
    if let Some(gradient) = node.child("gradientFill") {
        let stops = gradient.children("stop").filter_map(|stop| colour(stop.at(&["color"])));
        let angle = gradient
            .attr("degree")
            .map(|degree| format!(" at {}", tidy(degree)))
            .unwrap_or_default();
        return format!("fill gradient {}{angle}", stops.collect::<Vec<_>>().join(" to "));
    }
    let Some(pattern) = node.child("patternFill") else {
        return String::new();
    };
    let (front, back) = (colour(pattern.at(&["fgColor"])), colour(pattern.at(&["bgColor"])));
    match pattern.attr("patternType") {
        // Conditional formats keep the colour of a solid fill in the background place.
        None | Some("solid") if overlay => {
            back.or(front).map(|colour| format!("fill {colour}")).unwrap_or_default()
        }
        None | Some("none") => String::new(),
        Some("solid") => format!("fill {}", front.as_deref().unwrap_or("auto")),
        Some(kind) => {
            let colours = [front, back].map(|colour| colour.unwrap_or_else(|| "auto".to_owned()));
            format!("fill {} {}", plain(kind), colours.join(" on "))
        }
    }
}

/// Sides that look the same are told together.
fn border(node: &Node) -> String {
    let diagonal = match (node.flag("diagonalUp"), node.flag("diagonalDown")) {
        (true, true) => "diagonal-both",
        (true, false) => "diagonal-up",
        _ => "diagonal-down",
    };
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for (elements, side) in [
        (["left", "start"], "left"),
        (["right", "end"], "right"),
        (["top", "top"], "top"),
        (["bottom", "bottom"], "bottom"),
        (["diagonal", "diagonal"], diagonal),
        (["vertical", "vertical"], "inner-vertical"),
        (["horizontal", "horizontal"], "inner-horizontal"),
    ] {
        let Some(edge) = elements.iter().find_map(|name| node.child(name)) else {
            continue;
        };
        let Some(style) = edge.attr("style").filter(|style| *style != "none") else {
            continue;
        };
        let colour =
            colour(edge.at(&["color"])).map(|colour| format!(" {colour}")).unwrap_or_default();
        let look = plain(style) + &colour;
        match lines.iter_mut().find(|(known, _)| *known == look) {
            Some((_, sides)) => sides.push(side),
            None => lines.push((look, vec![side])),
        }
    }
    let told = lines.iter().map(|(look, sides)| {
        let sides = sides.join("+").replace("left+right+top+bottom", "all");
        format!("border {look} {sides}")
    });
    told.collect::<Vec<_>>().join(", ")
}

fn alignment(node: &Node) -> String {
    let mut words = Vec::new();
    match node.attr("horizontal") {
        None | Some("general") => {}
        Some("center") => words.push("centre".to_owned()),
        Some("centerContinuous") => words.push("centre-across".to_owned()),
        Some(place) => words.push(plain(place)),
    }
    match node.attr("vertical") {
        None | Some("bottom") => {}
        Some("center") => words.push("middle".to_owned()),
        // "justify" and "distributed" exist both ways.
        Some(place @ ("justify" | "distributed")) => words.push(format!("vertical-{place}")),
        Some(place) => words.push(plain(place)),
    }
    for (attribute, word) in
        [("wrapText", "wrap"), ("shrinkToFit", "shrink"), ("justifyLastLine", "justify-last")]
    {
        if node.flag(attribute) {
            words.push(word.to_owned());
        }
    }
    for (attribute, word) in
        [("indent", "indent"), ("textRotation", "rotate"), ("readingOrder", "reading-order")]
    {
        words.extend(
            node.attr(attribute)
                .filter(|value| *value != "0")
                .map(|value| format!("{word} {}", tidy(value))),
        );
    }
    if words.is_empty() { String::new() } else { format!("align {}", words.join(" ")) }
}

fn protection(node: &Node) -> String {
    let mut words = Vec::new();
    if node.off("locked") {
        words.push("unlocked");
    }
    if node.flag("hidden") {
        words.push("formula-hidden");
    }
    words.join(" ")
}

/// Where the bracket closes that was opened before a style's number and number format: formats have
/// brackets and texts of their own.
pub(crate) fn tag_end(text: &str) -> Option<usize> {
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

/// The formats every spreadsheet program knows by number alone.
fn built_in_format(id: &str) -> String {
    let code = match id {
        "0" => "General",
        "1" => "0",
        "2" => "0.00",
        "3" => "#,##0",
        "4" => "#,##0.00",
        "5" => "$#,##0_);($#,##0)",
        "6" => "$#,##0_);[Red]($#,##0)",
        "7" => "$#,##0.00_);($#,##0.00)",
        "8" => "$#,##0.00_);[Red]($#,##0.00)",
        "9" => "0%",
        "10" => "0.00%",
        "11" => "0.00E+00",
        "12" => "# ?/?",
        "13" => "# ??/??",
        "14" => "m/d/yyyy",
        "15" => "d-mmm-yy",
        "16" => "d-mmm",
        "17" => "mmm-yy",
        "18" => "h:mm AM/PM",
        "19" => "h:mm:ss AM/PM",
        "20" => "h:mm",
        "21" => "h:mm:ss",
        "22" => "m/d/yyyy h:mm",
        "37" => "#,##0_);(#,##0)",
        "38" => "#,##0_);[Red](#,##0)",
        "39" => "#,##0.00_);(#,##0.00)",
        "40" => "#,##0.00_);[Red](#,##0.00)",
        "41" => r#"_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)"#,
        "42" => r#"_($* #,##0_);_($* (#,##0);_($* "-"_);_(@_)"#,
        "43" => r#"_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)"#,
        "44" => r#"_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)"#,
        "45" => "mm:ss",
        "46" => "[h]:mm:ss",
        "47" => "mm:ss.0",
        "48" => "##0.0E+0",
        "49" => "@",
        other => return format!("built-in format {}", plain(other)),
    };
    code.to_owned()
}

/// Whether a format shows a day or a time of day; elapsed time (`[h]:mm`) is neither.
fn is_date_format(code: &str) -> bool {
    let mut letters = code.chars();
    let mut date = false;
    while let Some(letter) = letters.next() {
        match letter {
            ';' => break,
            '\\' | '_' | '*' => drop(letters.next()),
            '"' => drop(letters.find(|letter| *letter == '"')),
            '[' => {
                let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                if matches!(
                    inside.to_ascii_lowercase().as_str(),
                    "h" | "hh" | "m" | "mm" | "s" | "ss"
                ) {
                    return false;
                }
            }
            'y' | 'm' | 'd' | 'h' | 's' | 'Y' | 'M' | 'D' | 'H' | 'S' => date = true,
            _ => {}
        }
    }
    date && !code.starts_with("built-in")
}
