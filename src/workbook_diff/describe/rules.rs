//! What a sheet's rules are: tables, conditional formats, validations, ignored errors, sparklines
//! and links.

use super::node::Node;
use super::package::Relations;
use super::styles::{Styles, colour, overlay};
use super::texts::{Words, unescaped};
use crate::workbook_diff::book::Fact;
use crate::workbook_diff::text::{plain, quoted};

/// Validations, ignored errors, sparklines and links.
pub(super) fn rules(sheet: &Node, relations: &Relations) -> Vec<Fact> {
    let mut facts: Vec<Fact> = sheet.below("dataValidation").into_iter().map(validation).collect();
    for ignored in sheet.below("ignoredError") {
        let kinds = ignored.attrs.iter().filter(|(kind, _)| ignored.flag(kind));
        let mut kinds: Vec<String> = kinds.map(|(kind, _)| plain(kind)).collect();
        kinds.sort();
        facts.push(Fact::new("ignored error", ranges(ignored), kinds.join(" ")));
    }
    for group in sheet.below("sparklineGroup") {
        let kind = plain(group.attr_or("type", "line"));
        for sparkline in group.below("sparkline") {
            let data = plain(&sparkline.at(&["f"]).text);
            facts.push(Fact::new("sparkline", ranges(sparkline), format!("{kind} {data}")));
        }
    }
    for link in sheet.at(&["hyperlinks"]).children("hyperlink") {
        let place = link.attr("location").map(|place| format!("#{place}"));
        let target = relations.of(link).unwrap_or("").to_owned() + &place.unwrap_or_default();
        let mut words = Words(vec![quoted(&target)]);
        words.text("tip", link.attr("tooltip"));
        facts.push(Fact::new("link", plain(link.attr_or("ref", "?")), words.joined()));
    }
    facts
}

/// A marked table: its columns and how it looks.
pub(super) fn table(table: &Node) -> Fact {
    let mut words = Words::default();
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
    Fact::new("table", plain(table.attr_or("ref", "?")), words.joined())
        .named(plain(table.attr_or("displayName", "?")))
}

/// Conditional formats in order of priority, which decides what is seen where they overlap.
pub(super) fn conditional_formats(sheet: &Node, styles: &Styles) -> Result<Vec<Fact>, String> {
    let mut rules = Vec::new();
    for group in sheet.below("conditionalFormatting") {
        for rule in group.children("cfRule") {
            let mut words = Words::default();
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
            let fact = Fact::new("conditional format", ranges(group), words.joined());
            rules.push((rule.number("priority")?.unwrap_or(i64::MAX), fact));
        }
    }
    rules.sort_by_key(|(priority, _)| *priority);
    Ok(rules.into_iter().map(|(_, fact)| fact).collect())
}

fn validation(rule: &Node) -> Fact {
    let kind = rule.attr_or("type", "none");
    let mut words = Words::default();
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
    for (label, shown, title, text) in [
        ("prompt", "showInputMessage", "promptTitle", "prompt"),
        ("error", "showErrorMessage", "errorTitle", "error"),
    ] {
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
    Fact::new("validation", ranges(rule), words.joined())
}

/// The cells a rule holds for; newer kinds of rule keep them in an element.
fn ranges(node: &Node) -> String {
    let range = node.attr_or("sqref", &node.at(&["sqref"]).text);
    plain(&range.split_whitespace().collect::<Vec<_>>().join(","))
}

/// An element of settings in one line: attributes by name, then children in order.
pub(super) fn outline(node: &Node) -> String {
    if let Some(colour) = colour(node) {
        return format!("{} {colour}", node.name);
    }
    let attributes = node.attrs.iter();
    let mut words: Vec<String> =
        attributes.map(|(name, value)| format!("{name}={}", plain(value))).collect();
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
