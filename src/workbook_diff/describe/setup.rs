//! How a sheet prints, and what its window shows.

use super::Name;
use super::node::Node;
use super::styles::colour;
use super::words::{Words, column_name, number_text};
use crate::nouns::problem::{MOST_COLUMNS, MOST_ROWS};

/// Paper, print range and margins, where they differ from what a new sheet has.
pub(super) fn page_words(words: &mut Words, sheet: &Node, names: &[&Name]) -> Result<(), String> {
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
pub(super) fn view_words(words: &mut Words, view: &Node) -> Result<(), String> {
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
        let (column, row) =
            (split("xSplit", u32::from(MOST_COLUMNS))?, split("ySplit", MOST_ROWS)?);
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
