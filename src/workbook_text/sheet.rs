//! One sheet as text: its page set-up, its layout, what lies on it, then its cells.

use super::styles::{Styles, colour, overlay};
use super::{Book, MAX_TEXT, Name, Node, Relations, RichText, Words, number_text, plain, quoted, tidy, unescaped};

const MAX_ROW: u32 = 1_048_576;
const MAX_COLUMN: u32 = 16_384;

impl Book<'_> {
    pub(super) fn write_sheet(&mut self, name: &str, state: &str, part: &str, names: &[&Name]) -> Result<(), String> {
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
            if !(1..=last).contains(&first) || last > MAX_COLUMN {
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

    fn write_runs(&mut self, label: &str, default: Option<String>, runs: &Runs, name: impl Fn(u32) -> String) {
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

    /// Validations, ignored errors, sparklines and links.
    fn write_rules(&mut self, sheet: &Node, relations: &Relations) {
        for rule in sheet.below("dataValidation") {
            self.say(validation(rule));
        }
        for ignored in sheet.below("ignoredError") {
            let kinds = ignored.attrs.iter().filter(|(kind, _)| ignored.flag(kind));
            let mut kinds: Vec<String> = kinds.map(|(kind, _)| plain(kind)).collect();
            kinds.sort();
            self.say(format!("ignored error {}: {}", ranges(ignored), kinds.join(" ")));
        }
        for group in sheet.below("sparklineGroup") {
            let kind = plain(group.attr_or("type", "line"));
            for sparkline in group.below("sparkline") {
                let data = plain(&sparkline.at(&["f"]).text);
                self.say(format!("sparkline {} {kind} {data}", ranges(sparkline)));
            }
        }
        for link in sheet.at(&["hyperlinks"]).children("hyperlink") {
            let place = link.attr("location").map(|place| format!("#{place}"));
            let target = relations.of(link).unwrap_or("").to_owned() + &place.unwrap_or_default();
            let mut words = Words::default();
            words.text(&format!("link {}", plain(link.attr_or("ref", "?"))), Some(&target));
            words.text("tip", link.attr("tooltip"));
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

    /// Charts, pictures and shapes, each with its place and its alternative text.
    fn write_drawing(&mut self, part: &str) -> Result<(), String> {
        let drawing = self.package.required(part)?;
        let relations = self.package.relations(part)?;
        for anchor in &drawing.kids {
            let place = anchor_place(anchor)?;
            for kind in ["graphicFrame", "pic", "sp", "cxnSp"] {
                for object in anchor.below(kind) {
                    let mut words = Words::default();
                    match kind {
                        "graphicFrame" => {
                            let chart = object.below("chart");
                            match chart.first().and_then(|chart| relations.of(chart)) {
                                Some(part) => {
                                    words.with("chart", Some(&place));
                                    chart_words(&mut words, &self.package.required(part)?);
                                }
                                None => words.with("object", Some(&place)),
                            }
                        }
                        "pic" => {
                            let picture = object.at(&["blipFill", "blip"]).attr("embed");
                            let part = picture.and_then(|id| relations.target(id));
                            let file = part.and_then(|part| self.package.fingerprint(part));
                            words.with("image", Some(&place));
                            words.add(file.unwrap_or_else(|| "kept elsewhere".to_owned()));
                        }
                        "sp" => {
                            words.with("shape", Some(&place));
                            words.add(plain(object.at(&["spPr", "prstGeom"]).attr_or("prst", "free")));
                            words.add(paragraphs(object.at(&["txBody"])));
                        }
                        _ => words.with("connector", Some(&place)),
                    }
                    for about in object.below("cNvPr") {
                        words.text("alt-title", about.attr("title"));
                        words.text("alt", about.attr("descr"));
                    }
                    for mark in object.below("decorative") {
                        words.when(mark.flag("val"), "decorative");
                    }
                    self.say(words.joined());
                }
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
            ("inlineStr", _) => cell.child("is").map(|text| RichText::parse(text).quoted(self.styles.font(style))),
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

fn span(first: String, last: String) -> String {
    if first == last { first } else { format!("{first}:{last}") }
}

fn table_words(table: &Node) -> String {
    let mut words = Words::default();
    words.with("table", Some(table.attr_or("displayName", "?")));
    words.0.extend(table.attr("ref").map(plain));
    words.add("columns");
    for column in table.at(&["tableColumns"]).children("tableColumn") {
        let mut text = quoted(&unescaped(column.attr_or("name", "")));
        if let Some(formula) = column.child("calculatedColumnFormula") {
            text += &format!("(={})", plain(&formula.text));
        }
        if let Some(label) = column.attr("totalsRowLabel") {
            text += &format!("(total {})", quoted(label));
        }
        match (column.attr("totalsRowFunction"), column.child("totalsRowFormula")) {
            (_, Some(formula)) => text += &format!("(total ={})", plain(&formula.text)),
            (Some(function), None) => text += &format!("(total {})", plain(function)),
            (None, None) => {}
        }
        words.add(text);
    }
    let style = table.at(&["tableStyleInfo"]);
    words.with("style", style.attr("name"));
    words.flags(style, &[("showFirstColumn", "first-column"), ("showLastColumn", "last-column")]);
    words.when(style.off("showRowStripes"), "no-stripes");
    words.flags(style, &[("showColumnStripes", "column-stripes")]);
    words.when(table.off("headerRowCount"), "no-header");
    words.when(table.unusual("totalsRowCount", "0").is_some(), "totals-row");
    words.when(table.child("autoFilter").is_none(), "no-filter");
    for extension in table.below("table") {
        words.text("alt-title", extension.attr("altText"));
        words.text("alt", extension.attr("altTextSummary"));
    }
    words.joined()
}

/// Paper, print range and margins, where they differ from what a new sheet has.
fn page_words(words: &mut Words, sheet: &Node, names: &[&Name]) -> Result<(), String> {
    let properties = sheet.at(&["sheetPr"]);
    let setup = sheet.at(&["pageSetup"]);
    words.when(setup.attr("orientation") == Some("landscape"), "landscape");
    match setup.attr("paperSize") {
        Some("1") => words.add("Letter"),
        Some("3") => words.add("Tabloid"),
        Some("5") => words.add("Legal"),
        Some("8") => words.add("A3"),
        Some("9") => words.add("A4"),
        Some("11") => words.add("A5"),
        other => words.with("paper", other),
    }
    if properties.at(&["pageSetUpPr"]).flag("fitToPage") {
        let (wide, tall) = (setup.attr_or("fitToWidth", "1"), setup.attr_or("fitToHeight", "1"));
        words.with("fit", Some(format!("{wide}x{tall}")));
    } else {
        words.with("scale", setup.unusual("scale", "100"));
    }
    for (name, word) in [("Print_Titles", "titles"), ("Print_Area", "area")] {
        let name = names.iter().find(|own| own.built_in() == Some(name));
        words.with(word, name.map(|name| plain_range(&name.refers_to)));
    }
    let margins = sheet.at(&["pageMargins"]);
    let mut told = String::from("margins");
    let mut usual = true;
    for (name, letter, default) in [
        ("left", "L", 0.7),
        ("right", "R", 0.7),
        ("top", "T", 0.75),
        ("bottom", "B", 0.75),
        ("header", "H", 0.3),
        ("footer", "F", 0.3),
    ] {
        let margin: f64 = margins.number(name)?.unwrap_or(default);
        usual &= margin == default;
        told += &format!(" {letter}{}", number_text(margin));
    }
    words.when(!usual, &told);
    let options = [
        ("horizontalCentered", "centred-horizontally"),
        ("verticalCentered", "centred-vertically"),
        ("gridLines", "print-gridlines"),
        ("headings", "print-headings"),
    ];
    words.flags(sheet.at(&["printOptions"]), &options);
    words.flags(setup, &[("blackAndWhite", "black-and-white"), ("draft", "draft")]);
    words.when(setup.attr("pageOrder") == Some("overThenDown"), "over-then-down");
    if setup.flag("useFirstPageNumber") {
        words.with("first-page", setup.attr("firstPageNumber"));
    }
    words.with("tab", colour(properties.at(&["tabColor"])));
    words.flags(sheet.at(&["sheetProtection"]), &[("sheet", "protected")]);
    Ok(())
}

/// What the window shows: grid lines, zoom, frozen panes and the selection.
fn view_words(words: &mut Words, view: &Node) -> Result<(), String> {
    words.when(view.off("showGridLines"), "gridlines off");
    words.when(view.off("showRowColHeaders"), "headings off");
    words.when(view.off("showZeros"), "zeros off");
    words.flags(view, &[("rightToLeft", "right-to-left"), ("showFormulas", "formulas shown")]);
    words.with("view", view.unusual("view", "normal"));
    words.with("zoom", view.unusual("zoomScale", "100"));
    words.with("scrolled to", view.attr("topLeftCell"));

    let pane = view.at(&["pane"]);
    if matches!(pane.attr("state"), Some("frozen" | "frozenSplit")) {
        // The first cell that still moves. Casting saturates, so no number can do harm here.
        let split = |name: &str, limit: u32| -> Result<u32, String> {
            let count: f64 = pane.number(name)?.unwrap_or(0.0);
            Ok((count as u32).min(limit - 1) + 1)
        };
        let (column, row) = (split("xSplit", MAX_COLUMN)?, split("ySplit", MAX_ROW)?);
        let corner = format!("{}{row}", column_name(column));
        words.with("freeze", Some(&corner));
        words.with("scrolled to", pane.unusual("topLeftCell", &corner));
    } else {
        words.when(view.child("pane").is_some(), "split");
    }
    let active = pane.attr_or("activePane", "topLeft");
    let mut selections = view.children("selection");
    let selection = selections.find(|selection| selection.attr_or("pane", "topLeft") == active);
    let range = selection.and_then(|node| node.attr("sqref").or(node.attr("activeCell")));
    let range = range.filter(|range| *range != "A1");
    words.with("selection", range.map(|range| range.replace(' ', ",")));
    Ok(())
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

/// Conditional formats in order of priority, which decides what is seen where they overlap.
fn conditional_formats(sheet: &Node, styles: &Styles) -> Result<Vec<String>, String> {
    let mut rules = Vec::new();
    for group in sheet.below("conditionalFormatting") {
        for rule in group.children("cfRule") {
            let mut words = Words::default();
            words.with("conditional format", Some(ranges(group)));
            let scales = ["colorScale", "dataBar", "iconSet"];
            match scales.iter().find_map(|name| rule.child(name)) {
                Some(scale) => words.add(outline(scale)),
                None => words.0.extend(rule.attr("type").map(plain)),
            }
            for attribute in ["operator", "timePeriod", "rank", "stdDev"] {
                words.0.extend(rule.attr(attribute).map(plain));
            }
            words.when(rule.off("aboveAverage"), "below");
            words.flags(rule, &[("equalAverage", "or-equal"), ("bottom", "bottom")]);
            words.flags(rule, &[("percent", "percent")]);
            words.0.extend(rule.attr("text").map(quoted));
            let formulas = rule.kids.iter().filter(|kid| matches!(&*kid.name, "formula" | "f"));
            let formulas: Vec<String> = formulas.map(|formula| plain(&formula.text)).collect();
            words.when(!formulas.is_empty(), &formulas.join(" and "));
            words.flags(rule, &[("stopIfTrue", "stop-if-true")]);
            let format = match (rule.number("dxfId")?, rule.child("dxf")) {
                (Some(index), _) => styles.overlay(index)?.to_owned(),
                (None, own) => own.map(overlay).unwrap_or_default(),
            };
            words.with("->", Some(format).filter(|format| !format.is_empty()));
            rules.push((rule.number("priority")?.unwrap_or(i64::MAX), words.joined()));
        }
    }
    rules.sort_by_key(|(priority, _)| *priority);
    Ok(rules.into_iter().map(|(_, text)| text).collect())
}

fn validation(rule: &Node) -> String {
    let kind = rule.attr_or("type", "none");
    let mut words = Words::default();
    words.with("validation", Some(ranges(rule)));
    words.add(plain(kind));
    // The operator has a default, but it means something for comparisons only.
    if !matches!(kind, "none" | "list" | "custom") {
        words.add(plain(rule.attr_or("operator", "between")));
    }
    let limits = ["formula1", "formula2"].map(|name| rule.at(&[name]).all_text());
    let limits: Vec<&str> = limits.iter().map(|limit| limit.trim()).collect();
    words.add(plain(&limits.join(" and ")).trim_end_matches(" and "));
    // The attribute's name says the opposite of what it does.
    words.flags(rule, &[("showDropDown", "no-dropdown")]);
    words.when(!rule.flag("allowBlank"), "no-blank");
    for (label, shown, title, text) in
        [("prompt", "showInputMessage", "promptTitle", "prompt"), ("error", "showErrorMessage", "errorTitle", "error")]
    {
        let texts = [title, text].into_iter().filter_map(|name| rule.attr(name));
        let texts: Vec<String> = texts.map(|text| quoted(&unescaped(text))).collect();
        if !texts.is_empty() {
            words.add(format!("{label} {}", texts.join(" ")));
            words.when(!rule.flag(shown), "(not shown)");
        }
    }
    words.0.extend(rule.unusual("errorStyle", "stop").map(plain));
    words.when(!rule.flag("showErrorMessage"), "accepts-anything");
    words.0.retain(|word| !word.is_empty());
    words.joined()
}

/// The cells a rule holds for; newer kinds of rule keep them in an element.
fn ranges(node: &Node) -> String {
    let range = node.attr_or("sqref", &node.at(&["sqref"]).text);
    plain(&range.split_whitespace().collect::<Vec<_>>().join(","))
}

/// An element of settings in one line: attributes by name, then children in order.
fn outline(node: &Node) -> String {
    if let Some(colour) = colour(node) {
        return format!("{} {colour}", node.name);
    }
    let attributes = node.attrs.iter();
    let mut words: Vec<String> = attributes.map(|(name, value)| format!("{name}={}", plain(value))).collect();
    words.sort();
    words.insert(0, plain(&node.name));
    words.push(plain(node.text.trim()));
    let kids = node.kids.iter().filter(|kid| &*kid.name != "extLst");
    let kids: Vec<String> = kids.map(outline).collect();
    if !kids.is_empty() {
        words.push(format!("({})", kids.join(", ")));
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

fn anchor_place(anchor: &Node) -> Result<String, String> {
    let corner = |name: &str| {
        let Some(corner) = anchor.child(name) else {
            return Ok(None);
        };
        let count = |name: &str, limit: u32| {
            let count = corner.at(&[name]).text.trim().parse().ok();
            count.filter(|count: &u32| *count < limit).ok_or("a drawn object has no proper place")
        };
        let column = column_name(count("col", MAX_COLUMN)? + 1);
        Ok::<_, &str>(Some(format!("{column}{}", count("row", MAX_ROW)? + 1)))
    };
    Ok(match (corner("from")?, corner("to")?) {
        (Some(from), Some(to)) => span(from, to),
        (Some(from), None) => from,
        _ => "whole-sheet".to_owned(),
    })
}

/// Kinds, titles, axes, legend and series of a chart.
fn chart_words(words: &mut Words, space: &Node) {
    let chart = space.at(&["chart"]);
    let plot = chart.at(&["plotArea"]);
    let kinds = plot.kids.iter().filter(|kid| kid.name.ends_with("Chart"));
    words.when(kinds.clone().next().is_none(), "of a newer kind");
    words.0.extend(kinds.clone().map(chart_kind));
    words.0.extend(chart.child("title").map(|title| format!("title {}", title_text(title))));
    let axes = plot.kids.iter().filter(|kid| kid.name.ends_with("Ax"));
    for axis in axes.filter(|axis| !axis.at(&["delete"]).flag("val")) {
        let mut told = Words(axis.child("title").map(title_text).into_iter().collect());
        told.with("min", axis.val(&["scaling", "min"]).map(tidy));
        told.with("max", axis.val(&["scaling", "max"]).map(tidy));
        let label = match axis.val(&["axPos"]) {
            Some("b" | "t") => "x-axis",
            _ => "y-axis",
        };
        words.when(!told.0.is_empty(), &format!("{label} {}", told.joined()));
    }
    match chart.child("legend").map(|legend| legend.val(&["legendPos"])) {
        None => words.add("no-legend"),
        Some(None | Some("r")) => words.add("legend right"),
        Some(Some("l")) => words.add("legend left"),
        Some(Some("t")) => words.add("legend top"),
        Some(Some("b")) => words.add("legend bottom"),
        Some(place) => words.with("legend", place),
    }
    words.with("blanks", chart.val(&["dispBlanksAs"]));
    words.0.extend(kinds.flat_map(|kind| kind.children("ser")).map(series));
}

fn chart_kind(kind: &Node) -> String {
    let name = match kind.name.trim_end_matches("Chart") {
        bars if kind.val(&["barDir"]) == Some("col") => bars.replace("bar", "column"),
        name => name.to_owned(),
    };
    let style = ["grouping", "scatterStyle", "radarStyle"];
    let style = style.iter().find_map(|name| kind.val(&[name]));
    Words([plain(&name)].into_iter().chain(style.map(plain)).collect()).joined()
}

fn series(series: &Node) -> String {
    let mut words = Words::default();
    for (element, label) in
        [("tx", "name"), ("cat", "categories"), ("xVal", "x"), ("val", "values"), ("yVal", "y"), ("bubbleSize", "size")]
    {
        let Some(data) = series.child(element) else {
            continue;
        };
        let told = match data.below("f").first() {
            Some(formula) => plain(&formula.text),
            // Without a reference the data stand in the chart itself.
            None => quoted(&texts(data, "v").join(", ")),
        };
        words.add(format!("{label}={told}"));
    }
    let look = series.at(&["spPr"]);
    let mut fills = [look.at(&["solidFill"]), look.at(&["ln", "solidFill"])].into_iter();
    let colour = fills.find_map(|fill| fill.kids.first()?.attr("val"));
    words.0.extend(colour.map(|colour| format!("colour={}", plain(colour))));
    words.with("dash", look.at(&["ln"]).val(&["prstDash"]));
    words.with("pattern", look.at(&["pattFill"]).attr("prst"));
    words.with("marker", series.val(&["marker", "symbol"]));
    let labels = series.child("dLbls");
    words.when(labels.is_some_and(|labels| !labels.at(&["delete"]).flag("val")), "labels");
    for line in series.children("trendline") {
        words.with("trend", line.val(&["trendlineType"]));
    }
    format!("series({})", words.joined())
}

fn title_text(title: &Node) -> String {
    match (title.below("f").first(), title.at(&["tx"]).child("rich")) {
        (Some(formula), _) => format!("={}", plain(&formula.text)),
        (None, Some(rich)) => paragraphs(rich),
        // Excel takes the name of the only series.
        (None, None) => "automatic".to_owned(),
    }
}

fn paragraphs(node: &Node) -> String {
    let text = |paragraph| texts(paragraph, "t").concat();
    quoted(&node.children("p").map(text).collect::<Vec<_>>().join("\n"))
}

fn texts<'n>(node: &'n Node, name: &str) -> Vec<&'n str> {
    node.below(name).into_iter().map(|node| node.text.as_str()).collect()
}

/// `'My sheet'!$A$1:$E$40,…` as `A1:E40,…`; a formula stays as it is.
fn plain_range(reference: &str) -> String {
    if reference.contains('(') {
        return reference.to_owned();
    }
    let mut done = String::new();
    let mut piece = String::new();
    let mut in_quotes = false;
    for letter in reference.chars() {
        match letter {
            '\'' => in_quotes = !in_quotes,
            _ if in_quotes => {}
            '$' => {}
            '!' => piece.clear(),
            ',' => done.push_str(&(std::mem::take(&mut piece) + ",")),
            _ => piece.push(letter),
        }
    }
    done + &piece
}

fn row_number(row: &Node, previous: u32) -> Result<u32, String> {
    let number = row.number("r")?.unwrap_or(previous + 1);
    if number <= previous || number > MAX_ROW {
        return Err(format!("row {number} is out of place after row {previous}"));
    }
    Ok(number)
}

/// Column and row of a reference such as `AB12`.
fn cell_place(place: &str) -> Option<(u32, u32)> {
    let digits = place.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, row) = place.split_at(digits);
    let mut column: u32 = 0;
    for letter in letters.bytes() {
        let value = letter.is_ascii_uppercase().then(|| u32::from(letter - b'A') + 1)?;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    let row = row.parse().ok()?;
    ((1..=MAX_COLUMN).contains(&column) && (1..=MAX_ROW).contains(&row)).then_some((column, row))
}

fn column_name(mut column: u32) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        // The remainder is below 26, so the sum stays a capital letter.
        letters.push(char::from(b'A' + ((column - 1) % 26) as u8));
        column = (column - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A serial number as the day, the time of day, or both; `None` outside the calendar.
fn date_text(serial: f64, from_1904: bool) -> Option<String> {
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
    // Days since 1 March of year 0, so that the leap day ends the year (Hinnant's method).
    let days = day + 693_899 + i64::from(day < 60);
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let date = format!("{year:04}-{month:02}-{day_of_month:02}");
    Some(if second == 0 { date } else { format!("{date} {time}") })
}
