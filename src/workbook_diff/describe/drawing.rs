//! What lies on a sheet: charts, pictures and shapes.

use super::Book;
use super::node::Node;
use super::words::{Words, column_name, plain, quoted, span, tidy};
use crate::nouns::problem::{MOST_COLUMNS, MOST_ROWS};

impl Book<'_> {
    /// Charts, pictures and shapes, each with its place and its alternative text.
    pub(super) fn write_drawing(&mut self, part: &str) -> Result<(), String> {
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
                            words.add(plain(
                                object.at(&["spPr", "prstGeom"]).attr_or("prst", "free"),
                            ));
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
        let column = column_name(count("col", u32::from(MOST_COLUMNS))? + 1);
        Ok::<_, &str>(Some(format!("{column}{}", count("row", MOST_ROWS)? + 1)))
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
