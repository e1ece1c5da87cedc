//! Turns an xlsx file into a stable, human-readable text for snapshot tests.
//!
//! The text follows what a person sees, not how the file stores it: shared strings are resolved,
//! styles are numbered by first use, relationship ids and part names never appear, and everything
//! is read in sheet order. So a rezipped file, or one whose string table or style table was
//! shuffled, gives the same text, and a diff of two texts shows only what changed for the reader.

mod drawing;
mod node;
mod package;
mod rules;
mod setup;
mod sheet;
mod styles;
mod words;

use node::Node;
use package::{Package, Relations};
use styles::Styles;
use words::{RichText, Words, plain, quoted};

use crate::nouns::seal::PREFIX;

pub(crate) use styles::tag_end;
pub(crate) use words::{cell_place, column_name, span};

/// Describes the workbook held in `bytes` as text; a damaged file gives a plain sentence instead.
pub fn workbook_text(bytes: &[u8]) -> Result<String, String> {
    let mut package = Package::open(bytes)?;
    let root = package.relations("")?;
    let main = root.first(&["officeDocument"]).unwrap_or("xl/workbook.xml");
    let workbook = package.required(main)?;
    let relations = package.relations(main)?;
    let styles = match relations.first(&["styles"]) {
        Some(part) => Styles::parse(&package.required(part)?)?,
        None => Styles::default(),
    };
    let strings = package.optional(relations.first(&["sharedStrings"]))?;
    let strings = strings.children("si").map(RichText::parse).collect();
    let date_1904 = workbook.at(&["workbookPr"]).flag("date1904");
    let mut book = Book { package, strings, styles, date_1904, out: String::new() };

    let sheets: Vec<&Node> = workbook.at(&["sheets"]).children("sheet").collect();
    let sheet_names: Vec<&str> = sheets.iter().map(|sheet| sheet.attr_or("name", "")).collect();
    let names = workbook.at(&["definedNames"]);
    let names: Vec<Name> = names.children("definedName").map(Name::parse).collect();
    book.write_properties(&root)?;
    let view = workbook.at(&["bookViews", "workbookView"]);
    let opens_on: usize = view.number("activeTab")?.unwrap_or(0);
    if let Some(name) = sheet_names.get(opens_on).filter(|_| opens_on > 0) {
        book.say(format!("opens on sheet {}", quoted(name)));
    }
    if date_1904 {
        book.say("dates count from 1904");
    }
    if workbook.at(&["workbookProtection"]).flag("lockStructure") {
        book.say("workbook structure locked");
    }
    book.write_names(&names, &sheet_names);
    for (index, sheet) in sheets.iter().enumerate() {
        let own: Vec<&Name> = names.iter().filter(|name| name.sheet == Some(index)).collect();
        let name = quoted(sheet_names[index]);
        let told = match relations.of(sheet) {
            Some(part) => book.write_sheet(&name, sheet.attr_or("state", "visible"), part, &own),
            None => Err("it has no part in the file".to_owned()),
        };
        told.map_err(|error| format!("sheet {name}: {error}"))?;
    }
    book.out += &book.styles.summary();
    Ok(book.out)
}

/// Everything the sheets share, and the text written so far.
struct Book<'a> {
    package: Package<'a>,
    strings: Vec<RichText>,
    styles: Styles,
    date_1904: bool,
    out: String,
}

impl Book<'_> {
    /// Writes one line.
    fn say(&mut self, text: impl AsRef<str>) {
        self.out.extend([text.as_ref(), "\n"]);
    }

    fn write_properties(&mut self, root: &Relations) -> Result<(), String> {
        let mut read = |kinds: &[&str]| self.package.optional(root.first(kinds));
        let core = read(&["core-properties"])?;
        let app = read(&["extended-properties", "extendedProperties"])?;
        let custom = read(&["custom-properties", "customProperties"])?;
        // Writers repeat the author and the time in the "last" fields: shown when they differ.
        let last = |last: &str, first: &str| {
            let (last, first) = (core.at(&[last]).text.trim(), core.at(&[first]).text.trim());
            if last == first { "" } else { last }
        };
        let mut words = Words::default();
        for (label, text) in [
            ("title", core.at(&["title"]).text.trim()),
            ("subject", core.at(&["subject"]).text.trim()),
            ("author", core.at(&["creator"]).text.trim()),
            ("last-author", last("lastModifiedBy", "creator")),
            ("keywords", core.at(&["keywords"]).text.trim()),
            ("comments", core.at(&["description"]).text.trim()),
            ("category", core.at(&["category"]).text.trim()),
            ("status", core.at(&["contentStatus"]).text.trim()),
            ("created", core.at(&["created"]).text.trim()),
            ("modified", last("modified", "created")),
            ("manager", app.at(&["Manager"]).text.trim()),
            ("company", app.at(&["Company"]).text.trim()),
        ] {
            match label {
                _ if text.is_empty() => {}
                "created" | "modified" => words.add(format!("{label}={}", plain(text))),
                _ => words.add(format!("{label}={}", quoted(text))),
            }
        }
        for property in custom.children("property") {
            let (name, value) = (property.attr_or("name", ""), property.all_text());
            // What made the file is no part of what it says, as little as who saved it when.
            if name.starts_with(PREFIX) {
                continue;
            }
            words.add(format!("custom {}={}", quoted(name), quoted(value.trim())));
        }
        self.say_list("properties:", words.0);
        Ok(())
    }

    /// One line for a list, none for an empty one.
    fn say_list(&mut self, label: &str, words: Vec<String>) {
        if !words.is_empty() {
            self.say(format!("{label} {}", words.join(" ")));
        }
    }

    fn write_names(&mut self, names: &[Name], sheets: &[&str]) {
        let mut names: Vec<&Name> = names.iter().filter(|name| name.built_in().is_none()).collect();
        names.sort_by_key(|name| (name.name.to_lowercase(), name.sheet));
        for name in names {
            let mut words = Words::default();
            words.with("name", Some(&name.name));
            let sheet = name.sheet.map(|index| *sheets.get(index).unwrap_or(&"?"));
            words.text("on sheet", sheet);
            words.when(name.hidden, "hidden");
            words.with("=", Some(&name.refers_to));
            self.say(words.joined());
        }
    }
}

/// A defined name; Excel also keeps print areas and print titles as names.
struct Name {
    name: String,
    sheet: Option<usize>,
    hidden: bool,
    refers_to: String,
}

impl Name {
    fn parse(node: &Node) -> Name {
        Name {
            name: node.attr("name").unwrap_or("").to_owned(),
            sheet: node.attr("localSheetId").and_then(|id| id.parse().ok()),
            hidden: node.flag("hidden"),
            refers_to: node.text.clone(),
        }
    }

    /// Names Excel keeps for its own book-keeping, told in the sheet's own lines.
    fn built_in(&self) -> Option<&str> {
        let name = self.name.strip_prefix("_xlnm.")?;
        (self.sheet.is_some() && matches!(name, "Print_Area" | "Print_Titles" | "_FilterDatabase"))
            .then_some(name)
    }
}
