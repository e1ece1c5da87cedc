//! An xlsx file as a [`Book`].
//!
//! A book follows what a person sees, not how the file stores it: shared strings are resolved,
//! relationship ids and part names never appear, and everything is read in sheet order. So a
//! rezipped file, or one whose string table or style table was shuffled, gives the same book.

mod drawing;
mod node;
mod package;
mod rules;
mod setup;
mod sheet;
mod styles;
mod texts;

use node::Node;
use package::{Package, Relations};
use styles::Styles;
use texts::{RichText, Words};

use super::book::{Book, Fact};
use super::text::{plain, quoted};
use crate::nouns::seal::PREFIX;

/// The workbook held in `bytes` as the text that snapshots keep.
pub fn workbook_text(bytes: &[u8]) -> Result<String, String> {
    Ok(workbook(bytes)?.text())
}

/// The workbook held in `bytes`; a damaged file gives a plain sentence instead.
pub fn workbook(bytes: &[u8]) -> Result<Book, String> {
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
    let mut file = File { package, strings, styles, date_1904, told: 0 };

    let sheets: Vec<&Node> = workbook.at(&["sheets"]).children("sheet").collect();
    let sheet_names: Vec<&str> = sheets.iter().map(|sheet| sheet.attr_or("name", "")).collect();
    let names = workbook.at(&["definedNames"]);
    let names: Vec<Name> = names.children("definedName").map(Name::parse).collect();
    let mut book = Book { default: file.styles.default.clone(), ..Book::default() };
    book.facts = file.properties(&root)?;
    let view = workbook.at(&["bookViews", "workbookView"]);
    let opens_on: usize = view.number("activeTab")?.unwrap_or(0);
    let opens_on = sheet_names.get(opens_on).filter(|_| opens_on > 0);
    book.facts.extend(opens_on.map(|name| Fact::new("opens on sheet", "", quoted(name))));
    if date_1904 {
        book.facts.push(Fact::new("dates count from 1904", "", "yes"));
    }
    if workbook.at(&["workbookProtection"]).flag("lockStructure") {
        book.facts.push(Fact::new("workbook structure locked", "", "yes"));
    }
    book.facts.extend(defined_names(&names, &sheet_names));
    for (index, sheet) in sheets.iter().enumerate() {
        let own: Vec<&Name> = names.iter().filter(|name| name.sheet == Some(index)).collect();
        let name = sheet_names[index];
        let found = match relations.of(sheet) {
            Some(part) => file.sheet(name, sheet.attr_or("state", "visible"), part, &own),
            None => Err("it has no part in the file".to_owned()),
        };
        book.sheets.push(found.map_err(|error| format!("sheet {}: {error}", quoted(name)))?);
    }
    Ok(book)
}

/// Everything that the sheets share.
struct File<'a> {
    package: Package<'a>,
    strings: Vec<RichText>,
    styles: Styles,
    date_1904: bool,
    /// How long the text form of the cells is so far, about.
    told: usize,
}

/// What a "last" field says. Writers repeat the author and the time there: nothing where it is the
/// same.
fn last<'t>(core: &'t Node, name: &str, first: &str) -> &'t str {
    let last = core.at(&[name]).text.trim();
    if last == first { "" } else { last }
}

impl File<'_> {
    fn properties(&mut self, root: &Relations) -> Result<Vec<Fact>, String> {
        let mut read = |kinds: &[&str]| self.package.optional(root.first(kinds));
        let core = read(&["core-properties"])?;
        let app = read(&["extended-properties", "extendedProperties"])?;
        let custom = read(&["custom-properties", "customProperties"])?;
        let [author, created] = ["creator", "created"].map(|name| core.at(&[name]).text.trim());
        let mut facts = Vec::new();
        for (label, text) in [
            ("title", core.at(&["title"]).text.trim()),
            ("subject", core.at(&["subject"]).text.trim()),
            ("author", author),
            ("last-author", last(&core, "lastModifiedBy", author)),
            ("keywords", core.at(&["keywords"]).text.trim()),
            ("comments", core.at(&["description"]).text.trim()),
            ("category", core.at(&["category"]).text.trim()),
            ("status", core.at(&["contentStatus"]).text.trim()),
            ("created", created),
            ("modified", last(&core, "modified", created)),
            ("manager", app.at(&["Manager"]).text.trim()),
            ("company", app.at(&["Company"]).text.trim()),
        ] {
            let says = match label {
                _ if text.is_empty() => continue,
                "created" | "modified" => plain(text),
                _ => quoted(text),
            };
            facts.push(Fact::new("property", "", says).named(label));
        }
        for property in custom.children("property") {
            let (name, value) = (property.attr_or("name", ""), property.all_text());
            // What made the file is no part of what it says, as little as who saved it when.
            if name.starts_with(PREFIX) {
                continue;
            }
            let name = format!("custom {}", quoted(name));
            facts.push(Fact::new("property", "", quoted(value.trim())).named(name));
        }
        Ok(facts)
    }
}

fn defined_names(names: &[Name], sheets: &[&str]) -> Vec<Fact> {
    let mut names: Vec<&Name> = names.iter().filter(|name| name.built_in().is_none()).collect();
    names.sort_by_key(|name| (name.name.to_lowercase(), name.sheet));
    let facts = names.into_iter().map(|name| {
        let mut words = Words(vec![plain(&name.name)]);
        let sheet = name.sheet.map(|index| *sheets.get(index).unwrap_or(&"?"));
        words.text("on sheet", sheet);
        words.when(name.hidden, "hidden");
        Fact::new("name", "", plain(&name.refers_to)).named(words.joined())
    });
    facts.collect()
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
