//! How a sheet prints, and what its window shows.

use super::Name;
use super::node::Node;
use super::styles::colour;
use crate::nouns::problem::{MOST_COLUMNS, MOST_ROWS};
use crate::workbook_diff::book::Fact;
use crate::workbook_diff::text::{column_name, frozen, number_text, plain};

/// What is so, gathered from settings that may or may not be there.
#[derive(Default)]
pub(super) struct Facts(pub(super) Vec<Fact>);

impl Facts {
    pub(super) fn when(&mut self, condition: bool, what: &'static str, says: &str) {
        if condition {
            self.0.push(Fact::new(what, "", says));
        }
    }

    /// The flags of an element that are set.
    fn flags(&mut self, node: &Node, facts: &[(&str, &'static str)]) {
        for (attribute, what) in facts {
            self.when(node.flag(attribute), what, "yes");
        }
    }

    /// What it says, if it says anything.
    fn with(&mut self, what: &'static str, says: Option<impl AsRef<str>>) {
        self.0.extend(says.map(|says| Fact::new(what, "", plain(says.as_ref()))));
    }
}

/// Paper, print range and margins, where they differ from what a new sheet has.
pub(super) fn page(facts: &mut Facts, sheet: &Node, names: &[&Name]) -> Result<(), String> {
    let properties = sheet.at(&["sheetPr"]);
    let setup = sheet.at(&["pageSetup"]);
    let landscape = setup.attr("orientation") == Some("landscape");
    facts.when(landscape, "orientation", "landscape");
    facts.with("paper", setup.attr("paperSize").map(paper));
    if properties.at(&["pageSetUpPr"]).flag("fitToPage") {
        let (wide, tall) = (setup.attr_or("fitToWidth", "1"), setup.attr_or("fitToHeight", "1"));
        facts.with("fit to pages", Some(format!("{wide}x{tall}")));
    } else {
        facts.with("print scale", setup.unusual("scale", "100"));
    }
    for (name, what) in [("Print_Titles", "print titles"), ("Print_Area", "print area")] {
        let name = names.iter().find(|own| own.built_in() == Some(name));
        let place = name.map(|name| plain(&plain_range(&name.refers_to)));
        facts.0.extend(place.map(|place| Fact::new(what, place, "")));
    }
    facts.with("margins", margins(sheet.at(&["pageMargins"]))?);
    let options = [
        ("horizontalCentered", "centred horizontally"),
        ("verticalCentered", "centred vertically"),
        ("gridLines", "printed grid lines"),
        ("headings", "printed headings"),
    ];
    facts.flags(sheet.at(&["printOptions"]), &options);
    facts.flags(setup, &[("blackAndWhite", "black and white"), ("draft", "draft quality")]);
    let over = setup.attr("pageOrder") == Some("overThenDown");
    facts.when(over, "page order", "over, then down");
    if setup.flag("useFirstPageNumber") {
        facts.with("first page number", setup.attr("firstPageNumber"));
    }
    facts.with("tab colour", colour(properties.at(&["tabColor"])));
    facts.when(sheet.at(&["sheetProtection"]).flag("sheet"), "protection", "on");
    Ok(())
}

/// The usual sizes of paper by name, others by number.
fn paper(size: &str) -> &str {
    match size {
        "1" => "Letter",
        "3" => "Tabloid",
        "5" => "Legal",
        "8" => "A3",
        "9" => "A4",
        "11" => "A5",
        other => other,
    }
}

/// All six, unless they are those of a new sheet.
fn margins(node: &Node) -> Result<Option<String>, String> {
    let mut told = Vec::new();
    let mut usual = true;
    for (name, letter, default) in [
        ("left", "L", 0.7),
        ("right", "R", 0.7),
        ("top", "T", 0.75),
        ("bottom", "B", 0.75),
        ("header", "H", 0.3),
        ("footer", "F", 0.3),
    ] {
        let margin: f64 = node.number(name)?.unwrap_or(default);
        usual &= margin == default;
        told.push(format!("{letter}{}", number_text(margin)));
    }
    Ok((!usual).then(|| told.join(" ")))
}

/// What the window shows: grid lines, zoom, frozen panes and the selection.
pub(super) fn view(facts: &mut Facts, view: &Node) -> Result<(), String> {
    facts.when(view.off("showGridLines"), "grid lines", "off");
    facts.when(view.off("showRowColHeaders"), "headings", "off");
    facts.when(view.off("showZeros"), "zeros", "off");
    facts.when(view.flag("rightToLeft"), "right to left", "yes");
    facts.when(view.flag("showFormulas"), "formulas", "shown");
    facts.with("view", view.unusual("view", "normal"));
    facts.with("zoom", view.unusual("zoomScale", "100"));
    facts.with("scrolled to", view.attr("topLeftCell"));

    let pane = view.at(&["pane"]);
    if matches!(pane.attr("state"), Some("frozen" | "frozenSplit")) {
        let column = first_that_moves(pane, "xSplit", u32::from(MOST_COLUMNS))?;
        let corner =
            format!("{}{}", column_name(column), first_that_moves(pane, "ySplit", MOST_ROWS)?);
        facts.0.push(Fact::new("frozen panes", frozen(&corner).unwrap_or_default(), ""));
        facts.with("scrolled to", pane.unusual("topLeftCell", &corner));
    } else {
        facts.when(view.child("pane").is_some(), "split window", "yes");
    }
    let active = pane.attr_or("activePane", "topLeft");
    let mut selections = view.children("selection");
    let selection = selections.find(|selection| selection.attr_or("pane", "topLeft") == active);
    let range = selection.and_then(|node| node.attr("sqref").or(node.attr("activeCell")));
    let range = range.filter(|range| *range != "A1");
    facts.with("selection", range.map(|range| range.replace(' ', ",")));
    Ok(())
}

/// The first row or column that is not frozen.
fn first_that_moves(pane: &Node, split: &str, limit: u32) -> Result<u32, String> {
    let count: f64 = pane.number(split)?.unwrap_or(0.0);
    // Casting saturates, so no number can do harm here.
    Ok((count as u32).min(limit - 1) + 1)
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
