//! Cell styles. A style is known by how it looks, so two table entries that look the same are one
//! style here, and the order of the table does not matter.

use std::collections::HashMap;
use std::rc::Rc;

use super::node::Node;
use super::texts::tidy;
use crate::workbook_diff::book::{Look, Style};
use crate::workbook_diff::text::{format_in_brackets, in_words, number_text, plain};

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

/// Puts into a look what a font says.
fn add_font(look: &mut Look, font: &Font) {
    let said = [("font", &font.name), ("font size", &font.size), ("text colour", &font.colour)];
    for (aspect, says) in said {
        if let Some(says) = says {
            look.set(aspect, says.clone());
        }
    }
    for mark in &font.marks {
        match mark.strip_prefix("underline-") {
            Some(kind) => look.set("underline", kind),
            None => look.set(mark.clone(), "yes"),
        }
    }
}

/// A format that conditional formatting lays over a cell.
fn overlaid(node: &Node) -> Look {
    let mut look = Look::default();
    add_font(&mut look, &Font::parse(node.at(&["font"])));
    if let Some(fill) = fill(node.at(&["fill"]), true) {
        look.set("fill", fill);
    }
    look.0.extend(borders(node.at(&["border"])));
    look.0.extend(alignment(node.at(&["alignment"])));
    look.0.extend(protection(node.at(&["protection"])));
    look
}

struct CellStyle {
    font: Font,
    style: Style,
    shows_dates: bool,
}

#[derive(Default)]
pub(super) struct Styles {
    pub(super) default: Rc<Look>,
    cells: Vec<CellStyle>,
    overlays: Vec<String>,
}

impl Styles {
    pub(super) fn parse(sheet: &Node) -> Result<Styles, String> {
        let fonts: Vec<Font> = sheet.at(&["fonts"]).children("font").map(Font::parse).collect();
        let fills: Vec<Option<String>> =
            sheet.at(&["fills"]).children("fill").map(|node| fill(node, false)).collect();
        let all_borders: Vec<Aspects> =
            sheet.at(&["borders"]).children("border").map(borders).collect();
        let formats: HashMap<&str, &str> = sheet
            .at(&["numFmts"])
            .children("numFmt")
            .filter_map(|node| Some((node.attr("numFmtId")?, node.attr("formatCode")?)))
            .collect();

        let mut styles = Styles::default();
        for xf in sheet.at(&["cellXfs"]).children("xf") {
            let font = pick(&fonts, xf, "fontId")?;
            let mut look = Look::default();
            // A font that leaves out its face has that of the default.
            for aspect in ["font", "font size"] {
                if let Some(usual) = styles.default.says(aspect) {
                    look.set(aspect, usual);
                }
            }
            add_font(&mut look, &font);
            if let Some(fill) = pick(&fills, xf, "fillId")? {
                look.set("fill", fill);
            }
            look.0.extend(pick(&all_borders, xf, "borderId")?);
            look.0.extend(alignment(xf.at(&["alignment"])));
            look.0.extend(protection(xf.at(&["protection"])));
            let mut look = Rc::new(look);
            // Cells that name no style have the first one, so it is the default.
            if styles.cells.is_empty() {
                styles.default = look.clone();
            } else if look == styles.default {
                look = styles.default.clone();
            }
            let id = xf.attr("numFmtId").unwrap_or("0");
            let format = formats.get(id).map_or_else(|| built_in_format(id), |code| plain(code));
            let shows_dates = is_date_format(&format);
            let style = Style { look, format: format_in_brackets(&format).into() };
            styles.cells.push(CellStyle { font, style, shows_dates });
        }
        styles.overlays = sheet.at(&["dxfs"]).children("dxf").map(overlay).collect();
        Ok(styles)
    }

    /// A file without a style table shows everything in the default.
    pub(super) fn style(&self, index: usize) -> Result<Style, String> {
        match self.cells.get(index) {
            Some(cell) => Ok(cell.style.clone()),
            None if index == 0 => Ok(Style::plain(&self.default)),
            None => Err(format!("cell style {index} is used but the file does not define it")),
        }
    }

    pub(super) fn font(&self, index: usize) -> Option<&Font> {
        self.cells.get(index).map(|cell| &cell.font)
    }

    pub(super) fn shows_dates(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|cell| cell.shows_dates)
    }

    /// The format a conditional format points at.
    pub(super) fn overlay(&self, index: usize) -> Result<&str, String> {
        let text = self.overlays.get(index).map(String::as_str);
        text.ok_or_else(|| {
            format!("conditional format style {index} is used but the file does not define it")
        })
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
    let mut text = in_words(&overlaid(node), &Look::default());
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

fn fill(node: &Node, overlay: bool) -> Option<String> {
    if let Some(gradient) = node.child("gradientFill") {
        let stops = gradient.children("stop").filter_map(|stop| colour(stop.at(&["color"])));
        let angle = gradient
            .attr("degree")
            .map(|degree| format!(" at {}", tidy(degree)))
            .unwrap_or_default();
        return Some(format!("gradient {}{angle}", stops.collect::<Vec<_>>().join(" to ")));
    }
    let pattern = node.child("patternFill")?;
    let (front, back) = (colour(pattern.at(&["fgColor"])), colour(pattern.at(&["bgColor"])));
    match pattern.attr("patternType") {
        // Conditional formats keep the colour of a solid fill in the background place.
        None | Some("solid") if overlay => back.or(front),
        None | Some("none") => None,
        Some("solid") => Some(front.unwrap_or_else(|| "auto".to_owned())),
        Some(kind) => {
            let colours = [front, back].map(|colour| colour.unwrap_or_else(|| "auto".to_owned()));
            Some(format!("{} {}", plain(kind), colours.join(" on ")))
        }
    }
}

/// Aspects of a look with what they say.
type Aspects = Vec<(String, String)>;

fn borders(node: &Node) -> Aspects {
    let diagonal = match (node.flag("diagonalUp"), node.flag("diagonalDown")) {
        (true, true) => "diagonal-both",
        (true, false) => "diagonal-up",
        _ => "diagonal-down",
    };
    let sides = [
        (["left", "start"], "left"),
        (["right", "end"], "right"),
        (["top", "top"], "top"),
        (["bottom", "bottom"], "bottom"),
        (["diagonal", "diagonal"], diagonal),
        (["vertical", "vertical"], "inner-vertical"),
        (["horizontal", "horizontal"], "inner-horizontal"),
    ];
    let lines = sides.into_iter().filter_map(|(elements, side)| {
        let edge = elements.iter().find_map(|name| node.child(name))?;
        let style = edge.attr("style").filter(|style| *style != "none")?;
        let colour = colour(edge.at(&["color"])).map(|colour| format!(" {colour}"));
        Some((format!("{side} border"), plain(style) + &colour.unwrap_or_default()))
    });
    lines.collect()
}

fn alignment(node: &Node) -> Aspects {
    let mut aspects: Vec<(&str, String)> = Vec::new();
    match node.attr("horizontal") {
        None | Some("general") => {}
        Some("center") => aspects.push(("alignment", "centre".to_owned())),
        Some("centerContinuous") => aspects.push(("alignment", "centre-across".to_owned())),
        Some(place) => aspects.push(("alignment", plain(place))),
    }
    match node.attr("vertical") {
        None | Some("bottom") => {}
        Some("center") => aspects.push(("vertical alignment", "middle".to_owned())),
        Some(place) => aspects.push(("vertical alignment", plain(place))),
    }
    for (attribute, aspect, says) in [
        ("wrapText", "wrapped text", "yes"),
        ("shrinkToFit", "shrink to fit", "yes"),
        ("justifyLastLine", "last line", "justified"),
    ] {
        if node.flag(attribute) {
            aspects.push((aspect, says.to_owned()));
        }
    }
    for (attribute, aspect) in
        [("indent", "indent"), ("textRotation", "rotation"), ("readingOrder", "reading order")]
    {
        let says = node.attr(attribute).filter(|value| *value != "0").map(tidy);
        aspects.extend(says.map(|says| (aspect, says)));
    }
    aspects.into_iter().map(|(aspect, says)| (aspect.to_owned(), says)).collect()
}

fn protection(node: &Node) -> Option<(String, String)> {
    let says = match (node.off("locked"), node.flag("hidden")) {
        (true, true) => "unlocked formula-hidden",
        (true, false) => "unlocked",
        (false, true) => "formula-hidden",
        (false, false) => return None,
    };
    Some(("cell protection".to_owned(), says.to_owned()))
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
