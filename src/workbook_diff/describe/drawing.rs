//! What lies on a sheet: charts, pictures and shapes.

use super::File;
use super::node::Node;
use super::package::Relations;
use super::texts::{Words, tidy};
use crate::nouns::problem::{MOST_COLUMNS, MOST_ROWS};
use crate::workbook_diff::book::{Fact, Part};
use crate::workbook_diff::text::{column_name, plain, quoted, span};

impl File<'_> {
    /// Charts, pictures and shapes, each with its place and its alternative text.
    pub(super) fn drawing(&mut self, part: &str) -> Result<Vec<Fact>, String> {
        let drawing = self.package.required(part)?;
        let relations = self.package.relations(part)?;
        let mut facts = Vec::new();
        for anchor in &drawing.kids {
            let place = anchor_place(anchor)?;
            for kind in ["graphicFrame", "pic", "sp", "cxnSp"] {
                for object in anchor.below(kind) {
                    let (what, mut parts) = self.drawn(kind, object, &relations)?;
                    alternative_text(object, &mut parts);
                    facts.push(Fact { parts, ..Fact::new(what, plain(&place), "") });
                }
            }
        }
        Ok(facts)
    }

    /// What an object is, and what there is to see of it.
    fn drawn(
        &mut self,
        kind: &str,
        object: &Node,
        relations: &Relations,
    ) -> Result<(&'static str, Vec<Part>), String> {
        Ok(match kind {
            "graphicFrame" => {
                let chart = object.below("chart");
                match chart.first().and_then(|chart| relations.of(chart)) {
                    Some(part) => ("chart", chart_parts(&self.package.required(part)?)),
                    None => ("object", Vec::new()),
                }
            }
            "pic" => {
                let picture = object.at(&["blipFill", "blip"]).attr("embed");
                let file = picture.and_then(|id| relations.target(id));
                let file = file.and_then(|file| self.package.fingerprint(file));
                let says = file.unwrap_or_else(|| "kept elsewhere".to_owned());
                ("image", vec![part("", says)])
            }
            "sp" => {
                let form = plain(object.at(&["spPr", "prstGeom"]).attr_or("prst", "free"));
                let text = paragraphs(object.at(&["txBody"]));
                ("shape", vec![part("", format!("{form} {text}"))])
            }
            _ => ("connector", Vec::new()),
        })
    }
}

fn part(label: &'static str, says: impl Into<String>) -> Part {
    Part { label, says: says.into() }
}

fn alternative_text(object: &Node, parts: &mut Vec<Part>) {
    for about in object.below("cNvPr") {
        for (attribute, label) in [("title", "alternative title"), ("descr", "alternative text")] {
            parts.extend(about.attr(attribute).map(|text| part(label, quoted(text))));
        }
    }
    for mark in object.below("decorative") {
        if mark.flag("val") {
            parts.push(part("decorative", "yes"));
        }
    }
}

/// The cell that a corner of a drawn object lies in.
fn corner_cell(corner: &Node) -> Result<String, &'static str> {
    let column = column_name(counted(corner, "col", u32::from(MOST_COLUMNS))? + 1);
    Ok(format!("{column}{}", counted(corner, "row", MOST_ROWS)? + 1))
}

/// A corner's row or column, counted from 0.
fn counted(corner: &Node, name: &str, limit: u32) -> Result<u32, &'static str> {
    let count = corner.at(&[name]).text.trim().parse().ok();
    count.filter(|count| *count < limit).ok_or("a drawn object has no proper place")
}

fn anchor_place(anchor: &Node) -> Result<String, String> {
    let corner = |name: &str| anchor.child(name).map(corner_cell).transpose();
    Ok(match (corner("from")?, corner("to")?) {
        (Some(from), Some(to)) => span(from, to),
        (Some(from), None) => from,
        _ => "whole-sheet".to_owned(),
    })
}

/// Kinds, titles, axes, legend and series of a chart.
fn chart_parts(space: &Node) -> Vec<Part> {
    let chart = space.at(&["chart"]);
    let plot = chart.at(&["plotArea"]);
    let kinds = plot.kids.iter().filter(|kid| kid.name.ends_with("Chart"));
    let mut words = Words(kinds.clone().map(chart_kind).collect());
    words.when(words.0.is_empty(), "of a newer kind");
    let mut parts = vec![part("", words.joined())];
    parts.extend(chart.child("title").map(|title| part("title", title_text(title))));
    let axes = plot.kids.iter().filter(|kid| kid.name.ends_with("Ax"));
    for axis in axes.filter(|axis| !axis.at(&["delete"]).flag("val")) {
        let mut told = Words(axis.child("title").map(title_text).into_iter().collect());
        told.with("min", axis.val(&["scaling", "min"]).map(tidy));
        told.with("max", axis.val(&["scaling", "max"]).map(tidy));
        let label = match axis.val(&["axPos"]) {
            Some("b" | "t") => "x axis",
            _ => "y axis",
        };
        if !told.0.is_empty() {
            parts.push(part(label, told.joined()));
        }
    }
    let legend = chart.child("legend").map(|legend| legend.val(&["legendPos"]));
    parts.push(part("legend", legend_place(legend)));
    parts.extend(chart.val(&["dispBlanksAs"]).map(|gaps| part("gaps", plain(gaps))));
    let all = kinds.flat_map(|kind| kind.children("ser"));
    parts.extend(all.map(|one| part("series", series(one))));
    parts
}

fn legend_place(legend: Option<Option<&str>>) -> String {
    match legend {
        None => "none".to_owned(),
        Some(None | Some("r")) => "right".to_owned(),
        Some(Some("l")) => "left".to_owned(),
        Some(Some("t")) => "top".to_owned(),
        Some(Some("b")) => "bottom".to_owned(),
        Some(Some(place)) => plain(place),
    }
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
    for (element, label) in [
        ("tx", "name"),
        ("cat", "categories"),
        ("xVal", "x"),
        ("val", "values"),
        ("yVal", "y"),
        ("bubbleSize", "size"),
    ] {
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
    words.joined()
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
